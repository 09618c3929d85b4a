"""Checks a bundle of the trajectory ledger, offline, with nothing but the Python standard library (3.11 or newer).

    python3 verify_bundle.py FILE [--key LOG_KEY] [--witness KEY]…

Nothing of the ledger itself is used: this file is short so that it can be read before it is believed. docs/how-to/audit.md describes
the format. It prints what holds and exits with 0, or says what is wrong and exits with 1. Standards: RFC 8032 (Ed25519), RFC 9162
section 2.1 (Merkle tree and proofs), C2SP signed-note, tlog-checkpoint and tlog-cosignature.
"""

import argparse
import base64
import datetime
import hashlib
import json
import sys

FORMAT = "trajectory-ledger bundle 1"
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


class Wrong(Exception):
    """What does not hold."""


UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError)


def add(a, b):
    """The sum of two points of the curve of Ed25519 (RFC 8032, section 5.1.4)."""
    x = (a[1] - a[0]) * (b[1] - b[0]) % P
    y = (a[1] + a[0]) * (b[1] + b[0]) % P
    z, t = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, t - z, t + z, y + x
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(scalar, point):
    """A point, that many times."""
    sum_ = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            sum_ = add(sum_, point)
        point, scalar = add(point, point), scalar >> 1
    return sum_


def point_of(encoded):
    """The point that 32 bytes stand for."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise Wrong("a public key or signature holds no point of the curve")
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed_by(public, message, signature):
    """Whether the 64 bytes are the key's signature of the message."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
    left, right = times(s, BASE), add(point_of(r), times(k, point_of(public)))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def sha256(*parts):
    """SHA-256 of some bytes after each other."""
    return hashlib.sha256(b"".join(parts)).digest()


def root_of_inclusion(leaf, index, size, proof):
    """The root that a tree has which holds this leaf hash at that index (section 2.1.3.2)."""
    if not 0 <= index < size:
        raise Wrong(f"it cannot be in a tree of {size}")
    fn, sn, root = index, size - 1, leaf
    for one in proof:
        if sn == 0:
            raise Wrong("its proof is too long")
        if fn & 1 or fn == sn:
            root = sha256(b"\1", one, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = sha256(b"\1", root, one)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Wrong("its proof is too short")
    return root


def check_consistency(old, new, proof, old_root, new_root):
    """That the tree of ``new`` leaves grew from that of ``old`` (section 2.1.4.2)."""
    if old > new or (old == new and old_root != new_root) or (old == 0 and old_root != sha256()):
        raise Wrong(f"the tree of {new} leaves did not grow from that of {old}")
    if old in (0, new):
        return
    path = ([old_root] if old & (old - 1) == 0 else []) + list(proof)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    before = after = path[0] if path else b""
    for one in path[1:]:
        if sn == 0:
            raise Wrong("a consistency proof is too long")
        if fn & 1 or fn == sn:
            before, after = sha256(b"\1", one, before), sha256(b"\1", one, after)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            after = sha256(b"\1", after, one)
        fn, sn = fn >> 1, sn >> 1
    if sn or before != old_root or after != new_root:
        raise Wrong(f"the tree of {new} leaves did not grow from that of {old}: something before was changed")


def read_key(text):
    """A verifier key, ``name+number+key``: its name, number, algorithm and 32 bytes."""
    name, number, rest = text.strip().split("+", 2)
    content = base64.b64decode(rest)
    if number != sha256(name.encode(), b"\n", content)[:4].hex():
        raise Wrong(f"the key of {name} has a number that does not belong to it")
    return name, bytes.fromhex(number), content[0], content[1:]


def open_note(note, key):
    """The text of a note, and the moments at which this key signed it (None for a log, which tells none)."""
    name, number, algorithm, public = key
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    found = []
    for line in lines.splitlines():
        who, _, encoded = line[2:].partition(" ")
        content = base64.b64decode(encoded)
        if (who, content[:4]) != (name, number):
            continue
        moment, message, signature = None, text.encode(), content[4:]
        if algorithm == 4:
            seconds = int.from_bytes(content[4:12], "big")
            moment, signature = datetime.datetime.fromtimestamp(seconds, datetime.UTC), content[12:]
            message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
        if not signed_by(public, message, signature):
            raise Wrong(f"the signature of {name} does not fit")
        found.append(moment)
    return text, found


def read_checkpoint(note, key):
    """The size and root in a note that the log signed."""
    text, signatures = open_note(note, key)
    if not signatures:
        raise Wrong(f"{key[0]} did not sign the checkpoint")
    origin, size, root = text.splitlines()[:3]
    if origin != key[0]:
        raise Wrong(f"the checkpoint is of another log, {origin}")
    return int(size), base64.b64decode(root)


def check_entry(entry, size, root, versions):
    """One entry: its place in the tree and, when it is there, its content. Whether it was. ``versions[""]`` counts those without."""
    position, commitment = entry["position"], base64.b64decode(entry["commitment"])
    proof = [base64.b64decode(one) for one in entry["proof"]]
    if root_of_inclusion(sha256(b"\0", commitment), position - 1, size, proof) != root:
        raise Wrong(f"entry {position} is not the one that the log holds")
    if "canonical" not in entry:
        if versions is not None:
            versions[""] = versions.get("", 0) + 1
        return False
    if sha256(base64.b64decode(entry["salt"]), entry["canonical"].encode()) != commitment:
        raise Wrong(f"entry {position}: its content is not what the log committed to")
    content = json.loads(entry["canonical"])
    if content["position"] != position:
        raise Wrong(f"entry {position}: its content is that of entry {content['position']}")
    if versions is not None:
        missing = content["version"] - versions.get(content["stream"], 0) - 1
        if not 0 <= missing <= versions.get("", 0):
            raise Wrong(f"entry {position}: an earlier version of {content['stream']} was left out")
        versions[""], versions[content["stream"]] = versions.get("", 0) - missing, content["version"]
    return True


def check(lines, log, witnesses):
    """Check all lines; the sentences that hold."""
    header = json.loads(next(lines))["bundle"]
    if header["format"] != FORMAT:
        raise Wrong(f"the file is of the format {header['format']!r}")
    said = [f"bundle of {header['kind']} {header['of']}, made at {header['made_at']} by the ledger {header['ledger']}"]
    if log is None:
        said.append("NOTE: the log's key was taken from the bundle itself; compare it with the one published: " + header["log"])
    key = read_key(log or header["log"])
    size, root, entries, opened, ended = 0, b"", 0, 0, False
    versions = {} if header["kind"] == "person" else None
    for number, raw in enumerate(lines, 2):
        (name, value), *more = json.loads(raw).items()
        try:
            if more or ended:
                raise Wrong("it is one too many, or holds too much")
            if name == "checkpoint":
                size, root = read_checkpoint(value, key)
                said.append(f"checkpoint of {key[0]}: {size} entries, root {root.hex()}, signature good")
                for text in witnesses or header["witnesses"]:
                    witness = read_key(text)
                    said += [f"cosigned by {witness[0]} at {moment.isoformat()}" for moment in open_note(value, witness)[1]]
            elif name in ("earlier", "cut"):
                old = (
                    read_checkpoint(value["checkpoint"], key) if name == "earlier" else (value["position"], base64.b64decode(value["root"]))
                )
                check_consistency(old[0], size, [base64.b64decode(one) for one in value["proof"]], old[1], root)
                said.append(f"it grew from the {'checkpoint' if name == 'earlier' else 'log'} of {old[0]} entries, root {old[1].hex()}")
            elif name == "figure":
                said.append(f"the figure: {json.dumps(value, ensure_ascii=False)[:300]}")
            elif name == "entry":
                opened += check_entry(value, size, root, versions)
                entries += 1
            elif name == "end":
                ended = value["entries"] == entries
        except (Wrong, *UNREADABLE) as error:
            raise Wrong(f"line {number}: {error}") from error
    if not ended:
        raise Wrong("the bundle is not whole")
    return [*said, f"{entries} entries stand in that tree; the content of {opened} is there and is what the log committed to"]


def main():
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(description="Checks a bundle of the trajectory ledger.", allow_abbrev=False)
    parser.add_argument("file")
    parser.add_argument("--key", help="the log's public key, from where you trust it")
    parser.add_argument("--witness", action="append", help="the public key of a witness; may be repeated")
    given = parser.parse_args()
    try:
        with open(given.file, encoding="utf-8") as lines:
            print("\n".join(check(lines, given.key, given.witness)))
    except (Wrong, OSError, StopIteration, *UNREADABLE) as error:
        print(f"WRONG: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
