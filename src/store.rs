//! Where tokens live: one arena that the caller lends.

use core::cell::Cell;
use core::fmt;
use core::ops::{Deref, DerefMut};

use crate::secret::{Secret, wipe};
use crate::words::{Class, copy_while};

/// The texts that a store can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub enum Slot {
    AccessToken,
    RefreshToken,
    PendingToken,
    Scope,
    ServerText,
}

impl Slot {
    const COUNT: usize = 5;

    #[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
    const fn index(self) -> usize {
        self as usize
    }
}

/// Some of the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slots(u8);

impl Slots {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn with(self, slot: Slot) -> Self {
        Self(self.0 | 1 << slot.index())
    }

    const fn has(self, index: usize) -> bool {
        self.0 & 1 << (index & 7) != 0
    }
}

/// Holds the tokens in use and, behind them, those of an answer that is still arriving.
///
/// An answer never touches the tokens in use until it is whole and grants new ones; any other outcome wipes only what
/// it brought. So the arena has to hold the old texts and the new ones at once; the README has a table. Its length
/// counts up to 65,535 bytes. What was written is wiped when the store is dropped; `Debug` shows lengths only.
///
/// ```
/// let mut arena = [0; 512];
/// let store = pos_token::TokenStore::new(&mut arena);
/// assert!(store.access_token().is_none());
/// ```
pub struct TokenStore<'a> {
    arena: &'a mut [u8],
    state: Kept<'a>,
}

/// A store's own state is wiped with it; one that is lent stays, with its texts.
enum Kept<'a> {
    Own(StoreState),
    Lent(&'a mut StoreState),
}

impl Deref for Kept<'_> {
    type Target = StoreState;

    fn deref(&self) -> &StoreState {
        match self {
            Self::Own(state) => state,
            Self::Lent(state) => state,
        }
    }
}

impl DerefMut for Kept<'_> {
    fn deref_mut(&mut self) -> &mut StoreState {
        match self {
            Self::Own(state) => state,
            Self::Lent(state) => state,
        }
    }
}

/// What a [`TokenStore`] knows of its arena: plain data, for callers that keep arena and state apart between calls.
///
/// ```
/// use pos_token::{StoreState, TokenStore};
///
/// struct Till {
///     arena: [u8; 1024],
///     tokens: StoreState,
/// }
///
/// impl Till {
///     fn with_store<R>(&mut self, work: impl FnOnce(&mut TokenStore) -> R) -> R {
///         let mut store = TokenStore::from_parts(&mut self.arena, core::mem::take(&mut self.tokens));
///         let result = work(&mut store);
///         (_, self.tokens) = store.into_parts();
///         result
///     }
/// }
/// ```
#[derive(Debug, Default)]
pub struct StoreState {
    in_use: [Span; Slot::COUNT],
    arrived: [Span; Slot::COUNT],
    /// Of which texts there is an arriving one, be it empty.
    begun: Slots,
    /// How often tokens were taken into use; it goes on when the store is cleared.
    grants: u16,
    /// Where the texts in use end, and where those that arrived would, had they room.
    in_use_end: u32,
    end: u32,
}

/// Where a text stands; one of no bytes is none.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u16,
    len: u16,
}

impl Span {
    const NONE: Self = Self { start: 0, len: 0 };

    fn of(self, arena: &[u8]) -> Option<&[u8]> {
        arena.get(usize::from(self.start)..)?.get(..usize::from(self.len)).filter(|text| !text.is_empty())
    }
}

/// What can be asked of a state and its arena where neither may be written to, as those of the C interface.
impl StoreState {
    /// A text in use.
    #[doc(hidden)]
    #[must_use]
    pub fn text<'s>(&self, arena: &'s [u8], slot: Slot) -> Option<&'s [u8]> {
        span(&self.in_use, slot).of(arena)
    }

    /// [`TokenStore::arriving_access_token`].
    #[doc(hidden)]
    #[must_use]
    pub fn arriving_access_token<'s>(&self, arena: &'s [u8]) -> Option<&'s [u8]> {
        if self.shortage(arena).is_some() || !self.begun.has(Slot::AccessToken.index()) {
            return None;
        }
        Some(span(&self.arrived, Slot::AccessToken).of(arena).unwrap_or_default())
    }

    fn shortage(&self, arena: &[u8]) -> Option<u32> {
        (index(self.end) > usable(arena)).then_some(self.end)
    }
}

impl<'a> TokenStore<'a> {
    /// An empty store in this arena, whose content is overwritten as texts arrive.
    #[must_use]
    pub fn new(arena: &'a mut [u8]) -> Self {
        Self::from_parts(arena, StoreState::default())
    }

    /// A store again, from what [`into_parts`](Self::into_parts) gave. Dropping it wipes its texts, so that whoever keeps
    /// the parts has to take it apart on every way out; the state is moved in, and nothing stale stays behind. With
    /// another arena or another state its texts are wrong or absent, but nothing outside the arena is touched.
    #[must_use]
    pub fn from_parts(arena: &'a mut [u8], state: StoreState) -> Self {
        Self { arena, state: Kept::Own(state) }
    }

    /// A store whose state stays where it is. Dropping it wipes nothing: that is left to who lends the two.
    /// Otherwise as [`from_parts`](Self::from_parts).
    #[must_use]
    pub fn lent(arena: &'a mut [u8], state: &'a mut StoreState) -> Self {
        Self { arena, state: Kept::Lent(state) }
    }

    /// Takes the store apart without wiping anything.
    #[must_use]
    pub fn into_parts(mut self) -> (&'a mut [u8], StoreState) {
        (core::mem::take(&mut self.arena), core::mem::take(&mut *self.state))
    }

    /// The access token in use.
    #[must_use]
    pub fn access_token(&self) -> Option<Secret<'_>> {
        self.text(Slot::AccessToken).map(Secret::from)
    }

    /// The refresh token in use.
    #[must_use]
    pub fn refresh_token(&self) -> Option<Secret<'_>> {
        self.text(Slot::RefreshToken).map(Secret::from)
    }

    /// The pending token of a log-in whose code is still missing.
    #[must_use]
    pub fn pending_token(&self) -> Option<Secret<'_>> {
        self.text(Slot::PendingToken).map(Secret::from)
    }

    /// The scope that was granted, where the answer's reader was asked to keep it.
    #[must_use]
    pub fn scope(&self) -> Option<&[u8]> {
        self.text(Slot::Scope)
    }

    /// The server's words about the last answer, where the reader was asked to keep them; they are wiped when the next
    /// one begins. They may echo a password.
    #[must_use]
    pub fn server_text(&self) -> Option<Secret<'_>> {
        self.text(Slot::ServerText).map(Secret::from)
    }

    /// Wipes everything, the tokens in use too.
    pub fn clear(&mut self) {
        self.wipe_from(0);
        *self.state = StoreState { grants: self.state.grants, ..StoreState::default() };
    }

    #[inline(never)] // One function for all who ask.
    pub(crate) fn text(&self, slot: Slot) -> Option<&[u8]> {
        self.state.text(self.arena, slot)
    }

    /// Wipes what an answer brought that was not taken into use. Readers do so by themselves; it is for callers that
    /// keep an [`AnswerState`](crate::AnswerState) and give it up.
    pub fn discard(&mut self) {
        if self.state.begun == Slots::NONE && self.state.end == self.state.in_use_end {
            return;
        }
        self.wipe_from(self.state.in_use_end);
        let state = &mut *self.state;
        state.arrived = [Span::NONE; Slot::COUNT];
        state.begun = Slots::NONE;
        state.end = state.in_use_end;
    }

    /// Wipes from there to the end of what was ever written: behind that, nothing was.
    fn wipe_from(&mut self, start: u32) {
        let end = index(self.state.end).min(self.arena.len());
        if let Some(used) = self.arena.get_mut(index(start)..end) {
            wipe(used);
        }
    }

    /// A text begins to arrive. `false`: there is one already.
    pub(crate) fn begin(&mut self, slot: Slot) -> bool {
        let state = &mut *self.state;
        if state.begun.has(slot.index()) {
            return false;
        }
        state.begun = state.begun.with(slot);
        if let Some(span) = state.arrived.get_mut(slot.index()) {
            span.start = u16::try_from(state.end).unwrap_or(u16::MAX);
        }
        true
    }

    /// More of the text that began last, as far as the bytes are of this class; gives back what follows those. What has no
    /// room is counted.
    pub(crate) fn push<'b>(&mut self, slot: Slot, bytes: &'b [u8], class: Class) -> &'b [u8] {
        let rest = copy_while(self.room(), bytes, class);
        self.count(slot, bytes.len().saturating_sub(rest.len()));
        rest
    }

    fn room(&mut self) -> &mut [u8] {
        let (start, end) = (index(self.state.end), usable(self.arena));
        self.arena.get_mut(start..end).unwrap_or_default()
    }

    fn count(&mut self, slot: Slot, len: usize) {
        let state = &mut *self.state;
        let len = u32::try_from(len).unwrap_or(u32::MAX);
        state.end = state.end.saturating_add(len);
        if let Some(span) = state.arrived.get_mut(slot.index()) {
            span.len = span.len.saturating_add(u16::try_from(len).unwrap_or(u16::MAX));
        }
    }

    /// Whether a text that is not empty has arrived.
    pub(crate) fn arrived(&self, slot: Slot) -> bool {
        span(&self.state.arrived, slot).len > 0
    }

    /// The access token of the answer that is arriving, as far as it has and while all of that has room; it is not in use
    /// yet.
    #[must_use]
    pub fn arriving_access_token(&self) -> Option<Secret<'_>> {
        self.state.arriving_access_token(self.arena).map(Secret::from)
    }

    /// Tells the tokens that are in use from those before them and behind them.
    pub(crate) fn grants(&self) -> u16 {
        self.state.grants
    }

    /// How large the arena has to be for what arrived, where it is not.
    pub(crate) fn shortage(&self) -> Option<u32> {
        self.state.shortage(self.arena)
    }

    /// How large the arena has to be for as many bytes of tokens again as are in use, where it is not.
    #[doc(hidden)]
    #[must_use]
    pub fn needed_again(&self) -> Option<u32> {
        let tokens = [Slot::AccessToken, Slot::RefreshToken].map(|slot| span(&self.state.in_use, slot).len);
        let needed = tokens.iter().fold(self.state.in_use_end, |sum, len| sum.saturating_add((*len).into()));
        (index(needed) > usable(self.arena)).then_some(needed)
    }

    /// Takes into use what arrived, of these slots; of the others what is in use stays where `keep` says so. Moves all
    /// of it to the front and wipes the rest.
    pub(crate) fn settle(&mut self, take: Slots, keep: Slots) {
        let state = &mut *self.state;
        let gives_up = |(index, span): (usize, &Span)| span.len > 0 && !keep.has(index);
        if take == Slots::NONE && !state.in_use.iter().enumerate().any(gives_up) {
            return self.discard();
        }
        if take.has(Slot::AccessToken.index()) {
            state.grants = state.grants.wrapping_add(1);
        }
        for (index, (in_use, arrived)) in state.in_use.iter_mut().zip(&state.arrived).enumerate() {
            if take.has(index) && arrived.len > 0 {
                *in_use = *arrived;
            } else if !keep.has(index) {
                *in_use = Span::NONE;
            }
        }
        // Texts move to lower addresses only, the lowest first, so none overwrites one that has yet to move. Those that
        // were moved stand before the end.
        let mut end = 0;
        for _ in 0..Slot::COUNT {
            let mut next: Option<&mut Span> = None;
            for span in &mut state.in_use {
                if span.len > 0 && span.start >= end && next.as_ref().is_none_or(|next| span.start < next.start) {
                    next = Some(span);
                }
            }
            let Some(next) = next else { break };
            move_down(self.arena, *next, end);
            next.start = end;
            end = end.saturating_add(next.len);
        }
        state.in_use_end = u32::from(end);
        self.discard();
    }
}

impl Drop for TokenStore<'_> {
    fn drop(&mut self) {
        if matches!(self.state, Kept::Own(_)) {
            self.clear();
        }
    }
}

impl fmt::Debug for TokenStore<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let len = |slot| span(&self.state.in_use, slot).len;
        f.debug_struct("TokenStore")
            .field("arena_len", &self.arena.len())
            .field("access_token_len", &len(Slot::AccessToken))
            .field("refresh_token_len", &len(Slot::RefreshToken))
            .field("pending_token_len", &len(Slot::PendingToken))
            .finish()
    }
}

/// Moves a text to a lower address.
fn move_down(arena: &mut [u8], span: Span, start: u16) {
    if span.start == start {
        return;
    }
    let (from, to, len) = (usize::from(span.start), usize::from(start), usize::from(span.len));
    if let Some((below, text)) = arena.split_at_mut_checked(from)
        && let (Some(room), Some(text)) = (below.get_mut(to..to + len), text.get(..len))
    {
        copy_while(room, text, Class::Any);
        return;
    }
    // It overlaps its new place.
    let cells = Cell::from_mut(arena).as_slice_of_cells();
    let text = cells.get(from..).unwrap_or(&[]).iter().take(len);
    let room = cells.get(to..).unwrap_or(&[]);
    room.iter().zip(text).for_each(|(to, from)| to.set(from.get()));
}

/// How much of an arena counts, in bytes: as much as places and lengths can tell.
fn usable(arena: &[u8]) -> usize {
    arena.len().min(usize::from(u16::MAX))
}

fn index(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

fn span(spans: &[Span; Slot::COUNT], slot: Slot) -> Span {
    spans.get(slot.index()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrive(store: &mut TokenStore<'_>, slot: Slot, text: &[u8]) {
        assert!(store.begin(slot));
        for byte in text {
            store.push(slot, &[*byte], Class::Any);
        }
    }

    fn exposed(secret: Option<Secret<'_>>) -> Option<&[u8]> {
        secret.map(Secret::expose)
    }

    #[test]
    fn an_answer_in_every_order() {
        use Slot::{AccessToken as A, RefreshToken as R, Scope as S};
        for order in [[A, R, S], [A, S, R], [R, A, S], [R, S, A], [S, A, R], [S, R, A]] {
            let mut arena = [0; 128];
            let mut store = TokenStore::new(&mut arena);
            for (round, text) in [(&b"one-"[..]), b"second-", b"3-"].into_iter().enumerate() {
                store.discard();
                for slot in order {
                    arrive(&mut store, slot, text);
                    store.push(slot, std::format!("{slot:?}").as_bytes(), Class::Any);
                }
                assert!(!store.begin(A));
                assert_eq!(store.shortage(), None, "{round}");
                store.settle(Slots::NONE.with(A).with(R).with(S), Slots::NONE);
                let expected = |slot: Slot| [text, std::format!("{slot:?}").as_bytes()].concat();
                assert_eq!(exposed(store.access_token()), Some(&expected(A)[..]));
                assert_eq!(exposed(store.refresh_token()), Some(&expected(R)[..]));
                assert_eq!(store.scope(), Some(&expected(S)[..]));
                let used = 3 * text.len() + 11 + 12 + 5;
                assert!(store.arena[used..].iter().all(|b| *b == 0));
            }
            drop(store);
            assert_eq!(arena, [0; 128]);
        }
    }

    #[test]
    fn what_is_kept_moves_to_the_front() {
        let mut arena = [0; 40];
        let mut store = TokenStore::new(&mut arena);
        arrive(&mut store, Slot::AccessToken, b"access-1");
        arrive(&mut store, Slot::RefreshToken, b"refresh-1");
        store.settle(Slots::NONE.with(Slot::AccessToken).with(Slot::RefreshToken), Slots::NONE);
        arrive(&mut store, Slot::AccessToken, b"access-2-longer");
        assert_eq!(exposed(store.access_token()), Some(&b"access-1"[..]));
        store.settle(Slots::NONE.with(Slot::AccessToken), Slots::NONE.with(Slot::RefreshToken));
        assert_eq!(exposed(store.access_token()), Some(&b"access-2-longer"[..]));
        assert_eq!(exposed(store.refresh_token()), Some(&b"refresh-1"[..]));
        assert!(store.arena[24..].iter().all(|b| *b == 0));
    }

    #[test]
    fn every_arena_size() {
        for size in 0..40 {
            let mut arena = [0; 40];
            let mut store = TokenStore::new(&mut arena[..size]);
            arrive(&mut store, Slot::AccessToken, b"0123456789");
            arrive(&mut store, Slot::RefreshToken, b"abcdefghij");
            if size < 20 {
                assert_eq!(store.shortage(), Some(20));
                store.discard();
                assert!(store.access_token().is_none());
            } else {
                assert_eq!(store.shortage(), None);
                store.settle(Slots::NONE.with(Slot::AccessToken).with(Slot::RefreshToken), Slots::NONE);
                assert_eq!(exposed(store.access_token()), Some(&b"0123456789"[..]));
            }
            drop(store);
            assert!(arena[..size].iter().all(|b| *b == 0));
        }
    }

    /// Behind 65,535 bytes there is no room, however large the arena is.
    #[test]
    fn no_room_in_the_back_of_a_large_arena() {
        for (len, again) in [(32_767, None), (32_768, Some(65_536)), (65_535, Some(131_070))] {
            let mut arena = std::vec![0; 200_000];
            let mut store = TokenStore::new(&mut arena);
            arrive(&mut store, Slot::AccessToken, &std::vec![b'a'; len]);
            assert_eq!(store.shortage(), None);
            store.settle(Slots::NONE.with(Slot::AccessToken), Slots::NONE);
            assert_eq!(store.needed_again(), again, "{len}");
            arrive(&mut store, Slot::AccessToken, &std::vec![b'b'; len]);
            assert_eq!(store.shortage(), again, "{len}");
        }
    }

    #[test]
    fn foreign_parts_do_no_harm() {
        let mut large = [1; 64];
        let mut store = TokenStore::new(&mut large);
        arrive(&mut store, Slot::AccessToken, &[7; 50]);
        store.settle(Slots::NONE.with(Slot::AccessToken), Slots::NONE);
        let (_, state) = store.into_parts();
        let mut small = [0; 8];
        let mut store = TokenStore::from_parts(&mut small, state);
        assert!(store.access_token().is_none());
        store.discard();
        assert!(store.begin(Slot::AccessToken));
        store.push(Slot::AccessToken, b"x", Class::Any);
        assert_eq!(store.shortage(), Some(51));
        store.settle(Slots::NONE.with(Slot::AccessToken), Slots::NONE);
    }
}
