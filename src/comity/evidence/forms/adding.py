# SPDX-License-Identifier: Apache-2.0
"""Adding an item: what it is, how it came into hands, from whom, under which conditions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import (
    DayField,
    OnceField,
    ReferenceField,
    TriStateField,
    choices_of,
    forms_of_assistance,
    offer,
)
from comity.evidence.forms.marking import MarkingForm, lines
from comity.evidence.item import (
    KIND_WORDS,
    RANK_WORDS,
    Acquisition,
    Channel,
    Description,
    ItemKind,
    Rank,
)
from comity.evidence.new_item import LONGEST_TEXT, LONGEST_TITLE, NewItem
from comity.reference.taxonomy import FormOfAssistance

INSTANT = "%Y-%m-%dT%H:%M"


class InstantField(forms.DateTimeField):
    """A day and a time of day, in the browser's own picker where it has one."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=INSTANT),
            input_formats=[INSTANT, f"{INSTANT}:%S", "%Y-%m-%d %H:%M"],
            **settings,
        )


def written(label: Any, *, rows: int = 0, **settings: Any) -> forms.CharField:
    """A field of words that nobody must fill in. Any: a text that is translated later."""
    settings.setdefault("required", False)
    settings.setdefault("max_length", 500)
    if rows:
        settings["widget"] = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, **settings)


class AddForm(MarkingForm):
    """A new item, ours or one that came by another way than the exchange."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"))
    rank = forms.ChoiceField(label=gettext_lazy("Original or copy"))
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=LONGEST_TITLE,
        help_text=gettext_lazy("Kept sealed; lists show it only to who may see the item."),
    )
    text = written(gettext_lazy("Description"), rows=4, max_length=LONGEST_TEXT)
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("For everything that is not a physical object."),
    )
    marks = written(
        gettext_lazy("Marks"),
        rows=2,
        max_length=5000,
        help_text=gettext_lazy("What identifies it: a seal's number, a container's. One a line."),
    )
    case = written(gettext_lazy("Case file"), max_length=60)
    form_key = OnceField()

    acquired_at = InstantField(label=gettext_lazy("When it came into hands"), required=False)
    place = written(gettext_lazy("Where"))
    acquired_by = written(gettext_lazy("By whom"))
    how = written(gettext_lazy("How"))
    power = written(gettext_lazy("Under what power"))
    judicially = TriStateField(label=gettext_lazy("By order of a judicial authority"))
    third_party_rights = written(gettext_lazy("Rights of third parties"), rows=2, max_length=2000)

    supplier = forms.ChoiceField(label=gettext_lazy("Supplied by"), required=False)
    supplied_on = DayField(label=gettext_lazy("Supplied on"), required=False)
    under = ReferenceField(label=gettext_lazy("Under instrument"), required=False)
    form = forms.ChoiceField(label=gettext_lazy("As which form of assistance"), required=False)
    requested_on = DayField(label=gettext_lazy("Asked for on"), required=False)
    return_by = DayField(
        label=gettext_lazy("To be given back by"),
        required=False,
        help_text=gettext_lazy("An original that its owner wants back."),
    )

    WHAT: ClassVar[tuple[str, ...]] = ("kind", "rank", "title", "text", "file", "marks", "case")
    ACQUIRED: ClassVar[tuple[str, ...]] = (
        "acquired_at",
        "place",
        "acquired_by",
        "how",
        "power",
        "judicially",
        "third_party_rights",
    )
    CAME: ClassVar[tuple[str, ...]] = (
        "supplier",
        "supplied_on",
        "under",
        "form",
        "requested_on",
        "return_by",
    )

    def __init__(self, *args: Any, suppliers: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            kind=choices_of(ItemKind, KIND_WORDS, empty=gettext("Choose")),
            rank=[
                ("", gettext("Choose")),
                *((r.value, gettext(RANK_WORDS[r])) for r in Rank if r is not Rank.DERIVED),
            ],
            supplier=[("", gettext("Nobody: it is our own")), *suppliers],
            form=[("", gettext("Not known")), *forms_of_assistance()],
        )

    def what(self) -> list[forms.BoundField]:
        """What the item is."""
        return [self[name] for name in self.WHAT]

    def acquired(self) -> list[forms.BoundField]:
        """How it came into hands."""
        return [self[name] for name in self.ACQUIRED]

    def came(self) -> list[forms.BoundField]:
        """From whom it came."""
        return [self[name] for name in self.CAME]

    def new_item(self, media_type: str = "") -> NewItem:
        """What the service takes."""
        given = self.cleaned_data
        return NewItem(
            kind=ItemKind(given["kind"]),
            rank=Rank(given["rank"]),
            description=self.description(),
            case=given["case"].strip(),
            channel=self.channel(),
            media_type=media_type,
            return_by=given["return_by"],
        )

    def description(self) -> Description:
        """What was written of it."""
        given = self.cleaned_data
        return Description(
            title=given["title"],
            text=given["text"],
            file_name=given["file"].name if given["file"] else "",
            marks=lines(given["marks"]),
            acquisition=Acquisition(
                at=given["acquired_at"],
                place=given["place"],
                by=given["acquired_by"],
                how=given["how"],
                power=given["power"],
                judicially_obtained=given["judicially"],
            ),
            third_party_rights=given["third_party_rights"],
        )

    def channel(self) -> Channel:
        """By which way it came, and what came with it."""
        given = self.cleaned_data
        return Channel(
            number=1,
            supplier=given["supplier"],
            marking=self.marking(),
            supplied_on=given["supplied_on"],
            instrument=given["under"],
            form=FormOfAssistance(given["form"]) if given["form"] else None,
            requested_on=given["requested_on"],
        )
