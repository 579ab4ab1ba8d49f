//! Everything once, with servers of its own: five dialects over real sockets, and what goes wrong with each.
//!
//! Every step says what has to come of it: status, trust and verdict, as the line shows them.

use std::time::Duration;

use pos_token::dialect::Purpose;
use pos_token::dialect::Purpose::{LogIn, LogOut, Refresh, Revoke, VerifyCode};
use pos_token::jwt::Hs512Key;
use pos_token::provider::{self, Provider};
use pos_token::{Credentials, TokenStore, json};
use pos_token_testbed::{Testbed, credentials as valid};

use crate::report::{Exit, HEADING, Line, number, print};
use crate::server::Server;
use crate::till::{Checks, Till, secrets};
use crate::trace::contains;
use crate::transport::Connector;

/// A password, secret and code that nobody has.
const WRONG: &str = "hunter2!";

pub fn run(timeout: Duration, trace: bool) -> Result<Exit, String> {
    let testbed = Testbed::start();
    let connector = Connector::new(None, timeout, trace)?;
    let mut report = Report::default();
    report.print(HEADING);
    loyalty_dog(&mut report, &connector, &testbed);
    zype(&mut report, &connector, &testbed);
    loyalife(&mut report, &connector, &testbed);
    open_loyalty(&mut report, &connector, &testbed);
    rfc6749(&mut report, &connector, &testbed);
    Ok(report.finish(&testbed.complaints()))
}

fn loyalty_dog(report: &mut Report, connector: &Connector, testbed: &Testbed) {
    use valid::loyalty_dog::{MFA_CODE, MFA_USERNAME, PASSWORD, SIGNING_KEY, USERNAME};
    let user = Credentials::new().username(USERNAME).password(PASSWORD);
    let key = Hs512Key::new(SIGNING_KEY).expect("the key is long enough");
    let checks = Checks { key, issuer: None, audience: None };
    let mut arena = [0; 8 * 1024];
    let mut demo = Demo::new(report, "loyaltydog", &provider::LOYALTY_DOG, &testbed.loyalty_dog, connector, &mut arena);
    demo.till.checks = Some(checks);

    demo.step("200 verified use", "log in", LogIn, user);
    demo.call("200 - done", "call the API", "/v2/me");
    demo.step("200 pending ask for a code", "log in with a second factor", LogIn, user.username(MFA_USERNAME));
    demo.step("401 - ask for a code", "verify a wrong code", VerifyCode, Credentials::new().code(WRONG));
    demo.step("200 verified use", "verify the code", VerifyCode, Credentials::new().code(MFA_CODE));
    demo.call("200 - done", "call the API", "/v2/me");

    demo.failures();
    demo.step("401 - stop", "wrong password", LogIn, user.password(WRONG));
    demo.scenario("422 - stop", "the 422 echoes the password", "echo", LogIn, user);
    demo.usual_failures(user);
    demo.call("200 - done", "the token outlives all that", "/v2/me");
    demo.scenario("200 refused do not use", "forged token", "forged", LogIn, user);
    demo.scenario("200 refused do not use", "unsigned token", "unsigned", LogIn, user);
    demo.scenario("200 refused do not use", "expired token", "expired", LogIn, user);
    demo.scenario("200 verified use", "63 bytes at a time", "modem", LogIn, user);
}

fn zype(report: &mut Report, connector: &Connector, testbed: &Testbed) {
    use valid::zype::{CLIENT_ID, CLIENT_SECRET, LINKED_DEVICE_ID, PASSWORD, PIN, USERNAME};
    let client = Credentials::new().client_id(CLIENT_ID).client_secret(CLIENT_SECRET);
    let user = client.username(USERNAME).password(PASSWORD);
    let device = client.linked_device_id(LINKED_DEVICE_ID).pin(PIN);
    let mut arena = [0; 8 * 1024];
    let mut demo = Demo::new(report, "zype", &provider::ZYPE, &testbed.zype, connector, &mut arena);

    demo.step("200 opaque use", "log in", LogIn, user);
    demo.call("200 - done", "call the API", "/api/me");
    demo.step("200 opaque use", "refresh", Refresh, client);
    demo.call("200 - done", "call the API", "/api/me");
    demo.step("200 opaque use", "log in as a linked device", LogIn, device);

    demo.failures();
    demo.step("400 - stop", "wrong password", LogIn, user.password(WRONG));
    demo.step("400 - stop", "wrong PIN", LogIn, device.pin(WRONG));
    demo.step("401 - stop", "wrong client secret", LogIn, user.client_secret(WRONG));
    demo.scenario("400 - log in again", "dead refresh token", "refused", Refresh, client);
    demo.usual_failures(user);
    demo.scenario("200 - wait", "empty answer", "empty", LogIn, user);
    demo.scenario("200 - wait", "gzip, although none was asked for", "gzip", LogIn, user);
    demo.call("200 - done", "the token outlives all that", "/api/me");
    demo.scenario("200 opaque use", "one byte at a time", "drip", Refresh, client);
    demo.step("200 - done", "revoke", Revoke, client);
    demo.call("401 - log in again", "call the API", "/api/me");
}

fn loyalife(report: &mut Report, connector: &Connector, testbed: &Testbed) {
    use valid::loyalife::{AUDIENCE, CLIENT_ID, CLIENT_SECRET, ISSUER, RELATION_REFERENCE, SIGNING_KEY};
    let client = Credentials::new().client_id(CLIENT_ID).client_secret(CLIENT_SECRET);
    let mut scope = [0; 256];
    let scope = json::string_array(&["LOGIN", RELATION_REFERENCE], &mut scope).expect("the buffer is large enough");
    let member = client.scope(scope);
    let key = Hs512Key::new(SIGNING_KEY).expect("the key is long enough");
    let checks = Checks { key, issuer: Some(ISSUER), audience: Some(AUDIENCE) };
    let mut arena = [0; 8 * 1024];
    let mut demo = Demo::new(report, "loyalife", &provider::LOYALIFE, &testbed.loyalife, connector, &mut arena);
    demo.till.checks = Some(checks);

    demo.step("200 verified use", "log in", LogIn, client);
    demo.call("200 - done", "call the API", "/lbms-ingress/api/me");
    demo.step("200 verified use", "log in for a member", LogIn, member);
    demo.call("200 - done", "call the API", "/lbms-ingress/api/me");

    demo.failures();
    demo.step("200 - stop", "wrong client secret", LogIn, client.client_secret(WRONG));
    demo.step("400 - stop", "scope that is no array", LogIn, client.scope("LOGIN"));
    demo.scenario("200 - ", "exception on the server", "exception", LogIn, client);
    demo.usual_failures(client);
    demo.call("200 - done", "the token outlives all that", "/lbms-ingress/api/me");
    demo.scenario("200 refused do not use", "forged token", "forged", LogIn, client);
    demo.scenario("200 refused do not use", "unsigned token", "unsigned", LogIn, client);
    demo.scenario("200 verified use", "the algorithm is called HS512", "hs512", LogIn, client);
    demo.scenario("200 verified use", "chunks of one byte", "chunks", LogIn, member);
}

fn open_loyalty(report: &mut Report, connector: &Connector, testbed: &Testbed) {
    use valid::open_loyalty::{ADMIN_PASSWORD, ADMIN_USERNAME, MEMBER_PASSWORD, MEMBER_USERNAME, STORE_CODE};
    let admin = Credentials::new().username(ADMIN_USERNAME).password(ADMIN_PASSWORD);
    let store = Credentials::new().store_code(STORE_CODE);
    let member = store.username(MEMBER_USERNAME).password(MEMBER_PASSWORD);
    let none = Credentials::new();
    let mut arena = [0; 8 * 1024];
    let mut demo =
        Demo::new(report, "openloyalty", &provider::OPEN_LOYALTY, &testbed.open_loyalty, connector, &mut arena);

    demo.step("200 only read use", "log in", LogIn, admin);
    demo.call("200 - done", "call the API", "/api/me");
    demo.step("200 only read use", "refresh", Refresh, none);
    demo.call("200 - done", "call the API", "/api/me");
    demo.step("204 - done", "log out", LogOut, none);
    demo.step("401 - log in again", "refresh after that", Refresh, none);
    demo.step("200 only read use", "log in as a member", LogIn, member);
    demo.step("200 only read use", "refresh", Refresh, store);
    demo.call("200 - done", "call the API", "/api/me");

    demo.failures();
    demo.step("401 - stop", "wrong password", LogIn, admin.password(WRONG));
    demo.usual_failures(admin);
    demo.scenario("403 - wait", "a firewall's page", "blocked", LogIn, admin);
    demo.scenario("200 - wait", "malformed JSON", "malformed", LogIn, admin);
    demo.call("200 - done", "the token outlives all that", "/api/me");
    demo.scenario("200 only read use", "the longest token", "long", LogIn, admin);
    demo.scenario("200 only read use", "every sign escaped", "escaped", LogIn, admin);
}

fn rfc6749(report: &mut Report, connector: &Connector, testbed: &Testbed) {
    use valid::rfc6749::{CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME};
    let client = Credentials::new().client_id(CLIENT_ID).client_secret(CLIENT_SECRET);
    let user = client.username(USERNAME).password(PASSWORD);
    let mut arena = [0; 8 * 1024];
    let mut demo = Demo::new(report, "rfc6749", &provider::RFC6749, &testbed.rfc6749, connector, &mut arena);
    demo.till.server.path = Some("/token".to_owned());

    demo.step("200 opaque use", "log in as the client", LogIn, client);
    demo.call("200 - done", "call the API", "/api/me");
    demo.step("200 opaque use", "log in as a user", LogIn, user);
    demo.call("200 - done", "call the API", "/api/me");
    demo.step("200 opaque use", "refresh", Refresh, client);
    demo.call("200 - done", "call the API", "/api/me");

    demo.failures();
    demo.step("400 - stop", "wrong password", LogIn, user.password(WRONG));
    demo.step("401 - stop", "wrong client secret", LogIn, client.client_secret(WRONG));
    demo.scenario("400 - log in again", "dead refresh token", "refused", Refresh, client);
    demo.usual_failures(user);
    demo.scenario("- - wait", "another protocol", "garbage", LogIn, client);
    demo.scenario("200 - wait", "no token in the answer", "no-token", LogIn, client);
    demo.call("200 - done", "the token outlives all that", "/api/me");
    demo.scenario("200 opaque use", "100 and 103 before the answer", "interim", Refresh, client);
    demo.till.server.path = Some("/revoke".to_owned());
    demo.step("200 - done", "revoke", Revoke, client);
    demo.call("401 - log in again", "call the API", "/api/me");
}

/// A till whose steps are reported.
struct Demo<'a> {
    till: Till<'a>,
    report: &'a mut Report,
}

impl<'a> Demo<'a> {
    fn new(
        report: &'a mut Report,
        name: &'static str,
        provider: &'static Provider<'static>,
        server: &pos_token_testbed::Server,
        connector: &'a Connector,
        arena: &'a mut [u8],
    ) -> Self {
        report.print("");
        let server = Server::parse(&server.url()).expect("the testbed's URLs are sound");
        let till = Till { name, provider, server, connector, checks: None, store: TokenStore::new(arena) };
        Self { till, report }
    }

    /// From here on, what can go wrong.
    fn failures(&mut self) {
        self.report.print("");
    }

    fn step(&mut self, expected: &str, step: &str, purpose: Purpose, credentials: Credentials<'_>) {
        let line = self.till.exchange(step, purpose, credentials);
        self.report.remember(&credentials.or_stored(&self.till.store));
        self.report.line(&line, expected);
    }

    fn call(&mut self, expected: &str, step: &str, path: &str) {
        let line = self.till.call(step, path);
        self.report.line(&line, expected);
    }

    /// The servers play a scenario where its name stands before the path.
    fn scenario(&mut self, expected: &str, step: &str, name: &str, purpose: Purpose, credentials: Credentials<'_>) {
        self.till.server.prefix = format!("/~{name}");
        self.step(expected, step, purpose, credentials);
        self.till.server.prefix.clear();
    }

    /// What can happen at any server.
    fn usual_failures(&mut self, credentials: Credentials<'_>) {
        self.scenario("200 - wait", "captive portal", "portal", LogIn, credentials);
        self.scenario("429 - wait 30 s", "too many requests", "busy", LogIn, credentials);
        self.scenario("503 - wait 1", "maintenance, for two minutes", "busy-date", LogIn, credentials);
        self.scenario("302 - stop", "redirect", "redirect", LogIn, credentials);
        self.scenario("200 - wait", "cut off in the middle", "truncated", LogIn, credentials);
        self.scenario("- - wait", "hung up", "hangup", LogIn, credentials);
    }
}

/// Everything that was printed, and everything that must not be in it.
#[derive(Default)]
struct Report {
    steps: usize,
    unexpected: usize,
    printed: String,
    secrets: Vec<Vec<u8>>,
}

impl Report {
    fn print(&mut self, line: &str) {
        print(line);
        self.printed.push_str(line);
        self.printed.push('\n');
    }

    fn line(&mut self, line: &Line, expected: &str) {
        eprint!("{}", line.trace);
        self.printed.push_str(&line.trace);
        let came = format!("{} {} {}", number(line.status.into()), line.trust, line.conclusion.text);
        self.steps += 1;
        if came.starts_with(expected) {
            self.print(&line.to_string());
        } else {
            self.unexpected += 1;
            self.print(&format!("{line}  <-- expected: {expected}"));
        }
    }

    /// Names are no secrets here, but they are not printed either.
    fn remember(&mut self, credentials: &Credentials<'_>) {
        for secret in secrets(credentials) {
            if !self.secrets.iter().any(|known| known == secret) {
                self.secrets.push(secret.to_owned());
            }
        }
    }

    fn finish(&mut self, complaints: &[String]) -> Exit {
        for complaint in complaints {
            self.print(complaint);
        }
        let leaked = self.secrets.iter().filter(|secret| contains(self.printed.as_bytes(), secret)).count();
        let summary = format!(
            "\n{} steps, {} as expected; of {} credentials and tokens, {leaked} can be read above",
            self.steps,
            self.steps - self.unexpected,
            self.secrets.len(),
        );
        print(&summary);
        let good = self.unexpected == 0 && complaints.is_empty() && leaked == 0;
        if good { Exit::Good } else { Exit::Unexpected }
    }
}
