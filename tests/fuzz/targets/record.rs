#![no_main]
//! Saved records, two slots of any bytes: no panic; what is taken has a right checksum, and its texts are in the store;
//! what is not leaves nothing behind; the session goes on; and what it saves then, it restores.

use libfuzzer_sys::fuzz_target;
use pos_token::dialect::Purpose;
use pos_token::provider::{LOYALIFE, LOYALTY_DOG, OPEN_LOYALTY, Provider, RFC6749, ZYPE};
use pos_token::session::{
    Keep, NoSeal, Now, Policy, RestoreError, Restored, Session, SessionState, Step, Unreadable, record_len,
};
use pos_token::time::UnixTime;
use pos_token::{AnswerReader, Credentials, Secret, TokenStore};

const PROVIDERS: [&Provider<'static>; 5] = [&LOYALTY_DOG, &ZYPE, &LOYALIFE, &OPEN_LOYALTY, &RFC6749];
const KEEPS: [Keep; 4] = [Keep::Nothing, Keep::Clock, Keep::RefreshTokens, Keep::EveryToken];
const HEADER: usize = 14;

/// CRC-32 as in Ethernet and zlib.
fn crc(bytes: &[u8]) -> [u8; 4] {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    };
    (!bytes.iter().fold(u32::MAX, step)).to_le_bytes()
}

/// What the checksum is of, and the checksum.
fn content(slot: &[u8]) -> Option<(&[u8], &[u8])> {
    let body = usize::from(u16::from_le_bytes([*slot.get(12)?, *slot.get(13)?]));
    let (content, rest) = slot.split_at_checked(HEADER + body)?;
    Some((content, rest.get(..4)?))
}

/// Gives a record this provider and a right checksum, so that its body is looked at.
fn mend(slot: &mut [u8], provider: &Provider<'_>) {
    if let Some(place) = slot.get_mut(4..8) {
        place.copy_from_slice(&crc(provider.settings.name));
    }
    if let Some((content, _)) = content(slot) {
        let (at, crc) = (content.len(), crc(content));
        slot[at..at + 4].copy_from_slice(&crc);
    }
}

fn restore(
    session: &mut Session<'_, Provider<'static>>,
    store: &mut TokenStore<'_>,
    slots: [&[u8]; 2],
    now: Now,
) -> Result<Restored, RestoreError> {
    let read = |slot: u8, out: &mut [u8]| {
        let slot = slots[usize::from(slot)];
        let len = slot.len().min(out.len());
        out[..len].copy_from_slice(&slot[..len]);
        if slot.is_empty() { Err(Unreadable) } else { Ok(len) }
    };
    let mut buf = [0; 1024];
    let restored = session.restore(store, &mut NoSeal, read, &mut buf, now);
    assert_eq!(buf, [0; 1024], "what was read is wiped");
    restored
}

fn texts(store: &TokenStore<'_>) -> [Option<Vec<u8>>; 3] {
    let text = |secret: Option<Secret<'_>>| secret.map(|secret| secret.expose().to_vec());
    [text(store.access_token()), text(store.refresh_token()), text(store.pending_token())]
}

fuzz_target!(|data: &[u8]| {
    let Some((&[selector, flags, room, unit, first], slots)) = data.split_first_chunk::<5>() else { return };
    let provider = PROVIDERS[usize::from(selector) % 5];
    let policy = Policy { keep: KEEPS[usize::from(selector / 5) % 4], ..Policy::new(7) };
    let mut slots = slots.to_vec();
    let (first, second) = slots.split_at_mut(usize::from(first).min(data.len() - 5));
    for (slot, flag) in [(&mut *first, 1), (&mut *second, 2)] {
        if flags & flag != 0 {
            mend(slot, provider);
        }
    }
    let slots = [&*first, &*second];
    let clock = (flags & 4 != 0).then(|| UnixTime::from_seconds(1_790_000_000));
    let mut now = Now { uptime: 1000, device: clock };
    let mut arena = vec![0; usize::from(room) * 4];
    let mut store = TokenStore::new(&mut arena);
    let mut state = SessionState::new(provider, &policy, now);
    let mut session = Session::new(provider, &policy, &mut state);
    let before = format!("{:?}", session.next(&store, now));
    match restore(&mut session, &mut store, slots, now) {
        Ok(restored) => {
            let slot = slots[usize::from(restored.slot)];
            let (content, checksum) = content(slot).unwrap();
            assert_eq!(crc(content), checksum);
            assert_eq!(content[..3], *b"PT\x01");
            assert_eq!(content[4..8], crc(provider.settings.name));
            assert_eq!(content[8..12], restored.number.to_le_bytes());
            let texts = texts(&store);
            assert_eq!(restored.tokens, texts.iter().any(Option::is_some));
            for text in texts.iter().flatten() {
                assert!(content.windows(text.len()).any(|window| window == text));
            }
        }
        Err(error) => {
            let _codes = error.slots.map(|error| (error.code(), error.to_string()));
            assert_eq!(texts(&store), [None, None, None]);
            assert_eq!(format!("{:?}", session.next(&store, now)), before);
        }
    }
    // Whatever was restored, the session goes on: a day of it, with a server that grants.
    for _ in 0..8 {
        let _known = (format!("{:?}", session.last_known(&store, now)), session.clock(now));
        match session.next(&store, now) {
            Step::Save => {
                let mut out = [0; 1024];
                match session.save(&store, &mut NoSeal, unit, &mut out, now) {
                    Ok(record) => {
                        assert_eq!(record.bytes.len() % usize::from(unit), 0);
                        round_trip(provider, &policy, record.bytes, record.number, &store, now);
                        session.saved(record.number);
                    }
                    Err(_) => session.save_failed(0),
                }
            }
            Step::Send(_) | Step::NeedCode(_) => {
                let credentials = Credentials::new().username("u").password("p").client_id("c").client_secret("s");
                // A restored token can hold bytes that no request can.
                let Ok(begun) = session.begin(&store, credentials.code("1"), now) else { break };
                let (number, purpose) = (begun.number, begun.purpose);
                answer(&mut session, &mut store, provider, number, purpose, now);
            }
            Step::Use(token) => now.uptime += u64::from(token.next_in.min(86_400)) * 1000,
            Step::Wait { seconds, .. } => now.uptime += u64::from(seconds) * 1000,
            Step::Stop(_) => session.credentials_changed(now),
        }
    }
});

fn answer(
    session: &mut Session<'_, Provider<'static>>,
    store: &mut TokenStore<'_>,
    provider: &Provider<'static>,
    number: u32,
    purpose: Purpose,
    now: Now,
) {
    let body = match provider.settings.name {
        b"loyaltydog" => r#"{"accessToken":"fresh"}"#,
        b"loyalife" => r#"{"results":{"token":"fresh"}}"#,
        b"openloyalty" => r#"{"token":"fresh","refresh_token":"r"}"#,
        _ => r#"{"access_token":"fresh","expires_in":3600,"refresh_token":"r"}"#,
    };
    let mut reader = AnswerReader::new(provider, purpose, store);
    reader.status(200).unwrap();
    let result = reader.body(body.as_bytes()).and_then(|_| reader.finish());
    match result {
        Ok(answer) => {
            session.accept(number, &answer, store, now);
            assert_eq!(texts(store)[0].as_deref(), Some(&b"fresh"[..]));
        }
        Err(error) => session.failed(number, error, now),
    }
}

/// A record is restored as it was saved, and not where any of it is missing or its last byte differs.
fn round_trip(
    provider: &Provider<'static>,
    policy: &Policy,
    record: &[u8],
    number: u32,
    store: &TokenStore<'_>,
    now: Now,
) {
    let (whole, checksum) = content(record).unwrap();
    assert_eq!(crc(whole), checksum);
    assert_eq!(record.len(), record_len(whole.len() - HEADER - 52, 0, usize::from(record[3])));
    let mut torn = record.to_vec();
    torn[whole.len() + 3] ^= 0x80;
    for (bytes, is_whole) in [(record, true), (&record[..whole.len() + 3], false), (&torn, false)] {
        let mut arena = [0; 1024];
        let mut restored_store = TokenStore::new(&mut arena);
        let mut state = SessionState::new(provider, policy, now);
        let mut session = Session::new(provider, policy, &mut state);
        let restored = restore(&mut session, &mut restored_store, [bytes, &[]], now);
        assert_eq!(restored.map(|restored| restored.number).ok(), is_whole.then_some(number));
        let there = texts(&restored_store);
        let saved = texts(store);
        assert!(there.iter().zip(&saved).all(|(there, saved)| there.is_none() || there == saved));
        if is_whole && policy.keep == Keep::EveryToken && session.token(store, now).is_some() {
            assert_eq!(there[0], saved[0]);
        }
    }
}
