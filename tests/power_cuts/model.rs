//! Models of servers that rotate refresh tokens, and what goes over the wire to them and back.

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use pos_token::dialect::Rotation;

use super::doorkeeper::{Action, Pair, Seen, Server};

/// What a till talks to.
pub trait Wire {
    /// The whole answer to a whole request, by HTTP.
    fn exchange(&mut self, request: &[u8]) -> Vec<u8>;
    /// Whether the API takes this access token.
    fn accepts(&mut self, access_token: &[u8]) -> bool;
    /// Every access token that was granted so far expires.
    fn expire(&mut self);
}

#[derive(Clone, Debug)]
struct Granted {
    access: Vec<u8>,
    refresh: Vec<u8>,
    /// The one that the first use of this one ends.
    previous: Option<usize>,
    revoked: bool,
    expired: bool,
}

/// A server in memory.
#[derive(Clone, Debug)]
pub struct Model {
    rotation: Rotation,
    grants: Grants,
    granted: Vec<Granted>,
    /// PINs work once, and are numbered: those from this one on still do.
    pins: u32,
}

impl Model {
    pub fn new(rotation: Rotation, grants: Grants) -> Self {
        Self { rotation, grants, granted: Vec::new(), pins: 0 }
    }

    fn grant(&mut self, previous: Option<usize>) -> Pair {
        let number = self.granted.len();
        let (access, refresh) = ((self.grants.access)(number).into_bytes(), format!("R{number:011}").into_bytes());
        let pair = (access.clone(), refresh.clone());
        self.granted.push(Granted { access, refresh, previous, revoked: false, expired: false });
        pair
    }
}

impl Server for Model {
    fn log_in(&mut self) -> Pair {
        self.grant(None)
    }

    fn refresh(&mut self, refresh_token: &[u8]) -> Option<Pair> {
        let old = self.granted.iter().position(|granted| granted.refresh == refresh_token && !granted.revoked)?;
        match self.rotation {
            Rotation::UntilFirstUse => Some(self.grant(Some(old))),
            Rotation::SingleUse => {
                self.granted[old].revoked = true;
                Some(self.grant(None))
            }
            Rotation::Reusable | Rotation::NoRefresh => None,
        }
    }

    fn accepts(&mut self, access_token: &[u8]) -> bool {
        let Some(at) = self.granted.iter().position(|granted| granted.access == access_token) else { return false };
        if let Some(previous) = self.granted[at].previous {
            self.granted[previous].revoked = true;
        }
        !self.granted[at].revoked && !self.granted[at].expired
    }

    fn revoke(&mut self, refresh_token: &[u8]) {
        for granted in &mut self.granted {
            granted.revoked |= granted.refresh == refresh_token && !granted.expired;
        }
    }

    fn expire(&mut self) {
        self.granted.iter_mut().for_each(|granted| granted.expired = true);
    }
}

impl Wire for Model {
    fn exchange(&mut self, request: &[u8]) -> Vec<u8> {
        let asked = Asked::read(request);
        let pair = match (asked.refresh_token, asked.pin) {
            (Some(token), _) => self.refresh(token.as_bytes()),
            (None, Some(pin)) => {
                let pin: u32 = pin.strip_prefix("pin-").unwrap().parse().unwrap();
                let fresh = pin >= self.pins;
                self.pins = self.pins.max(pin + 1);
                fresh.then(|| self.log_in())
            }
            (None, None) => Some(self.log_in()),
        };
        let (status, body) = match pair {
            Some((access, refresh)) => {
                let [access, refresh] = [access, refresh].map(|token| String::from_utf8(token).unwrap());
                ("200 OK", (self.grants.body)(&access, &refresh))
            }
            None => ("400 Bad Request", r#"{"error":"invalid_grant"}"#.to_owned()),
        };
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
    }

    fn accepts(&mut self, access_token: &[u8]) -> bool {
        Server::accepts(self, access_token)
    }

    fn expire(&mut self) {
        Server::expire(self);
    }
}

/// What of a request matters here, in whatever dialect it is.
struct Asked {
    refresh_token: Option<String>,
    pin: Option<String>,
}

impl Asked {
    fn read(request: &[u8]) -> Self {
        let (_, body) = std::str::from_utf8(request).unwrap().split_once("\r\n\r\n").unwrap();
        let parameters: Vec<(String, String)> = match serde_json::from_str::<BTreeMap<String, String>>(body) {
            Ok(members) => members.into_iter().collect(),
            Err(_) => form_urlencoded::parse(body.as_bytes()).into_owned().collect(),
        };
        let parameter =
            |name| parameters.iter().find(|parameter| parameter.0 == name).map(|parameter| parameter.1.clone());
        Self { refresh_token: parameter("refresh_token"), pin: parameter("pin") }
    }
}

/// How a provider grants.
#[derive(Clone, Copy, Debug)]
pub struct Grants {
    /// The access token of this number.
    access: fn(usize) -> String,
    /// The body that brings it, and this refresh token.
    body: fn(&str, &str) -> String,
}

/// Of Zype and of any server of RFC 6749.
pub const STANDARD: Grants = Grants {
    access: opaque,
    body: |access, refresh| {
        format!(r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":7200,"refresh_token":"{refresh}"}}"#)
    },
};

pub const OPEN_LOYALTY_GRANTS: Grants =
    Grants { access: jwt, body: |access, refresh| format!(r#"{{"token":"{access}","refresh_token":"{refresh}"}}"#) };

pub const LOYALTY_DOG_GRANTS: Grants =
    Grants { access: jwt, body: |access, _| format!(r#"{{"accessToken":"{access}"}}"#) };

pub const LOYALIFE_GRANTS: Grants =
    Grants { access: opaque, body: |access, _| format!(r#"{{"results":{{"token":"{access}"}}}}"#) };

fn opaque(number: usize) -> String {
    format!("A{number:011}")
}

/// When the tests begin.
pub const BEGIN: i64 = 1_790_000_000;

/// It lives longer than the one before, by more than that is used.
fn jwt(number: usize) -> String {
    let exp = BEGIN + 20_000 * i64::try_from(number + 1).unwrap();
    let part = |json: &str| Base64UrlUnpadded::encode_string(json.as_bytes());
    format!("{}.{}.c2ln", part(r#"{"alg":"RS256"}"#), part(&format!(r#"{{"exp":{exp}}}"#)))
}

/// Writes down what a server is asked and what it answers, in the words of Doorkeeper's traces.
#[derive(Clone, Debug)]
pub struct Traced<W> {
    pub server: W,
    pub steps: Vec<(Action, Seen)>,
    granted: Vec<Tokens>,
}

#[derive(Clone, Debug)]
struct Tokens {
    access: String,
    refresh: Option<String>,
}

impl<W: Wire> Traced<W> {
    pub fn new(server: W) -> Self {
        Self { server, steps: Vec::new(), granted: Vec::new() }
    }

    pub fn log_ins(&self) -> usize {
        self.steps.iter().filter(|step| **step == (Action::LogIn, Seen::Granted)).count()
    }

    /// The access token that was granted last, and how many there were.
    pub fn newest(&self) -> (Option<&str>, usize) {
        (self.granted.last().map(|tokens| tokens.access.as_str()), self.granted.len())
    }
}

impl<W: Wire> Wire for Traced<W> {
    fn exchange(&mut self, request: &[u8]) -> Vec<u8> {
        let action = Asked::read(request).refresh_token.map_or(Action::LogIn, |token| {
            let known = |tokens: &Tokens| tokens.refresh.as_ref() == Some(&token);
            Action::Refresh(self.granted.iter().rposition(known).unwrap())
        });
        let answer = self.server.exchange(request);
        // It may come in chunks, but not in such small ones that they would split this.
        let text = String::from_utf8_lossy(&answer);
        let member = |name: &&str| {
            let value = text.split_once(&format!("\"{name}\":\""))?.1;
            Some(value.split_once('"')?.0.to_owned())
        };
        let seen = match ["access_token", "accessToken", "token"].iter().find_map(member) {
            Some(access) => {
                self.granted.push(Tokens { access, refresh: member(&"refresh_token") });
                Seen::Granted
            }
            None => Seen::InvalidGrant,
        };
        self.steps.push((action, seen));
        answer
    }

    fn accepts(&mut self, access_token: &[u8]) -> bool {
        let good = self.server.accepts(access_token);
        let at = self.granted.iter().position(|tokens| tokens.access.as_bytes() == access_token).unwrap();
        self.steps.push((Action::Use(at), if good { Seen::Ok } else { Seen::Unauthorized }));
        good
    }

    fn expire(&mut self) {
        self.server.expire();
        self.steps.push((Action::Expire, Seen::Nothing));
    }
}
