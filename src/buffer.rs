//! Where generators write: into a whole buffer, into any window of it, or nowhere, to learn the size.

use core::fmt;

use zeroize::Zeroize;

use crate::words::{Class, before_first, copy_while};

/// The buffer is too small, and this is how large it has to be. Nothing is left in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferTooSmall {
    /// The exact number of bytes that the whole output takes.
    pub needed: usize,
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "buffer too small: {} bytes needed", self.needed)
    }
}

impl core::error::Error for BufferTooSmall {}

/// Keeps one window of what is written and counts all of it.
///
/// A generator writes its whole output into a `Writer` and needs no other entry: with the window at the start it
/// fills a buffer, with the window further on it yields any later piece, and with no buffer at all it counts.
pub(crate) struct Writer<'w> {
    out: &'w mut [u8],
    /// How much of the output lies before the window.
    skip: usize,
    /// How much has been written so far, kept or not.
    at: usize,
}

impl<'w> Writer<'w> {
    /// Keeps what fits into `out`, from the first byte on.
    pub(crate) fn new(out: &'w mut [u8]) -> Self {
        Self::window(out, 0)
    }

    /// Keeps what fits into `out`, from the byte at `skip` on.
    pub(crate) fn window(out: &'w mut [u8], skip: usize) -> Self {
        // Behind the highest index there can be no window: nothing is kept, and a place before it is no index.
        let out = if isize::try_from(skip).is_ok() { out } else { &mut [] };
        Self { out, skip, at: 0 }
    }

    /// Keeps nothing.
    pub(crate) fn counter() -> Writer<'static> {
        Writer::new(&mut [])
    }

    #[inline(never)]
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        // The part of `bytes` at and behind the window's start, and where in the window it goes.
        let before = self.skip.saturating_sub(self.at);
        let into = self.at.saturating_sub(self.skip);
        self.at = self.at.saturating_add(bytes.len());
        if let (Some(kept), Some(room)) = (bytes.get(before..), self.out.get_mut(into..)) {
            copy_while(room, kept.get(..room.len()).unwrap_or(kept), Class::Any);
        }
    }

    #[inline(never)]
    pub(crate) fn byte(&mut self, byte: u8) {
        self.encoded(0, |w| w.byte(byte));
    }

    /// Has `encode` write what a text of this length comes to, at most six bytes for each of its own and a few more; or
    /// what two texts come to, whose lengths are or'ed. A count that comes near the highest number is taken for it.
    #[inline(always)]
    pub(crate) fn encoded(&mut self, len: usize, encode: impl FnOnce(&mut Cursor<'_>)) {
        if self.at | len > usize::MAX / 16 {
            self.at = usize::MAX;
            return;
        }
        let mut cursor = Cursor { out: &mut *self.out, next: self.at.wrapping_sub(self.skip) };
        encode(&mut cursor);
        self.at = cursor.next.wrapping_add(self.skip);
    }

    /// Decimal digits.
    pub(crate) fn number(&mut self, mut value: usize) {
        let mut digits = [0; 20];
        let mut first = digits.len();
        for (index, digit) in digits.iter_mut().enumerate().rev() {
            *digit = b'0' | u8::try_from(value % 10).unwrap_or(0);
            value /= 10;
            first = index;
            if value == 0 {
                break;
            }
        }
        self.bytes(digits.get(first..).unwrap_or(&[]));
    }

    /// The bytes written so far, kept or not.
    pub(crate) fn total(&self) -> usize {
        self.at
    }

    /// How many bytes of the window were filled.
    pub(crate) fn filled(&self) -> usize {
        self.at.saturating_sub(self.skip).min(self.out.len())
    }

    /// Whether the window takes nothing of what is written from now on.
    pub(crate) fn is_full(&self) -> bool {
        self.filled() == self.out.len()
    }

    /// Leaves nothing behind, where the output came to nothing. Byte by byte: for this alone a request would link memset.
    pub(crate) fn wipe(self) {
        self.out.zeroize();
    }

    /// The whole output; where it did not fit, the buffer is wiped.
    pub(crate) fn finish(self) -> Result<&'w [u8], BufferTooSmall> {
        let needed = self.at;
        if needed > self.out.len() {
            self.wipe();
            return Err(BufferTooSmall { needed });
        }
        let (filled, _) = self.out.split_at_mut_checked(needed).unwrap_or_default();
        Ok(filled)
    }
}

/// Where in its window a writer is, for loops over bytes: it stands in registers, as nothing else knows of it.
pub(crate) struct Cursor<'w> {
    out: &'w mut [u8],
    /// The index of the next byte. Before the window it has wrapped around, and is none of an index either.
    next: usize,
}

impl Cursor<'_> {
    #[inline(always)]
    pub(crate) fn byte(&mut self, byte: u8) {
        if let Some(to) = self.out.get_mut(self.next) {
            *to = byte;
        }
        self.next = self.next.wrapping_add(1);
    }

    /// Copies a text's whole words, as far as there is room, up to the first byte that `special` finds; gives back what
    /// follows. More of that byte's word may be copied, and is overwritten: nothing comes to less than its own length.
    #[inline(always)]
    pub(crate) fn words<'t>(&mut self, text: &'t [u8], special: impl Fn(usize) -> usize) -> &'t [u8] {
        let Some(room) = self.out.get_mut(self.next..) else { return text };
        let mut copied = 0;
        for (to, from) in room.as_chunks_mut().0.iter_mut().zip(text.as_chunks().0) {
            *to = *from;
            let found = special(usize::from_le_bytes(*from));
            if found != 0 {
                copied += before_first(found);
                break;
            }
            copied += size_of::<usize>();
        }
        let Some(rest) = text.get(copied..) else { return text };
        self.next = self.next.wrapping_add(copied);
        rest
    }
}

/// The hexadecimal digit of the low four bits, in capitals.
#[inline(always)]
pub(crate) fn hex_digit(nibble: u8) -> u8 {
    b"0123456789ABCDEF".get(usize::from(nibble & 0xf)).copied().unwrap_or(b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn greet(w: &mut Writer<'_>) {
        w.bytes(b"hello");
        w.byte(b' ');
        w.number(0);
        w.byte(b' ');
        w.number(usize::MAX);
        w.encoded(4, |w| {
            for byte in *b"<a\\%b" {
                w.byte(byte);
            }
        });
    }

    const WHOLE: &[u8] = if cfg!(target_pointer_width = "64") {
        b"hello 0 18446744073709551615<a\\%b"
    } else {
        b"hello 0 4294967295<a\\%b"
    };

    #[test]
    fn every_buffer_size() {
        for size in 0..WHOLE.len() + 3 {
            let mut out = [0xaa; 40];
            let mut writer = Writer::new(&mut out[..size]);
            greet(&mut writer);
            match writer.finish() {
                Ok(all) => {
                    assert!(size >= WHOLE.len() && all == WHOLE);
                    assert!(out[WHOLE.len()..].iter().all(|b| *b == 0xaa));
                }
                Err(error) => {
                    assert!(size < WHOLE.len());
                    assert_eq!(error.needed, WHOLE.len());
                    assert!(out[..size].iter().all(|b| *b == 0), "a partial output stays behind");
                }
            }
        }
    }

    #[test]
    fn every_window() {
        for skip in 0..WHOLE.len() + 3 {
            for size in 0..WHOLE.len() + 3 {
                let mut out = [0xaa; 40];
                let mut writer = Writer::window(&mut out[..size], skip);
                greet(&mut writer);
                let filled = writer.filled();
                let expected = WHOLE.get(skip..).unwrap_or(&[]);
                assert_eq!(filled, expected.len().min(size));
                assert_eq!(out[..filled], expected[..filled]);
                assert!(out[filled..].iter().all(|b| *b == 0xaa));
            }
        }
    }

    #[test]
    fn windows_behind_every_index() {
        let highest = isize::MAX as usize;
        for skip in [highest - 1, highest, highest + 1, usize::MAX - 40, usize::MAX - 1, usize::MAX] {
            let mut out = [0xaa; 40];
            let mut writer = Writer::window(&mut out, skip);
            greet(&mut writer);
            assert_eq!((writer.total(), writer.filled()), (WHOLE.len(), 0));
            assert_eq!(out, [0xaa; 40]);
        }
    }

    #[test]
    fn a_count_ends_at_the_highest_number() {
        for at in [usize::MAX / 16 + 1, usize::MAX - 3, usize::MAX] {
            let mut out = [0xaa; 40];
            let mut writer = Writer { out: &mut out, skip: 0, at };
            writer.encoded(3, |w| w.byte(b'<'));
            writer.bytes(b"more");
            assert_eq!(writer.total(), usize::MAX);
            assert_eq!(writer.finish(), Err(BufferTooSmall { needed: usize::MAX }));
        }
    }

    #[test]
    fn counting() {
        let mut writer = Writer::counter();
        greet(&mut writer);
        assert_eq!(writer.total(), WHOLE.len());
    }
}
