//! Where everything in the picture stands: three columns of boxes, and between them lanes.
//!
//! Each party has a lane of its own, a vertical line in the gap beside the systems, from which short
//! horizontal lines lead to its systems: like the plan of a railway, so that a hundred systems stay
//! as readable as four. No two lines of different parties lie on each other: lanes differ in x, and
//! ends in y.
//!
//! INVARIANT: boxes do not overlap, and no line crosses a box.

use super::{DataMap, Line, MapSystem, Party};
use crate::text::{width, wrap};
use crate::words::map as say;

/// Widths and gaps, in pixels of the picture.
pub(super) const PARTY: i32 = 220;
pub(super) const SYSTEM: i32 = 300;
pub(super) const PAD: i32 = 12;
/// Around the whole.
const MARGIN: i32 = 16;
const LANE: i32 = 14;
const GAP: i32 = 16;
/// From the top to the first box: room for the headings of the columns.
pub(super) const TOP: i32 = 44;
/// Below the last box: room for what the signs mean.
const LEGEND: i32 = 48;
/// The height of a line of text.
pub(super) const LEADING: i32 = 18;
/// A letter is about so wide, in tenths of a pixel: names are bold.
const LETTER: i32 = 76;
/// Groups of categories that a system's box lists.
const GROUPS: usize = 5;
/// From so many systems on, each box names its parties, because the lanes' ends are far away.
const MANY: usize = 12;

/// A box with its lines of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
    /// What it stands for: the place in the map's list.
    pub(super) of: usize,
    /// Whether something of it needs a person's eye: not reached, or abroad.
    pub(super) marked: bool,
    pub(super) lines: Vec<Written>,
}

/// A line of text in a box; `y` is its base line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) y: i32,
    pub(super) text: String,
    /// At the right edge of the same line.
    pub(super) figure: Option<String>,
    pub(super) strong: bool,
}

/// A line from a party's lane to a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Branch {
    /// Of which party: the place in the map's list.
    pub(super) party: usize,
    pub(super) x1: i32,
    pub(super) x2: i32,
    pub(super) y: i32,
    pub(super) inferred: bool,
}

/// A party's lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lane {
    pub(super) party: usize,
    pub(super) x: i32,
    pub(super) y1: i32,
    pub(super) y2: i32,
    /// The line between the lane and the party's own box.
    pub(super) stem: (i32, i32),
    pub(super) stem_y: i32,
}

/// The picture before it is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) givers: Vec<Placed>,
    pub(super) systems: Vec<Placed>,
    pub(super) receivers: Vec<Placed>,
    pub(super) lanes: Vec<Lane>,
    pub(super) branches: Vec<Branch>,
    /// The left edges of the three columns.
    pub(super) columns: [i32; 3],
}

fn int(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX / 64)
}

/// About how wide a text is in the picture.
pub(super) fn measure(text: &str) -> i32 {
    int(width(text)) * LETTER / 10 + 1
}

/// The text in at most `lines` lines of `room` pixels; what does not fit ends in an ellipsis.
fn fit(text: &str, room: i32, lines: usize) -> Vec<String> {
    let letters = usize::try_from(room * 10 / LETTER).unwrap_or(1).max(4);
    let mut all = wrap(&crate::text::one_line(text), letters);
    let more = all.len() > lines;
    all.truncate(lines);
    for (at, line) in all.iter_mut().enumerate() {
        let cut = more && at + 1 == lines;
        if width(line) > letters || cut && width(line) + 1 > letters {
            while width(line) + 1 > letters && line.pop().is_some() {}
            line.push('\u{2026}');
        } else if cut {
            line.push('\u{2026}');
        }
    }
    all
}

struct Draft {
    lines: Vec<(String, Option<String>, bool)>,
    marked: bool,
    /// How many lines end at it, on the busier side.
    ends: i32,
}

impl Draft {
    fn height(&self) -> i32 {
        let text = int(self.lines.len()) * LEADING + 2 * PAD - 4;
        // Each end needs a y of its own.
        text.max((self.ends + 1) * LANE)
    }

    fn placed(&self, of: usize, x: i32, y: i32, width: i32) -> Placed {
        let written = self.lines.iter().enumerate().map(|(at, (text, figure, strong))| Written {
            y: y + PAD + 10 + int(at) * LEADING,
            text: text.clone(),
            figure: figure.clone(),
            strong: *strong,
        });
        Placed {
            x,
            y,
            width,
            height: self.height(),
            of,
            marked: self.marked,
            lines: written.collect(),
        }
    }
}

fn party(party: &Party) -> Draft {
    let room = PARTY - 2 * PAD;
    let mut lines: Vec<_> =
        fit(&party.title, room, 2).into_iter().map(|line| (line, None, true)).collect();
    if let Some(about) = &party.about {
        lines.extend(fit(about, room, 2).into_iter().map(|line| (line, None, false)));
    }
    Draft { lines, marked: party.abroad, ends: 1 }
}

fn system(map: &DataMap, system: &MapSystem) -> Draft {
    let room = SYSTEM - 2 * PAD;
    let mut lines: Vec<_> =
        fit(&system.title, room, 2).into_iter().map(|line| (line, None, true)).collect();
    let about = say::about_system(system.reached, system.region.as_deref(), system.abroad);
    lines.extend(fit(&about, room, 2).into_iter().map(|line| (line, None, false)));
    let groups = system.groups();
    for (title, count) in groups.iter().take(GROUPS) {
        let figure = crate::words::number(*count);
        let left = room - measure(&figure) - PAD;
        lines.extend(
            fit(title, left, 1).into_iter().map(|line| (line, Some(figure.clone()), false)),
        );
    }
    if groups.len() > GROUPS {
        let more = say::more_groups((groups.len() - GROUPS) as u64);
        lines.extend(fit(&more, room, 1).into_iter().map(|line| (line, None, false)));
    }
    if groups.is_empty() {
        lines.extend(
            fit(say::NOTHING_PERSONAL, room, 1).into_iter().map(|line| (line, None, false)),
        );
    }
    if map.systems.len() > MANY {
        for (lead, parties, ends) in
            [(say::FROM, &map.subjects, &system.from), (say::TO, &map.recipients, &system.to)]
        {
            let names: Vec<&str> = parties
                .iter()
                .filter(|party| ends.iter().any(|line| line.party == party.key))
                .map(|party| party.title.as_str())
                .collect();
            if !names.is_empty() {
                let text = format!("{lead}: {}", names.join(", "));
                lines.extend(fit(&text, room, 2).into_iter().map(|line| (line, None, false)));
            }
        }
    }
    Draft {
        lines,
        marked: !system.reached || system.abroad,
        ends: int(system.from.len().max(system.to.len())),
    }
}

/// Parties that have a system, in the order of the first systems that they have.
fn used(parties: &[Party], systems: &[MapSystem], ends: fn(&MapSystem) -> &[Line]) -> Vec<usize> {
    let first = |party: &Party| {
        let at: Vec<usize> = systems
            .iter()
            .enumerate()
            .filter(|(_, system)| ends(system).iter().any(|line| line.party == party.key))
            .map(|(at, _)| at)
            .collect();
        // The middle of its systems: lines are shorter and cross less.
        (!at.is_empty()).then(|| at.iter().sum::<usize>() * 1000 / at.len())
    };
    let mut order: Vec<(usize, usize)> =
        parties.iter().enumerate().filter_map(|(at, party)| Some((first(party)?, at))).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, at)| at).collect()
}

/// Boxes below each other, in the middle of the height.
fn stack(drafts: &[(usize, Draft)], x: i32, width: i32, height: i32) -> Vec<Placed> {
    let all: i32 = drafts.iter().map(|(_, draft)| draft.height() + GAP).sum::<i32>() - GAP;
    let mut y = TOP + ((height - all) / 2).max(0);
    drafts
        .iter()
        .map(|(of, draft)| {
            let placed = draft.placed(*of, x, y, width);
            y += draft.height() + GAP;
            placed
        })
        .collect()
}

/// Lays the map out.
pub(super) fn layout(map: &DataMap) -> Layout {
    let givers = used(&map.subjects, &map.systems, |system| &system.from);
    let receivers = used(&map.recipients, &map.systems, |system| &system.to);
    let drafts = |order: &[usize], parties: &[Party]| -> Vec<(usize, Draft)> {
        let known = order.iter().filter_map(|at| Some((*at, party(parties.get(*at)?))));
        known.collect()
    };
    let (left, right) = (drafts(&givers, &map.subjects), drafts(&receivers, &map.recipients));
    let middle: Vec<(usize, Draft)> =
        map.systems.iter().enumerate().map(|(at, one)| (at, system(map, one))).collect();
    let tall = |drafts: &[(usize, Draft)]| {
        (drafts.iter().map(|(_, draft)| draft.height() + GAP).sum::<i32>() - GAP).max(0)
    };
    let height = tall(&left).max(tall(&middle)).max(tall(&right));
    let gap = |parties: usize| (int(parties) + 1) * LANE + 2 * GAP;
    let x_systems = MARGIN + PARTY + gap(left.len());
    let x_receivers = x_systems + SYSTEM + gap(right.len());
    let mut out = Layout {
        width: x_receivers + PARTY + MARGIN,
        height: TOP + height + GAP + LEGEND,
        givers: stack(&left, MARGIN, PARTY, height),
        systems: stack(&middle, x_systems, SYSTEM, height),
        receivers: stack(&right, x_receivers, PARTY, height),
        columns: [MARGIN, x_systems, x_receivers],
        ..Layout::default()
    };
    let from_left = Side {
        lanes_from: MARGIN + PARTY + GAP,
        edge: x_systems,
        of_party: MARGIN + PARTY,
        last: false,
    };
    let from_right = Side {
        lanes_from: x_systems + SYSTEM + GAP,
        edge: x_systems + SYSTEM,
        of_party: x_receivers,
        last: true,
    };
    let (boxes, ends) = (out.givers.clone(), |system: &MapSystem| system.from.clone());
    from_left.lead(map, &boxes, &map.subjects, ends, &mut out);
    let (boxes, ends) = (out.receivers.clone(), |system: &MapSystem| system.to.clone());
    from_right.lead(map, &boxes, &map.recipients, ends, &mut out);
    out
}

/// A height at which a party's own line lies on no line of another: the middle of its box, or as
/// near to it as can be.
fn free(branches: &[Branch], party: &Placed, stem: (i32, i32)) -> i32 {
    let middle = party.y + party.height / 2;
    let (left, right) = (stem.0.min(stem.1), stem.0.max(stem.1));
    let lies_on = |y: i32| {
        branches.iter().any(|one| {
            one.party != party.of
                && left < one.x1.max(one.x2)
                && one.x1.min(one.x2) < right
                && (one.y - y).abs() < 3
        })
    };
    let offsets = (0..party.height / 2 - 6).flat_map(|by| [by, -by]);
    offsets.map(|by| middle + by).find(|y| !lies_on(*y)).unwrap_or(middle)
}

/// One gap between the systems and a column of parties.
struct Side {
    lanes_from: i32,
    /// The edge of the systems that faces it.
    edge: i32,
    /// The edge of the parties that faces it.
    of_party: i32,
    /// Whether the parties stand on the right.
    last: bool,
}

impl Side {
    fn lead(
        &self,
        map: &DataMap,
        boxes: &[Placed],
        parties: &[Party],
        ends: impl Fn(&MapSystem) -> Vec<Line>,
        out: &mut Layout,
    ) {
        let mut branches = Vec::new();
        for placed in &out.systems {
            let Some(system) = map.systems.get(placed.of) else { continue };
            let lines = ends(system);
            // In the order of the boxes, so that lines of one system do not cross.
            let here: Vec<(usize, &Placed, bool)> = boxes
                .iter()
                .enumerate()
                .filter_map(|(at, party)| {
                    let key = &parties.get(party.of)?.key;
                    let line = lines.iter().find(|line| line.party == *key)?;
                    Some((at, party, line.inferred))
                })
                .collect();
            let step = placed.height / (int(here.len()) + 1);
            for (number, (at, party, inferred)) in here.into_iter().enumerate() {
                let lane = self.lanes_from + (int(at) + 1) * LANE;
                let y = placed.y + (int(number) + 1) * step;
                let (x1, x2) = if self.last { (self.edge, lane) } else { (lane, self.edge) };
                branches.push(Branch { party: party.of, x1, x2, y, inferred });
            }
        }
        for (at, party) in boxes.iter().enumerate() {
            let x = self.lanes_from + (int(at) + 1) * LANE;
            let stem = if self.last { (x, self.of_party) } else { (self.of_party, x) };
            let stem_y = free(&branches, party, stem);
            let mine = branches.iter().filter(|branch| branch.party == party.of).map(|b| b.y);
            let (y1, y2) = mine.fold((stem_y, stem_y), |(low, high), y| (low.min(y), high.max(y)));
            out.lanes.push(Lane { party: party.of, x, y1, y2, stem, stem_y });
        }
        out.branches.extend(branches);
    }
}
