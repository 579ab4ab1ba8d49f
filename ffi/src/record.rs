//! The record that survives a power cut.

use core::ffi::c_void;

use pos_token_core::session::{RecordError, Seal, Unreadable, record_len};

use crate::clock::pos_token_now;
use crate::session::{Live, act, pos_token_session};
use crate::span::{Buffer, Contract, Output, Place, Range};
use crate::status::{Fault, Unwritten, opened, pos_token_status, report};

/// Where records are kept: two slots, which take turns, so that one is whole whenever the power goes. Start with
/// POS_TOKEN_ZERO and set what there is.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_storage {
    /// Handed to the callbacks; nothing here looks at it.
    pub ctx: *mut c_void,
    /// Reads the slot, 0 or 1, from its start into `buf`, up to `len` bytes, and returns how many that were: 0 where
    /// nothing was ever written, below 0 where it cannot be read. For pos_token_session_restore().
    pub read: Option<unsafe extern "C" fn(ctx: *mut c_void, slot: u32, buf: *mut u8, len: usize) -> isize>,
    /// Encrypts the first `len` bytes of `body` in place, adds what opening needs, and returns the length of all that,
    /// `room` at most; below 0 where it fails. The header is to be authenticated with it; it differs from record to
    /// record. NULL: records are as they are, for storage that nobody else can read.
    pub seal: Option<
        unsafe extern "C" fn(
            ctx: *mut c_void,
            header: *const u8,
            header_len: usize,
            body: *mut u8,
            len: usize,
            room: usize,
        ) -> isize,
    >,
    /// Undoes that in place and returns the length of what was sealed; below 0 where the record is not genuine. NULL
    /// where, and only where, `seal` is.
    pub open: Option<
        unsafe extern "C" fn(
            ctx: *mut c_void,
            header: *const u8,
            header_len: usize,
            body: *mut u8,
            len: usize,
        ) -> isize,
    >,
    /// Out, of pos_token_session_restore(), where it found nothing to restore: what is wrong with each slot, one of
    /// `POS_TOKEN_RECORD_*`; else 0.
    pub faults: [u32; 2],
}

/// What was restored.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_restored {
    /// From which slot.
    pub slot: u32,
    /// The record's number.
    pub number: u32,
    /// Whether the store has tokens from it.
    pub tokens: bool,
    /// Private.
    pub reserved: [u8; 3],
}

/// A record to be written.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_record {
    /// The slot to write it to, 0 or 1: erased, where the storage needs that, and then from its first byte to its last.
    pub slot: u32,
    /// For pos_token_session_saved() and pos_token_session_save_failed().
    pub number: u32,
}

type SealBody = unsafe extern "C" fn(*mut c_void, *const u8, usize, *mut u8, usize, usize) -> isize;
type OpenBody = unsafe extern "C" fn(*mut c_void, *const u8, usize, *mut u8, usize) -> isize;

/// The platform's encryption, or none.
struct Platform {
    ctx: *mut c_void,
    seal: Option<SealBody>,
    open: Option<OpenBody>,
}

impl Platform {
    const NONE: Self = Self { ctx: core::ptr::null_mut(), seal: None, open: None };

    fn new(ctx: *mut c_void, seal: Option<SealBody>, open: Option<OpenBody>) -> Result<Self, Fault> {
        if seal.is_some() == open.is_some() { Ok(Self { ctx, seal, open }) } else { Err(Fault::CALLBACK) }
    }
}

impl Seal for Platform {
    fn seal(&mut self, header: &[u8], body: &mut [u8], len: usize) -> Option<usize> {
        let Some(seal) = self.seal else { return Some(len) };
        let room = body.len();
        // SAFETY: the contract for callbacks, and there are so many bytes and so much room.
        let sealed = unsafe { seal(self.ctx, header.as_ptr(), header.len(), body.as_mut_ptr(), len, room) };
        usize::try_from(sealed).ok()
    }

    fn open(&mut self, header: &[u8], body: &mut [u8]) -> Option<usize> {
        let Some(open) = self.open else { return Some(body.len()) };
        // SAFETY: the contract for callbacks, and there are so many bytes.
        let opened = unsafe { open(self.ctx, header.as_ptr(), header.len(), body.as_mut_ptr(), body.len()) };
        usize::try_from(opened).ok()
    }
}

/// Restores the newest record of both slots that can be taken; at boot, right after pos_token_session_init(). What the
/// slots hold is read into `buf`, which is wiped in the end; pos_token_record_len() tells how large it has to be.
///
/// Tokens that rotate are saved anew before they are used: a record can be torn where it ends and read whole.
///
/// \return As pos_token_session_next(); `POS_TOKEN_CALLBACK` where there is no `read`, or only one of `seal` and `open`;
/// where there is nothing to restore, and the session goes on as it is, the reason that is not
/// `POS_TOKEN_RECORD_ABSENT`, the first slot's where both have another: `POS_TOKEN_RECORD_UNREADABLE`,
/// `POS_TOKEN_RECORD_ABSENT`, `POS_TOKEN_RECORD_OTHER_VERSION`, `POS_TOKEN_RECORD_OTHER_PROVIDER`,
/// `POS_TOKEN_RECORD_TRUNCATED`, `POS_TOKEN_RECORD_DAMAGED`, `POS_TOKEN_RECORD_SEALED`;
/// `POS_TOKEN_RECORD_STORE_TOO_SMALL`, and pos_token_store_needed tells how large the store's buffer has to be.
///
/// Blocks in the caller's callbacks only; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_restore(
    session: *mut pos_token_session,
    storage: *mut pos_token_storage,
    now: pos_token_now,
    buf: *mut u8,
    buf_len: usize,
    restored: *mut pos_token_restored,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, restored)?;
        let mut buffer = Buffer::new(contract, buf, buf_len)?;
        let home = Range::of(storage, 1)?;
        let mut live = Live::new(contract, session);
        let live = opened(&mut live)?;
        let [first, second, third] = live.ranges;
        let written = [first, second, third, place.range(), buffer.range(), home];
        let [_, _, _, own @ ..] = &written;
        live.clear_of(own)?;
        let &pos_token_storage { ctx, read, seal, open, .. } = contract.reading().object(storage)?;
        let read = read.ok_or(Fault::CALLBACK)?;
        let mut platform = Platform::new(ctx, seal, open)?;
        let read = |slot: u8, buf: &mut [u8]| {
            // SAFETY: the contract for callbacks, and there is so much room.
            let count = unsafe { read(ctx, slot.into(), buf.as_mut_ptr(), buf.len()) };
            usize::try_from(count).map_err(|_| Unreadable)
        };
        live.with(&written, &mut |session, store, mut own| {
            let result = session.restore(store, &mut platform, read, buffer.bytes(), now.core());
            let faults = result.map_or_else(|error| error.slots.map(|error| error.code().into()), |_| [0; 2]);
            // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
            unsafe { (*storage).faults = faults };
            let restored = result.map_err(|error| {
                let [first, second] = error.slots;
                for error in error.slots {
                    if let RecordError::StoreTooSmall { needed } = error {
                        own.note_needed(needed);
                    }
                }
                Fault::code(if first == RecordError::Absent { second } else { first }.code())
            })?;
            place.put(pos_token_restored {
                slot: restored.slot.into(),
                number: restored.number,
                tokens: restored.tokens,
                reserved: [0; 3],
            });
            Ok(())
        })
    })
}

/// Makes the record where pos_token_session_next() says POS_TOKEN_STEP_SAVE, in the front of `buf`; `*out_len` is its
/// length, and pos_token_record_len() tells how large the buffer has to be. `unit` is what the storage programs at once,
/// 1 to 255 bytes: 1 for files, EEPROM and FRAM. `storage`, of which only `ctx`, `seal` and `open` count here, may be
/// NULL. Nothing changes before pos_token_session_saved(). The record may hold tokens: wipe the buffer.
///
/// \return As pos_token_session_next(); `POS_TOKEN_BUFFER_TOO_SMALL`; where records are sealed, the seal wants as much more
/// as it adds; `POS_TOKEN_RECORD_UNIT`; `POS_TOKEN_RECORD_NOT_SEALED`, also where the tokens take more than 65,483 bytes,
/// less what the seal adds; `POS_TOKEN_CALLBACK` where there is only one of `seal` and `open`.
///
/// Blocks in the caller's callbacks only; re-entrant on distinct objects.
///
/// \code
/// // Of a till: writes a slot of its storage; true only where the bytes are there to stay.
/// bool till_write(uint32_t slot, const uint8_t *bytes, size_t len);
/// void till_shows(const char *text, uint32_t number);
///
/// void till_save(pos_token_session *session, pos_token_now now) {
///     uint8_t buf[256]; // Zype; Loyalife 1024, Open Loyalty 2048: pos_token_record_len()
///     size_t len = 0;
///     pos_token_record record = POS_TOKEN_ZERO; // number 0: none could be made
///     pos_token_status status = pos_token_session_save(session, NULL, 16, now, buf, sizeof buf, &len, &record);
///     if (status == POS_TOKEN_OK && till_write(record.slot, buf, len)) {
///         (void)pos_token_session_saved(session, record.number);
///     } else {
///         till_shows("not saved", status);
///         (void)pos_token_session_save_failed(session, record.number);
///     }
///     (void)pos_token_wipe(buf, sizeof buf);
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_save(
    session: *const pos_token_session,
    storage: *const pos_token_storage,
    unit: u32,
    now: pos_token_now,
    buf: *mut u8,
    buf_len: usize,
    out_len: *mut usize,
    record: *mut pos_token_record,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let output = Output::new(contract, (buf, buf_len, out_len))?;
        let place = Place::new(contract, record)?;
        let mut live = Live::new(contract, session);
        let live = opened(&mut live)?;
        let [first, second] = output.range();
        let written = [live.home(), first, second, place.range()];
        let [_, own @ ..] = &written;
        live.clear_of(own)?;
        let mut platform = match contract.writing(own).optional(storage)? {
            Some(&pos_token_storage { ctx, seal, open, .. }) => Platform::new(ctx, seal, open)?,
            None => Platform::NONE,
        };
        // 0 is refused as all others that are none.
        let unit = u8::try_from(unit).unwrap_or(0);
        live.with(&written, &mut |session, store, _| {
            output.fill(|out| {
                let record = session.save(store, &mut platform, unit, out, now.core()).map_err(Unwritten::from)?;
                place.put(pos_token_record { slot: record.slot.into(), number: record.number });
                Ok(record.bytes.len())
            })
        })
    })
}

/// The record of this number is written, and stays if the power goes now. Another number than that of the newest record,
/// such as its slot's, changes nothing, and POS_TOKEN_STEP_SAVE is asked again: something that has to be saved came while it
/// was written.
///
/// \return As pos_token_session_next().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_saved(session: *mut pos_token_session, number: u32) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        act(contract, session, &mut |session, _, _| {
            session.saved(number);
            Ok(())
        })
    })
}

/// The record of this number could not be written, or, with 0, none could be made. The token is offered all the same, with
/// that risk; the next record comes with the next change. Another number changes nothing, as with
/// pos_token_session_saved().
///
/// \return As pos_token_session_next().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_save_failed(
    session: *mut pos_token_session,
    number: u32,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        act(contract, session, &mut |session, _, _| {
            session.save_failed(number);
            Ok(())
        })
    })
}

/// How long a record is, in bytes, that holds so many bytes of tokens, to which the seal adds so many, for storage that
/// is programmed in units of so many: 70 bytes, the tokens, the seal, and up to two units.
///
/// Does not block; re-entrant.
#[unsafe(no_mangle)]
pub extern "C" fn pos_token_record_len(tokens: usize, seal: usize, unit: usize) -> usize {
    record_len(tokens, seal, unit)
}
