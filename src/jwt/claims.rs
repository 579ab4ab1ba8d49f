//! The payload's claims (RFC 7519 section 4): what they say, and whether they let a token be used.

use core::fmt;

use super::TokenError;
use super::members::{Members, PIECE, Unreliable, Wanted};
use crate::base64url::{Invalid, Pieces};
use crate::buffer::{BufferTooSmall, Writer};
use crate::json::{Container, Decimal, Event, JsonError, NotText, Piece, Reader, Rounded};
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
        self.test(name.as_ref(), Test::is(expected.as_ref()))
    }

    /// Whether a claim is the string `expected` or an array of strings with `expected` among them, as `aud` can be,
    /// and the roles that .NET writes. `false` where there is no such claim.
    ///
    /// # Errors
    /// [`ClaimError::WrongType`] where the claim is neither of the two, [`ClaimError::Duplicate`].
    pub fn contains(&self, name: impl AsRef<[u8]>, expected: impl AsRef<[u8]>) -> Result<bool, ClaimError> {
        self.test(name.as_ref(), Test::contains(expected.as_ref()))
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

    fn test(&self, name: &[u8], test: Test<'_>) -> Result<bool, ClaimError> {
        let mut value = Value::Test(test);
        let found = self.read(name, &mut value)?;
        Ok(found && matches!(value, Value::Test(Test { found: true, .. })))
    }

    /// Reads one claim's value; false where there is none, or `null`.
    fn read(&self, name: &[u8], value: &mut Value<'_>) -> Result<bool, ClaimError> {
        let mut found = false;
        let mut pieces = Pieces::new(self.payload);
        let mut buf = [0; PIECE];
        let mut reader = Reader::new();
        let mut members = Members::default();
        while let Some(mut input) = pieces.next(&mut buf)? {
            while let Ok(Some(event)) = &reader.next(&mut input) {
                if let Some(Wanted { depth, .. }) = members.follow(event, &[name])?
                    && (depth, event) != (0, &Event::Null)
                {
                    found = true;
                    value.take(event, depth)?;
                }
            }
        }
        // It keeps the error at which the loop ended.
        reader.finish()?;
        Ok(found)
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

impl From<Unreliable> for ClaimError {
    fn from(unreliable: Unreliable) -> Self {
        match unreliable {
            Unreliable::NotAnObject => Self::Changed,
            Unreliable::Duplicate => Self::Duplicate,
        }
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

/// What is made of a claim's value while it is read.
enum Value<'a> {
    Text(Writer<'a>),
    Test(Test<'a>),
    Number(Decimal),
}

impl Value<'_> {
    fn take(&mut self, event: &Event<'_>, depth: u8) -> Result<(), ClaimError> {
        match (self, event, depth) {
            (Self::Text(out), Event::Text(piece), 0) => out.bytes(piece.text()?),
            (Self::Number(number), Event::Number(piece), 0) => number.push(piece.bytes()),
            (Self::Test(test), _, _) => test.take(event, depth)?,
            _ => return Err(ClaimError::WrongType),
        }
        Ok(())
    }
}

/// Compares a claim with a text as it is read: the claim is that text, or an array of strings that holds it.
struct Test<'a> {
    expected: &'a [u8],
    array: bool,
    /// What of the expected text is still to come; `None` where the string at hand differs.
    rest: Option<&'a [u8]>,
    found: bool,
}

impl<'a> Test<'a> {
    const fn is(expected: &'a [u8]) -> Self {
        Self { expected, array: false, rest: Some(expected), found: false }
    }

    const fn contains(expected: &'a [u8]) -> Self {
        Self { array: true, ..Self::is(expected) }
    }

    fn take(&mut self, event: &Event<'_>, depth: u8) -> Result<(), ClaimError> {
        match (event, depth) {
            (Event::Text(piece), 0) => self.compare(piece),
            (Event::Text(piece), 1) if self.array => self.compare(piece),
            (Event::Open(Container::Array) | Event::Close(Container::Array), 0) if self.array => {}
            _ => return Err(ClaimError::WrongType),
        }
        Ok(())
    }

    fn compare(&mut self, piece: &Piece<'_>) {
        self.rest = match (self.rest, piece.text()) {
            (Some(rest), Ok(text)) => rest.strip_prefix(text),
            _ => None,
        };
        if piece.last() {
            self.found |= self.rest.is_some_and(<[u8]>::is_empty);
            self.rest = Some(self.expected);
        }
    }
}

/// The registered claims that are times.
#[derive(Clone, Copy, Debug, Default)]
struct Registered {
    expires_at: Option<UnixTime>,
    not_before: Option<UnixTime>,
    issued_at: Option<UnixTime>,
}

/// The claims that are looked at in every payload, in this order.
const NAMES: [&[u8]; 6] = [b"exp", b"nbf", b"iat", b"iss", b"aud", b"sub"];

/// Collects a `NumericDate` (RFC 7519 section 2): a JSON number, or the string of digits that .NET writes for one.
#[derive(Default)]
struct NumericDate {
    decimal: Decimal,
    any: bool,
}

impl NumericDate {
    /// The time, once its last piece is there. `Err` where this is none.
    fn take(&mut self, event: &Event<'_>, depth: u8) -> Result<Option<Rounded>, ()> {
        let piece = match event {
            Event::Number(piece) if depth == 0 => piece,
            Event::Text(piece) if depth == 0 && piece.bytes().iter().all(u8::is_ascii_digit) => {
                piece.text().map_err(|_| ())?;
                piece
            }
            Event::Null if depth == 0 => return Ok(None),
            _ => return Err(()),
        };
        self.any |= !piece.bytes().is_empty();
        self.decimal.push(piece.bytes());
        if !piece.last() {
            return Ok(None);
        }
        let Self { decimal, any } = core::mem::take(self);
        decimal.finish().filter(|_| any).map(Some).ok_or(())
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
    issuer: Option<&'a [u8]>,
    audience: Option<&'a [u8]>,
    subject: Option<&'a [u8]>,
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
            issuer: None,
            audience: None,
            subject: None,
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
        Self { issuer: Some(issuer.as_ref()), ..self }
    }

    /// `aud` must be exactly this, or an array of strings with exactly this in it.
    #[must_use]
    pub fn audience(self, audience: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { audience: Some(audience.as_ref()), ..self }
    }

    /// `sub` must be exactly this.
    #[must_use]
    pub fn subject(self, subject: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { subject: Some(subject.as_ref()), ..self }
    }

    /// The header's `typ` must be this media type, whatever its case, with or without `application/`
    /// (RFC 7515 section 4.1.9).
    #[must_use]
    pub fn typ(self, typ: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { typ: Some(typ.as_ref()), ..self }
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
        let (times, _) = read_payload(payload, [None; 3])?;
        Ok(Self { payload, times, trust: Unverified(()) })
    }
}

impl<'t> VerifiedClaims<'t> {
    /// The signature has been verified.
    pub(super) fn validate(payload: &'t [u8], validation: &Validation<'_>) -> Result<Self, TokenError> {
        let Validation { issuer, audience, subject, .. } = *validation;
        let (times, [right_issuer, right_audience, right_subject]) =
            read_payload(payload, [issuer, audience, subject])?;
        if issuer.is_some() && !right_issuer {
            return Err(TokenError::Issuer);
        }
        if audience.is_some() && !right_audience {
            return Err(TokenError::Audience);
        }
        if subject.is_some() && !right_subject {
            return Err(TokenError::Subject);
        }
        let checked = validation.check_times(&times)?;
        Ok(Self { payload, times, trust: Verified(checked) })
    }
}

/// One pass over the whole payload: its times, and whether `iss`, `aud` and `sub` are what is expected of them.
/// Not inlined, as the stack that it takes is to be free again for the MAC.
#[inline(never)]
fn read_payload(
    payload: &[u8],
    [issuer, audience, subject]: [Option<&[u8]>; 3],
) -> Result<(Registered, [bool; 3]), TokenError> {
    let mut times = Registered::default();
    let mut date = NumericDate::default();
    let [mut issuer, mut subject] = [issuer, subject].map(|expected| expected.map(Test::is));
    let mut audience = audience.map(Test::contains);

    let mut pieces = Pieces::new(payload);
    let mut buf = [0; PIECE];
    let mut reader = Reader::new();
    let mut members = Members::default();
    while let Some(mut input) = pieces.next(&mut buf)? {
        while let Ok(Some(event)) = &reader.next(&mut input) {
            let wanted = members.follow(event, &NAMES).map_err(|unreliable| match unreliable {
                Unreliable::NotAnObject => TokenError::Payload,
                Unreliable::Duplicate => TokenError::DuplicateClaim,
            })?;
            let Some(Wanted { index, depth }) = wanted else { continue };
            let mut time = |malformed| date.take(event, depth).map_err(|()| malformed);
            match index {
                0 => {
                    if let Some(time) = time(TokenError::ExpiresAt)? {
                        times.expires_at = Some(UnixTime::from_seconds(time.floor));
                    }
                }
                1 => {
                    if let Some(time) = time(TokenError::NotBefore)? {
                        times.not_before = Some(UnixTime::from_seconds(time.ceil()));
                    }
                }
                2 => {
                    if let Some(time) = time(TokenError::IssuedAt)? {
                        times.issued_at = Some(UnixTime::from_seconds(time.floor));
                    }
                }
                3 => expect(&mut issuer, event, depth, TokenError::Issuer)?,
                4 => expect(&mut audience, event, depth, TokenError::Audience)?,
                _ => expect(&mut subject, event, depth, TokenError::Subject)?,
            }
        }
    }
    // It keeps the error at which the loop ended.
    reader.finish().map_err(|_| TokenError::Payload)?;
    let found = |test: Option<Test<'_>>| test.is_some_and(|test| test.found);
    Ok((times, [found(issuer), found(audience), found(subject)]))
}

/// A claim that nothing is expected of may be anything.
fn expect(test: &mut Option<Test<'_>>, event: &Event<'_>, depth: u8, error: TokenError) -> Result<(), TokenError> {
    match test {
        Some(test) => test.take(event, depth).map_err(|_| error),
        None => Ok(()),
    }
}
