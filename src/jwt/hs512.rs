//! HS512 (RFC 7518 section 3.2): HMAC-SHA512 with a key that is prepared once.

use core::fmt;
use core::mem::MaybeUninit;

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::block_api::compress512;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::claims::{Validation, VerifiedClaims};
use super::token::{TokenError, UntrustedToken};
use crate::Secret;
use crate::base64url::decoded_len;
use crate::secret::{leaving_no_trace, wipe};
use crate::words::{Class, copy_while};

/// Whether a signature is right. Not a `bool`, so that no slip of a `!` and no stray 1 can make it valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Signature {
    /// It is that of this message under this key.
    Valid,
    /// It is another, or could not be checked.
    Invalid,
}

/// HMAC-SHA512 with one key: [`Hs512Key`], or the platform's own where the key lives in a secure element.
///
/// ```
/// use hmac::{Hmac, KeyInit, Mac};
/// use pos_token::jwt::{HmacSha512, Signature};
///
/// struct Platform(Hmac<sha2::Sha512>);
///
/// impl HmacSha512 for Platform {
///     fn verify_mac(&self, message: &[u8], tag: &[u8; 64]) -> Signature {
///         let mac = self.0.clone().chain_update(message);
///         match mac.verify_slice(tag) {
///             Ok(()) => Signature::Valid,
///             Err(_) => Signature::Invalid,
///         }
///     }
/// }
/// # let platform = Platform(Hmac::new_from_slice(b"Jefe").unwrap());
/// # assert_eq!(platform.verify_mac(b"", &[0; 64]), Signature::Invalid);
/// ```
pub trait HmacSha512 {
    /// Compares all 64 bytes of `tag` with the message's MAC, in constant time.
    fn verify_mac(&self, message: &[u8], tag: &[u8; 64]) -> Signature;
}

const BLOCK: usize = 128;

/// How many of a message's last blocks are hashed together: on hosts sha2 takes two in less time than one and one, if it
/// is not the compact one.
const LAST: usize = if cfg!(all(target_pointer_width = "64", not(sha2_backend_soft = "compact"))) { 2 } else { 1 };

const HASH: usize = 64;

/// RFC 7518 section 3.2: the key has at least the size of the hash.
#[doc(hidden)]
pub const FULL_KEY: usize = 64;

/// The longest key that is accepted as base64url text, in bytes.
const MAX_BASE64URL_KEY: usize = 256;

type State = [u64; 8];

/// The start of every SHA-512 (FIPS 180-4 section 5.3.5).
const START: State = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// An HS512 key, prepared: what SHA-512 has become after the key's two blocks (RFC 2104). 128 bytes, wiped on drop;
/// `Debug` shows nothing of it.
///
/// Preparing it and verifying with it end by clearing the stack that was used. Keep it where it was made: a move can
/// leave a copy behind that nothing wipes.
pub struct Hs512Key {
    inner: State,
    outer: State,
}

impl Hs512Key {
    /// Prepares a key of at least 64 bytes, as RFC 7518 section 3.2 demands. Does not panic.
    ///
    /// # Errors
    /// [`KeyError::TooShort`], [`KeyError::Empty`].
    pub fn new<'a>(secret: impl Into<Secret<'a>>) -> Result<Self, KeyError> {
        let secret = secret.into();
        leaving_no_trace(|| Self::from_bytes(secret.expose(), FULL_KEY))
    }

    /// Prepares a key of any length but 0, for an issuer whose key is too short to be safe against guessing.
    ///
    /// # Errors
    /// [`KeyError::Empty`].
    pub fn new_allowing_short_key<'a>(secret: impl Into<Secret<'a>>) -> Result<Self, KeyError> {
        let secret = secret.into();
        leaving_no_trace(|| Self::from_bytes(secret.expose(), 1))
    }

    /// Prepares a key of 64 to 256 bytes given as unpadded base64url text, as a JWK's `k` is (RFC 7518 section 6.4.1).
    /// The text is decoded in constant time.
    ///
    /// # Errors
    /// [`KeyError::TooShort`], [`KeyError::Empty`], [`KeyError::TooLong`], and [`KeyError::Base64url`] for whatever is
    /// not strict base64url.
    pub fn from_base64url<'a>(text: impl Into<Secret<'a>>) -> Result<Self, KeyError> {
        let text = text.into();
        leaving_no_trace(|| with_decoded(text.expose(), |secret| Self::from_bytes(secret, FULL_KEY)))
    }

    /// As [`from_base64url`](Self::from_base64url), with a key of 1 to 256 bytes.
    ///
    /// # Errors
    /// As [`from_base64url`](Self::from_base64url), without [`KeyError::TooShort`].
    pub fn from_base64url_allowing_short_key<'a>(text: impl Into<Secret<'a>>) -> Result<Self, KeyError> {
        let text = text.into();
        leaving_no_trace(|| with_decoded(text.expose(), |secret| Self::from_bytes(secret, 1)))
    }

    /// [`UntrustedToken::verify`], with this key. `alias` is what the provider's description says:
    /// `provider::LOYALIFE.settings.hs512_alias`.
    ///
    /// ```
    /// use pos_token::jwt::{Hs512Key, UntrustedToken, Validation};
    /// use pos_token::time::UnixTime;
    /// # let (secret, now) = ([0x5a; 64], UnixTime::from_seconds(1_773_670_502));
    /// # let token = concat!("eyJhbGciOiJIUzUxMiJ9.eyJleHAiOjE3NzM2NzQxMDIsInJvbGUiOiJjYXNoaWVyIn0", ".",
    /// #     "5qEtDQKspdxkilYLjaiqWa40eyRFT1pAbq1LwYv8MA3QEVJRvNTlBGOGRCUB-__BwJgp5i6CcExtZTnU_Dpepg");
    /// let key = Hs512Key::new(&secret)?;
    /// let token = UntrustedToken::parse(token)?;
    /// let claims = key.verify(&token, None, &Validation::at(now).leeway(30))?;
    /// assert!(claims.contains("role", "cashier")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`UntrustedToken::verify`].
    pub fn verify<'t>(
        &self,
        token: &UntrustedToken<'t>,
        alias: Option<&[u8]>,
        validation: &Validation<'_>,
    ) -> Result<VerifiedClaims<'t>, TokenError> {
        token.verify(self, alias, validation)
    }

    /// Prepares a key of at least so many bytes in the place where it stays, for the C interface.
    ///
    /// # Errors
    /// [`KeyError::TooShort`], [`KeyError::Empty`]; the place is as it was.
    #[doc(hidden)]
    pub fn prepare(place: &mut MaybeUninit<Self>, secret: &[u8], at_least: usize) -> Result<(), KeyError> {
        check_length(secret, at_least)?;
        leaving_no_trace(|| place.write(Self::UNUSED).take(secret));
        Ok(())
    }

    /// As [`prepare`](Self::prepare), with a key of at most 256 bytes given as base64url text.
    ///
    /// # Errors
    /// As `prepare`; [`KeyError::TooLong`], [`KeyError::Base64url`].
    #[doc(hidden)]
    pub fn prepare_base64url(place: &mut MaybeUninit<Self>, text: &[u8], at_least: usize) -> Result<(), KeyError> {
        leaving_no_trace(|| with_decoded(text, |secret| Self::prepare(place, secret, at_least)))
    }

    const UNUSED: Self = Self { inner: [0; 8], outer: [0; 8] };

    /// Leaves a copy of the key on its own frame, as what is returned is moved.
    #[inline(never)]
    fn from_bytes(secret: &[u8], at_least: usize) -> Result<Self, KeyError> {
        check_length(secret, at_least)?;
        let mut key = Self::UNUSED;
        leaving_no_trace(|| key.take(secret));
        Ok(key)
    }

    /// What stands on its frame is left to [`leaving_no_trace`].
    #[inline(never)]
    fn take(&mut self, secret: &[u8]) {
        let mut block = Block::ZEROS;
        if secret.len() > BLOCK {
            copy(&mut self.inner, &START);
            absorb(&mut self.inner, &mut block, 0, secret);
            block = Block::ZEROS;
            block.put_state(&self.inner);
        } else {
            block.put(secret);
        }
        block.begin(&mut self.inner, 0x36);
        block.begin(&mut self.outer, 0x36 ^ 0x5c);
    }

    /// What stands on its frame is left to [`leaving_no_trace`].
    #[inline(never)]
    fn compare(&self, message: &[u8], tag: &[u8; HASH]) -> Signature {
        let mut block = Block::ZEROS;
        let mut state = [0; 8];
        copy(&mut state, &self.inner);
        absorb(&mut state, &mut block, BLOCK, message);
        block = Block::ZEROS;
        block.put_state(&state);
        copy(&mut state, &self.outer);
        block.end(&mut state, HASH, BLOCK + HASH);
        let (words, _) = tag.as_chunks();
        // All bits that differ, of all words, before anything is made of them.
        let mut differing = 0;
        for (ours, theirs) in state.iter().zip(words) {
            differing |= ours ^ u64::from_be_bytes(*theirs);
        }
        if bool::from(differing.ct_eq(&0)) { Signature::Valid } else { Signature::Invalid }
    }
}

impl HmacSha512 for Hs512Key {
    fn verify_mac(&self, message: &[u8], tag: &[u8; 64]) -> Signature {
        leaving_no_trace(|| self.compare(message, tag))
    }
}

fn check_length(secret: &[u8], at_least: usize) -> Result<(), KeyError> {
    match secret.len() {
        0 => Err(KeyError::Empty),
        len if len < at_least => Err(KeyError::TooShort),
        _ => Ok(()),
    }
}

/// Does something with the key that a base64url text stands for.
#[inline(never)]
fn with_decoded<R>(text: &[u8], work: impl FnOnce(&[u8]) -> Result<R, KeyError>) -> Result<R, KeyError> {
    let mut secret = [0; MAX_BASE64URL_KEY];
    let key = decode(text, &mut secret).and_then(|bytes| leaving_no_trace(|| work(bytes)));
    wipe(&mut secret);
    key
}

/// Decodes four characters at a time, and says only at the end whether all are good. So no function is linked that copies
/// in general, which is large.
#[inline(never)] // So that what it leaves lies where the stack is cleared.
fn decode<'s>(text: &[u8], secret: &'s mut [u8]) -> Result<&'s [u8], KeyError> {
    let secret = secret.get_mut(..decoded_len(text.len())).ok_or(KeyError::TooLong)?;
    let mut good = text.len() % 4 != 1;
    for (characters, bytes) in text.chunks(4).zip(secret.chunks_mut(3)) {
        // What the last ones lack is zeros, and so have to be the bits that are left over.
        let mut four = [b'A'; 4];
        copy_while(&mut four, characters, Class::Any);
        good &= Base64UrlUnpadded::decode_in_place(&mut four).is_ok();
        copy_while(bytes, &four, Class::Any);
        let [_, second, third, _] = four;
        good &= match bytes.len() {
            1 => second | third == 0,
            2 => third == 0,
            _ => true,
        };
    }
    if good { Ok(secret) } else { Err(KeyError::Base64url) }
}

#[inline(never)] // It is longer than a call.
fn copy(to: &mut State, from: &State) {
    *to = *from;
}

/// Takes the rest of a message, where `before` bytes in whole blocks came before it. The caller's block, of zeros, is used
/// for what is none, as there is not much stack.
#[inline(always)]
fn absorb(state: &mut State, block: &mut Block, before: usize, rest: &[u8]) {
    let (whole, last) = rest.as_chunks::<{ LAST * BLOCK }>();
    let (blocks, _) = whole.as_flattened().as_chunks();
    compress512(state, blocks);
    block.put(last);
    block.end(state, last.len(), before.saturating_add(rest.len()));
}

/// A block of a message that is made here, or its last ones.
#[repr(align(8))] // so that all of it can be set and read in words
struct Block([u8; LAST * BLOCK]);

impl Block {
    const ZEROS: Self = Self([0; LAST * BLOCK]);

    /// The bytes, to the front of a block of zeros: no function that copies in general is needed, which is large.
    fn put(&mut self, bytes: &[u8]) {
        let (words, last) = bytes.as_chunks::<4>();
        for (to, from) in self.0.as_chunks_mut().0.iter_mut().zip(words) {
            *to = (u32::from_ne_bytes(*to) ^ u32::from_ne_bytes(*from)).to_ne_bytes();
        }
        let (_, rest) = self.0.split_at_mut_checked(bytes.len() - last.len()).unwrap_or_default();
        rest.iter_mut().zip(last).for_each(|(to, from)| *to ^= *from);
    }

    /// The hash's bytes, to the front.
    #[inline(never)]
    fn put_state(&mut self, state: &State) {
        for (to, word) in self.words().iter_mut().zip(state) {
            *to = word.to_be_bytes();
        }
    }

    /// Begins a hash with this block, which is a key with what it was combined with before, and this pad.
    #[inline(never)]
    fn begin(&mut self, state: &mut State, pad: u8) {
        let pad = u64::from_ne_bytes([pad; 8]);
        for word in self.words() {
            *word = (u64::from_ne_bytes(*word) ^ pad).to_ne_bytes();
        }
        copy(state, &START);
        self.compress(state, 1);
    }

    /// Those of the first block.
    fn words(&mut self) -> &mut [[u8; 8]] {
        self.0.as_chunks_mut().0.get_mut(..BLOCK / 8).unwrap_or_default()
    }

    fn compress(&self, state: &mut State, blocks: usize) {
        compress512(state, self.0.as_chunks().0.get(..blocks).unwrap_or_default());
    }

    /// Ends a message, whose last bytes stand in front of zeros, with the padding of FIPS 180-4 section 5.1.2.
    #[inline(never)]
    fn end(&mut self, state: &mut State, last: usize, bytes: usize) {
        if let Some(byte) = self.0.get_mut(last) {
            *byte = 0x80;
        }
        let mut blocks = 1 + (last + 16) / BLOCK;
        if blocks > LAST {
            self.compress(state, LAST);
            *self = Self::ZEROS;
            blocks = 1;
        }
        // The length in bits takes 16 bytes, of which no length on any machine here fills more than nine.
        let bits = u128::from(u64::try_from(bytes).unwrap_or(u64::MAX)) << 3;
        if let Some(length) = self.0.get_mut(..blocks * BLOCK).and_then(<[u8]>::last_chunk_mut) {
            *length = bits.to_be_bytes();
        }
        self.compress(state, blocks);
    }
}

impl Drop for Hs512Key {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

impl ZeroizeOnDrop for Hs512Key {}

impl fmt::Debug for Hs512Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hs512Key([redacted])")
    }
}

/// Why a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no key.
    Empty,
    /// Fewer than 64 bytes.
    TooShort,
    /// More base64url text than that of 256 bytes.
    TooLong,
    /// The text is not strict base64url without padding.
    Base64url,
}

impl KeyError {
    /// The stable short code.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Empty => 641,
            Self::TooShort => 642,
            Self::TooLong => 643,
            Self::Base64url => 644,
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "key: empty",
            Self::TooShort => "key: fewer than 64 bytes",
            Self::TooLong => "key: more than 256 bytes of base64url",
            Self::Base64url => "key: not base64url",
        })
    }
}

impl core::error::Error for KeyError {}
