# SPDX-License-Identifier: Apache-2.0
"""The forms of the desk's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity.journal import queries as journal
from comity.journal.reading import EntryFilter
from comity.journal.words import act_in_words


class JournalFilterForm(forms.Form):
    act = forms.ChoiceField(label=_("Act"), required=False)
    subject = forms.CharField(
        label=_("On what"), required=False, max_length=200, help_text=_("The whole reference.")
    )
    actor = forms.CharField(
        label=_("Who"), required=False, max_length=200, help_text=_("An officer's reference.")
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        kinds = sorted((gettext(act_in_words(act)), act) for act in journal.acts())
        choices = [("", _("Every act")), *((act, words) for words, act in kinds)]
        self.fields["act"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def wanted(self) -> EntryFilter:
        """What the form asks for; a value that cannot be read asks nothing."""
        read = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return EntryFilter(
            act=read.get("act", ""),
            subject=read.get("subject", "").strip(),
            actor=read.get("actor", "").strip(),
            since=read.get("since"),
            until=read.get("until"),
        )
