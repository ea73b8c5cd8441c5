# SPDX-License-Identifier: Apache-2.0
"""The guide to adding an instrument: its example is a valid file, and its fault is a true one."""

import re
from pathlib import Path

import pytest

from comity.agreements.instrument_files import read_instrument
from comity.reference.yaml_files import DataFileError

PAGE = (Path(__file__).parents[2] / "docs/howto/add-an-instrument.md").read_text("utf-8")
FAULT = (
    "line 16: claims.1.party is FI; expected a party of the instrument or a member of one: NO, SE."
)


def example() -> str:
    found = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def written(folder: Path, text: str) -> Path:
    file = folder / "north-south-1999.yaml"
    file.write_text(text, "utf-8")
    return file


def test_the_example_of_the_guide_is_a_valid_file(tmp_path):
    instrument = read_instrument(written(tmp_path, example()))

    assert instrument.reference == "north-south-1999"
    assert [claim.event for claim in instrument.claims] == ["signed", "in-force"]
    assert [provision.article for provision in instrument.provisions] == ["12(2)"]


def test_the_fault_that_the_guide_shows_is_what_the_loader_says(tmp_path):
    assert FAULT in re.sub(r"\s+", " ", PAGE)
    wrong = example().replace("confidence: medium, note", "confidence: medium, party: FI, note")

    with pytest.raises(DataFileError) as caught:
        read_instrument(written(tmp_path, wrong))

    assert str(caught.value).endswith(FAULT)
