//! A session: what C says and gets is what the core says and gets, and the calls under Miri.

use pos_token_core::http::HttpError;
use pos_token_core::session::{Failure, Policy, SessionState};
use pos_token_core::time::UnixTime;
use pos_token_core::{Answer, Denied, ErrorCode, Expiry, Grant, Outcome, RefreshToken, ServerTime};

use super::*;
use crate::clock::*;
use crate::policy::*;
use crate::record::*;
use crate::session::*;
use crate::step::*;

/// The contract of these tests: all pointers are good.
fn contract() -> Contract {
    // SAFETY: they are.
    unsafe { Contract::kept() }
}

#[test]
fn a_failure_is_the_cores() {
    let told = [None, Some(RetryAfter::Seconds(30)), Some(RetryAfter::At(UnixTime::from_seconds(5)))];
    let (mut answers, mut others) = (0, 0);
    for error in errors() {
        let failures: Vec<(u16, Option<RetryAfter>, Failure)> = match error {
            Error::Answer(error) => {
                answers += 1;
                let with = |status| {
                    told.map(|retry_after| {
                        let error = ExchangeError::<()>::Answer { error, status, retry_after };
                        (status, retry_after, Failure::from(&error))
                    })
                };
                [0, 200, 400, 499, 500, 503].into_iter().flat_map(with).collect()
            }
            Error::Exchange(error) => {
                others += 1;
                told.into_iter().map(|told| (200, told, Failure::from(&error))).collect()
            }
            // A number cannot tell that a token is missing; an exchange that was begun has all that it needs.
            Error::Request(RequestError::Missing(Field::RefreshToken | Field::AccessToken | Field::PendingToken)) => {
                continue;
            }
            Error::Request(RequestError::BufferTooSmall { .. }) => continue,
            Error::Request(error) => {
                others += 1;
                told.into_iter().map(|told| (0, told, Failure::from(error))).collect()
            }
            // That a token is over, or not valid yet, a wrong clock can say.
            Error::Token(TokenError::Expired | TokenError::NotYetValid) => {
                others += 1;
                let waits = |told| Failure { verdict: Verdict::Wait(told), malformed: false, code: error.code() };
                told.into_iter().map(|told| (200, told, waits(told))).collect()
            }
            // What a check of the token says that came.
            Error::Token(_) | Error::Claim(_) | Error::Key(_) => {
                others += 1;
                let refused = Failure { verdict: Verdict::Stop, malformed: false, code: error.code() };
                told.into_iter().map(|told| (200, told, refused)).collect()
            }
            // No exchange fails like that.
            Error::Date(_) => {
                assert_eq!(failure(error.code().into(), 200, None), None, "{error:?}");
                continue;
            }
            _ => panic!("{error:?}"),
        };
        for (status, told, expected) in failures {
            assert_eq!(failure(error.code().into(), status, told), Some(expected), "{error:?} with {status}");
        }
    }
    assert!(answers > 35 && others > 15, "{answers} {others}");
    // Who has no status says 0, and the core's own conversion knows none.
    let error = AnswerError::Http(HttpError::BadStatusLine);
    assert_eq!(failure(301, 0, None), Some(Failure::from(error)));
    for status in [0, 1, 100, 204, 385, 501, 523, 700, 711, 738, 65_537, u32::MAX] {
        assert_eq!(failure(status, 200, None), None, "{status}");
    }
}

fn every_answer() -> Vec<Answer> {
    use ErrorCode::*;
    let time = UnixTime::from_seconds(1_773_674_102);
    let mut outcomes = vec![Outcome::Done, Outcome::MfaPending, Outcome::NotAnApi, Outcome::Redirected];
    for expiry in [Expiry::Unstated, Expiry::In(0), Expiry::In(7200), Expiry::At(time)] {
        for refresh_token in [RefreshToken::Absent, RefreshToken::Kept, RefreshToken::Replaced] {
            outcomes.push(Outcome::Granted(Grant { expiry, refresh_token, token_type_stated: true }));
        }
    }
    let standard = [InvalidRequest, InvalidClient, InvalidGrant, UnauthorizedClient, UnsupportedGrantType];
    let further = [InvalidScope, AccessDenied, ServerError, TemporarilyUnavailable, UnsupportedTokenType, Other];
    let own = [b"998".as_slice(), b"sixteen_letters_"].map(ErrorCode::read);
    for error in standard.into_iter().chain(further).chain(own).map(Some).chain([None]) {
        outcomes.extend([true, false].map(|retryable| Outcome::Denied(Denied { error, retryable })));
    }
    let server = [None, Some(ServerTime { time, from_date: true }), Some(ServerTime { time, from_date: false })];
    let mut all = Vec::new();
    for outcome in outcomes {
        for purpose in [Purpose::LogIn, Purpose::Refresh, Purpose::VerifyCode, Purpose::Revoke, Purpose::LogOut] {
            for (server_time, retry_after) in
                server.into_iter().zip([None, Some(RetryAfter::Seconds(30)), Some(RetryAfter::At(time))])
            {
                let (status, reusable) = (401, retry_after.is_none());
                all.push(Answer { purpose, status, outcome, retry_after, server_time, reusable });
            }
        }
    }
    all
}

fn result_of(answer: &Answer) -> pos_token_result {
    let mut result = MaybeUninit::uninit();
    pos_token_result::write(answer, &mut result);
    // SAFETY: it was written.
    unsafe { result.assume_init() }
}

#[test]
fn an_answer_comes_back_from_c_as_it_was() {
    let all = every_answer();
    assert!(all.len() > 500, "{}", all.len());
    for answer in all {
        let result = result_of(&answer);
        assert_eq!(answered(&contract().reading(), &raw const result), Ok(answer));
    }
}

#[test]
fn a_result_that_makes_no_sense_is_refused() {
    type Change = fn(&mut pos_token_result);
    let whole = |outcome| Answer { outcome, ..every_answer()[0] };
    let granted = whole(Outcome::Granted(Grant {
        expiry: Expiry::Unstated,
        refresh_token: RefreshToken::Absent,
        token_type_stated: false,
    }));
    let denied = whole(Outcome::Denied(Denied { error: None, retryable: false }));
    let wrong: [(Answer, Change); 10] = [
        (denied, |result| result.outcome = 0),
        (denied, |result| result.outcome = 7),
        (denied, |result| result.purpose = 0),
        (denied, |result| result.purpose = 6),
        (denied, |result| result.short_code = 0),
        (denied, |result| result.short_code = 1 << 20),
        (denied, |result| result.retry_after.kind = 3),
        (denied, |result| result.server_time_source = 3),
        (granted, |result| result.refresh_token = 0),
        (granted, |result| result.expiry.kind = 3),
    ];
    for (index, (answer, change)) in wrong.into_iter().enumerate() {
        let mut result = result_of(&answer);
        change(&mut result);
        assert_eq!(answered(&contract().reading(), &raw const result), Err(Fault::INVALID_ENUM), "{index}");
    }
}

#[test]
fn a_policy_is_the_cores() {
    let mut policy = MaybeUninit::uninit();
    // SAFETY: all of it is good for what is done with it.
    let mut policy = unsafe {
        assert_eq!(pos_token_policy_init(policy.as_mut_ptr(), 7), 0);
        policy.assume_init()
    };
    assert_eq!(policy.core(), Ok(Policy::new(7)));
    policy.floor = 1_767_225_600;
    policy.index = 3;
    policy.log_ins_per_minute = 40;
    let mut core = Policy { floor: Some(UnixTime::from_seconds(1_767_225_600)), ..Policy::new(7) };
    core.fleet.index = Some(3);
    core.fleet.log_ins_per_minute = Some(40);
    assert_eq!(policy.core(), Ok(core));
    for keep in [0, 5, 255] {
        policy.keep = keep;
        assert_eq!(policy.core(), Err(Fault::INVALID_ENUM));
    }
}

/// The state is all of the context but a check word and three pointers.
#[test]
fn the_state_has_room() {
    assert!(size_of::<SessionState>() <= 176);
    assert_eq!(size_of::<pos_token_session>(), 176 + 4 * size_of::<usize>());
}

/// Two slots in memory, and a seal that adds four bytes and is no secret to anyone.
#[derive(Default)]
struct Slots {
    records: [Vec<u8>; 2],
    sealed: bool,
}

unsafe extern "C" fn read_slot(ctx: *mut c_void, slot: u32, buf: *mut u8, len: usize) -> isize {
    // SAFETY: it is the slots of the test, and there is so much room.
    let (slots, buf) = unsafe { (&*ctx.cast::<Slots>(), core::slice::from_raw_parts_mut(buf, len)) };
    let record = &slots.records[usize::try_from(slot).unwrap()];
    let count = record.len().min(len);
    buf[..count].copy_from_slice(&record[..count]);
    count.cast_signed()
}

unsafe extern "C" fn seal(
    ctx: *mut c_void,
    header: *const u8,
    header_len: usize,
    body: *mut u8,
    len: usize,
    room: usize,
) -> isize {
    // SAFETY: it is the slots of the test, and there are so many bytes.
    let (slots, header, body) = unsafe {
        let header = core::slice::from_raw_parts(header, header_len);
        (&mut *ctx.cast::<Slots>(), header, core::slice::from_raw_parts_mut(body, room))
    };
    if len + 4 > room {
        return -1;
    }
    slots.sealed = true;
    body[..len].iter_mut().for_each(|byte| *byte ^= 0x5a);
    body[len..len + 4].copy_from_slice(&header[header_len - 4..]);
    (len + 4).cast_signed()
}

unsafe extern "C" fn open(_: *mut c_void, header: *const u8, header_len: usize, body: *mut u8, len: usize) -> isize {
    // SAFETY: there are so many bytes.
    let (header, body) =
        unsafe { (core::slice::from_raw_parts(header, header_len), core::slice::from_raw_parts_mut(body, len)) };
    let (body, tag) = body.split_at_mut(len - 4);
    if tag != &header[header_len - 4..] {
        return -1;
    }
    body.iter_mut().for_each(|byte| *byte ^= 0x5a);
    body.len().cast_signed()
}

fn storage(slots: &mut Slots, sealing: bool) -> pos_token_storage {
    pos_token_storage {
        ctx: (&raw mut *slots).cast(),
        read: Some(read_slot),
        seal: sealing.then_some(seal),
        open: sealing.then_some(open),
        faults: [9; 2],
    }
}

fn at(seconds: u64) -> pos_token_now {
    pos_token_now { uptime: seconds * 1000, device: 0 }
}

struct Memory {
    arena: [u8; 64],
    store: MaybeUninit<pos_token_store>,
    policy: MaybeUninit<pos_token_policy>,
    session: MaybeUninit<pos_token_session>,
}

/// A till with Zype, whose memory is used by its address alone, as C does.
struct Till(*mut Memory);

impl Till {
    fn new() -> Self {
        let till = Self(Box::into_raw(Box::new(Memory {
            arena: [0; 64],
            store: MaybeUninit::uninit(),
            policy: MaybeUninit::uninit(),
            session: MaybeUninit::uninit(),
        })));
        // SAFETY: all of it is good for what is done with it.
        unsafe {
            let policy = (&raw mut (*till.0).policy).cast();
            assert_eq!(pos_token_store_init(till.store(), (&raw mut (*till.0).arena).cast(), 64), 0);
            assert_eq!(pos_token_policy_init(policy, 1), 0);
            let provider = &raw const POS_TOKEN_ZYPE;
            assert_eq!(pos_token_session_init(till.session(), provider, policy, till.store(), at(0)), 0);
        }
        till
    }

    fn store(&self) -> *mut pos_token_store {
        // SAFETY: the memory is there as long as the till.
        unsafe { (&raw mut (*self.0).store).cast() }
    }

    fn session(&self) -> *mut pos_token_session {
        // SAFETY: the memory is there as long as the till.
        unsafe { (&raw mut (*self.0).session).cast() }
    }

    fn next(&self, now: u64) -> pos_token_step {
        let mut step = MaybeUninit::uninit();
        // SAFETY: all of it is good for what is done with it.
        unsafe {
            assert_eq!(pos_token_session_next(self.session(), at(now), step.as_mut_ptr()), 0);
            step.assume_init()
        }
    }

    /// An exchange, whose answer has this body.
    fn exchange(&self, purpose: u32, body: &[u8], now: u64) {
        let mut given = credentials();
        given.client_id = span(b"c");
        given.client_secret = span(b"s");
        given.username = span(b"u");
        given.password = span(b"p");
        let (mut begun, mut answer, mut result) = (MaybeUninit::uninit(), MaybeUninit::uninit(), MaybeUninit::uninit());
        let (mut out, mut len, mut complete) = ([0_u8; 256], 0, false);
        let session = self.session();
        // SAFETY: all of it is good for what is done with it.
        unsafe {
            assert_eq!(pos_token_session_begin(session, &raw const given, at(now), begun.as_mut_ptr()), 0);
            let begun: pos_token_begun = begun.assume_init();
            assert_eq!((begun.purpose, begun.request.purpose), (purpose, purpose));
            let buf = (&raw mut out).cast();
            assert_eq!(pos_token_request_body(&raw const begun.request, buf, out.len(), &raw mut len), 0);
            let mut another = MaybeUninit::uninit();
            assert_eq!(pos_token_session_begin(session, &raw const given, at(now), another.as_mut_ptr()), 711);
            let (store, answer) = (self.store(), answer.as_mut_ptr());
            assert_eq!(pos_token_answer_init(answer, &raw const POS_TOKEN_ZYPE, begun.purpose, null(), store), 0);
            assert_eq!(pos_token_answer_status(answer, 200), 0);
            let date = span(b"Mon, 16 Mar 2026 15:15:02 GMT");
            assert_eq!(pos_token_answer_field(answer, span(b"Date"), date), 0);
            assert_eq!(pos_token_answer_body(answer, span(body), &raw mut complete), 0);
            assert_eq!(pos_token_answer_finish(answer, result.as_mut_ptr()), 0);
            let result: pos_token_result = result.assume_init();
            assert_eq!(pos_token_session_accept(session, begun.number, &raw const result, at(now + 1)), 0);
        }
    }

    fn save(&self, slots: &mut Slots, sealing: bool, now: u64) -> pos_token_record {
        let given = storage(slots, sealing);
        let (mut buf, mut len, mut record) = ([0_u8; 256], 0, MaybeUninit::uninit());
        // SAFETY: all of it is good for what is done with it.
        let record: pos_token_record = unsafe {
            let out = (&raw mut buf).cast();
            let (out_len, record_at) = (&raw mut len, record.as_mut_ptr());
            let session = self.session();
            let given = &raw const given;
            assert_eq!(pos_token_session_save(session, given, 4, at(now), out, 256, out_len, record_at), 0);
            record.assume_init()
        };
        slots.records[usize::try_from(record.slot).unwrap()] = buf[..len].to_vec();
        record
    }

    fn restore(&self, slots: &mut Slots, sealing: bool) -> Result<pos_token_restored, (u32, [u32; 2])> {
        let mut given = storage(slots, sealing);
        let (mut buf, mut restored) = ([1_u8; 256], MaybeUninit::uninit());
        // SAFETY: all of it is good for what is done with it.
        unsafe {
            let session = self.session();
            let (out, place) = ((&raw mut buf).cast(), restored.as_mut_ptr());
            let status = pos_token_session_restore(session, &raw mut given, at(0), out, 256, place);
            assert_eq!(buf, [0; 256]);
            if status == 0 { Ok(restored.assume_init()) } else { Err((status, given.faults)) }
        }
    }

    fn token(&self, now: u64) -> Result<(Vec<u8>, pos_token_in_use), u32> {
        let mut token = MaybeUninit::uninit();
        // SAFETY: all of it is good for what is done with it.
        unsafe {
            match pos_token_session_token(self.session(), at(now), token.as_mut_ptr()) {
                0 => {
                    let token: pos_token_in_use = token.assume_init();
                    let text = core::slice::from_raw_parts(token.access_token.ptr, token.access_token.len);
                    Ok((text.to_vec(), token))
                }
                status => Err(status),
            }
        }
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        // SAFETY: it was a box.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

const LOG_IN: &[u8] = br#"{"access_token":"a1","refresh_token":"r1","expires_in":7200}"#;
const REFRESHED: &[u8] = br#"{"access_token":"a2","refresh_token":"r2","expires_in":7200}"#;

#[test]
fn a_session_over_a_boot() {
    for sealing in [false, true] {
        let (mut slots, till) = (Slots::default(), Till::new());
        assert_eq!(till.restore(&mut slots, sealing).err(), Some((732, [732; 2])));
        assert_eq!((till.next(0).kind, till.next(0).purpose), (2, 1));
        till.exchange(1, LOG_IN, 0);
        assert_eq!(till.next(1).kind, 3);
        assert_eq!(till.token(1).err(), Some(150));
        let record = till.save(&mut slots, sealing, 1);
        assert_eq!(slots.sealed, sealing);
        // SAFETY: all of it is good for what is done with it.
        unsafe { assert_eq!(pos_token_session_saved(till.session(), record.number), 0) };
        let step = till.next(2);
        assert_eq!((step.kind, step.token.generation, step.token.unsaved), (1, 1, false));
        let (text, in_use) = till.token(2).unwrap();
        assert_eq!((text.as_slice(), in_use.next_in), (&b"a1"[..], step.token.next_in));
        assert_eq!(step.token.access_token.ptr, in_use.access_token.ptr);
        assert!(in_use.good_for > 7000 && in_use.good_for < 7200 && in_use.next_in < in_use.good_for);

        // In the middle of a rotation the power goes; then another seal, and the right one.
        till.exchange(2, REFRESHED, 7000);
        let record = till.save(&mut slots, sealing, 7001);
        assert_eq!(record.slot, 1);
        let other = Till::new();
        if sealing {
            assert_eq!(other.restore(&mut slots, false).err(), Some((736, [736; 2])));
        }
        let restored = other.restore(&mut slots, sealing).unwrap();
        assert_eq!((restored.slot, restored.tokens), (1, true));
        assert_eq!(other.next(0).kind, 3);
        let _ = other.save(&mut slots, sealing, 0);
        // SAFETY: all of it is good for what is done with it.
        unsafe { assert_eq!(pos_token_session_save_failed(other.session(), 0), 0) };
        let (text, in_use) = other.token(1).unwrap();
        assert_eq!((text.as_slice(), in_use.unsaved, in_use.good_for), (&b"a2"[..], true, POS_TOKEN_UNKNOWN));
    }
}

#[test]
fn what_happens_to_a_session() {
    let till = Till::new();
    let session = till.session();
    let (mut clock, mut known, mut begun) = (MaybeUninit::uninit(), MaybeUninit::uninit(), MaybeUninit::uninit());
    let (mut rejection, mut may_go) = (0, false);
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        assert_eq!(pos_token_session_clock(session, at(0), clock.as_mut_ptr()), 150);
        assert_eq!(pos_token_session_last_known(session, at(0), known.as_mut_ptr()), 150);
        assert_eq!(pos_token_session_observe(session, 1_773_674_102, at(0)), 0);
        assert_eq!(pos_token_session_clock(session, at(10), clock.as_mut_ptr()), 0);
        let clock: pos_token_clock = clock.assume_init();
        assert_eq!((clock.time, clock.origin), (1_773_674_112, 1));
        // The new floor wants to be saved; it does not fit into the storage.
        assert_eq!(pos_token_session_save_failed(session, 0), 0);

        let given = credentials();
        assert_eq!(pos_token_session_begin(session, &raw const given, at(10), begun.as_mut_ptr()), 103);
    }
    till.exchange(1, LOG_IN, 10);
    let session = till.session();
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        assert_eq!(pos_token_session_save_failed(session, 0), 0);
        assert_eq!(pos_token_session_last_known(session, at(70), known.as_mut_ptr()), 0);
        let known: pos_token_last_known = known.assume_init();
        assert_eq!((known.generation, known.age, known.has_claims), (1, 60, false));
        assert_eq!(known.expires_at - known.granted_at, 7200);
        assert_eq!(pos_token_session_rejected(session, 0, at(70), &raw mut rejection), 0);
        assert_eq!(rejection, 1);
        assert_eq!(pos_token_session_rejected(session, 1, at(70), &raw mut rejection), 0);
        assert_eq!(rejection, 3);
        assert_eq!(pos_token_session_rejected(session, 1, at(70), null_mut()), 0);
        assert_eq!(pos_token_session_customer_waiting(session, at(70), &raw mut may_go), 0);
        assert!(may_go);
        assert_eq!(pos_token_session_logged_out(session), 0);
    }
    // SAFETY: nothing else uses it.
    assert_eq!(unsafe { (*till.0).arena }, [0; 64]);
    let session = till.session();
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        assert_eq!(pos_token_session_save_failed(session, 0), 0);
    }
    let step = till.next(80);
    assert_eq!((step.kind, step.reason, step.short_code), (6, 6, 703));
    let session = till.session();
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        assert_eq!(pos_token_session_begin(session, null(), at(80), begun.as_mut_ptr()), 713);
        assert_eq!(pos_token_session_credentials_changed(session, at(80)), 0);
        let mut given = credentials();
        (given.client_id, given.client_secret) = (span(b"c"), span(b"s"));
        (given.username, given.password) = (span(b"u"), span(b"p"));
        assert_eq!(pos_token_session_begin(session, &raw const given, at(80), begun.as_mut_ptr()), 0);
        let begun: pos_token_begun = begun.assume_init();
        let when = pos_token_when { at: 0, seconds: 30, kind: 1 };
        assert_eq!(pos_token_session_failed(session, begun.number, 402, 503, &raw const when, at(81)), 0);
    }
    let step = till.next(81);
    assert_eq!((step.kind, step.reason), (4, 4));
    assert!((30..=45).contains(&step.seconds), "{}", step.seconds);
}

/// A session takes the store's tokens by itself: a span of one is refused, as all is that it works with.
#[test]
#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
fn the_stores_tokens_are_the_sessions_to_take() {
    const OVERLAP: u32 = pos_token_status_code::POS_TOKEN_OVERLAP as u32;
    let till = Till::new();
    till.exchange(1, LOG_IN, 0);
    let mut given = credentials();
    (given.client_id, given.client_secret) = (span(b"c"), span(b"s"));
    let (session, mut begun) = (till.session(), MaybeUninit::<pos_token_begun>::uninit());
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        assert_eq!(pos_token_session_save_failed(session, 0), 0);
        assert_eq!(pos_token_store_refresh_token(till.store(), &raw mut given.refresh_token), 0);
        assert_eq!(pos_token_session_begin(session, &raw const given, at(7000), begun.as_mut_ptr()), OVERLAP);
        given.refresh_token = pos_token_span { ptr: till.store().cast(), len: 4 };
        assert_eq!(pos_token_session_begin(session, &raw const given, at(7000), begun.as_mut_ptr()), OVERLAP);
    }
    till.exchange(2, REFRESHED, 7000);
}

#[test]
fn a_counter_that_wraps() {
    let mut uptime = pos_token_uptime { state: MaybeUninit::zeroed() };
    let mut milliseconds = 0;
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        assert_eq!(pos_token_uptime_extend(&raw mut uptime, u32::MAX, &raw mut milliseconds), 0);
        assert_eq!(milliseconds, u64::from(u32::MAX));
        assert_eq!(pos_token_uptime_extend(&raw mut uptime, 1, &raw mut milliseconds), 0);
        assert_eq!(milliseconds, 0x1_0000_0001);
    }
}

/// No length makes it anything but a length.
#[test]
fn the_length_of_a_record() {
    assert_eq!(pos_token_record_len(86, 0, 1), 157);
    assert_eq!(pos_token_record_len(0, 0, 0), pos_token_record_len(0, 0, 1));
    for huge in [usize::MAX, usize::MAX / 2] {
        assert!(pos_token_record_len(huge, huge, huge) >= huge);
        assert!(pos_token_record_len(0, huge, 16) >= huge);
    }
}
