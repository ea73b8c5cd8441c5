# SPDX-License-Identifier: Apache-2.0
"""What each role may do: one table that a unit head can read and an auditor can check.

`PERMISSIONS` is the whole truth: no role implies another and no permission is granted elsewhere.
Whose work an officer may touch (the drafter never approves) is decided in `four_eyes`.
"""

from __future__ import annotations

from enum import StrEnum

from comity.catalogues import N_, Phrase
from comity.errors import NotPermittedError


class Role(StrEnum):
    """A post in the administration, as the work knows it."""

    CASE_OFFICER = "case-officer"
    REGISTRAR = "registrar"
    UNIT_HEAD = "unit-head"
    APPROVING_OFFICER = "approving-officer"
    LEGAL_ADVISER = "legal-adviser"
    TREATY_CUSTODIAN = "treaty-custodian"
    EVIDENCE_CUSTODIAN = "evidence-custodian"
    INVESTIGATOR = "investigator"
    PROSECUTOR = "prosecutor"
    TRADE_ANALYST = "trade-analyst"
    TARGETING_OFFICER = "targeting-officer"
    AEO_PROGRAMME_OFFICER = "aeo-programme-officer"
    LIAISON_OFFICER = "liaison-officer"
    OPERATION_COORDINATOR = "operation-coordinator"
    INTAKE_SUPERVISOR = "intake-supervisor"
    DATA_PROTECTION_OFFICER = "data-protection-officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    INTEGRATOR = "integrator"


class Permission(StrEnum):
    """An act that needs a role. The words complete the sentence "may …"."""

    VIEW_REGISTER = "view-register"
    EXPORT_REGISTER = "export-register"
    ASSESS = "assess"
    PROPOSE_REGISTER_CHANGE = "propose-register-change"
    ACCEPT_REGISTER_CHANGE = "accept-register-change"
    CONFIRM_FORCE = "confirm-force"
    COUNTERSIGN = "countersign"
    RULE = "rule"
    ATTEST = "attest"
    RECORD_LIFECYCLE_ACT = "record-lifecycle-act"
    ADMINISTER_NEWS_SOURCES = "administer-news-sources"
    PUBLISH_REGISTER_CHANGE = "publish-register-change"
    VIEW_MESSAGES = "view-messages"
    SEND_MESSAGES = "send-messages"
    DECIDE_ON_SENDING = "decide-on-sending"
    VIEW_PARTNERS = "view-partners"
    ADMINISTER_PARTNERS = "administer-partners"
    OPERATE_EXCHANGE = "operate-exchange"
    VIEW_EVIDENCE = "view-evidence"
    KEEP_EVIDENCE = "keep-evidence"
    CERTIFY_EVIDENCE = "certify-evidence"
    RELEASE_EVIDENCE = "release-evidence"
    USE_EVIDENCE = "use-evidence"
    DECIDE_ON_USE = "decide-on-use"
    HOLD_EVIDENCE = "hold-evidence"
    APPROVE_DESTRUCTION = "approve-destruction"
    ERASE_PERSON = "erase-person"
    ADMINISTER_SEALS = "administer-seals"
    VIEW_JOURNAL = "view-journal"
    VERIFY_JOURNAL = "verify-journal"
    VIEW_OFFICERS = "view-officers"
    ADMINISTER_OFFICERS = "administer-officers"
    APPROVE_RECOVERY = "approve-recovery"
    ISSUE_TOKENS = "issue-tokens"
    BACK_UP_NODE = "back-up-node"


_EVERYBODY = frozenset(Role)
_WORKS_WITH_LAW = _EVERYBODY - {Role.ADMINISTRATOR, Role.INTAKE_SUPERVISOR}
"""Who reads the register in order to act on it; an administrator runs the machine only."""

_EXCHANGES = frozenset(
    {
        Role.CASE_OFFICER,
        Role.REGISTRAR,
        Role.UNIT_HEAD,
        Role.APPROVING_OFFICER,
        Role.LIAISON_OFFICER,
        Role.OPERATION_COORDINATOR,
    }
)
"""Who writes to partners and reads what they write."""

_WORKS_WITH_EVIDENCE = frozenset(
    {
        Role.CASE_OFFICER,
        Role.REGISTRAR,
        Role.UNIT_HEAD,
        Role.APPROVING_OFFICER,
        Role.EVIDENCE_CUSTODIAN,
        Role.INVESTIGATOR,
        Role.PROSECUTOR,
    }
)
"""Who keeps evidence, works with it, or answers for it."""

PERMISSIONS: dict[Permission, frozenset[Role]] = {
    # The register and the law
    Permission.VIEW_REGISTER: _EVERYBODY,
    Permission.EXPORT_REGISTER: _WORKS_WITH_LAW,
    Permission.ASSESS: _WORKS_WITH_LAW,
    Permission.PROPOSE_REGISTER_CHANGE: frozenset(
        {
            Role.CASE_OFFICER,
            Role.REGISTRAR,
            Role.LEGAL_ADVISER,
            Role.TREATY_CUSTODIAN,
            Role.LIAISON_OFFICER,
        }
    ),
    Permission.ACCEPT_REGISTER_CHANGE: frozenset(
        {Role.UNIT_HEAD, Role.LEGAL_ADVISER, Role.TREATY_CUSTODIAN}
    ),
    Permission.RECORD_LIFECYCLE_ACT: frozenset({Role.TREATY_CUSTODIAN}),
    Permission.CONFIRM_FORCE: frozenset({Role.TREATY_CUSTODIAN}),
    Permission.COUNTERSIGN: frozenset({Role.LEGAL_ADVISER}),
    Permission.RULE: frozenset({Role.UNIT_HEAD, Role.LEGAL_ADVISER}),
    Permission.ATTEST: frozenset({Role.TREATY_CUSTODIAN}),
    # Public announcements
    Permission.ADMINISTER_NEWS_SOURCES: frozenset(
        {Role.REGISTRAR, Role.TREATY_CUSTODIAN, Role.ADMINISTRATOR}
    ),
    Permission.PUBLISH_REGISTER_CHANGE: frozenset(
        {Role.UNIT_HEAD, Role.LEGAL_ADVISER, Role.TREATY_CUSTODIAN}
    ),
    # Messages between administrations
    Permission.VIEW_MESSAGES: _EXCHANGES | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER},
    Permission.SEND_MESSAGES: _EXCHANGES,
    Permission.DECIDE_ON_SENDING: frozenset({Role.UNIT_HEAD, Role.LEGAL_ADVISER}),
    Permission.VIEW_PARTNERS: _EVERYBODY,
    Permission.ADMINISTER_PARTNERS: frozenset({Role.ADMINISTRATOR}),
    Permission.OPERATE_EXCHANGE: frozenset({Role.REGISTRAR, Role.ADMINISTRATOR}),
    # Evidence
    Permission.VIEW_EVIDENCE: _WORKS_WITH_EVIDENCE
    | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.LEGAL_ADVISER},
    Permission.KEEP_EVIDENCE: frozenset(
        {Role.CASE_OFFICER, Role.REGISTRAR, Role.EVIDENCE_CUSTODIAN, Role.INVESTIGATOR}
    ),
    Permission.CERTIFY_EVIDENCE: frozenset({Role.EVIDENCE_CUSTODIAN, Role.APPROVING_OFFICER}),
    Permission.RELEASE_EVIDENCE: frozenset({Role.UNIT_HEAD, Role.APPROVING_OFFICER}),
    Permission.USE_EVIDENCE: frozenset({Role.CASE_OFFICER, Role.INVESTIGATOR, Role.PROSECUTOR}),
    Permission.DECIDE_ON_USE: frozenset({Role.UNIT_HEAD, Role.LEGAL_ADVISER}),
    Permission.HOLD_EVIDENCE: frozenset(
        {Role.LEGAL_ADVISER, Role.EVIDENCE_CUSTODIAN, Role.PROSECUTOR}
    ),
    Permission.APPROVE_DESTRUCTION: frozenset({Role.UNIT_HEAD, Role.DATA_PROTECTION_OFFICER}),
    Permission.ERASE_PERSON: frozenset({Role.DATA_PROTECTION_OFFICER}),
    Permission.ADMINISTER_SEALS: frozenset({Role.ADMINISTRATOR}),
    # The record of acts
    Permission.VIEW_JOURNAL: frozenset(
        {Role.UNIT_HEAD, Role.DATA_PROTECTION_OFFICER, Role.AUDITOR}
    ),
    Permission.VERIFY_JOURNAL: frozenset(
        {Role.DATA_PROTECTION_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR}
    ),
    # People and the machine
    Permission.VIEW_OFFICERS: frozenset({Role.UNIT_HEAD, Role.AUDITOR, Role.ADMINISTRATOR}),
    Permission.ADMINISTER_OFFICERS: frozenset({Role.ADMINISTRATOR}),
    Permission.APPROVE_RECOVERY: frozenset({Role.ADMINISTRATOR}),
    Permission.ISSUE_TOKENS: _EVERYBODY - {Role.PROSECUTOR, Role.INTAKE_SUPERVISOR},
    Permission.BACK_UP_NODE: frozenset({Role.ADMINISTRATOR}),
}

ROLE_NAMES: dict[Role, str] = {
    Role.CASE_OFFICER: N_("case officer"),
    Role.REGISTRAR: N_("registrar"),
    Role.UNIT_HEAD: N_("unit head"),
    Role.APPROVING_OFFICER: N_("approving officer"),
    Role.LEGAL_ADVISER: N_("legal adviser"),
    Role.TREATY_CUSTODIAN: N_("treaty custodian"),
    Role.EVIDENCE_CUSTODIAN: N_("evidence custodian"),
    Role.INVESTIGATOR: N_("investigator"),
    Role.PROSECUTOR: N_("prosecutor"),
    Role.TRADE_ANALYST: N_("trade analyst"),
    Role.TARGETING_OFFICER: N_("targeting officer"),
    Role.AEO_PROGRAMME_OFFICER: N_("AEO programme officer"),
    Role.LIAISON_OFFICER: N_("liaison officer"),
    Role.OPERATION_COORDINATOR: N_("operation coordinator"),
    Role.INTAKE_SUPERVISOR: N_("intake supervisor"),
    Role.DATA_PROTECTION_OFFICER: N_("data-protection officer"),
    Role.AUDITOR: N_("auditor"),
    Role.ADMINISTRATOR: N_("administrator"),
    Role.INTEGRATOR: N_("integrator"),
}

PERMISSION_NAMES: dict[Permission, str] = {
    Permission.VIEW_REGISTER: N_("view the register"),
    Permission.EXPORT_REGISTER: N_("export the register"),
    Permission.ASSESS: N_("ask for a legal-basis assessment"),
    Permission.PROPOSE_REGISTER_CHANGE: N_("propose a change to the register"),
    Permission.ACCEPT_REGISTER_CHANGE: N_("accept a change to the register"),
    Permission.CONFIRM_FORCE: N_("confirm that an instrument is in force"),
    Permission.COUNTERSIGN: N_("countersign a confirmation"),
    Permission.RULE: N_("give a standing ruling"),
    Permission.ATTEST: N_("attest that the register is complete"),
    Permission.RECORD_LIFECYCLE_ACT: N_("record an act in an instrument's life"),
    Permission.ADMINISTER_NEWS_SOURCES: N_("administer the sources of news"),
    Permission.PUBLISH_REGISTER_CHANGE: N_("publish a change of the register"),
    Permission.VIEW_MESSAGES: N_("view messages"),
    Permission.SEND_MESSAGES: N_("send messages to partners"),
    Permission.DECIDE_ON_SENDING: N_("decide where the law leaves sending to a person"),
    Permission.VIEW_PARTNERS: N_("view partners"),
    Permission.ADMINISTER_PARTNERS: N_("accept partners and set their ceilings"),
    Permission.OPERATE_EXCHANGE: N_("try again, suspend, resume, and maintain the exchange"),
    Permission.VIEW_EVIDENCE: N_("view evidence"),
    Permission.KEEP_EVIDENCE: N_("add evidence and record its custody"),
    Permission.CERTIFY_EVIDENCE: N_("certify copies of evidence"),
    Permission.RELEASE_EVIDENCE: N_("release evidence to a partner or a court"),
    Permission.USE_EVIDENCE: N_("use evidence in a case"),
    Permission.DECIDE_ON_USE: N_("decide where the law leaves a use to a person"),
    Permission.HOLD_EVIDENCE: N_("put evidence on legal hold, and lift the hold"),
    Permission.APPROVE_DESTRUCTION: N_("approve the destruction of evidence"),
    Permission.ERASE_PERSON: N_("erase a person's data"),
    Permission.ADMINISTER_SEALS: N_("administer the seal's certificate and the time stamps"),
    Permission.VIEW_JOURNAL: N_("view the journal"),
    Permission.VERIFY_JOURNAL: N_("verify the journal"),
    Permission.VIEW_OFFICERS: N_("view the list of officers"),
    Permission.ADMINISTER_OFFICERS: N_("administer officers"),
    Permission.APPROVE_RECOVERY: N_("approve the recovery of a second factor"),
    Permission.ISSUE_TOKENS: N_("issue API tokens for oneself"),
    Permission.BACK_UP_NODE: N_("back up the node"),
}


class PermissionMissingError(NotPermittedError):
    """None of the officer's roles carries the permission that the act needs."""

    code = "permission-missing"
    message = N_("{officer} does not hold the permission “{act}”, which these roles have: {roles}.")
    remedy = N_("Hand the act to an officer with such a role, or ask an administrator for it.")

    def __init__(self, *, officer: str, permission: Permission) -> None:
        super().__init__(
            officer=officer,
            permission=permission.value,
            act=PERMISSION_NAMES[permission],
            roles=_in_words(roles_with(permission)),
        )


def _in_words(roles: tuple[Role, ...]) -> Phrase:
    """The names of these roles as a list, each of them in the reader's language."""
    named = {f"role_{number}": ROLE_NAMES[role] for number, role in enumerate(roles)}
    return Phrase(", ".join(f"{{{name}}}" for name in named), **named)


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """The roles that carry this permission, in the order in which roles are listed."""
    return tuple(role for role in Role if role in PERMISSIONS[permission])


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything that a holder of these roles may do."""
    return frozenset(p for p, holders in PERMISSIONS.items() if roles & holders)
