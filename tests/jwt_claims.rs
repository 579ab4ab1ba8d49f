//! What claims say when they are asked, and what other libraries say of the same tokens.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod jwt_support;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use jwt_support::*;
use pos_token::BufferTooSmall;
use pos_token::base64url;
use pos_token::json::Rounded;
use pos_token::jwt::{
    ClaimError, Hs512Key, Times, TokenError, UntrustedToken, UnverifiedClaims, Validation, VerifiedClaims,
};
use pos_token::time::UnixTime;
use serde_json::{Value, json};

const LOYALIFE: &str = include_str!("data/loyalife.jwt");
const LOYALIFE_KEY: &[u8; 64] = include_bytes!("data/loyalife.key");
const ROLE: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
const NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";

/// Calls `check` with the claims of a token with this payload.
fn with_claims<R>(payload: &str, check: impl FnOnce(&UnverifiedClaims<'_>) -> R) -> R {
    let token = signed(HEADER, payload);
    check(&UntrustedToken::parse(&*token).unwrap().peek().unwrap())
}

fn text(payload: &str, name: &str) -> Result<Option<String>, ClaimError> {
    with_claims(payload, |claims| {
        let mut buf = [0; 2000];
        let text = claims.copy_text(name, &mut buf)?;
        Ok(text.map(|text| String::from_utf8(text.to_vec()).unwrap()))
    })
}

#[test]
fn a_token_of_dot_net() {
    let key = Hs512Key::new(LOYALIFE_KEY).unwrap();
    let token = UntrustedToken::parse(LOYALIFE).unwrap();
    let validation = now().issuer("https://loyal.ex").audience("pos").typ("JWT");
    let claims = key.verify(&token, Some(XML_DSIG), &validation).unwrap();
    assert_eq!(claims.times(), Times::Checked);
    assert_eq!(claims.expires_at(), Some(UnixTime::from_seconds(1_773_674_102)));
    assert_eq!(claims.not_before(), Some(UnixTime::from_seconds(1_773_587_702)));
    assert_eq!(claims.issued_at(), None);
    let mut buf = [0; 64];
    assert_eq!(claims.copy_text(NAME, &mut buf), Ok(Some(&b"pos-terminal-0042"[..])));
    assert_eq!(claims.text_is(ROLE, "Merchant"), Ok(true));
    assert_eq!(claims.contains(ROLE, "Merchant"), Ok(true));
    assert_eq!(claims.audience_contains("pos"), Ok(true));

    assert_eq!(key.verify(&token, None, &validation).err(), Some(TokenError::Algorithm));
    assert_eq!(self::key().verify(&token, Some(XML_DSIG), &validation).err(), Some(TokenError::Signature));
}

/// The header that Loyalife's documentation shows.
#[test]
fn the_documented_sample() {
    let header = "eyJhbGciOiJodHRwOi8vd3d3LnczLm9yZy8yMDAxLzA0L3htbGRzaWctbW9yZSNobWFjLXNoYTUxMiIsInR5cCI6IkpXVCJ9";
    assert_eq!(
        UntrustedToken::parse(format!("{header}...").as_str()).err(),
        Some(TokenError::Parts),
        "as it stands there, with the rest left out"
    );
    let token = signed_parts(header, &encoded(r#"{"exp":1773674102}"#));
    assert_eq!(verdict(&token, Some(XML_DSIG), &now()), Ok(()));
    assert_eq!(verdict(&token, None, &now()), Err(TokenError::Algorithm));
}

#[test]
fn texts() {
    for (payload, name, expected) in [
        (r#"{"iss":"https:\/\/loyal.ex"}"#, "iss", Ok(Some("https://loyal.ex"))),
        (r#"{"sub":""}"#, "sub", Ok(Some(""))),
        (r#"{"a":{"sub":"inner"},"sub":"outer","b":[{"sub":"inner"}]}"#, "sub", Ok(Some("outer"))),
        (r#"{"a.b":"whole","a":{"b":"path"}}"#, "a.b", Ok(Some("whole"))),
        (r#"{"http://x.y/z":"1","http://x.y/zz":"2"}"#, "http://x.y/z", Ok(Some("1"))),
        (r#"{"http:\/\/x\u002ey\/z":"1"}"#, "http://x.y/z", Ok(Some("1"))),
        (r#"{"":"empty"}"#, "", Ok(Some("empty"))),
        (r#"{"caf\u00e9":"\ud83c\udf55 caf\u00e9"}"#, "café", Ok(Some("🍕 café"))),
        (r#"{"sub":null}"#, "sub", Ok(None)),
        (r#"{"sub":"x"}"#, "su", Ok(None)),
        (r#"{"sub":"x"}"#, "subs", Ok(None)),
        (r#"{"sub\ud800":"x"}"#, "sub", Ok(None)),
        (r#"{"sub\u0000":"x"}"#, "sub\0", Ok(None)),
        (r#"{"sub":1}"#, "sub", Err(ClaimError::WrongType)),
        (r#"{"sub":true}"#, "sub", Err(ClaimError::WrongType)),
        (r#"{"sub":["x"]}"#, "sub", Err(ClaimError::WrongType)),
        (r#"{"sub":{}}"#, "sub", Err(ClaimError::WrongType)),
        (r#"{"sub":"a\u0000"}"#, "sub", Err(ClaimError::NotText)),
        (r#"{"sub":"a\ud83c"}"#, "sub", Err(ClaimError::NotText)),
        (r#"{"sub":"\udf55a"}"#, "sub", Err(ClaimError::NotText)),
        (r#"{"x":"1","x":"1"}"#, "x", Err(ClaimError::Duplicate)),
        (r#"{"x":null,"x":"1"}"#, "x", Err(ClaimError::Duplicate)),
        (r#"{"x":"1","x":"1"}"#, "y", Ok(None)),
    ] {
        assert_eq!(text(payload, name), expected.map(|t| t.map(str::to_owned)), "{payload} {name}");
        let is = |expected: &str| with_claims(payload, |claims| claims.text_is(name, expected));
        match expected {
            Ok(Some(text)) => {
                assert_eq!(is(text), Ok(true));
                assert_eq!(is(&format!("{text}x")), Ok(false));
                assert_eq!(is("other"), Ok(false));
            }
            Ok(None) => assert_eq!(is(""), Ok(false)),
            Err(ClaimError::NotText) => assert_eq!(is("a"), Ok(false)),
            Err(error) => assert_eq!(is("x"), Err(error)),
        }
    }
    let long = "n".repeat(255);
    assert_eq!(text(&format!(r#"{{"{long}":"x"}}"#), &long), Ok(Some("x".to_owned())));
    let longer = "n".repeat(256);
    assert_eq!(text(&format!(r#"{{"{longer}":"x"}}"#), &longer), Ok(None));
}

#[test]
fn every_buffer_size() {
    let long = format!("caf\u{e9} {}", "0123456789".repeat(20));
    with_claims(&json!({ "sub": long }).to_string(), |claims| {
        for size in 0..long.len() + 3 {
            let mut buf = [0xaa; 300];
            match claims.copy_text("sub", &mut buf[..size]) {
                Ok(text) => assert!(size >= long.len() && text == Some(long.as_bytes())),
                Err(error) => {
                    assert_eq!(error, ClaimError::BufferTooSmall(BufferTooSmall { needed: long.len() }));
                    assert!(size < long.len() && buf[..size].iter().all(|byte| *byte == 0));
                }
            }
            assert!(buf[size..].iter().all(|byte| *byte == 0xaa));
        }
    });
    with_claims(r#"{"sub":"half of it \ud800"}"#, |claims| {
        let mut buf = [0xaa; 40];
        assert_eq!(claims.copy_text("sub", &mut buf[..30]), Err(ClaimError::NotText));
        assert!(buf[..30].iter().all(|byte| *byte == 0), "a part of the text stays behind");
        assert!(buf[30..].iter().all(|byte| *byte == 0xaa));
    });
}

#[test]
fn one_or_many() {
    for (value, expected) in [
        (r#""cashier""#, Ok(true)),
        (r#""cashiers""#, Ok(false)),
        (r#"["manager","c\u0061shier"]"#, Ok(true)),
        (r#"["cashier","manager"]"#, Ok(true)),
        (r#"["cash","ier"]"#, Ok(false)),
        ("[]", Ok(false)),
        ("null", Ok(false)),
        (r#"["cashier",null]"#, Err(ClaimError::WrongType)),
        (r#"["cashier",["manager"]]"#, Err(ClaimError::WrongType)),
        (r#"[{"cashier":1}]"#, Err(ClaimError::WrongType)),
        (r#"{"cashier":"cashier"}"#, Err(ClaimError::WrongType)),
        ("1", Err(ClaimError::WrongType)),
    ] {
        let payload = format!(r#"{{"{ROLE}":{value},"aud":{value}}}"#);
        with_claims(&payload, |claims| {
            assert_eq!(claims.contains(ROLE, "cashier"), expected, "{value}");
            assert_eq!(claims.audience_contains("cashier"), expected, "{value}");
            assert_eq!(claims.contains("role", "cashier"), Ok(false));
        });
    }
}

#[test]
fn numbers() {
    let whole = |floor| Ok(Some(Rounded { floor, whole: true }));
    for (value, expected) in [
        ("42", whole(42)),
        ("-42.0", whole(-42)),
        ("1.5e3", whole(1500)),
        ("1.5", Ok(Some(Rounded { floor: 1, whole: false }))),
        ("null", Ok(None)),
        ("1e18", Err(ClaimError::OutOfRange)),
        (r#""42""#, Err(ClaimError::WrongType)),
        ("[42]", Err(ClaimError::WrongType)),
        ("true", Err(ClaimError::WrongType)),
    ] {
        let payload = format!(r#"{{"points":{value}}}"#);
        assert_eq!(with_claims(&payload, |claims| claims.number("points")), expected, "{value}");
        assert_eq!(with_claims(&payload, |claims| claims.number("point")), Ok(None));
    }
}

#[test]
fn times_that_are_read_without_a_key() {
    let seconds = |time: Option<UnixTime>| time.map(UnixTime::seconds);
    with_claims(r#"{"exp":2000.9,"nbf":1000.1,"iat":"1000"}"#, |claims| {
        assert_eq!(seconds(claims.expires_at()), Some(2000));
        assert_eq!(seconds(claims.not_before()), Some(1001));
        assert_eq!(seconds(claims.issued_at()), Some(1000));
    });
    with_claims(r#"{"exp":-2000.1,"nbf":-1000.9,"iat":-1000.9}"#, |claims| {
        assert_eq!(seconds(claims.expires_at()), Some(-2001));
        assert_eq!(seconds(claims.not_before()), Some(-1000));
        assert_eq!(seconds(claims.issued_at()), Some(-1001));
    });
    with_claims(r#"{"exp":null}"#, |claims| assert_eq!(claims.expires_at(), None));
}

/// An RS256 token, as Open Loyalty has them, can be peeked at all the same.
/// For callers that keep where the payload stands, and nothing else.
#[test]
fn claims_again() {
    let token = signed(HEADER, r#"{"exp":1,"role":"cashier"}"#);
    let claims = UntrustedToken::parse(&*token).unwrap().peek().unwrap();
    let again = UnverifiedClaims::of_payload(claims.payload());
    assert_eq!(again.expires_at(), None);
    assert_eq!(again.text_is("role", "cashier"), Ok(true));
    assert_eq!(again.number("exp"), claims.number("exp"));
    for none in [&b""[..], b"e3", b"W10", b"=", b"e30e30"] {
        assert_eq!(UnverifiedClaims::of_payload(none).number("exp"), Err(ClaimError::Changed));
    }
}

#[test]
fn peeking_at_other_algorithms() {
    let token = format!("{}.{}.{}", encoded(r#"{"alg":"RS256"}"#), encoded(r#"{"exp":1}"#), encoded([0x5a; 256]));
    let claims = UntrustedToken::parse(&*token).unwrap().peek().unwrap();
    assert_eq!(claims.expires_at(), Some(UnixTime::from_seconds(1)));
    for bad in [format!("{token}AAA"), format!("{token}="), token.replace("Wlpa", "Wl a")] {
        assert_eq!(UntrustedToken::parse(&*bad).unwrap().peek().err(), Some(TokenError::Base64url));
    }
}

fn payload_of_round(random: &mut Random) -> Value {
    let texts = ["pos", "", "a\"b\\c/d", "caf\u{e9} \u{1f355}", "\u{1}\n", "https://loyal.ex", &"x".repeat(300)];
    let mut text = || json!(texts[random.below(texts.len())]);
    let mut payload = json!({ "iss": text(), "sub": text(), "aud": [text(), text()], NAME: text() });
    payload["aud"] = if random.below(2) == 0 { payload["aud"].clone() } else { payload["aud"][0].clone() };
    payload["exp"] = json!(NOW + 100 - i64::try_from(random.below(200)).unwrap());
    payload["nbf"] = json!(NOW - 90 + i64::try_from(random.below(100)).unwrap());
    payload
}

#[test]
fn tokens_of_jsonwebtoken() {
    let mut random = Random(2104);
    let (mut valid, mut refused) = (0, 0);
    for _ in 0..2_000 {
        let payload = payload_of_round(&mut random);
        let header = Header::new(Algorithm::HS512);
        let token = jsonwebtoken::encode(&header, &payload, &EncodingKey::from_secret(SECRET)).unwrap();
        let token = UntrustedToken::parse(&*token).unwrap();
        let (exp, nbf) = (payload["exp"].as_i64().unwrap(), payload["nbf"].as_i64().unwrap());
        let expected = match () {
            () if NOW >= exp => Err(TokenError::Expired),
            () if NOW < nbf => Err(TokenError::NotYetValid),
            () => Ok(()),
        };
        let audience = payload["aud"].as_str().or(payload["aud"][1].as_str()).unwrap();
        let issuer = payload["iss"].as_str().unwrap();
        let result = key().verify(&token, None, &now().issuer(issuer).audience(audience));
        assert_eq!(result.map(drop), expected, "{payload}");
        *(if expected.is_ok() { &mut valid } else { &mut refused }) += 1;

        let claims = token.peek().unwrap();
        let mut buf = [0; 400];
        for name in ["iss", "sub", NAME] {
            let text = claims.copy_text(name, &mut buf).unwrap();
            assert_eq!(text, payload[name].as_str().map(str::as_bytes), "{payload}");
        }
    }
    assert!(valid > 500 && refused > 500, "{valid} {refused}");
}

#[test]
fn our_issuers_tokens_in_jsonwebtoken() {
    let mut random = Random(6234);
    let mut validation = jsonwebtoken::Validation::new(Algorithm::HS512);
    validation.validate_exp = false;
    validation.validate_aud = false;
    let mut mutated = 0;
    for round in 0..2_000 {
        let payload = payload_of_round(&mut random);
        let mut token = signed(HEADER, payload.to_string()).into_bytes();
        if round % 2 == 1 {
            let at = random.below(token.len());
            token[at] = b"ABCxyz019-_"[random.below(11)];
        }
        let text = std::str::from_utf8(&token).unwrap();
        let theirs = jsonwebtoken::decode::<Value>(text, &DecodingKey::from_secret(SECRET), &validation);
        let ours = verdict(text, None, &Validation::without_clock());
        assert_eq!(ours.is_ok(), theirs.is_ok(), "{text}");
        match theirs {
            Ok(theirs) => assert_eq!(theirs.claims, payload),
            Err(_) => mutated += 1,
        }
    }
    assert!(mutated > 800, "{mutated}");
}

#[test]
fn decoding_and_encoding_are_inverse() {
    let token = LOYALIFE.trim();
    for part in token.split('.') {
        let mut bytes = [0; 512];
        let bytes = base64url::decode(part.as_bytes(), &mut bytes).unwrap();
        assert_eq!(encoded(bytes), part);
    }
}

#[test]
fn codes_are_stable_and_errors_are_small() {
    use TokenError::*;
    let errors = [
        TooLong,
        Parts,
        Base64url,
        Header,
        DuplicateHeader,
        Algorithm,
        Critical,
        Type,
        SignatureLength,
        Signature,
        Payload,
        DuplicateClaim,
        ExpiresAt,
        NotBefore,
        IssuedAt,
        ExpiresAtMissing,
        Expired,
        NotYetValid,
        IssuedInFuture,
        Issuer,
        Audience,
        Subject,
    ];
    for (error, code) in errors.iter().zip(601..) {
        assert_eq!(error.code(), code);
        assert!(error.to_string().starts_with("token: "));
    }
    assert_eq!(size_of::<TokenError>(), 1);
    let too_small = ClaimError::BufferTooSmall(BufferTooSmall { needed: 7 });
    use ClaimError::{Changed, Duplicate, NotText, OutOfRange, WrongType};
    assert_eq!(
        [too_small, Duplicate, WrongType, NotText, OutOfRange, Changed].map(ClaimError::code),
        [101, 632, 633, 634, 635, 636]
    );
    assert_eq!(too_small.to_string(), "buffer too small: 7 bytes needed");
}

/// Verified and unverified claims are two types: this takes only the one.
#[test]
fn only_verified_claims_are_verified() {
    fn trust(claims: &VerifiedClaims<'_>) -> Times {
        claims.times()
    }
    let token = signed(HEADER, r#"{"exp":1773674102}"#);
    let token = UntrustedToken::parse(&*token).unwrap();
    assert_eq!(trust(&key().verify(&token, None, &Validation::without_clock()).unwrap()), Times::NotChecked);
}

#[cfg(feature = "serde")]
mod typed {
    use super::*;
    use pos_token::jwt::DeserializeError;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Till<'a> {
        #[serde(rename = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name")]
        name: &'a str,
        exp: i64,
        #[serde(default)]
        roles: [u8; 2],
        remark: Option<&'a str>,
    }

    fn verified<R>(payload: &str, check: impl FnOnce(&VerifiedClaims<'_>) -> R) -> R {
        let token = signed(HEADER, payload);
        check(&UntrustedToken::parse(&*token).unwrap().verify(&key(), None, &now()).unwrap())
    }

    #[test]
    fn a_type_of_the_callers_own() {
        // With escapes that serde-json-core does not know, in a name too, and things that it is to skip.
        let payload = r#" {"http:\/\/schemas.xmlsoap.org\/ws\/2005\/05\/identity\/claims\/n\u0061me" : "caf\u00e9 \ud83c\udf55 \/",
            "other": [1, -2.5, {"a": [], "b": {}}, [[true, false], null], ""], "exp": 1773674102, "roles": [7, 9]} "#;
        let whole = json!({ NAME: "café 🍕 /", "other": [1, -2.5, {"a": [], "b": {}}, [[true, false], null], ""], "exp": 1_773_674_102, "roles": [7, 9] });
        let len = whole.to_string().len();
        verified(payload, |claims| {
            let mut buf = [0; 512];
            let till: Till<'_> = claims.deserialize(&mut buf).unwrap();
            assert_eq!(till, Till { name: "café 🍕 /", exp: 1_773_674_102, roles: [7, 9], remark: None });
            let written: Value = serde_json::from_slice(&buf[..len]).unwrap();
            assert_eq!(written, whole);
            for size in 0..len {
                let error = claims.deserialize::<Till<'_>>(&mut buf[..size]).unwrap_err();
                let needed = BufferTooSmall { needed: len };
                assert_eq!(error, DeserializeError::Claim(ClaimError::BufferTooSmall(needed)));
            }
            assert!(claims.deserialize::<Till<'_>>(&mut buf[..len]).is_ok());
        });
    }

    #[test]
    fn escapes_that_have_to_stay() {
        #[derive(Debug, Deserialize)]
        struct Remark {
            remark: String,
        }
        let text = "a \"quoted\" back\\slash\n\u{1} and / caf\u{e9}";
        let payload = json!({ "exp": 1_773_674_102, "remark": text }).to_string();
        verified(&payload, |claims| {
            let mut buf = vec![0; 2 * payload.len()];
            let owned: Remark = claims.deserialize(&mut buf).unwrap();
            assert_eq!(owned.remark, text);
            let borrowed = claims.deserialize::<Till<'_>>(&mut buf);
            assert!(matches!(borrowed, Err(DeserializeError::Type(_))), "{borrowed:?}");
        });
    }

    #[test]
    fn another_type() {
        verified(r#"{"exp":1773674102,"a":"\ud800"}"#, |claims| {
            let error = claims.deserialize::<Till<'_>>(&mut [0; 200]).unwrap_err();
            assert_eq!(error, DeserializeError::Claim(ClaimError::NotText));
        });
        verified(r#"{"exp":1773674102}"#, |claims| {
            let error = claims.deserialize::<Till<'_>>(&mut [0; 200]).unwrap_err();
            assert!(matches!(error, DeserializeError::Type(_)));
        });
    }
}
