//! The library beside others on the host: time as ratios, instructions as counts.
//!
//!     cargo bench --manifest-path benches/host/Cargo.toml [-- MODE]
//!
//! Without a mode everything is measured and printed. `write` keeps it in results.json too, which docs/footprint.md
//! shows. `figures` prints the instructions of pos-token alone, which check.py holds to budgets.json. `run WORK LIBRARY
//! TIMES` does one piece of work so often: that is what callgrind counts.

mod counted;
mod results;
mod timed;

use std::env;
use std::process::ExitCode;

use host_bench::{growth, workloads};

fn main() -> ExitCode {
    // What cargo itself says is no mode.
    let words: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [] => println!("{}", results::measure().text()),
        ["write"] => results::measure().write(),
        ["figures"] => println!("{}", results::figures()),
        ["run", work, library, times] => run(work, library, times.parse().expect("a number")),
        _ => {
            eprintln!("modes: none, write, figures, run WORK LIBRARY TIMES");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn run(work: &str, library: &str, times: u32) {
    let grown = growth().into_iter().flat_map(|series| series.works).map(|grown| grown.work);
    let work = workloads().into_iter().chain(grown).find(|known| known.name == work).expect("a work's name");
    let contender = work.contenders.iter().find(|known| known.library == library).expect("a library's name");
    let mut job = (contender.make)();
    for _ in 0..times {
        assert!(job(), "{library} gets {} wrong", work.name);
    }
}
