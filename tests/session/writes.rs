//! How often a session writes, for flash wears out.

use std::time::{Duration, UNIX_EPOCH};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, ZYPE};
use pos_token::session::{Keep, Now, Policy};
use pos_token::time::UnixTime;

use crate::tables;
use crate::till::{Till, http};

const DAY: u32 = 24 * 60 * 60;
const DAYS: u32 = 30;

/// How often each sector of flash can be erased, as data sheets promise at least.
const ERASES: u32 = 10_000;

/// The name, how long a token lives, and how often a day a record is written: with refresh tokens kept, and with every
/// token. Then, how often at a boot.
const TABLE: [(&str, &Provider<'static>, u32, [f64; 2], u32); 5] = [
    ("LoyaltyDog", &LOYALTY_DOG, 60 * 60, [1.0, 40.0], 0),
    ("Zype", &ZYPE, 2 * 60 * 60, [20.0, 20.0], 1),
    ("Loyalife", &LOYALIFE, 30 * 60, [1.0, 80.0], 0),
    ("Open Loyalty", &OPEN_LOYALTY, DAY, [1.7, 1.7], 1),
    ("RFC 6749", &RFC6749, 60 * 60, [40.0, 40.0], 1),
];

/// An answer that grants, in the words of this provider, at this moment.
fn grant(provider: &Provider<'_>, now: UnixTime, lifetime: u32) -> Vec<u8> {
    let (iat, exp) = (now.seconds(), now.plus(lifetime));
    let jwt = [r#"{"alg":"HS512"}"#, &format!(r#"{{"iat":{iat},"exp":{}}}"#, exp.seconds()), "signature"]
        .map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()))
        .join(".");
    let body = match provider.settings.name {
        b"loyaltydog" => format!(r#"{{"accessToken":"{jwt}"}}"#),
        b"loyalife" => format!(r#"{{"results":{{"token":"{jwt}","tokenExpiresOn":"{exp}"}}}}"#),
        b"openloyalty" => format!(r#"{{"token":"{jwt}","refresh_token":"r{iat}"}}"#),
        _ => format!(r#"{{"access_token":"a","refresh_token":"r{iat}","expires_in":{lifetime},"created_at":{iat}}}"#),
    };
    // Zype's server sends none.
    let date = UNIX_EPOCH + Duration::from_secs(iat.unsigned_abs());
    let date = format!("Date: {}\r\n", httpdate::fmt_http_date(date));
    http("200 OK", if provider.settings.name == b"zype" { "" } else { &date }, &body)
}

/// Runs a till for all those days, and boots it once; returns how often it wrote before that and after it.
fn writes(provider: &'static Provider<'static>, lifetime: u32, keep: Keep) -> (u32, u32) {
    let begin = UnixTime::from_seconds(1_790_000_000);
    let policy = Policy { keep, ..Policy::new(7) };
    let mut till = Till::at(provider, policy, Now::uptime(0).device(begin));
    let time = |till: &Till| till.now.device.unwrap();
    while time(&till).since(begin) < i64::from(DAYS * DAY) {
        match &*till.step() {
            "Save" => till.save(),
            "Use" | "Wait, back-off" => till.wait(),
            step => {
                assert!(step.starts_with("Send "), "{step}");
                let answer = grant(provider, time(&till), lifetime);
                till.exchange(Till::credentials(), &answer);
            }
        }
    }
    till.save();
    let (before, device) = (till.saves, till.now.device);
    till.reboot(device);
    till.save();
    (before, till.saves - before)
}

#[test]
fn how_often_it_writes() {
    let mut rows = Vec::new();
    for (name, provider, lifetime, expected, at_boot) in TABLE {
        let mut row = vec![name.to_owned(), format!("{} min", lifetime / 60)];
        for (keep, expected) in [Keep::RefreshTokens, Keep::EveryToken].into_iter().zip(expected) {
            let (writes, boots) = writes(provider, lifetime, keep);
            let a_day = f64::from(writes) / f64::from(DAYS);
            assert!((a_day - expected).abs() < 0.05, "{name}, {keep:?}: {a_day}");
            assert_eq!(boots, at_boot, "{name}, {keep:?}");
            // Two sectors take turns.
            row.push(format!("{a_day:.1}"));
            row.push(format!("{:.1} years", 2.0 * f64::from(ERASES) / a_day / 365.0));
        }
        row.push(format!("{at_boot}"));
        rows.push(row);
    }
    let columns = [
        "provider",
        "a token lives",
        "`RefreshTokens`: writes a day",
        "flash lasts",
        "`EveryToken`: writes a day",
        "flash lasts",
        "at each boot",
    ];
    tables::check("writes", &tables::table(&columns, rows));
}
