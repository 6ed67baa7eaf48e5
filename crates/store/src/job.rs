//! Jobs: work that is to be done later, by whoever has a hand free.
//!
//! INVARIANT: a job is run by one worker at a time. Taking it writes a lease under a name that nobody
//! used before; whatever ends the job names the lease, and does nothing if somebody else has taken it
//! over since.

use model::Micros;

use crate::error::{Meaning, meaning, plain};
use crate::tx::{Fields, Param, Tx};
use crate::{Error, Result, dialect, statement};

/// A job as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// 128 random bits in hexadecimal ([`crate::new_id`]).
    pub id: String,
    /// Whose job it is.
    pub organisation: String,
    /// What is to be done, in a word.
    pub kind: String,
    /// What it is to be done with: JSON of our own ids and words, nothing personal.
    pub payload: String,
    /// Of jobs with the same key there is one.
    pub unique_key: Option<String>,
    /// Not before then.
    pub run_at: Micros,
    /// So many times it is tried.
    pub most: u32,
    /// When it was asked for.
    pub made_at: Micros,
}

/// A job as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// Whose job it is.
    pub organisation: String,
    /// What is to be done.
    pub kind: String,
    /// What with.
    pub payload: String,
    /// How often it was begun.
    pub attempts: u64,
    /// How often it may be.
    pub most: u64,
    /// Why it failed the last time.
    pub failure: Option<String>,
    /// When it was asked for.
    pub made_at: Micros,
    /// When it was given up.
    pub died_at: Option<Micros>,
}

/// A job that this worker may run, until the lease runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The job.
    pub job: Job,
    /// The name of the lease.
    pub lease: String,
}

/// How many jobs there are, by where they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting for their time, or for a worker.
    pub waiting: u64,
    /// Being run.
    pub running: u64,
    /// Given up; a person decides.
    pub dead: u64,
}

impl Tx {
    /// Asks for a job. Where there is one with the same key: one that waits runs at the earlier of
    /// both times, one that runs will run again, and one that was given up gets another chance.
    pub async fn enqueue(&mut self, job: &NewJob) -> Result<()> {
        let params = [
            Param::Text(&job.id),
            Param::Text(&job.organisation),
            Param::Text(&job.kind),
            Param::Text(&job.payload),
            Param::MaybeText(job.unique_key.as_deref()),
            Param::Int(job.run_at.0),
            Param::Int(i64::from(job.most)),
            Param::Int(job.made_at.0),
        ];
        self.try_execute(statement::JOB_INSERT, &params).await.map(drop).map_err(|error| {
            match meaning(&error) {
                Meaning::Duplicate => Error::Exists { kind: "job", id: job.id.clone() },
                _ => plain("asking for a job")(error),
            }
        })
    }

    /// Takes at most `limit` jobs whose time has come, and jobs whose worker was silent until `now`,
    /// for a worker that will have said something by `until`. `lease` is a name that nobody used
    /// before.
    pub async fn take_jobs(
        &mut self,
        lease: &str,
        now: Micros,
        until: Micros,
        limit: u32,
    ) -> Result<Vec<Claim>> {
        let sql = dialect::jobs_due(self.is_postgres());
        let params = [Param::Int(now.0), Param::Int(i64::from(limit))];
        let due = self.rows("looking for jobs", sql, &params).await?;
        let mut claims = Vec::with_capacity(due.len());
        for row in &due {
            let id = row.text(0)?;
            let params = [Param::Text(&id), Param::Text(lease), Param::Int(until.0)];
            let taken = self.rows("taking a job", statement::JOB_TAKE, &params).await?;
            for row in &taken {
                claims.push(Claim { job: read(row)?, lease: lease.to_owned() });
            }
        }
        Ok(claims)
    }

    /// Keeps a job for longer; `false` if it is somebody else's now.
    pub async fn renew_job(&mut self, claim: &Claim, until: Micros) -> Result<bool> {
        let params = [Param::Text(&claim.job.id), Param::Text(&claim.lease), Param::Int(until.0)];
        Ok(self.execute("keeping a job", statement::JOB_RENEW, &params).await? == 1)
    }

    /// Ends a job that is done; `false` if it is somebody else's now, and then whatever was done in
    /// this transaction must be undone.
    pub async fn finish_job(&mut self, claim: &Claim) -> Result<bool> {
        let params = [Param::Text(&claim.job.id), Param::Text(&claim.lease)];
        const DOING: &str = "ending a job";
        if self.execute(DOING, statement::JOB_AGAIN, &params).await? == 1 {
            return Ok(true);
        }
        Ok(self.execute(DOING, statement::JOB_DONE, &params).await? == 1)
    }

    /// Lets a job wait for another try; `false` if it is somebody else's now.
    pub async fn retry_job(&mut self, claim: &Claim, at: Micros, failure: &str) -> Result<bool> {
        let params = [
            Param::Text(&claim.job.id),
            Param::Text(&claim.lease),
            Param::Int(at.0),
            Param::Text(failure),
        ];
        Ok(self.execute("putting a job off", statement::JOB_RETRY, &params).await? == 1)
    }

    /// Lets a job wait as if it had not been begun; `false` if it is somebody else's now.
    pub async fn give_job_back(&mut self, claim: &Claim, at: Micros) -> Result<bool> {
        let params = [Param::Text(&claim.job.id), Param::Text(&claim.lease), Param::Int(at.0)];
        Ok(self.execute("giving a job back", statement::JOB_GIVE_BACK, &params).await? == 1)
    }

    /// Gives a job up; `false` if it is somebody else's now.
    pub async fn bury_job(&mut self, claim: &Claim, at: Micros, failure: &str) -> Result<bool> {
        let params = [
            Param::Text(&claim.job.id),
            Param::Text(&claim.lease),
            Param::Int(at.0),
            Param::Text(failure),
        ];
        Ok(self.execute("giving a job up", statement::JOB_BURY, &params).await? == 1)
    }

    /// The jobs of an organisation that were given up, the latest first.
    pub async fn dead_jobs(&mut self, organisation: &str) -> Result<Vec<Job>> {
        let params = [Param::Text(organisation)];
        let rows = self.rows("reading jobs", statement::JOBS_DEAD, &params).await?;
        rows.iter().map(read).collect()
    }

    /// Gives a job that was given up another chance; `false` if there is none.
    pub async fn revive_job(&mut self, organisation: &str, id: &str, at: Micros) -> Result<bool> {
        let params = [Param::Text(organisation), Param::Text(id), Param::Int(at.0)];
        Ok(self.execute("reviving a job", statement::JOB_REVIVE, &params).await? == 1)
    }

    /// Forgets a job that was given up; `false` if there is none.
    pub async fn drop_job(&mut self, organisation: &str, id: &str) -> Result<bool> {
        let params = [Param::Text(organisation), Param::Text(id)];
        Ok(self.execute("dropping a job", statement::JOB_DROP, &params).await? == 1)
    }

    /// When the next job's time comes, or the next silent worker's has run out.
    pub async fn next_job_at(&mut self) -> Result<Option<Micros>> {
        let rows = self.rows("looking for jobs", statement::JOBS_NEXT, &[]).await?;
        rows.first().map_or(Ok(None), |row| Ok(row.maybe_int(0)?.map(Micros)))
    }

    /// How many jobs there are.
    pub async fn job_counts(&mut self) -> Result<JobCounts> {
        let mut counts = JobCounts::default();
        for row in self.rows("counting jobs", statement::JOBS_COUNT, &[]).await? {
            let count = row.count(1)?;
            match row.text(0)?.as_str() {
                "waiting" => counts.waiting = count,
                "running" => counts.running = count,
                _ => counts.dead = count,
            }
        }
        Ok(counts)
    }

    /// When a schedule is due next. One that is new, or has another pattern than it had, is due at
    /// `next`.
    pub async fn schedule(&mut self, name: &str, pattern: &str, next: Micros) -> Result<Micros> {
        const DOING: &str = "reading a schedule";
        let params = [Param::Text(name), Param::Text(pattern), Param::Int(next.0)];
        self.execute(DOING, statement::SCHEDULE_SET, &params).await?;
        let rows = self.rows(DOING, statement::SCHEDULE, &[Param::Text(name)]).await?;
        rows.first().map_or(Ok(next), |row| row.int(0).map(Micros))
    }

    /// Moves a schedule on; `false` if somebody else has done it.
    pub async fn move_schedule(&mut self, name: &str, from: Micros, to: Micros) -> Result<bool> {
        let params = [Param::Text(name), Param::Int(from.0), Param::Int(to.0)];
        Ok(self.execute("moving a schedule", statement::SCHEDULE_MOVE, &params).await? == 1)
    }
}

fn read(row: &Fields) -> Result<Job> {
    Ok(Job {
        id: row.text(0)?,
        organisation: row.text(1)?,
        kind: row.text(2)?,
        payload: row.text(3)?,
        attempts: row.count(4)?,
        most: row.count(5)?,
        failure: row.maybe_text(6)?,
        made_at: Micros(row.int(7)?),
        died_at: row.maybe_int(8)?.map(Micros),
    })
}
