//! Providers as tables that C can write: the built-in ones, and how any of them is read where it stands.

use core::cell::Cell;
use core::slice;

use pos_token_core::dialect::{Dialect, Exchange, MAX_MEMBERS, Meaning, Member, MemberRow, Parameter, Settings, Value};
use pos_token_core::provider as built_in;
use pos_token_core::provider::Provider;
use pos_token_core::{DialectError, check_dialect};

use crate::known::Known;
use crate::span::{Contract, Range, Reading, pos_token_span};
use crate::status::{Fault, opened, pos_token_status, report};
use crate::vocabulary as read;
use crate::vocabulary::pos_token_value;

/// One parameter of a request's body. POS_TOKEN_LITERAL(), POS_TOKEN_REQUIRED() and POS_TOKEN_OPTIONAL() make one.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_parameter {
    /// Its name.
    pub name: pos_token_span,
    /// Its value, where that comes from the table; else absent.
    pub literal: pos_token_span,
    /// Where its value comes from: one of pos_token_value.
    pub value: u8,
    /// Which of the caller's values it is: one of pos_token_field; 0 of a literal.
    pub field: u8,
}

/// One kind of request.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_exchange {
    /// The path, already percent-encoded; the name of a field of pos_token_credentials in braces stands for its value,
    /// which is percent-encoded: `/api/{store_code}/login`, `/till/{custom_1}`. Empty where only the caller's
    /// pos_token_endpoint can say it.
    pub path: pos_token_span,
    /// The parameters of the body, in the order in which they are sent.
    pub parameters: *const pos_token_parameter,
    /// How many there are.
    pub parameters_len: usize,
    /// What it is for: one of pos_token_purpose. Of the exchanges for one purpose, the first whose `when` was given is
    /// taken.
    pub purpose: u8,
    /// The one of pos_token_field that selects this exchange; 0 selects it always.
    pub when: u8,
    /// One of pos_token_method.
    pub method: u8,
    /// One of pos_token_encoding.
    pub encoding: u8,
    /// One of pos_token_client_auth.
    pub client_auth: u8,
    /// What a successful answer brings: one of pos_token_answers.
    pub answer: u8,
}

/// A member of an answer and what it means, in success and in failure alike.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_member {
    /// Names from the root on, joined by dots, indexes of arrays in decimal: `detail.0.msg`. At most 4 segments. Its `ptr`
    /// is not NULL.
    pub path: pos_token_span,
    /// What its value means: one of pos_token_meaning.
    pub meaning: u8,
}

/// A provider: which requests there are, and what its answers mean. The built-in ones are POS_TOKEN_LOYALTY_DOG and
/// its neighbours; one of your own is a `static const` object, which is read where it stands:
///
/// \code
/// static const pos_token_parameter ACME_LOG_IN[] = {
///     POS_TOKEN_LITERAL("kind", "till"),
///     POS_TOKEN_REQUIRED("terminal", POS_TOKEN_FIELD_CUSTOM_1),
///     POS_TOKEN_REQUIRED("secret", POS_TOKEN_FIELD_CLIENT_SECRET),
/// };
/// static const pos_token_exchange ACME_EXCHANGES[] = {
///     { POS_TOKEN_TEXT("/v1/stores/{store_code}/session"), ACME_LOG_IN, POS_TOKEN_COUNT(ACME_LOG_IN),
///       POS_TOKEN_PURPOSE_LOG_IN, 0, POS_TOKEN_METHOD_POST, POS_TOKEN_ENCODING_JSON,
///       POS_TOKEN_CLIENT_AUTH_BODY, POS_TOKEN_ANSWERS_TOKENS },
/// };
/// static const pos_token_member ACME_MEMBERS[] = {
///     { POS_TOKEN_TEXT("data.session.token"), POS_TOKEN_MEANING_ACCESS_TOKEN },
///     { POS_TOKEN_TEXT("data.session.ttl"), POS_TOKEN_MEANING_EXPIRES_IN },
///     { POS_TOKEN_TEXT("errors.0.code"), POS_TOKEN_MEANING_ERROR_CODE },
/// };
/// static const pos_token_span ACME_TRANSIENT[] = { POS_TOKEN_TEXT("BUSY") };
/// const pos_token_provider ACME = {
///     ACME_EXCHANGES, POS_TOKEN_COUNT(ACME_EXCHANGES),
///     ACME_MEMBERS, POS_TOKEN_COUNT(ACME_MEMBERS),
///     ACME_TRANSIENT, POS_TOKEN_COUNT(ACME_TRANSIENT),
///     POS_TOKEN_TEXT("acme"),   // name
///     POS_TOKEN_TEXT("Bearer"), // authorization_scheme
///     POS_TOKEN_NOTHING,        // hs512_alias
///     POS_TOKEN_NOTHING,        // success_code
///     0,                        // default_lifetime
///     0,                        // log_in_limit
///     POS_TOKEN_ROTATION_NO_REFRESH,
///     POS_TOKEN_MISSING_ZONE_REFUSE,
/// };
/// \endcode
///
/// pos_token_provider_check() belongs into a unit test of such a table.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_provider {
    /// The kinds of requests.
    pub exchanges: *const pos_token_exchange,
    /// How many there are.
    pub exchanges_len: usize,
    /// What the members of an answer mean.
    pub members: *const pos_token_member,
    /// How many there are, at most 16.
    pub members_len: usize,
    /// Codes of its own with which the provider refuses what it may grant later: each of 1 to 16 letters, digits and
    /// `_.-`. Another text is never found, and none of RFC 6749's codes, whose meaning is known.
    pub transient_codes: *const pos_token_span,
    /// How many there are.
    pub transient_codes_len: usize,
    /// The provider's name.
    pub name: pos_token_span,
    /// How the provider spells the scheme in `Authorization`.
    pub authorization_scheme: pos_token_span,
    /// Another name for `HS512` in the header of the provider's JWTs, or absent. `HS512` itself is always accepted.
    pub hs512_alias: pos_token_span,
    /// The code that means success, where a provider sends one with every answer; else absent.
    pub success_code: pos_token_span,
    /// How many seconds a token lives where nothing else tells; 0: not known.
    pub default_lifetime: u32,
    /// How many log-ins a minute the provider allows one client; 0: not known.
    pub log_in_limit: u16,
    /// One of pos_token_rotation.
    pub rotation: u8,
    /// One of pos_token_missing_zone.
    pub missing_zone: u8,
}

// SAFETY: nothing in this library writes to a table or to what it points at, and the ones here are constants.
unsafe impl Sync for pos_token_provider {}
// SAFETY: as above.
unsafe impl Sync for pos_token_exchange {}
// SAFETY: as above.
unsafe impl Sync for pos_token_parameter {}
// SAFETY: as above.
unsafe impl Sync for pos_token_member {}
// SAFETY: as above.
unsafe impl Sync for pos_token_span {}

/// LoyaltyDog: password grant as a form, JWTs, a second step with a code, no refresh.
#[unsafe(no_mangle)]
pub static POS_TOKEN_LOYALTY_DOG: pos_token_provider = loyalty_dog::TABLE;

/// Zype: password, or linked device and PIN, as JSON; refresh tokens that rotate; revocation.
#[unsafe(no_mangle)]
pub static POS_TOKEN_ZYPE: pos_token_provider = zype::TABLE;

/// Loyalife: client credentials as JSON, optionally bound to a member by a scope that
/// pos_token_json_string_array() writes; JWTs by HS512, whose other name stands in `hs512_alias`.
#[unsafe(no_mangle)]
pub static POS_TOKEN_LOYALIFE: pos_token_provider = loyalife::TABLE;

/// Open Loyalty: administrator, or member of a store where `store_code` is given; JWTs, refresh, log-out.
#[unsafe(no_mangle)]
pub static POS_TOKEN_OPEN_LOYALTY: pos_token_provider = open_loyalty::TABLE;

/// Any server of RFC 6749, the client's credentials as HTTP Basic. The paths are the endpoint's.
#[unsafe(no_mangle)]
pub static POS_TOKEN_RFC6749: pos_token_provider = rfc6749::TABLE;

/// POS_TOKEN_RFC6749 with the client's credentials among the parameters, for servers that want them there, and for
/// public clients.
#[unsafe(no_mangle)]
pub static POS_TOKEN_RFC6749_BODY: pos_token_provider = rfc6749_body::TABLE;

/// A table in C's form, made of the core's constant.
macro_rules! table {
    ($name:ident: $provider:ident) => {
        mod $name {
            use super::*;

            static PARAMETERS: [pos_token_parameter; count_parameters(&built_in::$provider)] =
                parameters(&built_in::$provider);
            static EXCHANGES: [pos_token_exchange; built_in::$provider.exchanges.len()] =
                exchanges(&built_in::$provider, PARAMETERS.as_ptr());
            static MEMBERS: [pos_token_member; built_in::$provider.members.len()] = members(&built_in::$provider);
            static TRANSIENT_CODES: [pos_token_span; built_in::$provider.transient_codes.len()] =
                transient_codes(&built_in::$provider);

            pub(super) const TABLE: pos_token_provider =
                provider(&built_in::$provider, &EXCHANGES, &MEMBERS, &TRANSIENT_CODES);
        }
    };
}

table!(loyalty_dog: LOYALTY_DOG);
table!(zype: ZYPE);
table!(loyalife: LOYALIFE);
table!(open_loyalty: OPEN_LOYALTY);
table!(rfc6749: RFC6749);
table!(rfc6749_body: RFC6749_BODY);

const NO_PARAMETER: pos_token_parameter =
    pos_token_parameter { name: pos_token_span::ABSENT, literal: pos_token_span::ABSENT, value: 0, field: 0 };

const fn count_parameters(provider: &Provider<'_>) -> usize {
    let (mut count, mut rest) = (0, provider.exchanges);
    while let [(_, parameters), behind @ ..] = rest {
        count += parameters.len();
        rest = behind;
    }
    count
}

/// The parameters of all exchanges, one after the other.
#[allow(clippy::indexing_slicing, clippy::as_conversions)] // at compile time
const fn parameters<const N: usize>(provider: &Provider<'static>) -> [pos_token_parameter; N] {
    let mut all = [NO_PARAMETER; N];
    let (mut next, mut rest) = (0, provider.exchanges);
    while let [(_, parameters), behind @ ..] = rest {
        let mut index = 0;
        while index < parameters.len() {
            let Parameter { name, value } = parameters[index];
            let (literal, value, field) = match value {
                Value::Literal(text) => (pos_token_span::of(text), pos_token_value::POS_TOKEN_VALUE_LITERAL, 0),
                Value::Required(field) => {
                    (pos_token_span::ABSENT, pos_token_value::POS_TOKEN_VALUE_REQUIRED, field as u8)
                }
                Value::Optional(field) => {
                    (pos_token_span::ABSENT, pos_token_value::POS_TOKEN_VALUE_OPTIONAL, field as u8)
                }
            };
            all[next] = pos_token_parameter { name: pos_token_span::of(name), literal, value: value as u8, field };
            next += 1;
            index += 1;
        }
        rest = behind;
    }
    all
}

#[allow(clippy::indexing_slicing, clippy::as_conversions)] // at compile time
const fn exchanges<const N: usize>(
    provider: &Provider<'static>,
    parameters: *const pos_token_parameter,
) -> [pos_token_exchange; N] {
    const NONE: pos_token_exchange = pos_token_exchange {
        path: pos_token_span::ABSENT,
        parameters: core::ptr::null(),
        parameters_len: 0,
        purpose: 0,
        when: 0,
        method: 0,
        encoding: 0,
        client_auth: 0,
        answer: 0,
    };
    let mut all = [NONE; N];
    let (mut before, mut index) = (0, 0);
    while index < N {
        let (exchange, own) = provider.exchanges[index];
        all[index] = pos_token_exchange {
            path: pos_token_span::of(exchange.path),
            parameters: parameters.wrapping_add(before),
            parameters_len: own.len(),
            purpose: exchange.purpose as u8,
            when: match exchange.when {
                Some(field) => field as u8,
                None => 0,
            },
            method: exchange.method as u8,
            encoding: exchange.encoding as u8,
            client_auth: exchange.client_auth as u8,
            answer: exchange.answer as u8,
        };
        before += own.len();
        index += 1;
    }
    all
}

#[allow(clippy::indexing_slicing, clippy::as_conversions)] // at compile time
const fn members<const N: usize>(provider: &Provider<'static>) -> [pos_token_member; N] {
    let mut all = [pos_token_member { path: pos_token_span::ABSENT, meaning: 0 }; N];
    let mut index = 0;
    while index < N {
        let Member { path, meaning } = provider.members[index];
        all[index] = pos_token_member { path: pos_token_span::of(path), meaning: meaning as u8 };
        index += 1;
    }
    all
}

#[allow(clippy::indexing_slicing)] // at compile time
const fn transient_codes<const N: usize>(provider: &Provider<'static>) -> [pos_token_span; N] {
    let mut all = [pos_token_span::ABSENT; N];
    let mut index = 0;
    while index < N {
        all[index] = pos_token_span::of(provider.transient_codes[index]);
        index += 1;
    }
    all
}

const fn optional(text: Option<&'static [u8]>) -> pos_token_span {
    match text {
        Some(text) => pos_token_span::of(text),
        None => pos_token_span::ABSENT,
    }
}

#[allow(clippy::as_conversions)] // at compile time
const fn provider(
    provider: &Provider<'static>,
    exchanges: &'static [pos_token_exchange],
    members: &'static [pos_token_member],
    transient_codes: &'static [pos_token_span],
) -> pos_token_provider {
    let settings = provider.settings;
    pos_token_provider {
        exchanges: exchanges.as_ptr(),
        exchanges_len: exchanges.len(),
        members: members.as_ptr(),
        members_len: members.len(),
        transient_codes: transient_codes.as_ptr(),
        transient_codes_len: transient_codes.len(),
        name: pos_token_span::of(settings.name),
        authorization_scheme: pos_token_span::of(settings.authorization_scheme),
        hs512_alias: optional(settings.hs512_alias),
        success_code: optional(settings.success_code),
        default_lifetime: match settings.default_lifetime {
            Some(seconds) => seconds,
            None => 0,
        },
        log_in_limit: match settings.log_in_limit {
            Some(count) => count,
            None => 0,
        },
        rotation: settings.rotation as u8,
        missing_zone: settings.missing_zone as u8,
    }
}

/// A table that is read where it stands. What cannot be read ends the list that it stands in, and is remembered.
pub(crate) struct Table<'a> {
    table: &'a pos_token_provider,
    pub(crate) reading: Reading<'a>,
    bad: Cell<Option<Fault>>,
    /// What was looked at once: the rows of exchanges; the parameters of one of these, up to the first that cannot be
    /// read, as they are asked for often.
    exchanges: Cell<Option<&'a [pos_token_exchange]>>,
    parameters: Cell<(usize, &'a [pos_token_parameter])>,
}

/// A row of the table of members that was looked at.
#[repr(transparent)]
pub(crate) struct MemberSeen(pos_token_member);

impl MemberSeen {
    /// # Safety
    /// [`Table::members`] found each of them good: its path is there and can be read, and its meaning is one.
    pub(crate) const unsafe fn all(rows: &[pos_token_member]) -> &[Self] {
        let start: *const [pos_token_member] = rows;
        // SAFETY: the same in another type, which is transparent and says what was done.
        unsafe { slice::from_raw_parts(start.cast(), rows.len()) }
    }
}

impl AsRef<[u8]> for MemberSeen {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: its path was looked at, and is not absent.
        unsafe {
            let path = self.0.path;
            core::hint::assert_unchecked(!path.ptr.is_null());
            slice::from_raw_parts(path.ptr, path.len)
        }
    }
}

impl MemberRow for MemberSeen {
    fn meaning(&self) -> Meaning {
        // SAFETY: it was found to be one.
        unsafe { read::meaning(self.0.meaning).unwrap_unchecked() }
    }
}

impl<'a> Table<'a> {
    #[inline(never)]
    pub(crate) fn new(provider: *const pos_token_provider, reading: Reading<'a>) -> Result<Self, Fault> {
        Ok(Self::of(reading.object(provider)?, reading))
    }

    /// To be used where the result stands.
    #[inline(always)]
    pub(crate) fn of(table: &'a pos_token_provider, reading: Reading<'a>) -> Self {
        Self {
            table,
            reading,
            bad: Cell::new(None),
            exchanges: Cell::new(None),
            parameters: Cell::new((usize::MAX, &[])),
        }
    }

    /// The same for a call that writes to these addresses; to be used where the result stands.
    #[inline(never)]
    pub(crate) fn beside(
        contract: Contract,
        written: &'a [Range],
        provider: *const pos_token_provider,
    ) -> Result<Self, Fault> {
        Self::new(provider, contract.writing(written))
    }

    /// What the work came to, unless the table could not be read.
    pub(crate) fn unless_bad<T, E: Into<Fault>>(&self, result: Result<T, E>) -> Result<T, Fault> {
        self.sound()?;
        result.map_err(Into::into)
    }

    /// Whether all that was read of it so far could be read.
    pub(crate) fn sound(&self) -> Result<(), Fault> {
        self.bad.get().map_or(Ok(()), Err)
    }

    /// Whether everything that an answer's reader needs of it can be read.
    pub(crate) fn check_answers(&self) -> Result<(), Fault> {
        let table = self.table;
        let exchanges = self.rows(table.exchanges, table.exchanges_len);
        self.up_to_fault(exchanges, |row| {
            let mut all_known = read::purpose(row.purpose).is_some()
                && (row.when == 0 || read::field(row.when).is_some())
                && read::method(row.method).is_some();
            if all_known {
                self.reading.look_at_text(row.path)?;
            }
            all_known = all_known
                && read::encoding(row.encoding).is_some()
                && read::client_auth(row.client_auth).is_some()
                && read::answers(row.answer).is_some();
            if all_known { Ok(()) } else { Err(Fault::INVALID_TABLE) }
        });
        let _ = self.members();
        self.up_to_fault(self.rows(table.transient_codes, table.transient_codes_len), |code| {
            self.reading.look_at_text(*code)
        });
        if table.members_len > MAX_MEMBERS {
            return Err(Fault::INVALID_TABLE);
        }
        self.check_settings()
    }

    /// Whether the settings can be read, and all that was read before.
    pub(crate) fn check_settings(&self) -> Result<(), Fault> {
        let _ = self.noting(self.look_at_settings());
        self.sound()
    }

    /// Of several faults the last is told.
    #[inline(never)]
    fn look_at_settings(&self) -> Result<(), Fault> {
        let table = self.table;
        let mut result = Ok(());
        for text in [table.name, table.authorization_scheme, table.hs512_alias, table.success_code] {
            result = self.reading.look_at_text(text).and(result);
        }
        if read::rotation(table.rotation).is_none() || read::missing_zone(table.missing_zone).is_none() {
            result = Err(Fault::INVALID_TABLE);
        }
        result
    }

    fn note(&self, fault: Fault) {
        // That it overlaps is the call's fault, and any other the table's.
        self.bad.set(Some(if fault == Fault::OVERLAP { fault } else { Fault::INVALID_TABLE }));
    }

    fn noting<T>(&self, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.note(fault)).ok()
    }

    fn rows<T>(&self, rows: *const T, count: usize) -> &'a [T] {
        self.noting(self.reading.slice(rows, count)).unwrap_or_default()
    }

    /// An absent text is as good as an empty one.
    #[inline(never)]
    fn text(&self, span: pos_token_span) -> Option<&'a [u8]> {
        self.noting(self.reading.look_at_text(span))?;
        // SAFETY: it was looked at.
        Some(unsafe { Reading::text_again(span) })
    }

    /// The rows before the first that cannot be read.
    fn up_to_fault<T>(&self, rows: &'a [T], look: impl Fn(&T) -> Result<(), Fault>) -> &'a [T] {
        let mut rest = rows;
        while let Some((row, behind)) = rest.split_first() {
            if let Err(fault) = look(row) {
                self.note(fault);
                break;
            }
            rest = behind;
        }
        rows.get(..rows.len().saturating_sub(rest.len())).unwrap_or_default()
    }

    fn exchange_row(&self, index: usize) -> Option<&'a pos_token_exchange> {
        let rows = self.exchanges.get().unwrap_or_else(|| {
            let rows = self.rows(self.table.exchanges, self.table.exchanges_len);
            self.exchanges.set(Some(rows));
            rows
        });
        rows.get(index)
    }

    #[inline(never)]
    fn readable_parameters(&self, exchange: usize) -> &'a [pos_token_parameter] {
        let row = self.exchange_row(exchange);
        let rows = row.map_or(&[][..], |row| self.rows(row.parameters, row.parameters_len));
        let rows = self.up_to_fault(rows, |row| {
            self.reading.look_at_text_inlined(row.name)?;
            if is_literal(row) {
                self.reading.look_at_text(row.literal)?;
            }
            value(row, &[]).map(drop).ok_or(Fault::INVALID_TABLE)
        });
        self.parameters.set((exchange, rows));
        rows
    }
}

/// What a row says, whose path `text` reads. Of two faults the first is told.
pub(crate) fn read_exchange<'a>(
    row: &pos_token_exchange,
    text: impl FnOnce(pos_token_span) -> Result<&'a [u8], Fault>,
) -> Result<Exchange<'a>, Fault> {
    const INVALID: Fault = Fault::INVALID_TABLE;
    Ok(Exchange {
        purpose: read::purpose(row.purpose).ok_or(INVALID)?,
        when: if row.when == 0 { None } else { Some(read::field(row.when).ok_or(INVALID)?) },
        method: read::method(row.method).ok_or(INVALID)?,
        path: text(row.path)?,
        encoding: read::encoding(row.encoding).ok_or(INVALID)?,
        client_auth: read::client_auth(row.client_auth).ok_or(INVALID)?,
        answer: read::answers(row.answer).ok_or(INVALID)?,
    })
}

#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
const fn is_literal(row: &pos_token_parameter) -> bool {
    row.value == pos_token_value::POS_TOKEN_VALUE_LITERAL as u8
}

/// Where a parameter's value comes from; `literal` is its own.
#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
fn value<'a>(row: &pos_token_parameter, literal: &'a [u8]) -> Option<Value<'a>> {
    const REQUIRED: u8 = pos_token_value::POS_TOKEN_VALUE_REQUIRED as u8;
    const OPTIONAL: u8 = pos_token_value::POS_TOKEN_VALUE_OPTIONAL as u8;
    match row.value {
        _ if is_literal(row) => Some(Value::Literal(literal)),
        REQUIRED => read::field(row.field).map(Value::Required),
        OPTIONAL => read::field(row.field).map(Value::Optional),
        _ => None,
    }
}

impl Dialect for Table<'_> {
    type Member = MemberSeen;

    fn exchange(&self, index: usize) -> Option<Exchange<'_>> {
        // As `Reading::text` does, without that call.
        let text = |path| {
            self.reading.look_at_text(path)?;
            // SAFETY: it was looked at.
            Ok(unsafe { Reading::text_again(path) })
        };
        self.noting(read_exchange(self.exchange_row(index)?, text))
    }

    fn parameter(&self, exchange: usize, index: usize) -> Option<Parameter<'_>> {
        self.parameters(exchange).nth(index)
    }

    #[inline(always)] // A request's two loops over its parameters then make none of a row but what they need.
    fn parameters(&self, exchange: usize) -> impl Iterator<Item = Parameter<'_>> {
        let rows = match self.parameters.get() {
            (whose, rows) if whose == exchange => rows,
            _ => self.readable_parameters(exchange),
        };
        rows.iter().map(|row| {
            // SAFETY: all three were looked at among the parameters that can be read, and no other literal is.
            unsafe {
                let literal = if is_literal(row) { Reading::text_again(row.literal) } else { &[] };
                Parameter { name: Reading::text_again(row.name), value: value(row, literal).unwrap_unchecked() }
            }
        })
    }

    #[inline(never)]
    fn members(&self) -> &[MemberSeen] {
        let rows = self.rows(self.table.members, self.table.members_len);
        let rows = self.up_to_fault(rows, |row| {
            self.reading.look_at_text(row.path)?;
            // A path may be empty, but is there, so that it can be read without a look at its length.
            let is_one = !row.path.ptr.is_null() && read::meaning(row.meaning).is_some();
            if is_one { Ok(()) } else { Err(Fault::INVALID_TABLE) }
        });
        // SAFETY: these were.
        unsafe { MemberSeen::all(rows) }
    }

    fn transient_code(&self, index: usize) -> Option<&[u8]> {
        self.text(*self.rows(self.table.transient_codes, self.table.transient_codes_len).get(index)?)
    }

    fn settings(&self) -> Settings<'_> {
        match self.noting(self.look_at_settings()) {
            // SAFETY: it was looked at.
            Some(()) => unsafe { Known::new(self.table) }.settings(),
            None => Settings { authorization_scheme: &[], ..Settings::new("") },
        }
    }
}

/// Looks at a whole table for what can be seen before anything is sent: every number, text and length; that paths and
/// the scheme of `Authorization` can be sent, that members can be found and one is the access token, that codes can be
/// met, that no parameter is without a name, and none of a request by GET. A table of one's own is best tried once, in a
/// unit test; the functions that take one look at no more than they need.
///
/// \return `POS_TOKEN_OK`; `POS_TOKEN_INVALID_PATH` of an exchange, `POS_TOKEN_INVALID_AUTHORIZATION` of the scheme,
/// `POS_TOKEN_INVALID_TABLE` of anything else; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED` and
/// `POS_TOKEN_INVALID_LENGTH` of `provider` itself.
///
/// Does not block; re-entrant.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pos_token_provider_check(provider: *const pos_token_provider) -> pos_token_status {
    // SAFETY: the caller keeps the contract.
    let contract = unsafe { Contract::kept() };
    report(|| {
        let mut table = Table::beside(contract, &[], provider);
        let table = opened(&mut table)?;
        table.check_answers()?;
        let slip = check_dialect(table);
        table.sound()?;
        slip.map_err(|slip| match slip {
            DialectError::Path(_) => Fault::INVALID_PATH,
            DialectError::AuthorizationScheme => Fault::INVALID_AUTHORIZATION,
            _ => Fault::INVALID_TABLE,
        })
    })
}
