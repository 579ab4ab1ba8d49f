//! What unit tests try things on.

/// Xorshift: the same numbers in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// Every byte at every place of every length, among others that are plain.
pub(crate) fn every_byte_at_every_place(mut check: impl FnMut(&[u8])) {
    for len in 0..=20 {
        for byte in 0..=255 {
            for at in 0..len {
                let mut text = [b'q'; 20];
                text[at] = byte;
                check(&text[..len]);
            }
        }
    }
}

/// Each of these bytes at every place of the first word, and every byte at every place behind that, up to the next
/// word's first.
pub(crate) fn every_pair_in_a_word<const LEN: usize>(plain: [u8; LEN], firsts: &[u8], mut check: impl FnMut(&[u8])) {
    for first in firsts {
        for second in 0..=255 {
            for at in 0..8 {
                for behind in at + 1..9 {
                    let mut text = plain;
                    (text[at], text[behind]) = (*first, second);
                    check(&text);
                }
            }
        }
    }
}
