# SPDX-License-Identifier: Apache-2.0
"""Rules on the item, on passing it on, on keeping it, and on what a request itself gives away."""

from __future__ import annotations

from datetime import timedelta

from comity.agreements.case import Answer, Case, fine
from comity.agreements.force import ForceState, force_between
from comity.agreements.instrument import ReadState
from comity.agreements.legal_basis import LegalBasis
from comity.agreements.provision import Basis, ProvisionType
from comity.agreements.question import Recipient, Retain
from comity.agreements.verdict import NoticeTiming, Verdict
from comity.reference.taxonomy import InformationClass

OK = Verdict.PERMITTED
CONDITIONS = Verdict.PERMITTED_UNDER_CONDITIONS
CONSENT = Verdict.PRIOR_CONSENT
PERSON = Verdict.PERSON_MUST_DECIDE
PROHIBITED = Verdict.PROHIBITED


def judicial_information_is_released(basis: LegalBasis, case: Case) -> Answer:
    """Information gained at a judge's request is supplied only where the judge agrees."""
    provision = basis.terms.first(ProvisionType.SCOPE, "judicial_information")
    if provision is None or not case.items:
        return fine("no-judicial-information-clause")
    states = [
        True if InformationClass.JUDICIAL_ORIGIN in item.classes else item.judicially_obtained
        for item in case.items
    ]
    article, known = provision.article, provision.basis
    if True in states:
        if case.consent:
            return Answer(CONDITIONS, "judge-agreed", {}, article, known)
        return Answer(CONSENT, "judge-must-agree", {}, article, known)
    if None in states and case.asks_or_supplies:
        return Answer(PERSON, "judicial-origin-unknown", {}, article, known)
    return Answer(OK, "not-judicially-obtained", {}, article, known)


def personal_data_may_pass(basis: LegalBasis, case: Case) -> Answer:
    """Personal data pass only once the text's gate is open, such as an agreed equivalence."""
    provision = basis.terms.first(ProvisionType.PERSONAL_DATA, "gate")
    if provision is None or not case.items or not case.asks_or_supplies:
        return fine("no-personal-data-gate")
    facts = {"gate": str(provision.parameters["gate"])}
    states = [item.personal_data for item in case.items]
    if all(state is False for state in states):
        return Answer(OK, "no-personal-data", facts, provision.article, provision.basis)
    reason = "personal-data-gate" if True in states else "personal-data-unknown"
    return Answer(PERSON, reason, facts, provision.article, provision.basis)


def facts_of_the_request_are_released(basis: LegalBasis, case: Case) -> Answer:
    """Asking discloses: the facts in a request pass the release question like any item."""
    if case.items:
        return Answer(OK, "facts-judged-as-a-release", {"items": str(len(case.items))})
    return fine("only-own-words")


def recipient_is_among_those_named(basis: LegalBasis, case: Case) -> Answer:
    """Where an article on disclosure names its recipients, others have no permission from it."""
    from comity.agreements.rules.purpose import _recipient_fits

    for purpose in case.purposes:
        for term in basis.terms.onward.get(purpose, ()):
            if not term.recipients:
                continue
            facts = {
                "recipient": case.recipient_code,
                "recipients": ", ".join(sorted(term.recipients)),
            }
            if not case.recipient_code:
                return Answer(PERSON, "recipient-not-stated", facts, term.article, term.basis)
            if not _recipient_fits(basis, case, term):
                return Answer(PERSON, "recipient-not-named", facts, term.article, term.basis)
            return Answer(OK, "recipient-named", facts, term.article, term.basis)
    return fine("no-recipients-named")


def compelled_disclosure_is_notified(basis: LegalBasis, case: Case) -> Answer:
    """What a court or the constitution compels is notified to the supplier, counsel consulted."""
    if not case.compelled and case.recipient is not Recipient.COURT:
        return fine("not-compelled")
    provision = basis.terms.first(ProvisionType.COMPELLED_DISCLOSURE, "notice")
    closest = basis.terms.by_type.get(ProvisionType.CONFIDENTIALITY, ())
    article, known = (closest[0].article, closest[0].basis) if closest else ("", None)
    if not case.compelled:
        if provision is not None:
            article, known = provision.article, provision.basis
        return Answer(OK, "court-may-compel", {}, article, known)
    if provision is None:
        return Answer(PERSON, "compelled-and-silent", {}, article, known)
    article, known = provision.article, provision.basis
    if known is Basis.ASSUMED:
        return Answer(PERSON, "compelled-assumed", {}, article, known)
    obligation = str(provision.parameters.get("basis_of_obligation", ""))
    timing = NoticeTiming(str(provision.parameters.get("notice", NoticeTiming.UNSPECIFIED)))
    facts = {"timing": timing.value, "obligation": obligation}
    if obligation == "constitution" and case.recipient is not Recipient.DEFENCE:
        return Answer(CONDITIONS, "compelled-by-constitution-only", facts, article, known)
    if case.notice:
        return Answer(OK, "compelled-and-notified", facts, article, known)
    return Answer(Verdict.PERMITTED_WITH_NOTICE, "compelled-notify", facts, article, known)


def keeping_is_within_its_term(basis: LegalBasis, case: Case) -> Answer:
    """An item is kept no longer than the text allows."""
    terms = basis.terms
    limit = terms.first(ProvisionType.PERSONAL_DATA, "retention_days")
    if limit is not None and _personal(case) is not False:
        last = basis.day + timedelta(days=int(str(limit.parameters["retention_days"])))
        facts = {"last": last.isoformat(), "on": case.on.isoformat()}
        if _personal(case) is None or limit.basis is Basis.ASSUMED:
            return Answer(PERSON, "retention-term-perhaps", facts, limit.article, limit.basis)
        verdict, reason = (
            (PROHIBITED, "retention-over") if case.on > last else (OK, "retention-runs")
        )
        return Answer(verdict, reason, facts, limit.article, limit.basis)
    supplier = terms.first(ProvisionType.PERSONAL_DATA, "supplier_sets_retention")
    if supplier is not None and _personal(case) is not False:
        return Answer(CONDITIONS, "supplier-sets-retention", {}, supplier.article, supplier.basis)
    if terms.read is not ReadState.WHOLE:
        return Answer(PERSON, "retention-not-read")
    return fine("no-term-of-retention")


def need_has_not_ended(basis: LegalBasis, case: Case) -> Answer:
    """Personal data that are no longer needed are destroyed where the text says so."""
    provision = basis.terms.first(ProvisionType.PERSONAL_DATA, "destroy_when_not_needed")
    if provision is None or _personal(case) is False or not isinstance(case.question, Retain):
        return fine("no-duty-to-destroy-when-done")
    fulfilled = case.question.purpose_fulfilled
    article, known = provision.article, provision.basis
    if fulfilled is False:
        return Answer(OK, "still-needed", {}, article, known)
    if fulfilled is None or _personal(case) is None or known is Basis.ASSUMED:
        return Answer(PERSON, "need-unknown", {}, article, known)
    return Answer(PROHIBITED, "no-longer-needed", {}, article, known)


def ending_did_not_require_destruction(basis: LegalBasis, case: Case) -> Answer:
    """Personal data are destroyed when the instrument ends, where the text says so."""
    terms = basis.terms
    provision = terms.first(ProvisionType.PERSONAL_DATA, "destroy_on_termination") or terms.first(
        ProvisionType.DURATION_TERMINATION, "personal_data_destroyed"
    )
    if provision is None or _personal(case) is False:
        return fine("no-duty-to-destroy-at-the-end")
    now = force_between(
        basis.instrument, case.on, basis.one, basis.other, basis.register, basis.known
    )
    article, known = provision.article, provision.basis
    if now.state is ForceState.IN_FORCE:
        return Answer(OK, "instrument-still-in-force", {}, article, known)
    if not now.ended or _personal(case) is None or known is Basis.ASSUMED:
        return Answer(PERSON, "destruction-perhaps-due", {}, article, known)
    return Answer(PROHIBITED, "destruction-due", {}, article, known)


def _personal(case: Case) -> bool | None:
    """Whether the item holds personal data; None when nobody said."""
    return case.items[0].personal_data if case.items else None
