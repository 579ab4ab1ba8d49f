//! One request and its answer over a transport of callbacks.

use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::slice;

use pos_token_core::{ExchangeError, Progress};

use crate::answer::{self, Step, pos_token_answer, pos_token_answer_options, pos_token_result};
use crate::request::{MAX_TEXTS, Parts, endpoint, pos_token_endpoint, pos_token_request};
use crate::span::{Place, Range, Reading, pos_token_span, wipe};
use crate::status::{Fault, pos_token_status, report};
use crate::store::{self, pos_token_store};

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
}

/// The least that a scratch buffer has to hold, in bytes.
const MIN_SCRATCH: usize = 64;

/// A scratch buffer, which is wiped however its use ends. The callbacks get the same pointer that the caller gave.
struct Scratch {
    start: *mut u8,
    len: usize,
}

impl Scratch {
    fn new(start: *mut u8, len: usize) -> Result<(Self, Range), Fault> {
        let range = Range::of(start, len)?;
        if len < MIN_SCRATCH {
            return Err(exchange(ExchangeError::ScratchTooSmall));
        }
        Ok((Self { start, len }, range))
    }

    /// # Safety
    /// It is good for writing, and nothing else uses it meanwhile.
    unsafe fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: not NULL and of a possible length, which was checked; the rest is the caller's promise.
        unsafe { slice::from_raw_parts_mut(self.start, self.len) }
    }

    /// # Safety
    /// As [`bytes`](Self::bytes).
    unsafe fn wipe(self) {
        // SAFETY: not NULL and of a possible length, which was checked; the rest is the caller's promise.
        wipe(unsafe { slice::from_raw_parts_mut(self.start.cast::<MaybeUninit<u8>>(), self.len) });
    }
}

fn exchange(error: ExchangeError<()>) -> Fault {
    Fault::Status(error.code().into())
}

/// What a callback says: so many bytes, or an error of its own, which is kept.
///
/// # Safety
/// `transport` is good for writing.
unsafe fn counted(transport: *mut pos_token_transport, count: isize, most: usize) -> Result<usize, Fault> {
    match usize::try_from(count) {
        Ok(count) if count <= most => Ok(count),
        Ok(_) => Err(exchange(ExchangeError::Overrun)),
        Err(_) => {
            // SAFETY: the caller's promise.
            unsafe { (*transport).error = count };
            Err(exchange(ExchangeError::Transport(())))
        }
    }
}

/// Writes the whole request through the transport.
///
/// # Safety
/// As the functions below.
#[inline(never)]
unsafe fn send(
    request: *const pos_token_request,
    to: *const pos_token_endpoint,
    transport: *mut pos_token_transport,
    fallback: *const pos_token_store,
    scratch: &mut Scratch,
    written: &[Range],
) -> Result<(), Fault> {
    let reading = Reading { written };
    // SAFETY: the caller's contract, as the front page of the header has it, here and below.
    let (ctx, write) = unsafe { ((*transport).ctx, (*transport).write.ok_or(Fault::CALLBACK)?) };
    let parts = unsafe { Parts::of(request, fallback, reading) }?;
    let request = parts.request()?;
    let mut headers = [("", ""); MAX_TEXTS];
    let to = unsafe { endpoint(to, reading, &mut headers) }?;
    let mut sent = 0;
    loop {
        let piece = parts.table.unless_bad(request.write_at(&to, sent, unsafe { scratch.bytes() }))?;
        if piece == 0 {
            return Ok(());
        }
        let count = unsafe { write(ctx, scratch.start, piece) };
        match unsafe { counted(transport, count, piece) }? {
            0 => return Err(exchange(ExchangeError::Closed)),
            count => sent += count,
        }
    }
}

/// Reads the whole answer through the transport.
///
/// # Safety
/// As the functions below.
#[inline(never)]
unsafe fn receive(
    answer: *mut pos_token_answer,
    transport: *mut pos_token_transport,
    scratch: &Scratch,
) -> Result<(), Fault> {
    // SAFETY: the caller's contract, as the front page of the header has it, here and below.
    let (ctx, read) = unsafe { ((*transport).ctx, (*transport).read.ok_or(Fault::CALLBACK)?) };
    loop {
        let count = unsafe { read(ctx, scratch.start, scratch.len) };
        let piece = pos_token_span { ptr: scratch.start, len: unsafe { counted(transport, count, scratch.len) }? };
        if piece.len == 0 || unsafe { answer::step(answer, Step::Feed(piece)) }? != Progress::NeedMore {
            return Ok(());
        }
    }
}

/// Writes the whole HTTP request through the transport's `write`, in pieces as large as `scratch`, which needs 64
/// bytes at least and is wiped at the end. `read` may be NULL.
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
    report(|| {
        let (mut scratch, range) = Scratch::new(scratch, scratch_len)?;
        let transport_range = Range::of(transport, 1)?;
        range.clear_of(&[transport_range])?;
        let written = [range, transport_range];
        // SAFETY: the caller's contract, as the front page of the header has it, here and below.
        let sent = unsafe { send(request, endpoint, transport, core::ptr::null(), &mut scratch, &written) };
        unsafe { scratch.wipe() };
        sent
    })
}

/// Writes a request and reads its answer into a store, over a transport, in pieces as large as `scratch`, which needs
/// 64 bytes at least and is wiped at the end. `options` may be NULL. Tokens that neither the credentials nor the
/// request's own store have are taken from `store`. The transport is left open. The tokens in use stay in the store
/// whatever happens, until an answer grants new ones.
///
/// \return `POS_TOKEN_OK`, and what the answer comes to in `*result`; the statuses of pos_token_request_http_write();
/// those of pos_token_answer_feed() and pos_token_answer_finish(); `POS_TOKEN_CALLBACK` where `read` or `write` is
/// missing.
///
/// Blocks in the caller's callbacks only; re-entrant on distinct objects.
///
/// \code
/// // `tls` is a connection to api.loyalty.dog; `tokens` an initialised store of 1,024 bytes.
/// pos_token_status log_in(pos_token_transport *tls, pos_token_store *tokens, pos_token_result *result) {
///     uint8_t scratch[128];
///     pos_token_credentials credentials = { 0 };
///     pos_token_endpoint endpoint = { 0 };
///     pos_token_request request = { 0 };
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
    report(|| {
        let place = Place::new(result)?;
        let (mut scratch, range) = Scratch::new(scratch, scratch_len)?;
        let transport_range = Range::of(transport, 1)?;
        // SAFETY: the caller's contract, as the front page of the header has it, here and below.
        let [store_range, arena] = unsafe { store::ranges(store) }?;
        range.clear_of(&[transport_range, store_range, arena])?;
        transport_range.clear_of(&[store_range, arena])?;
        if unsafe { (*transport).read.is_none() } {
            return Err(Fault::CALLBACK);
        }
        let done = unsafe {
            send(request, endpoint, transport, store, &mut scratch, &[range, transport_range])
                .and_then(|()| ask(request, options, store, |answer| receive(answer, transport, &scratch)))
        };
        unsafe { scratch.wipe() };
        unsafe { place.put(done?) };
        Ok(())
    })
}

/// Has the answer to a request read.
///
/// # Safety
/// As the functions above.
unsafe fn ask(
    request: *const pos_token_request,
    options: *const pos_token_answer_options,
    store: *mut pos_token_store,
    receive: impl FnOnce(*mut pos_token_answer) -> Result<(), Fault>,
) -> Result<pos_token_result, Fault> {
    let mut room = MaybeUninit::<pos_token_answer>::uninit();
    let answer = room.as_mut_ptr();
    // SAFETY: the caller's contract, here and below; the request was read before.
    let (provider, purpose) = unsafe { ((*request).provider, (*request).purpose) };
    unsafe { answer::init(answer, provider, purpose, options, store) }?;
    match receive(answer) {
        Ok(()) => unsafe { answer::finish(answer) },
        Err(fault) => {
            unsafe { answer::give_up(answer) };
            Err(fault)
        }
    }
}
