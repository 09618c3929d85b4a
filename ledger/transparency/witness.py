"""The witness protocol (C2SP tlog-witness): what a log asks, and what a witness that keeps one checkpoint a log answers.

:func:`judge` decides and does nothing: the witness keeps the checkpoint, on disk, before it sends the answer.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence

import msgspec

from ledger.errors import BadInput, ProofBroken
from ledger.transparency.checkpoint import Checkpoint, read_checkpoint
from ledger.transparency.note import Note, VerifierKey, check_signed, read_note
from ledger.transparency.proof import check_consistency
from ledger.transparency.tree import EMPTY_ROOT, HASH_BYTES

SIZE_TYPE = "text/x.tlog.size"
"""Content type of the answer that says what size the witness knows."""
MOST_HASHES = 63
_OLD = re.compile("old (0|[1-9][0-9]{0,18})")


class Request(msgspec.Struct, frozen=True):
    """What ``add-checkpoint`` is given."""

    old: int
    """The size that the log believes the witness to know."""
    proof: tuple[bytes, ...]
    note: Note

    def encode(self) -> bytes:
        """The body of the request."""
        lines = "".join(f"{base64.b64encode(one).decode()}\n" for one in self.proof)
        return f"old {self.old}\n{lines}\n".encode() + self.note.encode()


class Seen(msgspec.Struct, frozen=True):
    """The last checkpoint of a log that a witness cosigned."""

    size: int
    root: bytes


class Refusal(msgspec.Struct, frozen=True):
    """Why a witness does not cosign: the HTTP status, and a sentence (for 409: the size it knows)."""

    status: int
    reason: str
    fork: bool = False
    """Whether the log signed two heads that cannot both be true: the request is evidence against the log."""


def read_request(body: bytes) -> Request:
    """A request from its bytes. ``BadInput`` when it is none."""
    head, blank, note = body.partition(b"\n\n")
    lines = head.decode("ascii", errors="replace").split("\n")
    old = _OLD.fullmatch(lines[0])
    if not blank or old is None:
        raise BadInput("the request begins with a line: old, a blank, and the size of the checkpoint before")
    if len(lines) - 1 > MOST_HASHES:
        raise BadInput(f"a proof has at most {MOST_HASHES} hashes, this has {len(lines) - 1}")
    try:
        proof = tuple(base64.b64decode(line, validate=True) for line in lines[1:])
    except (binascii.Error, ValueError) as error:
        raise BadInput("a line of the proof is no base64") from error
    if any(len(one) != HASH_BYTES for one in proof):
        raise BadInput(f"a hash of the proof has not {HASH_BYTES} bytes")
    return Request(int(old[1]), proof, read_note(note))


def judge(request: Request, trusted: Mapping[str, Sequence[VerifierKey]], seen: Mapping[str, Seen]) -> Checkpoint | Refusal:
    """The checkpoint that is to be kept and cosigned, or why not.

    ``trusted``: the keys of each log, by the log's name. ``seen``: what was cosigned last, by the log's name.
    """
    try:
        checkpoint = read_checkpoint(request.note.text)
    except BadInput as error:
        return Refusal(400, str(error))
    keys = trusted.get(checkpoint.origin)
    if not keys:
        return Refusal(404, f"this witness does not know the log {checkpoint.origin}")
    try:
        check_signed(request.note, keys)
    except ProofBroken as error:
        return Refusal(403, str(error))
    if request.old > checkpoint.size:
        return Refusal(400, f"the size before ({request.old}) is larger than that of the checkpoint ({checkpoint.size})")
    last = seen.get(checkpoint.origin, Seen(0, EMPTY_ROOT))
    if request.old != last.size:
        return Refusal(409, str(last.size))
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        return Refusal(422, "the root of an empty log is not this", fork=True)
    if checkpoint.size == last.size and checkpoint.root != last.root:
        return Refusal(422, f"this witness saw another root of {checkpoint.origin} at {last.size} entries: the log was forked", fork=True)
    try:
        check_consistency(last.size, checkpoint.size, request.proof, last.root, checkpoint.root)
    except ProofBroken as error:
        return Refusal(422, str(error))
    return checkpoint


def origin_hash(origin: str) -> str:
    """How a witness names a log in an address: SHA-256 of the log's name, in hexadecimal."""
    return hashlib.sha256(origin.encode()).hexdigest()
