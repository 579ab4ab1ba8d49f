//! The library against LoyaltyDog's log-in on FastAPI and PyJWT themselves (`tests/interop/`), over TCP.
//!
//! Without the app's Python environment, which `tests/interop/setup` makes, this is skipped and says so; with
//! `POS_TOKEN_REQUIRE_INTEROP=1` the environment is made, and a skip is a failure.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod interop_support;

use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use interop_support::{Server, file, or_skip, required, set_up};
use pos_token::dialect::{Answers, ClientAuth, Encoding, Exchange, Field, Method, Purpose, optional};
use pos_token::jwt::{Hs512Key, Times, TokenError, UntrustedToken, Validation};
use pos_token::provider::{LOYALTY_DOG, Provider};
use pos_token::time::UnixTime;
use pos_token::{Answer, AnswerError, Credentials, Denied, Expiry, Grant, Outcome, RefreshToken, TokenStore, Verdict};

// The constants of app.py.
const USERNAME: &str = "till-7@example.com";
const MFA_USERNAME: &str = "mfa@example.com";
const PASSWORD: &str = "Corn&r shop=100% + tea";
const CODE: &str = "031337";
const SIGNING_KEY: &[u8; 64] = b"interop: the HS512 key of this app; it is sixty-four bytes long.";
const LIFETIME: i64 = 3600;

/// `Err` says why there is none.
fn start() -> Result<Server, String> {
    let python = if required() {
        set_up("setup")?
    } else {
        let venv = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/interop-venv");
        let current = std::fs::read(file("requirements.txt")).unwrap();
        if std::fs::read(venv.join("requirements.txt")).ok() != Some(current) {
            return Err("there is no Python environment; tests/interop/setup makes one".into());
        }
        venv.join("bin/python").into_os_string()
    };
    Server::start(Command::new(python).arg(file("app.py")).args(["--port", "0"]))
}

/// Calls the endpoint that wants a token, and returns its status and its body.
fn me(app: &Server, token: &[u8]) -> (u16, String) {
    let reply = app.get(&LOYALTY_DOG, "/v2/me", token);
    assert!(reply.date.is_some());
    (reply.status, reply.body)
}

fn device_clock() -> UnixTime {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    UnixTime::from_seconds(now.as_secs().try_into().unwrap())
}

/// What the log-ins in this file share.
fn credentials<'a>(username: &'a str, password: &'a str) -> Credentials<'a> {
    Credentials::new().username(username).password(password)
}

fn denied(result: Result<Answer, AnswerError>) -> Answer {
    let answer = result.unwrap();
    assert_eq!(answer.outcome, Outcome::Denied(Denied { error: None, retryable: false }));
    answer
}

/// LoyaltyDog's log-in with the password left out, which the library itself would refuse to send.
const WITHOUT_PASSWORD: Provider<'static> = Provider {
    exchanges: &[(
        Exchange {
            purpose: Purpose::LogIn,
            when: None,
            method: Method::Post,
            path: b"/v2/token",
            encoding: Encoding::Form,
            client_auth: ClientAuth::Body,
            answer: Answers::Tokens,
        },
        &[optional("username", Field::Username)],
    )],
    ..LOYALTY_DOG
};

/// LoyaltyDog's second step with members that the app does not know. Its complaint echoes what it got.
const WITH_OTHER_NAMES: Provider<'static> = Provider {
    exchanges: &[(
        Exchange {
            purpose: Purpose::VerifyCode,
            when: None,
            method: Method::Post,
            path: b"/v2/token/mfa-verify",
            encoding: Encoding::Json,
            client_auth: ClientAuth::Body,
            answer: Answers::Tokens,
        },
        &[optional("pending_token", Field::PendingToken), optional("code", Field::Code)],
    )],
    ..LOYALTY_DOG
};

#[test]
fn fastapi_and_pyjwt() {
    let Some(app) = or_skip("FastAPI", start()) else { return };
    logs_in_and_verifies(&app);
    wrong_password(&app);
    validation_errors(&app);
    second_step(&app);
}

fn logs_in_and_verifies(app: &Server) {
    let mut arena = [0; 1024];
    let mut store = TokenStore::new(&mut arena);
    let answer = app.exchange(&LOYALTY_DOG, Purpose::LogIn, credentials(USERNAME, PASSWORD), &mut store).unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.verdict(), Verdict::Use);
    let unstated = Grant { expiry: Expiry::Unstated, refresh_token: RefreshToken::Absent, token_type_stated: true };
    assert_eq!(answer.outcome, Outcome::Granted(unstated));
    assert!(store.pending_token().is_none() && store.refresh_token().is_none());
    let server_time = answer.server_time.expect("uvicorn sends Date");
    assert!(server_time.from_date && server_time.time.since(device_clock()).abs() < 60);

    let access_token = store.access_token().unwrap();
    let token = UntrustedToken::parse(access_token).unwrap();
    let peeked = token.peek().unwrap();
    let key = Hs512Key::new(SIGNING_KEY).unwrap();
    let now = server_time.time;
    let claims = key.verify(&token, None, &Validation::at(now).leeway(30)).unwrap();
    assert_eq!(claims.times(), Times::Checked);
    assert_eq!(claims.expires_at(), peeked.expires_at());
    let issued_at = claims.issued_at().unwrap();
    assert!(issued_at.since(now).abs() < 60);
    assert_eq!(claims.expires_at().unwrap().since(issued_at), LIFETIME);
    assert_eq!(claims.copy_text("sub", &mut [0; 64]).unwrap(), Some(USERNAME.as_bytes()));

    let late = Validation::at(claims.expires_at().unwrap());
    assert!(matches!(key.verify(&token, None, &late), Err(TokenError::Expired)));
    let mut other = *SIGNING_KEY;
    other[63] ^= 1;
    let other = Hs512Key::new(&other).unwrap();
    assert!(matches!(other.verify(&token, None, &Validation::at(now)), Err(TokenError::Signature)));

    // The server's judgement of the same token is the same, and of a changed one too.
    assert_eq!(me(app, access_token.expose()), (200, format!("{{\"username\":\"{USERNAME}\"}}")));
    let mut forged = access_token.expose().to_vec();
    let at = forged.len() - 20;
    forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
    assert_eq!(me(app, &forged).0, 401);
    let forged = UntrustedToken::parse(&forged[..]).unwrap();
    assert!(matches!(key.verify(&forged, None, &Validation::at(now)), Err(TokenError::Signature)));
}

fn wrong_password(app: &Server) {
    let mut arena = [0; 1024];
    let mut store = TokenStore::new(&mut arena);
    let answer = denied(app.exchange(&LOYALTY_DOG, Purpose::LogIn, credentials(USERNAME, "wrong"), &mut store));
    assert_eq!((answer.status, answer.verdict()), (401, Verdict::Stop));
    assert!(store.access_token().is_none());
    assert_eq!(store.server_text().unwrap().expose(), b"Incorrect username or password");
}

fn validation_errors(app: &Server) {
    // Tokens in use survive each of these.
    let mut arena = [0; 2048];
    let mut store = TokenStore::new(&mut arena);
    app.exchange(&LOYALTY_DOG, Purpose::LogIn, credentials(USERNAME, PASSWORD), &mut store).unwrap();
    let in_use = store.access_token().unwrap().expose().to_vec();

    // `detail` is an array here, and a string in a 401.
    let username = Credentials::new().username(USERNAME);
    let answer = denied(app.exchange(&WITHOUT_PASSWORD, Purpose::LogIn, username, &mut store));
    assert_eq!((answer.status, answer.verdict()), (422, Verdict::Stop));
    assert_eq!(store.server_text().unwrap().expose(), b"Field required");

    // The answer holds the pending token and the code that were sent; nothing that prints shows them.
    let echoed = Credentials::new().pending_token("a-pending-token-to-echo").code(CODE);
    let answer = denied(app.exchange(&WITH_OTHER_NAMES, Purpose::VerifyCode, echoed, &mut store));
    assert_eq!((answer.status, answer.verdict()), (422, Verdict::AskForCode));
    assert_eq!(store.server_text().unwrap().expose(), b"Field required");
    let shown = format!("{answer:?} {store:?} {echoed:?}");
    assert!(!shown.contains("echo") && !shown.contains(CODE), "{shown}");

    assert_eq!(store.access_token().unwrap().expose(), in_use);
}

fn second_step(app: &Server) {
    let mut arena = [0; 1024];
    let mut store = TokenStore::new(&mut arena);
    let answer = app.exchange(&LOYALTY_DOG, Purpose::LogIn, credentials(MFA_USERNAME, PASSWORD), &mut store).unwrap();
    assert_eq!((answer.status, answer.outcome), (200, Outcome::MfaPending));
    assert_eq!(answer.verdict(), Verdict::AskForCode);
    assert!(store.access_token().is_none());

    let pending_token = store.pending_token().unwrap().expose().to_vec();
    let step = Credentials::new().pending_token(&pending_token[..]);
    let answer = denied(app.exchange(&LOYALTY_DOG, Purpose::VerifyCode, step.code("000000"), &mut store));
    assert_eq!((answer.status, answer.verdict()), (401, Verdict::AskForCode));

    let answer = app.exchange(&LOYALTY_DOG, Purpose::VerifyCode, step.code(CODE), &mut store).unwrap();
    assert!(matches!(answer.outcome, Outcome::Granted(_)));
    assert!(store.pending_token().is_none());
    let access_token = store.access_token().unwrap();
    assert_eq!(me(app, access_token.expose()), (200, format!("{{\"username\":\"{MFA_USERNAME}\"}}")));
    let key = Hs512Key::new(SIGNING_KEY).unwrap();
    let token = UntrustedToken::parse(access_token).unwrap();
    let validation = Validation::at(device_clock()).leeway(60).subject(MFA_USERNAME);
    assert!(key.verify(&token, None, &validation).is_ok());
}
