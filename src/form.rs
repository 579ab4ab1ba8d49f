//! `application/x-www-form-urlencoded`, as RFC 6749 appendix B asks for.

use crate::buffer::{Writer, hex_digit};

/// One name or value, and what stands before it. Letters, digits and `*-._` stay, a space becomes `+`, every other byte
/// `%XX`.
pub(crate) fn text(w: &mut Writer<'_>, before: &[u8], text: &[u8]) {
    percent_encoded(w, before, text, Kind::Form);
}

/// What is percent-encoded, which differs in three characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A form's text.
    Form,
    /// A path's segment: a `~` stays and a `*` does not, and a space becomes `%20` (RFC 3986, section 2.3).
    Segment,
}

/// One code for both.
#[inline(never)]
pub(crate) fn percent_encoded(w: &mut Writer<'_>, before: &[u8], text: &[u8], kind: Kind) {
    w.encoded(before, text, |w, byte| match (byte, kind) {
        (b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_', _)
        | (b'*', Kind::Form)
        | (b'~', Kind::Segment) => byte,
        (b' ', Kind::Form) => b'+',
        _ => {
            w.byte(b'%');
            w.byte(hex_digit(byte >> 4));
            hex_digit(byte)
        }
    });
}

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
            text(&mut w, b"", &bytes);
            let expected: String = form_urlencoded::byte_serialize(&bytes).collect();
            assert_eq!(w.finish(), Ok(expected.as_bytes()));
        }
    }

    #[test]
    fn the_sample_of_appendix_b() {
        let mut out: Vec<u8> = std::vec![0; 32];
        let mut w = Writer::new(&mut out);
        text(&mut w, b"", " %&+\u{a3}\u{20ac}".as_bytes());
        assert_eq!(w.finish(), Ok(&b"+%25%26%2B%C2%A3%E2%82%AC"[..]));
    }
}
