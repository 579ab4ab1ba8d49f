//! How Doorkeeper rotates refresh tokens, as data: what a real one did, step by step, in both of its settings.
//! `tests/interop_doorkeeper.rs` plays it on the real one; a model of that server has to answer the same.

use Action::{Expire, LogIn, Refresh, Revoke, Use};
use Seen::{Done, Granted, InvalidGrant, Nothing, Ok, Unauthorized};

/// What a client does. A number names the tokens by the order in which they were granted: the first log-in of a
/// trace brings 0, the next log-in or granted refresh 1, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    LogIn,
    /// Refreshes with this refresh token.
    Refresh(usize),
    /// Calls a protected endpoint with this access token.
    Use(usize),
    /// Revokes this refresh token.
    Revoke(usize),
    /// Waits until every access token that was granted so far has expired.
    Expire,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// An access token and a refresh token, both new.
    Granted,
    /// 400, `invalid_grant`.
    InvalidGrant,
    /// 200: the access token is good.
    Ok,
    /// 401: the access token is not.
    Unauthorized,
    /// 200, as for every revocation by the right client.
    Done,
    /// Nothing was asked.
    Nothing,
}

/// What a server saw of one client, from its first log-in on.
pub(crate) struct Trace {
    pub(crate) name: &'static str,
    pub(crate) steps: &'static [(Action, Seen)],
}

impl Trace {
    pub(crate) fn expires(&self) -> bool {
        self.steps.contains(&(Expire, Nothing))
    }
}

/// With the column `previous_refresh_token`, as Doorkeeper's generator makes it.
pub(crate) const UNTIL_FIRST_USE: &[Trace] = &[
    Trace {
        name: "the first use of the new access token ends the old pair",
        steps: &[
            (LogIn, Granted),
            (Use(0), Ok),
            (Refresh(0), Granted),
            (Use(0), Ok),
            (Use(1), Ok),
            (Use(0), Unauthorized),
            (Refresh(0), InvalidGrant),
            (Use(1), Ok),
            (Refresh(1), Granted),
            (Use(2), Ok),
            (Use(1), Unauthorized),
            (Refresh(1), InvalidGrant),
        ],
    },
    Trace {
        name: "a lost answer: the old refresh token works again, and the second new pair is used",
        steps: &[
            (LogIn, Granted),
            (Refresh(0), Granted),
            (Refresh(0), Granted),
            (Use(0), Ok),
            (Use(2), Ok),
            (Use(0), Unauthorized),
            (Refresh(0), InvalidGrant),
            (Use(1), Ok),
            (Use(2), Ok),
            (Refresh(1), Granted),
            (Refresh(2), Granted),
            (Use(3), Ok),
            (Use(1), Unauthorized),
            (Use(2), Ok),
            (Use(4), Ok),
            (Use(2), Unauthorized),
        ],
    },
    Trace {
        name: "two new pairs, and the first is used: the second still works",
        steps: &[
            (LogIn, Granted),
            (Refresh(0), Granted),
            (Refresh(0), Granted),
            (Use(1), Ok),
            (Use(0), Unauthorized),
            (Refresh(0), InvalidGrant),
            (Use(2), Ok),
            (Refresh(2), Granted),
            (Use(3), Ok),
            (Refresh(2), InvalidGrant),
            (Use(1), Ok),
            (Refresh(1), Granted),
        ],
    },
    Trace {
        name: "a pair whose access token was never used does not end the one before it",
        steps: &[
            (LogIn, Granted),
            (Refresh(0), Granted),
            (Refresh(1), Granted),
            (Use(2), Ok),
            (Refresh(1), InvalidGrant),
            (Use(0), Ok),
            (Refresh(0), Granted),
            (Use(0), Ok),
            // A revoked access token is refused, and yet ends the pair before it.
            (Use(1), Unauthorized),
            (Use(0), Unauthorized),
            (Refresh(0), InvalidGrant),
            (Use(3), Ok),
            (Use(2), Ok),
        ],
    },
    Trace {
        name: "an expired access token is refused, and yet ends the pair before it",
        steps: &[
            (LogIn, Granted),
            (Refresh(0), Granted),
            (Expire, Nothing),
            (Use(0), Unauthorized),
            (Refresh(0), Granted),
            (Use(1), Unauthorized),
            (Refresh(0), InvalidGrant),
            (Refresh(1), Granted),
            (Use(3), Ok),
        ],
    },
    Trace {
        name: "another log-in leaves the first alone",
        steps: &[
            (LogIn, Granted),
            (LogIn, Granted),
            (Refresh(1), Granted),
            (Use(2), Ok),
            (Use(1), Unauthorized),
            (Use(0), Ok),
            (Refresh(0), Granted),
        ],
    },
    Trace {
        name: "a revocation ends the pair, and not the one before it",
        steps: &[
            (LogIn, Granted),
            (Refresh(0), Granted),
            (Revoke(1), Done),
            (Refresh(1), InvalidGrant),
            (Use(0), Ok),
            (Refresh(0), Granted),
            (Use(1), Unauthorized),
            (Use(0), Unauthorized),
            (Refresh(0), InvalidGrant),
            (Revoke(1), Done),
            (Use(2), Ok),
        ],
    },
    EXPIRED_REVOCATION,
];

/// Without that column.
pub(crate) const SINGLE_USE: &[Trace] = &[
    Trace {
        name: "the refresh itself ends the old pair",
        steps: &[
            (LogIn, Granted),
            (Use(0), Ok),
            (Refresh(0), Granted),
            (Use(0), Unauthorized),
            (Refresh(0), InvalidGrant),
            // That an old refresh token came again ends nothing else.
            (Use(1), Ok),
            (Refresh(0), InvalidGrant),
            (Refresh(1), Granted),
            (Use(1), Unauthorized),
            (Use(2), Ok),
        ],
    },
    Trace {
        name: "a lost answer: only a log-in helps",
        steps: &[
            (LogIn, Granted),
            (Refresh(0), Granted),
            (Refresh(0), InvalidGrant),
            (LogIn, Granted),
            (Use(2), Ok),
            (Use(1), Ok),
            (Refresh(1), Granted),
            (Use(2), Ok),
            (Use(3), Ok),
        ],
    },
    Trace {
        name: "a refresh token outlives its access token",
        steps: &[
            (LogIn, Granted),
            (Expire, Nothing),
            (Use(0), Unauthorized),
            (Refresh(0), Granted),
            (Use(1), Ok),
            (Refresh(0), InvalidGrant),
        ],
    },
    Trace {
        name: "a revocation ends the pair",
        steps: &[
            (LogIn, Granted),
            (Refresh(0), Granted),
            (Revoke(0), Done),
            (Use(1), Ok),
            (Revoke(1), Done),
            (Use(1), Unauthorized),
            (Refresh(1), InvalidGrant),
            (Revoke(1), Done),
        ],
    },
    EXPIRED_REVOCATION,
];

/// In both settings of Doorkeeper 5.5; later ones revoke here too.
const EXPIRED_REVOCATION: Trace = Trace {
    name: "a refresh token whose access token has expired is not revoked",
    steps: &[(LogIn, Granted), (Expire, Nothing), (Revoke(0), Done), (Refresh(0), Granted), (Use(1), Ok)],
};

/// An access token and a refresh token.
pub(crate) type Pair = (Vec<u8>, Vec<u8>);

/// What a trace is played on.
pub(crate) trait Server {
    fn log_in(&mut self) -> Pair;
    /// `None` is `invalid_grant`.
    fn refresh(&mut self, refresh_token: &[u8]) -> Option<Pair>;
    /// Whether a protected endpoint takes this access token.
    fn accepts(&mut self, access_token: &[u8]) -> bool;
    fn revoke(&mut self, refresh_token: &[u8]);
    fn expire(&mut self);
}

/// Plays a trace, and fails at the first step that comes out otherwise.
pub(crate) fn play(trace: &Trace, server: &mut impl Server) {
    let mut granted: Vec<Pair> = Vec::new();
    for (at, &(action, expected)) in trace.steps.iter().enumerate() {
        let (seen, pair) = match action {
            LogIn => (Granted, Some(server.log_in())),
            Refresh(old) => match server.refresh(&granted[old].1) {
                Some(pair) => (Granted, Some(pair)),
                None => (InvalidGrant, None),
            },
            Use(pair) if server.accepts(&granted[pair].0) => (Ok, None),
            Use(_) => (Unauthorized, None),
            Revoke(pair) => {
                server.revoke(&granted[pair].1);
                (Done, None)
            }
            Expire => {
                server.expire();
                (Nothing, None)
            }
        };
        assert_eq!(seen, expected, "{}: step {at}, {action:?}", trace.name);
        if let Some((access, refresh)) = pair {
            let known = |token| granted.iter().any(|(access, refresh)| access == token || refresh == token);
            assert!(!known(&access) && !known(&refresh), "{}: step {at}: a token that is not new", trace.name);
            granted.push((access, refresh));
        }
    }
}
