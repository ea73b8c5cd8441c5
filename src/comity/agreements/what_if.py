# SPDX-License-Identifier: Apache-2.0
"""Does to a question, an overlay and the laws what a what-if says.

The same changes are tried before a what-if is offered and applied when somebody asks for it, so
that what is offered is what happens. Which changes are worth trying is `counterfactual`'s work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from comity.agreements.assessment import Counterfactual
from comity.agreements.case import Act
from comity.agreements.domestic_law import DomesticLaw, DomesticLaws, Ground
from comity.agreements.overlay import (
    Confirmation,
    ConfirmationEvidence,
    ConfirmedSubject,
    Overlay,
    StandingRuling,
)
from comity.agreements.question import (
    Ask,
    Disclose,
    Item,
    Question,
    Recipient,
    Release,
    Retain,
    Use,
)
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose, UseRule

FAR = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Changed:
    """A question, additions to the overlay and laws, after the changes."""

    question: Question
    confirmations: tuple[Confirmation, ...]
    rulings: tuple[StandingRuling, ...]
    laws: DomesticLaws


def apply(
    counterfactual: Counterfactual, question: Question, overlay: Overlay, laws: DomesticLaws
) -> tuple[Question, Overlay, DomesticLaws]:
    """The question, the overlay and the laws with the what-if done to them."""
    changed = changed_by(counterfactual.facts, question, laws)
    added = replace(
        overlay,
        confirmations=(*overlay.confirmations, *changed.confirmations),
        rulings=(*overlay.rulings, *changed.rulings),
    )
    return changed.question, added, changed.laws


def changed_by(facts: Mapping[str, str], question: Question, laws: DomesticLaws) -> Changed:
    """The question, what is added to the overlay, and the laws, after these changes."""
    confirmations: list[Confirmation] = []
    rulings: list[StandingRuling] = []
    for name, value in facts.items():
        if name == "confirm-force":
            confirmations.append(_force_confirmation(value, question))
        elif name in ("confirm-forms", "confirm-use"):
            confirmations.append(_provision_confirmation(name, value, question))
        elif name == "ruling":
            rulings.extend(_rulings(value, question))
        elif name == "domestic-law":
            laws = _with_law(laws, value)
        else:
            question = ASKED_OTHERWISE[name](question, value)
    return Changed(question, tuple(confirmations), tuple(rulings), laws)


def _law_day(question: Question) -> date:
    return getattr(question, "supplied_on", None) or question.on


def _force_confirmation(reference: str, question: Question) -> Confirmation:
    return _what_if(reference, ConfirmedSubject.FORCE, question, in_force_from=_law_day(question))


def _provision_confirmation(name: str, value: str, question: Question) -> Confirmation:
    reference, _, codes = value.partition(":")
    if name == "confirm-forms":
        forms = tuple(FormOfAssistance(code) for code in codes.split(","))
        return _what_if(reference, ConfirmedSubject.PROVISION, question, forms=forms)
    pairs = (code.partition("=") for code in codes.split(","))
    rules = tuple((Purpose(purpose), UseRule(rule)) for purpose, _, rule in pairs)
    return _what_if(reference, ConfirmedSubject.PROVISION, question, use_rules=rules)


def _what_if(
    reference: str,
    subject: ConfirmedSubject,
    question: Question,
    *,
    in_force_from: date | None = None,
    forms: tuple[FormOfAssistance, ...] = (),
    use_rules: tuple[tuple[Purpose, UseRule], ...] = (),
) -> Confirmation:
    return Confirmation(
        reference="what-if",
        instrument=reference,
        subject=subject,
        evidence=ConfirmationEvidence.CERTIFIED_TEXT,
        citation="",
        by="",
        countersigned_by="",
        recorded_on=date.min,
        review_by=FAR,
        in_force_from=in_force_from,
        article="",
        forms=forms,
        use_rules=use_rules,
    )


def _rulings(value: str, question: Question) -> Iterator[StandingRuling]:
    reference, _, pairs = value.partition(":")
    for pair in pairs.split(","):
        form, _, purpose = pair.partition("/")
        yield StandingRuling(
            reference="what-if",
            instrument=reference,
            form=FormOfAssistance(form),
            purpose=Purpose(purpose),
            verdict=Verdict.PERMITTED,
            conditions=(),
            grounds="",
            by="",
            countersigned_by="",
            recorded_on=date.min,
            valid_from=date.min,
            valid_until=FAR,
        )


def _with_law(laws: DomesticLaws, administration: str) -> DomesticLaws:
    law = DomesticLaw(
        administration=administration,
        title="",
        acts={
            **{(act, None): "" for act in (Act.ASK, Act.RELEASE)},
            **{(Act.DISCLOSE, recipient): "" for recipient in Recipient},
        },
        grounds=(Ground("agreement", "", ""),),
        # A disclosure at home or to a third state has no agreement as its ground.
        testimony_recipients=frozenset(Recipient),
    )
    refused = {k: v for k, v in laws.refused.items() if k != administration}
    return DomesticLaws({**laws.by_administration, administration: law}, refused)


def _on(question: Question, value: str) -> Question:
    return replace(question, on=date.fromisoformat(value))


def _supplied_on(question: Question, value: str) -> Question:
    if isinstance(question, Use | Disclose | Retain):
        return replace(question, supplied_on=date.fromisoformat(value))
    return question


def _purpose(question: Question, value: str) -> Question:
    purpose = Purpose(value)
    if isinstance(question, Ask | Release):
        return replace(question, purposes=(purpose,))
    return replace(question, purpose=purpose) if isinstance(question, Use) else question


def _offences(question: Question, value: str) -> Question:
    if isinstance(question, Retain):
        return question
    return replace(question, offences=(Offence(value),))


def _flagged(**flags: bool) -> Callable[[Question, str], Question]:
    def flag(question: Question, value: str) -> Question:
        known = {field.name for field in fields(question)}
        given: dict[str, object] = {k: v for k, v in flags.items() if k in known}
        return replace(question, **given)  # type: ignore[arg-type]  # the fields that it has

    return flag


def _authority(question: Question, value: str) -> Question:
    acting, partner = value.split(",")
    if isinstance(question, Ask):
        return replace(question, asker=acting, asked=partner)
    if isinstance(question, Release):
        return replace(question, supplier=acting, receiver=partner)
    return replace(question, holder=acting, supplier=partner)


def _stated(question: Question, value: str) -> Question:
    said = {
        name: state == "true" for name, _, state in (s.partition("=") for s in value.split(","))
    }
    if isinstance(question, Retain) and "purpose_fulfilled" in said:
        question = replace(question, purpose_fulfilled=said["purpose_fulfilled"])
    if isinstance(question, Ask):
        return replace(question, facts=tuple(_item_with(item, said) for item in question.facts))
    return replace(question, item=_item_with(question.item, said))


def _item_with(item: Item, said: Mapping[str, bool]) -> Item:
    return replace(
        item,
        personal_data=said.get("personal_data", item.personal_data),
        judicially_obtained=said.get("judicially_obtained", item.judicially_obtained),
    )


def _to(question: Question, value: str) -> Question:
    return replace(question, recipient_code=value) if isinstance(question, Disclose) else question


ASKED_OTHERWISE: dict[str, Callable[[Question, str], Question]] = {
    "date": _on,
    "supplied-on": _supplied_on,
    "purpose": _purpose,
    "offence": _offences,
    "consent": _flagged(consent_given=True),
    "notice": _flagged(notice_given=True),
    "instrument": lambda question, value: replace(question, under=value),
    "supplied-under": lambda question, value: replace(question, under=value),
    "form": lambda question, value: (
        replace(question, form=FormOfAssistance(value)) if isinstance(question, Use) else question
    ),
    "authority": _authority,
    "assurances": _flagged(assurances_given=True, assurance_breached=False),
    "item-facts": _stated,
    "recipient": _to,
}
