# SPDX-License-Identifier: Apache-2.0
"""The closed vocabulary of provisions."""

from __future__ import annotations

import pytest

from comity.agreements.instrument_files import load_register
from comity.agreements.provision import ProvisionType
from comity.agreements.provision_parameters import (
    EVERYWHERE,
    PARAMETERS,
    Kind,
    names,
    parameter,
    value_of,
)


def test_every_type_of_provision_has_its_row():
    assert set(PARAMETERS) == set(ProvisionType)


def test_every_parameter_says_what_it_is_in_a_sentence():
    for row in (EVERYWHERE, *PARAMETERS.values()):
        for name, known in row.items():
            assert known.about.endswith("."), name
            assert known.expected
            assert name == name.lower()
            if known.kind in (Kind.CODE, Kind.CODES):
                assert known.codes is not None, name


def test_a_parameter_of_its_type_does_not_hide_one_that_all_have():
    for row in PARAMETERS.values():
        assert not set(row) & set(EVERYWHERE)


def test_what_one_type_may_have_another_may_not():
    assert parameter(ProvisionType.DEADLINES, "reply_days") is not None
    assert parameter(ProvisionType.USE, "reply_days") is None
    assert "forms" in names(ProvisionType.USE)


@pytest.mark.parametrize(
    ("of", "name", "given", "value"),
    [
        (ProvisionType.DEADLINES, "reply_days", "90", 90),
        (ProvisionType.SCOPE, "own_law", "true", True),
        (ProvisionType.SCOPE, "own_law", "false", False),
        (ProvisionType.REFUSAL, "reasons", "written", "written"),
        (ProvisionType.REFUSAL, "reasons", "true", True),
        (ProvisionType.DURATION_TERMINATION, "pending_completed", "false", False),
        (ProvisionType.COSTS, "exceptions", ["experts"], ("experts",)),
    ],
)
def test_words_of_a_file_become_values(of: ProvisionType, name: str, given: object, value: object):
    known = parameter(of, name)
    assert known is not None

    assert value_of(known, given) == value


@pytest.mark.parametrize(
    ("of", "name", "given"),
    [
        (ProvisionType.DEADLINES, "reply_days", "soon"),
        (ProvisionType.SCOPE, "own_law", "yes"),
        (ProvisionType.COSTS, "exceptions", "experts"),
        (ProvisionType.COSTS, "extraordinary", "split"),
        (ProvisionType.USE, "rules", ["PERMITTED"]),
        (ProvisionType.USE, "exception", {"rule": "PERMITTED", "who": "all"}),
        (ProvisionType.SPECIAL, "fixed_term", ["1967-07-15", "1967-01-16"]),
        (ProvisionType.SCOPE, "gate", ""),
    ],
)
def test_a_value_of_another_kind_is_refused(of: ProvisionType, name: str, given: object):
    known = parameter(of, name)
    assert known is not None

    with pytest.raises(ValueError, match=r".*"):
        value_of(known, given)


def test_every_parameter_in_use_is_in_the_table():
    register = load_register()
    used = {
        name
        for instrument in (*register.instruments.values(), *register.models.values())
        for provision in instrument.provisions
        for name in provision.parameters
    }

    assert len(used) > 100
    assert used <= {name for row in PARAMETERS.values() for name in row} | set(EVERYWHERE)
