//! What the outcomes of a wave mean: which rows are the person's, what they teach, and which
//! identifiers turn out to be shared with somebody else.
//!
//! INVARIANT: a wave is weighed when all of it is there, in the order of the step numbers. In which
//! order its steps were done leaves no trace.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Identity, Value, planted};
use policy::Tie;

use crate::Place;
use crate::arrived::Done;
use crate::case::{Case, Phase};
use crate::discover::{self, Asked, FROM_LAST_PLAN, FROM_ROWS};
use crate::found::{FoundRow, Rows};
use crate::graph::{Graph, Node};
use crate::names::{Words, differ, different, fullest, names, names_in};
use crate::namesake::{self, Namesakes};
use crate::outline::OutlineStep;
use crate::step::{Action, Compare, FoundIn, Mentioned, MentionedField, Outcome};
use crate::terms::{self, LearnedTerm, TermKind};

/// Rows that an identifier learned on the way brought: the person's, if nobody else shares it.
struct Candidates {
    place: Place,
    field: String,
    value: String,
    rows: Vec<(FoundIn, Vec<Words>)>,
}

impl Case {
    /// Weighs what has arrived.
    pub(crate) fn weigh(&mut self, graph: &Graph<'_>) {
        let mut candidates = Vec::new();
        let mut late = false;
        let arrived = self.arrived.take();
        let known = self.known_in(graph, &arrived);
        for (_, action, outcome) in arrived {
            match (action, outcome) {
                (
                    Action::Find { place, field, values, compare, tie, from, .. },
                    Outcome::Found(rows),
                ) => {
                    let Some(node) = graph.node(&place) else { continue };
                    if *from == *FROM_LAST_PLAN {
                        self.still_there(node, rows);
                    } else if let (Compare::As(_), FROM_ROWS) = (compare, &*from) {
                        let named = |row: FoundIn| {
                            let names = names_in(node, &row.carried);
                            (row, names)
                        };
                        let value =
                            values.first().and_then(Value::to_plain_text).unwrap_or_default();
                        let rows = rows.into_iter().map(named).collect();
                        candidates.push(Candidates { place, field, value, rows });
                    } else {
                        self.found(node, &field, compare, (tie, &from), rows, known.as_deref());
                    }
                }
                (Action::Search { system, .. }, Outcome::Searched(mentioned)) => {
                    late |= self.mentioned(graph, &system, mentioned);
                }
                _ => {}
            }
        }
        late |= self.judge(graph, candidates);
        if late {
            self.start_again(graph);
        }
        self.namesakes = self.namesake_rows.counts();
        self.different_people = different(&self.named_by_request);
    }

    /// The names by which the rows of a wave are judged. While nobody is named, the fullest name
    /// that the wave brings by reference is the person's, if no other one contradicts it; `None`
    /// if one does, and every name may be somebody else's.
    fn known_in(&self, graph: &Graph<'_>, arrived: &[Done]) -> Option<Vec<Words>> {
        let known = names(&self.terms);
        if !known.is_empty() {
            return Some(known);
        }
        let mut brought: Vec<Vec<Words>> = Vec::new();
        for (_, action, outcome) in arrived {
            let (Action::Find { place, compare: Compare::Exact, tie, .. }, Outcome::Found(rows)) =
                (action, outcome)
            else {
                continue;
            };
            if *tie >= Tie::Shared {
                continue;
            }
            let named = graph.node(place).filter(|node| !node.teaches.is_empty());
            let Some(node) = named else { continue };
            brought.extend(rows.iter().map(|row| names_in(node, &row.carried)));
        }
        let one: Vec<Words> = fullest(brought.iter().flatten()).cloned().into_iter().collect();
        (!brought.iter().any(|names| differ(names, &one))).then_some(one)
    }

    /// Takes in rows that an earlier plan left as they were.
    ///
    /// INVARIANT: only with the key and with every value by which they were the person's then: a key
    /// may be somebody else's by now.
    fn still_there(&mut self, node: &Node<'_>, rows: Vec<FoundIn>) {
        let mut count = 0;
        for row in rows {
            let before = self.left_over.get(&node.place, &row.key);
            let Some(before) = before.filter(|before| before.carried == row.carried) else {
                continue;
            };
            let FoundRow { tie, by, named_in, .. } = before.clone();
            count += 1;
            if tie == Tie::Own {
                self.add_own(node, row, by, named_in);
            } else {
                self.add(node, row, tie, by, named_in);
            }
        }
        let meaning = format!("{} that {FROM_LAST_PLAN} left as they were", node.collection.title);
        self.tell(Arc::clone(&node.system), meaning, count);
    }

    fn found(
        &mut self,
        node: &Node<'_>,
        field: &str,
        compare: Compare,
        (tie, from): (Tie, &str),
        rows: Vec<FoundIn>,
        known: Option<&[Words]>,
    ) {
        let (place, title) = (&node.place, &node.collection.title);
        let meaning = match compare {
            Compare::As(kind) => {
                let what = terms::of_identity(kind).title();
                format!("{title} whose `{field}` is the {what} given in {from}")
            }
            Compare::Exact => {
                [title.as_str(), " whose `", field, "` is a value of `", from, "`"].concat()
            }
        };
        self.tell(Arc::clone(&node.system), meaning, rows.len() as u64);
        let by = found_by(place, field);
        let mut others = 0;
        for row in rows {
            // An identifier read in rows never comes here: whatever is compared so was given.
            if let Compare::As(_) = compare {
                self.named_by_request.insert(names_in(node, &row.carried));
            }
            let by = Arc::clone(&by);
            if compare == Compare::Exact && tie < Tie::Shared && is_another(node, &row, known) {
                others += 1;
                self.add(node, row, Tie::Shared, by, BTreeSet::new());
            } else if tie == Tie::Own {
                self.add_own(node, row, by, BTreeSet::new());
            } else {
                self.add(node, row, tie, by, BTreeSet::new());
            }
        }
        if others > 0 {
            let meaning = format!(
                "{title} among them that carry another name: only what names the person goes there"
            );
            self.tell(Arc::clone(&node.system), meaning, others);
        }
    }

    /// Takes the candidates in whose identifier names nobody else. Returns whether one that was
    /// relied on before does.
    fn judge(&mut self, graph: &Graph<'_>, candidates: Vec<Candidates>) -> bool {
        if candidates.is_empty() {
            return false;
        }
        let mut known = names(&self.terms);
        if known.is_empty() {
            // Nobody is named yet: then at least these must not name two people.
            let named = candidates.iter().flat_map(|c| &c.rows).flat_map(|(_, names)| names);
            known.extend(fullest(named).cloned());
        }
        let sets_apart = |c: &Candidates| {
            let differs = c.rows.iter().any(|(_, names)| differ(names, &known));
            differs && !planted::bug("a_shared_number_is_followed")
        };
        let mut shared: BTreeSet<String> =
            candidates.iter().filter(|c| sets_apart(c)).map(|c| c.value.clone()).collect();
        if names(&self.terms).is_empty() && !shared.is_empty() {
            // Which of two people it is cannot be told, so neither is.
            let named = |c: &&Candidates| c.rows.iter().any(|(_, names)| !names.is_empty());
            shared.extend(candidates.iter().filter(named).map(|c| c.value.clone()));
        }
        let mut late = false;
        for candidates in candidates.iter().filter(|c| shared.contains(&c.value)) {
            late |= self.doubt(&candidates.value, &candidates.place.system);
        }
        for Candidates { place, field, value, rows } in candidates {
            let Some(node) = graph.node(&place) else { continue };
            let title = &node.collection.title;
            if shared.contains(&value) && !self.is_given(&value) {
                let meaning = format!(
                    "{title} whose `{field}` is an identifier that somebody else has too: not followed"
                );
                self.tell(Arc::clone(&node.system), meaning, 0);
                continue;
            }
            let meaning = format!("{title} whose `{field}` is an identifier read in {FROM_ROWS}");
            self.tell(Arc::clone(&node.system), meaning, rows.len() as u64);
            if !rows.is_empty() {
                self.relied_on.insert(value);
            }
            let by = found_by(&place, &field);
            for (row, names) in rows.into_iter().filter(|(_, names)| {
                !differ(names, &known) || planted::bug("a_shared_number_is_followed")
            }) {
                let by = Arc::clone(&by);
                // A row that does not say whose it is must not lead from identifier to identifier.
                if names.is_empty() {
                    self.add(node, row, Tie::Own, by, BTreeSet::new());
                } else {
                    self.add_own(node, row, by, BTreeSet::new());
                }
            }
        }
        late
    }

    /// An identifier that somebody else has too names nobody. What the request itself gave is never
    /// doubted. Returns whether rows were found by it before.
    fn doubt(&mut self, value: &str, system: &str) -> bool {
        if self.is_given(value) {
            return false;
        }
        let is_it = |term: &&LearnedTerm| term.folded() == terms::fold(term.kind, value);
        let doubtful: Vec<LearnedTerm> = self.terms.iter().filter(is_it).cloned().collect();
        let mut late = false;
        for term in doubtful {
            late |= self.searched.contains(&term) || self.relied_on.contains(term.text.expose());
            self.terms.remove(&term);
            self.to_look_up.remove(&term);
            self.doubtful.insert(term);
        }
        if late {
            let meaning = "an identifier relied on so far is somebody else's too: everything is looked up again without it";
            self.tell(system, meaning.to_owned(), 0);
        }
        late
    }

    /// Whether the request itself gave this, as whatever kind.
    fn is_given(&self, value: &str) -> bool {
        self.given().iter().any(|term| term.folded() == terms::fold(term.kind, value))
    }

    /// Whether one of these fields holds an identifier of the request.
    fn holds_given(&self, node: &Node<'_>, carried: &[Value], fields: &[MentionedField]) -> bool {
        let given = self.given();
        fields.iter().any(|named| {
            let at = node.carry.iter().position(|column| *column == named.field);
            let text = at.and_then(|at| carried.get(at)).and_then(Value::to_plain_text);
            text.zip(named.whole).is_some_and(|(text, kind)| {
                let text = terms::fold(kind, &text);
                given.iter().any(|given| {
                    let folded = given.folded();
                    given.kind == kind && !folded.is_empty() && text.contains(&folded)
                })
            })
        })
    }

    /// An identifier was relied on before it was seen to be shared. What came of it cannot be told
    /// from the rest by then, so everything is found anew, without it.
    ///
    /// It ends: each new start leaves at least one more identifier out.
    fn start_again(&mut self, graph: &Graph<'_>) {
        self.rows = Rows::default();
        self.fresh.clear();
        self.asked = Asked::default();
        self.searched.clear();
        self.relied_on.clear();
        self.to_look_up.clear();
        self.clear_search();
        self.named_by_request.clear();
        // An erasure that goes on cannot learn anew what it has erased already.
        let doubtful: BTreeSet<(TermKind, String)> =
            self.doubtful.iter().map(|term| (term.kind, term.folded())).collect();
        let is_sure = |term: &&LearnedTerm| !doubtful.contains(&(term.kind, term.folded()));
        self.terms = self.retained.iter().filter(is_sure).cloned().collect();
        self.terms.extend(self.given());
        self.phase = Phase::Discover;
        self.look_up_given(graph);
        self.look_up_left_over(graph);
    }

    /// What a search tells besides rows, which the next search tells anew.
    pub(crate) fn clear_search(&mut self) {
        self.bare_names.clear();
        self.unread.clear();
        self.possible.clear();
        self.namesakes.clear();
        self.namesake_rows = Namesakes::default();
    }

    fn add(
        &mut self,
        node: &Node<'_>,
        row: FoundIn,
        tie: Tie,
        by: Arc<str>,
        mut named_in: BTreeSet<String>,
    ) {
        named_in.extend(self.namesake_rows.remove(&node.place, &row.key).unwrap_or_default());
        let found = FoundRow { tie, by, carried: row.carried, named_in, kept: None };
        if self.rows.add(&node.place, row.key.clone(), found) {
            self.fresh.insert((node.place.clone(), row.key));
        }
    }

    /// Takes in one of the person's own rows, and what it teaches.
    fn add_own(&mut self, node: &Node<'_>, row: FoundIn, by: Arc<str>, named_in: BTreeSet<String>) {
        self.learn(node, &row.carried);
        self.add(node, row, Tie::Own, by, named_in);
    }

    /// Learns from one of the person's own rows what else names them. It is looked up when
    /// references lead no further: by then as many of the person's names as can be are known, by
    /// which the rows that it brings are judged.
    fn learn(&mut self, node: &Node<'_>, carried: &[Value]) {
        if node.teaches.is_empty() {
            return;
        }
        let learned = terms::learn(&node.teaches, carried, &self.never());
        for term in learned {
            let doubted = |doubtful: &LearnedTerm| {
                doubtful.kind == term.kind && doubtful.folded() == term.folded()
            };
            if self.doubtful.iter().any(doubted) || !self.terms.insert(term.clone()) {
                continue;
            }
            if terms::to_identity(term.kind).is_some() {
                self.to_look_up.insert(term);
            }
        }
    }

    /// The look-ups for what was learned.
    pub(crate) fn look_up_learned(&mut self, graph: &Graph<'_>) {
        for term in std::mem::take(&mut self.to_look_up) {
            let Some(kind) = terms::to_identity(term.kind) else { continue };
            let identity = Identity { kind, value: term.text };
            let actions =
                discover::look_up(graph, &identity, false, &mut self.asked, &self.not_reached);
            self.push(actions);
        }
    }

    /// Returns whether a term that was searched for turned out to be shared.
    fn mentioned(&mut self, graph: &Graph<'_>, system: &str, mentioned: Mentioned) -> bool {
        let (known, own) = (names(&self.terms), namesake::own(&self.terms));
        let (mut count, mut late) = (0, false);
        let text: Arc<str> = "text".into();
        for group in mentioned.rows {
            let Some(node) = graph.node(&Place::new(system, group.collection)) else { continue };
            for (row, fields) in group.rows {
                let row_names = names_in(node, &row.carried);
                let somebody_else = differ(&row_names, &known);
                if somebody_else && node.people {
                    for value in shared_values(node, &row.carried, &fields) {
                        late |= self.doubt(&value, system);
                    }
                }
                let tied = self.rows.get(&node.place, &row.key).is_some();
                if !tied && namesake::is_namesakes(node, &row.carried, &fields, &known, &own) {
                    let fields = fields.into_iter().map(|named| named.field).collect();
                    self.namesake_rows.insert(&node.place, row.key, fields);
                    continue;
                }
                count += 1;
                let is_hers = !somebody_else && fields.iter().any(|named| is_identity(node, named));
                let teaches =
                    !row_names.is_empty() || self.holds_given(node, &row.carried, &fields);
                let named_in = fields.into_iter().map(|named| named.field).collect();
                if is_hers && !teaches {
                    self.add(node, row, Tie::Own, text.clone(), named_in);
                } else if is_hers {
                    self.add_own(node, row, text.clone(), named_in);
                } else {
                    self.add(node, row, Tie::Mention, text.clone(), named_in);
                }
            }
        }
        let meaning = format!(
            "every text was read ({} rows, {}): rows that name the person",
            mentioned.rows_read,
            size(mentioned.bytes_read)
        );
        self.tell(system, meaning, count);
        let never = self.never();
        self.terms.extend(
            mentioned
                .learned
                .into_iter()
                .filter(|term| !never.contains(&term.text.expose().trim().to_lowercase()))
                .map(|term| LearnedTerm { near_only: true, ..term }),
        );
        let named = |by: BTreeMap<String, u64>| {
            by.into_iter().map(|(collection, count)| (format!("{system}.{collection}"), count))
        };
        self.bare_names.extend(named(mentioned.bare_names));
        self.unread.extend(named(mentioned.unread));
        for (address, rows) in mentioned.possible {
            *self.possible.entry(address).or_default() += rows;
        }
        late
    }

    pub(crate) fn tell(&mut self, system: impl Into<Arc<str>>, meaning: String, rows: u64) {
        let step = OutlineStep { system: system.into(), meaning, rows };
        // Copied only while somebody looks at an outline.
        Arc::make_mut(&mut self.told).push(step);
    }
}

/// By what a row was found, as its explanation names it.
fn found_by(place: &Place, field: &str) -> Arc<str> {
    let mut path = String::with_capacity(64);
    discover::path(&mut path, place, field);
    path.into()
}

/// Whether a row that a reference led to describes somebody else, such as the person's child.
fn is_another(node: &Node<'_>, row: &FoundIn, known: Option<&[Words]>) -> bool {
    let names = names_in(node, &row.carried);
    known.map_or(!names.is_empty(), |known| differ(&names, known))
}

/// Whether a field that identifies whom its row describes holds the person's identifier and nothing
/// else. A name does not identify: names are shared.
fn is_identity(node: &Node<'_>, named: &MentionedField) -> bool {
    let kind = node.collection.field(&named.field).and_then(|field| field.identity);
    kind.map(terms::of_identity)
        .is_some_and(|kind| kind != TermKind::Name && named.whole == Some(kind))
}

/// Telephone numbers and postal addresses that somebody else's record gives as that person's own:
/// the office's, shared by everybody who works there.
fn shared_values<'c>(
    node: &'c Node<'_>,
    carried: &'c [Value],
    fields: &'c [MentionedField],
) -> impl Iterator<Item = String> + 'c {
    fields.iter().filter_map(|named| {
        let kind = named.whole.filter(|k| matches!(k, TermKind::Phone | TermKind::Address))?;
        let field = node.collection.field(&named.field)?;
        if terms::kind_of(field) != Some(kind) {
            return None;
        }
        let at = node.carry.iter().position(|column| *column == named.field)?;
        carried.get(at)?.to_plain_text()
    })
}

fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["bytes", "KB", "MB", "GB"];
    let (mut value, mut unit) = (bytes, 0);
    while value >= 10_000 && unit + 1 < UNITS.len() {
        value /= 1_000;
        unit += 1;
    }
    format!("{value} {}", UNITS.get(unit).unwrap_or(&"GB"))
}
