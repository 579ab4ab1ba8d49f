//! W1 and W2: the members of an answer, the tokens copied out.

use picojson::{Event, PullParser, SliceParser};
use serde::Deserialize;

use crate::Job;

#[derive(Deserialize)]
struct Zype<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expires_in: u32,
    refresh_token: &'a str,
    scope: Option<&'a str>,
    created_at: Option<&'a str>,
}

pub fn serde_zype(job: &mut Job) -> Option<usize> {
    let (text, mut out) = (job.text(), job.out());
    let (answer, _) = serde_json_core::from_slice::<Zype<'_>>(text).ok()?;
    let is_good = answer.token_type.eq_ignore_ascii_case("bearer")
        && answer.expires_in == 604_800
        && answer.scope.is_some()
        && answer.created_at.is_some();
    if !is_good {
        return None;
    }
    out.push(answer.access_token.as_bytes())?;
    out.push(answer.refresh_token.as_bytes())?;
    Some(out.len)
}

#[derive(Deserialize)]
struct Loyalife<'a> {
    #[serde(borrow)]
    results: Results<'a>,
}

#[derive(Deserialize)]
#[allow(non_snake_case)]
struct Results<'a> {
    token: &'a str,
    tokenExpiresOn: Option<&'a str>,
    IsSucessful: Option<bool>,
    ErrorCode: Option<&'a str>,
}

pub fn serde_loyalife(job: &mut Job) -> Option<usize> {
    let (text, mut out) = (job.text(), job.out());
    let (answer, _) = serde_json_core::from_slice::<Loyalife<'_>>(text).ok()?;
    let results = answer.results;
    if results.tokenExpiresOn.is_none() || results.IsSucessful == Some(false) || results.ErrorCode.is_some() {
        return None;
    }
    out.push(results.token.as_bytes())?;
    Some(out.len)
}

#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Nothing,
    Token,
    Seconds,
    Text,
}

/// The names at the given depth are `wanted`'s.
fn pico(job: &mut Job, depth_wanted: usize, wanted: fn(&str) -> Wanted) -> Option<usize> {
    let (text, mut out) = (job.text(), job.out());
    let mut scratch = [0; 64];
    let mut parser = SliceParser::with_buffer_from_slice(text, &mut scratch);
    let (mut depth, mut next, mut seen) = (0, Wanted::Nothing, 0);
    loop {
        match parser.next_event().ok()? {
            Event::StartObject | Event::StartArray => depth += 1,
            Event::EndObject | Event::EndArray => depth -= 1,
            Event::Key(name) => next = if depth == depth_wanted { wanted(name.as_str()) } else { Wanted::Nothing },
            Event::String(text) => match next {
                Wanted::Token => out.push(text.as_str().as_bytes())?,
                Wanted::Text => seen += 1,
                Wanted::Seconds => return None,
                Wanted::Nothing => {}
            },
            Event::Number(number) if next == Wanted::Seconds => {
                if number.as_int() != Some(604_800) {
                    return None;
                }
            }
            Event::EndDocument => break,
            _ => {}
        }
    }
    if seen == 0 { None } else { Some(out.len) }
}

pub fn pico_zype(job: &mut Job) -> Option<usize> {
    pico(job, 1, |name| match name {
        "access_token" | "refresh_token" => Wanted::Token,
        "expires_in" => Wanted::Seconds,
        "token_type" | "scope" | "created_at" => Wanted::Text,
        _ => Wanted::Nothing,
    })
}

pub fn pico_loyalife(job: &mut Job) -> Option<usize> {
    pico(job, 2, |name| match name {
        "token" => Wanted::Token,
        "tokenExpiresOn" | "ErrorCode" => Wanted::Text,
        _ => Wanted::Nothing,
    })
}
