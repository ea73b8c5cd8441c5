# SPDX-License-Identifier: Apache-2.0
"""`comity news sources|fetch|proposals|accept|reject`: the newsfeed of a node.

Whoever holds the node's machine administers its sources and has them read. A decision is an
officer's: it needs the officer's own API token, so that nobody decides for another.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from comity import clock
from comity.accounts import services as accounts
from comity.accounts.officer import OPERATOR, Officer
from comity.agreements.records import STATE_WORDS, ProposalState
from comity.agreements.terminal.options import print_json
from comity.agreements.text_table import table
from comity.catalogues import N_, said, translate
from comity.command_line import DONE, REFUSED, STANDARD_INPUT, Subparsers, act, say
from comity.errors import ComityError, InvalidInputError
from comity.newsfeed import documents, queries, services
from comity.newsfeed.card_telling import told
from comity.newsfeed.formats.document import MAXIMUM_BYTES
from comity.newsfeed.records import SOURCE_STATE_WORDS, CardRecord, SourceDraft, TakenIn
from comity.newsfeed.terminal import NewsFileUnreadableError, acts_of

ADDED = N_("Added {source}; it is read at the next round.")
PAUSED = N_("Paused {source}.")
RESUMED = N_("Resumed {source}; it is read at the next round.")
TAKEN = N_(
    "{source}: {new} new, {edited} edited, {known} known; {proposed} proposed, {joined} joined."
)
NOT_MODIFIED = N_("{source}: nothing changed since the last visit.")
BROKEN = N_("{source}: {count} releases could not be read: {releases}")
NOT_READ = N_("{source}: {problem}")
NOTHING_ACTIVE = N_("No source is switched on. See `comity news sources`.")
NO_CARDS = N_("Nothing that announcements propose is in this state.")
OLDER = N_("These are the {count} newest; the others are on the page and in the API.")
REREAD = N_("Every kept release, read again")
DECIDED = N_("{reference}: {state}.")
PUBLISHED = N_("Published as {reference}.")


class NewsTokenNeededError(InvalidInputError):
    """A decision without the token of the officer who decides."""

    code = "news-token-needed"
    message = N_("A decision needs the API token of the officer who decides.")
    remedy = N_("Name a file that holds it with --token-file, or give it on standard input with -.")


class SourceOfFileError(InvalidInputError):
    """A file without the source that it is from."""

    code = "news-source-of-file"
    message = N_("It is not said of which source the file is.")
    remedy = N_("Name the source with --source; `comity news sources` lists them.")


def add_commands(subparsers: Subparsers) -> None:
    """Add to the group `news` what a node does."""
    acts = acts_of(subparsers)
    _sources(acts)
    _fetching(acts)
    _deciding(acts)


def _sources(acts: Subparsers) -> None:
    parser = act(
        acts,
        "sources",
        sources,
        N_("List the sources with their health; add, pause or resume one."),
        "comity news sources",
        "comity news sources --add https://press.example/feed --code xx-press --publisher CV",
        "comity news sources --resume eu-taxud",
    )
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--add", metavar="URL", help=N_("read this address from now on"))
    chosen.add_argument("--pause", metavar="CODE", help=N_("read this source no more"))
    chosen.add_argument("--resume", metavar="CODE", help=N_("read this source again"))
    parser.add_argument("--code", help=N_("with --add: its short name; made of the address else"))
    parser.add_argument("--title", help=N_("with --add: whose it is, in words"))
    parser.add_argument("--publisher", default="", metavar="COUNTRY", help=N_("with --add"))
    parser.add_argument("--licence", default="", help=N_("with --add: terms of its use"))
    parser.add_argument(
        "--every", type=int, default=60, metavar="MINUTES", help=N_("with --add: how often")
    )
    _token_option(parser, N_("acts as this officer rather than as the node's operator"))


def _fetching(acts: Subparsers) -> None:
    parser = act(
        acts,
        "fetch",
        fetch,
        N_("Read a source now, or every one that is switched on; or take in a file."),
        "comity news fetch",
        "comity news fetch eu-taxud --json",
        "comity news fetch --file releases.xml --source eu-taxud",
        "comity news fetch --reread",
    )
    parser.add_argument("chosen", nargs="?", metavar="SOURCE", help=N_("only this one"))
    parser.add_argument("--file", metavar="PATH", help=N_("a feed, page or text; - reads input"))
    parser.add_argument("--source", metavar="CODE", help=N_("the source that the file is from"))
    parser.add_argument(
        "--reread", action="store_true", help=N_("read what is kept again, by today's rules")
    )
    _token_option(parser, N_("hands the file in as this officer, not as the node's operator"))


def _deciding(acts: Subparsers) -> None:
    parser = act(
        acts,
        "proposals",
        proposals,
        N_("List what announcements propose to the register."),
        "comity news proposals",
        "comity news proposals --state rejected --json",
    )
    states = [state.value for state in ProposalState]
    parser.add_argument(
        "--state", default="open", choices=states, help=N_("open, accepted, rejected, withdrawn")
    )
    parser = act(
        acts,
        "accept",
        accept,
        N_("Accept what an announcement proposes: the register changes, nothing is confirmed."),
        "comity news accept NPR-00012 --token-file adviser.token",
        "comity news accept NPR-00012 --public --token-file adviser.token",
    )
    _decision(parser, N_("why, where there is more to say"))
    parser.add_argument(
        "--public", action="store_true", help=N_("publish the change in the node's own feed")
    )
    parser = act(
        acts,
        "reject",
        reject,
        N_("Reject what an announcement proposes, with the reason."),
        "comity news reject NPR-00012 --reason 'A rehearsal' --token-file adviser.token",
    )
    _decision(parser, N_("why; a rejection needs it"))


def _decision(parser: argparse.ArgumentParser, why: str) -> None:
    parser.add_argument("card", metavar="REFERENCE")
    parser.add_argument("--reason", default="", help=why)
    _token_option(parser, N_("holds the API token of the officer who acts"))


def _token_option(parser: argparse.ArgumentParser, meaning: str) -> None:
    parser.add_argument("--token-file", metavar="FILE", help=meaning)


# Sources


def sources(arguments: argparse.Namespace) -> int:
    """List the sources, or add, pause or resume one."""
    if arguments.add or arguments.pause or arguments.resume:
        return _change_source(arguments)
    found, language = queries.sources(), arguments.language
    if arguments.json:
        print_json({"items": [documents.source_document(each, language) for each in found]})
        return DONE
    rows = [
        (
            each.code,
            each.title,
            translate(SOURCE_STATE_WORDS[each.health.state], language),
            f"{each.health.read_at:%Y-%m-%d %H:%M}" if each.health.read_at else "",
            str(each.releases),
        )
        for each in found
    ]
    heads = (N_("source"), N_("title"), N_("state"), N_("read"), N_("releases"))
    print(table([translate(word, language) for word in heads], rows, 100))
    for each in found:
        trouble = (each.health.problem, each.health.remedy)
        problem = " ".join(saying.said(language) for saying in trouble if saying is not None)
        if problem:
            say(arguments, NOT_READ, source=each.code, problem=problem)
    return DONE


def _change_source(arguments: argparse.Namespace) -> int:
    by, at = _caller(arguments, otherwise=OPERATOR), clock.now()
    if arguments.add:
        draft = _draft(arguments)
        words, made = ADDED, services.add_source(draft, by=by, at=at)
    elif arguments.pause:
        words, made = PAUSED, services.pause_source(arguments.pause, version=None, by=by, at=at)
    else:
        words, made = RESUMED, services.resume_source(arguments.resume, version=None, by=by, at=at)
    if arguments.json:
        print_json(documents.source_document(made, arguments.language))
    else:
        say(arguments, words, source=made.code)
    return DONE


def _draft(arguments: argparse.Namespace) -> SourceDraft:
    host = urlsplit(arguments.add).hostname or "" if "[" not in arguments.add else ""
    code = re.sub(r"[^a-z0-9]+", "-", host.removeprefix("www.").lower()).strip("-")[:40]
    return SourceDraft(
        code=arguments.code or code,
        title=arguments.title or host or arguments.add,
        url=arguments.add,
        administration=arguments.publisher.upper(),
        licence=arguments.licence,
        every_minutes=arguments.every,
    )


# Reading


def fetch(arguments: argparse.Namespace) -> int:
    """Visit one source or all that are switched on, take in a file, or read all again."""
    if arguments.reread:
        return _tell_taken(arguments, REREAD, services.reread(clock.now()))
    if arguments.file:
        return _take_in_file(arguments)
    if arguments.chosen:
        taken = services.fetch(arguments.chosen, clock.now())
        return _tell_taken(arguments, arguments.chosen, taken)
    return _fetch_all(arguments)


def _take_in_file(arguments: argparse.Namespace) -> int:
    source = arguments.source or arguments.chosen
    if not source:
        raise SourceOfFileError
    by, content = _caller(arguments, otherwise=OPERATOR), _content(arguments.file)
    taken = services.take_in_file(content, source, by=by, at=clock.now())
    return _tell_taken(arguments, source, taken)


def _fetch_all(arguments: argparse.Namespace) -> int:
    """Every active source in turn; one that fails does not keep the others from being read."""
    active = [each.code for each in queries.sources() if each.active and each.url]
    results: list[dict[str, object]] = []
    failed = False
    for code in active:
        try:
            taken = services.fetch(code, clock.now())
        except ComityError as error:
            failed = True
            problem, remedy = (
                said(text, error.fields, arguments.language)
                for text in (error.message, error.remedy)
            )
            named = {"code": error.code, "says": problem, "remedy": remedy}
            results.append({"source": code, "problem": named})
            if not arguments.json:
                line = translate(NOT_READ, arguments.language)
                print(line.format(source=code, problem=f"{problem} {remedy}"), file=sys.stderr)
            continue
        results.append({"source": code, **documents.taken_document(taken)})
        if not arguments.json:
            _print_taken(arguments, code, taken)
    if arguments.json:
        print_json({"items": results})
    elif not active:
        say(arguments, NOTHING_ACTIVE)
    return REFUSED if failed else DONE


def _content(path: str) -> bytes:
    try:
        if path == STANDARD_INPUT:
            return sys.stdin.buffer.read(MAXIMUM_BYTES + 1)
        with Path(path).open("rb") as file:
            return file.read(MAXIMUM_BYTES + 1)
    except (OSError, ValueError) as error:
        obstacle = getattr(error, "strerror", None) or "it cannot be opened"
        raise NewsFileUnreadableError(path=path, obstacle=obstacle) from error


def _tell_taken(arguments: argparse.Namespace, source: str, taken: TakenIn) -> int:
    if arguments.json:
        print_json({"source": source, **documents.taken_document(taken)})
    else:
        _print_taken(arguments, translate(source, arguments.language), taken)
    return DONE


def _print_taken(arguments: argparse.Namespace, source: str, taken: TakenIn) -> None:
    if taken.not_modified:
        say(arguments, NOT_MODIFIED, source=source)
        return
    names = ("new", "edited", "known", "proposed", "joined")
    say(arguments, TAKEN, source=source, **{name: getattr(taken, name) for name in names})
    if taken.broken:
        listed = ", ".join(taken.broken)
        say(arguments, BROKEN, source=source, count=len(taken.broken), releases=listed)


# Deciding


def proposals(arguments: argparse.Namespace) -> int:
    """List the cards in one state, newest first."""
    state, language = ProposalState(arguments.state), arguments.language
    page = queries.cards(state=state, size=200)
    if arguments.json:
        items = [documents.card_document(card, language) for card in page.rows]
        print_json({"items": items, "next": page.older or None})
    elif page.rows:
        print("\n\n".join(told(card, language) for card in page.rows))
        if page.older:
            say(arguments, OLDER, count=len(page.rows))
    else:
        say(arguments, NO_CARDS)
    return DONE


def accept(arguments: argparse.Namespace) -> int:
    """Accept a card as the officer behind the token."""
    card = services.accept(
        arguments.card,
        reason=arguments.reason,
        public=arguments.public,
        version=None,
        by=_caller(arguments),
        at=clock.now(),
    )
    return _decided(arguments, card)


def reject(arguments: argparse.Namespace) -> int:
    """Reject a card as the officer behind the token."""
    card = services.reject(
        arguments.card,
        reason=arguments.reason,
        version=None,
        by=_caller(arguments),
        at=clock.now(),
    )
    return _decided(arguments, card)


def _decided(arguments: argparse.Namespace, card: CardRecord) -> int:
    if arguments.json:
        print_json(documents.card_document(card, arguments.language))
        return DONE
    state = translate(STATE_WORDS[card.state], arguments.language)
    say(arguments, DECIDED, reference=card.reference, state=state)
    if card.public is not None:
        say(arguments, PUBLISHED, reference=card.public.reference)
    return DONE


def _caller(arguments: argparse.Namespace, otherwise: Officer | None = None) -> Officer:
    """The officer behind the token of the file, or of standard input."""
    if not arguments.token_file:
        if otherwise is None:
            raise NewsTokenNeededError
        return otherwise
    if arguments.token_file == STANDARD_INPUT:
        text = sys.stdin.readline()
    else:
        try:
            text = Path(arguments.token_file).read_text("utf-8")
        except OSError as error:
            raise NewsFileUnreadableError(
                path=arguments.token_file, obstacle=error.strerror
            ) from error
        except UnicodeDecodeError as error:
            raise NewsTokenNeededError from error
    return accounts.use_token(text.strip(), at=clock.now()).officer
