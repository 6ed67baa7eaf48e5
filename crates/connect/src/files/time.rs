//! The moment that a line of a log tells, in the forms that programs write: ISO 8601, syslog,
//! web servers, seconds since 1970. A zone that is not named is UTC.

use model::{Micros, Value};

use crate::moment::{self, days_of};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
const MONTHS: [&[u8]; 12] = [
    b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec",
];

/// The moment of a value: text as ISO 8601, whole numbers by their size.
pub(super) fn of_value(value: &Value) -> Option<Micros> {
    match value {
        Value::Int(number) => moment::of_whole(*number),
        Value::Text(text) => {
            let text = text.trim();
            match text.parse::<i64>() {
                Ok(number) => moment::of_whole(number),
                Err(_) => whole_iso(text.as_bytes()),
            }
        }
        _ => None,
    }
}

fn whole_iso(text: &[u8]) -> Option<Micros> {
    let mut cursor = Cursor(text);
    let found = cursor.iso(true)?;
    cursor.0.is_empty().then_some(found).and_then(moment::set)
}

/// The moment that a line tells, where programs put it: at its beginning, behind a level, behind
/// `ts=` or `time=`, or in the brackets of a web server's line. `written` is when the file was
/// last written: a line that would come from later than the day after it tells no moment.
pub(super) fn of_line(line: &[u8], written: Micros) -> Option<Micros> {
    let head = line.get(..line.len().min(1_024)).unwrap_or_default();
    let found = in_words(head, written)?;
    moment::set(found).filter(|found| found.0 <= written.0.saturating_add(2 * DAY))
}

fn in_words(head: &[u8], written: Micros) -> Option<Micros> {
    let mut rest = head;
    // `<34>` and `<34>1 ` of syslog.
    if rest.first() == Some(&b'<') {
        let end = rest.iter().take(6).position(|byte| *byte == b'>')?;
        rest = rest.get(end + 1..)?;
        rest = rest.strip_prefix(b"1 ").unwrap_or(rest);
    }
    for index in 0..7 {
        let begin = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        rest = rest.get(begin..)?;
        let mut cursor = Cursor(rest);
        if index < 2 {
            cursor.skip(b"[(\"");
            if let Some(found) = cursor.clone().iso(false) {
                return Some(found);
            }
            if let Some(found) = cursor.clone().syslog(written) {
                return Some(found);
            }
            if index == 0
                && let Some(found) = cursor.clone().epoch()
            {
                return Some(found);
            }
        }
        if index < 4
            && let Some(found) = cursor.labelled()
        {
            return Some(found);
        }
        if rest.first() == Some(&b'[')
            && let Some(found) = Cursor(rest.get(1..)?).web()
        {
            return Some(found);
        }
        let end = rest.iter().position(u8::is_ascii_whitespace)?;
        rest = rest.get(end..)?;
    }
    None
}

#[derive(Clone)]
struct Cursor<'c>(&'c [u8]);

impl Cursor<'_> {
    fn skip(&mut self, any_of: &[u8]) {
        while self.0.first().is_some_and(|byte| any_of.contains(byte)) {
            self.0 = self.0.get(1..).unwrap_or_default();
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    fn any(&mut self, any_of: &[u8]) -> Option<u8> {
        let first = *self.0.first()?;
        any_of.contains(&first).then(|| self.0 = self.0.get(1..).unwrap_or_default())?;
        Some(first)
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let mut number = 0;
        for byte in digits {
            number = number * 10 + i64::from(char::from(*byte).to_digit(10)?);
        }
        self.0 = rest;
        Some(number)
    }

    /// `2024-01-02T03:04:05.678+01:00`, `2024/01/02 03:04:05`; a day alone where that may be.
    fn iso(&mut self, day_alone: bool) -> Option<Micros> {
        let year = self.digits(4)?;
        let dash = self.any(b"-/")?;
        let month = self.digits(2)?;
        self.take(dash)?;
        let day = midnight(year, month, self.digits(2)?)?;
        if day_alone && self.0.is_empty() {
            return Some(Micros(day));
        }
        self.any(b"Tt _")?;
        let clock = self.clock()?;
        let zone = self.zone(true)?;
        Some(Micros(day + clock - zone))
    }

    /// `03:04:05.678`.
    fn clock(&mut self) -> Option<i64> {
        let hour = self.digits(2)?;
        self.take(b':')?;
        let minute = self.digits(2)?;
        self.take(b':')?;
        let second = self.digits(2)?;
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut micros = 0;
        if matches!(self.0.first(), Some(b'.' | b','))
            && self.0.get(1).is_some_and(u8::is_ascii_digit)
        {
            self.0 = self.0.get(1..)?;
            let mut unit = SECOND / 10;
            while let Some(digit) = self.digits(1) {
                micros += digit * unit;
                unit /= 10;
            }
        }
        Some((hour * 3_600 + minute * 60 + second) * SECOND + micros)
    }

    /// `Z`, `+01:00`, ` -0700`; nothing is UTC.
    fn zone(&mut self, colon: bool) -> Option<i64> {
        let before = self.0;
        if self.any(b"Zz").is_some() {
            return Some(0);
        }
        if self.0.first() == Some(&b' ') && matches!(self.0.get(1), Some(b'+' | b'-')) {
            self.take(b' ')?;
        }
        let sign = match self.any(b"+-") {
            Some(b'-') => -1,
            Some(_) => 1,
            None => {
                self.0 = before;
                return Some(0);
            }
        };
        let read = (|| {
            let hours = self.digits(2)?;
            if colon {
                self.skip(b":");
            }
            Some((hours, self.digits(2).unwrap_or(0)))
        })();
        let Some((hours, minutes)) = read else {
            self.0 = before;
            return Some(0);
        };
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60) * SECOND)
    }

    fn month(&mut self) -> Option<i64> {
        let (name, rest) = self.0.split_at_checked(3)?;
        let index = MONTHS.iter().position(|month| name.eq_ignore_ascii_case(month))?;
        self.0 = rest;
        i64::try_from(index + 1).ok()
    }

    /// `Jan  2 03:04:05`: the year is the last in which it lies before the file was written.
    fn syslog(&mut self, written: Micros) -> Option<Micros> {
        let month = self.month()?;
        self.take(b' ')?;
        self.skip(b" ");
        let day = self.digits(2).or_else(|| self.digits(1))?;
        self.take(b' ')?;
        let clock = self.clock()?;
        let (year, _, _) = moment::civil(written.0.div_euclid(DAY));
        [year + 1, year, year - 1, year - 2, year - 3, year - 4]
            .iter()
            .filter_map(|year| midnight(*year, month, day))
            .map(|midnight| midnight + clock)
            .find(|found| *found <= written.0.saturating_add(DAY))
            .map(Micros)
    }

    /// `10/Oct/2000:13:55:36 -0700]`.
    fn web(&mut self) -> Option<Micros> {
        let day = self.digits(2)?;
        self.take(b'/')?;
        let month = self.month()?;
        self.take(b'/')?;
        let year = self.digits(4)?;
        self.take(b':')?;
        let clock = self.clock()?;
        let zone = self.zone(false)?;
        Some(Micros(midnight(year, month, day)? + clock - zone))
    }

    /// `1704164645.123 …`: ten digits, or thirteen, or sixteen.
    fn epoch(&mut self) -> Option<Micros> {
        let length = self.0.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.0.len());
        if !matches!(length, 10 | 13 | 16) {
            return None;
        }
        let number = self.digits(length)?;
        let ends = self.0.first().is_none_or(|byte| b" .\t,|]:".contains(byte));
        ends.then(|| moment::of_whole(number)).flatten()
    }

    /// `ts=…`, `time="…"`.
    fn labelled(&mut self) -> Option<Micros> {
        for label in [&b"ts="[..], b"time=", b"timestamp=", b"@timestamp=", b"t="] {
            if let Some(rest) = self.0.strip_prefix(label) {
                let mut cursor = Cursor(rest);
                cursor.skip(b"\"'");
                return cursor.clone().iso(false).or_else(|| cursor.epoch());
            }
        }
        None
    }
}

fn midnight(year: i64, month: i64, day: i64) -> Option<i64> {
    let days = days_of(year, month, day);
    // A day that is none would run on into the next month.
    (moment::civil(days) == (year, month, day)).then_some(days * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-01-02T03:04:05Z.
    const THEN: i64 = 1_704_164_645 * SECOND;

    #[test]
    fn lines_tell_their_moment() {
        let written = Micros(THEN + 10 * DAY);
        for (line, offset) in [
            ("2024-01-02T03:04:05Z jane signed in", Some(0)),
            ("2024-01-02 03:04:05,500 INFO x", Some(500_000)),
            ("[2024-01-02T04:04:05+01:00] x", Some(0)),
            ("2024/01/02 03:04:05 [error] x", Some(0)),
            ("INFO 2024-01-02 03:04:05 x", Some(0)),
            ("Jan  2 03:04:05 host sshd[1]: x", Some(0)),
            ("<34>Jan  2 03:04:05 host x", Some(0)),
            ("<165>1 2024-01-02T03:04:05.003Z host x", Some(3_000)),
            (r#"10.0.0.1 - jane [02/Jan/2024:03:04:05 +0000] "GET / HTTP/1.1""#, Some(0)),
            (r#"10.0.0.1 - - [01/Jan/2024:20:04:05 -0700] "GET""#, Some(0)),
            ("1704164645.120 1 10.0.0.1 TCP_MISS/200", Some(0)),
            ("1704164645123 x", Some(123_000)),
            (r#"level=info ts=2024-01-02T03:04:05Z msg="x""#, Some(0)),
            (r#"time="2024-01-02T03:04:05Z" level=info"#, Some(0)),
            ("    at frame 3", None),
            ("the contract of jane ends 2031-01-01 00:00:00", None),
            ("valid until 2019-01-01 00:00:00 she said", None),
            ("2024-13-02 03:04:05", None),
            ("2025-06-02 03:04:05 from the future", None),
            ("", None),
        ] {
            let found = of_line(line.as_bytes(), written);
            assert_eq!(found, offset.map(|offset| Micros(THEN + offset)), "{line}");
        }
    }

    #[test]
    fn a_line_without_a_year_lies_before_its_file() {
        let found = of_line(b"Dec 31 23:59:59 host x", Micros(THEN));
        assert_eq!(
            found,
            Some(Micros(THEN - 2 * DAY - (3 * 3_600 + 4 * 60 + 6) * SECOND))
                .map(|m| Micros(m.0 + DAY))
        );
        assert_eq!(of_line(b"Feb 30 23:59:59 host x", Micros(THEN)), None);
    }

    #[test]
    fn values_tell_their_moment() {
        for (value, found) in [
            (Value::from("2024-01-02T03:04:05Z"), Some(THEN)),
            (Value::from("2024-01-02"), Some(THEN - (3 * 3_600 + 4 * 60 + 5) * SECOND)),
            (Value::from("1704164645"), Some(THEN)),
            (Value::Int(1_704_164_645_000), Some(THEN)),
            (Value::from("2024-01-02 and more"), None),
            (Value::from("soon"), None),
            (Value::Null, None),
        ] {
            assert_eq!(of_value(&value), found.map(Micros));
        }
    }
}
