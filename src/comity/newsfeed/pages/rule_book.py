# SPDX-License-Identifier: Apache-2.0
"""The rules of reading as a page: what each takes for what, its phrases, its examples."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from comity.accounts.permissions import Permission
from comity.accounts.services import officer_page
from comity.newsfeed.announcement import TYPE_WORDS
from comity.newsfeed.extraction.rules import Example, Rule, families, rules_of
from comity.newsfeed.pages.signs import confidence_sign, language
from comity.newsfeed.sayings import event_words


@cache
def _rules() -> dict[str, Rule]:
    return {rule.code: rule for family in families() for rule in rules_of(family)}


def rule_of(code: str) -> Rule | None:
    """The rule of this code; None for one that an earlier edition of the rules had."""
    return _rules().get(code)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def rules(request: HttpRequest) -> HttpResponse:
    context = {"groups": [_group(family) for family in families() if rules_of(family)]}
    return render(request, "newsfeed/rules.html", context)


def _group(family: str) -> dict[str, Any]:
    """The rules of one family under the name of what they announce. Any: for the template."""
    found = rules_of(family)
    return {
        "family": family,
        "title": gettext(TYPE_WORDS[found[0].type]),
        "rules": [_view(rule) for rule in found],
    }


def translated(says: str) -> dict[str, str]:
    """The sentence of a rule, and the language it is in where that is not the reader's."""
    words = gettext(says)
    return {"says": words, "lang": "en" if words == says and language() != "en" else ""}


def _view(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        **translated(rule.says),
        "event": event_words(rule.event, language()).capitalize() if rule.event else "",
        "confidence": confidence_sign(rule.confidence),
        "phrases": rule.phrases,
        "unless": rule.unless,
        "examples": [_example(example) for example in rule.examples],
    }


def _example(example: Example) -> dict[str, Any]:
    """A sentence and what is read from it, fact by fact."""
    return {
        "text": example.text,
        "published": example.published,
        "gives": [
            ", ".join(f"{name}: {_value(value)}" for name, value in gives.items())
            for gives in example.gives
        ],
    }


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
