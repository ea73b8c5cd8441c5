# SPDX-License-Identifier: Apache-2.0
"""Statements: leaves under one root, redacted at random, and proved by two implementations."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

import pytest

from comity.evidence import verify
from comity.evidence.redaction import NotWithholdableError, UnknownLeafError, is_whole, redacted
from comity.evidence.statement import (
    CertifiedItem,
    Head,
    ItemLeaves,
    Leaf,
    StatementBrokenError,
    StatementUnreadableError,
    hash_of_leaf,
    item_entry,
    leaves_document,
    read_head,
    read_leaves,
    state,
    value_digest,
    verify_item,
)
from comity.handling.redaction import RedactionReason
from tests.support.evidence_packages import AT, made_item

SOURCE = RedactionReason.SOURCE


def stated(count: int = 3) -> tuple[Head, tuple[ItemLeaves, ...]]:
    items = (made_item(n).certified() for n in range(1, count + 1))
    return state(items, reference="STM-00001", issuer="XS", at=AT)


def root_that(item: ItemLeaves, head: Head) -> bytes | None:
    """The root to which the other implementation comes."""
    path = [bytes.fromhex(step) for step in item.path]
    return verify.root_by_path(verify.leaf_hash(item.entry), item.number, head.items, path)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_every_item_leads_to_the_root(count: int) -> None:
    head, items = stated(count)

    for item in items:
        verify_item(head, item)
        assert root_that(item, head) == bytes.fromhex(head.root)


@pytest.mark.slow
def test_ten_thousand_random_redactions_verify_and_any_altered_leaf_fails() -> None:
    head, items = stated()
    drawn = random.Random(26)
    paths = [[bytes.fromhex(step) for step in item.path] for item in items]
    free = [
        [n.name for n in i.leaves if n.name[:5] not in ("item/", "condi", "chunk")] for i in items
    ]
    for _ in range(10_000):
        place = drawn.randrange(len(items))
        chosen = drawn.sample(free[place], drawn.randrange(1, 9))
        left = redacted(items[place], dict.fromkeys(chosen, SOURCE))
        assert not any(leaf.disclosed for leaf in left.leaves if leaf.name in chosen)
        root = verify.root_by_path(verify.leaf_hash(left.entry), place, head.items, paths[place])
        assert root == bytes.fromhex(head.root)
        altered = _altered(left, drawn)
        root = verify.root_by_path(verify.leaf_hash(altered.entry), place, head.items, paths[place])
        assert root != bytes.fromhex(head.root)


def _altered(item: ItemLeaves, drawn: random.Random) -> ItemLeaves:
    """The item with another value, salt, name or hash of one leaf."""
    place = drawn.randrange(len(item.leaves))
    leaf = item.leaves[place]
    other = hashlib.sha256(drawn.randbytes(8)).hexdigest()
    if not leaf.disclosed:
        changed = replace(leaf, hash=other)
    else:
        salt, digest = (other, leaf.digest) if drawn.random() < 0.5 else (leaf.salt, other)
        changed = Leaf(leaf.name, salt, digest, hash_of_leaf(leaf.name, salt, digest))
    if drawn.random() < 0.2:
        changed = replace(leaf, name=leaf.name + "x")
    return replace(item, leaves=(*item.leaves[:place], changed, *item.leaves[place + 1 :]))


def test_a_disclosed_leaf_with_another_value_is_found() -> None:
    head, (item, *_) = stated()
    leaf = replace(item.leaves[0], digest=value_digest("another"))

    with pytest.raises(StatementBrokenError):
        verify_item(head, replace(item, leaves=(leaf, *item.leaves[1:])))


def test_an_item_of_another_statement_is_found() -> None:
    head, _ = stated()
    _, (item, *_) = stated()

    with pytest.raises(StatementBrokenError):
        verify_item(head, item)


def test_head_and_leaves_are_read_as_they_were_written() -> None:
    head, items = stated()
    left = redacted(items[1], {"pages/00001": SOURCE})
    digests = {left.identity: {n.name: n.digest for n in items[1].leaves if n.digest}}

    assert read_head(head.canonical()) == head
    [again] = read_leaves(leaves_document([left]), digests)
    assert again == left


def test_a_leaf_that_is_disclosed_without_its_value_is_refused() -> None:
    _, (item, *_) = stated()

    with pytest.raises(StatementUnreadableError):
        read_leaves(leaves_document([item]), {item.identity: {}})


@pytest.mark.parametrize("content", [b"{}", b'{"format":"comity-statement/1"}', b'{"format":"x"}'])
def test_what_is_no_head_is_refused(content: bytes) -> None:
    with pytest.raises(StatementUnreadableError):
        read_head(content)


def test_salts_differ_so_that_equal_values_have_different_hashes() -> None:
    one, two = (stated(1)[1][0] for _ in range(2))

    assert {a.hash for a in one.leaves}.isdisjoint(b.hash for b in two.leaves)
    assert item_entry(one.identity, one.leaves) != item_entry(two.identity, two.leaves)


def test_withholding_a_page_withholds_the_file_and_every_digest_of_it() -> None:
    _, (item, *_) = stated()

    left = redacted(item, {"pages/00002": SOURCE})

    reasons = {leaf.name: leaf.reason for leaf in left.leaves if not leaf.disclosed}
    assert reasons.pop("pages/00002") == "source"
    assert set(reasons) == {
        "chunks/00001",
        "content/digest",
        "content/size",
        "custody/00001/digests",
        "custody/00002/digests",
        "custody/00003/digests",
    }
    assert set(reasons.values()) == {"shows-withheld"}
    assert not is_whole(left)


def test_withholding_an_event_withholds_all_of_it() -> None:
    _, (item, *_) = stated()

    left = redacted(item, {"custody/00002": SOURCE})

    hidden = {leaf.name for leaf in left.leaves if not leaf.disclosed}
    assert hidden == {"custody/00002", "custody/00002/digests", "custody/00002/words"}


def test_what_a_supplier_withheld_keeps_its_reason() -> None:
    _, (item, *_) = stated()
    first = redacted(item, {"description/title": RedactionReason.SAFETY})

    again = redacted(first, {"description/title": SOURCE, "description/text": SOURCE})

    found = {leaf.name: leaf.reason for leaf in again.leaves if not leaf.disclosed}
    assert found == {"description/title": "safety", "description/text": "source"}


@pytest.mark.parametrize("name", ["item/kind", "conditions/marking", "chunks/00001"])
def test_what_an_item_is_and_what_its_pages_show_is_not_withheld(name: str) -> None:
    _, (item, *_) = stated()

    with pytest.raises(NotWithholdableError):
        redacted(item, {name: SOURCE})


def test_a_part_that_is_not_there_cannot_be_withheld() -> None:
    _, (item, *_) = stated()

    with pytest.raises(UnknownLeafError):
        redacted(item, {"pages/00009": SOURCE})


def test_a_name_that_is_none_is_not_certified() -> None:
    with pytest.raises(StatementUnreadableError):
        state([CertifiedItem("x", {"Title": "0" * 64})], reference="S", issuer="XS", at=AT)
