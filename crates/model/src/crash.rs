//! Numbered places at which a test stops the program as if the power had gone.
//!
//! Between any two of these places something lasts: a row, a file, a signature. The tests stop the
//! program at each of them, at every visit, take the work up with the commands that people have, and
//! want the end that an undisturbed run has.
//!
//! INVARIANT: the shipped binary has none of this. Without the feature `crash-sites`, which only the
//! tests of the command line ask for, and in every optimised build, [`site`] is empty.

/// Every site. A test compares the list with the code, and fails for one that no story reaches.
pub const SITES: &[&str] = &[
    "app.certificate.entered",
    "app.certificate.json_written",
    "app.certificate.page_written",
    "app.counts.written",
    "app.destruction.entered",
    "app.destruction.json_written",
    "app.destruction.page_written",
    "app.erasure.remembered",
    "app.file.written_aside",
    "app.package.in_place",
    "app.package.written",
    "app.wake.begun",
    "connect.change.before_commit",
    "connect.change.committed",
    "connect.files.in_place",
    "connect.files.journal_gone",
    "connect.files.journal_written",
    "connect.files.new_ones_written",
    "connect.files.one_in_place",
    "connect.partition.dropped",
    "connect.purge.before_commit",
    "connect.purge.committed",
    "engine.act.before_change",
    "engine.act.changed_not_kept",
    "engine.hand_out.row",
    "engine.hand_out.system_done",
    "engine.keep.done",
    "engine.look.not_kept",
    "engine.retain.batch_announced",
    "engine.retain.batch_not_kept",
    "engine.retain.counted_announced",
    "engine.retain.counted_not_kept",
    "engine.retain.page_announced",
    "engine.retain.page_not_kept",
    "engine.retain.partition_announced",
    "engine.retain.partition_not_kept",
    "engine.retain.rule_done",
    "evidence.checkpoint.shown",
    "evidence.file.written_aside",
    "evidence.seal.noted",
    "evidence.tiles.written",
    "store.commit.before",
    "store.commit.done",
    "vault.file.written_aside",
];

/// The variable that says where to die: a site and the number of the visit, `store.commit.done:3`.
pub const AT: &str = "UPHELD_CRASH_AT";

/// The variable that names a file in which every visit is noted.
pub const VISITS: &str = "UPHELD_CRASH_VISITS";

#[cfg(not(all(feature = "crash-sites", debug_assertions)))]
mod absent {
    /// Says how this run is to end. Here: by itself.
    pub fn arm(variable: impl Fn(&str) -> Option<String>) {
        let _ = variable;
    }

    /// A place at which a test may stop the program. Here: nothing.
    #[inline(always)]
    pub const fn site(name: &'static str) {
        let _ = name;
    }
}

#[cfg(all(feature = "crash-sites", debug_assertions))]
mod present {
    use std::collections::BTreeMap;
    use std::fs::File;
    use std::io::Write as _;
    use std::sync::{Mutex, OnceLock, PoisonError};

    struct Plan {
        at: Option<(String, u64)>,
        visits: Option<File>,
        counts: Mutex<BTreeMap<&'static str, u64>>,
    }

    static PLAN: OnceLock<Plan> = OnceLock::new();

    /// Says how this run is to end, read from variables once, when the program starts.
    pub fn arm(variable: impl Fn(&str) -> Option<String>) {
        let at = variable(super::AT).and_then(|text| {
            let (site, visit) = text.rsplit_once(':')?;
            Some((site.to_owned(), visit.parse().ok()?))
        });
        let visits = variable(super::VISITS)
            .and_then(|path| File::options().create(true).append(true).open(path).ok());
        if at.is_some() || visits.is_some() {
            drop(PLAN.set(Plan { at, visits, counts: Mutex::default() }));
        }
    }

    /// A place at which a test may stop the program.
    pub fn site(name: &'static str) {
        let Some(plan) = PLAN.get() else { return };
        let mut counts = plan.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(name).or_default();
        *count += 1;
        if let Some(mut visits) = plan.visits.as_ref() {
            // A visit that cannot be noted is missed by the test, which then fails.
            drop(visits.write_all(format!("{name}\n").as_bytes()));
        }
        if plan.at.as_ref().is_some_and(|(at, visit)| at == name && visit == count) {
            // No destructor runs and nothing is flushed, as in a power cut.
            std::process::abort();
        }
    }
}

#[cfg(not(all(feature = "crash-sites", debug_assertions)))]
pub use absent::{arm, site};
#[cfg(all(feature = "crash-sites", debug_assertions))]
pub use present::{arm, site};

#[cfg(test)]
mod tests {
    use super::SITES;

    #[test]
    fn every_site_stands_once_and_in_order() {
        assert!(SITES.is_sorted());
        assert!(SITES.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
