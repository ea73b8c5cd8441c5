# SPDX-License-Identifier: Apache-2.0
"""The kit against our own node behind a real port, and against one that breaks the rules."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import connection

from comity.accounts.officer import OPERATOR
from comity.exchange import evidence as evidences
from comity.exchange.conform.checks import CHECKS, run_checks
from comity.exchange.conform.subject import Subject
from comity.exchange.conform.tester import make_tester
from comity.exchange.conform.verdicts import Verdict
from comity.exchange.door import Door
from comity.exchange.evidence import Evidence, EvidenceKind, read_evidence
from comity.exchange.outcome import Stated, Unknown
from comity.exchange.partner import KeyUse
from comity.exchange.services import assembling, cards, own_keys, partners
from comity.exchange.services.receiving import RECEPTION
from comity.exchange.signed_document import read_signed, signed
from comity.exchange.transports.listener import ListenerLimits, make_listener
from comity.outbound import Policy
from tests.support.memory_node import now

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tester(settings, tmp_path):
    """The administration XT, a partner of our node XN."""
    home = tmp_path / "northland"
    home.mkdir()
    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT,
        home=home,
        administration="XN",
        exchange_url="https://localhost:8443",
        exchange_reserve=0,
    )
    made = make_tester(tmp_path / "tester", "XT", at=now())
    record = partners.propose(made.card.document, by=OPERATOR, at=now())
    partners.confirm("XT", record.partner.fingerprint, by=OPERATOR, at=now())
    return made


@contextmanager
def under_test(tester, door):
    """Our node's door at a real port, as the kit sees it."""
    card = cards.own_card(at=now()).card

    def application(environ, start_response):
        try:
            return list(door(environ, start_response))
        finally:
            connection.close()

    listener = make_listener(
        application,
        address="127.0.0.1",
        port=0,
        context=assembling.tls_context(at=now()),
        limits=ListenerLimits(handshake_seconds=5, silence_seconds=20),
    )
    listener.prepare()
    thread = threading.Thread(target=listener.serve, daemon=True)
    thread.start()
    subject = Subject(f"https://127.0.0.1:{listener.port}", card, tester, Policy(private=True), now)
    try:
        yield subject
    finally:
        subject.close()
        listener.stop()
        thread.join(10)


def test_our_own_node_conforms(tester):
    with under_test(tester, assembling.door()) as subject:
        report = run_checks(subject)

    bad = [each for each in report.results if each.verdict is not Verdict.HOLDS]
    assert bad == []
    assert len(report.results) == len(CHECKS)


class Broken:
    """Our node's reception, with the habits of a careless one."""

    def __init__(self):
        self.given = {}

    def receive(self, frames, *, partner, at):
        return [self._spoiled(each) for each in RECEPTION.receive(frames, partner=partner, at=at)]

    def _spoiled(self, outcome):
        """A new receipt each time, which names no part; and refusals become receipts."""
        if not isinstance(outcome, Stated):
            return outcome
        told = read_evidence(read_signed(outcome.evidence, evidences.PAYLOAD_TYPE).payload)
        anew = Evidence(
            id=f"{len(self.given):08d}-0000-4000-8000-000000000000",
            kind=EvidenceKind.RELAYED,
            message=told.message,
            envelope=told.envelope or "0" * 64,
            by=told.by,
            to=told.to,
            at=told.at,
        )
        self.given[anew.id] = anew
        key = own_keys.signing_key(KeyUse.ENVELOPE, at=now())
        return Stated(outcome.message, signed(anew.payload(), evidences.PAYLOAD_TYPE, [key]))

    def outcome_of(self, message, *, partner):
        return Unknown(message)

    def take_part(self, *arguments, **named):
        return RECEPTION.take_part(*arguments, **named)

    def hear(self, statements, *, partner, at):
        return [True for _ in statements]


def test_a_node_that_breaks_the_rules_fails_the_checks_of_those_rules_and_no_others(tester):
    inner = next(
        cell.cell_contents
        for cell in assembling.door().__closure__
        if isinstance(cell.cell_contents, Door)
    )
    house = replace(
        inner._house,
        reception=Broken(),
        nonces=SimpleNamespace(use=lambda *_, **__: True),
    )
    with under_test(tester, Door(house)) as subject:
        report = run_checks(subject)

    verdicts = {each.code: each.verdict for each in report.results}
    assert report.failing() == (
        "CNF-12",  # replays
        "CNF-14", "CNF-15",  # another receipt for a duplicate, none when asked
        "CNF-19", "CNF-21", "CNF-22", "CNF-23",  # takes everything
        "CNF-25",  # parts
        "CNF-31", "CNF-33",  # receipts for rubbish
        "CNF-35", "CNF-36",  # believes every evidence
    )  # fmt: skip
    assert {code for code, verdict in verdicts.items() if verdict is Verdict.NOT_RUN} == {
        "CNF-26", "CNF-27", "CNF-28",
    }  # fmt: skip
    assert not report.conforms


def test_a_node_that_signs_nothing_fails_at_once_and_the_rest_is_not_run(tester, monkeypatch):
    monkeypatch.setattr(Door, "_signed", lambda self, status, headers, *_: headers)
    with under_test(tester, assembling.door()) as subject:
        report = run_checks(subject, only=("CNF-1", "CNF-13"))

    assert [each.verdict for each in report.results] == [Verdict.FAILS, Verdict.NOT_RUN]
    assert report.results[0].found.startswith("unsigned")


def test_where_nobody_listens_no_check_holds(tester):
    with under_test(tester, assembling.door()) as subject:
        pass

    report = run_checks(subject)

    assert {each.verdict for each in report.results} == {Verdict.FAILS, Verdict.NOT_RUN}


def test_every_check_has_a_number_of_its_own_and_needs_an_earlier_one():
    codes = [check.code for check in CHECKS]

    assert codes == [f"CNF-{number}" for number in range(1, len(CHECKS) + 1)]
    for check in CHECKS:
        assert not check.needs or codes.index(check.needs) < codes.index(check.code)
