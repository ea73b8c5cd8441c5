# SPDX-License-Identifier: Apache-2.0
"""A node starts only where server, tables and program fit one another."""

from __future__ import annotations

from typing import Any

import pytest

from comity.server.environment import Environment
from comity.server.node import preparing
from comity.server.node.preparing import SchemaAheadError, SchemaBehindError
from comity.server.postgres_programs import ServerTooOldError

FITS: dict[str, Any] = {"postgresql": "17.0", "pending": [], "unknown": []}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"postgresql": "16.9"}, ServerTooOldError),
        ({"pending": ["agreements.0002_more"]}, SchemaBehindError),
        ({"unknown": ["agreements.0009_later"]}, SchemaAheadError),
        ({"unknown": ["a.1"], "pending": ["b.2"]}, SchemaAheadError),
    ],
)
def test_what_does_not_fit_is_named(
    monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any], error: type[Exception]
):
    monkeypatch.setattr(preparing, "ask", lambda *_: FITS | answer)

    with pytest.raises(error):
        preparing.look(Environment())


def test_what_fits_is_let_pass(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    monkeypatch.setattr(preparing, "ask", lambda _, act: asked.append(act) or FITS)

    preparing.prepare(Environment())

    assert asked == ["prepare"]
