//! `include/pos_token.h` is what cbindgen writes from `ffi/src`. To write it anew:
//! `POS_TOKEN_WRITE_HEADER=1 cargo test -p pos-token-ffi --test header`. And it is what it says that it is: compiled by
//! every compiler that there is, every example in it too.
#![cfg(not(miri))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::env;
use std::fs;
use std::path::Path;

use support::{C_STANDARDS, COMPILERS, CPP_STANDARDS, compiler, have, run, scratch};

/// Behind the declarations: what only C can say.
const TRAILER: &str = include_str!("../header_end.h");

/// The module's front page, as one comment.
fn front_page(lib: &str) -> String {
    let mut page = String::from("/**\n * \\file pos_token.h\n *\n");
    for line in lib.lines().map_while(|line| line.strip_prefix("//!")) {
        page += &format!(" *{line}\n");
    }
    page + " *\n * Written by cbindgen from the library's source: do not edit.\n */\n\n#ifndef POS_TOKEN_H\n#define POS_TOKEN_H"
}

fn header() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let lib = fs::read_to_string(root.join("src/lib.rs")).unwrap();
    config.header = Some(front_page(&lib));
    config.trailer = Some(format!("{TRAILER}\n#endif // POS_TOKEN_H"));
    let bindings = cbindgen::Builder::new().with_crate(root).with_config(config).generate().unwrap();
    let mut text = Vec::new();
    bindings.write(&mut text);
    String::from_utf8(text).unwrap()
}

#[test]
fn the_committed_header_is_the_sources() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/pos_token.h");
    let header = header();
    if env::var_os("POS_TOKEN_WRITE_HEADER").is_some() {
        fs::write(&path, &header).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == header, "include/pos_token.h differs from ffi/src: see the top of ffi/tests/header.rs");
}

/// Compiles a text in every way that the header promises.
fn compiles(test: &str, text: &str, further: &[&str]) {
    let directory = scratch(test);
    for compiler_name in COMPILERS {
        if !have(compiler_name) {
            continue;
        }
        for standard in C_STANDARDS.iter().chain(&CPP_STANDARDS) {
            for enums in ["-fno-short-enums", "-fshort-enums"] {
                let source = directory.join(format!("{test}.c"));
                fs::write(&source, text).unwrap();
                let mut compile = compiler(compiler_name, standard);
                compile.args(further).args([enums, "-c", "-o"]).arg(directory.join("object.o")).arg(&source);
                run(&mut compile);
            }
        }
    }
}

#[test]
fn compiles_everywhere() {
    compiles("header", "#include \"pos_token.h\"\n#include \"pos_token.h\"\nextern int nothing;\nint nothing;\n", &[]);
}

/// The texts between `\code` and `\endcode`.
fn examples(header: &str) -> Vec<String> {
    let mut examples = Vec::new();
    for block in header.split("\\code\n").skip(1) {
        let (code, _) = block.split_once(" * \\endcode").expect("every example ends");
        let lines = code.lines().map(|line| line.strip_prefix(" *").expect("every line stands in the comment"));
        examples.push(lines.map(|line| format!("{line}\n")).collect());
    }
    examples
}

#[test]
fn every_example_compiles() {
    let examples = examples(&support::header());
    assert!(examples.len() >= 10, "{}", examples.len());
    for (index, example) in examples.iter().enumerate() {
        let text = format!("#include \"pos_token.h\"\n{example}");
        let allowed = ["-Wno-unused-function", "-Wno-unused-variable"];
        compiles(&format!("example_{index}"), &text, &allowed);
    }
}

/// The two lists of sizes are one.
#[test]
fn both_sides_prove_the_same_sizes() {
    let list = |text: &str, start: &str, end: &str| -> Vec<String> {
        let rows = text.lines().filter_map(|line| line.trim().strip_prefix(start)?.strip_suffix(end));
        rows.map(|row| row.replace("POS_TOKEN_P", "P")).collect()
    };
    let rust = fs::read_to_string(support::root().join("ffi/src/abi.rs")).unwrap();
    let rust: Vec<String> = rust
        .lines()
        .filter_map(|line| line.trim().strip_suffix(';')?.split_once("::pos_token_"))
        .map(|(_, row)| format!("pos_token_{row}"))
        .collect();
    let c = list(&support::header(), "POS_TOKEN_SIZE(", ");");
    assert_eq!(c.first().unwrap(), "size_t, P");
    assert_eq!(c.get(1).unwrap(), "bool, 1");
    assert_eq!(c.get(2..).unwrap(), rust);
    let structures = support::header().matches("\ntypedef struct ").count();
    assert_eq!(rust.len(), structures);
}
