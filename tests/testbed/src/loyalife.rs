//! Loyalife: .NET on Kestrel. Everything inside `results`, failures with status 200, and a JWT whose algorithm is a URI.

use crate::credentials::loyalife::{AUDIENCE, CLIENT_ID, CLIENT_SECRET, ISSUER, SIGNING_KEY};
use crate::http::{Framing, Request, Response};
use crate::json::{Escapes, Json, object};
use crate::parameters::{Parameters, bearer};
use crate::scenario::is_known;
use crate::server::Provider;
use crate::state::{Grant, Grants};
use crate::{Scenario, jwt, random, time};

#[derive(Default)]
pub(crate) struct Loyalife {
    grants: Grants,
}

const LIFETIME: i64 = 1800;

impl Provider for Loyalife {
    fn answer(&self, request: &Request, scenario: Scenario) -> Response {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/lbms-ingress/oauth/api/Auth/Token") => self.token(request, scenario),
            ("GET", "/lbms-ingress/api/me") => self.me(request),
            _ => Response::new(404),
        }
    }

    /// Kestrel counts short failures and chunks what it serialises as it goes.
    fn dress(&self, response: Response) -> Response {
        let framing = if response.status == 200 { Framing::Chunked } else { Framing::Length };
        response.date().field("Server", "Kestrel").framing(framing)
    }

    fn grants(&self) -> &Grants {
        &self.grants
    }
}

impl Loyalife {
    fn token(&self, request: &Request, scenario: Scenario) -> Response {
        if request.media_type().as_deref() != Some("application/json") {
            return failure(400, "999", "Bad request: the Content-Type has to be application/json");
        }
        let parameters = match Parameters::from_json(&request.body) {
            Ok(parameters) => parameters,
            Err(complaint) => return failure(400, "999", &format!("Bad request: {complaint}")),
        };
        if parameters.text("grant_type") != Some("client_credentials") {
            return failure(400, "998", "Invalid request: grant_type has to be 'client_credentials'");
        }
        let member = match parameters.value("scope").map(member_of).transpose() {
            Ok(member) => member,
            Err(complaint) => return failure(400, "998", complaint),
        };
        if scenario == Scenario::Exception {
            return failure(200, "997", "Object reference not set to an instance of an object.");
        }
        let secret_is_right = parameters.text("client_secret") == Some(CLIENT_SECRET);
        match parameters.text("client_id") {
            Some(client) if is_known(Some(client), CLIENT_ID) && secret_is_right && scenario != Scenario::Refused => {
                self.grant(client, member, scenario)
            }
            _ => failure(200, "998", "Invalid client_id or client_secret"),
        }
    }

    fn grant(&self, client: &str, member: Option<String>, scenario: Scenario) -> Response {
        let now = time::now();
        let expires = now + scenario.lifetime(LIFETIME);
        let access = token_text(client, member.as_deref(), now, expires, scenario);
        let user = member.unwrap_or_else(|| client.to_owned());
        self.grants.add(Grant { access: access.clone(), user, expires, ..Grant::default() });
        let results = object([("token", access.into()), ("tokenExpiresOn", timestamp(expires, scenario).into())]);
        let escapes = Escapes::DOTNET.under(scenario);
        results_of(200, results, escapes)
    }

    fn me(&self, request: &Request) -> Response {
        match bearer(request).and_then(|token| self.grants.by_access(token)) {
            Some(grant) => {
                let member = object([("relationReference", grant.user.into()), ("points", 1200.into())]);
                results_of(200, member, Escapes::DOTNET)
            }
            None => Response::new(401).field("WWW-Authenticate", "Bearer error=\"invalid_token\""),
        }
    }
}

/// The member of a scope: a JSON array inside a string, `["LOGIN","<reference>"]`.
fn member_of(scope: &serde_json::Value) -> Result<String, &'static str> {
    let text = scope.as_str().ok_or("Invalid request: scope has to be a string")?;
    match serde_json::from_str::<[String; 2]>(text) {
        Ok([login, member]) if login == "LOGIN" && !member.is_empty() => Ok(member),
        _ => Err("Invalid request: scope has to be the JSON array [\"LOGIN\",\"{RelationReference}\"] in a string"),
    }
}

/// A token as .NET writes it when its header is not mapped: the algorithm and most claims are named by URIs.
fn token_text(client: &str, member: Option<&str>, now: i64, expires: i64, scenario: Scenario) -> String {
    let header = match scenario {
        Scenario::Hs512 => r#"{"alg":"HS512","typ":"JWT"}"#,
        _ => r#"{"alg":"http://www.w3.org/2001/04/xmldsig-more#hmac-sha512","typ":"JWT"}"#,
    };
    let mut claims = vec![("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", Json::from(client))];
    if let Some(member) = member {
        claims.push(("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", member.into()));
    }
    let mut roles = vec![Json::from("Program"), Json::from("LOGIN")];
    if scenario == Scenario::Long {
        roles.extend((0..12).map(|index| Json::from(format!("Permission.{index:06}"))));
    }
    claims.push(("http://schemas.microsoft.com/ws/2008/06/identity/claims/role", Json::List(roles)));
    let not_before = if scenario == Scenario::Early { now + 3600 } else { now.min(expires - 1) };
    claims.push(("nbf", not_before.into()));
    claims.push(("exp", expires.into()));
    claims.push(("iss", ISSUER.into()));
    claims.push(("aud", AUDIENCE.into()));
    claims.push(("jti", random::uuid().into()));
    let payload = Json::Object(claims).write(Escapes::PYTHON);
    jwt::shaped(header, &payload, SIGNING_KEY, scenario)
}

/// .NET's "o" format has seven digits of fraction.
fn timestamp(expires: i64, scenario: Scenario) -> String {
    match scenario {
        Scenario::Offset => time::rfc3339(expires + (5 * 60 + 30) * 60) + "+05:30",
        _ => format!("{}.{:07}Z", time::rfc3339(expires), time::ticks()),
    }
}

fn failure(status: u16, code: &str, text: &str) -> Response {
    let members = [("IsSucessful", false.into()), ("ErrorCode", code.into()), ("ExceptionMessage", text.into())];
    results_of(status, object(members), Escapes::DOTNET)
}

fn results_of(status: u16, results: Json, escapes: Escapes) -> Response {
    Response::new(status).body("application/json; charset=utf-8", object([("results", results)]).write(escapes))
}
