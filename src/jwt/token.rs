//! A token as it came: three parts, and what its header must be before anything in it counts.

use core::fmt;

use super::claims::{UnverifiedClaims, Validation, VerifiedClaims};
use super::hs512::{HmacSha512, Signature};
use super::members::{Members, PIECE, Unreliable};
use crate::Secret;
use crate::base64url::{self, Invalid, Pieces};
use crate::json::{Event, NameMatch, Piece, Reader};

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
    /// The header, a dot and the payload: the JWS Signing Input.
    signed: &'t [u8],
    header: &'t [u8],
    payload: &'t [u8],
    signature: &'t [u8],
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
        let (header, rest) = split_at_dot(token).ok_or(TokenError::Parts)?;
        let (payload, signature) = split_at_dot(rest).ok_or(TokenError::Parts)?;
        if header.is_empty() || payload.is_empty() || split_at_dot(signature).is_some() {
            return Err(TokenError::Parts);
        }
        let signed = token.get(..header.len() + 1 + payload.len()).unwrap_or(&[]);
        Ok(Self { signed, header, payload, signature })
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
        Header::read(self.header, None, None)?;
        let mut signature = Pieces::new(self.signature);
        while signature.next(&mut [0; PIECE])?.is_some() {}
        UnverifiedClaims::read_all(self.payload)
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
        Header::read_and_check(self.header, alias, validation.typ)?;
        let mut tag = [0; 64];
        self.read_tag(&mut tag)?;
        match key.verify_mac(self.signed, &tag) {
            Signature::Valid => VerifiedClaims::validate(self.payload, validation),
            Signature::Invalid => Err(TokenError::Signature),
        }
    }

    fn read_tag(&self, tag: &mut [u8; 64]) -> Result<(), TokenError> {
        if self.signature.len() != SIGNATURE_LEN {
            return Err(TokenError::SignatureLength);
        }
        base64url::decode(self.signature, tag).map_err(|_| TokenError::Base64url)?;
        Ok(())
    }
}

/// What stands before and behind the first dot. Words without one are skipped.
#[inline(never)]
fn split_at_dot(text: &[u8]) -> Option<(&[u8], &[u8])> {
    const ONES: usize = usize::MAX / 0xff;
    let mut rest = text;
    while let Some((word, behind)) = rest.split_first_chunk::<{ size_of::<usize>() }>() {
        let others = usize::from_ne_bytes(*word) ^ (ONES * usize::from(b'.'));
        let has_dot = others.wrapping_sub(ONES) & !others & (ONES * 0x80);
        if has_dot != 0 {
            break;
        }
        rest = behind;
    }
    let skipped = text.len().saturating_sub(rest.len());
    let at = skipped + rest.iter().position(|byte| *byte == b'.')?;
    let (before, behind) = text.split_at_checked(at)?;
    let (_, behind) = behind.split_first()?;
    Some((before, behind))
}

impl fmt::Debug for UntrustedToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UntrustedToken([redacted])")
    }
}

/// What a header says of the things that decide whether the token can be verified at all.
struct Header {
    /// `alg` is one of the two names.
    algorithm: bool,
    /// There is `crit` or `b64` (RFC 7515 section 4.1.11, RFC 7797): a change of the rules that none here knows.
    critical: bool,
    /// `typ` is what it has to be.
    typ: bool,
}

impl Header {
    /// Not inlined, as the stack that it takes is to be free again for the MAC.
    #[inline(never)]
    fn read_and_check(text: &[u8], alias: Option<&[u8]>, typ: Option<&[u8]>) -> Result<(), TokenError> {
        Self::read(text, alias, typ)?.check()
    }

    #[inline(never)]
    fn read(text: &[u8], alias: Option<&[u8]>, typ: Option<&[u8]>) -> Result<Self, TokenError> {
        const NAMES: [&[u8]; 4] = [b"alg", b"typ", b"crit", b"b64"];
        let algorithms = [b"HS512", alias.unwrap_or(b"HS512")];
        let mut header = Self { algorithm: false, critical: false, typ: typ.is_none() };
        let mut algorithm = NameMatch::new(0b11, 0);
        let mut media_type = typ.map(MediaType::new);
        let mut names = Names::default();

        let mut pieces = Pieces::new(text);
        let mut buf = [0; PIECE];
        let mut reader = Reader::new();
        let mut members = Members::default();
        while let Some(mut input) = pieces.next(&mut buf)? {
            while let Ok(Some(event)) = &reader.next(&mut input) {
                if let Event::Name(piece) = event
                    && members.at_top()
                {
                    names.take(piece)?;
                }
                let wanted = members.follow(event, &NAMES).map_err(|unreliable| match unreliable {
                    Unreliable::NotAnObject => TokenError::Header,
                    Unreliable::Duplicate => TokenError::DuplicateHeader,
                })?;
                let Some(wanted) = wanted else { continue };
                match (wanted.index, wanted.depth, event) {
                    (0, 0, Event::Text(piece)) => {
                        match piece.text() {
                            Ok(text) => algorithm.narrow(text, &algorithms, |given, due| given == due),
                            Err(_) => algorithm = NameMatch::default(),
                        }
                        header.algorithm = piece.last() && algorithm.ends(&algorithms).0.is_some();
                    }
                    (1, 0, Event::Text(piece)) => {
                        if let Some(media_type) = &mut media_type {
                            media_type.take(piece);
                            header.typ = piece.last() && media_type.matches();
                        }
                    }
                    (0 | 1, ..) => {}
                    _ => header.critical = true,
                }
            }
        }
        // It keeps the error at which the loop ended.
        reader.finish().map_err(|_| TokenError::Header)?;
        Ok(header)
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

/// Sees to it that no two members have the same name (RFC 7515 section 4), by a hash of each. That two different names
/// have the same hash is unlikely, and has the same end as a duplicate.
#[derive(Default)]
struct Names {
    seen: [u32; MAX_HEADER_MEMBERS],
    count: usize,
    /// FNV-1a of the name at hand, less its start value.
    hash: u32,
}

impl Names {
    fn take(&mut self, piece: &Piece<'_>) -> Result<(), TokenError> {
        for byte in piece.text().map_err(|_| TokenError::Header)? {
            self.hash = (self.hash ^ FNV_START ^ u32::from(*byte)).wrapping_mul(0x0100_0193) ^ FNV_START;
        }
        if piece.last() {
            if self.seen.iter().take(self.count).any(|seen| *seen == self.hash) {
                return Err(TokenError::DuplicateHeader);
            }
            *self.seen.get_mut(self.count).ok_or(TokenError::Header)? = self.hash;
            self.count += 1;
            self.hash = 0;
        }
        Ok(())
    }
}

const FNV_START: u32 = 0x811c_9dc5;

/// Compares a media type with an expected one as it is read: the case does not count, and `application/` may be left
/// out of either (RFC 7515 section 4.1.9).
struct MediaType<'a> {
    /// Without `application/`.
    expected: &'a [u8],
    /// How much of the expected text was met with, and without, `application/` before it; `None` where it differs.
    long: Option<usize>,
    short: Option<usize>,
}

const APPLICATION: &[u8] = b"application/";

impl<'a> MediaType<'a> {
    fn new(expected: &'a [u8]) -> Self {
        let expected = match expected.split_at_checked(APPLICATION.len()) {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case(APPLICATION) => rest,
            _ => expected,
        };
        Self { expected, long: Some(0), short: Some(APPLICATION.len()) }
    }

    fn take(&mut self, piece: &Piece<'_>) {
        if piece.text().is_err() {
            (self.long, self.short) = (None, None);
        }
        for byte in piece.bytes() {
            for at in [&mut self.long, &mut self.short] {
                let due = at.and_then(|at| APPLICATION.iter().chain(self.expected).nth(at));
                *at = if due.is_some_and(|due| due.eq_ignore_ascii_case(byte)) { at.map(|at| at + 1) } else { None };
            }
        }
    }

    fn matches(&self) -> bool {
        let end = APPLICATION.len() + self.expected.len();
        [self.long, self.short].contains(&Some(end))
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
