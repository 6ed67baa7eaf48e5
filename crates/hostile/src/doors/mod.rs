//! The doors, by name.

mod dates;
#[cfg(feature = "files")]
mod deidentify;
#[cfg(feature = "files")]
mod documents;
#[cfg(feature = "files")]
mod files;
mod kinds;
mod log;
mod people;
mod shown;
mod texts;

/// A door: any bytes in, its promises asserted.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name: that of the fuzz target and of the folder of its corpus.
    pub name: &'static str,
    /// What it takes and what must hold.
    pub what: &'static str,
    /// Feeds it.
    pub run: fn(&[u8]),
    /// Pieces from which a mutation is made.
    pub words: &'static [&'static str],
}

/// Every door.
pub const TARGETS: &[Target] = &[
    Target {
        name: "policy",
        what: "a folder of policy files: every finding has a place and prints without controls",
        run: texts::policy,
        words: texts::POLICY_WORDS,
    },
    Target {
        name: "quote",
        what: "a quote and a notice in three forms: places lie within, no sentence is lost",
        run: texts::quote,
        words: texts::QUOTE_WORDS,
    },
    #[cfg(feature = "files")]
    Target {
        name: "address",
        what: "the address of a system: what is shown is read again, and no password is shown",
        run: texts::address,
        words: texts::ADDRESS_WORDS,
    },
    Target {
        name: "dates",
        what: "days, lengths and zones: no answer before its request, every day a real one",
        run: dates::dates,
        words: dates::WORDS,
    },
    Target {
        name: "search",
        what: "any bytes in which known people stand: mentions lie within and in order",
        run: people::search,
        words: people::WORDS,
    },
    Target {
        name: "redact",
        what: "the same, taken out: not found again, nobody else touched, JSON stays JSON",
        run: people::redact,
        words: people::WORDS,
    },
    Target {
        name: "kinds",
        what: "any bytes in which personal data of all kinds stands: the same findings in pieces",
        run: kinds::kinds,
        words: kinds::WORDS,
    },
    Target {
        name: "packed",
        what: "archives and compressed streams: what is unpacked is bounded",
        run: people::packed,
        words: people::PACKED_WORDS,
    },
    #[cfg(feature = "files")]
    Target {
        name: "csv",
        what: "separated values: a file is the sum of its records, however it is fed",
        run: files::csv,
        words: files::CSV_WORDS,
    },
    #[cfg(feature = "files")]
    Target {
        name: "jsonl",
        what: "JSON Lines, likewise",
        run: files::jsonl,
        words: files::JSON_WORDS,
    },
    #[cfg(feature = "files")]
    Target {
        name: "lines",
        what: "lines of a log, likewise; no line comes from the future",
        run: files::lines,
        words: files::LINE_WORDS,
    },
    #[cfg(feature = "files")]
    Target {
        name: "gzip",
        what: "a compressed file, likewise, whole or damaged",
        run: files::gzip,
        words: &[],
    },
    #[cfg(feature = "files")]
    Target {
        name: "document",
        what: "a document of any kind: texts begin and end in order, what comes out is bounded",
        run: documents::document,
        words: documents::WORDS,
    },
    #[cfg(feature = "files")]
    Target {
        name: "deidentify",
        what: "a file from which people are taken out: its form stays, and what is kept byte for byte",
        run: deidentify::deidentify,
        words: deidentify::WORDS,
    },
    Target {
        name: "tile",
        what: "tiles, bundles and their paths: what is read is written the same",
        run: log::tile,
        words: log::TILE_WORDS,
    },
    Target {
        name: "note",
        what: "signed notes, checkpoints, keys and proof files: one way to write each",
        run: log::note,
        words: log::NOTE_WORDS,
    },
    Target {
        name: "proof",
        what: "proofs against a tree of our own: no wrong one is believed",
        run: log::proof,
        words: &[],
    },
    Target {
        name: "shown",
        what: "text on its way to a page, a terminal, a spreadsheet or a file's name: no power left",
        run: shown::shown,
        words: shown::WORDS,
    },
];

/// The door of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
