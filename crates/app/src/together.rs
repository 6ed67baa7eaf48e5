//! Many people's access requests at once: every text of every system is read once for all of them.

use std::path::Path;

use engine::{Driver, Keeper};
use model::Identity;
use plan::{Case, Graph, RequestKind};

use crate::clock::{self, Arrival};
use crate::house::House;
use crate::keeper::CaseKeeper;
use crate::package;
use crate::request::{Asked, Came, Leave, new_case};
use crate::systems::Lender;
use crate::{Error, Result, marks};

/// What became of one of many requests.
#[derive(Debug)]
pub struct Answered {
    /// Its number.
    pub id: String,
    /// What became of it.
    pub came: Came,
}

impl House {
    /// Answers an access request for each of these people, with one package each in `folder`.
    /// Nothing is opened until every one of them can be looked for.
    pub async fn access_together(
        &self,
        people: Vec<Vec<Identity>>,
        arrival: &Arrival,
        folder: &Path,
    ) -> Result<Vec<Answered>> {
        let policy = self.policy(false)?;
        let asked: Vec<Asked> = people
            .into_iter()
            .map(|identities| Asked {
                kind: RequestKind::Access,
                identities,
                plan_only: false,
                arrival: arrival.clone(),
            })
            .collect();
        if asked.is_empty() {
            return Err(Error::Refused("the list names nobody".to_owned()));
        }
        std::fs::create_dir_all(folder).map_err(Error::file("cannot make", folder))?;
        let graph = Graph::new(&policy.systems);
        let mut cases: Vec<Case> = Vec::with_capacity(asked.len());
        for (number, one) in asked.into_iter().enumerate() {
            let case = new_case(self, &policy, &graph, one, Vec::new()).map_err(|error| {
                Error::Refused(format!("line {}: {error}; nobody was looked for", number + 1))
            })?;
            cases.push(case);
        }
        let clock = clock::begin(self, &policy, RequestKind::Access.right(), arrival)?;
        let state = self.state().await?;
        let organisation = &policy.organisation.name;
        let mut keepers = Vec::with_capacity(cases.len());
        for case in &cases {
            keepers.push(CaseKeeper::open(&state, organisation, case, &clock).await?);
        }
        let lender = Lender {
            folder: &self.folder,
            connections: &self.settings.connections,
            state: &state,
            environment: self.means.environment.as_ref(),
        };
        let key = state.pseudonym_key()?;
        let driver = Driver {
            systems: &policy.systems,
            reach: &lender,
            key: &key,
            country_code: policy.phone_calling_code().map(str::to_owned),
            progress: self.means.progress.as_ref(),
        };
        let work = async {
            let mut together: Vec<(&mut Case, &dyn Keeper)> =
                cases.iter_mut().zip(&keepers).map(|(case, keeper)| (case, keeper as _)).collect();
            driver.run_together(&mut together).await?;
            let mut answered = Vec::with_capacity(keepers.len());
            for (case, keeper) in cases.iter_mut().zip(&keepers) {
                let id = case.request.id.clone();
                let short = id.get(..8).unwrap_or(&id);
                let out = Some(folder.join(format!("access-{short}.zip")));
                let leave = Leave { out, ..Leave::default() };
                let marks = marks::in_force(&state, &policy, &case.request.identities).await?;
                let made = package::hand_out(self, &policy, &driver, case, keeper, &leave, &marks);
                let came = made.await?;
                keeper.release(&id).await?;
                answered.push(Answered { id, came });
            }
            Ok(answered)
        };
        let answered = self.sealing(&state, Box::pin(work)).await?;
        self.seal(&state).await?;
        Ok(answered)
    }
}
