"""Examination: all that a submission proves by itself, checked for many events at once, waiting for nobody.

The happy path decodes an event twice, envelope and data, each straight into its declared type. Only what does not
fit goes through :mod:`ledger.diagnosis`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache, partial

import msgspec

from ledger.admission import Candidate, Examined
from ledger.authority import Credential
from ledger.boundary import Act, boundary_violations
from ledger.catalogue import Catalogue, Context, EventType, Payload, StreamKind, canonical
from ledger.checks import (
    envelope_violations,
    not_authorised,
    number_violations,
    replacement_boundaries,
    speaks_for_another,
    stream_violations,
)
from ledger.codes.roles import Role
from ledger.content_digest import content_digest
from ledger.diagnosis import Json, diagnose
from ledger.identity import check_insz, pseudonym
from ledger.stream import InszSubject, StreamSubject, names_no_kbo, read_subject
from ledger.submission import MAX_EVENT_BYTES, Submission
from ledger.time import local_date
from ledger.verdict import Message, Reason, StreamId, Violation, violation

PERSONS_REMEMBERED = 65_536

_EARLIEST = datetime(2, 1, 1, tzinfo=UTC)
_LATEST = datetime(9998, 12, 31, tzinfo=UTC)

_submission = msgspec.json.Decoder(Submission)


class _Glimpse(msgspec.Struct, gc=False):
    """What is looked for in an event that cannot be read in full."""

    subject: str | None = None


_subject = msgspec.json.Decoder(_Glimpse)
_anything: msgspec.json.Decoder[Json] = msgspec.json.Decoder()


class Examiner:
    """Examines submissions for one ledger. The keys come from outside; only the pseudonyms of recent persons are remembered."""

    def __init__(self, *, catalogue: Catalogue, pseudonym_key: bytes, digest_key: bytes, sandbox: bool) -> None:
        self._catalogue = catalogue
        self._pseudonym_key = pseudonym_key
        self._digest_key = digest_key
        self._sandbox = sandbox
        # A person's events come in dozens: their number is checked and hashed once in a while, not each time.
        self._whose = lru_cache(maxsize=PERSONS_REMEMBERED)(self._read_subject)

    def pseudonym(self, insz: str) -> str:
        """The pseudonym of a valid INSZ in this ledger."""
        return pseudonym(insz, self._pseudonym_key)

    def examine(self, raw: bytes, credential: Credential) -> Examined:
        """Read one structured-mode event and check all that it proves by itself. Never raises for bad input."""
        if len(raw) > MAX_EVENT_BYTES:
            return self._refuse(
                raw,
                credential,
                violation(
                    Reason.R01,
                    "",
                    f"het event is {len(raw)} bytes; hoogstens {MAX_EVENT_BYTES} is toegelaten: splits het op",
                    f"the event is {len(raw)} bytes; at most {MAX_EVENT_BYTES} is allowed: split it",
                ),
            )
        try:
            submission = _submission.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self._diagnosed(raw, credential)
        declared = self._catalogue.get(submission.type)
        if declared is None or b"\\" in raw:
            return self._diagnosed(raw, credential)
        try:
            payload = declared.decode(submission.data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self._diagnosed(raw, credential)
        return self._checked(raw, credential, submission, declared, payload)

    def _checked(self, raw: bytes, credential: Credential, submission: Submission, declared: EventType, payload: Payload) -> Examined:
        violations: list[Violation] = []
        role, source = submission.publisherrole, submission.source
        org = source[8:18]
        if not credential.may_speak_as(org, role):
            violations.append(speaks_for_another(credential, org, role))
        subject, stream, insz, fault = self._whose(submission.subject)
        if fault is not None:
            violations.append(fault)
        kind = subject.kind if not isinstance(subject, Message) else None
        violations.extend(
            envelope_violations(
                sandbox=self._sandbox,
                admittedat=submission.admittedat is not None,
                on_a_person=kind is StreamKind.PERSON,
                grondslag=submission.grondslag is not None,
            )
        )
        violations.extend(number_violations(type(payload), partial(getattr, payload), org, subject))
        act = Act(role=role, name=declared.name, payload=payload, subject=submission.subject, source=source)
        violations.extend(boundary_violations(act))
        violations.extend(replacement_boundaries(act))
        if role not in declared.publishers:
            violations.append(not_authorised(role, declared))
        time = _utc(submission.time)
        if stream is not None:
            violations.extend(stream_violations(declared, payload, kind, stream, org))
        if type(payload).check is not Payload.check:
            violations.extend(
                payload.check(
                    Context(
                        role=role,
                        source=source,
                        publisher=org,
                        subject=stream or submission.subject,
                        time=time,
                        local_date=local_date(time),
                    )
                )
            )
        if stream is None:
            return self._refuse(raw, credential, *violations, id=submission.id, source=source, type=submission.type)
        candidate = Candidate(
            stream=stream,
            declared=declared,
            payload=payload,
            data=canonical(payload),
            time=time,
            time_precision=submission.timeprecision.value,
            recorded_at=_utc(submission.recordedat),
            role=role,
            sequence=int(submission.sequence),
            legal_basis=submission.grondslag.value if submission.grondslag else None,
            causation_id=submission.causationid,
            correlation_id=submission.correlationid,
        )
        return Examined(
            raw=raw,
            credential=credential,
            id=submission.id,
            source=source,
            type=submission.type,
            violations=tuple(violations),
            candidate=candidate,
            digest=content_digest(
                self._digest_key,
                submission.source,
                submission.id,
                submission.type,
                stream,
                candidate.time,
                candidate.time_precision,
                candidate.recorded_at,
                role,
                candidate.sequence,
                candidate.legal_basis,
                candidate.causation_id,
                candidate.correlation_id,
                candidate.data,
            ),
            stream=stream,
            insz=insz,
            admitted_at=_utc(submission.admittedat) if submission.admittedat and self._sandbox else None,
        )

    def _read_subject(self, subject: str) -> tuple[StreamSubject | InszSubject | Message, StreamId | None, str | None, Violation | None]:
        """What a subject names: as read, the stream, the INSZ behind it, and what is wrong with it."""
        read = read_subject(subject)
        if isinstance(read, Message):
            reason = Reason.R07 if names_no_kbo(subject) else Reason.R11
            return read, None, None, Violation(reason=reason, pointer="/subject", message=read)
        if isinstance(read, StreamSubject):
            return read, StreamId(subject), None, None
        checked = check_insz(read.digits)
        if isinstance(checked, Message):
            return read, None, None, Violation(reason=Reason.R06, pointer="/subject", message=checked)
        return read, StreamId(f"persoon/{self.pseudonym(read.digits)}"), read.digits, None

    def _refuse(
        self,
        raw: bytes,
        credential: Credential,
        *violations: Violation,
        id: str | None = None,
        source: str | None = None,
        type: str | None = None,
    ) -> Examined:
        stream = self._meant_for(raw)
        return Examined(raw=raw, credential=credential, id=id, source=source, type=type, violations=tuple(violations), stream=stream)

    def _meant_for(self, raw: bytes) -> StreamId | None:
        """The stream that an event that cannot be read in full was meant for: what is kept of it goes when that person is erased."""
        try:
            subject = _subject.decode(raw).subject
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        return self._whose(subject)[1] if subject is not None else None

    def _diagnosed(self, raw: bytes, credential: Credential) -> Examined:
        """The slow path: the fast one could not read it, so say everything that is wrong."""
        try:
            value = _anything.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            where = str(error)[:120]
            return self._refuse(
                raw,
                credential,
                violation(
                    Reason.R01,
                    "",
                    f"dit is geen geldige JSON in UTF-8 ({where}); stuur één JSON-object per event",
                    f"this is not valid JSON in UTF-8 ({where}); send one JSON object per event",
                ),
            )
        if not isinstance(value, dict):
            return self._refuse(raw, credential, *diagnose(Submission, value))
        violations = diagnose(Submission, value)
        if not any(v.pointer == "/source" for v in violations) and not any(v.pointer == "/publisherrole" for v in violations):
            org, role = str(value["source"])[8:18], Role(str(value["publisherrole"]))
            if not credential.may_speak_as(org, role):
                violations.append(speaks_for_another(credential, org, role))
        elif credential.org is not None and any(v.pointer == "/publisherrole" and v.reason is Reason.R08 for v in violations):
            violations.append(speaks_for_another(credential, credential.org, None))
        full_type = value.get("type")
        declared = self._catalogue.get(full_type) if isinstance(full_type, str) else None
        if isinstance(full_type, str) and declared is None:
            violations.append(
                violation(
                    Reason.R02,
                    "/type",
                    "onbekend type of onbekende versie; de catalogus staat op /api/catalogue",
                    "unknown type or version; the catalogue is at /api/catalogue",
                )
            )
        if declared is not None and "data" in value:
            violations.extend(diagnose(declared.payload, value["data"], "/data"))
        if declared is not None and not violations:
            return self._escaped(raw, credential, declared)
        violations.extend(self._besides(value, declared))
        identity = {name: v for name in ("id", "source", "type") if isinstance(v := value.get(name), str) and len(v) <= 200}
        if not violations:
            violations.append(violation(Reason.R01, "", "dit event past niet op zijn schema", "this event does not fit its schema"))
        return self._refuse(raw, credential, *violations, **identity)

    def _besides(self, value: dict[str, Json], declared: EventType | None) -> list[Violation]:
        """What comes before an unknown code in the check order and no schema tells (R01, R06, R07)."""
        subject = value.get("subject")
        read, _, _, fault = self._whose(subject) if isinstance(subject, str) else (Message("", ""), None, None, None)
        found = [] if fault is None or fault.reason is Reason.R11 else [fault]
        found += envelope_violations(
            sandbox=self._sandbox,
            admittedat=value.get("admittedat") is not None,
            on_a_person=not isinstance(read, Message) and read.kind is StreamKind.PERSON,
            grondslag=value.get("grondslag") is not None,
        )
        source, data = value.get("source"), value.get("data")
        if declared is not None and isinstance(source, str) and isinstance(data, dict):
            found += number_violations(declared.payload, data.get, source[8:18], read)
        return found

    def _escaped(self, raw: bytes, credential: Credential, declared: EventType) -> Examined:
        """Nothing is wrong but the spelling: JSON escapes that stand for allowed characters."""
        submission = _submission.decode(raw)
        return self._checked(raw, credential, submission, declared, declared.decode(submission.data))


def _utc(moment: datetime) -> datetime:
    """In UTC, kept a year away from where the calendar ends, so that no arithmetic on it can overflow."""
    if moment.year <= 2:
        return _EARLIEST
    if moment.year >= 9998:
        return _LATEST
    return moment.astimezone(UTC)
