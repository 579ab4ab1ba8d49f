#![no_main]
//! The JSON reader: the same events and the same error however the document is split, and serde_json's judgement.

use libfuzzer_sys::fuzz_target;
use pos_token::json::{Decimal, Event, JsonError, JsonErrorKind, Reader};
use pos_token_fuzz::{cuts_and_text, pieces};
use serde_json::Value;
use serde_json::value::RawValue;

/// Complete events: a letter and the joined text. What is no text is joined as 0xff.
type Events = Vec<(char, Vec<u8>)>;

fn read(pieces: &[&[u8]]) -> (Events, Result<(), JsonError>) {
    let mut reader = Reader::new();
    let mut events = Events::new();
    let mut joined = Vec::new();
    let mut decimal = Decimal::default();
    for piece in pieces {
        let mut input = *piece;
        loop {
            let event = match reader.next(&mut input) {
                Ok(Some(event)) => event,
                Ok(None) => break,
                Err(error) => return (events, Err(error)),
            };
            let (kind, piece) = match &event {
                Event::Open(container) => (if format!("{container:?}") == "Object" { '{' } else { '[' }, None),
                Event::Close(_) => (']', None),
                Event::Name(piece) => ('n', Some(piece)),
                Event::Text(piece) => ('s', Some(piece)),
                Event::Number(piece) => ('0', Some(piece)),
                Event::Bool(true) => ('t', None),
                Event::Bool(false) => ('f', None),
                Event::Null => ('z', None),
            };
            if let Some(piece) = piece {
                match piece.text() {
                    Ok(text) => joined.extend_from_slice(text),
                    Err(_) if piece.bytes() == [0] => joined.push(0),
                    Err(_) => joined.push(0xff),
                }
                if kind == '0' {
                    decimal.push(piece.bytes());
                }
                if !piece.last() {
                    continue;
                }
            }
            if kind == '0' {
                // Where it is a whole number that an i64 holds, that is its value.
                let text = String::from_utf8(joined.clone()).unwrap();
                if let (Ok(value), Some(rounded)) = (text.parse::<i64>(), decimal.finish()) {
                    assert_eq!((rounded.floor, rounded.whole), (value, true));
                }
                decimal = Decimal::default();
            }
            events.push((kind, core::mem::take(&mut joined)));
        }
    }
    (events, reader.finish())
}

/// All strings and names of a value, sorted: ours come in the order of the document, the oracle's by name.
fn texts(value: &Value, into: &mut Vec<Vec<u8>>) {
    match value {
        Value::String(text) => into.push(text.clone().into_bytes()),
        Value::Array(elements) => elements.iter().for_each(|element| texts(element, into)),
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            into.push(name.clone().into_bytes());
            texts(member, into);
        }),
        _ => {}
    }
}

fuzz_target!(|data: &[u8]| {
    let (cuts, document) = cuts_and_text(data);
    let expected = read(&[document]);
    assert_eq!(read(&pieces(document, cuts)), expected);
    assert_eq!(read(&document.chunks(1).collect::<Vec<_>>()), expected);

    let (events, result) = expected;
    if document.starts_with(b"\xef\xbb\xbf") {
        return;
    }
    let theirs = serde_json::from_slice::<&RawValue>(document).is_ok();
    match result {
        Ok(()) => assert!(theirs, "accepted by ours alone"),
        Err(JsonError { kind: JsonErrorKind::TooDeep | JsonErrorKind::NotAContainer, .. }) => {}
        Err(error) => {
            assert!(!theirs, "refused by ours alone: {error}");
            assert!(error.offset as usize <= document.len());
        }
    }
    if let (Ok(()), Ok(value)) = (result, serde_json::from_slice::<Value>(document)) {
        let mut theirs = Vec::new();
        texts(&value, &mut theirs);
        let mut ours: Vec<_> =
            events.into_iter().filter(|(kind, _)| matches!(kind, 's' | 'n')).map(|(_, text)| text).collect();
        ours.sort();
        theirs.sort();
        // The oracle keeps one of several members of the same name.
        assert!(ours.len() >= theirs.len());
        assert!(ours.len() > theirs.len() || ours == theirs);
    }
});
