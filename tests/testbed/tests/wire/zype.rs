use pos_token_testbed::credentials::zype::{CLIENT_ID, CLIENT_SECRET, LINKED_DEVICE_ID, PASSWORD, PIN, USERNAME};
use pos_token_testbed::{Server, start};
use serde_json::{Value, json};

use crate::client::{Answer, get, post_form, post_json, post_request, send};
use crate::token;

fn body(more: Value) -> Value {
    let mut body = json!({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET});
    body.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
    body
}

fn log_in(server: &Server) -> Answer {
    let body = body(json!({"grant_type": "password", "username": USERNAME, "password": PASSWORD}));
    post_json(server, "/oauth/token", &body)
}

fn refresh(server: &Server, token: &str) -> Answer {
    post_json(server, "/oauth/token", &body(json!({"grant_type": "refresh_token", "refresh_token": token})))
}

fn me(server: &Server, token: &str) -> u16 {
    get(server, "/api/me", &format!("Bearer {token}")).status
}

#[test]
fn an_answer_looks_like_puma() {
    let server = start("zype", 0).unwrap();
    let answer = log_in(&server);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.field("date"), None);
    assert_eq!(answer.field("content-length"), None);
    assert_eq!(answer.field("transfer-encoding"), Some("chunked"));
    assert!((450..=530).contains(&answer.head.len()), "{}", answer.head.len());
    assert!((200..=250).contains(&answer.body.len()), "{}", answer.body.len());
    assert_eq!(answer.member("/access_token").len(), 43);
    assert_eq!(answer.json()["expires_in"], json!(7200));
    token::assert_ahead(&answer.json()["created_at"], 0);
}

#[test]
fn form_and_json_and_linked_devices_are_accepted() {
    let server = start("zype", 0).unwrap();
    let device = json!({"grant_type": "password", "linked_device_id": LINKED_DEVICE_ID, "pin": PIN});
    assert_eq!(post_json(&server, "/oauth/token", &body(device)).status, 200);
    let device = json!({"grant_type": "password", "linked_device_id": LINKED_DEVICE_ID, "pin": "zizm528"});
    assert_eq!(post_json(&server, "/oauth/token", &body(device)).status, 400);
    let pairs = [
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("grant_type", "password"),
        ("username", USERNAME),
        ("password", PASSWORD),
    ];
    assert_eq!(post_form(&server, "/oauth/token", &pairs).status, 200);
}

#[test]
fn old_tokens_die_when_the_new_one_is_first_used() {
    let server = start("zype", 0).unwrap();
    let first = log_in(&server);
    let (access, old) = (first.member("/access_token"), first.member("/refresh_token"));
    let lost = refresh(&server, &old);
    assert_eq!(lost.status, 200);
    assert_eq!(me(&server, &access), 200);
    // The answer was lost: the old refresh token still works.
    let second = refresh(&server, &old);
    assert_eq!(second.status, 200);
    assert_ne!(second.member("/refresh_token"), old);
    assert_eq!(me(&server, &second.member("/access_token")), 200);
    let refused = refresh(&server, &old);
    assert_eq!((refused.status, refused.member("/error").as_str()), (400, "invalid_grant"));
    assert_eq!(me(&server, &access), 401);
    assert_eq!(refresh(&server, &second.member("/refresh_token")).status, 200);
}

#[test]
fn refusals_carry_a_challenge_with_commas_inside_quotes() {
    let server = start("zype", 0).unwrap();
    let wrong = body(json!({"grant_type": "password", "username": USERNAME, "password": "guess"}));
    let wrong = post_json(&server, "/oauth/token", &wrong);
    assert_eq!((wrong.status, wrong.member("/error").as_str()), (400, "invalid_grant"));
    assert!(wrong.field("www-authenticate").unwrap().contains("invalid, expired, revoked"));
    assert!((650..=760).contains(&wrong.head.len()), "{}", wrong.head.len());

    let stranger = json!({"client_id": CLIENT_ID, "client_secret": "x", "grant_type": "password"});
    let stranger = post_json(&server, "/oauth/token", &stranger);
    assert_eq!((stranger.status, stranger.member("/error").as_str()), (401, "invalid_client"));

    let other = post_json(&server, "/oauth/token", &body(json!({"grant_type": "client_credentials"})));
    assert_eq!(other.member("/error"), "unsupported_grant_type");

    let malformed = send(&server, &post_request(&server, "/oauth/token", "application/json", "", "{\"a\":"));
    assert_eq!((malformed.status, malformed.body.len()), (400, 0));
    assert!(malformed.field("content-type").unwrap().starts_with("text/html"));
}

#[test]
fn a_revoked_token_is_dead() {
    let server = start("zype", 0).unwrap();
    let granted = log_in(&server);
    let (access, refresh_token) = (granted.member("/access_token"), granted.member("/refresh_token"));
    let revoke = |body: Value| post_json(&server, "/oauth/revoke", &body);
    assert_eq!(revoke(json!({"token": access})).status, 403);
    for _ in 0..2 {
        let answer = revoke(body(json!({"token": access})));
        assert_eq!((answer.status, answer.text().as_str()), (200, "{}"));
    }
    assert_eq!(me(&server, &access), 401);
    assert_eq!(refresh(&server, &refresh_token).status, 400);
    assert_eq!(server.count("POST", "/oauth/revoke"), 3);
}
