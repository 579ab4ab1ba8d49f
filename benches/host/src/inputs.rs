//! The bytes of `benches/inputs`, and what they mean.

macro_rules! input {
    ($name:literal) => {
        include_bytes!(concat!("../../inputs/", $name))
    };
}

pub const W1: &[u8] = input!("w1.json");
pub const W2: &[u8] = input!("w2.json");
pub const JWT: &str = include_str!("../../inputs/jwt.txt");
pub const PAYLOAD: &[u8] = input!("jwt_payload.json");
pub const KEY: &[u8; 64] = input!("key.bin");
pub const W4_JSON: &[u8] = input!("w4_expected.json");
pub const W4_FORM: &[u8] = input!("w4_expected.form");
pub const W5: &[u8] = input!("w5.http");
pub const W6_LOYALTY_DOG: &[u8] = input!("w6_loyalty_dog.http");
pub const W6_ZYPE: &[u8] = input!("w6_zype.http");
pub const W6_LOYALIFE: &[u8] = input!("w6_loyalife.http");
pub const W6_OPEN_LOYALTY: &[u8] = input!("w6_open_loyalty.http");

pub const ZYPE_ACCESS: &str = "a0561fd649cdb6baa784055f051bad796ea0afef17fca38219549deeba4e8c1a";
pub const ZYPE_REFRESH: &str = "d6cc0a088c07683c65cd266860cab8d94b3a1937b17420d9da30ca299c09fb77";

/// What `meta.json` says.
#[derive(serde::Deserialize)]
pub struct Meta {
    pub creds: Credentials,
    pub exp: i64,
    pub now_ok: i64,
}

#[derive(serde::Deserialize)]
pub struct Credentials {
    pub client_id: String,
    pub client_secret: String,
    pub username: String,
    pub password: String,
}

pub fn meta() -> Meta {
    serde_json::from_slice(input!("meta.json")).unwrap()
}
