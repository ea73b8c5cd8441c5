# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from comity.accounts.officer import Officer
from comity.accounts.permissions import (
    PERMISSION_NAMES,
    PERMISSIONS,
    ROLE_NAMES,
    Permission,
    PermissionMissingError,
    Role,
    permissions_of,
    roles_with,
)
from comity.catalogues import said

# The table once more, the other way round: one line per role, one letter per permission.
# A change of the law of this house is made here and there, by two deliberate edits.
LETTERS = {
    "v": Permission.VIEW_REGISTER,
    "x": Permission.EXPORT_REGISTER,
    "a": Permission.ASSESS,
    "p": Permission.PROPOSE_REGISTER_CHANGE,
    "k": Permission.ACCEPT_REGISTER_CHANGE,
    "l": Permission.RECORD_LIFECYCLE_ACT,
    "f": Permission.CONFIRM_FORCE,
    "c": Permission.COUNTERSIGN,
    "r": Permission.RULE,
    "t": Permission.ATTEST,
    "s": Permission.ADMINISTER_NEWS_SOURCES,
    "u": Permission.PUBLISH_REGISTER_CHANGE,
    "m": Permission.VIEW_MESSAGES,
    "S": Permission.SEND_MESSAGES,
    "D": Permission.DECIDE_ON_SENDING,
    "P": Permission.VIEW_PARTNERS,
    "C": Permission.ADMINISTER_PARTNERS,
    "E": Permission.OPERATE_EXCHANGE,
    "V": Permission.VIEW_EVIDENCE,
    "K": Permission.KEEP_EVIDENCE,
    "F": Permission.CERTIFY_EVIDENCE,
    "L": Permission.RELEASE_EVIDENCE,
    "U": Permission.USE_EVIDENCE,
    "d": Permission.DECIDE_ON_USE,
    "H": Permission.HOLD_EVIDENCE,
    "X": Permission.APPROVE_DESTRUCTION,
    "e": Permission.ERASE_PERSON,
    "Z": Permission.ADMINISTER_SEALS,
    "j": Permission.VIEW_JOURNAL,
    "y": Permission.VERIFY_JOURNAL,
    "o": Permission.VIEW_OFFICERS,
    "A": Permission.ADMINISTER_OFFICERS,
    "R": Permission.APPROVE_RECOVERY,
    "T": Permission.ISSUE_TOKENS,
    "B": Permission.BACK_UP_NODE,
}
MAY = {
    Role.CASE_OFFICER: "vxap........mS.P..VK..U...........T",
    Role.REGISTRAR: "vxap......s.mS.P.EVK..............T",
    Role.UNIT_HEAD: "vxa.k...r..umSDP..V..L.d.X..j.o...T",
    Role.APPROVING_OFFICER: "vxa.........mS.P..V.FL............T",
    Role.LEGAL_ADVISER: "vxapk..cr..u..DP..V....dH.........T",
    Role.TREATY_CUSTODIAN: "vxapklf..tsu...P..................T",
    Role.EVIDENCE_CUSTODIAN: "vxa............P..VKF...H.........T",
    Role.INVESTIGATOR: "vxa............P..VK..U...........T",
    Role.PROSECUTOR: "vxa............P..V...U.H..........",
    Role.TRADE_ANALYST: "vxa............P..................T",
    Role.TARGETING_OFFICER: "vxa............P..................T",
    Role.AEO_PROGRAMME_OFFICER: "vxa............P..................T",
    Role.LIAISON_OFFICER: "vxap........mS.P..................T",
    Role.OPERATION_COORDINATOR: "vxa.........mS.P..................T",
    Role.INTAKE_SUPERVISOR: "v..............P...................",
    Role.DATA_PROTECTION_OFFICER: "vxa.........m..P..V......Xe.jy....T",
    Role.AUDITOR: "vxa.........m..P..V.........jyo...T",
    Role.ADMINISTRATOR: "v.........s....PCE.........Z.yoARTB",
    Role.INTEGRATOR: "vxa............P..................T",
}


def holder_of(*roles: Role) -> Officer:
    return Officer("OFF-00007", "N. Example", frozenset(roles))


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_the_table_says_and_nothing_else(role, permission):
    written = {LETTERS[letter] for letter in MAY[role] if letter != "."}

    assert holder_of(role).may(permission) is (permission in written)


def test_every_permission_and_every_role_has_a_line_and_a_name():
    assert set(PERMISSIONS) == set(Permission) == set(PERMISSION_NAMES) == set(LETTERS.values())
    assert set(ROLE_NAMES) == set(Role) == set(MAY)
    assert all(PERMISSIONS.values())


def test_two_roles_together_may_what_each_of_them_may():
    both = holder_of(Role.TREATY_CUSTODIAN, Role.AUDITOR)

    for permission in Permission:
        apart = holder_of(Role.TREATY_CUSTODIAN).may(permission) or holder_of(Role.AUDITOR).may(
            permission
        )
        assert both.may(permission) is apart
    assert permissions_of(both.roles) == {p for p in Permission if both.may(p)}


@pytest.mark.parametrize("permission", Permission)
def test_a_suspended_officer_may_nothing(permission):
    suspended = Officer("OFF-00007", "N. Example", frozenset(Role), active=False)

    assert not suspended.may(permission)


def test_a_refusal_names_the_permission_and_who_has_it():
    with pytest.raises(PermissionMissingError) as refused:
        holder_of(Role.CASE_OFFICER).require(Permission.CONFIRM_FORCE)

    assert "“confirm that an instrument is in force”" in str(refused.value)
    assert str(refused.value).endswith("which these roles have: treaty custodian.")
    assert refused.value.fields["permission"] == "confirm-force"
    assert refused.value.fields["officer"] == "OFF-00007"
    assert "N. Example" not in str(refused.value)


def test_a_refusal_names_roles_in_the_language_of_the_reader():
    error = PermissionMissingError(officer="OFF-1", permission=Permission.RULE)

    french = said(error.message, error.fields, "fr")

    assert "chef d’unité, conseiller juridique" in french


def test_an_act_is_done_in_the_role_that_allows_it():
    officer = holder_of(Role.CASE_OFFICER, Role.TREATY_CUSTODIAN)

    assert officer.acting(Permission.CONFIRM_FORCE).role == "treaty-custodian"
    assert officer.actor.role == "case-officer"
    assert officer.actor.reference == "OFF-00007"


def test_an_act_without_its_role_has_no_actor():
    with pytest.raises(PermissionMissingError):
        holder_of(Role.CASE_OFFICER).acting(Permission.ATTEST)


def test_roles_are_listed_in_the_order_of_the_posts():
    assert roles_with(Permission.RULE) == (Role.UNIT_HEAD, Role.LEGAL_ADVISER)


def test_a_token_acts_with_no_more_roles_than_its_owner_holds():
    owner = holder_of(Role.CASE_OFFICER)

    limited = owner.limited_to(frozenset({Role.CASE_OFFICER, Role.ADMINISTRATOR}))

    assert limited.roles == {Role.CASE_OFFICER}
