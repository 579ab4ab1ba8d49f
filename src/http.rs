//! HTTP/1.1 as far as one request and its response need it: RFC 9110 and RFC 9112.
//!
//! [`Endpoint`] says where a request goes. [`ResponseReader`] reads what comes back, in pieces of any size, and
//! [`Head`] is what it keeps of that. Nothing here panics, whatever a caller gives or a server sends.

mod error;
mod head;
mod request;
mod response;

pub use error::HttpError;
pub(crate) use head::MAX_TEXT;
pub use head::{ContentCoding, Head, RetryAfter};
pub use request::{Connection, Endpoint, InvalidPart, Method, Scheme};
pub use response::{Event, ResponseReader};

pub(crate) use request::{Content, begin, fields, is_path_template, is_token, path_segment};

/// Whether a text is this word, in any case.
#[inline(never)]
fn is(text: &[u8], word: &[u8]) -> bool {
    text.eq_ignore_ascii_case(word)
}

/// `tchar` (RFC 9110, section 5.6.2), of which the names of fields are made. Most are letters, so those are looked at
/// first.
fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || TCHARS.get(usize::from(byte >> 5)).is_some_and(|row| row >> (byte & 31) & 1 != 0)
}

/// A bit for each `tchar`, in rows of 32.
const TCHARS: [u32; 4] = {
    let mut rows = [0; 4];
    let mut byte = 0;
    while byte < 128 {
        let is_tchar = matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z')
            || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
        let [first, second, third, fourth] = &mut rows;
        let row = match byte >> 5 {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        };
        if is_tchar {
            *row |= 1 << (byte & 31);
        }
        byte += 1;
    }
    rows
};

/// A byte of a field's value (RFC 9110, section 5.5): no control but the tab.
fn is_value_byte(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7f)
}
