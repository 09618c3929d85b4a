"""What each hard rule R01–R15 means, and how a publisher mends what it refuses (domain.md 0.4)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from ledger.verdict import Message, Reason


class ReasonLabel(msgspec.Struct, frozen=True):
    """A reason in words."""

    label: Message
    mend: Message


def _reason(nl: str, en: str, mend_nl: str, mend_en: str) -> ReasonLabel:
    return ReasonLabel(Message(nl=nl, en=en), Message(nl=mend_nl, en=mend_en))


REASONS: Mapping[Reason, ReasonLabel] = MappingProxyType(
    {
        Reason.R01: _reason(
            "Past niet op het schema",
            "Does not fit its schema",
            "vergelijk het event met het schema van zijn type (/schemas/…): een eigenschap ontbreekt, is onbekend of van een ander soort",
            "compare the event with the schema of its type (/schemas/…): a property is missing, unknown or of another kind",
        ),
        Reason.R02: _reason(
            "Onbekend type of onbekende versie",
            "Unknown type or version",
            "gebruik een type en versie uit de catalogus",
            "use a type and version of the catalogue",
        ),
        Reason.R03: _reason(
            "Rol niet gemachtigd voor dit type, of bron geschorst",
            "Role not authorised for this type, or publisher suspended",
            "laat de rol publiceren die het type in de catalogus noemt, of vraag de beheerder om de machtiging te herstellen",
            "have a role publish it that the catalogue names for the type, or ask the operator to restore the authorisation",
        ),
        Reason.R04: _reason(
            "Token ongeldig, of een andere organisatie of rol dan die van het token",
            "Credential invalid, or another organisation or role than the credential's",
            "gebruik het token van de organisatie en de rol die in source en publisherrole staan",
            "use the token of the organisation and role that source and publisherrole name",
        ),
        Reason.R05: _reason(
            "Zelfde source en id, andere inhoud",
            "Same source and id, other content",
            "geef het nieuwe event een eigen id; verbeter een vroeger event met event.corrected",
            "give the new event an id of its own; mend an earlier event with event.corrected",
        ),
        Reason.R06: _reason(
            "INSZ of BIS-nummer klopt niet",
            "INSZ or BIS number is wrong",
            "lees het nummer opnieuw af: elf cijfers, met een bestaande maand en kloppende controlecijfers",
            "read the number again: eleven digits, with an existing month and check digits that fit",
        ),
        Reason.R07: _reason(
            "KBO-nummer klopt niet",
            "KBO number is wrong",
            "lees het nummer opnieuw af: tien cijfers, de laatste twee zijn 97 − (de eerste acht mod 97)",
            "read the number again: ten digits, the last two are 97 − (the first eight mod 97)",
        ),
        Reason.R08: _reason(
            "Code staat niet in haar lijst",
            "Code is not in its list",
            "gebruik een code uit de lijst; een code die niet meer geldt blijft toegelaten en geeft een bevinding (F05)",
            "use a code of the list; a retired code stays allowed and gives a finding (F05)",
        ),
        Reason.R09: _reason(
            "Tijdstip ligt in de toekomst",
            "Time lies in the future",
            "zet de klok van het systeem gelijk; stuur een feit pas nadat het gebeurd is (vijf minuten speling)",
            "set the system's clock; send a fact only after it happened (five minutes of leeway)",
        ),
        Reason.R10: _reason(
            "Tijdstip ligt vóór 2010",
            "Time lies before 2010",
            "kijk de datum na; het register begint op 1 januari 2010",
            "check the date; the register begins on 1 January 2010",
        ),
        Reason.R11: _reason(
            "Subject past niet bij het type of de inhoud",
            "Subject does not fit the type or the content",
            "noem in subject de stroom waar het type hoort, met hetzelfde id als in de data",
            "name in subject the stream that the type belongs to, with the same id as in the data",
        ),
        Reason.R12: _reason(
            "Verbetering van het event van een ander, of van een type dat niet te verbeteren is",
            "Correction of another's event, or of a type that cannot be corrected",
            "vraag de bron van het event om het zelf te verbeteren",
            "ask the publisher of the event to correct it",
        ),
        Reason.R13: _reason(
            "De persoon is gewist",
            "The person is erased",
            "stuur niets meer over deze persoon; wis diens gegevens ook in het eigen systeem",
            "send nothing more on this person; erase them in your own system too",
        ),
        Reason.R14: _reason(
            "Valt buiten de grenzen van de rol (B01–B23)",
            "Outside the boundaries of the role (B01–B23)",
            "laat de organisatie publiceren die deze taak heeft; de regel zegt welke grens overschreden is",
            "have the organisation publish it whose task it is; the rule says which boundary was crossed",
        ),
        Reason.R15: _reason(
            "Het event spreekt zichzelf tegen",
            "The event contradicts itself",
            "verbeter het veld dat de pointer noemt en bied het opnieuw aan",
            "mend the field that the pointer names and send it again",
        ),
    }
)
