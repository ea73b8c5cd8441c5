# SPDX-License-Identifier: Apache-2.0
"""Adds one item of evidence to the node that the environment names, as a process of its own."""

from __future__ import annotations

import io
import os
import sys

CONTENT = b"A list of forty consignments of tobacco.\n" * 40_000


def main() -> None:
    """Add it, and say how the store names its content."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "comity.server.settings"
    import django

    django.setup()
    from comity import clock
    from comity.evidence.item import Description, ItemKind, Rank
    from comity.evidence.new_item import NewItem
    from comity.evidence.services import items, keeping
    from comity.evidence.services.rows import EVIDENCE

    new = NewItem(ItemKind.DOCUMENT, Rank.ORIGINAL, Description("List of consignments"))
    made = items.add(new, io.BytesIO(CONTENT), by=EVIDENCE, at=clock.now())
    sys.stdout.write(keeping.blob_of(made.reference))


if __name__ == "__main__":
    main()
