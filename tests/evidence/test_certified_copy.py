# SPDX-License-Identifier: Apache-2.0
"""What certificates say, and that the page says it: in four scripts, one of them from the right."""

from __future__ import annotations

import hashlib
import re
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pytest

from comity.evidence.certified_copy import (
    Basis,
    CapacityNotSuitableError,
    Certificate,
    CertificationWithheldError,
    Issuer,
    LanguagesError,
    NothingToCertifyError,
    Official,
    attached_name,
    certificate_document,
    check_capacity,
    check_languages,
    digest_of_pages,
    require_certifiable,
)
from comity.evidence.custody import Custody, CustodyAct, CustodyEvent, Fault, Finding
from comity.evidence.forum_profiles import Capacity, forum_profile
from comity.evidence.item import (
    Acquisition,
    Channel,
    Description,
    Item,
    ItemKind,
    ItemState,
    Rank,
)
from comity.evidence.new_item import MisleadingWordsError
from comity.evidence.typesetting import Attachment, typeset
from comity.handling.marking import Marking, Unsettled
from comity.reference.taxonomy import Caveat, HandlingCode, Purpose, UseRule
from tests.support.written_pages import a_picture

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAGES = (a_picture(shade=200), a_picture(shade=230))
ORIGINAL = b"%PDF-1.4 the original"
MARKING = Marking(
    caveats=frozenset({Caveat.NO_THIRD_STATE}),
    handling=frozenset({HandlingCode.H1}),
    use_rules=frozenset({(Purpose.CRIMINAL_EVIDENCE, UseRule.PRIOR_CONSENT)}),
    personal_data=True,
    judicially_obtained=False,
    return_or_destroy_by=date(2027, 1, 31),
)
ITEM = Item(
    reference="ITM-00017",
    identity="6f0c5a9e-30cf-4c2d-9d39-3a1f4a1b7c11",
    kind=ItemKind.DOCUMENT,
    rank=Rank.ORIGINAL,
    state=ItemState.HELD,
    case="",
    channels=(Channel(1, "", MARKING),),
    added_by="OFF-00011",
    added_at=AT,
    media_type="application/pdf",
    size=len(ORIGINAL),
    digest=hashlib.sha256(ORIGINAL).hexdigest(),
    return_by=date(2027, 1, 31),
)
EVENT = CustodyEvent(ITEM.identity, 1, CustodyAct.MADE, AT, "OFF-00011", "case-officer", "XN")


def a_certificate(**more) -> Certificate:
    given = {
        "number": "XN-2026-00001",
        "profile": forum_profile("wco"),
        "languages": ("en",),
        "issuer": Issuer("XN", "Northland", "Northland Customs", "https://northland.example/v/"),
        "official": Official("N. Official", Capacity.CERTIFYING_OFFICIAL, "Head", "Port North"),
        "on": date(2026, 3, 2),
        "basis": Basis("xn-xs-2020", "Agreement of 2020", "12(2)"),
        "item": ITEM,
        "description": Description(
            "List of consignments",
            marks=("XN-88123",),
            acquisition=Acquisition(AT, "Quay 4", "Port section", "On demand", "Act, s. 44"),
        ),
        "custody": Custody(ITEM.reference, (EVENT,)),
        "marking": MARKING,
        "pages": len(PAGES),
        "pages_digest": digest_of_pages(PAGES),
    }
    return Certificate(**(given | more))


def composed(**more) -> str:
    return str(certificate_document(a_certificate(**more), AT))


def set_page(certificate: Certificate) -> bytes:
    return typeset(
        "certified_copy",
        certificate_document(certificate, AT),
        at=AT,
        pictures=PAGES,
        attachments=[Attachment(attached_name(ITEM), ORIGINAL, "application/pdf", "The original")],
    )


GOLDEN = {
    "el": a_certificate(
        languages=("en", "fr"),
        official=Official("Αλέξανδρος Ιωαννίδης", Capacity.CERTIFYING_OFFICIAL, "", "Θεσσαλονίκη"),
    ),
    "ar": a_certificate(
        languages=("en", "ar"),
        official=Official("فاطمة بن علي", Capacity.CUSTODIAN, "رئيسة القسم", "ميناء الشمال"),
        description=Description("قائمة الشحنات"),
    ),
    "zh": a_certificate(
        languages=("de", "en"),
        profile=forum_profile("us-business-record"),
        official=Official("张伟 / Zhang Wei", Capacity.CUSTODIAN, "", "北京"),
    ),
    "ru": a_certificate(
        languages=("es",),
        profile=forum_profile("us-official-record"),
        official=Official("Н. Щукина", Capacity.CERTIFYING_OFFICIAL, "", "Москва"),
        final=Official("शर्मा", Capacity.US_CONSUL, "Consul", "दिल्ली"),
        final_on=date(2026, 3, 9),
    ),
}


@cache
def golden(name: str) -> tuple[bytes, str]:
    pdf = set_page(GOLDEN[name])
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return pdf, re.sub(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", done.stdout.decode())


def shows(text: str, wanted: str) -> bool:
    """Whether it stands there, read from left or from right, lines broken anywhere."""
    flat, sought = re.sub(r"\s+", "", text), re.sub(r"\s+", "", wanted)
    return sought in flat or sought[::-1] in flat


@pytest.mark.parametrize("name", GOLDEN)
def test_the_page_says_who_certifies_what_under_which_number_and_text(name):
    _, text = golden(name)
    certificate = GOLDEN[name]

    official = certificate.official
    for wanted in (official.name.split(" / ")[0].split()[0], "XN-2026-00001", "2026-03-02"):
        assert shows(text, wanted), wanted
    for wanted in ("Agreement of 2020", "12(2)", "Northland Customs", ITEM.identity, "XN-2026"):
        assert shows(text, wanted), wanted
    assert shows(text, ITEM.digest)
    assert shows(text, certificate.pages_digest)
    assert shows(text, "https://northland.example/v/")


@pytest.mark.parametrize("name", GOLDEN)
def test_the_page_is_tagged_has_its_language_and_describes_every_picture(name):
    pdf, _ = golden(name)
    language = GOLDEN[name].languages[0]

    info = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout
    assert re.search(rb"Tagged: +yes", info)
    structure = subprocess.run(
        ["pdfinfo", "-struct", "-"], input=pdf, capture_output=True, check=True
    ).stdout
    assert structure.count(b"Figure") >= len(PAGES)
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert f"/Lang({language})".encode() in pdf
    assert len(re.findall(rb"/Alt\b", pdf)) >= len(PAGES)


def test_a_certificate_in_two_languages_says_everything_twice():
    _, text = golden("el")

    assert shows(text, "Certificate of true copy")
    assert shows(text, "Certificat de copie conforme")
    assert shows(text, "traduit par une machine")
    assert shows(text, "Not for a third state")
    assert shows(text, "Pas pour un État tiers")


def test_a_final_certification_stands_under_the_attestation():
    _, text = golden("ru")

    assert shows(text, "Certificación final")
    assert shows(text, "2026-03-09")
    assert text.index("Москва") < text.index("2026-03-09")


def test_what_is_not_known_is_said_to_be_unknown():
    bare = composed(description=Description("List"), basis=Basis())

    assert bare.count("not stated") >= 7


@pytest.mark.parametrize(
    ("said", "marking", "expected"),
    [
        (False, Marking(judicially_obtained=False), "not by or for a judicial"),
        (True, Marking(judicially_obtained=False), "needs that authority's agreement"),
        (False, Marking(judicially_obtained=True), "needs that authority's agreement"),
        (None, Marking(judicially_obtained=False), "not by or for a judicial"),
        (None, Marking(), "is not recorded"),
    ],
)
def test_whether_it_was_judicially_obtained_is_said_and_doubt_is_not_hidden(
    said, marking, expected
):
    description = Description("List", acquisition=Acquisition(judicially_obtained=said))

    assert expected in composed(description=description, marking=marking)


def test_a_supplied_item_whose_origin_somebody_doubts_is_not_called_administrative():
    supplied = replace(ITEM, channels=(Channel(1, "XS", MARKING),))
    doubted = Marking(judicially_obtained=False, unsettled=frozenset({Unsettled.JUDICIAL_ORIGIN}))
    description = Description("List", acquisition=Acquisition(judicially_obtained=False))

    said = composed(item=supplied, description=description, marking=doubted)

    assert "is not recorded" in said


def test_every_condition_stands_on_the_certificate():
    said = composed()

    for wanted in (
        "Not to be used as evidence without the supplier's permission.",
        "Not for a third state.",
        "Evidence in a criminal prosecution or trial: prior consent of the supplier.",
        "To be returned or destroyed by 2027-01-31.",
        "It holds personal data.",
        "only for the purposes and under the conditions of the instrument",
    ):
        assert wanted in said
    assert "Nothing was laid on it" in composed(marking=Marking(), basis=Basis())
    assert "For these recipients only, XS" in composed(marking=Marking(audience=frozenset({"XS"})))
    worded = Marking(restrictions=frozenset({"Ask the desk first"}))
    assert "Laid down in words: Ask the desk first" in composed(marking=worded)


def test_gaps_and_disagreements_of_custody_are_disclosed():
    broken = Custody(
        ITEM.reference,
        (EVENT,),
        (Finding(Fault.GAP_NOTED, 3), Finding(Fault.CONTENT_CHANGED, 5)),
    )

    assert "1 gaps and 1 disagreements, at the acts numbered 3, 5" in composed(custody=broken)
    with pytest.raises(CertificationWithheldError):
        require_certifiable(ITEM, broken)
    with pytest.raises(CertificationWithheldError):
        require_certifiable(replace(ITEM, certifiable=False), Custody(ITEM.reference, (EVENT,)))


def test_what_has_no_content_is_not_certified():
    with pytest.raises(NothingToCertifyError):
        require_certifiable(replace(ITEM, digest=""), Custody(ITEM.reference, (EVENT,)))


def test_a_pilot_seal_is_marked_and_a_real_one_is_not():
    real = replace(a_certificate().issuer, pilot=False)

    assert "pilot authority" in composed()
    assert "pilot authority" not in composed(issuer=real)


def test_a_large_original_goes_beside_the_copy():
    large = replace(ITEM, size=(64 << 20) + 1)

    assert not a_certificate(item=large).embeds
    assert "delivered beside this document" in composed(item=large)


def test_the_attached_file_never_bears_its_authors_name():
    assert attached_name(ITEM) == "original.pdf"
    assert attached_name(replace(ITEM, media_type="text/html")) == "original.bin"


@pytest.mark.parametrize("languages", [(), ("en", "en"), ("en", "fr", "de")])
def test_a_certificate_is_in_one_language_or_two(languages):
    with pytest.raises(LanguagesError):
        check_languages(languages)


def test_a_forum_takes_only_the_capacities_that_it_names():
    consul = Official("N. Consul", Capacity.US_CONSUL)

    check_capacity(forum_profile("us-official-record"), consul, final=True)
    with pytest.raises(CapacityNotSuitableError):
        check_capacity(forum_profile("us-official-record"), consul)


@pytest.mark.parametrize("name", ["N.\u202e Keeper", "N. \x07Keeper"])
def test_an_official_is_not_named_in_signs_that_mislead(name):
    wco = forum_profile("wco")
    check_capacity(wco, Official("N. Kéeper-Ляхов", Capacity.CUSTODIAN))

    with pytest.raises(MisleadingWordsError):
        check_capacity(wco, Official(name, Capacity.CUSTODIAN))


def test_the_digest_of_pages_depends_on_their_order():
    assert digest_of_pages(PAGES) != digest_of_pages(PAGES[::-1])
    assert digest_of_pages(()) == ""
