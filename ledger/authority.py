"""Who may publish: credentials, and the registry of authorities that publisher-authority.changed events make.

The registry decides what the event alone cannot: B05, B08 and the suspended publisher of R03 (domain-rules.md 4.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from ledger.boundary import AGENCY_SIDE, OTHER_SIDE, Act
from ledger.codes.publisher import AuthorityState
from ledger.codes.recognition import RecognitionAuthority
from ledger.codes.roles import Role
from ledger.events.diploma import RecognitionDecided
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.verdict import Message, Position, Reason, Violation


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """Who is speaking. One credential carries one organisation and one role; a sandbox credential carries any."""

    name: str
    org: str | None = None
    """KBO number; None speaks for every organisation (sandbox only)."""
    role: Role | None = None
    authority: RecognitionAuthority | None = None
    """The authority a ``recognition_authority`` decides for (B08)."""

    def may_speak_as(self, org: str, role: Role) -> bool:
        return (self.org is None or self.org == org) and (self.role is None or self.role == role)


SANDBOX_CREDENTIAL = Credential(name="sandbox")


class _Authorisation(msgspec.Struct, frozen=True):
    valid_from: datetime
    position: int
    state: AuthorityState
    authority: RecognitionAuthority | None


class Registry:
    """Which organisation holds which role, as publisher-authority.changed events say (row 62).

    An organisation nobody wrote about is judged by its credential alone: the registry only takes away
    (suspended, revoked) and binds (B05, B08).
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, Role], list[_Authorisation]] = {}

    def apply(self, changed: PublisherAuthorityChanged, position: Position) -> None:
        """Take in one admitted event, in position order."""
        held = self._held.setdefault((changed.org, changed.role), [])
        held.append(_Authorisation(changed.valid_from, position, changed.state, changed.authority))
        held.sort(key=lambda a: (a.valid_from, a.position))

    def _at(self, org: str, role: Role, moment: datetime) -> _Authorisation | None:
        current = None
        for authorisation in self._held.get((org, role), ()):
            if authorisation.valid_from <= moment:
                current = authorisation
        return current

    def state(self, org: str, role: Role, moment: datetime) -> AuthorityState | None:
        """The state in force at a moment; None when no event says anything."""
        current = self._at(org, role, moment)
        return current.state if current else None

    def authority(self, org: str, moment: datetime) -> RecognitionAuthority | None:
        """The authority that the organisation is bound to as a recognition_authority."""
        current = self._at(org, Role.RECOGNITION_AUTHORITY, moment)
        return current.authority if current else None

    def roles(self, org: str, moment: datetime) -> frozenset[Role]:
        """The roles that the organisation holds live."""
        return frozenset(r for (o, r) in self._held if o == org and self.state(o, r, moment) is AuthorityState.AUTHORISED)

    def violations(self, act: Act, org: str, credential: Credential, moment: datetime) -> Iterator[Violation]:
        """B05, B08 and the suspended publisher of R03, at ``admitted_at``."""
        payload = act.payload
        if isinstance(payload, PublisherAuthorityChanged) and payload.state is AuthorityState.AUTHORISED:
            roles = self.roles(payload.org, moment)
            if (payload.role in OTHER_SIDE and roles & AGENCY_SIDE) or (payload.role in AGENCY_SIDE and roles & OTHER_SIDE):
                yield Violation(
                    reason=Reason.R14,
                    rule="B05",
                    pointer="/data/role",
                    message=Message(
                        nl="één organisatie kan niet aan beide kanten staan: trek eerst haar andere rol in",
                        en="one organisation cannot stand on both sides: revoke its other role first",
                    ),
                )
        if isinstance(payload, RecognitionDecided) and act.role is Role.RECOGNITION_AUTHORITY:
            bound = credential.authority or self.authority(org, moment)
            if bound is not None and payload.authority is not bound:
                yield Violation(
                    reason=Reason.R14,
                    rule="B08",
                    pointer="/data/authority",
                    message=Message(
                        nl=f"deze instantie beslist alleen voor zichzelf ({bound.value})",
                        en=f"this authority decides for itself only ({bound.value})",
                    ),
                )
        state = self.state(org, act.role, moment)
        if state in {AuthorityState.SUSPENDED, AuthorityState.REVOKED}:
            yield Violation(
                reason=Reason.R03,
                pointer="/publisherrole",
                message=Message(
                    nl=f"deze bron is als {act.role.value} niet gemachtigd ({state.label('nl')}); vraag het de beheerder van het register",
                    en=f"this publisher is not authorised as {act.role.value} ({state.label('en')}); ask the operator of the register",
                ),
            )
