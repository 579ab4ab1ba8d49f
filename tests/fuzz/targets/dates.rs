#![no_main]
//! Dates: what is read is what jiff and httpdate read.

use std::time::UNIX_EPOCH;

use libfuzzer_sys::fuzz_target;
use pos_token::time::{MissingZone, UnixTime, parse_http_date, parse_rfc3339};

fuzz_target!(|text: &[u8]| {
    if let Ok(time) = parse_rfc3339(text, MissingZone::Refuse) {
        let text = core::str::from_utf8(text).expect("a date is ASCII");
        // jiff takes a leap second for the second before it, ends a day before the year 10000 does, and reads no more
        // than nine digits of a fraction.
        let (mut short, mut digits) = (String::new(), 0);
        for letter in text.chars() {
            digits = if letter == '.' || (digits > 0 && letter.is_ascii_digit()) { digits + 1 } else { 0 };
            short.extend(Some(letter).filter(|_| digits <= 10));
        }
        if !text.contains(":60") && time.seconds() < 253_402_200_000 {
            let theirs: jiff::Timestamp = short.parse().expect("read by ours alone");
            assert_eq!(theirs.as_nanosecond().div_euclid(1_000_000_000), i128::from(time.seconds()), "{text}");
        }
        assert_eq!(parse_rfc3339(text.as_bytes(), MissingZone::Utc), Ok(time));
        round_trip(time);
    } else if let Ok(time) = parse_rfc3339(text, MissingZone::Utc) {
        assert_eq!(parse_rfc3339(&[text, b"Z"].concat(), MissingZone::Refuse), Ok(time));
    }
    if let Ok(time) = parse_http_date(text) {
        let text = core::str::from_utf8(text).expect("a date is ASCII");
        // httpdate minds the weekday and takes the century of two digits otherwise; ours takes less for an error.
        if let Ok(theirs) = httpdate::parse_http_date(text)
            && !text.contains('-')
        {
            let seconds = theirs.duration_since(UNIX_EPOCH).map_or(-1, |since| since.as_secs() as i64);
            assert_eq!(seconds, time.seconds(), "{text}");
        }
        round_trip(time);
    } else if let Ok(text) = core::str::from_utf8(text)
        && let Ok(theirs) = httpdate::parse_http_date(text)
    {
        // What httpdate writes, ours reads.
        let imf = httpdate::fmt_http_date(theirs);
        assert!(parse_http_date(imf.as_bytes()).is_ok(), "{imf}");
    }
});

fn round_trip(time: UnixTime) {
    if (-62_167_219_200..=253_402_300_799).contains(&time.seconds()) {
        assert_eq!(parse_rfc3339(time.to_string().as_bytes(), MissingZone::Refuse), Ok(time));
    }
}
