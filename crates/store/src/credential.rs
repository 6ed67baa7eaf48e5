//! By what people show who they are. What it is arrives sealed; recovery codes arrive as keyed hashes.

use std::fmt;

use model::Micros;

use crate::case::check_sealed;
use crate::error::{Meaning, meaning, plain};
use crate::tx::{Fields, Param, Tx};
use crate::{Error, Result, statement};

/// A credential as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// Whose it is.
    pub person: String,
    /// `password`, `totp`, `passkey` or `oidc`.
    pub kind: String,
    /// A keyed hash by which it is found, where it says itself whose it is.
    pub handle: Option<[u8; 32]>,
    /// What it is, sealed by the vault.
    pub body: Vec<u8>,
    /// Since when.
    pub made_at: Micros,
    /// When it was used last.
    pub used_at: Option<Micros>,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Tx {
    /// Writes a credential down. A handle that is taken is refused as [`Error::Exists`].
    pub async fn insert_credential(&mut self, credential: &Credential) -> Result<()> {
        check_sealed(&credential.id, &credential.body)?;
        let params = [
            Param::Text(&credential.id),
            Param::Text(&credential.person),
            Param::Text(&credential.kind),
            Param::MaybeBytes(credential.handle.as_ref().map(<[u8; 32]>::as_slice)),
            Param::Bytes(&credential.body),
            Param::Int(credential.made_at.0),
        ];
        let done = self.try_execute(statement::CREDENTIAL_INSERT, &params).await;
        done.map(drop).map_err(|error| match meaning(&error) {
            Meaning::Duplicate => Error::Exists { kind: "credential", id: credential.id.clone() },
            _ => plain("writing a credential")(error),
        })
    }

    /// Somebody's credentials, oldest first.
    pub async fn credentials(&mut self, person: &str) -> Result<Vec<Credential>> {
        let params = [Param::Text(person)];
        let rows = self.rows("reading credentials", statement::CREDENTIALS, &params).await?;
        rows.iter().map(read).collect()
    }

    /// The credential of that kind and handle.
    pub async fn credential_by(
        &mut self,
        kind: &str,
        handle: &[u8; 32],
    ) -> Result<Option<Credential>> {
        let params = [Param::Text(kind), Param::Bytes(handle)];
        let rows = self.rows("reading a credential", statement::CREDENTIAL_BY, &params).await?;
        rows.first().map(read).transpose()
    }

    /// Notes that a credential was used, and what has become of it; `false` if it is gone.
    pub async fn save_credential(&mut self, id: &str, body: &[u8], at: Micros) -> Result<bool> {
        check_sealed(id, body)?;
        let params = [Param::Text(id), Param::Bytes(body), Param::Int(at.0)];
        Ok(self.execute("noting a sign-in", statement::CREDENTIAL_SAVE, &params).await? == 1)
    }

    /// Takes a step of a one-time password; `false` if it, or a later one, was taken before.
    pub async fn take_step(&mut self, id: &str, step: u64, at: Micros) -> Result<bool> {
        let step = crate::tx::signed(step);
        let params = [Param::Text(id), Param::Int(step), Param::Int(at.0)];
        Ok(self.execute("taking a code", statement::CREDENTIAL_STEP, &params).await? == 1)
    }

    /// Removes one of somebody's credentials; `false` if it is not theirs.
    pub async fn remove_credential(&mut self, person: &str, id: &str) -> Result<bool> {
        let params = [Param::Text(person), Param::Text(id)];
        Ok(self.execute("removing a credential", statement::CREDENTIAL_REMOVE, &params).await? == 1)
    }

    /// Removes every way in that somebody has: credentials, recovery codes, known devices.
    pub async fn remove_credentials(&mut self, person: &str) -> Result<()> {
        const DOING: &str = "removing credentials";
        let params = [Param::Text(person)];
        self.execute(DOING, statement::CREDENTIALS_REMOVE, &params).await?;
        self.execute(DOING, statement::RECOVERY_CODES_REMOVE, &params).await?;
        self.execute(DOING, statement::DEVICES_REMOVE, &params).await.map(drop)
    }

    /// Replaces somebody's recovery codes.
    pub async fn set_recovery_codes(&mut self, person: &str, hashes: &[[u8; 32]]) -> Result<()> {
        const DOING: &str = "writing recovery codes";
        self.execute(DOING, statement::RECOVERY_CODES_REMOVE, &[Param::Text(person)]).await?;
        for hash in hashes {
            let params = [Param::Text(person), Param::Bytes(hash)];
            self.execute(DOING, statement::RECOVERY_CODE_INSERT, &params).await?;
        }
        Ok(())
    }

    /// Takes a recovery code; `false` if there is none such or it was taken before.
    pub async fn take_recovery_code(
        &mut self,
        person: &str,
        hash: &[u8; 32],
        at: Micros,
    ) -> Result<bool> {
        let params = [Param::Text(person), Param::Bytes(hash), Param::Int(at.0)];
        Ok(self.execute("taking a code", statement::RECOVERY_CODE_TAKE, &params).await? == 1)
    }

    /// How many recovery codes somebody has left.
    pub async fn recovery_codes_left(&mut self, person: &str) -> Result<u64> {
        let params = [Param::Text(person)];
        let rows = self.rows("counting codes", statement::RECOVERY_CODES_LEFT, &params).await?;
        rows.first().map_or(Ok(0), |row| row.count(0))
    }

    /// Keeps a browser in mind in which somebody has signed in.
    pub async fn insert_device(
        &mut self,
        id: &str,
        person: &str,
        secret_hash: &[u8; 32],
        at: Micros,
    ) -> Result<()> {
        let params =
            [Param::Text(id), Param::Text(person), Param::Bytes(secret_hash), Param::Int(at.0)];
        self.execute("keeping a device in mind", statement::DEVICE_INSERT, &params).await.map(drop)
    }

    /// The id of the device and the person who signed in there.
    pub async fn device(&mut self, secret_hash: &[u8; 32]) -> Result<Option<(String, String)>> {
        let params = [Param::Bytes(secret_hash)];
        let rows = self.rows("reading a device", statement::DEVICE, &params).await?;
        rows.first().map(|row| Ok((row.text(0)?, row.text(1)?))).transpose()
    }

    /// Forgets devices that were not seen since.
    pub async fn forget_devices(&mut self, before: Micros) -> Result<u64> {
        let params = [Param::Int(before.0)];
        self.execute("forgetting devices", statement::DEVICES_FORGET, &params).await
    }
}

fn read(row: &Fields) -> Result<Credential> {
    let handle = row.maybe_bytes(3)?.map(TryInto::try_into).transpose();
    Ok(Credential {
        id: row.text(0)?,
        person: row.text(1)?,
        kind: row.text(2)?,
        handle: handle.map_err(|_| crate::tx::unexpected())?,
        body: row.bytes(4)?,
        made_at: Micros(row.int(5)?),
        used_at: row.maybe_int(6)?.map(Micros),
    })
}
