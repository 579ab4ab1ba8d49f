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
            (_, "/v2/token" | "/v2/token/mfa-verify" | "/v2/me") => {
                let allowed = if request.path == "/v2/me" { "GET" } else { "POST" };
                detail(405, "Method Not Allowed").field("allow", allowed)
            }
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
        let form = match login_form(request, scenario) {
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
        let parameters = match code_parameters(request) {
            Ok(parameters) => parameters,
            Err(refusal) => return refusal,
        };
        let (Some(token), Some(code)) = (parameters.text("pendingToken"), parameters.text("code")) else {
            let absent = ["pendingToken", "code"].into_iter().filter(|name| parameters.text(name).is_none());
            // What pydantic echoes for a missing member is the whole object around it, the other secrets included.
            return missing(&absent.collect::<Vec<_>>(), &Json::Echo(parameters.to_json()));
        };
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
fn login_form(request: &Request, scenario: Scenario) -> Result<Parameters, Response> {
    let form = match request.media_type().as_deref() {
        Some("application/x-www-form-urlencoded") => Parameters::from_form(&request.body),
        // No form, so all of it is missing. FastAPI echoes what came where the form is a model, and `null` where it is
        // single parameters; this is the worse of the two.
        _ => {
            let input = serde_json::from_slice(&request.body).map_or(Json::Null, Json::Echo);
            return Err(missing(&["username", "password"], &input));
        }
    };
    let form = form.map_err(|complaint| detail(400, &complaint))?;
    if scenario == Scenario::Echo {
        return Err(missing(&["client_id"], &Json::Echo(form.to_json())));
    }
    let absent: Vec<&str> = ["username", "password"].into_iter().filter(|name| form.text(name).is_none()).collect();
    if !absent.is_empty() {
        return Err(missing(&absent, &Json::Null));
    }
    match form.text("grant_type") {
        None | Some("password") => Ok(form),
        Some(other) => {
            let location = Json::List(vec!["body".into(), "grant_type".into()]);
            let message = "String should match pattern '^password$'";
            let context = object([("pattern", "^password$".into())]);
            Err(unprocessable(vec![problem("string_pattern_mismatch", location, message, other.into(), Some(context))]))
        }
    }
}

/// Reads the JSON of the second step.
fn code_parameters(request: &Request) -> Result<Parameters, Response> {
    let refusal =
        |kind, location, message, input| unprocessable(vec![problem(kind, Json::List(location), message, input, None)]);
    if request.media_type().as_deref() == Some("application/json") {
        return Parameters::from_json(&request.body)
            .map_err(|_| refusal("json_invalid", vec!["body".into(), 1.into()], "JSON decode error", object([])));
    }
    let message = "Input should be a valid dictionary or object to extract fields from";
    let input = String::from_utf8_lossy(&request.body).into_owned();
    Err(refusal("model_attributes_type", vec!["body".into()], message, input.into()))
}

fn tokens(access: Json, pending: Json, mfa: bool, scenario: Scenario) -> Response {
    let escapes = Escapes::PYTHON.under(scenario);
    let members = object([
        ("accessToken", access),
        ("tokenType", "bearer".into()),
        ("mfaPending", mfa.into()),
        ("pendingToken", pending),
    ]);
    Response::new(200).body("application/json", members.write(escapes))
}

/// 422 for absent members of the body.
fn missing(names: &[&str], input: &Json) -> Response {
    let absent = |&name: &&str| {
        let location = Json::List(vec!["body".into(), name.into()]);
        problem("missing", location, "Field required", input.clone(), None)
    };
    unprocessable(names.iter().map(absent).collect())
}

fn problem(kind: &str, location: Json, message: &str, input: Json, context: Option<Json>) -> Json {
    let mut members = vec![("type", kind.into()), ("loc", location), ("msg", message.into()), ("input", input)];
    members.extend(context.map(|context| ("ctx", context)));
    Json::Object(members)
}

fn unprocessable(problems: Vec<Json>) -> Response {
    answer(422, object([("detail", Json::List(problems))]))
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
