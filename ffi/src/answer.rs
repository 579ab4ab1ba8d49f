//! What came back.

use core::ffi::c_char;
use core::mem::MaybeUninit;
use core::ptr::from_ref;

use pos_token_core::dialect::Purpose;
use pos_token_core::http::{Head, RetryAfter};
use pos_token_core::json::JsonError;
use pos_token_core::time::UnixTime;
use pos_token_core::{
    Answer, AnswerError, AnswerOptions, AnswerState, Denied, ErrorCode, Expiry, Grant, Outcome, Progress, RefreshToken,
    ServerTime, TokenStore,
};

use crate::known::Known;
use crate::provider::{Table, pos_token_provider};
use crate::span::{Contract, Place, Range, Reading, pos_token_span, wipe};
use crate::status::{Fault, opened, pos_token_status, report};
use crate::store::{Store, pos_token_store};
use crate::vocabulary as read;
use crate::vocabulary::verdict_number;

/// Says that an object of this type was initialised.
const MAGIC: u32 = 0x7041_6e02;

/// Keep the scope that was granted, in the store.
pub const POS_TOKEN_KEEP_SCOPE: u32 = 1;

/// Keep the server's words about a refusal, in the store. They may echo a password: not for a log.
pub const POS_TOKEN_KEEP_SERVER_TEXT: u32 = 2;

/// How an answer is to be read. All of it 0 is as good as none.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_answer_options {
    /// How long a JSON body may be, in bytes; 0: 8,192.
    pub body_limit: u32,
    /// POS_TOKEN_KEEP_SCOPE, POS_TOKEN_KEEP_SERVER_TEXT, both or neither.
    pub flags: u32,
}

/// An answer that is arriving. Its members are private. At most 256 bytes on a 32-bit target; it may be copied before
/// it is used, and holds no pointer into itself.
#[repr(C)]
#[derive(Debug)]
pub struct pos_token_answer {
    /// Private.
    pub magic: u32,
    /// Private.
    pub offset: u32,
    /// Private.
    pub provider: *const pos_token_provider,
    /// Private.
    pub store: *mut pos_token_store,
    /// Private.
    pub state: [MaybeUninit<u64>; 30],
}

const _: () = assert!(size_of::<AnswerState>() <= 240 && align_of::<AnswerState>() <= align_of::<u64>());
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<pos_token_answer>() <= 256);

/// What an answer comes to.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_outcome {
    /// The tokens are in the store, in use.
    POS_TOKEN_OUTCOME_GRANTED = 1,
    /// An exchange that grants no token succeeded: a log-out, a revocation. Tokens in use stay in the store until it is
    /// wiped.
    POS_TOKEN_OUTCOME_DONE = 2,
    /// A code is still missing; the pending token is in the store. Tokens in use stay there.
    POS_TOKEN_OUTCOME_MFA_PENDING = 3,
    /// The server refuses.
    POS_TOKEN_OUTCOME_DENIED = 4,
    /// What answered is no API: the body is empty or neither a JSON object nor an array, as from a captive portal, a
    /// proxy or a firewall. The rest of it was not read.
    POS_TOKEN_OUTCOME_NOT_AN_API = 5,
    /// A redirect, which is never followed: credentials go where they were meant to go.
    POS_TOKEN_OUTCOME_REDIRECTED = 6,
}

/// How a pos_token_when tells a time.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_when_kind {
    /// After so many `seconds`.
    POS_TOKEN_WHEN_IN = 1,
    /// At this moment of the server's clock.
    POS_TOKEN_WHEN_AT = 2,
}

/// What became of the refresh token in the store.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_refresh_fate {
    /// There is none: the answer brought none, and where this was a new log-in, an older one was dropped.
    POS_TOKEN_REFRESH_ABSENT = 1,
    /// The answer to a refresh brought none, so the one in use stays.
    POS_TOKEN_REFRESH_KEPT = 2,
    /// The answer's own is in use.
    POS_TOKEN_REFRESH_REPLACED = 3,
}

/// Where the server's time comes from.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_time_source {
    /// `Date`.
    POS_TOKEN_TIME_SOURCE_DATE = 1,
    /// The member for the time of issue.
    POS_TOKEN_TIME_SOURCE_ISSUED_AT = 2,
}

/// A time as a server tells it.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct pos_token_when {
    /// POS_TOKEN_WHEN_AT: seconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// POS_TOKEN_WHEN_IN: so many seconds, of an expiry counted from when the request was begun, of a pause from when
    /// the answer came.
    pub seconds: u32,
    /// One of pos_token_when_kind; 0: the server did not tell.
    pub kind: u32,
}

/// A complete answer. It points at nothing; the tokens are in the store.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct pos_token_result {
    /// When to come back.
    pub retry_after: pos_token_when,
    /// When a granted token expires, as the answer's own members tell; a JWT itself may tell more.
    pub expiry: pos_token_when,
    /// What the server's clock showed, in seconds since 1970-01-01T00:00:00Z.
    pub server_time: i64,
    /// Where that comes from: one of pos_token_time_source; 0: the answer does not tell.
    pub server_time_source: u32,
    /// What the answer comes to: one of pos_token_outcome.
    pub outcome: u32,
    /// What a till does next: one of pos_token_verdict.
    pub verdict: u32,
    /// 0 of a success; else one of the 5xx of pos_token_status_code, which a cashier can read out over the phone.
    pub short_code: u32,
    /// What became of the refresh token: one of pos_token_refresh_fate; 0 where no token was granted.
    pub refresh_token: u32,
    /// The status code of HTTP.
    pub http_status: u16,
    /// Whether the answer named the token's type.
    pub token_type_stated: bool,
    /// Whether a refused request may be granted later.
    pub retryable: bool,
    /// Whether the connection can carry another request. Always false where another stack did the framing.
    pub reusable: bool,
    /// The provider's own error code: letters, digits and `_.-`, ended by a NUL. Empty where there is none, and where
    /// it is one of RFC 6749's, which `short_code` tells.
    pub error_code: [c_char; 17],
    /// What the answer was to: one of pos_token_purpose.
    pub purpose: u8,
    /// Private.
    pub reserved: [u8; 5],
}

pub(crate) fn when(time: Option<RetryAfter>) -> pos_token_when {
    let (kind, seconds, at) = match time {
        None => (0, 0, 0),
        Some(RetryAfter::Seconds(seconds)) => (kind(pos_token_when_kind::POS_TOKEN_WHEN_IN), seconds, 0),
        Some(RetryAfter::At(time)) => (kind(pos_token_when_kind::POS_TOKEN_WHEN_AT), 0, time.seconds()),
    };
    pos_token_when { at, seconds, kind }
}

#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
const fn kind(kind: pos_token_when_kind) -> u32 {
    kind as u32
}

impl pos_token_result {
    /// What the answer comes to, made in its place: it is large.
    #[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
    #[inline(never)]
    pub(crate) fn write(answer: &Answer, place: &mut MaybeUninit<Self>) {
        use pos_token_outcome as O;
        use pos_token_refresh_fate as R;
        use pos_token_time_source as T;
        let result = place.write(Self {
            retry_after: when(answer.retry_after),
            expiry: when(None),
            server_time: answer.server_time.map_or(0, |server| server.time.seconds()),
            server_time_source: match answer.server_time {
                None => 0,
                Some(server) if server.from_date => T::POS_TOKEN_TIME_SOURCE_DATE as u32,
                Some(_) => T::POS_TOKEN_TIME_SOURCE_ISSUED_AT as u32,
            },
            outcome: 0,
            verdict: verdict_number(answer.verdict()),
            short_code: answer.code().into(),
            refresh_token: 0,
            http_status: answer.status,
            token_type_stated: false,
            retryable: false,
            reusable: answer.reusable,
            error_code: [0; 17],
            purpose: answer.purpose as u8,
            reserved: [0; 5],
        });
        let outcome = match &answer.outcome {
            Outcome::Granted(grant) => {
                result.expiry = when(match grant.expiry {
                    Expiry::Unstated => None,
                    Expiry::In(seconds) => Some(RetryAfter::Seconds(seconds)),
                    Expiry::At(time) => Some(RetryAfter::At(time)),
                });
                result.refresh_token = match grant.refresh_token {
                    RefreshToken::Absent => R::POS_TOKEN_REFRESH_ABSENT,
                    RefreshToken::Kept => R::POS_TOKEN_REFRESH_KEPT,
                    RefreshToken::Replaced => R::POS_TOKEN_REFRESH_REPLACED,
                } as u32;
                result.token_type_stated = grant.token_type_stated;
                O::POS_TOKEN_OUTCOME_GRANTED
            }
            Outcome::Done => O::POS_TOKEN_OUTCOME_DONE,
            Outcome::MfaPending => O::POS_TOKEN_OUTCOME_MFA_PENDING,
            Outcome::Denied(denied) => {
                result.retryable = denied.retryable;
                if let Some(ErrorCode::Provider(code)) = &denied.error {
                    let (_, room) = result.error_code.split_last_mut().unwrap_or((&mut 0, &mut []));
                    for (to, from) in room.iter_mut().zip(code.as_bytes().iter().take_while(|byte| **byte != 0)) {
                        // ASCII, which is the same whether a char has a sign or not.
                        *to = c_char::from_ne_bytes([*from]);
                    }
                }
                O::POS_TOKEN_OUTCOME_DENIED
            }
            Outcome::NotAnApi => O::POS_TOKEN_OUTCOME_NOT_AN_API,
            Outcome::Redirected => O::POS_TOKEN_OUTCOME_REDIRECTED,
        };
        result.outcome = outcome as u32;
    }
}

/// The core's form of a time, which C may have made of anything.
pub(crate) fn told(when: &pos_token_when) -> Result<Option<RetryAfter>, Fault> {
    use pos_token_when_kind as K;
    match when.kind {
        0 => Ok(None),
        number if number == kind(K::POS_TOKEN_WHEN_IN) => Ok(Some(RetryAfter::Seconds(when.seconds))),
        number if number == kind(K::POS_TOKEN_WHEN_AT) => Ok(Some(RetryAfter::At(UnixTime::from_seconds(when.at)))),
        _ => Err(Fault::INVALID_ENUM),
    }
}

/// A flag that C may have made of anything.
///
/// # Safety
/// It is good for reading.
unsafe fn flag(flag: *const bool) -> bool {
    // SAFETY: the caller's promise, and any byte is a number.
    unsafe { flag.cast::<u8>().read() != 0 }
}

/// The core's answer again, of a result that C gives back. All of it is there but the verdict, which follows from the
/// rest, and the provider's code where that has no text to show.
#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
pub(crate) fn answered(reading: &Reading<'_>, result: *const pos_token_result) -> Result<Answer, Fault> {
    use pos_token_outcome as O;
    use pos_token_refresh_fate as R;
    use pos_token_time_source as T;
    let given = reading.object(result)?;
    // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
    let (stated, retryable, reusable) = unsafe {
        let flags = (&raw const (*result).token_type_stated, &raw const (*result).retryable);
        (flag(flags.0), flag(flags.1), flag(&raw const (*result).reusable))
    };
    let outcome = match given.outcome {
        number if number == O::POS_TOKEN_OUTCOME_GRANTED as u32 => Outcome::Granted(Grant {
            expiry: match told(&given.expiry)? {
                None => Expiry::Unstated,
                Some(RetryAfter::Seconds(seconds)) => Expiry::In(seconds),
                Some(RetryAfter::At(time)) => Expiry::At(time),
            },
            refresh_token: match given.refresh_token {
                number if number == R::POS_TOKEN_REFRESH_ABSENT as u32 => RefreshToken::Absent,
                number if number == R::POS_TOKEN_REFRESH_KEPT as u32 => RefreshToken::Kept,
                number if number == R::POS_TOKEN_REFRESH_REPLACED as u32 => RefreshToken::Replaced,
                _ => return Err(Fault::INVALID_ENUM),
            },
            token_type_stated: stated,
        }),
        number if number == O::POS_TOKEN_OUTCOME_DONE as u32 => Outcome::Done,
        number if number == O::POS_TOKEN_OUTCOME_MFA_PENDING as u32 => Outcome::MfaPending,
        number if number == O::POS_TOKEN_OUTCOME_DENIED as u32 => {
            Outcome::Denied(Denied { error: error(given)?, retryable })
        }
        number if number == O::POS_TOKEN_OUTCOME_NOT_AN_API as u32 => Outcome::NotAnApi,
        number if number == O::POS_TOKEN_OUTCOME_REDIRECTED as u32 => Outcome::Redirected,
        _ => return Err(Fault::INVALID_ENUM),
    };
    let from_date = match given.server_time_source {
        0 => None,
        number if number == T::POS_TOKEN_TIME_SOURCE_DATE as u32 => Some(true),
        number if number == T::POS_TOKEN_TIME_SOURCE_ISSUED_AT as u32 => Some(false),
        _ => return Err(Fault::INVALID_ENUM),
    };
    Ok(Answer {
        purpose: read::purpose(given.purpose).ok_or(Fault::INVALID_ENUM)?,
        status: given.http_status,
        outcome,
        retry_after: told(&given.retry_after)?,
        server_time: from_date
            .map(|from_date| ServerTime { time: UnixTime::from_seconds(given.server_time), from_date }),
        reusable,
    })
}

/// The server's code: the short code says which of the standard's it is.
fn error(given: &pos_token_result) -> Result<Option<ErrorCode>, Fault> {
    Ok(match given.short_code {
        510 | 511 => None,
        522 => {
            // SAFETY: the same bytes, whether a char has a sign or not.
            let text = unsafe { &*from_ref(&given.error_code).cast::<[u8; 17]>() };
            text.split(|byte| *byte == 0).next().map(ErrorCode::read)
        }
        code => Some(ErrorCode::of_code(code).ok_or(Fault::INVALID_ENUM)?),
    })
}

/// An answer that is initialised, and its store.
pub(crate) struct Arriving {
    contract: Contract,
    home: *mut pos_token_answer,
    store: Store,
}

impl Arriving {
    /// What is told of it goes to a place that is no part of it.
    #[inline(never)]
    pub(crate) fn new(contract: Contract, answer: *const pos_token_answer, told: Range) -> Result<Self, Fault> {
        let home = Range::of(answer, 1)?;
        // SAFETY: not NULL and aligned; the rest is the contract.
        let (magic, store) = unsafe { ((*answer).magic, (*answer).store) };
        if magic != MAGIC {
            return Err(Fault::NOT_INITIALISED);
        }
        let store = Store::new(contract, store)?;
        let [first, second] = store.ranges();
        // One by one: of an array it takes longer, and this is done with each piece of an answer.
        let apart = !home.overlaps(first) && !home.overlaps(second);
        if !apart || told.overlaps(home) || told.overlaps(first) || told.overlaps(second) {
            return Err(Fault::OVERLAP);
        }
        Ok(Self { contract, home: answer.cast_mut(), store })
    }

    /// What it takes, its store and the store's buffer.
    fn written(&self) -> [Range; 3] {
        let [store, buffer] = self.store.ranges();
        [Range::known(self.home, 1), store, buffer]
    }

    pub(crate) fn head(&self) -> &Head {
        // SAFETY: it is initialised, so there is a state; the rest is the contract.
        let state = unsafe { &*(&raw const (*self.home).state).cast::<AnswerState>() };
        state.head()
    }

    /// Has something done with the state, and keeps what an error says besides its status.
    fn with<R>(
        &mut self,
        work: impl FnOnce(&mut AnswerState, &mut TokenStore<'_>) -> Result<R, AnswerError>,
    ) -> Result<R, Fault> {
        // SAFETY: it is initialised, so there is a state; the rest is the contract.
        let state = unsafe { &mut *(&raw mut (*self.home).state).cast::<AnswerState>() };
        self.store.with(|store| work(state, store)).map_err(|error| self.failed(error))
    }

    #[inline(never)]
    fn failed(&mut self, error: AnswerError) -> Fault {
        match error {
            AnswerError::StoreTooSmall { needed } => self.store.note_needed(needed),
            AnswerError::Member { offset, .. } | AnswerError::Json(JsonError { offset, .. }) => {
                // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
                unsafe { (*self.home).offset = offset }
            }
            _ => {}
        }
        error.into()
    }

    // Each step is a function of its own, so that firmware whose own stack does HTTP links no reader of it.

    /// How much was not read is told in a place that is no part of this.
    #[inline(never)]
    pub(crate) fn feed(&mut self, input: pos_token_span, unread: Range) -> Result<Progress, Fault> {
        let written = self.written();
        let reading = self.contract.writing(&written);
        reading.check(unread)?;
        let input = reading.text(input)?;
        let table = self.table();
        self.with(|state, store| state.feed(&table, store, input))
    }

    #[inline(never)]
    fn status(&mut self, status: u16) -> Result<(), Fault> {
        self.with(|state, store| state.status(store, status))
    }

    #[inline(never)]
    fn field(&mut self, name: pos_token_span, value: pos_token_span) -> Result<(), Fault> {
        let written = self.written();
        let reading = self.contract.writing(&written);
        let (name, value) = (reading.text(name)?, reading.text(value)?);
        self.with(|state, store| state.field(store, name, value))
    }

    #[inline(never)]
    fn body(&mut self, piece: pos_token_span) -> Result<Progress, Fault> {
        let written = self.written();
        let reading = self.contract.writing(&written);
        let piece = reading.text(piece)?;
        let table = self.table();
        self.with(|state, store| state.body(&table, store, piece))
    }

    /// The access token that the answer, which has ended, grants; absent where it grants none.
    pub(crate) fn granted(&mut self) -> pos_token_span {
        match self.with(|state, store| Ok(state.grants(store))) {
            Ok(true) => self.store.arriving_access_token(),
            _ => pos_token_span::ABSENT,
        }
    }

    /// The answer is of no more use afterwards, whatever comes of this. `kept` says whether the connection could carry
    /// another request as far as the caller knows.
    #[inline(never)]
    pub(crate) fn finish(mut self, place: Place<pos_token_result>, kept: bool) -> Result<(), Fault> {
        let table = self.table();
        let mut result = self.with(|state, store| state.finish(&table, store));
        self.wipe();
        match &mut result {
            Ok(answer) => {
                answer.reusable &= kept;
                place.make(|result| pos_token_result::write(answer, result));
                Ok(())
            }
            Err(fault) => Err(*fault),
        }
    }

    /// Wipes what the answer brought, and the answer.
    pub(crate) fn wipe(mut self) {
        self.store.with(|store| store.discard());
        // SAFETY: not NULL and aligned, as was checked; without its magic number no state is read from it.
        unsafe { wipe(self.home) }
    }

    fn table(&self) -> Known<'static> {
        // SAFETY: it was found good when the answer was initialised, and stays unchanged, which is the contract.
        unsafe { Known::new((*self.home).provider) }
    }
}

/// Wipes an answer unless it is wiped already.
#[inline(never)]
pub(crate) fn give_up(contract: Contract, answer: *mut pos_token_answer) {
    if let Ok(arriving) = Arriving::new(contract, answer, Range::NONE) {
        arriving.wipe();
    }
}

/// [`pos_token_answer_init`], and what else is written to while the answer arrives.
#[inline(never)]
pub(crate) fn init(
    contract: Contract,
    answer: *mut pos_token_answer,
    provider: *const pos_token_provider,
    purpose: u32,
    options: *const pos_token_answer_options,
    store: *mut pos_token_store,
    meanwhile: &[Range; 2],
) -> Result<(), Fault> {
    let place = Place::new(contract, answer)?;
    let mut lent = Store::new(contract, store)?;
    let [first, second] = lent.ranges();
    place.range().clear_of(&[first, second])?;
    let [third, fourth] = *meanwhile;
    let written = [place.range(), first, second, third, fourth];
    let reading = contract.writing(&written);
    let mut table = Table::new(provider, reading);
    opened(&mut table)?.check_answers()?;
    // SAFETY: it was found good, and nothing changes it.
    let table = unsafe { Known::new(provider) };
    let purpose = read::purpose(u8::try_from(purpose).unwrap_or(0)).ok_or(Fault::INVALID_ENUM)?;
    let mut chosen = AnswerOptions::default();
    if let Some(options) = reading.optional(options)? {
        if options.flags & !(POS_TOKEN_KEEP_SCOPE | POS_TOKEN_KEEP_SERVER_TEXT) != 0 {
            return Err(Fault::INVALID_ENUM);
        }
        chosen.keep_scope = options.flags & POS_TOKEN_KEEP_SCOPE != 0;
        chosen.keep_server_text = options.flags & POS_TOKEN_KEEP_SERVER_TEXT != 0;
        if options.body_limit != 0 {
            chosen.body_limit = options.body_limit;
        }
    }
    lent.with(|store| store.discard());
    // SAFETY: not NULL and aligned, as was checked, and there is room for a state, as is proven above; the rest is the
    // contract. Member by member, so that none is made elsewhere first.
    unsafe {
        begin(&mut *(&raw mut (*answer).state).cast(), &table, purpose, chosen);
        (*answer).magic = MAGIC;
        (*answer).offset = 0;
        (*answer).provider = provider;
        (*answer).store = store;
    }
    Ok(())
}

/// A function of its own, whose argument nothing else points to: so the state is made in its place.
#[inline(never)]
fn begin(state: &mut MaybeUninit<AnswerState>, table: &Known<'_>, purpose: Purpose, options: AnswerOptions) {
    state.write(AnswerState::new(table, purpose, options));
}

/// Begins to read the answer to a request of this purpose, into a store. `options` may be NULL. What an earlier answer
/// left unfinished in the store is wiped; the tokens in use stay.
///
/// Then either pos_token_answer_feed() takes the raw bytes of the HTTP response; or, where another stack has read
/// HTTP, pos_token_answer_status(), pos_token_answer_field() and pos_token_answer_body() take what it gives. At the
/// end comes pos_token_answer_finish(). To give up in between, call pos_token_answer_wipe(). Until then the store has to
/// stay, the provider with all that it points to has to stay unchanged, and no other answer can use the store.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_OVERLAP`, `POS_TOKEN_INVALID_ENUM`, `POS_TOKEN_NOT_INITIALISED` of the store, `POS_TOKEN_INVALID_TABLE`.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// pos_token_status receive(pos_token_store *store, size_t (*read)(uint8_t *buf, size_t len),
///                          pos_token_result *result) {
///     pos_token_answer answer;
///     pos_token_status status = pos_token_answer_init(&answer, &POS_TOKEN_ZYPE,
///                                                     POS_TOKEN_PURPOSE_LOG_IN, NULL, store);
///     bool complete = false;
///     while (status == POS_TOKEN_OK && !complete) {
///         uint8_t buf[63];
///         size_t len = read(buf, sizeof buf);
///         if (len == 0) {
///             break; // the connection is closed
///         }
///         status = pos_token_answer_feed(&answer, pos_token_bytes(buf, len), &complete, NULL);
///     }
///     if (status != POS_TOKEN_OK) {
///         (void)pos_token_answer_wipe(&answer);
///         return status;
///     }
///     return pos_token_answer_finish(&answer, result);
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_answer_init(
    answer: *mut pos_token_answer,
    provider: *const pos_token_provider,
    purpose: u32,
    options: *const pos_token_answer_options,
    store: *mut pos_token_store,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| init(contract, answer, provider, purpose, options, store, &[Range::NONE; 2]))
}

/// Takes the next raw bytes of the response, as many as there are. `*complete` says whether the answer is complete, or
/// the rest of it changes nothing. `unread` may be NULL; it takes how many bytes at the end were not read, which
/// belong to what follows the message.
///
/// \return `POS_TOKEN_OK`; the first thing that is wrong with the answer, which every later call returns again: one of
/// `POS_TOKEN_HTTP_*`, `POS_TOKEN_JSON_*`, `POS_TOKEN_MEMBER_*`, `POS_TOKEN_ANSWER_TOO_LONG`,
/// `POS_TOKEN_ANSWER_CONTENT_CODING`, without `POS_TOKEN_HTTP_TRUNCATED`, `POS_TOKEN_HTTP_NO_RESPONSE`,
/// `POS_TOKEN_JSON_TRUNCATED`, `POS_TOKEN_JSON_NOT_A_CONTAINER`; `POS_TOKEN_OUT_OF_ORDER` where another stack's status
/// came before; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`,
/// `POS_TOKEN_NOT_INITIALISED`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_answer_feed(
    answer: *mut pos_token_answer,
    input: pos_token_span,
    complete: *mut bool,
    unread: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let complete = Place::new_inlined(contract, complete)?;
        let unread = if unread.is_null() { None } else { Some(Place::new_inlined(contract, unread)?) };
        let (first, second) = (complete.range(), unread.map_or(Range::NONE, |unread| unread.range()));
        if first.overlaps(second) {
            return Err(Fault::OVERLAP);
        }
        let (whole, rest) = match Arriving::new(contract, answer, first)?.feed(input, second)? {
            Progress::NeedMore => (false, 0),
            Progress::Complete { unread } => (true, unread),
        };
        complete.put(whole);
        if let Some(unread) = unread {
            unread.put(rest);
        }
        Ok(())
    })
}

/// Another stack has read this status. That of an interim response, a 1xx, changes nothing; its fields are not to be
/// given. Where that stack had no answer, there is none to read, and a session's exchange failed: POS_TOKEN_TRANSPORT.
///
/// \return As pos_token_answer_feed(); `POS_TOKEN_OUT_OF_ORDER` where the final status or raw bytes came before;
/// `POS_TOKEN_HTTP_BAD_STATUS_LINE` below 100 and above 999.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_answer_status(answer: *mut pos_token_answer, status: u16) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| Arriving::new(contract, answer, Range::NONE)?.status(status))
}

/// Another stack has read this field. Those that matter are `Date`, `Retry-After` and `Content-Encoding`, in any case;
/// all others are ignored, so that every field can be given. What the stack has undone already, such as a content
/// coding, is not to be given.
///
/// \return As pos_token_answer_feed(); `POS_TOKEN_OUT_OF_ORDER` before the status or after the first piece of the body.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_answer_field(
    answer: *mut pos_token_answer,
    name: pos_token_span,
    value: pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| Arriving::new(contract, answer, Range::NONE)?.field(name, value))
}

/// Another stack has read this piece of the body. `*complete` says that the rest changes nothing.
///
/// \return As pos_token_answer_feed(); `POS_TOKEN_OUT_OF_ORDER` before the status.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// // What another stack has read.
/// typedef struct response {
///     uint16_t status;
///     const pos_token_header *fields;
///     size_t fields_len;
///     pos_token_span body;
/// } response;
///
/// // `http_status` and `retry_after` are for pos_token_session_failed().
/// pos_token_status from_another_stack(pos_token_answer *answer, const response *got,
///                                     pos_token_result *result, uint16_t *http_status,
///                                     pos_token_when *retry_after) {
///     bool complete;
///     size_t i;
///     pos_token_status status = pos_token_answer_status(answer, got->status);
///     for (i = 0; status == POS_TOKEN_OK && i < got->fields_len; i++) {
///         status = pos_token_answer_field(answer, got->fields[i].name, got->fields[i].value);
///     }
///     if (status == POS_TOKEN_OK) {
///         status = pos_token_answer_body(answer, got->body, &complete); // in any pieces
///     }
///     (void)pos_token_answer_status_code(answer, http_status);
///     (void)pos_token_answer_retry_after(answer, retry_after);
///     if (status != POS_TOKEN_OK) {
///         (void)pos_token_answer_wipe(answer);
///         return status;
///     }
///     return pos_token_answer_finish(answer, result);
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_answer_body(
    answer: *mut pos_token_answer,
    piece: pos_token_span,
    complete: *mut bool,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let complete = Place::new_inlined(contract, complete)?;
        let progress = Arriving::new(contract, answer, complete.range())?.body(piece)?;
        complete.put(progress != Progress::NeedMore);
        Ok(())
    })
}

/// The access token as far as it has arrived, all of it once the answer is complete; absent where there is none. It is
/// not in use before pos_token_answer_finish(): who wants to verify it before it replaces the one in use does that
/// here, and calls pos_token_answer_wipe() where it is no good; pos_token_exchange_run_checked() does so over a connection.
/// The span is good until the next call for this answer.
///
/// \return As pos_token_answer_status_code().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_answer_access_token(
    answer: *const pos_token_answer,
    token: *mut pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, token)?;
        let arriving = Arriving::new(contract, answer, place.range())?;
        place.put(arriving.store.arriving_access_token());
        Ok(())
    })
}

/// The answer has ended: it is complete, or the connection is closed, or the other stack has no more of it. Whatever
/// is returned but a fault of the pointers, the answer is wiped and not initialised any more.
///
/// \return `POS_TOKEN_OK`, and what it comes to in `*result`; as pos_token_answer_feed(), the error met before among
/// them; `POS_TOKEN_HTTP_TRUNCATED`, `POS_TOKEN_HTTP_NO_RESPONSE`, `POS_TOKEN_JSON_TRUNCATED`;
/// `POS_TOKEN_ANSWER_NO_TOKEN`, `POS_TOKEN_ANSWER_NO_PENDING_TOKEN`, `POS_TOKEN_ANSWER_TOKEN_AND_MFA`;
/// `POS_TOKEN_STORE_TOO_SMALL`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_answer_finish(
    answer: *mut pos_token_answer,
    result: *mut pos_token_result,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, result)?;
        Arriving::new(contract, answer, place.range())?.finish(place, true)
    })
}

/// The status code of HTTP, 0 before it is known. It stays known after an error, but not when the answer was finished or
/// wiped, which is not initialised then: ask before.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_OVERLAP`, `POS_TOKEN_NOT_INITIALISED`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_answer_status_code(
    answer: *const pos_token_answer,
    http_status: *mut u16,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, http_status)?;
        let arriving = Arriving::new(contract, answer, place.range())?;
        place.put(arriving.head().status());
        Ok(())
    })
}

/// When to come back, where the server said so. It stays known after an error, but not when the answer was finished or
/// wiped, which is not initialised then: ask before.
///
/// \return As pos_token_answer_status_code().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_answer_retry_after(
    answer: *const pos_token_answer,
    retry_after: *mut pos_token_when,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, retry_after)?;
        let arriving = Arriving::new(contract, answer, place.range())?;
        place.put(when(arriving.head().retry_after()));
        Ok(())
    })
}

/// Where in the JSON text the error is that a `POS_TOKEN_JSON_*` or a `POS_TOKEN_MEMBER_*` was returned for, in bytes
/// from its start; 0 before. It stays known until the answer is finished.
///
/// \return As pos_token_answer_status_code().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_answer_error_offset(
    answer: *const pos_token_answer,
    offset: *mut u32,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, offset)?;
        let arriving = Arriving::new(contract, answer, place.range())?;
        // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
        place.put(unsafe { (*arriving.home).offset });
        Ok(())
    })
}

/// Gives an answer up: wipes what it brought and the answer, and leaves the tokens in use.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_OVERLAP`, `POS_TOKEN_NOT_INITIALISED`, where nothing is touched.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_answer_wipe(answer: *mut pos_token_answer) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        Arriving::new(contract, answer, Range::NONE)?.wipe();
        Ok(())
    })
}
