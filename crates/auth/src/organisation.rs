//! The organisations of one house: the one whose notice it is, and its clients.

/// The id of the organisation at the top. It is also the name of its keys in the vault.
pub const ROOT: &str = "root";

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// [`ROOT`], or the client's id in `clients.yaml`.
    pub id: String,
    /// Its name as people write it.
    pub name: String,
}

impl Organisation {
    /// Whether it is the one at the top.
    pub fn is_root(&self) -> bool {
        self.id == ROOT
    }
}

/// The organisation above one: every client stands below the root, and nothing stands above that.
pub fn parent(organisation: &str) -> Option<&'static str> {
    (organisation != ROOT).then_some(ROOT)
}
