//! The tokens that the servers sign.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;

use crate::encoding::base64url;
use crate::{Scenario, random};

/// A JWT of this header and payload, signed with HMAC-SHA512. Nothing in them is looked at: a test can sign what it
/// likes.
pub fn sign_hs512(header: &str, payload: &str, key: &[u8]) -> String {
    let signed = signed_part(header, payload);
    let mac = Hmac::<Sha512>::new_from_slice(key).expect("HMAC takes a key of any length").chain_update(&signed);
    format!("{signed}.{}", base64url(&mac.finalize().into_bytes()))
}

/// A JWT that looks like one of RS256 with a 2048-bit key: its signature is 256 pseudo-random bytes, so no key verifies
/// it. That is enough, since a till has no key of such a provider and only reads the times.
pub fn look_like_rs256(payload: &str) -> String {
    let signed = signed_part(r#"{"typ":"JWT","alg":"RS256"}"#, payload);
    format!("{signed}.{}", base64url(&random::bytes(256)))
}

/// A JWT with `alg` `none` and an empty signature, which nobody may accept.
pub fn unsigned(payload: &str) -> String {
    signed_part(r#"{"alg":"none","typ":"JWT"}"#, payload) + "."
}

/// A signed token, or one that a scenario spoils.
pub(crate) fn shaped(header: &str, payload: &str, key: &[u8], scenario: Scenario) -> String {
    match scenario {
        Scenario::Unsigned => unsigned(payload),
        Scenario::Forged => {
            let token = sign_hs512(header, payload, key);
            // Not the last characters: their unused bits would make it malformed, not forged.
            let signed = token.len() - 8;
            let forged = if &token[signed..signed + 4] == "AAAA" { "BBBB" } else { "AAAA" };
            format!("{}{forged}{}", &token[..signed], &token[signed + 4..])
        }
        _ => sign_hs512(header, payload, key),
    }
}

fn signed_part(header: &str, payload: &str) -> String {
    format!("{}.{}", base64url(header.as_bytes()), base64url(payload.as_bytes()))
}
