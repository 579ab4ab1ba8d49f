//! The members of the JSON object that a header or a payload is, by their whole names, which may hold dots.

use super::TokenError;
use crate::base64url::Pieces;
use crate::json::{Container, Event, Piece, Reader, plain_member};

/// How much of a part is decoded at a time: small enough for any stack, and on hosts enough for most parts; whole groups
/// of base64url.
pub(super) const PIECE: usize = if cfg!(target_pointer_width = "64") { 384 } else { 81 };

/// What is made of an object while it is read.
pub(super) trait Members {
    /// Takes a piece of a member's name. Behind the last one: which of at most 8 wanted members it is, or [`NONE`].
    fn name(&mut self, piece: &Piece<'_>) -> Result<u8, TokenError>;

    /// Takes an event of a wanted member's value. `depth` is 0 for the value itself and the brackets around it, 1 for
    /// what is directly inside, and so on.
    fn value(&mut self, index: u8, depth: u8, event: &Event<'_>) -> Result<(), TokenError>;
}

/// No wanted member.
pub(super) const NONE: u8 = u8::MAX;

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
    let mut wanted = NONE;
    let mut met = 0;
    while let Some(mut input) = pieces.next(&mut buf)? {
        while !input.is_empty() {
            // On hosts code is cheap, and most members are plain.
            if cfg!(target_pointer_width = "64") && reader.depth() == 1 {
                read_plain_members(&mut reader, &mut input, members, &mut met, duplicate)?;
            }
            if reader.outermost_bracket(&mut input) {
                continue;
            }
            let Ok(Some(event)) = &reader.next(&mut input) else { break };
            let depth = reader.depth();
            let level = match event {
                Event::Name(piece) if depth == 1 => {
                    wanted = which(members, piece, &mut met, duplicate)?;
                    continue;
                }
                Event::Open(Container::Array) if depth == 1 => return Err(malformed),
                Event::Open(_) => depth.wrapping_sub(1),
                _ => depth,
            };
            if wanted != NONE && level > 0 {
                members.value(wanted, level.wrapping_sub(1), event)?;
            }
        }
    }
    // It keeps the error at which the loop ended.
    reader.finish().map_err(|_| malformed)
}

/// Reads the members that are next, as far as they are plain, without the reader: it would come to the same.
#[inline(never)]
fn read_plain_members(
    reader: &mut Reader,
    input: &mut &[u8],
    members: &mut dyn Members,
    met: &mut u32,
    duplicate: TokenError,
) -> Result<(), TokenError> {
    let Some(mut behind_comma) = reader.before_member() else { return Ok(()) };
    let mut rest = *input;
    while let Some(member) = if behind_comma { rest.strip_prefix(b",") } else { Some(rest) }
        && let Some((name, value, behind)) = &plain_member(member)
    {
        let wanted = which(members, name, met, duplicate)?;
        if wanted != NONE {
            members.value(wanted, 0, value)?;
        }
        (rest, behind_comma) = (*behind, true);
    }
    if rest.len() < input.len() {
        reader.members_taken(input, rest);
    }
    Ok(())
}

/// Which of the wanted members a name is; none may come twice. `met` has one bit for each.
fn which(members: &mut dyn Members, name: &Piece<'_>, met: &mut u32, duplicate: TokenError) -> Result<u8, TokenError> {
    let wanted = members.name(name)?;
    if wanted != NONE {
        let bit = 1 << (wanted & 7);
        if *met & bit != 0 {
            return Err(duplicate);
        }
        *met |= bit;
    }
    Ok(wanted)
}

/// A name of at most four bytes as a number, which is all that has to be compared. No byte of a name is 0.
#[derive(Debug, Default)]
pub(super) struct ShortName(u32);

impl ShortName {
    /// No text has such bytes, or more of them.
    const OTHER: u32 = u32::MAX;

    /// Takes the next piece of a name; behind the last one: which of `names` it is, or [`NONE`].
    pub(super) fn take(&mut self, piece: &Piece<'_>, names: &[u32]) -> u8 {
        let Self(name) = self;
        match piece.text() {
            // There is room in front, but none in `OTHER`.
            Ok(text) if text.len() <= usize::try_from(name.leading_zeros() / 8).unwrap_or(0) => {
                *name = text.iter().fold(*name, |name, byte| name << 8 | u32::from(*byte));
            }
            _ => *name = Self::OTHER,
        }
        if !piece.last() {
            return NONE;
        }
        let name = core::mem::take(name);
        let index = names.iter().position(|wanted| *wanted == name);
        index.and_then(|index| u8::try_from(index).ok()).unwrap_or(NONE)
    }
}

/// Compares texts with what is expected of each, while they are read.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// How much of the text at hand is as expected; `DIFFERS` where it is not.
    met: usize,
}

/// No text is so long.
pub(super) const DIFFERS: usize = usize::MAX;

impl Comparison {
    /// Takes the next piece of a text; true behind the last one of the text that is expected.
    #[inline(never)]
    pub(super) fn take(&mut self, piece: &Piece<'_>, expected: &[u8]) -> bool {
        self.met = match (expected.get(self.met..), piece.text()) {
            (Some(rest), Ok(text)) if begins_with(rest, text) => self.met.wrapping_add(text.len()),
            _ => DIFFERS,
        };
        piece.last() && core::mem::take(&mut self.met) == expected.len()
    }
}

/// In words, where `memcmp` goes byte by byte.
fn begins_with(text: &[u8], start: &[u8]) -> bool {
    let Some((front, _)) = text.split_at_checked(start.len()) else { return false };
    let (words, bytes) = front.as_chunks();
    let (start_words, start_bytes) = start.as_chunks();
    let mut pairs = words.iter().zip(start_words);
    pairs.all(|(word, start)| usize::from_ne_bytes(*word) == usize::from_ne_bytes(*start))
        && bytes.iter().zip(start_bytes).all(|(byte, start)| byte == start)
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
            ("exp", 0),
            ("crit", 1),
            ("a", 2),
            (r"\u0065xp", 0),
            (r"cr\u0069t", 1),
            ("", NONE),
            ("ex", NONE),
            ("exp ", NONE),
            ("cri", NONE),
            ("crits", NONE),
            ("0crit", NONE),
            ("xcritexp", NONE),
            (r"\u0000exp", NONE),
            (r"\u0000\u0000a", NONE),
            (r"\ud800exp", NONE),
            (r"ex\ud800p", NONE),
            (r"exp\ud800", NONE),
            ("\u{e9}exp", NONE),
        ] {
            for size in 1..20 {
                let mut short = ShortName::default();
                let mut found = Vec::new();
                // Twice, as nothing is left over from the name before.
                for _ in 0..2 {
                    let mut index = NONE;
                    pieces(name, size, |piece| {
                        assert_eq!(index, NONE);
                        index = short.take(piece, &NAMES);
                    });
                    found.push(index);
                }
                assert_eq!(found, [expected; 2], "{name} by {size}");
            }
        }
    }

    /// Writes down what it is told.
    #[derive(Default)]
    struct Told {
        name: ShortName,
        /// Another piece of the last value follows.
        inside: bool,
        told: Vec<(u8, u8, String, Vec<u8>)>,
    }

    impl Members for Told {
        fn name(&mut self, piece: &Piece<'_>) -> Result<u8, TokenError> {
            Ok(self.name.take(piece, &NAMES))
        }

        fn value(&mut self, index: u8, depth: u8, event: &Event<'_>) -> Result<(), TokenError> {
            let (what, piece) = match event {
                Event::Name(piece) => ("name".into(), Some(piece)),
                Event::Text(piece) => ("text".into(), Some(piece)),
                Event::Number(piece) => ("number".into(), Some(piece)),
                other => (std::format!("{other:?}"), None),
            };
            if !core::mem::replace(&mut self.inside, piece.is_some_and(|piece| !piece.last())) {
                self.told.push((index, depth, what, Vec::new()));
            }
            if let (Some((.., text)), Some(piece)) = (self.told.last_mut(), piece) {
                text.extend(piece.text().map_or(&b"none"[..], |text| text));
            }
            Ok(())
        }
    }

    /// What members are told of a text that comes byte by byte, where nothing is plain.
    fn told_by_bytes(text: &[u8]) -> (Result<(), TokenError>, Told) {
        let mut told = Told::default();
        let (mut reader, mut depth, mut wanted, mut met) = (Reader::new(), 0_u8, NONE, Vec::new());
        for mut input in text.chunks(1) {
            while let Ok(Some(event)) = &reader.next(&mut input) {
                let level = match event {
                    Event::Name(piece) if depth == 1 => {
                        wanted = told.name(piece).unwrap();
                        if met.contains(&wanted) {
                            return (Err(TokenError::DuplicateClaim), told);
                        }
                        met.extend((wanted != NONE).then_some(wanted));
                        continue;
                    }
                    Event::Open(container) => {
                        if depth == 0 && *container == Container::Array {
                            return (Err(TokenError::Payload), told);
                        }
                        depth += 1;
                        depth - 1
                    }
                    Event::Close(_) => {
                        depth -= 1;
                        depth
                    }
                    _ => depth,
                };
                if wanted != NONE && level > 0 {
                    told.value(wanted, level - 1, event).unwrap();
                }
            }
        }
        (reader.finish().map_err(|_| TokenError::Payload), told)
    }

    fn check_told(text: &[u8]) {
        let mut encoded = std::vec![0; text.len() * 2];
        let encoded = crate::base64url::encode(text, &mut encoded).unwrap();
        let mut told = Told::default();
        let read = read_object(encoded, &mut told, TokenError::Payload, TokenError::DuplicateClaim);
        let (expected, by_bytes) = told_by_bytes(text);
        assert_eq!(read, expected, "{}", text.escape_ascii());
        if read.is_ok() {
            assert_eq!(told.told, by_bytes.told, "{}", text.escape_ascii());
        }
    }

    const OBJECTS: [&str; 20] = [
        r#"{"exp":1773674102,"a":"b","crit":"","other":17}"#,
        r#"{"other":"x","another":"y","exp":"17","a":1}"#,
        r#"{"a":{"exp":1,"b":[1,"exp"]},"b":[{"exp":2}],"exp":3}"#,
        r#"{"exp":10,"x":0,"y":-1,"z":1.5,"w":1e3,"v":1E3,"a":12}"#,
        r#"{"x":"\u0065","exp":"\n","\u0061":1,"é":"é","crit":"é"}"#,
        r#"{"x":"","":"","a" : "b" , "exp": 1,"crit":true,"y":null}"#,
        r#"{"exp":1,"x":"y","exp":2}"#,
        r#"{"a":1,"b":01,"exp":1}"#,
        r#"{"exp":"","a":"ab"  ,"crit":[],"x":{}}"#,
        r#"{ "a","b":1,"exp":1}"#,
        r#"{ "a":,"b":1,"exp":1}"#,
        r#"{,"a":1,,"b":1}"#,
        r#"{"a":1 "exp":2}"#,
        r#"{"a":1,"exp":2,}"#,
        r#"{"a":1},"exp":2}"#,
        r#"{}"#,
        r#" {"exp":{"a":1}} "#,
        r#"{"exp":{}}}"#,
        r#"[{"exp":1}]"#,
        "\u{feff}{\"exp\":[1]}",
    ];

    #[test]
    fn the_same_at_once_and_byte_by_byte() {
        for object in OBJECTS {
            // The blanks move where a piece ends over all of it, and in front of the last member it is not plain.
            for blanks in 0..PIECE + 3 {
                let blanks: String = " ".repeat(blanks);
                check_told(object.replacen('{', &std::format!("{{{blanks}"), 1).as_bytes());
                check_told(object.replacen('{', &std::format!("{{\"x\":\"{blanks}\","), 1).as_bytes());
            }
        }
    }

    #[test]
    fn the_same_with_any_byte_at_any_place() {
        for object in OBJECTS {
            for at in 0..=object.len() {
                for byte in b"\"\\:,{}[] 019.-eEta\0\n\x7f\x80\xc3\xff" {
                    let mut put = object.as_bytes().to_vec();
                    put.insert(at, *byte);
                    check_told(&put);
                    put.remove(at);
                    if let Some(place) = put.get_mut(at) {
                        *place = *byte;
                    }
                    check_told(&put);
                    put.truncate(at);
                    check_told(&put);
                }
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
