#!/usr/bin/env python3
"""Runs the detector's peers over labelled texts: `run.py WORK FINDINGS FILE…`.

In WORK it makes, once, a Python environment with the packages below and builds the Rust program beside this file; both
come from the registries by their ordinary clients. What each peer found in each file is written to
FINDINGS/PEER/FILE. A peer that cannot be installed, or takes longer than LIMIT seconds for a file, is told with the
reason and left out. `cargo xtask peers` calls this and hands the findings to the scorer.
"""

import json
import os
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = {"presidio-analyzer": "2.2.366", "scrubadub": "2.0.1", "datafog": "4.9.0", "detect-secrets": "1.5.0"}
RUST = ["redact-core", "cloakrs", "pii"]
LIMIT = 900


def python(work, missing):
    """The interpreter of the environment, with whatever could be installed."""
    folder = work / "venv"
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True)
    interpreter = folder / "bin" / "python"
    there = subprocess.run([interpreter, "-m", "pip", "list", "--format", "json"], capture_output=True, text=True)
    there = {one["name"].replace("_", "-"): one["version"] for one in json.loads(there.stdout or "[]")}
    for name, version in PYTHON.items():
        if there.get(name) == version:
            continue
        made = subprocess.run([interpreter, "-m", "pip", "install", "-q", f"{name}=={version}"],
                              capture_output=True, text=True)
        if made.returncode:
            missing[name] = (made.stderr.strip().splitlines() or ["pip failed"])[-1]
    return interpreter


def rust(work, missing):
    """The program with the Rust peers, or None."""
    target = work / "rust"
    made = subprocess.run(["cargo", "build", "--quiet", "--release", "--locked", "--manifest-path",
                           HERE / "rust" / "Cargo.toml", "--target-dir", target], capture_output=True, text=True)
    if made.returncode:
        for name in RUST:
            missing[name] = (made.stderr.strip().splitlines() or ["cargo failed"])[-1]
        return None
    return target / "release" / "peers"


def main():
    work, findings = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    files = [pathlib.Path(word) for word in sys.argv[3:]]
    work.mkdir(parents=True, exist_ok=True)
    missing = {}
    interpreter, program = python(work, missing), rust(work, missing)
    commands = {name: [interpreter, HERE / "python_peers.py", name] for name in PYTHON}
    if program:
        commands.update({name: [program, name] for name in RUST})
    # datafog counts its calls for its makers unless it is told not to.
    environment = dict(os.environ, DATAFOG_NO_TELEMETRY="1", DO_NOT_TRACK="1", PYTHONWARNINGS="ignore")
    for name, command in commands.items():
        if name in missing:
            continue
        (findings / name).mkdir(parents=True, exist_ok=True)
        for file in files:
            print(f"{name}: {file.name}", flush=True)
            out = findings / name / (file.stem + ".jsonl")
            try:
                ran = subprocess.run([*command, file], capture_output=True, text=True, timeout=LIMIT, env=environment)
            except subprocess.TimeoutExpired:
                print(f"{name}: left out, {file.name} took longer than {LIMIT} s", flush=True)
                out.unlink(missing_ok=True)
                continue
            if ran.returncode:
                reason = (ran.stderr.strip().splitlines() or ["no message"])[-1]
                print(f"{name}: left out for {file.name}: {reason}", flush=True)
                out.unlink(missing_ok=True)
                continue
            out.write_text(ran.stdout, encoding="utf-8")
    for name, reason in missing.items():
        print(f"{name}: could not be installed: {reason}", flush=True)


if __name__ == "__main__":
    main()
