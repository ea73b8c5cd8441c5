# SPDX-License-Identifier: Apache-2.0
"""The newsfeed's pages: who opens them, how a card is decided, and that hostile text stays text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comity.accounts.permissions import PERMISSIONS, Permission, Role
from comity.agreements import queries as agreements
from comity.newsfeed import queries, services
from comity.newsfeed.announcement import AnnouncedEvent, Announcement
from comity.newsfeed.article import Article
from comity.newsfeed.records import SourceDraft
from tests.agreements.conftest import browser_of, officer, quick_passwords, shipped_register
from tests.support.news import (
    SIGNED_WITH_UZBEKISTAN,
    SIGNED_WITH_VANUATU,
    UZBEKISTAN,
    VANUATU,
    release,
    signature,
)
from tests.support.node_register import MONDAY, TUESDAY
from tests.support.officers import journal_acts

__all__ = ["browser_of", "officer", "quick_passwords", "shipped_register"]
pytestmark = [pytest.mark.db, pytest.mark.django_db]

ADVISER, CLERK, CUSTODIAN = Role.LEGAL_ADVISER, Role.CASE_OFFICER, Role.TREATY_CUSTODIAN
SOURCE = "northland-press"
HOSTILE = "<script>alert(1)</script> & <img src=x onerror=alert(2)>"
Taken = Callable[..., None]


@pytest.fixture
def taken(shipped_register, officer, monkeypatch) -> Taken:
    """Take releases in, of which we say what they announce: the extraction has its own tests."""
    services.add_source(
        SourceDraft(
            SOURCE, "Northland press", "https://press.northland.example/feed", "US",
            licence="Open Northland licence",
        ),
        by=officer(CUSTODIAN),
        at=MONDAY,
    )  # fmt: skip
    known: dict[str, tuple[AnnouncedEvent, ...]] = {}
    monkeypatch.setattr(
        "comity.newsfeed.services.taking.extract",
        lambda article: Announcement(article, known.get(article.digest, ())),
    )

    def take(article: Article, *events: AnnouncedEvent, at=MONDAY, source: str = SOURCE) -> None:
        known[article.digest] = events
        services.take_in([article], source, at)

    return take


@pytest.fixture
def both(taken):
    """Two cards wait: a conflict on Uzbekistan, then the newer, a new instrument with Vanuatu."""
    taken(UZBEKISTAN, SIGNED_WITH_UZBEKISTAN)
    taken(VANUATU, SIGNED_WITH_VANUATU)
    return [card.reference for card in queries.cards().rows]


def shown(browser: Client, name: str, *parts: str, **asked: str) -> str:
    answer = browser.get(reverse(f"newsfeed:{name}", args=parts), asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def latest(place: int = 0) -> str:
    """The reference of the newest release."""
    return queries.releases().rows[place].reference


# Who opens what

READ_BY_ALL = ("proposals", "archive", "sources", "published", "rules")
ADMINISTERED = ("add-source", "read")


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_the_pages_of_its_permissions_and_no_others(role, browser_of, both):
    browser = browser_of(role)
    administers = 200 if role in PERMISSIONS[Permission.ADMINISTER_NEWS_SOURCES] else 403
    expected = {reverse(f"newsfeed:{name}"): 200 for name in READ_BY_ALL}
    expected |= {reverse(f"newsfeed:{name}"): administers for name in ADMINISTERED}
    expected[reverse("newsfeed:change-source", args=[SOURCE])] = administers
    expected[reverse("newsfeed:proposal", args=[both[0]])] = 200
    expected[reverse("newsfeed:release", args=[latest()])] = 200

    answers = {url: browser.get(url).status_code for url in expected}

    assert answers == expected


def test_nobody_signed_in_reads_our_feeds_only(client, both):
    for name in (*READ_BY_ALL, *ADMINISTERED):
        assert client.get(reverse(f"newsfeed:{name}")).status_code == 302
    for name in ("feed-rss", "feed-json"):
        assert client.get(reverse(f"newsfeed:{name}")).status_code == 200


def test_an_unknown_card_or_release_is_said_to_be_unknown(browser_of, taken):
    browser = browser_of(ADVISER)

    for name in ("proposal", "release"):
        assert browser.get(reverse(f"newsfeed:{name}", args=["XXX-00009"])).status_code == 404


# Cards


def test_a_card_shows_what_would_change_and_the_words_it_was_read_from(browser_of, both):
    text = shown(browser_of(ADVISER), "proposals")

    assert "Vanuatu" in text
    assert "New instrument" in text
    assert 'class="mark mark--1' in text
    assert "Notes for editors" not in text
    assert "Mutual recognition arrangement" in text
    assert "licence: Open Northland licence" in text
    assert "27 February 2026" in text
    assert "2 cards wait" in text


def test_a_conflict_shows_the_claims_of_the_register_beside_the_announcement(browser_of, both):
    text = shown(browser_of(ADVISER), "proposals", card=both[1])

    assert "Conflict between sources" in text
    assert "Beside what the register says" in text
    assert "(this announcement)" in text
    assert "13 August 2024" in text
    assert "sources disagree" in text


def test_a_card_of_its_own_shows_the_whole_release_and_where_it_leads(browser_of, both):
    text = shown(browser_of(CLERK), "proposal", both[1])

    assert "Notes for editors" not in text
    assert reverse("agreements:instrument", args=["us-uz-2024"]) in text
    assert reverse("agreements:proposal", args=[queries.card(both[1]).proposal.reference]) in text
    assert "Notes for editors" in shown(browser_of(CLERK), "proposal", both[0])


def test_a_proposal_of_the_register_leads_to_its_card(browser_of, both):
    browser, proposal = browser_of(CLERK), queries.card(both[0]).proposal.reference

    page = browser.get(reverse("agreements:proposal", args=[proposal])).content.decode()
    [link] = re.findall(r'href="(/news/proposals/of/[^"]*)"', page)

    assert browser.get(link)["Location"] == reverse("newsfeed:proposal", args=both[:1])
    nowhere = reverse("newsfeed:of-register", args=["PRP-99999"])
    assert browser.get(nowhere).status_code == 404


def test_who_may_not_decide_reads_why_instead_of_a_form(browser_of, both):
    text = shown(browser_of(CLERK), "proposals")

    assert reverse("newsfeed:decide", args=[both[0]]) not in text
    assert "is for these roles: unit head, legal adviser, treaty custodian" in text
    answer = browser_of(CLERK).post(
        reverse("newsfeed:decide", args=[both[0]]), {"decision": "accept"}
    )
    assert answer.status_code == 403


def decided(browser: Client, page: str, card: str, decision: str, **more: str) -> object:
    """Press a button of the form that stands on this page."""
    hidden = re.findall(r'<input type="hidden" name="(version|back)" value="([^"]*)"', page)
    given = {name: value.replace("&amp;", "&") for name, value in hidden}
    return browser.post(
        reverse("newsfeed:decide", args=[card]), given | {"decision": decision} | more
    )


def test_accepting_changes_the_register_and_leads_to_the_next_card(browser_of, both, stop_time):
    stop_time(2026, 3, 3, 9)
    browser = browser_of(ADVISER)

    answer = decided(browser, shown(browser, "proposals"), both[0], "accept")
    following = browser.get(answer["Location"])

    assert following.context["card"]["reference"] == both[1]
    assert "is accepted" in following.content.decode()
    card = queries.card(both[0])
    assert card.change.instrument in agreements.register().instruments
    assert card.public is None
    assert "change-accepted" in [act for act, _, _ in journal_acts()]


def test_after_the_last_card_nothing_waits(browser_of, both, stop_time):
    stop_time(2026, 3, 3, 9)
    browser = browser_of(ADVISER)
    for card in both:
        page = shown(browser, "proposals", card=card)
        answer = decided(browser, page, card, "reject", reason="Read wrongly.")

    last = browser.get(answer["Location"]).content.decode()

    assert "Nothing waits" in last
    assert "Read wrongly." in shown(browser, "proposal", both[0])
    assert "Rejected" in shown(browser, "proposals", state="rejected")


def test_rejecting_needs_a_reason_and_the_card_stays(browser_of, both):
    browser = browser_of(ADVISER)
    page = shown(browser, "proposals", card=both[1])

    answer = decided(browser, page, both[1], "reject", public="yes")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "needs a reason" in text
    assert answer.context["card"]["reference"] == both[1]
    assert 'name="public" value="yes" checked' in text


def test_two_who_decide_at_the_same_time_do_not_decide_twice(browser_of, both, stop_time):
    stop_time(2026, 3, 3, 9)
    browser = browser_of(ADVISER)
    page = shown(browser, "proposals")
    decided(browser, page, both[0], "reject", reason="Read wrongly.")

    answer = decided(browser, page, both[0], "accept")

    assert answer.status_code in (409, 412)
    assert queries.card(both[0]).state == "rejected"


def test_where_a_decision_leads_is_never_another_site(browser_of, both, stop_time):
    stop_time(2026, 3, 3, 9)
    browser = browser_of(ADVISER)
    given = {"decision": "reject", "reason": "No.", "back": "//evil.example/?state=open"}

    answer = browser.post(reverse("newsfeed:decide", args=[both[0]]), given)

    assert answer["Location"].startswith("/news/proposals/?")


def test_cards_are_narrowed_by_state_change_country_and_source(browser_of, both):
    browser = browser_of(CLERK)

    def found(**asked: str) -> list[str]:
        answer = browser.get(reverse("newsfeed:proposals"), asked)
        return [row["url"].rpartition("=")[2] for row in answer.context["rows"]]

    assert found() == both
    assert found(state="all") == both
    assert found(state="accepted") == []
    assert found(change="conflict") == [both[1]]
    assert found(country="vu") == [both[0]]
    assert found(country="FR") == []
    assert found(source=SOURCE) == both
    assert found(source="no-such-source") == both


def test_the_queue_takes_the_same_number_of_queries_however_long(browser_of, taken):
    browser = browser_of(ADVISER)
    taken(UZBEKISTAN, SIGNED_WITH_UZBEKISTAN)
    shown(browser, "proposals")
    with CaptureQueriesContext(connection) as few:
        shown(browser, "proposals")
    taken(VANUATU, SIGNED_WITH_VANUATU)
    with CaptureQueriesContext(connection) as more:
        shown(browser, "proposals")

    assert len(more) == len(few)
    assert len(more) <= 20


def test_further_evidence_that_is_gone_says_so(browser_of, taken, officer):
    south = SourceDraft("southland-press", "Southland press", "")
    services.add_source(south, by=officer(CUSTODIAN), at=MONDAY)
    taken(VANUATU, SIGNED_WITH_VANUATU)
    taken(replace(VANUATU, guid="south-1"), SIGNED_WITH_VANUATU, source=south.code)
    browser = browser_of(ADVISER)
    assert "Also announced by" in shown(browser, "proposals")
    assert "a later edition no longer says it" not in shown(browser, "proposals")

    taken(release("Nothing was signed.", "A slip.", guid="south-1"), source=south.code, at=TUESDAY)

    assert "a later edition no longer says it" in shown(browser, "proposals")


def test_an_edited_release_says_what_is_different(browser_of, taken):
    taken(VANUATU, SIGNED_WITH_VANUATU)
    corrected = release(
        VANUATU.title,
        "PORT VILA — The United States and Vanuatu did not sign anything.",
        "Notes for editors follow.",
        guid=VANUATU.guid,
    )
    taken(corrected, at=TUESDAY)
    browser = browser_of(ADVISER)

    record = queries.release(latest())
    text = shown(browser, "release", record.reference)

    assert '<del><span class="usa-sr-only">removed: </span>' in text
    assert '<ins><span class="usa-sr-only">added: </span>' in text
    assert "no longer announced" in text
    assert "no longer says this" in shown(browser, "proposals")
    assert "A later edition of this release is kept" in shown(
        browser, "release", record.editions[0].reference
    )


# Hostile releases


def test_hostile_text_is_shown_as_text_on_every_page(browser_of, taken):
    hostile = release(
        HOSTILE,
        f"{HOSTILE} The United States and Vanuatu signed an agreement on 26 February 2026.",
        link="javascript:alert(3)",
        licence=HOSTILE,
    )
    event = signature(
        hostile,
        hostile.text.partition("\n")[2],
        parties=(("US", "The United States"), ("VU", "Vanuatu")),
        day=("2026-02-26", f"{HOSTILE} The United States"),
    )
    taken(hostile, event)
    browser, card = browser_of(CUSTODIAN), queries.cards().rows[0].reference
    pages = [
        shown(browser, "proposals"),
        shown(browser, "proposal", card),
        shown(browser, "archive"),
        shown(browser, "archive", words="<script>alert(1)</script>"),
        shown(browser, "release", latest()),
    ]

    for text in pages:
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript:' not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[0]


def test_hostile_text_is_text_in_what_would_be_read(browser_of, taken):
    given = {"act": "show", "source": SOURCE, "text": f"{HOSTILE}\n{HOSTILE}",
             "link": "javascript:alert(3)"}  # fmt: skip
    browser = browser_of(CUSTODIAN)

    refused = browser.post(reverse("newsfeed:read"), given)
    read = browser.post(reverse("newsfeed:read"), given | {"link": ""})

    for answer in (refused, read):
        assert "<script>alert" not in answer.content.decode()
        assert 'href="javascript:' not in answer.content.decode()
    assert refused.context["form"].errors["link"]


# The archive


def test_the_archive_is_searched_and_narrowed(browser_of, both):
    browser = browser_of(CLERK)

    def found(**asked: str) -> list[str]:
        answer = browser.get(reverse("newsfeed:archive"), asked)
        return [row["title"] for row in answer.context["rows"]]

    assert found(words="vanuatu") == [VANUATU.title]
    assert found(words="welcoming") == [VANUATU.title]
    assert found(words="nothing of the sort") == []
    assert len(found(type="instrument")) == 2
    assert found(type="seizure") == []
    assert found(country="uz") == [UZBEKISTAN.title]
    assert len(found(since="2026-02-27")) == 2
    assert found(until="2026-02-26") == []


def test_a_release_lists_its_announcements_with_facts_and_places(browser_of, both):
    text = shown(browser_of(CLERK), "release", latest())
    start = VANUATU.text.index("26 February 2026")

    assert "1 Instrument" in text
    assert f"{start}–{start + len('26 February 2026')}" in text
    assert "Proposed as" in text
    assert both[0] in text
    assert '<p class="text__paragraph">Notes for editors follow.' in text


# Sources


def test_sources_are_added_changed_paused_and_switched_on(browser_of, taken):
    browser = browser_of(Role.ADMINISTRATOR)
    given = {"code": "eastland-press", "title": "Eastland press", "url": "https://press.eastland.example/",
             "administration": "fr", "language": "fr", "every_minutes": "120"}  # fmt: skip

    added = browser.post(reverse("newsfeed:add-source"), given)
    again = browser.post(reverse("newsfeed:add-source"), given)
    changed = browser.post(
        reverse("newsfeed:change-source", args=["eastland-press"]),
        given | {"title": "Eastland customs", "version": "1"},
    )
    address = reverse("newsfeed:source-act", args=["eastland-press"])
    browser.post(address, {"act": "pause"})

    assert added.status_code == changed.status_code == 302
    assert "There is already a source" in again.content.decode()
    source = queries.source("eastland-press")
    assert (source.title, source.administration, source.active) == ("Eastland customs", "FR", False)
    assert "Paused" in shown(browser, "sources")
    browser.post(address, {"act": "resume"})
    assert queries.source("eastland-press").active


def test_an_address_that_is_not_of_the_web_is_no_source(browser_of, taken):
    given = {"code": "odd", "title": "Odd", "url": "javascript:alert(1)", "every_minutes": "60"}

    answer = browser_of(Role.ADMINISTRATOR).post(reverse("newsfeed:add-source"), given)

    assert answer.context["form"].errors["url"]


def test_reading_a_source_now_is_a_job_and_not_a_request(browser_of, taken):
    answer = browser_of(CUSTODIAN).post(reverse("newsfeed:fetch", args=[SOURCE]))

    assert answer.status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id DESC LIMIT 1")
        [(name, arguments)] = cursor.fetchall()
    arguments = arguments if isinstance(arguments, dict) else json.loads(arguments)
    assert name == "newsfeed.fetch"
    assert arguments["source"] == SOURCE


def test_a_source_says_who_may_administer_it(browser_of, taken):
    text = shown(browser_of(CLERK), "sources")

    assert "is for these roles: registrar, treaty custodian, administrator" in text
    assert reverse("newsfeed:fetch", args=[SOURCE]) not in text


# Reading one release


def test_a_text_is_shown_first_and_kept_when_somebody_says_so(browser_of, taken):
    browser, url = browser_of(CUSTODIAN), reverse("newsfeed:read")
    text = "New opening hours of the port of Northhaven\n\nThe port of Northhaven will open later."

    first = browser.post(url, {"act": "show", "source": SOURCE, "text": text,
                               "published": "2026-03-01"})  # fmt: skip
    assert queries.releases().rows == ()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', first.content.decode()))
    kept = browser.post(url, hidden | {"act": "take-in"}, follow=True)

    [row] = queries.releases().rows
    assert row.title == "New opening hours of the port of Northhaven"
    assert row.published == date(2026, 3, 1)
    assert "1 release is kept." in kept.content.decode()


def test_who_reads_a_release_in_does_not_decide_on_it(browser_of, taken, monkeypatch):
    sentence = "The United States and Tonga signed an agreement today."
    sides = (("US", "The United States"), ("TO", "Tonga"))
    monkeypatch.setattr(
        "comity.newsfeed.services.taking.extract",
        lambda article: Announcement(
            article, (signature(article, sentence, parties=sides, day=("2026-03-01", "today")),)
        ),
    )
    browser, url = browser_of(CUSTODIAN), reverse("newsfeed:read")
    given = {"act": "show", "source": SOURCE, "published": "2026-03-01"}
    feed = (
        "<rss version='2.0'><channel><title>Press</title><item><title>New agreement with Tonga"
        f"</title><guid>1</guid><description>{sentence}</description></item></channel></rss>"
    )
    file = SimpleUploadedFile("feed.xml", feed.encode())
    monkeypatch.setattr(
        "comity.newsfeed.pages.taking_in.extract", lambda article: Announcement(article, ())
    )
    first = browser.post(url, given | {"file": file})
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', first.content.decode()))
    browser.post(url, hidden | {"act": "take-in"})
    [card] = queries.cards().rows

    own = shown(browser, "proposals")
    others = shown(browser_of(ADVISER), "proposals")
    refused = browser.post(
        reverse("newsfeed:decide", args=[card.reference]), {"decision": "accept"}
    )

    assert "You read this release in: another person decides." in own
    assert "read in from a file or a text by" in others
    assert reverse("newsfeed:decide", args=[card.reference]) in others
    assert queries.card(card.reference).state == "open"
    assert "is accepted" not in refused.content.decode()
    assert "news-handed-in" in [act for act, _, _ in journal_acts()]


def test_a_file_is_read_whatever_it_is(browser_of, taken):
    browser, url = browser_of(CUSTODIAN), reverse("newsfeed:read")
    feed = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Press</title>
<item><title>One</title><guid>1</guid><description>First words.</description></item>
<item><title>Two</title><guid>2</guid><description>Other words.</description></item>
</channel></rss>"""

    answer = browser.post(
        url, {"act": "show", "source": SOURCE, "file": SimpleUploadedFile("feed.xml", feed)}
    )

    assert [one["release"]["title"] for one in answer.context["announcements"]] == ["One", "Two"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Give a file or a text"),
        ({"text": "T", "file": b"x"}, "Give a file or a text"),
        ({"file": b"x" * 1_000_001}, "larger than one megabyte"),
        ({"file": bytes(range(256)) * 8}, "The document is no text"),
    ],
    ids=["nothing", "both", "too large", "no text"],
)
def test_what_cannot_be_read_is_refused_with_the_reason(given, said, browser_of, taken):
    given = {
        name: SimpleUploadedFile("file", value) if isinstance(value, bytes) else value
        for name, value in given.items()
    }

    answer = browser_of(CUSTODIAN).post(
        reverse("newsfeed:read"), {"act": "show", "source": SOURCE, **given}
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert re.search(said, str(answer.context["form"].errors))


# Our own feed


def test_an_accepted_card_may_stand_in_our_feed_without_any_officers_name(
    browser_of, officer, client, both, stop_time
):
    stop_time(2026, 3, 3, 9)
    browser = browser_of(ADVISER)
    decided(browser, shown(browser, "proposals"), both[0], "accept", public="yes")

    rss = client.get(reverse("newsfeed:feed-rss"))
    feed = client.get(reverse("newsfeed:feed-json"))

    assert rss["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert feed["Content-Type"] == "application/feed+json; charset=utf-8"
    [item] = feed.json()["items"]
    assert "Vanuatu" in item["content_text"]
    assert "Vanuatu" in rss.content.decode()
    for document in (rss.content.decode(), feed.content.decode()):
        assert officer(ADVISER).reference not in document
        assert officer(ADVISER).display_name not in document


def test_a_reader_who_has_the_feed_is_told_so_in_a_few_bytes(browser_of, client, both, stop_time):
    stop_time(2026, 3, 3, 9)
    first = client.get(reverse("newsfeed:feed-rss"))

    again = client.get(reverse("newsfeed:feed-rss"), headers={"if-none-match": first["ETag"]})
    browser = browser_of(ADVISER)
    decided(browser, shown(browser, "proposals"), both[0], "accept", public="yes")
    changed = client.get(reverse("newsfeed:feed-rss"), headers={"if-none-match": first["ETag"]})
    unmodified = client.get(
        reverse("newsfeed:feed-rss"), headers={"if-modified-since": changed["Last-Modified"]}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert "max-age" in again["Cache-Control"]
    assert changed.status_code == 200
    assert unmodified.status_code == 304


def test_a_change_is_published_afterwards_and_taken_back(browser_of, client, both, stop_time):
    stop_time(2026, 3, 3, 9)
    browser = browser_of(ADVISER)
    decided(browser, shown(browser, "proposals"), both[0], "accept")
    proposal = queries.card(both[0]).proposal.reference

    assert "Nothing is published" in shown(browser, "published")
    assert proposal in shown(browser, "published", show="others")
    browser.post(reverse("newsfeed:publish", args=[proposal]))
    [public] = queries.public_changes().rows
    assert public.title in shown(browser, "published")
    assert public.reference not in shown(browser_of(CLERK), "published")
    modified = client.get(reverse("newsfeed:feed-json"))["Last-Modified"]
    stop_time(2026, 3, 4, 9)
    browser.post(
        reverse("newsfeed:take-back", args=[public.reference]),
        {"version": public.version, "reason": "Announced too early."},
    )

    assert queries.public_changes().rows == ()
    answer = client.get(reverse("newsfeed:feed-json"), headers={"if-modified-since": modified})
    assert answer.json()["items"] == []


def test_only_some_roles_publish(browser_of, both, stop_time):
    stop_time(2026, 3, 3, 9)
    clerk = browser_of(CLERK)

    answer = clerk.post(reverse("newsfeed:publish", args=["PRP-00001"]))

    assert answer.status_code == 403
    assert "is for these roles" in shown(clerk, "published")


# Rules, desk, sign-in


def test_the_rules_are_explained_with_phrases_and_examples(browser_of):
    from comity.newsfeed.extraction.rules import families, rules_of

    text = shown(browser_of(CLERK), "rules")

    codes = [rule.code for family in families() for rule in rules_of(family)]
    assert codes
    for code in codes:
        assert f'id="{code}"' in text


def test_the_desk_counts_the_cards_for_who_may_decide(browser_of, both):
    assert (
        "2 announced changes wait for a decision" in browser_of(ADVISER).get("/").content.decode()
    )
    assert "announced changes wait" not in browser_of(CLERK).get("/").content.decode()
    assert "PRP-" not in browser_of(ADVISER).get("/").content.decode()


def test_the_page_of_sign_in_names_our_feeds(client):
    text = client.get(reverse("account_login")).content.decode()

    assert 'type="application/rss+xml"' in text
    assert reverse("newsfeed:feed-json") in text
