# SPDX-License-Identifier: Apache-2.0
"""Rules on the purpose of use: what the text says of it, on which notice, consent or condition.

Where several articles speak of one purpose, the most restrictive of them wins, and every rule here
speaks of that article. A purpose of which the text says nothing is for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterable

from comity.agreements.case import Act, Answer, Case, fine
from comity.agreements.instrument import ReadState
from comity.agreements.legal_basis import LegalBasis
from comity.agreements.provision import Basis, ProvisionType
from comity.agreements.rules.provided import annex_answer, reservation_answer
from comity.agreements.terms import UseTerm
from comity.agreements.verdict import RANKS, NoticeTiming, Verdict
from comity.reference.taxonomy import Purpose, UseRule

OK = Verdict.PERMITTED
CONDITIONS = Verdict.PERMITTED_UNDER_CONDITIONS
CONSENT = Verdict.PRIOR_CONSENT
PERSON = Verdict.PERSON_MUST_DECIDE

CRIMINAL = frozenset((Purpose.CRIMINAL_INVESTIGATION, Purpose.CRIMINAL_EVIDENCE))
ONWARD = frozenset((Purpose.OTHER_AUTHORITY, Purpose.THIRD_STATE, Purpose.PUBLIC))
"""Purposes that are a disclosure to somebody else, of which articles on disclosure speak too."""

SEVERITY: dict[UseRule, Verdict] = {
    UseRule.PERMITTED: Verdict.PERMITTED,
    UseRule.PERMITTED_NOTIFY: Verdict.PERMITTED_WITH_NOTICE,
    UseRule.CONDITION_AT_SUPPLY: Verdict.PERMITTED_UNDER_CONDITIONS,
    UseRule.PRIOR_CONSENT: Verdict.PRIOR_CONSENT,
    UseRule.UNSPECIFIED: Verdict.PERSON_MUST_DECIDE,
    UseRule.OTHER_CHANNEL_ONLY: Verdict.OTHER_CHANNEL_ONLY,
    UseRule.PROHIBITED: Verdict.PROHIBITED,
}
"""How far each use rule goes by itself: the greater severity of two articles wins."""


def criminal_channel_is_open(basis: LegalBasis, case: Case, purpose: Purpose) -> Answer:
    """Criminal matters are asked for through the instrument unless it names another channel."""
    if purpose not in CRIMINAL:
        return fine("not-criminal", purpose)
    provision = basis.terms.first(ProvisionType.PRECEDENCE, "criminal_channel")
    if provision is None:
        return fine("criminal-channel-open", purpose)
    facts = {"purpose": purpose.value}
    named = provision.parameters.get("named_channels") or ()
    facts["channels"] = ", ".join(map(str, named)) if isinstance(named, Iterable) else ""
    article, known = provision.article, provision.basis
    if known is Basis.ASSUMED:
        return Answer(PERSON, "criminal-channel-assumed", facts, article, known)
    rule = UseRule(str(provision.parameters["criminal_channel"]))
    return Answer(SEVERITY[rule], "criminal-channel-elsewhere", facts, article, known)


def purpose_is_allowed(basis: LegalBasis, case: Case, purpose: Purpose) -> Answer:
    """The text allows the purpose; where it is silent, a person decides."""
    facts = {"purpose": purpose.value}
    term = governing_use(basis, case, purpose)
    if term is None:
        silent = basis.terms.read is ReadState.WHOLE
        return Answer(PERSON, "purpose-silent" if silent else "purpose-not-read", facts)
    rule = rule_of(term, case)
    article, known = term.article, term.basis
    if known is Basis.ASSUMED:
        return Answer(OK, "purpose-assumed-rule", facts | {"rule": rule.value}, article, known)
    if rule is UseRule.UNSPECIFIED:
        return Answer(PERSON, "purpose-unspecified", facts, article, known)
    if rule is UseRule.PROHIBITED:
        return Answer(Verdict.PROHIBITED, "purpose-prohibited", facts, article, known)
    if rule is UseRule.OTHER_CHANNEL_ONLY:
        return Answer(Verdict.OTHER_CHANNEL_ONLY, "purpose-other-channel", facts, article, known)
    if rule is not term.rule:
        return Answer(OK, "purpose-by-exception", facts, article, known)
    return Answer(OK, f"purpose-{rule.value.lower().replace('_', '-')}", facts, article, known)


def article_on_the_use_is_known(basis: LegalBasis, case: Case, purpose: Purpose) -> Answer:
    """The article on the purpose was read or confirmed, not assumed from a model."""
    facts = {"purpose": purpose.value}
    term = governing_use(basis, case, purpose)
    if term is None:
        return fine("no-article-on-the-purpose", purpose)
    article, known = term.article, term.basis
    if known is Basis.ASSUMED:
        return Answer(PERSON, "purpose-assumed", facts | {"rule": term.rule.value}, article, known)
    bound = _binding(basis, term)
    if bound.limit is not OK:
        return bound
    if known is Basis.CONFIRMED:
        facts["confirmation"] = term.confirmation
        return Answer(OK, "purpose-confirmed", facts, article, known)
    return Answer(OK, "purpose-read", facts, article, known)


def _binding(basis: LegalBasis, term: UseTerm) -> Answer:
    """Whether both parties are bound by the article on use."""
    if term.annex:
        annexed = annex_answer(basis, term.annex, term.article, term.basis)
        if annexed.limit is not OK:
            return annexed._replace(limit=PERSON)
    reserved = reservation_answer(basis, term.article, term.basis)
    return reserved if reserved.limit is OK else reserved._replace(limit=PERSON)


def notice_is_given(basis: LegalBasis, case: Case, purpose: Purpose) -> Answer:
    """Where the text asks for notice of a use, the supplier is told when the text says."""
    term = _settled_use(basis, case, purpose)
    if term is None or rule_of(term, case) is not UseRule.PERMITTED_NOTIFY:
        return fine("no-notice-asked", purpose)
    facts = {"purpose": purpose.value}
    facts["timing"] = term.notice.value
    if term.notice_days is not None:
        facts["days"] = str(term.notice_days)
    if case.notice:
        return Answer(OK, "notice-given", facts, term.article, term.basis)
    reason = {
        NoticeTiming.BEFORE: "notice-before",
        NoticeTiming.ON_USE: "notice-on-use",
        NoticeTiming.WITHIN_N: "notice-within-days",
        NoticeTiming.UNSPECIFIED: "notice-unspecified",
    }[term.notice]
    return Answer(Verdict.PERMITTED_WITH_NOTICE, reason, facts, term.article, term.basis)


def consent_is_given(basis: LegalBasis, case: Case, purpose: Purpose) -> Answer:
    """Where the text asks for prior consent, whoever must consent has done so, and it binds."""
    term = _settled_use(basis, case, purpose)
    if term is None or rule_of(term, case) is not UseRule.PRIOR_CONSENT:
        return fine("no-consent-asked", purpose)
    facts = {"purpose": purpose.value}
    facts["consenter"] = term.consenter
    if case.consent:
        return Answer(CONDITIONS, "consent-binds", facts, term.article, term.basis)
    if case.act is Act.RELEASE and not term.consenter:
        return Answer(CONDITIONS, "release-is-the-consent", facts, term.article, term.basis)
    reason = "consent-of-another" if term.consenter else "consent-needed"
    return Answer(CONSENT, reason, facts, term.article, term.basis)


def supplier_attached_no_restriction(basis: LegalBasis, case: Case, purpose: Purpose) -> Answer:
    """Where the supplier may restrict at supply, the use keeps within what it attached."""
    term = _settled_use(basis, case, purpose)
    if term is None or rule_of(term, case) is not UseRule.CONDITION_AT_SUPPLY:
        return fine("no-restriction-foreseen", purpose)
    facts = {"purpose": purpose.value}
    return Answer(CONDITIONS, "condition-at-supply", facts, term.article, term.basis)


def condition_of_the_use_is_kept(basis: LegalBasis, case: Case, purpose: Purpose) -> Answer:
    """A condition that the article sets for a use is kept."""
    term = _settled_use(basis, case, purpose)
    if term is None or not term.condition or rule_of(term, case) is not term.rule:
        return fine("no-condition-on-use", purpose)
    facts = {"purpose": purpose.value}
    facts["condition"] = term.condition
    return Answer(CONDITIONS, "condition-on-use", facts, term.article, term.basis)


def rule_of(term: UseTerm, case: Case) -> UseRule:
    """The article's use rule for this case: its narrower exception where that fits."""
    exception = term.exception
    if exception is None:
        return term.rule
    if exception.offences and not (
        case.offences and all(offence in exception.offences for offence in case.offences)
    ):
        return term.rule
    if exception.recipients and not is_among(case.recipient_code, exception.recipients):
        return term.rule
    return exception.rule


def is_among(code: str, recipients: Iterable[str]) -> bool:
    """Whether a recipient is one of those that an article names, by code or by words."""
    wanted = {code.casefold(), code.partition("/")[0].casefold()} - {""}
    return any(name.casefold() in wanted for name in recipients)


def governing_use(basis: LegalBasis, case: Case, purpose: Purpose) -> UseTerm | None:
    """What governs the purpose: the most restrictive article that speaks of it, None if silent."""
    terms = _speaking(basis, case, purpose)
    if not terms:
        return None
    if len(terms) == 1:
        return terms[0]
    return max(terms, key=lambda term: RANKS[_severity(term, case)])


def _speaking(basis: LegalBasis, case: Case, purpose: Purpose) -> list[UseTerm]:
    """Every article that speaks of the purpose; one on named recipients speaks of those alone."""
    terms = list(basis.terms.uses.get(purpose, ()))
    if case.act is Act.DISCLOSE or purpose in ONWARD:
        onward = basis.terms.onward.get(purpose, ())
        fitting = [t for t in onward if not t.recipients or _recipient_fits(basis, case, t)]
        # An article on disclosure is the special one: it governs where it speaks of the recipient.
        terms = fitting or terms
    if basis.terms.personal and any(item.personal_data is not False for item in case.items):
        terms += basis.terms.personal.get(purpose, ())
    return terms


def _recipient_fits(basis: LegalBasis, case: Case, term: UseTerm) -> bool:
    if is_among(case.recipient_code, term.recipients):
        return True
    country = case.recipient_code.partition("/")[0]
    groups = basis.register.groups
    return any(
        groups.membership(name, country, case.on) is not None
        for name in term.recipients
        if name in groups.by_code
    )


def _severity(term: UseTerm, case: Case) -> Verdict:
    return PERSON if term.basis is Basis.ASSUMED else SEVERITY[rule_of(term, case)]


def _settled_use(basis: LegalBasis, case: Case, purpose: Purpose) -> UseTerm | None:
    """The governing article where it was read or confirmed; an assumed one settles nothing."""
    term = governing_use(basis, case, purpose)
    return None if term is None or term.basis is Basis.ASSUMED else term
