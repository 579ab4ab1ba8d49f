//! What a till does now: use the token, refresh it, log in, save, wait, ask for a code, or stop.
//!
//! A [`Session`] decides; it does no I/O, reads no clock and draws no random number. Time, a seed and saved bytes come
//! in, steps and bytes go out. Its state is a plain value of 192 bytes at most, beside the
//! [`TokenStore`](crate::TokenStore); dialect and policy are lent with each use, so that state can lie anywhere.
//! `docs/session.md` has the state diagram, what each failure leads to, and a guide to porting.

mod clock;
mod events;
mod grant;
mod policy;
mod record;
mod schedule;
mod state;
mod step;

pub use clock::{ClockEstimate, ClockOrigin, Now, Uptime};
pub use events::Failure;
pub use policy::{Fleet, Keep, Policy};
pub use record::{NoSeal, Record, RecordError, RestoreError, Restored, SLOTS, SaveError, Seal, Unreadable, record_len};
pub use state::{Session, SessionState};
pub use step::{
    BeginError, Begun, CodeKind, CodeNeeded, LastKnown, Rejection, Step, Stop, StopReason, TokenInUse, WaitReason,
};
