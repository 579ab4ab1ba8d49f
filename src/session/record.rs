//! The record that survives a power cut, and the two slots that it alternates between.
//!
//! All numbers are little-endian:
//!
//! | offset | bytes | |
//! |---|---|---|
//! | 0 | 2 | `PT` |
//! | 2 | 1 | the version of this layout, 1 |
//! | 3 | 1 | the program unit, in bytes |
//! | 4 | 4 | the provider: CRC-32 of its name |
//! | 8 | 4 | the sequence number |
//! | 12 | 2 | the length of the body as it is stored |
//! | 14 | | the body, sealed where the caller seals |
//! | | 4 | CRC-32 of all before it |
//! | | | zeros up to a multiple of the program unit |
//! | | one unit | the mark, 0xA5: programmed last, so that whoever finds it knows that all before it was programmed |
//!
//! The body, before it is sealed; a moment is in seconds since 1970-01-01T00:00:00Z, the lowest number where it is not
//! known:
//!
//! | offset | bytes | |
//! |---|---|---|
//! | 0 | 4 | the token's generation |
//! | 4 | 8 | the floor of the clock, a moment |
//! | 12 | 8 | when the token was granted |
//! | 20 | 8 | when it expires |
//! | 28 | 8 | when a server's demand to wait ends |
//! | 36 | 4 | how long that was, in milliseconds; 0: there is none |
//! | 40 | 4 | when the token is renewed, in seconds from its request; 0: not known |
//! | 44 | 1 | the code that the next log-in takes: 0 none, 1 a second factor's, 2 a PIN |
//! | 45 | 1 | 1: the API refused the token; 2: the provider refused the refresh token; or both |
//! | 46 | 6 | the lengths of access, refresh and pending token, two bytes each |
//! | 52 | | these tokens |

use core::fmt;

use super::clock::{Now, seconds, seconds_up, times};
use super::policy::Keep;
use super::state::{Due, Saved, Seconds, Session, Token, Wait};
use super::step::{CodeKind, WaitReason};
use crate::buffer::BufferTooSmall;
use crate::dialect::Dialect;
use crate::secret::wipe;
use crate::store::{Slot, Slots, TokenStore};
use crate::time::UnixTime;
use crate::words::{Class, copy_while};

/// How many slots records alternate between: a record is never written over the one before it.
pub const SLOTS: u8 = 2;

const MAGIC: [u8; 2] = *b"PT";
const VERSION: u8 = 1;
const MARK: u8 = 0xa5;
const HEADER: usize = 14;
/// What stands in a body before the tokens.
const FIXED: usize = 52;
const CHECKSUM: usize = 4;

/// The header, and a multiple of what most storage reads at once.
const FIRST_READ: usize = 16;

/// CRC-32 as in Ethernet and zlib, without a table.
const CRC: crc::Crc<u32, crc::NoTable> = crc::Crc::<u32, crc::NoTable>::new(&crc::CRC_32_ISO_HDLC);

/// The texts in a record.
const TEXTS: [Slot; 3] = [Slot::AccessToken, Slot::RefreshToken, Slot::PendingToken];
const TAKEN: Slots = Slots::NONE.with(Slot::AccessToken).with(Slot::RefreshToken).with(Slot::PendingToken);

/// How long a record is, in bytes, that holds so many bytes of tokens, to which the seal adds so many, for storage that
/// is programmed in units of so many: 70 bytes, the tokens, the seal, and up to two units.
#[must_use]
#[inline(never)]
pub const fn record_len(tokens: usize, seal: usize, unit: usize) -> usize {
    let content = (HEADER + FIXED + CHECKSUM).saturating_add(tokens).saturating_add(seal);
    let unit = if unit == 0 { 1 } else { unit };
    content.div_ceil(unit).saturating_mul(unit).saturating_add(unit)
}

/// A record to be written, from its first byte to its last, into an erased slot. It may hold tokens: wipe the buffer.
#[derive(Clone, Copy)]
pub struct Record<'b> {
    /// What to write.
    pub bytes: &'b [u8],
    /// The slot to write it to, 0 or 1.
    pub slot: u8,
    /// For [`saved`](Session::saved) and [`save_failed`](Session::save_failed).
    pub number: u32,
}

impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("len", &self.bytes.len())
            .field("slot", &self.slot)
            .field("number", &self.number)
            .finish()
    }
}

/// Authenticated encryption of records, which is the platform's.
pub trait Seal {
    /// Encrypts the first `len` bytes of `body` in place, adds what opening needs, and returns the length of all that;
    /// `None` where it fails or has no room. The header is to be authenticated with it; it differs from record to record.
    fn seal(&mut self, header: &[u8], body: &mut [u8], len: usize) -> Option<usize>;

    /// Undoes that in place and returns the length of what was sealed; `None` where the record is not genuine.
    fn open(&mut self, header: &[u8], body: &mut [u8]) -> Option<usize>;
}

/// Records as they are, for storage that nobody else can read.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSeal;

impl Seal for NoSeal {
    fn seal(&mut self, _header: &[u8], _body: &mut [u8], len: usize) -> Option<usize> {
        Some(len)
    }

    fn open(&mut self, _header: &[u8], body: &mut [u8]) -> Option<usize> {
        Some(body.len())
    }
}

/// Why no record was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SaveError {
    /// It does not fit. Where it is sealed, the seal wants as much more as it adds.
    BufferTooSmall(BufferTooSmall),
    /// A program unit has 1 to 255 bytes.
    Unit,
    /// The caller's seal failed, or had no room; or what it has to seal, or has sealed, is longer than 65,535 bytes, as with
    /// tokens of 65,484 bytes and more.
    Seal,
}

impl SaveError {
    /// The stable short code, 721 to 723.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::BufferTooSmall(_) => 721,
            Self::Unit => 722,
            Self::Seal => 723,
        }
    }
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BufferTooSmall(error) => fmt::Display::fmt(error, f),
            Self::Unit => f.write_str("a program unit has 1 to 255 bytes"),
            Self::Seal => f.write_str("the record cannot be sealed, or is too long"),
        }
    }
}

impl core::error::Error for SaveError {}

/// A slot could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// Why a slot's record is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordError {
    /// The slot cannot be read.
    Unreadable,
    /// There is no record.
    Absent,
    /// It is of another version of this layout.
    OtherVersion,
    /// It is another provider's.
    OtherProvider,
    /// It is longer than the buffer that it was read into, or ends early.
    Truncated,
    /// Its checksum is wrong, or what it says makes no sense.
    Damaged,
    /// The caller's seal does not open it.
    Sealed,
    /// The store has no room for its tokens.
    StoreTooSmall {
        /// How large the arena has to be, in bytes.
        needed: u32,
    },
}

impl RecordError {
    /// The stable short code, 731 to 738.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Unreadable => 731,
            Self::Absent => 732,
            Self::OtherVersion => 733,
            Self::OtherProvider => 734,
            Self::Truncated => 735,
            Self::Damaged => 736,
            Self::Sealed => 737,
            Self::StoreTooSmall { .. } => 738,
        }
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "the slot cannot be read",
            Self::Absent => "no record",
            Self::OtherVersion => "a record of another version",
            Self::OtherProvider => "another provider's record",
            Self::Truncated => "the record is truncated",
            Self::Damaged => "the record is damaged",
            Self::Sealed => "the record cannot be opened",
            Self::StoreTooSmall { needed } => return write!(f, "token store too small: {needed} bytes needed"),
        })
    }
}

/// Why nothing was restored: what is wrong with each slot. The session is as it was, and the store has nothing new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestoreError {
    /// By slot.
    pub slots: [RecordError; 2],
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.slots;
        write!(f, "nothing to restore: {first}; {second}")
    }
}

impl core::error::Error for RestoreError {}

/// What was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// From which slot.
    pub slot: u8,
    /// The record's number.
    pub number: u32,
    /// Whether the store has tokens from it.
    pub tokens: bool,
}

impl<D: Dialect> Session<'_, D> {
    /// Makes the record, in the front of `out`; [`record_len`] tells how large that has to be. `unit` is what the
    /// storage programs at once, in bytes: 1 for files, EEPROM and FRAM. Nothing changes before [`saved`](Self::saved).
    ///
    /// # Errors
    /// [`SaveError`]; `out` is wiped then. Tokens of more than 65,483 bytes, less what the seal adds, are in no record.
    pub fn save<'b>(
        &self,
        store: &TokenStore<'_>,
        seal: &mut impl Seal,
        unit: u8,
        out: &'b mut [u8],
        now: Now,
    ) -> Result<Record<'b>, SaveError> {
        let number = self.next_record();
        match self.write(store, seal, usize::from(unit), number, out, &now) {
            Ok(len) => {
                let bytes = out.get(..len).unwrap_or(&[]);
                Ok(Record { bytes, slot: self.state.saved.slot, number })
            }
            Err(error) => {
                wipe(out);
                Err(error)
            }
        }
    }

    /// The record of this number is written, and stays if the power goes now. Another number than that of the newest
    /// record changes nothing, and [`Step::Save`](super::Step::Save) is asked again: something that has to be saved came
    /// while it was written.
    pub fn saved(&mut self, number: u32) {
        if number == self.next_record() {
            let slot = other(self.state.saved.slot);
            self.state.saved = Saved { sequence: number, slot, due: Due::No, at_risk: false };
        }
    }

    /// The record of this number could not be written, or, with 0, none could be made. The token is offered all the same,
    /// with that risk; the next record comes with the next change. Another number changes nothing, as with
    /// [`saved`](Self::saved).
    pub fn save_failed(&mut self, number: u32) {
        if number == 0 || number == self.next_record() {
            self.state.saved.at_risk |= self.state.saved.due == Due::BeforeUse;
            self.state.saved.due = Due::No;
        }
    }

    /// Never 0.
    fn next_record(&self) -> u32 {
        self.state.saved.sequence.wrapping_add(1).max(1)
    }

    /// Restores the newest record of both slots that can be taken; at boot, before anything else. `read` fills the
    /// buffer from the start of a slot and returns how many bytes it read; the buffer is shorter the second time, where
    /// not all of it could be read. What stands in `buf` is wiped at the end.
    ///
    /// Tokens that rotate are saved anew before they are used: the mark of a record can be torn and read whole.
    ///
    /// # Errors
    /// [`RestoreError`] tells what is wrong with each slot; the session goes on without a record then.
    pub fn restore(
        &mut self,
        store: &mut TokenStore<'_>,
        seal: &mut impl Seal,
        mut read: impl FnMut(u8, &mut [u8]) -> Result<usize, Unreadable>,
        buf: &mut [u8],
        now: Now,
    ) -> Result<Restored, RestoreError> {
        let mut number = |slot| self.examine(&mut read, slot, buf).ok().map(|found| found.number);
        let (first, second) = (number(0), number(1));
        let newest = u8::from(second > first);
        let mut slots = [RecordError::Absent; 2];
        let mut result = Err(());
        for slot in [newest, other(newest)] {
            let attempt = self.examine(&mut read, slot, buf).and_then(|found| {
                let tokens = self.take_record(store, seal, buf, &found, &now)?;
                Ok((found, tokens))
            });
            match attempt {
                Ok((found, tokens)) => {
                    // An unmarked record may be torn; as long as it is, the older one is what can be relied on.
                    let the_other = if slot == 0 { second } else { first };
                    let stays = found.marked || the_other.is_none();
                    self.state.saved.slot = if stays { other(slot) } else { slot };
                    result = Ok(Restored { slot, number: found.number, tokens });
                    break;
                }
                Err(error) => {
                    if let Some(place) = slots.get_mut(usize::from(slot)) {
                        *place = error;
                    }
                }
            }
        }
        wipe(buf);
        // The next one is newer than both, whichever was taken, and where none was, it is not written over the newest.
        if let Some(number) = first.max(second) {
            let saved = &mut self.state.saved;
            saved.sequence = number;
            if result.is_err() {
                saved.slot = other(newest);
            }
        }
        result.map_err(|()| RestoreError { slots })
    }

    #[inline(never)]
    fn provider(&self) -> u32 {
        CRC.checksum(self.dialect.settings().name)
    }

    fn write(
        &self,
        store: &TokenStore<'_>,
        seal: &mut impl Seal,
        unit: usize,
        number: u32,
        out: &mut [u8],
        now: &Now,
    ) -> Result<usize, SaveError> {
        if unit == 0 {
            return Err(SaveError::Unit);
        }
        let texts = self.kept(store, now);
        let tokens = texts.iter().map(|text| text.len()).sum();
        let needed = record_len(tokens, 0, unit);
        let too_small = |needed| SaveError::BufferTooSmall(BufferTooSmall { needed });
        if out.len() < needed {
            return Err(too_small(needed));
        }
        let (state, token) = (&*self.state, &self.state.token);
        let mut fixed = [0; HEADER + FIXED];
        let mut fields = Bytes(&mut fixed);
        fields.put(MAGIC);
        fields.put([VERSION, u8::try_from(unit).unwrap_or(0)]);
        fields.put(self.provider().to_le_bytes());
        fields.put(number.to_le_bytes());
        // The length of what is sealed; it is known before only where the seal adds nothing, so it is not sealed.
        fields.put([0; 2]);
        fields.put(token.generation.to_le_bytes());
        // What is left of a server's demand to wait.
        let demand = (state.wait.reason == WaitReason::RetryAfter).then(|| self.wait_left(now));
        let wait_until = state.clock.time(now).zip(demand).map(|(time, left)| time.plus(seconds_up(left.into())));
        fields.put(moment(state.clock.floor));
        fields.put(moment(token.granted_at));
        fields.put(moment(token.expires_at));
        fields.put(moment(wait_until));
        fields.put(demand.filter(|left| *left > 0).map_or(0, |_| state.wait.milliseconds).to_le_bytes());
        fields.put(token.renewal.map_or(0, Seconds::get).to_le_bytes());
        let flags = u8::from(token.rejected) | u8::from(state.refresh_refused) << 1;
        fields.put([
            match state.code {
                None => 0,
                Some(CodeKind::Mfa) => 1,
                Some(CodeKind::Pin) => 2,
            },
            flags,
        ]);
        let [first, second, third] = texts.map(|text| u16::try_from(text.len()).unwrap_or(0).to_le_bytes());
        fields.put(first);
        fields.put(second);
        fields.put(third);
        let mut record = Bytes(&mut *out);
        record.extend(&fixed);
        texts.iter().for_each(|text| record.extend(text));
        let plain_len = FIXED + tokens;
        let (header, rest) = out.split_at_mut_checked(HEADER - 2).ok_or(SaveError::Seal)?;
        let (length, body) = rest.split_at_mut_checked(2).ok_or(SaveError::Seal)?;
        let room = body.len().saturating_sub(CHECKSUM);
        let len = seal.seal(header, body.get_mut(..room).unwrap_or_default(), plain_len);
        let len = len.filter(|len| (plain_len..=room).contains(len)).ok_or(SaveError::Seal)?;
        Bytes(length).put(u16::try_from(len).map_err(|_| SaveError::Seal)?.to_le_bytes());
        let whole = record_len(len - FIXED, 0, unit);
        if out.len() < whole {
            return Err(too_small(whole));
        }
        let (content, end) = out.split_at_mut_checked(HEADER + len).ok_or(SaveError::Seal)?;
        let mut tail = Bytes(end);
        tail.put(CRC.checksum(content).to_le_bytes());
        let marked = whole - unit;
        for (at, byte) in (HEADER + len + CHECKSUM..whole).zip(tail.0) {
            *byte = if at < marked { 0 } else { MARK };
        }
        Ok(whole)
    }

    /// The texts that a record keeps: none that was refused, or not accepted, and none that no log-in waits with.
    fn kept<'s>(&self, store: &'s TokenStore<'_>, now: &Now) -> [&'s [u8]; TEXTS.len()] {
        let owns = self.owns(store);
        TEXTS.map(|slot| {
            let is_good = match slot {
                Slot::AccessToken => owns && !self.state.token.rejected,
                Slot::RefreshToken => owns && !self.state.refresh_refused,
                _ => self.pending(store, now),
            };
            if is_good && self.keeps_tokens() { store.text(slot).unwrap_or_default() } else { &[] }
        })
    }

    /// Reads a slot and looks at everything but the body.
    fn examine(
        &self,
        read: &mut impl FnMut(u8, &mut [u8]) -> Result<usize, Unreadable>,
        slot: u8,
        buf: &mut [u8],
    ) -> Result<Found, RecordError> {
        let len = read_slot(read, slot, buf).map_err(|Unreadable| RecordError::Unreadable)?;
        let bytes = buf.get(..len).ok_or(RecordError::Unreadable)?;
        if !bytes.starts_with(&MAGIC) {
            // A buffer without room for that much tells nothing.
            let full = len == buf.len() && len < MAGIC.len();
            return Err(if full { RecordError::Truncated } else { RecordError::Absent });
        }
        if let Some([version, _]) = bytes.get(2..4)
            && *version != VERSION
        {
            return Err(RecordError::OtherVersion);
        }
        let mut header = Fields(bytes);
        let [_, _, _, unit] = header.take().ok_or(RecordError::Truncated)?;
        let provider = header.word().ok_or(RecordError::Truncated)?;
        let number = header.word().ok_or(RecordError::Truncated)?;
        let body = usize::from(header.take().map(u16::from_le_bytes).ok_or(RecordError::Truncated)?);
        let (content, rest) = bytes.split_at_checked(HEADER + body).ok_or(RecordError::Truncated)?;
        if Fields(rest).word().ok_or(RecordError::Truncated)? != CRC.checksum(content) {
            return Err(RecordError::Damaged);
        }
        if provider != self.provider() {
            return Err(RecordError::OtherProvider);
        }
        let unit = usize::from(unit);
        let whole = record_len(body.saturating_sub(FIXED), 0, unit);
        let mark = bytes.get(whole.saturating_sub(unit)..whole);
        let marked = mark.is_some_and(|mark| !mark.is_empty() && mark.iter().all(|byte| *byte == MARK));
        Ok(Found { number, body, marked })
    }

    fn take_record(
        &mut self,
        store: &mut TokenStore<'_>,
        seal: &mut impl Seal,
        buf: &mut [u8],
        found: &Found,
        now: &Now,
    ) -> Result<bool, RecordError> {
        let (header, rest) = buf.split_at_mut_checked(HEADER).ok_or(RecordError::Truncated)?;
        let header = header.get(..HEADER - 2).unwrap_or(&[]);
        let body = rest.get_mut(..found.body).ok_or(RecordError::Truncated)?;
        let len = seal.open(header, body).ok_or(RecordError::Sealed)?;
        let body = body.get(..len).ok_or(RecordError::Sealed)?;
        // Where it stands: it is not small.
        let mut content = Content::default();
        content.read(body).ok_or(RecordError::Damaged)?;
        let tokens = content.texts.iter().any(|text| !text.is_empty());
        if tokens {
            for (slot, text) in TEXTS.iter().zip(&content.texts) {
                if !text.is_empty() && store.begin(*slot) {
                    store.push(*slot, text, Class::Any);
                }
            }
            if let Some(needed) = store.shortage() {
                store.discard();
                return Err(RecordError::StoreTooSmall { needed });
            }
            store.settle(TAKEN, Slots::NONE);
        }
        self.put_back(&content, tokens, store, now);
        Ok(tokens)
    }

    fn put_back(&mut self, content: &Content<'_>, tokens: bool, store: &TokenStore<'_>, now: &Now) {
        let rotates = tokens && self.rotates() && store.refresh_token().is_some();
        let rewrites = rotates && self.policy.keep != Keep::Nothing;
        let state = &mut *self.state;
        let [floor, granted_at, expires_at, wait_until] = content.times;
        let [mut wait, renewal, codes, _] = content.words;
        if let Some(floor) = floor {
            state.clock.not_before(floor);
        }
        state.token = Token {
            begun: *now,
            granted_at,
            expires_at,
            lifetime: None,
            renewal: None,
            generation: content.generation,
            grant: if tokens { store.grants() } else { state.token.grant },
            rejected: codes & REJECTED != 0 || store.access_token().is_none(),
            restored: true,
        };
        state.underway = None;
        state.code = code(codes).flatten();
        state.refresh_refused = codes & REFRESH_REFUSED != 0;
        state.pending_since =
            store.pending_token().filter(|_| tokens).and_then(|_| Seconds::MIN.checked_add(seconds(now.uptime)));
        state.saved.due = if rewrites { Due::BeforeUse } else { Due::No };
        state.saved_floor = floor;
        if let Some(time) = state.clock.time(now) {
            // Whichever clock was wrong, the one at the grant or this one: nothing lies further ahead than it did then.
            let lifetime = expires_at.and_then(|end| {
                let left = granted_at.map_or(i64::MAX, |start| end.since(start)).min(end.since(time));
                Seconds::new(u32::try_from(left).ok()?)
            });
            if let (Some(_), Some(start), 1..) = (lifetime, granted_at, renewal) {
                state.token.renewal = Seconds::new(start.plus(renewal).left(time).clamp(1, renewal));
            }
            state.token.lifetime = lifetime;
            if let Some(until) = wait_until {
                wait = wait.min(times(until.left(time), 1000));
            }
        }
        if wait > state.wait.milliseconds {
            state.wait = Wait { milliseconds: wait, reason: WaitReason::RetryAfter };
            state.waiting_since = *now;
        }
    }
}

/// A moment, or that there is none.
#[inline(never)] // One for all.
fn moment(time: Option<UnixTime>) -> [u8; 8] {
    time.map_or(i64::MIN, UnixTime::seconds).to_le_bytes()
}

/// Which code a record says is needed; `None` where it says what makes no sense.
const fn code(codes: u32) -> Option<Option<CodeKind>> {
    match codes & 0xff {
        0 => Some(None),
        1 => Some(Some(CodeKind::Mfa)),
        2 => Some(Some(CodeKind::Pin)),
        _ => None,
    }
}

/// Reads a slot, or at least what lies before the mark: where the mark is torn, drivers may refuse to read all of it.
fn read_slot(
    read: &mut impl FnMut(u8, &mut [u8]) -> Result<usize, Unreadable>,
    slot: u8,
    buf: &mut [u8],
) -> Result<usize, Unreadable> {
    let all = read(slot, buf);
    if all.is_ok() {
        return all;
    }
    let (header, _) = buf.split_first_chunk_mut::<FIRST_READ>().ok_or(Unreadable)?;
    read(slot, header)?;
    let [_, _, _, unit, _, _, _, _, _, _, _, _, low, high, ..] = *header;
    let (unit, body) = (usize::from(unit), usize::from(u16::from_le_bytes([low, high])));
    let before_mark = record_len(body.saturating_sub(FIXED), 0, unit).saturating_sub(unit);
    read(slot, buf.get_mut(..before_mark).ok_or(Unreadable)?)
}

const fn other(slot: u8) -> u8 {
    slot ^ 1
}

/// A record whose checksum is right.
#[derive(Clone, Copy)]
struct Found {
    number: u32,
    body: usize,
    /// Whether all of it was programmed for sure.
    marked: bool,
}

/// What the body of a record says, in its order.
#[derive(Default)]
struct Content<'b> {
    /// The token's generation.
    generation: u32,
    /// The floor, when the token was granted, when it ends, and when the wait does.
    times: [Option<UnixTime>; 4],
    /// The wait, the token's renewal, then the code, the flags and the lengths of the texts.
    words: [u32; 4],
    texts: [&'b [u8]; TEXTS.len()],
}

const REJECTED: u32 = 1 << 8;
const REFRESH_REFUSED: u32 = 2 << 8;

impl<'b> Content<'b> {
    #[inline(never)]
    fn read(&mut self, body: &'b [u8]) -> Option<()> {
        let mut fields = Fields(body);
        self.generation = fields.word()?;
        for time in &mut self.times {
            let seconds = fields.take().map(i64::from_le_bytes)?;
            *time = (seconds != i64::MIN).then(|| UnixTime::from_seconds(seconds));
        }
        for word in &mut self.words {
            *word = fields.word()?;
        }
        let [_, _, codes, lengths] = self.words;
        code(codes)?;
        let Fields(mut rest) = fields;
        for (text, len) in self.texts.iter_mut().zip([codes >> 16, lengths & 0xffff, lengths >> 16]) {
            (*text, rest) = rest.split_at_checked(usize::try_from(len).ok()?)?;
        }
        rest.is_empty().then_some(())
    }
}

/// Bytes that are read from the front.
struct Fields<'b>(&'b [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    fn word(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }
}

/// Bytes that are written from the front; what has no room is left out.
struct Bytes<'b>(&'b mut [u8]);

impl Bytes<'_> {
    fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        if let Some((front, rest)) = core::mem::take(&mut self.0).split_first_chunk_mut() {
            *front = bytes;
            self.0 = rest;
        }
    }

    fn extend(&mut self, bytes: &[u8]) {
        if let Some((front, rest)) = core::mem::take(&mut self.0).split_at_mut_checked(bytes.len()) {
            copy_while(front, bytes, Class::Any);
            self.0 = rest;
        }
    }
}
