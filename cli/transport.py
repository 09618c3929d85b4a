"""How the Kafka side stands, in ``ledger status``, and ``ledger kafka reread``."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import msgspec

from cli.client import LedgerClient, decoded, find
from cli.output import answer, answer_json, table
from streams.transport import TransportStanding


class _Reread(msgspec.Struct, frozen=True):
    publisher: str
    records: int


def tell(standing: TransportStanding) -> None:
    """Print how the Kafka side stands: a sentence, what is wrong, and a line per publisher."""
    answer(
        f"Kafka: {standing.lag} submissions wait there, {standing.undelivered} verdicts are still to be told, "
        f"{standing.relay_lag} entries still to be relayed"
    )
    if standing.lost:
        answer(f"  {standing.lost} submissions were gone from their topics before they were read; the log says which")
    for trouble in standing.troubles:
        answer(f"  {trouble}")
    for part in standing.parts:
        if part.since is not None and part.trouble is None:
            answer(f"  {part.name}: does not run")
    if standing.publishers:
        rows = [
            (one.publisher, str(one.partition), str(one.read), "?" if one.end is None else str(one.lag), str(one.undelivered))
            for one in standing.publishers
        ]
        heads = ["publisher", "partition", "read up to", "waiting", "verdicts to tell"]
        table(heads, rows, right=heads[1:])


def reread(publisher: str, *, data: Path, as_json: bool) -> None:
    """Have a publisher's topic read from its beginning.

    :raises NotFound: the running ledger reads no such topic.
    """
    with LedgerClient(find(data)) as ledger:
        body = ledger.post(f"/api/transport/{quote(publisher, safe='')}/reread")
    if as_json:
        answer_json(body)
        return
    done = decoded(body, _Reread)
    answer(f"The topic of {done.publisher} is read from its beginning: {done.records} records. What is known already is a duplicate.")
