# SPDX-License-Identifier: Apache-2.0
"""`comity evidence certify|redact|package|release`: what proves itself far from this node.

`comity verify FILE` verifies what comes out, here or anywhere.
"""

from __future__ import annotations

import argparse
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.services.acting import officer_options
from comity.agreements.question import Proceeding, Recipient
from comity.catalogues import N_, translate
from comity.command_line import DONE, FileUnusableError, Subparsers, act, print_json, say
from comity.errors import InvalidInputError
from comity.evidence import documents
from comity.evidence.certified_copy import Official
from comity.evidence.commands.items import officer
from comity.evidence.forum_profiles import Capacity
from comity.evidence.package import PackageKind
from comity.evidence.packing import Choice, Packed, Wanted
from comity.evidence.queries.certified_copies import certified_copies_of
from comity.evidence.services import certifying, packing, redacting, releasing, stating, way_out
from comity.evidence.way_out import IntendedRecipient, IntendedUse, WayOut
from comity.exchange.draft import Decision
from comity.handling.redaction import RedactionReason, reason_of
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose, code_of

STATED = N_("{reference}: {count} items in {leaves} leaves, root {root}…{pilot}")
COPIED = N_("{number}: certified copy of {item} by the profile {profile}; it is {copy}.{pilot}")
COPY_WAITS = N_("{number}: prepared for {item}; another official's final certification is awaited.")
REDACTED = N_("{reference}: {count} parts of {item} are withheld, and {following} that show them.")
PACKED = N_("{reference}: {count} items, {withheld} parts withheld; SHA-256 {digest}")
RELEASED = N_("{reference} goes to {partner} with message {message}; SHA-256 {digest}")
WRITTEN = N_("Written to {path}; verify it with “comity verify {path}”.")
PILOT = N_(" The seal is of the pilot authority.")


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


class SeveralCopiesError(InvalidInputError):
    """A certified copy is of one item, and several were named."""

    code = "several-certified-copies"
    message = N_("A certified copy is of one item; {found} were named with --profile.")
    remedy = N_("Certify a copy of each item on its own; without --profile all are certified.")


def add_acts(acts: Subparsers) -> None:
    """Add `certify`, `redact`, `package` and `release`."""
    _certifying(acts)
    _redacting(acts)
    _packing(acts)
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
    parser.add_argument("--official", default="", help=N_("name of who certifies"))
    parser.add_argument("--capacity", choices=[each.value for each in Capacity])
    parser.add_argument("--position", default="", help=N_("the office held"))
    parser.add_argument("--place", default="", help=N_("where it is signed"))
    parser.add_argument("--copy", metavar="FILE", help=N_("write the certified copy there"))
    officer_options(parser)


def _redacting(acts: Subparsers) -> None:
    parser = act(
        acts,
        "redact",
        redact,
        N_("Decide what is withheld of a certified item: fields, pages or parts of its file."),
        "comity evidence redact ITM-00001 --withhold pages/00002=personal-data"
        " --withhold description/text=source --token-file avery.token",
    )
    parser.add_argument("item", metavar="ITEM")
    _withholding(parser)
    officer_options(parser)


def _withholding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--withhold",
        action="append",
        default=[],
        metavar="PART=REASON",
        help=N_("a part and the code of the reason; several"),
    )


def _packing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "package",
        package,
        N_("Pack items with all that proves them into one file, for a court or another authority."),
        "comity evidence package ITM-00001 ITM-00002 --court 'District Court'"
        " --purpose CRIMINAL_EVIDENCE --proceeding criminal --out package.asice"
        " --withhold ITM-00001:pages/00002=personal-data --token-file casey.token",
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
    _withholding(parser)
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
    _withholding(parser)
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


def _copy(arguments: argparse.Namespace, by: Officer) -> int:
    if not (arguments.official and arguments.capacity):
        raise OfficialUnnamedError
    if len(arguments.items) > 1:
        raise SeveralCopiesError(found=len(arguments.items))
    (item,) = arguments.items
    capacity = Capacity(arguments.capacity)
    official = Official(arguments.official, capacity, arguments.position, arguments.place)
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
    """Decide what is withheld of an item."""
    withheld = dict(_part(each) for each in arguments.withhold)
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


def _part(given: str) -> tuple[str, str]:
    name, equals, reason = given.rpartition("=")
    if not equals or not name:
        raise WithheldUnreadableError(given=given)
    return name, reason


def package(arguments: argparse.Namespace) -> int:
    """Pack items for a court."""
    by = officer(arguments)
    redactions = dict(_part(each) for each in arguments.redaction)
    use = IntendedUse(code_of(Purpose, arguments.purpose), Proceeding(arguments.proceeding))
    wanted = Wanted(
        PackageKind.COURT,
        _choices(arguments.items, arguments.withhold, redactions),
        arguments.court,
        arguments.case,
        use=use,
        recipient=IntendedRecipient(recipient=Recipient.COURT),
    )
    wanted = replace(wanted, copies=_copies(wanted, by))
    packed = _packed(wanted, arguments.out, by)
    if arguments.json:
        print_json(documents.packed_document(packed))
    else:
        facts = {"reference": packed.reference, "digest": packed.digest}
        say(arguments, PACKED, **facts, count=len(packed.items), withheld=packed.withheld)
        say(arguments, WRITTEN, path=arguments.out)
    return DONE


def _packed(wanted: Wanted, path: str, by: Officer) -> Packed:
    """Pack into a new file; nothing is left there of what was not packed to its end."""
    try:
        sink = Path(path).open("x+b")  # noqa: SIM115  # closed below, whatever happens
    except OSError as error:
        raise FileUnusableError(path=path, obstacle=str(error.strerror)) from error
    try:
        with sink:
            return packing.pack(wanted, sink, by=by, at=clock.now())
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise


def _copies(wanted: Wanted, by: Officer) -> dict[str, bytes]:
    """The latest certified copy of each item that is to go whole and has one."""
    found = {}
    for choice in wanted.items:
        whole = not (choice.withheld or choice.redaction)
        issued = [each for each in certified_copies_of(choice.item) if each.copy]
        if whole and issued:
            (let,) = way_out.let_out(
                [issued[0].copy],
                WayOut.PACKAGE,
                by=by,
                at=clock.now(),
                use=wanted.use,
                recipient=wanted.recipient,
            )
            with way_out.content(let) as content:
                found[choice.item] = content.read()
    return found


def _choices(
    items: Sequence[str], withheld: Sequence[str], redactions: Mapping[str, str]
) -> tuple[Choice, ...]:
    of: dict[str, dict[str, RedactionReason]] = defaultdict(dict)
    for each in withheld:
        name, reason = _part(each)
        item, colon, part = name.partition(":")
        if not colon or item not in items:
            raise WithheldUnreadableError(given=each)
        of[item][part] = reason_of(reason)
    return tuple(Choice(item, of.get(item, {}), redactions.get(item, "")) for item in items)


def release(arguments: argparse.Namespace) -> int:
    """Supply items to a partner."""
    by = officer(arguments)
    wish = releasing.Wish(
        _choices(arguments.items, arguments.withhold, {}),
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
