//! Zype: Doorkeeper on Rails behind Puma. No `Date`, chunked, opaque tokens, and refresh tokens that rotate late.

use crate::credentials::zype::{CLIENT_ID, CLIENT_SECRET, LINKED_DEVICE_ID, PASSWORD, PIN, USERNAME};
use crate::http::{Framing, Request, Response};
use crate::json::{Escapes, Json, object};
use crate::parameters::{Parameters, bearer};
use crate::scenario::is_known;
use crate::server::Provider;
use crate::state::{Grant, Grants};
use crate::{Scenario, random, time};

#[derive(Default)]
pub(crate) struct Zype {
    grants: Grants,
}

const LIFETIME: i64 = 7200;

impl Provider for Zype {
    fn answer(&self, request: &Request, scenario: Scenario) -> Response {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/oauth/token") => with_parameters(request, |parameters| self.token(parameters, scenario)),
            ("POST", "/oauth/revoke") => with_parameters(request, |parameters| self.revoke(parameters)),
            ("GET", "/api/me") => self.me(request),
            _ => Response::new(404).body("application/json; charset=utf-8", r#"{"status":404,"error":"Not Found"}"#),
        }
    }

    /// The fields that Rails adds come to about 480 bytes of head.
    fn dress(&self, response: Response) -> Response {
        response
            .field("X-Frame-Options", "SAMEORIGIN")
            .field("X-XSS-Protection", "0")
            .field("X-Content-Type-Options", "nosniff")
            .field("X-Permitted-Cross-Domain-Policies", "none")
            .field("Referrer-Policy", "strict-origin-when-cross-origin")
            .field("Vary", "Accept, Origin")
            .field("ETag", format!("W/\"{}\"", random::hex(32)))
            .field("X-Request-Id", random::uuid())
            .field("X-Runtime", "0.086112")
            .framing(Framing::Chunked)
    }

    fn grants(&self) -> &Grants {
        &self.grants
    }
}

/// Rails reads a form or JSON; JSON that is none ends in a page that nobody wrote.
fn with_parameters(request: &Request, work: impl FnOnce(&Parameters) -> Response) -> Response {
    match Parameters::read(request) {
        Ok(parameters) => work(&parameters),
        Err(_) if request.media_type().as_deref() == Some("application/json") => {
            Response::new(400).body("text/html; charset=UTF-8", "")
        }
        Err(complaint) => error(400, "invalid_request", &complaint),
    }
}

impl Zype {
    fn token(&self, parameters: &Parameters, scenario: Scenario) -> Response {
        let missing = |name| error(400, "invalid_request", &format!("Missing required parameter: {name}."));
        let Some(grant_type) = parameters.text("grant_type") else { return missing("grant_type") };
        if !client_is_valid(parameters) {
            let unknown = "Client authentication failed due to unknown client, no client authentication included, or \
                unsupported authentication method.";
            return error(401, "invalid_client", unknown);
        }
        match grant_type {
            "password" => match resource_owner(parameters) {
                Some(user) if scenario != Scenario::Refused => self.grant(user, None, scenario),
                _ => invalid_grant(),
            },
            "refresh_token" => {
                let Some(token) = parameters.text("refresh_token") else { return missing("refresh_token") };
                match self.grants.by_refresh(token) {
                    Some(old) if scenario != Scenario::Refused => self.grant(&old.user, old.refresh, scenario),
                    _ => invalid_grant(),
                }
            }
            _ => {
                let unsupported = "The authorization grant type is not supported by the authorization server.";
                error(400, "unsupported_grant_type", unsupported)
            }
        }
    }

    /// Grants new tokens. A refresh leaves the old ones alive until the new access token is first used, so that a lost
    /// answer strands nobody.
    fn grant(&self, user: &str, previous: Option<String>, scenario: Scenario) -> Response {
        let length = if scenario == Scenario::Long { 64 } else { 43 };
        let (access, refresh) = (random::urlsafe(length), random::urlsafe(length));
        let now = time::now();
        let lifetime = scenario.lifetime(LIFETIME);
        self.grants.add(Grant {
            access: access.clone(),
            refresh: Some(refresh.clone()),
            previous,
            user: user.to_owned(),
            expires: now + lifetime,
            ..Grant::default()
        });
        let expires_in = scenario.expires_in(lifetime);
        let created_at =
            if scenario == Scenario::TextClock { "07-17T14:58:20.109-04:00".into() } else { Json::Number(now) };
        let members = object([
            ("access_token", access.into()),
            ("token_type", "Bearer".into()),
            ("expires_in", expires_in),
            ("refresh_token", refresh.into()),
            ("scope", "consumer".into()),
            ("created_at", created_at),
        ]);
        let escapes = Escapes::RAILS.under(scenario);
        answer(200, &members.write(escapes))
    }

    /// RFC 7009: an unknown token is revoked already.
    fn revoke(&self, parameters: &Parameters) -> Response {
        if !client_is_valid(parameters) {
            return error(403, "unauthorized_client", "You are not authorized to revoke this token");
        }
        if let Some(token) = parameters.text("token") {
            self.grants.revoke(token);
        }
        answer(200, "{}")
    }

    /// The first use of a refreshed token ends the tokens before it.
    fn me(&self, request: &Request) -> Response {
        let Some(grant) = bearer(request).and_then(|token| self.grants.by_access(token)) else {
            return error(401, "invalid_token", "The access token is invalid");
        };
        if let Some(previous) = &grant.previous {
            self.grants.revoke(previous);
        }
        let members = object([("email", grant.user.into()), ("subscription_count", 1.into())]);
        answer(200, &members.write(Escapes::RAILS))
    }
}

fn client_is_valid(parameters: &Parameters) -> bool {
    is_known(parameters.text("client_id"), CLIENT_ID) && parameters.text("client_secret") == Some(CLIENT_SECRET)
}

/// Who logs in, by username and password or by a linked device and its PIN.
fn resource_owner(parameters: &Parameters) -> Option<&str> {
    match parameters.text("linked_device_id") {
        Some(device) => {
            let valid = is_known(Some(device), LINKED_DEVICE_ID) && parameters.text("pin") == Some(PIN);
            valid.then_some(device)
        }
        None => {
            let user = parameters.text("username")?;
            (is_known(Some(user), USERNAME) && parameters.text("password") == Some(PASSWORD)).then_some(user)
        }
    }
}

fn invalid_grant() -> Response {
    let invalid = "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI \
        used in the authorization request, or was issued to another client.";
    error(400, "invalid_grant", invalid)
}

/// The challenge repeats code and description, whose commas stand inside quotes.
fn error(status: u16, code: &str, description: &str) -> Response {
    let members = object([("error", code.into()), ("error_description", description.into())]);
    let challenge = format!("Bearer realm=\"Doorkeeper\", error=\"{code}\", error_description=\"{description}\"");
    answer(status, &members.write(Escapes::RAILS)).field("WWW-Authenticate", challenge)
}

fn answer(status: u16, body: &str) -> Response {
    let response = Response::new(status).field("Cache-Control", "no-store").field("Pragma", "no-cache");
    response.body("application/json; charset=utf-8", body)
}
