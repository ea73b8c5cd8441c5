# SPDX-License-Identifier: Apache-2.0
"""The command as a whole: help, version, language, exit codes, and how quickly it starts."""

from __future__ import annotations

import json
import os
import resource
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from comity import __version__, catalogues
from comity.cli import (
    CommandParser,
    build_parser,
    commands_reference_markdown,
    language_of,
    main,
)
from comity.errors import ConflictError

FRENCH = {
    "List instruments with their state on a day.": "Énumérer les instruments et leur état.",
    "The register has no instrument {reference}.": "Le registre n’a pas d’instrument {reference}.",
}


@pytest.fixture
def french(monkeypatch):
    """A French catalogue of two sentences."""
    monkeypatch.setattr(
        catalogues._catalogue("fr"), "gettext", lambda text: FRENCH.get(text, text), raising=False
    )


def every_command(parser: CommandParser) -> list[CommandParser]:
    found = []
    for action in parser._actions:
        if action.choices and isinstance(action.choices, dict):
            for child in dict.fromkeys(action.choices.values()):
                found += every_command(child) or [child]
    return found


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("COMITY_", "LC_"))}
    return subprocess.run(
        [sys.executable, "-m", "comity.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"LANG": "C.UTF-8"},
    )


def test_the_version_is_printed():
    answered = typed("--version")

    assert (answered.returncode, answered.stdout) == (0, f"comity {__version__}\n")


def test_the_help_names_every_group_of_commands():
    answered = typed("--help")

    assert answered.returncode == 0
    assert "agreements" in answered.stdout
    assert "determine" in answered.stdout


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_it_starts_in_less_than_150_milliseconds_of_work(word):
    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        typed(word)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(5)) < 0.150


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("agreements", "list", "--party", "CV"),
        ("determine", "retain", "--holder", "US", "--supplier", "CN"),
    ],
)
def test_a_plain_command_never_loads_the_framework(words):
    program = (
        "import sys; from comity.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print('django' in sys.modules, file=sys.stderr)"
    )

    answered = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False
    )

    assert answered.stderr.splitlines()[-1] == "False"


@pytest.mark.parametrize("words", [[], ["agreements"], ["determine"]])
def test_half_a_command_is_misuse_and_shows_what_there_is(words, capsys):
    assert main(words) == 2
    assert "usage: comity" in capsys.readouterr().out


def test_an_unknown_command_is_misuse(capsys):
    assert main(["agreemnts"]) == 2
    assert "agreemnts" in capsys.readouterr().err


def test_a_refusal_exits_with_1_and_says_what_to_do_next(capsys, monkeypatch):
    class TakenError(ConflictError):
        code = "taken"
        message = "{reference} is taken."
        remedy = "Choose another than {reference}."

    def refuse(_arguments: object) -> int:
        raise TakenError(reference="REQ-1")

    monkeypatch.setattr("comity.agreements.terminal.register.list_instruments", refuse)

    assert main(["agreements", "list"]) == 1
    assert capsys.readouterr().err == "REQ-1 is taken.\nChoose another than REQ-1.\n"
    assert main(["agreements", "list", "--json"]) == 1
    problem = json.loads(capsys.readouterr().out)
    assert problem["type"] == "taken"
    assert problem["remedy"] == "Choose another than REQ-1."
    assert problem["fields"] == {"reference": "REQ-1"}


@pytest.mark.parametrize(
    ("words", "environment", "expected"),
    [
        (["--language", "fr"], {}, "fr"),
        (["agreements", "list", "--language=fr"], {}, "fr"),
        (["--language", "de"], {"LANG": "fr_FR.UTF-8"}, "en"),
        ([], {"COMITY_LANGUAGE": "fr", "LANG": "en_GB.UTF-8"}, "fr"),
        ([], {"LANG": "fr_CA.UTF-8"}, "fr"),
        ([], {"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "en"),
        ([], {}, "en"),
    ],
)
def test_the_language_is_the_one_asked_for_then_the_systems(words, environment, expected):
    assert language_of(words, environment) == expected


def test_a_language_that_nobody_translated_into_is_misuse(capsys):
    assert main(["agreements", "list", "--language", "de"]) == 2
    assert main(["--language", "de", "agreements", "list"]) == 2
    assert "'en', 'fr'" in capsys.readouterr().err


def test_help_and_errors_are_read_in_the_language_asked_for(french, capsys):
    with pytest.raises(SystemExit):
        main(["agreements", "list", "--help", "--language", "fr"])
    assert FRENCH["List instruments with their state on a day."] in capsys.readouterr().out

    main(["agreements", "show", "nothing-2020", "--language", "fr"])
    assert "Le registre n’a pas d’instrument nothing-2020." in capsys.readouterr().err


def test_every_plain_command_has_help_with_an_example():
    silent = [
        parser.prog
        for parser in every_command(build_parser(words=["agreements"]))
        if parser.prog.split()[1] in ("agreements", "determine")
        and not (parser.description and f"  {parser.prog} " in (parser.epilog or ""))
    ]

    assert silent == []


def test_every_plain_command_can_answer_programs():
    mute = [
        parser.prog
        for parser in every_command(build_parser(words=["agreements"]))
        if "--json" not in parser._option_string_actions
    ]

    assert mute == []


def test_every_example_in_the_help_is_a_command():
    parser = build_parser(words=["agreements"])
    examples = [
        line.strip()
        for each in every_command(parser)
        if each.prog.split()[1] in ("agreements", "determine")
        for line in (each.epilog or "").splitlines()
        if line.startswith("  comity ")
    ]

    assert len(examples) >= 16
    for example in examples:
        words = shlex.split(example.partition(">")[0])[1:]
        assert parser.parse_args(words).run


def test_the_quick_help_names_the_same_commands_as_the_whole_tree():
    def names(parser: CommandParser) -> set[str]:
        return next(set(a.choices) for a in parser._actions if isinstance(a.choices, dict))

    assert names(build_parser(words=["--help"])) == names(build_parser())


def test_the_reference_of_commands_names_each_with_its_options():
    page = commands_reference_markdown()

    assert "## `comity agreements coverage`" in page
    assert "`--for CODE` (required)" in page
    assert "## `comity determine disclose`" in page


def test_a_reader_that_closes_early_is_no_error():
    command = f"{sys.executable} -m comity.cli agreements list --on 2024-10-11 | head -1"

    answered = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False
    )

    assert answered.stderr == ""
    assert answered.stdout


def test_the_command_is_installed_as_a_program():
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8")

    assert 'comity = "comity.cli:main"' in text


def test_an_act_that_is_called_like_a_plain_command_belongs_to_its_group(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--language", "en", "storage", "verify", "--help"])

    assert ended.value.code == 0
    assert "comity storage verify" in capsys.readouterr().out
