//! Where rows are: a collection of a system.

use std::cmp::Ordering;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A collection of a system. A case says the same place thousands of times: a copy shares the names.
#[derive(Clone)]
pub struct Place(Arc<PlaceNames>);

/// The names by which a place is known.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct PlaceNames {
    /// The system's key.
    pub system: String,
    /// The collection's name.
    pub collection: String,
    /// Of both names.
    #[serde(skip)]
    hash: u64,
    /// Where the graph that made this place keeps it.
    #[serde(skip)]
    seat: Option<usize>,
}

impl Place {
    /// A place by its two names.
    pub fn new(system: impl Into<String>, collection: impl Into<String>) -> Self {
        Self::make(system.into(), collection.into(), None)
    }

    /// A place of a graph, which finds it there again without a look for its names.
    pub(crate) fn seated(system: &str, collection: &str, seat: usize) -> Self {
        Self::make(system.to_owned(), collection.to_owned(), Some(seat))
    }

    fn make(system: String, collection: String, seat: Option<usize>) -> Self {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one((&system, &collection));
        Self(Arc::new(PlaceNames { system, collection, hash, seat }))
    }

    /// The two names, in the order by which places are sorted.
    pub(crate) fn names(&self) -> (&str, &str) {
        (&self.system, &self.collection)
    }

    /// Where a graph may keep this very place.
    pub(crate) fn seat(&self) -> Option<usize> {
        self.0.seat
    }

    /// Whether both are copies of one place. Places that are not may be equal all the same.
    pub(crate) fn is_copy_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Place {
    type Target = PlaceNames;

    fn deref(&self) -> &PlaceNames {
        &self.0
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.is_copy_of(other) || (self.0.hash == other.0.hash && self.names() == other.names())
    }
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.is_copy_of(other) { Ordering::Equal } else { self.names().cmp(&other.names()) }
    }
}

impl Hash for Place {
    fn hash<H: Hasher>(&self, to: &mut H) {
        to.write_u64(self.0.hash);
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Names {
            system: String,
            collection: String,
        }
        Names::deserialize(from).map(|names| Self::new(names.system, names.collection))
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Place({self})")
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.system, self.collection)
    }
}
