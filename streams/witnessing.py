"""A small witness (C2SP tlog-witness): it keeps the last checkpoint of each log that it was told of, and cosigns only growth.

It is a process of its own, on a machine that the log's operator does not run, with a folder of its own:

    witness.key     its secret key, readable by its owner alone
    NAME            its name
    logs            the public keys of the logs that it knows, one a line
    seen/           by log, the last checkpoint that it cosigned
    contradicted/   requests of a known log that it could not cosign: evidence

What it cosigned is on the disk before it answers. Nothing is ever taken back: a log that shows an older or another past is refused.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
from pathlib import Path

import msgspec

from ledger.errors import AlreadyRunning, BadInput, DataFolderError
from ledger.transparency.checkpoint import Checkpoint, read_checkpoint
from ledger.transparency.cosignature import cosign
from ledger.transparency.note import (
    COSIGNATURE,
    ED25519,
    SEED_BYTES,
    Note,
    SigningKey,
    VerifierKey,
    check_name,
    read_note,
    read_verifier_key,
)
from ledger.transparency.witness import SIZE_TYPE, Refusal, Request, Seen, judge, origin_hash, read_request
from streams.clock import Clock, SystemClock
from streams.durable import write_durably
from streams.entropy import Entropy

log = logging.getLogger(__name__)

TEXT = "text/plain; charset=utf-8"


class Answer(msgspec.Struct, frozen=True):
    """What the witness answers."""

    status: int
    body: bytes
    content_type: str = TEXT


class Kept(msgspec.Struct, frozen=True):
    """The last checkpoint of a log that the witness cosigned."""

    checkpoint: Checkpoint
    note: Note


class Witness:
    """An opened witness. With ``hold`` it is the one process that cosigns; without, it is only looked at."""

    def __init__(self, folder: Path, *, name: str | None = None, hold: bool = True, clock: Clock | None = None) -> None:
        """Open the folder, making it when it is new. ``name`` is for a new one; None makes one from its key.

        :raises AlreadyRunning: another process cosigns on it.
        :raises DataFolderError: it is no folder of a witness, has another name, or cannot be written.
        """
        self.folder = folder.absolute()
        self._clock = clock or SystemClock()
        self._lock: int | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if hold:
                self._hold()
            self.key = self._key(name)
            for sub in ("seen", "contradicted"):
                (self.folder / sub).mkdir(exist_ok=True)
        except OSError as error:
            self.close()
            raise DataFolderError(f"the folder {self.folder} cannot be used: {error.strerror}; name another with --data") from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Witness:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the logs that it knows ---------------------------------------------------------------------------------------

    def trust(self, text: str) -> VerifierKey:
        """Cosign for the log with this public key; a running witness knows it at once. ``BadInput`` when it is no key of a log."""
        key = read_verifier_key(text)
        if key.algorithm != ED25519:
            raise BadInput(f"{key.name} is the key of a witness, not of a log")
        if key not in self.logs():
            write_durably(self.folder / "logs", "".join(f"{one.text}\n" for one in (*self.logs(), key)).encode())
        return key

    def logs(self) -> list[VerifierKey]:
        """The keys of the logs that it knows."""
        try:
            return [read_verifier_key(line) for line in (self.folder / "logs").read_text().splitlines() if line.strip()]
        except FileNotFoundError:
            return []

    def kept(self, hashed: str) -> Kept | None:
        """What it cosigned last of the log whose name hashes to this; None when nothing."""
        try:
            note = read_note((self.folder / "seen" / hashed).read_bytes())
        except FileNotFoundError:
            return None
        return Kept(read_checkpoint(note.text), note)

    def contradictions(self) -> list[Path]:
        """The evidence that it keeps."""
        return sorted((self.folder / "contradicted").iterdir())

    # -- answering ----------------------------------------------------------------------------------------------------

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer one request. Not for several threads: what is checked and what is kept must be the same moment."""
        try:
            request = read_request(body)
        except BadInput as error:
            return Answer(400, f"{error}\n".encode())
        trusted: dict[str, list[VerifierKey]] = {}
        for key in self.logs():
            trusted.setdefault(key.name, []).append(key)
        origin = request.note.text.partition("\n")[0]
        hashed = origin_hash(origin)
        kept = self.kept(hashed) if origin in trusted else None
        judged = judge(request, trusted, {origin: Seen(kept.checkpoint.size, kept.checkpoint.root)} if kept else {})
        if isinstance(judged, Refusal):
            return self._refused(request, judged, origin)
        line = cosign(request.note.text, self.key, self._clock.now())
        theirs = [one for one in request.note.signatures if any(key.made(one) for key in trusted[origin])]
        write_durably(self.folder / "seen" / hashed, Note(request.note.text, (*theirs, line)).encode())
        return Answer(200, f"{line.line}\n".encode())

    def _refused(self, request: Request, refusal: Refusal, origin: str) -> Answer:
        if refusal.status == 422:
            named = hashlib.sha256(request.note.text.encode()).hexdigest()
            log.error("the log %s showed a checkpoint that contradicts what it showed before: %s", origin, refusal.reason)
            write_durably(self.folder / "contradicted" / named, request.encode())
        return Answer(refusal.status, f"{refusal.reason}\n".encode(), SIZE_TYPE if refusal.status == 409 else TEXT)

    # -- the folder ---------------------------------------------------------------------------------------------------

    def _hold(self) -> None:
        self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise AlreadyRunning(f"a witness already runs on {self.folder}: use that one, or name another folder with --data") from None

    def _key(self, name: str | None) -> SigningKey:
        file, named = self.folder / "witness.key", self.folder / "NAME"
        if not named.exists():
            if (self.folder / "FORMAT").exists():
                raise DataFolderError(f"{self.folder} is the data folder of a ledger: a witness has one of its own")
            if not file.exists() or file.stat().st_size < SEED_BYTES:
                write_durably(file, Entropy().take(SEED_BYTES))
            key = SigningKey("unnamed", file.read_bytes(), COSIGNATURE)
            chosen = name or f"witness/{hashlib.sha256(key.verifier.public).hexdigest()[:16]}"
            check_name(chosen)
            write_durably(named, f"{chosen}\n".encode())
        called = named.read_text().strip()
        if name is not None and name != called:
            raise DataFolderError(f"the witness in {self.folder} is called {called}, and not {name}: its name never changes")
        seed = file.read_bytes()
        if len(seed) != SEED_BYTES:
            raise DataFolderError(f"{file} is damaged: restore it from its backup")
        return SigningKey(called, seed, COSIGNATURE)
