//! Where map, notice and systems do not say the same. A pure function of what was seen.

use std::collections::{BTreeMap, BTreeSet};

use detect::{Family, KindRef};
use policy::file::system::{DatasetCollection, DatasetField, InferenceEntry, SystemFile};
use policy::taxonomy::is_within;
use policy::{Collection, Control, Edit, Inference, Policy, Sources, System};
use render::map::{Drift, DriftKind, MapSystem, Origin, Proposal};
use render::words;
use sha2::{Digest as _, Sha256};

use super::look::Looked;
use super::{Point, people};
use crate::contents::FieldLook;

/// A system and what was seen of it.
type Seen<'s> = (&'s System, Result<Looked, String>);

/// So many fields are named; of more the number is told.
const NAMED: usize = 4;
/// So many values of a kind make a column one of that kind.
const FEW: u64 = 5;

/// Every point, surest first within its kind.
pub(super) fn points(
    policy: &Policy,
    files: &Sources,
    looks: &[Seen<'_>],
    systems: &[MapSystem],
    all: bool,
) -> Vec<Point> {
    let mut points = Points::default();
    for (system, look) in looks {
        let name = format!("systems/{}.yaml", system.key);
        let file =
            files.get(&name).and_then(|text| policy::read_system_file(&system.key, text).ok());
        if let (Ok(look), Some(file)) = (look, &file) {
            of_system(policy, system, look, file, &mut points);
        }
    }
    for system in systems {
        of_purpose(policy, system, &mut points);
    }
    // Of one system alone it cannot be said what is held nowhere.
    of_notice(policy, systems, all, &mut points);
    points.done()
}

#[derive(Default)]
struct Points {
    points: Vec<Point>,
}

/// A point that is being made.
struct New<'n> {
    kind: DriftKind,
    place: String,
    /// What tells it from others at the same place.
    what: &'n str,
    says: String,
    confidence: u8,
}

impl Points {
    fn accepting(&mut self, new: New<'_>, system: &str, writes: String, edit: Edit) {
        self.add(new, Some(writes), None, Some((system.to_owned(), edit)));
    }

    fn deciding(&mut self, new: New<'_>, to_do: String) {
        self.add(new, None, Some(to_do), None);
    }

    fn add(
        &mut self,
        new: New<'_>,
        accepting: Option<String>,
        to_do: Option<String>,
        edit: Option<(String, Edit)>,
    ) {
        let New { kind, place, what, says, confidence } = new;
        let id = Sha256::digest(format!("{kind:?}\n{place}\n{what}").as_bytes());
        let id: String = id.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let drift = Drift { id, kind, place, says, confidence, accepting, to_do };
        self.points.push(Point { drift, edit });
    }

    /// In order, each id as short as it can be: six figures, or more where two begin alike.
    fn done(mut self) -> Vec<Point> {
        self.points.sort_by(|a, b| {
            let (a, b) = (&a.drift, &b.drift);
            (a.kind, b.confidence, &a.place, &a.id).cmp(&(b.kind, a.confidence, &b.place, &b.id))
        });
        let mut length = 6;
        let short = |length: usize, id: &str| id.get(..length).unwrap_or(id).to_owned();
        while length < 12 {
            let ids: BTreeSet<String> =
                self.points.iter().map(|point| short(length, &point.drift.id)).collect();
            if ids.len() == self.points.len() {
                break;
            }
            length += 2;
        }
        for point in &mut self.points {
            point.drift.id = short(length, &point.drift.id);
        }
        self.points
    }
}

/// The categories of these fields in words: "e-mail address and name".
fn in_words<'c>(categories: impl Iterator<Item = &'c str>) -> String {
    let mut titles: Vec<String> = Vec::new();
    for category in categories {
        let title = words::map::category(category).to_owned();
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    few(&titles)
}

fn few(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(NAMED).cloned().collect();
    if names.len() > NAMED {
        shown.push(format!("{} more", names.len() - NAMED));
    }
    words::list(&shown)
}

fn file_of(system: &System) -> String {
    format!("`systems/{}.yaml`", system.key)
}

/// One system: what it holds beside its map, and the other way round.
fn of_system(
    policy: &Policy,
    system: &System,
    look: &Looked,
    file: &SystemFile,
    points: &mut Points,
) {
    let proposed = SystemFile::of(&look.found.system, &look.found.categories);
    let proposed: Vec<DatasetCollection> =
        proposed.dataset.into_iter().flat_map(|dataset| dataset.collections).collect();
    let ours = |name: &str| system.collection(name).is_some() || policy.system(name).is_some();
    let mut there: BTreeSet<&str> = BTreeSet::new();
    for (table, mapped, found) in look.tables(system) {
        let counted = mapped.map_or_else(|| table.name.to_string(), |one| one.name.clone());
        let counts = look.table(system, &counted);
        let Some(mapped) = mapped else {
            if let Some(found) = found.filter(|one| one.skip.is_none()) {
                let written = proposed.iter().find(|one| one.name == found.name);
                not_in_map(system, look, found, written, &ours, points);
            }
            continue;
        };
        there.insert(&mapped.name);
        for field in &mapped.fields {
            if table.column(&field.name).is_none() {
                gone(system, &mapped.name, Some(&field.name), points);
            }
        }
        for column in &table.columns {
            let place = format!("{}.{}.{}", system.key, mapped.name, column.name);
            let counts = counts.and_then(|look| look.fields.get(&column.name));
            let proposal = found.and_then(|one| look.proposal(&one.name, &column.name));
            let Some(field) = mapped.field(&column.name) else {
                if let (Some(proposal), None) = (&proposal, &mapped.skip) {
                    let written = found
                        .and_then(|found| proposed.iter().find(|one| one.name == found.name))
                        .and_then(|one| one.fields.iter().find(|one| one.name == column.name));
                    new_field(system, &mapped.name, &place, proposal, written, &ours, points);
                }
                continue;
            };
            let guess = file.category_guess(&mapped.name, &column.name);
            if guess.is_some_and(|guess| guess.confirmed.is_some()) {
                continue;
            }
            let said = Said { system, collection: mapped, field, guess, place: &place };
            let told = said.other_values(proposal.as_ref(), counts, points);
            if let Some(counts) = counts.filter(|_| !told) {
                said.harmful(counts, points);
            }
            said.question(points);
        }
    }
    for collection in &system.collections {
        if !there.contains(collection.name.as_str()) {
            gone(system, &collection.name, None, points);
        }
    }
    whose(policy, system, look, points);
}

/// A table that the map does not have.
fn not_in_map(
    system: &System,
    look: &Looked,
    found: &Collection,
    written: Option<&DatasetCollection>,
    ours: &dyn Fn(&str) -> bool,
    points: &mut Points,
) {
    let proposals: Vec<Proposal> =
        found.fields.iter().filter_map(|field| look.proposal(&found.name, &field.name)).collect();
    let Some(confidence) = proposals.iter().map(|proposal| proposal.confidence).max() else {
        return;
    };
    let place = format!("{}.{}", system.key, found.name);
    let fields = words::count(proposals.len() as u64, "field", "fields");
    let what = in_words(proposals.iter().map(|proposal| proposal.category.as_str()));
    let says = format!(
        "`{place}` is not in the map, and {fields} of it hold{} {what}.",
        if proposals.len() == 1 { "s" } else { "" }
    );
    let new = New { kind: DriftKind::NotInMap, place, what: "", says, confidence };
    let Some(written) = written else {
        return points.deciding(new, format!("run `upheld connect {} URL --again`", system.key));
    };
    let mut written = written.clone();
    let own = written.name.clone();
    for field in &mut written.fields {
        SystemFile::without_strangers(field, |name| name == own || ours(name));
    }
    let writes = format!("adds the collection to {}", file_of(system));
    points.accepting(new, &system.key, writes, Edit::AddCollection(Box::new(written)));
}

/// A column that the map does not have.
fn new_field(
    system: &System,
    collection: &str,
    place: &str,
    proposal: &Proposal,
    written: Option<&DatasetField>,
    ours: &dyn Fn(&str) -> bool,
    points: &mut Points,
) {
    let says = format!(
        "`{place}` is not in the map, and it seems to hold {}: {}.",
        in_words(std::iter::once(proposal.category.as_str())),
        proposal.reason
    );
    let new = New {
        kind: DriftKind::NotInMap,
        place: place.to_owned(),
        what: "",
        says,
        confidence: proposal.confidence,
    };
    let Some(written) = written else {
        return points.deciding(new, format!("run `upheld connect {} URL --again`", system.key));
    };
    let mut written = written.clone();
    SystemFile::without_strangers(&mut written, ours);
    // Whoever accepts it has answered.
    if let Some(guess) = written.upheld.as_mut().and_then(|add| add.category_guess.as_mut()) {
        guess.confirmed = Some(true);
    }
    let edit = Edit::AddField { collection: collection.to_owned(), field: Box::new(written) };
    points.accepting(new, &system.key, format!("adds the field to {}", file_of(system)), edit);
}

/// Something of the map that the system does not have.
fn gone(system: &System, collection: &str, field: Option<&str>, points: &mut Points) {
    let (place, what) = match field {
        Some(field) => (format!("{}.{collection}.{field}", system.key), "column"),
        None => (format!("{}.{collection}", system.key), "table"),
    };
    let says = format!(
        "The map has `{place}`, and {} has no such {what} that this account can see.",
        system.title
    );
    let new = New { kind: DriftKind::GoneFromSystem, place, what: "", says, confidence: 85 };
    let edit = match field {
        Some(field) => {
            Edit::RemoveField { collection: collection.to_owned(), field: field.to_owned() }
        }
        None => Edit::RemoveCollection(collection.to_owned()),
    };
    points.accepting(new, &system.key, format!("takes it out of {}", file_of(system)), edit);
}

/// What the map says of a field.
struct Said<'s> {
    system: &'s System,
    collection: &'s Collection,
    field: &'s policy::Field,
    guess: Option<&'s InferenceEntry>,
    place: &'s str,
}

impl Said<'_> {
    /// Whether the map's categories already say this, more widely or more finely.
    fn says(&self, category: &str) -> bool {
        self.field
            .categories
            .iter()
            .any(|mapped| is_within(category, mapped) || is_within(mapped, category))
    }

    /// Whether it is known that values of this sort stand here. A card is no bank account; a key is
    /// as bad as a password.
    fn covers(&self, kind: KindRef) -> bool {
        let sort =
            |category: &str| category.split('.').take(2).map(str::to_owned).collect::<Vec<_>>();
        self.says(kind.category())
            || kind.family() != Family::Financial
                && self.field.categories.iter().any(|mapped| sort(mapped) == sort(kind.category()))
    }

    fn mapped_as(&self) -> String {
        if self.field.is_personal() {
            format!("as {}", in_words(self.field.categories.iter().map(String::as_str)))
        } else {
            "as nothing about people".to_owned()
        }
    }

    /// Another category than the map's, by its values; by anything where nobody has decided.
    fn other_values(
        &self,
        proposal: Option<&Proposal>,
        counts: Option<&FieldLook>,
        points: &mut Points,
    ) -> bool {
        let Some(proposal) = proposal else { return false };
        // What most values are, where that is what is proposed.
        let most = counts
            .and_then(|counts| counts.most().map(|(kind, share)| (kind, share, counts)))
            .filter(|(kind, ..)| is_within(kind.category(), &proposal.category));
        let of_values = most.map_or(0, |(kind, _, counts)| counts.confidence(kind));
        let confidence = proposal.confidence.max(of_values);
        let by_values = proposal.from.contains(&Origin::Values);
        // Whoever writes in it may write anything; a sign-in name or a name may be an address.
        let roomy = self.field.categories.iter().any(|category| {
            ["user.content", "user.account", "user.name"]
                .iter()
                .any(|above| is_within(category, above))
        });
        let undecided = self.guess.is_some();
        if self.says(&proposal.category)
            || roomy
            || self.collection.skip.is_some()
            || confidence < Inference::SURE
            || !(by_values || undecided)
        {
            return false;
        }
        let how = most.map_or_else(
            || proposal.reason.clone(),
            |(kind, share, _)| {
                let many = words::kind::many(kind.key(), kind.title());
                format!("{share} % of the values looked at are {many}")
            },
        );
        let says = format!(
            "`{}` is mapped {}, and seems to hold {}: {how}.",
            self.place,
            self.mapped_as(),
            in_words(std::iter::once(proposal.category.as_str()))
        );
        let new = New {
            kind: DriftKind::OtherThanMapped,
            place: self.place.to_owned(),
            what: &proposal.category,
            says,
            confidence,
        };
        let edit = Edit::Categories {
            collection: self.collection.name.clone(),
            field: self.field.name.clone(),
            categories: vec![proposal.category.clone()],
            guess: InferenceEntry {
                confidence: confidence.min(100),
                reason: proposal.reason.clone(),
                confirmed: Some(true),
            },
        };
        let writes = format!("writes `{}` for it into {}", proposal.category, file_of(self.system));
        points.accepting(new, &self.system.key, writes, edit);
        true
    }

    /// Values that do harm and that the map does not speak of, wherever they stand: in what people
    /// wrote, too.
    fn harmful(&self, counts: &FieldLook, points: &mut Points) {
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for (kind, rows) in &counts.kinds {
            if !does_harm(*kind) || self.covers(*kind) || !told.insert(kind.category()) {
                continue;
            }
            let says = format!(
                "`{}` holds {} in {} of {} looked at, and is mapped {}.",
                self.place,
                words::kind::many(kind.key(), kind.title()),
                words::number(*rows),
                words::count(counts.filled, "value", "values"),
                self.mapped_as()
            );
            let whole = counts.tally.whole().get(kind).copied().unwrap_or_default();
            let confidence = if whole * 2 >= counts.filled && whole >= FEW { 90 } else { 70 };
            let to_do = format!(
                "take them out (`upheld scan {}` tells where they stand), or add `{}` to its \
                 `data_categories` in {} and name it in the notice; if they are none, give the field \
                 `category_guess: {{ confidence: 100, reason: \"looked at\", confirmed: yes }}` below \
                 `upheld:`",
                self.system.key,
                kind.category(),
                file_of(self.system)
            );
            let new = New {
                kind: DriftKind::OtherThanMapped,
                place: self.place.to_owned(),
                what: kind.category(),
                says,
                confidence,
            };
            points.deciding(new, to_do);
        }
    }

    /// A guess that waits for an answer.
    fn question(&self, points: &mut Points) {
        let Some(guess) = self.guess.filter(|guess| guess.confidence < Inference::SURE) else {
            return;
        };
        let says = format!(
            "Does `{}` hold {}? {}.",
            self.place,
            in_words(self.field.categories.iter().map(String::as_str)),
            first_upper(&guess.reason)
        );
        let new = New {
            kind: DriftKind::Question,
            place: self.place.to_owned(),
            what: "",
            says,
            confidence: guess.confidence,
        };
        let edit = Edit::Categories {
            collection: self.collection.name.clone(),
            field: self.field.name.clone(),
            categories: self.field.categories.clone(),
            guess: InferenceEntry { confirmed: Some(true), ..guess.clone() },
        };
        let writes = format!("answers with yes in {}", file_of(self.system));
        points.accepting(new, &self.system.key, writes, edit);
    }
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
    format!("{first}{}", letters.as_str())
}

/// Kinds whose values do harm where nobody knows of them, and that a check digit or a fixed form
/// tells.
fn does_harm(kind: KindRef) -> bool {
    match kind.family() {
        Family::Credential | Family::Government | Family::Health => true,
        Family::Financial => {
            ["financial.card", "financial.iban", "financial.cvv"].contains(&kind.key())
        }
        _ => false,
    }
}

/// Whose data a system holds, where nobody wrote it down.
fn whose(policy: &Policy, system: &System, look: &Looked, points: &mut Points) {
    if policy.data_subjects.contains_key(&system.key) {
        return;
    }
    let keys = people::of(look, system);
    if keys.is_empty() {
        return;
    }
    let titles: Vec<String> = keys.iter().map(|key| people::many(key).to_lowercase()).collect();
    let says = format!(
        "Does {} hold data of {}? Its tables are called so, and its file does not say whose data it is.",
        system.title,
        words::list(&titles)
    );
    let new = New {
        kind: DriftKind::Question,
        place: system.key.clone(),
        what: "subjects",
        says,
        confidence: 60,
    };
    let edit = Edit::Subjects(keys.into_iter().map(str::to_owned).collect());
    let writes = format!("writes `data_subjects` into {}", file_of(system));
    points.accepting(new, &system.key, writes, edit);
}

/// A system that holds data of people for no purpose that is written down.
fn of_purpose(policy: &Policy, system: &MapSystem, points: &mut Points) {
    let fields = system.collections.iter().filter(|one| one.skipped.is_none());
    let many: u64 = fields.map(|one| one.fields.len() as u64).sum();
    let named = policy.system(&system.key).is_some_and(|system| !system.purposes.is_empty());
    if many == 0 || named {
        return;
    }
    let keys: Vec<String> =
        policy.purposes.iter().map(|purpose| format!("`{}`", purpose.key)).collect();
    let says = format!(
        "{} holds {} about people, and no purpose says why.",
        system.title,
        words::count(many, "field", "fields")
    );
    let to_do = format!(
        "write `purposes: [KEY]` below `system:` in `systems/{}.yaml`; the keys of policy.yaml are {}",
        system.key,
        words::list(&keys)
    );
    let new = New {
        kind: DriftKind::WithoutPurpose,
        place: system.key.clone(),
        what: "",
        says,
        confidence: 100,
    };
    points.deciding(new, to_do);
}

/// What the notice names, against what is held; both ways.
fn of_notice(policy: &Policy, systems: &[MapSystem], all: bool, points: &mut Points) {
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    for promise in &policy.promises {
        for control in &promise.controls {
            if let Control::Held(held) = control {
                for category in &held.of {
                    named.entry(category).or_insert(&promise.id);
                }
            }
        }
    }
    // Category, and the fields that hold it; a field that was read wholly and is empty holds nothing.
    let mut held: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut empty: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for system in systems {
        for collection in system.collections.iter().filter(|one| one.skipped.is_none()) {
            for field in &collection.fields {
                let place = format!("`{}.{}.{}`", system.key, collection.name, field.name);
                let is_empty = field.filled == Some(0) && collection.whole;
                for category in field.shown() {
                    if is_within(category, "user") && !is_within(category, "user.unique_id") {
                        let into = if is_empty { &mut empty } else { &mut held };
                        into.entry(category).or_default().push(place.clone());
                    }
                }
            }
        }
    }
    for (category, places) in &held {
        if named.keys().any(|above| is_within(category, above)) {
            continue;
        }
        let title = words::map::category(category);
        let says = format!(
            "No sentence of the notice names {title}, and {} it: {}.",
            words::count(places.len() as u64, "field holds", "fields hold"),
            few(places)
        );
        let to_do = format!(
            "write a sentence into the notice that names it, quote it in promises.yaml, and give that \
             promise `held: {{ of: [{category}] }}`; or stop holding it"
        );
        let new = New {
            kind: DriftKind::NotInNotice,
            place: (*category).to_owned(),
            what: "",
            says,
            confidence: 100,
        };
        points.deciding(new, to_do);
    }
    let lost = systems.iter().any(|system| !system.reached);
    for (category, promise) in named {
        let holds = |map: &BTreeMap<&str, Vec<String>>| {
            map.iter()
                .filter(|(held, _)| is_within(held, category))
                .map(|(_, at)| at.len())
                .sum::<usize>()
        };
        let (full, hollow): (usize, usize) = (holds(&held), holds(&empty));
        if full > 0 || !all || systems.is_empty() || lost {
            continue;
        }
        let why = match hollow {
            0 => "no field of any system holds it".to_owned(),
            n => format!(
                "{} mapped so, and nothing stands there",
                words::count(n as u64, "field is", "fields are")
            ),
        };
        let says = format!(
            "The notice names {} (promise `{promise}`), and {why}.",
            words::map::category(category)
        );
        let to_do = format!(
            "take it out of the sentence and out of `held:` of the promise `{promise}`, or map the \
             system that holds it (`upheld connect NAME URL`)"
        );
        let new = New {
            kind: DriftKind::NotHeld,
            place: category.to_owned(),
            what: "",
            says,
            confidence: 100,
        };
        points.deciding(new, to_do);
    }
}
