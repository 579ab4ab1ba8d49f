//! Token requests and their answers, in the terms of RFC 6749.

mod answer;
mod authorization;
mod credentials;
mod exchange;
mod request;

pub use answer::{
    Answer, AnswerError, AnswerReader, AnswerState, Code, DEFAULT_BODY_LIMIT, Denied, ErrorCode, Expiry, Grant, Keep, Outcome,
    Progress, RefreshToken, ServerTime,
};
pub use authorization::Authorization;
pub use credentials::Credentials;
#[cfg(feature = "async")]
pub use exchange::exchange_async;
pub use exchange::{ExchangeError, TokenExchange};
pub use request::{RequestError, TokenRequest};
