# SPDX-License-Identifier: Apache-2.0
"""Everything that changes what the newsfeed keeps: sources, releases, decisions, publication.

Acts of an officer run in one transaction and end with their line in the journal. What a visit to
a source brings is kept release by release, so that a broken one does not lose the others.
"""

from __future__ import annotations

from comity.newsfeed.services.deciding import accept, reject
from comity.newsfeed.services.fetching import fetch, fetch_due
from comity.newsfeed.services.handing_in import take_in_by_hand, take_in_file
from comity.newsfeed.services.proposing import Taker, propose_to_register
from comity.newsfeed.services.publishing import publish_change, unpublish_change
from comity.newsfeed.services.sourcing import (
    add_source,
    adopt_shipped_sources,
    change_source,
    pause_source,
    resume_source,
)
from comity.newsfeed.services.taking import reread, take_in, take_in_document

__all__ = [
    "Taker",
    "accept",
    "add_source",
    "adopt_shipped_sources",
    "change_source",
    "fetch",
    "fetch_due",
    "pause_source",
    "propose_to_register",
    "publish_change",
    "reject",
    "reread",
    "resume_source",
    "take_in",
    "take_in_by_hand",
    "take_in_document",
    "take_in_file",
    "unpublish_change",
]
