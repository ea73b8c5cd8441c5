# SPDX-License-Identifier: Apache-2.0
"""Adding an item of 1 GiB: content under its own key, rows, custody and journal, beside the limit.

The limit is the same bytes sealed by the library in one call a segment, digested, written and
synced, with nothing else around it. Each act is a process of its own, so that its memory is its
own; turns alternate and the best of each counts, because the disk is shared. Then look-ups among
100,000 items, as the lists of pages ask for them.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.measurement import Figure, Measurement
from bench.node import node
from bench.repetition import most_memory
from bench.storage_bench import SEGMENTS, Content, limit

TURNS = 3
ITEMS = 100_000
ROUNDS = 5
GENERATED = f"""
INSERT INTO evidence_casefile (reference, purpose, offences, officers, opened_by, opened_at,
    version)
SELECT 'CASE-' || n, 'ADMIN_ENQUIRY', '[]', '[]', 'OFF-00001', now(), 1
FROM generate_series(1, 2000) n;
INSERT INTO evidence_item (reference, identity, kind, rank, state, case_file_id, sealed, blob,
    media_type, size, digest, certifiable, content_fault, added_by, added_at, verified_at, version,
    findable)
SELECT 'ITM-' || lpad(n::text, 6, '0'), md5('i' || n)::uuid,
    CASE WHEN n % 1000 = 3 THEN 'cash' WHEN n % 10 = 0 THEN 'image' ELSE 'document' END,
    CASE WHEN n % 4 = 0 THEN 'plain-copy' ELSE 'original' END,
    CASE WHEN n % 5000 = 1 THEN 'destroyed' ELSE 'held' END,
    1 + n % 2000, '\\x00'::bytea, '', 'application/pdf', 1000,
    encode(sha256(('c' || n)::bytea), 'hex'), n % 10000 <> 7, '', 'OFF-00001', now(), now(), 1,
    true
FROM generate_series(1, {ITEMS}) n;
INSERT INTO evidence_channel (item_id, number, supplier, instrument, form, message, marking, sealed)
SELECT id, 1, CASE WHEN id % 3 = 0 THEN 'XS' WHEN id % 4000 = 1 THEN 'XE' ELSE '' END, '', '', '',
    '{{"caveats": [], "handling": [], "use_rules": {{}}, "audience": null, "classes": [],
    "personal_data": null, "judicially_obtained": null, "return_or_destroy_by": null,
    "restrictions": [], "unsettled": []}}', '\\x00'::bytea
FROM evidence_item;
"""
WORDS = """
INSERT INTO evidence_itemword (item_id, digest)
SELECT id, %(common)s FROM evidence_item
UNION ALL SELECT id, %(rare)s FROM evidence_item WHERE id %% 2000 = 5;
ANALYZE;
"""
"""Every title has a word in common, fifty have a rare one."""


def run() -> Measurement:
    """Measure the rate, the memory and the look-ups."""
    seconds: dict[str, list[float]] = {"limit": [], "add": []}
    memory = 0.0
    for _ in range(TURNS):
        for act in seconds:
            found = _measured(act)
            seconds[act].append(found["seconds"])
            memory = max(memory, found["mebibytes"]) if act == "add" else memory
    best = {act: min(taken) for act, taken in seconds.items()}
    said = "AES-256-GCM, SHA-256, write and fsync, one after the other"
    figures = [
        Figure("an item of 1 GiB added, durable", best["add"], "s", said, best["limit"], "≤ 2 ×"),
        Figure("memory of the process that adds it", memory, "MiB", goal="< 150 MiB"),
    ]
    for what, taken in _measured("look-up").items():
        figures.append(Figure(f"a page of fifty: {what}", taken, "ms"))
    return Measurement(
        "Items of evidence",
        f"{SEGMENTS} MiB through `services.items.add` with an embedded database, the best of "
        f"{TURNS} turns; then pages of {ITEMS:,} items, the median of {ROUNDS}.",
        tuple(figures),
    )


def _measured(act: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.evidence_ingest_bench", act]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def add() -> dict[str, float]:
    """Let a process add one item that has done nothing else: no table was made in it."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder, node(Path(folder)):
        return _measured("add here")


def add_here() -> dict[str, float]:
    """Add one item to the node that the environment names."""
    import django

    django.setup()
    from comity import clock
    from comity.evidence.item import Description, ItemKind, Rank
    from comity.evidence.new_item import NewItem
    from comity.evidence.services import items
    from comity.evidence.services.rows import EVIDENCE

    new = NewItem(ItemKind.RECORDING, Rank.ORIGINAL, Description("A recording"))
    begun = time.perf_counter()
    items.add(new, Content(), by=EVIDENCE, at=clock.now())
    return {"seconds": time.perf_counter() - begun, "mebibytes": most_memory()}


def without_rows() -> dict[str, float]:
    """What any such store must do, and nothing more."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        return {"seconds": limit(Path(folder)), "mebibytes": most_memory()}


def look_up() -> dict[str, float]:
    """Milliseconds for a page of items, each way that the lists offer."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder, node(Path(folder)):
        from django.db import connection

        from comity.evidence.item import ItemKind, ItemState
        from comity.evidence.queries.items import ItemSearch, items
        from comity.evidence.queries.words import digests_of

        common, rare = digests_of(("consignment", "meerschaum"))
        with connection.cursor() as cursor:
            cursor.execute(GENERATED)
            cursor.execute(WORDS, {"common": common, "rare": rare})
        searches = {
            "the newest": ItemSearch(),
            "of a case": ItemSearch(case="CASE-77"),
            "of a rare kind": ItemSearch(kind=ItemKind.CASH),
            "in a rare state": ItemSearch(state=ItemState.DESTROYED),
            "of the main supplier": ItemSearch(supplier="XS"),
            "of a rare supplier": ItemSearch(supplier="XE"),
            "whose certification is withheld": ItemSearch(withheld=True),
            "with a rare word in the title": ItemSearch(words=(rare,)),
            "with a word that every title has": ItemSearch(words=(common,)),
            "with both words": ItemSearch(words=(common, rare)),
        }
        return {what: _median(lambda s=search: items(s)) for what, search in searches.items()}  # type: ignore[misc]  # bound to its own search


def _median(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


ACTS: dict[str, Callable[[], dict[str, float]]] = {
    "limit": without_rows,
    "add": add,
    "add here": add_here,
    "look-up": look_up,
}

if __name__ == "__main__":
    print(json.dumps(ACTS[sys.argv[1]]()))
