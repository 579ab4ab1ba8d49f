//! The programs of `tests/c`, linked against the static library. Skipped, with a line that says so, where there is no C
//! compiler; with `POS_TOKEN_REQUIRE_C=1` that is a failure.
#![cfg(all(unix, not(miri)))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::process::Command;

use support::{compiler, have, library, root, run, scratch};

fn programs() -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("tests/c")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        names.extend(name.strip_suffix(".c").map(str::to_string));
    }
    names.sort();
    assert!(names.len() >= 6, "{names:?}");
    names
}

/// Compiles each program, with further flags, and runs it.
fn run_all(test: &str, compiler_name: &str, standard: &str, flags: &[&str]) {
    if !have(compiler_name) {
        return;
    }
    let directory = scratch(test);
    for name in programs() {
        let program = directory.join(&name);
        let mut compile = compiler(compiler_name, standard);
        compile.args(["-g", "-o"]).arg(&program).args(flags).arg(root().join(format!("tests/c/{name}.c")));
        // What comes after the source is no source.
        compile.args(["-x", "none"]).arg(library());
        run(&mut compile);
        run(&mut Command::new(&program));
    }
}

#[test]
fn by_gcc() {
    run_all("gcc", "gcc", "-std=c99", &[]);
}

#[test]
fn by_gcc_with_short_enums_under_sanitizers() {
    run_all(
        "sanitized",
        "gcc",
        "-std=c11",
        &["-fshort-enums", "-fsanitize=address,undefined", "-fno-sanitize-recover"],
    );
}

#[test]
fn by_clang() {
    run_all("clang", "clang", "-std=c2x", &[]);
}

#[test]
fn every_function_is_called() {
    let header = support::header();
    let mut sources = String::new();
    for name in programs() {
        sources += &fs::read_to_string(root().join(format!("tests/c/{name}.c"))).unwrap();
    }
    let mut functions = 0;
    for line in header.lines().filter(|line| line.contains("pos_token_") && !line.starts_with([' ', '#', '/', '*'])) {
        let Some((declaration, _)) = line.split_once('(') else { continue };
        let name = declaration.rsplit([' ', '*']).next().unwrap();
        if name.starts_with("pos_token_") {
            functions += 1;
            assert!(sources.contains(&format!("{name}(")), "{name} is called in no program");
        }
    }
    assert!(functions > 50, "{functions}");
}
