# SPDX-License-Identifier: Apache-2.0
"""The one file that verifies: every class of byte counts, and it needs nothing but Python."""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from comity.evidence import verify
from comity.evidence.package import Package, write_container
from comity.handling.redaction import RedactionReason
from tests.support.evidence_packages import (
    AT,
    Sealer,
    a_package,
    made_item,
    other_files,
    renewed,
    trust_files,
)

SOURCE = Path(verify.__file__)


@cache
def whole() -> tuple[bytes, Sealer]:
    """One package with every class of file."""
    made = a_package()
    return made.write(), made.sealer


def report_on(content: bytes, **more: Any) -> verify.Report:
    return verify.verify(io.BytesIO(content), **more)


def failed(content: bytes) -> set[int]:
    """The steps at which it fails."""
    return {each.step for each in report_on(content).findings if each.state == verify.FAILS}


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def resealed(files: dict[str, bytes], sealer: Sealer) -> bytes:
    """The files in a package whose own seal fits: somebody who may pack altered them."""
    kept = {n: c for n, c in files.items() if not n.startswith(("META-INF/", "mimetype"))}
    sink = io.BytesIO()
    write_container(kept, sink, sealer.seal)
    return sink.getvalue()


def changed(name: str, old: bytes, new: bytes) -> bytes:
    """The package with one file altered and everything sealed anew by the same packer."""
    content, sealer = whole()
    files = files_of(content)
    assert old in files[name], files[name][:300]
    files[name] = files[name].replace(old, new, 1)
    return resealed(files, sealer)


def test_a_whole_package_holds_and_every_step_found_something() -> None:
    report = report_on(whole()[0])

    assert report.holds, report.as_text()
    assert {each.step for each in report.findings} == set(verify.STEPS) - {14}
    assert report.facts["reference"] == "PKG-00001"


def test_the_verifier_is_shorter_than_1700_lines_and_imports_the_library_alone() -> None:
    """1,500 once; partners' authorities sign with P-384 and RSA-PSS too, and stamps are renewed."""
    lines = SOURCE.read_text().splitlines()

    imports = [line for line in lines if line.startswith(("import ", "from "))]
    imported = {line.split()[1].partition(".")[0] for line in imports}
    assert len(lines) < 1700
    assert imported <= {*sys.stdlib_module_names, "__future__"}


def test_it_runs_alone_in_an_empty_folder_with_no_site_and_no_network(tmp_path: Path) -> None:
    shutil.copy(SOURCE, tmp_path / "verify.py")
    (tmp_path / "package.asice").write_bytes(whole()[0])
    altered = bytearray(whole()[0])
    altered[len(altered) // 2] ^= 1
    (tmp_path / "altered.asice").write_bytes(altered)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "verify.py", *words]
        return subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True)

    good, bad = run("package.asice", "--json", "--at", "2046-01-01"), run("altered.asice")
    assert (good.returncode, bad.returncode) == (3, 1), good.stderr + bad.stderr
    assert json.loads(good.stdout)["holds"] is True
    (tmp_path / "anchors.pem").write_bytes(whole()[1].root.pem)
    assert run("package.asice", "--anchors", "anchors.pem").returncode == 0
    assert "VERIFICATION FAILED" in bad.stdout
    assert run("missing.asice").returncode == 2
    assert run().returncode == 2


def test_in_2046_it_holds_and_says_which_certificates_had_ended() -> None:
    report = report_on(whole()[0], at=datetime(2046, 1, 1, tzinfo=UTC))

    assert report.holds
    assert any("ended on" in each.said() for each in report.findings if each.step == 5)


def later_stamps(seal: bytes, *years: int) -> dict[str, bytes]:
    """Renewals of the stamp on a seal, each by an authority of its own, so many years after."""
    [token] = verify._held("xades:EncapsulatedTimeStamp", seal.decode())
    found = {}
    for number, year in enumerate(years, start=1):
        by = Sealer(f"Authority {number}", at=AT.replace(year=AT.year + year))
        found[f"renewal-{number:03}.json"], token = renewed(seal, token, by)
    return found


def test_renewals_in_time_prove_a_package_long_after_its_certificates_ended() -> None:
    content, _ = whole()
    seal = files_of(content)[verify.SIGNATURE]
    late = datetime(AT.year + 12, 3, 1, tzinfo=UTC)
    renewals = later_stamps(seal, 6, 11)

    def ended(**more: Any) -> list[str]:
        found = report_on(content, at=late, **more)
        assert found.holds, found.as_text()
        return [each.said() for each in found.findings if "ended on" in each.said()]

    [without] = ended()
    assert "a renewal made before is missing" in without
    assert ended(renewals=renewals) == []
    assert len(ended(renewals={"renewal-002.json": renewals["renewal-002.json"]})) == 1
    assert len(ended(renewals=later_stamps(b"<xades:EncapsulatedTimeStamp>AA==</", 6))) == 1
    kept = report_on(content, at=late, renewals=renewals)
    assert any("renewed 2 times" in each.said() for each in kept.findings if each.step == 4)


def test_a_renewal_that_came_too_late_or_was_altered_fails() -> None:
    content, _ = whole()
    seal = files_of(content)[verify.SIGNATURE]
    [(name, good)] = later_stamps(seal, 6).items()
    altered = good.replace(b'"index":1', b'"index":0')
    assert altered != good

    late = report_on(content, renewals=later_stamps(seal, 30))
    forged = report_on(content, renewals={name: altered})

    assert not late.holds
    assert {each.step for each in forged.findings if each.state == verify.FAILS} == {4}


@pytest.mark.slow
def test_renewals_of_what_is_inside_travel_with_the_package() -> None:
    old, packed_at = Sealer("Southland"), AT.replace(year=AT.year + 14)
    files = files_of(a_package(sealer=old, others=False).write())
    renewal = later_stamps(files["statements/0001/signature.xml"], 6)["renewal-001.json"]

    def ended(files: dict[str, bytes]) -> list[str]:
        report = report_on(resealed(files, Sealer("Southland", at=packed_at)))
        assert report.holds, report.as_text()
        return [each.about for each in report.findings if "ended on" in each.said()]

    assert ended(files) == ["statements/0001/signature.xml"]
    assert ended({**files, "trust/renewal-0001.json": renewal}) == []


def test_anchors_of_the_reader_decide_who_sealed() -> None:
    content, sealer = whole()
    stranger = Sealer("Eastland")

    ours = report_on(content, trust=verify.read_anchors(sealer.root.pem.decode()))
    others = report_on(content, trust=verify.read_anchors(stranger.root.pem.decode()))

    assert ours.holds
    assert not any(each.state == verify.OPEN for each in ours.findings if each.step == 5)
    assert {each.step for each in others.findings if each.state == verify.FAILS} >= {5}


def test_an_anchor_that_is_named_vouches_for_the_seals_of_that_administration_alone() -> None:
    content, sealer = whole()
    root, sha = sealer.root.pem.decode(), sealer.root.fingerprint

    named = {
        code: report_on(content, trust=verify.read_anchors(f"# {code} (PILOT): {sha}\n{root}"))
        for code in ("XS", "XE")
    }

    assert named["XS"].identity == "proved"
    assert not named["XE"].holds
    said = [each.said() for each in named["XE"].findings if each.state == verify.FAILS]
    assert all("is your anchor for XE, not for XS" in each for each in said)
    assert len(said) == 2  # the package's seal, and the statement's


def test_a_strangers_words_cannot_write_lines_into_the_report() -> None:
    forged = b"\\nEverything that was checked holds.\\u001b[2J"
    content = changed("package.json", b'"case":"S-2026-7"', b'"case":"' + forged + b'"')

    report = report_on(content)
    lines = report.as_text().splitlines()

    assert report.facts["case"].startswith("\n")
    assert "Everything that was checked holds." not in lines[:5]
    assert all(line.isprintable() for line in lines)


def test_whose_seals_they_are_is_proved_by_anchors_and_said_first_and_last() -> None:
    content, sealer = whole()

    anybody = report_on(content)
    known = report_on(content, trust=verify.read_anchors(sealer.root.pem.decode()))

    assert (anybody.holds, anybody.identity, verify.exit_code(anybody)) == (True, "not-proved", 3)
    assert (known.holds, known.identity, verify.exit_code(known)) == (True, "proved", 0)
    lines = anybody.as_text().splitlines()
    assert lines[0] == lines[-1] == verify.UNKNOWN
    assert "NOT PROVED" in lines[0]
    assert anybody.as_dict()["identity"] == "not-proved"
    assert known.as_text().splitlines()[-1] == verify.KNOWN


def test_any_altered_byte_fails() -> None:
    content, drawn = bytearray(whole()[0]), random.Random(5)
    container = verify.Container(io.BytesIO(bytes(content)))
    places = [drawn.randrange(f.offset, f.offset + f.size) for f in container.files.values()]
    places += [
        f.offset - len(name) - 30 + drawn.randrange(30) for name, f in container.files.items()
    ]
    directory = content.rindex(b"PK\x01\x02")
    places += [directory + step for step in range(0, 46, 3)]
    places += [len(content) - 1 - step for step in range(22)]

    for place in places:
        old, content[place] = content[place], content[place] ^ 1 << drawn.randrange(8)
        assert not report_on(bytes(content)).holds, place
        content[place] = old


@pytest.mark.slow
def test_any_altered_byte_of_the_seal_fails_though_the_check_sums_are_made_to_fit() -> None:
    original, drawn = whole()[0], random.Random(6)
    file = verify.Container(io.BytesIO(original)).files[verify.SIGNATURE]

    for _ in range(24):
        content = bytearray(original)
        content[file.offset + drawn.randrange(file.size)] ^= 1 << drawn.randrange(8)
        check = zlib.crc32(content[file.offset : file.offset + file.size])
        for at in (file.offset - len(file.name) - 16, content.rindex(b"PK\x01\x02") + 16):
            content[at : at + 4] = struct.pack("<I", check)
        assert failed(bytes(content)), content[file.offset : file.offset + 40]


@pytest.mark.parametrize(
    "extra", [b"\0", b"PK\x05\x06" + bytes(18)], ids=["a byte", "a second directory"]
)
def test_nothing_can_follow_or_hide(extra: bytes) -> None:
    assert failed(whole()[0] + extra) == {1}
    assert failed(extra + whole()[0]) == {1}


def test_a_file_written_by_another_program_is_not_canonical() -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in files_of(whole()[0]).items():
            archive.writestr(name, content)

    assert failed(sink.getvalue()) == {1}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "old", "new", "step"),
    [
        ("items/0001/item.json", b"made-up", b"made-in", 8),
        ("items/0001/content.bin", b"invoice", b"incoice", 8),
        ("items/0001/pages/00001.png", b"IDAT", b"IDAU", 8),
        ("items/0001/custody.json", b"Quay 3", b"Quay 4", 8),
        ("items/0001/custody.json", b"OFF-00001", b"OFF-00002", 9),
        ("items/0002/item.json", b'"item/kind":"document"', b'"item/kind":"image"', 8),
        ("statements/0001/leaves.json", b'"salt":"', b'"salt":"f', 8),
        ("statements/0001/leaves.json", b"third-person", b"third-persons", 0),
        ("statements/0001/leaves.json", b"pages/00002", b"pages/00003", 8),
        ("statements/0001/head.json", b'"issuer":"XS"', b'"issuer":"XE"', 7),
        ("statements/0001/signature.xml", b"SigningTime>2026", b"SigningTime>2025", 7),
        ("exchange/0001.json", b'"sig":"', b'"sig":"A', 10),
        ("exchange/0001.json", b'"keyid":"', b'"keyid":"0', 10),
        ("journal/0001.json", b'"actor":"OFF-00001"', b'"actor":"OFF-00002"', 11),
        ("journal/0001.json", b"southland\\n8", b"southland\\n9", 11),
        ("law/0002.json", b"Agreement", b"Agreemint", 13),
        ("law/assessment.json", b'"governing":"XE-XS-1999"', b'"governing":"XE-XS-1990"', 13),
        ("law/assessment.json", b'"file":"0001"', b'"file":"0002"', 13),
        ("trust/snapshot.json", b'"sha256":"', b'"sha256":"0', 5),
        ("trust/snapshot.json", b'"administration":"XS"', b'"administration":"XE"', 5),
        ("journal/checkpoint.txt", b"southland\n8", b"southland\n9", 11),
        ("package.json", b'"kind":"document"', b'"kind":"image"', 8),
        ("package.json", b'"rank":"original"', b'"rank":"derived"', 8),
        ("package.json", b'"title":""', b'"title":"Receipt"', 8),
        (
            "package.json",
            b"8000-000000000001",
            b"8000-000000000009",
            8,
        ),
        ("package.json", b'"format":"comity-package/1"', b'"format":"comity-package/2"', 6),
    ],
)
def test_whoever_packs_cannot_alter_what_others_sealed(
    name: str, old: bytes, new: bytes, step: int
) -> None:
    found = failed(changed(name, old, new))

    # A reason is the packer's own word, under the package's seal alone: altering it is no forgery.
    assert (step in found) if step else not found


def test_the_packer_cannot_add_what_was_not_certified() -> None:
    content, sealer = whole()
    files = files_of(content)
    one = {**files, "items/0002/pages/00002.png": files["items/0001/pages/00001.png"]}
    other = {**files, "items/0004/item.json": files["items/0001/item.json"]}

    assert failed(resealed(one, sealer)) == {8}
    assert failed(resealed(other, sealer)) == {6}


@pytest.mark.parametrize(
    "name",
    [
        "items/0002/content.bin",
        "items/0002/chunks/00001.bin",
        "items/0003/content.bin",
        "items/0003/pages/00001.png",
    ],
)
def test_a_file_beside_what_was_withheld_or_never_certified_fails(name: str) -> None:
    content, sealer = whole()
    files = files_of(content)
    assert name not in files

    assert failed(resealed({**files, name: b"a forged invoice"}, sealer)) == {8}


def packed_by_northland(files: dict[str, bytes], sealer: Sealer) -> bytes:
    """What Northland makes of Southland's package: its own word and seal over the files."""
    kept = {name: held for name, held in files.items() if name != "journal/checkpoint.txt"}
    kept["package.json"] = kept["package.json"].replace(b'"from":"XS"', b'"from":"XN"')
    return resealed({**kept, **trust_files(XN=sealer, XS=whole()[1])}, sealer)


@pytest.mark.slow
def test_a_packer_carries_on_what_another_certified_and_cannot_speak_for_it() -> None:
    files, northland = files_of(whole()[0]), Sealer("Northland")
    head = hashlib.sha256(files["statements/0001/head.json"]).digest()
    own_seal = {**files, "statements/0001/signature.xml": northland.seal({"head.json": head})}

    carried = report_on(packed_by_northland(files, northland))
    assert carried.holds, carried.as_text()
    assert {each.state for each in carried.findings if each.step == 11} == {verify.HOLDS}
    assert 7 in failed(packed_by_northland(own_seal, northland))


def test_a_record_of_custody_that_its_administration_did_not_certify_fails() -> None:
    events = {f"custody/{number:05}": RedactionReason.THIRD_PERSON for number in (1, 2, 3)}
    files = files_of(a_package(withheld={0: events}, sealer=whole()[1], others=False).write())
    of_another = files_of(whole()[0])["items/0001/custody.json"]
    forged = of_another.replace(b'{"0001":3}', b"{}")
    assert forged != of_another

    found = failed(
        packed_by_northland({**files, "items/0001/custody.json": forged}, Sealer("Northland"))
    )

    assert found == {9}


@pytest.mark.slow
def test_the_packers_own_words_on_an_item_are_said_to_be_its_own() -> None:
    withheld = {0: {"description/title": RedactionReason.THIRD_PERSON}}
    made = a_package(withheld=withheld)
    files = files_of(made.write())
    wider = files["package.json"].replace(b'"NO_THIRD_STATE"', b"", 1)
    titled = files["package.json"].replace(b'"title":""', b'"title":"Receipt"', 1)
    assert len({wider, titled, files["package.json"]}) == 3

    for changed_package, said in ((wider, "caveats"), (titled, "title")):
        report = report_on(resealed({**files, "package.json": changed_package}, made.sealer))
        told = [each.said() for each in report.findings if each.step == 6]
        assert report.holds, report.as_text()
        assert any(said in each for each in told), told


def test_the_law_of_every_item_is_there_and_nothing_beside_it() -> None:
    content, sealer = whole()
    files = files_of(content)
    less = {name: held for name, held in files.items() if name != "law/0002.json"}

    assert failed(resealed(less, sealer)) == {13}
    assert failed(resealed({**files, "law/0003.json": files["law/0001.json"]}, sealer)) == {13}
    version = verify.sha256(files["law/0002.json"]).encode()
    unsaid = files["law/assessment.json"].replace(version, b"")
    assert failed(resealed({**less, "law/assessment.json": unsaid}, sealer)) == {13}


def test_an_index_for_people_is_said_to_prove_nothing() -> None:
    content, sealer = whole()
    report = report_on(resealed({**files_of(content), "index.html": b"<p>hello"}, sealer))

    assert report.holds
    [said] = [each for each in report.findings if each.about == "index.html"]
    assert (said.step, said.state) == (6, verify.OPEN)


def test_what_a_package_does_not_bring_is_said() -> None:
    report = report_on(a_package(others=False).write())
    sealer = Sealer("Southland")
    sealer.chain = replace(sealer.chain, revocations=())
    unlisted = report_on(a_package(sealer=sealer).write())

    missing = {each.step for each in report.findings if each.state == verify.OPEN}
    assert missing >= {10, 11, 12, 13}
    assert any("was revoked" in each.said() for each in unlisted.findings)


def test_a_statement_sealed_by_a_revoked_certificate_fails() -> None:
    from comity.sealing.seal_certificates import make_revocation_list

    sealer = Sealer("Southland")
    own, issuing, _ = sealer.chain.certificates
    revoked = make_revocation_list(
        {own.serial: AT}, issuer=issuing, issuer_key=sealer.issuing_key, number=2, at=AT, next_at=AT
    )
    sealer.chain = replace(sealer.chain, revocations=(sealer.chain.revocations[0], revoked))

    assert failed(a_package(sealer=sealer).write()) >= {2, 7}


def test_a_package_without_any_item_of_the_exchange_holds_too() -> None:
    assert report_on(a_package(others=False).write()).holds


@pytest.mark.slow
def test_files_of_many_mebibytes_are_held_against_their_parts() -> None:
    content = bytes(range(256)) * 4096 * 2 + b"end"
    made = a_package(items=(made_item(1, content=content, pages=0),), withheld={})

    assert report_on(made.write()).holds


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"PK\x05\x06" + bytes(18), b"\0" * 1000, b"[" * 100_000],
)
def test_what_is_no_package_fails_and_never_breaks(content: bytes) -> None:
    report = report_on(content)

    assert not report.holds
    assert report.findings


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["package.json", "items/0001/item.json", "items/0001/custody.json", "trust/keys.json"]
)
@pytest.mark.parametrize("junk", [b"", b"[]", b"7", b'{"a":1.5}', b"[" * 5000, b'{"items":[[]]}'])
def test_documents_of_another_form_fail_and_never_break(name: str, junk: bytes) -> None:
    content, sealer = whole()

    assert failed(resealed({**files_of(content), name: junk}, sealer))


def test_signatures_of_every_kind_agree_with_a_second_implementation() -> None:
    key, digest = ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()
    numbers = key.public_key().public_numbers()
    hashed = bytes.fromhex(verify.sha256(b"signed"))
    r, s = decode_dss_signature(key.sign(b"signed", ec.ECDSA(digest)))
    assert verify.ecdsa_fits((numbers.x, numbers.y), hashed, r, s)
    assert not verify.ecdsa_fits((numbers.x, numbers.y), hashed, r, s ^ 1)
    assert not verify.ecdsa_fits((numbers.x, numbers.y ^ 1), hashed, r, s)
    assert not verify.ecdsa_fits((numbers.x, numbers.y), hashed, 0, s)
    edwards = ed25519.Ed25519PrivateKey.generate()
    raw, signature = edwards.public_key().public_bytes_raw(), edwards.sign(b"signed")
    assert verify.ed25519_fits(raw, b"signed", signature)
    assert not verify.ed25519_fits(raw, b"signe", signature)
    assert not verify.ed25519_fits(bytes(32), b"signed", signature)
    private = rsa.generate_private_key(65537, 2048)
    public = private.public_key().public_numbers()
    signature = private.sign(b"signed", padding.PKCS1v15(), digest)
    assert verify.rsa_fits(public.n, public.e, "sha256", hashed, signature)
    assert not verify.rsa_fits(public.n, public.e, "sha256", bytes(32), signature)


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_signatures_of_other_authorities_agree_with_a_second_implementation(name: str) -> None:
    """P-384 and RSA-PSS, through the key and the algorithm as certificates name them."""
    hashed: Any = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}[
        name
    ]()
    curve, private = ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2049)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority")])
    pss = padding.PSS(padding.MGF1(hashed), hashed.digest_size)
    for key, how in ((curve, None), (private, pss)):
        builder = x509.CertificateBuilder(subject, subject, key.public_key(), 7, AT, AT)
        made = builder.sign(key, hashed, rsa_padding=how)  # type: ignore[arg-type]
        found = verify.read_certificate(made.public_bytes(Encoding.DER))
        altered = replace(found, signed=found.signed + b"\0")

        assert found.is_by(found)
        assert not altered.is_by(found)
        for place in (0, 1, -1):
            signature = bytearray(found.signature)
            signature[place] ^= 1
            assert not fits(replace(found, signature=bytes(signature)), found)


def fits(signed: verify.Certificate, by: verify.Certificate) -> bool:
    try:
        return signed.is_by(by)
    except verify.Broken:
        return False


def test_certificates_are_read_as_a_second_implementation_reads_them() -> None:
    sealer = Sealer("Southland")

    for known in sealer.chain.certificates:
        found = verify.read_certificate(known.der)
        assert (found.serial, found.fingerprint) == (known.serial, known.fingerprint)
        assert (found.valid_from, found.valid_until) == (known.valid_from, known.valid_until)
        assert found.is_pilot
        assert found.name in known.subject
        assert found.issues(0) == known.authority


@pytest.mark.slow
def test_a_sealed_pdf_is_verified_by_itself_and_inside_a_package() -> None:
    from comity.evidence.rendition import pages_as_pdf
    from comity.sealing.pdf_seals import seal_pdf
    from tests.support.evidence_packages import page_image

    _, sealer = whole()
    pdf = seal_pdf(
        pages_as_pdf([page_image(9)]), key=sealer.key, chain=sealer.chain, at=AT, stamp=sealer.stamp
    )

    def with_copy(package: Package) -> Package:
        return replace(package, items=(replace(package.items[0], copy=pdf), *package.items[1:]))

    assert report_on(pdf).holds, report_on(pdf).as_text()
    inside = report_on(a_package(change=with_copy).write())
    assert inside.holds
    assert any(each.step == 14 for each in inside.findings)
    for place in (100, len(pdf) - 200):
        altered = bytearray(pdf)
        altered[place] ^= 1
        assert failed(bytes(altered)) == {14}
    assert failed(pdf + b"\n% more") == {14}


def test_the_report_reads_for_people_and_for_programs() -> None:
    report = report_on(whole()[0])

    text, document = report.as_text(lambda text: text.replace("holds", "stands")), report.as_dict()
    assert "Everything that was checked stands." in text
    assert document["holds"] is True
    assert all(step["does_not_prove"] for step in document["steps"])
    assert json.dumps(document)


def test_keys_of_the_journal_are_those_of_its_administration(tmp_path: Path) -> None:
    content, sealer = whole()
    files = files_of(content)
    keys = json.loads(other_files("0" * 64)["trust/keys.json"])
    named = keys["administrations"]
    named["XS"], named["XN"] = named["XN"], named["XS"]
    files["trust/keys.json"] = verify.spelled(keys)

    assert failed(resealed(files, sealer)) == {10, 11}
