# SPDX-License-Identifier: Apache-2.0
"""The commands `comity storage …`, at the node's own machine; they change nothing."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict

from comity.catalogues import N_, translate
from comity.command_line import DONE, REFUSED, Subparsers, act, group, print_json
from comity.storage.services import store

MEBIBYTE = 1024 * 1024

SHOWN = N_(
    "{blobs} stored contents in {mebibytes} MiB; {arriving} are arriving, {arriving_mebibytes} "
    "MiB of them are here. {free_mebibytes} MiB are free."
)
HOLDS = N_("All {blobs} stored contents are what was put there ({mebibytes} MiB).")
DAMAGED = N_("{count} of {blobs} stored contents are damaged. Restore their files from a backup:")


def add_commands(subparsers: Subparsers) -> None:
    """Add the group `storage`."""
    acts = group(subparsers, "storage", N_("What this node keeps of files: count it, verify it."))
    act(
        acts,
        "show",
        show,
        N_("Count what is kept and what is arriving, and the room that is left."),
        "comity storage show",
        "comity storage show --json",
    )
    act(
        acts,
        "verify",
        verify,
        N_("Open every stored content, compare its digest, and name the files that are damaged."),
        "comity storage verify",
        "comity storage verify --json",
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


def _tell(arguments: argparse.Namespace, facts: Mapping[str, object], said: str) -> int:
    if arguments.json:
        print_json(facts)
    else:
        print(said)
    return DONE
