# SPDX-License-Identifier: Apache-2.0
"""The content of a message that an officer opened: a note as its text, else member by member."""

from __future__ import annotations

import json
from typing import Any

from comity.errors import InvalidInputError
from comity.exchange.note import NOTE, read_note
from comity.exchange.services.opening import OpenedMessage


def shown(one: OpenedMessage) -> dict[str, Any]:
    """The content for the template."""
    body = one.envelope.body
    return {
        "note": _note(one),
        "members": [] if _note(one) else [(name, _text(value)) for name, value in body.items()],
        "names": {number: part.name for number, part in enumerate(one.envelope.parts)},
        "decision": one.decision,
    }


def _note(one: OpenedMessage) -> Any:
    """The body as a note; None where it is none. Any: for the template."""
    if one.envelope.header.kind != NOTE:
        return None
    try:
        return read_note(one.envelope.body)
    except InvalidInputError:
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
