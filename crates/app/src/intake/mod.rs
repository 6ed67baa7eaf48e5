//! Intake: whatever door a request comes by, it lands in one queue.
//!
//! Nobody's data is looked at here. So what is answered to somebody we know is the same as to anybody
//! else, byte for byte and after the same work: a request is kept, and if an address was given a code
//! goes there.
//!
//! INVARIANT: what a person wrote is sealed, and stands in no event, error, job or log.

mod form;
mod kind;

use auth::{Action, Actor};
use model::{Micros, Personal, Secret};
use serde_json::json;
use store::Tx;

pub use form::{Acting, Capacity, Field, Form, LONGEST, Told, Unfit, Wrong};
pub use kind::{Channel, Kind};

use crate::clock::{self, Arrival};
use crate::desk::{Desk, Progress, Shown, Status};
use crate::house::House;
use crate::identity::{self, Proof};
use crate::{Result, allowed};

/// What whoever has sent a form holds in their hands. It follows from the form alone, and is the same
/// for everybody.
#[derive(Debug)]
pub struct Filed {
    /// The handle of the request: with it and the code of the mail the request is confirmed.
    pub handle: Secret<String>,
    /// What comes next.
    pub next: Next,
    /// Until when it is answered, as far as that is known now.
    pub due_at: Option<Micros>,
}

/// What comes next for whoever has sent a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// They type the code that was written to them.
    Code,
    /// A person of ours looks at who they are; a document may help.
    Staff,
    /// Nothing: the work begins.
    Nothing,
}

/// Who hands a request in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender<'s> {
    /// Anybody: who they are is still to be shown.
    Unknown,
    /// Somebody who has just shown that they read the mail of the address.
    Proven,
    /// This member of staff writes it down.
    Staff(&'s str),
}

impl House {
    /// A request of the public: by form or API.
    pub async fn file_request(&self, form: Form) -> Result<Filed> {
        let desk = self.desk().await?;
        let mut form = Form { told: form.told.tidy()?, ..form };
        if form.channel.is_written_by_staff() {
            form.channel = Channel::Form;
        }
        let mut tx = desk.state.store.begin().await?;
        let kept =
            self.keep_request(&desk, &mut tx, &form, &Arrival::default(), Sender::Unknown).await?;
        let handle = identity::give(&desk, &mut tx, &kept.id, identity::HANDLE).await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        let next = match Status::of(&kept.status) {
            Some(Status::Unconfirmed) => Next::Code,
            Some(Status::Unidentified | Status::Unsorted) => Next::Staff,
            _ => Next::Nothing,
        };
        Ok(Filed { handle, next, due_at: kept.due_at })
    }

    /// A request that staff write down: by phone, by post, in person. Its number.
    pub async fn file_by_staff(
        &self,
        actor: &Actor,
        organisation: &str,
        form: Form,
        received: Option<String>,
    ) -> Result<String> {
        allowed::require(actor, Action::FileRequest, organisation)?;
        let desk = self.desk_of(organisation).await?;
        let form = Form { told: form.told.tidy()?, ..form };
        let arrival = Arrival { place: form.place.clone(), received };
        let mut tx = desk.state.store.begin().await?;
        let kept = self
            .keep_request(&desk, &mut tx, &form, &arrival, Sender::Staff(actor.person()))
            .await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(kept.id)
    }

    /// Keeps a request, with its clock, the event that says so, and the mail that asks for the code.
    pub(crate) async fn keep_request(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        form: &Form,
        arrival: &Arrival,
        sender: Sender<'_>,
    ) -> Result<store::Request> {
        let by = match sender {
            Sender::Staff(by) => Some(by),
            Sender::Unknown | Sender::Proven => None,
        };
        let now = self.means.clock.now();
        let id = store::new_id(self.means.rng.as_ref());
        // A place that is not known sets no clock of its own: the shortest counts.
        let place = form.place.clone().filter(|place| clock::is_known(&desk.policy, place));
        let arrival = Arrival { place, received: arrival.received.clone() };
        let clock = match form.kind.right() {
            Some(right) => Some(clock::begin(self, &desk.policy, right, &arrival)?),
            None => None,
        };
        let proof = Proof::wanted(&self.settings.identity, form);
        // Whoever reads the mail of the address has shown as much as a code would.
        let proven = sender == Sender::Proven && proof <= Proof::Mail;
        let status = match (proof, form.kind) {
            (_, Kind::Unsorted) => Status::Unsorted,
            _ if proven => Status::Unconfirmed,
            (Proof::None, _) => Status::Ready,
            (Proof::Mail, _) if form.told.reached_at().is_some() => Status::Unconfirmed,
            _ => Status::Unidentified,
        };
        let progress = Progress {
            proof,
            place: arrival.place.clone(),
            filed_by: by.map(str::to_owned),
            ..Progress::default()
        };
        let received = clock::received(self, arrival.received.as_deref())?;
        let mut request = store::Request {
            id: id.clone(),
            organisation: desk.organisation.clone(),
            kind: form.kind.key().to_owned(),
            channel: form.channel.key().to_owned(),
            language: form.language.key().to_owned(),
            status: status.key().to_owned(),
            received_at: Micros(received.timestamp().as_microsecond()),
            body: Some(desk.seal_told(&id, &form.told)?),
            due_at: clock.as_ref().and_then(clock::due_moment),
            clock: clock.as_ref().map(clock::Snapshot::write).transpose()?,
            work: progress.write()?,
            case: None,
            step: 0,
            changed_at: now,
            ended_at: None,
        };
        tx.insert_request(&request).await?;
        let about = json!({ "channel": form.channel.key(), "by": by });
        desk.tell(tx, &request, "request received", about).await?;
        desk.tell_programs(tx, &request, "received", status.key()).await?;
        match status {
            Status::Unconfirmed if proven => {
                let shown = Shown { how: "mail".to_owned(), at: now, by: None };
                self.identified(desk, tx, &mut request, &form.told, shown).await?;
            }
            Status::Unconfirmed => {
                let to: Option<&Personal<String>> = form.told.reached_at();
                identity::ask_for_code(self, desk, tx, &request, to).await?;
            }
            Status::Ready | Status::Unidentified => {
                let to = form.told.reached_at();
                // Nobody has shown yet that the address is theirs: it is not written to without end.
                if by.is_some() || identity::may_write(self, desk, tx, to).await? {
                    self.acknowledge(desk, tx, &mut request, &form.told).await?;
                }
            }
            _ => {}
        }
        self.watch(desk, tx, &request, None).await?;
        Ok(request)
    }
}
