//! What differs between two versions of a notice, sentence by sentence.

use crate::notice::{Notice, Sentence};

/// A sentence or heading of either version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'n> {
    /// It stands in both.
    Kept(&'n Sentence),
    /// It is new.
    Added(&'n Sentence),
    /// It is gone.
    Removed(&'n Sentence),
}

/// So many pairs of sentences are compared at most. What two versions share at their beginning and
/// end is set aside first; notices of more than two thousand changed sentences do not occur, and one
/// that is made up is shown as replaced.
const PAIRS: usize = 4_000_000;

/// The longest common row of sentences, with what was taken out before what came in its place.
pub fn compare<'n>(old: &'n Notice, new: &'n Notice) -> Vec<Change<'n>> {
    let (mut old, mut new) = (old.sentences.as_slice(), new.sentences.as_slice());
    let same =
        |one: &Sentence, two: &Sentence| one.is_heading == two.is_heading && one.text == two.text;
    let mut begin = Vec::new();
    while let ([first, rest @ ..], [other, others @ ..]) = (old, new) {
        if !same(first, other) {
            break;
        }
        begin.push(Change::Kept(other));
        (old, new) = (rest, others);
    }
    let mut end = Vec::new();
    while let ([rest @ .., last], [others @ .., other]) = (old, new) {
        if !same(last, other) {
            break;
        }
        end.push(Change::Kept(other));
        (old, new) = (rest, others);
    }
    if old.len().saturating_mul(new.len()) <= PAIRS {
        middle(old, new, same, &mut begin);
    } else {
        begin.extend(old.iter().map(Change::Removed));
        begin.extend(new.iter().map(Change::Added));
    }
    begin.extend(end.into_iter().rev());
    begin
}

fn middle<'n>(
    old: &'n [Sentence],
    new: &'n [Sentence],
    same: impl Fn(&Sentence, &Sentence) -> bool,
    out: &mut Vec<Change<'n>>,
) {
    let width = new.len() + 1;
    // `longest[i * width + j]`: of the sentences from `i` and `j` on.
    let mut longest = vec![0u32; (old.len() + 1) * width];
    let at = |longest: &[u32], i: usize, j: usize| longest.get(i * width + j).copied().unwrap_or(0);
    for (i, one) in old.iter().enumerate().rev() {
        for (j, two) in new.iter().enumerate().rev() {
            let length = if same(one, two) {
                at(&longest, i + 1, j + 1) + 1
            } else {
                at(&longest, i + 1, j).max(at(&longest, i, j + 1))
            };
            if let Some(cell) = longest.get_mut(i * width + j) {
                *cell = length;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(one), Some(two)) if same(one, two) => {
                out.push(Change::Kept(two));
                (i, j) = (i + 1, j + 1);
            }
            (Some(one), two)
                if two.is_none() || at(&longest, i + 1, j) >= at(&longest, i, j + 1) =>
            {
                out.push(Change::Removed(one));
                i += 1;
            }
            (_, Some(two)) => {
                out.push(Change::Added(two));
                j += 1;
            }
            (_, None) => break,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quote::Document;
    use crate::text::Form;

    fn told(old: &str, new: &str) -> String {
        let read = |text: &str| Notice::of(&Document::new(text, Form::Markdown));
        let (old, new) = (read(old), read(new));
        let word = |change: &Change<'_>| match change {
            Change::Kept(one) => format!(" {}", one.text),
            Change::Added(one) => format!("+{}", one.text),
            Change::Removed(one) => format!("-{}", one.text),
        };
        compare(&old, &new).iter().map(word).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn what_was_taken_out_stands_before_what_came_in_its_place() {
        for (old, new, wanted) in [
            ("A.\n\nB.\n\nC.", "A.\n\nB.\n\nC.", " A.| B.| C."),
            ("A.\n\nB.\n\nC.", "A.\n\nD.\n\nC.", " A.|-B.|+D.| C."),
            ("A.\n\nB.", "B.\n\nC.", "-A.| B.|+C."),
            ("", "A.", "+A."),
            ("A.", "", "-A."),
            ("# A\n\nA", "A\n\n# A", "-A| A|+A"),
            ("A.\n\nB.\n\nA.\n\nB.", "B.\n\nA.", "-A.| B.| A.|-B."),
        ] {
            assert_eq!(told(old, new), wanted, "{old} → {new}");
        }
    }

    #[test]
    fn both_versions_can_be_read_out_of_the_comparison() {
        let version = |skip: usize| {
            let line = |n: &usize| format!("Sentence {}.\n\n", n % 7);
            (0..60)
                .filter(|n| n % skip != 1)
                .collect::<Vec<_>>()
                .iter()
                .map(line)
                .collect::<String>()
        };
        let read = |text: &str| Notice::of(&Document::new(text, Form::Plain));
        for (one, two) in [(3, 5), (5, 3), (2, 60), (60, 2)] {
            let (old, new) = (read(&version(one)), read(&version(two)));
            let changes = compare(&old, &new);
            let of = |take: fn(&Change<'_>) -> Option<String>| -> Vec<String> {
                changes.iter().filter_map(take).collect()
            };
            let news = of(|change| match change {
                Change::Kept(one) | Change::Added(one) => Some(one.text.clone()),
                Change::Removed(_) => None,
            });
            let olds = of(|change| match change {
                Change::Kept(one) | Change::Removed(one) => Some(one.text.clone()),
                Change::Added(_) => None,
            });
            let all = |notice: &Notice| -> Vec<String> {
                notice.sentences.iter().map(|one| one.text.clone()).collect()
            };
            assert_eq!((olds, news), (all(&old), all(&new)));
        }
    }
}
