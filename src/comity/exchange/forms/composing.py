# SPDX-License-Identifier: Apache-2.0
"""A note with files to a partner: whom, what, under which law. What goes is decided in services."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import (
    ReferenceField,
    TriStateField,
    choices_of,
    forms_of_assistance,
    offences,
    offer,
    several,
)
from comity.catalogues import N_
from comity.exchange.note import LONGEST_SUBJECT, LONGEST_TEXT
from comity.reference.taxonomy import Caveat, HandlingCode, InformationClass, Purpose

MOST_FILES = 100
ACT_WORDS: dict[str, str] = {
    "ask": N_("We ask the partner for assistance"),
    "release": N_("We supply information to the partner"),
}
"""The two questions of the law that a note can put."""


class SeveralFilesInput(forms.ClearableFileInput):
    """A control for several files."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Several uploaded files; none is fine."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(widget=SeveralFilesInput(), required=False, **settings)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file checked alone. Any: what a browser sent."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(each, initial) for each in given if each]


class NoteForm(forms.Form):
    """A covering note with files."""

    to = forms.ChoiceField(label=gettext_lazy("Partner"))
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=LONGEST_SUBJECT)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    parts = SeveralFilesField(label=gettext_lazy("Files"))
    act = forms.ChoiceField(
        label=gettext_lazy("What this is"), widget=forms.RadioSelect, initial="ask"
    )
    forms_asked = several(gettext_lazy("Forms of assistance"))
    purposes = several(gettext_lazy("Purposes"))
    offences = several(gettext_lazy("Offences"), required=False)
    under = ReferenceField(
        label=gettext_lazy("Under instrument"),
        required=False,
        help_text=gettext_lazy("Empty for the best one that is known."),
    )
    classes = several(gettext_lazy("Classes of information that it carries"), required=False)
    personal_data = TriStateField(label=gettext_lazy("Personal data"))
    came_with = several(gettext_lazy("Caveats with which it came to us"), required=False)
    came_handling = forms.ChoiceField(
        label=gettext_lazy("Handling code with which it came to us"), required=False
    )
    caveats = several(gettext_lazy("Caveats that the partner must keep"), required=False)
    handling = forms.ChoiceField(label=gettext_lazy("Handling code"), required=False)
    case = forms.CharField(
        label=gettext_lazy("Reference of the case"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("A code, never a name."),
    )
    sign = forms.BooleanField(
        label=gettext_lazy("Sign it with my key as a designated official too"), required=False
    )
    in_reply_to = forms.UUIDField(required=False, widget=forms.HiddenInput())
    decision = forms.CharField(
        label=gettext_lazy("Decide that it is sent, because"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    LAW = ("act", "forms_asked", "purposes", "offences", "under")
    ITEM: ClassVar[dict[str, str]] = {
        "classes": "classes",
        "personal_data": "personal_data",
        "came_with": "caveats",
        "came_handling": "handling",
    }
    """What is supplied, as another may have given it to us: the field, and its name in a question.
    What we ourselves lay on the partner is no matter of our own law."""

    def __init__(self, *args: Any, partners: list[tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(
            self,
            to=[("", gettext("Choose")), *partners],
            act=[(code, gettext(word)) for code, word in ACT_WORDS.items()],
            forms_asked=forms_of_assistance(),
            purposes=choices_of(Purpose),
            offences=offences(),
            classes=choices_of(InformationClass),
            came_with=choices_of(Caveat),
            came_handling=choices_of(HandlingCode, empty=gettext("None")),
            caveats=choices_of(Caveat),
            handling=choices_of(HandlingCode, empty=gettext("None")),
        )

    def whom(self) -> list[forms.BoundField]:
        """To whom, and about which case."""
        return [self["to"], self["case"]]

    def what(self) -> list[forms.BoundField]:
        """What is written and sent."""
        return [self[name] for name in ("subject", "text", "parts")]

    def law(self) -> list[forms.BoundField]:
        """What is asked of the law."""
        return [self[name] for name in self.LAW]

    def item(self) -> list[forms.BoundField]:
        """What the message carries with it."""
        return [self[name] for name in self.ITEM]

    def marks(self) -> list[forms.BoundField]:
        """What the partner must keep to."""
        return [self["caveats"], self["handling"]]

    def marking(self) -> tuple[str, tuple[str, ...]]:
        """Handling code and caveats of the message: ours, and those that it came with."""
        given = self.cleaned_data
        caveats = dict.fromkeys([*given["came_with"], *given["caveats"]])
        return max(given["handling"], given["came_handling"]), tuple(caveats)

    def question(self, *, own: str, on: str) -> dict[str, Any]:
        """The question as `question_reading` reads it. Any: a document.

        It may be asked before the form is whole: what is missing is the reader's to say.
        """
        given = {
            n: v for n, v in getattr(self, "cleaned_data", {}).items() if v not in (None, "", [])
        }
        asks = given.get("act", "ask") == "ask"
        parties = ("asker", "asked") if asks else ("supplier", "receiver")
        question = {
            "kind": "ask" if asks else "release",
            parties[0]: own,
            parties[1]: given.get("to", ""),
            "forms": given.get("forms_asked", []),
            "purposes": given.get("purposes", []),
            "offences": given.get("offences", []),
            "on": on,
            "under": given.get("under"),
        }
        item = {name: given[field] for field, name in self.ITEM.items() if field in given}
        if not asks and item:
            question["item"] = item
        return {name: value for name, value in question.items() if value not in (None, "", [])}
