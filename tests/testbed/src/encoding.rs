//! Base64 in both alphabets, and form-encoded text read strictly.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};

/// Base64url without padding (RFC 4648, section 5), as a JWT's parts are written.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    encode::<Base64UrlUnpadded>(bytes)
}

/// Base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    encode::<Base64>(bytes)
}

fn encode<E: Encoding>(bytes: &[u8]) -> String {
    let mut text = vec![0; E::encoded_len(bytes)];
    E::encode(bytes, &mut text).expect("the buffer has the encoded length").to_owned()
}

/// Reads base64 with padding; `None` where it is not canonical.
pub(crate) fn base64_decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len()];
    let length = Base64::decode(text, &mut bytes).ok()?.len();
    bytes.truncate(length);
    Some(bytes)
}

/// The pairs of an `application/x-www-form-urlencoded` body.
///
/// # Errors
/// A text that says what is wrong, for what a careful client never writes.
pub(crate) fn form_pairs(body: &[u8]) -> Result<Vec<(String, String)>, String> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in body.split(|&byte| byte == b'&').filter(|_| !body.is_empty()) {
        let at = pair.iter().position(|&byte| byte == b'=').ok_or("a form parameter has no '='")?;
        let (name, value) = (form_text(&pair[..at])?, form_text(&pair[at + 1..])?);
        if pairs.iter().any(|(earlier, _)| *earlier == name) {
            return Err(format!("the form parameter {name} comes twice"));
        }
        pairs.push((name, value));
    }
    Ok(pairs)
}

/// One form-encoded text: `+` is a space, `%XX` a byte, and the rest is of the unreserved set or `*`.
pub(crate) fn form_text(encoded: &[u8]) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (digits, after) = rest.split_at_checked(2).ok_or("a '%' without two digits")?;
                bytes.push(hex_byte(digits).ok_or("a '%' without two hexadecimal digits")?);
                rest = after;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' | b'~' => bytes.push(first),
            _ => return Err(format!("the byte 0x{first:02x} is not form-encoded")),
        }
    }
    String::from_utf8(bytes).map_err(|_| "a form parameter is not UTF-8".to_owned())
}

/// A path segment with its `%XX` decoded; a `+` is a plus here.
pub(crate) fn path_segment(encoded: &str) -> Option<String> {
    form_text(encoded.replace('+', "%2B").as_bytes()).ok()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
}

/// A gzip file of one stored block: gzip without a compressor.
pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a stored block holds up to 65,535 bytes");
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    file.extend(length.to_le_bytes());
    file.extend((!length).to_le_bytes());
    file.extend(content);
    file.extend(crc32(content).to_le_bytes());
    file.extend(u32::from(length).to_le_bytes());
    file
}

fn crc32(content: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for &byte in content {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

#[test]
fn form_encoding_is_read_strictly() {
    assert_eq!(form_pairs(b"a=1+2&b=%C3%a9&c=").unwrap()[1].1, "\u{e9}");
    for wrong in ["a", "a=%4", "a=%zz", "a=%ff", "a=1&a=2", "a=b c", "a=1&", "a=\u{e9}", "a=x@y"] {
        assert!(form_pairs(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn crc_of_the_check_string() {
    assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
}
