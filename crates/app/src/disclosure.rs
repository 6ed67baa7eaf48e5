//! Disclosures to authorities: written down as they happen, counted for the public.

use auth::{Action, Actor};
use jiff::civil::date;
use model::{Micros, Personal};
use serde_json::json;
pub use store::DisclosureCount;
use store::Event;

use crate::house::House;
use crate::keeper::canonical;
use crate::{Error, Result, allowed};

/// Kinds of authorities.
pub const AUTHORITIES: [&str; 5] = ["police", "court", "tax", "regulator", "other"];
/// Kinds of demands.
pub const DEMANDS: [&str; 5] = ["order", "subpoena", "warrant", "request", "emergency"];
/// Ways in which they are answered.
pub const ANSWERS: [&str; 4] = ["given", "given in part", "refused", "nothing held"];

/// A demand and its answer, as they are written down.
#[derive(Debug, Clone)]
pub struct Disclosed {
    /// The kind of authority, of [`AUTHORITIES`].
    pub authority: String,
    /// The kind of demand, of [`DEMANDS`].
    pub demand: String,
    /// How it was answered, of [`ANSWERS`].
    pub answer: String,
    /// About how many people.
    pub people: u64,
    /// The particulars: who asked, by which law, what was handed over; sealed.
    pub particulars: Personal<String>,
}

/// A disclosure as staff see it.
#[derive(Debug, Clone)]
pub struct DisclosureShown {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Micros,
    /// What it was.
    pub what: Disclosed,
}

const PURPOSE: &str = "disclosure";
/// Nobody holds data of more people; sums over many disclosures stay far below what a database counts to.
const MANKIND: u64 = 20_000_000_000;

impl House {
    /// Writes down that an authority asked for data by law, and what became of it; its id.
    pub async fn record_disclosure(
        &self,
        actor: &Actor,
        organisation: &str,
        one: Disclosed,
    ) -> Result<String> {
        allowed::require(actor, Action::RecordDisclosure, organisation)?;
        for (field, word, words, what) in [
            ("authority", &one.authority, &AUTHORITIES[..], "the kind of authority"),
            ("demand", &one.demand, &DEMANDS[..], "the kind of demand"),
            ("answer", &one.answer, &ANSWERS[..], "how it was answered"),
        ] {
            if !words.contains(&word.as_str()) {
                return Err(Error::unfit(field, format!("say {what}: {}", words.join(", "))));
            }
        }
        if one.particulars.expose().trim().is_empty() {
            let why = "say who asked, by which law, and what was handed over";
            return Err(Error::unfit("particulars", why));
        }
        if one.people > MANKIND {
            return Err(Error::unfit("people", "there are not so many people"));
        }
        let desk = self.desk_of(organisation).await?;
        let (id, now) = (store::new_id(self.means.rng.as_ref()), self.means.clock.now());
        let mut salt = [0; 32];
        self.means.rng.fill(&mut salt);
        let told = json!({
            "kind": "disclosure recorded", "disclosure": id, "authority": one.authority,
            "demand": one.demand, "answer": one.answer, "people": one.people,
            "by": actor.person(), "organisation": organisation,
        });
        let mut tx = desk.state.store.begin().await?;
        tx.insert_disclosure(&store::Disclosure {
            body: desk.state.vault.seal(PURPOSE, &id, one.particulars.expose().as_bytes())?,
            id: id.clone(),
            organisation: organisation.to_owned(),
            authority: one.authority,
            demand: one.demand,
            answer: one.answer,
            people: one.people,
            at: now,
        })
        .await?;
        tx.append_event(&Event {
            id: store::new_id(self.means.rng.as_ref()),
            organisation: desk.policy.organisation.name.clone(),
            kind: "disclosure recorded".to_owned(),
            case: None,
            at: now,
            body: canonical(&told),
            salt,
        })
        .await?;
        tx.commit().await?;
        self.seal(&desk.state).await?;
        Ok(id)
    }

    /// What authorities asked for, the latest first.
    pub async fn disclosures(
        &self,
        actor: &Actor,
        organisation: &str,
    ) -> Result<Vec<DisclosureShown>> {
        allowed::require(actor, Action::ReadDisclosures, organisation)?;
        let desk = self.desk_of(organisation).await?;
        let mut tx = desk.state.store.read().await?;
        let found = tx.disclosures(organisation).await?;
        tx.rollback().await?;
        let shown = |one: store::Disclosure| {
            let plain = desk.state.vault.open_sealed(PURPOSE, &one.id, &one.body)?;
            Ok(DisclosureShown {
                id: one.id,
                at: one.at,
                what: Disclosed {
                    authority: one.authority,
                    demand: one.demand,
                    answer: one.answer,
                    people: one.people,
                    particulars: Personal::new(String::from_utf8_lossy(&plain).into_owned()),
                },
            })
        };
        found.into_iter().map(shown).collect()
    }

    /// How often authorities asked an organisation in a year, for the public.
    pub async fn disclosure_counts(
        &self,
        organisation: &str,
        year: i16,
    ) -> Result<Vec<DisclosureCount>> {
        let refused = || Error::Refused(format!("{year} is no year that can be counted"));
        let zone = self.zone()?.at(self.means.clock.now()).time_zone().clone();
        let begins = |year: i16| -> Result<Micros> {
            if !(1970..=9000).contains(&year) {
                return Err(refused());
            }
            let at = date(year, 1, 1).to_zoned(zone.clone()).map_err(|_| refused())?;
            Ok(Micros(at.timestamp().as_microsecond()))
        };
        let (from, until) = (begins(year)?, begins(year.saturating_add(1))?);
        let state = self.state().await?;
        let mut tx = state.store.read().await?;
        let counts = tx.disclosure_counts(organisation, from, until).await?;
        tx.rollback().await?;
        Ok(counts)
    }
}
