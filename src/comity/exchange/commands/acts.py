# SPDX-License-Identifier: Apache-2.0
"""What every command of the exchange shares: how an act is declared, and who acts.

Whoever holds the node's machine acts as its operator; an officer acts by a token of their own, so
that nobody signs for another.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from comity import clock
from comity.accounts import services as accounts
from comity.accounts.officer import OPERATOR, Officer
from comity.catalogues import N_, translate
from comity.errors import InvalidInputError, NotPermittedError

DONE, REFUSED, MISUSE = 0, 1, 2
STANDARD_INPUT = "-"
Subparsers = Any  # argparse keeps the type of its subparsers private


class OfficersTokenNeededError(InvalidInputError):
    """An officer is named, and no token says that it is that officer who acts."""

    code = "officers-token-needed"
    message = N_("{officer} is named, and no token of that officer was given.")
    remedy = N_("Name a file that holds it with --token-file, or give it on standard input with -.")


class OfficersTokenError(NotPermittedError):
    """The token belongs to another officer than the one named."""

    code = "officers-token-differs"
    message = N_("The token is not one of {officer}, who is named with --by.")
    remedy = N_("Let {officer} act with a token of their own.")


class FileUnusableError(InvalidInputError):
    """A file of the command line that cannot be read or written."""

    code = "exchange-file-unusable"
    message = N_("The file {path} cannot be used: {obstacle}.")
    remedy = N_("Name a file that you may read, or a new one in a folder that you may write to.")


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


def officer_options(parser: argparse.ArgumentParser) -> None:
    """Who acts, where it is not the node's operator."""
    parser.add_argument("--by", metavar="OFFICER", default="", help=N_("the officer who acts"))
    parser.add_argument(
        "--token-file", metavar="FILE", help=N_("holds that officer's API token; - reads input")
    )


def officer_of(arguments: argparse.Namespace) -> Officer:
    """The officer behind the token; the node's operator where none is named."""
    if not arguments.token_file:
        if arguments.by:
            raise OfficersTokenNeededError(officer=arguments.by)
        return OPERATOR
    text = read_file(arguments.token_file).decode("ascii", "replace").strip()
    officer = accounts.use_token(text, at=clock.now()).officer
    if arguments.by and officer.reference != arguments.by:
        raise OfficersTokenError(officer=arguments.by)
    return officer


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
