# SPDX-License-Identifier: Apache-2.0
"""`comity verify`: the procedure at the command line, with exit codes for programs."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from comity import cli
from tests.support.evidence_packages import Made, Sealer, a_package


@pytest.fixture(scope="module")
def made() -> Made:
    made = a_package()
    made.write()
    return made


@pytest.fixture
def package(made: Made, tmp_path: Path) -> Path:
    path = tmp_path / "package.asice"
    path.write_bytes(made.content)
    return path


def test_a_package_that_holds_ends_in_three_until_anchors_say_whose_it_is(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["verify", str(package)]) == 3
    assert "Everything that was checked holds." in capsys.readouterr().out


def test_an_altered_package_ends_in_one_and_says_which_step(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = bytearray(package.read_bytes())
    content[200] ^= 1
    package.write_bytes(content)

    assert cli.main(["verify", str(package), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [step["step"] for step in document["steps"]] == [1]


@pytest.mark.slow
def test_anchors_are_read_and_hold_it_to_them(made: Made, package: Path, tmp_path: Path) -> None:
    ours, others = tmp_path / "ours.pem", tmp_path / "others.pem"
    ours.write_bytes(made.sealer.root.pem)
    others.write_bytes(Sealer("Eastland").root.pem)

    assert cli.main(["verify", str(package), "--anchors", str(ours), "--at", "2046-01-31"]) == 0
    assert cli.main(["verify", str(package), "--anchors", str(others)]) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["verify"],
        ["verify", "missing.asice"],
        ["verify", "{package}", "--at", "tomorrow"],
        ["verify", "{package}", "--anchors", "{package}"],
    ],
)
def test_misuse_ends_in_two(words: list[str], package: Path) -> None:
    assert cli.main([word.format(package=package) for word in words]) == 2


def test_anchors_with_members_too_few_end_in_two(package: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.pem"
    odd.write_text("-----BEGIN CERTIFICATE-----\nMAYwADAAAwA=\n-----END CERTIFICATE-----\n")

    assert cli.main(["verify", str(package), "--anchors", str(odd)]) == 2


def test_the_verifier_that_is_written_runs_by_itself(package: Path, tmp_path: Path) -> None:
    path = tmp_path / "verify.py"

    assert cli.main(["verify", "--write-verifier", str(path)]) == 0
    alone = runpy.run_path(str(path), run_name="alone")
    assert alone["main"]([str(package), "--json"]) == 3
