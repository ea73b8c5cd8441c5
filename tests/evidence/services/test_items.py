# SPDX-License-Identifier: Apache-2.0
"""Items are kept under keys of their own; what a person wrote stands nowhere in the open."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.permissions import PermissionMissingError
from comity.evidence.custody import CustodyAct
from comity.evidence.item import Description, ItemKind, ItemState, Rank
from comity.evidence.new_item import ItemNotDescribedError, NewItem
from comity.handling.marking import Marking
from comity.reference.taxonomy import Caveat
from tests.conftest import TEST_DATABASE_URL
from tests.support.evidence import (
    AT,
    AUDITOR,
    CASE,
    CASE_OFFICER,
    CONTENT,
    CUSTODIAN,
    DAY,
    a_case,
    an_item,
    an_object,
    supplied,
)

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("evidence_home")]


def test_an_item_is_known_by_its_digest_and_opens_to_what_was_put() -> None:
    from comity.evidence.queries import items
    from comity.evidence.services import keeping

    made = an_item(case=a_case())

    assert made == items.item(made.reference)
    assert (made.digest, made.size) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    assert made.case == CASE
    assert made.is_ours
    assert made.certifiable
    with keeping.open_content_inside(made.reference) as content:
        assert content.read() == CONTENT
    assert keeping.description_inside(made.reference).title == "List of consignments"


def test_equal_content_is_kept_once_within_an_item_and_twice_in_two(evidence_home: Path) -> None:
    from comity.evidence.services import keeping

    one, other = an_item(), an_item()
    keeping.put_content(one.reference, io.BytesIO(CONTENT))

    files = [path for path in (evidence_home / "evidence" / "content").rglob("*") if path.is_file()]
    assert one.digest == other.digest
    assert len(files) == 2


def test_nothing_that_a_person_wrote_stands_in_the_open(evidence_home: Path) -> None:
    from django.core import serializers

    from comity.evidence import models
    from comity.evidence.services import items

    marking = Marking(restrictions=frozenset({"Not before Imelda was heard."}))
    made = an_item(
        title="Letter of Imelda Northgate",
        channel=supplied(marking=marking),
    )
    items.claim(made.reference, "place", "Imelda says: the quay.", by=CASE_OFFICER, at=AT)

    rows = [
        serializers.serialize("json", table.objects.all())
        for table in (models.Item, models.Channel, models.Claim, models.ItemKey)
    ]
    files = [path for path in evidence_home.rglob("*") if path.is_file()]
    assert not any("Imelda" in row for row in rows)
    assert not any(b"Imelda" in path.read_bytes() or CONTENT in path.read_bytes() for path in files)
    assert items.queries.item(made.reference).channels[0].marking == marking


def test_a_thing_has_no_file_and_a_document_needs_one() -> None:
    from comity.evidence.services import items, keeping

    seal = an_object(ItemKind.SEAL)

    assert seal.is_object
    assert (seal.size, seal.digest) == (None, "")
    with pytest.raises(keeping.NoContentError):
        keeping.open_content_inside(seal.reference)
    new = NewItem(ItemKind.DOCUMENT, Rank.ORIGINAL, Description("A letter"))
    with pytest.raises(ItemNotDescribedError):
        items.add(new, by=CUSTODIAN, at=AT)
    with pytest.raises(ItemNotDescribedError):
        items.add(replace(new, kind=ItemKind.CASH), io.BytesIO(b"x"), by=CUSTODIAN, at=AT)


def test_what_was_not_added_leaves_no_file(evidence_home: Path) -> None:
    from comity.evidence.services import items

    with pytest.raises(items.UnknownCaseFileError):
        an_item(case="CASE-9")

    folder = evidence_home / "evidence" / "content"
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_only_who_keeps_evidence_adds_it() -> None:
    with pytest.raises(PermissionMissingError):
        an_item(by=AUDITOR)


def test_contradicting_claims_stand_beside_the_description_with_their_authors() -> None:
    from comity.evidence.services import items, keeping

    made = an_item(channel=supplied())
    items.claim(made.reference, "place", "The harbour.", by=CASE_OFFICER, at=AT)
    items.claim(made.reference, "place", "The airport.", by=CUSTODIAN, at=AT)

    claims = keeping.claims_inside(made.reference)
    assert [(c.author, c.text) for c in claims] == [
        (CASE_OFFICER.reference, "The harbour."),
        (CUSTODIAN.reference, "The airport."),
    ]
    with pytest.raises(items.DescriptionStandsError):
        items.describe(made.reference, Description("Another"), by=CUSTODIAN, at=AT)
    for text in ("", "The \u202eriaport.", "x" * 20_001):
        with pytest.raises(items.ClaimRefusedError):
            items.claim(made.reference, "place", text, by=CASE_OFFICER, at=AT)
    with pytest.raises(items.ClaimRefusedError):
        items.claim(made.reference, "colour", "Red.", by=CUSTODIAN, at=AT)


def test_what_came_twice_keeps_both_ways_with_what_was_laid_on_each() -> None:
    from comity.evidence.services import items

    first = Marking(caveats=frozenset({next(iter(Caveat))}))
    made = an_item(channel=supplied(marking=first))

    again = items.add_channel(made.reference, supplied("XE"), by=CUSTODIAN, at=AT)

    assert [(c.number, c.supplier, c.marking) for c in again.channels] == [
        (1, "XS", first),
        (2, "XE", Marking()),
    ]


def test_what_is_derived_names_what_it_was_made_from() -> None:
    from comity.evidence.queries import custody
    from comity.evidence.queries import items as queries
    from comity.evidence.services import items

    one, two = an_item(), an_item(b"other")
    new = NewItem(ItemKind.DATA_EXTRACT, Rank.ORIGINAL, Description("Both lists"))

    made = items.derive(
        [one.reference, two.reference], new, io.BytesIO(b"sum"), by=CUSTODIAN, at=AT
    )

    assert made.rank is Rank.DERIVED
    assert made.derived_from == (one.reference, two.reference)
    assert queries.derived_from(one.reference) == (made.reference,)
    for source in (one, two):
        last = custody.custody(source.reference).events[-1]
        assert (last.act, last.outcome) == (CustodyAct.COPIED, made.identity)


def test_by_when_an_item_must_be_returned_is_set_and_searched_for() -> None:
    from comity.evidence.queries import items as queries
    from comity.evidence.services import items

    made, other = an_object(), an_object()
    items.set_return_by(made.reference, DAY, by=CUSTODIAN, at=AT, version=made.version)

    found = queries.items(queries.ItemSearch(return_by=DAY)).rows
    assert [row.reference for row in found] == [made.reference]
    with pytest.raises(ChangedMeanwhileError):
        items.set_return_by(made.reference, None, by=CUSTODIAN, at=AT, version=made.version)
    assert queries.item(other.reference).return_by is None


def test_items_are_found_by_case_kind_state_and_supplier(
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    from comity.evidence.queries.items import ItemSearch, items

    ours = an_item(case=a_case())
    theirs = an_item(channel=supplied())
    seal = an_object(case=CASE)

    def found(**search: object) -> set[str]:
        return {row.reference for row in items(ItemSearch(**search)).rows}

    assert found(case=CASE) == {ours.reference, seal.reference}
    assert found(kind=ItemKind.SEAL) == {seal.reference}
    assert found(supplier="XS") == {theirs.reference}
    assert found(state=ItemState.RETURNED) == found(withheld=True) == set()
    with django_assert_max_num_queries(8):
        assert len(items().rows) == 3


def test_destroying_its_key_erases_an_item_and_leaves_what_proves(evidence_home: Path) -> None:
    from comity.evidence.queries.keys import ItemErasedError
    from comity.evidence.services import items, keeping

    marking = Marking(restrictions=frozenset({"Ask first."}))
    made = an_item(channel=supplied(marking=marking))
    keeping.put_content(made.reference, io.BytesIO(b"a page"))

    keeping.destroy_key(made.reference)

    left = items.queries.item(made.reference)
    assert (left.digest, left.size) == (made.digest, made.size)
    assert left.channels[0].marking.restrictions == {"(erased)"}
    with pytest.raises(ItemErasedError):
        keeping.open_content_inside(made.reference)
    with pytest.raises(ItemErasedError):
        keeping.description_inside(made.reference)
    with pytest.raises(ItemErasedError):
        keeping.put_content(made.reference, io.BytesIO(b"again"))


@pytest.mark.django_db(transaction=True)
def test_the_files_of_an_erased_item_go_with_its_key(
    evidence_home: Path, database_server: dict[str, str]
) -> None:
    from comity.evidence import models
    from comity.evidence.services import keeping

    if TEST_DATABASE_URL:
        pytest.skip("the files of that server are not ours to read")
    made = an_item()
    keeping.put_content(made.reference, io.BytesIO(b"a page"))
    files = [p for p in (evidence_home / "evidence" / "content").rglob("*") if p.is_file()]
    sealed = bytes(models.ItemKey.objects.get().sealed)
    before = sealed in table_of_keys(database_server)

    keeping.destroy_key(made.reference)
    keeping.rewrite_keys()

    assert len(files) == 2
    assert not any(path.exists() for path in files)
    assert before
    assert sealed not in table_of_keys(database_server)


def table_of_keys(server: dict[str, str]) -> bytes:
    """The table of keys as its file holds it on the disk."""
    import psycopg
    from django.db import connection

    from comity.server import postgres

    name = connection.settings_dict["NAME"]
    with psycopg.connect(
        host=server["HOST"], user=postgres.SUPERUSER, dbname=name, autocommit=True
    ) as superuser:
        superuser.execute("CHECKPOINT")
        path = "pg_relation_filepath('evidence_itemkey')"
        found = superuser.execute(f"SELECT pg_read_binary_file({path})").fetchone()
    return bytes(found[0]) if found else b""
