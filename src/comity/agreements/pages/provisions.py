# SPDX-License-Identifier: Apache-2.0
"""An instrument's parties and provisions as rows of tables: article by article, typed, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext

from comity.agreements.instrument import Instrument, Party, ReadState
from comity.agreements.overlay import Confirmation, ConfirmedSubject, Overlay
from comity.agreements.pages import words
from comity.agreements.provision import Basis, Provision, ProvisionType
from comity.agreements.provision_parameters import UseException, parameter
from comity.agreements.queries.why import anchor
from comity.agreements.register import Register
from comity.agreements.state_words import BASIS_WORDS
from comity.catalogues import N_

TYPE_WORDS: dict[ProvisionType, str] = {
    ProvisionType.DEFINITIONS: N_("Definitions"),
    ProvisionType.SCOPE: N_("Scope"),
    ProvisionType.PRECEDENCE: N_("Relation to other instruments"),
    ProvisionType.ASSISTANCE: N_("Assistance"),
    ProvisionType.SPECIAL: N_("Special assistance"),
    ProvisionType.OFFICIALS_PRESENCE: N_("Presence of officials"),
    ProvisionType.EXPERTS_WITNESSES: N_("Experts and witnesses"),
    ProvisionType.DOCUMENTS: N_("Documents"),
    ProvisionType.FORM_OF_REQUEST: N_("Form of requests"),
    ProvisionType.EXECUTION: N_("Execution of requests"),
    ProvisionType.USE: N_("Use"),
    ProvisionType.ONWARD_DISCLOSURE: N_("Disclosure to others"),
    ProvisionType.COMPELLED_DISCLOSURE: N_("Disclosure that the law compels"),
    ProvisionType.CONFIDENTIALITY: N_("Confidentiality"),
    ProvisionType.PERSONAL_DATA: N_("Personal data"),
    ProvisionType.REFUSAL: N_("Refusal"),
    ProvisionType.POSTPONEMENT: N_("Postponement"),
    ProvisionType.RECIPROCITY: N_("Reciprocity"),
    ProvisionType.COSTS: N_("Costs"),
    ProvisionType.TECHNICAL_ASSISTANCE: N_("Technical assistance"),
    ProvisionType.IMPLEMENTATION: N_("Implementation"),
    ProvisionType.TERRITORY_APPLICATION: N_("Territory"),
    ProvisionType.ENTRY_INTO_FORCE: N_("Entry into force"),
    ProvisionType.DURATION_TERMINATION: N_("Duration and termination"),
    ProvisionType.REVIEW: N_("Review"),
    ProvisionType.DEADLINES: N_("Deadlines"),
    ProvisionType.BREACH: N_("Breach"),
}


CHOICE_WORDS: dict[str, str] = {
    "shall": N_("shall"),
    "may": N_("may"),
    "endeavour": N_("shall endeavour"),
    "request": N_("on request"),
    "spontaneous": N_("unasked"),
    "allowed": N_("allowed"),
    "required": N_("required"),
    "may-be-required": N_("may be required"),
    "not-mentioned": N_("not mentioned"),
    "urgent-only": N_("in urgent cases only"),
    "promptly": N_("promptly"),
    "immediately": N_("immediately"),
    "without-delay": N_("without delay"),
    "as-soon-as-possible": N_("as soon as possible"),
    "within-days": N_("within the days set"),
    "in-writing": N_("in writing"),
    "on-request": N_("on request"),
    "if-needed": N_("where needed"),
    "if-circumstances-require": N_("where circumstances require"),
    "none": N_("none"),
    "unknown": N_("unknown"),
    "as-agreed": N_("as agreed"),
    "constitution": N_("the constitution"),
    "law": N_("the law"),
    "consult": N_("consult first"),
    "requester-bears": N_("the requester bears them"),
    "written": N_("in writing"),
    "written-agreement": N_("by written agreement"),
    "only-if-judicial-authority-agrees": N_("only where the judicial authority agrees"),
    "while-information-is-kept": N_("while the information is kept"),
    "EXCLUDED": N_("excluded"),
}
"""The words for a parameter's value that is one of a few choices."""


def provision_rows(one: Instrument, overlay: Overlay, register: Register) -> list[dict[str, Any]]:
    """Its own provisions, what we confirmed, and what is assumed from the model it follows."""
    rows = [_row(provision) for provision in one.provisions]
    rows += [_confirmed_row(c) for c in overlay.confirmations if _confirms(c, one)]
    model = register.models.get(one.model)
    if model is not None and one.read is not ReadState.WHOLE:
        own = {provision.type for provision in one.provisions}
        rows += [
            {
                **_row(each),
                "basis": gettext(BASIS_WORDS[Basis.ASSUMED]),
                "tone": "assumed",
                "model": model.reference,
            }
            for each in model.provisions
            if each.type not in own
        ]
    return _each_anchor_once(rows)


def _each_anchor_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Links to an article lead to its first row: what is known before what is assumed."""
    taken: set[str] = set()
    for row in rows:
        if row["anchor"] in taken:
            row["anchor"] = ""
        taken.add(row["anchor"])
    return rows


def party_rows(one: Instrument) -> list[dict[str, Any]]:
    """Each party: annexes accepted, reservations, territories, and who acts for it."""
    return [
        {
            "name": words.party_name(party.code),
            "code": party.code,
            "annexes": _annexes(party),
            "reservations": [
                {
                    "articles": ", ".join(sorted(r.articles)),
                    "source": r.source,
                    "note": r.note,
                }
                for r in party.reservations
            ],
            "territories": ", ".join(sorted(party.territories)),
            "excluded": ", ".join(sorted(party.excluded_territories)),
            "competence": party.competence,
            "members_act": party.members_act,
            "unknown": party.obligations_unknown,
        }
        for party in one.parties
    ]


def _annexes(party: Party) -> str:
    if party.annexes is None:
        return ""
    return ", ".join(sorted(party.annexes)) or gettext("none")


def _confirms(confirmation: Confirmation, one: Instrument) -> bool:
    return (
        confirmation.instrument == one.reference
        and confirmation.subject is ConfirmedSubject.PROVISION
        and confirmation.suspended_on is None
        and confirmation.withdrawn_on is None
    )


def _row(provision: Provision) -> dict[str, Any]:
    return {
        "article": provision.article,
        "anchor": anchor(provision.article),
        "annex": provision.annex,
        "type": gettext(TYPE_WORDS[provision.type]),
        "reading": provision.reading,
        "terms": _terms(provision),
        "basis": gettext(BASIS_WORDS[provision.basis]),
        "tone": provision.basis.value,
        "source": provision.source,
        "since": provision.since_version,
        "until": provision.until_version,
    }


def _confirmed_row(confirmation: Confirmation) -> dict[str, Any]:
    terms = [(gettext("Forms of assistance"), words.codes_in_words(confirmation.forms))]
    terms += [(words.words_of(p), words.words_of(rule)) for p, rule in confirmation.use_rules]
    return {
        "article": confirmation.article,
        "anchor": anchor(confirmation.article),
        "type": gettext("Confirmed provision"),
        "reading": confirmation.citation,
        "terms": [(name, value) for name, value in terms if value],
        "basis": gettext(BASIS_WORDS[Basis.CONFIRMED]),
        "tone": "confirmed",
        "confirmation": confirmation.reference,
    }


def _terms(provision: Provision) -> list[tuple[str, str]]:
    """Each parameter: what it says of itself, and its value in words."""
    found = []
    for name, value in provision.parameters.items():
        known = parameter(provision.type, name)
        about = gettext(known.about) if known else name
        if isinstance(value, Mapping):
            found += [(words.words_of(str(key)), in_words(each)) for key, each in value.items()]
        else:
            found.append((about.rstrip("."), in_words(value)))
    return found


def in_words(value: object) -> str:
    """A parameter's value as a reader meets it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, UseException):
        offences = words.codes_in_words(value.offences)
        return f"{words.words_of(value.rule)}: {offences or ', '.join(value.recipients)}"
    if isinstance(value, StrEnum):
        return words.words_of(value)
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(in_words(each) for each in value)
    text = str(value)
    return gettext(CHOICE_WORDS[text]) if text in CHOICE_WORDS else text
