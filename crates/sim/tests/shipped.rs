//! What is planted for the simulation is in no build but its own.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

#[test]
fn nothing_but_the_simulation_asks_for_planted_mistakes() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut looked_at = 0;
    for folder in fs::read_dir(crates).unwrap() {
        let manifest = folder.unwrap().path().join("Cargo.toml");
        let Ok(text) = fs::read_to_string(&manifest) else { continue };
        looked_at += 1;
        let name = text.lines().find_map(|line| line.strip_prefix("name = ")).unwrap();
        if text.contains("planted") {
            assert!(["\"model\"", "\"sim\""].contains(&name), "{name} asks for planted mistakes");
        }
        let depends = text.lines().any(|line| line.starts_with("sim"));
        assert!(!depends, "{name} depends on the simulation");
    }
    assert!(looked_at > 10, "only {looked_at} manifests");
    let all = fs::read_to_string(crates.parent().unwrap().join("Cargo.toml")).unwrap();
    assert!(!all.contains("planted"), "the workspace asks for planted mistakes");
}

/// Every name in the list stands in the code, and every one in the code in the list.
#[test]
fn the_list_of_planted_mistakes_is_the_code() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = std::collections::BTreeSet::new();
    let mut folders: Vec<_> =
        ["plan/src", "engine/src", "connect/src"].map(|name| crates.join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            for rest in text.split("planted::bug(\"").skip(1) {
                found.extend(rest.split_once('"').map(|(name, _)| name.to_owned()));
            }
        }
    }
    let listed: std::collections::BTreeSet<String> =
        sim::planted::ALL.iter().map(|bug| bug.name.to_owned()).collect();
    assert_eq!(found, listed);
    assert_eq!(listed.len(), sim::planted::ALL.len(), "a name stands twice");
}
