//! A provider's table that was looked at before.

use core::slice;

use pos_token_core::dialect::{Dialect, Exchange, MissingZone, Parameter, Rotation, Settings};

use crate::provider::{MemberSeen, pos_token_exchange, pos_token_provider, read_exchange};
use crate::span::{Reading, pos_token_span};
use crate::vocabulary as read;

/// What an answer's reader needs of a table that stays as it is, as that of an object does which was initialised with it.
/// So it is not looked at again with each call.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a>(&'a pos_token_provider);

impl<'a> Known<'a> {
    /// # Safety
    /// What is asked of it was found good, by [`check_answers`](crate::provider::Table::check_answers) or a part of that,
    /// nothing has changed since, and nothing does in this call.
    pub(crate) unsafe fn new(provider: *const pos_token_provider) -> Self {
        // SAFETY: it was looked at.
        Self(unsafe { &*provider })
    }

    /// # Safety
    /// They are rows of such a table.
    unsafe fn rows<T>(rows: *const T, count: usize) -> &'a [T] {
        if count == 0 {
            return &[];
        }
        // SAFETY: they were looked at.
        unsafe { slice::from_raw_parts(rows, count) }
    }

    fn exchanges(self) -> &'a [pos_token_exchange] {
        // SAFETY: they are the table's.
        unsafe { Self::rows(self.0.exchanges, self.0.exchanges_len) }
    }

    #[inline(always)] // Who asks wants one of them.
    pub(crate) fn settings(self) -> Settings<'a> {
        let table = self.0;
        // SAFETY: each is a text of the table, which was looked at.
        let text = |span| unsafe { Reading::text_again(span) };
        let optional = |span: pos_token_span| if span.is_absent() { None } else { Some(text(span)) };
        Settings {
            name: text(table.name),
            authorization_scheme: text(table.authorization_scheme),
            hs512_alias: optional(table.hs512_alias),
            success_code: optional(table.success_code),
            default_lifetime: Some(table.default_lifetime).filter(|seconds| *seconds != 0),
            log_in_limit: Some(table.log_in_limit).filter(|count| *count != 0),
            rotation: read::rotation(table.rotation).unwrap_or(Rotation::SingleUse),
            missing_zone: read::missing_zone(table.missing_zone).unwrap_or(MissingZone::Refuse),
        }
    }
}

impl Dialect for Known<'_> {
    type Member = MemberSeen;

    #[inline(always)]
    fn exchange(&self, index: usize) -> Option<Exchange<'_>> {
        // SAFETY: it was looked at.
        read_exchange(self.exchanges().get(index)?, |path| Ok(unsafe { Reading::text_again(path) })).ok()
    }

    /// No answer's reader asks for one, and none was looked at.
    fn parameter(&self, _exchange: usize, _index: usize) -> Option<Parameter<'_>> {
        None
    }

    fn members(&self) -> &[MemberSeen] {
        // SAFETY: they were looked at.
        unsafe { MemberSeen::all(Self::rows(self.0.members, self.0.members_len)) }
    }

    fn transient_code(&self, index: usize) -> Option<&[u8]> {
        // SAFETY: they are the table's, and each was looked at.
        unsafe {
            let codes = Self::rows(self.0.transient_codes, self.0.transient_codes_len);
            Some(Reading::text_again(*codes.get(index)?))
        }
    }

    #[inline(always)]
    fn settings(&self) -> Settings<'_> {
        Self::settings(*self)
    }
}
