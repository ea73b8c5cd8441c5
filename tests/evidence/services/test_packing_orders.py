# SPDX-License-Identifier: Apache-2.0
"""Orders to pack: carried out once, kept for their officer, failed in clear words, gone in time."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from comity.agreements.question import Recipient
from comity.catalogues import N_, Phrase
from comity.errors import PeerError
from comity.evidence import verify
from comity.evidence.item import Channel
from comity.evidence.package import PackageKind
from comity.evidence.packing import Choice, CopiesWanted, NotCertifiedError, PackingStep, Wanted
from comity.evidence.packing_order import (
    KEPT_FOR,
    ItemsGoneError,
    OrderState,
    PackageFileGoneError,
)
from comity.evidence.way_out import IntendedRecipient
from comity.exchange.envelope import Envelope
from comity.handling.marking import NOTHING

pytestmark = pytest.mark.db


@pytest.fixture
def item(northland: None) -> str:
    from comity.evidence.services.stating import certify
    from tests.support.evidence import CUSTODIAN, an_item
    from tests.support.exchange import NOON

    made = an_item(at=NOON, channel=Channel(number=1, supplier="", marking=NOTHING))
    certify([made.reference], by=CUSTODIAN, at=NOON)
    return made.reference


@pytest.fixture
def clerk(item: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The officer whom the job finds by the reference in the order."""
    from comity.evidence.services import packing_orders
    from tests.support.evidence import UNIT_HEAD

    monkeypatch.setattr(packing_orders, "officer_by_reference", lambda _reference: UNIT_HEAD)
    return UNIT_HEAD


def wanted(*items: str, copies: CopiesWanted | None = None) -> Wanted:
    return Wanted(PackageKind.COURT, tuple(map(Choice, items)), "District court", copies=copies)


def test_what_was_ordered_is_packed_once_kept_and_fetched_through_the_door(
    item: str, clerk: Any
) -> None:
    from comity.evidence import models
    from comity.evidence.queries.packing_orders import (
        file_kept_until,
        orders_not_packed,
        packing_order,
    )
    from comity.evidence.services import kept_packages, packing_orders
    from comity.jobs.queries import jobs_of_task
    from tests.support.evidence import CUSTODIAN
    from tests.support.exchange import NOON

    order = packing_orders.order_package(wanted(item), by=clerk, at=NOON)
    assert [job.state for job in jobs_of_task("evidence.pack")] == ["todo"]
    [waiting] = orders_not_packed(by=clerk)
    assert (waiting.reference, waiting.state) == (order, OrderState.WAITING)

    packing_orders.carry_out_as_job(order, at=NOON)
    packing_orders.carry_out_as_job(order, at=NOON)

    done = packing_order(order, by=clerk)
    assert (done.state, done.attempts, models.Package.objects.count()) == (OrderState.PACKED, 1, 1)
    decided = models.Decision.objects.count()
    fetched = kept_packages.fetch_package(done.package, by=clerk, at=NOON)
    content = fetched.content.read()
    assert verify.verify(io.BytesIO(content)).holds
    assert b"index.html" in content
    assert models.Decision.objects.count() == decided + 1
    assert file_kept_until(done.package, by=clerk) == NOON + KEPT_FOR
    row = models.PackingOrder.objects.get()
    stored = kept_packages.keeping.folder() / "content" / row.blob[:2] / row.blob
    assert b"District court" not in stored.read_bytes() + bytes(row.sealed)
    with pytest.raises(PackageFileGoneError):
        kept_packages.fetch_package(done.package, by=CUSTODIAN, at=NOON)

    assert kept_packages.sweep(at=NOON + KEPT_FOR) == 0
    with pytest.raises(PackageFileGoneError):
        kept_packages.fetch_package(done.package, by=clerk, at=NOON + KEPT_FOR + timedelta(days=1))
    assert kept_packages.sweep(at=NOON + KEPT_FOR + timedelta(days=1)) == 1
    row.refresh_from_db()
    assert (row.blob, bytes(row.key), bytes(row.sealed)) == ("", b"", b"")


def test_a_worker_that_was_killed_leaves_nothing_and_the_next_one_packs(
    item: str, clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.evidence import models
    from comity.evidence.queries.packing_orders import packing_order
    from comity.evidence.services import keeping, packing_orders
    from tests.support.exchange import NOON

    class KilledError(BaseException):
        pass

    def killed(*_given: object, **_named: object) -> None:
        raise KilledError

    before = sum(1 for _ in keeping.store_of(keeping.new_key()).names())
    order = packing_orders.order_package(wanted(item), by=clerk, at=NOON)
    with monkeypatch.context() as patch:
        patch.setattr(packing_orders, "keep_package", killed)
        with pytest.raises(KilledError):
            packing_orders.carry_out_as_job(order, at=NOON)
    assert packing_order(order, by=clerk).state is OrderState.PACKING
    assert models.Package.objects.count() == 0
    assert sum(1 for _ in keeping.store_of(keeping.new_key()).names()) == before

    packing_orders.carry_out_as_job(order, at=NOON)

    done = packing_order(order, by=clerk)
    assert (done.state, done.attempts) == (OrderState.PACKED, 2)


def test_an_order_that_keeps_killing_its_worker_fails_in_clear_words(item: str, clerk: Any) -> None:
    from comity.evidence import models
    from comity.evidence.queries.packing_orders import packing_order
    from comity.evidence.services import packing_orders
    from tests.support.exchange import NOON

    order = packing_orders.order_package(wanted(item), by=clerk, at=NOON)
    models.PackingOrder.objects.update(state=OrderState.PACKING, attempts=3)

    packing_orders.carry_out_as_job(order, at=NOON)

    failed = packing_order(order, by=clerk)
    assert (failed.state, failed.failure) == (OrderState.FAILED, "packing-stopped")
    assert failed.message.format(**failed.fields).endswith("ended 3 times while it packed.")
    assert bytes(models.PackingOrder.objects.get().sealed) == b""
    models.PackingOrder.objects.update(state=OrderState.PACKING)
    assert packing_orders.give_up(at=NOON + timedelta(hours=23)) == 0
    assert packing_orders.give_up(at=NOON + timedelta(hours=25)) == 1
    assert packing_order(order, by=clerk).state is OrderState.FAILED


def test_an_attempt_that_was_overtaken_changes_nothing(item: str, clerk: Any) -> None:
    from comity.evidence import models
    from comity.evidence.services import packing_orders
    from tests.support.exchange import NOON

    order = packing_orders.order_package(wanted(item), by=clerk, at=NOON)
    begun = packing_orders._begun(order, at=NOON)
    assert begun is not None
    again = packing_orders._begun(order, at=NOON)
    assert again is not None

    with pytest.raises(packing_orders._SupersededError):
        packing_orders._packed(begun, at=NOON)

    assert models.Package.objects.count() == 0


def test_what_cannot_be_packed_says_why_and_is_not_tried_again(northland: None, clerk: Any) -> None:
    from comity.evidence.queries.packing_orders import packing_order
    from comity.evidence.services import packing_orders
    from tests.support.evidence import an_item
    from tests.support.exchange import NOON

    bare = an_item(at=NOON).reference
    with pytest.raises(NotCertifiedError):
        packing_orders.pack_now(wanted(bare), by=clerk, at=NOON)
    order = packing_orders.order_package(wanted(bare), by=clerk, at=NOON)

    packing_orders.carry_out_as_job(order, at=NOON)

    failed = packing_order(order, by=clerk)
    assert (failed.state, failed.failure) == (OrderState.FAILED, "item-not-certified")
    assert failed.fields == {"item": bare}


def test_copies_are_made_for_the_forum_packed_beside_their_items_and_made_once(
    item: str, clerk: Any
) -> None:
    from comity.evidence import models
    from comity.evidence.certified_copy import Official
    from comity.evidence.forum_profiles import Capacity
    from comity.evidence.services import packing
    from comity.evidence.services.packed_copies import CopyMissingError
    from tests.support.evidence import CUSTODIAN
    from tests.support.exchange import NOON

    for_wco = CopiesWanted("wco", ("en", "fr"))
    with pytest.raises(CopyMissingError):
        packing.pack(wanted(item, copies=for_wco), io.BytesIO(), by=CUSTODIAN, at=NOON)
    signed = CopiesWanted("wco", ("en", "fr"), Official("N. Keeper", Capacity.CUSTODIAN))
    steps: list[PackingStep] = []
    for copies in (signed, for_wco, CopiesWanted()):
        sink = io.BytesIO()
        packing.pack(
            wanted(item, copies=copies), sink, by=CUSTODIAN, at=NOON,
            told=lambda step, _done, _total: steps.append(step),
        )  # fmt: skip
        container = verify.Container(sink)
        assert container.read("items/0001/copy.pdf").startswith(b"%PDF")
        assert b'href="items/0001/copy.pdf"' in container.read("index.html")
    assert models.CertifiedCopy.objects.count() == 1
    copy = models.CertifiedCopy.objects.get().copy
    assert {row.copy for row in models.PackagedItem.objects.all()} == {copy}
    assert steps.count(PackingStep.COPYING) == 1


def test_a_kept_file_goes_with_an_item_that_is_destroyed(item: str, clerk: Any) -> None:
    from comity.evidence import models
    from comity.evidence.item import ItemState
    from comity.evidence.services import kept_packages, packing_orders
    from comity.evidence.services.releasing import remove_package_files
    from tests.support.exchange import NOON

    packed = packing_orders.pack_now(wanted(item), by=clerk, at=NOON)
    assert remove_package_files([item]) == ()
    models.Item.objects.filter(reference=item).update(state=ItemState.DESTROYED)

    assert remove_package_files([item]) == (packed.reference,)

    with pytest.raises(PackageFileGoneError):
        kept_packages.fetch_package(packed.reference, by=clerk, at=NOON)


def test_a_witness_is_asked_for_and_waited_for_within_the_time_given(
    item: str, southland: Any
) -> None:
    from comity.evidence.queries.packages import statements_on
    from comity.evidence.services.waiting_for_witness import wait_for_witness, witnessed
    from tests.support.evidence_partners import sent_to
    from tests.support.exchange import NOON

    statements, pauses = statements_on([item]), []
    assert not wait_for_witness(statements, 3, at=NOON, pause=pauses.append)
    assert (pauses, witnessed(statements)) == ([1.0] * 3, False)

    done = wait_for_witness(
        statements,
        3,
        at=NOON,
        pause=lambda _: _cosigned(sent_to("XS", "exchange.test/1")),
    )

    assert (done, witnessed(statements)) == (True, True)
    assert wait_for_witness(statements, 3, at=NOON, pause=pauses.append)
    assert len(pauses) == 3


def _cosigned(asked: Envelope) -> None:
    """The partner's answer has come: it cosigned the checkpoint that went with the question."""
    from comity.exchange import models
    from comity.sealing.checkpoint import read_checkpoint
    from tests.support.exchange import NOON

    assert asked.log is not None
    checkpoint = read_checkpoint(asked.log.checkpoint)
    models.Cosignature.objects.create(
        partner=models.Partner.objects.get(code="XS"),
        size=checkpoint.size,
        root=checkpoint.root,
        note=asked.log.checkpoint,
        at=NOON,
    )


@pytest.mark.parametrize(
    ("kind", "entered"),
    [
        (Recipient.COURT, ("court", "")),
        (Recipient.DEFENCE, ("defence", "")),
        (Recipient.OTHER_AUTHORITY, ("other-authority", "Coast guard")),
    ],
)
def test_the_register_says_to_whom_a_bundle_was_given(
    kind: Recipient, entered: tuple[str, str]
) -> None:
    from comity.evidence.services.packed_items import given_to

    assert given_to(IntendedRecipient("Coast guard", kind)) == entered


def test_what_was_done_with_an_item_meanwhile_comes_first_and_the_bundle_is_recorded(
    item: str, clerk: Any
) -> None:
    from comity.evidence.custody import CustodyAct
    from comity.evidence.queries.custody import custody
    from comity.evidence.queries.registers import disclosures
    from comity.evidence.services import packing
    from comity.evidence.services.custody import NewAct, record_by_hand
    from tests.support.evidence import CUSTODIAN
    from tests.support.exchange import NOON

    later = NOON + timedelta(minutes=5)
    for_defence = replace(wanted(item), recipient=IntendedRecipient("", Recipient.DEFENCE))
    made = packing.make_package(for_defence, io.BytesIO(), by=clerk, at=NOON)
    record_by_hand(item, NewAct(CustodyAct.STORED), by=CUSTODIAN, at=later)

    packing.keep_package(made, by=clerk, at=NOON)

    *_, before, last = custody(item).events
    assert (before.act, last.act, last.at) == (CustodyAct.STORED, CustodyAct.COPIED, later)
    assert [one.to for one in disclosures(item=item)] == ["defence"]


def test_an_item_or_copy_destroyed_meanwhile_stops_bundle_and_reply_before_anything_is_recorded(
    item: str, clerk: Any
) -> None:
    from comity.evidence import models
    from comity.evidence.item import ItemState
    from comity.evidence.services import packing, releasing
    from comity.exchange.draft import DraftPart
    from comity.reference.taxonomy import Purpose
    from tests.support.exchange import NOON

    made = packing.make_package(wanted(item), io.BytesIO(), by=clerk, at=NOON)
    models.Item.objects.filter(reference=item).update(state=ItemState.DESTROYED)

    wish = releasing.Wish((Choice(item),), "XS", Purpose.CRIMINAL_EVIDENCE)
    part = DraftPart("", "", "")
    with pytest.raises(ItemsGoneError):
        packing.keep_package(made, by=clerk, at=NOON)
    with pytest.raises(ItemsGoneError):
        releasing._posted(wish, made, part, None, by=clerk, at=NOON)

    assert models.Package.objects.count() == 0


class _ElsewhereError(PeerError):
    code = "elsewhere"
    message = N_("It did not answer: {obstacle}.")


def test_only_an_order_that_has_a_job_waits_for_another_attempt(
    item: str, clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.evidence.queries.packing_orders import orders_not_packed
    from comity.evidence.services import packing_orders
    from tests.support.exchange import NOON

    def failing(*_given: object, **_named: object) -> None:
        raise _ElsewhereError(obstacle=Phrase("{count} times", count=3))

    monkeypatch.setattr(packing_orders, "make_package", failing)
    with pytest.raises(_ElsewhereError):
        packing_orders.pack_now(wanted(item), by=clerk, at=NOON)
    queued = packing_orders.order_package(wanted(item), by=clerk, at=NOON)
    with pytest.raises(_ElsewhereError):
        packing_orders.carry_out(queued, at=NOON)

    waiting, alone = orders_not_packed(by=clerk)
    assert (alone.state, waiting.state) == (OrderState.FAILED, OrderState.WAITING)
    failed = alone.fields["obstacle"]
    assert isinstance(failed, Phrase)
    assert (failed, failed.template) == ("3 times", "{count} times")


def test_what_fails_after_an_order_was_recorded_undoes_nothing(
    item: str, clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.evidence.queries.packing_orders import orders_not_packed
    from comity.evidence.services import kept_packages, packing_orders
    from tests.support.exchange import NOON

    recorded, packages = packing_orders._recorded, []

    def failing(*given: Any, **named: Any) -> None:
        packages.append(recorded(*given, **named).reference)
        raise RuntimeError

    monkeypatch.setattr(packing_orders, "_recorded", failing)
    with pytest.raises(RuntimeError):
        packing_orders.pack_now(wanted(item), by=clerk, at=NOON)

    assert orders_not_packed(by=clerk) == ()
    fetched = kept_packages.fetch_package(packages[0], by=clerk, at=NOON)
    assert verify.verify(io.BytesIO(fetched.content.read())).holds


def test_a_package_goes_with_the_certified_copy_that_went_beside_its_original(item: str) -> None:
    from comity.evidence import models
    from comity.evidence.item import ItemState
    from comity.evidence.services.destroying import forget_what_is_erased
    from comity.storage.services import store
    from tests.support.evidence import an_item
    from tests.support.exchange import NOON

    original = models.Item.objects.get(reference=item)
    copy = models.Item.objects.get(reference=an_item(at=NOON).reference)
    columns = {"kind": "reply", "direction": "out", "size": 4, "at": NOON}
    for beside, reference in ((copy, "PKG-90001"), (None, "PKG-90002")):
        blob = store().put(io.BytesIO(b"file")).name
        package = models.Package.objects.create(reference=reference, blob=blob, **columns)
        models.PackagedItem.objects.create(
            package=package, item=original, copy=beside, number=1, disclosure="whole"
        )
    models.Item.objects.filter(pk=copy.pk).update(state=ItemState.DESTROYED)

    assert forget_what_is_erased() == 1
    kept = models.Package.objects.exclude(blob="")
    assert list(kept.values_list("reference", flat=True)) == ["PKG-90002"]
