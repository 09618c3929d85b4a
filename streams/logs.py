"""Structured logs: one JSON object a line. Nothing that names or points at a person is logged: routes, never paths or queries."""

from __future__ import annotations

import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import msgspec


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; fields given as ``extra={"fields": {...}}`` stand beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            # The message of an error may hold what was sent; its kind and place do not.
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _trace(record.exc_info)
        return msgspec.json.encode(line).decode()


def _trace(exc_info: object) -> list[str]:
    """File, line and function of each frame, without values."""
    if not isinstance(exc_info, tuple):
        return []
    frames: list[str] = []
    step = exc_info[2]
    while step is not None:
        code = step.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/site-packages/')[2]}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return frames[-12:]


def open_log(folder: Path) -> TextIO:
    """The log of a data folder, to write on at its end, readable by its owner alone."""
    file = folder / "ledger.log"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    os.fchmod(handle, 0o600)  # one of an older version is open to everybody
    return os.fdopen(handle, "a")


def configure(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send the logs of this process (ledger, web server, event loop, driver) as JSON lines to a stream (standard error by default)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    for name in ("ledger", "streams", "uvicorn", "litestar", "asyncio", "asyncpg", "aiokafka"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
