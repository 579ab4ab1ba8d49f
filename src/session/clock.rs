//! What a till knows of the time: a count since boot, a device's clock that may be wrong, and what servers said.

use core::hint::black_box;

use crate::time::{LAST_SECOND, UnixTime};

/// The moment at which a caller calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since boot. They never go back but at a boot; they may stop while the device sleeps.
    pub uptime: u64,
    /// What the device's clock shows, where it has one. It may be wrong by decades.
    pub device: Option<UnixTime>,
}

impl Now {
    /// So many milliseconds after boot, on a device without a clock.
    #[must_use]
    pub const fn uptime(milliseconds: u64) -> Self {
        Self { uptime: milliseconds, device: None }
    }

    /// And the device's clock shows this.
    #[must_use]
    pub const fn device(self, time: UnixTime) -> Self {
        Self { device: Some(time), ..self }
    }
}

/// Makes a count of milliseconds since boot out of a counter of 32 bits, which wraps after 49.7 days.
///
/// ```
/// let mut uptime = pos_token::session::Uptime::default();
/// assert_eq!(uptime.extend(0xffff_ffff), 0xffff_ffff);
/// assert_eq!(uptime.extend(1), 0x1_0000_0001);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Uptime {
    milliseconds: u64,
}

impl Uptime {
    /// The milliseconds since boot at which the counter shows `tick`. To be called at least once in 49 days. A tick from up
    /// to 2 s before the last one is no wrap: a caller's tasks may hand in theirs in another order than they took them.
    pub fn extend(&mut self, tick: u32) -> u64 {
        let low = u32::try_from(self.milliseconds & u64::from(u32::MAX)).unwrap_or(0);
        let behind = u64::from(low.wrapping_sub(tick));
        if behind > COARSENESS || behind > self.milliseconds {
            self.milliseconds = self.milliseconds.saturating_add(tick.wrapping_sub(low).into());
        }
        self.milliseconds
    }
}

/// What the time is, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockEstimate {
    /// The moment.
    pub time: UnixTime,
    /// How many seconds it is off at most; `None` where nothing bounds that.
    pub error: Option<u32>,
    /// Where it comes from.
    pub origin: ClockOrigin,
}

/// Where an estimate of the time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ClockOrigin {
    /// A server's `Date` since boot, and the time that has passed since then.
    Server = 1,
    /// The device's own clock; nothing contradicts it.
    Device = 2,
    /// It is only known to be later than this: the build date, or the last server time that was saved.
    Floor = 3,
}

/// How far a clock may lie below the floor and still be believed: servers of one name differ, and so do zones' mistakes.
const SLACK: u32 = 24 * 60 * 60;

/// What lies beyond it is no count of seconds.
pub(super) const LAST: UnixTime = UnixTime::from_seconds(LAST_SECOND);

/// 2024: no clock is right that shows an earlier time.
pub(super) const FIRST: UnixTime = UnixTime::from_seconds(1_704_067_200);

/// What a device's clock may be ahead of the count since boot by its coarseness and drift, in milliseconds; and how far
/// the count may seem to go back without a boot.
const COARSENESS: u64 = 2_000;

/// A count since boot gains or loses at most 1 in so many: 100 parts in a million.
const DRIFT: u32 = 10_000;

/// What bounds the error of a `Date` whose request's begin is not known: as long as a till waits for an answer.
pub(super) const UNKNOWN_TRIP: u32 = 60;

/// The floor and the last that a server said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub(super) floor: Option<UnixTime>,
    server: Option<Reading>,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    at: Now,
    time: UnixTime,
    error: u32,
}

impl Clock {
    pub(super) const fn new(floor: Option<UnixTime>) -> Self {
        Self { floor, server: None }
    }

    /// Milliseconds from `from` to `now`: by the count since boot or, if that says more, as after a deep sleep, by the
    /// device's clock, where both of its readings are believed.
    pub(super) fn elapsed(&self, from: &Now, now: &Now) -> u64 {
        let counted = counted(from, now);
        let shown = match (device(self.floor, from.device), device(self.floor, now.device)) {
            (Some(from), Some(now)) => u64::from(now.left(from)) * 1000,
            _ => 0,
        };
        if shown > counted.saturating_add(COARSENESS) { shown } else { counted }
    }

    /// The same in whole seconds.
    #[inline(never)]
    pub(super) fn held(&self, from: &Now, now: &Now) -> u32 {
        seconds(self.elapsed(from, now))
    }

    /// What the time is, for scheduling: by a server or the device.
    #[inline(never)]
    pub(super) fn time(&self, now: &Now) -> Option<UnixTime> {
        self.server(now).map(|(time, _)| time).or_else(|| device(self.floor, now.device))
    }

    /// What the time is, or at least what it is later than.
    pub(super) fn estimate(&self, now: &Now) -> Option<ClockEstimate> {
        let (time, error, origin) = if let Some((time, error)) = self.server(now) {
            (time, Some(error), ClockOrigin::Server)
        } else if let Some(time) = device(self.floor, now.device) {
            (time, None, ClockOrigin::Device)
        } else {
            (self.floor?.plus(seconds(now.uptime)), None, ClockOrigin::Floor)
        };
        Some(ClockEstimate { time, error, origin })
    }

    /// What a server said, moved on, and how many seconds it is off at most. It is void after a boot, which shows in the
    /// count.
    pub(super) fn server(&self, now: &Now) -> Option<(UnixTime, u32)> {
        let reading = self.server.as_ref()?;
        let counted = same_boot(&reading.at, now)?;
        let elapsed = self.elapsed(&reading.at, now);
        let doubt = (seconds(elapsed) / DRIFT).saturating_add(seconds(elapsed.saturating_sub(counted)));
        Some((reading.time.plus(seconds(elapsed)), reading.error.saturating_add(doubt)))
    }

    /// A server's `Date`, off by `error` seconds at most. The tighter of two estimates stays, the newer one where they
    /// contradict each other. What lies below the floor is not believed: `false`.
    pub(super) fn observe(&mut self, time: UnixTime, error: u32, now: &Now) -> bool {
        if !believable(self.floor, time) {
            return false;
        }
        let stays = self.server(now).is_some_and(|(known, bound)| {
            bound < error && time.since(known).unsigned_abs() <= u64::from(bound) + u64::from(error)
        });
        if !stays {
            self.server = Some(Reading { at: *now, time, error });
        }
        self.not_before(time);
        true
    }

    /// It is later than this.
    #[inline(never)]
    pub(super) fn not_before(&mut self, time: UnixTime) {
        self.floor = self.floor.max(Some(time));
    }
}

fn believable(floor: Option<UnixTime>, time: UnixTime) -> bool {
    time <= LAST && floor.is_none_or(|floor| time.plus(SLACK) >= floor)
}

/// What a device's clock shows, unless the floor shows it to be wrong. Without a floor it is not believed before 2024.
#[inline(never)] // All of it in registers.
fn device(floor: Option<UnixTime>, shown: Option<UnixTime>) -> Option<UnixTime> {
    shown.filter(|time| *time >= FIRST && believable(floor, *time))
}

/// Milliseconds from `from` to `now` by the count since boot alone; after a boot, what it counted since then.
#[inline(never)]
pub(super) fn counted(from: &Now, now: &Now) -> u64 {
    // Of what is only read, an optimizer has each caller of each function hand in the words one by one, which takes more
    // flash, more stack and more time. So it is not told that this is only read.
    let (from, now) = black_box((from, now));
    same_boot(from, now).unwrap_or(now.uptime)
}

/// `None`: there was a boot. A caller's tasks may hand in their times in another order than they took them.
fn same_boot(from: &Now, now: &Now) -> Option<u64> {
    let passed = now.uptime.checked_sub(from.uptime);
    passed.or_else(|| (from.uptime.saturating_sub(now.uptime) <= COARSENESS).then_some(0))
}

/// Whole seconds, the most there are where they do not fit. Divided as by hand, 16 bits at a time: small processors have
/// no instruction for more.
#[inline(never)]
pub(super) fn seconds(milliseconds: u64) -> u32 {
    let (Ok(high), low) = (u32::try_from(milliseconds >> 16), milliseconds & 0xffff) else { return u32::MAX };
    let (Ok(quotient), Ok(low)) = (u16::try_from(high / 1000), u32::try_from(low)) else { return u32::MAX };
    (u32::from(quotient) << 16) + (((high % 1000) << 16) + low) / 1000
}

/// So many times as many milliseconds, the most there are where they do not fit.
#[inline(never)]
pub(super) fn times(count: u32, milliseconds: u32) -> u32 {
    count.saturating_mul(milliseconds)
}

/// Whole seconds, rounded up.
pub(super) fn seconds_up(milliseconds: u64) -> u32 {
    seconds(milliseconds.saturating_add(999))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_milliseconds_by_a_thousand() {
        let around = |at: u64| (at.saturating_sub(3)..=at.saturating_add(3)).chain([at ^ 0x5555, at ^ 0xaaaa]);
        let powers = (0..64).flat_map(|bit| around(1 << bit));
        for milliseconds in powers.chain(around(4_294_967_295_000)).chain(around(u64::MAX)).chain(0..5000) {
            let expected = u32::try_from(milliseconds / 1000).unwrap_or(u32::MAX);
            assert_eq!(seconds(milliseconds), expected, "{milliseconds}");
        }
    }
}
