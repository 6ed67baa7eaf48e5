//! A token classifier of a few words, for tests: its folder is written by whoever needs it.
//!
//! It knows `Qorvandil` (a given name), `Thistlewick` (a family name), `Elmbourne` (a street) and
//! `Vexholm` (a town), which no list of names holds; and whatever follows `mr` is a name to it, so what
//! it says of a word depends on the word before.

use std::io;
use std::path::Path;

use crate::onnx::{Message, floats, integers, node, value};

/// The labels, in the order of the outputs.
pub const LABELS: [&str; 7] = ["O", "B-PER", "I-PER", "B-STREET", "I-STREET", "B-CITY", "B-ORG"];
/// The tokens, in the order of their ids.
const TOKENS: [&str; 12] = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "mr",
    "qorvandil",
    "thistlewick",
    "elmbourne",
    "vexholm",
    "globcorp",
    ",",
    "##wick",
];

/// How the model is written.
#[derive(Debug, Clone, Copy)]
pub struct Tiny<'t> {
    /// Most tokens of one run.
    pub most: usize,
    /// It takes exactly so many.
    pub fixed: Option<usize>,
    /// The last input, beside the tokens.
    pub input: &'t str,
    /// The labels that `config.json` names.
    pub labels: &'t [&'t str],
    /// The text of `tokenizer.json`; WordPiece, if `None`.
    pub tokenizer: Option<&'t str>,
}

impl Default for Tiny<'_> {
    fn default() -> Self {
        Self { most: 24, fixed: None, input: "attention_mask", labels: &LABELS, tokenizer: None }
    }
}

impl Tiny<'_> {
    /// Writes the folder.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("model.onnx"), self.onnx())?;
        let written = self.tokenizer.map_or_else(word_piece, str::to_owned);
        std::fs::write(folder.join("tokenizer.json"), written)?;
        let labels: Vec<String> = self
            .labels
            .iter()
            .enumerate()
            .map(|(at, name)| format!("\"{at}\": \"{name}\""))
            .collect();
        let config = format!(
            "{{\"model_type\": \"bert\", \"pad_token_id\": 0, \"max_position_embeddings\": {}, \"id2label\": {{{}}}}}",
            self.most,
            labels.join(", ")
        );
        std::fs::write(folder.join("config.json"), config)
    }

    /// What the network says is `of[token] + behind[token before]`, and nothing of what is masked.
    fn onnx(&self) -> Vec<u8> {
        let (mut of, mut behind) = (vec![0.0_f32; 84], vec![0.0_f32; 84]);
        let mut set = |table: u8, token: usize, label: usize, to: f32| {
            let table = if table == 0 { &mut of } else { &mut behind };
            if let Some(cell) = table.get_mut(token * LABELS.len() + label) {
                *cell = to;
            }
        };
        for token in 0..TOKENS.len() {
            set(0, token, 0, 2.0);
        }
        for (token, label) in [(5, 1), (6, 2), (7, 3), (8, 5), (9, 6)] {
            set(0, token, label, 9.0);
        }
        set(1, 4, 1, 6.0);
        let mut graph = Message::default();
        for node in [
            node("Slice", &["input_ids", "zero", "one", "one"], "first", &[]),
            node("Slice", &["input_ids", "zero", "minus", "one"], "body", &[]),
            node("Concat", &["first", "body"], "before", &[("axis", &[1])]),
            node("Gather", &["of", "input_ids"], "own", &[]),
            node("Gather", &["behind", "before"], "led", &[]),
            node("Add", &["own", "led"], "sum", &[]),
            node("Cast", &[self.input], "seen", &[("to", &[1])]),
            node("Unsqueeze", &["seen", "minus"], "mask", &[]),
            node("Mul", &["sum", "mask"], "logits", &[]),
        ] {
            graph.message(1, &node);
        }
        graph.text(2, "tiny");
        let shape = [TOKENS.len() as u64, LABELS.len() as u64];
        graph.message(5, &floats("of", &shape, &of));
        graph.message(5, &floats("behind", &shape, &behind));
        for (name, number) in [("zero", 0_i64), ("one", 1), ("minus", -1)] {
            graph.message(5, &integers(name, &[number]));
        }
        for name in ["input_ids", self.input] {
            graph.message(11, &value(name, 7, self.fixed, None));
        }
        graph.message(12, &value("logits", 1, self.fixed, Some(LABELS.len() as u64)));
        graph.model()
    }
}

fn word_piece() -> String {
    let vocabulary: Vec<String> =
        TOKENS.iter().enumerate().map(|(id, token)| format!("\"{token}\": {id}")).collect();
    let special = |id: usize, token: &str| {
        format!(
            "{{\"id\": {id}, \"content\": \"{token}\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}}"
        )
    };
    let added: Vec<String> =
        TOKENS.iter().take(4).enumerate().map(|(id, token)| special(id, token)).collect();
    let mark =
        |token: &str| format!("{{\"SpecialToken\": {{\"id\": \"{token}\", \"type_id\": 0}}}}");
    let ids = |id: usize, token: &str| {
        format!("\"{token}\": {{\"id\": \"{token}\", \"ids\": [{id}], \"tokens\": [\"{token}\"]}}")
    };
    let text = |name: &str| format!("{{\"Sequence\": {{\"id\": \"{name}\", \"type_id\": 0}}}}");
    format!(
        "{{\"version\": \"1.0\", \"truncation\": null, \"padding\": null, \"added_tokens\": [{}], \
         \"normalizer\": {{\"type\": \"BertNormalizer\", \"clean_text\": true, \"handle_chinese_chars\": true, \"strip_accents\": null, \"lowercase\": true}}, \
         \"pre_tokenizer\": {{\"type\": \"BertPreTokenizer\"}}, \
         \"post_processor\": {{\"type\": \"TemplateProcessing\", \"single\": [{}, {}, {}], \"pair\": [{}, {}], \"special_tokens\": {{{}, {}}}}}, \
         \"decoder\": null, \
         \"model\": {{\"type\": \"WordPiece\", \"unk_token\": \"[UNK]\", \"continuing_subword_prefix\": \"##\", \"max_input_chars_per_word\": 100, \"vocab\": {{{}}}}}}}",
        added.join(", "),
        mark("[CLS]"),
        text("A"),
        mark("[SEP]"),
        text("A"),
        text("B"),
        ids(2, "[CLS]"),
        ids(3, "[SEP]"),
        vocabulary.join(", "),
    )
}
