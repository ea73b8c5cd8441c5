# SPDX-License-Identifier: Apache-2.0
"""`comity evidence handover|consent|correct|hold|erase`: acts that others answer or must heed.

What somebody writes to the other side goes into the message and the record, never into an answer.
"""

from __future__ import annotations

import argparse

from comity import clock
from comity.accounts.services.acting import officer_options
from comity.agreements.question import Proceeding, Recipient
from comity.agreements.terminal.options import day
from comity.catalogues import N_, translate
from comity.command_line import DONE, Subparsers, act, print_json, read_file, say
from comity.errors import InvalidInputError
from comity.evidence import documents
from comity.evidence.commands.items import officer
from comity.evidence.commands.life import corrected, tell_list
from comity.evidence.custody import CustodyWords
from comity.evidence.hand_over import HAND_OVER_WORDS, RefusalReason
from comity.evidence.lifetime import HoldGround
from comity.evidence.services import consents, correcting, erasing, handing_over, holding
from comity.evidence.use import CONSENT_WORDS, Scope
from comity.evidence.use_messages import ConsentOutcome, Occasion
from comity.reference.taxonomy import Purpose, code_of

HANDED = N_("{reference}: the hand-over of {item} {state}.")
CONSENT = N_("{reference}: consent of {partner} to {purpose} of {item}: {state}")
CORRECTED = N_("{reference}: {partner} is told what is right in {item}.")
PLACED = N_("{reference}: {target} is on legal hold and is not destroyed.")
LIFTED = N_("{reference} was lifted.")
LONGEST_NAME = 2_000
SUBJECT = N_("{reference}: {count} items are about this person.")


class ActUnnamedError(InvalidInputError):
    """A command was given neither what begins an act nor what answers one."""

    code = "evidence-act-unnamed"
    message = N_("It is not said what is to be done; expected {expected}.")
    remedy = N_("Look at the command's examples with --help.")


def add_acts(acts: Subparsers) -> None:
    """Add `handover`, `consent`, `correct`, `hold` and `erase`."""
    _handing_over(acts)
    _consenting(acts)
    _correcting(acts)
    _holding(acts)
    _erasing(acts)


def _handing_over(acts: Subparsers) -> None:
    parser = act(
        acts,
        "handover",
        handover,
        N_("Hand an item over to an officer or an administration, or answer a hand-over."),
        "comity evidence handover ITM-00003 --to OFF-00007 --place 'Room 4'"
        " --token-file esther.token",
        "comity evidence handover ITM-00003 --administration XS --mark XN-4711"
        " --token-file esther.token",
        "comity evidence handover HOV-00001 --confirm --token-file casey.token",
        "comity evidence handover HOV-00001 --refuse seal-broken --token-file casey.token",
    )
    parser.add_argument("reference", metavar="ITEM-OR-HAND-OVER")
    parser.add_argument("--to", default="", metavar="OFFICER")
    parser.add_argument("--administration", default="", metavar="CODE")
    parser.add_argument("--for-good", action="store_true", help=N_("it does not come back"))
    parser.add_argument("--place", default="", help=N_("where it was done"))
    parser.add_argument("--reason", default="", help=N_("why"))
    parser.add_argument(
        "--mark", action="append", default=[], help=N_("number of a seal put on or broken; several")
    )
    answer = parser.add_mutually_exclusive_group()
    answer.add_argument("--confirm", action="store_true", help=N_("it is in hand"))
    answer.add_argument(
        "--refuse", choices=[each.value for each in RefusalReason], help=N_("it is not taken over")
    )
    answer.add_argument("--withdraw", action="store_true", help=N_("take the hand-over back"))
    officer_options(parser)


def _consenting(acts: Subparsers) -> None:
    parser = act(
        acts,
        "consent",
        consent,
        N_("Ask an item's supplier for its consent to one act, or answer a partner who asks us."),
        "comity evidence consent ITM-00001 --purpose CIVIL_JUDICIAL --proceeding civil"
        " --text 'For the trial in May' --token-file casey.token",
        "comity evidence consent CNS-00001 --answer given --until 2026-12-31"
        " --conditions 'In camera only' --token-file uma.token",
    )
    parser.add_argument("reference", metavar="ITEM-OR-CONSENT")
    parser.add_argument("--purpose", default="", metavar="CODE")
    parser.add_argument("--proceeding", choices=[each.value for each in Proceeding], default="none")
    parser.add_argument(
        "--recipient", choices=[each.value for each in Recipient], help=N_("to whom it is to go on")
    )
    parser.add_argument("--recipient-code", default="", metavar="CODE")
    parser.add_argument("--text", default="", help=N_("what is written to the supplier"))
    parser.add_argument("--until", metavar="DAY", help=N_("the last day of the consent"))
    parser.add_argument("--answer", choices=[each.value for each in ConsentOutcome])
    parser.add_argument("--conditions", default="", help=N_("what must be kept to"))
    officer_options(parser)


def _correcting(acts: Subparsers) -> None:
    parser = act(
        acts,
        "correct",
        correct,
        N_("Tell every partner that holds an item of ours what is right instead."),
        "comity evidence correct ITM-00002 --field 'place=Port of Northland'"
        " --token-file avery.token",
    )
    parser.add_argument("item", metavar="ITEM")
    parser.add_argument("--field", action="append", default=[], metavar="FIELD=TEXT")
    parser.add_argument(
        "--replacement", default="", metavar="ITEM", help=N_("our item that takes its place")
    )
    parser.add_argument("--text", default="", help=N_("what is written to the holders"))
    officer_options(parser)


def _holding(acts: Subparsers) -> None:
    parser = act(
        acts,
        "hold",
        hold,
        N_("Place a legal hold on an item or a case file, or lift one."),
        "comity evidence hold --item ITM-00001 --ground proceeding --token-file esther.token",
        "comity evidence hold --lift HLD-00001 --token-file esther.token",
    )
    parser.add_argument("--item", default="", metavar="ITEM")
    parser.add_argument("--case", default="", metavar="CASE")
    parser.add_argument("--ground", choices=[each.value for each in HoldGround])
    parser.add_argument("--reason", default="", help=N_("why"))
    parser.add_argument("--lift", default="", metavar="HOLD")
    officer_options(parser)


def _erasing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "erase",
        erase,
        N_("Say whom items are about, or draft the erasure of all that is kept of a person."),
        "comity evidence erase --about ITM-00001 --about ITM-00004 --name-file name.txt"
        " --token-file casey.token",
        "comity evidence erase SUB-00001 --token-file dora.token",
    )
    parser.add_argument("subject", nargs="?", default="", metavar="SUBJECT")
    parser.add_argument(
        "--about", action="append", default=[], metavar="ITEM", help=N_("an item; several")
    )
    parser.add_argument(
        "--name-file", metavar="FILE", help=N_("holds what identifies the person; - reads input")
    )
    parser.add_argument(
        "--shared", action="append", default=[], metavar="ITEM",
        help=N_("an item about others as well that goes all the same; several"),
    )  # fmt: skip
    parser.add_argument(
        "--keep", action="append", default=[], metavar="ITEM",
        help=N_("an item about others as well that stays; several"),
    )  # fmt: skip
    officer_options(parser)


def handover(arguments: argparse.Namespace) -> int:
    """Hand an item over, or answer a hand-over."""
    by, at, reference = officer(arguments), clock.now(), arguments.reference
    words = CustodyWords(arguments.place, arguments.reason, "", tuple(arguments.mark))
    if arguments.confirm:
        found = handing_over.confirm(reference, words=words, by=by, at=at)
    elif arguments.refuse:
        found = handing_over.refuse(reference, RefusalReason(arguments.refuse), by=by, at=at)
    elif arguments.withdraw:
        found = handing_over.withdraw(reference, by=by, at=at)
    else:
        found = handing_over.propose(
            reference,
            officer=arguments.to,
            administration=arguments.administration,
            for_good=arguments.for_good,
            words=words,
            by=by,
            at=at,
        )
    if arguments.json:
        print_json(documents.hand_over_document(found))
    else:
        state = translate(HAND_OVER_WORDS[found.state], arguments.language)
        item = found.item or found.identity
        say(arguments, HANDED, reference=found.reference, item=item, state=state)
    return DONE


def consent(arguments: argparse.Namespace) -> int:
    """Ask for consent, or answer a request for it."""
    by, at = officer(arguments), clock.now()
    until = day(arguments.until, "--until") if arguments.until else None
    if arguments.answer:
        found = consents.answer_consent(
            arguments.reference,
            ConsentOutcome(arguments.answer),
            by=by,
            at=at,
            until=until,
            conditions=arguments.conditions,
        )
    else:
        scope = _scope(arguments)
        found = consents.ask_consent(
            arguments.reference, scope, arguments.text, by=by, at=at, until=until
        )
    if arguments.json:
        print_json(documents.consent_document(found))
    else:
        say(
            arguments,
            CONSENT,
            reference=found.reference,
            partner=found.partner,
            purpose=found.scope.purpose.value,
            item=found.item or found.identity,
            state=translate(CONSENT_WORDS[found.state], arguments.language),
        )
    return DONE


def _scope(arguments: argparse.Namespace) -> Scope:
    if not (arguments.purpose or arguments.recipient):
        raise ActUnnamedError(expected="--purpose, --recipient or --answer")
    purpose = code_of(Purpose, arguments.purpose or Purpose.OTHER_LAW.value)
    proceeding = Proceeding(arguments.proceeding)
    if not arguments.recipient:
        return Scope(Occasion.USE, purpose, proceeding)
    recipient = Recipient(arguments.recipient)
    return Scope(Occasion.DISCLOSURE, purpose, proceeding, recipient, arguments.recipient_code)


def correct(arguments: argparse.Namespace) -> int:
    """Tell the holders of an item what is right instead."""
    made = correcting.correct(
        arguments.item,
        dict(corrected(each) for each in arguments.field),
        arguments.text,
        by=officer(arguments),
        at=clock.now(),
        replacement=arguments.replacement,
    )
    if arguments.json:
        print_json({"items": [documents.correction_document(each) for each in made]})
        return DONE
    for each in made:
        facts = {"reference": each.reference, "partner": each.partner}
        say(arguments, CORRECTED, **facts, item=each.item)
    return DONE


def hold(arguments: argparse.Namespace) -> int:
    """Place a hold, or lift one."""
    by, at = officer(arguments), clock.now()
    if arguments.lift:
        found = holding.lift_hold(arguments.lift, by=by, at=at)
    elif arguments.ground:
        found = holding.place_hold(
            HoldGround(arguments.ground),
            arguments.reason,
            by=by,
            at=at,
            item=arguments.item,
            case=arguments.case,
        )
    else:
        raise ActUnnamedError(expected="--ground or --lift")
    if arguments.json:
        print_json(documents.hold_document(found))
    elif found.stands:
        say(arguments, PLACED, reference=found.reference, target=found.item or found.case)
    else:
        say(arguments, LIFTED, reference=found.reference)
    return DONE


def erase(arguments: argparse.Namespace) -> int:
    """Say whom items are about, or draft the erasure of a person's data."""
    if arguments.name_file:
        return _add_subject(arguments)
    if not arguments.subject:
        raise ActUnnamedError(expected="a subject, or --name-file and --about")
    found = erasing.draft_erasure(
        arguments.subject,
        by=officer(arguments),
        at=clock.now(),
        shared=arguments.shared,
        kept=arguments.keep,
    )
    if arguments.json:
        print_json(documents.destruction_document(found))
    else:
        tell_list(arguments, found)
    return DONE


def _add_subject(arguments: argparse.Namespace) -> int:
    """The name comes in a file, so that no list of commands keeps it."""
    name = read_file(arguments.name_file, most=LONGEST_NAME).decode("utf-8", "replace")
    made = erasing.add_subject(name, arguments.about, by=officer(arguments), at=clock.now())
    if arguments.json:
        print_json({"reference": made.reference, "items": list(made.items)})
    else:
        say(arguments, SUBJECT, reference=made.reference, count=len(made.items))
    return DONE
