//! Access tokens for points of sale.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::as_conversions, clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss))]

#[cfg(test)]
extern crate std;

mod buffer;
pub mod http;
pub mod time;

pub use buffer::BufferTooSmall;
