//! What a provider's description says, and the one trait through which everything reads it.
//!
//! A provider is data: which exchanges there are, which parameters each one sends, and what the members of an answer
//! mean. In Rust that is a [`Provider`](crate::provider::Provider) of slices; any other table that can answer the
//! questions of [`Dialect`] serves as well. Texts are bytes, since a table in C need not be UTF-8.
//!
//! The numbers of the vocabulary are stable; 0 is never one of them, so that a zeroed table row is noticed.

pub use crate::http::Method;
pub use crate::time::MissingZone;

use crate::json::MAX_PATHS;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Get a token with credentials.
    LogIn = 1,
    /// Get a new token with a refresh token.
    Refresh = 2,
    /// The second step of a log-in: the pending token and a code.
    VerifyCode = 3,
    /// Declare a token void (RFC 7009).
    Revoke = 4,
    /// End what the provider holds of this user's sessions.
    LogOut = 5,
}

/// What a caller can supply for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Field {
    /// The resource owner's name (RFC 6749 section 4.3.2).
    Username = 1,
    /// The resource owner's password.
    Password = 2,
    /// The client's identifier (RFC 6749 section 2.2).
    ClientId = 3,
    /// The client's password (RFC 6749 section 2.3.1).
    ClientSecret = 4,
    /// The device that was linked to a consumer.
    LinkedDeviceId = 5,
    /// The PIN that linked it.
    Pin = 6,
    /// The access that is asked for (RFC 6749 section 3.3).
    Scope = 7,
    /// The refresh token in use.
    RefreshToken = 8,
    /// The access token in use.
    AccessToken = 9,
    /// The token of a log-in whose code is still missing.
    PendingToken = 10,
    /// That code.
    Code = 11,
    /// The store, in a path.
    StoreCode = 12,
    /// For a provider of one's own.
    Custom1 = 13,
    /// For a provider of one's own.
    Custom2 = 14,
    /// For a provider of one's own.
    Custom3 = 15,
    /// For a provider of one's own.
    Custom4 = 16,
}

impl Field {
    /// Every field, in the order of the numbers.
    pub const ALL: [Self; 16] = [
        Self::Username,
        Self::Password,
        Self::ClientId,
        Self::ClientSecret,
        Self::LinkedDeviceId,
        Self::Pin,
        Self::Scope,
        Self::RefreshToken,
        Self::AccessToken,
        Self::PendingToken,
        Self::Code,
        Self::StoreCode,
        Self::Custom1,
        Self::Custom2,
        Self::Custom3,
        Self::Custom4,
    ];

    /// The name in errors, and in the braces of a path: `/api/{store_code}/member`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Password => "password",
            Self::ClientId => "client_id",
            Self::ClientSecret => "client_secret",
            Self::LinkedDeviceId => "linked_device_id",
            Self::Pin => "pin",
            Self::Scope => "scope",
            Self::RefreshToken => "refresh_token",
            Self::AccessToken => "access_token",
            Self::PendingToken => "pending_token",
            Self::Code => "code",
            Self::StoreCode => "store_code",
            Self::Custom1 => "custom_1",
            Self::Custom2 => "custom_2",
            Self::Custom3 => "custom_3",
            Self::Custom4 => "custom_4",
        }
    }
}

/// How a request's parameters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Encoding {
    /// `application/x-www-form-urlencoded` (RFC 6749 appendix B).
    Form = 1,
    /// A JSON object of strings.
    Json = 2,
}

/// How a request proves who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ClientAuth {
    /// By its parameters, if at all.
    Body = 1,
    /// `Authorization: Basic` of client id and client secret (RFC 6749 section 2.3.1).
    Basic = 2,
    /// `Authorization` with the access token, in the dialect's scheme.
    Bearer = 3,
}

/// What a successful answer brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Answers {
    /// A token.
    Tokens = 1,
    /// Nothing: the status says it all.
    Nothing = 2,
}

/// One kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange<'a> {
    /// What it is for. Of the exchanges for one purpose, the first whose `when` was given is taken.
    pub purpose: Purpose,
    /// The field that selects this exchange; `None` selects it always.
    pub when: Option<Field>,
    /// The request method.
    pub method: Method,
    /// The path, already percent-encoded; a field's name in braces stands for its value, which is percent-encoded.
    /// Empty where only the caller's [`Endpoint`](crate::http::Endpoint) can say it.
    pub path: &'a [u8],
    /// How the parameters are written into the body; a request by GET has none.
    pub encoding: Encoding,
    /// How the request is authenticated.
    pub client_auth: ClientAuth,
    /// What a successful answer brings; the same for all exchanges of one purpose.
    pub answer: Answers,
}

impl<'a> Exchange<'a> {
    /// A request by POST whose parameters are written so, and which brings a token.
    #[must_use]
    pub const fn post(purpose: Purpose, path: &'a str, encoding: Encoding) -> Self {
        Self {
            purpose,
            when: None,
            method: Method::Post,
            path: path.as_bytes(),
            encoding,
            client_auth: ClientAuth::Body,
            answer: Answers::Tokens,
        }
    }

    /// A request by GET, without a body.
    #[must_use]
    pub const fn get(purpose: Purpose, path: &'a str) -> Self {
        Self { method: Method::Get, ..Self::post(purpose, path, Encoding::Form) }
    }

    /// Taken where this field was given.
    #[must_use]
    pub const fn when(self, field: Field) -> Self {
        Self { when: Some(field), ..self }
    }

    /// Authenticated so, and not by its parameters.
    #[must_use]
    pub const fn client_auth(self, client_auth: ClientAuth) -> Self {
        Self { client_auth, ..self }
    }

    /// Brings no token.
    #[must_use]
    pub const fn answered_by_status(self) -> Self {
        Self { answer: Answers::Nothing, ..self }
    }
}

/// One parameter of a request's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// Where its value comes from.
    pub value: Value<'a>,
}

/// Where a parameter's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// The table.
    Literal(&'a [u8]),
    /// The caller, who has to give it, and not empty.
    Required(Field),
    /// The caller; left out where it is not given.
    Optional(Field),
}

/// A parameter that the table gives.
#[must_use]
pub const fn literal<'a>(name: &'a str, value: &'a str) -> Parameter<'a> {
    Parameter { name: name.as_bytes(), value: Value::Literal(value.as_bytes()) }
}

/// A parameter that the caller has to give.
#[must_use]
pub const fn required(name: &str, field: Field) -> Parameter<'_> {
    Parameter { name: name.as_bytes(), value: Value::Required(field) }
}

/// A parameter that is sent where the caller gives it.
#[must_use]
pub const fn optional(name: &str, field: Field) -> Parameter<'_> {
    Parameter { name: name.as_bytes(), value: Value::Optional(field) }
}

/// A member of an answer and what it means, in success and in failure alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Names from the root on, joined by dots, indexes of arrays in decimal: `detail.0.msg`. At most 4 segments.
    pub path: &'a [u8],
    /// What its value means.
    pub meaning: Meaning,
}

/// A member at `path`.
#[must_use]
pub const fn member(path: &str, meaning: Meaning) -> Member<'_> {
    Member { path: path.as_bytes(), meaning }
}

/// What the value of a member means. `null` always means that the member is absent.
///
/// Tokens, lifetimes and flags are strict: another type is an error. The others are hints: another type is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Meaning {
    /// The access token: a string of RFC 6750's `b64token`.
    AccessToken = 1,
    /// The refresh token: a string of visible ASCII characters (RFC 6749 appendix A.17); an empty one is absent.
    RefreshToken = 2,
    /// The token of a log-in whose code is still missing: a string of visible ASCII characters; empty is absent.
    PendingToken = 3,
    /// How many seconds the token is good for: a number, rounded down, or a string of digits; up to 2^32 - 1.
    ExpiresIn = 4,
    /// When the token expires: a string by RFC 3339 of less than 40 bytes, or a number of seconds since 1970.
    ExpiresAt = 5,
    /// Whether the request succeeded: a boolean; absent means yes.
    Succeeded = 6,
    /// Whether a code is still missing: a boolean.
    MfaPending = 7,
    /// Hint: the token's type (RFC 6749 section 7.1). A string other than the dialect's scheme, case aside, is an
    /// error, since a token of another type could not be used.
    TokenType = 8,
    /// Hint: the access that was granted: a string, kept where the caller asks for it.
    Scope = 9,
    /// Hint: when the server issued the token: seconds since 1970 as a number or a string of digits.
    IssuedAt = 10,
    /// Hint: why the server refuses: a code of RFC 6749 section 5.2 or one of its own, a string or a number.
    ErrorCode = 11,
    /// Hint: the same for people: a string, kept where the caller asks for it. It may echo a password.
    ErrorText = 12,
}

/// What becomes of a refresh token when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Rotation {
    /// There are no refresh tokens.
    NoRefresh = 1,
    /// It stays good.
    Reusable = 2,
    /// It works until the access token that it brought is first used; then only its successor does.
    UntilFirstUse = 3,
    /// It works once.
    SingleUse = 4,
}

/// What holds for a provider as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings<'a> {
    /// The provider's name.
    pub name: &'a [u8],
    /// How the provider spells the scheme in `Authorization`.
    pub authorization_scheme: &'a [u8],
    /// Another name for `HS512` in the header of the provider's JWTs. `HS512` itself is always accepted.
    pub hs512_alias: Option<&'a [u8]>,
    /// The code that means success, where a provider sends one with every answer.
    pub success_code: Option<&'a [u8]>,
    /// How many seconds a token lives where nothing else tells: [`Grant::expires_at`](crate::Grant::expires_at) uses it.
    pub default_lifetime: Option<u32>,
    /// How many log-ins a minute the provider allows one client. A [`session`](crate::session) spreads those of a chain.
    pub log_in_limit: Option<u16>,
    /// What becomes of a refresh token when it is used.
    pub rotation: Rotation,
    /// What a time without a zone means.
    pub missing_zone: MissingZone,
}

impl<'a> Settings<'a> {
    /// What holds for most providers: `Bearer`, HS512 by its own name only, and nothing else known. Refresh tokens are
    /// taken to work once.
    #[must_use]
    pub const fn new(name: &'a str) -> Self {
        Self {
            name: name.as_bytes(),
            authorization_scheme: b"Bearer",
            hs512_alias: None,
            success_code: None,
            default_lifetime: None,
            log_in_limit: None,
            rotation: Rotation::SingleUse,
            missing_zone: MissingZone::Refuse,
        }
    }
}

/// How many members of an answer can be looked for.
#[doc(hidden)]
pub const MAX_MEMBERS: usize = MAX_PATHS;

/// A row of the table of members, in whatever form that table has. As bytes it is its path.
pub trait MemberRow: AsRef<[u8]> {
    /// What the member's value means.
    fn meaning(&self) -> Meaning;
}

impl AsRef<[u8]> for Member<'_> {
    fn as_ref(&self) -> &[u8] {
        self.path
    }
}

impl MemberRow for Member<'_> {
    fn meaning(&self) -> Meaning {
        self.meaning
    }
}

/// A provider's description. Each function that takes an index answers `None` behind its table's last row.
pub trait Dialect {
    /// The form that the table of members has.
    type Member: MemberRow;

    /// The exchange at `index`.
    fn exchange(&self, index: usize) -> Option<Exchange<'_>>;

    /// The parameter at `index` of the exchange at `exchange`.
    fn parameter(&self, exchange: usize, index: usize) -> Option<Parameter<'_>>;

    /// The parameters of that exchange, one after the other.
    fn parameters(&self, exchange: usize) -> impl Iterator<Item = Parameter<'_>>
    where
        Self: Sized,
    {
        (0..).map_while(move |index| self.parameter(exchange, index))
    }

    /// The members, at most 16. A slice, as each name in an answer is compared with all of them.
    fn members(&self) -> &[Self::Member];

    /// A code with which the provider refuses what it may grant later.
    fn transient_code(&self, index: usize) -> Option<&[u8]>;

    /// What holds for the provider as a whole.
    fn settings(&self) -> Settings<'_>;
}

/// The first exchange for this purpose.
#[inline(always)] // Of the exchange, who asks wants one thing.
pub(crate) fn first<D: Dialect>(dialect: &D, purpose: Purpose) -> Option<Exchange<'_>> {
    (0..).map_while(|index| dialect.exchange(index)).find(|exchange| exchange.purpose == purpose)
}
