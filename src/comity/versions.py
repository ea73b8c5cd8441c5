# SPDX-License-Identifier: Apache-2.0
"""The version of a record as HTTP carries it: an entity tag that names record and version.

`ETag: "OFF-00001.3"` goes out with a record; `If-Match: "OFF-00001.3"` comes back with a change
and says which version the change was made to.
"""

from __future__ import annotations

import re

from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError

_TAG = re.compile(r'"([^"\s]{1,120})\.(\d{1,18})"')


class VersionNotGivenError(InvalidInputError):
    """A change must say to which version of the record it was made."""

    code = "version-not-given"
    message = N_("The change of {reference} does not say to which version it was made.")
    remedy = N_("Read the record, and send its ETag back as If-Match.")


class VersionTagError(ConflictError):
    """The entity tag is not one that this record ever had."""

    code = "version-tag-foreign"
    message = N_("The If-Match header does not hold an entity tag of {reference}.")
    remedy = N_("Read the record, and send its ETag back as If-Match.")


def version_tag(reference: str, version: int) -> str:
    """The entity tag of a record at this version."""
    return f'"{reference}.{version}"'


def version_given(reference: str, if_match: str | None) -> int:
    """The version to which a change was made, as its If-Match header says."""
    if not if_match:
        raise VersionNotGivenError(reference=reference)
    found = _TAG.fullmatch(if_match.strip())
    if found is None or found[1] != reference:
        raise VersionTagError(reference=reference)
    return int(found[2])
