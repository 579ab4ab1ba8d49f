//! The caller's memory: what it lends, and the checks before anything of it is touched.

use core::slice;

use zeroize::optimization_barrier;

use crate::status::Fault;

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
    /// Of so many objects, in memory that could be the caller's.
    pub(crate) fn of<T>(start: *const T, count: usize) -> Result<Self, Fault> {
        Self::new(start.addr(), count, size_of::<T>(), align_of::<T>())
    }

    fn new(start: usize, count: usize, size: usize, align: usize) -> Result<Self, Fault> {
        let len = count.checked_mul(size).filter(|len| isize::try_from(*len).is_ok()).ok_or(Fault::INVALID_LENGTH)?;
        if start == 0 && len != 0 {
            return Err(Fault::NULL_POINTER);
        }
        if start & (align - 1) != 0 {
            return Err(Fault::MISALIGNED);
        }
        let end = start.checked_add(len).ok_or(Fault::INVALID_LENGTH)?;
        Ok(Self { start, end })
    }

    /// # Errors
    /// `OVERLAP` where the two have a byte in common.
    pub(crate) fn clear_of(self, others: &[Self]) -> Result<(), Fault> {
        for other in others {
            if self.start < other.end && other.start < self.end {
                return Err(Fault::OVERLAP);
            }
        }
        Ok(())
    }
}

/// Reads the caller's memory in one call, and none that the call writes to.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'w> {
    pub(crate) written: &'w [Range],
}

impl Reading<'_> {
    /// One object.
    ///
    /// # Safety
    /// `ptr` is NULL, misaligned, or good for reading one `T` while `'a` lasts.
    pub(crate) unsafe fn object<'a, T>(self, ptr: *const T) -> Result<&'a T, Fault> {
        Range::of(ptr, 1)?.clear_of(self.written)?;
        // SAFETY: not NULL, aligned and of a possible length, which was checked; the rest is the caller's promise.
        Ok(unsafe { &*ptr })
    }

    /// An object that may be absent.
    ///
    /// # Safety
    /// As [`object`](Self::object).
    pub(crate) unsafe fn optional<'a, T>(self, ptr: *const T) -> Result<Option<&'a T>, Fault> {
        if ptr.is_null() {
            return Ok(None);
        }
        // SAFETY: the caller's promise is that of this function.
        unsafe { self.object(ptr) }.map(Some)
    }

    /// Several objects, none where `count` is 0.
    ///
    /// # Safety
    /// As [`object`](Self::object), for `count` of them.
    pub(crate) unsafe fn slice<'a, T>(self, ptr: *const T, count: usize) -> Result<&'a [T], Fault> {
        if count == 0 {
            return Ok(&[]);
        }
        Range::of(ptr, count)?.clear_of(self.written)?;
        // SAFETY: not NULL, aligned and of a possible length, which was checked; the rest is the caller's promise.
        Ok(unsafe { slice::from_raw_parts(ptr, count) })
    }

    /// A span, which may be absent.
    ///
    /// # Safety
    /// The span is absent or good for reading while `'a` lasts.
    pub(crate) unsafe fn span<'a>(self, span: pos_token_span) -> Result<Option<&'a [u8]>, Fault> {
        if span.ptr.is_null() && span.len == 0 {
            return Ok(None);
        }
        // SAFETY: the caller's promise is that of this function.
        unsafe { self.slice(span.ptr, span.len) }.map(Some)
    }
}

/// Where a function writes bytes, and how many there are: nothing is written before the input was checked.
pub(crate) struct Output {
    start: *mut u8,
    range: Range,
    out_len: Place<usize>,
}

impl Output {
    /// # Errors
    /// What is wrong with the buffer, which is NULL only where its length is 0, or with `out_len`.
    pub(crate) fn new(buf: *mut u8, buf_len: usize, out_len: *mut usize) -> Result<Self, Fault> {
        Ok(Self { start: buf, range: Range::of(buf, buf_len)?, out_len: Place::new(out_len)? })
    }

    /// What is written, for [`Reading`].
    pub(crate) fn range(&self) -> [Range; 1] {
        [self.range]
    }

    /// Has the buffer written, and tells the caller how much that is, or would have to be.
    ///
    /// # Safety
    /// The buffer is good for writing, and nothing that `write` reads overlaps it.
    pub(crate) unsafe fn fill(self, write: impl FnOnce(&mut [u8]) -> Result<usize, Fault>) -> Result<(), Fault> {
        let len = self.range.end - self.range.start;
        let written = if len == 0 {
            write(&mut [])
        } else {
            // SAFETY: not NULL and of a possible length, which was checked; the rest is the caller's promise.
            write(unsafe { slice::from_raw_parts_mut(self.start, len) })
        };
        match written {
            // SAFETY: the caller's promise for `out_len`.
            Ok(count) | Err(Fault::BufferTooSmall(count)) => unsafe { self.out_len.put(count) },
            Err(_) => {}
        }
        written.map(drop)
    }
}

/// Where one result goes, at the end and only in success.
#[derive(Clone, Copy)]
pub(crate) struct Place<T>(*mut T);

impl<T> Place<T> {
    /// # Errors
    /// `NULL_POINTER`, `MISALIGNED`.
    pub(crate) fn new(place: *mut T) -> Result<Self, Fault> {
        Range::of(place, 1)?;
        Ok(Self(place))
    }

    /// # Safety
    /// The place is good for writing one `T`.
    pub(crate) unsafe fn put(self, value: T) {
        // SAFETY: not NULL and aligned, which was checked; the rest is the caller's promise.
        unsafe { self.0.write(value) }
    }
}

/// Clears memory in a way that the compiler may not leave out.
pub(crate) fn wipe<T>(memory: &mut [core::mem::MaybeUninit<T>]) {
    // SAFETY: zeros are bytes, and whatever is made of these, it is made by an initialising function first.
    unsafe { core::ptr::write_bytes(memory.as_mut_ptr(), 0, memory.len()) }
    optimization_barrier(memory);
}
