//! The members of the JSON object that a header or a payload is, by their whole names, which may hold dots.

use super::TokenError;
use crate::base64url::Pieces;
use crate::json::{Container, Event, Piece, Reader};

/// How much of a part is decoded at a time: small enough for any stack, and whole groups of base64url.
pub(super) const PIECE: usize = 81;

/// What is made of an object while it is read.
pub(super) trait Members {
    /// Takes a piece of a member's name. Behind the last one: which of at most 8 wanted members it is, if it is one.
    fn name(&mut self, piece: &Piece<'_>) -> Result<Option<u8>, TokenError>;

    /// Takes an event of a wanted member's value. `depth` is 0 for the value itself and the brackets around it, 1 for
    /// what is directly inside, and so on.
    fn value(&mut self, index: u8, depth: u8, event: &Event<'_>) -> Result<(), TokenError>;
}

/// Reads the object that a part of a token is. `duplicate` says that a wanted member came twice (RFC 7515 section 4,
/// RFC 7519 section 4), `malformed` that this is no object, or no JSON.
/// Not inlined, as the stack that it takes is to be free again for the MAC.
#[inline(never)]
pub(super) fn read_object(
    text: &[u8],
    members: &mut dyn Members,
    malformed: TokenError,
    duplicate: TokenError,
) -> Result<(), TokenError> {
    let mut pieces = Pieces::new(text);
    let mut buf = [0; PIECE];
    let mut reader = Reader::new();
    let mut depth = 0_u8;
    let mut wanted = None;
    // One bit for each wanted member.
    let mut met = 0_u8;
    while let Some(mut input) = pieces.next(&mut buf)? {
        while let Ok(Some(event)) = &reader.next(&mut input) {
            let around = match event {
                Event::Name(piece) if depth == 1 => {
                    wanted = members.name(piece)?;
                    if let Some(index) = wanted {
                        let bit = 1 << (index & 7);
                        if met & bit != 0 {
                            return Err(duplicate);
                        }
                        met |= bit;
                    }
                    continue;
                }
                Event::Open(container) => {
                    if depth == 0 && *container != Container::Object {
                        return Err(malformed);
                    }
                    depth = depth.saturating_add(1);
                    2
                }
                Event::Close(_) => {
                    depth = depth.saturating_sub(1);
                    1
                }
                _ => 1,
            };
            if let Some(index) = wanted
                && depth > 0
            {
                members.value(index, depth.saturating_sub(around), event)?;
            }
        }
    }
    // It keeps the error at which the loop ended.
    reader.finish().map_err(|_| malformed)
}

/// A name of at most four bytes as a number, which is all that has to be compared. No byte of a name is 0.
#[derive(Debug, Default)]
pub(super) struct ShortName(u32);

impl ShortName {
    /// No text has such bytes, or more of them.
    const NONE: u32 = u32::MAX;

    /// Takes the next piece of a name; behind the last one: which of `names` it is.
    pub(super) fn take(&mut self, piece: &Piece<'_>, names: &[u32]) -> Option<u8> {
        match piece.text() {
            Ok(text) if text.len() <= 4 => text.iter().for_each(|byte| self.push(*byte)),
            _ => self.0 = Self::NONE,
        }
        if !piece.last() {
            return None;
        }
        let Self(name) = core::mem::take(self);
        if name == Self::NONE {
            return None;
        }
        names.iter().zip(0..).find(|(wanted, _)| **wanted == name).map(|(_, index)| index)
    }

    fn push(&mut self, byte: u8) {
        self.0 = if self.0 >> 24 == 0 { self.0 << 8 | u32::from(byte) } else { Self::NONE };
    }
}

/// Compares texts with what is expected of each, while they are read.
#[derive(Debug, Default)]
pub(super) struct Comparison<'a> {
    begun: bool,
    /// What of the expected text is still to come; `None` where the text at hand differs.
    rest: Option<&'a [u8]>,
}

impl<'a> Comparison<'a> {
    /// Takes the next piece of a text; true behind the last one of the text that is expected.
    #[inline(never)]
    pub(super) fn take(&mut self, piece: &Piece<'_>, expected: &'a [u8]) -> bool {
        let rest = if self.begun { self.rest } else { Some(expected) };
        self.rest = match (rest, piece.text()) {
            (Some(rest), Ok(text)) => behind(rest, text),
            _ => None,
        };
        self.begun = !piece.last();
        piece.last() && self.rest.is_some_and(<[u8]>::is_empty)
    }
}

/// What of `text` stands behind `start`, if it begins with that. In words, where `memcmp` goes byte by byte.
fn behind<'a>(text: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    let (front, rest) = text.split_at_checked(start.len())?;
    let (words, bytes) = front.as_chunks::<4>();
    let (start_words, start_bytes) = start.as_chunks();
    let mut pairs = words.iter().zip(start_words);
    let same = pairs.all(|(word, start)| u32::from_ne_bytes(*word) == u32::from_ne_bytes(*start))
        && bytes.iter().zip(start_bytes).all(|(byte, start)| byte == start);
    same.then_some(rest)
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    const NAMES: [u32; 3] =
        [u32::from_be_bytes(*b"\0exp"), u32::from_be_bytes(*b"crit"), u32::from_be_bytes(*b"\0\0\0a")];

    /// The name in a document, in such pieces.
    fn pieces(name: &str, size: usize, mut take: impl FnMut(&Piece<'_>)) {
        let document = std::format!(r#"{{"{name}":0}}"#);
        let mut reader = Reader::new();
        for mut input in document.as_bytes().chunks(size) {
            while let Ok(Some(event)) = &reader.next(&mut input) {
                if let Event::Name(piece) = event {
                    take(piece);
                }
            }
        }
        reader.finish().unwrap();
    }

    #[test]
    fn short_names_in_all_pieces() {
        for (name, expected) in [
            ("exp", Some(0)),
            ("crit", Some(1)),
            ("a", Some(2)),
            (r"\u0065xp", Some(0)),
            (r"cr\u0069t", Some(1)),
            ("", None),
            ("ex", None),
            ("exp ", None),
            ("cri", None),
            ("crits", None),
            ("0crit", None),
            ("xcritexp", None),
            (r"\u0000exp", None),
            (r"\u0000\u0000a", None),
            (r"\ud800exp", None),
            (r"ex\ud800p", None),
            (r"exp\ud800", None),
            ("\u{e9}exp", None),
        ] {
            for size in 1..20 {
                let mut short = ShortName::default();
                let mut found = Vec::new();
                // Twice, as nothing is left over from the name before.
                for _ in 0..2 {
                    pieces(name, size, |piece| found.extend(short.take(piece, &NAMES)));
                }
                let expected: Vec<u8> = expected.iter().chain(&expected).copied().collect();
                assert_eq!(found, expected, "{name} by {size}");
            }
        }
    }

    #[test]
    fn texts_in_all_pieces() {
        let text: String = ('a'..='t').collect();
        for size in 1..24 {
            for len in 0..=text.len() {
                let text = text.get(..len).unwrap();
                let same = text.as_bytes();
                let mut comparison = Comparison::default();
                let mut compare = |expected: &'static [u8]| {
                    let mut found = false;
                    pieces(text, size, |piece| found |= comparison.take(piece, expected));
                    found
                };
                let leak = |bytes: &[u8]| -> &'static [u8] { Vec::leak(bytes.to_vec()) };
                assert!(compare(leak(same)));
                for at in 0..len {
                    let mut other = same.to_vec();
                    other[at] ^= 1;
                    assert!(!compare(leak(&other)));
                    assert!(!compare(leak(&same[..at])));
                }
                assert!(!compare(leak(&[same, b"!"].concat())));
                assert!(compare(leak(same)));
            }
        }
    }
}
