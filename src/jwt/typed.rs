//! A verified token's claims in a type of the caller's own, through serde-json-core.

use core::fmt;

use serde::Deserialize;

use super::claims::{ClaimError, VerifiedClaims};
use super::members::PIECE;
use crate::base64url::Pieces;
use crate::buffer::Writer;
use crate::json::{self, Container, Event, Reader};

impl VerifiedClaims<'_> {
    /// Reads the claims into a type of the caller's own, whose `&str` borrow from `buf`. Claims that the type does not
    /// name are skipped.
    ///
    /// The payload is written to `buf` first, with no more escapes than JSON needs, since serde-json-core knows few.
    /// A buffer of [`decoded_len`](crate::base64url::decoded_len) of the token's length always holds it. A string in
    /// which a quote, a backslash or a control character stands is unescaped behind it, in what remains of `buf`, and
    /// cannot be borrowed: let it be an owned string there, and twice that buffer is always enough.
    ///
    /// serde-json-core has recursion and panics inside; this is not for firmware that must link neither. Its depth is
    /// bounded, as the payload was read before.
    ///
    /// # Errors
    /// [`DeserializeError::Claim`] where the payload does not fit into `buf` or holds what is no text;
    /// [`DeserializeError::Type`] where the claims are not those of `T`.
    pub fn deserialize<'de, T: Deserialize<'de>>(&self, buf: &'de mut [u8]) -> Result<T, DeserializeError> {
        let mut w = Writer::new(&mut *buf);
        write_payload(self.payload, &mut w)?;
        let len = w.finish().map_err(ClaimError::from)?.len();
        let (payload, rest) = buf.split_at_mut_checked(len).ok_or(ClaimError::Changed)?;
        match serde_json_core::from_slice_escaped(payload, rest) {
            Ok((claims, _)) => Ok(claims),
            Err(error) => Err(DeserializeError::Type(error)),
        }
    }
}

/// The same document without blanks and with no escapes but those of quotes, backslashes and control characters.
fn write_payload(payload: &[u8], w: &mut Writer<'_>) -> Result<(), ClaimError> {
    let mut pieces = Pieces::new(payload);
    let mut buf = [0; PIECE];
    let mut reader = Reader::new();
    // Whether a comma is due before the next name or value, and whether the string at hand has begun.
    let mut comma = false;
    let mut inside = false;
    while let Some(mut input) = pieces.next(&mut buf)? {
        while let Some(event) = reader.next(&mut input)? {
            if comma && !inside && !matches!(event, Event::Close(_)) {
                w.byte(b',');
            }
            comma = !matches!(event, Event::Open(_) | Event::Name(_));
            match event {
                Event::Open(Container::Object) => w.byte(b'{'),
                Event::Open(Container::Array) => w.byte(b'['),
                Event::Close(Container::Object) => w.byte(b'}'),
                Event::Close(Container::Array) => w.byte(b']'),
                Event::Bool(true) => w.bytes(b"true"),
                Event::Bool(false) => w.bytes(b"false"),
                Event::Null => w.bytes(b"null"),
                Event::Number(piece) => {
                    w.bytes(piece.bytes());
                    inside = !piece.last();
                }
                Event::Name(piece) | Event::Text(piece) => {
                    if !inside {
                        w.byte(b'"');
                    }
                    json::escape(w, piece.text()?);
                    inside = !piece.last();
                    if piece.last() {
                        w.byte(b'"');
                    }
                    if piece.last() && matches!(event, Event::Name(_)) {
                        w.byte(b':');
                    }
                }
            }
        }
    }
    Ok(reader.finish()?)
}

/// Why claims are not those of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeserializeError {
    /// The payload does not fit into the buffer, or a string in it is no text.
    Claim(ClaimError),
    /// serde-json-core's reason.
    Type(serde_json_core::de::Error),
}

impl From<ClaimError> for DeserializeError {
    fn from(error: ClaimError) -> Self {
        Self::Claim(error)
    }
}

impl fmt::Display for DeserializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claim(error) => error.fmt(f),
            Self::Type(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for DeserializeError {}
