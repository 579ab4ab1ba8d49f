use pos_token_testbed::credentials::loyalife::{
    AUDIENCE, CLIENT_ID, CLIENT_SECRET, ISSUER, RELATION_REFERENCE, SIGNING_KEY,
};
use pos_token_testbed::{Server, start};
use serde_json::{Value, json};

use crate::client::{Answer, get, post_form, post_json};
use crate::token;

const PATH: &str = "/lbms-ingress/oauth/api/Auth/Token";

fn log_in(server: &Server, client: &str, secret: &str, scope: Option<Value>) -> Answer {
    let mut body = json!({"grant_type": "client_credentials", "client_id": client, "client_secret": secret});
    if let Some(scope) = scope {
        body["scope"] = scope;
    }
    post_json(server, PATH, &body)
}

#[test]
fn a_token_is_signed_under_the_algorithm_s_uri() {
    let server = start("loyalife", 0).unwrap();
    let answer = log_in(&server, CLIENT_ID, CLIENT_SECRET, None);
    assert_eq!((answer.status, answer.field("server")), (200, Some("Kestrel")));
    assert!(answer.field("date").is_some());
    let token = answer.member("/results/token");
    let header = r#"{"alg":"http://www.w3.org/2001/04/xmldsig-more#hmac-sha512","typ":"JWT"}"#;
    assert_eq!(token::parts(&token).0, header);
    assert!(token::is_signed_with(&token, SIGNING_KEY));
    let claims = token::payload(&token);
    assert_eq!(claims["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"], json!(CLIENT_ID));
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(ISSUER), &json!(AUDIENCE)));
    token::assert_ahead(&claims["exp"], 1800);
    token::assert_ahead(&claims["nbf"], 0);
    let expiry = answer.member("/results/tokenExpiresOn");
    assert_eq!((expiry.len(), &expiry[19..20], &expiry[27..]), (28, ".", "Z"));
    assert_eq!(get(&server, "/lbms-ingress/api/me", &format!("bearer {token}")).status, 200);
    assert_eq!(get(&server, "/lbms-ingress/api/me", "bearer x").status, 401);
}

#[test]
fn a_scope_is_an_array_inside_a_string() {
    let server = start("loyalife", 0).unwrap();
    let scope = json!(["LOGIN", RELATION_REFERENCE]);
    let granted = log_in(&server, CLIENT_ID, CLIENT_SECRET, Some(json!(scope.to_string())));
    let authorization = format!("bearer {}", granted.member("/results/token"));
    let me = get(&server, "/lbms-ingress/api/me", &authorization);
    assert_eq!(me.member("/results/relationReference"), RELATION_REFERENCE);
    for wrong in [scope, json!("LOGIN"), json!("[\"LOGIN\"]"), json!("[\"LOGIN\",\"\"]"), json!("[\"X\",\"a\"]")] {
        let refused = log_in(&server, CLIENT_ID, CLIENT_SECRET, Some(wrong));
        assert_eq!((refused.status, refused.member("/results/ErrorCode").as_str()), (400, "998"));
    }
}

#[test]
fn a_failure_may_have_status_200() {
    let server = start("loyalife", 0).unwrap();
    let wrong = log_in(&server, CLIENT_ID, "guess", None);
    assert_eq!((wrong.status, &wrong.json()["results"]["IsSucessful"]), (200, &json!(false)));
    assert_eq!(wrong.member("/results/ErrorCode"), "998");
    let form = post_form(&server, PATH, &[("grant_type", "client_credentials")]);
    assert_eq!((form.status, form.member("/results/ErrorCode").as_str()), (400, "999"));
    assert_eq!(log_in(&server, "exception", CLIENT_SECRET, None).member("/results/ErrorCode"), "997");
}

#[test]
fn an_offset_is_escaped() {
    let server = start("loyalife", 0).unwrap();
    let answer = log_in(&server, "offset", CLIENT_SECRET, None);
    assert!(answer.text().contains("\\u002B05:30"), "{}", answer.text());
    assert!(answer.member("/results/tokenExpiresOn").ends_with("+05:30"));
}
