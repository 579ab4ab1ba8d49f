//! A log-in, or a refresh, at a real server.

use std::io::{self, IsTerminal, Write};

use pos_token::dialect::{Field, Purpose};
use pos_token::jwt::Hs512Key;
use pos_token::{TokenStore, json};

use crate::args::Options;
use crate::report::{Exit, HEADING, Line, print};
use crate::session;
use crate::till::{Checks, Till};
use crate::transport::Connector;

/// Gives the exit status. An error is one of the options'.
pub fn run(options: &Options) -> Result<Exit, String> {
    let connector = Connector::new(options.authorities.as_deref(), options.timeout, options.trace)?;
    let (name, provider) = options.provider;
    let mut arena = [0; 8 * 1024];
    let mut till = Till {
        name,
        provider,
        server: options.server.clone(),
        connector: &connector,
        checks: checks(options)?,
        store: TokenStore::new(&mut arena),
    };

    let mut credentials = options.credentials();
    let mut scope = [0; 1024];
    if let Some(member) = &options.scope_member {
        let scope = json::string_array(&["LOGIN", member], &mut scope).map_err(|error| error.to_string())?;
        credentials = credentials.scope(scope);
    }

    if let Some(path) = &options.state {
        return session::run(&mut till, &credentials, path);
    }
    print(HEADING);
    let line = if credentials.get(Field::RefreshToken).is_some() {
        till.exchange("refresh", Purpose::Refresh, credentials)
    } else {
        till.exchange("log in", Purpose::LogIn, credentials)
    };
    show(&line);
    if line.conclusion.exit != Exit::AskForCode {
        return Ok(line.conclusion.exit);
    }

    // The second step. A code that comes by text message cannot be given beforehand.
    let asked = if credentials.get(Field::Code).is_none() { ask_for_code() } else { None };
    if let Some(code) = &asked {
        credentials = credentials.code(code.as_str());
    }
    if credentials.get(Field::Code).is_none() {
        return Ok(Exit::AskForCode);
    }
    let line = till.exchange("verify the code", Purpose::VerifyCode, credentials);
    show(&line);
    Ok(line.conclusion.exit)
}

pub fn show(line: &Line) {
    eprint!("{}", line.trace);
    print(&line.to_string());
}

fn checks(options: &Options) -> Result<Option<Checks<'_>>, String> {
    let key = match (&options.hs512_key, &options.hs512_key_base64url, options.allow_short_key) {
        (None, None, _) if options.issuer.is_some() || options.audience.is_some() => {
            return Err("--issuer and --audience need a key: what is only read proves nothing".to_owned());
        }
        (None, None, _) => return Ok(None),
        (Some(_), Some(_), _) => return Err("two keys are given".to_owned()),
        (Some(text), None, false) => Hs512Key::new(text.as_str()),
        (Some(text), None, true) => Hs512Key::new_allowing_short_key(text.as_str()),
        (None, Some(text), false) => Hs512Key::from_base64url(text.as_str()),
        (None, Some(text), true) => Hs512Key::from_base64url_allowing_short_key(text.as_str()),
    };
    let key = key.map_err(|error| format!("the HS512 key: {error}"))?;
    Ok(Some(Checks { key, issuer: options.issuer.as_deref(), audience: options.audience.as_deref() }))
}

/// Asks who sits at the terminal, if there is one.
pub fn ask_for_code() -> Option<String> {
    if !io::stdin().is_terminal() {
        return None;
    }
    eprint!("The code: ");
    io::stderr().flush().ok()?;
    let mut code = String::new();
    io::stdin().read_line(&mut code).ok()?;
    Some(code.trim().to_owned()).filter(|code| !code.is_empty())
}
