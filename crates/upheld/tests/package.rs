//! The Debian package, made from the real program and taken apart with Debian's own tools.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails where something is not as it must be, and waits for processes"
)]

mod common;

use std::path::Path;
use std::process::Command;

/// What a command prints; it must succeed.
fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{command:?}: {text}");
    text
}

#[test]
fn the_package_holds_a_program_that_runs_and_a_service_that_may_do_little() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = common::empty_folder("package");
    let package = folder.join("upheld.deb");
    let script = top.join("scripts/debian-package.sh");
    said(Command::new(script).arg(env!("CARGO_BIN_EXE_upheld")).arg(&package));
    let info = said(Command::new("dpkg-deb").arg("-I").arg(&package));
    assert!(info.contains("Package: upheld") && info.contains("Depends: libc6 (>= 2."), "{info}");
    let root = folder.join("root");
    said(Command::new("dpkg-deb").arg("-x").arg(&package).arg(&root));
    let program = root.join("usr/bin/upheld");
    assert!(said(Command::new(&program).arg("--version")).starts_with("upheld "));
    for script in ["postinst", "prerm", "postrm"] {
        said(Command::new("sh").arg("-n").arg(top.join("packaging/debian").join(script)));
    }
    // The unit as systemd reads it: without a mistake, and as little exposed as a server can be.
    let unit = root.join("usr/lib/systemd/system/upheld.service");
    let text = std::fs::read_to_string(&unit).unwrap();
    let here = text.replace("/usr/bin/upheld", &program.to_string_lossy());
    let tried = folder.join("upheld.service");
    std::fs::write(&tried, here).unwrap();
    let verified = said(Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&tried));
    assert!(!verified.contains("upheld.service"), "{verified}");
    let judged =
        said(Command::new("systemd-analyze").args(["security", "--offline=true"]).arg(&tried));
    let level = judged.split("exposure level for upheld.service:").nth(1).unwrap();
    let level: f64 = level.split_whitespace().next().unwrap().parse().unwrap();
    assert!(level <= 2.0, "{judged}");
}
