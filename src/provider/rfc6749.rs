use super::Provider;
use crate::dialect::{
    Answers, ClientAuth, Encoding, Exchange, Field, Meaning, Member, Method, MissingZone, Parameter, Purpose, Rotation,
    Settings, literal, member, optional, required,
};

const fn post(purpose: Purpose, when: Option<Field>, client_auth: ClientAuth, answer: Answers) -> Exchange<'static> {
    Exchange { purpose, when, method: Method::Post, path: b"", encoding: Encoding::Form, client_auth, answer }
}

const GRANT_PASSWORD: Parameter<'static> = literal("grant_type", "password");
const GRANT_CLIENT: Parameter<'static> = literal("grant_type", "client_credentials");
const GRANT_REFRESH: Parameter<'static> = literal("grant_type", "refresh_token");
const USERNAME: Parameter<'static> = required("username", Field::Username);
const PASSWORD: Parameter<'static> = required("password", Field::Password);
const REFRESH_TOKEN: Parameter<'static> = required("refresh_token", Field::RefreshToken);
const SCOPE: Parameter<'static> = optional("scope", Field::Scope);
const CLIENT_ID: Parameter<'static> = optional("client_id", Field::ClientId);
const CLIENT_SECRET: Parameter<'static> = optional("client_secret", Field::ClientSecret);

const VOID_REFRESH_TOKEN: Parameter<'static> = required("token", Field::RefreshToken);
const VOID_ACCESS_TOKEN: Parameter<'static> = required("token", Field::AccessToken);
const HINT_REFRESH_TOKEN: Parameter<'static> = literal("token_type_hint", "refresh_token");
const HINT_ACCESS_TOKEN: Parameter<'static> = literal("token_type_hint", "access_token");

const MEMBERS: &[Member<'static>] = &[
    member("access_token", Meaning::AccessToken),
    member("token_type", Meaning::TokenType),
    member("expires_in", Meaning::ExpiresIn),
    member("refresh_token", Meaning::RefreshToken),
    member("scope", Meaning::Scope),
    member("error", Meaning::ErrorCode),
    member("error_description", Meaning::ErrorText),
];

const SETTINGS: Settings<'static> = Settings {
    name: b"rfc6749",
    authorization_scheme: b"Bearer",
    hs512_alias: None,
    success_code: None,
    default_lifetime: None,
    log_in_limit: None,
    rotation: Rotation::SingleUse,
    missing_zone: MissingZone::Refuse,
};

/// Any server of RFC 6749, the client's credentials as HTTP Basic, which every such server takes (section 2.3.1).
///
/// - The password grant where a user name is given, else client credentials; refresh; revocation (RFC 7009), of the
///   refresh token where there is one.
/// - The paths are the caller's: [`Endpoint::path`](crate::http::Endpoint::path).
/// - Refresh tokens are taken to work once, the stricter of what servers do.
pub const RFC6749: Provider<'static> = Provider {
    exchanges: &[
        (
            post(Purpose::LogIn, Some(Field::Username), ClientAuth::Basic, Answers::Tokens),
            &[GRANT_PASSWORD, USERNAME, PASSWORD, SCOPE],
        ),
        (post(Purpose::LogIn, None, ClientAuth::Basic, Answers::Tokens), &[GRANT_CLIENT, SCOPE]),
        (post(Purpose::Refresh, None, ClientAuth::Basic, Answers::Tokens), &[GRANT_REFRESH, REFRESH_TOKEN, SCOPE]),
        (
            post(Purpose::Revoke, Some(Field::RefreshToken), ClientAuth::Basic, Answers::Nothing),
            &[VOID_REFRESH_TOKEN, HINT_REFRESH_TOKEN],
        ),
        (post(Purpose::Revoke, None, ClientAuth::Basic, Answers::Nothing), &[VOID_ACCESS_TOKEN, HINT_ACCESS_TOKEN]),
    ],
    members: MEMBERS,
    transient_codes: &[],
    settings: SETTINGS,
};

/// [`RFC6749`] with the client's credentials among the parameters, for servers that want them there, and for public
/// clients, which have an identifier but no secret, or neither.
pub const RFC6749_BODY: Provider<'static> = Provider {
    exchanges: &[
        (
            post(Purpose::LogIn, Some(Field::Username), ClientAuth::Body, Answers::Tokens),
            &[GRANT_PASSWORD, USERNAME, PASSWORD, SCOPE, CLIENT_ID, CLIENT_SECRET],
        ),
        (
            post(Purpose::LogIn, None, ClientAuth::Body, Answers::Tokens),
            &[
                GRANT_CLIENT,
                SCOPE,
                required("client_id", Field::ClientId),
                required("client_secret", Field::ClientSecret),
            ],
        ),
        (
            post(Purpose::Refresh, None, ClientAuth::Body, Answers::Tokens),
            &[GRANT_REFRESH, REFRESH_TOKEN, SCOPE, CLIENT_ID, CLIENT_SECRET],
        ),
        (
            post(Purpose::Revoke, Some(Field::RefreshToken), ClientAuth::Body, Answers::Nothing),
            &[VOID_REFRESH_TOKEN, HINT_REFRESH_TOKEN, CLIENT_ID, CLIENT_SECRET],
        ),
        (
            post(Purpose::Revoke, None, ClientAuth::Body, Answers::Nothing),
            &[VOID_ACCESS_TOKEN, HINT_ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET],
        ),
    ],
    members: MEMBERS,
    transient_codes: &[],
    settings: SETTINGS,
};
