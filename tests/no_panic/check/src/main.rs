//! Links the firmware for a Cortex-M4F and shows that nothing in it can panic.
//!
//!     cargo run -p check [-- extra arguments for cargo build]
//!
//! The firmware's panic handler calls a function that is not defined, so that a program with a panic in it does not
//! link. First this is shown to work, with a firmware that panics on purpose; then the real one must link at every
//! optimization level, hold the library's own functions, and none of the panicking or formatting ones.

use std::process::{Command, ExitCode};

use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};

const TARGET: &str = "thumbv7em-none-eabihf";
const HANDLER: &str = "pos_token_linked_a_panic";
const LEVELS: [&str; 3] = ["s", "2", "3"];

/// Parts of the library that have to be in the program, or the check looks at something else.
const EXPECTED: [&str; 7] = [
    "pos_token::oauth::reader::AnswerState",
    "pos_token::oauth::request::TokenRequest",
    "pos_token::json::reader::Reader",
    "pos_token::http::response::ResponseReader",
    "pos_token::jwt::",
    "pos_token::session::",
    "pos_token::time::",
];

/// What must not be there.
const FORBIDDEN: [&str; 9] = [
    "panic",
    "core::fmt",
    "unwrap_failed",
    "expect_failed",
    "slice_index",
    "slice_start_index",
    "slice_end_index",
    "len_mismatch",
    "rust_begin_unwind",
];

/// The linked program, or what the compiler and the linker said.
fn link(level: &str, features: &[&str], extra: &[String]) -> Result<Vec<u8>, String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(folder).args(["build", "--release", "-p", "firmware", "--target", TARGET]).args(extra);
    if !features.is_empty() {
        command.args(["--features", &features.join(",")]);
    }
    // One folder for each, so that no level's program can be taken for another's.
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| format!("{folder}/target"));
    // As this program sees it: cargo runs in another folder.
    let target = std::path::absolute(&target).map_err(|error| error.to_string())?;
    let target = target.join(format!("no-panic-{level}{}", features.concat()));
    command.env("CARGO_TARGET_DIR", &target).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level);
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    std::fs::read(target.join(TARGET).join("release/firmware")).map_err(|error| error.to_string())
}

fn check(level: &str, extra: &[String]) -> Result<String, String> {
    let program = link(level, &[], extra).map_err(|output| match output.contains(HANDLER) {
        true => format!("something can panic, so the firmware does not link:\n{output}"),
        false => format!("the firmware cannot be built:\n{output}"),
    })?;
    let file = object::File::parse(&*program).map_err(|error| error.to_string())?;
    let names: Vec<String> = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition())
        .filter_map(|symbol| Some(format!("{:#}", rustc_demangle::demangle(symbol.name().ok()?))))
        .collect();
    for expected in EXPECTED {
        if !names.iter().any(|name| name.contains(expected)) {
            return Err(format!("{expected} is not in the program: this check looks at something else\n{names:#?}"));
        }
    }
    let panics: Vec<&String> =
        names.iter().filter(|name| FORBIDDEN.iter().any(|forbidden| name.contains(forbidden))).collect();
    if !panics.is_empty() {
        return Err(format!("linked, although nothing should panic or format: {panics:#?}"));
    }
    let size = |name: &str| file.section_by_name(name).map_or(0, |section| section.size());
    let ours = names.iter().filter(|name| name.contains("pos_token")).count();
    Ok(format!(".text {} bytes, {} functions, {ours} of them the library's", size(".text"), names.len()))
}

fn main() -> ExitCode {
    let extra: Vec<String> = std::env::args().skip(1).collect();
    let mut failed = false;
    match link("s", &["introduce_panic"], &extra) {
        Err(output) if output.contains(HANDLER) => println!("a panic on purpose: found"),
        Err(output) => {
            failed = true;
            println!("a panic on purpose: the firmware cannot be built:\n{output}");
        }
        Ok(_) => {
            failed = true;
            println!("a panic on purpose: NOT found, so this check shows nothing");
        }
    }
    for level in LEVELS {
        match check(level, &extra) {
            Ok(summary) => println!("opt-level {level}: no panic; {summary}"),
            Err(error) => {
                failed = true;
                println!("opt-level {level}: {error}");
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
