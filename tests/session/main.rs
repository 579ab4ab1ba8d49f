//! The session: what each event leads to, in every state of every provider; time; chains; restarts.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, missing_docs)]

#[path = "../tables/mod.rs"]
mod tables;

mod diagram;
mod edges;
mod failures;
mod random;
mod rejections;
mod rules;
mod stores;
mod till;
mod time;
mod writes;
