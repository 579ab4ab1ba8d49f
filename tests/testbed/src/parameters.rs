//! The parameters that a request carries, in a form, in JSON or in HTTP Basic.

use serde_json::Value;

use crate::encoding::{base64_decode, form_pairs, form_text};
use crate::http::Request;

/// Named values, from a form or from the members of a JSON object.
pub(crate) struct Parameters(Vec<(String, Value)>);

impl Parameters {
    /// Of a form body, read strictly.
    pub(crate) fn from_form(body: &[u8]) -> Result<Parameters, String> {
        let pairs = form_pairs(body)?;
        Ok(Parameters(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect()))
    }

    /// Of a JSON body that is an object.
    pub(crate) fn from_json(body: &[u8]) -> Result<Parameters, String> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Parameters(members.into_iter().collect())),
            Ok(_) => Err("the body is not a JSON object".to_owned()),
            Err(error) => Err(format!("the body is not JSON: {error}")),
        }
    }

    /// Of a body in whichever of the two encodings its `Content-Type` names.
    pub(crate) fn read(request: &Request) -> Result<Parameters, String> {
        match request.media_type().as_deref() {
            Some("application/x-www-form-urlencoded") => Parameters::from_form(&request.body),
            Some("application/json") => Parameters::from_json(&request.body),
            Some(other) => Err(format!("the Content-Type {other} is neither a form's nor JSON's")),
            None => Err("there is no Content-Type".to_owned()),
        }
    }

    /// A parameter whose value is a string, and not an empty one: RFC 6749 treats that as absent.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A parameter of any type; `null` is absent.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, value)| known == name && !value.is_null()).map(|(_, value)| value)
    }

    /// All of them as a JSON object.
    pub(crate) fn to_json(&self) -> Value {
        Value::Object(self.0.iter().cloned().collect())
    }
}

/// The identifier and secret of HTTP Basic, form-decoded after base64 (RFC 6749, section 2.3.1). `None` without such
/// a field.
pub(crate) fn basic(request: &Request) -> Option<Result<(String, String), String>> {
    let (scheme, encoded) = request.field("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then(|| {
        let decoded = base64_decode(encoded).ok_or("the Basic credentials are not base64")?;
        let decoded = String::from_utf8(decoded).map_err(|_| "the Basic credentials are not UTF-8")?;
        let (id, secret) = decoded.split_once(':').ok_or("the Basic credentials have no colon")?;
        Ok((form_text(id.as_bytes())?, form_text(secret.as_bytes())?))
    })
}

/// The token of an `Authorization: Bearer` field; the scheme's name is compared without case.
pub(crate) fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.field("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// Everyone that the request claims to be.
pub(crate) fn identities(request: &Request) -> Vec<String> {
    let mut names = Vec::new();
    if let Ok(parameters) = Parameters::read(request) {
        let named = ["username", "linked_device_id", "client_id"].into_iter().filter_map(|name| parameters.text(name));
        names.extend(named.map(str::to_owned));
    }
    names.extend(basic(request).and_then(Result::ok).map(|(id, _)| id));
    names
}
