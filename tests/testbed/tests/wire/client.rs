//! A plain client: sends text over a socket, reads to the end of the connection, and takes the answer apart.

use std::io::{Read, Write};
use std::net::TcpStream;

use pos_token_testbed::Server;
use serde_json::Value;

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
    /// Everything, as it came.
    pub raw: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    /// A member by its JSON pointer, as text.
    pub fn member(&self, pointer: &str) -> String {
        let json = self.json();
        let member = json.pointer(pointer).and_then(Value::as_str);
        member.unwrap_or_else(|| panic!("{pointer} is no string in {json}")).to_owned()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of a field, whatever the case of its name.
    pub fn field(&self, name: &str) -> Option<&str> {
        let of = |line: &'_ str| line.split_once(": ").map(|(name, _)| name.to_ascii_lowercase());
        let line = self.head.lines().skip(1).find(|line| of(line).is_some_and(|known| known == name))?;
        line.split_once(": ").map(|(_, value)| value)
    }
}

/// Sends these bytes and reads until the server closes.
pub fn exchange(server: &Server, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.addr()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

pub fn send(server: &Server, request: &str) -> Answer {
    parse(exchange(server, request))
}

/// Takes one answer apart.
pub fn parse(raw: Vec<u8>) -> Answer {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n").expect("a head") + 4;
    let head = String::from_utf8(raw[..end].to_owned()).unwrap();
    let status = head[9..12].parse().unwrap();
    let mut answer = Answer { status, head, body: raw[end..].to_owned(), raw };
    if answer.field("transfer-encoding") == Some("chunked") {
        answer.body = unchunk(&answer.body);
    } else if let Some(length) = answer.field("content-length") {
        assert_eq!(length.parse::<usize>().unwrap(), answer.body.len(), "Content-Length");
    }
    answer
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n").expect("a chunk's size");
        let line = std::str::from_utf8(&rest[..end]).unwrap();
        let size = usize::from_str_radix(line.split(';').next().unwrap(), 16).unwrap();
        rest = &rest[end + 2..];
        if size == 0 {
            assert!(rest.ends_with(b"\r\n"), "the last chunk");
            return body;
        }
        body.extend(&rest[..size]);
        rest = rest[size..].strip_prefix(b"\r\n").expect("the end of a chunk");
    }
}

/// A request with a body; `fields` are whole lines, each with its CR LF.
pub fn post_request(server: &Server, path: &str, content_type: &str, fields: &str, body: &str) -> String {
    let (host, length) = (server.addr(), body.len());
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{fields}Content-Type: {content_type}\r\n\
        Content-Length: {length}\r\n\r\n{body}"
    )
}

pub fn post_json(server: &Server, path: &str, body: &Value) -> Answer {
    send(server, &post_request(server, path, "application/json", "", &body.to_string()))
}

pub fn post_form(server: &Server, path: &str, pairs: &[(&str, &str)]) -> Answer {
    post_form_with(server, path, "", pairs)
}

pub fn post_form_with(server: &Server, path: &str, fields: &str, pairs: &[(&str, &str)]) -> Answer {
    send(server, &post_request(server, path, "application/x-www-form-urlencoded", fields, &form(pairs)))
}

pub fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", form_text(value))).collect();
    pairs.join("&")
}

pub fn form_text(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        b' ' => "+".to_owned(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// `GET path` with an `Authorization` field of this value.
pub fn get(server: &Server, path: &str, authorization: &str) -> Answer {
    let host = server.addr();
    send(
        server,
        &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {authorization}\r\nConnection: close\r\n\r\n"),
    )
}
