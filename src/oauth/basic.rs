//! The value of `Authorization` by which a client proves itself (RFC 6749 section 2.3.1).

use core::hint::black_box;

use crate::buffer::Writer;
use crate::form;
use crate::secret::wipe;

/// `Basic`, and behind it the client's identifier and its secret: form-encoded, joined by a colon, and that in base64;
/// in pieces of 48 bytes, each of which is one window of the text.
pub(super) fn write(w: &mut Writer<'_>, id: &[u8], secret: &[u8]) {
    w.bytes(b"Basic ");
    let mut piece = [0; 48];
    let mut encoded = [0; 64];
    let mut offset = 0;
    loop {
        let mut text = Writer::window(&mut piece, offset);
        form::texts(&mut text, &[(0, id), (b':', secret)]);
        let (filled, total) = (text.filled(), text.total());
        w.bytes(encode(piece.get(..filled).unwrap_or_default(), &mut encoded));
        offset += filled;
        if offset >= total || filled == 0 {
            break;
        }
    }
    wipe(&mut piece);
    wipe(&mut encoded);
}

/// Base64 (RFC 4648 section 4), padded, of as much as fits.
fn encode<'o>(bytes: &[u8], out: &'o mut [u8; 64]) -> &'o [u8] {
    let mut len = 0;
    for (digits, bytes) in out.chunks_exact_mut(4).zip(bytes.chunks(3)) {
        let mut bits = 0;
        for index in 0..3 {
            bits = bits << 8 | u32::from(bytes.get(index).copied().unwrap_or(0));
        }
        for (index, to) in digits.iter_mut().enumerate() {
            *to = if index > bytes.len() { b'=' } else { digit(bits >> 18) };
            bits <<= 6;
        }
        len += 4;
    }
    out.get(..len).unwrap_or_default()
}

/// The digit of the low six bits. It is computed, as a table's place in memory or a branch could tell of a secret's bits
/// by the time it takes.
fn digit(bits: u32) -> u8 {
    // Seen as any number, so that no comparison is made of what is none.
    let sextet = black_box(bits & 0x3f);
    // All ones where the sextet is above the number.
    let above = |number: u32| number.wrapping_sub(sextet) >> 8;
    let digit = (sextet + u32::from(b'A'))
        .wrapping_add(above(25) & 6)
        .wrapping_sub(above(51) & 75)
        .wrapping_sub(above(61) & 15)
        .wrapping_add(above(62) & 3);
    let [.., digit] = digit.to_be_bytes();
    digit
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding as _};
    use std::vec::Vec;

    use super::*;

    #[test]
    fn every_digit_at_every_place_as_another_encoder_has_it() {
        for byte in 0..=255_u8 {
            for len in 0..=48_u8 {
                let bytes: Vec<u8> = (0..len).map(|index| byte.wrapping_add(index.wrapping_mul(37))).collect();
                let (mut ours, mut theirs) = ([0; 64], [0; 64]);
                assert_eq!(encode(&bytes, &mut ours), Base64::encode(&bytes, &mut theirs).unwrap().as_bytes());
            }
        }
    }

    #[test]
    fn texts_around_a_piece() {
        for len in 0..150 {
            let secret: Vec<u8> = (0..len).map(|index| b'a' + index % 26).collect();
            let mut out = [0; 256];
            let mut w = Writer::new(&mut out);
            write(&mut w, b"till 7", &secret);
            let text = [b"till+7:", &secret[..]].concat();
            let expected = [b"Basic ", Base64::encode(&text, &mut [0; 256]).unwrap().as_bytes()].concat();
            assert_eq!(w.finish(), Ok(&expected[..]));
        }
    }
}
