# SPDX-License-Identifier: Apache-2.0
"""After an erasure neither the database nor a folder of the node can give back what was erased.

The whole database is read as text, and every file that is left is opened as the node could open
it. What still lies there sealed counts as left wherever its key is left too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from comity.agreements.question import Proceeding
from comity.evidence.certified_copy import Official
from comity.evidence.custody import CustodyAct, CustodyWords
from comity.evidence.forum_profiles import Capacity
from comity.evidence.item import Acquisition, Channel, Description
from comity.evidence.lifetime import HoldGround
from comity.evidence.packing import Choice
from comity.handling.marking import NOTHING
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose
from comity.sealing import short_secrets
from tests.support.evidence import CUSTODIAN, an_item
from tests.support.evidence_partners import LEGAL_ADVISER, PROSECUTOR, PROTECTOR, UNIT_HEAD
from tests.support.exchange import NOON
from tests.support.written_pages import a_pdf

pytestmark = [pytest.mark.db, pytest.mark.django_db]
MARKER = "Zyxwa Qvorbel"
"""The person, whose name nothing else in the node contains."""


@dataclass
class Sealings:
    """Every secret sealed by AES-GCM, with the key from which its own was derived."""

    masters: dict[bytes, bytes] = field(default_factory=dict)
    made: list[tuple[bytes, bytes, bytes]] = field(default_factory=list)
    """The master key, the plain content, the sealed content."""

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        derive, cipher, seen = short_secrets.derived_key, short_secrets.AESGCM, self

        def derived_key(key: bytes, purpose: str) -> bytes:
            made = derive(key, purpose)
            seen.masters[made] = key
            return made

        class Watched:
            def __init__(self, key: bytes) -> None:
                self.key, self.cipher = key, cipher(key)

            def encrypt(self, nonce: bytes, plain: bytes, more: bytes | None) -> bytes:
                sealed = self.cipher.encrypt(nonce, plain, more)
                seen.made.append((seen.masters[self.key], plain, sealed))
                return sealed

            def decrypt(self, nonce: bytes, sealed: bytes, more: bytes | None) -> bytes:
                return self.cipher.decrypt(nonce, sealed, more)

        monkeypatch.setattr(short_secrets, "derived_key", derived_key)
        monkeypatch.setattr(short_secrets, "AESGCM", Watched)


def database() -> str:
    """Every row of every table, as the database writes it."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def left(sealings: Sealings, dump: str, folder: Path, *keys: bytes) -> Iterator[str]:
    """Where the person's name can still be read, or a key that opens it."""
    from comity.storage.services import storage_key, store

    wanted = {MARKER.encode(), *keys}
    files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    files |= {name: store().open(name).read() for name in store().names()}
    for each in wanted:
        if each.hex() in dump or each.decode("latin-1") in dump:
            yield "a table holds it openly"
        yield from (name for name, content in files.items() if each in content)
    for master, plain, sealed in sealings.made:
        if master == storage_key() and any(each in plain for each in wanted):
            text = plain.decode("latin-1")
            if sealed.hex() in dump or text in dump:
                yield f"sealed under the node's key: {text[:200]}"


@pytest.fixture
def sealings(northland: None, monkeypatch: pytest.MonkeyPatch) -> Sealings:
    made = Sealings()
    made.watch(monkeypatch)
    return made


def test_nothing_of_a_person_can_be_read_once_the_erasure_is_carried_out(
    sealings: Sealings,
    southland: Any,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    from comity.evidence import models
    from comity.evidence.queries.keys import item_key
    from comity.evidence.services import destroying, erasing
    from comity.storage.services import storage_key

    with django_capture_on_commit_callbacks(execute=True):
        item = kept_of_a_person(southland)
    person = erasing.add_subject(MARKER, [item], by=CUSTODIAN, at=NOON)
    keys = [item_key(reference) for reference in models.Item.objects.values_list(
        "reference", flat=True)]  # fmt: skip
    [own] = [plain for master, plain, _ in sealings.made if master == storage_key()
             and sealings_of(sealings, plain, MARKER)]  # fmt: skip
    assert list(left(sealings, database(), tmp_path, *keys, own)), "the test sees what is there"

    drafted = erasing.draft_erasure(person.reference, by=PROTECTOR, at=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        destroying.approve(drafted.reference, by=UNIT_HEAD, at=NOON)

    assert models.Item.objects.exclude(state="destroyed").count() == 0
    assert list(left(sealings, database(), tmp_path, *keys, own)) == []


def sealings_of(sealings: Sealings, key: bytes, text: str) -> bool:
    """Whether exactly this text was sealed under this key."""
    return any(master == key and plain == text.encode() for master, plain, _ in sealings.made)


def kept_of_a_person(southland: Any) -> str:
    """An item about the person, with all that is made and said of one."""
    from comity.evidence.services import certifying, holding, items, previewing, redacting
    from comity.evidence.services.custody import NewAct, record_by_hand
    from comity.evidence.services.disclosing import record_assurance
    from comity.evidence.services.releasing import Wish, release
    from comity.evidence.services.stating import certify
    from comity.evidence.services.using import record_use

    by = {"by": CUSTODIAN, "at": NOON}
    description = Description(
        MARKER, f"About {MARKER}", acquisition=Acquisition(how=f"Seized from {MARKER}"),
        file_name=f"{MARKER}.pdf",
    )  # fmt: skip
    item = an_item(
        a_pdf(1, MARKER),
        description=description,
        media_type="application/pdf",
        channel=Channel(1, "", NOTHING),
        at=NOON,
    ).reference
    previewing.preview(item)
    items.claim(item, "title", f"Not {MARKER}", **by)
    record_by_hand(item, NewAct(CustodyAct.SEALED, CustodyWords(place=f"{MARKER}'s room")), **by)
    official = Official(MARKER, Capacity.CERTIFYING_OFFICIAL, "Head", "Port North")
    certifying.certify_copy(item, "wco", ("en",), official=official, **by)
    certify([item], **by)
    redacting.redact(item, {"description/file-name": "source"}, **by)
    held = holding.place_hold(
        HoldGround.PROCEEDING, f"Trial of {MARKER}", item=item, by=LEGAL_ADVISER, at=NOON
    )
    holding.lift_hold(held.reference, by=LEGAL_ADVISER, at=NOON)
    record_use(item, Purpose.ADMIN_ENQUIRY, Proceeding.NONE, MARKER, by=PROSECUTOR, at=NOON)
    record_assurance("XS", ours=False, by=UNIT_HEAD, at=NOON)
    wish = Wish(
        (Choice(item),), "XS", Purpose.ADMIN_ENQUIRY, FormOfAssistance.INFO_OFFENCE,
        (Offence.TOBACCO,),
    )  # fmt: skip
    release(wish, by=UNIT_HEAD, at=NOON)
    return item
