//! A strict pull reader that can be interrupted at every byte.

use core::fmt;

use crate::utf8::Continuation;
use crate::words::{HIGHS, ONES, before_first};

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
    kind: Kind,
    last: bool,
    raw: &'i [u8],
    utf8: [u8; 4],
}

/// Where a piece's bytes stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// In `raw`.
    Raw,
    /// So many of them in `utf8`.
    Char(u8),
    /// Half of a surrogate pair has none.
    LoneSurrogate,
}

/// A piece that is no text: half of a surrogate pair, or U+0000, which C cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText;

impl<'i> Piece<'i> {
    /// The bytes of this piece, in UTF-8; a character may be split between two pieces.
    /// Half of a surrogate pair has no bytes: whoever keeps the string asks [`text`](Self::text) instead.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self.kind {
            Kind::Raw => self.raw,
            Kind::Char(len) => self.utf8.get(..usize::from(len)).unwrap_or(&[]),
            Kind::LoneSurrogate => &[],
        }
    }

    /// The same bytes where they are text that can be kept.
    ///
    /// # Errors
    /// [`NotText`] for half of a surrogate pair and for U+0000.
    #[inline(always)] // Almost all pieces stand in the input.
    pub fn text(&self) -> Result<&[u8], NotText> {
        if self.kind == Kind::Raw { Ok(self.raw) } else { self.escaped() }
    }

    /// The same of what is not in the input.
    #[inline(never)]
    fn escaped(&self) -> Result<&[u8], NotText> {
        match (self.kind, self.utf8) {
            (Kind::LoneSurrogate, _) | (Kind::Char(_), [0, ..]) => Err(NotText),
            _ => Ok(self.bytes()),
        }
    }

    /// Whether the name, string or number ends with this piece.
    #[must_use]
    pub const fn last(&self) -> bool {
        self.last
    }

    const fn new(raw: &'i [u8], last: bool) -> Self {
        Self { kind: Kind::Raw, last, raw, utf8: [0; 4] }
    }

    /// An escaped character; half of a surrogate pair is none. From the last byte on, six bits each, until the first has
    /// room for the rest.
    fn character(code: u32) -> Self {
        let mut piece = Self::LONE_SURROGATE;
        if matches!(code, 0xd800..=0xdfff) {
            return piece;
        }
        let (mut utf8, mut rest, mut room, mut len) = (0, code, 0x80, 1_u8);
        while rest >= room {
            utf8 = (utf8 | 0x80 | rest & 0x3f) << 8;
            rest >>= 6;
            len += 1;
            room = 0x80 >> len;
        }
        // As many ones as there are bytes.
        let lead = if len > 1 { 0xff00 >> len & 0xff } else { 0 };
        piece.utf8 = u32::to_le_bytes(utf8 | lead | rest);
        piece.kind = Kind::Char(len);
        piece
    }

    const LONE_SURROGATE: Self = Self { kind: Kind::LoneSurrogate, ..Self::new(&[], false) };
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
    /// What may come next between names and values: a sum of `due`; 0 behind the document. In a name it is the colon.
    due: u8,
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
}

/// An event where there is one, or the rule that the next byte breaks.
type Step<'i> = Result<Option<Event<'i>>, JsonErrorKind>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)] // Asked for at each step: so it is one byte.
enum State {
    Between,
    Text,
    Failed(JsonErrorKind),
    Escape,
    /// Behind `\u` and so many digits.
    Hex(u8),
    /// So many letters into it.
    Literal(Literal, u8),
    Number(NumberState),
}

mod due {
    pub(super) const VALUE: u8 = 1;
    pub(super) const NAME: u8 = 2;
    pub(super) const COLON: u8 = 4;
    pub(super) const COMMA: u8 = 8;
    pub(super) const CLOSE: u8 = 16;
    /// The outermost object or array, and before it a byte order mark.
    pub(super) const ROOT: u8 = 32;
    pub(super) const MARK: u8 = 64;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Literal {
    True,
    False,
    Null,
    /// The byte order mark, which is no value.
    Mark,
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
            state: State::Between,
            due: due::ROOT | due::MARK,
            depth: 0,
            kinds: 0,
            offset: 0,
            start: 0,
            unit: 0,
            high: 0,
            utf8: Continuation::NONE,
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

    /// How many arrays and objects are open.
    pub(crate) const fn depth(&self) -> u8 {
        self.depth
    }

    /// Reads up to the next event and moves `input` past what was read. `None` means that `input` is used up.
    ///
    /// # Errors
    /// A broken rule, and the offset of the first byte that breaks it; from then on every call returns the same error.
    pub fn next<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Event<'i>>, JsonError> {
        let before = input.len();
        let step = loop {
            if self.state == State::Between {
                let rest = self.between(input);
                *input = rest;
                let Some((&byte, behind)) = rest.split_first() else { break Ok(None) };
                self.start = self.offset_behind(before, rest);
                if byte != b'"' || self.due & (due::NAME | due::VALUE) == 0 {
                    match self.structure(input) {
                        Ok(None) => continue,
                        step => break step,
                    }
                }
                self.due = if self.due & due::NAME != 0 { due::COLON } else { due::VALUE };
                self.state = State::Text;
                *input = behind;
            }
            let rest = *input;
            let step = if self.state == State::Text {
                let is_plain = self.high == 0 && self.utf8.due == 0;
                let behind_run = if is_plain { skip_plain_ascii(rest) } else { rest };
                match behind_run.split_first() {
                    None if rest.is_empty() => break Ok(None),
                    Some((b'"', behind)) if is_plain => {
                        // Almost all strings end here, so this ends the call too.
                        *input = behind;
                        self.offset = self.offset_behind(before, behind);
                        return Ok(Some(self.string_event(Piece::new(before_of(rest, behind_run), true))));
                    }
                    _ => self.text(input, behind_run),
                }
            } else {
                self.seldom(input)
            };
            match step {
                Ok(None) if !input.is_empty() => {}
                step => break step,
            }
        };
        self.offset = self.offset_behind(before, input);
        step.map_err(|kind| {
            self.state = State::Failed(kind);
            JsonError { kind, offset: self.offset }
        })
    }

    /// The input has ended.
    ///
    /// # Errors
    /// The error met before, or `Truncated` where the document is not complete.
    pub fn finish(&self) -> Result<(), JsonError> {
        let kind = match (self.state, self.due) {
            (State::Failed(kind), _) => kind,
            (State::Between, 0) => return Ok(()),
            _ => JsonErrorKind::Truncated,
        };
        Err(JsonError { kind, offset: self.offset })
    }

    /// The offset at which `input` stands, which was `before` bytes long when `offset` was right.
    fn offset_behind(&self, before: usize, input: &[u8]) -> u32 {
        let read = u32::try_from(before.wrapping_sub(input.len())).unwrap_or(u32::MAX);
        self.offset.saturating_add(read)
    }

    // What is usual can be taken at once, without its events. Where it is not as usual, nothing is read, and `next` finds
    // out; the results are the same.

    /// The next member's name, where it follows at once, all of it is there, and it is plain ASCII; and a colon and a
    /// space behind it.
    #[inline(never)]
    pub(crate) fn plain_name<'i>(&mut self, input: &mut &'i [u8]) -> Option<&'i [u8]> {
        let text = match *input {
            [b',', b'"', text @ ..] if self.due & due::COMMA != 0 && self.in_object() => text,
            [b'"', text @ ..] if self.due & due::NAME != 0 => text,
            _ => return None,
        };
        if self.state != State::Between {
            return None;
        }
        let (name, behind) = plain_string(text)?;
        // At the quote, before which there may be a comma.
        self.start = self.offset_behind(input.len() - 1, text);
        let (due, rest) = match behind {
            [b':', b' ', rest @ ..] | [b':', rest @ ..] => (due::VALUE, rest),
            _ => (due::COLON, behind),
        };
        self.due = due;
        self.offset = self.offset_behind(input.len(), rest);
        *input = rest;
        Some(name)
    }

    /// Behind such a name: the string that is its value, on the same conditions, or the number, where it is all digits.
    #[inline(never)]
    pub(crate) fn plain_value<'i>(&mut self, input: &mut &'i [u8]) -> Option<Event<'i>> {
        if self.due != due::VALUE {
            return None;
        }
        let (event, rest) = plain(input)?;
        self.start = self.offset;
        self.offset = self.offset_behind(input.len(), rest);
        self.value_ends();
        *input = rest;
        Some(event)
    }

    /// Behind such a name: what follows the quote of the string that is its value. The caller may take plain ASCII from
    /// there by himself, and gives back by [`taken`](Self::taken) what follows it.
    pub(crate) fn string_ahead<'i>(&mut self, input: &&'i [u8]) -> Option<&'i [u8]> {
        let [b'"', text @ ..] = *input else { return None };
        if self.due != due::VALUE {
            return None;
        }
        self.start = self.offset;
        Some(text)
    }

    /// `rest` follows what was taken. `true`: the string has ended.
    pub(crate) fn taken<'i>(&mut self, input: &mut &'i [u8], mut rest: &'i [u8]) -> bool {
        self.state = State::Text;
        let behind = rest.strip_prefix(b"\"");
        if let Some(behind) = behind {
            self.value_ends();
            rest = behind;
        }
        self.offset = self.offset_behind(input.len(), rest);
        *input = rest;
        behind.is_some()
    }

    /// Moves `input` behind the first or the last bracket of the outermost object, if it follows at once.
    pub(crate) fn outermost_bracket(&mut self, input: &mut &[u8]) -> bool {
        let (opens, rest) = match *input {
            [b'{', rest @ ..] if self.due & due::ROOT != 0 => (true, rest),
            [b'}', rest @ ..] if self.due & due::CLOSE != 0 && self.depth == 1 && self.in_object() => (false, rest),
            _ => return false,
        };
        if self.state != State::Between {
            return false;
        }
        if opens {
            self.open(true);
        } else {
            self.close();
        }
        self.offset = self.offset_behind(input.len(), rest);
        *input = rest;
        true
    }

    /// Whether a member can be next, and behind a comma. Then the caller may read [`plain_member`]s by himself, and says by
    /// [`members_taken`](Self::members_taken) what follows them.
    pub(crate) fn before_member(&self) -> Option<bool> {
        match self.state {
            State::Between if self.due & due::NAME != 0 => Some(false),
            State::Between if self.due & due::COMMA != 0 && self.in_object() => Some(true),
            _ => None,
        }
    }

    /// `rest` follows what was taken, which was one member or more.
    pub(crate) fn members_taken<'i>(&mut self, input: &mut &'i [u8], rest: &'i [u8]) {
        self.offset = self.offset_behind(input.len(), rest);
        self.value_ends();
        *input = rest;
    }

    /// What follows the white space, the colon and the comma between names and values.
    fn between<'i>(&mut self, mut text: &'i [u8]) -> &'i [u8] {
        let mut due = self.due;
        while let Some((&byte, rest)) = text.split_first() {
            match byte {
                b':' if due & due::COLON != 0 => due = due::VALUE,
                b',' if due & due::COMMA != 0 => due = if self.in_object() { due::NAME } else { due::VALUE },
                b' ' | b'\n' | b'\r' | b'\t' => due &= !due::MARK,
                _ => break,
            }
            text = rest;
        }
        self.due = due;
        text
    }

    /// A state in which few bytes are read.
    #[inline(never)]
    fn seldom<'i>(&mut self, input: &mut &'i [u8]) -> Step<'i> {
        let code = match self.state {
            State::Failed(kind) => return Err(kind),
            _ if input.is_empty() => return Ok(None),
            State::Number(state) => return self.number(state, input),
            State::Literal(literal, letters) => return self.literal(literal, letters, input),
            State::Escape => self.escape(input)?,
            State::Hex(digits) => self.hex(digits, input)?,
            State::Between | State::Text => None,
        };
        Ok(code.map(|code| self.string_event(Piece::character(code))))
    }

    /// A bracket, a number, or the first byte of a literal.
    #[inline(never)]
    fn structure<'i>(&mut self, input: &mut &'i [u8]) -> Step<'i> {
        let Some((&byte, rest)) = input.split_first() else { return Ok(None) };
        let due = self.due;
        let is_due = |what| due & what != 0;
        let literal = match byte {
            b'{' | b'[' if is_due(due::VALUE | due::ROOT) => {
                if self.depth >= MAX_DEPTH {
                    return Err(JsonErrorKind::TooDeep);
                }
                let object = byte == b'{';
                self.open(object);
                *input = rest;
                return Ok(Some(Event::Open(container(object))));
            }
            b'}' | b']' if is_due(due::CLOSE) && self.in_object() == (byte == b'}') => {
                let object = self.in_object();
                self.close();
                *input = rest;
                return Ok(Some(Event::Close(container(object))));
            }
            // The number's reader takes the first byte too, so that a piece holds all of the number.
            b'-' | b'0'..=b'9' if is_due(due::VALUE) => return self.number(NumberState::Start, input),
            b't' if is_due(due::VALUE) => Literal::True,
            b'f' if is_due(due::VALUE) => Literal::False,
            b'n' if is_due(due::VALUE) => Literal::Null,
            0xef if is_due(due::MARK) => Literal::Mark,
            _ if is_due(due::ROOT) => return Err(JsonErrorKind::NotAContainer),
            _ if due == 0 => return Err(JsonErrorKind::Trailing),
            _ => return Err(JsonErrorKind::Unexpected),
        };
        self.literal(literal, 0, input)
    }

    /// So many letters are read; the rest of those that there are.
    fn literal(&mut self, literal: Literal, mut letters: u8, input: &mut &[u8]) -> Step<'static> {
        let text: &[u8] = match literal {
            Literal::True => b"true",
            Literal::False => b"false",
            Literal::Null => b"null",
            Literal::Mark => b"\xef\xbb\xbf",
        };
        while let Some(letter) = text.get(usize::from(letters)) {
            match input.split_first() {
                Some((byte, rest)) if byte == letter => *input = rest,
                Some(_) if literal == Literal::Mark => return Err(JsonErrorKind::NotAContainer),
                Some(_) => return Err(JsonErrorKind::Unexpected),
                None => {
                    self.state = State::Literal(literal, letters);
                    return Ok(None);
                }
            }
            letters += 1;
        }
        if literal == Literal::Mark {
            (self.state, self.due) = (State::Between, due::ROOT);
            return Ok(None);
        }
        self.value_ends();
        Ok(Some(if literal == Literal::Null { Event::Null } else { Event::Bool(literal == Literal::True) }))
    }

    fn open(&mut self, object: bool) {
        self.depth += 1;
        self.kinds = self.kinds << 1 | u32::from(object);
        self.due = due::CLOSE | if object { due::NAME } else { due::VALUE };
    }

    const fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.kinds >>= 1;
        self.value_ends();
    }

    const fn in_object(&self) -> bool {
        self.kinds & 1 == 1
    }

    /// Whether the string being read is a member's name.
    const fn in_name(&self) -> bool {
        self.due == due::COLON
    }

    const fn value_ends(&mut self) {
        self.state = State::Between;
        self.due = if self.depth == 0 { 0 } else { due::COMMA | due::CLOSE };
    }

    /// A piece of a string, and its end where it is the last.
    fn string_event<'i>(&mut self, piece: Piece<'i>) -> Event<'i> {
        let in_name = self.in_name();
        if piece.last && in_name {
            self.state = State::Between;
        } else if piece.last {
            self.value_ends();
        }
        if in_name { Event::Name(piece) } else { Event::Text(piece) }
    }

    /// Inside a string, and not just ASCII up to its end: one piece, or nothing yet where an escape begins or the input
    /// ends. What stands before `behind_ascii` was looked at.
    #[inline(never)]
    fn text<'i>(&mut self, input: &mut &'i [u8], behind_ascii: &'i [u8]) -> Step<'i> {
        let from = *input;
        let mut piece = Piece::LONE_SURROGATE;
        if self.high != 0 && from.first() != Some(&b'\\') {
            self.high = 0;
        } else {
            let (rest, wrong) = self.plain_run(behind_ascii);
            piece = Piece::new(before_of(from, rest), false);
            *input = rest;
            match (rest.split_first(), wrong) {
                // What stands before a wrong byte comes first, as it would have in an earlier input.
                (_, Some(kind)) if piece.raw.is_empty() => return Err(kind),
                (Some((b'"', behind)), None) => {
                    *input = behind;
                    piece.last = true;
                }
                (_, _) if !piece.raw.is_empty() => {}
                (behind, _) => {
                    if let Some((_, behind)) = behind {
                        *input = behind;
                        self.state = State::Escape;
                    }
                    return Ok(None);
                }
            }
        }
        Ok(Some(self.string_event(piece)))
    }

    /// What follows the plain text of a string: a quote, a backslash, a byte that is wrong there, or nothing.
    fn plain_run<'i>(&mut self, mut text: &'i [u8]) -> (&'i [u8], Option<JsonErrorKind>) {
        loop {
            if self.utf8.due == 0 {
                text = skip_plain_ascii(text);
            }
            let Some((&byte, rest)) = text.split_first() else { return (text, None) };
            if self.utf8.due > 0 {
                if byte < self.utf8.low || byte > self.utf8.high {
                    return (text, Some(JsonErrorKind::BadUtf8));
                }
                self.utf8 = Continuation::of(self.utf8.due - 1);
            } else if byte == b'"' || byte == b'\\' {
                return (text, None);
            } else if byte < 0x20 {
                return (text, Some(JsonErrorKind::ControlCharacter));
            } else if let Some(continuation) = Continuation::after(byte) {
                self.utf8 = continuation;
            } else {
                return (text, Some(JsonErrorKind::BadUtf8));
            }
            text = rest;
        }
    }

    /// Behind a backslash: the character's code, where it is complete.
    fn escape(&mut self, input: &mut &[u8]) -> Result<Option<u32>, JsonErrorKind> {
        let Some((&byte, rest)) = input.split_first() else { return Ok(None) };
        let code = match byte {
            b'"' | b'\\' | b'/' => byte,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                *input = rest;
                self.unit = 0;
                self.state = State::Hex(0);
                return Ok(None);
            }
            _ => return Err(JsonErrorKind::BadEscape),
        };
        if core::mem::take(&mut self.high) != 0 {
            // The first half stands alone; the escape itself is read again.
            return Ok(Some(LONE));
        }
        *input = rest;
        self.state = State::Text;
        Ok(Some(code.into()))
    }

    fn hex(&mut self, digits: u8, input: &mut &[u8]) -> Result<Option<u32>, JsonErrorKind> {
        let Some((&byte, rest)) = input.split_first() else { return Ok(None) };
        let digit = hex_value(byte).ok_or(JsonErrorKind::BadEscape)?;
        *input = rest;
        self.unit = self.unit << 4 | u16::from(digit);
        self.state = State::Hex(digits + 1);
        Ok(if digits == 3 { self.code_unit() } else { None })
    }

    /// Four digits of `\u` are read. The first half of a pair waits for the second and yields nothing yet.
    /// What follows a half that stays alone may be dropped: a string with a lone half is no text anyway.
    fn code_unit(&mut self) -> Option<u32> {
        self.state = State::Text;
        let high = core::mem::take(&mut self.high);
        let unit = u32::from(self.unit);
        let is_high = matches!(unit, 0xd800..=0xdbff);
        if is_high {
            self.high = self.unit;
        }
        match (high, unit) {
            (0, _) if is_high => None,
            (0, _) => Some(unit),
            (_, 0xdc00..=0xdfff) => Some(0x1_0000 + ((u32::from(high) & 0x3ff) << 10) + (unit & 0x3ff)),
            _ => Some(LONE),
        }
    }

    fn number<'i>(&mut self, mut state: NumberState, input: &mut &'i [u8]) -> Step<'i> {
        let from = *input;
        let mut rest = from;
        while let Some((&byte, behind)) = rest.split_first()
            && let Some(next) = state.after(byte)
        {
            state = next;
            rest = behind;
        }
        let run = before_of(from, rest);
        let last = !rest.is_empty() && state.can_end();
        // What stands before a wrong byte comes first, as in a string.
        if !rest.is_empty() && !last && run.is_empty() {
            return Err(JsonErrorKind::BadNumber);
        }
        *input = rest;
        self.state = State::Number(state);
        if last {
            self.value_ends();
        }
        Ok(Some(Event::Number(Piece::new(run, last))))
    }
}

impl NumberState {
    /// Where the number stands behind this byte, if it goes on with it.
    const fn after(self, byte: u8) -> Option<Self> {
        Some(match (byte, self) {
            (b'0', Self::Start | Self::Minus) => Self::Zero,
            (b'0'..=b'9', Self::Start | Self::Minus | Self::Integer) => Self::Integer,
            (b'0'..=b'9', Self::Point | Self::Fraction) => Self::Fraction,
            (b'0'..=b'9', Self::Exponent | Self::Sign | Self::ExponentDigits) => Self::ExponentDigits,
            (b'-', Self::Start) => Self::Minus,
            (b'+' | b'-', Self::Exponent) => Self::Sign,
            (b'.', Self::Zero | Self::Integer) => Self::Point,
            (b'e' | b'E', Self::Zero | Self::Integer | Self::Fraction) => Self::Exponent,
            _ => return None,
        })
    }

    const fn can_end(self) -> bool {
        matches!(self, Self::Zero | Self::Integer | Self::Fraction | Self::ExponentDigits)
    }
}

/// The part of `text` before `rest`, which is its end.
fn before_of<'i>(text: &'i [u8], rest: &[u8]) -> &'i [u8] {
    text.split_at_checked(text.len().saturating_sub(rest.len())).unwrap_or_default().0
}

/// A member as most are, if all of it is there: a name in plain ASCII, and at once behind the colon a plain value. Its name
/// and its value, and what follows it.
#[inline(always)]
pub(crate) fn plain_member(text: &[u8]) -> Option<(Piece<'_>, Event<'_>, &[u8])> {
    let (name, behind) = plain_string(text.strip_prefix(b"\"")?)?;
    let (value, rest) = plain(behind.strip_prefix(b":")?)?;
    Some((Piece::new(name, true), value, rest))
}

/// A value as most are, if all of it is there: a string in plain ASCII, or a number of digits that does not begin with 0;
/// and what follows it.
#[inline(always)]
fn plain(text: &[u8]) -> Option<(Event<'_>, &[u8])> {
    match text {
        [b'"', text @ ..] => {
            let (plain, rest) = plain_string(text)?;
            Some((Event::Text(Piece::new(plain, true)), rest))
        }
        [b'1'..=b'9', rest @ ..] => {
            let mut rest = rest;
            while let [b'0'..=b'9', behind @ ..] = rest {
                rest = behind;
            }
            let [b',' | b'}', ..] = rest else { return None };
            Some((Event::Number(Piece::new(before_of(text, rest), true)), rest))
        }
        _ => None,
    }
}

/// A string that is all there and plain ASCII, and what follows its quote.
#[inline(always)]
fn plain_string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = skip_plain_ascii(text);
    let [b'"', behind @ ..] = rest else { return None };
    Some((before_of(text, rest), behind))
}

/// One of the code units that are no character.
const LONE: u32 = 0xd800;

/// What a hexadecimal digit stands for.
const fn hex_value(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

const fn container(object: bool) -> Container {
    if object { Container::Object } else { Container::Array }
}

/// Skips what needs no look of its own in a string: ASCII but controls, the quote and the backslash.
/// A word at a time: a byte's high bit gets set in `stops` where the byte is one of these. A borrow can set it wrongly
/// only above a byte where it is right, so the lowest one is always true.
#[inline(never)] // In the middle of a large function it would lack registers.
fn skip_plain_ascii(mut input: &[u8]) -> &[u8] {
    while let Some((word, rest)) = input.split_first_chunk() {
        let word = usize::from_le_bytes(*word);
        // With bit 1 turned, the quote is the one next to the controls.
        let quote_or_control = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
        let stops = (quote_or_control | backslash | word) & HIGHS;
        if stops != 0 {
            return input.get(before_first(stops)..).unwrap_or(&[]);
        }
        input = rest;
    }
    while let Some((0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7f, rest)) = input.split_first() {
        input = rest;
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_against_the_standard_library() {
        for code in 0..=0x10_ffff {
            let piece = Piece::character(code);
            match char::from_u32(code) {
                Some(character) => assert_eq!(piece.bytes(), character.encode_utf8(&mut [0; 4]).as_bytes()),
                None => assert_eq!(piece, Piece::LONE_SURROGATE),
            }
        }
    }
}
