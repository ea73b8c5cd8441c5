# SPDX-License-Identifier: Apache-2.0
"""`comity evidence case|conditions|decide`: what items are for, and what may be done with one."""

from __future__ import annotations

import argparse

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services.acting import officer_options
from comity.agreements.question import Proceeding, Recipient
from comity.catalogues import N_, translate
from comity.command_line import DONE, Subparsers, act, print_json, say
from comity.evidence import documents
from comity.evidence.commands.items import officer
from comity.evidence.conditions import conditions_document, sentences
from comity.evidence.item import CaseFile
from comity.evidence.queries.cases import UnknownCaseFileError, case_file
from comity.evidence.queries.conditions import conditions_of
from comity.evidence.queries.decisions import OVERSEES
from comity.evidence.services import cases, deciding, items
from comity.evidence.way_out import IntendedRecipient, IntendedUse
from comity.reference.taxonomy import Offence, Purpose, code_of

CASE = N_("{reference}: {purpose}; officers: {officers}")
DECIDED = N_("{reference}: {item} for {purpose}: {answer}.")
ALLOWED, NOT_ALLOWED = N_("allowed"), N_("not allowed")


def add_acts(acts: Subparsers) -> None:
    """Add `case`, `conditions` and `decide`."""
    parser = act(
        acts,
        "case",
        case,
        N_("Show, open or change a case file: its purpose is stated once, its items inherit it."),
        "comity evidence case XN-2026-41 --open --purpose ADMIN_ENQUIRY --offence TOBACCO"
        " --officer OFF-00003 --token-file casey.token",
        "comity evidence case XN-2026-41 --token-file casey.token",
        "comity evidence case XN-2026-41 --change --purpose CRIMINAL_INVESTIGATION"
        " --without OFF-00003 --token-file casey.token",
    )
    parser.add_argument("case", metavar="CASE")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--open", action="store_true", help=N_("open it"))
    what.add_argument("--change", action="store_true", help=N_("change what it says"))
    parser.add_argument(
        "--anyway", action="store_true", help=N_("change it though it goes beyond some items")
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="OFFICER",
        help=N_("who works on it no longer; several"),
    )
    parser.add_argument("--purpose", default="", metavar="CODE")
    parser.add_argument("--offence", action="append", default=[], metavar="CODE")
    parser.add_argument("--officer", action="append", default=[], metavar="OFFICER")
    parser.add_argument(
        "--item", action="append", default=[], metavar="ITEM", help=N_("put it in; several")
    )
    officer_options(parser)
    parser = act(
        acts,
        "conditions",
        conditions,
        N_("Say what may be done with an item, purpose by purpose, and whom to ask."),
        "comity evidence conditions ITM-00001 --token-file casey.token",
    )
    parser.add_argument("item", metavar="ITEM")
    officer_options(parser)
    parser = act(
        acts,
        "decide",
        decide,
        N_("Decide on a use where the law leaves it to a person; the reason is kept."),
        "comity evidence decide ITM-00001 --purpose ADMIN_ENQUIRY --allow"
        " --reason 'Confirmed by telephone on 2 March' --token-file uma.token",
    )
    parser.add_argument("item", metavar="ITEM")
    parser.add_argument("--purpose", required=True, metavar="CODE")
    parser.add_argument("--proceeding", choices=[each.value for each in Proceeding], default="none")
    answer = parser.add_mutually_exclusive_group(required=True)
    answer.add_argument("--allow", action="store_true")
    answer.add_argument("--forbid", action="store_true")
    parser.add_argument("--reason", required=True)
    parser.add_argument(
        "--court", action="store_true", help=N_("producing it to the court of the proceeding")
    )
    officer_options(parser)


def case(arguments: argparse.Namespace) -> int:
    """Show a case file, open one, or change it."""
    by = officer(arguments)
    if arguments.change:
        found = _changed(arguments, by)
    elif arguments.open:
        found = cases.open_case_file(
            arguments.case,
            code_of(Purpose, arguments.purpose),
            offences=[code_of(Offence, each) for each in arguments.offence],
            officers=arguments.officer,
            by=by,
            at=clock.now(),
        )
    else:
        by.require(Permission.VIEW_EVIDENCE)
        found = case_file(arguments.case)
        if by.reference not in found.officers and not by.roles & OVERSEES:
            raise UnknownCaseFileError(case=arguments.case)
    for item in arguments.item:
        items.put_in_case(item, arguments.case, by=by, at=clock.now())
    _tell(arguments, found)
    return DONE


def _changed(arguments: argparse.Namespace, by: Officer) -> CaseFile:
    before = case_file(arguments.case)
    officers = (before.officers | set(arguments.officer)) - set(arguments.without)
    change = cases.CaseChange(
        code_of(Purpose, arguments.purpose) if arguments.purpose else None,
        frozenset(code_of(Offence, each) for each in arguments.offence) or None,
        officers,
    )
    return cases.change_case_file(
        arguments.case, change, by=by, at=clock.now(), known=arguments.anyway
    )


def _tell(arguments: argparse.Namespace, found: CaseFile) -> None:
    if arguments.json:
        print_json(documents.case_document(found))
        return
    officers = ", ".join(sorted({found.opened_by, *found.officers}))
    purpose = found.purpose.value
    say(arguments, CASE, reference=found.reference, purpose=purpose, officers=officers)


def conditions(arguments: argparse.Namespace) -> int:
    """What may be done with an item."""
    found = conditions_of(arguments.item, by=officer(arguments), on=clock.now().date())
    if arguments.json:
        print_json(conditions_document(found, arguments.language))
    else:
        print(*sentences(found, arguments.language), sep="\n")
    return DONE


def decide(arguments: argparse.Namespace) -> int:
    """Decide on a use."""
    use = IntendedUse(code_of(Purpose, arguments.purpose), Proceeding(arguments.proceeding))
    made = deciding.decide_on_use(
        arguments.item,
        use,
        permitted=arguments.allow,
        reason=arguments.reason,
        recipient=IntendedRecipient(recipient=Recipient.COURT) if arguments.court else None,
        by=officer(arguments),
        at=clock.now(),
    )
    if arguments.json:
        print_json(
            {"reference": made.reference, "item": arguments.item, "allowed": arguments.allow}
        )
    else:
        answer = translate(ALLOWED if arguments.allow else NOT_ALLOWED, arguments.language)
        facts = {"item": arguments.item, "purpose": arguments.purpose}
        say(arguments, DECIDED, reference=made.reference, answer=answer, **facts)
    return DONE
