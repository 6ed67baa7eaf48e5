//! What each column holds, and so what becomes of it.

use detect::{Detector, KindRef, classify_column};

use crate::date::{self, DateOrder};
use crate::pseudonym::Class;
use crate::{Method, Profile};

/// Some values of a column.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Its name.
    pub name: String,
    /// The type that it is declared with, if any.
    pub declared: String,
    /// Values, as they stand there.
    pub values: Vec<Vec<u8>>,
}

/// So many values tell what a column holds.
pub const SAMPLE: usize = 1_000;

/// Takes values of a table as its rows go by.
#[derive(Debug, Clone, Default)]
pub struct Sampler {
    columns: Vec<Vec<Vec<u8>>>,
}

impl Sampler {
    /// Whether the values of this row, counted from 0, are taken: those of the first rows, and then
    /// fewer and fewer, so that rows to the end are among them. The same rows each time.
    pub fn wants(row: u64) -> bool {
        const FIRST: u64 = 600;
        // A number that looks thrown, of the row's own.
        let thrown = row.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        row < FIRST || thrown.is_multiple_of(row / 60)
    }

    /// A value of a column. Long ones are cut: their beginning tells enough.
    pub fn add(&mut self, column: usize, value: &[u8]) {
        const LONGEST: usize = 4_096;
        if self.columns.len() <= column {
            self.columns.resize(column + 1, Vec::new());
        }
        if let Some(values) = self.columns.get_mut(column).filter(|values| values.len() < SAMPLE) {
            values.push(value.get(..LONGEST).unwrap_or(value).to_vec());
        }
    }

    /// Whether nothing was taken of this column yet.
    pub fn is_new(&self, column: usize) -> bool {
        self.columns.get(column).is_none_or(Vec::is_empty)
    }

    /// The samples of columns with these names.
    pub fn named(self, names: Vec<String>) -> Vec<Sample> {
        let mut columns = self.columns.into_iter();
        let sample = |name| Sample {
            name,
            declared: String::new(),
            values: columns.next().unwrap_or_default(),
        };
        names.into_iter().map(sample).collect()
    }
}
/// A guess of the detector that is less sure than this decides nothing.
const SURE: u8 = 55;

/// What becomes of a column, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnPlan {
    /// Its name.
    pub name: String,
    /// What becomes of it.
    pub method: Method,
    /// What it holds: a kind of the detector or a data category; empty where nobody knows.
    pub holds: String,
    /// Why, for people.
    pub why: String,
    /// What its pseudonyms stand for.
    pub class: Class,
    /// Whether it holds dates of birth.
    pub birth: bool,
    /// How its dates are read.
    pub order: DateOrder,
    /// Whether somebody could be told by it, together with others.
    pub quasi: bool,
    /// Whether it is what nobody should learn.
    pub sensitive: bool,
    /// Whether its values are numbers, which have an order.
    pub numbers: bool,
    /// The position of the column that tells the person, for a shift.
    pub person: Option<usize>,
}

/// Words of a column's name, and what they tell that the detector does not ask for.
const NAMES: &[(&[&str], &str)] = &[
    (&["vin", "vehicle", "plate"], "mark.vehicle"),
    (&["url", "website", "homepage", "webpage"], "mark.url"),
    (&["photo", "portrait", "avatar", "fingerprint"], "mark.photo"),
    (&["mrn"], "health.mrn"),
];

/// Words of a column by which people could be told together.
const QUASI: &[&str] = &[
    "age",
    "birth",
    "dob",
    "yob",
    "birthday",
    "gender",
    "sex",
    "race",
    "ethnicity",
    "ethnic",
    "nationality",
    "citizenship",
    "marital",
    "zip",
    "zipcode",
    "postcode",
    "postal",
    "city",
    "town",
    "county",
    "state",
    "province",
    "country",
    "region",
    "education",
    "degree",
    "occupation",
    "job",
    "profession",
    "language",
];

/// Words of a column that nobody should learn.
const SENSITIVE: &[&str] = &[
    "diagnosis",
    "disease",
    "condition",
    "illness",
    "treatment",
    "medication",
    "salary",
    "income",
    "wage",
    "religion",
    "orientation",
    "conviction",
    "debt",
    "icd",
    "icd10",
];

/// Decides about every column of a table.
///
/// # Errors
/// A name in the profile that no column has.
pub fn plan(
    profile: &Profile,
    detector: &Detector,
    samples: &[Sample],
) -> Result<Vec<ColumnPlan>, String> {
    let mut plans: Vec<ColumnPlan> =
        samples.iter().map(|sample| one(profile, detector, sample)).collect();
    for (named, what) in [(&profile.quasi, "quasi"), (&profile.sensitive, "sensitive")] {
        if named.is_empty() {
            continue;
        }
        for name in named {
            if !plans.iter().any(|plan| plan.name.eq_ignore_ascii_case(name)) {
                return Err(missing(name, &plans, what));
            }
        }
        for plan in &mut plans {
            let is_named = named.iter().any(|name| plan.name.eq_ignore_ascii_case(name));
            *(if what == "quasi" { &mut plan.quasi } else { &mut plan.sensitive }) = is_named;
        }
    }
    // Nobody is told by what nobody should learn, unless somebody says so.
    for plan in &mut plans {
        if plan.sensitive && plan.quasi {
            if profile.quasi.is_empty() {
                plan.quasi = false;
            } else {
                plan.sensitive = false;
            }
        }
    }
    for at in 0..plans.len() {
        let Some(Method::Shift { by: Some(by), .. }) = plans.get(at).map(|plan| &plan.method)
        else {
            continue;
        };
        let person = plans.iter().position(|plan| plan.name.eq_ignore_ascii_case(by));
        let Some(person) = person else { return Err(missing(by, &plans, "shift")) };
        if let Some(plan) = plans.get_mut(at) {
            plan.person = Some(person);
        }
    }
    Ok(plans)
}

fn missing(name: &str, plans: &[ColumnPlan], what: &str) -> String {
    let names: Vec<String> = plans.iter().take(30).map(|plan| format!("`{}`", plan.name)).collect();
    format!(
        "`{what}` names the column `{name}`, which is not there: the columns are {}",
        names.join(", ")
    )
}

fn words(name: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && small {
            out.push(String::new());
        }
        small = c.is_lowercase();
        if let Some(last) = out.last_mut().filter(|_| c.is_alphanumeric()) {
            last.extend(c.to_lowercase());
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

fn one(profile: &Profile, detector: &Detector, sample: &Sample) -> ColumnPlan {
    let values: Vec<&[u8]> = sample.values.iter().map(Vec::as_slice).collect();
    let texts: Vec<&str> = values
        .iter()
        .filter_map(|value| std::str::from_utf8(value).ok())
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .collect();
    let words = words(&sample.name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let order = date::order(texts.iter().copied());
    let share = |holds: &dyn Fn(&str) -> bool| {
        texts.iter().filter(|text| holds(text)).count() * 100 / texts.len().max(1)
    };
    let dates = !texts.is_empty() && share(&|text| date::read(text, order).is_some()) >= 90;
    let numbers = !texts.is_empty() && share(&|text| crate::value::number(text).is_some()) == 100;
    let mut plan = ColumnPlan {
        name: sample.name.clone(),
        method: profile.otherwise.clone(),
        holds: String::new(),
        why: "nobody knows what it holds: what is found in its values goes".to_owned(),
        class: Class::of_column(&sample.name),
        birth: has(&["birth", "dob", "yob", "birthday", "birthdate", "geburtsdatum", "naissance"]),
        order,
        quasi: has(QUASI),
        sensitive: has(SENSITIVE),
        numbers,
        person: None,
    };
    if plan.method != Method::Text {
        plan.why = "nobody knows what it holds".to_owned();
    }
    // `name` alone may be anything's. What is taken for a person's and is not loses little.
    let called = words.len() == 1 && has(&["name", "names"]);
    let own = NAMES.iter().find(|(names, _)| has(names)).map(|(_, key)| (*key).to_owned());
    let guess = classify_column(detector, &sample.name, &sample.declared, &values)
        .into_iter()
        // What stands in texts does not make a column of it.
        .find(|guess| {
            guess.confidence >= SURE
                && guess.kind.is_none_or(|kind| are(detector, &sample.name, &texts, kind))
        });
    let guess = guess.filter(|guess| fits(&guess.category, guess.kind.is_none(), &texts));
    if let Some(key) = own {
        plan.decided(profile, &key, "the name of the column says so");
    } else if let Some(guess) = guess {
        // The name may be finer than the kind: a first name, a city.
        let kind = guess.kind.map(|kind| kind.key().to_owned());
        let finer = kind
            .as_ref()
            .is_some_and(|_| guess.kind.is_some_and(|kind| kind.category() != guess.category));
        let holds = kind.filter(|_| !finer).unwrap_or_else(|| guess.category.clone());
        plan.birth |= guess.category == "user.demographic.date_of_birth";
        plan.quasi |= plan.birth;
        plan.decided(profile, &holds, &guess.reason);
    } else if called {
        plan.decided(profile, "user.name", "the name of the column says so");
    } else if plan.birth && dates {
        plan.decided(profile, "user.demographic.date_of_birth", "the name of the column says so");
    } else if let Some(method) = profile.dates.as_ref().filter(|_| dates) {
        plan.holds = "dates".to_owned();
        plan.why = "its values are dates".to_owned();
        plan.method = method.clone();
    } else if let Some(method) = profile.codes.as_ref().filter(|_| is_code(&words, &texts)) {
        plan.holds = "codes".to_owned();
        plan.why = "nearly every row has a code of its own".to_owned();
        plan.method = method.clone();
    } else if numbers
        && plan.holds.is_empty()
        && plan.method == Method::Text
        && !long_numbers(&texts)
    {
        plan.method = Method::Keep;
        plan.why = "short numbers of which nobody knows more".to_owned();
    }
    if dates && plan.holds.is_empty() && plan.method == Method::Text {
        plan.method = Method::Keep;
        plan.holds = "dates".to_owned();
        plan.why = "its values are dates, and the profile says nothing of dates".to_owned();
    }
    if let Some(method) = profile.column(&sample.name) {
        plan.method = method.clone();
        plan.why = "the profile names the column".to_owned();
    }
    plan
}

/// Whether most values are of this kind from end to end.
fn are(detector: &Detector, name: &str, texts: &[&str], kind: KindRef) -> bool {
    let lead = format!("{}: ", words(name).join(" "));
    let whole = texts.iter().filter(|text| {
        let found = detector.find(format!("{lead}{text}").as_bytes());
        found.iter().any(|found| {
            let inside = found.start >= lead.len() as u64;
            inside && found.kind == kind && (found.end - found.start) * 10 >= text.len() as u64 * 9
        })
    });
    whole.count() * 2 >= texts.len()
}

/// Whether values are of the kind that a name alone tells: a column `state` may hold `open`.
fn fits(category: &str, by_name: bool, texts: &[&str]) -> bool {
    if !by_name || texts.is_empty() {
        return true;
    }
    let most = |holds: &dyn Fn(&&&str) -> bool| {
        texts.iter().filter(|text| holds(text)).count() * 2 >= texts.len()
    };
    match category {
        "user.demographic.age_range" => most(&|text| crate::value::age(text).is_some()),
        "user.contact.address.postal_code" => most(&|text| crate::place::postal(text, 3).is_some()),
        "user.demographic.date_of_birth" => most(&|text| {
            date::read(text, DateOrder::Unknown).is_some() || text.parse::<u16>().is_ok()
        }),
        _ => true,
    }
}

/// Codes that tell one row: nearly all differ, none has a space, and there is a digit in each.
fn is_code(words: &[String], texts: &[&str]) -> bool {
    let named = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "id" | "uuid"
                | "guid"
                | "number"
                | "no"
                | "code"
                | "key"
                | "ref"
                | "account"
                | "member"
                | "policy"
                | "serial"
        )
    });
    let different: std::collections::BTreeSet<&&str> = texts.iter().collect();
    let unique = different.len() * 10 >= texts.len() * 9;
    let formed = texts.iter().all(|text| {
        text.len() <= 64 && !text.contains(' ') && text.contains(|c: char| c.is_ascii_digit())
    });
    formed
        && unique
        && (named
            || texts.len() >= 20 && texts.iter().all(|text| text.len() >= 5 && !text.contains('.')))
}

/// Numbers in which a telephone or an account could hide.
fn long_numbers(texts: &[&str]) -> bool {
    texts.iter().any(|text| text.chars().filter(char::is_ascii_digit).count() >= 7)
}

impl ColumnPlan {
    fn decided(&mut self, profile: &Profile, holds: &str, why: &str) {
        holds.clone_into(&mut self.holds);
        why.clone_into(&mut self.why);
        self.class = Class::of(holds);
        if let Some(method) = profile.method(holds) {
            self.method = method.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detect::DetectOptions;

    fn sample(name: &str, values: &[&str]) -> Sample {
        Sample {
            name: name.to_owned(),
            declared: String::new(),
            values: values.iter().map(|value| value.as_bytes().to_vec()).collect(),
        }
    }

    #[test]
    fn columns_get_the_method_of_what_they_hold() {
        let detector = Detector::new(&DetectOptions::default()).unwrap();
        let samples = [
            sample("mail", &["jane@acme.example", "bob@acme.example"]),
            sample("first_name", &["Jane", "Bob"]),
            sample("zip", &["02138", "62704"]),
            sample("age", &["33", "91"]),
            sample("birth_date", &["1984-02-03", "1991-12-24"]),
            sample("admitted", &["2024-02-03", "2024-12-24"]),
            sample("diagnosis", &["flu", "asthma"]),
            sample("state", &["IL", "MA"]),
            sample("city", &["Springfield", "Boston"]),
            sample("member_no", &["A1-44", "B2-93"]),
            sample("note", &["called jane@acme.example today", "nothing"]),
            sample("visits", &["3", "4"]),
        ];
        let shown = |profile: &Profile| -> Vec<String> {
            let plans = plan(profile, &detector, &samples).unwrap();
            plans.iter().map(|plan| format!("{} {}", plan.name, plan.method)).collect()
        };
        assert_eq!(
            shown(&Profile::default()),
            [
                "mail pseudonym",
                "first_name pseudonym",
                "zip zip 3",
                "age age 1",
                "birth_date year",
                "admitted keep",
                "diagnosis keep",
                "state keep",
                "city keep",
                "member_no text",
                "note text",
                "visits keep",
            ]
        );
        assert_eq!(
            shown(&Profile::hipaa_safe_harbor()),
            [
                "mail remove",
                "first_name remove",
                "zip zip 3",
                "age age 1",
                "birth_date year",
                "admitted year",
                "diagnosis keep",
                "state keep",
                "city remove",
                "member_no remove",
                "note text",
                "visits keep",
            ]
        );
        let plans = plan(&Profile::default(), &detector, &samples).unwrap();
        let names = |of: fn(&ColumnPlan) -> bool| -> Vec<&str> {
            plans.iter().filter(|plan| of(plan)).map(|plan| plan.name.as_str()).collect()
        };
        assert_eq!(names(|plan| plan.quasi), ["zip", "age", "birth_date", "state", "city"]);
        assert_eq!(names(|plan| plan.sensitive), ["diagnosis"]);
        assert_eq!(names(|plan| plan.birth), ["birth_date"]);
    }

    #[test]
    fn what_the_profile_names_must_be_there() {
        let detector = Detector::new(&DetectOptions::default()).unwrap();
        let samples = [sample("a", &["1"]), sample("day", &["2024-01-02"])];
        let mut profile = Profile { quasi: vec!["zip".to_owned()], ..Profile::default() };
        assert!(plan(&profile, &detector, &samples).unwrap_err().contains("`zip`"));
        profile.quasi = vec!["A".to_owned()];
        profile.columns.insert("day".to_owned(), Method::parse("shift 9 by A").unwrap());
        let plans = plan(&profile, &detector, &samples).unwrap();
        assert_eq!(plans[1].person, Some(0));
        assert!(plans[0].quasi);
        profile.columns.insert("day".to_owned(), Method::parse("shift 9 by B").unwrap());
        assert!(plan(&profile, &detector, &samples).is_err());
    }
}
