//! Bytes, looked at a word at a time.

const SIZE: usize = size_of::<usize>();

/// What is looked at in one go: two words.
const BLOCK: usize = 2 * SIZE;

/// One in each byte of a word, and the high bit of each.
pub(crate) const ONES: usize = usize::MAX / 0xff;
pub(crate) const HIGHS: usize = ONES * 0x80;

/// The high bit of each byte that is this one or above, where all are of seven bits: then no sum reaches the next byte.
#[allow(clippy::as_conversions, clippy::cast_lossless)] // so that it can be const
const fn at_least(bytes: usize, first: u8) -> usize {
    bytes.wrapping_add(ONES * (0x80 - first as usize))
}

/// The high bit of each byte that is between these, all of seven bits.
pub(crate) const fn within(bytes: usize, first: u8, last: u8) -> usize {
    at_least(bytes, first) & !at_least(bytes, last + 1)
}

/// Whether each byte of a text is between these, all of seven bits.
pub(crate) fn all_within<const FIRST: u8, const LAST: u8>(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks();
    words.iter().all(|word| {
        let word = usize::from_ne_bytes(*word);
        (word | !within(word & !HIGHS, FIRST, LAST)) & HIGHS == 0
    }) && rest.iter().all(|byte| (FIRST..=LAST).contains(byte))
}

/// Whether one of the bytes is this one.
#[allow(clippy::as_conversions, clippy::cast_lossless)] // so that it can be const
pub(crate) const fn has(bytes: usize, byte: u8) -> bool {
    let others = bytes ^ (ONES * byte as usize);
    others.wrapping_sub(ONES) & !others & HIGHS != 0
}

/// How many bytes stand before the first whose high bit is set, of a word that was read from little-endian bytes.
#[inline(always)]
pub(crate) fn before_first(highs: usize) -> usize {
    usize::try_from(highs.trailing_zeros() / 8).unwrap_or(0)
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

    /// Sets the high bit of bytes of a word that are not of this class, or, of a token, not usual: those are base64's but
    /// the plus, base64url's but the underscore, and the dot. A byte above seven bits is never missed; of those behind it,
    /// which its sum can reach, nothing is told, as the word is refused anyway.
    const fn unusual(self, word: usize) -> usize {
        match self {
            Self::Any => 0,
            Self::Visible => at_least(word, 0x7f) | !at_least(word, b' '),
            Self::Token => {
                // Between the digits and the letters, and behind the letters.
                let folded = word | (ONES * 0x20);
                !at_least(word, b'-') | at_least(word, b'9' + 1) ^ at_least(folded, b'a') | at_least(folded, b'z' + 1)
            }
        }
    }

    /// The same, but an underscore is usual too.
    const fn foreign(self, word: usize) -> usize {
        match self {
            Self::Any | Self::Visible => self.unusual(word),
            Self::Token => {
                let different = word ^ (ONES * 0x5f);
                self.unusual(word) & (at_least(different & !HIGHS, 1) | different)
            }
        }
    }
}

/// Copies bytes as long as they are of a class, and goes on where there is no room; gives back what follows them.
#[inline(never)] // One for all: where a copy is nothing more, the compiler calls memcpy, which is far larger.
pub(crate) fn copy_while<'b>(mut to: &mut [u8], mut from: &'b [u8], class: Class) -> &'b [u8] {
    loop {
        // A loop for each class, so that none asks in each word which it is.
        let copied = match class {
            Class::Any => copy_blocks(to, from, Class::Any),
            Class::Visible => copy_blocks(to, from, Class::Visible),
            Class::Token => copy_blocks(to, from, Class::Token),
        };
        to = core::mem::take(&mut to).get_mut(copied..).unwrap_or_default();
        from = from.get(copied..).unwrap_or_default();
        // Behind something unusual words go on.
        for _ in 0..BLOCK {
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
}

/// The same of whole blocks with nothing unusual in them, as far as there is room; gives back how many bytes it copied.
#[inline(always)]
fn copy_blocks(to: &mut [u8], from: &[u8], class: Class) -> usize {
    let mut copied = 0;
    let to = to.as_chunks_mut::<SIZE>().0.as_chunks_mut::<2>().0;
    for (to, from) in to.iter_mut().zip(from.as_chunks::<SIZE>().0.as_chunks::<2>().0) {
        let [first, second] = from.map(usize::from_ne_bytes);
        // An underscore is seldom enough.
        if (class.unusual(first) | class.unusual(second)) & HIGHS != 0
            && (class.foreign(first) | class.foreign(second)) & HIGHS != 0
        {
            break;
        }
        *to = [first, second].map(usize::to_ne_bytes);
        copied += BLOCK;
    }
    copied
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn every_byte_at_every_place_into_every_room() {
        for class in [Class::Any, Class::Visible, Class::Token] {
            for byte in 0..=255 {
                for at in 0..36 {
                    let mut text = [b'q'; 36];
                    text[at] = byte;
                    let good: Vec<u8> = text.iter().copied().take_while(|byte| class.has(*byte)).collect();
                    for room in 0..=36 {
                        let mut to = [0xaa; 40];
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
    fn every_byte_at_every_place_within_limits() {
        for byte in 0..=255 {
            for len in 0..20 {
                for at in 0..len {
                    let mut text = [b'k'; 20];
                    text[at] = byte;
                    let text = &text[..len];
                    assert_eq!(all_within::<b'!', b'~'>(text), text.iter().all(u8::is_ascii_graphic), "{text:x?}");
                    assert_eq!(all_within::<b'j', b'k'>(text), matches!(byte, b'j' | b'k'), "{text:x?}");
                    assert_eq!(all_within::<0, 0x7f>(text), byte.is_ascii(), "{text:x?}");
                }
            }
        }
    }

    #[test]
    fn a_byte_in_a_word() {
        for (sought, other, another) in
            (0..=255).flat_map(|sought| [0, 1, 0x2e, 0x7f, 0x80, 0xff].map(|o| (sought, o, !o)))
        {
            let mut word = [other; SIZE];
            word[SIZE / 2] = another;
            let is_there = word.contains(&sought);
            assert_eq!(has(usize::from_ne_bytes(word), sought), is_there, "{sought} in {word:?}");
            for at in 0..SIZE {
                let mut word = word;
                word[at] = sought;
                assert!(has(usize::from_ne_bytes(word), sought), "{sought} in {word:?}");
            }
        }
    }

    #[test]
    fn the_classes_of_the_standards() {
        for byte in 0..=255_u8 {
            let token = byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
            assert_eq!(Class::Token.has(byte), token, "{byte}");
            assert_eq!(Class::Visible.has(byte), (0x20..0x7f).contains(&byte), "{byte}");
            for (at, before) in (1..SIZE).flat_map(|at| (0..=255).map(move |before| (at, before))) {
                let mut word = [b'a'; SIZE];
                (word[at - 1], word[at]) = (before, byte);
                let word = usize::from_ne_bytes(word);
                let only = |class: Class| class.foreign(word) & HIGHS == 0;
                let usual = |byte| Class::Token.has(byte) && !b"~+".contains(&byte);
                assert!(only(Class::Any));
                assert_eq!(only(Class::Visible), Class::Visible.has(before) && Class::Visible.has(byte));
                assert_eq!(only(Class::Token), usual(before) && usual(byte), "{before} and {byte} at {at}");
            }
        }
    }
}
