//! Links the board's start-up code, which the makefile builds, by the board's linker script.

use std::env::var;

fn main() {
    let (Ok(folder), Ok(board), Ok(objects)) = (var("CARGO_MANIFEST_DIR"), var("TILL_BOARD"), var("TILL_OBJECTS"))
    else {
        panic!("TILL_BOARD and TILL_OBJECTS are not set: build with make -C examples/cortex-m");
    };
    println!("cargo::rerun-if-env-changed=TILL_BOARD");
    println!("cargo::rerun-if-env-changed=TILL_OBJECTS");
    println!("cargo::rerun-if-changed={folder}/../board");
    println!("cargo::rerun-if-changed={objects}/libboard.a");
    println!("cargo::rustc-link-search={objects}");
    println!("cargo::rustc-link-arg=-L{folder}/../board");
    println!("cargo::rustc-link-arg=-T{board}.ld");
}
