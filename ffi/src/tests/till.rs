//! The till of the core's own tests of its session, driven through the C ABI: what their tables say of Rust holds for C.

#![allow(clippy::as_conversions)] // numbers of C, which index tables here

use core::ffi::c_void;
use core::mem::MaybeUninit;

use pos_token_core::Credentials;
use pos_token_core::dialect::{Dialect, Field, Purpose, Rotation};
use pos_token_core::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, ZYPE};
use pos_token_core::session::{Keep, Now, Policy, Rejection};
use pos_token_core::time::UnixTime;

use crate::answer::*;
use crate::clock::*;
use crate::policy::*;
use crate::provider::*;
use crate::record::*;
use crate::request::*;
use crate::session::*;
use crate::span::*;
use crate::status::*;
use crate::step::*;
use crate::store::*;

const UNIT: u32 = 8;

/// What has to stay where it is, since the session points at it.
struct Memory {
    arena: Vec<u8>,
    policy: pos_token_policy,
    store: MaybeUninit<pos_token_store>,
    session: MaybeUninit<pos_token_session>,
}

pub(crate) struct Till {
    provider: &'static Provider<'static>,
    pub(crate) now: Now,
    memory: Box<Memory>,
    slots: [Vec<u8>; 2],
}

fn table(provider: &Provider<'_>) -> &'static pos_token_provider {
    let tables = [
        (LOYALTY_DOG, &POS_TOKEN_LOYALTY_DOG),
        (ZYPE, &POS_TOKEN_ZYPE),
        (LOYALIFE, &POS_TOKEN_LOYALIFE),
        (OPEN_LOYALTY, &POS_TOKEN_OPEN_LOYALTY),
        (RFC6749, &POS_TOKEN_RFC6749),
    ];
    tables.into_iter().find(|(known, _)| known.settings == provider.settings).unwrap().1
}

fn zeroed<T>() -> T {
    // SAFETY: only for structs of numbers, spans and pointers of C's.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

fn ok(status: pos_token_status) {
    assert_eq!(status, 0);
}

impl Till {
    pub(crate) fn new(provider: &'static Provider<'static>, policy: Policy) -> Self {
        Self::at(provider, policy, Now::uptime(0))
    }

    pub(crate) fn at(provider: &'static Provider<'static>, policy: Policy, now: Now) -> Self {
        // The tables of C's tests want the defaults, a seed and what is kept.
        assert_eq!(policy, Policy { keep: policy.keep, ..Policy::new(policy.seed) });
        let mut memory = Box::new(Memory {
            arena: vec![0; 4096],
            policy: zeroed(),
            store: MaybeUninit::uninit(),
            session: MaybeUninit::uninit(),
        });
        // SAFETY: a place to write to.
        ok(unsafe { pos_token_policy_init(&raw mut memory.policy, policy.seed) });
        memory.policy.keep = match policy.keep {
            Keep::Nothing => 1,
            Keep::Clock => 2,
            Keep::RefreshTokens => 3,
            Keep::EveryToken => 4,
        };
        let mut till = Self { provider, now, memory, slots: [vec![0xff; 4096], vec![0xff; 4096]] };
        till.init();
        till
    }

    /// One that has logged in, and saved what is to be saved.
    pub(crate) fn granted(provider: &'static Provider<'static>, policy: Policy, body: &str) -> Self {
        let mut till = Self::new(provider, policy);
        till.wait();
        till.exchange(Self::credentials(), &http("200 OK", "", body));
        till.save();
        till
    }

    fn init(&mut self) {
        let now = self.now();
        let Memory { arena, policy, store, session } = &mut *self.memory;
        // SAFETY: all of it stays where it is, in the box.
        unsafe {
            ok(pos_token_store_init(store.as_mut_ptr(), arena.as_mut_ptr(), arena.len()));
            let table = table(self.provider);
            ok(pos_token_session_init(session.as_mut_ptr(), table, policy, store.as_mut_ptr(), now));
        }
    }

    fn now(&self) -> pos_token_now {
        pos_token_now { uptime: self.now.uptime, device: self.now.device.map_or(0, UnixTime::seconds) }
    }

    fn session(&mut self) -> *mut pos_token_session {
        self.memory.session.as_mut_ptr()
    }

    pub(crate) fn credentials() -> Credentials<'static> {
        Credentials::new().username("till-7").password("p").client_id("c").client_secret("s")
    }

    pub(crate) fn pass(&mut self, seconds: u64) {
        self.now.uptime += seconds * 1000;
        self.now.device = self.now.device.map(|time| time.plus(u32::try_from(seconds).unwrap()));
    }

    fn next(&mut self) -> pos_token_step {
        let (now, mut step) = (self.now(), zeroed());
        // SAFETY: a session that was begun.
        ok(unsafe { pos_token_session_next(self.session(), now, &raw mut step) });
        step
    }

    pub(crate) fn step(&mut self) -> String {
        let step = self.next();
        match step.kind {
            1 => "Use".to_owned(),
            2 => format!("Send {}", ["log-in", "refresh", "code"][step.purpose as usize - 1]),
            3 => "Save".to_owned(),
            4 => format!("Wait, {}", ["busy", "slot", "back-off", "Retry-After"][step.reason as usize - 1]),
            5 => match (step.code, step.pending) {
                (2, _) => "NeedCode, PIN".to_owned(),
                (_, true) => "NeedCode, second factor".to_owned(),
                (_, false) => "NeedCode, second factor, after a log-in".to_owned(),
            },
            6 => format!("Stop {}", step.short_code),
            other => panic!("{other}"),
        }
    }

    pub(crate) fn wait(&mut self) {
        let step = self.next();
        let seconds = match step.kind {
            1 => step.token.next_in,
            4 => step.seconds,
            _ => 0,
        };
        self.pass(seconds.into());
    }

    pub(crate) fn begin(&mut self, credentials: Credentials<'_>) -> (u32, Purpose) {
        let span = |field| {
            credentials.get(field).map_or(zeroed(), |value| {
                let bytes = value.expose();
                pos_token_span { ptr: bytes.as_ptr(), len: bytes.len() }
            })
        };
        let given = pos_token_credentials {
            username: span(Field::Username),
            password: span(Field::Password),
            client_id: span(Field::ClientId),
            client_secret: span(Field::ClientSecret),
            linked_device_id: span(Field::LinkedDeviceId),
            pin: span(Field::Pin),
            code: span(Field::Code),
            ..zeroed()
        };
        let (now, mut begun) = (self.now(), zeroed::<pos_token_begun>());
        // SAFETY: a session that was begun, and credentials that outlive the call.
        ok(unsafe { pos_token_session_begin(self.session(), &raw const given, now, &raw mut begun) });
        let purpose = [Purpose::LogIn, Purpose::Refresh, Purpose::VerifyCode][begun.purpose as usize - 1];
        (begun.number, purpose)
    }

    pub(crate) fn exchange(&mut self, credentials: Credentials<'_>, answer: &[u8]) -> Purpose {
        let (number, purpose) = self.begin(credentials);
        self.answer(number, purpose, answer);
        purpose
    }

    pub(crate) fn answer(&mut self, number: u32, purpose: Purpose, raw: &[u8]) {
        let (now, provider) = (self.now(), table(self.provider));
        let mut answer = MaybeUninit::<pos_token_answer>::uninit();
        let answer = answer.as_mut_ptr();
        let store = self.memory.store.as_mut_ptr();
        let raw = pos_token_span { ptr: raw.as_ptr(), len: raw.len() };
        let mut http_status = 0;
        let (mut complete, mut result, mut told) = (false, zeroed::<pos_token_result>(), zeroed::<pos_token_when>());
        // SAFETY: contexts that were begun, and bytes that outlive the calls.
        unsafe {
            ok(pos_token_answer_init(answer, provider, purpose as u32, core::ptr::null(), store));
            let mut status = pos_token_answer_feed(answer, raw, &raw mut complete, core::ptr::null_mut());
            ok(pos_token_answer_status_code(answer, &raw mut http_status));
            ok(pos_token_answer_retry_after(answer, &raw mut told));
            if status == 0 {
                status = pos_token_answer_finish(answer, &raw mut result);
            } else {
                ok(pos_token_answer_wipe(answer));
            }
            if status == 0 {
                ok(pos_token_session_accept(self.session(), number, &raw const result, now));
            } else {
                ok(pos_token_session_failed(self.session(), number, status, http_status, &raw const told, now));
            }
        }
    }

    pub(crate) fn transport_fails(&mut self, credentials: Credentials<'_>) {
        let (number, _) = self.begin(credentials);
        let now = self.now();
        // SAFETY: a session that was begun.
        ok(unsafe { pos_token_session_failed(self.session(), number, 201, 0, core::ptr::null(), now) });
    }

    pub(crate) fn token_refused(&mut self, credentials: Credentials<'_>) {
        let (number, _) = self.begin(credentials);
        let now = self.now();
        // SAFETY: a session that was begun.
        ok(unsafe { pos_token_session_failed(self.session(), number, 600, 200, core::ptr::null(), now) });
    }

    pub(crate) fn save(&mut self) {
        if self.step() != "Save" {
            return;
        }
        let (now, mut out, mut len, mut record) = (self.now(), [0; 4096], 0, zeroed::<pos_token_record>());
        // SAFETY: a session that was begun, and room for a record.
        unsafe {
            let (buf, room, len) = (out.as_mut_ptr(), out.len(), &raw mut len);
            ok(pos_token_session_save(self.session(), core::ptr::null(), UNIT, now, buf, room, len, &raw mut record));
            ok(pos_token_session_saved(self.session(), record.number));
        }
        let slot = &mut self.slots[record.slot as usize];
        slot.fill(0xff);
        slot[..len].copy_from_slice(&out[..len]);
    }

    pub(crate) fn reboot(&mut self, device: Option<UnixTime>) {
        self.now = Now { uptime: 0, device };
        self.memory.arena.fill(0);
        self.init();
        let ctx = (&raw mut self.slots).cast::<c_void>();
        let mut storage = pos_token_storage { ctx, read: Some(read_slot), seal: None, open: None, faults: [0; 2] };
        let (now, mut buf, mut restored) = (self.now(), [0; 4096], zeroed::<pos_token_restored>());
        // SAFETY: a session that was begun, and the slots that the function reads.
        unsafe {
            let (buf, room) = (buf.as_mut_ptr(), buf.len());
            ok(pos_token_session_restore(self.session(), &raw mut storage, now, buf, room, &raw mut restored));
        }
    }

    pub(crate) fn save_fails(&mut self) {
        // SAFETY: a session that was begun.
        ok(unsafe { pos_token_session_save_failed(self.session(), 0) });
    }

    pub(crate) fn logged_out(&mut self) {
        // SAFETY: a session that was begun.
        ok(unsafe { pos_token_session_logged_out(self.session()) });
    }

    pub(crate) fn credentials_changed(&mut self) {
        let now = self.now();
        // SAFETY: a session that was begun.
        ok(unsafe { pos_token_session_credentials_changed(self.session(), now) });
    }

    pub(crate) fn observe(&mut self, date: UnixTime) {
        let now = self.now();
        // SAFETY: a session that was begun.
        ok(unsafe { pos_token_session_observe(self.session(), date.seconds(), now) });
    }

    pub(crate) fn rejected(&mut self) -> Rejection {
        let (now, mut known) = (self.now(), zeroed::<pos_token_last_known>());
        // SAFETY: a session that was begun.
        ok(unsafe { pos_token_session_last_known(self.session(), now, &raw mut known) });
        self.rejected_at(known.generation)
    }

    pub(crate) fn rejected_at(&mut self, generation: u32) -> Rejection {
        let (now, mut rejection) = (self.now(), 0);
        // SAFETY: a session that was begun.
        ok(unsafe { pos_token_session_rejected(self.session(), generation, now, &raw mut rejection) });
        [Rejection::Older, Rejection::Expired, Rejection::Revoked, Rejection::Unknown][rejection as usize - 1]
    }

    /// `None` where there is no token to use, `Some(None)` where nothing tells how long it is good.
    pub(crate) fn good_for(&mut self) -> Option<Option<u32>> {
        let (now, mut token) = (self.now(), zeroed::<pos_token_in_use>());
        // SAFETY: a session that was begun.
        let status = unsafe { pos_token_session_token(self.session(), now, &raw mut token) };
        if status == 150 {
            return None;
        }
        ok(status);
        Some(Some(token.good_for).filter(|seconds| *seconds != POS_TOKEN_UNKNOWN))
    }

    pub(crate) fn refreshes(&self) -> bool {
        self.provider.settings().rotation != Rotation::NoRefresh
            && (0..)
                .map_while(|index| self.provider.exchange(index))
                .any(|exchange| exchange.purpose == Purpose::Refresh)
    }
}

unsafe extern "C" fn read_slot(ctx: *mut c_void, slot: u32, buf: *mut u8, len: usize) -> isize {
    // SAFETY: two slots, and room for so many bytes.
    let (slots, out) = unsafe { (&*ctx.cast::<[Vec<u8>; 2]>(), core::slice::from_raw_parts_mut(buf, len)) };
    out.copy_from_slice(&slots[slot as usize][..len]);
    isize::try_from(len).unwrap()
}

pub(crate) fn http(status: &str, fields: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
