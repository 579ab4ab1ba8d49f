//! Taking a JWT apart.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};

/// Header and payload, as text.
pub fn parts(token: &str) -> (String, String) {
    let [header, payload, _] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
    (decode(header), decode(payload))
}

pub fn payload(token: &str) -> Value {
    serde_json::from_str(&parts(token).1).unwrap()
}

/// Whether the token is what the testbed's signer makes of its header and payload.
pub fn is_signed_with(token: &str, key: &[u8]) -> bool {
    let (header, payload) = parts(token);
    pos_token_testbed::jwt::sign_hs512(&header, &payload, key) == token
}

pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

/// Asserts that a time is this many seconds ahead, give or take a slow machine.
pub fn assert_ahead(time: &Value, seconds: i64) {
    let ahead = time.as_i64().expect("an integer") - now();
    assert!((seconds - 20..=seconds).contains(&ahead), "{ahead} is not about {seconds}");
}

fn decode(part: &str) -> String {
    let mut bytes = vec![0; part.len()];
    String::from_utf8(Base64UrlUnpadded::decode(part, &mut bytes).unwrap().to_owned()).unwrap()
}
