//! The tiny HTTP server itself.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use pos_token_testbed::{Scenario, start};

use crate::client::{get, parse, send};

#[test]
fn a_wrong_request_is_answered_400_with_the_reason() {
    let server = start("zype", 0).unwrap();
    let host = server.addr();
    let cases = [
        ("GET /api/me HTTP/1.1\r\n\r\n".to_owned(), "there is no Host"),
        ("GET /api/me HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".to_owned(), "Host is \"127.0.0.1\""),
        (format!("GET /api/me HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n\r\n"), "host comes twice"),
        (format!("GET /api/me HTTP/1.0\r\nHost: {host}\r\n\r\n"), "not a request line"),
        (format!("GET  /api/me HTTP/1.1\r\nHost: {host}\r\n\r\n"), "not a request line"),
        (format!("GET api/me HTTP/1.1\r\nHost: {host}\r\n\r\n"), "not a request line"),
        (format!("GET /api/me HTTP/1.1\nHost: {host}\n\n"), "without CR"),
        (format!("GET /api/me HTTP/1.1\r\nHost : {host}\r\n\r\n"), "not a field name"),
        (format!("GET /api/me HTTP/1.1\r\nHost: {host}\r\n folded\r\n\r\n"), "not a field line"),
        (format!("GET /api/me HTTP/1.1\r\nHost: {host}\r\nX: a\rb\r\n\r\n"), "control character"),
        (format!("GET /api/me HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n"), "no Content-Length"),
        (format!("POST /oauth/token HTTP/1.1\r\nHost: {host}\r\n\r\n"), "needs Content-Length"),
        (format!("POST /oauth/token HTTP/1.1\r\nHost: {host}\r\nContent-Length: +2\r\n\r\n{{}}"), "is \"+2\""),
        (
            format!("POST /oauth/token HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\n\r\n{{}}"),
            "bytes after the body",
        ),
        (
            format!("POST /oauth/token HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            "not with Transfer-Encoding",
        ),
    ];
    for (index, (request, reason)) in cases.iter().enumerate() {
        let answer = send(&server, request);
        assert_eq!(answer.status, 400, "{request}");
        assert!(answer.text().contains(reason), "{request} -> {}", answer.text());
        assert_eq!(server.complaints().len(), index + 1);
    }
}

#[test]
fn a_body_that_ends_early_is_noticed() {
    let server = start("zype", 0).unwrap();
    let mut stream = TcpStream::connect(server.addr()).unwrap();
    write!(stream, "POST /oauth/token HTTP/1.1\r\nHost: {}\r\nContent-Length: 9\r\n\r\n{{}}", server.addr()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(parse(answer).text().contains("shorter than its Content-Length of 9"));
}

#[test]
fn a_connection_serves_several_requests_until_it_is_told_to_close() {
    let server = start("loyaltydog", 0).unwrap();
    let mut stream = TcpStream::connect(server.addr()).unwrap();
    for _ in 0..3 {
        write!(stream, "GET /v2/me HTTP/1.1\r\nHost: {}\r\n\r\n", server.addr()).unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\"Not authenticated\"}") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            answer.extend(byte);
        }
    }
    write!(stream, "GET /v2/me HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.addr()).unwrap();
    let mut last = Vec::new();
    stream.read_to_end(&mut last).unwrap();
    assert_eq!(parse(last).field("connection"), Some("close"));
    assert_eq!(server.count("GET", "/v2/me"), 4);
    assert!(server.complaints().is_empty());
    assert!(server.last_request().starts_with(b"GET /v2/me HTTP/1.1\r\nHost: "));
}

#[test]
fn a_server_that_is_dropped_is_gone() {
    let server = start("rfc6749", 0).unwrap();
    let address = server.addr();
    let mut idle = TcpStream::connect(address).unwrap();
    // Answered, so the connection is open on both sides.
    write!(idle, "GET /api/me HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    idle.read_exact(&mut [0; 12]).unwrap();
    drop(server);
    idle.read_to_end(&mut Vec::new()).unwrap();
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn the_port_of_a_proxy_may_stand_in_host() {
    let server = start("zype", 0).unwrap();
    server.set_public_port(443);
    let request = "GET /api/me HTTP/1.1\r\nHost: login.example:443\r\nConnection: close\r\n\r\n";
    assert_eq!(send(&server, request).status, 401);
    assert_eq!(get(&server, "/api/me", "Bearer x").status, 400);
}

#[test]
fn a_queued_scenario_serves_one_request() {
    let server = start("zype", 0).unwrap();
    server.play(Scenario::Busy);
    assert_eq!(get(&server, "/api/me", "Bearer x").status, 429);
    assert_eq!(get(&server, "/api/me", "Bearer x").status, 401);
}
