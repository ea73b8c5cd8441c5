# SPDX-License-Identifier: Apache-2.0
"""What is made under a key is made once, and a refusal gives the key back."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from comity.accounts import models, services
from comity.accounts.permissions import Role
from comity.accounts.services.replies import (
    KeyReusedError,
    OddIdempotencyKeyError,
    StillCarriedOutError,
)
from tests.support.officers import NOON, registered

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def test_a_key_makes_one_thing_and_no_second_while_the_first_is_being_made():
    officer = registered(Role.AUDITOR, name="a.rivers", own_password=False)
    made: list[str] = []

    def once(key: str, digest: str, make):
        return services.made_once(officer, key, digest, make, at=NOON)

    def make() -> str:
        with pytest.raises(StillCarriedOutError):
            once("a", "same", lambda: "a second one")
        made.append("PKG-00001")
        return "PKG-00001"

    def refuse() -> str:
        raise OddIdempotencyKeyError(longest=255)

    with pytest.raises(OddIdempotencyKeyError):
        once("a", "same", refuse)
    first, again = once("a", "same", make), once("a", "same", make)

    assert (first.text, first.before) == ("PKG-00001", False)
    assert (again.text, again.before) == ("PKG-00001", True)
    assert made == ["PKG-00001"]
    with pytest.raises(KeyReusedError):
        once("a", "another", make)


def test_a_key_that_is_given_back_while_a_second_asks_for_it_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
):
    officer = registered(Role.AUDITOR, name="b.rivers", own_password=False)
    rows = type(models.StoredReply.objects.all())

    def taken_and_given_back(*_: object, **__: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(rows, "create", taken_and_given_back)

    with pytest.raises(StillCarriedOutError):
        services.made_once(officer, "a", "same", lambda: "PKG-00001", at=NOON)
