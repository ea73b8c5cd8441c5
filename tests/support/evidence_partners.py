# SPDX-License-Identifier: Apache-2.0
"""Northland's node with evidence, and partners that tell and answer what evidence tells and asks.

The agreement permits enquiries, asks for notice before a criminal trial and for consent before an
item goes on to a third state. `hand_over` is what a partner's node sends us, `sent_to` what ours
sent to it, `receipted` says that its node has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from comity.accounts.officer import Officer
from comity.accounts.permissions import Role
from comity.agreements.instrument import Instrument
from comity.exchange.envelope import Envelope
from comity.exchange.evidence import EvidenceKind
from comity.reference.taxonomy import Purpose, UseRule
from tests.support import exchange, questions
from tests.support.exchange import NOON, File, PartnerNode, evidence_of

KINDS = (
    "exchange.note/1",
    "exchange.test/1",
    "evidence.use-notice/1",
    "evidence.consent-request/1",
    "evidence.consent-answer/1",
    "evidence.ruling/1",
    "evidence.hand-over/1",
    "evidence.return/1",
    "evidence.correction/1",
    "evidence.package/1",
    "evidence.recall/1",
    "evidence.recall-answer/1",
)
PROSECUTOR = Officer("OFF-00021", "N. Prosecutor", frozenset({Role.PROSECUTOR}))
INVESTIGATOR = Officer("OFF-00022", "N. Investigator", frozenset({Role.INVESTIGATOR}))
UNIT_HEAD = Officer("OFF-00002", "N. Head", frozenset({Role.UNIT_HEAD}))
LEGAL_ADVISER = Officer("OFF-00023", "N. Adviser", frozenset({Role.LEGAL_ADVISER}))
PROTECTOR = Officer("OFF-00024", "N. Protector", frozenset({Role.DATA_PROTECTION_OFFICER}))
CUSTODIAN = Officer("OFF-00011", "N. Custodian", frozenset({Role.EVIDENCE_CUSTODIAN}))
COURT = Purpose.CRIMINAL_EVIDENCE


def agreement() -> Instrument:
    """The tests' agreement, with articles on court use and on passing on."""
    return questions.agreement(
        questions.uses("9(2)", UseRule.PERMITTED_NOTIFY, COURT, notice="BEFORE"),
        questions.uses("9(3)", UseRule.PERMITTED_NOTIFY, Purpose.ADMIN_PROCEEDING, notice="ON_USE"),
        questions.uses("9(4)", UseRule.PRIOR_CONSENT, Purpose.CIVIL_JUDICIAL),
        questions.uses("11", UseRule.PRIOR_CONSENT, Purpose.THIRD_STATE),
    )


def northland(settings: Any, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Make this process's node Northland's, with that agreement and its keys."""
    from comity.exchange.services import freshening

    monkeypatch.setattr(freshening._freshness, "is_due", lambda: False)
    exchange.northland_node(settings, monkeypatch, home, agreement())


def a_partner(code: str = "XS") -> PartnerNode:
    """A partner of ours whose node takes every kind of message about evidence."""
    return exchange.southland_node(code, kinds=KINDS)


def hand_over(
    node: PartnerNode,
    kind: str,
    body: Mapping[str, Any],
    *,
    at: datetime = NOON,
    files: Sequence[File] = (),
    **header: Any,
) -> Envelope:
    """A message of the partner, taken by our node; it must have been receipted."""
    from comity.exchange.services.receiving import RECEPTION

    made = node.envelope(kind=kind, body=body, files=files, at=at, basis=None, **header)
    frame = node.frame(made, files=files)
    [outcome] = RECEPTION.receive((frame,), partner=node.code, at=at)
    if files:
        for number, file in enumerate(files):
            outcome = RECEPTION.take_part(
                made.header.id, number, 0, file.sealed(), partner=node.code, at=at
            )
    assert evidence_of(outcome).kind is EvidenceKind.RELAYED, evidence_of(outcome)
    return made


def refused(node: PartnerNode, kind: str, body: Mapping[str, Any], **header: Any) -> str:
    """The reason for which our node refuses a message of the partner."""
    from comity.exchange.services.receiving import RECEPTION

    made = node.envelope(kind=kind, body=body, basis=None, **header)
    [outcome] = RECEPTION.receive((node.frame(made),), partner=node.code, at=made.header.created)
    found = evidence_of(outcome)
    assert found.kind is EvidenceKind.REFUSED
    return found.reason.code if found.reason else ""


def sent_to(partner: str, kind: str) -> Envelope:
    """The last message of this kind that our node has for a partner."""
    from comity.exchange import models
    from comity.exchange.queries.messages import envelope_document, envelope_in

    rows = models.Message.objects.filter(partner__code=partner, kind=kind, direction="out")
    row = rows.order_by("-pk").first()
    assert row is not None, kind
    return envelope_in(envelope_document(row.sealed))


def receipted(node: PartnerNode, kind: str, *, at: datetime = NOON) -> Envelope:
    """Our last message of this kind, once the partner's node has given its receipt."""
    from comity.exchange.services.hearing import hear_evidences

    envelope = sent_to(node.code, kind)
    hear_evidences([node.receipt(envelope)], partner=node.code, at=at)
    return envelope
