//! What can go wrong while somebody is recognised.

/// This room's result.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the world or of the program, never of the person: a wrong password is an answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policies that the program carries do not fit their schema.
    #[error("the policies of this program are not sound: {0}")]
    Policies(String),
    /// A password could not be kept, or what was kept cannot be read.
    #[error("a password cannot be kept or compared")]
    Password,
    /// A one-time password's secret cannot be used.
    #[error("a one-time password cannot be made")]
    Totp,
    /// Passkeys cannot be asked for, or what was kept of one cannot be read.
    #[error("a passkey cannot be asked for or compared")]
    Passkey,
    /// The provider of sign-in was not reached, or does not say what it must.
    #[error(
        "the provider of sign-in cannot be used: check `[sign_in]` in upheld.toml, and whether it is reached over https"
    )]
    Provider,
    /// Our own database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Keys and sealed things.
    #[error(transparent)]
    Vault(#[from] vault::Error),
}
