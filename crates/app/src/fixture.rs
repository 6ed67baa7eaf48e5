//! A small house for tests.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use model::{Clock, Micros, SeededRng};

use crate::house::{House, Means};

/// A clock that a test moves.
pub(crate) struct Hands(Mutex<Micros>);

impl Hands {
    pub(crate) fn at(day: &str) -> Arc<Self> {
        let at: jiff::Timestamp = format!("{day}T09:00:00Z").parse().unwrap();
        Arc::new(Self(Mutex::new(Micros(at.as_microsecond()))))
    }

    pub(crate) fn go_on(&self, seconds: i64) {
        self.0.lock().unwrap().0 += seconds * 1_000_000;
    }
}

impl Clock for Hands {
    fn now(&self) -> Micros {
        *self.0.lock().unwrap()
    }
}

const POLICY: &str = "\
organisation:
  name: Northlight IT
  country: CA
  contact: { email: privacy@northlight-it.example }
notice: { file: notice.md, version: \"1\", effective: 2026-01-01 }
rights:
  - { right: access, days: 30, acknowledge_days: 7, extend_days: 30 }
  - { right: erasure, days: 30, acknowledge_days: 7, extend_days: 30 }
";

/// A folder with a policy and these settings.
pub(crate) fn folder(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("policy.yaml", POLICY);
    write("notice.md", "# Notice\n\nWe answer within 30 days.\n");
    write("classification.yaml", "rows: []\n");
    write("promises.yaml", "promises: []\n");
    write("upheld.toml", settings);
    folder
}

/// The house in a folder, with a clock, chance of its own and these variables.
pub(crate) fn house(
    folder: &Path,
    clock: Arc<dyn Clock>,
    seed: u64,
    variables: &[(&str, &str)],
) -> Arc<House> {
    let variables: BTreeMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let means = Means {
        clock,
        rng: Arc::new(SeededRng::new(seed)),
        environment: Arc::new(move |name: &str| variables.get(name).cloned()),
        ..Means::of_this_machine()
    };
    Arc::new(House::open(folder, means).unwrap())
}
