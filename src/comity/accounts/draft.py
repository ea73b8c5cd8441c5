# SPDX-License-Identifier: Apache-2.0
"""A draft: what an officer has typed into a form and not yet sent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from comity.catalogues import N_
from comity.errors import InvalidInputError

LONGEST_DRAFT = 256 * 1024
_FORM_KEY = re.compile(r"[A-Za-z0-9/][A-Za-z0-9.:_/-]{0,119}")


class OddFormKeyError(InvalidInputError):
    """A form's key is a short name without spaces."""

    code = "odd-form-key"
    message = N_("The key of a form has up to 120 letters, digits, dots, dashes, colons, slashes.")
    remedy = N_("Use the key that the form carries.")


class DraftTooLongError(InvalidInputError):
    """A draft is a form's content, not a store of files."""

    code = "draft-too-long"
    message = N_("The draft has {length} bytes; {longest} are kept.")
    remedy = N_("Send the form, or shorten it.")


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of one form by the names of its fields."""

    form_key: str
    content: dict[str, list[str]]
    saved_at: datetime


def checked_form_key(key: str) -> str:
    """The key, when it has the shape of one."""
    if not _FORM_KEY.fullmatch(key):
        raise OddFormKeyError
    return key


def checked_content(content: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The content, when it is short enough to keep."""
    kept = {name: list(values) for name, values in content.items()}
    length = len(json.dumps(kept).encode())
    if length > LONGEST_DRAFT:
        raise DraftTooLongError(length=length, longest=LONGEST_DRAFT)
    return kept
