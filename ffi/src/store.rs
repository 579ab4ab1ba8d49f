//! Where tokens live: one buffer that the caller lends.

use core::mem::{ManuallyDrop, MaybeUninit};
use core::slice;

use pos_token_core::{Secret, StoreState, TokenStore};

use crate::span::{Place, Range, Reading, pos_token_span, wipe};
use crate::status::{Fault, pos_token_status, report};

/// Says that an object of this type was initialised.
const MAGIC: u32 = 0x7053_7401;

/// Holds the tokens in use and, behind them, those of an answer that is still arriving. Its members are private.
///
/// An answer never touches the tokens in use until it is whole and grants new ones; any other outcome wipes only what
/// it brought. So the buffer has to hold the old texts and the new ones at once: 256 bytes for Zype, 1,024 for
/// LoyaltyDog, 2,048 for Loyalife and 3,328 for Open Loyalty hold the largest tokens seen or documented.
#[repr(C)]
#[derive(Debug)]
pub struct pos_token_store {
    /// Private.
    pub magic: u32,
    /// Private.
    pub needed: u32,
    /// Private.
    pub buf: *mut u8,
    /// Private.
    pub buf_len: usize,
    /// Private.
    pub state: [MaybeUninit<u32>; 17],
}

const _: () = assert!(size_of::<StoreState>() == 68 && align_of::<StoreState>() <= align_of::<u32>());

/// One text of a store.
#[derive(Clone, Copy)]
pub(crate) enum Text {
    AccessToken,
    RefreshToken,
    PendingToken,
    Scope,
    ServerText,
}

/// What a store and its buffer take.
///
/// # Safety
/// `store` is NULL, misaligned, or good for reading.
pub(crate) unsafe fn ranges(store: *const pos_token_store) -> Result<[Range; 2], Fault> {
    let home = Range::of(store, 1)?;
    // SAFETY: not NULL and aligned; the rest is the caller's promise.
    let (magic, buf, buf_len) = unsafe { ((*store).magic, (*store).buf, (*store).buf_len) };
    if magic != MAGIC {
        return Err(Fault::NOT_INITIALISED);
    }
    Ok([home, Range::of(buf, buf_len)?])
}

/// Has something done with a store, and keeps what comes of it.
///
/// # Safety
/// `store` passed [`ranges`], is good for writing with its buffer, and nothing else uses the two meanwhile.
pub(crate) unsafe fn with<R>(store: *mut pos_token_store, work: impl FnOnce(&mut TokenStore<'_>) -> R) -> R {
    // SAFETY: it is initialised, so there is a state.
    let state = unsafe { (&raw const (*store).state).cast::<StoreState>().read() };
    // SAFETY: NULL only with a length of 0, which is looked at; the rest is the caller's promise.
    let arena = unsafe { arena((*store).buf, (*store).buf_len) };
    let mut lent = ManuallyDrop::new(TokenStore::from_parts(arena, state));
    let result = work(&mut lent);
    let (_, state) = ManuallyDrop::into_inner(lent).into_parts();
    // SAFETY: the room for it was made so, which is proven above.
    unsafe { (&raw mut (*store).state).cast::<StoreState>().write(state) };
    result
}

/// # Safety
/// `buf` is NULL where `len` is 0, and else good for writing while `'a` lasts.
unsafe fn arena<'a>(buf: *mut u8, len: usize) -> &'a mut [u8] {
    if len == 0 {
        return &mut [];
    }
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts_mut(buf, len) }
}

/// Where a text stands in the store's buffer; absent where there is none.
///
/// # Safety
/// As [`ranges`], and nothing writes to the store or its buffer meanwhile.
pub(crate) unsafe fn text(store: *const pos_token_store, which: Text) -> Result<pos_token_span, Fault> {
    // SAFETY: the caller's promise.
    unsafe { ranges(store) }?;
    // SAFETY: it is initialised, so there is a state.
    let state = unsafe { (&raw const (*store).state).cast::<StoreState>().read() };
    // SAFETY: it is initialised.
    let (buf, buf_len) = unsafe { ((*store).buf, (*store).buf_len) };
    // SAFETY: as above. Nothing is written through it.
    let lent = ManuallyDrop::new(TokenStore::from_parts(unsafe { arena(buf, buf_len) }, state));
    let found = match which {
        Text::AccessToken => lent.access_token().map(Secret::expose),
        Text::RefreshToken => lent.refresh_token().map(Secret::expose),
        Text::PendingToken => lent.pending_token().map(Secret::expose),
        Text::Scope => lent.scope(),
        Text::ServerText => lent.server_text().map(Secret::expose),
    };
    // The caller's own pointer, moved: the one found here ends with the loan.
    Ok(found.map_or(pos_token_span::ABSENT, |found| {
        let start = found.as_ptr().addr().wrapping_sub(buf.addr());
        pos_token_span { ptr: buf.wrapping_add(start), len: found.len() }
    }))
}

/// # Safety
/// As the functions below.
unsafe fn put(store: *const pos_token_store, which: Text, out: *mut pos_token_span) -> pos_token_status {
    report(|| {
        let out = Place::new(out)?;
        // SAFETY: the caller's contract, as the front page of the header has it.
        let text = unsafe { text(store, which) }?;
        // SAFETY: as above.
        unsafe { out.put(text) }
        Ok(())
    })
}

/// Makes an empty store of a buffer, which may have any content and is overwritten as texts arrive. Of a buffer, up to
/// 65,535 bytes are used. Store and buffer have to stay where they are.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`;
/// `POS_TOKEN_OVERLAP` where the buffer overlaps the store.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// static uint8_t token_memory[1024];
/// static pos_token_store tokens;
///
/// bool prepare(void) {
///     return pos_token_store_init(&tokens, token_memory, sizeof token_memory) == POS_TOKEN_OK;
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_store_init(
    store: *mut pos_token_store,
    buf: *mut u8,
    buf_len: usize,
) -> pos_token_status {
    report(|| {
        let place = Place::new(store)?;
        Range::of(buf, buf_len)?.clear_of(&[Range::of(store, 1)?])?;
        let mut state = [MaybeUninit::uninit(); 17];
        // SAFETY: the room for it was made so, which is proven above.
        unsafe { (&raw mut state).cast::<StoreState>().write(StoreState::default()) };
        // SAFETY: the caller's contract, as the front page of the header has it.
        unsafe { place.put(pos_token_store { magic: MAGIC, needed: 0, buf, buf_len, state }) };
        Ok(())
    })
}

/// The access token in use; absent where there is none. The span points into the store's buffer and is good until the
/// store is used for another answer or wiped.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_NOT_INITIALISED`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_store_access_token(
    store: *const pos_token_store,
    token: *mut pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller's contract, as the front page of the header has it.
    unsafe { put(store, Text::AccessToken, token) }
}

/// The refresh token in use; else as pos_token_store_access_token().
///
/// \return As pos_token_store_access_token().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_store_refresh_token(
    store: *const pos_token_store,
    token: *mut pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller's contract, as the front page of the header has it.
    unsafe { put(store, Text::RefreshToken, token) }
}

/// The pending token of a log-in whose code is still missing; else as pos_token_store_access_token().
///
/// \return As pos_token_store_access_token().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_store_pending_token(
    store: *const pos_token_store,
    token: *mut pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller's contract, as the front page of the header has it.
    unsafe { put(store, Text::PendingToken, token) }
}

/// The scope that was granted, where POS_TOKEN_KEEP_SCOPE was asked for; else as pos_token_store_access_token().
///
/// \return As pos_token_store_access_token().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_store_scope(
    store: *const pos_token_store,
    scope: *mut pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller's contract, as the front page of the header has it.
    unsafe { put(store, Text::Scope, scope) }
}

/// The server's words about the last answer, where POS_TOKEN_KEEP_SERVER_TEXT was asked for; else as
/// pos_token_store_access_token(). They may echo a password: not for a log.
///
/// \return As pos_token_store_access_token().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_store_server_text(
    store: *const pos_token_store,
    text: *mut pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller's contract, as the front page of the header has it.
    unsafe { put(store, Text::ServerText, text) }
}

/// How large the store's buffer has to be for the answer that ended in POS_TOKEN_STORE_TOO_SMALL last, in bytes; above
/// 65,535 no buffer is large enough.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_ABSENT` where there was no such answer; `POS_TOKEN_NULL_POINTER`,
/// `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_NOT_INITIALISED`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_store_needed(store: *const pos_token_store, needed: *mut u32) -> pos_token_status {
    report(|| {
        let place = Place::new(needed)?;
        // SAFETY: the caller's contract, as the front page of the header has it.
        unsafe { ranges(store) }?;
        // SAFETY: it is initialised.
        match unsafe { (*store).needed } {
            0 => return Err(Fault::ABSENT),
            // SAFETY: as above.
            bytes => unsafe { place.put(bytes) },
        }
        Ok(())
    })
}

/// Wipes the tokens, all else that the store has written to its buffer, and the store, which is not initialised then.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_NOT_INITIALISED`, where nothing is touched.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_store_wipe(store: *mut pos_token_store) -> pos_token_status {
    report(|| {
        // SAFETY: the caller's contract, as the front page of the header has it.
        unsafe { ranges(store) }?;
        // SAFETY: as above, and it was checked.
        unsafe { with(store, |store| store.clear()) };
        // SAFETY: as above.
        wipe(unsafe { object(store) });
        Ok(())
    })
}

/// An object as one piece of memory.
///
/// # Safety
/// `object` is aligned and good for writing while `'a` lasts.
pub(crate) unsafe fn object<'a, T>(object: *mut T) -> &'a mut [MaybeUninit<T>] {
    // SAFETY: the caller's promise.
    slice::from_mut(unsafe { &mut *object.cast::<MaybeUninit<T>>() })
}

/// Whether a store is good for reading, and its texts in the order of the fields that they serve as.
///
/// # Safety
/// As [`text`].
pub(crate) unsafe fn tokens(reading: Reading<'_>, store: *const pos_token_store) -> Result<[pos_token_span; 3], Fault> {
    let mut spans = [pos_token_span::ABSENT; 3];
    if store.is_null() {
        return Ok(spans);
    }
    // SAFETY: the caller's promise.
    for range in unsafe { ranges(store) }? {
        range.clear_of(reading.written)?;
    }
    let which = [Text::RefreshToken, Text::AccessToken, Text::PendingToken];
    for (span, which) in spans.iter_mut().zip(which) {
        // SAFETY: the caller's promise.
        *span = unsafe { text(store, which) }?;
    }
    Ok(spans)
}
