//! Every scenario does on the wire what its line in the table says.

use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

use pos_token_testbed::credentials::{loyalife, loyalty_dog, open_loyalty, rfc6749, zype};
use pos_token_testbed::{Scenario, Testbed};
use serde_json::json;

use crate::client::{Answer, exchange, form, get, parse, post_json, post_request, send};
use crate::token;

const LOYALIFE_PATH: &str = "/lbms-ingress/oauth/api/Auth/Token";

/// A Zype log-in under this username.
fn request(testbed: &Testbed, username: &str) -> String {
    let body = json!({
        "client_id": zype::CLIENT_ID, "client_secret": zype::CLIENT_SECRET,
        "grant_type": "password", "username": username, "password": zype::PASSWORD,
    });
    post_request(&testbed.zype, "/oauth/token", "application/json", "", &body.to_string())
}

fn log_in(testbed: &Testbed, username: &str) -> Answer {
    send(&testbed.zype, &request(testbed, username))
}

fn raw(testbed: &Testbed, username: &str) -> Vec<u8> {
    exchange(&testbed.zype, &request(testbed, username))
}

#[test]
fn strangers_answer_in_the_provider_s_place() {
    let testbed = Testbed::start();
    let expected = [
        ("portal@example.com", 200, "text/html; charset=utf-8"),
        ("portal-big", 200, "text/html; charset=utf-8"),
        ("blocked", 403, "text/html; charset=utf-8"),
        ("broken", 500, "text/html; charset=utf-8"),
        ("busy", 429, "application/json"),
        ("busy-bare", 429, "application/json"),
        ("busy-date", 503, "text/html; charset=utf-8"),
        ("redirect", 302, "text/html; charset=utf-8"),
        ("no-token", 200, "application/json"),
    ];
    for (name, status, content_type) in expected {
        let answer = log_in(&testbed, name);
        assert_eq!((answer.status, answer.field("content-type")), (status, Some(content_type)), "{name}");
    }
    assert_eq!(log_in(&testbed, "busy").field("retry-after"), Some("30"));
    assert_eq!(log_in(&testbed, "busy-bare").field("retry-after"), None);
    assert!(log_in(&testbed, "busy-date").field("retry-after").unwrap().ends_with(" GMT"));
    assert!(log_in(&testbed, "redirect").field("location").is_some());
    assert!(log_in(&testbed, "portal-big").body.len() > 50_000);
    assert_eq!(log_in(&testbed, "empty").body.len(), 0);
    assert_eq!(raw(&testbed, "hangup"), b"");
    assert!(raw(&testbed, "garbage").starts_with(b"SSH-"));
    assert!(testbed.complaints().is_empty());
}

#[test]
fn silence_lasts_until_the_client_gives_up() {
    let testbed = Testbed::start();
    let mut stream = TcpStream::connect(testbed.zype.addr()).unwrap();
    std::io::Write::write_all(&mut stream, request(&testbed, "silent").as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    assert!(stream.read(&mut [0]).is_err());
}

#[test]
fn the_answer_arrives_in_other_ways_and_says_the_same() {
    let testbed = Testbed::start();
    for name in ["drip", "modem", "chunks", "until-close", "big-head", "escaped"] {
        let answer = log_in(&testbed, name);
        assert_eq!((answer.status, answer.member("/access_token").len()), (200, 43), "{name}");
    }
    assert!(log_in(&testbed, "big-head").head.len() > 4000);
    assert!(log_in(&testbed, "until-close").head.starts_with("HTTP/1.0 200 OK\r\n"));
    let chunks = log_in(&testbed, "chunks");
    assert!(chunks.raw.ends_with(b"0\r\nX-Checksum: none\r\n\r\n"));

    let interim = raw(&testbed, "interim");
    let rest = interim.strip_prefix(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
    let last = rest.windows(12).position(|window| window == b"HTTP/1.1 200").unwrap();
    assert_eq!(parse(rest[last..].to_owned()).member("/access_token").len(), 43);
}

#[test]
fn the_answer_is_spoilt() {
    let testbed = Testbed::start();
    let gzip = log_in(&testbed, "gzip");
    assert_eq!((gzip.field("content-encoding"), &gzip.body[..2]), (Some("gzip"), &b"\x1f\x8b"[..]));
    assert!(log_in(&testbed, "bom").body.starts_with(b"\xEF\xBB\xBF{"));
    assert!(log_in(&testbed, "malformed").body.ends_with(b"]"));
    assert!(!raw(&testbed, "truncated").ends_with(b"0\r\n\r\n"));
    assert!(raw(&testbed, "trailing").ends_with(b"0\r\n\r\nHTTP/1.1 408 Request Timeout\r\n\r\n"));
    let both = String::from_utf8(raw(&testbed, "both-lengths")).unwrap();
    assert!(both.contains("Content-Length: ") && both.contains("Transfer-Encoding: "));
    assert_eq!(log_in(&testbed, "refused").member("/error"), "invalid_grant");
    assert!(log_in(&testbed, "string-life").json()["expires_in"].is_string());
    assert!(log_in(&testbed, "text-clock").json()["created_at"].is_string());
    assert_eq!(log_in(&testbed, "long").member("/access_token").len(), 64);
}

#[test]
fn a_path_chooses_too_and_a_brief_token_dies() {
    let testbed = Testbed::start();
    let request = request(&testbed, zype::USERNAME).replace("POST /oauth", "POST /~brief/oauth");
    let authorization = format!("Bearer {}", send(&testbed.zype, &request).member("/access_token"));
    assert_eq!(get(&testbed.zype, "/~drip/api/me", &authorization).status, 200);
    assert_eq!(get(&testbed.zype, "/~busy/api/me", &authorization).status, 429);
    std::thread::sleep(Duration::from_millis(2100));
    assert_eq!(get(&testbed.zype, "/api/me", &authorization).status, 401);
    assert_eq!(testbed.zype.count("GET", "/api/me"), 3);
}

#[test]
fn tokens_are_spoilt() {
    let testbed = Testbed::start();
    let token = |client: &str| {
        let body = json!({
            "grant_type": "client_credentials", "client_id": client, "client_secret": loyalife::CLIENT_SECRET,
        });
        post_json(&testbed.loyalife, LOYALIFE_PATH, &body).member("/results/token")
    };
    let signed = |token: &str| token::is_signed_with(token, loyalife::SIGNING_KEY);
    assert!(signed(&token("hs512")) && token::parts(&token("hs512")).0.contains("\"HS512\""));
    let forged = token("forged");
    assert!(!signed(&forged));
    assert_eq!(forged.rsplit('.').next().unwrap().len(), 86);
    assert!(token("unsigned").ends_with('.') && token::parts(&token("unsigned")).0.contains("none"));
    let expired = token("expired");
    assert!(signed(&expired));
    token::assert_ahead(&token::payload(&expired)["exp"], -60);
    token::assert_ahead(&token::payload(&token("early"))["nbf"], 3600);
    assert!((800..=900).contains(&token("long").len()), "{}", token("long").len());
}

#[test]
fn every_server_lives_through_every_scenario() {
    let testbed = Testbed::start();
    let form_type = "application/x-www-form-urlencoded";
    for &(scenario, name, _) in Scenario::ALL {
        assert_eq!(Scenario::named(&format!("{name}@example.com")), Some(scenario));
        if scenario == Scenario::Silent {
            continue;
        }
        let server = &testbed.loyalty_dog;
        let body = form(&[("username", name), ("password", loyalty_dog::PASSWORD)]);
        exchange(server, &post_request(server, "/v2/token", form_type, "", &body));

        raw(&testbed, name);

        let server = &testbed.loyalife;
        let body = json!({
            "grant_type": "client_credentials", "client_id": name, "client_secret": loyalife::CLIENT_SECRET,
        });
        exchange(server, &post_request(server, LOYALIFE_PATH, "application/json", "", &body.to_string()));

        let server = &testbed.open_loyalty;
        let body = json!({"username": name, "password": open_loyalty::ADMIN_PASSWORD}).to_string();
        exchange(server, &post_request(server, "/api/admin/login_check", "application/json", "", &body));

        let server = &testbed.rfc6749;
        let body = form(&[
            ("grant_type", "client_credentials"),
            ("client_id", name),
            ("client_secret", rfc6749::CLIENT_SECRET),
        ]);
        exchange(server, &post_request(server, "/token", form_type, "", &body));
    }
    let paths = ["/v2/token", "/oauth/token", LOYALIFE_PATH, "/api/admin/login_check", "/token"];
    for (server, path) in testbed.servers().into_iter().zip(paths) {
        assert_eq!(server.count("POST", path), Scenario::ALL.len() - 1, "{path}");
    }
    assert!(testbed.complaints().is_empty());
    // None of it killed a server.
    assert_eq!(log_in(&testbed, zype::USERNAME).status, 200);
}
