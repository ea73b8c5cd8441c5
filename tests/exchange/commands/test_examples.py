# SPDX-License-Identifier: Apache-2.0
"""Every example in the help of the exchange's commands can be typed as it stands."""

from __future__ import annotations

import argparse
import shlex

import pytest

from comity.cli import _every_parser, build_parser
from comity.exchange import members
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    InformationClass,
    Offence,
    Purpose,
    code_of,
)

GROUPS = ("send", "inbox", "message", "partner", "conform", "keys", "exchange")
LISTS = {
    "form": FormOfAssistance,
    "purpose": Purpose,
    "offence": Offence,
    "classes": InformationClass,
    "caveat": Caveat,
}


def examples() -> list[tuple[str, str]]:
    """Every line of an example, with the command that it stands under."""
    return [
        (parser.prog, line.strip())
        for parser in _every_parser(build_parser())
        if parser.prog.split()[1:2] and parser.prog.split()[1] in GROUPS
        for line in (parser.epilog or "").splitlines()
        if line.startswith("  comity ")
    ]


EXAMPLES = examples()


def test_every_act_of_the_exchange_has_an_example():
    acts = {
        parser.prog
        for parser in _every_parser(build_parser())
        if parser.prog.split()[1:2]
        and parser.prog.split()[1] in GROUPS
        and not any(isinstance(a, argparse._SubParsersAction) for a in parser._actions)
    }

    assert acts == {prog for prog, _ in EXAMPLES}


@pytest.mark.parametrize(("prog", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_an_example_is_understood_by_its_own_command(prog, line):
    words = shlex.split(line)

    given = vars(build_parser("en", words[1:]).parse_args(words[1:]))

    assert line.startswith(f"{prog} ") or line == prog
    for name, codes in LISTS.items():
        for code in given.get(name) or ():
            assert code_of(codes, code) in codes
    for kind in (given.get("kind") or "", *(given.get("kinds") or "").split(",")):
        if kind and "/" in kind:
            assert members.KIND.fullmatch(kind)
