# SPDX-License-Identifier: Apache-2.0
"""`comity evidence …` as officers use it: each act of the shell, told to people and programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from comity import cli
from comity.accounts.permissions import Role
from comity.evidence import verify
from tests.support.evidence import an_item, an_object, supplied
from tests.support.exchange import NOON
from tests.support.officers import registered, token_of

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("northland")]


@pytest.fixture(autouse=True)
def noon(stop_time: Any) -> None:
    stop_time(NOON.year, NOON.month, NOON.day, NOON.hour, 15)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """One command line of an officer with a role: its exit code, and what it printed."""
    files: dict[Role, str] = {}

    def run(role: Role, *words: str) -> tuple[int, Any]:
        if role not in files:
            officer = registered(role, name=role.value, own_password=False, second_factor=False)
            file = tmp_path / f"{role.value}.token"
            file.write_text(token_of(officer))
            files[role], run.known[role] = str(file), officer.reference  # type: ignore[attr-defined]
        line = ["evidence", *words, "--token-file", files[role], "--language", "en"]
        code = cli.main(line)
        printed = capsys.readouterr()
        said = printed.out + printed.err
        return code, json.loads(printed.out) if "--json" in words and code == 0 else said

    run.known = {}  # type: ignore[attr-defined]  # the officers by role, for who hands over
    return run


def told(answer: tuple[int, Any]) -> Any:
    """What a command that was done printed."""
    code, said = answer
    assert code == 0, said
    return said


RECALLED = "8b2f63f4-93b7-4f0c-9f2f-0d6b3a9f1e11"
CUSTODIAN, OFFICER = Role.EVIDENCE_CUSTODIAN, Role.CASE_OFFICER
HEAD, ADVISER = Role.UNIT_HEAD, Role.LEGAL_ADVISER


def test_an_item_is_added_shown_and_its_custody_told(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "manifest.txt"
    file.write_bytes(b"Forty consignments.\n")
    opened = run(OFFICER, "case", "XN-2026-41", "--open", "--purpose", "ADMIN_ENQUIRY", "--json")
    assert told(opened)["purpose"] == "ADMIN_ENQUIRY"
    made = told(run(OFFICER, "add", str(file), "--title", "Manifest", "--case", "XN-2026-41",
                    "--class", "TRANSPORT_DOCUMENT", "--json"))  # fmt: skip
    item = made["reference"]

    assert "Manifest" in told(run(OFFICER, "show", item, "--to", str(tmp_path / "copy")))
    assert (tmp_path / "copy").read_bytes() == file.read_bytes()
    assert told(run(OFFICER, "show", item, "--json"))["description"]["title"] == "Manifest"
    assert told(run(OFFICER, "list", "--case", "XN-2026-41", "--json"))["items"] == [made]
    assert item in told(run(OFFICER, "list"))
    recorded = run(CUSTODIAN, "custody", item, "--act", "sealed", "--place", "Room 4")
    assert "recorded as number 2" in told(recorded)
    assert "Room 4" in told(run(OFFICER, "custody", item))
    assert told(run(CUSTODIAN, "custody", item, "--json"))["holds"]
    assert told(run(OFFICER, "conditions", item, "--json"))["item"] == item
    code, said = run(OFFICER, "show", item, "--to", str(tmp_path / "copy"))
    assert (code, "cannot be used" in said) == (2, True)


def test_no_command_knows_an_item_in_a_case_of_others(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("Forty consignments.\n")
    told(run(OFFICER, "case", "XN-2026-41", "--open", "--purpose", "ADMIN_ENQUIRY"))
    added = ("add", str(file), "--title", "A list", "--case", "XN-2026-41", "--json")
    item = told(run(OFFICER, *added))["reference"]
    stranger = Role.INVESTIGATOR

    assert told(run(stranger, "list", "--json"))["items"] == []
    for words in (("show", item), ("custody", item), ("custody", item, "--act", "stored")):
        code, said = run(stranger, *words)
        assert code != 0
        assert "A list" not in said
        assert "XN-2026-41" not in said


def test_a_thing_goes_from_hand_to_hand(run: Any, southland: Any) -> None:
    told(run(OFFICER, "list"))  # who is to take it is registered by this
    taker = run.known[OFFICER]
    seal = told(run(CUSTODIAN, "add", "--kind", "seal", "--title", "Seal", "--mark", "SL-1",
                    "--json"))["reference"]  # fmt: skip

    given = told(run(CUSTODIAN, "handover", seal, "--to", taker, "--json"))["reference"]
    assert run(CUSTODIAN, "handover", given, "--confirm")[0] == 1
    assert "confirmed by both sides" in told(run(OFFICER, "handover", given, "--confirm"))
    theirs = an_object(channel=supplied()).reference
    again = told(run(OFFICER, "handover", theirs, "--administration", "XS", "--json"))
    assert (again["state"], again["for_good"]) == ("proposed", False)
    withdrawn = run(OFFICER, "handover", again["reference"], "--withdraw", "--json")
    assert told(withdrawn)["state"] == "withdrawn"
    assert run(OFFICER, "handover", seal, "--administration", "XS")[0] == 1  # it is our own


def test_what_is_certified_is_redacted_and_packed(run: Any, tmp_path: Path) -> None:
    item, out = an_item(at=NOON).reference, tmp_path / "p.asice"
    packing = ("package", item, "--court", "District Court", "--out", str(out))
    assert run(CUSTODIAN, *packing)[0] == 1  # no court is given evidence by its keeper
    assert run(HEAD, *packing)[0] == 1  # nobody certified it
    assert not out.exists()

    assert told(run(CUSTODIAN, "certify", item, "--json"))["items"] == [item]
    code, said = run(CUSTODIAN, "certify", item, "ITM-99999", "--profile", "wco",
                     "--official", "N. Keeper", "--capacity", "custodian")  # fmt: skip
    assert (code, "one item" in said) == (2, True)
    made = told(
        run(CUSTODIAN, "redact", item, "--withhold", "description/file-name=source", "--json")
    )
    assert run(CUSTODIAN, "redact", item, "--withhold", "description/file-name")[0] == 2
    redaction = f"{item}={made['reference']}"
    packed = told(run(HEAD, *packing, "--redaction", redaction, "--json"))

    assert (packed["items"], packed["withheld"]) == ([item], 1)
    with out.open("rb") as file:
        assert verify.verify(file).holds
    assert run(HEAD, *packing)[0] == 2  # the file is there already


def test_a_certificate_is_seen_as_a_draft_and_copies_go_in_with_the_bundle(
    run: Any, tmp_path: Path
) -> None:
    from comity.evidence.queries.certified_copies import certified_copies_of

    item, drafts, out = an_item(at=NOON).reference, tmp_path / "drafts", tmp_path / "p.asice"
    told(run(CUSTODIAN, "certify", item))
    official = ("--official", "N. Keeper", "--capacity", "custodian")

    drafted = run(CUSTODIAN, "certify", item, "--profile", "wco", *official, "--draft", str(drafts))
    assert "Nothing is sealed" in told(drafted)
    pages = sorted(drafts.iterdir())
    assert [page.read_bytes()[:4] for page in pages] == [b"\x89PNG"] * len(pages) != []
    assert certified_copies_of(item) == ()
    packing = ("package", item, "--court", "District Court", "--out", str(out), "--copies", "wco")
    code, said = run(HEAD, *packing)
    assert (code, "have no certified copy" in said, out.exists()) == (2, True, False)
    told(run(CUSTODIAN, "certify", item, "--profile", "wco", *official))
    assert "are written and sealed" in told(run(HEAD, *packing, "--bundle-language", "fr"))

    with out.open("rb") as file:
        assert verify.verify(file).holds
        container = verify.Container(file)
        assert container.read("items/0001/copy.pdf").startswith(b"%PDF")
        assert b'<html lang="fr">' in container.read("index.html")


def test_a_use_is_told_asked_for_and_refused_until_then(run: Any, southland: Any) -> None:
    item = an_item(channel=supplied(), at=NOON).reference
    trial = ("--purpose", "CRIMINAL_EVIDENCE", "--proceeding", "criminal")

    code, said = run(OFFICER, "use", item, *trial, "--forum", "District Court")
    assert (code, "XS must be told before" in said) == (1, True)
    assert "XS is told" in told(run(OFFICER, "notify", item, *trial, "--text", "In May."))
    asked = told(run(OFFICER, "consent", item, "--purpose", "CIVIL_JUDICIAL", "--json"))
    assert (asked["state"], asked["partner"]) == ("asked", "XS")
    assert run(OFFICER, "consent", item)[0] == 2
    assert run(HEAD, "consent", asked["reference"], "--answer", "given")[0] == 2  # not asked of us
    own = an_item(at=NOON).reference
    used = told(run(OFFICER, "use", own, *trial, "--forum", "District Court", "--json"))
    assert (used["item"], used["verdict"]) == (own, "permitted")


def test_items_are_recalled_corrected_held_and_destroyed(run: Any, southland: Any) -> None:
    from comity.evidence.lifetime import DisclosedTo
    from comity.evidence.services.disclosing import record_disclosure
    from comity.journal.entry import Actor

    item, machine = an_item(at=NOON).reference, Actor("EVIDENCE", "integrator")
    given = {"source": "PKG-00001", "by": machine, "at": NOON}
    record_disclosure([item], DisclosedTo.PARTNER, "XS", **given)

    corrected = run(HEAD, "correct", item, "--field", "place=Northhaven")
    assert "XS is told what is right" in told(corrected)
    assert run(HEAD, "correct", item, "--field", "place")[0] == 2
    recall = told(run(HEAD, "recall", item, "--ground", "supplied-in-error", "--json"))
    assert [copy["administration"] for copy in recall["copies"]] == ["XN", "XS"]
    assert recall["reference"] in told(run(OFFICER, "recalls", "--item", item))
    assert run(HEAD, "recall", recall["reference"], "--answer", "deleted")[0] == 1

    hold = told(run(ADVISER, "hold", "--item", item, "--ground", "proceeding", "--json"))
    assert run(ADVISER, "hold", "--item", item)[0] == 2
    drafting = ("destroy", item, "--ground", "retention-over", "--json")
    first = told(run(CUSTODIAN, *drafting))["reference"]
    assert "legal hold stands against it" in told(run(HEAD, "destroy", "--approve", first))
    assert "was lifted" in told(run(ADVISER, "hold", "--lift", hold["reference"]))
    second = told(run(CUSTODIAN, *drafting))["reference"]
    waiting = told(run(HEAD, "destroy", "--waiting", "--json"))["items"]
    assert [(each["reference"], each["recall"]) for each in waiting] == [(second, "")]
    assert first in told(run(OFFICER, "destroy"))
    assert "destroyed" in told(run(HEAD, "destroy", "--approve", second))
    assert told(run(OFFICER, "destroy", "--show", second, "--json"))["state"] == "done"
    assert "no such destruction list" in told(run(HEAD, "destroy", "--waiting"))
    assert run(CUSTODIAN, "destroy", item)[0] == 2  # without a ground
    code, said = run(CUSTODIAN, "show", item)
    assert (code, "It was erased." in said) == (1, True)


def test_what_waits_for_an_answer_is_listed_and_looked_at(run: Any, southland: Any) -> None:
    from tests.support.evidence_partners import hand_over

    item = an_item(channel=supplied(), at=NOON)
    told(run(OFFICER, "list"))
    assert "Nothing waits" in told(run(OFFICER, "waiting"))
    about = {"item": item.identity}
    use = {"occasion": "use", "purpose": "CIVIL_JUDICIAL", "proceeding": "civil"}
    hand_over(southland, "evidence.consent-request/1", about | use)
    right = {"on": "2026-03-02", "fields": {"title": "Invoice"}}
    hand_over(southland, "evidence.correction/1", about | right)
    taken = {"recall": RECALLED, "demand": "delete", "ground": "inaccurate", "origin": "XS"}
    hand_over(southland, "evidence.recall/1", about | taken | {"answer_by": "2026-04-01"})
    told(run(CUSTODIAN, "destroy", item.reference, "--ground", "retention-over"))

    said = told(run(OFFICER, "waiting"))
    found = told(run(OFFICER, "waiting", "--json"))

    assert {kind: len(each) for kind, each in found.items()} == {
        "hand_overs": 0, "consents": 1, "recalls": 1, "destruction_lists": 1, "flags": 2,
    }  # fmt: skip
    assert "XS asks for our consent to CIVIL_JUDICIAL" in said
    assert "XS asks us to delete" in said
    [flag] = [each for each in found["flags"] if each["code"] == "corrected"]
    look = ("flag", item.reference, "--code", "corrected", "--source", flag["source"])
    assert "was looked at" in told(run(CUSTODIAN, *look))
    assert run(CUSTODIAN, *look)[0] == 1
    refused = run(HEAD, "consent", found["consents"][0]["reference"], "--answer", "refused")
    assert "refused" in told(refused)


def test_a_person_is_erased_by_two_persons_and_named_in_a_file(run: Any, tmp_path: Path) -> None:
    item, name = an_item(at=NOON).reference, tmp_path / "name.txt"
    name.write_text("A. Person of Eastland")

    made = told(run(CUSTODIAN, "erase", "--name-file", str(name), "--about", item, "--json"))
    assert run(CUSTODIAN, "erase", made["reference"])[0] == 1
    assert run(CUSTODIAN, "erase")[0] == 2
    drafted = run(Role.DATA_PROTECTION_OFFICER, "erase", made["reference"], "--json")
    assert told(drafted)["subject"] == made["reference"]
    done = run(HEAD, "destroy", "--approve", told(drafted)["reference"], "--json")
    assert [each["outcome"] for each in told(done)["entries"]] == ["destroyed"]


def test_nobody_acts_without_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evidence", "list"]) == 2
    assert "no API token says who acts" in capsys.readouterr().err
