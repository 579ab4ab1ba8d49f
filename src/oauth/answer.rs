//! What came back: the outcome of an exchange, and why an answer could not be understood.

use core::fmt;

use crate::dialect::{Dialect, Purpose};
use crate::http::{HttpError, RetryAfter};
use crate::json::JsonError;
use crate::jwt::UntrustedToken;
use crate::secret::Secret;
use crate::time::UnixTime;

/// A complete answer. It borrows nothing; the tokens are in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What the answer was to.
    pub purpose: Purpose,
    /// The status code.
    pub status: u16,
    /// What it comes to.
    pub outcome: Outcome,
    /// When to come back, where the server said so.
    pub retry_after: Option<RetryAfter>,
    /// What the server's clock showed, where the answer tells.
    pub server_time: Option<ServerTime>,
    /// Whether the connection can carry another request, as far as the answer tells: it cannot either where bytes came
    /// behind the answer or the request asked to close, which [`TokenExchange`](crate::TokenExchange) takes into
    /// account. Always `false` where another stack did the framing.
    pub reusable: bool,
}

/// What an answer comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The tokens are in the store, in use.
    Granted(Grant),
    /// An exchange that grants no token succeeded: a log-out, a revocation. What it voided is still in the store:
    /// [`clear`](crate::TokenStore::clear) it.
    Done,
    /// A code is still missing; the pending token is in the store. Tokens in use stay there.
    MfaPending,
    /// The server refuses.
    Denied(Denied),
    /// What answered is no API: the body is empty or neither a JSON object nor an array, as from a captive portal, a
    /// proxy or a firewall. The rest of it was not read.
    NotAnApi,
    /// A redirect, which is never followed: credentials go where they were meant to go.
    Redirected,
}

/// What is known of a granted token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// When the token expires, as the answer's own members tell; the JWT itself may tell more.
    pub expiry: Expiry,
    /// What became of the refresh token in the store.
    pub refresh_token: RefreshToken,
    /// Whether the answer named the token's type; it was the dialect's scheme, case aside, else there is no grant.
    pub token_type_stated: bool,
}

impl Grant {
    /// When the granted token expires, for a till whose clock is right: by the lifetime from `begun`, the moment at which
    /// the request was begun; by the expiry in the answer; else by the JWT's own `exp`, read without a key; else by the
    /// dialect's [`default_lifetime`](crate::dialect::Settings::default_lifetime). `None` where nothing tells: use it
    /// until a 401.
    #[must_use]
    pub fn expires_at<D: Dialect>(&self, dialect: &D, token: Secret<'_>, begun: UnixTime) -> Option<UnixTime> {
        let after = |seconds| begun.plus(seconds);
        match self.expiry {
            Expiry::In(seconds) => Some(after(seconds)),
            Expiry::At(time) => Some(time),
            Expiry::Unstated => {
                let claims = UntrustedToken::parse(token).and_then(|token| token.peek());
                let expires_at = claims.ok().and_then(|claims| claims.expires_at());
                expires_at.or(dialect.settings().default_lifetime.map(after))
            }
        }
    }
}

/// When a token expires, as the answer's own members tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// The answer does not tell.
    Unstated,
    /// So many seconds after the request was begun, from the lifetime in the answer.
    In(u32),
    /// At this moment of the server's clock, from the expiry in the answer.
    At(UnixTime),
}

/// What became of the refresh token in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshToken {
    /// There is none: the answer brought none, and where this was a new log-in, an older one was dropped.
    Absent,
    /// The answer to a refresh brought none, so the one in use stays (RFC 6749 section 6).
    Kept,
    /// The answer's own is in use.
    Replaced,
}

/// What the server's clock showed when it answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerTime {
    /// The moment.
    pub time: UnixTime,
    /// Whether `Date` said so; otherwise the member for the time of issue did.
    pub from_date: bool,
}

/// A refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied {
    /// The code that the server gave.
    pub error: Option<ErrorCode>,
    /// Whether the same request may be granted later: the server is busy or in trouble, and does not say that the
    /// request is at fault.
    pub retryable: bool,
}

/// A server's error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// `invalid_request` (RFC 6749 section 5.2).
    InvalidRequest,
    /// `invalid_client`: the client's own credentials are wrong.
    InvalidClient,
    /// `invalid_grant`: the user's credentials or the refresh token are wrong, expired or revoked.
    InvalidGrant,
    /// `unauthorized_client`: this client may not use this grant.
    UnauthorizedClient,
    /// `unsupported_grant_type`.
    UnsupportedGrantType,
    /// `invalid_scope`.
    InvalidScope,
    /// `access_denied` (RFC 6749 section 4.1.2.1).
    AccessDenied,
    /// `server_error` (RFC 6749 section 4.1.2.1).
    ServerError,
    /// `temporarily_unavailable` (RFC 6749 section 4.1.2.1).
    TemporarilyUnavailable,
    /// `unsupported_token_type` (RFC 7009 section 2.2.1).
    UnsupportedTokenType,
    /// A code of the provider's own.
    Provider(Code),
    /// A code that is longer than 16 bytes or holds other bytes than letters, digits and `_.-`.
    Other,
}

/// The standard's codes as texts.
const STANDARD: [&str; 10] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "access_denied",
    "server_error",
    "temporarily_unavailable",
    "unsupported_token_type",
];

impl ErrorCode {
    /// Those of the standard, in the order of their names in [`STANDARD`].
    pub(crate) const fn standard(index: usize) -> Option<Self> {
        Some(match index {
            0 => Self::InvalidRequest,
            1 => Self::InvalidClient,
            2 => Self::InvalidGrant,
            3 => Self::UnauthorizedClient,
            4 => Self::UnsupportedGrantType,
            5 => Self::InvalidScope,
            6 => Self::AccessDenied,
            7 => Self::ServerError,
            8 => Self::TemporarilyUnavailable,
            9 => Self::UnsupportedTokenType,
            _ => return None,
        })
    }

    /// The code that this text is.
    #[must_use]
    pub fn read(text: &[u8]) -> Self {
        let mut code = None;
        Self::read_into(text, &mut code);
        code.unwrap_or(Self::Other)
    }

    /// The same where it stays: to move it, the compiler would call memcpy.
    pub(crate) fn read_into(text: &[u8], place: &mut Option<Self>) {
        *place = STANDARD.iter().position(|name| name.as_bytes() == text).and_then(Self::standard);
        if place.is_none()
            && let Self::Provider(code) = place.insert(Self::Provider(Code { bytes: [0; 16], len: 0 }))
            && !code.take(text)
        {
            *place = Some(Self::Other);
        }
    }
}

/// The code as the server wrote it; `unknown` for [`ErrorCode::Other`].
impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(code) => fmt::Display::fmt(code, f),
            standard => {
                let named = (0..).zip(STANDARD).find(|(index, _)| Self::standard(*index).as_ref() == Some(standard));
                f.write_str(named.map_or("unknown", |(_, name)| name))
            }
        }
    }
}

/// A provider's own error code: 1 to 16 letters, digits and `_.-`, so that it can be shown anywhere. It is the one text
/// of a server's that is: a server that answered with a password in its place would have it shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code {
    bytes: [u8; 16],
    len: u8,
}

impl Code {
    /// Whether this is one.
    pub(super) fn is_one(text: &[u8]) -> bool {
        Self { bytes: [0; 16], len: 0 }.take(text)
    }

    /// `false` for what no code is.
    #[inline(always)] // It is filled where the answer's error is.
    fn take(&mut self, text: &[u8]) -> bool {
        let mut places = self.bytes.iter_mut();
        for byte in text {
            match places.next() {
                Some(to) if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-') => *to = *byte,
                _ => return false,
            }
        }
        self.len = u8::try_from(text.len()).unwrap_or(0);
        self.len > 0
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or("")
    }

    /// The code's bytes, all of them ASCII.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or(&[])
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| fmt::Write::write_char(f, char::from(*byte)))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({self})")
    }
}

/// Why an answer could not be understood. Nothing of it stays in the store, and no text of it is in the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerError {
    /// The HTTP message breaks a rule or ended early.
    Http(HttpError),
    /// The body breaks a rule of JSON or ended early.
    Json(JsonError),
    /// A member cannot be what it should be.
    Member {
        /// What is wrong with it.
        fault: MemberFault,
        /// Where the value begins, or the name that came twice, in bytes from the start of the JSON text.
        offset: u32,
    },
    /// The JSON body is longer than the limit.
    BodyTooLong,
    /// A content coding is named, and the body is plain JSON: as from a stack that has undone the coding and gives the
    /// field all the same. A body that comes compressed is [`Outcome::NotAnApi`].
    ContentCoding,
    /// A success without a token.
    NoToken,
    /// A log-in whose code is missing, without a pending token.
    NoPendingToken,
    /// A token and the demand for a code at once.
    TokenAndMfa,
    /// The texts do not fit behind those in use.
    StoreTooSmall {
        /// How large the store's arena has to be for this answer, in bytes; above 65,535 no arena is.
        needed: u32,
    },
    /// The reader's functions were called in an order that makes no sense: fields before the status, raw bytes after it.
    OutOfOrder,
}

/// What is wrong with a member of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MemberFault {
    /// It is of another type than it has to be.
    WrongType,
    /// It came twice, or one that encloses it did, or two members bring the same token.
    Duplicate,
    /// A number beyond what it counts.
    OutOfRange,
    /// A string with half of a surrogate pair, or with U+0000.
    NotText,
    /// A string that is no date by RFC 3339.
    BadDate,
    /// A token that is empty or holds a byte that tokens cannot hold.
    BadToken,
    /// A token of a type that cannot be used.
    TokenType,
}

impl AnswerError {
    /// The stable short code: 110 and 111, 421 to 435, or that of the layer below.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Http(error) => error.code(),
            Self::Json(error) => error.kind.code(),
            Self::StoreTooSmall { .. } => 110,
            Self::OutOfOrder => 111,
            Self::Member { fault, .. } => match fault {
                MemberFault::WrongType => 421,
                MemberFault::Duplicate => 422,
                MemberFault::OutOfRange => 423,
                MemberFault::NotText => 424,
                MemberFault::BadDate => 425,
                MemberFault::BadToken => 426,
                MemberFault::TokenType => 427,
            },
            Self::BodyTooLong => 431,
            Self::ContentCoding => 432,
            Self::NoToken => 433,
            Self::NoPendingToken => 434,
            Self::TokenAndMfa => 435,
        }
    }
}

impl From<HttpError> for AnswerError {
    fn from(error: HttpError) -> Self {
        Self::Http(error)
    }
}

impl From<JsonError> for AnswerError {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(error) => fmt::Display::fmt(error, f),
            Self::Json(error) => fmt::Display::fmt(error, f),
            Self::Member { fault, offset } => {
                let what = match fault {
                    MemberFault::WrongType => "is of the wrong type",
                    MemberFault::Duplicate => "came twice",
                    MemberFault::OutOfRange => "is out of range",
                    MemberFault::NotText => "is not text",
                    MemberFault::BadDate => "is not a date",
                    MemberFault::BadToken => "is not a token",
                    MemberFault::TokenType => "names a token type that cannot be used",
                };
                write!(f, "the answer's member at offset {offset} {what}")
            }
            Self::BodyTooLong => f.write_str("the answer is too long"),
            Self::ContentCoding => f.write_str("the answer is plain JSON, although a content coding is named"),
            Self::NoToken => f.write_str("the answer succeeds without a token"),
            Self::NoPendingToken => f.write_str("the answer asks for a code without a pending token"),
            Self::TokenAndMfa => f.write_str("the answer brings a token and asks for a code at once"),
            Self::StoreTooSmall { needed } => write!(f, "token store too small: {needed} bytes needed"),
            Self::OutOfOrder => f.write_str("the answer's reader was called out of order"),
        }
    }
}

impl core::error::Error for AnswerError {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn codes_of_a_providers_own_are_bounded() {
        for text in ["401", "998", "invalid.code-X_1", "a"] {
            let ErrorCode::Provider(code) = ErrorCode::read(text.as_bytes()) else { panic!("{text}") };
            assert_eq!(code.to_string(), text);
            assert_eq!(code.as_bytes(), text.as_bytes());
        }
        for text in ["", "seventeen_letters", "has space", "h\u{e9}", "a\n", "<b>"] {
            assert_eq!(ErrorCode::read(text.as_bytes()), ErrorCode::Other, "{text}");
        }
        assert_eq!(ErrorCode::read(b"invalid_grant"), ErrorCode::InvalidGrant);
        assert_eq!(ErrorCode::read(b"unsupported_grant_type"), ErrorCode::UnsupportedGrantType);
        for name in STANDARD {
            assert_eq!(ErrorCode::read(name.as_bytes()).to_string(), name);
        }
        assert_eq!(ErrorCode::read(b"998").to_string(), "998");
        assert_eq!(ErrorCode::read(b"").to_string(), "unknown");
    }
}
