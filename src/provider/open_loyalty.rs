use super::Provider;
use crate::dialect::{ClientAuth, Encoding, Exchange, Field, Meaning, Purpose, Settings, member, required};

/// [Open Loyalty](https://help.openloyalty.io/): JSON log-in, a JWT by RS256 and a refresh token.
///
/// - With a store code a member logs in and refreshes, else an administrator. Both member paths are deprecated and
///   still served.
/// - Only the JWT itself says when it expires, 24 hours by default.
/// - 40 log-ins a minute for one client.
/// - Log-out voids **all** refresh tokens of the user; access tokens may live on until they expire.
/// - Texts are translated: the status decides.
pub const OPEN_LOYALTY: Provider<'static> = Provider {
    exchanges: &[
        (
            Exchange::post(Purpose::LogIn, "/api/{store_code}/member/login_check", Encoding::Json)
                .when(Field::StoreCode),
            &[required("username", Field::Username), required("password", Field::Password)],
        ),
        (
            Exchange::post(Purpose::LogIn, "/api/admin/login_check", Encoding::Json),
            &[required("username", Field::Username), required("password", Field::Password)],
        ),
        (
            Exchange::post(Purpose::Refresh, "/api/{store_code}/token/refresh", Encoding::Json).when(Field::StoreCode),
            &[required("refresh_token", Field::RefreshToken)],
        ),
        (
            Exchange::post(Purpose::Refresh, "/api/token/refresh", Encoding::Json),
            &[required("refresh_token", Field::RefreshToken)],
        ),
        (Exchange::get(Purpose::LogOut, "/api/token/revoke").client_auth(ClientAuth::Bearer).answered_by_status(), &[]),
    ],
    members: &[
        member("token", Meaning::AccessToken),
        member("refresh_token", Meaning::RefreshToken),
        member("code", Meaning::ErrorCode),
        member("message", Meaning::ErrorText),
    ],
    transient_codes: &[],
    settings: Settings { default_lifetime: Some(24 * 60 * 60), log_in_limit: Some(40), ..Settings::new("openloyalty") },
};

#[cfg(test)]
mod tests {
    use super::super::golden::{json, request};
    use super::*;
    use crate::Credentials;
    use std::string::ToString;

    #[test]
    fn requests() {
        let user = Credentials::new().username("admin").password("password");
        let log_in = json(r#"{"username":"admin","password":"password"}"#);
        let refresh = json(r#"{"refresh_token":"0558f"}"#);
        let refreshing = Credentials::new().refresh_token("0558f");
        for (purpose, credentials, line, rest) in [
            (Purpose::LogIn, user, "POST /p/api/admin/login_check HTTP/1.1", &log_in),
            (
                Purpose::LogIn,
                user.store_code("Caf\u{e9} 7/b"),
                "POST /p/api/Caf%C3%A9%207%2Fb/member/login_check HTTP/1.1",
                &log_in,
            ),
            (Purpose::Refresh, refreshing, "POST /p/api/token/refresh HTTP/1.1", &refresh),
            (
                Purpose::Refresh,
                refreshing.store_code("DEFAULT"),
                "POST /p/api/DEFAULT/token/refresh HTTP/1.1",
                &refresh,
            ),
            (
                Purpose::LogOut,
                Credentials::new().access_token("eyJ.x.y"),
                "GET /p/api/token/revoke HTTP/1.1",
                &"\nAuthorization: Bearer eyJ.x.y\n".to_string(),
            ),
        ] {
            assert_eq!(request(&OPEN_LOYALTY, purpose, credentials), line.to_string() + rest);
        }
    }
}
