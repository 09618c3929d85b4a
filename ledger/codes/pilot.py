"""Pilots (proeftuinen), advanced trajectories, insights (domain.md 3.4, 3.53)."""

from ledger.code import Code, code_list


@code_list("3.4", nl="Thema's van proeftuinen", en="Pilot themes")
class PilotTheme(Code):
    CAREER_ORIENTATION = "career_orientation", "Loopbaanoriëntatie en screening", "Career orientation and screening"
    DIPLOMA_GUIDANCE = "diploma_guidance", "Begeleiding diploma-erkenning", "Guidance to diploma recognition"
    EVC_GUIDANCE = "evc_guidance", "EVC-begeleiding", "Guidance to validation of skills (EVC)"
    SECTOR_TRAJECTORY = "sector_trajectory", "Oriënterend sectortraject", "Sector orientation trajectory"
    GROUP_OFFER = "group_offer", "Gericht groepsaanbod NUG", "Targeted group offer for jobseekers without benefit"
    VERVOLGTRAJECT = "vervolgtraject", "Vervolgtraject", "Follow-on trajectory"
    UPGRADETRAJECT = "upgradetraject", "Upgradetraject", "Upgrade trajectory"
    EMPLOYER_LANGUAGE = "employer_language", "Taalondersteuning werkgevers", "Language support for employers"
    EMPLOYER_DIVERSITY = "employer_diversity", "Diversiteitsondersteuning werkgevers", "Diversity support for employers"
    DATA_EXCHANGE = "data_exchange", "Gegevensuitwisseling met VDAB", "Data exchange with VDAB"
    BRUSSELS = "brussels", "Brusselse aanpak", "Brussels approach"


@code_list("inline", nl="Soort gevorderd traject", en="Kind of advanced trajectory")
class AdvancedKind(Code):
    VERVOLGTRAJECT = "vervolgtraject", "Vervolgtraject", "Follow-on trajectory"
    UPGRADETRAJECT = "upgradetraject", "Upgradetraject", "Upgrade trajectory"


@code_list("3.53", nl="Uitkomst van het gevorderde traject", en="Advanced outcome")
class AdvancedOutcome(Code):
    JOB_AT_LEVEL = "job_at_level", "Job op niveau", "Job at level"
    JOB_BELOW = "job_below", "Job onder niveau", "Job below level"
    STUDY = "study", "Studie", "Study"
    TRAINING = "training", "Opleiding", "Training"
    RECOGNITION_STARTED = "recognition_started", "Erkenning opgestart", "Recognition started"
    DROPPED = "dropped", "Afgehaakt", "Dropped"
    NONE = "none", "Geen", "None"


@code_list("inline", nl="Oorsprong van het inzicht", en="Origin of the insight")
class InsightOrigin(Code):
    VERVOLGTRAJECT = "vervolgtraject", "Vervolgtraject", "Follow-on trajectory"
    UPGRADETRAJECT = "upgradetraject", "Upgradetraject", "Upgrade trajectory"
    SECTOR_TRAJECTORY = "sector_trajectory", "Sectortraject", "Sector trajectory"
    GROUP_OFFER = "group_offer", "Groepsaanbod", "Group offer"
    OTHER_PILOT = "other_pilot", "Andere proeftuin", "Other pilot"


@code_list("inline", nl="Stand van het inzicht", en="State of the insight")
class InsightState(Code):
    PROPOSED = "proposed", "Voorgesteld", "Proposed"
    INTEGRATED = "integrated", "Opgenomen in het traject", "Integrated"
    REJECTED = "rejected", "Verworpen", "Rejected"


@code_list("inline", nl="Soort instap", en="Kind of enrolment")
class EnrolKind(Code):
    OFFERED = "offered", "Aangeboden", "Offered"
    ACCEPTED = "accepted", "Aanvaard", "Accepted"
