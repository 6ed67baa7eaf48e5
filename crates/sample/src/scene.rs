//! The form in which the story is written down.

use crate::places::Mark;

/// Who acts in a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// A member of the cast, by role.
    Cast(usize),
    /// An agent of Northlight.
    Agent,
    /// The person who opened the ticket.
    Requester,
}

/// A file at a note.
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) mime: &'static str,
    pub(crate) content: Vec<u8>,
    pub(crate) marks: Vec<Mark>,
}

/// A note of a ticket.
pub(crate) struct Note {
    pub(crate) author: Who,
    pub(crate) body: String,
    pub(crate) body_type: &'static str,
    pub(crate) internal: bool,
    pub(crate) marks: Vec<Mark>,
    pub(crate) files: Vec<File>,
}

/// A line of the audit log.
pub(crate) struct Trace {
    pub(crate) actor: Who,
    pub(crate) action: &'static str,
    pub(crate) details: String,
    pub(crate) marks: Vec<Mark>,
}

/// A ticket with all that hangs on it. A requester of `None` is anybody of any client company.
pub(crate) struct Scene {
    pub(crate) requester: Option<usize>,
    pub(crate) subject: String,
    pub(crate) description: String,
    pub(crate) status: &'static str,
    pub(crate) marks: Vec<Mark>,
    pub(crate) notes: Vec<Note>,
    pub(crate) watchers: Vec<(usize, Vec<Mark>)>,
    pub(crate) values: Vec<(&'static str, String, Vec<Mark>)>,
    pub(crate) traces: Vec<Trace>,
}

impl Scene {
    pub(crate) fn new(requester: Option<usize>, subject: &str, description: &str) -> Self {
        Self {
            requester,
            subject: subject.to_owned(),
            description: description.to_owned(),
            status: "closed",
            marks: Vec::new(),
            notes: Vec::new(),
            watchers: Vec::new(),
            values: Vec::new(),
            traces: Vec::new(),
        }
    }

    pub(crate) fn mark(mut self, marks: impl IntoIterator<Item = Mark>) -> Self {
        self.marks.extend(marks);
        self
    }

    pub(crate) const fn status(mut self, status: &'static str) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn note(
        mut self,
        author: Who,
        body_type: &'static str,
        body: impl Into<String>,
        marks: impl IntoIterator<Item = Mark>,
    ) -> Self {
        self.notes.push(Note {
            author,
            body: body.into(),
            body_type,
            internal: false,
            marks: marks.into_iter().collect(),
            files: Vec::new(),
        });
        self
    }

    /// The last note is for agents only.
    pub(crate) fn internal(mut self) -> Self {
        if let Some(note) = self.notes.last_mut() {
            note.internal = true;
        }
        self
    }

    /// A file at the last note.
    pub(crate) fn file(
        mut self,
        name: &'static str,
        mime: &'static str,
        content: Vec<u8>,
        marks: impl IntoIterator<Item = Mark>,
    ) -> Self {
        if let Some(note) = self.notes.last_mut() {
            note.files.push(File { name, mime, content, marks: marks.into_iter().collect() });
        }
        self
    }

    pub(crate) fn watcher(mut self, role: usize, marks: impl IntoIterator<Item = Mark>) -> Self {
        self.watchers.push((role, marks.into_iter().collect()));
        self
    }

    pub(crate) fn value(
        mut self,
        name: &'static str,
        value: String,
        marks: impl IntoIterator<Item = Mark>,
    ) -> Self {
        self.values.push((name, value, marks.into_iter().collect()));
        self
    }

    pub(crate) fn trace(
        mut self,
        actor: Who,
        action: &'static str,
        details: String,
        marks: impl IntoIterator<Item = Mark>,
    ) -> Self {
        self.traces.push(Trace { actor, action, details, marks: marks.into_iter().collect() });
        self
    }
}
