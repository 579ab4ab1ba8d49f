//! A session's records in two sectors of NOR flash, over the traits of `embedded-storage`. To be copied into firmware.

use embedded_storage::nor_flash::NorFlash;
use pos_token::TokenStore;
use pos_token::dialect::Dialect;
use pos_token::session::{NoSeal, Now, RestoreError, Restored, SaveError, Session, Unreadable};
use zeroize::Zeroize;

/// Holds a record: 70 bytes, the tokens, and up to two program units; `record_len` tells. Open Loyalty needs the most.
/// A sector has to have room for as much.
const BUFFER: usize = 2048;

/// For [`Step::Save`](pos_token::session::Step::Save): erases the sector that holds the older record, writes the new one
/// into it, and tells the session. A power cut at any moment leaves one of the two to be restored. Where the flash
/// fails the session goes on, and says that its token is at risk.
///
/// # Errors
/// The record does not fit into the buffer, or program units have more than 255 bytes: the till is not set up right.
pub fn save<F: NorFlash, D: Dialect>(
    flash: &mut F,
    session: &mut Session<'_, D>,
    store: &TokenStore<'_>,
    now: Now,
) -> Result<(), SaveError> {
    let mut buffer = [0; BUFFER];
    let result = match session.save(store, &mut NoSeal, u8::try_from(F::WRITE_SIZE).unwrap_or(0), &mut buffer, now) {
        Ok(record) => {
            let (from, to) = (sector::<F>(record.slot), sector::<F>(record.slot + 1));
            match flash.erase(from, to).and_then(|()| flash.write(from, record.bytes)) {
                Ok(()) => session.saved(record.number),
                Err(_) => session.save_failed(record.number),
            }
            Ok(())
        }
        Err(error) => {
            session.save_failed(0);
            Err(error)
        }
    };
    buffer.zeroize();
    result
}

/// At boot, before anything else: restores the newer record that can be relied on.
///
/// # Errors
/// There is none, and why: the session goes on without.
pub fn restore<F: NorFlash, D: Dialect>(
    flash: &mut F,
    session: &mut Session<'_, D>,
    store: &mut TokenStore<'_>,
    now: Now,
) -> Result<Restored, RestoreError> {
    // It is wiped by `restore`.
    let mut buffer = [0; BUFFER];
    let read = |slot, buffer: &mut [u8]| match flash.read(sector::<F>(slot), buffer) {
        Ok(()) => Ok(buffer.len()),
        Err(_) => Err(Unreadable),
    };
    session.restore(store, &mut NoSeal, read, &mut buffer, now)
}

/// Where the sector of a slot begins: the two are the first ones of this flash. An erase takes a whole sector.
fn sector<F: NorFlash>(slot: u8) -> u32 {
    u32::from(slot).saturating_mul(u32::try_from(F::ERASE_SIZE).unwrap_or(u32::MAX))
}
