# SPDX-License-Identifier: Apache-2.0
"""The tables of the local overlay: columns and constraints only; every write goes through services.

The shipped register is files and never stands here. Officers are kept by reference. States move
only forward, and what was once added to the register is never changed or removed: the database
itself refuses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from comity.agreements import overlay, records
from comity.agreements.local_entries import LocalEntry as LocalEntryValue
from comity.agreements.overlay import ConfirmationEvidence, ConfirmedSubject
from comity.agreements.records import LocalKind, ProposalKind, ProposalState, RecordState, Stance
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance, Purpose, UseRule

REFERENCE = 24
INSTRUMENT = 80
OFFICER = 24
CODE = 60


def _known(field: str, codes: Iterable[str], name: str) -> models.CheckConstraint:
    """Only the listed codes may stand in this column."""
    return models.CheckConstraint(condition=Q((f"{field}__in", [str(c) for c in codes])), name=name)


def _same_named(row: models.Model, *names: str) -> dict[str, Any]:
    """Columns whose value needs no conversion. Any: columns of several tables, by name."""
    return {name: getattr(row, name) for name in names}


def _day(happened: datetime | None, until: datetime | None) -> date | None:
    """The day of an event, or nothing where it had not yet happened at that instant."""
    if happened is None or (until is not None and happened > until):
        return None
    return happened.date()


class Confirmation(models.Model):
    """Force or a provision, confirmed on the administration's own authority."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    instrument = models.CharField(max_length=INSTRUMENT)
    subject = models.CharField(max_length=CODE)
    evidence = models.CharField(max_length=CODE)
    citation = models.TextField()
    in_force_from = models.DateField(null=True)
    in_force_until = models.DateField(null=True)
    article = models.CharField(max_length=CODE, blank=True)
    forms = ArrayField(models.CharField(max_length=CODE), default=list, blank=True)
    use_rules = models.JSONField(default=dict)
    review_by = models.DateField()
    state = models.CharField(max_length=CODE, default=RecordState.DRAFTED)
    drafted_by = models.CharField(max_length=OFFICER)
    drafted_at = models.DateTimeField()
    countersigned_by = models.CharField(max_length=OFFICER, blank=True)
    countersigned_at = models.DateTimeField(null=True)
    refused_by = models.CharField(max_length=OFFICER, blank=True)
    refused_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspension_note = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    renews = models.CharField(max_length=REFERENCE, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("instrument", "state"), name="confirmation_instrument"),
            models.Index(fields=("state", "review_by"), name="confirmation_review"),
        )
        constraints = (
            _known("state", RecordState, "confirmation_state_known"),
            models.CheckConstraint(
                condition=~Q(countersigned_by=F("drafted_by")),
                name="confirmation_needs_two_people",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="confirmation_moves_forward",
                field="state",
                transitions=[
                    (RecordState.DRAFTED, RecordState.IN_EFFECT),
                    (RecordState.DRAFTED, RecordState.REFUSED),
                    (RecordState.DRAFTED, RecordState.WITHDRAWN),
                    (RecordState.IN_EFFECT, RecordState.SUSPENDED),
                    (RecordState.IN_EFFECT, RecordState.WITHDRAWN),
                    (RecordState.SUSPENDED, RecordState.WITHDRAWN),
                ],
            ),
            pgtrigger.Protect(name="confirmation_stays", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.reference

    def _confirmed(self) -> dict[str, Any]:
        return {
            **_same_named(self, "reference", "instrument", "citation", "review_by", "article"),
            **_same_named(self, "in_force_from", "in_force_until"),
            "subject": ConfirmedSubject(self.subject),
            "evidence": ConfirmationEvidence(self.evidence),
            "forms": tuple(FormOfAssistance(form) for form in self.forms),
            "use_rules": tuple((Purpose(p), UseRule(rule)) for p, rule in self.use_rules.items()),
        }

    def as_record(self) -> records.ConfirmationRecord:
        """The record with its partners' statements."""
        return records.ConfirmationRecord(
            **self._confirmed(),
            **_same_named(self, "drafted_by", "drafted_at", "version", "countersigned_by"),
            **_same_named(self, "countersigned_at", "refused_by", "refused_at", "suspended_at"),
            **_same_named(self, "suspension_note", "withdrawn_at", "reason", "renews"),
            state=RecordState(self.state),
            statements=tuple(statement.as_statement() for statement in self.statements.all()),
        )

    def as_overlay(self, until: datetime | None) -> overlay.Confirmation:
        """What it confirms as it stood at that instant (None: now); countersigned rows only."""
        return overlay.Confirmation(
            **self._confirmed(),
            by=self.drafted_by,
            countersigned_by=self.countersigned_by,
            recorded_on=(self.countersigned_at or self.drafted_at).date(),
            suspended_on=_day(self.suspended_at, until),
            suspension_note=self.suspension_note if _day(self.suspended_at, until) else "",
            withdrawn_on=_day(self.withdrawn_at, until),
        )


class PartnerStatement(models.Model):
    """What a partner published on the matter of a confirmation: for it, or against it."""

    confirmation = models.ForeignKey(
        Confirmation, on_delete=models.PROTECT, related_name="statements"
    )
    stance = models.CharField(max_length=CODE)
    partner = models.CharField(max_length=CODE)
    citation = models.TextField()
    made_on = models.DateField()
    recorded_by = models.CharField(max_length=OFFICER)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (_known("stance", Stance, "statement_stance_known"),)

    def __str__(self) -> str:
        return f"{self.stance} {self.partner}"

    def as_statement(self) -> records.Statement:
        """The statement as a value."""
        return records.Statement(
            stance=Stance(self.stance),
            **_same_named(self, "partner", "citation", "made_on", "recorded_by", "recorded_at"),
        )

    def as_corroboration(self) -> overlay.Corroboration:
        """The statement as the overlay takes it."""
        return overlay.Corroboration(
            confirmation=self.confirmation.reference,
            published_on=self.made_on,
            agrees=self.stance == Stance.CORROBORATES,
            recorded_on=self.recorded_at.date(),
            **_same_named(self, "partner", "citation"),
        )


class StandingRuling(models.Model):
    """One instrument x form x purpose, settled for at most twelve months."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    instrument = models.CharField(max_length=INSTRUMENT)
    form = models.CharField(max_length=CODE)
    purpose = models.CharField(max_length=CODE)
    verdict = models.CharField(max_length=CODE)
    conditions = ArrayField(models.TextField(), default=list, blank=True)
    grounds = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    state = models.CharField(max_length=CODE, default=RecordState.DRAFTED)
    drafted_by = models.CharField(max_length=OFFICER)
    drafted_at = models.DateTimeField()
    countersigned_by = models.CharField(max_length=OFFICER, blank=True)
    countersigned_at = models.DateTimeField(null=True)
    refused_by = models.CharField(max_length=OFFICER, blank=True)
    refused_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("instrument", "state"), name="ruling_instrument"),)
        constraints = (
            _known("state", RecordState, "ruling_state_known"),
            models.CheckConstraint(
                condition=~Q(countersigned_by=F("drafted_by")), name="ruling_needs_two_people"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="ruling_has_a_term"
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="ruling_moves_forward",
                field="state",
                transitions=[
                    (RecordState.DRAFTED, RecordState.IN_EFFECT),
                    (RecordState.DRAFTED, RecordState.REFUSED),
                    (RecordState.DRAFTED, RecordState.WITHDRAWN),
                    (RecordState.IN_EFFECT, RecordState.WITHDRAWN),
                ],
            ),
            pgtrigger.Protect(name="ruling_stays", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.reference

    def _ruled(self) -> dict[str, Any]:
        return {
            **_same_named(self, "reference", "instrument", "grounds", "valid_from", "valid_until"),
            "form": FormOfAssistance(self.form),
            "purpose": Purpose(self.purpose),
            "verdict": Verdict(self.verdict),
            "conditions": tuple(self.conditions),
        }

    def as_record(self) -> records.RulingRecord:
        """The record with its life."""
        return records.RulingRecord(
            **self._ruled(),
            **_same_named(self, "drafted_by", "drafted_at", "version", "countersigned_by"),
            **_same_named(self, "countersigned_at", "refused_by", "refused_at", "withdrawn_at"),
            reason=self.reason,
            state=RecordState(self.state),
        )

    def as_overlay(self, until: datetime | None) -> overlay.StandingRuling:
        """What it settles as it stood at that instant (None: now); countersigned rows only."""
        return overlay.StandingRuling(
            **self._ruled(),
            by=self.drafted_by,
            countersigned_by=self.countersigned_by,
            recorded_on=(self.countersigned_at or self.drafted_at).date(),
            withdrawn_on=_day(self.withdrawn_at, until),
        )


class Attestation(models.Model):
    """The list of instruments for a pair and a period, attested complete."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    party_one = models.CharField(max_length=CODE)
    party_other = models.CharField(max_length=CODE)
    valid_from = models.DateField()
    valid_until = models.DateField()
    citation = models.TextField(blank=True)
    attested_by = models.CharField(max_length=OFFICER)
    attested_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(party_one__lt=F("party_other")), name="attestation_orders_its_pair"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="attestation_has_a_term"
            ),
        )
        triggers = (pgtrigger.Protect(name="attestation_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference

    def as_record(self) -> records.AttestationRecord:
        """The record with its life."""
        return records.AttestationRecord(
            parties=(self.party_one, self.party_other),
            **_same_named(self, "reference", "valid_from", "valid_until", "citation"),
            **_same_named(self, "attested_by", "attested_at", "version", "withdrawn_at", "reason"),
        )

    def as_overlay(self, until: datetime | None) -> overlay.Attestation:
        """What it attests as it stood at that instant (None: now)."""
        return overlay.Attestation(
            parties=frozenset({self.party_one, self.party_other}),
            **_same_named(self, "reference", "valid_from", "valid_until", "citation"),
            by=self.attested_by,
            recorded_on=self.attested_at.date(),
            withdrawn_on=_day(self.withdrawn_at, until),
        )


class Proposal(models.Model):
    """A change to the register: proposed by one, accepted or rejected by another."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    kind = models.CharField(max_length=CODE)
    instrument = models.CharField(max_length=INSTRUMENT)
    content = models.JSONField()
    grounds = models.TextField()
    origin = models.CharField(max_length=CODE, default="officer")
    state = models.CharField(max_length=CODE, default=ProposalState.OPEN)
    proposed_by = models.CharField(max_length=OFFICER)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=OFFICER, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "-id"), name="proposal_state"),)
        constraints = (
            _known("state", ProposalState, "proposal_state_known"),
            _known("kind", ProposalKind, "proposal_kind_known"),
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by")) | Q(state=ProposalState.WITHDRAWN),
                name="proposal_needs_two_people",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="proposal_is_decided_once",
                field="state",
                transitions=[
                    (ProposalState.OPEN, ProposalState.ACCEPTED),
                    (ProposalState.OPEN, ProposalState.REJECTED),
                    (ProposalState.OPEN, ProposalState.WITHDRAWN),
                ],
            ),
            pgtrigger.Protect(name="proposal_stays", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.reference

    def as_record(self) -> records.ProposalRecord:
        """The record with what became of it."""
        return records.ProposalRecord(
            kind=ProposalKind(self.kind),
            state=ProposalState(self.state),
            **_same_named(self, "reference", "instrument", "content", "grounds", "origin"),
            **_same_named(self, "proposed_by", "proposed_at", "version"),
            **_same_named(self, "decided_by", "decided_at", "reason"),
        )


class LocalEntry(models.Model):
    """What an accepted proposal added to the register. Append-only: a later entry corrects."""

    kind = models.CharField(max_length=CODE)
    instrument = models.CharField(max_length=INSTRUMENT)
    content = models.JSONField()
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="entries")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("instrument",), name="local_entry_instrument"),)
        constraints = (_known("kind", LocalKind, "local_entry_kind_known"),)
        triggers = (
            pgtrigger.Protect(
                name="local_entry_is_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.instrument}"

    def as_entry(self) -> LocalEntryValue:
        """The entry as the register takes it."""
        return LocalEntryValue(
            kind=LocalKind(self.kind),
            instrument=self.instrument,
            content=self.content,
            recorded_on=self.added_at.date(),
            proposal=self.proposal.reference,
        )


class Assessment(models.Model):
    """A question put and answered, kept so that it can be recomputed as of its day."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    kind = models.CharField(max_length=CODE)
    question = models.JSONField()
    verdict = models.CharField(max_length=CODE)
    governing = models.CharField(max_length=INSTRUMENT, blank=True)
    article = models.CharField(max_length=CODE, blank=True)
    findings_digest = models.CharField(max_length=64)
    register_digest = models.CharField(max_length=64)
    overlay_digest = models.CharField(max_length=64)
    assessed_by = models.CharField(max_length=OFFICER)
    assessed_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        triggers = (
            pgtrigger.Protect(
                name="assessment_is_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def as_record(self) -> records.AssessmentRecord:
        """The record: question, verdict, and of which knowledge."""
        return records.AssessmentRecord(
            verdict=Verdict(self.verdict),
            **_same_named(self, "reference", "kind", "question", "governing", "article"),
            **_same_named(self, "findings_digest", "register_digest", "overlay_digest"),
            **_same_named(self, "assessed_by", "assessed_at"),
        )
