//! Time, as ratios: contenders take turns, so that what else the machine does meets all of them.

use std::time::{Duration, Instant};

use host_bench::{Job, Work};

const ROUNDS: usize = 301;
/// How long one contender's turn takes.
const TURN: Duration = Duration::from_micros(100);

/// Nanoseconds of one call of the first contender, and how much longer each takes than the first: medians.
pub fn time(work: &Work) -> (f64, Vec<f64>) {
    let mut jobs: Vec<(Job, u32)> = work.contenders.iter().map(|contender| calibrated((contender.make)())).collect();
    let mut rounds: Vec<Vec<f64>> = Vec::new();
    for round in 0..ROUNDS {
        let mut took = vec![0.0; jobs.len()];
        // Each starts in turn, so that nobody is always behind the same other.
        for at in 0..jobs.len() {
            let at = (at + round) % jobs.len();
            let (job, times) = &mut jobs[at];
            took[at] = turn(job, *times).as_secs_f64() / f64::from(*times) * 1e9;
        }
        rounds.push(took);
    }
    let ratios = (0..jobs.len()).map(|at| median(rounds.iter().map(|took| took[at] / took[0]).collect())).collect();
    (median(rounds.iter().map(|took| took[0]).collect()), ratios)
}

/// A job, warmed up, and how often it runs in a turn.
fn calibrated(mut job: Job) -> (Job, u32) {
    let mut times = 1;
    while turn(&mut job, times) < TURN {
        times *= 2;
    }
    (job, times)
}

fn turn(job: &mut Job, times: u32) -> Duration {
    let start = Instant::now();
    let mut is_right = true;
    for _ in 0..times {
        is_right &= job();
    }
    let took = start.elapsed();
    assert!(is_right, "a result is wrong");
    took
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
