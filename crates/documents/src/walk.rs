//! The way through a document and all that lies in it.

use std::io::Read;

use crate::guard::guarded;
use crate::kind::{Kind, kind};
use crate::limits::{Budget, Counted};
use crate::source::Source;
use crate::{Database, Input, Limits, Place, Sink, Unread};
use crate::{archive, html, json, mail, mailbox, office, parquet, pdf, separated, text};

/// Reads one document, and all that lies in it, into `sink`. `path` is what places are told by; its
/// ending counts where the content leaves open what it is.
pub fn read(path: &str, input: Input<'_>, limits: &Limits, sink: &mut dyn Sink) {
    let budget = Budget::new(limits.clone());
    let mut walk = Walk { budget: &budget, sink, open: false, pending: None };
    let input = match input {
        Input::File(file) => {
            match file.metadata() {
                Ok(data) => budget.took(data.len()),
                Err(error) => return walk.unread(path, &Unread::from(&error)),
            }
            Input::File(file)
        }
        Input::Stream(input) => Input::Stream(Box::new(Counted { input, budget: &budget })),
    };
    match Source::new(input) {
        Ok(source) => walk.document(path, source, 0),
        Err(error) => walk.unread(path, &Unread::from(&error)),
    }
}

/// A walk through one file.
pub(crate) struct Walk<'w> {
    pub(crate) budget: &'w Budget,
    sink: &'w mut dyn Sink,
    /// Whether a text has begun and not ended.
    open: bool,
    /// What begins with the next bytes.
    pending: Option<(Place, String)>,
}

impl Walk<'_> {
    pub(crate) fn limits(&self) -> &Limits {
        &self.budget.limits
    }

    /// A text begins, as soon as there is any of it.
    pub(crate) fn begin(&mut self, place: &Place, label: &str) {
        self.end();
        self.pending = Some((place.clone(), label.to_owned()));
    }

    pub(crate) fn text(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if let Some((place, label)) = self.pending.take() {
            self.sink.begin(&place, &label);
            self.open = true;
        }
        if self.open {
            self.sink.text(bytes);
        }
    }

    pub(crate) fn end(&mut self) {
        self.pending = None;
        if self.open {
            self.open = false;
            self.sink.end();
        }
    }

    /// A short text, whole; nothing where it is blank.
    pub(crate) fn piece(&mut self, place: &Place, label: &str, bytes: &[u8]) {
        self.end();
        if !bytes.trim_ascii().is_empty() {
            self.sink.begin(place, label);
            self.sink.text(bytes);
            self.sink.end();
        }
    }

    pub(crate) fn unread(&mut self, path: &str, why: &Unread) {
        self.end();
        self.sink.unread(path, why);
    }

    pub(crate) fn stopped(&self) -> bool {
        self.sink.stopped()
    }

    /// Something that lies in a document: an archive's member, a mail's attachment.
    pub(crate) fn member<'m>(&mut self, path: &str, stream: Box<dyn Read + 'm>, depth: usize) {
        if depth > self.limits().depth {
            return self.unread(path, &Unread::TooDeep(self.limits().depth));
        }
        match Source::new(Input::Stream(stream)) {
            Ok(source) => self.document(path, source, depth),
            Err(error) => self.unread(path, &Unread::from(&error)),
        }
    }

    /// A document of any kind.
    pub(crate) fn document(&mut self, path: &str, source: Source<'_>, depth: usize) {
        let done = guarded(|| self.by_kind(path, source, depth));
        self.end();
        match done {
            Some(Ok(())) => {}
            Some(Err(why)) => self.unread(path, &why),
            None => self.unread(path, &Unread::GaveUp),
        }
    }

    fn by_kind(&mut self, path: &str, source: Source<'_>, depth: usize) -> Result<(), Unread> {
        match kind(path, source.head()) {
            Kind::Empty => Ok(()),
            Kind::Text => text::plain(self, path, source),
            Kind::Html => html::read(self, &Place::lines(path, ""), source),
            Kind::Json => json::read(self, path, source),
            Kind::Separated { delimiter } => separated::read(self, path, delimiter, source),
            Kind::Mail => mail::read(self, path, source, depth),
            Kind::Mailbox => mailbox::read(self, path, source, depth),
            Kind::Gzip => archive::gzip(self, path, source, depth),
            Kind::Zstd => archive::zstd(self, path, source, depth),
            Kind::Tar => archive::tar(self, path, source, depth),
            Kind::Zip => office::zip(self, path, source, depth),
            Kind::Pdf => pdf::read(self, path, source),
            Kind::Parquet => parquet::read(self, path, source),
            Kind::Sqlite => {
                let database = if depth == 0 && source.is_file() {
                    Database::Itself
                } else {
                    Database::Unpacked(source.into_unnamed()?)
                };
                self.sink.database(path, database);
                Ok(())
            }
            Kind::NoText(what) => Err(Unread::NoText(what)),
            Kind::Format("encrypted") => Err(Unread::Encrypted),
            Kind::Format(what) => Err(Unread::Format(what)),
        }
    }
}
