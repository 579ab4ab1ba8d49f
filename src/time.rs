//! Moments in time, as servers write them: RFC 3339 and the three forms of an HTTP-date.
//!
//! Nothing here reads a clock. Both readers take the whole text, never panic, and refuse whatever is not exactly such
//! a date.

use core::cmp::Reverse;
use core::fmt;
use core::num::NonZeroU64;

const MINUTE: i32 = 60;
const HOUR: i32 = 60 * MINUTE;
const DAY: i32 = 24 * HOUR;

/// The days from 0000-01-01 to 1970-01-01.
const DAYS_TO_1970: i32 = 719_528;

/// 9999-12-31T23:59:59Z, the end of the last year of four digits.
pub(crate) const LAST_SECOND: i64 = 253_402_300_799;

/// The days of a year of 365 days that lie before each month.
const DAYS_BEFORE_MONTH: [u16; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

const MONTHS: [[u8; 3]; 12] =
    [*b"Jan", *b"Feb", *b"Mar", *b"Apr", *b"May", *b"Jun", *b"Jul", *b"Aug", *b"Sep", *b"Oct", *b"Nov", *b"Dec"];

/// The names of the days, each in its short form and what the long form adds to it.
const DAY_NAMES: [([u8; 3], &[u8]); 7] = [
    (*b"Mon", b"day"),
    (*b"Tue", b"sday"),
    (*b"Wed", b"nesday"),
    (*b"Thu", b"rsday"),
    (*b"Fri", b"day"),
    (*b"Sat", b"urday"),
    (*b"Sun", b"day"),
];

/// A moment: seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Arithmetic saturates, so that no sum of a server's numbers can wrap around; the last second of `i64` counts as the
/// one before it, so that an `Option<UnixTime>` takes eight bytes too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime(
    /// How far it lies before the last second of `i64`, which is never 0; so in the reverse order.
    Reverse<NonZeroU64>,
);

impl UnixTime {
    /// The moment that lies so many seconds after (or, negative, before) 1970-01-01T00:00:00Z.
    #[inline(never)]
    pub const fn from_seconds(seconds: i64) -> Self {
        match NonZeroU64::new((seconds ^ i64::MAX).cast_unsigned()) {
            Some(before_last) => Self(Reverse(before_last)),
            None => Self(Reverse(NonZeroU64::MIN)),
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn seconds(self) -> i64 {
        self.0.0.get().cast_signed() ^ i64::MAX
    }

    /// So many seconds later, or the last moment that there is.
    #[inline(never)]
    pub fn plus(self, seconds: u32) -> Self {
        Self::from_seconds(self.seconds().saturating_add(i64::from(seconds)))
    }

    /// So many seconds earlier, or the first moment that there is.
    #[inline(never)]
    pub fn minus(self, seconds: u32) -> Self {
        Self::from_seconds(self.seconds().saturating_sub(i64::from(seconds)))
    }

    /// The seconds from `earlier` to this moment, negative where `earlier` is in fact the later one; saturating.
    #[inline(never)]
    pub const fn since(self, earlier: Self) -> i64 {
        self.seconds().saturating_sub(earlier.seconds())
    }

    /// The seconds from `now` to this moment: 0 where it has passed, and the most there are where they do not fit.
    #[inline(never)]
    pub(crate) fn left(self, now: Self) -> u32 {
        u32::try_from(self.since(now).max(0)).unwrap_or(u32::MAX)
    }
}

impl fmt::Debug for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnixTime").field(&self.seconds()).finish()
    }
}

/// RFC 3339 in UTC, as in `2026-03-16T15:15:02Z`. A year beyond 0000–9999 has a sign or more digits.
impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.seconds();
        let (days, second) = (seconds.div_euclid(DAY.into()), seconds.rem_euclid(DAY.into()));
        let (hour, minute) = (second / i64::from(HOUR), second / i64::from(MINUTE) % 60);
        let (year, month, day) = civil(days);
        // The sign counts as a digit of the width.
        let width = if year < 0 { 5 } else { 4 };
        write!(f, "{year:0width$}-{month:02}-{day:02}T")?;
        write!(f, "{hour:02}:{minute:02}:{:02}Z", second % 60)
    }
}

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// The text is not written as such a date is, or something follows it.
    Syntax,
    /// There is no such day, time or offset: a thirteenth month, a 29 February in a common year, an hour 24.
    Range,
    /// A second 60 where no leap second can be: those come at 23:59:60 UTC only.
    LeapSecond,
    /// The text ends without saying which zone it is in.
    NoZone,
}

impl DateError {
    /// The stable short code.
    pub const fn code(self) -> u16 {
        match self {
            Self::Syntax => 381,
            Self::Range => 382,
            Self::LeapSecond => 383,
            Self::NoZone => 384,
        }
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "not written as a date",
            Self::Range => "no such day, time or offset",
            Self::LeapSecond => "a leap second at another time than 23:59:60 UTC",
            Self::NoZone => "a date without a time zone",
        })
    }
}

impl core::error::Error for DateError {}

/// What [`parse_rfc3339`] makes of a text that ends without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum MissingZone {
    /// It is an error, as RFC 3339 has it.
    Refuse = 1,
    /// It is UTC, for servers that are known to leave it out.
    Utc = 2,
}

/// Reads an RFC 3339 `date-time`, as in `2026-03-16T20:45:02.1234567+05:30`.
///
/// A fraction may have any number of digits and is dropped, which floors to the second. `T` may also be `t` or a
/// space, `Z` may be `z`. A leap second counts as the second after it.
///
/// # Errors
///
/// - [`DateError::Syntax`]: the text does not follow the grammar of RFC 3339, section 5.6;
/// - [`DateError::Range`]: it does, but there is no such day, time or offset (section 5.7);
/// - [`DateError::LeapSecond`]: the second is 60 and the time is not 23:59 in UTC;
/// - [`DateError::NoZone`]: the zone is missing and `zone` is [`MissingZone::Refuse`].
pub fn parse_rfc3339(text: &[u8], zone: MissingZone) -> Result<UnixTime, DateError> {
    let (mut text, mut date) = (Text(text), Date::default());
    text.read(b"0000-11-22", &mut date)?;
    let Some(b'T' | b't' | b' ') = text.next() else { return Err(DateError::Syntax) };
    text.read(b"33:44:55", &mut date)?;
    let mut next = text.next();
    if next == Some(b'.') {
        let Some(b'0'..=b'9') = text.next() else { return Err(DateError::Syntax) };
        next = text.next();
        while let Some(b'0'..=b'9') = next {
            next = text.next();
        }
    }
    let offset = match next {
        Some(b'Z' | b'z') => 0,
        Some(b'+') => text.offset()?,
        Some(b'-') => -text.offset()?,
        Some(_) => return Err(DateError::Syntax),
        None if zone == MissingZone::Utc => 0,
        None => return Err(DateError::NoZone),
    };
    text.end()?;
    date.at(offset)
}

/// Reads an HTTP-date of RFC 9110, section 5.6.7, in any of its three forms:
///
/// - `Sun, 06 Nov 1994 08:49:37 GMT`, which servers are to write;
/// - `Sunday, 06-Nov-94 08:49:37 GMT`, the obsolete form of RFC 850: years 70 to 99 are in the twentieth century, the
///   others in the twenty-first, since there is no clock here to say more;
/// - `Sun Nov  6 08:49:37 1994`, that of C's `asctime`.
///
/// As the RFC has it, names are case-sensitive and the zone is `GMT`. The name of the day has to be one, but not that
/// of the date's own day, which adds nothing. A leap second counts as the second after it.
///
/// # Errors
///
/// - [`DateError::Syntax`]: the text is none of the three forms;
/// - [`DateError::Range`]: it is, but there is no such day or time;
/// - [`DateError::LeapSecond`]: the second is 60 and the time is not 23:59.
pub fn parse_http_date(text: &[u8]) -> Result<UnixTime, DateError> {
    let (mut text, mut date) = (Text(text), Date::default());
    let rest_of_name = text.day_name()?;
    let has_long_name = text.passes(rest_of_name);
    let (before_month, behind_month): (&[u8], &[u8]) = if has_long_name {
        (b", 22-", b"-00 33:44:55 GMT")
    } else if text.0.first() == Some(&b',') {
        (b", 22 ", b" 0000 33:44:55 GMT")
    } else if text.0.get(5) == Some(&b' ') {
        // The day has one digit, with a space before it.
        (b" ", b"  2 33:44:55 0000")
    } else {
        (b" ", b" 22 33:44:55 0000")
    };
    text.read(before_month, &mut date)?;
    date.0[MONTH] = text.month_name()?;
    text.read(behind_month, &mut date)?;
    if has_long_name {
        date.0[YEAR] += if date.0[YEAR] < 70 { 2000 } else { 1900 };
    }
    text.end()?;
    date.at(0)
}

/// What is left of a text.
struct Text<'t>(&'t [u8]);

impl Text<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Passes over these bytes, if they come next.
    fn passes(&mut self, bytes: &[u8]) -> bool {
        let rest = self.0.strip_prefix(bytes);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Reads what looks like this. A digit stands for any digit, of the part of the date that has this number.
    fn read(&mut self, form: &[u8], date: &mut Date) -> Result<(), DateError> {
        let (given, rest) = self.0.split_at_checked(form.len()).ok_or(DateError::Syntax)?;
        self.0 = rest;
        for (byte, due) in given.iter().zip(form) {
            match date.0.get_mut(usize::from(due.wrapping_sub(b'0'))) {
                Some(number) if byte.is_ascii_digit() => *number = *number * 10 + u16::from(byte - b'0'),
                None if byte == due => {}
                _ => return Err(DateError::Syntax),
            }
        }
        Ok(())
    }

    fn three(&mut self) -> Result<[u8; 3], DateError> {
        let (three, rest) = self.0.split_first_chunk().ok_or(DateError::Syntax)?;
        self.0 = rest;
        Ok(*three)
    }

    /// `Nov`, as 11.
    fn month_name(&mut self) -> Result<u16, DateError> {
        let name = self.three()?;
        let found = (1..).zip(&MONTHS).find(|(_, month)| **month == name);
        found.map(|(number, _)| number).ok_or(DateError::Syntax)
    }

    /// `Sun`, and what would make it the long form, `day`.
    fn day_name(&mut self) -> Result<&'static [u8], DateError> {
        let name = self.three()?;
        let found = DAY_NAMES.iter().find(|(short, _)| *short == name);
        found.map(|(_, rest)| *rest).ok_or(DateError::Syntax)
    }

    /// `05:30`, in seconds.
    fn offset(&mut self) -> Result<i32, DateError> {
        let mut ahead = Date::default();
        self.read(b"33:44", &mut ahead)?;
        ahead.time_of_day()
    }

    fn end(&self) -> Result<(), DateError> {
        if self.0.is_empty() { Ok(()) } else { Err(DateError::Syntax) }
    }
}

/// The parts of a date, checked for nothing yet but their number of digits: year, month, day, hour, minute, second.
#[derive(Default)]
struct Date([u16; 6]);

const YEAR: usize = 0;
const MONTH: usize = 1;

impl Date {
    /// The moment, where the zone is so many seconds ahead of UTC.
    fn at(&self, offset: i32) -> Result<UnixTime, DateError> {
        let days = self.days()? - DAYS_TO_1970;
        let time = self.time_of_day()? - offset;
        // A leap second counts as the midnight after it; at any other time, it is none.
        let [.., second] = self.0;
        if second == 60 && time != 0 && time != DAY {
            return Err(DateError::LeapSecond);
        }
        Ok(UnixTime::from_seconds(i64::from(days) * i64::from(DAY) + i64::from(time)))
    }

    /// The days since 0000-01-01.
    fn days(&self) -> Result<i32, DateError> {
        let [year, month, day, ..] = self.0;
        let leap_year = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days_in_month = match month {
            2 if leap_year => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if day < 1 || day > days_in_month {
            return Err(DateError::Range);
        }
        let before_month = DAYS_BEFORE_MONTH.get(usize::from(month).wrapping_sub(1)).ok_or(DateError::Range)?;
        // Every year before this one that is divisible by 4 had a leap day, and so on; year 0 is the first.
        let centuries = year.div_ceil(100);
        let leap_days = year.div_ceil(4) - centuries + centuries.div_ceil(4);
        let leap_day = u16::from(leap_year && month > 2);
        Ok(i32::from(year) * 365 + i32::from(leap_days + before_month + leap_day + day) - 1)
    }

    /// The seconds since midnight.
    fn time_of_day(&self) -> Result<i32, DateError> {
        let [.., hour, minute, second] = self.0;
        if hour > 23 || minute > 59 || second > 60 {
            return Err(DateError::Range);
        }
        Ok(i32::from(hour) * HOUR + i32::from(minute) * MINUTE + i32::from(second))
    }
}

/// The date of the day that lies so many days after 1970-01-01: year, month, day.
fn civil(days: i64) -> (i64, i64, i64) {
    // Counted from 0000-03-01, so that a leap day ends its year, and in eras of 400 years, which are all of one length.
    let days = days + i64::from(DAYS_TO_1970) - 60;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    // Before counting in years of 365 days, take out the leap days: of every 4 years, but 100, and the last one of all.
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (year * 365 + year / 4 - year / 100);
    // From March on, the months' lengths repeat every five months, of 153 days.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    // January and February belong to the next year.
    if month < 10 { (era * 400 + year, month + 3, day) } else { (era * 400 + year + 1, month - 9, day) }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::{String, ToString};
    use std::time::{SystemTime, UNIX_EPOCH};
    use std::vec::Vec;

    use super::DateError::{LeapSecond, NoZone, Range, Syntax};
    use super::*;
    use crate::trial::Random;

    /// Each text, and its seconds or why it is refused, where a missing zone is.
    const RFC3339: &[(&str, Result<i64, DateError>)] = &[
        ("1970-01-01T00:00:00Z", Ok(0)),
        ("2026-03-16T15:15:02Z", Ok(1_773_674_102)),
        ("2026-03-16t15:15:02z", Ok(1_773_674_102)),
        ("2026-03-16 15:15:02Z", Ok(1_773_674_102)),
        ("2026-03-16T15:15:02.0Z", Ok(1_773_674_102)),
        ("2026-03-16T15:15:02.9999999Z", Ok(1_773_674_102)),
        ("2026-03-16T15:15:02.99999999999999999999999999Z", Ok(1_773_674_102)),
        ("2026-03-16T15:15:02+00:00", Ok(1_773_674_102)),
        ("2026-03-16T15:15:02-00:00", Ok(1_773_674_102)),
        ("2026-03-16T20:45:02.1234567+05:30", Ok(1_773_674_102)),
        ("2026-03-16T11:15:02-04:00", Ok(1_773_674_102)),
        ("2026-03-17T15:14:02+23:59", Ok(1_773_674_102)),
        ("1969-12-31T23:59:59.5Z", Ok(-1)),
        ("0000-01-01T00:00:00Z", Ok(-62_167_219_200)),
        ("0000-01-01T00:00:00+23:59", Ok(-62_167_305_540)),
        ("9999-12-31T23:59:59Z", Ok(253_402_300_799)),
        ("9999-12-31T23:59:59-23:59", Ok(253_402_387_139)),
        ("2000-02-29T00:00:00Z", Ok(951_782_400)),
        ("1900-02-29T00:00:00Z", Err(Range)),
        ("2026-02-29T00:00:00Z", Err(Range)),
        ("2024-02-29T00:00:00Z", Ok(1_709_164_800)),
        ("2024-02-30T00:00:00Z", Err(Range)),
        ("2026-04-31T00:00:00Z", Err(Range)),
        ("2026-00-01T00:00:00Z", Err(Range)),
        ("2026-13-01T00:00:00Z", Err(Range)),
        ("2026-01-00T00:00:00Z", Err(Range)),
        ("2026-01-32T00:00:00Z", Err(Range)),
        ("2026-01-01T24:00:00Z", Err(Range)),
        ("2026-01-01T00:60:00Z", Err(Range)),
        ("2026-01-01T00:00:61Z", Err(Range)),
        ("2026-01-01T00:00:00+24:00", Err(Range)),
        ("2026-01-01T00:00:00-00:60", Err(Range)),
        ("2016-12-31T23:59:60Z", Ok(1_483_228_800)),
        ("2016-12-31T23:59:60.25Z", Ok(1_483_228_800)),
        ("2017-01-01T00:59:60+01:00", Ok(1_483_228_800)),
        ("2016-12-31T15:59:60-08:00", Ok(1_483_228_800)),
        ("2016-12-31T23:59:60+01:00", Err(LeapSecond)),
        ("2016-12-31T23:58:60Z", Err(LeapSecond)),
        ("2016-12-31T00:00:60Z", Err(LeapSecond)),
        ("9999-12-31T23:59:60Z", Ok(253_402_300_800)),
        ("2026-03-16T15:15:02", Err(NoZone)),
        ("2026-03-16T15:15:02.123", Err(NoZone)),
        ("", Err(Syntax)),
        ("2026-03-16", Err(Syntax)),
        ("2026-03-16T15:15:02.Z", Err(Syntax)),
        ("2026-03-16T15:15:02.", Err(Syntax)),
        ("2026-03-16T15:15:02,5Z", Err(Syntax)),
        ("2026-03-16T15:15Z", Err(Syntax)),
        ("2026-03-16T15:15:02ZZ", Err(Syntax)),
        ("2026-03-16T15:15:02 Z", Err(Syntax)),
        ("2026-03-16T15:15:02Z ", Err(Syntax)),
        (" 2026-03-16T15:15:02Z", Err(Syntax)),
        ("2026-03-16T15:15:02+0530", Err(Syntax)),
        ("2026-03-16T15:15:02+05", Err(Syntax)),
        ("2026-03-16T15:15:02+05:3", Err(Syntax)),
        ("2026-03-16T15:15:02+05:300", Err(Syntax)),
        ("2026-03-16_15:15:02Z", Err(Syntax)),
        ("2026/03/16T15:15:02Z", Err(Syntax)),
        ("20260316T151502Z", Err(Syntax)),
        ("+2026-03-16T15:15:02Z", Err(Syntax)),
        ("-026-03-16T15:15:02Z", Err(Syntax)),
        ("2026-3-16T15:15:02Z", Err(Syntax)),
        ("2026-03-16T15:15:\u{0662}Z", Err(Syntax)),
    ];

    const HTTP_DATES: &[(&str, Result<i64, DateError>)] = &[
        ("Sun, 06 Nov 1994 08:49:37 GMT", Ok(784_111_777)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", Ok(784_111_777)),
        ("Sun Nov  6 08:49:37 1994", Ok(784_111_777)),
        ("Sun Nov 06 08:49:37 1994", Ok(784_111_777)),
        ("Wed Nov 16 08:49:37 1994", Ok(784_975_777)),
        ("Wednesday, 16-Nov-94 08:49:37 GMT", Ok(784_975_777)),
        ("Thursday, 01-Jan-70 00:00:00 GMT", Ok(0)),
        ("Tuesday, 31-Dec-69 23:59:59 GMT", Ok(3_155_759_999)),
        ("Saturday, 01-Jan-00 00:00:00 GMT", Ok(946_684_800)),
        ("Friday, 06-Nov-94 08:49:37 GMT", Ok(784_111_777)),
        ("Sat, 31 Dec 2016 23:59:60 GMT", Ok(1_483_228_800)),
        ("Sat, 31 Dec 2016 22:59:60 GMT", Err(LeapSecond)),
        ("Sun, 29 Feb 2026 00:00:00 GMT", Err(Range)),
        ("Sun, 00 Nov 1994 08:49:37 GMT", Err(Range)),
        ("Sun, 06 Nov 1994 24:49:37 GMT", Err(Range)),
        ("Sun Nov  0 08:49:37 1994", Err(Range)),
        ("", Err(Syntax)),
        ("0", Err(Syntax)),
        ("-1", Err(Syntax)),
        ("Sun", Err(Syntax)),
        ("sun, 06 Nov 1994 08:49:37 GMT", Err(Syntax)),
        ("Sun, 06 nov 1994 08:49:37 GMT", Err(Syntax)),
        ("Sun, 06 Nov 1994 08:49:37 gmt", Err(Syntax)),
        ("Sun, 06 Nov 1994 08:49:37 UTC", Err(Syntax)),
        ("Sun, 06 Nov 1994 08:49:37 +0000", Err(Syntax)),
        ("Sun, 06 Nov 1994 08:49:37", Err(Syntax)),
        ("Sun, 06 Nov 1994 08:49:37 GMT ", Err(Syntax)),
        ("Sun, 6 Nov 1994 08:49:37 GMT", Err(Syntax)),
        ("Sun, 06-Nov-1994 08:49:37 GMT", Err(Syntax)),
        ("Sunday, 06 Nov 1994 08:49:37 GMT", Err(Syntax)),
        ("Sunday Nov  6 08:49:37 1994", Err(Syntax)),
        ("Sun Nov 6 08:49:37 1994", Err(Syntax)),
        ("Sun Nov  6 08:49:37 1994 GMT", Err(Syntax)),
        ("Son, 06 Nov 1994 08:49:37 GMT", Err(Syntax)),
        ("Sun, 06 Okt 1994 08:49:37 GMT", Err(Syntax)),
        ("2026-03-16T15:15:02Z", Err(Syntax)),
    ];

    fn seconds(date: Result<UnixTime, DateError>) -> Result<i64, DateError> {
        date.map(UnixTime::seconds)
    }

    #[test]
    fn table_of_rfc3339() {
        for &(text, expected) in RFC3339 {
            assert_eq!(seconds(parse_rfc3339(text.as_bytes(), MissingZone::Refuse)), expected, "{text}");
            if expected != Err(NoZone) {
                assert_eq!(seconds(parse_rfc3339(text.as_bytes(), MissingZone::Utc)), expected, "{text}");
            } else {
                let with_zone = format!("{text}Z");
                assert_eq!(
                    parse_rfc3339(text.as_bytes(), MissingZone::Utc),
                    parse_rfc3339(with_zone.as_bytes(), MissingZone::Refuse)
                );
            }
        }
    }

    #[test]
    fn table_of_http_dates() {
        for &(text, expected) in HTTP_DATES {
            assert_eq!(seconds(parse_http_date(text.as_bytes())), expected, "{text}");
        }
    }

    #[test]
    fn every_truncation() {
        for &(text, expected) in RFC3339 {
            let zone = text.bytes().skip(11).position(|b| b"Zz+-".contains(&b)).map_or(text.len(), |at| at + 11);
            let whole_fraction = |end: usize| end == 19 || (end > 20 && end <= zone);
            for end in (0..text.len()).filter(|_| expected.is_ok()) {
                let cut = &text.as_bytes()[..end];
                let missing = parse_rfc3339(cut, MissingZone::Refuse);
                assert_eq!(missing, Err(if whole_fraction(end) { NoZone } else { Syntax }), "{text} cut at {end}");
                assert_eq!(
                    parse_rfc3339(cut, MissingZone::Utc).err() == Some(Syntax),
                    !whole_fraction(end),
                    "{text} cut at {end}"
                );
            }
        }
        for &(text, expected) in HTTP_DATES {
            for end in (0..text.len()).filter(|_| expected.is_ok()) {
                assert_eq!(parse_http_date(&text.as_bytes()[..end]), Err(Syntax), "{text} cut at {end}");
            }
        }
    }

    #[test]
    fn every_day_round_trips() {
        let (first, last) = (-62_167_219_200, LAST_SECOND);
        for (index, day) in (first..=last).step_by(86_400).enumerate() {
            let time = UnixTime::from_seconds(day + (index as i64 * 7_919) % 86_400);
            let text = time.to_string();
            assert_eq!(parse_rfc3339(text.as_bytes(), MissingZone::Refuse), Ok(time), "{text}");
        }
        assert_eq!(UnixTime::from_seconds(last).to_string(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn display_beyond_four_digits() {
        assert_eq!(UnixTime::from_seconds(-62_167_219_201).to_string(), "-0001-12-31T23:59:59Z");
        assert_eq!(UnixTime::from_seconds(253_402_300_800).to_string(), "10000-01-01T00:00:00Z");
        assert_eq!(UnixTime::from_seconds(i64::MAX).to_string(), "292277026596-12-04T15:30:06Z");
        assert_eq!(UnixTime::from_seconds(i64::MIN).to_string(), "-292277022657-01-27T08:29:52Z");
    }

    #[test]
    fn arithmetic_saturates() {
        let (first, last) = (UnixTime::from_seconds(i64::MIN), UnixTime::from_seconds(i64::MAX));
        assert_eq!(last.plus(1), last);
        assert_eq!(first.minus(1), first);
        assert_eq!(last.since(first), i64::MAX);
        assert_eq!(first.since(last), i64::MIN);
        let noon = UnixTime::from_seconds(43_200);
        assert_eq!(noon.plus(u32::MAX).minus(u32::MAX), noon);
        assert_eq!(noon.since(noon.plus(30)), -30);
    }

    /// Replaces, removes or inserts a byte, drawn from those that dates are made of.
    fn mutate(random: &mut Random, text: &mut Vec<u8>) {
        let byte = b"0123456789:-+.TZtz ,GMTSunNovday"[random.below(32)];
        let at = random.below(text.len());
        match random.below(3) {
            0 => text[at] = byte,
            1 => drop(text.remove(at)),
            _ => text.insert(at, byte),
        }
    }

    /// What jiff, which reads more than RFC 3339, makes of a text that we took for RFC 3339.
    fn jiff_seconds(text: &str) -> Option<i64> {
        let timestamp: jiff::Timestamp = text.parse().ok()?;
        // It rounds towards zero, and we down.
        Some(timestamp.as_nanosecond().div_euclid(1_000_000_000) as i64)
    }

    #[test]
    fn rfc3339_as_jiff_reads_it() {
        let mut random = Random(3339);
        let (mut read, mut refused) = (0, 0);
        for round in 0..100_000 {
            let date = format!("{:04}-{:02}-{:02}", random.below(9999), random.below(14), random.below(33));
            let time = format!("{:02}:{:02}:{:02}", random.below(25), random.below(61), random.below(60));
            let fraction = match random.below(3) {
                0 => String::new(),
                _ => format!(".{:0width$}", random.below(10), width = random.below(8) + 1),
            };
            let zone = match random.below(3) {
                0 => "Z".to_string(),
                1 => format!("+{:02}:{:02}", random.below(24), random.below(61)),
                _ => format!("-{:02}:{:02}", random.below(24), random.below(61)),
            };
            let mut text = format!("{date}T{time}{fraction}{zone}").into_bytes();
            let mutated = round % 4 == 0;
            if mutated {
                mutate(&mut random, &mut text);
            }
            let ours = seconds(parse_rfc3339(&text, MissingZone::Refuse));
            let text = core::str::from_utf8(&text).unwrap();
            match ours {
                Ok(seconds) if !text.contains(":60") => {
                    assert_eq!(jiff_seconds(text), Some(seconds), "{text}");
                    read += 1;
                }
                Err(error) if !mutated => {
                    assert_eq!((jiff_seconds(text), error), (None, Range), "{text}");
                    refused += 1;
                }
                _ => {}
            }
        }
        assert!(read > 50_000 && refused > 10_000, "{read} read, {refused} refused");
    }

    fn httpdate_seconds(text: &str) -> Option<i64> {
        let time: SystemTime = httpdate::parse_http_date(text).ok()?;
        Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs() as i64)
    }

    #[test]
    fn http_dates_as_httpdate_reads_them() {
        let mut random = Random(9110);
        let mut read = 0;
        for round in 0..100_000 {
            // Every other time up to 2069, where the short years end.
            let end = [253_402_300_800, 3_155_760_000][round % 2];
            let time = UnixTime::from_seconds(random.below(end) as i64);
            let imf = httpdate::fmt_http_date(UNIX_EPOCH + core::time::Duration::from_secs(time.seconds() as u64));
            assert_eq!(parse_http_date(imf.as_bytes()), Ok(time), "{imf}");

            // The other forms, from the parts of this one.
            let [name, day, month, year, clock, _] = imf.split(' ').collect::<Vec<_>>()[..] else { panic!("{imf}") };
            let name = name.trim_end_matches(',');
            let asctime = format!("{name} {month} {:>2} {clock} {year}", day.trim_start_matches('0'));
            assert_eq!(parse_http_date(asctime.as_bytes()), Ok(time), "{asctime}");
            assert_eq!(httpdate_seconds(&asctime), Some(time.seconds()), "{asctime}");
            let rest = DAY_NAMES.iter().find(|(short, _)| short == name.as_bytes()).unwrap().1;
            let rest = core::str::from_utf8(rest).unwrap();
            let rfc850 = format!("{name}{rest}, {day}-{month}-{:02} {clock} GMT", year.parse::<u16>().unwrap() % 100);
            if time.seconds() < 3_155_760_000 {
                assert_eq!(parse_http_date(rfc850.as_bytes()), Ok(time), "{rfc850}");
                assert_eq!(httpdate_seconds(&rfc850), Some(time.seconds()), "{rfc850}");
            }

            let mut text = [imf, asctime, rfc850][round % 3].clone().into_bytes();
            mutate(&mut random, &mut text);
            if let Ok(time) = parse_http_date(&text) {
                let text = core::str::from_utf8(&text).unwrap();
                assert!(httpdate_seconds(text).is_none_or(|seconds| seconds == time.seconds()), "{text}");
                read += 1;
            }
        }
        assert!(read > 1_000, "{read}");
    }

    #[test]
    fn codes_are_stable() {
        assert_eq!([Syntax, Range, LeapSecond, NoZone].map(DateError::code), [381, 382, 383, 384]);
    }
}
