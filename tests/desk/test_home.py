# SPDX-License-Identifier: Apache-2.0
"""The desk shows each officer what waits for that officer, and leads back to drafts."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.accounts import queries as accounts
from comity.accounts import services as drafts
from comity.accounts.permissions import Role
from comity.agreements import services
from comity.agreements.records import ProposalKind
from tests.agreements.conftest import small_register
from tests.support.node_register import AGREEMENT, MONDAY, confirmation_draft
from tests.support.officers import registered, sign_in

__all__ = ["small_register"]
pytestmark = [pytest.mark.db, pytest.mark.django_db]
QUERIES_OF_A_DESK = 10
CLAIM = {
    "event": "in-force",
    "date": "2024-03-01",
    "confidence": "low",
    "source": {"title": "Made-up official journal", "read_on": "2026-03-02"},
}


@pytest.fixture
def desk(client):
    """The text of an officer's desk."""

    def shown(officer) -> str:
        return sign_in(client, officer).get("/").content.decode()

    return shown


def test_a_drafted_confirmation_waits_for_the_adviser_and_not_for_its_author(desk, small_register):
    custodian = registered(Role.TREATY_CUSTODIAN)
    adviser = registered(Role.LEGAL_ADVISER)
    record = services.draft_confirmation(confirmation_draft(), by=custodian, at=MONDAY)

    assert record.reference in desk(adviser)
    assert record.reference not in desk(custodian)


def test_an_open_proposal_waits_for_those_who_may_decide_and_did_not_make_it(desk, small_register):
    author = registered(Role.TREATY_CUSTODIAN)
    other = registered(Role.TREATY_CUSTODIAN, name="another")
    record = services.propose(
        ProposalKind.CLAIM, AGREEMENT, CLAIM, grounds="Read.", by=author, at=MONDAY
    )

    assert record.reference in desk(other)
    assert record.reference not in desk(author)
    assert record.reference not in desk(registered(Role.CASE_OFFICER))


def test_an_empty_desk_says_why_it_is_empty(desk):
    assert "Nothing waits for you" in desk(registered(Role.CASE_OFFICER))


def test_a_draft_leads_back_to_the_page_of_its_form(desk):
    officer = registered(Role.ADMINISTRATOR)
    drafts.save_draft(officer, "administration/officers/register", {"name": ["A. Rivers"]})
    drafts.save_draft(officer, "no/such/page", {"name": ["x"]})

    shown = desk(officer)

    assert 'href="/administration/officers/register/"' in shown
    assert 'href="/no/such/page/"' not in shown
    assert "A. Rivers" not in shown


def test_an_accepted_form_forgets_its_draft_and_a_refused_one_keeps_it(client):
    officer = registered(Role.ADMINISTRATOR)
    browser, key = sign_in(client, officer), "administration/officers/register"
    drafts.save_draft(officer, key, {"display_name": ["A. Rivers"]})

    browser.post(f"/{key}/", {"draft_key": key, "display_name": ""})
    kept = accounts.draft(officer, key)
    browser.post("/language/", {"draft_key": key, "language": "fr", "next": "/"})

    assert kept is not None
    assert accounts.draft(officer, key) is None


def test_a_desk_costs_few_queries(client, small_register):
    browser = sign_in(client, registered(Role.TREATY_CUSTODIAN))
    browser.get("/")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        browser.get("/")

    assert len(queries) <= QUERIES_OF_A_DESK, [q["sql"][:80] for q in queries]


def test_the_page_of_components_is_for_training_only(client):
    browser = sign_in(client, registered(Role.CASE_OFFICER))

    assert browser.get("/desk/components/").status_code == 404


def test_a_refused_page_says_what_stood_in_the_way(client):
    browser = sign_in(client, registered(Role.CASE_OFFICER))

    refused = browser.get("/administration/node/")
    missing = browser.get("/no/such/page/")

    assert refused.status_code == 403
    assert b"permission-missing" in refused.content
    assert missing.status_code == 404
    assert b"no-such-page" in missing.content
    assert b"To open /no/such/page/" in missing.content


def test_the_nodes_page_shows_settings_and_no_secret(client, settings):
    browser = sign_in(client, registered(Role.ADMINISTRATOR))

    shown = browser.get("/administration/node/").content.decode()

    assert "COMITY_HOME" in shown
    assert settings.SECRET_KEY not in shown
