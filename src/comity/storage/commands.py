# SPDX-License-Identifier: Apache-2.0
"""The commands `comity storage …`, at the node's own machine; they change nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from comity.catalogues import N_, translate
from comity.storage.services import store

DONE, REFUSED, MISUSE = 0, 1, 2
MEBIBYTE = 1024 * 1024
Subparsers = Any  # argparse keeps the type of its subparsers private

SHOWN = N_(
    "{blobs} stored contents in {mebibytes} MiB; {arriving} are arriving, {arriving_mebibytes} "
    "MiB of them are here. {free_mebibytes} MiB are free."
)
HOLDS = N_("All {blobs} stored contents are what was put there ({mebibytes} MiB).")
DAMAGED = N_("{count} of {blobs} stored contents are damaged. Restore their files from a backup:")


def add_commands(subparsers: Subparsers) -> None:
    """Add the group `storage`."""
    meaning = N_("What this node keeps of files: count it, verify it.")
    group = subparsers.add_parser("storage", help=meaning, description=meaning)
    group.set_defaults(run=partial(_print_help, group))
    acts = group.add_subparsers(metavar="ACT")
    _act(
        acts,
        "show",
        show,
        N_("Count what is kept and what is arriving, and the room that is left."),
        "comity storage show\n  comity storage show --json",
    )
    _act(
        acts,
        "verify",
        verify,
        N_("Open every stored content, compare its digest, and name the files that are damaged."),
        "comity storage verify\n  comity storage verify --json",
    )


def show(arguments: argparse.Namespace) -> int:
    """Say how much lies in the store."""
    contents = store().contents()
    facts = asdict(contents)
    said = {
        **facts,
        "mebibytes": contents.bytes // MEBIBYTE,
        "arriving_mebibytes": contents.arriving_bytes // MEBIBYTE,
        "free_mebibytes": contents.free // MEBIBYTE,
    }
    return _tell(arguments, facts, translate(SHOWN, arguments.language).format(**said))


def verify(arguments: argparse.Namespace) -> int:
    """Verify every blob; refused where one is damaged."""
    report = store().verify_all()
    facts = {"holds": report.holds, **asdict(report)}
    said = {
        "blobs": report.blobs,
        "count": len(report.damaged),
        "mebibytes": report.bytes // MEBIBYTE,
    }
    template = translate(HOLDS if report.holds else DAMAGED, arguments.language)
    lines = [template.format(**said), *(f"  {name}" for name in report.damaged)]
    _tell(arguments, facts, "\n".join(lines))
    return DONE if report.holds else REFUSED


def _act(
    acts: Subparsers,
    name: str,
    run: Callable[[argparse.Namespace], int],
    meaning: str,
    example: str,
) -> None:
    parser: argparse.ArgumentParser = acts.add_parser(
        name, help=meaning, description=meaning, epilog=f"examples:\n  {example}"
    )
    parser.add_argument("--json", action="store_true", help=N_("answer for programs"))
    parser.set_defaults(run=run)


def _tell(arguments: argparse.Namespace, facts: Mapping[str, object], said: str) -> int:
    print(json.dumps(facts, indent=2) if arguments.json else said)
    return DONE


def _print_help(parser: argparse.ArgumentParser, _arguments: argparse.Namespace) -> int:
    parser.print_help()
    return MISUSE
