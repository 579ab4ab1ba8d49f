//! What a till knows of the time.

use core::mem::MaybeUninit;

use pos_token_core::session::{ClockEstimate, Now, Uptime};
use pos_token_core::time::UnixTime;

use crate::span::{Contract, Place, Range};
use crate::status::{pos_token_status, report};

/// A number of seconds that nothing tells or bounds.
pub const POS_TOKEN_UNKNOWN: u32 = 0xffff_ffff;

/// The moment at which a function is called.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_now {
    /// Milliseconds since boot. They never go back but at a boot; they may stop while the device sleeps.
    /// pos_token_uptime_extend() makes them of a counter of 32 bits.
    pub uptime: u64,
    /// What the device's clock shows, in seconds since 1970-01-01T00:00:00Z; 0: it has none. It may be wrong by decades.
    pub device: i64,
}

impl pos_token_now {
    pub(crate) fn core(self) -> Now {
        let now = Now::uptime(self.uptime);
        moment(self.device).map_or(now, |time| now.device(time))
    }
}

/// A moment of C's, of which 0 is none.
#[inline(never)]
pub(crate) fn moment(seconds: i64) -> Option<UnixTime> {
    (seconds != 0).then(|| UnixTime::from_seconds(seconds))
}

/// A moment for C.
#[inline(never)]
pub(crate) fn seconds(time: Option<UnixTime>) -> i64 {
    time.map_or(0, UnixTime::seconds)
}

/// What the time is, as far as it is known.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_clock {
    /// The moment, in seconds since 1970-01-01T00:00:00Z.
    pub time: i64,
    /// How many seconds it is off at most; POS_TOKEN_UNKNOWN where nothing bounds that.
    pub error: u32,
    /// Where it comes from: one of pos_token_clock_origin; 0: nobody knows the time.
    pub origin: u32,
}

impl pos_token_clock {
    #[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
    pub(crate) fn of(estimate: Option<ClockEstimate>) -> Self {
        estimate.map_or(Self { time: 0, error: POS_TOKEN_UNKNOWN, origin: 0 }, |estimate| Self {
            time: estimate.time.seconds(),
            error: estimate.error.unwrap_or(POS_TOKEN_UNKNOWN),
            origin: estimate.origin as u32,
        })
    }
}

/// What makes a count of milliseconds since boot of a counter of 32 bits, which wraps after 49.7 days. Start with
/// POS_TOKEN_ZERO. Its member is private.
#[repr(C)]
#[derive(Debug)]
pub struct pos_token_uptime {
    /// Private.
    pub state: MaybeUninit<u64>,
}

const _: () = assert!(size_of::<Uptime>() == size_of::<u64>() && align_of::<Uptime>() == align_of::<u64>());

/// The milliseconds since boot at which the counter shows `tick`. To be called at least once in 49 days. A tick from up to
/// 2 s before the last one is no wrap: a caller's tasks may hand in theirs in another order than they took them.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_OVERLAP`.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// pos_token_now till_now(uint32_t tick, int64_t clock) {
///     static pos_token_uptime uptime;
///     pos_token_now now = POS_TOKEN_ZERO;
///     (void)pos_token_uptime_extend(&uptime, tick, &now.uptime);
///     now.device = clock;
///     return now;
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_uptime_extend(
    uptime: *mut pos_token_uptime,
    tick: u32,
    milliseconds: *mut u64,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, milliseconds)?;
        Range::of(uptime, 1)?.clear_of(&[place.range()])?;
        // SAFETY: not NULL and aligned, as was checked; a number, of which any is good; the rest is the contract.
        let extended = unsafe { (*uptime.cast::<Uptime>()).extend(tick) };
        place.put(extended);
        Ok(())
    })
}
