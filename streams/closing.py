"""Closing quarters by itself: an ordinary ledger releases a quarter when its closing day has passed.

A release folds the whole log, so it is made by a child process of low priority, one quarter at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from pathlib import Path

from ledger.errors import StoreUnavailable
from streams.folder import DataFolder
from streams.logs import configure, open_log
from streams.releases import Release, Releases
from streams.settings import load
from streams.wiring import reading

log = logging.getLogger("ledger.closing")

LOOK_SECONDS = 3600.0
"""How often it looks whether a quarter closed."""
STOP_SECONDS = 10.0
_NICE = 10


async def keep_closing(releases: Releases, data: Path, dsn: str) -> None:
    """Release what is due, until cancelled."""
    tried: str | None = None
    while True:
        try:
            due = [str(quarter) for quarter in await releases.due()]
        except StoreUnavailable:
            due = []
        if due and due[0] != tried:
            tried = due[0]
            if code := await _child(data, dsn):
                log.error("a quarter could not be released", extra={"fields": {"quarter": tried, "exit_code": code}})
        else:
            # Nothing closed, or what did could not be released: look again later.
            tried = None
            await asyncio.sleep(LOOK_SECONDS)


async def _child(data: Path, dsn: str) -> int:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "streams.closing", str(data), dsn), stdin=asyncio.subprocess.DEVNULL
    )
    try:
        return await child.wait()
    except asyncio.CancelledError:
        child.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(child.wait(), STOP_SECONDS)
        if child.returncode is None:
            child.kill()
            await child.wait()
        raise


async def close_next(data: Path, dsn: str) -> Release | None:
    """Release the oldest quarter that is due; None when none is, or when nothing was known on its closing day."""
    with DataFolder.open(data, lock=False) as folder:
        async with reading(load(data=data), dsn, folder) as parts:
            due = await parts.releases.due()
            made = await parts.releases.close(due[0]) if due else None
    if made is not None:
        log.info("released", extra={"fields": {"release": made.release, "position": made.position, "cells": made.cells}})
    return made


if __name__ == "__main__":
    os.nice(_NICE)
    configure(open_log(Path(sys.argv[1])))
    asyncio.run(close_next(Path(sys.argv[1]), sys.argv[2]))
