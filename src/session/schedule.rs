//! When: the places of a chain's tills in time, and pauses. All of it is arithmetic on a seed.

use super::clock::times;
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
#[inline(never)]
fn mix(seed: u64, draw: u32) -> u64 {
    let mut z = seed.wrapping_add(u64::from(draw).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number from 0 up to, and without, `below`; 0 where that is 0.
#[inline(never)]
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
#[inline(never)]
fn span(log_ins: u32, minute: u32, fleet: &Fleet, settings: &Settings<'_>) -> u32 {
    let limit = fleet.log_ins_per_minute.or(settings.log_in_limit).unwrap_or(LOG_INS_PER_MINUTE).max(1);
    // In two steps, since small processors have no division of 64 bits.
    let (minutes, rest) = (log_ins / u32::from(limit), log_ins % u32::from(limit));
    let rest = times(rest, minute) / u32::from(limit);
    times(minutes, minute).saturating_add(rest)
}

/// The milliseconds in which a chain is spread that has no other order.
#[inline(never)] // One for all who ask.
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
    let limit = times(policy.back_off_limit, 1000).max(window(&policy.fleet, settings));
    let doublings = u32::from(failures.saturating_sub(1)).min(16);
    times(times(policy.back_off, 1000), 1 << doublings).min(limit)
}

/// The pause after this many failures in a row, in milliseconds: exponential with full jitter, at least a second.
pub(super) fn back_off(policy: &Policy, settings: &Settings<'_>, failures: u8, draws: u32) -> u32 {
    draw(policy.seed, draws, longest(policy, settings, failures).saturating_sub(1000)).saturating_add(1000)
}

/// The pause that a server demanded, in milliseconds: never shorter than it said, up to the limit. Those who were told
/// the same do not come back as one: it is up to half as long again, or by the pause without a demand if that is longer.
pub(super) fn told(policy: &Policy, settings: &Settings<'_>, failures: u8, seconds: u32, draws: u32) -> u32 {
    let told = times(seconds.min(policy.retry_after_limit).max(1), 1000);
    told.saturating_add(draw(policy.seed, draws, longest(policy, settings, failures).max(told / 2)))
}

/// How many seconds after its request was begun a token that lives so long is renewed: 50 to 80 % of its life.
///
/// Where the time is known, each till of a chain has its own phase of a common period of 60 % of the life, so that a
/// chain settles into an even flow of requests. Who is out of phase, as after a boot, is back in it after two equal steps
/// at most. Who knows no time renews at random.
#[inline(never)]
pub(super) fn renewal(policy: &Policy, lifetime: u32, begun: Option<UnixTime>, draws: u32) -> u32 {
    let percent = |share: u32| lifetime / 100 * share + lifetime % 100 * share / 100;
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
        Some(index) => part(index, policy.fleet.tills)?,
        None => low(mix(policy.seed, PHASE)),
    };
    let phase = scaled(fraction, period);
    // The low 32 bits: in 2106 phases shift once.
    let into = low(begun.seconds().unsigned_abs()).checked_rem(period)?;
    Some(if phase >= into { phase - into } else { period - (into - phase) })
}

/// index / tills in units of 2^-32, as exactly as 32 bits divide.
fn part(index: u32, tills: u32) -> Option<u32> {
    let index = index.checked_rem(tills)?;
    let room = tills.leading_zeros();
    let parts = (index << (room & 31)).checked_div(tills)?;
    Some(parts << ((32 - room) & 31))
}

fn low(number: u64) -> u32 {
    u32::try_from(number & u64::from(u32::MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::super::{Fleet, Now, Policy, Session, SessionState, Step, WaitReason};
    use super::*;
    use crate::provider::OPEN_LOYALTY;
    use crate::{Answer, AnswerReader, Credentials, TokenStore, dialect::Purpose};

    const LIMIT: u16 = 40;
    const DAY: u32 = 24 * 60 * 60;

    fn settings() -> Settings<'static> {
        OPEN_LOYALTY.settings
    }

    fn till(seed: u64, tills: u32, index: Option<u32>) -> Policy {
        Policy { fleet: Fleet { tills, index, log_ins_per_minute: None }, ..Policy::new(seed) }
    }

    /// For any limit: whoever boots up to 3 s later, the log-ins of any 60 s are no more than it allows.
    #[test]
    fn slots_by_index() {
        assert_eq!(boot_slot(&till(1, 1, Some(0)), &settings()), 0);
        assert_eq!(boot_slot(&till(1, 1000, Some(999)), &settings()), 1_573_425);
        for limit in [1, 7, 11, 20, 40, 59, 60, 61, 700, 7001, u16::MAX] {
            let slot = |index: u32| {
                let mut policy = till(index.into(), 100_000, Some(index));
                policy.fleet.log_ins_per_minute = Some(limit);
                boot_slot(&policy, &settings())
            };
            for index in [0, 1, 2, 5, 41, 999, 1001] {
                assert_eq!(slot(index + u32::from(limit)) - slot(index), 63_000, "{limit} {index}");
                assert!(slot(index) <= slot(index + 1));
            }
        }
        // As many as there are, and more: the last of them wait as long as can be said.
        let mut policy = till(1, u32::MAX, Some(u32::MAX));
        policy.fleet.log_ins_per_minute = Some(1);
        assert_eq!(boot_slot(&policy, &settings()), u32::MAX);
        policy.fleet = Fleet { tills: 0, index: None, log_ins_per_minute: Some(0) };
        assert_eq!(boot_slot(&policy, &settings()), 0);
    }

    #[test]
    fn slots_by_seed_fill_nearly_twice_the_time() {
        let least = 1000 / u32::from(LIMIT) * 60_000;
        let slots: Vec<_> = (0..1000).map(|seed| boot_slot(&till(seed, 1000, None), &settings())).collect();
        assert!(slots.iter().all(|slot| *slot < 2 * least));
        for tenth in 0..10 {
            let part = 2 * least / 10 * tenth..2 * least / 10 * (tenth + 1);
            let count = slots.iter().filter(|slot| part.contains(slot)).count();
            assert!((45..=150).contains(&count), "{count} in {part:?}");
        }
        assert_eq!(boot_slot(&till(7, 1, None), &settings()), 0);
    }

    /// From a second up to the bound, evenly: full jitter.
    fn is_spread(pauses: &[u32], least: u32, most: u32) {
        assert!(pauses.iter().all(|pause| (least..=most).contains(pause)), "{least} to {most}");
        let middle = least + (most - least) / 2;
        let late = pauses.iter().filter(|pause| **pause > middle).count();
        assert!((pauses.len() * 2 / 5..=pauses.len() * 3 / 5).contains(&late), "{late} of {}", pauses.len());
    }

    #[test]
    fn back_off_grows_to_its_limit_with_full_jitter() {
        for (tills, limit) in [(1, 900_000), (300, 900_000), (1000, 2_847_150)] {
            let longest = |failures: u8| match failures {
                0..=10 => (5000 << failures.saturating_sub(1)).min(limit),
                _ => limit,
            };
            for failures in [0, 1, 2, 5, 8, 9, 10, 11, 100, u8::MAX] {
                let pauses: Vec<_> =
                    (0..1000).map(|seed| back_off(&till(seed, tills, None), &settings(), failures, 1)).collect();
                is_spread(&pauses, 1000, longest(failures));
                let one: Vec<_> =
                    (0..1000).map(|draws| back_off(&till(7, tills, None), &settings(), failures, draws)).collect();
                is_spread(&one, 1000, longest(failures));
            }
        }
        let hasty = Policy { back_off: 0, back_off_limit: 0, ..Policy::new(1) };
        assert_eq!(back_off(&hasty, &settings(), 9, 1), 1000);
        let patient = Policy { back_off: u32::MAX, back_off_limit: u32::MAX, ..Policy::new(1) };
        assert!(back_off(&patient, &settings(), 200, 1) >= 1000);
    }

    #[test]
    fn a_demand_is_kept_and_spread() {
        for (failures, seconds, least, most) in [
            (1, 0, 1000, 6000),
            (1, 1, 1000, 6000),
            (1, 60, 60_000, 90_000),
            (5, 60, 60_000, 140_000),
            (9, 60, 60_000, 1_340_000),
            (1, 3600, 3_600_000, 5_400_000),
            (1, u32::MAX, 3_600_000, 5_400_000),
        ] {
            let pauses: Vec<_> =
                (0..1000).map(|seed| told(&till(seed, 1000, None), &settings(), failures, seconds, 1)).collect();
            is_spread(&pauses, least, most);
        }
        let patient = Policy { retry_after_limit: u32::MAX, ..Policy::new(1) };
        assert_eq!(told(&patient, &settings(), 1, u32::MAX, 1), u32::MAX);
    }

    #[test]
    fn renewals_lie_between_half_and_four_fifths() {
        for life in [0, 1, 2, 3, 9, 10, 59, 300, 1800, 7200, DAY, 365 * DAY, u32::MAX] {
            let (earliest, latest) = (u64::from(life) / 2, u64::from(life) * 4 / 5);
            for draws in 0..200 {
                for time in [None, Some(0), Some(1_772_409_600 + i64::from(draws) * 997), Some(-5), Some(i64::MAX)] {
                    for index in [None, Some(draws), Some(u32::MAX)] {
                        let policy = till(draws.into(), 100, index);
                        let time = time.map(UnixTime::from_seconds);
                        let after = u64::from(renewal(&policy, life, time, draws));
                        assert!((earliest..=latest).contains(&after), "{life} {time:?}: {after}");
                    }
                }
            }
        }
        let unknown: Vec<_> = (0..1000).map(|seed| renewal(&till(seed, 1, None), DAY, None, 1)).collect();
        is_spread(&unknown, DAY / 2, DAY * 4 / 5);
    }

    /// Whenever a till got its first token, from its third on it renews at its phase: the same for it, evenly spread over
    /// the chain.
    #[test]
    fn renewals_are_in_phase_after_two_steps() {
        let period = DAY / 5 * 3;
        for index in [Some(0), Some(1), Some(500), Some(999), None] {
            let policy = till(0xfeed, 1000, index);
            let mut phases = Vec::new();
            for start in (0..DAY).step_by(601) {
                let mut time = UnixTime::from_seconds(1_772_409_600).plus(start);
                for _ in 0..2 {
                    time = time.plus(renewal(&policy, DAY, Some(time), 1));
                }
                assert_eq!(renewal(&policy, DAY, Some(time), 1), period, "{index:?} {start}");
                // The request is late, and the next one is not.
                assert_eq!(renewal(&policy, DAY, Some(time.plus(9)), 1), period - 9);
                phases.push(time.seconds() % i64::from(period));
            }
            phases.dedup();
            assert_eq!(phases.len(), 1, "{index:?}");
            if let Some(index) = index {
                assert!((phases[0] - i64::from(index) * i64::from(period) / 1000).abs() <= 1);
            }
        }
    }

    fn answer(store: &mut TokenStore<'_>, status: u16) -> Answer {
        let mut reader = AnswerReader::new(&OPEN_LOYALTY, Purpose::LogIn, store);
        reader.status(status).unwrap();
        let _ = reader.body(br#"{"code":401,"message":"Invalid credentials."}"#).unwrap();
        reader.finish().unwrap()
    }

    /// A chain that stood still for one wrong secret does not come back as one when it is corrected.
    #[test]
    fn corrected_credentials_wait_for_the_slot() {
        let policy = till(1, 1000, Some(40));
        let mut arena = [0; 64];
        let mut store = TokenStore::new(&mut arena);
        let mut state = SessionState::new(&OPEN_LOYALTY, &policy, Now::uptime(0));
        let mut session = Session::new(&OPEN_LOYALTY, &policy, &mut state);
        let credentials = Credentials::new().username("till").password("wrong");
        // Still in its slot, other credentials change nothing.
        session.credentials_changed(Now::uptime(10_000));
        let waits = |seconds| Step::Wait { seconds, reason: WaitReason::Slot };
        let same = |a: Step<'_>, b: Step<'_>| assert_eq!(std::format!("{a:?}"), std::format!("{b:?}"));
        same(session.next(&store, Now::uptime(10_000)), waits(53));
        let number = session.begin(&store, credentials, Now::uptime(63_000)).unwrap().number;
        let refused = answer(&mut store, 401);
        session.accept(number, &refused, &store, Now::uptime(63_100));
        assert!(matches!(session.next(&store, Now::uptime(70_000)), Step::Stop(_)));
        let now = Now::uptime(7_200_000);
        session.credentials_changed(now);
        same(session.next(&store, now), waits(63));
        // Who corrects them at the till need not wait.
        assert!(session.customer_waiting(&store, now));
        assert!(matches!(session.next(&store, now), Step::Send(Purpose::LogIn)));
    }
}
