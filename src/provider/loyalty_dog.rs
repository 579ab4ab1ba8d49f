use super::Provider;
use crate::dialect::{Encoding, Exchange, Field, Meaning, Purpose, Rotation, Settings, member, optional, required};

/// [LoyaltyDog](https://docs.loyalty.dog/): the password grant of RFC 6749, form-encoded, answered in camel case.
///
/// - `grant_type` may be absent and is left out. A JSON body is refused with 422, and every 422 echoes the input,
///   passwords included, so its texts belong in no log.
/// - A 200 with `mfaPending` carries no token but a `pendingToken`, for [`Purpose::VerifyCode`]. The names of that
///   request's members are not published; these are likely ones.
/// - There is no refresh: log in again. Only the JWT itself says when it expires.
/// - `detail` is a string in a 401 and an array of objects in a 422.
pub const LOYALTY_DOG: Provider<'static> = Provider {
    exchanges: &[
        (
            Exchange::post(Purpose::LogIn, "/v2/token", Encoding::Form),
            &[
                required("username", Field::Username),
                required("password", Field::Password),
                optional("scope", Field::Scope),
                optional("client_id", Field::ClientId),
                optional("client_secret", Field::ClientSecret),
            ],
        ),
        (
            Exchange::post(Purpose::VerifyCode, "/v2/token/mfa-verify", Encoding::Json),
            &[required("pendingToken", Field::PendingToken), required("code", Field::Code)],
        ),
    ],
    members: &[
        member("accessToken", Meaning::AccessToken),
        member("tokenType", Meaning::TokenType),
        member("mfaPending", Meaning::MfaPending),
        member("pendingToken", Meaning::PendingToken),
        member("detail", Meaning::ErrorText),
        member("detail.0.msg", Meaning::ErrorText),
    ],
    transient_codes: &[],
    settings: Settings { rotation: Rotation::NoRefresh, ..Settings::new("loyaltydog") },
};

#[cfg(test)]
mod tests {
    use super::super::golden::{form, json, request};
    use super::*;
    use crate::Credentials;
    use std::string::ToString;

    #[test]
    fn requests() {
        let user = Credentials::new().username("caf\u{e9}@x.dog").password("p&=+ \"w");
        assert_eq!(
            request(&LOYALTY_DOG, Purpose::LogIn, user),
            "POST /p/v2/token HTTP/1.1".to_string() + &form("username=caf%C3%A9%40x.dog&password=p%26%3D%2B+%22w")
        );
        assert_eq!(
            request(&LOYALTY_DOG, Purpose::LogIn, user.scope("").client_id("till").client_secret("s")),
            "POST /p/v2/token HTTP/1.1".to_string()
                + &form("username=caf%C3%A9%40x.dog&password=p%26%3D%2B+%22w&scope=&client_id=till&client_secret=s")
        );
        assert_eq!(
            request(&LOYALTY_DOG, Purpose::VerifyCode, Credentials::new().pending_token("p.t").code("012345")),
            "POST /p/v2/token/mfa-verify HTTP/1.1".to_string() + &json(r#"{"pendingToken":"p.t","code":"012345"}"#)
        );
    }
}
