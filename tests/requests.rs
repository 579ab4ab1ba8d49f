//! Every way to take a request gives the same bytes, in buffers and windows of every size; what cannot be sent is
//! refused by name.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use pos_token::dialect::{
    Answers, ClientAuth, Dialect, Encoding, Exchange, Field, Method, Purpose, literal, optional, required,
};
use pos_token::http::{Connection, InvalidPart};
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, RFC6749_BODY, ZYPE};
use pos_token::{
    Authorization, BufferTooSmall, Credentials, Endpoint, Fields, RequestError, Secret, TokenRequest, Verdict,
};

fn everything() -> Credentials<'static> {
    let values = [
        "jane@example.com",
        "p\u{e4}ss \"w\\ord\t",
        "client-7",
        "s3cr\\et",
        "device-1",
        "zizm529",
        "a b",
        "refresh.1",
        "access.1",
        "pending.1",
        "123456",
        "DEFAULT",
    ];
    Field::ALL.into_iter().zip(values).fold(Credentials::new(), |all, (field, value)| all.with(field, value))
}

const ENDPOINT: Endpoint<'static> = Endpoint::https("api.example.com")
    .port(8443)
    .prefix("/loyalty")
    .user_agent("till/1")
    .headers(&[("X-Store", "7")])
    .connection(Connection::Close);

/// Every exchange of every provider.
fn each(mut check: impl FnMut(&Provider<'static>, Purpose, Endpoint<'static>)) {
    for provider in [LOYALTY_DOG, ZYPE, LOYALIFE, OPEN_LOYALTY, RFC6749, RFC6749_BODY] {
        for (exchange, _) in provider.exchanges {
            let endpoint = if exchange.path.is_empty() { ENDPOINT.path("/token") } else { ENDPOINT };
            check(&provider, exchange.purpose, endpoint);
        }
    }
}

/// Credentials that stand somewhere else.
struct Elsewhere;

impl Fields for Elsewhere {
    fn field(&self, field: Field) -> Option<Secret<'_>> {
        everything().get(field)
    }
}

#[test]
fn fields_from_elsewhere() {
    each(|provider, purpose, endpoint| {
        let request = TokenRequest::new(provider, purpose, everything()).unwrap();
        let elsewhere = TokenRequest::new(provider, purpose, &Elsewhere).unwrap();
        let (mut expected, mut buf) = ([0; 2048], [0; 2048]);
        let expected = request.write_http(&endpoint, &mut expected).unwrap();
        assert_eq!(elsewhere.write_http(&endpoint, &mut buf).unwrap(), expected);
        assert_eq!(format!("{elsewhere:?}"), format!("{request:?}"));
        // Piece by piece, the body counted once.
        let (body_len, mut written) = (elsewhere.body_len(), 0);
        loop {
            let count = elsewhere.write_piece(&endpoint, body_len, written, &mut buf[..7]).unwrap();
            assert_eq!(buf[..count], expected[written..written + count]);
            written += count;
            if count < 7 {
                break;
            }
        }
        assert_eq!(written, expected.len());
    });
}

#[test]
fn every_buffer_and_every_window() {
    each(|provider, purpose, endpoint| {
        let request = TokenRequest::new(provider, purpose, everything()).unwrap();
        let mut buf = [0xaa; 2048];
        let whole = request.write_http(&endpoint, &mut buf).unwrap().to_vec();
        assert_eq!(request.http_len(&endpoint), Ok(whole.len()));
        for size in 0..whole.len() {
            let mut buf = [0xaa; 2048];
            let needed = whole.len();
            let result = request.write_http(&endpoint, &mut buf[..size]);
            assert_eq!(result, Err(RequestError::BufferTooSmall { needed }));
            assert!(buf[..size].iter().all(|byte| *byte == 0), "part of a request stays behind");
            assert!(buf[size..].iter().all(|byte| *byte == 0xaa), "written past the end");
        }
        for size in [1, 2, 3, 7, 48, 64, 65, 512, 2048] {
            let mut pieces = Vec::new();
            loop {
                let mut window = vec![0xaa; size];
                let count = request.write_at(&endpoint, pieces.len(), &mut window).unwrap();
                assert!(window[count..].iter().all(|byte| *byte == 0xaa));
                pieces.extend_from_slice(&window[..count]);
                if count < size {
                    break;
                }
            }
            assert_eq!(pieces, whole, "windows of {size}");
        }
        for behind in [0, 9, usize::MAX - whole.len()] {
            assert_eq!(request.write_at(&endpoint, whole.len() + behind, &mut [0; 9]), Ok(0));
        }

        let body = request.write_body(&mut buf).unwrap().to_vec();
        assert!(whole.ends_with(&[b"\r\n\r\n", &body[..]].concat()));
        for size in 0..body.len() {
            let result = request.write_body(&mut buf[..size]);
            assert_eq!(result, Err(RequestError::BufferTooSmall { needed: body.len() }));
        }
        // What other stacks ask for is what stands in the whole request.
        let text = String::from_utf8(whole).unwrap();
        if let Some(value) = request.write_authorization(&mut buf).unwrap() {
            assert!(text.contains(&format!("\r\nAuthorization: {}\r\n", core::str::from_utf8(value).unwrap())));
        } else {
            assert!(!text.contains("Authorization"));
        }
        if !request.exchange().path.is_empty() {
            let path = String::from_utf8(request.write_path(&mut buf).unwrap().to_vec()).unwrap();
            assert!(text.contains(&format!(" /loyalty{path} HTTP/1.1\r\n")));
        }
        assert!(text.contains("\r\nHost: api.example.com:8443\r\n"));
        assert!(text.contains("\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n"));
        assert!(text.contains("\r\nUser-Agent: till/1\r\nX-Store: 7\r\nConnection: close\r\n"));
        match request.exchange().method {
            Method::Get => assert!(!text.contains("Content-Length") && body.is_empty()),
            Method::Post => assert!(text.contains(&format!("\r\nContent-Length: {}\r\n", body.len()))),
        }
    });
}

#[test]
fn the_body_that_other_parsers_read() {
    each(|provider, purpose, _| {
        let request = TokenRequest::new(provider, purpose, everything()).unwrap();
        let mut buf = [0; 2048];
        let body = request.write_body(&mut buf).unwrap();
        let members: Vec<(String, String)> = match request.content_type() {
            None => return,
            Some("application/json") => {
                let object: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(body).unwrap();
                object.into_iter().map(|(name, value)| (name, value.as_str().unwrap().to_owned())).collect()
            }
            Some(_) => form_urlencoded::parse(body).into_owned().collect(),
        };
        assert!(!members.is_empty());
        for field in [Field::Username, Field::Password, Field::ClientSecret, Field::RefreshToken] {
            if let Some((_, value)) = members.iter().find(|(name, _)| name == field.name()) {
                assert_eq!(value.as_bytes(), everything().get(field).unwrap().expose());
            }
        }
    });
}

#[test]
fn the_bytes_that_others_write() {
    let meta: serde_json::Value = serde_json::from_slice(include_bytes!("data/meta.json")).unwrap();
    let text = |name: &str| meta["creds"][name].as_str().unwrap();
    let user = Credentials::new().username(text("username")).password(text("password"));
    let zype = user.client_id(text("client_id")).client_secret(text("client_secret"));
    let mut buf = [0; 256];
    let json = TokenRequest::new(&ZYPE, Purpose::LogIn, zype).unwrap();
    assert_eq!(json.write_body(&mut buf), Ok(&include_bytes!("data/w4_expected.json")[..]));
    let form = TokenRequest::new(&LOYALTY_DOG, Purpose::LogIn, user).unwrap();
    assert_eq!(form.write_body(&mut buf), Ok(&include_bytes!("data/w4_expected.form")[..]));
}

#[test]
fn what_is_missing_is_named() {
    let new = Credentials::new;
    let cases = [
        (&LOYALTY_DOG, Purpose::LogIn, new().username("u"), RequestError::Missing(Field::Password)),
        (&LOYALTY_DOG, Purpose::LogIn, new().username("").password("p"), RequestError::Empty(Field::Username)),
        (&LOYALTY_DOG, Purpose::Refresh, everything(), RequestError::NoSuchExchange(Purpose::Refresh)),
        (&LOYALTY_DOG, Purpose::VerifyCode, new().code("1"), RequestError::Missing(Field::PendingToken)),
        (&ZYPE, Purpose::LogIn, new().client_id("c").client_secret("s"), RequestError::Missing(Field::Username)),
        (&ZYPE, Purpose::LogIn, everything().pin(""), RequestError::Empty(Field::Pin)),
        (&ZYPE, Purpose::LogOut, everything(), RequestError::NoSuchExchange(Purpose::LogOut)),
        (&LOYALIFE, Purpose::LogIn, new().client_id("c"), RequestError::Missing(Field::ClientSecret)),
        (&LOYALIFE, Purpose::LogIn, everything().client_id(b"\xff"), RequestError::NotUtf8(Field::ClientId)),
        (&LOYALIFE, Purpose::LogIn, everything().scope(b"\xc0\x80"), RequestError::NotUtf8(Field::Scope)),
        (&OPEN_LOYALTY, Purpose::LogIn, everything().store_code(""), RequestError::Empty(Field::StoreCode)),
        (&OPEN_LOYALTY, Purpose::LogIn, everything().store_code(".."), RequestError::Forbidden(Field::StoreCode)),
        (&OPEN_LOYALTY, Purpose::LogOut, new(), RequestError::Missing(Field::AccessToken)),
        (&OPEN_LOYALTY, Purpose::LogOut, new().access_token(""), RequestError::Empty(Field::AccessToken)),
        (&OPEN_LOYALTY, Purpose::LogOut, new().access_token("a\r\nX: y"), RequestError::Forbidden(Field::AccessToken)),
        (&OPEN_LOYALTY, Purpose::LogOut, new().access_token("a b"), RequestError::Forbidden(Field::AccessToken)),
        (&OPEN_LOYALTY, Purpose::LogOut, new().access_token(b"a\0"), RequestError::Forbidden(Field::AccessToken)),
        (&RFC6749, Purpose::LogIn, new().username("u").password("p"), RequestError::Missing(Field::ClientId)),
        (&RFC6749, Purpose::LogIn, new().client_id("c"), RequestError::Missing(Field::ClientSecret)),
        (&RFC6749_BODY, Purpose::Refresh, new(), RequestError::Missing(Field::RefreshToken)),
    ];
    for (provider, purpose, credentials, expected) in cases {
        assert_eq!(TokenRequest::new(provider, purpose, credentials).err(), Some(expected), "{credentials:?}");
    }
    // Without a token to go with, a till logs in; everything else is a matter for who configured it.
    assert_eq!(RequestError::Missing(Field::RefreshToken).verdict(), Verdict::LogIn);
    assert_eq!(RequestError::NoSuchExchange(Purpose::Refresh).verdict(), Verdict::LogIn);
    assert_eq!(RequestError::Missing(Field::Password).verdict(), Verdict::Stop);
    // A form takes any bytes.
    let raw = new().username(b"\xff").password("p");
    let request = TokenRequest::new(&LOYALTY_DOG, Purpose::LogIn, raw).unwrap();
    assert_eq!(request.write_body(&mut [0; 32]), Ok(&b"username=%FF&password=p"[..]));
}

#[test]
fn what_would_split_the_message_is_refused() {
    let request = TokenRequest::new(&RFC6749, Purpose::LogIn, everything()).unwrap();
    let endpoint = Endpoint::https("h").path("/t");
    assert!(request.http_len(&endpoint).is_ok());
    assert_eq!(request.http_len(&Endpoint::https("h")), Err(RequestError::MissingPath));
    let splitting = ["a\r\nX: y", "a\nb", "a\rb", "a\0b"];
    let mut refused = 0;
    for text in splitting {
        let path: &str = &format!("/{text}");
        for (endpoint, part) in [
            (Endpoint::https(text).path("/t"), InvalidPart::Host),
            (endpoint.prefix(path), InvalidPart::Prefix),
            (endpoint.path(path), InvalidPart::Path),
            (endpoint.user_agent(text), InvalidPart::UserAgent),
            (endpoint.headers(&[(text, "v")]), InvalidPart::HeaderName),
            (endpoint.headers(&[("X-A", text)]), InvalidPart::HeaderValue),
        ] {
            assert_eq!(request.http_len(&endpoint), Err(RequestError::Invalid(part)));
            assert_eq!(request.write_at(&endpoint, 0, &mut [0; 8]), Err(RequestError::Invalid(part)));
            refused += 1;
        }
    }
    assert_eq!(refused, 24);
}

/// A description can be wrong too: nothing that it says may split a message.
#[test]
fn descriptions_are_checked() {
    let with = |path: &'static [u8], scheme: &'static [u8]| {
        let mut exchange = OPEN_LOYALTY.exchange(4).unwrap();
        exchange.path = path;
        let mut settings = OPEN_LOYALTY.settings;
        settings.authorization_scheme = scheme;
        (exchange, settings)
    };
    let bad_path = Some(RequestError::Invalid(InvalidPart::Path));
    let bad_scheme = Some(RequestError::Invalid(InvalidPart::Authorization));
    for (path, scheme, expected) in [
        (&b"/ok"[..], &b"Bearer"[..], None),
        (b"no-slash", b"Bearer", bad_path),
        (b"/a b", b"Bearer", bad_path),
        (b"/a\r\nX: y", b"Bearer", bad_path),
        (b"/{nothing_known}", b"Bearer", bad_path),
        (b"/{store_code", b"Bearer", bad_path),
        (b"/ok", b"Bearer\r\nX:", bad_scheme),
        (b"/ok", b"", bad_scheme),
        (b"/ok", b"Two words", bad_scheme),
    ] {
        let (exchange, settings) = with(path, scheme);
        let exchanges = [(exchange, &[][..])];
        let provider = Provider { exchanges: &exchanges, members: &[], transient_codes: &[], settings };
        assert_eq!(TokenRequest::new(&provider, Purpose::LogOut, everything()).err(), expected, "{path:?}");
    }
}

#[test]
fn a_fifth_provider_is_a_constant() {
    const KIOSK: Provider<'static> = Provider {
        exchanges: &[(
            Exchange {
                purpose: Purpose::LogIn,
                when: None,
                method: Method::Post,
                path: b"/v1/{custom_1}/login",
                encoding: Encoding::Json,
                client_auth: ClientAuth::Body,
                answer: Answers::Tokens,
            },
            &[literal("kind", "till"), required("terminal", Field::Custom2), optional("otp", Field::Code)],
        )],
        members: &[],
        transient_codes: &[],
        settings: RFC6749.settings,
    };
    let credentials = Credentials::new().with(Field::Custom1, "a/b").with(Field::Custom2, "t-7");
    let request = TokenRequest::new(&KIOSK, Purpose::LogIn, credentials).unwrap();
    let mut buf = [0; 512];
    let text = request.write_http(&Endpoint::http("h"), &mut buf).unwrap();
    assert!(text.starts_with(b"POST /v1/a%2Fb/login HTTP/1.1\r\nHost: h\r\n"));
    assert!(text.ends_with(b"\r\n\r\n{\"kind\":\"till\",\"terminal\":\"t-7\"}"));
}

#[test]
fn authorization_in_every_buffer_and_window() {
    let token = "x".repeat(1500);
    let authorization = Authorization::new(&LOYALIFE, token.as_str()).unwrap();
    let expected = format!("bearer {token}");
    assert_eq!(authorization.len(), expected.len());
    let mut buf = [0; 1600];
    for size in 0..expected.len() {
        let needed = expected.len();
        assert_eq!(authorization.write(&mut buf[..size]), Err(BufferTooSmall { needed }));
    }
    assert_eq!(authorization.write(&mut buf), Ok(expected.as_bytes()));
    let mut sent = Vec::new();
    let mut window = [0; 64];
    loop {
        let count = authorization.write_at(sent.len(), &mut window);
        sent.extend_from_slice(&window[..count]);
        if count == 0 {
            break;
        }
    }
    assert_eq!(sent, expected.as_bytes());
}
