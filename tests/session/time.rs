//! Clocks that are absent, wrong, jump, stop or wrap: what the session makes of each.

use pos_token::provider::{LOYALIFE, OPEN_LOYALTY, Provider, ZYPE};
use pos_token::session::{Now, Policy, Rejection, Uptime};
use pos_token::time::UnixTime;

use crate::tables;
use crate::till::{Till, http};

const DAY: i64 = 86_400;
const YEAR: i64 = 365 * DAY;

/// 2026-03-16T14:15:00Z, when the server grants; its JWTs say so in `iat`, and end an hour later.
const GRANT: i64 = 1_773_670_500;
const DATE: &str = "Date: Mon, 16 Mar 2026 14:15:00 GMT\r\n";

const IN_AN_HOUR: &str = r#"{"access_token":"a","expires_in":3600,"refresh_token":"r"}"#;
const IN_A_YEAR: &str = r#"{"access_token":"a","expires_in":31536000,"refresh_token":"r"}"#;
const IN_NO_TIME: &str = r#"{"access_token":"a","expires_in":0,"refresh_token":"r"}"#;
const IN_THE_PAST: &str = r#"{"access_token":"a","expires_in":-1,"refresh_token":"r"}"#;
const UNSTATED: &str = r#"{"access_token":"a","refresh_token":"r"}"#;
/// `exp` is 600 seconds after `iat`.
const EXP_IS_EARLIER: &str = r#"{"access_token":"eyJhbGciOiJIUzUxMiJ9.eyJpYXQiOjE3NzM2NzA1MDAsImV4cCI6MTc3MzY3MTEwMH0.AA","expires_in":3600,"refresh_token":"r"}"#;
const AT: &str = r#"{"results":{"token":"opaque","tokenExpiresOn":"2026-03-16T15:15:00Z"}}"#;
const AT_AND_SPAN: &str = r#"{"results":{"token":"eyJhbGciOiJIUzUxMiJ9.eyJpYXQiOjE3NzM2NzA1MDAsImV4cCI6MTc3MzY3NDEwMH0.AA","tokenExpiresOn":"2026-03-16T15:15:00Z"}}"#;
const OVER: &str = r#"{"results":{"token":"opaque","tokenExpiresOn":"2026-03-16T13:15:00Z"}}"#;
const SPAN: &str =
    r#"{"token":"eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3NzM2NzA1MDAsImV4cCI6MTc3MzY3NDEwMH0.AA","refresh_token":"r"}"#;
/// `nbf` is five minutes after the grant, `exp` an hour.
const NOT_YET: &str = r#"{"token":"eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3NzM2NzA1MDAsIm5iZiI6MTc3MzY3MDgwMCwiZXhwIjoxNzczNjc0MTAwfQ.AA","refresh_token":"r"}"#;

#[derive(Clone, Copy)]
enum Op {
    /// An exchange of one second brings this answer.
    Granted(&'static str, &'static str),
    Pass(u32),
    /// The device sleeps: its clock runs on, uptime does not.
    Sleep(u32),
    Jump(i64),
    /// The device shows this from now on.
    Set(i64),
    /// The power goes; what was saved is restored. The device shows this, or has no clock.
    Reboot(Option<i64>),
    /// The API answers something with this `Date`.
    Date(i64),
    Rejected(Rejection),
    /// The step, and for how long the token is good: 0 where there is none to use.
    Is(&'static str, Option<u32>),
}
use Op::{Date, Granted, Is, Jump, Pass, Reboot, Rejected, Set, Sleep};

/// A token of an hour is not used in its last five seconds, and the exchange took one.
const HOUR: Option<u32> = Some(3594);
/// What nothing tells: until a 401.
const OPEN: Option<u32> = None;
const NONE: Option<u32> = Some(0);

type Case = (&'static str, &'static Provider<'static>, Option<i64>, &'static [Op]);

const CASES: &[Case] = &[
    ("no clock", &ZYPE, None, &[Granted("", IN_AN_HOUR), Is("Use", HOUR), Pass(3594), Is("Send refresh", NONE)]),
    (
        "1970 at boot",
        &ZYPE,
        Some(77),
        &[Granted("", IN_AN_HOUR), Is("Use", HOUR), Pass(3594), Is("Send refresh", NONE)],
    ),
    (
        "years ahead",
        &ZYPE,
        Some(GRANT + 20 * YEAR),
        &[Granted("", IN_AN_HOUR), Is("Use", HOUR), Pass(3594), Is("Send refresh", NONE)],
    ),
    (
        "years ahead, and a moment",
        &LOYALIFE,
        Some(GRANT + 20 * YEAR),
        &[Granted(DATE, AT), Is("Use", HOUR), Pass(3594), Is("Send log-in", NONE)],
    ),
    (
        "years ahead, a moment, no `Date`",
        &LOYALIFE,
        Some(GRANT + 20 * YEAR),
        &[Granted("", AT), Is("Use", OPEN), Rejected(Rejection::Expired), Is("Send log-in", NONE)],
    ),
    (
        "years ahead, a moment, no `Date`, a JWT",
        &LOYALIFE,
        Some(GRANT + 20 * YEAR),
        &[Granted("", AT_AND_SPAN), Is("Use", Some(1794)), Pass(1794), Is("Send log-in", NONE)],
    ),
    (
        "1970, and a moment",
        &LOYALIFE,
        Some(77),
        &[Granted(DATE, AT), Is("Use", HOUR), Pass(3594), Is("Send log-in", NONE)],
    ),
    (
        "1970, a moment, no `Date`",
        &LOYALIFE,
        Some(77),
        &[
            Granted("", AT),
            Is("Use", OPEN),
            Pass(86_400),
            Is("Use", OPEN),
            Rejected(Rejection::Unknown),
            Is("Send log-in", NONE),
        ],
    ),
    ("1970, a moment, no `Date`, a JWT", &LOYALIFE, Some(77), &[Granted("", AT_AND_SPAN), Is("Use", Some(1794))]),
    (
        "right, a moment, no `Date`",
        &LOYALIFE,
        Some(GRANT),
        &[Granted("", AT), Is("Use", Some(3593)), Pass(3593), Is("Send log-in", NONE)],
    ),
    (
        "no clock, a JWT",
        &OPEN_LOYALTY,
        None,
        &[Granted("", SPAN), Is("Use", HOUR), Pass(3594), Is("Send refresh", NONE)],
    ),
    (
        "years behind, and a token with `iat`",
        &OPEN_LOYALTY,
        Some(GRANT - 2 * YEAR),
        &[Granted("", SPAN), Is("Use", HOUR), Pass(3594), Is("Send refresh", NONE)],
    ),
    ("a fresh token is not valid yet", &OPEN_LOYALTY, Some(GRANT), &[Granted("", NOT_YET), Is("Use", Some(3593))]),
    (
        "`exp` is earlier than `expires_in`",
        &ZYPE,
        None,
        &[Granted("", EXP_IS_EARLIER), Is("Use", Some(594)), Pass(594), Is("Send refresh", NONE)],
    ),
    (
        "jumps ahead by a year",
        &ZYPE,
        Some(GRANT),
        &[
            Granted("", IN_AN_HOUR),
            Jump(YEAR),
            Is("Send refresh", NONE),
            Granted("", IN_AN_HOUR),
            Is("Use", HOUR),
            Pass(1000),
            Is("Use", Some(2594)),
        ],
    ),
    (
        "jumps ahead, and back again",
        &ZYPE,
        Some(GRANT),
        &[Granted("", IN_AN_HOUR), Jump(YEAR), Granted("", IN_AN_HOUR), Jump(-YEAR), Pass(1000), Is("Use", Some(2594))],
    ),
    (
        "jumps back by a year",
        &ZYPE,
        Some(GRANT),
        &[Granted("", IN_AN_HOUR), Jump(-YEAR), Is("Use", HOUR), Pass(3594), Is("Send refresh", NONE)],
    ),
    (
        "jumps back below the floor",
        &LOYALIFE,
        Some(GRANT),
        &[Granted(DATE, AT), Set(77), Is("Use", HOUR), Pass(3594), Is("Send log-in", NONE)],
    ),
    (
        "is set right after the grant",
        &ZYPE,
        Some(77),
        &[Granted("", IN_AN_HOUR), Set(GRANT), Is("Use", HOUR), Pass(3594), Is("Send refresh", NONE)],
    ),
    ("two hours of deep sleep", &ZYPE, Some(GRANT), &[Granted("", IN_AN_HOUR), Sleep(7200), Is("Send refresh", NONE)]),
    ("ten minutes of deep sleep", &ZYPE, Some(GRANT), &[Granted("", IN_AN_HOUR), Sleep(600), Is("Use", Some(2994))]),
    (
        "deep sleep without a clock",
        &ZYPE,
        None,
        &[
            Granted(DATE, IN_AN_HOUR),
            Sleep(7200),
            Is("Use", HOUR),
            Date(GRANT + 7200),
            Rejected(Rejection::Expired),
            Is("Send refresh", NONE),
        ],
    ),
    (
        "a 401 with no word of the time",
        &ZYPE,
        None,
        &[Granted("", IN_AN_HOUR), Pass(60), Rejected(Rejection::Revoked), Is("Send refresh", NONE)],
    ),
    (
        "restarts, the clock is right",
        &ZYPE,
        Some(GRANT),
        &[
            Granted(DATE, IN_AN_HOUR),
            Pass(600),
            Reboot(Some(GRANT + 700)),
            Is("Use", Some(2894)),
            Pass(2894),
            Is("Send refresh", NONE),
        ],
    ),
    (
        "restarts after the token's end",
        &ZYPE,
        Some(GRANT),
        &[Granted(DATE, IN_AN_HOUR), Reboot(Some(GRANT + 4000)), Is("Send refresh", NONE)],
    ),
    (
        "restarts without a clock",
        &ZYPE,
        None,
        &[
            Granted(DATE, IN_AN_HOUR),
            Reboot(None),
            Is("Use", OPEN),
            Pass(86_400),
            Is("Use", OPEN),
            Rejected(Rejection::Unknown),
            Is("Send refresh", NONE),
        ],
    ),
    ("restarts in 1970", &ZYPE, Some(GRANT), &[Granted(DATE, IN_AN_HOUR), Reboot(Some(77)), Is("Use", OPEN)]),
    (
        "restarts without a clock, and a `Date` comes",
        &ZYPE,
        None,
        &[
            Granted(DATE, IN_AN_HOUR),
            Reboot(None),
            Is("Use", OPEN),
            Date(GRANT + 600),
            Is("Use", Some(2994)),
            Date(GRANT + 4000),
            Is("Send refresh", NONE),
        ],
    ),
    ("restarts, and nobody ever told the time", &ZYPE, None, &[Granted("", IN_AN_HOUR), Reboot(None), Is("Use", OPEN)]),
    (
        "restarts years ahead",
        &ZYPE,
        Some(GRANT),
        &[
            Granted(DATE, IN_AN_HOUR),
            Reboot(Some(GRANT + YEAR)),
            Is("Send refresh", NONE),
            Granted("", IN_AN_HOUR),
            Is("Use", HOUR),
        ],
    ),
    (
        "over as it arrives",
        &LOYALIFE,
        None,
        &[
            Granted(DATE, OVER),
            Is("Use", OPEN),
            Rejected(Rejection::Expired),
            Is("Send log-in", NONE),
            Granted(DATE, OVER),
            Is("Use", OPEN),
            Rejected(Rejection::Expired),
            Is("Wait, back-off", NONE),
        ],
    ),
    (
        "`expires_in` is 0",
        &ZYPE,
        None,
        &[Granted("", IN_NO_TIME), Is("Use", OPEN), Rejected(Rejection::Unknown), Is("Send refresh", NONE)],
    ),
    ("`expires_in` is negative", &ZYPE, None, &[Granted("", IN_THE_PAST), Is("Wait, back-off", NONE)]),
    (
        "`expires_in` is absent",
        &ZYPE,
        None,
        &[
            Granted("", UNSTATED),
            Is("Use", OPEN),
            Pass(86_400),
            Is("Use", OPEN),
            Rejected(Rejection::Unknown),
            Is("Send refresh", NONE),
        ],
    ),
    (
        "`expires_in` is a year",
        &ZYPE,
        None,
        &[Granted("", IN_A_YEAR), Is("Use", Some(31_535_994)), Pass(15_000_000), Is("Use", Some(16_535_994))],
    ),
    (
        "2038, and the clock wraps to 1901",
        &ZYPE,
        Some(2_147_483_647 - 60),
        &[Granted("", IN_AN_HOUR), Set(-2_147_483_648), Is("Use", HOUR), Pass(3594), Is("Send refresh", NONE)],
    ),
    (
        "2106, and the clock wraps to 1970",
        &ZYPE,
        Some(4_294_967_295 - 60),
        &[Granted("", IN_AN_HOUR), Set(0), Is("Use", HOUR), Pass(3594), Is("Send refresh", NONE)],
    ),
    (
        "a server of 2106 and after",
        &LOYALIFE,
        None,
        &[
            Granted(
                "Date: Sun, 07 Feb 2106 06:28:16 GMT\r\n",
                r#"{"results":{"token":"o","tokenExpiresOn":"2106-02-07T07:28:16Z"}}"#,
            ),
            Is("Use", HOUR),
            Pass(3594),
            Is("Send log-in", NONE),
        ],
    ),
];

fn run(case: &Case) -> String {
    let (name, provider, at_boot, ops) = case;
    let device = |seconds: Option<i64>| seconds.map(UnixTime::from_seconds);
    let mut till = Till::at(provider, Policy::new(3), Now { uptime: 5_000, device: device(*at_boot) });
    let mut words = vec![];
    for op in *ops {
        match *op {
            Granted(fields, body) => {
                till.wait();
                let (number, purpose) = till.begin(Till::credentials());
                till.pass(1);
                till.answer(number, purpose, &http("200 OK", fields, body));
                till.save();
                words.push(if fields.is_empty() { "grant" } else { "grant with `Date`" }.to_owned());
            }
            Pass(seconds) => {
                till.pass(seconds.into());
                words.push(format!("{} pass", duration(seconds)));
            }
            Sleep(seconds) => {
                till.now.device = till.now.device.map(|time| time.plus(seconds));
                words.push(format!("{} of sleep", duration(seconds)));
            }
            Jump(seconds) => {
                till.now.device = till.now.device.map(|time| UnixTime::from_seconds(time.seconds() + seconds));
                words.push(format!("clock {}", if seconds < 0 { "back" } else { "ahead" }));
            }
            Set(seconds) => {
                till.now.device = device(Some(seconds));
                words.push(format!("clock shows {}", device(Some(seconds)).unwrap()));
            }
            Reboot(seconds) => {
                till.reboot(device(seconds));
                till.save();
                words.push("restart".to_owned());
            }
            Date(seconds) => {
                till.observe(UnixTime::from_seconds(seconds));
                till.save();
                words.push("a `Date`".to_owned());
            }
            Rejected(expected) => {
                assert_eq!(till.rejected(), expected, "{name}");
                words.push(format!("a 401: {expected:?}").to_lowercase());
            }
            Is(step, good_for) => {
                // What is due early is due; whether the token is over is what counts here.
                let (shown, good) = (till.step(), till.good_for());
                if step == "Use" {
                    assert_eq!(good, Some(good_for), "{name}: {shown}");
                } else {
                    assert_eq!((&*shown, good), (step, None), "{name}");
                }
                words.push(match (step, good_for) {
                    ("Use", Some(seconds)) => format!("**Use**, {}", duration(seconds)),
                    ("Use", None) => "**Use** until a 401".to_owned(),
                    (step, _) => format!("**{step}**"),
                });
            }
        }
    }
    words.join("; ")
}

fn duration(seconds: u32) -> String {
    match seconds {
        31_535_994 => "a year".to_owned(),
        86_400.. => format!("{} days", seconds / 86_400),
        _ => format!("{seconds} s"),
    }
}

#[test]
fn whatever_the_clock_does() {
    let rows = CASES.iter().map(|case| {
        let provider = String::from_utf8(case.1.settings.name.to_vec()).unwrap();
        vec![case.0.to_owned(), provider, run(case)]
    });
    tables::check("time", &tables::table(&["the clock, the server", "provider", "what happens"], rows));
}

#[test]
fn a_counter_of_32_bits_wraps() {
    let mut uptime = Uptime::default();
    for (tick, expected) in [
        (0, 0),
        (5, 5),
        (u32::MAX, 0xffff_ffff),
        (u32::MAX, 0xffff_ffff),
        (0, 0x1_0000_0000),
        (0x8000_0000, 0x1_8000_0000),
        (7, 0x2_0000_0007),
        // Two tasks, of which the one that took the time first calls last, across the wrap too.
        (6, 0x2_0000_0007),
        (u32::MAX - 1_992, 0x2_0000_0007),
        (8, 0x2_0000_0008),
        (u32::MAX - 1_992, 0x2_ffff_f837),
        (5000, 0x3_0000_1388),
        (3000, 0x3_0000_1388),
        (2999, 0x4_0000_0bb7),
    ] {
        assert_eq!(uptime.extend(tick), expected, "{tick}");
    }
    assert_eq!(Uptime::default().extend(u32::MAX), 0xffff_ffff, "a counter may begin anywhere");
    // A token is held across the wrap.
    let (mut uptime, mut till) = (Uptime::default(), Till::new(&ZYPE, Policy::new(3)));
    till.now.uptime = uptime.extend(u32::MAX - 1_000_000);
    till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR));
    till.save();
    till.now.uptime = uptime.extend(0);
    assert_eq!(till.good_for(), Some(Some(3600 - 1000 - 5)));
    till.now.uptime = uptime.extend(2_595_000);
    assert_eq!((&*till.step(), till.good_for()), ("Send refresh", None));
}
