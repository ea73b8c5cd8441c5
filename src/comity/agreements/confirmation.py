# SPDX-License-Identifier: Apache-2.0
"""When a confirmation, a standing ruling or an attestation may be recorded, and what suspends one.

The rules are the same for the file of the plain install (`overlay_files`) and for the node's
journalled acts: two persons, evidence that can confirm, a review date, twelve months at most.
Nothing here decides what a confirmation changes; that is `force`'s and `determination`'s work.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from comity.agreements.overlay import (
    Attestation,
    Confirmation,
    ConfirmationEvidence,
    ConfirmedSubject,
    Corroboration,
    StandingRuling,
)
from comity.agreements.verdict import Verdict
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotPermittedError

LONGEST_REVIEW_YEARS = 5
LONGEST_RULING_YEARS = 1


class SamePersonError(NotPermittedError):
    """The custodian countersigned the custodian's own statement."""

    code = "same-person-countersigned"
    message = N_("{reference} is signed and countersigned by the same person, {by}.")
    remedy = N_(
        "Let the legal adviser countersign; a unit of two persons works under its documented "
        "two-person profile."
    )


class EvidenceNotAcceptedError(InvalidInputError):
    """The evidence named cannot confirm anything."""

    code = "evidence-not-accepted"
    message = N_("{given} does not confirm: news and other arrangements never do.")
    remedy = N_("Cite one of: {accepted}.")


class MissingStatementError(InvalidInputError):
    """A statement lacks a part without which nobody can rely on it."""

    code = "statement-incomplete"
    message = N_("{reference} names no {part}.")
    remedy = N_("Give the {part} and record it again.")


class ReviewDateError(InvalidInputError):
    """The review date is past, or too far away to be one."""

    code = "review-date-out-of-range"
    message = N_("{reference} is to be reviewed on {review_by}, outside {earliest} to {latest}.")
    remedy = N_("Choose a review date from {earliest} to {latest}.")


class IntervalError(InvalidInputError):
    """An interval that ends before it begins, or has no beginning."""

    code = "interval-inconsistent"
    message = N_("{reference} holds from {valid_from} until {valid_until}, which is no interval.")
    remedy = N_("Give a first day that lies before the day on which it no longer holds.")


class RulingTooLongError(NotPermittedError):
    """A standing ruling is to last longer than twelve months."""

    code = "ruling-too-long"
    message = N_("The ruling {reference} would hold until {valid_until}, beyond {latest}.")
    remedy = N_("End it on {latest} or earlier, and rule anew when it ends.")


class AttestedPairError(InvalidInputError):
    """An attestation that is not about two administrations."""

    code = "attested-pair"
    message = N_("{reference} attests completeness for {parties}, not for two administrations.")
    remedy = N_("Attest one pair at a time.")


class AlreadyEndedError(ConflictError):
    """A confirmation that was suspended or withdrawn before."""

    code = "confirmation-already-ended"
    message = N_("The confirmation {reference} has ended: {how} on {since}.")
    remedy = N_("Record a new confirmation with its own evidence.")


def evidence_of(given: str) -> ConfirmationEvidence:
    """The evidence of this name.

    Raises:
        EvidenceNotAcceptedError: news, an arrangement or anything else that never confirms.
    """
    try:
        return ConfirmationEvidence(given.strip().lower())
    except ValueError:
        accepted = ", ".join(ConfirmationEvidence)
        raise EvidenceNotAcceptedError(given=given, accepted=accepted) from None


def check_confirmation(confirmation: Confirmation, *, two_person_unit: bool = False) -> None:
    """Two persons, a citation, a subject, an interval that holds together, a review in time.

    The day of recording is the confirmation's own; `two_person_unit` is the documented profile in
    which the custodian and the legal adviser are one person and a second look follows at review.

    Raises:
        InvalidInputError: a part is missing or does not hold together.
        SamePersonError: the custodian countersigned alone, outside the two-person profile.
    """
    _check_signatures(
        confirmation.reference,
        confirmation.by,
        confirmation.countersigned_by,
        two_person_unit=two_person_unit,
    )
    _demand(confirmation.reference, citation=confirmation.citation)
    if confirmation.subject is ConfirmedSubject.FORCE:
        _check_force(confirmation)
    else:
        _check_provision(confirmation)
    latest = years_after(confirmation.recorded_on, LONGEST_REVIEW_YEARS)
    if not confirmation.recorded_on < confirmation.review_by <= latest:
        raise ReviewDateError(
            reference=confirmation.reference,
            review_by=confirmation.review_by,
            earliest=date.fromordinal(confirmation.recorded_on.toordinal() + 1),
            latest=latest,
        )


def check_ruling(ruling: StandingRuling, *, two_person_unit: bool = False) -> None:
    """Two persons, grounds, an answer, conditions where the answer has them, twelve months.

    Raises:
        InvalidInputError: a part is missing or does not hold together.
        NotPermittedError: one person only, or a period longer than twelve months.
    """
    _check_signatures(
        ruling.reference, ruling.by, ruling.countersigned_by, two_person_unit=two_person_unit
    )
    _demand(ruling.reference, grounds=ruling.grounds)
    if ruling.verdict is Verdict.PERMITTED_UNDER_CONDITIONS and not ruling.conditions:
        raise MissingStatementError(reference=ruling.reference, part="conditions")
    _check_interval(ruling.reference, ruling.valid_from, ruling.valid_until)
    latest = years_after(ruling.valid_from, LONGEST_RULING_YEARS)
    if ruling.valid_until > latest:
        raise RulingTooLongError(
            reference=ruling.reference, valid_until=ruling.valid_until, latest=latest
        )


def check_attestation(attestation: Attestation) -> None:
    """Two administrations, a period that holds together, a citation, and somebody who attests.

    Raises:
        InvalidInputError: a part is missing or does not hold together.
    """
    if len(attestation.parties) != 2:
        raise AttestedPairError(
            reference=attestation.reference, parties=", ".join(sorted(attestation.parties))
        )
    _demand(attestation.reference, custodian=attestation.by, citation=attestation.citation)
    _check_interval(attestation.reference, attestation.valid_from, attestation.valid_until)


def suspend(confirmation: Confirmation, *, on: date, note: str) -> Confirmation:
    """The confirmation suspended: from that day it confirms nothing, and the reason stays.

    Raises:
        AlreadyEndedError: it was suspended or withdrawn before.
        MissingStatementError: no reason was given.
    """
    _check_not_ended(confirmation)
    _demand(confirmation.reference, reason=note)
    return replace(confirmation, suspended_on=on, suspension_note=note)


def withdraw(confirmation: Confirmation, *, on: date) -> Confirmation:
    """The confirmation withdrawn by us; a suspended one may still be withdrawn.

    Raises:
        AlreadyEndedError: it was withdrawn before.
    """
    if confirmation.withdrawn_on is not None:
        _check_not_ended(confirmation)
    return replace(confirmation, withdrawn_on=on)


def heard_from_partner(confirmation: Confirmation, statement: Corroboration) -> Confirmation:
    """The confirmation after a partner's statement: unchanged by agreement, else suspended."""
    if statement.agrees:
        return confirmation
    note = statement.note or f"{statement.partner}: {statement.citation}"
    return suspend(confirmation, on=statement.recorded_on, note=note)


def years_after(day: date, years: int) -> date:
    """The same day that many years later; 1 March where a leap day has no fellow."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _check_signatures(
    reference: str, by: str, countersigned_by: str, *, two_person_unit: bool
) -> None:
    _demand(reference, custodian=by, countersignature=countersigned_by)
    if by == countersigned_by and not two_person_unit:
        raise SamePersonError(reference=reference, by=by)


def _check_force(confirmation: Confirmation) -> None:
    if confirmation.in_force_from is None:
        raise MissingStatementError(reference=confirmation.reference, part="first day in force")
    if confirmation.in_force_until is not None:
        _check_interval(
            confirmation.reference, confirmation.in_force_from, confirmation.in_force_until
        )


def _check_provision(confirmation: Confirmation) -> None:
    _demand(confirmation.reference, article=confirmation.article)
    if not confirmation.forms and not confirmation.use_rules:
        raise MissingStatementError(
            reference=confirmation.reference, part="form of assistance or rule of use"
        )


def _check_interval(reference: str, valid_from: date, valid_until: date) -> None:
    if valid_until <= valid_from:
        raise IntervalError(reference=reference, valid_from=valid_from, valid_until=valid_until)


def _check_not_ended(confirmation: Confirmation) -> None:
    ended = {"withdrawn": confirmation.withdrawn_on, "suspended": confirmation.suspended_on}
    for how, since in ended.items():
        if since is not None:
            raise AlreadyEndedError(reference=confirmation.reference, how=how, since=since)


def _demand(reference: str, **parts: str) -> None:
    for part, given in parts.items():
        if not given.strip():
            raise MissingStatementError(reference=reference, part=part)
