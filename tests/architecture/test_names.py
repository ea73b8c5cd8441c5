"""Names: no drawers for odds and ends, and every module says what it is."""

import ast
from pathlib import Path

import pytest

from tests.support.source import MODULES, SOURCE, text_of, tree_of

DRAWERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "manager",
    "managers",
    "core",
}
ALLOWED = {"transports/base.py"}
NEVER_DESCRIBED = {"Taken"}  # only what is derived from it stands in the description


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_module_is_a_drawer_for_odds_and_ends(path: Path) -> None:
    if str(path.relative_to(path.parents[1])) in ALLOWED:
        return

    assert path.stem not in DRAWERS


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_every_module_opens_by_saying_what_it_is(path: Path) -> None:
    text = text_of(path)
    if not text.strip():
        return
    docstring = ast.get_docstring(tree_of(path))

    assert docstring, f"{path} has no docstring"
    assert text.startswith("# SPDX-License-Identifier: Apache-2.0"), f"{path} has no licence line"


def test_no_two_capabilities_describe_different_things_by_one_name_in_the_api() -> None:
    """The API's description keeps one schema for a name: the second would silently be the first."""
    homes: dict[str, str] = {}
    for path in MODULES:
        capability = path.relative_to(SOURCE).parts[0]
        if "schemas" not in path.relative_to(SOURCE).as_posix():
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name not in NEVER_DESCRIBED:
                assert homes.setdefault(node.name, capability) == capability, node.name
