"""What is kept of a refused submission: the original sealed, and beside it only what cannot name a person."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from ledger.admission import Examined
from ledger.catalogue import TYPE_PREFIX
from ledger.fields import UUID_PATTERN
from ledger.identity import Insz, check_insz
from ledger.sealing import StreamCipher
from ledger.stream import StreamSubject, read_subject
from ledger.verdict import Reason, Violation
from streams.postgres.appender import RefusalRow

MASKED_SUBJECT = "insz/…"
_SOURCE = re.compile(r"urn:kbo:[0-9]{10}:[a-z0-9-]{2,20}")
_ID = re.compile(UUID_PATTERN.removeprefix("^").removesuffix("$"))
_TYPE = re.compile(re.escape(TYPE_PREFIX) + r"[a-z-]{1,40}\.[a-z-]{1,40}\.v[0-9]{1,3}")
_LONGEST = 400


class _Glimpse(msgspec.Struct, gc=False):
    """What is looked for in a submission that could not be read in full."""

    sequence: int | str | None = None
    subject: str | None = None


_glimpse = msgspec.json.Decoder(_Glimpse)


def refusal_row(
    examined: Examined, why: Violation, *, content: bytes, stamp: datetime, cipher: StreamCipher, nonce: bytes, erased: bool
) -> RefusalRow:
    """The row. The original is not kept at all when its person is erased."""
    stream, sequence = _seen(examined)
    return RefusalRow(
        content=content,
        credential=_text(examined.credential.name),
        source=_shaped(_SOURCE, examined.source),
        event_id=_shaped(_ID, examined.id),
        type=_shaped(_TYPE, examined.type),
        stream=stream,
        sequence=sequence,
        code=why.reason.value,
        rule=why.rule,
        pointer=_text(why.pointer),
        message_nl=_text(why.message.nl),
        message_en=_text(why.message.en),
        stamp=stamp,
        raw=None if erased or why.reason is Reason.R13 else cipher.seal(nonce, examined.raw, bound_to(content)),
    )


def bound_to(content: bytes) -> bytes:
    """What a sealed original is bound to."""
    return b"refusal " + content


def counted_source(examined: Examined) -> str:
    """The source under which an outcome is counted: the claimed one if the credential may speak for it, else the credential."""
    source, org = examined.source, examined.credential.org
    if source is not None and (org is None or source[8:18] == org) and _SOURCE.fullmatch(source):
        return source
    return f"token:{examined.credential.name}"


def _seen(examined: Examined) -> tuple[str | None, int | None]:
    """The stream and the sequence number, as far as they can be seen."""
    if examined.candidate is not None:
        return examined.candidate.stream, examined.candidate.sequence
    try:
        glimpse = _glimpse.decode(examined.raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None, None
    stream: str | None = examined.stream
    if stream is None and glimpse.subject is not None:
        if glimpse.subject.startswith("insz/"):
            stream = MASKED_SUBJECT
        elif isinstance(read_subject(glimpse.subject), StreamSubject):
            stream = glimpse.subject
    sequence = glimpse.sequence
    if isinstance(sequence, str):
        sequence = int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) <= 16 else None
    usable = sequence is not None and 0 < sequence < 2**53 and not _names_somebody(sequence)
    return stream, sequence if usable else None


def _names_somebody(sequence: int) -> bool:
    """Whether a number in the wrong field is somebody's: it stays in the sealed original alone."""
    return sequence >= 10**9 and isinstance(check_insz(f"{sequence:011d}"), Insz)


def _shaped(shape: re.Pattern[str], text: str | None) -> str | None:
    return text if text is not None and shape.fullmatch(text) else None


def _text(text: str) -> str:
    """Text that PostgreSQL takes: no NUL, no half characters, not endless."""
    return text[:_LONGEST].encode(errors="replace").decode().replace("\0", "�")
