"""Which addresses are asked at all."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.outbound.addresses import (
    AddressWithPasswordError,
    OddAddressError,
    OddPortError,
    OutboundOffError,
    PrivateAddressError,
    checked_address,
    host_of,
    is_public,
)
from comity.outbound.policy import Policy

PRIVATE = (
    "127.0.0.1",
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2001:db8::1",
)
PUBLIC = ("1.1.1.1", "193.0.6.139", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1")


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_a_network_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::"]))
def test_writing_an_ipv4_address_in_an_ipv6_one_changes_nothing(
    inner: ipaddress.IPv4Address, around: str
) -> None:
    outer = ipaddress.IPv6Address(int(ipaddress.IPv6Address(around)) | int(inner))

    assert is_public(outer) == is_public(inner)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "customs.example/news.xml",
        "//customs.example/news.xml",
        "file:///etc/passwd",
        "ftp://customs.example/news.xml",
        "gopher://customs.example/",
        "javascript:alert(1)",
        "data:text/xml,<rss/>",
        "http://",
        "https:///news.xml",
        "http://[::1",
        "https://customs.example/" + "n" * 2000,
        "https://customs.example/\x00",
        "https://customs.example:notaport/",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(OddAddressError):
        checked_address(address)


@pytest.mark.parametrize(
    "address", ["https://user@customs.example/", "https://user:word@customs.example/"]
)
def test_no_name_and_no_password_is_sent(address: str) -> None:
    with pytest.raises(AddressWithPasswordError) as refused:
        checked_address(address)

    assert "word" not in str(refused.value).replace("password", "")


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 8001])
def test_a_port_that_is_not_of_the_web_is_refused(port: int) -> None:
    with pytest.raises(OddPortError):
        checked_address(f"https://customs.example:{port}/news.xml")


@pytest.mark.parametrize("host", [*PRIVATE[:6], "[::1]", "[::ffff:10.0.0.1]", "[fd00::1]"])
def test_a_private_address_written_out_is_refused_before_anything_is_sent(host: str) -> None:
    with pytest.raises(PrivateAddressError):
        checked_address(f"http://{host}/latest/meta-data/")


def test_an_intranet_is_asked_where_the_policy_allows_it() -> None:
    url = checked_address("http://10.0.0.1:9000/news.xml", Policy(private=True))

    assert str(url) == "http://10.0.0.1:9000/news.xml"


def test_a_node_that_is_switched_off_asks_nobody() -> None:
    with pytest.raises(OutboundOffError):
        checked_address("https://customs.example/news.xml", Policy(on=False))


def test_the_part_after_the_hash_is_not_sent() -> None:
    assert str(checked_address("https://customs.example/news#today")) == (
        "https://customs.example/news"
    )


def test_a_host_in_other_letters_is_asked_by_its_registered_name() -> None:
    url = checked_address("https://zürich.Example/")

    assert url.raw_host == b"xn--zrich-kva.example"


@given(st.text(max_size=80))
def test_any_text_is_either_an_address_of_the_web_or_refused_in_our_own_words(text: str) -> None:
    with suppress(ComityError):
        assert checked_address(text).scheme in ("http", "https")


@given(st.text(max_size=40))
def test_the_host_of_anything_can_be_told(text: str) -> None:
    assert isinstance(host_of(text), str)


def test_the_user_agent_names_us_and_whom_to_write_to() -> None:
    policy = Policy(contact="registry@northland.example\r\nX-Evil: 1")

    assert policy.user_agent.startswith("Comity/")
    assert "registry@northland.example" in policy.user_agent
    assert "\n" not in policy.user_agent
    assert "\r" not in policy.user_agent
