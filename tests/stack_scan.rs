//! What is left on the stack when a key was prepared and a token verified: nothing of the key.
//!
//! A build with `RUSTFLAGS="--cfg pos_token_keep_secrets"` leaves out the wiping, and then this test has to fail.

#![allow(clippy::as_conversions, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::HashSet;
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::{ptr, thread};

use hmac::{Hmac, KeyInit, Mac};
use pos_token::base64url;
use pos_token::jwt::{Hs512Key, UntrustedToken, Validation};
use sha2::{Digest, Sha512, block_api::compress512};

/// How far below the frame is looked. The deepest work takes a fraction of it.
const REGION: usize = 256 * 1024;
const PAINT: u8 = 0xa5;

type Window = [u8; 8];

/// The address under which the frames of whatever this frame calls stand.
#[inline(always)]
fn stack_pointer() -> usize {
    let address: usize;
    // SAFETY: reads a register.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::asm!("mov {}, rsp", out(reg) address, options(nomem, nostack));
    }
    // SAFETY: reads a register.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        std::arch::asm!("mov {}, sp", out(reg) address, options(nomem, nostack));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        let local = 0_u8;
        address = ptr::from_ref(black_box(&local)).addr();
    }
    address
}

/// Copies what stands below the caller's frame, without a call, which would overwrite some of it.
#[inline(always)]
fn copy_dead_stack(into: &mut [u8]) {
    let (to, bottom) = (into.as_mut_ptr(), stack_pointer().wrapping_sub(REGION));
    let mut at = 0;
    while at < REGION {
        // SAFETY: the bytes belong to this thread's stack, which is larger, and `into` is REGION bytes long.
        unsafe {
            *((to as usize + at) as *mut u8) = *((bottom + at) as *const u8);
        }
        at += 1;
    }
}

#[inline(never)]
fn paint() {
    black_box([PAINT; REGION + 64 * 1024]);
}

/// What is left after each of three steps, from the lowest address up.
struct Remains {
    prepared: Vec<u8>,
    verified: Vec<u8>,
    /// By a crate that does not clear its stack: without this, a scan that finds nothing would prove nothing.
    hmac_crate: Vec<u8>,
}

#[inline(never)]
fn work(secret: &[u8], base64url: Option<&str>, token: &str, remains: &mut Remains) {
    paint();
    let key = match base64url {
        Some(text) => Hs512Key::from_base64url(text),
        None => Hs512Key::new(secret),
    };
    copy_dead_stack(&mut remains.prepared);
    // By reference: a moved key would leave its copies to this test.
    let Ok(prepared) = &key else { panic!("{key:?}") };
    paint();
    let verified = match UntrustedToken::parse(token) {
        Ok(token) => prepared.verify(&token, None, &Validation::without_clock()),
        Err(error) => Err(error),
    };
    copy_dead_stack(&mut remains.verified);
    assert!(verified.is_ok());
    paint();
    leave_traces(secret);
    copy_dead_stack(&mut remains.hmac_crate);
}

#[inline(never)]
fn leave_traces(secret: &[u8]) {
    drop(black_box(Hmac::<Sha512>::new_from_slice(secret)));
}

/// The midstates of RFC 2104.
fn midstates(block: &[u8; 128]) -> [[u64; 8]; 2] {
    const START: [u64; 8] = [
        0x6a09e667f3bcc908,
        0xbb67ae8584caa73b,
        0x3c6ef372fe94f82b,
        0xa54ff53a5f1d36f1,
        0x510e527fade682d1,
        0x9b05688c2b3e6c1f,
        0x1f83d9abfb41bd6b,
        0x5be0cd19137e2179,
    ];
    [0x36, 0x5c].map(|pad| {
        let mut state = START;
        compress512(&mut state, &[block.map(|byte| byte ^ pad)]);
        state
    })
}

/// Every eight bytes that must not be found.
fn secrets(key: &[u8]) -> HashSet<Window> {
    let mut block = [0; 128];
    let mut texts = vec![key.to_vec()];
    if key.len() > 128 {
        block[..64].copy_from_slice(&Sha512::digest(key));
        texts.push(block[..64].to_vec());
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    for pad in [0x36, 0x5c] {
        texts.extend(texts.clone().iter().take(2).map(|text| text.iter().map(|byte| byte ^ pad).collect()));
    }
    for state in midstates(&block) {
        texts.push(state.iter().flat_map(|word| word.to_be_bytes()).collect());
    }
    let mut windows = HashSet::new();
    for text in &texts {
        for window in text.windows(8) {
            let window: Window = window.try_into().unwrap();
            let [a, b, c, d, e, f, g, h] = window;
            windows.extend([window, [h, g, f, e, d, c, b, a], [d, c, b, a, h, g, f, e]]);
        }
    }
    windows
}

/// How far below the frame each secret stands.
fn found(remains: &[u8], secrets: &HashSet<Window>) -> Vec<usize> {
    let found = |(at, window): (usize, &[u8])| secrets.contains(window).then_some(REGION - at);
    remains.windows(8).enumerate().filter_map(found).collect()
}

/// How far below the frame anything was written.
fn depth(remains: &[u8]) -> usize {
    remains.iter().position(|byte| *byte != PAINT).map_or(0, |at| REGION - at)
}

fn scan(key: &[u8], as_base64url: bool) {
    // Of several blocks, which may be compressed by other code than a single one.
    let payload = format!(r#"{{"exp":1773674102,"sub":"till","fill":"{}"}}"#, "x".repeat(600));
    let mut signed = format!("{}.{}", encoded(br#"{"alg":"HS512"}"#), encoded(payload.as_bytes()));
    let tag = Hmac::<Sha512>::new_from_slice(key).unwrap().chain_update(&signed).finalize();
    signed = format!("{signed}.{}", encoded(&tag.into_bytes()));
    let text = as_base64url.then(|| encoded(key));
    let secrets = secrets(key);

    // On a thread of its own, so that nothing of the above stands on its stack.
    let remains = thread::scope(|scope| {
        let run = || {
            let buffer = || vec![0; REGION];
            let mut remains = Remains { prepared: buffer(), verified: buffer(), hmac_crate: buffer() };
            work(key, text.as_deref(), &signed, &mut remains);
            remains
        };
        thread::Builder::new().stack_size(4 * REGION).spawn_scoped(scope, run).unwrap().join().unwrap()
    });

    let [prepared, verified] = [&remains.prepared, &remains.verified].map(|remains| depth(remains));
    println!("{} bytes of key: {prepared} bytes of stack to prepare it, {verified} to verify", key.len());
    assert!(prepared < REGION && verified < REGION, "the region is too small");
    assert!(!found(&remains.hmac_crate, &secrets).is_empty(), "the scan is blind");
    assert_eq!(found(&remains.prepared, &secrets), [], "after preparing a key of {} bytes", key.len());
    assert_eq!(found(&remains.verified, &secrets), [], "after verifying with a key of {} bytes", key.len());
}

fn encoded(bytes: &[u8]) -> String {
    let mut buf = vec![0; bytes.len() * 2 + 4];
    String::from_utf8(base64url::encode(bytes, &mut buf).unwrap().to_vec()).unwrap()
}

/// Bytes of which no eight come twice.
fn key(len: u64) -> Vec<u8> {
    (1..=len).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[1]).collect()
}

#[test]
fn nothing_of_the_key_stays_on_the_stack() {
    for len in [64, 100, 128, 200, 256] {
        scan(&key(len), false);
        scan(&key(len), true);
    }
}

#[test]
fn a_dropped_key_is_wiped() {
    let mut slot = MaybeUninit::new(Hs512Key::new(&key(64)[..]).unwrap());
    let bytes = slot.as_ptr().cast::<u8>();
    // SAFETY: the slot is initialized and 128 bytes long; bytes may be looked at behind a drop, which moves nothing.
    let look = || (0..size_of::<Hs512Key>()).all(|at| unsafe { bytes.add(at).read_volatile() } == 0);
    assert_eq!(size_of::<Hs512Key>(), 128);
    assert!(!look());
    // SAFETY: initialized above, and not used as a key any more.
    unsafe { ptr::drop_in_place(slot.as_mut_ptr()) };
    assert!(look());
}
