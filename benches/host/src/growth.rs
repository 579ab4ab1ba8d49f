//! The same work on larger and larger inputs.

use pos_token::provider;

use crate::answers::{AnyZype, Zype, ours as read, serde, simd};
use crate::http::{HTTPARSE, by_httparse, ours as read_http};
use crate::inputs::{W1, ZYPE_ACCESS, ZYPE_REFRESH};
use crate::token::{FLOOR, by_jsonwebtoken, floor, ours as verify, plain};
use crate::{Work, keep};

/// Works that differ in one number.
pub struct Series {
    pub name: &'static str,
    pub title: &'static str,
    pub note: &'static str,
    /// What the number is.
    pub by: &'static str,
    pub works: Vec<Grown>,
}

pub struct Grown {
    pub number: usize,
    /// How many bytes the work is on. Inputs are made when they are wanted: others' would be counted in each run.
    pub bytes: Box<dyn Fn() -> usize>,
    pub work: Work,
}

const TOKENS: &[&str] = &[ZYPE_ACCESS, ZYPE_REFRESH];
const KIB: usize = 1024;

/// W1's answer with one member more, made of `filler`.
fn answer(filler: &str) -> &'static [u8] {
    let head = std::str::from_utf8(W1).unwrap().strip_suffix('}').unwrap();
    keep(format!("{head},\"more\":{filler}}}").as_bytes())
}

/// As long as wanted, in members as other servers send them.
fn members(len: usize) -> String {
    let member =
        |at: usize| format!("{{\"id\":{at},\"name\":\"Store no. {at}\",\"open\":true,\"tags\":[\"a\",\"b\\n\"]}}");
    let mut text = String::from("[");
    for at in 0.. {
        let next = member(at);
        if text.len() + next.len() + 2 > len {
            break;
        }
        if at > 0 {
            text.push(',');
        }
        text.push_str(&next);
    }
    text + "]"
}

fn texts(name: &str, number: usize, body: impl Fn() -> &'static [u8] + Copy + Sync + 'static) -> Grown {
    let ours = move || read(&provider::ZYPE, body(), ZYPE_ACCESS, Some(ZYPE_REFRESH));
    let work = Work::new(format!("{name} {number}"), "", ours)
        .beside("serde_json", "", move || serde::<Zype<'_>>(body(), TOKENS))
        .beside("simd-json", "", move || simd::<AnyZype>(body(), TOKENS));
    Grown { number, bytes: Box::new(move || body().len()), work }
}

fn text(len: usize) -> Grown {
    texts("text", len, move || answer(&format!("\"{}\"", "x".repeat(len))))
}

fn many_members(len: usize) -> Grown {
    texts("members", len, move || answer(&members(len)))
}

fn depth(levels: usize) -> Grown {
    const BRACKETS: usize = 4096;
    // Towers in one array, so many that they make the same number of brackets.
    let tower = move || "[".repeat(levels) + &"]".repeat(levels);
    texts("depth", levels, move || answer(&format!("[{}]", vec![tower(); BRACKETS / levels].join(","))))
}

fn token(len: usize) -> Grown {
    let make = move || {
        let payload =
            |more: usize| format!("{{\"more\":\"{}\",\"nbf\":1773587702,\"exp\":1773674102}}", "x".repeat(more));
        let around = plain(b"").len();
        plain(payload((len - around) * 3 / 4 - payload(0).len()).as_bytes())
    };
    let work = Work::new(format!("token {len}"), "", move || verify(make(), true))
        .beside("jsonwebtoken", "", move || by_jsonwebtoken(make(), true))
        .beside(FLOOR, "", move || floor(make()));
    Grown { number: len, bytes: Box::new(move || make().len()), work }
}

fn http(name: &str, size: usize, message: impl Fn() -> Vec<u8> + Copy + Sync + 'static) -> Grown {
    let work = Work::new(format!("{name} {size}"), "", move || read_http(message().leak(), size)).beside(
        HTTPARSE,
        "",
        move || by_httparse(message().leak(), size),
    );
    Grown { number: size, bytes: Box::new(move || message().len()), work }
}

/// W1's answer and a list, 12 KiB: in chunks of one byte they take 60 KiB of framing, and pos-token takes 64 KiB at most.
fn body() -> &'static [u8] {
    answer(&members(12 * KIB))
}

fn piece(size: usize) -> Grown {
    http("piece", size, || {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
        [format!("{head}{}\r\n\r\n", body().len()).as_bytes(), body()].concat()
    })
}

fn chunk(size: usize) -> Grown {
    http("chunk", size, move || {
        let mut text =
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in body().chunks(size) {
            text.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            text.extend_from_slice(chunk);
            text.extend_from_slice(b"\r\n");
        }
        text.extend_from_slice(b"0\r\n\r\n");
        text
    })
}

pub fn series() -> Vec<Series> {
    const SIZES: [usize; 7] = [256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, 1024 * KIB];
    const CHUNKS: [usize; 7] = [1, 4, 16, 63, 256, KIB, 16 * KIB];
    vec![
        Series {
            name: "text",
            title: "An answer with one long string",
            note: "W1's answer, and beside it one member that nobody asked for, a string so long.",
            by: "string, bytes",
            works: SIZES.map(text).into(),
        },
        Series {
            name: "members",
            title: "An answer with many members",
            note: "W1's answer, and beside it one member that nobody asked for: an array of objects, so long.",
            by: "array, bytes",
            works: SIZES.map(many_members).into(),
        },
        Series {
            name: "depth",
            title: "Depth",
            note: "The same with 4,096 pairs of brackets, nested so deep. pos-token takes at most 32 levels.",
            by: "levels",
            works: [1, 2, 4, 8, 16, 30].map(depth).into(),
        },
        Series {
            name: "token",
            title: "Length of a token",
            note: "A JWT by HS512, verified with a key that was prepared before.",
            by: "token, bytes",
            works: [256, 512, KIB, 2 * KIB, 4 * KIB, 8 * KIB, 16 * KIB].map(token).into(),
        },
        Series {
            name: "piece",
            title: "Size of pieces",
            note: "An HTTP answer of 12 KiB with a Content-Length, fed in pieces of this size.",
            by: "piece, bytes",
            works: CHUNKS.map(piece).into(),
        },
        Series {
            name: "chunk",
            title: "Size of chunks",
            note: "The same in HTTP chunks of this size, fed in pieces of this size.",
            by: "chunk, bytes",
            works: CHUNKS.map(chunk).into(),
        },
    ]
}
