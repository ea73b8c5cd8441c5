# SPDX-License-Identifier: Apache-2.0
"""Certified copies: numbered, refused or let out, sealed, and kept as items of their own."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta

import pytest

from comity.accounts.permissions import PermissionMissingError
from comity.evidence import models
from comity.evidence.certified_copy import (
    CapacityNotSuitableError,
    CertificationWithheldError,
    NothingToCertifyError,
    Official,
)
from comity.evidence.copy_register import (
    Conformance,
    CopyGivenUpError,
    CopyState,
    NotAwaitingFinalError,
    SameOfficialError,
)
from comity.evidence.custody import CustodyAct
from comity.evidence.forum_profiles import Capacity
from comity.evidence.item import Rank
from comity.evidence.queries import certified_copies
from comity.evidence.queries import items as items_queries
from comity.evidence.queries.custody import custody
from comity.evidence.services import certifying, keeping
from comity.evidence.services.custody import NewAct, record_by_hand
from comity.evidence.services.way_out import NotLetOutError
from comity.evidence.typesetting import MissingGlyphError
from comity.handling.marking import Marking
from comity.reference.taxonomy import Purpose, UseRule
from tests.support.evidence import (
    AT,
    CASE_OFFICER,
    CUSTODIAN,
    SECOND_CUSTODIAN,
    a_case,
    an_item,
    an_object,
    supplied,
)
from tests.support.written_pages import a_pdf

pytestmark = pytest.mark.db
LATER = AT + timedelta(days=1)
OFFICIAL = Official("Ελένη Παππά", Capacity.CERTIFYING_OFFICIAL, "Head of Evidence", "Port North")
CONSUL = Official("Н. Консул", Capacity.DIPLOMAT_ACCREDITED_TO_US, "Consul General", "Capital")


def certified(item: str, profile: str = "wco", **more):
    given = {"by": CUSTODIAN, "official": OFFICIAL, "at": LATER} | more
    return certifying.certify_copy(item, profile, given.pop("languages", ("en",)), **given)


def content_of(reference: str) -> bytes:
    with keeping.open_content_inside(reference) as content:
        return content.read()


def test_a_certified_copy_is_numbered_sealed_and_an_item_of_its_own(evidence_home, tmp_path):
    item = an_item(a_pdf(2), media_type="application/pdf")

    copy = certified(item.reference, languages=("en", "ar"))

    assert (copy.number, copy.state, copy.pages) == ("XN-2026-00001", CopyState.ISSUED, 2)
    assert copy.pilot
    assert copy.conformance is Conformance.SET_NOT_VERIFIED
    made = items_queries.item(copy.copy)
    assert (made.rank, made.derived_from) == (Rank.CERTIFIED_COPY, (item.reference,))
    assert made.digest == copy.digest
    last = custody(item.reference).events[-1]
    assert (last.act, last.outcome) == (CustodyAct.CERTIFIED, made.identity)
    assert custody(item.reference).findings == ()
    file = tmp_path / "copy.pdf"
    file.write_bytes(content_of(copy.copy))
    said = _tool("pdfsig", "-nocert", str(file))
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said
    _tool("pdfdetach", "-save", "1", "-o", str(tmp_path / "original.pdf"), str(file))
    assert (tmp_path / "original.pdf").read_bytes() == a_pdf(2)


def test_any_byte_changed_after_the_seal_shows(evidence_home, tmp_path):
    copy = certified(an_item(a_pdf(), media_type="application/pdf").reference)
    document = bytearray(content_of(copy.copy))
    place = document.index(b"stream") + 40
    document[place] ^= 1
    file = tmp_path / "altered.pdf"
    file.write_bytes(document)

    assert "Signature is Valid" not in _tool("pdfsig", "-nocert", str(file))


def test_numbers_have_no_holes_and_one_without_a_document_is_void(evidence_home):
    item = an_item(a_pdf(), media_type="application/pdf")
    nobody_reads = Official("𒀀", Capacity.CERTIFYING_OFFICIAL)

    with pytest.raises(MissingGlyphError, match="Cuneiform"):
        certified(item.reference, official=nobody_reads)
    second = certified(item.reference)

    void, issued = certified_copies.certified_copies_of(item.reference)[::-1]
    assert (void.number, void.state, void.copy) == ("XN-2026-00001", CopyState.VOID, "")
    assert (issued.number, issued.state) == ("XN-2026-00002", CopyState.ISSUED)
    assert certified_copies.certificate_of(second.copy) == second
    assert [row.number for row in certified_copies.register().rows] == [issued.number, void.number]


def test_what_has_no_pages_is_attached_in_full(evidence_home, tmp_path):
    item = an_item(b"\x00\x01sound", media_type="audio/x-unknown")

    copy = certified(item.reference)

    file = tmp_path / "copy.pdf"
    file.write_bytes(content_of(copy.copy))
    assert copy.pages == 0
    assert "original.bin" in _tool("pdfdetach", "-list", str(file))


def test_a_gap_in_custody_withholds_certification_and_takes_no_number(evidence_home):
    item = an_item(a_pdf(), media_type="application/pdf")
    record_by_hand(item.reference, NewAct(CustodyAct.GAP_NOTED), by=CUSTODIAN, at=AT)

    with pytest.raises(CertificationWithheldError):
        certified(item.reference)

    assert not models.CertifiedCopy.objects.exists()


def test_content_that_is_no_longer_what_was_put_there_is_not_certified(evidence_home):
    item = an_item(a_pdf(), media_type="application/pdf")
    [stored] = [
        file for file in evidence_home.rglob(keeping.blob_of(item.reference)) if file.is_file()
    ]
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")

    with pytest.raises(CertificationWithheldError):
        certified(item.reference)


def test_a_thing_has_no_certified_copy(evidence_home):
    with pytest.raises(NothingToCertifyError):
        certified(an_object().reference)


def test_only_who_certifies_evidence_certifies(evidence_home):
    item = an_item()

    with pytest.raises(PermissionMissingError):
        certified(item.reference, by=CASE_OFFICER)


def test_a_copy_needs_the_law_and_the_suppliers_rules_as_any_way_out_does(evidence_home):
    forbidden = Marking(
        use_rules=frozenset({(Purpose.ADMIN_ENQUIRY, UseRule.PROHIBITED)}), personal_data=False
    )
    item = an_item(a_pdf(), case=a_case(), channel=supplied(marking=forbidden))

    with pytest.raises(NotLetOutError):
        certified(item.reference)

    assert not models.CertifiedCopy.objects.exists()
    assert models.Decision.objects.get().way == "certified-copy"


def test_the_forum_says_who_signs(evidence_home):
    item = an_item()

    with pytest.raises(CapacityNotSuitableError, match="custodian"):
        certified(item.reference, "us-business-record")


def test_final_certification_is_another_officers_act(evidence_home, tmp_path):
    item = an_item(a_pdf(), media_type="application/pdf")
    waiting = certified(item.reference, "us-official-record")
    assert (waiting.state, waiting.copy) == (CopyState.AWAITING_FINAL, "")
    assert certified_copies.copies_awaiting_final() == (waiting,)

    with pytest.raises(SameOfficialError):
        certifying.certify_finally(waiting.number, by=CUSTODIAN, official=CONSUL, at=LATER)
    with pytest.raises(CapacityNotSuitableError):
        certifying.certify_finally(waiting.number, by=SECOND_CUSTODIAN, official=OFFICIAL, at=LATER)
    copy = certifying.certify_finally(
        waiting.number, by=SECOND_CUSTODIAN, official=CONSUL, at=LATER
    )

    assert (copy.state, copy.final_by) == (CopyState.ISSUED, SECOND_CUSTODIAN.reference)
    file = tmp_path / "copy.pdf"
    file.write_bytes(content_of(copy.copy))
    said = _tool("pdftotext", str(file), "-")
    assert "Final certification" in said
    assert "Н. Консул" in said
    with pytest.raises(NotAwaitingFinalError):
        certifying.certify_finally(copy.number, by=SECOND_CUSTODIAN, official=CONSUL, at=LATER)


def test_a_number_that_waits_can_be_given_up(evidence_home):
    waiting = certified(an_item(a_pdf()).reference, "us-official-record")

    assert certifying.void_copy(waiting.number, by=CUSTODIAN, at=LATER).state is CopyState.VOID
    with pytest.raises(NotAwaitingFinalError):
        certifying.void_copy(waiting.number, by=CUSTODIAN, at=LATER)


def test_a_number_given_up_while_its_document_is_sealed_stays_void(evidence_home, monkeypatch):
    item = an_item(a_pdf(), media_type="application/pdf")
    sealed = certifying._sealed_document

    def given_up_meanwhile(number, *given, **named):
        document = sealed(number, *given, **named)
        certifying.void_copy(number, by=SECOND_CUSTODIAN, at=LATER)
        return document

    monkeypatch.setattr(certifying, "_sealed_document", given_up_meanwhile)
    with pytest.raises(CopyGivenUpError):
        certified(item.reference)

    [void] = certified_copies.certified_copies_of(item.reference)
    assert (void.state, void.copy) == (CopyState.VOID, "")
    assert custody(item.reference).events[-1].act is not CustodyAct.CERTIFIED


def test_who_signed_stands_nowhere_in_the_open(evidence_home):
    from comity.journal.models import Entry

    item = an_item(a_pdf())
    certified(item.reference)

    [row] = models.CertifiedCopy.objects.all()
    assert row.sealed
    assert b"Head of Evidence" not in bytes(row.sealed)
    written = [str(entry.__dict__) for entry in Entry.objects.all()]
    assert any(row.number in entry for entry in written)
    assert not any("Head of" in entry or "consignments" in entry for entry in written)


def _tool(name: str, *arguments: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
