# SPDX-License-Identifier: Apache-2.0
"""How a page answers: an obstacle in words, an act that may meet one, pages of a list by key.

Shared by the pages of every capability; what a page shows is its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypedDict, TypeVar

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
from comity.catalogues import said
from comity.errors import ComityError

Done = TypeVar("Done")


class Keys(TypedDict):
    """The key after which, or before which, a list goes on."""

    after: str
    before: str


class Paged(Protocol):
    """A page of a list that knows the keys of the pages beside it; empty where there is none."""

    @property
    def newer(self) -> str:
        """The key of the page before."""

    @property
    def older(self) -> str:
        """The key of the page after."""


def language() -> str:
    """The reader's language as the catalogues name it."""
    return (get_language() or "en").partition("-")[0]


def in_words(error: ComityError) -> str:
    """The obstacle and the next act, in the reader's language."""
    texts = (said(text, error.fields, language()) for text in (error.message, error.remedy))
    return " ".join(filter(None, texts))


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


def keys(asked: QueryDict) -> Keys:
    """The key from which a list goes on, as the address has it."""
    return Keys(after=asked.get("after", ""), before=asked.get("before", ""))


def beside(asked: QueryDict, page: Paged, *, without: str = "") -> dict[str, str]:
    """The addresses of the pages beside this one, with the same conditions but `without`."""
    kept = asked.copy()
    for name in ("after", "before", without):
        kept.pop(name, None)
    found = {}
    for place, name, key in (("newer", "before", page.newer), ("older", "after", page.older)):
        if key:
            query = kept.copy()
            query[name] = key
            found[place] = f"?{query.urlencode()}"
    return found
