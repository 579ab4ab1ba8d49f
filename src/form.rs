//! `application/x-www-form-urlencoded`, as RFC 6749 appendix B asks for.

use crate::buffer::{Cursor, Writer, hex_digit};

/// Texts, each behind the byte that it comes with. Letters, digits and `*-._` stay, a space becomes `+`, every other byte
/// `%XX`.
#[inline(never)]
pub(crate) fn texts(w: &mut Writer<'_>, texts: &[(u8, &[u8])]) {
    for (before, text) in texts {
        w.encoded(text.len(), |w| {
            if *before != 0 {
                w.byte(*before);
            }
            for byte in *text {
                character(w, *byte);
            }
        });
    }
}

#[inline(always)]
fn character(w: &mut Cursor<'_>, byte: u8) {
    let last = match WRITTEN.get(usize::from(byte)) {
        Some(&written) if written != 0 => written,
        _ => {
            w.byte(b'%');
            w.byte(hex_digit(byte >> 4));
            hex_digit(byte)
        }
    };
    w.byte(last);
}

/// What each byte is written as, up to the last that is one byte then; 0 for those that are not.
static WRITTEN: [u8; 0x7b] = {
    let mut written = [0; 0x7b];
    let mut byte = 0;
    while byte < 0x7b {
        written[byte as usize] = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => byte,
            b' ' => b'+',
            _ => 0,
        };
        byte += 1;
    }
    written
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;
    use std::vec::Vec;

    #[test]
    fn every_byte_as_another_encoder_writes_it() {
        for byte in 0..=255 {
            let bytes = [b'a', byte, b'z'];
            let mut out = [0; 8];
            let mut w = Writer::new(&mut out);
            texts(&mut w, &[(0, &bytes)]);
            let expected: String = form_urlencoded::byte_serialize(&bytes).collect();
            assert_eq!(w.finish(), Ok(expected.as_bytes()));
        }
    }

    #[test]
    fn the_sample_of_appendix_b() {
        let mut out: Vec<u8> = std::vec![0; 32];
        let mut w = Writer::new(&mut out);
        texts(&mut w, &[(0, " %&+\u{a3}\u{20ac}".as_bytes())]);
        assert_eq!(w.finish(), Ok(&b"+%25%26%2B%C2%A3%E2%82%AC"[..]));
    }
}
