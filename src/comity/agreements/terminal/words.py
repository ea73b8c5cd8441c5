# SPDX-License-Identifier: Apache-2.0
"""The commands `comity agreements …` and `comity determine …`: their words, options and examples.

Only the words stand here, so that `comity --help` is quick; what a command does is imported when
it is chosen. Nothing needs a node: statements come from a file named with `--overlay`. In a node,
`commands` adds its own way of recording a statement with `in_node`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any

from comity.catalogues import N_

Run = Callable[[argparse.Namespace], int]
Subparsers = Any  # argparse keeps the type of its subparsers private


def add_commands(subparsers: Subparsers) -> None:
    """Add `agreements` and `determine` to the command tree."""
    agreements = _group(
        subparsers, "agreements", N_("The register: list, read, compare, cover, confirm.")
    )
    for add in (_list, _show, _history, _path, _compare, _coverage, _export):
        add(agreements)
    for add in (_confirm, _corroborate, _rule, _attest):
        add(agreements)
    questions = _group(
        subparsers,
        "determine",
        N_("Legal-basis assessment: may we ask, release, use, disclose, retain?"),
    )
    for add in (_ask, _release, _use, _disclose, _retain):
        add(questions)


def in_node(subparsers: Subparsers, command: str, run: Run) -> None:
    """Let `comity agreements <command> --node` be done by the node instead of in a file."""
    agreements = subparsers.choices["agreements"]
    chosen = next(a for a in agreements._actions if isinstance(a, argparse._SubParsersAction))
    chosen.choices[command].set_defaults(run_in_node=run)


# ---------------------------------------------------------------- the register


def _list(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "list",
        "register:list_instruments",
        N_("List instruments with their state on a day."),
        "comity agreements list --party US --kind cmaa --state in-force --on 2024-10-11",
        "comity agreements list --state awaiting --json",
    )
    parser.add_argument("--party", metavar="CODE", help=N_("only those that bind this party"))
    parser.add_argument("--with", dest="partner", metavar="CODE", help=N_("and this partner"))
    parser.add_argument("--kind", help=N_("a programme (cmaa, mra …) or a kind of instrument"))
    parser.add_argument("--programme", help=N_("only those of this programme"))
    parser.add_argument(
        "--state",
        help=N_("in-force, unknown, awaiting (signed, force not known) or a state of its life"),
    )
    parser.add_argument("--csv", action="store_true", help=N_("print as CSV"))
    _common(parser)


def _show(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "show",
        "register:show_instrument",
        N_("Read one instrument: parties, claims with sources, provisions, state on a day."),
        "comity agreements show us-cn-1999 --on 2001-06-01",
    )
    _reference(parser)
    _common(parser)


def _history(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "history",
        "register:show_history",
        N_("Tell an instrument's life: every claim with its source, conflicts side by side."),
        "comity agreements history us-cn-1999",
    )
    _reference(parser)
    _common(parser)


def _path(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "path",
        "register:show_path",
        N_("Tell a partner's whole path: assistance, container security, work plan, recognition."),
        "comity agreements path US BR",
    )
    parser.add_argument("one", metavar="CODE", help=N_("one administration"))
    parser.add_argument("other", metavar="PARTNER", help=N_("the other administration"))
    _common(parser)


def _compare(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "compare",
        "register:compare_instruments",
        N_("Compare two instruments, or an instrument with a model text, matter by matter."),
        "comity agreements compare us-nl-1996 us-cmaa",
        "comity agreements compare us-py-2002 us-py-2020 --differing",
    )
    parser.add_argument("first", metavar="FIRST", help=N_("an instrument or model text"))
    parser.add_argument("second", metavar="SECOND", help=N_("an instrument or model text"))
    parser.add_argument("--differing", action="store_true", help=N_("leave out what is the same"))
    _common(parser)


def _coverage(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "coverage",
        "coverage:show_coverage",
        N_("Show which partners can be asked for what on a day, and where the gaps are."),
        "comity agreements coverage --for US --on 2024-10-11",
        "comity agreements coverage --for US --partner BR --csv",
    )
    parser.add_argument(
        "--for", dest="administration", metavar="CODE", required=True, help=N_("who asks")
    )
    parser.add_argument("--partner", metavar="CODE", help=N_("only this partner, in full"))
    parser.add_argument("--verdict", help=N_("only partners whose best verdict is this one"))
    parser.add_argument("--csv", action="store_true", help=N_("print as CSV"))
    _common(parser)
    _laws(parser)


def _export(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "export",
        "register:export_instruments",
        N_("Print instruments as YAML, JSON or CSV."),
        "comity agreements export us-cn-1999 --format yaml",
        "comity agreements export --format csv --table claims > claims.csv",
    )
    parser.add_argument("references", nargs="*", metavar="INSTRUMENT")
    parser.add_argument("--format", choices=("yaml", "json", "csv"), default="yaml")
    parser.add_argument(
        "--table",
        choices=("list", "claims", "provisions"),
        default="list",
        help=N_("which table, for CSV"),
    )
    _common(parser)


# ---------------------------------------------------------------- statements of our own


def _confirm(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "confirm",
        "statements:confirm",
        N_("Confirm force, or what an article says, on the administration's own authority."),
        "comity agreements confirm us-cv-2023 --overlay ours.yaml --in-force-from 2024-01-15 "
        "--evidence note-verbale --citation 'Note 12/2024' --by OFF-1 --countersigned-by OFF-2 "
        "--review-by 2026-01-15",
    )
    _reference(parser)
    parser.add_argument("--in-force-from", metavar="DAY", help=N_("the first day in force"))
    parser.add_argument("--in-force-until", metavar="DAY", help=N_("the first day not in force"))
    parser.add_argument("--article", default="", help=N_("confirm this article instead of force"))
    parser.add_argument(
        "--form", action="append", default=[], help=N_("a form of assistance that it provides for")
    )
    parser.add_argument(
        "--use",
        action="append",
        default=[],
        metavar="PURPOSE=RULE",
        help=N_("what it says of a purpose, such as CRIMINAL_EVIDENCE=PRIOR_CONSENT"),
    )
    parser.add_argument(
        "--evidence",
        required=True,
        help=N_("depositary-record, note-verbale or certified-text; news never confirms"),
    )
    parser.add_argument("--citation", required=True, help=N_("where that evidence is found"))
    parser.add_argument("--review-by", required=True, metavar="DAY", help=N_("at most 5 years on"))
    _statement(parser, two_signatures=True)


def _corroborate(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "corroborate",
        "statements:corroborate",
        N_("Record a partner's published statement; a disagreement suspends the confirmation."),
        "comity agreements corroborate CNF-2024-001 --partner CV --citation 'Boletim 14/2024' "
        "--published-on 2024-02-01 --disagrees --by OFF-1 --overlay ours.yaml",
    )
    parser.add_argument("confirmation", metavar="CONFIRMATION")
    parser.add_argument("--partner", required=True, metavar="CODE")
    parser.add_argument("--citation", required=True)
    parser.add_argument("--published-on", required=True, metavar="DAY")
    parser.add_argument("--disagrees", action="store_true", help=N_("suspends the confirmation"))
    parser.add_argument("--note", default="")
    _statement(parser, two_signatures=False)


def _rule(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "rule",
        "statements:rule",
        N_("Settle one instrument, form and purpose for at most twelve months."),
        "comity agreements rule us-cv-2023 --overlay ours.yaml --form INFO_OFFENCE "
        "--purpose CRIMINAL_INVESTIGATION --verdict permitted --grounds 'Opinion 7/2024' "
        "--valid-from 2024-10-01 --valid-until 2025-09-30 --by OFF-1 --countersigned-by OFF-2",
    )
    _reference(parser)
    parser.add_argument("--form", required=True)
    parser.add_argument("--purpose", required=True)
    parser.add_argument("--verdict", required=True, help=N_("the answer that officers will read"))
    parser.add_argument("--condition", action="append", default=[], help=N_("a condition to keep"))
    parser.add_argument("--grounds", required=True, help=N_("why, and on whose opinion"))
    _interval(parser)
    _statement(parser, two_signatures=True)


def _attest(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "attest",
        "statements:attest",
        N_("Attest that the list of instruments of two administrations is complete."),
        "comity agreements attest US BR --overlay ours.yaml --valid-from 2024-01-01 "
        "--valid-until 2025-01-01 --citation 'Treaty list, 2 January 2024' --by OFF-1",
    )
    parser.add_argument("one", metavar="CODE")
    parser.add_argument("other", metavar="CODE")
    parser.add_argument("--citation", required=True, help=N_("the list that is complete"))
    _interval(parser)
    _statement(parser, two_signatures=False)


# ---------------------------------------------------------------- the five questions


def _ask(commands: Subparsers) -> None:
    parser = _question(
        commands,
        "ask",
        N_("May one administration ask another for this, concerning that, on a day?"),
        "comity determine ask --asker US --asked CV --form INFO_OFFENCE "
        "--offence SMUGGLING_GENERAL --purpose CRIMINAL_EVIDENCE --on 2024-10-11",
    )
    parser.add_argument("--asker", required=True, metavar="CODE", help=N_("such as US or US/CBP"))
    parser.add_argument("--asked", required=True, metavar="CODE", help=N_("who is asked"))
    _forms_and_purposes(parser)
    parser.add_argument("--requested-on", metavar="DAY", help=N_("the day an earlier request came"))
    _assurances(parser)
    _consent(parser)


def _release(commands: Subparsers) -> None:
    parser = _question(
        commands,
        "release",
        N_("May we supply this item to that administration?"),
        "comity determine release --supplier US --receiver BR --form INFO_OFFENCE "
        "--purpose ADMIN_ENQUIRY --class DECLARATION --personal-data no "
        "--judicially-obtained no --assurances-given yes --on 2024-10-11",
    )
    parser.add_argument("--supplier", required=True, metavar="CODE")
    parser.add_argument("--receiver", required=True, metavar="CODE")
    _forms_and_purposes(parser)
    parser.add_argument("--requested-on", metavar="DAY", help=N_("the day the request came"))
    _assurances(parser)
    _consent(parser)


def _use(commands: Subparsers) -> None:
    parser = _question(
        commands,
        "use",
        N_("May the holder use an item received for this purpose?"),
        "comity determine use --holder US --supplier PY --purpose CRIMINAL_EVIDENCE "
        "--supplied-on 2019-05-01 --on 2021-01-01",
    )
    _holder(parser)
    parser.add_argument("--purpose", required=True)
    parser.add_argument("--form", metavar="CODE", help=N_("the form under which the item came"))
    parser.add_argument(
        "--proceeding", default="none", help=N_("none, administrative, civil or criminal")
    )
    _offence(parser)
    _consent(parser)
    _notice(parser)


def _disclose(commands: Subparsers) -> None:
    parser = _question(
        commands,
        "disclose",
        N_("May the holder pass an item received on to somebody else?"),
        "comity determine disclose --holder ZA --supplier BR --recipient THIRD_STATE "
        "--supplied-on 2019-05-01 --on 2021-01-01",
    )
    _holder(parser)
    parser.add_argument(
        "--recipient",
        required=True,
        help=N_("OTHER_AUTHORITY, THIRD_STATE, COURT, DEFENCE or PUBLIC"),
    )
    parser.add_argument("--recipient-code", default="", metavar="CODE", help=N_("which one"))
    parser.add_argument("--compelled", action="store_true", help=N_("by a court or by law"))
    _offence(parser)
    _assurances(parser)
    _consent(parser)
    _notice(parser)


def _retain(commands: Subparsers) -> None:
    parser = _question(
        commands,
        "retain",
        N_("May the holder keep an item received?"),
        "comity determine retain --holder US --supplier CN --supplied-on 2019-05-01 "
        "--purpose-fulfilled yes --on 2024-10-11",
    )
    _holder(parser)
    parser.add_argument("--purpose-fulfilled", choices=TRUTHS, default="unknown")


# ---------------------------------------------------------------- options in common

TRUTHS = ("yes", "no", "unknown")


def _group(subparsers: Subparsers, name: str, help_: str) -> Subparsers:
    parser = subparsers.add_parser(name, help=help_, description=help_)
    parser.set_defaults(run=_Help(parser))
    return parser.add_subparsers(metavar="COMMAND")


def _command(
    commands: Subparsers, name: str, work: str, help_: str, *examples: str
) -> argparse.ArgumentParser:
    lines = "\n".join(f"  {example}" for example in examples)
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=help_, description=help_, epilog=f"examples:\n{lines}"
    )
    parser.set_defaults(run=_Later(work))
    return parser


def _question(commands: Subparsers, name: str, help_: str, example: str) -> argparse.ArgumentParser:
    parser = _command(commands, name, f"determination:{name}", help_, example)
    _common(parser)
    _laws(parser)
    parser.add_argument("--under", default="", metavar="INSTRUMENT", help=N_("named at supply"))
    parser.add_argument("--known-on", metavar="DAY", help=N_("replay what was known on that day"))
    parser.add_argument(
        "--all", action="store_true", help=N_("print every finding, not only those that matter")
    )
    item = parser.add_argument_group(N_("facts of the item; what is left out is unknown"))
    item.add_argument("--class", dest="classes", action="append", default=[], metavar="CODE")
    item.add_argument("--caveat", action="append", default=[], metavar="CODE")
    item.add_argument("--handling", metavar="CODE", help="H0, H1, H2, H3")
    item.add_argument("--personal-data", choices=TRUTHS, default="unknown")
    item.add_argument("--judicially-obtained", choices=TRUTHS, default="unknown")
    item.add_argument("--return-or-destroy-by", metavar="DAY")
    item.add_argument(
        "--audience", action="append", metavar="CODE", help=N_("a named recipient of the item")
    )
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", metavar="DAY", help=N_("the day in question; today when left out"))
    parser.add_argument(
        "--overlay",
        "--confirmed",
        metavar="FILE",
        help=N_("a file with confirmations, rulings and attestations"),
    )
    parser.add_argument("--register", metavar="FOLDER", help=N_("another folder of instruments"))
    parser.add_argument(
        "--two-person-unit", action="store_true", help=N_("the documented two-person profile")
    )
    parser.add_argument("--json", action="store_true", help=N_("print for programs"))


def _laws(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--laws",
        metavar="FOLDER",
        help=N_("domestic-law files; the shipped ones by default"),
    )


def _reference(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("instrument", metavar="INSTRUMENT", help=N_("such as us-cn-1999"))


def _holder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--holder", required=True, metavar="CODE", help=N_("who has the item"))
    parser.add_argument("--supplier", required=True, metavar="CODE", help=N_("who supplied it"))
    parser.add_argument("--supplied-on", metavar="DAY", help=N_("unknown when left out"))
    parser.add_argument("--requested-on", metavar="DAY", help=N_("the day the request came"))


def _forms_and_purposes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--form",
        action="append",
        required=True,
        metavar="CODE",
        help=N_("a form of assistance, such as INFO_OFFENCE; may be repeated"),
    )
    parser.add_argument(
        "--purpose",
        action="append",
        required=True,
        metavar="CODE",
        help=N_("what for, such as ADMIN_ENQUIRY; may be repeated"),
    )
    _offence(parser)


def _offence(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--offence",
        action="append",
        default=[],
        metavar="CODE",
        help=N_("the conduct suspected, such as SMUGGLING_GENERAL; may be repeated"),
    )


def _consent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--consent-given", action="store_true", help=N_("whoever must consent has consented")
    )


def _notice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--notice-given", action="store_true", help=N_("the supplier has been told")
    )


def _assurances(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--assurances-given",
        choices=TRUTHS,
        default="unknown",
        help=N_("whether the receiver assured confidence and purpose"),
    )
    parser.add_argument(
        "--assurance-breached",
        choices=TRUTHS,
        default="unknown",
        help=N_("whether the receiver is known to have broken an assurance"),
    )


def _interval(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--valid-from", required=True, metavar="DAY", help=N_("the first day"))
    parser.add_argument(
        "--valid-until", required=True, metavar="DAY", help=N_("the first day after")
    )


def _statement(parser: argparse.ArgumentParser, *, two_signatures: bool) -> None:
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--overlay", "--confirmed", metavar="FILE", help=N_("record it in a file"))
    where.add_argument("--node", action="store_true", help=N_("record it in the node"))
    parser.add_argument("--by", required=True, metavar="OFFICER", help=N_("the custodian"))
    if two_signatures:
        parser.add_argument(
            "--countersigned-by", required=True, metavar="OFFICER", help=N_("the legal adviser")
        )
    parser.add_argument("--reference", default="", help=N_("the next free one when left out"))
    parser.add_argument("--on", metavar="DAY", help=N_("the day of recording; today by default"))
    parser.add_argument("--two-person-unit", action="store_true")
    parser.add_argument("--register", metavar="FOLDER", help=N_("another folder of instruments"))
    parser.add_argument("--json", action="store_true", help=N_("print for programs"))


class _Later:
    """A command's work, imported when the command runs."""

    def __init__(self, work: str) -> None:
        self.module, _, self.name = work.partition(":")

    def __call__(self, arguments: argparse.Namespace) -> int:
        work: Run = getattr(import_module(f"comity.agreements.terminal.{self.module}"), self.name)
        return work(arguments)


class _Help:
    """A group without a command: its help, and misuse."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self.parser = parser

    def __call__(self, _arguments: argparse.Namespace) -> int:
        self.parser.print_help()
        return 2
