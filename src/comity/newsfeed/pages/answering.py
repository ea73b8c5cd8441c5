# SPDX-License-Identifier: Apache-2.0
"""What the newsfeed's pages have in common: pages by key, an obstacle in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict, TypeVar

from django.forms import Form
from django.http import QueryDict
from django.utils.translation import get_language, gettext

from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.permissions import (
    ROLE_NAMES,
    Permission,
    PermissionMissingError,
    roles_with,
)
from comity.agreements.keyset import Page
from comity.catalogues import said
from comity.errors import ComityError
from comity.reference.countries import countries

Done = TypeVar("Done")


class Keys(TypedDict):
    """The key after which, or before which, a list goes on."""

    after: str
    before: str


def keys(asked: QueryDict) -> Keys:
    """The key from which a list goes on, as the address has it."""
    return Keys(after=asked.get("after", ""), before=asked.get("before", ""))


def beside(asked: QueryDict, page: Page[Any]) -> dict[str, str]:
    """The addresses of the pages beside this one, with the same conditions."""
    kept = asked.copy()
    for name in ("after", "before", "card"):
        kept.pop(name, None)
    found = {}
    for place, name, key in (("newer", "before", page.newer), ("older", "after", page.older)):
        if key:
            query = kept.copy()
            query[name] = key
            found[place] = f"?{query.urlencode()}"
    return found


def in_words(error: ComityError) -> str:
    """The obstacle and the next act, in the reader's language."""
    language = get_language() or "en"
    texts = (said(text, error.fields, language) for text in (error.message, error.remedy))
    return " ".join(filter(None, texts))


def parties_suggested() -> dict[str, Any]:
    """What a field for a country or union suggests. Any: pairs for the template."""
    french = (get_language() or "en").startswith("fr")
    named = [(c.code, c.name_fr if french else c.name) for c in countries().values()]
    return {"suggested_parties": named}


def attempted(form: Form, act: Callable[[], Done]) -> Done | None:
    """Do the act; an obstacle is said in the form, so that nothing typed is lost.

    A missing permission and an edit of an outdated version are not the form's to answer.
    """
    try:
        return act()
    except (PermissionMissingError, ChangedMeanwhileError):
        raise
    except ComityError as error:
        form.add_error(None, in_words(error))
        return None


def holders(permission: Permission) -> str:
    """The roles that carry a permission, as a list in words."""
    return ", ".join(gettext(ROLE_NAMES[role]) for role in roles_with(permission))
