//! Loopback servers that answer as the four loyalty providers and a plain RFC 6749 server do: real TCP, their own
//! framing, header fields, escapes, token formats and failures.
//!
//! ```
//! use pos_token_testbed::{Testbed, credentials};
//!
//! let testbed = Testbed::start();
//! println!("log in at {}/oauth/token as {}", testbed.zype.url(), credentials::zype::USERNAME);
//! // … one request later:
//! assert_eq!(testbed.zype.count("POST", "/oauth/token"), 0);
//! assert!(testbed.complaints().is_empty());
//! ```
//!
//! # Endpoints
//!
//! | server | tokens | protected | ends a session |
//! |---|---|---|---|
//! | `loyaltydog` | `POST /v2/token` (form), `POST /v2/token/mfa-verify` (JSON) | `GET /v2/me` | |
//! | `zype` | `POST /oauth/token` (form or JSON) | `GET /api/me` | `POST /oauth/revoke` |
//! | `loyalife` | `POST /lbms-ingress/oauth/api/Auth/Token` (JSON) | `GET /lbms-ingress/api/me` | |
//! | `openloyalty` | `POST /api/admin/login_check`, `/api/{storeCode}/member/login_check`, `/api/token/refresh`, `/api/{storeCode}/token/refresh` (JSON) | `GET /api/me` | `GET /api/token/revoke` |
//! | `rfc6749` | `POST /token` (form; HTTP Basic or body) | `GET /api/me` | `POST /revoke` |
//!
//! A protected endpoint takes the token of an `Authorization` field, whatever the case of the scheme's name.
//!
//! # Scenarios
//!
//! What else can happen is in one table, the variants of [`Scenario`] (`pos-token-testbed --help` prints it).
//! The client chooses one by what it sends, so that firmware can do it too:
//!
//! - a `username`, `linked_device_id` or `client_id` that is a scenario's name, alone or before an `@`: `drip` or
//!   `drip@example.com`. Such a user or client exists and has the valid password or secret, PIN included;
//! - or a path that begins with `/~name`, in front of any endpoint: `POST /~busy/oauth/token`.
//!
//! A test in the same process can also put scenarios in a queue: [`Server::play`].
//!
//! # Wrong requests
//!
//! A request that no client of this library may send (no `Host` or one without the port, a `POST` without
//! `Content-Length`, a `GET` with one, bytes after the body, bare line feeds, …) is answered 400 with a text that says
//! what is wrong, and stands in [`Server::complaints`]. A wrong `Content-Type` gets what the provider itself would say.

#![warn(missing_docs)]

pub mod credentials;
pub mod jwt;

mod encoding;
mod http;
mod json;
mod loyalife;
mod loyalty_dog;
mod open_loyalty;
mod parameters;
mod random;
mod rfc6749;
mod scenario;
mod server;
mod state;
mod time;
mod tricks;
mod zype;

use std::io;

pub use scenario::Scenario;
pub use server::Server;

/// The names that the binary's `--provider` takes, in the order of [`Testbed`]'s fields.
pub const PROVIDERS: [&str; 5] = ["loyaltydog", "zype", "loyalife", "openloyalty", "rfc6749"];

/// All five servers, each on a free port of 127.0.0.1. They stop when this is dropped.
#[derive(Debug)]
pub struct Testbed {
    /// FastAPI behind uvicorn.
    pub loyalty_dog: Server,
    /// Doorkeeper behind Puma.
    pub zype: Server,
    /// .NET on Kestrel.
    pub loyalife: Server,
    /// PHP behind nginx.
    pub open_loyalty: Server,
    /// Any other server, by the book.
    pub rfc6749: Server,
}

impl Testbed {
    /// Starts the five servers.
    ///
    /// # Panics
    /// When 127.0.0.1 has no free port.
    pub fn start() -> Testbed {
        let start = |name| start(name, 0).expect("a free port on 127.0.0.1");
        let [loyalty_dog, zype, loyalife, open_loyalty, rfc6749] = PROVIDERS.map(start);
        Testbed { loyalty_dog, zype, loyalife, open_loyalty, rfc6749 }
    }

    /// The servers in the order of [`PROVIDERS`].
    pub fn servers(&self) -> [&Server; 5] {
        [&self.loyalty_dog, &self.zype, &self.loyalife, &self.open_loyalty, &self.rfc6749]
    }

    /// What was wrong with the requests that all servers were sent, `name: complaint`; empty for a correct client.
    pub fn complaints(&self) -> Vec<String> {
        let of = |server: &Server| {
            let name = server.name();
            server.complaints().into_iter().map(move |complaint| format!("{name}: {complaint}"))
        };
        self.servers().into_iter().flat_map(of).collect()
    }
}

/// Starts one server, `name` being one of [`PROVIDERS`], on a port of 127.0.0.1; port 0 takes a free one.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] for an unknown name, or what binding the port gave.
pub fn start(name: &str, port: u16) -> io::Result<Server> {
    match name {
        "loyaltydog" => Server::start("loyaltydog", port, loyalty_dog::LoyaltyDog::default()),
        "zype" => Server::start("zype", port, zype::Zype::default()),
        "loyalife" => Server::start("loyalife", port, loyalife::Loyalife::default()),
        "openloyalty" => Server::start("openloyalty", port, open_loyalty::OpenLoyalty::default()),
        "rfc6749" => Server::start("rfc6749", port, rfc6749::Rfc6749::default()),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, format!("no provider is called {name}"))),
    }
}
