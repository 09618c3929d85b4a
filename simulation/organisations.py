"""The invented organisations and their publishing systems (domain-rules.md 7.5).

KBO numbers lie in a range not issued at the time of writing and carry right check digits; none is a real body's.
A source is one system of one organisation in one role: ``urn:kbo:<kbo>:<system>``.
"""

from __future__ import annotations

import msgspec

from ledger.codes.recognition import RecognitionAuthority
from ledger.codes.region import Region
from ledger.codes.roles import Role
from simulation.places import ANTWERPEN, GENT, Municipality


class Source(msgspec.Struct, frozen=True):
    """A publishing system. ``number`` is its place in :data:`SOURCES`."""

    number: int
    kbo: str
    system: str
    role: Role
    name: str
    authority: RecognitionAuthority | None = None

    @property
    def urn(self) -> str:
        """The CloudEvents ``source``."""
        return f"urn:kbo:{self.kbo}:{self.system}"


def kbo_number(base: int) -> str:
    """A KBO number from its first eight digits."""
    return f"{base:08d}{97 - base % 97:02d}"


_sources: list[Source] = []


def _source(kbo: str, system: str, role: Role, name: str, authority: RecognitionAuthority | None = None) -> Source:
    made = Source(len(_sources), kbo, system, role, name, authority)
    _sources.append(made)
    return made


AGII = _source("1999010048", "kbi", Role.AGENCY, "AgII")
AGII_EMPLOYERS = _source("1999010048", "werkgevers", Role.EMPLOYER_SUPPORT, "AgII werkgevers")
BON = _source("1999011038", "kbi", Role.AGENCY, "AgII-Bon")
ATLAS = _source("1999012028", "kbi", Role.AGENCY, "Atlas")
ATLAS_EMPLOYERS = _source("1999012028", "werkgevers", Role.EMPLOYER_SUPPORT, "Atlas werkgevers")
AMAL = _source("1999013018", "kbi", Role.AGENCY, "Amal")
HVN = _source("1999014008", "taal", Role.HNB, "Huis van het Nederlands Brussel")
VDAB = _source("1999015095", "mlb", Role.VDAB, "VDAB")
ACTIRIS = _source("1999016085", "dossier", Role.ACTIRIS, "Actiris")
OCMW_G = _source("1999017075", "welzijn", Role.OCMW, "OCMW G")
OCMW_A = _source("1999018065", "welzijn", Role.OCMW, "OCMW A")
NARIC = _source("1999019055", "dossiers", Role.NARIC, "NARIC-Vlaanderen")
ZORG = _source("1999020045", "erkenning", Role.RECOGNITION_AUTHORITY, "Departement Zorg", RecognitionAuthority.DEPARTEMENT_ZORG)
FOD = _source("1999021035", "visum", Role.RECOGNITION_AUTHORITY, "FOD Volksgezondheid", RecognitionAuthority.FOD_VOLKSGEZONDHEID)
TEST_CENTRE_A = _source("1999022025", "evc", Role.EVC_PROVIDER, "Testcentrum A")
TEST_CENTRE_B = _source("1999023015", "evc", Role.EVC_PROVIDER, "Testcentrum B")
TRAINER_A = _source("1999024005", "cursus", Role.TRAINING_PROVIDER, "Opleider A")
TRAINER_B = _source("1999025092", "cursus", Role.TRAINING_PROVIDER, "Opleider B")
NT2_A = _source("1999026082", "nt2", Role.NT2_PROVIDER, "NT2-aanbieder A")
NT2_B = _source("1999027072", "nt2", Role.NT2_PROVIDER, "NT2-aanbieder B")
MENTORING = _source("1999028062", "mentoring", Role.PARTNER, "Mentoringpartner")
MATCHMAKING = _source("1999029052", "match", Role.PARTNER, "Matchmakingpartner")
SECTOR_FUND = _source("1999030042", "fonds", Role.SECTOR_BODY, "Sectorfonds zorg")
CITY_G = _source("1999031032", "stad", Role.LOCAL_GOVERNMENT, "Stad G")
CITY_A = _source("1999032022", "stad", Role.LOCAL_GOVERNMENT, "Stad A")
VMRI = _source("1999033012", "melding", Role.EQUALITY_BODY, "Mensenrechteninstituut")
UNIA = _source("1999034002", "melding", Role.EQUALITY_BODY, "Unia")
ABB = _source("1999035089", "beleid", Role.POLICY_OWNER, "ABB")
EVALUATOR = _source("1999036079", "evaluatie", Role.EVALUATOR, "Evaluator")
IDENTITY = _source("1999037069", "identiteit", Role.IDENTITY_SERVICE, "Identiteitsdienst")
OPERATOR = _source("1999038059", "register", Role.LEDGER_OPERATOR, "Beheerder register")
EDITIONS = _source("1999039049", "edities", Role.EDITION_ORGANISER, "Editie-eenheid")

SOURCES: tuple[Source, ...] = tuple(_sources)

_EAST = {Region.GENT, Region.WAASLAND, Region.DENDER, Region.VLAAMSE_ARDENNEN, Region.ZUID_WEST_VLAANDEREN}
_WEST = {Region.BRUGGE, Region.OOSTENDE, Region.MIDWEST, Region.WESTHOEK}
_GHENT_SIDE = _EAST | _WEST


def agency_of(place: Municipality) -> Source:
    """The agency of a territory: Atlas in Antwerpen, Amal in Gent, Bon in Brussels, AgII elsewhere (domain.md 3.9)."""
    if place.region is Region.BRUSSEL:
        return BON
    if place.nis == ANTWERPEN:
        return ATLAS
    return AMAL if place.nis == GENT else AGII


def ocmw_of(region: Region) -> Source:
    """The welfare centre that stands for all of its side of the country."""
    return OCMW_G if region in _GHENT_SIDE else OCMW_A


def city_of(region: Region) -> Source:
    """The local government that stands for all of its side of the country."""
    return CITY_G if region in _GHENT_SIDE else CITY_A


EMPLOYER_BASE = 19_995_000
EMPLOYERS = 5_000
MORE_EMPLOYERS_BASE = 19_900_000
"""Employers past the first 5 000, up to 90 000 more."""


def employer_kbo(k: int) -> str:
    """The KBO number of employer ``k``."""
    return kbo_number(EMPLOYER_BASE + k if k < EMPLOYERS else MORE_EMPLOYERS_BASE + (k - EMPLOYERS) % 90_000)
