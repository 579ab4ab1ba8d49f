use super::Provider;
use crate::dialect::{
    Encoding, Exchange, Field, Meaning, MissingZone, Purpose, Rotation, Settings, literal, member, optional, required,
};

/// [Loyalife](https://help-loyalife.xoxoday.com/) by Xoxoday: client credentials in JSON, the answer in an envelope.
///
/// - The token lives 30 minutes unless the program is set otherwise. The provider forbids a new token for each
///   request, and new credentials void every token that the old ones brought.
/// - The optional `scope` binds a token to a member: a JSON array inside a string, which
///   [`json::string_array`](crate::json::string_array) writes.
/// - The JWT names its algorithm as .NET does where the header is not mapped, by the URI of XML signatures; it means
///   HMAC-SHA512, as RFC 6931 section 2.2.1 says. Claims have long names, which any claim is found by:
///   `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name`,
///   `http://schemas.microsoft.com/ws/2008/06/identity/claims/role`.
/// - A refusal may come as a 200 with `IsSucessful` (so spelt) false; without that member an answer is a success.
///   Code 000 is good, 997 an exception on the server, 998 and 999 a bad request.
pub const LOYALIFE: Provider<'static> = Provider {
    exchanges: &[(
        Exchange::post(Purpose::LogIn, "/lbms-ingress/oauth/api/Auth/Token", Encoding::Json),
        &[
            literal("grant_type", "client_credentials"),
            required("client_id", Field::ClientId),
            required("client_secret", Field::ClientSecret),
            optional("scope", Field::Scope),
        ],
    )],
    members: &[
        member("results.token", Meaning::AccessToken),
        member("results.tokenExpiresOn", Meaning::ExpiresAt),
        member("results.IsSucessful", Meaning::Succeeded),
        member("results.ErrorCode", Meaning::ErrorCode),
        member("results.ExceptionMessage", Meaning::ErrorText),
    ],
    transient_codes: &[b"997"],
    settings: Settings {
        authorization_scheme: b"bearer",
        hs512_alias: Some(b"http://www.w3.org/2001/04/xmldsig-more#hmac-sha512"),
        success_code: Some(b"000"),
        default_lifetime: Some(30 * 60),
        rotation: Rotation::NoRefresh,
        missing_zone: MissingZone::Utc,
        ..Settings::new("loyalife")
    },
};

#[cfg(test)]
mod tests {
    use super::super::golden::{json, request};
    use super::*;
    use crate::{Credentials, json::string_array};
    use std::string::ToString;

    #[test]
    fn requests() {
        let client = Credentials::new().client_id("your-client-id").client_secret("your-client-secret");
        let line = "POST /p/lbms-ingress/oauth/api/Auth/Token HTTP/1.1".to_string();
        let program =
            r#"{"grant_type":"client_credentials","client_id":"your-client-id","client_secret":"your-client-secret""#;
        assert_eq!(request(&LOYALIFE, Purpose::LogIn, client), line.clone() + &json(&std::format!("{program}}}")));
        let mut buf = [0; 64];
        for (reference, scope) in [
            ("jane.doe@example.com", r#""[\"LOGIN\",\"jane.doe@example.com\"]""#),
            ("a\"b\\c\u{e9}", "\"[\\\"LOGIN\\\",\\\"a\\\\\\\"b\\\\\\\\c\u{e9}\\\"]\""),
        ] {
            let member = string_array(&["LOGIN", reference], &mut buf).unwrap();
            let body = std::format!("{program},\"scope\":{scope}}}");
            assert_eq!(request(&LOYALIFE, Purpose::LogIn, client.scope(member)), line.clone() + &json(&body));
            // The other end: a string that holds an array.
            let value: serde_json::Value = serde_json::from_str(&body).unwrap();
            let inner: serde_json::Value = serde_json::from_str(value["scope"].as_str().unwrap()).unwrap();
            assert_eq!(inner, serde_json::json!(["LOGIN", reference]));
        }
    }
}
