"""Cosignatures (C2SP tlog-cosignature, Ed25519): a witness says that it saw the log grow to this checkpoint, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from ledger.errors import ProofBroken
from ledger.transparency.note import COSIGNATURE, Note, Signature, SigningKey, VerifierKey

_CONTENT_BYTES = 8 + 64


class Cosigned(msgspec.Struct, frozen=True):
    """A cosignature that was checked."""

    witness: VerifierKey
    at: datetime
    """When the witness made it."""
    signature: Signature


def cosign(text: str, key: SigningKey, at: datetime) -> Signature:
    """A witness's line under the checkpoint with this text. The key is one of algorithm 4."""
    if key.verifier.algorithm != COSIGNATURE:
        raise ValueError(f"{key!r} is no key of a witness")
    seconds = int(at.timestamp())
    return key.line(seconds.to_bytes(8, "big") + key.sign(_message(seconds, text)))


def check_cosignatures(note: Note, witnesses: Iterable[VerifierKey]) -> tuple[Cosigned, ...]:
    """The cosignatures of these witnesses under a checkpoint; lines of others are passed over.

    :raises ProofBroken: a line of one of them does not fit.
    """
    found = []
    for witness in witnesses:
        for one in note.signatures:
            if not witness.made(one):
                continue
            if len(one.content) != _CONTENT_BYTES:
                raise ProofBroken(f"the cosignature of {witness.name} has {len(one.content)} bytes, not {_CONTENT_BYTES}")
            seconds = int.from_bytes(one.content[:8], "big")
            witness.check(_message(seconds, note.text), one.content[8:])
            try:
                at = datetime.fromtimestamp(seconds, UTC)
            except (ValueError, OverflowError, OSError) as error:
                raise ProofBroken(f"the cosignature of {witness.name} is of no time that can be") from error
            found.append(Cosigned(witness, at, one))
    return tuple(found)


def _message(seconds: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
