# SPDX-License-Identifier: Apache-2.0
"""Pages of items are drawn once, kept under the item's key, and gone with it."""

from __future__ import annotations

import pytest

from comity.evidence.intake import FindingCode
from comity.evidence.item import Description, Item
from tests.evidence.hostile.pdfs import HOSTILE, a_pdf
from tests.support.evidence import AT, an_item

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("evidence_home")]


def a_document(content: bytes) -> Item:
    return an_item(content, description=Description("Invoice", file_name="invoice.pdf"))


def test_an_item_is_of_the_type_that_its_content_has() -> None:
    from comity.evidence.queries.intake import examination, examined_at

    item = a_document(HOSTILE["javascript"])
    found = examination(item.reference)

    assert item.media_type == "application/pdf"
    assert found is not None
    assert {FindingCode.SCRIPT, FindingCode.ACTS_WHEN_OPENED} <= {f.code for f in found.findings}
    assert examined_at(item.reference) == AT


def test_pages_are_drawn_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.evidence.services import previewing

    item = a_document(a_pdf(2))
    first = list(previewing.page_images(item.reference))
    monkeypatch.setattr(previewing, "draw", None)

    assert len(first) == 2
    assert list(previewing.page_images(item.reference)) == first


def test_a_preview_says_how_many_pages_there_are_and_is_kept() -> None:
    from comity.evidence import models
    from comity.evidence.services.previewing import preview

    item = a_document(a_pdf(3))

    assert preview(item.reference, 2).png.startswith(b"\x89PNG")
    assert preview(item.reference, 2).pages == 3
    assert models.PageImage.objects.count() == 1


def test_a_file_that_cannot_be_drawn_is_tried_once() -> None:
    from comity.evidence import models
    from comity.evidence.previewing import Obstacle
    from comity.evidence.services.previewing import preview

    item = a_document(HOSTILE["only-a-head"])

    assert preview(item.reference).obstacle is Obstacle.MALFORMED
    assert preview(item.reference).obstacle is Obstacle.MALFORMED
    assert models.PageImage.objects.get().obstacle == "malformed"


def test_a_text_is_shown_with_its_hidden_marks() -> None:
    from comity.evidence.services.previewing import preview

    shown = preview(an_item("<b>total\u202e 100</b>".encode()).reference)

    assert shown.text == "<b>total⟨U+202E⟩ 100</b>"
    assert not shown.cut_off


def test_erasing_an_item_erases_its_pictures(django_capture_on_commit_callbacks: object) -> None:
    from comity.evidence.queries.keys import ItemErasedError
    from comity.evidence.services import keeping, previewing

    item = a_document(a_pdf())
    (page,) = previewing.page_images(item.reference)
    files = sum(1 for path in keeping.folder().rglob("*") if path.is_file())
    with django_capture_on_commit_callbacks(execute=True):
        keeping.destroy_key(item.reference)

    with pytest.raises(ItemErasedError):
        list(previewing.page_images(item.reference))
    assert page
    assert sum(1 for path in keeping.folder().rglob("*") if path.is_file()) == files - 2
