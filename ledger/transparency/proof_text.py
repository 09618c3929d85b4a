"""A proof in one file (C2SP tlog-proof): an entry's place, the hashes that prove it, and the checkpoint, checkable offline."""

from __future__ import annotations

import base64
import binascii
import re

import msgspec

from ledger.errors import BadInput
from ledger.transparency.checkpoint import Checkpoint, open_checkpoint
from ledger.transparency.note import Note, VerifierKey, read_note
from ledger.transparency.proof import check_inclusion
from ledger.transparency.tree import HASH_BYTES, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
_INDEX = re.compile("index (0|[1-9][0-9]{0,18})")


class InclusionProof(msgspec.Struct, frozen=True):
    """That a leaf is in a log."""

    index: int
    """Counted from 0: the entry's position minus 1."""
    hashes: tuple[bytes, ...]
    note: Note
    """The checkpoint, with its signatures."""
    extra: bytes | None = None
    """Bytes for the reader, which nothing vouches for: what the leaf is made of."""

    def encode(self) -> bytes:
        """The file."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines += [f"index {self.index}", *(base64.b64encode(one).decode() for one in self.hashes), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.note.encode()

    def check(self, data: bytes, key: VerifierKey, *, origin: str | None = None) -> Checkpoint:
        """The checkpoint of the log with this key, in which the leaf with this data stands. ``ProofBroken`` when it does not hold."""
        checkpoint, _ = open_checkpoint(self.note.encode(), key, origin=origin)
        check_inclusion(leaf_hash(data), self.index, checkpoint.size, self.hashes, checkpoint.root)
        return checkpoint


def read_proof(content: bytes) -> InclusionProof:
    """A proof from its file. ``BadInput`` when it is none."""
    head, blank, note = content.partition(b"\n\n")
    lines = head.decode("ascii", errors="replace").split("\n")
    if not blank or lines[0] != HEADER:
        raise BadInput(f"a proof begins with the line {HEADER} and has an empty line before its checkpoint")
    try:
        extra = None
        if lines[1:] and lines[1].startswith("extra "):
            extra = base64.b64decode(lines.pop(1).removeprefix("extra "), validate=True)
        index = _INDEX.fullmatch(lines[1] if lines[1:] else "")
        hashes = tuple(base64.b64decode(line, validate=True) for line in lines[2:])
    except (binascii.Error, ValueError) as error:
        raise BadInput("a line of the proof is no base64") from error
    if index is None or len(hashes) > MOST_HASHES or any(len(one) != HASH_BYTES for one in hashes):
        raise BadInput(f"a proof has a line that says the index, then at most {MOST_HASHES} hashes of {HASH_BYTES} bytes, one a line")
    return InclusionProof(int(index[1]), hashes, read_note(note), extra)
