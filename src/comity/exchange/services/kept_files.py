# SPDX-License-Identifier: Apache-2.0
"""Files that an officer handed over before the message that carries them: kept once, named by a
signed reference that is good for that officer alone. Nobody sends what only another has seen.
"""

from __future__ import annotations

import mimetypes
from typing import Any

from django.core import signing

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.exchange.draft import DraftPart
from comity.exchange.services.posting import keep_part

UNKNOWN_TYPE = "application/octet-stream"


class KeptFileUnknownError(InvalidInputError):
    """A reference to a file that this node did not give to this officer."""

    code = "kept-file-unknown"
    message = N_("File {number} of the message is none that you have handed to this node.")
    remedy = N_("Hand the file over first, and name it by the reference that comes back.")


def keep_file(source: Any, name: str, *, by: Officer) -> DraftPart:
    """Keep a file of this officer's. Any: whatever reads bytes."""
    by.require(Permission.SEND_MESSAGES)
    return keep_part(source, name, mimetypes.guess_type(name)[0] or UNKNOWN_TYPE)


def reference_of(part: DraftPart, *, by: Officer) -> str:
    """The name by which this officer adds the file to a message."""
    return signing.dumps([part.name, part.media_type, part.blob], salt=_salt(by))


def kept_file(reference: str, *, by: Officer, number: int = 1) -> DraftPart:
    """The file of a reference.

    Raises:
        KeptFileUnknownError: it was not given to this officer by this node.
    """
    try:
        name, media_type, blob = signing.loads(reference, salt=_salt(by))
    except (signing.BadSignature, ValueError) as error:
        raise KeptFileUnknownError(number=number) from error
    return DraftPart(name, media_type, blob)


def _salt(officer: Officer) -> str:
    return f"exchange.compose.{officer.reference}"
