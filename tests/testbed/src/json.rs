//! Writing JSON with the escapes of each provider's language.

use crate::Scenario;

/// Which characters beyond JSON's own are escaped.
#[derive(Clone, Copy)]
pub(crate) struct Escapes {
    /// `/` as `\/`.
    slash: bool,
    /// Everything outside ASCII as `\uXXXX`, in lower-case digits.
    non_ascii: bool,
    /// ASCII characters as `\u00XX`.
    ascii: &'static str,
}

impl Escapes {
    /// Python's `json.dumps(ensure_ascii=False)`: no more than JSON needs.
    pub(crate) const PYTHON: Escapes = Escapes { slash: false, non_ascii: false, ascii: "" };
    /// Rails.
    pub(crate) const RAILS: Escapes = Escapes { ascii: "<>&", ..Escapes::PYTHON };
    /// .NET's default encoder, `+` included.
    pub(crate) const DOTNET: Escapes = Escapes { slash: false, non_ascii: true, ascii: "+<>&'\"`" };
    /// PHP's `json_encode` with the flags that Symfony sets.
    pub(crate) const PHP: Escapes = Escapes { slash: true, non_ascii: true, ascii: "<>&'\"" };

    /// The same, and under [`Scenario::Escaped`] also everything but letters and digits that a token may hold.
    pub(crate) fn under(self, scenario: Scenario) -> Escapes {
        match scenario {
            Scenario::Escaped => Escapes { ascii: "-._~+/=<>&'\"`", ..self },
            _ => self,
        }
    }
}

/// A JSON value with its members in order.
#[derive(Clone)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
    /// Another's JSON, as it came: what a validation error echoes.
    Echo(serde_json::Value),
}

impl From<bool> for Json {
    fn from(value: bool) -> Json {
        Json::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Json {
        Json::Number(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Json {
        Json::Text(value.to_owned())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Json {
        Json::Text(value)
    }
}

/// An object of these members.
pub(crate) fn object<const N: usize>(members: [(&'static str, Json); N]) -> Json {
    Json::Object(members.into())
}

impl Json {
    pub(crate) fn write(&self, escapes: Escapes) -> String {
        match self {
            Json::Null => "null".to_owned(),
            Json::Bool(value) => value.to_string(),
            Json::Number(value) => value.to_string(),
            Json::Text(text) => string(text, escapes),
            Json::List(items) => {
                let items: Vec<String> = items.iter().map(|item| item.write(escapes)).collect();
                format!("[{}]", items.join(","))
            }
            Json::Object(members) => {
                let member =
                    |(name, value): &(&str, Json)| format!("{}:{}", string(name, escapes), value.write(escapes));
                let members: Vec<String> = members.iter().map(member).collect();
                format!("{{{}}}", members.join(","))
            }
            Json::Echo(value) => value.to_string(),
        }
    }
}

fn string(text: &str, escapes: Escapes) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            _ if escapes.ascii.contains(character) => out.push_str(&format!("\\u{:04X}", u32::from(character))),
            '/' if escapes.slash => out.push_str("\\/"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\0'..' ' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            '\u{80}'.. if escapes.non_ascii => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            _ => out.push(character),
        }
    }
    out + "\""
}

#[test]
fn each_language_escapes_its_own_way() {
    let text = Json::from("a/b+<\u{1f511}\u{e9}\">");
    assert_eq!(text.write(Escapes::PYTHON), "\"a/b+<\u{1f511}\u{e9}\\\">\"");
    assert_eq!(text.write(Escapes::RAILS), "\"a/b+\\u003C\u{1f511}\u{e9}\\\"\\u003E\"");
    assert_eq!(text.write(Escapes::DOTNET), r#""a/b\u002B\u003C\ud83d\udd11\u00e9\u0022\u003E""#);
    assert_eq!(text.write(Escapes::PHP), r#""a\/b+\u003C\ud83d\udd11\u00e9\u0022\u003E""#);
}
