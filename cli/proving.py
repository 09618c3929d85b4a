"""What ``ledger checkpoint`` and ``ledger prove`` do."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from cli.client import LedgerClient, decoded, find
from cli.output import answer, answer_json, say, table
from ledger.errors import LedgerError, NotFound, ProofBroken, UsageError
from ledger.transparency.checkpoint import open_checkpoint
from ledger.transparency.note import read_verifier_key
from ledger.transparency.proof_text import read_proof


class Cosignature(msgspec.Struct, frozen=True):
    """A witness's line."""

    witness: str
    key_id: str
    line: str
    at: datetime | None


class Checkpoint(msgspec.Struct, frozen=True):
    """A checkpoint as the ledger answers it."""

    origin: str
    size: int
    root: str
    signed_at: datetime
    note: str
    cosignatures: list[Cosignature]


class Checkpoints(msgspec.Struct, frozen=True):
    """What /api/checkpoints answers."""

    key: str
    checkpoints: list[Checkpoint]
    fault: str | None
    witnesses: dict[str, str]


class CheckpointAnswer(Checkpoint, frozen=True):
    """What ``ledger checkpoint --json`` answers."""

    key: str


class KeyAnswer(msgspec.Struct, frozen=True):
    """What ``ledger checkpoint --key --json`` answers."""

    key: str


class ProofAnswer(msgspec.Struct, frozen=True):
    """What ``ledger prove --json`` answers."""

    position: int
    index: int
    """The leaf: the position minus 1."""
    commitment: str
    """The leaf's data, in hexadecimal."""
    hashes: list[str]
    size: int
    root: str
    key: str
    proof: str
    """The same as a file."""


def key(*, data: Path, as_json: bool) -> None:
    """Print the public key."""
    with LedgerClient(find(data)) as ledger:
        text = ledger.get("/tlog/key").decode().strip()
    if as_json:
        answer_json(msgspec.json.encode(KeyAnswer(text)))
    else:
        answer(text)


def checkpoint(*, now: bool, data: Path, as_json: bool) -> None:
    """Print the newest checkpoint, after checking that the log signed it."""
    with LedgerClient(find(data)) as ledger:
        body = ledger.post("/api/checkpoints") if now else ledger.get("/api/checkpoints", limit=1)
        told = decoded(body, Checkpoints)
    if told.fault is not None:
        say(f"This log signs nothing any more: {told.fault}")
    if not told.checkpoints:
        raise NotFound("there is no checkpoint yet; try again in a moment, or use --now")
    newest = told.checkpoints[0]
    open_checkpoint(newest.note.encode(), read_verifier_key(told.key))
    for witness, reason in told.witnesses.items():
        say(f"The witness {witness} did not cosign: {reason}")
    if as_json:
        answer_json(msgspec.json.encode(CheckpointAnswer(**msgspec.structs.asdict(newest), key=told.key)))
    else:
        answer(newest.note.removesuffix("\n"))
    if told.fault is not None:
        raise LedgerError("the ledger is not what its log signed before: run ledger verify")


def history(count: int, *, data: Path, as_json: bool) -> None:
    """List checkpoints, the newest first."""
    with LedgerClient(find(data)) as ledger:
        body = ledger.get("/api/checkpoints", limit=count)
    if as_json:
        answer_json(body)
        return
    told = decoded(body, Checkpoints)
    table(
        ("entries", "root", "signed at", "cosigned by"),
        [
            (
                str(one.size),
                one.root,
                one.signed_at.isoformat(timespec="seconds"),
                ", ".join(line.witness for line in one.cosignatures) or "–",
            )
            for one in told.checkpoints
        ],
        right=("entries",),
    )


def prove(position: int, *, out: Path | None, data: Path, as_json: bool) -> None:
    """Fetch a proof, check it and hand it on."""
    with LedgerClient(find(data)) as ledger:
        public = ledger.get("/tlog/key").decode().strip()
        try:
            content = ledger.get(f"/tlog/proof/{position}")
        except NotFound:
            newest = decoded(ledger.post("/api/checkpoints"), Checkpoints).checkpoints[0]
            if position > newest.size:
                raise NotFound(f"there is no entry at position {position}: the last is {newest.size}") from None
            content = ledger.get(f"/tlog/proof/{position}")
    proof = read_proof(content)
    if proof.index != position - 1 or proof.extra is None:
        raise ProofBroken(f"the ledger answered the proof of another entry than {position}")
    head = proof.check(proof.extra, read_verifier_key(public))
    if out is not None:
        try:
            out.write_bytes(content)
        except OSError as error:
            raise UsageError(f"{out} cannot be written: {error.strerror}; name another file with --out") from error
    if as_json:
        told = ProofAnswer(
            position=position,
            index=proof.index,
            commitment=proof.extra.hex(),
            hashes=[one.hex() for one in proof.hashes],
            size=head.size,
            root=head.root.hex(),
            key=public,
            proof=content.decode(),
        )
        answer_json(msgspec.json.encode(told))
    elif out is not None:
        answer(f"The entry at position {position} is in the log of {head.size} entries; {out} proves it.")
    else:
        answer(content.decode().removesuffix("\n"))
