//! The members of the JSON object that a header or a payload is, by their whole names, which may hold dots.

use super::TokenError;
use crate::base64url::Pieces;
use crate::json::{Container, Event, Piece, Reader};

/// How much of a part is decoded at a time: small enough for any stack, and whole groups of base64url.
pub(super) const PIECE: usize = 72;

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
            (Some(rest), Ok(text)) => rest.strip_prefix(text),
            _ => None,
        };
        self.begun = !piece.last();
        piece.last() && self.rest.is_some_and(<[u8]>::is_empty)
    }
}
