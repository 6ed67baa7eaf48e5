//! Which files are meant: `logs/*.log`, `**/*.csv`.

/// Whether a path matches: `*` stands for anything within one name, `?` for one character, `**`
/// for any number of folders.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    let path: Vec<&str> = path.split('/').collect();
    parts(&pattern, &path)
}

/// Keeps at once every place in the pattern that the path may have come to: many `**` cost no more
/// than one.
fn parts(pattern: &[&str], path: &[&str]) -> bool {
    let open = |at: usize| pattern.get(at) == Some(&"**");
    let mut here = vec![false; pattern.len() + 1];
    let enter = |here: &mut Vec<bool>, mut at: usize| {
        loop {
            if let Some(place) = here.get_mut(at) {
                *place = true;
            }
            if !open(at) {
                break;
            }
            at += 1;
        }
    };
    enter(&mut here, 0);
    for name in path {
        let mut next = vec![false; pattern.len() + 1];
        for (at, part) in pattern.iter().enumerate().filter(|(at, _)| here.get(*at) == Some(&true))
        {
            if *part == "**" {
                enter(&mut next, at);
            } else if name_fits(part, name) {
                enter(&mut next, at + 1);
            }
        }
        here = next;
    }
    here.last() == Some(&true)
}

/// One name, without looking back further than to the last `*`.
fn name_fits(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || name.get(n) == Some(c) => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    n = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

/// The name of a family of files: dates and counters become `*`, the ending of a compressed file
/// and of a rotated one goes. Folders are treated likewise.
pub(super) fn family(path: &str) -> String {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut out = String::new();
    for folder in folders.split('/').filter(|folder| !folder.is_empty()) {
        out.push_str(&without_numbers(folder));
        out.push('/');
    }
    out.push_str(&without_numbers(unrotated(name)));
    out
}

/// `access.log.2.gz`, `access.log-20240102` → `access.log`.
fn unrotated(name: &str) -> &str {
    let mut name = name.strip_suffix(".gz").unwrap_or(name);
    loop {
        let Some(at) = name.rfind(['.', '-']) else { return name };
        let (before, after) = (name.get(..at), name.get(at + 1..));
        let (Some(before), Some(after)) = (before, after) else { return name };
        let number = !after.is_empty() && after.bytes().all(|byte| byte.is_ascii_digit());
        // `2024-01-02.log` is a name; `app-2024.log` has its number before the ending.
        if !number || !before.contains('.') {
            return name;
        }
        name = before;
    }
}

fn without_numbers(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut word = String::new();
    let close = |word: &mut String, out: &mut String| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        // `20240102T030405`, `00017`, `2024`: numbers; `web1`, `mp3`: names.
        let number =
            digits > 0 && word.bytes().all(|b| b.is_ascii_digit() || b == b'T' || b == b'Z');
        if number {
            while out.ends_with(['-', '_', '.', ':', ' '])
                && out.trim_end_matches(['-', '_', '.', ':', ' ']).ends_with('*')
            {
                out.pop();
            }
            if !out.ends_with('*') {
                out.push('*');
            }
        } else {
            out.push_str(word);
        }
        word.clear();
    };
    for character in name.chars() {
        if character.is_alphanumeric() {
            word.push(character);
        } else {
            close(&mut word, &mut out);
            out.push(character);
        }
    }
    close(&mut word, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_files() {
        for (pattern, path, fits) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "x/a.csv", false),
            ("**/*.csv", "a.csv", true),
            ("**/*.csv", "x/y/a.csv", true),
            ("logs/*.log.gz", "logs/a-1.log.gz", true),
            ("logs/*.log.gz", "logs/a-1.log", false),
            ("logs/**", "logs/x/y", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b", "xxaxxbxx", false),
        ] {
            assert_eq!(matches(pattern, path), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn dates_and_counters_make_no_family_of_their_own() {
        for (path, wanted) in [
            ("access-2024-01-02.log.gz", "access-*.log"),
            ("access-2024-01-03.log", "access-*.log"),
            ("app.log", "app.log"),
            ("app.log.1", "app.log"),
            ("app.log.12.gz", "app.log"),
            ("app.log-20240102.gz", "app.log"),
            ("app.log-20240102", "app.log"),
            ("2024/01/web1.log", "*/*/web1.log"),
            ("2024-01-02.log", "*.log"),
            ("export_20240102T030405Z_00017.csv", "export_*.csv"),
            ("messages", "messages"),
            ("song.mp3", "song.mp3"),
            ("contacts.csv", "contacts.csv"),
        ] {
            assert_eq!(family(path), wanted, "{path}");
        }
    }
}
