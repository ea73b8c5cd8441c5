# SPDX-License-Identifier: Apache-2.0
"""Taking in a partner's package: verified first, then whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from comity.exchange.evidence import EvidenceKind
from tests.support.exchange import NOON, later

pytestmark = pytest.mark.db


def test_a_package_that_verifies_is_taken_in_with_identity_channel_and_marking(
    southland: Any,
) -> None:
    from comity.evidence import models
    from comity.evidence.queries.items import item_of_identity
    from comity.evidence.services.stated import stated_inside
    from tests.support.evidence_packages import MARKING, a_package, delivered, made_item

    made = a_package()
    answer = delivered(southland, made.write(), at=NOON)

    assert answer.kind is EvidenceKind.RELAYED, answer.reason
    first, second, thing = (item_of_identity(made_item(n).identity) for n in (1, 2, 3))
    assert first is not None and second is not None and thing is not None
    assert first.channels[0].supplier == "XS"
    assert first.channels[0].marking.covers(MARKING)
    assert first.media_type == "text/plain"
    assert second.media_type == "application/pdf"
    assert thing.is_object
    [stated] = stated_inside(first.reference)
    assert stated.head == made.package.statements[0].head
    assert stated.signature == made.package.statements[0].signature
    assert models.Package.objects.get().direction == "in"
