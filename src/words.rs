//! Bytes, looked at a word at a time.

const SIZE: usize = size_of::<usize>();

/// One in each byte of a word, and the high bit of each.
pub(crate) const ONES: usize = usize::MAX / 0xff;
pub(crate) const HIGHS: usize = ONES * 0x80;

/// The high bit of each byte that is between these, all of seven bits: no sum reaches the next byte.
#[allow(clippy::as_conversions, clippy::cast_lossless)] // so that it can be const
pub(crate) const fn within(bytes: usize, first: u8, last: u8) -> usize {
    (bytes + ONES * (0x80 - first as usize)) & !(bytes + ONES * (0x7f - last as usize))
}

/// What bytes can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Any,
    /// Visible ASCII and the space: VSCHAR of RFC 6749 appendix A.
    Visible,
    /// What a `b64token` is made of, the padding aside (RFC 6750 section 2.1).
    Token,
}

impl Class {
    const fn has(self, byte: u8) -> bool {
        match self {
            Self::Any => true,
            Self::Visible => matches!(byte, b' '..=b'~'),
            Self::Token => {
                matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
            }
        }
    }

    /// Whether all bytes of a word are of this class, where they are the usual ones.
    const fn has_word(self, word: usize) -> bool {
        let low = word & !HIGHS;
        let usual = match self {
            Self::Any => return true,
            Self::Visible => within(low, b' ', b'~'),
            // Base64url's, and the dot.
            Self::Token => within(low | (ONES * 0x20), b'a', b'z') | within(low, b'-', b'9') | within(low, b'_', b'_'),
        };
        usual & !word & HIGHS == HIGHS
    }
}

/// Copies bytes as long as they are of a class, and goes on where there is no room; gives back what follows them.
#[inline(never)] // One for all: where a copy is nothing more, the compiler calls memcpy, which is far larger.
pub(crate) fn copy_while<'b>(mut to: &mut [u8], mut from: &'b [u8], class: Class) -> &'b [u8] {
    loop {
        let mut copied = 0;
        for (to, from) in to.as_chunks_mut::<SIZE>().0.iter_mut().zip(from.as_chunks::<SIZE>().0) {
            if !class.has_word(usize::from_ne_bytes(*from)) {
                break;
            }
            *to = *from;
            copied += SIZE;
        }
        to = core::mem::take(&mut to).get_mut(copied..).unwrap_or_default();
        from = from.get(copied..).unwrap_or_default();
        match from.split_first() {
            Some((byte, rest)) if class.has(*byte) => {
                if let Some((place, behind)) = core::mem::take(&mut to).split_first_mut() {
                    *place = *byte;
                    to = behind;
                }
                from = rest;
            }
            _ => return from,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn every_byte_at_every_place_into_every_room() {
        for class in [Class::Any, Class::Visible, Class::Token] {
            for byte in 0..=255 {
                for at in 0..20 {
                    let mut text = [b'q'; 20];
                    text[at] = byte;
                    let good: Vec<u8> = text.iter().copied().take_while(|byte| class.has(*byte)).collect();
                    for room in 0..=20 {
                        let mut to = [0xaa; 24];
                        let rest = copy_while(&mut to[..room], &text, class);
                        assert_eq!(rest.len(), text.len() - good.len(), "{byte} at {at} into {room}");
                        let copied = good.len().min(room);
                        assert_eq!(to[..copied], good[..copied]);
                        assert!(to[copied..].iter().all(|byte| *byte == 0xaa));
                    }
                }
            }
        }
    }

    #[test]
    fn the_classes_of_the_standards() {
        for byte in 0..=255_u8 {
            let token = byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
            assert_eq!(Class::Token.has(byte), token, "{byte}");
            assert_eq!(Class::Visible.has(byte), (0x20..0x7f).contains(&byte), "{byte}");
            for at in 0..SIZE {
                let mut word = [b'a'; SIZE];
                word[at] = byte;
                let word = usize::from_ne_bytes(word);
                assert!(Class::Any.has_word(word));
                assert_eq!(Class::Visible.has_word(word), Class::Visible.has(byte), "{byte} at {at}");
                assert_eq!(Class::Token.has_word(word), token && !b"~+".contains(&byte), "{byte} at {at}");
            }
        }
    }
}
