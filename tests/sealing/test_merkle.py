# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.sealing.merkle import (
    EMPTY_ROOT,
    Frontier,
    NoSuchLeafError,
    ProofBrokenError,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

# The inputs and roots that the Certificate Transparency reference implementations are tested by.
CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word for word: the slow truth that the tree is held against."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + definition(leaves[:k]) + definition(leaves[k:])).digest()


def leaves(count: int) -> list[bytes]:
    return [b"act %d" % number for number in range(count)]


def tree(count: int) -> Tree:
    return Tree(map(leaf_hash, leaves(count)))


sizes = st.integers(1, 300)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_reference_implementations(size):
    hashed = list(map(leaf_hash, CT_LEAVES[:size]))

    assert Tree(hashed).root().hex() == CT_ROOTS[size - 1]
    assert Frontier().extend(hashed).root.hex() == CT_ROOTS[size - 1]


def test_a_tree_without_leaves_has_the_digest_of_nothing_as_root():
    assert Tree().root() == Frontier().root == EMPTY_ROOT == definition([])


@given(sizes)
def test_tree_and_frontier_follow_the_definition(size):
    expected = definition(leaves(size))

    assert tree(size).root() == expected
    assert Frontier().extend(map(leaf_hash, leaves(size))).root == expected


@given(st.data(), sizes)
def test_every_leaf_proves_its_place_and_no_other(data, size):
    grown = tree(size)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, grown.read)

    verify_inclusion(leaf_hash(leaves(size)[index]), index, size, path, grown.root())

    assert len(path) <= (size - 1).bit_length()
    if other != index:
        with pytest.raises(ProofBrokenError):
            verify_inclusion(leaf_hash(leaves(size)[index]), other, size, path, grown.root())
        with pytest.raises(ProofBrokenError):
            verify_inclusion(leaf_hash(leaves(size)[other]), index, size, path, grown.root())


@given(st.data(), sizes)
def test_a_tree_proves_every_earlier_self_and_no_other(data, second):
    grown = tree(second)
    first = data.draw(st.integers(1, second))
    path = consistency_proof(first, second, grown.read)
    forged = node_hash(grown.root(first), b"")

    verify_consistency(first, second, path, grown.root(first), grown.root())

    with pytest.raises(ProofBrokenError):
        verify_consistency(first, second, path, forged, grown.root())
    with pytest.raises(ProofBrokenError):
        verify_consistency(first, second, path, grown.root(first), forged)


@given(st.data(), sizes)
def test_a_proof_with_a_step_changed_added_or_removed_is_refused(data, size):
    grown = tree(size)
    index = data.draw(st.integers(0, size - 1))
    leaf = leaf_hash(leaves(size)[index])
    path = list(inclusion_proof(index, size, grown.read))
    spoiled = [[*path, leaf]]
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        spoiled += [path[:at] + path[at + 1 :], [*path[:at], bytes(32), *path[at + 1 :]]]

    for steps in spoiled:
        with pytest.raises(ProofBrokenError):
            verify_inclusion(leaf, index, size, steps, grown.root())


@given(st.data(), st.integers(2, 300))
def test_a_consistency_proof_with_another_number_of_steps_is_refused(data, second):
    grown = tree(second)
    first = data.draw(st.integers(1, second - 1))
    path = consistency_proof(first, second, grown.read)

    for steps in ([*path, bytes(32)], path[:-1], []):
        with pytest.raises(ProofBrokenError):
            verify_consistency(first, second, steps, grown.root(first), grown.root())


@given(sizes, st.integers(0, 300))
def test_a_frontier_goes_on_where_it_was_left(first, more):
    hashed = list(map(leaf_hash, leaves(first + more)))
    kept = Frontier().extend(hashed[:first])

    assert Frontier(kept.size, kept.peaks).extend(hashed[first:]).root == Tree(hashed).root()


def test_appending_to_a_frontier_hashes_once_per_level_at_most():
    frontier = Frontier().extend(map(leaf_hash, leaves(1023)))

    assert len(frontier.peaks) == 10
    assert len(frontier.append(leaf_hash(b"one more")).peaks) == 1


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_proof(index, size):
    with pytest.raises(NoSuchLeafError):
        inclusion_proof(index, size, tree(3).read)
    with pytest.raises(ProofBrokenError):
        verify_inclusion(bytes(32), index, size, [], bytes(32))


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3)])
def test_a_size_outside_the_tree_has_no_proof(first, second):
    with pytest.raises(NoSuchLeafError):
        consistency_proof(first, second, tree(3).read)
    with pytest.raises(ProofBrokenError):
        verify_consistency(first, second, [], bytes(32), bytes(32))


def test_a_frontier_has_one_peak_for_each_bit_of_its_size():
    with pytest.raises(NoSuchLeafError):
        Frontier(3, (bytes(32),))
