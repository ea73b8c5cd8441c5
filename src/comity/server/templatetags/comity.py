# SPDX-License-Identifier: Apache-2.0
"""Filters of the components: verdicts as word, icon and tone; form controls in the house's look.

They only choose how something is shown; what it says was decided before.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from comity.agreements.verdict import VERDICT_WORDS, Verdict

register = template.Library()

# Verdict -> (tone, icon): never colour alone.
LOOKS: dict[Verdict, tuple[str, str]] = {
    Verdict.PERMITTED: ("yes", "check_circle"),
    Verdict.PERMITTED_WITH_NOTICE: ("yes-notice", "notifications"),
    Verdict.PERMITTED_UNDER_CONDITIONS: ("yes-conditions", "list"),
    Verdict.PRIOR_CONSENT: ("consent", "mail"),
    Verdict.PERSON_MUST_DECIDE: ("person", "person"),
    Verdict.OTHER_CHANNEL_ONLY: ("channel", "directions"),
    Verdict.PROHIBITED: ("no", "do_not_disturb"),
    Verdict.NO_KNOWN_BASIS: ("unknown", "help"),
    Verdict.NO_LEGAL_BASIS: ("none", "remove_circle"),
}

CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "usa-textarea"),
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.RadioSelect, "usa-radio__input"),
    (forms.CheckboxSelectMultiple, "usa-checkbox__input"),
    (forms.SelectMultiple, "usa-select usa-select--multiple"),
    (forms.Select, "usa-select"),
    (forms.FileInput, "usa-file-control"),
    (forms.widgets.Input, "usa-input"),
)


@register.filter
def verdict_word(code: str) -> str:
    """The verdict in the reader's language."""
    return gettext(VERDICT_WORDS[Verdict(code)])


@register.filter
def verdict_tone(code: str) -> str:
    """The colour class of a verdict."""
    return LOOKS[Verdict(code)][0]


@register.filter
def verdict_icon(code: str) -> str:
    """The icon of a verdict."""
    return LOOKS[Verdict(code)][1]


def _control_class(widget: forms.Widget) -> str:
    return next((name for kind, name in CONTROL_CLASSES if isinstance(widget, kind)), "")


@register.filter
def control(field: BoundField) -> SafeString:
    """The form control in the house's look, marked when its value was refused."""
    widget = field.field.widget
    classes = [_control_class(widget), str(widget.attrs.get("class", ""))]
    if field.errors:
        classes.append("usa-input--error")
    return field.as_widget(attrs={"class": " ".join(c for c in classes if c)})


@register.filter
def control_kind(field: BoundField) -> str:
    """How a field is laid out: `checkbox`, `choices`, `folded`, `hidden` or `control`."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if getattr(widget, "folded", False):
        return "folded"
    if isinstance(widget, forms.RadioSelect):
        return "choices"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "control"


@dataclass(frozen=True, slots=True)
class Family:
    """The check boxes that fold away together."""

    name: str
    """Empty where the list is not divided: the field's own label then stands on the fold."""
    options: list[BoundWidget]
    chosen: int
    open: bool


@register.filter
def families(field: BoundField) -> list[Family]:
    """The check boxes of a folded field by family; open where something is chosen.

    Where a field must be filled in and nothing is chosen yet, its first family stands open.
    """
    options = iter(field.subwidgets)
    listed = list(field.field.widget.choices)
    divided = any(isinstance(inner, (list, tuple)) for _, inner in listed)
    shares = [(name, len(inner)) for name, inner in listed] if divided else [("", len(listed))]
    found = [(name, list(islice(options, count))) for name, count in shares]
    chosen = [sum(option.data["selected"] for option in inner) for _, inner in found]
    waiting = field.field.required and not any(chosen)
    return [
        Family(str(name), inner, count, open=bool(count) or (waiting and place == 0))
        for place, ((name, inner), count) in enumerate(zip(found, chosen, strict=True))
    ]


@register.filter
def option_control(option: BoundWidget) -> SafeString:
    """One choice of a list of radio buttons or check boxes."""
    kind = "checkbox" if option.data["type"] == "checkbox" else "radio"
    option.data["attrs"]["class"] = f"usa-{kind}__input"
    return option.tag()


@register.filter
def option_kind(option: BoundWidget) -> str:
    """`radio` or `checkbox`."""
    return "checkbox" if option.data["type"] == "checkbox" else "radio"
