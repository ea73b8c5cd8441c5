# SPDX-License-Identifier: Apache-2.0
"""The duties that follow from a permitted act, each with debtor, trigger, due rule and discharge.

They come from the typed provisions of the instrument relied upon. A trigger may be a later act,
such as a use in court. "Promptly" is a service standard of ours: `treaty_deadline` is true only
where the text itself sets a term.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from comity.agreements.assessment import Debtor, Obligation
from comity.agreements.case import Act, Case
from comity.agreements.legal_basis import LegalBasis
from comity.agreements.provision import Provision, ProvisionType
from comity.agreements.rules.provided import relied_upon
from comity.agreements.rules.purpose import governing_use, rule_of
from comity.agreements.terms import UseTerm
from comity.agreements.verdict import NoticeTiming
from comity.catalogues import N_
from comity.reference.taxonomy import Caveat, FormOfAssistance, Purpose, UseRule

T = ProvisionType

OBLIGATIONS: dict[str, str] = {
    "confirm-oral-request": N_("Confirm an oral request in writing."),
    "acknowledge": N_("Acknowledge receipt."),
    "reply": N_("Reply."),
    "give-reasons": N_("Give reasons for a refusal or a postponement."),
    "consult-on-postponement": N_("Consult the asking administration before postponing."),
    "draw-attention-to-reciprocity": N_(
        "Say in the request if the asking administration could not do the same itself."
    ),
    "return-originals": N_("Return original documents."),
    "consult-on-costs": N_("Consult before extraordinary costs arise."),
    "bear-costs": N_("Bear the costs of experts, witnesses and interpreters."),
    "send-interpretive-information": N_("Send what is needed to read and use the information."),
    "keep-confidential": N_("Protect the information as the text demands."),
    "keep-restrictions": N_("Keep within the restrictions that the supplier set."),
    "notify-court-use": N_("Notify the supplier of a use in proceedings."),
    "notify-use": N_("Notify the supplier of the use."),
    "notify-disclosure": N_("Notify the supplier of a disclosure."),
    "notify-compelled-disclosure": N_("Notify the supplier of a disclosure that is compelled."),
    "consult-counsel": N_("Consult counsel."),
    "ask-consent": N_("Ask for consent before any other use."),
    "feedback-on-use": N_("Report on the use made, when asked."),
    "destroy-by": N_("Return or destroy the item by its day."),
    "destroy-when-done": N_("Destroy personal data when they are no longer needed."),
    "destroy-at-the-end": N_("Destroy personal data when the instrument ends."),
    "complete-pending": N_("Complete the request although the instrument has ended."),
    "report-results": N_("Report the results of surveillance."),
    "agree-case-by-case": N_("Agree on the case before acting."),
    "name-competent-authority": N_("Name the competent authority where another one is competent."),
    "report-breach": N_("Tell the supplier of a breach, and remedy it."),
}
"""The words of each obligation."""

DUE_OF_CONFIRMATION: dict[str, str] = {
    "promptly": "promptly",
    "immediately": "promptly",
    "without-delay": "promptly",
    "as-soon-as-possible": "promptly",
    "in-writing": "none",
    "on-request": "none",
    "if-needed": "none",
    "within-days": "within-days",
}
IN_COURT = (Purpose.CRIMINAL_EVIDENCE, Purpose.CIVIL_JUDICIAL, Purpose.ADMIN_PROCEEDING)
LATER_USES = (*IN_COURT, Purpose.CRIMINAL_INVESTIGATION)
DUE_OF_NOTICE: dict[NoticeTiming, str] = {
    NoticeTiming.BEFORE: "before",
    NoticeTiming.ON_USE: "on-use",
    NoticeTiming.WITHIN_N: "within-days",
    NoticeTiming.UNSPECIFIED: "promptly",
}


def obligations_of(basis: LegalBasis, case: Case) -> tuple[Obligation, ...]:
    """Every duty that the act brings, at once or after a later use."""
    key = ("obligations", case.act, case.forms, case.purposes, case.offences, case.compelled)
    kept = basis.cache.get(key)
    if kept is None:
        kept = basis.cache[key] = tuple(_standing_duties(basis, case))
    return (*kept, *_dated_duties(basis, case))


def _standing_duties(basis: LegalBasis, case: Case) -> Iterator[Obligation]:
    """The duties that depend on the instrument and the kind of act only."""
    if case.act is Act.ASK:
        yield from _duties_of_asking(basis, case)
    if case.asks_or_supplies:
        yield from _duties_of_supplying(basis, case)
    yield from _duties_of_use(basis, case)
    yield from _duties_of_keeping(basis, case)
    if case.act is Act.DISCLOSE:
        yield from _duties_of_disclosing(basis, case)


def _duties_of_asking(basis: LegalBasis, case: Case) -> Iterator[Obligation]:
    terms = basis.terms
    oral = terms.first(T.FORM_OF_REQUEST, "confirm_oral")
    if oral is not None:
        due = DUE_OF_CONFIRMATION.get(str(oral.parameters["confirm_oral"]), "none")
        days = oral.parameters.get("confirm_within_days")
        if str(oral.parameters["confirm_oral"]) != "none":
            yield _duty(
                basis,
                oral,
                "confirm-oral-request",
                Debtor.ASKER,
                trigger="oral-request",
                due="within-days" if days else due,
                discharge="written-request",
                days=int(str(days)) if days else None,
                treaty_deadline=bool(days),
            )
    reciprocity = terms.first(T.RECIPROCITY, "must_draw_attention")
    if reciprocity is not None:
        yield _duty(
            basis,
            reciprocity,
            "draw-attention-to-reciprocity",
            Debtor.ASKER,
            trigger="reciprocity-missing",
            due="before",
            discharge="statement-in-request",
        )
    yield Obligation(
        "acknowledge",
        Debtor.ASKED,
        trigger="act",
        due="promptly",
        discharge="acknowledgement",
        instrument=basis.instrument.reference,
        article="",
    )


def _duties_of_supplying(basis: LegalBasis, case: Case) -> Iterator[Obligation]:
    terms = basis.terms
    supplier = Debtor.ASKED if case.act is Act.ASK else Debtor.SUPPLIER
    receiver = Debtor.ASKER if case.act is Act.ASK else Debtor.HOLDER
    for provision, code, debtor, trigger, due, discharge in (
        (terms.first(T.REFUSAL, "reasons"), "give-reasons", supplier, "refusal", "promptly",
         "reasons"),
        (terms.first(T.POSTPONEMENT, "consultation"), "consult-on-postponement", supplier,
         "postponement", "before", "consultation"),
        (terms.first(T.COSTS, "extraordinary"), "consult-on-costs", supplier,
         "extraordinary-costs", "before", "consultation"),
        (terms.first(T.DOCUMENTS, "interpretive_information"), "send-interpretive-information",
         supplier, "supply", "on-use", "supply"),
        (terms.first(T.SCOPE, "competent_authority_must_be_named"), "name-competent-authority",
         supplier, "another-authority-competent", "promptly", "naming"),
        (terms.first(T.BREACH, "must_notify"), "report-breach", receiver, "breach", "promptly",
         "report"),
    ):  # fmt: skip
        if provision is not None:
            yield _duty(
                basis, provision, code, debtor, trigger=trigger, due=due, discharge=discharge
            )
    yield from _duties_of_forms(basis, case, supplier, receiver)
    yield from _reply(basis, supplier)


def _duties_of_forms(
    basis: LegalBasis, case: Case, supplier: Debtor, receiver: Debtor
) -> Iterator[Obligation]:
    terms = basis.terms
    originals = terms.first(T.DOCUMENTS, "return_required")
    if originals is not None:
        yield _duty(
            basis,
            originals,
            "return-originals",
            receiver,
            trigger="originals-received",
            due="promptly",
            discharge="return",
        )
    costs = terms.first(T.COSTS, "exceptions")
    if costs is not None and FormOfAssistance.EXPERTS_WITNESSES in case.forms:
        yield _duty(
            basis, costs, "bear-costs", receiver, trigger="act", due="none", discharge="payment"
        )
    for form in case.forms:
        term = relied_upon(basis, case, form)
        if term is not None and (term.case_by_case or form is FormOfAssistance.CONTROLLED_DELIVERY):
            yield Obligation(
                "agree-case-by-case",
                supplier,
                trigger="act",
                due="before",
                discharge="agreement",
                instrument=basis.instrument.reference,
                article=term.article,
            )
        if form.value.startswith("SURVEILLANCE"):
            reported = terms.first(T.SPECIAL, "results_reported")
            if reported is not None:
                yield _duty(
                    basis,
                    reported,
                    "report-results",
                    supplier,
                    trigger="surveillance-done",
                    due="promptly",
                    discharge="report",
                )


def _reply(basis: LegalBasis, supplier: Debtor) -> Iterator[Obligation]:
    """The reply: a treaty term only where the text sets one without softening it."""
    provision = basis.terms.first(T.DEADLINES, "reply_days")
    if provision is None:
        return
    softened = bool(provision.parameters.get("qualifier"))
    yield _duty(
        basis,
        provision,
        "reply",
        supplier,
        trigger="act",
        due="within-days",
        discharge="reply",
        days=int(str(provision.parameters["reply_days"])),
        treaty_deadline=not softened,
    )


def _duties_of_use(basis: LegalBasis, case: Case) -> Iterator[Obligation]:
    """Notices of a use: of this one, and of later uses in proceedings that the text foresees."""
    holder = Debtor.ASKER if case.act is Act.ASK else Debtor.HOLDER
    for purpose in dict.fromkeys((*case.purposes, *LATER_USES)):
        term = governing_use(basis, case, purpose)
        if term is None:
            continue
        rule = rule_of(term, case)
        now = purpose in case.purposes and case.act in (Act.USE, Act.DISCLOSE)
        if rule is UseRule.PERMITTED_NOTIFY:
            yield _notice_duty(basis, term, purpose, holder, now=now)
        elif rule is UseRule.PRIOR_CONSENT and not now:
            yield _of_use(
                basis,
                term,
                "ask-consent",
                holder,
                trigger=_use_trigger(purpose),
                due="before",
                discharge="consent",
            )
    restricting = basis.terms.first(T.USE, "supplier_restrictions_bind")
    if restricting is not None:
        yield _duty(
            basis,
            restricting,
            "keep-restrictions",
            holder,
            trigger="supply",
            due="none",
            discharge="destruction",
        )


def _notice_duty(
    basis: LegalBasis, term: UseTerm, purpose: Purpose, holder: Debtor, *, now: bool
) -> Obligation:
    return _of_use(
        basis,
        term,
        "notify-court-use" if purpose in IN_COURT else "notify-use",
        holder,
        trigger="act" if now else _use_trigger(purpose),
        due=DUE_OF_NOTICE[term.notice],
        discharge="notice",
        days=term.notice_days,
    )


def _use_trigger(purpose: Purpose) -> str:
    if purpose in IN_COURT:
        return "use-in-court" if purpose is not Purpose.ADMIN_PROCEEDING else "use-in-proceeding"
    return f"use-for-{purpose.value.lower().replace('_', '-')}"


def _duties_of_keeping(basis: LegalBasis, case: Case) -> Iterator[Obligation]:
    terms = basis.terms
    holder = Debtor.ASKER if case.act is Act.ASK else Debtor.HOLDER
    kept = terms.by_type.get(T.CONFIDENTIALITY, ())
    if kept:
        yield _duty(
            basis,
            kept[0],
            "keep-confidential",
            holder,
            trigger="supply",
            due="none",
            discharge="destruction",
        )
    for parameter, kind, code, trigger, due in (
        ("feedback_on_use", T.PERSONAL_DATA, "feedback-on-use", "supplier-asks", "promptly"),
        ("destroy_when_not_needed", T.PERSONAL_DATA, "destroy-when-done", "need-ended", "promptly"),
        ("destroy_on_termination", T.PERSONAL_DATA, "destroy-at-the-end", "instrument-ended",
         "promptly"),
    ):  # fmt: skip
        provision = terms.first(kind, parameter)
        if provision is not None:
            yield _duty(
                basis,
                provision,
                code,
                holder,
                trigger=trigger,
                due=due,
                discharge="report" if code == "feedback-on-use" else "destruction",
            )


def _duties_of_disclosing(basis: LegalBasis, case: Case) -> Iterator[Obligation]:
    if not case.compelled:
        return
    provision = basis.terms.first(T.COMPELLED_DISCLOSURE, "notice")
    if provision is not None:
        timing = NoticeTiming(str(provision.parameters["notice"]))
        yield _duty(
            basis,
            provision,
            "notify-compelled-disclosure",
            Debtor.HOLDER,
            trigger="act",
            due=DUE_OF_NOTICE[timing],
            discharge="notice",
        )
    yield Obligation(
        "consult-counsel",
        Debtor.HOLDER,
        trigger="act",
        due="before",
        discharge="advice",
        instrument=basis.instrument.reference,
        article=provision.article if provision is not None else "",
    )


def _dated_duties(basis: LegalBasis, case: Case) -> Iterator[Obligation]:
    """The duties with a day of their own: the item's day of return, a pending request."""
    reference = basis.instrument.reference
    for item in case.items:
        if item.return_or_destroy_by is not None or Caveat.RETURN_OR_DESTROY_BY in item.caveats:
            yield Obligation(
                "destroy-by",
                Debtor.HOLDER,
                trigger="act",
                due="by-date",
                discharge="return-or-destruction",
                instrument=reference,
                article="",
                by=item.return_or_destroy_by,
            )
    if case.asks_or_supplies and case.requested_on is not None and basis.force.ended:
        provision = basis.terms.first(T.DURATION_TERMINATION, "pending_completed")
        yield Obligation(
            "complete-pending",
            Debtor.ASKED if case.act is Act.ASK else Debtor.SUPPLIER,
            trigger="act",
            due="none",
            discharge="reply",
            instrument=reference,
            article=provision.article if provision is not None else "",
        )


def due_day(obligation: Obligation, triggered_on: date) -> date | None:
    """The day on which an obligation is due once its trigger has happened; None without one."""
    if obligation.by is not None:
        return obligation.by
    if obligation.days is not None:
        return triggered_on + timedelta(days=obligation.days)
    return triggered_on if obligation.due in ("before", "on-use") else None


def _duty(
    basis: LegalBasis,
    provision: Provision,
    code: str,
    debtor: Debtor,
    *,
    trigger: str,
    due: str,
    discharge: str,
    days: int | None = None,
    treaty_deadline: bool = False,
) -> Obligation:
    return Obligation(
        code,
        debtor,
        trigger,
        due,
        discharge,
        basis.instrument.reference,
        provision.article,
        days=days,
        treaty_deadline=treaty_deadline,
    )


def _of_use(
    basis: LegalBasis,
    term: UseTerm,
    code: str,
    debtor: Debtor,
    *,
    trigger: str,
    due: str,
    discharge: str,
    days: int | None = None,
) -> Obligation:
    return Obligation(
        code,
        debtor,
        trigger,
        due,
        discharge,
        basis.instrument.reference,
        term.article,
        days=days,
        treaty_deadline=days is not None,
    )
