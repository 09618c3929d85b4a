"""Stream keys, and the ``subject`` of a submission that becomes one (domain.md 0.2)."""

from __future__ import annotations

import re

import msgspec

from ledger.catalogue import StreamKind
from ledger.fields import UUID_PATTERN
from ledger.verdict import Message

POLICY_KINDS = ("pilot", "framework", "norm", "budget", "evaluation", "insight")

_UUID = re.compile(UUID_PATTERN.removeprefix("^").removesuffix("$"))
_KBO = re.compile(r"[0-9]{10}")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_BY_UUID = {
    "persoon": StreamKind.PERSON,
    "editie": StreamKind.EDITION,
    "aanbod": StreamKind.OFFER,
    "signaal": StreamKind.SIGNAL,
}
_BY_KBO = {"werkgever": StreamKind.EMPLOYER, "bron": StreamKind.PUBLISHER}


class StreamSubject(msgspec.Struct, frozen=True, gc=False):
    """A subject that is a stream key already."""

    kind: StreamKind
    kbo: str | None = None
    """The KBO number in the key, its check digits not yet checked."""


class InszSubject(msgspec.Struct, frozen=True, gc=False):
    """A subject ``insz/…``: intake turns it into the person's stream."""

    digits: str
    kind: StreamKind = StreamKind.PERSON

    def __repr__(self) -> str:
        return "InszSubject(…)"


_SHAPES = Message(
    nl="het subject moet een stroom zijn: persoon/<uuid> of insz/<11 cijfers>, werkgever/<kbo>, editie/<uuid>, aanbod/<uuid>, "
    "beleid/<soort>/<id>, bron/<kbo> of signaal/<uuid>",
    en="the subject must be a stream: persoon/<uuid> or insz/<11 digits>, werkgever/<kbo>, editie/<uuid>, aanbod/<uuid>, "
    "beleid/<kind>/<id>, bron/<kbo> or signaal/<uuid>",
)


def read_subject(subject: str) -> StreamSubject | InszSubject | Message:
    """What a subject names, or what is wrong with it."""
    head, _, key = subject.partition("/")
    if head == "insz":
        return InszSubject(key)
    if head in _BY_UUID and _UUID.fullmatch(key):
        return StreamSubject(_BY_UUID[head])
    if head in _BY_KBO and _KBO.fullmatch(key):
        return StreamSubject(_BY_KBO[head], key)
    if head == "beleid":
        kind, _, policy_id = key.partition("/")
        if kind in POLICY_KINDS and _TOKEN.fullmatch(policy_id):
            return StreamSubject(StreamKind.POLICY)
    return _SHAPES


def names_no_kbo(subject: str) -> bool:
    """Whether a subject is meant for an employer or a publisher, and what stands there is no KBO number (R07)."""
    head, _, key = subject.partition("/")
    return head in _BY_KBO and _KBO.fullmatch(key) is None


def kind_of(stream: str) -> StreamKind:
    """The kind of a stream key."""
    return StreamKind(stream.partition("/")[0])
