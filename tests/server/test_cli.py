# SPDX-License-Identifier: Apache-2.0
"""A node's command loads what it needs: nobody waits for the parts that are not asked for."""

from __future__ import annotations

import argparse
import subprocess
import sys

import pytest

from comity.cli import build_parser
from comity.evidence.commands import PARTS
from comity.server.cli import COMMANDS, GROUPS, modules_for

UNASKED = (
    "PIL",
    "asn1crypto",
    "cheroot",
    "comity.evidence.services.certifying",
    "comity.evidence.services.packing",
    "comity.evidence.tasks",
    "comity.exchange.services",
    "comity.exchange.transports",
    "comity.newsfeed.services",
    "comity.server.urls",
    "comity.server.wiring",
    "feedparser",
    "httpcore2",
    "httpx2",
    "ninja",
    "pydantic",
    "pyhanko",
    "pypdfium2",
    "requests",
    "typst",
)


def acts_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """What may follow the parser's words."""
    groups = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    return {name: act for group in groups for name, act in group.choices.items()}


def test_listing_evidence_loads_neither_the_api_nor_another_act_nor_a_library_it_does_not_need():
    program = (
        "import sys\n"
        "from comity.cli import main\n"
        "main(['evidence', 'list', '--token-file', '/nowhere'])\n"
        f"print(*(name for name in {UNASKED!r} if name in sys.modules))"
    )

    answered = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert "/nowhere" in answered.stderr
    assert (answered.returncode, answered.stdout) == (0, "\n")


def test_every_group_of_a_node_says_which_modules_add_it():
    groups = acts_of(build_parser(words=["no-such-command"]))

    assert set(GROUPS) <= set(COMMANDS) <= set(groups)
    assert set(groups) - set(COMMANDS) <= set(acts_of(build_parser(words=["--help"])))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_group_asked_for_alone_has_all_its_acts(name):
    whole = acts_of(acts_of(build_parser(words=["no-such-command"]))[name])

    assert set(acts_of(acts_of(build_parser(words=[name, "--node"]))[name])) == set(whole)


def test_every_act_of_evidence_is_found_where_the_table_says():
    acts = acts_of(acts_of(build_parser(words=["evidence"]))["evidence"])

    assert sorted(acts) == sorted(act for names in PARTS.values() for act in names)
    for part, names in PARTS.items():
        for name in names:
            alone = acts_of(acts_of(build_parser(words=["evidence", name]))["evidence"])
            assert set(alone) == set(PARTS[part])


def test_what_names_no_group_of_a_node_loads_every_one():
    assert modules_for(["no-such-command"]) == modules_for(None)
    assert modules_for(["--language", "fr", "storage", "count"]) == ["storage.commands"]
