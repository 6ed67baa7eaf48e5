//! Dates that others can check with a calendar on the wall: examples of authorities, the rules of the
//! laws themselves, and what must hold for every date.

#![allow(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use jiff::civil::{Date, date};
use jiff::{ToSpan as _, Zoned};
use policy::calendar::{calendar, calendars, is_weekend};
use policy::clock::{Deadline, Facts, Lapse, LapseUnit, PauseReason, Rule, Start, book, rule};
use proptest::prelude::*;

fn the(id: &str) -> &'static Rule {
    rule(id).unwrap_or_else(|| panic!("no rule {id}"))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The answer of a rule to what was received on a day, under a calendar.
fn answer(id: &str, key: Option<&str>, facts: &Facts) -> Date {
    let calendar = key.map(|key| calendar(key).unwrap_or_else(|| panic!("no calendar {key}")));
    the(id).answer(facts, calendar).unwrap().on
}

#[test]
fn one_month_from_receipt() {
    for (id, key, received, due, why) in [
        // The examples of the ICO's guidance on the right of access, and their kin.
        ("uk.gdpr.dsr", "GB-ENG", "2026-09-03", "2026-10-05", "3 October is a Saturday"),
        (
            "uk.gdpr.dsr",
            "GB-ENG",
            "2026-01-30",
            "2026-03-02",
            "no 30 February, and the 28th is a Saturday",
        ),
        ("uk.gdpr.dsr", "GB-ENG", "2026-03-03", "2026-04-07", "Good Friday, then Easter Monday"),
        ("uk.gdpr.dsr", "GB-SCT", "2026-03-03", "2026-04-06", "Scotland works on Easter Monday"),
        (
            "uk.gdpr.dsr",
            "GB-ENG",
            "2026-11-25",
            "2026-12-29",
            "Christmas, and a substitute for Boxing Day",
        ),
        ("uk.gdpr.dsr", "GB-ENG", "2018-09-03", "2018-10-03", "the ICO's first example"),
        (
            "uk.gdpr.dsr",
            "GB-ENG",
            "2022-03-31",
            "2022-05-03",
            "30 April is a Saturday, then a bank holiday",
        ),
        // Regulation 1182/71, Art. 3(2)(c) and 3(4).
        ("eu.gdpr.dsr", "DE", "2026-03-31", "2026-04-30", "no 31 April"),
        ("eu.gdpr.dsr", "DE", "2026-08-31", "2026-09-30", "no 31 September"),
        ("eu.gdpr.dsr", "DE", "2028-01-31", "2028-02-29", "a leap year"),
        ("eu.gdpr.dsr", "DE", "2026-04-01", "2026-05-04", "1 May, then a weekend"),
        ("eu.gdpr.dsr", "IE", "2026-05-15", "2026-06-15", "nothing in the way"),
        ("eu.gdpr.dsr", "IE", "2026-05-01", "2026-06-02", "1 June is a holiday in Ireland alone"),
        ("eu.gdpr.dsr", "FR", "2026-06-14", "2026-07-15", "14 July"),
        (
            "eu.gdpr.dsr",
            "EU",
            "2026-11-25",
            "2026-12-28",
            "25 December is a holiday everywhere, the 26th is a Saturday",
        ),
    ] {
        assert_eq!(answer(id, Some(key), &Facts::on(day(received))), day(due), "{received}: {why}");
    }
}

#[test]
fn put_off() {
    for (id, key, received, due, why) in [
        (
            "eu.gdpr.dsr",
            Some("DE"),
            "2026-11-30",
            "2027-03-01",
            "three months from receipt: 28 February is a Sunday",
        ),
        ("us-ca.ccpa.know-delete-correct", None, "2026-11-20", "2027-02-18", "90 days in all"),
        ("us-fl.consumer", None, "2026-11-20", "2027-01-19", "45 and 15"),
        ("us-ia.consumer", None, "2026-11-20", "2027-04-04", "90 and 45"),
        ("ca.pipeda.access", None, "2026-11-20", "2027-01-19", "30 and 30"),
        (
            "ca-bc.pipa",
            Some("CA-BC"),
            "2026-11-20",
            "2027-02-17",
            "60 business days: Christmas, New Year, Family Day",
        ),
    ] {
        let mut facts = Facts::on(day(received));
        facts.extended = Some(day(received));
        assert_eq!(answer(id, key, &facts), day(due), "{id}: {why}");
        // Asked beforehand, it is the same day.
        let calendar = key.and_then(calendar);
        let before = the(id).answer_if_extended(&Facts::on(day(received)), calendar).unwrap();
        assert_eq!(before.on, day(due), "{id}");
    }
    // What cannot be put off is not, whatever was recorded.
    let mut facts = Facts::on(day("2026-11-20"));
    facts.extended = Some(day("2026-12-01"));
    assert_eq!(answer("ca-qc.law25", None, &facts), day("2026-12-20"));
    assert!(the("ca-qc.law25").answer_if_extended(&facts, None).is_none());
}

#[test]
fn started_late_or_standing_still() {
    let identity = PauseReason::Identity;
    let (uk, nevada) = ("uk.gdpr.dsr", "us-nv.sb370");
    let received = Facts::on(day("2026-06-01"));
    let id_came = received.clone().paused(identity, day("2026-06-02"), Some(day("2026-06-20")));
    assert_eq!(answer(uk, Some("GB-ENG"), &id_came), day("2026-07-20"), "from when the ID came");
    let asked = (day("2026-06-05"), day("2026-06-15"));
    let clarified = received.clone().paused(PauseReason::Clarification, asked.0, Some(asked.1));
    assert_eq!(
        answer(uk, Some("GB-ENG"), &clarified),
        day("2026-07-13"),
        "ten days, then a weekend"
    );
    let fee = received.clone().paused(PauseReason::Fee, day("2026-06-02"), Some(day("2026-06-10")));
    assert_eq!(answer(uk, Some("GB-ENG"), &fee), day("2026-07-10"), "from when the fee was paid");
    // The same days twice are one pause.
    let twice = clarified.paused(PauseReason::Clarification, asked.0, Some(asked.1));
    assert_eq!(answer(uk, Some("GB-ENG"), &twice), day("2026-07-13"));
    // California waits for nobody's identity.
    let ccpa = "us-ca.ccpa.know-delete-correct";
    assert_eq!(answer(ccpa, None, &id_came), answer(ccpa, None, &received));
    let mut facts = Facts::on(day("2026-11-01"));
    facts.authenticated = Some(day("2026-11-12"));
    assert_eq!(answer(nevada, None, &facts), day("2026-12-27"), "from authentication");
    // What is still awaited is said, and the day is only the earliest.
    let open = received.paused(identity, day("2026-06-02"), None);
    let due = the(uk).answer(&open, calendar("GB-ENG")).unwrap();
    assert_eq!((due.on, due.stopped), (day("2026-07-01"), Some(identity)));
}

#[test]
fn days_and_business_days() {
    for (id, key, received, due, why) in [
        (
            "us-ca.ccpa.know-delete-correct",
            None,
            "2026-11-20",
            "2027-01-04",
            "45 days, a Monday by chance",
        ),
        ("ca.pipeda.access", None, "2026-01-31", "2026-03-02", "days, not a month"),
        ("in.dpdp.rights", None, "2027-06-01", "2027-08-30", "the ceiling of 90 days"),
        (
            "us-ca.ccpa.optout-limit",
            Some("US"),
            "2026-12-18",
            "2027-01-12",
            "Christmas and New Year",
        ),
        ("us.sec.8k105", Some("US"), "2026-11-25", "2026-12-02", "Thanksgiving"),
        (
            "br.anpd15",
            Some("BR"),
            "2026-11-19",
            "2026-11-25",
            "20 November is a holiday since 2024",
        ),
        ("br.anpd15", Some("BR"), "2023-11-17", "2023-11-22", "and was none before"),
        ("us.hipaa.breach", None, "2026-11-20", "2027-01-19", "the outer limit"),
        ("us-ca.breach", None, "2026-11-20", "2026-12-20", "to the people"),
        ("us-ca.delete-act.drop", None, "2026-08-01", "2026-09-15", "45 days from the download"),
        (
            "ca.casl",
            Some("CA"),
            "2026-12-18",
            "2027-01-05",
            "Christmas and New Year; Boxing Day is a Saturday",
        ),
    ] {
        assert_eq!(answer(id, key, &Facts::on(day(received))), day(due), "{id}: {why}");
    }
    // California: the receipt is confirmed within ten business days; the Friday after Thanksgiving counts.
    let ccpa = the("us-ca.ccpa.know-delete-correct");
    let facts = Facts::on(day("2026-11-20"));
    let confirmed = ccpa.acknowledgement(&facts, calendar("US")).unwrap();
    assert_eq!(confirmed.on, day("2026-12-07"));
    assert!(
        confirmed.how[1].contains("without 2026-11-26 (Thanksgiving Day)"),
        "{:?}",
        confirmed.how
    );
    // Minnesota: an appeal, put off.
    let appeal = the("us-mn.consumer").appeal(day("2026-11-20"), true, None).unwrap();
    assert_eq!(appeal.on, day("2027-03-05"));
}

fn moment(text: &str) -> Zoned {
    text.parse().unwrap()
}

#[test]
fn hours_pass_whatever_clocks_on_walls_do() {
    for (id, from, due, why) in [
        (
            "eu.gdpr.33",
            "2026-11-20T16:30[Europe/Berlin]",
            "2026-11-23T16:30:00+01:00",
            "a weekend counts",
        ),
        (
            "eu.gdpr.33",
            "2026-10-24T12:00[Europe/Berlin]",
            "2026-10-27T11:00:00+01:00",
            "summer time ends",
        ),
        (
            "eu.gdpr.33",
            "2027-03-27T12:00[Europe/Berlin]",
            "2027-03-30T13:00:00+02:00",
            "summer time begins",
        ),
        (
            "eu.nis2.23",
            "2026-11-20T16:30[Europe/Paris]",
            "2026-11-21T16:30:00+01:00",
            "the early warning",
        ),
        (
            "in.certin",
            "2026-11-20T22:00[Asia/Kolkata]",
            "2026-11-21T04:00:00+05:30",
            "past midnight",
        ),
        (
            "us.bank36",
            "2026-10-31T20:00[America/New_York]",
            "2026-11-02T07:00:00-05:00",
            "an hour twice",
        ),
    ] {
        let due_at = the(id).answer(&Facts::at(moment(from)), None).unwrap().at.unwrap();
        assert_eq!(due_at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(), due, "{id}: {why}");
    }
}

#[test]
fn others_who_must_hear() {
    for (id, what, from, due) in [
        // The month of the final report runs from the notification, not from becoming aware.
        ("eu.nis2.23", "final report", "2026-12-31", "2027-01-31"),
        ("us-ca.breach", "attorney general", "2026-12-15", "2026-12-30"),
        ("us-ca.delete-act.drop", "fetch the list again", "2026-08-01", "2026-09-15"),
        ("us-vt.breach", "attorney general", "2026-11-20", "2026-12-11"),
    ] {
        let rule = the(id);
        let further = rule.further.iter().find(|further| further.what.contains(what)).unwrap();
        let due_on = further.due(&Facts::on(day(from)).received, rule.calendar_for(None)).unwrap();
        assert_eq!(due_on.on, day(due), "{id}: {what}");
    }
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i64..5844).prop_map(|days| date(2020, 1, 1).checked_add(days.days()).unwrap())
}

fn any_rule() -> impl Strategy<Value = &'static Rule> {
    let counted: Vec<_> = book().rules.iter().filter(|rule| rule.respond.is_some()).collect();
    proptest::sample::select(counted)
}

fn any_calendar() -> impl Strategy<Value = &'static policy::calendar::Calendar> {
    proptest::sample::select(calendars().iter().collect::<Vec<_>>())
}

fn due(rule: &Rule, facts: &Facts, calendar: &'static policy::calendar::Calendar) -> Deadline {
    rule.answer(facts, Some(calendar)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn who_comes_later_is_never_due_earlier(
        rule in any_rule(), calendar in any_calendar(), a in any_day(), b in any_day(),
    ) {
        let (early, late) = (a.min(b), a.max(b));
        let first = due(rule, &Facts::on(early), calendar).on;
        let second = due(rule, &Facts::on(late), calendar).on;
        prop_assert!(first <= second, "{}: {} {}, {} {}", rule.id, early, first, late, second);
        prop_assert!(first > early || rule.respond.unwrap().unit == LapseUnit::Hours);
    }

    #[test]
    fn a_pause_never_makes_it_earlier(
        rule in any_rule(), calendar in any_calendar(), received in any_day(),
        pauses in prop::collection::vec((0i64..120, 0i64..60, 0usize..3), 1..4),
    ) {
        // What moves the start moves it past months of other lengths: from the end of May to the end
        // of June it may come a day earlier, as the calendar has it.
        let moves = rule.starts == Start::IdentityAndFee
            && rule.respond.is_some_and(|lapse| lapse.unit == LapseUnit::Months);
        let reasons = match moves {
            true => [PauseReason::Clarification; 3],
            false => [PauseReason::Clarification, PauseReason::Identity, PauseReason::Fee],
        };
        let mut facts = Facts::on(received);
        let mut before = due(rule, &facts, calendar).on;
        for (after, long, reason) in pauses {
            let from = received.checked_add(after.days()).unwrap();
            let until = from.checked_add(long.days()).unwrap();
            facts = facts.paused(reasons[reason], from, Some(until));
            let now = due(rule, &facts, calendar).on;
            prop_assert!(now >= before, "{}: {:?} {} {}", rule.id, facts, before, now);
            before = now;
        }
    }

    #[test]
    fn putting_off_never_makes_it_earlier(
        rule in any_rule(), calendar in any_calendar(), received in any_day(),
    ) {
        let facts = Facts::on(received);
        if let Some(later) = rule.answer_if_extended(&facts, Some(calendar)) {
            prop_assert!(later.on > due(rule, &facts, calendar).on);
        }
    }

    #[test]
    fn what_rolls_never_ends_on_a_day_off(
        rule in any_rule(), calendar in any_calendar(), received in any_day(),
    ) {
        let on = due(rule, &Facts::on(received), calendar).on;
        let unit = rule.respond.unwrap().unit;
        if rule.rolls || unit == LapseUnit::BusinessDays {
            prop_assert!(calendar.is_working(on), "{} {}", rule.id, on);
            prop_assert!(!is_weekend(on));
        }
    }

    #[test]
    fn months_end_where_the_month_ends(received in any_day(), count in 1u32..40) {
        let lapse = Lapse { count, unit: LapseUnit::Months };
        let on = lapse.after(&Facts::on(received).received, None).unwrap().on;
        let months = |d: Date| i64::from(d.year()) * 12 + i64::from(d.month());
        prop_assert_eq!(months(on) - months(received), i64::from(count));
        prop_assert!(on.day() == received.day() || (on.day() < received.day() && on == on.last_of_month()));
    }

    #[test]
    fn business_days_are_counted_one_by_one(
        calendar in any_calendar(), received in any_day(), count in 1u32..60,
    ) {
        let lapse = Lapse { count, unit: LapseUnit::BusinessDays };
        let on = lapse.after(&Facts::on(received).received, Some(calendar)).unwrap().on;
        let mut day = received;
        let mut worked = 0;
        while day < on {
            day = day.tomorrow().unwrap();
            worked += u32::from(calendar.is_working(day));
        }
        prop_assert_eq!(worked, count);
    }
}
