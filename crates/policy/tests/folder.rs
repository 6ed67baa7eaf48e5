//! Whole folders, good and bad.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::{DataType, IdentityKind, TableName};
use policy::{
    Also, Collection, EraseField, EraseRows, Field, FieldPath, Inference, Keep, Period, PeriodUnit,
    Reference, Severity, Sources, System, SystemFile, Tie, Travel, When, load, packs, read_folder,
    read_system, render, schemas, write_system,
};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn base() -> Sources {
    read_folder(&tests().join("base")).unwrap()
}

/// Compares with a file, or writes it when `UPDATE_GOLDEN` is set.
fn golden(path: &Path, text: &str) -> Result<(), String> {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, text).unwrap();
    }
    let wanted = std::fs::read_to_string(path).unwrap_or_default();
    if wanted == text {
        return Ok(());
    }
    Err(format!("{} differs; it is now:\n{text}\n(UPDATE_GOLDEN=1 accepts it)", path.display()))
}

#[test]
fn a_sound_folder_has_no_findings() {
    let checked = load(&base());
    assert_eq!(render(&checked.findings, false, 100), "");
    let policy = checked.policy.unwrap();
    let tickets = policy.collection("desk", "tickets").unwrap();
    let keep = Keep {
        period: Period { count: 7, unit: PeriodUnit::Years },
        from: "created".to_owned(),
        because: "tax law".to_owned(),
        inferred: None,
    };
    assert_eq!(tickets.keep, [keep], "how long and why come from the row");
    assert_eq!(tickets.erase_after, ["desk.users"]);
    assert_eq!(tickets.field("body").unwrap().class.as_deref(), Some("tickets"));
    assert!(tickets.field("body").unwrap().free_text);
    assert_eq!(tickets.field("created").unwrap().class.as_deref(), Some("bills"));
    assert_eq!(policy.row_of_collection("desk", "tickets").unwrap().key, "bills");
    assert_eq!(policy.system("desk").unwrap().purposes, ["essential.service"]);
    assert_eq!(policy.title_of_purpose("essential.service"), "Support");
    assert_eq!(policy.title_of_category("user.contact.email"), "e-mail address");
    assert_eq!(policy.recipients_of(policy.system("desk").unwrap()).len(), 1);
    assert!(policy.is_own_address("Ann@Mail.ACME-IT.example"));
    assert!(!policy.is_own_address("ann@notacme-it.example"));
    assert_eq!(policy.phone_calling_code(), Some("1"));
    let coverage = policy.coverage();
    let bare: Vec<&str> = coverage.without_promise.iter().map(|s| s.text.as_str()).collect();
    assert_eq!(bare, ["Bills are kept for 7 years.", "You can have your data deleted."]);
}

#[test]
fn every_bad_file_says_what_is_wrong_with_it() {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(tests().join("bad"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    cases.sort();
    assert!(cases.len() > 10);
    let mut wrong = Vec::new();
    for case in cases {
        let text = std::fs::read_to_string(&case).unwrap();
        let mut sources = base();
        // A case may hold several files, each headed by its name.
        assert!(text.starts_with("# file: "), "{}", case.display());
        for part in text.split("# file: ").skip(1) {
            let name = part.lines().next().unwrap().to_owned();
            sources.insert(name, format!("# file: {part}"));
        }
        let checked = load(&sources);
        assert!(!checked.findings.is_empty(), "{}", case.display());
        let has_error = checked.count(Severity::Error) > 0;
        assert_eq!(checked.policy.is_none(), has_error, "{}", case.display());
        let printed = render(&checked.findings, false, 100);
        assert!(!printed.contains("[unread]"), "the schema let something pass: {printed}");
        wrong.extend(golden(&case.with_extension("txt"), &printed).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_broken_file_hides_nothing_of_another() {
    let mut sources = base();
    sources.insert("recipients.yaml", "recipients: [\n");
    sources.insert("systems/broken.yaml", "dataset: {\n");
    sources.insert("systems/desk2.yaml", "dataset:\n  - fides_key: desk2\n    colections: []\n");
    sources.insert("promises.yaml", "promises:\n  - id: x\n    quote: not there at all\n");
    let findings = load(&sources).findings;
    let files: Vec<&str> = findings.iter().map(|f| f.file.as_str()).collect();
    for file in ["recipients.yaml", "systems/broken.yaml", "systems/desk2.yaml", "promises.yaml"] {
        assert!(files.contains(&file), "{file} is not in {files:?}");
    }
    assert!(
        !files.contains(&"systems/desk.yaml"),
        "what another file would say is not held against it"
    );
}

#[test]
fn an_empty_folder_and_a_folder_of_nonsense_are_told_so() {
    assert_eq!(load(&Sources::new()).count(Severity::Error), 1);
    for nonsense in
        ["", "[]", "7", "- a\n- b\n", "null", "\u{0}", "{", "? [a]\n: b\n", "a: &x\n  b: *x\n"]
    {
        let sources: Sources = [
            "policy.yaml",
            "promises.yaml",
            "classification.yaml",
            "recipients.yaml",
            "systems/x.yaml",
        ]
        .into_iter()
        .map(|name| (name, nonsense))
        .collect();
        let checked = load(&sources);
        assert!(checked.policy.is_none());
        assert!(checked.count(Severity::Error) >= 4, "{nonsense:?}");
    }
}

#[test]
fn what_is_not_text_is_named() {
    let folder = std::env::temp_dir().join(format!("upheld-policy-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("systems")).unwrap();
    std::fs::write(folder.join("policy.yaml"), [0xff, 0xfe, 0x00]).unwrap();
    std::fs::write(folder.join("systems/a.yaml"), "dataset: []\n").unwrap();
    let checked = load(&read_folder(&folder).unwrap());
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(checked.findings.iter().any(|f| f.file == "policy.yaml" && f.code == "unreadable"));
    assert!(checked.findings.iter().all(|f| f.code != "missing-file" || f.file != "policy.yaml"));
}

#[test]
fn each_pack_is_sound_and_says_what_a_promise_without_a_control_lacks() {
    for pack in packs() {
        let sources: Sources = pack.files().into_iter().collect();
        let checked = load(&sources);
        assert_eq!(render(&checked.findings, false, 100), "", "{}", pack.key);
        let policy = checked.policy.unwrap();
        let bare = policy.coverage().without_control;
        let silent: Vec<_> = bare.iter().filter(|p| p.note.is_none()).map(|p| &p.id).collect();
        assert!(silent.is_empty(), "{}: {silent:?}", pack.key);
        assert!(policy.promises.iter().all(|promise| promise.found.is_some()));
        for (name, text) in pack.files() {
            assert!(
                !name.ends_with(".yaml") || text.starts_with("# yaml-language-server: $schema=")
            );
        }
    }
}

#[test]
fn the_schemas_in_the_folder_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for (name, text) in schemas() {
        golden(&folder.join(name), &text).unwrap();
    }
}

#[test]
fn a_fides_dataset_is_read_as_it_is() {
    let text = std::fs::read_to_string(tests().join("fides/warehouse.yaml")).unwrap();
    let mut sources = base();
    sources.insert("systems/warehouse.yaml", text);
    let checked = load(&sources);
    assert_eq!(render(&checked.findings, false, 100), "");
    let policy = checked.policy.unwrap();
    let system = policy.system("warehouse").unwrap();
    assert_eq!(system.title, "Warehouse");
    let buyer = system.collection("buyer").unwrap();
    assert_eq!(buyer.table, TableName::new("public", "buyer"));
    let email = buyer.field("email").unwrap();
    assert_eq!(email.identity, Some(IdentityKind::Email));
    assert_eq!(email.data_type, Some(DataType::Text { max_chars: Some(80) }));
    assert!(buyer.field("id").unwrap().primary_key);
    assert_eq!(buyer.field("full_name").unwrap().erase, Some(EraseField::Text("gone!".to_owned())));
    let to = |collection: &str, field: &str| FieldPath {
        system: "warehouse".to_owned(),
        collection: collection.to_owned(),
        field: field.to_owned(),
    };
    let home = &buyer.field("home_id").unwrap().references[0];
    assert_eq!((&home.to, home.travel, home.tie), (&to("place", "id"), Travel::There, Tie::Own));
    let purchase = system.collection("purchase").unwrap();
    assert_eq!(purchase.erase, EraseRows::Delete);
    assert_eq!(purchase.erase_after, ["warehouse.buyer"]);
    assert_eq!(purchase.field("buyer_id").unwrap().references[0].travel, Travel::Here);
    let details = purchase.field("details").unwrap();
    assert_eq!(details.data_type, Some(DataType::Json));
    assert_eq!(details.categories, ["user.content.private", "user.financial.credit_card"]);
    assert_eq!(purchase.field("labels").unwrap().data_type, Some(DataType::Other));
    assert!(system.collection("audit").unwrap().skip.is_some());
    assert_eq!(
        system.collection("place").unwrap().field("street").unwrap().erase,
        Some(EraseField::Null)
    );
}

fn field(name: &str, categories: &[&str]) -> Field {
    Field {
        name: name.to_owned(),
        title: None,
        categories: categories.iter().map(|key| (*key).to_owned()).collect(),
        class: None,
        identity: None,
        primary_key: false,
        data_type: None,
        free_text: false,
        erase: None,
        references: Vec::new(),
    }
}

/// Everything a map can say, with the most awkward names.
fn awkward() -> System {
    let path = |collection: &str, field: &str| FieldPath {
        system: "odd".to_owned(),
        collection: collection.to_owned(),
        field: field.to_owned(),
    };
    let types = [
        DataType::Text { max_chars: None },
        DataType::Text { max_chars: Some(7) },
        DataType::Bytes { max_bytes: Some(9) },
        DataType::Bytes { max_bytes: None },
        DataType::Integer,
        DataType::Number,
        DataType::Boolean,
        DataType::Date,
        DataType::Timestamp,
        DataType::Time,
        DataType::Json,
        DataType::Uuid,
        DataType::Network,
        DataType::Enumeration,
        DataType::Other,
    ];
    let mut first: Vec<Field> = types
        .into_iter()
        .enumerate()
        .map(|(index, data_type)| Field {
            data_type: Some(data_type),
            ..field(&format!("t{index}"), &["system"])
        })
        .collect();
    let names = [
        "null",
        "yes",
        "1",
        "a: b",
        "# c",
        "e.f",
        "quo\"te",
        "línea\nneu",
        "-",
        " sp ",
        "日本",
        "{x}",
        "*y",
        "&z",
        "!t",
        "%p",
        "@q",
        "`r",
        "'s'",
        "\u{feff}\u{2028}\u{85}",
        "user.id",
    ];
    first.extend(names.iter().map(|name| field(name, &["user.name"])));
    let erasing = [
        EraseField::Null,
        EraseField::Text("null".to_owned()),
        EraseField::Random,
        EraseField::Hash,
        EraseField::Pseudonym,
        EraseField::Redact,
        EraseField::Keep("law: \"yes\"".to_owned()),
    ];
    first.extend(erasing.into_iter().enumerate().map(|(index, erase)| Field {
        erase: Some(erase),
        ..field(&format!("e{index}"), &["user.name", "user.contact"])
    }));
    let mut key = field("id", &["system"]);
    key.primary_key = true;
    let mut leads = field("leads", &["user.unique_id"]);
    leads.title = Some("Leads".to_owned());
    leads.identity = Some(IdentityKind::AccountId);
    leads.references = vec![
        Reference {
            to: path("first.one", "e.f"),
            also: vec![Also { here: "id".to_owned(), there: "1".to_owned() }],
            travel: Travel::Here,
            when: vec![
                When { column: "id".to_owned(), any_of: vec!["RT::User".to_owned()] },
                When { column: "leads".to_owned(), any_of: vec!["1".to_owned(), "no".to_owned()] },
            ],
            tie: Tie::Shared,
            inferred: Some(Inference {
                confidence: 72,
                reason: "named alike # \"so\"\nit is".to_owned(),
                confirmed: None,
            }),
        },
        Reference {
            to: path("second", "id"),
            also: Vec::new(),
            travel: Travel::Both,
            when: Vec::new(),
            tie: Tie::Own,
            inferred: Some(Inference {
                confidence: 100,
                reason: "same".to_owned(),
                confirmed: Some(false),
            }),
        },
    ];
    let mut wrote = field("wrote", &["user.content"]);
    wrote.free_text = false;
    let mut free = field("free", &["system"]);
    free.free_text = true;
    let collection = |name: &str, table: TableName, fields: Vec<Field>| Collection {
        name: name.to_owned(),
        title: "A title: with signs".to_owned(),
        table,
        erase: EraseRows::Fields,
        keep: Vec::new(),
        soft_delete: None,
        skip: None,
        erase_after: Vec::new(),
        class: None,
        retain: Vec::new(),
        source: None,
        fields,
    };
    let mut second =
        collection("second", TableName::new("s", "other.table"), vec![key, leads, wrote, free]);
    second.erase = EraseRows::Nothing("it is: the law".to_owned());
    let keep = |confirmed| Keep {
        period: Period { count: 90, unit: PeriodUnit::Days },
        from: "id".to_owned(),
        because: "law".to_owned(),
        inferred: Some(Inference {
            confidence: 70,
            reason: "it speaks of money".to_owned(),
            confirmed,
        }),
    };
    second.keep = vec![
        Keep { inferred: None, ..keep(None) },
        keep(None),
        keep(Some(true)),
        keep(Some(false)),
    ];
    second.soft_delete = Some("disabled = 1".to_owned());
    second.skip = Some("empty".to_owned());
    second.erase_after = vec!["odd.first.one".to_owned()];
    let mut third = collection("third", TableName::new("s", "third"), Vec::new());
    third.erase = EraseRows::Delete;
    System {
        key: "odd".to_owned(),
        title: "Odd".to_owned(),
        application: Some("odd/1".to_owned()),
        schema: Some("sha256:00".to_owned()),
        purposes: vec!["essential.service".to_owned()],
        source: Some("people: themselves".to_owned()),
        backups: Some("nightly".to_owned()),
        region: None,
        mechanism: None,
        accounts: Default::default(),
        at_rest: None,
        recipients: vec!["host".to_owned()],
        collections: vec![
            collection("first.one", TableName::new("s", "first.one"), first),
            second,
            third,
        ],
    }
}

#[test]
fn what_is_written_is_read_back_the_same() {
    for schema in ["s", ""] {
        let mut system = awkward();
        for collection in &mut system.collections {
            collection.table.schema = schema.to_owned();
        }
        if schema == "s" {
            system.collections[2].table.schema = "t".to_owned();
        }
        let guess =
            Inference { confidence: 60, reason: "looks so".to_owned(), confirmed: Some(true) };
        let guesses = BTreeMap::from([(("second".to_owned(), "wrote".to_owned()), guess)]);
        let file = SystemFile::of(&system, &guesses);
        let text = write_system(&file);
        let back = read_system("odd", &text).unwrap_or_else(|why| panic!("{why}\n{text}"));
        assert_eq!(back, system, "{text}");
        assert_eq!(write_system(&SystemFile::of(&back, &guesses)), text);
        assert!(
            text.contains("inferred:  # 72 %: named alike # \"so\" it is (is this so?"),
            "{text}"
        );
        assert!(text.contains("category_guess:  # 60 %: looks so\n"), "{text}");
    }
}
