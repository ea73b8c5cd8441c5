# SPDX-License-Identifier: Apache-2.0
"""The command `comity news read`, which needs no node: what a feed, a page or a text announces.

In a node, `commands` adds to the same group what a node does: sources, fetching, decisions.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.catalogues import N_, said
from comity.errors import ComityError, InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from datetime import date

    from comity.newsfeed.announcement import Announcement
    from comity.newsfeed.feed import Feed
    from comity.outbound import Policy

DONE, REFUSED, MISUSE = 0, 1, 2
STANDARD_INPUT = "-"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
"""Of any scheme: what is no address of the web is refused as one, and never taken for a file."""
Subparsers = Any  # argparse keeps the type of its subparsers private


class NewsFileUnreadableError(InvalidInputError):
    """A file named on the command line cannot be read."""

    code = "news-file-unreadable"
    message = N_("The file {path} cannot be read: {obstacle}.")
    remedy = N_("Check the file's name and whether you may read it.")


class UnknownPublisherError(InvalidInputError):
    """A code that is no country's and no union's."""

    code = "unknown-publisher"
    message = N_("{given} is no code of a country or union.")
    remedy = N_("Write the two letters of ISO 3166-1, such as CV, or EU for the European Union.")


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One document and what its releases announce."""

    source: str
    feed: Feed
    announcements: tuple[Announcement, ...]


@dataclass(frozen=True, slots=True)
class UnreadDocument:
    """One document that could not be read, and why."""

    source: str
    error: ComityError


def add_commands(subparsers: Subparsers) -> None:
    """Add `news` with what it can do without a node."""
    meaning = N_("Public announcements: what releases say was signed, returned, changed.")
    news = subparsers.add_parser("news", help=meaning, description=meaning)
    news.epilog = N_(
        "in a node (which the extra “server” brings) also, each with its own --help:\n"
        "  sources    list the sources with their health; add, pause or resume one\n"
        "  fetch      read a source now, or take in a file\n"
        "  proposals  list what announcements propose to the register\n"
        "  accept     accept it: the register changes, nothing is confirmed\n"
        "  reject     reject it, with the reason"
    )
    news.set_defaults(run=partial(_print_help, news))
    acts = news.add_subparsers(metavar="ACT")
    meaning = N_("Read feeds, pages or texts, and say what they announce, each with its evidence.")
    read = acts.add_parser(
        "read",
        help=meaning,
        description=meaning,
        epilog=(
            "examples:\n"
            "  comity news read releases.xml\n"
            "  comity news read https://www.example.gov/news/feed --json\n"
            "  comity news read statement.txt --published 2024-05-02 --publisher CV --compare"
        ),
    )
    read.add_argument(
        "documents",
        nargs="+",
        metavar="FILE|URL|-",
        help=N_("RSS, Atom, JSON Feed, HTML or plain text; - reads the standard input"),
    )
    read.add_argument("--json", action="store_true", help=N_("answer for programs"))
    read.add_argument(
        "--published",
        metavar="YYYY-MM-DD",
        help=N_("day of publication of a page or text, or of the releases that state none"),
    )
    read.add_argument(
        "--publisher",
        metavar="CODE",
        help=N_("country or union of whoever publishes, where the address does not say it"),
    )
    read.add_argument(
        "--compare",
        action="store_true",
        help=N_("say what each event would change in the shipped register"),
    )
    read.set_defaults(run=read_news)


def acts_of(subparsers: Subparsers) -> Subparsers:
    """The group's acts, for `commands` to add to."""
    news = subparsers.choices["news"]
    return next(a for a in news._actions if isinstance(a, argparse._SubParsersAction))


def read_news(arguments: argparse.Namespace) -> int:
    """Read every document named; one that cannot be read does not take the others with it."""
    from comity.agreements.terminal.options import day

    published = day(arguments.published, "--published")
    publisher = _publisher(arguments.publisher)
    read = partial(_read, published=published, publisher=publisher)
    if len(arguments.documents) == 1:
        _tell(arguments, read(arguments.documents[0]))
        return DONE
    return _read_several(arguments, read)


def _read_several(arguments: argparse.Namespace, read: Callable[[str], ReadDocument]) -> int:
    outcomes = [*_outcomes(arguments.documents, read)]
    if arguments.json:
        print(_json([_document(arguments, outcome) for outcome in outcomes]))
    else:
        for outcome in outcomes:
            _tell_one_of_several(arguments, outcome)
    errors = [outcome.error for outcome in outcomes if isinstance(outcome, UnreadDocument)]
    misused = any(isinstance(error, InvalidInputError | NotFoundError) for error in errors)
    return MISUSE if misused else REFUSED if errors else DONE


def _outcomes(
    documents: list[str], read: Callable[[str], ReadDocument]
) -> Iterator[ReadDocument | UnreadDocument]:
    for source in documents:
        try:
            yield read(source)
        except ComityError as error:
            yield UnreadDocument(source, error)


def _read(source: str, *, published: date | None, publisher: str) -> ReadDocument:
    """The document's releases and what they announce."""
    from comity.newsfeed.extraction import extract
    from comity.newsfeed.feed import read_feed

    content, content_type, address = _content(source)
    feed = read_feed(
        content,
        content_type=content_type,
        address=address,
        published=published,
        publisher=publisher,
    )
    return ReadDocument(source, feed, tuple(map(extract, feed.articles)))


def _content(source: str) -> tuple[bytes, str, str]:
    """The bytes, what their sender says they are, and where they are from."""
    from comity.newsfeed.formats.document import MAXIMUM_BYTES

    if _ADDRESS.match(source):
        return _from_address(source)
    try:
        if source == STANDARD_INPUT:
            return sys.stdin.buffer.read(MAXIMUM_BYTES + 1), "", ""
        with Path(source).open("rb") as file:
            return file.read(MAXIMUM_BYTES + 1), "", ""
    except (OSError, ValueError) as error:
        obstacle = getattr(error, "strerror", None) or "it cannot be opened"
        raise NewsFileUnreadableError(path=source, obstacle=obstacle) from error


def _from_address(address: str) -> tuple[bytes, str, str]:
    """The document at the address, asked for as politely as a node asks."""
    from comity import clock
    from comity.newsfeed.fetching import Visitor

    response = Visitor(policy=_policy(os.environ)).document_at(address, at=clock.now())
    return response.document(), response.content_type, response.address


def _policy(environment: Mapping[str, str]) -> Policy:
    """What a node on this machine allows holds for its commands too."""
    from comity.outbound import Policy

    return Policy(
        on=environment.get("COMITY_OUTBOUND", "on") != "off",
        private=environment.get("COMITY_OUTBOUND_PRIVATE", "").lower() == "true",
        proxy=environment.get("COMITY_OUTBOUND_PROXY", ""),
        contact=environment.get("COMITY_OUTBOUND_CONTACT", ""),
        certificates=environment.get("COMITY_OUTBOUND_CERTIFICATES", ""),
    )


def _publisher(given: str | None) -> str:
    from comity.reference.countries import is_country
    from comity.reference.group_files import load_groups

    code = (given or "").strip().upper()
    if code and not is_country(code) and code not in load_groups().by_code:
        raise UnknownPublisherError(given=given)
    return code


# ---------------------------------------------------------------- saying it


def _tell(arguments: argparse.Namespace, document: ReadDocument) -> None:
    if arguments.json:
        print(_json(_document(arguments, document)))
        return
    from comity.agreements.terminal.options import terminal_width
    from comity.newsfeed.telling import told

    print(
        told(
            document.feed,
            document.announcements,
            language=arguments.language,
            compare=arguments.compare,
            width=terminal_width(),
        )
    )


def _tell_one_of_several(
    arguments: argparse.Namespace, outcome: ReadDocument | UnreadDocument
) -> None:
    if isinstance(outcome, ReadDocument):
        print(f"{outcome.source}:\n")
        _tell(arguments, outcome)
        print()
        return
    message, remedy = _said(outcome.error, arguments.language)
    print(f"{outcome.source}: {message} {remedy}".rstrip(), file=sys.stderr)


def _document(
    arguments: argparse.Namespace, outcome: ReadDocument | UnreadDocument
) -> dict[str, Any]:
    """One document for programs."""
    if isinstance(outcome, ReadDocument):
        from comity.newsfeed.telling import as_json

        return as_json(
            outcome.source,
            outcome.feed,
            outcome.announcements,
            language=arguments.language,
            compare=arguments.compare,
        )
    message, remedy = _said(outcome.error, arguments.language)
    problem = {"type": outcome.error.code, "detail": message, "remedy": remedy}
    return {"source": outcome.source, "error": problem}


def _said(error: ComityError, language: str) -> tuple[str, str]:
    return said(error.message, error.fields, language), said(error.remedy, error.fields, language)


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def _print_help(parser: argparse.ArgumentParser, _arguments: argparse.Namespace) -> int:
    parser.print_help()
    return MISUSE
