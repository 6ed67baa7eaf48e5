//! What a control found: a state, why, and what shows it.

use render::coverage::State;
use render::words;

/// What one control found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) state: State,
    /// One plain sentence with its figures. Counts and our own names only.
    pub(crate) reason: String,
    /// What shows it: what was looked at, and how much of it.
    pub(crate) evidence: Option<String>,
}

impl Verdict {
    fn new(state: State, reason: impl Into<String>) -> Self {
        Self { state, reason: reason.into(), evidence: None }
    }

    pub(crate) fn upheld(reason: impl Into<String>) -> Self {
        Self::new(State::Upheld, reason)
    }

    pub(crate) fn at_risk(reason: impl Into<String>) -> Self {
        Self::new(State::AtRisk, reason)
    }

    pub(crate) fn broken(reason: impl Into<String>) -> Self {
        Self::new(State::Broken, reason)
    }

    pub(crate) fn unproven(reason: impl Into<String>) -> Self {
        Self::new(State::Unproven, reason)
    }

    /// The same with what shows it.
    pub(crate) fn shown_by(mut self, evidence: impl Into<String>) -> Self {
        self.evidence = Some(evidence.into()).filter(|text| !text.is_empty());
        self
    }

    /// One verdict of several parts: the worst state, and the reasons of the parts that stand so.
    /// Of the upheld, the first reason speaks for all.
    pub(crate) fn of(parts: Vec<Self>, nothing: &str) -> Self {
        let Some(state) = parts.iter().map(|part| part.state).reduce(State::worse) else {
            return Self::unproven(nothing);
        };
        let mut evidence: Vec<String> =
            parts.iter().filter_map(|part| part.evidence.clone()).collect();
        evidence.dedup();
        let mut reasons: Vec<String> =
            parts.into_iter().filter(|part| part.state == state).map(|part| part.reason).collect();
        reasons.dedup();
        let more = reasons.len().saturating_sub(SHOWN);
        reasons.truncate(SHOWN);
        if more > 0 {
            reasons.push(format!("And {}.", words::count(more as u64, "more like it", "more")));
        }
        Self { state, reason: reasons.join(" "), evidence: Some(evidence.join("; ")) }.tidy()
    }

    fn tidy(mut self) -> Self {
        self.evidence = self.evidence.filter(|text| !text.is_empty());
        self
    }
}

/// So many reasons and names are written out; the rest is counted.
const SHOWN: usize = 3;

/// "`a`, `b`, `c` and 4 more".
pub(crate) fn few<S: AsRef<str>>(names: &[S]) -> String {
    let mut shown: Vec<String> =
        names.iter().take(SHOWN).map(|name| name.as_ref().to_owned()).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more > 0 {
        shown.push(format!("{} more", words::number(more as u64)));
    }
    words::list(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_part_speaks_and_the_rest_is_counted() {
        let broken = |n: u32| Verdict::broken(format!("Broken {n}."));
        for (parts, state, reason) in [
            (vec![], State::Unproven, "nothing"),
            (vec![Verdict::upheld("Fine.")], State::Upheld, "Fine."),
            (
                vec![Verdict::upheld("Fine."), Verdict::unproven("Who knows.")],
                State::Unproven,
                "Who knows.",
            ),
            (
                vec![Verdict::unproven("Who knows."), Verdict::at_risk("Near.")],
                State::AtRisk,
                "Near.",
            ),
            (vec![Verdict::at_risk("Near."), broken(1)], State::Broken, "Broken 1."),
            (
                (1..=5).map(broken).collect(),
                State::Broken,
                "Broken 1. Broken 2. Broken 3. And 2 more.",
            ),
        ] {
            let verdict = Verdict::of(parts, "nothing");
            assert_eq!((verdict.state, verdict.reason.as_str()), (state, reason));
        }
        assert_eq!(few(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }
}
