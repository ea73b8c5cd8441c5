# SPDX-License-Identifier: Apache-2.0
"""What every page shows around its content: node, officer, menu, languages, notices.

One context processor, `frame`. It reads the officer at most once per page and touches no other
table; a page without a signed-in officer gets the same frame with no menu.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi

from comity.accounts.officer import Officer
from comity.accounts.permissions import ROLE_NAMES
from comity.accounts.queries import officer_of
from comity.catalogues import LANGUAGES
from comity.reference.countries import country_name
from comity.server.menu import MENU, Group


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the menu as this page shows it."""

    label: str
    url: str
    about: str
    current: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One group of the menu as this page shows it."""

    label: str
    icon: str
    lines: tuple[Line, ...]
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page. Texts are catalogue keys; templates translate them."""

    node: str
    administration: str
    training: bool
    accent: str
    version: str
    officer: Officer | None
    roles: tuple[str, ...]
    menu: tuple[Section, ...]
    languages: dict[str, str]
    language: str
    right_to_left: bool
    machine_translated: bool
    search: str


def frame(request: HttpRequest) -> dict[str, object]:
    """The frame of this request's page, worked out when the template first asks for it."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> Frame:
    user = getattr(request, "user", None)
    officer = officer_of(user) if user is not None and user.is_authenticated else None
    environment = settings.ENVIRONMENT
    language = get_language() or "en"
    return Frame(
        node=environment.node_name or "Comity",
        administration=country_name(environment.administration, language),
        training=environment.training,
        accent=environment.accent,
        version=_version(),
        officer=officer,
        roles=tuple(ROLE_NAMES[role] for role in officer.ordered_roles) if officer else (),
        menu=_menu(officer, request.path) if officer else (),
        languages=LANGUAGES,
        language=language,
        right_to_left=get_language_bidi(),
        machine_translated=_machine_translated(language),
        search=_address("desk:search"),
    )


@cache
def _version() -> str:
    return version("comity")


@cache
def _machine_translated(language: str) -> bool:
    from comity.catalogues import unreviewed

    return unreviewed(language) > 0


def _menu(officer: Officer, path: str) -> tuple[Section, ...]:
    """The groups with at least one page that this officer may open."""
    sections = (_section(group, officer, path) for group in MENU)
    return tuple(section for section in sections if section.lines)


def _section(group: Group, officer: Officer, path: str) -> Section:
    pages = [
        (entry, _address(entry.page))
        for entry in group.entries
        if entry.permission is None or officer.may(entry.permission)
    ]
    pages = [(entry, url) for entry, url in pages if url]
    here = _nearest([url for _, url in pages], path)
    lines = tuple(Line(entry.label, url, entry.about, url == here) for entry, url in pages)
    return Section(group.label, group.icon, lines, current=bool(here))


def _nearest(urls: list[str], path: str) -> str:
    """The menu's page that this path lies under: the longest that begins it."""
    inside = [url for url in urls if url == path or (url != "/" and path.startswith(url))]
    return max(inside, key=len, default="")


def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
