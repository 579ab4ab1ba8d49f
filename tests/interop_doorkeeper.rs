//! The library against Doorkeeper itself (`tests/interop/doorkeeper/`), over TCP: how refresh tokens rotate.
//!
//! Without Doorkeeper, which `tests/interop/doorkeeper/setup` installs, this is skipped and says so; with
//! `POS_TOKEN_REQUIRE_INTEROP=1` it is installed, and a skip is a failure.
#![allow(clippy::panic, clippy::unwrap_used)]

mod interop_support;

use std::process::Command;
use std::thread;
use std::time::Duration;

use interop_support::doorkeeper::{self, Pair, SINGLE_USE, Trace, UNTIL_FIRST_USE, play};
use interop_support::{Server, file, or_skip, required, set_up};
use pos_token::dialect::Purpose;
use pos_token::provider::ZYPE;
use pos_token::{Credentials, ErrorCode, Expiry, Grant, Outcome, RefreshToken, TokenStore};
use pos_token_testbed::credentials::zype::{CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME};

/// Seconds that an access token lives, where a trace waits for its end, and where it does not.
const BRIEF: u32 = 3;
const LONG: u32 = 7200;

struct Doorkeeper {
    server: Server,
    lifetime: u32,
}

impl Doorkeeper {
    /// `Err` says why there is none.
    fn start(rotation: &str, lifetime: u32) -> Result<Self, String> {
        let server = Server::start(
            Command::new("ruby")
                .arg(file("doorkeeper/app.rb"))
                .args(["--rotation", rotation, "--lifetime", &lifetime.to_string()])
                .env("DOORKEEPER_CLIENT_ID", CLIENT_ID)
                .env("DOORKEEPER_CLIENT_SECRET", CLIENT_SECRET)
                .env("DOORKEEPER_USERNAME", USERNAME)
                .env("DOORKEEPER_PASSWORD", PASSWORD),
        );
        let server =
            server.map_err(|reason| format!("{reason}; tests/interop/doorkeeper/setup installs what it needs"))?;
        Ok(Self { server, lifetime })
    }

    /// `None` is `invalid_grant`; any other answer that grants nothing is a failure.
    fn tokens(&self, purpose: Purpose, credentials: Credentials<'_>) -> Option<Pair> {
        let mut arena = [0; 512];
        let mut store = TokenStore::new(&mut arena);
        let answer = self.server.exchange(&ZYPE, purpose, credentials, &mut store).unwrap();
        match answer.outcome {
            Outcome::Granted(grant) => {
                let expiry = Expiry::In(self.lifetime);
                let refresh_token = RefreshToken::Replaced;
                assert_eq!(grant, Grant { expiry, refresh_token, token_type_stated: true });
                assert!(answer.server_time.is_some_and(|time| !time.from_date), "created_at, and no Date from Puma");
                let access_token = store.access_token().unwrap().expose().to_vec();
                Some((access_token, store.refresh_token().unwrap().expose().to_vec()))
            }
            Outcome::Denied(denied) if denied.error == Some(ErrorCode::InvalidGrant) => {
                assert_eq!(answer.status, 400);
                None
            }
            _ => panic!("{answer:?}"),
        }
    }
}

fn client<'a>() -> Credentials<'a> {
    Credentials::new().client_id(CLIENT_ID).client_secret(CLIENT_SECRET)
}

impl doorkeeper::Server for &Doorkeeper {
    fn log_in(&mut self) -> Pair {
        self.tokens(Purpose::LogIn, client().username(USERNAME).password(PASSWORD)).unwrap()
    }

    fn refresh(&mut self, refresh_token: &[u8]) -> Option<Pair> {
        self.tokens(Purpose::Refresh, client().refresh_token(refresh_token))
    }

    fn accepts(&mut self, access_token: &[u8]) -> bool {
        let reply = self.server.get(&ZYPE, "/api/me", access_token);
        match reply.status {
            200 => assert_eq!(reply.body, format!("{{\"email\":\"{USERNAME}\"}}")),
            401 => assert!(reply.body.starts_with("{\"error\":\"invalid_token\","), "{}", reply.body),
            _ => panic!("{}: {}", reply.status, reply.body),
        }
        reply.status == 200
    }

    fn revoke(&mut self, refresh_token: &[u8]) {
        let token = client().refresh_token(refresh_token);
        let mut store = TokenStore::new(&mut []);
        let answer = self.server.exchange(&ZYPE, Purpose::Revoke, token, &mut store).unwrap();
        assert_eq!((answer.status, answer.outcome), (200, Outcome::Done));
    }

    fn expire(&mut self) {
        // Doorkeeper counts from the moment of the grant, to the microsecond.
        thread::sleep(Duration::from_secs(self.lifetime.into()) + Duration::from_millis(100));
    }
}

/// A server for each rotation and lifetime, with what is to be played on it.
fn servers() -> Result<Vec<(Doorkeeper, Vec<&'static Trace>)>, String> {
    if required() {
        set_up("doorkeeper/setup")?;
    }
    let mut servers = Vec::new();
    for (rotation, traces) in [("until-first-use", UNTIL_FIRST_USE), ("single-use", SINGLE_USE)] {
        for lifetime in [LONG, BRIEF] {
            let traces = traces.iter().filter(|trace| trace.expires() == (lifetime == BRIEF));
            servers.push((Doorkeeper::start(rotation, lifetime)?, traces.collect()));
        }
    }
    Ok(servers)
}

#[test]
fn a_real_doorkeeper_rotates_as_described() {
    let Some(servers) = or_skip("Doorkeeper", servers()) else { return };
    // All at once, since some of them wait.
    thread::scope(|scope| {
        for (server, traces) in &servers {
            assert!(!traces.is_empty());
            for trace in traces {
                let mut server = server;
                scope.spawn(move || play(trace, &mut server));
            }
        }
    });
}
