# SPDX-License-Identifier: Apache-2.0
"""A process beside a node's database that does what a test or a measurement says, by the line.

    python -m tests.support.exchange_actor        with the node's variables

Each line of standard input is a JSON object with `act` and its arguments; each answer is one
line of JSON. It posts as people and pages do; it has no part in carrying anything.
"""

from __future__ import annotations

import base64
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.server.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django is set up first
from django.db import connection  # noqa: E402

from comity import clock  # noqa: E402
from comity.accounts import queries as accounts  # noqa: E402
from comity.accounts.officer import Officer  # noqa: E402
from comity.agreements.question import Ask  # noqa: E402
from comity.exchange.draft import Draft  # noqa: E402
from comity.exchange.note import Note  # noqa: E402
from comity.exchange.partner import Binding  # noqa: E402
from comity.exchange.queries import outbox, partner_records  # noqa: E402
from comity.exchange.services import (  # noqa: E402
    bring_to_the_desk,
    cards,
    keep_part,
    maintenance,
    operating,
    partners,
    post,
    timing,
)
from comity.exchange.services.entering import MACHINE  # noqa: E402
from comity.journal import queries as journal  # noqa: E402
from comity.journal import services as journal_services  # noqa: E402
from comity.reference.taxonomy import FormOfAssistance, Purpose  # noqa: E402
from comity.server.training.preparing import AGREEMENT, prepare  # noqa: E402
from tests.support import exchange_audit  # noqa: E402

Answer = dict[str, Any]
NOTE = "exchange.note/1"


def administrator() -> Officer:
    """The node's first administrator, who may operate the exchange."""
    return accounts.officer_by_reference(min(accounts.active_administrators()))


def make_ready() -> Answer:
    """Officers and the made-up agreement; our card, to be handed to the other node."""
    prepare(settings.ENVIRONMENT.home, at=clock.now())
    signed = cards.own_card(at=clock.now())
    return {
        "card": base64.b64encode(signed.document).decode(),
        "fingerprint": signed.fingerprint,
    }


def accept(card: str, fingerprint: str) -> Answer:
    """Take the other node's card in, and confirm its fingerprint."""
    by, at = administrator(), clock.now()
    record = partners.propose(base64.b64decode(card), by=by, at=at)
    partners.confirm(record.partner.code, fingerprint, by=by, at=at)
    return {"partner": record.partner.code}


def send(
    to: str,
    count: int = 1,
    body: int = 200,
    parts: list[int] | None = None,
    rate: float = 0,
    seed: int = 0,
) -> Answer:
    """Post messages; `rate` a second where given, else as fast as it goes."""
    chance, own = Random(seed or None), settings.ENVIRONMENT.administration
    text = "".join(chance.choices("abcdefghij ", k=body))
    begun, sent, late = time.monotonic(), [], 0.0
    for number in range(count):
        if rate:
            due = begun + number / rate
            late = max(late, time.monotonic() - due)
            time.sleep(max(0.0, due - time.monotonic()))
        at = clock.now()
        kept = tuple(
            keep_part(io.BytesIO(chance.randbytes(size)), f"file-{size}.bin", "application/x-test")
            for size in parts or ()
        )
        question = Ask(
            own,
            to,
            (FormOfAssistance.INFO_APPLICATION,),
            (Purpose.ADMIN_ENQUIRY,),
            at.date(),
            under=AGREEMENT,
        )
        note = Note(f"A made-up note, number {number}", text)
        draft = Draft(NOTE, to, note.body(), kept, question=question)
        posted = post(draft, by=MACHINE, at=at).require()
        sent.append([posted.identifier, posted.reference, at.timestamp()])
    return {"sent": sent, "seconds": time.monotonic() - begun, "late": late}


def send_large(to: str, size: int, seed: int = 0) -> Answer:
    """Post a message with one large part; when it was begun, kept and posted."""
    chance = Random(seed or None)
    begun = clock.now()
    kept = keep_part(Repeated(chance.randbytes(65537), size), "large.bin", "application/x-test")
    stored, at = clock.now(), clock.now()
    question = Ask(
        settings.ENVIRONMENT.administration,
        to,
        (FormOfAssistance.INFO_APPLICATION,),
        (Purpose.ADMIN_ENQUIRY,),
        at.date(),
        under=AGREEMENT,
    )
    draft = Draft(NOTE, to, Note("A made-up note with a file", "").body(), (kept,), question)
    posted = post(draft, by=MACHINE, at=at).require()
    return {
        "id": posted.identifier,
        "begun": begun.timestamp(),
        "kept": stored.timestamp(),
        "posted": clock.now().timestamp(),
    }


class Repeated:
    """Much content in little memory: the same bytes again and again, beginning elsewhere."""

    def __init__(self, some: bytes, size: int) -> None:
        self.some, self.left, self.at = memoryview(some * 17), size, 0
        self.length = len(some)

    def readinto(self, into: memoryview) -> int:
        """The next bytes."""
        size = min(len(into), self.left, len(self.some) - self.at)
        into[:size] = self.some[self.at : self.at + size]
        self.left, self.at = self.left - size, (self.at + size) % self.length
        return size

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        into = memoryview(bytearray(min(size, self.left)))
        return bytes(into[: self.readinto(into)])


def ledger(direction: str, since: int = 0) -> Answer:
    """Every message of one direction: id, digest, state, and its receipt's digest."""
    statement = """
        SELECT m.identifier::text, m.kind, m.digest, m.state, m.problem, m.attempts,
            (SELECT e.digest FROM exchange_evidence e
             WHERE e.message_id = m.id AND e.kind = 'relayed'),
            (SELECT count(*) FROM exchange_part p WHERE p.message_id = m.id AND p.blob <> ''),
            extract(epoch FROM m.recorded_at), extract(epoch FROM m.settled_at)
        FROM exchange_message m WHERE m.direction = %s AND m.id > %s ORDER BY m.id
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [direction, since])
        rows = cursor.fetchall()
    names = (
        "id",
        "kind",
        "digest",
        "state",
        "problem",
        "attempts",
        "receipt",
        "parts",
        "at",
        "settled",
    )
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for row in found:
        row["at"] = float(row["at"])
        row["settled"] = float(row["settled"]) if row["settled"] is not None else None
    return {"messages": found}


def waiting() -> Answer:
    """How many messages of ours are not settled, by state, and what stands in the way."""
    statement = "SELECT state, count(*) FROM exchange_message WHERE direction='out' GROUP BY 1"
    with connection.cursor() as cursor:
        cursor.execute(statement)
        states = dict(cursor.fetchall())
    problems = {each.partner: each.problem for each in outbox.queue_health()}
    told = sum(each.to_tell for each in outbox.queue_health())
    return {"states": states, "problems": problems, "to_tell": told}


def deliver() -> Answer:
    """Bring what was received to the desk, which makes an evidence to be told."""
    return {"count": bring_to_the_desk(at=clock.now())}


def begin_maintenance(minutes: int = 0) -> Answer:
    """Let the exchange stand still."""
    at = clock.now()
    until = at + timedelta(minutes=minutes) if minutes else None
    by = administrator()
    maintenance.begin_maintenance("a made-up reason", by=by, at=at, expected_until=until)
    return {}


def end_maintenance() -> Answer:
    """Let it work again."""
    maintenance.end_maintenance(by=administrator(), at=clock.now())
    return {}


def suspend(partner: str) -> Answer:
    """Hold a partner off."""
    partners.suspend(partner, "a made-up reason", by=administrator(), at=clock.now())
    return {}


def resume(partner: str) -> Answer:
    """Exchange messages with it again."""
    partners.resume(partner, by=administrator(), at=clock.now())
    return {}


def try_again(partner: str) -> Answer:
    """Everything for a partner, now."""
    return {"count": operating.try_partner_again(partner, by=administrator(), at=clock.now())}


def set_ceilings(partner: str, **changes: int) -> Answer:
    """Other ceilings for a partner."""
    partners.set_ceilings(partner, by=administrator(), at=clock.now(), **changes)
    return {}


def partner(code: str) -> Answer:
    """How the node sees a partner."""
    record = partner_records.partner_record(code)
    return {"state": record.partner.state, "problem": record.problem, "failures": record.failures}


def go_by(partner: str, way: str, folder: str = "") -> Answer:
    """Another way to a partner; its files lie in the folder."""
    by, at = administrator(), clock.now()
    partners.choose_binding(partner, Binding(way), by=by, at=at)
    if folder:
        partners.change_settings(partner, by=by, at=at, folder=folder)
    return {}


def time_out(hours: int) -> Answer:
    """Make the evidences that are due so many hours from now."""
    return {"count": timing.make_due(at=clock.now() + timedelta(hours=hours))}


def verify_journal() -> Answer:
    """Whether the journal's chain and every checkpoint hold."""
    from django.db import transaction

    with transaction.atomic():
        journal_services.checkpoint(at=clock.now())
    report = journal.verify_all(journal.trusted_keys())
    return {"holds": report.holds, "entries": report.entries}


def acts() -> Answer:
    """How often each act stands in the journal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT act, count(*) FROM journal_entry GROUP BY 1")
        return {"acts": dict(cursor.fetchall())}


ACTS: dict[str, Callable[..., Answer]] = {
    function.__name__: function
    for function in (
        make_ready,
        accept,
        send,
        send_large,
        ledger,
        waiting,
        deliver,
        begin_maintenance,
        end_maintenance,
        suspend,
        resume,
        try_again,
        set_ceilings,
        partner,
        go_by,
        time_out,
        verify_journal,
        acts,
    )
} | exchange_audit.ACTS


@contextmanager
def _only_answers() -> Iterator[Any]:
    """Standard output for the answers alone; whatever else is printed goes to the errors."""
    answers, sys.stdout = sys.stdout, sys.stderr
    yield answers


def main() -> None:
    """Answer every line until there are no more."""
    with _only_answers() as out:
        for line in sys.stdin:
            asked = json.loads(line)
            try:
                answer = ACTS[asked.pop("act")](**asked)
            except Exception as error:  # the outermost edge: the one who asked is told
                answer = {"failed": f"{type(error).__name__}: {error}"}
                connection.close()  # the database may have been killed
            print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
