"""Sizes: a file that is hard to hold in mind becomes a folder with one module per concern."""

import ast
from pathlib import Path
from statistics import median

SOURCE = Path(__file__).parents[2] / "src" / "comity"
MODULES = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def functions() -> list[tuple[str, int]]:
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                found.append((f"{path.relative_to(SOURCE)}:{node.name}", length))
    return found


def test_no_module_grows_for_ever() -> None:
    too_long = {str(p.relative_to(SOURCE)): lines(p) for p in MODULES if lines(p) > 700}

    assert not too_long


def test_most_modules_can_be_held_in_mind() -> None:
    sizes = sorted(lines(p) for p in MODULES)

    assert sizes[int(len(sizes) * 0.9)] <= 480
    assert median(sizes) <= 200


def test_functions_are_short() -> None:
    lengths = sorted(length for _, length in functions())

    assert median(lengths) <= 14
    assert lengths[int(len(lengths) * 0.9)] <= 40
    assert [name for name, length in functions() if length > 110] == []
