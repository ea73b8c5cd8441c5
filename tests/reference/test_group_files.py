# SPDX-License-Identifier: Apache-2.0
"""Groups of states by date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from comity.reference.group_files import load_groups
from comity.reference.yaml_files import DataFileError, MissingKeyError, UnknownKeyError

GROUPS = load_groups()
GOOD = """\
groups:
- code: NORTH
  name: The northern states
  source: A chronicle
  members:
  - {members: ["NO", SE], since: 1990-01-01, until: 2000-01-01}
  - {members: [FI], since: unknown}
"""


def test_the_union_grew_and_the_united_kingdom_left():
    assert len(GROUPS.members("EU", date(1960, 1, 1))) == 6
    assert len(GROUPS.members("EU", date(2013, 7, 1))) == 28
    assert "GB" in GROUPS.members("EU", date(2019, 6, 1))
    assert len(GROUPS.members("EU", date(2021, 1, 1))) == 27


def test_the_united_kingdom_was_treated_as_a_member_in_2020():
    during = GROUPS.membership("EU", "GB", date(2020, 7, 1))
    before = GROUPS.membership("EU", "GB", date(2020, 1, 31))

    assert during is not None
    assert before is not None
    assert (before.title, during.title) == ("member", "treated-as-member")
    assert GROUPS.membership("EU", "GB", date(2021, 1, 1)) is None


def test_every_membership_says_where_it_is_known_from():
    for group in GROUPS.by_code.values():
        assert group.source
        for membership in group.memberships:
            assert membership.source
            if membership.since is None and membership.until is None:
                assert any(
                    word in membership.source
                    for word in ("ecalled", "not verified", "mappingtreaties")
                )


def test_the_members_of_the_wto_are_developed_or_developing_and_never_both():
    developed = GROUPS.members_ever("WTO-DEVELOPED")
    developing = GROUPS.members_ever("WTO-DEVELOPING")

    assert not developed & developing
    assert len(developed | developing) == 165


@pytest.mark.parametrize(
    ("old", "new", "line", "error"),
    [
        ("FI", "XX", 7, DataFileError),
        ("until: 2000-01-01", "until: 1980-01-01", 6, DataFileError),
        ("until: 2000-01-01", "title: friend", 6, DataFileError),
        ("since: unknown", "since: often", 7, DataFileError),
        ("until: 2000-01-01", "end: 2000-01-01", 6, UnknownKeyError),
        ("  source: A chronicle\n", "", 2, MissingKeyError),
        ("code: NORTH", "code: SE", 2, DataFileError),
    ],
)
def test_what_does_not_hold_together_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, error: type[DataFileError]
):
    assert old in GOOD
    file = tmp_path / "groups.yaml"
    file.write_text(GOOD.replace(old, new, 1), "utf-8")

    with pytest.raises(error) as caught:
        load_groups(file)

    assert (caught.value.fields["file"], caught.value.fields["line"]) == ("groups.yaml", line)
