//! The data map as a graph: which value leads from which collection to which.

use std::collections::{BTreeMap, BTreeSet};

use model::IdentityKind;
use policy::{Collection, Field, System, Tie, Travel, When};

use crate::Place;

/// The map, indexed once per run. Building it is linear in the fields of the map.
#[derive(Debug)]
pub struct Graph<'m> {
    nodes: Vec<Node<'m>>,
    by_name: BTreeMap<Place, usize>,
    identities: BTreeMap<IdentityKind, Vec<(usize, &'m Field)>>,
}

/// A collection with the ways that lead out of it.
#[derive(Debug)]
pub(crate) struct Node<'m> {
    pub(crate) place: Place,
    pub(crate) collection: &'m Collection,
    pub(crate) ways: Vec<Way<'m>>,
    pub(crate) carry: Vec<String>,
    /// Whether people are looked up here: rows describe one person each.
    pub(crate) people: bool,
}

/// A way from one collection's rows to another's.
#[derive(Debug, Clone)]
pub(crate) struct Way<'m> {
    pub(crate) from_field: &'m str,
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
        let mut nodes = Vec::new();
        let mut by_name = BTreeMap::new();
        let mut identities: BTreeMap<IdentityKind, Vec<(usize, &Field)>> = BTreeMap::new();
        for system in systems {
            for collection in system.collections.iter().filter(|c| c.skip.is_none()) {
                let place = Place::new(&system.key, &collection.name);
                let index = nodes.len();
                by_name.insert(place.clone(), index);
                let mut people = false;
                for field in &collection.fields {
                    if let Some(kind) = field.identity {
                        identities.entry(kind).or_default().push((index, field));
                        people = true;
                    }
                }
                nodes.push(Node { place, collection, ways: Vec::new(), carry: Vec::new(), people });
            }
        }
        let mut graph = Self { nodes, by_name, identities };
        graph.lay_ways(systems);
        graph.choose_carried();
        graph
    }

    fn lay_ways(&mut self, systems: &'m [System]) {
        let mut laid: Vec<(usize, Way<'m>)> = Vec::new();
        for system in systems {
            for collection in &system.collections {
                let here = self.by_name.get(&Place::new(&system.key, &collection.name));
                let Some(&here) = here else { continue };
                for field in &collection.fields {
                    for reference in &field.references {
                        if reference.inferred.as_ref().is_some_and(|guess| !guess.holds()) {
                            continue;
                        }
                        let to = &reference.to;
                        let there = self.by_name.get(&Place::new(&to.system, &to.collection));
                        let Some(&there) = there else { continue };
                        let also = || reference.also.iter();
                        if reference.travel != Travel::There {
                            laid.push((
                                there,
                                Way {
                                    from_field: &to.field,
                                    to: here,
                                    to_field: &field.name,
                                    also: also().map(|a| (&*a.there, &*a.here)).collect(),
                                    when_from: &[],
                                    when_to: &reference.when,
                                    tie: reference.tie,
                                    climbs: false,
                                },
                            ));
                        }
                        if reference.travel != Travel::Here {
                            laid.push((
                                here,
                                Way {
                                    from_field: &field.name,
                                    to: there,
                                    to_field: &to.field,
                                    also: also().map(|a| (&*a.here, &*a.there)).collect(),
                                    when_from: &reference.when,
                                    when_to: &[],
                                    tie: reference.tie,
                                    climbs: true,
                                },
                            ));
                        }
                    }
                }
            }
        }
        for (from, way) in laid {
            if let Some(node) = self.nodes.get_mut(from) {
                node.ways.push(way);
            }
        }
    }

    /// A row brings back what leads on from it, what identifies and names the person, and the
    /// dates by which the law counts.
    fn choose_carried(&mut self) {
        for node in &mut self.nodes {
            let mut carry: BTreeSet<&str> = BTreeSet::new();
            for way in &node.ways {
                carry.insert(way.from_field);
                carry.extend(way.also.iter().map(|(here, _)| *here));
                carry.extend(way.when_from.iter().map(|when| when.column.as_str()));
            }
            for field in &node.collection.fields {
                if field.identity.is_some() || crate::terms::kind_of(field).is_some() {
                    carry.insert(&field.name);
                }
            }
            carry.extend(node.collection.keep.iter().map(|keep| keep.from.as_str()));
            node.carry = carry.into_iter().map(str::to_owned).collect();
        }
    }

    pub(crate) fn node(&self, place: &Place) -> Option<&Node<'m>> {
        self.by_name.get(place).and_then(|&index| self.nodes.get(index))
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
        self.node(place).map_or(&[], |node| node.carry.as_slice())
    }
}
