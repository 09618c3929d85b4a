"""The options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path,
    typer.Option(
        "--data",
        envvar="LEDGER_DATA",
        metavar="DIR",
        help="The data folder of the running ledger: it tells where the ledger listens.",
        show_default=True,
    ),
]
DATA = Path("ledger-data")

Folder = Annotated[
    Path,
    typer.Option("--data", envvar="LEDGER_DATA", metavar="DIR", help="The data folder of the ledger.", show_default=True),
]

Json = Annotated[bool, typer.Option("--json", help="Print the answer as one JSON document.")]

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="What had happened by this date (YYYY-MM-DD). Default: today; in a sandbox the day of its last entry.",
        show_default=False,
    ),
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="POSITION|TIME",
        help="What the ledger knew at this position (a number) or moment (2025-03-01T09:00:00+01:00). Default: all that it knows now.",
        show_default=False,
    ),
]
Purpose = Annotated[
    str | None,
    typer.Option(
        "--purpose",
        metavar="CODE",
        help="What data of persons is opened for, as in 'evaluation'; it is written to the access log. A sandbox needs none.",
        show_default=False,
    ),
]
