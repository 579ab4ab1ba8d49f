//! What firmware needs beside the four steps.

use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr::{null, null_mut};

use pos_token_core::jwt::{HmacSha512, Hs512Key, Signature};
use pos_token_core::time::{MissingZone, parse_http_date, parse_rfc3339};
use pos_token_core::{base64url, json};

use crate::answer::{pos_token_answer_feed, pos_token_answer_finish, pos_token_answer_init, pos_token_outcome};
use crate::provider::POS_TOKEN_RFC6749;
use crate::request::MAX_TEXTS;
use crate::span::{Buffer, Contract, Output, Place, Reading, pos_token_span, utf8};
use crate::status::{Fault, pos_token_status, report};
use crate::store::{pos_token_store, pos_token_store_access_token, pos_token_store_init};
use crate::vocabulary::{self as read, pos_token_purpose};

/// The version of the binary interface. It changes whenever a program that was built against an earlier header would
/// no longer work.
pub const POS_TOKEN_ABI_VERSION: u32 = 1;

/// The version of the binary interface that the library has: POS_TOKEN_ABI_VERSION of the header that it was built
/// with. Compare the two at start-up where the library is a shared one.
///
/// Does not block; re-entrant.
#[unsafe(no_mangle)]
pub extern "C" fn pos_token_abi_version() -> u32 {
    POS_TOKEN_ABI_VERSION
}

/// Reads an RFC 3339 date, as in `2026-03-16T20:45:02.1234567+05:30`, into seconds since 1970-01-01T00:00:00Z. A
/// fraction is dropped. `zone`, one of pos_token_missing_zone, says what a date without a zone means.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_DATE_SYNTAX`, `POS_TOKEN_DATE_RANGE`, `POS_TOKEN_DATE_LEAP_SECOND`,
/// `POS_TOKEN_DATE_NO_ZONE`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_INVALID_ENUM`.
///
/// Does not block; re-entrant.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_rfc3339_parse(
    text: pos_token_span,
    zone: u32,
    seconds: *mut i64,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, seconds)?;
        let zone = read::missing_zone(u8::try_from(zone).unwrap_or(0)).ok_or(Fault::INVALID_ENUM)?;
        let text = contract.reading().text(text)?;
        let time = parse_rfc3339(text, zone)?;
        place.put(time.seconds());
        Ok(())
    })
}

/// Reads an HTTP-date in any of its three forms, as in `Sun, 06 Nov 1994 08:49:37 GMT`, into seconds since
/// 1970-01-01T00:00:00Z.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_DATE_SYNTAX`, `POS_TOKEN_DATE_RANGE`, `POS_TOKEN_DATE_LEAP_SECOND`;
/// `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`.
///
/// Does not block; re-entrant.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_http_date_parse(text: pos_token_span, seconds: *mut i64) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, seconds)?;
        let text = contract.reading().text(text)?;
        let time = parse_http_date(text)?;
        place.put(time.seconds());
        Ok(())
    })
}

/// Writes bytes as base64url without padding (RFC 4648 section 5). Not in constant time.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_BUFFER_TOO_SMALL`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`,
/// `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_base64url_encode(
    bytes: pos_token_span,
    buf: *mut u8,
    buf_len: usize,
    out_len: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let output = Output::new(contract, (buf, buf_len, out_len))?;
        let bytes = contract.writing(&output.range()).text(bytes)?;
        output.fill(|out| Ok(base64url::encode(bytes, out)?.len()))
    })
}

/// Reads strict base64url without padding. Not in constant time.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_BUFFER_TOO_SMALL`, which is looked at first; `POS_TOKEN_BASE64URL`;
/// `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_base64url_decode(
    text: pos_token_span,
    buf: *mut u8,
    buf_len: usize,
    out_len: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let output = Output::new(contract, (buf, buf_len, out_len))?;
        let text = contract.writing(&output.range()).text(text)?;
        output.fill(|out| Ok(base64url::decode(text, out)?.len()))
    })
}

/// Writes up to 8 texts as a JSON array of strings, for members that hold JSON inside a string, as the scope of
/// POS_TOKEN_LOYALIFE does: `["LOGIN","jane@example.com"]`. The request's own writer escapes it once more.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_BUFFER_TOO_SMALL`; `POS_TOKEN_TOO_MANY`; `POS_TOKEN_NOT_UTF8`;
/// `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// pos_token_status member_scope(const char *member, uint8_t *buf, size_t buf_len, size_t *len) {
///     pos_token_span texts[2];
///     texts[0] = pos_token_text("LOGIN");
///     texts[1] = pos_token_text(member);
///     return pos_token_json_string_array(texts, 2, buf, buf_len, len);
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_json_string_array(
    texts: *const pos_token_span,
    texts_len: usize,
    buf: *mut u8,
    buf_len: usize,
    out_len: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let output = Output::new(contract, (buf, buf_len, out_len))?;
        let written = output.range();
        let reading = contract.writing(&written);
        let spans = reading.slice(texts, texts_len)?;
        let mut texts = [""; MAX_TEXTS];
        let texts = texts.get_mut(..spans.len()).ok_or(Fault::TOO_MANY)?;
        for (text, span) in texts.iter_mut().zip(spans) {
            *text = utf8(reading.text(*span)?).ok_or(Fault::NOT_UTF8)?;
        }
        output.fill(|out| Ok(json::string_array(texts, out)?.len()))
    })
}

/// Wipes memory in a way that the compiler may not leave out, as it may a `memset` before the end of a function.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_INVALID_LENGTH`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_wipe(buf: *mut c_void, len: usize) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        Buffer::new(contract, buf.cast(), len)?.wipe();
        Ok(())
    })
}

/// Known answers, for a device's start-up: HMAC-SHA512, base64url, dates, and an answer that is read to its end, each
/// with its negative. Takes as much time as one verification and as much stack.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_SELF_TEST` where the library, its memory or the machine is broken.
///
/// Does not block; re-entrant.
#[unsafe(no_mangle)]
pub extern "C" fn pos_token_self_test() -> pos_token_status {
    report(|| if hmac() && base64() && dates() && answer() { Ok(()) } else { Err(Fault::SELF_TEST) })
}

/// RFC 4231, test case 2.
fn hmac() -> bool {
    const MESSAGE: &[u8] = b"what do ya want for nothing?";
    const MAC: [u8; 64] = [
        0x16, 0x4b, 0x7a, 0x7b, 0xfc, 0xf8, 0x19, 0xe2, 0xe3, 0x95, 0xfb, 0xe7, 0x3b, 0x56, 0xe0, 0xa3, 0x87, 0xbd,
        0x64, 0x22, 0x2e, 0x83, 0x1f, 0xd6, 0x10, 0x27, 0x0c, 0xd7, 0xea, 0x25, 0x05, 0x54, 0x97, 0x58, 0xbf, 0x75,
        0xc0, 0x5a, 0x99, 0x4a, 0x6d, 0x03, 0x4f, 0x65, 0xf8, 0xf0, 0xe6, 0xfd, 0xca, 0xea, 0xb1, 0xa3, 0x4d, 0x4a,
        0x6b, 0x4b, 0x63, 0x6e, 0x07, 0x0a, 0x38, 0xbc, 0xe7, 0x37,
    ];
    let mut place = MaybeUninit::uninit();
    if Hs512Key::prepare(&mut place, b"Jefe", 1).is_err() {
        return false;
    }
    // SAFETY: it was prepared.
    let key: &Hs512Key = unsafe { place.assume_init_ref() };
    let mut wrong = MAC;
    if let Some(last) = wrong.last_mut() {
        *last ^= 1;
    }
    key.verify_mac(MESSAGE, &MAC) == Signature::Valid && key.verify_mac(MESSAGE, &wrong) == Signature::Invalid
}

fn base64() -> bool {
    let mut buf = [0; 12];
    base64url::encode(b"\xff\xef pos", &mut buf).is_ok_and(|text| text == b"_-8gcG9z")
        && base64url::decode(b"_-8gcG9z", &mut buf).is_ok_and(|bytes| bytes == b"\xff\xef pos")
        && base64url::decode(b"_-8gcG9=", &mut buf).is_err()
}

fn dates() -> bool {
    const SECONDS: i64 = 1_773_674_102;
    let at = |text| parse_rfc3339(text, MissingZone::Refuse).map(|time| time.seconds());
    at(b"2026-03-16T20:45:02.5+05:30") == Ok(SECONDS)
        && at(b"2026-02-29T00:00:00Z").is_err()
        && parse_http_date(b"Mon, 16 Mar 2026 15:15:02 GMT").map(|time| time.seconds()) == Ok(SECONDS)
}

fn answer() -> bool {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        1b\r\n{\"access_token\":\"a\\u0062c\",\r\n10\r\n\"expires_in\":60}\r\n0\r\n\r\n";
    let (mut arena, mut store, mut token) = ([0; 8], MaybeUninit::uninit(), pos_token_span::ABSENT);
    let (first, second) = ANSWER.split_at_checked(60).unwrap_or_default();
    // SAFETY: all of it is memory of this function, and a store that could not be made is not used.
    unsafe {
        let store = store.as_mut_ptr();
        pos_token_store_init(store, arena.as_mut_ptr(), arena.len()) == 0
            && granted(store, [first, second])
            && !granted(store, [first, &[]])
            && pos_token_store_access_token(store, &raw mut token) == 0
            && Reading::text_again(token) == b"abc"
    }
}

/// # Safety
/// The store is initialised.
unsafe fn granted(store: *mut pos_token_store, pieces: [&'static [u8]; 2]) -> bool {
    #[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
    const LOG_IN: u32 = pos_token_purpose::POS_TOKEN_PURPOSE_LOG_IN as u32;
    #[allow(clippy::as_conversions)] // as above
    const GRANTED: u32 = pos_token_outcome::POS_TOKEN_OUTCOME_GRANTED as u32;
    let (mut answer, mut result, mut complete) = (MaybeUninit::uninit(), MaybeUninit::uninit(), false);
    let (answer, result) = (answer.as_mut_ptr(), result.as_mut_ptr());
    let mut feed = |piece| {
        // SAFETY: as below.
        unsafe { pos_token_answer_feed(answer, pos_token_span::of(piece), &raw mut complete, null_mut()) == 0 }
    };
    // SAFETY: the caller's promise, and all else is memory of this function; neither an answer nor a result is looked at
    // that could not be made.
    unsafe {
        pos_token_answer_init(answer, &raw const POS_TOKEN_RFC6749, LOG_IN, null(), store) == 0
            && pieces.into_iter().all(&mut feed)
            && pos_token_answer_finish(answer, result) == 0
            && (*result).outcome == GRANTED
    }
}
