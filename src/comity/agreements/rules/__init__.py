# SPDX-License-Identifier: Apache-2.0
"""Every rule of the assessment under its permanent code, and what each of them is put to.

`RULES` is the table; a number is never used again. `APPLIES` says on what a rule depends (its
grain) and for which acts it is put. All rules that apply are put, and every answer is kept.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import StrEnum
from functools import cache

from comity.agreements.case import Act, Answer
from comity.agreements.rules.caveat import (
    audience_is_kept,
    caveat_is_kept,
    day_of_return_has_not_passed,
    handling_code_is_kept,
)
from comity.agreements.rules.choice import (
    a_basis_is_registered,
    nothing_prevails_over_it,
    standing_ruling_settles_it,
)
from comity.agreements.rules.domestic import (
    a_ground_of_domestic_law_is_met,
    assurances_are_given,
    domestic_law_is_known,
    domestic_law_speaks_of_the_act,
    no_assurance_was_broken,
    partner_law_is_not_assessed,
    something_leaves_the_administration,
    testimony_is_authorised,
)
from comity.agreements.rules.item import (
    compelled_disclosure_is_notified,
    ending_did_not_require_destruction,
    facts_of_the_request_are_released,
    judicial_information_is_released,
    keeping_is_within_its_term,
    need_has_not_ended,
    personal_data_may_pass,
    recipient_is_among_those_named,
)
from comity.agreements.rules.parties import (
    authorities_are_named,
    both_are_parties,
    day_of_supply_is_known,
    domestic_effect_has_begun,
    ending_changes_nothing,
    existence_is_verified,
    in_force_on_the_day,
    instrument_is_binding,
    pending_request_may_be_completed,
    territory_is_covered,
    union_acts_within_its_competence,
    version_is_known,
)
from comity.agreements.rules.provided import (
    annex_is_accepted_by_both,
    article_on_the_form_is_known,
    article_works_in_this_direction,
    each_case_is_agreed,
    form_covers_the_offence,
    form_is_not_excluded,
    form_is_provided_for,
    no_reservation_stands_in_the_way,
    offence_is_a_customs_matter,
    offences_are_stated,
    suspensive_condition_is_met,
    term_of_the_article_runs,
    threshold_is_met,
)
from comity.agreements.rules.purpose import (
    article_on_the_use_is_known,
    condition_of_the_use_is_kept,
    consent_is_given,
    criminal_channel_is_open,
    notice_is_given,
    purpose_is_allowed,
    supplier_attached_no_restriction,
)

Rule = Callable[..., Answer]

RULES: dict[str, Rule] = {
    # The instrument between the two.
    "AGR-1": both_are_parties,
    "AGR-2": in_force_on_the_day,
    "AGR-3": existence_is_verified,
    "AGR-4": authorities_are_named,
    "AGR-5": union_acts_within_its_competence,
    "AGR-6": version_is_known,
    "AGR-7": domestic_effect_has_begun,
    "AGR-8": territory_is_covered,
    "AGR-9": instrument_is_binding,
    "AGR-10": day_of_supply_is_known,
    "AGR-11": ending_changes_nothing,
    "AGR-12": pending_request_may_be_completed,
    # What is asked for, and on what suspicion.
    "AGR-13": offence_is_a_customs_matter,
    "AGR-14": offences_are_stated,
    "AGR-15": form_is_provided_for,
    "AGR-16": form_is_not_excluded,
    "AGR-17": annex_is_accepted_by_both,
    "AGR-18": no_reservation_stands_in_the_way,
    "AGR-19": form_covers_the_offence,
    "AGR-20": term_of_the_article_runs,
    "AGR-21": article_works_in_this_direction,
    "AGR-22": suspensive_condition_is_met,
    "AGR-23": each_case_is_agreed,
    "AGR-24": threshold_is_met,
    "AGR-25": article_on_the_form_is_known,
    # For what it is used.
    "AGR-26": criminal_channel_is_open,
    "AGR-27": purpose_is_allowed,
    "AGR-28": article_on_the_use_is_known,
    "AGR-29": notice_is_given,
    "AGR-30": consent_is_given,
    "AGR-31": supplier_attached_no_restriction,
    "AGR-32": condition_of_the_use_is_kept,
    # What the item is, to whom it goes, how long it stays.
    "AGR-33": judicial_information_is_released,
    "AGR-34": personal_data_may_pass,
    "AGR-35": facts_of_the_request_are_released,
    "AGR-36": recipient_is_among_those_named,
    "AGR-37": compelled_disclosure_is_notified,
    "AGR-38": keeping_is_within_its_term,
    "AGR-39": need_has_not_ended,
    "AGR-40": ending_did_not_require_destruction,
    # Which basis.
    "AGR-41": standing_ruling_settles_it,
    "AGR-42": nothing_prevails_over_it,
    "AGR-43": a_basis_is_registered,
    # The second gate: domestic law.
    "AGR-50": something_leaves_the_administration,
    "AGR-51": domestic_law_is_known,
    "AGR-52": domestic_law_speaks_of_the_act,
    "AGR-53": a_ground_of_domestic_law_is_met,
    "AGR-54": assurances_are_given,
    "AGR-55": no_assurance_was_broken,
    "AGR-56": testimony_is_authorised,
    "AGR-57": partner_law_is_not_assessed,
    # The third gate: the item's caveats.
    "AGR-60": caveat_is_kept,
    "AGR-61": handling_code_is_kept,
    "AGR-62": audience_is_kept,
    "AGR-63": day_of_return_has_not_passed,
}


class Grain(StrEnum):
    """On what a rule's answer depends, besides the day and who acts."""

    INSTRUMENT = "instrument"
    OFFENCE = "offence"
    FORM = "form"
    """The form, and the offences where an article is kept for some."""
    PURPOSE = "purpose"
    ITEM = "item"
    """The item (or the facts of a request), the recipient, or the whole question."""
    CHOICE = "choice"
    DOMESTIC_LAW = "domestic-law"
    CAVEAT = "caveat"


EVERY = tuple(Act)
BETWEEN = (Act.ASK, Act.RELEASE)
AFTER = (Act.USE, Act.DISCLOSE, Act.RETAIN)
MATTERS = (Act.ASK, Act.RELEASE, Act.USE, Act.DISCLOSE)

APPLIES: dict[str, tuple[Grain, tuple[Act, ...]]] = {
    **{f"AGR-{n}": (Grain.INSTRUMENT, EVERY) for n in range(1, 10)},
    "AGR-10": (Grain.INSTRUMENT, AFTER),
    "AGR-11": (Grain.INSTRUMENT, AFTER),
    "AGR-12": (Grain.INSTRUMENT, EVERY),
    "AGR-13": (Grain.OFFENCE, MATTERS),
    "AGR-14": (Grain.ITEM, BETWEEN),
    **{f"AGR-{n}": (Grain.FORM, BETWEEN) for n in range(15, 26)},
    "AGR-26": (Grain.PURPOSE, BETWEEN),
    **{f"AGR-{n}": (Grain.PURPOSE, MATTERS) for n in range(27, 33)},
    "AGR-33": (Grain.ITEM, MATTERS),
    "AGR-34": (Grain.ITEM, MATTERS),
    "AGR-35": (Grain.ITEM, (Act.ASK,)),
    "AGR-36": (Grain.ITEM, (Act.DISCLOSE,)),
    "AGR-37": (Grain.ITEM, (Act.DISCLOSE,)),
    **{f"AGR-{n}": (Grain.ITEM, (Act.RETAIN,)) for n in range(38, 41)},
    "AGR-41": (Grain.ITEM, (*BETWEEN, Act.USE)),
    "AGR-42": (Grain.CHOICE, EVERY),
    "AGR-43": (Grain.CHOICE, EVERY),
    **{f"AGR-{n}": (Grain.DOMESTIC_LAW, EVERY) for n in range(50, 58)},
    **{f"AGR-{n}": (Grain.CAVEAT, EVERY) for n in range(60, 64)},
}


@cache
def rules_for(grain: Grain, act: Act) -> tuple[tuple[str, Rule], ...]:
    """The rules of this grain that are put for the act, in the order of their codes."""
    return tuple(
        (code, rule)
        for code, rule in RULES.items()
        if APPLIES[code][0] is grain and act in APPLIES[code][1]
    )


def rule_sentence(code: str) -> str:
    """The rule as a sentence: its function's docstring."""
    return " ".join((inspect.getdoc(RULES[code]) or "").split())


def rules_reference_markdown() -> str:
    """The reference of the rules, for `docs/reference/rules.md`."""
    lines = [
        "# The rules of the assessment",
        "",
        "Generated from the rules themselves; codes are permanent. A rule is put for the acts "
        "named and always answers, so that the whole position can be read at once.",
        "",
        "| code | rule | name | depends on | acts |",
        "| --- | --- | --- | --- | --- |",
    ]
    for code, rule in RULES.items():
        grain, acts = APPLIES[code]
        named = "all" if acts == EVERY else ", ".join(act.value for act in acts)
        lines.append(
            f"| `{code}` | {rule_sentence(code)} | `{rule.__name__}` | {grain.value} | {named} |"
        )
    return "\n".join(lines) + "\n"
