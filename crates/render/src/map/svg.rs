//! The picture.

use std::fmt::Write as _;

use super::layout::{self, Layout, PAD, PARTY, Placed, SYSTEM};
use super::{DataMap, MapSystem};
use crate::text::{html, one_line};
use crate::words::map as say;

/// What the picture needs where it stands alone; on a page the page's style sheet says the same in
/// its own colours.
const STYLE: &str = "text{font:13px/1.4 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;fill:#1d2125}.h{font-weight:600;fill:#545b62}.s{font-weight:600}.q{fill:#545b62}.e{text-anchor:end}rect{fill:#fff;stroke:#a9a59b}rect.p{fill:#f5f3ee}rect.m{stroke:#7d5100;stroke-dasharray:5 3}path{fill:none;stroke:#2f4bd8}path.i{stroke-dasharray:4 4}circle{fill:#2f4bd8}.ground{fill:#fbfaf7;stroke:none}@media(prefers-color-scheme:dark){text{fill:#e9e7e2}.h,.q{fill:#a5abb3}rect{fill:#1d2024;stroke:#5a6068}rect.p{fill:#24282d}rect.m{stroke:#f0c061}path{stroke:#9db0ff}circle{fill:#9db0ff}.ground{fill:#15171a}}";

impl DataMap {
    /// The picture as a file of its own.
    pub fn to_svg(&self) -> String {
        let mut out = String::with_capacity(16_384);
        self.draw(&mut out, true);
        out.push('\n');
        out
    }

    /// Draws the picture; `alone` gives it its own style.
    pub(super) fn draw(&self, out: &mut String, alone: bool) {
        let layout = layout::layout(self);
        let (wide, high) = (layout.width, layout.height);
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" role=\"img\" aria-labelledby=\"map-title map-desc\"><title id=\"map-title\">{}</title><desc id=\"map-desc\">{}</desc>",
            html(&one_line(&say::title(&self.organisation))),
            html(&one_line(&say::sentence(self)))
        );
        if alone {
            let _ = write!(
                out,
                "<style>{STYLE}</style><rect class=\"ground\" width=\"{wide}\" height=\"{high}\"/>"
            );
        }
        let heads = [(say::GIVES, PARTY), (say::LIES, SYSTEM), (say::RECEIVES, PARTY)];
        for (x, (head, _)) in layout.columns.iter().zip(heads) {
            let _ = write!(out, "<text class=\"h\" x=\"{x}\" y=\"22\">{}</text>", html(head));
        }
        lines(out, &layout);
        for placed in layout.givers.iter().chain(&layout.receivers) {
            draw_box(out, placed, true);
        }
        for placed in &layout.systems {
            draw_box(out, placed, false);
        }
        if layout.givers.is_empty() {
            empty(out, layout.columns.first().copied(), say::NO_SUBJECT);
        }
        if layout.receivers.is_empty() {
            empty(out, layout.columns.last().copied(), say::NO_RECIPIENT);
        }
        let x = layout.columns.first().copied().unwrap_or_default();
        for (line, y) in say::SIGNS.iter().zip([high - 30, high - 12]) {
            let _ = write!(out, "<text class=\"q\" x=\"{x}\" y=\"{y}\">{}</text>", html(line));
        }
        out.push_str("</svg>");
    }
}

/// A remark where a column has nobody.
fn empty(out: &mut String, x: Option<i32>, text: &str) {
    let _ = write!(
        out,
        "<text class=\"q\" x=\"{}\" y=\"{}\">{}</text>",
        x.unwrap_or_default(),
        layout::TOP + 18,
        html(text)
    );
}

fn lines(out: &mut String, layout: &Layout) {
    for lane in &layout.lanes {
        let (x1, x2) = lane.stem;
        let _ = write!(
            out,
            "<path d=\"M{x1} {y}H{x2}M{x} {y1}V{y2}{arrow}\"/>",
            y = lane.stem_y,
            x = lane.x,
            y1 = lane.y1,
            y2 = lane.y2,
            // Where somebody receives, the line ends in a tip.
            arrow = if x1 == lane.x { tip(x2, lane.stem_y) } else { String::new() }
        );
    }
    for branch in &layout.branches {
        let class = if branch.inferred { " class=\"i\"" } else { "" };
        let _ = write!(out, "<path{class} d=\"M{} {}H{}\"/>", branch.x1, branch.y, branch.x2);
        if layout.systems.iter().any(|system| system.x == branch.x2) {
            let _ = write!(out, "<path d=\"{}\"/>", tip(branch.x2, branch.y).trim_start());
        }
        let lane = layout.lanes.iter().find(|lane| {
            lane.party == branch.party && (lane.x == branch.x1 || lane.x == branch.x2)
        });
        if let Some(lane) = lane {
            let _ = write!(out, "<circle cx=\"{}\" cy=\"{}\" r=\"3\"/>", lane.x, branch.y);
        }
    }
}

/// The tip of an arrow that points to the right.
fn tip(x: i32, y: i32) -> String {
    format!("M{} {}L{x} {y}L{} {}", x - 6, y - 4, x - 6, y + 4)
}

fn draw_box(out: &mut String, placed: &Placed, party: bool) {
    let class = match (party, placed.marked) {
        (true, true) => " class=\"p m\"",
        (true, false) => " class=\"p\"",
        (false, true) => " class=\"m\"",
        (false, false) => "",
    };
    let Placed { x, y, width, height, .. } = placed;
    let _ = write!(
        out,
        "<rect{class} x=\"{x}.5\" y=\"{y}.5\" width=\"{}\" height=\"{}\" rx=\"6\"/>",
        width - 1,
        height - 1
    );
    for line in &placed.lines {
        let class = if line.strong { "s" } else { "q" };
        let _ = write!(
            out,
            "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
            x + PAD,
            line.y,
            html(&line.text)
        );
        if let Some(figure) = &line.figure {
            let _ = write!(
                out,
                "<text class=\"e\" x=\"{}\" y=\"{}\">{}</text>",
                x + width - PAD,
                line.y,
                html(figure)
            );
        }
    }
}

/// Names of the parties at one side of a system.
pub(super) fn names<'m>(
    parties: &'m [super::Party],
    lines: &[super::Line],
) -> Vec<(&'m str, bool)> {
    parties
        .iter()
        .filter_map(|party| {
            let line = lines.iter().find(|line| line.party == party.key)?;
            Some((party.title.as_str(), line.inferred))
        })
        .collect()
}

/// Who gives, or who receives, in words.
pub(super) fn in_words(map: &DataMap, system: &MapSystem, gives: bool) -> String {
    let (parties, lines) =
        if gives { (&map.subjects, &system.from) } else { (&map.recipients, &system.to) };
    let named = names(parties, lines);
    // Where nothing is written down, that is said once.
    let all = named.iter().all(|(_, inferred)| *inferred);
    let told: Vec<String> = named
        .iter()
        .map(|(name, inferred)| {
            if *inferred && !all {
                format!("{name} ({})", say::INFERRED)
            } else {
                (*name).to_owned()
            }
        })
        .collect();
    match (told.is_empty(), all) {
        (true, _) => say::NOT_WRITTEN.to_owned(),
        (false, true) => format!("{} ({})", told.join(", "), say::INFERRED),
        (false, false) => told.join(", "),
    }
}
