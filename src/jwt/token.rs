//! A token as it came: three parts, and what its header must be before anything in it counts.

use core::fmt;

use super::claims::{UnverifiedClaims, Validation, VerifiedClaims};
use super::hs512::{HmacSha512, Signature};
use super::members::{Comparison, DIFFERS, Members, PIECE, ShortName, read_object};
use crate::Secret;
use crate::base64url::{self, Invalid, Pieces};
use crate::json::{Event, Piece};
use crate::words::{HIGHS, ONES};

/// How long a token may be, in bytes, unless the caller says otherwise.
pub const DEFAULT_MAX_LEN: usize = 16 * 1024;

/// The characters that a signature of 64 bytes takes.
const SIGNATURE_LEN: usize = 86;

/// How many members a header may have.
const MAX_HEADER_MEMBERS: usize = 16;

/// A JWT in JWS Compact Serialization (RFC 7515 section 3.1) that nobody has vouched for. It borrows the token and
/// holds where its parts are; `Debug` shows nothing of it.
#[derive(Clone, Copy)]
pub struct UntrustedToken<'t> {
    token: &'t [u8],
    /// Where the two dots stand.
    dots: [usize; 2],
}

impl<'t> UntrustedToken<'t> {
    /// Splits a token of at most [`DEFAULT_MAX_LEN`] bytes. What is in the parts is looked at when they are read.
    ///
    /// # Errors
    /// [`TokenError::TooLong`], and [`TokenError::Parts`] where there are not exactly three parts or the header or the
    /// payload is empty. (An empty signature is that of an unsecured token, which can be peeked at.)
    pub fn parse(token: impl Into<Secret<'t>>) -> Result<Self, TokenError> {
        Self::parse_with_limit(token, DEFAULT_MAX_LEN)
    }

    /// As [`parse`](Self::parse), with at most `max_len` bytes.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_with_limit(token: impl Into<Secret<'t>>, max_len: usize) -> Result<Self, TokenError> {
        Self::split(token.into().expose(), max_len)
    }

    fn split(token: &'t [u8], max_len: usize) -> Result<Self, TokenError> {
        if token.len() > max_len {
            return Err(TokenError::TooLong);
        }
        let dots = find_dots(token).ok_or(TokenError::Parts)?;
        Ok(Self { token, dots })
    }

    fn header(&self) -> &'t [u8] {
        let [first, _] = self.dots;
        self.token.get(..first).unwrap_or_default()
    }

    fn payload(&self) -> &'t [u8] {
        let [first, second] = self.dots;
        self.token.get(first + 1..second).unwrap_or_default()
    }

    /// The header, a dot and the payload: the JWS Signing Input.
    fn signed(&self) -> &'t [u8] {
        let [_, second] = self.dots;
        self.token.get(..second).unwrap_or_default()
    }

    fn signature(&self) -> &'t [u8] {
        let [_, second] = self.dots;
        self.token.get(second + 1..).unwrap_or_default()
    }

    /// Reads the claims without a key, for scheduling only: whoever sent the token can have written anything.
    /// The whole token is checked for its form (base64url, a header and a payload that are JSON objects, the types of
    /// the times), and neither the algorithm nor any time is judged.
    ///
    /// # Errors
    /// [`TokenError::Base64url`], [`TokenError::Header`], [`TokenError::DuplicateHeader`], [`TokenError::Payload`],
    /// [`TokenError::DuplicateClaim`], and the error of a time that is none.
    ///
    /// ```
    /// use pos_token::jwt::UntrustedToken;
    /// # let token = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3NzM2NzQxMDIuNX0.";
    /// let claims = UntrustedToken::parse(token)?.peek()?;
    /// assert_eq!(claims.expires_at().unwrap().to_string(), "2026-03-16T15:15:02Z");
    /// # Ok::<(), pos_token::jwt::TokenError>(())
    /// ```
    pub fn peek(&self) -> Result<UnverifiedClaims<'t>, TokenError> {
        Header::look_at(self.header())?;
        decode(self.signature())?;
        UnverifiedClaims::read_all(self.payload())
    }

    /// Verifies the token and gives its claims. `key` decides that the algorithm is HMAC-SHA512 (RFC 8725
    /// section 3.1): the header must say `HS512`, or exactly `alias`, another name that the issuer is known to use for
    /// the same algorithm. Takes no scratch buffer, whatever the token's length, and does not panic.
    ///
    /// # Errors
    /// In this order, the first that applies: what is wrong with the header ([`TokenError::Base64url`],
    /// [`TokenError::Header`], [`TokenError::DuplicateHeader`], [`TokenError::Algorithm`], [`TokenError::Critical`],
    /// [`TokenError::Type`]), with the signature ([`TokenError::SignatureLength`], [`TokenError::Signature`]),
    /// and only then with the payload and the claims (the other variants). [`TokenError::NotYetValid`] says that
    /// nothing else is wrong.
    pub fn verify<K: HmacSha512 + ?Sized>(
        &self,
        key: &K,
        alias: Option<&[u8]>,
        validation: &Validation<'_>,
    ) -> Result<VerifiedClaims<'t>, TokenError> {
        self.check_header(alias, validation.typ)?.check_signature(key)?.validate(validation)
    }

    /// The first of three steps that [`verify`](Self::verify) is made of, for the C interface: what is needed in one
    /// of them alone takes no stack in the others.
    ///
    /// # Errors
    /// As `verify`, of the header.
    #[doc(hidden)]
    pub fn check_header(&self, alias: Option<&[u8]>, typ: Option<&[u8]>) -> Result<CheckedHeader<'t>, TokenError> {
        Header::read_and_check(self.header(), alias, typ)?;
        Ok(CheckedHeader(*self))
    }
}

/// A token whose header says nothing against it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct CheckedHeader<'t>(UntrustedToken<'t>);

impl<'t> CheckedHeader<'t> {
    /// The second step of [`UntrustedToken::verify`].
    ///
    /// # Errors
    /// As `verify`, of the signature.
    pub fn check_signature<K: HmacSha512 + ?Sized>(&self, key: &K) -> Result<CheckedSignature<'t>, TokenError> {
        let Self(token) = self;
        let signature = token.signature();
        if signature.len() != SIGNATURE_LEN {
            return Err(TokenError::SignatureLength);
        }
        let mut tag = [0; 64];
        base64url::decode_exactly(signature, &mut tag)?;
        match key.verify_mac(token.signed(), &tag) {
            Signature::Valid => Ok(CheckedSignature(token.payload())),
            Signature::Invalid => Err(TokenError::Signature),
        }
    }
}

/// The payload of a token whose signature is right.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct CheckedSignature<'t>(&'t [u8]);

impl<'t> CheckedSignature<'t> {
    /// The last step of [`UntrustedToken::verify`].
    ///
    /// # Errors
    /// As `verify`, of the payload and its claims.
    pub fn validate(self, validation: &Validation<'_>) -> Result<VerifiedClaims<'t>, TokenError> {
        VerifiedClaims::validate(self.0, validation)
    }
}

impl fmt::Debug for CheckedSignature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckedSignature([redacted])")
    }
}

/// That a part is base64url. Not inlined, as the stack that it takes is to be free again.
#[inline(never)]
fn decode(part: &[u8]) -> Result<(), Invalid> {
    let mut pieces = Pieces::new(part);
    while pieces.next(&mut [0; PIECE])?.is_some() {}
    Ok(())
}

/// Where the two dots of a token stand that has exactly two, and a header and a payload. Four words are skipped at a time
/// that have none, nor a byte of eight bits, in which this does not tell dots from others.
#[inline(never)]
fn find_dots(token: &[u8]) -> Option<[usize; 2]> {
    const WORD: usize = size_of::<usize>();
    let maybe = |word| (usize::from_ne_bytes(word) ^ (ONES * usize::from(b'.'))).wrapping_sub(ONES) & HIGHS;
    // Where the parts end.
    let mut ends = [0; 3];
    let mut rest = token;
    for end in &mut ends {
        while let Some((four, behind)) = rest.split_first_chunk::<{ 4 * WORD }>()
            && let [first, second, third, fourth] = four.as_chunks().0
            && maybe(*first) | maybe(*second) | maybe(*third) | maybe(*fourth) == 0
        {
            rest = behind;
        }
        // Where a word has many bytes, this is worth its code.
        while cfg!(target_pointer_width = "64")
            && let Some((word, behind)) = rest.split_first_chunk::<WORD>()
            && maybe(*word) == 0
        {
            rest = behind;
        }
        while let Some((byte, behind)) = rest.split_first()
            && *byte != b'.'
        {
            rest = behind;
        }
        *end = token.len().wrapping_sub(rest.len());
        rest = rest.get(1..).unwrap_or_default();
    }
    let [first, second, third] = ends;
    let parts = first > 0 && second > first + 1 && second < third && third == token.len();
    parts.then_some([first, second])
}

impl fmt::Debug for UntrustedToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UntrustedToken([redacted])")
    }
}

/// What a header says of the things that decide whether the token can be verified at all.
struct Header<'a> {
    alias: Option<&'a [u8]>,
    name: ShortName,
    names: Names,
    hs512: Comparison,
    other: Comparison,
    media_type: Option<MediaType<'a>>,
    /// `alg` is one of the two names.
    algorithm: bool,
    /// There is `crit` or `b64` (RFC 7515 section 4.1.11, RFC 7797): a change of the rules that none here knows.
    critical: bool,
    /// `typ` is what it has to be.
    typ: bool,
}

impl<'a> Header<'a> {
    fn new(alias: Option<&'a [u8]>, typ: Option<&'a [u8]>) -> Self {
        Self {
            alias,
            name: ShortName::default(),
            names: Names { seen: [0; MAX_HEADER_MEMBERS], hash: FNV_START },
            hs512: Comparison::default(),
            other: Comparison::default(),
            media_type: typ.map(MediaType::new),
            algorithm: false,
            critical: false,
            typ: typ.is_none(),
        }
    }

    fn read(&mut self, text: &[u8]) -> Result<(), TokenError> {
        read_object(text, self, TokenError::Header, TokenError::DuplicateHeader)
    }

    /// Not inlined, as the stack that it takes is to be free again for the MAC.
    #[inline(never)]
    fn read_and_check(text: &[u8], alias: Option<&'a [u8]>, typ: Option<&'a [u8]>) -> Result<(), TokenError> {
        let mut header = Self::new(alias, typ);
        header.read(text)?;
        header.check()
    }

    /// That it is a header at all. Not inlined, as above.
    #[inline(never)]
    fn look_at(text: &[u8]) -> Result<(), TokenError> {
        Header::new(None, None).read(text)
    }

    fn check(&self) -> Result<(), TokenError> {
        if !self.algorithm {
            return Err(TokenError::Algorithm);
        }
        if self.critical {
            return Err(TokenError::Critical);
        }
        if !self.typ {
            return Err(TokenError::Type);
        }
        Ok(())
    }
}

impl Members for Header<'_> {
    fn name(&mut self, piece: &Piece<'_>) -> Result<u8, TokenError> {
        const NAMES: [u32; 4] = [
            u32::from_be_bytes(*b"\0alg"),
            u32::from_be_bytes(*b"\0typ"),
            u32::from_be_bytes(*b"crit"),
            u32::from_be_bytes(*b"\0b64"),
        ];
        self.names.take(piece)?;
        Ok(self.name.take(piece, &NAMES))
    }

    fn value(&mut self, index: u8, depth: u8, event: &Event<'_>) -> Result<(), TokenError> {
        match (index, depth, event) {
            (ALGORITHM, 0, Event::Text(piece)) => {
                self.algorithm = self.hs512.take(piece, b"HS512");
                if let Some(alias) = self.alias {
                    self.algorithm |= self.other.take(piece, alias);
                }
            }
            (TYPE, 0, Event::Text(piece)) => {
                if let Some(media_type) = &mut self.media_type {
                    self.typ = media_type.take(piece);
                }
            }
            (ALGORITHM | TYPE, ..) => {}
            _ => self.critical = true,
        }
        Ok(())
    }
}

const ALGORITHM: u8 = 0;

const TYPE: u8 = 1;

/// Sees to it that no two members have the same name (RFC 7515 section 4), by a hash of each. That two different names
/// have the same hash is unlikely, and has the same end as a duplicate.
struct Names {
    /// 0 where there is none yet.
    seen: [u32; MAX_HEADER_MEMBERS],
    /// FNV-1a of the name at hand.
    hash: u32,
}

impl Names {
    fn take(&mut self, piece: &Piece<'_>) -> Result<(), TokenError> {
        let text = piece.text().map_err(|_| TokenError::Header)?;
        let hash = text.iter().fold(self.hash, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
        if !piece.last() {
            self.hash = hash;
            return Ok(());
        }
        self.hash = FNV_START;
        for seen in &mut self.seen {
            // First, so that a name whose hash is 0 is refused.
            if *seen == hash {
                return Err(TokenError::DuplicateHeader);
            }
            if *seen == 0 {
                *seen = hash;
                return Ok(());
            }
        }
        Err(TokenError::Header)
    }
}

const FNV_START: u32 = 0x811c_9dc5;

/// Compares a media type with an expected one as it is read: the case does not count, and `application/` may be left
/// out of either (RFC 7515 section 4.1.9).
struct MediaType<'a> {
    /// Without `application/`.
    expected: &'a [u8],
    /// How much of the expected text was met with, and without, `application/` before it; `DIFFERS` where it differs.
    met: [usize; 2],
}

const APPLICATION: &[u8] = b"application/";

impl<'a> MediaType<'a> {
    fn new(expected: &'a [u8]) -> Self {
        let expected = match expected.split_at_checked(APPLICATION.len()) {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case(APPLICATION) => rest,
            _ => expected,
        };
        Self { expected, met: [0, APPLICATION.len()] }
    }

    /// Takes the next piece; true behind the last one of a text that matches.
    fn take(&mut self, piece: &Piece<'_>) -> bool {
        let Ok(text) = piece.text() else {
            self.met = [DIFFERS; 2];
            return false;
        };
        for byte in text {
            for met in &mut self.met {
                let due = match met.checked_sub(APPLICATION.len()) {
                    None => APPLICATION.get(*met),
                    Some(met) => self.expected.get(met),
                };
                *met = if due.is_some_and(|due| due.eq_ignore_ascii_case(byte)) { *met + 1 } else { DIFFERS };
            }
        }
        piece.last() && self.met.contains(&(APPLICATION.len() + self.expected.len()))
    }
}

/// Why a token is not accepted. Holds nothing of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// Longer than the limit.
    TooLong,
    /// Not exactly three parts, or the header or the payload is empty.
    Parts,
    /// A part is not strict base64url without padding.
    Base64url,
    /// The header is not a JSON object, has more than 16 members, or a name in it is no text.
    Header,
    /// Two members of the header have the same name.
    DuplicateHeader,
    /// `alg` is missing or is not the key's algorithm.
    Algorithm,
    /// The header has `crit` or `b64`.
    Critical,
    /// `typ` is not what it has to be.
    Type,
    /// The signature has not exactly 86 characters.
    SignatureLength,
    /// The signature is not that of this token under this key.
    Signature,
    /// The payload is not a JSON object.
    Payload,
    /// A claim that is looked at stands twice in the payload.
    DuplicateClaim,
    /// `exp` is no time: neither a number nor a string of digits, or 10^18 and more.
    ExpiresAt,
    /// `nbf` is no time.
    NotBefore,
    /// `iat` is no time.
    IssuedAt,
    /// There is no `exp`.
    ExpiresAtMissing,
    /// `exp` has come.
    Expired,
    /// `nbf` has not come yet; perhaps this clock is behind. Nothing else is wrong with the token.
    NotYetValid,
    /// `iat` has not come yet.
    IssuedInFuture,
    /// `iss` is missing or is not what it has to be.
    Issuer,
    /// `aud` is missing or does not name this audience.
    Audience,
    /// `sub` is missing or is not what it has to be.
    Subject,
}

impl TokenError {
    /// The stable short code.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::TooLong => 601,
            Self::Parts => 602,
            Self::Base64url => 603,
            Self::Header => 604,
            Self::DuplicateHeader => 605,
            Self::Algorithm => 606,
            Self::Critical => 607,
            Self::Type => 608,
            Self::SignatureLength => 609,
            Self::Signature => 610,
            Self::Payload => 611,
            Self::DuplicateClaim => 612,
            Self::ExpiresAt => 613,
            Self::NotBefore => 614,
            Self::IssuedAt => 615,
            Self::ExpiresAtMissing => 616,
            Self::Expired => 617,
            Self::NotYetValid => 618,
            Self::IssuedInFuture => 619,
            Self::Issuer => 620,
            Self::Audience => 621,
            Self::Subject => 622,
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "token: too long",
            Self::Parts => "token: not three parts",
            Self::Base64url => "token: a part is not base64url",
            Self::Header => "token: malformed header",
            Self::DuplicateHeader => "token: duplicate header member",
            Self::Algorithm => "token: not the key's algorithm",
            Self::Critical => "token: crit or b64 in the header",
            Self::Type => "token: another typ",
            Self::SignatureLength => "token: a signature of another length",
            Self::Signature => "token: wrong signature",
            Self::Payload => "token: malformed payload",
            Self::DuplicateClaim => "token: duplicate claim",
            Self::ExpiresAt => "token: exp is no time",
            Self::NotBefore => "token: nbf is no time",
            Self::IssuedAt => "token: iat is no time",
            Self::ExpiresAtMissing => "token: no exp",
            Self::Expired => "token: expired",
            Self::NotYetValid => "token: not yet valid",
            Self::IssuedInFuture => "token: issued in the future",
            Self::Issuer => "token: another iss",
            Self::Audience => "token: another aud",
            Self::Subject => "token: another sub",
        })
    }
}

impl core::error::Error for TokenError {}

impl From<Invalid> for TokenError {
    fn from(_: Invalid) -> Self {
        Self::Base64url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_byte_at_every_place_with_dots_at_all_places() {
        for byte in [0, 1, b'-', b'.', b'/', b'A', 0x7f, 0x80, 0xae, 0xaf, 0xff] {
            for len in 0..=44 {
                for first in 0..44 {
                    for second in (0..44).step_by(3) {
                        let mut text = [b'q'; 44];
                        text[first / 2] = byte;
                        text[(first + second) / 2] = byte;
                        (text[first], text[second]) = (b'.', b'.');
                        let text = &text[..len];
                        let dots: std::vec::Vec<usize> = (0..len).filter(|at| text[*at] == b'.').collect();
                        let naive = match *dots {
                            [first, second] if first > 0 && second > first + 1 => Some([first, second]),
                            _ => None,
                        };
                        assert_eq!(find_dots(text), naive, "{text:?}");
                    }
                }
            }
        }
    }
}
