//! A till whose clock, server and storage are the test's.

use pos_token::dialect::{Dialect, Purpose, Rotation};
use pos_token::provider::Provider;
use pos_token::session::{
    CodeKind, Failure, NoSeal, Now, Policy, Rejection, Session, SessionState, Step, Unreadable, WaitReason,
};
use pos_token::time::UnixTime;
use pos_token::{AnswerReader, Credentials, ExchangeError, StoreState, TokenStore};

pub(crate) const UNIT: u8 = 8;

pub(crate) struct Till {
    pub(crate) provider: &'static Provider<'static>,
    pub(crate) policy: Policy,
    pub(crate) now: Now,
    pub(crate) state: SessionState,
    arena: Vec<u8>,
    tokens: StoreState,
    pub(crate) slots: [Vec<u8>; 2],
    pub(crate) saves: u32,
}

impl Till {
    pub(crate) fn new(provider: &'static Provider<'static>, policy: Policy) -> Self {
        Self::at(provider, policy, Now::uptime(0))
    }

    pub(crate) fn at(provider: &'static Provider<'static>, policy: Policy, now: Now) -> Self {
        Self {
            provider,
            policy,
            now,
            state: SessionState::new(provider, &policy, now),
            arena: vec![0; 4096],
            tokens: StoreState::default(),
            slots: [vec![0xff; 4096], vec![0xff; 4096]],
            saves: 0,
        }
    }

    /// One that has logged in, and saved what is to be saved.
    pub(crate) fn granted(provider: &'static Provider<'static>, policy: Policy, body: &str) -> Self {
        let mut till = Self::new(provider, policy);
        till.wait();
        till.exchange(Self::credentials(), &http("200 OK", "", body));
        till.save();
        till
    }

    pub(crate) fn with<R>(
        &mut self,
        work: impl FnOnce(&mut Session<'_, Provider<'static>>, &mut TokenStore<'_>, Now) -> R,
    ) -> R {
        let mut store = TokenStore::from_parts(&mut self.arena, core::mem::take(&mut self.tokens));
        let mut session = Session::new(self.provider, &self.policy, &mut self.state);
        let result = work(&mut session, &mut store, self.now);
        (_, self.tokens) = store.into_parts();
        result
    }

    pub(crate) fn largest_arena(&mut self) {
        self.arena.resize(usize::from(u16::MAX), 0);
    }

    pub(crate) fn shrink_arena(&mut self, len: usize) {
        self.arena.truncate(len);
    }

    pub(crate) fn credentials() -> Credentials<'static> {
        Credentials::new().username("till-7").password("p").client_id("c").client_secret("s")
    }

    pub(crate) fn pass(&mut self, seconds: u64) {
        self.now.uptime += seconds * 1000;
        if let Some(device) = self.now.device {
            self.now.device = Some(device.plus(u32::try_from(seconds).unwrap()));
        }
    }

    /// The step in words, as the documentation has them.
    pub(crate) fn step(&mut self) -> String {
        self.with(|session, store, now| in_words(&session.next(store, now)))
    }

    /// Passes the time that a step says to wait.
    pub(crate) fn wait(&mut self) {
        let seconds = self.with(|session, store, now| match session.next(store, now) {
            Step::Wait { seconds, .. } => seconds,
            Step::Use(token) => token.next_in,
            _ => 0,
        });
        self.pass(seconds.into());
    }

    pub(crate) fn begin(&mut self, credentials: Credentials<'_>) -> (u32, Purpose) {
        self.with(|session, store, now| {
            let begun = session.begin(store, credentials, now).unwrap();
            (begun.number, begun.purpose)
        })
    }

    /// Begins, and the server answers with these raw bytes.
    pub(crate) fn exchange(&mut self, credentials: Credentials<'_>, answer: &[u8]) -> Purpose {
        let (number, purpose) = self.begin(credentials);
        self.answer(number, purpose, answer);
        purpose
    }

    pub(crate) fn answer(&mut self, number: u32, purpose: Purpose, answer: &[u8]) {
        let provider = self.provider;
        self.with(|session, store, now| {
            let mut reader = AnswerReader::new(provider, purpose, store);
            let fed = reader.feed(answer);
            let (status, retry_after) = (reader.status_code(), reader.retry_after());
            match fed.and_then(|_| reader.finish()) {
                Ok(answer) => session.accept(number, &answer, store, now),
                Err(error) => {
                    let error = ExchangeError::<()>::Answer { error, status, retry_after };
                    session.failed(number, &error, now);
                }
            }
        });
    }

    /// The server answers, and the session is not told.
    pub(crate) fn answer_alone(&mut self, purpose: Purpose, answer: &[u8]) {
        let provider = self.provider;
        self.with(|_, store, _| {
            let mut reader = AnswerReader::new(provider, purpose, store);
            let _ = reader.feed(answer).unwrap();
            reader.finish().unwrap();
        });
    }

    /// Whether a record holds this text.
    pub(crate) fn has_saved(&self, text: &str) -> bool {
        self.slots.iter().any(|slot| slot.windows(text.len()).any(|bytes| bytes == text.as_bytes()))
    }

    pub(crate) fn transport_fails(&mut self, credentials: Credentials<'_>) {
        let (number, _) = self.begin(credentials);
        self.with(|session, _, now| session.failed(number, Failure::TRANSPORT, now));
    }

    pub(crate) fn token_refused(&mut self, credentials: Credentials<'_>) {
        let (number, _) = self.begin(credentials);
        self.with(|session, _, now| session.failed(number, &ExchangeError::<()>::TokenRefused, now));
    }

    /// Saves what is to be saved.
    pub(crate) fn save(&mut self) {
        if self.step() != "Save" {
            return;
        }
        let mut out = [0; 4096];
        let (len, slot, number) = self.with(|session, store, now| {
            let record = session.save(store, &mut NoSeal, UNIT, &mut out, now).unwrap();
            (record.bytes.len(), usize::from(record.slot), record.number)
        });
        self.slots[slot].fill(0xff);
        self.slots[slot][..len].copy_from_slice(&out[..len]);
        self.with(|session, _, _| session.saved(number));
        self.saves += 1;
    }

    /// The power goes and comes back: uptime begins anew, RAM is empty, and the record is restored.
    pub(crate) fn reboot(&mut self, device: Option<UnixTime>) {
        self.now = Now { uptime: 0, device };
        self.tokens = StoreState::default();
        self.arena.fill(0);
        self.state = SessionState::new(self.provider, &self.policy, self.now);
        let slots = self.slots.clone();
        let mut buf = [0; 4096];
        let _ = self.with(|session, store, now| {
            let read = |slot: u8, out: &mut [u8]| -> Result<usize, Unreadable> {
                out.copy_from_slice(&slots[usize::from(slot)]);
                Ok(out.len())
            };
            session.restore(store, &mut NoSeal, read, &mut buf, now)
        });
    }

    pub(crate) fn save_fails(&mut self) {
        self.with(|session, _, _| session.save_failed(0));
    }

    pub(crate) fn logged_out(&mut self) {
        self.with(|session, store, _| session.logged_out(store));
    }

    pub(crate) fn credentials_changed(&mut self) {
        self.with(|session, _, now| session.credentials_changed(now));
    }

    pub(crate) fn observe(&mut self, date: UnixTime) {
        self.with(|session, _, now| session.observe(date, now));
    }

    pub(crate) fn rejected(&mut self) -> Rejection {
        let generation =
            self.with(|session, store, now| session.last_known(store, now).map_or(0, |known| known.generation));
        self.rejected_at(generation)
    }

    pub(crate) fn rejected_at(&mut self, generation: u32) -> Rejection {
        self.with(|session, _, now| session.rejected(generation, now))
    }

    pub(crate) fn good_for(&mut self) -> Option<Option<u32>> {
        self.with(|session, store, now| session.token(store, now).map(|token| token.good_for))
    }

    pub(crate) fn refreshes(&self) -> bool {
        self.provider.settings().rotation != Rotation::NoRefresh
            && (0..)
                .map_while(|index| self.provider.exchange(index))
                .any(|exchange| exchange.purpose == Purpose::Refresh)
    }
}

pub(crate) fn in_words(step: &Step<'_>) -> String {
    match step {
        Step::Use(_) => "Use".to_owned(),
        Step::Send(purpose) => format!("Send {}", purpose_in_words(*purpose)),
        Step::Save => "Save".to_owned(),
        Step::Wait { reason, .. } => format!("Wait, {}", reason_in_words(*reason)),
        Step::NeedCode(needed) => match (needed.kind, needed.pending) {
            (CodeKind::Pin, _) => "NeedCode, PIN".to_owned(),
            (CodeKind::Mfa, true) => "NeedCode, second factor".to_owned(),
            (CodeKind::Mfa, false) => "NeedCode, second factor, after a log-in".to_owned(),
        },
        Step::Stop(stop) => format!("Stop {}", stop.code),
    }
}

pub(crate) fn purpose_in_words(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::LogIn => "log-in",
        Purpose::Refresh => "refresh",
        Purpose::VerifyCode => "code",
        Purpose::Revoke => "revocation",
        Purpose::LogOut => "log-out",
    }
}

pub(crate) fn reason_in_words(reason: WaitReason) -> &'static str {
    match reason {
        WaitReason::Exchange => "busy",
        WaitReason::Slot => "slot",
        WaitReason::BackOff => "back-off",
        WaitReason::RetryAfter => "Retry-After",
    }
}

pub(crate) fn http(status: &str, fields: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
