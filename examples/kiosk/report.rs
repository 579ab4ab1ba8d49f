//! One aligned line for each step, and what the program says to its caller.

use std::fmt;
use std::io::{self, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use pos_token::http::HttpError;
use pos_token::jwt::TokenError;
use pos_token::time::UnixTime;
use pos_token::{Answer, AnswerError, ErrorCode, ExchangeError, Outcome, Verdict};

/// What the program's exit status says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// A token was granted, and verified where a key was given.
    Good = 0,
    /// Without a provider: a step did not come out as expected.
    Unexpected = 1,
    /// The options make no request.
    Usage = 2,
    Wait = 3,
    LogIn = 4,
    AskForCode = 5,
    Stop = 6,
    Transport = 7,
    Malformed = 8,
    NotVerified = 9,
}

/// What is known of a token beside its text, which is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// There is none.
    Nothing,
    /// Its signature was checked with the key.
    Verified,
    /// A JWT that was read without a key.
    OnlyRead,
    /// No JWT: there is nothing to read.
    Opaque,
    /// It only proves that the first step of a log-in was taken.
    Pending,
    /// It fails the checks.
    Refused,
}

/// What became of a step: what to do now, and why.
pub struct Conclusion {
    pub exit: Exit,
    pub text: String,
}

impl Conclusion {
    /// `action (code reason)`.
    pub fn new(exit: Exit, action: &str, code: u16, reason: &str) -> Self {
        let text = match (code, reason) {
            (0, "") => action.to_owned(),
            (0, reason) => format!("{action} ({reason})"),
            (code, "") => format!("{action} ({code})"),
            (code, reason) => format!("{action} ({code} {reason})"),
        };
        Self { exit, text }
    }

    /// Of an answer. `shown` decides whether a code that the server made up may be shown.
    pub fn of_answer(answer: &Answer, shown: impl Fn(&[u8]) -> bool) -> Self {
        let reason = match answer.outcome {
            Outcome::NotAnApi => "no API".to_owned(),
            Outcome::Redirected => "redirect".to_owned(),
            Outcome::Denied(denied) => match denied.error {
                Some(ErrorCode::Provider(code)) if shown(code.as_bytes()) => code.to_string(),
                Some(ErrorCode::Provider(_) | ErrorCode::Other) | None => String::new(),
                Some(standard) => standard.to_string(),
            },
            _ => String::new(),
        };
        let verdict = answer.verdict();
        Self::new(exit(verdict), &verdict.to_string(), answer.code(), &reason)
    }

    /// Of an exchange without an answer.
    pub fn of_error(error: &ExchangeError<io::Error>) -> Self {
        let (exit, reason) = match error {
            ExchangeError::Request(error) => (Exit::Usage, error.to_string()),
            ExchangeError::Answer { error, .. } => match error {
                AnswerError::Http(HttpError::Truncated | HttpError::NoResponse) => (Exit::Transport, error.to_string()),
                _ => (Exit::Malformed, error.to_string()),
            },
            ExchangeError::Transport(error) => (Exit::Transport, error.to_string()),
            other => (Exit::Transport, other.to_string()),
        };
        Self::new(exit, &error.verdict().to_string(), error.code(), &reason)
    }

    /// Of a token that was granted and fails the checks.
    pub fn of_token(error: TokenError) -> Self {
        Self::new(Exit::NotVerified, "do not use", error.code(), &error.to_string())
    }
}

fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Use | Verdict::Done => Exit::Good,
        Verdict::Wait(_) => Exit::Wait,
        Verdict::LogIn => Exit::LogIn,
        Verdict::AskForCode => Exit::AskForCode,
        Verdict::Stop => Exit::Stop,
    }
}

/// One step as it is printed.
pub struct Line {
    pub provider: &'static str,
    pub step: String,
    /// 0 where the answer was not understood.
    pub status: u16,
    pub sent: usize,
    pub received: usize,
    /// The lengths of the tokens that the step brought, in bytes; 0 where it brought none.
    pub token: usize,
    pub refresh_token: usize,
    pub expiry: Option<UnixTime>,
    pub trust: Trust,
    pub conclusion: Conclusion,
    /// What went over the wire, redacted; empty unless it was asked for.
    pub trace: String,
}

/// The names of the columns.
pub const HEADING: &str = concat!(
    "provider     step                                status   sent   recv  token  refresh  ",
    "expires (UTC)               in  trust      verdict (code)"
);

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (expires, left) = match self.expiry {
            Some(time) => (time.to_string(), duration(time.since(now()))),
            None => ("-".to_owned(), "-".to_owned()),
        };
        write!(
            f,
            "{:<11}  {:<34}  {:>6}  {:>5}  {:>5}  {:>5}  {:>7}  {expires:<20}  {left:>8}  {:<9}  {}",
            self.provider,
            self.step,
            number(self.status.into()),
            self.sent,
            self.received,
            number(self.token),
            number(self.refresh_token),
            self.trust.to_string(),
            self.conclusion.text,
        )
    }
}

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Trust::Nothing => "-",
            Trust::Verified => "verified",
            Trust::OnlyRead => "only read",
            Trust::Opaque => "opaque",
            Trust::Pending => "pending",
            Trust::Refused => "refused",
        })
    }
}

/// Prints to stdout. That nobody reads any more is no reason to panic, as `println!` would.
pub fn print(line: &str) {
    writeln!(io::stdout(), "{line}").ok();
}

/// A dash for 0.
pub fn number(number: usize) -> String {
    if number == 0 { "-".to_owned() } else { number.to_string() }
}

fn duration(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    format!("{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// This machine's clock. A till without a good one takes what the answer says of the server's.
pub fn now() -> UnixTime {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_seconds(i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX))
}
