# SPDX-License-Identifier: Apache-2.0
"""What an administration certifies of items at one instant, so that parts of it can be withheld.

Everything that is certified of an item is a leaf: a field, a custody event, a page, a mebibyte of
its file. A leaf's hash covers a random salt, so a hash that stays when its value is withheld
tells nothing of it. The leaves of an item make a tree (RFC 9162), the items make another one over
these, and only its root stands in the `Head` that is sealed. So whoever holds a few leaves with
their salts can prove them, and nobody can prove another value. The format: docs/reference/package.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from comity.catalogues import N_, Phrase
from comity.errors import InvalidInputError, VerificationError
from comity.journal.entry import instant
from comity.sealing.canonical_json import Json, canonical, read_canonical
from comity.sealing.merkle import Tree, inclusion_proof, leaf_hash, verify_inclusion

HEAD_FORMAT = "comity-statement/1"
LEAVES_FORMAT = "comity-leaves/1"
CHUNK = 1024 * 1024
"""Bytes of a file that one leaf covers."""
SALT_LENGTH = 32
MOST_LEAVES = 200_000
"""Of one item: a file of 195 GiB."""
_NAME = re.compile(r"[a-z][a-z-]*(?:/[a-z0-9-]+)+")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_REASON = re.compile(r"[a-z][a-z0-9-]{0,59}")


class StatementUnreadableError(InvalidInputError):
    """A document is not part of a statement."""

    code = "statement-unreadable"
    message = N_("This is not a statement on items of evidence: {obstacle}.")
    remedy = N_("Take the package again from whoever made it; files of it were changed.")


class StatementBrokenError(VerificationError):
    """Leaves do not lead to the root that was sealed."""

    code = "statement-broken"
    message = N_("The statement {statement} does not hold: {obstacle}.")
    remedy = N_("Keep what came as it is, and ask whoever stated it for the package again.")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of an item: disclosed when it has a salt, withheld when it has a reason."""

    name: str
    salt: str = ""
    """Hexadecimal; empty for a withheld one."""
    digest: str = ""
    """SHA-256 of the value's bytes; known of disclosed ones, and written with no leaf."""
    hash: str = ""
    """The leaf's hash; written with withheld ones, computed for the others."""
    reason: str = ""
    """Why it is withheld: a code of `handling.redaction`."""

    @property
    def disclosed(self) -> bool:
        """Whether its value can be proved."""
        return bool(self.salt)

    def as_dict(self) -> dict[str, str]:
        """The leaf as it stands in `leaves.json`."""
        if self.disclosed:
            return {"name": self.name, "salt": self.salt}
        return {"name": self.name, "hash": self.hash, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class ItemLeaves:
    """What a statement says of one item, as far as it is known here."""

    identity: str
    number: int
    """Its place among the statement's items, from 0."""
    leaves: tuple[Leaf, ...]
    path: tuple[str, ...] = ()
    """From the item's entry to the statement's root, in hexadecimal."""

    @property
    def entry(self) -> bytes:
        """What the statement's tree holds of the item."""
        return item_entry(self.identity, self.leaves)

    def leaf(self, name: str) -> Leaf | None:
        """The leaf of this name."""
        return next((leaf for leaf in self.leaves if leaf.name == name), None)

    def as_dict(self) -> dict[str, Json]:
        """The item as it stands in `leaves.json`."""
        return {
            "identity": self.identity,
            "number": self.number,
            "path": list(self.path),
            "leaves": [leaf.as_dict() for leaf in self.leaves],
        }


@dataclass(frozen=True, slots=True)
class Head:
    """What is sealed: how many items and leaves, and the root over all of them."""

    reference: str
    issuer: str
    """Code of the administration that states it."""
    at: datetime
    items: int
    leaves: int
    root: str
    instrument: str = ""
    article: str = ""
    official: str = ""
    """Reference of the officer who certified, never a name."""

    def canonical(self) -> bytes:
        """The bytes that are sealed."""
        return canonical(
            {
                "format": HEAD_FORMAT,
                "reference": self.reference,
                "issuer": self.issuer,
                "at": instant(self.at),
                "items": self.items,
                "leaves": self.leaves,
                "root": self.root,
                "instrument": self.instrument,
                "article": self.article,
                "official": self.official,
            }
        )


@dataclass(frozen=True, slots=True)
class CertifiedItem:
    """What is to be certified of an item: names of leaves with the digests of their values."""

    identity: str
    digests: Mapping[str, str] = field(default_factory=dict)


def value_digest(value: Json) -> str:
    """The digest of a field's value: of its one spelling in JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def hash_of_leaf(name: str, salt: str, digest: str) -> str:
    """The hash of a leaf, over its name, its salt and the digest of its value."""
    return leaf_hash(f"comity-leaf/1\n{name}\n{salt}\n{digest}\n".encode()).hex()


def item_entry(identity: str, leaves: Sequence[Leaf]) -> bytes:
    """What the statement's tree holds of an item: all names, and the root over all hashes."""
    names = "".join(f"{leaf.name}\n" for leaf in leaves).encode()
    root = Tree(bytes.fromhex(leaf.hash) for leaf in leaves).root()
    return canonical(
        {
            "identity": identity,
            "leaves": len(leaves),
            "names": hashlib.sha256(names).hexdigest(),
            "root": root.hex(),
        }
    )


def state(
    items: Iterable[CertifiedItem], *, reference: str, issuer: str, at: datetime, **more: str
) -> tuple[Head, tuple[ItemLeaves, ...]]:
    """The statement on these items: its head, and every leaf with a new salt."""
    salted = [_salted(number, item) for number, item in enumerate(items)]
    tree = Tree(leaf_hash(item.entry) for item in salted)
    proved = tuple(
        replace(item, path=_hex(inclusion_proof(item.number, len(tree), tree.read)))
        for item in salted
    )
    head = Head(
        reference=reference,
        issuer=issuer,
        at=at,
        items=len(salted),
        leaves=sum(len(item.leaves) for item in salted),
        root=tree.root().hex(),
        **more,
    )
    return head, proved


def verify_item(head: Head, item: ItemLeaves) -> None:
    """Raise `StatementBrokenError` unless all leaves lead to the root of the head."""
    for leaf in item.leaves:
        if leaf.disclosed and leaf.hash != hash_of_leaf(leaf.name, leaf.salt, leaf.digest):
            raise StatementBrokenError(
                statement=head.reference, obstacle=Phrase(N_("leaf {name}"), name=leaf.name)
            )
    try:
        path = [bytes.fromhex(step) for step in item.path]
        root = bytes.fromhex(head.root)
        verify_inclusion(leaf_hash(item.entry), item.number, head.items, path, root)
    except (VerificationError, ValueError) as error:
        obstacle = Phrase(N_("item {item}"), item=item.identity)
        raise StatementBrokenError(statement=head.reference, obstacle=obstacle) from error


def leaves_document(items: Sequence[ItemLeaves]) -> bytes:
    """The file `leaves.json` for these items."""
    return canonical({"format": LEAVES_FORMAT, "items": [item.as_dict() for item in items]})


def read_head(content: bytes) -> Head:
    """The head of canonical bytes; nothing of it is verified."""
    members = read_canonical(content)
    if not isinstance(members, dict) or members.get("format") != HEAD_FORMAT:
        raise StatementUnreadableError(
            obstacle=Phrase(N_("its head does not say {format}"), format=HEAD_FORMAT)
        )
    try:
        head = Head(
            reference=_text(members["reference"]),
            issuer=_text(members["issuer"]),
            at=datetime.strptime(members["at"], "%Y-%m-%dT%H:%M:%S.%f%z"),
            items=_count(members["items"]),
            leaves=_count(members["leaves"]),
            root=_matching(_DIGEST, members["root"]),
            instrument=_text(members["instrument"]),
            article=_text(members["article"]),
            official=_text(members["official"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StatementUnreadableError(obstacle=N_("a member of its head is another")) from error
    if head.canonical() != content:
        raise StatementUnreadableError(obstacle=N_("its head has members that are not known"))
    return head


def read_leaves(content: bytes, digests: Mapping[str, Mapping[str, str]]) -> tuple[ItemLeaves, ...]:
    """The items of `leaves.json` of which values are here: their digests by identity and name.

    Raises:
        StatementUnreadableError: it has another form, or discloses a leaf that has no value.
    """
    members: Any = read_canonical(content)  # any: each member's type is checked below
    try:
        if members["format"] != LEAVES_FORMAT:
            raise ValueError("format")
        wanted = (item for item in members["items"] if item["identity"] in digests)
        return tuple(_read_item(item, digests[item["identity"]]) for item in wanted)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StatementUnreadableError(obstacle=N_("a member of its leaves is another")) from error


def _read_item(members: Mapping[str, Any], digests: Mapping[str, str]) -> ItemLeaves:
    if len(members["leaves"]) > MOST_LEAVES:
        raise StatementUnreadableError(
            obstacle=Phrase(N_("more than {most} leaves"), most=MOST_LEAVES)
        )
    leaves = tuple(_read_leaf(leaf, digests) for leaf in members["leaves"])
    if len({leaf.name for leaf in leaves}) != len(leaves):
        raise StatementUnreadableError(obstacle=N_("a leaf stands twice"))
    path = tuple(_matching(_DIGEST, step) for step in members["path"])
    return ItemLeaves(_text(members["identity"]), _count(members["number"]), leaves, path)


def _read_leaf(members: Mapping[str, Any], digests: Mapping[str, str]) -> Leaf:
    name = _matching(_NAME, members["name"])
    if "salt" not in members:
        reason = _matching(_REASON, members["reason"])
        return Leaf(name, hash=_matching(_DIGEST, members["hash"]), reason=reason)
    salt = _matching(_DIGEST, members["salt"])
    digest = digests.get(name, "")
    if not digest:
        raise StatementUnreadableError(
            obstacle=Phrase(N_("leaf {name} is disclosed and has no value"), name=name)
        )
    return Leaf(name, salt, digest, hash_of_leaf(name, salt, digest))


def _salted(number: int, item: CertifiedItem) -> ItemLeaves:
    leaves = []
    for name, digest in item.digests.items():
        if not _NAME.fullmatch(name):
            raise StatementUnreadableError(obstacle=Phrase(N_("{name} names no leaf"), name=name))
        salt = secrets.token_hex(SALT_LENGTH)
        leaves.append(Leaf(name, salt, digest, hash_of_leaf(name, salt, digest)))
    return ItemLeaves(item.identity, number, tuple(leaves))


def _hex(steps: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(step.hex() for step in steps)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("expected text")
    return value


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("expected a count")
    return value


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not pattern.fullmatch(_text(value)):
        raise ValueError("another form")
    return _text(value)
