//! Models of servers that rotate refresh tokens, and what goes over the wire to them and back.

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
    granted: Vec<Granted>,
    /// How many PINs were taken; each works once.
    pub pins: u32,
}

impl Model {
    pub fn new(rotation: Rotation) -> Self {
        Self { rotation, granted: Vec::new(), pins: 0 }
    }

    fn grant(&mut self, previous: Option<usize>) -> Pair {
        let number = self.granted.len();
        let (access, refresh) = (format!("A{number:011}").into_bytes(), format!("R{number:011}").into_bytes());
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
            Rotation::Reusable | Rotation::NoRefresh => {
                let (access, _) = self.grant(None);
                let refresh = refresh_token.to_vec();
                self.granted.last_mut()?.refresh.clone_from(&refresh);
                Some((access, refresh))
            }
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

/// Zype's dialect.
impl Wire for Model {
    fn exchange(&mut self, request: &[u8]) -> Vec<u8> {
        let body = body_of(request);
        let member = |name: &str| body.get(name).and_then(serde_json::Value::as_str);
        let pair = match (member("grant_type"), member("pin")) {
            (Some("refresh_token"), _) => self.refresh(member("refresh_token").unwrap().as_bytes()),
            (Some("password"), Some(pin)) if pin == format!("pin-{}", self.pins) => {
                self.pins += 1;
                Some(self.log_in())
            }
            (Some("password"), Some(_)) => None,
            (Some("password"), None) => Some(self.log_in()),
            grant => panic!("{grant:?}"),
        };
        let (status, body) = match pair {
            Some((access, refresh)) => {
                let [access, refresh] = [access, refresh].map(|token| String::from_utf8(token).unwrap());
                let body = format!(
                    r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":7200,"refresh_token":"{refresh}"}}"#
                );
                ("200 OK", body)
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

fn body_of(message: &[u8]) -> serde_json::Value {
    let text = std::str::from_utf8(message).unwrap();
    serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// Writes down what a server is asked and what it answers, in the words of Doorkeeper's traces.
#[derive(Clone, Debug)]
pub struct Traced<W> {
    pub server: W,
    pub steps: Vec<(Action, Seen)>,
    granted: Vec<(String, String)>,
}

impl<W: Wire> Traced<W> {
    pub fn new(server: W) -> Self {
        Self { server, steps: Vec::new(), granted: Vec::new() }
    }

    pub fn log_ins(&self) -> usize {
        self.steps.iter().filter(|step| **step == (Action::LogIn, Seen::Granted)).count()
    }

    /// The refresh token that was granted last.
    pub fn newest(&self) -> &[u8] {
        self.granted.last().map_or(&[], |(_, refresh)| refresh.as_bytes())
    }
}

impl<W: Wire> Wire for Traced<W> {
    fn exchange(&mut self, request: &[u8]) -> Vec<u8> {
        let asked = body_of(request);
        let known = |token: &str| self.granted.iter().rposition(|(_, refresh)| refresh == token).unwrap();
        let action =
            asked.get("refresh_token").map_or(Action::LogIn, |token| Action::Refresh(known(token.as_str().unwrap())));
        let answer = self.server.exchange(request);
        // Of the two servers one sends chunks; members do not care.
        let text = String::from_utf8_lossy(&answer);
        let member = |name: &str| {
            let value = text.split_once(&format!("\"{name}\":\""))?.1;
            Some(value.split_once('"')?.0.to_owned())
        };
        let seen = match (member("access_token"), member("refresh_token")) {
            (Some(access), Some(refresh)) => {
                self.granted.push((access, refresh));
                Seen::Granted
            }
            _ => Seen::InvalidGrant,
        };
        self.steps.push((action, seen));
        answer
    }

    fn accepts(&mut self, access_token: &[u8]) -> bool {
        let good = self.server.accepts(access_token);
        let at = self.granted.iter().position(|(access, _)| access.as_bytes() == access_token).unwrap();
        self.steps.push((Action::Use(at), if good { Seen::Ok } else { Seen::Unauthorized }));
        good
    }

    fn expire(&mut self) {
        self.server.expire();
        self.steps.push((Action::Expire, Seen::Nothing));
    }
}
