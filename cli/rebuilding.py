"""``ledger rebuild``: ask for it, then watch until the new view has taken the old one's place."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import quote

from cli.client import LedgerClient, decoded, find
from cli.looking import Status, View
from cli.output import answer, answer_json, progress
from ledger.errors import LedgerError

_PAUSE = 0.3


def rebuild(name: str, *, data: Path, as_json: bool) -> None:
    """Rebuild a projection and wait for the swap.

    :raises NotFound: no projection has this name.
    :raises LedgerError: it failed, or the projection vanished meanwhile.
    """
    with LedgerClient(find(data)) as ledger:
        body = ledger.post(f"/api/projections/{quote(name, safe='')}/rebuild")
        with progress(f"Rebuilding {name}", None) as meter:
            while (view := _view(ledger, name)).rebuilding is not None:
                meter.at(view.rebuilding.position, view.rebuilding.of)
                time.sleep(_PAUSE)
    if view.last_rebuild is not None and view.last_rebuild.error:
        raise LedgerError(f"{name} could not be rebuilt ({view.last_rebuild.error}); the old view still answers; see the log of the ledger")
    if as_json:
        answer_json(body)
    else:
        answer(f"{name} is rebuilt and stands at position {view.position}.")


def _view(ledger: LedgerClient, name: str) -> View:
    found = next((view for view in decoded(ledger.get("/api/status"), Status).projections if view.name == name), None)
    if found is None:
        raise LedgerError(f"the projection {name} is not listed any more; see 'ledger status'")
    return found
