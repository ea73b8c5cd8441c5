# SPDX-License-Identifier: Apache-2.0
"""Rules of the second gate: the acting administration's own law on what leaves it.

The gate is engaged where something leaves the administration: asking, releasing, disclosing. Use
within it and keeping give nothing away. The partner's domestic law is never assessed.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.agreements.case import Act, Answer, Case, fine
from comity.agreements.domestic_law import DomesticLaw
from comity.agreements.legal_basis import LegalBasis
from comity.agreements.provision import Basis, ProvisionType
from comity.agreements.question import Ask, Disclose, Release
from comity.agreements.register import country_of
from comity.agreements.verdict import Verdict

OK = Verdict.PERMITTED
CONDITIONS = Verdict.PERMITTED_UNDER_CONDITIONS
PERSON = Verdict.PERSON_MUST_DECIDE
PROHIBITED = Verdict.PROHIBITED

ENGAGED = frozenset((Act.ASK, Act.RELEASE, Act.DISCLOSE))


@dataclass(frozen=True, slots=True)
class Position:
    """What the second gate looks at: the law, why there is none, and the basis relied upon."""

    law: DomesticLaw | None
    refused: str
    basis: LegalBasis | None
    carried: bool = False
    """True where a request made in time is completed after the instrument's end."""

    def article(self, case: Case) -> str | None:
        """The law's article on the act, None where the law does not speak of it."""
        if self.law is None:
            return None
        return self.law.acts.get((case.act, case.recipient))


def something_leaves_the_administration(position: Position, case: Case) -> Answer:
    """Domestic law is asked where something leaves the administration, and only there."""
    if case.act not in ENGAGED:
        return fine("nothing-leaves")
    if case.act is Act.ASK and not case.items:
        return fine("own-words-leave")
    return fine("information-leaves")


def domestic_law_is_known(position: Position, case: Case) -> Answer:
    """The administration's own law is on file, signed by somebody whom the installation trusts."""
    facts = {"administration": country_of(case.acting)}
    if case.act not in ENGAGED:
        return Answer(OK, "domestic-law-not-engaged", facts)
    if position.law is not None:
        return Answer(OK, "domestic-law-on-file", facts | {"title": position.law.title})
    return Answer(PERSON, position.refused or "domestic-law-missing", facts)


def domestic_law_speaks_of_the_act(position: Position, case: Case) -> Answer:
    """The file of domestic law says for which acts it speaks; of others it decides nothing."""
    facts = {"act": case.act.value, "recipient": case.recipient.value if case.recipient else ""}
    if case.act not in ENGAGED or position.law is None:
        return Answer(OK, "domestic-law-not-engaged", facts)
    article = position.article(case)
    if article is None:
        return Answer(PERSON, "domestic-law-silent-on-act", facts)
    return Answer(OK, "domestic-law-speaks", facts, article, Basis.READ)


def a_ground_of_domestic_law_is_met(position: Position, case: Case) -> Answer:
    """Domestic law allows the exchange on one of its grounds; an agreement in force is one."""
    law = position.law
    if law is None or position.article(case) is None:
        return fine("domestic-law-not-engaged")
    if _testifies(law, case) and case.act is Act.DISCLOSE:
        return Answer(OK, "ground-is-the-proceeding", {}, law.testimony_article, Basis.READ)
    ground, basis = law.ground("agreement"), position.basis
    abroad = case.act is not Act.DISCLOSE  # a third state is not party to the agreement
    if ground is not None and basis is not None and abroad and basis.instrument.binding:
        facts = {"instrument": basis.instrument.reference}
        if basis.force.in_force or position.carried:
            return Answer(OK, "ground-agreement", facts, ground.article, Basis.READ)
    assured = getattr(case.question, "assurances_given", None)
    facts = {"authoriser": law.authoriser, "grounds": ", ".join(g.code for g in law.grounds)}
    article = law.grounds[0].article if law.grounds else ""
    if assured is True:
        return Answer(CONDITIONS, "ground-to-be-found", facts, article, Basis.READ)
    return Answer(PERSON, "ground-not-settled", facts, article, Basis.READ)


def assurances_are_given(position: Position, case: Case) -> Answer:
    """Information leaves only on assurances of confidence and of use for law enforcement."""
    law, question = position.law, case.question
    if law is None or position.article(case) is None or not law.assurances_article:
        return fine("domestic-law-not-engaged")
    article = law.assurances_article
    if case.act is Act.ASK and not case.items:
        return Answer(OK, "own-words-need-no-assurance", {}, article, Basis.READ)
    if _testifies(law, case) and case.act is Act.DISCLOSE:
        return Answer(OK, "domestic-law-not-engaged", {}, article, Basis.READ)
    given = question.assurances_given if isinstance(question, Ask | Release | Disclose) else None
    if given is True:
        return Answer(OK, "assurances-given", {}, article, Basis.READ)
    if given is False:
        return Answer(PROHIBITED, "assurances-refused", {}, article, Basis.READ)
    if law.agreement_assures and (assuring := _confidentiality(position, case)):
        return Answer(OK, "assured-by-agreement", {"article": assuring}, article, Basis.READ)
    return Answer(PERSON, "assurances-unknown", {}, article, Basis.READ)


def _confidentiality(position: Position, case: Case) -> str:
    """The agreement's own article on confidentiality, where it was read or confirmed."""
    basis = position.basis
    if basis is None or case.act is Act.DISCLOSE or not basis.instrument.binding:
        return ""
    if not (basis.force.in_force or position.carried):
        return ""
    for provision in basis.terms.by_type.get(ProvisionType.CONFIDENTIALITY, ()):
        if provision.basis is not Basis.ASSUMED:
            return provision.article
    return ""


def no_assurance_was_broken(position: Position, case: Case) -> Answer:
    """No information goes to an agency that has broken an assurance it gave."""
    law, question = position.law, case.question
    if law is None or position.article(case) is None or not law.breach_article:
        return fine("domestic-law-not-engaged")
    article = law.breach_article
    if _testifies(law, case) and case.act is Act.DISCLOSE:
        return Answer(OK, "domestic-law-not-engaged", {}, article, Basis.READ)
    broken = question.assurance_breached if isinstance(question, Ask | Release | Disclose) else None
    if broken is True:
        return Answer(PROHIBITED, "assurance-broken", {}, article, Basis.READ)
    if broken is False:
        return Answer(OK, "no-assurance-broken", {}, article, Basis.READ)
    if case.act is Act.ASK and not case.items:
        return Answer(OK, "own-words-need-no-assurance", {}, article, Basis.READ)
    return Answer(PERSON, "breach-unknown", {}, article, Basis.READ)


def testimony_is_authorised(position: Position, case: Case) -> Answer:
    """Testimony and records in a legal proceeding are given with counsel's authorisation."""
    law = position.law
    if law is None or position.article(case) is None or not _testifies(law, case):
        return fine("no-testimony")
    facts = {"decider": law.testimony_decider}
    return Answer(
        CONDITIONS, "testimony-authorised-first", facts, law.testimony_article, Basis.READ
    )


def _testifies(law: DomesticLaw, case: Case) -> bool:
    if case.act is Act.DISCLOSE:
        return case.recipient in law.testimony_recipients
    return case.act is Act.RELEASE and any(form in law.testimony_forms for form in case.forms)


def partner_law_is_not_assessed(position: Position, case: Case) -> Answer:
    """The partner's domestic law is the partner's to judge: not assessed, it limits nothing."""
    return Answer(OK, "partner-law-not-assessed", {"partner": country_of(case.partner)})
