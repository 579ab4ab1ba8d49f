//! W1 and W2: the body of an answer, in one piece; the tokens are copied out.

use std::borrow::Cow;

use pos_token::provider::{self, Provider};
use pos_token::{AnswerOptions, AnswerReader, Outcome, Secret, TokenStore, dialect::Purpose};
use serde::Deserialize;

use crate::inputs::{JWT, W1, W2, ZYPE_ACCESS, ZYPE_REFRESH};
use crate::{Job, Work, keep};

/// An answer as a program over serde reads it.
pub(crate) trait Answer {
    /// Copies the tokens out, where the answer grants them.
    fn tokens(&self, out: &mut Vec<u8>) -> bool;
}

#[derive(Deserialize)]
pub(crate) struct Zype<'a> {
    #[serde(borrow)]
    access_token: Cow<'a, str>,
    #[serde(borrow)]
    token_type: Cow<'a, str>,
    expires_in: u32,
    #[serde(borrow)]
    refresh_token: Cow<'a, str>,
    #[serde(borrow)]
    scope: Option<Cow<'a, str>>,
    #[serde(borrow)]
    created_at: Option<Cow<'a, str>>,
}

impl Answer for Zype<'_> {
    fn tokens(&self, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(self.access_token.as_bytes());
        out.extend_from_slice(self.refresh_token.as_bytes());
        self.token_type.eq_ignore_ascii_case("bearer")
            && self.expires_in == 604_800
            && self.scope.is_some()
            && self.created_at.is_some()
    }
}

#[derive(Deserialize)]
pub(crate) struct Loyalife<'a> {
    #[serde(borrow)]
    results: Results<'a>,
}

#[derive(Deserialize)]
#[allow(non_snake_case)]
struct Results<'a> {
    #[serde(borrow)]
    token: Cow<'a, str>,
    #[serde(borrow)]
    tokenExpiresOn: Option<Cow<'a, str>>,
    IsSucessful: Option<bool>,
    #[serde(borrow)]
    ErrorCode: Option<Cow<'a, str>>,
}

impl Answer for Loyalife<'_> {
    fn tokens(&self, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(self.results.token.as_bytes());
        self.results.tokenExpiresOn.is_some()
            && self.results.IsSucessful != Some(false)
            && self.results.ErrorCode.is_none()
    }
}

/// Whether the store has these tokens.
pub(crate) fn holds(store: &TokenStore<'_>, access: &str, refresh: Option<&str>) -> bool {
    store.access_token().map(Secret::expose) == Some(access.as_bytes())
        && store.refresh_token().map(Secret::expose) == refresh.map(str::as_bytes)
}

/// Log-ins again and again into one store, as a till does it.
pub(crate) fn ours(
    dialect: &'static Provider,
    body: &[u8],
    access: &'static str,
    refresh: Option<&'static str>,
) -> Job {
    let body = keep(body);
    let mut store = TokenStore::new(keep(&[0; 2048][..]));
    let options = AnswerOptions { body_limit: 2 << 20, ..AnswerOptions::default() };
    Box::new(move || {
        let mut reader = AnswerReader::with_options(dialect, Purpose::LogIn, options, &mut store);
        if reader.status(200).is_err() || reader.body(body).is_err() {
            return false;
        }
        let Ok(answer) = reader.finish() else { return false };
        matches!(answer.outcome, Outcome::Granted(_)) && holds(&store, access, refresh)
    })
}

pub(crate) fn serde<A: Answer + Deserialize<'static>>(body: &[u8], tokens: &'static [&'static str]) -> Job {
    let body: &'static [u8] = keep(body);
    let expected = tokens.concat();
    let mut out = Vec::with_capacity(2048);
    Box::new(move || {
        out.clear();
        serde_json::from_slice::<A>(body).is_ok_and(|answer| answer.tokens(&mut out)) && out == expected.as_bytes()
    })
}

/// The type of an answer, for a body of any lifetime.
pub(crate) trait AnyAnswer {
    type Of<'a>: Answer + Deserialize<'a>;
}
pub(crate) struct AnyZype;
impl AnyAnswer for AnyZype {
    type Of<'a> = Zype<'a>;
}
pub(crate) struct AnyLoyalife;
impl AnyAnswer for AnyLoyalife {
    type Of<'a> = Loyalife<'a>;
}

/// It writes into its input, which is therefore copied first.
pub(crate) fn simd<A: AnyAnswer>(body: &[u8], tokens: &'static [&'static str]) -> Job {
    let body = keep(body);
    let expected = tokens.concat();
    let (mut copy, mut out) = (Vec::new(), Vec::with_capacity(2048));
    let mut buffers = simd_json::Buffers::new(body.len());
    Box::new(move || {
        copy.clear();
        copy.extend_from_slice(body);
        out.clear();
        simd_json::serde::from_slice_with_buffers::<A::Of<'_>>(&mut copy, &mut buffers)
            .is_ok_and(|answer| answer.tokens(&mut out))
            && out == expected.as_bytes()
    })
}

pub(crate) const IN_PLACE: &str = "its input is copied first, as it is written into; buffers are used again";

pub fn works() -> Vec<Work> {
    const ZYPE: &[&str] = &[ZYPE_ACCESS, ZYPE_REFRESH];
    vec![
        Work::new("w1", "W1: Zype's answer, 296 bytes, six members", || {
            ours(&provider::ZYPE, W1, ZYPE_ACCESS, Some(ZYPE_REFRESH))
        })
        .beside("serde_json", "a derived struct that borrows", || serde::<Zype<'_>>(W1, ZYPE))
        .beside("simd-json", IN_PLACE, || simd::<AnyZype>(W1, ZYPE)),
        Work::new("w2", "W2: Loyalife's answer, 587 bytes", || ours(&provider::LOYALIFE, W2, JWT, None))
            .beside("serde_json", "a derived struct that borrows; the date stays text", || {
                serde::<Loyalife<'_>>(W2, &[JWT])
            })
            .beside("simd-json", "the same, and as above", || simd::<AnyLoyalife>(W2, &[JWT])),
    ]
}
