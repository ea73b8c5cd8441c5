# SPDX-License-Identifier: Apache-2.0
"""Taking in a partner's package: verified first, then whole or not at all."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from comity.evidence.services.custody import CustodyOutOfOrderError
from comity.evidence.services.taking_in import _passes
from comity.exchange.evidence import EvidenceKind
from comity.storage.blob_store import DiskFullError
from tests.support.exchange import NOON, later

pytestmark = pytest.mark.db


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_package_that_verifies_is_taken_in_with_identity_channel_and_marking(
    southland: Any,
) -> None:
    from comity.evidence import models
    from comity.evidence.queries.custody import custody, hand_overs, hand_overs_waiting
    from comity.evidence.queries.items import item_of_identity
    from comity.evidence.services.handing_over import confirm
    from comity.evidence.services.stated import stated_inside
    from tests.support.evidence_packages import MARKING, a_package, delivered, made_item
    from tests.support.evidence_partners import CUSTODIAN, hand_over

    offer = {"says": "offer", "item": made_item(3).identity, "on": "2026-03-01",
             "hand_over": "HOV-00044", "term": "for-good"}  # fmt: skip
    hand_over(southland, "evidence.hand-over/1", offer)  # the thing comes before its record
    confirm(hand_overs_waiting()[0].reference, by=CUSTODIAN, at=NOON)
    made = a_package()
    answer = delivered(southland, made.write(), at=NOON)

    assert answer.kind is EvidenceKind.RELAYED, answer.reason
    first, second, thing = (item_of_identity(made_item(n).identity) for n in (1, 2, 3))
    assert first is not None
    assert second is not None
    assert thing is not None
    assert first.channels[0].supplier == "XS"
    assert first.channels[0].marking.covers(MARKING)
    assert first.media_type == "text/plain"
    assert second.media_type == "application/pdf"
    assert thing.is_object
    assert [each.item for each in hand_overs(thing.reference)] == [thing.reference]
    last = custody(thing.reference).events[-1]
    assert (last.act, last.by) == ("received", CUSTODIAN.reference)
    [stated] = stated_inside(first.reference)
    assert stated.head == made.package.statements[0].head
    assert stated.signature == made.package.statements[0].signature
    assert models.Package.objects.get().direction == "in"


def knows_the_journal_of_the_package(node: Any) -> None:
    """The partner's card lists the key that signs the journal of `evidence_packages`."""
    from comity.exchange import models
    from comity.exchange.partner import KeyUse
    from comity.sealing.checkpoint import NoteKey
    from comity.sealing.keys import SigningKey

    key = NoteKey("southland", SigningKey.from_seed(bytes([2]) * 32).public)
    models.PartnerKey.objects.create(
        partner=models.Partner.objects.get(code=node.code),
        use=KeyUse.JOURNAL,
        key_id=key.key_id.hex(),
        public=key.text,
        valid_from=NOON,
        valid_until=later(hours=1),
        known_since=NOON,
    )


def test_what_came_goes_on_with_its_suppliers_own_seal(
    southland: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from comity import cli
    from comity.evidence import verify
    from comity.evidence.package import PackageKind
    from comity.evidence.packing import Choice, Wanted
    from comity.evidence.queries.items import item_of_identity
    from comity.evidence.services import renewing
    from comity.evidence.services.items import put_in_case
    from comity.evidence.services.packing import pack
    from comity.evidence.services.stating import certify
    from tests.support.evidence import CUSTODIAN, a_case
    from tests.support.evidence_packages import a_package, delivered, made_item

    knows_the_journal_of_the_package(southland)
    made = a_package()
    delivered(southland, made.write(), at=NOON)
    items = [item_of_identity(made_item(n).identity) for n in (1, 2, 3)]
    references = [each.reference for each in items if each is not None]
    for reference in references:
        put_in_case(reference, a_case(officers=(CUSTODIAN,)), by=CUSTODIAN, at=later(hours=1))
    certify(references, by=CUSTODIAN, at=later(hours=1))
    sink = io.BytesIO()
    wanted = Wanted(PackageKind.COURT, tuple(map(Choice, references)), "Court")
    pack(wanted, sink, by=CUSTODIAN, at=later(hours=2))

    report, container = verify.verify(sink), verify.Container(sink)
    assert report.holds, report.as_text()
    assert container.read("statements/0001/head.json") == made.package.statements[0].head
    proved = [each for each in report.findings if each.step == 8 and each.state == verify.HOLDS]
    assert len(proved) == 6  # each item by its supplier's statement, and by ours
    assert container.read("items/0002/pages/00001.png")
    acts = {each.facts["act"] for each in report.findings if each.step == 11}
    assert acts == {"statement-kept", "statement-certified"}
    theirs = files_of(made.content)["journal/0001.json"]
    carried = [n for n in container.files if n.startswith("journal/0")]
    assert theirs in [container.read(name) for name in carried]
    assert len(carried) == 3
    law = [each for each in report.findings if each.step == 13]
    assert [each.about for each in law if "assessed" in each.said()] == [
        f"items/{number:04}" for number in (1, 2, 3)
    ]

    late = NOON.replace(year=NOON.year + 12)
    for years in range(2, 13, 2):
        renewing.renew(at=NOON.replace(year=NOON.year + years), within=timedelta(days=3 * 365))
    path = tmp_path / "package.asice"
    path.write_bytes(sink.getvalue())
    day = ["--at", late.date().isoformat(), "--json"]
    assert cli.main(["verify", str(path), *day]) == 3
    assert "a renewal made before is missing" in capsys.readouterr().out
    written = ["evidence", "seal", "stamps", "--renewals-of", str(path), "--to", str(tmp_path)]
    assert cli.main(written) == 0
    capsys.readouterr()
    renewals = sorted(map(str, tmp_path.glob("renewal-*.json")))
    assert cli.main(["verify", str(path), *day, "--renewals", *renewals]) == 3
    said = capsys.readouterr().out
    assert "ended on" not in said
    assert "each in time: proved until" in said


def test_the_same_item_once_more_is_a_further_channel(southland: Any) -> None:
    from comity.evidence.queries.items import item_of_identity
    from tests.support.evidence_packages import Sealer, a_package, delivered, made_item

    sealer = Sealer("Southland")
    for hour in (0, 1):
        made = a_package(items=(made_item(1),), withheld={}, sealer=sealer)
        assert delivered(southland, made.write(), at=later(hours=hour)).kind is EvidenceKind.RELAYED

    item = item_of_identity(made_item(1).identity)
    assert item is not None
    assert [channel.number for channel in item.channels] == [1, 2]


def test_a_package_that_was_altered_is_refused_with_an_evidence_and_leaves_nothing(
    southland: Any,
) -> None:
    from comity.evidence import models
    from tests.support.evidence_packages import a_package, delivered

    content = bytearray(a_package().write())
    content[content.index(b"invoice\n")] ^= 1
    answer = delivered(southland, bytes(content), at=NOON)

    assert answer.kind is EvidenceKind.REFUSED
    assert answer.reason is not None
    assert answer.reason.facts == {"error": "package-refused"}
    assert not models.Item.objects.exists()
    assert not models.SealedStatement.objects.exists()


def resealed_in_the_name_of(issuer: str, signer: Any, packer: Any) -> bytes:
    """Southland's package with the statement in another's name, sealed by whoever signs."""
    import hashlib
    import json

    from comity.evidence.package import write_container
    from comity.sealing.canonical_json import canonical
    from tests.support.evidence_packages import a_package

    made = files_of(a_package(sealer=packer, others=False).write())
    files = {n: held for n, held in made.items() if n.startswith(("i", "s", "p"))}
    for name in [n for n in files if n.endswith("custody.json")]:
        said = json.loads(files[name])
        said["chains"][0]["by"] = issuer
        files[name] = canonical(said)
    head = json.loads(files["statements/0001/head.json"])
    files["statements/0001/head.json"] = canonical({**head, "issuer": issuer})
    digest = hashlib.sha256(files["statements/0001/head.json"]).digest()
    files["statements/0001/signature.xml"] = signer.seal({"head.json": digest})
    sink = io.BytesIO()
    write_container(files, sink, packer.seal)
    return sink.getvalue()


@pytest.mark.parametrize("issuer", ["XE", "XN"])
def test_a_partner_cannot_make_a_statement_in_the_name_of_another_or_of_ourselves(
    southland: Any, issuer: str
) -> None:
    """The package verifies as a file; what fails is whose root the statement's seal leads to."""
    from comity.evidence import models, verify
    from comity.evidence.alarm import AlarmKind
    from comity.evidence.pages.alarms import row
    from comity.evidence.queries.alarms import open_alarms
    from comity.evidence.queries.seals import roots
    from comity.evidence.seal import RootState
    from tests.support.evidence_packages import Sealer, delivered

    liar = Sealer("Eastland")
    content = resealed_in_the_name_of(issuer, liar, Sealer("Southland"))
    assert verify.verify(io.BytesIO(content)).holds

    answers = [delivered(southland, content, at=later(hours=hour)) for hour in (0, 1)]

    assert [each.kind for each in answers] == [EvidenceKind.REFUSED] * 2
    assert answers[0].reason is not None
    assert answers[0].reason.facts == {"error": "package-seal-unproved"}
    assert not models.Item.objects.exists()
    assert not models.SealedStatement.objects.exists()
    [alarm] = open_alarms()
    assert (alarm.kind, alarm.repeated) == (AlarmKind.SEAL_UNPROVED, 1)
    assert alarm.facts == {
        "issuer": issuer,
        "fingerprint": liar.root.fingerprint,
        "partner": "XS",
    }
    assert f"{issuer}, under the root {liar.root.fingerprint}; from XS" in row(alarm)["because"]
    waiting = [(each.administration, each.state) for each in roots()]
    assert waiting == ([("XE", RootState.LEARNED)] if issuer == "XE" else [])


def test_a_root_that_no_library_reads_is_refused_with_an_alarm_all_the_same(
    southland: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.evidence.alarm import AlarmKind
    from comity.evidence.queries.alarms import open_alarms
    from comity.evidence.queries.seals import roots
    from comity.evidence.services import taking_in
    from tests.support.evidence_packages import Sealer, delivered

    def unreadable(content: bytes) -> None:
        raise RuntimeError("an extension twice")

    content = resealed_in_the_name_of("XE", Sealer("Eastland"), Sealer("Southland"))
    monkeypatch.setattr(taking_in, "read_der_seal_certificate", unreadable)

    assert delivered(southland, content, at=NOON).kind is EvidenceKind.REFUSED

    assert [alarm.kind for alarm in open_alarms()] == [AlarmKind.SEAL_UNPROVED]
    assert roots() == ()


def test_once_a_person_compared_the_root_the_package_that_passes_an_item_on_is_taken_in(
    southland: Any,
) -> None:
    from comity.evidence import models
    from comity.evidence.services import seal_trust
    from tests.evidence.services.test_seals import OPERATOR
    from tests.support.evidence_packages import Sealer, delivered

    eastland, packer = Sealer("Eastland"), Sealer("Southland")
    content = resealed_in_the_name_of("XE", eastland, packer)
    assert delivered(southland, content, at=NOON).kind is EvidenceKind.REFUSED

    seal_trust.trust_root("XE", eastland.root.fingerprint, by=OPERATOR, at=NOON)
    answer = delivered(southland, content, at=later(hours=1))

    assert answer.kind is EvidenceKind.RELAYED, answer.reason
    assert models.SealedStatement.objects.get().issuer == "XE"


def test_a_partners_new_root_waits_for_a_person_and_its_packages_with_it(southland: Any) -> None:
    from comity.evidence import models
    from comity.evidence.queries.seals import roots
    from comity.evidence.seal import RootState
    from tests.support.evidence_packages import Sealer, a_package, delivered, made_item

    first = a_package(items=(made_item(1),), sealer=Sealer("Southland"), withheld={})
    other = a_package(items=(made_item(2),), sealer=Sealer("Southland"), withheld={})

    assert delivered(southland, first.write(), at=NOON).kind is EvidenceKind.RELAYED
    assert delivered(southland, other.write(), at=later(hours=1)).kind is EvidenceKind.REFUSED
    assert [each.state for each in roots()] == [RootState.TRUSTED, RootState.LEARNED]
    assert models.Item.objects.count() == 1


def test_a_full_disk_here_and_a_clock_ahead_there_refuse_nothing_for_good() -> None:
    ahead, behind = (later(hours=hours).isoformat(timespec="seconds") for hours in (1, -1))
    out_of_order = {"reference": "ITM-00001", "obstacle": ""}

    assert _passes(DiskFullError(needed=2, free=1), NOON)
    assert _passes(CustodyOutOfOrderError(at=ahead, **out_of_order), NOON)
    assert not _passes(CustodyOutOfOrderError(at=behind, **out_of_order), NOON)
    assert not _passes(ValueError(), NOON)
