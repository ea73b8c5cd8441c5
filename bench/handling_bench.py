# SPDX-License-Identifier: Apache-2.0
"""Deciding whether items may be read, with its record and its line in the journal, for each item.

Thousand items that a partner supplied on forty days under forty markings, read fifty at a time as a
page does, then one at a time; the database does not wait for the disk here. Beside it
stands one whole answer of the law, which reading an item would cost if none were kept.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench.measurement import Figure, Measurement
from bench.node import node

ITEMS, PAGE, TURNS, SINGLE, BARE = 1000, 50, 3, 60, 300
SUPPLIER, INSTRUMENT = "ZA", "us-za-2001"
GOAL = "< 1 ms"
GENERATED = f"""
INSERT INTO evidence_casefile (reference, purpose, offences, officers, opened_by, opened_at,
    version)
VALUES ('CASE-1', 'ADMIN_ENQUIRY', '["TOBACCO"]', '[]', 'OFF-00001', now(), 1);
INSERT INTO evidence_item (reference, identity, kind, rank, state, case_file_id, sealed, blob,
    media_type, size, digest, certifiable, content_fault, added_by, added_at, verified_at, version,
    findable)
SELECT 'ITM-' || lpad(n::text, 5, '0'), md5('i' || n)::uuid, 'document', 'original', 'held', 1,
    '\\x00'::bytea, '', 'application/pdf', 1000, '', true, '', 'OFF-00001', now(), now(), 1, true
FROM generate_series(1, {ITEMS}) n;
INSERT INTO evidence_channel (item_id, number, supplier, supplied_on, instrument, form, message,
    marking, sealed)
SELECT id, 1, '{SUPPLIER}', date '2026-01-01' + (id % 40)::int, '{INSTRUMENT}', '', '',
    jsonb_build_object('caveats', CASE WHEN id % 2 = 0 THEN '["CUSTOMS_ONLY"]'::jsonb
        ELSE '[]'::jsonb END, 'handling', '[]'::jsonb, 'use_rules', '{{}}'::jsonb, 'audience', null,
        'classes', '["DECLARATION"]'::jsonb, 'personal_data', id % 3 = 0,
        'judicially_obtained', false, 'return_or_destroy_by', null,
        'restrictions', '[]'::jsonb, 'unsettled', '[]'::jsonb), ''::bytea
FROM evidence_item;
ANALYZE;
"""


def run() -> Measurement:
    """Milliseconds for each item read, in pages and one by one."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder, node(Path(folder)):
        figures = _figures()
    return Measurement(
        "Deciding at the door out",
        f"{ITEMS} items of a partner in one case: `services.way_out.let_out`, with reading the "
        "items, the law's answers, the record of each item and the journal; embedded PostgreSQL. "
        "The first reading is the mean of all, the others the best page and the best item.",
        figures,
    )


def _figures() -> tuple[Figure, ...]:
    from django.conf import settings
    from django.db import connection

    from comity import clock
    from comity.accounts.officer import Officer
    from comity.accounts.permissions import Role
    from comity.evidence.services.way_out import let_out
    from comity.evidence.way_out import WayOut

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, administration="US")
    with connection.cursor() as cursor:
        cursor.execute(GENERATED)
        cursor.execute("SELECT reference FROM evidence_item ORDER BY id")
        references = [row[0] for row in cursor.fetchall()]
    officer = Officer("OFF-00001", "Officer", frozenset({Role.CASE_OFFICER}))

    def read(some: Sequence[str]) -> None:
        let_out(some, WayOut.PAGE, by=officer, at=clock.now())

    read(references[:1])  # the register is read from its files once in a process
    pages = [references[at : at + PAGE] for at in range(0, ITEMS, PAGE)]
    first = _each(lambda: [read(page) for page in pages], ITEMS)
    again = min(_each(lambda p=page: read(p), PAGE) for page in pages * TURNS)  # type: ignore[misc]  # bound to its own page
    single = min(_each(lambda o=one: read([o]), 1) for one in references[:SINGLE])  # type: ignore[misc]  # the same
    beside, bare = "one whole answer of the law, nothing kept", _bare()
    return (
        Figure(
            "an item on a page of fifty, read for the first time", first, "ms", beside, bare, GOAL
        ),
        Figure("an item on a page of fifty, read again", again, "ms", beside, bare, GOAL),
        Figure("an item read alone, with a record of its own", single, "ms", beside, bare),
    )


def _bare() -> float:
    """Milliseconds of one answer to a question that was not put before."""
    from comity import clock
    from comity.agreements.determination import determine
    from comity.agreements.queries import known_law
    from comity.agreements.question import Use
    from comity.reference.taxonomy import Offence, Purpose

    known, today = known_law(), clock.now().date()
    questions = [
        Use(
            "US",
            SUPPLIER,
            Purpose.ADMIN_ENQUIRY,
            today,
            today - timedelta(days=n),
            offences=(Offence.TOBACCO,),
            under=INSTRUMENT,
        )
        for n in range(BARE)
    ]

    def put(question: Use) -> None:
        determine(question, known.register, known.overlay, known.laws)

    return statistics.median(_each(lambda q=each: put(q), 1) for each in questions)  # type: ignore[misc]  # bound to its own question


def _each(work: Callable[[], object], count: int) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000 / count
