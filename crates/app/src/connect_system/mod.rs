//! Connecting a system: looking into it, writing down what was found, sealing its password.

mod console;

use std::path::{Path, PathBuf};

use connect::{Address, Connector, Limits};
use engine::discover::{self, Discovery};
use model::Secret;
use policy::{Policy, System, SystemFile};

use crate::doctor::{self, Opened};
use crate::house::{House, write_whole};
use crate::systems::secret_name;
use crate::{Connection, Error, Result, Settings};

pub use console::{ENVIRONMENT, FoundSystem, Reached, Tried};
pub use engine::discover::Progress;

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

/// How a system is to be reached.
#[derive(Clone)]
struct NewDoor {
    connection: Connection,
    /// Without its password.
    address: Address,
    password: Option<Secret<String>>,
}

/// A system that was read, before anything of it is written.
struct Looked {
    product: String,
    discovery: Discovery,
    map: SystemFile,
    opened: Opened,
}

impl House {
    /// Looks into a system and writes `systems/NAME.yaml`, its connection and its password.
    /// Nothing is written until the system has been read.
    pub async fn connect_system(
        &self,
        wish: Wish,
        progress: &mut (dyn FnMut(discover::Progress) + Send),
    ) -> Result<Connected> {
        let file = self.file_of(&wish.name);
        let door = self.door(&wish)?;
        let connector = self.open_door(&wish.name, &door).await?;
        let mut looked = self.look_into(&wish, connector, progress).await?;
        let answered = if wish.answer_yes { looked.map.answer_yes() } else { 0 };
        if answered > 0 {
            self.tell_map(&wish.name, &mut looked)?;
        }
        let rights = doctor::compared(&looked.opened, wish.read_only).await;
        looked.opened.connector.close().await;
        let rights =
            rights.map_err(|source| Error::System { system: wish.name.clone(), source })?;
        self.write_system(&wish.name, &looked.map, &door).await?;
        Ok(Connected {
            product: looked.product,
            discovery: looked.discovery,
            file,
            grants: doctor::told(&rights, looked.opened.product, &wish.name),
            to_measure: !rights.missing.is_empty() || !rights.beyond.is_empty(),
            answered,
        })
    }

    /// Where a system's map is written.
    fn file_of(&self, name: &str) -> PathBuf {
        self.folder.join("systems").join(format!("{name}.yaml"))
    }

    /// How a system is to be reached, and its password. Refuses what is there already.
    fn door(&self, wish: &Wish) -> Result<NewDoor> {
        check_name(&wish.name)?;
        let file = self.file_of(&wish.name);
        if file.exists() && !wish.again {
            return Err(Error::Refused(format!(
                "`{}` is there already: add `--again` to look anew (answers given in it are kept), or choose another name",
                file.display()
            )));
        }
        let mut connection = Connection {
            url: wish.url.clone(),
            read_only: wish.read_only,
            ..Connection::default()
        };
        let mut address = connection
            .address(&self.folder)
            .map_err(|source| Error::System { system: wish.name.clone(), source })?;
        let in_address = address.take_password();
        connection.url = self.shown_url(&wish.url, &address);
        let mut password = wish.password.clone().or(in_address);
        if let Some(variable) = &wish.password_env {
            let found = (self.means.environment)(variable).map(Secret::new);
            password = Some(found.ok_or_else(|| {
                Error::Refused(format!("the environment variable `{variable}` is not set"))
            })?);
            connection.password = Some(format!("env:{variable}"));
        } else if password.is_some() {
            connection.password = Some("sealed".to_owned());
        }
        Ok(NewDoor { connection, address, password })
    }

    async fn open_door(&self, name: &str, door: &NewDoor) -> Result<Box<dyn Connector>> {
        let mut address = door.address.clone();
        if let Some(password) = &door.password {
            address = address.with_password(password.clone());
        }
        let limits = Limits { read_only: true, ..door.connection.limits() };
        let opened = connect::open(&address, limits).await;
        opened.map_err(|source| Error::System { system: name.to_owned(), source })
    }

    /// Reads a system and makes its map. Nothing is written.
    async fn look_into(
        &self,
        wish: &Wish,
        connector: Box<dyn Connector>,
        progress: &mut (dyn FnMut(discover::Progress) + Send),
    ) -> Result<Looked> {
        let before = written_before(&wish.name, &self.file_of(&wish.name))?;
        let fail = |source| Error::System { system: wish.name.clone(), source };
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
        let discovery = found.map_err(|error| discovery_error(&wish.name, error))?;
        let mut map = SystemFile::of(&discovery.system, &discovery.categories);
        if let Some(before) = &before {
            map.keep_written(before);
        }
        let catalogue = connector.catalogue().await.map_err(fail)?;
        let product = format!("{} {}", catalogue.product.title(), catalogue.version);
        let mut systems = options.known;
        systems.push(discovery.system.clone());
        let opened = self.uses_of(&systems, &discovery.system, catalogue, connector)?;
        let mut looked = Looked { product, discovery, map, opened };
        self.tell_map(&wish.name, &mut looked)?;
        Ok(looked)
    }

    /// Lets what was found say what the map's file will say.
    fn tell_map(&self, name: &str, looked: &mut Looked) -> Result<()> {
        let mut sources = self.sources()?;
        sources.insert(format!("systems/{name}.yaml"), policy::write_system(&looked.map));
        let mut systems = policy::readable_systems(&sources).into_iter();
        looked.discovery.told(&looked.map, systems.find(|system| system.key == name));
        Ok(())
    }

    /// Writes the map, the connection and the password of a system.
    async fn write_system(&self, name: &str, map: &SystemFile, door: &NewDoor) -> Result<()> {
        let folder = self.folder.join("systems");
        std::fs::create_dir_all(&folder).map_err(Error::file("cannot make", &folder))?;
        let sealed = door.connection.password.as_deref() == Some("sealed");
        if let (Some(password), true) = (&door.password, sealed) {
            let state = self.state().await?;
            state.vault.put_secret(&secret_name(name), password)?;
        }
        write_whole(&self.file_of(name), policy::write_system(map).as_bytes())?;
        Settings::write_connection(&self.folder, name, &door.connection)
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

/// The address of a database on a server, out of the parts of a form, without a password.
pub fn server_address(
    kind: &str,
    user: &str,
    host: &str,
    port: &str,
    database: &str,
    checked: bool,
) -> Result<String> {
    let unfit = |why: &str| Error::unfit("url", why);
    if !matches!(kind, "postgres" | "mariadb" | "mysql") {
        return Err(unfit("choose what it is: PostgreSQL, MariaDB, MySQL, a file or a folder"));
    }
    let port = match port.trim() {
        "" => None,
        port => Some(port.parse().map_err(|_| unfit("the port is a number up to 65535"))?),
    };
    let address = Address::of_server(kind, user, host, port, database, checked);
    Ok(address.map_err(|error| unfit(&error.to_string()))?.to_string())
}
