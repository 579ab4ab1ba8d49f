//! A provider that enforces its limit, locks accounts, rotates refresh tokens and is sometimes down.

use std::collections::VecDeque;
use std::ops::Range;

use crate::random::Random;

/// Counted over a sliding window of this many milliseconds, which is the strictest reading of "a minute".
pub const MINUTE: u64 = 60_000;

/// A token lives so many seconds.
pub const LIFETIME: u64 = 24 * 60 * 60;

/// So many refusals in a row lock an account.
const REFUSALS: u32 = 5;

/// A locked account stays so until nobody has tried for so many milliseconds.
const LOCKED_FOR: u64 = 15 * MINUTE;

/// What a till asks for.
#[derive(Clone, Copy)]
pub enum Request {
    LogIn { right_secret: bool },
    Refresh { token: u32 },
}

/// What it gets.
#[derive(Clone, Copy)]
pub enum Reply {
    /// Tokens; the refresh token is this one.
    Granted { refresh_token: u32 },
    /// 401: wrong credentials, or a refresh token that was used before.
    Refused,
    /// 403.
    Locked,
    /// 429, with the seconds until there is room again.
    TooMany { retry_after: u64 },
    /// 503.
    Unavailable { retry_after: Option<u64> },
    /// Nothing within the time that a till waits.
    Silence,
}

pub struct Server {
    limit: usize,
    /// When the log-ins of the last minute came that were let in.
    let_in: VecDeque<u64>,
    down: Range<u64>,
    accounts: Vec<Account>,
    /// The refresh token that is good, of each till.
    refresh_tokens: Vec<u32>,
    /// Requests, by the minute.
    pub requests: Vec<u32>,
    /// Those that were answered 429, by the minute.
    pub too_many: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Account {
    refusals: u32,
    last_try: u64,
    was_locked: bool,
}

impl Account {
    fn is_locked(&self, now: u64) -> bool {
        self.refusals >= REFUSALS && now < self.last_try + LOCKED_FOR
    }
}

impl Server {
    /// With an account for each till, or with one for all.
    pub fn new(limit: usize, tills: usize, one_account: bool, down: Range<u64>) -> Self {
        Self {
            limit,
            let_in: VecDeque::new(),
            down,
            accounts: vec![Account::default(); if one_account { 1 } else { tills }],
            refresh_tokens: vec![0; tills],
            requests: Vec::new(),
            too_many: Vec::new(),
        }
    }

    pub fn answer(&mut self, till: usize, request: Request, now: u64, random: &mut Random) -> Reply {
        count(&mut self.requests, now);
        if self.down.contains(&now) {
            return match random.below(3) {
                0 => Reply::Silence,
                1 => Reply::Unavailable { retry_after: None },
                _ => Reply::Unavailable { retry_after: Some(120) },
            };
        }
        match request {
            Request::Refresh { token } if token != self.refresh_tokens[till] => Reply::Refused,
            Request::Refresh { .. } => self.grant(till),
            Request::LogIn { right_secret } => match self.wait(now) {
                Some(retry_after) => Reply::TooMany { retry_after },
                None => self.log_in(till, right_secret, now),
            },
        }
    }

    /// For how many seconds no more log-ins are let in; `None`: this one is.
    fn wait(&mut self, now: u64) -> Option<u64> {
        while self.let_in.front().is_some_and(|first| first + MINUTE <= now) {
            self.let_in.pop_front();
        }
        if self.let_in.len() >= self.limit {
            count(&mut self.too_many, now);
            let room = self.let_in[0] + MINUTE - now;
            return Some(room.div_ceil(1000));
        }
        self.let_in.push_back(now);
        None
    }

    fn log_in(&mut self, till: usize, right_secret: bool, now: u64) -> Reply {
        let of_till = till.min(self.accounts.len() - 1);
        let account = &mut self.accounts[of_till];
        let is_locked = account.is_locked(now);
        account.last_try = now;
        if is_locked {
            return Reply::Locked;
        }
        if right_secret {
            account.refusals = 0;
            return self.grant(till);
        }
        account.refusals = account.refusals % REFUSALS + 1;
        account.was_locked |= account.refusals == REFUSALS;
        Reply::Refused
    }

    fn grant(&mut self, till: usize) -> Reply {
        self.refresh_tokens[till] += 1;
        Reply::Granted { refresh_token: self.refresh_tokens[till] }
    }

    /// How many accounts were ever locked.
    pub fn locked(&self) -> usize {
        self.accounts.iter().filter(|account| account.was_locked).count()
    }
}

fn count(minutes: &mut Vec<u32>, now: u64) {
    let minute = (now / MINUTE) as usize;
    if minutes.len() <= minute {
        minutes.resize(minute + 1, 0);
    }
    minutes[minute] += 1;
}
