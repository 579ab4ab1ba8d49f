//! The exchange over transports that split, fail and lie, blocking and asynchronous alike.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::collections::VecDeque;

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use pos_token::dialect::{Field, Purpose};
use pos_token::http::{Connection, HttpError, RetryAfter};
use pos_token::provider::{OPEN_LOYALTY, Provider, ZYPE};
use pos_token::{
    AnswerError, Credentials, Endpoint, Error, ExchangeError, Outcome, RequestError, TokenExchange, TokenRequest,
    TokenStore, Verdict,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault(u8);

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "fault {}", self.0)
    }
}

impl core::error::Error for Fault {}

impl embedded_io::Error for Fault {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

/// Gives its answer in pieces and takes what is written in pieces; ends as it is told to.
#[derive(Default)]
pub(crate) struct Modem {
    answer: VecDeque<u8>,
    most_read: usize,
    most_written: usize,
    sent: Vec<u8>,
    flushed: usize,
    /// After so many bytes writing answers this.
    write_ends: Option<(usize, Result<usize, Fault>)>,
    /// At the answer's end reading answers this instead of 0.
    read_ends: Option<Result<usize, Fault>>,
}

impl Modem {
    fn answering(answer: &[u8]) -> Self {
        let answer = answer.iter().copied().collect();
        Self { answer, most_read: usize::MAX, most_written: usize::MAX, ..Self::default() }
    }
}

impl ErrorType for Modem {
    type Error = Fault;
}

impl Read for Modem {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Fault> {
        assert!(self.flushed > 0, "the request lies in a buffer");
        if let (true, Some(end)) = (self.answer.is_empty(), self.read_ends) {
            return end;
        }
        let count = buf.len().min(self.most_read).min(self.answer.len());
        for byte in &mut buf[..count] {
            *byte = self.answer.pop_front().unwrap();
        }
        Ok(count)
    }
}

impl Write for Modem {
    fn write(&mut self, buf: &[u8]) -> Result<usize, Fault> {
        assert!(!buf.is_empty());
        if let Some((after, end)) = self.write_ends
            && self.sent.len() >= after
        {
            return end;
        }
        let count = buf.len().min(self.most_written);
        self.sent.extend_from_slice(&buf[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> Result<(), Fault> {
        self.flushed += 1;
        Ok(())
    }
}

#[cfg(feature = "async")]
mod asynchronous {
    use super::{Fault, Modem};

    /// Waits once before each answer, as a transport does.
    async fn pause() {
        let mut waited = false;
        core::future::poll_fn(|context| {
            if core::mem::replace(&mut waited, true) {
                return core::task::Poll::Ready(());
            }
            context.waker().wake_by_ref();
            core::task::Poll::Pending
        })
        .await;
    }

    pub(crate) struct Waiting<'m>(pub(crate) &'m mut Modem);

    impl embedded_io::ErrorType for Waiting<'_> {
        type Error = Fault;
    }

    impl embedded_io_async::Read for Waiting<'_> {
        async fn read(&mut self, buf: &mut [u8]) -> Result<usize, Fault> {
            pause().await;
            embedded_io::Read::read(self.0, buf)
        }
    }

    impl embedded_io_async::Write for Waiting<'_> {
        async fn write(&mut self, buf: &[u8]) -> Result<usize, Fault> {
            pause().await;
            embedded_io::Write::write(self.0, buf)
        }

        async fn flush(&mut self) -> Result<(), Fault> {
            pause().await;
            embedded_io::Write::flush(self.0)
        }
    }

    pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
        let mut future = core::pin::pin!(future);
        let mut context = core::task::Context::from_waker(core::task::Waker::noop());
        loop {
            if let core::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
        }
    }
}

const ENDPOINT: Endpoint<'static> = Endpoint::https("api.example.com");

fn client() -> Credentials<'static> {
    Credentials::new().client_id("client-7").client_secret("s3cret").username("jane").password("hunter2")
}

type Result_ = Result<pos_token::Answer, ExchangeError<Fault>>;

/// Runs the exchange every way that there is, on transports made anew, and checks that the results agree.
fn run(
    provider: &Provider<'static>,
    purpose: Purpose,
    mut modem: impl FnMut() -> Modem,
    store: impl Fn(&mut TokenStore<'_>),
    scratch_len: usize,
) -> (Result_, Modem, Option<Vec<u8>>) {
    let exchange = TokenExchange::new(provider, purpose, client(), ENDPOINT);
    let mut arena = [0; 1024];
    let mut tokens = TokenStore::new(&mut arena);
    store(&mut tokens);
    let mut scratch = vec![0xaa; scratch_len];
    let mut transport = modem();
    let result = exchange.run(&mut transport, &mut tokens, &mut scratch);
    assert!(scratch.iter().all(|byte| *byte == 0), "the scratch buffer is not wiped");
    let token = tokens.access_token().map(|token| token.expose().to_vec());

    #[cfg(feature = "async")]
    {
        tokens.clear();
        store(&mut tokens);
        let mut scratch = vec![0xaa; scratch_len];
        let mut twin = modem();
        let waiting = &mut asynchronous::Waiting(&mut twin);
        assert_eq!(asynchronous::block_on(exchange.run_async(waiting, &mut tokens, &mut scratch)), result);
        assert_eq!(twin.sent, transport.sent);
        assert_eq!(tokens.access_token().map(|token| token.expose().to_vec()), token);
        assert!(scratch.iter().all(|byte| *byte == 0), "the scratch buffer is not wiped");
    }
    (result, transport, token)
}

fn nothing(_: &mut TokenStore<'_>) {}

const GRANT: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1c\r\n{\"access_token\":\"abc.def-ghi\r\n2\r\n\"}\r\n0\r\n\r\n";

#[test]
fn the_request_arrives_whole_however_it_is_taken() {
    let request = TokenRequest::new(&ZYPE, Purpose::LogIn, client()).unwrap();
    let mut buf = [0; 1024];
    let expected = request.write_http(&ENDPOINT, &mut buf).unwrap();
    for scratch in [64, 65, 100, 512, 2000] {
        for most in [1, 7, 63, usize::MAX] {
            let modem = || Modem { most_read: most, most_written: most, ..Modem::answering(GRANT) };
            let (result, modem, token) = run(&ZYPE, Purpose::LogIn, modem, nothing, scratch);
            assert!(matches!(result.unwrap().outcome, Outcome::Granted(_)));
            assert_eq!(token.as_deref(), Some(&b"abc.def-ghi"[..]));
            assert_eq!(modem.sent, expected);
            assert!(modem.answer.is_empty());
        }
    }
}

#[test]
fn a_scratch_buffer_that_is_too_small() {
    for scratch in 0..64 {
        let (result, modem, _) = run(&ZYPE, Purpose::LogIn, || Modem::answering(GRANT), nothing, scratch);
        assert_eq!(result, Err(ExchangeError::ScratchTooSmall));
        assert!(modem.sent.is_empty());
    }
}

#[test]
fn what_cannot_be_asked_sends_nothing() {
    let (result, modem, _) = run(&ZYPE, Purpose::Refresh, || Modem::answering(GRANT), nothing, 64);
    assert_eq!(result, Err(ExchangeError::Request(RequestError::Missing(Field::RefreshToken))));
    assert!(modem.sent.is_empty());
}

#[test]
fn a_transport_that_ends_while_writing() {
    let (_, whole, _) =
        run(&ZYPE, Purpose::LogIn, || Modem { most_written: 50, ..Modem::answering(GRANT) }, nothing, 64);
    for after in [0, 1, 63, 64, 65, whole.sent.len() - 1] {
        for (end, expected) in [
            (Ok(0), ExchangeError::Closed),
            (Ok(65), ExchangeError::Overrun),
            (Ok(usize::MAX), ExchangeError::Overrun),
            (Err(Fault(7)), ExchangeError::Transport(Fault(7))),
        ] {
            let modem = || Modem { write_ends: Some((after, end)), most_written: 1, ..Modem::answering(GRANT) };
            let (result, modem, token) = run(&ZYPE, Purpose::LogIn, modem, nothing, 64);
            assert_eq!(result, Err(expected));
            assert_eq!((modem.sent.len(), token), (after, None));
        }
    }
}

fn no_response() -> ExchangeError<Fault> {
    ExchangeError::Answer { error: AnswerError::Http(HttpError::NoResponse), status: 0, retry_after: None }
}

/// The status is known once its last digit has come.
fn truncated_after(len: usize) -> ExchangeError<Fault> {
    let status = if len < 12 { 0 } else { 200 };
    ExchangeError::Answer { error: AnswerError::Http(HttpError::Truncated), status, retry_after: None }
}

#[test]
fn a_transport_that_ends_while_reading() {
    for len in 0..GRANT.len() {
        for (end, expected) in [
            (Ok(0), if len == 0 { no_response() } else { truncated_after(len) }),
            (Ok(65), ExchangeError::Overrun),
            (Err(Fault(9)), ExchangeError::Transport(Fault(9))),
        ] {
            let modem = || Modem { read_ends: Some(end), ..Modem::answering(&GRANT[..len]) };
            let (result, _, token) = run(&ZYPE, Purpose::LogIn, modem, nothing, 64);
            assert_eq!((result, token), (Err(expected), None), "after {len} bytes");
        }
    }
}

#[test]
fn the_stores_own_tokens_are_sent() {
    let with_tokens = |store: &mut TokenStore<'_>| {
        let log_in = TokenExchange::new(&OPEN_LOYALTY, Purpose::LogIn, client(), ENDPOINT);
        let body = r#"{"token":"first.token","refresh_token":"r-1"}"#;
        let mut modem =
            Modem::answering(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        log_in.run(&mut modem, store, &mut [0; 64]).unwrap();
    };
    let body = r#"{"token":"second.token","refresh_token":"r-2"}"#;
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let modem = || Modem::answering(answer.as_bytes());
    let (result, modem, token) = run(&OPEN_LOYALTY, Purpose::Refresh, modem, with_tokens, 64);
    assert!(matches!(result.unwrap().outcome, Outcome::Granted(_)));
    assert!(modem.sent.ends_with(b"\r\n\r\n{\"refresh_token\":\"r-1\"}"));
    assert_eq!(token.as_deref(), Some(&b"second.token"[..]));

    // A refresh that fails half-way costs nothing.
    let modem = || Modem::answering(&answer.as_bytes()[..answer.len() - 4]);
    let (result, _, token) = run(&OPEN_LOYALTY, Purpose::Refresh, modem, with_tokens, 64);
    assert_eq!(result, Err(truncated_after(20)));
    assert_eq!(token.as_deref(), Some(&b"first.token"[..]));

    let modem = || Modem::answering(b"HTTP/1.1 204 No Content\r\n\r\n");
    let (result, modem, _) = run(&OPEN_LOYALTY, Purpose::LogOut, modem, with_tokens, 64);
    assert_eq!(result.unwrap().outcome, Outcome::Done);
    assert!(modem.sent.ends_with(b"\r\nAuthorization: Bearer first.token\r\n\r\n"));
}

/// What comes behind an answer would be taken for the next one.
#[test]
fn a_connection_with_more_on_it_is_not_reusable() {
    for (more, reusable) in [("", true), ("H", false), ("HTTP/1.1 200 OK\r\n\r\n", false)] {
        let modem = || Modem::answering(&[GRANT, more.as_bytes()].concat());
        let (result, ..) = run(&ZYPE, Purpose::LogIn, modem, nothing, 1024);
        let answer = result.unwrap();
        assert!(matches!(answer.outcome, Outcome::Granted(_)));
        assert_eq!(answer.reusable, reusable, "{more}");
    }
    // Nor is one that the request asked to close (RFC 9112 section 9.6).
    let exchange = TokenExchange::new(&ZYPE, Purpose::LogIn, client(), ENDPOINT.connection(Connection::Close));
    let mut arena = [0; 64];
    let answer = exchange.run(&mut Modem::answering(GRANT), &mut TokenStore::new(&mut arena), &mut [0; 64]);
    assert!(!answer.unwrap().reusable);
}

#[test]
fn a_page_ends_the_exchange_at_once() {
    let page = format!("HTTP/1.1 200 OK\r\n\r\n<html>{}", "x".repeat(100_000));
    let modem = || Modem { most_read: 63, ..Modem::answering(page.as_bytes()) };
    let (result, modem, _) = run(&ZYPE, Purpose::LogIn, modem, nothing, 64);
    assert_eq!(result.unwrap().outcome, Outcome::NotAnApi);
    assert!(modem.answer.len() > 99_000, "the page was read");
}

#[test]
fn verdicts_and_short_codes() {
    for (error, code, verdict) in [
        (ExchangeError::Transport(Fault(1)), 201, Verdict::Wait(None)),
        (ExchangeError::Closed, 202, Verdict::Wait(None)),
        (ExchangeError::Overrun, 203, Verdict::Stop),
        (ExchangeError::ScratchTooSmall, 112, Verdict::Stop),
        (
            ExchangeError::Answer {
                error: AnswerError::NoToken,
                status: 200,
                retry_after: Some(RetryAfter::Seconds(7)),
            },
            433,
            Verdict::Wait(Some(RetryAfter::Seconds(7))),
        ),
        (ExchangeError::Request(RequestError::MissingPath), 107, Verdict::Stop),
    ] {
        assert_eq!((error.code(), error.verdict()), (code, verdict));
        let one = Error::from(error);
        assert_eq!((one.code(), one.verdict()), (code, verdict));
    }
}

#[test]
fn a_token_that_the_caller_refuses_costs_nothing() {
    let answer = |token: &str| {
        let body = format!(r#"{{"access_token":"{token}","refresh_token":"r.{token}"}}"#);
        Modem::answering(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes())
    };
    let exchange = TokenExchange::new(&ZYPE, Purpose::LogIn, client(), ENDPOINT);
    let mut arena = [0; 256];
    let mut store = TokenStore::new(&mut arena);
    let good = |token: pos_token::Secret<'_>| token.expose() == b"good";
    exchange.run_checked(&mut answer("good"), &mut store, &mut [0; 64], good).unwrap();
    let refused = exchange.run_checked(&mut answer("forged"), &mut store, &mut [0; 64], good).unwrap_err();
    assert_eq!(refused, ExchangeError::TokenRefused);
    assert_eq!((refused.code(), refused.verdict()), (600, Verdict::Stop));
    assert_eq!(store.access_token().unwrap().expose(), b"good");
    assert_eq!(store.refresh_token().unwrap().expose(), b"r.good");
    // What grants nothing is nothing to check.
    let mut denied = Modem::answering(b"HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\n{}");
    let answer = exchange.run_checked(&mut denied, &mut store, &mut [0; 64], |_| panic!("nothing to check"));
    assert!(matches!(answer.unwrap().outcome, Outcome::Denied(_)));
}
