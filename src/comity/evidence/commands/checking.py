# SPDX-License-Identifier: Apache-2.0
"""`comity evidence check`, at the node's own machine: items held against what was recorded."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from comity import clock
from comity.catalogues import N_, translate
from comity.command_line import DONE, REFUSED, Subparsers, act, print_json, say
from comity.evidence.custody import FAULT_WORDS, Fault
from comity.evidence.queries.custody import custodies
from comity.evidence.services.integrity import verify_all

MEBIBYTE = 1024 * 1024
HOLDS = N_("All {items} items are what was recorded of them ({mebibytes} MiB).")
WITHHELD = N_("Of {items} items, the certification of {count} is withheld:")


def add_acts(acts: Subparsers) -> None:
    """Add `check`."""
    act(
        acts,
        "check",
        check,
        N_(
            "Read every item's content, compare its digest, examine its custody, and withhold the "
            "certification of what does not agree."
        ),
        "comity evidence check",
        "comity evidence check --json",
    )


def check(arguments: argparse.Namespace) -> int:
    """Verify every item; refused where something is wrong with one."""
    found = verify_all(at=clock.now())
    faults = {
        reference: [finding.fault.value for finding in custody.findings]
        for reference, custody in custodies(found.withheld).items()
    }
    if arguments.json:
        print_json({"holds": found.holds, **asdict(found), "faults": faults})
        return DONE if found.holds else REFUSED
    facts = {"items": found.items, "count": len(found.withheld)}
    words = HOLDS if found.holds else WITHHELD
    say(arguments, words, mebibytes=found.bytes // MEBIBYTE, **facts)
    for reference, codes in faults.items():
        said = (
            translate(FAULT_WORDS[Fault(code)], arguments.language) for code in dict.fromkeys(codes)
        )
        print(f"  {reference}: {'; '.join(said)}")
    return DONE if found.holds else REFUSED
