# SPDX-License-Identifier: Apache-2.0
"""Log lines are JSON, carry their correlation, and name nobody."""

from __future__ import annotations

import io
import json
import logging
import sys

import pytest

from comity.jobs.correlation import correlation, new_correlation
from comity.server.logs import FACTS, SILENT, JSONLines, StandardError, logging_settings

NAME, ADDRESS, BODY = "erika.mustermann", "198.51.100.7", "passport C01X0006H"


def line(name: str, message: str, *arguments: object, **extra: object) -> dict[str, object]:
    """What is written for one record."""
    record = logging.LogRecord(name, logging.INFO, __file__, 1, message, arguments, None)
    vars(record).update(extra)
    written: dict[str, object] = json.loads(JSONLines().format(record))
    return written


def test_a_line_says_when_how_grave_where_and_what():
    written = line("comity.node", "started", child="web", pid=7)

    assert written["level"] == "info"
    assert written["from"] == "comity.node"
    assert (written["message"], written["child"], written["pid"]) == ("started", "web", 7)
    assert str(written["at"]).endswith("+00:00")


def test_a_line_carries_the_correlation_of_its_request():
    token = correlation.set("abc12345")
    try:
        assert line("comity.request", "request")["correlation"] == "abc12345"
    finally:
        correlation.reset(token)
    assert "correlation" not in line("comity.request", "request")


def test_facts_that_are_not_listed_do_not_pass():
    written = line("comity.request", "request", user=NAME, ip=ADDRESS, body=BODY, request=BODY)

    assert not {"user", "ip", "body", "request"} & set(written)
    assert all(word not in str(written) for word in (NAME, ADDRESS, BODY))
    assert not {"user", "ip", "address", "path", "body", "name"} & set(FACTS)


def test_what_libraries_put_into_their_messages_is_left_out():
    written = line("django.db.backends", "Failed login for %s from %s", NAME, ADDRESS)

    assert written["message"] == "Failed login for %s from %s"


def test_an_exception_is_written_without_its_words():
    try:
        raise ValueError(f"cannot parse {BODY}")
    except ValueError:
        record = logging.LogRecord(
            "comity.jobs", logging.ERROR, __file__, 1, "job failed", (), sys.exc_info()
        )
    written = JSONLines().format(record)

    assert BODY not in written
    assert json.loads(written)["error"] == "ValueError"
    assert "test_an_exception" in json.loads(written)["passed"][-1]


@pytest.mark.parametrize("name", SILENT)
def test_loggers_that_quote_paths_and_forms_write_nothing(name: str):
    settings = logging_settings("DEBUG")["loggers"][name]

    assert settings["handlers"] == ["nowhere"]
    assert settings["propagate"] is False


def test_only_an_id_of_the_right_shape_is_taken_from_a_proxy():
    assert new_correlation("0123-abcd-4567") == "0123-abcd-4567"
    for odd in ("", "short", "x" * 65, "with space inside", "line\nbreak-in-it"):
        assert new_correlation(odd) != odd
        assert len(new_correlation(odd)) == 16


def test_lines_go_to_the_standard_error_of_the_moment(monkeypatch: pytest.MonkeyPatch):
    handler = StandardError()
    handler.setFormatter(JSONLines())
    later = io.StringIO()
    monkeypatch.setattr(sys, "stderr", later)

    handler.emit(logging.LogRecord("comity.node", logging.INFO, __file__, 1, "started", (), None))

    assert json.loads(later.getvalue())["message"] == "started"
