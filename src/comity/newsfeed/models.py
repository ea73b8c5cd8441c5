# SPDX-License-Identifier: Apache-2.0
"""The tables of the newsfeed: columns and constraints only; every write goes through services.

What was received and what was read from it is never changed or removed: the database itself
refuses it. Officers are kept by reference.
"""

from __future__ import annotations

from collections.abc import Iterable

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from comity.newsfeed.proposal import ChangeKind

REFERENCE = 24
CODE = 60
DIGEST = 64
SOURCE = 60
PARTY = 10
GUID = 500
TITLE = 500
ADDRESS = 2000


def _known(field: str, codes: Iterable[str], name: str) -> models.CheckConstraint:
    """Only the listed codes may stand in this column."""
    return models.CheckConstraint(condition=Q((f"{field}__in", [str(c) for c in codes])), name=name)


def _append_only(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class NewsSource(models.Model):
    """Somewhere announcements are read from, and what became of the visits there."""

    code = models.CharField(max_length=SOURCE, unique=True)
    title = models.CharField(max_length=TITLE)
    url = models.CharField(max_length=ADDRESS, blank=True)
    administration = models.CharField(max_length=PARTY, blank=True)
    language = models.CharField(max_length=PARTY, blank=True)
    licence = models.TextField(blank=True)
    active = models.BooleanField(default=False)
    shipped = models.BooleanField(default=False)
    every_minutes = models.PositiveIntegerField(default=60)
    added_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    # The memory of visits
    etag = models.CharField(max_length=TITLE, blank=True)
    last_modified = models.CharField(max_length=TITLE, blank=True)
    tried_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    gone = models.BooleanField(default=False)
    moved_to = models.CharField(max_length=ADDRESS, blank=True)
    broken = models.PositiveIntegerField(default=0)
    problem = models.JSONField(null=True)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(every_minutes__gte=5), name="news_source_is_left_in_peace"
            ),
        )
        triggers = (pgtrigger.Protect(name="news_source_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.code


class Release(models.Model):
    """One edition of a release, as it was received. Append-only."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    source = models.ForeignKey(NewsSource, on_delete=models.PROTECT, related_name="releases")
    guid = models.CharField(max_length=GUID)
    edition = models.PositiveIntegerField()
    digest = models.CharField(max_length=DIGEST)
    title = models.TextField()
    text = models.TextField()
    blocks = models.JSONField()
    link = models.TextField(blank=True)
    published = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=PARTY, blank=True)
    publisher = models.CharField(max_length=PARTY, blank=True)
    source_title = models.TextField(blank=True)
    licence = models.TextField(blank=True)
    received_at = models.DateTimeField()
    handed_in_by = models.CharField(max_length=REFERENCE, blank=True, default="")
    search = SearchVectorField()

    class Meta:
        ordering = ("-id",)
        indexes = (
            GinIndex(fields=("search",), name="news_release_search"),
            models.Index(fields=("published",), name="news_release_published"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("source", "guid", "edition"), name="news_release_edition_once"
            ),
        )
        triggers = (_append_only("news_release_is_append_only"),)

    def __str__(self) -> str:
        return self.reference


class Reading(models.Model):
    """What one edition of the rules read from a release, and what became of it. Append-only."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="readings")
    rules_edition = models.CharField(max_length=DIGEST)
    events = models.JSONField()
    types = ArrayField(models.CharField(max_length=CODE), default=list)
    countries = ArrayField(models.CharField(max_length=PARTY), default=list)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = (
            GinIndex(fields=("types",), name="news_reading_types"),
            GinIndex(fields=("countries",), name="news_reading_countries"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("release", "rules_edition"), name="news_reading_once_for_rules"
            ),
        )
        triggers = (_append_only("news_reading_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.release_id} {self.rules_edition[:8]}"


class Card(models.Model):
    """A change to the register that a release proposes; its state is the proposal's."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="cards")
    event = models.JSONField()
    identity = models.TextField()
    identity_digest = models.CharField(max_length=DIGEST)
    round = models.PositiveIntegerField(default=1)
    matter = models.CharField(max_length=TITLE)
    kind = models.CharField(max_length=CODE)
    instrument = models.CharField(max_length=80)
    why = models.JSONField()
    notes = models.JSONField(default=list)
    ours = models.JSONField()
    against = models.JSONField(default=list)
    proposal = models.OneToOneField(
        "agreements.Proposal", to_field="reference", on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    vanished_in = models.CharField(max_length=REFERENCE, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("matter",), name="news_card_matter"),)
        constraints = (
            _known("kind", ChangeKind, "news_card_kind_known"),
            models.UniqueConstraint(
                fields=("identity_digest", "round"), name="news_card_once_a_round"
            ),
        )
        triggers = (pgtrigger.Protect(name="news_card_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference


class FurtherEvidence(models.Model):
    """Another release that announces what a card proposes. Append-only."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="further")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    event = models.JSONField()
    joined_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("card", "release"), name="news_evidence_once"),
        )
        triggers = (_append_only("news_evidence_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.card_id} {self.release_id}"


class PublicChange(models.Model):
    """A change of the register that this node publishes in its own feed."""

    reference = models.CharField(max_length=REFERENCE, unique=True)
    proposal = models.ForeignKey(
        "agreements.Proposal", to_field="reference", on_delete=models.PROTECT, related_name="+"
    )
    instrument = models.CharField(max_length=80)
    title = models.TextField()
    summary = models.JSONField()
    sources = models.JSONField(default=list)
    accepted_on = models.DateField()
    published_by = models.CharField(max_length=REFERENCE)
    published_at = models.DateTimeField()
    taken_back_by = models.CharField(max_length=REFERENCE, blank=True)
    taken_back_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("proposal",),
                condition=Q(taken_back_at__isnull=True),
                name="news_public_change_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_at__gte=F("published_at")),
                name="news_public_change_in_order",
            ),
        )
        triggers = (pgtrigger.Protect(name="news_public_change_stays", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.reference
