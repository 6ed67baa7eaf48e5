//! Somebody's address is corrected: in their own records, everywhere, and nowhere else.

use model::{IdentityKind, Personal};
use plan::{Case, Correction, Graph, RequestKind, Settings, Target};

use super::Theatre;
use super::answer::About;
use super::erase::text_of;
use crate::make::identities;
use crate::people::{CAST, Known, shows};
use crate::stage::lock;
use crate::{Violation, broken};

/// The right address.
const RIGHT: &str = "new.address@acme.example";

impl Theatre {
    pub(super) async fn correction(&self) -> Result<(), Violation> {
        let world = lock(&self.stage).world.clone();
        let (asked, given) = identities(&world, &self.dice);
        let about = self.about(world.who, &given, None);
        let to = Personal::new(RIGHT.to_owned());
        let correction =
            Correction { target: Target::Identity(IdentityKind::Email), from: None, to };
        let request = plan::Request {
            id: "r1".to_owned(),
            kind: RequestKind::Rectification,
            identities: asked,
            opened_at: world.now,
        };
        let graph = Graph::new(&self.systems);
        let case = Case::rectify(request, vec![correction], Settings::default(), &graph);
        self.answer(case, &about).await?;
        Ok(())
    }

    /// What holds the address in the person's own records is right, and nothing else was changed.
    pub(super) fn judge_corrected(&self, about: &About) -> Result<(), Violation> {
        let stage = lock(&self.stage);
        let world = &stage.world;
        let Some(person) = CAST.get(about.who) else { return Ok(()) };
        for (at, truth) in world.truth.iter().filter(|(_, truth)| !truth.stirred) {
            let (Some(collection), Some(row)) = (world.collection(&at.0), world.row(at)) else {
                continue;
            };
            for ((field, now), before) in collection.fields.iter().zip(row).zip(&truth.before) {
                let what = || format!("{}.{} {:?}", at.0, field.name, at.1);
                let hers = truth.own.contains(&about.who)
                    && field.identity == Some(IdentityKind::Email)
                    && shows(text_of(before), person, Known::Email);
                if hers && text_of(now) != RIGHT {
                    return broken("what was wrong is right", what());
                }
                if !hers && now != before {
                    return broken("nothing else is corrected", what());
                }
            }
        }
        Ok(())
    }
}
