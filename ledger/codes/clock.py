"""The clocks, as a code: what they measure stands in domain.md section 5."""

from ledger.code import Code, code_list


@code_list("5", nl="Termijnen", en="Clocks")
class ClockId(Code):
    C01 = "C01", "Inschrijving bij VDAB (derde pijler)", "Registration with VDAB (third pillar)"
    C02 = "C02", "Inschrijving bij Actiris (mogelijkheid, Brussel)", "Registration with Actiris (may-clock, Brussels)"
    C03 = "C03", "Start van de cursus MO", "Start of the civic orientation course"
    C04 = "C04", "Beslissing over niveau-erkenning", "Decision on level recognition"
    C05 = "C05", "Beslissing over specifieke en andere NARIC-erkenning", "Decision on specific and other NARIC recognition"
    C06 = "C06", "Vervollediging van het dossier", "Completion of the file"
    C07 = "C07", "Herziening vragen (mogelijkheid)", "Requesting a review (may-clock)"
    C08 = "C08", "Beslissing van een andere instantie", "Decision of another authority"
    C08B = "C08b", "Ontvangstmelding door een andere instantie", "Acknowledgement by another authority"
    C09 = "C09", "Ontvangst van het arbeidsperspectief", "Acknowledgement of the work perspective"
    C10 = "C10", "Eerste stap na inschrijving", "First step after registration"
    C11 = "C11", "Volgende terugkoppeling", "Next feedback"
    C12 = "C12", "Warme overdracht na een sectortraject", "Warm handover after a sector trajectory"
    C13 = "C13", "Perspectief na een sectortraject", "Perspective after a sector trajectory"
    C14 = "C14", "B1 mondeling na het attest", "B1 oral after the certificate"
    C15 = "C15", "Oriëntering na de beslissing", "Orientation after the decision"
    C16 = "C16", "Bereik van werkzoekenden zonder uitkering", "Reaching jobseekers without benefit"
    C17 = "C17", "Antwoord op een doorverwijzing", "Answer to a referral"
    C18 = "C18", "Behandeling van een signaal", "Handling of a signal"
    C19 = "C19", "Antwoord op de nood van een werkgever", "Answer to an employer's need"
    C20 = "C20", "Wissing na verzoek", "Erasure after a request"
    C21 = "C21", "Aanmelding in Vlaanderen", "Registration of the person in Flanders"
    C22 = "C22", "Aanmelding in Brussel", "Registration of the person in Brussels"
    C23 = "C23", "Evaluatie van de proeftuin", "Evaluation of the pilot"
    C24 = "C24", "Bezorging aan het register", "Delivery to the ledger"
