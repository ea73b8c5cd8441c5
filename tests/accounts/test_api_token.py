# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.accounts import api_token
from comity.accounts.api_token import ApiToken
from comity.accounts.permissions import Role

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@given(st.binary(min_size=32, max_size=32))
def test_what_the_node_makes_has_the_shape_of_a_token(entropy):
    text = api_token.token_text(entropy)

    assert api_token.looks_like_a_token(text)
    assert len(api_token.token_digest(text)) == 64


def test_a_token_made_of_less_than_its_bits_is_refused():
    with pytest.raises(ValueError, match="32"):
        api_token.token_text(b"short")


@given(st.text())
def test_any_text_has_a_digest(text):
    assert api_token.token_digest(text)


def test_a_token_carries_roles_that_its_owner_holds():
    held = frozenset({Role.AUDITOR, Role.CASE_OFFICER})

    carried = api_token.checked_token_roles(
        frozenset({Role.AUDITOR}), held=held, officer="OFF-00001"
    )

    assert carried == {Role.AUDITOR}


@pytest.mark.parametrize("asked", [{Role.ADMINISTRATOR}, {Role.AUDITOR, Role.REGISTRAR}, set()])
def test_a_token_carries_no_foreign_role_and_at_least_one(asked):
    with pytest.raises(api_token.TokenRolesError):
        api_token.checked_token_roles(
            frozenset(asked), held=frozenset({Role.AUDITOR}), officer="OFF-00001"
        )


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lives_from_a_day_to_a_year(days):
    assert api_token.checked_life(366) == timedelta(days=366)
    with pytest.raises(api_token.TokenLifeError):
        api_token.checked_life(days)


def test_a_token_works_until_it_expires_or_is_revoked():
    token = ApiToken(
        "TOK-00001", "export", "OFF-00001", frozenset({Role.AUDITOR}), NOON, NOON + timedelta(1)
    )

    assert token.works(NOON)
    assert not token.works(NOON + timedelta(1))
    assert not ApiToken(
        "TOK-00001", "export", "OFF-00001", token.roles, NOON, token.expires_at, None, NOON
    ).works(NOON)
