# SPDX-License-Identifier: Apache-2.0
"""What `deploy/` gives to systemd names only settings and commands that exist."""

from __future__ import annotations

import configparser
from dataclasses import fields
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from comity.cli import build_parser
from comity.server.environment import Environment, variable_name

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
HARDENED = ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices")


def service(unit: Path) -> dict[str, str]:
    """The [Service] section of a unit; of a repeated key the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit)
    return dict(parser["Service"])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_that_exists(unit: Path):
    program, *words = service(unit)["ExecStart"].split()

    assert program.endswith("/comity")
    assert callable(build_parser("en", words).parse_args(words).run)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_sets_only_what_is_a_setting(unit: Path):
    known = {variable_name(setting.name) for setting in fields(Environment)}

    assert service(unit)["Environment"].partition("=")[0] in known


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_gives_the_node_no_more_than_it_needs(unit: Path):
    settings = service(unit)

    assert settings["User"] == "comity"
    assert settings["CapabilityBoundingSet"] == ""
    assert settings["ProtectSystem"] == "strict"
    assert all(settings[name] == "yes" for name in HARDENED)


def test_the_way_out_leads_to_the_internet_and_not_into_the_inner_network():
    closed = service(DEPLOY / "outbound.conf")["IPAddressDeny"].split()
    inner = ("10.1.2.3", "172.20.0.1", "192.168.1.1", "100.100.0.1", "fd00::1")
    networks = [ip_network(each) for each in closed if "/" in each]

    assert "any" not in closed
    assert {"link-local", "multicast"} <= set(closed)
    assert all(any(ip_address(ip) in network for network in networks) for ip in inner)
    assert not any(ip_address("1.1.1.1") in network for network in networks)


def test_the_supervisor_has_the_time_it_takes_to_stop():
    from comity.server.node.supervisor import PATIENCE
    from comity.server.postgres import STOP_SECONDS

    seconds = int(service(DEPLOY / "comity.service")["TimeoutStopSec"])

    assert seconds > sum(PATIENCE.values()) + STOP_SECONDS
