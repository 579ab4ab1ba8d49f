//! What each event leads to: for every provider, in every state that it knows.

use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, ZYPE};
use pos_token::session::Policy;

use crate::tables;
use crate::till::{Till, http};

/// Where a till stands when the event comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It has nothing, and logs in.
    LoggingIn,
    /// Its token is good, and it renews it early.
    Renewing,
    /// Its token is over, and it renews it.
    Over,
    /// It logs in with the PIN of a linked device.
    Pin,
    /// It has given the code of a second factor.
    Code,
}

const STATES: [(State, &str); 5] = [
    (State::LoggingIn, "log-in"),
    (State::Renewing, "renewal, token good"),
    (State::Over, "renewal, token over"),
    (State::Pin, "log-in with a PIN"),
    (State::Code, "second factor"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Refused,
    RefusedTwice,
    RefusedThrice,
    InvalidClient,
    TooMany,
    TooManyUntold,
    Unavailable,
    UnavailableDate,
    ServerError,
    ServerErrorPage,
    Transport,
    Truncated,
    Portal,
    Redirect,
    Malformed,
    MalformedEight,
    Unauthorized,
    UnauthorizedEight,
    NoToken,
    TooLong,
    TokenType,
    TokenRefused,
    Timeout,
    Late,
    SaveFails,
    LoggedOut,
    Changed,
}

/// In the order of the states. What renews by another log-in is refused as a log-in is: that stands behind a slash.
const TABLE: [(Event, &str, [&str; 5]); 27] = [
    (
        Event::Refused,
        "refused: credentials, refresh token or code",
        ["Stop", "Send log-in / Stop", "Send log-in / Stop", "NeedCode, PIN", "NeedCode, second factor"],
    ),
    (
        Event::RefusedTwice,
        "and again",
        ["-", "Stop / -", "Stop / -", "NeedCode, PIN", "NeedCode, second factor, after a log-in"],
    ),
    (Event::RefusedThrice, "and a third time", ["-", "-", "-", "Stop", "Stop"]),
    (Event::InvalidClient, "`invalid_client`", ["Stop"; 5]),
    (
        Event::TooMany,
        "429, `Retry-After: 30`",
        ["Wait, Retry-After", "Use", "Wait, Retry-After", "Wait, Retry-After", "Wait, Retry-After"],
    ),
    (
        Event::TooManyUntold,
        "429 without",
        ["Wait, back-off", "Use", "Wait, back-off", "Wait, back-off", "Wait, back-off"],
    ),
    (
        Event::Unavailable,
        "503, `Retry-After: 30`",
        ["Wait, Retry-After", "Use", "Wait, Retry-After", "Wait, Retry-After", "Wait, Retry-After"],
    ),
    (
        Event::UnavailableDate,
        "503, `Retry-After` as a date, with `Date`",
        ["Wait, Retry-After", "Use", "Wait, Retry-After", "Wait, Retry-After", "Wait, Retry-After"],
    ),
    (Event::ServerError, "500, JSON", ["Wait, back-off", "Use", "Wait, back-off", "Wait, back-off", "Wait, back-off"]),
    (
        Event::ServerErrorPage,
        "502, HTML",
        ["Wait, back-off", "Use", "Wait, back-off", "Wait, back-off", "Wait, back-off"],
    ),
    (
        Event::Transport,
        "transport error",
        ["Wait, back-off", "Use", "Wait, back-off", "Wait, back-off", "Wait, back-off"],
    ),
    (
        Event::Truncated,
        "the answer ends early",
        ["Wait, back-off", "Use", "Wait, back-off", "Wait, back-off", "Wait, back-off"],
    ),
    (
        Event::Portal,
        "200, HTML: a portal",
        ["Wait, back-off", "Use", "Wait, back-off", "Wait, back-off", "Wait, back-off"],
    ),
    (Event::Redirect, "a redirect", ["Wait, back-off", "Use", "Wait, back-off", "Wait, back-off", "Wait, back-off"]),
    (
        Event::Malformed,
        "an answer that makes no sense",
        ["Wait, back-off", "Use", "Wait, back-off", "Wait, back-off", "Wait, back-off"],
    ),
    (Event::MalformedEight, "eight of them in a row", ["Stop"; 5]),
    (
        Event::Unauthorized,
        "401 without JSON",
        ["Wait, back-off", "Use", "Wait, back-off", "Wait, back-off", "Wait, back-off"],
    ),
    (
        Event::UnauthorizedEight,
        "eight of them in a row",
        ["Stop", "Send log-in / Stop", "Send log-in / Stop", "Stop", "Stop"],
    ),
    (
        Event::NoToken,
        "a success without a token",
        ["Wait, back-off", "Use", "Wait, back-off", "Wait, back-off", "Wait, back-off"],
    ),
    (Event::TooLong, "a token too long for the store", ["Stop"; 5]),
    (Event::TokenType, "a token of another type", ["Stop"; 5]),
    (Event::TokenRefused, "a token that the caller's own check refuses", ["Stop"; 5]),
    (
        Event::Timeout,
        "no result within the timeout",
        ["Wait, back-off", "Use", "Wait, back-off", "Wait, back-off", "Wait, back-off"],
    ),
    (Event::Late, "an answer after that, with a token", ["Use"; 5]),
    (Event::SaveFails, "the new tokens cannot be saved", ["Use"; 5]),
    (Event::LoggedOut, "logged out meanwhile; the answer grants", ["Stop"; 5]),
    (Event::Changed, "the same, and then other credentials", ["Send log-in"; 5]),
];

struct Subject {
    provider: &'static Provider<'static>,
    name: &'static str,
    granted: &'static str,
    refused: (&'static str, &'static str),
    no_token: &'static str,
}

const SUBJECTS: [Subject; 5] = [
    Subject {
        provider: &LOYALTY_DOG,
        name: "LoyaltyDog",
        // exp - iat is 3600, both long ago: the device has no clock.
        granted: r#"{"accessToken":"eyJhbGciOiJIUzUxMiJ9.eyJpYXQiOjE3NzM2NzA1MDAsImV4cCI6MTc3MzY3NDEwMH0.AA","tokenType":"bearer"}"#,
        refused: ("401 Unauthorized", r#"{"detail":"Incorrect username or password"}"#),
        no_token: r#"{"accessToken":null}"#,
    },
    Subject {
        provider: &ZYPE,
        name: "Zype",
        granted: r#"{"access_token":"a0561f","token_type":"bearer","expires_in":3600,"refresh_token":"r0561f"}"#,
        refused: ("401 Unauthorized", r#"{"error":"invalid_grant","error_description":"…"}"#),
        no_token: r#"{"token_type":"bearer","expires_in":3600}"#,
    },
    Subject {
        provider: &LOYALIFE,
        name: "Loyalife",
        granted: r#"{"results":{"token":"eyJhbGciOiJIUzUxMiJ9.eyJpYXQiOjE3NzM2NzA1MDAsImV4cCI6MTc3MzY3NDEwMH0.AA","tokenExpiresOn":"2026-03-16T15:15:00Z"}}"#,
        refused: ("200 OK", r#"{"results":{"IsSucessful":false,"ErrorCode":"998","ExceptionMessage":"…"}}"#),
        no_token: r#"{"results":{"IsSucessful":true,"ErrorCode":"000"}}"#,
    },
    Subject {
        provider: &OPEN_LOYALTY,
        name: "Open Loyalty",
        granted: r#"{"token":"eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3NzM2NzA1MDAsImV4cCI6MTc3MzY3NDEwMH0.AA","refresh_token":"0558f8bb"}"#,
        refused: ("401 Unauthorized", r#"{"code":401,"message":"Invalid credentials."}"#),
        no_token: r#"{"refresh_token":"0558f8bb"}"#,
    },
    Subject {
        provider: &RFC6749,
        name: "RFC 6749",
        granted: r#"{"access_token":"a0561f","token_type":"Bearer","expires_in":3600,"refresh_token":"r0561f"}"#,
        refused: ("400 Bad Request", r#"{"error":"invalid_grant"}"#),
        no_token: r#"{"token_type":"bearer","expires_in":3600}"#,
    },
];

impl Subject {
    /// A till at the moment at which it begins an exchange; `None` where the provider does not know the state.
    fn at(&self, state: State) -> Option<Till> {
        let mut till = Till::new(self.provider, Policy::new(7));
        let granted = http("200 OK", "", self.granted);
        match state {
            State::LoggingIn => {}
            State::Renewing | State::Over => {
                till.exchange(Till::credentials(), &granted);
                till.save();
                assert_eq!(till.step(), "Use", "{}", self.name);
                till.wait();
                if state == State::Over {
                    till.pass(3600);
                }
            }
            State::Pin if self.name != "Zype" => return None,
            State::Pin => {}
            State::Code if self.name != "LoyaltyDog" => return None,
            State::Code => {
                till.exchange(Till::credentials(), &http("200 OK", "", r#"{"mfaPending":true,"pendingToken":"p"}"#));
            }
        }
        Some(till)
    }

    fn credentials(state: State) -> pos_token::Credentials<'static> {
        match state {
            State::Pin => Till::credentials().linked_device_id("d").pin("1234"),
            State::Code => Till::credentials().code("123456"),
            _ => Till::credentials(),
        }
    }

    fn apply(&self, till: &mut Till, state: State, event: Event) {
        let credentials = Self::credentials(state);
        let mut answered = |status: &str, fields: &str, body: &str| {
            till.exchange(credentials, &http(status, fields, body));
        };
        let date = "Date: Mon, 16 Mar 2026 15:15:00 GMT\r\n";
        match event {
            Event::Refused => answered(self.refused.0, "", self.refused.1),
            Event::RefusedTwice | Event::RefusedThrice => {
                for _ in 0..if event == Event::RefusedTwice { 2 } else { 3 } {
                    // After a log-in that waits for its code is given up, the next one brings another.
                    if till.step() == "NeedCode, second factor, after a log-in" {
                        till.exchange(credentials, &http("200 OK", "", r#"{"mfaPending":true,"pendingToken":"q"}"#));
                    }
                    till.exchange(credentials, &http(self.refused.0, "", self.refused.1));
                }
            }
            Event::InvalidClient => answered("401 Unauthorized", "", r#"{"error":"invalid_client"}"#),
            Event::TooMany => answered("429 Too Many Requests", "Retry-After: 30\r\n", "{}"),
            Event::TooManyUntold => answered("429 Too Many Requests", "", "slow down"),
            Event::Unavailable => answered("503 Service Unavailable", "Retry-After: 30\r\n", "<html>"),
            Event::UnavailableDate => {
                let fields = format!("{date}Retry-After: Mon, 16 Mar 2026 15:15:30 GMT\r\n");
                answered("503 Service Unavailable", &fields, "<html>");
                till.save();
            }
            Event::ServerError => answered("500 Internal Server Error", "", r#"{"message":"oops"}"#),
            Event::ServerErrorPage => answered("502 Bad Gateway", "", "<html>"),
            Event::Transport => till.transport_fails(credentials),
            Event::Truncated => {
                let whole = http("200 OK", "", self.granted);
                till.exchange(credentials, &whole[..whole.len() - 3]);
            }
            Event::Portal => answered("200 OK", "", "<html><title>Log in to the hotel's network</title>"),
            Event::Redirect => answered("302 Found", "Location: http://10.0.0.1/portal\r\n", ""),
            Event::Malformed => answered("200 OK", "", r#"{"x":}"#),
            Event::Unauthorized => answered("401 Unauthorized", "", ""),
            Event::MalformedEight | Event::UnauthorizedEight => {
                let answer = match event {
                    Event::MalformedEight => http("200 OK", "", r#"{"x":}"#),
                    _ => http("401 Unauthorized", "", "<html>"),
                };
                for round in 0..8 {
                    if round > 0 {
                        till.wait();
                    }
                    // The token may have ended meanwhile: what is begun is the same.
                    till.exchange(credentials, &answer);
                }
            }
            Event::NoToken => answered("200 OK", "", self.no_token),
            Event::TooLong => {
                let long = "x".repeat(5000);
                let body = self.granted.replacen("a0561f", &long, 1).replacen("eyJhbG", &long, 1);
                answered("200 OK", "", &body);
            }
            Event::TokenType => {
                let body = self.granted.replacen("bearer", "mac", 1).replacen("Bearer", "mac", 1);
                answered("200 OK", "", &body);
            }
            Event::TokenRefused => till.token_refused(credentials),
            Event::Late => {
                let (number, purpose) = till.begin(credentials);
                till.pass(120);
                till.answer(number, purpose, &http("200 OK", "", self.granted));
                till.save();
            }
            Event::SaveFails => {
                till.exchange(credentials, &http("200 OK", "", self.granted));
                till.save_fails();
            }
            Event::LoggedOut | Event::Changed => {
                let (number, purpose) = till.begin(credentials);
                till.logged_out();
                till.answer(number, purpose, &http("200 OK", "", self.granted));
                till.save();
                assert_eq!(till.step(), "Stop 703");
                if event == Event::Changed {
                    till.credentials_changed();
                }
            }
            Event::Timeout => {
                till.begin(credentials);
                assert!(["Use", "Wait, busy"].contains(&till.step().as_str()));
                till.pass(120);
            }
        }
    }

    /// Whether the provider can answer so.
    fn knows(&self, event: Event) -> bool {
        match event {
            Event::InvalidClient => ["Zype", "RFC 6749"].contains(&self.name),
            Event::TokenType => self.granted.to_lowercase().contains("bearer"),
            _ => true,
        }
    }

    fn expected(&self, till: &Till, cell: &str) -> Option<String> {
        let (refreshing, logging_in) = cell.split_once(" / ").unwrap_or((cell, cell));
        Some(if till.refreshes() { refreshing } else { logging_in }.to_owned()).filter(|cell| cell != "-")
    }
}

#[test]
fn each_failure_leads_where_the_table_says() {
    let mut page = String::new();
    for subject in &SUBJECTS {
        let states: Vec<_> = STATES.iter().enumerate().filter(|(_, (state, _))| subject.at(*state).is_some()).collect();
        let mut rows = Vec::new();
        for (event, name, cells) in TABLE.iter().filter(|(event, ..)| subject.knows(*event)) {
            let mut row = vec![(*name).to_owned()];
            for (column, (state, _)) in &states {
                let mut till = subject.at(*state).unwrap();
                let Some(expected) = subject.expected(&till, cells[*column]) else {
                    row.push("–".to_owned());
                    continue;
                };
                subject.apply(&mut till, *state, *event);
                let step = till.step();
                let shown = step.strip_prefix("Stop ").map_or(&*step, |_| "Stop");
                assert_eq!(shown, expected, "{}, {state:?}, {event:?}", subject.name);
                row.push(step);
            }
            rows.push(row);
        }
        let mut columns = vec!["event"];
        columns.extend(states.iter().map(|(_, (_, name))| *name));
        page += &format!("### {}\n\n{}\n", subject.name, tables::table(&columns, rows));
    }
    tables::check("failures", &page);
}
