# SPDX-License-Identifier: Apache-2.0
"""`comity evidence ceiling|disclose|assurance`: what may pass at most, and what was given out."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.services.acting import officer_options
from comity.agreements.question import Proceeding, Recipient
from comity.agreements.terminal.options import day
from comity.catalogues import N_, translate
from comity.command_line import DONE, Subparsers, act, print_json, say
from comity.errors import InvalidInputError
from comity.evidence.commands.items import officer
from comity.evidence.lifetime import DISCLOSED_WORDS, Assurance
from comity.evidence.queries import registers
from comity.evidence.queries.ceilings import ceiling_as_set, ceilings_set
from comity.evidence.record_documents import (
    CeilingSet,
    assurance_document,
    ceiling_set_document,
    disclosure_document,
)
from comity.evidence.services import ceilings, disclosing, giving_out
from comity.evidence.services.giving_out import Gift
from comity.evidence.way_out import IntendedUse
from comity.handling.ceiling import (
    PART_WORDS,
    UNLIMITED,
    Ceiling,
    CeilingPart,
    ceiling_document,
    read_ceiling,
)
from comity.reference.taxonomy import Purpose, code_of

CEILING = N_("{whom}:")
LIMIT = N_("  {part}: {codes}")
NO_LIMIT, NOTHING = N_("  no limit"), N_("nothing")
THE_DESK = N_("our own desk")
GIVEN = N_("{reference}: {item} was given to {to} on {on}.")
NONE_GIVEN = N_("Nothing was given out.")
ASSURED_BY_US = N_("{reference}: by us to {partner}, {on}{broken}")
ASSURED_TO_US = N_("{reference}: by {partner} to us, {on}{broken}")
BROKEN = N_("; broken on {on}")
NONE_ASSURED = N_("No assurance is entered.")
LIMITED = tuple(part.value for part in CeilingPart if part is not CeilingPart.PERSONAL_DATA)


class CeilingPartUnreadableError(InvalidInputError):
    """A part of a ceiling is not written as the part and its codes."""

    code = "ceiling-part-unreadable"
    message = N_("“{given}” does not say which part of a ceiling is limited to what.")
    remedy = N_("Write PART=CODE,CODE with one of these parts: {parts}; no code for nothing.")


def add_acts(acts: Subparsers) -> None:
    """Add `ceiling`, `disclose` and `assurance`."""
    _ceiling(acts)
    _disclosing(acts)
    _assuring(acts)


def _ceiling(acts: Subparsers) -> None:
    parser = act(
        acts,
        "ceiling",
        ceiling,
        N_("Show the ceilings that stand, or set what the desk or a partner may at most."),
        "comity evidence ceiling --token-file casey.token",
        "comity evidence ceiling --for XS --only forms=COPIES_CERTIFIED,SPONTANEOUS"
        " --only ways=message,package --no-personal-data --token-file ada.token",
        "comity evidence ceiling --for XS --no-limit --token-file ada.token",
    )
    parser.add_argument(
        "--for", dest="partner", default="", metavar="PARTNER", help=N_("left out for the desk")
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="PART=CODES",
        help=N_("limit a part to these codes; every other part has no limit; several"),
    )
    parser.add_argument("--no-personal-data", action="store_true")
    parser.add_argument("--no-limit", action="store_true", help=N_("let everything pass again"))
    officer_options(parser)


def _disclosing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "disclose",
        disclose,
        N_("Record that items are given to somebody who is no partner, or list what was."),
        "comity evidence disclose ITM-00001 --to OTHER_AUTHORITY --recipient TAX-OFFICE"
        " --what 'One copy, by courier' --token-file uma.token",
        "comity evidence disclose --token-file uma.token",
    )
    parser.add_argument("items", nargs="*", metavar="ITEM", help=N_("none to list the register"))
    parser.add_argument("--to", choices=[each.value for each in Recipient])
    parser.add_argument(
        "--recipient", default="", help=N_("code of the state or name of the authority")
    )
    parser.add_argument("--what", default="", help=N_("what exactly, and to whom; kept sealed"))
    parser.add_argument("--purpose", default="", metavar="CODE", help=N_("else that of its case"))
    parser.add_argument("--proceeding", choices=[each.value for each in Proceeding], default="none")
    parser.add_argument(
        "--compelled", action="store_true", help=N_("a court or the law obliges us")
    )
    parser.add_argument("--under", default="", metavar="INSTRUMENT")
    parser.add_argument("--article", default="")
    parser.add_argument("--on", metavar="DAY", help=N_("left out for today"))
    parser.add_argument(
        "--decide", default="", metavar="REASON", help=N_("let go what the law leaves to you")
    )
    officer_options(parser)


def _assuring(acts: Subparsers) -> None:
    parser = act(
        acts,
        "assurance",
        assurance,
        N_("Enter an assurance of confidence, enter that one was broken, or list them."),
        "comity evidence assurance --from XS --text 'In confidence' --token-file uma.token",
        "comity evidence assurance --broken ASR-00001 --text 'In a newspaper'"
        " --token-file uma.token",
        "comity evidence assurance --token-file uma.token",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--from", dest="giver", metavar="PARTNER", help=N_("the partner gave it"))
    what.add_argument("--to", metavar="PARTNER", help=N_("we gave it"))
    what.add_argument("--broken", metavar="ASSURANCE")
    parser.add_argument("--text", default="", help=N_("in words; kept sealed"))
    parser.add_argument("--under", default="", metavar="INSTRUMENT")
    parser.add_argument("--item", default="")
    parser.add_argument("--on", metavar="DAY", help=N_("left out for today"))
    officer_options(parser)


def ceiling(arguments: argparse.Namespace) -> int:
    """Show the ceilings, or set one."""
    by = officer(arguments)
    if arguments.only or arguments.no_personal_data or arguments.no_limit:
        ceilings.set_ceiling(_wanted(arguments), partner=arguments.partner, by=by, at=clock.now())
        found: Iterable[CeilingSet] = (ceiling_as_set(arguments.partner),)
    else:
        by.require(Permission.VIEW_PARTNERS)
        found = (ceiling_as_set(arguments.partner),) if arguments.partner else ceilings_set()
    if arguments.json:
        print_json({"items": [ceiling_set_document(one) for one in found]})
        return DONE
    for one in found or (ceiling_as_set(""),):
        _tell(arguments, one)
    return DONE


def _wanted(arguments: argparse.Namespace) -> Ceiling:
    """The ceiling that the options describe, from no limit at all."""
    document: dict[str, Any] = ceiling_document(UNLIMITED)  # any: JSON
    for given in arguments.only:
        part, equals, codes = given.partition("=")
        if not equals or part not in LIMITED:
            raise CeilingPartUnreadableError(given=given[:60], parts=", ".join(LIMITED))
        document[part] = [each.strip() for each in codes.split(",") if each.strip()]
    return replace(read_ceiling(document), personal_data=not arguments.no_personal_data)


def _tell(arguments: argparse.Namespace, one: CeilingSet) -> None:
    whom = one.partner or translate(THE_DESK, arguments.language)
    say(arguments, CEILING, whom=whom)
    limits = {
        part: codes
        for part, codes in ceiling_document(one.ceiling).items()
        if codes is not None and codes is not True
    }
    for part, codes in limits.items():
        word = translate(PART_WORDS[CeilingPart(part.replace("_", "-"))], arguments.language)
        nothing = translate(NOTHING, arguments.language)
        say(arguments, LIMIT, part=word, codes=", ".join(codes or ()) or nothing)
    if not limits:
        say(arguments, NO_LIMIT)


def disclose(arguments: argparse.Namespace) -> int:
    """Record a disclosure, or list the register."""
    by = officer(arguments)
    if arguments.items:
        made = giving_out.give_out(arguments.items, _gift(arguments), by=by, at=clock.now())
        found = tuple(registers.disclosure(reference) for reference in made)
    else:
        by.require(Permission.VIEW_EVIDENCE)
        found = registers.disclosures()
    if arguments.json:
        print_json({"items": [disclosure_document(one) for one in found]})
        return DONE
    for one in found:
        kind = translate(DISCLOSED_WORDS[one.to], arguments.language)
        to = " ".join(filter(None, (kind, one.recipient)))
        facts = {"reference": one.reference, "item": one.item, "on": one.on.isoformat()}
        say(arguments, GIVEN, **facts, to=to)
    if not found:
        say(arguments, NONE_GIVEN)
    return DONE


def _gift(arguments: argparse.Namespace) -> Gift:
    if arguments.to is None:
        raise RecipientMissingError
    use = None
    if arguments.purpose:
        purpose = code_of(Purpose, arguments.purpose)
        use = IntendedUse(purpose, Proceeding(arguments.proceeding))
    return Gift(
        Recipient(arguments.to),
        arguments.recipient,
        arguments.what,
        arguments.under,
        arguments.article,
        arguments.compelled,
        day(arguments.on, "--on") if arguments.on else None,
        use,
        arguments.decide,
    )


class RecipientMissingError(InvalidInputError):
    """Nobody is said to be given the items."""

    code = "disclosure-recipient-missing"
    message = N_("Nobody is said to be given the items.")
    remedy = N_("Say with --to whether it is an authority, a state, a court, defence or public.")


def assurance(arguments: argparse.Namespace) -> int:
    """Enter an assurance or its breach, or list them."""
    by, at = officer(arguments), clock.now()
    on = day(arguments.on, "--on") or at.date()
    partner = arguments.giver or arguments.to
    if arguments.broken:
        found: tuple[Assurance, ...] = (
            disclosing.record_breach(arguments.broken, on, arguments.text, by=by, at=at),
        )
    elif partner:
        found = (
            disclosing.record_assurance(
                partner,
                arguments.text,
                ours=bool(arguments.to),
                by=by,
                at=at,
                given_on=on,
                instrument=arguments.under,
                item=arguments.item,
            ),
        )
    else:
        by.require(Permission.VIEW_EVIDENCE)
        found = registers.assurances()
    if arguments.json:
        print_json({"items": [assurance_document(one) for one in found]})
        return DONE
    for one in found:
        _tell_assurance(arguments, one)
    if not found:
        say(arguments, NONE_ASSURED)
    return DONE


def _tell_assurance(arguments: argparse.Namespace, one: Assurance) -> None:
    broken = ""
    if one.breached_on:
        broken = translate(BROKEN, arguments.language).format(on=one.breached_on.isoformat())
    facts = {"reference": one.reference, "partner": one.partner, "on": one.given_on.isoformat()}
    say(arguments, ASSURED_BY_US if one.ours else ASSURED_TO_US, **facts, broken=broken)
