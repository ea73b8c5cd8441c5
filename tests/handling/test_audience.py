# SPDX-License-Identifier: Apache-2.0
"""Lists of recipients: none is everybody, an empty one nobody."""

from __future__ import annotations

import pytest

from comity.handling.audience import AudienceError, audience_of, includes


def test_no_list_is_everybody_and_an_empty_one_nobody() -> None:
    assert includes(None, "XS")
    assert not includes(audience_of([]), "XS")
    assert not includes(audience_of(["XS"]), "")


def test_a_state_that_is_named_includes_its_authorities_and_not_the_other_way_round() -> None:
    assert includes(audience_of(["xs"]), "XS/CUSTOMS")
    assert not includes(audience_of(["XS/CUSTOMS"]), "XS")
    assert not includes(audience_of(["XS"]), "XE")


@pytest.mark.parametrize("odd", ["", "Southland", "XS/", "X S", "XS/customs of south"])
def test_whoever_is_no_administration_is_refused(odd: str) -> None:
    with pytest.raises(AudienceError):
        audience_of([odd])
