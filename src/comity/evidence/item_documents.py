# SPDX-License-Identifier: Apache-2.0
"""What a person wrote of an item as a JSON document, and read back; sealed wherever it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from comity.evidence.item import Acquisition, Description


def description_document(description: Description) -> dict[str, Any]:
    """The description as JSON holds it; every field stands in it, said or not."""
    return {
        "title": description.title,
        "text": description.text,
        "file_name": description.file_name,
        "marks": list(description.marks),
        "acquisition": acquisition_document(description.acquisition),
        "third_party_rights": description.third_party_rights,
    }


def acquisition_document(acquisition: Acquisition) -> dict[str, Any]:
    """How an item came into hands, as JSON holds it."""
    at = acquisition.at
    return {
        "at": at.astimezone(UTC).isoformat() if at else None,
        "place": acquisition.place,
        "by": acquisition.by,
        "how": acquisition.how,
        "power": acquisition.power,
        "judicially_obtained": acquisition.judicially_obtained,
    }


def read_description(document: Mapping[str, Any]) -> Description:
    """The description of a document; what it leaves out was not said."""
    return Description(
        title=str(document["title"]),
        text=str(document.get("text", "")),
        file_name=str(document.get("file_name", "")),
        marks=tuple(str(mark) for mark in document.get("marks", ())),
        acquisition=read_acquisition(document.get("acquisition", {})),
        third_party_rights=str(document.get("third_party_rights", "")),
    )


def read_acquisition(document: Mapping[str, Any]) -> Acquisition:
    """How an item came into hands, from a document."""
    at, judicial = document.get("at"), document.get("judicially_obtained")
    return Acquisition(
        at=datetime.fromisoformat(at) if at else None,
        place=str(document.get("place", "")),
        by=str(document.get("by", "")),
        how=str(document.get("how", "")),
        power=str(document.get("power", "")),
        judicially_obtained=None if judicial is None else bool(judicial),
    )
