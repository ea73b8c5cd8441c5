# SPDX-License-Identifier: Apache-2.0
import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from comity.agreements import export
from comity.agreements.claim import Event
from comity.agreements.instrument import Instrument
from comity.agreements.instrument_files import load_register, read_instrument
from tests.support.agreements import claim, instrument

REGISTER = load_register()
EVERYTHING = {**REGISTER.instruments, **REGISTER.models}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("reference", sorted(EVERYTHING)[::7])
def test_an_instrument_exported_as_yaml_is_read_back_the_same(reference, tmp_path):
    whole = EVERYTHING[reference]
    file = tmp_path / f"{reference}.yaml"

    file.write_text(export.instrument_yaml(whole), "utf-8")

    read = read_instrument(file)
    assert replace(read, file=whole.file) == whole


@pytest.mark.slow
def test_the_whole_register_exported_as_yaml_is_read_back_the_same(tmp_path):
    for reference, whole in EVERYTHING.items():
        file = tmp_path / f"{reference}.yaml"
        file.write_text(export.instrument_yaml(whole), "utf-8")
        assert replace(read_instrument(file), file=whole.file) == whole


def test_json_has_the_same_content_as_yaml():
    chosen = [EVERYTHING["us-nl-1996"], EVERYTHING["us-cn-1999"]]

    documents = json.loads(export.instruments_json(chosen))

    assert [each["reference"] for each in documents] == ["us-nl-1996", "us-cn-1999"]
    assert documents[0] == json.loads(json.dumps(export.instrument_document(chosen[0])))


def test_the_list_has_one_row_per_instrument_with_its_state_on_the_day():
    china = EVERYTHING["us-cn-1999"]

    (before,) = rows(export.list_csv([china], date(2001, 6, 1), register=REGISTER))
    (after,) = rows(export.list_csv([china], date(2004, 6, 1), register=REGISTER))

    assert (before["state"], before["in_force"]) == ("SIGNED", "no")
    assert (after["state"], after["in_force"]) == ("IN_FORCE", "yes")


def test_every_claim_and_every_provision_has_a_row_of_its_own():
    every = list(REGISTER.instruments.values())

    assert len(rows(export.claims_csv(every))) == sum(len(each.claims) for each in every)
    assert len(rows(export.provisions_csv(every))) == sum(len(e.provisions) for e in every)


def test_a_date_is_written_as_far_as_it_is_known():
    dates = [
        export.claim_date(claim(Event.SIGNED, on)) for on in ("2020-05-04", "2020-05", "2020", "")
    ]

    assert dates == ["2020-05-04", "2020-05", "2020", "unknown"]


@pytest.mark.parametrize("title", ["=1+1", "+cmd", "-2", "@SUM(A1)"])
def test_a_spreadsheet_executes_nothing_of_an_export(title):
    (row,) = rows(export.list_csv([instrument(title=title)], date(2024, 1, 1)))

    assert row["title"] == f"'{title}"


def test_an_instrument_that_binds_nobody_says_so():
    memorandum = instrument(binding=False)

    assert export.instrument_document(memorandum)["binding"] is False
    assert "binding" not in export.instrument_document(instrument())


def test_a_stream_of_yaml_documents_holds_every_instrument():
    chosen: list[Instrument] = [EVERYTHING["us-nl-1996"], EVERYTHING["us-cn-1999"]]

    text = export.instruments_yaml(chosen)

    assert text.count("reference: us-") == 2
    assert text.count("\n---\n") == 1
