//! Every error in one type, and what a till does next.

use core::fmt;

use crate::buffer::BufferTooSmall;
use crate::dialect::{Field, Purpose};
use crate::http::RetryAfter;
use crate::jwt::{ClaimError, KeyError, TokenError};
use crate::oauth::{Answer, AnswerError, Denied, ErrorCode, ExchangeError, MemberFault, Outcome, RequestError};
use crate::time::DateError;

/// Any error of this library, for callers that want one type. It holds no text from outside; a transport's own error
/// stays behind, in the [`ExchangeError`] that this is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The request cannot be built.
    Request(RequestError),
    /// The exchange came to no answer: scratch buffer, transport, or what came back, as the short code tells.
    Exchange(ExchangeError<TransportFailed>),
    /// The answer cannot be understood.
    Answer(AnswerError),
    /// A token is not accepted.
    Token(TokenError),
    /// A claim cannot be given.
    Claim(ClaimError),
    /// A key is refused.
    Key(KeyError),
    /// A date cannot be read.
    Date(DateError),
}

/// Stands for a transport's own error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransportFailed;

impl fmt::Display for TransportFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failed")
    }
}

impl Error {
    /// The stable short code, which a cashier can read out over the phone: 1xx is the caller's own to mend, 2xx the
    /// transport, 3xx HTTP and dates, 4xx the answer's JSON, 5xx the server's refusal, 6xx the token.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Request(error) => error.code(),
            Self::Exchange(error) => error.code(),
            Self::Answer(error) => error.code(),
            Self::Token(error) => error.code(),
            Self::Claim(error) => error.code(),
            Self::Key(error) => error.code(),
            Self::Date(error) => error.code(),
        }
    }

    /// What a till does next.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Request(error) => error.verdict(),
            Self::Exchange(error) => error.verdict(),
            Self::Answer(error) => error.verdict(),
            Self::Token(error) => error.verdict(),
            Self::Claim(_) | Self::Key(_) | Self::Date(_) => Verdict::Stop,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => fmt::Display::fmt(error, f),
            Self::Exchange(error) => fmt::Display::fmt(error, f),
            Self::Answer(error) => fmt::Display::fmt(error, f),
            Self::Token(error) => fmt::Display::fmt(error, f),
            Self::Claim(error) => fmt::Display::fmt(error, f),
            Self::Key(error) => fmt::Display::fmt(error, f),
            Self::Date(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl core::error::Error for Error {}

impl From<BufferTooSmall> for Error {
    fn from(error: BufferTooSmall) -> Self {
        Self::Request(error.into())
    }
}

impl From<RequestError> for Error {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<AnswerError> for Error {
    fn from(error: AnswerError) -> Self {
        Self::Answer(error)
    }
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        Self::Token(error)
    }
}

impl From<ClaimError> for Error {
    fn from(error: ClaimError) -> Self {
        Self::Claim(error)
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<DateError> for Error {
    fn from(error: DateError) -> Self {
        Self::Date(error)
    }
}

impl<E> From<ExchangeError<E>> for Error {
    fn from(error: ExchangeError<E>) -> Self {
        match error {
            ExchangeError::Request(error) => Self::Request(error),
            ExchangeError::Answer { error, status, retry_after } => {
                Self::Exchange(ExchangeError::Answer { error, status, retry_after })
            }
            ExchangeError::Transport(_) => Self::Exchange(ExchangeError::Transport(TransportFailed)),
            ExchangeError::ScratchTooSmall => Self::Exchange(ExchangeError::ScratchTooSmall),
            ExchangeError::Closed => Self::Exchange(ExchangeError::Closed),
            ExchangeError::Overrun => Self::Exchange(ExchangeError::Overrun),
            ExchangeError::TokenRefused => Self::Exchange(ExchangeError::TokenRefused),
        }
    }
}

impl RequestError {
    /// What a till does next: log in where a refresh, a second step or a log-out has no token to go with, or where the
    /// provider knows no refresh. All else only who wrote or configured the request can mend.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Missing(Field::RefreshToken | Field::AccessToken | Field::PendingToken)
            | Self::NoSuchExchange(Purpose::Refresh) => Verdict::LogIn,
            _ => Verdict::Stop,
        }
    }
}

impl AnswerError {
    /// What a till does next. The same malformed answer again and again is a matter for the operator too.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            // Each further try would be a log-in with the same end.
            Self::StoreTooSmall { .. } | Self::OutOfOrder | Self::Member { fault: MemberFault::TokenType, .. } => {
                Verdict::Stop
            }
            _ => Verdict::Wait(None),
        }
    }
}

impl TokenError {
    /// What a till does next. A token that is not valid yet came from a server whose clock is ahead of this one: its
    /// signature was right, so use it. One that is expired asks for a refresh or a log-in. Any other is not to be
    /// trusted, and another log-in would bring one like it.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::NotYetValid => Verdict::Use,
            Self::Expired => Verdict::LogIn,
            _ => Verdict::Stop,
        }
    }
}

impl<E> ExchangeError<E> {
    /// What a till does next.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Request(error) => error.verdict(),
            Self::Answer { error, retry_after, .. } => match error.verdict() {
                Verdict::Wait(_) => Verdict::Wait(*retry_after),
                verdict => verdict,
            },
            Self::Transport(_) | Self::Closed => Verdict::Wait(None),
            Self::ScratchTooSmall | Self::Overrun | Self::TokenRefused => Verdict::Stop,
        }
    }
}

/// What a till does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Use the token.
    Use,
    /// There is nothing more to do: the log-out or the revocation is done. What it voided is still in the store:
    /// [`clear`](crate::TokenStore::clear) it.
    Done,
    /// Try again, not before the server's time where it named one; else after a pause that grows from try to try.
    Wait(Option<RetryAfter>),
    /// Log in again: the refresh token is of no more use.
    LogIn,
    /// Ask for a code, or for another one.
    AskForCode,
    /// Call the operator: the same again would fail again, and might lock the account.
    Stop,
}

/// In two or three words, as in `wait 30 s`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Use => f.write_str("use"),
            Self::Done => f.write_str("done"),
            Self::Wait(None) => f.write_str("wait"),
            Self::Wait(Some(RetryAfter::Seconds(seconds))) => write!(f, "wait {seconds} s"),
            Self::Wait(Some(RetryAfter::At(time))) => write!(f, "wait until {time}"),
            Self::LogIn => f.write_str("log in again"),
            Self::AskForCode => f.write_str("ask for a code"),
            Self::Stop => f.write_str("stop"),
        }
    }
}

/// One line for a log: the outcome, the server's error code where it gave one, the status and the short code.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outcome {
            Outcome::Granted(_) => f.write_str("granted")?,
            Outcome::Done => f.write_str("done")?,
            Outcome::MfaPending => f.write_str("a code is missing")?,
            Outcome::Denied(Denied { error: Some(error), .. }) => write!(f, "denied, {error}")?,
            Outcome::Denied(Denied { error: None, .. }) => f.write_str("denied")?,
            Outcome::NotAnApi => f.write_str("not an API's answer")?,
            Outcome::Redirected => f.write_str("redirected")?,
        }
        write!(f, " (status {}, code {})", self.status, self.code())
    }
}

impl Answer {
    /// What a till does next. `Stop` after a log-in means that the credentials or the configuration are wrong.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match self.outcome {
            Outcome::Granted(_) => Verdict::Use,
            Outcome::Done => Verdict::Done,
            Outcome::MfaPending => Verdict::AskForCode,
            Outcome::NotAnApi => Verdict::Wait(self.retry_after),
            Outcome::Redirected => Verdict::Stop,
            Outcome::Denied(denied) if denied.retryable => Verdict::Wait(self.retry_after),
            Outcome::Denied(denied) => denied.verdict(self.purpose, self.status),
        }
    }

    /// The stable short code of an answer that is no success, 501 to 599, that a cashier can read out over the phone;
    /// 0 of a success.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self.outcome {
            Outcome::Granted(_) | Outcome::Done => 0,
            Outcome::MfaPending => 501,
            Outcome::NotAnApi => 502,
            Outcome::Redirected => 503,
            Outcome::Denied(denied) => denied.code(),
        }
    }
}

impl Denied {
    const fn verdict(self, purpose: Purpose, status: u16) -> Verdict {
        match purpose {
            _ if self.is_of_the_client() => Verdict::Stop,
            Purpose::Refresh => Verdict::LogIn,
            Purpose::VerifyCode => Verdict::AskForCode,
            // The token with which to log out is void already.
            Purpose::Revoke | Purpose::LogOut if status == 401 => Verdict::LogIn,
            Purpose::LogIn | Purpose::Revoke | Purpose::LogOut => Verdict::Stop,
        }
    }

    /// Whether the client is at fault, which is not known or not allowed: whatever it asks for would be refused.
    pub(crate) const fn is_of_the_client(self) -> bool {
        matches!(
            self.error,
            Some(
                ErrorCode::InvalidClient
                    | ErrorCode::UnauthorizedClient
                    | ErrorCode::UnsupportedGrantType
                    | ErrorCode::InvalidScope
            )
        )
    }

    /// The stable short code, 510 to 529.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self.error {
            None if self.retryable => 510,
            None => 511,
            Some(error) => error.code(),
        }
    }
}

impl ErrorCode {
    /// The stable short code, 512 to 523.
    #[must_use]
    #[inline(never)] // By itself it is a sum.
    pub const fn code(self) -> u16 {
        match self {
            Self::InvalidRequest => 512,
            Self::InvalidClient => 513,
            Self::InvalidGrant => 514,
            Self::UnauthorizedClient => 515,
            Self::UnsupportedGrantType => 516,
            Self::InvalidScope => 517,
            Self::AccessDenied => 518,
            Self::ServerError => 519,
            Self::TemporarilyUnavailable => 520,
            Self::UnsupportedTokenType => 521,
            Self::Provider(_) => 522,
            Self::Other => 523,
        }
    }

    /// That of a short code; `None` where there is none, and of a provider's own, which has a text too.
    #[doc(hidden)]
    #[must_use]
    pub fn of_code(code: u32) -> Option<Self> {
        match code {
            512..=521 => Self::standard(usize::try_from(code - 512).ok()?),
            523 => Some(Self::Other),
            _ => None,
        }
    }
}
