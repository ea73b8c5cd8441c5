# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from comity.accounts import administration as rules
from comity.accounts.permissions import Role


@pytest.mark.parametrize(
    ("typed", "kept"), [("A.Rivers", "a.rivers"), ("  b-2_c ", "b-2_c"), ("x", "x")]
)
def test_a_sign_in_name_is_kept_in_small_letters(typed, kept):
    assert rules.checked_sign_in_name(typed) == kept


@pytest.mark.parametrize("typed", ["", ".a", "a.", "a b", "é", "a@b", "x" * 65, "a\n"])
def test_a_sign_in_name_is_kept_simple(typed):
    if typed == "a\n":
        assert rules.checked_sign_in_name(typed) == "a"
        return
    with pytest.raises(rules.OddSignInNameError):
        rules.checked_sign_in_name(typed)


def test_an_unknown_role_is_refused_and_the_known_ones_are_named():
    with pytest.raises(rules.UnknownRoleError) as refused:
        rules.checked_roles(["case-officer", "emperor"])

    assert "emperor" in str(refused.value)
    assert "treaty-custodian" in refused.value.advice()


def test_an_account_without_a_role_is_refused():
    with pytest.raises(rules.NoRoleError):
        rules.checked_roles([])


def test_roles_given_twice_count_once():
    assert rules.checked_roles(["auditor", "auditor"]) == {Role.AUDITOR}


def test_nobody_changes_their_own_account():
    rules.require_change_of_another("OFF-00001", by="OFF-00002")
    with pytest.raises(rules.OwnAccountError):
        rules.require_change_of_another("OFF-00001", by="OFF-00001")


def test_the_last_administrator_stays():
    rules.require_an_administrator_stays("OFF-00001", administrators=["OFF-00001", "OFF-00002"])
    with pytest.raises(rules.LastAdministratorError):
        rules.require_an_administrator_stays("OFF-00001", administrators=["OFF-00001"])


def test_a_change_made_to_another_version_is_refused():
    rules.require_version("OFF-00001", given=None, current=4)
    rules.require_version("OFF-00001", given=4, current=4)
    with pytest.raises(rules.ChangedMeanwhileError) as refused:
        rules.require_version("OFF-00001", given=3, current=4)
    assert "version 4" in str(refused.value)


def test_a_language_without_words_is_refused():
    assert rules.checked_language("fr") == "fr"
    with pytest.raises(rules.UnknownLanguageError):
        rules.checked_language("la")
