"""Publishing over HTTP: ``POST /api/events``, again and again until there is a verdict."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

import httpx
import msgspec

from publisher.errors import NotAllowed, PublishingError, Refused, Unreachable
from publisher.event import Event
from publisher.patience import Patience, retry_after
from publisher.verdict import Verdict

BATCH_EVENTS = 1_000
BATCH_BYTES = 4 * 1024 * 1024
"""What one request holds at the most; the ledger takes 1 000 events and 5 MiB."""
_BUSY = {429, 502, 503, 504}
"""The ledger, or a proxy before it, says: later."""
_NDJSON = "application/x-ndjson"


class _Answer(msgspec.Struct):
    verdicts: list[Verdict]


class _Problem(msgspec.Struct):
    """As much of RFC 9457 as is shown."""

    detail: str = ""
    title: str = ""


class HttpPublisher:
    """Publishes over HTTP. An async context manager; one is enough for a whole program, several tasks may use it at once."""

    def __init__(self, url: str, *, token: str | None = None, patience: float = 300.0, verify: ssl.SSLContext | bool = True) -> None:
        """``url`` is the ledger's address; ``token`` is the publisher's own (a sandbox asks for none).

        ``patience`` is how many seconds one request is tried again while the ledger is away or busy. ``verify`` is an ssl context
        when the ledger's certificate comes from an authority of your own.
        """
        self._url = url.rstrip("/")
        self._patience = patience
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.AsyncClient(base_url=self._url, headers=headers, timeout=httpx.Timeout(60, connect=5), verify=verify)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def publish(self, event: Event) -> Verdict:
        """Publish one event and await its verdict.

        :raises Refused: the event breaks a rule. :raises NotAllowed: the token is not the right one.
        :raises Unreachable: no answer within ``patience``; publish the same event again.
        """
        (verdict,) = await self._send([event], {})
        if not verdict.stands:
            raise Refused(verdict)
        return verdict

    async def publish_all(self, events: Iterable[Event]) -> list[Verdict]:
        """Publish many events, in their order, and await a verdict for each, in the same order. A refused one stops none of the others.

        :raises NotAllowed, Unreachable: as in :meth:`publish`. Publish all of them again: those that arrived are duplicates then.
        """
        return [verdict for batch in _batches(events) for verdict in await self._send(batch, {})]

    async def check(self, events: Iterable[Event]) -> list[Verdict]:
        """What :meth:`publish_all` would answer; nothing is written."""
        return [verdict for batch in _batches(events) for verdict in await self._send(batch, {"dry_run": "true"})]

    async def _send(self, events: Sequence[Event], parameters: dict[str, str]) -> list[Verdict]:
        body = b"\n".join(event.to_json() for event in events)
        patience = Patience(self._patience)
        while True:
            asked = 0.0
            try:
                response = await self._http.post("/api/events", params=parameters, content=body, headers={"Content-Type": _NDJSON})
            except httpx.TransportError as error:
                if "CERTIFICATE_VERIFY_FAILED" in str(error):
                    raise NotAllowed(f"the certificate of {self._url} is not of an authority that this machine trusts: {error}") from error
                why = f"{type(error).__name__}{f', {error}' if str(error) else ''}"
            else:
                if response.status_code not in _BUSY:
                    return self._verdicts(response, len(events))
                why, asked = self._said(response), retry_after(response.headers.get("Retry-After"))
            if not await patience.pause(asked):
                raise Unreachable(
                    f"no verdict from {self._url} in {self._patience:g} s ({why}). Publish the same again later: "
                    "what arrived is answered as a duplicate"
                )

    def _verdicts(self, response: httpx.Response, wanted: int) -> list[Verdict]:
        status = response.status_code
        if status in {401, 403}:
            raise NotAllowed(f"{self._url} does not let this publisher in: {self._said(response)}")
        if status != 200:
            raise PublishingError(f"{self._url} could not use the request ({status}): {self._said(response)}")
        try:
            verdicts = msgspec.json.decode(response.content, type=_Answer).verdicts
        except msgspec.MsgspecError as error:
            raise PublishingError(f"what answers at {self._url} is no trajectory ledger ({error}): look at the address") from error
        if len(verdicts) != wanted:
            raise PublishingError(f"{self._url} answered {len(verdicts)} verdicts for {wanted} events")
        return verdicts

    def _said(self, response: httpx.Response) -> str:
        try:
            problem = msgspec.json.decode(response.content, type=_Problem)
        except msgspec.MsgspecError:
            problem = _Problem()
        return problem.detail or problem.title or f"status {response.status_code}"


def _batches(events: Iterable[Event]) -> Iterator[list[Event]]:
    batch: list[Event] = []
    size = 0
    for event in events:
        room = len(event.data) + 1_000
        if batch and (len(batch) == BATCH_EVENTS or size + room > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += room
    if batch:
        yield batch
