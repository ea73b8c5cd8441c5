# SPDX-License-Identifier: Apache-2.0
"""Everything that changes an account, and the guard that other capabilities' pages stand behind."""

from __future__ import annotations

from comity.accounts.queries.drafts import draft
from comity.accounts.services.drafts import discard_draft, save_draft
from comity.accounts.services.guard import (
    officer_page,
    require,
    second_person,
    unit_profile,
)
from comity.accounts.services.officers import (
    change_details,
    change_own_password,
    change_roles,
    choose_language,
    reactivate,
    register_first_administrator,
    register_officer,
    reset_password,
    suspend,
)
from comity.accounts.services.recovery import (
    approve_recovery,
    decline_recovery,
    recover_at_the_machine,
    request_recovery,
)
from comity.accounts.services.replies import (
    Claim,
    Made,
    Reply,
    checked_key,
    claim_key,
    keep_reply,
    made_once,
)
from comity.accounts.services.sessions import end_other_sessions, end_session
from comity.accounts.services.tokens import (
    Caller,
    IssuedToken,
    issue_token,
    revoke_token,
    use_token,
)

__all__ = [
    "Caller",
    "Claim",
    "IssuedToken",
    "Made",
    "Reply",
    "approve_recovery",
    "change_details",
    "change_own_password",
    "change_roles",
    "checked_key",
    "choose_language",
    "claim_key",
    "decline_recovery",
    "discard_draft",
    "draft",
    "end_other_sessions",
    "end_session",
    "issue_token",
    "keep_reply",
    "made_once",
    "officer_page",
    "reactivate",
    "recover_at_the_machine",
    "register_first_administrator",
    "register_officer",
    "request_recovery",
    "require",
    "reset_password",
    "revoke_token",
    "save_draft",
    "second_person",
    "suspend",
    "unit_profile",
    "use_token",
]
