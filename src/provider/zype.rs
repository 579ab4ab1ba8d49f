use super::Provider;
use crate::dialect::{
    Encoding, Exchange, Field, Meaning, Parameter, Purpose, Rotation, Settings, literal, member, optional, required,
};

const TOKEN: &str = "/oauth/token";
const REVOKE: &str = "/oauth/revoke";

const CLIENT_ID: Parameter<'static> = required("client_id", Field::ClientId);
const CLIENT_SECRET: Parameter<'static> = required("client_secret", Field::ClientSecret);

/// [Zype](https://docs.zype.com/): Doorkeeper's token endpoint, spoken to in JSON.
///
/// - Two log-ins by the password grant: a linked device with its PIN where a device is given, else a user name with
///   its password. A user name beside a device or a refresh token is sent where the caller gives one.
/// - Refresh tokens rotate. The old one works until the new access token is first used, then it is `invalid_grant`;
///   so the new one has to be safe before that.
/// - Revocation as RFC 7009 says, of the refresh token where there is one, else of the access token.
/// - No `Date` comes with the answers; `created_at` tells the server's time, as a number. The published sample shows
///   a text without a year there, which is ignored.
pub const ZYPE: Provider<'static> = Provider {
    exchanges: &[
        (
            Exchange::post(Purpose::LogIn, TOKEN, Encoding::Json).when(Field::LinkedDeviceId),
            &[
                CLIENT_ID,
                CLIENT_SECRET,
                optional("username", Field::Username),
                required("linked_device_id", Field::LinkedDeviceId),
                required("pin", Field::Pin),
                literal("grant_type", "password"),
            ],
        ),
        (
            Exchange::post(Purpose::LogIn, TOKEN, Encoding::Json),
            &[
                CLIENT_ID,
                CLIENT_SECRET,
                required("username", Field::Username),
                required("password", Field::Password),
                literal("grant_type", "password"),
            ],
        ),
        (
            Exchange::post(Purpose::Refresh, TOKEN, Encoding::Json),
            &[
                CLIENT_ID,
                CLIENT_SECRET,
                optional("username", Field::Username),
                required("refresh_token", Field::RefreshToken),
                literal("grant_type", "refresh_token"),
            ],
        ),
        (
            Exchange::post(Purpose::Revoke, REVOKE, Encoding::Json).when(Field::RefreshToken).answered_by_status(),
            &[
                CLIENT_ID,
                CLIENT_SECRET,
                required("token", Field::RefreshToken),
                literal("token_type_hint", "refresh_token"),
            ],
        ),
        (
            Exchange::post(Purpose::Revoke, REVOKE, Encoding::Json).answered_by_status(),
            &[
                CLIENT_ID,
                CLIENT_SECRET,
                required("token", Field::AccessToken),
                literal("token_type_hint", "access_token"),
            ],
        ),
    ],
    members: &[
        member("access_token", Meaning::AccessToken),
        member("token_type", Meaning::TokenType),
        member("expires_in", Meaning::ExpiresIn),
        member("refresh_token", Meaning::RefreshToken),
        member("scope", Meaning::Scope),
        member("created_at", Meaning::IssuedAt),
        member("error", Meaning::ErrorCode),
        member("error_description", Meaning::ErrorText),
    ],
    transient_codes: &[],
    settings: Settings { rotation: Rotation::UntilFirstUse, ..Settings::new("zype") },
};

#[cfg(test)]
mod tests {
    use super::super::golden::{json, request};
    use super::*;
    use crate::Credentials;
    use std::string::ToString;

    #[test]
    fn requests() {
        let client = Credentials::new().client_id("pos-\"7\"").client_secret("s\\\n");
        let token = "POST /p/oauth/token HTTP/1.1".to_string();
        let revoke = "POST /p/oauth/revoke HTTP/1.1".to_string();
        for (purpose, credentials, expected) in [
            (
                Purpose::LogIn,
                client.username("o\u{e9}@x.tv").password("p\t"),
                token.clone()
                    + &json(
                        "{\"client_id\":\"pos-\\\"7\\\"\",\"client_secret\":\"s\\\\\\n\",\"username\":\"o\u{e9}@x.tv\",\
                         \"password\":\"p\\t\",\"grant_type\":\"password\"}",
                    ),
            ),
            (
                Purpose::LogIn,
                client.linked_device_id("d-1").pin("zizm529"),
                token.clone()
                    + &json(
                        r#"{"client_id":"pos-\"7\"","client_secret":"s\\\n","linked_device_id":"d-1","pin":"zizm529","grant_type":"password"}"#,
                    ),
            ),
            (
                Purpose::Refresh,
                client.username("u").refresh_token("r"),
                token.clone()
                    + &json(
                        r#"{"client_id":"pos-\"7\"","client_secret":"s\\\n","username":"u","refresh_token":"r","grant_type":"refresh_token"}"#,
                    ),
            ),
            (
                Purpose::Revoke,
                client.access_token("a").refresh_token("r"),
                revoke.clone()
                    + &json(
                        r#"{"client_id":"pos-\"7\"","client_secret":"s\\\n","token":"r","token_type_hint":"refresh_token"}"#,
                    ),
            ),
            (
                Purpose::Revoke,
                client.access_token("a"),
                revoke
                    + &json(
                        r#"{"client_id":"pos-\"7\"","client_secret":"s\\\n","token":"a","token_type_hint":"access_token"}"#,
                    ),
            ),
        ] {
            assert_eq!(request(&ZYPE, purpose, credentials), expected);
        }
    }
}
