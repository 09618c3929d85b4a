"""Rotations of the master key one after the other, in a process of their own to be killed: python -m tests.integration.rotating FOLDER DSN

A dot is printed before each statement.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from streams import rotation
from streams.folder import DataFolder


def main() -> None:
    folder, dsn = sys.argv[1:]
    rotation.BATCH = 7
    statement = rotation.sql

    def told(name: str) -> str:
        os.write(1, b".")
        return statement(name)

    rotation.sql = told
    while True:
        with DataFolder.open(Path(folder), rotating=True) as opened:
            asyncio.run(rotation.rotate(opened, dsn))


if __name__ == "__main__":
    main()
