# SPDX-License-Identifier: Apache-2.0
"""What narrows the ledger of messages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import DayField, choices_of, offer
from comity.exchange.ledger import LedgerSearch, Meaning, meaning_of
from comity.exchange.message_state import STATE_WORDS, Direction, MessageState
from comity.exchange.words import DIRECTION_WORDS


class LedgerForm(forms.Form):
    """Narrows the ledger; sent by GET, and what cannot be read narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("Reference, digest, case or error"), required=False, max_length=120
    )
    partner = forms.ChoiceField(label=gettext_lazy("Partner"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), required=False)
    kind = forms.CharField(label=gettext_lazy("Kind"), required=False, max_length=60)
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("Until"), required=False)
    differs = forms.BooleanField(
        label=gettext_lazy("Only where the two sides differ on the law"), required=False
    )
    unopened = forms.BooleanField(
        label=gettext_lazy("Only what nobody has opened yet"), required=False
    )
    conversation = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, partners: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            partner=[("", gettext("Any")), *partners],
            state=choices_of(MessageState, STATE_WORDS, empty=gettext("Any")),
            direction=choices_of(Direction, DIRECTION_WORDS, empty=gettext("Any")),
        )
        self.fields["kind"].widget.attrs.update(list="kinds", autocomplete="off")

    def main_fields(self) -> list[forms.BoundField]:
        """The fields that stand open."""
        return [self[name] for name in ("q", "partner", "state", "direction")]

    def more_fields(self) -> list[forms.BoundField]:
        """The fields that stand folded away."""
        return [self[name] for name in ("kind", "since", "until", "differs", "unopened")]

    def given(self) -> dict[str, Any]:
        """What can be read. Any: values of several fields."""
        return self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})

    def narrows(self) -> bool:
        """Whether any condition is given."""
        return any(self.given().values())

    def narrows_more(self) -> bool:
        """Whether one of the folded conditions is given."""
        given = self.given()
        return any(given.get(field.name) for field in self.more_fields())

    def names_one(self) -> bool:
        """Whether words alone were given that name one message: its page is what is wanted."""
        given = self.given()
        alone = [name for name, value in given.items() if value] == ["q"]
        return alone and meaning_of(given["q"])[0] is not Meaning.CODE

    def search(self) -> LedgerSearch:
        """What the query takes."""
        given = self.given()
        state, direction = given.get("state"), given.get("direction")
        return LedgerSearch(
            words=given.get("q") or "",
            partner=given.get("partner") or "",
            state=MessageState(state) if state else None,
            direction=Direction(direction) if direction else None,
            kind=given.get("kind") or "",
            conversation=str(given.get("conversation") or ""),
            since=given.get("since"),
            until=given.get("until"),
            differs=bool(given.get("differs")),
            unopened=bool(given.get("unopened")),
        )
