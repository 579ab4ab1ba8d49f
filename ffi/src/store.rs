//! Where tokens live: one buffer that the caller lends.

use core::mem::{ManuallyDrop, MaybeUninit};

use pos_token_core::{Slot, StoreState, TokenStore};

use crate::span::{Buffer, Contract, Place, Range, Reading, pos_token_span, wipe};
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
    pub state: [MaybeUninit<u32>; 14],
}

const _: () = assert!(size_of::<StoreState>() <= 56 && align_of::<StoreState>() <= align_of::<u32>());

/// A store that is initialised, and its buffer.
#[derive(Clone, Copy)]
pub(crate) struct Store {
    home: *mut pos_token_store,
    buffer: Buffer,
}

impl Store {
    #[inline(never)]
    pub(crate) fn new(contract: Contract, store: *mut pos_token_store) -> Result<Self, Fault> {
        Range::of(store, 1)?;
        // SAFETY: not NULL and aligned; the rest is the contract.
        let (magic, buf, buf_len) = unsafe { ((*store).magic, (*store).buf, (*store).buf_len) };
        if magic != MAGIC {
            return Err(Fault::NOT_INITIALISED);
        }
        Ok(Self { home: store, buffer: Buffer::new(contract, buf, buf_len)? })
    }

    /// What the two take.
    pub(crate) fn ranges(&self) -> [Range; 2] {
        [Range::known(self.home, 1), self.buffer.range()]
    }

    /// The same, of which nothing is written.
    fn to_read(contract: Contract, store: *const pos_token_store) -> Result<Self, Fault> {
        Self::new(contract, store.cast_mut())
    }

    /// Has something done with the store.
    pub(crate) fn with<R>(&mut self, work: impl FnOnce(&mut TokenStore<'_>) -> R) -> R {
        // SAFETY: it is initialised, so there is a state; the rest is the contract.
        let state = unsafe { &mut *(&raw mut (*self.home).state).cast::<StoreState>() };
        // Of one that is lent nothing is dropped, and no code is wanted that asks.
        work(&mut ManuallyDrop::new(TokenStore::lent(self.buffer.bytes(), state)))
    }

    /// Where a text in use stands in the buffer; absent where there is none.
    #[inline(never)]
    pub(crate) fn text(&self, slot: Slot) -> pos_token_span {
        self.found(self.state().text(self.buffer.shared(), slot))
    }

    /// The same of the access token that arrives.
    pub(crate) fn arriving_access_token(&self) -> pos_token_span {
        self.found(self.state().arriving_access_token(self.buffer.shared()))
    }

    /// The state to look at, which may not be there to be written to.
    fn state(&self) -> &StoreState {
        // SAFETY: it is initialised, so there is a state; the rest is the contract.
        unsafe { &*(&raw const (*self.home).state).cast() }
    }

    /// Where a text stands that was found in the buffer, by the caller's own pointer.
    pub(crate) fn found(&self, text: Option<&[u8]>) -> pos_token_span {
        text.map_or(pos_token_span::ABSENT, |text| self.own(pos_token_span { ptr: text.as_ptr(), len: text.len() }))
    }

    /// The same address by the caller's own pointer, as that of a loan ends with it.
    pub(crate) fn own(&self, found: pos_token_span) -> pos_token_span {
        if found.ptr.is_null() {
            return found;
        }
        let start = found.ptr.addr().wrapping_sub(self.buffer.start.addr());
        pos_token_span { ptr: self.buffer.start.wrapping_add(start), len: found.len }
    }

    /// Keeps how large the buffer would have to be.
    pub(crate) fn note_needed(&mut self, needed: u32) {
        // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
        unsafe { (*self.home).needed = needed }
    }
}

/// The refresh, the access and the pending token of a store.
pub(crate) fn tokens(reading: &Reading<'_>, store: *const pos_token_store) -> Result<[pos_token_span; 3], Fault> {
    // Before it is looked at: it may be what is written.
    reading.object(store)?;
    let store = Store::to_read(reading.contract, store)?;
    reading.check(store.buffer.range())?;
    Ok([Slot::RefreshToken, Slot::AccessToken, Slot::PendingToken].map(|slot| store.text(slot)))
}

fn put(contract: Contract, store: *const pos_token_store, slot: Slot, out: *mut pos_token_span) -> pos_token_status {
    report(|| {
        let out = Place::new(contract, out)?;
        let store = Store::to_read(contract, store)?;
        out.range().clear_of(&store.ranges())?;
        out.put(store.text(slot));
        Ok(())
    })
}

/// Makes an empty store of a buffer, which may have any content and is overwritten as texts arrive. Of a buffer, up to
/// 65,535 bytes are used. Store and buffer have to stay where they are. That the buffer is too small shows with the first
/// answer: POS_TOKEN_STORE_TOO_SMALL.
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
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, store)?;
        Range::of(buf, buf_len)?.clear_of(&[place.range()])?;
        let mut state = [MaybeUninit::uninit(); 14];
        // SAFETY: there is room for a state, as is proven above.
        unsafe { (&raw mut state).cast::<StoreState>().write(StoreState::default()) };
        place.put(pos_token_store { magic: MAGIC, needed: 0, buf, buf_len, state });
        Ok(())
    })
}

/// The access token in use; absent where there is none. The span points into the store's buffer and is good until the
/// store is used for another answer or wiped.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_OVERLAP`, `POS_TOKEN_NOT_INITIALISED`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_store_access_token(
    store: *const pos_token_store,
    token: *mut pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    put(unsafe { Contract::kept() }, store, Slot::AccessToken, token)
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
    // SAFETY: the caller keeps the contract.
    put(unsafe { Contract::kept() }, store, Slot::RefreshToken, token)
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
    // SAFETY: the caller keeps the contract.
    put(unsafe { Contract::kept() }, store, Slot::PendingToken, token)
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
    // SAFETY: the caller keeps the contract.
    put(unsafe { Contract::kept() }, store, Slot::Scope, scope)
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
    // SAFETY: the caller keeps the contract.
    put(unsafe { Contract::kept() }, store, Slot::ServerText, text)
}

/// How large the store's buffer has to be for the answer that ended in POS_TOKEN_STORE_TOO_SMALL last, in bytes; above
/// 65,535 no buffer is large enough.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_ABSENT` where there was no such answer; `POS_TOKEN_NULL_POINTER`,
/// `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`, `POS_TOKEN_NOT_INITIALISED`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_store_needed(store: *const pos_token_store, needed: *mut u32) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, needed)?;
        let store = Store::to_read(contract, store)?;
        place.range().clear_of(&store.ranges())?;
        // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
        match unsafe { (*store.home).needed } {
            0 => Err(Fault::ABSENT),
            bytes => {
                place.put(bytes);
                Ok(())
            }
        }
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
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        Store::new(contract, store)?.with(|store| store.clear());
        // SAFETY: not NULL and aligned, as was checked; without its magic number no state is read from it.
        unsafe { wipe(store) };
        Ok(())
    })
}
