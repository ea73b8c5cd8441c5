# SPDX-License-Identifier: Apache-2.0
"""`comity send`, `comity inbox` and `comity message …`, as an officer uses them."""

from __future__ import annotations

import json

import pytest

from comity import cli
from comity.accounts.permissions import Role
from comity.accounts.services import issue_token
from comity.exchange import models
from comity.exchange.queries.messages import message
from comity.exchange.services.receiving import RECEPTION
from tests.agreements.conftest import officer, quick_passwords
from tests.support.exchange import AGREEMENT, NOON, File, asked, later

__all__ = ["officer", "quick_passwords"]
pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def noon(stop_time):
    stop_time(NOON.year, NOON.month, NOON.day, NOON.hour, 15)


@pytest.fixture
def comity(officer, tmp_path, capsys, monkeypatch):
    """Run a command as an officer; its exit code and what it printed as JSON."""
    monkeypatch.setattr("django.setup", lambda: None)

    def run(*words: str, role: Role = Role.CASE_OFFICER):
        by = officer(role)
        token = tmp_path / f"{role}.token"
        if not token.exists():
            made = issue_token("tests", roles=frozenset({role}), days=1, by=by, at=NOON)
            token.write_text(made.secret)
        code = cli.main([*words, "--token-file", str(token), "--json", "--language", "en"])
        return code, json.loads(capsys.readouterr().out)

    return run


def question() -> list[str]:
    """What is asked of the law, as options."""
    one = asked()
    options = ["--under", AGREEMENT]
    options += [word for form in one.forms for word in ("--form", form.value)]
    options += [word for purpose in one.purposes for word in ("--purpose", purpose.value)]
    return options + [word for offence in one.offences for word in ("--offence", offence.value)]


def received(node, *files: File) -> str:
    envelope = node.envelope(files=files)
    RECEPTION.receive([node.frame(envelope, files=files)], partner="XS", at=NOON)
    for number, file in enumerate(files):
        RECEPTION.take_part(
            envelope.header.id, number, 0, file.sealed(), partner="XS", at=later(minutes=1)
        )
    return models.Message.objects.latest("pk").reference


def test_a_file_is_sent_to_a_partner(comity, southland_node, tmp_path):
    file = tmp_path / "report.csv"
    file.write_text("a;b")

    code, told = comity("send", str(file), "--to", "XS", *question(), "--case", "REQ-1")

    assert (code, told["accepted"], told["verdict"]) == (0, True, "permitted")
    kept = message(told["reference"])
    assert (kept.case, kept.parts[0].media_type, kept.parts[0].size) == ("REQ-1", "text/csv", 3)


def test_what_the_law_stops_is_told_with_its_reason(comity, southland_node):
    stopped = ["--form", "CONTROLLED_DELIVERY", "--purpose", "CRIMINAL_EVIDENCE"]

    code, told = comity("send", "--to", "XS", "--note", "Good day", *stopped)

    assert code == 1
    assert not told["accepted"]
    assert told["law"]["findings"]


def test_what_a_person_must_decide_is_told_point_by_point(comity, southland_node, tmp_path, capsys):
    words = ["send", "--to", "XS", "--note", "Good day", "--under", AGREEMENT]
    words += ["--form", "OBJECTS_SAMPLES", *question()[4:]]
    _, known = comity(*words)
    assert known["needs_decision"]
    token = str(tmp_path / f"{Role.CASE_OFFICER}.token")

    assert cli.main([*words, "--token-file", token, "--language", "en"]) == 1

    told = capsys.readouterr().out
    failing = [each for each in known["law"]["findings"] if not each["holds"]]
    assert failing
    assert all(f"  {each['rule']}: " in told for each in failing)
    assert not any(each["reason"] in told for each in failing)  # in words, never by its code
    assert "Weigh each of these points" in told
    assert "--decide REASON" in told


def test_an_article_that_the_answer_does_not_rest_on_stops_it(comity, southland_node):
    code, told = comity("send", "--to", "XS", "--note", "x", *question(), "--article", "99")

    assert (code, told["type"]) == (2, "article-differs")
    assert not models.Message.objects.exists()


def test_messages_need_an_officers_token(southland_node, capsys, monkeypatch):
    monkeypatch.setattr("django.setup", lambda: None)

    assert cli.main(["inbox", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["type"] == "message-token-needed"


def test_the_inbox_has_what_nobody_opened_yet(comity, southland_node):
    first, second = received(southland_node), received(southland_node)

    assert [each["reference"] for each in comity("inbox")[1]["items"]] == [second, first]
    code, told = comity("message", "open", first)
    assert (code, told["subject"], told["state"]) == (0, "Good day", "opened")
    assert [each["reference"] for each in comity("inbox")[1]["items"]] == [second]
    assert len(comity("inbox", "--all")[1]["items"]) == 2


def test_what_nodes_tell_one_another_lies_in_nobodys_inbox(comity, southland_node):
    tried = southland_node.envelope(kind="exchange.test/1", body={})
    RECEPTION.receive([southland_node.frame(tried)], partner="XS", at=NOON)

    assert comity("inbox")[1]["items"] == []
    assert len(comity("inbox", "--all")[1]["items"]) == 1


def test_a_message_is_shown_without_its_content(comity, southland_node):
    reference = received(southland_node)

    code, told = comity("message", "show", reference, role=Role.AUDITOR)

    assert code == 0
    assert "subject" not in told
    assert [each["kind"] for each in told["evidences"]] == ["relayed"]
    assert message(reference).opened_by == ""


def test_a_person_reads_the_law_of_both_sides_and_what_stands_in_the_way(
    comity, southland_node, tmp_path, capsys
):
    reference = received(southland_node)
    comity("message", "refuse", reference, "--reason", "not-competent")
    token = str(tmp_path / f"{Role.CASE_OFFICER}.token")

    assert cli.main(["message", "show", reference, "--token-file", token, "--language", "en"]) == 0

    told = capsys.readouterr().out
    assert f"Law, as we answer: Permitted ({AGREEMENT}" in told
    assert "Law, as the partner answers: Permitted" in told
    assert "the recipient is not competent for the matter. Send it to the authority" in told


def test_files_are_saved_under_names_that_lead_nowhere_else(comity, southland_node, tmp_path):
    reference = received(southland_node, File(b"one", "../../sly.txt"), File(b"two", "b.txt"))
    folder = tmp_path / "case"

    code, told = comity("message", "save", reference, "--to", str(folder))

    assert code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert "001 sly.txt" in names
    assert (folder / "002 b.txt").read_bytes() == b"two"
    assert len(told["saved"]) == len(names) == 5
    assert comity("message", "save", reference, "--to", str(folder))[0] == 2


def test_a_message_is_refused_for_a_reason_of_the_list(comity, southland_node):
    reference = received(southland_node)

    code, told = comity("message", "refuse", reference, "--reason", "not-competent")

    assert (code, told["state"]) == (0, "refused")
    listed = comity("message", "list", "not-competent")[1]["items"]
    assert [each["reference"] for each in listed] == [reference]


def test_what_waits_is_withdrawn(comity, southland_node):
    _, told = comity("send", "--to", "XS", "--note", "Good day", *question())

    assert comity("message", "withdraw", told["reference"])[1]["state"] == "withdrawn"
    code, told = comity("message", "try-again", told["reference"], role=Role.REGISTRAR)
    assert (code, told["type"]) == (1, "message-not-tryable")
