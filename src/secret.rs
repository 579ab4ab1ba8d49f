//! Secrets that a caller lends, and the wiping of what they leave behind.

use core::fmt;
#[cfg(all(not(pos_token_keep_secrets), not(target_pointer_width = "64")))]
use core::mem::MaybeUninit;

/// A password, a client secret, a token: bytes that are lent for a while and never shown.
///
/// `Debug` prints `[redacted]`, there is no `Display` and no `PartialEq` (which would not be constant-time).
/// Made from `&str`, `&[u8]` or `&[u8; N]`; the caller owns the bytes and wipes them.
///
/// ```
/// use pos_token::Secret;
/// let password = Secret::from("correct horse");
/// assert_eq!(format!("{password:?}"), "[redacted]");
/// assert_eq!(password.expose(), b"correct horse");
/// ```
#[derive(Clone, Copy)]
pub struct Secret<'a>(&'a [u8]);

impl<'a> Secret<'a> {
    /// Lends the bytes, as `From` does, where a `const` is wanted.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes themselves. Whoever calls this answers for where they go.
    #[must_use]
    pub const fn expose(self) -> &'a [u8] {
        self.0
    }
}

impl<'a> From<&'a [u8]> for Secret<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Secret<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self(bytes)
    }
}

impl<'a> From<&'a str> for Secret<'a> {
    fn from(text: &'a str) -> Self {
        Self(text.as_bytes())
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Clears bytes in a way that the compiler may not leave out, as fast as memory is set.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    zeroize::optimization_barrier(bytes);
}

/// How much of the stack is cleared after work on keys, in bytes: what that work takes, measured, and some more.
///
/// With the compact SHA-512 it takes up to 1,540 bytes, at every optimization. Less will do in builds that
/// .cargo/config.toml says it of, as Cargo.toml optimizes them: at opt-level 3 a Cortex-M0 takes more than is cleared
/// there. The other backends take 800 to 2,500 on x86-64. Where nothing is optimized, as a build with debug assertions
/// may be, it is up to 43,000, and 4,000 with the compact one. On bare metal such a build gets the same as any:
/// it is more often optimized than not, and has no stack to give away.
#[cfg(not(pos_token_keep_secrets))]
const WIPED_STACK: usize = if cfg!(all(debug_assertions, not(target_os = "none"))) {
    64 * 1024
} else if cfg!(pos_token_wiped_stack = "1176") {
    1176
} else if cfg!(pos_token_wiped_stack = "1280") {
    1280
} else if cfg!(pos_token_wiped_stack = "1344") {
    1344
} else if cfg!(sha2_backend_soft = "compact") {
    1600
} else {
    4096
};

/// Does `work`, which handles key material, and then clears the stack that it used.
///
/// `work` calls a function that is not inlined, and what this returns is the last expression of its caller, as it is
/// here: the result is then built in its place above the stack that is cleared, and leaves no copy on its way up.
#[inline(always)]
pub(crate) fn leaving_no_trace<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(not(pos_token_keep_secrets))]
    let _wiped_last = WipeStack;
    work()
}

#[cfg(not(pos_token_keep_secrets))]
struct WipeStack;

#[cfg(not(pos_token_keep_secrets))]
impl Drop for WipeStack {
    #[inline(always)] // so that what is cleared begins where the frames of the work did
    fn drop(&mut self) {
        wipe_stack();
    }
}

/// A frame of that size full of zeros, where the frames of the work were: by memset, which is the fastest on hosts.
#[cfg(all(not(pos_token_keep_secrets), target_pointer_width = "64"))]
#[inline(never)]
fn wipe_stack() {
    let zeros = [0_u8; WIPED_STACK];
    zeroize::optimization_barrier(&zeros);
}

/// The same, 14 words at a time. They are not known to be zeros: else memset is called, which on small targets takes
/// twice as long.
#[cfg(all(not(pos_token_keep_secrets), not(target_pointer_width = "64")))]
#[inline(never)]
fn wipe_stack() {
    let o = core::hint::black_box(0_u32);
    let seven = (o, o, o, o, o, o, o);
    let mut zeros = [const { MaybeUninit::uninit() }; WIPED_STACK.div_ceil(56)];
    for row in &mut zeros {
        row.write((seven, seven));
    }
    zeroize::optimization_barrier(&zeros);
}
