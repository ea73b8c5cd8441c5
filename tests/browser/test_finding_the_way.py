# SPDX-License-Identifier: Apache-2.0
"""Every page is two clicks from any page; what belongs to one object is one click further."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.browser import routes

ONE_THING = ("mfa_",)
"""Names of pages that belong to one thing, though their address has no parts: the factors."""

OF_OTHER_THINGS = {"evidence:register"}
"""Names of pages that list other things at each of their addresses."""

NOT_LINKED = {
    "desk:components": "for those who build pages",
    "agreements:work-on": "a row of the custodian's list, for a draft to come back to",
    "mfa_list_webauthn": "linked once the officer has a passkey",
}

PAGES = [r for r in routes.pages() if r.role and r.name not in NOT_LINKED]


def names_linked_from(page: Page, path: str) -> list[tuple[str, str]]:
    """The names of the pages that this page links to, each with one address; each register's."""
    html = page.context.request.get(path).text()
    found: dict[str, tuple[str, str]] = {}
    for href in re.findall(r'href="(/[^"#]*)', html):
        address = href.replace("&amp;", "&")
        try:
            name = resolve(urlsplit(address).path).view_name
        except Resolver404:
            continue
        found.setdefault(address if name in OF_OTHER_THINGS else name, (name, address))
    return list(found.values())


@pytest.mark.parametrize("role", sorted({route.role for route in PAGES}))
def test_a_role_reaches_its_pages_from_the_desk(role: str, signed_in: Callable[..., Page]):
    page = signed_in(role)
    reached: dict[int, set[str]] = {}
    asked = {"/"}
    ring = ["/"]
    for clicks in (1, 2, 3):
        links = [link for path in ring for link in names_linked_from(page, path)]
        reached[clicks] = {name for name, _ in links}
        # Two things of a kind, reached from two pages, may be in different states: a message
        # on the desk came in, one on the page of letters waits to be printed.
        ring = list(dict.fromkeys(path for _, path in links if path not in asked))
        asked |= set(ring)

    parts = {name: bool(parts) for name, parts, _ in routes.named()}
    lost = [
        route.name
        for route in PAGES
        if route.role == role
        and route.name not in reached[1] | reached[2]
        and not (_of_one_thing(route.name, parts) and route.name in reached[3])
    ]

    assert lost == []


def _of_one_thing(name: str, parts: dict[str, bool]) -> bool:
    return parts[name] or name.startswith(ONE_THING)
