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

/// Copies bytes as long as they are `good`, and counts on where there is no room; gives back what follows them. Words at
/// a time, as long as the high bits of what `good_word` makes of the seven low bits of each byte are all set, and single
/// bytes else.
pub(crate) fn copy_while<'b>(
    mut to: &mut [u8],
    mut from: &'b [u8],
    good_word: impl Fn(usize) -> usize,
    good: impl Fn(u8) -> bool,
) -> &'b [u8] {
    loop {
        let mut copied = 0;
        for (to, from) in to.as_chunks_mut::<SIZE>().0.iter_mut().zip(from.as_chunks::<SIZE>().0) {
            let word = usize::from_ne_bytes(*from);
            if good_word(word & !HIGHS) & !word & HIGHS != HIGHS {
                break;
            }
            *to = *from;
            copied += SIZE;
        }
        to = core::mem::take(&mut to).get_mut(copied..).unwrap_or_default();
        from = from.get(copied..).unwrap_or_default();
        match from.split_first() {
            Some((byte, rest)) if good(*byte) => {
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

    const GOOD: fn(u8) -> bool = |byte| matches!(byte, b'a'..=b'y');

    #[test]
    fn every_byte_at_every_place_into_every_room() {
        for byte in 0..=255 {
            for at in 0..20 {
                let mut text = [b'q'; 20];
                text[at] = byte;
                let good: Vec<u8> = text.iter().copied().take_while(|byte| GOOD(*byte)).collect();
                for room in 0..=20 {
                    let mut to = [0xaa; 24];
                    let rest = copy_while(&mut to[..room], &text, |word| within(word, b'a', b'y'), GOOD);
                    assert_eq!(rest.len(), text.len() - good.len(), "{byte} at {at} into {room}");
                    let copied = good.len().min(room);
                    assert_eq!(to[..copied], good[..copied]);
                    assert!(to[copied..].iter().all(|byte| *byte == 0xaa));
                }
            }
        }
    }
}
