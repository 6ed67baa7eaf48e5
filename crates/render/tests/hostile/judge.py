"""Judges what people open, with readers that are not ours: names in archives, pages, tables, JSON and
what a terminal is given. Prints every fault; a fault is an exit code of 1."""

import csv
import html.parser
import io
import json
import re
import sys
import unicodedata
import zipfile
from pathlib import Path

FAULTS = []
LOOKED_AT = {"pages": 0, "tables": 0, "cells": 0, "json": 0, "archives": 0, "entries": 0, "texts": 0}
TAGS = set(
    """html head meta title style body main header footer section article nav aside h1 h2 h3 h4 h5 h6 p br
    hr a ul ol li dl dt dd table caption thead tbody tfoot tr th td colgroup col details summary span div
    strong em b i small code pre blockquote q cite abbr time mark sup sub figure figcaption wbr del ins
    data""".split()
)
# Invisible, or turning its neighbours round; controls are judged apart.
CONCEALED = re.compile("[\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])(\.|$)")


def fault(place, what):
    FAULTS.append(f"{place}: {what}".encode("unicode_escape").decode()[:300])


def harmless(place, text, allowed="\n\t"):
    for c in text:
        if unicodedata.category(c) == "Cc" and c not in allowed:
            return fault(place, f"the control {ord(c):#x} in {text[:80]!r}")
        if CONCEALED.match(c):
            return fault(place, f"the sign U+{ord(c):04X} in {text[:80]!r}")


class Page(html.parser.HTMLParser):
    def __init__(self, place):
        super().__init__(convert_charrefs=True)
        self.place, self.inside = place, []

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            fault(self.place, f"the element <{tag}>")
        self.inside.append(tag)
        for key, value in attrs:
            value = value or ""
            harmless(self.place, value)
            if key.startswith("on") or key in ("srcdoc", "style", "formaction", "src", "action", "background", "ping"):
                fault(self.place, f"the attribute {key}={value[:60]!r}")
            if key in ("href", "cite", "xlink:href"):
                bare = "".join(c for c in value if c > " ").lower()
                scheme = re.match(r"([a-z][a-z0-9+.-]*):", bare)
                if scheme and scheme[1] not in ("https", "http", "mailto"):
                    fault(self.place, f"a link to {value[:60]!r}")
                if bare.startswith("//"):
                    fault(self.place, f"a link to {value[:60]!r}")
            if tag == "meta" and key == "http-equiv" and value.lower() != "content-security-policy":
                fault(self.place, f"<meta http-equiv={value!r}>")

    def handle_data(self, data):
        if self.inside and self.inside[-1] == "style":
            if "url(" in data or "@import" in data or "</" in data:
                fault(self.place, "a style sheet that loads something")
        else:
            harmless(self.place, data, "\n\t\r")

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_comment(self, data):
        fault(self.place, f"a comment: {data[:60]!r}")

    def handle_decl(self, decl):
        if decl.lower() != "doctype html":
            fault(self.place, f"<!{decl[:60]}>")

    def handle_pi(self, data):
        fault(self.place, f"<?{data[:60]}>")

    def unknown_decl(self, data):
        fault(self.place, f"<![{data[:60]}]>")


def page(place, data):
    LOOKED_AT["pages"] += 1
    text = data.decode("utf-8")
    reader = Page(place)
    reader.feed(text)
    reader.close()
    if "Content-Security-Policy" not in text:
        fault(place, "no content security policy")


def table(place, data):
    LOOKED_AT["tables"] += 1
    if b"\0" in data:
        fault(place, "NUL in a table")
    text = data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if len({len(row) for row in rows}) > 1:
        fault(place, f"rows of {sorted({len(row) for row in rows})} cells")
    for row in rows:
        for cell in row:
            LOOKED_AT["cells"] += 1
            if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell):
                continue
            first = cell
            while first and (first[0].isspace() or unicodedata.category(first[0]) in ("Cc", "Cf")):
                first = first[1:]
            folded = unicodedata.normalize("NFKC", first[:1])
            if folded[:1] in ("=", "+", "-", "@", "\u2212") and folded:
                fault(place, f"a formula in {cell[:60]!r}")
            if cell[:1] in ("\t", "\r", "\n"):
                fault(place, f"a cell that begins with a control: {cell[:60]!r}")


def document(place, data, lines=False):
    LOOKED_AT["json"] += 1
    text = data.decode("utf-8")
    decoder = json.JSONDecoder(strict=True)
    at = 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        json.dumps(value, ensure_ascii=False).encode("utf-8")


def archive(place, data):
    LOOKED_AT["archives"] += 1
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        seen = set()
        for info in box.infolist():
            LOOKED_AT["entries"] += 1
            name = info.filename
            harmless(place, name, "")
            if name != unicodedata.normalize("NFC", name) and name in seen:
                fault(place, f"the name {name!r}")
            parts = name.rstrip("/").split("/")
            for part in parts:
                if part in ("", ".", "..") or part[-1] in ". " or part[0] in " ":
                    fault(place, f"the name {name!r}")
                if DEVICES.match(part) or re.search(r'[\\:<>|"?*]', part):
                    fault(place, f"the name {name!r}")
                if len(part.encode()) > 255:
                    fault(place, f"a name of {len(part.encode())} bytes")
            folded = unicodedata.normalize("NFKC", name).casefold()
            if folded in seen:
                fault(place, f"two entries of the name {name!r}")
            seen.add(folded)
            if (info.external_attr >> 16) & 0o170000 not in (0, 0o100000, 0o040000):
                fault(place, f"{name!r} is no plain file")
            judge(f"{place}!{name}", name, box.read(info))


def judge(place, name, data):
    ending = name.rsplit(".", 1)[-1].lower()
    try:
        if ending == "zip":
            archive(place, data)
        elif ending in ("html", "htm"):
            page(place, data)
        elif ending == "csv":
            table(place, data)
        elif ending in ("json", "jsonld"):
            document(place, data)
        elif ending == "terminal":
            LOOKED_AT["texts"] += 1
            harmless(place, data.decode("utf-8"), "\n")
        elif ending == "terminaljson":
            harmless(place, data.decode("utf-8"), "\n")
            document(place, data)
        elif ending == "txt":
            LOOKED_AT["texts"] += 1
            harmless(place, data.decode("utf-8-sig"), "\n\r\t")
    except Exception as error:  # whatever a reader trips over is a fault of what it read
        fault(place, f"{type(error).__name__}: {error}")


def main():
    for path in map(Path, sys.argv[1:]):
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            judge(file.name, file.name, file.read_bytes())
    print(json.dumps(LOOKED_AT))
    for line in FAULTS[:60]:
        print(line, file=sys.stderr)
    if FAULTS:
        print(f"{len(FAULTS)} faults", file=sys.stderr)
    sys.exit(1 if FAULTS else 0)


main()
