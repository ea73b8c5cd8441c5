# SPDX-License-Identifier: Apache-2.0
"""`comity conform`: check any node against the specification, as a partner of its own making.

comity conform --make tester --administration XT       a card and keys for the tester
comity partner accept tester/card.json --fingerprint …  at the node under test
comity conform https://… --of theirs.json --as tester/card.json --keys tester
"""

from __future__ import annotations

import argparse
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from comity import clock
from comity.catalogues import N_, translate
from comity.command_line import DONE, REFUSED, Subparsers, print_json, read_file, say
from comity.errors import InvalidInputError
from comity.exchange.card_change import read_whole_card
from comity.exchange.conform.checks import CHECKS, run_checks
from comity.exchange.conform.subject import Subject
from comity.exchange.conform.tester import load_tester, make_tester
from comity.exchange.conform.verdicts import VERDICT_WORDS, Report, Verdict
from comity.exchange.wire import DOCUMENT_BYTES, highest_common

MADE = N_(
    "Made the tester {administration} in {folder}.\n"
    "Fingerprint of its card: {fingerprint}\n"
    "Let the node under test accept {card} and confirm it by that fingerprint."
)
LINE = N_("{code} {verdict}: {says}")
DIFFERENCE = N_("  expected {expected}, found {found}")
CONFORMS = N_("{administration} conforms: {count} checks hold.")
CONFORMS_NOT = N_("{administration} does not conform: {failing} fail.")


class ConformWordsError(InvalidInputError):
    """The command does not say whom to check, or as whom."""

    code = "conform-words"
    message = N_("Expected URL, --of, --as and --keys, or --make; found only some of them.")
    remedy = N_("Read what the command takes with `comity conform --help`.")


def add_commands(subparsers: Subparsers) -> None:
    """Add the command `conform`."""
    meaning = N_("Check any node against the specification of the exchange.")
    parser = subparsers.add_parser(
        "conform",
        help=meaning,
        description=meaning,
        epilog="examples:\n"
        "  comity conform --make tester --administration XT\n"
        "  comity conform https://exchange.southland.example:8443 --of southland.card.json"
        " --as tester/card.json --keys tester\n"
        "  comity conform https://… --of … --as … --keys … --only CNF-14 --json",
    )
    parser.add_argument("url", nargs="?", metavar="URL", help=N_("the node's exchange"))
    parser.add_argument("--of", metavar="CARD", help=N_("the card of the node under test"))
    parser.add_argument(
        "--as", dest="as_", metavar="CARD", help=N_("the tester's card, which the node accepted")
    )
    parser.add_argument("--keys", metavar="FOLDER", help=N_("the tester's private keys"))
    parser.add_argument("--make", metavar="FOLDER", help=N_("make a tester in a new folder"))
    parser.add_argument(
        "--administration", default="XT", metavar="CODE", help=N_("with --make: its code")
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=[check.code for check in CHECKS],
        metavar="CNF-N",
        help=N_("only this check and what it builds on; repeat for several"),
    )
    parser.add_argument("--json", action="store_true", help=N_("answer for programs"))
    parser.set_defaults(run=conform)


def conform(arguments: argparse.Namespace) -> int:
    """Make a tester, or run the checks."""
    if arguments.make:
        return _make(arguments)
    if not all((arguments.url, arguments.of, arguments.as_, arguments.keys)):
        raise ConformWordsError
    subject = _subject(arguments)
    try:
        report = run_checks(subject, only=arguments.only or ())
    finally:
        subject.close()
    return _tell(arguments, report)


def _make(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.make)
    tester = make_tester(folder, arguments.administration, at=clock.now())
    told = {
        "administration": tester.code,
        "folder": str(folder),
        "card": str(folder / "card.json"),
        "fingerprint": tester.card.fingerprint,
    }
    if arguments.json:
        print_json(told)
    else:
        say(arguments, MADE, **told)
    return DONE


def _subject(arguments: argparse.Namespace) -> Subject:
    begun, at = time.monotonic(), clock.now()
    card = read_whole_card(read_file(arguments.of, most=DOCUMENT_BYTES)).card

    def now() -> datetime:
        return at + timedelta(seconds=time.monotonic() - begun)

    return Subject(
        arguments.url,
        card,
        load_tester(Path(arguments.as_), Path(arguments.keys)),
        settings.OUTBOUND,
        now,
        wire=highest_common(card.wire_versions),
    )


def _tell(arguments: argparse.Namespace, report: Report) -> int:
    language = arguments.language
    if arguments.json:
        print_json(report.as_dict(language))
        return DONE if report.conforms else REFUSED
    for each in report.results:
        verdict = translate(VERDICT_WORDS[each.verdict], language)
        say(arguments, LINE, code=each.code, verdict=verdict, says=translate(each.says, language))
        if each.verdict is Verdict.FAILS:
            say(arguments, DIFFERENCE, expected=each.expected, found=each.found)
    if report.conforms:
        say(arguments, CONFORMS, administration=report.administration, count=len(report.results))
        return DONE
    failing = ", ".join(report.failing())
    say(arguments, CONFORMS_NOT, administration=report.administration, failing=failing)
    return REFUSED
