# SPDX-License-Identifier: Apache-2.0
"""Fills the browser tests' node: tables, the register, one officer per role, their sessions.

Runs as a process of the node and prints what it made as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date, timedelta
from typing import Any

import django


def main() -> None:
    """Migrate, register, sign in."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    json.dump(made(), sys.stdout)


def made() -> dict[str, Any]:
    """The officers of Northland, one for each role, and what they have on their desks."""
    from comity.accounts.permissions import Role
    from comity.accounts.queries import officer_by_reference
    from comity.clock import now
    from tests.support.evidence_on_pages import fill_evidence

    sessions = {}
    officers = {}
    for number, role in enumerate(Role, start=1):
        reference = f"OFF-T{number:03}"
        sessions[role.value] = signed_in(reference, role)
        officers[role] = officer_by_reference(reference)
    fill_desks(officers[Role.TREATY_CUSTODIAN], officers[Role.LEGAL_ADVISER],
               officers[Role.CASE_OFFICER])  # fmt: skip
    fill_news(officers[Role.TREATY_CUSTODIAN], officers[Role.LEGAL_ADVISER])
    fill_exchange(officers[Role.CASE_OFFICER], officers[Role.UNIT_HEAD])
    fill_evidence(officers, now())
    return {"sessions": sessions, "newcomers": [newcomer(name) for name in ("a.rivers", "b.stone")]}


def newcomer(name: str) -> dict[str, str]:
    """An officer registered as a node does it, who has never signed in yet."""
    from comity.accounts.officer import OPERATOR
    from comity.accounts.services import register_officer
    from comity.clock import now

    made = register_officer(
        sign_in_name=name, display_name=name, roles=["auditor"], by=OPERATOR, at=now()
    )
    return {"sign_in_name": name, "password": made.password}


def signed_in(reference: str, role: Any) -> str:
    """Make an officer with this role and return the cookie of a session."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from comity.clock import now

    # Made directly: registration by an administrator has its own tests.
    row = get_user_model().objects.create(
        reference=reference,
        sign_in_name=role.value,
        display_name=role.value.replace("-", " ").capitalize(),
        roles=[role.value],
        registered_at=now(),
        second_factor_postponed=True,
    )
    settings.ALLOWED_HOSTS.append("testserver")
    client = Client()
    client.force_login(row, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session  # as if the password had been given a moment ago
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() + 1800, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(row.pk)
    session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def fill_desks(custodian: Any, adviser: Any, officer: Any) -> None:
    """A confirmation in effect and one drafted, a ruling, an attestation, a proposal, an answer."""
    from comity.agreements import services
    from comity.agreements.overlay import ConfirmationEvidence
    from comity.agreements.question_reading import question_of
    from comity.agreements.records import ProposalKind
    from comity.agreements.verdict import Verdict
    from comity.clock import now
    from comity.journal import services as journal
    from comity.reference.taxonomy import FormOfAssistance, Purpose

    at = now()
    today, year = at.date(), timedelta(days=365)
    for instrument in ("us-cv-2023", "us-uz-2024"):
        confirmation = services.draft_confirmation(
            services.ConfirmationDraft(
                instrument,
                ConfirmationEvidence.NOTE_VERBALE,
                "Made-up note verbale 1, for the tests only",
                today + year,
                in_force_from=date(2024, 3, 1),
            ),
            by=custodian,
            at=at,
        )
        if instrument == "us-cv-2023":
            services.countersign_confirmation(
                confirmation.reference, version=None, by=adviser, at=at
            )
    services.draft_ruling(
        services.RulingDraft(
            "us-cv-2023",
            FormOfAssistance.INFO_OFFENCE,
            Purpose.CRIMINAL_EVIDENCE,
            Verdict.PERSON_MUST_DECIDE,
            "Made-up grounds, for the tests only",
            today,
            today + timedelta(days=300),
        ),
        by=adviser,
        at=at,
    )
    services.attest(
        "US", "CV", valid_from=today, valid_until=today + year, citation="Made-up list of treaties",
        by=custodian, at=at,
    )  # fmt: skip
    source = {"title": "Made-up official journal", "read_on": today.isoformat()}
    claim = {"event": "in-force", "date": "2024-03-01", "source": source, "confidence": "low"}
    services.propose(
        ProposalKind.CLAIM, "us-cv-2023", claim, grounds="Made-up grounds", by=officer, at=at
    )
    question = {
        "kind": "ask", "asker": "US", "asked": "CV", "forms": ["INFO_OFFENCE"],
        "offences": ["SMUGGLING_GENERAL"], "purposes": ["CRIMINAL_EVIDENCE"],
        "on": today.isoformat(),
    }  # fmt: skip
    services.assess(question_of(question), by=officer, at=at)
    journal.checkpoint(at=at)


PACIFIC = {"NR": "Nauru", "TO": "Tonga", "KI": "Kiribati", "TV": "Tuvalu", "PW": "Palau",
           "FM": "Micronesia", "SB": "Solomon Islands", "FJ": "Fiji"}  # fmt: skip


def fill_news(custodian: Any, adviser: Any) -> None:
    """Releases of which we say what they announce: cards that wait, one rejected, one public.

    The extraction has tests of its own, and what it reads may change; these cards may not.
    """
    from unittest.mock import patch

    from comity.clock import now
    from comity.newsfeed import queries, services
    from comity.newsfeed.announcement import Announcement
    from comity.newsfeed.records import SourceDraft
    from tests.support import news

    at = now()
    draft = SourceDraft(
        "northland-press", "Northland press", "https://press.northland.example/feed", "US",
        "en", "Open Northland licence",
    )  # fmt: skip
    services.add_source(draft, by=custodian, at=at)
    busy, several = news.busy_month()
    edited = news.release(
        busy.title,
        *(part.replace("120", "130") for part in busy.text.split("\n")[1:]),
        guid=busy.guid,
    )
    given = [
        (news.UZBEKISTAN, (news.SIGNED_WITH_UZBEKISTAN,)),
        (news.VANUATU, (news.SIGNED_WITH_VANUATU,)),
        *((one, (event,)) for one, event in map(news.arrangement_with, PACIFIC, PACIFIC.values())),
        (busy, several),
        (edited, several[:1]),
    ]
    for article, events in given:
        read = Announcement(article, events)
        with patch("comity.newsfeed.services.taking.extract", lambda _, read=read: read):
            services.take_in([article], "northland-press", at)
    *_, vanuatu, uzbekistan = queries.cards().rows
    decided = {"version": None, "by": adviser, "at": at}
    services.accept(vanuatu.reference, public=True, **decided)
    services.reject(uzbekistan.reference, reason="The register has the right day.", **decided)


def fill_exchange(clerk: Any, head: Any) -> None:
    """A partner with a node, one without, one proposed; messages, a letter, an alarm."""
    from comity.accounts.officer import OPERATOR
    from comity.agreements.queries import known_law
    from comity.agreements.question_reading import question_of
    from comity.clock import now
    from comity.exchange import models
    from comity.exchange.alarm import AlarmKind
    from comity.exchange.draft import Decision, Draft
    from comity.exchange.evidence import EvidenceKind
    from comity.exchange.letter import Channel
    from comity.exchange.note import NOTE, Note
    from comity.exchange.queries.messages import envelope_document, envelope_in
    from comity.exchange.services import bring_to_the_desk, letters, own_keys, partners
    from comity.exchange.services.alarms import raise_alarm
    from comity.exchange.services.posting import post
    from comity.exchange.services.receiving import RECEPTION
    from tests.support.exchange import File, PartnerNode
    from tests.support.partner_cards import held_card

    at = now()
    own_keys.make_own_keys(at=at)
    for code, confirmed in (("CV", True), ("KI", False)):
        held = held_card(code, at)
        record = partners.propose(held.document, by=OPERATOR, at=at)
        if confirmed:
            partners.confirm(code, record.partner.fingerprint, by=OPERATOR, at=at)
            node = PartnerNode(held, own_keys.own_card_keys(at=at), own="US", known=known_law())
    partners.register_without_node("UZ", "Uzbekistan Customs", by=OPERATOR, at=at)
    partners.change_settings("UZ", by=OPERATOR, at=at, language="fr", address="Customs\nTashkent")

    def sent(to: str, case: str, subject: str) -> str:
        question = {
            "kind": "ask", "asker": "US", "asked": to, "forms": ["INFO_OFFENCE"],
            "offences": ["SMUGGLING_GENERAL"], "purposes": ["CRIMINAL_EVIDENCE"],
            "on": at.date().isoformat(),
        }  # fmt: skip
        note = Note(subject, "We ask for the records of the consignment.\n\nWith kind regards")
        draft = Draft(
            NOTE, to, note.body(), question=question_of(question), case=case, handling="H1",
            caveats=("CUSTOMS_ONLY", "NO_THIRD_STATE"),
            decision=Decision("Agreed in writing on 2 March.", head),
        )  # fmt: skip
        return post(draft, by=clerk, at=at).reference

    def row_of(reference: str) -> models.Message:
        return models.Message.objects.get(reference=reference)

    ours = row_of(sent("CV", "REQ-US-2026-00041", "Consignment of tobacco"))
    envelope = envelope_in(envelope_document(ours.sealed))
    receipt = node.receipt(envelope, at=now())
    delivered = node.evidence(EvidenceKind.DELIVERED, envelope, at=now())
    RECEPTION.hear([receipt, delivered], partner="CV", at=now())
    file = File(b"%PDF-1.7 made up", "records of the consignment.pdf")
    answer = node.envelope(
        files=[file], at=now(), in_reply_to=envelope.header.id, case="S-17",
        conversation=envelope.header.conversation, handling="H2", caveats=("CUSTOMS_ONLY",),
        question=question_of({
            "kind": "release", "supplier": "CV", "receiver": "US", "forms": ["INFO_OFFENCE"],
            "offences": ["SMUGGLING_GENERAL"], "purposes": ["CRIMINAL_EVIDENCE"],
            "on": at.date().isoformat(),
        }),
    )  # fmt: skip
    RECEPTION.receive([node.frame(answer, files=[file])], partner="CV", at=now())
    RECEPTION.take_part(answer.header.id, 0, 0, file.sealed(), partner="CV", at=now())
    bring_to_the_desk(at=now())
    given_up = row_of(sent("CV", "REQ-US-2026-00042", "Second consignment"))
    models.Message.objects.filter(pk=given_up.pk).update(
        state="dead", problem="too-many-attempts", attempts=40
    )
    for subject in ("Origin of goods", "Certificate of origin"):
        letter = sent("UZ", "REQ-US-2026-00043", subject)
    said = letters.Registered(Channel.COURIER, at.date())
    letters.record_dispatch(letter, said, by=clerk, at=at)
    raise_alarm(AlarmKind.PARTNER_SILENT, partner="CV", at=at, proof={"note": "made up"})
    models.Way.objects.filter(partner__code="CV").update(
        reached_at=at - timedelta(hours=5), failures=3, problem="peer-unreachable",
        tried_at=at, not_before=at + timedelta(minutes=4),
    )  # fmt: skip


if __name__ == "__main__":
    main()
