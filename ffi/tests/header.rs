//! `include/pos_token.h` is what cbindgen writes from `ffi/src`. To write it anew:
//! `POS_TOKEN_WRITE_HEADER=1 cargo test -p pos-token-ffi --test header`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::env;
use std::fs;
use std::path::Path;

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
