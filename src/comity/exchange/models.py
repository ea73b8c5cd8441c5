# SPDX-License-Identifier: Apache-2.0
"""The tables of the exchange: columns and constraints only; every write goes through services.

What a person wrote stands in `sealed` columns alone, encrypted with the node's storage key. Private
keys are never in a table. Officers and partners' administrations are kept by reference.
"""

from __future__ import annotations

from collections.abc import Iterable

import pgtrigger
from django.db import models
from django.db.models import Q

from comity.exchange.evidence import EvidenceKind
from comity.exchange.message_state import FOLLOWS, Direction, MessageState
from comity.exchange.partner import Binding, KeyUse, PartnerState

REFERENCE = 24
CODE = 60
DIGEST = 64
KEY_ID = 16
ADMINISTRATION = 20
ADDRESS = 500
NAME = 200
INSTRUMENT = 100
ARTICLE = 60


def _known(field: str, codes: Iterable[str], name: str) -> models.CheckConstraint:
    """Only the listed codes may stand in this column."""
    return models.CheckConstraint(condition=Q((f"{field}__in", [str(c) for c in codes])), name=name)


class OwnKey(models.Model):
    """One of this node's keys; its private half lies sealed in the node's key folder."""

    use = models.CharField(max_length=CODE)
    key_id = models.CharField(max_length=KEY_ID, unique=True)
    public = models.TextField()
    holder = models.CharField(max_length=REFERENCE, blank=True)
    made_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    active_from = models.DateTimeField()
    """From when on this node uses it: partners accept it from `valid_from`, which is earlier."""
    announced_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=CODE, blank=True)

    class Meta:
        ordering = ("use", "valid_from")
        constraints = (_known("use", KeyUse, "own_key_use_is_known"),)
        triggers = (pgtrigger.Protect(name="own_key_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.use} {self.key_id}"


class OwnCard(models.Model):
    """A version of this node's own card, as it was signed."""

    version = models.PositiveIntegerField(unique=True)
    document = models.BinaryField()
    fingerprint = models.CharField(max_length=CODE)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("version",)
        triggers = (
            pgtrigger.Protect(name="own_card_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"card {self.version}"


class Invitation(models.Model):
    """An address under which somebody may fetch our card for some days."""

    token_digest = models.CharField(max_length=DIGEST, unique=True)
    made_by = models.CharField(max_length=REFERENCE)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"invitation until {self.expires_at:%Y-%m-%d}"


class Partner(models.Model):
    """Another administration's node, and how the way to it is."""

    code = models.CharField(max_length=ADMINISTRATION, unique=True)
    name = models.CharField(max_length=NAME)
    state = models.CharField(max_length=CODE, default=PartnerState.PROPOSED)
    binding = models.CharField(max_length=CODE, default=Binding.PUSH)
    endpoint = models.CharField(max_length=ADDRESS, blank=True)
    card = models.BinaryField(default=b"")
    card_version = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=CODE, blank=True)
    wire = models.PositiveSmallIntegerField(default=2)
    ceilings = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    """Folder of its files, language of its letters, and the like: `partner_settings`."""
    proposed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=REFERENCE, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    suspended_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("code",)
        constraints = (
            _known("state", PartnerState, "partner_state_is_known"),
            _known("binding", Binding, "partner_binding_is_known"),
        )
        triggers = (pgtrigger.Protect(name="partner_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.code


class Way(models.Model):
    """How sending to a partner goes: written with every attempt, so apart from the partner."""

    partner = models.OneToOneField(Partner, on_delete=models.PROTECT, related_name="way")
    leased_by = models.CharField(max_length=CODE, blank=True)
    leased_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    """After a failure or a partner's "slow down": no attempt earlier."""
    failures = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=CODE, blank=True)
    """Code of the last failure; empty when the last attempt went well."""
    tried_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    """When something of theirs last came in."""

    def __str__(self) -> str:
        return f"way to {self.partner_id}"


class PartnerKey(models.Model):
    """One public key of a partner, as its cards announced it."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="keys")
    use = models.CharField(max_length=CODE)
    key_id = models.CharField(max_length=KEY_ID)
    public = models.TextField()
    holder = models.CharField(max_length=REFERENCE, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=CODE, blank=True)
    known_since = models.DateTimeField()

    class Meta:
        ordering = ("use", "valid_from")
        constraints = (
            _known("use", KeyUse, "partner_key_use_is_known"),
            models.UniqueConstraint(
                fields=("partner", "use", "key_id"), name="partner_key_stands_once"
            ),
        )
        triggers = (pgtrigger.Protect(name="partner_key_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.use} {self.key_id}"


class Message(models.Model):
    """One envelope in the ledger, sent or received."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    identifier = models.UUIDField()
    direction = models.CharField(max_length=3)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=CODE)
    conversation = models.UUIDField()
    in_reply_to = models.UUIDField(null=True)
    case = models.CharField(max_length=CODE, blank=True)
    state = models.CharField(max_length=CODE)
    digest = models.CharField(max_length=DIGEST)
    """Of the envelope."""
    sealed = models.BinaryField()
    """The DSSE document, encrypted with the storage key."""
    size = models.BigIntegerField()
    """Bytes of envelope and parts."""
    created_at = models.DateTimeField()
    """As its header says."""
    recorded_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    """When receipt or refusal was made or came."""
    # The law
    instrument = models.CharField(max_length=INSTRUMENT, blank=True)
    article = models.CharField(max_length=ARTICLE, blank=True)
    verdict = models.CharField(max_length=CODE, blank=True)
    """Ours."""
    their_verdict = models.CharField(max_length=CODE, blank=True)
    law = models.JSONField(null=True)
    """Our finding; theirs stands in their evidence."""
    their_law = models.JSONField(null=True)
    differs = models.BooleanField(default=False)
    """Whether the two sides answer the question of the law differently."""
    # Who
    submitted_by = models.CharField(max_length=REFERENCE, blank=True)
    opened_by = models.CharField(max_length=REFERENCE, blank=True)
    opened_at = models.DateTimeField(null=True)
    # Attempts
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=CODE, blank=True)
    """Code of what stands in the way: the last error, the refusal's reason."""

    class Meta:
        ordering = ("-pk",)
        constraints = (
            _known("direction", Direction, "message_direction_is_known"),
            _known("state", MessageState, "message_state_is_known"),
            models.UniqueConstraint(
                fields=("partner", "direction", "identifier"), name="message_stands_once"
            ),
        )
        indexes = (
            models.Index(fields=("identifier",), name="message_identifier"),
            models.Index(fields=("digest",), name="message_digest"),
            models.Index(fields=("conversation",), name="message_conversation"),
            models.Index(fields=("case",), name="message_case", condition=~Q(case="")),
            models.Index(fields=("problem",), name="message_problem", condition=~Q(problem="")),
            models.Index(fields=("state", "partner"), name="message_state"),
            models.Index(fields=("kind",), name="message_kind"),
            models.Index(fields=("recorded_at",), name="message_recorded"),
            models.Index(fields=("partner",), name="message_differs", condition=Q(differs=True)),
            models.Index(
                fields=("partner", "next_try_at", "id"),
                name="message_outbox",
                condition=Q(direction="out", state__in=["queued", "sending"]),
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="message_steps",
                field="state",
                transitions=sorted((str(a), str(b)) for a, after in FOLLOWS.items() for b in after),
            ),
            pgtrigger.Protect(name="message_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="message_is_what_it_was",
                fields=["identifier", "kind", "digest", "direction", "conversation", "created_at"],
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Part(models.Model):
    """One file of an envelope."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    sealed_name = models.TextField()
    """The file's name, encrypted with the storage key."""
    media_type = models.CharField(max_length=NAME)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=DIGEST)
    blob = models.CharField(max_length=DIGEST, blank=True)
    """Its name in storage; empty until it is whole."""
    sealed_key = models.TextField(blank=True)
    """While it arrives: its content key, encrypted with the storage key."""

    class Meta:
        ordering = ("message", "number")
        constraints = (
            models.UniqueConstraint(fields=("message", "number"), name="part_stands_once"),
        )
        indexes = (models.Index(fields=("digest",), name="part_digest"),)
        triggers = (pgtrigger.Protect(name="part_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"part {self.number}"


class Evidence(models.Model):
    """One signed statement about one message, ours or theirs."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="evidences")
    identifier = models.UUIDField()
    kind = models.CharField(max_length=CODE)
    by = models.CharField(max_length=ADMINISTRATION)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=CODE, blank=True)
    document = models.BinaryField()
    """The DSSE document, byte for byte."""
    digest = models.CharField(max_length=DIGEST)
    to_tell = models.BooleanField(default=False)
    """Ours, and the partner has not confirmed that it has it."""
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            _known("kind", EvidenceKind, "evidence_kind_is_known"),
            models.UniqueConstraint(
                fields=("message", "kind", "by"), name="evidence_is_given_once"
            ),
        )
        indexes = (
            models.Index(fields=("message",), name="evidence_to_tell", condition=Q(to_tell=True)),
            models.Index(fields=("digest",), name="evidence_digest"),
        )
        triggers = (
            pgtrigger.Protect(name="evidence_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="evidence_is_what_it_was", fields=["identifier", "kind", "by", "document"]
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.identifier}"


class Nonce(models.Model):
    """A request's nonce that was used, until its signature is too old to be accepted anyway."""

    key_id = models.CharField(max_length=KEY_ID)
    nonce = models.CharField(max_length=DIGEST)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key_id", "nonce"), name="nonce_is_new"),)
        indexes = (models.Index(fields=("expires_at",), name="nonce_expires"),)

    def __str__(self) -> str:
        return f"nonce of {self.key_id}"


class WitnessedCheckpoint(models.Model):
    """A checkpoint of a partner's log that we saw, verified, and cosigned."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    cosigned = models.TextField()
    """The note with our cosignature."""
    seen_at = models.DateTimeField()
    stated_at = models.DateTimeField()
    """When the partner says it made the statement that carried it."""
    carried_by = models.CharField(max_length=CODE)
    """Id of the envelope or evidence that carried it."""
    since = models.BigIntegerField(default=0)
    """Size of the checkpoint that it proved to extend; 0 where a journal began for us."""
    consistency = models.JSONField(default=list)
    """That proof, so that all of it can be verified again."""

    class Meta:
        ordering = ("partner", "size")
        constraints = (
            models.UniqueConstraint(
                fields=("partner", "size", "root"), name="checkpoint_seen_once"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="witnessed_checkpoint_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        )

    def __str__(self) -> str:
        return f"{self.size}"


class UnprovedCheckpoint(models.Model):
    """The latest checkpoint of a partner's log that lacks the proof that the log only grew."""

    partner = models.OneToOneField(Partner, on_delete=models.PROTECT, related_name="unproved")
    size = models.BigIntegerField()
    note = models.TextField()
    stated_at = models.DateTimeField()
    carried_by = models.CharField(max_length=CODE)
    since = models.DateTimeField()
    """When a proof was first lacking."""

    def __str__(self) -> str:
        return f"{self.size}"


class Cosignature(models.Model):
    """Our own checkpoint as a partner cosigned it."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="cosignatures")
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("partner", "size")
        constraints = (
            models.UniqueConstraint(fields=("partner", "size", "root"), name="cosigned_once"),
        )
        triggers = (
            pgtrigger.Protect(
                name="cosignature_stays", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.size}"


class Alarm(models.Model):
    """Something that a person must look at, with its proof."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    kind = models.CharField(max_length=CODE)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="alarms")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="alarms")
    facts = models.JSONField(default=dict)
    proof = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    repeated = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=REFERENCE, blank=True)
    closed_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-pk",)
        triggers = (pgtrigger.Protect(name="alarm_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class Dispatch(models.Model):
    """How a letter left, or how one that came in was registered, with its proof."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="dispatches")
    register_number = models.CharField(max_length=CODE)
    channel = models.CharField(max_length=CODE)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=REFERENCE)
    proof = models.CharField(max_length=DIGEST, blank=True)
    """Name of a blob: a scan, a mail, an advice of delivery."""
    sealed_remark = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        triggers = (
            pgtrigger.Protect(name="dispatch_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.register_number


class Maintenance(models.Model):
    """The node takes nothing in and sends nothing out while a row is open."""

    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=REFERENCE)
    reason = models.TextField()
    expected_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=REFERENCE, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("ended_at",),
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_maintenance_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"maintenance since {self.begun_at:%Y-%m-%d}"
