# SPDX-License-Identifier: Apache-2.0
"""A question as a page repeats it: between whom it is, and field by field."""

from __future__ import annotations

from django.utils.translation import gettext

from comity.agreements.answers import question_document
from comity.agreements.forms.asking import QUESTION_FORMS
from comity.agreements.pages import words
from comity.agreements.question import Question
from comity.agreements.question_reading import kind_of


def parties_of_question(question: Question) -> str:
    """Who asks whom, who holds what from whom: the two administrations of the question."""
    named = [
        getattr(question, name)
        for name in ("asker", "asked", "supplier", "receiver", "holder")
        if hasattr(question, name)
    ]
    if kind_of(question) in ("use", "disclose", "retain"):
        named = named[::-1]
    return " → ".join(words.party_name(code) for code in named)


def question_parts(question: Question) -> list[tuple[str, str]]:
    """The question field by field, as its form labels them."""
    form = QUESTION_FORMS[kind_of(question)]()
    parts = []
    for name, value in question_document(question).items():
        if name in form.fields and value not in (None, "", [], False):
            parts.append((str(form.fields[name].label), _value(value)))
    return parts


def _value(value: object) -> str:
    if value is True:
        return gettext("yes")
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value)
    text = str(value)
    return words.words_of(text) if text.isupper() and len(text) > 3 else text
