"""What a clock can be in, and who it runs against (domain-rules.md 5.1, 5.3)."""

from ledger.code import Code, code_list


@code_list("5.3", nl="Toestand van een termijn", en="State of a clock")
class ClockState(Code):
    """The first line of domain-rules.md 5.3 that fits, on the as-of date."""

    UNKNOWN = "unknown", "Onbekend", "Unknown"
    """A field that the start needs is not known."""
    NOT_STARTED = "not_started", "Nog niet gestart", "Not started"
    MET_BEFORE_START = "met_before_start", "Gehaald vóór de start", "Met before the start"
    MET = "met", "Gehaald", "Met"
    NEUTRAL_END = "neutral_end", "Neutraal beëindigd", "Neutral end"
    UNUSED = "unused", "Niet gebruikt", "Unused"
    """A may-clock that ran out: never a breach."""
    BREACHED_CLOSED = "breached_closed", "Te laat, afgesloten", "Late, closed"
    """Closed after its deadline: late but met when it has a stop, else ended unmet."""
    PAUSED = "paused", "Gepauzeerd", "Paused"
    BREACHED_OPEN = "breached_open", "Overschreden", "Overdue"
    RUNNING = "running", "Loopt", "Running"


@code_list("5.1", nl="Tegen wie een termijn loopt", en="Whom a clock runs against")
class Party(Code):
    INBURGERAAR = "inburgeraar", "Inburgeraar", "Newcomer"
    NOBODY = "nobody", "Niemand", "Nobody"
    AGENCY = "agency", "Agentschap", "Integration agency"
    AGENCY_AND_PARTNER = "agency_and_partner", "Agentschap en activeringspartner", "Agency and activation partner"
    NARIC = "naric", "NARIC-Vlaanderen", "NARIC Flanders"
    RECOGNITION_AUTHORITY = "recognition_authority", "Erkenningsinstantie", "Recognition authority"
    VDAB = "vdab", "VDAB", "VDAB"
    ACTIRIS = "actiris", "Actiris", "Actiris"
    OCMW = "ocmw", "OCMW", "OCMW"
    ORGANISER = "organiser", "Organisator", "Organiser"
    TARGET_ORGANISATION = "target_organisation", "Organisatie van bestemming", "Target organisation"
    RECEIVING_ORGANISATION = "receiving_organisation", "Ontvangende organisatie", "Receiving organisation"
    EMPLOYER_SUPPORT = "employer_support", "Werkgeversondersteuning", "Employer support"
    CONTROLLER = "controller", "Verwerkingsverantwoordelijke", "Controller"
    POLICY_OWNER = "policy_owner", "Beleidseigenaar", "Policy owner"
    PUBLISHER = "publisher", "Bron", "Publisher"


@code_list("5.1", nl="Kant van een termijn", en="Side of a clock")
class Side(Code):
    """A system clock is never shown as a shortcoming of the person."""

    PERSON = "person", "Kant van de persoon", "Person's side"
    SYSTEM = "system", "Kant van de diensten", "Services' side"
    NOBODY = "nobody", "Niemands tekort", "Nobody's shortcoming"
