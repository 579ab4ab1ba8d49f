//! The clock, and how servers write it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    since_epoch().as_secs().try_into().expect("a clock before the year 292277026596")
}

/// The 100 ns ticks of the current second, .NET's resolution.
pub(crate) fn ticks() -> u32 {
    since_epoch().subsec_nanos() / 100
}

fn since_epoch() -> std::time::Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970")
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the form that RFC 9110 prefers.
pub(crate) fn http_date(unix: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day) = date(unix);
    let (hour, minute, second) = time_of_day(unix);
    let weekday = DAYS[unix.div_euclid(86400).rem_euclid(7) as usize];
    let month = MONTHS[month as usize - 1];
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// `2026-03-16T15:15:02`, without fraction and zone.
pub(crate) fn rfc3339(unix: i64) -> String {
    let (year, month, day) = date(unix);
    let (hour, minute, second) = time_of_day(unix);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

fn time_of_day(unix: i64) -> (i64, i64, i64) {
    let second = unix.rem_euclid(86400);
    (second / 3600, second / 60 % 60, second % 60)
}

/// Year, month and day. Years are counted from March, so that the leap day is the last of its year.
fn date(unix: i64) -> (i64, i64, i64) {
    let days = unix.div_euclid(86400) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[test]
fn known_dates() {
    assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(http_date(951_782_400), "Tue, 29 Feb 2000 00:00:00 GMT");
    assert_eq!(rfc3339(1_773_674_102), "2026-03-16T15:15:02");
    assert_eq!(rfc3339(-1), "1969-12-31T23:59:59");
}
