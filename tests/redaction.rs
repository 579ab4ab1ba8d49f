//! Every public type, filled with secrets, is formatted; none of them shows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, missing_docs)]

use core::fmt::Debug;
use std::fs;
use std::path::Path;

use pos_token::dialect::{Field, Purpose};
use pos_token::http::{self, Head, HttpError, ResponseReader, RetryAfter};
use pos_token::json::{self, Decimal};
use pos_token::jwt::{Hs512Key, Signature, UntrustedToken, Validation};
use pos_token::provider::{LOYALTY_DOG, OPEN_LOYALTY, RFC6749, ZYPE};
use pos_token::session::{self, NoSeal, Now, Policy, Session, SessionState, Stop, Unreadable};
use pos_token::time::{MissingZone, UnixTime, parse_rfc3339};
use pos_token::{
    AnswerError, AnswerOptions, AnswerReader, AnswerState, Authorization, BufferTooSmall, Credentials, DialectError,
    Endpoint, Error, ExchangeError, Outcome, RequestError, Secret, TokenExchange, TokenRequest, TokenStore,
    TransportFailed,
};

/// Stands in every secret of this test, so that finding none of it is finding no secret.
const MARK: &str = "Xq7Zk3Vw9";

#[derive(Default)]
struct Formatted {
    all: String,
    names: Vec<&'static str>,
}

impl Formatted {
    fn add(&mut self, name: &'static str, value: &dyn Debug) {
        let text = format!("{value:?} {value:#?}");
        assert!(!text.is_empty());
        for hidden in forms_of(MARK.as_bytes()) {
            assert!(!text.contains(&hidden), "{name} shows a secret: {text}");
        }
        self.all += &text;
        self.names.push(name);
    }

    fn shown(&mut self, name: &'static str, value: &(impl Debug + core::fmt::Display)) {
        self.add(name, value);
        let text = value.to_string();
        assert!(!text.is_empty() && !text.contains(MARK), "{name}: {text}");
    }
}

/// The secret as text, and as bytes are formatted in decimal and in hexadecimal; three bytes are proof enough.
fn forms_of(secret: &[u8]) -> Vec<String> {
    let mut forms = vec![String::from_utf8(secret.to_vec()).unwrap()];
    for three in secret.windows(3) {
        forms.push(three.iter().map(u8::to_string).collect::<Vec<_>>().join(", "));
        forms.push(three.iter().map(u8::to_string).collect::<Vec<_>>().join(",\n"));
        forms.push(three.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "));
        forms.push(three.iter().map(|byte| format!("{byte:02x}")).collect());
    }
    forms.push(MARK[..5].to_owned());
    forms
}

#[test]
fn the_search_finds_what_a_careless_type_shows() {
    let text = format!("{:?} {:#?}", MARK.as_bytes(), MARK);
    assert!(forms_of(MARK.as_bytes()).iter().filter(|form| text.contains(*form)).count() > 3);
}

#[test]
fn no_public_type_shows_a_secret() {
    let mut seen = Formatted::default();
    let token = format!("eyJ.{MARK}.{MARK}");
    let secret = Secret::from(MARK);
    seen.add("Secret", &secret);

    let credentials = Field::ALL.into_iter().fold(Credentials::new(), |all, field| all.with(field, MARK));
    seen.add("Credentials", &credentials);
    seen.add("Field", &Field::ALL);
    let headers = [("X-Api-Key", MARK)];
    let endpoint = Endpoint::https("h.example").path("/token?api_key=Xq7Zk3Vw9").headers(&headers);
    seen.add("Endpoint", &endpoint);
    seen.add("Scheme", &http::Scheme::Https);
    seen.add("Connection", &http::Connection::Close);
    for purpose in [Purpose::LogIn, Purpose::LogOut] {
        seen.add("TokenRequest", &TokenRequest::new(&OPEN_LOYALTY, purpose, credentials).unwrap());
    }
    seen.add("TokenExchange", &TokenExchange::new(&RFC6749, Purpose::LogIn, credentials, endpoint));
    seen.add("Authorization", &Authorization::new(&ZYPE, token.as_str()).unwrap());
    seen.add("Purpose", &Purpose::LogIn);

    // Answers, at every state of their readers, and what they leave in the store.
    let body = format!(
        r#"{{"token":"{token}","refresh_token":"{MARK}","code":"{MARK}{MARK}","message":"{MARK} is wrong","x":"{MARK}"}}"#
    );
    let granting = format!(r#"{{"token":"{token}","refresh_token":"{MARK}","x":"{MARK}"}}"#);
    for (status, body) in [(200, &granting), (401, &body), (200, &body)] {
        let raw =
            format!("HTTP/1.1 {status} {MARK}\r\nX-{MARK}: {MARK}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let mut arena = [0; 512];
        let mut store = TokenStore::new(&mut arena);
        let options = AnswerOptions { keep_scope: true, keep_server_text: true, ..AnswerOptions::default() };
        seen.add("AnswerOptions", &options);
        let mut state = AnswerState::new(&OPEN_LOYALTY, Purpose::LogIn, options);
        let mut http = ResponseReader::new();
        let mut json = json::Reader::new();
        for byte in raw.as_bytes().chunks(1) {
            seen.add("Progress", &state.feed(&OPEN_LOYALTY, &mut store, byte).unwrap());
            seen.add("AnswerState", &state);
            let mut input = byte;
            while let Some(event) = http.next(&mut input).unwrap() {
                if let http::Event::Body(mut piece) = event {
                    while let Some(event) = json.next(&mut piece).unwrap() {
                        seen.add("json::Event", &event);
                    }
                }
            }
            seen.add("ResponseReader", &http);
            seen.add("json::Reader", &json);
        }
        seen.add("Head", state.head());
        seen.add("TokenStore", &store);
        let answer = state.finish(&OPEN_LOYALTY, &mut store).unwrap();
        seen.shown("Answer", &answer);
        seen.add("Outcome", &answer.outcome);
        seen.add("TokenStore", &store);
        match answer.outcome {
            Outcome::Granted(grant) => {
                seen.add("Grant", &grant);
                seen.add("Expiry", &grant.expiry);
                seen.add("RefreshToken", &grant.refresh_token);
                assert!(store.access_token().is_some());
            }
            Outcome::Denied(denied) => {
                // A provider's own code is shown, where it has the form of one; this is too long for that.
                seen.add("Denied", &denied);
                seen.shown("ErrorCode", &denied.error.unwrap());
            }
            other => panic!("{other:?}"),
        }
        seen.shown("Verdict", &answer.verdict());
        let mut whole = raw.as_bytes();
        let mut http = ResponseReader::new();
        while let Some(event) = http.next(&mut whole).unwrap() {
            seen.add("http::Event", &event);
            if let http::Event::Body(mut piece) = event {
                let mut json = json::Reader::new();
                while let Some(event) = json.next(&mut piece).unwrap() {
                    seen.add("json::Event", &event);
                    if let json::Event::Text(piece) = event {
                        seen.add("Piece", &piece);
                    }
                }
            }
        }
        let reader = AnswerReader::new(&OPEN_LOYALTY, Purpose::LogIn, &mut store);
        seen.add("AnswerReader", &reader);
        drop(reader);
        let (_, state) = store.into_parts();
        seen.add("StoreState", &state);
    }

    // Errors that secrets brought about.
    let bad = credentials.access_token("Xq7Zk3Vw9\r\n");
    let error = TokenRequest::new(&OPEN_LOYALTY, Purpose::LogOut, bad).unwrap_err();
    seen.shown("RequestError", &error);
    seen.shown("ExchangeError", &ExchangeError::<TransportFailed>::Request(error));
    seen.shown("TransportFailed", &TransportFailed);
    seen.shown("Error", &Error::from(error));
    seen.shown("BufferTooSmall", &BufferTooSmall { needed: 7 });
    seen.shown("RequestError", &RequestError::Missing(Field::Password));
    seen.shown("DialectError", &DialectError::Path(7));
    for body in [
        format!(r#"{{"accessToken":"{MARK} {MARK}"}}"#),
        format!(r#"{{"accessToken":"{MARK}""#),
        format!(r#"{{"accessToken":["{MARK}"]}}"#),
        format!(r#"{{"accessToken":"a","tokenType":"{MARK}"}}"#),
    ] {
        let mut arena = [0; 64];
        let mut store = TokenStore::new(&mut arena);
        let mut reader = AnswerReader::new(&LOYALTY_DOG, Purpose::LogIn, &mut store);
        reader.status(200).unwrap();
        let result = reader.body(body.as_bytes());
        seen.add("AnswerReader", &reader);
        let error = result.err().unwrap_or_else(|| reader.finish().unwrap_err());
        seen.shown("AnswerError", &error);
        match error {
            AnswerError::Json(error) => {
                seen.shown("JsonError", &error);
                seen.add("JsonErrorKind", &error.kind);
            }
            AnswerError::Member { fault, .. } => seen.add("MemberFault", &fault),
            other => panic!("{other:?}"),
        }
    }
    seen.shown("HttpError", &HttpError::Truncated);
    seen.shown("InvalidPart", &http::InvalidPart::HeaderValue);
    seen.shown("DateError", &parse_rfc3339(MARK.as_bytes(), MissingZone::Utc).unwrap_err());
    seen.add("MissingZone", &MissingZone::Utc);
    seen.add("RetryAfter", &RetryAfter::Seconds(3));
    seen.shown("UnixTime", &UnixTime::from_seconds(0));
    let mut head = Head::new(200);
    head.field(b"Date", MARK.as_bytes()).unwrap();
    seen.add("Head", &head);
    seen.add("ContentCoding", &head.content_coding());
    let mut decimal = Decimal::default();
    decimal.push(b"12");
    seen.add("Rounded", &decimal.finish());
    seen.add("Decimal", &decimal);
    seen.add("Container", &json::Container::Array);
    seen.add("NotText", &json::NotText);

    // Tokens and keys.
    let long_key = MARK.repeat(9);
    let key = Hs512Key::new(long_key.as_str()).unwrap();
    seen.add("Hs512Key", &key);
    seen.shown("KeyError", &Hs512Key::new(MARK).unwrap_err());
    seen.shown("KeyError", &Hs512Key::from_base64url(format!("{MARK}!!").as_str()).unwrap_err());
    let claims = serde_json::json!({"exp": 99, "sub": MARK, MARK: MARK});
    let jwt = jsonwebtoken::encode(
        &jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS512),
        &claims,
        &jsonwebtoken::EncodingKey::from_secret(long_key.as_bytes()),
    )
    .unwrap();
    let untrusted = UntrustedToken::parse(jwt.as_str()).unwrap();
    seen.add("UntrustedToken", &untrusted);
    seen.add("Claims", &untrusted.peek().unwrap());
    let validation = Validation::at(UnixTime::from_seconds(9));
    seen.add("Validation", &validation);
    let checked = untrusted.check_header(None, None).unwrap();
    seen.add("CheckedHeader", &checked);
    seen.add("CheckedSignature", &checked.check_signature(&key).unwrap());
    let verified = key.verify(&untrusted, None, &validation).unwrap();
    seen.add("Claims", &verified);
    seen.add("Times", &verified.times());
    seen.shown("ClaimError", &verified.copy_text("sub", &mut [0; 2]).unwrap_err());
    seen.shown("TokenError", &key.verify(&untrusted, None, &validation.subject("other")).unwrap_err());
    seen.add("Signature", &Signature::Invalid);
    seen.add("Pieces", &pos_token::base64url::Pieces::new(MARK.as_bytes()));
    seen.shown("DecodeError", &pos_token::base64url::decode(jwt.as_bytes(), &mut []).unwrap_err());
    seen.add("Provider", &OPEN_LOYALTY);
    seen.add("Slot", &pos_token::Slot::AccessToken);

    session(&mut seen, credentials, &token);

    for name in public_types() {
        let formatted = seen.names.iter().any(|seen| seen.rsplit("::").next() == Some(&name));
        assert!(formatted || NO_SECRET_IN.contains(&name.as_str()), "{name} is formatted nowhere here");
    }
}

/// A session through a log-in, and what it says on the way.
fn session(seen: &mut Formatted, credentials: Credentials<'_>, token: &str) {
    let (policy, now) = (Policy::new(7), Now::uptime(5));
    let mut arena = [0; 512];
    let mut store = TokenStore::new(&mut arena);
    let mut state = SessionState::new(&ZYPE, &policy, now);
    let mut session = Session::new(&ZYPE, &policy, &mut state);
    seen.add("Policy", &policy);
    seen.add("Now", &now);
    seen.add("Uptime", &session::Uptime::default());
    seen.add("Step", &session.next(&store, now));
    let begun = session.begin(&store, credentials, now).unwrap();
    seen.add("Begun", &begun);
    let number = begun.number;
    let body = format!(r#"{{"access_token":"{token}","refresh_token":"{MARK}","expires_in":60}}"#);
    let mut reader = AnswerReader::new(&ZYPE, Purpose::LogIn, &mut store);
    reader.status(200).unwrap();
    let _ = reader.body(body.as_bytes()).unwrap();
    let answer = reader.finish().unwrap();
    session.accept(number, &answer, &store, now);
    seen.add("Step", &session.next(&store, now));
    let mut out = [0; 512];
    let record = session.save(&store, &mut NoSeal, 1, &mut out, now).unwrap();
    seen.add("Record", &record);
    seen.shown("SaveError", &session.save(&store, &mut NoSeal, 0, &mut [0; 8], now).unwrap_err());
    session.saved(record.number);
    seen.add("Step", &session.next(&store, now));
    seen.add("TokenInUse", &session.token(&store, now).unwrap());
    seen.add("LastKnown", &session.last_known(&store, now).unwrap());
    seen.shown("BeginError", &session.begin(&store, credentials, now).unwrap_err());
    seen.add("Rejection", &session.rejected(1, now));
    session.observe(UnixTime::from_seconds(2_000_000_000), now);
    let estimate = session.clock(now).unwrap();
    seen.add("ClockEstimate", &estimate);
    seen.add("ClockOrigin", &estimate.origin);
    seen.add("Session", &session);
    let read = |_: u8, slot: &mut [u8]| {
        slot.copy_from_slice(&MARK.repeat(9).as_bytes()[..slot.len()]);
        Ok(slot.len())
    };
    let error = session.restore(&mut store, &mut NoSeal, read, &mut [0; 64], now).unwrap_err();
    seen.shown("RestoreError", &error);
    seen.shown("RecordError", &error.slots[0]);
    let absent = |_: u8, _: &mut [u8]| Err(Unreadable);
    seen.shown("RestoreError", &session.restore(&mut store, &mut NoSeal, absent, &mut [0; 64], now).unwrap_err());
    seen.add("SessionState", &state);
    seen.shown("Stop", &Stop { reason: session::StopReason::Refused, code: 514 });
    seen.shown("WaitReason", &session::WaitReason::Slot);
    seen.add("Failure", &session::Failure::TRANSPORT);
    let copy = |_: u8, slot: &mut [u8]| {
        slot[..record.bytes.len()].copy_from_slice(record.bytes);
        Ok(record.bytes.len())
    };
    let mut session = Session::new(&ZYPE, &policy, &mut state);
    let restored = session.restore(&mut store, &mut NoSeal, copy, &mut [0; 512], now).unwrap();
    seen.add("Restored", &restored);
}

/// Descriptions, markers and traits, which hold nothing of a caller's.
const NO_SECRET_IN: &[&str] = &[
    "Answers",
    "ClientAuth",
    "CodeKind",
    "CodeNeeded",
    "Code",
    "Dialect",
    "Encoding",
    "Exchange",
    "Fields",
    "Fleet",
    "HmacSha512",
    "Invalid",
    "Keep",
    "Meaning",
    "Member",
    "MemberRow",
    "Method",
    "Parameter",
    "NoSeal",
    "Rotation",
    "Seal",
    "ServerTime",
    "Settings",
    "StopReason",
    "Unreadable",
    "Unverified",
    "UnverifiedClaims",
    "Value",
    "Verified",
    "VerifiedClaims",
    "DeserializeError",
];

fn public_types() -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            for line in fs::read_to_string(path).unwrap().lines() {
                let mut words = line.trim_start().split(' ');
                if let (Some("pub"), Some("struct" | "enum" | "trait" | "type"), Some(rest)) =
                    (words.next(), words.next(), words.next())
                {
                    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                    names.push(rest[..end].to_owned());
                }
            }
        }
    }
    assert!(names.len() > 60, "the sources are not where they were");
    names
}
