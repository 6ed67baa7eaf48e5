//! The notice, sentence by sentence, with the promises that quote each.

use model::Micros;
use policy::{Notice, Policy};
use render::coverage::{Coverage, Promise, Section, Sentence};

/// The notice with its promises as `shown` has them.
pub(crate) fn coverage(
    policy: &Policy,
    zone: render::Zone,
    now: Micros,
    shown: &dyn Fn(&policy::Promise) -> Promise,
) -> Coverage {
    let promise = |id: &String| policy.promise(id).map(shown);
    let sections = sections(&policy.notice, &promise);
    let homeless =
        policy.promises.iter().filter(|promise| promise.found.is_none()).map(shown).collect();
    Coverage {
        organisation: policy.organisation.name.clone(),
        notice: format!(
            "Version {}, in force from {}",
            policy.notice.version,
            render::words::calendar_day(&policy.notice.effective.to_string())
        ),
        checked_at: now,
        zone,
        systems_checked: 0,
        not_reached: Vec::new(),
        sections,
        homeless,
        before: None,
        turned: Vec::new(),
    }
}

/// The sections of a version of the notice, with the promises that `promise` has for a key.
pub(crate) fn sections(
    notice: &Notice,
    promise: &dyn Fn(&String) -> Option<Promise>,
) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut line = None;
    for sentence in &notice.sentences {
        if sentence.is_heading {
            sections.push(Section { heading: sentence.text.clone(), sentences: Vec::new() });
            line = None;
            continue;
        }
        if sections.is_empty() {
            sections.push(Section { heading: String::new(), sentences: Vec::new() });
        }
        if let Some(section) = sections.last_mut() {
            section.sentences.push(Sentence {
                text: sentence.text.clone(),
                begins_paragraph: line.is_none_or(|last| sentence.line > last + 1),
                promises: sentence.promises.iter().filter_map(promise).collect(),
            });
        }
        line = Some(sentence.line);
    }
    sections
}
