# SPDX-License-Identifier: Apache-2.0
"""Evidence for every page of a browser's node: a case with its board, duties, a recall, the ends.

What needs a partner's message is put into the tables as its receipt would have left it; all else
is done by the services, by the officer who may. Nobody here exists.
"""

from __future__ import annotations

import io
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from comity.accounts.officer import Officer
from comity.accounts.permissions import Role
from comity.evidence.item import Acquisition, Channel, Description, Item, ItemKind, Rank
from comity.evidence.new_item import OWN, NewItem
from comity.handling.marking import Marking
from comity.reference.taxonomy import Caveat, HandlingCode, InformationClass, Offence, Purpose

CASE = "CASE-2026-41"
INSTRUMENT = "us-cv-2023"
PARTNER = "CV"
OWN_MARKING = Marking(
    classes=frozenset({InformationClass.TRANSPORT_DOCUMENT}),
    personal_data=False,
    judicially_obtained=False,
)


def fill_evidence(officers: Mapping[Role, Officer], at: datetime) -> None:
    """A case file with five items, and something on every page."""
    clerk, custodian = officers[Role.CASE_OFFICER], officers[Role.EVIDENCE_CUSTODIAN]
    _open_cases(officers, at)
    bill, seal, photo, extract, _ = _items(custodian, at)
    _custody(bill, seal, photo, custodian, clerk, at)
    _certify_and_pack(bill, seal, officers, at)
    _said_about(bill, extract, officers, at)
    _end(bill, photo, extract, officers, at)


def _open_cases(officers: Mapping[Role, Officer], at: datetime) -> None:
    from comity.evidence.services import cases

    clerk = officers[Role.CASE_OFFICER]
    team = [each.reference for each in officers.values()]
    cases.open_case_file(
        CASE,
        Purpose.ADMIN_ENQUIRY,
        offences=[Offence.SMUGGLING_GENERAL],
        officers=team,
        by=clerk,
        at=at,
    )
    cases.open_case_file("CASE-2026-40", Purpose.STATISTICS, by=clerk, at=at)
    cases.close_case_file("CASE-2026-40", by=clerk, at=at)


def _items(keeper: Officer, at: datetime) -> tuple[Item, ...]:
    """A bill of lading and a seal of ours, a list made of it, a partner's extract and a table."""
    acquired = Acquisition(
        at=at - timedelta(days=20),
        place="Northport, berth 4",
        by="Boarding team 2",
        how="Handed over by the master of the vessel",
        power="Customs Act, section 12",
        judicially_obtained=False,
    )
    bill = _add(
        keeper, at, pdf("Bill of lading NL-88123", "Page two: the containers"),
        Description("Bill of lading NL-88123", "Two pages, signed.", "bill.pdf", ("NL-88123",),
                    acquired, "The shipper asks for the original back."),
        channel=Channel(1, "", OWN_MARKING),
    )  # fmt: skip
    seal = _add(
        keeper, at, None, Description("Bolt seal of container NLXU 204511-3", marks=("XS-88123",)),
        kind=ItemKind.SEAL, channel=Channel(1, "", OWN_MARKING),
    )  # fmt: skip
    photo = _add(
        keeper, at, b"A list of what the photographs show.\n" * 12,
        Description("Photographs of the seal", file_name="list.txt"), rank=Rank.DERIVED,
        derived_from=(seal.reference,), channel=Channel(1, "", OWN_MARKING),
    )  # fmt: skip
    extract = _add(
        keeper, at, b"declaration;goods;weight\n2026-18;tobacco;9400\n",
        Description("Extract of declarations", file_name="extract.csv"),
        kind=ItemKind.DATA_EXTRACT, rank=Rank.ORIGINAL, channel=_supplied(at.date()),
        return_by=at.date() + timedelta(days=20),
    )  # fmt: skip
    table = _add(
        keeper, at, b"month;weight\n1;9400\n",
        Description("Weights by month", file_name="weights.csv"), kind=ItemKind.DATA_EXTRACT,
        rank=Rank.DERIVED, derived_from=(extract.reference, bill.reference),
    )  # fmt: skip
    _add(
        keeper, at, b"An old notice, due to go.\n",
        Description("Notice of last year", file_name="notice.txt"),
        channel=Channel(
            1, "", replace(OWN_MARKING, return_or_destroy_by=at.date() - timedelta(days=2))
        ),
    )  # fmt: skip
    return bill, seal, photo, extract, table


def _supplied(on: date) -> Channel:
    marking = Marking(
        caveats=frozenset({Caveat.CUSTOMS_ONLY, Caveat.COURT_USE_NOTIFY_SUPPLIER}),
        handling=frozenset({HandlingCode.H1}),
        classes=frozenset({InformationClass.DECLARATION}),
        personal_data=False,
        judicially_obtained=False,
        return_or_destroy_by=on + timedelta(days=200),
        restrictions=frozenset({"Not to be shown to the broker."}),
    )
    return Channel(1, PARTNER, marking, on - timedelta(days=3), INSTRUMENT)


def _add(
    keeper: Officer,
    at: datetime,
    content: bytes | None,
    description: Description,
    *,
    kind: ItemKind = ItemKind.DOCUMENT,
    rank: Rank = Rank.ORIGINAL,
    channel: Channel = OWN,
    **more: Any,
) -> Item:
    from comity.evidence.services import items

    new = NewItem(kind, rank, description, CASE, channel, **more)
    return items.add(new, io.BytesIO(content) if content else None, by=keeper, at=at)


def _custody(
    bill: Item, seal: Item, photo: Item, keeper: Officer, clerk: Officer, at: datetime
) -> None:
    """The seal is sealed and being handed over; the photographs have a gap; one claim differs."""
    from comity.evidence.custody import CustodyAct, CustodyWords
    from comity.evidence.services import custody, handing_over, items

    put_on = CustodyWords("Northport, store 2", "Put into bag 17", marks=("BAG-17",))
    custody.record_by_hand(
        seal.reference, custody.NewAct(CustodyAct.SEALED, put_on), by=keeper, at=at
    )
    noted = CustodyWords(reason="Nobody knows where the list lay over the weekend.")
    custody.record_by_hand(
        photo.reference, custody.NewAct(CustodyAct.GAP_NOTED, noted), by=keeper, at=at
    )
    handing_over.propose(
        seal.reference, officer=clerk.reference, by=keeper, at=at,
        words=CustodyWords("Northport", "For the expert"),
    )  # fmt: skip
    items.claim(bill.reference, "place", "Northport, berth 6", by=clerk, at=at)


def _certify_and_pack(
    bill: Item, seal: Item, officers: Mapping[Role, Officer], at: datetime
) -> None:
    from comity.evidence.certified_copy import Official
    from comity.evidence.forum_profiles import Capacity, forum_profiles
    from comity.evidence.package import PackageKind
    from comity.evidence.packing import Choice, Wanted
    from comity.evidence.services import (
        certifying,
        packing,
        packing_orders,
        redacting,
        seals,
        stating,
    )

    custodian, approver = officers[Role.EVIDENCE_CUSTODIAN], officers[Role.APPROVING_OFFICER]
    seals.make_seal(at=at)
    stating.certify([bill.reference], by=custodian, at=at)
    withheld = {"acquisition/by": "personal-data"}
    made = redacting.redact(bill.reference, withheld, by=custodian, at=at)
    wanted = Wanted(
        PackageKind.COURT, (Choice(bill.reference, redaction=made.reference),), "District court",
        CASE,
    )  # fmt: skip
    with tempfile.TemporaryFile() as sink:
        packing.pack(wanted, sink, by=approver, at=at)
    packing_orders.order_package(wanted, by=approver, at=at, queued=False)
    final = next(each for each in forum_profiles().values() if each.final_certification)
    official = Official("N. Custodian", next(iter(final.signed_by)), "Keeper", "Northport")
    certifying.certify_copy(
        bill.reference, final.code, ["en"], by=custodian, official=official, at=at
    )
    official = Official("N. Custodian", Capacity.CUSTODIAN, "Keeper", "Northport")
    certifying.certify_copy(bill.reference, "wco", ["en", "fr"], by=custodian, official=official,
                            at=at)  # fmt: skip


def _said_about(bill: Item, extract: Item, officers: Mapping[Role, Officer], at: datetime) -> None:
    """A use of ours, a request for consent and a recall of the partner's, a duty, an assurance."""
    from comity.agreements.question import Proceeding
    from comity.evidence import models
    from comity.evidence.services import disclosing, using

    head = officers[Role.UNIT_HEAD]
    using.record_use(
        bill.reference, Purpose.ADMIN_PROCEEDING, Proceeding.ADMINISTRATIVE, "Board of appeal",
        by=officers[Role.CASE_OFFICER], at=at,
    )  # fmt: skip
    said = {"item": models.Item.objects.get(reference=bill.reference), "identity": bill.identity,
            "recorded_by": "EVIDENCE", "recorded_at": at}  # fmt: skip
    models.Consent.objects.create(
        **said, reference="CNS-00001", direction="in", partner=PARTNER, identifier=uuid.uuid4(),
        occasion="use", purpose=Purpose.CRIMINAL_EVIDENCE, proceeding="criminal",
        instrument=INSTRUMENT,
    )  # fmt: skip
    theirs = said | {"item": models.Item.objects.get(reference=extract.reference),
                     "identity": extract.identity}  # fmt: skip
    recall = models.Recall.objects.create(
        **theirs, reference="RCL-00001", recall=uuid.uuid4(), demand="delete",
        ground="supplied-in-error", origin=PARTNER, asked_by=PARTNER,
        answer_by=at.date() + timedelta(days=9),
    )  # fmt: skip
    models.RecallHolder.objects.create(
        recall=recall, partner="UZ", identifier=uuid.uuid4(), asked_at=at
    )
    models.Duty.objects.create(
        reference="DTY-90001", item=theirs["item"], code="notify-court-use", debtor="holder",
        ours=True, counterpart=PARTNER, due_on=at.date() + timedelta(days=3),
        treaty_deadline=True, instrument=INSTRUMENT, article="9(2)", discharge="notice",
        opened_on=at.date(), source="USE-00001",
    )  # fmt: skip
    made = disclosing.record_assurance(PARTNER, ours=False, by=head, at=at, instrument=INSTRUMENT)
    disclosing.record_assurance(PARTNER, ours=True, by=head, at=at, item=bill.reference)
    assert made.reference


def _end(
    bill: Item, photo: Item, extract: Item, officers: Mapping[Role, Officer], at: datetime
) -> None:
    """A hold, a list that waits, and a person whom items are about."""
    from comity.evidence.lifetime import DestructionGround, HoldGround
    from comity.evidence.services import destroying, erasing, holding

    holding.place_hold(
        HoldGround.PROCEEDING, "The board of appeal decides in autumn.",
        by=officers[Role.EVIDENCE_CUSTODIAN], at=at, item=bill.reference,
    )  # fmt: skip
    destroying.draft(
        {photo.reference: DestructionGround.PURPOSE_FULFILLED,
         bill.reference: DestructionGround.RETENTION_OVER},
        by=officers[Role.EVIDENCE_CUSTODIAN], at=at,
    )  # fmt: skip
    erasing.add_subject(
        "A. Shipper", [extract.reference, bill.reference],
        by=officers[Role.EVIDENCE_CUSTODIAN], at=at,
    )  # fmt: skip


def pdf(*pages: str) -> bytes:
    """A small PDF with one line of text on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        stream = f"BT /F1 22 Tf 72 720 Td ({text}) Tj ET"
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number + 1} 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> "
            ">> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n".encode()
    start = len(out)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n".encode()
    return out + b"%%EOF\n"
