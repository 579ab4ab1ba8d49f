//! What went over the wire, without anything that could be a secret.
//!
//! A list of what must be hidden is never complete: a password comes back in an error text, form-encoded, or as the
//! name of a member. So it is the other way round. Only names and values that are known to be harmless are shown, and
//! of those only the ones in which none of the secrets at hand stands. Of everything else, the length is shown.

use pos_token::http::{Event as HttpEvent, ResponseReader};
use pos_token::json::{Container, Event, Piece, Reader};
use pos_token::time::{MissingZone, parse_http_date, parse_rfc3339};

use crate::transport::Record;

/// Names of header fields and members, in lower case.
const NAMES: &[&str] = &[
    // Header fields.
    "accept",
    "accept-encoding",
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "host",
    "location",
    "retry-after",
    "server",
    "set-cookie",
    "transfer-encoding",
    "user-agent",
    "vary",
    "www-authenticate",
    // Parameters of requests.
    "client_id",
    "client_secret",
    "code",
    "grant_type",
    "linked_device_id",
    "password",
    "pendingtoken",
    "pin",
    "refresh_token",
    "scope",
    "token",
    "token_type_hint",
    "username",
    // Members of answers.
    "access_token",
    "accesstoken",
    "created_at",
    "detail",
    "error",
    "error_description",
    "errorcode",
    "exceptionmessage",
    "expires_in",
    "input",
    "issucessful",
    "loc",
    "message",
    "mfapending",
    "msg",
    "results",
    "token_type",
    "tokenexpireson",
    "tokentype",
    "type",
];

/// Header fields whose value is shown where it is a number, a date or made of [`WORDS`].
const TELLING_FIELDS: &[&str] = &[
    "accept",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "transfer-encoding",
];

/// The same of a request's parameters.
const TELLING_PARAMETERS: &[&str] = &["grant_type", "token_type_hint"];

/// The same of an answer's members.
const TELLING_MEMBERS: &[&str] =
    &["code", "created_at", "error", "errorcode", "expires_in", "token_type", "tokenexpireson", "tokentype"];

/// Header fields that the kiosk itself has written.
const OWN_FIELDS: &[&str] = &["host", "user-agent"];

/// Words that such a value consists of.
const WORDS: &[&str] = &[
    "access_denied",
    "access_token",
    "application/json",
    "application/x-www-form-urlencoded",
    "bearer",
    "charset=utf-8",
    "chunked",
    "client_credentials",
    "close",
    "gzip",
    "identity",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "keep-alive",
    "no-cache",
    "no-store",
    "password",
    "private",
    "refresh_token",
    "server_error",
    "temporarily_unavailable",
    "text/html",
    "text/plain",
    "unauthorized_client",
    "unsupported_grant_type",
];

/// Writes traces. It borrows the secrets that are known, so that none of them is shown even as a harmless-looking word.
pub struct Trace<'a> {
    secrets: Vec<&'a [u8]>,
}

impl<'a> Trace<'a> {
    pub fn new(secrets: impl IntoIterator<Item = &'a [u8]>) -> Self {
        Self { secrets: secrets.into_iter().collect() }
    }

    /// The request after `>`, the response after `<`.
    pub fn show(&self, record: &Record) -> String {
        let mut text = self.request(&record.sent);
        text.push_str(&self.response(&record.received));
        text
    }

    fn request(&self, request: &[u8]) -> String {
        let (head, body) = split(request, b"\r\n\r\n");
        let (line, fields) = split(head, b"\r\n");
        let (method, target) = split(line.strip_suffix(b" HTTP/1.1").unwrap_or(line), b" ");
        // The path is the provider's or the caller's own; a query may hold a key.
        let (path, query) = split(target, b"?");
        let mut text = format!("> {} {}", String::from_utf8_lossy(method), self.own(path));
        if !query.is_empty() {
            text.push_str(&format!("?{}", hidden("redacted", query.len())));
        }
        text.push_str(" HTTP/1.1\n");
        text.push_str(&self.fields("> ", fields, OWN_FIELDS));
        if !body.is_empty() {
            let json = body.starts_with(b"{");
            let body = if json { self.json(body, TELLING_PARAMETERS) } else { self.form(body) };
            text.push_str(&format!("> {body}\n"));
        }
        text
    }

    /// The library's own reader tells what is head and what is content.
    fn response(&self, response: &[u8]) -> String {
        let mut reader = ResponseReader::new();
        let mut input = response;
        let mut body = Vec::new();
        let mut text = String::new();
        let rest = loop {
            match reader.next(&mut input) {
                Ok(Some(HttpEvent::Head)) => {
                    let head = last_head(&response[..response.len() - input.len()]);
                    let (_, fields) = split(head, b"\r\n");
                    text.push_str(&format!(
                        "< HTTP/1.1 {}\n{}",
                        reader.head().status(),
                        self.fields("< ", fields, &[])
                    ));
                }
                Ok(Some(HttpEvent::Body(piece))) => body.extend(piece),
                Ok(Some(HttpEvent::End)) => break None,
                Ok(None) => match reader.end_of_input() {
                    Ok(()) if reader.is_complete() => break None,
                    Ok(()) => {}
                    Err(_) => break Some("no more was read".to_owned()),
                },
                Err(error) => break Some(error.to_string()),
            }
        };
        if !body.is_empty() {
            text.push_str(&format!("< {}\n", self.json(&body, TELLING_MEMBERS)));
        }
        if let Some(why) = rest {
            text.push_str(&format!("< {}: {why}\n", hidden("unread", input.len())));
        }
        text
    }

    /// The values of `own` fields are shown whatever they are.
    fn fields(&self, mark: &str, mut fields: &[u8], own: &[&str]) -> String {
        let mut text = String::new();
        while !fields.is_empty() {
            let (line, rest) = split(fields, b"\r\n");
            let (name, value) = split(line, b":");
            let value = value.trim_ascii();
            let value = if known(own, name) { self.own(value) } else { self.value(name, value, TELLING_FIELDS) };
            text.push_str(&format!("{mark}{}: {value}\n", self.name(name)));
            fields = rest;
        }
        text
    }

    fn form(&self, body: &[u8]) -> String {
        let pair = |pair| {
            let (name, value) = split(pair, b"=");
            format!("{}={}", self.name(name), self.value(name, value, TELLING_PARAMETERS))
        };
        body.split(|byte| *byte == b'&').map(pair).collect::<Vec<_>>().join("&")
    }

    /// The document's shape. What is no JSON is not shown at all.
    fn json(&self, body: &[u8], telling: &[&str]) -> String {
        let mut reader = Reader::new();
        let mut input = body;
        let mut text = String::new();
        let mut name = Vec::new();
        let mut pieces = Vec::new();
        loop {
            let shown = match reader.next(&mut input) {
                Ok(Some(Event::Open(Container::Object))) => "{".to_owned(),
                Ok(Some(Event::Open(Container::Array))) => "[".to_owned(),
                Ok(Some(Event::Close(Container::Object))) => "}".to_owned(),
                Ok(Some(Event::Close(Container::Array))) => "]".to_owned(),
                Ok(Some(Event::Bool(flag))) => flag.to_string(),
                Ok(Some(Event::Null)) => "null".to_owned(),
                Ok(Some(Event::Name(piece) | Event::Text(piece) | Event::Number(piece))) if !piece.last() => {
                    pieces.extend(piece.bytes());
                    continue;
                }
                Ok(Some(Event::Name(piece))) => {
                    name = whole(&mut pieces, &piece);
                    format!("\"{}\":", self.name(&name))
                }
                Ok(Some(Event::Text(piece))) => {
                    format!("\"{}\"", self.value(&name, &whole(&mut pieces, &piece), telling))
                }
                Ok(Some(Event::Number(piece))) => self.value(&name, &whole(&mut pieces, &piece), telling),
                Ok(None) => return text,
                Err(error) => return format!("{text}{}: {error}", hidden("unread", input.len())),
            };
            let follows = !text.is_empty() && !text.ends_with(['{', '[', ':']);
            if follows && !shown.starts_with(['}', ']']) {
                text.push(',');
            }
            text.push_str(&shown);
        }
    }

    fn name(&self, name: &[u8]) -> String {
        if known(NAMES, name) { self.own(name) } else { hidden("name of", name.len()) }
    }

    /// What comes from nobody else.
    fn own(&self, text: &[u8]) -> String {
        if self.holds_secret(text) {
            hidden("redacted", text.len())
        } else {
            String::from_utf8_lossy(text).into_owned()
        }
    }

    fn value(&self, name: &[u8], value: &[u8], telling: &[&str]) -> String {
        if known(telling, name) && is_plain(value) { self.own(value) } else { hidden("redacted", value.len()) }
    }

    fn holds_secret(&self, text: &[u8]) -> bool {
        self.secrets.iter().any(|secret| contains(text, secret))
    }
}

/// A number, a date, or a list of known words.
fn is_plain(value: &[u8]) -> bool {
    let is_number = value.len() <= 12 && value.iter().all(u8::is_ascii_digit);
    let is_date = parse_http_date(value).is_ok() || parse_rfc3339(value, MissingZone::Utc).is_ok();
    let are_words = value.split(|byte| b",;".contains(byte)).all(|word| known(WORDS, word.trim_ascii()));
    is_number || is_date || are_words
}

fn known(list: &[&str], text: &[u8]) -> bool {
    list.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(text))
}

fn hidden(what: &str, length: usize) -> String {
    format!("[{what} {length} bytes]")
}

/// Whether the text holds the secret. An empty one is nowhere.
pub fn contains(text: &[u8], secret: &[u8]) -> bool {
    !secret.is_empty() && text.windows(secret.len()).any(|window| window == secret)
}

/// The pieces so far and the last one.
fn whole(pieces: &mut Vec<u8>, last: &Piece<'_>) -> Vec<u8> {
    pieces.extend(last.bytes());
    std::mem::take(pieces)
}

/// The last of the heads: 1xx responses may have come before it.
fn last_head(heads: &[u8]) -> &[u8] {
    let heads = heads.strip_suffix(b"\r\n\r\n").unwrap_or(heads);
    let start = heads.windows(4).rposition(|window| window == b"\r\n\r\n");
    start.map_or(heads, |start| &heads[start + 4..])
}

/// What is before and behind the separator; all of it is before where there is none.
fn split<'t>(text: &'t [u8], separator: &[u8]) -> (&'t [u8], &'t [u8]) {
    match text.windows(separator.len()).position(|window| window == separator) {
        Some(at) => (&text[..at], &text[at + separator.len()..]),
        None => (text, &[]),
    }
}
