//! The caller's memory: what it lends, and the checks before anything of it is touched.

use core::mem::MaybeUninit;
use core::ptr::null_mut;
use core::slice;

use pos_token_core::is_utf8;
use zeroize::optimization_barrier;

use crate::status::{Fault, Unwritten};

/// Bytes that the caller lends for the time of a call: a text, a secret, a piece of an answer. Not ended by a NUL.
/// Where `ptr` is NULL and `len` is 0, they are absent; where `ptr` is not NULL and `len` is 0, they are empty.
///
/// POS_TOKEN_TEXT("…") makes one of a literal where an object is initialised; pos_token_text() and pos_token_bytes()
/// make one anywhere.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pos_token_span {
    /// The first byte.
    pub ptr: *const u8,
    /// How many there are.
    pub len: usize,
}

impl pos_token_span {
    pub(crate) const ABSENT: Self = Self { ptr: core::ptr::null(), len: 0 };

    pub(crate) fn is_absent(self) -> bool {
        self.ptr.is_null() && self.len == 0
    }

    /// Of bytes that never go away.
    pub(crate) const fn of(bytes: &'static [u8]) -> Self {
        Self { ptr: bytes.as_ptr(), len: bytes.len() }
    }
}

/// Addresses, of which nothing is read or written through this.
#[derive(Clone, Copy)]
pub(crate) struct Range {
    start: usize,
    end: usize,
}

impl Range {
    /// Overlaps none.
    pub(crate) const NONE: Self = Self { start: usize::MAX, end: 0 };

    /// Of so many objects, in memory that could be the caller's.
    pub(crate) fn of<T>(start: *const T, count: usize) -> Result<Self, Fault> {
        Self::new(start.addr(), len_of::<T>(count), align_of::<T>())
    }

    fn new(start: usize, len: usize, align: usize) -> Result<Self, Fault> {
        if isize::try_from(len).is_err() {
            return Err(Fault::INVALID_LENGTH);
        }
        if start == 0 && len != 0 {
            return Err(Fault::NULL_POINTER);
        }
        if start & (align - 1) != 0 {
            return Err(Fault::MISALIGNED);
        }
        let end = start.checked_add(len).ok_or(Fault::INVALID_LENGTH)?;
        Ok(Self { start, end })
    }

    /// Whether there is one. A function for all who want no more than that.
    #[inline(never)]
    fn check(start: usize, len: usize, align: usize) -> Result<(), Fault> {
        Self::new(start, len, align).map(drop)
    }

    /// Of what [`of`](Self::of) found to be possible.
    pub(crate) fn known<T>(start: *const T, count: usize) -> Self {
        Self { start: start.addr(), end: start.addr().wrapping_add(len_of::<T>(count)) }
    }

    /// The smallest range that these lie in.
    fn around(ranges: &[Self]) -> Self {
        let mut around = Self::NONE;
        for range in ranges {
            around = Self { start: around.start.min(range.start), end: around.end.max(range.end) };
        }
        around
    }

    /// # Errors
    /// `OVERLAP` where it has a byte in common with one of them.
    #[inline(never)]
    pub(crate) fn clear_of(self, others: &[Self]) -> Result<(), Fault> {
        self.clear_of_inlined(others)
    }

    /// The same where it is asked often.
    #[inline(always)]
    pub(crate) fn clear_of_inlined(self, others: &[Self]) -> Result<(), Fault> {
        for other in others {
            if self.overlaps(*other) {
                return Err(Fault::OVERLAP);
            }
        }
        Ok(())
    }

    pub(crate) const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// How many bytes so many objects take; more than there can be where they are too many.
fn len_of<T>(count: usize) -> usize {
    count.saturating_mul(size_of::<T>())
}

/// # Errors
/// `OVERLAP` where any two have a byte in common.
pub(crate) fn distinct(ranges: &[Range]) -> Result<(), Fault> {
    let mut rest = ranges;
    while let [first, others @ ..] = rest {
        first.clear_of(others)?;
        rest = others;
    }
    Ok(())
}

/// That the caller of a C function keeps the contract of the header's front page: its pointers are NULL, misaligned, or
/// good for what the function does with them until it returns, and nothing else uses what is written meanwhile. What
/// holds one may follow such a pointer once it was checked, so every function of the C interface begins by making one.
#[derive(Clone, Copy)]
pub(crate) struct Contract(());

impl Contract {
    /// # Safety
    /// It is kept, for every pointer that comes with the call.
    pub(crate) const unsafe fn kept() -> Self {
        Self(())
    }

    /// For reading in a call that writes to these addresses.
    #[inline(never)]
    pub(crate) fn writing(self, written: &[Range]) -> Reading<'_> {
        Reading { written, around: Range::around(written), contract: self }
    }

    /// For reading in a call that writes nothing but its results, at its end.
    pub(crate) fn reading(self) -> Reading<'static> {
        self.writing(&[])
    }
}

/// Reads the caller's memory in one call, and none that the call writes to.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'w> {
    written: &'w [Range],
    /// All of that lies in there: most of what is read does not, and needs no closer look.
    around: Range,
    pub(crate) contract: Contract,
}

impl Reading<'_> {
    /// That nothing is read that is written.
    pub(crate) fn check(&self, range: Range) -> Result<(), Fault> {
        if range.overlaps(self.around) { range.clear_of_inlined(self.written) } else { Ok(()) }
    }

    /// That so many objects can be read there: if aligned, they are looked at as a text is. Of a length that cannot be,
    /// nothing else is told.
    #[inline(always)]
    fn look<T>(&self, ptr: *const T, count: usize) -> Result<(), Fault> {
        let len = len_of::<T>(count);
        if !ptr.is_aligned() && isize::try_from(len).is_ok() {
            return Err(Fault::MISALIGNED);
        }
        self.look_at_text(pos_token_span { ptr: ptr.cast(), len })
    }

    /// One object.
    pub(crate) fn object<'a, T>(&self, ptr: *const T) -> Result<&'a T, Fault> {
        self.look(ptr, 1)?;
        // SAFETY: not NULL, aligned and not written to, as was checked; the rest is the contract.
        Ok(unsafe { &*ptr })
    }

    /// An object that may be absent.
    pub(crate) fn optional<'a, T>(&self, ptr: *const T) -> Result<Option<&'a T>, Fault> {
        if ptr.is_null() { Ok(None) } else { self.object(ptr).map(Some) }
    }

    /// Several objects, none where `count` is 0.
    pub(crate) fn slice<'a, T>(&self, ptr: *const T, count: usize) -> Result<&'a [T], Fault> {
        if count == 0 {
            return Ok(&[]);
        }
        self.look(ptr, count)?;
        // SAFETY: not NULL, aligned, of a possible length and not written to, as was checked; the rest is the contract.
        Ok(unsafe { slice::from_raw_parts(ptr, count) })
    }

    /// A span, which may be absent.
    pub(crate) fn span<'a>(&self, span: pos_token_span) -> Result<Option<&'a [u8]>, Fault> {
        if span.is_absent() { Ok(None) } else { self.text(span).map(Some) }
    }

    /// A span where an absent one is as good as an empty one.
    #[inline(never)]
    pub(crate) fn text<'a>(&self, span: pos_token_span) -> Result<&'a [u8], Fault> {
        self.look_at_text(span)?;
        // SAFETY: it was looked at.
        Ok(unsafe { Self::text_again(span) })
    }

    /// That a text can be read, which is looked at most often.
    #[inline(never)]
    pub(crate) fn look_at_text(&self, span: pos_token_span) -> Result<(), Fault> {
        self.look_at_text_inlined(span)
    }

    /// The same without a call, for a loop over many.
    #[inline(always)]
    pub(crate) fn look_at_text_inlined(&self, span: pos_token_span) -> Result<(), Fault> {
        if span.len == 0 {
            return Ok(());
        }
        self.check(Range::of(span.ptr, span.len)?)
    }

    /// A text that was looked at before.
    ///
    /// # Safety
    /// [`look_at_text`](Self::look_at_text) or [`text`](Self::text) found it good, and nothing has changed since: in this
    /// call, or where the contract says that it stays as it is.
    pub(crate) unsafe fn text_again<'a>(span: pos_token_span) -> &'a [u8] {
        if span.len == 0 {
            return &[];
        }
        // SAFETY: not NULL, of a possible length and not written to, as was checked; the rest is the contract.
        unsafe { slice::from_raw_parts(span.ptr, span.len) }
    }
}

/// Bytes as a text, where they are one.
pub(crate) fn utf8(bytes: &[u8]) -> Option<&str> {
    // SAFETY: it is UTF-8.
    is_utf8(bytes).then(|| unsafe { core::str::from_utf8_unchecked(bytes) })
}

/// A buffer that is written to, NULL only where it has no bytes.
#[derive(Clone, Copy)]
pub(crate) struct Buffer {
    pub(crate) start: *mut u8,
    pub(crate) len: usize,
    _contract: Contract,
}

impl Buffer {
    pub(crate) fn new(contract: Contract, start: *mut u8, len: usize) -> Result<Self, Fault> {
        Range::of(start, len)?;
        Ok(Self { start, len, _contract: contract })
    }

    pub(crate) fn range(&self) -> Range {
        Range::known(self.start, self.len)
    }

    /// The bytes, while nothing else uses them.
    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        if self.len == 0 {
            return &mut [];
        }
        // SAFETY: not NULL and of a possible length, as was checked; the rest is the contract.
        unsafe { slice::from_raw_parts_mut(self.start, self.len) }
    }

    /// The bytes, while nothing writes to them.
    pub(crate) fn shared(&self) -> &[u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: not NULL and of a possible length, as was checked; the rest is the contract.
        unsafe { slice::from_raw_parts(self.start, self.len) }
    }

    pub(crate) fn wipe(&mut self) {
        let bytes = self.bytes();
        bytes.fill(0);
        optimization_barrier(bytes);
    }
}

/// Where a function writes bytes, and how many there are: nothing is written before the input was checked.
#[derive(Clone, Copy)]
pub(crate) struct Output {
    buffer: Buffer,
    out_len: Place<usize>,
}

impl Output {
    #[inline(never)]
    pub(crate) fn new(contract: Contract, (buf, len, out_len): (*mut u8, usize, *mut usize)) -> Result<Self, Fault> {
        // Where there is no room, that overlaps nothing.
        let buf = if len == 0 { null_mut() } else { buf };
        let (buffer, out_len) = (Buffer::new(contract, buf, len)?, Place::new_inlined(contract, out_len)?);
        if buffer.range().overlaps(out_len.range()) {
            return Err(Fault::OVERLAP);
        }
        Ok(Self { buffer, out_len })
    }

    /// What is written, for [`Reading`].
    pub(crate) fn range(&self) -> [Range; 2] {
        [self.buffer.range(), self.out_len.range()]
    }

    /// Has the buffer written, and tells the caller how much that is, or would have to be.
    pub(crate) fn fill(mut self, write: impl FnOnce(&mut [u8]) -> Result<usize, Unwritten>) -> Result<(), Fault> {
        let (count, result) = match write(self.buffer.bytes()) {
            Ok(count) => (count, Ok(())),
            Err(Unwritten::BufferTooSmall(needed)) => (needed, Err(Fault::BUFFER_TOO_SMALL)),
            Err(other) => return Err(other.into()),
        };
        self.out_len.put(count);
        result
    }
}

/// Where one result goes, at the end and only in success.
pub(crate) struct Place<T> {
    place: *mut T,
    _contract: Contract,
}

impl<T> Clone for Place<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Place<T> {}

impl<T> Place<T> {
    pub(crate) fn new(contract: Contract, place: *mut T) -> Result<Self, Fault> {
        Range::check(place.addr(), size_of::<T>(), align_of::<T>())?;
        Ok(Self { place, _contract: contract })
    }

    /// The same without a call, for functions that are called often.
    #[inline(always)]
    pub(crate) fn new_inlined(contract: Contract, place: *mut T) -> Result<Self, Fault> {
        Range::of(place, 1)?;
        Ok(Self { place, _contract: contract })
    }

    pub(crate) fn range(&self) -> Range {
        Range::known(self.place, 1)
    }

    pub(crate) fn put(self, value: T) {
        self.make(|place| {
            place.write(value);
        });
    }

    /// Has a large result made where it goes.
    pub(crate) fn make(self, work: impl FnOnce(&mut MaybeUninit<T>)) {
        // SAFETY: not NULL and aligned, as was checked; the rest is the contract.
        work(unsafe { &mut *self.place.cast() });
    }
}

/// Clears an object in a way that the compiler may not leave out.
///
/// # Safety
/// It is aligned and good for writing, and what zeros are not good for is not read from it again.
pub(crate) unsafe fn wipe<T>(object: *mut T) {
    // SAFETY: the caller's promise.
    let object = unsafe { &mut *object.cast::<MaybeUninit<T>>() };
    *object = MaybeUninit::zeroed();
    optimization_barrier(object);
}
