//! One rule after another, each with its edges.

use pos_token::dialect::{Purpose, Settings};
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, ZYPE};
use pos_token::session::{
    BeginError, ClockOrigin, Fleet, Keep, NoSeal, Now, Policy, RecordError, Rejection, RestoreError, SaveError, Seal,
    Step, Stop, StopReason, Unreadable, record_len,
};
use pos_token::time::UnixTime;
use pos_token::{Credentials, RequestError, dialect::Field};

use crate::till::{Till, http};

const POLICY: Policy = Policy::new(11);
const IN_AN_HOUR: &str = r#"{"access_token":"a0561f","expires_in":3600,"refresh_token":"r0561f"}"#;
const DOG: &str = r#"{"accessToken":"a0561f"}"#;
const DATE: &str = "Date: Mon, 16 Mar 2026 14:15:00 GMT\r\n";
const GRANT: i64 = 1_773_670_500;

fn zype(policy: Policy) -> Till {
    Till::granted(&ZYPE, policy, IN_AN_HOUR)
}

fn refused(till: &mut Till) {
    till.exchange(Till::credentials(), &http("401 Unauthorized", "", r#"{"error":"invalid_grant"}"#));
}

fn next_seconds(till: &mut Till) -> u32 {
    till.with(|session, store, now| match session.next(store, now) {
        Step::Wait { seconds, .. } => seconds,
        Step::Use(token) => token.next_in,
        _ => 0,
    })
}

#[test]
fn next_changes_nothing() {
    let mut till = zype(POLICY);
    let before = format!("{:?}", till.state);
    for _ in 0..3 {
        assert_eq!(till.step(), "Use");
        till.pass(1);
    }
    till.now.uptime -= 3000;
    assert_eq!(format!("{:?}", till.state), before);
}

#[test]
fn one_exchange_at_a_time() {
    let mut till = Till::new(&ZYPE, POLICY);
    let (number, purpose) = till.begin(Till::credentials());
    assert_eq!(till.step(), "Wait, busy");
    let again = till.with(|session, store, now| session.begin(store, Till::credentials(), now).map(|_| ()));
    assert_eq!(again, Err(BeginError::Busy));
    till.pass(119);
    assert_eq!((&*till.step(), next_seconds(&mut till)), ("Wait, busy", 1));
    till.pass(1);
    assert_eq!(till.step(), "Wait, back-off", "a server that says nothing is in trouble");
    till.wait();
    assert_eq!(till.step(), "Send log-in");
    // The task that was given up comes back, first without, then with a token.
    let (second, _) = till.begin(Till::credentials());
    assert_ne!(number, second);
    till.answer(number, purpose, &http("401 Unauthorized", "", r#"{"error":"invalid_client"}"#));
    assert_eq!(till.step(), "Wait, busy");
    till.answer(number, purpose, &http("200 OK", "", IN_AN_HOUR));
    assert_eq!(till.step(), "Save");
    till.save();
    assert_eq!(till.good_for(), Some(None), "its life is not known");
    till.answer(second, purpose, &http("200 OK", "", IN_AN_HOUR));
    till.save();
    assert_eq!(till.good_for(), Some(Some(3595)));
}

#[test]
fn begin_refuses_what_it_cannot_do() {
    let mut till = Till::new(&ZYPE, POLICY);
    let begin = |till: &mut Till, credentials: Credentials<'_>| {
        till.with(|session, store, now| session.begin(store, credentials, now).map(|begun| begun.purpose))
    };
    let missing = BeginError::Request(RequestError::Missing(Field::ClientId));
    assert_eq!(begin(&mut till, Credentials::new()), Err(missing));
    assert_eq!(till.step(), "Send log-in", "nothing has begun");
    refused(&mut till);
    let stop = Stop { reason: StopReason::Refused, code: 514 };
    assert_eq!(begin(&mut till, Till::credentials()), Err(BeginError::Stopped(stop)));
    till.with(|session, _, now| session.credentials_changed(now));
    assert_eq!(begin(&mut till, Till::credentials()), Ok(Purpose::LogIn));
    let mut till = zype(POLICY);
    assert_eq!(begin(&mut till, Till::credentials()), Err(BeginError::NotNow));
}

#[test]
fn a_refresh_token_is_not_spent_where_its_answer_has_no_room() {
    let mut till = zype(POLICY);
    till.shrink_arena(2 * 12 - 1);
    till.wait();
    let begun = till.with(|session, store, now| session.begin(store, Till::credentials(), now).map(|_| ()));
    assert_eq!(begun, Err(BeginError::StoreTooSmall { needed: 24 }));
    let mut till = zype(POLICY);
    till.shrink_arena(2 * 12);
    till.wait();
    assert_eq!(till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR)), Purpose::Refresh);
    assert_eq!(till.step(), "Save");
}

#[test]
fn a_rotated_token_is_used_when_its_record_is_safe() {
    for (provider, body) in [(&ZYPE, IN_AN_HOUR), (&RFC6749, IN_AN_HOUR)] {
        let mut till = Till::new(provider, POLICY);
        till.exchange(Till::credentials(), &http("200 OK", "", body));
        assert_eq!((&*till.step(), till.good_for()), ("Save", None));
        let number =
            till.with(|session, store, now| session.save(store, &mut NoSeal, 8, &mut [0; 256], now).unwrap().number);
        till.with(|session, _, _| session.saved(number + 1));
        assert_eq!(till.step(), "Save", "another record's number");
        till.with(|session, _, _| session.save_failed(0));
        let unsaved = till.with(|session, store, now| session.token(store, now).unwrap().unsaved);
        assert!(unsaved);
        assert_eq!(till.step(), "Use");
        till.wait();
        till.exchange(Till::credentials(), &http("200 OK", "", body));
        till.save();
        assert!(!till.with(|session, store, now| session.token(store, now).unwrap().unsaved));
    }
    // Nothing is kept: nothing has to be safe.
    let mut till = Till::new(&ZYPE, Policy { keep: Keep::Nothing, ..POLICY });
    till.exchange(Till::credentials(), &http("200 OK", DATE, IN_AN_HOUR));
    assert_eq!(till.step(), "Use");
}

#[test]
fn a_record_that_is_overtaken_does_not_count() {
    let mut till = Till::new(&ZYPE, POLICY);
    let (number, purpose) = till.begin(Till::credentials());
    till.with(|session, _, now| session.observe(UnixTime::from_seconds(GRANT), now));
    assert_eq!(till.step(), "Save", "the floor, while the exchange is under way");
    let record =
        till.with(|session, store, now| session.save(store, &mut NoSeal, 1, &mut [0; 256], now).unwrap().number);
    till.answer(number, purpose, &http("200 OK", "", IN_AN_HOUR));
    till.with(|session, _, _| session.saved(record));
    assert_eq!(till.step(), "Save");
}

#[test]
fn what_is_saved_by_default() {
    let saves = |provider: &'static Provider<'static>, keep, body: &str| {
        let mut till = Till::new(provider, Policy { keep, ..POLICY });
        for _ in 0..3 {
            till.wait();
            till.exchange(Till::credentials(), &http("200 OK", "", body));
            till.save();
            let _ = till.rejected();
            till.pass(4000);
        }
        till.saves
    };
    let same = r#"{"access_token":"a0561f","expires_in":3600}"#;
    for (keep, dog, rotating, not_rotating) in
        [(Keep::Nothing, 0, 0, 0), (Keep::Clock, 0, 0, 0), (Keep::RefreshTokens, 0, 3, 0), (Keep::EveryToken, 3, 3, 3)]
    {
        assert_eq!(saves(&LOYALTY_DOG, keep, DOG), dog, "{keep:?}");
        assert_eq!(saves(&ZYPE, keep, IN_AN_HOUR), rotating, "{keep:?}");
        assert_eq!(saves(&ZYPE, keep, same), not_rotating, "{keep:?}");
    }
}

#[test]
fn the_floor_is_saved_once_a_day() {
    let mut till = Till::granted(&LOYALTY_DOG, POLICY, DOG);
    let mut saves = vec![];
    for minute in 0..3 * 24 * 60 {
        till.pass(60);
        till.with(|session, _, now| session.observe(UnixTime::from_seconds(GRANT + minute * 60), now));
        till.save();
        saves.push(till.saves);
    }
    assert_eq!(saves.last(), Some(&3));
}

#[test]
fn retry_after_is_honoured_clamped_and_survives_a_restart() {
    let told = |fields: &str, device: Option<i64>| {
        let now = Now { uptime: 0, device: device.map(UnixTime::from_seconds) };
        let mut till = Till::at(&ZYPE, POLICY, now);
        till.exchange(Till::credentials(), &http("429 Too Many Requests", fields, ""));
        till.save();
        till
    };
    for (fields, least, most) in [
        ("Retry-After: 0\r\n", 1, 6),
        ("Retry-After: 120\r\n", 120, 180),
        ("Retry-After: 999999999\r\n", 3600, 5400),
        (&format!("{DATE}Retry-After: Mon, 16 Mar 2026 14:20:00 GMT\r\n")[..], 300, 450),
    ] {
        let mut till = told(fields, None);
        assert_eq!(till.step(), "Wait, Retry-After", "{fields}");
        let seconds = next_seconds(&mut till);
        assert!((least..=most).contains(&seconds), "{fields} {seconds}");
    }
    // A date without a server's clock, and no clock here either.
    assert_eq!(told("Retry-After: Mon, 16 Mar 2026 14:20:00 GMT\r\n", None).step(), "Wait, back-off");
    // With a clock what is left of the wait is left after a restart, without one all of it.
    let mut till = told("Retry-After: 1000\r\n", Some(GRANT));
    let whole = next_seconds(&mut till);
    till.pass(100);
    till.reboot(Some(UnixTime::from_seconds(GRANT + 400)));
    assert_eq!((till.step(), next_seconds(&mut till)), ("Wait, Retry-After".to_owned(), whole - 400));
    till.reboot(Some(UnixTime::from_seconds(GRANT + 2000)));
    assert_eq!(till.step(), "Send log-in");
    till.reboot(None);
    assert_eq!((till.step(), next_seconds(&mut till)), ("Wait, Retry-After".to_owned(), whole));
    // A clock that went back does not make it longer than it was.
    till.reboot(Some(UnixTime::from_seconds(GRANT - 80_000)));
    assert_eq!(next_seconds(&mut till), whole);
}

#[test]
fn pauses_grow_up_to_their_limit() {
    let mut longest = 0;
    for seed in 0..200 {
        let mut till = Till::new(&ZYPE, Policy::new(seed));
        for failure in 0..14_u32 {
            till.transport_fails(Till::credentials());
            let seconds = next_seconds(&mut till);
            let most = (5 << failure.min(8)).min(900);
            assert!((1..=most).contains(&seconds), "{seed} {failure} {seconds}");
            longest = longest.max(seconds);
            till.wait();
        }
    }
    assert!(longest > 800, "full jitter reaches up to the limit: {longest}");
    // A chain waits as long as it needs for its log-ins.
    let fleet = Fleet { tills: 1000, index: Some(0), log_ins_per_minute: Some(40) };
    let mut till = Till::new(&ZYPE, Policy { fleet, ..POLICY });
    let mut longest = 0;
    for _ in 0..60 {
        till.transport_fails(Till::credentials());
        longest = longest.max(next_seconds(&mut till));
        till.wait();
    }
    assert!((2000..=2848).contains(&longest), "{longest}");
}

#[test]
fn a_till_waits_for_its_place_after_a_boot() {
    let slot = |provider: &'static Provider<'static>, fleet, seed| {
        let mut till = Till::new(provider, Policy { fleet, ..Policy::new(seed) });
        till.with(|session, store, now| match session.next(store, now) {
            Step::Wait { seconds, reason } => {
                assert_eq!(reason, pos_token::session::WaitReason::Slot);
                seconds
            }
            _ => 0,
        })
    };
    let fleet = |tills, index, log_ins_per_minute| Fleet { tills, index, log_ins_per_minute };
    assert_eq!(OPEN_LOYALTY.settings.log_in_limit, Some(40));
    // index × 60 / limit, and a twentieth more, rounded up to the second.
    for (index, expected) in [(0, 0), (1, 2), (40, 63), (999, 1574)] {
        assert_eq!(slot(&OPEN_LOYALTY, fleet(1000, Some(index), None), 0), expected, "{index}");
        assert_eq!(slot(&ZYPE, fleet(1000, Some(index), Some(40)), 0), expected, "{index}");
    }
    let mut slots: Vec<_> = (0..1000).map(|seed| slot(&OPEN_LOYALTY, fleet(1000, None, None), seed)).collect();
    slots.sort_unstable();
    // Twice what the limit takes for the chain, less a twentieth.
    let window = 2 * 999 * 57 / 40;
    assert!(slots[0] < 30 && slots[999] <= window && slots[999] > window - 30, "{slots:?}");
    assert!((window / 2 - 150..window / 2 + 150).contains(&slots[500]), "{}", slots[500]);
    assert_eq!(slot(&ZYPE, fleet(1, None, None), 9), 0);
    assert_eq!(slot(&ZYPE, fleet(61, Some(60), None), 9), 63, "60 a minute where nothing is known");
    assert_eq!(slot(&ZYPE, fleet(0, Some(u32::MAX), Some(0)), 9), u32::MAX.div_ceil(1000), "and no overflow");
    let _: Settings<'_> = OPEN_LOYALTY.settings;
}

#[test]
fn a_customer_who_waits_goes_first_a_few_times_an_hour() {
    let fleet = Fleet { tills: 1000, index: Some(999), log_ins_per_minute: Some(40) };
    let mut till = Till::new(&ZYPE, Policy { fleet, ..POLICY });
    assert_eq!(till.step(), "Wait, slot");
    for _ in 0..3 {
        assert!(till.with(|session, store, now| session.customer_waiting(store, now)));
        assert_eq!(till.step(), "Send log-in");
        till.transport_fails(Till::credentials());
        assert_eq!(till.step(), "Wait, back-off");
    }
    assert!(!till.with(|session, store, now| session.customer_waiting(store, now)));
    assert_eq!(till.step(), "Wait, back-off");
    till.wait();
    assert!(till.with(|session, store, now| session.customer_waiting(store, now)), "nothing keeps it");
    till.transport_fails(Till::credentials());
    till.pass(60 * 60);
    let (number, purpose) = till.begin(Till::credentials());
    assert!(!till.with(|session, store, now| session.customer_waiting(store, now)), "one is under way");
    till.answer(number, purpose, &http("503 Service Unavailable", "Retry-After: 50\r\n", ""));
    till.save();
    assert!(!till.with(|session, store, now| session.customer_waiting(store, now)), "the server said so");
    assert_eq!(till.step(), "Wait, Retry-After");
}

#[test]
fn renewal_lies_between_half_and_four_fifths() {
    let mut renewals = vec![];
    for seed in 0..500 {
        let mut till = zype(Policy::new(seed));
        renewals.push(next_seconds(&mut till));
    }
    renewals.sort_unstable();
    assert!(renewals[0] >= 1800 && renewals[0] < 1830, "{}", renewals[0]);
    assert!(renewals[499] <= 2880 && renewals[499] > 2850, "{}", renewals[499]);
    assert!((2250..2430).contains(&renewals[250]), "{}", renewals[250]);
}

#[test]
fn a_shared_token_is_not_asked_for_early_twice() {
    // Loyalife gives the same token until it ends.
    let body = r#"{"results":{"token":"same","tokenExpiresOn":"2026-03-16T15:15:00Z"}}"#;
    let now = Now { uptime: 0, device: Some(UnixTime::from_seconds(GRANT)) };
    let mut till = Till::at(&LOYALIFE, POLICY, now);
    let mut log_ins = 0;
    let mut ended = None;
    for _ in 0..5000 {
        if till.step() == "Send log-in" {
            if till.now.uptime >= 3_600_000 {
                ended = Some(till.now.uptime / 1000);
                break;
            }
            till.exchange(Till::credentials(), &http("200 OK", "", body));
            log_ins += 1;
        }
        till.save();
        till.pass(1);
    }
    assert_eq!(log_ins, 2, "the second brought the same token");
    assert!((3600..=3660).contains(&ended.unwrap()), "those who share it come within a minute: {ended:?}");
}

#[test]
fn codes_are_asked_for_late_and_kept_in_mind() {
    let pin = || Till::credentials().linked_device_id("d").pin("1234");
    let body = r#"{"access_token":"a0561f","expires_in":36000}"#;
    let mut till = Till::new(&ZYPE, POLICY);
    till.exchange(pin(), &http("200 OK", DATE, body));
    till.save();
    assert_eq!(next_seconds(&mut till), 36_000 - 5 - 3600, "an hour before the end, and not before");
    till.reboot(Some(UnixTime::from_seconds(GRANT + 100)));
    assert_eq!((&*till.step(), next_seconds(&mut till)), ("Use", 36_000 - 5 - 3600 - 100));
    till.wait();
    assert_eq!(till.step(), "NeedCode, PIN");
    assert!(till.good_for().is_some(), "the token is good all the while");
    assert_eq!(till.exchange(pin(), &http("200 OK", "", body)), Purpose::LogIn);
    till.save();
    assert_eq!(till.step(), "Use");
    // With a refresh token nobody is asked as long as it works.
    let mut till = Till::new(&ZYPE, POLICY);
    till.exchange(pin(), &http("200 OK", "", IN_AN_HOUR));
    till.save();
    till.wait();
    assert_eq!(till.step(), "Send refresh");
    refused(&mut till);
    assert_eq!(till.step(), "Use", "it is good for a while yet");
    till.wait();
    assert_eq!(till.step(), "NeedCode, PIN");
}

#[test]
fn a_second_factor() {
    let mfa = http("200 OK", "", r#"{"mfaPending":true,"pendingToken":"p0561f"}"#);
    let with_code = || Till::credentials().code("123456");
    let mut till = Till::new(&LOYALTY_DOG, POLICY);
    assert_eq!(till.exchange(Till::credentials(), &mfa), Purpose::LogIn);
    assert_eq!(till.step(), "NeedCode, second factor");
    assert_eq!(till.exchange(with_code(), &http("200 OK", "", DOG)), Purpose::VerifyCode);
    till.save();
    assert_eq!(till.step(), "Use");
    assert_eq!(till.rejected(), Rejection::Unknown);
    assert_eq!(till.step(), "NeedCode, second factor, after a log-in");
    assert_eq!(till.exchange(with_code(), &mfa), Purpose::LogIn);
    // The pending token is over after five minutes.
    till.pass(299);
    assert_eq!(till.step(), "NeedCode, second factor");
    till.pass(1);
    assert_eq!(till.step(), "NeedCode, second factor, after a log-in");
}

#[test]
fn the_clock_is_offered_with_its_doubt() {
    let clock = |till: &mut Till| till.with(|session, _, now| session.clock(now));
    let mut till = Till::new(&ZYPE, POLICY);
    assert_eq!(clock(&mut till), None);
    let floor = UnixTime::from_seconds(GRANT - 86_400);
    let mut till = Till::new(&ZYPE, Policy { floor: Some(floor), ..POLICY });
    till.pass(10);
    let estimate = clock(&mut till).unwrap();
    assert_eq!((estimate.time, estimate.error, estimate.origin), (floor.plus(10), None, ClockOrigin::Floor));
    till.now.device = Some(UnixTime::from_seconds(GRANT + 500));
    let estimate = clock(&mut till).unwrap();
    assert_eq!((estimate.time.seconds(), estimate.error, estimate.origin), (GRANT + 500, None, ClockOrigin::Device));
    till.now.device = Some(UnixTime::from_seconds(GRANT - 3 * 86_400));
    assert_eq!(clock(&mut till).unwrap().origin, ClockOrigin::Floor, "more than a day below the floor");
    till.now.device = None;
    // The exchange takes 4 seconds; a day later the doubt has grown by 100 parts in a million.
    let (number, purpose) = till.begin(Till::credentials());
    till.pass(4);
    till.answer(number, purpose, &http("200 OK", DATE, IN_AN_HOUR));
    let estimate = clock(&mut till).unwrap();
    assert_eq!((estimate.time.seconds(), estimate.error, estimate.origin), (GRANT, Some(5), ClockOrigin::Server));
    till.pass(100_000);
    let estimate = clock(&mut till).unwrap();
    assert_eq!((estimate.time.seconds(), estimate.error), (GRANT + 100_000, Some(15)));
    // A looser one does not replace it, one that contradicts it does, one below the floor never.
    let observe = |till: &mut Till, seconds| {
        till.with(|session, _, now| session.observe(UnixTime::from_seconds(seconds), now));
        clock(till).unwrap()
    };
    assert_eq!(observe(&mut till, GRANT + 100_040).error, Some(15));
    let estimate = observe(&mut till, GRANT + 101_000);
    assert_eq!((estimate.time.seconds(), estimate.error), (GRANT + 101_000, Some(60)));
    assert_eq!(observe(&mut till, GRANT).time.seconds(), GRANT + 101_000);
    // A server's clock that was once in 2099 does not keep all others out for good.
    assert_eq!(observe(&mut till, 4_070_908_800).time.seconds(), 4_070_908_800);
    till.save();
    assert_eq!(observe(&mut till, GRANT + 200_000).time.seconds(), 4_070_908_800);
    assert_eq!(observe(&mut till, GRANT + 200_000).time.seconds(), 4_070_908_800);
    assert_eq!(observe(&mut till, GRANT + 200_000).time.seconds(), GRANT + 200_000);
    assert_eq!(till.step(), "Save", "the floor is lower now");
    till.save();
    for _ in 0..3 {
        assert_eq!(
            observe(&mut till, 1_600_000_000).time.seconds(),
            GRANT + 200_000,
            "before there was such a library"
        );
    }
    // A portal's date is nobody's.
    let mut till = Till::new(&ZYPE, POLICY);
    till.exchange(Till::credentials(), &http("200 OK", DATE, "<html>"));
    assert_eq!(clock(&mut till), None);
}

#[test]
fn what_was_last_known_is_there_offline() {
    let body = r#"{"accessToken":"eyJhbGciOiJIUzUxMiJ9.eyJpYXQiOjE3NzM2NzA1MDAsImV4cCI6MTc3MzY3NDEwMH0.AA"}"#;
    let mut till = Till::new(&LOYALTY_DOG, POLICY);
    assert!(till.with(|session, store, now| session.last_known(store, now).is_none()));
    till.exchange(Till::credentials(), &http("200 OK", DATE, body));
    till.save();
    till.pass(5000);
    till.with(|session, store, now| {
        let known = session.last_known(store, now).unwrap();
        assert_eq!((known.generation, known.age, known.rejected), (1, Some(5000), false));
        assert_eq!(known.expires_at.unwrap().seconds(), GRANT + 3600);
        assert_eq!(known.granted_at.unwrap().seconds(), GRANT);
        assert_eq!(known.claims.unwrap().expires_at(), known.expires_at);
        assert_eq!(known.clock.unwrap().time.seconds(), GRANT + 5000);
        assert!(session.token(store, now).is_none());
    });
    till.with(|session, store, _| session.logged_out(store));
    assert_eq!(till.step(), "Save");
    till.save();
    assert_eq!(till.step(), "Stop 703");
    till.with(|session, store, now| {
        let known = session.last_known(store, now).unwrap();
        assert!(known.claims.is_none() && known.rejected && known.expires_at.is_some());
    });
    till.reboot(Some(UnixTime::from_seconds(GRANT + 9000)));
    till.with(|session, store, now| {
        let known = session.last_known(store, now).unwrap();
        assert_eq!((known.age, known.rejected), (Some(9000), true));
    });
    assert_eq!(till.step(), "Send log-in");
}

/// A seal that is none, but checks that it is used as one.
struct Xor(u8);

impl Seal for Xor {
    fn seal(&mut self, header: &[u8], body: &mut [u8], len: usize) -> Option<usize> {
        body.get_mut(..len)?.iter_mut().for_each(|byte| *byte ^= self.0);
        let tag = header.iter().fold(self.0, |sum, byte| sum.wrapping_add(*byte));
        *body.get_mut(len)? = tag;
        Some(len + 1)
    }

    fn open(&mut self, header: &[u8], body: &mut [u8]) -> Option<usize> {
        let (tag, text) = body.split_last_mut()?;
        text.iter_mut().for_each(|byte| *byte ^= self.0);
        (*tag == header.iter().fold(self.0, |sum, byte| sum.wrapping_add(*byte))).then_some(text.len())
    }
}

fn restore(till: &mut Till, seal: &mut impl Seal, slots: [&[u8]; 2], len: usize) -> Result<bool, RestoreError> {
    let mut buf = vec![0xee; len];
    let result = till.with(|session, store, now| {
        let read = |slot: u8, out: &mut [u8]| {
            let slot = slots[usize::from(slot)];
            let len = slot.len().min(out.len());
            out[..len].copy_from_slice(&slot[..len]);
            if slot.is_empty() { Err(Unreadable) } else { Ok(len) }
        };
        session.restore(store, seal, read, &mut buf, now)
    });
    assert!(buf.iter().all(|byte| *byte == 0), "tokens stay in the buffer");
    result.map(|restored| restored.tokens)
}

#[test]
fn records_are_refused_for_a_reason() {
    let mut till = zype(POLICY);
    let mut out = [0; 256];
    let record =
        till.with(|session, store, now| session.save(store, &mut NoSeal, 16, &mut out, now).unwrap().bytes.to_vec());
    assert_eq!(record.len(), record_len(12, 0, 16));
    assert_eq!(record.len(), 112);
    let fresh = || Till::new(&ZYPE, POLICY);
    let absent: &[u8] = &[0xff; 64];
    let refused = |slots: [&[u8]; 2]| restore(&mut fresh(), &mut NoSeal, slots, 256).unwrap_err().slots;
    assert_eq!(restore(&mut fresh(), &mut NoSeal, [&record, absent], 256), Ok(true));
    assert_eq!(restore(&mut fresh(), &mut NoSeal, [absent, &record], 256), Ok(true));
    assert_eq!(refused([absent, &[]]), [RecordError::Absent, RecordError::Unreadable]);
    for len in 1..82 {
        let error = refused([&record[..len], absent])[0];
        assert_eq!(error, if len < 2 { RecordError::Absent } else { RecordError::Truncated }, "{len}");
    }
    for at in 0..record.len() {
        for bit in 0..8 {
            let mut damaged = record.clone();
            damaged[at] ^= 1 << bit;
            let result = restore(&mut fresh(), &mut NoSeal, [&damaged, absent], 256);
            // The padding and the mark say nothing of what is in it.
            assert_eq!(result.is_ok(), at >= 82, "{at}");
        }
    }
    let mut other = record.clone();
    other[2] = 2;
    assert_eq!(refused([&other, absent])[0], RecordError::OtherVersion);
    let other = restore(&mut Till::new(&RFC6749, POLICY), &mut NoSeal, [&record, absent], 256);
    assert_eq!(other.unwrap_err().slots[0], RecordError::OtherProvider);
    let mut small = fresh();
    small.shrink_arena(11);
    let error = restore(&mut small, &mut NoSeal, [&record, absent], 256).unwrap_err();
    assert_eq!(error.slots[0], RecordError::StoreTooSmall { needed: 12 });
    assert_eq!(small.step(), "Send log-in");
    for len in 0..82 {
        let error = restore(&mut fresh(), &mut NoSeal, [&record, absent], len).unwrap_err();
        assert_eq!(error.slots[0], RecordError::Truncated, "{len}");
    }
}

#[test]
fn records_fit_or_say_what_they_need() {
    let mut till = zype(POLICY);
    for unit in [1, 2, 8, 16, 32, 255] {
        let needed = record_len(12, 0, usize::from(unit));
        for len in 0..needed + 2 {
            let mut out = vec![0xee; len];
            let result = till.with(|session, store, now| {
                session.save(store, &mut NoSeal, unit, &mut out, now).map(|record| record.bytes.len())
            });
            if len < needed {
                assert!(
                    matches!(result, Err(SaveError::BufferTooSmall(short)) if short.needed == needed),
                    "{unit} {len}"
                );
                assert!(out.iter().all(|byte| *byte == 0));
            } else {
                assert_eq!(result, Ok(needed));
                assert_eq!(needed % usize::from(unit), 0);
                assert!(out[needed..].iter().all(|byte| *byte == 0xee));
            }
        }
    }
    let unit = till.with(|session, store, now| session.save(store, &mut NoSeal, 0, &mut [0; 256], now).unwrap_err());
    assert_eq!(unit, SaveError::Unit);
}

#[test]
fn records_are_sealed_by_the_caller() {
    let mut till = zype(POLICY);
    let mut out = [0; 256];
    let record =
        till.with(|session, store, now| session.save(store, &mut Xor(0x5a), 8, &mut out, now).unwrap().bytes.to_vec());
    assert_eq!(record.len(), record_len(12, 1, 8));
    assert!(!record.windows(6).any(|bytes| bytes == b"a0561f" || bytes == b"r0561f"));
    let absent: &[u8] = &[0xff; 64];
    let fresh = || Till::new(&ZYPE, POLICY);
    assert_eq!(restore(&mut fresh(), &mut Xor(0x5a), [&record, absent], 256), Ok(true));
    let error = restore(&mut fresh(), &mut Xor(0x5b), [&record, absent], 256).unwrap_err();
    assert_eq!(error.slots[0], RecordError::Sealed);
    // Without room for the seal's own.
    for len in 0..record.len() {
        let failed =
            till.with(|session, store, now| session.save(store, &mut Xor(0x5a), 8, &mut out[..len], now).is_err());
        assert!(failed, "{len}");
    }
}

#[test]
fn the_newer_record_is_restored() {
    let mut till = zype(POLICY);
    till.wait();
    let newer = r#"{"access_token":"b0561f","expires_in":3600,"refresh_token":"s0561f"}"#;
    till.exchange(Till::credentials(), &http("200 OK", "", newer));
    till.save();
    let token = |till: &mut Till| till.with(|_, store, _| store.refresh_token().map(|token| token.expose().to_vec()));
    till.reboot(None);
    assert_eq!(token(&mut till).as_deref(), Some(&b"s0561f"[..]));
    assert_eq!((&*till.step(), till.good_for()), ("Save", None), "rotating tokens are saved anew");
    till.save();
    assert_eq!(till.step(), "Use");
    let newest = till.slots.iter().position(|slot| !slot.windows(6).any(|bytes| bytes == b"r0561f")).unwrap();
    till.slots[newest].fill(0xff);
    till.reboot(None);
    assert!(token(&mut till).is_some());
}
