# SPDX-License-Identifier: Apache-2.0
"""The allow-or-deny part of one agreement as Cedar policies, written from its articles alone.

A second evaluator for tests, never a gate: it shares no code with the rules. Covered are `ask` (no
facts told) and `use` under one agreement, for one form and one purpose: force on the day, forms and
their limits, offences, purposes, consent. Left out: choice among instruments, overlays, items.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date

from comity.agreements.claim import Claim, Confidence, Event, Precision
from comity.agreements.instrument import Instrument
from comity.agreements.provision import Basis, Provision, ProvisionType
from comity.agreements.question import Ask, Use
from comity.reference.taxonomy import Purpose

NOT_CUSTOMS = ("HUMAN_TRAFFICKING", "MIGRANT_SMUGGLING", "TERRORISM", "CORRUPTION")
PERHAPS_CUSTOMS = ("MONEY_LAUNDERING", "SANCTIONS", "EXPORT_CONTROL")
AGAINST_OFFENCES = ("INFO_OFFENCE", "CONTROLLED_DELIVERY")
CRIMINAL = ("CRIMINAL_EVIDENCE", "CRIMINAL_INVESTIGATION")
ONWARD = (Purpose.OTHER_AUTHORITY, Purpose.THIRD_STATE, Purpose.PUBLIC)
OPEN_RULES = ("PERMITTED", "PERMITTED_NOTIFY", "CONDITION_AT_SUPPLY")
FORMS_OF_TYPE = {ProvisionType.EXPERTS_WITNESSES: ("EXPERTS_WITNESSES",)}


def policies(text: Instrument) -> str:
    """The agreement as policies: what it grants, and everything that forbids."""
    return "\n".join((*_grants(text), *_forbids(text)))


def request_of(question: Ask | Use) -> dict[str, object]:
    """The question as a Cedar request; days are numbers."""
    asks = isinstance(question, Ask)
    day = question.on if asks else question.supplied_on or question.on
    return {
        "principal": {"type": "Administration", "id": question.asker if asks else question.holder},
        "action": {"type": "Action", "id": "ask" if asks else "use"},
        "resource": {"type": "Administration", "id": question.asked if asks else question.supplier},
        "context": {
            "day": day.toordinal(),
            "supply_known": asks or question.supplied_on is not None,
            "form": question.forms[0].value if asks else "",
            "purpose": question.purposes[0].value if asks else question.purpose.value,
            "offences": [offence.value for offence in question.offences],
            "consent": question.consent_given,
        },
    }


def _grants(text: Instrument) -> Iterator[str]:
    yield 'permit (principal, action == Action::"use", resource);'
    for provision in text.provisions:
        for form in _forms(provision):
            conditions = _conditions(text, provision, form)
            if conditions is not None:
                yield (
                    'permit (principal, action == Action::"ask", resource) when { '
                    f"{' && '.join(conditions)} }};"
                )


def _conditions(text: Instrument, provision: Provision, form: str) -> list[str] | None:
    """When the article grants the form; None when it never does without a person."""
    said = provision.parameters
    if provision.basis is Basis.ASSUMED or said.get("suspensive_condition"):
        return None
    if said.get("trigger") and "request" not in said["trigger"]:  # type: ignore[operator]
        return None
    if provision.annex and not all(
        p.annexes and provision.annex in p.annexes for p in text.parties
    ):
        return None
    if any(provision.article in r.articles for p in text.parties for r in p.reservations):
        return None
    found = [f'context.form == "{form}"']
    if said.get("supplier"):
        found.append(f'resource == Administration::"{said["supplier"]}"')
    if limited := said.get("limited_to"):
        found.append("!context.offences.isEmpty()")
        found.append(f"{_set(limited)}.containsAll(context.offences)")
    return found


def _forbids(text: Instrument) -> Iterator[str]:
    yield _forbid(f"!({_in_force(text.claims)})")
    yield _forbid("!context.supply_known")
    if text.existence != "verified":
        yield _forbid("true")
    if not text.binding:  # domestic law has no ground without an agreement that binds
        yield _forbid('action == Action::"ask"')
    excluded = [o for p in text.provisions for o in _listed(p, "excluded_offences")]
    yield _forbid(
        f"{_set((*NOT_CUSTOMS, *PERHAPS_CUSTOMS, *excluded))}.containsAny(context.offences)"
    )
    yield _forbid(
        f'action == Action::"ask" && context.offences.isEmpty() && '
        f"{_set(AGAINST_OFFENCES)}.contains(context.form)"
    )
    without = [f for p in text.provisions for f in _listed(p, "excluded_forms")]
    if without:
        yield _forbid(f"{_set(without)}.contains(context.form)")
    if any(p.parameters.get("criminal_channel") for p in text.provisions):
        yield _forbid(f'action == Action::"ask" && {_set(CRIMINAL)}.contains(context.purpose)')
    yield from _purposes(text)


def _purposes(text: Instrument) -> Iterator[str]:
    """A purpose of which no article speaks is forbidden; every article that speaks of it counts."""
    spoken = []
    for purpose in Purpose:
        of_use = [
            p for p in text.provisions if p.type is ProvisionType.USE and purpose in _rules(p)
        ]
        onward = [
            p
            for p in text.provisions
            if p.type is ProvisionType.ONWARD_DISCLOSURE
            and purpose in ONWARD
            and purpose in _rules(p)
            and not p.parameters.get("recipients")
        ]
        speaking = onward or of_use
        if speaking:
            spoken.append(purpose.value)
        for provision in speaking:
            yield from _purpose(provision, purpose)
    yield _forbid(f"!{_set(spoken)}.contains(context.purpose)")


def _purpose(provision: Provision, purpose: Purpose) -> Iterator[str]:
    about = f'context.purpose == "{purpose.value}"'
    rule = str(_rules(provision)[purpose])
    if provision.basis is Basis.ASSUMED:
        yield _forbid(about)
        return
    exception = provision.parameters.get("exception")
    if exception is not None:  # in the worlds drawn, an exception always permits
        covered = f"{_set(exception.offences)}.containsAll(context.offences)"  # type: ignore[attr-defined]
        about += f" && (context.offences.isEmpty() || !{covered})"
    if rule == "PRIOR_CONSENT":
        yield _forbid(f"{about} && !context.consent")
    elif rule not in OPEN_RULES:
        yield _forbid(about)


def _in_force(claims: Iterable[Claim]) -> str:
    """In force from the last day that any trusted claim leaves open, until the first end."""
    trusted = [c for c in claims if c.confidence in (Confidence.HIGH, Confidence.MEDIUM)]
    begins = [_last(c) for c in trusted if c.event is Event.IN_FORCE and c.on]
    ends = [c.on for c in trusted if c.event is Event.TERMINATED and c.on]
    if not begins:
        return "false"
    found = [f"context.day >= {max(begins).toordinal()}"]
    found += [f"context.day < {min(ends).toordinal()}"] if ends else []
    return " && ".join(found)


def _last(claim: Claim) -> date:
    assert claim.on is not None
    if claim.precision is Precision.YEAR:
        return date(claim.on.year, 12, 31)
    if claim.precision is Precision.MONTH:
        return claim.on.replace(day=monthrange(claim.on.year, claim.on.month)[1])
    return claim.on


def _forms(provision: Provision) -> tuple[str, ...]:
    return tuple(_listed(provision, "forms")) or FORMS_OF_TYPE.get(provision.type, ())


def _rules(provision: Provision) -> dict[Purpose, object]:
    rules = provision.parameters.get("rules")
    return rules if isinstance(rules, dict) else {}


def _listed(provision: Provision, name: str) -> list[str]:
    return [str(code) for code in provision.parameters.get(name, ())]  # type: ignore[attr-defined]


def _forbid(condition: str) -> str:
    return f"forbid (principal, action, resource) when {{ {condition} }};"


def _set(codes: Iterable[object]) -> str:
    return "[" + ", ".join(f'"{code}"' for code in codes) + "]"
