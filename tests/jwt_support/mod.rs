//! An issuer of tokens, good and bad, by the `hmac` crate.
#![allow(dead_code, clippy::unwrap_used, clippy::as_conversions, clippy::cast_possible_truncation)]

use hmac::{Hmac, KeyInit, Mac};
use pos_token::base64url;
use pos_token::jwt::{Hs512Key, TokenError, UntrustedToken, Validation};
use pos_token::time::UnixTime;
use sha2::Sha512;

pub(crate) const SECRET: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

/// What .NET calls HS512 (`provider` says which servers do).
pub(crate) const XML_DSIG: &[u8] = b"http://www.w3.org/2001/04/xmldsig-more#hmac-sha512";

pub(crate) const HEADER: &str = r#"{"alg":"HS512","typ":"JWT"}"#;

pub(crate) const NOW: i64 = 1_773_670_502;

pub(crate) fn key() -> Hs512Key {
    Hs512Key::new(SECRET).unwrap()
}

pub(crate) fn now() -> Validation<'static> {
    Validation::at(UnixTime::from_seconds(NOW))
}

pub(crate) fn encoded(bytes: impl AsRef<[u8]>) -> String {
    let mut buf = vec![0; bytes.as_ref().len() * 2 + 4];
    String::from_utf8(base64url::encode(bytes.as_ref(), &mut buf).unwrap().to_vec()).unwrap()
}

/// A token with the signature that belongs to these parts, whatever they are.
pub(crate) fn signed_parts(header: &str, payload: &str) -> String {
    let signed = format!("{header}.{payload}");
    let tag = Hmac::<Sha512>::new_from_slice(SECRET).unwrap().chain_update(&signed).finalize();
    format!("{signed}.{}", encoded(tag.into_bytes()))
}

pub(crate) fn signed(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    signed_parts(&encoded(header), &encoded(payload))
}

/// What becomes of a token with this key, at this time.
pub(crate) fn verdict(token: &str, alias: Option<&[u8]>, validation: &Validation<'_>) -> Result<(), TokenError> {
    UntrustedToken::parse(token)?.verify(&key(), alias, validation).map(drop)
}

/// Xorshift: the same numbers in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}
