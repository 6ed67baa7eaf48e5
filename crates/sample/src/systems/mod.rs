//! The four applications.

/// Names a table and its columns once, for the generator and the insert alike.
macro_rules! table {
    ($name:ident, $table:literal, $($column:literal),+) => {
        pub(crate) static $name: crate::sink::Table =
            crate::sink::Table { name: $table, columns: &[$($column),+] };
    };
}

pub(crate) mod billing;
pub(crate) mod crm;
pub(crate) mod newsletter;
pub(crate) mod ticketing;

use model::Value;

use crate::{cast::CAST, places::Mark, world::World};

/// A place in a list as a number of a database.
pub(crate) const fn number(place: usize) -> Value {
    Value::Int(place as i64)
}

/// Text that may be missing.
pub(crate) fn maybe(text: Option<String>) -> Value {
    text.map_or(Value::Null, Value::Text)
}

/// Marks every listed value of a bystander's row as one that must stay.
pub(crate) fn stays(role: usize, values: &[(&'static str, &str)]) -> Vec<Mark> {
    values
        .iter()
        .map(|(column, text)| Mark::Exact(role, column, (*text).to_owned(), true))
        .collect()
}

/// The bystander's role at this place: any of the cast but the heroine.
pub(crate) fn bystander_at(world: &World, place: usize) -> Option<usize> {
    world.role_at(place).filter(|role| *role > 0 && *role < CAST.len())
}
