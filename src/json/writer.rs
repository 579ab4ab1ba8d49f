//! JSON strings, written with the shortest escapes of RFC 8259 section 7.

use crate::buffer::{BufferTooSmall, Cursor, Writer, hex_digit};
use crate::words::{HIGHS, ONES};

/// One or two texts, each in quotes, escaped, behind the byte that it comes with, where that is not 0.
#[inline(never)]
pub(crate) fn strings(w: &mut Writer<'_>, texts: &[(u8, &[u8])]) {
    let lens = texts.iter().fold(0, |all, (_, text)| all | text.len());
    w.encoded(lens, |w| {
        for (before, text) in texts {
            if *before != 0 {
                w.byte(*before);
            }
            w.byte(b'"');
            escaped(w, text);
            w.byte(b'"');
        }
    });
}

/// What stands between the quotes, or a part of it.
#[cfg(feature = "serde")]
pub(crate) fn escape(w: &mut Writer<'_>, text: &[u8]) {
    w.encoded(text.len(), |w| escaped(w, text));
}

#[inline(always)]
fn escaped(w: &mut Cursor<'_>, text: &[u8]) {
    for byte in w.words(text, special) {
        character(w, *byte);
    }
}

/// The high bit of the first byte in a word that may need an escape, all up to the quote and the backslash; behind it
/// others may be found.
const fn special(word: usize) -> usize {
    let up_to_quote = word.wrapping_sub(ONES * 0x23);
    let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
    (up_to_quote | backslash) & !word & HIGHS
}

#[inline(always)]
fn character(w: &mut Cursor<'_>, byte: u8) {
    // Most are above the backslash, and then above the quote.
    if byte > b'\\' || (byte > b'"' && byte != b'\\') || byte == b' ' || byte == b'!' {
        w.byte(byte);
        return;
    }
    w.byte(b'\\');
    let mut last = byte;
    if byte < b' ' {
        last = SHORT.get(usize::from(byte.wrapping_sub(FIRST_SHORT))).copied().unwrap_or(b'u');
        if last == b'u' {
            w.byte(b'u');
            w.byte(b'0');
            w.byte(b'0');
            w.byte(b'0' | byte >> 4);
            last = hex_digit(byte) | 0x20;
        }
    }
    w.byte(last);
}

/// The letters of the escapes from U+0008 on.
const SHORT: [u8; 6] = *b"btnufr";
const FIRST_SHORT: u8 = 0x08;

/// Writes texts as a JSON array of strings, for members that hold JSON inside a string, as Loyalife's `scope` does:
/// `["LOGIN","jane@example.com"]`. The request's own writer escapes it once more.
///
/// Returns the part of `out` that was written. Does not panic.
///
/// # Errors
/// [`BufferTooSmall`] says how many bytes are needed; nothing is left in `out` then.
///
/// ```
/// let mut buf = [0; 64];
/// let scope = pos_token::json::string_array(&["LOGIN", "jane \"J\" doe"], &mut buf)?;
/// assert_eq!(scope, br#"["LOGIN","jane \"J\" doe"]"#);
/// # Ok::<(), pos_token::BufferTooSmall>(())
/// ```
pub fn string_array<'b>(texts: &[&str], out: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
    let mut w = Writer::new(out);
    w.byte(b'[');
    let mut separator = 0;
    for text in texts {
        strings(&mut w, &[(separator, text.as_bytes())]);
        separator = b',';
    }
    w.byte(b']');
    w.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial;
    use std::string::String;
    use std::vec::Vec;

    fn written(text: &[u8]) -> Vec<u8> {
        let mut out = [0; 512];
        let mut w = Writer::new(&mut out);
        strings(&mut w, &[(b':', text)]);
        w.finish().unwrap()[1..].to_vec()
    }

    #[test]
    fn every_character_comes_back_through_another_parser() {
        for code in (0..0x300).chain(0xd7f0..0xd800).chain(0xe000..0xe010).chain(0xfff0..0x1_0010) {
            let text: String = char::from_u32(code).into_iter().collect();
            let json = written(text.as_bytes());
            assert_eq!(serde_json::from_slice::<String>(&json).unwrap(), text);
            // serde_json writes the same bytes.
            assert_eq!(serde_json::to_vec(&text).unwrap(), json);
        }
    }

    /// The definition: RFC 8259 section 7, and the shortest there is.
    fn by_definition(text: &[u8]) -> Vec<u8> {
        let mut written = std::vec![b'"'];
        for byte in text {
            match byte {
                b'"' | b'\\' => written.extend([b'\\', *byte]),
                0x08 => written.extend(b"\\b"),
                0x09 => written.extend(b"\\t"),
                0x0a => written.extend(b"\\n"),
                0x0c => written.extend(b"\\f"),
                0x0d => written.extend(b"\\r"),
                0..0x20 => written.extend(std::format!("\\u{byte:04x}").bytes()),
                _ => written.push(*byte),
            }
        }
        written.push(b'"');
        written
    }

    #[test]
    fn every_byte_at_every_place_of_every_length() {
        trial::every_byte_at_every_place(|text| {
            assert_eq!(written(text), by_definition(text), "{}", text.escape_ascii());
        });
    }

    #[test]
    fn every_pair_of_special_bytes_in_a_word() {
        trial::every_pair_in_a_word([b'z'; 19], b"q\xff\x80\x7f#\"! \x1f\0\\[]\xa2\xdc", |text| {
            assert_eq!(written(text), by_definition(text), "{}", text.escape_ascii());
        });
    }

    #[test]
    fn nothing_before_a_text() {
        let mut out = [0; 8];
        let mut w = Writer::new(&mut out);
        strings(&mut w, &[(0, b"a"), (b':', b"b")]);
        assert_eq!(w.finish(), Ok(&br#""a":"b""#[..]));
    }

    #[test]
    fn every_window() {
        for text in
            [&b"a plain\\text\"of\nlines"[..], b"\0\x01\x02\x03\x04", b"a-plain-and-longer-text", b"", b"sevenby"]
        {
            let whole = [b"{", &by_definition(text)[..], b":", &by_definition(text)].concat();
            for size in 0..whole.len() + 3 {
                for skip in 0..whole.len() + 3 {
                    let mut out = [0xaa; 80];
                    let mut w = Writer::window(&mut out[..size], skip);
                    strings(&mut w, &[(b'{', text), (b':', text)]);
                    assert_eq!(w.total(), whole.len());
                    let (filled, rest) = (w.filled(), whole.get(skip..).unwrap_or_default());
                    assert_eq!(out[..filled], rest[..rest.len().min(size)]);
                    assert!(out[filled..].iter().all(|byte| *byte == 0xaa), "{skip} {size}");
                }
            }
        }
    }

    #[test]
    fn arrays_inside_strings() {
        for reference in ["jane.doe@example.com", "a\"b\\c", "caf\u{e9} \u{1f355}", "", "\u{1}"] {
            let mut buf = [0; 128];
            let scope = string_array(&["LOGIN", reference], &mut buf).unwrap();
            assert_eq!(serde_json::from_slice::<Vec<String>>(scope).unwrap(), ["LOGIN", reference]);
            let needed = scope.len();
            for size in 0..needed {
                assert_eq!(string_array(&["LOGIN", reference], &mut buf[..size]), Err(BufferTooSmall { needed }));
            }
        }
        assert_eq!(string_array(&[], &mut [0; 2]), Ok(&b"[]"[..]));
    }
}
