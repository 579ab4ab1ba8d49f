//! C compilers, as far as there are any.
#![allow(dead_code)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn header() -> String {
    fs::read_to_string(root().join("include/pos_token.h")).unwrap()
}

/// A directory for this test's files.
pub(crate) fn scratch(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// Whether there is such a program; a missing one is said, and an error where `POS_TOKEN_REQUIRE_C` is 1.
pub(crate) fn have(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        assert!(env::var_os("POS_TOKEN_REQUIRE_C").is_none_or(|value| value != "1"), "{program} is missing");
        eprintln!("skipped: {program} is missing");
    }
    found
}

/// What the header and every C program here has to pass.
pub(crate) const WARNINGS: [&str; 6] = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"];

/// What compiles C, its standards, and C++, its standards.
pub(crate) const C_STANDARDS: [&str; 3] = ["-std=c99", "-std=c11", "-std=c2x"];
pub(crate) const CPP_STANDARDS: [&str; 2] = ["-std=c++11", "-std=c++20"];
pub(crate) const COMPILERS: [&str; 3] = ["gcc", "clang", "arm-none-eabi-gcc"];

/// A compiler, set to these standards and warnings.
pub(crate) fn compiler(name: &str, standard: &str) -> Command {
    let mut command = Command::new(name);
    command.args(["-x", if CPP_STANDARDS.contains(&standard) { "c++" } else { "c" }, standard]).args(WARNINGS);
    if C_STANDARDS.contains(&standard) {
        command.arg("-Wstrict-prototypes");
    }
    command.arg("-I").arg(root().join("include"));
    command
}

/// Runs it, and shows what it says where it fails.
pub(crate) fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{said}\n{}", String::from_utf8_lossy(&output.stdout));
}

/// The static library, built by the cargo that runs this test.
pub(crate) fn library() -> PathBuf {
    static BUILT: Once = Once::new();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--package", "pos-token-ffi", "--lib", "--message-format", "json"]).current_dir(root());
    let output = build.output().unwrap();
    BUILT.call_once(|| assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)));
    let said = String::from_utf8(output.stdout).unwrap();
    let path = said.split('"').rfind(|text| text.ends_with("libpos_token.a"));
    PathBuf::from(path.expect("cargo names the library"))
}
