//! The data map as a graph: which value leads from which collection to which.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::IdentityKind;
use policy::{Collection, Field, System, Tie, Travel, When};

use crate::Place;
use crate::index::Index;
use crate::terms::Teaches;

/// The map, indexed once per run. Building it is linear in the fields of the map.
#[derive(Debug)]
pub struct Graph<'m> {
    nodes: Vec<Node<'m>>,
    by_name: Index<(&'m str, &'m str)>,
    identities: BTreeMap<IdentityKind, Vec<(usize, &'m Field)>>,
}

/// A collection with the ways that lead out of it.
#[derive(Debug)]
pub(crate) struct Node<'m> {
    pub(crate) place: Place,
    /// The system's key.
    pub(crate) system: Arc<str>,
    pub(crate) collection: &'m Collection,
    pub(crate) ways: Vec<Way<'m>>,
    /// The columns that a row brings back, in their order.
    pub(crate) carry: Arc<[String]>,
    /// The fields of a person's own row that name the person.
    pub(crate) teaches: Vec<Teaches<'m>>,
    /// Whether people are looked up here: rows describe one person each.
    pub(crate) people: bool,
}

/// A way from one collection's rows to another's.
#[derive(Debug, Clone)]
pub(crate) struct Way<'m> {
    pub(crate) from_field: &'m str,
    /// Where that field stands among the carried columns.
    pub(crate) from_at: usize,
    pub(crate) to: usize,
    pub(crate) to_field: &'m str,
    /// Pairs (column here, column there) that must agree besides.
    pub(crate) also: Vec<(&'m str, &'m str)>,
    /// Conditions on the row that we come from.
    pub(crate) when_from: &'m [When],
    /// Conditions on the rows that we look for.
    pub(crate) when_to: &'m [When],
    pub(crate) tie: Tie,
    /// Whether the way climbs from a child to its parent.
    pub(crate) climbs: bool,
}

impl<'m> Graph<'m> {
    /// Indexes the systems' collections. Those that the map leaves out are not in it, and ways
    /// that lead nowhere are dropped (`check` reports them).
    pub fn new(systems: &'m [System]) -> Self {
        let collections = systems.iter().map(|system| system.collections.len()).sum();
        let mut nodes = Vec::with_capacity(collections);
        let mut by_name = Index::default();
        by_name.reserve(collections);
        let mut identities: BTreeMap<IdentityKind, Vec<(usize, &Field)>> = BTreeMap::new();
        for system in systems {
            let key: Arc<str> = system.key.as_str().into();
            for collection in system.collections.iter().filter(|c| c.skip.is_none()) {
                let index = nodes.len();
                by_name.insert((system.key.as_str(), collection.name.as_str()), index);
                let mut people = false;
                for field in &collection.fields {
                    if let Some(kind) = field.identity {
                        identities.entry(kind).or_default().push((index, field));
                        people = true;
                    }
                }
                nodes.push(Node {
                    place: Place::seated(&system.key, &collection.name, index),
                    system: Arc::clone(&key),
                    collection,
                    ways: Vec::new(),
                    carry: Arc::default(),
                    teaches: crate::terms::taught_by(&collection.fields),
                    people,
                });
            }
        }
        let mut graph = Self { nodes, by_name, identities };
        graph.lay_ways(systems);
        graph.nodes.iter_mut().for_each(Node::choose_carried);
        graph
    }

    fn lay_ways(&mut self, systems: &'m [System]) {
        for system in systems {
            for collection in &system.collections {
                let here = self.by_name.get(&(system.key.as_str(), collection.name.as_str()));
                let Some(&here) = here else { continue };
                for field in &collection.fields {
                    for reference in &field.references {
                        if reference.inferred.as_ref().is_some_and(|guess| !guess.holds()) {
                            continue;
                        }
                        let to = &reference.to;
                        let there = self.by_name.get(&(to.system.as_str(), to.collection.as_str()));
                        let Some(&there) = there else { continue };
                        let also = || reference.also.iter();
                        if reference.travel != Travel::There {
                            self.lay(
                                there,
                                Way {
                                    from_field: &to.field,
                                    from_at: 0,
                                    to: here,
                                    to_field: &field.name,
                                    also: also().map(|a| (&*a.there, &*a.here)).collect(),
                                    when_from: &[],
                                    when_to: &reference.when,
                                    tie: reference.tie,
                                    climbs: false,
                                },
                            );
                        }
                        if reference.travel != Travel::Here {
                            self.lay(
                                here,
                                Way {
                                    from_field: &field.name,
                                    from_at: 0,
                                    to: there,
                                    to_field: &to.field,
                                    also: also().map(|a| (&*a.here, &*a.there)).collect(),
                                    when_from: &reference.when,
                                    when_to: &[],
                                    tie: reference.tie,
                                    climbs: true,
                                },
                            );
                        }
                    }
                }
            }
        }
    }

    fn lay(&mut self, from: usize, way: Way<'m>) {
        if let Some(node) = self.nodes.get_mut(from) {
            node.ways.push(way);
        }
    }

    pub(crate) fn node(&self, place: &Place) -> Option<&Node<'m>> {
        // A place that this graph made knows where it is; one that was read anew does not.
        let seated = place.seat().and_then(|seat| self.nodes.get(seat));
        seated
            .filter(|node| node.place.is_copy_of(place))
            .or_else(|| self.by_name.get(&place.names()).and_then(|&index| self.nodes.get(index)))
    }

    pub(crate) fn at(&self, index: usize) -> Option<&Node<'m>> {
        self.nodes.get(index)
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node<'m>> {
        self.nodes.iter()
    }

    /// The fields by which a person can be looked up with an identifier of this kind.
    pub(crate) fn looked_up_by(
        &self,
        kind: IdentityKind,
    ) -> impl Iterator<Item = (&Node<'m>, &'m Field)> {
        self.identities
            .get(&kind)
            .into_iter()
            .flatten()
            .filter_map(|(index, field)| Some((self.nodes.get(*index)?, *field)))
    }

    /// How many ways lead from a collection to a collection: at most two for each reference.
    pub fn ways(&self) -> usize {
        self.nodes.iter().map(|node| node.ways.len()).sum()
    }

    /// The collection behind a place.
    pub fn collection(&self, place: &Place) -> Option<&'m Collection> {
        self.node(place).map(|node| node.collection)
    }

    /// The columns that a row of this place brings back.
    pub fn carried(&self, place: &Place) -> &[String] {
        self.node(place).map_or(&[], |node| &node.carry)
    }
}

impl Node<'_> {
    /// A row brings back what leads on from it, what identifies and names the person, and the
    /// dates by which the law counts.
    fn choose_carried(&mut self) {
        let mut carry: Vec<&str> = Vec::with_capacity(self.ways.len());
        for way in &self.ways {
            carry.push(way.from_field);
            carry.extend(way.also.iter().map(|(here, _)| *here));
            carry.extend(way.when_from.iter().map(|when| when.column.as_str()));
        }
        let fields = &self.collection.fields;
        carry.extend(fields.iter().filter(|f| f.identity.is_some()).map(|f| f.name.as_str()));
        carry.extend(self.teaches.iter().map(|teaches| teaches.field.name.as_str()));
        carry.extend(self.collection.keep.iter().map(|keep| keep.from.as_str()));
        carry.sort_unstable();
        carry.dedup();
        let at = |name: &str| carry.binary_search(&name).unwrap_or_default();
        for way in &mut self.ways {
            way.from_at = at(way.from_field);
        }
        for teaches in &mut self.teaches {
            teaches.at = at(&teaches.field.name);
        }
        self.carry = carry.into_iter().map(str::to_owned).collect();
    }
}
