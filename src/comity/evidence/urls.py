# SPDX-License-Identifier: Apache-2.0
"""Addresses of the pages of evidence, under /evidence/."""

from __future__ import annotations

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from comity.evidence.pages import (
    adding,
    alarms,
    answering,
    blackening,
    cases,
    ceilings,
    certifying,
    changing,
    checklists,
    custody,
    disclosing,
    duties,
    ending,
    erasing,
    hand_overs,
    item,
    items,
    ordering,
    packing,
    previews,
    recalls,
    registers,
    sealing,
    using,
    verifying,
)
from comity.evidence.pages.seeing import of_its_item

app_name = "evidence"


def _of_item(rest: str, page: Callable[..., HttpResponseBase], *, name: str) -> URLPattern:
    """A page of one item, for those who may see the item."""
    return path(f"items/<slug:reference>/{rest}", of_its_item(page), name=name)


VERIFICATION = [
    path("verify/", verifying.verify, name="verify"),
    path("verify/verify.py", verifying.program, name="verify-program"),
    path("verify/anchors.pem", verifying.anchors, name="verify-anchors"),
]

ITEMS = [
    path("items/", items.items, name="items"),
    path("items/new/", adding.add, name="add"),
    _of_item("", item.show, name="item"),
    _of_item("pages/<int:number>.png", previews.page, name="page"),
    _of_item("file/", item.save, name="save"),
    _of_item("claims/", item.claim, name="claim"),
    _of_item("case/", item.put_in_case, name="put-in-case"),
    _of_item("flags/", item.clear, name="clear-flag"),
    _of_item("custody/", custody.record, name="custody-act"),
    _of_item("hand-over/", custody.hand_over, name="hand-over"),
    _of_item("verify/", custody.verify, name="verify-item"),
    _of_item("checklist/", checklists.checklist, name="checklist"),
    _of_item("certify/", certifying.certify, name="certify"),
    _of_item("blacken/", blackening.blacken, name="blacken"),
    _of_item("redact/", packing.redact, name="redact"),
    _of_item("use/", using.use, name="use"),
    _of_item("decide/", using.decide, name="decide"),
    _of_item("recall/", recalls.begin, name="recall-item"),
    _of_item("correct/", recalls.correct, name="correct"),
    _of_item("return/", answering.send_back, name="return"),
    path("hand-overs/", hand_overs.hand_overs, name="hand-overs"),
    path("hand-overs/<slug:reference>/confirm/", custody.confirm, name="confirm"),
    path("hand-overs/<slug:reference>/refuse/", custody.refuse, name="refuse"),
    path("hand-overs/<slug:reference>/withdraw/", custody.withdraw, name="withdraw"),
    path("uses/<slug:reference>/ruling/", using.ruling, name="ruling"),
]

CASES = [
    path("cases/", cases.cases, name="cases"),
    path("cases/new/", cases.open_case, name="open-case"),
    path("cases/<path:reference>/change/", changing.change, name="change-case"),
    path("cases/<path:reference>/close/", cases.close, name="close-case"),
    path("cases/<path:reference>/", cases.case, name="case"),
]

DUTIES = [
    path("obligations/", duties.obligations, name="obligations"),
    path("obligations/file.ics", duties.save, name="obligations-file"),
    path("obligations/<slug:reference>/", duties.discharge, name="discharge"),
    path("consents/", answering.consent_list, name="consents"),
    path("consents/<slug:reference>/", answering.consent, name="consent"),
    path("recalls/", recalls.recalls, name="recalls"),
    path("recalls/<slug:reference>/", recalls.recall, name="recall"),
]

ENDING = [
    path("holds/", ending.holds, name="holds"),
    path("holds/new/", ending.hold, name="hold"),
    path("holds/<slug:reference>/lift/", ending.lift, name="lift-hold"),
    path("destruction/", ending.destruction, name="destruction"),
    path("destruction/new/", ending.draft, name="draft-destruction"),
    path("destruction/<slug:reference>/", ending.destruction_list, name="destruction-list"),
    path("destruction/<slug:reference>/approve/", ending.approve, name="approve-destruction"),
    path("destruction/<slug:reference>/refuse/", ending.refuse, name="refuse-destruction"),
    path("destruction/<slug:reference>/withdraw/", ending.withdraw, name="withdraw-destruction"),
]

ALARMS = [
    path("alarms/", alarms.alarms, name="alarms"),
    path("alarms/<slug:reference>/", alarms.close, name="close-alarm"),
]

PACKING = [
    path("copies/", certifying.copies, name="copies"),
    path("copies/<slug:number>/", certifying.copy, name="copy"),
    path("copies/<slug:number>/void/", certifying.void, name="void-copy"),
    path("packages/", packing.packages, name="packages"),
    path("packages/new/", packing.pack, name="pack"),
    path("packages/orders/<slug:reference>/", ordering.order, name="packing-order"),
    path("packages/<slug:reference>/", packing.package, name="package"),
    path("packages/<slug:reference>/file/", ordering.file, name="package-file"),
]

RECORDS = [
    path("ceilings/", ceilings.ceilings, name="ceilings"),
    path("registers/", registers.register, {"name": "disclosures"}, name="registers"),
    path("registers/assurances/new/", registers.assure, name="assure"),
    path("registers/assurances/<slug:reference>/", disclosing.assurance, name="assurance"),
    path("registers/disclosures/new/", disclosing.disclose, name="disclose"),
    path("registers/disclosures/<slug:reference>/", disclosing.disclosure, name="disclosure"),
    path("registers/<slug:name>/", registers.register, name="register"),
    path("registers/<slug:name>/file.csv", registers.save, name="register-file"),
    path("persons/", erasing.subjects, name="subjects"),
    path("persons/<slug:reference>/", erasing.subject, name="subject"),
    path("persons/<slug:reference>/name/", erasing.name, name="open-name"),
    path("persons/<slug:reference>/erase/", erasing.draft, name="draft-erasure"),
]

SEAL = [
    path("seal/", sealing.seal, name="seal"),
    path("seal/make/", sealing.make, name="make-seal"),
    path("seal/request/", sealing.ask, name="request-seal"),
    path("seal/take/", sealing.take, name="take-seal"),
    path("seal/stamps/", sealing.stamps, name="stamps"),
    path("seal/revoke/", sealing.revoke, name="revoke-seal"),
    path("seal/roots/", sealing.trust, name="trust-root"),
    path("seal/roots/decide/", sealing.decide, name="decide-root"),
]

urlpatterns = [
    *VERIFICATION,
    *ITEMS,
    *CASES,
    *PACKING,
    *DUTIES,
    *ALARMS,
    *ENDING,
    *RECORDS,
    *SEAL,
]
