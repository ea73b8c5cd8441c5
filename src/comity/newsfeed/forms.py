# SPDX-License-Identifier: Apache-2.0
"""What narrows the newsfeed's lists, decides a card, describes a source, and takes a release in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.records import STATE_WORDS, ProposalState
from comity.catalogues import N_
from comity.newsfeed import queries
from comity.newsfeed.announcement import TYPE_WORDS, AnnouncementType
from comity.newsfeed.proposal import CHANGE_WORDS, ChangeKind
from comity.newsfeed.records import ArchiveSearch, SourceDraft, SourceRecord

LARGEST_UPLOAD = 1_000_000
"""Bytes of a file that may be read in on a page; a larger one is read by the command."""
MOST_RELEASES = 50
"""Releases of one file that a page shows before they are taken in."""
LANGUAGE_WORDS: dict[str, str] = {
    "": N_("To be told from the text"),
    "en": N_("English"),
    "fr": N_("French"),
    "es": N_("Spanish"),
}


class DayField(forms.DateField):
    """A day; the browser's own picker where it has one, 2024-10-11 where it has none."""

    def __init__(self, **settings: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], required=False, **settings)


class PartyField(forms.CharField):
    """The code of a country or union, in capitals, with suggestions from a list."""

    def __init__(self, **settings: Any) -> None:
        attributes = {"list": "parties", "autocapitalize": "characters", "autocomplete": "off"}
        super().__init__(
            widget=forms.TextInput(attrs=attributes | {"spellcheck": "false"}),
            max_length=40,
            required=False,
            **settings,
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).strip().upper()


def _sources() -> list[tuple[str, str]]:
    return [(source.code, source.title) for source in queries.sources()]


def _offer(form: forms.Form, **choices: list[tuple[str, str]]) -> None:
    """Give fields their choices when the form is made, in its reader's language."""
    for name, offered in choices.items():
        form.fields[name].choices = offered  # type: ignore[attr-defined]  # a ChoiceField


class Narrowing(forms.Form):
    """A form sent by GET, of which what cannot be read narrows nothing."""

    def read(self) -> dict[str, Any]:
        """What can be read. Any: values of several fields."""
        return self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})

    def narrows(self) -> bool:
        """Whether any condition is given."""
        return any(self.read().values())


class CardFilterForm(Narrowing):
    """Narrows the cards; where no state is asked for, those that wait."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    change = forms.ChoiceField(label=gettext_lazy("Change"), required=False)
    country = PartyField(label=gettext_lazy("Country"))
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        every = ("", gettext("Any"))
        states = [(s.value, gettext(STATE_WORDS[s])) for s in ProposalState]
        _offer(
            self,
            state=[("", gettext("Waiting")), *states[1:], ("all", gettext("Any"))],
            change=[every, *((k.value, gettext(CHANGE_WORDS[k])) for k in ChangeKind)],
            source=[every, *_sources()],
        )

    def wanted(self) -> dict[str, Any]:
        """What the query takes. Any: values of several types."""
        given = self.read()
        state, change = given.get("state") or ProposalState.OPEN, given.get("change")
        return {
            "state": None if state == "all" else ProposalState(state),
            "change": ChangeKind(change) if change else None,
            "country": given.get("country") or "",
            "source": given.get("source") or "",
        }


class ArchiveForm(Narrowing):
    """Narrows the archive: by words, type, country, source and day."""

    words = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=200)
    type = forms.ChoiceField(label=gettext_lazy("What is announced"), required=False)
    country = PartyField(label=gettext_lazy("Country"))
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False)
    since = DayField(label=gettext_lazy("From"))
    until = DayField(label=gettext_lazy("Until"))

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        every = ("", gettext("Any"))
        _offer(
            self,
            type=[every, *((t.value, gettext(TYPE_WORDS[t])) for t in AnnouncementType)],
            source=[every, *_sources()],
        )

    def search(self) -> ArchiveSearch:
        """What the query takes."""
        given = self.read()
        return ArchiveSearch(
            words=given.get("words") or "",
            type=AnnouncementType(given["type"]) if given.get("type") else None,
            country=given.get("country") or "",
            source=given.get("source") or "",
            since=given.get("since"),
            until=given.get("until"),
        )


class DecisionForm(forms.Form):
    """A decision on a card: its version, the reason, and whether our own feed announces it."""

    decision = forms.ChoiceField(choices=[("accept", ""), ("reject", "")])
    version = forms.IntegerField(required=False, min_value=1)
    reason = forms.CharField(required=False, max_length=2000)
    public = forms.BooleanField(required=False)
    back = forms.CharField(required=False, max_length=500)


class VersionForm(forms.Form):
    """The version that an act was decided on; another one meanwhile is a conflict."""

    version = forms.IntegerField(required=False, min_value=1)

    @classmethod
    def version_in(cls, given: Any) -> int | None:
        """The version that was sent. Any: what a browser sent."""
        form = cls(given)
        return form.cleaned_data["version"] if form.is_valid() else None


class TakeBackForm(VersionForm):
    """A published change taken back, with the reason."""

    reason = forms.CharField(required=False, max_length=2000)


class SourceForm(forms.Form):
    """What somebody says of a source."""

    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=60,
        help_text=gettext_lazy("Short and permanent, such as northland-press."),
    )
    title = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    url = forms.URLField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=1000,
        assume_scheme="https",
        help_text=gettext_lazy("Of the feed or page; empty where releases come as files."),
    )
    administration = PartyField(
        label=gettext_lazy("Whose administration publishes"),
        help_text=gettext_lazy("Code of the country or union."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    licence = forms.CharField(
        label=gettext_lazy("Licence"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Under which terms it may be used, in the words of the source."),
    )
    every_minutes = forms.IntegerField(
        label=gettext_lazy("Read every … minutes"), min_value=15, max_value=10080, initial=60
    )

    def __init__(self, *args: Any, fixed: bool = False, **settings: Any) -> None:
        super().__init__(*args, **settings)
        _offer(self, language=[(code, gettext(word)) for code, word in LANGUAGE_WORDS.items()])
        if fixed:
            self.fields["code"].disabled = True

    @staticmethod
    def values_of(source: SourceRecord) -> dict[str, Any]:
        """What the form shows of a source that is there. Any: values of several fields."""
        return {name: getattr(source, name) for name in SourceForm.base_fields}

    def draft(self) -> SourceDraft:
        """What the service takes."""
        return SourceDraft(**self.cleaned_data)


class ReadForm(forms.Form):
    """A file or a text to be read once."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("A feed, a page as HTML, or plain text; one megabyte at most."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or the text itself"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("The title on the first line, then the text."),
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Whose release it is; a source without address takes files only."),
    )
    published = DayField(
        label=gettext_lazy("Day of publication"),
        help_text=gettext_lazy("For a text that does not say it: what “today” means in it."),
    )
    link = forms.URLField(
        label=gettext_lazy("Address where it was published"),
        required=False,
        max_length=1000,
        assume_scheme="https",
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        _offer(self, source=[("", gettext("Choose")), *_sources()])

    def clean_file(self) -> Any:
        """Refuse what is too large. Any: an uploaded file."""
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_UPLOAD:
            raise ValidationError(
                gettext("The file is larger than one megabyte: read it with comity news fetch.")
            )
        return file

    def clean(self) -> dict[str, Any]:
        """One of the two. Any: values of several fields."""
        given = super().clean() or {}
        if bool(given.get("file")) == bool((given.get("text") or "").strip()):
            raise ValidationError(gettext("Give a file or a text, and only one of them."))
        return given


class TakeInForm(forms.Form):
    """What was shown, sent back by its button."""

    content = forms.CharField(max_length=LARGEST_UPLOAD * 3 // 2)
    source = forms.ChoiceField()
    published = DayField()
    link = forms.URLField(required=False, max_length=1000, assume_scheme="https")

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        _offer(self, source=_sources())
