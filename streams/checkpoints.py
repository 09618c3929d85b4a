"""Checkpoints: the head of the tree signed, kept, cosigned by witnesses and then published.

The log signs nothing that contradicts what it signed before: each new checkpoint is first proved, from the tree as it stands in the
database, to have grown from the last. If it has not, somebody changed what was signed; nothing more is signed and the fault is told.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg
import msgspec

from ledger.errors import DataFolderError, LedgerError, ProofBroken, StoreUnavailable
from ledger.transparency.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.transparency.note import Note, SigningKey, VerifierKey, read_note, read_signatures
from ledger.transparency.proof import check_consistency
from ledger.transparency.proof_text import InclusionProof
from streams.clock import Clock, SystemClock
from streams.keys import Keys
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.settings import Settings, read_witnesses
from streams.tree import Tree
from streams.witnesses import Witnesses

log = logging.getLogger(__name__)

_LARGEST = 2**62
_ASK_AGAIN_SECONDS = 30.0
_TICK_SECONDS = 1.0


class Published(msgspec.Struct, frozen=True):
    """A checkpoint that everybody may see."""

    checkpoint: Checkpoint
    note: Note
    """As it is served: the log's signature, and the witnesses' cosignatures so far."""
    signed_at: datetime


def origin_of(key: VerifierKey) -> str:
    """The name of a log that was given none: made from its key, so that it stays what it is wherever the key goes."""
    return f"trajectory-ledger/{hashlib.sha256(key.public).hexdigest()[:16]}"


def log_key(keys: Keys, origin: str | None) -> SigningKey | None:
    """The key that signs as this log; None in a folder that has none yet."""
    if keys.log is None:
        return None
    return SigningKey(origin or origin_of(SigningKey("unnamed", keys.log).verifier), keys.log)


class Checkpoints:
    """The checkpoints of one ledger. Reading is for everybody; :meth:`publish` for the process that runs the sequencer."""

    def __init__(self, store: Store, settings: Settings | None = None, *, clock: Clock | None = None) -> None:
        """``clock``: of the moments of signing, the system's clock in a sandbox too."""
        self._store = store
        self._settings = settings or store.settings
        self._clock = clock or SystemClock()
        self._key = log_key(store.keys, self._settings.log_origin)
        self._turn = asyncio.Lock()
        self.tree = Tree(store.pool)
        self.witnesses = Witnesses(read_witnesses(self._settings.witnesses), patience=self._settings.witness_seconds)
        self.fault: str | None = None
        """Why nothing is signed any more; None when all is well."""

    @property
    def key(self) -> VerifierKey:
        """The public key of the log. ``DataFolderError`` when the folder has no key yet."""
        return self._signer.verifier

    @property
    def _signer(self) -> SigningKey:
        if self._key is None:
            raise DataFolderError("this data folder has no key to sign checkpoints with yet: start the ledger on it once")
        return self._key

    # -- reading ------------------------------------------------------------------------------------------------------

    async def latest(self) -> Published | None:
        """The newest; None before there is one."""
        return await self._one("published_checkpoint")

    async def covering(self, position: int) -> Published | None:
        """The first that covers a position; None when there is none yet."""
        return await self._one("checkpoint_of", position)

    async def size(self) -> int:
        """How many entries the newest covers: so much of the tree is public."""
        with plainly():
            size: int = await self._store.pool.fetchval(sql("published_size"))
        return size

    async def history(self, before: int | None = None, limit: int = 100) -> list[Published]:
        """A page of checkpoints smaller than a size, the newest first."""
        with plainly():
            rows = await self._store.pool.fetch(sql("checkpoints_before"), _LARGEST if before is None else before, limit)
        return await self._published(rows)

    async def prove(self, position: int) -> InclusionProof | None:
        """The proof that an entry is in the log, under the newest checkpoint; None when that does not cover it yet.

        The leaf's data, the commitment, is given with it.
        """
        latest = await self.latest()
        if latest is None or not 0 < position <= latest.checkpoint.size:
            return None
        hashes = await self.tree.inclusion(position - 1, latest.checkpoint.size)
        [leaf] = await self.tree.commitments(position - 1, 1)
        return InclusionProof(position - 1, hashes, latest.note, leaf)

    async def _one(self, statement: str, *arguments: object) -> Published | None:
        with plainly():
            rows = await self._store.pool.fetch(sql(statement), *arguments)
        return next(iter(await self._published(rows)), None)

    async def _published(self, rows: Sequence[asyncpg.Record]) -> list[Published]:
        lines: dict[int, str] = {}
        with plainly():
            for size, line in await self._store.pool.fetch(sql("cosignatures"), [row["size"] for row in rows]):
                lines[size] = lines.get(size, "") + f"{line}\n"
        return [
            Published(
                Checkpoint(row["origin"], row["size"], row["root"]),
                read_note(row["note"].encode()).with_signatures(read_signatures(lines.get(row["size"], ""))),
                row["signed_at"],
            )
            for row in rows
        ]

    # -- publishing ---------------------------------------------------------------------------------------------------

    async def publish(self, *, insist: bool = False) -> Published:
        """Publish a checkpoint of all that is in the ledger now, or answer the one there is.

        ``insist``: ask witnesses that did not cosign it once more.

        :raises ProofBroken: the ledger is not what this log signed before; nothing is signed.
        :raises DataFolderError: the log's key is not the one that signed before.
        :raises StoreUnavailable: the database is away.
        """
        async with self._turn:
            with plainly():
                row = await self._store.pool.fetchrow(sql("last_checkpoint"))
            size = (await self._store.head()).position
            if row is None or row["size"] != size:
                last = None if row is None else self._known(row)
                root = await self._grown(last, size)
                checkpoint = Checkpoint(self._signer.verifier.name, size, root)
                note = sign_checkpoint(checkpoint, self._signer)
                arguments = (size, checkpoint.origin, root, note.encode().decode(), self._clock.now())
                with plainly():
                    await self._store.pool.execute(sql("keep_checkpoint"), *arguments)
            else:
                note = read_note(row["note"].encode())
            latest = await self.latest()
            if latest is None or latest.checkpoint.size != size:
                await self._ask(note, size)
                with plainly():
                    await self._store.pool.execute(sql("publish_checkpoint"), size)
                latest = await self.latest()
            elif insist and self.witnesses.faults:
                await self._ask(note, size)
                latest = await self.latest()
            assert latest is not None
            return latest

    def _known(self, row: asyncpg.Record) -> Checkpoint:
        try:
            checkpoint, _ = open_checkpoint(row["note"].encode(), self._signer.verifier, origin=row["origin"])
        except ProofBroken as error:
            if row["origin"] != self._signer.verifier.name:
                log.warning("the log was called %s before and is %s now: tell its witnesses", row["origin"], self._signer.verifier.name)
                return Checkpoint(row["origin"], row["size"], row["root"])
            raise DataFolderError(
                f"keys/log.key is not the key that signed the checkpoint of {row['size']} entries: restore it from its backup"
            ) from error
        return checkpoint

    async def _grown(self, last: Checkpoint | None, size: int) -> bytes:
        """The root of the tree of ``size``, once it is proved to have grown from the last checkpoint."""
        if last is not None and last.size > size:
            raise ProofBroken(f"this log signed {last.size} entries and holds {size}: entries are gone; run ledger verify")
        root = await self.tree.root(size)
        if last is not None:
            check_consistency(last.size, size, await self.tree.consistency(last.size, size), last.root, root)
        return root

    async def _ask(self, note: Note, size: int) -> None:
        now = self._clock.now()
        for line in await self.witnesses.ask(note, size, self.tree):
            with plainly():
                await self._store.pool.execute(sql("keep_cosignature"), size, line.name, line.key_id, line.line, now)

    async def run(self, told: Callable[[str], None] = lambda sentence: None) -> None:
        """Publish whenever the settings ask for it, until cancelled. ``told`` hears, once, why nothing is signed any more."""
        loop = asyncio.get_running_loop()
        published = asked = float("-inf")
        size = -1
        while True:
            try:
                head = (await self._store.head()).position
                due = loop.time() - published >= self._settings.checkpoint_seconds or head - size >= self._settings.checkpoint_entries
                if head != size and due:
                    size, published = (await self.publish()).checkpoint.size, loop.time()
                    self.fault = None
                elif self.witnesses.faults and loop.time() - asked >= _ASK_AGAIN_SECONDS:
                    asked = loop.time()
                    await self.publish(insist=True)
            except StoreUnavailable as error:
                log.warning("no checkpoint: %s", error)
            except LedgerError as error:
                if self.fault != str(error):
                    log.error("no checkpoint is signed any more: %s", error)
                    told(f"No checkpoint is signed any more: {error}")
                self.fault = str(error)
            await asyncio.sleep(min(_TICK_SECONDS, self._settings.checkpoint_seconds))
