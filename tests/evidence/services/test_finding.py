# SPDX-License-Identifier: Apache-2.0
"""Items are found by whole words over all of them, and by nobody once they are erased."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from comity.evidence import models
from comity.evidence.item import Description
from comity.evidence.queries.items import EVERYTHING
from comity.evidence.services import finding, items, keeping
from comity.handling.marking import Marking
from tests.support.evidence import (
    AT,
    AUDITOR,
    CASE_OFFICER,
    CUSTODIAN,
    SECOND_CUSTODIAN,
    a_case,
    an_item,
    an_object,
    supplied,
)

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("evidence_home")]


def found(asked: str, by=CUSTODIAN, **more) -> list[str]:
    return [one.item.reference for one in finding.find(asked, by=by, at=AT, **more).found]


def kept_words() -> bytes:
    """Everything that the tables keep of words and items, as one text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM evidence_itemword")
        words = [bytes(row[0]) for row in cursor.fetchall()]
        cursor.execute("SELECT evidence_item::text FROM evidence_item")
        rows = [row[0].encode() for row in cursor.fetchall()]
    return b"\n".join([*words, *rows])


def test_words_find_items_everywhere_until_their_keys_are_destroyed() -> None:
    ledger = an_item(title="Ledger of Müller & Söhne")
    seal = an_object(title="Bolt seal", marks=("XS-88123",))
    an_item(title="Something else")

    assert found("MULLER ledger") == [ledger.reference]
    assert found("xs 88123") == [seal.reference]
    assert found("muller seal") == found("mull") == found("- x") == []
    assert b"ller" not in kept_words().lower()

    words = models.ItemWord.objects.filter(item__reference=ledger.reference)
    digests = {bytes(one.digest) for one in words}
    assert digests
    keeping.destroy_key(ledger.reference)
    assert found("muller") == []
    assert not words.all().exists()
    assert not digests & {bytes(one.digest) for one in models.ItemWord.objects.all()}


def test_the_word_of_a_title_that_may_not_be_read_finds_nothing() -> None:
    secret = an_item(
        title="Secret ledger",
        case=a_case(),
        channel=supplied(marking=Marking(restrictions=frozenset({"?"}))),
    )
    other = an_item(title="Other ledger", case=a_case())

    assert secret.reference not in found("ledger", AUDITOR)
    assert found("ledger", CASE_OFFICER) == [other.reference]
    stranger = replace(CASE_OFFICER, reference="OFF-00099")
    decided = models.Decision.objects.count()
    assert found("ledger", stranger) == []
    assert models.Decision.objects.count() == decided  # it was never even a candidate


def test_a_new_description_is_found_and_the_old_one_is_not() -> None:
    item = an_item(title="Draft")

    items.describe(item.reference, Description("Final version"), by=CUSTODIAN, at=AT)

    assert found("final") == [item.reference]
    assert found("draft") == []


def test_pages_go_on_where_the_last_one_ended() -> None:
    made = [
        an_item(b"%d" % number, title=f"Copy {number} tea").reference for number in range(10, 15)
    ]

    first = finding.find("tea", by=SECOND_CUSTODIAN, at=AT, size=2)
    second = finding.find("tea", by=SECOND_CUSTODIAN, at=AT, size=3, after=first.older)

    assert [one.item.reference for one in (*first.found, *second.found)] == made[::-1]
    assert second.older == ""
    narrowed = replace(EVERYTHING, case=a_case())
    assert found("tea", search=narrowed) == []


def test_items_of_before_are_indexed_by_the_nightly_sweep() -> None:
    item = an_item(title="Old ledger")
    models.ItemWord.objects.all().delete()
    models.Item.objects.update(findable=False)
    assert found("ledger") == []

    assert finding.index_items() == 1
    assert finding.index_items() == 0
    assert found("ledger") == [item.reference]


def test_a_damaged_description_holds_up_no_others() -> None:
    damaged, whole = an_item(title="Damaged ledger"), an_item(b"whole", title="Whole ledger")
    models.Item.objects.filter(reference=damaged.reference).update(sealed=b"no longer sealed")
    models.Item.objects.update(findable=False)

    assert finding.index_items() == 1

    findable = models.Item.objects.filter(findable=True)
    assert [row.reference for row in findable] == [whole.reference]
