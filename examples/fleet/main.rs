//! A chain of tills and its provider, simulated: `cargo run --release --example fleet -- --help`.
//!
//! `till.rs` is where the library is used; `world.rs` has the virtual clock, `server.rs` the provider, `scenario.rs`
//! what happens.

// A program on a desk may stop with a message where a library may not.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions, clippy::cast_precision_loss)]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
#![allow(missing_docs, missing_debug_implementations, unreachable_pub)]

mod args;
mod plot;
mod random;
mod report;
mod scenario;
mod server;
mod till;
mod world;

use std::process::ExitCode;

use scenario::Schedule;

/// A naive chain's requests grow with the square of its tills.
const MOST_NAIVE: u32 = 2000;

fn main() -> ExitCode {
    match args::read() {
        Ok(None) => print!("{}", args::HELP),
        Ok(Some(options)) => return run(&options),
        Err(complaint) => {
            eprintln!("fleet: {complaint}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn run(options: &args::Options) -> ExitCode {
    let chain = options.chain;
    let mut outcomes = Vec::new();
    for scenario in &options.scenarios {
        for schedule in Schedule::ALL {
            if schedule != Schedule::Naive || chain.tills <= MOST_NAIVE {
                outcomes.push((*scenario, schedule, scenario::run(*scenario, schedule, chain)));
            }
        }
    }
    if !options.markdown {
        println!("{} tills, {} log-ins a minute, seed {}\n", chain.tills, chain.limit, chain.seed);
    }
    print!("{}", report::table(chain, &outcomes, options.markdown));
    if let Some(file) = &options.svg
        && let Err(error) = std::fs::write(file, plot::svg(chain, &outcomes))
    {
        eprintln!("fleet: {}: {error}", file.display());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
