# SPDX-License-Identifier: Apache-2.0
"""Reading instruments from files: what is refused, and that the error names file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.claim import Confidence, Event, Precision
from comity.agreements.instrument_entries import ForceBeforeSignatureError, UnlistedPartyError
from comity.agreements.instrument_files import (
    DoubleReferenceError,
    UnknownReferenceError,
    load_register,
    read_instrument,
)
from comity.agreements.provision import Basis
from comity.agreements.provision_parameters import UseException
from comity.agreements.verdict import NoticeTiming
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose, UseRule
from comity.reference.yaml_files import (
    DataFileError,
    MissingKeyError,
    UnknownKeyError,
    UnreadableYamlError,
)

GOOD = """\
reference: north-south-1999
title: Agreement between Northland and Southland
kind: treaty_bilateral
programme: cmaa
parties: ["NO", {code: SE, annexes: [I], reservations: [{articles: ["9"], source: s1}]}]
read: whole
languages: [en]
annexes: {I: own-initiative assistance}
sources:
  s1: {title: The treaty series, url: https://example.org/1, read_on: 2026-11-21}
source: s1
recorded_on: 2026-11-21
authorities: [{code: NO/TOLL, name: Northland Customs}]
claims:
- {event: signed, date: 1999-04-09, source: s1, confidence: high}
- {event: in-force, date: 2003-04, source: s1, confidence: medium, party: SE, annex: I}
- {event: terminated, date: unknown, source: s1, confidence: low}
versions: [{code: "2", title: As revised}]
provisions:
- article: "3"
  type: assistance
  basis: read
  reading: Information on offences is given on request.
  annex: I
  parameters: {forms: [INFO_OFFENCE], duty: shall, trigger: [request], limited_to: [NARCOTICS]}
- article: "4"
  type: use
  basis: read
  reading: Evidence needs consent.
  since_version: "2"
  parameters:
    rules: {CRIMINAL_EVIDENCE: PRIOR_CONSENT}
    notice: BEFORE
    exception: {rule: PERMITTED, offences: [NARCOTICS], recipients: [drug authorities]}
- article: "5"
  type: duration_termination
  basis: read
  reading: Six months; pending requests are completed.
  parameters: {notice_months: 6, pending_completed: true}
"""


def written(folder: Path, text: str, name: str = "north-south-1999") -> Path:
    file = folder / f"{name}.yaml"
    file.write_text(text, "utf-8")
    return file


def refusal(folder: Path, old: str, new: str) -> DataFileError:
    """The error that the good file raises once `old` in it is replaced by `new`."""
    assert old in GOOD
    written(folder, GOOD.replace(old, new, 1))
    with pytest.raises(DataFileError) as caught:
        load_register(folder)
    return caught.value


def line_of(text: str) -> int:
    return next(n for n, line in enumerate(GOOD.splitlines(), 1) if text in line)


def test_a_whole_file_becomes_an_instrument(tmp_path: Path):
    instrument = read_instrument(written(tmp_path, GOOD))

    assert [party.code for party in instrument.parties] == ["NO", "SE"]
    assert instrument.parties[1].annexes == {"I"}
    assert instrument.parties[1].reservations[0].articles == {"9"}
    assert instrument.authorities[0].party == "NO"
    assert instrument.annexes == (("I", "own-initiative assistance"),)
    assert [claim.event for claim in instrument.claims] == [
        Event.SIGNED,
        Event.IN_FORCE,
        Event.TERMINATED,
    ]


def test_a_date_is_known_to_the_day_the_month_the_year_or_not_at_all(tmp_path: Path):
    signed, in_force, ended = read_instrument(written(tmp_path, GOOD)).claims

    assert (signed.on, signed.precision) == (date(1999, 4, 9), Precision.DAY)
    assert (in_force.on, in_force.precision) == (date(2003, 4, 1), Precision.MONTH)
    assert in_force.latest == date(2003, 4, 30)
    assert (ended.on, ended.precision) == (None, Precision.UNKNOWN)


def test_parameters_are_typed_codes_numbers_and_flags(tmp_path: Path):
    assistance, use, duration = read_instrument(written(tmp_path, GOOD)).provisions

    assert assistance.parameters["forms"] == (FormOfAssistance.INFO_OFFENCE,)
    assert assistance.parameters["limited_to"] == (Offence.NARCOTICS,)
    assert use.parameters["rules"] == {Purpose.CRIMINAL_EVIDENCE: UseRule.PRIOR_CONSENT}
    assert use.parameters["notice"] is NoticeTiming.BEFORE
    assert use.parameters["exception"] == UseException(
        rule=UseRule.PERMITTED, offences=(Offence.NARCOTICS,), recipients=("drug authorities",)
    )
    assert duration.parameters == {"notice_months": 6, "pending_completed": True}


def test_norway_is_a_country_and_not_a_boolean(tmp_path: Path):
    bare = GOOD.replace('["NO", ', "[NO, ")

    assert read_instrument(written(tmp_path, bare)).parties[0].code == "NO"


def test_parameters_cannot_be_changed(tmp_path: Path):
    provision = read_instrument(written(tmp_path, GOOD)).provisions[0]

    with pytest.raises(TypeError):
        provision.parameters["duty"] = "may"  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "found", "expected"),
    [
        ("kind: treaty_bilateral", "kind: pact", "pact", "treaty_bilateral"),
        ("programme: cmaa", "programme: cma", "cma", "cmaa"),
        ("read: whole", "read: twice", "twice", "whole"),
        ("event: signed", "event: inked", "inked", "signed"),
        ("confidence: high", "confidence: sure", "sure", "high"),
        ("1999-04-09", "1999-04-31", "1999-04-31", "unknown"),
        ("1999-04-09", "9 April 1999", "9 April 1999", "unknown"),
        ("party: SE", "party: FI", "FI", "SE"),
        ("annex: I}", "annex: II}", "II", "I"),
        ("code: NO/TOLL", "code: NOTOLL", "NOTOLL", "<party>/<short name>"),
        ("code: NO/TOLL", "code: FI/TOLL", "FI", "NO, SE"),
        ("type: assistance", "type: help", "help", "assistance"),
        ("basis: read", "basis: confirmed", "confirmed", "assumed"),
        ("[INFO_OFFENCE]", "[INFO_OFFENSE]", "INFO_OFFENSE", "INFO_OFFENCE"),
        ("duty: shall", "duty: must", "must", "shall"),
        ("trigger: [request]", "trigger: [demand]", "demand", "request"),
        ("notice_months: 6", "notice_months: six", "six", "a whole number"),
        ("PRIOR_CONSENT}", "CONSENT}", "CONSENT", "a mapping of Purpose codes"),
        ("notice: BEFORE", "notice: SOON", "SOON", "BEFORE"),
        ('since_version: "2"', 'since_version: "3"', "3", "2"),
        ("recorded_on: 2026-11-21", "recorded_on: unknown", "unknown", "the day of recording"),
        ("languages: [en]", "languages: en", "en", "a list"),
    ],
)
def test_a_wrong_value_is_refused_with_file_and_line_found_and_expected(
    tmp_path: Path, old: str, new: str, found: str, expected: str
):
    error = refusal(tmp_path, old, new)

    assert error.fields["file"] == "north-south-1999.yaml"
    assert error.fields["line"] == line_of(old.splitlines()[0])
    assert found in str(error.fields["found"])
    assert expected in str(error.fields["expected"])
    assert f"line {error.fields['line']}" in str(error)


def test_a_source_that_the_file_does_not_name_is_refused(tmp_path: Path):
    error = refusal(tmp_path, "source: s1\nrecorded", "source: s9\nrecorded")

    assert (error.fields["found"], error.fields["line"]) == ("s9", line_of("recorded_on") - 1)
    assert "s1" in str(error.fields["expected"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("languages: [en]", "langauges: [en]"),
        ("  annex: I\n", "  anex: I\n"),
        ("notice_months: 6", "months_notice: 6"),
        ("name: Northland Customs", "name: Northland Customs, telephone: 1"),
    ],
)
def test_an_unknown_key_or_parameter_is_refused(tmp_path: Path, old: str, new: str):
    error = refusal(tmp_path, old, new)

    assert isinstance(error, UnknownKeyError)
    assert error.fields["line"] == line_of(old.splitlines()[0])


def test_a_missing_key_is_refused(tmp_path: Path):
    error = refusal(tmp_path, "title: Agreement between Northland and Southland\n", "")

    assert isinstance(error, MissingKeyError)
    assert error.fields["expected"] == "title"


def test_an_unknown_country_and_an_unlisted_group_are_refused(tmp_path: Path):
    for code in ("XX", "ATLANTIS"):
        error = refusal(tmp_path, '["NO", ', f"[{code}, ")

        assert isinstance(error, UnlistedPartyError)
        assert error.fields["found"] == code
        assert "SACU" in str(error.fields["expected"])


def test_a_listed_group_may_be_a_party_and_its_member_may_have_claims(tmp_path: Path):
    text = GOOD.replace('["NO", ', "[EU, ").replace("NO/TOLL", "EU/OLAF")
    text = text.replace("party: SE, annex: I", "party: DE")

    instrument = read_instrument(written(tmp_path, text))

    assert instrument.claims[1].party == "DE"


def test_an_entry_into_force_before_the_signature_is_refused(tmp_path: Path):
    error = refusal(tmp_path, "date: 2003-04,", "date: 1998,")

    assert isinstance(error, ForceBeforeSignatureError)
    assert error.fields["line"] == line_of("event: in-force")
    assert "1999-04-09" in str(error)
    assert "1998-12-31" in str(error)


def test_a_conflict_of_days_is_kept_as_a_claim_of_low_confidence(tmp_path: Path):
    text = GOOD.replace(
        "date: 2003-04, source: s1, confidence: medium",
        "date: 1998, source: s1, confidence: low, note: a conflict of the sources",
    )

    claim = read_instrument(written(tmp_path, text)).claims[1]

    assert claim.confidence is Confidence.LOW
    assert not claim.credible


def test_a_recalled_instrument_may_not_carry_a_claim_that_settles_anything(tmp_path: Path):
    error = refusal(tmp_path, "read: whole", "read: whole\nexistence: unverified")

    assert error.fields["found"] == "high"


def test_two_files_of_one_reference_are_refused(tmp_path: Path):
    written(tmp_path, GOOD)
    (tmp_path / "copies").mkdir()
    written(tmp_path / "copies", GOOD)

    with pytest.raises(DoubleReferenceError) as caught:
        load_register(tmp_path)

    assert "copies/north-south-1999.yaml" in str(caught.value)


def test_a_file_whose_name_is_not_its_reference_is_refused(tmp_path: Path):
    written(tmp_path, GOOD, name="other")

    with pytest.raises(DataFileError) as caught:
        load_register(tmp_path)

    assert (caught.value.fields["file"], caught.value.fields["line"]) == ("other.yaml", 1)


@pytest.mark.parametrize(
    "line", ["model: no-such-model", "supersedes: [gone]", "complements: [gone]"]
)
def test_a_reference_to_what_nobody_describes_is_refused(tmp_path: Path, line: str):
    error = refusal(tmp_path, "read: whole", f"read: whole\n{line}")

    assert isinstance(error, UnknownReferenceError)
    assert error.fields["line"] == line_of("read: whole") + 1


def test_a_file_that_is_not_yaml_is_refused(tmp_path: Path):
    written(tmp_path, GOOD.replace("parties: [", "parties: ["[:-1] + "{["))

    with pytest.raises(UnreadableYamlError) as caught:
        load_register(tmp_path)

    assert caught.value.fields["file"] == "north-south-1999.yaml"


def test_a_key_that_stands_twice_is_refused(tmp_path: Path):
    error = refusal(tmp_path, "read: whole", "read: whole\nread: part")

    assert isinstance(error, UnreadableYamlError)
    assert error.fields["line"] == line_of("read: whole") + 1


def test_an_anchor_is_refused(tmp_path: Path):
    error = refusal(tmp_path, "languages: [en]", "languages: *en")

    assert error.fields["file"] == "north-south-1999.yaml"


def test_a_provision_without_a_source_of_its_own_has_the_instruments(tmp_path: Path):
    instrument = read_instrument(written(tmp_path, GOOD))

    assert {provision.source for provision in instrument.provisions} == {instrument.source}
    assert {provision.basis for provision in instrument.provisions} == {Basis.READ}


@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)), precision=st.sampled_from([4, 7, 10]))
def test_a_date_covers_every_day_that_fits_it(
    tmp_path_factory: pytest.TempPathFactory, day: date, precision: int
):
    given_date = day.isoformat()[:precision]
    text = GOOD.replace("date: unknown", f"date: {given_date}")
    claim = read_instrument(written(tmp_path_factory.mktemp("dates"), text)).claims[2]

    assert claim.earliest is not None
    assert claim.latest is not None
    assert claim.earliest <= day <= claim.latest
    assert claim.earliest.isoformat()[:precision] == given_date
    assert claim.latest.isoformat()[:precision] == given_date
