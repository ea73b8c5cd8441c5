# SPDX-License-Identifier: Apache-2.0
"""What the commands of every capability share: groups and acts, their files, their answers.

Who acts is `accounts.services.acting`; what an act does is its capability's.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from comity.catalogues import N_, translate
from comity.errors import InvalidInputError

DONE, REFUSED, MISUSE = 0, 1, 2
STANDARD_INPUT = "-"
Subparsers = Any  # argparse keeps the type of its subparsers private


class FileUnusableError(InvalidInputError):
    """A file of the command line that cannot be read or written."""

    code = "file-unusable"
    message = N_("The file {path} cannot be used: {obstacle}.")
    remedy = N_("Name a file that you may read, or a new one in a folder that you may write to.")


def command_of(words: Sequence[str]) -> str:
    """The command among the words: what is no option, nor the language that one names."""
    return next(iter(_commands_of(words)), "")


def act_of(words: Sequence[str]) -> str:
    """The act of a group, as its first word after the command says it."""
    return next(iter(_commands_of(words)[1:]), "")


def _commands_of(words: Sequence[str]) -> list[str]:
    said = zip(("", *words), words, strict=False)
    return [w for before, w in said if not w.startswith("-") and before != "--language"]


def group(subparsers: Subparsers, name: str, meaning: str) -> Subparsers:
    """A group of acts; without an act it prints its help."""
    parser = subparsers.add_parser(name, help=meaning, description=meaning)
    parser.set_defaults(run=partial(_print_help, parser))
    return parser.add_subparsers(metavar="ACT")


def _print_help(parser: argparse.ArgumentParser, _arguments: argparse.Namespace) -> int:
    parser.print_help()
    return MISUSE


def act(
    acts: Subparsers,
    name: str,
    run: Callable[[argparse.Namespace], int],
    meaning: str,
    *examples: str,
) -> argparse.ArgumentParser:
    """An act with its examples and `--json`."""
    lines = "\n".join(f"  {example}" for example in examples)
    parser: argparse.ArgumentParser = acts.add_parser(
        name, help=meaning, description=meaning, epilog=f"examples:\n{lines}"
    )
    parser.add_argument("--json", action="store_true", help=N_("answer for programs"))
    parser.set_defaults(run=run)
    return parser


def read_file(path: str, *, most: int = 16 * 1024 * 1024) -> bytes:
    """The content of a file, or of standard input; never more than `most` and one byte."""
    try:
        if path == STANDARD_INPUT:
            return sys.stdin.buffer.read(most + 1)
        with Path(path).open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as error:
        obstacle = getattr(error, "strerror", None) or "it cannot be opened"
        raise FileUnusableError(path=path, obstacle=obstacle) from error


def write_new_file(path: str, content: bytes) -> None:
    """Write a file that is not there yet."""
    try:
        with Path(path).open("xb") as file:
            file.write(content)
    except (OSError, ValueError) as error:
        obstacle = getattr(error, "strerror", None) or "it cannot be written"
        raise FileUnusableError(path=path, obstacle=obstacle) from error


def print_json(told: Mapping[str, Any]) -> None:
    """Answer a program."""
    print(json.dumps(told, ensure_ascii=False, indent=2))


def say(arguments: argparse.Namespace, words: str, **facts: object) -> None:
    """Answer a person, in the language asked for."""
    print(translate(words, arguments.language).format(**facts))
