//! What a session remembers, and what follows from it at a given moment.

use super::clock::{Clock, ClockEstimate, Now, counted, seconds, seconds_up, times};
use super::policy::{Keep, Policy};
use super::schedule;
use super::step::{CodeKind, CodeNeeded, LastKnown, Step, Stop, TokenInUse, WaitReason};
use crate::dialect::{self, Dialect, Purpose, Rotation};
use crate::jwt::{Registered, UntrustedToken, UnverifiedClaims};
use crate::oauth::Authorization;
use crate::secret::Secret;
use crate::store::TokenStore;
use crate::time::UnixTime;

/// A token is not used in the last seconds of its life, at most a tenth of it: a call takes its time too.
const MARGIN: u32 = 5;

/// A session's memory: plain data without any secret, 192 bytes at most. It lies wherever the caller wants it; each
/// function of a [`Session`] has to be given the same dialect, the same policy and the same store.
#[derive(Clone, Debug)]
pub struct SessionState {
    pub(super) clock: Clock,
    pub(super) token: Token,
    /// When the exchange under way was begun, and when the wait.
    pub(super) begun: Now,
    pub(super) waiting_since: Now,
    /// What the floor of the last record is at least, or of the one that is due.
    pub(super) saved_floor: Option<UnixTime>,
    pub(super) wait: Wait,
    pub(super) saved: Saved,
    pub(super) counts: Counts,
    /// The second of uptime behind that in which a log-in began to wait for its code.
    pub(super) pending_since: Option<Seconds>,
    pub(super) stop: Option<Stop>,
    pub(super) underway: Option<Underway>,
    /// The code that the last grant took, and the next one will take.
    pub(super) code: Option<CodeKind>,
    /// The refresh token in the store was refused.
    pub(super) refresh_refused: bool,
}

/// That leaves room for three pointers and a check word in 192 bytes.
const _: () = assert!(size_of::<SessionState>() <= 176);

/// The token in use; all of it 0 where there never was one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// When its request was begun; of a restored token, when it was restored.
    pub(super) begun: Now,
    pub(super) granted_at: Option<UnixTime>,
    pub(super) expires_at: Option<UnixTime>,
    /// Seconds from `begun`; `None`: until a 401.
    pub(super) lifetime: Option<Seconds>,
    /// Seconds from `begun` to its renewal.
    pub(super) renewal: Option<Seconds>,
    pub(super) generation: u32,
    /// Which of the store's it is.
    pub(super) grant: u16,
    pub(super) rejected: bool,
    pub(super) restored: bool,
}

/// Seconds, of which 0 has no meaning, so that an `Option` of them takes four bytes.
pub(super) type Seconds = core::num::NonZeroU32;

/// An exchange that was begun and has not come back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Underway {
    pub(super) purpose: Purpose,
    /// Whether the credentials for it had a PIN.
    pub(super) pin: bool,
    /// Whether they were changed meanwhile.
    pub(super) outdated: bool,
    /// Which of the store's grants was in use.
    pub(super) grant: u16,
}

/// No exchange before this is over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    pub(super) milliseconds: u32,
    pub(super) reason: WaitReason,
}

/// What the last record holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Saved {
    /// The number before the next record's: with each reason to save, that is another one.
    pub(super) sequence: u32,
    /// The slot that the next record goes to.
    pub(super) slot: u8,
    pub(super) due: Due,
    /// It was tried before the token in use was used, and failed: no record has its refresh token.
    pub(super) at_risk: bool,
}

/// Whether a record has to be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    No,
    Yes,
    /// Before the token in use is used.
    BeforeUse,
}

/// How often something happened in a row, or ever.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Exchanges that were begun; a log-out moves it on to the next multiple of 65,536.
    pub(super) exchanges: u32,
    /// Random numbers that were drawn.
    pub(super) draws: u16,
    /// The second of uptime in which the hour of urgent exchanges began, and how many there were.
    pub(super) urgent_since: u32,
    pub(super) urgent: u8,
    pub(super) failures: u8,
    pub(super) malformed: u8,
    pub(super) rejections: u8,
    pub(super) codes_refused: u8,
    pub(super) dates_doubted: u8,
}

impl SessionState {
    /// At boot, with nothing restored yet: the first exchange waits for the till's place in its chain.
    #[must_use]
    pub fn new<D: Dialect>(dialect: &D, policy: &Policy, now: Now) -> Self {
        let milliseconds = schedule::boot_slot(policy, &dialect.settings());
        Self {
            clock: Clock::new(policy.floor),
            token: Token {
                begun: now,
                granted_at: None,
                expires_at: None,
                lifetime: None,
                renewal: None,
                generation: 0,
                grant: 0,
                rejected: false,
                restored: false,
            },
            begun: now,
            waiting_since: now,
            saved_floor: policy.floor,
            wait: Wait { milliseconds, reason: WaitReason::Slot },
            saved: Saved { sequence: 0, slot: 0, due: Due::No, at_risk: false },
            counts: Counts::default(),
            pending_since: None,
            stop: None,
            underway: None,
            code: None,
            refresh_refused: false,
        }
    }
}

/// Decides what a till does now: its state, its dialect and its policy, lent together.
///
/// ```
/// use pos_token::session::{Now, Policy, Session, SessionState, Step};
/// use pos_token::{Credentials, TokenStore, dialect::Purpose, provider};
/// let policy = Policy::new(0x5eed);
/// let (mut arena, uptime) = ([0; 1024], Now::uptime(0));
/// let mut store = TokenStore::new(&mut arena);
/// let mut state = SessionState::new(&provider::LOYALTY_DOG, &policy, uptime);
/// let mut session = Session::new(&provider::LOYALTY_DOG, &policy, &mut state);
/// assert!(matches!(session.next(&store, uptime), Step::Send(Purpose::LogIn)));
/// let credentials = Credentials::new().username("till-7@example.com").password("correct horse");
/// let begun = session.begin(&store, credentials, uptime)?;
/// let mut body = [0; 64];
/// begun.request.write_body(&mut body)?; // and send it; or all of it at once, with a TokenExchange
/// let number = begun.number;
/// # let mut reader = pos_token::AnswerReader::new(&provider::LOYALTY_DOG, Purpose::LogIn, &mut store);
/// # reader.status(200)?;
/// # let _ = reader.body(br#"{"accessToken":"a0561f"}"#)?;
/// # let answer = reader.finish()?;
/// session.accept(number, &answer, &store, Now::uptime(350));
/// assert!(matches!(session.next(&store, Now::uptime(350)), Step::Use(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Session<'a, D: Dialect> {
    pub(super) dialect: &'a D,
    pub(super) policy: &'a Policy,
    pub(super) state: &'a mut SessionState,
}

/// What renews the token.
enum Renewal {
    Exchange(Purpose),
    Code(CodeNeeded),
}

impl<'a, D: Dialect> Session<'a, D> {
    /// The session of this state.
    #[must_use]
    pub const fn new(dialect: &'a D, policy: &'a Policy, state: &'a mut SessionState) -> Self {
        Self { dialect, policy, state }
    }

    /// What to do now. Changes nothing, so that it can be asked at any time, and twice. Does not panic.
    #[must_use]
    pub fn next<'s>(&self, store: &'s TokenStore<'_>, now: Now) -> Step<'s>
    where
        'a: 's,
    {
        self.step(store, &now)
    }

    pub(super) fn step<'s>(&self, store: &'s TokenStore<'_>, now: &Now) -> Step<'s>
    where
        'a: 's,
    {
        if self.state.saved.due != Due::No {
            return Step::Save;
        }
        if let Some(stop) = self.state.stop {
            return Step::Stop(stop);
        }
        let token = self.in_use(store, now);
        // Until something is due, or can be done; with a token in use the reason is not told.
        let wait = match &token {
            Some(token) if token.next_in > 0 => Some((token.next_in, WaitReason::Slot)),
            _ => self.hindrance(store, now).map(|(left, reason)| (seconds_up(left.into()), reason)),
        };
        match (wait, token) {
            (Some((next_in, _)), Some(token)) => Step::Use(TokenInUse { next_in, ..token }),
            (Some((seconds, reason)), None) => Step::Wait { seconds, reason },
            (None, _) => match self.renewal(store, now) {
                Renewal::Exchange(purpose) => Step::Send(purpose),
                Renewal::Code(needed) => Step::NeedCode(needed),
            },
        }
    }

    /// The token that may be used now, whatever else is to do: before each call to the provider's API. `None` where
    /// there is none: it is over, the API refused it, or a record has to be saved first.
    #[must_use]
    pub fn token<'s>(&self, store: &'s TokenStore<'_>, now: Now) -> Option<TokenInUse<'s>>
    where
        'a: 's,
    {
        self.in_use(store, &now)
    }

    pub(super) fn in_use<'s>(&self, store: &'s TokenStore<'_>, now: &Now) -> Option<TokenInUse<'s>>
    where
        'a: 's,
    {
        let token = &self.state.token;
        if self.state.saved.due == Due::BeforeUse {
            return None;
        }
        let text = self.held(store)?;
        let elapsed = self.elapsed(now);
        let good_for = self.good_for(elapsed, now);
        if good_for == Some(0) {
            return None;
        }
        let authorization = Authorization::new(self.dialect, text).ok()?;
        let next_in = self.renewal_in(store, elapsed, now);
        let unsaved = self.state.saved.at_risk;
        Some(TokenInUse { authorization, generation: token.generation, good_for, next_in, unsaved })
    }

    /// The last token's times and, while it is there, its claims, for a till that has to decide what it may do offline.
    /// `None` where there never was one.
    #[must_use]
    pub fn last_known<'s>(&self, store: &'s TokenStore<'_>, now: Now) -> Option<LastKnown<'s>> {
        let token = &self.state.token;
        let clock = self.clock(now);
        let shown = || Some(self.state.clock.time(&now)?.since(token.granted_at?));
        let age = if token.restored {
            shown().and_then(|age| u32::try_from(age).ok())
        } else {
            Some(seconds(self.elapsed(&now)))
        };
        (token.generation > 0).then_some(LastKnown {
            generation: token.generation,
            granted_at: token.granted_at,
            expires_at: token.expires_at,
            age,
            rejected: token.rejected,
            claims: if self.owns(store) { claims(store) } else { None },
            clock,
        })
    }

    /// What the time is, how far off it can be, and who says so; a TLS stack needs to know that at boot. `None` where
    /// nobody does.
    #[must_use]
    pub fn clock(&self, now: Now) -> Option<ClockEstimate> {
        self.state.clock.estimate(&now)
    }

    /// Whether the store's tokens are those that were accepted, and not of an answer that was not: the caller's own check
    /// refused it, or it was begun before a log-out.
    #[inline(never)] // One for all who ask.
    pub(super) fn owns(&self, store: &TokenStore<'_>) -> bool {
        self.state.token.grant == store.grants()
    }

    /// The token, over or not, that was not refused.
    #[inline(never)] // One for both who ask.
    fn held<'s>(&self, store: &'s TokenStore<'_>) -> Option<Secret<'s>> {
        let token = &self.state.token;
        if token.rejected || token.generation == 0 || !self.owns(store) { None } else { store.access_token() }
    }

    /// Milliseconds since the token's request was begun.
    #[inline(never)]
    pub(super) fn elapsed(&self, now: &Now) -> u64 {
        self.state.clock.elapsed(&self.state.token.begun, now)
    }

    /// For how many seconds the token is good, 0 where it is over; `None` where nothing tells.
    fn good_for(&self, elapsed: u64, now: &Now) -> Option<u32> {
        let (token, held) = (&self.state.token, seconds(elapsed));
        let left = match token.lifetime {
            Some(lifetime) => lifetime.get().saturating_sub(held),
            // Of a restored token, whose end is known and the time was not: it may be by now.
            None if token.restored => {
                let end = token.expires_at?;
                let left = end.left(self.state.clock.time(now)?);
                token.granted_at.map_or(left, |start| left.min(end.left(start.plus(held))))
            }
            None => return None,
        };
        Some(left.saturating_sub(MARGIN.min(left.saturating_add(held) / 10)))
    }

    /// In how many seconds the token is to be renewed; 0 where that is due.
    fn renewal_in(&self, store: &TokenStore<'_>, elapsed: u64, now: &Now) -> u32 {
        let token = &self.state.token;
        if self.pending(store, now) {
            return 0;
        }
        if self.state.code.is_some() && !self.can_refresh(store) {
            // A person is asked once for each token, and late.
            let notice = token.lifetime.map_or(u32::MAX, |lifetime| lifetime.get() / 5).min(self.policy.code_notice);
            return self.good_for(elapsed, now).map_or(u32::MAX, |left| left.saturating_sub(notice));
        }
        let after = token.renewal.map(|after| (u64::from(after.get()) * 1000).saturating_sub(elapsed));
        after.map(seconds_up).or_else(|| self.good_for(elapsed, now)).unwrap_or(u32::MAX)
    }

    fn renewal(&self, store: &TokenStore<'_>, now: &Now) -> Renewal {
        let pending = self.pending(store, now);
        match self.state.code {
            _ if pending => Renewal::Code(CodeNeeded { kind: CodeKind::Mfa, pending }),
            _ if self.can_refresh(store) => Renewal::Exchange(Purpose::Refresh),
            Some(kind) => Renewal::Code(CodeNeeded { kind, pending }),
            None => Renewal::Exchange(Purpose::LogIn),
        }
    }

    /// Whether a log-in waits for its code.
    pub(super) fn pending(&self, store: &TokenStore<'_>, now: &Now) -> bool {
        let waited = self.state.pending_since.map(|since| seconds(now.uptime).saturating_sub(since.get() - 1));
        waited.is_some_and(|waited| waited < self.policy.pending_lifetime) && store.pending_token().is_some()
    }

    fn can_refresh(&self, store: &TokenStore<'_>) -> bool {
        let rotation = self.dialect.settings().rotation;
        rotation != Rotation::NoRefresh
            && self.owns(store)
            && store.refresh_token().is_some()
            && !self.state.refresh_refused
            && dialect::first(self.dialect, Purpose::Refresh).is_some()
    }

    /// What keeps an exchange from being begun, and for how many milliseconds yet.
    pub(super) fn hindrance(&self, store: &TokenStore<'_>, now: &Now) -> Option<(u32, WaitReason)> {
        if let Some(left) = self.busy_for(now) {
            return Some((left, WaitReason::Exchange));
        }
        let left = self.wait_left(now);
        if left > 0 {
            return Some((left, self.state.wait.reason));
        }
        // Of a token that all tills share, the end may come before its renewal.
        let left = self.held(store).map_or(0, |_| times(self.renewal_in(store, self.elapsed(now), now), 1000));
        (left > 0).then_some((left, WaitReason::Slot))
    }

    /// For how many milliseconds the exchange under way has yet. The device's clock has no say: it is often set while
    /// the first exchange after a boot is under way, and a second one could spend the same refresh token.
    pub(super) fn busy_for(&self, now: &Now) -> Option<u32> {
        self.state.underway?;
        let timeout = times(self.policy.exchange_timeout, 1000);
        Some(left(timeout, counted(&self.state.begun, now))).filter(|left| *left > 0)
    }

    /// For how many milliseconds no exchange is to begin.
    #[inline(never)]
    pub(super) fn wait_left(&self, now: &Now) -> u32 {
        left(self.state.wait.milliseconds, self.state.clock.elapsed(&self.state.waiting_since, now))
    }

    /// Whether records hold tokens.
    pub(super) fn keeps_tokens(&self) -> bool {
        matches!(self.policy.keep, Keep::RefreshTokens | Keep::EveryToken)
    }

    /// Whether a refresh token is of no use any more when its successor, or the token that it brought, is used.
    #[inline(never)] // One for all who ask.
    pub(super) fn rotates(&self) -> bool {
        matches!(self.dialect.settings().rotation, Rotation::UntilFirstUse | Rotation::SingleUse)
    }
}

/// What the access token says of itself, unverified; `None` where it is no JWT.
#[inline(never)]
pub(super) fn claims<'s>(store: &'s TokenStore<'_>) -> Option<UnverifiedClaims<'s>> {
    UntrustedToken::parse(store.access_token()?).ok()?.peek().ok()
}

/// The times among them. A function of its own writes each of them, where there is no token too: an optimizer that
/// asks for a time before it asks for the token would branch on what nobody wrote.
#[inline(never)]
pub(super) fn registered(store: &TokenStore<'_>) -> Registered {
    claims(store).map(|claims| claims.registered()).unwrap_or_default()
}

#[inline(never)]
fn left(milliseconds: u32, elapsed: u64) -> u32 {
    u32::try_from(u64::from(milliseconds).saturating_sub(elapsed)).unwrap_or(0)
}
