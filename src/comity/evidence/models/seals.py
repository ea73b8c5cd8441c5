# SPDX-License-Identifier: Apache-2.0
"""Seals: keys, certificates, lists of what was revoked, time stamps, and what was sealed."""

from __future__ import annotations

import pgtrigger
from django.db import models

from comity.evidence.models.columns import ADMINISTRATION, CODE, DIGEST, REFERENCE, known
from comity.evidence.seal import CertificateRole, RootState, SealedKind

_SERIAL = 60
_ADDRESS = 500
_STAYS = pgtrigger.Update | pgtrigger.Delete


class SealKey(models.Model):
    """A key of the seal or of the pilot authority; its private half lies in a file or a token."""

    key_id = models.CharField(max_length=DIGEST, unique=True)
    role = models.CharField(max_length=CODE)
    public_pem = models.TextField()
    in_token = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (known("role", CertificateRole, "seal_key_role_is_known"),)

    def __str__(self) -> str:
        return self.key_id


class SealCertificate(models.Model):
    """A certificate of our own seal, of our time stamps, or of who issued them."""

    role = models.CharField(max_length=CODE)
    fingerprint = models.CharField(max_length=DIGEST)
    key_id = models.CharField(max_length=DIGEST)
    der = models.BinaryField()
    pilot = models.BooleanField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=REFERENCE)
    ended_at = models.DateTimeField(null=True)
    """Since when it is used no more."""
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            known("role", CertificateRole, "seal_certificate_role_is_known"),
            models.UniqueConstraint(
                fields=("role", "fingerprint"), name="seal_certificate_is_unique"
            ),
        )

    def __str__(self) -> str:
        return self.fingerprint


class SealRevocationList(models.Model):
    """What an authority behind our seal revoked, as it was published."""

    issuer = models.CharField(max_length=DIGEST)
    """Fingerprint of the issuer's certificate."""
    der = models.BinaryField()
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.issuer} {self.made_at}"


class StampCounter(models.Model):
    """The pilot time-stamp authority's last serial number and instant, by its key."""

    key_id = models.CharField(max_length=DIGEST, unique=True)
    number = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key_id} {self.number}"


class SealStamp(models.Model):
    """A time stamp that this node made or was given; kept for ever."""

    digest = models.CharField(max_length=DIGEST)
    serial = models.CharField(max_length=_SERIAL)
    at = models.DateTimeField()
    authority = models.CharField(max_length=DIGEST)
    holds_until = models.DateTimeField()
    """When the first of the certificates behind it ends."""
    pilot = models.BooleanField()
    fell_back = models.BooleanField(default=False)
    token = models.BinaryField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("authority", "serial"), name="stamp_serial_is_unique"),
        )
        triggers = (pgtrigger.Protect(name="stamp_stays", operation=_STAYS),)

    def __str__(self) -> str:
        return f"{self.authority} {self.serial}"


class StampSetting(models.Model):
    """Where time stamps are asked for, since when and by whom; the newest row counts."""

    address = models.CharField(max_length=_ADDRESS, blank=True)
    pilot_allowed = models.BooleanField(default=True)
    set_by = models.CharField(max_length=REFERENCE)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        triggers = (pgtrigger.Protect(name="stamp_setting_stays", operation=_STAYS),)

    def __str__(self) -> str:
        return self.address


class SealedDocument(models.Model):
    """A document that was sealed: its digest, and by which certificate and stamp."""

    digest = models.CharField(max_length=DIGEST, unique=True)
    kind = models.CharField(max_length=CODE)
    certificate = models.CharField(max_length=DIGEST)
    stamp = models.ForeignKey(SealStamp, on_delete=models.PROTECT, related_name="sealed")
    pilot = models.BooleanField()
    holds_until = models.DateTimeField()
    """When the stamp that protects it now will have ended."""
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (known("kind", SealedKind, "sealed_kind_is_known"),)

    def __str__(self) -> str:
        return self.digest


class RenewalRound(models.Model):
    """A stamp over a tree of documents whose stamps would have ended."""

    stamp = models.OneToOneField(SealStamp, on_delete=models.PROTECT, related_name="round")
    size = models.PositiveIntegerField()
    certificates = models.JSONField(default=list)
    """DER in base64: what stood behind the older stamps on that day."""
    revocations = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        triggers = (pgtrigger.Protect(name="renewal_round_stays", operation=_STAYS),)

    def __str__(self) -> str:
        return f"{self.at} {self.size}"


class RenewedDocument(models.Model):
    """A document's place in a round, and the stamp that protected it until then."""

    round = models.ForeignKey(RenewalRound, on_delete=models.PROTECT, related_name="renewed")
    document = models.ForeignKey(SealedDocument, on_delete=models.PROTECT, related_name="renewals")
    position = models.PositiveIntegerField()
    previous = models.CharField(max_length=DIGEST)

    class Meta:
        ordering = ("round", "position")
        constraints = (
            models.UniqueConstraint(fields=("round", "position"), name="renewed_place_is_unique"),
            models.UniqueConstraint(fields=("round", "document"), name="renewed_once_a_round"),
        )
        triggers = (pgtrigger.Protect(name="renewed_document_stays", operation=_STAYS),)

    def __str__(self) -> str:
        return f"{self.document_id} in {self.round_id}"


class TrustedRoot(models.Model):
    """The root of a partner's seal, how it was learned, and who decided on it."""

    administration = models.CharField(max_length=ADMINISTRATION)
    fingerprint = models.CharField(max_length=DIGEST)
    der = models.BinaryField()
    state = models.CharField(max_length=CODE, default=RootState.LEARNED)
    learned_at = models.DateTimeField()
    learned_from = models.CharField(max_length=REFERENCE)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=REFERENCE, blank=True)

    class Meta:
        ordering = ("administration", "pk")
        constraints = (
            known("state", RootState, "trusted_root_state_is_known"),
            models.UniqueConstraint(
                fields=("administration", "fingerprint"), name="trusted_root_is_unique"
            ),
        )

    def __str__(self) -> str:
        return f"{self.administration} {self.fingerprint}"
