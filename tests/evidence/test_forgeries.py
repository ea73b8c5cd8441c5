# SPDX-License-Identifier: Apache-2.0
"""What a packer whose own seal is trusted could add in another administration's name: refused.

Northland packs what Southland certified; each test is one forgery, sealed by Northland anew.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from comity.evidence import verify
from comity.evidence.custody import (
    CustodyAct,
    CustodyEvent,
    CustodyWords,
    chained,
    event_document,
    words_digest,
)
from comity.evidence.rendition import pages_as_pdf
from comity.handling.redaction import RedactionReason
from comity.sealing.canonical_json import canonical
from comity.sealing.keys import SigningKey
from comity.sealing.pdf_seals import seal_pdf
from comity.sealing.seal_certificates import CertificateUse, SealKey, issue_pilot_certificate
from comity.sealing.xml_seals import SealChain, seal_xml
from tests.evidence.test_verify import files_of, resealed
from tests.support.evidence_packages import (
    AT,
    Sealer,
    a_package,
    made_item,
    page_image,
    trust_files,
)

HIDDEN = RedactionReason.THIRD_PERSON
MEBIBYTE = 1 << 20
CUSTODY = "items/0001/custody.json"
Files = dict[str, bytes]


@dataclass
class Rig:
    """The administrations, and what the reader trusts: each one's root for its own seals."""

    south: Sealer
    north: Sealer
    east: Sealer

    @cached_property
    def anchors(self) -> str:
        named = {"XS": self.south, "XN": self.north, "XE": self.east}
        return "".join(
            f"# {code}: {each.root.fingerprint}\n{each.root.pem.decode()}"
            for code, each in named.items()
        )

    @cached_property
    def _bare(self) -> Files:
        return self.carried(others=False)

    @cached_property
    def _whole(self) -> Files:
        return self.carried()

    def bare(self) -> Files:
        """Northland's package of one statement of Southland, and nothing beside it."""
        return dict(self._bare)

    def whole(self) -> Files:
        """The same with law, receipts and the journal."""
        return dict(self._whole)

    def carried(self, **more: Any) -> Files:
        """A package by Southland as Northland carries it on."""
        files = files_of(a_package(sealer=self.south, **more).write())
        edit(files, "package.json", lambda package: package.update({"from": "XN"}))
        return {**files, **trust_files(XS=self.south, XN=self.north)}

    def report(self, files: Files) -> verify.Report:
        content = resealed(files, self.north)
        return verify.verify(io.BytesIO(content), verify.read_anchors(self.anchors))

    def failed(self, files: Files) -> set[int]:
        return {e.step for e in self.report(files).findings if e.state == verify.FAILS}


@pytest.fixture(scope="module")
def rig() -> Rig:
    return Rig(Sealer("Southland"), Sealer("Northland"), Sealer("Eastland"))


def edit(files: Files, name: str, change: Callable[[Any], object]) -> None:
    document = json.loads(files[name])
    change(document)
    files[name] = canonical(document)


def invented(real: Any, count: int) -> list[dict[str, Any]]:
    """A record of custody in Southland's name that fits together and that it never made."""
    last, events = None, []
    words, salt = CustodyWords(place="Another quay", reason="never happened"), b"x" * 16
    for _ in range(count):
        event = CustodyEvent(
            item=real["item"], number=0, act=CustodyAct.STORED, at=AT, by="OFF-00009",
            role="case-officer", authority="XS", digest_before=real["digest_before"],
            digest_after=real["digest_after"], words_digest=words_digest(words, salt),
        )  # fmt: skip
        last = chained(event, last)
        events.append(event_document(last, words, salt))
    return events


def chain_of(rig: Rig) -> Any:
    return json.loads(rig.bare()[CUSTODY])["chains"][0]


def with_chains(files: Files, *chains: Any) -> Files:
    return {**files, CUSTODY: canonical({"format": "comity-custody/1", "chains": list(chains)})}


def test_what_the_forgeries_begin_with_holds(rig: Rig) -> None:
    assert verify.exit_code(rig.report(rig.whole())) == 0
    assert rig.failed(rig.bare()) == set()


def test_a_statement_of_another_in_a_folder_of_five_digits_fails(rig: Rig) -> None:
    key = SealKey.make()
    own, issuing, root = rig.north.chain.certificates
    named = issue_pilot_certificate(
        CertificateUse.SEAL, key.public_pem, holder="Southland Customs", issuer=issuing,
        issuer_key=rig.north.issuing_key, at=AT,
    )  # fmt: skip
    chain = SealChain((named, issuing, root), rig.north.chain.revocations)
    files = rig.bare()
    head = hashlib.sha256(files["statements/0001/head.json"]).digest()
    files["statements/0001/signature.xml"] = seal_xml(
        {"head.json": head}, key=key, chain=chain, at=AT, stamp=rig.north.stamp
    )
    moved = {n.replace("statements/0001", "statements/10001"): c for n, c in files.items()}
    edit(moved, "package.json", lambda package: package["statements"][0].update(folder="10001"))

    assert own != named
    assert rig.failed(files) == {5}
    assert 6 in rig.failed(moved)


def test_a_second_record_of_custody_in_front_of_the_true_one_fails(rig: Rig) -> None:
    real = chain_of(rig)
    other = {**real, "events": invented(real["events"][0], len(real["events"]))}

    assert rig.failed(with_chains(rig.bare(), other, real)) >= {8}


def test_events_after_the_certified_ones_fail(rig: Rig) -> None:
    real = chain_of(rig)
    more, last = dict(real["events"][0]), real["events"][-1]
    more |= {"number": len(real["events"]) + 1, "previous": last["digest"], "act": "returned"}
    rest = {name: value for name, value in more.items() if name not in ("digest", "words")}
    digest = hashlib.sha256(canonical({"format": "comity-custody/1", **rest})).hexdigest()
    longer = {"events": [*real["events"], {**more, "digest": digest}], "certified": {"0001": 4}}

    assert 8 in rig.failed(with_chains(rig.bare(), {**real, **longer}))


def test_custody_certified_by_a_statement_on_another_item_fails(rig: Rig) -> None:
    files, real = rig.bare(), chain_of(rig)
    made = a_package(items=(made_item(7),), withheld={}, sealer=rig.south, others=False)
    for name, content in files_of(made.write()).items():
        if name.startswith("statements/0001/"):
            files[name.replace("0001", "0002")] = content
    listed = {"folder": "0002", "reference": "STM-00001", "issuer": "XS"}
    edit(files, "package.json", lambda package: package["statements"].append(listed))
    other = {"by": "XS", "certified": {"0002": 3}, "events": invented(real["events"][0], 3)}

    assert 9 in rig.failed(with_chains(files, other, real))


def test_custody_invented_for_what_was_withheld_fails(rig: Rig) -> None:
    real = chain_of(rig)
    hidden = {0: {f"custody/{number:05}": HIDDEN for number in (1, 2, 3)}}
    other = {**real, "events": invented(real["events"][0], 3)}

    assert 8 in rig.failed(with_chains(rig.carried(others=False, withheld=hidden), other))


def test_a_part_beside_the_whole_file_fails(rig: Rig) -> None:
    files = rig.bare() | {"items/0001/chunks/00001.bin": b"a forged part"}

    assert rig.failed(files) == {8}


@pytest.mark.parametrize("content", [b"a" * MEBIBYTE + b"b", b""], ids=["cut", "empty"])
def test_a_file_of_which_parts_are_withheld_cannot_be_shown_as_whole(
    rig: Rig, content: bytes
) -> None:
    item = made_item(1, content=content or b"invoice\n", pages=0)
    last = "chunks/00002" if content else "chunks/00001"
    files = rig.carried(others=False, items=(item,), withheld={0: {last: HIDDEN}})
    files["items/0001/content.bin"] = content[:MEBIBYTE]

    assert rig.failed(files) == {8}


@pytest.mark.parametrize("name", ["pages/00001", "custody/00001"])
def test_a_field_named_as_a_part_fails(rig: Rig, name: str) -> None:
    files = rig.bare()
    fields = {name: "I confess"}
    edit(files, "items/0001/item.json", lambda d: d["statements"]["0001"]["fields"].update(fields))

    assert 8 in rig.failed(files)


def test_a_statement_named_twice_on_an_item_fails(rig: Rig) -> None:
    files = rig.bare()
    edit(files, "package.json", lambda p: p["items"][0].update(statements=["0001", "0001"]))

    assert rig.failed(files) == {8}


def test_an_instrument_without_a_text_governs_nothing(rig: Rig) -> None:
    files = rig.whole()

    def invent(assessment: Any) -> None:
        one = {**assessment["instruments"][0], "reference": "INVENTED", "version": "0" * 64}
        assessment["instruments"].insert(0, one)
        for item in assessment["items"].values():
            item["governing"] = "INVENTED"

    edit(files, "law/assessment.json", invent)

    assert 13 in rig.failed(files)


def test_a_list_that_nobody_signed_tells_nothing_of_revocation(rig: Rig) -> None:
    lists = [base64.b64decode(e.pem.split(b"-----")[2]) for e in rig.south.chain.revocations]
    unlisted, files = copy(rig.south), rig.bare()
    unlisted.chain = SealChain(unlisted.chain.certificates, ())
    head = hashlib.sha256(files["statements/0001/head.json"]).digest()
    files["statements/0001/signature.xml"] = unlisted.seal({"head.json": head})
    files["trust/revocations.pem"] = b"".join(
        b"-----BEGIN X509 CRL-----\n%b-----END X509 CRL-----\n"
        % base64.encodebytes(der[:-8] + b"\1" * 8)
        for der in lists
    )

    said = [each.said() for each in rig.report(files).findings if "statements" in each.about]
    assert sum("no list here says" in each for each in said) >= 2


def test_a_copy_sealed_by_a_third_administration_fails(rig: Rig) -> None:
    sealed = seal_pdf(
        pages_as_pdf([page_image(9)]), key=rig.east.key, chain=rig.east.chain, at=AT,
        stamp=rig.east.stamp,
    )  # fmt: skip

    assert 5 in rig.failed({**rig.bare(), "items/0001/copy.pdf": sealed})


def test_a_checkpoint_beside_the_proofs_is_said_to_prove_nothing(rig: Rig) -> None:
    files = rig.bare() | {"journal/checkpoint.txt": b"southland\n9\nAAAA\n\nanything\n"}

    said = [e for e in rig.report(files).findings if e.about == "journal/checkpoint.txt"]
    assert [(each.step, each.state) for each in said] == [(6, verify.OPEN)]


def test_the_same_seal_again_makes_nothing_longer_to_search(rig: Rig) -> None:
    files = rig.bare()
    for number in ("0002", "0003"):
        for name in ("head.json", "leaves.json", "signature.xml"):
            files[f"statements/{number}/{name}"] = files[f"statements/0001/{name}"]
        listed = {"folder": number, "reference": "STM-00001", "issuer": "XS"}
        edit(files, "package.json", lambda p, one=listed: p["statements"].append(one))
    pools = []
    for each in (rig.bare(), files):
        procedure = verify.Procedure(verify.read_anchors(rig.anchors), None)
        assert procedure.run(io.BytesIO(resealed(each, rig.north))).holds
        pools.append((len(procedure.trust.pool), len(procedure.trust.lists)))

    assert pools[0] == pools[1]


def test_a_fingerprint_in_capitals_names_an_anchors_owner_too(rig: Rig) -> None:
    root = rig.south.root
    text = f"# XS: {root.fingerprint.upper()}\n{root.pem.decode()}"

    assert verify.read_anchors(text).owners == {root.fingerprint: {"XS"}}


def test_a_key_of_thousands_of_digits_is_not_reckoned_with() -> None:
    """A signature of 1 stays 1 under any key, so what is 0 was refused."""
    usual, long = 1 << 2047 | 1, 1 << 8 * 1025 - 1 | 1

    assert verify._opened(usual, 65537, (1).to_bytes(256, "big")) == 1
    assert verify._opened(long, 65537, (1).to_bytes(1025, "big")) == 0
    assert verify._opened(usual, 1 << 300 | 1, (1).to_bytes(256, "big")) == 0


def test_an_object_identifier_is_read_as_far_as_real_ones_go() -> None:
    endless = bytes([0x06, 0x81, 200]) + b"\x81" * 199 + b"\x01"

    with pytest.raises((verify.Broken, *verify.ODD_FORMS)):
        assert len(verify.read_der(endless).oid) < 99


def test_no_element_of_a_seal_is_sought_across_the_beginning_of_another() -> None:
    assert verify._held("a", "<a>AAAA</a>") == [bytes(3)]
    assert verify._held("a", "<a <a <b>AAAA</a>") == []


def a_note(instants: list[int]) -> tuple[str, list[tuple[str, bytes]]]:
    """A checkpoint that its witness cosigned at these instants."""
    key = SigningKey.from_seed(b"\2" * 32)
    text = f"southland\n8\n{base64.b64encode(bytes(32)).decode()}\n"
    lines = []
    for instant in instants:
        signed = key.sign(f"cosignature/v1\ntime {instant}\n{text}".encode())
        kept = verify._key_id("northland", b"\4", key.public.raw) + instant.to_bytes(8, "big")
        lines.append(f"— northland {base64.b64encode(kept + signed).decode()}\n")
    return f"{text}\n{''.join(lines)}", [("northland", key.public.raw)]


def test_a_cosignature_of_no_instant_is_a_finding() -> None:
    with pytest.raises((verify.Broken, *verify.ODD_FORMS)):
        verify.verify_note(*a_note([1 << 62]))


def test_a_checkpoint_of_more_than_a_hundred_lines_is_refused() -> None:
    note, keys = a_note([1])
    text, _, line = note.partition("\n\n")

    assert verify.verify_note(f"{text}\n\n{line * 99}", keys).cosigned
    with pytest.raises((verify.Broken, *verify.ODD_FORMS)):
        verify.verify_note(f"{text}\n\n{line * 150}", keys)


def test_anchors_with_members_too_few_end_in_two(tmp_path: Path) -> None:
    odd = tmp_path / "odd.pem"
    odd.write_text("-----BEGIN CERTIFICATE-----\nMAYwADAAAwA=\n-----END CERTIFICATE-----\n")

    assert verify.main([str(odd), "--anchors", str(odd)]) == 2


def test_words_that_a_terminal_cannot_write_do_not_end_the_report(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, path = rig.bare(), tmp_path / "package.asice"
    edit(files, "package.json", lambda package: package.update({"case": "Дело 7"}))
    path.write_bytes(resealed(files, rig.north))
    for words in ([], ["--json"]):
        narrow = io.TextIOWrapper(io.BytesIO(), "ascii")
        monkeypatch.setattr(sys, "stdout", narrow)
        assert verify.main([str(path), *words]) == 3
