# SPDX-License-Identifier: Apache-2.0
"""Made-up business content of a wanted size: records for a JSON body, or an XML document.

Nothing of Comity is imported: a peer's process, in an environment of its own, reads it as well.
"""

from __future__ import annotations

import random


def records(size: int) -> list[dict[str, object]]:
    """Records that are about so many bytes as JSON."""
    return _records(size // 110)


def document(size: int) -> bytes:
    """An XML document of about so many bytes, which does not shrink to nothing when compressed."""
    rows = "".join(
        f"<Record><Number>{r['number']}</Number><Goods>{r['goods']}</Goods>"
        f"<Value>{r['value']}</Value><Consignor>{r['consignor']}</Consignor></Record>"
        for r in _records(size // 152)
    )
    return f'<Records xmlns="urn:example:records">{rows}</Records>'.encode()


def _records(count: int) -> list[dict[str, object]]:
    chance = random.Random(20261120)
    return [
        {
            "number": number,
            "goods": f"{chance.randrange(10**6):06d}",
            "value": chance.randrange(10**7),
            "consignor": f"Consignor {chance.getrandbits(160):040x}",
        }
        for number in range(count)
    ]
