# SPDX-License-Identifier: Apache-2.0
"""What narrows the list of items."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import choices_of, offer
from comity.evidence.item import KIND_WORDS, RANK_WORDS, STATE_WORDS, ItemKind, ItemState, Rank
from comity.evidence.queries.items import ItemSearch

REFERENCE = re.compile(r"[A-Z]{3}-\d{5,}")
DIGEST = re.compile(r"[0-9a-f]{64}")


class ItemsForm(forms.Form):
    """Narrows the list of items; sent by GET, and what cannot be read narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("Reference, title, mark or digest"), required=False, max_length=120
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    supplier = forms.ChoiceField(label=gettext_lazy("Supplied by"), required=False)
    rank = forms.ChoiceField(label=gettext_lazy("Original or copy"), required=False)
    case = forms.CharField(label=gettext_lazy("Case file"), required=False, max_length=60)
    withheld = forms.BooleanField(
        label=gettext_lazy("Only where certification is withheld"), required=False
    )

    def __init__(self, *args: Any, suppliers: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            kind=choices_of(ItemKind, KIND_WORDS, empty=gettext("Any")),
            state=choices_of(ItemState, STATE_WORDS, empty=gettext("Any")),
            rank=choices_of(Rank, RANK_WORDS, empty=gettext("Any")),
            supplier=[("", gettext("Any")), *suppliers],
        )

    def main_fields(self) -> list[forms.BoundField]:
        """The fields that stand open."""
        return [self[name] for name in ("q", "kind", "state", "supplier")]

    def more_fields(self) -> list[forms.BoundField]:
        """The fields that stand folded away."""
        return [self[name] for name in ("rank", "case", "withheld")]

    def given(self) -> dict[str, Any]:
        """What can be read. Any: values of several fields."""
        return self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})

    def narrows(self) -> bool:
        """Whether any condition is given."""
        return any(self.given().values())

    def narrows_more(self) -> bool:
        """Whether one of the folded conditions is given."""
        return any(self.given().get(field.name) for field in self.more_fields())

    def words(self) -> str:
        """What is to be looked for in titles and marks; empty for a reference or a digest."""
        given = (self.given().get("q") or "").strip()
        if REFERENCE.fullmatch(given.upper()) or DIGEST.fullmatch(given.lower()):
            return ""
        return given

    def search(self) -> ItemSearch:
        """What the query takes."""
        given = self.given()
        asked = (given.get("q") or "").strip()
        named = REFERENCE.fullmatch(asked.upper())
        digest = DIGEST.fullmatch(asked.lower())
        return ItemSearch(
            case=(given.get("case") or "").strip(),
            state=ItemState(given["state"]) if given.get("state") else None,
            kind=ItemKind(given["kind"]) if given.get("kind") else None,
            rank=Rank(given["rank"]) if given.get("rank") else None,
            supplier=given.get("supplier") or "",
            withheld=bool(given.get("withheld")),
            digest=asked.lower() if digest else "",
            references=(asked.upper(),) if named else (),
        )
