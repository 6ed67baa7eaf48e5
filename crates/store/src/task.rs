//! Work by hand, and what authorities got.

use std::fmt;

use model::Micros;

use crate::request::sealed;
use crate::tx::{Fields, Param, Tx, signed};
use crate::{Result, statement};

/// A task that a person does in a system without a connector.
#[derive(Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// Whose task it is.
    pub organisation: String,
    /// The request that it is part of.
    pub request: String,
    /// The system, in a word of the organisation.
    pub system: String,
    /// The member of staff who does it, by id.
    pub owner: Option<String>,
    /// The day by which it is done, as 2026-01-31.
    pub due_on: Option<String>,
    /// What is to be done, what was done and what shows it, sealed.
    pub body: Vec<u8>,
    /// When it was asked for.
    pub made_at: Micros,
    /// When it was done.
    pub done_at: Option<Micros>,
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("id", &self.id)
            .field("system", &self.system)
            .finish_non_exhaustive()
    }
}

/// Data that an authority asked for by law.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub organisation: String,
    /// The kind of authority.
    pub authority: String,
    /// The kind of demand.
    pub demand: String,
    /// How it was answered.
    pub answer: String,
    /// About how many people.
    pub people: u64,
    /// When.
    pub at: Micros,
    /// The particulars, sealed.
    pub body: Vec<u8>,
}

impl fmt::Debug for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disclosure").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Disclosures of one kind, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureCount {
    /// The kind of authority.
    pub authority: String,
    /// The kind of demand.
    pub demand: String,
    /// How they were answered.
    pub answer: String,
    /// How many demands.
    pub demands: u64,
    /// About how many people.
    pub people: u64,
}

impl Tx {
    /// Keeps a task.
    pub async fn insert_task(&mut self, task: &Task) -> Result<()> {
        let params = [
            Param::Text(&task.id),
            Param::Text(&task.organisation),
            Param::Text(&task.request),
            Param::Text(&task.system),
            Param::MaybeText(task.owner.as_deref()),
            Param::MaybeText(task.due_on.as_deref()),
            Param::Bytes(sealed(&task.id, &task.body)?),
            Param::Int(task.made_at.0),
        ];
        self.execute("keeping a task", statement::TASK_INSERT, &params).await.map(drop)
    }

    /// One task.
    pub async fn task(&mut self, id: &str) -> Result<Option<Task>> {
        let rows = self.rows("reading a task", statement::TASK, &[Param::Text(id)]).await?;
        rows.first().map(read).transpose()
    }

    /// The tasks of a request.
    pub async fn tasks_of(&mut self, request: &str) -> Result<Vec<Task>> {
        let rows = self.rows("reading tasks", statement::TASKS_OF, &[Param::Text(request)]).await?;
        rows.iter().map(read).collect()
    }

    /// The tasks of an organisation that are not done, the first due first.
    pub async fn open_tasks(&mut self, organisation: &str) -> Result<Vec<Task>> {
        let params = [Param::Text(organisation)];
        let rows = self.rows("reading tasks", statement::TASKS_OPEN, &params).await?;
        rows.iter().map(read).collect()
    }

    /// Gives a task to somebody, with a day; `false` if it is done or not there.
    pub async fn assign_task(
        &mut self,
        id: &str,
        owner: Option<&str>,
        due_on: Option<&str>,
    ) -> Result<bool> {
        let params = [Param::Text(id), Param::MaybeText(owner), Param::MaybeText(due_on)];
        Ok(self.execute("giving a task", statement::TASK_ASSIGN, &params).await? == 1)
    }

    /// Notes that a task is done; `false` if it was before, or is not there.
    pub async fn finish_task(&mut self, id: &str, at: Micros, body: &[u8]) -> Result<bool> {
        let params = [Param::Text(id), Param::Int(at.0), Param::Bytes(sealed(id, body)?)];
        Ok(self.execute("ending a task", statement::TASK_DONE, &params).await? == 1)
    }

    /// Keeps a disclosure.
    pub async fn insert_disclosure(&mut self, one: &Disclosure) -> Result<()> {
        let params = [
            Param::Text(&one.id),
            Param::Text(&one.organisation),
            Param::Text(&one.authority),
            Param::Text(&one.demand),
            Param::Text(&one.answer),
            Param::Int(signed(one.people)),
            Param::Int(one.at.0),
            Param::Bytes(sealed(&one.id, &one.body)?),
        ];
        self.execute("keeping a disclosure", statement::DISCLOSURE_INSERT, &params).await.map(drop)
    }

    /// The disclosures of an organisation, the latest first.
    pub async fn disclosures(&mut self, organisation: &str) -> Result<Vec<Disclosure>> {
        let params = [Param::Text(organisation)];
        let rows = self.rows("reading disclosures", statement::DISCLOSURES, &params).await?;
        let read = |row: &Fields| {
            Ok(Disclosure {
                id: row.text(0)?,
                organisation: row.text(1)?,
                authority: row.text(2)?,
                demand: row.text(3)?,
                answer: row.text(4)?,
                people: row.count(5)?,
                at: Micros(row.int(6)?),
                body: row.bytes(7)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Disclosures from one moment up to another, counted by kind.
    pub async fn disclosure_counts(
        &mut self,
        organisation: &str,
        from: Micros,
        until: Micros,
    ) -> Result<Vec<DisclosureCount>> {
        let params = [Param::Text(organisation), Param::Int(from.0), Param::Int(until.0)];
        let rows = self.rows("counting disclosures", statement::DISCLOSURE_COUNTS, &params).await?;
        let read = |row: &Fields| {
            Ok(DisclosureCount {
                authority: row.text(0)?,
                demand: row.text(1)?,
                answer: row.text(2)?,
                demands: row.count(3)?,
                people: row.count(4)?,
            })
        };
        rows.iter().map(read).collect()
    }
}

fn read(row: &Fields) -> Result<Task> {
    Ok(Task {
        id: row.text(0)?,
        organisation: row.text(1)?,
        request: row.text(2)?,
        system: row.text(3)?,
        owner: row.maybe_text(4)?,
        due_on: row.maybe_text(5)?,
        body: row.bytes(6)?,
        made_at: Micros(row.int(7)?),
        done_at: row.maybe_int(8)?.map(Micros),
    })
}
