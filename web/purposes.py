"""Opening a person's data over the web: who may, for what, and the record of it that is written before the answer goes out.

A reader names a purpose: ``purpose=`` in the address. In a sandbox nobody is real and a default is taken, but the read is
recorded all the same. What the operator and auditors open of the register as a whole has a purpose by its nature.
"""

from __future__ import annotations

from ledger.access import SANDBOX_PURPOSE, Channel, Read, ReadKind, ReadOutcome, ReadPurpose, WhyRefused
from ledger.verdict import StreamId
from streams.wiring import Parts
from web.language import Language
from web.problem import ProblemError, ProblemKind
from web.visitor import Visitor

PURPOSE = "What it is opened for; an ordinary ledger asks for it, and writes it to the access log."
BY_NATURE = {ReadKind.ENTRIES: ReadPurpose.AUDIT, ReadKind.REFUSAL: ReadPurpose.MENDING}
"""What these are opened for unless said otherwise."""


async def opened(
    parts: Parts,
    visitor: Visitor,
    kind: ReadKind,
    channel: Channel,
    *,
    stream: str | None = None,
    purpose: str | None = None,
    asked: str = "",
    operates: bool = False,
    own: bool = False,
) -> int:
    """Record that a visitor opens this, refused ones too; the number of the record. Call it before anything is read.

    ``operates``: it is for the operator alone. ``own``: it is the visitor's own submission, whatever else they may see.

    :raises ProblemError: 401 or 403, or 400 without a purpose or with one that is none.
    :raises StoreUnavailable: it cannot be recorded, so it is not shown.
    """

    async def record(chosen: ReadPurpose | None, why: WhyRefused | None = None) -> int:
        return await parts.access.record(
            Read(
                kind=kind,
                channel=channel,
                reader=visitor.name,
                right=visitor.right.value if visitor.right is not None else "sandbox" if visitor.sandbox else None,
                purpose=chosen,
                stream=stream,
                asked=asked,
                outcome=ReadOutcome.GRANTED if why is None else ReadOutcome.REFUSED,
                why=why,
            )
        )

    named = read_purpose(purpose)
    try:
        if not own:
            visitor.must_operate() if operates else visitor.must_read()
    except ProblemError:
        await record(named, WhyRefused.ANONYMOUS if visitor.right is None else WhyRefused.NO_RIGHT)
        raise
    chosen = named or (BY_NATURE.get(kind) or (SANDBOX_PURPOSE if visitor.sandbox else None) if not purpose else None)
    if chosen is None:
        await record(None, WhyRefused.NO_PURPOSE)
        raise no_purpose(purpose)
    return await record(chosen)


async def turned_away(parts: Parts, visitor: Visitor, kind: ReadKind, stream: str | None) -> None:
    """Record that a page was not shown to this visitor."""
    why = WhyRefused.ANONYMOUS if visitor.right is None else WhyRefused.NO_RIGHT
    right = visitor.right.value if visitor.right is not None else None
    await parts.access.record(
        Read(
            kind=kind,
            channel=Channel.PAGE,
            reader=visitor.name,
            right=right,
            purpose=None,
            stream=stream,
            outcome=ReadOutcome.REFUSED,
            why=why,
        )
    )


def read_purpose(text: str | None) -> ReadPurpose | None:
    """The purpose of that code; None when there is none."""
    try:
        return ReadPurpose(text) if text else None
    except ValueError:
        return None


def purposes(language: Language) -> list[tuple[str, str]]:
    """Every purpose with its label, to choose from."""
    return [(purpose.value, purpose.label(language.value)) for purpose in ReadPurpose]


def no_purpose(given: str | None) -> ProblemError:
    """The 400 for whoever does not say what for."""
    listed = ", ".join(ReadPurpose)
    if given:
        return ProblemError(
            ProblemKind.BAD_PARAMETER, f"purpose moet één van {listed} zijn", f"purpose must be one of {listed}", pointer="purpose"
        )
    return ProblemError(
        ProblemKind.BAD_PARAMETER,
        f"zeg waarvoor u dit opent, met purpose: {listed}; het wordt in het leesregister geschreven",
        f"say what you open this for, with purpose: {listed}; it is written to the access log",
        pointer="purpose",
    )


def person_stream(pseudonym: str) -> StreamId:
    """The stream of a pseudonym."""
    return StreamId(f"persoon/{pseudonym}")
