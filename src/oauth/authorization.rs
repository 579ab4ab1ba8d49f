//! The `Authorization` field of requests that use a token.

use super::request_error::RequestError;
use crate::buffer::{BufferTooSmall, Writer};
use crate::dialect::{Dialect, Field};
use crate::http::{self, InvalidPart};
use crate::secret::Secret;
use crate::words::all_within;

/// The value of `Authorization` for calls to the provider's API: its scheme, a space and the access token
/// (RFC 6750 section 2.1). In one buffer or in pieces, so that any transmit buffer serves any token.
///
/// ```
/// use pos_token::{Authorization, provider};
/// let authorization = Authorization::new(&provider::LOYALIFE, "eyJhbGciOi")?;
/// let mut buf = [0; 64];
/// assert_eq!(authorization.write(&mut buf)?, b"bearer eyJhbGciOi");
/// // The same in windows of eight bytes.
/// let mut window = [0; 8];
/// assert_eq!(authorization.write_at(8, &mut window), 8);
/// assert_eq!(&window, b"yJhbGciO");
/// # Ok::<(), pos_token::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Authorization<'a> {
    scheme: &'a [u8],
    token: Secret<'a>,
}

impl<'a> Authorization<'a> {
    /// For this token, in the dialect's spelling of the scheme.
    ///
    /// # Errors
    /// `Empty` or `Forbidden`, of the access token: it is empty or has a byte that is no visible ASCII character and
    /// could split the message. `Invalid` where the dialect's scheme is not a token of RFC 9110 section 5.6.2.
    pub fn new<D: Dialect>(dialect: &'a D, token: impl Into<Secret<'a>>) -> Result<Self, RequestError> {
        let token = token.into();
        check(token)?;
        let scheme = dialect.settings().authorization_scheme;
        if !http::is_token(scheme) {
            return Err(RequestError::Invalid(InvalidPart::Authorization));
        }
        Ok(Self { scheme, token })
    }

    /// The token alone.
    #[doc(hidden)]
    #[must_use]
    pub const fn token(&self) -> Secret<'a> {
        self.token
    }

    /// The length of the value, in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        let mut w = Writer::counter();
        self.generate(&mut w);
        w.total()
    }

    /// Never: a value has a scheme and a token.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Writes the value and returns the part of `out` that it takes.
    ///
    /// # Errors
    /// [`BufferTooSmall`]; nothing is left in `out` then.
    pub fn write<'b>(&self, out: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        let mut w = Writer::new(out);
        self.generate(&mut w);
        w.finish()
    }

    /// Fills `window` with the value's bytes from `offset` on, and returns how many there were.
    pub fn write_at(&self, offset: usize, window: &mut [u8]) -> usize {
        let mut w = Writer::window(window, offset);
        self.generate(&mut w);
        w.filled()
    }

    pub(crate) fn generate(&self, w: &mut Writer<'_>) {
        w.bytes(self.scheme);
        w.byte(b' ');
        w.bytes(self.token.expose());
    }
}

/// The same code for all dialects.
#[inline(never)]
fn check(token: Secret<'_>) -> Result<(), RequestError> {
    if token.expose().is_empty() {
        Err(RequestError::Empty(Field::AccessToken))
    } else if all_within::<b'!', b'~'>(token.expose()) {
        Ok(())
    } else {
        Err(RequestError::Forbidden(Field::AccessToken))
    }
}
