# SPDX-License-Identifier: Apache-2.0
"""`comity evidence add|list|show|custody`: items, their conditions and their custody.

Evidence is an officer's: every act needs the officer's own API token. What the law forbids to
read is told with its reason; exit code 1 says that it was not let out.
"""

from __future__ import annotations

import argparse
import mimetypes
import shutil
from pathlib import Path
from typing import Any

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.services.acting import officer_of, officer_options
from comity.agreements.reasons import sentence
from comity.agreements.terminal.options import day
from comity.agreements.text_table import table
from comity.agreements.verdict import VERDICT_WORDS
from comity.catalogues import N_, translate
from comity.command_line import (
    DONE,
    REFUSED,
    FileUnusableError,
    Subparsers,
    act,
    print_json,
    say,
)
from comity.errors import InvalidInputError
from comity.evidence import documents
from comity.evidence.custody import (
    ACT_WORDS,
    BY_HAND,
    FAULT_WORDS,
    CustodyAct,
    CustodyWords,
    event_document,
)
from comity.evidence.item import (
    KIND_WORDS,
    RANK_WORDS,
    STATE_WORDS,
    Acquisition,
    Channel,
    Description,
    Item,
    ItemKind,
    ItemState,
    Rank,
)
from comity.evidence.new_item import NewItem
from comity.evidence.queries import custody as custodies
from comity.evidence.queries import items as kept
from comity.evidence.queries.items import ItemSearch
from comity.evidence.queries.seeing import narrowed_to, require_seen
from comity.evidence.services import custody as keeping_custody
from comity.evidence.services import items, way_out
from comity.evidence.way_out import REFUSAL_WORDS, Let, WayOut
from comity.handling.marking import Marking
from comity.reference.taxonomy import Caveat, HandlingCode, InformationClass, code_of

ADDED = N_("{reference}: {kind}, {rank}; SHA-256 {digest}")
ADDED_OBJECT = N_("{reference}: {kind}, {rank}")
NOTHING = N_("No such item.")
SHOWN = N_("{reference} ({kind}, {rank}, {state}): {title}")
LAW = N_("May it be read for the purpose of its case? {summary}")
REFUSED_TO = N_("{reference} was not let out: {summary} {because}")
WRITTEN = N_("Written to {path}.")
RECORDED = N_("{reference}: {act} is recorded as number {number}.")
CUSTODY_LINE = N_("{number}. {at}  {act}, by {by} ({authority}){place}")
CUSTODY_HOLDS = N_("The custody has neither a gap nor a mismatch.")
CUSTODY_FAULT = N_("At {number}: {fault}.")
LIST_HEADS = (N_("item"), N_("kind"), N_("rank"), N_("state"), N_("case"), N_("from"), N_("added"))


class EvidenceTokenNeededError(InvalidInputError):
    """Evidence is kept and read by officers, and no token says who acts."""

    code = "evidence-token-needed"
    message = N_("Evidence is an officer's, and no API token says who acts.")
    remedy = N_("Name a file that holds the officer's token with --token-file, or give it with -.")


def add_acts(acts: Subparsers) -> None:
    """Add `add`, `list`, `show` and `custody`."""
    _adding(acts)
    _listing(acts)
    _showing(acts)
    _custody(acts)


def _adding(acts: Subparsers) -> None:
    parser = act(
        acts,
        "add",
        add,
        N_("Add an item of our own: a file, or a thing that lies in a room."),
        "comity evidence add manifest.pdf --title 'Manifest' --case XN-2026-41"
        " --class TRANSPORT_DOCUMENT --token-file casey.token",
        "comity evidence add --kind seal --title 'Container seal' --mark SL-0041773"
        " --place 'Port of Northland' --how 'taken off the container' --token-file esther.token",
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help=N_("none for a thing"))
    parser.add_argument("--kind", choices=[each.value for each in ItemKind], default="document")
    parser.add_argument("--rank", choices=[each.value for each in Rank], default="original")
    parser.add_argument("--title", required=True, help=N_("in a few words"))
    parser.add_argument("--text", default="", help=N_("what else is to be said of it"))
    parser.add_argument("--case", default="", help=N_("reference of its case file"))
    parser.add_argument(
        "--mark", action="append", default=[], help=N_("number that identifies a thing; several")
    )
    parser.add_argument("--place", default="", help=N_("where it was taken"))
    parser.add_argument("--from-whom", default="", help=N_("from whom it was taken"))
    parser.add_argument("--how", default="", help=N_("how it came into hands"))
    parser.add_argument("--power", default="", help=N_("the provision or order it was taken under"))
    parser.add_argument(
        "--judicially-obtained", choices=("yes", "no"), help=N_("leave out where nobody knows")
    )
    parser.add_argument("--third-party-rights", default="", help=N_("who else has a right to it"))
    parser.add_argument("--class", dest="classes", action="append", default=[], metavar="CODE")
    parser.add_argument("--caveat", action="append", default=[], metavar="CODE")
    parser.add_argument("--handling", choices=[code.value for code in HandlingCode])
    parser.add_argument(
        "--personal-data", choices=("yes", "no"), help=N_("leave out where nobody knows")
    )
    parser.add_argument("--return-by", metavar="DAY", help=N_("the day by which it goes back"))
    officer_options(parser)


def _listing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "list",
        list_items,
        N_("List items, the newest first."),
        "comity evidence list --case XN-2026-41 --token-file casey.token",
        "comity evidence list --supplier XS --json --token-file casey.token",
    )
    parser.add_argument("--case", default="")
    parser.add_argument("--kind", choices=[each.value for each in ItemKind])
    parser.add_argument("--state", choices=[each.value for each in ItemState])
    parser.add_argument("--supplier", default="", metavar="CODE")
    parser.add_argument(
        "--withheld", action="store_true", help=N_("only those whose certification is withheld")
    )
    parser.add_argument("--after", default="", metavar="REFERENCE", help=N_("go on after this"))
    officer_options(parser)


def _showing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "show",
        show,
        N_("Show an item: what it is, what the law says of reading it, its content as a file."),
        "comity evidence show ITM-00001 --token-file casey.token",
        "comity evidence show ITM-00001 --to manifest.pdf --token-file casey.token",
    )
    parser.add_argument("item", metavar="ITEM")
    parser.add_argument("--to", metavar="FILE", help=N_("write its content there"))
    officer_options(parser)


def _custody(acts: Subparsers) -> None:
    parser = act(
        acts,
        "custody",
        custody,
        N_("Show an item's custody, or record an act of it."),
        "comity evidence custody ITM-00001 --token-file esther.token",
        "comity evidence custody ITM-00003 --act sealed --place 'Room 4' --mark S-221"
        " --reason 'after the examination' --token-file esther.token",
    )
    parser.add_argument("item", metavar="ITEM")
    parser.add_argument("--act", choices=[each.value for each in BY_HAND], help=N_("record it"))
    parser.add_argument("--place", default="", help=N_("where it was done"))
    parser.add_argument("--reason", default="", help=N_("why"))
    parser.add_argument("--counterpart", default="", help=N_("who stood on the other side"))
    parser.add_argument(
        "--mark", action="append", default=[], help=N_("number of a seal put on or broken; several")
    )
    officer_options(parser)


def officer(arguments: argparse.Namespace) -> Officer:
    """The officer behind the token, who may see the items named; never the machine."""
    if not arguments.token_file:
        raise EvidenceTokenNeededError
    by = officer_of(arguments)
    require_seen(_named(arguments), by)
    return by


def _named(arguments: argparse.Namespace) -> set[str]:
    """The items that the command names; other references name none."""
    words = vars(arguments)
    named = [words.get("item"), words.get("reference"), *(words.get("items") or ())]
    return {str(each) for each in named if each}


def add(arguments: argparse.Namespace) -> int:
    """Add an item, with its file where it has one."""
    by, new = officer(arguments), _new(arguments)
    if arguments.file:
        try:
            with Path(arguments.file).open("rb") as content:
                item = items.add(new, content, by=by, at=clock.now())
        except OSError as error:
            raise FileUnusableError(path=arguments.file, obstacle=str(error.strerror)) from error
    else:
        item = items.add(new, by=by, at=clock.now())
    if arguments.json:
        print_json(documents.item_document(item))
    else:
        words = ADDED_OBJECT if item.is_object else ADDED
        say(arguments, words, **_words(item, arguments.language), digest=item.digest)
    return DONE


def _new(arguments: argparse.Namespace) -> NewItem:
    acquisition = Acquisition(
        place=arguments.place,
        by=arguments.from_whom,
        how=arguments.how,
        power=arguments.power,
        judicially_obtained=_fact(arguments.judicially_obtained),
    )
    marking = Marking(
        caveats=frozenset(code_of(Caveat, each) for each in arguments.caveat),
        handling=frozenset({HandlingCode(arguments.handling)} if arguments.handling else ()),
        classes=frozenset(code_of(InformationClass, each) for each in arguments.classes),
        personal_data=_fact(arguments.personal_data),
        judicially_obtained=_fact(arguments.judicially_obtained),
    )
    file = Path(arguments.file).name if arguments.file else ""
    return NewItem(
        kind=ItemKind(arguments.kind),
        rank=Rank(arguments.rank),
        description=Description(
            title=arguments.title,
            text=arguments.text,
            file_name=file,
            marks=tuple(arguments.mark),
            acquisition=acquisition,
            third_party_rights=arguments.third_party_rights,
        ),
        case=arguments.case,
        channel=Channel(number=1, supplier="", marking=marking),
        media_type=(mimetypes.guess_type(file)[0] or "") if file else "",
        return_by=day(arguments.return_by, "--return-by") if arguments.return_by else None,
    )


def _fact(said: str | None) -> bool | None:
    return None if said is None else said == "yes"


def list_items(arguments: argparse.Namespace) -> int:
    """List items by what stands open of them: no title is shown."""
    by = officer(arguments)
    way_out.require_way(by, None)
    search = ItemSearch(
        officer=narrowed_to(by),
        case=arguments.case,
        kind=ItemKind(arguments.kind) if arguments.kind else None,
        state=ItemState(arguments.state) if arguments.state else None,
        supplier=arguments.supplier,
        withheld=arguments.withheld,
    )
    page = kept.items(search, after=arguments.after)
    if arguments.json:
        found = [documents.item_document(each) for each in page.rows]
        print_json({"items": found, "next": page.older or None})
        return DONE
    heads = [translate(word, arguments.language) for word in LIST_HEADS]
    rows = [_row(each, arguments.language) for each in page.rows]
    print(table(heads, rows, 120) if rows else translate(NOTHING, arguments.language))
    return DONE


def _row(item: Item, language: str) -> tuple[str, ...]:
    words = _words(item, language)
    suppliers = ", ".join(dict.fromkeys(c.supplier for c in item.channels if c.supplier))
    return (
        item.reference,
        words["kind"],
        words["rank"],
        words["state"],
        item.case,
        suppliers,
        f"{item.added_at:%Y-%m-%d}",
    )


def _words(item: Item, language: str) -> dict[str, str]:
    return {
        "reference": item.reference,
        "kind": translate(KIND_WORDS[item.kind], language),
        "rank": translate(RANK_WORDS[item.rank], language),
        "state": translate(STATE_WORDS[item.state], language),
    }


def show(arguments: argparse.Namespace) -> int:
    """Show an item as far as the law lets it out, and write its content where asked."""
    by, at = officer(arguments), clock.now()
    item = kept.item(arguments.item)
    (let,) = way_out.let_out([item.reference], WayOut.COMMAND, by=by, at=at)
    answer = {**documents.item_document(item), "reading": _let(let, arguments.language)}
    if let.permitted:
        description = way_out.description(let)
        answer |= documents.opened_document(let, description, way_out.claims(let))
        if arguments.to and not item.is_object:
            _write(let, arguments.to)
    if arguments.json:
        print_json(answer)
        return DONE if let.permitted else REFUSED
    if not let.permitted:
        return refused(arguments, let)
    say(arguments, SHOWN, **_words(item, arguments.language), title=description.title)
    summary = translate(VERDICT_WORDS[let.verdict], arguments.language)
    say(arguments, LAW, summary=summary)
    if arguments.to and not item.is_object:
        say(arguments, WRITTEN, path=arguments.to)
    return DONE


def _let(let: Let, language: str) -> dict[str, Any]:
    return documents.let_document(let, language)


def _write(let: Let, path: str) -> None:
    try:
        with way_out.content(let) as content, Path(path).open("xb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
    except OSError as error:
        raise FileUnusableError(path=path, obstacle=str(error.strerror)) from error


def refused(arguments: argparse.Namespace, let: Let) -> int:
    """Say why an item was not let out."""
    language = arguments.language
    because = translate(REFUSAL_WORDS[let.reason], language) if let.reason else ""
    summary = translate(VERDICT_WORDS[let.verdict], language)
    say(arguments, REFUSED_TO, reference=let.item, summary=summary, because=because)
    if let.determination is not None:
        for finding in let.determination.findings:
            if finding.limit is let.verdict:
                print(f"  {finding.instrument} {finding.article}: {sentence(finding, language)}")
    return REFUSED


def custody(arguments: argparse.Namespace) -> int:
    """Show an item's custody, or record an act of it."""
    by, at = officer(arguments), clock.now()
    if arguments.act:
        return _record(arguments, by)
    found = custodies.custody(arguments.item)
    (let,) = way_out.let_out([arguments.item], WayOut.COMMAND, by=by, at=at)
    words = keeping_custody.words_inside(arguments.item) if let.permitted else {}
    if arguments.json:
        print_json(documents.custody_document(found, words, arguments.language))
        return DONE
    for event in found.events:
        said = words.get(event.number)
        place = f", {said[0].place}" if said and said[0].place else ""
        act_words = translate(ACT_WORDS[event.act], arguments.language)
        facts = {"number": event.number, "at": f"{event.at:%Y-%m-%d %H:%M}", "by": event.by}
        say(
            arguments,
            CUSTODY_LINE,
            **facts,
            act=act_words,
            authority=event.authority,
            place=place,
        )
    for finding in found.findings:
        fault = translate(FAULT_WORDS[finding.fault], arguments.language)
        say(arguments, CUSTODY_FAULT, number=finding.number, fault=fault)
    if found.holds:
        say(arguments, CUSTODY_HOLDS)
    return DONE


def _record(arguments: argparse.Namespace, by: Officer) -> int:
    words = CustodyWords(
        place=arguments.place,
        reason=arguments.reason,
        counterpart=arguments.counterpart,
        marks=tuple(arguments.mark),
    )
    new = keeping_custody.NewAct(CustodyAct(arguments.act), words)
    event = keeping_custody.record_by_hand(arguments.item, new, by=by, at=clock.now())
    if arguments.json:
        print_json(event_document(event))
        return DONE
    act_words = translate(ACT_WORDS[event.act], arguments.language)
    say(arguments, RECORDED, reference=arguments.item, act=act_words, number=event.number)
    return DONE
