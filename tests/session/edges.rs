//! Where a session could be led astray: by late answers, wild clocks, servers that say nonsense, callers that err.

use pos_token::ExchangeError;
use pos_token::dialect::{Encoding, Exchange, Field, Purpose, Settings, required};
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, ZYPE};
use pos_token::session::{BeginError, ClockOrigin, Keep, NoSeal, Now, Policy, Rejection, Step, StopReason};
use pos_token::time::UnixTime;

use crate::till::{Till, http};

const POLICY: Policy = Policy::new(11);
const IN_AN_HOUR: &str = r#"{"access_token":"a0561f","expires_in":3600,"refresh_token":"r0561f"}"#;
const DATE: &str = "Date: Mon, 16 Mar 2026 14:15:00 GMT\r\n";
const GRANT: i64 = 1_773_670_500;
const YEAR: i64 = 365 * 86_400;

fn time(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(seconds)
}

fn at(device: Option<i64>) -> Now {
    Now { uptime: 0, device: device.map(time) }
}

fn zype(device: Option<i64>) -> Till {
    let mut till = Till::at(&ZYPE, POLICY, at(device));
    till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR));
    till.save();
    assert_eq!(till.step(), "Use");
    till
}

#[test]
fn an_answer_does_not_undo_a_log_out() {
    for late in [false, true] {
        let mut till = Till::new(&ZYPE, POLICY);
        let (number, purpose) = till.begin(Till::credentials());
        if late {
            till.pass(120);
            till.wait();
            till.begin(Till::credentials());
        }
        till.with(|session, store, _| session.logged_out(store));
        till.answer(number, purpose, &http("200 OK", "", IN_AN_HOUR));
        till.save();
        assert_eq!((&*till.step(), till.good_for()), ("Stop 703", None), "{late}");
        assert!(till.slots.iter().all(|slot| !slot.windows(6).any(|text| text == b"r0561f" || text == b"a0561f")));
        till.with(|session, _, now| session.credentials_changed(now));
        assert_eq!(till.step(), "Send log-in", "not with the refresh token of those who logged out");
    }
}

#[test]
fn an_answer_from_before_a_log_out_is_nobodys() {
    const BOB: &str = r#"{"access_token":"b0561f","expires_in":3600,"refresh_token":"s0561f"}"#;
    for bob_first in [false, true] {
        let mut till = Till::new(&ZYPE, POLICY);
        let (number, purpose) = till.begin(Till::credentials());
        till.logged_out();
        till.save();
        till.credentials_changed();
        if bob_first {
            till.wait();
            till.exchange(Till::credentials(), &http("200 OK", "", BOB));
            till.save();
            assert_eq!(till.step(), "Use");
        }
        till.answer(number, purpose, &http("200 OK", "", IN_AN_HOUR));
        assert_eq!(till.good_for(), None, "{bob_first}");
        till.observe(time(GRANT));
        till.save();
        assert!(!till.has_saved("a0561f") && !till.has_saved("r0561f"), "{bob_first}");
        till.wait();
        assert_eq!(till.step(), "Send log-in", "{bob_first}");
        till.exchange(Till::credentials(), &http("200 OK", "", BOB));
        till.save();
        assert_eq!(till.step(), "Use");
    }
}

#[test]
fn a_log_out_forgets_who_waits_for_a_code() {
    let pending = http("200 OK", "", r#"{"mfaPending":true,"pendingToken":"p0561f"}"#);
    for late in [false, true] {
        let mut till = Till::new(&LOYALTY_DOG, Policy { keep: Keep::EveryToken, ..POLICY });
        let (number, purpose) = till.begin(Till::credentials());
        if !late {
            till.answer(number, purpose, &pending);
        }
        till.logged_out();
        if late {
            till.answer(number, purpose, &pending);
        }
        till.save();
        assert!(!till.has_saved("p0561f"), "{late}");
        till.reboot(None);
        assert_eq!(till.step(), "Send log-in", "{late}");
    }
}

#[test]
fn a_token_that_was_not_accepted_is_none() {
    const FORGED: &str = r#"{"access_token":"f0561f","expires_in":3600,"refresh_token":"g0561f"}"#;
    let mut till = zype(None);
    till.wait();
    let (number, purpose) = till.begin(Till::credentials());
    assert!(till.good_for().is_some());
    till.answer_alone(purpose, &http("200 OK", "", FORGED));
    assert_eq!(till.good_for(), None, "the old one's generation and life are not the new one's");
    till.with(|session, _, now| session.failed(number, &ExchangeError::<()>::TokenRefused, now));
    let stop = till.with(|session, store, now| match session.next(store, now) {
        Step::Stop(stop) => (stop.reason, stop.code),
        step => panic!("{step:?}"),
    });
    assert_eq!((stop, till.good_for()), ((StopReason::Rejected, 600), None));
    till.observe(time(GRANT));
    till.save();
    assert!(!till.has_saved("f0561f") && !till.has_saved("g0561f"));
    till.with(|session, _, now| session.credentials_changed(now));
    assert_eq!(till.step(), "Send log-in", "not with the refresh token that came with it");
    // Nor is it after the store was cleared, or another answer came.
    till.with(|_, store, _| store.clear());
    till.answer_alone(Purpose::LogIn, &http("200 OK", "", FORGED));
    assert_eq!(till.good_for(), None);
    till.exchange(Till::credentials(), &http("500 Oops", "", ""));
    assert_eq!(till.good_for(), None);
    till.wait();
    till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR));
    till.save();
    assert_eq!(till.step(), "Use");
    till.reboot(None);
    till.save();
    assert_eq!(till.step(), "Use");
    assert!(till.has_saved("a0561f"));
}

#[test]
fn a_claim_of_a_token_that_was_not_accepted_is_not_shown() {
    let forged = r#"{"accessToken":"eyJhbGciOiJIUzUxMiJ9.eyJpYXQiOjE3NzM2NzA1MDAsImV4cCI6MTc3MzY3NDEwMH0.AA"}"#;
    let mut till = Till::granted(&LOYALTY_DOG, POLICY, forged);
    let shown = |till: &mut Till| till.with(|s, store, now| s.last_known(store, now).unwrap().claims.is_some());
    assert!(shown(&mut till));
    till.answer_alone(Purpose::LogIn, &http("200 OK", "", forged));
    assert!(!shown(&mut till));
}

#[test]
fn a_token_stays_in_use_while_its_successor_waits_for_a_code() {
    let mut till = Till::granted(
        &LOYALTY_DOG,
        POLICY,
        r#"{"accessToken":"eyJhbGciOiJIUzUxMiJ9.eyJpYXQiOjE3NzM2NzA1MDAsImV4cCI6MTc3MzY3NDEwMH0.AA"}"#,
    );
    till.wait();
    assert_eq!(till.step(), "Send log-in");
    let (number, purpose) = till.begin(Till::credentials());
    let pending = http("200 OK", "", r#"{"mfaPending":true,"pendingToken":"p0561f"}"#);
    till.answer_alone(purpose, &pending);
    assert!(till.good_for().is_some());
    till.answer(number, purpose, &pending);
    assert_eq!(till.step(), "NeedCode, second factor");
    assert!(till.good_for().is_some());
    // One that comes to nothing changes nothing.
    till.exchange(Till::credentials().code("1"), &http("401 Unauthorized", "", r#"{"errorCode":"x"}"#));
    assert!(till.good_for().is_some());
}

#[test]
fn a_demand_that_is_no_demand_brings_no_storm() {
    for fields in [
        "Retry-After: 0\r\n".to_owned(),
        "Retry-After: 1\r\n".to_owned(),
        format!("{DATE}Retry-After: Mon, 16 Mar 2026 14:00:00 GMT\r\n"),
    ] {
        let mut till = Till::new(&ZYPE, POLICY);
        let mut requests = 0;
        while till.now.uptime < 6 * 3_600_000 {
            till.exchange(Till::credentials(), &http("503 Service Unavailable", &fields, ""));
            till.save();
            requests += 1;
            till.wait();
        }
        assert!(requests < 100, "{fields}: {requests} in six hours");
    }
}

#[test]
fn a_401_does_not_shorten_what_the_server_demanded() {
    let mut till = zype(None);
    assert_eq!(till.rejected(), Rejection::Revoked);
    till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR));
    till.save();
    till.wait();
    till.exchange(Till::credentials(), &http("503 Service Unavailable", "Retry-After: 1000\r\n", ""));
    till.save();
    assert_eq!(till.step(), "Use");
    assert_eq!(till.rejected(), Rejection::Revoked);
    assert_eq!(till.step(), "Wait, Retry-After");
    till.pass(999);
    assert_eq!(till.step(), "Wait, Retry-After");
}

#[test]
fn an_exchange_is_not_given_up_because_the_clock_is_set() {
    let mut till = Till::at(&ZYPE, POLICY, at(Some(GRANT - YEAR)));
    till.begin(Till::credentials());
    till.now.device = Some(time(GRANT));
    till.pass(1);
    assert_eq!(till.step(), "Wait, busy");
    let again = till.with(|session, store, now| session.begin(store, Till::credentials(), now).map(|_| ()));
    assert_eq!(again, Err(BeginError::Busy));
    till.pass(119);
    assert_eq!(till.step(), "Send log-in");
}

#[test]
fn tokens_that_are_over_as_they_arrive_do_not_make_a_loop() {
    let body = r#"{"results":{"token":"o","tokenExpiresOn":"2026-03-16T14:00:00Z"}}"#;
    let mut till = Till::new(&LOYALIFE, POLICY);
    let mut log_ins = 0;
    for _ in 0..24 * 30 {
        if till.step() == "Send log-in" {
            till.exchange(Till::credentials(), &http("200 OK", DATE, body));
            till.save();
            log_ins += 1;
        }
        till.pass(120);
        if till.good_for().is_some() {
            let _ = till.rejected();
        }
    }
    assert!(log_ins < 10, "{log_ins} in a day");
    assert_eq!(till.step(), "Stop 701");
}

#[test]
fn a_hint_moves_no_clock() {
    let created = r#"{"access_token":"a","expires_in":3600,"refresh_token":"r","created_at":4102444800}"#;
    for device in [None, Some(GRANT)] {
        let mut till = Till::at(&ZYPE, POLICY, at(device));
        till.exchange(Till::credentials(), &http("200 OK", "", created));
        till.save();
        let clock = till.with(|session, _, now| session.clock(now)).map(|clock| (clock.time.seconds(), clock.origin));
        assert_eq!(clock, device.map(|device| (device, ClockOrigin::Device)));
        till.reboot(Some(time(GRANT + 60)));
        let clock = till.with(|session, _, now| session.clock(now)).unwrap();
        assert_eq!((clock.time.seconds(), clock.origin), (GRANT + 60, ClockOrigin::Device), "{device:?}");
        till.observe(time(GRANT + 60));
        let clock = till.with(|session, _, now| session.clock(now)).unwrap();
        assert_eq!((clock.time.seconds(), clock.origin), (GRANT + 60, ClockOrigin::Server), "{device:?}");
    }
}

#[test]
fn credentials_that_were_changed_are_not_refused() {
    let refused = http("401 Unauthorized", "", r#"{"error":"invalid_client"}"#);
    let mut till = Till::new(&ZYPE, POLICY);
    let (number, purpose) = till.begin(Till::credentials());
    till.credentials_changed();
    assert_eq!(till.step(), "Wait, busy");
    till.answer(number, purpose, &refused);
    assert_eq!(till.step(), "Send log-in", "with the new ones");
    till.exchange(Till::credentials(), &refused);
    assert_eq!(till.step(), "Stop 513");
    // Nor is a code that belongs to them.
    let mut till = Till::new(&LOYALTY_DOG, Policy { code_limit: 1, ..POLICY });
    till.exchange(Till::credentials(), &http("200 OK", "", r#"{"mfaPending":true,"pendingToken":"p0561f"}"#));
    let (number, purpose) = till.begin(Till::credentials().code("1"));
    till.credentials_changed();
    till.answer(number, purpose, &http("401 Unauthorized", "", r#"{"detail":"no"}"#));
    assert_eq!(till.step(), "NeedCode, second factor");
    // A refresh token that is refused is, whoever changed what.
    let mut till = zype(None);
    till.wait();
    let (number, purpose) = till.begin(Till::credentials());
    till.credentials_changed();
    till.answer(number, purpose, &http("400 Bad Request", "", r#"{"error":"invalid_grant"}"#));
    till.pass(3600);
    assert_eq!(till.step(), "Send log-in");
}

#[test]
fn a_late_grant_does_not_shorten_what_the_server_demanded() {
    let mut till = Till::new(&ZYPE, POLICY);
    let (late, purpose) = till.begin(Till::credentials());
    till.pass(120);
    till.wait();
    till.exchange(Till::credentials(), &http("503 Service Unavailable", "Retry-After: 3000\r\n", ""));
    till.save();
    till.answer(late, purpose, &http("200 OK", "", IN_AN_HOUR));
    till.save();
    assert_eq!(till.step(), "Use");
    assert_eq!(till.rejected(), Rejection::Unknown);
    assert_eq!(till.step(), "Wait, Retry-After");
    till.pass(2999);
    assert_eq!(till.step(), "Wait, Retry-After");
}

#[test]
fn a_hint_in_milliseconds_does_not_move_the_floor_for_good() {
    let created = r#"{"access_token":"a","expires_in":3600,"refresh_token":"r","created_at":1773670500000}"#;
    // {"iat":1773670500000,"exp":1773674100000}
    let issued = r#"{"token":"eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3NzM2NzA1MDAwMDAsImV4cCI6MTc3MzY3NDEwMDAwMH0.AA","refresh_token":"r"}"#;
    for (provider, body) in [(&ZYPE, created), (&OPEN_LOYALTY, issued)] {
        for device in [None, Some(GRANT)] {
            let mut till = Till::at(provider, POLICY, at(device));
            till.exchange(Till::credentials(), &http("200 OK", "", body));
            till.save();
            till.reboot(Some(time(GRANT + 60)));
            let clock = till.with(|session, _, now| session.clock(now)).unwrap();
            assert_eq!((clock.time.seconds(), clock.origin), (GRANT + 60, ClockOrigin::Device), "{device:?}");
        }
    }
}

#[test]
fn a_restored_token_lives_no_longer_than_it_was_granted_for() {
    // The clock was ahead, and is right after the restart: by its own word, or by a server's.
    for (device, date) in [(Some(GRANT), None), (None, Some(GRANT))] {
        let mut till = zype(Some(GRANT + 10 * YEAR));
        till.reboot(device.map(time));
        till.save();
        if let Some(date) = date {
            till.with(|session, _, now| session.observe(time(date), now));
            till.save();
        }
        let good_for = till.good_for().unwrap().unwrap();
        assert!(good_for <= 3600, "{device:?}: {good_for}");
        till.pass(3600);
        assert_eq!(till.step(), "Send refresh", "{device:?}");
    }
}

#[test]
fn a_store_that_was_cleared_is_not_waited_for() {
    for body in [IN_AN_HOUR, r#"{"access_token":"a0561f"}"#] {
        let mut till = Till::new(&ZYPE, POLICY);
        till.exchange(Till::credentials(), &http("200 OK", "", body));
        till.save();
        till.with(|_, store, _| store.clear());
        till.pass(10);
        assert_eq!((&*till.step(), till.good_for()), ("Send log-in", None));
    }
}

#[test]
fn a_customer_does_not_wait_for_a_session_that_stands_still() {
    let mut till = Till::new(&ZYPE, POLICY);
    till.exchange(Till::credentials(), &http("401 Unauthorized", "", r#"{"error":"invalid_client"}"#));
    assert_eq!(till.step(), "Stop 513");
    assert!(!till.with(|session, store, now| session.customer_waiting(store, now)));
}

#[test]
fn a_customer_waits_for_a_record() {
    let mut till = zype(None);
    till.wait();
    till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR));
    assert_eq!((&*till.step(), till.good_for()), ("Save", None));
    for _ in 0..5 {
        assert!(!till.with(|session, store, now| session.customer_waiting(store, now)), "first the record");
    }
    till.save();
    let renewal = till.with(|session, store, now| session.token(store, now).unwrap().next_in);
    assert!((1800..=2880).contains(&renewal), "{renewal}");
    // And not one of the customers was counted.
    let _ = till.rejected();
    till.transport_fails(Till::credentials());
    for _ in 0..3 {
        assert!(till.with(|session, store, now| session.customer_waiting(store, now)));
        till.transport_fails(Till::credentials());
    }
    assert!(!till.with(|session, store, now| session.customer_waiting(store, now)));
}

#[test]
fn a_refresh_token_without_a_way_to_use_it_is_none() {
    static NO_REFRESH: Provider<'static> = Provider {
        exchanges: &[(
            Exchange::post(Purpose::LogIn, "/token", Encoding::Json),
            &[required("username", Field::Username), required("password", Field::Password)],
        )],
        members: RFC6749.members,
        transient_codes: &[],
        settings: Settings::new("no-refresh"),
    };
    let mut till = Till::new(&NO_REFRESH, POLICY);
    till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR));
    till.save();
    till.pass(3600);
    assert_eq!(till.step(), "Send log-in");
    till.begin(Till::credentials());
}

#[test]
fn a_token_at_risk_is_said_to_be_until_it_is_saved() {
    let mut till = Till::new(&ZYPE, POLICY);
    till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR));
    let fails = |till: &mut Till| {
        till.with(|session, _, _| session.save_failed(0));
    };
    let unsaved = |till: &mut Till| till.with(|session, store, now| session.token(store, now).unwrap().unsaved);
    fails(&mut till);
    assert!(unsaved(&mut till));
    till.with(|session, _, now| session.observe(time(GRANT), now));
    assert_eq!(till.step(), "Save", "another reason");
    assert!(unsaved(&mut till), "while it is tried again");
    fails(&mut till);
    assert!(unsaved(&mut till));
    till.with(|session, _, now| session.observe(time(GRANT + 2 * 86_400), now));
    till.save();
    assert!(!unsaved(&mut till));
}

/// Makes a record and writes it, and does not say so yet.
fn half_saved(till: &mut Till) -> u32 {
    let mut out = [0; 4096];
    let (len, slot, number) = till.with(|session, store, now| {
        let record = session.save(store, &mut NoSeal, 8, &mut out, now).unwrap();
        (record.bytes.len(), usize::from(record.slot), record.number)
    });
    till.slots[slot][..len].copy_from_slice(&out[..len]);
    number
}

#[test]
fn what_happens_while_a_record_is_written_is_saved_too() {
    // A log-out.
    let mut till = Till::new(&ZYPE, POLICY);
    till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR));
    let number = half_saved(&mut till);
    till.logged_out();
    till.with(|session, _, _| session.saved(number));
    assert_eq!(till.step(), "Save");
    till.save();
    assert_eq!(till.step(), "Stop 703");
    till.reboot(None);
    assert_eq!((&*till.step(), till.good_for()), ("Send log-in", None));
    // A server's demand.
    let mut till = Till::new(&ZYPE, POLICY);
    let (number, purpose) = till.begin(Till::credentials());
    till.observe(time(GRANT));
    let record = half_saved(&mut till);
    till.answer(number, purpose, &http("503 Service Unavailable", "Retry-After: 3000\r\n", ""));
    till.with(|session, _, _| session.saved(record));
    assert_eq!(till.step(), "Save");
    till.save();
    till.reboot(None);
    assert_eq!(till.step(), "Wait, Retry-After");
}

#[test]
fn a_record_that_fails_says_nothing_of_the_next_one() {
    let mut till = Till::new(&ZYPE, POLICY);
    let (number, purpose) = till.begin(Till::credentials());
    till.observe(time(GRANT));
    let record = half_saved(&mut till);
    till.answer(number, purpose, &http("200 OK", "", IN_AN_HOUR));
    till.with(|session, _, _| session.save_failed(record));
    assert_eq!((&*till.step(), till.good_for()), ("Save", None), "the refresh token is in no record yet");
    till.save();
    assert_eq!(till.step(), "Use");
}

#[test]
fn a_slow_storage_is_written_to_once() {
    let mut till = Till::new(&ZYPE, POLICY);
    for second in 0..5 {
        till.observe(time(GRANT + second));
        assert_eq!(till.step(), "Save");
    }
    let number = half_saved(&mut till);
    till.observe(time(GRANT + 5));
    till.with(|session, _, _| session.saved(number));
    assert_eq!(till.step(), "Send log-in");
}

#[test]
fn a_count_that_stumbles_is_no_restart() {
    let mut till = zype(None);
    till.pass(100_000);
    till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR));
    till.save();
    till.now.uptime -= 5;
    assert_eq!(till.step(), "Use", "another task took the time a moment before");
}

#[test]
fn a_date_in_milliseconds_is_none() {
    let mut till = Till::new(&ZYPE, POLICY);
    for seconds in [GRANT * 1000, i64::MAX] {
        for _ in 0..4 {
            till.with(|session, _, now| session.observe(time(seconds), now));
            assert_eq!((till.with(|session, _, now| session.clock(now)), &*till.step()), (None, "Send log-in"));
        }
    }
}

#[test]
fn a_record_that_cannot_be_made_does_not_keep_a_till_from_its_token() {
    let mut till = Till::new(&ZYPE, POLICY);
    till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR));
    let too_small = till.with(|session, store, now| session.save(store, &mut NoSeal, 8, &mut [0; 8], now).is_err());
    assert!(too_small);
    assert_eq!(till.step(), "Save");
    till.with(|session, _, _| session.save_failed(0));
    let unsaved = till.with(|session, store, now| session.token(store, now).unwrap().unsaved);
    assert_eq!((&*till.step(), unsaved), ("Use", true));
}

#[test]
fn another_code_is_not_asked_for_with_a_pending_token_of_before() {
    let pending = |token: &str| http("200 OK", "", &format!(r#"{{"mfaPending":true,"pendingToken":"{token}"}}"#));
    let mut till = Till::new(&LOYALTY_DOG, POLICY);
    let (number, purpose) = till.begin(Till::credentials());
    till.logged_out();
    till.credentials_changed();
    till.save();
    till.exchange(Till::credentials(), &pending("bob"));
    assert_eq!(till.step(), "NeedCode, second factor");
    till.answer(number, purpose, &pending("alice"));
    assert_eq!(till.step(), "NeedCode, second factor, after a log-in");
    till.observe(time(GRANT));
    till.save();
    assert!(!till.has_saved("alice"));
}

#[test]
fn an_accepted_pending_token_is_kept_beside_tokens_that_are_none() {
    let mut till = Till::new(&LOYALTY_DOG, POLICY);
    till.answer_alone(Purpose::LogIn, &http("200 OK", "", r#"{"accessToken":"f0561f"}"#));
    till.exchange(Till::credentials(), &http("200 OK", "", r#"{"mfaPending":true,"pendingToken":"p0561f"}"#));
    till.observe(time(GRANT));
    till.save();
    assert!(till.has_saved("p0561f") && !till.has_saved("f0561f"));
}

#[test]
fn a_refusal_of_the_token_before_says_nothing_of_a_late_one() {
    for page in [false, true] {
        let policy = Policy { malformed_limit: 1, ..POLICY };
        let mut till = Till::granted(&RFC6749, policy, IN_AN_HOUR);
        till.wait();
        let (first, purpose) = till.begin(Till::credentials());
        till.pass(120);
        till.wait();
        let (second, _) = till.begin(Till::credentials());
        let late = r#"{"access_token":"b0561f","expires_in":3600,"refresh_token":"s0561f"}"#;
        till.answer(first, purpose, &http("200 OK", "", late));
        till.save();
        let refused = if page {
            http("401 Unauthorized", "", "")
        } else {
            http("400 Bad Request", "", r#"{"error":"invalid_grant"}"#)
        };
        till.answer(second, purpose, &refused);
        till.rejected();
        till.wait();
        assert_eq!(till.step(), "Send refresh", "{page}");
    }
}

#[test]
fn a_token_that_is_refused_stops_whatever_the_credentials_are() {
    let mut till = Till::new(&ZYPE, POLICY);
    let (number, _) = till.begin(Till::credentials());
    till.credentials_changed();
    till.with(|session, _, now| session.failed(number, &ExchangeError::<()>::TokenRefused, now));
    assert_eq!(till.step(), "Stop 600");
}

#[test]
fn a_date_while_a_record_is_written_does_not_have_it_written_over() {
    let mut till = zype(None);
    till.wait();
    till.exchange(
        Till::credentials(),
        &http("200 OK", "", r#"{"access_token":"b","expires_in":3600,"refresh_token":"s0561f"}"#),
    );
    let number = half_saved(&mut till);
    till.observe(time(GRANT));
    till.with(|session, _, _| session.saved(number));
    assert_eq!(till.step(), "Use");
    // The floor moved all the same, and the next `Date` has it saved.
    till.observe(time(GRANT + 1));
    assert_eq!(till.step(), "Save");
    till.save();
    assert!(till.has_saved("s0561f"));
    till.reboot(None);
    assert!(till.with(|session, _, now| session.clock(now)).is_some());
}

#[test]
fn a_record_after_a_restore_that_failed_is_the_newest() {
    let mut till = zype(None);
    for _ in 0..5 {
        till.wait();
        till.exchange(Till::credentials(), &http("200 OK", "", IN_AN_HOUR));
        till.save();
    }
    till.shrink_arena(4);
    till.reboot(None);
    assert_eq!(till.step(), "Send log-in", "there is no room for the tokens");
    till.logged_out();
    till.save();
    till.largest_arena();
    till.reboot(None);
    assert_eq!((&*till.step(), till.good_for()), ("Send log-in", None));
}

#[test]
fn tokens_of_before_a_boot_are_not_those_of_a_record_without_any() {
    let mut till = Till::new(&ZYPE, Policy { keep: Keep::Clock, ..POLICY });
    till.observe(time(GRANT));
    till.save();
    let slots = till.slots.clone();
    till.answer_alone(Purpose::LogIn, &http("200 OK", "", IN_AN_HOUR));
    let mut buf = [0; 512];
    let restored = till.with(|session, store, now| {
        let read = |slot: u8, out: &mut [u8]| -> Result<usize, pos_token::session::Unreadable> {
            out.copy_from_slice(&slots[usize::from(slot)][..out.len()]);
            Ok(out.len())
        };
        session.restore(store, &mut NoSeal, read, &mut buf, now).unwrap().tokens
    });
    assert!(!restored);
    assert_eq!((till.good_for(), &*till.step()), (None, "Send log-in"));
}

#[test]
fn a_count_that_stumbles_does_not_begin_another_hour() {
    let mut till = Till::new(&ZYPE, POLICY);
    till.pass(7200);
    let mut went = 0;
    for _ in 0..10 {
        till.transport_fails(Till::credentials());
        went += u32::from(till.with(|session, store, now| session.customer_waiting(store, now)));
        till.now.uptime -= 1000;
        if till.step() != "Send log-in" {
            break;
        }
    }
    assert_eq!(went, 3);
}
