# SPDX-License-Identifier: Apache-2.0
"""The Merkle tree of RFC 9162, section 2.1: roots, proofs, and their verification.

Proofs are computed from hashes of complete subtrees, which the caller reads from wherever it
keeps them (`ReadHash`), so a tree of any size is proved from a logarithmic number of them.
The `Frontier` is all that appending needs to know of a tree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from comity.catalogues import N_
from comity.errors import InvalidInputError, VerificationError

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of the tree without leaves."""

ReadHash = Callable[[int, int], bytes]
"""(level, index) → hash of the complete subtree of 2**level leaves that begins at
index * 2**level. Level 0 holds the hashes of the leaves."""


class NoSuchLeafError(InvalidInputError):
    """A proof is asked for a leaf or a size that the tree does not have."""

    code = "no-such-leaf"
    message = N_("The tree of {size} leaves has no proof for {asked}.")
    remedy = N_("Ask for a leaf or an earlier size that lies within the tree.")


class ProofBrokenError(VerificationError):
    """A proof does not lead to the root it is held against."""

    code = "proof-broken"
    message = N_("The {kind} proof does not fit: {obstacle}.")
    remedy = N_("Fetch the proof and the checkpoint again; if they still differ, tell the log.")


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf's bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the complete subtrees of a tree, largest first: one per bit of its size."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.peaks) != self.size.bit_count():
            raise NoSuchLeafError(size=self.size, asked=f"a frontier of {len(self.peaks)} peaks")

    def append(self, hashed_leaf: bytes) -> Frontier:
        """The frontier after one more leaf, in O(log n) at worst and O(1) on the average."""
        peaks, size, joined = list(self.peaks), self.size, hashed_leaf
        while size & 1:
            joined, size = node_hash(peaks.pop(), joined), size >> 1
        return Frontier(self.size + 1, (*peaks, joined))

    def extend(self, hashed_leaves: Iterable[bytes]) -> Frontier:
        """The frontier after all of these leaves."""
        frontier = self
        for hashed_leaf in hashed_leaves:
            frontier = frontier.append(hashed_leaf)
        return frontier

    @property
    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


class Tree:
    """A tree in memory, for exports, proofs made offline, and tests."""

    def __init__(self, hashed_leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for hashed_leaf in hashed_leaves:
            self.append(hashed_leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, hashed_leaf: bytes) -> None:
        """Add one leaf."""
        level, joined = 0, hashed_leaf
        self._levels[0].append(joined)
        while len(self._levels[level]) % 2 == 0:
            joined = node_hash(*self._levels[level][-2:])
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(joined)

    def read(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree: a `ReadHash`."""
        return self._levels[level][index]

    def root(self, size: int | None = None) -> bytes:
        """The root as it was at this size, or of the whole tree."""
        return root_of(len(self) if size is None else size, self.read)


def root_of(size: int, read: ReadHash) -> bytes:
    """The root of the first `size` leaves."""
    return _range_hash(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: ReadHash) -> tuple[bytes, ...]:
    """The path from a leaf (counted from 0) to the root (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise NoSuchLeafError(size=size, asked=f"leaf {index}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range_hash(middle, high, read))
            high = middle
        else:
            path.append(_range_hash(low, middle, read))
            low = middle
    return tuple(reversed(path))


def consistency_proof(first: int, second: int, read: ReadHash) -> tuple[bytes, ...]:
    """That the first tree is the beginning of the second (RFC 9162, 2.1.4.1)."""
    if not 0 < first <= second:
        raise NoSuchLeafError(size=second, asked=f"consistency with size {first}")
    path: list[bytes] = []
    low, high, known = 0, second, True  # known: the verifier has this subtree's hash already
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(_range_hash(middle, high, read))
            high = middle
        else:
            path.append(_range_hash(low, middle, read))
            low, known = middle, False
    if not known:
        path.append(_range_hash(low, high, read))
    return tuple(reversed(path))


def verify_inclusion(
    hashed_leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise `ProofBrokenError` unless the leaf stands there (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise ProofBrokenError(kind="inclusion", obstacle=f"{size} leaves, none at {index}")
    position, last, computed = index, size - 1, hashed_leaf
    for step in proof:
        if last == 0:
            raise ProofBrokenError(kind="inclusion", obstacle="it has too many steps")
        if position & 1 or position == last:
            computed = node_hash(step, computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, step)
        position, last = position >> 1, last >> 1
    _compare("inclusion", expected=root, found=computed, unused=last)


def verify_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> None:
    """Raise `ProofBrokenError` unless the second tree extends the first (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        raise ProofBrokenError(kind="consistency", obstacle=f"sizes {first} and {second}")
    if first == second:
        _compare("consistency", expected=first_root, found=second_root, unused=len(proof))
        return
    steps = list(proof)
    if first & (first - 1) == 0:  # a power of two: its root is itself the first step
        steps.insert(0, first_root)
    if not steps:
        raise ProofBrokenError(kind="consistency", obstacle="it has no steps")
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first_computed = second_computed = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofBrokenError(kind="consistency", obstacle="it has too many steps")
        if position & 1 or position == last:
            first_computed = node_hash(step, first_computed)
            second_computed = node_hash(step, second_computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second_computed = node_hash(second_computed, step)
        position, last = position >> 1, last >> 1
    _compare("consistency", expected=first_root, found=first_computed, unused=0)
    _compare("consistency", expected=second_root, found=second_computed, unused=last)


def _compare(kind: str, *, expected: bytes, found: bytes, unused: int) -> None:
    if unused:
        raise ProofBrokenError(kind=kind, obstacle="it has another number of steps")
    if expected != found:
        obstacle = f"expected root {expected.hex()}, found {found.hex()}"
        raise ProofBrokenError(kind=kind, obstacle=obstacle)


def _split(count: int) -> int:
    """The largest power of two smaller than the count."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hash(low: int, high: int, read: ReadHash) -> bytes:
    """The hash over leaves low to high, where low is a multiple of the first subtree."""
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return read(level, low >> level)
    middle = low + _split(count)
    return node_hash(_range_hash(low, middle, read), _range_hash(middle, high, read))
