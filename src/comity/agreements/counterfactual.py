# SPDX-License-Identifier: Apache-2.0
"""What would make the act permitted: changes that can be applied, each tried before it is offered.

Every blocking answer names the changes that could cure it. The changes that cure all of them
together are one what-if, and it is offered only where applying it yields a permitted verdict.
`apply` does to a question, an overlay and the laws what the what-if says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from comity.agreements.assessment import Counterfactual
from comity.agreements.case import Act, Answer, case_of
from comity.agreements.domestic_law import DomesticLaws
from comity.agreements.known_overlay import KnownOverlay
from comity.agreements.question import (
    Ask,
    Disclose,
    Question,
    Release,
)
from comity.agreements.reasons import shown
from comity.agreements.register import Register, country_of
from comity.agreements.verdict import RANKS, Verdict
from comity.agreements.weighing import Assessed, View, assess, blocked, notice_due, purpose_group
from comity.agreements.what_if import apply, changed_by
from comity.catalogues import N_, translate
from comity.reference.taxonomy import Offence, Purpose, UseRule

__all__ = ["CHANGES", "CURES", "apply", "counterfactuals", "sentence"]

Facts = dict[str, str]

CHANGES: dict[str, str] = {
    "date": N_("the act takes place on {value}"),
    "supplied-on": N_("the day of supply was {value}"),
    "purpose": N_("the purpose is: {value}"),
    "offence": N_("the offence is: {value}"),
    "form": N_("the item came under: {value}"),
    "consent": N_("whoever must consent has consented beforehand"),
    "notice": N_("the supplying administration has been told"),
    "confirm-force": N_("the treaty custodian confirms that {value} is in force"),
    "confirm-forms": N_("the treaty custodian confirms that the text provides for it: {value}"),
    "confirm-use": N_("the treaty custodian confirms that the text permits the use: {value}"),
    "ruling": N_("a standing ruling settles it: {value}"),
    "instrument": N_("the act is done under {value}"),
    "supplied-under": N_("the item was supplied under {value}"),
    "authority": N_("the act is one of the administrations named: {value}"),
    "domestic-law": N_("a signed domestic-law file of {value} allows the act under an agreement"),
    "assurances": N_("the recipient assures confidence and purpose, and has broken no assurance"),
    "item-facts": N_("it is stated of the item: {value}"),
    "recipient": N_("the recipient is {value}"),
}
"""The words of each change."""

MOST = 6
"""No more what-ifs than a person reads."""

PURPOSES_TRIED = (
    Purpose.INTELLIGENCE,
    Purpose.ADMIN_ENQUIRY,
    Purpose.ASSESSMENT,
    Purpose.RISK_TARGETING,
    Purpose.ADMIN_PROCEEDING,
    Purpose.CRIMINAL_INVESTIGATION,
)
"""Other purposes that are tried, the least intrusive first."""

CURES: dict[str, tuple[str, ...]] = {
    # force and parties
    "force-signed-only": ("confirm-force",),
    "force-no-date": ("confirm-force",),
    "force-accession-unknown": ("confirm-force",),
    "force-day-disputed": ("confirm-force",),
    "force-obligations-not-notified": ("confirm-force",),
    "force-review-is-due": ("confirm-force",),
    "existence-unverified": ("confirm-force",),
    "membership-beginning-unknown": ("confirm-force",),
    "force-not-yet": ("date",),
    "force-not-yet-signed": ("date", "confirm-force"),
    "domestic-effect-not-yet-ours": ("date",),
    "authority-not-named": ("authority",),
    "authority-not-recorded": ("authority",),
    "day-of-supply-unknown": ("supplied-on",),
    # forms
    "form-assumed": ("confirm-forms",),
    "form-not-read": ("confirm-forms",),
    "form-silent": ("ruling",),
    "form-not-on-request": ("ruling",),
    "form-excluded-by-model": ("ruling",),
    "suspensive-condition": ("ruling",),
    "offence-not-stated": ("offence",),
    "form-limited-and-no-offence": ("offence",),
    "form-does-not-cover-offence": ("offence",),
    "offence-not-named": ("offence",),
    "offence-excluded": ("offence",),
    "offence-outside-customs": ("offence",),
    "offence-depends-on-law": ("offence",),
    # use
    "purpose-assumed": ("form", "confirm-use"),
    "purpose-not-read": ("form", "confirm-use"),
    "purpose-silent": ("form", "ruling", "recipient"),
    "purpose-unspecified": ("form", "ruling"),
    "criminal-channel-assumed": ("ruling",),
    "criminal-channel-elsewhere": ("purpose",),
    "purpose-prohibited": ("purpose",),
    "purpose-other-channel": ("purpose",),
    "consent-needed": ("consent",),
    "consent-of-another": ("consent",),
    "caveat-consent": ("consent",),
    "handling-consent": ("consent",),
    "judge-must-agree": ("consent",),
    "caveat-forbids": ("purpose",),
    "handling-forbids": ("purpose",),
    # items
    "judicial-origin-unknown": ("item-facts",),
    "personal-data-unknown": ("item-facts",),
    "need-unknown": ("item-facts",),
    "retention-term-perhaps": ("item-facts",),
    "destruction-perhaps-due": ("item-facts",),
    "audience-recipient-unknown": ("recipient",),
    "recipient-not-stated": ("recipient",),
    "recipient-not-named": ("recipient",),
    # domestic law
    "domestic-law-missing": ("domestic-law",),
    "domestic-law-signature-broken": ("domestic-law",),
    "domestic-law-unreadable": ("domestic-law",),
    "domestic-law-silent-on-act": ("domestic-law",),
    "assurances-unknown": ("assurances",),
    "assurances-refused": ("assurances",),
    "breach-unknown": ("assurances",),
    "ground-not-settled": ("assurances",),
}
"""Reason of a blocking answer → the changes that may cure it, the first one offered first.

A reason that is not here cannot be cured by a change of ours, such as a broken assurance.
"""

CONFIRMABLE = frozenset(
    (UseRule.PERMITTED_NOTIFY.value, UseRule.CONDITION_AT_SUPPLY.value, UseRule.PRIOR_CONSENT.value)
)
"""Rules of a model that are confirmed as they stand, for they leave the use open."""

SETTLED_WITH_THE_BASIS = frozenset(("ground-not-settled", "assurances-unknown"))
"""Answers on domestic law that an agreement's own force and articles may settle: tried first."""

UNREAD = frozenset(("confirm-forms", "confirm-use", "ruling"))
"""Changes by which somebody finds out what a text says."""

RULED_INSTEAD = frozenset(("confirm-forms", "confirm-use"))
"""Cures in whose place a standing ruling does as well, between two administrations."""


def counterfactuals(
    assessed: Assessed, register: Register, known: KnownOverlay, laws: DomesticLaws
) -> tuple[Counterfactual, ...]:
    """The changes after which the act is permitted, the smallest first; none where it is."""
    question = assessed.case.question
    if assessed.verdict.permits:
        notice, _ = notice_due(assessed)
        if not blocked(assessed.case, notice):
            return ()
        proposals: Iterable[Facts] = ({"notice": "given"},)
    else:
        proposals = _proposals(assessed)
    found: list[Counterfactual] = []
    tried: set[frozenset[tuple[str, str]]] = set()
    for facts in proposals:
        key = frozenset(facts.items())
        if not facts or key in tried or any(f.facts.items() <= key for f in found):
            continue  # tried before, or more than a change that suffices
        tried.add(key)
        verdict = _tried(facts, question, register, known, laws)
        if verdict is not None and verdict.permits:
            change = next(iter(facts)) if len(facts) == 1 else "combination"
            found.append(Counterfactual(change, facts, verdict))
            if len(found) == MOST:
                break
    return tuple(sorted(found, key=lambda c: (len(c.facts), RANKS[c.verdict])))


def _proposals(assessed: Assessed) -> Iterator[Facts]:
    """Combinations that cure every blocking answer, under the chosen basis and the others."""
    views = [v for v in assessed.views if v is not assessed.chosen]
    named = bool(assessed.case.question.under)
    if assessed.chosen is not None:
        yield from _for_view(assessed, assessed.chosen, under=False)
        if not (named or assessed.case.asks_or_supplies) and len(assessed.views) > 1:
            # Unnamed, the strictest candidate governs: cured alone it only makes way for the next.
            yield from _for_view(assessed, assessed.chosen, under=True)
    # Which instrument brought an item is a fact; which one an act relies upon is a choice.
    if not assessed.case.asks_or_supplies:
        views = [view for view in views if view.aside is None]
    if assessed.case.asks_or_supplies or not named:
        views.sort(key=lambda view: RANKS[view.limit])
        for view in views[:2]:
            if RANKS[view.limit] <= RANKS[Verdict.PERSON_MUST_DECIDE]:
                yield from _for_view(assessed, view, under=True)


def _for_view(assessed: Assessed, view: View, *, under: bool) -> Iterator[Facts]:
    """The proposals under one basis: cured as it is, by ruling instead, for another purpose."""
    blocking = list(_blocking(assessed, view))
    change = "instrument" if assessed.case.asks_or_supplies else "supplied-under"
    basis: Facts = {change: view.basis.instrument.reference} if under else {}
    facts = _cured(assessed, view, blocking)
    other = view is not assessed.chosen
    if other and facts is not None and UNREAD & facts.keys():
        return  # another instrument that would itself need to be read is no help
    if facts is not None and "purpose" not in facts:
        without = {k: v for k, v in facts.items() if k != "assurances"}
        ways = [without, facts] if without != facts and _perhaps_settled(blocking) else [facts]
        yield from (basis | way for way in ways)
        if RULED_INSTEAD & facts.keys() and assessed.case.forms:
            yield from (basis | _by_ruling(assessed, view, way) for way in ways)
    if not under and _touches_purpose(blocking):
        rest = [a for a in blocking if "purpose" not in a.facts]
        others = _cured(assessed, view, [a for a in rest if CURES.get(a.reason) != ("purpose",)])
        if others is not None:
            yield from _other_purposes(assessed, view, others)


def _perhaps_settled(blocking: list[Answer]) -> bool:
    return all(
        a.reason in SETTLED_WITH_THE_BASIS
        for a in blocking
        if CURES.get(a.reason, ())[:1] == ("assurances",)
    )


def _blocking(assessed: Assessed, view: View) -> Iterator[Answer]:
    groups = [*view.groups, assessed.domestic, assessed.caveats]
    if view is assessed.chosen:
        groups.append(assessed.choice)
    for group in groups:
        if not group.limit.permits:
            for _, answer in group.answers:
                if not answer.limit.permits:
                    yield answer


def _touches_purpose(blocking: list[Answer]) -> bool:
    return any("purpose" in a.facts or CURES.get(a.reason) == ("purpose",) for a in blocking)


def _other_purposes(assessed: Assessed, view: View, others: Facts) -> Iterator[Facts]:
    """Another purpose that the basis allows; its own assumptions are confirmed along with it."""
    if assessed.case.act is Act.DISCLOSE or assessed.case.act is Act.RETAIN:
        return
    offered = 0
    for purpose in PURPOSES_TRIED:
        if purpose in assessed.case.purposes:
            continue
        if purpose_group(view.basis, assessed.case, purpose).limit.permits:
            yield others | {"purpose": purpose.value}
            offered += 1
            if offered == 2:
                return


def _cured(assessed: Assessed, view: View, blocking: list[Answer]) -> Facts | None:
    """The changes that cure every blocking answer together; None where one has no cure."""
    facts: Facts = {}
    for answer in blocking:
        cure = _cure_of(assessed, view, answer)
        if cure is None:
            return None
        name, value = cure
        facts[name] = _joined(name, facts.get(name, ""), value)
    if UseRule.PRIOR_CONSENT.value in facts.get("confirm-use", "") and not assessed.case.consent:
        facts["consent"] = "given"  # what is confirmed is that consent is needed
    return facts


def _joined(name: str, known: str, value: str) -> str:
    """Values of one change together: several forms of one instrument, several facts of an item."""
    if not known or known == value:
        return value
    if name in ("confirm-forms", "confirm-use", "ruling"):
        reference, _, codes = known.partition(":")
        both = dict.fromkeys([*codes.split(","), *value.partition(":")[2].split(",")])
        return f"{reference}:{','.join(both)}"
    if name == "item-facts":
        return ",".join(dict.fromkeys([*known.split(","), *value.split(",")]))
    if name == "date":
        return max(known, value)
    return value


def _cure_of(assessed: Assessed, view: View, answer: Answer) -> tuple[str, str] | None:
    for name in CURES.get(answer.reason, ()):
        value = VALUES[name](assessed, view, answer)
        if value:
            return name, value
    return None


def _date(assessed: Assessed, view: View, answer: Answer) -> str:
    return answer.facts.get("since", "") if assessed.case.asks_or_supplies else ""


def _offence(assessed: Assessed, view: View, answer: Answer) -> str:
    named = answer.facts.get("offences", "").split(", ")[0]
    if named:
        return named
    if view.basis.terms.offences:
        return min(view.basis.terms.offences).value
    return Offence.SMUGGLING_GENERAL.value if assessed.case.asks_or_supplies else ""


def _forms(assessed: Assessed, view: View, answer: Answer) -> str:
    return f"{view.basis.instrument.reference}:{answer.facts['form']}"


def _uses(assessed: Assessed, view: View, answer: Answer) -> str:
    """The rule that the model assumes, where confirming it would permit; else that it permits."""
    assumed = answer.facts.get("rule", "")
    rule = assumed if assumed in CONFIRMABLE else UseRule.PERMITTED.value
    return f"{view.basis.instrument.reference}:{answer.facts['purpose']}={rule}"


def _ruling(assessed: Assessed, view: View, answer: Answer) -> str:
    pairs = [f"{f.value}/{p.value}" for f in assessed.case.forms for p in assessed.case.purposes]
    return f"{view.basis.instrument.reference}:{','.join(pairs)}" if pairs else ""


def _by_ruling(assessed: Assessed, view: View, facts: Facts) -> Facts:
    kept = {name: value for name, value in facts.items() if name not in RULED_INSTEAD}
    return kept | {"ruling": _ruling(assessed, view, Answer(Verdict.PERMITTED, ""))}


def _item_facts(assessed: Assessed, view: View, answer: Answer) -> str:
    return {
        "judicial-origin-unknown": "judicially_obtained=false",
        "need-unknown": "purpose_fulfilled=false,personal_data=false",
    }.get(answer.reason, "personal_data=false")


def _recipient(assessed: Assessed, view: View, answer: Answer) -> str:
    """A recipient whom the text or the item names by code."""
    listed = answer.facts.get("recipients") or answer.facts.get("audience", "")
    named = listed.split(", ")
    for purpose in assessed.case.purposes:
        for term in view.basis.terms.onward.get(purpose, ()):
            named += sorted(term.recipients)
    return next((code for code in named if code.isupper()), "")


def _form(assessed: Assessed, view: View, answer: Answer) -> str:
    """The form of a valid ruling on the use, where the question does not say how the item came."""
    case = assessed.case
    if case.act is not Act.USE or case.forms:
        return ""
    ruled = (
        ruling.form.value
        for ruling in view.basis.rulings
        if ruling.purpose.value == answer.facts.get("purpose")
        and ruling.verdict.permits
        and ruling.valid_from <= case.on < ruling.valid_until
    )
    return min(ruled, default="")


VALUES: dict[str, Callable[[Assessed, View, Answer], str]] = {
    "date": _date,
    "supplied-on": lambda assessed, view, answer: assessed.case.on.isoformat(),
    "purpose": lambda assessed, view, answer: "another",
    "offence": _offence,
    "consent": lambda assessed, view, answer: (
        "given" if assessed.case.act is not Act.RETAIN else ""
    ),
    "confirm-force": lambda assessed, view, answer: view.basis.instrument.reference,
    "form": _form,
    "confirm-forms": _forms,
    "confirm-use": _uses,
    "ruling": _ruling,
    "authority": lambda assessed, view, answer: ",".join(
        (country_of(assessed.case.acting), country_of(assessed.case.partner))
    ),
    "domestic-law": lambda assessed, view, answer: country_of(assessed.case.acting),
    "assurances": lambda assessed, view, answer: (
        "given" if isinstance(assessed.case.question, Ask | Release | Disclose) else ""
    ),
    "item-facts": _item_facts,
    "recipient": _recipient,
}


def _tried(
    facts: Mapping[str, str],
    question: Question,
    register: Register,
    known: KnownOverlay,
    laws: DomesticLaws,
) -> Verdict | None:
    """The verdict after the changes; a notice that is still due counts as not permitted."""
    changed = changed_by(facts, question, laws)
    added = known.with_added(changed.confirmations, changed.rulings)
    assessed = assess(case_of(changed.question), register, added, changed.laws)
    if "notice" in facts and blocked(assessed.case, notice_due(assessed)[0]):
        return None
    return assessed.verdict


def sentence(counterfactual: Counterfactual, language: str = "en") -> str:
    """The what-if in words: every change, one after the other."""
    parts = [
        translate(CHANGES[name], language).format(value=_value(name, value, language))
        for name, value in counterfactual.facts.items()
    ]
    return "; ".join(parts)


def _value(name: str, value: str, language: str) -> str:
    if name in ("purpose", "offence", "form"):
        return shown(name, value, language)
    if name in ("confirm-forms", "confirm-use", "ruling"):
        reference, _, codes = value.partition(":")
        words = [
            " / ".join(shown("form", part, language) for part in code.replace("=", "/").split("/"))
            for code in codes.split(",")
        ]
        return f"{reference} ({', '.join(words)})"
    return value
