# SPDX-License-Identifier: Apache-2.0
"""Building a bundle on the pages: at once, as an order, its file again; a draft before sealing."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from comity.accounts.officer import Officer
from comity.accounts.permissions import Role
from comity.evidence import verify
from comity.evidence.queries.packages import packages
from comity.evidence.services import packing_orders
from tests.agreements.conftest import browser_of, officer, quick_passwords
from tests.evidence.pages.test_pages import OURS, sent, shown
from tests.support.evidence import a_case, an_item
from tests.support.exchange import NOON

__all__ = ["browser_of", "officer", "quick_passwords"]
pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("northland")]
ROLES = (Role.UNIT_HEAD, Role.EVIDENCE_CUSTODIAN)
BUNDLE = {
    "goes_to": "COURT",
    "named": "District court",
    "purpose": "CRIMINAL_EVIDENCE",
    "proceeding": "criminal",
    "act": "build",
}


@pytest.fixture
def item(stop_time: Callable[..., object], officer: Callable[..., Officer]) -> str:
    stop_time(NOON.year, NOON.month, NOON.day, NOON.hour, 15)
    reference = an_item(title="Ledger of the broker", channel=OURS, at=NOON).reference
    from comity.evidence.services.stating import certify

    certify([reference], by=officer(*ROLES), at=NOON)
    return reference


def built(browser: Client, item: str, **asked: str) -> str:
    """Where the builder leads to."""
    answer = sent(browser, "pack", item=item, **{f"take-{item}": "on"}, **BUNDLE | asked)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_small_bundle_is_there_at_once_and_saved_again_by_its_officer_alone(item, browser_of):
    browser = browser_of(*ROLES)

    place = built(browser, item)

    assert "Save the package" in browser.get(place).content.decode()
    twice = [built(browser, item, form_key="drawn-for-this-form") for _ in range(2)]
    assert twice[0] == twice[1] != place
    assert 'name="form_key" value="' in shown(browser, "pack", item=item)
    other = browser_of(Role.APPROVING_OFFICER)
    assert "Save the package" not in other.get(place).content.decode()
    assert other.post(f"{place}file/").status_code == 404
    for _ in range(2):
        saved = browser.post(f"{place}file/")
        assert saved["Content-Disposition"].endswith('.asice"')
        assert verify.verify(io.BytesIO(b"".join(saved.streaming_content))).holds


def test_who_uses_an_item_packs_it_for_a_court_and_for_no_partner(item, browser_of):
    browser = browser_of(Role.CASE_OFFICER)
    others = an_item(case=a_case(), channel=OURS, at=NOON).reference

    page = shown(browser, "pack", item=item)
    theirs = {**BUNDLE, "goes_to": "partner", "partner": "XS", f"take-{item}": "on", "item": item}

    assert "Pack it" in shown(browser, "item", item)
    assert 'value="COURT"' in page
    assert 'value="partner"' not in page
    assert 'value="DEFENCE"' not in page
    assert "Select a valid choice" in sent(browser, "pack", **theirs).content.decode()
    assert browser.get(reverse("evidence:pack"), {"item": others}).status_code == 404
    assert browser.get(reverse("evidence:pack"), {"case": "CASE-2026-7"}).status_code == 404
    assert "Save the package" in browser.get(built(browser, item)).content.decode()


def test_a_bundle_that_waits_for_a_witness_is_ordered_and_says_how_far_it_has_come(
    item, browser_of
):
    browser = browser_of(*ROLES)
    asked = {"item": item, f"take-{item}": "on", **BUNDLE, "act": "ask"}
    assert (
        "No partner has witnessed our journal yet"
        in sent(browser, "pack", **asked).content.decode()
    )

    place = built(browser, item, wait="60")
    waiting = browser.get(place).content.decode()
    packing_orders.carry_out_as_job(place.rstrip("/").rpartition("/")[2], at=NOON)
    done = browser.get(place).content.decode()

    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert "waits for the worker" in waiting
    assert "It is whole, sealed and verified." in done
    assert 'http-equiv="refresh"' not in done
    assert browser_of(Role.APPROVING_OFFICER).get(place).status_code == 404


def test_an_order_that_fails_says_why_on_its_page_and_among_the_packages(
    northland, stop_time, browser_of
):
    stop_time(NOON.year, NOON.month, NOON.day, NOON.hour, 15)
    bare = an_item(channel=OURS, at=NOON).reference
    browser = browser_of(*ROLES)

    place = built(browser, bare, wait="60")
    packing_orders.carry_out_as_job(place.rstrip("/").rpartition("/")[2], at=NOON)

    assert f"{bare} was not packed: nobody has certified it." in browser.get(place).content.decode()
    assert "not packed" in shown(browser, "packages")


def test_a_bundle_takes_certified_copies_along_that_are_made_for_its_forum(item, browser_of):
    browser = browser_of(*ROLES)
    signed = {"official": "N. Keeper", "capacity": "custodian", "copy_language": "en"}

    place = built(browser, item, copies="wco", second="fr", **signed)
    packing_orders.carry_out_as_job(place.rstrip("/").rpartition("/")[2], at=NOON)

    (made,) = packages().rows
    package = reverse("evidence:package", args=[made.reference])
    saved = io.BytesIO(b"".join(browser.post(f"{package}file/").streaming_content))
    assert verify.Container(saved).read("items/0001/copy.pdf").startswith(b"%PDF")


def test_a_certificate_is_seen_as_a_draft_and_nothing_is_sealed(item, browser_of):
    from comity.evidence.queries.certified_copies import certified_copies_of

    given = {"profile": "wco", "language": "en", "name": "N. Keeper", "capacity": "custodian"}
    place = reverse("evidence:certify", args=[item])
    seen = browser_of(*ROLES).post(place, given | {"act": "draft"}).content.decode()

    assert "Draft: not sealed" in seen
    assert seen.count('src="data:image/png;base64,') >= 1
    assert certified_copies_of(item) == ()
