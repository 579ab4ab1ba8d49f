//! A till: one provider, one server, one store for its tokens. Each step is one connection and one line.

use core::ffi::CStr;

use embedded_io::{Read, Write};
use pos_token::dialect::{Dialect, Purpose};
use pos_token::http::{Event, ResponseReader};
use pos_token::jwt::{Hs512Key, UntrustedToken, Validation};
use pos_token::provider::Provider;
use pos_token::{
    Answer, Authorization, Credentials, Endpoint, ExchangeError, Outcome, TokenExchange, TokenStore, Verdict,
};
use zeroize::Zeroizing;

use crate::board::{self, Connection, ModemError};
use crate::report::{Line, Trust};

/// What requests and answers are cut into.
const PIECE: usize = 64;

pub struct Till<'a> {
    pub name: &'static CStr,
    pub provider: &'static Provider<'static>,
    pub port: u16,
    /// The path of the token endpoint, where the provider's table has none.
    pub path: Option<&'static str>,
    /// What a protected endpoint's path is.
    pub api: &'static str,
    pub key: Option<&'a Hs512Key>,
    pub store: TokenStore<'a>,
}

impl Till<'_> {
    /// One request and its answer, printed.
    pub fn step(&mut self, step: &CStr, purpose: Purpose, credentials: Credentials<'_>) {
        self.scenario(step, "", purpose, credentials);
    }

    /// The same, where the server plays the scenario that this prefix of the path names.
    pub fn scenario(&mut self, step: &CStr, prefix: &str, purpose: Purpose, credentials: Credentials<'_>) {
        let line = match self.exchange(prefix, purpose, credentials) {
            Ok(answer) => self.look_at(&answer),
            Err(error) => Line { status: 0, code: error.code(), trust: Trust::Nothing, verdict: error.verdict() },
        };
        // A token that is not to be used must not be.
        if line.trust == Trust::Refused {
            self.store.clear();
        }
        line.print(self.name, step);
    }

    /// A request and its answer, over a connection of its own.
    // Not inlined, as its frame is not to lie under that of the token's check.
    #[inline(never)]
    pub fn exchange(
        &mut self,
        prefix: &str,
        purpose: Purpose,
        credentials: Credentials<'_>,
    ) -> Result<Answer, ExchangeError<ModemError>> {
        let mut connection = Connection::open(c"127.0.0.1", self.port).map_err(ExchangeError::Transport)?;
        let mut endpoint = Endpoint::http("127.0.0.1").port(self.port).prefix(prefix).user_agent("till/1.0");
        if let Some(path) = self.path {
            endpoint = endpoint.path(path);
        }
        let exchange = TokenExchange::new(self.provider, purpose, credentials, endpoint);
        exchange.run(&mut connection, &mut self.store, &mut [0; PIECE])
    }

    fn look_at(&self, answer: &Answer) -> Line {
        let mut line =
            Line { status: answer.status, code: answer.code(), trust: Trust::Nothing, verdict: answer.verdict() };
        match answer.outcome {
            Outcome::Granted(_) => self.look_at_token(&mut line),
            Outcome::MfaPending => line.trust = Trust::Pending,
            Outcome::Done | Outcome::Denied(_) | Outcome::NotAnApi | Outcome::Redirected => {}
        }
        line
    }

    /// Verifies the token where there is a key, and reads it where there is none.
    #[inline(never)]
    fn look_at_token(&self, line: &mut Line) {
        let Some(token) = self.store.access_token() else { return };
        let token = UntrustedToken::parse(token);
        let Some(key) = self.key else {
            // Not every token is a JWT.
            let is_jwt = token.is_ok_and(|token| token.peek().is_ok());
            line.trust = if is_jwt { Trust::OnlyRead } else { Trust::Opaque };
            return;
        };
        let alias = self.provider.settings().hs512_alias;
        let validation = Validation::at(board::now()).leeway(30);
        match token.and_then(|token| key.verify(&token, alias, &validation)) {
            Ok(_) => line.trust = Trust::Verified,
            Err(error) => {
                line.trust = if error.verdict() == Verdict::Use { Trust::Early } else { Trust::Refused };
                line.code = error.code();
                line.verdict = error.verdict();
            }
        }
    }

    /// Calls the provider's API with the token, and prints what came of it.
    pub fn call(&self, step: &CStr) {
        let (status, verdict) = match self.get() {
            Some(status @ 200..=299) => (status, Verdict::Done),
            Some(status @ 401) => (status, Verdict::LogIn),
            Some(status) => (status, Verdict::Stop),
            None => (0, Verdict::Wait(None)),
        };
        Line { status, code: 0, trust: Trust::Nothing, verdict }.print(self.name, step);
    }

    /// `GET`, with `Authorization` in small pieces, and the response's status.
    fn get(&self) -> Option<u16> {
        let authorization = Authorization::new(self.provider, self.store.access_token()?).ok()?;
        let mut connection = Connection::open(c"127.0.0.1", self.port).ok()?;
        let mut digits = [0; 5];
        for part in ["GET ", self.api, " HTTP/1.1\r\nHost: 127.0.0.1:"] {
            send(&mut connection, part.as_bytes())?;
        }
        send(&mut connection, decimal(self.port, &mut digits))?;
        send(&mut connection, b"\r\nConnection: close\r\nAuthorization: ")?;
        // A piece of the token is a secret, which is this function's own to wipe.
        let mut piece = Zeroizing::new([0; PIECE]);
        let mut offset = 0;
        while let count @ 1.. = authorization.write_at(offset, &mut piece[..]) {
            send(&mut connection, piece.get(..count)?)?;
            offset += count;
        }
        send(&mut connection, b"\r\n\r\n")?;
        status_of_response(&mut connection)
    }
}

fn send(connection: &mut Connection, mut bytes: &[u8]) -> Option<()> {
    while !bytes.is_empty() {
        let count = connection.write(bytes).ok().filter(|count| *count > 0)?;
        bytes = bytes.get(count..)?;
    }
    Some(())
}

/// The whole response is read, so that the status is not believed of one that was cut off.
fn status_of_response(connection: &mut Connection) -> Option<u16> {
    let mut reader = ResponseReader::new();
    let mut piece = [0; PIECE];
    loop {
        let count = connection.read(&mut piece).ok()?;
        if count == 0 {
            reader.end_of_input().ok()?;
        }
        let mut input = piece.get(..count)?;
        while let Some(event) = reader.next(&mut input).ok()? {
            if event == Event::End {
                return Some(reader.head().status());
            }
        }
    }
}

/// Without `core::fmt`, which takes more flash than all of this.
fn decimal(mut number: u16, digits: &mut [u8; 5]) -> &[u8] {
    let mut first = digits.len();
    for (at, digit) in digits.iter_mut().enumerate().rev() {
        // The remainder is a digit, so nothing is cut off.
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
        first = at;
        if number == 0 {
            break;
        }
    }
    digits.get(first..).unwrap_or(&[])
}
