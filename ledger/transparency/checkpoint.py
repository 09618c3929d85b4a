"""Checkpoints (C2SP tlog-checkpoint): the head of a log, as the text of a signed note."""

from __future__ import annotations

import base64
import binascii
import re

import msgspec

from ledger.errors import BadInput, ProofBroken
from ledger.transparency.note import Note, SigningKey, VerifierKey, check_signed, read_note, signed
from ledger.transparency.tree import HASH_BYTES

_SIZE = re.compile("0|[1-9][0-9]{0,18}")


class Checkpoint(msgspec.Struct, frozen=True):
    """How large a log is and what its root is then."""

    origin: str
    """The name of the log."""
    size: int
    """Leaves; in this ledger the position of the last entry that it covers."""
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def read_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from the text of a note. ``BadInput`` when it is none."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise BadInput("a checkpoint has three lines or more, none of them empty: the log's name, its size, its root")
    origin, size, root = lines[:3]
    if not _SIZE.fullmatch(size):
        raise BadInput(f"the checkpoint of {origin} has no size in its second line")
    try:
        content = base64.b64decode(root, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput(f"the root in the checkpoint of {origin} is no base64") from error
    if len(content) != HASH_BYTES:
        raise BadInput(f"the root in the checkpoint of {origin} has {len(content)} bytes, not {HASH_BYTES}")
    return Checkpoint(origin, int(size), content, tuple(lines[3:-1]))


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> Note:
    """The checkpoint signed by its log."""
    return signed(checkpoint.text, key)


def open_checkpoint(content: bytes, key: VerifierKey, *, origin: str | None = None) -> tuple[Checkpoint, Note]:
    """The checkpoint in a note that this log signed, and the note. ``origin`` is the log's name when it is not that of the key.

    :raises BadInput: it is no note, or no checkpoint.
    :raises ProofBroken: it is not signed by the key, or is about another log.
    """
    note = read_note(content)
    check_signed(note, [key])
    checkpoint = read_checkpoint(note.text)
    if checkpoint.origin != (origin or key.name):
        raise ProofBroken(f"the checkpoint is of the log {checkpoint.origin}, not of {origin or key.name}")
    return checkpoint, note
