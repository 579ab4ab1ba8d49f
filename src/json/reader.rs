//! A strict pull reader that can be interrupted at every byte.

use core::fmt;

/// How deeply arrays and objects may be nested.
pub const MAX_DEPTH: u8 = 32;

/// What encloses values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// `{ … }`
    Object,
    /// `[ … ]`
    Array,
}

/// One step through a document. Names, strings and numbers come in one or more pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'i> {
    /// An object or an array begins.
    Open(Container),
    /// The innermost object or array ends.
    Close(Container),
    /// A piece of a member's name, unescaped.
    Name(Piece<'i>),
    /// A piece of a string, unescaped.
    Text(Piece<'i>),
    /// A piece of a number, as it was written and in the grammar of RFC 8259 section 6.
    Number(Piece<'i>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

/// A part of a name, a string or a number. `Debug` shows no text, which may be a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Piece<'i> {
    chunk: Chunk<'i>,
    last: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Chunk<'i> {
    Raw(&'i [u8]),
    Char { utf8: [u8; 4], len: u8 },
    LoneSurrogate,
}

/// A piece that is no text: half of a surrogate pair, or U+0000, which C cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText;

impl Piece<'_> {
    /// The bytes of this piece, in UTF-8; a character may be split between two pieces.
    /// Half of a surrogate pair has no bytes: whoever keeps the string asks [`text`](Self::text) instead.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.chunk {
            Chunk::Raw(raw) => raw,
            Chunk::Char { utf8, len } => utf8.get(..usize::from(*len)).unwrap_or(&[]),
            Chunk::LoneSurrogate => &[],
        }
    }

    /// The same bytes where they are text that can be kept.
    ///
    /// # Errors
    /// [`NotText`] for half of a surrogate pair and for U+0000.
    pub fn text(&self) -> Result<&[u8], NotText> {
        match &self.chunk {
            Chunk::LoneSurrogate | Chunk::Char { utf8: [0, ..], .. } => Err(NotText),
            Chunk::Raw(_) | Chunk::Char { .. } => Ok(self.bytes()),
        }
    }

    /// Whether the name, string or number ends with this piece.
    #[must_use]
    pub const fn last(&self) -> bool {
        self.last
    }

    const fn part(raw: &[u8]) -> Piece<'_> {
        Piece { chunk: Chunk::Raw(raw), last: false }
    }

    const fn end(raw: &[u8]) -> Piece<'_> {
        Piece { chunk: Chunk::Raw(raw), last: true }
    }

    const LONE_SURROGATE: Piece<'static> = Piece { chunk: Chunk::LoneSurrogate, last: false };
}

impl fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Piece({} bytes, last: {})", self.bytes().len(), self.last)
    }
}

/// Why a document was refused, and the offset of the byte at which that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The rule that was broken.
    pub kind: JsonErrorKind,
    /// Bytes from the start of the document.
    pub offset: u32,
}

/// The rules of RFC 8259 that a document can break, and the one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// The document begins with neither `{` nor `[`.
    NotAContainer,
    /// Another byte was due: a value, a name, a colon, a comma, the end, or the next letter of a literal.
    Unexpected,
    /// A control character stands unescaped in a string.
    ControlCharacter,
    /// An escape that RFC 8259 section 7 does not know.
    BadEscape,
    /// A string is not UTF-8.
    BadUtf8,
    /// A number that breaks the grammar of section 6.
    BadNumber,
    /// More than [`MAX_DEPTH`] arrays and objects in one another.
    TooDeep,
    /// Something follows the document.
    Trailing,
    /// The input ended inside the document.
    Truncated,
}

impl JsonErrorKind {
    /// The stable short code, 401 to 409.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::NotAContainer => 401,
            Self::Unexpected => 402,
            Self::ControlCharacter => 403,
            Self::BadEscape => 404,
            Self::BadUtf8 => 405,
            Self::BadNumber => 406,
            Self::TooDeep => 407,
            Self::Trailing => 408,
            Self::Truncated => 409,
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            JsonErrorKind::NotAContainer => "neither an object nor an array",
            JsonErrorKind::Unexpected => "unexpected byte",
            JsonErrorKind::ControlCharacter => "control character in a string",
            JsonErrorKind::BadEscape => "unknown escape",
            JsonErrorKind::BadUtf8 => "string is not UTF-8",
            JsonErrorKind::BadNumber => "malformed number",
            JsonErrorKind::TooDeep => "nested too deeply",
            JsonErrorKind::Trailing => "bytes after the document",
            JsonErrorKind::Truncated => "document ends early",
        };
        write!(f, "JSON: {what} at offset {}", self.offset)
    }
}

impl core::error::Error for JsonError {}

/// Reads one document, an object or an array, from input that comes in any pieces.
///
/// Strict as RFC 8259 is: no comments, no trailing commas, UTF-8 only, one leading byte order mark skipped
/// (section 8.1 allows that). Depth is bounded by [`MAX_DEPTH`]. Nothing is kept of the input, nothing panics.
///
/// ```
/// use pos_token::json::{Event, Reader};
/// let mut reader = Reader::new();
/// let mut numbers = 0;
/// for piece in [&b"{\"points\": [1, 2"[..], b"0, 3]}"] {
///     let mut input = piece;
///     while let Some(event) = reader.next(&mut input)? {
///         if let Event::Number(piece) = event {
///             numbers += u32::from(piece.last());
///         }
///     }
/// }
/// reader.finish()?;
/// assert_eq!(numbers, 3);
/// # Ok::<(), pos_token::json::JsonError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reader {
    state: State,
    /// Whether the string being read is a member's name.
    in_name: bool,
    depth: u8,
    /// One bit for each open container, the innermost lowest: 1 is an object.
    kinds: u32,
    offset: u32,
    /// Where the name or value at hand begins.
    start: u32,
    /// What `\u` has spelt so far.
    unit: u16,
    /// The first half of a surrogate pair whose second half is due; otherwise 0.
    high: u16,
    utf8: Continuation,
    failed: Option<JsonErrorKind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    /// One and two bytes into a byte order mark, and behind it.
    Mark1,
    Mark2,
    Root,
    Value,
    ValueOrClose,
    Name,
    NameOrClose,
    Colon,
    CommaOrClose,
    Text,
    Escape,
    /// Behind `\u` and so many digits.
    Hex(u8),
    /// In `true`, `false` or `null` (`None`), with that many letters read.
    Literal(Option<bool>, u8),
    Number(NumberState),
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NumberState {
    Start,
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    Sign,
    ExponentDigits,
}

/// How many continuation bytes of a UTF-8 character are due, and in which range the next one lies (RFC 3629 section 4).
#[derive(Clone, Copy, Debug)]
struct Continuation {
    due: u8,
    low: u8,
    high: u8,
}

impl Continuation {
    const NONE: Self = Self::of(0);

    const fn of(due: u8) -> Self {
        Self { due, low: 0x80, high: 0xbf }
    }

    /// What must follow this first byte of a character; `None` where none can begin with it.
    const fn after(lead: u8) -> Option<Self> {
        Some(match lead {
            0xc2..=0xdf => Self::of(1),
            0xe0 => Self { due: 2, low: 0xa0, high: 0xbf },
            0xed => Self { due: 2, low: 0x80, high: 0x9f },
            0xe1..=0xef => Self::of(2),
            0xf0 => Self { due: 3, low: 0x90, high: 0xbf },
            0xf4 => Self { due: 3, low: 0x80, high: 0x8f },
            0xf1..=0xf3 => Self::of(3),
            _ => return None,
        })
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// A reader at the start of a document.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            state: State::Start,
            in_name: false,
            depth: 0,
            kinds: 0,
            offset: 0,
            start: 0,
            unit: 0,
            high: 0,
            utf8: Continuation::NONE,
            failed: None,
        }
    }

    /// How many bytes were read.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// Where the name or the value that the last event belongs to begins, in bytes from the document's start; of an
    /// event at the end of a container, that end.
    #[must_use]
    pub const fn start(&self) -> u32 {
        self.start
    }

    /// Reads up to the next event and moves `input` past what was read. `None` means that `input` is used up.
    ///
    /// # Errors
    /// A broken rule, and the offset of the first byte that breaks it; from then on every call returns the same error.
    pub fn next<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Event<'i>>, JsonError> {
        let before = input.len();
        let result = match self.failed {
            Some(kind) => Err(kind),
            None => self.step(input, before),
        };
        self.offset = self.offset_behind(before, input);
        result.map_err(|kind| {
            self.failed = Some(kind);
            JsonError { kind, offset: self.offset }
        })
    }

    /// The input has ended.
    ///
    /// # Errors
    /// The error met before, or `Truncated` where the document is not complete.
    pub fn finish(&self) -> Result<(), JsonError> {
        let kind = match (self.failed, self.state) {
            (Some(kind), _) => kind,
            (None, State::Done) => return Ok(()),
            (None, _) => JsonErrorKind::Truncated,
        };
        Err(JsonError { kind, offset: self.offset })
    }

    /// The offset at which `input` stands, which was `before` bytes long when `offset` was right.
    fn offset_behind(&self, before: usize, input: &[u8]) -> u32 {
        let read = u32::try_from(before.saturating_sub(input.len())).unwrap_or(u32::MAX);
        self.offset.saturating_add(read)
    }

    /// Does not move past the byte that it refuses.
    fn step<'i>(&mut self, input: &mut &'i [u8], before: usize) -> Result<Option<Event<'i>>, JsonErrorKind> {
        loop {
            let Some((&byte, rest)) = input.split_first() else { return Ok(None) };
            match self.state {
                State::Text => {
                    if let Some(event) = self.text(input)? {
                        return Ok(Some(event));
                    }
                    continue;
                }
                State::Number(state) => return self.number(state, input).map(Some),
                State::Escape => {
                    if let Some(event) = self.escape(byte, rest, input)? {
                        return Ok(Some(event));
                    }
                    continue;
                }
                State::Hex(digits) => {
                    let digit = hex_digit(byte).ok_or(JsonErrorKind::BadEscape)?;
                    *input = rest;
                    self.unit = self.unit << 4 | u16::from(digit);
                    self.state = State::Hex(digits + 1);
                    if digits == 3
                        && let Some(event) = self.code_unit()
                    {
                        return Ok(Some(event));
                    }
                    continue;
                }
                State::Literal(value, letters) => {
                    let literal: &[u8] = match value {
                        Some(true) => b"true",
                        Some(false) => b"false",
                        None => b"null",
                    };
                    if literal.get(usize::from(letters)) != Some(&byte) {
                        return Err(JsonErrorKind::Unexpected);
                    }
                    *input = rest;
                    if usize::from(letters) + 1 == literal.len() {
                        self.state = self.behind_value();
                        return Ok(Some(value.map_or(Event::Null, Event::Bool)));
                    }
                    self.state = State::Literal(value, letters + 1);
                    continue;
                }
                _ => {}
            }
            if matches!(byte, b' ' | b'\n' | b'\r' | b'\t') && !matches!(self.state, State::Mark1 | State::Mark2) {
                if self.state == State::Start {
                    self.state = State::Root;
                }
                *input = rest;
                continue;
            }
            self.start = self.offset_behind(before, input);
            let mut event = None;
            self.state = match (self.state, byte) {
                (State::Start, 0xef) => State::Mark1,
                (State::Mark1, 0xbb) => State::Mark2,
                (State::Mark2, 0xbf) => State::Root,
                (State::Start | State::Root | State::Value | State::ValueOrClose, b'{') => {
                    event = Some(self.open(Container::Object)?);
                    State::NameOrClose
                }
                (State::Start | State::Root | State::Value | State::ValueOrClose, b'[') => {
                    event = Some(self.open(Container::Array)?);
                    State::ValueOrClose
                }
                (State::Start | State::Mark1 | State::Mark2 | State::Root, _) => {
                    return Err(JsonErrorKind::NotAContainer);
                }
                (State::Value | State::ValueOrClose, b'"') => {
                    self.in_name = false;
                    State::Text
                }
                (State::Name | State::NameOrClose, b'"') => {
                    self.in_name = true;
                    State::Text
                }
                (State::Value | State::ValueOrClose, b'-' | b'0'..=b'9') => {
                    // The number's reader takes the first byte too, so that a piece holds all of the number.
                    self.state = State::Number(NumberState::Start);
                    continue;
                }
                (State::Value | State::ValueOrClose, b't') => State::Literal(Some(true), 1),
                (State::Value | State::ValueOrClose, b'f') => State::Literal(Some(false), 1),
                (State::Value | State::ValueOrClose, b'n') => State::Literal(None, 1),
                (State::Colon, b':') => State::Value,
                (State::CommaOrClose, b',') if self.kinds & 1 == 1 => State::Name,
                (State::CommaOrClose, b',') => State::Value,
                (State::NameOrClose | State::CommaOrClose, b'}') if self.kinds & 1 == 1 => {
                    event = Some(self.close(Container::Object));
                    self.behind_value()
                }
                (State::ValueOrClose | State::CommaOrClose, b']') if self.kinds & 1 == 0 => {
                    event = Some(self.close(Container::Array));
                    self.behind_value()
                }
                (State::Done, _) => return Err(JsonErrorKind::Trailing),
                _ => return Err(JsonErrorKind::Unexpected),
            };
            *input = rest;
            if event.is_some() {
                return Ok(event);
            }
        }
    }

    fn open(&mut self, container: Container) -> Result<Event<'static>, JsonErrorKind> {
        if self.depth >= MAX_DEPTH {
            return Err(JsonErrorKind::TooDeep);
        }
        self.depth += 1;
        self.kinds = self.kinds << 1 | u32::from(container == Container::Object);
        Ok(Event::Open(container))
    }

    fn close(&mut self, container: Container) -> Event<'static> {
        self.depth = self.depth.saturating_sub(1);
        self.kinds >>= 1;
        Event::Close(container)
    }

    const fn behind_value(&self) -> State {
        if self.depth == 0 { State::Done } else { State::CommaOrClose }
    }

    fn string_event<'i>(&self, piece: Piece<'i>) -> Event<'i> {
        if self.in_name { Event::Name(piece) } else { Event::Text(piece) }
    }

    /// Inside a string, with input at hand: one piece, or nothing yet where an escape begins.
    fn text<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Event<'i>>, JsonErrorKind> {
        if self.high != 0 && input.first() != Some(&b'\\') {
            self.high = 0;
            return Ok(Some(self.string_event(Piece::LONE_SURROGATE)));
        }
        let from = *input;
        let result = self.plain_run(input);
        let (run, _) = from.split_at_checked(from.len().saturating_sub(input.len())).unwrap_or_default();
        if result.is_err() {
            // What stands before a wrong byte comes first, as it would have in an earlier input.
            return if run.is_empty() { result.map(|()| None) } else { Ok(Some(self.string_event(Piece::part(run)))) };
        }
        if let Some((b'"', rest)) = input.split_first() {
            *input = rest;
            let event = self.string_event(Piece::end(run));
            self.state = if self.in_name { State::Colon } else { self.behind_value() };
            return Ok(Some(event));
        }
        if !run.is_empty() {
            return Ok(Some(self.string_event(Piece::part(run))));
        }
        if let Some((_, rest)) = input.split_first() {
            *input = rest;
            self.state = State::Escape;
        }
        Ok(None)
    }

    /// Moves `input` to the first byte that is no plain text of a string: a quote, a backslash, or the end.
    fn plain_run(&mut self, input: &mut &[u8]) -> Result<(), JsonErrorKind> {
        loop {
            if self.utf8.due == 0 {
                *input = skip_plain_ascii(input);
            }
            let Some((&byte, rest)) = input.split_first() else { return Ok(()) };
            if self.utf8.due > 0 {
                if byte < self.utf8.low || byte > self.utf8.high {
                    return Err(JsonErrorKind::BadUtf8);
                }
                self.utf8 = Continuation::of(self.utf8.due - 1);
            } else if byte == b'"' || byte == b'\\' {
                return Ok(());
            } else if byte < 0x20 {
                return Err(JsonErrorKind::ControlCharacter);
            } else {
                self.utf8 = Continuation::after(byte).ok_or(JsonErrorKind::BadUtf8)?;
            }
            *input = rest;
        }
    }

    /// Behind a backslash.
    fn escape<'i>(
        &mut self,
        byte: u8,
        rest: &'i [u8],
        input: &mut &'i [u8],
    ) -> Result<Option<Event<'i>>, JsonErrorKind> {
        let unescaped: &'static [u8] = match byte {
            b'"' => b"\"",
            b'\\' => b"\\",
            b'/' => b"/",
            b'b' => b"\x08",
            b'f' => b"\x0c",
            b'n' => b"\n",
            b'r' => b"\r",
            b't' => b"\t",
            b'u' => {
                *input = rest;
                self.unit = 0;
                self.state = State::Hex(0);
                return Ok(None);
            }
            _ => return Err(JsonErrorKind::BadEscape),
        };
        if self.high != 0 {
            // The first half stands alone; the escape itself is read again.
            self.high = 0;
            return Ok(Some(self.string_event(Piece::LONE_SURROGATE)));
        }
        *input = rest;
        self.state = State::Text;
        Ok(Some(self.string_event(Piece::part(unescaped))))
    }

    /// Four digits of `\u` are read. The first half of a pair waits for the second and yields nothing yet.
    /// What follows a half that stays alone may be dropped: a string with a lone half is no text anyway.
    fn code_unit(&mut self) -> Option<Event<'static>> {
        self.state = State::Text;
        let high = core::mem::take(&mut self.high);
        let unit = u32::from(self.unit);
        let code = match (high, self.unit) {
            (0, 0xd800..=0xdbff) => {
                self.high = self.unit;
                return None;
            }
            (0, _) => unit,
            (_, 0xdc00..=0xdfff) => 0x1_0000 + ((u32::from(high) & 0x3ff) << 10) + (unit & 0x3ff),
            (_, 0xd800..=0xdbff) => {
                self.high = self.unit;
                unit
            }
            _ => 0xd800,
        };
        let Some(character) = char::from_u32(code) else { return Some(self.string_event(Piece::LONE_SURROGATE)) };
        let mut utf8 = [0; 4];
        let len = u8::try_from(character.encode_utf8(&mut utf8).len()).unwrap_or(0);
        Some(self.string_event(Piece { chunk: Chunk::Char { utf8, len }, last: false }))
    }

    fn number<'i>(&mut self, mut state: NumberState, input: &mut &'i [u8]) -> Result<Event<'i>, JsonErrorKind> {
        use NumberState::{Exponent, ExponentDigits, Fraction, Integer, Minus, Point, Sign, Start, Zero};
        let from = *input;
        let (mut last, mut wrong) = (false, false);
        while let Some((&byte, rest)) = input.split_first() {
            state = match (state, byte) {
                (Start, b'-') => Minus,
                (Start | Minus, b'0') => Zero,
                (Start | Minus | Integer, b'0'..=b'9') => Integer,
                (Zero | Integer, b'.') => Point,
                (Point | Fraction, b'0'..=b'9') => Fraction,
                (Zero | Integer | Fraction, b'e' | b'E') => Exponent,
                (Exponent, b'+' | b'-') => Sign,
                (Exponent | Sign | ExponentDigits, b'0'..=b'9') => ExponentDigits,
                (Zero | Integer | Fraction | ExponentDigits, _) => {
                    last = true;
                    break;
                }
                _ => {
                    wrong = true;
                    break;
                }
            };
            *input = rest;
        }
        self.state = if last { self.behind_value() } else { State::Number(state) };
        let (run, _) = from.split_at_checked(from.len().saturating_sub(input.len())).unwrap_or_default();
        // What stands before a wrong byte comes first, as in a string.
        if wrong && run.is_empty() {
            return Err(JsonErrorKind::BadNumber);
        }
        Ok(Event::Number(if last { Piece::end(run) } else { Piece::part(run) }))
    }
}

const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Skips what needs no look of its own in a string: ASCII but controls, the quote and the backslash.
/// A word at a time: a byte's high bit gets set in `stops` where the byte is one of these. A borrow can set it wrongly
/// only above a byte where it is right, so the lowest one is always true.
fn skip_plain_ascii(mut input: &[u8]) -> &[u8] {
    const SIZE: usize = size_of::<usize>();
    const ONES: usize = usize::MAX / 0xff;
    const HIGHS: usize = ONES << 7;
    while let Some((word, rest)) = input.split_first_chunk::<SIZE>() {
        let word = usize::from_le_bytes(*word);
        let quote = word ^ (ONES * 0x22);
        let backslash = word ^ (ONES * 0x5c);
        let zero_or_high =
            (quote.wrapping_sub(ONES) | backslash.wrapping_sub(ONES) | word.wrapping_sub(ONES * 0x20)) & !word | word;
        let stops = zero_or_high & HIGHS;
        if stops != 0 {
            let plain = usize::try_from(stops.trailing_zeros() / 8).unwrap_or(0);
            return input.get(plain..).unwrap_or(&[]);
        }
        input = rest;
    }
    while let Some((0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7f, rest)) = input.split_first() {
        input = rest;
    }
    input
}
