# SPDX-License-Identifier: Apache-2.0
"""The tables of accounts: columns and constraints only; every write goes through services.

Addresses of machines are never stored here: failed sign-ins are counted under a keyed digest.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from comity.accounts import api_token, draft, officer, recovery
from comity.accounts.permissions import Role


def _known(roles: Iterable[str]) -> frozenset[Role]:
    """The roles of these codes; one that this release does not know grants nothing."""
    known = frozenset(Role)
    return frozenset(Role(role) for role in roles if role in known)


class OfficerRows(BaseUserManager["Officer"]):
    """Finds officers by sign-in name, as the sign-in backends expect."""

    def get_by_natural_key(self, username: str | None) -> Officer:
        """The officer of this sign-in name, whatever its capitals."""
        return self.get(sign_in_name=(username or "").strip().lower())


class Officer(AbstractBaseUser):
    """One person with an account. `is_active` is false while suspended."""

    reference = models.CharField(max_length=16, unique=True)
    sign_in_name = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=8, default="en")
    roles = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    password_is_one_time = models.BooleanField(default=False)
    second_factor_postponed = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "sign_in_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]  # noqa: RUF012 - Django's own declaration

    objects = OfficerRows()

    class Meta:
        ordering = ("reference",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(sign_in_name=Lower("sign_in_name")),
                name="sign_in_name_has_no_capitals",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def as_officer(self) -> officer.Officer:
        """The frozen value of the row."""
        return officer.Officer(
            reference=self.reference,
            display_name=self.display_name,
            roles=_known(self.roles),
            language=self.language,
            active=self.is_active,
        )

    @property
    def is_staff(self) -> bool:
        """Whether the read-only admin opens: to those who may look after the machine."""
        return self.is_active and "administrator" in self.roles

    def has_module_perms(self, app_label: str) -> bool:
        """The admin shows every application to those it opens to."""
        return self.is_staff

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Nobody adds, changes or deletes a row past the services."""
        return self.is_staff and ".view_" in perm


class RecoveryRequest(models.Model):
    """A lost second factor: asked for once, approved by two administrators, or closed."""

    reference = models.CharField(max_length=16, unique=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="recoveries")
    state = models.CharField(max_length=24)
    requested_by = models.CharField(max_length=16)
    requested_at = models.DateTimeField()
    first_approval_by = models.CharField(max_length=16, blank=True)
    first_approval_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=16, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("officer",),
                condition=models.Q(closed_at=None),
                name="one_open_recovery_per_officer",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def as_recovery(self) -> recovery.Recovery:
        """The frozen value of the row."""
        return recovery.Recovery(
            reference=self.reference,
            officer=self.officer.reference,
            requested_by=self.requested_by,
            requested_at=self.requested_at,
            state=recovery.RecoveryState(self.state),
            first_approval_by=self.first_approval_by,
        )


class SignInFailure(models.Model):
    """One attempt that has not succeeded, under the keyed digest of an account or address."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("key", "at"), name="sign_in_failure_key_at"),)

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class ApiToken(models.Model):
    """A token for programs. Only the digest of its secret is kept."""

    reference = models.CharField(max_length=16, unique=True)
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    roles = ArrayField(models.CharField(max_length=40))
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    window_began_at = models.DateTimeField(null=True)
    used_in_window = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.reference

    def as_token(self) -> api_token.ApiToken:
        """The frozen value of the row, without its digest."""
        return api_token.ApiToken(
            reference=self.reference,
            name=self.name,
            owner=self.owner.reference,
            roles=_known(self.roles),
            issued_at=self.issued_at,
            expires_at=self.expires_at,
            last_used_at=self.last_used_at,
            revoked_at=self.revoked_at,
        )


class Draft(models.Model):
    """What an officer has typed into a form and not yet sent."""

    owner = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="drafts")
    form_key = models.CharField(max_length=120)
    content = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("owner", "form_key"), name="one_draft_per_form"),
        )

    def __str__(self) -> str:
        return self.form_key

    def as_draft(self) -> draft.Draft:
        """The frozen value of the row."""
        return draft.Draft(self.form_key, dict(self.content), self.saved_at)


class StoredReply(models.Model):
    """The reply to a request that carried an Idempotency-Key, kept so that it can be repeated."""

    owner = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="replies")
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owner", "key"), name="one_reply_per_key"),)

    def __str__(self) -> str:
        return self.key
