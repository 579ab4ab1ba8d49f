use pos_token_testbed::credentials::loyalty_dog::{MFA_CODE, MFA_USERNAME, PASSWORD, SIGNING_KEY, USERNAME};
use pos_token_testbed::{Server, start};
use serde_json::{Value, json};

use crate::client::{Answer, get, post_form, post_json};
use crate::token;

fn log_in(server: &Server, username: &str, password: &str) -> Answer {
    post_form(server, "/v2/token", &[("grant_type", "password"), ("username", username), ("password", password)])
}

#[test]
fn a_log_in_gives_a_signed_token_that_the_api_takes() {
    let server = start("loyaltydog", 0).unwrap();
    let answer = log_in(&server, USERNAME, PASSWORD);
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("\r\nserver: uvicorn\r\n"), "{}", answer.head);
    assert!(answer.head.contains("\r\ncontent-length: ") && answer.head.contains("\r\ndate: "), "{}", answer.head);
    let token = answer.member("/accessToken");
    assert!(token::is_signed_with(&token, SIGNING_KEY));
    token::assert_ahead(&token::payload(&token)["exp"], 3600);
    token::assert_ahead(&token::payload(&token)["iat"], 0);
    assert_eq!(answer.json()["mfaPending"], json!(false));
    assert_eq!(answer.json()["pendingToken"], Value::Null);
    assert_eq!(get(&server, "/v2/me", &format!("bEARER {token}")).member("/username"), USERNAME);
    assert_eq!(get(&server, "/v2/me", &format!("Bearer {token}x")).status, 401);
    server.revoke_everything();
    assert_eq!(get(&server, "/v2/me", &format!("Bearer {token}")).status, 401);
}

#[test]
fn refusals_have_a_detail_of_two_types() {
    let server = start("loyaltydog", 0).unwrap();
    let wrong = log_in(&server, USERNAME, "guess");
    assert_eq!((wrong.status, wrong.text().as_str()), (401, r#"{"detail":"Incorrect username or password"}"#));
    assert_eq!(wrong.body.len(), 43);

    // What FastAPI itself answers, to the byte.
    let missing = post_form(&server, "/v2/token", &[("username", USERNAME)]);
    let body = r#"{"detail":[{"type":"missing","loc":["body","password"],"msg":"Field required","input":null}]}"#;
    assert_eq!((missing.status, missing.text().as_str()), (422, body));

    let echo = post_json(&server, "/v2/token", &json!({"username": USERNAME, "password": PASSWORD}));
    assert_eq!((echo.status, echo.member("/detail/0/input/password").as_str()), (422, PASSWORD));

    let echo = log_in(&server, "echo@example.com", PASSWORD);
    assert_eq!((echo.status, echo.member("/detail/0/input/password").as_str()), (422, PASSWORD));

    let grant = [("grant_type", "client_credentials"), ("username", USERNAME), ("password", PASSWORD)];
    assert_eq!(post_form(&server, "/v2/token", &grant).member("/detail/0/type"), "string_pattern_mismatch");
    assert!(server.complaints().is_empty());
}

#[test]
fn the_second_factor_takes_a_code() {
    let server = start("loyaltydog", 0).unwrap();
    let answer = log_in(&server, MFA_USERNAME, PASSWORD);
    assert_eq!((answer.status, &answer.json()["mfaPending"]), (200, &json!(true)));
    assert_eq!(answer.json()["accessToken"], Value::Null);
    let pending = answer.member("/pendingToken");
    let verify = |body: Value| post_json(&server, "/v2/token/mfa-verify", &body);

    assert_eq!(verify(json!({"pendingToken": pending, "code": "000000"})).status, 401);
    let echo = verify(json!({"pendingToken": pending}));
    assert_eq!((echo.status, echo.member("/detail/0/input/pendingToken")), (422, pending.clone()));
    let granted = verify(json!({"pendingToken": pending, "code": MFA_CODE}));
    assert_eq!(granted.status, 200);
    let authorization = format!("Bearer {}", granted.member("/accessToken"));
    assert_eq!(get(&server, "/v2/me", &authorization).member("/username"), MFA_USERNAME);
    assert_eq!(verify(json!({"pendingToken": pending, "code": MFA_CODE})).status, 401);
}
