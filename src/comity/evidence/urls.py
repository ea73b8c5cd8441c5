# SPDX-License-Identifier: Apache-2.0
"""Addresses of the pages of evidence, under /evidence/."""

from __future__ import annotations

from django.urls import path

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

app_name = "evidence"

VERIFICATION = [
    path("verify/", verifying.verify, name="verify"),
    path("verify/verify.py", verifying.program, name="verify-program"),
    path("verify/anchors.pem", verifying.anchors, name="verify-anchors"),
]

ITEMS = [
    path("items/", items.items, name="items"),
    path("items/new/", adding.add, name="add"),
    path("items/<slug:reference>/", item.show, name="item"),
    path("items/<slug:reference>/pages/<int:number>.png", previews.page, name="page"),
    path("items/<slug:reference>/file/", item.save, name="save"),
    path("items/<slug:reference>/claims/", item.claim, name="claim"),
    path("items/<slug:reference>/case/", item.put_in_case, name="put-in-case"),
    path("items/<slug:reference>/flags/", item.clear, name="clear-flag"),
    path("items/<slug:reference>/custody/", custody.record, name="custody-act"),
    path("items/<slug:reference>/hand-over/", custody.hand_over, name="hand-over"),
    path("items/<slug:reference>/verify/", custody.verify, name="verify-item"),
    path("items/<slug:reference>/checklist/", checklists.checklist, name="checklist"),
    path("items/<slug:reference>/certify/", certifying.certify, name="certify"),
    path("items/<slug:reference>/blacken/", blackening.blacken, name="blacken"),
    path("items/<slug:reference>/redact/", packing.redact, name="redact"),
    path("items/<slug:reference>/use/", using.use, name="use"),
    path("items/<slug:reference>/decide/", using.decide, name="decide"),
    path("items/<slug:reference>/recall/", recalls.begin, name="recall-item"),
    path("items/<slug:reference>/correct/", recalls.correct, name="correct"),
    path("items/<slug:reference>/return/", answering.send_back, name="return"),
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
