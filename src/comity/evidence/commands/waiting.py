# SPDX-License-Identifier: Apache-2.0
"""`comity evidence waiting|flag`: what waits for an answer here, and flags that were looked at."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.services.acting import officer_options
from comity.catalogues import N_, translate
from comity.command_line import DONE, REFUSED, Subparsers, act, print_json, say
from comity.evidence import documents
from comity.evidence.commands.items import officer
from comity.evidence.lifetime import FLAG_WORDS, FlagCode
from comity.evidence.queries import waiting as known
from comity.evidence.recall import DEMAND_WORDS
from comity.evidence.services.flags import clear_flag
from comity.evidence.waiting import Waiting

NOTHING = N_("Nothing waits for an answer.")
HAND_OVER = N_("{reference}: {item} is being handed over; confirm it or refuse it.")
CONSENT = N_("{reference}: {partner} asks for our consent to {purpose} of {item}.")
RECALL = N_("{reference}: {partner} asks us to {demand} {item}, until {until}.")
LIST = N_("{reference}: a destruction list of {count} items waits for a second person.")
FLAG = N_("{item}: {what} ({code}, {source}).")
LOOKED_AT = N_("{item} was looked at after {source}.")
NO_FLAG = N_("{item} has no such flag.")


def add_acts(acts: Subparsers) -> None:
    """Add `waiting` and `flag`."""
    parser = act(
        acts,
        "waiting",
        waiting,
        N_("List what waits for an officer here: asked, sent back, recalled, corrected, drafted."),
        "comity evidence waiting --token-file uma.token",
        "comity evidence waiting --json --token-file uma.token",
    )
    officer_options(parser)
    parser = act(
        acts,
        "flag",
        flag,
        N_("Say that you have looked at an item again, after a correction, recall or destruction."),
        "comity evidence flag ITM-00001 --code corrected --source COR-00001"
        " --token-file esther.token",
    )
    parser.add_argument("item", metavar="ITEM")
    parser.add_argument("--code", required=True, choices=[each.value for each in FlagCode])
    parser.add_argument(
        "--source", required=True, metavar="REFERENCE", help=N_("what the flag points at")
    )
    officer_options(parser)


def waiting(arguments: argparse.Namespace) -> int:
    """List what waits."""
    by = officer(arguments)
    by.require(Permission.VIEW_EVIDENCE)
    found = known.waiting(by, today=clock.today())
    if arguments.json:
        print_json(documents.waiting_document(found))
        return DONE
    lines = list(_lines(found, arguments.language))
    for template, facts in lines or [(NOTHING, {})]:
        say(arguments, template, **facts)
    return DONE


def _lines(found: Waiting, language: str) -> Iterator[tuple[str, dict[str, object]]]:
    for given in found.hand_overs:
        yield HAND_OVER, {"reference": given.reference, "item": given.item or given.identity}
    for asked in found.consents:
        facts: dict[str, object] = {"reference": asked.reference, "partner": asked.partner}
        purpose, item = asked.scope.purpose.value, asked.item or asked.identity
        yield CONSENT, facts | {"purpose": purpose, "item": item}
    for taken in found.recalls:
        facts = {"reference": taken.reference, "partner": taken.asked_by, "item": taken.item}
        demand = translate(DEMAND_WORDS[taken.demand], language)
        yield RECALL, facts | {"demand": demand, "until": taken.answer_by.isoformat()}
    for listed in found.destruction_lists:
        yield LIST, {"reference": listed.reference, "count": len(listed.entries)}
    for each in found.flags:
        facts = {"item": each.item, "code": each.code.value, "source": each.source}
        yield FLAG, facts | {"what": translate(FLAG_WORDS[each.code], language)}


def flag(arguments: argparse.Namespace) -> int:
    """Say that a flag was looked at."""
    item, source = arguments.item, arguments.source
    by, at = officer(arguments), clock.now()
    cleared = clear_flag(item, FlagCode(arguments.code), source, by=by, at=at)
    if arguments.json:
        print_json({"item": item, "cleared": cleared})
    else:
        say(arguments, LOOKED_AT if cleared else NO_FLAG, item=item, source=source)
    return DONE if cleared else REFUSED
