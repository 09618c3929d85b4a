"""Contract and trajectory: parts, kinds, suspensions, exemptions, endings (domain.md 3.14, 3.24, 3.25, 3.33)."""

from ledger.code import Code, code_list


@code_list("3.14", nl="Trajectonderdelen", en="Trajectory parts")
class TrajectoryPart(Code):
    MO = "mo", "Maatschappelijke oriëntatie", "Civic orientation"
    NT2 = "nt2", "Nederlands als tweede taal", "Dutch as a second language"
    PILLAR3 = "pillar3", "Inschrijving VDAB of Actiris", "Registration with VDAB or Actiris"
    PNT = "pnt", "Participatie- en netwerktraject", "Participation and network trajectory"
    GUIDANCE = "guidance", "Trajectbegeleiding", "Trajectory guidance"


@code_list("inline", nl="Soort contract", en="Kind of contract")
class ContractKind(Code):
    FIRST = "first", "Eerste contract", "First contract"
    AMENDED = "amended", "Aangepast contract", "Amended contract"
    RENEWED = "renewed", "Nieuw contract na einde", "Renewed contract"


@code_list("3.24", nl="Reden van opschorting", en="Suspension reason")
class SuspensionReason(Code):
    MEDICAL = "medical", "Medische reden", "Medical"
    MATERNITY = "maternity", "Moederschap", "Maternity"
    CHILDCARE = "childcare", "Kinderopvang", "Childcare"
    WORK = "work", "Werk", "Work"
    FAMILY = "family", "Gezinsreden", "Family"
    WAITING_OFFER = "waiting_offer", "Wacht op aanbod", "Waiting for an offer"
    DETENTION = "detention", "Detentie", "Detention"
    OTHER = "other", "Andere", "Other"


@code_list("3.25", nl="Grond van vrijstelling", en="Exemption ground")
class ExemptionGround(Code):
    WORKS = "works", "Werkt", "Works"
    STUDIES = "studies", "Studeert", "Studies"
    PENSION = "pension", "Gepensioneerd", "Retired"
    UNFIT = "unfit", "Arbeidsongeschikt", "Unfit"
    LEVEL_PROVEN = "level_proven", "Niveau aangetoond", "Level proven"
    PRIOR_ATTEST = "prior_attest", "Eerder attest", "Earlier certificate"
    EU_DIPLOMA = "eu_diploma", "Diploma uit de EU", "EU diploma"
    NOT_ALLOWED_TO_WORK = "not_allowed_to_work", "Mag niet werken", "Not allowed to work"
    OTHER_LEGAL = "other_legal", "Andere wettelijke grond", "Other legal ground"


@code_list("inline", nl="Soort attest", en="Kind of certificate")
class CertificateKind(Code):
    ATTEST = "attest", "Inburgeringsattest", "Integration certificate"
    VERKLARING_INSPANNING = "verklaring_inspanning", "Verklaring van geleverde inspanning", "Declaration of effort"


@code_list("3.33", nl="Reden van einde", en="Ending reason")
class EndingReason(Code):
    ATTEST = "attest", "Attest behaald", "Certificate obtained"
    DECLARATION_EFFORT = "declaration_effort", "Verklaring van geleverde inspanning", "Declaration of effort"
    MOVED_BRUSSELS = "moved_brussels", "Verhuisd naar Brussel", "Moved to Brussels"
    MOVED_WALLONIA = "moved_wallonia", "Verhuisd naar Wallonië", "Moved to Wallonia"
    MOVED_ABROAD = "moved_abroad", "Verhuisd naar het buitenland", "Moved abroad"
    MOVED_OTHER_AGENCY = "moved_other_agency", "Verder bij een ander agentschap", "Continues with another agency"
    DECEASED = "deceased", "Overleden", "Deceased"
    WITHDREW = "withdrew", "Gestopt (rechthebbend)", "Withdrew (entitled)"
    NO_SHOW = "no_show", "Niet komen opdagen", "No show"
    SANCTIONED = "sanctioned", "Gesanctioneerd", "Sanctioned"
    WORK = "work", "Werk", "Work"
    STUDY = "study", "Studie", "Study"
    RESIDENCE_LOST = "residence_lost", "Verblijfsrecht verloren", "Residence right lost"
    MEDICAL = "medical", "Medische reden", "Medical"
    DUPLICATE = "duplicate", "Dubbel dossier", "Duplicate file"


NEUTRAL_ENDINGS: frozenset[EndingReason] = frozenset(
    {
        EndingReason.ATTEST,
        EndingReason.DECLARATION_EFFORT,
        EndingReason.MOVED_OTHER_AGENCY,
        EndingReason.DECEASED,
        EndingReason.DUPLICATE,
    }
)
"""Endings that are no drop-out (3.33)."""
