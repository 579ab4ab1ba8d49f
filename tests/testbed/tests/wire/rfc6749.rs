use base64ct::{Base64, Encoding};
use pos_token_testbed::credentials::rfc6749::{CLIENT_ID, CLIENT_SECRET, PASSWORD, SCOPE, USERNAME};
use pos_token_testbed::{Server, start};
use serde_json::json;

use crate::client::{Answer, form_text, get, post_form, post_form_with};

const PASSWORD_GRANT: [(&str, &str); 3] = [("grant_type", "password"), ("username", USERNAME), ("password", PASSWORD)];

/// An `Authorization` line of HTTP Basic with these two texts as they are.
fn basic(id: &str, secret: &str) -> String {
    let pair = format!("{id}:{secret}");
    let mut buffer = vec![0; Base64::encoded_len(pair.as_bytes())];
    format!("Authorization: basic {}\r\n", Base64::encode(pair.as_bytes(), &mut buffer).unwrap())
}

fn post(server: &Server, path: &str, pairs: &[(&str, &str)]) -> Answer {
    post_form_with(server, path, &basic(&form_text(CLIENT_ID), &form_text(CLIENT_SECRET)), pairs)
}

#[test]
fn a_client_shows_itself_by_basic_or_in_the_body() {
    let server = start("rfc6749", 0).unwrap();
    let grant = ("grant_type", "client_credentials");
    let granted = post(&server, "/token", &[grant]);
    assert_eq!((granted.status, granted.member("/scope").as_str()), (200, SCOPE));
    assert_eq!((&granted.json()["expires_in"], granted.json().get("refresh_token")), (&json!(3600), None));
    let body = [grant, ("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)];
    assert_eq!(post_form(&server, "/token", &body).status, 200);
    let twice = post(&server, "/token", &body);
    assert_eq!((twice.status, twice.member("/error").as_str()), (400, "invalid_request"));
    // Not form-encoded before base64: the identifier's colon moves the boundary.
    let raw = post_form_with(&server, "/token", &basic(CLIENT_ID, CLIENT_SECRET), &[grant]);
    assert_ne!(raw.status, 200);
    let nobody = post_form(&server, "/token", &[grant]);
    assert_eq!((nobody.status, nobody.member("/error").as_str()), (401, "invalid_client"));
    assert!(nobody.field("www-authenticate").unwrap().starts_with("Basic realm=\"testbed, "));
}

#[test]
fn a_refresh_token_is_single_use() {
    let server = start("rfc6749", 0).unwrap();
    let granted = post(&server, "/token", &PASSWORD_GRANT);
    let (access, old) = (granted.member("/access_token"), granted.member("/refresh_token"));
    assert_eq!(get(&server, "/api/me", &format!("BEARER {access}")).member("/sub"), USERNAME);
    let refresh = |token: &str| post(&server, "/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]);
    let next = refresh(&old);
    assert_eq!(next.status, 200);
    assert_eq!(refresh(&old).member("/error"), "invalid_grant");
    assert_eq!(refresh(&next.member("/refresh_token")).status, 200);
}

#[test]
fn revocation_and_refusals() {
    let server = start("rfc6749", 0).unwrap();
    let access = post(&server, "/token", &PASSWORD_GRANT).member("/access_token");
    for _ in 0..2 {
        let answer = post(&server, "/revoke", &[("token", &access), ("token_type_hint", "access_token")]);
        assert_eq!((answer.status, answer.body.len()), (200, 0));
    }
    let me = get(&server, "/api/me", &format!("Bearer {access}"));
    assert_eq!((me.status, me.member("/error").as_str()), (401, "invalid_token"));
    assert_eq!(post_form(&server, "/revoke", &[("token", &access)]).status, 401);

    let wrong = [("grant_type", "password"), ("username", USERNAME), ("password", "guess")];
    assert_eq!(post(&server, "/token", &wrong).member("/error"), "invalid_grant");
    assert_eq!(post(&server, "/token", &[("grant_type", "x")]).member("/error"), "unsupported_grant_type");
    let doubled = post(&server, "/token", &[("grant_type", "password"), ("grant_type", "password")]);
    assert_eq!((doubled.status, doubled.member("/error").as_str()), (400, "invalid_request"));
}
