# SPDX-License-Identifier: Apache-2.0
"""Small instruments between made-up administrations, with only the fields that matter to a test.

Northland (XN) is us, Southland (XS) our partner, Eastland (XE) a stranger: private-use ISO codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from comity.agreements.claim import Claim, Confidence, Event, Precision, Source
from comity.agreements.instrument import Instrument, Party, ReadState
from comity.agreements.overlay import Confirmation, ConfirmationEvidence, ConfirmedSubject
from comity.agreements.provision import Basis, Provision, ProvisionType
from comity.agreements.register import Register
from comity.reference.groups import Groups
from comity.reference.taxonomy import InstrumentKind, Programme

NORTHLAND, SOUTHLAND, EASTLAND = "XN", "XS", "XE"
GAZETTE = Source("Official gazette of Northland", "https://gazette.example/1", date(2024, 1, 2))
NEWSPAPER = Source("The Northland Courier", "https://courier.example/1", date(2024, 1, 3))
RECORDED = date(2024, 1, 2)


def claim(event: Event, on: str = "", **more: object) -> Claim:
    """A claim of the gazette; `on` is a day, a month, a year, or empty for unknown."""
    precision = {10: Precision.DAY, 7: Precision.MONTH, 4: Precision.YEAR}.get(
        len(on), Precision.UNKNOWN
    )
    padded = on + "-01-01"[-(10 - len(on)) :] if on and len(on) < 10 else on
    settings: dict[str, object] = {
        "event": event,
        "source": GAZETTE,
        "confidence": Confidence.HIGH,
        "recorded_on": RECORDED,
        "on": date.fromisoformat(padded) if on else None,
        "precision": precision,
    }
    return Claim(**(settings | more))  # type: ignore[arg-type]


def provision(
    article: str,
    type_: ProvisionType,
    parameters: Mapping[str, object] | None = None,
    basis: Basis = Basis.READ,
    **more: object,
) -> Provision:
    """A provision read in the gazette."""
    settings: dict[str, object] = {
        "article": article,
        "type": type_,
        "basis": basis,
        "reading": f"Article {article} says so.",
        "parameters": parameters or {},
        "source": GAZETTE,
        "recorded_on": RECORDED,
    }
    return Provision(**(settings | more))  # type: ignore[arg-type]


def instrument(
    *claims: Claim,
    reference: str = "xn-xs-2020",
    provisions: tuple[Provision, ...] = (),
    **more: object,
) -> Instrument:
    """An agreement of Northland and Southland on mutual assistance, read whole."""
    settings: dict[str, object] = {
        "reference": reference,
        "title": f"Agreement {reference}",
        "kind": InstrumentKind.TREATY_BILATERAL,
        "programme": Programme.CMAA,
        "parties": (Party(NORTHLAND), Party(SOUTHLAND)),
        "claims": claims,
        "provisions": provisions,
        "read": ReadState.WHOLE,
        "source": GAZETTE,
        "recorded_on": RECORDED,
    }
    return Instrument(**(settings | more))  # type: ignore[arg-type]


def register(*instruments: Instrument, **more: object) -> Register:
    """A register of these instruments, without groups unless given."""
    settings: dict[str, object] = {"groups": Groups({})}
    by_reference = {each.reference: each for each in instruments}
    return Register(by_reference, **(settings | more))  # type: ignore[arg-type]


def force_confirmation(**more: object) -> Confirmation:
    """Northland's confirmation that the agreement is in force since 15 March 2021."""
    settings: dict[str, object] = {
        "reference": "CNF-2024-001",
        "instrument": "xn-xs-2020",
        "subject": ConfirmedSubject.FORCE,
        "evidence": ConfirmationEvidence.NOTE_VERBALE,
        "citation": "Note 12/2021 of the embassy of Southland",
        "by": "OFF-CUSTODIAN",
        "countersigned_by": "OFF-ADVISER",
        "recorded_on": date(2024, 2, 1),
        "review_by": date(2026, 2, 1),
        "in_force_from": date(2021, 3, 15),
    }
    return Confirmation(**(settings | more))  # type: ignore[arg-type]
