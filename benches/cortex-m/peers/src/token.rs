//! W3: a JWT by HS512, its header, `exp` and `nbf`.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac_sha512::HMAC;
use serde::Deserialize;

use crate::Job;

#[derive(Deserialize)]
struct Header<'a> {
    alg: &'a str,
}

#[derive(Deserialize)]
struct Claims {
    nbf: Option<i64>,
    exp: i64,
}

/// The three libraries together: all of W3.
pub fn verify(job: &mut Job) -> Option<usize> {
    let (signed, header, payload, signature) = parts(job.text())?;
    let (mut tag, mut text) = ([0; 64], [0; 384]);
    if Base64UrlUnpadded::decode(signature, &mut tag).ok()?.len() != 64 || !HMAC::verify(signed, job.key(), &tag) {
        return None;
    }
    let json = Base64UrlUnpadded::decode(header, &mut text).ok()?;
    let (header, _) = serde_json_core::from_slice::<Header<'_>>(json).ok()?;
    if header.alg != "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512" {
        return None;
    }
    let json = Base64UrlUnpadded::decode(payload, &mut text).ok()?;
    let (claims, _) = serde_json_core::from_slice::<Claims>(json).ok()?;
    if claims.exp <= job.now || claims.nbf.is_some_and(|from| from > job.now) {
        return None;
    }
    let mut out = job.out();
    out.push(&[1])?;
    Some(out.len)
}

/// The MAC alone.
pub fn mac(job: &mut Job) -> Option<usize> {
    let (signed, ..) = parts(job.text())?;
    let tag = HMAC::mac(signed, job.key());
    let mut out = job.out();
    out.push(&tag)?;
    Some(out.len)
}

/// The three parts, decoded.
pub fn decode(job: &mut Job) -> Option<usize> {
    let (_, header, payload, signature) = parts(job.text())?;
    let out = job.out();
    let mut len = 0;
    for part in [header, payload, signature] {
        len += Base64UrlUnpadded::decode(part, out.buf.get_mut(len..)?).ok()?.len();
    }
    Some(len)
}

/// What is signed, and the three parts.
fn parts(token: &[u8]) -> Option<(&[u8], &[u8], &[u8], &[u8])> {
    let end = token.iter().rposition(|byte| *byte == b'.')?;
    let (signed, signature) = (token.get(..end)?, token.get(end + 1..)?);
    let middle = signed.iter().position(|byte| *byte == b'.')?;
    Some((signed, signed.get(..middle)?, signed.get(middle + 1..)?, signature))
}
