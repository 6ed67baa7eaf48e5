//! Connecting a system at the console: it is tried at once, looked into meanwhile, shown, and written
//! down only when somebody has looked at what was found and said yes.
//!
//! INVARIANT: whoever sits at the console is not whoever sits at the machine. They name no variable of
//! the environment but those made for it, and no file but those below a folder that is meant for it.

use std::collections::BTreeMap;
use std::path::Path;

use auth::{Action, Actor};
use connect::Connector;
use engine::discover::{self, NoteKind};
use policy::{Question, System, SystemFile};
use serde_json::json;

use super::{NewDoor, Wish};
use crate::allowed::require;
use crate::doctor::Examined;
use crate::doctor::grants::{InUse, Offered};
use crate::house::House;
use crate::retain::event;
use crate::settings::password;
use crate::systems::secret_name;
use crate::{Error, Result};

/// How the names of the variables begin in which a password may lie that is named at the console.
pub const ENVIRONMENT: &str = "UPHELD_PASSWORD_";

/// A system that has answered, and is to be looked into.
pub struct Tried {
    wish: Wish,
    door: NewDoor,
    connector: Box<dyn Connector>,
}

/// A system that was looked into and waits for a yes. It holds its password, and is kept in memory alone.
pub struct FoundSystem {
    /// Its key.
    pub name: String,
    /// The product and its version.
    pub product: String,
    /// The map that was made of it.
    pub system: System,
    /// The guesses that wait for an answer.
    pub questions: Vec<Question>,
    /// What a person should know besides: the place and a sentence.
    pub notes: Vec<(String, String)>,
    /// Statements that make accounts to measure.
    pub offers: Vec<Offered>,
    /// The account that was used, what it lacks and what it has too much of.
    pub in_use: InUse,
    /// Why nothing can be said of rights, where nothing can.
    pub unknown: Option<String>,
    again: bool,
    map: SystemFile,
    door: NewDoor,
}

/// How a system is reached, as staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Its address, without a password.
    pub url: String,
    /// Where its password lies: `sealed`, `env:NAME`, `file:PATH`; none where it has none.
    pub password: Option<String>,
    /// Whether every change is refused.
    pub read_only: bool,
}

impl House {
    /// Tries a system: whether it answers, and lets the account in. Nothing is written.
    pub async fn try_system(&self, actor: &Actor, wish: Wish) -> Result<Tried> {
        require(actor, Action::ConnectSystem, auth::ROOT)?;
        if let Some(variable) = &wish.password_env
            && !variable.starts_with(ENVIRONMENT)
        {
            return Err(Error::unfit(
                "password_env",
                format!("at the console only variables are named that begin with `{ENVIRONMENT}`"),
            ));
        }
        let mut door = self.door(&wish).map_err(told)?;
        self.may_name(&door)?;
        self.known_password(&wish, &mut door).await?;
        let connector = self.open_door(&wish.name, &door).await.map_err(told)?;
        Ok(Tried { wish, door, connector })
    }

    /// Looks into a system that has answered. May take minutes; nothing is written.
    pub async fn look_into_tried(
        &self,
        actor: &Actor,
        tried: Tried,
        progress: &mut (dyn FnMut(discover::Progress) + Send),
    ) -> Result<FoundSystem> {
        require(actor, Action::ConnectSystem, auth::ROOT)?;
        let Tried { wish, door, connector } = tried;
        let looked = self.look_into(&wish, connector, progress).await.map_err(told)?;
        let opened = &looked.opened;
        let rights = crate::doctor::grants::made_to_measure(opened, wish.read_only).await;
        let (offers, in_use, unknown) = match rights {
            Ok((offers, in_use)) => (offers, in_use, None),
            Err(error) => (Vec::new(), InUse::default(), Some(error.to_string())),
        };
        looked.opened.connector.close().await;
        let matters =
            |kind| matches!(kind, NoteKind::NotRead | NoteKind::Trigger | NoteKind::Question);
        let notes = looked.discovery.notes.into_iter().filter(|note| matters(note.kind));
        Ok(FoundSystem {
            name: wish.name,
            product: looked.product,
            system: looked.discovery.system,
            questions: looked.map.questions(),
            notes: notes.map(|note| (note.place, note.says)).collect(),
            offers,
            in_use,
            unknown,
            again: wish.again,
            map: looked.map,
            door,
        })
    }

    /// Writes a system down with the answers to its questions, as whoever says yes. What was not
    /// answered stays a question in its file.
    pub async fn keep_system(
        &self,
        actor: &Actor,
        found: &FoundSystem,
        answers: &BTreeMap<String, bool>,
    ) -> Result<()> {
        require(actor, Action::ConnectSystem, auth::ROOT)?;
        if !found.again && self.file_of(&found.name).exists() {
            return Err(Error::Refused(format!(
                "somebody has connected `{}` meanwhile: look at it, or choose another name",
                found.name
            )));
        }
        let mut map = found.map.clone();
        for (question, yes) in answers {
            if !map.answer(question, *yes) {
                return Err(Error::unfit(
                    "answers",
                    "an answer belongs to no question of this system",
                ));
            }
        }
        self.write_system(&found.name, &map, &found.door).await?;
        let state = self.state().await?;
        let organisation = self.last_sound_policy()?.organisation.name.clone();
        let about = json!({
            "again": found.again, "answers": answers.len(), "by": actor.person(),
            "system": found.name,
        });
        let mut tx = state.store.begin().await?;
        tx.append_event(&event(&state, &organisation, "system connected", &about)).await?;
        tx.commit().await?;
        self.seal(&state).await
    }

    /// How a system is reached; none if nothing says so.
    pub fn reached(&self, actor: &Actor, system: &str) -> Result<Option<Reached>> {
        require(actor, Action::ReadSystems, auth::ROOT)?;
        Ok(self.connections().get(system).map(|connection| Reached {
            url: connection.url.clone(),
            password: connection.password.clone(),
            read_only: connection.read_only,
        }))
    }

    /// The guesses about a system that wait for an answer in its file.
    pub fn open_questions(&self, actor: &Actor, system: &str) -> Result<Vec<Question>> {
        require(actor, Action::ReadSystems, auth::ROOT)?;
        let sources = self.sources()?;
        let text =
            ["yaml", "yml"].iter().find_map(|end| sources.get(&format!("systems/{system}.{end}")));
        let file = text.and_then(|text| policy::read_system_file(system, text).ok());
        Ok(file.map(|file| file.questions()).unwrap_or_default())
    }

    /// Tries the connection of one system and looks at its rights. Changes nothing.
    pub async fn test_system(&self, actor: &Actor, system: &str) -> Result<Examined> {
        require(actor, Action::ReadSystems, auth::ROOT)?;
        let policy = self.policy(false)?;
        let known = policy.system(system);
        let known = known.ok_or_else(|| Error::Absent(format!("there is no system `{system}`")))?;
        let state = self.state().await?;
        let mut one = Examined { what: known.title.clone(), ..Examined::default() };
        match self.opened(&state, &policy, known).await {
            Ok(opened) => self.examine(known, opened, &mut one).await,
            Err(error) => one.says.push(told(error).to_string()),
        }
        Ok(one)
    }

    /// The password that is there already, for the same address alone: it is sent nowhere else.
    async fn known_password(&self, wish: &Wish, door: &mut NewDoor) -> Result<()> {
        let connections = self.connections();
        let known = connections.get(&wish.name).filter(|_| wish.again && door.password.is_none());
        let Some(known) = known.filter(|known| known.url == door.connection.url) else {
            return Ok(());
        };
        let state = self.state().await?;
        let sealed =
            || state.vault.secret(&secret_name(&wish.name)).map_err(|error| error.to_string());
        let found = password(&wish.name, known, sealed, &|name| (self.means.environment)(name));
        door.password = found.map_err(Error::Refused)?;
        door.connection.password.clone_from(&known.password);
        Ok(())
    }

    /// Refuses a file or a folder that nobody meant for systems: our own keys are files, too.
    fn may_name(&self, door: &NewDoor) -> Result<()> {
        let Some(path) = door.address.path() else { return Ok(()) };
        let refuse = |why: &str| Err(Error::unfit("path", why));
        let Ok(real) = path.canonicalize() else {
            return refuse("there is no such file or folder on the server, or it cannot be read");
        };
        let own = self.folder.canonicalize().map_err(Error::file("cannot read", &self.folder))?;
        let below = |folder: &Path| real != folder && real.starts_with(folder);
        let first = real.strip_prefix(&own).ok().and_then(|rest| rest.components().next());
        let first = first.map(|first| first.as_os_str().to_string_lossy().into_owned());
        let ours = match first.as_deref() {
            None => own.starts_with(&real),
            Some(name) => {
                matches!(name, "systems" | "past" | "letters")
                    || name.starts_with('.')
                    || own.join(name).is_file()
            }
        };
        if ours {
            return refuse("this is Upheld's own: name a folder of data, or a file in one");
        }
        let folders = self.settings.serve.data_folders.iter();
        let allowed = folders.filter_map(|folder| own.join(folder).canonicalize().ok());
        if below(&own) || allowed.into_iter().any(|folder| real == folder || below(&folder)) {
            return Ok(());
        }
        refuse(
            "at the console only files below the policy folder are connected, and below those that `data_folders` of `[serve]` in upheld.toml names: add the folder there and start the server again, or run `upheld connect` on the server",
        )
    }
}

/// What went wrong with a system, for whoever connects it: what to do stands with it. It names no
/// password and no value.
fn told(error: Error) -> Error {
    let source = match error {
        Error::System { source, .. } => source,
        Error::Discovery { message, .. } => return Error::Refused(message),
        Error::Settings { .. } => return Error::Refused(error.to_string()),
        other => return other,
    };
    let hint = match &source {
        connect::Error::Unreachable(_) => {
            ": is the host's name right, does the database listen on this port for other machines, and does a firewall let this server through?"
        }
        connect::Error::SignIn { .. } => {
            "; some servers let an account in from certain machines alone"
        }
        connect::Error::Broken(_) | connect::Error::Busy(_) => ": try again in a moment",
        _ => "",
    };
    Error::Refused(format!("{source}{hint}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use auth::{Door, Membership, MembershipState, ROOT, Role, Strength};
    use model::Secret;

    use super::*;
    use crate::fixture::{Hands, folder, house};

    const DAY: &str = "2026-03-02";

    fn actor(house: &House, role: Role) -> Actor {
        let membership = Membership {
            organisation: ROOT.to_owned(),
            role,
            state: MembershipState::Active,
            assigned: BTreeSet::new(),
        };
        let at = house.now();
        let door =
            Door::Session { id: "s".into(), strength: Strength::TwoFactors { shown_at: at } };
        Actor::sample("0123456789abcdef0123456789abcdef".to_owned(), membership, door, at)
    }

    fn wish(name: &str, url: &str) -> Wish {
        Wish { name: name.to_owned(), url: url.to_owned(), ..Wish::default() }
    }

    fn files(folder: &Path) {
        std::fs::create_dir_all(folder.join("data/exports")).unwrap();
        std::fs::write(
            folder.join("data/exports/people.csv"),
            "name,email\nJane Doe,jane.doe@acme.example\nJohn Roe,john.roe@acme.example\n",
        )
        .unwrap();
    }

    #[tokio::test]
    async fn a_system_is_tried_looked_into_and_written_down_only_after_a_yes() {
        let folder = folder("anchors = []\n");
        files(folder.path());
        let house: Arc<House> = house(folder.path(), Hands::at(DAY), 1, &[]);
        let owner = actor(&house, Role::Owner);
        let tried = house.try_system(&owner, wish("exports", "files:data/exports")).await.unwrap();
        let found = house.look_into_tried(&owner, tried, &mut |_| {}).await.unwrap();
        assert!(!folder.path().join("systems").exists(), "nothing is written yet");
        assert!(found.system.collections.iter().any(|one| !one.fields.is_empty()));
        let wrong = BTreeMap::from([("category/none".to_owned(), true)]);
        assert!(house.keep_system(&owner, &found, &wrong).await.is_err());
        assert!(!folder.path().join("systems").exists(), "a wrong answer writes nothing");
        let answers = found.questions.iter().map(|one| (one.id.clone(), true)).collect();
        house.keep_system(&owner, &found, &answers).await.unwrap();
        assert!(house.open_questions(&owner, "exports").unwrap().is_empty());
        // The house was open all the while, as that of a server is.
        let reached = house.reached(&owner, "exports").unwrap().unwrap();
        assert_eq!(reached.url, "files:data/exports");
        let tested = house.test_system(&owner, "exports").await.unwrap();
        assert!(tested.healthy, "{:?}", tested.says);
        let entries = house.log_entries(&owner, 10, 10).await.unwrap();
        assert!(entries.iter().any(|entry| entry.kind == "system connected"));
        assert!(house.keep_system(&owner, &found, &answers).await.is_err(), "it is there now");
        std::fs::remove_dir_all(folder.path().join("data")).unwrap();
        assert!(!house.test_system(&owner, "exports").await.unwrap().healthy);
        assert!(matches!(house.test_system(&owner, "none").await, Err(Error::Absent(_))));
    }

    #[tokio::test]
    async fn the_console_names_no_file_and_no_variable_that_was_not_meant_for_it() {
        let folder = folder("anchors = []\n[serve]\ndata_folders = [\"data/exports\"]\n");
        files(folder.path());
        let outside = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("data/away")).unwrap();
        let house = house(folder.path(), Hands::at(DAY), 1, &[("DATABASE_PASSWORD", "hunter2")]);
        let owner = actor(&house, Role::Owner);
        house.ready().await.unwrap();
        let away = format!("files:{}", outside.path().display());
        let home = format!("files:{}", folder.path().display());
        for url in [
            away.as_str(),
            &home,
            "files:.upheld",
            "sqlite:.upheld/upheld.db",
            "files:systems",
            "sqlite:upheld.toml",
            "files:data/away",
            "files:data/../.upheld/keys",
            "files:/",
        ] {
            let refused = house.try_system(&owner, wish("x", url)).await.err().unwrap();
            assert!(matches!(refused, Error::Unfit { field: "path", .. }), "{url}: {refused}");
        }
        let named = Wish {
            password_env: Some("DATABASE_PASSWORD".to_owned()),
            ..wish("x", "postgres://u@127.0.0.1:1/d")
        };
        let refused = house.try_system(&owner, named).await.err().unwrap();
        assert!(matches!(refused, Error::Unfit { field: "password_env", .. }), "{refused}");
        for role in [Role::Technician, Role::Auditor] {
            let other = actor(&house, role);
            let refused = house.try_system(&other, wish("x", "files:data/exports")).await;
            assert!(matches!(refused, Err(Error::NotAllowed(_))), "{role:?}");
        }
        let officer = actor(&house, Role::PrivacyOfficer);
        assert!(house.try_system(&officer, wish("x", "files:data/exports")).await.is_ok());
    }

    #[tokio::test]
    async fn a_server_that_does_not_answer_is_told_with_what_to_do_and_without_the_password() {
        let folder = folder("anchors = []\n");
        let house = house(folder.path(), Hands::at(DAY), 1, &[]);
        let owner = actor(&house, Role::Owner);
        let wish = Wish {
            password: Some(Secret::new("hunter2-planted".to_owned())),
            ..wish("x", "postgres://u@127.0.0.1:1/d")
        };
        let refused = house.try_system(&owner, wish).await.err().unwrap().to_string();
        assert!(refused.contains("firewall") && !refused.contains("hunter2"), "{refused}");
    }
}
