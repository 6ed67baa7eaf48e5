//! Dates as people write them: read, widened, moved, written again in the same layout.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use crate::method::DateTo;

/// Whether the day or the month comes first where both could.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// Nothing tells: `03/04/1984` is not read further than its year.
    #[default]
    Unknown,
    /// `3/4/1984` is in April.
    DayFirst,
    /// `3/4/1984` is in March.
    MonthFirst,
}

/// A date in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The day. Of one that can be read in two ways, the first of its year.
    pub date: Date,
    /// Only the year is sure.
    pub unsure: bool,
    /// Bytes of the text that are the date; a time may stand behind them.
    pub length: usize,
    layout: Layout,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Year, month, day with this between them; none in `19840203`. Whether numbers have two digits.
    Iso { separator: Option<char>, padded: bool },
    /// Numbers, the year last.
    Numbers { separator: char, day_first: bool, padded: bool },
    /// `3 Feb 1984`, `3. Februar 1984`; how it is written is not kept.
    DayMonthYear,
    /// `Feb 3, 1984`.
    MonthDayYear,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Beginnings of the months' names in English, German, French and Spanish, in small letters.
const BEGINNINGS: [&[&str]; 12] = [
    &["jan", "ene"],
    &["feb", "fév", "fev"],
    &["mar", "mär"],
    &["apr", "avr", "abr"],
    &["may", "mai"],
    &["jun", "juin"],
    &["jul", "juil"],
    &["aug", "aoû", "ago"],
    &["sep"],
    &["oct", "okt"],
    &["nov"],
    &["dec", "dez", "déc", "dic"],
];

/// The month of this name.
fn month(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let letters = word.chars().count();
    if letters < 3 {
        return None;
    }
    let at = BEGINNINGS.iter().position(|names| names.iter().any(|name| word.starts_with(name)))?;
    // `Mary 3, 1984` is nobody's birthday in March.
    let known = letters == 3
        || MONTHS.get(at).is_some_and(|name| name.to_lowercase() == word)
        || OTHER_NAMES.contains(&word.as_str());
    known.then(|| i8::try_from(at + 1).unwrap_or(1))
}

const OTHER_NAMES: &[&str] = &[
    "sept",
    "janv",
    "févr",
    "juil",
    "januar",
    "februar",
    "märz",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "janvier",
    "février",
    "mars",
    "avril",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// The date with which a text begins. Anything may stand behind it, but no letter or digit.
pub fn read(text: &str, order: DateOrder) -> Option<Read> {
    let first = text.chars().next()?;
    let read = if first.is_ascii_digit() { by_digit(text, order) } else { by_name(text) }?;
    let behind = text.get(read.length..)?;
    let time = behind.strip_prefix(['T', 't']).is_some_and(|rest| rest.starts_with(digit));
    let open = time || !behind.starts_with(|c: char| c.is_alphanumeric());
    // 3.4.1984.5 and 12-3-1984-77 are numbers of something else.
    let more = behind.strip_prefix(['.', '-', '/']).is_some_and(|rest| rest.starts_with(digit));
    (open && !more && (1800..=2200).contains(&read.date.year())).then_some(read)
}

const fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// The number at the beginning, and what stands behind it.
fn number(text: &str) -> Option<(i16, usize, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let value = text.get(..length)?.parse().ok()?;
    Some((value, length, text.get(length..)?))
}

fn by_digit(text: &str, order: DateOrder) -> Option<Read> {
    let day = |year, month: i16, day: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    let run = text.bytes().take_while(u8::is_ascii_digit).count();
    if run == 8 {
        let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
        let date = day(part(0..4)?, part(4..6)?, part(6..8)?)?;
        let layout = Layout::Iso { separator: None, padded: true };
        return Some(Read { date, unsure: false, length: 8, layout });
    }
    let (first, digits, rest) = number(text)?;
    let separator = rest.chars().next()?;
    if digits == 4 && matches!(separator, '-' | '/' | '.') {
        let (month, wide, rest) = number(rest.strip_prefix(separator)?)?;
        let (last, wide_too, rest) = number(rest.strip_prefix(separator)?)?;
        let sound = (1..=2).contains(&wide) && (1..=2).contains(&wide_too);
        let date = day(first, month, last).filter(|_| sound)?;
        let layout = Layout::Iso { separator: Some(separator), padded: wide == 2 && wide_too == 2 };
        return Some(Read { date, unsure: false, length: text.len() - rest.len(), layout });
    }
    if !(1..=2).contains(&digits) {
        return None;
    }
    if matches!(separator, '/' | '.' | '-') && rest.strip_prefix(separator)?.starts_with(digit) {
        let (second, wide, rest) = number(rest.strip_prefix(separator)?)?;
        let (year, wide_year, rest) = number(rest.strip_prefix(separator)?)?;
        if !(1..=2).contains(&wide) || wide_year != 4 {
            return None;
        }
        let day_first = match order {
            _ if first > 12 => true,
            _ if second > 12 => false,
            // Dots stand in dates of countries that write the day first.
            _ if separator == '.' => true,
            DateOrder::DayFirst => true,
            DateOrder::MonthFirst => false,
            DateOrder::Unknown if first == second => true,
            DateOrder::Unknown => {
                day(year, first, second)?;
                let layout = Layout::Numbers { separator, day_first: true, padded: true };
                let length = text.len() - rest.len();
                return Some(Read { date: day(year, 1, 1)?, unsure: true, length, layout });
            }
        };
        let date = if day_first { day(year, second, first) } else { day(year, first, second) }?;
        let layout = Layout::Numbers { separator, day_first, padded: digits == 2 && wide == 2 };
        return Some(Read { date, unsure: false, length: text.len() - rest.len(), layout });
    }
    // 3 Feb 1984, 3. Februar 1984, 3rd of February 1984
    let rest =
        ["st", "nd", "rd", "th"].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let rest = rest.strip_prefix(['-', ' '])?;
    let rest = rest.strip_prefix("of ").unwrap_or(rest);
    let word: String = rest.chars().take_while(|c| c.is_alphabetic()).collect();
    let rest = rest.get(word.len()..)?.trim_start_matches(['.', ',']);
    let rest = rest.strip_prefix(['-', ' '])?;
    let (year, digits, rest) = number(rest)?;
    let date = day(year, i16::from(month(&word)?), first).filter(|_| digits == 4)?;
    let layout = Layout::DayMonthYear;
    Some(Read { date, unsure: false, length: text.len() - rest.len(), layout })
}

/// Feb 3, 1984
fn by_name(text: &str) -> Option<Read> {
    let word: String = text.chars().take(12).take_while(|c| c.is_alphabetic()).collect();
    let month = month(&word)?;
    let rest = text.get(word.len()..)?;
    let rest = rest.strip_prefix('.').unwrap_or(rest).strip_prefix(' ')?;
    let (day, digits, rest) = number(rest)?;
    let rest =
        ["st", "nd", "rd", "th"].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
    let rest = rest.strip_prefix(',').unwrap_or(rest).strip_prefix(' ')?;
    let (year, wide, rest) = number(rest)?;
    let sound = (1..=2).contains(&digits) && wide == 4;
    let date = Date::new(year, month, i8::try_from(day).ok()?).ok().filter(|_| sound)?;
    let layout = Layout::MonthDayYear;
    Some(Read { date, unsure: false, length: text.len() - rest.len(), layout })
}

/// What tells the order of day and month in a column: a value that can be read in one way only.
pub fn order<'v>(values: impl Iterator<Item = &'v str>) -> DateOrder {
    let (mut day_first, mut month_first) = (0_u32, 0_u32);
    for value in values {
        let value = value.trim();
        let Some((first, digits, rest)) = number(value).filter(|(_, digits, _)| *digits <= 2)
        else {
            continue;
        };
        let Some(rest) = rest.strip_prefix(['/', '-']) else { continue };
        let Some((second, wide, _)) = number(rest) else { continue };
        if digits == 0 || !(1..=2).contains(&wide) {
            continue;
        }
        if first > 12 && second <= 12 {
            day_first += 1;
        } else if second > 12 && first <= 12 {
            month_first += 1;
        }
    }
    match (day_first, month_first) {
        (1.., 0) => DateOrder::DayFirst,
        (0, 1..) => DateOrder::MonthFirst,
        _ => DateOrder::Unknown,
    }
}

impl Read {
    /// The date, as wide as that. A month of a date whose order is unsure is its year.
    pub fn widened(&self, to: DateTo) -> String {
        let (year, month) = (self.date.year(), self.date.month());
        match to {
            DateTo::Month if !self.unsure => format!("{year}-{month:02}"),
            DateTo::Quarter if !self.unsure => format!("{year}-Q{}", (month - 1) / 3 + 1),
            DateTo::Decade => format!("{}s", year - year.rem_euclid(10)),
            _ => year.to_string(),
        }
    }

    /// Another day in the same layout.
    pub fn moved(&self, days: i32) -> Option<String> {
        if self.unsure {
            return None;
        }
        let span: Span = days.days();
        Some(self.layout.write(self.date.checked_add(span).ok()?))
    }
}

impl Layout {
    fn write(self, date: Date) -> String {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let name = |at: i8| {
            usize::try_from(at - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default()
        };
        match self {
            Self::Iso { separator: None, .. } => format!("{year:04}{month:02}{day:02}"),
            Self::Iso { separator: Some(mark), padded: true } => {
                format!("{year:04}{mark}{month:02}{mark}{day:02}")
            }
            Self::Iso { separator: Some(mark), padded: false } => {
                format!("{year:04}{mark}{month}{mark}{day}")
            }
            Self::Numbers { separator, day_first, padded } => {
                let (a, b) = if day_first { (day, month) } else { (month, day) };
                if padded {
                    format!("{a:02}{separator}{b:02}{separator}{year:04}")
                } else {
                    format!("{a}{separator}{b}{separator}{year:04}")
                }
            }
            Self::DayMonthYear => format!("{day} {} {year}", name(month)),
            Self::MonthDayYear => format!("{} {day}, {year}", name(month)),
        }
    }
}

/// Whole years between two days.
pub fn years(from: Date, to: Date) -> i16 {
    let before = (to.month(), to.day()) < (from.month(), from.day());
    to.year() - from.year() - i16::from(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_widened_and_moved_in_their_layout() {
        use DateOrder::{DayFirst, MonthFirst, Unknown};
        for (text, order, month, moved) in [
            ("1984-02-28", Unknown, "1984-02", "1984-03-09"),
            ("1984/2/28", Unknown, "1984-02", "1984/3/9"),
            ("19840228", Unknown, "1984-02", "19840309"),
            ("1984-02-28T10:00:00Z", Unknown, "1984-02", "1984-03-09"),
            ("28.02.1984", Unknown, "1984-02", "09.03.1984"),
            ("28/2/1984", Unknown, "1984-02", "9/3/1984"),
            ("02/28/1984", Unknown, "1984-02", "03/09/1984"),
            ("03/04/1984", DayFirst, "1984-04", "13/04/1984"),
            ("03/04/1984", MonthFirst, "1984-03", "03/14/1984"),
            ("28 Feb 1984", Unknown, "1984-02", "9 March 1984"),
            ("3. März 1984", Unknown, "1984-03", "13 March 1984"),
            ("3rd of March 1984", Unknown, "1984-03", "13 March 1984"),
            ("Feb. 28, 1984", Unknown, "1984-02", "March 9, 1984"),
        ] {
            let read = read(text, order).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(read.widened(DateTo::Month), month, "{text}");
            assert_eq!(read.moved(10).unwrap(), moved, "{text}");
        }
        let unsure = read("03/04/1984", Unknown).unwrap();
        assert_eq!((unsure.widened(DateTo::Month), unsure.moved(1)), ("1984".to_owned(), None));
        assert_eq!(read("1984-05-28", Unknown).unwrap().widened(DateTo::Quarter), "1984-Q2");
        assert_eq!(read("1984-05-28", Unknown).unwrap().widened(DateTo::Decade), "1980s");
    }

    #[test]
    fn what_is_no_date_is_not_read_as_one() {
        for text in [
            "",
            "1984",
            "1984-13-01",
            "1984-02-30",
            "31/31/1984",
            "1.2.3.4",
            "3.4.1984.5",
            "12345678",
            "Mary 3, 1984",
            "1984-02-03x",
            "127.0.0.1",
            "3/4/84",
        ] {
            assert_eq!(read(text, DateOrder::Unknown), None, "{text}");
        }
    }

    #[test]
    fn one_value_tells_the_order_of_a_column() {
        for (values, wanted) in [
            (&["3/4/1984", "13/4/1984"][..], DateOrder::DayFirst),
            (&["3/4/1984", "4/13/1984"], DateOrder::MonthFirst),
            (&["13/4/1984", "4/13/1984"], DateOrder::Unknown),
            (&["3/4/1984"], DateOrder::Unknown),
        ] {
            assert_eq!(order(values.iter().copied()), wanted, "{values:?}");
        }
    }

    #[test]
    fn years_are_counted_as_birthdays() {
        let date = |y, m, d| Date::new(y, m, d).unwrap();
        assert_eq!(years(date(1936, 11, 24), date(2026, 11, 23)), 89);
        assert_eq!(years(date(1936, 11, 23), date(2026, 11, 23)), 90);
    }
}
