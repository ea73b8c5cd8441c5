# SPDX-License-Identifier: Apache-2.0
"""The ports of the Container Security Initiative."""

from __future__ import annotations

import re

from comity.reference.countries import is_country
from comity.reference.ports import container_security_ports, ports_of


def test_the_fifty_eight_ports_are_there_each_with_a_code_of_its_country():
    ports = container_security_ports()

    assert len(ports) == 58
    assert len({port.unlocode for port in ports}) == 58
    for port in ports:
        assert is_country(port.country)
        assert re.fullmatch(rf"{port.country}[A-Z0-9]{{3}}", port.unlocode), port.name
        assert port.source


def test_a_port_that_is_only_recalled_has_no_day():
    for port in container_security_ports():
        if port.confidence == "unverified":
            assert port.operational_from == ""
        assert port.operational_from == "" or re.fullmatch(
            r"\d{4}-\d{2}(-\d{2})?", port.operational_from
        )


def test_ports_by_their_declaration():
    assert [port.name for port in ports_of("us-nl-csi")] == ["Rotterdam"]
    assert ports_of("us-xx-csi") == ()
