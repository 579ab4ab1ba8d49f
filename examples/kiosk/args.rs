//! Options and environment variables. No complaint repeats what was given: it may be a password.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use pos_token::Credentials;
use pos_token::dialect::Field;
use pos_token::provider::{self, Provider};

use crate::server::Server;

pub const HELP: &str = "\
Gets access tokens for points of sale, and checks them.

cargo run --example kiosk
    Starts a server of each provider's dialect on this machine, goes through log-in, check, API call, refresh and
    log-out with each, then through what can go wrong, and prints a line for each step.

cargo run --example kiosk -- --provider NAME --url URL [credentials]
    Logs in to a real server, or refreshes where a refresh token is given.

SERVER
    --provider NAME         loyaltydog, zype, loyalife, openloyalty; rfc6749 for any other server, or rfc6749-body
                            for one that wants the client's credentials in the body, or for a client without a secret
    --url URL               http[s]://host[:port][/prefix]; with rfc6749 the path is that of the token endpoint
    --ca FILE               trust the certificate authorities in this PEM file, and no others
    --state FILE            keep a session in this file, for its owner's eyes only: the next run uses the token that is
                            there as long as it is good, then refreshes it, waits or stops as a till would
    --timeout SECONDS       for opening the connection and for each read and write; 10 unless given

CREDENTIALS (each provider wants some of them; the complaint names one that is missing)
    --username TEXT         --password TEXT         --client-id TEXT        --client-secret TEXT
    --linked-device-id TEXT --pin TEXT              --scope TEXT            --store-code TEXT
    --refresh-token TEXT    --code TEXT (for a second step, if the server asks for one)
    --scope-member REFERENCE    Loyalife: a token for this member; writes the scope

    Options show in the list of processes (ps) and in the shell's history. The environment is the better place:
    POS_TOKEN_USERNAME, POS_TOKEN_PASSWORD, POS_TOKEN_CLIENT_ID and so on, also POS_TOKEN_HS512_KEY and
    POS_TOKEN_HS512_KEY_BASE64URL. An option wins over its variable.

CHECKS
    --hs512-key TEXT        verify the token with this key; without one, a JWT is only read
    --hs512-key-base64url TEXT  the same key as base64url, as in the \"k\" of a JWK
    --allow-short-key       accept a key under 64 bytes
    --issuer TEXT           the token's \"iss\" has to be this
    --audience TEXT         the token's \"aud\" has to name this

OUTPUT
    --trace                 show on stderr what goes over the wire, with everything redacted that could be a secret
    --help                  this text

EXIT STATUS
    0  a token was granted, and verified where a key was given
    1  without --provider: a step did not come out as expected
    2  wrong options, or a credential is missing
    3  wait: the server is busy or in trouble, or something else answered in its place
    4  log in again: the refresh token is of no more use
    5  a code is needed (--code), or another one
    6  stop: the server refuses; the same again could lock the account
    7  no connection, or it broke: network, TLS, timeout
    8  the answer makes no sense
    9  the token does not pass the checks: do not use it
";

/// What to do.
pub enum Command {
    Help,
    Demo { trace: bool, timeout: Duration },
    LogIn(Box<Options>),
}

/// What to do with a real server.
pub struct Options {
    pub provider: (&'static str, &'static Provider<'static>),
    pub server: Server,
    pub credentials: Vec<(Field, String)>,
    pub scope_member: Option<String>,
    pub hs512_key: Option<String>,
    pub hs512_key_base64url: Option<String>,
    pub allow_short_key: bool,
    pub issuer: Option<String>,
    pub audience: Option<String>,
    pub authorities: Option<PathBuf>,
    pub state: Option<PathBuf>,
    pub timeout: Duration,
    pub trace: bool,
}

impl Options {
    pub fn credentials(&self) -> Credentials<'_> {
        let given = self.credentials.iter();
        given.fold(Credentials::new(), |credentials, (field, value)| credentials.with(*field, value.as_str()))
    }
}

const PROVIDERS: [(&str, &Provider<'static>); 6] = [
    ("loyaltydog", &provider::LOYALTY_DOG),
    ("zype", &provider::ZYPE),
    ("loyalife", &provider::LOYALIFE),
    ("openloyalty", &provider::OPEN_LOYALTY),
    ("rfc6749", &provider::RFC6749),
    ("rfc6749-body", &provider::RFC6749_BODY),
];

/// The credentials that can be given; the option is the field's own name.
const FIELDS: [Field; 10] = [
    Field::Username,
    Field::Password,
    Field::ClientId,
    Field::ClientSecret,
    Field::LinkedDeviceId,
    Field::Pin,
    Field::Scope,
    Field::StoreCode,
    Field::RefreshToken,
    Field::Code,
];

/// The other options that take a value.
const VALUES: [&str; 10] = [
    "provider",
    "url",
    "ca",
    "state",
    "timeout",
    "scope-member",
    "hs512-key",
    "hs512-key-base64url",
    "issuer",
    "audience",
];

/// The options that take none.
const SWITCHES: [&str; 3] = ["trace", "help", "allow-short-key"];

/// Reads the program's own arguments and environment.
pub fn read() -> Result<Command, String> {
    let mut given = Given::default();
    let mut arguments = env::args_os().skip(1).enumerate();
    while let Some((index, argument)) = arguments.next() {
        let unknown = || format!("argument {} is not an option (--help lists them)", index + 1);
        let argument = argument.into_string().map_err(|_| unknown())?;
        let option = argument.strip_prefix("--").ok_or_else(unknown)?;
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (option, None),
        };
        if let (Some(switch), None) = (SWITCHES.into_iter().find(|known| *known == name), &value) {
            given.switches.push(switch);
            continue;
        }
        let names = VALUES.into_iter().map(str::to_owned).chain(FIELDS.map(option_of));
        let name = names.into_iter().find(|known| known == name).ok_or_else(unknown)?;
        let value = match value {
            Some(value) => value,
            None => {
                let (_, next) = arguments.next().ok_or_else(|| format!("--{name} needs a value"))?;
                next.into_string().map_err(|_| format!("--{name} is not UTF-8"))?
            }
        };
        given.values.push((name, value));
    }
    given.command()
}

/// What stands in the arguments.
#[derive(Default)]
struct Given {
    switches: Vec<&'static str>,
    values: Vec<(String, String)>,
}

impl Given {
    fn command(mut self) -> Result<Command, String> {
        if self.switch("help") {
            return Ok(Command::Help);
        }
        let trace = self.switch("trace");
        let seconds = match self.value("timeout") {
            Some(text) => text.parse().ok().filter(|seconds| *seconds > 0).ok_or("--timeout is not a number")?,
            None => 10,
        };
        let timeout = Duration::from_secs(seconds);
        let (name, url) = match (self.value("provider"), self.value("url")) {
            (Some(name), Some(url)) => (name, url),
            (None, None) if self.values.is_empty() => return Ok(Command::Demo { trace, timeout }),
            _ => return Err("a real server needs --provider and --url".to_owned()),
        };
        let provider = PROVIDERS.into_iter().find(|(known, _)| *known == name);
        let provider = provider.ok_or("--provider is none that I know (--help lists them)")?;
        let server = Server::parse(&url)?;
        let takes_path = name.starts_with("rfc6749");
        Ok(Command::LogIn(Box::new(Options {
            provider,
            server: if takes_path { server.path_is_given() } else { server },
            credentials: FIELDS
                .into_iter()
                .filter_map(|field| Some((field, self.secret(&option_of(field))?)))
                .collect(),
            scope_member: self.value("scope-member"),
            hs512_key: self.secret("hs512-key"),
            hs512_key_base64url: self.secret("hs512-key-base64url"),
            allow_short_key: self.switch("allow-short-key"),
            issuer: self.value("issuer"),
            audience: self.value("audience"),
            authorities: self.value("ca").map(PathBuf::from),
            state: self.value("state").map(PathBuf::from),
            timeout,
            trace,
        })))
    }

    fn switch(&self, name: &str) -> bool {
        self.switches.contains(&name)
    }

    /// The last of an option that is given twice counts.
    fn value(&mut self, name: &str) -> Option<String> {
        let index = self.values.iter().rposition(|(known, _)| known == name)?;
        let (_, value) = self.values.remove(index);
        self.values.retain(|(known, _)| known != name);
        Some(value)
    }

    /// The option, or else its variable, which counts as absent where it is empty.
    fn secret(&mut self, name: &str) -> Option<String> {
        let variable = format!("POS_TOKEN_{}", name.replace('-', "_").to_ascii_uppercase());
        self.value(name).or_else(|| env::var(variable).ok().filter(|value| !value.is_empty()))
    }
}

fn option_of(field: Field) -> String {
    field.name().replace('_', "-")
}
