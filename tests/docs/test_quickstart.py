"""The quickstart does what it says: every command is run, every shown line is looked for."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("docs/quickstart.md",)
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def steps(page: str) -> list[tuple[str, list[str]]]:
    """Each command of the page with the lines of output that it shows."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall((ROOT / page).read_text("utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.strip() not in ("", "…"):
                found[-1][1].append(line.rstrip(" …"))
    return found


def run(command: str, folder: Path) -> str:
    environment = os.environ | {"COLUMNS": "100", "COMITY_LANGUAGE": "en"}
    environment.pop("COMITY_HOME", None)
    words = shlex.split(command)
    assert words[0] == "comity", f"only the comity command is run here: {command}"
    done = subprocess.run(
        [sys.executable, "-m", "comity.cli", *words[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_what_the_page_shows_is_what_the_program_prints(page: str, tmp_path: Path) -> None:
    (tmp_path / "src").symlink_to(ROOT / "src")  # the reader stands in the checkout
    for command, shown in steps(page):
        printed = run(command, tmp_path)
        for line in shown:
            assert line in printed, f"{command}\nshould print: {line}\nprinted:\n{printed}"
