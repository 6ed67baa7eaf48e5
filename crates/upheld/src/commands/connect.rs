//! `upheld connect`

use std::process::ExitCode;

use app::connect_system::{Connected, Wish};
use app::{Error, House, Result};
use engine::discover::NoteKind;
use model::Secret;

use crate::args::Connect;
use crate::screen::Screen;

pub(crate) async fn run(house: &House, connect: Connect, screen: &Screen) -> Result<ExitCode> {
    let password = if connect.ask_password {
        let asked = screen.password(&format!("Password for {}:", connect.name));
        Some(Secret::new(asked.ok_or_else(|| Error::Refused("no password was given".to_owned()))?))
    } else {
        None
    };
    let wish = Wish {
        name: connect.name.clone(),
        url: connect.url,
        password,
        password_env: connect.password_env,
        read_only: connect.read_only,
        again: connect.again,
        ignore_map: connect.ignore_map,
        answer_yes: connect.yes,
    };
    let mut progress = |progress: engine::discover::Progress| {
        screen.busy(&format!("{} ({} of {})", progress.doing, progress.done, progress.of));
    };
    let connected = house.connect_system(wish, &mut progress).await?;
    screen.calm();
    tell(&connect.name, &connected, screen);
    Ok(ExitCode::SUCCESS)
}

/// What was found, in a few lines.
pub(crate) fn tell(name: &str, connected: &Connected, screen: &Screen) {
    let system = &connected.discovery.system;
    let searched: Vec<_> = system.collections.iter().filter(|c| c.skip.is_none()).collect();
    let fields: usize = searched.iter().map(|c| c.fields.len()).sum();
    let personal: usize =
        searched.iter().map(|c| c.fields.iter().filter(|f| f.is_personal()).count()).sum();
    let references: Vec<_> =
        searched.iter().flat_map(|c| &c.fields).flat_map(|field| &field.references).collect();
    let inferred = references.iter().filter(|r| r.inferred.is_some()).count();
    let questions = connected.discovery.questions();
    screen.json(&serde_json::json!({
        "system": name, "product": connected.product, "file": connected.file,
        "application": system.application, "collections": searched.len(),
        "left_out": system.collections.len() - searched.len(), "fields": fields,
        "personal_fields": personal, "references": references.len(), "inferred": inferred,
        "questions": questions, "account": connected.grants,
        "notes": connected.discovery.notes.iter().map(|n| serde_json::json!({
            "place": n.place, "says": n.says, "confidence": n.confidence })).collect::<Vec<_>>(),
    }));
    screen.say(&format!("{name}: {}", connected.product));
    if let Some(application) = &system.application {
        screen.say(&format!("  known application; the map {application} was used"));
    }
    screen.say(&format!(
        "  {} collections with {fields} fields, {personal} of them personal; {} left out",
        searched.len(),
        system.collections.len() - searched.len()
    ));
    screen.say(&format!(
        "  {} between them, {inferred} inferred from names and values",
        render::words::count(references.len() as u64, "reference", "references")
    ));
    for line in &connected.grants {
        screen.say(&format!("  {line}"));
    }
    if connected.to_measure {
        screen.say(&format!(
            "  `upheld doctor --grants {name}` writes the statements for an account made to measure"
        ));
    }
    for note in &connected.discovery.notes {
        let matters =
            matches!(note.kind, NoteKind::NotRead | NoteKind::Trigger | NoteKind::Question);
        if matters {
            screen.say(&format!("  ◆ {}: {}", note.place, note.says));
        }
    }
    screen.say(&format!("  written to {}", connected.file.display()));
    if questions > 0 {
        screen.say(&format!(
            "  {questions} question(s) for you in it: `upheld check` shows each with its line"
        ));
    }
}
