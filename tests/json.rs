//! The JSON reader against RFC 8259: tables of what must be accepted and refused, at every split and every truncation,
//! and random documents against serde_json.
#![allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use pos_token::json::JsonErrorKind::{
    BadEscape, BadNumber, BadUtf8, ControlCharacter, NotAContainer, TooDeep, Trailing, Truncated, Unexpected,
};
use pos_token::json::{Container, Decimal, Event, JsonError, JsonErrorKind, MAX_DEPTH, Piece, Reader};
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

/// Events with their pieces joined. What is no text, such as half of a surrogate pair, is joined as [`NOT_TEXT`].
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open(Container),
    Close(Container),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Number(Vec<u8>),
    Bool(bool),
    Null,
}

/// A byte that UTF-8 never has.
const NOT_TEXT: u8 = 0xff;

fn join(kind: fn(Vec<u8>) -> Token, piece: &Piece<'_>, open: &mut Option<(Token, Vec<u8>)>) -> Option<Token> {
    let (began_as, mut bytes) = open.take().unwrap_or((kind(Vec::new()), Vec::new()));
    assert_eq!(began_as, kind(Vec::new()), "a piece of another kind in between");
    match piece.text() {
        Ok(text) => {
            assert_eq!(text, piece.bytes());
            bytes.extend_from_slice(text);
        }
        // U+0000 has a byte, half of a surrogate pair has none.
        Err(_) if piece.bytes() == [0] => bytes.push(0),
        Err(_) => {
            assert!(piece.bytes().is_empty());
            bytes.push(NOT_TEXT);
        }
    }
    if piece.last() {
        return Some(kind(bytes));
    }
    *open = Some((began_as, bytes));
    None
}

/// What came before the document's end or its error, in parts too, and which of the two it was.
fn read<'i>(pieces: impl IntoIterator<Item = &'i [u8]>) -> (Vec<Token>, Result<(), JsonError>) {
    let mut reader = Reader::new();
    let (mut tokens, mut open, mut given) = (Vec::new(), None, 0);
    for piece in pieces {
        let mut input = piece;
        loop {
            match reader.next(&mut input) {
                Ok(Some(event)) => {
                    let token = match &event {
                        Event::Open(container) => Some(Token::Open(*container)),
                        Event::Close(container) => Some(Token::Close(*container)),
                        Event::Name(piece) => join(Token::Name, piece, &mut open),
                        Event::Text(piece) => join(Token::Text, piece, &mut open),
                        Event::Number(piece) => join(Token::Number, piece, &mut open),
                        Event::Bool(value) => Some(Token::Bool(*value)),
                        Event::Null => Some(Token::Null),
                    };
                    assert!(token.is_none() || open.is_none());
                    tokens.extend(token);
                }
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(error.offset as usize, given + piece.len() - input.len());
                    assert_eq!(reader.next(&mut &b"{}"[..]), Err(error), "an error stays");
                    assert_eq!(reader.finish(), Err(error));
                    tokens.extend(open.map(part));
                    return (tokens, Err(error));
                }
            }
        }
        assert!(input.is_empty());
        given += piece.len();
        assert_eq!(reader.offset() as usize, given);
    }
    tokens.extend(open.map(part));
    (tokens, reader.finish())
}

/// What a string or number began with before its document broke off.
fn part((mut token, read): (Token, Vec<u8>)) -> Token {
    if let Token::Name(bytes) | Token::Text(bytes) | Token::Number(bytes) = &mut token {
        *bytes = read;
    }
    token
}

fn whole(document: &[u8]) -> (Vec<Token>, Result<(), JsonError>) {
    read([document])
}

/// The same result in two pieces, wherever it is split, and byte by byte.
fn check_splits(document: &[u8]) -> (Vec<Token>, Result<(), JsonError>) {
    let expected = whole(document);
    for at in 0..=document.len() {
        let (head, tail) = document.split_at(at);
        assert_eq!(read([head, tail]), expected, "{:?} split at {at}", document.escape_ascii().to_string());
    }
    assert_eq!(read(document.chunks(1)), expected, "{:?} byte by byte", document.escape_ascii().to_string());
    expected
}

/// At every length, a document cut short of its first wrong byte is truncated or already complete.
fn check_truncations(document: &[u8]) {
    let result = whole(document).1;
    let good = result.map_or_else(|error| error.offset as usize, |()| document.len());
    let mut complete = false;
    for end in 0..document.len() {
        let cut = whole(&document[..end]).1;
        let name = document[..end].escape_ascii();
        if end > good {
            assert_eq!(cut, result, "{name}");
        } else {
            complete |= cut.is_ok();
            let truncated = Err(JsonError { kind: Truncated, offset: end as u32 });
            // Only whitespace may follow a complete document.
            assert_eq!(cut, if complete { Ok(()) } else { truncated }, "{name}");
        }
    }
}

fn grammar_of_serde_json(document: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(document).is_ok()
}

/// The offset of the error is that of the first wrong byte: what stands before it can go on to a good document, and
/// with it none of the same ends makes a good one.
fn check_offset(document: &[u8], error: JsonError) {
    const TOKEN_ENDS: [&[u8]; 30] = [
        b"",
        b"0",
        b"\"",
        b"\"\"",
        b"n\"",
        b"0000\"",
        b"000\"",
        b"00\"",
        b"0\"",
        b"\x80\"",
        b"\x80\x80\"",
        b"\x80\x80\x80\"",
        b"\xa0\x80\"",
        b"\x90\x80\x80\"",
        b"\"\":0",
        b"rue",
        b"ue",
        b"e",
        b"alse",
        b"lse",
        b"se",
        b"ull",
        b"ll",
        b"l",
        b"}",
        b"]",
        b":0",
        b"[]",
        b"\x85\"",
        b"{}",
    ];
    let viable = |prefix: &[u8]| {
        let mut closers = Vec::new();
        for token in whole(prefix).0 {
            match token {
                Token::Open(Container::Object) => closers.push(b'}'),
                Token::Open(Container::Array) => closers.push(b']'),
                Token::Close(_) => drop(closers.pop()),
                _ => {}
            }
        }
        TOKEN_ENDS.iter().any(|end| {
            [&b""[..], b":0"].iter().any(|value| {
                // The end may itself close the innermost container.
                (0..2).any(|closed| {
                    let rest = closers.iter().rev().skip(closed).copied();
                    let tail = [end, *value].concat().into_iter().chain(rest);
                    let text: Vec<u8> = prefix.iter().copied().chain(tail).collect();
                    grammar_of_serde_json(&text)
                })
            })
        })
    };
    let offset = error.offset as usize;
    let name = document.escape_ascii();
    match error.kind {
        Truncated => assert_eq!(offset, document.len(), "{name}"),
        // The oracle knows no limit and takes other documents than objects and arrays.
        TooDeep | NotAContainer => {}
        _ => {
            assert!(viable(&document[..offset]), "{name}: hopeless before {offset}");
            assert!(!viable(&document[..=offset]), "{name}: still good behind {offset}");
        }
    }
}

/// Documents of section 2 of RFC 8259 whose root is an object or an array.
const ACCEPTED: &[&[u8]] = &[
    // Structure and whitespace.
    b"[]",
    b"{}",
    b" \t\r\n[ \t\r\n] \t\r\n",
    b"\n{\r\"a\"\t: 1 ,\n\"b\" :[ ] }  ",
    b"[[]]",
    b"[[],[[]],{}]",
    b"[{}]",
    b"{\"\":{}}",
    b"[\"\"]",
    b"{\"\":0}",
    b"{\"a\":[]}",
    b"{\"a\":\"b\",\"a\":\"b\"}",
    b"{\"a\":\"b\",\"a\":\"c\"}",
    b"[true,false,null]",
    b"[null, 1, \"1\", {}]",
    b"[1,null,null,null,2]",
    b"[1\n]",
    b" [1]",
    b"[2] ",
    b"{\"a\":1,\"b\":{\"c\":[{\"d\":null}]}}",
    b"{\"asd\":\"sdf\", \"dfg\":\"fgh\"}",
    b"{\"foo\\u0000bar\": 42}",
    b"{\"title\":\"\\u041f\\u043e\\u043b\\u0442\\u043e\\u0440\\u0430\"}",
    // One byte order mark.
    b"\xef\xbb\xbf{}",
    b"\xef\xbb\xbf [1]",
    // Numbers.
    b"[0]",
    b"[-0]",
    b"[0,1,9,10,90]",
    b"[-1,-9,-10,-123]",
    b"[123456789]",
    b"[0.0,-0.0,0.5,-0.5]",
    b"[123.456789]",
    b"[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]",
    b"[0e0,0E0,0e+1,0E+1,0e-1]",
    b"[1e1,1E1,1e+2,1E+2,1e-2,1E-2]",
    b"[1E22,1E-2,1E+2]",
    b"[123e45,123e65,123.456e78,1.5E-9]",
    b"[1e00,1e007,1e-007,20e1]",
    b"[1.0e400,-1e400,1e-400,1e99999999999999999999]",
    b"[100000000000000000000000000000000000000000000000000]",
    b"[0 , 1 ,-2\t]",
    b"{\"a\":0,\"b\":-1.5e3}",
    b"[123e-10000000]",
    // Strings and escapes.
    b"[\"asd\",\" \",\"a/*b*/c/*d//e\"]",
    b"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
    b"[\"\\u0061\\u00e9\\u20AC\\u30aF\"]",
    b"[\"\\u0000\\u001f\\u0020\\u007f\\u0080\"]",
    b"[\"\\uD801\\udc37\",\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
    b"[\"\\uDBFF\\uDFFF\",\"\\uD800\\uDC00\",\"\\uDBFF\\uDFFE\"]",
    b"[\"\\uFFFE\\uFFFF\\uFDD0\\uFEFF\\u200B\\u2028\\u2029\"]",
    b"[\"\\u005C\\u0022\\u002F\\u0012\\uffff\"]",
    b"[\"\\\\u0000\",\"\\\\a\",\"\\\\n\",\"\\\"\"]",
    b"[\"new\\u00A0line\",\"\\u000Aline\"]",
    b"[\"\x7f\"]",
    b"[\"a\x7fa\"]",
    b"[\"a \\u0009 b\"]",
    // Halves of surrogate pairs are in the grammar (section 8.2).
    b"[\"\\uD800\"]",
    b"[\"\\uDC00\"]",
    b"[\"\\uDFAA\",\"\\uDADA\"]",
    b"[\"\\uD800\\n\"]",
    b"[\"\\uD800a\"]",
    b"[\"\\uD800\\u0061\"]",
    b"[\"\\uD800\\uD800\"]",
    b"[\"\\uD800\\uD800\\uDC00\"]",
    b"[\"\\uDC00\\uD800\"]",
    b"[\"\\uDd1e\\uD834\"]",
    b"[\"\\ud800abc\\\\\"]",
    b"{\"\\uDFAA\":0}",
    b"{\"\\ud83dx\\ude00\":\"\\ud83d\"}",
    // UTF-8: the first and last of each length, and around the surrogates (RFC 3629 section 4).
    b"[\"\xc2\x80\xdf\xbf\"]",
    b"[\"\xe0\xa0\x80\xef\xbf\xbf\"]",
    b"[\"\xed\x9f\xbf\xee\x80\x80\"]",
    b"[\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"]",
    b"[\"\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf\"]",
    b"[\"\xf0\x9f\x8d\x95\xcf\x80\xe2\x8d\x82\xe3\x88\xb4\"]",
    b"[\"\xef\xbf\xbe\xf4\x8f\xbf\xbf\xf0\x9b\xbf\xbf\"]",
    b"{\"caf\xc3\xa9\":\"\xf0\x9f\x8d\x95\"}",
    // Long plain runs around the reader's word-wise skipping.
    b"[\"0123456789abcdefghijklmnopqrstuvwxyz 0123456789\"]",
    b"[\"1234567\xc3\xa912345678\xc3\xa9123456789\\\"12345678\\\\\"]",
];

/// Each document, what is wrong with it, and with which byte.
const REFUSED: &[(&[u8], JsonErrorKind, u32)] = &[
    // Nothing, or not enough.
    (b"", Truncated, 0),
    (b" ", Truncated, 1),
    (b"\xef\xbb\xbf", Truncated, 3),
    (b"\xef\xbb", Truncated, 2),
    (b"[", Truncated, 1),
    (b"{", Truncated, 1),
    (b"[1", Truncated, 2),
    (b"[-", Truncated, 2),
    (b"[1,", Truncated, 3),
    (b"[\"", Truncated, 2),
    (b"[\"a", Truncated, 3),
    (b"[\"\\", Truncated, 3),
    (b"[\"\\u00", Truncated, 6),
    (b"[\"\\uD834\\uDd", Truncated, 12),
    (b"[\"\xe2\x82", Truncated, 4),
    (b"[tru", Truncated, 4),
    (b"{\"a\"", Truncated, 4),
    (b"{\"a\":", Truncated, 5),
    (b"{\"a\":1", Truncated, 6),
    (b"{\"a\":1,", Truncated, 7),
    (b"[{", Truncated, 2),
    (b"[[]", Truncated, 3),
    (b"[{}", Truncated, 3),
    // Documents that are no container; the mark is one, whole, and first.
    (b"1", NotAContainer, 0),
    (b"\"a\"", NotAContainer, 0),
    (b"true", NotAContainer, 0),
    (b" null", NotAContainer, 1),
    (b"<html>", NotAContainer, 0),
    (b"]", NotAContainer, 0),
    (b"}", NotAContainer, 0),
    (b",[]", NotAContainer, 0),
    (b"/**/[]", NotAContainer, 0),
    (b"\0[]", NotAContainer, 0),
    (b"\x0b[]", NotAContainer, 0),
    (b"\x0c[]", NotAContainer, 0),
    (b"\xa0[]", NotAContainer, 0),
    (b"\xc2\x85[]", NotAContainer, 0),
    (b"\xe2\x81\xa0[]", NotAContainer, 0),
    (b"\xef{}", NotAContainer, 1),
    (b"\xef\xbb{}", NotAContainer, 2),
    (b"\xef\xbb {}", NotAContainer, 2),
    (b"\xef\xbb\xbf\xef\xbb\xbf{}", NotAContainer, 3),
    (b" \xef\xbb\xbf{}", NotAContainer, 1),
    (b"\xef\xbb\xbf1", NotAContainer, 3),
    (b"\xfe\xff\0[\0]", NotAContainer, 0),
    (b"\xff\xfe[\0]\0", NotAContainer, 0),
    (b"[\0]\0", Unexpected, 1),
    (b"[\xef\xbb\xbf]", Unexpected, 1),
    // Something behind the end.
    (b"[]]", Trailing, 2),
    (b"{}}", Trailing, 2),
    (b"[][]", Trailing, 2),
    (b"[1]x", Trailing, 3),
    (b"{} {}", Trailing, 3),
    (b"{},", Trailing, 2),
    (b"[],1", Trailing, 2),
    (b"{}#", Trailing, 2),
    (b"{}/**/", Trailing, 2),
    (b"{}//", Trailing, 2),
    (b"[]\0", Trailing, 2),
    (b"[]\xe2\x81\xa0", Trailing, 2),
    (b"{}\xef\xbb\xbf", Trailing, 2),
    (b"[1]\x0c", Trailing, 3),
    // Commas, colons, brackets.
    (b"[,]", Unexpected, 1),
    (b"[,1]", Unexpected, 1),
    (b"[1,]", Unexpected, 3),
    (b"[1,,2]", Unexpected, 3),
    (b"[1,,]", Unexpected, 3),
    (b"[1 2]", Unexpected, 3),
    (b"[\"a\" 1]", Unexpected, 5),
    (b"[1:2]", Unexpected, 2),
    (b"[1;2]", Unexpected, 2),
    (b"[\"\":1]", Unexpected, 3),
    (b"[1}", Unexpected, 2),
    (b"[}", Unexpected, 1),
    (b"{]", Unexpected, 1),
    (b"{\"a\":1]", Unexpected, 6),
    (b"[{]}", Unexpected, 2),
    (b"[[1}]", Unexpected, 3),
    (b"[[\"a\"]}", Unexpected, 6),
    (b"{,}", Unexpected, 1),
    (b"{\"a\"}", Unexpected, 4),
    (b"{\"a\",\"b\"}", Unexpected, 4),
    (b"{\"a\" \"b\"}", Unexpected, 5),
    (b"{\"a\"::1}", Unexpected, 5),
    (b"{\"a\":}", Unexpected, 5),
    (b"{\"a\":,}", Unexpected, 5),
    (b"{\"a\":1,}", Unexpected, 7),
    (b"{\"a\":1,,}", Unexpected, 7),
    (b"{\"a\":1 \"b\":2}", Unexpected, 7),
    (b"{\"a\":1:2}", Unexpected, 6),
    (b"{:1}", Unexpected, 1),
    (b"{a:1}", Unexpected, 1),
    (b"{'a':1}", Unexpected, 1),
    (b"{1:1}", Unexpected, 1),
    (b"{null:1}", Unexpected, 1),
    (b"{[]:1}", Unexpected, 1),
    (b"{\"a\":/**/1}", Unexpected, 5),
    (b"{\"a\":1/*", Unexpected, 6),
    (b"{\"a\"\0:1}", Unexpected, 4),
    (b"[\x0c]", Unexpected, 1),
    (b"[\x0b1]", Unexpected, 1),
    (b"[1\x0c]", Unexpected, 2),
    (b"[\xc2\xa01]", Unexpected, 1),
    (b"[\xff]", Unexpected, 1),
    (b"[\x80]", Unexpected, 1),
    (b"[*]", Unexpected, 1),
    (b"[\\n]", Unexpected, 1),
    (b"[\\u0020\"a\"]", Unexpected, 1),
    (b"['a']", Unexpected, 1),
    (b"[a]", Unexpected, 1),
    (b"[\"a\"x]", Unexpected, 4),
    // Literals.
    (b"[True]", Unexpected, 1),
    (b"[TRUE]", Unexpected, 1),
    (b"[tru]", Unexpected, 4),
    (b"[trux]", Unexpected, 4),
    (b"[truE]", Unexpected, 4),
    (b"[t rue]", Unexpected, 2),
    (b"[truee]", Unexpected, 5),
    (b"[fals]", Unexpected, 5),
    (b"[nul]", Unexpected, 4),
    (b"[nulll]", Unexpected, 5),
    (b"[nan]", Unexpected, 2),
    (b"[NaN]", Unexpected, 1),
    (b"[Infinity]", Unexpected, 1),
    (b"[undefined]", Unexpected, 1),
    (b"[true\0]", Unexpected, 5),
    // Numbers.
    (b"[+1]", Unexpected, 1),
    (b"[.5]", Unexpected, 1),
    (b"[-]", BadNumber, 2),
    (b"[--1]", BadNumber, 2),
    (b"[-+1]", BadNumber, 2),
    (b"[- 1]", BadNumber, 2),
    (b"[-.5]", BadNumber, 2),
    (b"[-a]", BadNumber, 2),
    (b"[-Infinity]", BadNumber, 2),
    (b"[-NaN]", BadNumber, 2),
    (b"[1.]", BadNumber, 3),
    (b"[1.e1]", BadNumber, 3),
    (b"[0.]", BadNumber, 3),
    (b"[-2.]", BadNumber, 4),
    (b"[1.,2]", BadNumber, 3),
    (b"[1..2]", BadNumber, 3),
    (b"[1.-2]", BadNumber, 3),
    (b"[1e]", BadNumber, 3),
    (b"[1E+]", BadNumber, 4),
    (b"[1e-]", BadNumber, 4),
    (b"[1e+-1]", BadNumber, 4),
    (b"[1ee1]", BadNumber, 3),
    (b"[1e.5]", BadNumber, 3),
    (b"[0e]", BadNumber, 3),
    (b"[0E+]", BadNumber, 4),
    (b"[1.0e]", BadNumber, 5),
    (b"[1e a]", BadNumber, 3),
    (b"{\"a\":-}", BadNumber, 6),
    (b"[01]", Unexpected, 2),
    (b"[-01]", Unexpected, 3),
    (b"[00]", Unexpected, 2),
    (b"[-012]", Unexpected, 3),
    (b"[0x1]", Unexpected, 2),
    (b"[1x]", Unexpected, 2),
    (b"[1a]", Unexpected, 2),
    (b"[1_000]", Unexpected, 2),
    (b"[1 000]", Unexpected, 3),
    (b"[1-2]", Unexpected, 2),
    (b"[1+2]", Unexpected, 2),
    (b"[1.2.3]", Unexpected, 4),
    (b"[1.5-3]", Unexpected, 4),
    (b"[1e5.0]", Unexpected, 4),
    (b"[1e5e5]", Unexpected, 4),
    (b"[1.2a-3]", Unexpected, 4),
    (b"[0e+-1]", BadNumber, 4),
    (b"[1\xe5]", Unexpected, 2),
    (b"[1\0]", Unexpected, 2),
    (b"[\xef\xbc\x91]", Unexpected, 1),
    (b"[1e1\xe5]", Unexpected, 4),
    // Control characters in strings.
    (b"[\"\0\"]", ControlCharacter, 2),
    (b"[\"a\0a\"]", ControlCharacter, 3),
    (b"[\"\t\"]", ControlCharacter, 2),
    (b"[\"new\nline\"]", ControlCharacter, 5),
    (b"[\"a\rb\"]", ControlCharacter, 3),
    (b"[\"\x1f\"]", ControlCharacter, 2),
    (b"{\"a\nb\":1}", ControlCharacter, 3),
    (b"[\"0123456789abcdef\x1f0123456789abcdef\"]", ControlCharacter, 18),
    (b"[\"\\n\n\"]", ControlCharacter, 4),
    // Escapes.
    (b"[\"\\a\"]", BadEscape, 3),
    (b"[\"\\x00\"]", BadEscape, 3),
    (b"[\"\\'\"]", BadEscape, 3),
    (b"[\"\\0\"]", BadEscape, 3),
    (b"[\"\\N\"]", BadEscape, 3),
    (b"[\"\\U0061\"]", BadEscape, 3),
    (b"[\"\\ \"]", BadEscape, 3),
    (b"[\"\\\t\"]", BadEscape, 3),
    (b"[\"\\\n\"]", BadEscape, 3),
    (b"[\"\\\0\"]", BadEscape, 3),
    (b"[\"\\\xe5\"]", BadEscape, 3),
    (b"[\"\\\xf0\x9f\x8c\x80\"]", BadEscape, 3),
    (b"[\"\\u\"]", BadEscape, 4),
    (b"[\"\\u00A\"]", BadEscape, 7),
    (b"[\"\\u00Ag\"]", BadEscape, 7),
    (b"[\"\\u 061\"]", BadEscape, 4),
    (b"[\"\\u+061\"]", BadEscape, 4),
    (b"[\"\\u00\xe5\"]", BadEscape, 6),
    (b"[\"\\ud800\\\"]", Truncated, 11),
    (b"[\"\\uD800\\u\"]", BadEscape, 10),
    (b"[\"\\uD800\\u1\"]", BadEscape, 11),
    (b"[\"\\uD800\\u1x\"]", BadEscape, 11),
    (b"[\"\\ud800\\x\"]", BadEscape, 9),
    (b"[\"\\ud800\x01\"]", ControlCharacter, 8),
    (b"[\"\\ud800\x80\"]", BadUtf8, 8),
    (b"{\"\\q\":1}", BadEscape, 3),
    // UTF-8: alone, overlong, surrogates, too large, cut short.
    (b"[\"\x80\"]", BadUtf8, 2),
    (b"[\"a\xbf\"]", BadUtf8, 3),
    (b"[\"\xc0\x80\"]", BadUtf8, 2),
    (b"[\"\xc0\xaf\"]", BadUtf8, 2),
    (b"[\"\xc1\xbf\"]", BadUtf8, 2),
    (b"[\"\xe0\x80\x80\"]", BadUtf8, 3),
    (b"[\"\xe0\x9f\xbf\"]", BadUtf8, 3),
    (b"[\"\xf0\x80\x80\x80\"]", BadUtf8, 3),
    (b"[\"\xf0\x8f\xbf\xbf\"]", BadUtf8, 3),
    (b"[\"\xf8\x88\x80\x80\x80\"]", BadUtf8, 2),
    (b"[\"\xfc\x84\x80\x80\x80\x80\"]", BadUtf8, 2),
    (b"[\"\xfe\"]", BadUtf8, 2),
    (b"[\"\xff\"]", BadUtf8, 2),
    (b"[\"\xed\xa0\x80\"]", BadUtf8, 3),
    (b"[\"\xed\xbf\xbf\"]", BadUtf8, 3),
    (b"[\"\xed\xa0\x81\xed\xb0\xb7\"]", BadUtf8, 3),
    (b"[\"\xf4\x90\x80\x80\"]", BadUtf8, 3),
    (b"[\"\xf5\x80\x80\x80\"]", BadUtf8, 2),
    (b"[\"\xf4\xbf\xbf\xbf\"]", BadUtf8, 3),
    (b"[\"\xc3\"]", BadUtf8, 3),
    (b"[\"\xe2\x82\"]", BadUtf8, 4),
    (b"[\"\xf0\x9f\x8d\"]", BadUtf8, 5),
    (b"[\"\xc3\xc3\xa9\"]", BadUtf8, 3),
    (b"[\"\xc3\\n\"]", BadUtf8, 3),
    (b"[\"\xe2\x28\xa1\"]", BadUtf8, 3),
    (b"[\"\xe2\x82\n\"]", BadUtf8, 4),
    (b"[\"\xe9\"]", BadUtf8, 3),
    (b"{\"\xe9\":1}", BadUtf8, 3),
    (b"{\"a\xff\":1}", BadUtf8, 3),
    (b"[\"0123456789abcdef0123456789\xff\"]", BadUtf8, 28),
];

#[test]
fn accepted() {
    for document in ACCEPTED {
        let name = document.escape_ascii();
        let (tokens, result) = check_splits(document);
        assert_eq!(result, Ok(()), "{name}");
        check_truncations(document);
        let without_mark = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
        assert!(grammar_of_serde_json(without_mark), "{name}");
        compare_values(without_mark, &tokens);
    }
}

#[test]
fn refused() {
    for (document, kind, offset) in REFUSED {
        let name = document.escape_ascii();
        assert_eq!(check_splits(document).1, Err(JsonError { kind: *kind, offset: *offset }), "{name}");
        check_truncations(document);
        check_offset(document, JsonError { kind: *kind, offset: *offset });
        assert!(*kind == NotAContainer || !grammar_of_serde_json(document), "{name}");
    }
}

#[test]
fn unescaped_strings() {
    for (document, expected) in [
        (&b"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"[..], &b"\"\\/\x08\x0c\n\r\t"[..]),
        (b"[\"a\\u00e9\\u20ac\\ud83c\\udf55z\"]", "a\u{e9}\u{20ac}\u{1f355}z".as_bytes()),
        (b"[\"\\u002B\\u003c\\u003E\"]", b"+<>"),
        (b"[\"a\\u0000b\"]", b"a\0b"),
        (b"[\"\\ud83c\"]", &[NOT_TEXT]),
        (b"[\"\\udf55\"]", &[NOT_TEXT]),
        (b"[\"a\\ud83cb\"]", &[b'a', NOT_TEXT, b'b']),
        (b"[\"\\ud83c\\n\"]", &[NOT_TEXT, b'\n']),
        (b"[\"\\ud83c\\ud83c\\udf55\"]", &[NOT_TEXT, 0xf0, 0x9f, 0x8d, 0x95]),
        (b"[\"\\udf55\\ud83c\"]", &[NOT_TEXT, NOT_TEXT]),
    ] {
        let tokens = check_splits(document).0;
        assert_eq!(tokens[1], Token::Text(expected.to_vec()), "{}", document.escape_ascii());
    }
}

#[test]
fn depth_is_bounded() {
    let limit = usize::from(MAX_DEPTH);
    assert_eq!(limit, 32);
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"\":", "}]")] {
        let levels = open.matches(['[', '{']).count();
        let repeat = limit / levels;
        let inner = if open.ends_with(':') { "0" } else { "" };
        let deepest = [open.repeat(repeat), inner.into(), close.repeat(repeat)].concat();
        assert_eq!(check_splits(deepest.as_bytes()).1, Ok(()));
        check_truncations(deepest.as_bytes());

        let too_deep = [&open.repeat(repeat), open, inner, close, &close.repeat(repeat)].concat();
        let offset = (open.len() * repeat) as u32;
        assert_eq!(check_splits(too_deep.as_bytes()).1, Err(JsonError { kind: TooDeep, offset }));
        check_truncations(too_deep.as_bytes());
    }
    // What was closed does not count.
    let wide = format!("[{}[]]", "[[]],".repeat(1000));
    assert_eq!(whole(wide.as_bytes()).1, Ok(()));
    // Depths and kinds are remembered across all levels.
    let mixed = "[{\"\":".repeat(16) + "[]";
    let error = JsonError { kind: TooDeep, offset: mixed.len() as u32 - 2 };
    assert_eq!(whole(mixed.as_bytes()).1, Err(error));
    for wrong in 0..16 {
        let closing: String = (0..16).map(|level| if level == wrong { "]]" } else { "}]" }).collect();
        let document = "[{\"\":".repeat(16) + "0" + &closing;
        let offset = (document.len() - closing.len() + 2 * wrong) as u32;
        assert_eq!(whole(document.as_bytes()).1, Err(JsonError { kind: Unexpected, offset }));
    }
    let endless = [b'['; 100_000];
    assert_eq!(whole(&endless).1, Err(JsonError { kind: TooDeep, offset: 32 }));
}

#[test]
fn every_byte_in_every_place() {
    // The places: before, between and behind values and names, and in strings, names, escapes and numbers.
    for place in [
        "*[]",
        "[*]",
        "[1*]",
        "[1,*]",
        "[\"*\"]",
        "[\"a\"*]",
        "[\"\\*\"]",
        "[\"\\u*000\"]",
        "[\"\\u000*\"]",
        "[-*]",
        "[0*]",
        "[1.*]",
        "[1.5*]",
        "[1e*]",
        "[1e+*]",
        "[1e1*]",
        "[t*ue]",
        "{*}",
        "{\"a\"*1}",
        "{\"a\":*}",
        "{\"a\":1*}",
        "{\"a\":1,*}",
        "{\"*\":1}",
        "[]*",
        "{}*",
        "[\"\u{e9}*\"]",
        "[\"\\ud83c*\"]",
    ] {
        for byte in 0..=255 {
            let at = place.bytes().position(|b| b == b'*').unwrap();
            let document = [&place.as_bytes()[..at], &[byte], &place.as_bytes()[at + 1..]].concat();
            agree(&document);
        }
    }
    // Every pair of bytes in a string, so that every start of a sequence meets every continuation.
    for pair in 0..=u16::MAX {
        let [first, second] = pair.to_be_bytes();
        agree(&[b'[', b'"', first, second, b'"', b']']);
        agree(&[b'[', b'"', first, second, 0x80, 0xbf, b'"', b']']);
    }
}

/// The tokens as serde_json's own value. `None` where a string is no text; the oracle refuses these.
fn value(tokens: &[Token]) -> Option<Value> {
    fn text(bytes: &[u8]) -> Option<String> {
        (!bytes.contains(&NOT_TEXT)).then(|| String::from_utf8(bytes.to_vec()).unwrap())
    }
    let mut stack: Vec<(Value, String)> = Vec::new();
    let mut name = String::new();
    for token in tokens {
        let done = match token {
            Token::Open(Container::Object) => {
                stack.push((Value::Object(Map::new()), std::mem::take(&mut name)));
                continue;
            }
            Token::Open(Container::Array) => {
                stack.push((Value::Array(Vec::new()), std::mem::take(&mut name)));
                continue;
            }
            Token::Close(_) => {
                let (closed, its_name) = stack.pop().unwrap();
                name = its_name;
                closed
            }
            Token::Name(bytes) => {
                name = text(bytes)?;
                continue;
            }
            Token::Text(bytes) => Value::String(text(bytes)?),
            Token::Number(bytes) => {
                let number = core::str::from_utf8(bytes).unwrap();
                // Ours keeps a number's text: of the oracle's kinds of numbers, the one that holds this.
                let value = match (number.parse::<i64>(), number.parse::<u64>(), number.parse::<f64>()) {
                    (Ok(0), ..) if number.starts_with('-') => Number::from_f64(-0.0),
                    (Ok(integer), ..) => Some(integer.into()),
                    (_, Ok(integer), _) => Some(integer.into()),
                    (.., Ok(float)) => Number::from_f64(float),
                    _ => panic!("{number} is no number"),
                };
                Value::Number(value?)
            }
            Token::Bool(value) => Value::Bool(*value),
            Token::Null => Value::Null,
        };
        match stack.last_mut() {
            Some((Value::Object(members), _)) => drop(members.insert(std::mem::take(&mut name), done)),
            Some((Value::Array(elements), _)) => elements.push(done),
            _ => return Some(done),
        }
    }
    panic!("no end")
}

fn compare_values(document: &[u8], tokens: &[Token]) {
    let theirs = serde_json::from_slice::<Value>(document).ok();
    assert_eq!(value(tokens), theirs, "{}", document.escape_ascii());
}

/// Our reader and serde_json's agree on this document, and on all its values.
fn agree(document: &[u8]) -> bool {
    let (tokens, result) = whole(document);
    let name = document.escape_ascii();
    let theirs = grammar_of_serde_json(document);
    match result {
        Ok(()) if document.starts_with(b"\xef\xbb\xbf") => return true,
        Ok(()) => {
            assert!(theirs, "{name}: accepted by ours alone");
            compare_values(document, &tokens);
        }
        Err(error) => {
            assert!(!theirs || matches!(error.kind, TooDeep | NotAContainer), "{name}: refused by ours alone: {error}");
        }
    }
    result.is_ok()
}

/// Xorshift: the same numbers in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_of<'a>(&mut self, choices: &[&'a [u8]]) -> &'a [u8] {
        choices[self.below(choices.len())]
    }

    fn space(&mut self, out: &mut Vec<u8>) {
        if self.below(4) == 0 {
            out.extend_from_slice(self.one_of(&[b" ", b"\n", b"\t", b"\r\n", b"  "]));
        }
    }

    fn digits(&mut self, out: &mut Vec<u8>, most: usize) {
        for _ in 0..=self.below(most) {
            out.push(b'0' + self.below(10) as u8);
        }
    }

    fn number(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.one_of(&[b"", b"-"]));
        if self.below(3) == 0 {
            out.push(b'0');
        } else {
            out.push(b'1' + self.below(9) as u8);
            if self.below(2) == 0 {
                self.digits(out, 24);
            }
        }
        if self.below(3) == 0 {
            out.push(b'.');
            self.digits(out, 24);
        }
        if self.below(3) == 0 {
            out.extend_from_slice(self.one_of(&[b"e", b"E", b"e+", b"E+", b"e-", b"E-"]));
            self.digits(out, 2);
        }
    }

    fn string(&mut self, out: &mut Vec<u8>) {
        out.push(b'"');
        for _ in 0..self.below(8) {
            match self.below(12) {
                0 => out.extend_from_slice(
                    self.one_of(&[b"\\\"", b"\\\\", b"\\/", b"\\b", b"\\f", b"\\n", b"\\r", b"\\t"]),
                ),
                1 => out.extend_from_slice(format!("\\u{:04x}", self.below(0xd800)).as_bytes()),
                2 => out.extend_from_slice(format!("\\u{:04X}", 0xe000 + self.below(0x2000)).as_bytes()),
                3 => {
                    let (high, low) = (0xd800 + self.below(0x400), 0xdc00 + self.below(0x400));
                    out.extend_from_slice(format!("\\u{high:04x}\\u{low:04X}").as_bytes());
                }
                4 => {
                    if self.below(40) == 0 {
                        out.extend_from_slice(format!("\\u{:04x}", 0xd800 + self.below(0x800)).as_bytes());
                    }
                }
                5..=7 => {
                    let any = char::from_u32(self.below(0x11_0000) as u32).unwrap_or('\u{fffd}');
                    let any = if matches!(any, '"' | '\\' | '\0'..='\x1f') { 'x' } else { any };
                    out.extend_from_slice(any.encode_utf8(&mut [0; 4]).as_bytes());
                }
                _ => out.extend_from_slice(self.one_of(&[
                    b"a",
                    b"token",
                    b" ",
                    b"0123456789abcdef",
                    b"\x7f",
                    b"/",
                    b"'",
                    b"{}",
                ])),
            }
        }
        out.push(b'"');
    }

    fn value(&mut self, out: &mut Vec<u8>, depth: usize, container: bool) {
        self.space(out);
        let kinds = if container {
            2
        } else if depth >= 31 || out.len() > 400 {
            0
        } else {
            9
        };
        match if kinds == 0 { 2 + self.below(7) } else { self.below(kinds) } {
            kind @ (0 | 1) => {
                out.push(b"[{"[kind]);
                for index in 0..self.below(5) {
                    if index > 0 {
                        out.push(b',');
                    }
                    if kind == 1 {
                        self.space(out);
                        self.string(out);
                        self.space(out);
                        out.push(b':');
                    }
                    self.value(out, depth + 1, false);
                }
                self.space(out);
                out.push(b"]}"[kind]);
            }
            2 => out.extend_from_slice(b"true"),
            3 => out.extend_from_slice(b"false"),
            4 => out.extend_from_slice(b"null"),
            5 | 6 => self.number(out),
            _ => self.string(out),
        }
        self.space(out);
    }

    fn document(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        self.value(&mut out, 0, true);
        out
    }

    /// Replaces, removes, inserts, doubles or swaps.
    fn mutate(&mut self, text: &mut Vec<u8>) {
        const BYTES: &[u8] =
            b"{}[]:,\"\\/ \n\t0123456789+-.eEtruefalsnbux\0\x01\x1f\x7f\x80\xbf\xc0\xc3\xe0\xed\xf0\xf4\xff";
        let byte = BYTES[self.below(BYTES.len())];
        let at = self.below(text.len());
        match self.below(6) {
            0 | 1 => text[at] = byte,
            2 => drop(text.remove(at)),
            3 => text.insert(at, byte),
            4 => text.insert(at, text[at]),
            _ => {
                let end = self.below(text.len() - at) + at;
                drop(text.drain(at..end));
            }
        }
        if text.is_empty() {
            text.push(byte);
        }
    }

    /// Cuts into pieces of up to `most` bytes.
    fn pieces<'t>(&mut self, mut text: &'t [u8], most: usize) -> Vec<&'t [u8]> {
        let mut pieces = Vec::new();
        while !text.is_empty() {
            let (piece, rest) = text.split_at(self.below(most.min(text.len()) + 1));
            pieces.push(piece);
            text = rest;
        }
        pieces
    }
}

#[test]
fn random_documents_as_serde_json_reads_them() {
    let mut random = Random(8259);
    for round in 0..20_000 {
        let document = random.document();
        assert!(agree(&document), "{}", document.escape_ascii());
        if round % 64 == 0 && document.len() < 200 {
            assert_eq!(check_splits(&document), whole(&document));
            check_truncations(&document);
        }
        let pieces = random.pieces(&document, 12);
        assert_eq!(read(pieces), whole(&document), "{}", document.escape_ascii());
    }
}

#[test]
fn mutated_documents_as_serde_json_reads_them() {
    let mut random = Random(7493);
    let (mut accepted, mut refused) = (0, 0);
    for round in 0..60_000 {
        let mut document = random.document();
        for _ in 0..=random.below(3) {
            random.mutate(&mut document);
        }
        if agree(&document) {
            accepted += 1;
        } else {
            refused += 1;
        }
        let pieces = random.pieces(&document, 12);
        let (tokens, result) = whole(&document);
        assert_eq!(read(pieces), (tokens, result), "{}", document.escape_ascii());
        if let (Err(error), 0) = (result, round % 4) {
            check_offset(&document, error);
        }
        if round % 256 == 0 && document.len() < 200 {
            assert_eq!(check_splits(&document), whole(&document));
            check_truncations(&document);
        }
    }
    assert!(accepted > 5_000 && refused > 20_000, "{accepted} accepted, {refused} refused");
}

/// The whole number at or below a decimal, and whether it is that: worked out on the text by moving the point.
fn rounded_by_hand(text: &str) -> Option<(i64, bool)> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (integer, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits: String = [integer, fraction].concat();
    let exponent: i64 = exponent.parse().unwrap();
    let point = integer.len() as i64 + exponent;
    let (whole, rest) = match point {
        ..0 => (String::new(), digits.clone()),
        _ if point as usize <= digits.len() => {
            let (whole, rest) = digits.split_at(point as usize);
            (whole.into(), rest.into())
        }
        // More zeros than it takes to be too large say no more.
        _ => (digits.clone() + &"0".repeat((point as usize - digits.len()).min(40)), String::new()),
    };
    let whole = whole.trim_start_matches('0');
    if whole.len() > 18 {
        return None;
    }
    let magnitude: i64 = if whole.is_empty() { 0 } else { whole.parse().unwrap() };
    let exact = rest.bytes().all(|digit| digit == b'0');
    Some((if negative { -magnitude - i64::from(!exact) } else { magnitude }, exact))
}

fn rounded<'t>(pieces: impl IntoIterator<Item = &'t [u8]>) -> Option<(i64, bool)> {
    let mut decimal = Decimal::default();
    pieces.into_iter().for_each(|piece| decimal.push(piece));
    let rounded = decimal.finish()?;
    assert_eq!(rounded.ceil(), rounded.floor + i64::from(!rounded.whole));
    Some((rounded.floor, rounded.whole))
}

#[test]
fn decimals_as_moving_the_point_rounds_them() {
    let mut random = Random(754);
    let (mut good, mut fractions) = (0, 0);
    for _ in 0..200_000 {
        let mut text = Vec::new();
        random.number(&mut text);
        if random.below(4) == 0 && !text.contains(&b'e') && !text.contains(&b'E') {
            // An exponent that nearly undoes the digits.
            let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
            let exponent = random.below(2 * digits + 4) as i64 - digits as i64;
            text.extend_from_slice(format!("e{exponent}").as_bytes());
        }
        if random.below(20) == 0 && !text.contains(&b'.') && !text.contains(&b'e') && !text.contains(&b'E') {
            text.extend_from_slice(&[b'0'; 30][..random.below(30)]);
            text.extend_from_slice(format!("E-{}", random.below(40)).as_bytes());
        }
        let name = String::from_utf8(text.clone()).unwrap();
        let expected = rounded_by_hand(&name);
        let ours = rounded(random.pieces(&text, 5));
        assert_eq!(ours, rounded([&text[..]]), "{name}");
        assert_eq!(ours, expected, "{name}");
        good += u32::from(expected.is_some());
        fractions += u32::from(expected.is_some_and(|(_, exact)| !exact));
    }
    assert!(good > 80_000 && fractions > 40_000, "{good}, {fractions}");
}

#[test]
fn decimals_at_the_edges() {
    for (text, expected) in [
        ("999999999999999999", Some((999_999_999_999_999_999, true))),
        ("-999999999999999999", Some((-999_999_999_999_999_999, true))),
        ("-999999999999999999.5", Some((-1_000_000_000_000_000_000, false))),
        ("999999999999999999.999", Some((999_999_999_999_999_999, false))),
        ("1000000000000000000", None),
        ("-1000000000000000000", None),
        ("0.000000000000000000000000000001e48", None),
        ("0.000000000000000000000000000001e47", Some((100_000_000_000_000_000, true))),
        ("1e-2147483648", Some((0, false))),
        ("-1e-2147483649", Some((-1, false))),
        ("1e2147483647", None),
        ("0.0e2147483648", Some((0, true))),
    ] {
        assert_eq!(rounded([text.as_bytes()]), expected, "{text}");
        assert_eq!(rounded(text.as_bytes().chunks(1)), rounded([text.as_bytes()]), "{text}");
    }
    // An exponent and digits that together go beyond what an i32 counts.
    for (digits, exponent) in [(40, "-2147483648"), (400, "-399"), (400, "-390"), (400, "-380"), (400, "-381")] {
        let text = format!("1{}e{exponent}", "0".repeat(digits));
        assert_eq!(rounded([text.as_bytes()]), rounded_by_hand(&text), "{text}");
        let text = format!("0.{}1e{}", "0".repeat(digits), exponent.trim_start_matches('-'));
        assert_eq!(rounded([text.as_bytes()]), rounded_by_hand(&text), "{text}");
    }
}
