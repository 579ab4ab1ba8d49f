//! What do I do now?

use core::mem::MaybeUninit;

use pos_token_core::http::RetryAfter;
use pos_token_core::session::{Failure, Now, Policy, Session, SessionState};
use pos_token_core::time::UnixTime;
use pos_token_core::{TokenRequest, TokenStore, Verdict};

use crate::answer::{answered, pos_token_result, pos_token_when, told};
use crate::clock::{pos_token_clock, pos_token_now};
use crate::known::Known;
use crate::policy::pos_token_policy;
use crate::provider::{Table, pos_token_provider};
use crate::request::{Given, pos_token_credentials, pos_token_request};
use crate::span::{Contract, Place, Range, distinct};
use crate::status::{Fault, opened, pos_token_status, pos_token_status_verdict, report};
use crate::step::{pos_token_begun, pos_token_in_use, pos_token_last_known, pos_token_step};
use crate::store::{Store, pos_token_store};
use crate::vocabulary::verdict_number;

/// Says that an object of this type was initialised.
const MAGIC: u32 = 0x7053_6505;

/// Decides what a till does now. Its members are private. At most 192 bytes on a 32-bit target, and no secret in them; it
/// may be copied before it is used, and holds no pointer into itself.
#[repr(C)]
#[derive(Debug)]
pub struct pos_token_session {
    /// Private.
    pub magic: u32,
    /// Private.
    pub provider: *const pos_token_provider,
    /// Private.
    pub policy: *const pos_token_policy,
    /// Private.
    pub store: *mut pos_token_store,
    /// Private.
    pub state: [MaybeUninit<u64>; 22],
}

const _: () = assert!(size_of::<SessionState>() <= 176 && align_of::<SessionState>() <= align_of::<u64>());
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<pos_token_session>() <= 192);

/// What is done with a session and its store, which comes twice: as the core sees it, and by the caller's own pointers.
/// What it writes for the caller it writes last.
type Work<'w> = &'w mut dyn FnMut(&mut Session<'_, Known<'_>>, &mut TokenStore<'_>, Store) -> Result<(), Fault>;

/// Has something done with a session. One function for all that is done, as are those behind it.
#[inline(never)]
pub(crate) fn act(contract: Contract, session: *const pos_token_session, work: Work<'_>) -> Result<(), Fault> {
    let mut live = Live::new(contract, session);
    let live = opened(&mut live)?;
    live.with(&[live.home()], work)
}

/// Has a session asked for what is written to one place, which is no part of the session's.
#[inline(never)]
fn ask(contract: Contract, session: *const pos_token_session, place: Range, work: Work<'_>) -> Result<(), Fault> {
    let mut live = Live::new(contract, session);
    let live = opened(&mut live)?;
    place.clear_of(&live.ranges)?;
    live.with(&[live.home(), place], work)
}

/// A session that is initialised, and its store.
pub(crate) struct Live {
    contract: Contract,
    home: *mut pos_token_session,
    store: Store,
    /// What it takes, its store and the store's buffer.
    pub(crate) ranges: [Range; 3],
}

impl Live {
    #[inline(never)]
    pub(crate) fn new(contract: Contract, session: *const pos_token_session) -> Result<Self, Fault> {
        let home = Range::of(session, 1)?;
        // SAFETY: not NULL and aligned; the rest is the contract.
        let (magic, store) = unsafe { ((*session).magic, (*session).store) };
        if magic != MAGIC {
            return Err(Fault::NOT_INITIALISED);
        }
        let store = Store::new(contract, store)?;
        let [first, second] = store.ranges();
        home.clear_of(&[first, second])?;
        Ok(Self { contract, home: session.cast_mut(), store, ranges: [home, first, second] })
    }

    /// What the session itself takes.
    pub(crate) const fn home(&self) -> Range {
        let [home, ..] = self.ranges;
        home
    }

    /// That a call's own memory is no part of the session's, and none of it of another.
    pub(crate) fn clear_of(&self, own: &[Range]) -> Result<(), Fault> {
        distinct(own)?;
        own.iter().try_for_each(|range| range.clear_of(&self.ranges))
    }

    /// Has something done with the session and its store's tokens; all that is written is named.
    #[inline(never)]
    pub(crate) fn with(&mut self, written: &[Range], work: Work<'_>) -> Result<(), Fault> {
        let (home, own) = (self.home, self.store);
        let mut table = self.table(written);
        let table = opened(&mut table)?;
        let mut policy = self.policy(table);
        let policy = opened(&mut policy)?;
        table.check_settings()?;
        self.store.with(|store| session(home, policy, |session| work(session, store, own)))
    }

    /// The provider, of which no more is looked at again than its settings.
    fn table<'w>(&self, written: &'w [Range]) -> Result<Table<'w>, Fault> {
        // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
        Table::beside(self.contract, written, unsafe { (*self.home).provider })
    }

    #[inline(never)]
    fn policy(&self, table: &Table<'_>) -> Result<Policy, Fault> {
        // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
        table.reading.object(unsafe { (*self.home).policy })?.core()
    }
}

/// The session whose state this is, at work.
fn session<R>(home: *mut pos_token_session, policy: &Policy, work: impl FnOnce(&mut Session<'_, Known<'_>>) -> R) -> R {
    // SAFETY: not NULL and aligned, as was checked; it is initialised, so there is a state, and a table that was found good
    // then, and stays; the rest is the contract.
    let (table, state) =
        unsafe { (Known::new((*home).provider), &mut *(&raw mut (*home).state).cast::<SessionState>()) };
    work(&mut Session::new(&table, policy, state))
}

/// Begins a session, at boot: the first exchange waits for the till's place in its chain. The state of an earlier boot
/// comes back with pos_token_session_restore(). Provider, policy and store are kept by address, and the store is for this
/// session's answers alone.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_OVERLAP`, `POS_TOKEN_INVALID_ENUM` of the policy, `POS_TOKEN_NOT_INITIALISED` of the store,
/// `POS_TOKEN_INVALID_TABLE`.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// static uint8_t token_memory[256]; // for Zype's tokens, and their successors
/// static pos_token_store tokens;
/// static pos_token_policy policy;
/// static pos_token_session session;
///
/// bool boot(uint64_t serial_number, pos_token_now now) {
///     if (pos_token_policy_init(&policy, serial_number) != POS_TOKEN_OK) {
///         return false;
///     }
///     policy.floor = 1767225600; // the day of the build
///     return pos_token_store_init(&tokens, token_memory, sizeof token_memory) == POS_TOKEN_OK &&
///            pos_token_session_init(&session, &POS_TOKEN_ZYPE, &policy, &tokens, now) == POS_TOKEN_OK;
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_init(
    session: *mut pos_token_session,
    provider: *const pos_token_provider,
    policy: *const pos_token_policy,
    store: *mut pos_token_store,
    now: pos_token_now,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, session)?;
        let lent = Store::new(contract, store)?;
        place.range().clear_of(&lent.ranges())?;
        let written = [place.range()];
        let mut table = Table::beside(contract, &written, provider);
        let table = opened(&mut table)?;
        table.check_answers()?;
        let mut chosen = table.reading.object(policy)?.core();
        let chosen = opened(&mut chosen)?;
        // SAFETY: not NULL and aligned, as was checked, and there is room for a state, as is proven above; the rest is the
        // contract. Member by member, so that none is made elsewhere first.
        unsafe {
            begin(&mut *(&raw mut (*session).state).cast(), &Known::new(provider), chosen, now.core());
            (*session).magic = MAGIC;
            (*session).provider = provider;
            (*session).policy = policy;
            (*session).store = store;
        }
        Ok(())
    })
}

#[inline(never)]
fn begin(state: &mut MaybeUninit<SessionState>, table: &Known<'_>, policy: &Policy, now: Now) {
    state.write(SessionState::new(table, policy, now));
}

/// What to do now. Changes nothing, so that it can be asked at any time, and twice.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_OVERLAP`, `POS_TOKEN_INVALID_ENUM` of the policy, `POS_TOKEN_NOT_INITIALISED` of the session or its store,
/// `POS_TOKEN_INVALID_TABLE`.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// // Of a till: what it does itself.
/// pos_token_now till_now(void);
/// void till_save(pos_token_session *session);
/// void till_exchange(pos_token_session *session);
/// bool till_attended(void); // somebody is there to read a code
/// void till_shows(const char *text, uint32_t number);
///
/// // From the main loop, as often as one likes.
/// void till_poll(pos_token_session *session) {
///     pos_token_step step;
///     if (pos_token_session_next(session, till_now(), &step) != POS_TOKEN_OK) {
///         return;
///     }
///     switch (step.kind) {
///     case POS_TOKEN_STEP_SAVE:
///         till_save(session);
///         break;
///     case POS_TOKEN_STEP_SEND:
///         till_exchange(session);
///         break;
///     case POS_TOKEN_STEP_NEED_CODE:
///         if (step.code == POS_TOKEN_CODE_MFA && !step.pending) {
///             if (till_attended()) {
///                 till_exchange(session); // without a code: the provider sends one
///             }
///         } else {
///             till_shows("enter the code", step.code); // and then till_exchange() with it
///         }
///         break;
///     case POS_TOKEN_STEP_STOP:
///         till_shows("call the operator, and say", step.short_code);
///         break;
///     default: // POS_TOKEN_STEP_USE, POS_TOKEN_STEP_WAIT: nothing to do
///         break;
///     }
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_next(
    session: *const pos_token_session,
    now: pos_token_now,
    step: *mut pos_token_step,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, step)?;
        ask(contract, session, place.range(), &mut |session, store, own| {
            let step = session.next(store, now.core());
            place.make(|place| pos_token_step::write(&step, own, place));
            Ok(())
        })
    })
}

/// The token that may be used now, whatever else is to do: before each call to the provider's API.
///
/// \return As pos_token_session_next(); `POS_TOKEN_ABSENT` where there is none: it is over, the API refused it, or a
/// record has to be saved first.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// // Sends the value of Authorization; false: there is no token now.
/// bool send_authorization(const pos_token_session *session, pos_token_now now,
///                         void (*transmit)(const uint8_t *piece, size_t len)) {
///     pos_token_in_use token;
///     uint8_t piece[32];
///     size_t sent = 0, len = 0;
///     pos_token_status status = pos_token_session_token(session, now, &token);
///     while (status == POS_TOKEN_OK) {
///         status = pos_token_authorization_write_at(&POS_TOKEN_ZYPE, token.access_token, sent, piece,
///                                                   sizeof piece, &len);
///         if (status != POS_TOKEN_OK || len == 0) {
///             break;
///         }
///         transmit(piece, len);
///         sent += len;
///     }
///     return pos_token_wipe(piece, sizeof piece) == POS_TOKEN_OK && status == POS_TOKEN_OK;
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_token(
    session: *const pos_token_session,
    now: pos_token_now,
    token: *mut pos_token_in_use,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, token)?;
        ask(contract, session, place.range(), &mut |session, store, own| {
            let token = session.token(store, now.core());
            place.put(pos_token_in_use::of(&token.ok_or(Fault::ABSENT)?, own));
            Ok(())
        })
    })
}

/// Begins the exchange that pos_token_session_next() names: gives its request and its number. The tokens that it needs
/// are taken from the store, everything else from the credentials, which are not kept but by address in the request;
/// `credentials` may be NULL, and no span of them may be the store's. Until pos_token_session_accept(),
/// pos_token_session_failed() or the policy's timeout no other one begins. So begin, and then open the connection: that
/// there is none is a failure of the exchange too.
///
/// Where a code is needed, the credentials bring it: `code` for a log-in that waits for it, `pin` for a linked device;
/// with neither, this is a new log-in.
///
/// \return As pos_token_session_next(), and then nothing has changed; `POS_TOKEN_SESSION_BUSY`,
/// `POS_TOKEN_SESSION_NOT_NOW`, `POS_TOKEN_SESSION_STOPPED`; `POS_TOKEN_SESSION_STORE_TOO_SMALL`, which guards a refresh
/// token that works once, and pos_token_store_needed tells how large the store's buffer has to be; what keeps the
/// request from being built: `POS_TOKEN_NO_SUCH_EXCHANGE`, `POS_TOKEN_MISSING_FIELD`, `POS_TOKEN_EMPTY_FIELD`,
/// `POS_TOKEN_FORBIDDEN`, `POS_TOKEN_NOT_UTF8`, `POS_TOKEN_INVALID_PATH`, `POS_TOKEN_INVALID_AUTHORIZATION`.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// // Of a till: opens a connection, and fills in what reads and writes; closes it, if there is one.
/// bool till_connect(pos_token_transport *tls);
/// void till_close(pos_token_transport *tls);
/// pos_token_now till_now(void);
///
/// // Where pos_token_session_next() says POS_TOKEN_STEP_SEND.
/// void till_exchange(pos_token_session *session, pos_token_store *tokens,
///                    const pos_token_credentials *credentials, const pos_token_endpoint *endpoint) {
///     uint8_t scratch[128];
///     pos_token_begun begun;
///     pos_token_result result;
///     pos_token_transport tls = POS_TOKEN_ZERO;
///     pos_token_status status = pos_token_session_begin(session, credentials, till_now(), &begun);
///     if (status != POS_TOKEN_OK) {
///         return;
///     }
///     status = till_connect(&tls) ? pos_token_exchange_run(&begun.request, endpoint, &tls, NULL, tokens,
///                                                          scratch, sizeof scratch, &result)
///                                 : POS_TOKEN_TRANSPORT;
///     till_close(&tls);
///     if (status == POS_TOKEN_OK) {
///         (void)pos_token_session_accept(session, begun.number, &result, till_now());
///     } else {
///         (void)pos_token_session_failed(session, begun.number, status, tls.http_status,
///                                        &tls.retry_after, till_now());
///     }
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_begin(
    session: *mut pos_token_session,
    given: *const pos_token_credentials,
    now: pos_token_now,
    begun: *mut pos_token_begun,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, begun)?;
        let mut live = Live::new(contract, session);
        let live = opened(&mut live)?;
        place.range().clear_of(&live.ranges)?;
        // The store's tokens are read by a loan of all of it: by no span of the caller's meanwhile.
        let [home, first, second] = live.ranges;
        let fields = Given::of(given, &contract.writing(&[home, first, second, place.range()]))?;
        let written = [home, place.range()];
        // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
        let (provider, kept) = unsafe { ((*session).provider, (*session).store) };
        live.with(&written, &mut |session, store, mut own| {
            let mut table = Table::beside(contract, &written, provider);
            let table = opened(&mut table)?;
            let begun = session.begin_with(store, &fields, now.core(), |purpose, fields| {
                let request = TokenRequest::new(table, purpose, fields);
                table.sound()?;
                request.map_or_else(|error| Err(error.into()), |_| Ok(()))
            });
            if let (Err(Fault::SESSION_STORE_TOO_SMALL), Some(needed)) = (begun, store.needed_again()) {
                own.note_needed(needed);
            }
            let (number, purpose) = begun?;
            #[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
            let purpose = purpose as u32;
            let request = pos_token_request { provider, credentials: given, store: kept, purpose };
            place.put(pos_token_begun { request, number, purpose });
            Ok(())
        })
    })
}

/// The exchange of this number came to an answer; the store has what it granted. An answer to an exchange that was
/// given up changes nothing, but that tokens which it brought are taken as they are, with a life that is not known; of one
/// that was begun before a log-out they are nobody's.
///
/// \return As pos_token_session_next(); `POS_TOKEN_INVALID_ENUM` of the result too.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_accept(
    session: *mut pos_token_session,
    number: u32,
    result: *const pos_token_result,
    now: pos_token_now,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let mut live = Live::new(contract, session);
        let live = opened(&mut live)?;
        let mut answer = answered(&contract.writing(&live.ranges), result);
        let answer = opened(&mut answer)?;
        live.with(&[live.home()], &mut |session, store, _| {
            session.accept(number, answer, store, now.core());
            Ok(())
        })
    })
}

/// The core's form of how an exchange failed; `None` where none fails like that.
pub(crate) fn failure(status: pos_token_status, http_status: u16, told: Option<RetryAfter>) -> Option<Failure> {
    let code = u16::try_from(status).ok()?;
    // Those of the answer; that it was cut off is the transport's fault.
    let of_the_answer = matches!(code, 110 | 111 | 301..=314 | 401..=408 | 421..=435);
    let verdict = match code {
        101..=199 | 203 => Verdict::Stop,
        201 | 202 => Verdict::Wait(None),
        301..=379 | 401..=499 | 600..=699 if pos_token_status_verdict(status) == verdict_number(Verdict::Stop) => {
            Verdict::Stop
        }
        // Of a token too: that it is over, or not valid yet, a wrong clock can say.
        301..=379 | 401..=499 | 600..=699 => Verdict::Wait(told),
        _ => return None,
    };
    Some(Failure { verdict, malformed: of_the_answer && http_status < 500, code })
}

/// The exchange of this number came to no answer. `status` is what pos_token_exchange_*(), pos_token_answer_finish()
/// or any function in between returned; POS_TOKEN_TRANSPORT where there was no connection. `http_status`, 0 where it is not
/// known, and `retry_after`, which may be NULL, are what pos_token_transport has of the answer, or
/// pos_token_answer_status_code() and pos_token_answer_retry_after() said. What failed before the exchange was begun has no
/// number and changes nothing.
///
/// Where the caller's own check refused the token that came, `status` is what the check returned, such as
/// POS_TOKEN_JWT_SIGNATURE, or POS_TOKEN_TOKEN_REFUSED: the session stops with POS_TOKEN_STOP_REJECTED and that code. But
/// POS_TOKEN_JWT_EXPIRED and POS_TOKEN_JWT_NOT_YET_VALID may be a wrong clock's fault, and it tries again after a pause;
/// best refuse only what is POS_TOKEN_VERDICT_STOP by pos_token_status_verdict(). A token that is in the store when it is
/// refused is not used.
///
/// \return As pos_token_session_next(); `POS_TOKEN_INVALID_ENUM` of a `status` with which no exchange fails, and of
/// `retry_after`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_failed(
    session: *mut pos_token_session,
    number: u32,
    status: pos_token_status,
    http_status: u16,
    retry_after: *const pos_token_when,
    now: pos_token_now,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let mut live = Live::new(contract, session);
        let live = opened(&mut live)?;
        let when = contract.writing(&live.ranges).optional(retry_after)?.map_or(Ok(None), told)?;
        let failure = failure(status, http_status, when).ok_or(Fault::INVALID_ENUM)?;
        live.with(&[live.home()], &mut |session, _, _| {
            session.failed(number, failure, now.core());
            Ok(())
        })
    })
}

/// The API answered 401 to the token of this generation. Where that answer had a `Date`, pos_token_session_observe() it
/// first: it can show that the token was just over. `rejection`, which may be NULL, takes what the 401 meant: one of
/// pos_token_rejection.
///
/// The token is not used again. One refresh or one log-in follows at once; where the API refuses that token too, the
/// next ones follow after pauses that grow, and after the policy's limit the session stops.
///
/// \return As pos_token_session_next().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_rejected(
    session: *mut pos_token_session,
    generation: u32,
    now: pos_token_now,
    rejection: *mut u32,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = if rejection.is_null() { None } else { Some(Place::new(contract, rejection)?) };
        let mut live = Live::new(contract, session);
        let live = opened(&mut live)?;
        if let Some(place) = place {
            place.range().clear_of(&live.ranges)?;
        }
        live.with(&[live.home()], &mut |session, _, _| {
            let meant = session.rejected(generation, now.core());
            if let Some(place) = place {
                #[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
                place.put(meant as u32);
            }
            Ok(())
        })
    })
}

/// A customer is waiting: the till may go at once, past its slot and past a pause of its own, but not past a server's
/// demand, and not before a record that is to be saved; so many times an hour as the policy says. `*may_go` tells whether
/// nothing keeps the till from going now, with the token that it has or with an exchange.
///
/// \return As pos_token_session_next().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_customer_waiting(
    session: *mut pos_token_session,
    now: pos_token_now,
    may_go: *mut bool,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, may_go)?;
        ask(contract, session, place.range(), &mut |session, store, _| {
            let answer = session.customer_waiting(store, now.core());
            place.put(answer);
            Ok(())
        })
    })
}

/// There are other credentials: a session that stood still goes on, and nothing counts that happened before, nor that an
/// exchange which is under way is refused. Where one till stood still, its chain did: it goes on at its place in the
/// chain, as after a boot.
///
/// \return As pos_token_session_next().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_credentials_changed(
    session: *mut pos_token_session,
    now: pos_token_now,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        act(contract, session, &mut |session, _, _| {
            session.credentials_changed(now.core());
            Ok(())
        })
    })
}

/// The till was logged out: wipes the tokens, and stands still until the credentials are changed. What the provider is
/// told before is the caller's to send, with POS_TOKEN_PURPOSE_LOG_OUT or POS_TOKEN_PURPOSE_REVOKE. What an exchange brings
/// that was begun before is not used.
///
/// \return As pos_token_session_next().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_logged_out(session: *mut pos_token_session) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let mut live = Live::new(contract, session);
        let live = opened(&mut live)?;
        let written = live.ranges;
        live.with(&written, &mut |session, store, _| {
            session.logged_out(store);
            Ok(())
        })
    })
}

/// The `Date` of any answer of the provider's that came just now, over TLS, in seconds since 1970-01-01T00:00:00Z;
/// pos_token_http_date_parse() reads it.
///
/// \return As pos_token_session_next().
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_observe(
    session: *mut pos_token_session,
    date: i64,
    now: pos_token_now,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let date = UnixTime::from_seconds(date);
        act(contract, session, &mut |session, _, _| {
            session.observe(date, now.core());
            Ok(())
        })
    })
}

/// What the time is, how far off it can be, and who says so; a TLS stack needs to know that at boot.
///
/// \return As pos_token_session_next(); `POS_TOKEN_ABSENT` where nobody knows the time.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_clock(
    session: *const pos_token_session,
    now: pos_token_now,
    clock: *mut pos_token_clock,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, clock)?;
        ask(contract, session, place.range(), &mut |session, _, _| {
            let known = session.clock(now.core());
            place.put(pos_token_clock::of(Some(known.ok_or(Fault::ABSENT)?)));
            Ok(())
        })
    })
}

/// The last token's times and, while it is there, its claims, for a till that has to decide what it may do offline. The
/// claims are good until the store is used for another answer or wiped.
///
/// \return As pos_token_session_next(); `POS_TOKEN_ABSENT` where there never was a token.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_session_last_known(
    session: *const pos_token_session,
    now: pos_token_now,
    known: *mut pos_token_last_known,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, known)?;
        ask(contract, session, place.range(), &mut |session, store, own| {
            let known = session.last_known(store, now.core());
            let known = known.as_ref().ok_or(Fault::ABSENT)?;
            place.make(|place| pos_token_last_known::write(known, own, place));
            Ok(())
        })
    })
}
