//! What the session's schedule promises to a chain of 1,000 tills and a provider that lets in 40 a minute, held against
//! the simulation of `examples/fleet`.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions, clippy::cast_precision_loss)]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
#![allow(missing_docs, missing_debug_implementations, unreachable_pub, dead_code)]

#[path = "../examples/fleet/plot.rs"]
mod plot;
#[path = "../examples/fleet/random.rs"]
mod random;
#[path = "../examples/fleet/report.rs"]
mod report;
#[path = "../examples/fleet/scenario.rs"]
mod scenario;
#[path = "../examples/fleet/server.rs"]
mod server;
#[path = "../examples/fleet/till.rs"]
mod till;
#[path = "../examples/fleet/world.rs"]
mod world;

use scenario::{Chain, Outcome, Scenario, Schedule};

const TILLS: usize = 1000;

fn chain(seed: u64) -> Chain {
    Chain { tills: 1000, limit: 40, seed, days: 30 }
}

/// Everybody is served, nobody is locked out.
fn run(scenario: Scenario, schedule: Schedule, seed: u64) -> Outcome {
    let outcome = scenario::run(scenario, schedule, chain(seed));
    assert_eq!((outcome.served, outcome.locked_out), (TILLS, 0));
    outcome
}

fn of_the_minimum(outcome: &Outcome) -> f64 {
    outcome.last_served.expect("all tills were waiting") as f64 / chain(0).minimum() as f64
}

#[test]
fn the_least_time_is_what_the_limit_takes() {
    assert_eq!(chain(0).minimum(), 24 * server::MINUTE);
    let outcome = run(Scenario::PowerCut, Schedule::Naive, 1);
    assert!((1.0..1.01).contains(&of_the_minimum(&outcome)), "nobody is faster than all who never wait");
    assert!(outcome.share() > 0.9, "and the server does enforce its limit");
}

#[test]
fn after_a_power_cut() {
    for seed in 0..8 {
        let outcome = run(Scenario::PowerCut, Schedule::Indices, seed);
        assert_eq!((outcome.total(), outcome.too_many), (1000, 0));
        assert!(of_the_minimum(&outcome) <= 1.1, "{}", of_the_minimum(&outcome));
        let outcome = run(Scenario::PowerCut, Schedule::Seeds, seed);
        assert!(outcome.share() < 0.005, "{}", outcome.share());
        assert!(of_the_minimum(&outcome) <= 2.0, "{}", of_the_minimum(&outcome));
    }
}

#[test]
fn when_the_provider_was_down() {
    for schedule in [Schedule::Indices, Schedule::Seeds] {
        let outcome = run(Scenario::Outage, schedule, 1);
        assert_eq!((outcome.lacked, outcome.too_many), (0, 0), "each had its token all the time");
        assert!(outcome.peak() <= 40, "{}", outcome.peak());
        // All of them fail for an hour, and want a token at once.
        let outcome = run(Scenario::PowerCutAndOutage, schedule, 1);
        assert!(outcome.share() < 0.02, "{}", outcome.share());
        assert!(of_the_minimum(&outcome) < 2.5, "{}", of_the_minimum(&outcome));
    }
}

#[test]
fn with_a_wrong_secret() {
    for schedule in [Schedule::Indices, Schedule::Seeds] {
        for (scenario, locked) in [(Scenario::WrongSecret, 0), (Scenario::WrongSecretOneAccount, 1)] {
            let outcome = run(scenario, schedule, 1);
            assert_eq!(outcome.total(), 2000, "one refusal for each till, and one log-in when it was corrected");
            assert_eq!((outcome.too_many, outcome.locked), (0, locked));
        }
    }
}

#[test]
fn in_a_steady_month() {
    let outcome = run(Scenario::SteadyMonth, Schedule::Indices, 1);
    assert_eq!(outcome.requests.len(), 30 * 24 * 60);
    assert!((1.15..1.17).contains(&outcome.mean()), "{}", outcome.mean());
    assert!(f64::from(outcome.peak()) <= 2.0 * outcome.mean(), "{} {}", outcome.peak(), outcome.mean());
    assert_eq!((outcome.lacked, outcome.too_many), (0, 0));
}

/// What is out of order comes on top: here and there a minute has a request or two more.
#[test]
fn in_a_month_of_ordinary_days() {
    let outcome = scenario::run(Scenario::Month, Schedule::Indices, Chain { days: 7, ..chain(1) });
    let above = outcome.requests.iter().filter(|count| f64::from(**count) > 2.0 * outcome.mean()).count();
    assert!(above * 200 < outcome.requests.len(), "{above}");
    assert!(outcome.peak() <= 5, "{}", outcome.peak());
    assert_eq!(outcome.too_many, 0);
    assert!(outcome.lacked < 3_600_000, "{}", outcome.lacked);
}

#[test]
fn the_same_seed_gives_the_same() {
    let outcomes = |seed| {
        let outcomes = [Scenario::PowerCut, Scenario::PowerCutAndOutage]
            .map(|scenario| (scenario, Schedule::Seeds, scenario::run(scenario, Schedule::Seeds, chain(seed))));
        (report::table(chain(seed), &outcomes, false), plot::svg(chain(seed), &outcomes))
    };
    assert_eq!(outcomes(1), outcomes(1));
    assert_ne!(outcomes(1), outcomes(2));
}
