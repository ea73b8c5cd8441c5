# SPDX-License-Identifier: Apache-2.0
"""What the node does with evidence at night."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from comity.accounts.permissions import Role
from tests.support.evidence import AT, CUSTODIAN, an_item, an_object
from tests.support.officers import registered

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("evidence_home")]


def test_a_slice_takes_the_items_that_waited_longest() -> None:
    from comity.evidence.queries.custody import verified_at
    from comity.evidence.services import integrity

    items = [an_item(bytes([number]) * 100) for number in range(4)]

    first = integrity.verify_slice(at=AT, most_items=3)
    second = integrity.verify_slice(at=AT, most_items=1)

    assert (first.items, first.bytes, second.items) == (3, 300, 1)
    assert first.holds
    assert all(verified_at(item.reference) == AT for item in items)
    assert integrity.verify_slice(at=AT, most_bytes=250).items == 2
    assert integrity.verify_all(at=AT).items == 4


def test_the_tasks_verify_warn_and_sweep(
    evidence_home: Path, stop_time: Callable[..., datetime]
) -> None:
    from comity.evidence import tasks
    from comity.evidence.queries import alarms
    from comity.evidence.queries.custody import verified_at
    from comity.evidence.services import handing_over, keeping

    made, seal = an_item(), an_object()
    taker = registered(Role.EVIDENCE_CUSTODIAN, own_password=False, second_factor=False)
    handing_over.propose(seal.reference, officer=taker.reference, by=CUSTODIAN, at=AT)
    orphan = keeping.store_of(keeping.new_key()).put(io.BytesIO(b"nobody knows of me"))
    path = keeping.folder() / "content" / orphan.name[:2] / orphan.name
    long_ago = AT.timestamp()
    for file in (keeping.folder() / "content").rglob("*"):
        os.utime(file, (long_ago, long_ago))
    now = stop_time(2026, 3, 20)

    tasks.verify_items()
    tasks.watch_hand_overs()
    tasks.sweep()

    assert verified_at(made.reference) == now
    assert [alarm.item for alarm in alarms.open_alarms()] == [seal.reference]
    assert not path.exists()
    with keeping.open_content_inside(made.reference) as content:
        assert content.read()


def test_a_file_that_was_just_put_is_not_swept() -> None:
    from comity.evidence.services import integrity, keeping

    orphan = keeping.store_of(keeping.new_key()).put(io.BytesIO(b"a row is about to name me"))

    integrity.sweep(at=AT)

    assert (keeping.folder() / "content" / orphan.name[:2] / orphan.name).exists()


def test_a_sweep_that_fails_keeps_no_other_from_being_done(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from comity.evidence import tasks

    done: list[str] = []

    def fail(**_: object) -> None:
        raise OSError("what stands in the file")

    monkeypatch.setattr(tasks.integrity, "sweep", fail)
    for place, name in (
        (tasks.kept_packages, "sweep"),
        (tasks.packing_orders, "give_up"),
        (tasks.finding, "index_items"),
        (tasks.keeping, "rewrite_keys"),
    ):
        monkeypatch.setattr(place, name, lambda name=name, **_: done.append(name))

    with pytest.raises(OSError, match="what stands"):
        tasks.sweep()

    assert done == ["sweep", "give_up", "index_items", "rewrite_keys"]
    assert [each.levelname for each in caplog.records] == ["ERROR"]
    assert "what stands" not in caplog.text
