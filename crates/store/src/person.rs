//! People of staff and their memberships. Names and addresses arrive sealed.

use std::fmt;

use model::Micros;

use crate::case::check_sealed;
use crate::error::{Meaning, meaning, plain};
use crate::tx::{Fields, Param, Tx};
use crate::{Error, Result, statement};

/// A person as they are kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// The organisation that they belong to.
    pub organisation: String,
    /// As what, in a word.
    pub role: String,
    /// Whether they are here, in a word.
    pub state: String,
    /// Name and e-mail, sealed by the vault.
    pub body: Vec<u8>,
    /// When they were asked to come.
    pub made_at: Micros,
    /// Since when the state is what it is.
    pub state_at: Micros,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .field("organisation", &self.organisation)
            .field("role", &self.role)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Tx {
    /// Takes somebody up, found by the keyed hash of their address. Two people with one address are
    /// refused as [`Error::Exists`].
    pub async fn insert_person(&mut self, person: &Person, email_hash: &[u8; 32]) -> Result<()> {
        check_sealed(&person.id, &person.body)?;
        let params = [
            Param::Text(&person.id),
            Param::Text(&person.organisation),
            Param::Text(&person.role),
            Param::Text(&person.state),
            Param::Bytes(&person.body),
            Param::Bytes(email_hash),
            Param::Int(person.made_at.0),
        ];
        self.try_execute(statement::PERSON_INSERT, &params).await.map(drop).map_err(|error| {
            match meaning(&error) {
                Meaning::Duplicate => Error::Exists { kind: "person", id: person.id.clone() },
                _ => plain("taking a person up")(error),
            }
        })
    }

    /// A person.
    pub async fn person(&mut self, id: &str) -> Result<Option<Person>> {
        let rows = self.rows("reading a person", statement::PERSON, &[Param::Text(id)]).await?;
        rows.first().map(read).transpose()
    }

    /// The person of this address.
    pub async fn person_by_email(&mut self, hash: &[u8; 32]) -> Result<Option<Person>> {
        let params = [Param::Bytes(hash)];
        let rows = self.rows("reading a person", statement::PERSON_BY_EMAIL, &params).await?;
        rows.first().map(read).transpose()
    }

    /// Everybody who belongs to an organisation or is assigned to it, in the order in which they came;
    /// those who were removed too.
    pub async fn people(&mut self, organisation: &str) -> Result<Vec<Person>> {
        let params = [Param::Text(organisation)];
        let rows = self.rows("reading the people", statement::PEOPLE, &params).await?;
        rows.iter().map(read).collect()
    }

    /// Whether anybody was ever taken up.
    pub async fn has_people(&mut self) -> Result<bool> {
        Ok(!self.rows("reading the people", statement::PEOPLE_ANY, &[]).await?.is_empty())
    }

    /// Keeps every other transaction that calls this waiting until this one ends: whoever counts before
    /// they change counts what is true.
    pub async fn lock_people(&mut self) -> Result<()> {
        let params = [Param::Text("people"), Param::Int(1)];
        self.rows("waiting for another change", statement::COUNTER_TAKE, &params).await.map(drop)
    }

    /// How many people of an organisation have this role and this state.
    pub async fn count_people(
        &mut self,
        organisation: &str,
        role: &str,
        state: &str,
    ) -> Result<u64> {
        let params = [Param::Text(organisation), Param::Text(role), Param::Text(state)];
        let rows = self.rows("counting the people", statement::PEOPLE_COUNT, &params).await?;
        rows.first().map_or(Ok(0), |row| row.count(0))
    }

    /// Gives somebody another role; `false` if there is no such person.
    pub async fn set_role(&mut self, id: &str, role: &str) -> Result<bool> {
        let params = [Param::Text(id), Param::Text(role)];
        Ok(self.execute("changing a role", statement::PERSON_ROLE, &params).await? == 1)
    }

    /// Moves somebody from one state to another; `false` if they were not in it.
    pub async fn set_person_state(
        &mut self,
        id: &str,
        from: &str,
        to: &str,
        at: Micros,
    ) -> Result<bool> {
        let params = [Param::Text(id), Param::Text(from), Param::Text(to), Param::Int(at.0)];
        Ok(self.execute("changing a membership", statement::PERSON_STATE, &params).await? == 1)
    }

    /// Replaces what is sealed of somebody, and how they are found; `None` finds them no longer.
    pub async fn reseal_person(
        &mut self,
        id: &str,
        body: &[u8],
        email_hash: Option<&[u8; 32]>,
    ) -> Result<bool> {
        check_sealed(id, body)?;
        let hash = email_hash.map(<[u8; 32]>::as_slice);
        let params = [Param::Text(id), Param::Bytes(body), Param::MaybeBytes(hash)];
        Ok(self.execute("changing a person", statement::PERSON_RESEAL, &params).await? == 1)
    }

    /// The organisations to which somebody is assigned, in order.
    pub async fn assignments(&mut self, person: &str) -> Result<Vec<String>> {
        let params = [Param::Text(person)];
        let rows = self.rows("reading assignments", statement::ASSIGNMENTS, &params).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// Assigns somebody to an organisation. Saying it twice is the same as once.
    pub async fn assign(&mut self, person: &str, organisation: &str) -> Result<()> {
        let params = [Param::Text(person), Param::Text(organisation)];
        self.execute("assigning", statement::ASSIGN, &params).await.map(drop)
    }

    /// Takes an assignment back; `false` if there was none.
    pub async fn unassign(&mut self, person: &str, organisation: &str) -> Result<bool> {
        let params = [Param::Text(person), Param::Text(organisation)];
        Ok(self.execute("taking an assignment back", statement::UNASSIGN, &params).await? == 1)
    }
}

fn read(row: &Fields) -> Result<Person> {
    Ok(Person {
        id: row.text(0)?,
        organisation: row.text(1)?,
        role: row.text(2)?,
        state: row.text(3)?,
        body: row.bytes(4)?,
        made_at: Micros(row.int(5)?),
        state_at: Micros(row.int(6)?),
    })
}
