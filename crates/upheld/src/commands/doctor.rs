//! `upheld doctor`

use std::process::ExitCode;

use app::doctor::grants::{Granted, Offered, SystemGrants};
use app::doctor::indexes::{Helped, Measure, SystemIndexes, Trial};
use app::{Error, House, Result};
use clap::Args;
use render::coverage::State;
use render::text::{width, wrap};
use render::words::{count, number, size};

use crate::commands::code;
use crate::screen::Screen;

/// So wide is a page in the terminal.
const WIDTH: usize = 100;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Write the exact statements for the accounts of one system, or of all: one that only looks, one
    /// that changes. Nothing is carried out.
    #[arg(long, value_name = "SYSTEM", num_args = 0..=1, default_missing_value = "", conflicts_with = "indexes")]
    pub(crate) grants: Option<String>,
    /// The account's name in these statements (MySQL: NAME@HOST).
    #[arg(long, value_name = "NAME", requires = "grants")]
    pub(crate) account: Option<String>,
    /// Say which look-ups of one system, or of all, read a whole table, and which index would serve.
    #[arg(long, value_name = "SYSTEM", num_args = 0..=1, default_missing_value = "")]
    pub(crate) indexes: Option<String>,
    /// Time these look-ups as they are, and one along each table's key. Reads only.
    #[arg(long, requires = "indexes")]
    pub(crate) measure: bool,
    /// Also build each index in a transaction that is rolled back, and time the look-up along it
    /// (PostgreSQL, by the table's owner). Nobody else can write to the table meanwhile.
    #[arg(long = "try", requires = "indexes")]
    pub(crate) trial: bool,
}

pub(crate) async fn run(house: &House, wish: &Doctor, screen: &Screen) -> Result<ExitCode> {
    let named = |name: &'_ str| (!name.is_empty()).then(|| name.to_owned());
    if let Some(system) = &wish.grants {
        if wish.account.as_ref().is_some_and(|account| account.trim().is_empty()) {
            return Err(Error::Refused("`--account` is empty: name the account".to_owned()));
        }
        let told = house.grants(named(system).as_deref(), wish.account.as_deref()).await?;
        screen.calm();
        screen.json(&serde_json::json!(told));
        told.iter().for_each(|system| tell_grants(system, screen));
        return Ok(code(told.iter().all(|system| system.failed.is_none())));
    }
    if let Some(system) = &wish.indexes {
        let measure = Measure { time: wish.measure || wish.trial, trial: wish.trial };
        let told = house.indexes(named(system).as_deref(), measure).await?;
        screen.calm();
        screen.json(&serde_json::json!(told));
        told.iter().for_each(|system| tell_indexes(system, screen));
        return Ok(code(told.iter().all(|system| system.failed.is_none())));
    }
    let examined = house.doctor().await?;
    screen.calm();
    screen.json(&serde_json::json!(examined));
    for one in &examined {
        let state = if one.healthy { State::Upheld } else { State::Broken };
        screen.say(&format!("{} {}", screen.style().state(state, state.sign()), one.what));
        for line in &one.says {
            prose(screen, "    ", line);
        }
        for line in &one.unseen {
            prose(screen, "    ", &format!("not looked at: {line}"));
        }
    }
    Ok(code(examined.iter().all(|one| one.healthy)))
}

/// Words, broken between them.
fn prose(screen: &Screen, margin: &str, text: &str) {
    for line in wrap(text, WIDTH - width(margin)) {
        screen.say(&format!("{margin}{line}"));
    }
}

/// A remark that a database's own reader passes over.
fn remark(screen: &Screen, mark: &str, text: &str) {
    prose(screen, &format!("{mark} "), text);
}

/// A statement, broken where that changes nothing: after a comma or before a word outside quotes.
fn statement(screen: &Screen, text: &str, end: &str) {
    for line in broken(&format!("{text}{end}"), WIDTH) {
        screen.say(&line);
    }
}

/// The same, for a person to read and not to be run: every line is a remark.
fn aside(screen: &Screen, mark: &str, text: &str, end: &str) {
    for line in broken(&format!("{text}{end}"), WIDTH - width(mark) - 1) {
        screen.say(&format!("{mark} {line}"));
    }
}

fn broken(text: &str, columns: usize) -> Vec<String> {
    let mut pieces: Vec<String> = vec![String::new()];
    let mut open: Option<char> = None;
    for character in text.chars() {
        match open {
            Some(quote) if quote == character => open = None,
            None if matches!(character, '"' | '\'' | '`') => open = Some(character),
            _ => {}
        }
        if character == ' ' && open.is_none() {
            pieces.push(String::new());
        } else if let Some(last) = pieces.last_mut() {
            last.push(character);
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(&piece) <= columns => {
                line.push(' ');
                line.push_str(&piece);
            }
            Some(_) => lines.push(format!("    {piece}")),
            None => lines.push(piece),
        }
    }
    lines
}

/// The sign of a remark and the end of a statement in the product's own language.
fn language(product: &str) -> (&'static str, &'static str) {
    let shell = product.starts_with("SQLite") || product.starts_with("files");
    if shell { ("#", "") } else { ("--", ";") }
}

fn tell_grants(system: &SystemGrants, screen: &Screen) {
    let (mark, end) = language(&system.product);
    remark(screen, mark, &format!("{}: {}", system.system, system.product));
    if let Some(why) = &system.failed {
        remark(screen, mark, &format!("cannot be told: {why}"));
    }
    for left in &system.left_out {
        remark(screen, mark, &format!("not reckoned with: {left}"));
    }
    for offer in &system.offers {
        tell_offer(offer, (mark, end), screen);
    }
    let in_use = &system.in_use;
    if system.failed.is_none() {
        screen.say("");
        let name = match in_use.account.as_str() {
            "" => "the account in use".to_owned(),
            name => format!("the account in use, `{name}`,"),
        };
        if in_use.missing.is_empty() && in_use.beyond.is_empty() {
            remark(screen, mark, &format!("{name} has what it needs and no more that can be told"));
        } else {
            remark(
                screen,
                mark,
                &format!(
                    "{name} lacks {} and has {} too many",
                    count(in_use.missing.len() as u64, "right", "rights"),
                    number(in_use.beyond.len() as u64)
                ),
            );
        }
        for one in &in_use.missing {
            remark(screen, mark, &format!("lacking: {}", one.says));
            one.mend.iter().for_each(|mend| aside(screen, mark, mend, end));
        }
        for one in &in_use.beyond {
            remark(screen, mark, &one.says);
            one.mend.iter().for_each(|mend| aside(screen, mark, mend, end));
        }
        for line in &in_use.unseen {
            remark(screen, mark, &format!("not looked at: {line}"));
        }
    }
    screen.say("");
}

fn tell_offer(offer: &Offered, (mark, end): (&str, &str), screen: &Screen) {
    screen.say("");
    remark(screen, mark, &format!("{}, {}", offer.account, offer.purpose));
    for line in &offer.remarks {
        remark(screen, mark, line);
    }
    if offer.create.iter().any(|create| create.contains("<password>")) {
        remark(screen, mark, "write a password in quotes in place of <password>");
    }
    offer.create.iter().for_each(|create| statement(screen, create, end));
    let tell = |grant: &Granted| {
        remark(screen, mark, &grant.because);
        statement(screen, &grant.give, end);
    };
    offer.grants.iter().for_each(tell);
    if !offer.optional.is_empty() {
        remark(screen, mark, "if you like:");
        for grant in &offer.optional {
            remark(screen, mark, &grant.because);
            aside(screen, mark, &grant.give, end);
        }
    }
}

fn tell_indexes(system: &SystemIndexes, screen: &Screen) {
    screen.say(&format!("{}: {}", system.system, system.product));
    if let Some(why) = &system.failed {
        prose(screen, "    ", &format!("cannot be told: {why}"));
        return;
    }
    for left in &system.left_out {
        prose(screen, "    ", &format!("not looked at: {left}"));
    }
    for helped in &system.helped {
        tell_helped(helped, screen);
    }
    for never in &system.never {
        prose(
            screen,
            "    ",
            &format!(
                "{}.{} ({} rows): the whole table is read, and no index would serve: {}",
                never.table,
                never.column,
                number(never.about_rows),
                never.why
            ),
        );
    }
    let served = count(system.served, "look-up is", "look-ups are");
    let small = match system.small {
        0 => String::new(),
        some => format!("; {} in tables so small that they are read as fast whole", number(some)),
    };
    if system.helped.is_empty() {
        prose(screen, "    ", &format!("nothing to advise: {served} served by an index{small}"));
    } else {
        prose(screen, "    ", &format!("{served} served by an index already{small}"));
    }
}

fn tell_helped(helped: &Helped, screen: &Screen) {
    prose(
        screen,
        "    ",
        &format!(
            "{}.{}, {}: reads about {} each time",
            helped.table,
            helped.column,
            helped.how,
            count(helped.about_rows, "row", "rows")
        ),
    );
    let because = helped.because.iter().take(3).cloned().collect::<Vec<_>>().join("; ");
    prose(screen, "        ", &because);
    for line in helped.statements.iter().flat_map(|text| broken(&format!("{text};"), WIDTH - 8)) {
        screen.say(&format!("        {line}"));
    }
    if let Some(now) = helped.now {
        let key = helped.by_key.map(|key| {
            format!("; along the key of the same table, which has an index, {}", time(key))
        });
        prose(
            screen,
            "        ",
            &format!("measured: the look-up takes {}{}", time(now), key.unwrap_or_default()),
        );
    }
    match &helped.trial {
        Some(Trial::Done { then, built_in, bytes }) => prose(
            screen,
            "        ",
            &format!(
                "tried: {} with the index, which took {} to build and {}; it was undone",
                time(*then),
                time(*built_in),
                size(*bytes)
            ),
        ),
        Some(Trial::Failed(why)) => prose(screen, "        ", &format!("not tried: {why}")),
        None => {}
    }
}

/// `0.41 ms`, `812 ms`, `3.2 s`.
fn time(micros: u64) -> String {
    match micros {
        ..10_000 => format!("{}.{:02} ms", micros / 1_000, micros % 1_000 / 10),
        10_000..1_000_000 => format!("{} ms", micros / 1_000),
        _ => format!("{}.{} s", micros / 1_000_000, micros % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_broken_outside_quotes_only() {
        let text =
            r#"GRANT SELECT ("a, b", "say ""hi"" to all of them", "c") ON TABLE "d e" TO "x""#;
        let lines = broken(text, 30);
        assert!(lines.len() > 2 && lines.iter().all(|line| !line.trim().is_empty()), "{lines:?}");
        let joined = lines.iter().map(|line| line.trim_start()).collect::<Vec<_>>().join(" ");
        assert_eq!(joined, text);
        for whole in [r#""a, b""#, r#""say ""hi"" to all of them""#, r#""d e""#] {
            assert!(lines.iter().any(|line| line.contains(whole)), "{whole} {lines:?}");
        }
    }

    #[test]
    fn times_have_three_figures() {
        for (micros, told) in
            [(412, "0.41 ms"), (9_999, "9.99 ms"), (812_400, "812 ms"), (3_240_000, "3.2 s")]
        {
            assert_eq!(time(micros), told);
        }
    }
}
