//! The value of a JSON number that comes in pieces, rounded to whole units.

/// How many digits are kept; 10^18 - 1 is more seconds than the universe has seen.
const DIGITS: u8 = 18;

/// Above every number of that many digits.
const LIMIT: u64 = 1_000_000_000_000_000_000;

/// Collects a number's text as the reader yields it. The text is in the grammar of RFC 8259 section 6, which the
/// reader has checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decimal {
    negative: bool,
    part: Part,
    mantissa: u64,
    digits: u8,
    /// The power of ten that the mantissa is multiplied by, before the exponent that was written.
    scale: i32,
    exponent: i32,
    negative_exponent: bool,
    /// A digit other than 0 had no room any more.
    inexact: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Integer,
    Fraction,
    Exponent,
}

/// A number rounded to whole units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounded {
    /// The largest whole number that is not above it.
    pub floor: i64,
    /// Whether the number is whole.
    pub whole: bool,
}

impl Rounded {
    /// The smallest whole number that is not below it.
    #[must_use]
    pub const fn ceil(self) -> i64 {
        if self.whole { self.floor } else { self.floor.saturating_add(1) }
    }
}

/// Why a text is no whole number below 2^32, written in digits alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoDigits {
    /// It is empty or holds something else.
    Other,
    /// It is too large.
    TooLarge,
}

/// A number that is whole, short and written in digits alone, as most are.
///
/// # Errors
/// What is met first.
#[inline(never)]
pub(crate) fn digits(text: &[u8]) -> Result<u32, NoDigits> {
    // Nine digits are below 2^32 in any case.
    let (first, more) = text.split_at_checked(9).unwrap_or((text, &[]));
    let mut value: u32 = 0;
    for byte in first {
        value = value.wrapping_mul(10).wrapping_add(digit(*byte)?);
    }
    for byte in more {
        let digit = digit(*byte)?;
        value = value.checked_mul(10).and_then(|value| value.checked_add(digit)).ok_or(NoDigits::TooLarge)?;
    }
    if text.is_empty() { Err(NoDigits::Other) } else { Ok(value) }
}

fn digit(byte: u8) -> Result<u32, NoDigits> {
    let digit = u32::from(byte).wrapping_sub(b'0'.into());
    if digit > 9 { Err(NoDigits::Other) } else { Ok(digit) }
}

impl Decimal {
    /// Takes the next piece of the number's text.
    pub fn push(&mut self, text: &[u8]) {
        // Not in its place, so that it stays in registers.
        let mut number = *self;
        for &byte in text {
            let digit = byte.wrapping_sub(b'0');
            match (byte, number.part) {
                (_, Part::Exponent) if digit <= 9 => {
                    number.exponent = number.exponent.saturating_mul(10).saturating_add(digit.into());
                }
                (_, part) if digit <= 9 => number.digit(digit, part == Part::Fraction),
                (b'-', Part::Exponent) => number.negative_exponent = true,
                (b'-', _) => number.negative = true,
                (b'.', _) => number.part = Part::Fraction,
                (b'e' | b'E', _) => number.part = Part::Exponent,
                _ => {}
            }
        }
        *self = number;
    }

    fn digit(&mut self, digit: u8, fraction: bool) {
        let kept = self.digits < DIGITS;
        if kept {
            self.mantissa = self.mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            // Leading zeros take no room.
            self.digits += u8::from(self.mantissa != 0);
        } else {
            self.inexact |= digit != 0;
        }
        self.scale = self.scale.saturating_add(i32::from(!kept)).saturating_sub(i32::from(fraction));
    }

    /// The whole number at or below what was written; `None` where that is 10^18 or more, of either sign.
    #[must_use]
    pub fn finish(self) -> Option<Rounded> {
        let exponent = if self.negative_exponent { self.exponent.saturating_neg() } else { self.exponent };
        let mut power = self.scale.saturating_add(exponent);
        let mut value = self.mantissa;
        let mut whole = !self.inexact;
        while power > 0 && value != 0 {
            // Digits that had no room would stand in front of the point.
            if !whole || value >= LIMIT / 10 {
                return None;
            }
            value = value.wrapping_mul(10);
            power -= 1;
        }
        while power < 0 && value != 0 {
            let (tenth, rest) = divided_by_10(value);
            whole &= rest == 0;
            value = tenth;
            power += 1;
        }
        let magnitude = i64::try_from(value).ok()?;
        let floor = match (self.negative, whole) {
            (false, _) => magnitude,
            (true, true) => -magnitude,
            (true, false) => -magnitude - 1,
        };
        Some(Rounded { floor, whole })
    }
}

/// Quotient and remainder, byte by byte: small targets divide 64 bits by a function of a kilobyte.
fn divided_by_10(value: u64) -> (u64, u16) {
    let mut bytes = value.to_be_bytes();
    let mut rest = 0;
    for byte in &mut bytes {
        let part = rest << 8 | u16::from(*byte);
        *byte = u8::try_from(part / 10).unwrap_or(u8::MAX);
        rest = part % 10;
    }
    (u64::from_be_bytes(bytes), rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Random;
    use std::string::ToString;

    fn read(text: &str) -> Option<(i64, i64)> {
        let mut whole = Decimal::default();
        whole.push(text.as_bytes());
        let mut single = Decimal::default();
        for byte in text.as_bytes() {
            single.push(&[*byte]);
        }
        assert_eq!(whole.finish(), single.finish(), "{text}");
        whole.finish().map(|r| (r.floor, r.ceil()))
    }

    #[test]
    fn table() {
        for (text, expected) in [
            ("0", Some((0, 0))),
            ("-0", Some((0, 0))),
            ("-0.0e-7", Some((0, 0))),
            ("3600", Some((3600, 3600))),
            ("3600.0", Some((3600, 3600))),
            ("3599.9", Some((3599, 3600))),
            ("-1.5", Some((-2, -1))),
            ("-0.1", Some((-1, 0))),
            ("1.7e9", Some((1_700_000_000, 1_700_000_000))),
            ("17.7367410200e8", Some((1_773_674_102, 1_773_674_102))),
            ("17736741025e-1", Some((1_773_674_102, 1_773_674_103))),
            ("1000000000000000000000e-15", Some((1_000_000, 1_000_000))),
            ("0.0000000000000000000000000001", Some((0, 1))),
            ("0.00000000000000000000000000036e31", Some((3600, 3600))),
            ("1.0000000000000000000000000000001", Some((1, 2))),
            ("999999999999999999", Some((999_999_999_999_999_999, 999_999_999_999_999_999))),
            ("1000000000000000000", None),
            ("1e18", None),
            ("9999999999999999999999", None),
            ("1e400", None),
            ("-1e400", None),
            ("1e99999999999999999999", None),
            ("0e99999999999999999999", Some((0, 0))),
            ("1e-99999999999999999999", Some((0, 1))),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn digits_against_the_standard_library() {
        for text in ["0", "007", "4294967295", "604800", "1773674102"] {
            assert_eq!(digits(text.as_bytes()), Ok(text.parse().unwrap()));
            assert_eq!(read(text), Some((text.parse().unwrap(), text.parse().unwrap())));
        }
        for text in ["4294967296", "42949672950", "99999999999x"] {
            assert_eq!(digits(text.as_bytes()), Err(NoDigits::TooLarge));
        }
        for text in ["", "-1", "1.0", "1e3", "x", "12 ", "/", ":"] {
            assert_eq!(digits(text.as_bytes()), Err(NoDigits::Other));
        }
    }

    #[test]
    fn integers_against_the_standard_library() {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        for round in 0..20_000 {
            let value = (random.next() as i64) >> (round % 60 + 4);
            assert_eq!(
                read(&value.to_string()),
                Some((value, value)).filter(|_| value.abs() < 1_000_000_000_000_000_000)
            );
        }
    }
}
