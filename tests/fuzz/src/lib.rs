//! What the targets share.

/// The pieces of `text` that `cuts` asks for: each of its bytes is the length of one, around and around; the rest of
/// the text is the last piece.
pub fn pieces<'t>(text: &'t [u8], cuts: &[u8]) -> Vec<&'t [u8]> {
    let mut pieces = Vec::new();
    let mut rest = text;
    for length in cuts.iter().cycle().take(if cuts.is_empty() { 0 } else { 64 }) {
        let Some((piece, tail)) = rest.split_at_checked(usize::from(*length)) else { break };
        pieces.push(piece);
        rest = tail;
    }
    pieces.push(rest);
    pieces
}

/// Takes the first few bytes of a fuzzer's input for the cuts, and the rest for the text.
pub fn cuts_and_text(data: &[u8]) -> (&[u8], &[u8]) {
    data.split_at(data.len().min(4))
}
