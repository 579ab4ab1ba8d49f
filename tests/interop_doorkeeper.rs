//! The library against Doorkeeper itself (`tests/interop/doorkeeper/`), over TCP: how refresh tokens rotate, and how a
//! session gets over power cuts.
//!
//! Without Doorkeeper, which `tests/interop/doorkeeper/setup` installs, this is skipped and says so; with
//! `POS_TOKEN_REQUIRE_INTEROP=1` it is installed, and a skip is a failure.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, unreachable_pub)]

#[path = "power_cuts/flash.rs"]
#[allow(dead_code)]
mod flash;
mod interop_support;
#[path = "power_cuts/model.rs"]
#[allow(dead_code)]
mod model;
#[path = "power_cuts/till.rs"]
#[allow(dead_code)]
mod till;

use std::process::Command;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flash::{Cut, Point, Reads};
use interop_support::doorkeeper::{self, Pair, SINGLE_USE, Trace, UNTIL_FIRST_USE, play};
use interop_support::{Server, file, or_skip, required, set_up};
use model::{Model, STANDARD, Wire};
use pos_token::dialect::{Purpose, Rotation};
use pos_token::provider::ZYPE;
use pos_token::session::Keep;
use pos_token::time::UnixTime;
use pos_token::{Credentials, ErrorCode, Expiry, Grant, Outcome, RefreshToken, TokenStore};
use pos_token_testbed::credentials::zype::{CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME};
use till::{End, World};

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

impl Wire for &Doorkeeper {
    fn exchange(&mut self, request: &[u8]) -> Vec<u8> {
        self.server.raw(request)
    }

    fn accepts(&mut self, access_token: &[u8]) -> bool {
        doorkeeper::Server::accepts(self, access_token)
    }

    fn expire(&mut self) {
        doorkeeper::Server::expire(self);
    }
}

const UNIT: usize = 32;

/// The power goes at each of these points of a renewal, one after another, and what is torn is read so.
const CUTS: [(Point, Reads); 10] = [
    (Point::Due, Reads::Old),
    (Point::Sent, Reads::Old),
    (Point::Processed, Reads::Old),
    (Point::Answered, Reads::Old),
    (Point::Erase, Reads::Error),
    (Point::before_last(2), Reads::Error),
    (Point::before_last(0), Reads::New),
    (Point::Written, Reads::Old),
    (Point::Saved, Reads::Old),
    (Point::Used, Reads::Old),
];

/// A till whose power goes at each point of a renewal, each time after another renewal has come through. Returns how
/// each of its runs ended.
fn cut_and_cut_again<W: Wire>(world: &mut World<W>) -> Vec<Result<End, Cut>> {
    let mut runs = Vec::new();
    let mut run = |world: &mut World<W>, lasts| {
        let end = world.run(1, lasts);
        runs.push(end);
        world.off(false);
    };
    for (point, reads) in CUTS {
        // One comes back from what was before; the next shows where that point is in the one that is cut.
        run(world, None);
        run(world, None);
        let at = world.power.seen.iter().rposition(|seen| seen.counted_back() == point).unwrap();
        run(world, Some(at));
        world.flash.reads = reads;
    }
    run(world, None);
    runs
}

#[test]
fn a_session_gets_over_power_cuts_with_a_real_doorkeeper_as_with_the_models() {
    if required() {
        set_up("doorkeeper/setup").unwrap();
    }
    thread::scope(|scope| {
        scope.spawn(|| like_the_model("until-first-use", Rotation::UntilFirstUse, 1));
        scope.spawn(|| like_the_model("single-use", Rotation::SingleUse, 5));
    });
}

/// Fails where the real server sees something else than the model does, or other than so many log-ins.
fn like_the_model(name: &str, rotation: Rotation, log_ins: usize) {
    let Some(server) = or_skip("Doorkeeper", Doorkeeper::start(name, LONG)) else { return };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let clock = Some(UnixTime::from_seconds(now.try_into().unwrap()));
    let mut real = World::new(ZYPE, Keep::RefreshTokens, UNIT, 256, &server);
    let mut model = World::new(ZYPE, Keep::RefreshTokens, UNIT, 256, Model::new(rotation, STANDARD));
    (real.clock, model.clock) = (clock, clock);
    let ends = cut_and_cut_again(&mut real);
    assert_eq!(ends.iter().filter(|end| **end == Err(Cut)).count(), CUTS.len());
    assert!(ends.iter().all(|end| matches!(end, Err(Cut) | Ok(End::Uses))), "{ends:?}");
    assert_eq!(ends, cut_and_cut_again(&mut model), "{name}");
    assert_eq!(real.server.steps, model.server.steps, "{name}");
    assert_eq!(real.server.log_ins(), log_ins, "{name}: {:?}", real.server.steps);
}
