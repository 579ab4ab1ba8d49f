//! Power cuts: at every step of an exchange, in the erase and in every program unit of every save, one after another.
//! The till always comes back with a token that the server takes, and logs in no more often than it has to.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs, unreachable_pub)]

#[path = "../interop_support/doorkeeper.rs"]
#[allow(dead_code)]
mod doorkeeper;
#[path = "../../examples/flash/main.rs"]
#[allow(dead_code)]
mod program;
#[path = "../tables/mod.rs"]
mod tables;

mod cuts;
mod example;
mod flash;
mod model;
mod table;
mod till;
