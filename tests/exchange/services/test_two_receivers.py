# SPDX-License-Identifier: Apache-2.0
"""Two requests hand over the same at once: it is taken once, and both get the same receipt."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from comity.exchange import models
from comity.exchange.services.posting import post
from comity.exchange.services.receiving import RECEPTION
from tests.exchange.services.test_posting import draft
from tests.support.exchange import CASE_OFFICER, NOON, File, identifier

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]

TWO = 2


def at_once(*acts):
    """What the acts give, begun at the same moment in threads of their own."""
    barrier = Barrier(len(acts))

    def begin(act):
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(begin, act) for act in acts]]


def test_the_same_batch_twice_at_once_is_taken_once(southland_node):
    envelopes = [southland_node.envelope() for _ in range(20)]
    batches = [
        [southland_node.frame(e) for e in envelopes],
        [southland_node.frame(e) for e in reversed(envelopes)],
    ]

    one, other = at_once(
        *(lambda b=b: RECEPTION.receive(b, partner="XS", at=NOON) for b in batches)
    )

    assert list(one) == list(reversed(other))
    assert models.Message.objects.count() == models.Evidence.objects.count() == len(envelopes)


def test_the_last_part_twice_at_once_gives_one_receipt(southland_node):
    files = [File(b"content" * 1000)]
    envelope = southland_node.envelope(files=files)
    RECEPTION.receive([southland_node.frame(envelope, files=files)], partner="XS", at=NOON)

    def put():
        sealed = files[0].sealed()
        return RECEPTION.take_part(envelope.header.id, 0, 0, sealed, partner="XS", at=NOON)

    at_once(put, put)

    assert models.Evidence.objects.count() == 1
    assert models.Message.objects.get().state == "received"


def test_a_draft_with_an_id_posted_twice_at_once_is_one_message(southland_node):
    once = draft(identifier=identifier())

    one, other = at_once(*(lambda: post(once, by=CASE_OFFICER, at=NOON) for _ in range(TWO)))

    assert one.reference == other.reference
    assert models.Message.objects.count() == 1
