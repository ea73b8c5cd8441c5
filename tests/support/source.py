# SPDX-License-Identifier: Apache-2.0
"""The modules of Comity as text and as trees, each read once in a process."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import comity

SOURCE = Path(comity.__file__).parent
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


@cache
def text_of(path: Path) -> str:
    """What is written in a module."""
    return path.read_text("utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """The same, parsed; nobody changes it."""
    return ast.parse(text_of(path))
