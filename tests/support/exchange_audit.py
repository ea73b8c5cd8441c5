# SPDX-License-Identifier: Apache-2.0
"""What the actor does for a randomised run: posts what was drawn, and audits its node's ledger.

Whatever is drawn has its id before it is posted, so that what a crash left in doubt is posted
again. The audit rests on the tables, the storage and the signatures, and on no service that
carried anything.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection

from comity import clock
from comity.accounts import queries as accounts
from comity.agreements.question import Ask
from comity.exchange.arrival import KeyRing
from comity.exchange.draft import Draft, DraftPart
from comity.exchange.hearing import read_statement
from comity.exchange.note import NOTE, TEST, Half, Note, body_of_test
from comity.exchange.partner import KeyUse
from comity.exchange.queries.messages import envelope_document, envelope_in
from comity.exchange.queries.partner_records import partner_record
from comity.exchange.services import keep_part, key_changes, own_keys, post
from comity.exchange.services.announcing import announce_card
from comity.exchange.services.entering import MACHINE
from comity.exchange.services.standby_keys import keep_standbys
from comity.reference.taxonomy import FormOfAssistance, Purpose
from comity.server.training.preparing import AGREEMENT
from comity.storage.services import store

Answer = dict[str, Any]
DIGEST_PIECE = 1024 * 1024


def post_drawn(to: str, drawn: list[dict[str, Any]]) -> Answer:
    """Post what was drawn; each one's id, digest and digests of parts, once it is accepted."""
    return {"accepted": [_posted(to, each) for each in drawn]}


def _posted(to: str, drawn: dict[str, Any]) -> list[Any]:
    at, chance = clock.now(), Random(drawn["seed"])
    if drawn["test"]:
        draft = Draft(TEST, to, body_of_test(Half.QUESTION), identifier=drawn["id"])
        return [drawn["id"], post(draft, by=MACHINE, at=at).require().digest, []]
    question = Ask(
        settings.ENVIRONMENT.administration,
        to,
        (FormOfAssistance.INFO_APPLICATION,),
        (Purpose.ADMIN_ENQUIRY,),
        at.date(),
        under=AGREEMENT,
    )
    parts, digests = _parts(drawn["parts"])
    text = "".join(chance.choices("abcdefghij ", k=drawn["body"]))
    draft = Draft(
        NOTE,
        to,
        Note("A made-up note", text).body(),
        parts,
        question=question,
        in_reply_to=drawn["reply"],
        identifier=drawn["id"],
    )
    return [drawn["id"], post(draft, by=MACHINE, at=at).require().digest, digests]


def _parts(drawn: list[list[int]]) -> tuple[tuple[DraftPart, ...], list[str]]:
    """Each part is a seed and a size: the same draw has the same content."""
    contents = [Random(seed).randbytes(size) for seed, size in drawn]
    kept = tuple(
        keep_part(io.BytesIO(content), f"file-{number}.bin", "application/x-test")
        for number, content in enumerate(contents)
    )
    return kept, [hashlib.sha256(content).hexdigest() for content in contents]


def newest() -> Answer:
    """The last row of the ledger and the last alarm now: an audit begins behind them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT coalesce(max(id), 0) FROM exchange_message),"
            " (SELECT coalesce(max(id), 0) FROM exchange_alarm)"
        )
        row, alarm = cursor.fetchone()
    return {"row": row, "alarm": alarm}


def alarms(since: int) -> Answer:
    """The kinds of alarms that were raised, with the facts of each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, facts FROM exchange_alarm WHERE id > %s ORDER BY id", [since])
        return {"raised": cursor.fetchall()}


def prepare_keys() -> Answer:
    """Have a successor of each signing key on our card, and tell the partners."""
    keep_standbys(at=clock.now())
    return {"told": announce_card(at=clock.now())}


def rotate(uses: list[str]) -> Answer:
    """Let the successors of these keys take over now, where the partners have our card."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM exchange_message WHERE direction = 'out' AND"
            " kind LIKE 'exchange.card/%%' AND state IN ('queued', 'sending')"
        )
        if cursor.fetchone()[0]:
            return {"rotated": False}
    by = accounts.officer_by_reference(min(accounts.active_administrators()))
    at = clock.now()
    key_changes.rotate([KeyUse(use) for use in uses], by=by, at=at, active_from=at)
    return {"rotated": True}


def audit(partner: str, since: int, limit: int) -> Answer:
    """The next rows of the ledger with what is wrong in each, by itself."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [since, limit])
        rows = cursor.fetchall()
        cursor.execute(_ENTRIES, [[row[2] for row in rows]])
        entries = {(subject, act): count for subject, act, count in cursor.fetchall()}
    theirs = KeyRing.of(partner_record(partner).partner.keys, KeyUse.ENVELOPE)
    ours = KeyRing.of([key.card_key for key in own_keys.own_keys()], KeyUse.ENVELOPE)
    found = []
    for row in rows:
        ring = ours if row[1] == "in" else theirs
        found.append(_audited(row, ring, entries))
    return {"rows": found, "last": rows[-1][0] if rows else since}


def _audited(row: tuple[Any, ...], ring: KeyRing, entries: dict[tuple[str, str], int]) -> Answer:
    number, direction, reference, identifier, kind, digest, state, reply, sealed = row
    parts, wrong = _parts_of(number)
    envelope = envelope_in(envelope_document(sealed))
    if envelope.digest != digest or [part.digest for part in envelope.parts] != parts:
        wrong.append("its envelope is another than its row says")
    receipts = _receipts(number)
    for document in receipts:
        wrong += _wrong_in_receipt(document, ring, digest, parts)
    if len(receipts) > 1:
        wrong.append(f"it has {len(receipts)} receipts")
    act = "message-posted" if direction == "out" else "message-received"
    if (times := entries.get((reference, act), 0)) != 1:
        wrong.append(f"the journal says {times} times {act}")
    return {
        "direction": direction,
        "reference": reference,
        "id": identifier,
        "kind": kind,
        "digest": digest,
        "state": state,
        "reply": reply,
        "parts": parts,
        "receipt": hashlib.sha256(receipts[0]).hexdigest() if receipts else "",
        "wrong": wrong,
    }


def _parts_of(number: int) -> tuple[list[str], list[str]]:
    """Digests of the parts; what is wrong with the content that lies in storage."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, digest, size, blob FROM exchange_part WHERE message_id = %s"
            " ORDER BY number",
            [number],
        )
        parts = cursor.fetchall()
    wrong = []
    for part, digest, size, blob in parts:
        if not blob:
            wrong.append(f"part {part} is not there")
        elif _content_of(blob) != (digest, size):
            wrong.append(f"part {part} has another content")
    return [digest for _, digest, _, _ in parts], wrong


_read: dict[str, tuple[str, int]] = {}


def _content_of(blob: str) -> tuple[str, int]:
    """Digest and length of what is read from storage, each blob once."""
    if blob not in _read:
        digest, size = hashlib.sha256(), 0
        with store().open(blob) as content:
            while piece := content.read(DIGEST_PIECE):
                digest.update(piece)
                size += len(piece)
        _read[blob] = digest.hexdigest(), size
    return _read[blob]


def _receipts(number: int) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT document FROM exchange_evidence WHERE message_id = %s AND kind = 'relayed'",
            [number],
        )
        return [bytes(document) for (document,) in cursor.fetchall()]


def _wrong_in_receipt(document: bytes, ring: KeyRing, digest: str, parts: list[str]) -> list[str]:
    statement = read_statement(document)
    if statement is None:
        return ["its receipt cannot be read"]
    signed, evidence = statement
    reason, _ = ring.judged(signed, evidence.at)
    wrong = [f"its receipt does not verify: {reason}"] if reason else []
    if evidence.envelope != digest:
        wrong.append("its receipt is about another envelope")
    if list(evidence.parts) != parts:
        wrong.append("its receipt does not name its parts")
    return wrong


def arriving() -> Answer:
    """Content that is still arriving, or was left over."""
    return {"arriving": store().contents().arriving}


_ROWS = """
    SELECT m.id, m.direction, m.reference, m.identifier::text, m.kind, m.digest, m.state,
        coalesce(m.in_reply_to::text, ''), m.sealed
    FROM exchange_message m WHERE m.id > %s ORDER BY m.id LIMIT %s
"""
_ENTRIES = """
    SELECT subject, act, count(*) FROM journal_entry
    WHERE act IN ('message-posted', 'message-received') AND subject = ANY(%s) GROUP BY 1, 2
"""
ACTS: dict[str, Callable[..., Answer]] = {
    function.__name__: function
    for function in (post_drawn, newest, prepare_keys, rotate, audit, arriving, alarms)
}
