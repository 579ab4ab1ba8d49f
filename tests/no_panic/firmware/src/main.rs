//! Uses every part of the library, with inputs that the compiler cannot know, so that whatever can panic is linked.
//! The panic handler calls a function that nobody defines: a program with a panic in it does not link.
//! Never run; `check` links it and looks at the result.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::panic::PanicInfo;

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use pos_token::dialect::{Field, Purpose};
use pos_token::http::{self, Connection, Endpoint, Head, ResponseReader};
use pos_token::json::{self, Decimal, Reader};
use pos_token::jwt::{HmacSha512, Hs512Key, Signature, UntrustedToken, Validation};
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, RFC6749_BODY, ZYPE};
use pos_token::session::{Fleet, Keep, Now, Policy, Seal, Session, SessionState, Step, Unreadable, Uptime};
use pos_token::time::{MissingZone, UnixTime, parse_http_date, parse_rfc3339};
use pos_token::{
    Answer, AnswerError, AnswerOptions, AnswerReader, Authorization, Credentials, Error, Progress, Secret,
    TokenExchange, TokenRequest, TokenStore, base64url,
};

unsafe extern "C" {
    /// Defined nowhere.
    fn pos_token_linked_a_panic() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    // SAFETY: a program that gets here does not link.
    unsafe { pos_token_linked_a_panic() }
}

/// Any bytes, of any length up to 64 KiB.
fn any_bytes() -> &'static [u8] {
    static POOL: [u8; 65536] = [0; 65536];
    let (from, len) = (any_number() as u16, any_number() as u16);
    black_box(&POOL).get(usize::from(from)..).and_then(|rest| rest.get(..usize::from(len))).unwrap_or(&[])
}

fn any_text() -> &'static str {
    core::str::from_utf8(any_bytes()).unwrap_or("")
}

fn any_number() -> u32 {
    // SAFETY: a register of the board, of which nothing is assumed.
    unsafe { core::ptr::read_volatile(0x4000_4000 as *const u32) }
}

fn give(value: u32) {
    // SAFETY: as above.
    unsafe { core::ptr::write_volatile(0x4000_4000 as *mut u32, value) }
}

fn give_bytes(bytes: &[u8]) {
    bytes.iter().for_each(|byte| give(u32::from(*byte)));
}

fn any_provider() -> &'static Provider<'static> {
    const PROVIDERS: [&Provider<'static>; 6] = [&LOYALTY_DOG, &ZYPE, &LOYALIFE, &OPEN_LOYALTY, &RFC6749, &RFC6749_BODY];
    PROVIDERS.get(any_number() as usize).unwrap_or(&PROVIDERS[0])
}

fn any_purpose() -> Purpose {
    match any_number() {
        0 => Purpose::LogIn,
        1 => Purpose::Refresh,
        2 => Purpose::VerifyCode,
        3 => Purpose::Revoke,
        _ => Purpose::LogOut,
    }
}

fn any_credentials() -> Credentials<'static> {
    let mut credentials = Credentials::new();
    for field in Field::ALL {
        if any_number() == 1 {
            credentials = credentials.with(field, any_bytes());
        }
    }
    credentials
}

fn requests(buf: &mut [u8], headers: &[(&str, &str)]) {
    let mut endpoint = Endpoint::https(any_text()).port(any_number() as u16).prefix(any_text()).user_agent(any_text());
    endpoint = endpoint.headers(headers).connection(Connection::KeepAlive);
    if any_number() == 1 {
        endpoint = endpoint.path(any_text());
    }
    let request = match TokenRequest::new(any_provider(), any_purpose(), any_credentials()) {
        Ok(request) => request,
        Err(error) => return give(u32::from(error.code())),
    };
    give_bytes(request.write_body(buf).unwrap_or(&[]));
    give_bytes(request.write_path(buf).unwrap_or(&[]));
    give_bytes(request.write_authorization(buf).ok().flatten().unwrap_or(&[]));
    give_bytes(request.write_http(&endpoint, buf).unwrap_or(&[]));
    give(request.http_len(&endpoint).unwrap_or(0) as u32);
    give(request.write_at(&endpoint, any_number() as usize, buf).unwrap_or(0) as u32);
    give_bytes(request.content_type().unwrap_or("").as_bytes());
    give_bytes(json::string_array(&[any_text(), any_text()], buf).unwrap_or(&[]));
    if let Ok(authorization) = Authorization::new(any_provider(), any_bytes()) {
        give(authorization.len() as u32);
        give_bytes(authorization.write(buf).unwrap_or(&[]));
        give(authorization.write_at(any_number() as usize, buf) as u32);
    }
}

fn answered(result: Result<Answer, AnswerError>, store: &TokenStore<'_>) {
    match result {
        Ok(answer) => {
            give(u32::from(answer.code()));
            black_box(answer.verdict());
        }
        Err(error) => {
            give(u32::from(error.code()));
            black_box(Error::from(error).verdict());
        }
    }
    for text in [store.access_token(), store.refresh_token(), store.pending_token(), store.server_text()] {
        give_bytes(text.map_or(&[], Secret::expose));
    }
    give_bytes(store.scope().unwrap_or(&[]));
}

fn answers(arena: &mut [u8]) {
    let mut store = TokenStore::new(arena);
    let options =
        AnswerOptions { keep_scope: any_number() == 1, keep_server_text: any_number() == 1, body_limit: any_number() };
    let mut reader = AnswerReader::with_options(any_provider(), any_purpose(), options, &mut store);
    while let Ok(Progress::NeedMore) = reader.feed(any_bytes()) {}
    black_box((reader.status_code(), reader.retry_after()));
    let result = reader.finish();
    answered(result, &store);

    let mut reader = AnswerReader::new(any_provider(), any_purpose(), &mut store);
    black_box(reader.status(any_number() as u16).is_ok());
    while any_number() == 1 {
        black_box(reader.field(any_bytes(), any_bytes()).is_ok());
    }
    while let Ok(Progress::NeedMore) = reader.body(any_bytes()) {}
    let result = reader.finish();
    answered(result, &store);
    store.clear();
    let (arena, state) = store.into_parts();
    answered(Err(AnswerError::OutOfOrder), &TokenStore::from_parts(arena, black_box(state)));
}

fn any_now() -> Now {
    let now = Now::uptime(any_long());
    if any_number() == 1 { now.device(UnixTime::from_seconds(any_long() as i64)) } else { now }
}

fn any_long() -> u64 {
    u64::from(any_number()) << 32 | u64::from(any_number())
}

fn any_policy() -> Policy {
    let keep = match any_number() {
        0 => Keep::Nothing,
        1 => Keep::Clock,
        2 => Keep::RefreshTokens,
        _ => Keep::EveryToken,
    };
    Policy {
        floor: Some(UnixTime::from_seconds(any_long() as i64)),
        fleet: Fleet {
            tills: any_number(),
            index: Some(any_number()).filter(|index| *index > 7),
            log_ins_per_minute: Some(any_number() as u16).filter(|limit| *limit < 600),
        },
        keep,
        back_off: any_number(),
        back_off_limit: any_number(),
        retry_after_limit: any_number(),
        exchange_timeout: any_number(),
        malformed_limit: any_number() as u8,
        rejected_limit: any_number() as u8,
        code_limit: any_number() as u8,
        code_notice: any_number(),
        pending_lifetime: any_number(),
        urgent_per_hour: any_number() as u8,
        floor_interval: any_number(),
        ..Policy::new(any_long())
    }
}

/// A seal that does anything.
struct Seals;

impl Seal for Seals {
    fn seal(&mut self, header: &[u8], body: &mut [u8], _: usize) -> Option<usize> {
        give_bytes(header);
        body.reverse();
        Some(any_number() as usize)
    }

    fn open(&mut self, header: &[u8], body: &mut [u8]) -> Option<usize> {
        give_bytes(header);
        body.reverse();
        Some(any_number() as usize)
    }
}

/// Anything happens in any order.
fn session(arena: &mut [u8], buf: &mut [u8]) {
    let (provider, policy) = (any_provider(), any_policy());
    let mut store = TokenStore::new(arena);
    let mut state = SessionState::new(provider, &policy, any_now());
    let mut session = Session::new(provider, &policy, &mut state);
    let mut uptime = Uptime::default();
    loop {
        let now = any_now();
        match any_number() {
            0 => match session.begin(&store, any_credentials(), now) {
                Ok(begun) => give_bytes(begun.request.write_body(buf).unwrap_or(&[])),
                Err(error) => give(u32::from(error.code())),
            },
            1 => {
                let mut reader = AnswerReader::new(provider, any_purpose(), &mut store);
                let fed = reader.feed(any_bytes());
                match fed.and_then(|_| reader.finish()) {
                    Ok(answer) => session.accept(any_number(), &answer, &store, now),
                    Err(error) => session.failed(any_number(), error, now),
                }
            }
            2 => give(session.rejected(any_number(), now) as u32),
            3 => give(u32::from(session.customer_waiting(&store, now))),
            4 => session.credentials_changed(now),
            5 => session.logged_out(&mut store),
            6 => session.observe(UnixTime::from_seconds(any_long() as i64), now),
            7 => match session.save(&store, &mut Seals, any_number() as u8, buf, now) {
                Ok(record) => give_bytes(record.bytes),
                Err(error) => give(u32::from(error.code())),
            },
            8 => session.saved(any_number()),
            9 => session.save_failed(any_number()),
            10 => {
                let read = |_: u8, out: &mut [u8]| {
                    out.iter_mut().for_each(|byte| *byte = any_number() as u8);
                    if any_number() == 0 { Err(Unreadable) } else { Ok(any_number() as usize) }
                };
                match session.restore(&mut store, &mut Seals, read, buf, now) {
                    Ok(restored) => give(restored.number),
                    Err(error) => error.slots.iter().for_each(|error| give(u32::from(error.code()))),
                }
            }
            11 => give(black_box(uptime.extend(any_number())) as u32),
            12 => return,
            _ => {}
        }
        match session.next(&store, now) {
            Step::Use(token) => give(token.authorization.write_at(any_number() as usize, buf) as u32),
            Step::Stop(stop) => give(u32::from(stop.code)),
            step => give(u32::from(matches!(step, Step::Save))),
        }
        black_box((session.clock(now), session.last_known(&store, now).map(|known| known.age)));
    }
}

/// A transport that does anything.
struct Modem;

impl ErrorType for Modem {
    type Error = ErrorKind;
}

impl Read for Modem {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ErrorKind> {
        buf.iter_mut().for_each(|byte| *byte = any_number() as u8);
        if any_number() == 1 { Err(ErrorKind::Other) } else { Ok(any_number() as usize) }
    }
}

impl Write for Modem {
    fn write(&mut self, buf: &[u8]) -> Result<usize, ErrorKind> {
        give_bytes(buf);
        if any_number() == 1 { Err(ErrorKind::Other) } else { Ok(any_number() as usize) }
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        if any_number() == 1 { Err(ErrorKind::Other) } else { Ok(()) }
    }
}

fn exchanges(arena: &mut [u8], scratch: &mut [u8]) {
    let mut store = TokenStore::new(arena);
    let endpoint = Endpoint::http(any_text());
    let exchange = TokenExchange::new(any_provider(), any_purpose(), any_credentials(), endpoint);
    match exchange.run(&mut Modem, &mut store, scratch) {
        Ok(answer) => answered(Ok(answer), &store),
        Err(error) => {
            give(u32::from(error.code()));
            black_box(Error::from(error).verdict());
        }
    }
}

fn readers() {
    let mut head = Head::new(any_number() as u16);
    black_box(head.field(any_bytes(), any_bytes()).is_ok());
    black_box((head.retry_after(), head.date(), head.content_length(), head.content_coding()));

    let mut reader = ResponseReader::new();
    loop {
        let mut input = any_bytes();
        match reader.next(&mut input) {
            Ok(Some(http::Event::Body(piece))) => give_bytes(piece),
            Ok(_) => give(0),
            Err(error) => break give(u32::from(error.code())),
        }
        black_box((reader.end_of_input().is_ok(), reader.reusable()));
    }

    let mut reader = Reader::new();
    let mut decimal = Decimal::default();
    loop {
        let mut input = any_bytes();
        match reader.next(&mut input) {
            Ok(Some(json::Event::Name(piece) | json::Event::Text(piece))) => give_bytes(piece.text().unwrap_or(&[])),
            Ok(Some(json::Event::Number(piece))) => decimal.push(piece.bytes()),
            Ok(event) => drop(black_box(event)),
            Err(error) => break give(u32::from(error.kind.code())),
        }
        black_box((decimal.finish().map(|rounded| rounded.ceil()), reader.finish().is_ok(), reader.offset()));
    }
}

fn dates() {
    let zone = if any_number() == 1 { MissingZone::Utc } else { MissingZone::Refuse };
    let parsed = [parse_rfc3339(any_bytes(), zone), parse_http_date(any_bytes())];
    for time in parsed.into_iter().flatten() {
        give(time.plus(any_number()).minus(any_number()).since(any_time()) as u32);
    }
}

fn any_time() -> UnixTime {
    UnixTime::from_seconds(i64::from(any_number()) << 32 | i64::from(any_number()))
}

/// The platform's own MAC.
struct SecureElement;

impl HmacSha512 for SecureElement {
    fn verify_mac(&self, message: &[u8], tag: &[u8; 64]) -> Signature {
        give_bytes(message);
        give_bytes(tag);
        if any_number() == 1 { Signature::Valid } else { Signature::Invalid }
    }
}

fn tokens(buf: &mut [u8]) {
    let token = match UntrustedToken::parse_with_limit(any_bytes(), any_number() as usize) {
        Ok(token) => token,
        Err(error) => return give(u32::from(error.code())),
    };
    if let Ok(claims) = token.peek() {
        black_box((claims.expires_at(), claims.not_before(), claims.issued_at()));
        give_bytes(claims.copy_text(any_bytes(), buf).ok().flatten().unwrap_or(&[]));
        black_box(claims.text_is(any_bytes(), any_bytes()).is_ok());
        black_box(claims.contains(any_bytes(), any_bytes()).is_ok());
        black_box(claims.audience_contains(any_bytes()).is_ok());
        black_box(claims.number(any_bytes()).is_ok());
    }
    let mut validation = Validation::at(any_time()).leeway(any_number());
    if any_number() == 1 {
        validation = validation.issuer(any_bytes()).audience(any_bytes()).subject(any_bytes()).typ(any_bytes());
    }
    if any_number() == 1 {
        validation = validation.expiry_optional().refuse_future_issued_at();
    }
    if any_number() == 1 {
        validation = Validation::without_clock();
    }
    let alias = Some(any_bytes()).filter(|_| any_number() == 1);
    let keys = [
        Hs512Key::new(any_bytes()),
        Hs512Key::new_allowing_short_key(any_bytes()),
        Hs512Key::from_base64url(any_bytes()),
        Hs512Key::from_base64url_allowing_short_key(any_bytes()),
    ];
    for key in keys {
        let verified = match key {
            Ok(key) => key.verify(&token, alias, &validation),
            Err(_) => token.verify(&SecureElement, alias, &validation),
        };
        match verified {
            Ok(claims) => {
                black_box(claims.times());
                give_bytes(claims.copy_text(any_bytes(), buf).ok().flatten().unwrap_or(&[]));
                black_box(claims.contains(any_bytes(), any_bytes()).is_ok());
            }
            Err(error) => give(u32::from(error.code())),
        }
    }
    give_bytes(base64url::decode(any_bytes(), buf).unwrap_or(&[]));
    give_bytes(base64url::encode(any_bytes(), buf).unwrap_or(&[]));
}

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let (mut arena, mut buf) = ([0; 1024], [0; 1024]);
    let headers = [(any_text(), any_text())];
    loop {
        let arena = arena.get_mut(..any_number() as usize).unwrap_or(&mut []);
        let buf = buf.get_mut(..any_number() as usize).unwrap_or(&mut []);
        requests(buf, &headers);
        answers(arena);
        session(arena, buf);
        exchanges(arena, buf);
        readers();
        dates();
        tokens(buf);
        #[cfg(feature = "introduce_panic")]
        give(u32::from(any_bytes()[any_number() as usize]));
    }
}
