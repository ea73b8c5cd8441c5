# SPDX-License-Identifier: Apache-2.0
"""What an instrument's provisions say, arranged by the questions that are put to them.

`terms_of` compiles an instrument once into frozen tables: which article provides for which form,
what is said of each purpose, what is excluded. What nobody has read is filled from the model that
the text follows, as `assumed`; `confirmed_terms` adds what the custodian confirmed. Nothing here
judges; the rules in `rules` do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from comity.agreements.instrument import Instrument, ReadState
from comity.agreements.overlay import Confirmation
from comity.agreements.provision import Basis, Provision, ProvisionType
from comity.agreements.provision_parameters import UseException
from comity.agreements.verdict import NoticeTiming
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose, UseRule

Key = TypeVar("Key")

MATTERS_OF_TYPE: dict[ProvisionType, tuple[FormOfAssistance, ...]] = {
    ProvisionType.EXPERTS_WITNESSES: (FormOfAssistance.EXPERTS_WITNESSES,),
    ProvisionType.TECHNICAL_ASSISTANCE: (FormOfAssistance.TECHNICAL_ASSISTANCE,),
}
"""The form that a provision of the type provides for even where it lists none."""


@dataclass(frozen=True, slots=True)
class FormTerm:
    """One article that provides for one form of assistance, with its limits."""

    form: FormOfAssistance
    article: str
    basis: Basis
    duty: str = ""
    annex: str = ""
    triggers: frozenset[str] = frozenset()
    limited_to: frozenset[Offence] | None = None
    suspensive_condition: str = ""
    case_by_case: bool = False
    threshold: str = ""
    qualifier: str = ""
    fixed_term: tuple[date, date] | None = None
    supplier: str = ""
    receiver: str = ""
    confirmation: str = ""


@dataclass(frozen=True, slots=True)
class UseTerm:
    """What one article says of one purpose of use (or of one kind of onward disclosure)."""

    purpose: Purpose
    rule: UseRule
    article: str
    basis: Basis
    annex: str = ""
    notice: NoticeTiming = NoticeTiming.UNSPECIFIED
    notice_days: int | None = None
    consenter: str = ""
    condition: str = ""
    exception: UseException | None = None
    recipients: frozenset[str] = frozenset()
    confirmation: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """An instrument's provisions in one version, by form, by purpose and by type."""

    forms: Mapping[FormOfAssistance, tuple[FormTerm, ...]]
    excluded: Mapping[FormOfAssistance, tuple[Provision, ...]]
    uses: Mapping[Purpose, tuple[UseTerm, ...]]
    onward: Mapping[Purpose, tuple[UseTerm, ...]]
    personal: Mapping[Purpose, tuple[UseTerm, ...]]
    """What an article on personal data says of the use of such data."""
    by_type: Mapping[ProvisionType, tuple[Provision, ...]]
    offences: frozenset[Offence] | None
    """The only offences within scope; None where the text names none."""
    excluded_offences: frozenset[Offence]
    scope_articles: tuple[Provision, ...]
    read: ReadState
    left_out: frozenset[str] = frozenset()
    """The articles that were not extended to a territory for which these terms stand."""

    def first(self, kind: ProvisionType, parameter: str) -> Provision | None:
        """The first provision of this type that says something of this parameter."""
        for provision in self.by_type.get(kind, ()):
            if provision.parameters.get(parameter) not in (None, "", False, "not-mentioned"):
                return provision
        return None


def terms_of(instrument: Instrument, model: Instrument | None, version: str) -> Terms:
    """The terms of one version of an instrument."""
    provisions = provisions_of(instrument, version)
    if model is not None and instrument.read is not ReadState.WHOLE:
        provisions = (*provisions, *_filling(provisions, model.provisions))
    return _compile(provisions, instrument.read)


def provisions_of(instrument: Instrument, version: str) -> tuple[Provision, ...]:
    """The provisions that stand in this version (the empty code is the original text)."""
    if not instrument.versions:
        return instrument.provisions
    order = {"": 0} | {v.code: place for place, v in enumerate(instrument.versions, start=1)}
    place = order.get(version, 0)
    return tuple(
        p
        for p in instrument.provisions
        if order.get(p.since_version, 0) <= place
        and (not p.until_version or place < order.get(p.until_version, len(order)))
    )


def _filling(known: tuple[Provision, ...], model: tuple[Provision, ...]) -> list[Provision]:
    """The model's provisions on matters of which nothing is known, as `assumed`."""
    forms = {form for p in known for form in forms_of(p)}
    excluded = {form for p in known for form in _codes(p, "excluded_forms", FormOfAssistance)}
    ruled = {(p.type, purpose) for p in known for purpose in _rules(p)}
    # What is known of a disclosure as a use leaves the model's article on disclosure no room.
    spoken = {purpose for _, purpose in ruled}
    ruled |= {(ProvisionType.ONWARD_DISCLOSURE, purpose) for purpose in spoken}
    ruled |= {(ProvisionType.USE, purpose) for purpose in spoken}
    types = {p.type for p in known}
    filled = []
    for provision in model:
        parameters = dict(provision.parameters)
        said_forms, said_rules = bool(parameters.get("forms")), bool(parameters.get("rules"))
        if said_forms:
            left = [f for f in forms_of(provision) if f not in forms | excluded]
            parameters["forms"] = tuple(left)
        if said_rules:
            left_rules = {
                u: r for u, r in _rules(provision).items() if (provision.type, u) not in ruled
            }
            parameters["rules"] = left_rules
        if said_forms or said_rules:
            if not parameters.get("forms") and not parameters.get("rules"):
                continue
        elif provision.type in types:
            continue
        filled.append(replace(provision, basis=Basis.ASSUMED, parameters=parameters))
    return filled


def confirmed_terms(terms: Terms, confirmations: Iterable[Confirmation]) -> Terms:
    """The terms with what was confirmed: an assumption gives way, what was read stands beside.

    A confirmation that names forms or rules says what its article provides; one that names none
    confirms the article as the register has it.
    """
    forms, uses, onward = dict(terms.forms), dict(terms.uses), dict(terms.onward)
    by_type = dict(terms.by_type)
    for confirmation in confirmations:
        for form in confirmation.forms:
            kept = tuple(t for t in forms.get(form, ()) if t.basis is not Basis.ASSUMED)
            forms[form] = (*kept, _confirmed_form(confirmation, form))
        for purpose, rule in confirmation.use_rules:
            left = tuple(t for t in uses.get(purpose, ()) if t.basis is not Basis.ASSUMED)
            uses[purpose] = (*left, _confirmed_use(confirmation, purpose, rule))
            # An article on disclosure governs before one on use: an assumed one would hide this.
            onward[purpose] = tuple(
                t for t in onward.get(purpose, ()) if t.basis is not Basis.ASSUMED
            )
        if not confirmation.forms and not confirmation.use_rules:
            forms = {k: _as_confirmed(v, confirmation) for k, v in forms.items()}
            uses = {k: _as_confirmed(v, confirmation) for k, v in uses.items()}
            onward = {k: _as_confirmed(v, confirmation) for k, v in onward.items()}
            by_type = {k: _as_confirmed(v, confirmation) for k, v in by_type.items()}
    return replace(terms, forms=forms, uses=uses, onward=onward, by_type=by_type)


Known = TypeVar("Known", FormTerm, UseTerm, Provision)


def _as_confirmed(terms: tuple[Known, ...], confirmation: Confirmation) -> tuple[Known, ...]:
    """The same terms, those of the article confirmed where they were only assumed."""
    return tuple(
        replace(term, basis=Basis.CONFIRMED, confirmation=confirmation.reference)
        if term.article == confirmation.article and term.basis is Basis.ASSUMED
        else term
        for term in terms
    )


def _confirmed_form(confirmation: Confirmation, form: FormOfAssistance) -> FormTerm:
    return FormTerm(
        form, confirmation.article, Basis.CONFIRMED, confirmation=confirmation.reference
    )


def _confirmed_use(confirmation: Confirmation, purpose: Purpose, rule: UseRule) -> UseTerm:
    return UseTerm(
        purpose,
        rule,
        confirmation.article,
        Basis.CONFIRMED,
        confirmation=confirmation.reference,
    )


def extended_terms(terms: Terms, left_out: frozenset[str]) -> Terms:
    """The terms for a territory to which some articles were not extended.

    Such an article binds nobody there. What it provides for stays visible, so that a rule can say
    why it is not to be had; what it says of use, and every duty in it, is gone.
    """
    return replace(
        terms,
        uses=_without(terms.uses, left_out),
        onward=_without(terms.onward, left_out),
        personal=_without(terms.personal, left_out),
        by_type=_without(terms.by_type, left_out),
        left_out=left_out,
    )


def _without(
    table: Mapping[Key, tuple[Known, ...]], left_out: frozenset[str]
) -> dict[Key, tuple[Known, ...]]:
    kept = {
        key: tuple(value for value in values if value.article not in left_out)
        for key, values in table.items()
    }
    return {key: values for key, values in kept.items() if values}


def forms_of(provision: Provision) -> tuple[FormOfAssistance, ...]:
    """The forms of assistance that the provision provides for."""
    listed = _codes(provision, "forms", FormOfAssistance)
    if "forms" in provision.parameters:
        return listed
    return MATTERS_OF_TYPE.get(provision.type, ())


def _compile(provisions: tuple[Provision, ...], read: ReadState) -> Terms:
    forms: dict[FormOfAssistance, list[FormTerm]] = {}
    excluded: dict[FormOfAssistance, list[Provision]] = {}
    by_type: dict[ProvisionType, list[Provision]] = {}
    tables: dict[ProvisionType, dict[Purpose, list[UseTerm]]] = {}
    for provision in provisions:
        by_type.setdefault(provision.type, []).append(provision)
        for form in forms_of(provision):
            forms.setdefault(form, []).append(_form_term(provision, form))
        for form in _codes(provision, "excluded_forms", FormOfAssistance):
            excluded.setdefault(form, []).append(provision)
        for purpose, rule in _rules(provision).items():
            table = tables.setdefault(provision.type, {})
            table.setdefault(purpose, []).append(_use_term(provision, purpose, rule))
    scope = tuple(
        p
        for p in by_type.get(ProvisionType.SCOPE, ())
        if p.parameters.get("offences") or p.parameters.get("excluded_offences")
    )
    named = [_codes(p, "offences", Offence) for p in scope if p.parameters.get("offences")]
    return Terms(
        forms=_frozen(forms),
        excluded=_frozen(excluded),
        uses=_frozen(tables.get(ProvisionType.USE, {})),
        onward=_frozen(tables.get(ProvisionType.ONWARD_DISCLOSURE, {})),
        personal=_frozen(tables.get(ProvisionType.PERSONAL_DATA, {})),
        by_type=_frozen(by_type),
        offences=frozenset.intersection(*map(frozenset, named)) if named else None,
        excluded_offences=frozenset(
            o for p in scope for o in _codes(p, "excluded_offences", Offence)
        ),
        scope_articles=scope,
        read=read,
    )


Value = TypeVar("Value")


def _frozen(lists: Mapping[Key, list[Value]]) -> dict[Key, tuple[Value, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def _form_term(provision: Provision, form: FormOfAssistance) -> FormTerm:
    said = provision.parameters
    limited = _codes(provision, "limited_to", Offence)
    term = said.get("fixed_term")
    return FormTerm(
        form=form,
        article=provision.article,
        basis=provision.basis,
        duty=str(said.get("duty", "")),
        annex=provision.annex,
        triggers=frozenset(map(str, _list(said.get("trigger")))),
        limited_to=frozenset(limited) if limited else None,
        suspensive_condition=str(said.get("suspensive_condition", "")),
        case_by_case=said.get("case_by_case") is True,
        threshold=str(said.get("threshold", "")),
        qualifier=str(said.get("qualifier", "")),
        fixed_term=_days(term) if term else None,
        supplier=str(said.get("supplier", "")),
        receiver=str(said.get("receiver", "")),
        confirmation=provision.confirmation,
    )


def _use_term(provision: Provision, purpose: Purpose, rule: UseRule) -> UseTerm:
    said = provision.parameters
    condition = str(said.get("condition", ""))
    exception = said.get("exception")
    days = said.get("notice_days")
    return UseTerm(
        purpose=purpose,
        rule=rule,
        article=provision.article,
        basis=provision.basis,
        annex=provision.annex,
        notice=NoticeTiming(str(said.get("notice", NoticeTiming.UNSPECIFIED))),
        notice_days=int(str(days)) if days is not None else None,
        consenter=str(said.get("consenter", "")),
        condition="" if condition == "none" else condition,
        exception=exception if isinstance(exception, UseException) else None,
        recipients=frozenset(map(str, _list(said.get("recipients")))),
        confirmation=provision.confirmation,
    )


def _rules(provision: Provision) -> dict[Purpose, UseRule]:
    rules = provision.parameters.get("rules")
    if not isinstance(rules, Mapping):
        return {}
    return {Purpose(purpose): UseRule(rule) for purpose, rule in rules.items()}


def _codes(provision: Provision, name: str, kind: type[Key]) -> tuple[Key, ...]:
    return tuple(kind(code) for code in _list(provision.parameters.get(name)))  # type: ignore[call-arg]  # a StrEnum


def _list(value: object) -> Iterable[object]:
    if value is None or value == "":
        return ()
    return value if isinstance(value, list | tuple | set | frozenset) else (value,)


def _days(value: object) -> tuple[date, date]:
    first, last = (d if isinstance(d, date) else date.fromisoformat(str(d)) for d in _list(value))
    return first, last
