//! What a session answers.

use core::fmt;

use super::clock::ClockEstimate;
use crate::dialect::{Dialect, Purpose};
use crate::jwt::UnverifiedClaims;
use crate::oauth::{Authorization, RequestError, TokenRequest};
use crate::time::UnixTime;

/// What a till does now.
#[derive(Clone, Copy, Debug)]
pub enum Step<'s> {
    /// Use the token: there is nothing else to do.
    Use(TokenInUse<'s>),
    /// Make an exchange for this purpose: [`begin`](super::Session::begin). Until it is made, and while it is,
    /// [`token`](super::Session::token) tells whether there is a token to use.
    Send(Purpose),
    /// Save: [`save`](super::Session::save), write the record, then [`saved`](super::Session::saved) or
    /// [`save_failed`](super::Session::save_failed).
    Save,
    /// There is no token to use; wait.
    Wait {
        /// For how many seconds, 1 or more. Asking again earlier does no harm.
        seconds: u32,
        /// What for.
        reason: WaitReason,
    },
    /// Only a person can go on: ask for a code, and give it to [`begin`](super::Session::begin).
    NeedCode(CodeNeeded),
    /// Call the operator. Until the credentials are changed, nothing is sent.
    Stop(Stop),
}

/// A token that may be used now.
#[derive(Clone, Copy, Debug)]
pub struct TokenInUse<'s> {
    /// The value of `Authorization`.
    pub authorization: Authorization<'s>,
    /// Counts the tokens; [`rejected`](super::Session::rejected) wants it back.
    pub generation: u32,
    /// For how many seconds the token is good; `None` where nothing tells: until the API answers 401.
    pub good_for: Option<u32>,
    /// After how many seconds at the latest [`next`](super::Session::next) has something else to say.
    pub next_in: u32,
    /// The token's refresh token could not be saved: once this token is used, and if the power goes before another one
    /// is saved, the till has to log in again.
    pub unsaved: bool,
}

/// What a till waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum WaitReason {
    /// An exchange is under way.
    Exchange = 1,
    /// Its place among the tills of its chain, after a boot or at the end of a token that all of them share.
    Slot = 2,
    /// The pause after a failure.
    BackOff = 3,
    /// The server told it to.
    RetryAfter = 4,
}

impl fmt::Display for WaitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exchange => "an exchange is under way",
            Self::Slot => "its place in the chain",
            Self::BackOff => "the pause after a failure",
            Self::RetryAfter => "the server said so",
        })
    }
}

/// A code that only a person has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeNeeded {
    /// Which.
    pub kind: CodeKind,
    /// Whether a log-in waits for it. Without one, the code for a second factor is asked of the provider first:
    /// [`begin`](super::Session::begin) then makes a log-in, whatever it is given.
    pub pending: bool,
}

/// Which code a person has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CodeKind {
    /// That of a second factor, for [`Field::Code`](crate::dialect::Field::Code).
    Mfa = 1,
    /// The PIN of a linked device, for [`Field::Pin`](crate::dialect::Field::Pin).
    Pin = 2,
}

/// Why a session stands still, and what the operator reads out over the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Why.
    pub reason: StopReason,
    /// The stable short code of what caused it, see [`Error::code`](crate::Error::code) and
    /// [`Answer::code`](crate::Answer::code); 701 or 703 where the session itself did.
    pub code: u16,
}

/// Why a session stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum StopReason {
    /// The provider refused the credentials, the client or the grant.
    Refused = 1,
    /// The program or its configuration is at fault: a buffer, a store, a missing field.
    Setup = 2,
    /// Too many answers in a row could not be understood, or were a 401 without JSON.
    Malformed = 3,
    /// Too many tokens in a row were refused by the API, or the caller's own check refused one.
    Rejected = 4,
    /// Too many codes in a row were refused.
    CodeRefused = 5,
    /// The till was logged out.
    LoggedOut = 6,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.reason {
            StopReason::Refused => "the provider refuses",
            StopReason::Setup => "the till is not set up right",
            StopReason::Malformed => "the answers make no sense",
            StopReason::Rejected => "the tokens are refused",
            StopReason::CodeRefused => "the codes are refused",
            StopReason::LoggedOut => "logged out",
        };
        write!(f, "stop: {why} (code {})", self.code)
    }
}

/// An exchange that was begun.
#[derive(Debug)]
pub struct Begun<'r, D: Dialect> {
    /// Its number, for [`accept`](super::Session::accept) and [`failed`](super::Session::failed).
    pub number: u32,
    /// What it is for; the answer's reader has to be told.
    pub purpose: Purpose,
    /// What to send.
    pub request: TokenRequest<'r, D>,
}

/// Why no exchange was begun. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BeginError {
    /// Another one is under way.
    Busy,
    /// It is not the time: [`next`](super::Session::next) says what is.
    NotNow,
    /// The session stands still.
    Stopped(Stop),
    /// The store could not hold the answer beside the tokens in use, and the refresh token would be lost with it.
    StoreTooSmall {
        /// How large the arena has to be at least, in bytes.
        needed: u32,
    },
    /// The request cannot be built.
    Request(RequestError),
}

impl BeginError {
    /// The stable short code: 711 to 714, or that of the request's error.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Busy => 711,
            Self::NotNow => 712,
            Self::Stopped(_) => 713,
            Self::StoreTooSmall { .. } => 714,
            Self::Request(error) => error.code(),
        }
    }
}

impl fmt::Display for BeginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("another exchange is under way"),
            Self::NotNow => f.write_str("it is not the time for an exchange"),
            Self::Stopped(stop) => fmt::Display::fmt(stop, f),
            Self::StoreTooSmall { needed } => write!(f, "token store too small: {needed} bytes needed"),
            Self::Request(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl core::error::Error for BeginError {}

/// What a 401 of the API meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Rejection {
    /// It was for an older token; nothing changes.
    Older = 1,
    /// The token was over, by the best estimate of the time; only the till had not known.
    Expired = 2,
    /// The token ought to be good: it was revoked, or the API refuses it for another reason.
    Revoked = 3,
    /// Whether it was over is not known.
    Unknown = 4,
}

/// What is known of the last token that was granted, while it is good and afterwards. What a till may still do with
/// that is the caller's to decide.
#[derive(Clone, Copy, Debug)]
pub struct LastKnown<'s> {
    /// The token's generation.
    pub generation: u32,
    /// When its request was begun, where the time was known.
    pub granted_at: Option<UnixTime>,
    /// When it ends or ended, where that is known.
    pub expires_at: Option<UnixTime>,
    /// How many seconds ago its request was begun; after a boot that takes a clock.
    pub age: Option<u32>,
    /// Whether the API refused it.
    pub rejected: bool,
    /// Its claims, read again, while it is in the store and is a JWT. Nobody has verified them here.
    pub claims: Option<UnverifiedClaims<'s>>,
    /// What the time is, and how far that can be trusted.
    pub clock: Option<ClockEstimate>,
}
