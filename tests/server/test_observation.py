# SPDX-License-Identifier: Apache-2.0
"""Each request has one line and one correlation, and nobody's name, address or words in either."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from prometheus_client import REGISTRY, generate_latest
from pytest_django import Settings

from comity.server.logs import JSONLines

pytestmark = [pytest.mark.db, pytest.mark.django_db]

NAME, WORD, ADDRESS = "erika.mustermann", "tulip-garden-27", "198.51.100.7"


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    """Every line as it would be written."""
    return [json.loads(JSONLines().format(record)) for record in caplog.records]


def test_a_request_is_one_line_with_its_route_and_correlation(
    capfd: pytest.CaptureFixture[str],
):
    response = Client().get("/account/sign-in/")

    written = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    ours = [line for line in written if line["from"] == "comity.request"]
    assert len(ours) == 1
    assert ours[0]["route"] == "/account/sign-in/"
    assert ours[0]["status"] == response.status_code
    assert ours[0]["correlation"] == response.headers["X-Request-Id"]


def test_nothing_that_a_person_typed_or_is_enters_a_line_or_a_measure(
    caplog: pytest.LogCaptureFixture,
):
    with caplog.at_level(logging.DEBUG):
        client = Client(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=NAME)
        client.post("/account/sign-in/", {"login": NAME, "password": WORD})
        client.get(f"/there-is-no/{NAME}?q={WORD}")
        client.get("/account/sign-in/", {"next": f"/{NAME}"})

    written = json.dumps(lines(caplog))
    for telling in (NAME, WORD, ADDRESS):
        assert telling not in written
        assert telling.encode() not in generate_latest(REGISTRY)


def test_the_id_of_a_proxy_is_taken_only_where_there_is_one(settings: Settings):
    offered = {"HTTP_X_REQUEST_ID": "from-the-proxy-1"}

    assert Client(**offered).get("/").headers["X-Request-Id"] != "from-the-proxy-1"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, trusted_proxies=1)
    assert Client(**offered).get("/").headers["X-Request-Id"] == "from-the-proxy-1"


def test_health_answers_the_supervisor_alone(settings: Settings, tmp_path: Path):
    (tmp_path / "probe").write_text("the word")
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)

    assert Client().get("/health/ready").status_code == 404
    assert Client(HTTP_X_COMITY_PROBE="another").get("/health/ready").status_code == 404
    asked = Client(HTTP_X_COMITY_PROBE="the word")
    assert asked.get("/health/ready").status_code == 200
    assert asked.get("/health/live").status_code == 204


def test_every_page_forbids_what_it_did_not_bring(settings: Settings):
    policy = Client().get("/account/sign-in/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert settings.SESSION_COOKIE_HTTPONLY
