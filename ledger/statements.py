"""The statements of the policy note on newcomers and work, and what in the ledger answers each (domain.md 8).

Every statement that asks something of somebody has events that record it, and indicators, rules or pages that show whether it
happens. The statements are told in our own words; S11 and S59 (an announcement and a signature) ask nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ledger.verdict import Message


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement."""

    id: str
    said: Message
    """What it says, in our words."""
    events: tuple[int, ...]
    """Rows of the event catalogue that record it."""
    indicators: tuple[str, ...]
    rules: tuple[str, ...]
    """Boundaries (B), clocks (C), findings (F) and patterns (P) that watch over it."""
    pages: tuple[str, ...]
    """The pages that show it, by their Dutch title."""

    @property
    def asks(self) -> bool:
        """Whether it asks anything of anybody."""
        return bool(self.events)


def _s(
    id: str, nl: str, en: str, events: Sequence[int] = (), indicators: str = "", rules: str = "", pages: Sequence[str] = ()
) -> Statement:
    return Statement(
        id=id,
        said=Message(nl, en),
        events=tuple(events),
        indicators=tuple(f"IND-{number}" for number in indicators.split()),
        rules=tuple(rules.split()),
        pages=tuple(pages),
    )


_OVERVIEW, _FLOWS, _TIME, _SECTOR = "Overzicht", "Stromen", "Tijd tot…", "Sectortrajecten"
_FEEDBACK, _BRUSSELS, _DIPLOMA, _EVC = "VDAB-terugkoppeling", "Brussel 60 dagen", "Diploma-erkenning", "EVC"
_EMPLOYERS, _GROUP, _OFFER, _PILOTS = "Werkgevers", "Groepsaanbod NUG", "Aanbod en taal", "Proeftuinen"
_BOUNDARIES, _SOURCES, _AGREEMENTS = "Rolgrenzen", "Databronnen", "Afspraken"

STATEMENTS: tuple[Statement, ...] = (
    _s(
        "S01",
        "de agentschappen doen meer voor activering, binnen hun kerntaken",
        "the agencies do more for activation, within their core tasks",
        [62],
        "30",
        "B01",
        [_OVERVIEW, _BOUNDARIES],
    ),
    _s(
        "S02",
        "het vertrekt van de proeftuinen, samen met VDAB, werkgevers en partners",
        "it starts from the pilots, with VDAB, employers and partners",
        [53, 54, 58],
        "33",
        "C23",
        [_PILOTS],
    ),
    _s(
        "S03",
        "de proeftuinen helpen sneller en blijvend aan werk",
        "the pilots help people to work sooner and for good",
        [54, 34, 35],
        "28 29",
        "",
        [_TIME, _PILOTS],
    ),
    _s("S04", "het actieplan van 2023 is het kader", "the action plan of 2023 is the frame", [53, 59], "", "C23", [_PILOTS]),
    _s(
        "S05",
        "de agentschappen en het Huis van het Nederlands voeren uit",
        "the agencies and the House of Dutch carry it out",
        [53, 62],
        "",
        "B12",
        [_BOUNDARIES],
    ),
    _s("S06", "wat werkt wordt na evaluatie verankerd", "what works is anchored after evaluation", [61], "", "C23", [_PILOTS]),
    _s(
        "S07",
        "hun rol is begeleiden, toeleiden en ondersteunen",
        "their role is to guide, refer and support",
        [12, 13, 14, 15, 22, 25, 27],
        "04 08",
        "F10",
        [_FLOWS],
    ),
    _s(
        "S08",
        "er wordt bepaald wat in regelgeving komt en welke kaders wijzigen",
        "it is decided what becomes regulation and which frameworks change",
        [58, 59, 61],
        "",
        "C23",
        [_PILOTS, _AGREEMENTS],
    ),
    _s(
        "S09",
        "discriminatie en racisme bij activering worden aangepakt",
        "discrimination and racism in activation are dealt with",
        [67, 68],
        "38",
        "C18 B17",
        [],
    ),
    _s(
        "S10",
        "vanaf 2027 zijn de middelen beperkt: er wordt gekozen",
        "from 2027 money is limited: choices are made",
        [60, 61],
        "33 34 36 37",
        "F31",
        [_PILOTS],
    ),
    _s("S11", "de nota zegt hoe het verder gaat", "the note says how it goes on"),
    _s(
        "S12",
        "agentschappen, VDAB en OCMW hebben elk hun rol",
        "agencies, VDAB and the municipal welfare offices have their own role",
        [24, 30, 31, 34],
        "12 13",
        "C10 C11",
        [_FEEDBACK, _SOURCES],
    ),
    _s(
        "S13",
        "ook opleiders, sectoren, bedrijven en bemiddelaars doen mee",
        "trainers, sectors, companies and intermediaries take part too",
        [26, 32, 33, 56, 64, 66],
        "07",
        "B20",
        [_FLOWS, _OFFER],
    ),
    _s("S14", "de rollen worden duidelijk afgebakend", "roles are clearly drawn", [62], "30", "B01 B13", [_BOUNDARIES]),
    _s(
        "S15",
        "meer activering binnen de kerntaken, met taal- en diversiteitssteun",
        "more activation within the core tasks, with language and diversity support",
        [12, 13, 14, 15, 16, 17, 18, 19, 64, 65, 66],
        "04 39",
        "P2",
        [_OVERVIEW, _TIME, _EMPLOYERS],
    ),
    _s(
        "S16",
        "geen individuele bemiddeling, wel oriëntering en arbeidsmarktinzicht",
        "no individual mediation, but orientation and labour market insight",
        [13, 22, 30],
        "04 30",
        "B01 P1",
        [_FLOWS, _BOUNDARIES],
    ),
    _s(
        "S17",
        "begeleiding op maat van zelfredzaamheid, leervermogen en perspectief",
        "guidance that fits self-reliance, learning ability and perspective",
        [15],
        "05",
        "",
        [_FLOWS],
    ),
    _s(
        "S18",
        "kwaliteitsvolle doorverwijzing naar toegankelijk, transparant aanbod",
        "good referral to an accessible, transparent offer",
        [22, 23, 27, 56],
        "08 09 21",
        "C17 F17",
        [_FLOWS, _OFFER],
    ),
    _s(
        "S19",
        "elke partner draagt bij vanuit zijn kerntaak",
        "every partner contributes from its core task",
        [62, 63],
        "40",
        "C24 F39",
        [_SOURCES],
    ),
    _s(
        "S20",
        "het professionele perspectief zit in de loopbaanoriëntatie",
        "the professional perspective is part of career orientation",
        [13],
        "04",
        "B01",
        [_FLOWS],
    ),
    _s(
        "S21",
        "bij intake: oriëntatie en screening vóór doorverwijzing",
        "at intake: orientation and screening before referral",
        [12, 13, 14, 22],
        "03",
        "F10",
        [_FLOWS, _TIME],
    ),
    _s(
        "S22",
        "derde pijler: ook informeren over lokale en regionale initiatieven",
        "third pillar: also inform on local and regional initiatives",
        [25, 26],
        "06 07",
        "C01",
        [_FLOWS],
    ),
    _s(
        "S23",
        "oriënteren vervangt bemiddelen niet",
        "orientation does not replace mediation",
        [13, 30],
        "30",
        "B01 B02 B03 F27",
        [_BOUNDARIES],
    ),
    _s(
        "S24",
        "diploma's: uitleggen, helpen indienen, daarna oriënteren",
        "diplomas: explain, help to submit, orient afterwards",
        [36, 37, 40],
        "14 15 18",
        "C06 C15 C07",
        [_DIPLOMA],
    ),
    _s(
        "S25",
        "soms is een andere instantie nodig, of bijscholing",
        "sometimes another authority is needed, or remedial training",
        [37, 39, 32],
        "19",
        "F38 F23",
        [_DIPLOMA],
    ),
    _s(
        "S26",
        "erkennen is een zaak van onderwijs (NARIC)",
        "recognition belongs to education (NARIC)",
        [38, 39],
        "16 17",
        "B06 B07 C04 C05",
        [_DIPLOMA],
    ),
    _s(
        "S27",
        "begeleiding bij EVC wordt in proeftuinen onderzocht",
        "guidance in validation of skills is examined in pilots",
        [41, 42],
        "42",
        "B10",
        [_EVC, _PILOTS],
    ),
    _s("S28", "sectortrajecten, thematisch en regionaal", "sector trajectories, by theme and by region", [43], "25", "F13", [_SECTOR]),
    _s(
        "S29",
        "maatschappelijke oriëntatie en werkperspectief lopen samen vanaf het begin",
        "civic orientation and work perspective go together from the start",
        [16, 43, 47],
        "22 43",
        "F12 C03",
        [_SECTOR],
    ),
    _s(
        "S30",
        "afgestemd op het aanbod van VDAB en de sectorbaden",
        "aligned with the offer of VDAB and the sector baths",
        [44],
        "25",
        "F14",
        [_SECTOR],
    ),
    _s(
        "S31",
        "nadien is een job, stage of opleiding in zicht, met actieve begeleiding",
        "afterwards a job, internship or training is in sight, with active guidance",
        [48, 49, 22, 23],
        "23 24",
        "C12 C13",
        [_SECTOR],
    ),
    _s(
        "S32",
        "het belang van Nederlands, ook vaktermen",
        "the importance of Dutch, technical terms included",
        [13, 43, 48],
        "41",
        "C14",
        [_SECTOR],
    ),
    _s(
        "S33",
        "ze lopen gelijk met de lessen maatschappelijke oriëntatie",
        "they run together with the lessons of civic orientation",
        [16, 17, 47, 48],
        "22",
        "F12",
        [_SECTOR],
    ),
    _s(
        "S34",
        "uitgewerkt met VDAB of Actiris, en verder in het bestaande aanbod",
        "worked out with VDAB or Actiris, and on into the existing offer",
        [43, 44, 22],
        "24",
        "P7",
        [_SECTOR],
    ),
    _s("S35", "naar het voorbeeld van Bon in Brussel", "after the example of Bon in Brussels", [43], "22", "F14", [_SECTOR, _BRUSSELS]),
    _s(
        "S36",
        "velen hebben ervaring of ambitie in een sector",
        "many have experience or ambition in a sector",
        [14],
        "26",
        "F10",
        [_SECTOR, _FLOWS],
    ),
    _s(
        "S37",
        "een groepsaanbod voor wie geen uitkering en geen afsprakenblad heeft",
        "a group offer for those without benefit and without follow-up plan",
        [2, 31, 43, 47],
        "27",
        "C16",
        [_GROUP],
    ),
    _s(
        "S38",
        "inzichten uit vervolg- en upgradetrajecten komen in het gewone traject",
        "insights of follow-up and upgrade trajectories enter the regular trajectory",
        [50, 51, 52],
        "31 32",
        "F29",
        [_PILOTS],
    ),
    _s(
        "S39",
        "geen aanbieder of regisseur van opleidingen, wel informeren",
        "no provider or director of training, but informing",
        [27, 32],
        "21",
        "B04",
        [_BOUNDARIES, _OFFER],
    ),
    _s("S40", "aanmoedigen om het aanbod te gebruiken", "encourage people to use the offer", [25, 27, 26], "07", "P1", [_FLOWS]),
    _s(
        "S41",
        "het aanbod van VDAB openstellen, ook bij beperkt Nederlands",
        "open the offer of VDAB, for limited Dutch too",
        [56, 57],
        "20",
        "F17",
        [_OFFER],
    ),
    _s("S42", "zo kunnen de agentschappen ten volle informeren", "so the agencies can inform in full", [27, 56], "21", "F18", [_OFFER]),
    _s(
        "S43",
        "meer gegevensuitwisseling, één geïntegreerd traject",
        "more exchange of data, one integrated trajectory",
        [4, 28, 29],
        "10 11",
        "C09 F24",
        [_FEEDBACK, _SOURCES],
    ),
    _s(
        "S44", "de agentschappen delen het arbeidsperspectief", "the agencies share the work perspective", [28], "10 26", "C09", [_FEEDBACK]
    ),
    _s(
        "S45",
        "VDAB koppelt systematisch terug vanaf de inschrijving",
        "VDAB reports back systematically from registration on",
        [24, 30, 31],
        "12 13",
        "C10 C11 F19",
        [_FEEDBACK],
    ),
    _s(
        "S46",
        "bedrijven steunen met Nederlands en integratie",
        "support companies with Dutch and integration",
        [64, 65, 66],
        "35",
        "C19",
        [_EMPLOYERS],
    ),
    _s("S47", "in proeftuinen ook voor werkgevers", "in pilots for employers too", [53, 66], "37", "F32", [_EMPLOYERS, _PILOTS]),
    _s("S48", "nu ook steun bij diversiteit", "now support with diversity too", [53, 65], "36", "F32", [_EMPLOYERS]),
    _s("S49", "een afgestemd aanbod voor concrete noden", "a tuned offer for concrete needs", [64, 65], "35", "C19", [_EMPLOYERS]),
    _s("S50", "de werkgever bepaalt noden en investering", "the employer decides on needs and investment", [64], "37", "B16", [_EMPLOYERS]),
    _s("S51", "eigen producten of een andere partner", "own products or another partner", [65], "36", "P6", [_EMPLOYERS]),
    _s(
        "S52",
        "in Brussel: Bon en het Huis van het Nederlands",
        "in Brussels: Bon and the House of Dutch",
        [62, 8, 12],
        "02",
        "B12",
        [_BRUSSELS],
    ),
    _s("S53", "inhoudelijk hetzelfde traject", "the same trajectory in content", [8], "43", "F34", [_BRUSSELS]),
    _s(
        "S54",
        "wie niet werkt kan zich binnen 60 dagen bij Actiris inschrijven",
        "who does not work may register with Actiris within 60 days",
        [8, 24],
        "02",
        "C02",
        [_BRUSSELS],
    ),
    _s(
        "S55",
        "afspraken met Actiris en andere Brusselse partners",
        "agreements with Actiris and other partners in Brussels",
        [58],
        "12",
        "C10",
        [_AGREEMENTS],
    ),
    _s("S56", "deze lijnen sturen evaluatie en verankering", "these lines guide evaluation and anchoring", [61], "", "C23", [_PILOTS]),
    _s("S57", "afgestemd met de bemiddelingsdiensten", "tuned with the mediation services", [58, 44], "25", "F14", [_AGREEMENTS]),
    _s("S58", "een ontwerpdecreet voor de zomer van 2026", "a draft decree before the summer of 2026", [61, 59], "", "C23", [_PILOTS]),
    _s("S59", "de minister tekent", "the minister signs"),
)
