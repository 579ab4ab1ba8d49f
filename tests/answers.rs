//! Answers of every provider, in success and in failure, at every split and every truncation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use pos_token::dialect::{Meaning, Purpose, member};
use pos_token::http::{HttpError, RetryAfter};
use pos_token::json::JsonErrorKind;
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, ZYPE};
use pos_token::time::{MissingZone, UnixTime, parse_rfc3339};
use pos_token::{
    Answer, AnswerError, AnswerOptions, AnswerReader, AnswerState, ErrorCode, Expiry, MemberFault, Outcome, Progress,
    RefreshToken, TokenStore, Verdict,
};

/// The most that a test keeps of an answer: the answer itself and the texts in the store.
#[derive(Clone, Debug, PartialEq)]
struct Read {
    result: Result<Answer, AnswerError>,
    access: Option<Vec<u8>>,
    refresh: Option<Vec<u8>>,
    pending: Option<Vec<u8>>,
    scope: Option<Vec<u8>>,
    text: Option<Vec<u8>>,
}

const KEEP_ALL: AnswerOptions = AnswerOptions { keep_scope: true, keep_server_text: true, body_limit: 8192 };

fn texts(result: Result<Answer, AnswerError>, store: &TokenStore<'_>) -> Read {
    let owned = |secret: Option<pos_token::Secret<'_>>| secret.map(|secret| secret.expose().to_vec());
    Read {
        result,
        access: owned(store.access_token()),
        refresh: owned(store.refresh_token()),
        pending: owned(store.pending_token()),
        scope: store.scope().map(<[u8]>::to_vec),
        text: owned(store.server_text()),
    }
}

fn feed_all<'i>(
    reader: &mut AnswerReader<'_, '_, Provider<'_>>,
    pieces: impl IntoIterator<Item = &'i [u8]>,
) -> Result<usize, AnswerError> {
    let mut unread = None;
    for piece in pieces {
        match (reader.feed(piece)?, &mut unread) {
            (Progress::NeedMore, None) => {}
            (Progress::NeedMore, Some(_)) => panic!("complete, and then not"),
            (Progress::Complete { unread: more }, Some(total)) => *total += more,
            (Progress::Complete { unread: more }, unread) => *unread = Some(more),
        }
    }
    Ok(unread.unwrap_or(0))
}

fn read<'i>(
    provider: &Provider<'_>,
    purpose: Purpose,
    pieces: impl IntoIterator<Item = &'i [u8]>,
    store: &mut TokenStore<'_>,
) -> Read {
    let mut reader = AnswerReader::with_options(provider, purpose, KEEP_ALL, store);
    let result = feed_all(&mut reader, pieces).and_then(|_| reader.finish());
    texts(result, store)
}

/// The same through the entry for other stacks, which undo the framing.
fn read_framed(provider: &Provider<'_>, purpose: Purpose, raw: &[u8], piece: usize) -> Read {
    let mut arena = [0; 4096];
    let mut store = TokenStore::new(&mut arena);
    let text = raw.iter().map(|byte| char::from(*byte)).collect::<String>();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let mut reader = AnswerReader::with_options(provider, purpose, KEEP_ALL, &mut store);
    reader.status(status).unwrap();
    for line in lines {
        let (name, value) = line.split_once(':').unwrap();
        reader.field(name, value).unwrap();
    }
    let mut http = pos_token::http::ResponseReader::new();
    let mut body = Vec::new();
    let mut input = raw;
    while let Some(event) = http.next(&mut input).unwrap() {
        if let pos_token::http::Event::Body(piece) = event {
            body.extend_from_slice(piece);
        }
    }
    let mut result = Ok(());
    for piece in body.chunks(piece) {
        result = reader.body(piece).map(|_| ());
        if result.is_err() {
            break;
        }
    }
    let result = result.and_then(|()| reader.finish());
    texts(result, &store)
}

/// A store with tokens in use, as after a log-in.
fn with_store<T>(check: impl FnOnce(&mut TokenStore<'_>) -> T) -> T {
    let mut arena = [0; 4096];
    let mut store = TokenStore::new(&mut arena);
    let raw = ok(r#"{"access_token":"OLD.access","refresh_token":"OLD-refresh","scope":"OLD"}"#);
    let read = read(&RFC6749, Purpose::LogIn, [&raw[..]], &mut store);
    assert!(matches!(read.result.unwrap().outcome, Outcome::Granted(_)));
    check(&mut store)
}

fn response(status: &str, fields: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn ok(body: &str) -> Vec<u8> {
    response("200 OK", "", body)
}

fn chunked(status: &str, fields: &str, body: &str, size: usize) -> Vec<u8> {
    let mut out = format!("HTTP/1.1 {status}\r\n{fields}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    for piece in body.as_bytes().chunks(size) {
        out.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        out.extend_from_slice(piece);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

fn granted(expiry: Expiry, refresh: RefreshToken) -> impl Fn(&Read) -> bool {
    move |read| {
        matches!(read.result, Ok(Answer { outcome: Outcome::Granted(grant), .. })
            if grant.expiry == expiry && grant.refresh_token == refresh)
    }
}

fn denied(error: Option<&'static str>, status: u16, verdict: Verdict) -> impl Fn(&Read) -> bool {
    move |read| {
        let Ok(answer) = read.result else { return false };
        let Outcome::Denied(denied) = answer.outcome else { return false };
        let code = match denied.error {
            None => None,
            Some(ErrorCode::Provider(code)) => Some(code.to_string()),
            Some(ErrorCode::InvalidGrant) => Some("invalid_grant".to_owned()),
            Some(ErrorCode::InvalidClient) => Some("invalid_client".to_owned()),
            Some(other) => Some(format!("{other:?}")),
        };
        code.as_deref() == error && answer.status == status && answer.verdict() == verdict
    }
}

fn outcome(expected: Outcome) -> impl Fn(&Read) -> bool {
    move |read| read.result.map(|answer| answer.outcome) == Ok(expected)
}

fn fails(expected: AnswerError) -> impl Fn(&Read) -> bool {
    move |read| read.result == Err(expected)
}

fn fault(expected: MemberFault) -> impl Fn(&Read) -> bool {
    move |read| matches!(read.result, Err(AnswerError::Member { fault, .. }) if fault == expected)
}

fn malformed(expected: JsonErrorKind) -> impl Fn(&Read) -> bool {
    move |read| matches!(read.result, Err(AnswerError::Json(error)) if error.kind == expected)
}

type Check = Box<dyn Fn(&Read) -> bool>;

struct Fixture {
    name: &'static str,
    provider: Provider<'static>,
    purpose: Purpose,
    raw: Vec<u8>,
    check: Check,
}

const LOYALIFE_SAMPLE: &str = r#"{
  "results": {
    "token": "eyJhbGciOiJodHRwOi8vd3d3LnczLm9yZy8yMDAxLzA0L3htbGRzaWctbW9yZSNobWFjLXNoYTUxMiIsInR5cCI6IkpXVCJ9...",
    "tokenExpiresOn": "2026-03-16T15:15:02Z"
  }
}"#;

#[rustfmt::skip]
fn fixtures() -> Vec<Fixture> {
    let mut all = Vec::new();
    let mut add = |name, provider, purpose, raw, check: Check| {
        all.push(Fixture { name, provider, purpose, raw, check });
    };
    let when = |text: &str| parse_rfc3339(text.as_bytes(), MissingZone::Refuse).unwrap();
    let w1 = core::str::from_utf8(include_bytes!("data/w1.json")).unwrap();
    let w2 = core::str::from_utf8(include_bytes!("data/w2.json")).unwrap();
    use Purpose::{LogIn, LogOut, Refresh, Revoke, VerifyCode};
    use RefreshToken::{Absent, Replaced};

    // LoyaltyDog
    add("dog: token", LOYALTY_DOG, LogIn,
        response("200 OK", "date: Mon, 16 Mar 2026 14:45:02 GMT\r\nserver: uvicorn\r\ncontent-type: application/json\r\n",
            r#"{"accessToken":"eyJ.x-y_z.w","tokenType":"bearer","mfaPending":false,"pendingToken":null}"#),
        Box::new(granted(Expiry::Unstated, Absent)));
    add("dog: mfa", LOYALTY_DOG, LogIn,
        ok(r#"{"accessToken":null,"tokenType":"bearer","mfaPending":true,"pendingToken":"pend.ing"}"#),
        Box::new(outcome(Outcome::MfaPending)));
    add("dog: mfa without a flag", LOYALTY_DOG, LogIn, ok(r#"{"pendingToken":"pend.ing"}"#),
        Box::new(outcome(Outcome::MfaPending)));
    add("dog: mfa without a pending token", LOYALTY_DOG, LogIn, ok(r#"{"accessToken":null,"mfaPending":true}"#),
        Box::new(fails(AnswerError::NoPendingToken)));
    add("dog: mfa and a token", LOYALTY_DOG, LogIn,
        ok(r#"{"accessToken":"a","mfaPending":true,"pendingToken":"p"}"#),
        Box::new(fails(AnswerError::TokenAndMfa)));
    add("dog: a token and a pending token", LOYALTY_DOG, LogIn, ok(r#"{"pendingToken":"p","accessToken":"a"}"#),
        Box::new(fails(AnswerError::TokenAndMfa)));
    add("dog: a token and a pending token that nobody waits for", LOYALTY_DOG, LogIn,
        ok(r#"{"mfaPending":false,"accessToken":"a","pendingToken":"p"}"#),
        Box::new(granted(Expiry::Unstated, Absent)));
    add("dog: no token", LOYALTY_DOG, LogIn, ok("{}"), Box::new(fails(AnswerError::NoToken)));
    add("dog: 401", LOYALTY_DOG, LogIn,
        response("401 Unauthorized", "www-authenticate: Bearer\r\n", r#"{"detail":"Incorrect username or password"}"#),
        Box::new(denied(None, 401, Verdict::Stop)));
    add("dog: 401 on a code", LOYALTY_DOG, VerifyCode, response("401 Unauthorized", "", r#"{"detail":"Wrong code"}"#),
        Box::new(denied(None, 401, Verdict::AskForCode)));
    add("dog: 422", LOYALTY_DOG, LogIn,
        response("422 Unprocessable Entity", "",
            r#"{"detail":[{"type":"missing","loc":["body","username"],"msg":"Field required","input":{"password":"hunter2"}}]}"#),
        Box::new(|read| denied(None, 422, Verdict::Stop)(read) && read.text.as_deref() == Some(b"Field required")));

    // Zype
    add("zype: W1", ZYPE, LogIn, chunked("200 OK", "Cache-Control: no-store\r\n", w1, 40),
        Box::new(|read| granted(Expiry::In(604_800), Replaced)(read) && read.scope.as_deref() == Some(b"consumer")));
    add("zype: Doorkeeper", ZYPE, Refresh,
        chunked("200 OK", "", r#"{"access_token":"A","token_type":"Bearer","expires_in":7200,"refresh_token":"R","created_at":1773674102}"#, 1000),
        Box::new(|read| granted(Expiry::In(7200), Replaced)(read)
            && read.result.unwrap().server_time.unwrap().time == UnixTime::from_seconds(1_773_674_102)));
    add("zype: invalid_grant", ZYPE, LogIn,
        chunked("400 Bad Request", "WWW-Authenticate: Bearer realm=\"a, b\", error=\"invalid_grant\"\r\n",
            r#"{"error":"invalid_grant","error_description":"The provided authorization grant is invalid"}"#, 9),
        Box::new(denied(Some("invalid_grant"), 400, Verdict::Stop)));
    add("zype: invalid_grant on refresh", ZYPE, Refresh, response("400 Bad Request", "", r#"{"error":"invalid_grant"}"#),
        Box::new(denied(Some("invalid_grant"), 400, Verdict::LogIn)));
    add("zype: invalid_client on refresh", ZYPE, Refresh,
        response("401 Unauthorized", "", r#"{"error":"invalid_client"}"#),
        Box::new(denied(Some("invalid_client"), 401, Verdict::Stop)));
    add("zype: a sloppy 400", ZYPE, LogIn, response("400 Bad Request", "Content-Type: text/html\r\n", ""),
        Box::new(outcome(Outcome::NotAnApi)));
    add("zype: revoked", ZYPE, Revoke, response("200 OK", "", "{}"), Box::new(outcome(Outcome::Done)));
    add("zype: not revoked", ZYPE, Revoke, response("403 Forbidden", "", r#"{"error":"unauthorized_client"}"#),
        Box::new(denied(Some("UnauthorizedClient"), 403, Verdict::Stop)));

    // Loyalife
    add("loyalife: the published sample", LOYALIFE, LogIn, ok(LOYALIFE_SAMPLE),
        Box::new(move |read| granted(Expiry::At(when("2026-03-16T15:15:02Z")), Absent)(read)));
    add("loyalife: W2", LOYALIFE, LogIn, chunked("200 OK", "Date: Mon, 16 Mar 2026 14:45:02 GMT\r\n", w2, 100),
        Box::new(move |read| granted(Expiry::At(when("2026-03-16T15:15:02Z")), Absent)(read)
            && read.result.unwrap().server_time.unwrap().from_date));
    for (text, moment) in [
        ("2026-03-16T15:15:02.1234567Z", "2026-03-16T15:15:02Z"),
        ("2026-03-16T20:45:02.9\\u002B05:30", "2026-03-16T15:15:02Z"),
        ("2026-03-16T15:15:02", "2026-03-16T15:15:02Z"),
        ("2026-03-16t15:15:02.123456789z", "2026-03-16T15:15:02Z"),
    ] {
        add("loyalife: dates", LOYALIFE, LogIn,
            ok(&format!(r#"{{"results":{{"token":"a\u002Bb\/c==","tokenExpiresOn":"{text}"}}}}"#)),
            Box::new(move |read| granted(Expiry::At(when(moment)), Absent)(read)
                && read.access.as_deref() == Some(b"a+b/c==")));
    }
    add("loyalife: no date", LOYALIFE, LogIn, ok(r#"{"results":{"token":"a","tokenExpiresOn":"soon"}}"#),
        Box::new(fault(MemberFault::BadDate)));
    add("loyalife: a date without end", LOYALIFE, LogIn,
        ok(r#"{"results":{"token":"a","tokenExpiresOn":"2026-03-16T15:15:02.000000000000000000000000000Z"}}"#),
        Box::new(fault(MemberFault::BadDate)));
    add("loyalife: a refusal by 200", LOYALIFE, LogIn,
        ok(r#"{"results":{"IsSucessful":false,"ErrorCode":"998","ExceptionMessage":"no"}}"#),
        Box::new(|read| denied(Some("998"), 200, Verdict::Stop)(read) && read.text.as_deref() == Some(b"no")));
    add("loyalife: a refusal by 200 with a token", LOYALIFE, LogIn,
        ok(r#"{"results":{"token":"a","IsSucessful":false}}"#),
        Box::new(denied(None, 200, Verdict::Stop)));
    add("loyalife: an exception", LOYALIFE, LogIn,
        ok(r#"{"results":{"IsSucessful":false,"ErrorCode":"997","ExceptionMessage":"oops"}}"#),
        Box::new(denied(Some("997"), 200, Verdict::Wait(None))));
    add("loyalife: good with a code", LOYALIFE, LogIn,
        ok(r#"{"results":{"token":"a","IsSucessful":true,"ErrorCode":"000","ExceptionMessage":null}}"#),
        Box::new(granted(Expiry::Unstated, Absent)));
    add("loyalife: a flag that is none", LOYALIFE, LogIn, ok(r#"{"results":{"token":"a","IsSucessful":"no"}}"#),
        Box::new(fault(MemberFault::WrongType)));

    // Open Loyalty
    add("open loyalty: token", OPEN_LOYALTY, LogIn,
        ok(r#"{"token":"eyJhbGciOiJSUzI1NiIsInR5cCI6.x\/y","refresh_token":"0558f8bb29948c4e54c443f"}"#),
        Box::new(|read| granted(Expiry::Unstated, Replaced)(read)
            && read.access.as_deref() == Some(b"eyJhbGciOiJSUzI1NiIsInR5cCI6.x/y")));
    add("open loyalty: 401", OPEN_LOYALTY, LogIn,
        response("401 Unauthorized", "", r#"{"code":401,"message":"Invalid credentials."}"#),
        Box::new(denied(Some("401"), 401, Verdict::Stop)));
    add("open loyalty: 401 on refresh", OPEN_LOYALTY, Refresh,
        response("401 Unauthorized", "", r#"{"message":"\u041d\u0435\u0442 \ud83c\udf55"}"#),
        Box::new(|read| denied(None, 401, Verdict::LogIn)(read)
            && read.text.as_deref() == Some("\u{41d}\u{435}\u{442} \u{1f355}".as_bytes())));
    add("open loyalty: logged out", OPEN_LOYALTY, LogOut, b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
        Box::new(|read| outcome(Outcome::Done)(read) && read.result.unwrap().verdict() == Verdict::Done));
    add("open loyalty: not logged out", OPEN_LOYALTY, LogOut,
        response("403 Forbidden", "", r#"{"code":403,"message":"Access denied"}"#),
        Box::new(denied(Some("403"), 403, Verdict::Stop)));

    // Any
    for (status, fields, wait) in [
        ("429 Too Many Requests", "Retry-After: 30\r\n", Some(RetryAfter::Seconds(30))),
        ("503 Service Unavailable", "", None),
        ("503 Service Unavailable", "Retry-After: Mon, 16 Mar 2026 14:47:02 GMT\r\nDate: Mon, 16 Mar 2026 14:45:02 GMT\r\n",
            Some(RetryAfter::Seconds(120))),
    ] {
        for body in ["", "{}", "<html>", "{\"broken", r#"{"access_token":"x"}"#] {
            add("busy", ZYPE, LogIn, response(status, fields, body),
                Box::new(move |read| denied(None, read.result.unwrap().status, Verdict::Wait(wait))(read)));
        }
    }
    add("a redirect", ZYPE, LogIn, response("302 Found", "Location: http://portal/\r\n", r#"{"access_token":"x"}"#),
        Box::new(|read| outcome(Outcome::Redirected)(read) && read.result.unwrap().verdict() == Verdict::Stop));
    for (status, body) in [
        ("200 OK", "<!DOCTYPE html><html>Welcome</html>"), ("403 Forbidden", "<html>"), ("200 OK", ""),
        ("200 OK", " \r\n\t"), ("502 Bad Gateway", "Bad Gateway"), ("200 OK", "null"), ("200 OK", "\"token\""),
        ("200 OK", "\u{feff}<html>"), ("200 OK", "\u{1f}\u{8b}"), ("500 Internal Server Error", ""),
    ] {
        add("no API", ZYPE, LogIn, response(status, "", body), Box::new(outcome(Outcome::NotAnApi)));
    }
    add("5xx", ZYPE, LogIn, response("500 Internal Server Error", "", r#"{"status":500}"#),
        Box::new(denied(None, 500, Verdict::Wait(None))));
    // A code that finds fault with the request says more than the status.
    add("a fault by 500", ZYPE, Refresh, response("500 Internal Server Error", "", r#"{"error":"invalid_client"}"#),
        Box::new(denied(Some("invalid_client"), 500, Verdict::Stop)));
    add("a fault by 502", ZYPE, Refresh, response("502 Bad Gateway", "", r#"{"error":"invalid_grant"}"#),
        Box::new(denied(Some("invalid_grant"), 502, Verdict::LogIn)));
    // RFC 9110 section 15: a status that nobody knows counts as 5xx.
    add("no status", ZYPE, LogIn, response("999 Request denied", "", "{}"),
        Box::new(denied(None, 999, Verdict::Wait(None))));
    add("an array", ZYPE, LogIn, ok("[]"), Box::new(fails(AnswerError::NoToken)));
    add("a 201", RFC6749, LogIn, response("201 Created", "", r#"{"access_token":"x"}"#),
        Box::new(granted(Expiry::Unstated, Absent)));
    add("a token in a 400", RFC6749, LogIn, response("400 Bad Request", "", r#"{"access_token":"x"}"#),
        Box::new(denied(None, 400, Verdict::Stop)));
    add("an error beside a token", RFC6749, LogIn, ok(r#"{"access_token":"x","error":"server_error"}"#),
        Box::new(denied(Some("ServerError"), 200, Verdict::Wait(None))));
    add("a byte order mark", RFC6749, LogIn, ok("\u{feff} {\"access_token\":\"x\"}"),
        Box::new(granted(Expiry::Unstated, Absent)));
    add("until close", RFC6749, LogIn, b"HTTP/1.0 200 OK\r\n\r\n{\"access_token\":\"x\"}".to_vec(),
        Box::new(granted(Expiry::Unstated, Absent)));
    add("informational first", RFC6749, LogIn,
        [&b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"[..], &ok(r#"{"access_token":"x"}"#)].concat(),
        Box::new(granted(Expiry::Unstated, Absent)));
    for (value, expiry) in [
        ("3600", Expiry::In(3600)), ("3599.9", Expiry::In(3599)), ("\"3600\"", Expiry::In(3600)), ("0", Expiry::In(0)),
        ("3.6e3", Expiry::In(3600)), ("null", Expiry::Unstated), ("4294967295", Expiry::In(u32::MAX)),
    ] {
        add("expires_in", RFC6749, LogIn, ok(&format!(r#"{{"access_token":"x","expires_in":{value}}}"#)),
            Box::new(granted(expiry, Absent)));
    }
    for (value, expected) in [
        ("-1", MemberFault::OutOfRange), ("4294967296", MemberFault::OutOfRange), ("1e400", MemberFault::OutOfRange),
        ("\"4294967296\"", MemberFault::OutOfRange), ("\"\"", MemberFault::WrongType), ("\"1h\"", MemberFault::WrongType),
        ("\"-1\"", MemberFault::WrongType), ("true", MemberFault::WrongType), ("{}", MemberFault::WrongType),
        ("[3600]", MemberFault::WrongType), ("\"36\\u0000\"", MemberFault::NotText),
    ] {
        add("bad expires_in", RFC6749, LogIn, ok(&format!(r#"{{"access_token":"x","expires_in":{value}}}"#)),
            Box::new(fault(expected)));
    }
    for (value, expected) in [
        ("1", MemberFault::WrongType), ("true", MemberFault::WrongType), ("{}", MemberFault::WrongType),
        ("[\"x\"]", MemberFault::WrongType), ("\"\"", MemberFault::BadToken), ("\"a b\"", MemberFault::BadToken),
        ("\"=\"", MemberFault::BadToken), ("\"==\"", MemberFault::BadToken),
        ("\"a=b\"", MemberFault::BadToken), ("\"a\\r\\nX: y\"", MemberFault::BadToken), ("\"\u{e9}\"", MemberFault::BadToken),
        ("\"a\\u0000\"", MemberFault::NotText), ("\"a\\ud83c\"", MemberFault::NotText),
        ("\"a\\udf55\\ud83c\"", MemberFault::NotText), ("\"a\\ud83c\\n\"", MemberFault::NotText),
    ] {
        add("bad access_token", RFC6749, LogIn, ok(&format!(r#"{{"access_token":{value}}}"#)), Box::new(fault(expected)));
    }
    // Of two things that are wrong, the first is the one that is found, at any split.
    for value in ["\"a b\u{1}\"", "\"a\u{e9}\\q\"", "\"=a\u{1}", "1.x", "12x", "-0-"] {
        add("bad access_token, then no JSON", RFC6749, LogIn, ok(&format!(r#"{{"access_token":{value}}}"#)),
            Box::new(|read| matches!(read.result, Err(AnswerError::Member { .. }))));
    }
    for value in ["1", "{}", "[]", "false", "\"a\\nb\"", "\"\u{7f}\""] {
        add("bad refresh_token", RFC6749, LogIn, ok(&format!(r#"{{"access_token":"x","refresh_token":{value}}}"#)),
            Box::new(|read| matches!(read.result, Err(AnswerError::Member { .. }))));
    }
    add("an empty refresh_token", RFC6749, LogIn, ok(r#"{"access_token":"x","refresh_token":""}"#),
        Box::new(granted(Expiry::Unstated, Absent)));
    for hints in [
        r#""token_type":7"#, r#""scope":["a"]"#, r#""token_type":null,"scope":{"a":1}"#, r#""error":false"#,
        r#""error_description":{"a":[]}"#, r#""error":"""#, r#""token_type":"BEARER""#, r#""token_type":"""#,
        r#""unwanted":[[[[{"access_token":"y\ud800","\ud800":[1e999]}]]]]"#,
    ] {
        add("hints", RFC6749, LogIn, ok(&format!(r#"{{{hints},"access_token":"x"}}"#)),
            Box::new(granted(Expiry::Unstated, Absent)));
    }
    for created in ["\"07-17T14:58:20.109-04:00\"", "{}", "-1", "1e400", "true", "\"\""] {
        add("created_at", ZYPE, LogIn, ok(&format!(r#"{{"created_at":{created},"access_token":"x"}}"#)),
            Box::new(granted(Expiry::Unstated, Absent)));
    }
    for kind in ["mac", "Bearer ", "DPoP", "a type that is longer than any room for it would ever be"] {
        add("another type", RFC6749, LogIn, ok(&format!(r#"{{"access_token":"x","token_type":"{kind}"}}"#)),
            Box::new(fault(MemberFault::TokenType)));
    }
    for body in [
        r#"{"access_token":"x","access_token":"y"}"#, r#"{"access_token":null,"access_token":"y"}"#,
        r#"{"access_token":"x","a\u0063cess_token":"y"}"#, r#"{"expires_in":1,"expires_in":2,"access_token":"x"}"#,
        r#"{"scope":1,"scope":"a","access_token":"x"}"#,
    ] {
        add("duplicates", RFC6749, LogIn, ok(body), Box::new(fault(MemberFault::Duplicate)));
    }
    for (body, kind) in [
        (r#"{"access_token":"x"}}"#, JsonErrorKind::Trailing), (r#"{"access_token":"x"} x"#, JsonErrorKind::Trailing),
        (r#"{"access_token":"x""#, JsonErrorKind::Truncated), (r#"{"access_token":"x",}"#, JsonErrorKind::Unexpected),
        (r#"{"access_token":"x","n":01}"#, JsonErrorKind::Unexpected), ("{\"access_token\":\"x\u{1}\"}", JsonErrorKind::ControlCharacter),
        (r#"{"a":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"#, JsonErrorKind::TooDeep),
    ] {
        add("malformed", RFC6749, LogIn, ok(body), Box::new(malformed(kind)));
    }
    add("gzip that is none", RFC6749, LogIn, response("200 OK", "Content-Encoding: gzip\r\n", r#"{"access_token":"x"}"#),
        Box::new(fails(AnswerError::ContentCoding)));
    add("gzip", RFC6749, LogIn, response("200 OK", "Content-Encoding: gzip\r\n", "\u{1f}..."),
        Box::new(outcome(Outcome::NotAnApi)));
    add("identity", RFC6749, LogIn, response("200 OK", "Content-Encoding: identity\r\n", r#"{"access_token":"x"}"#),
        Box::new(granted(Expiry::Unstated, Absent)));
    add("conflicting lengths", RFC6749, LogIn,
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}".to_vec(),
        Box::new(fails(AnswerError::Http(HttpError::ConflictingContentLength))));
    all
}

#[test]
fn every_fixture_at_every_split() {
    for fixture in fixtures() {
        let Fixture { name, provider, purpose, raw, check } = fixture;
        let once = |pieces: &[&[u8]]| {
            let mut arena = [0; 4096];
            let mut store = TokenStore::new(&mut arena);
            read(&provider, purpose, pieces.iter().copied(), &mut store)
        };
        let whole = once(&[&raw]);
        let text = String::from_utf8_lossy(&raw).into_owned();
        assert!(check(&whole), "{name}: {text}\n{whole:?}");
        assert_eq!(once(&raw.chunks(1).collect::<Vec<_>>()), whole, "{name}: one byte at a time");
        assert_eq!(once(&raw.chunks(63).collect::<Vec<_>>()), whole, "{name}: as a modem delivers");
        for at in 0..=raw.len() {
            let (one, two) = raw.split_at(at);
            assert_eq!(once(&[one, &[], two]), whole, "{name}: split at {at}: {text}");
        }
    }
}

#[test]
fn other_stacks_get_the_same() {
    let mut compared = 0;
    for fixture in fixtures() {
        let Fixture { name, provider, purpose, raw, check } = fixture;
        if raw.starts_with(b"HTTP/1.1 100") || name == "conflicting lengths" {
            continue;
        }
        for piece in [1, 7, 10_000] {
            let read = read_framed(&provider, purpose, &raw, piece);
            assert!(check(&read), "{name}: {read:?}");
            compared += 1;
        }
    }
    assert!(compared > 300);
}

#[test]
fn what_is_in_use_outlives_every_failure_and_every_truncation() {
    for fixture in fixtures() {
        let Fixture { name, provider, purpose, raw, .. } = fixture;
        for len in 0..=raw.len() {
            with_store(|store| {
                let read = read(&provider, purpose, [&raw[..len]], store);
                if matches!(read.result, Ok(Answer { outcome: Outcome::Granted(_), .. })) {
                    assert_ne!(read.access.as_deref(), Some(&b"OLD.access"[..]));
                } else {
                    assert_eq!(read.access.as_deref(), Some(&b"OLD.access"[..]), "{name} cut at {len}");
                    assert_eq!(read.refresh.as_deref(), Some(&b"OLD-refresh"[..]), "{name} cut at {len}");
                    assert_eq!(read.scope.as_deref(), Some(&b"OLD"[..]), "{name} cut at {len}");
                }
            });
        }
    }
}

/// A cut answer grants nothing, unless its length is nobody's to know.
#[test]
fn truncation_is_noticed_at_every_length() {
    for fixture in fixtures() {
        let Fixture { name, provider, purpose, raw, .. } = fixture;
        if name == "until close" {
            continue;
        }
        for len in 0..raw.len() {
            let mut arena = [0; 4096];
            let mut store = TokenStore::new(&mut arena);
            let read = read(&provider, purpose, [&raw[..len]], &mut store);
            let granted = matches!(read.result, Ok(Answer { outcome: Outcome::Granted(_) | Outcome::MfaPending, .. }));
            assert!(!granted, "{name} cut at {len}");
        }
    }
}

#[test]
fn nothing_of_a_failed_answer_stays_in_the_arena() {
    for fixture in fixtures() {
        let Fixture { name, provider, purpose, raw, .. } = fixture;
        let mut arena = [0; 4096];
        let mut store = TokenStore::new(&mut arena);
        // Server texts are not asked for here.
        let mut reader = AnswerReader::new(&provider, purpose, &mut store);
        let result = feed_all(&mut reader, [&raw[..]]).and_then(|_| reader.finish());
        if !matches!(result, Ok(Answer { outcome: Outcome::Granted(_) | Outcome::MfaPending, .. })) {
            let (arena, _) = store.into_parts();
            assert!(arena.iter().all(|byte| *byte == 0), "{name}");
        }
    }
}

#[test]
fn a_refresh_keeps_or_replaces_the_refresh_token() {
    for (purpose, body, expected, token) in [
        (Purpose::Refresh, r#"{"access_token":"NEW"}"#, RefreshToken::Kept, Some(&b"OLD-refresh"[..])),
        (Purpose::Refresh, r#"{"access_token":"NEW","refresh_token":"R2"}"#, RefreshToken::Replaced, Some(b"R2")),
        (Purpose::Refresh, r#"{"refresh_token":"R2","access_token":"NEW"}"#, RefreshToken::Replaced, Some(b"R2")),
        (Purpose::LogIn, r#"{"access_token":"NEW"}"#, RefreshToken::Absent, None),
    ] {
        with_store(|store| {
            let read = read(&RFC6749, purpose, [&ok(body)[..]], store);
            assert!(granted(Expiry::Unstated, expected)(&read));
            assert_eq!(read.access.as_deref(), Some(&b"NEW"[..]));
            assert_eq!(read.refresh.as_deref(), token);
            assert_eq!(read.scope.is_some(), purpose == Purpose::Refresh, "a log-in's scope is its own");
        });
    }
}

#[test]
fn a_code_that_is_missing_leaves_the_tokens_in_use() {
    with_store(|store| {
        let pending = ok(r#"{"mfaPending":true,"pendingToken":"P"}"#);
        let read_pending = read(&LOYALTY_DOG, Purpose::LogIn, [&pending[..]], store);
        assert_eq!(read_pending.pending.as_deref(), Some(&b"P"[..]));
        assert_eq!(read_pending.access.as_deref(), Some(&b"OLD.access"[..]));
        // A wrong code leaves the pending token for the next try; a right one ends it.
        let wrong = response("401 Unauthorized", "", r#"{"detail":"Wrong code"}"#);
        assert_eq!(read(&LOYALTY_DOG, Purpose::VerifyCode, [&wrong[..]], store).pending.as_deref(), Some(&b"P"[..]));
        let right = read(&LOYALTY_DOG, Purpose::VerifyCode, [&ok(r#"{"accessToken":"N"}"#)[..]], store);
        assert_eq!((right.access.as_deref(), right.pending), (Some(&b"N"[..]), None));
    });
}

#[test]
fn arenas_of_every_size() {
    let raw = ok(r#"{"access_token":"0123456789","refresh_token":"abcdefghijklmno","scope":"12345"}"#);
    for size in 0..64 {
        let mut arena = [0; 64];
        let mut store = TokenStore::new(&mut arena[..size]);
        let read = read(&RFC6749, Purpose::LogIn, [&raw[..]], &mut store);
        if size < 30 {
            assert_eq!(read.result, Err(AnswerError::StoreTooSmall { needed: 30 }));
            assert_eq!(read.result.unwrap_err().verdict(), Verdict::Stop);
            assert_eq!((read.access, read.refresh, read.scope), (None, None, None));
        } else {
            assert!(granted(Expiry::Unstated, RefreshToken::Replaced)(&read));
        }
        // The second answer needs room behind the first.
        let second = self::read(&RFC6749, Purpose::Refresh, [&raw[..]], &mut store);
        match size {
            0..30 => assert_eq!(second.result, Err(AnswerError::StoreTooSmall { needed: 30 })),
            30..60 => {
                assert_eq!(second.result, Err(AnswerError::StoreTooSmall { needed: 60 }));
                assert_eq!(second.access.as_deref(), Some(&b"0123456789"[..]));
                assert_eq!(second.refresh.as_deref(), Some(&b"abcdefghijklmno"[..]));
            }
            _ => assert!(granted(Expiry::Unstated, RefreshToken::Replaced)(&second)),
        }
    }
}

#[test]
fn a_refusal_whose_words_do_not_fit_is_a_refusal() {
    let raw = response("400 Bad Request", "", r#"{"error":"invalid_grant","error_description":"0123456789"}"#);
    for size in 0..16 {
        let mut arena = [0; 16];
        let mut store = TokenStore::new(&mut arena[..size]);
        let read = read(&RFC6749, Purpose::LogIn, [&raw[..]], &mut store);
        assert!(denied(Some("invalid_grant"), 400, Verdict::Stop)(&read));
        assert_eq!(read.text.as_deref(), (size >= 10).then_some(&b"0123456789"[..]));
        // And the store is as good as before.
        let next = self::read(&RFC6749, Purpose::LogIn, [&ok(r#"{"access_token":""}"#)[..]], &mut store);
        assert!(fault(MemberFault::BadToken)(&next));
    }
}

#[test]
fn words_are_kept_only_for_who_asks_and_until_the_next_answer() {
    let raw = response("401 Unauthorized", "", r#"{"detail":"password hunter2 is wrong"}"#);
    let mut arena = [0; 256];
    let mut store = TokenStore::new(&mut arena);
    let mut reader = AnswerReader::new(&LOYALTY_DOG, Purpose::LogIn, &mut store);
    let _ = feed_all(&mut reader, [&raw[..]]).unwrap();
    reader.finish().unwrap();
    assert!(store.server_text().is_none());
    assert!(read(&LOYALTY_DOG, Purpose::LogIn, [&raw[..]], &mut store).text.is_some());
    let next = read(&LOYALTY_DOG, Purpose::LogIn, [&ok(r#"{"accessToken":"x"}"#)[..]], &mut store);
    assert_eq!(next.text, None);
}

/// Words of the last answer take no room from the next one, and do not outlive one that fails.
#[test]
fn words_make_room_for_the_next_answer() {
    let refused = response("401 Unauthorized", "", r#"{"detail":"password hunter2 is wrong"}"#);
    let mut arena = [0; 30];
    let mut store = TokenStore::new(&mut arena);
    let granted_one = granted(Expiry::Unstated, RefreshToken::Absent);
    for _ in 0..3 {
        let words = read(&LOYALTY_DOG, Purpose::LogIn, [&refused[..]], &mut store);
        assert!(words.text.is_some());
        let raw = ok(r#"{"accessToken":"0123456789"}"#);
        assert!(granted_one(&read(&LOYALTY_DOG, Purpose::LogIn, [&raw[..]], &mut store)));
        store.clear();
    }
    assert!(read(&LOYALTY_DOG, Purpose::LogIn, [&refused[..]], &mut store).text.is_some());
    let failed = read(&LOYALTY_DOG, Purpose::LogIn, [&b"HTTP/1.1 200 OK\r\n"[..]], &mut store);
    assert_eq!((failed.result, failed.text), (Err(AnswerError::Http(HttpError::Truncated)), None));
}

/// Where a caller keeps state and store apart, an answer may be given up without a word.
#[test]
fn an_answer_that_was_given_up_is_gone() {
    let raw = ok(r#"{"access_token":"0123456789","expires_in":60}"#);
    let mut arena = [0; 16];
    let mut store = TokenStore::new(&mut arena);
    let fresh = || AnswerState::new(&RFC6749, Purpose::LogIn, AnswerOptions::default());
    let _ = fresh().feed(&RFC6749, &mut store, &raw[..raw.len() - 5]).unwrap();
    let mut state = fresh();
    let _ = state.feed(&RFC6749, &mut store, &raw).unwrap();
    assert!(matches!(state.finish(&RFC6749, &mut store).unwrap().outcome, Outcome::Granted(_)));
    store.clear();
    let _ = fresh().feed(&RFC6749, &mut store, &raw[..raw.len() - 5]).unwrap();
    let mut state = fresh();
    state.status(&mut store, 200).unwrap();
    let _ = state.body(&RFC6749, &mut store, br#"{"access_token":"x"}"#).unwrap();
    assert!(matches!(state.finish(&RFC6749, &mut store).unwrap().outcome, Outcome::Granted(_)));
    assert_eq!(store.access_token().unwrap().expose(), b"x");
}

#[test]
fn what_another_stack_takes_for_a_status() {
    let mut arena = [0; 64];
    let mut store = TokenStore::new(&mut arena);
    for status in [0, 1, 99, 1000, u16::MAX] {
        let mut reader = AnswerReader::new(&RFC6749, Purpose::LogIn, &mut store);
        let bad = AnswerError::Http(HttpError::BadStatusLine);
        assert_eq!(reader.status(status), Err(bad), "{status}");
        assert_eq!(reader.body(b"{}"), Err(bad));
        assert_eq!((reader.status_code(), reader.finish()), (0, Err(bad)));
    }
    // Those of interim responses are passed over, as where this library reads HTTP; and above 599 there are only errors
    // of a server.
    let mut reader = AnswerReader::new(&RFC6749, Purpose::LogIn, &mut store);
    for interim in [100, 103, 199] {
        assert_eq!(reader.status(interim), Ok(()));
    }
    reader.status(999).unwrap();
    assert_eq!(reader.status_code(), 999);
    let _ = reader.body(b"{}").unwrap();
    assert_eq!(reader.finish().unwrap().code(), 510);
}

#[test]
fn the_limit_of_a_body() {
    let body = format!("{{\"access_token\":\"x\",\"pad\":\"{}\"}}", "y".repeat(100));
    let len = u32::try_from(body.len()).unwrap();
    for raw in [ok(&body), chunked("200 OK", "", &body, 10)] {
        for limit in [0, 1, len - 1, len, len + 1] {
            for piece in [1, 1000] {
                let mut arena = [0; 64];
                let mut store = TokenStore::new(&mut arena);
                let options = AnswerOptions { body_limit: limit, ..AnswerOptions::default() };
                let mut reader = AnswerReader::with_options(&RFC6749, Purpose::LogIn, options, &mut store);
                let result = feed_all(&mut reader, raw.chunks(piece)).and_then(|_| reader.finish());
                if limit < len {
                    assert_eq!(result, Err(AnswerError::BodyTooLong));
                } else {
                    assert!(result.is_ok());
                }
            }
        }
    }
    // A page is no JSON, however long it is, and so is white space without end.
    let page = format!("<html>{}", "x".repeat(50_000));
    let mut arena = [0; 64];
    let mut store = TokenStore::new(&mut arena);
    assert!(outcome(Outcome::NotAnApi)(&read(&RFC6749, Purpose::LogIn, [&ok(&page)[..]], &mut store)));
    let blank = ok(&" ".repeat(50_000));
    assert!(outcome(Outcome::NotAnApi)(&read(&RFC6749, Purpose::LogIn, blank.chunks(100), &mut store)));
    // What stands behind the limit is not looked at, whatever it is and however much of it comes at once.
    let raw = |body: &str| chunked("200 OK", "", body, 20_000);
    for piece in [1, 100, 50_000] {
        let broken = raw(&format!("{{\"a\":\"{}\u{1}", "x".repeat(9_000)));
        let late = raw(&format!("{}{{\"access_token\":\"x\"}}", " ".repeat(9_000)));
        let read = |raw: &[u8], store: &mut TokenStore<'_>| read(&RFC6749, Purpose::LogIn, raw.chunks(piece), store);
        assert!(fails(AnswerError::BodyTooLong)(&read(&broken, &mut store)), "by {piece}");
        assert!(outcome(Outcome::NotAnApi)(&read(&late, &mut store)), "by {piece}");
    }
}

#[test]
fn bytes_behind_the_message_are_counted() {
    let raw = ok(r#"{"access_token":"x"}"#);
    for (answer, reusable) in [
        (raw.clone(), true),
        (response("200 OK", "Connection: close\r\n", r#"{"access_token":"x"}"#), false),
        (chunked("200 OK", "", r#"{"access_token":"x"}"#, 3), true),
    ] {
        let mut with_more = answer.clone();
        with_more.extend_from_slice(b"HTTP/1.1 200 OK");
        for piece in [1, 7, 1000] {
            let mut arena = [0; 64];
            let mut store = TokenStore::new(&mut arena);
            let mut reader = AnswerReader::new(&RFC6749, Purpose::LogIn, &mut store);
            assert_eq!(feed_all(&mut reader, with_more.chunks(piece)), Ok(15));
            assert_eq!(reader.finish().unwrap().reusable, reusable);
        }
    }
    let mut arena = [0; 64];
    let mut store = TokenStore::new(&mut arena);
    let read = read(&OPEN_LOYALTY, Purpose::LogOut, [&b"HTTP/1.1 204 No Content\r\n\r\n"[..]], &mut store);
    assert!(read.result.unwrap().reusable);
}

#[test]
fn status_and_retry_after_stay_known_after_an_error() {
    let raw = response("500 Oops", "Retry-After: 9\r\n", "{\"broken\":");
    let mut arena = [0; 64];
    let mut store = TokenStore::new(&mut arena);
    let mut reader = AnswerReader::new(&ZYPE, Purpose::LogIn, &mut store);
    assert_eq!(reader.status_code(), 0);
    let _ = reader.feed(&raw).unwrap();
    assert!(reader.feed(b"").is_ok());
    assert_eq!((reader.status_code(), reader.retry_after()), (500, Some(RetryAfter::Seconds(9))));
    let error = reader.finish().unwrap_err();
    assert!(matches!(error, AnswerError::Json(error) if error.kind == JsonErrorKind::Truncated && error.offset == 10));
}

#[test]
fn calls_out_of_order() {
    fn fresh(check: impl FnOnce(AnswerReader<'_, '_, Provider<'_>>)) {
        let mut arena = [0; 64];
        let mut store = TokenStore::new(&mut arena);
        check(AnswerReader::new(&ZYPE, Purpose::LogIn, &mut store));
    }
    const OUT_OF_ORDER: AnswerError = AnswerError::OutOfOrder;
    fresh(|mut reader| assert_eq!(reader.field("Date", "x"), Err(OUT_OF_ORDER)));
    fresh(|mut reader| assert_eq!(reader.body(b"{}"), Err(OUT_OF_ORDER)));
    fresh(|mut reader| {
        reader.status(200).unwrap();
        assert_eq!(reader.status(200), Err(OUT_OF_ORDER));
        assert_eq!(reader.body(b"{}"), Err(OUT_OF_ORDER), "an error stays");
        assert_eq!(reader.finish(), Err(OUT_OF_ORDER));
    });
    fresh(|mut reader| {
        reader.status(200).unwrap();
        assert_eq!(reader.feed(b"HTTP/1.1"), Err(OUT_OF_ORDER));
    });
    fresh(|mut reader| {
        let _ = reader.feed(b"HTTP/1.1").unwrap();
        assert_eq!(reader.status(200), Err(OUT_OF_ORDER));
    });
    fresh(|mut reader| {
        reader.status(200).unwrap();
        let _ = reader.body(b"{").unwrap();
        assert_eq!(reader.field("Date", "x"), Err(OUT_OF_ORDER));
    });
    fresh(|reader| assert_eq!(reader.finish(), Err(AnswerError::Http(HttpError::NoResponse))));
    // A status alone is an empty body.
    fresh(|mut reader| {
        reader.status(401).unwrap();
        assert_eq!(reader.finish().unwrap().outcome, Outcome::NotAnApi);
    });
}

/// No arena is larger than its offsets reach: what lies behind is not shown in part.
#[test]
fn a_token_that_has_no_room_is_not_shown() {
    let raw = ok(&format!(r#"{{"access_token":"{}"}}"#, "x".repeat(66_000)));
    let options = AnswerOptions { body_limit: 100_000, ..AnswerOptions::default() };
    for size in [0, 100, 65_535, 70_000] {
        let mut arena = vec![0; size];
        let mut store = TokenStore::new(&mut arena);
        let mut reader = AnswerReader::with_options(&RFC6749, Purpose::LogIn, options, &mut store);
        assert_eq!(feed_all(&mut reader, raw.chunks(1000)), Ok(0));
        assert!(reader.access_token().is_none(), "{size}");
        assert_eq!(reader.finish(), Err(AnswerError::StoreTooSmall { needed: 66_000 }));
    }
}

/// The other stack may have undone a coding that the length still counts, or join fields that came twice.
#[test]
fn how_another_stack_framed_the_body_is_its_own_affair() {
    let mut arena = [0; 64];
    let mut store = TokenStore::new(&mut arena);
    let mut reader = AnswerReader::new(&RFC6749, Purpose::LogIn, &mut store);
    reader.status(200).unwrap();
    for (name, value) in [
        ("transfer-encoding", "gzip, chunked"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "99999"),
        ("content-length", "7"),
        ("CONTENT-LENGTH", "unknown"),
        ("Connection", "close"),
        ("Location", "/"),
    ] {
        reader.field(name, value).unwrap();
    }
    let _ = reader.body(br#"{"access_token":"x"}"#).unwrap();
    assert!(matches!(reader.finish().unwrap().outcome, Outcome::Granted(_)));
}

#[test]
fn a_fifth_providers_answer() {
    let members = [
        member("data.attributes.token.value", Meaning::AccessToken),
        member("data.attributes.token.expires", Meaning::ExpiresAt),
        member("errors.0.code", Meaning::ErrorCode),
        member("errors.0.detail", Meaning::ErrorText),
    ];
    let fifth = Provider { exchanges: &[], members: &members, transient_codes: &[b"BUSY"], settings: RFC6749.settings };
    let mut arena = [0; 256];
    let mut store = TokenStore::new(&mut arena);
    let raw = ok(r#"{"data":{"attributes":{"token":{"expires":1773674102.7,"value":"tok"}}},"errors":[]}"#);
    let answer = read(&fifth, Purpose::LogIn, raw.chunks(5), &mut store);
    assert!(granted(Expiry::At(UnixTime::from_seconds(1_773_674_102)), RefreshToken::Absent)(&answer));
    let raw = response("409 Conflict", "", r#"{"errors":[{"detail":"later","code":"BUSY"},{"code":"X"}]}"#);
    let answer = read(&fifth, Purpose::LogIn, raw.chunks(5), &mut store);
    assert!(denied(Some("BUSY"), 409, Verdict::Wait(None))(&answer));
    assert_eq!(answer.text.as_deref(), Some(&b"later"[..]));
}

/// A token that is there in one piece is read by another way than one that comes byte by byte; and what was left open at
/// any truncation is left open by both.
#[test]
fn a_token_is_the_same_in_any_pieces() {
    let members = [
        member("token", Meaning::AccessToken),
        member("data.token", Meaning::AccessToken),
        member("tokens.0", Meaning::PendingToken),
        member("refresh", Meaning::RefreshToken),
    ];
    let provider = Provider { exchanges: &[], members: &members, transient_codes: &[], settings: RFC6749.settings };
    let mut bodies: Vec<Vec<u8>> = [
        r#"{"token":"a.b-c_d~e+f/g==","refresh":"r !#$%&'()*,:;<=>?@[]^`{|}"}"#,
        r#"{"token" : "a", "refresh": "", "data":{"token":"b"}}"#,
        r#"{"token":"ab","data":{"token":"\x"}}"#,
        r#"{"token":"ab","data":{"token":"\u0061"}}"#,
        r#"{"token":"ab","data":{"token":""}}"#,
        r#"{"token":"","data":{"token":"b"}}"#,
        r#"{"token":null,"data":{"token":"b=c"}}"#,
        r#"{"token":"=","refresh":"r"}"#,
        r#"{"token":"abc====","refresh":"r\"\\\u0041s"}"#,
        r#"{"token":"abc=\u003d","refresh":"r\u0000"}"#,
        r#"{"token":"a\u0062c\ud83d","refresh":"x"}"#,
        r#"{"token":"abcdefgh ijklmnop"}"#,
        r#"{"token":["a"]}"#,
        r#"{"token":12}"#,
        r#"{"token":"a","token":"b"}"#,
        r#"{"tokens":["abc","d"],"refresh":"__________1"}"#,
        r#"{"tokens":{"0":"abc"},"token2":"x"}"#,
        r#"{"token""a"}"#,
        r#"{"token",:"a"}"#,
        r#"{"refresh":"0123456789abcdef0123456789abcdef","token":"0123456789abcdef0123456789abcde~"}"#,
    ]
    .map(|body| body.as_bytes().to_vec())
    .to_vec();
    // Every byte at the start of a token, inside of it, and where a word ends.
    for at in [0, 1, 3, 4, 7, 8, 13] {
        for name in ["token", "refresh"] {
            bodies.extend((0..=255).map(|byte| {
                let mut text = *b"abcdefghijklmn";
                text[at] = byte;
                [b"{\"", name.as_bytes(), b"\":\"", &text, b"\",\"x\":1}"].concat()
            }));
        }
    }
    let outcome = |pieces: &[&[u8]]| {
        let mut arena = [0; 64];
        let mut store = TokenStore::new(&mut arena);
        let mut reader = AnswerReader::new(&provider, Purpose::LogIn, &mut store);
        reader.status(200).unwrap();
        let read = pieces.iter().try_for_each(|piece| reader.body(piece).map(|_| ()));
        let arriving = reader.access_token().map(|token| token.expose().to_vec());
        let result = read.and_then(|()| reader.finish());
        (arriving, texts(result, &store))
    };
    for (body, number) in bodies.iter().zip(0..) {
        // Truncated at every length, of those with one odd byte each at its own.
        let truncated = (0..=body.len()).filter(|len| number < 20 || len % 37 == number % 37);
        for body in truncated.map(|len| &body[..len]).chain([&body[..]]) {
            let expected = outcome(&body.chunks(1).collect::<Vec<_>>());
            assert_eq!(outcome(&[body]), expected, "{:?}", String::from_utf8_lossy(body));
            for at in 0..body.len() {
                let (first, second) = body.split_at(at);
                assert_eq!(outcome(&[first, second]), expected, "{:?} at {at}", String::from_utf8_lossy(body));
            }
        }
    }
}

#[test]
fn a_refresh_that_names_no_scope_leaves_it() {
    for (purpose, body, scope) in [
        (Purpose::Refresh, r#"{"access_token":"NEW","refresh_token":"R"}"#, Some(&b"OLD"[..])),
        (Purpose::Refresh, r#"{"access_token":"NEW"}"#, Some(b"OLD")),
        (Purpose::Refresh, r#"{"access_token":"NEW","scope":"less"}"#, Some(b"less")),
        (Purpose::LogIn, r#"{"access_token":"NEW"}"#, None),
    ] {
        with_store(|store| {
            assert_eq!(read(&RFC6749, purpose, [&ok(body)[..]], store).scope.as_deref(), scope, "{body}");
        });
    }
}

#[test]
fn a_time_of_issue_in_milliseconds_is_no_hint() {
    for (created, time) in [
        ("1773674102", Some(1_773_674_102)),
        ("253402300799", Some(253_402_300_799)),
        ("253402300800", None),
        ("1773674102000", None),
    ] {
        let mut arena = [0; 64];
        let mut store = TokenStore::new(&mut arena);
        let raw = ok(&format!(r#"{{"access_token":"x","created_at":{created}}}"#));
        let answer = read(&ZYPE, Purpose::LogIn, [&raw[..]], &mut store).result.unwrap();
        assert_eq!(answer.server_time.map(|server| server.time.seconds()), time);
    }
}

#[test]
fn a_log_out_with_a_dead_token() {
    let mut arena = [0; 64];
    let mut store = TokenStore::new(&mut arena);
    let raw = response("401 Unauthorized", "", r#"{"code":401,"message":"Expired JWT Token"}"#);
    let answer = read(&OPEN_LOYALTY, Purpose::LogOut, [&raw[..]], &mut store).result.unwrap();
    assert_eq!(answer.verdict(), Verdict::LogIn);
}

#[test]
fn when_a_granted_token_expires() {
    let begun = UnixTime::from_seconds(1000);
    let token = |payload: &str| {
        let mut buf = [0; 128];
        let payload = pos_token::base64url::encode(payload.as_bytes(), &mut buf).unwrap();
        format!("e30.{}.", core::str::from_utf8(payload).unwrap())
    };
    let (jwt, timeless) = (token(r#"{"exp":5000.9}"#), token("{}"));
    for (provider, body, expected) in [
        (&RFC6749, format!(r#"{{"access_token":"{jwt}","expires_in":60}}"#), Some(1060)),
        (&RFC6749, format!(r#"{{"access_token":"{jwt}"}}"#), Some(5000)),
        (&RFC6749, r#"{"access_token":"opaque"}"#.to_owned(), None),
        (&LOYALIFE, r#"{"results":{"token":"t","tokenExpiresOn":"1970-01-01T01:00:00Z"}}"#.to_owned(), Some(3600)),
        (&LOYALIFE, r#"{"results":{"token":"opaque"}}"#.to_owned(), Some(2800)),
        (&OPEN_LOYALTY, format!(r#"{{"token":"{timeless}"}}"#), Some(87_400)),
    ] {
        let mut arena = [0; 256];
        let mut store = TokenStore::new(&mut arena);
        let answer = read(provider, Purpose::LogIn, [&ok(&body)[..]], &mut store).result.unwrap();
        let Outcome::Granted(grant) = answer.outcome else { panic!("{answer:?}") };
        let expires_at = grant.expires_at(provider, store.access_token().unwrap(), begun);
        assert_eq!(expires_at.map(UnixTime::seconds), expected, "{body}");
    }
}

/// What has been asked for its outcome has ended.
#[test]
fn an_answer_that_is_asked_too_early_takes_no_more() {
    let mut arena = [0; 64];
    let mut store = TokenStore::new(&mut arena);
    let begin = |body: &str, store: &mut TokenStore<'_>| {
        let mut reader = AnswerReader::new(&RFC6749, Purpose::LogIn, store);
        reader.status(200).unwrap();
        let _ = reader.body(body.as_bytes()).unwrap();
        let first = reader.outcome();
        let _ = reader.body(&br#"{"access_token":"x1"}"#[body.len()..]);
        (first, reader.finish().map(|answer| answer.outcome))
    };
    assert_eq!(begin("", &mut store), (Ok(Outcome::NotAnApi), Ok(Outcome::NotAnApi)));
    let (first, last) = begin(r#"{"access_to"#, &mut store);
    assert!(first.is_err() && first == last);
    assert!(store.access_token().is_none());
}
