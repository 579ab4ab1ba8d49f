//! JSON Web Tokens: read without a key for scheduling, or verified with HMAC-SHA512 (RFC 7515, RFC 7519, RFC 8725).
//!
//! What was read and what was verified are different types, and nothing makes the one from the other but
//! [`UntrustedToken::verify`]. The token is borrowed; nothing of it is copied or held but its times.

mod claims;
mod hs512;
mod members;
mod token;
#[cfg(feature = "serde")]
mod typed;

pub(crate) use claims::Registered;
pub use claims::{ClaimError, Claims, Times, Unverified, UnverifiedClaims, Validation, Verified, VerifiedClaims};
#[doc(hidden)]
pub use hs512::FULL_KEY;
pub use hs512::{HmacSha512, Hs512Key, KeyError, Signature};
#[doc(hidden)]
pub use token::{CheckedHeader, CheckedSignature};
pub use token::{DEFAULT_MAX_LEN, TokenError, UntrustedToken};
#[cfg(feature = "serde")]
pub use typed::DeserializeError;
