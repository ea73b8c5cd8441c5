# SPDX-License-Identifier: Apache-2.0
"""`comity exchange …`: the queue's state, maintenance, trying again, and messages as files."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from comity import clock
from comity.accounts.services.acting import officer_of, officer_options
from comity.agreements.text_table import table
from comity.catalogues import N_, translate
from comity.command_line import DONE, Subparsers, act, group, print_json, say
from comity.errors import ConflictError
from comity.exchange.queries.alarms import open_alarm_counts
from comity.exchange.queries.outbox import QueueOfPartner, dead_letters, queue_health
from comity.exchange.services import admitting, assembling, maintenance, operating
from comity.exchange.services.pulling import ForAStick, note_written
from comity.exchange.services.receiving import RECEPTION
from comity.exchange.words import problem_in_words

UNDER_MAINTENANCE = N_("The exchange is under maintenance since {begun_at}: {reason}")
WORKS = N_("The exchange works. Free on its disk: {free} MiB, of which {reserve} are kept free.")
OPEN_ALARMS = N_("Open alarms: {count}. Look at them on the page Alarms, and close each one there.")
NO_ALARMS = N_("No alarm is open.")
BEGUN = N_("Maintenance begins: nothing is taken in and nothing sent until it is ended.")
ENDED = N_("Maintenance is over; what waited goes out now.")
TRIED = N_("{reference} is tried again now.")
ALL_TRIED = N_("Everything for {partner} is tried again now; {count} had been given up.")
NO_DEAD = N_("Nothing was given up.")
NO_QUEUES = N_("There are no partners, so nothing waits.")
WROTE = N_("Wrote {messages} messages and {statements} evidences to {folder}.")
READ = N_(
    "Read {messages} messages and {statements} evidences from {folder}; "
    "{waiting} are not whole yet, {refused} files were put aside."
)


class NotByFilesError(ConflictError):
    """Messages to this partner do not travel as files."""

    code = "partner-not-by-files"
    message = N_("Messages to {partner} do not travel as files.")
    remedy = N_("Choose that way first: `comity partner way {partner} folder`.")


def add_commands(subparsers: Subparsers) -> None:
    """Add the group `exchange`."""
    acts = group(subparsers, "exchange", N_("The exchange's queue, maintenance and files."))
    act(
        acts,
        "status",
        status,
        N_("Show what waits for every partner, and what stands in the way."),
        "comity exchange status",
        "comity exchange status --json",
    )
    _maintenance(acts)
    _trying_again(acts)
    _files(acts)


def _maintenance(acts: Subparsers) -> None:
    parser = act(
        acts,
        "maintenance",
        maintain,
        N_("Let the exchange stand still, or work again; partners are asked to come later."),
        'comity exchange maintenance begin --reason "New disk" --minutes 60',
        "comity exchange maintenance end",
    )
    parser.add_argument("step", choices=["begin", "end"])
    parser.add_argument("--reason", default="", help=N_("why, for those who read it later"))
    parser.add_argument(
        "--minutes", type=int, metavar="NUMBER", help=N_("how long, as partners are told")
    )
    officer_options(parser)


def _trying_again(acts: Subparsers) -> None:
    parser = act(
        acts,
        "try-again",
        try_again,
        N_("Send now what was given up or put off: one message, or everything for a partner."),
        "comity exchange try-again MSG-00041",
        "comity exchange try-again --partner XS",
    )
    parser.add_argument("message", nargs="?", default="", help=N_("reference of the message"))
    parser.add_argument("--partner", default="", help=N_("everything for this partner"))
    officer_options(parser)
    parser = act(
        acts,
        "dead-letters",
        list_dead_letters,
        N_("List the messages that were given up, with the reason."),
        "comity exchange dead-letters --partner XS",
    )
    parser.add_argument("--partner", default="", help=N_("only those for this partner"))


def _files(acts: Subparsers) -> None:
    for name, run, meaning in (
        (
            "write-folder",
            write_folder,
            N_("Write what waits for a partner as files, onto a stick."),
        ),
        ("read-folder", read_folder, N_("Read the files that a partner wrote, from a stick.")),
    ):
        example = f"comity exchange {name} XS --folder /media/stick/for-XS"
        parser = act(acts, name, run, meaning, example)
        parser.add_argument("partner", help=N_("code of the partner's administration"))
        parser.add_argument(
            "--folder",
            type=Path,
            help=N_("a folder that is there, on a stick; else the partner's own folder"),
        )


def status(arguments: argparse.Namespace) -> int:
    """Show the queues."""
    going_on = maintenance.current_maintenance()
    queues = queue_health()
    free, reserve = admitting.free_disk(), admitting.disk_reserve()
    alarms = sum(open_alarm_counts().values())
    if arguments.json:
        told: dict[str, Any] = {  # any: what JSON holds
            "maintenance": _document(asdict(going_on)) if going_on else None,
            "disk_free_bytes": free,
            "disk_reserve_bytes": reserve,
            "open_alarms": alarms,
            "partners": [_document(asdict(each)) for each in queues],
        }
        print_json(told)
        return DONE
    if going_on:
        begun_at = going_on.begun_at.isoformat(timespec="minutes")
        say(arguments, UNDER_MAINTENANCE, begun_at=begun_at, reason=going_on.reason)
    else:
        say(arguments, WORKS, free=free // 2**20, reserve=reserve // 2**20)
    say(arguments, OPEN_ALARMS if alarms else NO_ALARMS, count=alarms)
    if not queues:
        say(arguments, NO_QUEUES)
        return DONE
    heads = (N_("partner"), N_("state"), N_("waiting"), N_("oldest"), N_("given up"), N_("problem"))
    rows = [_row(each, arguments.language) for each in queues]
    print(table([translate(head, arguments.language) for head in heads], rows))
    return DONE


def _row(queue: QueueOfPartner, language: str) -> list[str]:
    oldest = queue.oldest_waiting.isoformat(timespec="minutes") if queue.oldest_waiting else "–"
    problem = problem_in_words(queue.problem, language) if queue.problem else "–"
    return [queue.partner, queue.state, str(queue.waiting), oldest, str(queue.dead), problem]


def maintain(arguments: argparse.Namespace) -> int:
    """Begin or end maintenance."""
    by, at = officer_of(arguments), clock.now()
    if arguments.step == "begin":
        until = at + timedelta(minutes=arguments.minutes) if arguments.minutes else None
        maintenance.begin_maintenance(arguments.reason, by=by, at=at, expected_until=until)
    else:
        maintenance.end_maintenance(by=by, at=at)
    if arguments.json:
        print_json({"maintenance": arguments.step == "begin"})
    else:
        say(arguments, BEGUN if arguments.step == "begin" else ENDED)
    return DONE


def try_again(arguments: argparse.Namespace) -> int:
    """Try one message again, or everything for a partner."""
    by, at = officer_of(arguments), clock.now()
    if arguments.partner:
        count = operating.try_partner_again(arguments.partner, by=by, at=at)
        told: dict[str, Any] = {"partner": arguments.partner, "count": count}
    else:
        operating.try_again(arguments.message, by=by, at=at)
        told = {"reference": arguments.message}
    if arguments.json:
        print_json(told)
    else:
        say(arguments, ALL_TRIED if arguments.partner else TRIED, **told)
    return DONE


def list_dead_letters(arguments: argparse.Namespace) -> int:
    """List what was given up."""
    found = dead_letters(partner=arguments.partner)
    if arguments.json:
        print_json({"messages": [_document(asdict(each)) for each in found]})
        return DONE
    if not found:
        say(arguments, NO_DEAD)
        return DONE
    heads = (N_("message"), N_("partner"), N_("kind"), N_("since"), N_("reason"))
    rows = [
        [
            each.reference,
            each.partner,
            each.kind,
            each.recorded_at.date().isoformat(),
            problem_in_words(each.reason, arguments.language),
        ]
        for each in found
    ]
    print(table([translate(head, arguments.language) for head in heads], rows))
    return DONE


def write_folder(arguments: argparse.Namespace) -> int:
    """Write what waits for a partner."""
    files = assembling.files_of(arguments.partner, folder=arguments.folder)
    if files is None:
        raise NotByFilesError(partner=arguments.partner)
    ledger = assembling.outgoing()
    outgoing = ForAStick(ledger) if arguments.folder else ledger
    written = files.write(outgoing, at=clock.now())
    note_written(arguments.partner, written.messages, at=clock.now())
    told: dict[str, Any] = {
        "messages": len(written.messages),
        "statements": written.statements,
        "folder": str(files.folders.out),
    }
    if arguments.json:
        print_json(told)
    else:
        say(arguments, WROTE, **told)
    return DONE


def read_folder(arguments: argparse.Namespace) -> int:
    """Read what a partner wrote."""
    files = assembling.files_of(arguments.partner, folder=arguments.folder)
    if files is None:
        raise NotByFilesError(partner=arguments.partner)
    found = files.read(RECEPTION, assembling.outgoing(), at=clock.now())
    told: dict[str, Any] = {
        "messages": len(found.messages),
        "statements": found.statements,
        "waiting": len(found.waiting),
        "refused": len(found.refused),
        "folder": str(files.folders.into),
    }
    if arguments.json:
        print_json(told)
    else:
        say(arguments, READ, **told)
    return DONE


def _document(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as JSON holds them: instants in UTC."""
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in facts.items()
    }
