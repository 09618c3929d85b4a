"""POST /api/pseudonyms: the pseudonyms of many INSZ at once, for publishers. Nothing of it is stored or logged."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency

from ledger.identity import check_insz
from ledger.verdict import Message, Reason
from streams.wiring import Parts
from web.api.events import chunks
from web.api.openapi import PseudonymOperation
from web.api.responses import READERS, problems
from web.api.verdicts import PseudonymAnswer, PseudonymItem
from web.body import read_body
from web.content import JSON, MAX_EVENTS, bad_json, content_type
from web.onlooking import READS
from web.problem import ProblemError, ProblemKind
from web.visitor import Visitor

_LIMIT = 64 * 1024


class _Asked(msgspec.Struct, forbid_unknown_fields=True):
    insz: list[str]

    def __repr__(self) -> str:
        return "_Asked(…)"


_asked = msgspec.json.Decoder(_Asked)


@post(
    "/api/pseudonyms",
    status_code=200,
    summary="Pseudonyms of many persons",
    tags=["Publishing"],
    operation_class=PseudonymOperation,
    responses=problems(*READERS, 413, 415, 422),
    request_max_body_size=None,
    opt={READS: True},
)
async def pseudonyms(request: Request[Any, Any, Any], parts: NamedDependency[Parts], visitor: NamedDependency[Visitor]) -> PseudonymAnswer:
    """The pseudonym of each number, in order; a number that is wrong gets reason R06 and what is wrong with it.

    A pseudonym is stable: the same number always gives the same one in this ledger. It can be used as `persoon/<uuid>` in
    `subject`; an event may as well carry `insz/<11 digits>`.
    """
    visitor.must_publish()
    if content_type(request.headers.get("content-type", ""))[0] != JSON:
        raise ProblemError(ProblemKind.MEDIA, f"stuur {JSON}", f"send {JSON}", pointer="Content-Type")
    body = await read_body(chunks(request), encoding=request.headers.get("content-encoding", ""), limit=_LIMIT)
    try:
        asked = _asked.decode(body)
    except msgspec.ValidationError as error:
        raise ProblemError(
            ProblemKind.UNPROCESSABLE,
            'stuur {"insz": ["85073003328", …]}: een lijst van tekst, niets anders',
            'send {"insz": ["85073003328", …]}: a list of strings, nothing else',
        ) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise bad_json(body, error) from error
    if len(asked.insz) > MAX_EVENTS:
        raise ProblemError(ProblemKind.TOO_LARGE, f"vraag hoogstens {MAX_EVENTS} nummers", f"ask for at most {MAX_EVENTS} numbers")
    items = [_item(parts, number, place) for place, number in enumerate(asked.insz)]
    return PseudonymAnswer(pseudonyms=items, refused=sum(item.code is not None for item in items))


def _item(parts: Parts, number: str, place: int) -> PseudonymItem:
    checked = check_insz(number)
    if isinstance(checked, Message):
        return PseudonymItem(code=Reason.R06, pointer=f"/insz/{place}", message=checked)
    person = parts.examiner.pseudonym(number)
    return PseudonymItem(person=person, subject=f"persoon/{person}")


HANDLERS = [pseudonyms]
