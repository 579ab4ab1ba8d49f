//! Access tokens for points of sale.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss
    )
)]

#[cfg(test)]
extern crate std;

pub mod base64url;
mod buffer;
pub mod json;
pub mod jwt;
mod secret;
pub mod time;

pub use buffer::BufferTooSmall;
pub use secret::Secret;
