//! `upheld demo`: a complete sample MSP, and the main job on it from end to end.

use std::path::Path;
use std::process::ExitCode;

use app::clock::Arrival;
use app::connect_system::Wish;
use app::request::{Asked, Came, Leave};
use app::{Result, demo};
use model::{Identity, IdentityKind};
use plan::RequestKind;

use crate::args::Demo;
use crate::commands::{code, ledger, means, request};
use crate::screen::Screen;

pub(crate) async fn run(wish: &Demo, screen: &Screen) -> Result<ExitCode> {
    let folder = &wish.folder;
    let number = render::words::number;
    screen.busy("making a sample MSP");
    let made = demo::build(folder, wish.people, &|progress: app::demo::Progress| {
        screen.busy(&format!("{}: {} rows", progress.system, number(progress.rows)));
    })
    .await?;
    screen.calm();
    heading(1, "A sample MSP", screen);
    screen.say(&format!(
        "  {} people at {} client companies, nine years, {} rows in four systems: {}",
        number(u64::from(made.people)),
        number(made.companies),
        number(made.total_rows()),
        folder.display()
    ));
    let house = demo::open(folder, means(screen))?;
    heading(2, "Look into its systems", screen);
    for (name, connection) in demo::connections() {
        let look = Wish {
            name: name.to_owned(),
            url: connection.url,
            answer_yes: true,
            ..Wish::default()
        };
        let connected = house
            .connect_system(look, &mut |p| screen.busy(&format!("{name}: {}", p.doing)))
            .await?;
        screen.calm();
        let system = &connected.discovery.system;
        let references = system
            .collections
            .iter()
            .flat_map(|c| &c.fields)
            .map(|f| f.references.len())
            .sum::<usize>();
        screen.say(&format!(
            "  {name}: {} collections, {references} references between them, {} question(s) answered with yes",
            system.collections.len(),
            connected.answered
        ));
        for collection in system.collections.iter().filter(|c| !c.keep.is_empty()) {
            for keep in &collection.keep {
                screen.say(&format!(
                    "    {} stay for their time: {}",
                    collection.title, keep.because
                ));
            }
        }
    }
    heading(3, "Check the policy against the notice", screen);
    let report = house.check()?;
    let page = folder.join("check.html");
    if let Some(coverage) = &report.coverage {
        drop(std::fs::write(&page, coverage.to_html()));
        let tally = coverage.tally();
        screen.say(&format!(
            "  {} promises in the notice, {} sentences without one; {} error(s) in the policy",
            coverage.promises().count(),
            tally.unquoted,
            report.count(policy::Severity::Error)
        ));
        screen.say(&format!("  sentence by sentence: {}", page.display()));
    }
    let heroine = made.heroine();
    let who = || {
        vec![Identity::new(
            IdentityKind::Email,
            heroine.emails.first().copied().unwrap_or_default(),
        )]
    };
    heading(4, &format!("{} asks for a copy of her data", heroine.name), screen);
    let leave =
        |file: &Path| Leave { go_ahead: true, out: Some(file.to_owned()), ..Leave::default() };
    let asked =
        |kind| Asked { kind, identities: who(), plan_only: false, arrival: Arrival::default() };
    let package = folder.join("access.zip");
    let standing = house.request(asked(RequestKind::Access), leave(&package)).await?;
    screen.calm();
    request::tell(&standing, &screen.indented());
    if let Came::HandedOut { .. } = &standing.came {
        screen.say("  open index.html in it: nothing else is needed to read it");
    }
    heading(5, "She asks to be erased", screen);
    let certificate = folder.join("certificate.json");
    let standing = house.request(asked(RequestKind::Erasure), leave(&certificate)).await?;
    screen.calm();
    request::tell(&standing, &screen.indented());
    heading(6, "Anyone can check that this happened", screen);
    let checked = house.verify_ledger().await?;
    ledger::tell(&checked, &screen.indented());
    screen.say("");
    screen.say(&format!("Look around: upheld -C {} request list", folder.display()));
    let complete =
        matches!(&standing.came, Came::Erased { incomplete, .. } if incomplete.is_empty());
    Ok(code(complete && checked.holds))
}

fn heading(number: u32, text: &str, screen: &Screen) {
    screen.say("");
    screen.say(&screen.style().strong(&format!("{number}. {text}")));
}
