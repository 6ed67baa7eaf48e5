//! What can go wrong while somebody is recognised.

/// This room's result.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the world or of the program, never of the person: a wrong password is an answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policies that the program carries do not fit their schema.
    #[error("the policies of this program are not sound: {0}")]
    Policies(String),
}
