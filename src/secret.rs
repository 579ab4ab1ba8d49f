//! Secrets that a caller lends, and the wiping of what they leave behind.

use core::fmt;

/// A password, a client secret, a token: bytes that are lent for a while and never shown.
///
/// `Debug` prints `[redacted]`, there is no `Display` and no `PartialEq` (which would not be constant-time).
/// Made from `&str`, `&[u8]` or `&[u8; N]`; the caller owns the bytes and wipes them.
///
/// ```
/// use pos_token::Secret;
/// let password = Secret::from("correct horse");
/// assert_eq!(format!("{password:?}"), "[redacted]");
/// assert_eq!(password.expose(), b"correct horse");
/// ```
#[derive(Clone, Copy)]
pub struct Secret<'a>(&'a [u8]);

impl<'a> Secret<'a> {
    /// Lends the bytes, as `From` does, where a `const` is wanted.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes themselves. Whoever calls this answers for where they go.
    #[must_use]
    pub const fn expose(self) -> &'a [u8] {
        self.0
    }
}

impl<'a> From<&'a [u8]> for Secret<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Secret<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self(bytes)
    }
}

impl<'a> From<&'a str> for Secret<'a> {
    fn from(text: &'a str) -> Self {
        Self(text.as_bytes())
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
