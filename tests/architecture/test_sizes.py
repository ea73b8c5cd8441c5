"""Sizes: a file that is hard to hold in mind becomes a folder with one module per concern."""

import ast
from functools import cache
from pathlib import Path
from statistics import median

from tests.support.source import MODULES, SOURCE, text_of, tree_of


def lines(path: Path) -> int:
    return len(text_of(path).splitlines())


@cache
def functions() -> list[tuple[str, int]]:
    found = []
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                found.append((f"{path.relative_to(SOURCE)}:{node.name}", length))
    return found


MOST_LINES = {"evidence/verify.py": 1_700}
"""One file by decision 26: whoever verifies a package reads and carries nothing else. It reads the
signatures of partners' authorities too (P-384, RSA-PSS), and renewals of time stamps."""


def test_no_module_grows_for_ever() -> None:
    named = {str(path.relative_to(SOURCE)): lines(path) for path in MODULES}

    assert not {name: n for name, n in named.items() if n > MOST_LINES.get(name, 700)}


def test_most_modules_can_be_held_in_mind() -> None:
    sizes = sorted(lines(p) for p in MODULES)

    assert sizes[int(len(sizes) * 0.9)] <= 480
    assert median(sizes) <= 200


def test_functions_are_short() -> None:
    lengths = sorted(length for _, length in functions())

    assert median(lengths) <= 14
    assert lengths[int(len(lengths) * 0.9)] <= 40
    assert [name for name, length in functions() if length > 110] == []
