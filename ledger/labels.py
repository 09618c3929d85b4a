"""Dutch and English labels of payload fields, for pages and schemas.

A field is called the same wherever it stands. One that has no label here is shown by its own name, so a new event type
needs nothing in this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ledger.verdict import Message

_LABELS = """
absorbed_ref | Opgegane identiteit | Absorbed identity
action | Actie | Action
adv_id | Gevorderd traject | Advanced trajectory
ambition | Ambitie | Ambition
amount | Bedrag (eurocent) | Amount (euro cents)
answer | Antwoord | Answer
answered | Beantwoord | Answered
arrival_ym | Maand van aankomst | Month of arrival
asked | Bevraagd | Asked
attended_min | Minuten aanwezig | Minutes attended
audience | Doelpubliek | Audience
authorities | Instanties | Authorities
authority | Instantie | Authority
basis_id | Grondslagdossier | Basis
benefit_status | Uitkeringsstatus | Benefit status
birth_year | Geboortejaar | Birth year
capacity | Plaatsen | Capacity
case_id | Dossier | Case
category | Categorie | Category
cause | Oorzaak | Cause
channel | Kanaal | Channel
checkpoint_position | Positie in het register | Position in the ledger
claimed_level | Gevraagd niveau | Claimed level
clause_id | Bepaling | Clause
clauses | Bepalingen | Clauses
clock | Termijn | Clock
compared_offers | Vergeleken aanbod | Compared offers
competence_codes | Competenties | Competences
conclusion | Conclusie | Conclusion
context | Context | Context
contract_id | Contract | Contract
contract_kind | Soort contract | Kind of contract
controllers | Verwerkingsverantwoordelijken | Controllers
counsellor_ref | Trajectbegeleider | Counsellor
counts | Aantallen per type | Counts per type
data | Gegevens | Data
decision_kind | Soort beslissing | Kind of decision
deficit_id | Tekort | Deficit
deficits | Tekorten | Deficits
delivered_min | Geleverde minuten | Minutes delivered
dependent_children | Kinderen ten laste | Dependent children
diploma_field | Vakgebied van het diploma | Field of the diploma
diploma_level | Diplomaniveau | Diploma level
diploma_origin | Herkomst van het diploma | Origin of the diploma
duration | Duur | Duration
dutch_oral | Nederlands mondeling | Oral Dutch
dutch_terms_min | Minuten vaktaal Nederlands | Minutes of Dutch terms
edition_id | Editie | Edition
edition_kind | Soort editie | Kind of edition
education | Onderwijsniveau | Education
education_origin | Herkomst van onderwijs | Origin of education
elements | Elementen | Elements
employer_ref | Werkgever | Employer
enrol_kind | Soort instap | Kind of enrolment
enrolment_id | Inschrijving | Enrolment
evc_id | EVC-traject | EVC trajectory
evidence | Bewijs | Evidence
executor | Uitvoerder | Executor
executors | Uitvoerders | Executors
experience_sectors | Sectoren met ervaring | Sectors of experience
experience_years | Jaren ervaring | Years of experience
first_action_on | Eerste actie op | First action on
form | Vorm | Form
framework_id | Afsprakenkader | Framework
fte_bp | Arbeidsvolume (basispunten) | Working volume (basis points)
gender | Geslacht | Gender
goal | Doel | Goal
granted_level | Toegekend niveau | Granted level
grondslag | Grondslag | Legal basis
ground | Grond | Ground
grounds | Gronden | Grounds
guided_by_agency | Begeleid door agentschap | Guided by an agency
indicator_ids | Indicatoren | Indicators
initiative | Initiatief | Initiative
insight_id | Inzicht | Insight
integrated_part | Opgenomen in onderdeel | Integrated in part
interpreter | Met tolk | With interpreter
investment_cents | Investering (eurocent) | Investment (euro cents)
investment_min | Investering (minuten) | Investment (minutes)
job_id | Job | Job
keys_destroyed | Vernietigde sleutels | Keys destroyed
kind | Soort | Kind
language | Taal | Language
last_sequence | Laatste volgnummer | Last sequence number
learning_ability | Leervermogen | Learning ability
level_match | Werk op niveau | Match of the level
levels | Niveaus | Levels
listening | Luisteren | Listening
min_dutch_oral | Minimum Nederlands mondeling | Minimum oral Dutch
min_total | Minuten in totaal | Minutes in total
missing | Ontbrekend | Missing
mo_id | MO-cursus | Civic orientation course
mode | Vorm | Mode
motive | Motief | Motive
nationality_group | Nationaliteitsgroep | Nationality group
need_id | Nood | Need
needs | Noden | Needs
next_step | Volgende stap | Next step
nis | Gemeente | Municipality
non_native_employees | Anderstalige werknemers | Non-native employees
norm | Norm | Norm
nt2_only | Alleen NT2 | Dutch only
obligation | Inburgeringsplicht | Obligation
obligation_from | Verplicht vanaf | Obliged from
offer_id | Aanbod | Offer
offer_kind | Soort aanbod | Kind of offer
org | Organisatie | Organisation
organiser | Organisator | Organiser
origin | Oorsprong | Origin
outcome | Resultaat | Outcome
part | Trajectonderdeel | Part
parties | Partijen | Parties
partner_org | Partnerorganisatie | Partner organisation
partners | Partners | Partners
parts | Trajectonderdelen | Parts
period | Periode | Period
person_link | Gekoppeld aan een persoon bij het meldpunt | Linked to a person at the equality body
perspective | Perspectief | Perspective
phase | Fase | Phase
pilot_id | Proeftuin | Pilot
places | Plaatsen | Places
plan_id | Plan | Plan
plan_kind | Soort plan | Kind of plan
planned_end | Gepland einde | Planned end
planned_min | Geplande minuten | Planned minutes
planned_start | Geplande start | Planned start
preferred_sectors | Voorkeursectoren | Preferred sectors
previous_case | Vorig dossier | Previous case
procedure | Procedure | Procedure
procedures | Procedures | Procedures
provider_role | Rol van de aanbieder | Role of the provider
purpose | Doel | Purpose
qualification | Kwalificatie | Qualification
reached_employees | Bereikte werknemers | Employees reached
reading | Lezen | Reading
reason | Reden | Reason
recipient | Ontvanger | Recipient
recipient_role | Rol van de ontvanger | Role of the recipient
referral_id | Doorverwijzing | Referral
refusal | Reden van weigering | Refusal
region | Regio | Region
regions | Regio's | Regions
regulated_profession | Gereglementeerd beroep | Regulated profession
remedies_deficit | Werkt tekort weg | Remedies deficit
replacement | Vervanging | Replacement
requested_on | Gevraagd op | Requested on
residence_ground | Verblijfsgrond | Residence ground
residence_nis | Woonplaats | Residence
role | Rol | Role
route | Route | Route
satisfaction_bp | Tevredenheid (basispunten) | Satisfaction (basis points)
scope | Reikwijdte | Scope
screening_on | Gescreend op | Screened on
sector | Sector | Sector
sectors | Sectoren | Sectors
sectors_met | Ontmoete sectoren | Sectors met
self_reliance | Zelfredzaamheid | Self-reliance
sessions | Sessies | Sessions
share_id | Deling | Share
signal_id | Signaal | Signal
size_class | Grootteklasse | Size class
size_min | Omvang (minuten) | Size (minutes)
source | Bron | Source
speaking | Spreken | Speaking
state | Stand | State
stated_by | Gesteld door | Stated by
status | Status | Status
step | Stap | Step
subject_id | Voorwerp | Subject
subject_kind | Soort voorwerp | Kind of subject
support_id | Ondersteuning | Support
support_kind | Soort ondersteuning | Kind of support
support_kinds | Soorten ondersteuning | Kinds of support
survivor_ref | Blijvende identiteit | Surviving identity
target | Doel | Target
target_id | Betreft event | Target event
target_org | Doelorganisatie | Target organisation
target_reach | Beoogd bereik | Target reach
target_source | Bron van het event | Source of the target
theme | Thema | Theme
time | Tijdstip | Time
topic | Onderwerp | Topic
topics | Onderwerpen | Topics
training_id | Opleiding | Training
training_kind | Soort opleiding | Kind of training
until | Tot | Until
usable | Bruikbaar | Usable
valid_from | Geldig vanaf | Valid from
valid_to | Geldig tot en met | Valid to
version | Versie | Version
work_allowed | Mag werken | Allowed to work
work_status | Werkstatus | Work status
writing | Schrijven | Writing
year | Jaar | Year
"""

FIELD_LABELS: Mapping[str, Message] = MappingProxyType(
    {name: Message(nl=nl, en=en) for name, nl, en in (line.split(" | ") for line in _LABELS.strip().splitlines())}
)
"""Label by field name."""


def field_label(name: str, lang: str) -> str:
    """The label of a payload field in ``lang`` (``nl`` or ``en``); the name itself, spaced, where there is none."""
    label = FIELD_LABELS.get(name)
    if label is None:
        return name.replace("_", " ")
    return label.en if lang == "en" else label.nl
