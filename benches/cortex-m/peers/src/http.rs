//! W5: the head and the chunks of an answer that is in memory as a whole; the body is joined, its JSON is not read.

use httparse::{EMPTY_HEADER, Response, Status, parse_chunk_size};

use crate::{Job, Out};

/// Where the body begins, once the head is whole.
fn head(text: &[u8]) -> Option<Option<usize>> {
    let mut headers = [EMPTY_HEADER; 32];
    let mut response = Response::new(&mut headers);
    let Status::Complete(len) = response.parse(text).ok()? else { return Some(None) };
    let is_chunked = response
        .headers
        .iter()
        .any(|header| header.name.eq_ignore_ascii_case("Transfer-Encoding") && header.value == b"chunked");
    if response.code == Some(200) && is_chunked { Some(Some(len)) } else { None }
}

fn chunks(mut text: &[u8], out: &mut Out<'_>) -> Option<()> {
    loop {
        let Status::Complete((before, len)) = parse_chunk_size(text).ok()? else { return None };
        if len == 0 {
            return Some(());
        }
        let end = before.checked_add(usize::try_from(len).ok()?)?;
        out.push(text.get(before..end)?)?;
        text = text.get(end..)?.strip_prefix(b"\r\n")?;
    }
}

/// Parsed once, when all of it is there.
pub fn whole(job: &mut Job) -> Option<usize> {
    let (text, mut out) = (job.text(), job.out());
    chunks(text.get(head(text)??..)?, &mut out)?;
    Some(out.len)
}

/// With each 63 bytes that come the head is tried again, as the library wants it.
pub fn in_pieces(job: &mut Job) -> Option<usize> {
    let (text, mut out) = (job.text(), job.out());
    let mut there = 0;
    let body = loop {
        there = text.len().min(there + 63);
        match head(text.get(..there)?)? {
            Some(body) => break body,
            None if there == text.len() => return None,
            None => {}
        }
    };
    chunks(text.get(body..)?, &mut out)?;
    Some(out.len)
}
