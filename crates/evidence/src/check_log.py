"""Checks this log without any of the program that wrote it: Python's standard library alone.

    python3 check_log.py            every entry, every tile, and the root of the checkpoint
    python3 check_log.py FILE       one .tlog-proof as well

The signature is OpenSSL's to check: see README.txt.
"""

import base64
import hashlib
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent


def sha(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return sha(b"\x01" + left + right)


def root(hashes):
    """RFC 6962, section 2.1."""
    if not hashes:
        return sha(b"")
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node(root(hashes[:split]), root(hashes[split:]))


def path_of(index):
    groups = ["%03d" % (index % 1000)]
    while index >= 1000:
        index //= 1000
        groups.insert(0, "x%03d" % (index % 1000))
    return "/".join(groups)


def tile(level, index, width):
    name = "tile/%s/%s%s" % (level, path_of(index), "" if width == 256 else ".p/%d" % width)
    return (HERE / name).read_bytes(), name


def widths(count):
    full = [(index, 256) for index in range(count // 256)]
    return full + ([(count // 256, count % 256)] if count % 256 else [])


def entries(count):
    for index, width in widths(count):
        data, name = tile("entries", index, width)
        at, found = 0, 0
        while at < len(data):
            length = int.from_bytes(data[at : at + 2], "big")
            yield data[at + 2 : at + 2 + length]
            at, found = at + 2 + length, found + 1
        assert found == width and at == len(data), "%s holds %d entries" % (name, found)


def check_log():
    origin, size, expected = (HERE / "checkpoint").read_text().split("\n")[:3]
    level, hashes = 0, [sha(b"\x00" + entry) for entry in entries(int(size))]
    top = root(hashes)
    while hashes:
        above = []
        for index, width in widths(len(hashes)):
            data, name = tile(level, index, width)
            here = hashes[index * 256 : index * 256 + width]
            assert data == b"".join(here), "%s does not follow from what is below it" % name
            if width == 256:
                above.append(root(here))
        level, hashes = level + 1, above
    assert base64.b64encode(top).decode() == expected, "the root is not the signed one"
    print("%s: %s entries, all of them under the root of the checkpoint" % (origin, size))


def check_proof(name):
    head, checkpoint = pathlib.Path(name).read_text().split("\n\n", 1)
    first, extra, index, *path = head.split("\n")
    assert first == "c2sp.org/tlog-proof@v1"
    entry = base64.b64decode(extra.split(" ")[1])
    at, last = int(index.split(" ")[1]), int(checkpoint.split("\n")[1]) - 1
    top = sha(b"\x00" + entry)
    for sibling in map(base64.b64decode, path):
        if at & 1 or at == last:
            top = node(sibling, top)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            top = node(top, sibling)
        at, last = at >> 1, last >> 1
    expected = checkpoint.split("\n")[2]
    assert last == 0 and base64.b64encode(top).decode() == expected, "the proof does not hold"
    print("%s proves: %s" % (name, entry.decode()))


check_log()
for argument in sys.argv[1:]:
    check_proof(argument)
