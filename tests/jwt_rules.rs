//! The rules of RFC 7515, RFC 7519 and RFC 8725, one by one.
#![allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod jwt_support;

use jwt_support::*;
use pos_token::jwt::{HmacSha512, Signature, Times, TokenError, UntrustedToken, Validation};
use pos_token::time::UnixTime;

const PAYLOAD: &str = r#"{"exp":1773674102}"#;

/// Each header, signed with the right key, without an alias and with one.
#[test]
fn headers() {
    use TokenError::{Algorithm, Critical, DuplicateHeader, Header};
    let many = |count: usize| {
        let others: String = (1..count).map(|i| format!(r#","x{i}":{i}"#)).collect();
        format!(r#"{{"alg":"HS512"{others}}}"#)
    };
    for (header, plain, with_alias) in [
        (r#"{"alg":"HS512"}"#, Ok(()), Ok(())),
        (r#" { "typ" : "JWT" , "alg" : "HS512" } "#, Ok(()), Ok(())),
        (r#"{"alg":"HS512","jwk":{"alg":"none","crit":[1,1]},"kid":"a.b","x":[{}]}"#, Ok(()), Ok(())),
        // Compared after unescaping, whole and with its case (RFC 7515 section 5.3).
        (r#"{"\u0061lg":"H\u00535\u0031\u0032"}"#, Ok(()), Ok(())),
        (r#"{"alg":"http://www.w3.org/2001/04/xmldsig-more#hmac-sha512"}"#, Err(Algorithm), Ok(())),
        (r#"{"alg":"http:\/\/www.w3.org\/2001\/04\/xmldsig-more#hmac-sha512"}"#, Err(Algorithm), Ok(())),
        (r#"{"alg":"http://www.w3.org/2001/04/xmldsig-more#hmac-sha51"}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":"http://www.w3.org/2001/04/xmldsig-more#hmac-sha5122"}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":"HS512\ud800"}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":"HS512\u0000"}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":"HS512 "}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":"HS51"}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":""}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":"hs512"}"#, Err(Algorithm), Err(Algorithm)),
        // RFC 8725 sections 2.1, 3.1 and 3.2.
        (r#"{"alg":"none"}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":"None"}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":"HS256"}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":"RS256"}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":"RS512"}"#, Err(Algorithm), Err(Algorithm)),
        // The algorithm is a string, and is there (RFC 7515 section 4.1.1).
        (r#"{"alg":["HS512"]}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":{"alg":"HS512"}}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":{"HS512":"HS512"}}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":512}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"alg":null}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"x":{"alg":"HS512"}}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"Alg":"HS512"}"#, Err(Algorithm), Err(Algorithm)),
        (r#"{"typ":"JWT"}"#, Err(Algorithm), Err(Algorithm)),
        ("{}", Err(Algorithm), Err(Algorithm)),
        // Extensions that must be understood (RFC 7515 section 4.1.11, RFC 7797).
        (r#"{"alg":"HS512","crit":["exp"],"exp":1}"#, Err(Critical), Err(Critical)),
        (r#"{"alg":"HS512","crit":[]}"#, Err(Critical), Err(Critical)),
        (r#"{"alg":"HS512","crit":null}"#, Err(Critical), Err(Critical)),
        (r#"{"crit":"","alg":"HS512"}"#, Err(Critical), Err(Critical)),
        (r#"{"alg":"HS512","b64":false}"#, Err(Critical), Err(Critical)),
        (r#"{"alg":"HS512","b64":true}"#, Err(Critical), Err(Critical)),
        (r#"{"alg":"HS512","b\u00364":true}"#, Err(Critical), Err(Critical)),
        // Names are unique (RFC 7515 section 4), also where nobody wants them.
        (r#"{"alg":"HS512","alg":"HS512"}"#, Err(DuplicateHeader), Err(DuplicateHeader)),
        (r#"{"alg":"none","alg":"HS512"}"#, Err(DuplicateHeader), Err(DuplicateHeader)),
        (r#"{"alg":"HS512","\u0061lg":"none"}"#, Err(DuplicateHeader), Err(DuplicateHeader)),
        (r#"{"kid":"1","alg":"HS512","kid":"1"}"#, Err(DuplicateHeader), Err(DuplicateHeader)),
        (r#"{"":"1","alg":"HS512","":"1"}"#, Err(DuplicateHeader), Err(DuplicateHeader)),
        (r#"{"typ":"JWT","alg":"HS512","typ":null}"#, Err(DuplicateHeader), Err(DuplicateHeader)),
        // A JSON object in UTF-8, and nothing else.
        (&many(16), Ok(()), Ok(())),
        (&many(17), Err(Header), Err(Header)),
        (r#"{"alg":"HS512","\ud800":1}"#, Err(Header), Err(Header)),
        (r#"{"alg":"HS512","\u0000":1}"#, Err(Header), Err(Header)),
        (r#"{"alg":"HS512",}"#, Err(Header), Err(Header)),
        (r#"{"alg":"HS512"}{}"#, Err(Header), Err(Header)),
        (r#"{"alg":"HS512""#, Err(Header), Err(Header)),
        (r#"[{"alg":"HS512"}]"#, Err(Header), Err(Header)),
        (r#"["alg","HS512"]"#, Err(Header), Err(Header)),
        (r#""HS512""#, Err(Header), Err(Header)),
        ("HS512", Err(Header), Err(Header)),
        ("{'alg':'HS512'}", Err(Header), Err(Header)),
        ("", Err(TokenError::Parts), Err(TokenError::Parts)),
    ] {
        let token = signed(header, PAYLOAD);
        assert_eq!(verdict(&token, None, &now()), plain, "{header}");
        assert_eq!(verdict(&token, Some(XML_DSIG), &now()), with_alias, "{header}, with an alias");
        // What is no matter of form is no matter of peeking.
        let form = plain.err().filter(|e| !matches!(e, Algorithm | Critical));
        assert_eq!(UntrustedToken::parse(&*token).and_then(|t| t.peek()).err(), form, "{header}, peeked at");
    }
    let latin1 = signed(b"{\"alg\":\"HS512\",\"x\":\"\xe9\"}", PAYLOAD);
    assert_eq!(verdict(&latin1, None, &now()), Err(Header));
}

/// RFC 7515 section 4.1.9.
#[test]
fn media_types() {
    for (header, expected, matches) in [
        (r#""typ":"JWT""#, "JWT", true),
        (r#""typ":"jwt""#, "JWT", true),
        (r#""typ":"JWT""#, "application/jwt", true),
        (r#""typ":"Application/JWT""#, "jwt", true),
        (r#""typ":"application/jwt""#, "APPLICATION/jwt", true),
        (r#""typ":"at+jwt""#, "at+jwt", true),
        (r#""typ":"\u0061t\u002bjwt""#, "at+jwt", true),
        (r#""typ":"at+jwt""#, "jwt", false),
        (r#""typ":"jwt""#, "at+jwt", false),
        (r#""typ":"JW""#, "JWT", false),
        (r#""typ":"JWTT""#, "JWT", false),
        (r#""typ":"JWT\u0000""#, "JWT", false),
        (r#""typ":"JWT\udc00""#, "JWT", false),
        (r#""typ":"application/""#, "JWT", false),
        (r#""typ":"application/application/jwt""#, "JWT", false),
        (r#""typ":"text/jwt""#, "JWT", false),
        (r#""typ":["JWT"]"#, "JWT", false),
        (r#""typ":null"#, "JWT", false),
        (r#""typ":"""#, "JWT", false),
        (r#""x":"JWT""#, "JWT", false),
    ] {
        let token = signed(format!(r#"{{"alg":"HS512",{header}}}"#), PAYLOAD);
        let expectation = if matches { Ok(()) } else { Err(TokenError::Type) };
        assert_eq!(verdict(&token, None, &now().typ(expected)), expectation, "{header} {expected}");
        assert_eq!(verdict(&token, None, &now()), Ok(()), "nobody asked: {header}");
    }
}

/// RFC 7519 section 4.1, with the time that it is and with none.
#[test]
fn times() {
    use TokenError::{DuplicateClaim, Expired, ExpiresAt, ExpiresAtMissing, IssuedAt, NotBefore, NotYetValid};
    for (payload, at_now, without_clock) in [
        (r#"{"exp":1773670503}"#, Ok(()), Ok(())),
        (r#"{"exp":1773670503.0}"#, Ok(()), Ok(())),
        (r#"{"exp":1.773670503e9}"#, Ok(()), Ok(())),
        (r#"{"exp":17736705030E-1}"#, Ok(()), Ok(())),
        (r#"{"exp":"1773670503"}"#, Ok(()), Ok(())),
        (r#"{"exp":"\u0031773670503"}"#, Ok(()), Ok(())),
        (r#"{"exp":999999999999999999}"#, Ok(()), Ok(())),
        // Floored: it is not accepted a moment too long.
        (r#"{"exp":1773670502.9}"#, Err(Expired), Ok(())),
        (r#"{"exp":1773670502}"#, Err(Expired), Ok(())),
        (r#"{"exp":1773670501}"#, Err(Expired), Ok(())),
        (r#"{"exp":0}"#, Err(Expired), Ok(())),
        (r#"{"exp":-1}"#, Err(Expired), Ok(())),
        (r#"{"exp":1e-400}"#, Err(Expired), Ok(())),
        ("{}", Err(ExpiresAtMissing), Err(ExpiresAtMissing)),
        (r#"{"exp":null}"#, Err(ExpiresAtMissing), Err(ExpiresAtMissing)),
        (r#"{"x":{"exp":1773670503}}"#, Err(ExpiresAtMissing), Err(ExpiresAtMissing)),
        (r#"{"EXP":1773670503}"#, Err(ExpiresAtMissing), Err(ExpiresAtMissing)),
        (r#"{"exp":1e400}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":-1e400}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":1000000000000000000}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":99999999999999999999999999}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":"99999999999999999999999999"}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":true}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":{}}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":[1773670503]}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":""}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":"-1"}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":" 1773670503"}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":"1773670503.0"}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":"1773670503\ud800"}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":"never"}"#, Err(ExpiresAt), Err(ExpiresAt)),
        (r#"{"exp":1773670503,"exp":1773670503}"#, Err(DuplicateClaim), Err(DuplicateClaim)),
        (r#"{"exp":0,"\u0065xp":1773670503}"#, Err(DuplicateClaim), Err(DuplicateClaim)),
        (r#"{"exp":1773670503,"iss":"a","iss":"a"}"#, Err(DuplicateClaim), Err(DuplicateClaim)),
        (r#"{"exp":1773670503,"x":1,"x":2}"#, Ok(()), Ok(())),
        (r#"{"exp":NaN}"#, Err(TokenError::Payload), Err(TokenError::Payload)),
        (r#"{"exp":Infinity}"#, Err(TokenError::Payload), Err(TokenError::Payload)),
        (r#"{"exp":1773670503,"nbf":1773670502}"#, Ok(()), Ok(())),
        (r#"{"exp":1773670503,"nbf":1773670501.5}"#, Ok(()), Ok(())),
        (r#"{"exp":1773670503,"nbf":null}"#, Ok(()), Ok(())),
        // Rounded up: not a moment too early.
        (r#"{"exp":1773670503,"nbf":1773670502.1}"#, Err(NotYetValid), Ok(())),
        (r#"{"exp":1773670503,"nbf":1773670503}"#, Err(NotYetValid), Ok(())),
        (r#"{"exp":1773670503,"nbf":"1773670503"}"#, Err(NotYetValid), Ok(())),
        (r#"{"exp":1773670503,"nbf":1e400}"#, Err(NotBefore), Err(NotBefore)),
        (r#"{"exp":1773670503,"nbf":false}"#, Err(NotBefore), Err(NotBefore)),
        (r#"{"exp":1773670503,"iat":1773670502}"#, Ok(()), Ok(())),
        (r#"{"exp":1773670503,"iat":1773670503}"#, Ok(()), Ok(())),
        (r#"{"exp":1773670503,"iat":"x"}"#, Err(IssuedAt), Err(IssuedAt)),
    ] {
        let token = signed(HEADER, payload);
        assert_eq!(verdict(&token, None, &now()), at_now, "{payload}");
        assert_eq!(verdict(&token, None, &Validation::without_clock()), without_clock, "{payload}");
        let form = without_clock.err().filter(|e| *e != ExpiresAtMissing);
        assert_eq!(UntrustedToken::parse(&*token).unwrap().peek().err(), form, "{payload}, peeked at");
    }
}

#[test]
fn the_clock_and_the_leeway() {
    let at = |seconds| Validation::at(UnixTime::from_seconds(seconds));
    let token = signed(HEADER, r#"{"nbf":1000,"iat":1000,"exp":2000}"#);
    for (validation, expected) in [
        (at(999), Err(TokenError::NotYetValid)),
        (at(1000), Ok(())),
        (at(1999), Ok(())),
        (at(2000), Err(TokenError::Expired)),
        (at(969).leeway(30), Err(TokenError::NotYetValid)),
        (at(970).leeway(30), Ok(())),
        (at(970).leeway(30).refuse_future_issued_at(), Ok(())),
        (at(2029).leeway(30), Ok(())),
        (at(2030).leeway(30), Err(TokenError::Expired)),
        (at(i64::MIN).leeway(u32::MAX), Err(TokenError::NotYetValid)),
        (at(i64::MAX).leeway(u32::MAX), Err(TokenError::Expired)),
        (at(0).leeway(u32::MAX), Ok(())),
        (Validation::without_clock().refuse_future_issued_at(), Ok(())),
    ] {
        assert_eq!(verdict(&token, None, &validation), expected, "{validation:?}");
    }

    let token = signed(HEADER, r#"{"iat":1000.5,"exp":2000}"#);
    assert_eq!(verdict(&token, None, &at(999)), Ok(()), "not asked");
    assert_eq!(verdict(&token, None, &at(999).refuse_future_issued_at()), Err(TokenError::IssuedInFuture));
    assert_eq!(verdict(&token, None, &at(1000).refuse_future_issued_at()), Ok(()));

    let token = signed(HEADER, r#"{"nbf":1000}"#);
    assert_eq!(verdict(&token, None, &at(1000)), Err(TokenError::ExpiresAtMissing));
    assert_eq!(verdict(&token, None, &at(1000).expiry_optional()), Ok(()));
    assert_eq!(verdict(&token, None, &at(999).expiry_optional()), Err(TokenError::NotYetValid));
    let expired = signed(HEADER, r#"{"exp":1000}"#);
    assert_eq!(verdict(&expired, None, &at(1000).expiry_optional()), Err(TokenError::Expired));

    let claims = |validation| UntrustedToken::parse(&*expired).unwrap().verify(&key(), None, &validation).unwrap();
    assert_eq!(claims(at(999)).times(), Times::Checked);
    assert_eq!(claims(Validation::without_clock()).times(), Times::NotChecked);
}

/// A token that is not valid yet is good to use, so nothing else may be wrong with it.
#[test]
fn not_yet_valid_is_said_last() {
    let early = || Validation::at(UnixTime::from_seconds(999));
    let token = signed(HEADER, r#"{"nbf":1000,"iat":1000,"exp":2000,"iss":"a","aud":"b","sub":"c"}"#);
    for (validation, expected) in [
        (early(), TokenError::NotYetValid),
        (early().issuer("a").audience("b").subject("c"), TokenError::NotYetValid),
        (early().issuer("x"), TokenError::Issuer),
        (early().audience("x"), TokenError::Audience),
        (early().subject("x"), TokenError::Subject),
        (early().refuse_future_issued_at(), TokenError::IssuedInFuture),
    ] {
        assert_eq!(verdict(&token, None, &validation), Err(expected), "{validation:?}");
    }
}

/// RFC 7519 sections 4.1.1 to 4.1.3; RFC 8725 sections 3.8 and 3.9.
#[test]
fn expected_claims() {
    use TokenError::{Audience, Issuer, Subject};
    let token = |claims: &str| signed(HEADER, format!(r#"{{"exp":1773670503{claims}}}"#));
    for (claim, error) in [("iss", Issuer), ("aud", Audience), ("sub", Subject)] {
        let expecting = |text| match error {
            Issuer => now().issuer(text),
            Audience => now().audience(text),
            _ => now().subject(text),
        };
        let array = if error == Audience { Ok(()) } else { Err(error) };
        for (value, expected) in [
            (r#""https://loyal.ex""#, Ok(())),
            (r#""https:\/\/loyal\u002eex""#, Ok(())),
            (r#""https://loyal.ex/""#, Err(error)),
            (r#""https://loyal.e""#, Err(error)),
            (r#""HTTPS://loyal.ex""#, Err(error)),
            (r#""https://loyal.ex\ud800""#, Err(error)),
            (r#""""#, Err(error)),
            ("null", Err(error)),
            ("1", Err(error)),
            (r#"["https://loyal.ex"]"#, array),
            (r#"["a","https:\/\/loyal.ex","b"]"#, array),
            (r#"["https://loyal.e","https://loyal.exx"]"#, Err(error)),
            (r#"["https://loyal.","ex"]"#, Err(error)),
            ("[]", Err(error)),
            (r#"["https://loyal.ex",1]"#, Err(error)),
            (r#"[["https://loyal.ex"]]"#, Err(error)),
            (r#"{"https://loyal.ex":"https://loyal.ex"}"#, Err(error)),
        ] {
            let token = token(&format!(r#","{claim}":{value}"#));
            assert_eq!(verdict(&token, None, &expecting("https://loyal.ex")), expected, "{claim} {value}");
            assert_eq!(verdict(&token, None, &now()), Ok(()), "nobody asked: {claim} {value}");
        }
        assert_eq!(verdict(&token(""), None, &expecting("")), Err(error), "{claim} is missing");
        let long = "x".repeat(1000);
        let with_long = token(&format!(r#","{claim}":"{long}""#));
        assert_eq!(verdict(&with_long, None, &expecting(&long)), Ok(()), "{claim}");
    }
}

#[test]
fn parts() {
    use TokenError::{Base64url, Parts, Payload, Signature, SignatureLength, TooLong};
    let good = signed(HEADER, PAYLOAD);
    let [header, payload, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let cut = &signature[..85];
    for (token, expected) in [
        (String::new(), Parts),
        (".".to_owned(), Parts),
        ("..".to_owned(), Parts),
        (format!("{header}.{payload}"), Parts),
        (format!("{header}..{signature}"), Parts),
        (format!(".{payload}.{signature}"), Parts),
        (format!("{good}."), Parts),
        (format!(".{good}"), Parts),
        (format!("{good}.{signature}.{signature}"), Parts),
        (format!("{header}.{payload}."), SignatureLength),
        (format!("{header}.{payload}.{cut}"), SignatureLength),
        (format!("{good}A"), SignatureLength),
        (format!("{good}=="), SignatureLength),
        (format!("{good}\n"), SignatureLength),
        (format!("{header}.{payload}.{cut}="), Base64url),
        // The same 64 bytes, written otherwise.
        (format!("{header}.{payload}.{cut}{}", ['B', 'R', 'h', 'x'][usize::from(signature.ends_with('A'))]), Base64url),
        (format!("{header}=.{payload}.{signature}"), Base64url),
        (format!(" {good}"), Base64url),
        (signed_parts(&format!("{header}="), payload), Base64url),
        (signed_parts(header, &format!("{payload}=")), Base64url),
        (signed_parts(header, &format!("{payload}A")), Base64url),
        (signed_parts(header, &payload.replace('J', "+")), Base64url),
        (signed_parts(header, &format!(" {payload}")), Base64url),
        (signed(HEADER, "[]"), Payload),
        (signed(HEADER, "[{\"exp\":1773674102}]"), Payload),
        (signed(HEADER, "1773674102"), Payload),
        (signed(HEADER, format!("{PAYLOAD}{PAYLOAD}")), Payload),
        (signed(HEADER, format!("{PAYLOAD} x")), Payload),
        (signed(HEADER, "{\"exp\":1773674102"), Payload),
        (signed(HEADER, b"{\"exp\":1773674102,\"a\":\"\xff\"}"), Payload),
        (format!("{header}.{payload}.{}", &signed(HEADER, "{}").rsplit('.').next().unwrap()), Signature),
        (signed(HEADER, format!("{PAYLOAD}{}", " ".repeat(13_000))), TooLong),
    ] {
        assert_eq!(verdict(&token, None, &now()), Err(expected), "{token}");
    }
    assert_eq!(verdict(&signed(HEADER, format!("{PAYLOAD}{}", " ".repeat(12_000))), None, &now()), Ok(()));
    let limit = |max| UntrustedToken::parse_with_limit(&*good, max).err();
    assert_eq!(limit(good.len()), None);
    assert_eq!(limit(good.len() - 1), Some(TooLong));
}

/// The signature is judged before any claim is looked at, and the header before the signature.
#[test]
fn order() {
    let wrong = |token: String| format!("{}{}", &token[..token.len() - 86], "A".repeat(86));
    for payload in ["{}", "[]", "{", r#"{"exp":1}"#, r#"{"exp":true}"#, "\0"] {
        assert_eq!(verdict(&wrong(signed(HEADER, payload)), None, &now()), Err(TokenError::Signature), "{payload}");
    }
    let bad_payload = signed_parts(&encoded(HEADER), "!");
    assert_eq!(verdict(&wrong(bad_payload), None, &now()), Err(TokenError::Signature));
    assert_eq!(verdict(&wrong(signed(r#"{"alg":"none"}"#, "{}")), None, &now()), Err(TokenError::Algorithm));
    let unsecured = format!("{}.{}.", encoded(r#"{"alg":"none"}"#), encoded(PAYLOAD));
    assert_eq!(verdict(&unsecured, None, &now()), Err(TokenError::Algorithm));
    assert!(UntrustedToken::parse(&*unsecured).unwrap().peek().is_ok());
}

/// The key's owner can be any platform; only `Valid` lets a token pass.
#[test]
fn another_mac() {
    struct Fixed(Signature, Vec<u8>);
    impl HmacSha512 for Fixed {
        fn verify_mac(&self, message: &[u8], tag: &[u8; 64]) -> Signature {
            assert_eq!((message, tag), (&self.1[..], &[0; 64]));
            self.0
        }
    }
    let signed = signed(HEADER, PAYLOAD);
    let token = format!("{}{}", &signed[..signed.len() - 86], "A".repeat(86));
    let message = token.as_bytes()[..token.len() - 87].to_vec();
    let token = UntrustedToken::parse(&*token).unwrap();
    let platform: &dyn HmacSha512 = &Fixed(Signature::Valid, message.clone());
    assert!(token.verify(platform, None, &now()).is_ok());
    let platform = Fixed(Signature::Invalid, message);
    assert_eq!(token.verify(&platform, None, &now()).err(), Some(TokenError::Signature));
}

#[test]
fn every_bit_counts() {
    let good = signed(HEADER, r#"{"exp":1773674102,"iss":"https://loyal.ex","role":["a","b"]}"#);
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut token = good.clone().into_bytes();
            token[at] ^= 1 << bit;
            let result =
                UntrustedToken::parse(&token[..]).and_then(|token| token.verify(&key(), None, &now()).map(drop));
            assert!(result.is_err(), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn every_truncation() {
    let good = signed(HEADER, PAYLOAD);
    for end in 0..good.len() {
        assert!(verdict(&good[..end], None, &now()).is_err(), "cut at {end}");
        assert!(verdict(&good[end + 1..], None, &now()).is_err(), "cut before {end}");
    }
}

#[test]
fn mutated_tokens_never_verify() {
    let mut random = Random(7519);
    let tokens = [
        signed(HEADER, r#"{"exp":1773674102,"aud":["pos"],"iat":"1773587702"}"#),
        include_str!("data/loyalife.jwt").trim().to_owned(),
    ];
    let mut parsed = 0;
    for round in 0..20_000 {
        let good = &tokens[round % 2];
        let mut token = good.clone().into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(token.len());
            let byte = b"ABCeyJhQ0z_-.=+/ \n\0\xff"[random.below(20)];
            match random.below(4) {
                0 => token[at] = byte,
                1 => token.insert(at, byte),
                2 => drop(token.remove(at)),
                _ => {
                    let next = (at + 1) % token.len();
                    token.swap(at, next);
                }
            }
        }
        if token == good.as_bytes() {
            continue;
        }
        let Ok(token) = UntrustedToken::parse(&token[..]) else { continue };
        parsed += usize::from(token.peek().is_ok());
        assert!(token.verify(&key(), Some(XML_DSIG), &now()).is_err(), "round {round}");
    }
    assert!(parsed > 500, "{parsed}");
}

/// Right signatures over payloads that were mutated: whatever they say, the reading ends in claims or an error.
#[test]
fn mutated_payloads() {
    let mut random = Random(8725);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..10_000 {
        let mut payload =
            br#"{"exp":1773674102,"nbf":1.5e3,"aud":["a\u00e9","\ud83c\udf55"],"x":{"y":[null,true]}}"#.to_vec();
        for _ in 0..=random.below(3) {
            let at = random.below(payload.len());
            payload[at] = b"{}[]\",:0123456789.eE+-\\ux\xc3\xa9 nul"[random.below(31)];
        }
        let json: Result<serde_json::Value, _> = serde_json::from_slice(&payload);
        match verdict(&signed(HEADER, &payload), None, &Validation::without_clock().expiry_optional()) {
            Ok(()) => {
                // serde_json refuses numbers that no f64 holds, and lone surrogates.
                assert!(json.is_ok_and(|json| json.is_object()) || payload.contains(&b'e') || payload.contains(&b'u'));
                good += 1;
            }
            Err(TokenError::Payload) => {
                assert!(json.is_err() || json.is_ok_and(|json| !json.is_object()));
                bad += 1;
            }
            Err(_) => {}
        }
    }
    assert!(good > 1000 && bad > 1000, "{good} {bad}");
}

#[test]
fn nothing_shows_a_token() {
    let token = signed(HEADER, r#"{"exp":1773674102,"sub":"jane@example.com"}"#);
    let token = UntrustedToken::parse(&*token).unwrap();
    assert_eq!(format!("{token:?}"), "UntrustedToken([redacted])");
    let claims = token.verify(&key(), None, &now()).unwrap();
    let shown = format!("{claims:?} {:?} {claims:#?}", token.peek().unwrap());
    assert!(shown.contains("1773674102") && !shown.contains("jane") && !shown.contains("106, 97"), "{shown}");
}
