//! The numbers that travel between C and the core: as `uint32_t` into functions, as `uint8_t` in tables. They are the
//! core's own, which is proven here for each; 0 is none of them.

use pos_token_core::Verdict;
use pos_token_core::dialect::{Answers, ClientAuth, Encoding, Field, Meaning, Method, MissingZone, Purpose, Rotation};
use pos_token_core::http::{Connection, Scheme};
use pos_token_core::session::{ClockOrigin, CodeKind, Keep, Rejection, StopReason, WaitReason};

/// What a request is for.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_purpose {
    /// Get a token with credentials.
    POS_TOKEN_PURPOSE_LOG_IN = 1,
    /// Get a new token with a refresh token.
    POS_TOKEN_PURPOSE_REFRESH = 2,
    /// The second step of a log-in: the pending token and a code.
    POS_TOKEN_PURPOSE_VERIFY_CODE = 3,
    /// Declare a token void (RFC 7009). The built-in providers send the refresh token where there is one, else the access
    /// token. What was declared void stays in the store: wipe it.
    POS_TOKEN_PURPOSE_REVOKE = 4,
    /// End what the provider holds of this user's sessions.
    POS_TOKEN_PURPOSE_LOG_OUT = 5,
}

/// What a caller can supply for a request: the members of pos_token_credentials, in their order.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_field {
    /// The resource owner's name.
    POS_TOKEN_FIELD_USERNAME = 1,
    /// The resource owner's password.
    POS_TOKEN_FIELD_PASSWORD = 2,
    /// The client's identifier.
    POS_TOKEN_FIELD_CLIENT_ID = 3,
    /// The client's password.
    POS_TOKEN_FIELD_CLIENT_SECRET = 4,
    /// The device that was linked to a consumer.
    POS_TOKEN_FIELD_LINKED_DEVICE_ID = 5,
    /// The PIN that linked it.
    POS_TOKEN_FIELD_PIN = 6,
    /// The access that is asked for.
    POS_TOKEN_FIELD_SCOPE = 7,
    /// The refresh token in use.
    POS_TOKEN_FIELD_REFRESH_TOKEN = 8,
    /// The access token in use.
    POS_TOKEN_FIELD_ACCESS_TOKEN = 9,
    /// The token of a log-in whose code is still missing.
    POS_TOKEN_FIELD_PENDING_TOKEN = 10,
    /// That code.
    POS_TOKEN_FIELD_CODE = 11,
    /// The store, in a path.
    POS_TOKEN_FIELD_STORE_CODE = 12,
    /// For a provider of one's own.
    POS_TOKEN_FIELD_CUSTOM_1 = 13,
    /// For a provider of one's own.
    POS_TOKEN_FIELD_CUSTOM_2 = 14,
    /// For a provider of one's own.
    POS_TOKEN_FIELD_CUSTOM_3 = 15,
    /// For a provider of one's own.
    POS_TOKEN_FIELD_CUSTOM_4 = 16,
}

/// A request's method.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_method {
    /// `GET`, without a body.
    POS_TOKEN_METHOD_GET = 1,
    /// `POST`, with a body.
    POS_TOKEN_METHOD_POST = 2,
}

/// How a request's parameters are written.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_encoding {
    /// `application/x-www-form-urlencoded`.
    POS_TOKEN_ENCODING_FORM = 1,
    /// A JSON object of strings.
    POS_TOKEN_ENCODING_JSON = 2,
}

/// How a request proves who sends it.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_client_auth {
    /// By its parameters, if at all.
    POS_TOKEN_CLIENT_AUTH_BODY = 1,
    /// `Authorization: Basic` of client id and client secret (RFC 6749 section 2.3.1).
    POS_TOKEN_CLIENT_AUTH_BASIC = 2,
    /// `Authorization` with the access token, in the provider's scheme.
    POS_TOKEN_CLIENT_AUTH_BEARER = 3,
}

/// What a successful answer brings.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_answers {
    /// A token.
    POS_TOKEN_ANSWERS_TOKENS = 1,
    /// Nothing: the status says it all.
    POS_TOKEN_ANSWERS_NOTHING = 2,
}

/// Where a parameter's value comes from.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_value {
    /// The table: the parameter's `literal`.
    POS_TOKEN_VALUE_LITERAL = 1,
    /// The caller, who has to give it, and not empty.
    POS_TOKEN_VALUE_REQUIRED = 2,
    /// The caller; left out where it is not given.
    POS_TOKEN_VALUE_OPTIONAL = 3,
}

/// What the value of an answer's member means. `null` always means that the member is absent.
///
/// Tokens, lifetimes and flags are strict: another type is an error. The others are hints: another type is ignored.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_meaning {
    /// The access token: a string.
    POS_TOKEN_MEANING_ACCESS_TOKEN = 1,
    /// The refresh token: a string; an empty one is absent.
    POS_TOKEN_MEANING_REFRESH_TOKEN = 2,
    /// The token of a log-in whose code is still missing: a string; an empty one is absent.
    POS_TOKEN_MEANING_PENDING_TOKEN = 3,
    /// How many seconds the token is good for: a number, rounded down, or a string of digits; up to 2^32 - 1.
    POS_TOKEN_MEANING_EXPIRES_IN = 4,
    /// When the token expires: a string by RFC 3339, or a number of seconds since 1970.
    POS_TOKEN_MEANING_EXPIRES_AT = 5,
    /// Whether the request succeeded: a boolean; absent means yes.
    POS_TOKEN_MEANING_SUCCEEDED = 6,
    /// Whether a code is still missing: a boolean.
    POS_TOKEN_MEANING_MFA_PENDING = 7,
    /// Hint: the token's type. A string other than the provider's scheme, case aside, is an error, since a token of
    /// another type could not be used.
    POS_TOKEN_MEANING_TOKEN_TYPE = 8,
    /// Hint: the access that was granted: a string, kept where POS_TOKEN_KEEP_SCOPE asks for it.
    POS_TOKEN_MEANING_SCOPE = 9,
    /// Hint: when the server issued the token: seconds since 1970 as a number or a string of digits.
    POS_TOKEN_MEANING_ISSUED_AT = 10,
    /// Hint: why the server refuses: a code of RFC 6749 section 5.2 or one of its own, a string or a number.
    POS_TOKEN_MEANING_ERROR_CODE = 11,
    /// Hint: the same for people: a string, kept where POS_TOKEN_KEEP_SERVER_TEXT asks for it. It may echo a password.
    POS_TOKEN_MEANING_ERROR_TEXT = 12,
}

/// What becomes of a refresh token when it is used.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_rotation {
    /// There are no refresh tokens.
    POS_TOKEN_ROTATION_NO_REFRESH = 1,
    /// It stays good.
    POS_TOKEN_ROTATION_REUSABLE = 2,
    /// It works until the access token that it brought is first used; then only its successor does.
    POS_TOKEN_ROTATION_UNTIL_FIRST_USE = 3,
    /// It works once.
    POS_TOKEN_ROTATION_SINGLE_USE = 4,
}

/// What a date without a zone means.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_missing_zone {
    /// It is an error, as RFC 3339 has it.
    POS_TOKEN_MISSING_ZONE_REFUSE = 1,
    /// It is UTC, for servers that are known to leave it out.
    POS_TOKEN_MISSING_ZONE_UTC = 2,
}

/// How a server is reached. The same bytes are written for both; only the default port differs.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_scheme {
    /// Over plain TCP, port 80 unless another is given.
    POS_TOKEN_SCHEME_HTTP = 1,
    /// Over TLS, port 443 unless another is given.
    POS_TOKEN_SCHEME_HTTPS = 2,
}

/// What a request says about the connection's future.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_connection {
    /// Nothing, which HTTP/1.1 takes for "keep it".
    POS_TOKEN_CONNECTION_UNSTATED = 1,
    /// `Connection: keep-alive`, for what stands in between and speaks HTTP/1.0.
    POS_TOKEN_CONNECTION_KEEP_ALIVE = 2,
    /// `Connection: close`: the server closes it after its answer.
    POS_TOKEN_CONNECTION_CLOSE = 3,
}

/// What a till does next.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_verdict {
    /// Use the token.
    POS_TOKEN_VERDICT_USE = 1,
    /// There is nothing more to do: the log-out or the revocation is done.
    POS_TOKEN_VERDICT_DONE = 2,
    /// Try again, not before the server's time where it named one; else after a pause that grows from try to try.
    POS_TOKEN_VERDICT_WAIT = 3,
    /// Log in again: the refresh token is of no more use.
    POS_TOKEN_VERDICT_LOG_IN = 4,
    /// Ask for a code, or for another one.
    POS_TOKEN_VERDICT_ASK_FOR_CODE = 5,
    /// Call the operator: the same again would fail again, and might lock the account.
    POS_TOKEN_VERDICT_STOP = 6,
}

/// What a session says that a till does now.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_step_kind {
    /// Use the token: there is nothing else to do.
    POS_TOKEN_STEP_USE = 1,
    /// Make an exchange: pos_token_session_begin().
    POS_TOKEN_STEP_SEND = 2,
    /// Save: pos_token_session_save(), write the record, then pos_token_session_saved() or
    /// pos_token_session_save_failed().
    POS_TOKEN_STEP_SAVE = 3,
    /// There is no token to use; wait.
    POS_TOKEN_STEP_WAIT = 4,
    /// Only a person can go on: ask for a code, and give it to pos_token_session_begin().
    POS_TOKEN_STEP_NEED_CODE = 5,
    /// Call the operator. Until pos_token_session_credentials_changed(), nothing is sent.
    POS_TOKEN_STEP_STOP = 6,
}

/// What a till waits for.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_wait_reason {
    /// An exchange is under way.
    POS_TOKEN_WAIT_EXCHANGE = 1,
    /// Its place among the tills of its chain, after a boot or at the end of a token that all of them share.
    POS_TOKEN_WAIT_SLOT = 2,
    /// The pause after a failure.
    POS_TOKEN_WAIT_BACK_OFF = 3,
    /// The server told it to.
    POS_TOKEN_WAIT_RETRY_AFTER = 4,
}

/// Why a session stands still.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_stop_reason {
    /// The provider refused the credentials, the client or the grant.
    POS_TOKEN_STOP_REFUSED = 1,
    /// The program or its configuration is at fault: a buffer, a store, a missing field.
    POS_TOKEN_STOP_SETUP = 2,
    /// Too many answers in a row could not be understood, or were a 401 without JSON.
    POS_TOKEN_STOP_MALFORMED = 3,
    /// Too many tokens in a row were refused by the API, or the caller's own check refused one.
    POS_TOKEN_STOP_REJECTED = 4,
    /// Too many codes in a row were refused.
    POS_TOKEN_STOP_CODE_REFUSED = 5,
    /// The till was logged out.
    POS_TOKEN_STOP_LOGGED_OUT = 6,
}

/// Which code a person has.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_code_kind {
    /// That of a second factor: the credentials' `code`.
    POS_TOKEN_CODE_MFA = 1,
    /// The PIN of a linked device: the credentials' `pin`.
    POS_TOKEN_CODE_PIN = 2,
}

/// What a 401 of the API meant.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_rejection {
    /// It was for an older token; nothing changes.
    POS_TOKEN_REJECTION_OLDER = 1,
    /// The token was over, by the best estimate of the time; only the till had not known.
    POS_TOKEN_REJECTION_EXPIRED = 2,
    /// The token ought to be good: it was revoked, or the API refuses it for another reason.
    POS_TOKEN_REJECTION_REVOKED = 3,
    /// Whether it was over is not known.
    POS_TOKEN_REJECTION_UNKNOWN = 4,
}

/// Where an estimate of the time comes from.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_clock_origin {
    /// A server's `Date` since boot, and the time that has passed since then.
    POS_TOKEN_CLOCK_SERVER = 1,
    /// The device's own clock; nothing contradicts it.
    POS_TOKEN_CLOCK_DEVICE = 2,
    /// It is only known to be later than this: the build date, or the last server time that was saved.
    POS_TOKEN_CLOCK_FLOOR = 3,
}

/// What a record holds, and when one has to be saved.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_keep {
    /// Nothing is ever saved.
    POS_TOKEN_KEEP_NOTHING = 1,
    /// The last server time and a server's demand to wait: no secret.
    POS_TOKEN_KEEP_CLOCK = 2,
    /// These and the tokens; saved when there is another refresh token, and not with every access token.
    POS_TOKEN_KEEP_REFRESH_TOKENS = 3,
    /// The same, saved with every token: a provider without refresh tokens then needs no log-in after a boot.
    POS_TOKEN_KEEP_EVERY_TOKEN = 4,
}

/// That the two sides have the same numbers, and neither has one more.
macro_rules! same {
    ($core:ident = $c:ident { $($variant:ident = $constant:ident),+ $(,)? }) => {
        #[allow(clippy::as_conversions)] // at compile time
        const _: () = {
            $(assert!($core::$variant as u8 == $c::$constant as u8);)+
            const fn all(core: $core, c: $c) {
                match core {
                    $($core::$variant => {})+
                }
                match c {
                    $($c::$constant => {})+
                }
            }
            all([$($core::$variant),+][0], [$($c::$constant),+][0]);
        };
    };
}

/// The core's value of a number, which C may have made of anything.
macro_rules! read {
    ($read:ident: $core:ident = $c:ident { $($variant:ident = $constant:ident),+ $(,)? }) => {
        #[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
        pub(crate) const fn $read(number: u8) -> Option<$core> {
            const COUNT: u8 = {
                let mut count = 0;
                $(
                    count += 1;
                    assert!($core::$variant as u8 == count && size_of::<$core>() == 1);
                )+
                count
            };
            if number == 0 || number > COUNT {
                return None;
            }
            // SAFETY: it is one of the numbers of the enumeration, which has all of these, as is proven above.
            Some(unsafe { core::mem::transmute::<u8, $core>(number) })
        }

        same!($core = $c { $($variant = $constant),+ });
    };
}

read!(purpose: Purpose = pos_token_purpose {
    LogIn = POS_TOKEN_PURPOSE_LOG_IN,
    Refresh = POS_TOKEN_PURPOSE_REFRESH,
    VerifyCode = POS_TOKEN_PURPOSE_VERIFY_CODE,
    Revoke = POS_TOKEN_PURPOSE_REVOKE,
    LogOut = POS_TOKEN_PURPOSE_LOG_OUT,
});

read!(field: Field = pos_token_field {
    Username = POS_TOKEN_FIELD_USERNAME,
    Password = POS_TOKEN_FIELD_PASSWORD,
    ClientId = POS_TOKEN_FIELD_CLIENT_ID,
    ClientSecret = POS_TOKEN_FIELD_CLIENT_SECRET,
    LinkedDeviceId = POS_TOKEN_FIELD_LINKED_DEVICE_ID,
    Pin = POS_TOKEN_FIELD_PIN,
    Scope = POS_TOKEN_FIELD_SCOPE,
    RefreshToken = POS_TOKEN_FIELD_REFRESH_TOKEN,
    AccessToken = POS_TOKEN_FIELD_ACCESS_TOKEN,
    PendingToken = POS_TOKEN_FIELD_PENDING_TOKEN,
    Code = POS_TOKEN_FIELD_CODE,
    StoreCode = POS_TOKEN_FIELD_STORE_CODE,
    Custom1 = POS_TOKEN_FIELD_CUSTOM_1,
    Custom2 = POS_TOKEN_FIELD_CUSTOM_2,
    Custom3 = POS_TOKEN_FIELD_CUSTOM_3,
    Custom4 = POS_TOKEN_FIELD_CUSTOM_4,
});

read!(method: Method = pos_token_method {
    Get = POS_TOKEN_METHOD_GET,
    Post = POS_TOKEN_METHOD_POST,
});

read!(encoding: Encoding = pos_token_encoding {
    Form = POS_TOKEN_ENCODING_FORM,
    Json = POS_TOKEN_ENCODING_JSON,
});

read!(client_auth: ClientAuth = pos_token_client_auth {
    Body = POS_TOKEN_CLIENT_AUTH_BODY,
    Basic = POS_TOKEN_CLIENT_AUTH_BASIC,
    Bearer = POS_TOKEN_CLIENT_AUTH_BEARER,
});

read!(answers: Answers = pos_token_answers {
    Tokens = POS_TOKEN_ANSWERS_TOKENS,
    Nothing = POS_TOKEN_ANSWERS_NOTHING,
});

read!(meaning: Meaning = pos_token_meaning {
    AccessToken = POS_TOKEN_MEANING_ACCESS_TOKEN,
    RefreshToken = POS_TOKEN_MEANING_REFRESH_TOKEN,
    PendingToken = POS_TOKEN_MEANING_PENDING_TOKEN,
    ExpiresIn = POS_TOKEN_MEANING_EXPIRES_IN,
    ExpiresAt = POS_TOKEN_MEANING_EXPIRES_AT,
    Succeeded = POS_TOKEN_MEANING_SUCCEEDED,
    MfaPending = POS_TOKEN_MEANING_MFA_PENDING,
    TokenType = POS_TOKEN_MEANING_TOKEN_TYPE,
    Scope = POS_TOKEN_MEANING_SCOPE,
    IssuedAt = POS_TOKEN_MEANING_ISSUED_AT,
    ErrorCode = POS_TOKEN_MEANING_ERROR_CODE,
    ErrorText = POS_TOKEN_MEANING_ERROR_TEXT,
});

read!(rotation: Rotation = pos_token_rotation {
    NoRefresh = POS_TOKEN_ROTATION_NO_REFRESH,
    Reusable = POS_TOKEN_ROTATION_REUSABLE,
    UntilFirstUse = POS_TOKEN_ROTATION_UNTIL_FIRST_USE,
    SingleUse = POS_TOKEN_ROTATION_SINGLE_USE,
});

read!(missing_zone: MissingZone = pos_token_missing_zone {
    Refuse = POS_TOKEN_MISSING_ZONE_REFUSE,
    Utc = POS_TOKEN_MISSING_ZONE_UTC,
});

read!(scheme: Scheme = pos_token_scheme {
    Http = POS_TOKEN_SCHEME_HTTP,
    Https = POS_TOKEN_SCHEME_HTTPS,
});

read!(connection: Connection = pos_token_connection {
    Unstated = POS_TOKEN_CONNECTION_UNSTATED,
    KeepAlive = POS_TOKEN_CONNECTION_KEEP_ALIVE,
    Close = POS_TOKEN_CONNECTION_CLOSE,
});

read!(keep: Keep = pos_token_keep {
    Nothing = POS_TOKEN_KEEP_NOTHING,
    Clock = POS_TOKEN_KEEP_CLOCK,
    RefreshTokens = POS_TOKEN_KEEP_REFRESH_TOKENS,
    EveryToken = POS_TOKEN_KEEP_EVERY_TOKEN,
});

same!(WaitReason = pos_token_wait_reason {
    Exchange = POS_TOKEN_WAIT_EXCHANGE,
    Slot = POS_TOKEN_WAIT_SLOT,
    BackOff = POS_TOKEN_WAIT_BACK_OFF,
    RetryAfter = POS_TOKEN_WAIT_RETRY_AFTER,
});

same!(StopReason = pos_token_stop_reason {
    Refused = POS_TOKEN_STOP_REFUSED,
    Setup = POS_TOKEN_STOP_SETUP,
    Malformed = POS_TOKEN_STOP_MALFORMED,
    Rejected = POS_TOKEN_STOP_REJECTED,
    CodeRefused = POS_TOKEN_STOP_CODE_REFUSED,
    LoggedOut = POS_TOKEN_STOP_LOGGED_OUT,
});

same!(CodeKind = pos_token_code_kind {
    Mfa = POS_TOKEN_CODE_MFA,
    Pin = POS_TOKEN_CODE_PIN,
});

same!(Rejection = pos_token_rejection {
    Older = POS_TOKEN_REJECTION_OLDER,
    Expired = POS_TOKEN_REJECTION_EXPIRED,
    Revoked = POS_TOKEN_REJECTION_REVOKED,
    Unknown = POS_TOKEN_REJECTION_UNKNOWN,
});

same!(ClockOrigin = pos_token_clock_origin {
    Server = POS_TOKEN_CLOCK_SERVER,
    Device = POS_TOKEN_CLOCK_DEVICE,
    Floor = POS_TOKEN_CLOCK_FLOOR,
});

#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
pub(crate) const fn verdict_number(verdict: Verdict) -> u32 {
    use pos_token_verdict as C;
    (match verdict {
        Verdict::Use => C::POS_TOKEN_VERDICT_USE,
        Verdict::Done => C::POS_TOKEN_VERDICT_DONE,
        Verdict::Wait(_) => C::POS_TOKEN_VERDICT_WAIT,
        Verdict::LogIn => C::POS_TOKEN_VERDICT_LOG_IN,
        Verdict::AskForCode => C::POS_TOKEN_VERDICT_ASK_FOR_CODE,
        Verdict::Stop => C::POS_TOKEN_VERDICT_STOP,
    }) as u32
}
