//! One request and its answer over a transport.

use core::fmt;

use embedded_io::{Read, Write};

use super::answer::{Answer, AnswerError, Outcome};
use super::credentials::{Credentials, Fields};
use super::reader::{AnswerOptions, AnswerReader, Progress};
use super::request::TokenRequest;
use super::request_error::RequestError;
use crate::dialect::{Dialect, Purpose};
use crate::http::{Endpoint, RetryAfter};
use crate::secret::{Secret, wipe};
use crate::store::TokenStore;

/// The least that a scratch buffer has to hold, in bytes.
#[doc(hidden)]
pub const MIN_SCRATCH: usize = 64;

/// Why an exchange came to no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExchangeError<E> {
    /// The request cannot be built; nothing was sent.
    Request(RequestError),
    /// The scratch buffer is smaller than 64 bytes; nothing was sent.
    ScratchTooSmall,
    /// The transport's own error, as it came.
    Transport(E),
    /// The transport took no byte of the request: the connection is closed.
    Closed,
    /// The transport says that it read or wrote more than it was given room for.
    Overrun,
    /// The answer cannot be understood, or ended early.
    Answer {
        /// Why.
        error: AnswerError,
        /// The status code; 0 where the answer did not come that far.
        status: u16,
        /// When to come back, where the server said so.
        retry_after: Option<RetryAfter>,
    },
    /// The caller's own check refused the access token that was granted. The tokens in use stay.
    TokenRefused,
}

impl<E> ExchangeError<E> {
    /// The stable short code: 112 for the scratch buffer, 201 to 203 for the transport, 600 for a token that the caller
    /// refused, or that of the layer below.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Request(error) => error.code(),
            Self::ScratchTooSmall => 112,
            Self::Transport(_) => 201,
            Self::Closed => 202,
            Self::Overrun => 203,
            Self::Answer { error, .. } => error.code(),
            Self::TokenRefused => 600,
        }
    }
}

impl<E> From<RequestError> for ExchangeError<E> {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl<E: fmt::Display> fmt::Display for ExchangeError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => fmt::Display::fmt(error, f),
            Self::ScratchTooSmall => write!(f, "scratch buffer too small: {MIN_SCRATCH} bytes needed"),
            Self::Transport(error) => write!(f, "transport: {error}"),
            Self::Closed => f.write_str("the connection was closed while the request was sent"),
            Self::Overrun => f.write_str("the transport reports more bytes than it was given room for"),
            Self::Answer { error, .. } => fmt::Display::fmt(error, f),
            Self::TokenRefused => f.write_str("the token that was granted is refused"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for ExchangeError<E> {}

/// One request and its answer: what to ask, whom, and how to read what comes back.
///
/// Tokens that the request needs and the credentials lack are taken from the store: the refresh token for a refresh,
/// the pending token for a code, the access token for a log-out.
///
/// ```
/// use pos_token::{Credentials, Endpoint, Outcome, TokenExchange, TokenStore, dialect::Purpose, provider};
/// # struct Modem(&'static [u8]);
/// # impl embedded_io::ErrorType for Modem { type Error = core::convert::Infallible; }
/// # impl embedded_io::Read for Modem {
/// #     fn read(&mut self, buf: &mut [u8]) -> Result<usize, Self::Error> { self.0.read(buf) }
/// # }
/// # impl embedded_io::Write for Modem {
/// #     fn write(&mut self, buf: &[u8]) -> Result<usize, Self::Error> { Ok(buf.len()) }
/// #     fn flush(&mut self) -> Result<(), Self::Error> { Ok(()) }
/// # }
/// # fn open_tls_to(_host: &str) -> Modem {
/// #     Modem(b"HTTP/1.1 200 OK\r\nContent-Length: 29\r\n\r\n{\"accessToken\":\"eyJhbGciOi\"} ")
/// # }
/// let mut arena = [0; 1024];
/// let mut store = TokenStore::new(&mut arena);
/// let log_in = TokenExchange::new(
///     &provider::LOYALTY_DOG,
///     Purpose::LogIn,
///     Credentials::new().username("till-7@example.com").password("correct horse"),
///     Endpoint::https("api.loyalty.dog"),
/// );
/// let mut transport = open_tls_to("api.loyalty.dog"); // anything that reads and writes
/// let answer = log_in.run(&mut transport, &mut store, &mut [0; 128])?;
/// assert!(matches!(answer.outcome, Outcome::Granted(_)));
/// assert!(store.access_token().is_some());
/// # Ok::<(), pos_token::ExchangeError<core::convert::Infallible>>(())
/// ```
#[derive(Debug)]
pub struct TokenExchange<'a, D: Dialect> {
    dialect: &'a D,
    purpose: Purpose,
    credentials: Credentials<'a>,
    endpoint: Endpoint<'a>,
    options: AnswerOptions,
}

impl<'a, D: Dialect> TokenExchange<'a, D> {
    /// An exchange for this purpose with this server.
    #[must_use]
    pub fn new(dialect: &'a D, purpose: Purpose, credentials: Credentials<'a>, endpoint: Endpoint<'a>) -> Self {
        Self { dialect, purpose, credentials, endpoint, options: AnswerOptions::default() }
    }

    /// With other options for reading the answer.
    #[must_use]
    pub fn options(mut self, options: AnswerOptions) -> Self {
        self.options = options;
        self
    }

    /// Writes the request and reads the answer, over any blocking transport, in pieces as large as `scratch`, which
    /// needs 64 bytes at least: each piece is one `write`, so over TLS a larger one makes fewer records. How long to
    /// wait for a server is the transport's to decide. What stands in `scratch` is wiped at the end; the transport is
    /// left open.
    ///
    /// Where this returns a grant, its token is in use; [`run_checked`](Self::run_checked) looks at it before.
    ///
    /// # Errors
    /// [`ExchangeError`] tells who has to act. The tokens in use stay in the store whatever happens.
    pub fn run<T: Read + Write>(
        &self,
        transport: &mut T,
        store: &mut TokenStore<'_>,
        scratch: &mut [u8],
    ) -> Result<Answer, ExchangeError<T::Error>> {
        self.run_checked(transport, store, scratch, |_| true)
    }

    /// [`run`](Self::run), and where an access token is granted, it replaces the one in use only if `check` says so: to
    /// verify its signature first. A clock that may be wrong is no reason to refuse it: see
    /// [`TokenError::verdict`](crate::jwt::TokenError::verdict).
    ///
    /// # Errors
    /// As [`run`](Self::run), and `TokenRefused`.
    pub fn run_checked<T: Read + Write>(
        &self,
        transport: &mut T,
        store: &mut TokenStore<'_>,
        scratch: &mut [u8],
        check: impl FnOnce(Secret<'_>) -> bool,
    ) -> Result<Answer, ExchangeError<T::Error>> {
        let scratch = Wiped(scratch);
        let request = self.request(store)?;
        request.send(&self.endpoint, transport, scratch.0)?;
        let mut reader = self.reader(store);
        loop {
            let count = transport.read(scratch.0);
            if let Progress::Complete { unread } = read(&mut reader, count, scratch.0)? {
                return self.answer(reader, unread, check);
            }
        }
    }

    /// [`run`](Self::run) over a transport that waits asynchronously.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    #[cfg(feature = "async")]
    pub async fn run_async<T: embedded_io_async::Read + embedded_io_async::Write>(
        &self,
        transport: &mut T,
        store: &mut TokenStore<'_>,
        scratch: &mut [u8],
    ) -> Result<Answer, ExchangeError<T::Error>> {
        self.run_checked_async(transport, store, scratch, |_| true).await
    }

    /// [`run_checked`](Self::run_checked) over a transport that waits asynchronously.
    ///
    /// # Errors
    /// As [`run_checked`](Self::run_checked).
    #[cfg(feature = "async")]
    pub async fn run_checked_async<T: embedded_io_async::Read + embedded_io_async::Write>(
        &self,
        transport: &mut T,
        store: &mut TokenStore<'_>,
        scratch: &mut [u8],
        check: impl FnOnce(Secret<'_>) -> bool,
    ) -> Result<Answer, ExchangeError<T::Error>> {
        let scratch = Wiped(scratch);
        let request = self.request(store)?;
        request.send_async(&self.endpoint, transport, scratch.0).await?;
        let mut reader = self.reader(store);
        loop {
            let count = transport.read(scratch.0).await;
            if let Progress::Complete { unread } = read(&mut reader, count, scratch.0)? {
                return self.answer(reader, unread, check);
            }
        }
    }

    fn request<'r>(&'r self, store: &'r TokenStore<'_>) -> Result<TokenRequest<'r, D>, RequestError> {
        TokenRequest::new(self.dialect, self.purpose, self.credentials.or_stored(store))
    }

    fn reader<'r, 's>(&'r self, store: &'r mut TokenStore<'s>) -> AnswerReader<'r, 's, D> {
        AnswerReader::with_options(self.dialect, self.purpose, self.options, store)
    }

    /// Where bytes came behind the answer, they are gone with the scratch buffer, and whatever comes next may be the
    /// rest of them.
    fn answer<E>(
        &self,
        mut reader: AnswerReader<'_, '_, D>,
        unread: usize,
        check: impl FnOnce(Secret<'_>) -> bool,
    ) -> Result<Answer, ExchangeError<E>> {
        let (status, retry_after) = (reader.status_code(), reader.retry_after());
        if let Ok(Outcome::Granted(_)) = reader.outcome()
            && !reader.access_token().is_some_and(check)
        {
            return Err(ExchangeError::TokenRefused);
        }
        let mut answer = reader.finish().map_err(|error| failed(error, status, retry_after))?;
        answer.reusable &= unread == 0 && !self.endpoint.closes();
        Ok(answer)
    }
}

impl<D: Dialect, F: Fields> TokenRequest<'_, D, F> {
    /// Writes the whole HTTP request into `out`, in pieces as large as `scratch`, which needs 64 bytes at least, and
    /// flushes it. What stands in `scratch` afterwards is the caller's to wipe.
    ///
    /// # Errors
    /// `Request` and `ScratchTooSmall`, before anything is written; `Transport`, `Closed` and `Overrun`.
    pub fn send<W: Write>(
        &self,
        endpoint: &Endpoint<'_>,
        out: &mut W,
        scratch: &mut [u8],
    ) -> Result<(), ExchangeError<W::Error>> {
        let (mut offset, body_len) = (0, self.body_len());
        loop {
            let (mut piece, is_last) = self.piece(endpoint, body_len, offset, scratch)?;
            offset += piece.len();
            while !piece.is_empty() {
                let count = written(out.write(piece), piece)?;
                piece = piece.get(count..).unwrap_or(&[]);
            }
            if is_last {
                return out.flush().map_err(ExchangeError::Transport);
            }
        }
    }

    /// [`send`](Self::send) into a writer that waits asynchronously.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    #[cfg(feature = "async")]
    pub async fn send_async<W: embedded_io_async::Write>(
        &self,
        endpoint: &Endpoint<'_>,
        out: &mut W,
        scratch: &mut [u8],
    ) -> Result<(), ExchangeError<W::Error>> {
        let (mut offset, body_len) = (0, self.body_len());
        loop {
            let (mut piece, is_last) = self.piece(endpoint, body_len, offset, scratch)?;
            offset += piece.len();
            while !piece.is_empty() {
                let count = written(out.write(piece).await, piece)?;
                piece = piece.get(count..).unwrap_or(&[]);
            }
            if is_last {
                return out.flush().await.map_err(ExchangeError::Transport);
            }
        }
    }

    /// The request's bytes from `offset` on, as many as `scratch` holds, and whether it ends with them. Each is
    /// generated once, however little of it the transport takes at a time.
    fn piece<'b, E>(
        &self,
        endpoint: &Endpoint<'_>,
        body_len: usize,
        offset: usize,
        scratch: &'b mut [u8],
    ) -> Result<(&'b [u8], bool), ExchangeError<E>> {
        if scratch.len() < MIN_SCRATCH {
            return Err(ExchangeError::ScratchTooSmall);
        }
        let count = self.write_piece(endpoint, body_len, offset, scratch)?;
        Ok((scratch.get(..count).unwrap_or(&[]), count < scratch.len()))
    }
}

/// How many bytes of `piece` the transport took.
fn written<E>(count: Result<usize, E>, piece: &[u8]) -> Result<usize, ExchangeError<E>> {
    match count.map_err(ExchangeError::Transport)? {
        0 => Err(ExchangeError::Closed),
        count if count > piece.len() => Err(ExchangeError::Overrun),
        count => Ok(count),
    }
}

/// The end of the connection completes an answer, if only a truncated one.
fn read<D: Dialect, E>(
    reader: &mut AnswerReader<'_, '_, D>,
    count: Result<usize, E>,
    scratch: &[u8],
) -> Result<Progress, ExchangeError<E>> {
    let count = count.map_err(ExchangeError::Transport)?;
    let piece = scratch.get(..count).ok_or(ExchangeError::Overrun)?;
    if piece.is_empty() {
        return Ok(Progress::Complete { unread: 0 });
    }
    let progress = reader.feed(piece);
    progress.map_err(|error| failed(error, reader.status_code(), reader.retry_after()))
}

fn failed<E>(error: AnswerError, status: u16, retry_after: Option<RetryAfter>) -> ExchangeError<E> {
    ExchangeError::Answer { error, status, retry_after }
}

/// A scratch buffer that is wiped however its use ends, an abandoned future included.
struct Wiped<'b>(&'b mut [u8]);

impl Drop for Wiped<'_> {
    fn drop(&mut self) {
        wipe(self.0);
    }
}
