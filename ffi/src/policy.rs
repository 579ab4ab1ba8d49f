//! What a chain decides for its tills.

use pos_token_core::session::{Fleet, Policy};

use crate::clock::{POS_TOKEN_UNKNOWN, moment, seconds};
use crate::span::{Contract, Place};
use crate::status::{Fault, pos_token_status, report};
use crate::vocabulary as read;

/// What a chain decides for its tills. pos_token_policy_init() gives what suits most, which stands at each member as
/// its number; then set what is to be otherwise. A session reads it with each call, so it has to stay where it is.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_policy {
    /// Spreads what tills do: different on each device, such as a hash of its serial number. It is no secret.
    pub seed: u64,
    /// Before this no clock is believed: the day of the build, in seconds since 1970-01-01T00:00:00Z; 0: none, the default.
    pub floor: i64,
    /// How many tills share the provider's limit; 1 by default.
    pub tills: u32,
    /// The till's own number among them, from 0 on and below `tills`; POS_TOKEN_UNKNOWN, the default: the seed gives it a
    /// place in a window nearly twice as long.
    pub index: u32,
    /// The first pause after a failure lasts up to so many seconds, 5; each further one up to twice as long.
    pub back_off: u32,
    /// No pause after a failure lasts longer than so many seconds, 900, unless the whole chain needs more for its log-ins.
    pub back_off_limit: u32,
    /// A server's `Retry-After` counts up to so many seconds, 3600.
    pub retry_after_limit: u32,
    /// An exchange that has not come back after so many seconds, 120, is given up: its task may have died. It has to be
    /// longer than connecting and the answer may take together.
    pub exchange_timeout: u32,
    /// So many seconds, 3600, before a token ends that only a code can replace, the code is asked for; at most in the last
    /// fifth of its life.
    pub code_notice: u32,
    /// A pending token is taken to be over after so many seconds, 300.
    pub pending_lifetime: u32,
    /// The last server time is saved anew when it has grown by so many seconds, 86,400.
    pub floor_interval: u32,
    /// How many log-ins a minute the provider allows; 0, the default: what its table says, or else 60.
    pub log_ins_per_minute: u16,
    /// What is saved, and when: one of pos_token_keep; POS_TOKEN_KEEP_REFRESH_TOKENS by default.
    pub keep: u8,
    /// After so many answers in a row that cannot be understood, or that are a 401 without JSON, 8: stop; where the last
    /// of them is such a 401 to a refresh, log in.
    pub malformed_limit: u8,
    /// After so many tokens in a row that the API refused, 8: stop.
    pub rejected_limit: u8,
    /// After so many codes in a row that the provider refused, 3: stop.
    pub code_limit: u8,
    /// So many times an hour, 3, pos_token_session_customer_waiting() lets a till go at once.
    pub urgent_per_hour: u8,
    /// Private.
    pub reserved: [u8; 5],
}

impl pos_token_policy {
    #[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
    fn of(policy: &Policy) -> Self {
        Self {
            seed: policy.seed,
            floor: seconds(policy.floor),
            tills: policy.fleet.tills,
            index: policy.fleet.index.unwrap_or(POS_TOKEN_UNKNOWN),
            back_off: policy.back_off,
            back_off_limit: policy.back_off_limit,
            retry_after_limit: policy.retry_after_limit,
            exchange_timeout: policy.exchange_timeout,
            code_notice: policy.code_notice,
            pending_lifetime: policy.pending_lifetime,
            floor_interval: policy.floor_interval,
            log_ins_per_minute: policy.fleet.log_ins_per_minute.unwrap_or(0),
            keep: policy.keep as u8,
            malformed_limit: policy.malformed_limit,
            rejected_limit: policy.rejected_limit,
            code_limit: policy.code_limit,
            urgent_per_hour: policy.urgent_per_hour,
            reserved: [0; 5],
        }
    }

    #[inline(never)]
    pub(crate) fn core(&self) -> Result<Policy, Fault> {
        let keep = read::keep(self.keep).ok_or(Fault::INVALID_ENUM)?;
        Ok(Policy {
            seed: self.seed,
            floor: moment(self.floor),
            fleet: Fleet {
                tills: self.tills,
                index: (self.index != POS_TOKEN_UNKNOWN).then_some(self.index),
                log_ins_per_minute: (self.log_ins_per_minute != 0).then_some(self.log_ins_per_minute),
            },
            keep,
            back_off: self.back_off,
            back_off_limit: self.back_off_limit,
            retry_after_limit: self.retry_after_limit,
            exchange_timeout: self.exchange_timeout,
            malformed_limit: self.malformed_limit,
            rejected_limit: self.rejected_limit,
            code_limit: self.code_limit,
            code_notice: self.code_notice,
            pending_lifetime: self.pending_lifetime,
            urgent_per_hour: self.urgent_per_hour,
            floor_interval: self.floor_interval,
        })
    }
}

/// One till with this seed, everything else as it suits most.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_policy_init(policy: *mut pos_token_policy, seed: u64) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        Place::new(contract, policy)?.put(pos_token_policy::of(&Policy::new(seed)));
        Ok(())
    })
}
