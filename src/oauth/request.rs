//! What to send: a token request as a body, as a whole HTTP request, or as any piece of one.

use core::fmt;

use super::authorization::Authorization;
use super::basic;
use super::credentials::{Credentials, Fields, Given};
use super::request_error::RequestError;
use crate::buffer::Writer;
use crate::dialect::{ClientAuth, Dialect, Encoding, Exchange, Field, Method, Purpose, Value};
use crate::http::{self, Endpoint, InvalidPart};
use crate::secret::Secret;
use crate::utf8::is_utf8;
use crate::words::all_within;
use crate::{form, json};

/// A token request: what a dialect says about a purpose, filled with credentials or with other [`Fields`].
///
/// Every way to take it gives the same bytes: [`write_body`](Self::write_body) for firmware whose own stack does
/// HTTP, [`write_http`](Self::write_http) for the whole request in one buffer, [`write_at`](Self::write_at) for any
/// piece of that, [`send`](Self::send) into any [`embedded_io::Write`]. Nothing panics, and no byte is written behind a
/// buffer's end.
///
/// ```
/// use pos_token::{Credentials, Endpoint, TokenRequest, dialect::Purpose, provider};
/// let credentials = Credentials::new().username("till-7@example.com").password("correct horse");
/// let request = TokenRequest::new(&provider::LOYALTY_DOG, Purpose::LogIn, credentials)?;
/// let mut buf = [0; 64];
/// assert_eq!(request.write_body(&mut buf)?, b"username=till-7%40example.com&password=correct+horse");
///
/// let endpoint = Endpoint::https("api.loyalty.dog");
/// assert!(request.write_http(&endpoint, &mut [0; 256])?.starts_with(b"POST /v2/token HTTP/1.1\r\n"));
/// # Ok::<(), pos_token::RequestError>(())
/// ```
pub struct TokenRequest<'a, D: Dialect, F: Fields = Credentials<'a>> {
    dialect: &'a D,
    index: usize,
    exchange: Exchange<'a>,
    credentials: F,
}

impl<'a, D: Dialect, F: Fields> TokenRequest<'a, D, F> {
    /// The request of this dialect for this purpose.
    ///
    /// # Errors
    /// `NoSuchExchange` where the dialect has none for the purpose; `Missing`, `Empty`, `Forbidden` or `NotUtf8` name
    /// the first field that keeps the request from being sent; `Invalid` where the dialect itself has a path or a
    /// scheme that cannot be sent.
    #[inline(always)] // It is made where it stays.
    pub fn new(dialect: &'a D, purpose: Purpose, credentials: F) -> Result<Self, RequestError> {
        let mut index = 0;
        while let Some(exchange) = dialect.exchange(index) {
            // The first of this purpose whose `when` was given.
            let selected = exchange.when.is_none_or(|field| credentials.field(field).is_some());
            if exchange.purpose == purpose && selected {
                check(dialect, index, &exchange, &credentials)?;
                return Ok(Self { dialect, index, exchange, credentials });
            }
            index += 1;
        }
        Err(RequestError::NoSuchExchange(purpose))
    }

    /// The exchange that this is a request of, with its method. Its path is as the description has it;
    /// [`write_path`](Self::write_path) fills in the fields.
    #[must_use]
    pub fn exchange(&self) -> Exchange<'a> {
        self.exchange
    }

    /// What `Content-Type` says about the body; `None` where there is no body.
    #[must_use]
    pub fn content_type(&self) -> Option<&'static str> {
        match (self.exchange.method, self.exchange.encoding) {
            (Method::Get, _) => None,
            (Method::Post, Encoding::Form) => Some("application/x-www-form-urlencoded"),
            (Method::Post, Encoding::Json) => Some("application/json"),
        }
    }

    /// The length of the body, in bytes.
    #[must_use]
    pub fn body_len(&self) -> usize {
        let mut w = Writer::counter();
        self.body(&mut w);
        w.total()
    }

    /// Writes the body and returns the part of `out` that it takes. A request by GET has an empty one.
    ///
    /// # Errors
    /// `BufferTooSmall` with the exact length needed.
    pub fn write_body<'b>(&self, out: &'b mut [u8]) -> Result<&'b [u8], RequestError> {
        let mut w = Writer::new(out);
        self.body(&mut w);
        Ok(w.finish()?)
    }

    /// Writes the path, with the values of the fields in it but without the endpoint's prefix, for firmware whose own
    /// stack does HTTP.
    ///
    /// # Errors
    /// `BufferTooSmall` with the exact length needed; `MissingPath` where the dialect leaves the path to the caller.
    pub fn write_path<'b>(&self, out: &'b mut [u8]) -> Result<&'b [u8], RequestError> {
        if self.exchange.path.is_empty() {
            return Err(RequestError::MissingPath);
        }
        let mut w = Writer::new(out);
        self.path(&mut w);
        Ok(w.finish()?)
    }

    /// Writes the value of `Authorization`, for firmware whose own stack does HTTP; `None` where the request has none.
    ///
    /// # Errors
    /// `BufferTooSmall` with the exact length needed.
    pub fn write_authorization<'b>(&self, out: &'b mut [u8]) -> Result<Option<&'b [u8]>, RequestError> {
        if self.exchange.client_auth == ClientAuth::Body {
            return Ok(None);
        }
        let mut w = Writer::new(out);
        self.authorization(&mut w);
        Ok(Some(w.finish()?))
    }

    /// The length of the whole HTTP request, in bytes.
    ///
    /// # Errors
    /// `Invalid` and `MissingPath`, as [`write_at`](Self::write_at).
    pub fn http_len(&self, endpoint: &Endpoint<'_>) -> Result<usize, RequestError> {
        let body_len = self.body_len();
        let mut w = Writer::counter();
        self.head(endpoint, body_len, &mut w)?;
        Ok(w.total().saturating_add(body_len))
    }

    /// Writes the whole HTTP/1.1 request and returns the part of `out` that it takes.
    ///
    /// # Errors
    /// `BufferTooSmall` with the exact length needed; else as [`write_at`](Self::write_at).
    pub fn write_http<'b>(&self, endpoint: &Endpoint<'_>, out: &'b mut [u8]) -> Result<&'b [u8], RequestError> {
        let mut w = Writer::new(out);
        self.head(endpoint, self.body_len(), &mut w)?;
        self.body(&mut w);
        Ok(w.finish()?)
    }

    /// Fills `window` with the HTTP request's bytes from `offset` on, and returns how many there were: fewer than the
    /// window holds only at the request's end. The whole request is generated each time and the window kept, so no
    /// buffer for all of it is needed, and nothing is remembered between calls.
    ///
    /// # Errors
    /// `Invalid` where a part of the endpoint cannot be sent; `MissingPath` where neither the dialect nor the endpoint
    /// has a path.
    pub fn write_at(&self, endpoint: &Endpoint<'_>, offset: usize, window: &mut [u8]) -> Result<usize, RequestError> {
        self.write_piece(endpoint, self.body_len(), offset, window)
    }

    /// [`write_at`](Self::write_at) for all the pieces of one request: what [`body_len`](Self::body_len) said once is not
    /// counted again for each.
    ///
    /// # Errors
    /// As [`write_at`](Self::write_at).
    pub fn write_piece(
        &self,
        endpoint: &Endpoint<'_>,
        body_len: usize,
        offset: usize,
        window: &mut [u8],
    ) -> Result<usize, RequestError> {
        let mut w = Writer::window(window, offset);
        self.head(endpoint, body_len, &mut w)?;
        if !w.is_full() {
            self.body(&mut w);
        }
        Ok(w.filled())
    }

    fn head(&self, endpoint: &Endpoint<'_>, body_len: usize, w: &mut Writer<'_>) -> Result<(), RequestError> {
        endpoint.check().map_err(RequestError::Invalid)?;
        http::begin(w, self.exchange.method, endpoint);
        match endpoint.own_path() {
            Some(path) => w.bytes(path),
            None if self.exchange.path.is_empty() => return Err(RequestError::MissingPath),
            None => self.path(w),
        }
        let content =
            self.content_type().map(|media_type| http::Content { media_type: media_type.as_bytes(), length: body_len });
        http::fields(w, endpoint, content);
        if self.exchange.client_auth != ClientAuth::Body {
            w.bytes(b"Authorization: ");
            self.authorization(w);
            w.bytes(b"\r\n");
        }
        w.bytes(b"\r\n");
        Ok(())
    }

    fn path(&self, w: &mut Writer<'_>) {
        for (text, field) in PathParts(Some(self.exchange.path)) {
            w.bytes(text);
            if let Some(field) = field.flatten() {
                http::path_segment(w, self.value(field));
            }
        }
    }

    fn authorization(&self, w: &mut Writer<'_>) {
        if self.exchange.client_auth == ClientAuth::Basic {
            basic::write(w, self.value(Field::ClientId), self.value(Field::ClientSecret));
        } else if let Ok(bearer) = bearer(self.dialect, &self.credentials) {
            bearer.generate(w);
        }
    }

    /// The value of a field, and nothing where there is none.
    #[inline(never)]
    fn value(&self, field: Field) -> &[u8] {
        self.credentials.field(field).map_or(&[], Secret::expose)
    }

    fn body(&self, w: &mut Writer<'_>) {
        if self.exchange.method == Method::Get {
            return;
        }
        let json = self.exchange.encoding == Encoding::Json;
        if json {
            w.byte(b'{');
        }
        let mut separator = 0;
        for parameter in self.dialect.parameters(self.index) {
            let value = match parameter.value {
                Value::Literal(value) => value,
                Value::Required(field) | Value::Optional(field) => match self.credentials.field(field) {
                    Some(value) => value.expose(),
                    None => continue,
                },
            };
            if json {
                json::strings(w, &[(separator, parameter.name), (b':', value)]);
                separator = b',';
            } else {
                form::texts(w, &[(separator, parameter.name), (b'=', value)]);
                separator = b'&';
            }
        }
        if json {
            w.byte(b'}');
        }
    }
}

impl<D: Dialect, F: Fields> fmt::Debug for TokenRequest<'_, D, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest")
            .field("purpose", &self.exchange.purpose)
            .field("credentials", &Given(&self.credentials))
            .finish_non_exhaustive()
    }
}

/// Whether a request of this exchange can be sent. It is the same code for all kinds of fields.
#[inline(never)]
fn check<D: Dialect>(
    dialect: &D,
    index: usize,
    exchange: &Exchange<'_>,
    credentials: &dyn Fields,
) -> Result<(), RequestError> {
    let json = exchange.encoding == Encoding::Json;
    for parameter in dialect.parameters(index) {
        let (field, value) = match parameter.value {
            Value::Required(field) => (field, required(credentials, field)?),
            Value::Optional(field) if json => (field, credentials.field(field).map_or(&[][..], Secret::expose)),
            Value::Optional(_) | Value::Literal(_) => continue,
        };
        if json && !is_utf8(value) {
            return Err(RequestError::NotUtf8(field));
        }
    }
    check_path(exchange.path, credentials)?;
    match exchange.client_auth {
        ClientAuth::Body => {}
        ClientAuth::Basic => {
            required(credentials, Field::ClientId)?;
            required(credentials, Field::ClientSecret)?;
        }
        ClientAuth::Bearer => {
            bearer(dialect, credentials)?;
        }
    }
    Ok(())
}

#[inline(always)] // Of a request it is a part of its check.
pub(super) fn check_path(path: &[u8], credentials: &dyn Fields) -> Result<(), RequestError> {
    // Most paths have nothing in braces, nor what would need a closer look.
    if path.first() == Some(&b'/') && all_within::<b'$', b'z'>(path) {
        return Ok(());
    }
    if !http::is_path_template(path) {
        return Err(RequestError::Invalid(InvalidPart::Path));
    }
    for field in PathParts(Some(path)).filter_map(|(_, field)| field) {
        let field = field.ok_or(RequestError::Invalid(InvalidPart::Path))?;
        if matches!(required(credentials, field)?, b"." | b"..") {
            return Err(RequestError::Forbidden(field));
        }
    }
    Ok(())
}

fn required(credentials: &dyn Fields, field: Field) -> Result<&[u8], RequestError> {
    let value = credentials.field(field).ok_or(RequestError::Missing(field))?.expose();
    if value.is_empty() { Err(RequestError::Empty(field)) } else { Ok(value) }
}

fn bearer<'a, D: Dialect>(dialect: &'a D, credentials: &'a dyn Fields) -> Result<Authorization<'a>, RequestError> {
    let token = credentials.field(Field::AccessToken).ok_or(RequestError::Missing(Field::AccessToken))?;
    Authorization::new(dialect, token)
}

/// A path in a description, cut behind each field in it: the text before the field, and the field, which is none of
/// those that there are where it has another name or no end. Behind the last text there is no field.
struct PathParts<'a>(Option<&'a [u8]>);

impl<'a> Iterator for PathParts<'a> {
    type Item = (&'a [u8], Option<Option<Field>>);

    fn next(&mut self) -> Option<Self::Item> {
        let (text, braced) = cut(self.0.take()?, b'{');
        let field = braced.map(|braced| {
            let (name, behind) = cut(braced, b'}');
            self.0 = behind;
            behind.and(Field::ALL.iter().find(|field| field.name().as_bytes() == name).copied())
        });
        Some((text, field))
    }
}

/// What stands before the first such byte, and what behind it, where there is one.
fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    let end = text.iter().position(|byte| *byte == at).unwrap_or(text.len());
    let (before, rest) = text.split_at_checked(end).unwrap_or_default();
    (before, rest.split_first().map(|(_, behind)| behind))
}
