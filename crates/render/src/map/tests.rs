use super::layout::{self, Layout, PAD, Placed, TOP};
use super::*;

fn party(key: &str, title: &str, abroad: bool) -> Party {
    Party { key: key.into(), title: title.into(), about: Some("processor, Canada".into()), abroad }
}

fn system(number: usize, subjects: usize, recipients: usize) -> MapSystem {
    let field = |name: &str, category: &str, proposed: Option<u8>| MapField {
        name: name.into(),
        categories: vec![category.into()],
        filled: Some(1_204),
        proposal: proposed.map(|confidence| Proposal {
            category: category.into(),
            confidence,
            from: vec![Origin::Name, Origin::Values],
            reason: "its name says so, and 97 of 100 samples look like it".into(),
        }),
    };
    let ends = |many: usize, lead: &str, seed: usize| -> Vec<Line> {
        (0..many)
            .filter(|at| (at + seed).is_multiple_of(3) || *at == seed % many.max(1))
            .map(|at| Line { party: format!("{lead}{at}"), inferred: at.is_multiple_of(2) })
            .collect()
    };
    MapSystem {
        key: format!("s{number}"),
        title: if number.is_multiple_of(7) {
            format!("The very long name of a system that nobody ever shortens, number {number}")
        } else {
            format!("System {number} <b>")
        },
        region: (!number.is_multiple_of(4)).then(|| "Canada".into()),
        abroad: number.is_multiple_of(5),
        reached: !number.is_multiple_of(9),
        source: Some("the people themselves".into()),
        from: ends(subjects, "p", number),
        to: ends(recipients, "r", number),
        collections: vec![MapCollection {
            name: "contacts".into(),
            title: "Contacts".into(),
            mapped: true,
            skipped: None,
            rows: 2_000,
            about: 50_000,
            whole: false,
            fields: vec![
                field("mail", "user.contact.email", Some(97)),
                field("name", "user.name", None),
                field("note", "user.content", None),
                field("ip", "user.device.ip_address", None),
                field("born", "user.demographic.date_of_birth", None),
                field("card", "user.financial.credit_card", None),
                field("pass", "user.authorization.password", None),
            ],
            others: 3,
        }],
    }
}

fn map(systems: usize, subjects: usize, recipients: usize) -> DataMap {
    let drift = |kind, id: &str, accepting: Option<&str>| Drift {
        id: id.into(),
        kind,
        place: "s1.leads".into(),
        says: "`s1.leads` is not in the map, and 2 fields of it hold e-mail address.".into(),
        confidence: 97,
        accepting: accepting.map(str::to_owned),
        to_do: accepting.is_none().then(|| "write `purposes: [KEY]` below `system:`".into()),
    };
    DataMap {
        organisation: "Northlight <IT>".into(),
        notice: "1".into(),
        checked_at: Micros(1_795_370_700_000_000),
        zone: Zone::named("America/Halifax").unwrap(),
        subjects: (0..subjects).map(|at| party(&format!("p{at}"), "Customers", false)).collect(),
        systems: (1..=systems).map(|at| system(at, subjects, recipients)).collect(),
        recipients: (0..recipients)
            .map(|at| party(&format!("r{at}"), "Cedarpoint Payments of the whole world", at == 1))
            .collect(),
        drift: vec![
            drift(DriftKind::NotInMap, "a1b2c3", Some("adds the collection to `systems/s1.yaml`")),
            drift(DriftKind::WithoutPurpose, "d4e5f6", None),
            drift(DriftKind::Question, "0718aa", Some("answers with yes")),
        ],
        unread: vec![Unread {
            place: "s1.<script>".into(),
            why: "the account may not read this table".into(),
        }],
    }
}

fn boxes(layout: &Layout) -> Vec<&Placed> {
    layout.givers.iter().chain(&layout.systems).chain(&layout.receivers).collect()
}

/// Nothing lies on anything else, at any size.
#[test]
fn boxes_and_lines_keep_apart() {
    for (systems, subjects, recipients) in
        [(0, 0, 0), (1, 0, 0), (1, 1, 1), (4, 3, 5), (7, 12, 1), (100, 9, 30), (3, 1, 60)]
    {
        let map = map(systems, subjects, recipients);
        let layout = layout::layout(&map);
        let boxes = boxes(&layout);
        let size = format!("{systems} systems, {subjects} subjects, {recipients} recipients");
        for (at, one) in boxes.iter().enumerate() {
            assert!(one.x >= 0 && one.x + one.width <= layout.width, "{size}: {one:?}");
            assert!(one.y >= TOP && one.y + one.height <= layout.height, "{size}: {one:?}");
            for other in boxes.iter().skip(at + 1) {
                let apart = one.x + one.width < other.x
                    || other.x + other.width < one.x
                    || one.y + one.height < other.y
                    || other.y + other.height < one.y;
                assert!(apart, "{size}: {one:?} lies on {other:?}");
            }
            for (line, next) in one.lines.iter().zip(one.lines.iter().skip(1)) {
                assert!(next.y - line.y >= 16, "{size}: lines of {one:?}");
            }
            for line in &one.lines {
                let figure = line.figure.as_deref().map_or(0, |text| layout::measure(text) + 4);
                let wide = layout::measure(&line.text) + figure;
                assert!(wide <= one.width - 2 * PAD + 8, "{size}: {:?} is too wide", line.text);
                assert!(line.y > one.y && line.y < one.y + one.height, "{size}: {line:?}");
            }
        }
        // Lanes: each at an x of its own, in no box.
        let mut lanes: Vec<i32> = layout.lanes.iter().map(|lane| lane.x).collect();
        let many = lanes.len();
        lanes.sort_unstable();
        lanes.dedup();
        assert_eq!(lanes.len(), many, "{size}");
        for lane in &layout.lanes {
            let in_box = |one: &&&Placed| lane.x >= one.x && lane.x <= one.x + one.width;
            assert!(boxes.iter().find(in_box).is_none(), "{size}: {lane:?}");
            assert!(lane.y1 >= TOP && lane.y2 <= layout.height, "{size}: {lane:?}");
        }
        // Ends: each system's at heights of their own, within its box.
        for (at, one) in layout.branches.iter().enumerate() {
            let of = layout
                .systems
                .iter()
                .find(|system| one.y > system.y && one.y < system.y + system.height);
            assert!(of.is_some(), "{size}: {one:?} ends nowhere");
            for other in layout.branches.iter().skip(at + 1) {
                let (left, right) = (one.x1.min(one.x2), one.x1.max(one.x2));
                let (other_left, other_right) = (other.x1.min(other.x2), other.x1.max(other.x2));
                let meet = left < other_right && other_left < right;
                assert!(!(meet && one.y == other.y), "{size}: {one:?} lies on {other:?}");
            }
        }
        for lane in &layout.lanes {
            let (left, right) = (lane.stem.0.min(lane.stem.1), lane.stem.0.max(lane.stem.1));
            for other in layout.branches.iter().filter(|one| one.party != lane.party) {
                let meet = left < other.x1.max(other.x2) && other.x1.min(other.x2) < right;
                assert!(!(meet && other.y == lane.stem_y), "{size}: {lane:?} lies on {other:?}");
            }
        }
        let lines: usize = map.systems.iter().map(|one| one.from.len() + one.to.len()).sum();
        assert_eq!(layout.branches.len(), lines, "{size}");
    }
}

#[test]
fn the_same_map_gives_the_same_picture_and_it_is_well_formed() {
    let map = map(4, 3, 5);
    let svg = map.to_svg();
    assert_eq!(svg, map.to_svg());
    let mut open: Vec<&str> = Vec::new();
    for tag in svg.split('<').skip(1) {
        let name = tag.split([' ', '>', '/']).find(|part| !part.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{tag}");
        } else if !tag.split('>').next().unwrap().ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    for wanted in ["role=\"img\"", "<title", "<desc", "Who gives data", "System 1 &lt;b&gt;"] {
        assert!(svg.contains(wanted), "{wanted}\n{svg}");
    }
}

#[test]
fn a_map_of_a_hundred_systems_names_the_parties_in_each_box() {
    let svg = map(100, 9, 30).to_svg();
    assert!(svg.contains("from: Customers") && svg.contains("to: Cedarpoint"));
    let small = map(4, 9, 30).to_svg();
    assert!(!small.contains("from: Customers"));
}

#[test]
fn the_page_loads_nothing_and_says_the_same_as_the_picture() {
    let map = map(4, 3, 5);
    let page = map.to_html();
    let text = page.split("</style>").nth(1).unwrap();
    for wanted in [
        "Northlight &lt;IT&gt;",
        "<svg",
        "The same as a table",
        "<code>upheld map accept a1b2c3</code> adds the collection",
        "s1.&lt;script&gt;",
        "1,204 of 2,000",
        "name and values",
        "not reached",
        "e-mail address",
        ">question<",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
    for bad in ["<script", " style=", "onload", "href=\"http", "src="] {
        assert!(!text.contains(bad), "{bad}");
    }
    // No two elements share an id.
    let mut ids: Vec<&str> =
        text.split(" id=\"").skip(1).filter_map(|t| t.split('"').next()).collect();
    let many = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), many);
}

#[test]
fn the_text_fits_a_terminal_and_tells_what_to_do() {
    let map = map(4, 3, 5);
    let text = map.to_text(crate::Style::PLAIN, true);
    assert!(text.lines().all(|line| crate::text::width(line) <= 100), "{text}");
    for wanted in [
        "a1b2c3",
        "`upheld map accept a1b2c3` adds the collection",
        "write `purposes: [KEY]`",
        "Map, notice and systems differ at 2 points.",
        "Not looked at",
        "s1.contacts.mail",
        "Questions that wait",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    let json = map.to_json();
    assert_eq!(json["differences"], 2);
    assert_eq!(json["systems"][0]["collections"][0]["fields"][0]["proposal"]["from"][1], "values");
    assert_eq!(group("user.contact.email"), "user.contact");
    assert_eq!(group("user.name"), "user.name");
}
