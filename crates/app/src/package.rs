//! The access package: what the engine hands out, written by the renderer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use engine::{HandOut, HandedField, HandedRow, Visit};
use model::{Personal, Value};
use plan::{Case, Ending, Place, RequestKind, TermKind};
use policy::{Collection, Policy, Tie};
use render::package::{
    Answered, Category, Closing, CollectionAnswer, Disclosure, FieldHead, FileAnswer, ListItem,
    NotShown, PackageHead, PackageKind, PackageWriter, Protection, Reached, RowAnswer, SevenLists,
    Shown, Spools, SystemAnswer,
};

use tempfile::NamedTempFile;

use crate::held::Held;
use crate::house::{House, aside};
use crate::keeper::CaseKeeper;
use crate::marks::InForce;
use crate::request::{Came, Leave, default_name};
use crate::{Error, Result, view};

/// Hands everything out into a package, whole or not at all.
pub(crate) async fn hand_out(
    house: &House,
    policy: &Policy,
    visit: &mut Visit<'_>,
    case: &mut Case,
    keeper: &CaseKeeper<'_>,
    leave: &Leave,
    marks: &[InForce],
) -> Result<Came> {
    let mut making = Making::begin(house, policy, case, leave, marks)?;
    visit.hand_out(&mut [(&mut *case, &mut making.hands)]).await?;
    let made = making.finish(policy, case)?.stored()?;
    case.forget();
    keeper.save_last(case, ("package made", made.told())).await?;
    Ok(made.came())
}

/// A package that is being made, beside the place where it will lie.
pub(crate) struct Making<'m> {
    target: PathBuf,
    file: NamedTempFile,
    pub(crate) hands: Hands<'m>,
    not_reached: BTreeMap<String, String>,
}

impl<'m> Making<'m> {
    pub(crate) fn begin(
        house: &House,
        policy: &'m Policy,
        case: &Case,
        leave: &Leave,
        marks: &[InForce],
    ) -> Result<Self> {
        let target = leave.out.clone().unwrap_or_else(|| default_name("access", case, "zip"));
        let folder =
            target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let cannot = |error| Error::file("cannot write", &target)(error);
        // A package is a person: only its owner may read it, from the first byte.
        let file = aside(&target).map_err(cannot)?;
        let mut head = head(house, policy, case)?;
        head.choices = marks.iter().map(|mark| mark.words(policy, &head.zone)).collect();
        let protection = leave
            .password
            .clone()
            .map(|password| Protection { password, rng: house.means.rng.clone() });
        let handle = file.reopen().map_err(cannot)?;
        let writer =
            PackageWriter::new(Held::new(handle), head, protection, spools(folder.to_owned()))?;
        let hands = Hands {
            writer,
            policy,
            system: None,
            fields: Vec::new(),
            place: String::new(),
            categories: BTreeSet::new(),
            withheld: BTreeMap::new(),
            fed: BTreeSet::new(),
        };
        Ok(Self { target, file, hands, not_reached: case.not_reached().clone() })
    }

    /// Writes what comes after the records. The file is whole then, but not on the disk yet.
    pub(crate) fn finish(self, policy: &Policy, case: &Case) -> Result<Made> {
        let Self { target, file, mut hands, not_reached } = self;
        for system in &policy.systems {
            let why = case.not_reached().get(&system.key).or_else(|| not_reached.get(&system.key));
            let reached = why.map_or(Reached::Reached, |why| Reached::NotReached(why.clone()));
            if !hands.fed.contains(&system.key) || reached != Reached::Reached {
                let answer = answer(policy, &system.key, reached);
                hands.writer.system(answer)?;
            }
        }
        let closing = closing(policy, case, &hands);
        let (held, summary) = hands.writer.finish(&closing)?;
        let handle = held.into_file().map_err(Error::file("cannot write", &target))?;
        let incomplete = match case.ending() {
            Some(Ending::Incomplete(reasons)) => reasons.clone(),
            _ => Vec::new(),
        };
        let by_reference = case.is_by_reference();
        Ok(Made { target, file: Some(file), handle, summary, incomplete, by_reference })
    }
}

/// A package that is written.
pub(crate) struct Made {
    pub(crate) target: PathBuf,
    file: Option<NamedTempFile>,
    handle: File,
    pub(crate) summary: render::package::Summary,
    pub(crate) incomplete: Vec<String>,
    by_reference: bool,
}

impl Made {
    /// Puts it onto the disk and in its place.
    pub(crate) fn stored(mut self) -> Result<Self> {
        self.flush()?;
        self.persist()?;
        Ok(self)
    }

    /// Waits until the disk has it.
    pub(crate) fn flush(&self) -> Result<()> {
        self.handle.sync_all().map_err(Error::file("cannot write", &self.target))?;
        model::crash::site("app.package.written");
        Ok(())
    }

    /// Puts it in its place.
    pub(crate) fn persist(&mut self) -> Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let cannot = Error::file("cannot write", &self.target);
        file.persist(&self.target).map_err(|error| cannot(error.error))?;
        model::crash::site("app.package.in_place");
        Ok(())
    }

    /// What its event says.
    pub(crate) fn told(&self) -> serde_json::Value {
        let mut body = serde_json::json!({
            "records": self.summary.records, "systems": self.summary.systems_with_records,
            "not_reached": self.summary.not_reached,
        });
        if let (true, Some(body)) = (self.by_reference, body.as_object_mut()) {
            body.insert("texts_searched".to_owned(), false.into());
        }
        body
    }

    pub(crate) fn came(self) -> Came {
        Came::HandedOut { file: self.target, summary: self.summary, incomplete: self.incomplete }
    }
}

/// What waits of a package stays in memory up to so many bytes.
const IN_MEMORY: usize = 256 * 1024;

fn spools(folder: PathBuf) -> Spools {
    Box::new(move || Ok(Box::new(tempfile::spooled_tempfile_in(IN_MEMORY, &folder)) as _))
}

fn head(house: &House, policy: &Policy, case: &Case) -> Result<PackageHead> {
    let organisation = &policy.organisation;
    let contact = &organisation.contact;
    let ways = [Some(contact.email.clone()), contact.phone.clone(), contact.post.clone()];
    Ok(PackageHead {
        organisation: organisation.name.clone(),
        contact: ways.into_iter().flatten().collect::<Vec<_>>().join(", "),
        reference: case.request.id.clone(),
        made_at: house.means.clock.now(),
        zone: house.zone()?,
        subject_names: addressed_as(case).into_iter().collect(),
        kind: match case.request.kind {
            RequestKind::Portability => PackageKind::Portability,
            _ => PackageKind::Access,
        },
        choices: Vec::new(),
        complain_to: Vec::new(),
    })
}

/// The one name by which the person is addressed: of all the spellings found, the fullest.
fn addressed_as(case: &Case) -> Option<Personal<String>> {
    let names = case.terms().iter().filter(|term| term.kind == TermKind::Name);
    let fit =
        names.map(|term| term.text.expose().trim()).filter(|n| n.contains(' ') && !n.contains(','));
    fit.max_by_key(|name| name.len()).map(|name| Personal::new(name.to_owned()))
}

fn answer(policy: &Policy, key: &str, reached: Reached) -> SystemAnswer {
    let Some(system) = policy.system(key) else {
        return SystemAnswer {
            key: key.to_owned(),
            title: key.to_owned(),
            source: None,
            purposes: Vec::new(),
            recipients: Vec::new(),
            reached,
        };
    };
    SystemAnswer {
        key: system.key.clone(),
        title: system.title.clone(),
        source: system.source.clone(),
        purposes: system.purposes.iter().map(|word| policy.title_of_purpose(word)).collect(),
        recipients: policy.recipients_of(system).iter().map(|r| r.name.clone()).collect(),
        reached,
    }
}

/// Feeds what the engine hands out to the package.
pub(crate) struct Hands<'h> {
    writer: PackageWriter<Held>,
    policy: &'h Policy,
    system: Option<String>,
    fields: Vec<String>,
    place: String,
    categories: BTreeSet<String>,
    withheld: BTreeMap<(String, &'static str), u64>,
    fed: BTreeSet<String>,
}

fn io_error(error: render::package::Error) -> io::Error {
    io::Error::other(error.to_string())
}

impl HandOut for Hands<'_> {
    fn place(
        &mut self,
        place: &Place,
        collection: &Collection,
        fields: &[String],
        how: &[String],
    ) -> io::Result<()> {
        if self.system.as_ref() != Some(&place.system) {
            let answer = answer(self.policy, &place.system, Reached::Reached);
            self.writer.system(answer).map_err(io_error)?;
            self.system = Some(place.system.clone());
            self.fed.insert(place.system.clone());
        }
        let title = self.policy.system(&place.system).map_or(&place.system, |s| &s.title);
        self.place = format!("{title}, {}", collection.title);
        self.fields = fields.to_vec();
        let heads = fields
            .iter()
            .map(|name| {
                let field = collection.field(name);
                let categories = field.map_or(&[][..], |field| &field.categories);
                self.categories
                    .extend(categories.iter().filter(|c| c.starts_with("user")).cloned());
                FieldHead {
                    name: name.clone(),
                    title: field.and_then(|field| field.title.clone()),
                    categories: categories
                        .iter()
                        .map(|key| Category {
                            key: key.clone(),
                            title: self.policy.title_of_category(key),
                        })
                        .collect(),
                    data_type: field.and_then(|field| field.data_type),
                    free_text: field.is_some_and(|field| field.free_text),
                }
            })
            .collect();
        let mut why: Vec<String> = how.iter().map(|by| self.found_by(by)).collect();
        why.sort();
        why.dedup();
        self.writer
            .collection(CollectionAnswer {
                name: place.collection.clone(),
                title: collection.title.clone(),
                why,
                fields: heads,
            })
            .map_err(io_error)
    }

    fn row(&mut self, row: HandedRow) -> io::Result<()> {
        let mut values = Vec::with_capacity(row.fields.len());
        for field in row.fields {
            values.push(match field {
                HandedField::Value(Value::Null) => Shown::Empty,
                HandedField::Value(Value::Bool(value)) => Shown::Bool(value),
                HandedField::Value(Value::Int(value)) => Shown::Int(value),
                HandedField::Value(Value::Text(text)) => Shown::text(text),
                HandedField::Value(Value::Bytes(bytes)) => {
                    Shown::text(String::from_utf8_lossy(&bytes))
                }
                HandedField::File { name, bytes } => {
                    let file = FileAnswer {
                        name: Personal::new(name.unwrap_or_else(|| "file".to_owned())),
                        place: self.place.clone(),
                        bytes: bytes.len() as u64,
                    };
                    let path = self.writer.file(file, &mut bytes.as_slice()).map_err(io_error)?;
                    Shown::File(path)
                }
                HandedField::Withheld(why) => {
                    if row.tie != Tie::Mention {
                        *self.withheld.entry((self.place.clone(), why)).or_default() += 1;
                    }
                    Shown::Withheld(why.to_owned())
                }
            });
        }
        self.writer.row(&RowAnswer { tie: row.tie, values }).map_err(io_error)
    }
}

impl Hands<'_> {
    /// How rows were found, in plain words.
    fn found_by(&self, by: &str) -> String {
        if by == "text" {
            return "names you in its text".to_owned();
        }
        let mut parts = by.splitn(3, '.');
        let (Some(system), Some(collection), Some(field)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return format!("found by {by}");
        };
        let found = self.policy.collection(system, collection).and_then(|c| c.field(field));
        match found.and_then(|field| field.identity) {
            Some(kind) => format!("found by {}", view::identity(kind)),
            None => format!("belongs to you by its `{field}`"),
        }
    }
}

fn not_said<T>() -> Answered<T> {
    Answered::NotStated("our records do not say it for the systems above yet".to_owned())
}

/// The seven lists and what is not in the package.
fn closing(policy: &Policy, case: &Case, hands: &Hands<'_>) -> Closing {
    let item = |title: String| ListItem { title, detail: None };
    let categories: BTreeSet<String> =
        hands.categories.iter().map(|key| policy.title_of_category(key)).collect();
    let systems = || policy.systems.iter().filter(|s| hands.fed.contains(&s.key));
    let sources: BTreeSet<String> = systems().filter_map(|s| s.source.clone()).collect();
    let silent: Vec<String> =
        systems().filter(|s| s.source.is_none()).map(|s| s.title.clone()).collect();
    let purposes: BTreeSet<String> = systems()
        .flat_map(|s| s.purposes.iter().map(|word| policy.title_of_purpose(word)))
        .collect();
    let mut third: BTreeSet<String> = BTreeSet::new();
    let mut disclosed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for system in systems() {
        for recipient in policy.recipients_of(system) {
            let class = recipient.class.title().to_owned();
            third.insert(class.clone());
            for category in &categories {
                disclosed.entry(category.clone()).or_default().insert(class.clone());
            }
        }
    }
    // That no recipient is named for a system does not mean that there is none.
    let unknown = third.is_empty();
    let sold = &policy.statements;
    let sold = if sold.sold || sold.shared {
        let line = |category: &String| Disclosure {
            category: policy.title_of_category(category),
            to: Vec::new(),
        };
        Answered::Given(sold.categories.iter().map(line).collect())
    } else {
        Answered::Given(Vec::new())
    };
    let lists = SevenLists {
        categories: Answered::Given(categories.into_iter().map(item).collect()),
        sources: if sources.is_empty() && !silent.is_empty() {
            Answered::NotStated(format!("the policy does not say it for {}", silent.join(", ")))
        } else {
            Answered::Given(sources.into_iter().map(item).collect())
        },
        purposes: if purposes.is_empty() && !hands.fed.is_empty() {
            Answered::NotStated("the policy does not say it yet".to_owned())
        } else {
            Answered::Given(purposes.into_iter().map(item).collect())
        },
        third_parties: if unknown {
            not_said()
        } else {
            Answered::Given(third.into_iter().map(item).collect())
        },
        sold,
        disclosed: if unknown {
            not_said()
        } else {
            Answered::Given(
                disclosed
                    .into_iter()
                    .map(|(category, to)| Disclosure { category, to: to.into_iter().collect() })
                    .collect(),
            )
        },
    };
    let outline = case.outline();
    let mut not_shown: Vec<NotShown> = hands
        .withheld
        .iter()
        .map(|((place, why), count)| NotShown {
            place: place.clone(),
            reason: format!("{count} value(s): {why}"),
        })
        .collect();
    not_shown.extend(outline.unread.iter().map(|(place, count)| NotShown {
        place: place.clone(),
        reason: format!("{count} value(s) are compressed or encrypted and could not be searched"),
    }));
    if outline.by_reference {
        not_shown.push(NotShown {
            place: "All texts".to_owned(),
            reason: "texts were not searched: this package holds the records that your identifiers, and references between records, lead to. A text elsewhere may name you".to_owned(),
        });
    }
    let bare: u64 = outline.bare_names.values().sum();
    if bare > 0 {
        not_shown.push(NotShown {
            place: "First or last names alone".to_owned(),
            reason: format!(
                "{} rows hold nothing but a first or last name that is also yours. Many people share it: we did not take them to be you",
                render::words::number(bare)
            ),
        });
    }
    let covered = policy
        .systems
        .iter()
        .filter_map(|s| case.gathered(&s.key))
        .map(|gathered| gathered.redacted_others)
        .sum();
    Closing { lists, redacted_others: covered, not_shown }
}
