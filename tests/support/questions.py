# SPDX-License-Identifier: Apache-2.0
"""Small questions between Northland and Southland, and an agreement in force that answers them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from comity.agreements.assessment import Determination, Finding
from comity.agreements.case import Act
from comity.agreements.claim import Event
from comity.agreements.determination import determine
from comity.agreements.domestic_law import DomesticLaw, DomesticLaws, Ground
from comity.agreements.instrument import Instrument
from comity.agreements.overlay import Overlay
from comity.agreements.provision import Basis, Provision, ProvisionType
from comity.agreements.question import (
    Ask,
    Disclose,
    Item,
    Question,
    Recipient,
    Release,
    Retain,
    Use,
)
from comity.agreements.register import Register
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose, UseRule
from tests.support.agreements import NORTHLAND, SOUTHLAND, claim, instrument, provision, register

DAY = date(2024, 6, 3)
EARLIER = date(2022, 6, 3)
FORM = FormOfAssistance.INFO_OFFENCE
PURPOSE = Purpose.ADMIN_ENQUIRY
OFFENCE = Offence.TOBACCO

LAW = DomesticLaw(
    administration=NORTHLAND,
    title="Customs Secrecy Act of Northland",
    acts={
        (Act.ASK, None): "s 1",
        (Act.RELEASE, None): "s 1",
        (Act.DISCLOSE, Recipient.THIRD_STATE): "s 1",
        (Act.DISCLOSE, Recipient.COURT): "s 4",
        (Act.DISCLOSE, Recipient.DEFENCE): "s 4",
    },
    grounds=(Ground("agreement", "s 1(b)", ""), Ground("compliance", "s 1(a)", "")),
    authoriser="the director",
    assurances_article="s 2",
    agreement_assures=True,
    breach_article="s 3",
    testimony_article="s 4",
    testimony_decider="the solicitor",
    testimony_forms=frozenset({FormOfAssistance.EXPERTS_WITNESSES}),
    testimony_recipients=frozenset({Recipient.COURT, Recipient.DEFENCE}),
)
LAWS = DomesticLaws({NORTHLAND: LAW})
ON_FORM = provision("3", ProvisionType.ASSISTANCE, {"forms": (FORM,), "duty": "shall"})
ON_USE = provision("9", ProvisionType.USE, {"rules": {PURPOSE: UseRule.PERMITTED}})
CONFIDENTIAL = provision("10", ProvisionType.CONFIDENTIALITY, {"level": "as one's own"})
IN_FORCE = (claim(Event.SIGNED, "2019-11-01"), claim(Event.IN_FORCE, "2020-02-01"))


def agreement(*more: Provision, **settings: object) -> Instrument:
    """An agreement in force since February 2020 that allows information for enquiries."""
    claims = settings.pop("claims", IN_FORCE)
    return instrument(*claims, provisions=(ON_FORM, ON_USE, CONFIDENTIAL, *more), **settings)


def uses(article: str, rule: UseRule, purpose: Purpose = PURPOSE, **said: object) -> Provision:
    """An article on one purpose of use."""
    basis = said.pop("basis", Basis.READ)
    return provision(article, ProvisionType.USE, {"rules": {purpose: rule}} | said, basis=basis)


def ask(**more: object) -> Ask:
    """Northland asks Southland about tobacco, for an enquiry."""
    return replace(Ask(NORTHLAND, SOUTHLAND, (FORM,), (PURPOSE,), DAY, (OFFENCE,)), **more)


def release(**more: object) -> Release:
    """Northland supplies Southland; nothing is left open."""
    plain = Release(
        NORTHLAND,
        SOUTHLAND,
        (FORM,),
        (PURPOSE,),
        DAY,
        Item(personal_data=False, judicially_obtained=False),
        (OFFENCE,),
        assurances_given=True,
        assurance_breached=False,
    )
    return replace(plain, **more)


def use(**more: object) -> Use:
    """Northland uses what Southland supplied two years before."""
    return replace(Use(NORTHLAND, SOUTHLAND, PURPOSE, DAY, EARLIER), **more)


def disclose(recipient: Recipient, **more: object) -> Disclose:
    """Northland passes on what Southland supplied two years before."""
    return replace(Disclose(NORTHLAND, SOUTHLAND, recipient, DAY, EARLIER), **more)


def retain(**more: object) -> Retain:
    """Northland keeps what Southland supplied two years before."""
    return replace(Retain(NORTHLAND, SOUTHLAND, DAY, EARLIER), **more)


def answer(
    question: Question,
    *instruments: Instrument,
    overlay: Overlay | None = None,
    laws: DomesticLaws = LAWS,
    known: Register | None = None,
) -> Determination:
    """The engine's answer with a register of these instruments."""
    return determine(question, known or register(*instruments), overlay or Overlay(), laws)


def finding(determination: Determination, rule: str) -> Finding:
    """The one finding of a rule (the strictest, where it was put more than once)."""
    return max((f for f in determination.findings if f.rule == rule), key=lambda f: f.limit.rank)
