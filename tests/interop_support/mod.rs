//! Real servers, each a process of its own, and a client that talks to them over TCP.
#![allow(dead_code, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

pub(crate) mod doorkeeper;

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use pos_token::dialect::Purpose;
use pos_token::http::{self, Connection, ResponseReader};
use pos_token::provider::Provider;
use pos_token::time::UnixTime;
use pos_token::{
    Answer, AnswerError, AnswerOptions, AnswerReader, Authorization, Credentials, Endpoint, Progress, TokenRequest,
    TokenStore,
};

/// Whether a server that cannot be had is a failure: then it is set up, and else its test is skipped.
pub(crate) fn required() -> bool {
    std::env::var_os("POS_TOKEN_REQUIRE_INTEROP").is_some_and(|value| value == "1")
}

/// The servers, or `None` where their test is to be skipped. `Err` says why there are none.
pub(crate) fn or_skip<T>(name: &str, servers: Result<T, String>) -> Option<T> {
    match servers {
        Ok(servers) => Some(servers),
        Err(reason) if required() => panic!("POS_TOKEN_REQUIRE_INTEROP is set, but {reason}"),
        Err(reason) => {
            // Past the capture of the test harness, so that a skip is seen.
            let _written = writeln!(std::io::stderr(), "SKIPPED: interop with {name}: {reason}");
            None
        }
    }
}

/// A file under `tests/interop/`.
pub(crate) fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop").join(name)
}

/// Runs a set-up script under `tests/interop/`, and returns the line that it prints.
pub(crate) fn set_up(script: &str) -> Result<OsString, String> {
    let output = Command::new(file(script)).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("tests/interop/{script} cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("tests/interop/{script} failed"));
    }
    Ok(String::from_utf8(output.stdout).unwrap().trim().into())
}

/// A server, until it is dropped.
pub(crate) struct Server {
    process: Child,
    port: u16,
}

/// What a protected endpoint answered.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) date: Option<UnixTime>,
    pub(crate) body: String,
}

impl Server {
    /// The command prints its port, and then serves. `Err` says why there is no server.
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        let process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let process = process.map_err(|error| format!("the server cannot be started: {error}"))?;
        let mut server = Self { process, port: 0 };
        let mut line = String::new();
        BufReader::new(server.process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        match line.trim().rsplit_once(':').and_then(|(_, port)| port.parse().ok()) {
            Some(port) => server.port = port,
            None => return Err("the server did not start".into()),
        }
        Ok(server)
    }

    fn endpoint(&self) -> Endpoint<'static> {
        Endpoint::http("127.0.0.1").port(self.port).user_agent("till/1.0").connection(Connection::Close)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    /// Sends a request in pieces of 63 bytes, as a modem does, and reads its answer so.
    pub(crate) fn exchange(
        &self,
        provider: &Provider<'static>,
        purpose: Purpose,
        credentials: Credentials<'_>,
        store: &mut TokenStore<'_>,
    ) -> Result<Answer, AnswerError> {
        let request = TokenRequest::new(provider, purpose, credentials).unwrap();
        let mut stream = self.connect();
        let (mut sent, mut window) = (0, [0; 63]);
        loop {
            let count = request.write_at(&self.endpoint(), sent, &mut window).unwrap();
            if count == 0 {
                break;
            }
            stream.write_all(&window[..count]).unwrap();
            sent += count;
        }
        let options = AnswerOptions { keep_server_text: true, ..AnswerOptions::default() };
        let mut reader = AnswerReader::with_options(provider, purpose, options, store);
        loop {
            let count = stream.read(&mut window).unwrap();
            if count == 0 || reader.feed(&window[..count])? != Progress::NeedMore {
                return reader.finish();
            }
        }
    }

    /// Sends a request that asks to close, and returns the whole answer as it came.
    pub(crate) fn raw(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    }

    /// Calls an endpoint that wants a token.
    pub(crate) fn get(&self, provider: &Provider<'static>, path: &str, token: &[u8]) -> Reply {
        let authorization = Authorization::new(provider, token).unwrap();
        let mut value = vec![0; authorization.len()];
        let value = std::str::from_utf8(authorization.write(&mut value).unwrap()).unwrap();
        let mut stream = self.connect();
        let host = format!("127.0.0.1:{}", self.port);
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {value}\r\n\r\n").unwrap();
        let mut reader = ResponseReader::new();
        let mut body = Vec::new();
        let mut buf = [0; 63];
        loop {
            let count = stream.read(&mut buf).unwrap();
            assert!(count > 0, "the connection was closed early");
            let mut input = &buf[..count];
            while let Some(event) = reader.next(&mut input).unwrap() {
                match event {
                    http::Event::Head => {}
                    http::Event::Body(piece) => body.extend_from_slice(piece),
                    http::Event::End => {
                        let head = reader.head();
                        let body = String::from_utf8(body).unwrap();
                        return Reply { status: head.status(), date: head.date(), body };
                    }
                }
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _killed = self.process.kill();
        let _status = self.process.wait();
    }
}
