//! What firmware needs beside the four steps.

use core::ffi::c_void;
use core::mem::MaybeUninit;

use pos_token_core::dialect::Purpose;
use pos_token_core::jwt::{HmacSha512, Hs512Key, Signature};
use pos_token_core::time::{MissingZone, parse_http_date, parse_rfc3339};
use pos_token_core::{AnswerReader, Outcome, TokenStore, base64url, json};

use crate::known::Known;
use crate::provider::POS_TOKEN_RFC6749;
use crate::request::MAX_TEXTS;
use crate::span::{Buffer, Contract, Output, Place, pos_token_span, utf8};
use crate::status::{Fault, pos_token_status, report};
use crate::vocabulary as read;

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
        let zone = u8::try_from(zone).ok().and_then(read::missing_zone).ok_or(Fault::INVALID_ENUM)?;
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
    // SAFETY: the table is a constant of this library.
    let table = unsafe { Known::new(&raw const POS_TOKEN_RFC6749) };
    let mut arena = [0; 8];
    let mut store = TokenStore::new(&mut arena);
    let mut granted = |pieces: [&[u8]; 2]| {
        let mut reader = AnswerReader::new(&table, Purpose::LogIn, &mut store);
        let read = pieces.into_iter().all(|piece| reader.feed(piece).is_ok());
        read && reader.finish().is_ok_and(|answer| matches!(answer.outcome, Outcome::Granted(_)))
    };
    let (first, second) = ANSWER.split_at_checked(60).unwrap_or_default();
    granted([first, second]) && !granted([first, &[]]) && store.access_token().is_some_and(|t| t.expose() == b"abc")
}
