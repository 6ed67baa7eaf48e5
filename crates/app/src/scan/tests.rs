use std::io::Write as _;

use super::*;
use render::scan::ScanFinding;

const MAILS: &str = "contact.email";

fn wish(targets: &[&Path]) -> Wish {
    Wish {
        targets: targets.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
        ..Wish::default()
    }
}

fn run(wish: &Wish) -> (ScanReport, Vec<ScanPart>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut parts = Vec::new();
    let folder = tempfile::tempdir().unwrap();
    let mut take = |part: &ScanPart| parts.push(part.clone());
    let scanning = scan(folder.path(), Means::of_this_machine(), wish, &mut take);
    let report = runtime.block_on(scanning).unwrap();
    (report, parts)
}

fn findings(parts: &[ScanPart]) -> Vec<&ScanFinding> {
    parts.iter().flat_map(|part| &part.findings).collect()
}

#[test]
fn lines_columns_and_offsets_are_those_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    // Short, and so long that it is read in pieces; a letter of two bytes before the value.
    for lines in [0_usize, 1, 7_000, 60_000] {
        let text = format!(
            "{}Zoë wrote to jane.doe@corp-mail.net today\n",
            "nothing here\n".repeat(lines)
        );
        let file = folder.path().join("a.txt");
        std::fs::write(&file, &text).unwrap();
        let (report, parts) = run(&wish(&[&file]));
        let found = findings(&parts);
        let found = found.iter().find(|found| found.kind == MAILS).unwrap();
        let at = text.find("jane").unwrap() as u64;
        assert_eq!(
            (found.line, found.column, found.offset),
            (Some(lines as u64 + 1), Some(14), Some(at)),
            "{lines}"
        );
        assert_eq!(found.length, 22);
        assert_eq!(report.found(MAILS).found, 1);
        assert_eq!(report.bytes, text.len() as u64);
    }
    // One line that is longer than what is kept of it.
    let text = format!("{}jane.doe@corp-mail.net\n", "word ".repeat(300_000));
    let file = folder.path().join("a.txt");
    std::fs::write(&file, &text).unwrap();
    let found = run(&wish(&[&file])).1;
    let found = findings(&found);
    let found = found.iter().find(|found| found.kind == MAILS).unwrap();
    assert_eq!((found.line, found.column), (Some(1), Some(1_500_001)));
}

#[test]
fn the_same_files_give_the_same_report() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..300 {
        let path = folder.path().join(format!("{}/{number}.txt", number % 7));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("person{number}@corp-mail.net ").repeat(number % 5)).unwrap();
    }
    let first = run(&wish(&[folder.path()]));
    assert_eq!(first.0.files, 300);
    assert_eq!(first, run(&wish(&[folder.path()])));
}

#[test]
fn values_are_masked_and_only_where_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    std::fs::write(&file, "mail\njane.doe@corp-mail.net\n").unwrap();
    for show in [false, true] {
        let (report, parts) = run(&Wish { show, ..wish(&[&file]) });
        let all = format!(
            "{report:?} {parts:?} {} {}",
            report.to_html(),
            report.to_text(render::Style::PLAIN)
        );
        assert!(!all.contains("jane.doe") && !all.contains("corp-mail.net"), "{all}");
        assert_eq!(findings(&parts)[0].shown.is_some(), show);
        assert_eq!(findings(&parts)[0].place(), format!("{}#mail", file.display()));
    }
}

#[test]
fn what_changed_is_looked_at_again_and_the_rest_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let since = tempfile::tempdir().unwrap().keep().join("state.json");
    std::fs::write(folder.path().join("a.txt"), "a.person@corp-mail.net").unwrap();
    std::fs::write(folder.path().join("b.txt"), "b.person@corp-mail.net").unwrap();
    let wish =
        Wish { since: Some(since.clone()), deny: vec![MAILS.into()], ..wish(&[folder.path()]) };
    let (report, _) = run(&wish);
    assert_eq!((report.files, report.unchanged, report.found(MAILS).found), (2, 0, 2));
    // The file holds no value.
    assert!(!std::fs::read_to_string(&since).unwrap().contains("corp-mail"));
    std::fs::write(
        folder.path().join("b.txt"),
        "b.person@corp-mail.net and c.person@corp-mail.net",
    )
    .unwrap();
    let (report, _) = run(&wish);
    assert_eq!((report.files, report.unchanged, report.found(MAILS).found), (1, 1, 3));
    // What was found before is still denied.
    std::fs::write(folder.path().join("b.txt"), "nobody").unwrap();
    let (report, _) = run(&wish);
    assert_eq!((report.found(MAILS).found, report.denied.as_slice()), (1, &[MAILS.to_owned()][..]));
    // Looked for otherwise, everything is looked at.
    assert_eq!(run(&Wish { least: 99, ..wish.clone() }).0.unchanged, 0);
    std::fs::write(&since, "{}").unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refused = runtime
        .block_on(scan(folder.path(), Means::of_this_machine(), &wish, &mut |_| {}))
        .unwrap_err();
    assert!(refused.to_string().contains("was not written by `upheld scan --since`"), "{refused}");
}

#[test]
fn names_that_mean_nothing_have_neighbours() {
    let known = choice::known(&[]).unwrap();
    for (name, near) in [
        ("contact.emial", "`contact.email`"),
        ("email", "`contact.email`"),
        ("finance", "`financial`"),
        ("xyzzy", "the families are"),
    ] {
        let error = choice::chosen(&[name.to_owned()], &known).unwrap_err().to_string();
        assert!(error.contains(near), "{name}: {error}");
    }
    assert!(choice::chosen(&["Contact".to_owned()], &known).unwrap().len() > 1);
}

#[test]
fn kinds_of_ones_own_are_found_and_what_is_wrong_with_them_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    std::fs::write(&file, "contract AC-123456 of jane@corp-mail.net; AC-99 is none").unwrap();
    let own = folder.path().join("ours.yaml");
    let kinds = r"
kinds:
- key: acme.contract
  title: Contract number
  category: user.account
  pattern: \bAC-\d{6}\b
  context: [contract]
  examples: [contract AC-000001]
  counter_examples: [AC-000001]
";
    std::fs::write(&own, kinds).unwrap();
    let wish = Wish { own: Some(own.clone()), ..wish(&[&file]) };
    let (report, parts) = run(&wish);
    assert_eq!((report.found("acme.contract").found, report.found(MAILS).found), (1, 1));
    assert_eq!(report.kinds["acme.contract"].title, "Contract number");
    let found = findings(&parts);
    let found = found.iter().find(|found| found.kind == "acme.contract").unwrap();
    assert_eq!((found.column, found.length), (Some(10), 9));
    // They can be chosen and denied by key and by family.
    let denied =
        Wish { deny: vec!["acme".to_owned()], kinds: vec!["acme".to_owned()], ..wish.clone() };
    let (report, _) = run(&denied);
    assert_eq!(report.denied, ["acme.contract"]);
    assert_eq!(report.found(MAILS).found, 0);
    for (from, to, said) in [
        ("contract AC-000001]", "AC-000001]", "example 1"),
        (r"\bAC", "(AC", "cannot be read"),
        ("user.account", "user.acount", "did you mean `user.account`?"),
        ("title:", "titel:", "did you mean `title`?"),
        ("acme.contract", "contract", "two parts"),
        ("  examples: [contract AC-000001]\n", "  examples: []\n", "nothing shows"),
    ] {
        std::fs::write(&own, kinds.replacen(from, to, 1)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut nothing = |_: &ScanPart| {};
        let scanning = scan(folder.path(), Means::of_this_machine(), &wish, &mut nothing);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let error = runtime.block_on(scanning).unwrap_err().to_string();
        assert!(error.contains(said) && error.contains("ours.yaml"), "{said}: {error}");
    }
}

#[test]
fn what_is_allowed_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    std::fs::write(&file, "info@corp-mail.net and jane@corp-mail.net and jane@other-mail.net")
        .unwrap();
    let allow = folder.path().join("allow");
    for (text, left) in [("# ours\ninfo@corp-mail.net\n", 2), ("@corp-mail.net\n", 1), ("", 3)] {
        std::fs::File::create(&allow).unwrap().write_all(text.as_bytes()).unwrap();
        let (report, _) = run(&Wish { allow: Some(allow.clone()), ..wish(&[&file]) });
        assert_eq!(report.found(MAILS).found, left, "{text}");
    }
}

#[test]
fn links_are_not_followed_and_targets_that_are_missing_are_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "jane@corp-mail.net").unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("round")).unwrap();
    std::os::unix::fs::symlink("a.txt", folder.path().join("link.txt")).unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    std::fs::write(folder.path().join(".git/config"), "mail@corp-mail.net").unwrap();
    let gone = folder.path().join("gone");
    let (report, _) = run(&wish(&[folder.path(), &gone]));
    assert_eq!(report.found(MAILS).found, 1);
    let why: Vec<&str> = report.unread.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(why.iter().filter(|why| why.contains("a link")).count(), 2, "{why:?}");
    assert_eq!(why.iter().filter(|why| why.contains("version control")).count(), 1, "{why:?}");
    // A link that is named is followed.
    let beside = tempfile::tempdir().unwrap();
    let link = beside.path().join("link");
    std::os::unix::fs::symlink(folder.path(), &link).unwrap();
    assert_eq!(run(&wish(&[&link])).0.found(MAILS).found, 1);
    assert!(report.errors[0].contains("there is no such file or folder"), "{:?}", report.errors);
}

#[test]
fn a_model_looks_too_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let model = tempfile::tempdir().unwrap();
    ner::tiny::Tiny::default().write(model.path()).unwrap();
    // Short, so that it is read whole; and long, in pieces.
    for lines in [0_usize, 9_000] {
        let text = format!("{}Zoë met Qorvandil Thistlewick\n", "nothing here\n".repeat(lines));
        std::fs::write(folder.path().join("a.txt"), &text).unwrap();
        std::fs::write(folder.path().join("b.csv"), "who,place\nQorvandil,a\nQorvandil,b\n")
            .unwrap();
        let settings = ModelSettings { path: model.path().to_owned(), ..ModelSettings::default() };
        let with = Wish { model: ModelWish::At(settings), ..wish(&[folder.path()]) };
        let (report, parts) = run(&with);
        let found = findings(&parts);
        let found: Vec<_> = found.iter().filter(|found| found.validated == "model").collect();
        let at = text.find("Qorv").unwrap() as u64;
        assert_eq!(
            (found[0].line, found[0].column, found[0].offset, found[0].length),
            (Some(lines as u64 + 1), Some(9), Some(at), 21)
        );
        assert_eq!((found[1].line, found[2].line, found.len()), (Some(2), Some(3), 3));
        assert_eq!(report.model.as_ref().unwrap().unreported, ["ORG"]);
        let told = report.to_text(render::Style::PLAIN);
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("looked too; what it calls ORG is not told."), "{told}");
        let without = run(&Wish { model: ModelWish::None, ..with });
        assert_eq!(without.0.model, None);
        let without = findings(&without.1);
        assert!(without.iter().all(|found| found.validated != "model"));
    }
}

#[test]
fn the_model_of_the_settings_is_taken_unless_another_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    std::fs::write(&file, "in Vexholm").unwrap();
    ner::tiny::Tiny::default().write(&folder.path().join("names")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let run = |wish: &Wish| {
        let means = Means::of_this_machine();
        runtime.block_on(scan(folder.path(), means, wish, &mut |_| {}))
    };
    let settings = folder.path().join("upheld.toml");
    let wish = Wish { since: Some(folder.path().join("state")), ..wish(&[&file]) };
    let report = run(&wish).unwrap();
    assert_eq!((report.model, report.unchanged), (None, 0));
    std::fs::write(&settings, "[model]\npath = \"names\"\n").unwrap();
    let report = run(&wish).unwrap();
    // What was found without a model does not count any more.
    assert_eq!((report.found("contact.address").found, report.unchanged), (0, 0));
    assert!(report.model.is_some());
    assert_eq!(run(&wish).unwrap().unchanged, 1);
    let labels = "[model]\npath = \"names\"\nlabels = { CITY = \"contact.address\" }\n";
    std::fs::write(&settings, labels).unwrap();
    let report = run(&wish).unwrap();
    assert_eq!((report.found("contact.address").found, report.unchanged), (1, 0));
    let none = Wish { model: ModelWish::None, ..wish.clone() };
    assert_eq!(run(&none).unwrap().model, None);
    for (text, said) in [
        ("[model]\npath = \"gone\"\n", "there is no such file or folder"),
        (
            "[model]\npath = \"names\"\nlabels = { CITY = \"contact.adress\" }\n",
            "did you mean `contact.address`",
        ),
        ("[model]\npath = \"names\"\nlabels = { TOWN = \"contact.address\" }\n", "no label `TOWN`"),
        ("[model]\nlabels = {}\n", "path"),
    ] {
        std::fs::write(&settings, text).unwrap();
        let error = run(&wish).unwrap_err().to_string();
        assert!(error.contains(said), "{said}: {error}");
    }
}
