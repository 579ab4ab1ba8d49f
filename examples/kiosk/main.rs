//! Gets access tokens for points of sale, and checks them: `cargo run --example kiosk -- --help`.
//!
//! `till.rs` is where the library is used; around it stand options, sockets and the report.
//! Without arguments, `demo.rs` goes through everything with servers of its own.

// A program on a desk may stop with a message where a library may not.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)]
#![allow(missing_docs, missing_debug_implementations, unreachable_pub)]

mod args;
mod demo;
mod log_in;
mod report;
mod server;
mod session;
mod till;
mod trace;
mod transport;

use std::process::ExitCode;

use args::Command;
use report::Exit;

fn main() -> ExitCode {
    let exit = args::read().and_then(|command| match command {
        Command::Help => {
            report::print(args::HELP.trim_end());
            Ok(Exit::Good)
        }
        Command::Demo { trace, timeout } => demo::run(timeout, trace),
        Command::LogIn(options) => log_in::run(&options),
    });
    let exit = exit.unwrap_or_else(|complaint| {
        eprintln!("kiosk: {complaint}");
        Exit::Usage
    });
    ExitCode::from(exit as u8)
}
