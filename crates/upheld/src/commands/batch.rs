//! `upheld request access|portability|erase --batch FILE`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::together::{Answered, Batch, Became, Outcome};
use app::{Error, House, Result};
use plan::RequestKind;
use render::words::number;

use crate::args::Ask;
use crate::commands::code;
use crate::commands::request::{arrival, leave};
use crate::screen::Screen;

/// So many lines are shown one by one; of more, those that need somebody.
const SHOWN: usize = 40;

/// What every answer says where no text was read.
pub(crate) const TEXTS_UNREAD: &str = "◆ Texts were not searched, as you asked: only what identifiers and references lead to is here.";

/// One request for each line of a list.
pub(crate) async fn run(
    house: &House,
    kind: RequestKind,
    list: &Path,
    ask: &Ask,
    screen: &Screen,
) -> Result<ExitCode> {
    let folder = match kind {
        RequestKind::Access | RequestKind::Portability => "answers",
        RequestKind::Erasure => "certificates",
        _ => {
            return Err(Error::Refused(
                "`--batch` answers requests for access, portability and erasure; this one is made person by person".to_owned(),
            ));
        }
    };
    let bytes = std::fs::read(list).map_err(|source| Error::File {
        doing: "cannot read",
        path: list.to_owned(),
        source,
    })?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::Refused("the list is not UTF-8: save it as such; nothing was begun".to_owned())
    })?;
    let how = leave(&ask.how, false)?;
    let batch = Batch {
        kind,
        people: house.read_list(&text)?,
        arrival: arrival(ask),
        by_reference: ask.by_reference,
        folder: ask.how.out.clone().unwrap_or_else(|| PathBuf::from(folder)),
        password: how.password,
        go_ahead: how.go_ahead,
        override_cap: how.override_cap,
    };
    let outcome = Box::pin(house.together(batch)).await?;
    screen.calm();
    Ok(tell(&outcome, house, screen))
}

fn tell(outcome: &Outcome, house: &House, screen: &Screen) -> ExitCode {
    let answered = &outcome.answered;
    let settled = answered.iter().filter(|one| one.is_settled()).count();
    screen.json(&serde_json::json!({
        "people": answered.len(), "settled": settled, "table": outcome.table,
        "texts_searched": !outcome.by_reference,
        "seconds": seconds(outcome.took), "first_after_seconds": outcome.first.map(seconds),
        "requests": answered.iter().map(one_as_json).collect::<Vec<_>>(),
    }));
    let shown = |one: &&Answered| answered.len() <= SHOWN || !one.is_settled();
    for one in answered.iter().filter(shown).take(SHOWN) {
        tell_one(one, screen);
    }
    let hidden = answered.iter().filter(shown).count().saturating_sub(SHOWN);
    if hidden > 0 {
        screen.say(&format!("… and {} more that need somebody", number(hidden as u64)));
    }
    screen.say(&in_sum(outcome));
    if outcome.by_reference {
        screen.note(TEXTS_UNREAD);
    }
    if answered.iter().any(|one| matches!(one.became, Became::Waits(_))) {
        screen.say(&format!(
            "To read a plan that waits: upheld -C {} request resume REQUEST; the same command with --yes carries those out that need nobody's approval",
            house.folder().display()
        ));
    }
    code(settled == answered.len())
}

fn seconds(micros: i64) -> serde_json::Value {
    let millis = micros / 1_000;
    serde_json::Value::from(millis as f64 / 1_000.0)
}

fn one_as_json(one: &Answered) -> serde_json::Value {
    let digest = match &one.became {
        Became::Waits(digest) => Some(digest),
        _ => None,
    };
    serde_json::json!({
        "line": one.line, "reference": one.reference, "request": one.id,
        "state": one.became.word(), "file": one.file, "rows": one.rows,
        "incomplete": one.incomplete, "digest": digest,
    })
}

fn tell_one(one: &Answered, screen: &Screen) {
    let file = one.file.as_deref().and_then(Path::file_name).unwrap_or_default();
    // What an earlier run handed out stands in its package.
    let rows = match (&one.became, one.rows) {
        (Became::Before, _) => String::new(),
        (_, 1) => "1 record ".to_owned(),
        (_, rows) => format!("{} records", number(rows)),
    };
    let line = format!(
        "line {:<6} {}  {:<15} {rows:>17}  {}",
        one.line,
        one.id.get(..8).unwrap_or(&one.id),
        one.became.word(),
        file.to_string_lossy(),
    );
    screen.say(line.trim_end());
    if let Became::Waits(digest) = &one.became {
        screen.say(&format!("{:12}digest {}", "", digest.get(..12).unwrap_or(digest)));
    }
    for why in &one.incomplete {
        for line in render::text::wrap(&format!("◆ {why}"), 86) {
            screen.say(&format!("{:12}{line}", ""));
        }
    }
}

/// All of it in a sentence or two, with the rate, and where the table lies.
fn in_sum(outcome: &Outcome) -> String {
    let mut counts: Vec<(&str, u64)> = Vec::new();
    for one in &outcome.answered {
        let word = one.became.word();
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    let parts: Vec<String> =
        counts.iter().map(|(word, count)| format!("{} {word}", number(*count))).collect();
    let people = outcome.answered.len() as u64;
    let rate = people.saturating_mul(1_000_000) / u64::try_from(outcome.took.max(1)).unwrap_or(1);
    let incomplete = outcome.answered.iter().filter(|one| !one.incomplete.is_empty()).count();
    let open = match incomplete {
        0 => String::new(),
        count => format!("; {} of them not completely", number(count as u64)),
    };
    format!(
        "{} people: {}{open}. {} s, {rate} a second. Line by line: {}",
        number(people),
        parts.join(", "),
        seconds(outcome.took),
        outcome.table.display()
    )
}
