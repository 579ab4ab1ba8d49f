#![no_main]
//! JWTs: no token is verified whose header, signature and claims a reference made of serde_json, hmac and base64ct
//! does not accept, and what is read of a token is what the reference reads.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::fuzz_target;
use pos_token::jwt::{Hs512Key, UntrustedToken, Validation};
use pos_token::time::UnixTime;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use sha2::Sha512;

const KEY: [u8; 64] = *b"the key of these tokens, which is sixty-four bytes long exactly.";
const ALIAS: &str = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512";
const NOW: i64 = 1_773_674_102;

fn mac(message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha512>::new_from_slice(&KEY).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// The object of a part; `Err` where the oracle cannot tell: it refuses halves of surrogate pairs and numbers that
/// an f64 does not hold in any member, ours only where they are wanted.
fn object(part: &str) -> Result<Option<Map<String, Value>>, Unknown> {
    let Ok(text) = Base64UrlUnpadded::decode_vec(part) else { return Ok(None) };
    // One byte order mark is skipped.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    match serde_json::from_slice(text) {
        Ok(object) => Ok(Some(object)),
        Err(_) if serde_json::from_slice::<&RawValue>(text).is_ok_and(|raw| raw.get().starts_with('{')) => Err(Unknown),
        Err(_) => Ok(None),
    }
}

struct Unknown;

/// What a token's claims are if it may be trusted.
fn reference(token: &[u8]) -> Result<Option<Map<String, Value>>, Unknown> {
    let Some((head, payload, rest)) = split(token) else { return Ok(None) };
    let (head, claims) = (object(head)?, object(payload)?);
    Ok(claims.filter(|claims| head.is_some_and(|head| trusted(token, &head, claims, rest).is_some())))
}

fn split(token: &[u8]) -> Option<(&str, &str, &str)> {
    let token = core::str::from_utf8(token).ok()?;
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { return None };
    Some((header, payload, signature))
}

fn trusted(token: &[u8], head: &Map<String, Value>, claims: &Map<String, Value>, signature: &str) -> Option<()> {
    let algorithm = head.get("alg")?.as_str()?;
    if !matches!(algorithm, "HS512" | ALIAS) || head.contains_key("crit") || head.contains_key("b64") {
        return None;
    }
    let tag = Base64UrlUnpadded::decode_vec(signature).ok()?;
    if tag != mac(&token[..token.len() - signature.len() - 1]) {
        return None;
    }
    // At 53 bits of precision, a time is known to a second for longer than there will be tills.
    let time = |name| match claims.get(name) {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.parse::<f64>().ok(),
        _ => None,
    };
    if time("exp")? <= NOW as f64 || time("nbf").is_some_and(|nbf| nbf > NOW as f64) {
        return None;
    }
    Some(())
}

fn check(token: &[u8]) {
    let key = Hs512Key::new(&KEY).unwrap();
    let parsed = match UntrustedToken::parse(token) {
        Ok(parsed) => parsed,
        Err(error) => return drop((error.to_string(), error.code())),
    };
    let peeked = parsed.peek();
    let validation = Validation::at(UnixTime::from_seconds(NOW));
    let verified = key.verify(&parsed, Some(ALIAS.as_bytes()), &validation);
    let mut buf = [0; 64];
    match &verified {
        Ok(claims) => {
            let Ok(theirs) = reference(token) else { return };
            let theirs = theirs.expect("verified by ours alone");
            let peeked = peeked.expect("what is verified can be peeked at");
            assert_eq!(peeked.expires_at(), claims.expires_at());
            assert_eq!(peeked.issued_at(), claims.issued_at());
            if let Some(exp) = theirs["exp"].as_i64() {
                assert_eq!(claims.expires_at().map(UnixTime::seconds), Some(exp));
            }
            for name in ["iss", "sub", "jti", "role", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"] {
                let ours = claims.copy_text(name, &mut buf);
                match (ours, theirs.get(name)) {
                    (Ok(Some(text)), Some(Value::String(theirs))) => assert_eq!(text, theirs.as_bytes()),
                    (Ok(None), None | Some(Value::Null)) => {}
                    (Ok(ours), theirs) => panic!("{name}: {ours:?}, and {theirs:?}"),
                    (Err(_), _) => {}
                }
                if let Some(Value::String(theirs)) = theirs.get(name)
                    && let Ok(is) = claims.text_is(name, theirs)
                {
                    assert!(is || theirs.contains('\0'), "{name}");
                }
            }
        }
        Err(error) => drop((error.to_string(), error.code(), format!("{error:?}"))),
    }
    if let Ok(claims) = peeked {
        let _claims = (claims.copy_text("sub", &mut buf), claims.audience_contains("till"), claims.number("n"));
        let none = Base64UrlUnpadded::encode_string(&[0; 64]);
        assert!(!token.ends_with(none.as_bytes()) || verified.is_err());
    }
}

fuzz_target!(|data: &[u8]| {
    // As it is.
    check(data);
    // Its first line as the header and the rest as the claims, in base64url and signed.
    let mut parts = data.splitn(2, |byte| *byte == b'\n');
    let (header, payload) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let mut token = Base64UrlUnpadded::encode_string(header) + "." + &Base64UrlUnpadded::encode_string(payload);
    let tag = mac(token.as_bytes());
    token = token + "." + &Base64UrlUnpadded::encode_string(&tag);
    check(token.as_bytes());
    // And its signature changed in one place.
    let last = data.last().copied().unwrap_or_default();
    let mut wrong = tag;
    wrong[usize::from(last) % 64] ^= (last | 1).rotate_left(3);
    token.truncate(token.len() - 86);
    token += &Base64UrlUnpadded::encode_string(&wrong);
    check(token.as_bytes());
});
