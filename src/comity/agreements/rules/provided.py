# SPDX-License-Identifier: Apache-2.0
"""Rules on the form of assistance and on the offence: what an article provides for, and how far.

Several articles may provide for one form; the one that leaves most open is the one relied upon,
and every rule here speaks of that article. What the text excludes is excluded whatever provides.
"""

from __future__ import annotations

from comity.agreements.case import Act, Answer, Case, fine
from comity.agreements.instrument import ReadState
from comity.agreements.legal_basis import LegalBasis
from comity.agreements.provision import Basis
from comity.agreements.terms import FormTerm
from comity.agreements.verdict import RANKS, Verdict
from comity.reference.taxonomy import FormOfAssistance, Offence

OK = Verdict.PERMITTED
CONDITIONS = Verdict.PERMITTED_UNDER_CONDITIONS
PERSON = Verdict.PERSON_MUST_DECIDE
OTHER_CHANNEL = Verdict.OTHER_CHANNEL_ONLY
PROHIBITED = Verdict.PROHIBITED
NO_BASIS = Verdict.NO_LEGAL_BASIS
NOT_KNOWN = Verdict.NO_KNOWN_BASIS

OUTSIDE_CUSTOMS = frozenset(
    (Offence.HUMAN_TRAFFICKING, Offence.MIGRANT_SMUGGLING, Offence.TERRORISM, Offence.CORRUPTION)
)
"""Offences that are none of customs' unless the text names them: police and justice channels."""

DEPENDS_ON_CUSTOMS_LAW = frozenset(
    (Offence.MONEY_LAUNDERING, Offence.SANCTIONS, Offence.EXPORT_CONTROL)
)
"""Offences that are customs matters under some laws only."""

NEED_AN_OFFENCE = frozenset(
    (
        FormOfAssistance.INFO_OFFENCE,
        FormOfAssistance.SURVEILLANCE_PERSONS,
        FormOfAssistance.SURVEILLANCE_GOODS,
        FormOfAssistance.SURVEILLANCE_PLACES,
        FormOfAssistance.SURVEILLANCE_TRANSPORT,
        FormOfAssistance.SURVEILLANCE_PAYMENT,
        FormOfAssistance.CONTROLLED_DELIVERY,
        FormOfAssistance.HOT_PURSUIT,
        FormOfAssistance.CROSS_BORDER_SURVEILLANCE,
        FormOfAssistance.COVERT_INVESTIGATION,
        FormOfAssistance.JOINT_TEAM,
    )
)
"""Forms that make no sense without a suspected offence."""

ALWAYS_CASE_BY_CASE = frozenset((FormOfAssistance.CONTROLLED_DELIVERY,))
"""Forms that both sides agree to case by case under every text read."""

CHANNEL_IF_EXCLUDED = frozenset(
    (
        FormOfAssistance.RECOVERY,
        FormOfAssistance.SEIZURE_ASSIST,
        FormOfAssistance.ASSET_SHARING,
        FormOfAssistance.HOT_PURSUIT,
        FormOfAssistance.CROSS_BORDER_SURVEILLANCE,
        FormOfAssistance.COVERT_INVESTIGATION,
    )
)
"""Forms for which another channel exists where a customs text excludes them."""


def offence_is_a_customs_matter(basis: LegalBasis, case: Case, offence: Offence) -> Answer:
    """Each offence is one that the instrument covers: a customs matter, or one that it names."""
    terms, facts = basis.terms, {"offence": offence.value}
    article = terms.scope_articles[0].article if terms.scope_articles else ""
    known = terms.scope_articles[0].basis if terms.scope_articles else None
    if offence in terms.excluded_offences:
        return Answer(OTHER_CHANNEL, "offence-excluded", facts, article, known)
    if terms.offences is not None:
        if offence in terms.offences:
            return Answer(OK, "offence-named", facts, article, known)
        return Answer(OTHER_CHANNEL, "offence-not-named", facts, article, known)
    if offence in OUTSIDE_CUSTOMS:
        return Answer(OTHER_CHANNEL, "offence-outside-customs", facts)
    if offence in DEPENDS_ON_CUSTOMS_LAW:
        return Answer(PERSON, "offence-depends-on-law", facts)
    return fine("offence-is-customs", offence)


def offences_are_stated(basis: LegalBasis, case: Case) -> Answer:
    """Help against an offence names the offence."""
    if case.offences:
        return fine("offences-stated")
    for form in case.forms:
        if form in NEED_AN_OFFENCE:
            return Answer(PERSON, "offence-not-stated", {"form": form.value})
    return fine("no-offence-needed")


def form_is_provided_for(basis: LegalBasis, case: Case, form: FormOfAssistance) -> Answer:
    """An article provides for the form; where the text is silent, a person decides."""
    term = relied_upon(basis, case, form)
    facts = {"form": form.value}
    if term is None:
        silent = basis.terms.read is ReadState.WHOLE
        return Answer(PERSON, "form-silent" if silent else "form-not-read", facts)
    if term.triggers and case.act is Act.ASK and "request" not in term.triggers:
        return Answer(PERSON, "form-not-on-request", facts, term.article, term.basis)
    reason = {"may": "form-may", "endeavour": "form-endeavour"}.get(term.duty, "form-provided")
    return Answer(OK, reason, facts, term.article, term.basis)


def article_on_the_form_is_known(basis: LegalBasis, case: Case, form: FormOfAssistance) -> Answer:
    """The article that provides for the form was read or confirmed, not assumed from a model."""
    term = relied_upon(basis, case, form)
    facts = {"form": form.value}
    if term is None:
        return fine("no-article-on-the-form", form)
    if term.basis is Basis.ASSUMED:
        return Answer(PERSON, "form-assumed", facts, term.article, term.basis)
    if term.basis is Basis.CONFIRMED:
        facts["confirmation"] = term.confirmation
        return Answer(OK, "form-confirmed", facts, term.article, term.basis)
    return Answer(OK, "form-read", facts, term.article, term.basis)


def form_is_not_excluded(basis: LegalBasis, case: Case, form: FormOfAssistance) -> Answer:
    """The text does not exclude the form, such as the recovery of claims."""
    facts = {"form": form.value}
    for provision in basis.terms.excluded.get(form, ()):
        if provision.basis is Basis.ASSUMED:
            return Answer(
                PERSON, "form-excluded-by-model", facts, provision.article, provision.basis
            )
        limit = OTHER_CHANNEL if form in CHANNEL_IF_EXCLUDED else PROHIBITED
        return Answer(limit, "form-excluded", facts, provision.article, provision.basis)
    return fine("form-not-excluded", form)


def annex_is_accepted_by_both(basis: LegalBasis, case: Case, form: FormOfAssistance) -> Answer:
    """An annex binds only between parties that have both accepted it."""
    term = relied_upon(basis, case, form)
    if term is None or not term.annex:
        return fine("no-annex", form)
    return annex_answer(basis, term.annex, term.article, term.basis)


def no_reservation_stands_in_the_way(
    basis: LegalBasis, case: Case, form: FormOfAssistance
) -> Answer:
    """Nobody is bound by an article that was reserved, or not extended to the territory."""
    term = relied_upon(basis, case, form)
    if term is None:
        return fine("no-reservation", form)
    return reservation_answer(basis, term.article, term.basis)


def form_covers_the_offence(basis: LegalBasis, case: Case, form: FormOfAssistance) -> Answer:
    """A form that an article keeps for certain offences is had for those only."""
    term = relied_upon(basis, case, form)
    if term is None or term.limited_to is None:
        return fine("form-not-limited", form)
    return _covers(term, case)


def _covers(term: FormTerm, case: Case) -> Answer:
    assert term.limited_to is not None
    facts = {"form": term.form.value, "offences": ", ".join(sorted(term.limited_to))}
    if not case.offences:
        return Answer(PERSON, "form-limited-and-no-offence", facts, term.article, term.basis)
    if all(offence in term.limited_to for offence in case.offences):
        return Answer(OK, "form-covers-offence", facts, term.article, term.basis)
    return Answer(PROHIBITED, "form-does-not-cover-offence", facts, term.article, term.basis)


def term_of_the_article_runs(basis: LegalBasis, case: Case, form: FormOfAssistance) -> Answer:
    """An article that stands for a fixed term is relied upon within that term."""
    term = relied_upon(basis, case, form)
    if term is None or term.fixed_term is None:
        return fine("no-fixed-term", form)
    return _runs(basis, term)


def _runs(basis: LegalBasis, term: FormTerm) -> Answer:
    assert term.fixed_term is not None
    first, last = term.fixed_term
    facts = {
        "form": term.form.value,
        "since": first.isoformat(),
        "until": last.isoformat(),
        "on": basis.day.isoformat(),
    }
    if first <= basis.day <= last:
        return Answer(OK, "within-fixed-term", facts, term.article, term.basis)
    return Answer(NO_BASIS, "outside-fixed-term", facts, term.article, term.basis)


def article_works_in_this_direction(
    basis: LegalBasis, case: Case, form: FormOfAssistance
) -> Answer:
    """A one-sided article is relied upon only by the side that it serves."""
    term = relied_upon(basis, case, form)
    if term is None or not (term.supplier or term.receiver):
        return fine("both-directions", form)
    return _direction(term, case)


def _direction(term: FormTerm, case: Case) -> Answer:
    facts = {
        "form": term.form.value,
        "supplier": term.supplier or case.supplier,
        "receiver": term.receiver or case.receiver,
    }
    fits = (term.supplier in ("", case.supplier)) and (term.receiver in ("", case.receiver))
    limit, reason = (OK, "this-direction") if fits else (PROHIBITED, "other-direction-only")
    return Answer(limit, reason, facts, term.article, term.basis)


def suspensive_condition_is_met(basis: LegalBasis, case: Case, form: FormOfAssistance) -> Answer:
    """An article under a suspensive condition has no effect until somebody finds it met."""
    term = relied_upon(basis, case, form)
    if term is None or not term.suspensive_condition:
        return fine("no-suspensive-condition", form)
    facts = {"form": form.value, "condition": term.suspensive_condition}
    return Answer(PERSON, "suspensive-condition", facts, term.article, term.basis)


def each_case_is_agreed(basis: LegalBasis, case: Case, form: FormOfAssistance) -> Answer:
    """A form that is given case by case, such as a controlled delivery, is agreed each time."""
    term = relied_upon(basis, case, form)
    facts = {"form": form.value}
    if term is not None and (term.case_by_case or form in ALWAYS_CASE_BY_CASE):
        return Answer(CONDITIONS, "case-by-case", facts, term.article, term.basis)
    return fine("not-case-by-case", form)


def threshold_is_met(basis: LegalBasis, case: Case, form: FormOfAssistance) -> Answer:
    """Where the text asks for a suspicion or a doubt first, the request shows it."""
    term = relied_upon(basis, case, form)
    facts = {"form": form.value}
    if term is not None and term.threshold:
        facts["threshold"] = term.threshold
        return Answer(CONDITIONS, "threshold", facts, term.article, term.basis)
    if term is not None and term.qualifier:
        facts["qualifier"] = term.qualifier
        return Answer(CONDITIONS, "qualifier", facts, term.article, term.basis)
    return fine("no-threshold", form)


def relied_upon(basis: LegalBasis, case: Case, form: FormOfAssistance) -> FormTerm | None:
    """The article relied upon for the form: the one that leaves most open; None without one."""
    terms = basis.terms.forms.get(form)
    if terms is None:
        return None
    if len(terms) == 1:
        return terms[0]
    return min(terms, key=lambda term: RANKS[_openness(basis, case, term)])


def _openness(basis: LegalBasis, case: Case, term: FormTerm) -> Verdict:
    """The best verdict that one providing article leaves, its own limits taken together."""
    limits = [OK]
    if term.basis is Basis.ASSUMED or term.suspensive_condition:
        limits.append(PERSON)
    if term.triggers and case.act is Act.ASK and "request" not in term.triggers:
        limits.append(PERSON)
    if term.threshold or term.qualifier or term.case_by_case:
        limits.append(CONDITIONS)
    if term.annex:
        limits.append(annex_answer(basis, term.annex, term.article, term.basis).limit)
    if basis.terms.left_out or any(party.reservations for party in basis.parties):
        limits.append(reservation_answer(basis, term.article, term.basis).limit)
    if term.limited_to is not None:
        limits.append(_covers(term, case).limit)
    if term.fixed_term is not None:
        limits.append(_runs(basis, term).limit)
    if term.supplier or term.receiver:
        limits.append(_direction(term, case).limit)
    return max(limits, key=RANKS.__getitem__)


def annex_answer(basis: LegalBasis, annex: str, article: str, known: Basis) -> Answer:
    """Whether both parties accepted the annex."""
    facts, unknown = {"annex": annex}, ""
    for party in basis.parties:
        if party.annexes is None or (not party.annexes and party.obligations_unknown):
            unknown = party.code
        elif annex not in party.annexes:
            facts["party"] = party.code
            return Answer(NO_BASIS, "annex-not-accepted", facts, article, known)
    if unknown:
        facts["party"] = unknown
        return Answer(PERSON, "annex-acceptance-unknown", facts, article, known)
    return Answer(OK, "annex-accepted", facts, article, known)


def reservation_answer(basis: LegalBasis, article: str, known: Basis) -> Answer:
    """Whether a party made a reservation on the article, or did not extend it to a territory."""
    parts = articles_of(article)
    if parts & basis.terms.left_out:
        return Answer(NOT_KNOWN, "article-not-extended", {"article": article}, article, known)
    for party in basis.parties:
        for reservation in party.reservations:
            if parts & reservation.articles:
                facts = {"party": party.code, "article": article}
                return Answer(NO_BASIS, "reserved", facts, article, known)
    return Answer(OK, "no-reservation", {"article": article}, article, known)


def articles_of(article: str) -> frozenset[str]:
    """The articles that a heading names: `20(1),(2)` is 20(1) and 20; `3,4` is 3 and 4."""
    names: set[str] = set()
    for part in article.replace(";", ",").split(","):
        name = part.strip()
        if name and not name.startswith("("):
            names.update((name, name.partition("(")[0].strip()))
    return frozenset(names)
