//! Random lives of tills, the same in every run: whatever happens in whatever order, some things always hold.

use pos_token::dialect::{Purpose, Rotation};
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, ZYPE};
use pos_token::session::{BeginError, Failure, Fleet, Keep, NoSeal, Now, Policy, Rejection, Step};
use pos_token::time::UnixTime;
use pos_token::{AnswerReader, Credentials};

use crate::till::{Till, http};

const PROVIDERS: [&Provider<'static>; 5] = [&LOYALTY_DOG, &ZYPE, &LOYALIFE, &OPEN_LOYALTY, &RFC6749];
const GRANT: i64 = 1_773_670_500;
const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3NzM2NzA1MDAsImV4cCI6MTc3MzY3NDEwMH0.AA";

/// Steele, Lea and Flood's generator, enough for tests.
struct Random(u64);

impl Random {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.number()).unwrap() % choices.len()]
    }
}

/// What the world does to a till.
#[derive(Clone, Copy, PartialEq, Eq)]
enum World {
    /// Servers, callers, clocks and counters do whatever they like.
    Wild,
    /// Tokens live for ten minutes at least, and the device's clock is right or absent; the server answers at random.
    Fair,
}

struct Life {
    random: Random,
    world: World,
    till: Till,
    /// The exchanges that never came back, and when the last one was begun.
    open: Vec<(u32, Purpose)>,
    begun: Option<u64>,
    /// The numbers of the last exchange, and of the last one before a log-out.
    last: u32,
    logged_out: u32,
    /// The number in the last token that was granted, and the moment of uptime at which it is over for sure.
    granted: u64,
    over: Option<u64>,
    /// The last token was granted with another refresh token, which is not safe yet.
    unsafe_yet: bool,
    /// Nobody has been given a token since the API refused the last, or since the till was logged out.
    refused: bool,
    generation: u32,
    /// The moments of uptime of the exchanges since the last restart, customer or change of credentials.
    exchanges: Vec<u64>,
    most_in_an_hour: usize,
    tokens_used: u64,
}

impl Life {
    fn new(seed: u64, world: World) -> Self {
        let mut random = Random(seed);
        let provider = random.of(&PROVIDERS);
        let tills = random.of(&[1, 1, 40, 1000, u32::MAX]);
        let wild = world == World::Wild;
        let policy = Policy {
            floor: random.of(&[None, Some(UnixTime::from_seconds(GRANT - 86_400 * 100))]),
            fleet: Fleet {
                tills: if wild { tills } else { tills.min(1000) },
                index: random.of(&[None, None, Some(0), Some(999)]),
                log_ins_per_minute: random.of(&[None, Some(40), Some(600)]),
            },
            keep: random.of(&[Keep::Nothing, Keep::Clock, Keep::RefreshTokens, Keep::RefreshTokens, Keep::EveryToken]),
            ..Policy::new(random.number())
        };
        let extremes = [0, 5_000, u64::from(u32::MAX) - 9, u64::MAX / 1000, u64::MAX - 100_000_000_000_000];
        let uptime = if wild { random.of(&extremes) } else { random.of(&[0, 5_000]) };
        let device = random.of(&[None, Some(GRANT)]).map(UnixTime::from_seconds);
        let till = Till::at(provider, policy, Now { uptime, device });
        Self {
            random,
            world,
            till,
            open: vec![],
            begun: None,
            last: 0,
            logged_out: 0,
            granted: 0,
            over: None,
            unsafe_yet: false,
            refused: false,
            generation: 0,
            exchanges: vec![],
            most_in_an_hour: 0,
            tokens_used: 0,
        }
    }

    fn pass(&mut self, milliseconds: u64) {
        let now = &mut self.till.now;
        now.uptime = now.uptime.saturating_add(milliseconds);
        now.device = now.device.map(|device| device.plus(u32::try_from(milliseconds / 1000).unwrap_or(u32::MAX)));
    }

    fn holds(&mut self) {
        let before = format!("{:?}", self.till.state);
        let (step, token, asked_again) = self.till.with(|session, store, now| {
            let token = session.token(store, now);
            let _ = (session.last_known(store, now), session.clock(now));
            let text = store.access_token().map(|token| String::from_utf8(token.expose().to_vec()).unwrap());
            let words = |step: Step<'_>| match step {
                Step::Use(token) => format!("Use {}", token.next_in),
                step => format!("{step:?}"),
            };
            let step = session.next(store, now);
            if let Step::Wait { seconds, reason } = step {
                assert!(seconds > 0);
                if now.device.is_none() && now.uptime < u64::MAX / 2 {
                    let then = Now::uptime(now.uptime + u64::from(seconds) * 1000);
                    let then = session.next(store, then);
                    assert!(
                        !matches!(then, Step::Wait { reason: again, .. } if again == reason),
                        "{reason:?} {then:?}"
                    );
                }
            }
            if let Step::Use(token) = step {
                assert!(token.next_in > 0);
            }
            (words(step), token.map(|token| (token.generation, token.good_for, text)), words(session.next(store, now)))
        });
        assert_eq!(step, asked_again);
        let after = format!("{:?}", self.till.state);
        assert_eq!(after, before, "asking changed something");
        assert!(!["tok-", "ref-", "eyJ"].iter().any(|secret| after.contains(secret)), "{after}");
        let Some((generation, good_for, text)) = token else { return };
        self.tokens_used += 1;
        assert!(!self.refused, "a token that was refused");
        assert!(!self.unsafe_yet, "a token before its refresh token is safe");
        assert!(generation >= self.generation, "generations grow");
        self.generation = generation;
        assert_ne!(good_for, Some(0));
        assert!(self.over.is_none_or(|over| self.till.now.uptime < over), "a token that is over");
        let text = text.unwrap();
        assert!(text == JWT || text == format!("tok-{}", self.granted), "{text}, not the last one");
    }

    fn credentials(&mut self, needs_code: bool) -> Credentials<'static> {
        let credentials = Till::credentials();
        match self.till.provider.settings.name {
            name if needs_code && name == LOYALTY_DOG.settings.name => credentials.code("123456"),
            name if (needs_code || self.random.one_in(4)) && name == ZYPE.settings.name => {
                credentials.linked_device_id("d").pin("1234")
            }
            _ => credentials,
        }
    }

    /// Begins, in whatever state: what it says has to fit what was said before.
    fn begin(&mut self, with_code: bool) -> Option<(u32, Purpose)> {
        let step = self.till.step();
        let credentials = self.credentials(with_code);
        let timeout = u64::from(self.till.policy.exchange_timeout) * 1000;
        let since = self.begun.map(|begun| self.till.now.uptime.saturating_sub(begun));
        let begun = self.till.with(|session, store, now| {
            session.begin(store, credentials, now).map(|begun| (begun.number, begun.purpose))
        });
        match begun {
            Ok(begun) => {
                assert!(step.starts_with("Send") || step.starts_with("NeedCode"), "{step}");
                assert!(since.is_none_or(|since| since >= timeout), "two at a time");
                let now = self.till.now.uptime;
                self.begun = Some(now);
                assert!(begun.0 > self.last, "numbers grow");
                self.last = begun.0;
                self.exchanges.push(now);
                let last_hour = self.exchanges.iter().filter(|at| now - **at < 3_600_000).count();
                self.most_in_an_hour = self.most_in_an_hour.max(last_hour);
                Some(begun)
            }
            Err(error) => {
                match error {
                    BeginError::Busy => assert!(since.is_some_and(|since| since < timeout), "busy for too long"),
                    BeginError::Stopped(_) => assert!(step.starts_with("Stop"), "{step}"),
                    BeginError::NotNow => assert!(!step.starts_with("Send"), "{step}"),
                    error => panic!("{error:?}"),
                }
                None
            }
        }
    }

    fn body(&mut self, granted: u64, life: u64) -> String {
        let token = format!("tok-{granted}");
        let end = UnixTime::from_seconds(GRANT).plus(u32::try_from(life).unwrap());
        let end = self
            .till
            .now
            .device
            .filter(|_| self.world == World::Fair)
            .map_or(end, |device| device.plus(u32::try_from(life).unwrap()));
        let with_refresh = !self.random.one_in(4);
        match self.till.provider.settings.name {
            name if name == LOYALTY_DOG.settings.name => {
                let token = if self.random.one_in(2) { JWT } else { &token };
                format!(r#"{{"accessToken":"{token}"}}"#)
            }
            name if name == LOYALIFE.settings.name => {
                format!(r#"{{"results":{{"token":"{token}","tokenExpiresOn":"{end}"}}}}"#)
            }
            name if name == OPEN_LOYALTY.settings.name => {
                let token = if self.random.one_in(2) { JWT } else { &token };
                format!(r#"{{"token":"{token}","refresh_token":"ref-{granted}"}}"#)
            }
            _ if with_refresh => {
                format!(r#"{{"access_token":"{token}","expires_in":{life},"refresh_token":"ref-{granted}"}}"#)
            }
            _ => format!(r#"{{"access_token":"{token}","expires_in":{life}}}"#),
        }
    }

    fn grant(&mut self, number: u32, purpose: Purpose, life: u64) {
        let granted = self.granted + 1;
        let body = self.body(granted, life);
        let late = number <= self.logged_out;
        let taken = self.till.answer_is_granted(number, purpose, &http("200 OK", "", &body));
        if !taken || late {
            return;
        }
        self.granted = granted;
        self.refused = false;
        let settings = self.till.provider.settings;
        let rotates = matches!(settings.rotation, Rotation::SingleUse | Rotation::UntilFirstUse);
        let keeps = matches!(self.till.policy.keep, Keep::RefreshTokens | Keep::EveryToken);
        self.unsafe_yet |= rotates && keeps && body.contains("refresh_token");
        let current = self.open.is_empty();
        let stated = body.contains("expires_in") && life > 0 && current;
        self.over = self.begun.filter(|_| stated).map(|begun| begun.saturating_add(life * 1000));
        self.begun = None;
    }

    fn answer(&mut self, number: u32, purpose: Purpose) {
        let lives: &[u64] =
            if self.world == World::Wild { &[0, 1, 7, 60, 3600, 86_400, 31_536_000] } else { &[600, 3600, 86_400] };
        let life = self.random.of(lives);
        let date = self.random.of(&["", "", "Date: Mon, 16 Mar 2026 14:15:00 GMT\r\n"]);
        let date = if self.world == World::Wild { date } else { "" };
        let demand = self.random.of(&["", "Retry-After: 0\r\n", "Retry-After: 30\r\n", "Retry-After: 99999999\r\n"]);
        let fields = format!("{date}{demand}");
        if self.random.one_in(2) {
            return self.grant(number, purpose, life);
        }
        self.begun = None;
        match self.random.below(10) {
            0 => self.till.answer(number, purpose, &http("401 Unauthorized", date, r#"{"error":"invalid_grant"}"#)),
            1 => self.till.answer(number, purpose, &http("401 Unauthorized", date, r#"{"error":"invalid_client"}"#)),
            2 => self.till.answer(number, purpose, &http("429 Too Many Requests", &fields, "{}")),
            3 => self.till.answer(number, purpose, &http("503 Service Unavailable", &fields, "<html>")),
            4 => self.till.answer(number, purpose, &http("500 Oops", &fields, "{}")),
            5 => self.till.answer(number, purpose, &http("200 OK", date, r#"{"x":}"#)),
            6 => self.till.answer(number, purpose, &http("200 OK", date, "<html>")),
            7 => self.till.answer(number, purpose, &http("302 Found", "Location: /\r\n", "")),
            8 => self.till.answer(
                number,
                purpose,
                &http("200 OK", date, r#"{"mfaPending":true,"pendingToken":"p-tok"}"#),
            ),
            _ => self.till.with(|session, _, now| session.failed(number, Failure::TRANSPORT, now)),
        }
    }

    fn save(&mut self, works: bool) {
        let mut out = [0; 4096];
        let (len, slot, number) = self.till.with(|session, store, now| {
            let record = session.save(store, &mut NoSeal, 8, &mut out, now).unwrap();
            (record.bytes.len(), usize::from(record.slot), record.number)
        });
        if works {
            self.till.slots[slot].fill(0xff);
            self.till.slots[slot][..len].copy_from_slice(&out[..len]);
        }
        self.till.with(|session, _, _| if works { session.saved(number) } else { session.save_failed(number) });
        self.unsafe_yet = false;
    }

    fn reboot(&mut self) {
        let device = self.random.of(&[None, Some(77), Some(GRANT + 1000), Some(GRANT + 100_000_000), Some(i64::MAX)]);
        let device = if self.world == World::Wild { device.map(UnixTime::from_seconds) } else { self.till.now.device };
        self.till.reboot(device);
        (self.open, self.begun, self.over) = (vec![], None, None);
        (self.last, self.logged_out) = (0, 0);
        self.exchanges.clear();
        let (generation, token) = self.till.with(|session, store, now| {
            let token = store.access_token().map(|token| String::from_utf8(token.expose().to_vec()).unwrap());
            (session.last_known(store, now).map_or(0, |known| known.generation), token)
        });
        self.generation = generation;
        // That the API refused it is saved with the next record only: after a restart it may be tried once more.
        self.refused = false;
        let rotates = matches!(self.till.provider.settings.rotation, Rotation::SingleUse | Rotation::UntilFirstUse);
        let restored = self.till.with(|_, store, _| store.refresh_token().is_some());
        self.unsafe_yet = rotates && restored && self.till.policy.keep != Keep::Nothing;
        if let Some(number) = token.and_then(|token| token.strip_prefix("tok-").map(|n| n.parse::<u64>().unwrap())) {
            self.granted = number;
        }
    }

    fn event(&mut self) {
        match self.random.below(24) {
            0..=6 => {
                let limit = self.random.of(&[2_000, 2_000, 60_000, 60_000, 600_000, 7_200_000]);
                let milliseconds = self.random.below(limit);
                self.pass(milliseconds);
            }
            7..=9 => {
                let seconds = self.till.with(|session, store, now| match session.next(store, now) {
                    Step::Wait { seconds, .. } => seconds,
                    Step::Use(token) => token.next_in.min(86_400),
                    _ => 0,
                });
                self.pass(u64::from(seconds) * 1000);
            }
            10..=16 => {
                let needs_code = self.till.step().starts_with("NeedCode");
                if needs_code {
                    self.pass(30_000);
                    self.holds();
                }
                if let Some((number, purpose)) = self.begin(needs_code) {
                    let trip = self.random.below(20_000);
                    self.pass(trip);
                    if self.random.one_in(8) {
                        self.open.push((number, purpose));
                        if self.world == World::Wild {
                            // The clock is set while it is under way.
                            self.till.now.device = self.till.now.device.map(|device| device.plus(100_000_000));
                            let another = self.begin(false);
                            self.open.extend(another);
                        }
                    } else {
                        self.answer(number, purpose);
                    }
                }
            }
            17 | 18 if self.till.step() == "Save" => {
                let works = !self.random.one_in(4);
                self.save(works);
            }
            19 if self.random.one_in(2) => {
                let known =
                    self.till.with(|session, store, now| session.token(store, now).map(|token| token.generation));
                let rejection = self.till.rejected();
                assert!(known.is_none() || rejection != Rejection::Older);
                self.refused |= rejection != Rejection::Older;
            }
            20 if self.random.one_in(4) => {
                self.till.with(|session, store, now| {
                    let token = session.token(store, now).is_some();
                    let goes = session.customer_waiting(store, now);
                    let step = session.next(store, now);
                    assert!(goes || !token);
                    assert!(!goes || !matches!(step, Step::Wait { .. }) && (token || !matches!(step, Step::Stop(_))));
                });
                self.exchanges.clear();
            }
            21 if self.world == World::Wild => match self.random.below(7) {
                0 => self.reboot(),
                1 => {
                    let device = self.random.of(&[i64::MIN, 0, GRANT - 9_999_999, GRANT, GRANT + 99_999_999, i64::MAX]);
                    self.till.now.device = Some(UnixTime::from_seconds(device));
                    self.exchanges.clear();
                }
                2 => self.till.now.device = None,
                3 => {
                    let date = UnixTime::from_seconds(self.random.of(&[i64::MIN, 0, GRANT, GRANT + 5000, i64::MAX]));
                    self.till.with(|session, _, now| session.observe(date, now));
                }
                4 => {
                    self.till.with(|session, store, _| session.logged_out(store));
                    (self.refused, self.unsafe_yet, self.begun) = (true, false, None);
                    self.logged_out = self.last;
                }
                5 => {
                    // The caller's own check refuses a token that is in the store by then.
                    let body = self.body(u64::MAX, 3600);
                    self.till.answer_alone(Purpose::LogIn, &http("200 OK", "", &body));
                }
                _ => {
                    if let Some((number, purpose)) = self.open.pop() {
                        let life = self.random.of(&[60, 3600]);
                        self.open.push((number, purpose));
                        self.grant(number, purpose, life);
                        self.open.clear();
                    }
                }
            },
            22 if self.random.one_in(8) => self.restart_with_other_credentials(),
            23 if self.random.one_in(8) && self.world == World::Fair => self.reboot(),
            _ => {}
        }
        self.holds();
    }

    fn restart_with_other_credentials(&mut self) {
        self.till.with(|session, _, now| session.credentials_changed(now));
        assert!(!self.till.step().starts_with("Stop"));
        self.exchanges.clear();
    }

    /// The storm is over: with right credentials and a server that works, how long until there is a token.
    fn recovers(&mut self) -> u64 {
        self.till.with(|session, _, now| session.credentials_changed(now));
        let start = self.till.now.uptime;
        for _ in 0..40 {
            let step = self.till.step();
            if step == "Save" {
                self.save(true);
            } else if self.till.good_for().is_some() {
                return self.till.now.uptime - start;
            } else if step.starts_with("Send") || step.starts_with("NeedCode") {
                let (number, purpose) = self.begin(step.starts_with("NeedCode")).unwrap();
                self.open.clear();
                self.grant(number, purpose, 3600);
            } else {
                assert!(step.starts_with("Wait"), "{step}");
                let seconds = self.till.with(|session, store, now| match session.next(store, now) {
                    Step::Wait { seconds, .. } => seconds,
                    _ => 0,
                });
                self.pass(u64::from(seconds) * 1000);
            }
            self.holds();
        }
        panic!("no token: {}, {:?}", self.till.step(), self.till.state);
    }
}

impl Till {
    /// Whether the answer was one that grants.
    fn answer_is_granted(&mut self, number: u32, purpose: Purpose, answer: &[u8]) -> bool {
        let provider = self.provider;
        self.with(|session, store, now| {
            let mut reader = AnswerReader::new(provider, purpose, store);
            let answer = reader.feed(answer).and_then(|_| reader.finish());
            match answer {
                Ok(answer) => {
                    session.accept(number, &answer, store, now);
                    matches!(answer.outcome, pos_token::Outcome::Granted(_))
                }
                Err(error) => {
                    session.failed(number, error, now);
                    false
                }
            }
        })
    }
}

fn live(world: World, seeds: u64, events: u32) -> (usize, u64) {
    let (mut most, mut slowest, mut used) = (0, 0, 0);
    for seed in 0..seeds {
        let result = std::panic::catch_unwind(|| {
            let mut life = Life::new(seed, world);
            for _ in 0..events {
                life.event();
            }
            let took = life.recovers();
            (life.most_in_an_hour, took, life.tokens_used)
        });
        let Ok((in_an_hour, took, tokens)) = result else { panic!("seed {seed}") };
        most = most.max(in_an_hour);
        used += tokens;
        if world == World::Fair {
            slowest = slowest.max(took);
        }
    }
    assert!(used > seeds * u64::from(events) / 20, "lives without a token show nothing: {used}");
    (most, slowest / 1000)
}

/// A till that does at once whatever it may do, for so many hours, against a server that repeats itself and an API that
/// refuses tokens after a while: how many exchanges there were in the worst hour, and in all.
fn haste(seed: u64, lives: &[u64], hours: u64) -> (usize, usize) {
    let mut life = Life::new(seed, World::Fair);
    life.till.policy.fleet.tills = 1;
    let answers: Vec<u64> = (0..=life.random.below(4)).map(|_| life.random.below(8)).collect();
    let refused_after = life.random.of(&[None, Some(0), Some(30_000), Some(61_000), Some(3_601_000)]);
    let refuses_all = life.random.one_in(2);
    let (start, mut count) = (life.till.now.uptime, 0);
    while life.till.now.uptime < start + hours * 3_600_000 {
        let step = life.till.step();
        if step == "Save" {
            life.save(true);
        } else if step.starts_with("Send") || step.starts_with("NeedCode") {
            let code = step.starts_with("NeedCode");
            life.pass(if code { 30_000 } else { 300 });
            // The pending log-in may be over by now.
            let Some((number, purpose)) = life.begin(code) else { continue };
            life.pass(500);
            let fields = ["", "Retry-After: 0\r\n", "Retry-After: 20\r\n"][count % 3];
            let answer = answers[count % answers.len()];
            count += 1;
            if answer < 4 {
                let lasts = life.random.of(lives);
                life.grant(number, purpose, lasts);
                continue;
            }
            life.begun = None;
            let (status, body) = match answer {
                4 => ("503 Service Unavailable", "<html>"),
                5 => ("500 Oops", "{}"),
                6 if purpose == Purpose::Refresh => ("401 Unauthorized", r#"{"error":"invalid_grant"}"#),
                _ => ("429 Too Many Requests", "{}"),
            };
            life.till.answer(number, purpose, &http(status, fields, body));
        } else if step.starts_with("Stop") {
            break;
        } else {
            let (seconds, token) = life.till.with(|session, store, now| match session.next(store, now) {
                Step::Wait { seconds, .. } => (seconds, false),
                Step::Use(token) => (token.next_in, true),
                _ => (1, false),
            });
            let milliseconds = u64::from(seconds) * 1000;
            match refused_after {
                Some(after) if token && after < milliseconds && (refuses_all || count % 2 == 0) => {
                    life.pass(after);
                    let _ = life.till.rejected();
                    life.refused = true;
                }
                _ => life.pass(milliseconds.min(3_600_000)),
            }
        }
        life.holds();
    }
    (life.most_in_an_hour, count)
}

fn hastiest(seeds: u64, lives: &[u64], hours: u64) -> (usize, usize) {
    (0..seeds).map(|seed| haste(seed, lives, hours)).fold((0, 0), |most, one| (most.0.max(one.0), most.1.max(one.1)))
}

#[test]
fn no_server_makes_a_storm() {
    // Where tokens live for ten minutes at least: on average one exchange in two minutes and a half at the very most.
    let (in_an_hour, in_half_a_day) = hastiest(300, &[600, 3600], 12);
    assert!((30..75).contains(&in_an_hour), "{in_an_hour} exchanges in an hour");
    assert!((100..300).contains(&in_half_a_day), "{in_half_a_day} exchanges in half a day");
    // Where they live for seconds: no more than the pause behind each grant allows, with a refresh that is refused or a
    // token that the API refuses in each of them.
    let (in_an_hour, _) = hastiest(40, &[1, 5], 1);
    assert!((180..=3 * 360).contains(&in_an_hour), "{in_an_hour} exchanges in an hour");
}

#[test]
fn some_things_hold_in_the_wildest_lives() {
    let (most, _) = live(World::Wild, 300, 600);
    assert!((5..60).contains(&most), "{most} exchanges in an hour");
}

#[test]
fn in_a_fair_world_a_till_is_neither_hasty_nor_lost() {
    let (most, slowest) = live(World::Fair, 500, 600);
    assert!((8..60).contains(&most), "{most} exchanges in an hour");
    // The longest demand to wait, and half of it, and the pause after that.
    assert!((3600..5400 + 900).contains(&slowest), "a token after {slowest} s");
}
