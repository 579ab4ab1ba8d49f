//! Why a request cannot be built.

use core::fmt;

use crate::buffer::BufferTooSmall;
use crate::dialect::{Field, Purpose};
use crate::http::InvalidPart;

/// Why a request cannot be built. All of these are the caller's to mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// The buffer has to be this large. Nothing is left in it.
    BufferTooSmall {
        /// The exact number of bytes that the whole output takes.
        needed: usize,
    },
    /// The provider has no exchange for this purpose.
    NoSuchExchange(Purpose),
    /// A field that the exchange needs was not given.
    Missing(Field),
    /// A field that the exchange needs is empty.
    Empty(Field),
    /// A field holds what cannot be sent where it belongs: a control character, a space or a byte that is not ASCII
    /// in a token for a header, `.` or `..` as a segment of the path.
    Forbidden(Field),
    /// A field is not UTF-8, which JSON has to be.
    NotUtf8(Field),
    /// The provider's description leaves the path to the caller: [`Endpoint::path`](crate::Endpoint::path) is needed.
    MissingPath,
    /// A part of the HTTP request that cannot be sent.
    Invalid(InvalidPart),
}

impl RequestError {
    /// The stable short code, 101 to 107 and 121 to 127.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::BufferTooSmall { .. } => 101,
            Self::NoSuchExchange(_) => 102,
            Self::Missing(_) => 103,
            Self::Empty(_) => 104,
            Self::Forbidden(_) => 105,
            Self::NotUtf8(_) => 106,
            Self::MissingPath => 107,
            Self::Invalid(part) => part.code(),
        }
    }
}

impl From<BufferTooSmall> for RequestError {
    fn from(error: BufferTooSmall) -> Self {
        Self::BufferTooSmall { needed: error.needed }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BufferTooSmall { needed } => fmt::Display::fmt(&BufferTooSmall { needed: *needed }, f),
            Self::NoSuchExchange(purpose) => write!(f, "the provider has no exchange for {purpose:?}"),
            Self::Missing(field) => write!(f, "{} is missing", field.name()),
            Self::Empty(field) => write!(f, "{} is empty", field.name()),
            Self::Forbidden(field) => write!(f, "{} holds what cannot be sent", field.name()),
            Self::NotUtf8(field) => write!(f, "{} is not UTF-8", field.name()),
            Self::MissingPath => f.write_str("the endpoint's path is missing"),
            Self::Invalid(part) => fmt::Display::fmt(part, f),
        }
    }
}

impl core::error::Error for RequestError {}
