# SPDX-License-Identifier: Apache-2.0
"""The page that lists a bundle: what it shows, what it keeps to itself, and that nothing runs."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from comity.evidence import verify
from comity.evidence.bundle_index import POLICY, STYLE, index_page
from comity.evidence.package import Package, PackageKind
from tests.support.evidence_packages import Made, a_package


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def made() -> Made:
    def for_court(package: Package) -> Package:
        first = package.items[0]
        listed = replace(first.listed, first_page=4, pages=2)
        items = (replace(first, listed=listed), *package.items[1:])
        changed = replace(
            package, kind=PackageKind.COURT, recipient="<b>Court</b> of Northland", items=items
        )
        others = {**changed.others, "index.html": index_page(changed, "en")}
        return replace(changed, others=others)

    return a_package(change=for_court)


@pytest.fixture(scope="module")
def index(made: Made) -> Page:
    return Page(index_page(made.package, "en"))


def test_the_index_travels_under_the_seal_and_a_changed_one_fails(made: Made) -> None:
    file = made.write()
    assert verify.verify(io.BytesIO(file)).holds

    changed = file.replace(b"Index of the bundle", b"Index of the fumble")

    assert not verify.verify(io.BytesIO(changed)).holds


def test_every_link_leads_to_a_member_of_the_package(made: Made, index: Page) -> None:
    links = [str(each["href"]) for each in index.all("a")]

    assert len(links) == len(set(links)) > 6
    assert set(links) <= set(made.package.files())


def test_nothing_runs_and_nothing_is_loaded(index: Page) -> None:
    policy = [e["content"] for e in index.all("meta") if e.get("http-equiv")]

    assert policy == [POLICY]
    assert POLICY.startswith("default-src 'none'; style-src 'sha256-")
    assert not {"script", "img", "link", "iframe", "form"} & {tag for tag, _ in index.elements}
    assert not [a for _, a in index.elements if "style" in a or any(n[:2] == "on" for n in a)]
    assert "url(" not in STYLE


def test_it_is_a_table_that_everybody_can_follow(index: Page) -> None:
    scopes = [each.get("scope") for each in index.all("th")]
    region = index.all("div")[0]

    assert index.all("html") == [{"lang": "en"}]
    assert len(index.all("main")) == len(index.all("h1")) == len(index.all("caption")) == 1
    assert scopes == ["col"] * 7 + ["row"] * 3
    assert (region["role"], region["tabindex"], bool(region["aria-label"])) == ("region", "0", True)


def test_what_is_withheld_stands_with_its_reason_and_nothing_of_it_is_told(
    made: Made, index: Page
) -> None:
    withheld = made.package.items[1]
    shown = re.sub(r"\s+", " ", index.text)

    assert "Page 2 – data of a person who is not concerned" in shown
    assert "4–5" in shown
    assert "<b>Court</b> of Northland" in shown  # as text, never as markup
    assert not index.all("b")
    digest = next(iter(made.package.items[0].fields.values()))["content/digest"]
    assert str(digest) in shown
    assert "content/digest" not in next(iter(withheld.fields.values()))


def test_it_speaks_the_language_of_the_bundle(made: Made) -> None:
    assert Page(index_page(made.package, "fr")).all("html") == [{"lang": "fr"}]
