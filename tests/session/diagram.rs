//! The diagram of states, drawn from what a session does and not from what somebody thinks that it does.

use std::collections::{BTreeMap, BTreeSet};

use pos_token::Credentials;
use pos_token::dialect::Purpose;
use pos_token::provider::{LOYALTY_DOG, Provider, ZYPE};
use pos_token::session::{Failure, Fleet, Policy};

use crate::tables;
use crate::till::{Till, http};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Begin,
    Granted,
    CodeMissing,
    Refused,
    ClientRefused,
    Fails,
    GivenUp,
    Saved,
    SaveFailed,
    Passes,
    Customer,
    Rejected,
    Changed,
}

const EVENTS: [(Event, &str); 13] = [
    (Event::Begin, "begin"),
    (Event::Granted, "granted"),
    (Event::CodeMissing, "a code is missing"),
    (Event::Refused, "refused"),
    (Event::ClientRefused, "client refused"),
    (Event::Fails, "fails"),
    (Event::GivenUp, "timeout"),
    (Event::Saved, "saved"),
    (Event::SaveFailed, "save failed"),
    (Event::Passes, "time passes"),
    (Event::Customer, "a customer waits"),
    (Event::Rejected, "401"),
    (Event::Changed, "credentials changed"),
];

struct Subject {
    provider: &'static Provider<'static>,
    granted: &'static str,
    credentials: fn() -> Credentials<'static>,
}

/// Together they have everything: refresh tokens that rotate, a PIN, a second factor.
const SUBJECTS: [Subject; 3] = [
    Subject {
        provider: &ZYPE,
        granted: r#"{"access_token":"a","expires_in":7200,"refresh_token":"r"}"#,
        credentials: Till::credentials,
    },
    Subject {
        provider: &ZYPE,
        granted: r#"{"access_token":"a","expires_in":7200}"#,
        credentials: || Till::credentials().linked_device_id("d").pin("1234"),
    },
    Subject {
        provider: &LOYALTY_DOG,
        granted: r#"{"accessToken":"eyJhbGciOiJIUzUxMiJ9.eyJpYXQiOjE3NzM2NzA1MDAsImV4cCI6MTc3MzY3NDEwMH0.AA"}"#,
        credentials: || Till::credentials().code("123456"),
    },
];

/// A till to which these events have happened.
struct Run<'a> {
    subject: &'a Subject,
    till: Till,
    underway: Option<(u32, Purpose)>,
    /// How often it was refused, as far as that makes a difference.
    refusals: u8,
}

impl<'a> Run<'a> {
    fn new(subject: &'a Subject, events: &[Event]) -> Self {
        let fleet = Fleet { tills: 10, index: Some(9), log_ins_per_minute: None };
        let till = Till::new(subject.provider, Policy { fleet, ..Policy::new(5) });
        let mut run = Self { subject, till, underway: None, refusals: 0 };
        for event in events {
            run.apply(*event);
        }
        run
    }

    fn label(&mut self) -> &'static str {
        if self.underway.is_some() && self.till.step() != "Save" {
            return "Underway";
        }
        match &*self.till.step() {
            "Use" => "Use",
            "Send log-in" => "Send log-in",
            "Send refresh" => "Send refresh",
            "Save" => "Save",
            step if step.starts_with("Wait") => "Wait",
            step if step.starts_with("NeedCode") => "NeedCode",
            step if step.starts_with("Stop") => "Stop",
            step => panic!("{step}"),
        }
    }

    fn can(&mut self, event: Event) -> bool {
        let label = self.label();
        match event {
            Event::Begin => ["Send log-in", "Send refresh", "NeedCode"].contains(&label),
            Event::Granted | Event::Refused | Event::ClientRefused | Event::Fails | Event::GivenUp => {
                label == "Underway"
            }
            Event::CodeMissing => {
                let log_in = self.underway.is_some_and(|(_, purpose)| purpose == Purpose::LogIn);
                label == "Underway" && log_in && self.subject.provider.settings == LOYALTY_DOG.settings
            }
            Event::Saved | Event::SaveFailed => label == "Save",
            Event::Passes => ["Use", "Wait"].contains(&label),
            Event::Customer => label == "Wait",
            Event::Rejected => self.till.good_for().is_some() && self.underway.is_none(),
            Event::Changed => label == "Stop",
        }
    }

    fn apply(&mut self, event: Event) {
        let mut answer = |status: &str, body: &str| {
            let (number, purpose) = self.underway.take().unwrap();
            self.till.answer(number, purpose, &http(status, "", body));
        };
        if [Event::Refused, Event::Rejected].contains(&event) {
            self.refusals = (self.refusals + 1).min(3);
        }
        match event {
            Event::Begin => self.underway = Some(self.till.begin((self.subject.credentials)())),
            Event::Granted => answer("200 OK", self.subject.granted),
            Event::CodeMissing => answer("200 OK", r#"{"mfaPending":true,"pendingToken":"p"}"#),
            Event::Refused => answer("401 Unauthorized", r#"{"error":"invalid_grant"}"#),
            Event::ClientRefused => {
                let (number, _) = self.underway.take().unwrap();
                let client = Failure { verdict: pos_token::Verdict::Stop, malformed: false, code: 513 };
                self.till.with(|session, _, now| session.failed(number, client, now));
            }
            Event::Fails => {
                let (number, _) = self.underway.take().unwrap();
                self.till.with(|session, _, now| session.failed(number, Failure::TRANSPORT, now));
            }
            Event::GivenUp => {
                self.underway = None;
                self.till.pass(120);
            }
            Event::Saved => self.till.save(),
            Event::SaveFailed => self.till.with(|session, _, _| session.save_failed(0)),
            Event::Passes => self.till.wait(),
            Event::Customer => {
                let _ = self.till.with(|session, store, now| session.customer_waiting(store, now));
            }
            Event::Rejected => {
                let _ = self.till.rejected();
            }
            Event::Changed => self.till.with(|session, _, now| session.credentials_changed(now)),
        }
    }

    /// What tells states apart that do not do the same next.
    fn key(&mut self) -> (String, bool, bool, u8, String) {
        let token = self.till.good_for().is_some();
        let refresh = self.till.with(|_, store, _| store.refresh_token().is_some());
        (self.till.step(), token, refresh, self.refusals, format!("{:?}", self.underway.map(|(_, purpose)| purpose)))
    }
}

#[test]
fn the_diagram_is_what_the_session_does() {
    let mut edges: BTreeMap<(&str, &str), BTreeSet<Event>> = BTreeMap::new();
    for subject in &SUBJECTS {
        let mut seen = BTreeSet::new();
        let mut paths = vec![vec![]];
        while let Some(path) = paths.pop() {
            let mut run = Run::new(subject, &path);
            if !seen.insert(run.key()) || path.len() > 14 {
                continue;
            }
            let from = run.label();
            for (event, _) in EVENTS {
                let mut run = Run::new(subject, &path);
                if !run.can(event) {
                    continue;
                }
                run.apply(event);
                edges.entry((from, run.label())).or_default().insert(event);
                paths.insert(0, [&path[..], &[event]].concat());
            }
        }
    }
    let id = |label: &str| label.replace([' ', '-'], "");
    let mut page = "```mermaid\nstateDiagram-v2\n    state \"an exchange is under way\" as Underway\n".to_owned();
    for label in ["Send log-in", "Send refresh"] {
        page += &format!("    state \"{label}\" as {}\n", id(label));
    }
    page += "    [*] --> Wait: boot\n    [*] --> Save: boot, a rotating token was restored\n";
    for ((from, to), events) in &edges {
        let names: Vec<_> = EVENTS.iter().filter(|(event, _)| events.contains(event)).map(|(_, name)| *name).collect();
        page += &format!("    {} --> {}: {}\n", id(from), id(to), names.join(", "));
    }
    let labels: BTreeSet<_> = edges.keys().flat_map(|(from, to)| [*from, *to]).collect();
    assert_eq!(labels.len(), 8, "{labels:?}");
    page += "```\n";
    tables::check("diagram", &page);
}
