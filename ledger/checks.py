"""The single checks of examination: who speaks, numbers and codes, and whether the subject fits (R03, R04, R07, R08, R11)."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from ledger.authority import Credential
from ledger.boundary import Act, boundary_violations
from ledger.catalogue import EventType, Payload, StreamKind
from ledger.codes.roles import Role
from ledger.diagnosis import fields_of_kind
from ledger.events.correction import EventCorrected
from ledger.geography import municipality
from ledger.identity import kbo_is_valid
from ledger.stream import InszSubject, StreamSubject
from ledger.verdict import Message, Reason, StreamId, Violation, violation


def speaks_for_another(credential: Credential, org: str, role: Role | None) -> Violation:
    """R04: the credential is of another organisation or role."""
    held = f"{credential.org} / {credential.role.value if credential.role else '*'}"
    if credential.org is not None and credential.org != org:
        return violation(
            Reason.R04,
            "/source",
            f"dit token spreekt voor {held}, niet voor organisatie {org}; gebruik het token van die organisatie",
            f"this token speaks for {held}, not for organisation {org}; use that organisation's own token",
        )
    claimed = role.value if role else "?"
    return violation(
        Reason.R04,
        "/publisherrole",
        f"dit token spreekt voor {held}, niet als {claimed}; gebruik het token van die rol",
        f"this token speaks for {held}, not as {claimed}; use the token of that role",
    )


def not_authorised(role: Role, declared: EventType) -> Violation:
    """R03: the role does not publish this type."""
    allowed = ", ".join(sorted(r.value for r in declared.publishers))
    return violation(
        Reason.R03,
        "/publisherrole",
        f"{role.value} mag {declared.name} niet publiceren; dat mag: {allowed}",
        f"{role.value} may not publish {declared.name}; allowed: {allowed}",
    )


def envelope_violations(*, sandbox: bool, admittedat: bool, on_a_person: bool, grondslag: bool) -> list[Violation]:
    """R01 for what the envelope's own schema cannot say: ``admittedat`` in a sandbox only, ``grondslag`` on person streams."""
    found: list[Violation] = []
    if admittedat and not sandbox:
        found.append(
            violation(
                Reason.R01,
                "/admittedat",
                "admittedat is alleen voor een sandbox: laat het weg, het register zet zelf het tijdstip",
                "admittedat is for a sandbox only: leave it out, the ledger sets the moment itself",
            )
        )
    if on_a_person and not grondslag:
        found.append(
            violation(
                Reason.R01,
                "/grondslag",
                "een event over een persoon noemt zijn rechtsgrond: vul grondslag in (lijst LegalBasis)",
                "an event on a person names its legal basis: give grondslag (list LegalBasis)",
            )
        )
    return found


def number_violations(
    kind: type[Payload], value_of: Callable[[str], object], org: str, subject: StreamSubject | InszSubject | Message
) -> list[Violation]:
    """R07 and R08: check digits of KBO numbers, existence of NIS codes. ``value_of`` gives a field of the data, read or raw."""
    found: list[Violation] = []
    if not kbo_is_valid(org):
        found.append(_wrong_kbo("/source"))
    if isinstance(subject, StreamSubject) and subject.kbo is not None and not kbo_is_valid(subject.kbo):
        found.append(_wrong_kbo("/subject"))
    for name in fields_of_kind(kind, "kbo"):
        value = value_of(name)
        if isinstance(value, str):
            if not kbo_is_valid(value):
                found.append(_wrong_kbo(f"/data/{name}"))
        elif isinstance(value, list | tuple):
            wrong = (i for i, item in enumerate(value) if isinstance(item, str) and not kbo_is_valid(item))
            found.extend(_wrong_kbo(f"/data/{name}/{i}") for i in wrong)
    for name in fields_of_kind(kind, "nis"):
        value = value_of(name)
        if isinstance(value, str) and municipality(value) is None:
            found.append(
                violation(
                    Reason.R08,
                    f"/data/{name}",
                    "deze NIS-code is geen gemeente van Vlaanderen of Brussel",
                    "this NIS code is no municipality of Flanders or Brussels",
                )
            )
    return found


def _wrong_kbo(pointer: str) -> Violation:
    return violation(
        Reason.R07,
        pointer,
        "dit KBO-nummer klopt niet: het begint met 0 of 1 en zijn laatste twee cijfers zijn 97 − (eerste acht mod 97)",
        "this KBO number is wrong: it starts with 0 or 1 and its last two digits are 97 − (first eight mod 97)",
    )


def replacement_boundaries(act: Act) -> list[Violation]:
    """R14 for what a correction would make of its target: nobody corrects past a boundary that he may not publish past."""
    if not isinstance(act.payload, EventCorrected):
        return []
    found: list[Violation] = []
    for declared, payload in act.payload.candidates(act.subject):
        replaced = Act(role=act.role, name=declared.name, payload=payload, subject=act.subject, source=act.source)
        broken = list(boundary_violations(replaced))
        if not broken:
            return []
        found.extend(replace(one, pointer="/data/replacement/data") for one in broken)
    return found


def stream_violations(declared: EventType, payload: Payload, kind: StreamKind | None, stream: StreamId, org: str) -> list[Violation]:
    """R11: the subject is of the kind that the type belongs to, and names what the payload names."""
    if declared.stream is StreamKind.ANY:
        return []
    wanted = f"{declared.stream.value}/" + (f"{declared.policy_kind}/" if declared.policy_kind else "")
    if not stream.startswith(wanted):
        return [
            violation(
                Reason.R11,
                "/subject",
                f"{declared.name} hoort in een stroom {wanted}…",
                f"{declared.name} belongs in a stream {wanted}…",
            )
        ]
    key = payload.stream_key()
    if key is None and declared.stream is StreamKind.PUBLISHER:
        key = org
    if key is not None and stream != wanted + key:
        return [
            violation(
                Reason.R11,
                "/subject",
                f"het subject noemt iets anders dan de data: verwacht {wanted}{key}",
                f"the subject names something else than the data: expected {wanted}{key}",
            )
        ]
    return []
