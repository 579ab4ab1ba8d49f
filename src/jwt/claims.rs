//! The payload's claims (RFC 7519 section 4): what they say, and whether they let a token be used.

use core::fmt;

use super::TokenError;
use super::members::{Comparison, Members, NONE, ShortName, read_object};
use crate::base64url::Invalid;
use crate::buffer::{BufferTooSmall, Writer};
use crate::json::{self, Container, Decimal, Event, JsonError, NotText, Piece, Rounded};
use crate::time::UnixTime;

/// The claims of a token that nobody vouches for: good for scheduling, not for trust.
pub type UnverifiedClaims<'t> = Claims<'t, Unverified>;

/// The claims of a token whose signature was verified.
pub type VerifiedClaims<'t> = Claims<'t, Verified>;

/// Marks claims that were read without a key.
#[derive(Clone, Copy, Debug)]
pub struct Unverified(pub(super) ());

/// Marks claims whose token was verified. No value of it can be made outside of this crate.
#[derive(Clone, Copy, Debug)]
pub struct Verified(pub(super) Times);

/// Whether a verified token's times were compared with a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// The token is in its time, as far as it says one.
    Checked,
    /// There was no clock ([`Validation::without_clock`]).
    NotChecked,
}

/// What a token's payload says. `Debug` shows the times only.
///
/// The times are held; every other claim is read again from the token on request, so that nothing has to be kept.
/// Each such request takes one pass over the payload. A claim is asked for by its whole name, as it is after
/// unescaping, dots and all; a name of more than 255 bytes is never found. A claim that is `null` is absent.
#[derive(Clone, Copy)]
pub struct Claims<'t, T> {
    /// As it stands in the token. It has been read as a whole before.
    pub(super) payload: &'t [u8],
    times: Registered,
    trust: T,
}

impl<'t, T> Claims<'t, T> {
    /// `exp`: the moment from which on the token must not be accepted (RFC 7519 section 4.1.4), floored.
    #[must_use]
    pub const fn expires_at(&self) -> Option<UnixTime> {
        self.times.expires_at
    }

    /// `nbf`: the moment before which the token must not be accepted (RFC 7519 section 4.1.5), rounded up.
    #[must_use]
    pub const fn not_before(&self) -> Option<UnixTime> {
        self.times.not_before
    }

    /// `iat`: the moment at which the token was issued (RFC 7519 section 4.1.6), floored.
    #[must_use]
    pub const fn issued_at(&self) -> Option<UnixTime> {
        self.times.issued_at
    }

    pub(crate) const fn registered(&self) -> Registered {
        self.times
    }

    /// The payload as it stands in the token, for callers that keep it and no lifetimes; see
    /// [`UnverifiedClaims::of_payload`].
    #[must_use]
    pub const fn payload(&self) -> &'t [u8] {
        self.payload
    }

    /// Copies the text of a claim, unescaped and in UTF-8, into the front of `out` and returns that part.
    /// `Ok(None)` where there is no such claim. The text is never longer than the payload. Does not panic.
    ///
    /// # Errors
    /// [`ClaimError::BufferTooSmall`] says how much is needed; [`ClaimError::WrongType`] where the claim is no string;
    /// [`ClaimError::NotText`] where it holds U+0000 or half of a surrogate pair; [`ClaimError::Duplicate`].
    /// Nothing is left in `out` then.
    pub fn copy_text<'b>(&self, name: impl AsRef<[u8]>, out: &'b mut [u8]) -> Result<Option<&'b [u8]>, ClaimError> {
        let mut value = Value::Text(Writer::new(out));
        let found = self.read(name.as_ref(), &mut value);
        let Value::Text(text) = value else { return Ok(None) };
        match found {
            Ok(true) => Ok(Some(text.finish()?)),
            Ok(false) => Ok(None),
            Err(error) => {
                text.wipe();
                Err(error)
            }
        }
    }

    /// Whether a claim is the string `expected`, compared as it is read. `false` where there is no such claim.
    ///
    /// # Errors
    /// [`ClaimError::WrongType`] where the claim is no string, [`ClaimError::Duplicate`].
    pub fn text_is(&self, name: impl AsRef<[u8]>, expected: impl AsRef<[u8]>) -> Result<bool, ClaimError> {
        self.test(name.as_ref(), expected.as_ref(), false)
    }

    /// Whether a claim is the string `expected` or an array of strings with `expected` among them, as `aud` can be,
    /// and the roles that .NET writes. `false` where there is no such claim.
    ///
    /// # Errors
    /// [`ClaimError::WrongType`] where the claim is neither of the two, [`ClaimError::Duplicate`].
    pub fn contains(&self, name: impl AsRef<[u8]>, expected: impl AsRef<[u8]>) -> Result<bool, ClaimError> {
        self.test(name.as_ref(), expected.as_ref(), true)
    }

    /// Whether `aud` names this audience (RFC 7519 section 4.1.3), alone or among others.
    ///
    /// # Errors
    /// As [`contains`](Self::contains).
    pub fn audience_contains(&self, expected: impl AsRef<[u8]>) -> Result<bool, ClaimError> {
        self.contains("aud", expected)
    }

    /// The number that a claim is, rounded to whole units. `Ok(None)` where there is no such claim.
    ///
    /// # Errors
    /// [`ClaimError::WrongType`] where the claim is no number, [`ClaimError::OutOfRange`] where it is 10^18 or more of
    /// either sign, [`ClaimError::Duplicate`].
    pub fn number(&self, name: impl AsRef<[u8]>) -> Result<Option<Rounded>, ClaimError> {
        let mut value = Value::Number(Decimal::default());
        let found = self.read(name.as_ref(), &mut value)?;
        let Value::Number(number) = value else { return Ok(None) };
        if found { number.finish().map(Some).ok_or(ClaimError::OutOfRange) } else { Ok(None) }
    }

    fn test(&self, name: &[u8], expected: &[u8], array: bool) -> Result<bool, ClaimError> {
        let mut value = Value::Test { text: Comparison::default(), expected, array, found: false };
        self.read(name, &mut value)?;
        Ok(matches!(value, Value::Test { found: true, .. }))
    }

    /// Reads one claim's value; false where there is none, or `null`.
    fn read(&self, name: &[u8], value: &mut Value<'_>) -> Result<bool, ClaimError> {
        let mut claim = Claim { wanted: name, name: Comparison::default(), value, found: false, refused: None };
        let read = read_object(self.payload, &mut claim, TokenError::Payload, TokenError::DuplicateClaim);
        match (read, claim.refused) {
            (Ok(()), _) => Ok(claim.found),
            (Err(_), Some(refused)) => Err(refused),
            (Err(TokenError::DuplicateClaim), None) => Err(ClaimError::Duplicate),
            (Err(_), None) => Err(ClaimError::Changed),
        }
    }
}

impl VerifiedClaims<'_> {
    /// Whether the token's times were checked when it was verified.
    #[must_use]
    pub const fn times(&self) -> Times {
        self.trust.0
    }
}

impl<T> fmt::Debug for Claims<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.times, f)
    }
}

/// Why a claim could not be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimError {
    /// The text does not fit.
    BufferTooSmall(BufferTooSmall),
    /// The claim stands twice in the payload.
    Duplicate,
    /// The claim has another type than was asked for.
    WrongType,
    /// The string holds U+0000, which C cannot hold, or half of a surrogate pair, which UTF-8 cannot.
    NotText,
    /// The number is 10^18 or more, of either sign.
    OutOfRange,
    /// The payload is not what it was when it was first read. Only C can bring that about.
    Changed,
}

impl ClaimError {
    /// The stable short code.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            // As everywhere.
            Self::BufferTooSmall(_) => 101,
            Self::Duplicate => 632,
            Self::WrongType => 633,
            Self::NotText => 634,
            Self::OutOfRange => 635,
            Self::Changed => 636,
        }
    }
}

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BufferTooSmall(error) => return error.fmt(f),
            Self::Duplicate => "the claim stands twice in the payload",
            Self::WrongType => "the claim has another type",
            Self::NotText => "the claim holds U+0000 or half of a surrogate pair",
            Self::OutOfRange => "the claim is a number out of range",
            Self::Changed => "the payload has changed",
        })
    }
}

impl core::error::Error for ClaimError {}

impl From<BufferTooSmall> for ClaimError {
    fn from(error: BufferTooSmall) -> Self {
        Self::BufferTooSmall(error)
    }
}

impl From<NotText> for ClaimError {
    fn from(_: NotText) -> Self {
        Self::NotText
    }
}

impl From<Invalid> for ClaimError {
    fn from(_: Invalid) -> Self {
        Self::Changed
    }
}

impl From<JsonError> for ClaimError {
    fn from(_: JsonError) -> Self {
        Self::Changed
    }
}

/// One claim of those in a payload.
struct Claim<'a, 'v, 'b> {
    wanted: &'a [u8],
    name: Comparison,
    value: &'v mut Value<'b>,
    found: bool,
    /// Why its value cannot be given.
    refused: Option<ClaimError>,
}

impl Members for Claim<'_, '_, '_> {
    fn name(&mut self, piece: &Piece<'_>) -> Result<u8, TokenError> {
        let found = self.name.take(piece, self.wanted) && self.wanted.len() <= MAX_NAME;
        Ok(if found { 0 } else { NONE })
    }

    fn value(&mut self, _: u8, depth: u8, event: &Event<'_>) -> Result<(), TokenError> {
        if depth == 0 && matches!(event, Event::Null) {
            return Ok(());
        }
        self.found = true;
        self.refused = self.value.take(event, depth).err();
        if self.refused.is_none() { Ok(()) } else { Err(TokenError::Payload) }
    }
}

/// The longest name that is found, in bytes.
const MAX_NAME: usize = 255;

/// What is made of a claim's value while it is read.
enum Value<'a> {
    Text(Writer<'a>),
    /// Whether it is a text, or an array that holds it.
    Test {
        text: Comparison,
        expected: &'a [u8],
        array: bool,
        found: bool,
    },
    Number(Decimal),
}

impl Value<'_> {
    fn take(&mut self, event: &Event<'_>, depth: u8) -> Result<(), ClaimError> {
        match (self, event, depth) {
            (Self::Text(out), Event::Text(piece), 0) => out.bytes(piece.text()?),
            (Self::Number(number), Event::Number(piece), 0) => number.push(piece.bytes()),
            (Self::Test { text, expected, array, found }, _, _) => {
                *found |= is_expected(text, expected, *array, event, depth).ok_or(ClaimError::WrongType)?;
            }
            _ => return Err(ClaimError::WrongType),
        }
        Ok(())
    }
}

/// Whether a text ends here that is expected of a claim, or, where an `array` will do, of one of its elements. `None`
/// where it is neither.
fn is_expected(text: &mut Comparison, expected: &[u8], array: bool, event: &Event<'_>, depth: u8) -> Option<bool> {
    match (event, depth) {
        (Event::Text(piece), 0) => Some(text.take(piece, expected)),
        (Event::Text(piece), 1) if array => Some(text.take(piece, expected)),
        (Event::Open(Container::Array) | Event::Close(Container::Array), 0) if array => Some(false),
        _ => None,
    }
}

/// The registered claims that are times.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Registered {
    pub(crate) expires_at: Option<UnixTime>,
    pub(crate) not_before: Option<UnixTime>,
    pub(crate) issued_at: Option<UnixTime>,
}

/// Collects a `NumericDate` (RFC 7519 section 2): a JSON number, or the string of digits that .NET writes for one. Unless
/// all of it comes at once, there is what came of it.
#[derive(Default)]
struct NumericDate(Option<Decimal>);

impl NumericDate {
    /// The time, once its last piece is there, rounded up or down. `Err` where this is none.
    fn take(&mut self, event: &Event<'_>, depth: u8, up: bool) -> Result<Option<UnixTime>, ()> {
        if depth > 0 {
            return Err(());
        }
        let (piece, digits) = match event {
            Event::Number(piece) => (piece, false),
            Event::Text(piece) => (piece, true),
            Event::Null => return Ok(None),
            _ => return Err(()),
        };
        let Self(decimal) = self;
        let text = piece.text().map_err(|_| ())?;
        if piece.last()
            && decimal.is_none()
            && let Ok(whole) = json::digits(text)
        {
            return Ok(Some(UnixTime::from_seconds(whole.into())));
        }
        if digits && !text.iter().all(u8::is_ascii_digit) {
            return Err(());
        }
        if !text.is_empty() {
            decimal.get_or_insert_default().push(text);
        }
        if !piece.last() {
            return Ok(None);
        }
        let rounded = decimal.take().and_then(Decimal::finish).ok_or(())?;
        // Far from the last second that there is.
        let seconds = rounded.floor.wrapping_add((up && !rounded.whole).into());
        Ok(Some(UnixTime::from_seconds(seconds)))
    }
}

/// What has to be true of a token besides its signature. Made by [`at`](Self::at) or
/// [`without_clock`](Self::without_clock), then narrowed; `Copy`, borrows the texts that it compares with.
///
/// `exp` is required unless waived, a token is refused from `exp` on and before `nbf`, and nothing else is asked.
/// Sums saturate, so no time is too large.
///
/// ```
/// use pos_token::jwt::Validation;
/// use pos_token::time::UnixTime;
/// let validation = Validation::at(UnixTime::from_seconds(1_773_670_502)).leeway(30).issuer("https://loyal.ex");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Validation<'a> {
    now: Option<UnixTime>,
    leeway: u32,
    /// What `iss`, `aud` and `sub` have to be.
    texts: [Option<&'a [u8]>; TEXTS],
    pub(super) typ: Option<&'a [u8]>,
    expiry_optional: bool,
    refuse_future_issued_at: bool,
}

impl<'a> Validation<'a> {
    /// Compares the token's times with this moment.
    #[must_use]
    pub const fn at(now: UnixTime) -> Self {
        Self { now: Some(now), ..Self::without_clock() }
    }

    /// Compares no times: the signature is checked all the same, and the times come back as [`Times::NotChecked`].
    #[must_use]
    pub const fn without_clock() -> Self {
        Self {
            now: None,
            leeway: 0,
            texts: [None; TEXTS],
            typ: None,
            expiry_optional: false,
            refuse_future_issued_at: false,
        }
    }

    /// How far the clocks may differ, in seconds, in every comparison. 0 unless given.
    #[must_use]
    pub const fn leeway(self, seconds: u32) -> Self {
        Self { leeway: seconds, ..self }
    }

    /// `iss` must be exactly this.
    #[must_use]
    pub fn issuer(self, issuer: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        let [_, audience, subject] = self.texts;
        Self { texts: [Some(issuer.as_ref()), audience, subject], ..self }
    }

    /// `aud` must be exactly this, or an array of strings with exactly this in it.
    #[must_use]
    pub fn audience(self, audience: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        let [issuer, _, subject] = self.texts;
        Self { texts: [issuer, Some(audience.as_ref()), subject], ..self }
    }

    /// `sub` must be exactly this.
    #[must_use]
    pub fn subject(self, subject: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        let [issuer, audience, _] = self.texts;
        Self { texts: [issuer, audience, Some(subject.as_ref())], ..self }
    }

    /// The header's `typ` must be this media type, whatever its case, with or without `application/`
    /// (RFC 7515 section 4.1.9).
    #[must_use]
    pub fn typ(self, typ: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { typ: Some(typ.as_ref()), ..self }
    }

    /// `iss`, `aud` and `sub` at once, for the C interface.
    #[doc(hidden)]
    #[must_use]
    pub const fn texts(self, texts: [Option<&'a [u8]>; 3]) -> Self {
        Self { texts, ..self }
    }

    /// A token without `exp` is accepted too; where there is one, it holds.
    #[must_use]
    pub const fn expiry_optional(self) -> Self {
        Self { expiry_optional: true, ..self }
    }

    /// A token is refused whose `iat` lies in the future. Not so by default: tills are slow more often than tokens
    /// are issued in the future.
    #[must_use]
    pub const fn refuse_future_issued_at(self) -> Self {
        Self { refuse_future_issued_at: true, ..self }
    }

    /// Not yet valid is said last: such a token can be used where only the clock is wrong.
    fn check_times(&self, times: &Registered) -> Result<Times, TokenError> {
        if times.expires_at.is_none() && !self.expiry_optional {
            return Err(TokenError::ExpiresAtMissing);
        }
        let Some(now) = self.now else { return Ok(Times::NotChecked) };
        let ahead = now.plus(self.leeway);
        if times.expires_at.is_some_and(|end| now >= end.plus(self.leeway)) {
            return Err(TokenError::Expired);
        }
        if self.refuse_future_issued_at && times.issued_at.is_some_and(|issued| ahead < issued) {
            return Err(TokenError::IssuedInFuture);
        }
        if times.not_before.is_some_and(|start| ahead < start) {
            return Err(TokenError::NotYetValid);
        }
        Ok(Times::Checked)
    }
}

impl<'t> UnverifiedClaims<'t> {
    /// The claims of a [`payload`](Claims::payload) that was read before, to ask for further ones. Nothing is read
    /// here: there are no times, and what is no payload shows when a claim is asked for.
    #[must_use]
    pub const fn of_payload(payload: &'t [u8]) -> Self {
        let times = Registered { expires_at: None, not_before: None, issued_at: None };
        Self { payload, times, trust: Unverified(()) }
    }

    pub(super) fn read_all(payload: &'t [u8]) -> Result<Self, TokenError> {
        const NOTHING_ASKED: Validation<'static> = Validation::without_clock().expiry_optional();
        // The times where they stand: to move them, the compiler would call memcpy.
        match &read_payload(payload, &NOTHING_ASKED) {
            Ok((times, _)) => Ok(Self { payload, times: *times, trust: Unverified(()) }),
            Err(error) => Err(*error),
        }
    }
}

impl<'t> VerifiedClaims<'t> {
    /// The signature has been verified.
    pub(super) fn validate(payload: &'t [u8], validation: &Validation<'_>) -> Result<Self, TokenError> {
        let (times, checked) = read_payload(payload, validation)?;
        Ok(Self { payload, times, trust: Verified(checked) })
    }
}

/// What is looked at in every payload: its times, and whether `iss`, `aud` and `sub` are what is expected of them.
struct Payload<'a> {
    validation: &'a Validation<'a>,
    name: ShortName,
    date: NumericDate,
    times: Registered,
    text: Comparison,
    /// One bit for each text that is what is expected of it.
    right: u32,
}

/// One pass over the whole payload: what its times are, and that everything in it is as it has to be.
#[inline(never)]
fn read_payload(text: &[u8], validation: &Validation<'_>) -> Result<(Registered, Times), TokenError> {
    let mut payload = Payload {
        validation,
        name: ShortName::default(),
        date: NumericDate::default(),
        times: Registered::default(),
        text: Comparison::default(),
        right: 0,
    };
    read_object(text, &mut payload, TokenError::Payload, TokenError::DuplicateClaim)?;
    for ((expected, error), bit) in validation.texts.iter().zip(&TEXT_ERRORS).zip(0..) {
        if expected.is_some() && payload.right >> bit & 1 == 0 {
            return Err(*error);
        }
    }
    let checked = validation.check_times(&payload.times)?;
    Ok((payload.times, checked))
}

/// The claims that are looked at: the times, and the texts behind them.
const NAMES: [u32; 6] = [
    u32::from_be_bytes(*b"\0exp"),
    u32::from_be_bytes(*b"\0nbf"),
    u32::from_be_bytes(*b"\0iat"),
    u32::from_be_bytes(*b"\0iss"),
    u32::from_be_bytes(*b"\0aud"),
    u32::from_be_bytes(*b"\0sub"),
];

const TIMES: u8 = 3;

const TEXTS: usize = 3;

/// What is said of a text that is not as expected.
const TEXT_ERRORS: [TokenError; TEXTS] = [TokenError::Issuer, TokenError::Audience, TokenError::Subject];

/// `aud` among the texts.
const AUDIENCE: u8 = 1;

impl Members for Payload<'_> {
    fn name(&mut self, piece: &Piece<'_>) -> Result<u8, TokenError> {
        Ok(self.name.take(piece, &NAMES))
    }

    fn value(&mut self, index: u8, depth: u8, event: &Event<'_>) -> Result<(), TokenError> {
        let Registered { expires_at, not_before, issued_at } = &mut self.times;
        let (time, up, error) = match index {
            0 => (expires_at, false, TokenError::ExpiresAt),
            1 => (not_before, true, TokenError::NotBefore),
            2 => (issued_at, false, TokenError::IssuedAt),
            _ => return self.text(index.wrapping_sub(TIMES), depth, event),
        };
        if let Some(moment) = self.date.take(event, depth, up).map_err(|()| error)? {
            *time = Some(moment);
        }
        Ok(())
    }
}

impl Payload<'_> {
    /// A claim that nothing is expected of may be anything.
    fn text(&mut self, index: u8, depth: u8, event: &Event<'_>) -> Result<(), TokenError> {
        if let Some(Some(expected)) = self.validation.texts.get(usize::from(index))
            && let Some(error) = TEXT_ERRORS.get(usize::from(index))
        {
            let right = is_expected(&mut self.text, expected, index == AUDIENCE, event, depth).ok_or(*error)?;
            self.right |= u32::from(right) << index;
        }
        Ok(())
    }
}
