# SPDX-License-Identifier: Apache-2.0
"""`comity evidence certify|redact|package|release`: what proves itself far from this node.

`comity verify FILE` verifies what comes out, here or anywhere.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.services.acting import officer_options
from comity.catalogues import N_, translate
from comity.command_line import (
    DONE,
    FileUnusableError,
    Subparsers,
    act,
    print_json,
    say,
    write_new_file,
)
from comity.errors import InvalidInputError
from comity.evidence import documents
from comity.evidence.certified_copy import Official
from comity.evidence.commands import packing
from comity.evidence.commands.blackening import blacken
from comity.evidence.commands.items import officer
from comity.evidence.commands.packing import (
    choices_of,
    named_official,
    official_options,
    part_of,
    withholding_options,
)
from comity.evidence.services import (
    certifying,
    drafting_copies,
    redacting,
    releasing,
    stating,
    way_out,
)
from comity.evidence.way_out import WayOut
from comity.exchange.draft import Decision
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose, code_of

STATED = N_("{reference}: {count} items in {leaves} leaves, root {root}…{pilot}")
COPIED = N_("{number}: certified copy of {item} by the profile {profile}; it is {copy}.{pilot}")
COPY_WAITS = N_("{number}: prepared for {item}; another official's final certification is awaited.")
DRAFTED = N_("Nothing is sealed and no number taken; {count} pages of the draft lie in {path}.")
REDACTED = N_("{reference}: {count} parts of {item} are withheld, and {following} that show them.")
RELEASED = N_("{reference} goes to {partner} with message {message}; SHA-256 {digest}")
PILOT = N_(" The seal is of the pilot authority.")


class SeveralCopiesError(InvalidInputError):
    """A certified copy is of one item, and several were named."""

    code = "several-certified-copies"
    message = N_("A certified copy is of one item; {found} were named with --profile.")
    remedy = N_("Certify a copy of each item on its own; without --profile all are certified.")


def add_acts(acts: Subparsers) -> None:
    """Add `certify`, `redact`, `package` and `release`."""
    _certifying(acts)
    _redacting(acts)
    packing.add_packing(acts)
    _releasing(acts)


def _certifying(acts: Subparsers) -> None:
    parser = act(
        acts,
        "certify",
        certify,
        N_("Certify items in a sealed statement; with --profile make a certified copy of one too."),
        "comity evidence certify ITM-00001 ITM-00002 --token-file esther.token",
        "comity evidence certify ITM-00001 --profile wco --languages en,fr --official 'E. Example'"
        " --capacity custodian --copy copy.pdf --token-file esther.token",
    )
    parser.add_argument("items", nargs="+", metavar="ITEM")
    parser.add_argument("--under", default="", metavar="INSTRUMENT")
    parser.add_argument("--article", default="")
    parser.add_argument("--profile", default="", help=N_("the forum for which a copy is certified"))
    parser.add_argument("--languages", default="en", help=N_("one or two, such as en,fr"))
    official_options(parser)
    parser.add_argument("--copy", metavar="FILE", help=N_("write the certified copy there"))
    parser.add_argument(
        "--draft",
        metavar="FOLDER",
        help=N_("seal nothing: write the certificate's pages there as pictures marked as a draft"),
    )
    officer_options(parser)


def _redacting(acts: Subparsers) -> None:
    parser = act(
        acts,
        "redact",
        redact,
        N_("Decide what is withheld of a certified item: fields, pages or parts of its file."),
        "comity evidence redact ITM-00001 --withhold pages/00002=personal-data"
        " --withhold description/text=source --token-file avery.token",
        "comity evidence redact ITM-00001 --blacken 2:10,35,40,4=personal-data"
        " --token-file avery.token",
    )
    parser.add_argument("item", metavar="ITEM")
    parser.add_argument(
        "--blacken",
        action="append",
        default=[],
        metavar="PAGE:LEFT,TOP,WIDTH,HEIGHT=REASON",
        help=N_("make the page anew without this area, in percent of it; several"),
    )
    withholding_options(parser)
    officer_options(parser)


def _releasing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "release",
        release,
        N_("Supply items to a partner: packed, sealed, assessed, and sent as a message."),
        "comity evidence release ITM-00001 ITM-00002 --to XN --purpose ADMIN_ENQUIRY"
        " --form COPIES_CERTIFIED --token-file avery.token",
    )
    parser.add_argument("items", nargs="+", metavar="ITEM")
    parser.add_argument("--to", required=True, metavar="PARTNER")
    parser.add_argument("--purpose", required=True, metavar="CODE")
    parser.add_argument("--form", default=FormOfAssistance.SPONTANEOUS.value, metavar="CODE")
    parser.add_argument("--offence", action="append", default=[], metavar="CODE")
    parser.add_argument("--under", default="", metavar="INSTRUMENT", help=N_("empty: the best one"))
    parser.add_argument("--in-reply-to", default="", metavar="ID")
    parser.add_argument("--case", default="")
    parser.add_argument("--text", default="", help=N_("what is written to whoever opens it"))
    parser.add_argument(
        "--decide", default="", metavar="REASON", help=N_("send where the law leaves it to you")
    )
    withholding_options(parser)
    officer_options(parser)


def certify(arguments: argparse.Namespace) -> int:
    """Certify items, and make a certified copy of one where a profile is named."""
    by = officer(arguments)
    if arguments.profile:
        return _copy(arguments, by)
    made = stating.certify(
        arguments.items,
        by=by,
        at=clock.now(),
        instrument=arguments.under,
        article=arguments.article,
    )
    told = {
        "reference": made.reference,
        "root": made.root,
        "items": list(made.items),
        "leaves": made.leaves,
        "pilot": made.pilot,
    }
    if arguments.json:
        print_json(told)
    else:
        facts = {"reference": made.reference, "leaves": made.leaves, "root": made.root[:16]}
        say(arguments, STATED, **facts, count=len(made.items), pilot=_pilot(arguments, made.pilot))
    return DONE


def _pilot(arguments: argparse.Namespace, pilot: bool) -> str:  # noqa: FBT001  # a fact
    return translate(PILOT, arguments.language) if pilot else ""


def _draft(arguments: argparse.Namespace, official: Official, by: Officer) -> int:
    """Write the certificate's pages into a folder, as pictures."""
    pages = drafting_copies.draft_copy(
        arguments.items[0],
        arguments.profile,
        arguments.languages.split(","),
        by=by,
        official=official,
        at=clock.now(),
        instrument=arguments.under,
        article=arguments.article,
    )
    folder = Path(arguments.draft)
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"draft-{number}.png" for number in range(1, len(pages) + 1)]
    for name, page in zip(names, pages, strict=True):
        write_new_file(str(folder / name), page)
    if arguments.json:
        print_json({"item": arguments.items[0], "profile": arguments.profile, "files": names})
    else:
        say(arguments, DRAFTED, count=len(pages), path=arguments.draft)
    return DONE


def _copy(arguments: argparse.Namespace, by: Officer) -> int:
    official = named_official(arguments)
    if len(arguments.items) > 1:
        raise SeveralCopiesError(found=len(arguments.items))
    (item,) = arguments.items
    if arguments.draft:
        return _draft(arguments, official, by)
    made = certifying.certify_copy(
        item,
        arguments.profile,
        arguments.languages.split(","),
        by=by,
        official=official,
        at=clock.now(),
        instrument=arguments.under,
        article=arguments.article,
    )
    if made.copy and arguments.copy:
        _write_content(made.copy, arguments.copy, by)
    if arguments.json:
        print_json(documents.copy_document(made))
    elif made.copy:
        facts = {"number": made.number, "item": made.item, "profile": made.profile}
        say(arguments, COPIED, **facts, copy=made.copy, pilot=_pilot(arguments, made.pilot))
    else:
        say(arguments, COPY_WAITS, number=made.number, item=made.item)
    return DONE


def _write_content(item: str, path: str, by: Officer) -> None:
    (let,) = way_out.let_out([item], WayOut.COMMAND, by=by, at=clock.now())
    try:
        with way_out.content(let) as content, Path(path).open("xb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
    except OSError as error:
        raise FileUnusableError(path=path, obstacle=str(error.strerror)) from error


def redact(arguments: argparse.Namespace) -> int:
    """Decide what is withheld of an item, or make a page of it without some areas."""
    if arguments.blacken:
        return blacken(arguments)
    withheld = dict(part_of(each) for each in arguments.withhold)
    made = redacting.redact(arguments.item, withheld, by=officer(arguments), at=clock.now())
    told = {
        "reference": made.reference,
        "item": made.item,
        "withheld": {name: reason.value for name, reason in made.withheld.items()},
        "following": made.following,
    }
    if arguments.json:
        print_json(told)
    else:
        facts = {"reference": made.reference, "item": made.item, "following": made.following}
        say(arguments, REDACTED, **facts, count=len(made.withheld))
    return DONE


def release(arguments: argparse.Namespace) -> int:
    """Supply items to a partner."""
    by = officer(arguments)
    wish = releasing.Wish(
        choices_of(arguments.items, arguments.withhold, {}),
        arguments.to,
        code_of(Purpose, arguments.purpose),
        form=code_of(FormOfAssistance, arguments.form),
        offences=tuple(code_of(Offence, each) for each in arguments.offence),
        in_reply_to=arguments.in_reply_to,
        under=arguments.under,
        case=arguments.case,
        text=arguments.text,
    )
    decision = Decision(arguments.decide, by) if arguments.decide else None
    packed = releasing.release(wish, by=by, at=clock.now(), decision=decision)
    if arguments.json:
        print_json(documents.packed_document(packed))
    else:
        facts = {"reference": packed.reference, "digest": packed.digest}
        say(arguments, RELEASED, **facts, partner=arguments.to, message=packed.message)
    return DONE
