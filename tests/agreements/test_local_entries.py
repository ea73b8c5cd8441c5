# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date

import pytest

from comity.agreements.claim import Confidence, Event, Precision
from comity.agreements.instrument import Authority
from comity.agreements.local_entries import (
    InstrumentExistsError,
    LocalEntry,
    LocalEntryUnreadableError,
    checked,
    merged,
)
from comity.agreements.records import LocalKind
from comity.agreements.register import UnknownInstrumentError
from comity.reference.taxonomy import UnknownCodeError
from tests.support.agreements import claim, instrument, register

DAY = date(2026, 3, 2)
SOURCE = {"title": "Gazette of Southland", "url": "https://gazette.example/2"}
CLAIM = {"event": "in-force", "date": "2021-03-15", "source": SOURCE}


def entry(content: dict[str, object], kind: LocalKind = LocalKind.CLAIM) -> LocalEntry:
    return LocalEntry(kind, "xn-xs-2020", content, DAY)


@pytest.fixture
def shipped():
    return register(instrument(claim(Event.SIGNED, "2020-05-04")))


@pytest.mark.parametrize(
    ("written", "on", "precision"),
    [
        ("2021-03-15", date(2021, 3, 15), Precision.DAY),
        ("2021-03", date(2021, 3, 1), Precision.MONTH),
        ("2021", date(2021, 1, 1), Precision.YEAR),
        ("unknown", None, Precision.UNKNOWN),
    ],
)
def test_a_local_claim_stands_beside_the_shipped_ones(written, on, precision, shipped):
    found = merged(shipped, [entry(CLAIM | {"date": written})]).instrument("xn-xs-2020")

    signed, added = found.claims
    assert signed.event is Event.SIGNED
    assert (added.on, added.precision, added.recorded_on) == (on, precision, DAY)
    assert added.confidence is Confidence.HIGH
    assert added.source.url == "https://gazette.example/2"


def test_merging_changes_nothing_in_the_shipped_register(shipped):
    merged(shipped, [entry(CLAIM)])

    assert len(shipped.instrument("xn-xs-2020").claims) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"date": "15 March 2021"},
        {"date": "2021-02-30"},
        {"source": {}},
        {"source": "Gazette"},
        {"source": SOURCE | {"read_on": "today"}},
        {"mood": "hopeful"},
        {"note": "a\x00b"},
    ],
)
def test_a_claim_that_cannot_be_read_is_refused(change, shipped):
    with pytest.raises(LocalEntryUnreadableError):
        checked(shipped, entry(CLAIM | change))


@pytest.mark.parametrize("change", [{"event": "ratified"}, {"confidence": "certain"}])
def test_a_code_that_does_not_exist_is_refused(change, shipped):
    with pytest.raises(UnknownCodeError):
        checked(shipped, entry(CLAIM | change))


def test_a_claim_needs_an_instrument_in_the_register(shipped):
    with pytest.raises(UnknownInstrumentError):
        checked(shipped, LocalEntry(LocalKind.CLAIM, "xn-xs-1999", CLAIM, DAY))


def test_a_reference_that_is_taken_is_not_given_again(shipped):
    with pytest.raises(InstrumentExistsError):
        checked(shipped, entry({"reference": "xn-xs-2020"}, LocalKind.INSTRUMENT))


def test_an_authority_is_added_and_later_changed_part_by_part(shipped):
    first = entry({"code": "XS/CUSTOMS", "contact_point": "Unit A", "source": SOURCE},
                  LocalKind.AUTHORITY)  # fmt: skip
    second = entry({"code": "XS/CUSTOMS", "designated_officials": ["XS-7"], "source": SOURCE},
                   LocalKind.AUTHORITY)  # fmt: skip

    [found] = merged(shipped, [first, second]).instrument("xn-xs-2020").authorities

    assert isinstance(found, Authority)
    assert (found.contact_point, found.designated_officials) == ("Unit A", ("XS-7",))
    assert found.party == "XS"


NEW = {
    "reference": "us-cv-2030", "title": "A later agreement", "kind": "treaty_bilateral",
    "programme": "cmaa", "parties": ["US", "CV"], "sources": {"s1": SOURCE}, "source": "s1",
    "claims": [{"event": "signed", "date": "2030-01", "source": "s1", "confidence": "high"}],
}  # fmt: skip


def test_a_new_instrument_is_read_as_a_file_of_the_register_is(shipped):
    new = LocalEntry(LocalKind.INSTRUMENT, "us-cv-2030", NEW, DAY)

    found = checked(shipped, new).instrument("us-cv-2030")

    assert found.claims[0].precision is Precision.MONTH
    assert found.recorded_on == DAY


def test_an_instrument_shipped_meanwhile_is_the_better_text(shipped):
    early = LocalEntry(LocalKind.INSTRUMENT, "xn-xs-2020", NEW, DAY)

    assert merged(shipped, [early]).instrument("xn-xs-2020").title == "Agreement xn-xs-2020"


def test_a_reference_inside_and_outside_must_be_the_same(shipped):
    with pytest.raises(LocalEntryUnreadableError):
        checked(shipped, LocalEntry(LocalKind.INSTRUMENT, "us-cv-2031", NEW, DAY))
