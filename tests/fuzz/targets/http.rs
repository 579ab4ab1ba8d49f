#![no_main]
//! The reader of HTTP responses: the same result however the response is split.

use libfuzzer_sys::fuzz_target;
use pos_token::http::{Event, Head, HttpError, ResponseReader};
use pos_token_fuzz::{cuts_and_text, pieces};

#[derive(Debug, PartialEq)]
struct Outcome {
    head: Option<Head>,
    body: Vec<u8>,
    left: usize,
    ended: bool,
    reusable: bool,
    error: Option<HttpError>,
}

fn read(pieces: &[&[u8]]) -> Outcome {
    let mut reader = ResponseReader::new();
    let (mut head, mut body, mut ended, mut left) = (None, Vec::new(), false, 0);
    let mut take = |reader: &mut ResponseReader, mut input: &[u8]| -> Result<(), HttpError> {
        while let Some(event) = reader.next(&mut input)? {
            assert!(!ended, "nothing comes behind the end");
            match event {
                Event::Head => assert!(head.replace(reader.head().clone()).is_none()),
                Event::Body(piece) => {
                    assert!(head.is_some() && !piece.is_empty());
                    body.extend_from_slice(piece);
                }
                Event::End => ended = true,
            }
        }
        assert!(ended || input.is_empty());
        left += input.len();
        Ok(())
    };
    let mut result = pieces.iter().try_for_each(|piece| take(&mut reader, piece));
    if result.is_ok() {
        result = reader.end_of_input().and_then(|()| take(&mut reader, b""));
        assert_eq!(result.is_ok(), ended, "a response that is not complete is truncated");
    }
    if let Err(error) = result {
        assert_eq!(reader.next(&mut &b"HTTP/1.1 200 OK\r\n\r\n"[..]), Err(error), "an error stays");
        // After an error nobody asks what is left.
        left = 0;
    }
    assert!(!reader.reusable() || ended);
    if let Some(head) = &head {
        assert!((200..1000).contains(&head.status()));
    }
    Outcome { head, body, left, ended, reusable: reader.reusable(), error: result.err() }
}

fuzz_target!(|data: &[u8]| {
    let (cuts, response) = cuts_and_text(data);
    let expected = read(&[response]);
    assert_eq!(read(&pieces(response, cuts)), expected);
    assert_eq!(read(&response.chunks(1).collect::<Vec<_>>()), expected);
    if let (Some(head), true) = (&expected.head, expected.ended) {
        let length = head.content_length().filter(|_| !matches!(head.status(), 204 | 304));
        assert!(length.is_none_or(|length| length as usize == expected.body.len()));
    }
});
