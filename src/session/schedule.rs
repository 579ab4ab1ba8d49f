//! When: the places of a chain's tills in time, and pauses. All of it is arithmetic on a seed.

use super::policy::{Fleet, Policy};
use crate::dialect::Settings;
use crate::time::UnixTime;

/// Milliseconds in which as many tills have their slots as may log in within a minute: those who boot together are not
/// on the wire together, and what they differ by in booting and dialling must not break the limit.
const MINUTE: u32 = 63_000;

/// The same of a window in which tills that have no index are spread at random: nearly twice a minute, so that the last
/// of them is served within twice the time that the limit takes.
const WINDOW: u32 = 2 * 57_000;

/// What a provider is taken to allow that does not say.
const LOG_INS_PER_MINUTE: u16 = 60;

/// Sebastiano Vigna's `SplitMix64`: enough to spread tills, and no source of secrets.
fn mix(seed: u64, draw: u32) -> u64 {
    let mut z = seed.wrapping_add(u64::from(draw).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number from 0 up to, and without, `below`; 0 where that is 0.
pub(super) fn draw(seed: u64, draw: u32, below: u32) -> u32 {
    scaled(u32::try_from(mix(seed, draw) >> 32).unwrap_or(0), below)
}

/// `fraction` / 2^32 of `whole`.
fn scaled(fraction: u32, whole: u32) -> u32 {
    u32::try_from((u64::from(fraction) * u64::from(whole)) >> 32).unwrap_or(0)
}

/// The draws that are made for one purpose each, apart from those that are counted.
const SLOT: u32 = 0x1_0000;
const PHASE: u32 = 0x1_0001;

/// The milliseconds for so many log-ins, where those that the limit allows in a minute get this many.
fn span(log_ins: u32, minute: u32, fleet: &Fleet, settings: &Settings<'_>) -> u32 {
    let limit = fleet.log_ins_per_minute.or(settings.log_in_limit).unwrap_or(LOG_INS_PER_MINUTE).max(1);
    u32::try_from(u64::from(log_ins) * u64::from(minute) / u64::from(limit)).unwrap_or(u32::MAX)
}

/// The milliseconds in which a chain is spread that has no other order.
fn window(fleet: &Fleet, settings: &Settings<'_>) -> u32 {
    span(fleet.tills.saturating_sub(1), WINDOW, fleet, settings)
}

/// How many milliseconds after boot a till has its place for the first exchange.
pub(super) fn boot_slot(policy: &Policy, settings: &Settings<'_>) -> u32 {
    match policy.fleet.index {
        Some(index) => span(index, MINUTE, &policy.fleet, settings),
        None => draw(policy.seed, SLOT, window(&policy.fleet, settings)),
    }
}

/// The longest pause after this many failures in a row, in milliseconds; each failure doubles it. A chain that fails as
/// one comes back as one: its limit is no shorter than its window.
fn longest(policy: &Policy, settings: &Settings<'_>, failures: u8) -> u32 {
    let limit = policy.back_off_limit.saturating_mul(1000).max(window(&policy.fleet, settings));
    let doublings = u32::from(failures.saturating_sub(1)).min(16);
    policy.back_off.saturating_mul(1000).saturating_mul(1 << doublings).min(limit)
}

/// The pause after this many failures in a row, in milliseconds: exponential with full jitter, at least a second.
pub(super) fn back_off(policy: &Policy, settings: &Settings<'_>, failures: u8, draws: u32) -> u32 {
    draw(policy.seed, draws, longest(policy, settings, failures).saturating_sub(1000)).saturating_add(1000)
}

/// The pause that a server demanded, in milliseconds: never shorter than it said, up to the limit. Those who were told
/// the same do not come back as one: it is up to half as long again, or by the pause without a demand if that is longer.
pub(super) fn told(policy: &Policy, settings: &Settings<'_>, failures: u8, seconds: u32, draws: u32) -> u32 {
    let told = seconds.min(policy.retry_after_limit).max(1).saturating_mul(1000);
    told.saturating_add(draw(policy.seed, draws, longest(policy, settings, failures).max(told / 2)))
}

/// How many seconds after its request was begun a token that lives so long is renewed: 50 to 80 % of its life.
///
/// Where the time is known, each till of a chain has its own phase of a common period of 60 % of the life, so that a
/// chain settles into an even flow of requests. Who is out of phase, as after a boot, is back in it after two equal steps
/// at most. Who knows no time renews at random.
pub(super) fn renewal(policy: &Policy, lifetime: u32, begun: Option<UnixTime>, draws: u32) -> u32 {
    let percent = |share: u64| u32::try_from(u64::from(lifetime) * share / 100).unwrap_or(lifetime);
    let (earliest, period, latest) = (percent(50), percent(60), percent(80));
    if let Some(next) = begun.and_then(|begun| until_phase(policy, period, begun)) {
        let later = |periods: u32| next.saturating_add(period.saturating_mul(periods));
        for step in [later(0), later(1), later(1) / 2, later(2) / 2] {
            if (earliest..=latest).contains(&step) {
                return step;
            }
        }
    }
    earliest + draw(policy.seed, draws, latest - earliest)
}

/// Seconds from then until the till's own phase of the period comes round, less than a period.
fn until_phase(policy: &Policy, period: u32, begun: UnixTime) -> Option<u32> {
    let fraction = match policy.fleet.index {
        Some(index) => (u64::from(index) << 32).checked_div(u64::from(policy.fleet.tills)).unwrap_or(0),
        None => mix(policy.seed, PHASE),
    };
    // Of both, the low 32 bits: in a chain where an index is too high, and in 2106, phases are still phases.
    let phase = scaled(low(fraction), period);
    let into = low(begun.seconds().unsigned_abs()).checked_rem(period)?;
    Some(if phase >= into { phase - into } else { period - (into - phase) })
}

fn low(number: u64) -> u32 {
    u32::try_from(number & u64::from(u32::MAX)).unwrap_or(0)
}
