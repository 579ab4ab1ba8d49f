use pos_token_testbed::credentials::open_loyalty::{
    ADMIN_PASSWORD, ADMIN_USERNAME, MEMBER_PASSWORD, MEMBER_USERNAME, STORE_CODE,
};
use pos_token_testbed::{Server, start};
use serde_json::json;

use crate::client::{Answer, get, post_form, post_json};
use crate::token;

fn log_in(server: &Server, username: &str) -> Answer {
    post_json(server, "/api/admin/login_check", &json!({"username": username, "password": ADMIN_PASSWORD}))
}

fn refresh(server: &Server, path: &str, token: &str) -> Answer {
    post_json(server, path, &json!({"refresh_token": token}))
}

#[test]
fn an_admin_logs_in_refreshes_and_logs_out() {
    let server = start("openloyalty", 0).unwrap();
    let granted = log_in(&server, ADMIN_USERNAME);
    assert_eq!((granted.status, granted.field("server")), (200, Some("nginx")));
    let (access, refresh_token) = (granted.member("/token"), granted.member("/refresh_token"));
    assert!((560..=590).contains(&access.len()), "{}", access.len());
    assert_eq!(refresh_token.len(), 128);
    assert_eq!(token::parts(&access).0, r#"{"typ":"JWT","alg":"RS256"}"#);
    token::assert_ahead(&token::payload(&access)["exp"], 86_400);

    let me = get(&server, "/api/me", &format!("Bearer {access}"));
    assert_eq!(me.member("/username"), ADMIN_USERNAME);
    assert!(me.text().contains(r"https:\/\/cdn.example\/caf\u00e9\/\ud83d\udd11.png"), "{}", me.text());

    let second = refresh(&server, "/api/token/refresh", &refresh_token);
    assert_eq!((second.status, second.member("/refresh_token")), (200, refresh_token.clone()));
    assert_eq!(refresh(&server, "/api/DEFAULT/token/refresh", &refresh_token).status, 401);

    let gone = get(&server, "/api/token/revoke", &format!("Bearer {access}"));
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    assert_eq!(refresh(&server, "/api/token/refresh", &refresh_token).status, 401);
    // Access tokens live until they expire.
    assert_eq!(get(&server, "/api/me", &format!("Bearer {}", second.member("/token"))).status, 200);
    let denied = get(&server, "/api/token/revoke", "Bearer x");
    assert_eq!((denied.status, &denied.json()["code"]), (403, &json!(403)));
}

#[test]
fn a_member_belongs_to_a_store() {
    let server = start("openloyalty", 0).unwrap();
    let body = json!({"username": MEMBER_USERNAME, "password": MEMBER_PASSWORD});
    let granted = post_json(&server, &format!("/api/{STORE_CODE}/member/login_check"), &body);
    assert_eq!(granted.status, 200);
    let path = format!("/api/{STORE_CODE}/token/refresh");
    assert_eq!(refresh(&server, &path, &granted.member("/refresh_token")).status, 200);
    assert_eq!(post_json(&server, "/api/OTHER/member/login_check", &body).status, 404);
    assert_eq!(post_json(&server, "/api/%44EFAULT/member/login_check", &body).status, 200);
}

#[test]
fn refusals_have_code_and_message() {
    let server = start("openloyalty", 0).unwrap();
    let body = json!({"username": ADMIN_USERNAME, "password": "guess"});
    let wrong = post_json(&server, "/api/admin/login_check", &body);
    assert_eq!((wrong.status, wrong.text().as_str()), (401, r#"{"code":401,"message":"Invalid credentials."}"#));
    assert_eq!(post_form(&server, "/api/admin/login_check", &[("username", "a")]).status, 400);
}

#[test]
fn a_token_can_be_long_and_a_refresh_token_single_use() {
    let server = start("openloyalty", 0).unwrap();
    let length = log_in(&server, "long").member("/token").len();
    assert!((1450..=1550).contains(&length), "{length}");
    let old = log_in(&server, ADMIN_USERNAME).member("/refresh_token");
    let next = refresh(&server, "/~rotate/api/token/refresh", &old).member("/refresh_token");
    assert_ne!(next, old);
    assert_eq!(refresh(&server, "/api/token/refresh", &old).status, 401);
    assert_eq!(refresh(&server, "/api/token/refresh", &next).status, 200);
}
