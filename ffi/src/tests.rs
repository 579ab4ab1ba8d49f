//! What C programs cannot see: the numbers against the core's own, and the calls under Miri, which finds what is
//! undefined in them.

use core::ffi::{CStr, c_void};
use core::mem::MaybeUninit;
use core::ptr::{null, null_mut};

use pos_token_core::dialect::{Dialect, Field, MemberRow, Purpose};
use pos_token_core::http::{HttpError, InvalidPart, RetryAfter};
use pos_token_core::json::{JsonError, JsonErrorKind};
use pos_token_core::jwt::{ClaimError, KeyError, TokenError};
use pos_token_core::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, RFC6749_BODY, ZYPE};
use pos_token_core::time::DateError;
use pos_token_core::{
    AnswerError, Credentials, Error, ExchangeError, MemberFault, RequestError, TokenRequest, Verdict,
};

use crate::answer::*;
use crate::exchange::*;
use crate::jwt::*;
use crate::provider::*;
use crate::request::*;
use crate::span::*;
use crate::status::*;
use crate::store::*;
use crate::tools::*;
use crate::vocabulary::*;

mod session;
// The core's own tables of what a session does, run through the C ABI; they are compared with a file, and Miri has none.
#[cfg(not(miri))]
#[path = "../../tests/session/failures.rs"]
mod failures;
#[cfg(not(miri))]
#[path = "../../tests/session/rejections.rs"]
mod rejections;
#[cfg(not(miri))]
#[path = "../../tests/tables/mod.rs"]
pub(crate) mod tables;
#[cfg(not(miri))]
pub(crate) mod till;
#[cfg(not(miri))]
#[path = "../../tests/session/time.rs"]
mod time;

fn span(text: &[u8]) -> pos_token_span {
    pos_token_span { ptr: text.as_ptr(), len: text.len() }
}

fn credentials() -> pos_token_credentials {
    // SAFETY: absent spans are all zeros.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

fn endpoint(host: &[u8]) -> pos_token_endpoint {
    // SAFETY: absent spans, NULL and numbers of 0 are all zeros.
    let mut endpoint: pos_token_endpoint = unsafe { MaybeUninit::zeroed().assume_init() };
    endpoint.host = span(host);
    endpoint
}

/// Every error that there is.
fn errors() -> Vec<Error> {
    let mut all = Vec::new();
    let (field, purpose) = (Field::Pin, Purpose::LogIn);
    let parts = {
        use InvalidPart::*;
        [Host, Prefix, Path, UserAgent, HeaderName, HeaderValue, Authorization]
    };
    all.extend(parts.map(|part| Error::from(RequestError::Invalid(part))));
    all.extend({
        use RequestError::*;
        let too_small = BufferTooSmall { needed: 1 };
        let refused = [Missing(field), Empty(field), Forbidden(field), NotUtf8(field), MissingPath];
        [too_small, NoSuchExchange(purpose)].into_iter().chain(refused).map(Error::from)
    });
    all.extend({
        use ExchangeError::*;
        [ScratchTooSmall, Transport(()), Closed, Overrun, TokenRefused].map(Error::from)
    });
    all.extend({
        use HttpError::*;
        [
            BadStatusLine,
            BadHeaderLine,
            SpaceBeforeColon,
            FoldedField,
            BareCr,
            BadContentLength,
            ContentLengthOverflow,
            ConflictingContentLength,
            LengthAndTransferCoding,
            UnknownTransferCoding,
            BadChunkSize,
            ChunkSizeOverflow,
            MissingChunkEnd,
            TooMuchOverhead,
            Truncated,
            NoResponse,
        ]
        .map(|error| Error::from(AnswerError::Http(error)))
    });
    all.extend({
        use JsonErrorKind::*;
        let kinds = [Unexpected, ControlCharacter, BadEscape, BadUtf8, BadNumber, TooDeep, Trailing, Truncated];
        kinds
            .into_iter()
            .chain([NotAContainer])
            .map(|kind| Error::from(AnswerError::Json(JsonError { kind, offset: 0 })))
    });
    all.extend({
        use MemberFault::*;
        let faults = [WrongType, Duplicate, OutOfRange, NotText, BadDate, BadToken, TokenType];
        faults.map(|fault| Error::from(AnswerError::Member { fault, offset: 0 }))
    });
    all.extend({
        use AnswerError::*;
        let whole = [BodyTooLong, ContentCoding, NoToken, NoPendingToken, TokenAndMfa];
        whole.into_iter().chain([StoreTooSmall { needed: 1 }, OutOfOrder]).map(Error::from)
    });
    all.extend({
        use TokenError::*;
        let form = [TooLong, Parts, Base64url, Header, DuplicateHeader, Algorithm, Critical, Type, SignatureLength];
        let claims = [Signature, Payload, DuplicateClaim, ExpiresAt, NotBefore, IssuedAt, ExpiresAtMissing, Expired];
        let more = [NotYetValid, IssuedInFuture, Issuer, Audience, Subject];
        form.into_iter().chain(claims).chain(more).map(Error::from)
    });
    all.extend({
        use ClaimError::*;
        [Duplicate, WrongType, NotText, OutOfRange, Changed].map(Error::from)
    });
    all.extend({
        use KeyError::*;
        [Empty, TooShort, TooLong, Base64url].map(Error::from)
    });
    all.extend({
        use DateError::*;
        [Syntax, Range, LeapSecond, NoZone].map(Error::from)
    });
    all
}

fn is_named(status: u32) -> bool {
    // SAFETY: names are static and end with a NUL.
    unsafe { CStr::from_ptr(pos_token_status_name(status)) != c"UNKNOWN" }
}

#[test]
#[cfg_attr(miri, ignore = "minutes, of names that the next test reads too")]
fn no_error_is_left_out() {
    // All but what only C can get wrong, and what is no error: 5xx and 7xx.
    let statuses = (100..140).chain(160..500).chain(600..700).filter(|status| is_named(*status));
    let mut codes: Vec<u32> = errors().iter().map(|error| error.code().into()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert!(statuses.eq(codes));
}

#[test]
fn every_error_has_a_name_and_its_verdict() {
    for error in errors() {
        let status = u32::from(error.code());
        assert!(is_named(status), "{error:?}");
        let expected = match error.verdict() {
            Verdict::Wait(_) => verdict_number(Verdict::Wait(Some(RetryAfter::Seconds(1)))),
            verdict => verdict_number(verdict),
        };
        assert_eq!(pos_token_status_verdict(status), expected, "{error:?}");
    }
}

/// The names are those of the enumeration, as its source has them.
#[test]
fn names_are_the_constants_own() {
    let source = include_str!("status.rs");
    let (_, variants) = source.split_once("pub enum pos_token_status_code {").unwrap();
    let (variants, _) = variants.split_once("\n}\n").unwrap();
    let mut count = 0;
    for line in variants.lines().filter_map(|line| line.trim().strip_prefix("POS_TOKEN_")) {
        let (name, number) = line.trim_end_matches(',').split_once(" = ").unwrap();
        // SAFETY: names are static and end with a NUL.
        let said = unsafe { CStr::from_ptr(pos_token_status_name(number.parse().unwrap())) };
        assert_eq!(said.to_str().unwrap(), name);
        count += 1;
    }
    assert!(count > 100, "{count}");
}

/// A built-in table says the same as the core's constant.
#[test]
fn built_in_tables_are_the_cores() {
    let pairs: [(&pos_token_provider, &Provider<'_>); 6] = [
        (&POS_TOKEN_LOYALTY_DOG, &LOYALTY_DOG),
        (&POS_TOKEN_ZYPE, &ZYPE),
        (&POS_TOKEN_LOYALIFE, &LOYALIFE),
        (&POS_TOKEN_OPEN_LOYALTY, &OPEN_LOYALTY),
        (&POS_TOKEN_RFC6749, &RFC6749),
        (&POS_TOKEN_RFC6749_BODY, &RFC6749_BODY),
    ];
    for (table, provider) in pairs {
        // SAFETY: it is a constant of this library.
        let contract = unsafe { Contract::kept() };
        let table = Table::new(table, contract.reading()).unwrap();
        for index in 0..20 {
            assert_eq!(table.exchange(index), provider.exchange(index));
            let member = table.members().get(index).map(|row| (row.as_ref(), row.meaning()));
            assert_eq!(member, provider.members.get(index).map(|row| (row.path, row.meaning)));
            assert_eq!(table.transient_code(index), provider.transient_code(index));
            for parameter in 0..20 {
                assert_eq!(table.parameter(index, parameter), provider.parameter(index, parameter));
            }
            assert!(table.parameters(index).eq(provider.parameters(index)));
        }
        assert_eq!(table.settings(), provider.settings());
        assert_eq!(table.sound(), Ok(()));
    }
}

/// Of two things that are wrong with a table the same one is told as ever: in a row of exchanges the first, of the texts
/// the last.
#[test]
#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
fn of_two_faults_in_a_table_one_is_told() {
    const OVERLAP: u32 = pos_token_status_code::POS_TOKEN_OVERLAP as u32;
    const INVALID: u32 = pos_token_status_code::POS_TOKEN_INVALID_TABLE as u32;
    let (mut arena, mut store, mut answer) = ([0; 48], MaybeUninit::uninit(), MaybeUninit::uninit());
    let written = pos_token_span { ptr: (&raw const arena).cast(), len: 1 };
    let unreadable = pos_token_span { ptr: null(), len: 1 };
    // SAFETY: all of it is good for what is done with it.
    let mut told = |exchange: pos_token_exchange, name, scheme, rotation| unsafe {
        let table = pos_token_provider {
            exchanges: &raw const exchange,
            exchanges_len: 1,
            name,
            authorization_scheme: scheme,
            rotation,
            ..POS_TOKEN_ZYPE
        };
        assert_eq!(pos_token_store_init(store.as_mut_ptr(), (&raw mut arena).cast(), 48), 0);
        pos_token_answer_init(answer.as_mut_ptr(), &raw const table, 1, null(), store.as_mut_ptr())
    };
    // SAFETY: it is a constant of this library.
    let row = unsafe { *POS_TOKEN_ZYPE.exchanges };
    let text = span(b"x");
    let mut begin = |exchange, name, scheme| told(exchange, name, scheme, 1);
    assert_eq!(begin(row, text, text), 0);
    assert_eq!(begin(pos_token_exchange { path: written, ..row }, text, text), OVERLAP);
    assert_eq!(begin(pos_token_exchange { path: written, answer: 0, ..row }, text, text), OVERLAP);
    assert_eq!(begin(pos_token_exchange { path: written, purpose: 0, ..row }, text, text), INVALID);
    assert_eq!(begin(pos_token_exchange { path: written, method: 0, ..row }, text, text), INVALID);
    assert_eq!(begin(row, written, text), OVERLAP);
    assert_eq!(begin(row, written, unreadable), INVALID);
    assert_eq!(begin(row, unreadable, written), OVERLAP);
    assert_eq!(told(row, text, written, 0), INVALID);
}

/// A path may be empty where it is read, but has to be there.
#[test]
#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
fn a_member_needs_a_path() {
    const INVALID: u32 = pos_token_status_code::POS_TOKEN_INVALID_TABLE as u32;
    let member = |ptr| pos_token_member { path: pos_token_span { ptr, len: 0 }, meaning: 1 };
    let (mut arena, mut store, mut answer) = ([0; 48], MaybeUninit::uninit(), MaybeUninit::uninit());
    for (member, expected) in [(member(b"".as_ptr()), 0), (member(null()), INVALID)] {
        let table = pos_token_provider { members: &raw const member, members_len: 1, ..POS_TOKEN_ZYPE };
        // SAFETY: all of it is good for what is done with it.
        unsafe {
            assert_eq!(pos_token_store_init(store.as_mut_ptr(), (&raw mut arena).cast(), 48), 0);
            let begun = pos_token_answer_init(answer.as_mut_ptr(), &raw const table, 1, null(), store.as_mut_ptr());
            assert_eq!(begun, expected);
        }
    }
}

/// No field keeps a request from being built whose table does.
#[test]
#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
fn a_table_at_fault_comes_before_a_field() {
    let parameter = |value| pos_token_parameter { name: span(b"a"), literal: pos_token_span::ABSENT, value, field: 1 };
    let told = |second| {
        let rows = [parameter(2), parameter(second)];
        // SAFETY: all of it is good for what is done with it.
        unsafe {
            let row = *POS_TOKEN_ZYPE.exchanges;
            let exchange = pos_token_exchange { parameters: rows.as_ptr(), parameters_len: 2, when: 0, ..row };
            let provider = pos_token_provider { exchanges: &raw const exchange, exchanges_len: 1, ..POS_TOKEN_ZYPE };
            let request =
                pos_token_request { provider: &raw const provider, credentials: null(), store: null(), purpose: 1 };
            (pos_token_request_check(&raw const request), pos_token_request_field_at_fault(&raw const request))
        }
    };
    assert_eq!(told(3), (pos_token_status_code::POS_TOKEN_MISSING_FIELD as u32, 1));
    assert_eq!(told(4), (pos_token_status_code::POS_TOKEN_INVALID_TABLE as u32, 0));
}

/// What is to be written is not read, not even to see whether it is a store.
#[test]
#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
fn a_store_is_no_output() {
    const OVERLAP: u32 = pos_token_status_code::POS_TOKEN_OVERLAP as u32;
    const ABSENT: u32 = pos_token_status_code::POS_TOKEN_ABSENT as u32;
    let (mut arena, mut len) = ([0_u8; 64], 4711);
    let mut store = MaybeUninit::<pos_token_store>::uninit();
    let store = store.as_mut_ptr();
    let given = pos_token_credentials { username: span(b"till-7"), password: span(b"horse"), ..credentials() };
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        assert_eq!(pos_token_store_init(store, (&raw mut arena).cast(), arena.len()), 0);
        let request =
            pos_token_request { provider: &raw const POS_TOKEN_ZYPE, credentials: &raw const given, store, purpose: 1 };
        for (buf, size) in [(store.cast(), size_of::<pos_token_store>()), ((&raw mut arena).cast(), arena.len())] {
            assert_eq!(pos_token_request_body(&raw const request, buf, size, &raw mut len), OVERLAP);
        }
        // It is one still, with nothing in it.
        let mut needed = 0;
        assert_eq!((pos_token_store_needed(store, &raw mut needed), len), (ABSENT, 4711));
    }
}

#[test]
fn each_credential_is_its_field() {
    for (index, field) in Field::ALL.into_iter().enumerate() {
        let mut given = credentials();
        // SAFETY: the members are spans, one behind the other.
        unsafe { (&raw mut given).cast::<pos_token_span>().add(index).write(span(b"x")) };
        let by_name = match field {
            Field::Username => given.username,
            Field::Password => given.password,
            Field::ClientId => given.client_id,
            Field::ClientSecret => given.client_secret,
            Field::LinkedDeviceId => given.linked_device_id,
            Field::Pin => given.pin,
            Field::Scope => given.scope,
            Field::RefreshToken => given.refresh_token,
            Field::AccessToken => given.access_token,
            Field::PendingToken => given.pending_token,
            Field::Code => given.code,
            Field::StoreCode => given.store_code,
            Field::Custom1 => given.custom_1,
            Field::Custom2 => given.custom_2,
            Field::Custom3 => given.custom_3,
            Field::Custom4 => given.custom_4,
        };
        assert_eq!(by_name.len, 1, "{field:?}");
    }
}

/// A connection in memory.
struct Peer {
    received: Vec<u8>,
    answer: &'static [u8],
}

unsafe extern "C" fn read(ctx: *mut c_void, buf: *mut u8, len: usize) -> isize {
    // SAFETY: it is the peer of the test, and there is so much room.
    let (peer, buf) = unsafe { (&mut *ctx.cast::<Peer>(), core::slice::from_raw_parts_mut(buf, len)) };
    let count = peer.answer.len().min(len).min(7);
    let (now, later) = peer.answer.split_at(count);
    buf[..count].copy_from_slice(now);
    peer.answer = later;
    count.cast_signed()
}

unsafe extern "C" fn write(ctx: *mut c_void, buf: *const u8, len: usize) -> isize {
    // SAFETY: it is the peer of the test, and there are so many bytes.
    let (peer, buf) = unsafe { (&mut *ctx.cast::<Peer>(), core::slice::from_raw_parts(buf, len)) };
    peer.received.extend(&buf[..len.min(50)]);
    len.min(50).cast_signed()
}

fn connected(peer: *mut Peer) -> pos_token_transport {
    pos_token_transport {
        ctx: peer.cast(),
        read: Some(read),
        write: Some(write),
        error: 0,
        retry_after: pos_token_when { at: 0, seconds: 0, kind: 0 },
        http_status: 0,
        reserved: [0; 6],
    }
}

/// A log-in, and a refresh with a token that stands in the store which the answer goes to.
#[test]
fn an_exchange_and_another_from_its_store() {
    let mut arena = [0; 48];
    let mut store = MaybeUninit::uninit();
    let store = store.as_mut_ptr();
    let mut given = credentials();
    given.client_id = span(b"c");
    given.client_secret = span(b"s");
    given.username = span(b"u");
    given.password = span(b"p");
    let to = endpoint(b"login.zype.com");
    let mut peer = Peer { received: Vec::new(), answer: b"" };
    let mut scratch = [0; 64];
    let mut result = MaybeUninit::uninit();
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        assert_eq!(pos_token_store_init(store, (&raw mut arena).cast(), arena.len()), 0);
        let mut tokens = [pos_token_span::ABSENT; 2];
        for (purpose, access, refresh) in [(1, b"a1", b"r1"), (2, b"a2", b"r2"), (2, b"a3", b"r3")] {
            peer.answer = match purpose {
                1 => b"HTTP/1.1 200 OK\r\nContent-Length: 42\r\n\r\n{\"access_token\":\"a1\",\"refresh_token\":\"r1\"}",
                _ if access == b"a2" => {
                    b"HTTP/1.1 200 OK\r\nContent-Length: 42\r\n\r\n{\"access_token\":\"a2\",\"refresh_token\":\"r2\"}"
                }
                _ => b"HTTP/1.1 200 OK\r\nContent-Length: 42\r\n\r\n{\"access_token\":\"a3\",\"refresh_token\":\"r3\"}",
            };
            peer.received.clear();
            let mut transport = connected(&raw mut peer);
            let request = pos_token_request {
                provider: &raw const POS_TOKEN_ZYPE,
                credentials: &raw const given,
                store: if access == b"a2" { store.cast_const() } else { null() },
                purpose,
            };
            let status = pos_token_exchange_run(
                &raw const request,
                &raw const to,
                &raw mut transport,
                null(),
                store,
                (&raw mut scratch).cast(),
                scratch.len(),
                result.as_mut_ptr(),
            );
            assert_eq!(status, 0);
            assert_eq!(pos_token_store_access_token(store, &raw mut tokens[0]), 0);
            assert_eq!(pos_token_store_refresh_token(store, &raw mut tokens[1]), 0);
            for (token, expected) in tokens.iter().zip([access, refresh]) {
                assert_eq!(core::slice::from_raw_parts(token.ptr, token.len), expected);
            }
            // The next one brings its token by a span into the store.
            given.refresh_token = tokens[1];
            assert_eq!(scratch, [0; 64]);
        }
        assert!(peer.received.ends_with(br#""refresh_token":"r2","grant_type":"refresh_token"}"#));
        assert_eq!(pos_token_store_wipe(store), 0);
    }
    assert_eq!(arena, [0; 48]);
}

unsafe extern "C" fn is_a1(ctx: *mut c_void, token: pos_token_span) -> bool {
    // SAFETY: it is the test's count, and there are so many bytes.
    unsafe {
        *ctx.cast::<u32>() += 1;
        core::slice::from_raw_parts(token.ptr, token.len) == b"a1"
    }
}

/// The check reads the token where it stands, before it is in use.
#[test]
#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
fn a_token_is_checked_where_it_arrived() {
    const REFUSED: u32 = pos_token_status_code::POS_TOKEN_TOKEN_REFUSED as u32;
    let (mut arena, mut scratch, mut asked) = ([0; 48], [0; 64], 0_u32);
    let (mut store, mut result) = (MaybeUninit::uninit(), MaybeUninit::uninit());
    let store = store.as_mut_ptr();
    let text = span(b"x");
    let given =
        pos_token_credentials { client_id: text, client_secret: text, username: text, password: text, ..credentials() };
    let to = endpoint(b"login.zype.com");
    let request = pos_token_request {
        provider: &raw const POS_TOKEN_ZYPE,
        credentials: &raw const given,
        store: null(),
        purpose: 1,
    };
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        assert_eq!(pos_token_store_init(store, (&raw mut arena).cast(), arena.len()), 0);
        for (answer, expected) in [
            (&b"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"access_token\":\"a1\"}"[..], 0),
            (&b"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"access_token\":\"a2\"}"[..], REFUSED),
        ] {
            let mut peer = Peer { received: Vec::new(), answer };
            let mut transport = connected(&raw mut peer);
            let status = pos_token_exchange_run_checked(
                &raw const request,
                &raw const to,
                &raw mut transport,
                null(),
                store,
                (&raw mut scratch).cast(),
                scratch.len(),
                Some(is_a1),
                (&raw mut asked).cast(),
                result.as_mut_ptr(),
            );
            assert_eq!((status, scratch), (expected, [0; 64]));
            let mut token = pos_token_span::ABSENT;
            assert_eq!(pos_token_store_access_token(store, &raw mut token), 0);
            assert_eq!(core::slice::from_raw_parts(token.ptr, token.len), b"a1");
        }
        assert_eq!((asked, &arena[2..]), (2, &[0; 46][..]));
    }
}

#[test]
fn an_answer_in_pieces_at_another_place() {
    let mut arena = [0; 48];
    let mut store = MaybeUninit::uninit();
    let store = store.as_mut_ptr();
    let mut first = MaybeUninit::<pos_token_answer>::uninit();
    let mut complete = false;
    let mut unread = 0;
    let mut result = MaybeUninit::uninit();
    let options = pos_token_answer_options { body_limit: 0, flags: POS_TOKEN_KEEP_SCOPE };
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        assert_eq!(pos_token_store_init(store, (&raw mut arena).cast(), arena.len()), 0);
        let table = &raw const POS_TOKEN_RFC6749;
        assert_eq!(pos_token_answer_init(first.as_mut_ptr(), table, 1, &raw const options, store), 0);
        let mut answer = MaybeUninit::<pos_token_answer>::uninit();
        answer.as_mut_ptr().copy_from_nonoverlapping(first.as_ptr(), 1);
        let answer = answer.as_mut_ptr();
        for piece in [&b"HTTP/1.1 200 OK\r\nContent-Len"[..], b"gth: 36\r\n\r\n{\"access_token\":\"abc\",", b""] {
            assert_eq!(pos_token_answer_feed(answer, span(piece), &raw mut complete, &raw mut unread), 0);
            assert!(!complete);
        }
        let last = span(b"\"scope\":\"pos\"}more");
        assert_eq!(pos_token_answer_feed(answer, last, &raw mut complete, &raw mut unread), 0);
        assert!(complete && unread == 4);
        assert_eq!(pos_token_answer_finish(answer, result.as_mut_ptr()), 0);
        assert_eq!(pos_token_answer_wipe(answer), 145);
        let mut scope = pos_token_span::ABSENT;
        assert_eq!(pos_token_store_scope(store, &raw mut scope), 0);
        assert_eq!(core::slice::from_raw_parts(scope.ptr, scope.len), b"pos");
        assert_eq!(pos_token_answer_wipe(first.as_mut_ptr()), 0);
    }
    // SAFETY: it was written.
    let result: pos_token_result = unsafe { result.assume_init() };
    assert_eq!((result.http_status, result.short_code), (200, 0));
}

#[test]
fn a_request_is_the_cores() {
    let mut given = credentials();
    given.username = span(b"u");
    given.password = span(b"p");
    let request = pos_token_request {
        provider: &raw const POS_TOKEN_OPEN_LOYALTY,
        credentials: &raw const given,
        store: null(),
        purpose: 1,
    };
    let core = Credentials::new().username("u").password("p");
    let core = TokenRequest::new(&OPEN_LOYALTY, Purpose::LogIn, core).unwrap();
    let (mut expected, mut out, mut len) = ([0; 64], [0; 64], 0);
    let expected = core.write_body(&mut expected).unwrap();
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        let ask = pos_token_request_body(&raw const request, null_mut(), 0, &raw mut len);
        assert_eq!((ask, len), (101, expected.len()));
        let buf = (&raw mut out).cast();
        assert_eq!(pos_token_request_body(&raw const request, buf, out.len(), &raw mut len), 0);
        // The credentials as the buffer: told before anything is formed over them.
        let buf = (&raw mut given).cast();
        assert_eq!(pos_token_request_body(&raw const request, buf, 99, &raw mut len), 143);
    }
    assert_eq!(&out[..len], expected);
}

unsafe extern "C" fn compute(_: *mut c_void, message: *const u8, len: usize, mac: *mut u8) -> u32 {
    // SAFETY: there are so many bytes, and 64 of the MAC.
    unsafe {
        assert!(core::slice::from_raw_parts(message, len).starts_with(b"eyJ"));
        mac.write_bytes(0x11, 64);
    }
    POS_TOKEN_MAC_COMPUTED
}

#[test]
fn keys_and_tokens() {
    let token = concat!(
        "eyJhbGciOiJIUzUxMiJ9.eyJleHAiOjE3NzM2NzQxMDIsInJvbGUiOiJjYXNoaWVyIn0",
        ".5qEtDQKspdxkilYLjaiqWa40eyRFT1pAbq1LwYv8MA3QEVJRvNTlBGOGRCUB-__BwJgp5i6CcExtZTnU_Dpepg"
    );
    let token = span(token.as_bytes());
    let validation = pos_token_validation {
        now: 1_773_670_502,
        leeway: 0,
        flags: 0,
        issuer: pos_token_span::ABSENT,
        audience: pos_token_span::ABSENT,
        subject: pos_token_span::ABSENT,
        typ: pos_token_span::ABSENT,
    };
    let mut key = MaybeUninit::uninit();
    let mut claims = MaybeUninit::<pos_token_verified_claims>::uninit();
    let mut found = false;
    // SAFETY: all of it is good for what is done with it.
    unsafe {
        let key = key.as_mut_ptr();
        assert_eq!(pos_token_hs512_key_init(key, span(&[0x5a; 64])), 0);
        let alias = pos_token_span::ABSENT;
        assert_eq!(pos_token_jwt_verify(token, key, alias, &raw const validation, claims.as_mut_ptr()), 0);
        let claims = claims.assume_init();
        assert_eq!(claims.claims.expires_at, 1_773_674_102);
        let view = &raw const claims.claims;
        assert_eq!(pos_token_claims_contain(view, span(b"role"), span(b"cashier"), &raw mut found), 0);
        assert!(found);
        assert_eq!(pos_token_hs512_key_wipe(key), 0);
        assert_eq!(pos_token_hs512_key_wipe(key), 145);
        let mac = pos_token_mac { ctx: null_mut(), compute: Some(compute), verify: None };
        let mut none = MaybeUninit::uninit();
        let status = pos_token_jwt_verify_mac(token, &raw const mac, alias, &raw const validation, none.as_mut_ptr());
        assert_eq!(status, 610);
    }
}

#[test]
fn the_self_test_passes() {
    assert_eq!(pos_token_self_test(), 0);
    assert_eq!(pos_token_abi_version(), POS_TOKEN_ABI_VERSION);
}
