# SPDX-License-Identifier: Apache-2.0
"""What a partner is given of what waits for it: never more than there is."""

from __future__ import annotations

import io

import pytest

from comity.exchange import models
from comity.exchange.note import NOTE
from comity.exchange.services.assembling import outbox_of, outgoing
from comity.storage.services import store
from tests.support.exchange import NOON, identifier

pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture
def waiting(southland_node) -> str:
    """Id of a message for Southland with one small part, which Southland fetches."""
    models.Partner.objects.filter(code="XS").update(binding="pull")
    blob, message = store().put(io.BytesIO(b"content")), identifier()
    row = models.Message.objects.create(
        reference="MSG-70001",
        identifier=message,
        direction="out",
        partner=models.Partner.objects.get(code="XS"),
        kind=NOTE,
        conversation=message,
        state="sending",
        digest="0" * 64,
        sealed=b"",
        size=7,
        created_at=NOON,
        recorded_at=NOON,
    )
    part = {"sealed_name": "", "media_type": "", "size": blob.size, "digest": blob.digest}
    models.Part.objects.create(message=row, number=0, blob=blob.name, **part)
    return message


def given(message: str, number: int, from_segment: int):
    """The same segments, as we hand them over and as they are fetched."""
    outbox = outbox_of("XS", holder="test")
    for opened in (
        outbox.open_part(message, number, from_segment),
        outgoing().part(message, number, from_segment, partner="XS"),
    ):
        if opened is None:
            yield None
        else:
            with opened:
                yield len(opened.read())


def test_the_segments_of_a_part_are_given(waiting):
    assert list(given(waiting, 0, 0)) == [7 + 16, 7 + 16]


@pytest.mark.parametrize(("number", "from_segment"), [(1, 0), (999, 0), (0, 1), (0, 2**40)])
def test_of_what_is_no_part_or_segment_nothing_is_given(waiting, number, from_segment):
    assert list(given(waiting, number, from_segment)) == [None, None]
