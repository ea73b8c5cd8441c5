# SPDX-License-Identifier: Apache-2.0
"""Worlds drawn at random: agreements with any provisions, any question, what was confirmed.

Everything comes from one `random.Random`, so a failing world is found again by its number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from comity.agreements.claim import Claim, Confidence, Event
from comity.agreements.domestic_law import DomesticLaws
from comity.agreements.instrument import Instrument, Party, ReadState, Reservation
from comity.agreements.overlay import Overlay, StandingRuling
from comity.agreements.provision import Basis, Provision, ProvisionType
from comity.agreements.provision_parameters import UseException
from comity.agreements.question import (
    Ask,
    Disclose,
    Item,
    Proceeding,
    Question,
    Recipient,
    Release,
    Retain,
    Use,
)
from comity.agreements.register import Register
from comity.agreements.verdict import NoticeTiming, Verdict
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InstrumentKind,
    Offence,
    Programme,
    Purpose,
    UseRule,
)
from tests.support.agreements import (
    GAZETTE,
    NORTHLAND,
    SOUTHLAND,
    claim,
    force_confirmation,
    instrument,
    provision,
    register,
)
from tests.support.questions import LAWS

FORMS = (
    FormOfAssistance.INFO_OFFENCE,
    FormOfAssistance.VERIFY_EXPORT,
    FormOfAssistance.CONTROLLED_DELIVERY,
    FormOfAssistance.RECOVERY,
    FormOfAssistance.EXPERTS_WITNESSES,
)
PURPOSES = (
    Purpose.ADMIN_ENQUIRY,
    Purpose.ASSESSMENT,
    Purpose.CRIMINAL_EVIDENCE,
    Purpose.CRIMINAL_INVESTIGATION,
    Purpose.OTHER_AUTHORITY,
    Purpose.THIRD_STATE,
    Purpose.PUBLIC,
)
OFFENCES = (Offence.TOBACCO, Offence.NARCOTICS, Offence.TERRORISM, Offence.SANCTIONS)
FIRST = date(2018, 1, 1)


@dataclass(frozen=True)
class World:
    """A register, what was recorded locally, the laws, and a question put to them."""

    question: Question
    register: Register
    overlay: Overlay
    laws: DomesticLaws


def world(number: int) -> World:
    """The world of this number."""
    random = Random(number)
    agreements = [agreement(random, n) for n in range(random.choice((1, 1, 1, 2, 3)))]
    return World(
        question=question(random),
        register=register(*agreements),
        overlay=overlay(random, agreements),
        laws=random.choice((LAWS, LAWS, LAWS, DomesticLaws())),
    )


def day(random: Random) -> date:
    """A day from 2018 to 2025."""
    return FIRST + timedelta(random.randrange(365 * 8))


def agreement(random: Random, number: int = 0) -> Instrument:
    """An agreement between Northland and Southland with any provisions."""
    annexes = random.choice((None, None, None, frozenset({"I"}), frozenset()))
    reserved = (Reservation(frozenset({"3"}), GAZETTE),) if random.random() < 0.05 else ()
    return instrument(
        *claims(random),
        reference=f"xn-xs-{number}",
        provisions=tuple(provisions(random)),
        parties=(Party(NORTHLAND, annexes=annexes), Party(SOUTHLAND, reservations=reserved)),
        read=random.choice(tuple(ReadState)),
        binding=random.random() < 0.9,
        existence=random.choice(("verified", "verified", "verified", "unverified")),
        kind=random.choice((InstrumentKind.TREATY_BILATERAL, InstrumentKind.PROTOCOL_OR_ANNEX)),
        programme=random.choice((Programme.CMAA, Programme.CMAA, Programme.TRADE_CHAPTER)),
    )


def claims(random: Random) -> list[Claim]:
    """Signed, perhaps in force, perhaps ended; some of it vague or doubtful."""
    signed = day(random)
    found = [claim(Event.SIGNED, signed.isoformat())]
    if random.random() < 0.75:
        since = (signed + timedelta(random.randrange(500))).isoformat()
        confidence = random.choice((Confidence.HIGH, Confidence.HIGH, Confidence.LOW))
        shown = since[: random.choice((4, 7, 10, 10, 10))]
        found.append(claim(Event.IN_FORCE, shown, confidence=confidence))
    if random.random() < 0.1:
        found.append(claim(Event.TERMINATED, day(random).isoformat()))
    return found


def basis(random: Random) -> Basis:
    """Mostly read."""
    return random.choice((Basis.READ, Basis.READ, Basis.READ, Basis.ASSUMED))


def provisions(random: Random) -> list[Provision]:
    """Articles on forms, uses, scope, disclosure, personal data and the end."""
    found = [_form(random) for _ in range(random.randrange(1, 4))]
    found += [_use(random) for _ in range(random.randrange(1, 5))]
    if random.random() < 0.3:
        found.append(_onward(random))
    for likely, type_, parameters in (
        (0.1, ProvisionType.SCOPE, {"excluded_forms": (random.choice(FORMS),)}),
        (0.1, ProvisionType.SCOPE, {"excluded_offences": (random.choice(OFFENCES),)}),
        (0.1, ProvisionType.SCOPE, {"judicial_information": "only-if-judicial-authority-agrees"}),
        (0.1, ProvisionType.PRECEDENCE, {"criminal_channel": UseRule.OTHER_CHANNEL_ONLY}),
        (0.1, ProvisionType.PRECEDENCE, {"wider_help_saved": True}),
        (0.05, ProvisionType.PRECEDENCE, {"overrides_inconsistent_bilaterals": True}),
        (0.2, ProvisionType.PERSONAL_DATA, {"gate": "agreed equivalence"}),
        (0.1, ProvisionType.PERSONAL_DATA, {"destroy_when_not_needed": True}),
        (0.2, ProvisionType.COMPELLED_DISCLOSURE, {"notice": NoticeTiming.BEFORE}),
        (0.6, ProvisionType.CONFIDENTIALITY, {"level": "as one's own"}),
        (0.4, ProvisionType.DURATION_TERMINATION, {"pending_completed": True}),
    ):
        if random.random() < likely:
            found.append(provision("2", type_, parameters, basis(random)))
    return found


def _form(random: Random) -> Provision:
    said: dict[str, object] = {"forms": tuple(random.sample(FORMS, random.randrange(1, 4)))}
    for likely, more in (
        (0.1, {"threshold": "reasonable suspicion"}),
        (0.1, {"suspensive_condition": "law on both sides"}),
        (0.1, {"limited_to": (Offence.NARCOTICS,)}),
        (0.1, {"supplier": SOUTHLAND}),
        (0.1, {"trigger": ("spontaneous",)}),
        (0.1, {"case_by_case": True}),
    ):
        if random.random() < likely:
            said |= more
    annex = "I" if random.random() < 0.1 else ""
    return provision("3", ProvisionType.ASSISTANCE, said, basis(random), annex=annex)


def _use(random: Random) -> Provision:
    purposes = random.sample(PURPOSES, random.randrange(1, 4))
    said: dict[str, object] = {"rules": {p: random.choice(tuple(UseRule)) for p in purposes}}
    said["notice"] = random.choice(tuple(NoticeTiming))
    if random.random() < 0.1:
        said["exception"] = UseException(UseRule.PERMITTED, (Offence.NARCOTICS,))
    if random.random() < 0.1:
        said["condition"] = "in customs courts"
    return provision("9", ProvisionType.USE, said, basis(random))


def _onward(random: Random) -> Provision:
    purpose = random.choice((Purpose.THIRD_STATE, Purpose.OTHER_AUTHORITY, Purpose.PUBLIC))
    said: dict[str, object] = {"rules": {purpose: random.choice(tuple(UseRule))}}
    if random.random() < 0.4:
        said["recipients"] = ("XE",)
    return provision("11", ProvisionType.ONWARD_DISCLOSURE, said, basis(random))


def overlay(random: Random, agreements: list[Instrument]) -> Overlay:
    """Perhaps a confirmation of force, perhaps a ruling."""
    confirmations, rulings = [], []
    for each in agreements:
        if random.random() < 0.2:
            confirmations.append(
                force_confirmation(
                    instrument=each.reference,
                    in_force_from=day(random),
                    review_by=date(2030, 1, 1),
                )
            )
        if random.random() < 0.1:
            rulings.append(ruling(random, each.reference))
    return Overlay(tuple(confirmations), tuple(rulings))


def ruling(random: Random, reference: str) -> StandingRuling:
    """A ruling on any form and purpose, of any verdict."""
    return StandingRuling(
        reference="RUL-1",
        instrument=reference,
        form=random.choice(FORMS),
        purpose=random.choice(PURPOSES),
        verdict=random.choice((Verdict.PERMITTED, Verdict.PERMITTED, Verdict.PROHIBITED)),
        conditions=(),
        grounds="settled practice",
        by="OFF-1",
        countersigned_by="OFF-2",
        recorded_on=FIRST,
        valid_from=FIRST,
        valid_until=date(2026, 1, 1),
    )


def item(random: Random) -> Item:
    """An item of which more or less is known."""
    return Item(
        caveats=frozenset(random.sample(tuple(Caveat), random.choice((0, 0, 0, 0, 1, 2)))),
        handling=random.choice((None, None, None, *HandlingCode)),
        personal_data=random.choice((None, False, False, True)),
        judicially_obtained=random.choice((None, False, False, True)),
        audience=random.choice((None, None, None, None, frozenset(), frozenset({NORTHLAND}))),
    )


def question(random: Random) -> Question:
    """A question of any kind by Northland."""
    on, kind = day(random), random.randrange(10)
    forms = tuple(random.sample(FORMS, random.choice((1, 1, 1, 2))))
    purposes = tuple(random.sample(PURPOSES, random.choice((1, 1, 1, 2))))
    offences = tuple(random.sample(OFFENCES, random.choice((0, 1, 1, 1, 2))))
    supplied = random.choice((on, on - timedelta(random.randrange(900)), None))
    told = random.choice((None, True, True, False))
    known: dict[str, bool | None] = {
        "assurances_given": told,
        "assurance_breached": random.choice((None, False, False, True)),
    }
    consent = random.random() < 0.2
    if kind < 4:
        facts = random.choice(((), (), (item(random),)))
        return Ask(
            NORTHLAND, SOUTHLAND, forms, purposes, on, offences,
            facts=facts, consent_given=consent, **known,
        )  # fmt: skip
    if kind < 6:
        return Release(
            NORTHLAND, SOUTHLAND, forms, purposes, on, item(random), offences,
            consent_given=consent, **known,
        )  # fmt: skip
    if kind < 8:
        return Use(
            NORTHLAND,
            SOUTHLAND,
            purposes[0],
            on,
            supplied,
            random.choice((Proceeding.NONE, Proceeding.NONE, *Proceeding)),
            offences,
            item(random),
            consent_given=consent,
            notice_given=random.random() < 0.2,
        )
    if kind < 9:
        return Disclose(
            NORTHLAND,
            SOUTHLAND,
            random.choice(tuple(Recipient)),
            on,
            supplied,
            random.choice(("", "XE")),
            compelled=random.random() < 0.3,
            offences=offences,
            item=item(random),
            consent_given=consent,
            **known,
        )
    return Retain(
        NORTHLAND, SOUTHLAND, on, supplied, random.choice((None, True, False)), item(random)
    )


def stricter(random: Random, text: Instrument) -> Instrument:
    """The agreement with one more restriction that was read.

    To ask consent for a purpose restricts where the text speaks of it; where it was silent, a
    person had to decide, and now knows more.
    """
    spoken = {
        purpose
        for each in text.provisions
        if each.type is ProvisionType.USE
        for purpose in each.parameters.get("rules", ())
    }
    more = random.choice(
        (
            provision("90", ProvisionType.SCOPE, {"excluded_forms": FORMS}),
            provision("91", ProvisionType.SCOPE, {"excluded_offences": OFFENCES}),
            provision(
                "92", ProvisionType.USE, {"rules": dict.fromkeys(PURPOSES, UseRule.PROHIBITED)}
            ),
            provision(
                "93", ProvisionType.USE, {"rules": dict.fromkeys(spoken, UseRule.PRIOR_CONSENT)}
            ),
            provision(
                "94", ProvisionType.PRECEDENCE, {"criminal_channel": UseRule.OTHER_CHANNEL_ONLY}
            ),
            provision("95", ProvisionType.PERSONAL_DATA, {"gate": "agreed equivalence"}),
        )
    )
    return replace(text, provisions=(*text.provisions, more))
