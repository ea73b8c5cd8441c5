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

NOT_LINKED = {
    "desk:components": "for those who build pages",
    "agreements:work-on": "a row of the custodian's list, for a draft to come back to",
    "mfa_list_webauthn": "linked once the officer has a passkey",
}

PAGES = [r for r in routes.pages() if r.role and r.name not in NOT_LINKED]


def names_linked_from(page: Page, path: str) -> dict[str, str]:
    """The names of the pages that this page links to, each with one address."""
    html = page.context.request.get(path).text()
    found = {}
    for href in re.findall(r'href="(/[^"#]*)', html):
        address = urlsplit(href.replace("&amp;", "&"))
        try:
            found.setdefault(resolve(address.path).view_name, href.replace("&amp;", "&"))
        except Resolver404:
            continue
    return found


@pytest.mark.parametrize("role", sorted({route.role for route in PAGES}))
def test_a_role_reaches_its_pages_from_the_desk(role: str, signed_in: Callable[..., Page]):
    page = signed_in(role)
    reached: dict[int, set[str]] = {}
    asked = {"/"}
    ring = ["/"]
    for clicks in (1, 2, 3):
        links = [link for path in ring for link in names_linked_from(page, path).items()]
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
