//! Where the log's folder meets the disk. In the program each call is the system's; in tests the
//! same calls can be made to fail one after the other, and are written down, so that the tests can
//! work out what a disk may hold when the power goes between any two of them.

use std::fs::File;
use std::io::{Result, Write as _};
use std::path::Path;

#[cfg(test)]
use testkit::disk::Op;

/// The calls that change something on the disk.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    #[cfg(test)]
    pub(crate) tests: std::sync::Mutex<Plan>,
}

/// What a test wants.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Calls that succeed before one fails; `None` if none shall.
    pub(crate) left: Option<u32>,
    /// How it fails; the power goes if nothing is said.
    pub(crate) kind: Option<std::io::ErrorKind>,
    /// The calls that were made.
    pub(crate) journal: Vec<Op>,
}

impl Faults {
    pub(crate) fn make(&self, folder: &Path) -> Result<()> {
        self.step()?;
        std::fs::create_dir_all(folder)?;
        #[cfg(test)]
        self.note(Op::make(folder));
        Ok(())
    }

    pub(crate) fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let torn = self.step();
        let kept =
            if torn.is_err() { bytes.get(..bytes.len() / 2).unwrap_or_default() } else { bytes };
        File::create(path)?.write_all(kept)?;
        #[cfg(test)]
        self.note(Op::write(path, bytes));
        torn
    }

    pub(crate) fn before_sync(&self, _path: &Path) -> Result<()> {
        self.step()
    }

    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "written down in tests alone"))]
    pub(crate) fn synced(&self, _path: &Path) {
        #[cfg(test)]
        self.note(Op::sync(_path));
    }

    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.step()?;
        std::fs::rename(from, to)?;
        #[cfg(test)]
        self.note(Op::rename(from, to));
        Ok(())
    }

    pub(crate) fn remove(&self, folder: &Path) -> Result<()> {
        self.step()?;
        std::fs::remove_dir_all(folder)?;
        #[cfg(test)]
        self.note(Op::remove(folder));
        Ok(())
    }

    pub(crate) fn mark(&self, _what: &'static str) -> Result<()> {
        self.step()?;
        #[cfg(test)]
        self.note(Op::mark(_what));
        Ok(())
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "fails in tests alone")]
    const fn step(&self) -> Result<()> {
        Ok(())
    }

    #[cfg(test)]
    fn step(&self) -> Result<()> {
        let mut plan = self.tests.lock().unwrap();
        let Some(left) = plan.left else { return Ok(()) };
        if let Some(left) = left.checked_sub(1) {
            plan.left = Some(left);
            return Ok(());
        }
        Err(plan.kind.map_or_else(|| std::io::Error::other("the power went"), Into::into))
    }

    #[cfg(test)]
    fn note(&self, op: Op) {
        self.tests.lock().unwrap().journal.push(op);
    }
}
