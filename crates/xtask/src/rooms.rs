//! The table of rooms in ARCHITECTURE.md, and whether the crates keep to it.

use std::collections::BTreeMap;

use crate::Problem;
use crate::cargo::{Crate, Kind};

/// The document that holds the table.
pub(crate) const DOCUMENT: &str = "ARCHITECTURE.md";

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Room {
    /// The crate's name.
    pub(crate) name: String,
    /// Its floor; `None` for crates that are not shipped.
    pub(crate) floor: Option<u8>,
    /// The rooms it may use.
    pub(crate) may_use: Uses,
    /// Whether nothing asynchronous and no database may be anywhere in its tree.
    pub(crate) pure_room: bool,
    /// The line of the row.
    pub(crate) line: usize,
}

/// The column `may use`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Uses {
    /// These.
    Named(Vec<String>),
    /// Every room on a lower floor.
    AllBelow,
}

impl Room {
    fn place(&self) -> String {
        format!("{DOCUMENT}:{}", self.line)
    }

    fn may_use(&self, other: &Room) -> bool {
        match &self.may_use {
            Uses::Named(names) => names.contains(&other.name),
            Uses::AllBelow => matches!((self.floor, other.floor), (Some(me), Some(it)) if it < me),
        }
    }
}

/// Reads the table: the first one whose header begins `| floor | room |`.
pub(crate) fn parse(document: &str) -> Result<Vec<Room>, Problem> {
    let mut rows = document
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .skip_while(|(_, line)| !cells(line).starts_with(&["floor".into(), "room".into()]))
        .take_while(|(_, line)| line.starts_with('|'));
    let Some((line, header)) = rows.next() else {
        return Err(Problem::new(DOCUMENT, "there is no table that begins `| floor | room |`"));
    };
    let titles = cells(header);
    let column = |title: &str| {
        titles.iter().position(|cell| cell == title).ok_or_else(|| {
            Problem::new(format!("{DOCUMENT}:{line}"), format!("the table has no column `{title}`"))
        })
    };
    let (may_use, pure_room) = (column("may use")?, column("pure")?);
    rows.skip(1).map(|(line, row)| room(line, &cells(row), may_use, pure_room)).collect()
}

fn room(line: usize, row: &[String], may_use: usize, pure_room: usize) -> Result<Room, Problem> {
    let bad = |what: &str| Problem::new(format!("{DOCUMENT}:{line}"), what.to_owned());
    let cell = |at: usize| row.get(at).map(String::as_str).ok_or_else(|| bad("a cell is missing"));
    let floor = match cell(0)? {
        "–" => None,
        number => Some(
            number
                .parse()
                .map_err(|_| bad("the floor is a number, or – for crates that are not shipped"))?,
        ),
    };
    let names = words_in_code(cell(1)?);
    let [name] = names.as_slice() else {
        return Err(bad("the second cell names one crate in backticks"));
    };
    let may_use = match cell(may_use)? {
        "all below" => Uses::AllBelow,
        listed => Uses::Named(words_in_code(listed)),
    };
    let pure_room = match cell(pure_room)? {
        "yes" => true,
        "" => false,
        _ => return Err(bad("the column `pure` holds `yes` or nothing")),
    };
    Ok(Room { name: name.clone(), floor, may_use, pure_room, line })
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let inner = line.strip_prefix('|').and_then(|rest| rest.strip_suffix('|'));
    inner
        .map(|inner| inner.split('|').map(|cell| cell.trim().to_owned()).collect())
        .unwrap_or_default()
}

fn words_in_code(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Compares the table with the crates.
pub(crate) fn compare(rooms: &[Room], crates: &[Crate]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut by_name: BTreeMap<&str, &Room> = BTreeMap::new();
    for room in rooms {
        if by_name.insert(&room.name, room).is_some() {
            problems.push(Problem::new(room.place(), format!("`{}` has two rows", room.name)));
        }
        if !crates.iter().any(|krate| krate.name == room.name) {
            problems.push(Problem::new(
                room.place(),
                format!("there is no crate `{}`: delete the row, or write the crate", room.name),
            ));
        }
    }
    for room in rooms {
        problems.extend(arrows_of_row(room, &by_name));
    }
    for krate in crates {
        match by_name.get(krate.name.as_str()) {
            None => problems.push(Problem::new(
                DOCUMENT,
                format!("crate `{}` has no row in the table of rooms: add one", krate.name),
            )),
            Some(room) => problems.extend(arrows_of_crate(krate, room, &by_name)),
        }
    }
    problems
}

/// A row may not allow what the floors forbid.
fn arrows_of_row(room: &Room, by_name: &BTreeMap<&str, &Room>) -> Vec<Problem> {
    let Uses::Named(names) = &room.may_use else { return Vec::new() };
    let mut problems = Vec::new();
    for name in names {
        let wrong = match by_name.get(name.as_str()) {
            None => {
                format!("the row of `{}` allows `{name}`, which is not in the table", room.name)
            }
            Some(other) => match (room.floor, other.floor) {
                (Some(_), None) => {
                    format!("the row of `{}` allows `{name}`, which is not shipped", room.name)
                }
                (Some(me), Some(it)) if it > me => format!(
                    "the row of `{}` (floor {me}) allows `{name}` (floor {it}): nothing looks up",
                    room.name
                ),
                _ => continue,
            },
        };
        problems.push(Problem::new(room.place(), wrong));
    }
    problems
}

/// A crate may depend on what its row allows; its tests also on lower floors and the test kit.
fn arrows_of_crate(krate: &Crate, room: &Room, by_name: &BTreeMap<&str, &Room>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for dependency in krate.dependencies.iter().filter(|dependency| dependency.ours) {
        let name = &dependency.name;
        // A missing row has been reported for the crate itself.
        let Some(other) = by_name.get(name.as_str()) else { continue };
        let allowed = match dependency.kind {
            Kind::Normal | Kind::Build => room.may_use(other),
            Kind::Dev => {
                let same_or_lower =
                    matches!((room.floor, other.floor), (Some(me), Some(it)) if it <= me);
                same_or_lower || other.floor.is_none() || room.may_use(other)
            }
        };
        if !allowed {
            problems.push(Problem::new(
                room.place(),
                format!(
                    "`{0}` uses `{name}`, which its row does not allow: take `{name}` out of \
                     crates/{0}/Cargo.toml, or add it to the row of `{0}` if the arrow is right",
                    krate.name
                ),
            ));
        }
    }
    problems
}

/// What a row allows and the crate does not take.
pub(crate) fn unused(room: &Room, krate: &Crate) -> Vec<Problem> {
    let Uses::Named(names) = &room.may_use else { return Vec::new() };
    let taken = |name: &String| krate.dependencies.iter().any(|taken| &taken.name == name);
    let spare: Vec<&str> = names.iter().filter(|name| !taken(name)).map(String::as_str).collect();
    if spare.is_empty() {
        return Vec::new();
    }
    let words =
        format!("the row of `{}` allows what it does not use: {}", room.name, spare.join(", "));
    vec![Problem::new(room.place(), words)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::Dependency;

    const TABLE: &str = "\
words

| floor | room | for | may use | pure |
|---|---|---|---|---|
| 0 | `nouns` | nouns | – | yes |
| 1 | `rules` | rules | `nouns` | yes |
| 2 | `doors` | doors | all below | |
| – | `kit` | tests | – | |

more words
";

    fn krate(name: &str, dependencies: &[(&str, Kind)]) -> Crate {
        Crate {
            name: name.to_owned(),
            dependencies: dependencies
                .iter()
                .map(|(name, kind)| Dependency {
                    name: (*name).to_owned(),
                    kind: *kind,
                    ours: true,
                })
                .collect(),
        }
    }

    fn four(rules: &[(&str, Kind)]) -> Vec<Crate> {
        vec![
            krate("nouns", &[]),
            krate("rules", rules),
            krate("doors", &[("nouns", Kind::Normal), ("rules", Kind::Normal)]),
            krate("kit", &[]),
        ]
    }

    fn said(table: &str, crates: &[Crate]) -> Vec<String> {
        compare(&parse(table).unwrap(), crates).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_table_is_read() {
        let rooms = parse(TABLE).unwrap();
        assert_eq!(rooms.len(), 4);
        assert_eq!(rooms[1].may_use, Uses::Named(vec!["nouns".to_owned()]));
        assert_eq!(
            (rooms[2].floor, &rooms[2].may_use, rooms[2].line),
            (Some(2), &Uses::AllBelow, 7)
        );
        assert!(rooms[0].pure_room && !rooms[3].pure_room);
    }

    #[test]
    fn crates_that_keep_to_the_table_pass() {
        let none: [String; 0] = [];
        assert_eq!(said(TABLE, &four(&[("nouns", Kind::Normal), ("kit", Kind::Dev)])), none);
    }

    #[test]
    fn what_breaks_the_table_is_named_with_its_row() {
        let up = |name| [(name, Kind::Normal)];
        for (table, crates, wanted) in [
            (
                TABLE.to_owned(),
                four(&up("doors")),
                "ARCHITECTURE.md:6: `rules` uses `doors`, which its row does not allow",
            ),
            (
                TABLE.to_owned(),
                four(&up("kit")),
                "ARCHITECTURE.md:6: `rules` uses `kit`, which its row does not allow",
            ),
            (
                TABLE.to_owned(),
                four(&[("doors", Kind::Dev)]),
                "ARCHITECTURE.md:6: `rules` uses `doors`, which its row does not allow",
            ),
            (
                TABLE.replace("rules | `nouns`", "rules | `doors`"),
                four(&[]),
                "ARCHITECTURE.md:6: the row of `rules` (floor 1) allows `doors` (floor 2)",
            ),
            (
                TABLE.replace("rules | `nouns`", "rules | `kit`"),
                four(&[]),
                "ARCHITECTURE.md:6: the row of `rules` allows `kit`, which is not shipped",
            ),
            (
                TABLE.replace("rules | `nouns`", "rules | `cellar`"),
                four(&[]),
                "ARCHITECTURE.md:6: the row of `rules` allows `cellar`, which is not in the table",
            ),
            (
                TABLE.replace("| 1 | `rules` | rules | `nouns` | yes |\n", ""),
                four(&[]),
                "ARCHITECTURE.md: crate `rules` has no row in the table of rooms",
            ),
            (
                TABLE.to_owned(),
                four(&[]).into_iter().filter(|krate| krate.name != "kit").collect(),
                "ARCHITECTURE.md:8: there is no crate `kit`",
            ),
            (
                TABLE.replace("`kit`", "`nouns`"),
                four(&[]),
                "ARCHITECTURE.md:8: `nouns` has two rows",
            ),
        ] {
            let said = said(&table, &crates);
            assert!(said.iter().any(|line| line.starts_with(wanted)), "{wanted}\n{said:#?}");
        }
    }

    #[test]
    fn a_table_that_cannot_be_read_says_where() {
        for (table, wanted) in [
            ("no table here\n".to_owned(), "there is no table"),
            (TABLE.replace("may use", "uses"), "no column `may use`"),
            (TABLE.replace("| 1 |", "| one |"), "the floor is a number"),
            (
                TABLE.replace("`nouns` | nouns | – | yes |", "`nouns` | nouns | – | no |"),
                "`pure` holds",
            ),
            (TABLE.replace("| 1 | `rules`", "| 1 | rules"), "one crate in backticks"),
        ] {
            let problem = parse(&table).unwrap_err().to_string();
            assert!(problem.contains(wanted), "{wanted}: {problem}");
        }
    }
}
