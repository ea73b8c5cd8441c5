# SPDX-License-Identifier: Apache-2.0
"""A node's register for the tests that have one: two small instruments, or the shipped files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from comity.accounts.officer import Officer
from comity.accounts.permissions import Role
from comity.agreements.register import Register


@pytest.fixture
def small_register(monkeypatch: pytest.MonkeyPatch, settings: object) -> Register:
    """We are the United States, with one agreement with Southland whose force nobody knows."""
    from comity.agreements.queries import coverage
    from comity.agreements.queries import registered as queries
    from tests.support.node_register import southland_register

    register = southland_register()
    monkeypatch.setattr(queries, "shipped_register", lambda: register)
    queries._merged_up_to.cache_clear()
    coverage._drawn.cache_clear()  # the shipped register has the same edition: nothing added
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, administration="US")
    yield register
    queries._merged_up_to.cache_clear()
    coverage._drawn.cache_clear()


@pytest.fixture
def shipped_register(settings: object) -> Register:
    """We are the United States, with the shipped register."""
    from comity.agreements import queries

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, administration="US")
    return queries.register()


@pytest.fixture
def quick_passwords(settings: object) -> None:
    """Passwords are hashed in no time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def officer(quick_passwords: None, db: None) -> Callable[..., Officer]:
    """An officer of this node with these roles; the same one when asked again."""
    from tests.support.officers import registered

    known: dict[tuple[Role, ...], Officer] = {}

    def with_roles(*roles: Role) -> Officer:
        if roles not in known:
            known[roles] = registered(*roles, own_password=False)
        return known[roles]

    return with_roles


@pytest.fixture
def browser_of(officer: Callable[..., Officer]) -> Callable[..., Client]:
    """The browser of an officer with these roles, signed in."""
    from django.test import Client

    from tests.support.officers import row_of, sign_in

    def signed_in(*roles: Role) -> Client:
        one = officer(*roles)
        row = row_of(one)
        row.password_is_one_time = False
        row.save()
        return sign_in(Client(), one)

    return signed_in
