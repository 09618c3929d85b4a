"""Asking witnesses to cosign a checkpoint (C2SP tlog-witness), all of them at once and within a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import httpx

from ledger.errors import BadInput, LedgerError, ProofBroken
from ledger.transparency.cosignature import check_cosignatures
from ledger.transparency.note import Note, Signature, read_signatures
from ledger.transparency.witness import Request
from streams.settings import WitnessAddress
from streams.tree import Tree

log = logging.getLogger(__name__)

_TRIES = 3
_MOST_BYTES = 100_000


class Witnesses:
    """The witnesses of one log. Remembers what size each of them knows, so that mostly one request is enough."""

    def __init__(self, addresses: Sequence[WitnessAddress], *, patience: float) -> None:
        """``patience``: seconds that all of them together may take."""
        self.addresses = tuple(addresses)
        self._patience = patience
        self._known: dict[str, int] = {}
        self.faults: dict[str, str] = {}
        """By the name of a witness, why it did not cosign last; without those that did."""

    async def ask(self, note: Note, size: int, tree: Tree) -> list[Signature]:
        """The cosignatures of those that answer in time. Whoever does not is named in :attr:`faults`."""
        if not self.addresses:
            return []
        timeout = httpx.Timeout(self._patience)
        async with httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False) as client:
            tasks = [asyncio.create_task(self._one(client, one, note, size, tree)) for one in self.addresses]
            _, late = await asyncio.wait(tasks, timeout=self._patience)
            for task in late:
                task.cancel()
            answers = await asyncio.gather(*tasks, return_exceptions=True)
        found: list[Signature] = []
        for address, answer in zip(self.addresses, answers, strict=True):
            name = address.key.name
            if isinstance(answer, Signature):
                found.append(answer)
                self._known[address.url] = size
                self.faults.pop(name, None)
                continue
            reason = str(answer) if isinstance(answer, LedgerError) else f"it did not answer ({type(answer).__name__})"
            if self.faults.get(name) != reason:
                log.warning("the witness %s did not cosign the checkpoint of %d entries: %s", name, size, reason)
            self.faults[name] = reason
        return found

    async def _one(self, client: httpx.AsyncClient, address: WitnessAddress, note: Note, size: int, tree: Tree) -> Signature:
        old = self._known.get(address.url, 0)
        for _ in range(_TRIES):
            if old > size:
                raise ProofBroken(f"it has seen {old} entries of this log, and there are {size}: entries that were signed are gone")
            request = Request(old, await tree.consistency(old, size), note)
            answer = await client.post(f"{address.url}/add-checkpoint", content=request.encode())
            body = answer.text[:_MOST_BYTES]
            if answer.status_code == httpx.codes.OK:
                return self._read(address, note, body)
            if answer.status_code != httpx.codes.CONFLICT:
                raise BadInput(f"it answered {answer.status_code}: {' '.join(body.split())[:300]}")
            told = body.strip()
            if not (told.isascii() and told.isdigit() and len(told) < 20):
                raise BadInput("it answered that the size before is another, and did not say which")
            old = int(told)
        raise BadInput("it changes its mind about the size before")

    @staticmethod
    def _read(address: WitnessAddress, note: Note, body: str) -> Signature:
        lines = read_signatures(body)
        found = check_cosignatures(Note(note.text, lines), [address.key])
        if not found:
            raise ProofBroken("its answer bears no signature of the key that is known of it")
        return found[-1].signature
