# SPDX-License-Identifier: Apache-2.0
"""Cards, fingerprints, ceilings and ways of a partner."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_lazy

from comity.agreements.queries.choices import (
    CodeField,
    VersionField,
    choices_of,
    forms_of_assistance,
    offer,
    several,
)
from comity.exchange.acquaintance import PartnerRecord
from comity.exchange.own_card import INVITATION_DAYS, LONGEST_INVITATION_DAYS
from comity.exchange.partner import Binding, Ceilings
from comity.exchange.pressure import MEBIBYTE
from comity.exchange.wire import DOCUMENT_BYTES
from comity.exchange.words import BINDING_WORDS
from comity.reference.taxonomy import label

NONE_AT_ALL = "-"


class CardForm(forms.Form):
    """A partner's card, as a file or at an address."""

    file = forms.FileField(
        label=gettext_lazy("File of its card"),
        required=False,
        help_text=gettext_lazy("As the partner handed it to you."),
    )
    address = forms.URLField(
        label=gettext_lazy("Or the address of its invitation"),
        required=False,
        max_length=500,
        assume_scheme="https",
    )

    def clean(self) -> dict[str, Any]:
        """One of the two. Any: values of several fields."""
        given = super().clean() or {}
        file = given.get("file")
        if bool(file) == bool(given.get("address")) and not self.errors:
            raise ValidationError(gettext("Give a file or an address, and only one of them."))
        if file and file.size > DOCUMENT_BYTES:
            raise ValidationError(gettext("The file is too large to be a card."))
        return given

    def document(self) -> bytes:
        """The content of the file; empty where an address was given."""
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file else b""


class WithoutNodeForm(forms.Form):
    """A partner that has no node."""

    code = CodeField(label=gettext_lazy("Code of the administration"), max_length=20)
    name = forms.CharField(label=gettext_lazy("Name of the administration"), max_length=200)


class InvitationForm(forms.Form):
    """For how long our card can be fetched."""

    days = forms.IntegerField(
        label=gettext_lazy("Days for which the address works"),
        min_value=1,
        max_value=LONGEST_INVITATION_DAYS,
        initial=INVITATION_DAYS,
    )


class FingerprintForm(forms.Form):
    """The fingerprint as the partner read it aloud, in whatever spacing."""

    fingerprint = forms.CharField(
        label=gettext_lazy("Fingerprint that the partner read to you"),
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("Twenty letters and digits; call a number that you knew before."),
    )


class BindingForm(forms.Form):
    """By which way what we have for a partner travels."""

    binding = forms.ChoiceField(label=gettext_lazy("What we have for it goes"))
    version = VersionField()

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, binding=choices_of(Binding, BINDING_WORDS))

    def chosen(self) -> Binding:
        """The binding that was chosen."""
        return Binding(self.cleaned_data["binding"])


class CeilingsForm(forms.Form):
    """What a partner may at most; empty lists of kinds and forms are no such ceiling."""

    message_bytes = forms.IntegerField(
        label=gettext_lazy("Largest message with its files (MiB)"), min_value=0
    )
    parts = forms.IntegerField(label=gettext_lazy("Files of one message"), min_value=0)
    messages_a_day = forms.IntegerField(label=gettext_lazy("Messages a day"), min_value=0)
    bytes_a_day = forms.IntegerField(label=gettext_lazy("Content a day (MiB)"), min_value=0)
    waiting = forms.IntegerField(
        label=gettext_lazy("Messages of ours that may wait for it"), min_value=0
    )
    kinds = forms.CharField(
        label=gettext_lazy("Only these kinds"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "Separated by spaces; empty for every kind that both know, a dash for none."
        ),
    )
    forms_of_assistance = several(
        gettext_lazy("Only these forms of assistance"),
        required=False,
        help_text=gettext_lazy("None chosen: no ceiling on the form."),
    )
    version = VersionField()

    MIB = ("message_bytes", "bytes_a_day")
    CALLED: ClassVar = {"forms_of_assistance": "forms"}

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        offer(self, forms_of_assistance=forms_of_assistance())

    def changes(self) -> dict[str, object]:
        """What was changed in the form, as the service takes it; all else stays as it is."""
        names = [name for name in self.changed_data if name != "version"]
        return {self.CALLED.get(name, name): self._meant(name) for name in names}

    def _meant(self, name: str) -> object:
        value = self.cleaned_data[name]
        if name == "kinds":
            return [] if value == NONE_AT_ALL else value.split() or None
        if name == "forms_of_assistance":
            return value or None
        return value * MEBIBYTE if name in self.MIB else value

    @classmethod
    def values_of(cls, record: PartnerRecord) -> dict[str, Any]:
        """What the form shows of the ceilings that stand. Any: values of several fields."""
        one = record.partner.ceilings
        return {
            "message_bytes": one.message_bytes // MEBIBYTE,
            "parts": one.parts,
            "messages_a_day": one.messages_a_day,
            "bytes_a_day": one.bytes_a_day // MEBIBYTE,
            "waiting": one.waiting,
            "kinds": _kinds_shown(one.kinds),
            "forms_of_assistance": sorted(one.forms or ()),
            "version": record.version,
        }

    @classmethod
    def shown(cls, one: Ceilings) -> list[tuple[str, str]]:
        """The ceilings as lines of a page."""
        every = gettext("no ceiling")
        values: dict[str, str] = {
            "message_bytes": filesizeformat(one.message_bytes),
            "parts": _grouped(one.parts),
            "messages_a_day": _grouped(one.messages_a_day),
            "bytes_a_day": filesizeformat(one.bytes_a_day),
            "waiting": _grouped(one.waiting),
            "kinds": every if one.kinds is None else ", ".join(sorted(one.kinds)) or "–",
            "forms_of_assistance": every
            if one.forms is None
            else ", ".join(gettext(label(form)) for form in sorted(one.forms)) or "–",
        }
        fields = cls.base_fields
        return [(str(fields[n].label).replace(" (MiB)", ""), v) for n, v in values.items()]


def _grouped(number: int) -> str:
    return str(number_format(number, force_grouping=True))


def _kinds_shown(kinds: frozenset[str] | None) -> str:
    """The ceiling on kinds as the form's field has it."""
    if kinds is None:
        return ""
    return " ".join(sorted(kinds)) or NONE_AT_ALL
