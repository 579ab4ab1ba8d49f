//! The README's table of sizes, row by row.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use pos_token::dialect::Purpose;
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, ZYPE};
use pos_token::{AnswerReader, Credentials, Endpoint, Outcome, TokenRequest, TokenStore};

/// The figures that the README has for this provider: arena and request.
fn documented(name: &str) -> [usize; 2] {
    let row = include_str!("../README.md")
        .lines()
        .find(|line| line.starts_with(&format!("| {name} | ")) && line.matches('|').count() == 6)
        .unwrap();
    let mut cells = row.split('|').skip(2).map(|cell| cell.trim().replace(',', ""));
    [(); 2].map(|()| cells.next().unwrap().parse().unwrap())
}

fn answer(access_name: &str, access: usize, refresh: usize) -> Vec<u8> {
    let mut body = format!("{{{access_name}\"{}\"", "x".repeat(access));
    if refresh > 0 {
        body += &format!(",\"refresh_token\":\"{}\"", "y".repeat(refresh));
    }
    body += if access_name.contains("results") { "}}" } else { "}" };
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

#[test]
fn arenas_hold_the_largest_tokens_twice() {
    let check = |name: &str, provider: &Provider<'_>, access_name: &str, access, refresh| {
        let [arena, _] = documented(name);
        let mut arena = vec![0; arena];
        let mut store = TokenStore::new(&mut arena);
        for _ in 0..3 {
            let mut reader = AnswerReader::new(provider, Purpose::LogIn, &mut store);
            let _ = reader.feed(&answer(access_name, access, refresh)).unwrap();
            assert!(matches!(reader.finish().unwrap().outcome, Outcome::Granted(_)), "{name}");
        }
    };
    check("LoyaltyDog", &LOYALTY_DOG, "\"accessToken\":", 400, 0);
    check("Zype", &ZYPE, "\"access_token\":", 64, 64);
    check("Loyalife", &LOYALIFE, "\"results\":{\"token\":", 890, 0);
    check("Open Loyalty", &OPEN_LOYALTY, "\"token\":", 1519, 128);
}

#[test]
fn requests_are_as_long_as_usual_credentials_make_them() {
    let check = |name: &str, provider: &Provider<'_>, purpose, host: &str, credentials| {
        let [_, request] = documented(name);
        let endpoint = Endpoint::https(host).user_agent("till/1.0");
        let len = TokenRequest::new(provider, purpose, credentials).unwrap().http_len(&endpoint).unwrap();
        assert!(len <= request && request < len + 100, "{name}: {len}");
    };
    let user = Credentials::new().username("till-0042@shop.example.com").password("a password of 24 bytes..");
    let client = user.client_id("0123456789abcdef0123456789abcdef").client_secret("0123456789abcdef0123456789abcdef");
    let member = client.scope(r#"["LOGIN","jane.doe@example.com"]"#);
    check("LoyaltyDog", &LOYALTY_DOG, Purpose::LogIn, "api.loyalty.dog", user);
    check("Zype", &ZYPE, Purpose::LogIn, "login.zype.com", client);
    check("Loyalife", &LOYALIFE, Purpose::LogIn, "loyalife-api.xoxoday.in", member);
    let refresh = "0123456789abcdef".repeat(8);
    let refresh = Credentials::new().refresh_token(refresh.as_str());
    check("Open Loyalty", &OPEN_LOYALTY, Purpose::Refresh, "loyalty.shop.example.com", refresh);
}
