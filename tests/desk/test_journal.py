# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comity.accounts.permissions import Role
from comity.journal import chain, queries, services
from comity.journal.entry import Actor
from comity.journal.export import read_export
from comity.journal.proof import read_proof
from comity.sealing.checkpoint import verify_checkpoint
from tests.journal.conftest import NOON
from tests.support.officers import registered, sign_in

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]
ADVISER = Actor("OFF-NL-2", "legal-adviser")


def confirm(number: int) -> int:
    return services.record(
        "confirmation-countersigned",
        f"CNF-NL-{number:05d}",
        by=ADVISER,
        at=NOON + timedelta(days=number),
        instrument="nl-sl-2020",
        article="12(3)",
        facts={"from": "2020-01-01"},
    ).sequence


@pytest.fixture
def auditor(client):
    """The browser of an auditor, who may view and verify."""
    return sign_in(client, registered(Role.AUDITOR))


@pytest.fixture
def sequences() -> list[int]:
    return [confirm(number) for number in range(3)]


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("page", "parts"),
    [("journal", []), ("journal_entry", [1]), ("journal_proof", [1]), ("journal_verification", [])],
)
def test_the_journal_is_closed_to_those_who_need_it_not(client, page, parts, sequences):
    address = reverse(f"desk:{page}", args=parts)

    assert client.get(address).status_code == 302
    sign_in(client, registered(Role.CASE_OFFICER))
    assert client.get(address).status_code == 403


def test_the_list_tells_each_act_in_words_with_its_actor_and_article(auditor, sequences):
    shown = text_of(auditor.get(reverse("desk:journal")))

    assert "countersigned a confirmation" in shown
    assert "CNF-NL-00002" in shown
    assert "article 12(3)" in shown
    assert "OFF-NL-2" in shown
    assert "legal adviser" in shown


def test_the_list_is_turned_page_by_page_with_its_filter_kept(auditor):
    made = [confirm(number) for number in range(queries.PAGE_LENGTH + 3)]
    address = reverse("desk:journal") + "?act=confirmation-countersigned"

    first = text_of(auditor.get(address))
    older = re.search(r'rel="next" href="([^"]*)"', first).group(1).replace("&amp;", "&")
    second = text_of(auditor.get(older))
    newer = re.search(r'rel="prev" href="([^"]*)"', second).group(1).replace("&amp;", "&")

    assert "act=confirmation-countersigned" in older
    assert f"/journal/{made[-1]}/" in first
    assert f"/journal/{made[0]}/" not in first
    assert f"/journal/{made[0]}/" in second
    assert f"/journal/{made[-1]}/" in text_of(auditor.get(newer))


def test_acts_are_found_by_what_they_were_done_on_and_by_whom(auditor, sequences):
    found = text_of(auditor.get(reverse("desk:journal") + "?subject=CNF-NL-00001"))

    assert f"/journal/{sequences[1]}/" in found
    assert f"/journal/{sequences[2]}/" not in found
    assert "No act is found" in text_of(auditor.get(reverse("desk:journal") + "?actor=OFF-NONE"))


@pytest.mark.parametrize("odd", ["before=x", "after=-1", "before=9" * 30, "since=soon", "act=none"])
def test_an_odd_address_shows_the_list_and_no_fault(auditor, sequences, odd):
    assert auditor.get(f"{reverse('desk:journal')}?{odd}").status_code == 200


def test_the_list_costs_the_same_however_many_acts(auditor, sequences):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            auditor.get(reverse("desk:journal"))
        return len(asked)

    few = cost()
    for number in range(30):
        confirm(number)

    assert cost() == few


def test_an_entry_shows_its_digests_and_waits_for_its_proof(auditor, sequences):
    entry = queries.entry(sequences[1])

    shown = text_of(auditor.get(reverse("desk:journal_entry", args=[entry.sequence])))

    assert entry.digest.hex() in shown
    assert queries.entry(sequences[0]).digest.hex() in shown
    assert "Not covered by a checkpoint yet" in shown
    assert auditor.get(reverse("desk:journal_proof", args=[entry.sequence])).status_code == 404


def test_a_downloaded_proof_verifies_under_the_downloaded_key(auditor, sequences):
    services.checkpoint(at=NOON)

    shown = text_of(auditor.get(reverse("desk:journal_entry", args=[sequences[1]])))
    answer = auditor.get(reverse("desk:journal_proof", args=[sequences[1]]))
    as_text = auditor.get(reverse("desk:journal_proof_text", args=[sequences[1]]))
    keys = queries.trusted_keys()

    assert reverse("desk:journal_proof", args=[sequences[1]]) in shown
    assert "attachment" in answer["Content-Disposition"]
    assert read_proof(json.loads(answer.content)).verify(keys).size == sequences[-1]
    assert as_text.content.startswith(b"c2sp.org/tlog-proof@v1\n")


def test_an_entry_that_is_not_there_is_not_found(auditor, sequences):
    assert auditor.get(reverse("desk:journal_entry", args=[10**12])).status_code == 404


def test_a_verification_shows_its_report_and_is_recorded(auditor, sequences):
    address = reverse("desk:journal_verification")
    assert "Nobody has verified" in text_of(auditor.get(address))

    answer = auditor.post(reverse("desk:journal_verify"), follow=True)

    assert "The journal holds" in text_of(answer)
    recorded = queries.entry(queries.head().size)
    assert (recorded.act, recorded.actor.role) == ("journal-verified", "auditor")


def test_a_broken_journal_is_shown_with_the_sequence_where_it_breaks(auditor, sequences):
    from tests.journal.test_services import tamper

    tamper("UPDATE journal_entry SET act = 'other' WHERE sequence = %s", [sequences[1]])

    shown = text_of(auditor.post(reverse("desk:journal_verify"), follow=True))

    assert f"Does not verify from sequence {sequences[1]}" in shown


def test_a_checkpoint_signed_on_the_page_can_be_carried_away(auditor, sequences):
    shown = text_of(auditor.post(reverse("desk:journal_sign"), follow=True))
    size = queries.latest_checkpoint().size

    note = auditor.get(reverse("desk:journal_checkpoint", args=[size])).content.decode()
    keys = auditor.get(reverse("desk:journal_keys")).content.decode()

    assert reverse("desk:journal_checkpoint", args=[size]) in shown
    assert verify_checkpoint(note, queries.trusted_keys()).size == size
    assert keys.splitlines() == [key.text for key in queries.trusted_keys()]


def test_an_export_from_the_page_verifies_and_is_itself_recorded(auditor, sequences):
    services.checkpoint(at=NOON)

    answer = auditor.post(reverse("desk:journal_export"))
    lines = b"".join(answer.streaming_content).decode().splitlines(keepends=True)
    export = read_export(iter(lines), named="download")
    report = chain.verify(export.entries, export.notes, queries.trusted_keys())

    assert report.holds
    assert report.entries == queries.head().size
    assert queries.entry(report.entries).act == "journal-exported"


def test_who_may_verify_and_not_view_sees_no_entry(client, sequences):
    sign_in(client, registered(Role.ADMINISTRATOR))

    assert client.get(reverse("desk:journal_verification")).status_code == 200
    assert client.get(reverse("desk:journal")).status_code == 403
