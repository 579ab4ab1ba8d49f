#![doc = include_str!("../README.md")]
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
pub mod dialect;
mod error;
mod form;
pub mod http;
pub mod json;
pub mod jwt;
mod oauth;
pub mod provider;
mod secret;
pub mod session;
mod store;
pub mod time;
#[cfg(test)]
mod trial;
mod utf8;
mod words;

pub use buffer::BufferTooSmall;
/// The traits of the transports, in the version that is used here.
pub use embedded_io;
#[cfg(feature = "async")]
pub use embedded_io_async;
pub use error::{Error, TransportFailed, Verdict};
pub use http::Endpoint;
pub use oauth::*;
pub use secret::Secret;
#[doc(hidden)]
pub use store::Slot;
pub use store::{StoreState, TokenStore};
/// The one check of texts, so that the C interface links no other.
#[doc(hidden)]
pub use utf8::is_utf8;
