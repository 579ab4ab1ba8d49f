//! W5, a whole HTTP answer in pieces, and W6, whole log-ins over a transport that moves up to 63 bytes a call.

use std::convert::Infallible;
use std::io::Write;

use embedded_io::{ErrorType, Read};
use httparse::{EMPTY_HEADER, Response, Status, parse_chunk_size};
use pos_token::dialect::Purpose;
use pos_token::provider::{self, Provider};
use pos_token::{AnswerOptions, AnswerReader, Credentials, Endpoint, Outcome, Progress, TokenExchange, TokenStore};
use serde::Deserialize;

use crate::answers::{Answer, AnyAnswer, AnyLoyalife, AnyZype, holds};
use crate::inputs::{self, JWT, W5, W6_LOYALIFE, W6_LOYALTY_DOG, W6_OPEN_LOYALTY, W6_ZYPE, ZYPE_ACCESS, ZYPE_REFRESH};
use crate::requests::{credentials, form, json, user, user_and_client};
use crate::token::COMPOSED;
use crate::{Job, Work, keep};

/// How much a modem gives at a time.
const PIECE: usize = 63;

pub(crate) fn ours(text: &'static [u8], piece: usize) -> Job {
    let mut store = TokenStore::new(keep(&[0; 2048][..]));
    let options = AnswerOptions { body_limit: 64 * 1024, ..AnswerOptions::default() };
    Box::new(move || {
        let mut reader = AnswerReader::with_options(&provider::ZYPE, Purpose::LogIn, options, &mut store);
        for piece in text.chunks(piece) {
            match reader.feed(piece) {
                Ok(Progress::NeedMore) => {}
                Ok(Progress::Complete { .. }) => break,
                Err(_) => return false,
            }
        }
        let Ok(answer) = reader.finish() else { return false };
        matches!(answer.outcome, Outcome::Granted(_)) && holds(&store, ZYPE_ACCESS, Some(ZYPE_REFRESH))
    })
}

/// An answer as a program over httparse holds it.
#[derive(Default)]
struct Held {
    raw: Vec<u8>,
    body: Vec<u8>,
    /// How much of `raw` is done with: the head, then chunks.
    at: usize,
    framing: Option<Framing>,
}

#[derive(Clone, Copy)]
enum Framing {
    Length(usize),
    Chunked,
}

impl Held {
    fn clear(&mut self) {
        self.raw.clear();
        self.body.clear();
        self.at = 0;
        self.framing = None;
    }

    /// Whether the answer is complete; `None` where it is none. The head is tried again until it is whole, as httparse
    /// keeps nothing of it.
    fn feed(&mut self, piece: &[u8]) -> Option<bool> {
        self.raw.extend_from_slice(piece);
        if self.framing.is_none() {
            let mut headers = [EMPTY_HEADER; 32];
            let mut response = Response::new(&mut headers);
            let Status::Complete(len) = response.parse(&self.raw).ok()? else { return Some(false) };
            self.at = len;
            let field = |name: &str| {
                response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
            };
            self.framing = match (response.code?, field("Transfer-Encoding"), field("Content-Length")) {
                (200, Some(b"chunked"), None) => Some(Framing::Chunked),
                (200, None, Some(length)) => Some(Framing::Length(std::str::from_utf8(length).ok()?.parse().ok()?)),
                _ => return None,
            };
        }
        match self.framing? {
            Framing::Length(length) => Some(self.raw.len() - self.at >= length),
            Framing::Chunked => self.chunks(),
        }
    }

    fn chunks(&mut self) -> Option<bool> {
        loop {
            let rest = &self.raw[self.at..];
            let Status::Complete((before, len)) = parse_chunk_size(rest).ok()? else { return Some(false) };
            let end = before.checked_add(usize::try_from(len).ok()?)?;
            let Some(behind) = rest.get(end..end + 2) else { return Some(false) };
            if behind != b"\r\n" {
                return None;
            }
            if len == 0 {
                return Some(true);
            }
            self.body.extend_from_slice(&rest[before..end]);
            self.at += end + 2;
        }
    }

    fn tokens<A: AnyAnswer>(&self, out: &mut Vec<u8>) -> Option<bool> {
        let body = match self.framing? {
            Framing::Length(length) => &self.raw[self.at..self.at + length],
            Framing::Chunked => &self.body,
        };
        Some(serde_json::from_slice::<A::Of<'_>>(body).ok()?.tokens(out))
    }
}

pub(crate) fn by_httparse(text: &'static [u8], piece: usize) -> Job {
    let (mut held, mut out) = (Held::default(), Vec::new());
    let expected = [ZYPE_ACCESS, ZYPE_REFRESH].concat();
    Box::new(move || {
        held.clear();
        out.clear();
        for piece in text.chunks(piece) {
            match held.feed(piece) {
                Some(false) => {}
                Some(true) => break,
                None => return false,
            }
        }
        held.tokens::<AnyZype>(&mut out) == Some(true) && out == expected.as_bytes()
    })
}

/// A server with one answer.
struct Canned {
    answer: &'static [u8],
    sent: usize,
}

impl ErrorType for Canned {
    type Error = Infallible;
}

impl Read for Canned {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
        let rest = &self.answer[self.sent..];
        let count = rest.len().min(buf.len()).min(PIECE);
        buf[..count].copy_from_slice(&rest[..count]);
        self.sent += count;
        Ok(count)
    }
}

impl embedded_io::Write for Canned {
    fn write(&mut self, buf: &[u8]) -> Result<usize, Infallible> {
        Ok(std::hint::black_box(buf).len().min(PIECE))
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

fn log_in(
    dialect: &'static Provider,
    credentials: Credentials<'static>,
    answer: &'static [u8],
    access: &'static str,
    refresh: Option<&'static str>,
) -> Job {
    let mut store = TokenStore::new(keep(&[0; 2048][..]));
    let endpoint = Endpoint::https("api.example.com").user_agent("till/1.0");
    let exchange = TokenExchange::new(dialect, Purpose::LogIn, credentials, endpoint);
    Box::new(move || {
        let answer = exchange.run(&mut Canned { answer, sent: 0 }, &mut store, &mut [0; 128]);
        answer.is_ok_and(|answer| matches!(answer.outcome, Outcome::Granted(_))) && holds(&store, access, refresh)
    })
}

type WriteBody = fn(&inputs::Credentials, &mut Vec<u8>) -> bool;

/// The same as a program does it over serde_json, form_urlencoded and httparse.
fn composed<A: AnyAnswer + 'static>(
    path: &'static str,
    media_type: &'static str,
    write_body: WriteBody,
    answer: &'static [u8],
    tokens: &'static [&'static str],
) -> Job {
    let (all, expected) = (credentials(), tokens.concat());
    let (mut body, mut request, mut held, mut out) = (Vec::new(), Vec::new(), Held::default(), Vec::new());
    let mut exchange = move || -> Option<bool> {
        body.clear();
        request.clear();
        held.clear();
        out.clear();
        let mut server = Canned { answer, sent: 0 };
        if !write_body(all, &mut body) {
            return None;
        }
        write!(
            request,
            "POST {path} HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: till/1.0\r\nAccept: application/json\r\n\
             Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .ok()?;
        request.extend_from_slice(&body);
        embedded_io::Write::write_all(&mut server, &request).ok()?;
        let mut piece = [0; 128];
        loop {
            let count = server.read(&mut piece).ok()?;
            if count == 0 {
                return None;
            }
            if held.feed(&piece[..count])? {
                break;
            }
        }
        Some(held.tokens::<A>(&mut out)? && out == expected.as_bytes())
    };
    Box::new(move || exchange() == Some(true))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoyaltyDog<'a> {
    access_token: &'a str,
    token_type: &'a str,
    mfa_pending: bool,
}

impl Answer for LoyaltyDog<'_> {
    fn tokens(&self, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(self.access_token.as_bytes());
        self.token_type.eq_ignore_ascii_case("bearer") && !self.mfa_pending
    }
}

struct AnyLoyaltyDog;
impl AnyAnswer for AnyLoyaltyDog {
    type Of<'a> = LoyaltyDog<'a>;
}

#[derive(Deserialize)]
struct OpenLoyalty<'a> {
    token: &'a str,
    refresh_token: &'a str,
}

impl Answer for OpenLoyalty<'_> {
    fn tokens(&self, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(self.token.as_bytes());
        out.extend_from_slice(self.refresh_token.as_bytes());
        true
    }
}

struct AnyOpenLoyalty;
impl AnyAnswer for AnyOpenLoyalty {
    type Of<'a> = OpenLoyalty<'a>;
}

fn write_form(all: &inputs::Credentials, out: &mut Vec<u8>) -> bool {
    out.extend_from_slice(form(all, String::new()).as_bytes());
    true
}

fn write_client(all: &inputs::Credentials, out: &mut Vec<u8>) -> bool {
    #[derive(serde::Serialize)]
    struct Client<'a> {
        grant_type: &'a str,
        client_id: &'a str,
        client_secret: &'a str,
    }
    let (client_id, client_secret) = (all.client_id.as_str(), all.client_secret.as_str());
    serde_json::to_writer(out, &Client { grant_type: "client_credentials", client_id, client_secret }).is_ok()
}

fn write_user(all: &inputs::Credentials, out: &mut Vec<u8>) -> bool {
    #[derive(serde::Serialize)]
    struct User<'a> {
        username: &'a str,
        password: &'a str,
    }
    serde_json::to_writer(out, &User { username: &all.username, password: &all.password }).is_ok()
}

const OPEN_LOYALTY_REFRESH: &str = "67b55d4772273bb41bfa35577710695f7134eccf5b7fcd92659d62402002d574\
    ec17c43ddc2c20a59e2c8ed7e3511d647f623535c8e721748d3634067fc303a9";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const HTTPARSE: &str = "httparse, serde_json";

pub fn works() -> Vec<Work> {
    let client = || {
        let all = credentials();
        Credentials::new().client_id(all.client_id.as_str()).client_secret(all.client_secret.as_str())
    };
    vec![
        Work::new("w5", "W5: a chunked HTTP answer, its head 1.5 KB, 63 bytes at a time", || ours(W5, PIECE))
            .beside(HTTPARSE, "all of it is kept; the head is tried again with each piece", || by_httparse(W5, PIECE))
            .beside("httparse, serde_json, in one piece", "all of it is there before", || by_httparse(W5, W5.len())),
        Work::new("w6_loyalty_dog", "W6: a whole log-in, LoyaltyDog", || {
            log_in(&provider::LOYALTY_DOG, user(), W6_LOYALTY_DOG, JWT, None)
        })
        .beside("httparse, serde_json, form_urlencoded", COMPOSED, || {
            composed::<AnyLoyaltyDog>("/v2/token", FORM, write_form, W6_LOYALTY_DOG, &[JWT])
        }),
        Work::new("w6_zype", "W6: a whole log-in, Zype", || {
            log_in(&provider::ZYPE, user_and_client(), W6_ZYPE, ZYPE_ACCESS, Some(ZYPE_REFRESH))
        })
        .beside(HTTPARSE, COMPOSED, || {
            composed::<AnyZype>("/oauth/token", JSON, json, W6_ZYPE, &[ZYPE_ACCESS, ZYPE_REFRESH])
        }),
        Work::new("w6_loyalife", "W6: a whole log-in, Loyalife", move || {
            log_in(&provider::LOYALIFE, client(), W6_LOYALIFE, JWT, None)
        })
        .beside(HTTPARSE, COMPOSED, || {
            composed::<AnyLoyalife>("/lbms-ingress/oauth/api/Auth/Token", JSON, write_client, W6_LOYALIFE, &[JWT])
        }),
        Work::new("w6_open_loyalty", "W6: a whole log-in, Open Loyalty", || {
            log_in(&provider::OPEN_LOYALTY, user(), W6_OPEN_LOYALTY, JWT, Some(OPEN_LOYALTY_REFRESH))
        })
        .beside(HTTPARSE, COMPOSED, || {
            let tokens = &[JWT, OPEN_LOYALTY_REFRESH];
            composed::<AnyOpenLoyalty>("/api/admin/login_check", JSON, write_user, W6_OPEN_LOYALTY, tokens)
        }),
    ]
}
