//! JSON (RFC 8259): a writer for requests, a resumable reader and a selector for answers and claims.
//!
//! The reader takes its input in any pieces, holds none of it and follows no recursion, so a document of any size
//! takes the same few bytes of state.

mod number;
mod reader;
mod select;
mod writer;

pub use number::{Decimal, Rounded};
pub(crate) use number::{NoDigits, digits};
pub(crate) use reader::plain_member;
pub use reader::{Container, Event, JsonError, JsonErrorKind, MAX_DEPTH, NotText, Piece, Reader};
pub(crate) use select::{DuplicateMember, MAX_PATHS, Select, can_be_found};
#[cfg(feature = "serde")]
pub(crate) use writer::escape;
pub use writer::string_array;
pub(crate) use writer::strings;
