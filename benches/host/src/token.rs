//! W3: a JWT by HS512, its header, `exp` and `nbf`.

use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwt_compact::AlgorithmExt;
use jwt_simple::prelude::{HS512Key, MACLike, NoCustomClaims, UnixTimeStamp, VerificationOptions};
use pos_token::jwt::{Hs512Key, UntrustedToken, Validation};
use pos_token::{provider, time::UnixTime};
use ring::hmac;
use serde::Deserialize;
use sha2::block_api::compress512;

use crate::inputs::{JWT, KEY, PAYLOAD, meta};
use crate::{Job, Work};

const DOTNET: &str = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512";

/// The same payload under a header that every library takes.
pub(crate) fn plain(payload: &[u8]) -> &'static str {
    let mut token = URL_SAFE_NO_PAD.encode(br#"{"alg":"HS512","typ":"JWT"}"#);
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(payload));
    let tag = hmac::sign(&ring_key(), token.as_bytes());
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(tag));
    token.leak()
}

fn our_key() -> Hs512Key {
    Hs512Key::new(black_box(KEY)).unwrap()
}

fn ring_key() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA512, black_box(KEY))
}

/// Verifies with a key that was prepared before, or is made anew each time.
fn with_key<K: 'static>(
    is_prepared: bool,
    make: impl Fn() -> K + 'static,
    mut verify: impl FnMut(&K) -> bool + 'static,
) -> Job {
    let prepared = is_prepared.then(&make);
    Box::new(move || match &prepared {
        Some(key) => verify(key),
        None => verify(&make()),
    })
}

pub(crate) fn ours(token: &'static str, is_prepared: bool) -> Job {
    let meta = meta();
    let (now, expected) = (UnixTime::from_seconds(meta.now_ok), Some(UnixTime::from_seconds(meta.exp)));
    with_key(is_prepared, our_key, move |key| {
        UntrustedToken::parse(token)
            .and_then(|token| key.verify(&token, provider::LOYALIFE.settings.hs512_alias, &Validation::at(now)))
            .is_ok_and(|claims| claims.expires_at() == expected)
    })
}

/// What is signed, and the three parts.
fn parts(token: &str) -> Option<(&str, &str, &str, &str)> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    Some((signed, header, payload, signature))
}

#[derive(Deserialize)]
struct Header<'a> {
    alg: &'a str,
}

#[derive(Deserialize)]
struct Times {
    exp: i64,
    nbf: Option<i64>,
}

/// ring's HMAC, base64 and serde_json, as a program composes them.
fn composed(token: &str, key: &hmac::Key, now: i64, text: &mut Vec<u8>) -> Option<bool> {
    let decode = |part: &str, text: &mut Vec<u8>| {
        text.clear();
        URL_SAFE_NO_PAD.decode_vec(part, text).ok()
    };
    let (signed, header, payload, signature) = parts(token)?;
    decode(signature, text)?;
    hmac::verify(key, signed.as_bytes(), text).ok()?;
    decode(header, text)?;
    let is_hs512 = matches!(serde_json::from_slice::<Header<'_>>(text).ok()?.alg, "HS512" | DOTNET);
    decode(payload, text)?;
    let times = serde_json::from_slice::<Times>(text).ok()?;
    Some(is_hs512 && now < times.exp && times.nbf.is_none_or(|from| from <= now))
}

fn by_ring(token: &'static str, is_prepared: bool) -> Job {
    let (now, mut text) = (meta().now_ok, Vec::with_capacity(16 * 1024));
    with_key(is_prepared, ring_key, move |key| composed(token, key, now, &mut text) == Some(true))
}

fn mac_of(token: &'static str) -> (&'static [u8], Vec<u8>) {
    let (signed, _, _, signature) = parts(token).unwrap();
    (signed.as_bytes(), URL_SAFE_NO_PAD.decode(signature).unwrap())
}

/// The compressions that the HMAC of this token takes with a prepared key: whole blocks of what is signed together, then
/// its last one, then the one of the outer hash. What stands in the blocks makes no difference to SHA-512.
pub(crate) fn floor(token: &'static str) -> Job {
    let (signed, _) = mac_of(token);
    let last = (signed.len() % 128 + 17).div_ceil(128);
    let (whole, _) = signed.as_chunks::<128>();
    let (mut state, block) = ([0x5a; 8], [0x36; 128]);
    Box::new(move || {
        compress512(&mut state, black_box(whole));
        for _ in 0..last + 1 {
            compress512(&mut state, std::slice::from_ref(black_box(&block)));
        }
        black_box(&state);
        true
    })
}

/// jsonwebtoken takes the system's time, so the leeway makes it one at which the token is good.
pub(crate) fn by_jsonwebtoken(token: &'static str, is_prepared: bool) -> Job {
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::HS512);
    validation.leeway = 10 * 365 * 86_400;
    validation.validate_nbf = true;
    validation.validate_aud = false;
    let expected = meta().exp;
    let make = || jsonwebtoken::DecodingKey::from_secret(black_box(KEY));
    with_key(is_prepared, make, move |key| {
        jsonwebtoken::decode::<Times>(token, key, &validation).is_ok_and(|token| token.claims.exp == expected)
    })
}

fn by_jwt_simple(token: &'static str, is_prepared: bool) -> Job {
    let (now, expected) = (meta().now_ok.unsigned_abs(), meta().exp.unsigned_abs());
    let make = || HS512Key::from_bytes(black_box(KEY));
    with_key(is_prepared, make, move |key| {
        let options = VerificationOptions {
            artificial_time: Some(UnixTimeStamp::from_secs(now)),
            ..VerificationOptions::default()
        };
        key.verify_token::<NoCustomClaims>(token, Some(options))
            .is_ok_and(|claims| claims.expires_at.is_some_and(|at| at.as_secs() == expected))
    })
}

fn by_jwt_compact(token: &'static str, is_prepared: bool) -> Job {
    use jwt_compact::alg::{Hs512, Hs512Key};
    let meta = meta();
    let now = chrono::DateTime::from_timestamp(meta.now_ok, 0).unwrap();
    let options = jwt_compact::TimeOptions::new(chrono::Duration::zero(), move || now);
    let make = || Hs512Key::new(black_box(KEY));
    with_key(is_prepared, make, move |key| {
        let Ok(token) = jwt_compact::UntrustedToken::new(token) else { return false };
        let Ok(token) = Hs512.validator::<jwt_compact::Empty>(key).validate(&token) else { return false };
        let claims = token.claims();
        claims.validate_expiration(&options).is_ok()
            && claims.validate_maturity(&options).is_ok()
            && claims.expiration.is_some_and(|at| at.timestamp() == meta.exp)
    })
}

pub(crate) const COMPOSED: &str = "composed by hand; nothing is wiped";

pub fn works() -> Vec<Work> {
    let mut works = vec![
        Work::new("w3_cold", "W3: its JWT of 523 bytes, `alg` a URI: key prepared, verified", || ours(JWT, false))
            .beside("ring, base64, serde_json", COMPOSED, || by_ring(JWT, false)),
        Work::new("w3_prepared", "W3 with a key that was prepared before", || ours(JWT, true))
            .beside("ring, base64, serde_json", COMPOSED, || by_ring(JWT, true))
            .beside("ring's HMAC", "of the work, the MAC alone", || {
                let (key, (signed, tag)) = (ring_key(), mac_of(JWT));
                Box::new(move || hmac::verify(&key, signed, &tag).is_ok())
            })
            .beside(FLOOR, "of the work, the five compressions that it needs", || floor(JWT)),
    ];
    for (is_prepared, name, title) in [
        (false, "w3_plain_cold", "W3 with `HS512` for the URI, 463 bytes: key prepared, verified"),
        (true, "w3_plain_prepared", "the same with a key that was prepared before"),
    ] {
        works.push(
            Work::new(name, title, move || ours(plain(PAYLOAD), is_prepared))
                .beside("jsonwebtoken", "at the system's time", move || by_jsonwebtoken(plain(PAYLOAD), is_prepared))
                .beside("jwt-simple", "", move || by_jwt_simple(plain(PAYLOAD), is_prepared))
                .beside("jwt-compact", "", move || by_jwt_compact(plain(PAYLOAD), is_prepared))
                .beside("ring, base64, serde_json", COMPOSED, move || by_ring(plain(PAYLOAD), is_prepared)),
        );
    }
    works
}

/// What sha2's compressions alone are called.
pub const FLOOR: &str = "sha2, the floor";
