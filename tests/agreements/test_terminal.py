# SPDX-License-Identifier: Apache-2.0
"""The commands of the register and of the assessment, as somebody types them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from comity import clock
from comity.agreements import terminal
from comity.agreements.overlay_files import read_overlay
from comity.cli import build_parser, main

DAY = "2024-10-11"


@pytest.fixture
def run(capsys):
    """Types a command; gives its exit code, what it printed, and what it complained of."""

    def type_(words: str, *more: str) -> tuple[int, str, str]:
        code = main([*words.split(), *more])
        said = capsys.readouterr()
        return code, said.out, said.err

    return type_


@pytest.fixture
def read(run):
    """Types a command with --json; gives its exit code and what a program reads."""

    def type_(words: str, *more: str) -> tuple[int, dict]:
        code, out, err = run(words, *more, "--json")
        assert err == ""
        return code, json.loads(out)

    return type_


CONFIRM = (
    "agreements confirm us-cv-2023 --evidence note-verbale --citation Note-12/2024 --by OFF-1 "
    "--countersigned-by OFF-2 --on 2024-02-01 --review-by 2026-02-01"
)


# ------------------------------------------------------------------ the register


def test_the_agreements_of_a_party_in_force_on_a_day_are_listed(read):
    code, listed = read(f"agreements list --party US --kind cmaa --state in-force --on {DAY}")

    references = [each["reference"] for each in listed["instruments"]]
    assert code == 0
    assert listed["count"] == len(references)
    assert {"us-cn-1999", "us-br-2002"} <= set(references)
    assert "us-cv-2023" not in references
    assert all("US" in each["parties"].split() for each in listed["instruments"])


def test_what_is_not_yet_in_force_is_not_listed_as_in_force(read):
    _, listed = read("agreements list --party CN --with US --state in-force --on 2001-06-01")

    assert "us-cn-1999" not in [each["reference"] for each in listed["instruments"]]


def test_signed_agreements_that_await_confirmation_are_listed(read):
    _, listed = read(f"agreements list --party US --programme cmaa --state awaiting --on {DAY}")

    assert "us-cv-2023" in [each["reference"] for each in listed["instruments"]]


def test_a_kind_of_the_taxonomy_and_a_state_of_life_narrow_the_list(read):
    _, treaties = read(f"agreements list --party US --kind treaty_bilateral --on {DAY}")
    _, signed = read(f"agreements list --party US --state signed --on {DAY}")

    assert {each["kind"] for each in treaties["instruments"]} == {"treaty_bilateral"}
    assert {each["state"] for each in signed["instruments"]} == {"SIGNED"}


def test_a_former_member_is_not_listed_under_the_unions_agreements(read):
    _, then = read("agreements list --party GB --with US --on 2019-06-01")
    _, now = read("agreements list --party GB --with US --on 2024-06-01")

    assert "us-eu-1997" in [each["reference"] for each in then["instruments"]]
    assert "us-eu-1997" not in [each["reference"] for each in now["instruments"]]


def test_the_list_is_printed_as_csv_and_for_people(run):
    _, out, _ = run(f"agreements list --party CV --on {DAY} --csv")
    _, shown, _ = run(f"agreements list --party CV --on {DAY}")

    assert "us-cv-2023" in [row["reference"] for row in csv.DictReader(io.StringIO(out))]
    assert "us-cv-2023" in shown
    assert f"on {DAY}" in shown


def test_one_instrument_is_read_with_its_state_claims_and_provisions(run, read):
    code, shown, _ = run("agreements show us-cn-1999 --on 2001-06-01")
    _, document = read("agreements show us-cn-1999 --on 2001-06-01")

    assert code == 0
    assert "1999-04-09" in shown
    assert "In force on 2001-06-01: no" in shown
    assert document["standing"]["state"] == "SIGNED"
    assert document["instrument"]["reference"] == "us-cn-1999"


def test_a_history_keeps_conflicting_claims_side_by_side(run, read):
    _, shown, _ = run("agreements history us-uz-2024")
    _, document = read("agreements history us-uz-2024")

    assert "2024-08-13" in shown
    assert "2024-09-13" in shown
    signed = next(each for each in document["happenings"] if each["event"] == "signed")
    assert signed["in_conflict"]


def test_a_partners_whole_path_is_one_timeline(run, read):
    _, shown, _ = run(f"agreements path US BR --on {DAY}")
    _, document = read(f"agreements path US BR --on {DAY}")

    programmes = [stage["programme"] for stage in document["stages"]]
    assert programmes[:4] == ["cmaa", "csi", "jwp", "mra"]
    assert "us-br-2002" in shown


def test_two_instruments_are_compared(run, read):
    code, shown, _ = run("agreements compare us-py-2002 us-py-2020 --differing")
    _, document = read("agreements compare us-nl-1996 us-cmaa")

    assert code == 0
    assert "us-py-2020" in shown
    assert document["only_second"]


@pytest.mark.parametrize("form", ["yaml", "json", "csv"])
def test_an_instrument_is_exported(run, form):
    code, out, _ = run(f"agreements export us-cn-1999 --format {form} --table claims")

    assert code == 0
    assert "us-cn-1999" in out


def test_the_coverage_says_what_can_be_asked_and_where_the_gaps_are(run, read):
    code, document = read(f"agreements coverage --for US --partner CN --on {DAY}")
    _, shown, _ = run(f"agreements coverage --for US --partner CV --on {DAY}")

    china = document["partners"][0]
    assert code == 0
    assert china["best"] == "permitted"
    assert china["gap"] is None
    assert document["cells"]["INFO_OFFENCE"]["INTELLIGENCE"] == "permitted"
    assert "Force awaits confirmation" in shown


@pytest.mark.slow
def test_the_whole_coverage_is_printed_for_people_and_as_csv(run):
    _, shown, _ = run(f"agreements coverage --for US --on {DAY}")
    _, out, _ = run(f"agreements coverage --for US --on {DAY} --csv")

    rows = {row["partner"]: row for row in csv.DictReader(io.StringIO(out))}
    assert len(rows) > 200
    assert rows["CN"]["best"] == "permitted"
    assert "us-cv-2023" in shown
    assert "partners have no instrument with US" in shown


# ------------------------------------------------------------------ statements of our own


def test_a_confirmation_in_a_file_turns_a_question_for_a_person_into_an_answer(run, read, tmp_path):
    file = str(tmp_path / "ours.yaml")
    question = f"determine ask --asker US --asked CV --form INFO_OFFENCE --offence TOBACCO --purpose ADMIN_ENQUIRY --on {DAY}"  # noqa: E501
    before, answer = read(question)
    assert (before, answer["verdict"]) == (1, "person-must-decide")

    code, out, _ = run(f"{CONFIRM} --in-force-from 2024-01-15 --overlay {file}")
    assert code == 0
    assert "CNF-2024-001" in out
    code, out, _ = run(
        f"{CONFIRM} --article 3 --form INFO_OFFENCE --use ADMIN_ENQUIRY=PERMITTED --overlay {file}"
    )
    assert "CNF-2024-002" in out

    after, answer = read(f"{question} --confirmed {file}")
    assert (after, answer["verdict"]) == (0, "permitted")
    force = next(each for each in answer["findings"] if each["rule"] == "AGR-2")
    assert (force["holds"], force["basis"]) == (True, "confirmed")


def test_the_list_reads_the_file_of_confirmations_too(run, read, tmp_path):
    file = str(tmp_path / "ours.yaml")
    run(f"{CONFIRM} --in-force-from 2024-01-15 --overlay {file}")

    _, listed = read(f"agreements list --party CV --state in-force --on {DAY} --overlay {file}")

    assert "us-cv-2023" in [each["reference"] for each in listed["instruments"]]


def test_news_never_confirms_and_nothing_is_written(run, tmp_path):
    file = tmp_path / "ours.yaml"

    code, _, err = run(
        CONFIRM.replace("note-verbale", "news"), "--in-force-from", DAY, "--overlay", str(file)
    )

    assert code == 2
    assert "news" in err
    assert not file.exists()


def test_the_custodian_cannot_countersign_alone(run, tmp_path):
    file = str(tmp_path / "ours.yaml")
    alone = CONFIRM.replace("OFF-2", "OFF-1") + f" --in-force-from 2024-01-15 --overlay {file}"

    code, _, err = run(alone)
    allowed, _, _ = run(f"{alone} --two-person-unit")

    assert code == 1
    assert "OFF-1" in err
    assert allowed == 0


def test_a_partners_disagreement_suspends_a_confirmation(run, read, tmp_path):
    file = str(tmp_path / "ours.yaml")
    run(f"{CONFIRM} --in-force-from 2024-01-15 --overlay {file}")

    code, out, _ = run(
        "agreements corroborate CNF-2024-001 --partner CV --citation Boletim-14 --published-on "
        f"2024-03-01 --disagrees --by OFF-1 --on 2024-03-05 --overlay {file}"
    )

    assert code == 0
    assert "suspended" in out
    overlay = read_overlay(Path(file))
    assert overlay.confirmations[0].suspended_on == date(2024, 3, 5)
    assert not overlay.corroborations[0].agrees
    _, listed = read(f"agreements list --party CV --state in-force --on {DAY} --overlay {file}")
    assert "us-cv-2023" not in [each["reference"] for each in listed["instruments"]]


def test_a_ruling_and_an_attestation_are_recorded(run, tmp_path):
    file = str(tmp_path / "ours.yaml")
    ruled, _, _ = run(
        "agreements rule us-cv-2023 --form INFO_OFFENCE --purpose CRIMINAL_INVESTIGATION "
        "--verdict permitted --grounds Opinion-7 --valid-from 2024-10-01 --valid-until 2025-09-30 "
        f"--by OFF-1 --countersigned-by OFF-2 --on 2024-09-30 --overlay {file}"
    )
    attested, _, _ = run(
        "agreements attest US KP --valid-from 2024-01-01 --valid-until 2025-01-01 "
        f"--citation Treaty-list --by OFF-1 --on 2024-01-02 --overlay {file}"
    )

    overlay = read_overlay(Path(file))
    assert (ruled, attested) == (0, 0)
    assert overlay.rulings[0].reference == "RUL-2024-001"
    assert overlay.attestations[0].parties == frozenset({"US", "KP"})


def test_attested_completeness_turns_no_known_basis_into_no_legal_basis(run, read, tmp_path):
    file = str(tmp_path / "ours.yaml")
    run(
        "agreements attest US KP --valid-from 2024-01-01 --valid-until 2025-01-01 "
        f"--citation Treaty-list --by OFF-1 --on 2024-01-02 --overlay {file}"
    )
    question = (
        f"determine ask --asker US --asked KP --form ENQUIRY --purpose ADMIN_ENQUIRY --on {DAY}"
    )

    _, unknown = read(question)
    _, known = read(f"{question} --overlay {file}")

    assert unknown["verdict"] == "no-known-basis"
    assert known["verdict"] == "no-legal-basis"


def test_a_ruling_longer_than_twelve_months_is_refused(run, tmp_path):
    code, _, err = run(
        "agreements rule us-cv-2023 --form INFO_OFFENCE --purpose CRIMINAL_INVESTIGATION "
        "--verdict permitted --grounds Opinion-7 --valid-from 2024-10-01 --valid-until 2026-09-30 "
        f"--by OFF-1 --countersigned-by OFF-2 --overlay {tmp_path / 'ours.yaml'}"
    )

    assert code == 1
    assert "2025-10-01" in err


def test_a_node_records_a_statement_where_there_is_one():
    parser = build_parser(words=["agreements"])
    commands = next(a for a in parser._actions if a.dest == "==SUPPRESS==" and a.choices)
    words = f"{CONFIRM} --node --in-force-from 2024-01-15".split()
    told = []

    terminal.in_node(commands, "confirm", lambda arguments: told.append(arguments.instrument) or 0)
    arguments = parser.parse_args(words)

    assert arguments.run(arguments) == 0
    assert told == ["us-cv-2023"]


# ------------------------------------------------------------------ the five questions


QUESTIONS = {
    f"ask --asker US --asked CV --form INFO_OFFENCE --offence SMUGGLING_GENERAL --purpose CRIMINAL_EVIDENCE --on {DAY}": (  # noqa: E501
        "person-must-decide",
        1,
    ),
    f"ask --asker US --asked CN --form INFO_OFFENCE --offence SMUGGLING_GENERAL --purpose CRIMINAL_EVIDENCE --on {DAY}": (  # noqa: E501
        "prior-consent",
        1,
    ),
    f"ask --asker US --asked CN --form INFO_OFFENCE --offence SMUGGLING_GENERAL --purpose INTELLIGENCE --on {DAY}": (  # noqa: E501
        "permitted",
        0,
    ),
    "ask --asker US --asked CN --form INFO_OFFENCE --offence TOBACCO --purpose INTELLIGENCE --on 2001-06-01 --under us-cn-1999": (  # noqa: E501
        "no-legal-basis",
        1,
    ),
    "use --holder US --supplier PY --purpose CRIMINAL_EVIDENCE --supplied-on 2019-05-01 --on 2021-01-01": (  # noqa: E501
        "prohibited",
        1,
    ),
}


@pytest.mark.parametrize("words", QUESTIONS)
def test_a_question_is_answered_with_its_verdict_and_exit_code(read, words):
    verdict, expected = QUESTIONS[words]

    code, answer = read(f"determine {words}")

    assert (answer["verdict"], code) == (verdict, expected)
    assert answer["question"]["kind"] == words.split()[0]


@pytest.mark.parametrize(
    "words",
    [
        "release --supplier US --receiver BR --form INFO_OFFENCE --offence TOBACCO "
        "--purpose ADMIN_ENQUIRY --class DECLARATION --personal-data no --judicially-obtained no "
        "--assurances-given yes --assurance-breached no",
        "disclose --holder ZA --supplier BR --recipient THIRD_STATE --supplied-on 2019-05-01",
        "disclose --holder US --supplier CN --recipient DEFENCE --supplied-on 2019-05-01",
        "retain --holder US --supplier CN --supplied-on 2019-05-01 --purpose-fulfilled yes",
        "use --holder US --supplier BR --purpose INTELLIGENCE --caveat CUSTOMS_ONLY --handling H1",
    ],
)
def test_every_kind_of_question_is_answered_for_people_and_programs(run, read, words):
    code, answer = read(f"determine {words} --on {DAY}")
    same, shown, _ = run(f"determine {words} --on {DAY} --all")

    assert code == same == (0 if answer["permitted"] else 1)
    assert answer["summary"] in shown
    for finding in answer["findings"]:
        assert finding["rule"] in shown


def test_the_answer_for_people_begins_with_the_verdict_and_names_what_would_change_it(run):
    _, shown, _ = run(
        "determine ask --asker US --asked CN --form INFO_OFFENCE --offence TOBACCO "
        f"--purpose CRIMINAL_EVIDENCE --on {DAY}"
    )

    lines = shown.splitlines()
    assert lines[0].startswith("Prior consent of the supplying administration needed: US asks CN")
    assert "Judged under us-cn-1999." in lines
    assert "AGR-30" in next(line for line in lines if line.startswith("AGR-"))
    assert "Would be permitted if:" in lines


def test_several_forms_may_be_repeated_or_separated_by_commas(read):
    tail = f"--offence TOBACCO --purpose INTELLIGENCE --on {DAY}"
    _, repeated = read(
        f"determine ask --asker US --asked CN --form ENQUIRY --form INTERVIEW {tail}"
    )
    _, joined = read(f"determine ask --asker US --asked CN --form enquiry,interview {tail}")

    assert repeated == joined
    assert repeated["question"]["forms"] == ["ENQUIRY", "INTERVIEW"]


def test_without_a_day_the_question_is_about_today(read, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2024, 10, 11))

    _, answer = read("determine retain --holder US --supplier CN --supplied-on 2019-05-01")

    assert answer["question"]["on"] == DAY


def test_an_item_that_nobody_may_see_is_not_an_item_for_everybody(read):
    words = "use --holder US --supplier CN --purpose INTELLIGENCE --supplied-on 2019-05-01"
    _, named = read(f"determine {words} --on {DAY}", "--audience", "")

    assert named["question"]["item"]["audience"] == []
    assert named["permitted"] is False


# ------------------------------------------------------------------ misuse


MISUSES = {
    "determine ask --asker US --asked CN --form OFFENSE_INFO --purpose ASSESSMENT": "INFO_OFFENCE",
    "determine ask --asker US --asked CN --form ENQUIRY --purpose EVIDENCE": "CRIMINAL_EVIDENCE",
    "determine ask --asker US --asked CHNA --form ENQUIRY --purpose INTELLIGENCE": "CN (China)",
    "determine ask --asker US --asked CN --form ENQUIRY --purpose INTELLIGENCE --on soon": "soon",
    "determine retain --holder US --supplier CN --under us-cn-1998": "us-cn-1999",
    "agreements show us-cn-1998": "us-cn-1999",
    "agreements list --kind cmma": "CMAA",
    "agreements list --state in-fource": "IN_FORCE",
    "agreements coverage --for Brasil": "BR",
    "agreements confirm us-cv-2023 --overlay x --evidence note-verbale": "--citation",
    "agreements lst": "list",
    "agreements list --register /nonexistent": "--register",
    "determine retain --holder US --supplier CN --laws /nonexistent": "--laws",
    f"{CONFIRM} --in-force-from 2024-01-15 --overlay /nonexistent/ours.yaml": "ours.yaml",
    "determine ask --overlay /nonexistent/ours.yaml --asker US --asked CN --form ENQUIRY --purpose INTELLIGENCE": "ours.yaml",  # noqa: E501
}


@pytest.mark.parametrize("words", MISUSES)
def test_misuse_is_told_with_what_was_meant_and_exit_code_2(run, words):
    code, out, err = run(words)

    assert (code, out) == (2, "")
    assert MISUSES[words] in err


def test_misuse_is_told_to_programs_as_a_problem_document(run):
    code, out, err = run("agreements show us-cn-1998 --json")

    problem = json.loads(out)
    assert (code, err) == (2, "")
    assert problem["type"] == "unknown-instrument"
    assert "us-cn-1999" in problem["remedy"]
    assert problem["fields"]["reference"] == "us-cn-1998"
