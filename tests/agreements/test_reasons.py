# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from comity.agreements import reasons
from tests.agreements.test_cases import answer_to, cases


@pytest.mark.parametrize("case", cases())
def test_every_finding_reads_as_a_sentence(case):
    answer = answer_to(case)

    for finding in (*answer.findings, *answer.conditions):
        said = reasons.sentence(finding)
        assert not said[0].islower(), said
        assert said.endswith((".", "”")), said
