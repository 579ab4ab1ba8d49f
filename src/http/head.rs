//! What the head of a response says, of what matters here.

use core::fmt;

use super::{HttpError, is};
use crate::time::{UnixTime, parse_http_date};

/// How much is kept of a field's name, or of one element of its value. It is more than anything that we look for has:
/// what is cut here is not one of those.
pub(crate) const MAX_TEXT: usize = 40;

pub(crate) type Text = heapless::Vec<u8, MAX_TEXT, u8>;

/// When to come back (RFC 9110, section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// After so many seconds. More than fit are the most that do.
    Seconds(u32),
    /// At this moment of the server's clock; only where the response does not tell what that clock shows.
    At(UnixTime),
}

/// Whether the content is as its media type says, or coded once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentCoding {
    /// It is as it is.
    Identity,
    /// It is compressed, or coded otherwise.
    Other,
}

/// The fields that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Date,
    RetryAfter,
    ContentLength,
    TransferEncoding,
    ContentEncoding,
    Connection,
    /// Any other.
    Other,
}

impl Field {
    const NAMES: [(&[u8], Self); 6] = [
        (b"date", Self::Date),
        (b"retry-after", Self::RetryAfter),
        (b"content-length", Self::ContentLength),
        (b"transfer-encoding", Self::TransferEncoding),
        (b"content-encoding", Self::ContentEncoding),
        (b"connection", Self::Connection),
    ];

    pub(super) fn named(name: &[u8]) -> Self {
        let found = Self::NAMES.iter().find(|(known, _)| is(name, known));
        found.map_or(Self::Other, |(_, field)| *field)
    }

    /// Whether the name of one that matters begins like that.
    pub(super) fn may_begin_with(byte: u8) -> bool {
        matches!(byte | 0x20, b'd' | b'r' | b'c' | b't')
    }

    /// Whether its value is a list, split at commas. Dates have a comma of their own.
    fn is_list(self) -> bool {
        !matches!(self, Self::Date | Self::RetryAfter)
    }
}

/// What the head of a response says.
///
/// [`ResponseReader`](super::ResponseReader) fills it. Where another HTTP stack has read the response, it is made from
/// the status and the fields which that stack gives:
///
/// ```
/// use pos_token::http::{Head, RetryAfter};
///
/// let mut head = Head::new(429);
/// head.field(b"Retry-After", b"Sun, 06 Nov 1994 08:51:37 GMT")?;
/// head.field(b"Date", b"Sun, 06 Nov 1994 08:49:37 GMT")?;
/// assert_eq!(head.retry_after(), Some(RetryAfter::Seconds(120)));
/// # Ok::<(), pos_token::http::HttpError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    date: Option<UnixTime>,
    retry_after: Option<RetryAfter>,
    pub(super) content_length: Option<u32>,
    pub(super) status: u16,
    content_coding: ContentCoding,
    pub(super) http_1_0: bool,
    pub(super) chunked: bool,
    close: bool,
    keep_alive: bool,
}

impl Head {
    /// A head without fields.
    pub const fn new(status: u16) -> Self {
        Self {
            date: None,
            retry_after: None,
            content_length: None,
            status,
            content_coding: ContentCoding::Identity,
            http_1_0: false,
            chunked: false,
            close: false,
            keep_alive: false,
        }
    }

    /// Takes in one field. Its name may be in any case; fields that do not matter here are ignored, as are a `Date`
    /// and a `Retry-After` that cannot be read.
    ///
    /// # Errors
    ///
    /// - [`HttpError::BadContentLength`], [`HttpError::ContentLengthOverflow`] and
    ///   [`HttpError::ConflictingContentLength`]: what `Content-Length` says is of no use;
    /// - [`HttpError::UnknownTransferCoding`]: `Transfer-Encoding` is not just `chunked`.
    pub fn field(&mut self, name: &[u8], value: &[u8]) -> Result<(), HttpError> {
        let field = Field::named(name);
        if field == Field::Other {
            return Ok(());
        }
        let mut reader = Value::new();
        for byte in value {
            reader.byte(*byte, Some(field), self)?;
        }
        reader.end(Some(field), self)
    }

    /// The status code, of three digits.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// What the server's clock showed.
    pub const fn date(&self) -> Option<UnixTime> {
        self.date
    }

    /// When to come back. A moment is given as seconds from the response's own `Date`, if it has one, so that it
    /// needs no clock; a moment that has passed, as 0.
    pub fn retry_after(&self) -> Option<RetryAfter> {
        let (Some(RetryAfter::At(time)), Some(date)) = (self.retry_after, self.date) else { return self.retry_after };
        Some(RetryAfter::Seconds(time.left(date)))
    }

    /// `Content-Length`, in bytes.
    pub const fn content_length(&self) -> Option<u32> {
        self.content_length
    }

    /// What `Content-Encoding` says, or its absence.
    pub const fn content_coding(&self) -> ContentCoding {
        self.content_coding
    }

    /// One element of a list, or the whole value of a field that is none; cut to [`MAX_TEXT`] bytes.
    fn element(&mut self, field: Field, text: &[u8]) -> Result<(), HttpError> {
        match field {
            Field::Date => {
                if let Ok(date) = parse_http_date(text) {
                    self.date = Some(date);
                }
            }
            Field::RetryAfter => {
                if let Some(seconds) = number(text) {
                    self.retry_after = Some(RetryAfter::Seconds(seconds.unwrap_or(u32::MAX)));
                } else if let Ok(time) = parse_http_date(text) {
                    self.retry_after = Some(RetryAfter::At(time));
                }
            }
            Field::ContentLength => {
                let length = number(text).ok_or(HttpError::BadContentLength)?;
                let length = length.ok_or(HttpError::ContentLengthOverflow)?;
                // Said twice is fine (RFC 9110, section 8.6).
                if *self.content_length.get_or_insert(length) != length {
                    return Err(HttpError::ConflictingContentLength);
                }
            }
            Field::TransferEncoding => {
                if self.chunked || !is(text, b"chunked") {
                    return Err(HttpError::UnknownTransferCoding);
                }
                self.chunked = true;
            }
            Field::ContentEncoding => {
                if !text.is_empty() && !is(text, b"identity") {
                    self.content_coding = ContentCoding::Other;
                }
            }
            Field::Connection => {
                self.close |= is(text, b"close");
                self.keep_alive |= is(text, b"keep-alive");
            }
            Field::Other => {}
        }
        Ok(())
    }

    /// Whether the message is such that another one can follow it on the connection (RFC 9112, section 9.3).
    pub(super) fn allows_reuse(&self) -> bool {
        let persists = match (self.http_1_0, self.chunked) {
            (false, _) => true,
            (true, false) => self.keep_alive,
            // HTTP/1.0 has no transfer codings: whatever sent this is not to be trusted with another (section 6.1).
            (true, true) => false,
        };
        let ends_by_itself = self.chunked || self.content_length.is_some() || !self.has_content();
        persists && ends_by_itself && !self.close
    }

    /// Whether anything follows the head (RFC 9112, section 6.3).
    pub(super) fn has_content(&self) -> bool {
        !matches!(self.status, 204 | 304)
    }
}

/// The value of a field that matters, as it arrives: its elements without the whitespace before them.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) text: Text,
}

impl Value {
    pub(super) const fn new() -> Self {
        Self { text: Text::new() }
    }

    pub(super) fn byte(&mut self, byte: u8, field: Option<Field>, head: &mut Head) -> Result<(), HttpError> {
        match byte {
            b',' if field.is_some_and(Field::is_list) => return self.end(field, head),
            b' ' | b'\t' if self.text.is_empty() => {}
            _ => keep(&mut self.text, if byte == b'\t' { b' ' } else { byte }),
        }
        Ok(())
    }

    /// Ends an element, and with the last one the value.
    pub(super) fn end(&mut self, field: Option<Field>, head: &mut Head) -> Result<(), HttpError> {
        while self.text.last() == Some(&b' ') {
            self.text.pop();
        }
        let result = field.map_or(Ok(()), |field| head.element(field, &self.text));
        self.text.clear();
        result
    }
}

/// Without the text, which is the server's.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Value").finish_non_exhaustive()
    }
}

/// Appends a byte, or cuts it off. A space that was the last to have room is then one no more, so that a text that goes on
/// does not look as if it had ended.
pub(super) fn keep(text: &mut Text, byte: u8) {
    if text.push(byte).is_err()
        && byte != b' '
        && let Some(last @ b' ') = text.last_mut()
    {
        *last = b'?';
    }
}

/// Reads a number of digits alone; `Some(None)` is one that overflows, as does one that was cut to [`MAX_TEXT`] digits,
/// whatever they are.
fn number(text: &[u8]) -> Option<Option<u32>> {
    let mut value = if text.is_empty() { return None } else { Some(0_u32) };
    for byte in text {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value.and_then(|value| value.checked_mul(10)?.checked_add(u32::from(byte & 0xf)));
    }
    Some(value.filter(|_| text.len() < MAX_TEXT))
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::ContentCoding::{Identity, Other};
    use super::*;

    const DATE: i64 = 784_111_777;

    fn head(fields: &[(&str, &str)]) -> Result<Head, HttpError> {
        let mut head = Head::new(200);
        for (name, value) in fields {
            head.field(name.as_bytes(), value.as_bytes())?;
        }
        Ok(head)
    }

    #[test]
    fn dates() {
        let date = |fields: &[(&str, &str)]| head(fields).unwrap().date().map(UnixTime::seconds);
        assert_eq!(date(&[]), None);
        assert_eq!(date(&[("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]), Some(DATE));
        assert_eq!(date(&[("date", "\t Sunday, 06-Nov-94 08:49:37 GMT  \t")]), Some(DATE));
        assert_eq!(date(&[("DATE", "Sun Nov  6 08:49:37 1994")]), Some(DATE));
        assert_eq!(date(&[("Date", "yesterday")]), None);
        assert_eq!(date(&[("Date", "")]), None);
        assert_eq!(date(&[("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("Date", "yesterday")]), Some(DATE));
        let long = std::format!("Sun, 06 Nov 1994 08:49:37 GMT{}x", " ".repeat(300));
        assert_eq!(date(&[("Date", &long)]), None);
        assert_eq!(date(&[("Date", long.trim_end_matches('x'))]), Some(DATE));
    }

    #[test]
    fn retry_after() {
        let retry_after = |fields: &[(&str, &str)]| head(fields).unwrap().retry_after();
        let at = |seconds| Some(RetryAfter::At(UnixTime::from_seconds(seconds)));
        let seconds = |seconds| Some(RetryAfter::Seconds(seconds));
        let (now, later) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:51:37 GMT");
        assert_eq!(retry_after(&[]), None);
        assert_eq!(retry_after(&[("Retry-After", "120")]), seconds(120));
        assert_eq!(retry_after(&[("retry-after", " 0 ")]), seconds(0));
        assert_eq!(retry_after(&[("Retry-After", "4294967295")]), seconds(u32::MAX));
        assert_eq!(retry_after(&[("Retry-After", "4294967296")]), seconds(u32::MAX));
        assert_eq!(retry_after(&[("Retry-After", &"9".repeat(100))]), seconds(u32::MAX));
        for neither in ["", "-1", "+1", "1.5", "1, 2", "soon", "1 0"] {
            assert_eq!(retry_after(&[("Retry-After", neither)]), None, "{neither}");
        }
        assert_eq!(retry_after(&[("Retry-After", later)]), at(DATE + 120));
        assert_eq!(retry_after(&[("Date", now), ("Retry-After", later)]), seconds(120));
        assert_eq!(retry_after(&[("Retry-After", later), ("Date", now)]), seconds(120));
        assert_eq!(retry_after(&[("Retry-After", now), ("Date", later)]), seconds(0));
        assert_eq!(
            retry_after(&[("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"), ("Date", "Sat, 01 Jan 0000 00:00:00 GMT")]),
            seconds(u32::MAX)
        );
    }

    #[test]
    fn content_length() {
        use HttpError::{BadContentLength as Bad, ConflictingContentLength as Two, ContentLengthOverflow as Overflow};
        let (zeros, nines) = ("0".repeat(39), "9".repeat(41));
        let table: [(&[&str], Result<u32, HttpError>); 19] = [
            (&["0"], Ok(0)),
            (&["42"], Ok(42)),
            (&[" 42\t"], Ok(42)),
            (&["4294967295"], Ok(u32::MAX)),
            (&["4294967296"], Err(Overflow)),
            (&["99999999999999999999999"], Err(Overflow)),
            (&[&zeros], Ok(0)),
            (&[&nines], Err(Overflow)),
            (&["5", "5"], Ok(5)),
            (&["5, 5 ,5"], Ok(5)),
            (&["5", "05"], Ok(5)),
            (&["5", "6"], Err(Two)),
            (&["5, 6"], Err(Two)),
            (&[""], Err(Bad)),
            (&["5,"], Err(Bad)),
            (&["-5"], Err(Bad)),
            (&["+5"], Err(Bad)),
            (&["0x5"], Err(Bad)),
            (&["5 5"], Err(Bad)),
        ];
        for (values, expected) in table {
            let fields: Vec<_> = values.iter().map(|value| ("Content-Length", *value)).collect();
            assert_eq!(head(&fields).map(|head| head.content_length().unwrap()), expected, "{values:?}");
        }
    }

    /// What is cut off counts for nothing but that it is there.
    #[test]
    fn texts_that_are_cut() {
        use HttpError::{BadContentLength as Bad, ContentLengthOverflow as Overflow};
        let nines = |count| "9".repeat(count);
        for (digits, behind, expected) in [
            (39, " 5", Bad),
            (38, "  5", Bad),
            (40, " 5", Overflow),
            (40, "x", Overflow),
            (44, "x", Overflow),
            (39, "x", Bad),
        ] {
            let value = nines(digits) + behind;
            assert_eq!(head(&[("Content-Length", &value)]), Err(expected), "{value}");
            let retry_after = Some(RetryAfter::Seconds(u32::MAX)).filter(|_| expected == Overflow);
            assert_eq!(head(&[("Retry-After", &value)]).unwrap().retry_after(), retry_after, "{value}");
        }
        for spaces in 0..300 {
            let [ended, goes_on] = ["", "x"].map(|end| std::format!("identity{}{end}", " ".repeat(spaces)));
            assert_eq!(head(&[("Content-Encoding", &ended)]).unwrap().content_coding(), Identity, "{spaces}");
            assert_eq!(head(&[("Content-Encoding", &goes_on)]).unwrap().content_coding(), Other, "{spaces}");
        }
    }

    /// White space around a value is the space and the tab (RFC 9110, section 5.5), whatever else another stack gives.
    #[test]
    fn line_ends_are_no_white_space() {
        for end in ["\n", "\r", "\r\n", "\x0b", "\x0c", "\n ", "\0"] {
            let value = |text: &str| std::format!("{text}{end}");
            assert_eq!(head(&[("Content-Length", &value("5"))]), Err(HttpError::BadContentLength), "{end:?}");
            assert_eq!(head(&[("Transfer-Encoding", &value("chunked"))]), Err(HttpError::UnknownTransferCoding));
            assert_eq!(head(&[("Content-Encoding", &value("identity"))]).unwrap().content_coding(), Other, "{end:?}");
            assert_eq!(head(&[("Retry-After", &value("5"))]).unwrap().retry_after(), None, "{end:?}");
            assert_eq!(head(&[("Date", &value("Sun, 06 Nov 1994 08:49:37 GMT"))]).unwrap().date(), None, "{end:?}");
            assert!(!head(&[("Connection", &value("close"))]).unwrap().close, "{end:?}");
        }
    }

    #[test]
    fn transfer_encoding() {
        let chunked = |values: &[&str]| {
            let fields: Vec<_> = values.iter().map(|value| ("Transfer-Encoding", *value)).collect();
            head(&fields).map(|head| head.chunked)
        };
        for value in ["chunked", "Chunked", " CHUNKED "] {
            assert_eq!(chunked(&[value]), Ok(true), "{value}");
        }
        let cut = std::format!("chunked{}x", " ".repeat(60));
        for value in ["", "gzip", "gzip, chunked", "chunked, chunked", "chunked;q=1", "identity", "xchunked", &cut] {
            assert_eq!(chunked(&[value]), Err(HttpError::UnknownTransferCoding), "{value}");
        }
        assert_eq!(chunked(&["chunked", "chunked"]), Err(HttpError::UnknownTransferCoding));
    }

    #[test]
    fn content_encoding() {
        for (value, coding) in
            [("", Identity), ("identity", Identity), ("Identity,", Identity), ("gzip", Other), ("identity, br", Other)]
        {
            assert_eq!(head(&[("Content-Encoding", value)]).unwrap().content_coding(), coding, "{value}");
        }
        assert_eq!(head(&[]).unwrap().content_coding(), Identity);
    }

    #[test]
    fn connection() {
        let long = std::format!("{}, {}, close", "x".repeat(500), "close".repeat(20));
        for (value, close, keep_alive) in [
            ("", false, false),
            ("close", true, false),
            ("Keep-Alive", false, true),
            ("upgrade ,\tCLOSE", true, false),
            ("keep-alive, close", true, true),
            ("closed, not close", false, false),
            (&long, true, false),
        ] {
            let head = head(&[("Connection", value)]).unwrap();
            assert_eq!((head.close, head.keep_alive), (close, keep_alive), "{value}");
        }
    }

    #[test]
    fn others_are_ignored() {
        let fields = [("Content-Type", "text/html"), ("Dat", "x"), ("Dates", "x"), ("", ""), ("Set-Cookie", "a, b")];
        assert_eq!(head(&fields), Ok(Head::new(200)));
    }
}
