# SPDX-License-Identifier: Apache-2.0
"""A certified copy of 20 pages, from the act to the item kept, beside typst setting them alone.

The whole act on a node with a database: custody read and the content measured, the decision at
the door, the number, the pages drawn in their confined process, the certificate in two languages
set in its own, seal and time stamp, the copy kept under a key of its own. Beside it stands typst
in this process with the same pictures and no certificate, seal or row.
"""

from __future__ import annotations

import io
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.measurement import Figure, Measurement
from bench.node import node

PAGES = 20
TURNS = 3


def run() -> Measurement:
    """Measure the act with pages drawn anew, with pages kept, and typst alone."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        os.environ["COMITY_ADMINISTRATION"] = "XN"
        with node(Path(folder)):
            drawn, kept, pictures, size = _certified()
    alone = _typst_alone(pictures)  # once: a second time it remembers the pictures
    beside = "typst alone, the same pictures"
    return Measurement(
        "Certified copies",
        f"{PAGES} pages of text through `services.certifying.certify_copy`, English and Arabic, "
        f"with an embedded database and the pilot authority; the best of {TURNS} turns.",
        (
            Figure(f"certified copy of {PAGES} pages", drawn, "s", beside, alone, "< 2 s"),
            Figure("the same, its pages drawn before", kept, "s", beside, alone),
            Figure("size of the sealed document", size / (1 << 20), "MiB"),
        ),
    )


def _certified() -> tuple[float, float, list[bytes], int]:
    from comity import clock
    from comity.accounts.officer import Officer
    from comity.accounts.permissions import Role
    from comity.evidence.certified_copy import Official
    from comity.evidence.forum_profiles import Capacity
    from comity.evidence.item import Description, ItemKind, Rank
    from comity.evidence.new_item import NewItem
    from comity.evidence.queries import items as items_queries
    from comity.evidence.services import certifying, items, previewing, seals

    custodian = Officer("OFF-00011", "Custodian", frozenset({Role.EVIDENCE_CUSTODIAN}))
    official = Official("N. Official", Capacity.CERTIFYING_OFFICIAL, "Head", "Port North")
    seals.make_seal(at=clock.now())  # made once in a node's life

    def certified(reference: str) -> Any:  # any: the copy's line in the register
        return certifying.certify_copy(
            reference, "wco", ("en", "ar"), by=custodian, official=official, at=clock.now()
        )

    drawn, kept = [], []
    for _ in range(TURNS):
        new = NewItem(ItemKind.DOCUMENT, Rank.ORIGINAL, Description("A list"))
        item = items.add(new, io.BytesIO(_document()), by=custodian, at=clock.now())
        for taken in (drawn, kept):
            begun = time.perf_counter()
            copy = certified(item.reference)
            taken.append(time.perf_counter() - begun)
            assert copy.pages == PAGES
    pictures = list(previewing.page_images(item.reference))
    return min(drawn), min(kept), pictures, items_queries.item(copy.copy).size or 0


def _document() -> bytes:
    """A PDF of dense pages, set by typst."""
    import typst

    words = "Consignment of tobacco, declared at the port and released for transit. " * 45
    pages = "#pagebreak()".join(f"= Page {page}\n{words}" for page in range(1, PAGES + 1))
    return bytes(typst.compile(pages.encode()))  # type: ignore[arg-type]  # one document


def _typst_alone(pictures: list[bytes]) -> float:
    import typst

    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        for number, picture in enumerate(pictures):
            Path(folder, f"{number}.png").write_bytes(picture)
        pages = "".join(
            f'#image("{number}.png", alt: "page", width: 100%, height: 100%)'
            for number in range(len(pictures))
        )
        main = Path(folder, "main.typ")
        main.write_text(f'#set document(title: "Pages")\n{pages}')
        begun = time.perf_counter()
        typst.compile(str(main), pdf_standards=["a-3a", "ua-1"])
        return time.perf_counter() - begun
