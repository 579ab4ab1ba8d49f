//! UTF-8 (RFC 3629), checked in the size of a small target's code.

use crate::words::{HIGHS, before_first};

/// Whether this is UTF-8, as [`core::str::from_utf8`] has it, in half of its code.
#[must_use]
pub fn is_utf8(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        while let Some((word, behind)) = rest.split_first_chunk() {
            let others = usize::from_le_bytes(*word) & HIGHS;
            if others != 0 {
                rest = rest.get(before_first(others)..).unwrap_or_default();
                break;
            }
            rest = behind;
        }
        // There is another byte at once, or within the last few, or the end.
        let first = loop {
            let Some((&first, behind)) = rest.split_first() else { return true };
            rest = behind;
            if !first.is_ascii() {
                break first;
            }
        };
        if !is_character(first, &mut rest) {
            return false;
        }
    }
}

/// Whether a character begins with `first` and goes on so.
#[inline(always)]
fn is_character(first: u8, rest: &mut &[u8]) -> bool {
    let Some(Continuation { due, mut low, mut high }) = Continuation::after(first) else { return false };
    for _ in 0..due {
        match rest.split_first() {
            Some((next, behind)) if (low..=high).contains(next) => *rest = behind,
            _ => return false,
        }
        Continuation { low, high, .. } = Continuation::of(0);
    }
    true
}

/// How many bytes of a character are still due, and in which range the next one lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Continuation {
    pub(crate) due: u8,
    pub(crate) low: u8,
    pub(crate) high: u8,
}

impl Continuation {
    pub(crate) const NONE: Self = Self::of(0);

    pub(crate) const fn of(due: u8) -> Self {
        Self { due, low: 0x80, high: 0xbf }
    }

    /// Behind the first byte of a character, if one can begin with that: by table 3-7 of the Unicode Standard, whose only
    /// limits that depend on the first byte are those of the second.
    pub(crate) fn after(first: u8) -> Option<Self> {
        let (low, high) = match first {
            0xe0 => (0xa0, 0xbf),
            0xed => (0x80, 0x9f),
            0xf0 => (0x90, 0xbf),
            0xf4 => (0x80, 0x8f),
            0xc2..=0xf3 => (0x80, 0xbf),
            _ => return None,
        };
        Some(Self { due: 1 + u8::from(first >= 0xe0) + u8::from(first >= 0xf0), low, high })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_the_standard_library(text: &[u8]) {
        assert_eq!(is_utf8(text), core::str::from_utf8(text).is_ok(), "{text:x?}");
    }

    /// The bytes on both sides of every limit that a byte has anywhere in a character.
    const EDGES: [u8; 26] = [
        0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
        0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xff,
    ];

    #[test]
    fn every_pair_of_bytes() {
        as_the_standard_library(&[]);
        for first in 0..=255 {
            as_the_standard_library(&[first]);
            for second in 0..=255 {
                as_the_standard_library(&[first, second]);
                as_the_standard_library(&[b'a', first, second, 0x80, 0xbf]);
            }
        }
    }

    #[test]
    fn every_limit_at_every_place() {
        for a in EDGES {
            for b in EDGES {
                for c in EDGES {
                    for d in EDGES {
                        as_the_standard_library(&[a, b, c, d]);
                        as_the_standard_library(&[a, b, c, d, 0x80, 0x80, 0x80, 0x80]);
                    }
                    as_the_standard_library(&[a, b, c]);
                }
            }
        }
    }

    #[test]
    fn every_character() {
        for character in (0..=0x10_ffff).filter_map(char::from_u32) {
            let mut text = [b'z'; 5];
            let len = character.encode_utf8(&mut text).len();
            assert!(is_utf8(&text[..=len]));
            assert_eq!(is_utf8(&text[..len - 1]), len == 1);
        }
    }
}
