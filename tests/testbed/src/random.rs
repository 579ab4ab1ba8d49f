//! Tokens that differ from run to run. Not for keys: the seed is the standard library's hash seed.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha512};

use crate::encoding::base64url;

/// `count` bytes: SHA-512 of seed and counter, block after block.
pub(crate) fn bytes(count: usize) -> Vec<u8> {
    static SEED: OnceLock<u64> = OnceLock::new();
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let seed = SEED.get_or_init(|| RandomState::new().hash_one("testbed"));
    let mut bytes = Vec::new();
    while bytes.len() < count {
        let block = COUNTER.fetch_add(1, Ordering::Relaxed);
        bytes.extend(Sha512::new().chain_update(seed.to_le_bytes()).chain_update(block.to_le_bytes()).finalize());
    }
    bytes.truncate(count);
    bytes
}

/// `length` characters of the base64url alphabet.
pub(crate) fn urlsafe(length: usize) -> String {
    let mut text = base64url(&bytes(length));
    text.truncate(length);
    text
}

/// `length` lower-case hexadecimal digits.
pub(crate) fn hex(length: usize) -> String {
    let mut text: String = bytes(length.div_ceil(2)).iter().map(|byte| format!("{byte:02x}")).collect();
    text.truncate(length);
    text
}

/// A version 4 UUID in shape; its version digit is right, the rest is random.
pub(crate) fn uuid() -> String {
    let digits = hex(31);
    format!("{}-{}-4{}-a{}-{}", &digits[..8], &digits[8..12], &digits[12..15], &digits[15..18], &digits[18..30])
}
