#![no_main]
//! Requests with any credentials: other parsers read from the bytes what was put in, every window of them is the same
//! bytes, and no credential splits the message.

use base64ct::{Base64, Encoding};
use libfuzzer_sys::fuzz_target;
use pos_token::dialect::{self, Dialect, Field, Purpose};
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, RFC6749_BODY, ZYPE};
use pos_token::{Credentials, Endpoint, RequestError, TokenRequest};

const PROVIDERS: [&Provider<'static>; 6] = [&LOYALTY_DOG, &ZYPE, &LOYALIFE, &OPEN_LOYALTY, &RFC6749, &RFC6749_BODY];
const PURPOSES: [Purpose; 5] =
    [Purpose::LogIn, Purpose::Refresh, Purpose::VerifyCode, Purpose::Revoke, Purpose::LogOut];

fuzz_target!(|data: &[u8]| {
    let Some((&[selector, given, more, window], rest)) = data.split_first_chunk::<4>() else { return };
    let provider = PROVIDERS[usize::from(selector) % 6];
    let purpose = PURPOSES[usize::from(selector) / 6 % 5];
    // The texts are separated by 0xfe, so that they can hold anything else.
    let mut texts = rest.split(|byte| *byte == 0xfe);
    let given = u16::from_le_bytes([given, more]);
    let mut credentials = Credentials::new();
    for (index, field) in Field::ALL.into_iter().enumerate() {
        if given >> index & 1 == 1
            && let Some(text) = texts.next()
        {
            credentials = credentials.with(field, text);
        }
    }
    let request = match TokenRequest::new(provider, purpose, credentials) {
        Ok(request) => request,
        Err(error) => {
            let _text = (error.to_string(), error.code());
            match error {
                RequestError::Missing(field) => assert!(credentials.get(field).is_none()),
                RequestError::Empty(field) => assert!(credentials.get(field).unwrap().expose().is_empty()),
                RequestError::NotUtf8(field) => {
                    assert!(core::str::from_utf8(credentials.get(field).unwrap().expose()).is_err());
                }
                _ => {}
            }
            return;
        }
    };
    let exchange = request.exchange();
    let at = (0..).find(|at| provider.exchange(*at) == Some(exchange)).unwrap();
    // What the table says is sent.
    let expected: Vec<(Vec<u8>, Vec<u8>)> = (0..)
        .map_while(|index| provider.parameter(at, index))
        .filter_map(|parameter| {
            let value = match parameter.value {
                dialect::Value::Literal(value) => value.to_vec(),
                dialect::Value::Required(field) | dialect::Value::Optional(field) => {
                    credentials.get(field)?.expose().to_vec()
                }
            };
            Some((parameter.name.to_vec(), value))
        })
        .collect();

    let mut buf = vec![0; 16 * rest.len() + 4096];
    let endpoint = Endpoint::https("api.example.com").path("/token");
    let whole = request.write_http(&endpoint, &mut buf).unwrap().to_vec();
    assert_eq!(request.http_len(&endpoint), Ok(whole.len()));
    let end = whole.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    let (head, sent) = whole.split_at(end);
    let head = core::str::from_utf8(head).expect("a head is ASCII");
    assert!(head.is_ascii() && !head.trim_end().replace("\r\n", "").contains(['\r', '\n', '\0']));
    assert_eq!(sent.len(), request.body_len());
    assert_eq!(request.write_body(&mut buf).unwrap(), sent);
    if head.starts_with("POST") {
        assert!(head.contains(&format!("\r\nContent-Length: {}\r\n", sent.len())));
    }
    match request.content_type() {
        Some("application/json") => {
            let members: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(sent).unwrap();
            assert_eq!(members.len(), expected.len());
            for (name, value) in &expected {
                let text = members[core::str::from_utf8(name).unwrap()].as_str().unwrap();
                assert_eq!(text.as_bytes(), value);
            }
        }
        Some(_) => {
            let pairs: Vec<_> = form_urlencoded::parse(sent).collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(name, value)| (String::from_utf8_lossy(name), String::from_utf8_lossy(value)))
                .collect();
            assert_eq!(pairs, expected);
        }
        None => assert!(sent.is_empty()),
    }
    if let Some(basic) = head.split("\r\nAuthorization: Basic ").nth(1) {
        let text = Base64::decode_vec(basic.split("\r\n").next().unwrap()).unwrap();
        let mut parts = text.split(|byte| *byte == b':').map(|part| {
            // As a form's only name: this is how the parser gives its bytes.
            form_urlencoded::parse(part).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
        });
        for field in [Field::ClientId, Field::ClientSecret] {
            let given = String::from_utf8_lossy(credentials.get(field).unwrap().expose()).into_owned();
            assert_eq!(parts.next(), Some(given));
        }
        assert_eq!(parts.next(), None);
    }
    // In windows.
    let mut pieces = Vec::new();
    let mut window = vec![0; usize::from(window % 64) + 1];
    loop {
        let count = request.write_at(&endpoint, pieces.len(), &mut window).unwrap();
        pieces.extend_from_slice(&window[..count]);
        if count == 0 || pieces.len() > whole.len() {
            break;
        }
    }
    assert_eq!(pieces, whole);
    // In buffers that are too small.
    let small = whole.len() * usize::from(selector) / 256;
    if small < whole.len() {
        assert!(request.write_http(&endpoint, &mut buf[..small]).is_err());
        assert!(buf[..small].iter().all(|byte| *byte == 0));
    }
});
