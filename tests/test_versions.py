# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.versions import VersionNotGivenError, VersionTagError, version_given, version_tag


@given(st.from_regex(r"[A-Z]{3}-[0-9]{5}", fullmatch=True), st.integers(1, 10**9))
def test_the_tag_that_goes_out_comes_back_as_the_version(reference, version):
    assert version_given(reference, version_tag(reference, version)) == version


@pytest.mark.parametrize("absent", ["", None])
def test_a_change_without_a_version_is_refused(absent):
    with pytest.raises(VersionNotGivenError):
        version_given("OFF-00001", absent)


@pytest.mark.parametrize(
    "tag", ['"OFF-00002.1"', "OFF-00001.1", "*", 'W/"OFF-00001.1"', '"OFF-00001.x"', '"OFF-00001"']
)
def test_a_tag_that_this_record_never_had_is_refused(tag):
    with pytest.raises(VersionTagError):
        version_given("OFF-00001", tag)
