# SPDX-License-Identifier: Apache-2.0
"""`comity evidence package`: items with all that proves them in one file, and how far it has come.

The options of what is withheld and of who signs are shared with the other acts that prove.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.services.acting import officer_options
from comity.agreements.question import Proceeding, Recipient
from comity.catalogues import LANGUAGES, N_, translate
from comity.command_line import DONE, FileUnusableError, Subparsers, act, print_json, say
from comity.errors import InvalidInputError
from comity.evidence import documents
from comity.evidence.certified_copy import Official
from comity.evidence.commands.items import officer
from comity.evidence.forum_profiles import Capacity
from comity.evidence.package import PackageKind
from comity.evidence.packing import (
    LONGEST_WAIT,
    STEP_WORDS,
    Choice,
    CopiesWanted,
    Packed,
    PackingStep,
    Told,
    Wanted,
    nobody,
)
from comity.evidence.services import packing
from comity.evidence.way_out import IntendedRecipient, IntendedUse
from comity.handling.redaction import RedactionReason, reason_of
from comity.reference.taxonomy import Purpose, code_of

PACKED = N_("{reference}: {count} items, {withheld} parts withheld; SHA-256 {digest}")
WRITTEN = N_("Written to {path}; verify it with “comity verify {path}”.")


class WithheldUnreadableError(InvalidInputError):
    """What is to be withheld is not written as a part and its reason."""

    code = "withheld-unreadable"
    message = N_("“{given}” does not say what is withheld and why.")
    remedy = N_(
        "Write PART=REASON, such as pages/00002=personal-data; in a package ITEM:PART=REASON."
    )


class OfficialUnnamedError(InvalidInputError):
    """A certified copy names the official who certifies, and nobody was named."""

    code = "official-unnamed"
    message = N_("A certified copy names who certifies it and in which capacity; nobody is named.")
    remedy = N_("Name the official with --official and --capacity.")


def add_packing(acts: Subparsers) -> None:
    """Add `package`."""
    parser = act(
        acts,
        "package",
        package,
        N_("Pack items with all that proves them into one file, for a court or another authority."),
        "comity evidence package ITM-00001 ITM-00002 --court 'District Court'"
        " --purpose CRIMINAL_EVIDENCE --proceeding criminal --out package.asice"
        " --withhold ITM-00001:pages/00002=personal-data --token-file casey.token",
        "comity evidence package ITM-00001 ITM-00002 --court 'Tribunal de commerce' --out p.asice"
        " --copies wco --languages fr --official 'E. Example' --capacity custodian"
        " --bundle-language fr --wait-for-witness 60 --token-file casey.token",
    )
    parser.add_argument("items", nargs="+", metavar="ITEM")
    parser.add_argument("--court", required=True, help=N_("the court that is to have it"))
    parser.add_argument("--case", default="")
    parser.add_argument("--purpose", default=Purpose.CRIMINAL_EVIDENCE.value, metavar="CODE")
    parser.add_argument(
        "--proceeding",
        choices=[each.value for each in Proceeding],
        default=Proceeding.CRIMINAL.value,
    )
    parser.add_argument("--redaction", action="append", default=[], metavar="ITEM=REDACTION")
    parser.add_argument("--out", required=True, metavar="FILE", help=N_("a file that is not there"))
    parser.add_argument(
        "--copies",
        metavar="PROFILE",
        help=N_(
            "a certified copy of each item that goes whole, for this forum; made by --official"
            " where there is none; empty: those that there are"
        ),
    )
    parser.add_argument("--languages", default="en", help=N_("of the copies, such as en,fr"))
    official_options(parser)
    parser.add_argument(
        "--bundle-language",
        choices=list(LANGUAGES),
        default="en",
        help=N_("of the index page inside the package"),
    )
    parser.add_argument(
        "--wait-for-witness",
        type=int,
        choices=range(LONGEST_WAIT + 1),
        default=0,
        metavar="SECONDS",
        help=N_("ask a partner to witness the journal first, and wait so long at most"),
    )
    withholding_options(parser)
    officer_options(parser)


def withholding_options(parser: argparse.ArgumentParser) -> None:
    """Which parts are withheld."""
    parser.add_argument(
        "--withhold",
        action="append",
        default=[],
        metavar="PART=REASON",
        help=N_("a part and the code of the reason; several"),
    )


def official_options(parser: argparse.ArgumentParser) -> None:
    """Who signs a certificate."""
    parser.add_argument("--official", default="", help=N_("name of who certifies"))
    parser.add_argument("--capacity", choices=[each.value for each in Capacity])
    parser.add_argument("--position", default="", help=N_("the office held"))
    parser.add_argument("--place", default="", help=N_("where it is signed"))


def package(arguments: argparse.Namespace) -> int:
    """Pack items for a court."""
    by = officer(arguments)
    redactions = dict(part_of(each) for each in arguments.redaction)
    use = IntendedUse(code_of(Purpose, arguments.purpose), Proceeding(arguments.proceeding))
    wanted = Wanted(
        PackageKind.COURT,
        choices_of(arguments.items, arguments.withhold, redactions),
        arguments.court,
        arguments.case,
        use=use,
        recipient=IntendedRecipient(recipient=Recipient.COURT),
        copies=_copies(arguments),
        language=arguments.bundle_language,
        wait_for_witness=arguments.wait_for_witness,
    )
    packed = _packed(wanted, arguments.out, by, nobody if arguments.json else _teller(arguments))
    if arguments.json:
        print_json(documents.packed_document(packed))
    else:
        facts = {"reference": packed.reference, "digest": packed.digest}
        say(arguments, PACKED, **facts, count=len(packed.items), withheld=packed.withheld)
        say(arguments, WRITTEN, path=arguments.out)
    return DONE


def _packed(wanted: Wanted, path: str, by: Officer, told: Told) -> Packed:
    """Pack into a new file; nothing is left there of what was not packed to its end."""
    try:
        sink = Path(path).open("x+b")  # noqa: SIM115  # closed below, whatever happens
    except OSError as error:
        raise FileUnusableError(path=path, obstacle=str(error.strerror)) from error
    try:
        with sink:
            return packing.pack(wanted, sink, by=by, at=clock.now(), told=told)
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise


def _copies(arguments: argparse.Namespace) -> CopiesWanted | None:
    """The copies that go in: for a forum, or those that there are."""
    if arguments.copies == "none":
        return None
    if not arguments.copies:
        return CopiesWanted()
    named = named_official(arguments) if arguments.official or arguments.capacity else None
    return CopiesWanted(arguments.copies, tuple(arguments.languages.split(",")), named)


def _teller(arguments: argparse.Namespace) -> Told:
    """Says each step once, and how much of it is done whenever another tenth is."""
    said: set[tuple[PackingStep, int]] = set()

    def told(step: PackingStep, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 0
        if (step, tenth) not in said:
            said.add((step, tenth))
            words = translate(STEP_WORDS[step], arguments.language)
            much = f" {tenth * 10} %" if tenth else ""
            print(f"{words}{much}", file=sys.stderr)

    return told


def choices_of(
    items: Sequence[str], withheld: Sequence[str], redactions: Mapping[str, str]
) -> tuple[Choice, ...]:
    """The items in their order, with what is withheld of each."""
    of: dict[str, dict[str, RedactionReason]] = defaultdict(dict)
    for each in withheld:
        name, reason = part_of(each)
        item, colon, part = name.partition(":")
        if not colon or item not in items:
            raise WithheldUnreadableError(given=each)
        of[item][part] = reason_of(reason)
    return tuple(Choice(item, of.get(item, {}), redactions.get(item, "")) for item in items)


def named_official(arguments: argparse.Namespace) -> Official:
    """Who signs, as the options name them."""
    if not (arguments.official and arguments.capacity):
        raise OfficialUnnamedError
    capacity = Capacity(arguments.capacity)
    return Official(arguments.official, capacity, arguments.position, arguments.place)


def part_of(given: str) -> tuple[str, str]:
    """The two sides of PART=REASON."""
    name, equals, reason = given.rpartition("=")
    if not equals or not name:
        raise WithheldUnreadableError(given=given)
    return name, reason
