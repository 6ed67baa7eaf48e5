//! Personal data of all kinds is looked for in prose, notes, logs and short values: one core,
//! processor time, every kind on; and in a gigabyte that comes in pieces, in how much memory.

use detect::{DetectOptions, DetectScratch, Detector};
use serde_json::json;

use crate::binary::own_peak;
use crate::report::{Bar, Line, Report, median, rate};
use crate::texts::{self, Dice};

/// How often the byte is counted in one measurement of it.
const COUNTED: usize = 16;

pub(crate) fn run(megabytes: usize, rounds: u64) {
    let mut report = Report::new("detect");
    let detector =
        Detector::new(&DetectOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    memory(&detector, &mut report);
    let bytes = megabytes << 20;
    let logs = |format| vec![texts::log(bytes, format)];
    let mut measured = vec![
        (
            "prose".to_owned(),
            vec![texts::prose(&mut Dice::new(7), bytes)],
            Some((1_000.0, 3_000.0)),
        ),
        (
            "notes of 4 KB".to_owned(),
            texts::many(bytes, 4096, texts::note),
            Some((1_000.0, 3_000.0)),
        ),
        (
            "values of 200 bytes".to_owned(),
            texts::many(bytes, 200, texts::value),
            Some((200.0, 1_000.0)),
        ),
        ("logs of five formats".to_owned(), logs(None), Some((300.0, 700.0))),
    ];
    for (format, name) in texts::FORMATS.iter().enumerate() {
        measured.push((format!("of these, {name}"), logs(Some(format)), None));
    }
    let mut raw = Vec::new();
    for (what, texts, bars) in measured {
        let size: usize = texts.iter().map(String::len).sum();
        let (mut rates, mut limits) = (Vec::new(), Vec::new());
        let (mut scratch, mut found) = (DetectScratch::new(), Vec::new());
        let mut count = 0;
        for _ in 0..rounds {
            // Several times: once is over before the system's clock of the processor has moved.
            limits.push(rate(COUNTED * size, || {
                let all = texts.iter().cycle().take(COUNTED * texts.len());
                all.map(|text| memchr::memchr_iter(b'@', text.as_bytes()).count()).sum()
            }));
            rates.push(rate(size, || {
                count = 0;
                for text in &texts {
                    found.clear();
                    detector.find_into(text.as_bytes(), &mut scratch, &mut found);
                    count += found.len();
                }
                count
            }));
        }
        assert!(count > 0 || bars.is_none(), "{what}: nothing was found");
        let (ours, limit) = (median(&rates), median(&limits));
        raw.push(json!({ "what": what, "mb_s": rates, "limit_mb_s": limits, "findings": count, "bytes": size }));
        let (bar, moonshot) = bars.map_or((Bar::None, Bar::None), |(bar, moonshot)| {
            (Bar::AtLeast(bar), Bar::AtLeast(moonshot))
        });
        report.line(&Line {
            what: format!("all kinds in {what}"),
            ours: (ours, "MB/s"),
            beside: Some(("counting `@` in the same bytes", limit, "MB/s")),
            figure: (ours, "MB/s"),
            bar,
            moonshot,
        });
    }
    report.raw("runs", raw);
    report.raw("megabytes", megabytes);
    report.keep();
}

/// A gigabyte in pieces of odd length: all that was ever resident in the process, less the text that
/// is handed over again and again. The program itself and the detector's tables are in it.
fn memory(detector: &Detector, report: &mut Report) {
    let mut text = texts::prose(&mut Dice::new(7), 4 << 20);
    text.push_str(&texts::log(4 << 20, None));
    let mut stream = detector.stream();
    let (mut findings, mut bytes) = (0_u64, 0_usize);
    while bytes < 1_000_000_000 {
        for piece in text.as_bytes().chunks(9_973) {
            stream.push(piece, &mut |_| findings += 1);
            bytes += piece.len();
        }
    }
    stream.finish(&mut |_| findings += 1);
    let Some(peak) = own_peak() else {
        println!("   the system does not tell how much memory was resident");
        return;
    };
    println!("   {findings} findings in {bytes} bytes");
    let mib = peak.saturating_sub(text.len() as u64 >> 10) as f64 / 1024.0;
    report.raw(
        "stream",
        json!({ "bytes": bytes, "findings": findings, "peak_kib": peak, "text_bytes": text.len() }),
    );
    report.line(&Line {
        what: "memory beside the input, a gigabyte in pieces".to_owned(),
        ours: (mib, "MiB"),
        beside: None,
        figure: (mib, "MiB"),
        bar: Bar::AtMost(64.0),
        moonshot: Bar::None,
    });
}
