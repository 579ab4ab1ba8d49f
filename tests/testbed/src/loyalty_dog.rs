//! LoyaltyDog: FastAPI on uvicorn. Lower-case field names, `detail` with two types, a form for the log-in only.

use std::sync::Mutex;

use crate::credentials::loyalty_dog::{MFA_CODE, PASSWORD, SIGNING_KEY, USERNAME};
use crate::http::{Request, Response};
use crate::json::{Escapes, Json, object};
use crate::parameters::{Parameters, bearer};
use crate::scenario::is_known;
use crate::server::Provider;
use crate::state::{Grant, Grants};
use crate::{Scenario, jwt, random, time};

#[derive(Default)]
pub(crate) struct LoyaltyDog {
    grants: Grants,
    /// Pending tokens and their users, from the password to the code.
    pending: Mutex<Vec<(String, String)>>,
}

const LIFETIME: i64 = 3600;

impl Provider for LoyaltyDog {
    fn answer(&self, request: &Request, scenario: Scenario) -> Response {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/v2/token") => self.log_in(request, scenario),
            ("POST", "/v2/token/mfa-verify") => self.verify_code(request, scenario),
            ("GET", "/v2/me") => self.me(request),
            (_, "/v2/token" | "/v2/token/mfa-verify" | "/v2/me") => detail(405, "Method Not Allowed"),
            _ => detail(404, "Not Found"),
        }
    }

    fn dress(&self, mut response: Response) -> Response {
        let own = [("date", time::http_date(time::now())), ("server", "uvicorn".to_owned())];
        response.fields.splice(..0, own.map(|(name, value)| (name.to_owned(), value)));
        response.lower_case = true;
        response
    }

    fn grants(&self) -> &Grants {
        &self.grants
    }
}

impl LoyaltyDog {
    fn log_in(&self, request: &Request, scenario: Scenario) -> Response {
        let form = match login_form(request) {
            Ok(form) => form,
            Err(refusal) => return refusal,
        };
        let known = is_known(form.text("username"), USERNAME) && form.text("password") == Some(PASSWORD);
        match form.text("username") {
            Some(user) if known && scenario == Scenario::Mfa => self.ask_for_code(user),
            Some(user) if known && scenario != Scenario::Refused => self.grant(user, scenario),
            _ => unauthorized("Incorrect username or password"),
        }
    }

    fn ask_for_code(&self, user: &str) -> Response {
        let token = random::urlsafe(43);
        self.pending().push((token.clone(), user.to_owned()));
        tokens(Json::Null, token.into(), true, Scenario::Plain)
    }

    /// The second step. A wrong code leaves the pending token as it was, the right one uses it up.
    fn verify_code(&self, request: &Request, scenario: Scenario) -> Response {
        let parameters = match request.media_type().as_deref() {
            Some("application/json") => Parameters::from_json(&request.body),
            _ => {
                return unprocessable(
                    "model_attributes_type",
                    &["body"],
                    "Input should be a valid dictionary or object to extract fields from",
                    Json::from(lossy(&request.body)),
                );
            }
        };
        let Ok(parameters) = parameters else {
            return unprocessable("json_invalid", &["body", "0"], "JSON decode error", object([]));
        };
        // What pydantic echoes for a missing member is the whole object around it, the other secrets included.
        let missing = |name| {
            let input = serde_json::from_slice(&request.body).map_or(Json::Null, Json::Echo);
            unprocessable("missing", &["body", name], "Field required", input)
        };
        let Some(token) = parameters.text("pendingToken") else { return missing("pendingToken") };
        let Some(code) = parameters.text("code") else { return missing("code") };
        let mut pending = self.pending();
        let user = match pending.iter().position(|(known, _)| known == token) {
            Some(index) if code == MFA_CODE && scenario != Scenario::Refused => pending.remove(index).1,
            _ => return unauthorized("Invalid or expired MFA code"),
        };
        drop(pending);
        self.grant(&user, scenario)
    }

    fn grant(&self, user: &str, scenario: Scenario) -> Response {
        let now = time::now();
        let expires = now + scenario.lifetime(LIFETIME);
        let mut claims = vec![("sub", Json::from(user)), ("iat", now.min(expires - 1).into()), ("exp", expires.into())];
        if scenario == Scenario::Early {
            claims.push(("nbf", (now + 3600).into()));
        }
        if scenario == Scenario::Long {
            claims.push(("permissions", random::hex(120).into()));
        }
        let payload = Json::Object(claims).write(Escapes::PYTHON);
        let access = jwt::shaped(r#"{"alg":"HS512","typ":"JWT"}"#, &payload, SIGNING_KEY, scenario);
        self.grants.add(Grant { access: access.clone(), user: user.to_owned(), expires, ..Grant::default() });
        tokens(access.into(), Json::Null, false, scenario)
    }

    fn me(&self, request: &Request) -> Response {
        let Some(token) = bearer(request) else { return unauthorized("Not authenticated") };
        match self.grants.by_access(token) {
            Some(grant) => answer(200, object([("username", grant.user.into()), ("points", 1200.into())])),
            None => unauthorized("Could not validate credentials"),
        }
    }

    fn pending(&self) -> std::sync::MutexGuard<'_, Vec<(String, String)>> {
        self.pending.lock().expect("no thread panics while it holds the lock")
    }
}

/// Reads the log-in form as `OAuth2PasswordRequestForm` does.
fn login_form(request: &Request) -> Result<Parameters, Response> {
    let form = match request.media_type().as_deref() {
        Some("application/x-www-form-urlencoded") => Parameters::from_form(&request.body),
        // The body is no form, so both fields are missing; what came is echoed.
        _ => {
            let input = serde_json::from_slice(&request.body).map_or(Json::Null, Json::Echo);
            return Err(unprocessable("missing", &["body", "username"], "Field required", input));
        }
    };
    let form = form.map_err(|complaint| detail(400, &complaint))?;
    for name in ["username", "password"] {
        if form.text(name).is_none() {
            return Err(unprocessable("missing", &["body", name], "Field required", Json::Null));
        }
    }
    match form.text("grant_type") {
        None | Some("password") => Ok(form),
        Some(other) => {
            let message = "String should match pattern '^password$'";
            Err(unprocessable("string_pattern_mismatch", &["body", "grant_type"], message, other.into()))
        }
    }
}

fn tokens(access: Json, pending: Json, mfa: bool, scenario: Scenario) -> Response {
    let escapes = if scenario == Scenario::Escaped { Escapes::PYTHON.in_tokens() } else { Escapes::PYTHON };
    let members = object([
        ("accessToken", access),
        ("tokenType", "bearer".into()),
        ("mfaPending", mfa.into()),
        ("pendingToken", pending),
    ]);
    Response::new(200).body("application/json", members.write(escapes))
}

fn unprocessable(kind: &str, location: &[&str], message: &str, input: Json) -> Response {
    let location = Json::List(location.iter().map(|&part| part.into()).collect());
    let problem = object([("type", kind.into()), ("loc", location), ("msg", message.into()), ("input", input)]);
    answer(422, object([("detail", Json::List(vec![problem]))]))
}

fn unauthorized(text: &str) -> Response {
    detail(401, text).field("www-authenticate", "Bearer")
}

fn detail(status: u16, text: &str) -> Response {
    answer(status, object([("detail", text.into())]))
}

fn answer(status: u16, body: Json) -> Response {
    Response::new(status).body("application/json", body.write(Escapes::PYTHON))
}

fn lossy(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}
