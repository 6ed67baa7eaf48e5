//! Tables in the terminal, never wider than [`COLUMNS`].

use crate::style::{Paint, Style};
use crate::text::{one_line, width, wrap};

/// The widest line we print.
pub(crate) const COLUMNS: usize = 100;
const INDENT: usize = 2;
const GAP: usize = 2;

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A cell.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    paint: Paint,
}

impl Cell {
    pub(crate) fn new(text: &str) -> Self {
        Self { text: one_line(text), paint: Paint::Plain }
    }

    pub(crate) fn painted(text: &str, paint: Paint) -> Self {
        Self { text: one_line(text), paint }
    }
}

/// A table that is built row by row.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(&'static str, Align)>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(crate) fn new(columns: Vec<(&'static str, Align)>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Each column's width: what it wants, and where that is too much the widest give way first,
    /// down to an equal share.
    fn widths(&self) -> Vec<usize> {
        let mut wanted: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(i, (title, _))| {
                let cells = self.rows.iter().filter_map(|row| row.get(i));
                cells.map(|cell| width(&cell.text)).chain([width(title)]).max().unwrap_or(1)
            })
            .collect();
        // A column that gives way keeps room for its longest word, as long as all of them can.
        let room = COLUMNS - INDENT - GAP * self.columns.len().saturating_sub(1);
        let mut floors: Vec<usize> = (0..self.columns.len()).map(|i| self.longest(i)).collect();
        if floors.iter().sum::<usize>() > room {
            floors.fill(4);
        }
        while wanted.iter().sum::<usize>() > room {
            let free = |(w, floor): (&usize, &usize)| (w > floor).then_some(*w);
            let Some(widest) = wanted.iter().zip(&floors).filter_map(free).max() else { break };
            // One by one, the last of the widest first.
            let columns = wanted.iter_mut().zip(&floors).rev();
            if let Some((w, _)) = { columns }.find(|(w, floor)| **w == widest && **w > **floor) {
                *w -= 1;
            }
        }
        wanted
    }

    /// The longest word of a column, up to a third of the line.
    fn longest(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        let words = cells.flat_map(|cell| cell.text.split(' ')).map(width);
        words.max().unwrap_or(4).clamp(4, COLUMNS / 3)
    }

    /// The table as text, with a heading line.
    pub(crate) fn print(&self, out: &mut String, style: Style) {
        let widths = self.widths();
        let heading: Vec<Cell> =
            self.columns.iter().map(|(title, _)| Cell::painted(title, Paint::Quiet)).collect();
        for row in std::iter::once(&heading).chain(&self.rows) {
            let wrapped: Vec<Vec<String>> =
                row.iter().zip(&widths).map(|(cell, w)| wrap(&cell.text, *w)).collect();
            let height = wrapped.iter().map(Vec::len).max().unwrap_or(1);
            for line in 0..height {
                let mut printed = " ".repeat(INDENT);
                let mut owed = 0;
                let cells = row.iter().zip(&wrapped).zip(&widths).zip(&self.columns);
                for (((cell, lines), w), (_, align)) in cells {
                    let text = lines.get(line).map_or("", String::as_str);
                    let spare = w.saturating_sub(width(text));
                    if *align == Align::Right {
                        owed += spare;
                    }
                    if !text.is_empty() {
                        printed.push_str(&" ".repeat(owed));
                        printed.push_str(&style.paint(cell.paint, text));
                        owed = 0;
                    }
                    if *align == Align::Left {
                        owed += spare;
                    }
                    owed += GAP;
                }
                out.push_str(printed.trim_end());
                out.push('\n');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_not_broken_while_another_column_can_give_way() {
        let mut table =
            Table::new(["Promise", "What", "By", "Last", "Due"].map(|t| (t, Align::Left)).into());
        let cells = [
            "roles-and-second-factor",
            &"word ".repeat(20),
            "privacy officer",
            "23 November 2026, the security lead of the sample",
            "23 November 2027",
        ];
        table.row(cells.map(Cell::new).into());
        let mut out = String::new();
        table.print(&mut out, Style::PLAIN);
        assert!(out.contains("  roles-and-second-factor  word"), "{out}");
        assert!(out.lines().all(|line| width(line) <= COLUMNS), "{out}");
    }

    #[test]
    fn wide_cells_wrap_and_lines_stay_within_the_terminal() {
        let mut table =
            Table::new(vec![("System", Align::Left), ("Why", Align::Left), ("Rows", Align::Right)]);
        table.row(vec![
            Cell::new("Ticketing"),
            Cell::new(&"reason ".repeat(40)),
            Cell::new("1,204"),
        ]);
        table.row(vec![Cell::new("日本\u{1b}[2J"), Cell::new(""), Cell::new("3")]);
        let mut out = String::new();
        table.print(&mut out, Style::PLAIN);
        assert!(out.lines().all(|line| width(line) <= COLUMNS), "{out}");
        let first = out.lines().nth(1).unwrap();
        assert!(first.starts_with("  Ticketing  reason") && first.ends_with("1,204"), "{out}");
        let last = out.lines().last().unwrap();
        assert!(last.contains("日本␛[2J") && last.ends_with("    3"), "{out}");
        assert_eq!(width(first), width(last), "{out}");
    }
}
