//! A till whose session decides what it does: log-in, use, a refresh that two resets interrupt, an outage, a recovery
//! and a log-out. Step for step `c/session.c`.

use core::ffi::CStr;

use pos_token::dialect::Purpose;
use pos_token::session::{NoSeal, Now, Policy, Session, SessionState, Step, Uptime, WaitReason};
use pos_token::time::UnixTime;
use pos_token::{Credentials, Outcome, provider};
use zeroize::Zeroizing;

use crate::board::{self, kept};
use crate::report::{Line, Trust};
use crate::till::Till;

/// The token lives for two hours.
const LIFE: u32 = 7200;
/// A record with two tokens of 43 bytes, in units of 8, and some more.
const SLOT: usize = 256;
/// What the storage programs at once.
const UNIT: u8 = 8;

/// In RAM that outlives a reset: how far the till has come; how many seconds were slept away, since the device's clock
/// goes on over a reset; and the two slots.
const STAGE: usize = 0;
const ASLEEP: usize = 4;
const SLOTS: usize = 8;
const KEPT: usize = SLOTS + 2 * SLOT;
const _: () = assert!(KEPT <= kept::LEN);

/// The stages, which are the resets that a record meets. After power-on there is none of them.
const TORN: u8 = b'T';
const WRITTEN: u8 = b'W';

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Use,
    Send,
    Save,
    Other,
    Stop,
}

struct Run<'a, 't> {
    till: &'a mut Till<'t>,
    credentials: Credentials<'a>,
    policy: &'a Policy,
    state: SessionState,
    uptime: Uptime,
    /// Seconds that were slept away since the start: for the sake of this run a till sleeps no longer than it has to.
    slept: u32,
    /// The scenario that the server plays.
    prefix: &'static str,
    /// Which reset the next record meets.
    fate: u8,
}

/// Goes through all of that, with a line for each step. Where it resets the board, it is called again, and goes on from
/// where it was.
pub fn run(till: &mut Till<'_>, credentials: Credentials<'_>) {
    let stage = kept::get(STAGE);
    if stage != TORN && stage != WRITTEN {
        kept::wipe();
    }
    let mut policy = Policy::new(7);
    policy.floor = Some(UnixTime::from_seconds(1_767_225_600));
    let now = Now::uptime(0);
    let state = SessionState::new(&provider::ZYPE, &policy, now);
    let uptime = Uptime::default();
    let mut run = Run { till, credentials, policy: &policy, state, uptime, slept: 0, prefix: "", fate: 0 };
    run.boot();
    match stage {
        WRITTEN => run.after_the_written_record(),
        TORN => run.after_the_torn_record(),
        _ => run.power_on(),
    }
    // Out of use: nothing of it is to be found.
    kept::wipe();
}

impl Run<'_, '_> {
    /// The first day: a log-in, and a refresh. The server has rotated the tokens, and the power goes.
    fn power_on(&mut self) {
        self.until(Kind::Use);
        self.until(Kind::Send);
        self.fate = TORN;
        self.until(Kind::Save);
    }

    /// With the record before that one: its tokens work, since those that were lost were never used.
    fn after_the_torn_record(&mut self) {
        self.until(Kind::Use);
        self.until(Kind::Send);
        self.fate = WRITTEN;
        self.until(Kind::Save);
    }

    /// With the new tokens, whose use ends the old ones. Then the server is in trouble until the token is over.
    fn after_the_written_record(&mut self) {
        self.until(Kind::Use);
        self.prefix = "/~broken";
        self.until(Kind::Use);
        self.sleep(LIFE);
        self.prefix = "/~hangup";
        self.until(Kind::Send);
        self.prefix = "/~busy";
        self.until(Kind::Send);
        self.prefix = "";
        self.until(Kind::Use);
        Session::new(self.till.provider, self.policy, &mut self.state).logged_out(&mut self.till.store);
        self.until(Kind::Stop);
    }

    /// Until this step was done; many others first are too many.
    fn until(&mut self, kind: Kind) {
        for _ in 0..9 {
            if self.poll() == kind {
                return;
            }
        }
        board::exit(false)
    }

    /// What a till's main loop does each time around.
    fn poll(&mut self) -> Kind {
        let now = self.now();
        let session = Session::new(self.till.provider, self.policy, &mut self.state);
        match session.next(&self.till.store, now) {
            // It sells, until there is something else to do.
            Step::Use(token) => {
                let next_in = token.next_in;
                say_number(c"use", if token.unsaved { c"unsaved token " } else { c"token " }, token.generation);
                self.till.call(c"call the API");
                self.sleep(next_in);
                Kind::Use
            }
            Step::Send(_) => {
                self.exchange(now);
                Kind::Send
            }
            Step::Save => {
                self.save(now);
                Kind::Save
            }
            Step::Wait { seconds, reason } => {
                let because = match reason {
                    WaitReason::RetryAfter => c"the server said so",
                    _ => c"the pause after a failure",
                };
                say(c"wait", because);
                self.sleep(seconds);
                Kind::Other
            }
            Step::NeedCode(_) => {
                say(c"need a code", c"");
                Kind::Other
            }
            Step::Stop(stop) => {
                say_number(c"stop", c"code ", stop.code.into());
                Kind::Stop
            }
        }
    }

    #[inline(never)]
    fn boot(&mut self) {
        let mut buf = Zeroizing::new([0; SLOT]);
        let read = |slot: u8, buf: &mut [u8]| {
            let len = buf.len().min(SLOT);
            let start = SLOTS + usize::from(slot) * SLOT;
            buf.iter_mut().take(len).enumerate().for_each(|(at, byte)| *byte = kept::get(start + at));
            Ok(len)
        };
        let now = self.now();
        let mut session = Session::new(self.till.provider, self.policy, &mut self.state);
        match session.restore(&mut self.till.store, &mut NoSeal, read, &mut buf[..], now) {
            Ok(restored) => say_number(c"boot", c"a record in slot ", restored.slot.into()),
            Err(_) => say(c"boot", c"RECORD_ABSENT"),
        }
    }

    #[inline(never)]
    fn save(&mut self, now: Now) {
        let mut buf = Zeroizing::new([0; SLOT]);
        let mut session = Session::new(self.till.provider, self.policy, &mut self.state);
        let Ok(record) = session.save(&self.till.store, &mut NoSeal, UNIT, &mut buf[..], now) else {
            board::exit(false)
        };
        let start = SLOTS + usize::from(record.slot) * SLOT;
        let torn = if self.fate == TORN { record.bytes.len() / 2 } else { record.bytes.len() };
        record.bytes.iter().take(torn).enumerate().for_each(|(at, byte)| kept::put(start + at, *byte));
        match self.fate {
            0 => {}
            fate => {
                let when =
                    if fate == TORN { c"a reset in the middle of writing" } else { c"a reset right after writing" };
                kept::put(STAGE, fate);
                say(c"save", when);
                board::reset()
            }
        }
        session.saved(record.number);
        say_number(c"save", c"slot ", record.slot.into());
    }

    #[inline(never)]
    fn exchange(&mut self, now: Now) {
        let mut session = Session::new(self.till.provider, self.policy, &mut self.state);
        let Ok(begun) = session.begin(&self.till.store, self.credentials, now) else { board::exit(false) };
        let (number, purpose) = (begun.number, begun.purpose);
        let answer = self.till.exchange(self.prefix, purpose, self.credentials);
        let now = self.now();
        let mut session = Session::new(self.till.provider, self.policy, &mut self.state);
        let line = match answer {
            Ok(answer) => {
                session.accept(number, &answer, &self.till.store, now);
                let trust = if matches!(answer.outcome, Outcome::Granted(_)) { Trust::Opaque } else { Trust::Nothing };
                Line { status: answer.status, code: answer.code(), trust, verdict: answer.verdict() }
            }
            Err(error) => {
                session.failed(number, &error, now);
                Line { status: 0, code: error.code(), trust: Trust::Nothing, verdict: error.verdict() }
            }
        };
        line.print(self.till.name, if purpose == Purpose::Refresh { c"refresh" } else { c"log in" });
    }

    fn now(&mut self) -> Now {
        let uptime = self.uptime.extend(board::uptime()) + u64::from(self.slept) * 1000;
        Now::uptime(uptime).device(board::now().plus(asleep()))
    }

    fn sleep(&mut self, seconds: u32) {
        self.slept += seconds;
        let asleep = asleep() + seconds;
        asleep.to_le_bytes().into_iter().enumerate().for_each(|(at, byte)| kept::put(ASLEEP + at, byte));
    }
}

fn asleep() -> u32 {
    u32::from_le_bytes([0, 1, 2, 3].map(|at| kept::get(ASLEEP + at)))
}

fn say(step: &CStr, what: &CStr) {
    board::print(c"session", 12);
    board::print(step, 34);
    board::print(what, 0);
    board::print(c"\n", 0);
}

fn say_number(step: &CStr, what: &CStr, number: u32) {
    board::print(c"session", 12);
    board::print(step, 34);
    board::print(what, 0);
    board::print_number(number, 0);
    board::print(c"\n", 0);
}
