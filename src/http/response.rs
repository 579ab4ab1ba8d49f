//! A response as it arrives: a resumable reader of HTTP/1.1 messages (RFC 9112).
//!
//! It keeps what a client of an API needs to know, some hundred bytes in all, and lets everything else pass. It
//! gives the same result however the input is split.

use core::fmt;

use super::head::{Field, Head, Text, Value, keep};
use super::{HttpError, is_tchar, is_value_byte};
use crate::words::{HIGHS, ONES};

/// What may come with the content: status line, header fields, chunk sizes and trailer fields, 1xx responses included.
/// More than that is an attack or a mistake.
const MAX_OVERHEAD: u32 = 64 * 1024;

/// What [`ResponseReader::next`] has found. `Debug` shows a piece's length only, since tokens come in content.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Event<'i> {
    /// The head is complete and can be asked for. It comes once, 1xx responses are skipped.
    Head,
    /// A piece of the content, which is never empty.
    Body(&'i [u8]),
    /// The response is complete. It comes once.
    End,
}

impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("Head"),
            Self::Body(piece) => write!(f, "Body({} bytes)", piece.len()),
            Self::End => f.write_str("End"),
        }
    }
}

/// What comes next in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A status line, up to the status.
    StatusLine,
    /// The rest of that line.
    Reason,
    /// A field, more of the last one, or the end of the head or the trailers.
    LineStart,
    /// A field's name, of which something has come.
    FieldName,
    /// Whitespace where the colon should be.
    NameSpace,
    /// A field's value.
    Value,
    /// Nothing of the head, whose fields are still to be looked at as a whole.
    HeadEnd,
    /// A chunk's size, which has a digit at least.
    ChunkSizeStart,
    ChunkSize,
    /// Whitespace after a chunk's size.
    ChunkSpace,
    ChunkExtension,
    /// So many bytes of content as `remaining` says.
    Content,
    /// Content until the connection is closed.
    ContentUntilClose,
    /// The line end after a chunk.
    ChunkEnd,
    /// Nothing, and that is still to be said.
    End,
    /// Nothing.
    Complete,
}

/// Reads one response.
///
/// ```
/// use pos_token::http::{Event, ResponseReader};
///
/// let mut reader = ResponseReader::new();
/// let mut input: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
/// while let Some(event) = reader.next(&mut input)? {
///     match event {
///         Event::Head => assert_eq!(reader.head().status(), 200),
///         Event::Body(piece) => assert_eq!(piece, b"{}"),
///         Event::End => assert!(reader.reusable()),
///     }
/// }
/// # Ok::<(), pos_token::http::HttpError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ResponseReader {
    head: Head,
    /// Of the content or the chunk, in bytes; in a status line, the status so far.
    remaining: u32,
    /// What came so far that is not content, in bytes.
    overhead: u32,
    state: State,
    /// What was wrong, for good.
    failed: Option<HttpError>,
    /// The last field, unless there was none yet.
    field: Option<Field>,
    /// A field's value, if it matters; its text also holds a field's name, the status line or a chunk's size, one at a time.
    value: Value,
    after_cr: bool,
    in_trailers: bool,
}

impl Default for ResponseReader {
    fn default() -> Self {
        Self::new()
    }
}

impl ResponseReader {
    /// At the beginning of a response.
    pub const fn new() -> Self {
        Self {
            head: Head::new(0),
            remaining: 0,
            overhead: 0,
            state: State::StatusLine,
            failed: None,
            field: None,
            value: Value::new(),
            after_cr: false,
            in_trailers: false,
        }
    }

    /// Reads up to the next event and leaves the rest in `input`. `None` asks for more input; after the end, nothing
    /// more is taken.
    ///
    /// # Errors
    ///
    /// What is wrong with the response, and the same again at every later call.
    pub fn next<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Event<'i>>, HttpError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let event = self.read(input);
        self.failed = event.err();
        event
    }

    /// The connection was closed. Where that ends the content, [`Event::End`] comes next.
    ///
    /// # Errors
    ///
    /// [`HttpError::Truncated`] where more should have come, [`HttpError::NoResponse`] where nothing came at all, or the
    /// error that the reader failed with before.
    pub fn end_of_input(&mut self) -> Result<(), HttpError> {
        self.failed = self.failed.or(match self.state {
            State::StatusLine if self.overhead == 0 => Some(HttpError::NoResponse),
            State::Content if self.remaining == 0 && !self.head.chunked => None,
            State::ContentUntilClose | State::End | State::Complete => None,
            _ => Some(HttpError::Truncated),
        });
        if self.state == State::ContentUntilClose {
            self.state = State::End;
        }
        self.failed.map_or(Ok(()), Err)
    }

    /// The head, as far as it has come; all of it from [`Event::Head`] on.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Room for a short text. Between [`Event::Head`] and [`Event::End`] the reader itself has no use for it.
    pub(crate) fn spare_text(&mut self) -> &mut Text {
        &mut self.value.text
    }

    /// For a head that another stack has read.
    pub(crate) fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }

    /// Whether the response has come to its end.
    pub fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    /// Whether the connection can serve another request: the response is complete, and neither its version, its
    /// `Connection` field nor its framing (RFC 9112, section 9.3) says otherwise.
    pub fn reusable(&self) -> bool {
        self.is_complete() && self.head.allows_reuse()
    }

    fn read<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Event<'i>>, HttpError> {
        loop {
            match self.state {
                State::HeadEnd => {
                    if self.end_of_head()? {
                        return Ok(Some(Event::Head));
                    }
                }
                State::Content if self.remaining == 0 => {
                    self.state = if self.head.chunked { State::ChunkEnd } else { State::End };
                }
                State::Content | State::ContentUntilClose => return Ok(self.content(input)),
                State::End => {
                    self.state = State::Complete;
                    return Ok(Some(Event::End));
                }
                State::Complete => return Ok(None),
                _ => {
                    let Some(byte) = self.next_byte(input)? else { return Ok(None) };
                    self.state = self.line(byte)?;
                }
            }
        }
    }

    /// Hands on what there is of the content.
    fn content<'i>(&mut self, input: &mut &'i [u8]) -> Option<Event<'i>> {
        let mut size = input.len();
        if self.state == State::Content {
            size = size.min(usize::try_from(self.remaining).unwrap_or(usize::MAX));
            self.remaining = self.remaining.saturating_sub(u32::try_from(size).unwrap_or(u32::MAX));
        }
        let (piece, rest) = input.split_at_checked(size)?;
        *input = rest;
        if piece.is_empty() { None } else { Some(Event::Body(piece)) }
    }

    /// The next byte of a line that has to be looked at by itself, which most of a head has not. The CR of a line's end
    /// is left out.
    fn next_byte(&mut self, input: &mut &[u8]) -> Result<Option<u8>, HttpError> {
        let passed = match self.state {
            _ if self.after_cr => 0,
            State::LineStart | State::FieldName => self.name(input),
            State::Value => self.value(input)?,
            State::Reason | State::ChunkExtension => text_len(input),
            _ => 0,
        };
        let mut rest = input.get(passed..).unwrap_or_default().iter();
        let mut found = rest.next();
        if found == Some(&b'\r') && !self.after_cr {
            self.after_cr = true;
            found = rest.next();
        }
        let rest = rest.as_slice();
        let taken = u32::try_from(input.len().saturating_sub(rest.len())).unwrap_or(u32::MAX);
        *input = rest;
        self.overhead = self.overhead.saturating_add(taken);
        match found {
            _ if self.overhead > MAX_OVERHEAD => Err(HttpError::TooMuchOverhead),
            Some(byte) if core::mem::take(&mut self.after_cr) && *byte != b'\n' => Err(HttpError::BareCr),
            found => Ok(found.copied()),
        }
    }

    /// How many bytes of a field's name come next. Those that begin as none that matters are not kept.
    fn name(&mut self, input: &[u8]) -> usize {
        let len = input.iter().position(|byte| !is_tchar(*byte)).unwrap_or(input.len());
        let (name, _) = input.split_at_checked(len).unwrap_or_default();
        let Some(first) = name.first() else { return 0 };
        let is_kept = match self.state {
            State::FieldName => !self.value.text.is_empty(),
            _ => Field::may_begin_with(*first),
        };
        if is_kept {
            name.iter().for_each(|byte| keep(&mut self.value.text, *byte));
        }
        self.state = State::FieldName;
        len
    }

    /// How many bytes of a field's value come next, up to where there are too many. What matters is taken in.
    fn value(&mut self, input: &[u8]) -> Result<usize, HttpError> {
        let room = usize::try_from(MAX_OVERHEAD.saturating_sub(self.overhead)).unwrap_or(usize::MAX);
        let len = text_len(input).min(room);
        if self.field != Some(Field::Other) {
            for byte in input.get(..len).unwrap_or_default() {
                self.value.byte(*byte, self.field, &mut self.head)?;
            }
        }
        Ok(len)
    }

    /// Takes one byte of what comes in lines, and says what comes next.
    fn line(&mut self, byte: u8) -> Result<State, HttpError> {
        Ok(match (self.state, byte) {
            (State::StatusLine, _) => self.status_line(byte)?,
            (State::Reason, b'\n') => State::LineStart,
            (State::Reason, _) => return Err(HttpError::BadStatusLine),

            (State::LineStart, b'\n') if self.in_trailers => State::End,
            (State::LineStart, b'\n') => State::HeadEnd,
            (State::LineStart, b' ' | b'\t') if self.field == Some(Field::Other) => State::Value,
            (State::LineStart, b' ' | b'\t') if self.field.is_some() => return Err(HttpError::FoldedField),

            (State::FieldName, b':') => self.end_of_name(),
            (State::NameSpace, b':') => return Err(HttpError::SpaceBeforeColon),
            (State::FieldName | State::NameSpace, b' ' | b'\t') => State::NameSpace,

            (State::Value, b'\n') => {
                self.value.end(self.field, &mut self.head)?;
                State::LineStart
            }
            (State::LineStart | State::FieldName | State::NameSpace | State::Value, _) => {
                return Err(HttpError::BadHeaderLine);
            }

            (State::ChunkSizeStart | State::ChunkSize, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                self.chunk_size_digit(byte)?
            }
            (State::ChunkSize | State::ChunkSpace, b' ' | b'\t') => State::ChunkSpace,
            (State::ChunkSize | State::ChunkSpace, b';') => State::ChunkExtension,
            (State::ChunkSize | State::ChunkSpace | State::ChunkExtension, b'\n') => self.end_of_chunk_size(),
            (State::ChunkSizeStart | State::ChunkSize | State::ChunkSpace | State::ChunkExtension, _) => {
                return Err(HttpError::BadChunkSize);
            }

            (State::ChunkEnd, b'\n') => State::ChunkSizeStart,
            (State::ChunkEnd, _) => return Err(HttpError::MissingChunkEnd),

            // `read` does not come here with these.
            (State::HeadEnd | State::Content | State::ContentUntilClose | State::End | State::Complete, _) => {
                self.state
            }
        })
    }

    /// Compares a status line with `HTTP/1.1 200` as it comes, so that another protocol shows at once.
    fn status_line(&mut self, byte: u8) -> Result<State, HttpError> {
        let at = self.value.text.len();
        let fits = match at {
            7 => matches!(byte, b'0' | b'1'),
            9..=11 => byte.is_ascii_digit() && (at > 9 || byte != b'0'),
            12 => matches!(byte, b' ' | b'\n'),
            _ => b"HTTP/1.- ".get(at) == Some(&byte),
        };
        if !fits {
            return Err(HttpError::BadStatusLine);
        }
        match at {
            7 => self.head.http_1_0 = byte == b'0',
            9..=11 => {
                self.remaining = self.remaining * 10 + u32::from(byte & 0xf);
                if at == 11 {
                    self.head.status = u16::try_from(core::mem::take(&mut self.remaining)).unwrap_or(0);
                }
            }
            12 => {
                self.value.text.clear();
                return Ok(if byte == b'\n' { State::LineStart } else { State::Reason });
            }
            _ => {}
        }
        keep(&mut self.value.text, byte);
        Ok(State::StatusLine)
    }

    fn end_of_name(&mut self) -> State {
        // Trailers say nothing that matters here.
        let matters = !self.in_trailers && !self.value.text.is_empty();
        let field = if matters { Field::named(&self.value.text) } else { Field::Other };
        self.value.text.clear();
        self.field = Some(field);
        State::Value
    }

    /// Finds out what follows the head (RFC 9112, section 6.3), and says whether it is the final one.
    fn end_of_head(&mut self) -> Result<bool, HttpError> {
        let head = &self.head;
        if head.status < 200 {
            (self.head, self.field, self.state) = (Head::new(0), None, State::StatusLine);
            return Ok(false);
        }
        self.state = match head.content_length {
            Some(_) if head.chunked => return Err(HttpError::LengthAndTransferCoding),
            _ if !head.has_content() => State::End,
            _ if head.chunked => State::ChunkSizeStart,
            Some(length) => {
                self.remaining = length;
                State::Content
            }
            None => State::ContentUntilClose,
        };
        Ok(true)
    }

    fn chunk_size_digit(&mut self, digit: u8) -> Result<State, HttpError> {
        let so_far = if self.state == State::ChunkSize { self.remaining } else { 0 };
        let size = so_far.checked_mul(16).ok_or(HttpError::ChunkSizeOverflow)?;
        let value = if digit > b'9' { (digit & 0xf) + 9 } else { digit & 0xf };
        self.remaining = size | u32::from(value);
        Ok(State::ChunkSize)
    }

    fn end_of_chunk_size(&mut self) -> State {
        if self.remaining > 0 {
            return State::Content;
        }
        (self.in_trailers, self.field) = (true, None);
        State::LineStart
    }
}

/// How many bytes of a field's value come next. As long as they are ASCII without controls they are looked at by words.
fn text_len(input: &[u8]) -> usize {
    let is_plain = |word: &&[u8; size_of::<usize>()]| {
        let word = usize::from_ne_bytes(**word);
        // The highest bit of a byte comes up from 0x7F on and, but for 0xFF, where it was up; and below the space.
        (word.wrapping_add(ONES) | word.wrapping_sub(ONES * 0x20)) & HIGHS == 0
    };
    let (words, _) = input.as_chunks();
    let mut len = words.iter().take_while(is_plain).count() * size_of::<usize>();
    while input.get(len).is_some_and(|byte| is_value_byte(*byte)) {
        len += 1;
    }
    len
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::String;
    use std::vec::Vec;

    use super::HttpError::*;
    use super::*;
    use crate::trial::Random;

    /// All that a reader says about an input.
    #[derive(Clone, Debug, PartialEq)]
    struct Outcome {
        head: Option<Head>,
        body: Vec<u8>,
        ended: bool,
        error: Option<HttpError>,
        /// What was not taken; after an error, nobody asks.
        left: Vec<u8>,
        reusable: bool,
    }

    /// Reads pieces, after which the connection is closed.
    fn read<'i>(pieces: impl IntoIterator<Item = &'i [u8]>) -> Outcome {
        let mut reader = ResponseReader::new();
        let (mut head, mut body, mut ended, mut left) = (None, Vec::new(), false, Vec::new());
        let mut take = |reader: &mut ResponseReader, mut input: &[u8]| -> Result<(), HttpError> {
            while let Some(event) = reader.next(&mut input)? {
                assert!(!ended, "{event:?} after the end");
                match event {
                    Event::Head => assert!(head.replace(reader.head().clone()).is_none() && body.is_empty()),
                    Event::Body(piece) => {
                        assert!(head.is_some() && !piece.is_empty());
                        body.extend_from_slice(piece);
                    }
                    Event::End => ended = true,
                }
            }
            left.extend_from_slice(input);
            Ok(())
        };
        let mut result = pieces.into_iter().try_for_each(|piece| take(&mut reader, piece));
        if result.is_ok() {
            result = reader.end_of_input().and_then(|()| take(&mut reader, b""));
        }
        if let Err(error) = result {
            left.clear();
            assert_eq!(reader.next(&mut &b"HTTP/1.1 200 OK\r\n\r\n"[..]), Err(error));
            assert_eq!(reader.end_of_input(), Err(error));
        }
        Outcome { head, body, ended, error: result.err(), left, reusable: reader.reusable() }
    }

    fn whole(input: &[u8]) -> Outcome {
        read([input])
    }

    /// What a good response comes to: status, content, whether the connection can be used again, what is left.
    const GOOD: &[(&str, u16, &str, bool, &str)] = &[
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}", true, ""),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 ", 200, "{}", true, "HTTP/1.1 "),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", true, ""),
        ("HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", 200, "x", true, ""),
        ("HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx", 200, "x", true, ""),
        ("HTTP/1.1 422 Unprocessable\tContent \u{e9}\r\nContent-Length:1\r\n\r\nx", 422, "x", true, ""),
        ("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", 200, "{}", true, ""),
        ("HTTP/1.1 999 ?\r\ncontent-length: \t2 \t\r\n\r\n{}", 999, "{}", true, ""),
        ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", 200, "{}", false, ""),
        ("HTTP/1.1 200 OK\r\nConnection: a, CLOSE\r\nContent-Length: 2\r\n\r\n{}", 200, "{}", false, ""),
        ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}", false, ""),
        ("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\n{}", 200, "{}", true, ""),
        ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n{}", 200, "{}", false, ""),
        ("HTTP/1.1 200 OK\r\n\r\n{\r\n}\r\n", 200, "{\r\n}\r\n", false, ""),
        ("HTTP/1.1 200 OK\r\n\r\n", 200, "", false, ""),
        ("HTTP/1.1 204 No Content\r\nServer: x\r\n\r\nHTTP", 204, "", true, "HTTP"),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", 204, "", true, ""),
        ("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", 304, "", true, ""),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx", 201, "x", true, ""),
        (
            "HTTP/1.0 103 Early Hints\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: close\r\nRetry-After: 9\r\n\
             Content-Encoding: br\r\nContent-Length: 7\r\n\r\nHTTP/1.1 102 Processing\n\n\
             HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            200,
            "x",
            true,
            "",
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "", true, ""),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\n{\"a\r\n0004;x=\"y z\";é\r\n\":1}\r\n\
             000 ;last\r\nExpires: 0\r\nContent-Length: x\r\n folded\r\n\r\nrest",
            200,
            "{\"a\":1}",
            true,
            "rest",
        ),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2 \t\n{}\n0\n\n", 200, "{}", true, ""),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0C\r\n123456789abc\r\n0\r\n\r\n",
            200,
            "123456789abc",
            true,
            "",
        ),
        (
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            200,
            "{}",
            false,
            "",
        ),
        ("HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\n\td\r\n \r\nX-Empty:\r\nContent-Length: 2\r\n\r\n{}", 200, "{}", true, ""),
        ("HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~09azAZ: ok\r\nContent-Length: 2\r\n\r\n{}", 200, "{}", true, ""),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2, 2\r\n\r\n{}", 200, "{}", true, ""),
        (
            "HTTP/1.1 503 Service Unavailable\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
             Retry-After: Sun, 06 Nov 1994 08:51:37 GMT\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\u{1}",
            503,
            "\x1f\u{1}",
            true,
            "",
        ),
    ];

    const BAD: &[(&str, HttpError)] = &[
        ("", NoResponse),
        ("\r\nHTTP/1.1 200 OK\r\n\r\n", BadStatusLine),
        (" HTTP/1.1 200 OK\r\n\r\n", BadStatusLine),
        ("SSH-2.0-x", BadStatusLine),
        ("\x15\x03\x01\0\x02\x02\x28", BadStatusLine),
        ("<html>", BadStatusLine),
        ("http/1.1 200 OK\r\n\r\n", BadStatusLine),
        ("HTTP/2 200 OK\r\n\r\n", BadStatusLine),
        ("HTTP/1.2 200 OK\r\n\r\n", BadStatusLine),
        ("HTTP/1.1  200 OK\r\n\r\n", BadStatusLine),
        ("HTTP/1.1 20 OK\r\n\r\n", BadStatusLine),
        ("HTTP/1.1 099 OK\r\n\r\n", BadStatusLine),
        ("HTTP/1.1 2000 OK\r\n\r\n", BadStatusLine),
        ("HTTP/1.1 200OK\r\n\r\n", BadStatusLine),
        ("HTTP/1.1\r\n\r\n", BadStatusLine),
        ("HTTP/1.1 200 O\0K\r\n\r\n", BadStatusLine),
        ("HTTP/1.1 200 O\x7fK\r\n\r\n", BadStatusLine),
        ("HTTP/1.1 200 O\rK\r\n\r\n", BareCr),
        ("HTTP/1.1 200 OK\r\r\n\r\n", BareCr),
        ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\ncolon\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\n: x\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\nX(: x\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\n\u{e9}: x\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\n X: folded\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\nX: \0\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\nX: a\r\n\x01\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\nX: a\r\n \x01\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\nConnection: clo\0se\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\nX \r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\nX : x\r\n\r\n", SpaceBeforeColon),
        ("HTTP/1.1 200 OK\r\nX \t : x\r\n\r\n", SpaceBeforeColon),
        ("HTTP/1.1 200 OK\r\nContent-Length\t: 2\r\n\r\n{}", SpaceBeforeColon),
        ("HTTP/1.1 200 OK\r\nConnection: keep-alive,\r\n close\r\n\r\n", FoldedField),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\t0\r\n\r\n", FoldedField),
        ("HTTP/1.1 200 OK\r\nDate:\r\n Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n", FoldedField),
        ("HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", BareCr),
        ("HTTP/1.1 200 OK\r\nX: a\r\n\rb", BareCr),
        ("HTTP/1.1 200 OK\r\nConnection: clo\rse\r\n\r\n", BareCr),
        ("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n", BadContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", BadContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", BadContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\n", ContentLengthOverflow),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", ConflictingContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n", ConflictingContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", LengthAndTransferCoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", LengthAndTransferCoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", UnknownTransferCoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", UnknownTransferCoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n", UnknownTransferCoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", BadChunkSize),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n;x\r\n", BadChunkSize),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n 2\r\n", BadChunkSize),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n", BadChunkSize),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x2\r\n", BadChunkSize),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 x\r\n", BadChunkSize),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;\0\r\n", BadChunkSize),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;\rx\r\n", BareCr),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\rx", BareCr),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", Truncated),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100000000\r\n", ChunkSizeOverflow),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00000000000000000000000000000000000000000000000002\r\n",
            Truncated,
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n", MissingChunkEnd),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n", MissingChunkEnd),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\rx", BareCr),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n folded\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: \0\r\n\r\n", BadHeaderLine),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\rb\r\n\r\n", BareCr),
        ("HTTP/1.1 100 Continue\r\n\r\n", Truncated),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 abc", BadStatusLine),
    ];

    #[test]
    fn good_responses() {
        for &(input, status, body, reusable, left) in GOOD {
            let outcome = whole(input.as_bytes());
            assert_eq!(outcome.error, None, "{input}");
            assert_eq!(outcome.head.unwrap().status(), status, "{input}");
            assert_eq!(outcome.body, body.as_bytes(), "{input}");
            assert!(outcome.ended, "{input}");
            assert_eq!(outcome.reusable, reusable, "{input}");
            assert_eq!(outcome.left, left.as_bytes(), "{input}");
        }
    }

    #[test]
    fn heads() {
        let head = |input: &str| whole(input.as_bytes()).head.unwrap();
        let unavailable = head(GOOD.last().unwrap().0);
        assert_eq!(unavailable.date(), Some(crate::time::UnixTime::from_seconds(784_111_777)));
        assert_eq!(unavailable.retry_after(), Some(crate::http::RetryAfter::Seconds(120)));
        assert_eq!(unavailable.content_coding(), crate::http::ContentCoding::Other);
        assert_eq!(unavailable.content_length(), Some(2));
        // What a 1xx response said is forgotten.
        let hinted = GOOD.iter().find(|good| good.0.contains("Early Hints")).unwrap();
        let plain = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(head(hinted.0), head(plain));
    }

    #[test]
    fn bad_responses() {
        for &(input, error) in BAD {
            let outcome = whole(input.as_bytes());
            assert_eq!((outcome.error, outcome.ended, outcome.reusable), (Some(error), false, false), "{input:?}");
        }
    }

    fn fixtures() -> impl Iterator<Item = &'static [u8]> {
        GOOD.iter().map(|good| good.0.as_bytes()).chain(BAD.iter().map(|bad| bad.0.as_bytes()))
    }

    #[test]
    fn every_split() {
        for input in fixtures() {
            let expected = whole(input);
            for at in 0..=input.len() {
                let (before, after) = input.split_at(at);
                assert_eq!(read([before, after]), expected, "{:?} split at {at}", String::from_utf8_lossy(input));
            }
            for size in 1..9 {
                assert_eq!(read(input.chunks(size)), expected, "{:?} by {size}", String::from_utf8_lossy(input));
            }
        }
    }

    #[test]
    fn every_truncation() {
        for &(input, .., left) in GOOD {
            let end = input.len() - left.len();
            let head = whole(input.as_bytes()).head.unwrap();
            let until_close = !head.chunked && head.content_length().is_none() && head.has_content();
            for at in 0..end {
                let outcome = whole(&input.as_bytes()[..at]);
                let complete = until_close && outcome.head.is_some();
                let error = if at == 0 { NoResponse } else { Truncated };
                assert_eq!(outcome.error, (!complete).then_some(error), "{input:?} cut at {at}");
                assert_eq!(outcome.ended, complete, "{input:?} cut at {at}");
                assert!(!outcome.reusable);
            }
        }
    }

    /// A name that ends as one that matters is not that one, wherever it is split; nor is one that only begins like it.
    #[test]
    fn names_are_whole() {
        let input = b"HTTP/1.1 200 OK\r\nX-Content-Length: 5\r\nXConnection: close\r\nContent-Length-X: 7\r\n\
            Transfer: chunked\r\ncontent-LENGTH: 1\r\n\r\n1";
        for at in 0..input.len() {
            let (before, after) = input.split_at(at);
            let outcome = read([before, after]);
            assert_eq!(outcome.head.unwrap().content_length(), Some(1), "{at}");
            assert!(outcome.reusable && outcome.error.is_none(), "{at}");
        }
    }

    /// Of two things that are wrong the one that comes first is said, however the input is split.
    #[test]
    fn what_is_wrong_around_the_limit() {
        let wrong = "Content-Length: 5, five, 5\r\n\r\n";
        for padding in 65_480..65_540 {
            let input = format!("HTTP/1.1 200 OK\r\nX: {}\r\n{wrong}", "x".repeat(padding));
            let comma = input.rfind("five").unwrap() + 5;
            let expected = if comma > 65_536 { TooMuchOverhead } else { BadContentLength };
            let by_bytes = read(input.as_bytes().chunks(1));
            assert_eq!(by_bytes.error, Some(expected), "{padding}");
            for size in [7, 63, 70_000] {
                assert_eq!(read(input.as_bytes().chunks(size)).error, by_bytes.error, "{padding} {size}");
            }
        }
    }

    #[test]
    fn overhead_is_bounded() {
        let shell = "HTTP/1.1 200 OK\r\nX: \r\nContent-Length: 1\r\n\r\n";
        let head = |padding: usize| shell.replace("X: ", &format!("X: {}", "x".repeat(padding)));
        let most = 65_536 - shell.len();
        let fits = format!("{}x", head(most));
        assert_eq!(whole(fits.as_bytes()).error, None);
        assert_eq!(whole(head(most + 1).as_bytes()).error, Some(TooMuchOverhead));
        assert_eq!(read(head(most + 1).as_bytes().chunks(7)), whole(head(most + 1).as_bytes()));
        // Content does not count, whatever its length.
        let long = format!("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n{}", "x".repeat(200_000));
        assert_eq!(whole(long.as_bytes()).body.len(), 200_000);
        // What never ends is ended: a name, a status line, 1xx responses, chunk sizes, extensions, trailers.
        let endless = |before: &str, again: &str| whole(format!("{before}{}", again.repeat(70_000)).as_bytes()).error;
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(endless("HTTP/1.1 200 OK\r\n", "x"), Some(TooMuchOverhead));
        assert_eq!(endless("HTTP/1.1 200 ", "x"), Some(TooMuchOverhead));
        assert_eq!(endless("HTTP/1.1 200 OK\r\nConnection:", ","), Some(TooMuchOverhead));
        assert_eq!(endless("", "HTTP/1.1 100 Continue\r\n\r\n"), Some(TooMuchOverhead));
        assert_eq!(endless(chunked, "1\r\nx\r\n"), Some(TooMuchOverhead));
        assert_eq!(endless(chunked, "0"), Some(TooMuchOverhead));
        assert_eq!(endless(&format!("{chunked}1;"), "x"), Some(TooMuchOverhead));
        assert_eq!(endless(&format!("{chunked}0\r\n"), "X: y\r\n"), Some(TooMuchOverhead));
    }

    impl Random {
        fn pick<'a>(&mut self, texts: &[&'a str]) -> &'a str {
            texts[self.below(texts.len())]
        }

        /// Cuts an input into up to so many pieces, some of them empty.
        fn split<'i>(&mut self, input: &'i [u8], pieces: usize) -> Vec<&'i [u8]> {
            let mut cuts: Vec<_> = (1..pieces).map(|_| self.below(input.len() + 1)).collect();
            cuts.extend([0, input.len()]);
            cuts.sort_unstable();
            cuts.windows(2).map(|cut| &input[cut[0]..cut[1]]).collect()
        }

        /// Replaces, removes, inserts or doubles something.
        fn mutate(&mut self, text: &mut Vec<u8>) {
            const BYTES: &[u8] = b"\r\n \t:;,0159afHTP/.\0\x7f\xe9x";
            let at = self.below(text.len());
            let byte = if self.below(8) == 0 { self.below(256) as u8 } else { BYTES[self.below(BYTES.len())] };
            match self.below(4) {
                0 => text[at] = byte,
                1 => drop(text.remove(at)),
                2 => text.insert(at, byte),
                _ => {
                    let end = (at + 1 + self.below(30)).min(text.len());
                    text.splice(at..at, text[at..end].to_vec());
                }
            }
        }
    }

    #[test]
    fn mutated_at_random_splits() {
        let mut random = Random(9112);
        let fixtures: Vec<_> = fixtures().filter(|input| !input.is_empty()).collect();
        let (mut good, mut bad) = (0, 0);
        for round in 0..60_000 {
            let mut input = fixtures[round % fixtures.len()].to_vec();
            for _ in 0..=random.below(3) {
                if !input.is_empty() {
                    random.mutate(&mut input);
                }
            }
            let expected = whole(&input);
            let count = 2 + random.below(9);
            let pieces = random.split(&input, count);
            assert_eq!(read(pieces), expected, "{:?}", String::from_utf8_lossy(&input));
            if expected.error.is_none() { good += 1 } else { bad += 1 }
        }
        assert!(good > 5_000 && bad > 5_000, "{good} good, {bad} bad");
    }

    #[test]
    fn noise_at_random_splits() {
        let mut random = Random(112);
        for round in 0..20_000 {
            // Behind a beginning, so that each state gets its noise.
            let begin = &GOOD[round % GOOD.len()].0.as_bytes();
            let mut input = begin[..random.below(begin.len())].to_vec();
            input.extend((0..random.below(60)).map(|_| b"\r\n \t:;,0a\0\xffx"[random.below(12)]));
            let count = 2 + random.below(9);
            let pieces = random.split(&input, count);
            assert_eq!(read(pieces), whole(&input), "{:?}", String::from_utf8_lossy(&input));
        }
    }

    #[test]
    fn chunked_as_it_was_sent() {
        let mut random = Random(7);
        for _ in 0..2_000 {
            let mut input = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            let mut body = Vec::new();
            for _ in 0..random.below(8) {
                let chunk: Vec<u8> = (0..=random.below(300)).map(|_| random.below(256) as u8).collect();
                let zeros = "0".repeat(random.below(4));
                let extension = random.pick(&["", "", ";a", " ; a=\"b;c\"", "\t"]);
                let size =
                    if random.below(2) == 0 { format!("{:x}", chunk.len()) } else { format!("{:X}", chunk.len()) };
                input.extend_from_slice(format!("{zeros}{size}{extension}\r\n").as_bytes());
                input.extend_from_slice(&chunk);
                input.extend_from_slice(random.pick(&["\r\n", "\n"]).as_bytes());
                body.extend_from_slice(&chunk);
            }
            input.extend_from_slice(random.pick(&["0\r\n\r\n", "00\r\nX: y\r\n\r\n", "0;a\n\n"]).as_bytes());
            input.extend_from_slice(b"more");
            let count = 1 + random.below(20);
            let outcome = read(random.split(&input, count));
            assert_eq!((outcome.error, outcome.ended, outcome.reusable), (None, true, true));
            assert_eq!(outcome.body, body);
            assert_eq!(outcome.left, b"more");
        }
    }

    /// A head that may be right, from parts that may be wrong.
    fn random_head(random: &mut Random) -> Vec<u8> {
        const NAMES: &[&str] = &[
            "Date",
            "retry-after",
            "Connection",
            "CONTENT-ENCODING",
            "Content-Type",
            "Server",
            "X-Request-Id",
            "Set-Cookie",
            "Content-Length",
        ];
        const VALUES: &[&str] = &[
            "",
            "x",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "30",
            "close",
            "keep-alive, x",
            "gzip",
            "identity",
            "application/json; charset=utf-8",
            "a=\"b\"; Path=/",
            "caf\u{e9}",
            " \t ",
            "5",
            "5, 5",
        ];
        let end = random.pick(&["\r\n", "\r\n", "\n"]);
        let mut head = format!(
            "HTTP/1.{} {}{}{end}",
            random.below(2),
            100 + random.below(900),
            random.pick(&["", " ", " OK", " Not Found", " \u{e9}"])
        );
        for _ in 0..random.below(6) {
            head += random.pick(NAMES);
            head += random.pick(&[":", ": ", ":\t "]);
            head += random.pick(VALUES);
            head += random.pick(&["", " "]);
            head += end;
        }
        head += end;
        let mut head = head.into_bytes();
        if random.below(2) == 0 {
            random.mutate(&mut head);
        }
        head
    }

    #[test]
    fn heads_as_httparse_reads_them() {
        let mut random = Random(1_000);
        let (mut read, mut refused) = (0, 0);
        for _ in 0..100_000 {
            let input = random_head(&mut random);
            let text = String::from_utf8_lossy(&input);
            let ours = whole(&input);
            let mut fields = [httparse::EMPTY_HEADER; 16];
            let mut theirs = httparse::Response::new(&mut fields);
            match theirs.parse(&input) {
                Ok(httparse::Status::Complete(_)) => {
                    let status = theirs.code.unwrap();
                    let mut head = Head::new(status);
                    head.http_1_0 = theirs.version == Some(0);
                    let meaning = theirs.headers.iter().try_for_each(|f| head.field(f.name.as_bytes(), f.value));
                    match ours.error {
                        _ if status < 200 => assert_eq!(ours.head, None, "{text:?}"),
                        None | Some(Truncated) => {
                            assert_eq!(ours.head, meaning.is_ok().then_some(head), "{text:?}");
                            read += 1;
                        }
                        Some(error) => {
                            // It passes over empty lines at the beginning, and takes no part in what fields mean.
                            let lenient = input.starts_with(b"\r") || input.starts_with(b"\n");
                            assert!(lenient || meaning == Err(error), "{text:?}: {error}");
                        }
                    }
                }
                Ok(httparse::Status::Partial) => assert_eq!(ours.head, None, "{text:?}"),
                // It skips no folded lines.
                Err(_) => {
                    let folded = text.contains("\n ") || text.contains("\n\t");
                    assert!(folded || ours.head.is_none(), "{text:?}: not refused");
                    refused += 1;
                }
            }
        }
        assert!(read > 50_000 && refused > 5_000, "{read} read, {refused} refused");
    }

    #[test]
    fn texts_end_at_a_control_but_the_tab() {
        crate::trial::every_byte_at_every_place(|text| {
            let expected = text.iter().take_while(|byte| is_value_byte(**byte)).count();
            assert_eq!(text_len(text), expected, "{}", text.escape_ascii());
        });
    }

    #[test]
    fn state_is_small() {
        assert!(size_of::<ResponseReader>() <= 104, "{}", size_of::<ResponseReader>());
    }

    #[test]
    fn codes_are_stable() {
        let errors = [
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
        ];
        for (error, code) in errors.iter().zip(301..) {
            assert_eq!(error.code(), code);
        }
    }
}
