//! Tills: one that does what the library's session says, and a naive one.

use base64ct::{Base64UrlUnpadded, Encoding};
use pos_token::dialect::Purpose;
use pos_token::provider::{OPEN_LOYALTY, Provider};
use pos_token::session::{Failure, Fleet, Keep, NoSeal, Now, Policy, Session, SessionState, Step};
use pos_token::time::UnixTime;
use pos_token::{AnswerReader, Credentials, StoreState, TokenStore};

use crate::server::{LIFETIME, Reply, Request};

/// The moment at which the virtual clock shows 0.
const EPOCH: u64 = 1_772_409_600;

/// Two pairs of the tokens that `grant` writes.
const ARENA: usize = 320;

/// What a till does next.
pub enum Wish {
    Send(Request),
    /// To be asked again at this moment, in milliseconds.
    Wake(u64),
    /// Nothing, until something happens to it.
    Rest,
}

pub trait Till {
    /// Power is back.
    fn boot(&mut self, now: u64);
    fn next(&mut self, now: u64) -> Wish;
    fn answered(&mut self, reply: Reply, now: u64);
    /// The API answered 401 to the token.
    fn rejected(&mut self, now: u64);
    /// The right credentials are there.
    fn corrected(&mut self, now: u64);
    fn has_token(&mut self, now: u64) -> bool;
}

/// A till with the library.
pub struct Library {
    policy: Policy,
    state: SessionState,
    tokens: StoreState,
    arena: [u8; ARENA],
    record: Vec<u8>,
    right_secret: bool,
    booted: u64,
    /// The exchange under way.
    exchange: Option<(u32, Purpose)>,
}

impl Library {
    pub fn new(seed: u64, fleet: Fleet, keep: Keep, right_secret: bool) -> Self {
        let policy = Policy { fleet, keep, ..Policy::new(seed) };
        Self {
            policy,
            state: SessionState::new(&OPEN_LOYALTY, &policy, Now::uptime(0)),
            tokens: StoreState::default(),
            arena: [0; ARENA],
            record: Vec::new(),
            right_secret,
            booted: 0,
            exchange: None,
        }
    }

    fn with<R>(&mut self, work: impl FnOnce(&mut Session<'_, Provider<'_>>, &mut TokenStore<'_>) -> R) -> R {
        let mut store = TokenStore::from_parts(&mut self.arena, core::mem::take(&mut self.tokens));
        let result = work(&mut Session::new(&OPEN_LOYALTY, &self.policy, &mut self.state), &mut store);
        (_, self.tokens) = store.into_parts();
        result
    }

    fn now(&self, now: u64) -> Now {
        Now::uptime(now - self.booted).device(UnixTime::from_seconds((EPOCH + now / 1000) as i64))
    }

    fn save(&mut self, now: Now) {
        let mut out = [0; 512];
        self.record = self.with(|session, store| {
            let record = session.save(store, &mut NoSeal, 1, &mut out, now).expect("a record fits");
            session.saved(record.number);
            record.bytes.to_vec()
        });
    }
}

impl Till for Library {
    fn boot(&mut self, now: u64) {
        self.booted = now;
        self.exchange = None;
        self.tokens = StoreState::default();
        let (now, record) = (self.now(now), core::mem::take(&mut self.record));
        self.state = SessionState::new(&OPEN_LOYALTY, &self.policy, now);
        if !record.is_empty() {
            let read = |slot, buf: &mut [u8]| {
                let record = if slot == 0 { &record[..] } else { &[] };
                buf[..record.len()].copy_from_slice(record);
                Ok(record.len())
            };
            let restored = self.with(|session, store| session.restore(store, &mut NoSeal, read, &mut [0; 512], now));
            restored.expect("what was saved can be restored");
        }
        self.record = record;
    }

    fn next(&mut self, at: u64) -> Wish {
        let now = self.now(at);
        let after = |seconds: u32| Wish::Wake(at + u64::from(seconds) * 1000);
        loop {
            let right_secret = self.right_secret;
            let (exchange, request) = match self.with(|session, store| match session.next(store, now) {
                Step::Use(token) => Err(Some(after(token.next_in.min(token.good_for.unwrap_or(u32::MAX))))),
                Step::Wait { seconds, .. } => Err(Some(after(seconds))),
                Step::Stop(_) | Step::NeedCode(_) => Err(Some(Wish::Rest)),
                Step::Save => Err(None),
                Step::Send(_) => {
                    let password = if right_secret { "correct horse" } else { "battery staple" };
                    let credentials = Credentials::new().username("till").password(password);
                    let begun = session.begin(store, credentials, now).expect("it is the time");
                    let request = match begun.purpose {
                        Purpose::Refresh => Request::Refresh { token: number(store) },
                        _ => Request::LogIn { right_secret },
                    };
                    Ok(((begun.number, begun.purpose), request))
                }
            }) {
                Ok(begun) => begun,
                Err(Some(wish)) => return wish,
                Err(None) => {
                    self.save(now);
                    continue;
                }
            };
            self.exchange = Some(exchange);
            return Wish::Send(request);
        }
    }

    fn answered(&mut self, reply: Reply, at: u64) {
        let now = self.now(at);
        let Some((number, purpose)) = self.exchange.take() else { return };
        self.with(|session, store| {
            let mut reader = AnswerReader::new(&OPEN_LOYALTY, purpose, store);
            let answer = match reply {
                Reply::Granted { refresh_token } => respond(&mut reader, 200, None, &granted(refresh_token, at)),
                Reply::Refused => respond(&mut reader, 401, None, r#"{"code":401,"message":"Invalid credentials."}"#),
                Reply::Locked => respond(&mut reader, 403, None, r#"{"code":403,"message":"Account is locked."}"#),
                Reply::TooMany { retry_after } => respond(&mut reader, 429, Some(retry_after), ""),
                Reply::Unavailable { retry_after } => respond(&mut reader, 503, retry_after, ""),
                Reply::Silence => return session.failed(number, Failure::TRANSPORT, now),
            };
            let answer = answer.and_then(|()| reader.finish()).expect("the answer is good");
            session.accept(number, &answer, store, now);
        });
    }

    fn rejected(&mut self, at: u64) {
        let now = self.now(at);
        self.with(|session, store| {
            if let Some(token) = session.token(store, now) {
                session.rejected(token.generation, now);
            }
        });
    }

    fn corrected(&mut self, at: u64) {
        self.right_secret = true;
        let now = self.now(at);
        self.with(|session, _| session.credentials_changed(now));
    }

    fn has_token(&mut self, at: u64) -> bool {
        let now = self.now(at);
        self.with(|session, store| session.token(store, now).is_some())
    }
}

/// The refresh token in the store.
fn number(store: &TokenStore<'_>) -> u32 {
    let token = store.refresh_token().expect("a refresh takes a refresh token");
    core::str::from_utf8(token.expose()).ok().and_then(|text| text.parse().ok()).expect("the server's own")
}

/// What Open Loyalty answers: a JWT that tells its times, and a refresh token.
fn granted(refresh_token: u32, now: u64) -> String {
    let issued_at = EPOCH + now / 1000;
    let claims = format!(r#"{{"iat":{issued_at},"exp":{}}}"#, issued_at + LIFETIME);
    let mut encoded = [0; 80];
    let claims = Base64UrlUnpadded::encode(claims.as_bytes(), &mut encoded).expect("it fits");
    format!(r#"{{"token":"eyJhbGciOiJSUzI1NiJ9.{claims}.c2ln","refresh_token":"{refresh_token}"}}"#)
}

fn respond(
    reader: &mut AnswerReader<'_, '_, Provider<'_>>,
    status: u16,
    retry_after: Option<u64>,
    body: &str,
) -> Result<(), pos_token::AnswerError> {
    reader.status(status)?;
    if let Some(seconds) = retry_after {
        reader.field("Retry-After", seconds.to_string())?;
    }
    reader.body(body.as_bytes()).map(|_| ())
}

/// A till that logs in at boot, refreshes at expiry, and tries again a second after each failure.
pub struct Naive {
    right_secret: bool,
    expires: Option<u64>,
    refresh_token: Option<u32>,
    not_before: u64,
    refreshes: bool,
}

impl Naive {
    pub fn new(right_secret: bool) -> Self {
        Self { right_secret, expires: None, refresh_token: None, not_before: 0, refreshes: false }
    }
}

impl Till for Naive {
    fn boot(&mut self, now: u64) {
        *self = Self { not_before: now, ..Self::new(self.right_secret) };
    }

    fn next(&mut self, now: u64) -> Wish {
        let next = self.expires.unwrap_or(0).max(self.not_before);
        if now < next {
            return Wish::Wake(next);
        }
        self.refreshes = self.refresh_token.is_some();
        Wish::Send(match self.refresh_token {
            Some(token) => Request::Refresh { token },
            None => Request::LogIn { right_secret: self.right_secret },
        })
    }

    fn answered(&mut self, reply: Reply, now: u64) {
        match reply {
            Reply::Granted { refresh_token } => {
                self.expires = Some(now + LIFETIME * 1000);
                self.refresh_token = Some(refresh_token);
            }
            Reply::Refused if self.refreshes => self.refresh_token = None,
            _ => self.not_before = now + 1000,
        }
    }

    fn rejected(&mut self, _now: u64) {
        self.expires = None;
    }

    fn corrected(&mut self, _now: u64) {
        self.right_secret = true;
    }

    fn has_token(&mut self, now: u64) -> bool {
        self.expires.is_some_and(|expires| now < expires)
    }
}
