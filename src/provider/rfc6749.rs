use super::Provider;
use crate::dialect::{
    ClientAuth, Encoding, Exchange, Field, Meaning, Member, Parameter, Purpose, Settings, literal, member, optional,
    required,
};

/// Form-encoded, at a path that only the caller knows.
const fn post(purpose: Purpose) -> Exchange<'static> {
    Exchange::post(purpose, "", Encoding::Form)
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

/// Any server of RFC 6749, the client's credentials as HTTP Basic, which every such server takes (section 2.3.1).
///
/// - The password grant where a user name is given, else client credentials; refresh; revocation (RFC 7009), of the
///   refresh token where there is one.
/// - The paths are the caller's: [`Endpoint::path`](crate::http::Endpoint::path).
/// - Refresh tokens are taken to work once, the stricter of what servers do.
pub const RFC6749: Provider<'static> = Provider {
    exchanges: &[
        (
            post(Purpose::LogIn).when(Field::Username).client_auth(ClientAuth::Basic),
            &[GRANT_PASSWORD, USERNAME, PASSWORD, SCOPE],
        ),
        (post(Purpose::LogIn).client_auth(ClientAuth::Basic), &[GRANT_CLIENT, SCOPE]),
        (post(Purpose::Refresh).client_auth(ClientAuth::Basic), &[GRANT_REFRESH, REFRESH_TOKEN, SCOPE]),
        (
            post(Purpose::Revoke).when(Field::RefreshToken).client_auth(ClientAuth::Basic).answered_by_status(),
            &[VOID_REFRESH_TOKEN, HINT_REFRESH_TOKEN],
        ),
        (
            post(Purpose::Revoke).client_auth(ClientAuth::Basic).answered_by_status(),
            &[VOID_ACCESS_TOKEN, HINT_ACCESS_TOKEN],
        ),
    ],
    members: MEMBERS,
    transient_codes: &[],
    settings: Settings::new("rfc6749"),
};

/// [`RFC6749`] with the client's credentials among the parameters, for servers that want them there, and for public
/// clients, which have an identifier but no secret, or neither.
pub const RFC6749_BODY: Provider<'static> = Provider {
    exchanges: &[
        (
            post(Purpose::LogIn).when(Field::Username),
            &[GRANT_PASSWORD, USERNAME, PASSWORD, SCOPE, CLIENT_ID, CLIENT_SECRET],
        ),
        (
            post(Purpose::LogIn),
            &[
                GRANT_CLIENT,
                SCOPE,
                required("client_id", Field::ClientId),
                required("client_secret", Field::ClientSecret),
            ],
        ),
        (post(Purpose::Refresh), &[GRANT_REFRESH, REFRESH_TOKEN, SCOPE, CLIENT_ID, CLIENT_SECRET]),
        (
            post(Purpose::Revoke).when(Field::RefreshToken).answered_by_status(),
            &[VOID_REFRESH_TOKEN, HINT_REFRESH_TOKEN, CLIENT_ID, CLIENT_SECRET],
        ),
        (post(Purpose::Revoke).answered_by_status(), &[VOID_ACCESS_TOKEN, HINT_ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET]),
    ],
    members: MEMBERS,
    transient_codes: &[],
    settings: Settings::new("rfc6749"),
};

#[cfg(test)]
mod tests {
    use super::super::golden::{form, written};
    use super::*;
    use crate::{Credentials, Endpoint};
    use std::string::String;

    fn request(provider: &Provider<'_>, purpose: Purpose, credentials: Credentials<'_>) -> String {
        let endpoint = Endpoint::http("127.0.0.1").port(8080).path("/token?tenant=7");
        let text = String::from_utf8(written(provider, purpose, credentials, &endpoint)).unwrap();
        let common = "POST /token?tenant=7 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAccept: application/json\r\nAccept-Encoding: identity";
        text.strip_prefix(common).unwrap().replace("\r\n\r\n", "\n").replace("\r\n", "\n")
    }

    fn with_basic(form: &str, basic: &str) -> String {
        let (head, body) = form.rsplit_once('\n').unwrap();
        std::format!("{head}\nAuthorization: Basic {basic}\n{body}")
    }

    #[test]
    fn with_http_basic() {
        // RFC 6749 section 2.3.1 and its examples in sections 4.3.2, 4.4.2 and 6.
        let client = Credentials::new().client_id("s6BhdRkqt3").client_secret("gX1fBat3bV");
        let basic = "czZCaGRSa3F0MzpnWDFmQmF0M2JW";
        for (purpose, credentials, body) in [
            (
                Purpose::LogIn,
                client.username("johndoe").password("A3ddj3w"),
                "grant_type=password&username=johndoe&password=A3ddj3w",
            ),
            (Purpose::LogIn, client, "grant_type=client_credentials"),
            (Purpose::LogIn, client.scope("a b"), "grant_type=client_credentials&scope=a+b"),
            (
                Purpose::Refresh,
                client.refresh_token("tGzv3JOkF0XG5Qx2TlKWIA"),
                "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA",
            ),
            (Purpose::Revoke, client.refresh_token("r").access_token("a"), "token=r&token_type_hint=refresh_token"),
            (Purpose::Revoke, client.access_token("a"), "token=a&token_type_hint=access_token"),
        ] {
            let expected = with_basic(&form(body), basic);
            assert_eq!(request(&RFC6749, purpose, credentials), expected);
        }
    }

    #[test]
    fn basic_is_form_encoded_before_base64() {
        let client = Credentials::new().client_id("till 7:a").client_secret("p%\u{e9}+");
        // `till+7%3Aa:p%25%C3%A9%2B`
        let expected = "\nAuthorization: Basic dGlsbCs3JTNBYTpwJTI1JUMzJUE5JTJC\n";
        assert!(request(&RFC6749, Purpose::LogIn, client).contains(expected));
        // Longer than one piece.
        let long = "x".repeat(200);
        let client = Credentials::new().client_id(long.as_str()).client_secret("y");
        let expected = std::format!("Authorization: Basic {}", "eHh4".repeat(66)) + "eHg6eQ==\n";
        assert!(request(&RFC6749, Purpose::LogIn, client).contains(&expected));
    }

    #[test]
    fn with_the_client_in_the_body() {
        let user = Credentials::new().username("u").password("p");
        for (purpose, credentials, body) in [
            (Purpose::LogIn, user, "grant_type=password&username=u&password=p"),
            (Purpose::LogIn, user.client_id("c"), "grant_type=password&username=u&password=p&client_id=c"),
            (
                Purpose::LogIn,
                Credentials::new().client_id("c").client_secret("s"),
                "grant_type=client_credentials&client_id=c&client_secret=s",
            ),
            (
                Purpose::Refresh,
                Credentials::new().refresh_token("r").client_id("c"),
                "grant_type=refresh_token&refresh_token=r&client_id=c",
            ),
            (
                Purpose::Revoke,
                Credentials::new().refresh_token("r").client_id("c"),
                "token=r&token_type_hint=refresh_token&client_id=c",
            ),
        ] {
            assert_eq!(request(&RFC6749_BODY, purpose, credentials), form(body));
        }
    }
}
