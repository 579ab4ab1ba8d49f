//! pos-token: access tokens for points of sale.
//!
//! Gets bearer tokens from loyalty-program APIs and checks them. No heap, no I/O, no clock, no global state: bytes in,
//! bytes out. It answers a till's four questions, and each step can be used alone:
//!
//! - what do I send: pos_token_request_body(), pos_token_request_http(), pos_token_request_http_at();
//! - what came back: pos_token_answer_init(), pos_token_answer_feed(), pos_token_answer_finish();
//!   both at once over a connection: pos_token_exchange_run(), pos_token_exchange_run_checked();
//! - can I trust it: pos_token_jwt_verify(), or pos_token_jwt_peek() without a key, for scheduling only;
//! - what do I do now: the `verdict` of a pos_token_result, and pos_token_status_verdict() of an error. Or let a session
//!   decide, over boots, power cuts and outages: pos_token_session_next().
//!
//! **Names.** Functions are `pos_token_<noun>_<verb>`. Inputs come before outputs. Enumerations are passed as `uint32_t`
//! and stand in tables as `uint8_t`, so that no compiler's choice of their size matters; 0 is none of their values.
//!
//! **Errors.** Every function that can fail returns a pos_token_status, 0 of which is success. What it returns in which
//! case stands with it, and with each of pos_token_status_code stands which functions return it. A result is written in
//! success only. The one exception: where a buffer is too small, POS_TOKEN_BUFFER_TOO_SMALL is returned and `*out_len`
//! holds how much is needed; `NULL` with a length of 0 asks just that.
//!
//! **NULL.** An absent text is a span of NULL and 0; one that is not NULL and has the length 0 is empty. Where NULL is
//! allowed it is said so; anywhere else it is POS_TOKEN_NULL_POINTER. No wrong pointer of that kind, no length, number
//! or order of calls is undefined behaviour; a pointer to memory that is not there is, as everywhere in C.
//!
//! **Memory.** All of it is the caller's. Types are complete, to be placed anywhere; members marked private are not to
//! be touched. There is nothing to release, and for what holds secrets there is a `…_wipe`. Input and output must not
//! overlap, which is POS_TOKEN_OVERLAP. A buffer that turned out too small may have been cleared.
//!
//! **Lifetime.** What is passed to a function is used until it returns, and what it only reads must not change before
//! that, not even in a callback. Six things are kept longer, by address: a store keeps its buffer, an answer its
//! provider and its store, a session its provider, its policy and its store, an exchange that it began the credentials,
//! claims their token, and a table what it points at. A provider that is kept must not change meanwhile, nor anything
//! that it points at: it is looked at once, and then relied on. No object points into itself, so it may be copied
//! before it is used. Spans that come out of a store are good until it is used for another answer or wiped.
//!
//! **Threads, interrupts, re-entrancy.** Functions keep no state of their own: calls on distinct objects may run at
//! once, in threads, in interrupts and inside of callbacks. One object is for one call at a time. Constant objects, such
//! as providers, can be shared.
//!
//! **Blocking.** Only pos_token_exchange_run(), pos_token_exchange_run_checked(), pos_token_request_http_write(),
//! pos_token_jwt_verify_mac(), pos_token_session_restore() and pos_token_session_save() can, and only inside of the
//! caller's callbacks. A callback must return; it must not leave by `longjmp` or an exception.
//!
//! **Secrets.** Wipe your own copies with pos_token_wipe(). What this library writes to a scratch buffer, to the back of
//! a store and, in work on keys, to the stack it wipes itself.
//!
//! **Porting.** Firmware supplies a connection that reads and writes, TLS as a rule; the time, where it has a clock; and
//! `memcpy`, `memmove`, `memset` and `memcmp`, which the library brings where the C library does not. Nothing else.
//!
//! \code
//! static uint8_t token_memory[1024];
//! static pos_token_store tokens;
//!
//! // Over a connection to api.loyalty.dog; false: see the verdict, or call the operator.
//! bool till_log_in(pos_token_transport *tls, pos_token_span user, pos_token_span password) {
//!     uint8_t scratch[128];
//!     pos_token_result result;
//!     pos_token_credentials credentials = POS_TOKEN_ZERO;
//!     pos_token_endpoint endpoint = POS_TOKEN_ZERO;
//!     pos_token_request request = POS_TOKEN_ZERO;
//!
//!     if (pos_token_store_init(&tokens, token_memory, sizeof token_memory) != POS_TOKEN_OK) {
//!         return false;
//!     }
//!     credentials.username = user;
//!     credentials.password = password;
//!     endpoint.host = pos_token_text("api.loyalty.dog");
//!     request.provider = &POS_TOKEN_LOYALTY_DOG;
//!     request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
//!     request.credentials = &credentials;
//!     return pos_token_exchange_run(&request, &endpoint, tls, NULL, &tokens, scratch, sizeof scratch,
//!                                   &result) == POS_TOKEN_OK &&
//!            result.verdict == POS_TOKEN_VERDICT_USE;
//! }
//! \endcode

// Up to here the front page is the header's too. This crate is read through include/pos_token.h, which a test writes.
#![cfg_attr(target_os = "none", no_std)]
// Types, constants and statics have their names in C.
#![allow(non_camel_case_types)]
// A heading of that kind would stand in the header; the front page has the contract of all functions.
#![allow(clippy::missing_safety_doc)]

#[cfg(all(target_os = "none", not(sha2_backend_soft = "compact"), not(pos_token_fast_sha512)))]
compile_error!(
    "SHA-512 would take 30 KB of flash instead of 2.7 KB. Build with --cfg 'sha2_backend_soft=\"compact\"' among the \
     rustflags of the target: .cargo/config.toml has it, and RUSTFLAGS in the environment replaces that whole list, so \
     repeat it there. Where the large and faster one is wanted, say so with --cfg pos_token_fast_sha512."
);

pub mod answer;
pub mod clock;
pub mod exchange;
pub mod jwt;
pub mod policy;
pub mod provider;
pub mod record;
pub mod request;
pub mod session;
pub mod span;
pub mod status;
pub mod step;
pub mod store;
pub mod tools;

mod abi;
mod known;
#[cfg(all(test, not(miri)))]
extern crate pos_token_core as pos_token;
#[cfg(test)]
mod tests;
#[cfg(all(test, not(miri)))]
use tests::{tables, till};
pub mod vocabulary;

/// Never called: nothing here panics, and where the library is linked there is no panic to be found. The compiler asks
/// for one all the same.
#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
