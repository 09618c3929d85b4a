"""The client side: where the running ledger is, and how it is asked.

A ledger that is up writes ``ledger.json`` in its data folder: port, process, mode and the operator's token.
``LEDGER_URL`` and ``LEDGER_TOKEN`` name another ledger and another token.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec

from ledger.errors import BadInput, LedgerError, NotFound, StoreUnavailable, Unauthorised, UsageError

RUNTIME = "ledger.json"
_CONNECT_SECONDS = 5

T = TypeVar("T")


class Runtime(msgspec.Struct, frozen=True, kw_only=True):
    """What ``ledger up`` wrote into the data folder."""

    port: int
    pid: int
    mode: str
    operator_token: str
    host: str = "127.0.0.1"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a ledger is to be found."""

    url: str
    token: str | None
    sandbox: bool
    """Known to be one; False when that cannot be told from here."""
    how_to_start: str
    """The end of a sentence, for when nobody answers there."""


class _Problem(msgspec.Struct, frozen=True):
    """As much of RFC 9457 as is shown."""

    detail: str = ""
    title: str = ""


def find(data: Path) -> Place:
    """Where the ledger of a data folder listens; the environment wins.

    :raises LedgerError: no ledger runs there, or its ``ledger.json`` cannot be read.
    """
    token = os.environ.get("LEDGER_TOKEN") or None
    if url := os.environ.get("LEDGER_URL"):
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"LEDGER_URL is {url!r}, which is no address: write http://host:port")
        return Place(url=url.rstrip("/"), token=token, sandbox=False, how_to_start=f"check that the ledger of LEDGER_URL ({url}) is up")
    start = f"start it with: ledger up{'' if str(data) == 'ledger-data' else f' --data {data}'}"
    try:
        runtime = msgspec.json.decode((data / RUNTIME).read_bytes(), type=Runtime)
    except FileNotFoundError:
        raise LedgerError(f"no ledger is running on the data folder {data}; {start}") from None
    except PermissionError:
        raise LedgerError(
            f"{data / RUNTIME} belongs to another user: run this as the user who started the ledger, or set LEDGER_URL"
        ) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise LedgerError(f"{data / RUNTIME} cannot be read ({error}); stop the ledger and {start}") from error
    host = "127.0.0.1" if runtime.host in {"0.0.0.0", "::", ""} else runtime.host  # noqa: S104 - compared, not bound
    return Place(
        url=f"http://{host}:{runtime.port}",
        token=token or runtime.operator_token,
        sandbox=runtime.mode == "sandbox",
        how_to_start=f"its process was {runtime.pid}; {start}",
    )


class LedgerClient:
    """Asks a running ledger, one request at a time."""

    def __init__(self, place: Place, *, patience: float = 60) -> None:
        """``patience``: seconds to wait for an answer."""
        self.place = place
        headers = {"Authorization": f"Bearer {place.token}"} if place.token else {}
        self._http = httpx.Client(
            base_url=place.url, headers=headers, timeout=httpx.Timeout(patience, connect=_CONNECT_SECONDS), trust_env=False
        )

    def __enter__(self) -> LedgerClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, **parameters: str | int | None) -> bytes:
        """The JSON answer to a question, as bytes. Parameters that are None are left out."""
        return self._ask("GET", path, params={name: value for name, value in parameters.items() if value is not None})

    def post(
        self, path: str, content: bytes = b"", *, content_type: str = "application/json", accept: frozenset[int] = frozenset()
    ) -> bytes:
        """The JSON answer to a request for a change. Statuses in ``accept`` count as answers too."""
        return self._ask("POST", path, content=content, headers={"Content-Type": content_type}, accept=accept)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        accept: frozenset[int] = frozenset(),
    ) -> bytes:
        try:
            response = self._http.request(method, path, params=params, content=content, headers=headers)
        except httpx.TransportError as error:
            raise away(self.place, error) from error
        if response.is_success or response.status_code in accept:
            return response.content
        raise said_no(response.status_code, response.content, self.place)


def away(place: Place, error: Exception) -> LedgerError:
    """Nobody answers."""
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return StoreUnavailable(
            f"the ledger at {place.url} did not answer in time: it is busy or its database is away; try again, or see its log"
        )
    return StoreUnavailable(f"no ledger answers at {place.url} ({place.how_to_start})")


def said_no(status: int, body: bytes, place: Place, *, hint: bool = True) -> LedgerError:
    """An answer that is not what was asked for, as an error with the ledger's own sentence.

    ``hint``: say where a reader's token comes from.
    """
    try:
        problem = msgspec.json.decode(body, type=_Problem)
    except msgspec.MsgspecError:
        problem = _Problem()
    said = problem.detail or problem.title or f"the ledger at {place.url} answered with status {status}"
    if status == 401 and hint:
        return Unauthorised(f"{said} (set LEDGER_TOKEN, or run this with --data on the ledger's own machine)")
    if status in {401, 403}:
        return Unauthorised(said)
    if status in {404, 410}:
        return NotFound(said)
    if status in {429, 503}:
        return StoreUnavailable(said)
    if 400 <= status < 500:
        return BadInput(said)
    return LedgerError(f"{said}; see the log of the ledger")


def decoded(body: bytes, kind: type[T]) -> T:
    """An answer as the struct that it should be.

    :raises LedgerError: another version of the ledger answers, or something that is no ledger.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise LedgerError(
            f"the answer is not one that this version of the command understands ({error}); is the ledger of the same version?"
        ) from error
