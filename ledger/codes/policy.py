"""Frameworks, norms, resources and evaluation (domain.md 3.55–3.57)."""

from ledger.code import Code, code_list


@code_list("3.55", nl="Onderwerp van een afspraak", en="Clause topic")
class ClauseTopic(Code):
    REFERRAL = "referral", "Doorverwijzing", "Referral"
    REGISTRATION = "registration", "Inschrijving", "Registration"
    FEEDBACK = "feedback", "Terugkoppeling", "Feedback"
    OFFER_DISCLOSURE = "offer_disclosure", "Ontsluiten van aanbod", "Disclosure of offers"
    DATA_SHARING = "data_sharing", "Gegevensdeling", "Data sharing"
    SECTOR_ALIGNMENT = "sector_alignment", "Afstemming van sectortrajecten", "Alignment of sector trajectories"
    GROUP_OFFER = "group_offer", "Groepsaanbod", "Group offer"
    EMPLOYER = "employer", "Werkgevers", "Employers"
    BRUSSELS = "brussels", "Brussel", "Brussels"


@code_list("inline", nl="Soort norm", en="Kind of norm")
class NormKind(Code):
    DUTY = "duty", "Plicht", "Duty"
    MAY = "may", "Mogelijkheid", "May"
    TARGET = "target", "Streefdoel", "Target"


@code_list("3.56", nl="Bron van de norm", en="Norm source")
class NormSource(Code):
    DECREE = "decree", "Decreet", "Decree"
    DECISION_VR = "decision_vr", "Besluit van de Vlaamse Regering", "Decision of the Flemish Government"
    EU_DIRECTIVE = "eu_directive", "Europese richtlijn", "EU directive"
    FRAMEWORK = "framework", "Afsprakenkader", "Framework agreement"
    POLICY_TARGET = "policy_target", "Beleidsdoel", "Policy target"
    ASSUMPTION = "assumption", "Aanname", "Assumption"


@code_list("inline", nl="Soort middelen", en="Kind of resources")
class ResourceKind(Code):
    ALLOCATED_RECURRENT = "allocated_recurrent", "Toegekend, recurrent", "Allocated, recurrent"
    ALLOCATED_ONCE = "allocated_once", "Toegekend, eenmalig", "Allocated, once"
    SPENT = "spent", "Besteed", "Spent"


@code_list("inline", nl="Voorwerp van de evaluatie", en="Subject of the evaluation")
class EvaluationSubject(Code):
    PILOT = "pilot", "Proeftuin", "Pilot"
    FRAMEWORK_CLAUSE = "framework_clause", "Bepaling van het afsprakenkader", "Framework clause"
    REGULATION = "regulation", "Regelgeving", "Regulation"


@code_list("3.57", nl="Conclusie", en="Conclusion")
class Conclusion(Code):
    ANCHOR_IN_REGULATION = "anchor_in_regulation", "Verankeren in regelgeving", "Anchor in regulation"
    ANCHOR_WITHOUT_REGULATION = "anchor_without_regulation", "Verankeren zonder regelgeving", "Anchor without regulation"
    CONTINUE_PILOT = "continue_pilot", "Proeftuin voortzetten", "Continue the pilot"
    ADJUST_FRAMEWORK = "adjust_framework", "Afsprakenkader bijsturen", "Adjust the framework"
    STOP = "stop", "Stoppen", "Stop"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence", "Onvoldoende bewijs", "Insufficient evidence"
