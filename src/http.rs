//! HTTP/1.1 as far as one request and its response need it: RFC 9110 and RFC 9112.

mod error;
mod head;
mod request;
mod response;

pub use error::HttpError;
pub use head::{ContentCoding, Head, RetryAfter};
pub use request::{Connection, Endpoint, InvalidPart, Method, Scheme};
pub use response::{Event, ResponseReader};

pub(crate) use request::{Content, begin, fields, is_path_template, path_segment};

/// A byte of a token (RFC 9110, section 5.6.2), such as a field's name.
fn is_token_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// A byte of a field's value (RFC 9110, section 5.5): no control but the tab.
fn is_value_byte(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7f)
}
