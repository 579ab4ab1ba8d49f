//! What a session answers, in C's form.

use core::mem::MaybeUninit;

use pos_token_core::session::{LastKnown, Step, TokenInUse};

use crate::clock::{POS_TOKEN_UNKNOWN, pos_token_clock, seconds};
use crate::jwt::{pos_token_claims, pos_token_unverified_claims};
use crate::request::pos_token_request;
use crate::span::pos_token_span;
use crate::store::Store;
use crate::vocabulary::pos_token_step_kind;

/// A token that may be used now.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_in_use {
    /// The access token, in the store's buffer, for pos_token_authorization_write_at(). Good until the store is used for
    /// another answer or wiped.
    pub access_token: pos_token_span,
    /// Counts the tokens; pos_token_session_rejected() wants it back.
    pub generation: u32,
    /// For how many seconds the token is good; POS_TOKEN_UNKNOWN where nothing tells: until the API answers 401.
    pub good_for: u32,
    /// After how many seconds at the latest pos_token_session_next() has something else to say.
    pub next_in: u32,
    /// The token's refresh token could not be saved: once this token is used, and if the power goes before another one
    /// is saved, the till has to log in again.
    pub unsaved: bool,
    /// Private.
    pub reserved: [u8; 3],
}

impl pos_token_in_use {
    const NONE: Self = Self {
        access_token: pos_token_span::ABSENT,
        generation: 0,
        good_for: 0,
        next_in: 0,
        unsaved: false,
        reserved: [0; 3],
    };

    /// With the token by the caller's own pointer.
    pub(crate) fn of(token: &TokenInUse<'_>, own: Store) -> Self {
        Self {
            access_token: own.found(Some(token.authorization.token().expose())),
            generation: token.generation,
            good_for: token.good_for.unwrap_or(POS_TOKEN_UNKNOWN),
            next_in: token.next_in,
            unsaved: token.unsaved,
            reserved: [0; 3],
        }
    }
}

/// What a till does now. What does not belong to its kind is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_step {
    /// POS_TOKEN_STEP_USE: the token.
    pub token: pos_token_in_use,
    /// One of pos_token_step_kind.
    pub kind: u32,
    /// POS_TOKEN_STEP_SEND: what the exchange is for, one of pos_token_purpose. Until it is made, and while it is,
    /// pos_token_session_token() tells whether there is a token to use.
    pub purpose: u32,
    /// POS_TOKEN_STEP_WAIT: for how many seconds, 1 or more. Asking again earlier does no harm.
    pub seconds: u32,
    /// POS_TOKEN_STEP_WAIT: what for, one of pos_token_wait_reason. POS_TOKEN_STEP_STOP: why, one of
    /// pos_token_stop_reason.
    pub reason: u32,
    /// POS_TOKEN_STEP_STOP: one of pos_token_status_code, which a cashier can read out over the phone.
    pub short_code: u32,
    /// POS_TOKEN_STEP_NEED_CODE: which code, one of pos_token_code_kind.
    pub code: u32,
    /// POS_TOKEN_STEP_NEED_CODE: whether a log-in waits for it. Without one, the code for a second factor is asked of the
    /// provider first: pos_token_session_begin() then makes a log-in, whatever it is given.
    pub pending: bool,
    /// Private.
    pub reserved: [u8; 7],
}

impl pos_token_step {
    pub(crate) const NONE: Self = Self {
        token: pos_token_in_use::NONE,
        kind: 0,
        purpose: 0,
        seconds: 0,
        reason: 0,
        short_code: 0,
        code: 0,
        pending: false,
        reserved: [0; 7],
    };

    /// Made in its place.
    #[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
    pub(crate) fn write(step: &Step<'_>, own: Store, place: &mut MaybeUninit<Self>) {
        use pos_token_step_kind as K;
        let answer = place.write(Self::NONE);
        let kind = match *step {
            Step::Use(token) => {
                answer.token = pos_token_in_use::of(&token, own);
                K::POS_TOKEN_STEP_USE
            }
            Step::Send(purpose) => {
                answer.purpose = purpose as u32;
                K::POS_TOKEN_STEP_SEND
            }
            Step::Save => K::POS_TOKEN_STEP_SAVE,
            Step::Wait { seconds, reason } => {
                answer.seconds = seconds;
                answer.reason = reason as u32;
                K::POS_TOKEN_STEP_WAIT
            }
            Step::NeedCode(needed) => {
                answer.code = needed.kind as u32;
                answer.pending = needed.pending;
                K::POS_TOKEN_STEP_NEED_CODE
            }
            Step::Stop(stop) => {
                answer.reason = stop.reason as u32;
                answer.short_code = stop.code.into();
                K::POS_TOKEN_STEP_STOP
            }
        };
        answer.kind = kind as u32;
    }
}

/// An exchange that was begun.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_begun {
    /// What to send: for pos_token_exchange_*(), or any of pos_token_request_*(). It points at the credentials that
    /// were given, and at the session's store.
    pub request: pos_token_request,
    /// Its number, for pos_token_session_accept() and pos_token_session_failed().
    pub number: u32,
    /// What it is for, one of pos_token_purpose; pos_token_answer_init() has to be told.
    pub purpose: u32,
}

/// What is known of the last token that was granted, while it is good and afterwards. What a till may still do with
/// that is the caller's to decide.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_last_known {
    /// When its request was begun, in seconds since 1970-01-01T00:00:00Z; 0 where the time was not known.
    pub granted_at: i64,
    /// When it ends or ended; 0 where that is not known.
    pub expires_at: i64,
    /// What the time is, and how far that can be trusted.
    pub clock: pos_token_clock,
    /// The token's claims, where `has_claims` says so. Nobody has verified them here.
    pub claims: pos_token_unverified_claims,
    /// The token's generation.
    pub generation: u32,
    /// How many seconds ago its request was begun; POS_TOKEN_UNKNOWN after a boot without a clock.
    pub age: u32,
    /// Whether the API refused it.
    pub rejected: bool,
    /// Whether the token is in the store and is a JWT.
    pub has_claims: bool,
    /// Private.
    pub reserved: [u8; 6],
}

impl pos_token_last_known {
    const NONE: Self = Self {
        granted_at: 0,
        expires_at: 0,
        clock: pos_token_clock { time: 0, error: 0, origin: 0 },
        claims: pos_token_unverified_claims { claims: pos_token_claims::NONE },
        generation: 0,
        age: 0,
        rejected: false,
        has_claims: false,
        reserved: [0; 6],
    };

    /// Made in its place, member by member, with the claims by the caller's own pointer.
    pub(crate) fn write(known: &LastKnown<'_>, own: Store, place: &mut MaybeUninit<Self>) {
        let answer = place.write(Self::NONE);
        answer.granted_at = seconds(known.granted_at);
        answer.expires_at = seconds(known.expires_at);
        answer.clock = pos_token_clock::of(known.clock);
        answer.generation = known.generation;
        answer.age = known.age.unwrap_or(POS_TOKEN_UNKNOWN);
        answer.rejected = known.rejected;
        if let Some(claims) = &known.claims {
            let told = &mut answer.claims.claims;
            *told = pos_token_claims::of(claims);
            told.payload = own.own(told.payload);
            answer.has_claims = true;
        }
    }
}
