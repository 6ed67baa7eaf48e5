//! Connecting a system: looking into it, writing down what was found, sealing its password.

use std::path::{Path, PathBuf};

use connect::{Address, Limits};
use engine::discover::{self, Discovery};
use model::Secret;
use policy::{Policy, System, SystemFile};

use crate::house::{House, write_whole};
use crate::systems::secret_name;
use crate::{Connection, Error, Result, Settings, doctor};

/// How to connect.
#[derive(Debug, Default)]
pub struct Wish {
    /// The key of the system: the name of its file.
    pub name: String,
    /// Its address, which may hold a password.
    pub url: String,
    /// A password that was asked for apart from the address.
    pub password: Option<Secret<String>>,
    /// The environment variable that will hold the password, instead of sealing it.
    pub password_env: Option<String>,
    /// Refuse every change through this connection.
    pub read_only: bool,
    /// Look again at a system that is mapped already; answers given before are kept.
    pub again: bool,
    /// Infer the map even where a ready one ships.
    pub ignore_map: bool,
    /// Answer every question with yes: for whoever knows the system, and for the demo.
    pub answer_yes: bool,
}

/// What was found.
#[derive(Debug)]
pub struct Connected {
    /// The product and its version.
    pub product: String,
    /// The map and the notes on it.
    pub discovery: Discovery,
    /// The map's file.
    pub file: PathBuf,
    /// What the account may and may not do.
    pub grants: Vec<String>,
    /// Whether another account would fit the work better.
    pub to_measure: bool,
    /// Questions that were answered with yes because the caller said so.
    pub answered: usize,
}

impl House {
    /// Looks into a system and writes `systems/NAME.yaml`, its connection and its password.
    /// Nothing is written until the system has been read.
    pub async fn connect_system(
        &self,
        wish: Wish,
        progress: &mut (dyn FnMut(discover::Progress) + Send),
    ) -> Result<Connected> {
        check_name(&wish.name)?;
        let file = self.folder.join("systems").join(format!("{}.yaml", wish.name));
        if file.exists() && !wish.again {
            return Err(Error::Refused(format!(
                "`{}` is there already: add `--again` to look anew (answers given in it are kept), or choose another name",
                file.display()
            )));
        }
        let before = written_before(&wish.name, &file)?;
        let fail = |source| Error::System { system: wish.name.clone(), source };
        let mut connection = Connection {
            url: wish.url.clone(),
            read_only: wish.read_only,
            ..Connection::default()
        };
        let mut address = connection.address(&self.folder).map_err(fail)?;
        let in_address = address.take_password();
        connection.url = self.shown_url(&wish.url, &address);
        let mut password = wish.password.or(in_address);
        if let Some(variable) = &wish.password_env {
            let found = (self.means.environment)(variable).map(Secret::new);
            password = Some(found.ok_or_else(|| {
                Error::Refused(format!("the environment variable `{variable}` is not set"))
            })?);
            connection.password = Some(format!("env:{variable}"));
        } else if password.is_some() {
            connection.password = Some("sealed".to_owned());
        }
        if let Some(password) = &password {
            address = address.with_password(password.clone());
        }
        let limits = Limits { read_only: true, ..connection.limits() };
        let connector = connect::open(&address, limits).await.map_err(fail)?;
        let policy = self.readable_policy();
        let known = match &policy {
            Some(policy) => policy.systems.clone(),
            // A contradiction elsewhere must not cost the ways between systems.
            None => self.readable_systems(),
        };
        // What the matrix says of financial data is what tax law and notice ask of the books.
        let books = policy.as_ref().and_then(|policy| policy.row_of_category("user.financial"));
        let books = books.and_then(|row| row.keep.as_ref());
        let options = discover::Options {
            known: known.into_iter().filter(|system| system.key != wish.name).collect(),
            ignore_map: wish.ignore_map,
            money_kept: books.map(|keep| (keep.period, keep.because.clone())),
            rows: policy.as_ref().map(|policy| policy.classification.clone()).unwrap_or_default(),
            ..discover::Options::default()
        };
        let found = discover::look_into(connector.as_ref(), &wish.name, &options, progress).await;
        let mut discovery = found.map_err(|error| discovery_error(&wish.name, error))?;
        let mut map = SystemFile::of(&discovery.system, &discovery.categories);
        if let Some(before) = &before {
            map.keep_written(before);
        }
        let answered = if wish.answer_yes { map.answer_yes() } else { 0 };
        let text = policy::write_system(&map);
        let mut sources = self.sources()?;
        sources.insert(format!("systems/{}.yaml", wish.name), text.clone());
        let mut systems = policy::readable_systems(&sources).into_iter();
        discovery.told(&map, systems.find(|system| system.key == wish.name));
        let catalogue = connector.catalogue().await.map_err(fail)?;
        let product = format!("{} {}", catalogue.product.title(), catalogue.version);
        let mut systems = options.known;
        systems.push(discovery.system.clone());
        let opened = self.uses_of(&systems, &discovery.system, catalogue, connector)?;
        let rights = doctor::compared(&opened, wish.read_only).await;
        opened.connector.close().await;
        let rights = rights.map_err(fail)?;
        let folder = self.folder.join("systems");
        std::fs::create_dir_all(&folder).map_err(Error::file("cannot make", &folder))?;
        if let (Some(password), Some("sealed")) = (&password, connection.password.as_deref()) {
            let state = self.state().await?;
            state.vault.put_secret(&secret_name(&wish.name), password)?;
        }
        write_whole(&file, text.as_bytes())?;
        Settings::write_connection(&self.folder, &wish.name, &connection)?;
        Ok(Connected {
            product,
            discovery,
            file,
            grants: doctor::told(&rights, opened.product, &wish.name),
            to_measure: !rights.missing.is_empty() || !rights.beyond.is_empty(),
            answered,
        })
    }

    /// The address as it is kept: without its password; paths as they were given.
    fn shown_url(&self, given: &str, address: &Address) -> String {
        let path = given.starts_with("sqlite:") || given.starts_with("files:");
        if path { given.to_owned() } else { address.to_string() }
    }

    /// The policy, if it is sound.
    fn readable_policy(&self) -> Option<Policy> {
        self.sources().ok().and_then(|sources| policy::load(&sources).policy)
    }

    /// The systems, as far as their files can be read.
    fn readable_systems(&self) -> Vec<System> {
        self.sources().map(|sources| policy::readable_systems(&sources)).unwrap_or_default()
    }
}

fn discovery_error(system: &str, error: discover::Error) -> Error {
    let message = match &error {
        discover::Error::Connect(source) => {
            return Error::System { system: system.to_owned(), source: source.clone() };
        }
        discover::Error::Drifted { differences, .. } => {
            format!("{error}:\n  {}", differences.join("\n  "))
        }
        _ => error.to_string(),
    };
    Error::Discovery { system: system.to_owned(), message }
}

/// The file that is there already: what people wrote and answered in it is kept.
fn written_before(name: &str, file: &Path) -> Result<Option<SystemFile>> {
    if !file.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(file).map_err(Error::file("cannot read", file))?;
    policy::read_system_file(name, &text).map(Some).map_err(|report| {
        Error::Refused(format!(
            "`{}` cannot be read, so nothing that is written in it could be kept: mend it, or move it away\n{report}",
            file.display()
        ))
    })
}

fn check_name(name: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if name.is_empty() || name.len() > 60 || !name.chars().all(fits) {
        return Err(Error::Refused(format!(
            "`{name}` cannot be the name of a system: use lower-case letters, digits, `-` and `_`"
        )));
    }
    Ok(())
}
