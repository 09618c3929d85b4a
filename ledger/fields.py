"""The field types of event payloads (domain.md section 2, *Notation*), with the constraints a schema can state.

No free text and no floats exist in a payload: codes, ids, dates, integers and booleans only.
A KBO number's check digits and a NIS code's existence are checked by admission (R07, R08), not by the schema.
"""

from __future__ import annotations

import datetime
from typing import Annotated

from msgspec import Meta

UUID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

Uuid = Annotated[str, Meta(pattern=UUID_PATTERN, extra={"kind": "uuid"}, description="RFC 9562 UUID, lower case")]
Date = datetime.date
YearMonth = Annotated[str, Meta(pattern="^[0-9]{4}-(0[1-9]|1[0-2])$", extra={"kind": "ym"}, description="Year and month, YYYY-MM")]
Year = Annotated[int, Meta(ge=1000, le=9999, extra={"kind": "year"}, description="Calendar year")]
Count = Annotated[int, Meta(ge=0, le=2**31 - 1, extra={"kind": "int"}, description="A whole number, zero or more")]
Minutes = Annotated[int, Meta(ge=0, le=2**31 - 1, extra={"kind": "min"}, description="Duration in whole minutes")]
Cents = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1, extra={"kind": "cents"}, description="Amount in euro cents")]
BasisPoints = Annotated[int, Meta(ge=0, le=2**31 - 1, extra={"kind": "bp"}, description="Share in basis points (1/10 000)")]
Nis = Annotated[str, Meta(pattern="^[0-9]{5}$", extra={"kind": "nis"}, description="NIS code of a municipality")]
Kbo = Annotated[str, Meta(pattern="^[0-9]{10}$", extra={"kind": "kbo"}, description="KBO enterprise number, 10 digits, mod 97")]
Language = Annotated[str, Meta(pattern="^[a-z]{2}$", extra={"kind": "language"}, description="ISO 639-1 language code")]
Token = Annotated[
    str,
    Meta(
        pattern="^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$",
        extra={"kind": "token"},
        description="An identifier without spaces, at most 64 characters",
    ),
]
Period = Annotated[
    str,
    Meta(
        pattern="^P([1-9][0-9]{0,3}[DWMY]|T[1-9][0-9]{0,4}H)$",
        extra={"kind": "period"},
        description="ISO 8601 period in one unit: P60D, P3M, PT48H",
    ),
]
PositionNumber = Annotated[int, Meta(ge=0, le=2**53 - 1, extra={"kind": "position"}, description="A ledger position")]
ShortType = Annotated[
    str, Meta(pattern="^[a-z][a-z-]*[.][a-z-]+$", extra={"kind": "type"}, description="Short event type, e.g. contract.signed")
]
