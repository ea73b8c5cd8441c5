# SPDX-License-Identifier: Apache-2.0
"""The closed code lists of mutual administrative assistance, each code with one meaning.

The terms follow the WCO Model Bilateral Agreement (2004), the Johannesburg Convention (2003),
the Nairobi Convention (1977), the protocols of the European Union, Naples II (1997) and
Article 12 of the WTO Trade Facilitation Agreement. A code not listed here is not a code:
`code_of` refuses it and names the nearest ones. The words a person reads for a code are in
`LABELS`, marked for the catalogues; what a code means is decided in `agreements`.
"""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from comity.catalogues import N_
from comity.errors import InvalidInputError


class InstrumentKind(StrEnum):
    """What sort of instrument binds (or does not bind) the parties."""

    TREATY_BILATERAL = "treaty_bilateral"
    TREATY_MULTILATERAL = "treaty_multilateral"
    PROTOCOL_OR_ANNEX = "protocol_or_annex"
    TRADE_AGREEMENT_CHAPTER = "trade_agreement_chapter"
    DOMESTIC_STATUTE = "domestic_statute"
    ADMINISTRATIVE_ARRANGEMENT = "administrative_arrangement"
    PRIVATE_LAW_COUNTERPART = "private_law_counterpart"
    EXCHANGE_OF_NOTES = "exchange_of_notes"


class FormOfAssistance(StrEnum):
    """What one administration does for another."""

    INFO_APPLICATION = "INFO_APPLICATION"
    INFO_ASSESSMENT = "INFO_ASSESSMENT"
    INFO_OFFENCE = "INFO_OFFENCE"
    VERIFY_EXPORT = "VERIFY_EXPORT"
    VERIFY_IMPORT = "VERIFY_IMPORT"
    VERIFY_TRANSIT = "VERIFY_TRANSIT"
    VERIFY_AUTHENTICITY = "VERIFY_AUTHENTICITY"
    VERIFY_ORIGIN = "VERIFY_ORIGIN"
    AUTOMATIC_EXCHANGE = "AUTOMATIC_EXCHANGE"
    ADVANCE_EXCHANGE = "ADVANCE_EXCHANGE"
    SPONTANEOUS = "SPONTANEOUS"
    POOLING = "POOLING"
    ENQUIRY = "ENQUIRY"
    INTERVIEW = "INTERVIEW"
    RECORDS_ACCESS = "RECORDS_ACCESS"
    COPIES_CERTIFIED = "COPIES_CERTIFIED"
    ORIGINALS = "ORIGINALS"
    EXPERTS_WITNESSES = "EXPERTS_WITNESSES"
    OBJECTS_SAMPLES = "OBJECTS_SAMPLES"
    SURVEILLANCE_PERSONS = "SURVEILLANCE_PERSONS"
    SURVEILLANCE_GOODS = "SURVEILLANCE_GOODS"
    SURVEILLANCE_PLACES = "SURVEILLANCE_PLACES"
    SURVEILLANCE_TRANSPORT = "SURVEILLANCE_TRANSPORT"
    SURVEILLANCE_PAYMENT = "SURVEILLANCE_PAYMENT"
    CONTROLLED_DELIVERY = "CONTROLLED_DELIVERY"
    NOTIFICATION = "NOTIFICATION"
    RECOVERY = "RECOVERY"
    SEIZURE_ASSIST = "SEIZURE_ASSIST"
    ASSET_SHARING = "ASSET_SHARING"
    PRESENCE_REQUESTED = "PRESENCE_REQUESTED"
    PRESENCE_INVITED = "PRESENCE_INVITED"
    HOT_PURSUIT = "HOT_PURSUIT"
    CROSS_BORDER_SURVEILLANCE = "CROSS_BORDER_SURVEILLANCE"
    COVERT_INVESTIGATION = "COVERT_INVESTIGATION"
    JOINT_TEAM = "JOINT_TEAM"
    LIAISON_OFFICER = "LIAISON_OFFICER"
    TECHNICAL_ASSISTANCE = "TECHNICAL_ASSISTANCE"
    JOINT_OPERATION = "JOINT_OPERATION"
    TRADE_DATA_EXCHANGE = "TRADE_DATA_EXCHANGE"
    AEO_RECOGNITION = "AEO_RECOGNITION"
    PRESCREENING = "PRESCREENING"
    RESEARCH = "RESEARCH"


class Purpose(StrEnum):
    """What the information is used for."""

    INTELLIGENCE = "INTELLIGENCE"
    RISK_TARGETING = "RISK_TARGETING"
    ASSESSMENT = "ASSESSMENT"
    ADMIN_ENQUIRY = "ADMIN_ENQUIRY"
    ADMIN_PROCEEDING = "ADMIN_PROCEEDING"
    CIVIL_JUDICIAL = "CIVIL_JUDICIAL"
    CRIMINAL_INVESTIGATION = "CRIMINAL_INVESTIGATION"
    CRIMINAL_EVIDENCE = "CRIMINAL_EVIDENCE"
    OTHER_AUTHORITY = "OTHER_AUTHORITY"
    OTHER_LAW = "OTHER_LAW"
    THIRD_STATE = "THIRD_STATE"
    STATISTICS = "STATISTICS"
    PUBLIC = "PUBLIC"


class UseRule(StrEnum):
    """What an instrument says of one purpose of use."""

    PERMITTED = "PERMITTED"
    PERMITTED_NOTIFY = "PERMITTED_NOTIFY"
    PRIOR_CONSENT = "PRIOR_CONSENT"
    CONDITION_AT_SUPPLY = "CONDITION_AT_SUPPLY"
    OTHER_CHANNEL_ONLY = "OTHER_CHANNEL_ONLY"
    PROHIBITED = "PROHIBITED"
    UNSPECIFIED = "UNSPECIFIED"


class Offence(StrEnum):
    """What the conduct is suspected to be."""

    DUTY_EVASION = "DUTY_EVASION"
    UNDERVALUATION = "UNDERVALUATION"
    MISCLASSIFICATION = "MISCLASSIFICATION"
    ORIGIN_FRAUD = "ORIGIN_FRAUD"
    TRANSSHIPMENT = "TRANSSHIPMENT"
    AD_CVD_EVASION = "AD_CVD_EVASION"
    QUOTA_EVASION = "QUOTA_EVASION"
    TRANSIT_FRAUD = "TRANSIT_FRAUD"
    DRAWBACK_FRAUD = "DRAWBACK_FRAUD"
    DOCUMENT_FRAUD = "DOCUMENT_FRAUD"
    SMUGGLING_GENERAL = "SMUGGLING_GENERAL"
    NARCOTICS = "NARCOTICS"
    PRECURSORS = "PRECURSORS"
    FIREARMS = "FIREARMS"
    TOBACCO = "TOBACCO"
    ALCOHOL = "ALCOHOL"
    CASH_BNI = "CASH_BNI"
    MONEY_LAUNDERING = "MONEY_LAUNDERING"
    TBML = "TBML"
    IPR = "IPR"
    CULTURAL_PROPERTY = "CULTURAL_PROPERTY"
    CITES_WILDLIFE = "CITES_WILDLIFE"
    IUU_SEAFOOD = "IUU_SEAFOOD"
    FORCED_LABOUR_GOODS = "FORCED_LABOUR_GOODS"
    HAZARDOUS_WASTE = "HAZARDOUS_WASTE"
    OZONE_DEPLETING = "OZONE_DEPLETING"
    EXPORT_CONTROL = "EXPORT_CONTROL"
    PROLIFERATION = "PROLIFERATION"
    NUCLEAR_RADIOLOGICAL = "NUCLEAR_RADIOLOGICAL"
    EXPLOSIVES = "EXPLOSIVES"
    SANCTIONS = "SANCTIONS"
    PRODUCT_SAFETY = "PRODUCT_SAFETY"
    COUNTERFEIT_MEDICINE = "COUNTERFEIT_MEDICINE"
    HUMAN_TRAFFICKING = "HUMAN_TRAFFICKING"
    MIGRANT_SMUGGLING = "MIGRANT_SMUGGLING"
    TERRORISM = "TERRORISM"
    CORRUPTION = "CORRUPTION"


class InformationClass(StrEnum):
    """What sort of information an item holds."""

    DECLARATION = "DECLARATION"
    COMMERCIAL_DOCUMENT = "COMMERCIAL_DOCUMENT"
    TRANSPORT_DOCUMENT = "TRANSPORT_DOCUMENT"
    ORIGIN_PROOF = "ORIGIN_PROOF"
    LICENCE_PERMIT = "LICENCE_PERMIT"
    SEIZURE_RECORD = "SEIZURE_RECORD"
    PERSON_DATA = "PERSON_DATA"
    COMPANY_DATA = "COMPANY_DATA"
    MEANS_OF_TRANSPORT = "MEANS_OF_TRANSPORT"
    FINANCIAL = "FINANCIAL"
    TRADE_AGGREGATE = "TRADE_AGGREGATE"
    AEO_STATUS = "AEO_STATUS"
    RISK_INDICATOR = "RISK_INDICATOR"
    METHOD_OF_CONCEALMENT = "METHOD_OF_CONCEALMENT"
    NII_IMAGE = "NII_IMAGE"
    WITNESS_STATEMENT = "WITNESS_STATEMENT"
    EXPERT_OR_LAB_REPORT = "EXPERT_OR_LAB_REPORT"
    BIOMETRIC = "BIOMETRIC"
    API_PNR = "API_PNR"
    LEGISLATION_PROCEDURE = "LEGISLATION_PROCEDURE"
    INTELLIGENCE_REPORT = "INTELLIGENCE_REPORT"
    JUDICIAL_ORIGIN = "JUDICIAL_ORIGIN"


class Caveat(StrEnum):
    """A condition that an item carries with it."""

    ORIGINATOR_CONSENT_FOR_EVIDENCE = "ORIGINATOR_CONSENT_FOR_EVIDENCE"
    ORIGINATOR_CONSENT_FOR_DISSEMINATION = "ORIGINATOR_CONSENT_FOR_DISSEMINATION"
    NO_THIRD_STATE = "NO_THIRD_STATE"
    CUSTOMS_ONLY = "CUSTOMS_ONLY"
    NAMED_OFFICIALS_ONLY = "NAMED_OFFICIALS_ONLY"
    NOT_TO_BE_USED_AGAINST_PERSON = "NOT_TO_BE_USED_AGAINST_PERSON"
    SECRECY_OF_EXISTENCE = "SECRECY_OF_EXISTENCE"
    RETURN_OR_DESTROY_BY = "RETURN_OR_DESTROY_BY"
    NO_DEATH_PENALTY_OR_INHUMAN_TREATMENT = "NO_DEATH_PENALTY_OR_INHUMAN_TREATMENT"
    PERSONAL_DATA_ANNEX_APPLIES = "PERSONAL_DATA_ANNEX_APPLIES"
    JUDICIAL_AUTHORISATION_REQUIRED = "JUDICIAL_AUTHORISATION_REQUIRED"
    COMMERCIAL_SECRET = "COMMERCIAL_SECRET"
    PENDING_CONFIRMATION_IN_WRITING = "PENDING_CONFIRMATION_IN_WRITING"
    COPY_ONLY_ORIGINAL_RETAINED = "COPY_ONLY_ORIGINAL_RETAINED"
    COURT_USE_NOTIFY_SUPPLIER = "COURT_USE_NOTIFY_SUPPLIER"
    COMPELLED_DISCLOSURE_NOTIFY = "COMPELLED_DISCLOSURE_NOTIFY"


class HandlingCode(StrEnum):
    """Europol handling codes: H0 to H3."""

    H0 = "H0"
    H1 = "H1"
    H2 = "H2"
    H3 = "H3"


class GroundForRefusal(StrEnum):
    """Why the requested administration may decline."""

    SOVEREIGNTY = "SOVEREIGNTY"
    SECURITY = "SECURITY"
    PUBLIC_POLICY = "PUBLIC_POLICY"
    ESSENTIAL_INTEREST = "ESSENTIAL_INTEREST"
    TRADE_OR_PROFESSIONAL_SECRET = "TRADE_OR_PROFESSIONAL_SECRET"
    CONTRARY_TO_LAW_OR_CONSTITUTION = "CONTRARY_TO_LAW_OR_CONSTITUTION"
    RECIPROCITY_UNAVAILABLE = "RECIPROCITY_UNAVAILABLE"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    NO_COMPETENCE_OR_RESOURCES = "NO_COMPETENCE_OR_RESOURCES"
    DISPROPORTIONATE_EFFORT = "DISPROPORTIONATE_EFFORT"
    JUDICIAL_AUTHORISATION_WITHHELD = "JUDICIAL_AUTHORISATION_WITHHELD"
    DATA_PROTECTION_INADEQUATE = "DATA_PROTECTION_INADEQUATE"
    RETENTION_EXPIRED = "RETENTION_EXPIRED"
    ASSURANCE_BREACHED = "ASSURANCE_BREACHED"
    INSUFFICIENT_DETAIL = "INSUFFICIENT_DETAIL"
    INSUFFICIENT_SUSPICION = "INSUFFICIENT_SUSPICION"
    PERSONAL_SAFETY = "PERSONAL_SAFETY"
    ONGOING_PROCEEDING = "ONGOING_PROCEEDING"


class GroundForPostponement(StrEnum):
    """Why the requested administration may answer later."""

    ONGOING_INVESTIGATION = "ONGOING_INVESTIGATION"
    ONGOING_PROSECUTION = "ONGOING_PROSECUTION"
    ONGOING_PROCEEDING = "ONGOING_PROCEEDING"


class AgreementState(StrEnum):
    """Where an instrument stands in its life."""

    PROPOSED = "PROPOSED"
    NEGOTIATING_AUTHORITY_GRANTED = "NEGOTIATING_AUTHORITY_GRANTED"
    UNDER_NEGOTIATION = "UNDER_NEGOTIATION"
    TEXT_AGREED = "TEXT_AGREED"
    SIGNED = "SIGNED"
    PROVISIONALLY_APPLIED = "PROVISIONALLY_APPLIED"
    AWAITING_NOTIFICATIONS = "AWAITING_NOTIFICATIONS"
    IN_FORCE = "IN_FORCE"
    IN_FORCE_PARTIAL = "IN_FORCE_PARTIAL"
    UNDER_REVISION = "UNDER_REVISION"
    SUSPENDED = "SUSPENDED"
    TERMINATION_NOTIFIED = "TERMINATION_NOTIFIED"
    TERMINATED = "TERMINATED"
    SUPERSEDED = "SUPERSEDED"
    SUCCEEDED = "SUCCEEDED"


class Programme(StrEnum):
    """What an instrument is for, in the words a register is searched with."""

    CMAA = "cmaa"
    MRA = "mra"
    JWP = "jwp"
    CSI = "csi"
    CONVENTION = "convention"
    TRADE_CHAPTER = "trade-chapter"
    TRADE_DATA = "trade-data"
    DOMESTIC_LAW = "domestic-law"
    MODEL = "model"
    OTHER = "other"


FORM_GROUPS: dict[str, tuple[FormOfAssistance, ...]] = {
    group: tuple(FormOfAssistance(code) for code in codes.split())
    for group, codes in {
        "information": "INFO_APPLICATION INFO_ASSESSMENT INFO_OFFENCE VERIFY_EXPORT "
        "VERIFY_IMPORT VERIFY_TRANSIT VERIFY_AUTHENTICITY VERIFY_ORIGIN AUTOMATIC_EXCHANGE "
        "ADVANCE_EXCHANGE SPONTANEOUS POOLING",
        "enquiry": "ENQUIRY INTERVIEW RECORDS_ACCESS",
        "evidence": "COPIES_CERTIFIED ORIGINALS EXPERTS_WITNESSES OBJECTS_SAMPLES",
        "special": "SURVEILLANCE_PERSONS SURVEILLANCE_GOODS SURVEILLANCE_PLACES "
        "SURVEILLANCE_TRANSPORT SURVEILLANCE_PAYMENT CONTROLLED_DELIVERY NOTIFICATION RECOVERY "
        "SEIZURE_ASSIST ASSET_SHARING",
        "cross-border": "PRESENCE_REQUESTED PRESENCE_INVITED HOT_PURSUIT "
        "CROSS_BORDER_SURVEILLANCE COVERT_INVESTIGATION JOINT_TEAM LIAISON_OFFICER",
        "cooperation": "TECHNICAL_ASSISTANCE JOINT_OPERATION TRADE_DATA_EXCHANGE "
        "AEO_RECOGNITION PRESCREENING RESEARCH",
    }.items()
}
"""The forms of assistance by family, in the order in which an instrument usually lists them."""

Code = TypeVar("Code", bound=StrEnum)


class UnknownCodeError(InvalidInputError):
    """A code that the taxonomy does not know."""

    code = "unknown-code"
    message = "{given} is not a code of the list {list_name}."
    remedy = "The nearest codes are: {nearest}."


def code_of(codes: type[Code], given: str) -> Code:
    """The code of this list that `given` names, in any case.

    Raises:
        UnknownCodeError: the list has no such code; the error names the nearest ones.
    """
    by_name = {member.value.upper(): member for member in codes}
    found = by_name.get(given.strip().upper())
    if found is None:
        near = get_close_matches(given.strip().upper(), by_name, n=3, cutoff=0.4) or sorted(by_name)
        raise UnknownCodeError(given=given, list_name=codes.__name__, nearest=", ".join(near[:8]))
    return found


LABELS: dict[str, str] = {
    # forms
    "INFO_APPLICATION": N_("Information to apply and enforce customs law"),
    "INFO_ASSESSMENT": N_("Information to assess duties: value, classification, origin"),
    "INFO_OFFENCE": N_("Information on customs offences"),
    "VERIFY_EXPORT": N_("Verification of lawful export"),
    "VERIFY_IMPORT": N_("Verification of lawful import and procedure"),
    "VERIFY_TRANSIT": N_("Verification that transit was completed"),
    "VERIFY_AUTHENTICITY": N_("Verification of documents, seals and marks"),
    "VERIFY_ORIGIN": N_("Verification of proof of origin"),
    "AUTOMATIC_EXCHANGE": N_("Automatic exchange"),
    "ADVANCE_EXCHANGE": N_("Advance (pre-arrival) exchange"),
    "SPONTANEOUS": N_("Information sent unasked"),
    "POOLING": N_("Central index of persons, methods and concealment"),
    "ENQUIRY": N_("Administrative enquiry on the requester's behalf"),
    "INTERVIEW": N_("Interview of persons, witnesses or experts"),
    "RECORDS_ACCESS": N_("Consultation of files by visiting officials"),
    "COPIES_CERTIFIED": N_("Certified copies"),
    "ORIGINALS": N_("Original documents"),
    "EXPERTS_WITNESSES": N_("Officials as experts or witnesses"),
    "OBJECTS_SAMPLES": N_("Objects and samples"),
    "SURVEILLANCE_PERSONS": N_("Surveillance of persons"),
    "SURVEILLANCE_GOODS": N_("Surveillance of goods"),
    "SURVEILLANCE_PLACES": N_("Surveillance of places"),
    "SURVEILLANCE_TRANSPORT": N_("Surveillance of means of transport"),
    "SURVEILLANCE_PAYMENT": N_("Surveillance of means of payment"),
    "CONTROLLED_DELIVERY": N_("Controlled delivery"),
    "NOTIFICATION": N_("Delivery of documents to an addressee"),
    "RECOVERY": N_("Recovery of customs claims"),
    "SEIZURE_ASSIST": N_("Assistance in seizure and forfeiture"),
    "ASSET_SHARING": N_("Sharing of forfeited assets"),
    "PRESENCE_REQUESTED": N_("Presence of officials on request"),
    "PRESENCE_INVITED": N_("Presence of officials by invitation"),
    "HOT_PURSUIT": N_("Hot pursuit"),
    "CROSS_BORDER_SURVEILLANCE": N_("Cross-border surveillance"),
    "COVERT_INVESTIGATION": N_("Covert investigation"),
    "JOINT_TEAM": N_("Joint control or investigation team"),
    "LIAISON_OFFICER": N_("Liaison officer"),
    "TECHNICAL_ASSISTANCE": N_("Technical assistance and training"),
    "JOINT_OPERATION": N_("Joint customs operation"),
    "TRADE_DATA_EXCHANGE": N_("Bulk exchange of trade declarations"),
    "AEO_RECOGNITION": N_("Recognition of authorised economic operators"),
    "PRESCREENING": N_("Container prescreening"),
    "RESEARCH": N_("Research and testing of procedures and equipment"),
    # purposes
    "INTELLIGENCE": N_("Intelligence, lead only"),
    "RISK_TARGETING": N_("Risk analysis and targeting"),
    "ASSESSMENT": N_("Assessment and collection of duties and taxes"),
    "ADMIN_ENQUIRY": N_("Customs administrative enquiry"),
    "ADMIN_PROCEEDING": N_("Administrative proceeding: penalty, seizure, forfeiture"),
    "CIVIL_JUDICIAL": N_("Civil or judicial review proceeding"),
    "CRIMINAL_INVESTIGATION": N_("Criminal investigation"),
    "CRIMINAL_EVIDENCE": N_("Evidence in a criminal prosecution or trial"),
    "OTHER_AUTHORITY": N_("Use by another domestic authority"),
    "OTHER_LAW": N_("Use under a law other than customs law"),
    "THIRD_STATE": N_("Disclosure to a third state or international body"),
    "STATISTICS": N_("Statistics without personal data"),
    "PUBLIC": N_("Publication or access-to-information disclosure"),
    # use rules
    "PERMITTED": N_("Permitted"),
    "PERMITTED_NOTIFY": N_("Permitted, the supplier is notified"),
    "PRIOR_CONSENT": N_("Prior consent of the supplier"),
    "CONDITION_AT_SUPPLY": N_("Permitted unless restricted at supply"),
    "OTHER_CHANNEL_ONLY": N_("Only through another channel"),
    "PROHIBITED": N_("Prohibited"),
    "UNSPECIFIED": N_("The text is silent"),
    # offences
    "DUTY_EVASION": N_("Evasion of duties"),
    "UNDERVALUATION": N_("Undervaluation"),
    "MISCLASSIFICATION": N_("Misclassification"),
    "ORIGIN_FRAUD": N_("Fraud on origin"),
    "TRANSSHIPMENT": N_("Illegal transshipment"),
    "AD_CVD_EVASION": N_("Evasion of anti-dumping or countervailing duties"),
    "QUOTA_EVASION": N_("Evasion of quotas"),
    "TRANSIT_FRAUD": N_("Fraud in transit"),
    "DRAWBACK_FRAUD": N_("Fraud on drawback or refund"),
    "DOCUMENT_FRAUD": N_("False documents"),
    "SMUGGLING_GENERAL": N_("Smuggling"),
    "NARCOTICS": N_("Narcotics"),
    "PRECURSORS": N_("Drug precursors"),
    "FIREARMS": N_("Firearms"),
    "TOBACCO": N_("Tobacco"),
    "ALCOHOL": N_("Alcohol"),
    "CASH_BNI": N_("Cash and bearer instruments"),
    "MONEY_LAUNDERING": N_("Money laundering"),
    "TBML": N_("Trade-based money laundering"),
    "IPR": N_("Infringement of intellectual property"),
    "CULTURAL_PROPERTY": N_("Cultural property"),
    "CITES_WILDLIFE": N_("Protected wildlife"),
    "IUU_SEAFOOD": N_("Illegally caught seafood"),
    "FORCED_LABOUR_GOODS": N_("Goods made with forced labour"),
    "HAZARDOUS_WASTE": N_("Hazardous waste"),
    "OZONE_DEPLETING": N_("Substances that deplete the ozone layer"),
    "EXPORT_CONTROL": N_("Breach of export control"),
    "PROLIFERATION": N_("Proliferation"),
    "NUCLEAR_RADIOLOGICAL": N_("Nuclear and radioactive material"),
    "EXPLOSIVES": N_("Explosives"),
    "SANCTIONS": N_("Breach of sanctions"),
    "PRODUCT_SAFETY": N_("Unsafe products"),
    "COUNTERFEIT_MEDICINE": N_("Counterfeit medicine"),
    "HUMAN_TRAFFICKING": N_("Trafficking in human beings"),
    "MIGRANT_SMUGGLING": N_("Smuggling of migrants"),
    "TERRORISM": N_("Terrorism"),
    "CORRUPTION": N_("Corruption"),
    # classes of information
    "DECLARATION": N_("Customs declaration"),
    "COMMERCIAL_DOCUMENT": N_("Commercial document"),
    "TRANSPORT_DOCUMENT": N_("Transport document"),
    "ORIGIN_PROOF": N_("Proof of origin"),
    "LICENCE_PERMIT": N_("Licence or permit"),
    "SEIZURE_RECORD": N_("Record of a seizure"),
    "PERSON_DATA": N_("Data on a person"),
    "COMPANY_DATA": N_("Data on a company"),
    "MEANS_OF_TRANSPORT": N_("Means of transport"),
    "FINANCIAL": N_("Financial information"),
    "TRADE_AGGREGATE": N_("Aggregate trade figures"),
    "AEO_STATUS": N_("Status of an authorised economic operator"),
    "RISK_INDICATOR": N_("Risk indicator"),
    "METHOD_OF_CONCEALMENT": N_("Method of concealment"),
    "NII_IMAGE": N_("Scan image"),
    "WITNESS_STATEMENT": N_("Statement of a witness"),
    "EXPERT_OR_LAB_REPORT": N_("Report of an expert or laboratory"),
    "BIOMETRIC": N_("Biometric data"),
    "API_PNR": N_("Passenger data"),
    "LEGISLATION_PROCEDURE": N_("Legislation and procedures"),
    "INTELLIGENCE_REPORT": N_("Intelligence report"),
    "JUDICIAL_ORIGIN": N_("Information obtained by a court's measure"),
    # caveats
    "ORIGINATOR_CONSENT_FOR_EVIDENCE": N_("The originator consents before use as evidence"),
    "ORIGINATOR_CONSENT_FOR_DISSEMINATION": N_("The originator consents before it is passed on"),
    "NO_THIRD_STATE": N_("Not for a third state"),
    "CUSTOMS_ONLY": N_("For customs purposes only"),
    "NAMED_OFFICIALS_ONLY": N_("For the officials named only"),
    "NOT_TO_BE_USED_AGAINST_PERSON": N_("Not to be used against the person"),
    "SECRECY_OF_EXISTENCE": N_("Its very existence is secret"),
    "RETURN_OR_DESTROY_BY": N_("To be returned or destroyed by a day"),
    "NO_DEATH_PENALTY_OR_INHUMAN_TREATMENT": N_("Not where death penalty or torture may follow"),
    "PERSONAL_DATA_ANNEX_APPLIES": N_("The annex on personal data applies"),
    "JUDICIAL_AUTHORISATION_REQUIRED": N_("A judge must authorise"),
    "COMMERCIAL_SECRET": N_("Commercial secret"),
    "PENDING_CONFIRMATION_IN_WRITING": N_("Written confirmation is still to come"),
    "COPY_ONLY_ORIGINAL_RETAINED": N_("A copy; the original stays with the supplier"),
    "COURT_USE_NOTIFY_SUPPLIER": N_("The supplier is told of a use in court"),
    "COMPELLED_DISCLOSURE_NOTIFY": N_("The supplier is told of a disclosure that is compelled"),
    # grounds for refusal and postponement
    "SOVEREIGNTY": N_("Sovereignty"),
    "SECURITY": N_("Security"),
    "PUBLIC_POLICY": N_("Public policy"),
    "ESSENTIAL_INTEREST": N_("Essential interest"),
    "TRADE_OR_PROFESSIONAL_SECRET": N_("Trade or professional secret"),
    "CONTRARY_TO_LAW_OR_CONSTITUTION": N_("Contrary to law or the constitution"),
    "RECIPROCITY_UNAVAILABLE": N_("No reciprocity"),
    "OUT_OF_SCOPE": N_("Out of scope"),
    "NO_COMPETENCE_OR_RESOURCES": N_("No competence or no resources"),
    "DISPROPORTIONATE_EFFORT": N_("Effort out of proportion"),
    "JUDICIAL_AUTHORISATION_WITHHELD": N_("A judge withheld authorisation"),
    "DATA_PROTECTION_INADEQUATE": N_("Data protection not adequate"),
    "RETENTION_EXPIRED": N_("No longer held"),
    "ASSURANCE_BREACHED": N_("An assurance was broken"),
    "INSUFFICIENT_DETAIL": N_("Not enough detail"),
    "INSUFFICIENT_SUSPICION": N_("Not enough suspicion"),
    "PERSONAL_SAFETY": N_("Safety of a person"),
    "ONGOING_PROCEEDING": N_("Proceeding under way"),
    "ONGOING_INVESTIGATION": N_("Investigation under way"),
    "ONGOING_PROSECUTION": N_("Prosecution under way"),
    # instrument kinds
    "treaty_bilateral": N_("Bilateral treaty"),
    "treaty_multilateral": N_("Multilateral treaty"),
    "protocol_or_annex": N_("Protocol or annex"),
    "trade_agreement_chapter": N_("Chapter of a trade agreement"),
    "domestic_statute": N_("Domestic statute"),
    "administrative_arrangement": N_("Administrative arrangement"),
    "private_law_counterpart": N_("Arrangement between private-law counterparts"),
    "exchange_of_notes": N_("Exchange of notes"),
    # programmes
    "cmaa": N_("Customs mutual assistance agreement"),
    "mra": N_("Mutual recognition arrangement"),
    "jwp": N_("Joint work plan"),
    "csi": N_("Container security declaration"),
    "convention": N_("Multilateral convention"),
    "trade-chapter": N_("Customs chapter of a trade agreement"),
    "trade-data": N_("Trade data exchange"),
    "domestic-law": N_("Domestic law"),
    "model": N_("Model text"),
    "other": N_("Other instrument"),
}
"""What a person reads for a code, in English; the catalogues hold the other languages."""


def label(code: str) -> str:
    """The words for a code, in English, for the catalogues to translate.

    A code without words of its own reads as itself, its underscores as spaces.
    """
    return LABELS.get(code) or code.replace("_", " ").lower().capitalize()
