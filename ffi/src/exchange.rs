//! One request and its answer over a transport of callbacks.

use core::cell::Cell;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr::null_mut;

use pos_token_core::{ExchangeError, MIN_SCRATCH, Progress, http};

use crate::answer::{
    self, Arriving, pos_token_answer, pos_token_answer_options, pos_token_result, pos_token_when, when,
};
use crate::request::{MAX_TEXTS, Request, Way, endpoint, pos_token_endpoint, pos_token_request, take};
use crate::span::{Buffer, Contract, Place, Range, Reading, pos_token_span};
use crate::status::{Fault, Unwritten, opened, pos_token_status, report};
use crate::store::{Store, pos_token_store};
use crate::vocabulary as read;

/// A connection that the firmware has opened: TLS, as a rule. The functions that take one call its callbacks and
/// nothing else that could block; a callback may take as long as it wants and ends a wait by an error of its own.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_transport {
    /// Handed to the callbacks; nothing here looks at it.
    pub ctx: *mut c_void,
    /// Reads up to `len` bytes into `buf`, at least one, and returns how many; 0 where the connection is closed, or an
    /// error of the caller's own below 0.
    pub read: Option<unsafe extern "C" fn(ctx: *mut c_void, buf: *mut u8, len: usize) -> isize>,
    /// Writes up to `len` bytes of `buf`, at least one, and returns how many; 0 where the connection is closed, or an
    /// error of the caller's own below 0. What it has taken has to go out without further calls.
    pub write: Option<unsafe extern "C" fn(ctx: *mut c_void, buf: *const u8, len: usize) -> isize>,
    /// Out: the caller's own error, where a function returned POS_TOKEN_TRANSPORT.
    pub error: isize,
    /// Out, of pos_token_exchange_*(), whatever it returned: when to come back, where the answer came as far as to
    /// say so.
    pub retry_after: pos_token_when,
    /// Out, likewise: the status code of HTTP; 0 where the answer did not come that far.
    pub http_status: u16,
    /// Private.
    pub reserved: [u8; 6],
}

type Read = unsafe extern "C" fn(ctx: *mut c_void, buf: *mut u8, len: usize) -> isize;
type Write = unsafe extern "C" fn(ctx: *mut c_void, buf: *const u8, len: usize) -> isize;

type Check = unsafe extern "C" fn(ctx: *mut c_void, access_token: pos_token_span) -> bool;

/// What is asked, and how the answer is read and checked.
struct Asked {
    request: *const pos_token_request,
    options: *const pos_token_answer_options,
    store: *mut pos_token_store,
    check: Option<Check>,
    ctx: *mut c_void,
}

/// A transport that was given, and the scratch buffer between it and this library, which is wiped in the end. The
/// callbacks get the same pointer that the caller gave.
struct Connection {
    contract: Contract,
    home: *mut pos_token_transport,
    /// As they were given.
    ctx: *mut c_void,
    read: Option<Read>,
    write: Option<Write>,
    scratch: Buffer,
    // The next three are set while a request is written, in a `Way`, which borrows all of this to read.
    /// Whether anything was written to it.
    used: Cell<bool>,
    /// How long the request's body is, once it was counted.
    body_len: Cell<Option<usize>>,
    /// Whether the connection can carry another request: this one does not ask for its end.
    keeps: Cell<bool>,
    /// What the two take.
    written: [Range; 2],
}

impl Connection {
    fn new(
        contract: Contract,
        transport: *mut pos_token_transport,
        (scratch, scratch_len): (*mut u8, usize),
    ) -> Result<Self, Fault> {
        let scratch = Buffer::new(contract, scratch, scratch_len)?;
        if scratch.len < MIN_SCRATCH {
            return Err(ExchangeError::ScratchTooSmall.into());
        }
        let home = Range::of(transport, 1)?;
        let &pos_token_transport { ctx, read, write, .. } = contract.writing(&[scratch.range()]).object(transport)?;
        let written = [home, scratch.range()];
        Ok(Self {
            contract,
            home: transport,
            ctx,
            read,
            write,
            scratch,
            used: Cell::new(false),
            body_len: Cell::new(None),
            keeps: Cell::new(true),
            written,
        })
    }

    /// Writes the whole request.
    #[inline(never)]
    fn send(
        &mut self,
        request: *const pos_token_request,
        to: *const pos_token_endpoint,
        fallback: *const pos_token_store,
    ) -> Result<(), Fault> {
        let write = self.write.ok_or(Fault::CALLBACK)?;
        let mut offset = 0;
        loop {
            let len = self.piece(request, to, fallback, offset)?;
            offset += len;
            // All of the piece before the next is generated, however little of it the transport takes at a time.
            let mut sent = 0;
            while sent < len {
                // SAFETY: the contract for callbacks, and there are so many bytes.
                let count = unsafe { write(self.ctx, self.scratch.start.wrapping_add(sent), len - sent) };
                match self.counted(count, len - sent)? {
                    0 => return Err(ExchangeError::Closed.into()),
                    count => sent += count,
                }
            }
            if len < self.scratch.len {
                return Ok(());
            }
        }
    }

    /// Writes the request's bytes from there on to the scratch buffer, and tells how many there were. The request is
    /// built anew for each piece: it would take more than 400 bytes of stack away from the callback, which is where
    /// TLS happens.
    #[inline(never)]
    fn piece(
        &self,
        request: *const pos_token_request,
        to: *const pos_token_endpoint,
        fallback: *const pos_token_store,
        offset: usize,
    ) -> Result<usize, Fault> {
        let written = self.written;
        let reading = self.contract.writing(&written);
        let mut scratch = self.scratch;
        let way: Way<'_> = &|request, reading, out| self.write(request, reading, to, offset, out);
        Ok(take(request, fallback, &reading, scratch.bytes(), way)?)
    }

    /// Not inlined: the endpoint takes a part of the stack that is not there while the request is built.
    #[inline(never)]
    fn write(
        &self,
        request: &Request<'_, '_>,
        reading: &Reading<'_>,
        to: *const pos_token_endpoint,
        offset: usize,
        out: &mut [u8],
    ) -> Result<usize, Unwritten> {
        let mut headers = [("", ""); MAX_TEXTS];
        self.keeps.set(!matches!(read::connection(reading.object(to)?.connection), Some(http::Connection::Close)));
        let mut to = endpoint(to, reading, &mut headers);
        let to = opened(&mut to)?;
        self.used.set(true);
        let body_len = self.body_len.get().unwrap_or_else(|| request.body_len());
        self.body_len.set(Some(body_len));
        Ok(request.write_piece(to, body_len, offset, out)?)
    }

    /// Reads the whole answer. With nothing to read yet, this tells whether an answer could be read.
    #[inline(never)]
    fn receive(&mut self, asked: &Asked, result: Option<Place<pos_token_result>>) -> Result<(), Fault> {
        let mut answer = MaybeUninit::uninit();
        let answer = answer.as_mut_ptr();
        let &pos_token_request { provider, purpose, .. } =
            self.contract.writing(&self.written).object(asked.request)?;
        answer::init(self.contract, answer, provider, purpose, asked.options, asked.store, &self.written)?;
        let read = self.read.ok_or(Fault::CALLBACK)?;
        let received = match result {
            Some(result) => self.until_whole(read, answer, asked, result),
            None => Ok(()),
        };
        answer::give_up(self.contract, answer);
        received
    }

    fn until_whole(
        &mut self,
        read: Read,
        answer: *mut pos_token_answer,
        asked: &Asked,
        result: Place<pos_token_result>,
    ) -> Result<(), Fault> {
        loop {
            // SAFETY: the contract for callbacks, and there is so much room.
            let count = unsafe { read(self.ctx, self.scratch.start, self.scratch.len) };
            let len = self.counted(count, self.scratch.len)?;
            if self.take(answer, len)? {
                break;
            }
        }
        if let Some(check) = asked.check {
            let token = self.granted(answer)?;
            // SAFETY: the contract for callbacks.
            if !token.is_absent() && !unsafe { check(asked.ctx, token) } {
                return Err(ExchangeError::TokenRefused.into());
            }
        }
        self.finish(answer, result)
    }

    // What these take of the stack is free in the callbacks, so none is inlined.

    /// The access token that the whole answer grants.
    #[inline(never)]
    fn granted(&self, answer: *mut pos_token_answer) -> Result<pos_token_span, Fault> {
        let mut arriving = Arriving::new(self.contract, answer, Range::NONE);
        Ok(opened(&mut arriving)?.granted())
    }

    #[inline(never)]
    fn finish(&self, answer: *mut pos_token_answer, result: Place<pos_token_result>) -> Result<(), Fault> {
        Arriving::new(self.contract, answer, Range::NONE)?.finish(result, self.keeps.get())
    }

    /// `true`: the answer is whole.
    #[inline(never)]
    fn take(&self, answer: *mut pos_token_answer, len: usize) -> Result<bool, Fault> {
        if len == 0 {
            return Ok(true);
        }
        let mut arriving = Arriving::new(self.contract, answer, Range::NONE)?;
        let progress = arriving.feed(pos_token_span { ptr: self.scratch.start, len }, Range::NONE);
        self.note(&arriving);
        let Progress::Complete { unread } = progress? else { return Ok(false) };
        // Bytes behind the answer are gone with the scratch buffer, and whatever comes next may be the rest of them.
        self.keeps.set(self.keeps.get() && unread == 0);
        Ok(true)
    }

    /// Keeps what is known of the answer for who has to do without it.
    fn note(&self, arriving: &Arriving) {
        // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
        unsafe {
            (*self.home).http_status = arriving.head().status();
            (*self.home).retry_after = when(arriving.head().retry_after());
        }
    }

    /// That of what is written none takes anything of another: the answer's store and what it comes to among them.
    #[inline(never)]
    fn apart(&self, store: *mut pos_token_store, result: Range) -> Result<(), Fault> {
        let ([first, second], [home, scratch]) = (Store::new(self.contract, store)?.ranges(), self.written);
        result.clear_of(&[home, scratch, first, second])?;
        first.clear_of(&self.written)?;
        second.clear_of(&self.written)
    }

    /// Before any of the input was found to lie elsewhere, the scratch buffer is not touched.
    #[inline(never)]
    fn wipe(&mut self) {
        if self.used.get() {
            self.scratch.wipe();
        }
    }

    /// What a callback says: so many bytes, or an error of its own, which is kept.
    fn counted(&self, count: isize, most: usize) -> Result<usize, Fault> {
        match usize::try_from(count) {
            Ok(count) if count <= most => Ok(count),
            Ok(_) => Err(ExchangeError::Overrun.into()),
            Err(_) => {
                // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
                unsafe { (*self.home).error = count };
                Err(ExchangeError::Transport(()).into())
            }
        }
    }
}

/// An exchange. Inlined: what a call takes of the stack is not free in the callbacks.
#[inline(always)]
fn run(
    contract: Contract,
    asked: &Asked,
    endpoint: *const pos_token_endpoint,
    transport: *mut pos_token_transport,
    scratch: (*mut u8, usize),
    result: *mut pos_token_result,
) -> Result<(), Fault> {
    let place = Place::new(contract, result)?;
    let mut connection = Connection::new(contract, transport, scratch);
    let connection = opened(&mut connection)?;
    connection.apart(asked.store, place.range())?;
    // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
    unsafe {
        (*transport).http_status = 0;
        (*transport).retry_after = when(None);
    }
    // Before anything is sent: a request whose answer cannot be read may cost a refresh token.
    connection.receive(asked, None)?;
    let sent = connection.send(asked.request, endpoint, asked.store);
    let done = sent.and_then(|()| connection.receive(asked, Some(place)));
    connection.wipe();
    done
}

/// Writes the whole HTTP request through the transport's `write`, in pieces as large as `scratch`, which needs 64
/// bytes at least; what was written to it is wiped at the end. `read` may be NULL.
///
/// \return As pos_token_request_http(), without `POS_TOKEN_BUFFER_TOO_SMALL`; `POS_TOKEN_SCRATCH_TOO_SMALL`;
/// `POS_TOKEN_CALLBACK` where there is no `write`; `POS_TOKEN_TRANSPORT`, `POS_TOKEN_CLOSED`, `POS_TOKEN_OVERRUN`.
///
/// Blocks in the caller's callback only; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_request_http_write(
    request: *const pos_token_request,
    endpoint: *const pos_token_endpoint,
    transport: *mut pos_token_transport,
    scratch: *mut u8,
    scratch_len: usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let mut connection = Connection::new(contract, transport, (scratch, scratch_len));
        let connection = opened(&mut connection)?;
        let sent = connection.send(request, endpoint, core::ptr::null());
        connection.wipe();
        sent
    })
}

/// Writes a request and reads its answer into a store, over a transport, in pieces as large as `scratch`, which needs
/// 64 bytes at least; what was written to it is wiped at the end. `options` may be NULL. Tokens that neither the
/// credentials nor the request's own store have are taken from `store`. The transport is left open. The tokens in use
/// stay in the store whatever happens, until an answer grants new ones, which are in use when this returns;
/// pos_token_exchange_run_checked() looks at them before. What comes behind the answer is lost, and the result is not
/// `reusable` then.
///
/// \return `POS_TOKEN_OK`, and what the answer comes to in `*result`; as pos_token_request_http_write(), where nothing
/// was sent or not all of it; as pos_token_answer_init() and pos_token_answer_finish(), without
/// `POS_TOKEN_OUT_OF_ORDER`; `POS_TOKEN_CALLBACK` where `read` or `write` is missing.
///
/// Blocks in the caller's callbacks only; re-entrant on distinct objects.
///
/// \code
/// // `tls` is a connection to api.loyalty.dog; `tokens` an initialised store of 1,024 bytes.
/// pos_token_status log_in(pos_token_transport *tls, pos_token_store *tokens, pos_token_result *result) {
///     uint8_t scratch[128];
///     pos_token_credentials credentials = POS_TOKEN_ZERO;
///     pos_token_endpoint endpoint = POS_TOKEN_ZERO;
///     pos_token_request request = POS_TOKEN_ZERO;
///     credentials.username = pos_token_text("till-7@example.com");
///     credentials.password = pos_token_text("correct horse");
///     endpoint.host = pos_token_text("api.loyalty.dog");
///     request.provider = &POS_TOKEN_LOYALTY_DOG;
///     request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
///     request.credentials = &credentials;
///     return pos_token_exchange_run(&request, &endpoint, tls, NULL, tokens, scratch, sizeof scratch,
///                                   result);
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_exchange_run(
    request: *const pos_token_request,
    endpoint: *const pos_token_endpoint,
    transport: *mut pos_token_transport,
    options: *const pos_token_answer_options,
    store: *mut pos_token_store,
    scratch: *mut u8,
    scratch_len: usize,
    result: *mut pos_token_result,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    let asked = Asked { request, options, store, check: None, ctx: null_mut() };
    report(|| run(contract, &asked, endpoint, transport, (scratch, scratch_len), result))
}

/// pos_token_exchange_run(), and where an access token is granted, it replaces the one in use only if `check` says so,
/// which gets `ctx` and that token: to verify its signature first. `check` may be NULL, and then nothing is checked. It is
/// called once at most, when the whole answer has come; the span is good until it returns. It can verify and look, but may
/// use neither the store, nor the transport, nor the scratch buffer. Where it returns false, what arrived is wiped and the
/// tokens in use stay.
///
/// \return As pos_token_exchange_run(); `POS_TOKEN_TOKEN_REFUSED` where `check` returned false.
///
/// Blocks in the caller's callbacks only; re-entrant on distinct objects.
///
/// \code
/// // What a token is verified with.
/// typedef struct trust {
///     const pos_token_hs512_key *key;
///     pos_token_validation validation;
/// } trust;
///
/// static bool trusted(void *ctx, pos_token_span access_token) {
///     const trust *by = (const trust *)ctx;
///     pos_token_verified_claims claims;
///     pos_token_status status = pos_token_jwt_verify(
///         access_token, by->key, POS_TOKEN_LOYALIFE.hs512_alias, &by->validation, &claims);
///     // That it is over, or not valid yet, may be the fault of the till's clock: nothing else is wrong.
///     return pos_token_status_verdict(status) != POS_TOKEN_VERDICT_STOP;
/// }
///
/// // An exchange that a session has begun, over a connection that is open.
/// void exchange(pos_token_session *session, const pos_token_begun *begun,
///               const pos_token_endpoint *endpoint, pos_token_transport *tls, pos_token_store *tokens,
///               trust *by, pos_token_now now) {
///     uint8_t scratch[128];
///     pos_token_result result;
///     pos_token_status status =
///         pos_token_exchange_run_checked(&begun->request, endpoint, tls, NULL, tokens, scratch,
///                                        sizeof scratch, trusted, by, &result);
///     if (status == POS_TOKEN_OK) {
///         (void)pos_token_session_accept(session, begun->number, &result, now);
///     } else { // POS_TOKEN_TOKEN_REFUSED among them
///         (void)pos_token_session_failed(session, begun->number, status, tls->http_status,
///                                        &tls->retry_after, now);
///     }
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_exchange_run_checked(
    request: *const pos_token_request,
    endpoint: *const pos_token_endpoint,
    transport: *mut pos_token_transport,
    options: *const pos_token_answer_options,
    store: *mut pos_token_store,
    scratch: *mut u8,
    scratch_len: usize,
    check: Option<unsafe extern "C" fn(ctx: *mut c_void, access_token: pos_token_span) -> bool>,
    ctx: *mut c_void,
    result: *mut pos_token_result,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    let asked = Asked { request, options, store, check, ctx };
    report(|| run(contract, &asked, endpoint, transport, (scratch, scratch_len), result))
}
