//! `application/x-www-form-urlencoded`, as RFC 6749 appendix B asks for.

use crate::buffer::{Cursor, Writer, hex_digit};
use crate::words::{HIGHS, ONES, within};

/// Two texts, each behind the byte that it comes with, where that is not 0. Letters, digits and `*-._` stay, a space
/// becomes `+`, every other byte `%XX`.
#[inline(never)]
pub(crate) fn texts(w: &mut Writer<'_>, texts: &[(u8, &[u8]); 2]) {
    let [(_, first), (_, second)] = texts;
    w.encoded(first.len() | second.len(), |w| {
        for (before, text) in texts {
            if *before != 0 {
                w.byte(*before);
            }
            for byte in w.words(text, special) {
                character(w, *byte);
            }
        }
    });
}

/// The high bit of each byte in a word that is no letter.
const fn special(word: usize) -> usize {
    let letters = within(word & !HIGHS | (ONES * 0x20), b'a', b'z');
    (word | !letters) & HIGHS
}

#[inline(always)]
fn character(w: &mut Cursor<'_>, byte: u8) {
    let mut last = ALONE.get(usize::from(byte)).copied().unwrap_or(0);
    if last == 0 {
        w.byte(b'%');
        w.byte(hex_digit(byte >> 4));
        last = hex_digit(byte);
    }
    w.byte(last);
}

/// What a byte becomes where that is one byte; else 0.
#[allow(clippy::indexing_slicing, clippy::as_conversions)] // at compile time
static ALONE: [u8; 256] = {
    let mut alone = [0; 256];
    alone[b' ' as usize] = b'+';
    let mut byte = b'*';
    while byte <= b'z' {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'-' | b'.' | b'_') {
            alone[byte as usize] = byte;
        }
        byte += 1;
    }
    alone
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::BufferTooSmall;
    use crate::trial;
    use std::string::String;
    use std::vec::Vec;

    #[test]
    fn every_byte_as_another_encoder_writes_it() {
        for byte in 0..=255 {
            let bytes = [b'a', byte, b'z'];
            let mut out = [0; 8];
            let mut w = Writer::new(&mut out);
            texts(&mut w, &[(0, &bytes), (0, b"")]);
            let expected: String = form_urlencoded::byte_serialize(&bytes).collect();
            assert_eq!(w.finish(), Ok(expected.as_bytes()));
        }
    }

    #[test]
    fn every_byte_at_every_place_of_every_length() {
        trial::every_byte_at_every_place(|text| {
            let encoded: String = form_urlencoded::byte_serialize(text).collect();
            let mut out = [0; 64];
            let mut w = Writer::new(&mut out);
            texts(&mut w, &[(0, text), (b'=', text)]);
            let expected = std::format!("{encoded}={encoded}");
            assert_eq!(w.finish(), Ok(expected.as_bytes()), "{}", text.escape_ascii());
        });
    }

    #[test]
    fn every_pair_of_bytes_in_a_word() {
        trial::every_pair_in_a_word([b'Z'; 11], b"q\xff\x80\x7f@[`{Az \0", |text| {
            let encoded: String = form_urlencoded::byte_serialize(text).collect();
            let mut out = [0; 40];
            let mut w = Writer::new(&mut out);
            texts(&mut w, &[(0, text), (0, b"")]);
            assert_eq!(w.finish(), Ok(encoded.as_bytes()), "{}", text.escape_ascii());
        });
    }

    #[test]
    fn every_length_into_every_room() {
        for len in 0..24 {
            let text: Vec<u8> = (0..len).map(|at| b"q%7 \xc3\xa9.*~"[at % 9]).collect();
            let encoded: String = form_urlencoded::byte_serialize(&text).collect();
            let expected = std::format!("{encoded}={encoded}");
            for room in 0..expected.len() + 3 {
                let mut out = [0xaa; 160];
                let mut w = Writer::new(&mut out[..room]);
                texts(&mut w, &[(0, &text), (b'=', &text)]);
                if room < expected.len() {
                    assert_eq!(w.finish(), Err(BufferTooSmall { needed: expected.len() }));
                } else {
                    assert_eq!(w.finish(), Ok(expected.as_bytes()));
                    assert!(out[expected.len()..].iter().all(|byte| *byte == 0xaa));
                }
                let mut out = [0xaa; 160];
                let mut w = Writer::window(&mut out[..8], room);
                texts(&mut w, &[(0, &text), (b'=', &text)]);
                let (filled, rest) = (w.filled(), expected.as_bytes().get(room..).unwrap_or_default());
                assert_eq!(out[..filled], rest[..rest.len().min(8)]);
                assert!(out[filled..].iter().all(|byte| *byte == 0xaa));
            }
        }
    }

    #[test]
    fn the_sample_of_appendix_b() {
        let mut out: Vec<u8> = std::vec![0; 32];
        let mut w = Writer::new(&mut out);
        texts(&mut w, &[(0, " %&+\u{a3}\u{20ac}".as_bytes()), (0, b"")]);
        assert_eq!(w.finish(), Ok(&b"+%25%26%2B%C2%A3%E2%82%AC"[..]));
    }
}
