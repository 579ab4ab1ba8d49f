//! A till: one provider, one server, one store for its tokens. Each step is one exchange and gives one line.

use embedded_io::{Read, Write};
use pos_token::dialect::{Dialect, Field, Purpose};
use pos_token::http::{Event, ResponseReader};
use pos_token::jwt::{Hs512Key, UntrustedToken, Validation};
use pos_token::provider::Provider;
use pos_token::session::Failure;
use pos_token::time::UnixTime;
use pos_token::{
    Answer, Authorization, Credentials, ExchangeError, Expiry, Outcome, RefreshToken, Secret, TokenExchange, TokenStore,
};

use crate::report::{Conclusion, Exit, Line, Trust, now};
use crate::server::Server;
use crate::trace::{Trace, contains};
use crate::transport::{Connection, Connector};

/// What a request or an answer is cut into. Any size from 64 bytes on will do.
const SCRATCH: usize = 512;

/// What a token is checked with.
pub struct Checks<'a> {
    pub key: Hs512Key,
    pub issuer: Option<&'a str>,
    pub audience: Option<&'a str>,
}

impl Checks<'_> {
    fn validation(&self) -> Validation<'_> {
        let mut validation = Validation::at(now()).leeway(30);
        if let Some(issuer) = self.issuer {
            validation = validation.issuer(issuer);
        }
        if let Some(audience) = self.audience {
            validation = validation.audience(audience);
        }
        validation
    }
}

pub struct Till<'a> {
    pub name: &'static str,
    pub provider: &'static Provider<'static>,
    pub server: Server,
    pub connector: &'a Connector,
    pub checks: Option<Checks<'a>>,
    pub store: TokenStore<'a>,
}

impl Till<'_> {
    /// One request and its answer: what this library is for.
    pub fn exchange(&mut self, step: &str, purpose: Purpose, credentials: Credentials<'_>) -> Line {
        self.attempt(step, purpose, credentials).0
    }

    /// The same, with what a session wants to know of it.
    pub fn attempt(
        &mut self,
        step: &str,
        purpose: Purpose,
        credentials: Credentials<'_>,
    ) -> (Line, Result<Answer, Failure>) {
        let begun = now();
        let mut connection = self.connector.connection(&self.server);
        let exchange = TokenExchange::new(self.provider, purpose, credentials, self.server.endpoint());
        let result = exchange.run(&mut connection, &mut self.store, &mut [0; SCRATCH]);

        let mut line = self.line(step, &connection, &credentials);
        match &result {
            Ok(answer) => {
                let is_secret = |code: &[u8]| secrets(&credentials).any(|secret| contains(code, secret));
                line.conclusion = Conclusion::of_answer(answer, |code| !is_secret(code));
                self.look_at_answer(&mut line, answer, begun);
            }
            Err(error) => {
                if let ExchangeError::Answer { status, .. } = error {
                    line.status = *status;
                }
                line.conclusion = Conclusion::of_error(error);
            }
        }
        let failed =
            if line.trust == Trust::Refused { Err(Failure::from(&ExchangeError::<()>::TokenRefused)) } else { Ok(()) };
        (line, failed.and(result.map_err(|error| Failure::from(&error))))
    }

    fn look_at_answer(&mut self, line: &mut Line, answer: &Answer, begun: UnixTime) {
        line.status = answer.status;
        match answer.outcome {
            Outcome::Granted(grant) => {
                if grant.refresh_token == RefreshToken::Replaced {
                    line.refresh_token = length(self.store.refresh_token());
                }
                self.look_at_token(line, stated(grant.expiry, begun));
                if line.trust == Trust::Refused {
                    self.store.clear();
                }
            }
            Outcome::MfaPending => {
                line.token = length(self.store.pending_token());
                line.trust = Trust::Pending;
            }
            Outcome::Done | Outcome::Denied(_) | Outcome::NotAnApi | Outcome::Redirected => {}
        }
    }

    /// Verifies the granted token where there is a key, reads it where there is none, and says when it expires.
    fn look_at_token(&self, line: &mut Line, stated: Option<UnixTime>) {
        let Some(token) = self.store.access_token() else { return };
        line.token = length(Some(token));
        let alias = self.provider.settings().hs512_alias;
        // What was verified and what was only read are different types; all that is wanted of either is the expiry.
        let read = UntrustedToken::parse(token).and_then(|token| match &self.checks {
            Some(checks) => {
                let claims = checks.key.verify(&token, alias, &checks.validation())?;
                Ok((Trust::Verified, claims.expires_at()))
            }
            None => Ok((Trust::OnlyRead, token.peek()?.expires_at())),
        });
        match read {
            Ok((trust, claimed)) => {
                line.trust = trust;
                // What the token says may shorten what the server said, never lengthen it.
                line.expiry = [stated, claimed].into_iter().flatten().min();
            }
            // Not every token is a JWT.
            Err(_) if self.checks.is_none() => {
                line.trust = Trust::Opaque;
                line.expiry = stated;
            }
            Err(error) => {
                line.trust = Trust::Refused;
                line.conclusion = Conclusion::of_token(error);
            }
        }
    }

    /// Calls the provider's API with the token: what all of this is good for.
    pub fn call(&self, step: &str, path: &str) -> Line {
        let mut connection = self.connector.connection(&self.server);
        let status = self.get(path, &mut connection);
        let mut line = self.line(step, &connection, &Credentials::new());
        match status {
            Ok(status) => {
                line.status = status;
                line.conclusion = match status {
                    200..=299 => Conclusion::new(Exit::Good, "done", 0, ""),
                    401 => Conclusion::new(Exit::LogIn, "log in again", 0, ""),
                    _ => Conclusion::new(Exit::Stop, "stop", 0, ""),
                };
            }
            Err(error) => line.conclusion = Conclusion::new(Exit::Transport, "wait", 0, &error.to_string()),
        }
        line
    }

    /// `GET`, with the token in pieces of 64 bytes, as firmware with a small transmit buffer would send it.
    fn get(&self, path: &str, connection: &mut Connection<'_>) -> Result<u16, Box<dyn std::error::Error>> {
        let token = self.store.access_token().ok_or("there is no token")?;
        let authorization = Authorization::new(self.provider, token)?;
        let Server { host, port, prefix, .. } = &self.server;
        write!(connection, "GET {prefix}{path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n")?;
        connection.write_all(b"Authorization: ")?;
        let mut piece = [0; 64];
        let mut offset = 0;
        while let count @ 1.. = authorization.write_at(offset, &mut piece) {
            connection.write_all(&piece[..count])?;
            offset += count;
        }
        connection.write_all(b"\r\n\r\n")?;
        connection.flush()?;
        status_of_response(connection)
    }

    fn line(&self, step: &str, connection: &Connection<'_>, credentials: &Credentials<'_>) -> Line {
        // Those that the step brought; what it sent is hidden by its name in any case.
        let tokens = [self.store.access_token(), self.store.refresh_token(), self.store.pending_token()];
        let tokens = tokens.into_iter().flatten().map(Secret::expose);
        let trace =
            connection.record.as_ref().map(|record| Trace::new(secrets(credentials).chain(tokens)).show(record));
        Line {
            provider: self.name,
            step: step.to_owned(),
            status: 0,
            sent: connection.sent,
            received: connection.received,
            token: 0,
            refresh_token: 0,
            expiry: None,
            trust: Trust::Nothing,
            conclusion: Conclusion::new(Exit::Stop, "", 0, ""),
            trace: trace.unwrap_or_default(),
        }
    }
}

fn status_of_response(connection: &mut Connection<'_>) -> Result<u16, Box<dyn std::error::Error>> {
    let mut reader = ResponseReader::new();
    let mut buffer = [0; SCRATCH];
    loop {
        let count = connection.read(&mut buffer)?;
        if count == 0 {
            reader.end_of_input()?;
        }
        let mut input = &buffer[..count];
        while let Some(event) = reader.next(&mut input)? {
            if event == Event::End {
                return Ok(reader.head().status());
            }
        }
    }
}

/// When the server says that the token expires.
fn stated(expiry: Expiry, begun: UnixTime) -> Option<UnixTime> {
    match expiry {
        Expiry::In(seconds) => Some(begun.plus(seconds)),
        Expiry::At(time) => Some(time),
        Expiry::Unstated => None,
    }
}

/// In bytes; the one thing about a token that may be shown.
pub fn length(token: Option<Secret<'_>>) -> usize {
    token.map_or(0, |token| token.expose().len())
}

/// Everything that is given for a log-in but the store's code, which stands in paths.
pub fn secrets<'c>(credentials: &Credentials<'c>) -> impl Iterator<Item = &'c [u8]> {
    let fields = Field::ALL.into_iter().filter(|field| *field != Field::StoreCode);
    fields.filter_map(|field| credentials.get(field)).map(Secret::expose)
}
