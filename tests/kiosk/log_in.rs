//! Log-ins at a server that is given, which is the testbed here.

use base64ct::{Base64UrlUnpadded, Encoding};
use pos_token::dialect::Purpose;
use pos_token::provider::{self, Provider};
use pos_token::{AnswerReader, Credentials, Endpoint, TokenRequest, TokenStore};
use pos_token_testbed::{Scenario, Server, Testbed, credentials as valid};
use std::io::{Read, Write};
use std::net::TcpStream;

use crate::SECRETS;
use crate::program::{Run, kiosk, kiosk_with};

/// The valid credentials of a server, and its URL.
pub fn arguments(server: &Server) -> Vec<String> {
    let mut arguments = vec!["--provider", server.name()];
    arguments.extend(match server.name() {
        "loyaltydog" => vec!["--username", valid::loyalty_dog::USERNAME, "--password", valid::loyalty_dog::PASSWORD],
        "zype" => vec![
            "--client-id",
            valid::zype::CLIENT_ID,
            "--client-secret",
            valid::zype::CLIENT_SECRET,
            "--username",
            valid::zype::USERNAME,
            "--password",
            valid::zype::PASSWORD,
        ],
        "loyalife" => {
            vec!["--client-id", valid::loyalife::CLIENT_ID, "--client-secret", valid::loyalife::CLIENT_SECRET]
        }
        "openloyalty" => {
            use valid::open_loyalty::{ADMIN_PASSWORD, ADMIN_USERNAME};
            vec!["--username", ADMIN_USERNAME, "--password", ADMIN_PASSWORD]
        }
        _ => vec!["--client-id", valid::rfc6749::CLIENT_ID, "--client-secret", valid::rfc6749::CLIENT_SECRET],
    });
    let path = if server.name() == "rfc6749" { "/token" } else { "" };
    let url = format!("{}{path}", server.url());
    arguments.extend(["--url", &url]);
    arguments.into_iter().map(str::to_owned).collect()
}

/// Logs in with the valid credentials, and with further options, of which the last counts.
fn log_in(server: &Server, further: &[&str]) -> Run {
    let arguments = arguments(server);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(further.iter().copied()).collect();
    kiosk(&arguments).hides(SECRETS)
}

#[test]
fn every_provider_grants_a_token() {
    let testbed = Testbed::start();
    for server in testbed.servers() {
        for trace in [&[][..], &["--trace"]] {
            log_in(server, trace).exits(0).says("  use").hides(["eyJ"]);
        }
    }
    let member =
        ["--username", valid::open_loyalty::MEMBER_USERNAME, "--password", valid::open_loyalty::MEMBER_PASSWORD];
    log_in(&testbed.open_loyalty, &[&member[..], &["--store-code", valid::open_loyalty::STORE_CODE]].concat()).exits(0);
    let device = ["--linked-device-id", valid::zype::LINKED_DEVICE_ID, "--pin", valid::zype::PIN];
    log_in(&testbed.zype, &device).exits(0);
    let user = ["--username", valid::rfc6749::USERNAME, "--password", valid::rfc6749::PASSWORD];
    log_in(&testbed.rfc6749, &user).exits(0);
    log_in(&testbed.rfc6749, &["--provider", "rfc6749-body"]).exits(0);
    log_in(&testbed.loyalife, &["--scope-member", valid::loyalife::RELATION_REFERENCE, "--trace"])
        .exits(0)
        .hides([valid::loyalife::RELATION_REFERENCE]);
    let scope = serde_json::to_string(&["LOGIN", valid::loyalife::RELATION_REFERENCE]).unwrap();
    assert!(
        String::from_utf8(testbed.loyalife.last_request()).unwrap().contains(&serde_json::to_string(&scope).unwrap())
    );
    assert_eq!(testbed.complaints(), [""; 0]);
}

#[test]
fn a_prefix_stands_before_the_path() {
    let testbed = Testbed::start();
    let url = format!("{}/~modem", testbed.loyalife.url());
    log_in(&testbed.loyalife, &["--url", &url]).exits(0);
    log_in(&testbed.loyalife, &["--url", &format!("{url}/")]).exits(0);
    log_in(&testbed.rfc6749, &["--url", &testbed.rfc6749.url()]).exits(2).says("path is missing");
}

#[test]
fn credentials_come_from_the_environment_and_options_win() {
    let testbed = Testbed::start();
    let url = testbed.loyalty_dog.url();
    let arguments = ["--provider", "loyaltydog", "--url", &url, "--username", valid::loyalty_dog::USERNAME];
    let password = ("POS_TOKEN_PASSWORD", valid::loyalty_dog::PASSWORD);
    let key = std::str::from_utf8(valid::loyalty_dog::SIGNING_KEY).unwrap();
    kiosk_with(&[password], &arguments).exits(0).says("only read");
    kiosk_with(&[password, ("POS_TOKEN_HS512_KEY", key)], &arguments).exits(0).says("verified").hides([key]);
    kiosk_with(&[("POS_TOKEN_PASSWORD", "")], &arguments).exits(2).says("password is missing");
    let wrong = [&arguments[..], &["--password", "hunter2"]].concat();
    kiosk_with(&[password], &wrong).exits(6).hides(["hunter2"]);
    assert_eq!(testbed.complaints(), [""; 0]);
}

#[test]
fn tokens_are_verified() {
    let testbed = Testbed::start();
    let server = &testbed.loyalife;
    let key = std::str::from_utf8(valid::loyalife::SIGNING_KEY).unwrap();
    let encoded = Base64UrlUnpadded::encode_string(valid::loyalife::SIGNING_KEY);
    let with_key = ["--hs512-key", key];
    let with = |further: &[&'static str]| log_in(server, &[&with_key[..], further].concat()).hides([key]);
    with(&[]).exits(0).says("verified");
    log_in(server, &["--hs512-key-base64url", &encoded]).exits(0).says("verified").hides([&encoded[..], key]);
    with(&["--issuer", valid::loyalife::ISSUER, "--audience", valid::loyalife::AUDIENCE]).exits(0).says("verified");
    with(&["--issuer", "https://elsewhere.example"]).exits(9).says("another iss");
    with(&["--audience", "another-api"]).exits(9).says("another aud");
    let other = "x".repeat(64);
    log_in(server, &["--hs512-key", &other]).exits(9).says("wrong signature");
    log_in(server, &["--hs512-key", "short"]).exits(2);
    log_in(server, &["--hs512-key", "short", "--allow-short-key"]).exits(9);
    server.play(Scenario::Forged);
    with(&[]).exits(9).says("do not use");
    server.play(Scenario::Unsigned);
    with(&[]).exits(9);
    server.play(Scenario::Expired);
    with(&[]).exits(9).says("expired");
    // An opaque token cannot be verified.
    log_in(&testbed.zype, &with_key).exits(9);
}

#[test]
fn each_kind_of_end_has_an_exit_status() {
    let testbed = Testbed::start();
    let wrong = ["--password", "hunter2", "--client-secret", "hunter2", "--trace"];
    for server in testbed.servers() {
        log_in(server, &wrong).exits(6).says("stop").hides(["hunter2"]);
        for (scenario, code) in [
            (Scenario::Portal, 3),
            (Scenario::PortalBig, 3),
            (Scenario::Blocked, 3),
            (Scenario::Busy, 3),
            (Scenario::BusyDate, 3),
            (Scenario::BusyBare, 3),
            (Scenario::Empty, 3),
            (Scenario::Redirect, 6),
            (Scenario::Hangup, 7),
            (Scenario::Truncated, 7),
            (Scenario::Garbage, 8),
            (Scenario::NoToken, 8),
            (Scenario::Malformed, 8),
            (Scenario::BothLengths, 8),
            (Scenario::Drip, 0),
            (Scenario::Interim, 0),
            (Scenario::UntilClose, 0),
            (Scenario::Long, 0),
        ] {
            server.play(scenario);
            let run = log_in(server, &["--trace"]);
            assert_eq!(run.code, code, "{} {scenario:?}\n{}\n{}", server.name(), run.stdout, run.stderr);
        }
    }
    testbed.zype.play(Scenario::Silent);
    log_in(&testbed.zype, &["--timeout", "1"]).exits(7).says("timed out");
    log_in(&testbed.zype, &["--url", "http://127.0.0.1:1"]).exits(7).says("refused");
    testbed.loyalty_dog.play(Scenario::Echo);
    log_in(&testbed.loyalty_dog, &["--trace"]).exits(6);
    assert_eq!(testbed.complaints(), [""; 0]);
}

#[test]
fn a_second_factor_is_asked_for() {
    let testbed = Testbed::start();
    let with = |further: &[&'static str]| {
        let user = ["--username", valid::loyalty_dog::MFA_USERNAME];
        log_in(&testbed.loyalty_dog, &[&user[..], further].concat()).hides([valid::loyalty_dog::MFA_USERNAME])
    };
    with(&[]).exits(5).says("ask for a code");
    with(&["--code", "900913", "--trace"]).exits(5).says("ask for a code").hides(["900913"]);
    with(&["--code", valid::loyalty_dog::MFA_CODE, "--trace"]).exits(0).says("verify the code");
}

#[test]
fn a_refresh_token_is_used() {
    let testbed = Testbed::start();
    use valid::{open_loyalty, zype};
    let user = Credentials::new().username(open_loyalty::ADMIN_USERNAME).password(open_loyalty::ADMIN_PASSWORD);
    let client = Credentials::new().client_id(zype::CLIENT_ID).client_secret(zype::CLIENT_SECRET);
    let client = client.username(zype::USERNAME).password(zype::PASSWORD);
    for (server, provider, credentials) in
        [(&testbed.open_loyalty, &provider::OPEN_LOYALTY, user), (&testbed.zype, &provider::ZYPE, client)]
    {
        let token = refresh_token(server, provider, credentials);
        log_in(server, &["--refresh-token", &token, "--trace"]).exits(0).says("refresh").hides([&token[..]]);
        log_in(server, &["--refresh-token", "spent"]).exits(4).says("log in again");
    }
    assert_eq!(testbed.complaints(), [""; 0]);
}

/// Logs in without the kiosk.
fn refresh_token(server: &Server, provider: &Provider<'_>, credentials: Credentials<'_>) -> String {
    let host = server.addr().ip().to_string();
    let endpoint = Endpoint::http(&host).port(server.addr().port());
    let request = TokenRequest::new(provider, Purpose::LogIn, credentials).unwrap();
    let mut stream = TcpStream::connect(server.addr()).unwrap();
    stream.write_all(request.write_http(&endpoint, &mut [0; 1024]).unwrap()).unwrap();
    let mut arena = [0; 4096];
    let mut store = TokenStore::new(&mut arena);
    let mut reader = AnswerReader::new(provider, Purpose::LogIn, &mut store);
    let mut buffer = [0; 512];
    loop {
        let count = stream.read(&mut buffer).unwrap();
        if reader.feed(&buffer[..count]).unwrap() != pos_token::Progress::NeedMore {
            break;
        }
    }
    reader.finish().unwrap();
    String::from_utf8(store.refresh_token().unwrap().expose().to_owned()).unwrap()
}

#[test]
fn a_session_outlives_the_program() {
    let testbed = Testbed::start();
    for server in testbed.servers() {
        let path = std::env::temp_dir().join(format!("pos-token-{}-{}.state", std::process::id(), server.name()));
        let state = ["--state", path.to_str().unwrap()];
        let first = log_in(server, &state).exits(0).says("no record yet").says("use a token of").hides(["eyJ"]);
        assert!(!first.stdout.contains("without a request"), "{}", first.stdout);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        // The server is not asked again: it would refuse these credentials.
        let wrong = ["--password", "wrong", "--client-secret", "wrong"];
        let again = [&state[..], &wrong].concat();
        for _ in 0..2 {
            log_in(server, &again).exits(0).says("restored record").says("without a request").hides(["eyJ"]);
        }
        // A damaged record is no record, and then these credentials are refused.
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.iter_mut().enumerate().filter(|(at, _)| at % 8192 == 30).for_each(|(_, byte)| *byte ^= 1);
        std::fs::write(&path, bytes).unwrap();
        let damaged = log_in(server, &again).exits(6).says("nothing to restore").says("stop: the provider refuses");
        assert!(!damaged.stdout.contains("use a token"), "{}", damaged.stdout);
        log_in(server, &state).exits(0).says("use a token of");
        std::fs::remove_file(&path).unwrap();
    }
}
