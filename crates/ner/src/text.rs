//! Bytes as text for a tokenizer, and the way back to the bytes.

/// Bytes read as UTF-8; what is not UTF-8 is read as Windows-1252, byte by byte.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub(crate) text: String,
    /// Where a run begins: its place in the text, and in the bytes. Within a run both go on alike.
    runs: Vec<(usize, usize)>,
}

impl Text {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut read = Self { text: String::with_capacity(bytes.len()), runs: Vec::new() };
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            read.run(at);
            read.text.push_str(chunk.valid());
            at += chunk.valid().len();
            for byte in chunk.invalid() {
                read.run(at);
                read.text.push(detect::windows_1252(*byte));
                at += 1;
            }
        }
        read.run(at);
        read
    }

    fn run(&mut self, at: usize) {
        self.runs.push((self.text.len(), at));
    }

    /// The byte in which the character at this place of the text begins; a place within a character
    /// of one byte counts as behind it.
    pub(crate) fn place(&self, at: usize) -> usize {
        let next = self.runs.partition_point(|(text, _)| *text <= at);
        let Some((text, byte)) = next.checked_sub(1).and_then(|run| self.runs.get(run)) else {
            return at;
        };
        let end = self.runs.get(next).map_or(usize::MAX, |(_, byte)| *byte);
        (byte + (at - text)).min(end)
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn every_character_leads_back_to_its_bytes() {
        for (bytes, text) in [
            (b"Zo\xc3\xab and Zo\xeb met".as_slice(), "Zoë and Zoë met"),
            (b"", ""),
            (b"\x80\xff", "€ÿ"),
            (b"cut \xe2\x82", "cut â‚"),
        ] {
            let read = Text::read(bytes);
            assert_eq!(read.text, text);
            assert_eq!(read.place(read.text.len()), bytes.len(), "{text}");
        }
        let read = Text::read(b"Zo\xeb met Zo\xc3\xab and \xfc");
        let place = |part: &str| read.place(read.text.find(part).unwrap());
        assert_eq!([place("met"), place("and"), place("ü"), place("ë")], [4, 13, 17, 2]);
    }
}
