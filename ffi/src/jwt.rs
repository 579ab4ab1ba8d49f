//! Can I trust it?

use core::cell::Cell;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr::from_ref;

use pos_token_core::jwt::{
    CheckedHeader, CheckedSignature, Claims, FULL_KEY, HmacSha512, Hs512Key, KeyError, Signature, Times,
    UntrustedToken, UnverifiedClaims, Validation,
};
use pos_token_core::time::UnixTime;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::span::{Contract, Output, Place, Range, Reading, pos_token_span, wipe};
use crate::status::{Fault, opened, pos_token_status, report};

/// Says that a key was initialised.
const KEY_MAGIC: u32 = 0x704b_6503;

/// Says that claims were read.
const CLAIMS_MAGIC: u32 = 0x7043_6c04;

/// There is no clock: the times are not compared, and come back as POS_TOKEN_TIMES_NOT_CHECKED. The signature is
/// checked all the same.
pub const POS_TOKEN_WITHOUT_CLOCK: u32 = 1;

/// A token without `exp` is accepted too; where there is one, it holds.
pub const POS_TOKEN_EXPIRY_OPTIONAL: u32 = 2;

/// A token is refused whose `iat` lies in the future. Not so by default: tills are slow more often than tokens are
/// issued in the future.
pub const POS_TOKEN_REFUSE_FUTURE_ISSUED_AT: u32 = 4;

/// What pos_token_mac's `verify` returns where the MAC is right, and in no other case.
pub const POS_TOKEN_MAC_VALID: u32 = 0x5a3c_96e1;

/// What pos_token_mac's `compute` returns where it wrote the MAC, and in no other case.
pub const POS_TOKEN_MAC_COMPUTED: u32 = 0x2dc3_691e;

/// An HS512 key, prepared once. Its members are private. It is secret: prepare it where it stays, and wipe it with
/// pos_token_hs512_key_wipe().
#[repr(C)]
#[derive(Debug)]
pub struct pos_token_hs512_key {
    /// Private.
    pub magic: u32,
    /// Private.
    pub reserved: u32,
    /// Private.
    pub state: [MaybeUninit<u64>; 16],
}

const _: () = assert!(size_of::<Hs512Key>() == 128 && align_of::<Hs512Key>() <= align_of::<u64>());

/// HMAC-SHA512 by the platform, whose key never has to enter memory: a secure element, a hash peripheral, a library
/// that is linked already. One of the two callbacks is given, and the other is NULL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_mac {
    /// Handed to the callbacks; nothing here looks at it.
    pub ctx: *mut c_void,
    /// Computes the MAC of the message, writes its 64 bytes to `mac`, and returns POS_TOKEN_MAC_COMPUTED. It is
    /// compared here, in constant time.
    pub compute:
        Option<unsafe extern "C" fn(ctx: *mut c_void, message: *const u8, message_len: usize, mac: *mut u8) -> u32>,
    /// Compares the 64 bytes of `mac` with the MAC of the message, in constant time, and returns POS_TOKEN_MAC_VALID
    /// where they are the same. Any other value says that they are not.
    pub verify:
        Option<unsafe extern "C" fn(ctx: *mut c_void, message: *const u8, message_len: usize, mac: *const u8) -> u32>,
}

/// What has to be true of a token besides its signature. Start with POS_TOKEN_ZERO.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_validation {
    /// The time now, in seconds since 1970-01-01T00:00:00Z. It has to be above 0, unless `flags` has
    /// POS_TOKEN_WITHOUT_CLOCK.
    pub now: i64,
    /// How far the clocks may differ, in seconds, in every comparison.
    pub leeway: u32,
    /// POS_TOKEN_WITHOUT_CLOCK, POS_TOKEN_EXPIRY_OPTIONAL, POS_TOKEN_REFUSE_FUTURE_ISSUED_AT, combined by `|`.
    pub flags: u32,
    /// `iss` must be exactly this; absent: it may be anything.
    pub issuer: pos_token_span,
    /// `aud` must be exactly this, or an array of strings with exactly this in it; absent: it may be anything.
    pub audience: pos_token_span,
    /// `sub` must be exactly this; absent: it may be anything.
    pub subject: pos_token_span,
    /// The header's `typ` must be this media type, whatever its case, with or without `application/`; absent: it may
    /// be anything.
    pub typ: pos_token_span,
}

/// The claims of a token: its times, and where the others are read again on request. The token has to stay where it
/// was, unchanged, as long as this is used.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_claims {
    /// Private.
    pub magic: u32,
    /// Whether there is an `exp`.
    pub has_expires_at: bool,
    /// Whether there is an `nbf`.
    pub has_not_before: bool,
    /// Whether there is an `iat`.
    pub has_issued_at: bool,
    /// Private.
    pub reserved: u8,
    /// Private.
    pub payload: pos_token_span,
    /// `exp`: the moment from which on the token must not be accepted, in seconds since 1970-01-01T00:00:00Z.
    pub expires_at: i64,
    /// `nbf`: the moment before which the token must not be accepted.
    pub not_before: i64,
    /// `iat`: the moment at which the token was issued.
    pub issued_at: i64,
}

/// The claims of a token that nobody vouches for: good for scheduling, not for trust. No function turns this into
/// pos_token_verified_claims.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_unverified_claims {
    /// What the token says.
    pub claims: pos_token_claims,
}

/// The claims of a token whose signature was verified. Only pos_token_jwt_verify() and pos_token_jwt_verify_mac()
/// write one.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_verified_claims {
    /// What the token says.
    pub claims: pos_token_claims,
    /// Whether its times were compared with a clock: one of pos_token_times.
    pub times: u32,
    /// Private.
    pub reserved: u32,
}

/// Whether a verified token's times were compared with a clock.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_times {
    /// The token is in its time, as far as it says one.
    POS_TOKEN_TIMES_CHECKED = 1,
    /// There was no clock.
    POS_TOKEN_TIMES_NOT_CHECKED = 2,
}

impl pos_token_claims {
    /// No claims: not initialised.
    pub(crate) const NONE: Self = Self {
        magic: 0,
        has_expires_at: false,
        has_not_before: false,
        has_issued_at: false,
        reserved: 0,
        payload: pos_token_span::ABSENT,
        expires_at: 0,
        not_before: 0,
        issued_at: 0,
    };

    pub(crate) fn of<T>(claims: &Claims<'_, T>) -> Self {
        let seconds = |time: Option<UnixTime>| time.map_or(0, UnixTime::seconds);
        let payload = claims.payload();
        Self {
            magic: CLAIMS_MAGIC,
            has_expires_at: claims.expires_at().is_some(),
            has_not_before: claims.not_before().is_some(),
            has_issued_at: claims.issued_at().is_some(),
            reserved: 0,
            payload: pos_token_span { ptr: payload.as_ptr(), len: payload.len() },
            expires_at: seconds(claims.expires_at()),
            not_before: seconds(claims.not_before()),
            issued_at: seconds(claims.issued_at()),
        }
    }
}

/// Prepares a key of at least so many bytes in its place.
type Prepare = fn(&mut MaybeUninit<Hs512Key>, &[u8], usize) -> Result<(), KeyError>;

#[inline(never)]
fn init(
    contract: Contract,
    key: *mut pos_token_hs512_key,
    secret: pos_token_span,
    at_least: usize,
    prepare: Prepare,
) -> pos_token_status {
    report(|| {
        let secret = contract.writing(&[Range::of(key, 1)?]).text(secret)?;
        // SAFETY: not NULL and aligned, as was checked; there is room for a state, as is proven above; the rest is the
        // contract.
        let state = unsafe { &mut *(&raw mut (*key).state).cast::<MaybeUninit<Hs512Key>>() };
        prepare(state, secret, at_least)?;
        // SAFETY: as above.
        unsafe {
            (*key).magic = KEY_MAGIC;
            (*key).reserved = 0;
        }
        Ok(())
    })
}

/// Prepares a key of at least 64 bytes, as RFC 7518 section 3.2 demands. The stack that was used is cleared.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_KEY_EMPTY`, `POS_TOKEN_KEY_TOO_SHORT`; `POS_TOKEN_NULL_POINTER`,
/// `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_hs512_key_init(
    key: *mut pos_token_hs512_key,
    secret: pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    init(unsafe { Contract::kept() }, key, secret, FULL_KEY, Hs512Key::prepare)
}

/// Prepares a key of any length but 0, for an issuer whose key is too short to be safe against guessing.
///
/// \return As pos_token_hs512_key_init(), without `POS_TOKEN_KEY_TOO_SHORT`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_hs512_key_init_short(
    key: *mut pos_token_hs512_key,
    secret: pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    init(unsafe { Contract::kept() }, key, secret, 1, Hs512Key::prepare)
}

/// Prepares a key of 64 to 256 bytes given as unpadded base64url text, as a JWK's `k` is. The text is decoded in
/// constant time.
///
/// \return As pos_token_hs512_key_init(); `POS_TOKEN_KEY_TOO_LONG`, `POS_TOKEN_KEY_BASE64URL`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_hs512_key_init_base64url(
    key: *mut pos_token_hs512_key,
    text: pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    init(unsafe { Contract::kept() }, key, text, FULL_KEY, Hs512Key::prepare_base64url)
}

/// As pos_token_hs512_key_init_base64url(), with a key of 1 to 256 bytes.
///
/// \return As pos_token_hs512_key_init_base64url(), without `POS_TOKEN_KEY_TOO_SHORT`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_hs512_key_init_base64url_short(
    key: *mut pos_token_hs512_key,
    text: pos_token_span,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    init(unsafe { Contract::kept() }, key, text, 1, Hs512Key::prepare_base64url)
}

/// Wipes a key, which is not initialised then.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`; `POS_TOKEN_NOT_INITIALISED`, where
/// nothing is touched.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_hs512_key_wipe(key: *mut pos_token_hs512_key) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        prepared(contract.reading().object(key)?)?;
        // SAFETY: not NULL and aligned, as was checked; without its magic number no state is read from it.
        unsafe { wipe(key) };
        Ok(())
    })
}

fn prepared(key: &pos_token_hs512_key) -> Result<&Hs512Key, Fault> {
    if key.magic != KEY_MAGIC {
        return Err(Fault::NOT_INITIALISED);
    }
    // SAFETY: it is initialised, so there is a state.
    Ok(unsafe { &*from_ref(&key.state).cast::<Hs512Key>() })
}

/// Reads a token's claims without a key, for scheduling only: whoever sent the token can have written anything. The
/// whole token is checked for its form, and neither the algorithm nor any time is judged.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_JWT_TOO_LONG`, `POS_TOKEN_JWT_PARTS`, `POS_TOKEN_BASE64URL`,
/// `POS_TOKEN_JWT_HEADER`, `POS_TOKEN_JWT_DUPLICATE_HEADER`, `POS_TOKEN_JWT_PAYLOAD`,
/// `POS_TOKEN_JWT_DUPLICATE_CLAIM`, `POS_TOKEN_JWT_EXPIRES_AT`, `POS_TOKEN_JWT_NOT_BEFORE`,
/// `POS_TOKEN_JWT_ISSUED_AT`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_OVERLAP`.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// bool expires_after(pos_token_span token, int64_t moment) {
///     pos_token_unverified_claims said;
///     return pos_token_jwt_peek(token, &said) == POS_TOKEN_OK && said.claims.has_expires_at &&
///            said.claims.expires_at > moment;
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_jwt_peek(
    token: pos_token_span,
    claims: *mut pos_token_unverified_claims,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, claims)?;
        let written = [place.range()];
        let token = contract.writing(&written).text(token)?;
        let mut parsed = UntrustedToken::parse(token);
        let mut peeked = opened(&mut parsed)?.peek();
        let claims = pos_token_claims::of(opened(&mut peeked)?);
        place.put(pos_token_unverified_claims { claims });
        Ok(())
    })
}

/// What the header's `typ` has to be, of a validation that is found to be as it has to be.
#[inline(never)]
fn check_validation<'a>(
    reading: &Reading<'_>,
    validation: *const pos_token_validation,
) -> Result<Option<&'a [u8]>, Fault> {
    let asked = reading.object(validation)?;
    let known = POS_TOKEN_WITHOUT_CLOCK | POS_TOKEN_EXPIRY_OPTIONAL | POS_TOKEN_REFUSE_FUTURE_ISSUED_AT;
    if asked.flags & !known != 0 {
        return Err(Fault::INVALID_ENUM);
    }
    if asked.flags & POS_TOKEN_WITHOUT_CLOCK == 0 && asked.now <= 0 {
        return Err(Fault::NO_TIME);
    }
    for text in [&asked.issuer, &asked.audience, &asked.subject] {
        reading.look_at_text(*text)?;
    }
    reading.span(asked.typ)
}

/// What is asked of the payload, which is nothing that the header's check needs.
///
/// # Safety
/// [`check_validation`] found it good in this call.
#[inline(never)]
unsafe fn validation_again<'a>(asked: &pos_token_validation) -> Validation<'a> {
    let mut validation = match asked.flags & POS_TOKEN_WITHOUT_CLOCK {
        0 => Validation::at(UnixTime::from_seconds(asked.now)),
        _ => Validation::without_clock(),
    };
    // SAFETY: they were looked at.
    let text = |span: pos_token_span| (!span.is_absent()).then(|| unsafe { Reading::text_again(span) });
    let texts = [text(asked.issuer), text(asked.audience), text(asked.subject)];
    validation = validation.leeway(asked.leeway).texts(texts);
    if asked.flags & POS_TOKEN_EXPIRY_OPTIONAL != 0 {
        validation = validation.expiry_optional();
    }
    if asked.flags & POS_TOKEN_REFUSE_FUTURE_ISSUED_AT != 0 {
        validation = validation.refuse_future_issued_at();
    }
    validation
}

/// What a verification is given besides the key, and where its result goes.
struct Asked {
    contract: Contract,
    place: Place<pos_token_verified_claims>,
    token: pos_token_span,
    alias: pos_token_span,
    validation: *const pos_token_validation,
}

impl Asked {
    /// What the MAC is computed with.
    #[inline(never)]
    fn object<'a, T>(&self, ptr: *const T) -> Result<&'a T, Fault> {
        self.contract.writing(&[self.place.range()]).object(ptr)
    }

    /// Both kinds of keys come here, so that there is one of it.
    /// What is not needed while the MAC is computed takes no stack then: hence the functions that are not inlined.
    #[inline(never)]
    fn verify(&self, key: &dyn HmacSha512) -> Result<(), Fault> {
        let payload = self.check_header()?.check_signature(key)?;
        self.put_claims(payload)
    }

    #[inline(never)]
    fn check_header<'a>(&self) -> Result<CheckedHeader<'a>, Fault> {
        let written = [self.place.range()];
        let reading = self.contract.writing(&written);
        let token = reading.text(self.token)?;
        let alias = reading.span(self.alias)?;
        let typ = check_validation(&reading, self.validation)?;
        Ok(UntrustedToken::parse(token)?.check_header(alias, typ)?)
    }

    #[inline(never)]
    fn put_claims(&self, payload: CheckedSignature<'_>) -> Result<(), Fault> {
        // SAFETY: the header's check, without which no payload is here, has found it good in this call, in which it stays so
        // by the contract.
        let validation = unsafe { validation_again(&*self.validation) };
        let mut verified = payload.validate(&validation);
        let verified = opened(&mut verified)?;
        let times = match verified.times() {
            Times::Checked => pos_token_times::POS_TOKEN_TIMES_CHECKED,
            Times::NotChecked => pos_token_times::POS_TOKEN_TIMES_NOT_CHECKED,
        };
        let claims = pos_token_claims::of(verified);
        #[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
        self.place.put(pos_token_verified_claims { claims, times: times as u32, reserved: 0 });
        Ok(())
    }
}

/// Verifies a token with a prepared key and gives its claims. The key decides that the algorithm is HMAC-SHA512: the
/// header must say `HS512`, or exactly `alias`, the provider's `hs512_alias` as a rule; absent: no other name. The
/// stack that the key's work took is cleared.
///
/// \return `POS_TOKEN_OK`; the first that applies of `POS_TOKEN_BASE64URL` and the `POS_TOKEN_JWT_*`;
/// `POS_TOKEN_NO_TIME`, `POS_TOKEN_INVALID_ENUM` of the validation; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`,
/// `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`, `POS_TOKEN_NOT_INITIALISED` of the key.
///
/// Does not block; re-entrant on distinct objects.
///
/// \code
/// bool is_cashier(pos_token_span token, const pos_token_hs512_key *key, int64_t now) {
///     pos_token_verified_claims verified;
///     pos_token_validation validation = POS_TOKEN_ZERO;
///     bool found = false;
///     validation.now = now;
///     validation.leeway = 30;
///     validation.issuer = pos_token_text("https://loyal.ex");
///     if (pos_token_jwt_verify(token, key, POS_TOKEN_LOYALIFE.hs512_alias, &validation, &verified) !=
///         POS_TOKEN_OK) {
///         return false;
///     }
///     return pos_token_claims_contain(&verified.claims, pos_token_text("role"),
///                                     pos_token_text("cashier"), &found) == POS_TOKEN_OK && found;
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_jwt_verify(
    token: pos_token_span,
    key: *const pos_token_hs512_key,
    alias: pos_token_span,
    validation: *const pos_token_validation,
    claims: *mut pos_token_verified_claims,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let asked = Asked { contract, place: Place::new(contract, claims)?, token, alias, validation };
        asked.verify(prepared(asked.object(key)?)?)
    })
}

/// Verifies a token with the platform's HMAC-SHA512; all else as pos_token_jwt_verify().
///
/// \return As pos_token_jwt_verify(); `POS_TOKEN_CALLBACK` where not exactly one callback is given, or `compute` does
/// not return POS_TOKEN_MAC_COMPUTED.
///
/// Blocks in the caller's callback only; re-entrant on distinct objects.
///
/// \code
/// // A secure element that holds the key and compares for itself.
/// extern bool element_hmac_is(const uint8_t *message, size_t len, const uint8_t mac[64]);
///
/// static uint32_t verify(void *ctx, const uint8_t *message, size_t len, const uint8_t *mac) {
///     (void)ctx;
///     return element_hmac_is(message, len, mac) ? POS_TOKEN_MAC_VALID : 0;
/// }
///
/// pos_token_status check(pos_token_span token, const pos_token_validation *validation,
///                        pos_token_verified_claims *claims) {
///     pos_token_mac element = POS_TOKEN_ZERO;
///     element.verify = verify;
///     return pos_token_jwt_verify_mac(token, &element, POS_TOKEN_LOYALIFE.hs512_alias, validation, claims);
/// }
/// \endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_jwt_verify_mac(
    token: pos_token_span,
    mac: *const pos_token_mac,
    alias: pos_token_span,
    validation: *const pos_token_validation,
    claims: *mut pos_token_verified_claims,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let asked = Asked { contract, place: Place::new(contract, claims)?, token, alias, validation };
        let mac = *asked.object(mac)?;
        if mac.compute.is_some() == mac.verify.is_some() {
            return Err(Fault::CALLBACK);
        }
        let platform = Platform { mac, failed: Cell::new(false) };
        let verified = asked.verify(&platform);
        if platform.failed.get() { Err(Fault::CALLBACK) } else { verified }
    })
}

/// The caller's callbacks as the core's trait.
struct Platform {
    mac: pos_token_mac,
    /// Whether no MAC was computed.
    failed: Cell<bool>,
}

impl HmacSha512 for Platform {
    fn verify_mac(&self, message: &[u8], tag: &[u8; 64]) -> Signature {
        let pos_token_mac { ctx, compute, verify } = self.mac;
        let mut valid = false;
        if let Some(verify) = verify {
            // SAFETY: the caller's contract for callbacks; what they are given is good for the time of the call.
            let said = unsafe { verify(ctx, message.as_ptr(), message.len(), tag.as_ptr()) };
            valid = said == POS_TOKEN_MAC_VALID;
        } else if let Some(compute) = compute {
            // What a callback does not write, though it says so, differs in every byte from what it ought to be.
            let mut mac = tag.map(|byte| !byte);
            // SAFETY: as above, and `mac` has the 64 bytes that were promised.
            let said = unsafe { compute(ctx, message.as_ptr(), message.len(), mac.as_mut_ptr()) };
            self.failed.set(said != POS_TOKEN_MAC_COMPUTED);
            valid = said == POS_TOKEN_MAC_COMPUTED && bool::from(mac.ct_eq(tag));
            mac.zeroize();
        }
        if valid { Signature::Valid } else { Signature::Invalid }
    }
}

/// The payload of claims and a claim's name, to ask for it.
#[inline(never)]
fn claim<'a>(
    reading: &Reading<'_>,
    claims: *const pos_token_claims,
    name: pos_token_span,
) -> Result<(&'a [u8], &'a [u8]), Fault> {
    let claims = reading.object(claims)?;
    if claims.magic != CLAIMS_MAGIC {
        return Err(Fault::NOT_INITIALISED);
    }
    Ok((reading.text(claims.payload)?, reading.text(name)?))
}

/// Copies the text of a claim, unescaped and in UTF-8, without a NUL at its end. A claim is asked for by its whole
/// name, dots and all. Takes the `claims` of verified claims and of unverified ones.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_BUFFER_TOO_SMALL`; `POS_TOKEN_ABSENT`; `POS_TOKEN_CLAIM_WRONG_TYPE` where it is
/// no string; `POS_TOKEN_CLAIM_NOT_TEXT`, `POS_TOKEN_CLAIM_DUPLICATE`, `POS_TOKEN_CLAIM_CHANGED`;
/// `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`,
/// `POS_TOKEN_NOT_INITIALISED`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_claims_text(
    claims: *const pos_token_claims,
    name: pos_token_span,
    buf: *mut u8,
    buf_len: usize,
    out_len: *mut usize,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let output = Output::new(contract, (buf, buf_len, out_len))?;
        let written = output.range();
        let reading = contract.writing(&written);
        let (payload, name) = claim(&reading, claims, name)?;
        output.fill(|out| Ok(UnverifiedClaims::of_payload(payload).copy_text(name, out)?.ok_or(Fault::ABSENT)?.len()))
    })
}

/// Whether a claim is the string `expected`, or an array of strings with `expected` among them, as `aud` can be and
/// roles are. False where there is no such claim.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_CLAIM_WRONG_TYPE` where it is neither; `POS_TOKEN_CLAIM_DUPLICATE`,
/// `POS_TOKEN_CLAIM_CHANGED`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
/// `POS_TOKEN_NOT_INITIALISED`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_claims_contain(
    claims: *const pos_token_claims,
    name: pos_token_span,
    expected: pos_token_span,
    found: *mut bool,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, found)?;
        let reading = contract.reading();
        let (payload, name) = claim(&reading, claims, name)?;
        let expected = reading.text(expected)?;
        place.put(UnverifiedClaims::of_payload(payload).contains(name, expected)?);
        Ok(())
    })
}

/// The number that a claim is, rounded down to a whole one.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_ABSENT`; `POS_TOKEN_CLAIM_WRONG_TYPE` where it is no number;
/// `POS_TOKEN_CLAIM_OUT_OF_RANGE`, `POS_TOKEN_CLAIM_DUPLICATE`, `POS_TOKEN_CLAIM_CHANGED`; `POS_TOKEN_NULL_POINTER`,
/// `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_NOT_INITIALISED`.
///
/// Does not block; re-entrant on distinct objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_claims_number(
    claims: *const pos_token_claims,
    name: pos_token_span,
    number: *mut i64,
) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let place = Place::new(contract, number)?;
        let reading = contract.reading();
        let (payload, name) = claim(&reading, claims, name)?;
        place.put(UnverifiedClaims::of_payload(payload).number(name)?.ok_or(Fault::ABSENT)?.floor);
        Ok(())
    })
}
