//! Values that must not be printed by accident.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A secret: a password, a key, a token. Wiped from memory when dropped; never serialised, never
/// printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes a secret into custody.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Lends the secret. The name is long so that a reviewer finds every use.
    pub const fn expose_secret(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Personal data: a name, an address, a message. It is serialised (our own database and the
/// person's package hold it), but neither `Debug` nor `Display` shows it.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Marks a value as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Lends the value to code that needs it (a query's parameter, the person's own package).
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Gives the value up.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

impl<T> fmt::Display for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_kind_prints_what_it_guards() {
        let secret = Secret::new("hunter2".to_owned());
        let name = Personal::new("Jane Doe".to_owned());
        assert_eq!(format!("{secret:?} {name:?} {name}"), "[secret] [personal] [personal]");
        assert_eq!(secret.expose_secret(), "hunter2");
        assert_eq!(name.expose(), "Jane Doe");
    }
}
