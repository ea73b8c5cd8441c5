# SPDX-License-Identifier: Apache-2.0
"""`comity evidence use|notify|recall|recalls|destroy`: what is done with evidence until its end.

A use that the law does not allow yet is refused with what would change it; exit code 1.
"""

from __future__ import annotations

import argparse

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services.acting import officer_options
from comity.agreements.question import Proceeding
from comity.agreements.terminal.options import day
from comity.catalogues import N_, translate
from comity.command_line import DONE, Subparsers, act, print_json, say
from comity.errors import InvalidInputError
from comity.evidence import documents
from comity.evidence.commands.items import officer
from comity.evidence.lifetime import (
    DESTRUCTION_WORDS,
    ENTRY_WORDS,
    LIST_WORDS,
    DestructionGround,
    DestructionList,
    ListState,
)
from comity.evidence.queries import recalls as known
from comity.evidence.queries.lifetime import destruction_list, destruction_lists
from comity.evidence.recall import (
    DECIDED,
    DEMAND_WORDS,
    GROUND_WORDS,
    OUTCOME_WORDS,
    Demand,
    Ground,
    Outcome,
    Recall,
    narrowing,
)
from comity.evidence.services import destroying, destruction_certificates, recalling, using
from comity.evidence.services.notices import send_notice
from comity.evidence.use import Scope
from comity.evidence.use_messages import Occasion
from comity.handling.marking import Marking
from comity.reference.taxonomy import Caveat, Purpose, code_of

USED = N_("{reference}: the use of {item} for {purpose} is recorded ({instrument} {article}).")
TOLD = N_("{reference}: {partner} is told of the use of {item} for {purpose} ({message}).")
RECALL = N_("{reference}: {item}, asked to {demand} because {ground}; answers by {until}")
ANSWER = N_("  {administration}: {outcome}")
NO_RECALLS = N_("Nothing was recalled.")
NO_LISTS = N_("There is no such destruction list.")
LIST = N_("{reference}: {state}; {count} items")
ENTRY = N_("  {item}: {ground}, {outcome}")


class NothingToDestroyError(InvalidInputError):
    """A destruction list was asked for, and no item was named, or no ground."""

    code = "nothing-to-destroy"
    message = N_("A destruction list needs items and their ground; found {found}.")
    remedy = N_("Name items and --ground, a list with --approve or --refuse, or nothing at all.")


class CorrectionUnreadableError(InvalidInputError):
    """What is right instead is not written as a field and its text."""

    code = "correction-unreadable"
    message = N_("“{given}” does not say what is right in which field.")
    remedy = N_("Write FIELD=TEXT, such as place='Port of Northland'.")


def add_acts(acts: Subparsers) -> None:
    """Add `use`, `notify`, `recall`, `recalls` and `destroy`."""
    _using(acts)
    _recalling(acts)
    _destroying(acts)


def _using(acts: Subparsers) -> None:
    for name, run, meaning in (
        ("use", use, N_("Record a use in a proceeding, once it is allowed.")),
        ("notify", notify, N_("Tell an item's supplier of a use, before or after it.")),
    ):
        parser = act(
            acts,
            name,
            run,
            meaning,
            f"comity evidence {name} ITM-00001 --purpose CRIMINAL_EVIDENCE --proceeding criminal"
            f" --{'forum' if name == 'use' else 'text'} 'District Court' --token-file casey.token",
        )
        parser.add_argument("item", metavar="ITEM")
        parser.add_argument("--purpose", required=True, metavar="CODE")
        parser.add_argument(
            "--proceeding", choices=[each.value for each in Proceeding], default="none"
        )
        if name == "use":
            parser.add_argument("--forum", required=True, help=N_("the court or authority"))
        else:
            parser.add_argument("--text", default="", help=N_("what is written to the supplier"))
        parser.add_argument("--on", metavar="DAY", help=N_("the day of the use; today otherwise"))
        officer_options(parser)


def _recalling(acts: Subparsers) -> None:
    parser = act(
        acts,
        "recall",
        recall,
        N_("Ask every holder of an item of ours to delete, correct or narrow it; or answer."),
        "comity evidence recall ITM-00002 --demand delete --ground supplied-in-error"
        " --token-file avery.token",
        "comity evidence recall ITM-00002 --demand correct --ground inaccurate"
        " --correct 'text=The seal was broken on arrival' --token-file avery.token",
        "comity evidence recall ITM-00002 --demand narrow --ground court-order"
        " --narrow NO_THIRD_STATE --not-for CRIMINAL_EVIDENCE --token-file avery.token",
        "comity evidence recall RCL-00001 --answer deleted --token-file avery.token",
    )
    parser.add_argument("reference", metavar="ITEM-OR-RECALL")
    parser.add_argument(
        "--demand",
        choices=[each.value for each in Demand],
        default="delete",
        help=N_("what is asked for"),
    )
    parser.add_argument(
        "--correct",
        action="append",
        default=[],
        metavar="FIELD=TEXT",
        help=N_("what is right instead; several"),
    )
    parser.add_argument(
        "--narrow",
        action="append",
        default=[],
        metavar="CAVEAT",
        help=N_("a caveat that is laid on it from now on; several"),
    )
    parser.add_argument(
        "--not-for",
        action="append",
        default=[],
        metavar="PURPOSE",
        help=N_("a purpose for which it is to be used no longer; several"),
    )
    parser.add_argument(
        "--return-by", metavar="DAY", help=N_("by when it is to be returned or destroyed")
    )
    parser.add_argument(
        "--condition",
        action="append",
        default=[],
        metavar="TEXT",
        help=N_("what is laid down in words; several"),
    )
    parser.add_argument("--ground", choices=[each.value for each in Ground], help=N_("why"))
    parser.add_argument("--text", default="", help=N_("what is written to the holders"))
    parser.add_argument("--answer-by", metavar="DAY", help=N_("the last day for answers"))
    parser.add_argument(
        "--answer",
        choices=sorted(each.value for each in DECIDED),
        help=N_("answer a recall that reached us"),
    )
    parser.add_argument("--until", metavar="DAY", help=N_("until when the law holds it"))
    officer_options(parser)
    parser = act(
        acts,
        "recalls",
        list_recalls,
        N_("List recalls, ours and those that reached us, with every holder's answer."),
        "comity evidence recalls --token-file avery.token",
        "comity evidence recalls --item ITM-00002 --json --token-file avery.token",
    )
    parser.add_argument("--item", default="", metavar="ITEM")
    officer_options(parser)


def _destroying(acts: Subparsers) -> None:
    parser = act(
        acts,
        "destroy",
        destroy,
        N_("Draft a destruction list, decide on one, or list them: two persons, and no hold."),
        "comity evidence destroy ITM-00001 ITM-00004 --ground retention-over"
        " --token-file esther.token",
        "comity evidence destroy --waiting --token-file uma.token",
        "comity evidence destroy --approve DST-00001 --token-file uma.token",
    )
    parser.add_argument("items", nargs="*", metavar="ITEM")
    parser.add_argument("--ground", choices=[each.value for each in DestructionGround])
    parser.add_argument("--approve", metavar="LIST", help=N_("another person's list: carry it out"))
    parser.add_argument("--refuse", metavar="LIST", help=N_("another person's list: refuse it"))
    parser.add_argument("--withdraw", metavar="LIST", help=N_("take a list back"))
    parser.add_argument("--show", metavar="LIST", help=N_("show a list"))
    parser.add_argument(
        "--waiting", action="store_true", help=N_("list those that wait for a second person")
    )
    officer_options(parser)


def use(arguments: argparse.Namespace) -> int:
    """Record a use, once it is allowed."""
    by = officer(arguments)
    made = using.record_use(
        arguments.item,
        code_of(Purpose, arguments.purpose),
        Proceeding(arguments.proceeding),
        arguments.forum,
        by=by,
        at=clock.now(),
        on=day(arguments.on, "--on") if arguments.on else None,
    )
    told = documents.use_document(made)
    if arguments.json:
        print_json(told)
    else:
        say(arguments, USED, **told)
    return DONE


def notify(arguments: argparse.Namespace) -> int:
    """Tell an item's supplier of a use."""
    purpose, proceeding = code_of(Purpose, arguments.purpose), Proceeding(arguments.proceeding)
    made = send_notice(
        arguments.item,
        Scope(Occasion.USE, purpose, proceeding),
        arguments.text,
        by=officer(arguments),
        at=clock.now(),
        on=day(arguments.on, "--on") if arguments.on else None,
    )
    told = documents.notice_document(made)
    if arguments.json:
        print_json(told)
    else:
        say(arguments, TOLD, **told)
    return DONE


def recall(arguments: argparse.Namespace) -> int:
    """Recall an item, or answer a recall."""
    by, at = officer(arguments), clock.now()
    if arguments.answer:
        outcome = Outcome(arguments.answer)
        until = day(arguments.until, "--until") if arguments.until else None
        found = recalling.decide_recall(
            arguments.reference, outcome, arguments.text, by=by, at=at, until=until
        )
    elif arguments.ground:
        found = recalling.recall(
            arguments.reference,
            Demand(arguments.demand),
            Ground(arguments.ground),
            arguments.text,
            by=by,
            at=at,
            corrections=dict(corrected(each) for each in arguments.correct),
            marking=_narrowed(arguments),
            answer_by=day(arguments.answer_by, "--answer-by") if arguments.answer_by else None,
        )
    else:
        by.require(Permission.VIEW_EVIDENCE)
        found = known.recall(arguments.reference, today=at.date())
    if arguments.json:
        print_json(documents.recall_document(found))
    else:
        _tell(arguments, found)
    return DONE


def corrected(given: str) -> tuple[str, str]:
    """A field and what is right in it, as `FIELD=TEXT` says."""
    name, equals, text = given.partition("=")
    if not (equals and name and text):
        raise CorrectionUnreadableError(given=given)
    return name, text


def _narrowed(arguments: argparse.Namespace) -> Marking | None:
    return narrowing(
        [code_of(Caveat, each) for each in arguments.narrow],
        [code_of(Purpose, each) for each in arguments.not_for],
        day(arguments.return_by, "--return-by") if arguments.return_by else None,
        arguments.condition,
    )


def list_recalls(arguments: argparse.Namespace) -> int:
    """List recalls with every holder's answer."""
    officer(arguments).require(Permission.VIEW_EVIDENCE)
    found = known.recalls(item=arguments.item, today=clock.now().date())
    if arguments.json:
        print_json({"items": [documents.recall_document(each) for each in found]})
        return DONE
    if not found:
        say(arguments, NO_RECALLS)
    for each in found:
        _tell(arguments, each)
    return DONE


def _tell(arguments: argparse.Namespace, found: Recall) -> None:
    language = arguments.language
    say(
        arguments,
        RECALL,
        reference=found.reference,
        item=found.item or found.identity,
        demand=translate(DEMAND_WORDS[found.demand], language),
        ground=translate(GROUND_WORDS[found.ground], language),
        until=found.answer_by.isoformat(),
    )
    for copy in found.copy.every():
        outcome = translate(OUTCOME_WORDS[copy.outcome], language)
        say(arguments, ANSWER, administration=copy.administration, outcome=outcome)


def destroy(arguments: argparse.Namespace) -> int:
    """Draft a destruction list, decide on one, or list those that there are."""
    by, at = officer(arguments), clock.now()
    named = (arguments.approve, arguments.refuse, arguments.withdraw, arguments.show)
    if arguments.waiting or not any((*named, arguments.items, arguments.ground)):
        return list_destructions(arguments, by)
    if arguments.approve:
        found = destroying.approve(arguments.approve, by=by, at=at)
        destruction_certificates.certify(found.reference, at=at, language=arguments.language)
    elif arguments.refuse:
        found = destroying.refuse(arguments.refuse, by=by, at=at)
    elif arguments.withdraw:
        found = destroying.withdraw(arguments.withdraw, by=by, at=at)
    elif arguments.show:
        by.require(Permission.VIEW_EVIDENCE)
        found = destruction_list(arguments.show)
    elif arguments.items and arguments.ground:
        ground = DestructionGround(arguments.ground)
        found = destroying.draft(dict.fromkeys(arguments.items, ground), by=by, at=at)
    else:
        ground_said = arguments.ground or "no ground"
        raise NothingToDestroyError(found=f"{len(arguments.items)} items, {ground_said}")
    if arguments.json:
        print_json(documents.destruction_document(found))
    else:
        tell_list(arguments, found)
    return DONE


def list_destructions(arguments: argparse.Namespace, by: Officer) -> int:
    """List destruction lists, all or those that wait for a second person."""
    by.require(Permission.VIEW_EVIDENCE)
    found = destruction_lists(state=ListState.DRAFTED if arguments.waiting else None)
    if arguments.json:
        print_json({"items": [documents.destruction_document(each) for each in found]})
        return DONE
    if not found:
        say(arguments, NO_LISTS)
    for each in found:
        tell_list(arguments, each)
    return DONE


def tell_list(arguments: argparse.Namespace, found: DestructionList) -> None:
    """Say how a destruction list stands, item by item."""
    language = arguments.language
    state, count = translate(LIST_WORDS[found.state], language), len(found.entries)
    say(arguments, LIST, reference=found.reference, state=state, count=count)
    for entry in found.entries:
        ground_words = translate(DESTRUCTION_WORDS[entry.ground], language)
        outcome = translate(ENTRY_WORDS[entry.outcome], language)
        say(arguments, ENTRY, item=entry.item, ground=ground_words, outcome=outcome)
