//! W4: the body of a log-in, with texts that have to be escaped.

use pos_token::provider::{self, Provider};
use pos_token::{Credentials, TokenRequest, dialect::Purpose};
use serde::Serialize;

use crate::inputs::{self, W4_FORM, W4_JSON, meta};
use crate::{Job, Work};

#[derive(Serialize)]
struct Body<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    username: &'a str,
    password: &'a str,
    grant_type: &'a str,
}

/// The credentials of the workloads; they live as long as the program.
pub(crate) fn credentials() -> &'static inputs::Credentials {
    Box::leak(Box::new(meta().creds))
}

pub(crate) fn user() -> Credentials<'static> {
    let all = credentials();
    Credentials::new().username(all.username.as_str()).password(all.password.as_str())
}

pub(crate) fn user_and_client() -> Credentials<'static> {
    let all = credentials();
    user().client_id(all.client_id.as_str()).client_secret(all.client_secret.as_str())
}

fn ours(dialect: &'static Provider, credentials: Credentials<'static>, expected: &'static [u8]) -> Job {
    let mut out = [0; 256];
    Box::new(move || {
        TokenRequest::new(dialect, Purpose::LogIn, credentials)
            .is_ok_and(|request| request.write_body(&mut out).is_ok_and(|body| body == expected))
    })
}

pub(crate) fn json(all: &inputs::Credentials, out: &mut Vec<u8>) -> bool {
    let body = Body {
        client_id: &all.client_id,
        client_secret: &all.client_secret,
        username: &all.username,
        password: &all.password,
        grant_type: "password",
    };
    serde_json::to_writer(out, &body).is_ok()
}

pub(crate) fn form(all: &inputs::Credentials, out: String) -> String {
    form_urlencoded::Serializer::new(out)
        .append_pair("username", &all.username)
        .append_pair("password", &all.password)
        .finish()
}

pub fn works() -> Vec<Work> {
    vec![
        Work::new("w4_json", "W4: Zype's log-in as JSON, 181 bytes", || {
            ours(&provider::ZYPE, user_and_client(), W4_JSON)
        })
        .beside("serde_json", "a derived struct, into a vector that is used again", || {
            let (all, mut out) = (credentials(), Vec::with_capacity(256));
            Box::new(move || {
                out.clear();
                json(all, &mut out) && out == W4_JSON
            })
        }),
        Work::new("w4_form", "W4: LoyaltyDog's log-in as a form, 92 bytes", || {
            ours(&provider::LOYALTY_DOG, user(), W4_FORM)
        })
        .beside("form_urlencoded", "into a string that is used again", || {
            let (all, mut out) = (credentials(), String::with_capacity(256));
            Box::new(move || {
                out.clear();
                out = form(all, std::mem::take(&mut out));
                out.as_bytes() == W4_FORM
            })
        }),
    ]
}
