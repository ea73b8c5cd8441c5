# SPDX-License-Identifier: Apache-2.0
"""Addresses of the exchange's pages, under /exchange/."""

from __future__ import annotations

from django.urls import path

from comity.exchange.pages import (
    alarms,
    cards,
    composing,
    diagnosing,
    invitations,
    ledger,
    letters,
    message,
    official_key,
    partners,
    queue,
)

app_name = "exchange"

MESSAGES = [
    path("messages/", ledger.messages, name="messages"),
    path("messages/new/", composing.compose, name="compose"),
    path("messages/new/why/", composing.compose_why, name="compose-why"),
    path("messages/<slug:reference>/", message.show, name="message"),
    path(
        "messages/<slug:reference>/evidences/<uuid:identifier>/", message.evidence, name="evidence"
    ),
    path("messages/<slug:reference>/read/", message.read, name="read"),
    path("messages/<slug:reference>/envelope/", message.save_envelope, name="save-envelope"),
    path("messages/<slug:reference>/parts/<int:number>/", message.save_part, name="save-part"),
    path("messages/<slug:reference>/refuse/", message.refuse, name="refuse"),
    path("messages/<slug:reference>/try-again/", message.again, name="try-again"),
    path("messages/<slug:reference>/withdraw/", message.take_back, name="withdraw"),
]

INVITATIONS = [
    path("cards/<str:token>", invitations.card, name="invited-card"),
]

PARTNERS = [
    path("partners/", partners.partners, name="partners"),
    path("partners/cards/new/", cards.take, name="take-card"),
    path("partners/cards/without-node/", cards.without_node, name="without-node"),
    path("partners/cards/own/", cards.own, name="own-card"),
    path("partners/cards/own/file/", cards.file, name="card-file"),
    path("partners/<str:code>/", partners.partner, name="partner"),
    path("partners/<str:code>/confirm/", partners.confirm, name="confirm"),
    path("partners/<str:code>/act/", partners.act, name="partner-act"),
    path("partners/<str:code>/ceilings/", partners.ceilings, name="ceilings"),
    path("partners/<str:code>/binding/", partners.binding, name="binding"),
    path("partners/<str:code>/diagnose/", diagnosing.diagnose, name="diagnose"),
]

OFFICIALS = [
    path("official-key/", official_key.official_key, name="official-key"),
]

OPERATION = [
    path("queue/", queue.queue, name="queue"),
    path("queue/maintenance/begin/", queue.begin, name="begin-maintenance"),
    path("queue/maintenance/end/", queue.end, name="end-maintenance"),
    path("alarms/", alarms.alarms, name="alarms"),
    path("alarms/<slug:reference>/", alarms.alarm, name="alarm"),
    path("alarms/<slug:reference>/proof/", alarms.proof, name="alarm-proof"),
    path("alarms/<slug:reference>/close/", alarms.close, name="close-alarm"),
]

LETTERS = [
    path("letters/", letters.letters, name="letters"),
    path("letters/new/", letters.incoming, name="incoming"),
    path("letters/<slug:reference>/", letters.letter, name="letter"),
    path("letters/<slug:reference>/dispatch/", letters.dispatch, name="dispatch"),
    path("letters/<slug:reference>/return/", letters.came_back, name="came-back"),
    path("letters/<slug:reference>/proofs/<int:number>/", letters.proof, name="proof"),
    path("partners/<str:code>/address/", letters.address, name="address"),
]

urlpatterns = [*LETTERS, *MESSAGES, *INVITATIONS, *PARTNERS, *OFFICIALS, *OPERATION]
