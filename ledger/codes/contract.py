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


@code_list("3.11", nl="Werkstatus", en="Work status")
class WorkStatus(Code):
    EMPLOYED = "employed", "Loontrekkend", "Employed"
    SELF_EMPLOYED = "self_employed", "Zelfstandig", "Self-employed"
    STUDYING = "studying", "Voltijds studerend", "Full-time student"
    JOBLESS = "jobless", "Niet-werkend", "Jobless"
    INACTIVE_CARE = "inactive_care", "Zorg voor gezin, niet beschikbaar", "Caring for family, not available"
    UNFIT = "unfit", "Arbeidsongeschikt", "Unfit for work"
