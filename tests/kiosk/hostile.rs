//! A server that repeats the secrets wherever it can.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use crate::program::{Run, kiosk};

const PASSWORD: &str = "hunter2-hunter2";
const CODE: &str = "8675309";

/// Answers every request with these bytes, as long as the test runs.
fn server(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // The whole request fits; what does not matter is left.
            let count = stream.read(&mut [0; 4096]).unwrap();
            assert_ne!(count, 0);
            stream.write_all(answer.as_bytes()).ok();
        }
    });
    url
}

fn run(provider: &str, answer: &str) -> Run {
    let url = server(answer.to_owned());
    let credentials =
        ["--username", "till-7", "--password", PASSWORD, "--client-id", "kiosk-7", "--client-secret", CODE];
    let server = ["--trace", "--timeout", "2", "--provider", provider, "--url", &url];
    kiosk(&[&server[..], &credentials].concat()).hides([PASSWORD, CODE, "till-7", "kiosk-7"])
}

fn json(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

#[test]
fn nothing_that_is_echoed_is_shown() {
    for (answer, code) in [
        // In the code that errors show, as a text and as a number.
        (json("400 x", &format!(r#"{{"error":"{PASSWORD}","error_description":"{PASSWORD}"}}"#)), 6),
        (json("400 x", r#"{"error":"kiosk-7"}"#), 6),
        // In base64.
        (json("400 x", r#"{"error":"aHVudGVyMi1odW50ZXIy","code":"aHVudGVyMi1odW50ZXIy"}"#), 6),
        (json("400 x", &format!(r#"{{"error":{CODE},"code":{CODE},"expires_in":{CODE}}}"#)), 6),
        // As a name, and in places that nobody knows.
        (json("400 x", &format!(r#"{{"{PASSWORD}":{{"{PASSWORD}":["{PASSWORD}",{CODE}]}}}}"#)), 6),
        // As a token.
        (json("200 x", &format!(r#"{{"access_token":"{PASSWORD}","token_type":"bearer","scope":"{CODE}"}}"#)), 0),
        (json("200 x", &format!(r#"{{"access_token":"t","token_type":"{PASSWORD}"}}"#)), 8),
        // In the head.
        (json(&format!("400 {PASSWORD}\r\nServer: {PASSWORD}\r\n{PASSWORD}: {CODE}\r\nRetry-After: {CODE}"), "{}"), 6),
        (format!("HTTP/1.1 {PASSWORD}\r\n\r\n"), 8),
        (format!("{PASSWORD}\r\n\r\n"), 8),
        (format!("HTTP/1.1 302 Found\r\nLocation: http://x/?{PASSWORD}\r\nContent-Length: 0\r\n\r\n"), 6),
        // In what cannot be read.
        (json("200 x", &format!("<p>{PASSWORD}")), 3),
        (json("200 x", &format!("{{\"access_token\":{PASSWORD}")), 8),
        (json("200 x", &format!("{{\"access_token\":\"{PASSWORD}")), 8),
        (json("200 x", PASSWORD), 3),
    ] {
        let run = run("zype", &answer);
        assert_eq!(run.code, code, "{answer}\n{}\n{}", run.stdout, run.stderr);
    }
}
