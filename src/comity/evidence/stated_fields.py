# SPDX-License-Identifier: Apache-2.0
"""An item and its description as the fields of a statement, and read back from them.

Each field is a leaf of its own, so each can be withheld alone. What a supplier withheld is read as
not said; what binds whoever receives the item is never withheld.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.evidence.item import Description, Item, ItemKind, Rank
from comity.evidence.item_documents import description_document, read_description
from comity.handling.marking import Marking, marking_document, read_marking
from comity.reference.taxonomy import code_of
from comity.sealing.canonical_json import Json

KIND, RANK, MARKING = "item/kind", "item/rank", "conditions/marking"
MEDIA_TYPE, RETURN_BY, SOURCES = "item/media-type", "item/return-by", "item/derived-from"
DIGEST, SIZE = "content/digest", "content/size"
TITLE, WITHHELD_TITLE = "description/title", "(withheld)"
_DESCRIBED = ("title", "text", "file_name", "marks", "third_party_rights")
_ACQUIRED = ("at", "place", "by", "how", "power", "judicially_obtained")


class FieldMissingError(InvalidInputError):
    """A statement does not say what every item needs."""

    code = "stated-field-missing"
    message = N_("A statement does not say what it must of an item: {field}.")
    remedy = N_("Ask whoever made the package for one that says it.")


def stated_fields(
    item: Item, description: Description, marking: Marking, sources: Sequence[str] = ()
) -> dict[str, Json]:
    """Every field that is certified of an item; `sources` are identities."""
    document = description_document(description)
    fields: dict[str, Json] = {
        KIND: item.kind.value,
        RANK: item.rank.value,
        MEDIA_TYPE: item.media_type,
        RETURN_BY: item.return_by.isoformat() if item.return_by else None,
        SOURCES: list(sources),
        MARKING: marking_document(marking),
    }
    fields |= {f"description/{_dashed(name)}": document[name] for name in _DESCRIBED}
    acquired = document["acquisition"]
    fields |= {f"acquisition/{_dashed(name)}": acquired[name] for name in _ACQUIRED}
    if item.digest:
        fields |= {DIGEST: item.digest, SIZE: item.size}
    return fields


def description_of(fields: Mapping[str, Any]) -> Description:
    """The description as far as it was disclosed."""
    document = {
        name: fields.get(f"description/{_dashed(name)}") or _empty(name) for name in _DESCRIBED
    }
    document["title"] = document["title"] or WITHHELD_TITLE
    document["acquisition"] = {
        name: fields.get(f"acquisition/{_dashed(name)}") for name in _ACQUIRED
    } | {
        name: fields.get(f"acquisition/{name}") or "" for name in ("place", "by", "how", "power")
    }  # fmt: skip
    return read_description(document)


def kind_of(fields: Mapping[str, Any]) -> ItemKind:
    """What sort of thing it is."""
    return code_of(ItemKind, str(_needed(fields, KIND)))


def rank_of(fields: Mapping[str, Any]) -> Rank:
    """How it stands to the first of its kind."""
    return code_of(Rank, str(_needed(fields, RANK)))


def marking_of(fields: Mapping[str, Any]) -> Marking:
    """What was laid on it when it was certified."""
    return read_marking(_needed(fields, MARKING))


def return_by_of(fields: Mapping[str, Any]) -> date | None:
    """By when it is to be returned."""
    day = fields.get(RETURN_BY)
    return date.fromisoformat(day) if day else None


def _needed(fields: Mapping[str, Any], name: str) -> Any:
    if name not in fields:
        raise FieldMissingError(field=name)
    return fields[name]


def _empty(name: str) -> Any:
    return [] if name == "marks" else ""


def _dashed(name: str) -> str:
    return name.replace("_", "-")
