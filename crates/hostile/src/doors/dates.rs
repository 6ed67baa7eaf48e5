//! Days, lengths of time, zones.

use jiff::civil::Date;
use policy::calendar;
use policy::clock::{Facts, PauseReason, book};
use render::Zone;

/// Words of days.
pub(super) const WORDS: &[&str] = &[
    "2026-01-31",
    "2024-02-29",
    "9999-12-31",
    "-9999-01-01",
    "45 days",
    "10 business days",
    "1 month",
    "72 hours",
    "9999 years",
    "America/Halifax",
    "UTC",
    "Etc/GMT+12",
    "CA-NS",
    "DE",
    "GB-ENG",
];

/// A day from two bytes of year and one each of month and day; the nearest that exists.
fn day(bytes: [u8; 4]) -> Option<Date> {
    let [high, low, month, day] = bytes;
    let year = i16::from_be_bytes([high, low]) % 9_999;
    let month = i8::try_from(month % 12 + 1).ok()?;
    let day = i8::try_from(day % 31 + 1).ok()?;
    Date::new(year, month, day).or_else(|_| Date::new(year, month, 28)).ok()
}

pub(super) fn dates(data: &[u8]) {
    let chunks = data.as_chunks::<4>().0;
    let mut days = chunks.iter().filter_map(|chunk| day(*chunk));
    if let (Some(received), Some(from), until) = (days.next(), days.next(), days.next()) {
        let mut facts = Facts::on(received).paused(PauseReason::Identity, from, until);
        if data.len().is_multiple_of(2) {
            facts.extended = Some(from);
        }
        let calendars = calendar::calendars();
        let nth = data.iter().fold(0usize, |sum, byte| sum.wrapping_mul(31) + usize::from(*byte));
        let kept = calendars.get(nth % (calendars.len() + 1));
        let rules = &book().rules;
        // One rule for each input: there are many, and a fuzzer has time.
        for rule in rules.iter().skip(nth % rules.len().max(1)).take(1) {
            let answers = [
                rule.answer(&facts, kept),
                rule.answer_if_extended(&facts, kept),
                rule.acknowledgement(&facts, kept),
                rule.appeal(received, true, kept),
            ];
            for answer in answers.into_iter().flatten() {
                assert!(answer.on >= received, "no answer is due before its request: {answer:?}");
                assert!(!answer.how.is_empty(), "the way is told");
            }
        }
        if let Some(kept) = kept {
            let working = kept.on_or_after(received);
            assert!(working >= received);
            assert!(kept.is_working(working) || working == Date::MAX, "{working}");
            assert!(kept.year(received.year()).iter().all(|day| day.on.year() == received.year()));
        }
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    for word in text.split('\n').take(8) {
        if let Ok(zone) = Zone::named(word) {
            let _ = zone.start_of_day("2026-03-08");
            let _ = zone.at(model::Micros(i64::MIN));
        }
        if let Some(start) = Zone::utc().start_of_day(word) {
            let _ = render::rfc3339(start);
        }
        let _ = calendar::of_place(word);
        if let Ok(lapse) = policy::clock::Lapse::try_from(word.to_owned()) {
            let again = policy::clock::Lapse::try_from(lapse.to_string());
            assert_eq!(again, Ok(lapse), "a length is read as it is written");
        }
    }
}
