# SPDX-License-Identifier: Apache-2.0
"""Which parameters a provision of each type may have, and what kind of value each one takes.

The vocabulary is closed: a name that is not in `PARAMETERS` (or in `EVERYWHERE`) is refused when a
file is loaded. Values come from files as text, lists of text and mappings; `value_of` turns them
into codes, numbers, days and flags. What follows from a value is decided in `determination`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from comity.agreements.provision import ProvisionType
from comity.agreements.verdict import NoticeTiming
from comity.catalogues import N_
from comity.reference.days import day_of
from comity.reference.taxonomy import (
    FormOfAssistance,
    GroundForPostponement,
    GroundForRefusal,
    Offence,
    Purpose,
    UseRule,
)


class Kind(StrEnum):
    """What a parameter's value is."""

    FLAG = "flag"
    NUMBER = "number"
    TEXT = "text"
    TEXTS = "texts"
    DAYS = "days"
    CODE = "code"
    CODES = "codes"
    CHOICE = "choice"
    RULES = "rules"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: the kind of its value, what it says, and the values it may take."""

    kind: Kind
    about: str
    codes: type[StrEnum] | None = None
    choices: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """The values it may take, in words, for an error."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.codes is not None:
            listed = ", ".join(self.codes)
            return f"a code of {self.codes.__name__} ({listed})"
        return EXPECTED[self.kind]


EXPECTED: dict[Kind, str] = {
    Kind.FLAG: "true or false",
    Kind.NUMBER: "a whole number",
    Kind.TEXT: "text",
    Kind.TEXTS: "a list of texts",
    Kind.DAYS: "a list of two days, the first and the last (YYYY-MM-DD)",
    Kind.RULES: "a mapping of Purpose codes to UseRule codes",
    Kind.EXCEPTION: "a mapping with offences, rule and recipients",
}


@dataclass(frozen=True, slots=True)
class UseException:
    """A narrower case in which another use rule holds, such as narcotics offences."""

    rule: UseRule
    offences: tuple[Offence, ...] = ()
    recipients: tuple[str, ...] = ()


def flag(about: str) -> Parameter:
    """A parameter that is true or false."""
    return Parameter(Kind.FLAG, about)


def number(about: str) -> Parameter:
    """A parameter that is a whole number."""
    return Parameter(Kind.NUMBER, about)


def text(about: str) -> Parameter:
    """A parameter in words."""
    return Parameter(Kind.TEXT, about)


def texts(about: str) -> Parameter:
    """A parameter that is a list of words."""
    return Parameter(Kind.TEXTS, about)


def code(codes: type[StrEnum], about: str) -> Parameter:
    """A parameter that is one code of a list."""
    return Parameter(Kind.CODE, about, codes=codes)


def codes(codes: type[StrEnum], about: str) -> Parameter:
    """A parameter that is several codes of a list."""
    return Parameter(Kind.CODES, about, codes=codes)


def choice(choices: str, about: str) -> Parameter:
    """A parameter that is one of a few words; the words true and false become booleans."""
    return Parameter(Kind.CHOICE, about, choices=tuple(choices.split()))


RULES = Parameter(Kind.RULES, N_("What the article says of each purpose."))
NOTICE = code(NoticeTiming, N_("When the supplier is told."))
NOTICE_DAYS = number(N_("Within how many days the supplier is told."))
EXCEPTION = Parameter(Kind.EXCEPTION, N_("A narrower case in which another rule holds."))
RECIPIENTS = texts(N_("The only recipients to whom the permission extends: codes or words."))
DESIGNATED = flag(N_("Requests pass only between officials named in lists."))
PROCEDURE = text(N_("How far a procedure asked for is followed."))
OWN_ACCOUNT = flag(N_("The requested side acts as it would on its own account."))
FORWARDS = flag(N_("What belongs to another agency is passed on to it."))

EVERYWHERE: dict[str, Parameter] = {
    "forms": codes(FormOfAssistance, N_("The forms of assistance that the article provides for.")),
    "excluded_forms": codes(FormOfAssistance, N_("The forms that the text excludes.")),
    "duty": choice("shall may endeavour", N_("How strong the duty is.")),
    "trigger": Parameter(
        Kind.TEXTS, N_("What sets the duty off."), choices=("request", "spontaneous")
    ),
    "limited_to": codes(Offence, N_("The only offences for which the article stands.")),
    "also_limited_to": texts(N_("Further limits that have no code, in words.")),
    "suspensive_condition": text(N_("The condition until which the article has no effect.")),
    "case_by_case": flag(N_("Decided case by case.")),
    "threshold": text(N_("What must be known or suspected first.")),
    "fixed_term": Parameter(Kind.DAYS, N_("The first and the last day of a fixed term.")),
    "supplier": text(N_("The only party that supplies, where the duty is one-sided.")),
    "receiver": text(N_("The only party that receives, where the duty is one-sided.")),
    "qualifier": text(N_("Words that soften or narrow the duty.")),
    "reservable": texts(N_("Articles or matters on which a party may make a reservation.")),
}
"""Parameters that a provision of any type may have."""

PARAMETERS: dict[ProvisionType, dict[str, Parameter]] = {
    ProvisionType.DEFINITIONS: {
        "customs_law_includes": texts(N_("What customs law includes beyond duties.")),
        "includes": texts(N_("What a definition expressly includes.")),
        "excludes": texts(N_("What a definition expressly excludes.")),
        "offence_includes_attempt": flag(N_("An attempt is an offence.")),
        "controlled_items_included": flag(
            N_("Customs law covers the movement of controlled items.")
        ),
        "controlled_delivery_defined": flag(N_("Controlled delivery is defined.")),
        "customs_claim_defined": flag(N_("A customs claim is defined.")),
        "designated_representative": flag(
            N_("Each side acts through a designated representative.")
        ),
        "information_any_format": flag(N_("Information is data in any form.")),
        "intelligence_defined": flag(N_("Intelligence is defined.")),
        "per_territory_authority": flag(N_("Each territory has its own customs administration.")),
        "personal_data_defined": flag(N_("Personal data is defined.")),
    },
    ProvisionType.SCOPE: {
        "arrest": choice("EXCLUDED", N_("Whether help extends to arrest.")),
        "based_on": texts(N_("Instruments on which this one rests.")),
        "competent_authority_must_be_named": flag(
            N_("Where another authority is competent, the requested side names it.")
        ),
        "criminal_channel_chosen_by": text(N_("Who chooses between this and judicial assistance.")),
        "customs_matters_only": flag(N_("The instrument stands for customs matters only.")),
        "excluded_offences": codes(Offence, N_("Offences that the text leaves out.")),
        "facilitation": flag(N_("Facilitation is among the aims.")),
        "gate": text(N_("The test that each measure must pass.")),
        "includes_criminal_investigations": flag(N_("Criminal investigations are within scope.")),
        "judicial_information": choice(
            "only-if-judicial-authority-agrees",
            N_("Whether information gained at a judge's request is covered."),
        ),
        "mla_unaffected": flag(N_("Mutual legal assistance in criminal matters is untouched.")),
        "no_private_rights": flag(N_("Private persons gain no rights.")),
        "offences": codes(Offence, N_("The only offences within scope.")),
        "own_law": flag(N_("Help is given under the requested side's own law.")),
        "proceedings": texts(N_("The proceedings for which help is given.")),
        "standing_of_text": text(N_("What the text says of its own binding force.")),
        "supply_chain_security": flag(N_("Supply-chain security is among the aims.")),
        "union_duties": texts(N_("Unions whose duties the parties keep.")),
        "union_duties_notified": flag(N_("Duties towards a union are notified.")),
        "union_law_unaffected": flag(N_("The law of the Union is untouched.")),
        "within_competence_and_resources": flag(N_("Only within competence and resources.")),
    },
    ProvisionType.PRECEDENCE: {
        "competent_authority_must_be_named": flag(
            N_("Where another authority is competent, the requested side names it.")
        ),
        "complements_practice": flag(N_("Adds to existing practice and does not limit it.")),
        "conditional_on": text(N_("The condition under which the rule holds.")),
        "criminal_channel": code(UseRule, N_("How criminal matters travel.")),
        "named_channels": texts(N_("The channels that the text names.")),
        "overrides_inconsistent_bilaterals": flag(
            N_("Prevails over bilateral agreements that say otherwise.")
        ),
        "saves": texts(N_("Instruments that stay untouched.")),
        "wider_help_saved": flag(N_("Wider help under other instruments stays possible.")),
    },
    ProvisionType.ASSISTANCE: {
        "as_own_account": OWN_ACCOUNT,
        "evidence_of_suspicion": texts(N_("What can found the suspicion that is asked for.")),
        "preferential_exports": flag(N_("Exports under preference are covered by name.")),
        "priority_offences": codes(Offence, N_("Offences to which the parties give priority.")),
        "serious_case_test": text(N_("When a case is grave enough to be told unasked.")),
        "without_delay": flag(N_("Grave cases are told without delay.")),
    },
    ProvisionType.SPECIAL: {
        "any_goods": flag(N_("Not limited to kinds of goods.")),
        "enforceable_title": flag(N_("An enforceable title is needed.")),
        "facilitation": flag(N_("Facilitation at the border is covered.")),
        "liability": text(N_("Who bears damage.")),
        "minimum_amount": flag(N_("A minimum amount applies.")),
        "mirror_refusal": flag(N_("What one side could not do, the other may refuse.")),
        "own_initiative": flag(N_("Also on the requested side's own initiative.")),
        "per_state_declaration": flag(N_("Each state declares its own conditions.")),
        "privilege": flag(N_("Foreign claims have priority.")),
        "proof": flag(N_("Dated proof of service is given.")),
        "reciprocity_required": flag(N_("Only on reciprocity.")),
        "restrictions_travel": flag(N_("Restrictions travel with the information.")),
        "results_reported": flag(N_("The results are reported.")),
        "rules": RULES,
        "translation_required": flag(N_("A translation is attached.")),
        "urgent_limit_hours": number(N_("After how many hours an urgent act must end.")),
        "weapons": text(N_("What the text says of service weapons.")),
    },
    ProvisionType.OFFICIALS_PRESENCE: {
        "advisory_only": flag(N_("Visiting officials have an advisory role only.")),
        "arms": flag(N_("Visiting officials may carry arms.")),
        "liability_for_offences": flag(N_("Visiting officials answer for offences.")),
        "local_protection": flag(N_("Visiting officials are protected as local ones.")),
        "may_meet_persons_questioned": flag(N_("Visiting officials may meet persons questioned.")),
        "rights": texts(N_("What visiting officials may do.")),
        "uniform": flag(N_("Visiting officials may wear uniform.")),
        "written_mandate": flag(N_("A written mandate is carried.")),
        "written_request": flag(N_("A written request is needed.")),
    },
    ProvisionType.EXPERTS_WITNESSES: {
        "forums": texts(N_("Before whom officials may appear.")),
        "immunity_waiver": text(N_("What the text says of waiving immunity.")),
        "limits_in_authorisation": flag(N_("The authorisation sets the limits.")),
        "may_produce_copies": flag(N_("Officials may bring files or certified copies.")),
        "must_state": texts(N_("What the request for a witness must state.")),
        "testimonial_privilege": flag(N_("Privileges of testimony are kept.")),
    },
    ProvisionType.DOCUMENTS: {
        "authenticated_on_request": flag(N_("Copies are authenticated on request.")),
        "electronic_substitute": flag(N_("Data may replace papers.")),
        "interpretive_information": flag(N_("What is needed to read the data comes with it.")),
        "no_further_legalisation": flag(N_("No further certification may be asked.")),
        "originals_only_if_insufficient": flag(N_("Originals only where copies do not suffice.")),
        "return_required": flag(N_("Originals are returned as soon as possible.")),
        "third_party_rights_unaffected": flag(N_("Rights of third persons are untouched.")),
    },
    ProvisionType.FORM_OF_REQUEST: {
        "confirm_oral": choice(
            "promptly immediately without-delay as-soon-as-possible within-days on-request "
            "if-needed in-writing none",
            N_("When an oral request is confirmed in writing."),
        ),
        "confirm_within_days": number(N_("Days within which an oral request is confirmed.")),
        "defects": text(N_("What happens to a defective request.")),
        "designated_officials_list": DESIGNATED,
        "electronic": choice(
            "allowed as-agreed if-circumstances-require not-mentioned",
            N_("Whether electronic requests are allowed."),
        ),
        "electronic_confirmation": choice(
            "may-be-required required", N_("Whether an electronic request is confirmed on paper.")
        ),
        "fields": texts(N_("What a request contains.")),
        "language": text(N_("The language of a request.")),
        "oral": choice(
            "allowed urgent-only not-mentioned", N_("Whether oral requests are allowed.")
        ),
        "requested_procedure": PROCEDURE,
        "written": flag(N_("Requests are in writing.")),
    },
    ProvisionType.EXECUTION: {
        "as_own_account": OWN_ACCOUNT,
        "contact_points_via_secretariat": flag(N_("A secretariat keeps the contact points.")),
        "disclose_foreign_origin_to_person": flag(
            N_("A person questioned is told that it is for a foreign administration.")
        ),
        "dual_criminality": flag(N_("The act must be an offence on both sides.")),
        "extends_to_connected_matters": flag(N_("Enquiries extend to connected matters.")),
        "forward_to_other_agency": FORWARDS,
        "includes_interviews": flag(N_("Enquiries include statements of persons.")),
        "not_required": texts(N_("What the requested side need not do.")),
        "notice_of_time_and_place": flag(N_("Time and place are told on request.")),
        "reasons_if_not_executed": flag(N_("The requester is told why it was not executed.")),
        "requested_procedure": PROCEDURE,
        "seeks_judicial_measures": flag(N_("Judicial measures are sought where needed.")),
        "visiting_officers_no_powers": flag(N_("Visiting officers exercise no powers.")),
    },
    ProvisionType.USE: {
        "rules": RULES,
        "notice": NOTICE,
        "notice_days": NOTICE_DAYS,
        "consenter": text(N_("Who consents.")),
        "condition": text(N_("The condition under which the rule holds.")),
        "exception": EXCEPTION,
        "secrecy_lifted": flag(N_("Domestic secrecy gives way to supply.")),
        "supplier_restrictions_bind": flag(N_("Restrictions set by the supplier bind.")),
    },
    ProvisionType.ONWARD_DISCLOSURE: {
        "rules": RULES,
        "notice": NOTICE,
        "notice_days": NOTICE_DAYS,
        "exception": EXCEPTION,
        "recipients": RECIPIENTS,
    },
    ProvisionType.COMPELLED_DISCLOSURE: {
        "basis_of_obligation": choice("constitution law", N_("What obliges to disclose.")),
        "notice": NOTICE,
    },
    ProvisionType.CONFIDENTIALITY: {
        "level": text(N_("How strictly information is protected.")),
        "on_request_with_reasons": flag(N_("Only when the supplier asks and says why.")),
        "survives_termination": choice(
            "true false unknown", N_("Whether protection outlives the instrument.")
        ),
        "written_assurance": flag(N_("A written assurance may be required first.")),
    },
    ProvisionType.PERSONAL_DATA: {
        "cap": text(N_("The most that may be asked of the receiver.")),
        "correction": flag(N_("Errors are corrected on notice.")),
        "destroy_on_termination": flag(N_("Data are destroyed when the instrument ends.")),
        "destroy_when_not_needed": flag(N_("Data are destroyed when no longer needed.")),
        "destruction_notice": flag(N_("Destruction is reported.")),
        "feedback_on_use": flag(N_("Use is reported on request.")),
        "gate": text(N_("What must happen before any personal data is exchanged.")),
        "interim_domestic_law": flag(N_("A domestic law serves until island law is in force.")),
        "level": text(N_("How strictly personal data is protected.")),
        "liability": flag(N_("The receiver answers for damage.")),
        "log_supply_and_receipt": flag(N_("Supply and receipt are recorded.")),
        "notify_law_changes": flag(N_("Changes of law are notified.")),
        "paper_files_covered": flag(N_("Paper files are covered.")),
        "recipients": RECIPIENTS,
        "register": flag(N_("A register of transfers is kept.")),
        "retention_days": number(N_("Days after which data are destroyed.")),
        "rules": RULES,
        "subject_access": flag(N_("The person concerned has access.")),
        "subject_notice_on_request": flag(N_("The person concerned may ask who received data.")),
        "supplier_sets_retention": flag(N_("The supplier sets the day of erasure.")),
    },
    ProvisionType.REFUSAL: {
        "conditional": flag(N_("Help may be made conditional.")),
        "decider": text(N_("Who decides on a refusal.")),
        "grounds": codes(GroundForRefusal, N_("Why help may be refused.")),
        "immediately": flag(N_("Refusal is told at once.")),
        "judge_must_be_consulted": flag(N_("The judge is consulted first.")),
        "mandatory": flag(N_("Refusal is a duty on these grounds.")),
        "must_consider_conditions_first": flag(N_("Conditions are considered before refusing.")),
        "partial": flag(N_("Help may be refused in part.")),
        "reasons": choice("true written", N_("Whether reasons are given.")),
    },
    ProvisionType.POSTPONEMENT: {
        "consultation": flag(N_("The requester is consulted about terms.")),
        "grounds": codes(GroundForPostponement, N_("Why help may be delayed.")),
        "reasons": choice("true written", N_("Whether reasons are given.")),
    },
    ProvisionType.RECIPROCITY: {
        "discretion_of_requested": flag(N_("Compliance is at the requested side's discretion.")),
        "must_draw_attention": flag(N_("A requester that could not do the same says so.")),
    },
    ProvisionType.COSTS: {
        "each_bears_own": flag(N_("Each side bears its own costs.")),
        "exceptions": texts(N_("Costs that are not waived.")),
        "extraordinary": choice(
            "consult requester-bears written-agreement", N_("What happens to extraordinary costs.")
        ),
        "unjustified_recovery_borne_by_requester": flag(
            N_("The requester bears the cost of unjustified recovery.")
        ),
        "waived": flag(N_("Claims for costs are waived.")),
    },
    ProvisionType.TECHNICAL_ASSISTANCE: {},
    ProvisionType.IMPLEMENTATION: {
        "annual_meeting": flag(N_("The heads meet every year.")),
        "authorities": texts(N_("Who implements it.")),
        "central_authority": text(N_("The central authority.")),
        "central_coordinating_unit": flag(N_("Requests pass through central units.")),
        "compulsory_annexes": texts(N_("Annexes that every party accepts.")),
        "designated_officials_list": DESIGNATED,
        "direct_contact": flag(N_("Investigators keep direct contact.")),
        "disputes": text(N_("How disputes are settled.")),
        "excludes": texts(N_("What the administrations do not settle themselves.")),
        "forward_to_other_agency": FORWARDS,
        "joint_commission": flag(N_("A joint commission sits.")),
        "opt_in": flag(N_("Annexes are accepted one by one.")),
        "secretariat": text(N_("Who keeps the secretariat.")),
    },
    ProvisionType.TERRITORY_APPLICATION: {
        "annexes": texts(N_("The annexes accepted.")),
        "excluded": texts(N_("Territories left out.")),
        "excluded_articles": texts(N_("Articles that do not extend to the territory.")),
        "extension_by_notes": flag(N_("Extension to further territories is by notes.")),
        "listed_exclusions_inclusions": flag(N_("Territories are listed one by one.")),
        "partial_extension": flag(N_("An extension may be in part.")),
        "per_territory_clause": text(N_("A clause that holds for one territory only.")),
    },
    ProvisionType.ENTRY_INTO_FORCE: {
        "annex_states": number(N_("Acceptances that an annex needs.")),
        "days_after_notifications": number(N_("Days after the last notification.")),
        "months_after_notifications": number(N_("Months after the last notification.")),
        "on_signature": flag(N_("In force on signature.")),
        "provisional": flag(N_("Applied provisionally before it is in force.")),
        "provisional_between_declarants": flag(N_("Provisional between those who declare it.")),
        "reservations_allowed": flag(N_("Reservations are allowed.")),
        "request_date_test": flag(N_("Holds for requests made after entry into force.")),
        "rule": text(N_("How it enters into force.")),
        "states_needed": number(N_("States that must be bound first.")),
        "succession": flag(N_("Binding by succession.")),
    },
    ProvisionType.DURATION_TERMINATION: {
        "annex_level": flag(N_("Annexes may be left one by one.")),
        "confidentiality_survives": choice(
            "true false unknown while-information-is-kept",
            N_("Whether confidentiality outlives the instrument."),
        ),
        "effective": text(N_("The day on which a notice takes effect.")),
        "notice_months": number(N_("Months between notice and end.")),
        "pending_completed": choice(
            "true false may unknown", N_("Whether pending requests are completed.")
        ),
        "pending_test": text(N_("Which requests count as pending.")),
        "personal_data_destroyed": flag(N_("Personal data are destroyed at the end.")),
        "territory_severable": flag(N_("One territory may leave alone.")),
    },
    ProvisionType.REVIEW: {
        "tacit": flag(N_("Amendments bind when nobody objects.")),
        "years": number(N_("Years after which the parties meet to review.")),
    },
    ProvisionType.DEADLINES: {
        "reply_days": number(N_("Days within which a reply is due.")),
    },
    ProvisionType.BREACH: {
        "must_notify": flag(N_("A breach is told to the supplier.")),
        "must_remedy": flag(N_("A breach is remedied and its repetition prevented.")),
        "supplier_may_suspend": flag(N_("The supplier may suspend its duties.")),
    },
}
"""Parameters by type of provision; every type also has those of `EVERYWHERE`."""


def parameter(of: ProvisionType, name: str) -> Parameter | None:
    """The parameter of that name that a provision of this type may have, None when it may not."""
    return PARAMETERS[of].get(name) or EVERYWHERE.get(name)


def names(of: ProvisionType) -> list[str]:
    """Every name that a provision of this type may use, sorted."""
    return sorted([*PARAMETERS[of], *EVERYWHERE])


def value_of(known: Parameter, given: object) -> object:
    """The typed value of what stands in a file as text, list or mapping.

    Raises:
        ValueError: it is not of the parameter's kind; the message is what was found.
    """
    return READERS[known.kind](known, given)


def _flag(_: Parameter, given: object) -> bool:
    if given in ("true", "false"):
        return given == "true"
    raise ValueError(given)


def _number(_: Parameter, given: object) -> int:
    return int(_text(_, given))


def _text(_: Parameter, given: object) -> str:
    if isinstance(given, str) and given:
        return given
    raise ValueError(given)


def _texts(known: Parameter, given: object) -> tuple[str, ...]:
    found = tuple(_text(known, each) for each in _list(given))
    for each in found:
        if known.choices and each not in known.choices:
            raise ValueError(each)
    return found


def _days(_: Parameter, given: object) -> tuple[date, ...]:
    found = tuple(day_of(str(each)) for each in _list(given))
    if len(found) != 2 or found[0] > found[1]:
        raise ValueError(given)
    return found


def _code(known: Parameter, given: object) -> StrEnum:
    assert known.codes is not None
    return known.codes(str(given))


def _codes(known: Parameter, given: object) -> tuple[StrEnum, ...]:
    return tuple(_code(known, each) for each in _list(given))


def _choice(known: Parameter, given: object) -> object:
    if given not in known.choices and given not in ("false",):
        raise ValueError(given)
    return {"true": True, "false": False}.get(str(given), given)


def _rules(_: Parameter, given: object) -> Mapping[Purpose, UseRule]:
    if not isinstance(given, Mapping):
        raise ValueError(given)
    return {Purpose(purpose): UseRule(rule) for purpose, rule in given.items()}


def _exception(_: Parameter, given: object) -> UseException:
    if not isinstance(given, Mapping) or set(given) - {"offences", "rule", "recipients"}:
        raise ValueError(given)
    return UseException(
        rule=UseRule(str(given.get("rule"))),
        offences=tuple(Offence(str(each)) for each in _list(given.get("offences", []))),
        recipients=tuple(str(each) for each in _list(given.get("recipients", []))),
    )


def _list(given: object) -> list[object]:
    if isinstance(given, list):
        return given
    raise ValueError(given)


READERS = {
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.TEXTS: _texts,
    Kind.DAYS: _days,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.CHOICE: _choice,
    Kind.RULES: _rules,
    Kind.EXCEPTION: _exception,
}
