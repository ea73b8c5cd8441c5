# SPDX-License-Identifier: Apache-2.0
"""`comity evidence redact --blacken`: a page made anew without areas, as an item of its own."""

from __future__ import annotations

import argparse
import re

from comity import clock
from comity.catalogues import N_
from comity.command_line import DONE, print_json, say
from comity.errors import InvalidInputError
from comity.evidence import documents
from comity.evidence.commands.items import officer
from comity.evidence.services import redacting
from comity.evidence.services.redacting import Blackened, area_of
from comity.handling.redaction import reason_of

MADE = N_("{reference}: page {page} of {item} without {count} areas.")
_NUMBER = r"(\d{1,3}(?:\.\d{1,3})?)"
_GIVEN = re.compile(rf"(\d{{1,5}}):{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}=([a-z-]{{1,40}})")


class AreaUnreadableError(InvalidInputError):
    """An area is not written as a page, four percentages and a reason."""

    code = "area-unreadable"
    message = N_("“{given}” does not say which area of which page is made black, and why.")
    remedy = N_("Write PAGE:LEFT,TOP,WIDTH,HEIGHT=REASON, such as 2:10,35,40,4=personal-data.")


class SeveralPagesError(InvalidInputError):
    """One item is made of one page, and areas of several were named."""

    code = "areas-of-several-pages"
    message = N_("Areas of several pages were named; an item is made of one page at a time.")
    remedy = N_("Give the command once for each page.")


def blacken(arguments: argparse.Namespace) -> int:
    """Make a page anew without the areas that are named."""
    read = [_read(given) for given in arguments.blacken]
    pages = {page for page, _ in read}
    if len(pages) > 1:
        raise SeveralPagesError
    page, marked = min(pages), [each for _, each in read]
    by = officer(arguments)
    made = redacting.blacken(arguments.item, page, marked, by=by, at=clock.now())
    if arguments.json:
        print_json(documents.item_document(made))
    else:
        facts = {"reference": made.reference, "page": page, "item": arguments.item}
        say(arguments, MADE, **facts, count=len(marked))
    return DONE


def _read(given: str) -> tuple[int, Blackened]:
    found = _GIVEN.fullmatch(given.strip())
    if found is None:
        raise AreaUnreadableError(given=given[:80])
    left, top, width, height = (float(number) for number in found.groups()[1:5])
    return int(found[1]), Blackened(area_of(left, top, width, height), reason_of(found[6]))
