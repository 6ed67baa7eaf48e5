//! `upheld demo`: a complete sample MSP, and the main job on it from end to end.

use std::path::Path;
use std::process::ExitCode;

use app::attest::Given;
use app::clock::Arrival;
use app::connect_system::Wish;
use app::request::{Asked, Came, Leave};
use app::retain::RunLeave;
use app::{Result, demo, status};
use model::{Identity, IdentityKind};
use plan::RequestKind;
use render::coverage::{Coverage, State};

use crate::args::Demo;
use crate::commands::{code, ledger, means, request, retain};
use crate::screen::Screen;

pub(crate) async fn run(wish: &Demo, screen: &Screen) -> Result<ExitCode> {
    let folder = &wish.folder;
    let number = render::words::number;
    screen.busy("making a sample MSP");
    let made = demo::build(
        folder,
        wish.people,
        means(screen).clock.now(),
        &|progress: app::demo::Progress| {
            screen.busy(&format!("{}: {} rows", progress.system, number(progress.rows)));
        },
    )
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
    heading(3, "Is the privacy notice true?", screen);
    let report = house.check()?;
    let errors = report.count(policy::Severity::Error);
    if let Some(coverage) = &report.coverage {
        screen.say(&format!(
            "  {} promises in the notice, {} sentence(s) without one; {errors} error(s) in the policy",
            coverage.promises().count(),
            coverage.tally().unquoted,
        ));
    }
    // A person's word stands behind what no machine can see.
    house
        .attest(Given {
            promise: "measures".to_owned(),
            by: "the security lead of the sample".to_owned(),
            ..Given::default()
        })
        .await?;
    // Every row is read: of two thousand a table the seven card numbers would show a few at best.
    let everything = status::Wish { full: true, ..status::Wish::default() };
    let before = house.status(&everything).await?;
    screen.calm();
    tell_status(&before, &folder.join("status.html"), screen);
    heading(4, "Tickets that should be gone go", screen);
    let leave = RunLeave {
        full_speed: true,
        out: Some(folder.join("destruction.json")),
        ..RunLeave::default()
    };
    let came = house.retain_run(leave).await?;
    screen.calm();
    retain::tell(came, &house, &screen.indented())?;
    let after = house.status(&everything).await?;
    screen.calm();
    for turned in &after.turned {
        let word = render::words::coverage::state;
        screen.say(&format!("  {}: {} → {}", turned.promise, word(turned.from), word(turned.to)));
    }
    tell_status(&after, &folder.join("status.html"), screen);
    let heroine = made.heroine();
    let who = || {
        vec![Identity::new(
            IdentityKind::Email,
            heroine.emails.first().copied().unwrap_or_default(),
        )]
    };
    heading(5, &format!("{} asks for a copy of her data", heroine.name), screen);
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
    heading(6, "She asks to be erased", screen);
    let certificate = folder.join("certificate.json");
    let standing = house.request(asked(RequestKind::Erasure), leave(&certificate)).await?;
    screen.calm();
    request::tell(&standing, &screen.indented());
    heading(7, "Anyone can check that this happened", screen);
    let checked = house.verify_ledger().await?;
    ledger::tell(&checked, &screen.indented());
    screen.say("");
    screen.say(&format!("Look around: upheld -C {} request list", folder.display()));
    screen.say(&format!("In a browser: upheld -C {} serve", folder.display()));
    let complete =
        matches!(&standing.came, Came::Erased { incomplete, .. } if incomplete.is_empty());
    Ok(code(complete && checked.holds))
}

/// How many promises stand how, and what is false now.
fn tell_status(coverage: &Coverage, page: &Path, screen: &Screen) {
    let tally = coverage.tally();
    let counts: Vec<String> = State::ALL
        .into_iter()
        .map(|state| {
            let word = render::words::coverage::state(state);
            let text = format!("{} {} {word}", state.sign(), tally.of(state));
            screen.style().state(state, &text)
        })
        .collect();
    screen.say(&format!("  {}", counts.join("   ")));
    let needy = [State::Broken, State::AtRisk]
        .into_iter()
        .flat_map(|state| coverage.promises().filter(move |promise| promise.state == state));
    for promise in needy {
        // One sentence here; the page has them all.
        let first = promise.reason.split_inclusive(". ").next().unwrap_or_default().trim_end();
        screen.say(&format!("  {} {}: {first}", promise.state.sign(), promise.id));
    }
    // A picture of what was just said; the run does not depend on it.
    drop(std::fs::write(page, coverage.to_html()));
    screen.say(&format!("  sentence by sentence: {}", page.display()));
}

fn heading(number: u32, text: &str, screen: &Screen) {
    screen.say("");
    screen.say(&screen.style().strong(&format!("{number}. {text}")));
}
