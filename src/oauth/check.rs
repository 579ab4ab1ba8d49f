//! Slips of the pen in a provider's description, which would show only at run time, and some never.

use core::fmt;

use super::answer::Code;
use super::credentials::Fields;
use super::request::check_path;
use crate::dialect::{Answers, Dialect, Field, Meaning, MemberRow, first};
use crate::http::{self, Method};
use crate::json;
use crate::secret::Secret;

/// What is wrong with a provider's description: where it stands, by the index in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DialectError {
    /// An exchange's path does not begin with a slash, has a byte that paths do not have, or braces that are not closed
    /// or do not hold a field's name.
    Path(usize),
    /// The exchange's answer is not what that of the first one for the same purpose is.
    Answers(usize),
    /// A parameter of this exchange has no name, or the exchange is by GET, which sends none.
    Parameter(usize),
    /// A member's path is empty, is longer than 255 bytes or 4 segments, or is that of one before it; or there are more
    /// members than 16. It would never be found.
    Member(usize),
    /// A transient code is not 1 to 16 letters, digits and `_.-`. No answer's code would be this one.
    TransientCode(usize),
    /// The scheme of `Authorization` is not a token of RFC 9110 section 5.6.2.
    AuthorizationScheme,
    /// An exchange brings a token, and no member is an access token.
    NoAccessToken,
}

impl fmt::Display for DialectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(at) => write!(f, "the path of exchange {at} cannot be sent"),
            Self::Answers(at) => write!(f, "exchange {at} is answered in another way than the first for its purpose"),
            Self::Parameter(at) => {
                write!(f, "exchange {at} has a parameter that has no name, or that GET does not send")
            }
            Self::Member(at) => write!(f, "member {at} can never be found"),
            Self::TransientCode(at) => write!(f, "transient code {at} can never be met"),
            Self::AuthorizationScheme => f.write_str("the scheme of Authorization cannot be sent"),
            Self::NoAccessToken => f.write_str("no member is the access token that an exchange brings"),
        }
    }
}

impl core::error::Error for DialectError {}

/// Looks at a whole description for what can be seen before anything is sent. One of your own is best tried once, in a
/// unit test: nothing else looks at more of it than it needs. Does not panic.
///
/// # Errors
/// [`DialectError`] says what is wrong with it first.
///
/// ```
/// use pos_token::{check_dialect, provider};
/// assert_eq!(check_dialect(&provider::ZYPE), Ok(()));
/// ```
pub fn check_dialect<D: Dialect>(dialect: &D) -> Result<(), DialectError> {
    let brings_tokens = check_exchanges(dialect)?;
    check_members(dialect.members(), brings_tokens)?;
    let mut index = 0;
    while let Some(code) = dialect.transient_code(index) {
        if !Code::is_one(code) {
            return Err(DialectError::TransientCode(index));
        }
        index += 1;
    }
    if http::is_token(dialect.settings().authorization_scheme) {
        Ok(())
    } else {
        Err(DialectError::AuthorizationScheme)
    }
}

/// All that a path could ask for.
struct EveryField;

impl Fields for EveryField {
    fn field(&self, _: Field) -> Option<Secret<'_>> {
        Some("1".into())
    }
}

/// Whether one of the exchanges brings a token.
fn check_exchanges<D: Dialect>(dialect: &D) -> Result<bool, DialectError> {
    let mut brings_tokens = false;
    let mut index = 0;
    while let Some(exchange) = dialect.exchange(index) {
        if check_path(exchange.path, &EveryField).is_err() {
            return Err(DialectError::Path(index));
        }
        if first(dialect, exchange.purpose).is_some_and(|first| first.answer != exchange.answer) {
            return Err(DialectError::Answers(index));
        }
        if dialect.parameters(index).any(|parameter| exchange.method == Method::Get || parameter.name.is_empty()) {
            return Err(DialectError::Parameter(index));
        }
        brings_tokens |= exchange.answer == Answers::Tokens;
        index += 1;
    }
    Ok(brings_tokens)
}

fn check_members<M: MemberRow>(members: &[M], brings_tokens: bool) -> Result<(), DialectError> {
    for (index, member) in members.iter().enumerate() {
        let path = member.as_ref();
        let is_twice = members.iter().take(index).any(|other| other.as_ref() == path);
        if is_twice || !json::can_be_found(index, path) {
            return Err(DialectError::Member(index));
        }
    }
    if brings_tokens && members.iter().all(|member| member.meaning() != Meaning::AccessToken) {
        return Err(DialectError::NoAccessToken);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use super::DialectError as E;
    use super::*;
    use crate::dialect::{Encoding, Exchange, Member, Parameter, Purpose, Settings, literal, member, required};
    use crate::provider::{self, Provider};

    type Row = (Exchange<'static>, &'static [Parameter<'static>]);

    const EXCHANGES: [Row; 2] = [
        (
            Exchange::post(Purpose::LogIn, "/v1/{store_code}/token", Encoding::Json),
            &[literal("kind", "till"), required("pin", Field::Pin)],
        ),
        (Exchange::get(Purpose::LogOut, "/v1/end").answered_by_status(), &[]),
    ];
    const MEMBERS: [Member<'_>; 2] = [member("a.b.0.token", Meaning::AccessToken), member("a.b", Meaning::ErrorText)];

    fn with(exchanges: &[Row], members: &[Member<'_>], codes: &[&[u8]], scheme: &str) -> Result<(), E> {
        let settings = Settings { authorization_scheme: scheme.as_bytes(), ..Settings::new("acme") };
        check_dialect(&Provider { exchanges, members, transient_codes: codes, settings })
    }

    #[test]
    fn the_built_in_ones_are_good() {
        for dialect in [
            provider::LOYALTY_DOG,
            provider::ZYPE,
            provider::LOYALIFE,
            provider::OPEN_LOYALTY,
            provider::RFC6749,
            provider::RFC6749_BODY,
        ] {
            assert_eq!(check_dialect(&dialect), Ok(()));
        }
        assert_eq!(with(&EXCHANGES, &MEMBERS, &[b"busy", b"sixteen_letters."], "Bearer"), Ok(()));
    }

    #[test]
    fn every_slip() {
        let paths =
            ["v1/token", "/v 1", "/v1/\u{e9}", "/{store}", "/{custom1}", "/{store_code", "/}", "/{}", "//", "/a?b"];
        for path in paths {
            let mut rows = EXCHANGES;
            rows[1].0.path = path.as_bytes();
            let expected = if matches!(path, "/}" | "//" | "/a?b") { Ok(()) } else { Err(E::Path(1)) };
            assert_eq!(with(&rows, &MEMBERS, &[], "Bearer"), expected, "{path}");
        }
        let mut rows = EXCHANGES.to_vec();
        rows.push((Exchange::post(Purpose::LogOut, "/end", Encoding::Form), &[]));
        assert_eq!(with(&rows, &MEMBERS, &[], "Bearer"), Err(E::Answers(2)));
        rows.pop();
        rows[1].1 = const { &[literal("a", "b")] };
        assert_eq!(with(&rows, &MEMBERS, &[], "Bearer"), Err(E::Parameter(1)));
        let mut rows = EXCHANGES;
        rows[0].1 = const { &[literal("", "b")] };
        assert_eq!(with(&rows, &MEMBERS, &[], "Bearer"), Err(E::Parameter(0)));

        let long = "x".repeat(256);
        for (path, good) in
            [("", false), ("a.b.c.d.e", false), (&long, false), (long.get(1..).unwrap(), true), ("a.b.0.token", false)]
        {
            let members = [MEMBERS[0], member(path, Meaning::Scope)];
            let expected = if good { Ok(()) } else { Err(E::Member(1)) };
            assert_eq!(with(&EXCHANGES, &members, &[], "Bearer"), expected, "{path}");
        }
        let names: Vec<_> = (0..17).map(|number: u8| number.to_string()).collect();
        let mut members: Vec<_> = names.iter().map(|name| member(name, Meaning::AccessToken)).collect();
        assert_eq!(with(&EXCHANGES, &members, &[], "Bearer"), Err(E::Member(16)));
        members.pop();
        assert_eq!(with(&EXCHANGES, &members, &[], "Bearer"), Ok(()));
        assert_eq!(with(&EXCHANGES, &MEMBERS[1..], &[], "Bearer"), Err(E::NoAccessToken));
        assert_eq!(with(&EXCHANGES[1..], &MEMBERS[1..], &[], "Bearer"), Ok(()));

        for code in ["", "seventeen_letters", "too busy", "\u{e9}"] {
            assert_eq!(with(&EXCHANGES, &MEMBERS, &[b"a", code.as_bytes()], "Bearer"), Err(E::TransientCode(1)));
        }
        for scheme in ["", "Be arer", "Bearer\r\nX:"] {
            assert_eq!(with(&EXCHANGES, &MEMBERS, &[], scheme), Err(E::AuthorizationScheme));
        }
    }
}
