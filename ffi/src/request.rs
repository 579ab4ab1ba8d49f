//! What to send.

use core::ptr::{from_ref, null};
use core::slice;

use pos_token_core::dialect::{Field, Method};
use pos_token_core::http::{Connection, InvalidPart, Scheme};
use pos_token_core::{Authorization, Endpoint, Fields, RequestError, Secret, TokenRequest};

use crate::provider::{Table, pos_token_provider};
use crate::span::{Contract, Output, Place, Reading, pos_token_span, utf8};
use crate::status::{Fault, Unwritten, pos_token_status, report};
use crate::store::{self, pos_token_store};
use crate::vocabulary as read;

/// What a caller supplies for a request: any of these. A request takes those that it needs. Start with POS_TOKEN_ZERO and
/// set the members that there are.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_credentials {
    /// The resource owner's name.
    pub username: pos_token_span,
    /// The resource owner's password.
    pub password: pos_token_span,
    /// The client's identifier.
    pub client_id: pos_token_span,
    /// The client's password.
    pub client_secret: pos_token_span,
    /// The device that was linked to a consumer.
    pub linked_device_id: pos_token_span,
    /// The PIN that linked it.
    pub pin: pos_token_span,
    /// The access that is asked for.
    pub scope: pos_token_span,
    /// The refresh token, where it is not the store's.
    pub refresh_token: pos_token_span,
    /// The access token, where it is not the store's.
    pub access_token: pos_token_span,
    /// The pending token, where it is not the store's.
    pub pending_token: pos_token_span,
    /// The code for the second step of a log-in.
    pub code: pos_token_span,
    /// The store, in a path.
    pub store_code: pos_token_span,
    /// For a provider of one's own.
    pub custom_1: pos_token_span,
    /// For a provider of one's own.
    pub custom_2: pos_token_span,
    /// For a provider of one's own.
    pub custom_3: pos_token_span,
    /// For a provider of one's own.
    pub custom_4: pos_token_span,
}

const FIELDS: usize = Field::ALL.len();

const _: () = assert!(size_of::<pos_token_credentials>() == FIELDS * size_of::<pos_token_span>());

/// They are looked at in pairs.
const _: () = assert!(FIELDS.is_multiple_of(2));

/// What to send: which request of which provider, and with what.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_request {
    /// The provider, built-in or one's own.
    pub provider: *const pos_token_provider,
    /// What the caller supplies; NULL: nothing.
    pub credentials: *const pos_token_credentials,
    /// Where tokens come from that the request needs and the credentials lack; NULL: nowhere.
    pub store: *const pos_token_store,
    /// What the request is for: one of pos_token_purpose.
    pub purpose: u32,
}

/// A further field of an HTTP request.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_header {
    /// Its name. Those that this library writes itself or that would change how the message is framed are refused.
    pub name: pos_token_span,
    /// Its value.
    pub value: pos_token_span,
}

/// A server, and how it wants to be addressed. Start with POS_TOKEN_ZERO: what is absent or 0 has a default, but for
/// the host.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_endpoint {
    /// A name in ASCII, an IPv4 address, or an IPv6 address in brackets.
    pub host: pos_token_span,
    /// What a reverse proxy wants before every path: begins with `/`, percent-encoded.
    pub prefix: pos_token_span,
    /// The path to use in place of the provider's: begins with `/`, percent-encoded, a query may follow.
    pub path: pos_token_span,
    /// The `User-Agent`, without which some firewalls block.
    pub user_agent: pos_token_span,
    /// Further fields, in the order given.
    pub headers: *const pos_token_header,
    /// How many there are, at most 8.
    pub headers_len: usize,
    /// The port; 0: the scheme's own.
    pub port: u16,
    /// One of pos_token_scheme; 0: HTTPS.
    pub scheme: u8,
    /// One of pos_token_connection; 0: unstated.
    pub connection: u8,
}

/// How many headers an endpoint can have, and an array of strings texts.
pub(crate) const MAX_TEXTS: usize = 8;

/// What a request is filled with, read where it stands: what the caller supplies, and the tokens of stores where that
/// has none.
pub(crate) struct Given<'a> {
    spans: Option<&'a [pos_token_span; FIELDS]>,
    stored: Option<[pos_token_span; STORED.len()]>,
}

/// The fields that a store can have, in the order of [`store::tokens`], which is their own.
const STORED: [Field; 3] = [Field::RefreshToken, Field::AccessToken, Field::PendingToken];
const _: () = assert!(index(STORED[1]) == index(STORED[0]) + 1 && index(STORED[2]) == index(STORED[0]) + 2);

impl<'a> Given<'a> {
    const fn nothing() -> Self {
        Self { spans: None, stored: None }
    }

    /// What the caller supplies, which may be NULL.
    pub(crate) fn of(given: *const pos_token_credentials, reading: &Reading<'_>) -> Result<Self, Fault> {
        Ok(Self { spans: supplied(given, reading)?, stored: None })
    }

    /// Takes the tokens of this store too, where there is one; those that are there already stay.
    #[inline(always)] // Mostly there is none.
    fn or_stored(&mut self, reading: &Reading<'_>, store: *const pos_token_store) -> Result<(), Fault> {
        if store.is_null() { Ok(()) } else { self.take_stored(reading, store) }
    }

    #[inline(never)]
    fn take_stored(&mut self, reading: &Reading<'_>, store: *const pos_token_store) -> Result<(), Fault> {
        // They stand in its buffer, which was looked at.
        let tokens = store::tokens(reading, store)?;
        match &mut self.stored {
            None => self.stored = Some(tokens),
            Some(stored) => {
                for (known, token) in stored.iter_mut().zip(tokens) {
                    if known.is_absent() {
                        *known = token;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Fields for Given<'_> {
    #[inline(always)] // A body asks for one with each of its parameters.
    fn field(&self, field: Field) -> Option<Secret<'_>> {
        let place = index(field).wrapping_sub(index(STORED[0]));
        let span = if let Some(spans) = self.spans
            && let Some(span) = spans.get(index(field))
            && !span.ptr.is_null()
        {
            span
        } else if let Some(stored) = &self.stored
            && let Some(token) = stored.get(place)
            && !token.ptr.is_null()
        {
            token
        } else {
            return None;
        };
        // SAFETY: each was looked at before it was taken, and is not NULL.
        Some(Secret::new(unsafe { slice::from_raw_parts(span.ptr, span.len) }))
    }
}

/// Where a field stands in [`pos_token_credentials`].
#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
const fn index(field: Field) -> usize {
    field as usize - 1
}

/// What the caller supplies, in the order of the fields, all of which can be read; it may be NULL.
#[inline(never)]
fn supplied<'a>(
    given: *const pos_token_credentials,
    reading: &Reading<'_>,
) -> Result<Option<&'a [pos_token_span; FIELDS]>, Fault> {
    let Some(given) = reading.optional(given)? else { return Ok(None) };
    // SAFETY: as many spans in C's layout, one behind the other, as an array of them has.
    let spans = unsafe { &*from_ref(given).cast::<[pos_token_span; FIELDS]>() };
    for [one, other] in spans.as_chunks().0 {
        // Most are absent, and need no look.
        if one.len | other.len != 0 {
            reading.look_at_text(*one)?;
            reading.look_at_text(*other)?;
        }
    }
    Ok(Some(spans))
}

pub(crate) type Request<'a, 't> = TokenRequest<'a, Table<'t>, &'a Given<'t>>;

/// The core's form of an endpoint, whose headers stand in `headers`.
#[inline(never)]
pub(crate) fn endpoint<'a>(
    endpoint: *const pos_token_endpoint,
    reading: &Reading<'_>,
    headers: &'a mut [(&'a str, &'a str); MAX_TEXTS],
) -> Result<Endpoint<'a>, Fault> {
    let given = reading.object(endpoint)?;
    let scheme = match given.scheme {
        0 => Scheme::Https,
        number => read::scheme(number).ok_or(Fault::INVALID_ENUM)?,
    };
    let connection = match given.connection {
        0 => Connection::Unstated,
        number => read::connection(number).ok_or(Fault::INVALID_ENUM)?,
    };
    let host = text(reading, given.host, InvalidPart::Host)?;
    let prefix = text(reading, given.prefix, InvalidPart::Prefix)?;
    let mut endpoint = Endpoint::new(scheme, host).prefix(prefix).connection(connection);
    if !given.path.is_absent() {
        endpoint = endpoint.path(text(reading, given.path, InvalidPart::Path)?);
    }
    if !given.user_agent.is_absent() {
        endpoint = endpoint.user_agent(text(reading, given.user_agent, InvalidPart::UserAgent)?);
    }
    if given.port != 0 {
        endpoint = endpoint.port(given.port);
    }
    let rows = reading.slice(given.headers, given.headers_len)?;
    let headers = headers.get_mut(..rows.len()).ok_or(Fault::TOO_MANY)?;
    for (header, row) in headers.iter_mut().zip(rows) {
        let name = text(reading, row.name, InvalidPart::HeaderName)?;
        *header = (name, text(reading, row.value, InvalidPart::HeaderValue)?);
    }
    Ok(endpoint.headers(headers))
}

/// A part of an endpoint; an absent one is as good as an empty one.
#[inline(never)]
fn text<'a>(reading: &Reading<'_>, span: pos_token_span, part: InvalidPart) -> Result<&'a str, Fault> {
    if span.len == 0 {
        return Ok("");
    }
    utf8(reading.text(span)?).ok_or(RequestError::Invalid(part).into())
}

/// One of the ways to take a request. It comes as an address, so that firmware whose own stack does HTTP links no writer
/// of it, and so that what is done before is one function for all.
pub(crate) type Way<'w> = &'w dyn Fn(&Request<'_, '_>, &Reading<'_>, &mut [u8]) -> Result<usize, Unwritten>;

/// Builds a request of what can be read, and takes it in this way. `fallback` is a further store, or NULL.
#[inline(never)]
pub(crate) fn take(
    request: *const pos_token_request,
    fallback: *const pos_token_store,
    reading: &Reading<'_>,
    out: &mut [u8],
    way: Way<'_>,
) -> Result<usize, Unwritten> {
    let request = reading.object(request)?;
    let table = Table::of(reading.object(request.provider)?, *reading);
    let purpose = read::purpose(u8::try_from(request.purpose).unwrap_or(0)).ok_or(Fault::INVALID_ENUM)?;
    let mut given = Given::nothing();
    // First, so that a store's fault is told first.
    given.or_stored(reading, request.store)?;
    given.or_stored(reading, fallback)?;
    given.spans = supplied(request.credentials, reading)?;
    let request = TokenRequest::new(&table, purpose, &given);
    table.sound()?;
    match &request {
        Ok(request) => way(request, reading, out),
        Err(error) => Err((*error).into()),
    }
}

#[inline(never)]
fn write(
    contract: Contract,
    request: *const pos_token_request,
    output: (*mut u8, usize, *mut usize),
    way: Way<'_>,
) -> pos_token_status {
    report(|| {
        let output = Output::new(contract, output)?;
        let written = output.range();
        let reading = contract.writing(&written);
        output.fill(|out| take(request, null(), &reading, out, way))
    })
}

/// The whole request, or what of it stands from an offset on.
fn write_http(
    request: &Request<'_, '_>,
    reading: &Reading<'_>,
    to: *const pos_token_endpoint,
    offset: Option<usize>,
    out: &mut [u8],
) -> Result<usize, Unwritten> {
    let mut headers = [("", ""); MAX_TEXTS];
    let to = endpoint(to, reading, &mut headers)?;
    Ok(match offset {
        None => request.write_http(&to, out)?.len(),
        Some(offset) => request.write_at(&to, offset, out)?,
    })
}

/// Has one of the static texts of a request told.
#[inline(never)]
fn tell(
    contract: Contract,
    request: *const pos_token_request,
    place: *mut pos_token_span,
    text: fn(&Request<'_, '_>) -> Option<&'static str>,
) -> pos_token_status {
    report(|| {
        let place = Place::new(contract, place)?;
        take(request, null(), &contract.reading(), &mut [], &|request, _, _| {
            place.put(text(request).map_or(pos_token_span::ABSENT, |text| pos_token_span::of(text.as_bytes())));
            Ok(0)
        })?;
        Ok(())
    })
}

/// Whether a request can be built: everything that the other functions of this step refuse, but the endpoint.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NO_SUCH_EXCHANGE`, `POS_TOKEN_MISSING_FIELD`, `POS_TOKEN_EMPTY_FIELD`,
/// `POS_TOKEN_FORBIDDEN`, `POS_TOKEN_NOT_UTF8`, `POS_TOKEN_INVALID_PATH`, `POS_TOKEN_INVALID_AUTHORIZATION`;
/// `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_INVALID_ENUM`,
/// `POS_TOKEN_NOT_INITIALISED`, `POS_TOKEN_INVALID_TABLE`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_request_check(request: *const pos_token_request) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| Ok(take(request, null(), &contract.reading(), &mut [], &|_, _, _| Ok(0)).map(drop)?))
}

/// Which of pos_token_field keeps a request from being built, where pos_token_request_check() returns
/// POS_TOKEN_MISSING_FIELD, POS_TOKEN_EMPTY_FIELD, POS_TOKEN_FORBIDDEN or POS_TOKEN_NOT_UTF8; else 0.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_request_field_at_fault(request: *const pos_token_request) -> u32 {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    match take(request, null(), &contract.reading(), &mut [], &|_, _, _| Ok(0)) {
        Err(Unwritten::Request(
            RequestError::Missing(field)
            | RequestError::Empty(field)
            | RequestError::Forbidden(field)
            | RequestError::NotUtf8(field),
        )) => number(field),
        _ => 0,
    }
}

#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
const fn number(field: Field) -> u32 {
    field as u32
}

/// Writes the body alone, for firmware whose own stack does HTTP. A request by GET has an empty one.
///
/// \return `POS_TOKEN_OK`, and in `*out_len` how much was written; `POS_TOKEN_BUFFER_TOO_SMALL`;
/// `POS_TOKEN_OVERLAP`; else as pos_token_request_check().
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// pos_token_status write_body(uint8_t *buf, size_t buf_len, size_t *len) {
///     pos_token_credentials credentials = POS_TOKEN_ZERO;
///     pos_token_request request = POS_TOKEN_ZERO;
///     credentials.client_id = pos_token_text("client-7");
///     credentials.client_secret = pos_token_text("s3cret");
///     request.provider = &POS_TOKEN_LOYALIFE;
///     request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
///     request.credentials = &credentials;
///     return pos_token_request_body(&request, buf, buf_len, len);
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_request_body(
    request: *const pos_token_request,
    buf: *mut u8,
    buf_len: usize,
    out_len: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    write(contract, request, (buf, buf_len, out_len), &|request, _, out| Ok(request.write_body(out)?.len()))
}

/// Writes the path, with the values of the fields in it but without an endpoint's prefix, for firmware whose own stack
/// does HTTP.
///
/// \return As pos_token_request_body(); `POS_TOKEN_MISSING_PATH` where the provider leaves it to the caller.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_request_path(
    request: *const pos_token_request,
    buf: *mut u8,
    buf_len: usize,
    out_len: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    write(contract, request, (buf, buf_len, out_len), &|request, _, out| Ok(request.write_path(out)?.len()))
}

/// Writes the value of `Authorization`, for firmware whose own stack does HTTP; `*out_len` is 0 where the request has
/// none.
///
/// \return As pos_token_request_body().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_request_authorization(
    request: *const pos_token_request,
    buf: *mut u8,
    buf_len: usize,
    out_len: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    write(contract, request, (buf, buf_len, out_len), &|request, _, out| {
        Ok(request.write_authorization(out)?.map_or(0, <[u8]>::len))
    })
}

/// The request's method, `GET` or `POST`, for firmware whose own stack does HTTP. The text is static.
///
/// \return As pos_token_request_check().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_request_method(
    request: *const pos_token_request,
    method: *mut pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    tell(contract, request, method, |request| {
        Some(match request.exchange().method {
            Method::Get => "GET",
            Method::Post => "POST",
        })
    })
}

/// What `Content-Type` says about the body, for firmware whose own stack does HTTP; absent where there is no body. The
/// text is static.
///
/// \return As pos_token_request_check().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_request_content_type(
    request: *const pos_token_request,
    content_type: *mut pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    tell(contract, request, content_type, |request| request.content_type())
}

/// Writes the whole HTTP/1.1 request.
///
/// \return As pos_token_request_body(); `POS_TOKEN_MISSING_PATH`, `POS_TOKEN_INVALID_HOST`,
/// `POS_TOKEN_INVALID_PREFIX`, `POS_TOKEN_INVALID_PATH`, `POS_TOKEN_INVALID_USER_AGENT`,
/// `POS_TOKEN_INVALID_HEADER_NAME`, `POS_TOKEN_INVALID_HEADER_VALUE`, `POS_TOKEN_TOO_MANY` of the endpoint.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_request_http(
    request: *const pos_token_request,
    endpoint: *const pos_token_endpoint,
    buf: *mut u8,
    buf_len: usize,
    out_len: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    write(contract, request, (buf, buf_len, out_len), &|request, reading, out| {
        write_http(request, reading, endpoint, None, out)
    })
}

/// Fills a window with the bytes of the HTTP request from `offset` on; `*out_len` is how many there were: fewer than
/// the window holds only at the request's end. Nothing is remembered between calls, so a transmit buffer of any size
/// is enough.
///
/// \return As pos_token_request_http(), without `POS_TOKEN_BUFFER_TOO_SMALL`.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// pos_token_status transmit(const pos_token_request *request, const pos_token_endpoint *endpoint,
///                           void (*transmit_piece)(const uint8_t *piece, size_t len)) {
///     uint8_t window[64];
///     size_t sent = 0, len;
///     do {
///         pos_token_status status =
///             pos_token_request_http_at(request, endpoint, sent, window, sizeof window, &len);
///         if (status != POS_TOKEN_OK) {
///             return status;
///         }
///         transmit_piece(window, len);
///         sent += len;
///     } while (len == sizeof window);
///     pos_token_wipe(window, sizeof window);
///     return POS_TOKEN_OK;
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_request_http_at(
    request: *const pos_token_request,
    endpoint: *const pos_token_endpoint,
    offset: usize,
    window: *mut u8,
    window_len: usize,
    out_len: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    write(contract, request, (window, window_len, out_len), &|request, reading, out| {
        write_http(request, reading, endpoint, Some(offset), out)
    })
}

fn write_authorization(
    contract: Contract,
    provider: *const pos_token_provider,
    token: pos_token_span,
    offset: Option<usize>,
    output: (*mut u8, usize, *mut usize),
) -> pos_token_status {
    report(|| {
        let output = Output::new(contract, output)?;
        let written = output.range();
        let reading = contract.writing(&written);
        let table = Table::new(provider, reading)?;
        let value = table.unless_bad(Authorization::new(&table, reading.text(token)?))?;
        output.fill(|out| match offset {
            None => Ok(value.write(out)?.len()),
            Some(offset) => Ok(value.write_at(offset, out)),
        })
    })
}

/// Writes the value of `Authorization` for calls to the provider's API: its scheme, a space and the access token.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_BUFFER_TOO_SMALL`; `POS_TOKEN_EMPTY_FIELD`, `POS_TOKEN_FORBIDDEN` of the token;
/// `POS_TOKEN_INVALID_AUTHORIZATION` of the provider's scheme; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`,
/// `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`, `POS_TOKEN_INVALID_TABLE`.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// pos_token_status bearer(const pos_token_store *store, uint8_t *buf, size_t buf_len, size_t *len) {
///     pos_token_span token;
///     pos_token_status status = pos_token_store_access_token(store, &token);
///     if (status != POS_TOKEN_OK) {
///         return status;
///     }
///     return pos_token_authorization_write(&POS_TOKEN_LOYALIFE, token, buf, buf_len, len);
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_authorization_write(
    provider: *const pos_token_provider,
    token: pos_token_span,
    buf: *mut u8,
    buf_len: usize,
    out_len: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    write_authorization(contract, provider, token, None, (buf, buf_len, out_len))
}

/// Fills a window with the bytes of that value from `offset` on; `*out_len` is how many there were: fewer than the
/// window holds only at the value's end.
///
/// \return As pos_token_authorization_write(), without `POS_TOKEN_BUFFER_TOO_SMALL`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_authorization_write_at(
    provider: *const pos_token_provider,
    token: pos_token_span,
    offset: usize,
    window: *mut u8,
    window_len: usize,
    out_len: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    write_authorization(contract, provider, token, Some(offset), (window, window_len, out_len))
}
