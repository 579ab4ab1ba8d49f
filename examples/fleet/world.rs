//! The chain, the server and the way between them, on a virtual clock in milliseconds.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::random::Random;
use crate::server::{Reply, Request, Server};
use crate::till::{Till, Wish};

pub const SECOND: u64 = 1000;
pub const HOUR: u64 = 3600 * SECOND;
pub const DAY: u64 = 24 * HOUR;

/// The time on the way, there and back alike.
const LATENCY: (u64, u64) = (50, 500);

/// How long a till waits for an answer.
const PATIENCE: u64 = 30 * SECOND;

/// What happens, beside what tills and server do of their own accord.
#[derive(Clone, Copy)]
pub enum Happening {
    Boot,
    /// The right credentials come.
    Corrected,
    /// The API refuses the token.
    Rejected,
}

/// What is ordinary on an ordinary day; nothing is, by default.
#[derive(Clone, Copy, Default)]
pub struct Noise {
    /// Of so many requests one comes to no answer: half of them never arrive, of half the answer is lost.
    pub lost_one_in: u64,
    /// Each day, one in so many tills reboots.
    pub reboot_one_in: u64,
    /// Each day, the API refuses the token of one in so many tills.
    pub rejected_one_in: u64,
}

#[derive(Clone, Copy)]
enum Event {
    Happens(Happening),
    /// The till asks what to do, if this is the last alarm that it set.
    Wakes(u32),
    Arrives(Request, u64),
    /// The answer is back, for a till that has not booted since.
    Answered(Reply, u32),
    Midnight,
}

/// Of events at one moment, the one that was planned first.
struct Planned {
    at: u64,
    number: u64,
    till: usize,
    event: Event,
}

impl Planned {
    fn key(&self) -> (Reverse<u64>, Reverse<u64>) {
        (Reverse(self.at), Reverse(self.number))
    }
}

impl PartialEq for Planned {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Planned {}

impl PartialOrd for Planned {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Planned {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// What the world knows of a till.
#[derive(Clone, Copy, Default)]
struct Seen {
    boots: u32,
    alarm: u32,
    /// Since when it has had no token; a till that is off lacks none.
    lacks_since: Option<u64>,
    /// It lacks a token, or its last exchange failed.
    in_trouble: bool,
    was_locked_out: bool,
}

pub struct World<T> {
    tills: Vec<T>,
    seen: Vec<Seen>,
    pub server: Server,
    noise: Noise,
    events: BinaryHeap<Planned>,
    planned: u64,
    random: Random,
    /// What is counted is counted from here on.
    from: u64,
    in_trouble: usize,
    /// When the last till came out of trouble.
    pub last_served: u64,
    /// Milliseconds without a token, of all tills.
    pub lacked: u64,
}

impl<T: Till> World<T> {
    pub fn new(tills: Vec<T>, server: Server, noise: Noise, seed: u64, from: u64) -> Self {
        let mut world = Self {
            seen: vec![Seen::default(); tills.len()],
            tills,
            server,
            noise,
            events: BinaryHeap::new(),
            planned: 0,
            random: Random(seed),
            from,
            in_trouble: 0,
            last_served: 0,
            lacked: 0,
        };
        world.plan(DAY, 0, Event::Midnight);
        world
    }

    /// This happens to each till, within so many milliseconds from then.
    pub fn happens_to_all(&mut self, happening: Happening, from: u64, within: u64) {
        for till in 0..self.tills.len() {
            let at = from + self.random.below(within + 1);
            self.plan(at, till, Event::Happens(happening));
        }
    }

    /// Until that moment or, where `until_served` is given, until no till is in trouble after that one.
    pub fn run(&mut self, end: u64, until_served: Option<u64>) {
        while let Some(Planned { at, till, event, .. }) = self.events.pop() {
            if at > end || (self.in_trouble == 0 && until_served.is_some_and(|after| at > after)) {
                break;
            }
            self.handle(at, till, event);
        }
        for seen in &self.seen {
            self.lacked += seen.lacks_since.map_or(0, |since| end.saturating_sub(since.max(self.from)));
        }
    }

    /// How many tills have a token, or had one when all came to rest.
    pub fn served(&self) -> usize {
        self.seen.iter().filter(|seen| seen.boots > 0 && seen.lacks_since.is_none()).count()
    }

    /// How many tills came with the right credentials and met a locked account, and have no token yet.
    pub fn locked_out(&self) -> usize {
        self.seen.iter().filter(|seen| seen.was_locked_out && seen.lacks_since.is_some()).count()
    }

    fn plan(&mut self, at: u64, till: usize, event: Event) {
        self.planned += 1;
        self.events.push(Planned { at, number: self.planned, till, event });
    }

    fn handle(&mut self, at: u64, till: usize, event: Event) {
        match event {
            Event::Midnight => return self.plan_the_day(at),
            Event::Wakes(alarm) if alarm != self.seen[till].alarm => return,
            Event::Wakes(_) => {}
            Event::Arrives(request, patience) => return self.arrives(at, till, request, patience),
            Event::Answered(_, boots) if boots != self.seen[till].boots => return,
            Event::Answered(reply, _) => {
                self.tills[till].answered(reply, at);
                self.trouble(at, till, !matches!(reply, Reply::Granted { .. }));
            }
            Event::Happens(happening) => match happening {
                Happening::Boot => {
                    self.seen[till].boots += 1;
                    self.tills[till].boot(at);
                }
                Happening::Corrected => self.tills[till].corrected(at),
                Happening::Rejected => self.tills[till].rejected(at),
            },
        }
        self.asks(at, till);
    }

    /// The till says what is next.
    fn asks(&mut self, at: u64, till: usize) {
        let wish = self.tills[till].next(at);
        let lacks = !self.tills[till].has_token(at);
        let seen = &mut self.seen[till];
        seen.alarm += 1;
        let alarm = seen.alarm;
        match (lacks, seen.lacks_since) {
            (true, None) => seen.lacks_since = Some(at),
            (false, Some(since)) => {
                self.lacked += at.saturating_sub(since.max(self.from));
                seen.lacks_since = None;
            }
            _ => {}
        }
        if lacks {
            self.trouble(at, till, true);
        }
        match wish {
            Wish::Wake(next) => self.plan(next.max(at + 1), till, Event::Wakes(alarm)),
            Wish::Send(request) => {
                let (latency, patience) = (self.latency(), at + PATIENCE);
                match self.fate() {
                    Fate::Arrives => self.plan(at + latency, till, Event::Arrives(request, patience)),
                    Fate::NeverArrives => {
                        let boots = self.seen[till].boots;
                        self.plan(at + 10 * latency, till, Event::Answered(Reply::Silence, boots));
                    }
                }
            }
            Wish::Rest => {}
        }
    }

    fn arrives(&mut self, at: u64, till: usize, request: Request, patience: u64) {
        let reply = self.server.answer(till, request, at, &mut self.random);
        if matches!((request, reply), (Request::LogIn { right_secret: true }, Reply::Locked)) {
            self.seen[till].was_locked_out = true;
        }
        let boots = self.seen[till].boots;
        match (reply, self.fate()) {
            (Reply::Silence, _) | (_, Fate::NeverArrives) => {
                self.plan(patience, till, Event::Answered(Reply::Silence, boots));
            }
            _ => {
                let back = at + self.latency();
                self.plan(back, till, Event::Answered(reply, boots));
            }
        }
    }

    fn trouble(&mut self, at: u64, till: usize, is_in_trouble: bool) {
        let seen = &mut self.seen[till];
        if seen.in_trouble != is_in_trouble {
            seen.in_trouble = is_in_trouble;
            if is_in_trouble {
                self.in_trouble += 1;
            } else {
                self.in_trouble -= 1;
                self.last_served = at;
            }
        }
    }

    fn plan_the_day(&mut self, now: u64) {
        let tills = self.tills.len() as u64;
        for (one_in, happening) in
            [(self.noise.reboot_one_in, Happening::Boot), (self.noise.rejected_one_in, Happening::Rejected)]
        {
            for _ in 0..tills.checked_div(one_in).unwrap_or(0) {
                let (at, till) = (now + self.random.below(DAY), self.random.below(tills) as usize);
                self.plan(at, till, Event::Happens(happening));
            }
        }
        self.plan(now + DAY, 0, Event::Midnight);
    }

    fn latency(&mut self) -> u64 {
        self.random.between(LATENCY.0, LATENCY.1)
    }

    /// Of a message, each way.
    fn fate(&mut self) -> Fate {
        match self.noise.lost_one_in {
            0 => Fate::Arrives,
            one_in if self.random.below(2 * one_in) == 0 => Fate::NeverArrives,
            _ => Fate::Arrives,
        }
    }
}

enum Fate {
    Arrives,
    NeverArrives,
}
