//! Firmware for a till, in Rust: logs in to servers of all dialects through a modem, checks the tokens, calls the API,
//! and goes through what can go wrong.
#![no_std]
#![no_main]

mod board;
mod report;
mod session;
mod till;

/// What the testbed's servers accept: constants only, which are the same on the host and here.
#[path = "../../../../tests/testbed/src/credentials.rs"]
#[allow(dead_code)]
mod valid;

use core::panic::PanicInfo;

use pos_token::dialect::Purpose::{LogIn, LogOut, Refresh, Revoke, VerifyCode};
use pos_token::jwt::Hs512Key;
use pos_token::{Credentials, TokenStore, json, provider};

use till::Till;

/// A password, secret and code that nobody has.
const WRONG: &str = "hunter2!";

/// `SIGNING_KEY` of tests/interop/app.py.
const FASTAPI_KEY: &[u8; 64] = b"interop: the HS512 key of this app; it is sixty-four bytes long.";

/// Never linked, as nothing panics: `make evidence` checks it.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    board::print(c"panic\n", 0);
    board::exit(false)
}

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    /// Open Loyalty needs the most: its longest token and refresh token, twice.
    static mut ARENA: [u8; 3328] = [0; 3328];
    let arena = &raw mut ARENA;
    // SAFETY: this runs once, and nothing else has a reference.
    let arena: &mut [u8; 3328] = unsafe { &mut *arena };
    session(arena);
    loyalty_dog(arena);
    fastapi(arena);
    zype(arena);
    loyalife(arena);
    open_loyalty(arena);
    rfc6749(arena);
    0
}

/// The main loop of a session, from power-on over two resets to the log-out.
#[inline(never)]
fn session(arena: &mut [u8]) {
    use valid::zype::{CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME};
    let client = Credentials::new().client_id(CLIENT_ID).client_secret(CLIENT_SECRET);
    let mut till = Till {
        name: c"session",
        provider: &provider::ZYPE,
        port: board::port(c"zype="),
        path: None,
        api: "/api/me",
        key: None,
        store: TokenStore::new(arena),
    };
    session::run(&mut till, client.username(USERNAME).password(PASSWORD));
}

#[inline(never)]
fn loyalty_dog(arena: &mut [u8]) {
    use valid::loyalty_dog::{MFA_CODE, MFA_USERNAME, PASSWORD, SIGNING_KEY, USERNAME};
    let Ok(key) = Hs512Key::new(SIGNING_KEY) else { return };
    let user = Credentials::new().username(USERNAME).password(PASSWORD);
    let mut till = Till {
        name: c"loyaltydog",
        provider: &provider::LOYALTY_DOG,
        port: board::port(c"loyaltydog="),
        path: None,
        api: "/v2/me",
        key: Some(&key),
        store: TokenStore::new(arena),
    };
    till.step(c"log in", LogIn, user);
    till.call(c"call the API");
    till.step(c"log in with a second factor", LogIn, user.username(MFA_USERNAME));
    till.step(c"verify a wrong code", VerifyCode, Credentials::new().code(WRONG));
    till.step(c"verify the code", VerifyCode, Credentials::new().code(MFA_CODE));
    till.call(c"call the API");

    till.step(c"wrong password", LogIn, user.password(WRONG));
    till.scenario(c"the 422 echoes the password", "/~echo", LogIn, user);
    usual_failures(&mut till, user);
    till.call(c"the token outlives all that");
    till.scenario(c"forged token", "/~forged", LogIn, user);
    till.scenario(c"unsigned token", "/~unsigned", LogIn, user);
    till.scenario(c"expired token", "/~expired", LogIn, user);
    till.scenario(c"token of a clock that is ahead", "/~early", LogIn, user);
    till.scenario(c"63 bytes at a time", "/~modem", LogIn, user);
}

/// The same dialect, spoken by FastAPI and PyJWT themselves.
#[inline(never)]
fn fastapi(arena: &mut [u8]) {
    use valid::loyalty_dog::{MFA_CODE, MFA_USERNAME, PASSWORD, USERNAME};
    let Ok(key) = Hs512Key::new(FASTAPI_KEY) else { return };
    let user = Credentials::new().username(USERNAME).password(PASSWORD);
    let mut till = Till {
        name: c"fastapi",
        provider: &provider::LOYALTY_DOG,
        port: board::port(c"fastapi="),
        path: None,
        api: "/v2/me",
        key: Some(&key),
        store: TokenStore::new(arena),
    };
    till.step(c"log in", LogIn, user);
    till.call(c"call the API");
    till.step(c"log in with a second factor", LogIn, user.username(MFA_USERNAME));
    till.step(c"verify the code", VerifyCode, Credentials::new().code(MFA_CODE));
    till.call(c"call the API");
    till.step(c"wrong password", LogIn, user.password(WRONG));
}

#[inline(never)]
fn zype(arena: &mut [u8]) {
    use valid::zype::{CLIENT_ID, CLIENT_SECRET, LINKED_DEVICE_ID, PASSWORD, PIN, USERNAME};
    let client = Credentials::new().client_id(CLIENT_ID).client_secret(CLIENT_SECRET);
    let user = client.username(USERNAME).password(PASSWORD);
    let device = client.linked_device_id(LINKED_DEVICE_ID).pin(PIN);
    let mut till = Till {
        name: c"zype",
        provider: &provider::ZYPE,
        port: board::port(c"zype="),
        path: None,
        api: "/api/me",
        key: None,
        store: TokenStore::new(arena),
    };
    till.step(c"log in", LogIn, user);
    till.call(c"call the API");
    till.step(c"refresh", Refresh, client);
    till.call(c"call the API");
    till.step(c"log in as a linked device", LogIn, device);

    till.step(c"wrong PIN", LogIn, device.pin(WRONG));
    till.step(c"wrong client secret", LogIn, user.client_secret(WRONG));
    till.scenario(c"dead refresh token", "/~refused", Refresh, client);
    usual_failures(&mut till, user);
    till.scenario(c"gzip, although none was asked for", "/~gzip", LogIn, user);
    till.call(c"the token outlives all that");
    till.scenario(c"one byte at a time", "/~drip", Refresh, client);
    till.step(c"revoke", Revoke, client);
    till.call(c"call the API");
}

#[inline(never)]
fn loyalife(arena: &mut [u8]) {
    use valid::loyalife::{CLIENT_ID, CLIENT_SECRET, RELATION_REFERENCE, SIGNING_KEY};
    let Ok(key) = Hs512Key::new(SIGNING_KEY) else { return };
    let mut scope = [0; 64];
    let Ok(scope) = json::string_array(&["LOGIN", RELATION_REFERENCE], &mut scope) else { return };
    let client = Credentials::new().client_id(CLIENT_ID).client_secret(CLIENT_SECRET);
    let mut till = Till {
        name: c"loyalife",
        provider: &provider::LOYALIFE,
        port: board::port(c"loyalife="),
        path: None,
        api: "/lbms-ingress/api/me",
        key: Some(&key),
        store: TokenStore::new(arena),
    };
    till.step(c"log in", LogIn, client);
    till.call(c"call the API");
    till.step(c"log in for a member", LogIn, client.scope(scope));
    till.call(c"call the API");

    till.step(c"wrong client secret", LogIn, client.client_secret(WRONG));
    till.scenario(c"exception on the server", "/~exception", LogIn, client);
    usual_failures(&mut till, client);
    till.call(c"the token outlives all that");
    till.scenario(c"forged token", "/~forged", LogIn, client);
    till.scenario(c"the algorithm is called HS512", "/~hs512", LogIn, client);
    till.scenario(c"chunks of one byte", "/~chunks", LogIn, client);
}

#[inline(never)]
fn open_loyalty(arena: &mut [u8]) {
    use valid::open_loyalty::{ADMIN_PASSWORD, ADMIN_USERNAME, MEMBER_PASSWORD, MEMBER_USERNAME, STORE_CODE};
    let admin = Credentials::new().username(ADMIN_USERNAME).password(ADMIN_PASSWORD);
    let store = Credentials::new().store_code(STORE_CODE);
    let none = Credentials::new();
    let mut till = Till {
        name: c"openloyalty",
        provider: &provider::OPEN_LOYALTY,
        port: board::port(c"openloyalty="),
        path: None,
        api: "/api/me",
        key: None,
        store: TokenStore::new(arena),
    };
    till.step(c"log in", LogIn, admin);
    till.call(c"call the API");
    till.step(c"refresh", Refresh, none);
    till.call(c"call the API");
    till.step(c"log out", LogOut, none);
    till.step(c"refresh after that", Refresh, none);
    till.step(c"log in as a member", LogIn, store.username(MEMBER_USERNAME).password(MEMBER_PASSWORD));
    till.step(c"refresh", Refresh, store);
    till.call(c"call the API");

    till.step(c"wrong password", LogIn, admin.password(WRONG));
    usual_failures(&mut till, admin);
    till.scenario(c"a firewall's page", "/~blocked", LogIn, admin);
    till.call(c"the token outlives all that");
    till.scenario(c"the longest token", "/~long", LogIn, admin);
    till.scenario(c"every sign escaped", "/~escaped", LogIn, admin);
}

#[inline(never)]
fn rfc6749(arena: &mut [u8]) {
    use valid::rfc6749::{CLIENT_ID, CLIENT_SECRET};
    let client = Credentials::new().client_id(CLIENT_ID).client_secret(CLIENT_SECRET);
    let mut till = Till {
        name: c"rfc6749",
        provider: &provider::RFC6749,
        port: board::port(c"rfc6749="),
        path: Some("/token"),
        api: "/api/me",
        key: None,
        store: TokenStore::new(arena),
    };
    till.step(c"log in as the client", LogIn, client);
    till.call(c"call the API");
    till.scenario(c"another protocol", "/~garbage", LogIn, client);
    till.scenario(c"no answer", "/~silent", LogIn, client);
    let port = core::mem::replace(&mut till.port, 1);
    till.step(c"no connection", LogIn, client);
    till.port = port;
    till.step(c"no password", LogIn, client.username("jane"));
    till.call(c"the token outlives all that");
}

/// What can happen at any server.
#[inline(never)]
fn usual_failures(till: &mut Till<'_>, credentials: Credentials<'_>) {
    till.scenario(c"captive portal", "/~portal", LogIn, credentials);
    till.scenario(c"too many requests", "/~busy", LogIn, credentials);
    till.scenario(c"maintenance, for two minutes", "/~busy-date", LogIn, credentials);
    till.scenario(c"redirect", "/~redirect", LogIn, credentials);
    till.scenario(c"malformed JSON", "/~malformed", LogIn, credentials);
    till.scenario(c"empty answer", "/~empty", LogIn, credentials);
    till.scenario(c"cut off in the middle", "/~truncated", LogIn, credentials);
    till.scenario(c"hung up", "/~hangup", LogIn, credentials);
}
