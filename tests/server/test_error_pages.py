# SPDX-License-Identifier: Apache-2.0
"""A refusal becomes a page: its status, its words in the reader's language, its code."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.utils import translation

import comity.server.urls  # noqa: F401  as a node imports it: every error there is
from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.officer import NobodySignedInError, UnknownOfficerError
from comity.accounts.permissions import Permission, PermissionMissingError
from comity.errors import (
    ComityError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    PeerError,
    VerificationError,
)
from comity.server import error_pages
from comity.storage.blob_store import DiskFullError


@pytest.mark.parametrize(
    ("family", "status"),
    [
        (NotPermittedError, 403),
        (NotFoundError, 404),
        (ConflictError, 409),
        (InvalidInputError, 400),
        (VerificationError, 409),
        (PeerError, 502),
        (ComityError, 500),
    ],
)
def test_a_family_has_its_status(family: type[ComityError], status: int):
    assert error_pages.status_of(family(what="x")) == status


def test_every_status_that_an_error_can_have_has_a_heading():
    statuses = {status for _, status in error_pages.STATUS_OF_FAMILY}

    assert statuses | set(error_pages.STATUS_OF_CODE.values()) <= set(error_pages.HEADINGS)


def test_an_error_narrower_than_its_family_keeps_its_own_status():
    error = ChangedMeanwhileError(reference="OFF-1", current=3, given=2)

    assert error_pages.status_of(error) == 412


def test_a_full_disk_is_called_so_and_not_a_partners_silence():
    full = DiskFullError(needed=2, free=1)

    assert error_pages.status_of(full) == 507
    assert "room" in error_pages.obstacle_of(full).heading


def test_every_narrower_status_is_of_an_error_that_exists():
    def below(kind: type[ComityError]) -> set[str]:
        return {kind.code}.union(*(below(child) for child in kind.__subclasses__()))

    assert set(error_pages.STATUS_OF_CODE) <= below(ComityError)


def test_the_fields_are_filled_in_after_translation():
    error = UnknownOfficerError(reference="OFF-0404")

    with translation.override("fr"):
        obstacle = error_pages.obstacle_of(error)

    assert "OFF-0404" in obstacle.message
    assert obstacle.message != str(error)
    assert obstacle.code == "unknown-officer"


def test_an_error_of_another_kind_is_left_to_django():
    middleware = error_pages.ErrorPages(lambda request: None)

    assert middleware.process_exception(RequestFactory().get("/"), ValueError("x")) is None


def test_the_page_of_our_own_failure_needs_no_frame_and_names_no_cause():
    response = error_pages.failed(RequestFactory().get("/agreements/"))

    assert response.status_code == 500
    assert b"server-failed" in response.content
    assert b"/agreements/" in response.content


def test_a_permission_that_is_missing_says_who_has_it():
    error = PermissionMissingError(officer="OFF-1", permission=Permission.RULE)

    assert "unit head, legal adviser" in error_pages.obstacle_of(error).message
    assert error_pages.status_of(NobodySignedInError()) == 403
