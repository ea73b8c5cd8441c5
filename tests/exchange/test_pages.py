# SPDX-License-Identifier: Apache-2.0
"""The exchange's pages: who opens them, what they show, what is done on them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comity.accounts.officer import OPERATOR
from comity.accounts.permissions import PERMISSIONS, Permission, Role
from comity.exchange import models
from comity.exchange.alarm import AlarmKind
from comity.exchange.draft import Draft
from comity.exchange.message_state import MessageState
from comity.exchange.note import NOTE, Note
from comity.exchange.queries.alarms import open_alarms
from comity.exchange.queries.messages import envelope_document, envelope_in, evidences, message
from comity.exchange.queries.partner_records import partner_record
from comity.exchange.services import partners
from comity.exchange.services.alarms import raise_alarm
from comity.exchange.services.maintenance import current_maintenance
from comity.exchange.services.posting import post
from comity.exchange.services.receiving import RECEPTION
from tests.agreements.conftest import browser_of, officer, quick_passwords
from tests.support.exchange import AGREEMENT, CASE_OFFICER, NOON, File, asked, later
from tests.support.partner_cards import held_card

__all__ = ["browser_of", "officer", "quick_passwords"]
pytestmark = [pytest.mark.db, pytest.mark.django_db]

CLERK, HEAD, REGISTRAR = Role.CASE_OFFICER, Role.UNIT_HEAD, Role.REGISTRAR
ADMINISTRATOR, AUDITOR = Role.ADMINISTRATOR, Role.AUDITOR


@pytest.fixture(autouse=True)
def noon(stop_time):
    """It is a quarter past noon."""
    stop_time(NOON.year, NOON.month, NOON.day, NOON.hour, 15)


def shown(browser: Client, name: str, *parts: object, **asked_for: str) -> str:
    answer = browser.get(reverse(f"exchange:{name}", args=parts), asked_for)
    assert answer.status_code == 200, (answer.status_code, answer.get("Location"))
    return answer.content.decode()


def pressed(browser: Client, name: str, *parts: object, **given: object):
    return browser.post(reverse(f"exchange:{name}", args=parts), given)


def sent(**more: object) -> str:
    """A note of ours to Southland, waiting to leave."""
    given = {"kind": NOTE, "to": "XS", "body": Note("Tobacco").body(), "question": asked()}
    return post(Draft(**(given | more)), by=CASE_OFFICER, at=NOON).require().reference


def receipted(reference: str, node) -> str:
    """The same with Southland's receipt."""
    row = models.Message.objects.get(reference=reference)
    envelope = envelope_in(envelope_document(row.sealed))
    assert list(RECEPTION.hear([node.receipt(envelope)], partner="XS", at=NOON)) == [True]
    return reference


def received(node, **more: object) -> str:
    """A note of Southland's."""
    files = more.pop("files", ())
    envelope = node.envelope(files=files, **more)
    frame = node.frame(envelope, files=files)
    RECEPTION.receive([frame], partner="XS", at=NOON)
    for number, file in enumerate(files):
        RECEPTION.take_part(
            envelope.header.id, number, 0, file.sealed(), partner="XS", at=later(minutes=1)
        )
    return models.Message.objects.latest("pk").reference


@pytest.fixture
def both(southland_node):
    """A note of ours with its receipt, and one of theirs with a file."""
    ours = receipted(sent(case="REQ-XN-2026-00041"), southland_node)
    return ours, received(southland_node, files=[File(b"report", "report.pdf")])


# Who opens what


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_the_pages_of_its_permissions_and_no_others(role, browser_of, both):
    browser = browser_of(role)

    def may(permission: Permission) -> int:
        return 200 if role in PERMISSIONS[permission] else 403

    views, reads = may(Permission.VIEW_PARTNERS), may(Permission.VIEW_MESSAGES)
    alarm = raise_alarm(AlarmKind.DISK_LOW, at=NOON)
    expected = {
        reverse("exchange:partners"): views,
        reverse("exchange:partner", args=["XS"]): views,
        reverse("exchange:queue"): views,
        reverse("exchange:alarms"): views,
        reverse("exchange:alarm", args=[alarm]): views,
        reverse("exchange:messages"): reads,
        reverse("exchange:message", args=[both[0]]): reads,
        reverse("exchange:compose"): may(Permission.SEND_MESSAGES),
        reverse("exchange:take-card"): may(Permission.ADMINISTER_PARTNERS),
        reverse("exchange:own-card"): may(Permission.ADMINISTER_PARTNERS),
    }

    answers = {url: browser.get(url).status_code for url in expected}

    assert answers == expected


# The ledger


def test_the_ledger_shows_every_message_newest_first(browser_of, both):
    text = shown(browser_of(CLERK), "messages")

    assert text.index(both[1]) < text.index(both[0])
    assert "received by the partner" in text
    assert "REQ-XN-2026-00041" in text


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [
        ({"q": "REQ-XN-2026-00041"}, (0,)),
        ({"state": "relayed"}, (0,)),
        ({"direction": "in"}, (1,)),
        ({"partner": "XS"}, (0, 1)),
        ({"kind": "exchange.card/1"}, ()),
        ({"since": "2031-01-01"}, ()),
        ({"differs": "on"}, ()),
        ({"state": "nonsense"}, (0, 1)),
    ],
)
def test_the_ledger_is_narrowed(asked_for, found, browser_of, both):
    text = shown(browser_of(CLERK), "messages", **asked_for)

    rows = text.partition("<datalist")[2]
    assert [place for place, reference in enumerate(both) if reference in rows] == list(found)
    assert ("No message fits" in text) == (not found)


def test_who_knows_one_message_by_its_digest_id_or_file_is_led_to_it(browser_of, both):
    browser, one = browser_of(CLERK), message(both[1])
    target = reverse("exchange:message", args=[both[1]])
    hands = [one.reference, one.identifier, one.digest, one.digest[:16], one.parts[0].digest]
    hands.append(evidences(both[1])[0].digest)

    for words in hands:
        answer = browser.get(reverse("exchange:messages"), {"q": words})
        assert answer["Location"] == target, words


def test_an_empty_ledger_says_what_will_be_there(browser_of, northland_node):
    assert "No message yet" in shown(browser_of(CLERK), "messages")


@pytest.mark.parametrize("page", ["messages", "partners", "queue", "alarms"])
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_one(page, browser_of, both):
    browser = browser_of(REGISTRAR)
    shown(browser, page)
    with CaptureQueriesContext(
        connection,
    ) as few:
        shown(browser, page)
    for number in range(5):
        sent(case=f"CASE-{number}")
        partners.register_without_node(f"XZ-{number}", f"Land {number}", by=OPERATOR, at=NOON)
        raise_alarm(AlarmKind.PARTNER_SILENT, partner=f"XZ-{number}", at=NOON)
    with CaptureQueriesContext(connection) as many:
        shown(browser, page)

    assert len(many) <= len(few) + 1, [query["sql"][:90] for query in many]
    assert len(many) < 20


# One message


def test_a_message_tells_its_life_with_each_evidence(browser_of, both):
    browser = browser_of(AUDITOR)
    text = shown(browser, "message", both[0])

    assert "Accepted for sending" in text
    assert "Received: the receipt names the digest of every part" in text
    assert "Both sides answer alike." in text
    for each in evidences(both[0]):
        answer = browser.get(reverse("exchange:evidence", args=[both[0], each.evidence.id]))
        assert answer.content == each.document
        assert answer["Content-Disposition"].startswith("attachment")


def test_where_the_two_sides_differ_it_is_marked(browser_of, southland_node):
    reference = sent()
    row = models.Message.objects.get(reference=reference)
    law = row.law
    row.their_law = {**law, "verdict": "permitted-with-notice", "article": "9"}
    row.their_verdict, row.differs = "permitted-with-notice", True
    row.save()

    text = shown(browser_of(CLERK), "message", reference)

    assert "The two sides answer differently: Verdict, Article." in text


def test_an_odd_finding_of_a_partner_breaks_no_page(browser_of, southland_node):
    reference = sent()
    odd = {"rule": "X", "holds": "?", "reason": "force-since", "facts": [1], "basis": {}}
    row = models.Message.objects.get(reference=reference)
    row.their_law = {"verdict": "<b>", "governing": "nowhere", "version": "", "article": "",
                     "findings": [odd, {"facts": None}]}  # fmt: skip
    row.save()

    text = shown(browser_of(CLERK), "message", reference)

    assert "<b>" not in text
    assert "&lt;b&gt;" in text


def test_what_waits_can_be_withdrawn_once(browser_of, southland_node):
    reference, browser = sent(), browser_of(CLERK)

    pressed(browser, "withdraw", reference)

    assert message(reference).state is MessageState.WITHDRAWN
    assert pressed(browser, "withdraw", reference).status_code == 409


def test_an_unknown_message_is_said_to_be_unknown(browser_of, northland_node):
    answer = browser_of(CLERK).get(reverse("exchange:message", args=["MSG-99999"]))

    assert answer.status_code == 404


# Partners


def test_a_partner_shows_its_keys_ceilings_and_last_messages(browser_of, both):
    text = shown(browser_of(CLERK), "partner", "XS")

    assert both[0] in text
    assert both[1] in text
    for key in partner_record("XS").partner.keys:
        assert key.key_id in text
    assert "Set the ceilings" not in text


def test_who_sees_no_messages_sees_none_on_the_partners_page(browser_of, both):
    text = shown(browser_of(ADMINISTRATOR), "partner", "XS")

    assert both[0] not in text
    assert "Set the ceilings" in text


def test_a_proposed_partner_is_confirmed_by_the_fingerprint_that_was_read_aloud(
    browser_of, northland_node
):
    record = partners.propose(held_card("XS", NOON).document, by=OPERATOR, at=NOON)
    browser = browser_of(ADMINISTRATOR)
    text = shown(browser, "partner", "XS")
    assert record.partner.fingerprint not in text

    wrong = pressed(browser, "confirm", "XS", fingerprint="0000-0000-0000-0000-0000")
    assert "not the one of the card" in wrong.content.decode()
    heard = record.partner.fingerprint.replace("-", " ").lower()
    pressed(browser, "confirm", "XS", fingerprint=heard)

    assert partner_record("XS").partner.state == "active"


def test_a_partner_is_suspended_with_a_reason_and_resumed(browser_of, southland_node):
    browser = browser_of(REGISTRAR)

    refused = pressed(browser, "partner-act", "XS", act="suspend", reason="")
    assert "This field is required" in refused.content.decode()
    pressed(browser, "partner-act", "XS", act="suspend", reason="Keys are in doubt.")
    assert "Keys are in doubt." in shown(browser, "partner", "XS")
    pressed(browser, "partner-act", "XS", act="resume")

    assert partner_record("XS").partner.state == "active"
    assert (
        pressed(browser_of(CLERK), "partner-act", "XS", act="end", reason="x" * 9).status_code
        == 403
    )


def test_only_the_ceilings_that_were_changed_are_set(browser_of, southland_node):
    partners.set_ceilings("XS", by=OPERATOR, at=NOON, forms=[], waiting=7)
    browser = browser_of(ADMINISTRATOR)
    shown_form = browser.get(reverse("exchange:partner", args=["XS"])).context["ceilings_form"]
    given = {name: shown_form[name].value() for name in shown_form.fields}

    answer = pressed(browser, "ceilings", "XS", **(given | {"parts": 3}))

    assert answer.status_code == 302, answer.content.decode()
    ceilings = partner_record("XS").partner.ceilings
    assert (ceilings.parts, ceilings.waiting, ceilings.forms) == (3, 7, frozenset())


# Queue and alarms


def test_the_queue_says_what_waits_and_why(browser_of, southland_node):
    sent()
    models.Way.objects.filter(partner__code="XS").update(
        problem="peer-unreachable", failures=3, not_before=later(minutes=30)
    )

    text = shown(browser_of(REGISTRAR), "queue")

    assert "its machine does not answer" in text
    assert "3 attempts failed in a row" in text
    assert "1 message waits" in text


def test_what_was_given_up_is_tried_again_from_the_queue(browser_of, southland_node):
    reference = sent()
    models.Message.objects.filter(reference=reference).update(state="dead", problem="given-up")
    browser = browser_of(ADMINISTRATOR)
    text = shown(browser, "queue")
    assert reference in text
    assert f'href="/exchange/messages/{reference}/"' not in text

    answer = pressed(browser, "try-again", reference, next="queue")

    assert answer["Location"] == reverse("exchange:queue")
    assert message(reference).state is MessageState.QUEUED


def test_maintenance_is_begun_with_a_reason_and_ended(browser_of, northland_node):
    browser = browser_of(REGISTRAR)

    pressed(browser, "begin-maintenance", reason="New disk", expected_until="2099-01-01T08:00")
    assert "New disk" in shown(browser, "queue")
    assert current_maintenance() is not None
    pressed(browser, "end-maintenance")

    assert current_maintenance() is None


def test_an_alarm_is_closed_with_a_reason_only(browser_of, southland_node):
    reference = raise_alarm(AlarmKind.LOG_FORKED, partner="XS", at=NOON, proof={"note": "x"})
    browser = browser_of(REGISTRAR)
    assert "shows two histories" in shown(browser, "queue")

    refused = pressed(browser, "close-alarm", reference, reason=" ")
    assert "This field is required" in refused.content.decode()
    pressed(browser, "close-alarm", reference, reason="They restored a backup.")

    assert open_alarms() == ()
    assert "They restored a backup." in shown(browser, "alarms", show="closed")
    answer = browser.get(reverse("exchange:alarm-proof", args=[reference]))
    assert answer.json()["proof"] == {"note": "x"}


# Writing


def written(**more: object) -> dict[str, object]:
    """What an officer fills in."""
    question = asked()
    given = {
        "to": "XS",
        "subject": "Tobacco",
        "text": "Good day",
        "act": "ask",
        "forms_asked": [form.value for form in question.forms],
        "purposes": [purpose.value for purpose in question.purposes],
        "offences": [offence.value for offence in question.offences],
        "under": AGREEMENT,
    }
    return given | more


def test_a_note_with_a_file_is_sent(browser_of, southland_node, tmp_path):
    browser = browser_of(CLERK)
    file = tmp_path / "list of goods.csv"
    file.write_text("a;b")

    with file.open("rb") as content:
        answer = pressed(browser, "compose", **written(parts=content, send="send"))

    assert answer.status_code == 302, answer.content.decode()
    kept = message(models.Message.objects.get().reference)
    assert (kept.state, kept.verdict, kept.instrument) == ("queued", "permitted", AGREEMENT)
    assert [part.size for part in kept.parts] == [3]


def test_the_law_answers_before_anything_is_sent(browser_of, southland_node):
    browser = browser_of(CLERK)

    text = pressed(browser, "compose-why", **written()).content.decode()

    assert "verdict--yes" in text
    assert not models.Message.objects.exists()
    text = pressed(browser, "compose-why", to="XS").content.decode()
    assert "Still needed for an answer" in text


def test_an_obstacle_costs_no_second_upload(browser_of, southland_node, tmp_path):
    browser = browser_of(CLERK)
    file = tmp_path / "list.csv"
    file.write_text("a;b")
    with file.open("rb") as content:
        answer = pressed(browser, "compose", **written(parts=content, subject="", send="send"))
    [(part, signed)] = answer.context["kept"]
    assert part.name == "list.csv"

    foreign = browser_of(HEAD)
    answer = pressed(foreign, "compose", **written(kept=signed, send="assess"))
    assert answer.context["kept"] == []
    pressed(browser, "compose", **written(kept=signed, send="send"))

    kept = message(models.Message.objects.get().reference)
    assert [part.size for part in kept.parts] == [3]


def test_what_stands_between_us_is_told_in_words(browser_of, southland_node):
    browser = browser_of(REGISTRAR)

    text = pressed(browser, "diagnose", "XS").content.decode()

    assert "What was found" in text
    part = browser.post(
        reverse("exchange:diagnose", args=["XS"]), headers={"HX-Request": "true"}
    ).content.decode()
    assert part.lstrip().startswith('<div id="diagnosis"')


def test_a_message_is_opened_once_and_its_files_are_saved_not_shown(browser_of, both):
    browser = browser_of(CLERK)
    assert "report.pdf" not in shown(browser, "message", both[1])

    text = pressed(browser, "read", both[1]).content.decode()

    assert "report.pdf" in text
    assert "Good day" in text
    assert message(both[1]).state is MessageState.OPENED


def test_a_file_is_handed_over_as_a_download(browser_of, both):
    answer = pressed(browser_of(AUDITOR), "save-part", both[1], 0)

    assert b"".join(answer.streaming_content) == b"report"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="report.pdf"'


def test_a_partners_message_is_refused_for_a_reason_of_the_list(browser_of, both):
    browser = browser_of(CLERK)

    refused = pressed(browser, "refuse", both[1], reason="because")
    assert refused.status_code == 200
    pressed(browser, "refuse", both[1], reason="secrecy")

    assert message(both[1]).state is MessageState.REFUSED


def test_a_letter_is_printed_sent_and_answered_on_the_pages(browser_of, northland_node, tmp_path):
    partners.register_without_node("XS", "Customs of Southland", by=OPERATOR, at=NOON)
    reference, browser = sent(), browser_of(CLERK)
    day = NOON.date().isoformat()
    assert reference in shown(browser, "letters")

    letter = pressed(browser, "letter", reference).content.decode()
    assert "We ask for your assistance under Agreement xn-xs-2020" in letter
    pressed(browser, "dispatch", reference, channel="courier", on=day)
    assert message(reference).state is MessageState.DISPATCHED
    odd = pressed(browser, "came-back", reference, what="refused", channel="post", on=day)
    assert "Say for which reason" in odd.content.decode()
    scan = tmp_path / "answer.pdf"
    scan.write_bytes(b"%PDF")
    with scan.open("rb") as content:
        answer = pressed(
            browser, "incoming", partner="XS", answers=reference, subject="Your letter",
            channel="post", on=day, scans=content,
        )  # fmt: skip

    registered = answer["Location"].rstrip("/").rpartition("/")[2]
    assert message(registered).conversation == message(reference).conversation
    assert message(reference).state is MessageState.OPENED
