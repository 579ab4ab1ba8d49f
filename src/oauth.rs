//! Token requests and their answers, in the terms of RFC 6749.

mod answer;
mod authorization;
mod basic;
mod check;
mod credentials;
mod exchange;
mod reader;
mod request;
mod request_error;

pub use answer::{
    Answer, AnswerError, Code, Denied, ErrorCode, Expiry, Grant, MemberFault, Outcome, RefreshToken, ServerTime,
};
pub use authorization::Authorization;
pub use check::{DialectError, check_dialect};
pub(crate) use credentials::OrStored;
pub use credentials::{Credentials, Fields};
#[doc(hidden)]
pub use exchange::MIN_SCRATCH;
pub use exchange::{ExchangeError, TokenExchange};
pub use reader::{AnswerOptions, AnswerReader, AnswerState, Progress};
pub use request::TokenRequest;
pub use request_error::RequestError;
