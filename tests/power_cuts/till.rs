//! A till that the power can leave at any point.

use pos_token::http::Connection;
use pos_token::provider::Provider;
use pos_token::session::{Keep, NoSeal, Now, Policy, Session, SessionState, Step};
use pos_token::time::UnixTime;
use pos_token::{AnswerReader, Credentials, Endpoint, TokenStore};

use super::flash::{Cut, Flash, Point, Power, Reads};
use super::model::{Traced, Wire};

/// Who drives the session: as its documentation says, or with a mistake that the test has to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    Proper,
    /// Uses a token before it is saved.
    UsesEarly,
    /// Says that a record is saved before it is written.
    SavesLate,
    /// Does not save anew after a boot.
    SkipsSaveAfterBoot,
    /// Takes the mark of every record for whole.
    IgnoresMark,
    /// Writes every record into the same slot.
    OneSlot,
}

/// How far a till has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The API took its token.
    Uses,
    NeedCode,
    Stopped(u16),
}

/// Everything that outlives the power: flash, server, clock; and what is counted.
#[derive(Clone, Debug)]
pub struct World<W> {
    pub provider: Provider<'static>,
    pub policy: Policy,
    pub driver: Driver,
    pub flash: Flash,
    pub power: Power,
    pub server: Traced<W>,
    pub clock: Option<UnixTime>,
    /// The PIN of a linked device that was entered last, where it logs in so; and whether there is a person who enters
    /// the next one.
    pub pin: Option<u32>,
    pub person: bool,
    /// An access token that was granted, and is not saved yet with its refresh token.
    unsaved: Option<String>,
    /// Cuts between the grant of a token and the end of its save, which may cost a log-in.
    pub exposed: usize,
    /// Those of them before anything was ever saved.
    pub exposed_first: usize,
    ever_saved: bool,
    /// The points of the cuts since a record was last saved.
    pub in_a_row: Vec<Point>,
    /// How many steps the server's trace had when something was saved, for each time.
    pub saves: Vec<usize>,
}

impl<W: Wire> World<W> {
    pub fn new(provider: Provider<'static>, keep: Keep, unit: usize, len: usize, server: W) -> Self {
        Self {
            provider,
            policy: Policy { keep, ..Policy::new(7) },
            driver: Driver::Proper,
            flash: Flash::new(unit, len),
            power: Power::default(),
            server: Traced::new(server),
            clock: None,
            pin: None,
            person: false,
            unsaved: None,
            exposed: 0,
            exposed_first: 0,
            ever_saved: false,
            in_a_row: Vec::new(),
            saves: Vec::new(),
        }
    }

    /// Boots, and runs until the API has taken the token that so many exchanges brought; or until the power goes after
    /// so many points.
    pub fn run(&mut self, exchanges: usize, lasts: Option<usize>) -> Result<End, Cut> {
        self.power = Power { lasts, seen: Vec::new() };
        let result = self.live(exchanges);
        if result.is_err() {
            self.exposed += usize::from(self.unsaved.is_some());
            self.exposed_first += usize::from(self.unsaved.is_some() && !self.ever_saved);
            self.in_a_row.extend(self.power.seen.last());
        }
        result
    }

    /// While the power is off, time passes: the access token expires, or it does not.
    pub fn off(&mut self, expires: bool) {
        if expires {
            self.server.expire();
        }
        self.clock = self.clock.map(|time| time.plus(if expires { 90_000 } else { 5 }));
    }

    /// While the power is off, something happens that is drawn.
    pub fn off_somehow(&mut self) {
        self.flash.reads = Reads::ALL[self.flash.draw(Reads::ALL.len())];
        let expires = self.flash.draw(2) == 0;
        self.off(expires);
    }

    fn live(&mut self, exchanges: usize) -> Result<End, Cut> {
        let provider = self.provider;
        let policy = self.policy;
        let mut now = Now { uptime: 0, device: self.clock };
        let mut arena = [0; 512];
        let mut store = TokenStore::new(&mut arena);
        let mut state = SessionState::new(&provider, &policy, now);
        let mut session = Session::new(&provider, &policy, &mut state);
        let mut buf = [0; 512];
        let read = |slot: u8, out: &mut [u8]| {
            let len = self.flash.read(slot, out)?;
            if self.driver == Driver::IgnoresMark {
                mark(&mut out[..len]);
            }
            Ok(len)
        };
        let restored = session.restore(&mut store, &mut NoSeal, read, &mut buf[..], now);
        if self.unsaved.as_deref().map(str::as_bytes) != store.access_token().map(|token| token.expose()) {
            self.unsaved = None;
        }
        let mut skips_save = restored.is_ok() && self.driver == Driver::SkipsSaveAfterBoot;
        let (mut granted, mut used) = (0, None);
        for _ in 0..100 {
            match session.next(&store, now) {
                Step::Save => {
                    let mut out = [0; 512];
                    let unit = u8::try_from(self.flash.unit).unwrap();
                    let record = session.save(&store, &mut NoSeal, unit, &mut out, now).unwrap();
                    if self.driver == Driver::SavesLate {
                        session.saved(record.number);
                        if let Some(token) = session.token(&store, now) {
                            let _accepted = self.use_token(token.authorization)?;
                        }
                    }
                    if self.driver == Driver::UsesEarly
                        && let Some(token) = store.access_token()
                    {
                        let _accepted = self.server.accepts(token.expose());
                        self.power.point(Point::Used)?;
                    }
                    if !core::mem::take(&mut skips_save) {
                        let slot = if self.driver == Driver::OneSlot { 0 } else { record.slot };
                        self.flash.erase(slot, &mut self.power)?;
                        self.flash.program(slot, record.bytes, &mut self.power)?;
                        self.unsaved = None;
                        self.ever_saved = true;
                        self.in_a_row.clear();
                        self.saves.push(self.server.steps.len());
                        self.power.point(Point::Written)?;
                    }
                    session.saved(record.number);
                    self.power.point(Point::Saved)?;
                }
                Step::NeedCode(_) if !self.person => return Ok(End::NeedCode),
                step @ (Step::Send(_) | Step::NeedCode(_)) => {
                    if let Step::NeedCode(_) = step {
                        self.pin = self.pin.map(|pin| pin + 1);
                    }
                    self.power.point(Point::Due)?;
                    let pin = self.pin.map(|pin| format!("pin-{pin}"));
                    let credentials = credentials(pin.as_deref());
                    let begun = session.begin(&store, credentials, now).unwrap();
                    let (number, purpose) = (begun.number, begun.purpose);
                    let mut request = [0; 1024];
                    let request = begun.request.write_http(&endpoint(&provider), &mut request).unwrap().to_vec();
                    self.power.point(Point::Sent)?;
                    let (_, before) = self.server.newest();
                    let answer = self.server.exchange(&request);
                    let (newest, count) = self.server.newest();
                    if count > before {
                        self.unsaved = newest.map(str::to_owned);
                        granted += 1;
                    }
                    self.power.point(Point::Processed)?;
                    let mut reader = AnswerReader::new(&provider, purpose, &mut store);
                    let _progress = reader.feed(&answer).unwrap();
                    let answer = reader.finish().unwrap();
                    session.accept(number, &answer, &store, now);
                    self.power.point(Point::Answered)?;
                }
                Step::Use(token) if used != Some(token.generation) => {
                    if self.use_token(token.authorization)? {
                        used = Some(token.generation);
                        if granted >= exchanges {
                            return Ok(End::Uses);
                        }
                    } else {
                        session.rejected(token.generation, now);
                    }
                }
                // Restored without a clock: it is used until a 401.
                Step::Use(token) if token.good_for.is_none() => {
                    self.server.expire();
                    used = None;
                }
                Step::Use(token) => pass(&mut now, &mut self.clock, token.next_in),
                Step::Wait { seconds, .. } => pass(&mut now, &mut self.clock, seconds),
                Step::Stop(stop) => return Ok(End::Stopped(stop.code)),
            }
        }
        panic!("this till does not get on: {:?}", self.server.steps);
    }

    fn use_token(&mut self, authorization: pos_token::Authorization<'_>) -> Result<bool, Cut> {
        let mut value = [0; 128];
        let value = authorization.write(&mut value).unwrap();
        let (_scheme, token) = value.split_at(b"Bearer ".len());
        let accepted = self.server.accepts(token);
        self.power.point(Point::Used)?;
        Ok(accepted)
    }
}

/// A refresh takes none of what a log-in takes beside the client.
fn credentials(pin: Option<&str>) -> Credentials<'_> {
    use pos_token_testbed::credentials::zype::{CLIENT_ID, CLIENT_SECRET, LINKED_DEVICE_ID, PASSWORD, USERNAME};
    let client = Credentials::new().client_id(CLIENT_ID).client_secret(CLIENT_SECRET);
    match pin {
        Some(pin) => client.linked_device_id(LINKED_DEVICE_ID).pin(pin),
        None => client.username(USERNAME).password(PASSWORD),
    }
}

fn endpoint(provider: &Provider<'_>) -> Endpoint<'static> {
    let endpoint = Endpoint::http("127.0.0.1").connection(Connection::Close);
    if provider.settings.name == b"rfc6749" { endpoint.path("/token") } else { endpoint }
}

fn pass(now: &mut Now, clock: &mut Option<UnixTime>, seconds: u32) {
    now.uptime += u64::from(seconds) * 1000;
    now.device = now.device.map(|time| time.plus(seconds));
    *clock = now.device;
}

/// Puts the mark behind what may be a record.
fn mark(slot: &mut [u8]) {
    let (unit, body) = (usize::from(slot[3]), usize::from(u16::from_le_bytes([slot[12], slot[13]])));
    let from = if unit == 0 { return } else { (14 + body + 4).div_ceil(unit) * unit };
    if let Some(mark) = slot.get_mut(from..from + unit) {
        mark.fill(0xa5);
    }
}
