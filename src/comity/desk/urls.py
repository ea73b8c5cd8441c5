# SPDX-License-Identifier: Apache-2.0
"""Addresses of the desk's pages."""

from __future__ import annotations

from django.urls import path

from comity.desk.pages import components, home, journal, search

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("journal/", journal.listing, name="journal"),
    path("journal/<int:sequence>/", journal.entry, name="journal_entry"),
    path("journal/<int:sequence>/proof.json", journal.proof, name="journal_proof"),
    path("journal/<int:sequence>/proof.txt", journal.proof_as_text, name="journal_proof_text"),
    path("journal/verification/", journal.verification, name="journal_verification"),
    path("journal/verification/verify/", journal.verify, name="journal_verify"),
    path("journal/verification/sign/", journal.sign, name="journal_sign"),
    path("journal/verification/export/", journal.export, name="journal_export"),
    path("journal/verification/keys.txt", journal.keys, name="journal_keys"),
    path(
        "journal/verification/checkpoint-<int:size>.txt",
        journal.checkpoint,
        name="journal_checkpoint",
    ),
    path("desk/components/", components.components, name="components"),
]
