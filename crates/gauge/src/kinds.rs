//! Personal data of all kinds in any text.

use detect::{DetectOptions, DetectScratch, Detector};

use crate::Ready;
use crate::texts::{self, Dice};

/// So much text for each piece: enough that nothing but the text counts, little enough for valgrind.
const BYTES: usize = 192 << 10;

fn found(texts: Vec<String>) -> Ready {
    let Ok(detector) = Detector::new(&DetectOptions::default()) else { return Box::new(|| 0) };
    // The tables are made before it counts.
    let _ = detector.find(texts.first().map_or(&[], |text| text.as_bytes()));
    Box::new(move || {
        let (mut scratch, mut found) = (DetectScratch::new(), Vec::new());
        for text in &texts {
            detector.find_into(text.as_bytes(), &mut scratch, &mut found);
        }
        found.len() as u64
    })
}

pub(crate) fn in_prose() -> Ready {
    found(vec![texts::prose(&mut Dice::new(7), BYTES)])
}

pub(crate) fn in_notes() -> Ready {
    found(texts::many(BYTES, 4096, texts::note))
}

pub(crate) fn in_fields() -> Ready {
    found(texts::many(BYTES, 200, texts::value))
}

pub(crate) fn in_logs() -> Ready {
    found(vec![texts::log(BYTES, None)])
}
