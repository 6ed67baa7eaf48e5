#![allow(clippy::cast_possible_truncation, reason = "the texts of a test are small")]

use std::collections::BTreeMap;

use detect::{AllowList, Choice, DetectOptions, DetectScratch, Detector, Found, Validated};
use proptest::prelude::*;

use crate::tiny::{LABELS, Tiny};
use crate::{Finder, LoadError, Model};

fn load(tiny: &Tiny<'_>, labels: &[(&str, &str)]) -> Result<Model, LoadError> {
    let folder = tempfile::tempdir().unwrap();
    tiny.write(folder.path()).unwrap();
    let labels: BTreeMap<_, _> = labels
        .iter()
        .map(|(label, key)| ((*label).to_owned(), detect::kind(key).unwrap()))
        .collect();
    Model::load(folder.path(), &labels)
}

fn finder(tiny: &Tiny<'_>, options: &DetectOptions) -> Finder {
    Finder::new(Detector::new(options).unwrap(), Some(load(tiny, &[]).unwrap()))
}

fn found(finder: &Finder, text: &[u8]) -> Vec<Found> {
    let mut out = Vec::new();
    finder.find_into(text, &mut DetectScratch::new(), &mut out).unwrap();
    out
}

/// Values of the model, as they stand in the text.
fn told<'t>(finder: &Finder, text: &'t [u8]) -> Vec<(&'static str, &'t [u8])> {
    found(finder, text)
        .into_iter()
        .filter(|found| found.validated == Validated::Model)
        .map(|found| (found.kind.key(), &text[found.start as usize..found.end as usize]))
        .collect()
}

#[test]
fn a_model_is_loaded_and_tells_values_with_their_bytes() {
    let finder = finder(&Tiny::default(), &DetectOptions::default());
    let name = |value: &'static [u8]| ("contact.name", value);
    for (text, values) in [
        ("met Qorvandil Thistlewick there".as_bytes(), vec![name(b"Qorvandil Thistlewick")]),
        (b"Grr\xc3\xbc\xc3\x9fe, QORVANDIL!", vec![name(b"QORVANDIL")]),
        // Windows-1252, and UTF-8 that is broken.
        (b"caf\xe9 \xff\xc3 Qorvandil \xe9", vec![name(b"Qorvandil")]),
        // The word before decides.
        (b"told Mr Blorptext of it", vec![name(b"Blorptext")]),
        (b"told Blorptext of it", vec![]),
        (b"Elmbourne, Vexholm", vec![("contact.address", b"Elmbourne, Vexholm")]),
        // A town alone, and an organisation.
        (b"in Vexholm by Globcorp", vec![]),
        // Marks of the model itself are a text like any other.
        (b"[SEP] Qorvandil [PAD][CLS]", vec![name(b"Qorvandil")]),
        (b"12345 \x00 Qorvandil", vec![]),
        (b"", vec![]),
        (b"  \n", vec![]),
    ] {
        assert_eq!(told(&finder, text), values, "{}", String::from_utf8_lossy(text));
    }
    let all = found(&finder, b"met Qorvandil");
    assert_eq!((all.len(), all[0].confidence), (1, 99));
    assert_eq!(finder.model().unwrap().unreported(), ["ORG"]);
    assert_eq!(finder.model().unwrap().files().len(), 3);
}

#[test]
fn detector_and_model_tell_everything_once() {
    let finder = finder(&Tiny::default(), &DetectOptions::default());
    let keys = |text: &[u8]| -> Vec<(&str, u64, u64)> {
        found(&finder, text)
            .iter()
            .map(|found| (found.kind.key(), found.start, found.end))
            .collect()
    };
    // The name in an address of mail is no name.
    assert_eq!(keys(b"to qorvandil@corp-mail.net now"), [("contact.email", 3, 26)]);
    assert_eq!(
        keys(b"Spoke with Jane Doe and Qorvandil, jane@corp-mail.net"),
        [("contact.name", 11, 19), ("contact.name", 24, 33), ("contact.email", 35, 53)]
    );
    // The detector's name is longer than the model's.
    let both = found(&finder, b"Dear Mr Jonathan Smith,");
    assert_eq!(both.len(), 1);
    assert_ne!(both[0].validated, Validated::Model);
    assert_eq!((both[0].start, both[0].end), (8, 22));
}

#[test]
fn what_is_not_asked_for_is_not_told_by_the_model_either() {
    let text = b"met Qorvandil of Elmbourne";
    for (options, left) in [
        (DetectOptions::default(), 2),
        (
            DetectOptions {
                kinds: Choice::Only(vec!["contact.name".into()]),
                ..Default::default()
            },
            1,
        ),
        (DetectOptions { kinds: Choice::Without(vec!["contact".into()]), ..Default::default() }, 0),
        (DetectOptions { least_confidence: 100, ..Default::default() }, 0),
        (
            DetectOptions {
                allow: AllowList { values: vec!["qorvandil".into()], endings: vec![] },
                ..Default::default()
            },
            1,
        ),
    ] {
        assert_eq!(told(&finder(&Tiny::default(), &options), text).len(), left, "{options:?}");
    }
}

#[test]
fn long_texts_are_read_whole() {
    let piece = "a word, Mr Blorptext; then Qorvandil Thistlewick of Elmbourne, Vexholm. ";
    for (most, fixed) in [(24, None), (13, None), (512, None), (24, Some(20)), (600, None)] {
        let finder = finder(&Tiny { most, fixed, ..Tiny::default() }, &DetectOptions::default());
        for lead in [0, 7, 500] {
            // Blanks move every name past every seam.
            let text = " ".repeat(lead) + &piece.repeat(260);
            let told = told(&finder, text.as_bytes());
            let count =
                |value: &str| told.iter().filter(|(_, found)| *found == value.as_bytes()).count();
            assert_eq!(count("Blorptext"), 260, "{most} {lead}");
            assert_eq!(count("Qorvandil Thistlewick"), 260, "{most} {lead}");
            assert_eq!(count("Elmbourne, Vexholm"), 260, "{most} {lead}");
            assert_eq!(told.len(), 780, "{most} {lead}");
        }
    }
}

#[test]
fn what_cannot_be_used_is_told() {
    let wrong = |tiny: &Tiny<'_>| load(tiny, &[]).unwrap_err().to_string();
    for (tiny, said) in [
        (Tiny { input: "pixel_values", ..Tiny::default() }, "it asks for `pixel_values`"),
        (Tiny { labels: &LABELS[..5], ..Tiny::default() }, "7 labels each"),
        (
            Tiny {
                labels: &["O", "B-ORG", "I-ORG", "B-X", "I-X", "B-Y", "I-Y"],
                ..Tiny::default()
            },
            "none of its labels (ORG, X, Y) is known as a kind",
        ),
        (Tiny { tokenizer: Some("{}"), ..Tiny::default() }, "tokenizer.json`: no tokenizer"),
        (
            Tiny {
                tokenizer: Some(
                    r#"{"version": "1.0", "added_tokens": [], "model": {"type": "BPE", "dropout": 0.1, "vocab": {"a": 0}, "merges": []}}"#,
                ),
                ..Tiny::default()
            },
            "it draws lots",
        ),
        (Tiny { most: 9, ..Tiny::default() }, "takes 9 tokens"),
    ] {
        let error = wrong(&tiny);
        assert!(error.contains(said), "{said}: {error}");
    }
    let error = load(&Tiny::default(), &[("B-LOK", "contact.address")]).unwrap_err().to_string();
    assert!(error.contains("no label `B-LOK`: its labels are PER, STREET, CITY, ORG"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    Tiny::default().write(folder.path()).unwrap();
    let onnx = folder.path().join("model.onnx");
    let whole = std::fs::read(&onnx).unwrap();
    for cut in (0..whole.len()).step_by(17) {
        std::fs::write(&onnx, &whole[..cut]).unwrap();
        assert!(Model::load(folder.path(), &BTreeMap::new()).is_err(), "{cut}");
    }
    // The file itself can be named.
    std::fs::write(&onnx, &whole).unwrap();
    assert!(Model::load(&onnx, &BTreeMap::new()).is_ok());
}

#[test]
fn labels_mean_what_the_user_says() {
    let model = load(&Tiny::default(), &[("city", "contact.address"), ("ORG", "online.user_name")]);
    let finder =
        Finder::new(Detector::new(&DetectOptions::default()).unwrap(), Some(model.unwrap()));
    assert_eq!(
        told(&finder, b"in Vexholm by Globcorp"),
        [("contact.address", b"Vexholm".as_slice()), ("online.user_name", b"Globcorp")]
    );
    assert!(finder.model().unwrap().unreported().is_empty());
}

/// Other forms of tokenizers, each with the ids of the tiny model.
#[test]
fn tokenizers_of_other_forms_know_their_bytes_too() {
    let unigram = r#"{"version": "1.0", "added_tokens": [], "normalizer": {"type": "Lowercase"},
      "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
      "post_processor": null, "decoder": null,
      "model": {"type": "Unigram", "unk_id": 1, "byte_fallback": false, "vocab": [["<pad>", 0], ["<unk>", 0],
        ["<s>", 0], ["</s>", 0], ["▁mr", -3], ["▁qorvandil", -3], ["▁thistlewick", -3],
        ["▁elmbourne", -3], ["▁vexholm", -3], ["▁globcorp", -3], [",", -3], ["▁", -9]]}}"#;
    let bpe = r#"{"version": "1.0", "added_tokens": [], "normalizer": {"type": "Lowercase"},
      "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true},
      "post_processor": null, "decoder": null,
      "model": {"type": "BPE", "unk_token": "[UNK]", "ignore_merges": true, "merges": [],
        "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "Ġmr": 4, "Ġqorvandil": 5, "Ġthistlewick": 6,
        "Ġelmbourne": 7, "Ġvexholm": 8, "Ġglobcorp": 9, ",": 10, "a": 11}}}"#;
    for tokenizer in [unigram, bpe] {
        let tiny = Tiny { tokenizer: Some(tokenizer), ..Tiny::default() };
        let finder = finder(&tiny, &DetectOptions::default());
        let text = "Qorvandil Thistlewick, ß – Zoë: Elmbourne, Vexholm".as_bytes();
        assert_eq!(
            told(&finder, text),
            [
                ("contact.name", b"Qorvandil Thistlewick".as_slice()),
                ("contact.address", b"Elmbourne, Vexholm")
            ],
            "{tokenizer}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn pieces_do_not_change_what_is_found(
        parts in prop::collection::vec("[ -~]{0,60}|Mr Blorptext |Qorvandil |jane@corp-mail\\.net |Zoë Müller, |\\PC{0,20}", 0..300),
        repeat in 1..6_usize,
        broken in any::<bool>(),
        mut cuts in prop::collection::vec(0..100_000_usize, 0..12),
    ) {
        let mut text = parts.concat().repeat(repeat).into_bytes();
        if broken {
            text.iter_mut().step_by(97).for_each(|byte| *byte = 0xe9);
        }
        let finder = finder(&Tiny::default(), &DetectOptions::default());
        let whole = found(&finder, &text);
        for pair in whole.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start);
        }
        prop_assert!(whole.iter().all(|found| found.start < found.end && found.end as usize <= text.len()));
        cuts.iter_mut().for_each(|cut| *cut %= text.len() + 1);
        cuts.sort_unstable();
        let (mut stream, mut pieces, mut from) = (finder.stream(), Vec::new(), 0);
        for cut in cuts.into_iter().chain([text.len()]) {
            stream.push(&text[from..cut], &mut |found| pieces.push(found.clone()));
            from = cut;
        }
        stream.finish(&mut |found| pieces.push(found.clone())).unwrap();
        prop_assert_eq!(pieces, whole);
    }
}
