"""When this web server began."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Started(msgspec.Struct, frozen=True):
    """The moment, by the machine's clock."""

    at: datetime
