//! What happens to a session: exchanges begin and come back, the API refuses a token, a server tells the time.

use core::ops::Range;

use super::clock::{Clock, FIRST, LAST, Now, UNKNOWN_TRIP, seconds, times};
use super::grant::Lifetime;
use super::policy::Keep;
use super::schedule;
use super::state::{Due, Seconds, Session, Token, Underway, Wait, registered};
use super::step::{BeginError, Begun, CodeKind, Rejection, Step, Stop, StopReason, WaitReason};
use crate::dialect::{Dialect, Field, Purpose};
use crate::error::Verdict;
use crate::http::{HttpError, RetryAfter};
use crate::json::JsonErrorKind;
use crate::oauth::{
    Answer, AnswerError, Credentials, ExchangeError, Fields, Grant, OrStored, Outcome, RefreshToken, RequestError,
    TokenRequest,
};
use crate::store::TokenStore;
use crate::time::UnixTime;

/// Between a token and the next exchange, in milliseconds, whatever the token's life is.
const PAUSE: u32 = 10_000;

/// A token that is refused so many seconds after its request was fresh, whatever its times say.
const FRESH: u32 = 60;

/// One that is refused later than this was good for a while: what was refused before it does not count any more.
const PROVEN: u32 = 60 * 60;

/// So many `Date`s in a row are not all wrong.
const DATES: u8 = 3;

/// Demands to wait from so many milliseconds on are saved.
const LASTING: u32 = 10 * 60_000;

/// The codes of answers that are no success.
const REFUSALS: Range<u16> = 500..600;

/// The code of an answer that is no API's.
const NOT_AN_API: u16 = 502;

/// The part of an exchange's number that counts within an era, which a log-out ends; and, once in 65,536 exchanges, one
/// that comes late is of another era too.
const ERA: u32 = 0xffff;

const fn era(exchange: u32) -> u32 {
    exchange & !ERA
}

/// Why an exchange came to no answer, as far as it matters for what is next. Made from the errors of this library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What a till does next.
    pub verdict: Verdict,
    /// Whether an answer came that cannot be understood, of a server that did not say that it is in trouble.
    pub malformed: bool,
    /// The short code.
    pub code: u16,
}

impl Failure {
    /// The transport failed: no connection, or it broke.
    pub const TRANSPORT: Self = Self { verdict: Verdict::Wait(None), malformed: false, code: 201 };
}

impl From<AnswerError> for Failure {
    fn from(error: AnswerError) -> Self {
        let cut = match error {
            AnswerError::Http(HttpError::Truncated | HttpError::NoResponse) => true,
            AnswerError::Json(error) => error.kind == JsonErrorKind::Truncated,
            _ => false,
        };
        Self { verdict: error.verdict(), malformed: !cut, code: error.code() }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        Self { verdict: error.verdict(), malformed: false, code: error.code() }
    }
}

impl<E> From<&ExchangeError<E>> for Failure {
    fn from(error: &ExchangeError<E>) -> Self {
        let malformed = match error {
            ExchangeError::Answer { error, status, .. } => *status < 500 && Self::from(*error).malformed,
            _ => false,
        };
        Self { verdict: error.verdict(), malformed, code: error.code() }
    }
}

impl<D: Dialect> Session<'_, D> {
    /// Begins the exchange that [`next`](Self::next) names: gives its request and its number. The tokens that it needs
    /// are taken from the store, everything else from the credentials, which are not kept. Until
    /// [`accept`](Self::accept), [`failed`](Self::failed) or the policy's timeout no other one begins.
    ///
    /// Where a code is needed, the credentials bring it: [`Field::Code`] for a log-in that waits for it, [`Field::Pin`]
    /// for a linked device; with neither, this is a new log-in.
    ///
    /// # Errors
    /// [`BeginError`]; nothing has changed then. `StoreTooSmall` guards a refresh token that works once: where the store
    /// cannot hold as much again as it holds now, the answer would be lost, and the token with it.
    pub fn begin<'r>(
        &'r mut self,
        store: &'r TokenStore<'_>,
        credentials: Credentials<'r>,
        now: Now,
    ) -> Result<Begun<'r, D>, BeginError> {
        let purpose = self.purpose_due(store, &credentials, &now)?;
        let pin = credentials.get(Field::Pin).is_some();
        let request =
            TokenRequest::new(self.dialect, purpose, credentials.or_stored(store)).map_err(BeginError::Request)?;
        let number = self.begun(purpose, pin, now);
        Ok(Begun { number, purpose, request })
    }

    /// The same with fields that are read where they stand, for C, which makes the request by itself: `build` says whether
    /// that can be built, of these fields.
    ///
    /// # Errors
    /// As [`begin`](Self::begin), and those of `build`. Then nothing has changed.
    #[doc(hidden)]
    pub fn begin_with<E: From<BeginError>>(
        &mut self,
        store: &TokenStore<'_>,
        given: &dyn Fields,
        now: Now,
        build: impl FnOnce(Purpose, &dyn Fields) -> Result<(), E>,
    ) -> Result<(u32, Purpose), E> {
        let purpose = self.purpose_due(store, given, &now)?;
        build(purpose, &OrStored { given, store })?;
        Ok((self.begun(purpose, given.field(Field::Pin).is_some(), now), purpose))
    }

    /// What the exchange is for that can begin now.
    fn purpose_due(&self, store: &TokenStore<'_>, given: &dyn Fields, now: &Now) -> Result<Purpose, BeginError> {
        if self.busy_for(now).is_some() {
            return Err(BeginError::Busy);
        }
        let purpose = match self.step(store, now) {
            Step::Send(purpose) => purpose,
            Step::NeedCode(needed) if needed.pending && given.field(Field::Code).is_some() => Purpose::VerifyCode,
            Step::NeedCode(_) => Purpose::LogIn,
            Step::Stop(stop) => return Err(BeginError::Stopped(stop)),
            Step::Use(_) | Step::Save | Step::Wait { .. } => return Err(BeginError::NotNow),
        };
        if purpose == Purpose::Refresh
            && self.rotates()
            && let Some(needed) = store.needed_again()
        {
            return Err(BeginError::StoreTooSmall { needed });
        }
        Ok(purpose)
    }

    /// An exchange begins; gives its number.
    #[inline(never)] // One for all.
    fn begun(&mut self, purpose: Purpose, pin: bool, now: Now) -> u32 {
        let grant = self.state.token.grant;
        self.state.underway = Some(Underway { purpose, pin: pin && purpose == Purpose::LogIn, outdated: false, grant });
        self.state.begun = now;
        // Should it never come back, that is a failure too: the pause begins at the timeout.
        let counts = &mut self.state.counts;
        counts.exchanges = counts.exchanges.wrapping_add(1);
        counts.failures = counts.failures.saturating_add(1);
        self.back_off(self.state.counts.failures, &now);
        let timeout = times(self.policy.exchange_timeout, 1000);
        self.state.wait.milliseconds = self.state.wait.milliseconds.saturating_add(timeout);
        self.state.counts.exchanges
    }

    /// The exchange of this number came to an answer; the store has what it granted. An answer to an exchange that was
    /// given up changes nothing, but that tokens which it brought are taken as they are, with a life that is not known; of
    /// one that was begun before a log-out they are nobody's.
    pub fn accept(&mut self, number: u32, answer: &Answer, store: &TokenStore<'_>, now: Now) {
        let underway = self.take(number);
        self.learn(answer, underway, &now);
        match (&answer.outcome, underway) {
            (Outcome::Granted(grant), _) if era(number) == era(self.state.counts.exchanges) => {
                self.granted(grant, underway, store, &now);
            }
            // Its pending token is in the place of the one that a code is asked for.
            (Outcome::MfaPending, None) => self.state.pending_since = None,
            (_, None) => {}
            (Outcome::MfaPending, _) => {
                self.state.pending_since = Seconds::MIN.checked_add(seconds(now.uptime));
                self.state.code = Some(CodeKind::Mfa);
                self.answered();
            }
            (Outcome::Denied(denied), Some(Underway { pin: true, outdated: false, .. }))
                if answer.verdict() == Verdict::Stop && !denied.is_of_the_client() =>
            {
                self.state.code = Some(CodeKind::Pin);
                self.code_refused(answer.code());
            }
            (outcome, Some(underway)) => {
                // Most portals redirect, and go away.
                let goes_away = *outcome == Outcome::Redirected;
                let verdict = if goes_away { Verdict::Wait(None) } else { answer.verdict() };
                // A page may be anybody's, but not for good where it says that credentials are missing.
                let malformed = *outcome == Outcome::NotAnApi && answer.status == 401;
                self.fail(Failure { verdict, malformed, code: answer.code() }, underway, &now);
            }
        }
    }

    /// The exchange of this number came to no answer. What failed before it was begun has no number and changes nothing.
    pub fn failed(&mut self, number: u32, failure: impl Into<Failure>, now: Now) {
        if let Some(underway) = self.take(number) {
            self.fail(failure.into(), underway, &now);
        }
    }

    /// The API answered 401 to the token of this generation. Where that answer had a `Date`,
    /// [`observe`](Self::observe) it first: it can show that the token was just over.
    ///
    /// The token is not used again. One refresh or one log-in follows at once; where the API refuses that token too,
    /// the next ones follow after pauses that grow, and after the policy's limit the session stops.
    pub fn rejected(&mut self, generation: u32, now: Now) -> Rejection {
        let token = &mut self.state.token;
        if generation != token.generation || token.rejected || generation == 0 {
            return Rejection::Older;
        }
        token.rejected = true;
        let token = self.state.token;
        let held = seconds(self.elapsed(&now));
        let by_clock = token.expires_at.zip(self.state.clock.time(&now));
        let over = token.lifetime.is_some_and(|lifetime| held >= lifetime.get())
            || by_clock.is_some_and(|(end, time)| time >= end);
        let rejection = match (token.lifetime, by_clock) {
            _ if over => Rejection::Expired,
            (None, None) => Rejection::Unknown,
            _ => Rejection::Revoked,
        };
        let counts = &mut self.state.counts;
        if held >= PROVEN {
            counts.rejections = 0;
        }
        // One that was over as it arrived counts: the next will be too.
        let arrived_good = token.expires_at.zip(token.granted_at).is_none_or(|(end, granted_at)| end > granted_at);
        if rejection == Rejection::Expired && held >= FRESH && arrived_good {
            return rejection;
        }
        counts.rejections = counts.rejections.saturating_add(1);
        let rejections = counts.rejections;
        if rejections >= self.policy.rejected_limit {
            self.stop(StopReason::Rejected, 701);
        } else if rejections > 1 {
            self.back_off(rejections, &now);
        } else if self.state.wait.reason == WaitReason::BackOff {
            self.state.wait.milliseconds = 0;
        }
        rejection
    }

    /// A customer is waiting: the till may go at once, past its slot and past a pause of its own, but not past a
    /// server's demand, and not before a record that is to be saved; so many times an hour as the policy says. Tells
    /// whether nothing keeps the till from going now, with the token that it has or with an exchange.
    pub fn customer_waiting(&mut self, store: &TokenStore<'_>, now: Now) -> bool {
        if self.in_use(store, &now).is_some() {
            return true;
        }
        if self.state.saved.due != Due::No || self.state.stop.is_some() {
            return false;
        }
        match self.hindrance(store, &now) {
            None => return true,
            Some((_, WaitReason::Exchange | WaitReason::RetryAfter)) => return false,
            Some((_, WaitReason::Slot | WaitReason::BackOff)) => {}
        }
        let counts = &mut self.state.counts;
        let second = seconds(now.uptime);
        if second.checked_sub(counts.urgent_since).is_some_and(|passed| passed >= 60 * 60) {
            counts.urgent_since = second;
            counts.urgent = 0;
        }
        if counts.urgent >= self.policy.urgent_per_hour {
            return false;
        }
        counts.urgent += 1;
        self.state.wait.milliseconds = 0;
        self.state.token.renewal = None;
        true
    }

    /// There are other credentials: a session that stood still goes on, and nothing counts that happened before, nor that
    /// an exchange which is under way is refused. Where one till stood still, its chain did: it goes on at its place in the
    /// chain, as after a boot.
    pub fn credentials_changed(&mut self, now: Now) {
        if self.state.stop.take().is_some() && self.wait_left(&now) == 0 {
            let slot = schedule::boot_slot(self.policy, &self.dialect.settings());
            self.wait(slot, WaitReason::Slot, &now);
        }
        if let Some(underway) = &mut self.state.underway {
            underway.outdated = true;
        }
        let counts = &mut self.state.counts;
        (counts.failures, counts.malformed, counts.rejections, counts.codes_refused) = (0, 0, 0, 0);
        if self.state.wait.reason == WaitReason::BackOff {
            self.state.wait.milliseconds = 0;
        }
    }

    /// The till was logged out: wipes the store and stands still until the credentials are changed. What the provider
    /// is told before is the caller's to send, with [`Purpose::LogOut`] or [`Purpose::Revoke`]. What an exchange brings
    /// that was begun before is not used.
    pub fn logged_out(&mut self, store: &mut TokenStore<'_>) {
        store.clear();
        self.state.token.rejected = true;
        self.state.refresh_refused = true;
        self.state.pending_since = None;
        self.state.code = None;
        self.state.underway = None;
        // What was begun before is of another era, and what it brings is not accepted.
        self.state.counts.exchanges = (self.state.counts.exchanges | ERA).wrapping_add(1);
        self.stop(StopReason::LoggedOut, 703);
        if self.keeps_tokens() {
            self.save_due(Due::Yes);
        }
    }

    /// The `Date` of any answer of the provider's that came just now, over TLS.
    pub fn observe(&mut self, date: UnixTime, now: Now) {
        self.date(date, UNKNOWN_TRIP, &now);
        self.floor_moved();
    }

    /// A server's clock that was wrong by years once would keep all others out for good: the third `Date` in a row that
    /// lies below the floor, but not before the policy's own, lowers it.
    fn date(&mut self, date: UnixTime, error: u32, now: &Now) {
        let doubted = &mut self.state.counts.dates_doubted;
        if self.state.clock.observe(date, error, now) {
            *doubted = 0;
        } else if date >= self.policy.floor.unwrap_or(FIRST) && date <= LAST {
            *doubted = doubted.saturating_add(1);
            if *doubted >= DATES {
                *doubted = 0;
                self.state.clock = Clock::new(Some(date));
                self.state.clock.observe(date, error, now);
                if self.policy.keep != Keep::Nothing {
                    self.save_due(Due::Yes);
                }
            }
        }
    }

    fn take(&mut self, number: u32) -> Option<Underway> {
        if number == self.state.counts.exchanges { self.state.underway.take() } else { None }
    }

    /// What an answer tells of the time, where it is the provider's own.
    fn learn(&mut self, answer: &Answer, underway: Option<Underway>, now: &Now) {
        if matches!(answer.outcome, Outcome::NotAnApi | Outcome::Redirected) {
            return;
        }
        let trip = underway.map(|_| self.state.clock.held(&self.state.begun, now).saturating_add(1));
        // What nobody vouches for, a member or a claim, moves no clock.
        if let Some(server) = answer.server_time.filter(|server| server.from_date) {
            self.date(server.time, trip.unwrap_or(UNKNOWN_TRIP), now);
            self.floor_moved();
        }
    }

    fn floor_moved(&mut self) {
        let Some(floor) = self.state.clock.floor else { return };
        let moved = self.state.saved_floor.is_none_or(|saved| floor.since(saved) >= self.policy.floor_interval.into());
        // A record that is due has it, or is being written and is not to be in vain: the next `Date` has it saved.
        if moved && self.state.saved.due == Due::No && self.policy.keep != Keep::Nothing {
            self.save_due(Due::Yes);
        }
    }

    fn granted(&mut self, grant: &Grant, underway: Option<Underway>, store: &TokenStore<'_>, now: &Now) {
        let settings = self.dialect.settings();
        let claims = registered(store);
        let time = self.state.clock.time(now);
        let begun = underway.map_or(*now, |_| self.state.begun);
        let granted_at = time.map(|time| time.minus(self.state.clock.held(&begun, now)));
        let lifetime = match underway {
            Some(_) => {
                let by_server = self.state.clock.server(now).is_some();
                Lifetime::of(grant, settings.default_lifetime, &claims, time, by_server, granted_at)
            }
            None => Lifetime { seconds: None, expires_at: None },
        };
        let before = self.state.token;
        // The same token again, or one that ends no later: no use to ask for it early. All who share it come at its end.
        let log_in = matches!(underway, Some(Underway { purpose: Purpose::LogIn, .. }));
        let ends = lifetime.expires_at.zip(before.expires_at);
        let no_later = log_in && !before.rejected && ends.is_some_and(|(end, before)| end <= before);
        let draws = self.draws();
        let renewal = lifetime.seconds.map(Seconds::get).map(|life| {
            if no_later {
                life.saturating_add(schedule::draw(self.policy.seed, draws, FRESH.min(life / 10)))
            } else {
                schedule::renewal(self.policy, life, granted_at, draws)
            }
        });
        let state = &mut *self.state;
        state.token = Token {
            begun,
            granted_at,
            expires_at: lifetime.expires_at,
            lifetime: lifetime.seconds,
            renewal: renewal.and_then(Seconds::new),
            generation: before.generation.wrapping_add(1).max(1),
            grant: store.grants(),
            rejected: false,
            restored: false,
        };
        match underway {
            Some(Underway { purpose: Purpose::VerifyCode, .. }) => state.code = Some(CodeKind::Mfa),
            Some(Underway { purpose: Purpose::LogIn, pin, .. }) => state.code = pin.then_some(CodeKind::Pin),
            _ => {}
        }
        state.pending_since = None;
        state.stop = None;
        let replaced = grant.refresh_token == RefreshToken::Replaced;
        state.refresh_refused &= !replaced;
        let counts = &mut state.counts;
        (counts.failures, counts.malformed, counts.codes_refused) = (0, 0, 0);
        if !before.rejected {
            counts.rejections = 0;
        }
        let code = state.code.is_some();
        self.wait_at_least(PAUSE, now);
        if self.keeps_tokens() && replaced && self.rotates() {
            self.save_due(Due::BeforeUse);
        } else if self.keeps_tokens() && (replaced || code || self.policy.keep == Keep::EveryToken) {
            self.save_due(Due::Yes);
        }
    }

    fn fail(&mut self, failure: Failure, underway: Underway, now: &Now) {
        match failure.verdict {
            // What is wrong with credentials that were changed meanwhile says nothing of the new ones.
            Verdict::Stop | Verdict::AskForCode if underway.outdated && REFUSALS.contains(&failure.code) => {
                self.answered();
            }
            Verdict::Wait(told) => {
                if failure.malformed && !underway.outdated {
                    self.state.counts.malformed = self.state.counts.malformed.saturating_add(1);
                    if self.state.counts.malformed >= self.policy.malformed_limit {
                        if failure.code == NOT_AN_API && underway.purpose == Purpose::Refresh {
                            return self.refresh_refused(underway);
                        }
                        return self.stop(StopReason::Malformed, failure.code);
                    }
                } else {
                    self.state.counts.malformed = 0;
                }
                match self.told(told, now) {
                    Some(told) => self.pause(told, now),
                    None => self.back_off(self.state.counts.failures, now),
                }
            }
            Verdict::LogIn => self.refresh_refused(underway),
            Verdict::AskForCode => self.code_refused(failure.code),
            Verdict::Stop if REFUSALS.contains(&failure.code) => self.stop(StopReason::Refused, failure.code),
            Verdict::Stop if (600..700).contains(&failure.code) => self.stop(StopReason::Rejected, failure.code),
            Verdict::Stop | Verdict::Use | Verdict::Done => self.stop(StopReason::Setup, failure.code),
        }
    }

    /// What is refused is the token that was sent. Meanwhile one that was given up may have brought another.
    fn refresh_refused(&mut self, underway: Underway) {
        self.state.refresh_refused |= underway.grant == self.state.token.grant;
        self.answered();
    }

    /// The first refusal may be a slip of the fingers; the second may mean that the log-in which waits is over.
    #[inline(never)] // One for all.
    fn code_refused(&mut self, code: u16) {
        self.answered();
        let counts = &mut self.state.counts;
        counts.codes_refused = counts.codes_refused.saturating_add(1);
        if counts.codes_refused >= self.policy.code_limit {
            self.stop(StopReason::CodeRefused, code);
        } else if counts.codes_refused > 1 {
            self.state.pending_since = None;
        }
    }

    /// The server does its work, and nothing keeps the till from its next exchange.
    fn answered(&mut self) {
        (self.state.counts.failures, self.state.counts.malformed) = (0, 0);
        self.state.wait.milliseconds = 0;
    }

    #[inline(never)] // One for all.
    fn stop(&mut self, reason: StopReason, code: u16) {
        self.state.stop = Some(Stop { reason, code });
    }

    /// The seconds of a server's demand.
    fn told(&self, retry_after: Option<RetryAfter>, now: &Now) -> Option<u32> {
        match retry_after? {
            RetryAfter::Seconds(seconds) => Some(seconds),
            RetryAfter::At(time) => Some(time.left(self.state.clock.time(now)?)),
        }
    }

    fn pause(&mut self, told: u32, now: &Now) {
        let (settings, failures) = (self.dialect.settings(), self.state.counts.failures);
        let milliseconds = schedule::told(self.policy, &settings, failures, told, self.draws());
        self.wait(milliseconds, WaitReason::RetryAfter, now);
        if milliseconds >= LASTING && self.policy.keep != Keep::Nothing {
            self.save_due(Due::Yes);
        }
    }

    fn back_off(&mut self, failures: u8, now: &Now) {
        let settings = self.dialect.settings();
        let milliseconds = schedule::back_off(self.policy, &settings, failures, self.draws());
        self.wait_at_least(milliseconds, now);
    }

    /// A pause of the till's own. A server's demand that lasts longer stays.
    fn wait_at_least(&mut self, milliseconds: u32, now: &Now) {
        if self.state.wait.reason != WaitReason::RetryAfter || self.wait_left(now) < milliseconds {
            self.wait(milliseconds, WaitReason::BackOff, now);
        }
    }

    fn wait(&mut self, milliseconds: u32, reason: WaitReason, now: &Now) {
        self.state.wait = Wait { milliseconds, reason };
        self.state.waiting_since = *now;
    }

    fn draws(&mut self) -> u32 {
        let draws = &mut self.state.counts.draws;
        *draws = draws.wrapping_add(1);
        (*draws).into()
    }

    fn save_due(&mut self, due: Due) {
        self.state.saved.due = self.state.saved.due.max(due);
        // At least.
        self.state.saved_floor = self.state.clock.floor;
        // What is being saved at this moment is no longer what has to be.
        self.state.saved.sequence = self.state.saved.sequence.wrapping_add(1);
    }
}
