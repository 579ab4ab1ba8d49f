//! base64url without padding (RFC 4648 section 5), as the parts of a JWT are written (RFC 7515 section 2).
//!
//! Strict: one text for each sequence of bytes, and nothing else is accepted. Not constant-time, as the parts of a
//! JWT are no secrets to whoever holds it; keys go through `base64ct` instead.

use core::fmt;

use crate::Secret;
use crate::buffer::{BufferTooSmall, Writer};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The six bits that each character stands for, and -1 for what is no character of the alphabet.
static DIGITS: [i8; 256] = digits();

#[allow(clippy::indexing_slicing, clippy::as_conversions, clippy::cast_possible_wrap, clippy::cast_possible_truncation)] // at compile time
const fn digits() -> [i8; 256] {
    let mut table = [-1; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        table[ALPHABET[value] as usize] = value as i8;
        value += 1;
    }
    table
}

/// A text is not base64url: a character outside the alphabet (padding and white space too), a length that no bytes
/// have (4n + 1), or bits set in the last character that stand for no byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invalid;

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not base64url")
    }
}

impl core::error::Error for Invalid {}

/// Why [`decode`] gave no bytes. Nothing is left in the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The text is not base64url.
    Invalid,
    /// The bytes do not fit.
    BufferTooSmall(BufferTooSmall),
}

impl From<Invalid> for DecodeError {
    fn from(_: Invalid) -> Self {
        Self::Invalid
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => Invalid.fmt(f),
            Self::BufferTooSmall(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for DecodeError {}

/// The number of bytes that so many characters stand for, rounded down.
#[must_use]
pub const fn decoded_len(characters: usize) -> usize {
    // Without a product that could overflow.
    characters / 4 * 3 + characters % 4 * 3 / 4
}

/// Decodes the whole of `text` into the front of `out` and returns that part. Does not panic.
///
/// # Errors
/// [`DecodeError::BufferTooSmall`] where `out` is shorter than [`decoded_len`], looked at first;
/// [`DecodeError::Invalid`] where `text` is not strict base64url.
///
/// ```
/// let mut buf = [0; 16];
/// assert_eq!(pos_token::base64url::decode(b"cG9zLXRva2Vu", &mut buf)?, b"pos-token");
/// assert!(pos_token::base64url::decode(b"cG8=", &mut buf).is_err());
/// # Ok::<(), pos_token::base64url::DecodeError>(())
/// ```
pub fn decode<'b>(text: &[u8], out: &'b mut [u8]) -> Result<&'b [u8], DecodeError> {
    let needed = decoded_len(text.len());
    let Some((out, _)) = out.split_at_mut_checked(needed) else {
        return Err(DecodeError::BufferTooSmall(BufferTooSmall { needed }));
    };
    if decode_exactly(text, out).is_err() {
        out.fill(0);
        return Err(DecodeError::Invalid);
    }
    Ok(out)
}

/// Writes `bytes` as base64url into the front of `out` and returns that part. Does not panic.
///
/// # Errors
/// [`BufferTooSmall`] says how many characters are needed; nothing is left in `out` then.
pub fn encode<'b>(bytes: &[u8], out: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
    let mut w = Writer::new(out);
    for group in bytes.chunks(3) {
        let byte = |index| group.get(index).copied().map_or(0, u32::from);
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for shift in [18, 12, 6, 0].iter().take(group.len() + 1) {
            let digit = usize::try_from(bits >> shift & 0x3f).unwrap_or(0);
            w.bytes(ALPHABET.get(digit..=digit).unwrap_or(&[]));
        }
    }
    w.finish()
}

/// Decodes a text of any length through a small buffer, piece by piece.
///
/// ```
/// let mut pieces = pos_token::base64url::Pieces::new(b"cG9zLXRva2Vu");
/// let mut buf = [0; 48];
/// while let Some(piece) = pieces.next(&mut buf)? {
///     assert_eq!(piece, b"pos-token");
/// }
/// # Ok::<(), pos_token::base64url::Invalid>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pieces<'t> {
    rest: Secret<'t>,
}

impl<'t> Pieces<'t> {
    /// At the start of `text`.
    #[must_use]
    pub const fn new(text: &'t [u8]) -> Self {
        Self { rest: Secret::new(text) }
    }

    /// Decodes as much as fits into `buf`, in whole groups of three bytes but at the end; `None` behind the end.
    /// A buffer of fewer than three bytes holds no group and is an error.
    ///
    /// # Errors
    /// [`Invalid`] where the text is not strict base64url; the pieces before it are no proof of anything.
    pub fn next<'b>(&mut self, buf: &'b mut [u8]) -> Result<Option<&'b [u8]>, Invalid> {
        let text = self.rest.expose();
        if text.is_empty() {
            return Ok(None);
        }
        let fits = buf.len() / 3 * 4;
        if fits == 0 {
            return Err(Invalid);
        }
        let (text, rest) = text.split_at_checked(fits).unwrap_or((text, &[]));
        let (out, _) = buf.split_at_mut_checked(decoded_len(text.len())).ok_or(Invalid)?;
        decode_exactly(text, out)?;
        self.rest = Secret::new(rest);
        Ok(Some(out))
    }
}

/// A word, which holds the bits of as many characters as it has bytes.
#[cfg(target_pointer_width = "64")]
type Bits = u64;
#[cfg(not(target_pointer_width = "64"))]
type Bits = u32;

/// How many characters are decoded together, 4 or 8.
const GROUP: usize = size_of::<Bits>();

/// How many bytes they stand for.
const BYTES: usize = decoded_len(GROUP);

/// `out` is exactly as long as the bytes are. Whether there was a character of another alphabet is looked at once: it
/// sets the highest bit of what was `seen`.
pub(crate) fn decode_exactly(text: &[u8], out: &mut [u8]) -> Result<(), Invalid> {
    let (groups, last) = text.as_chunks::<GROUP>();
    let (places, rest) = out.split_at_mut_checked(groups.len() * BYTES).ok_or(Invalid)?;
    let (places, _) = places.as_chunks_mut();
    let mut seen = 0;
    for (group, place) in groups.iter().zip(places) {
        decode_group(group, place, &mut seen);
    }
    // Fewer than a group: their bits are moved to the top of the word, and taken from there.
    let mut bits = 0;
    for character in last {
        let digit = digit(*character);
        seen |= digit;
        bits = bits << 6 | Bits::from(digit);
    }
    bits <<= 6 * (GROUP - last.len());
    bits <<= 8 * (GROUP - BYTES);
    for byte in rest {
        [*byte, ..] = bits.to_be_bytes();
        bits <<= 8;
    }
    // Bits that stand for no byte have to be zero, or two texts would stand for the same bytes (RFC 4648 section 3.5).
    if last.len() % 4 != 1 && bits == 0 && seen >> 31 == 0 { Ok(()) } else { Err(Invalid) }
}

#[cfg(not(target_pointer_width = "64"))]
use decode_four as decode_group;

#[cfg(any(test, not(target_pointer_width = "64")))]
#[inline(always)] // It is most of what there is to do.
fn decode_four([a, b, c, d]: &[u8; 4], [first, second, third]: &mut [u8; 3], seen: &mut u32) {
    // In halves, of which each is used twice: else the compiler takes them apart, and shifts more.
    let (low, high) = (digit(*d) | digit(*c) << 6, digit(*b) | digit(*a) << 6);
    let bits = low | high << 12;
    *seen |= bits;
    [*third, *second, ..] = bits.to_le_bytes();
    [*first, ..] = (high >> 4).to_le_bytes();
}

/// By four tables that have the bits where they go, as they are put in memory: where words are that large, it is no
/// matter how much of it is taken.
#[cfg(target_pointer_width = "64")]
#[inline(always)]
fn decode_group([a, b, c, d, e, f, g, h]: &[u8; GROUP], place: &mut [u8; BYTES], seen: &mut u32) {
    static PLACES: [[u32; 256]; 4] = [placed(18), placed(12), placed(6), placed(0)];
    let four = |characters: [&u8; 4]| {
        let digits = PLACES.iter().zip(characters);
        digits
            .fold(0, |bits, (table, character)| bits | table.get(usize::from(*character)).copied().unwrap_or(u32::MAX))
    };
    let (first, second) = (four([a, b, c, d]), four([e, f, g, h]));
    *seen |= first | second;
    let bits = Bits::from(first) | Bits::from(second) << 24;
    let [bytes @ .., _, _] = bits.to_le_bytes();
    *place = bytes;
}

#[cfg(target_pointer_width = "64")]
#[allow(clippy::indexing_slicing, clippy::as_conversions, clippy::cast_possible_truncation)] // at compile time
const fn placed(shift: u32) -> [u32; 256] {
    let mut table = [u32::MAX; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        table[ALPHABET[value] as usize] = ((value as u32) << shift).swap_bytes() >> 8;
        value += 1;
    }
    table
}

/// The six bits that a character stands for; all bits where it is of another alphabet.
#[inline(always)]
fn digit(character: u8) -> u32 {
    i32::from(DIGITS.get(usize::from(character)).copied().unwrap_or(-1)).cast_unsigned()
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use base64ct::{Base64UrlUnpadded, Encoding};

    use super::*;

    fn decoded(text: &[u8]) -> Result<Vec<u8>, DecodeError> {
        let mut out = [0xaa; 600];
        decode(text, &mut out).map(<[u8]>::to_vec)
    }

    /// By arithmetic on bit strings, as RFC 4648 section 4 says it.
    fn naive(text: &[u8]) -> Option<Vec<u8>> {
        let mut bits = String::new();
        for byte in text {
            let value = ALPHABET.iter().position(|c| c == byte)?;
            bits.push_str(&std::format!("{value:06b}"));
        }
        let (bytes, rest) = bits.split_at(bits.len() / 8 * 8);
        let whole = |byte: &[u8]| u8::from_str_radix(core::str::from_utf8(byte).unwrap(), 2).unwrap();
        (rest.len() < 6 && !rest.contains('1')).then(|| bytes.as_bytes().chunks(8).map(whole).collect())
    }

    #[test]
    fn table() {
        for (text, expected) in [
            // RFC 4648 section 10, without the padding; RFC 7515 appendix C.
            ("", Some(&b""[..])),
            ("Zg", Some(b"f")),
            ("Zm8", Some(b"fo")),
            ("Zm9v", Some(b"foo")),
            ("Zm9vYg", Some(b"foob")),
            ("Zm9vYmE", Some(b"fooba")),
            ("Zm9vYmFy", Some(b"foobar")),
            ("A-z_4ME", Some(&[3, 236, 255, 224, 193])),
            ("Z", None),
            ("Zm9vY", None),
            ("Zg==", None),
            ("Zm8=", None),
            ("=", None),
            ("Zm9v ", None),
            ("Zm9v\n", None),
            (" Zm9v", None),
            ("Zm\r\n9v", None),
            ("A+z/4ME", None),
            ("Zh", None),
            ("Zm9", None),
            ("Zm9vYmF", None),
            ("Zm.v", None),
            ("\u{e9}\u{e9}", None),
        ] {
            assert_eq!(decoded(text.as_bytes()).ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn every_text_of_up_to_three_characters() {
        let mut strict = 0;
        let mut check = |text: &[u8]| {
            let ours = decoded(text).ok();
            assert_eq!(ours, naive(text), "{text:?}");
            strict += usize::from(ours.is_some());
        };
        for a in 0..=255 {
            check(&[a]);
            for b in 0..=255 {
                check(&[a, b]);
            }
        }
        for &a in ALPHABET {
            for &b in ALPHABET {
                for c in 0..=255 {
                    check(&[a, b, c]);
                }
            }
        }
        // One text for each byte and each two bytes.
        assert_eq!(strict, 256 + 65_536);
    }

    #[test]
    fn every_byte_at_every_place() {
        let text = b"Zm9vYmFyIGFuZCBzbyBvbg";
        for len in 4..text.len() {
            for at in 0..len {
                for byte in 0..=255 {
                    let mut text = text[..len].to_vec();
                    text[at] = byte;
                    assert_eq!(decoded(&text).ok(), naive(&text), "{byte} at {at} of {len}");
                }
            }
        }
    }

    /// Hosts decode eight at a time.
    #[test]
    fn four_characters() {
        for at in 0..4 {
            for byte in 0..=255 {
                for rest in [b"AAAA", b"____", b"Zm9v", b"~~~~"] {
                    let (mut text, mut out, mut seen) = (*rest, [0; 3], 0);
                    text[at] = byte;
                    decode_four(&text, &mut out, &mut seen);
                    assert_eq!((seen >> 31 == 0).then(|| out.to_vec()), naive(&text), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn as_base64ct_has_it_at_every_length_and_buffer_size() {
        let bytes: Vec<u8> = (0..100_u32).map(|i| (i * i * 7 + i * 31) as u8).collect();
        for len in 0..bytes.len() {
            let mut text = [0; 140];
            let text = Base64UrlUnpadded::encode(&bytes[..len], &mut text).unwrap();
            assert_eq!(decoded_len(text.len()), len);
            for size in 0..140 {
                let mut out = [0; 140];
                match encode(&bytes[..len], &mut out[..size]) {
                    Ok(ours) => assert_eq!(ours, text.as_bytes()),
                    Err(error) => assert!(size < text.len() && error.needed == text.len()),
                }
                let mut out = [0xaa; 140];
                match decode(text.as_bytes(), &mut out[..size]) {
                    Ok(ours) => assert_eq!(ours, &bytes[..len]),
                    Err(error) => {
                        assert_eq!(error, DecodeError::BufferTooSmall(BufferTooSmall { needed: len }));
                        assert!(size < len);
                    }
                }
                let written = if size < len { 0 } else { len };
                assert!(out[written..].iter().all(|b| *b == 0xaa));
            }
        }
    }

    #[test]
    fn a_refused_text_leaves_nothing() {
        let mut out = [0xaa; 8];
        assert_eq!(decode(b"Zm9vYm!y", &mut out), Err(DecodeError::Invalid));
        assert_eq!(out, [0, 0, 0, 0, 0, 0, 0xaa, 0xaa]);
    }

    #[test]
    fn pieces_of_every_size() {
        let text = b"Zm9vYmFyIGFuZCBzbyBvbi4uLiBhbmQgb24";
        let whole = decoded(text).unwrap();
        for size in 3..60 {
            let mut pieces = Pieces::new(text);
            let mut buf = std::vec![0; size];
            let mut all = Vec::new();
            while let Some(piece) = pieces.next(&mut buf).unwrap() {
                assert!(!piece.is_empty() && piece.len() <= size);
                all.extend_from_slice(piece);
            }
            assert_eq!(all, whole);
        }
        for size in 0..3 {
            assert_eq!(Pieces::new(text).next(&mut [0; 3][..size]), Err(Invalid));
        }
        assert_eq!(Pieces::new(b"").next(&mut []), Ok(None));
        let mut broken = Pieces::new(b"Zm9vYm!y");
        assert_eq!(broken.next(&mut [0; 3]), Ok(Some(&b"foo"[..])));
        assert_eq!(broken.next(&mut [0; 3]), Err(Invalid));
        assert_eq!(broken.next(&mut [0; 3]), Err(Invalid));
    }
}
