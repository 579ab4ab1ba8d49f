//! A server by the book: RFC 6749 with HTTP Basic or body credentials, RFC 6750 and RFC 7009. Refresh tokens are
//! single-use.

use crate::credentials::rfc6749::{CLIENT_ID, CLIENT_SECRET, PASSWORD, SCOPE, USERNAME};
use crate::encoding::base64;
use crate::http::{Request, Response};
use crate::json::{Escapes, Json, object};
use crate::parameters::{Parameters, basic, bearer};
use crate::scenario::is_known;
use crate::server::Provider;
use crate::state::{Grant, Grants};
use crate::{Scenario, random, time};

#[derive(Default)]
pub(crate) struct Rfc6749 {
    grants: Grants,
}

const LIFETIME: i64 = 3600;

impl Provider for Rfc6749 {
    fn answer(&self, request: &Request, scenario: Scenario) -> Response {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/token") => match client_parameters(request) {
                Ok(parameters) => self.token(&parameters, scenario),
                Err(refusal) => refusal,
            },
            ("POST", "/revoke") => match client_parameters(request) {
                Ok(parameters) => self.revoke(&parameters),
                Err(refusal) => refusal,
            },
            ("GET", "/api/me") => self.me(request),
            _ => Response::new(404),
        }
    }

    fn dress(&self, response: Response) -> Response {
        response.date().field("Cache-Control", "no-store").field("Pragma", "no-cache")
    }

    fn grants(&self) -> &Grants {
        &self.grants
    }
}

impl Rfc6749 {
    fn token(&self, parameters: &Parameters, scenario: Scenario) -> Response {
        if scenario == Scenario::Refused {
            return invalid_grant();
        }
        match parameters.text("grant_type") {
            Some("client_credentials") => self.grant("the client itself", None, scenario),
            Some("password") => {
                let (user, password) = (parameters.text("username"), parameters.text("password"));
                match user {
                    Some(user) if is_known(Some(user), USERNAME) && password == Some(PASSWORD) => {
                        self.grant(user, Some(opaque(scenario)), scenario)
                    }
                    Some(_) if password.is_some() => invalid_grant(),
                    _ => error(400, "invalid_request", "username and password are required"),
                }
            }
            Some("refresh_token") => {
                let Some(token) = parameters.text("refresh_token") else {
                    return error(400, "invalid_request", "refresh_token is required");
                };
                let Some(old) = self.grants.by_refresh(token) else { return invalid_grant() };
                self.grants.forget_refresh(token);
                self.grant(&old.user, Some(opaque(scenario)), scenario)
            }
            Some(_) => error(400, "unsupported_grant_type", "password, client_credentials and refresh_token are known"),
            None => error(400, "invalid_request", "grant_type is required"),
        }
    }

    fn grant(&self, user: &str, refresh: Option<String>, scenario: Scenario) -> Response {
        let access = opaque(scenario);
        let lifetime = scenario.lifetime(LIFETIME);
        let expires_in = scenario.expires_in(lifetime);
        let mut members = vec![
            ("access_token", Json::from(access.as_str())),
            ("token_type", "Bearer".into()),
            ("expires_in", expires_in),
            ("scope", SCOPE.into()),
        ];
        members.extend(refresh.clone().map(|token| ("refresh_token", token.into())));
        let expires = time::now() + lifetime;
        self.grants.add(Grant { access, refresh, user: user.to_owned(), expires, ..Grant::default() });
        let escapes = Escapes::PYTHON.under(scenario);
        answer(200, &Json::Object(members), escapes)
    }

    /// RFC 7009: an unknown token is revoked already.
    fn revoke(&self, parameters: &Parameters) -> Response {
        let Some(token) = parameters.text("token") else { return error(400, "invalid_request", "token is required") };
        self.grants.revoke(token);
        Response::new(200)
    }

    fn me(&self, request: &Request) -> Response {
        let Some(token) = bearer(request) else {
            return Response::new(401).field("WWW-Authenticate", "Bearer realm=\"testbed\"");
        };
        match self.grants.by_access(token) {
            Some(grant) => answer(200, &object([("sub", grant.user.into()), ("points", 1200.into())]), Escapes::PYTHON),
            None => {
                let challenge = "Bearer realm=\"testbed\", error=\"invalid_token\"";
                error(401, "invalid_token", "unknown, expired or revoked").field("WWW-Authenticate", challenge)
            }
        }
    }
}

/// The parameters of a request whose client is the valid one, by HTTP Basic or in the body, not by both.
fn client_parameters(request: &Request) -> Result<Parameters, Response> {
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(error(400, "invalid_request", "the Content-Type has to be application/x-www-form-urlencoded"));
    }
    let invalid = |complaint: String| error(400, "invalid_request", &complaint);
    let parameters = Parameters::from_form(&request.body).map_err(invalid)?;
    let in_body = parameters.text("client_id").zip(parameters.text("client_secret"));
    let valid = match (basic(request), in_body) {
        (Some(_), Some(_)) => return Err(invalid("the client is authenticated twice".to_owned())),
        (Some(credentials), None) => {
            let (id, secret) = credentials.map_err(invalid)?;
            is_client(&id, &secret)
        }
        (None, Some((id, secret))) => is_client(id, secret),
        (None, None) => false,
    };
    let challenge = "Basic realm=\"testbed, the \\\"standard\\\" one\", charset=\"UTF-8\"";
    let refusal = || error(401, "invalid_client", "unknown client").field("WWW-Authenticate", challenge);
    if valid { Ok(parameters) } else { Err(refusal()) }
}

fn is_client(id: &str, secret: &str) -> bool {
    is_known(Some(id), CLIENT_ID) && secret == CLIENT_SECRET
}

/// An opaque token with the characters that RFC 6750 allows and forms must encode.
fn opaque(scenario: Scenario) -> String {
    let length = if scenario == Scenario::Long { 382 } else { 31 };
    format!("~{}", base64(&random::bytes(length)))
}

fn invalid_grant() -> Response {
    error(400, "invalid_grant", "wrong, expired, used or revoked")
}

fn error(status: u16, code: &str, description: &str) -> Response {
    let members = object([("error", code.into()), ("error_description", description.into())]);
    answer(status, &members, Escapes::PYTHON)
}

fn answer(status: u16, body: &Json, escapes: Escapes) -> Response {
    Response::new(status).body("application/json;charset=UTF-8", body.write(escapes))
}
