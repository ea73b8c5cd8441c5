# SPDX-License-Identifier: Apache-2.0
"""A certified copy as it would be, before anybody seals it: its certificate as pictures.

The same door, the same checks and the same template as certifying, with the draft's mark across
each page; no number is taken, nothing is sealed and nothing is kept.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.evidence.certified_copy import (
    Certificate,
    Official,
    certificate_document,
    check_capacity,
    check_languages,
    digest_of_pages,
)
from comity.evidence.forum_profiles import forum_profile
from comity.evidence.previewing import draw
from comity.evidence.queries.seals import own_seal
from comity.evidence.services.certifying import TEMPLATE, _basis, _issuer, _pages, _ready
from comity.evidence.typesetting import typeset

MARK = "DRAFT – NOT SEALED"
"""Across each page and in the place of the number, in every language as it is."""
DPI = 110


def draft_copy(
    item: str,
    profile: str,
    languages: Sequence[str],
    *,
    by: Officer,
    official: Official,
    at: datetime,
    instrument: str = "",
    article: str = "",
) -> tuple[bytes, ...]:
    """The certificate's pages as PNG; the pages of the original, which would follow, are left out.

    Raises:
        As `certifying.certify_copy`, whatever would stop that.
    """
    by.require(Permission.CERTIFY_EVIDENCE)
    wanted, spoken = forum_profile(profile), check_languages(languages)
    check_capacity(wanted, official)
    ready = _ready(item, by=by, at=at)
    pages, seal = _pages(item), own_seal(at=at)
    pilot = seal is None or seal.pilot or not seal.stamp_address
    certificate = Certificate(
        number=MARK,
        profile=wanted,
        languages=spoken,
        issuer=_issuer(spoken[0], pilot=pilot),
        official=official,
        on=at.date(),
        basis=_basis(ready.let, instrument, article),
        item=ready.item,
        description=ready.description,
        custody=ready.custody,
        marking=ready.let.marking,
        pages=len(pages),
        pages_digest=digest_of_pages(pages),
    )
    return _drawn(certificate, further=len(pages), at=at)


def _drawn(certificate: Certificate, *, further: int, at: datetime) -> tuple[bytes, ...]:
    document = certificate_document(certificate, at)
    document |= {"pages": [], "draft": {"words": MARK, "further": further}}
    pdf = typeset(TEMPLATE, document, at=at)
    return tuple(page.png for page in draw(io.BytesIO(pdf), "application/pdf", dpi=DPI))
