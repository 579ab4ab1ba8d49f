//! What a chain decides for its tills.

use crate::time::UnixTime;

/// What a chain decides for its tills. [`Policy::new`] gives what suits most, which stands at each field as its number;
/// every field can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Spreads what tills do: different on each device, such as a hash of its serial number. It is no secret.
    pub seed: u64,
    /// Before this no clock is believed: the day of the build. None by default.
    pub floor: Option<UnixTime>,
    /// The chain that this till is part of; by default, a chain of one.
    pub fleet: Fleet,
    /// What is saved, and when: `RefreshTokens` by default.
    pub keep: Keep,
    /// The first pause after a failure lasts up to so many seconds, 5; each further one up to twice as long.
    pub back_off: u32,
    /// No pause after a failure lasts longer than so many seconds, 900, unless the whole chain needs more for its log-ins.
    pub back_off_limit: u32,
    /// A server's `Retry-After` counts up to so many seconds, 3600.
    pub retry_after_limit: u32,
    /// An exchange that has not come back after so many seconds, 120, is given up: its task may have died. It has to be
    /// longer than connecting and the answer may take together.
    pub exchange_timeout: u32,
    /// After so many answers in a row that cannot be understood, or that are a 401 without JSON, 8: stop; where the last
    /// of them is such a 401 to a refresh, log in.
    pub malformed_limit: u8,
    /// After so many tokens in a row that the API refused, 8: stop.
    pub rejected_limit: u8,
    /// After so many codes in a row that the provider refused, 3: stop.
    pub code_limit: u8,
    /// So many seconds, 3600, before a token ends that only a code can replace, the code is asked for; at most in the last
    /// fifth of its life.
    pub code_notice: u32,
    /// A pending token is taken to be over after so many seconds, 300.
    pub pending_lifetime: u32,
    /// So many times an hour, 3, [`customer_waiting`](super::Session::customer_waiting) lets a till go at once.
    pub urgent_per_hour: u8,
    /// The last server time is saved anew when it has grown by so many seconds, 86,400.
    pub floor_interval: u32,
}

impl Policy {
    /// One till with this seed, everything else as it suits most.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            floor: None,
            fleet: Fleet { tills: 1, index: None, log_ins_per_minute: None },
            keep: Keep::RefreshTokens,
            back_off: 5,
            back_off_limit: 15 * 60,
            retry_after_limit: 60 * 60,
            exchange_timeout: 2 * 60,
            malformed_limit: 8,
            rejected_limit: 8,
            code_limit: 3,
            code_notice: 60 * 60,
            pending_lifetime: 5 * 60,
            urgent_per_hour: 3,
            floor_interval: 24 * 60 * 60,
        }
    }
}

/// The chain that a till is part of, which boots as one after a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fleet {
    /// How many tills share the provider's limit.
    pub tills: u32,
    /// The till's own number, from 0 on and below `tills`. Without one the seed gives it a place in a window nearly twice
    /// as long.
    pub index: Option<u32>,
    /// How many log-ins a minute the provider allows; `None`: what its description says, or else 60.
    pub log_ins_per_minute: Option<u16>,
}

/// What a record holds, and when one has to be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Keep {
    /// Nothing is ever saved.
    Nothing = 1,
    /// The last server time and a server's demand to wait: no secret.
    Clock = 2,
    /// These and the tokens; saved when there is another refresh token, and not with every access token.
    RefreshTokens = 3,
    /// The same, saved with every token: a provider without refresh tokens then needs no log-in after a boot.
    EveryToken = 4,
}
