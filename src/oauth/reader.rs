//! Reads an answer as it arrives, in any pieces.

use core::fmt;

use super::answer::{
    Answer, AnswerError, Denied, ErrorCode, Expiry, Grant, MemberFault, Outcome, RefreshToken, ServerTime,
};
use crate::dialect::{Answers, Dialect, Meaning, MemberRow, Purpose, first};
use crate::http::{self, ContentCoding, Head, HttpError, ResponseReader};
use crate::json::{self, Decimal, DuplicateMember, JsonErrorKind, NoDigits, Piece, Select, digits};
use crate::secret::{Secret, wipe};
use crate::store::{Slot, Slots, TokenStore};
use crate::time::{LAST_SECOND, UnixTime, parse_rfc3339};
use crate::words::Class;

/// How an answer is to be read. By default no texts are kept, and a body may have 8 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerOptions {
    /// Keep the scope that was granted, in the store.
    pub keep_scope: bool,
    /// Keep the server's words about a refusal, in the store. They may echo a password: not for a log.
    pub keep_server_text: bool,
    /// How long a JSON body may be, in bytes.
    pub body_limit: u32,
}

impl Default for AnswerOptions {
    fn default() -> Self {
        Self { keep_scope: false, keep_server_text: false, body_limit: 8 * 1024 }
    }
}

/// How far a reader has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Progress {
    /// More has to come, or the end of the connection.
    NeedMore,
    /// The answer is complete, or the rest of it changes nothing.
    Complete {
        /// How many bytes at the end of this input were not read. Where the whole message was read they belong to
        /// what follows it.
        unread: usize,
    },
}

/// Reads the answer to a token request, in any pieces, into a store.
///
/// Two entries: [`feed`](Self::feed) takes the raw bytes of an HTTP/1.1 response; where another stack has read HTTP,
/// [`status`](Self::status), [`field`](Self::field) and [`body`](Self::body) take what it gives. Either way no more of
/// the answer is held than the wanted members. The order of judgement: a redirect; 429 and 503, which are denied
/// whatever comes with them; a body that is no JSON object or array; then the JSON itself.
///
/// An answer lies behind the tokens in use until [`finish`](Self::finish) finds it whole and granted. Any other end,
/// dropping the reader included, wipes what it brought and leaves the tokens in use as they are. Nothing panics.
///
/// ```
/// use pos_token::{AnswerReader, Outcome, TokenStore, dialect::Purpose, provider};
/// let mut arena = [0; 512];
/// let mut store = TokenStore::new(&mut arena);
/// let mut reader = AnswerReader::new(&provider::OPEN_LOYALTY, Purpose::LogIn, &mut store);
/// reader.status(200)?;
/// reader.field("Date", "Mon, 16 Mar 2026 15:15:02 GMT")?;
/// let _progress = reader.body(br#"{"token":"eyJhbGciOi","refre"#)?;
/// let _progress = reader.body(br#"sh_token":"0558f8bb"}"#)?;
/// assert!(matches!(reader.finish()?.outcome, Outcome::Granted(_)));
/// assert_eq!(store.refresh_token().unwrap().expose(), b"0558f8bb");
/// # Ok::<(), pos_token::AnswerError>(())
/// ```
#[derive(Debug)]
pub struct AnswerReader<'a, 's, D: Dialect> {
    dialect: &'a D,
    store: &'a mut TokenStore<'s>,
    state: AnswerState,
}

impl<'a, 's, D: Dialect> AnswerReader<'a, 's, D> {
    /// For the answer to a request of this purpose.
    #[must_use]
    pub fn new(dialect: &'a D, purpose: Purpose, store: &'a mut TokenStore<'s>) -> Self {
        Self::with_options(dialect, purpose, AnswerOptions::default(), store)
    }

    /// The same with options.
    #[must_use]
    pub fn with_options(
        dialect: &'a D,
        purpose: Purpose,
        options: AnswerOptions,
        store: &'a mut TokenStore<'s>,
    ) -> Self {
        store.discard();
        Self { dialect, store, state: AnswerState::new(dialect, purpose, options) }
    }

    /// Takes the next raw bytes of the response. None change nothing: where the connection closes,
    /// [`finish`](Self::finish) finds out whether that was the answer's proper end.
    ///
    /// # Errors
    /// The first thing that is wrong with the answer, which every later call returns again; `OutOfOrder` after
    /// [`status`](Self::status).
    pub fn feed(&mut self, input: &[u8]) -> Result<Progress, AnswerError> {
        self.state.feed(self.dialect, self.store, input)
    }

    /// Another stack has read this status. That of an interim response, a 1xx, changes nothing; its fields are not to be
    /// given.
    ///
    /// # Errors
    /// `OutOfOrder` where the final status or raw bytes came before; `Http(BadStatusLine)` below 100 and above 999, as
    /// of a stack that had no answer.
    pub fn status(&mut self, status: u16) -> Result<(), AnswerError> {
        self.state.status(self.store, status)
    }

    /// Another stack has read this field. Those that matter are `Date`, `Retry-After` and `Content-Encoding`, in any
    /// case; all others are ignored, so that every field can be given. A content coding that the stack has undone
    /// already is not to be given.
    ///
    /// # Errors
    /// `OutOfOrder` before the status or after the first piece of the body.
    pub fn field(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<(), AnswerError> {
        self.state.field(self.store, name.as_ref(), value.as_ref())
    }

    /// Another stack has read this piece of the body. `Complete` says that the rest changes nothing.
    ///
    /// # Errors
    /// As [`feed`](Self::feed), `OutOfOrder` before the status.
    pub fn body(&mut self, piece: &[u8]) -> Result<Progress, AnswerError> {
        self.state.body(self.dialect, self.store, piece)
    }

    /// The status code, 0 before it is known. It stays known after an error.
    #[must_use]
    pub fn status_code(&self) -> u16 {
        self.state.head().status()
    }

    /// When to come back, where the server said so. It stays known after an error.
    #[must_use]
    pub fn retry_after(&self) -> Option<http::RetryAfter> {
        self.state.head().retry_after()
    }

    /// The access token as far as it has arrived, all of it once the answer is complete. It is not in use yet: who
    /// wants to verify it before it replaces the one in use does that here, and drops the reader where it is no good.
    /// `None` where the answer has no room in the store.
    #[must_use]
    pub fn access_token(&self) -> Option<Secret<'_>> {
        self.store.arriving_access_token()
    }

    /// What the answer comes to, now that it has ended; nothing of it is in use before [`finish`](Self::finish). One that
    /// is not complete ends here all the same, and takes no more.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub fn outcome(&mut self) -> Result<Outcome, AnswerError> {
        let outcome = self.state.outcome(self.dialect, self.store);
        match outcome {
            Ok(Outcome::NotAnApi) if matches!(self.state.phase, Phase::Fields | Phase::Body) => {
                self.state.phase = Phase::Settled(Early::NotAnApi);
            }
            Ok(_) => {}
            Err(error) => _ = self.state.fail(self.store, error),
        }
        outcome
    }

    /// The answer has ended: it is complete, or the connection is closed, or the other stack has no more of it.
    ///
    /// # Errors
    /// The error met before; that the message or the JSON in it is not complete; that it succeeds without a token.
    pub fn finish(mut self) -> Result<Answer, AnswerError> {
        self.state.finish(self.dialect, self.store)
    }
}

impl<D: Dialect> Drop for AnswerReader<'_, '_, D> {
    fn drop(&mut self) {
        self.store.discard();
    }
}

/// The state of an [`AnswerReader`]: plain data, for callers that keep dialect and store apart between calls. Each
/// function has to be given the same dialect and the same store.
#[derive(Clone)]
pub struct AnswerState {
    response: ResponseReader,
    json: json::Reader,
    select: Select,
    options: AnswerOptions,
    purpose: Purpose,
    grants: bool,
    phase: Phase,
    /// Bytes of the body so far, up to one more than the limit.
    body_len: u32,
    /// Whether the body has begun as JSON, whether a text for the store is being read, and whether its padding is.
    json_began: bool,
    in_text: bool,
    in_padding: bool,
    token_type_stated: bool,
    succeeded: Option<bool>,
    mfa_pending: Option<bool>,
    expiry: Expiry,
    issued_at: Option<UnixTime>,
    error: Option<ErrorCode>,
}

/// On the targets it has to leave room for two pointers and a check word in 256 bytes.
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<AnswerState>() <= 240);

/// Shows how far the reader has come, and nothing that it has read.
impl fmt::Debug for AnswerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerState")
            .field("phase", &self.phase)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Start,
    Raw,
    /// Another stack reads HTTP: the head is arriving, and then the body.
    Fields,
    Body,
    /// What the answer comes to is known before its end.
    Settled(Early),
    Failed(AnswerError),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Early {
    Redirected,
    Busy,
    Done,
    NotAnApi,
}

/// How an answer ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Early(Early),
    Json,
}

/// The fields that say how a body is framed.
const FRAMING: [&[u8]; 2] = [b"Content-Length", b"Transfer-Encoding"];

/// What stays in the store when an answer begins and when it grants nothing: all but the words of the one before.
const LASTING: Slots = TOKENS.with(Slot::PendingToken);

/// What an answer grants.
const TOKENS: Slots = Slots::NONE.with(Slot::AccessToken).with(Slot::RefreshToken).with(Slot::Scope);

impl AnswerState {
    /// For the answer to a request of this purpose.
    #[must_use]
    #[inline(always)] // So that it is made in its place.
    pub fn new<D: Dialect>(dialect: &D, purpose: Purpose, options: AnswerOptions) -> Self {
        let grants = first(dialect, purpose).is_none_or(|exchange| exchange.answer == Answers::Tokens);
        Self {
            response: ResponseReader::new(),
            json: json::Reader::new(),
            select: Select::NEW,
            options,
            purpose,
            grants,
            phase: Phase::Start,
            body_len: 0,
            json_began: false,
            in_text: false,
            in_padding: false,
            token_type_stated: false,
            succeeded: None,
            mfa_pending: None,
            expiry: Expiry::Unstated,
            issued_at: None,
            error: None,
        }
    }

    /// What is known of the response's head.
    #[must_use]
    pub const fn head(&self) -> &Head {
        self.response.head()
    }

    /// See [`AnswerReader::feed`].
    ///
    /// # Errors
    /// See there.
    pub fn feed<D: Dialect>(
        &mut self,
        dialect: &D,
        store: &mut TokenStore<'_>,
        input: &[u8],
    ) -> Result<Progress, AnswerError> {
        let mut rest = input;
        let result = match self.phase {
            Phase::Start | Phase::Raw => {
                if self.phase == Phase::Start {
                    store.settle(Slots::NONE, LASTING);
                    self.phase = Phase::Raw;
                }
                self.raw(dialect, store, &mut rest)
            }
            Phase::Settled(_) => Ok(true),
            Phase::Failed(error) => Err(error),
            Phase::Fields | Phase::Body => Err(AnswerError::OutOfOrder),
        };
        self.progress(store, result, rest.len())
    }

    /// See [`AnswerReader::status`].
    ///
    /// # Errors
    /// See there.
    pub fn status(&mut self, store: &mut TokenStore<'_>, status: u16) -> Result<(), AnswerError> {
        let error = match self.phase {
            Phase::Start if matches!(status, 100..=199) => return Ok(()),
            Phase::Start if matches!(status, 200..=999) => {
                store.settle(Slots::NONE, LASTING);
                *self.response.head_mut() = Head::new(status);
                self.phase = Phase::Fields;
                return Ok(());
            }
            Phase::Start => HttpError::BadStatusLine.into(),
            Phase::Failed(error) => return Err(error),
            _ => AnswerError::OutOfOrder,
        };
        Err(self.fail(store, error))
    }

    /// See [`AnswerReader::field`].
    ///
    /// # Errors
    /// See there.
    pub fn field(&mut self, store: &mut TokenStore<'_>, name: &[u8], value: &[u8]) -> Result<(), AnswerError> {
        match self.phase {
            // The framing is undone: what it says need not be true of the body any more.
            Phase::Fields if FRAMING.iter().any(|field| field.eq_ignore_ascii_case(name)) => Ok(()),
            Phase::Fields => match self.response.head_mut().field(name, value) {
                Ok(()) => Ok(()),
                Err(error) => Err(self.fail(store, error.into())),
            },
            Phase::Failed(error) => Err(error),
            _ => Err(self.fail(store, AnswerError::OutOfOrder)),
        }
    }

    /// See [`AnswerReader::body`].
    ///
    /// # Errors
    /// See there.
    pub fn body<D: Dialect>(
        &mut self,
        dialect: &D,
        store: &mut TokenStore<'_>,
        piece: &[u8],
    ) -> Result<Progress, AnswerError> {
        if self.phase == Phase::Fields {
            self.phase = Phase::Body;
            self.judge_head();
        }
        let result = match self.phase {
            Phase::Body => self.content(dialect, store, piece),
            Phase::Settled(_) => Ok(true),
            Phase::Failed(error) => Err(error),
            Phase::Start | Phase::Raw | Phase::Fields => Err(AnswerError::OutOfOrder),
        };
        self.progress(store, result, 0)
    }

    /// See [`AnswerReader::finish`]. The state is of no more use afterwards.
    ///
    /// # Errors
    /// See there.
    pub fn finish<D: Dialect>(&mut self, dialect: &D, store: &mut TokenStore<'_>) -> Result<Answer, AnswerError> {
        let outcome = match self.outcome(dialect, store) {
            Ok(outcome) => outcome,
            Err(error) => return Err(self.fail(store, error)),
        };
        match outcome {
            Outcome::Granted(grant) => {
                // What a refresh does not name is as it was (RFC 6749 sections 5.1 and 6).
                let mut kept = Slots::NONE;
                if grant.refresh_token == RefreshToken::Kept {
                    kept = kept.with(Slot::RefreshToken);
                }
                if self.purpose == Purpose::Refresh && self.options.keep_scope {
                    kept = kept.with(Slot::Scope);
                }
                store.settle(TOKENS, kept);
            }
            Outcome::MfaPending => store.settle(Slots::NONE.with(Slot::PendingToken), LASTING),
            // Words that do not fit are not kept in part.
            Outcome::Denied(_) if store.shortage().is_none() => {
                store.settle(Slots::NONE.with(Slot::ServerText), LASTING)
            }
            Outcome::Denied(_) | Outcome::Done | Outcome::NotAnApi | Outcome::Redirected => {
                store.settle(Slots::NONE, LASTING)
            }
        }
        let head = self.head();
        let from_date = head.date().map(|time| ServerTime { time, from_date: true });
        let answer = Answer {
            purpose: self.purpose,
            status: head.status(),
            outcome,
            retry_after: head.retry_after(),
            server_time: from_date.or(self.issued_at.map(|time| ServerTime { time, from_date: false })),
            // Where it is known early that nothing can be read, the rest stands in the way of another answer.
            reusable: self.response.reusable() && self.phase != Phase::Settled(Early::NotAnApi),
        };
        self.phase = Phase::Failed(AnswerError::OutOfOrder);
        Ok(answer)
    }

    #[inline(never)]
    fn fail(&mut self, store: &mut TokenStore<'_>, error: AnswerError) -> AnswerError {
        store.discard();
        self.forget();
        self.phase = Phase::Failed(error);
        error
    }

    fn progress(
        &mut self,
        store: &mut TokenStore<'_>,
        complete: Result<bool, AnswerError>,
        unread: usize,
    ) -> Result<Progress, AnswerError> {
        match complete {
            Ok(true) => Ok(Progress::Complete { unread }),
            Ok(false) => Ok(Progress::NeedMore),
            Err(error) => Err(self.fail(store, error)),
        }
    }

    /// `true`: the answer is complete or settled.
    fn raw<D: Dialect>(
        &mut self,
        dialect: &D,
        store: &mut TokenStore<'_>,
        input: &mut &[u8],
    ) -> Result<bool, AnswerError> {
        while let Some(event) = self.response.next(input)? {
            match event {
                http::Event::Head => self.judge_head(),
                http::Event::Body(piece) => match self.content(dialect, store, piece) {
                    Ok(_) => {}
                    // Of one type, so that it is not copied piecemeal.
                    failed => return failed,
                },
                http::Event::End => {}
            }
            if matches!(self.phase, Phase::Settled(_)) {
                // A message without content ends here, and the connection can be used again.
                self.response.next(&mut &[][..])?;
                return Ok(true);
            }
        }
        Ok(self.response.is_complete())
    }

    /// The head may tell all that there is to know.
    #[inline(never)]
    fn judge_head(&mut self) {
        let early = match self.head().status() {
            300..=399 => Early::Redirected,
            429 | 503 => Early::Busy,
            200..=299 if !self.grants => Early::Done,
            _ => return,
        };
        self.phase = Phase::Settled(early);
    }

    /// `true`: the answer is settled.
    fn content<D: Dialect>(
        &mut self,
        dialect: &D,
        store: &mut TokenStore<'_>,
        mut piece: &[u8],
    ) -> Result<bool, AnswerError> {
        // Of what lies behind the limit one byte is looked at, however many come at once.
        let limit = self.options.body_limit;
        let room = usize::try_from(limit.saturating_add(1).saturating_sub(self.body_len)).unwrap_or(usize::MAX);
        piece = piece.get(..room).unwrap_or(piece);
        self.body_len = self.body_len.saturating_add(u32::try_from(piece.len()).unwrap_or(u32::MAX));
        let members = dialect.members();
        loop {
            // Almost all members come so.
            if let Some(name) = self.json.plain_name(&mut piece)
                && self.member(dialect, store, members, name, &mut piece)?
            {
                continue;
            }
            // Most pieces end behind a value, and the reader need not be asked.
            if piece.is_empty() {
                break;
            }
            let next = self.json.next(&mut piece);
            let event = match &next {
                Ok(Some(event)) => event,
                Ok(None) => break,
                Err(error) if error.kind == JsonErrorKind::NotAContainer => {
                    self.phase = Phase::Settled(Early::NotAnApi);
                    return Ok(true);
                }
                Err(error) => return Err((*error).into()),
            };
            if !self.json_began {
                self.json_began = true;
                if self.head().content_length().is_some_and(|len| len > limit) {
                    return Err(AnswerError::BodyTooLong);
                }
                if self.head().content_coding() != ContentCoding::Identity {
                    return Err(AnswerError::ContentCoding);
                }
            }
            let found = self.select.follow(event, members);
            let index = found.map_err(|DuplicateMember| self.fault(MemberFault::Duplicate))?;
            if let Some(member) = index.and_then(|index| members.get(usize::from(index))) {
                self.value(dialect, store, member.meaning(), event).map_err(|fault| self.fault(fault))?;
            }
        }
        if self.body_len <= limit {
            return Ok(false);
        }
        if self.json_began {
            return Err(AnswerError::BodyTooLong);
        }
        // White space alone is as good as nothing, and must come to an end too.
        self.phase = Phase::Settled(Early::NotAnApi);
        Ok(true)
    }

    /// A member whose name was read at once: its value too, if it is all there, and a string without escapes or a number
    /// of digits. Of a token what there is is copied in one pass, and the string's reader looks at what is left. `true`:
    /// the value has ended.
    #[inline(always)]
    fn member<D: Dialect>(
        &mut self,
        dialect: &D,
        store: &mut TokenStore<'_>,
        members: &[D::Member],
        name: &[u8],
        rest: &mut &[u8],
    ) -> Result<bool, AnswerError> {
        let found = self.select.whole_name(name, members);
        let index = found.map_err(|DuplicateMember| self.fault(MemberFault::Duplicate))?;
        let meaning = index.and_then(|index| members.get(usize::from(index))).map(MemberRow::meaning);
        let taken = if let Some(slot) = meaning.and_then(token_slot) {
            self.token_ahead(store, slot, rest)
        } else {
            let event = self.json.plain_value(rest);
            if let (Some(meaning), Some(event)) = (meaning, &event) {
                self.value(dialect, store, meaning, event).map_err(|fault| self.fault(fault))?;
            }
            Ok(event.is_some())
        };
        taken.map_err(|fault| self.fault(fault))
    }

    fn fault(&self, fault: MemberFault) -> AnswerError {
        AnswerError::Member { fault, offset: self.json.start() }
    }

    /// Takes what belongs to the value of a member with this meaning.
    #[inline(never)]
    fn value<D: Dialect>(
        &mut self,
        dialect: &D,
        store: &mut TokenStore<'_>,
        meaning: Meaning,
        event: &json::Event<'_>,
    ) -> Result<(), MemberFault> {
        use Meaning as M;
        use json::Event as E;
        let (number, piece) = match (event, meaning) {
            (E::Text(piece), _) => (false, piece),
            (E::Number(piece), _) => (true, piece),
            (E::Bool(flag), M::Succeeded) => {
                self.succeeded = Some(*flag);
                return Ok(());
            }
            (E::Bool(flag), M::MfaPending) => {
                self.mfa_pending = Some(*flag);
                return Ok(());
            }
            (E::Null, _) => return Ok(()),
            _ => return of_another_type(meaning),
        };
        match (meaning, token_slot(meaning)) {
            (_, Some(slot)) if !number => self.token(store, slot, piece),
            (M::TokenType, _) if number => Ok(()),
            (M::ExpiresIn | M::ExpiresAt | M::IssuedAt | M::TokenType | M::ErrorCode, _) => {
                self.short(dialect, meaning, number, piece)
            }
            (M::Scope, _) if !number && self.options.keep_scope => self.text(store, Slot::Scope, piece),
            (M::ErrorText, _) if !number && self.options.keep_server_text => self.text(store, Slot::ServerText, piece),
            _ => of_another_type(meaning),
        }
    }

    fn token_ahead(&mut self, store: &mut TokenStore<'_>, slot: Slot, rest: &mut &[u8]) -> Result<bool, MemberFault> {
        match self.json.string_ahead(rest) {
            Some(text) if text.first().is_some_and(u8::is_ascii_alphanumeric) => {
                self.token_begins(store, slot)?;
                let behind = store.push(slot, text, Class::Token);
                let has_ended = self.json.taken(rest, behind);
                self.in_text = !has_ended;
                Ok(has_ended)
            }
            _ => Ok(false),
        }
    }

    fn token_begins(&mut self, store: &mut TokenStore<'_>, slot: Slot) -> Result<(), MemberFault> {
        self.in_text = true;
        self.in_padding = false;
        if store.begin(slot) { Ok(()) } else { Err(MemberFault::Duplicate) }
    }

    fn token(&mut self, store: &mut TokenStore<'_>, slot: Slot, piece: &Piece<'_>) -> Result<(), MemberFault> {
        if !self.in_text {
            self.token_begins(store, slot)?;
        }
        let text = piece.text().map_err(|_| MemberFault::NotText)?;
        let is_access = slot == Slot::AccessToken;
        let rest = if is_access && self.in_padding {
            text
        } else {
            store.push(slot, text, if is_access { Class::Token } else { Class::Visible })
        };
        if !rest.is_empty() {
            // Padding pads something, and nothing follows it.
            self.in_padding = is_access && store.arrived(slot);
            if !self.in_padding || rest.iter().any(|byte| *byte != b'=') {
                return Err(MemberFault::BadToken);
            }
            store.push(slot, rest, Class::Any);
        }
        if piece.last() {
            self.in_text = false;
            // A refresh token may be empty, which means none; RFC 6750 knows no empty access token.
            if slot == Slot::AccessToken && !store.arrived(slot) {
                return Err(MemberFault::BadToken);
            }
        }
        Ok(())
    }

    /// A text that the caller wants kept; of two with one meaning, the first.
    fn text(&mut self, store: &mut TokenStore<'_>, slot: Slot, piece: &Piece<'_>) -> Result<(), MemberFault> {
        let text = piece.text().map_err(|_| MemberFault::NotText)?;
        if self.in_text || store.begin(slot) {
            self.in_text = !piece.last();
            store.push(slot, text, Class::Any);
        }
        Ok(())
    }

    /// A short value. Unless it comes in one piece, it is put together where the response's reader has room to spare.
    #[inline(always)] // Most are taken where they stand.
    fn short<D: Dialect>(
        &mut self,
        dialect: &D,
        meaning: Meaning,
        number: bool,
        piece: &Piece<'_>,
    ) -> Result<(), MemberFault> {
        let text = piece.text().map_err(|_| MemberFault::NotText)?;
        if piece.last() && self.response.spare_text().is_empty() {
            self.meant(dialect, meaning, number, text)
        } else {
            self.piece_of_short(dialect, meaning, number, text, piece.last())
        }
    }

    /// The same of one that comes in pieces.
    #[inline(never)] // Few do, and the room that it takes of the stack is not small.
    fn piece_of_short<D: Dialect>(
        &mut self,
        dialect: &D,
        meaning: Meaning,
        number: bool,
        text: &[u8],
        last: bool,
    ) -> Result<(), MemberFault> {
        let room = self.response.spare_text();
        for byte in text {
            let _full = room.push(*byte);
        }
        if !last {
            return Ok(());
        }
        let mut collected = [0; http::MAX_TEXT];
        let (collected, _) = collected.split_at_mut_checked(room.len()).unwrap_or_default();
        for (to, from) in collected.iter_mut().zip(room.iter()) {
            *to = *from;
        }
        self.forget();
        self.meant(dialect, meaning, number, collected)
    }

    fn forget(&mut self) {
        let room = self.response.spare_text();
        wipe(room.as_mut_slice());
        room.clear();
    }

    /// What a whole short value says.
    #[inline(never)]
    fn meant<D: Dialect>(
        &mut self,
        dialect: &D,
        meaning: Meaning,
        number: bool,
        text: &[u8],
    ) -> Result<(), MemberFault> {
        // What fills the room that there is may lack its end, and is none of the texts and numbers that are known.
        let text = Some(text).filter(|text| text.len() < http::MAX_TEXT);
        match (meaning, number) {
            (Meaning::ErrorCode, _) => {
                let is_one = text != Some(&[]) && (text.is_none() || dialect.settings().success_code != text);
                if is_one && self.error.is_none() {
                    // What is too long is none that is known.
                    ErrorCode::read_into(text.unwrap_or_default(), &mut self.error);
                }
            }
            (_, true) => self.number(meaning, text)?,
            (Meaning::ExpiresIn, _) => self.expiry = Expiry::In(digits(text.ok_or(MemberFault::OutOfRange)?)?),
            (Meaning::ExpiresAt, _) => {
                let time = text.and_then(|text| parse_rfc3339(text, dialect.settings().missing_zone).ok());
                self.expires_at(time.ok_or(MemberFault::BadDate)?);
            }
            (Meaning::IssuedAt, _) => {
                let seconds = text.and_then(|text| digits(text).ok());
                self.issued_at = seconds.map(|seconds| UnixTime::from_seconds(i64::from(seconds)));
            }
            _ => {
                let scheme = dialect.settings().authorization_scheme;
                let usable = |text: &[u8]| text.is_empty() || text.eq_ignore_ascii_case(scheme);
                let text = text.filter(|text| usable(text)).ok_or(MemberFault::TokenType)?;
                self.token_type_stated |= !text.is_empty();
            }
        }
        Ok(())
    }

    fn number(&mut self, meaning: Meaning, text: Option<&[u8]>) -> Result<(), MemberFault> {
        // Most are short and whole.
        let floor = text.and_then(|text| match digits(text) {
            Ok(number) => Some(number.into()),
            Err(_) => {
                let mut decimal = Decimal::default();
                decimal.push(text);
                Some(decimal.finish()?.floor)
            }
        });
        match meaning {
            // A hint beyond that counts something else, such as milliseconds.
            Meaning::IssuedAt => {
                self.issued_at = floor.filter(|seconds| *seconds <= LAST_SECOND).map(UnixTime::from_seconds);
            }
            Meaning::ExpiresIn => {
                let seconds = floor.and_then(|seconds| u32::try_from(seconds).ok());
                self.expiry = Expiry::In(seconds.ok_or(MemberFault::OutOfRange)?);
            }
            _ => self.expires_at(UnixTime::from_seconds(floor.ok_or(MemberFault::OutOfRange)?)),
        }
        Ok(())
    }

    /// A lifetime is worth more than a moment, since it needs no clock.
    fn expires_at(&mut self, time: UnixTime) {
        if self.expiry == Expiry::Unstated {
            self.expiry = Expiry::At(time);
        }
    }

    fn outcome<D: Dialect>(&mut self, dialect: &D, store: &TokenStore<'_>) -> Result<Outcome, AnswerError> {
        match self.end()? {
            End::Early(Early::Redirected) => return Ok(Outcome::Redirected),
            End::Early(Early::Busy) => return Ok(Outcome::Denied(Denied { error: None, retryable: true })),
            End::Early(Early::Done) => return Ok(Outcome::Done),
            End::Early(Early::NotAnApi) => return Ok(Outcome::NotAnApi),
            End::Json => {}
        }
        if !self.succeeds() {
            return Ok(Outcome::Denied(self.denied(dialect, self.head().status())));
        }
        let token = store.arrived(Slot::AccessToken);
        let pending = store.arrived(Slot::PendingToken);
        let outcome = match (self.mfa_pending, token, pending) {
            (Some(true), true, _) | (None, true, true) => return Err(AnswerError::TokenAndMfa),
            (Some(true), false, false) => return Err(AnswerError::NoPendingToken),
            (Some(true) | None, false, true) => Outcome::MfaPending,
            (_, true, _) => Outcome::Granted(self.grant(store)),
            (_, false, _) => return Err(AnswerError::NoToken),
        };
        match store.shortage() {
            Some(needed) => Err(AnswerError::StoreTooSmall { needed }),
            None => Ok(outcome),
        }
    }

    /// Whether the answer, which has ended, grants the token that arrived, if one did; for C, which asks for no more
    /// before [`finish`](Self::finish).
    #[doc(hidden)]
    pub fn grants(&mut self, store: &TokenStore<'_>) -> bool {
        let is_waiting = self.mfa_pending.unwrap_or_else(|| store.arrived(Slot::PendingToken));
        matches!(self.end(), Ok(End::Json)) && self.succeeds() && !is_waiting
    }

    /// The end of the message, and of the JSON in it.
    fn end(&mut self) -> Result<End, AnswerError> {
        match self.phase {
            Phase::Failed(error) => return Err(error),
            Phase::Start | Phase::Raw => self.response.end_of_input()?,
            Phase::Fields => self.judge_head(),
            Phase::Body | Phase::Settled(_) => {}
        }
        if let Phase::Settled(early) = self.phase {
            return Ok(End::Early(early));
        }
        if !self.json_began {
            return Ok(End::Early(Early::NotAnApi));
        }
        self.json.finish()?;
        Ok(End::Json)
    }

    /// Whether nothing in the answer refuses what was asked for.
    fn succeeds(&self) -> bool {
        (200..=299).contains(&self.head().status()) && self.succeeded != Some(false) && self.error.is_none()
    }

    #[inline(always)] // It is made where the answer is.
    fn grant(&self, store: &TokenStore<'_>) -> Grant {
        let refresh_token = if store.arrived(Slot::RefreshToken) {
            RefreshToken::Replaced
        } else if self.purpose == Purpose::Refresh && store.refresh_token().is_some() {
            RefreshToken::Kept
        } else {
            RefreshToken::Absent
        };
        Grant { expiry: self.expiry, refresh_token, token_type_stated: self.token_type_stated }
    }

    fn denied<D: Dialect>(&self, dialect: &D, status: u16) -> Denied {
        let retryable = match self.error {
            Some(ErrorCode::ServerError | ErrorCode::TemporarilyUnavailable) => true,
            Some(ErrorCode::Provider(code)) if is_transient(dialect, code.as_bytes()) => true,
            // Above 599 there are none, and those count as 5xx (RFC 9110 section 15).
            None | Some(ErrorCode::Provider(_) | ErrorCode::Other) => matches!(status, 408 | 425 | 500..),
            Some(_) => false,
        };
        Denied { error: self.error, retryable }
    }
}

/// Where a token with this meaning goes.
const fn token_slot(meaning: Meaning) -> Option<Slot> {
    match meaning {
        Meaning::AccessToken => Some(Slot::AccessToken),
        Meaning::RefreshToken => Some(Slot::RefreshToken),
        Meaning::PendingToken => Some(Slot::PendingToken),
        _ => None,
    }
}

/// What a value comes to that is of another type than a member with this meaning has.
const fn of_another_type(meaning: Meaning) -> Result<(), MemberFault> {
    use Meaning as M;
    match meaning {
        // Hints.
        M::TokenType | M::Scope | M::IssuedAt | M::ErrorCode | M::ErrorText => Ok(()),
        _ => Err(MemberFault::WrongType),
    }
}

fn is_transient<D: Dialect>(dialect: &D, code: &[u8]) -> bool {
    (0..).map_while(|index| dialect.transient_code(index)).any(|transient| transient == code)
}

impl From<NoDigits> for MemberFault {
    fn from(error: NoDigits) -> Self {
        match error {
            NoDigits::Other => Self::WrongType,
            NoDigits::TooLarge => Self::OutOfRange,
        }
    }
}
