//! Names of files inside the package. A name that a stranger chose becomes a path only here.

use std::collections::BTreeSet;

/// Longest name that we give, in characters: long paths fail on Windows.
const LONGEST: usize = 80;
/// And in bytes: file systems of Linux take 255, of which a number and endings need some.
const LONGEST_BYTES: usize = 200;

/// Kinds of files that a double click would run, or open with a script inside.
const ACTIVE: &[&str] = &[
    "app",
    "appref-ms",
    "application",
    "bat",
    "chm",
    "cmd",
    "com",
    "command",
    "cpl",
    "desktop",
    "dll",
    "docm",
    "dotm",
    "exe",
    "gadget",
    "hta",
    "htm",
    "html",
    "inf",
    "iso",
    "jar",
    "jnlp",
    "js",
    "jse",
    "lnk",
    "mht",
    "mhtml",
    "msc",
    "msi",
    "msp",
    "mst",
    "pif",
    "pptm",
    "ps1",
    "psm1",
    "py",
    "rb",
    "reg",
    "scf",
    "scr",
    "settingcontent-ms",
    "sh",
    "shtml",
    "svg",
    "svgz",
    "url",
    "vb",
    "vbe",
    "vbs",
    "webloc",
    "ws",
    "wsc",
    "wsf",
    "wsh",
    "xht",
    "xhtml",
    "xll",
    "xlsm",
    "xml",
    "xsl",
    "xslt",
];

/// Names that Windows keeps for devices, with whatever ending.
fn is_reserved(stem: &str) -> bool {
    let stem = stem.to_ascii_uppercase();
    let numbered = ["COM", "LPT"].iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|rest| {
            let mut chars = rest.chars();
            matches!(chars.next(), Some('0'..='9' | '¹' | '²' | '³')) && chars.next().is_none()
        })
    });
    numbered
        || matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$")
}

/// One part of a path: letters, digits, `-`, `_`, `.`; never empty, never hidden, never a device.
pub(super) fn part(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or("");
    let mut name = String::new();
    for c in last.chars() {
        let c = if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
        let doubled = matches!(c, '_' | '.') && name.ends_with(c);
        if !doubled {
            name.push(c);
        }
    }
    let trimmed = name.trim_matches(['.', '_', ' ']);
    // A long name loses its middle, not its ending.
    let mut name = if trimmed.chars().count() > LONGEST || trimmed.len() > LONGEST_BYTES {
        let (stem, ending) = split_ending(trimmed);
        let keep = LONGEST.saturating_sub(ending.chars().count() + 1);
        let mut room = LONGEST_BYTES.saturating_sub(ending.len() + 1);
        let fits = |c: &char| {
            let left = room.checked_sub(c.len_utf8());
            room = left.unwrap_or(0);
            left.is_some()
        };
        let stem: String = stem.chars().take(keep).take_while(fits).collect();
        // Where it was cut, a dot may have become the end.
        let stem = stem.trim_end_matches(['.', '_']).to_owned();
        if ending.is_empty() { stem } else { format!("{stem}.{ending}") }
    } else {
        trimmed.to_owned()
    };
    if name.is_empty() {
        name.push_str("unnamed");
    }
    if is_reserved(name.split('.').next().unwrap_or("")) {
        name.insert(0, '_');
    }
    name
}

/// The stem and the ending, where the ending looks like one.
fn split_ending(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.chars().count() <= 12 => (stem, ending),
        _ => (name, ""),
    }
}

/// The path of an attachment. Its number makes it unique whatever the file system folds. With
/// `hide`, nothing of the name but a harmless ending remains.
pub(super) fn attachment(number: u64, given: &str, hide: bool) -> String {
    let name = part(given);
    let (_, ending) = split_ending(&name);
    let ending = ending.to_lowercase();
    let active = ACTIVE.contains(&ending.as_str());
    let plain = ending.chars().all(|c| c.is_ascii_alphanumeric()) && !ending.is_empty();
    let mut path = format!("files/{number:04}");
    if !hide {
        path.push('-');
        path.push_str(&name);
    } else if plain {
        path.push('.');
        path.push_str(&ending);
    }
    if active {
        path.push_str(".file");
    }
    path
}

/// Gives each collection a base name of its own, whatever letter case a file system folds.
#[derive(Debug, Default)]
pub(super) struct Taken(BTreeSet<String>);

impl Taken {
    pub(super) fn base(&mut self, system: &str, collection: &str) -> String {
        let wanted = part(&format!("{}.{}", part(system), part(collection)));
        let mut name = wanted.clone();
        let mut n = 2u64;
        while !self.0.insert(name.to_lowercase()) {
            name = format!("{wanted}~{n}");
            n += 1;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_in_their_folder() {
        for (given, path) in [
            ("invoice.pdf", "files/0001-invoice.pdf"),
            ("../../etc/passwd", "files/0001-passwd"),
            ("..\\..\\windows\\win.ini", "files/0001-win.ini"),
            ("/", "files/0001-unnamed"),
            ("...", "files/0001-unnamed"),
            (".bashrc", "files/0001-bashrc"),
            ("C:evil", "files/0001-C_evil"),
            ("a\0b.txt", "files/0001-a_b.txt"),
            ("\u{202e}fdp.exe", "files/0001-fdp.exe.file"),
            ("page.HTML", "files/0001-page.HTML.file"),
            ("name. . .", "files/0001-name"),
            ("Zoë Müller.pdf", "files/0001-Zoë_Müller.pdf"),
            ("a:b*c?\"<>|.txt", "files/0001-a_b_c_.txt"),
        ] {
            assert_eq!(attachment(1, given, false), path, "{given:?}");
        }
        let long = attachment(1, &format!("{}.pdf", "x".repeat(5000)), false);
        assert!(long.chars().count() < 100 && long.ends_with(".pdf"));
        let dotted = attachment(1, &"x".repeat(78).replace("xxx", "xx.").repeat(4), false);
        assert!(!dotted.ends_with('.'), "{dotted}");
        // Eighty of these take more bytes than a file system gives a name.
        let wide = attachment(1, &format!("{}.pdf", "\u{20000}".repeat(300)), false);
        let name = wide.strip_prefix("files/").unwrap();
        assert!(name.len() <= 255 && name.ends_with(".pdf"), "{} bytes", name.len());
        assert_eq!(attachment(7, "Jane Doe divorce.PDF", true), "files/0007.pdf");
        assert_eq!(attachment(8, "x.svg", true), "files/0008.svg.file");
    }

    #[test]
    fn devices_and_twins_get_other_names() {
        assert_eq!(part("con.sql"), "_con.sql");
        assert_eq!(part("LPT³"), "_LPT³");
        assert_eq!(part("console"), "console");
        let mut taken = Taken::default();
        assert_eq!(taken.base("ticketing", "tickets"), "ticketing.tickets");
        assert_eq!(taken.base("Ticketing", "TICKETS"), "Ticketing.TICKETS~2");
        assert_eq!(taken.base("nul", "../x"), "_nul.x");
        assert_eq!(taken.base("", "\u{1F600}"), "unnamed.unnamed");
    }
}
