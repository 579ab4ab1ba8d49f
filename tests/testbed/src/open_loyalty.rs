//! Open Loyalty: Symfony behind nginx. Escaped slashes, RS256 tokens, refresh tokens that belong to a user.

use crate::credentials::open_loyalty::{ADMIN_PASSWORD, ADMIN_USERNAME, MEMBER_PASSWORD, MEMBER_USERNAME, STORE_CODE};
use crate::encoding::path_segment;
use crate::http::{Framing, Request, Response};
use crate::json::{Escapes, Json, object};
use crate::parameters::{Parameters, bearer};
use crate::scenario::is_known;
use crate::server::Provider;
use crate::state::{Grant, Grants};
use crate::{Scenario, jwt, random, time};

#[derive(Default)]
pub(crate) struct OpenLoyalty {
    grants: Grants,
}

const LIFETIME: i64 = 86_400;

/// Admins and members are different users, even by the same name; so are the endpoints that refresh their tokens.
#[derive(Clone, Copy)]
struct Realm {
    kind: &'static str,
    roles: [&'static str; 2],
    username: &'static str,
    password: &'static str,
}

const ADMIN: Realm =
    Realm { kind: "admin", roles: ["ROLE_ADMIN", "ROLE_USER"], username: ADMIN_USERNAME, password: ADMIN_PASSWORD };

const MEMBER: Realm = Realm {
    kind: "member",
    roles: ["ROLE_PARTICIPANT", "ROLE_USER"],
    username: MEMBER_USERNAME,
    password: MEMBER_PASSWORD,
};

impl Provider for OpenLoyalty {
    fn answer(&self, request: &Request, scenario: Scenario) -> Response {
        let path: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
        match (request.method.as_str(), &path[..]) {
            ("POST", ["api", "admin", "login_check"]) => self.log_in(request, ADMIN, scenario),
            ("POST", ["api", store, "member", "login_check"]) if is_store(store) => {
                self.log_in(request, MEMBER, scenario)
            }
            ("POST", ["api", "token", "refresh"]) => self.refresh(request, ADMIN, scenario),
            ("POST", ["api", store, "token", "refresh"]) if is_store(store) => self.refresh(request, MEMBER, scenario),
            ("GET", ["api", "token", "revoke"]) => self.log_out(request),
            ("GET", ["api", "me"]) => self.me(request),
            (method, _) => failure(404, &format!("No route found for \"{method} {}\"", request.path)),
        }
    }

    fn dress(&self, response: Response) -> Response {
        response
            .field("Server", "nginx")
            .field("X-Powered-By", "PHP/8.2.18")
            .field("Cache-Control", "no-cache, private")
            .date()
            .framing(Framing::Chunked)
    }

    fn grants(&self) -> &Grants {
        &self.grants
    }
}

impl OpenLoyalty {
    fn log_in(&self, request: &Request, realm: Realm, scenario: Scenario) -> Response {
        let parameters = match json_parameters(request) {
            Ok(parameters) => parameters,
            Err(refusal) => return refusal,
        };
        let password_is_right = parameters.text("password") == Some(realm.password);
        match parameters.text("username") {
            Some(user)
                if is_known(Some(user), realm.username) && password_is_right && scenario != Scenario::Refused =>
            {
                self.grant(&format!("{}:{user}", realm.kind), realm, random::hex(128), scenario)
            }
            _ => failure(401, "Invalid credentials."),
        }
    }

    /// The refresh token stays the same, unless the scenario rotates it.
    fn refresh(&self, request: &Request, realm: Realm, scenario: Scenario) -> Response {
        let parameters = match json_parameters(request) {
            Ok(parameters) => parameters,
            Err(refusal) => return refusal,
        };
        let Some(token) = parameters.text("refresh_token") else { return failure(401, "Missing JWT Refresh Token") };
        match self.grants.by_refresh(token) {
            Some(old) if old.user.starts_with(realm.kind) && scenario != Scenario::Refused => {
                let next = if scenario == Scenario::Rotate {
                    self.grants.forget_refresh(token);
                    random::hex(128)
                } else {
                    token.to_owned()
                };
                self.grant(&old.user, realm, next, scenario)
            }
            _ => failure(401, "JWT Refresh Token Not Found"),
        }
    }

    fn grant(&self, user: &str, realm: Realm, refresh: String, scenario: Scenario) -> Response {
        let now = time::now();
        let expires = now + scenario.lifetime(LIFETIME);
        let mut roles: Vec<Json> = realm.roles.map(Json::from).into();
        if scenario == Scenario::Long {
            roles.extend((0..28).map(|index| Json::from(format!("ROLE_PERMISSION_{index:06}"))));
        }
        let claims = object([
            ("iat", now.min(expires - 1).into()),
            ("exp", expires.into()),
            ("roles", Json::List(roles)),
            ("id", random::uuid().into()),
            ("username", name_of(user).into()),
        ]);
        let access = jwt::look_like_rs256(&claims.write(Escapes::PYTHON));
        self.grants.add(Grant {
            access: access.clone(),
            refresh: Some(refresh.clone()),
            user: user.to_owned(),
            expires,
            ..Grant::default()
        });
        let escapes = Escapes::PHP.under(scenario);
        answer(200, &object([("token", access.into()), ("refresh_token", refresh.into())]), escapes)
    }

    /// Ends all of the user's refresh tokens; the access tokens live on until they expire.
    fn log_out(&self, request: &Request) -> Response {
        match bearer(request).and_then(|token| self.grants.by_access(token)) {
            Some(grant) => {
                self.grants.forget_refreshes_of(&grant.user);
                Response::new(204)
            }
            None => failure(403, "Access Denied."),
        }
    }

    fn me(&self, request: &Request) -> Response {
        let Some(token) = bearer(request) else { return failure(401, "JWT Token not found") };
        match self.grants.by_access(token) {
            Some(grant) => {
                let avatar = "https://cdn.example/caf\u{e9}/\u{1f511}.png";
                let members = object([("username", name_of(&grant.user).into()), ("avatar", avatar.into())]);
                answer(200, &members, Escapes::PHP)
            }
            None => failure(401, "Invalid JWT Token"),
        }
    }
}

/// The username without the realm that it was kept with.
fn name_of(user: &str) -> &str {
    user.split_once(':').map_or(user, |(_, name)| name)
}

fn is_store(segment: &str) -> bool {
    path_segment(segment).as_deref() == Some(STORE_CODE)
}

fn json_parameters(request: &Request) -> Result<Parameters, Response> {
    if request.media_type().as_deref() != Some("application/json") {
        return Err(failure(400, "The Content-Type has to be application/json."));
    }
    Parameters::from_json(&request.body).map_err(|complaint| failure(400, &format!("Invalid JSON: {complaint}.")))
}

fn failure(status: u16, text: &str) -> Response {
    let code = Json::Number(status.into());
    answer(status, &object([("code", code), ("message", text.into())]), Escapes::PHP)
}

fn answer(status: u16, body: &Json, escapes: Escapes) -> Response {
    Response::new(status).body("application/json", body.write(escapes))
}
