#![no_main]
//! Answers in raw bytes, for every provider and purpose: the same result however they are split, no panic, the tokens
//! in use untouched unless new ones are granted, and nothing of the rest left in the arena.

use libfuzzer_sys::fuzz_target;
use pos_token::dialect::{Dialect, Purpose};
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, ZYPE};
use pos_token::{Answer, AnswerError, AnswerOptions, AnswerReader, Outcome, Progress, RefreshToken, TokenStore};
use pos_token_fuzz::pieces;

const PROVIDERS: [&Provider<'static>; 5] = [&LOYALTY_DOG, &ZYPE, &LOYALIFE, &OPEN_LOYALTY, &RFC6749];
const PURPOSES: [Purpose; 5] =
    [Purpose::LogIn, Purpose::Refresh, Purpose::VerifyCode, Purpose::Revoke, Purpose::LogOut];

/// Puts an access and a refresh token into use.
fn log_in(store: &mut TokenStore<'_>) {
    let mut reader = AnswerReader::new(&OPEN_LOYALTY, Purpose::LogIn, store);
    reader.status(200).unwrap();
    let _progress = reader.body(br#"{"token":"access-in-use","refresh_token":"refresh-in-use"}"#).unwrap();
    reader.finish().unwrap();
}

type Texts = [Option<Vec<u8>>; 5];

fn texts(store: &TokenStore<'_>) -> Texts {
    let secret = |text: Option<pos_token::Secret<'_>>| text.map(|text| text.expose().to_vec());
    [
        secret(store.access_token()),
        secret(store.refresh_token()),
        secret(store.pending_token()),
        store.scope().map(<[u8]>::to_vec),
        secret(store.server_text()),
    ]
}

type Result<T> = core::result::Result<T, AnswerError>;

fn read(
    provider: &Provider<'static>,
    purpose: Purpose,
    options: AnswerOptions,
    room: usize,
    framed: Option<u16>,
    pieces: &[&[u8]],
) -> (Result<(Answer, usize)>, Texts) {
    let mut arena = vec![0; room];
    let mut store = TokenStore::new(&mut arena);
    log_in(&mut store);
    let before = texts(&store);
    let mut reader = AnswerReader::with_options(provider, purpose, options, &mut store);
    let mut unread = 0;
    let mut complete = false;
    let mut result = framed.map_or(Ok(()), |status| reader.status(status));
    for piece in pieces {
        if result.is_err() {
            break;
        }
        if complete {
            unread += piece.len();
            continue;
        }
        let progress = if framed.is_some() { reader.body(piece) } else { reader.feed(piece) };
        match progress {
            Ok(Progress::NeedMore) => {}
            Ok(Progress::Complete { unread: left }) => {
                complete = true;
                unread = left;
            }
            Err(error) => result = Err(error),
        }
    }
    let _status = (reader.status_code(), reader.retry_after(), format!("{reader:?}"));
    let result = match result {
        Err(error) => {
            let again = if framed.is_some() { reader.body(b"{}") } else { reader.feed(b"{}") };
            assert_eq!(again, Err(error), "an error stays");
            assert_eq!(reader.finish(), Err(error));
            Err(error)
        }
        Ok(()) => {
            // Only where the whole message was read is what was not read what follows it.
            reader.finish().map(|answer| (answer, if answer.reusable { unread } else { 0 }))
        }
    };
    let after = texts(&store);
    let mut in_use: usize = after.iter().flatten().map(Vec::len).sum();
    match result.map(|(answer, _)| answer.outcome) {
        Ok(Outcome::Granted(grant)) => {
            let token = after[0].as_deref().expect("a grant brings a token");
            assert!(!token.is_empty() && token.iter().all(|b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(b)));
            match grant.refresh_token {
                RefreshToken::Absent => assert_eq!(after[1], None),
                RefreshToken::Kept => assert_eq!(after[1], before[1]),
                RefreshToken::Replaced => assert!(after[1].is_some()),
            }
            assert!(matches!(purpose, Purpose::LogIn | Purpose::Refresh | Purpose::VerifyCode));
        }
        outcome => {
            assert_eq!(after[..2], before[..2], "what works is not lost");
            assert_eq!(after[2].is_some(), outcome == Ok(Outcome::MfaPending));
        }
    }
    if !options.keep_scope {
        assert_eq!(after[3], None);
    }
    if !options.keep_server_text {
        assert_eq!(after[4], None);
    }
    if let Err(error) = result {
        let _text = (error.to_string(), error.code(), error.verdict());
        assert!(after[2..].iter().all(Option::is_none));
    }
    // Whatever is no text in use is wiped. Texts that were in use before and have been dropped are not in use either.
    let (arena, _) = store.into_parts();
    let rest: Vec<u8> = arena.iter().copied().skip(in_use).collect();
    in_use = in_use.min(arena.len());
    assert!(rest.iter().all(|byte| *byte == 0), "{in_use} bytes in use, and {:?}", rest.escape_ascii().to_string());
    (result, after)
}

fuzz_target!(|data: &[u8]| {
    let Some((&[selector, flags, room, cut_1, cut_2], answer)) = data.split_first_chunk::<5>() else { return };
    let provider = PROVIDERS[usize::from(selector) % 5];
    let purpose = PURPOSES[usize::from(selector) / 5 % 5];
    if !(0..).map_while(|index| provider.exchange(index)).any(|exchange| exchange.purpose == purpose) {
        return;
    }
    let options = AnswerOptions {
        keep_scope: flags & 1 != 0,
        keep_server_text: flags & 2 != 0,
        body_limit: if flags & 4 != 0 { 64 } else { 8192 },
    };
    let framed = (flags & 8 != 0).then_some([200, 401, 429, 204, 302, 500, 422, 201][usize::from(flags >> 4) % 8]);
    let room = 32 + 4 * usize::from(room);
    let expected = read(provider, purpose, options, room, framed, &[answer]);
    for split in [pieces(answer, &[cut_1, cut_2]), answer.chunks(1).collect()] {
        let result = read(provider, purpose, options, room, framed, &split);
        assert_eq!(result, expected);
    }
});
