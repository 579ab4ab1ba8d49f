//! What can be wrong with a response.

use core::fmt;

/// Why a response cannot be read. The reader stays failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpError {
    /// It does not begin with `HTTP/1.0` or `HTTP/1.1`, a status of three digits and a reason, which may be empty.
    BadStatusLine,
    /// A field has no colon, no name, a byte in its name that names do not have, or a control in its value.
    BadHeaderLine,
    /// Whitespace stands between a field's name and the colon.
    SpaceBeforeColon,
    /// A field that matters here goes on in a second line (obs-fold). In others, that is skipped.
    FoldedField,
    /// A CR without its LF.
    BareCr,
    /// `Content-Length` is not a number.
    BadContentLength,
    /// `Content-Length` is above 2³²−1.
    ContentLengthOverflow,
    /// `Content-Length` says two things.
    ConflictingContentLength,
    /// Both `Content-Length` and `Transfer-Encoding` are there, as in an attempt at smuggling.
    LengthAndTransferCoding,
    /// `Transfer-Encoding` is not just `chunked`.
    UnknownTransferCoding,
    /// A chunk does not begin with its size in hexadecimal.
    BadChunkSize,
    /// A chunk's size is above 2³²−1.
    ChunkSizeOverflow,
    /// A chunk is longer than its size says.
    MissingChunkEnd,
    /// Head, chunk sizes and trailers together are over 64 KiB.
    TooMuchOverhead,
    /// The connection was closed before the response was complete.
    Truncated,
    /// The connection ended before the first byte of a response, as one does that was kept open too long.
    NoResponse,
}

impl HttpError {
    /// The stable short code.
    pub const fn code(self) -> u16 {
        match self {
            Self::BadStatusLine => 301,
            Self::BadHeaderLine => 302,
            Self::SpaceBeforeColon => 303,
            Self::FoldedField => 304,
            Self::BareCr => 305,
            Self::BadContentLength => 306,
            Self::ContentLengthOverflow => 307,
            Self::ConflictingContentLength => 308,
            Self::LengthAndTransferCoding => 309,
            Self::UnknownTransferCoding => 310,
            Self::BadChunkSize => 311,
            Self::ChunkSizeOverflow => 312,
            Self::MissingChunkEnd => 313,
            Self::TooMuchOverhead => 314,
            Self::Truncated => 315,
            Self::NoResponse => 316,
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadStatusLine => "the response has no valid status line",
            Self::BadHeaderLine => "the response has an invalid header line",
            Self::SpaceBeforeColon => "a header has a space before its colon",
            Self::FoldedField => "a header that matters is folded",
            Self::BareCr => "the response has a CR without LF",
            Self::BadContentLength => "Content-Length is not a number",
            Self::ContentLengthOverflow => "Content-Length is too large",
            Self::ConflictingContentLength => "Content-Length contradicts itself",
            Self::LengthAndTransferCoding => "both Content-Length and Transfer-Encoding",
            Self::UnknownTransferCoding => "Transfer-Encoding is not chunked",
            Self::BadChunkSize => "a chunk has no valid size",
            Self::ChunkSizeOverflow => "a chunk is too large",
            Self::MissingChunkEnd => "a chunk is longer than its size",
            Self::TooMuchOverhead => "the head of the response is too large",
            Self::Truncated => "the response is truncated",
            Self::NoResponse => "the connection ended before any response",
        })
    }
}

impl core::error::Error for HttpError {}
