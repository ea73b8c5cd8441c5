# SPDX-License-Identifier: Apache-2.0
import json
from dataclasses import dataclass
from datetime import date

import pytest

from comity.agreements.documents import plain
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import Purpose


@dataclass(frozen=True)
class Value:
    on: date
    codes: frozenset[Purpose]
    nothing: None = None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Verdict.PRIOR_CONSENT, "prior-consent"),
        (date(2024, 10, 11), "2024-10-11"),
        (True, True),
        (3, 3),
        (None, None),
        ((Purpose.PUBLIC, "x"), ["PUBLIC", "x"]),
        (frozenset({Purpose.STATISTICS, Purpose.PUBLIC}), ["PUBLIC", "STATISTICS"]),
        ({Purpose.PUBLIC: Verdict.PROHIBITED}, {"PUBLIC": "prohibited"}),
        (
            Value(date(2024, 1, 2), frozenset({Purpose.PUBLIC})),
            {"on": "2024-01-02", "codes": ["PUBLIC"], "nothing": None},
        ),
    ],
)
def test_a_value_is_written_as_json_has_it(value, expected):
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)
    json.dumps(plain(value))
