# SPDX-License-Identifier: Apache-2.0
"""Which addresses are asked: those of the public web, unless the policy allows others.

What a name stands for is checked by `connection`, at the moment of connecting.
"""

from __future__ import annotations

import ipaddress
import re

import httpx2

from comity.catalogues import N_
from comity.errors import InvalidInputError, NotPermittedError
from comity.outbound.policy import PUBLIC_WEB, Policy

SCHEMES = ("http", "https")
USUAL_PORTS = frozenset({80, 443, 8080, 8443})
"""Ports of the public web; no other is asked, so that nobody makes us speak to a mail server."""
LONGEST_ADDRESS = 2000
HOST = re.compile(rb"[a-z0-9._:-]{1,253}")
"""A registered name or an address, as it is sent: lower case, nothing escaped."""


class OutboundOffError(NotPermittedError):
    """This node speaks to nobody outside."""

    code = "outbound-off"
    message = N_("This node is set to speak to no address outside; {host} was not asked.")
    remedy = N_("Read it from a file, or set COMITY_OUTBOUND to on.")


class OddAddressError(InvalidInputError):
    """An address that is not one of the web's."""

    code = "odd-address"
    message = N_("The address does not begin with https:// or http:// and a host, or is too long.")
    remedy = N_("Give an address such as https://customs.example/news.xml.")


class AddressWithPasswordError(OddAddressError):
    """An address that would send a name or password along."""

    code = "address-with-password"
    message = N_("The address holds a name or password, and none is ever sent.")


class OddPortError(OddAddressError):
    """An address at a port where the public web does not answer."""

    code = "odd-port"
    message = N_("Port {port} of {host} is not one of the public web's.")
    remedy = N_("Give another address, or set COMITY_OUTBOUND_PRIVATE on a node that may ask it.")


class PrivateAddressError(InvalidInputError):
    """An address inside somebody's own network."""

    code = "private-address"
    message = N_("{host} is not a public address of the internet.")
    remedy = N_("Give a public address, or set COMITY_OUTBOUND_PRIVATE on a node that may ask it.")


def checked_address(
    address: str, policy: Policy = PUBLIC_WEB, *, any_port: bool = False
) -> httpx2.URL:
    """The address as it will be asked, once its form and the policy allow that.

    A name is not looked up here; that, and the check of what it stands for, is done by connecting.
    Any port is for whoever speaks to a partner's node alone, which proves itself by TLS.
    """
    if len(address) > LONGEST_ADDRESS:
        raise OddAddressError
    try:
        url = httpx2.URL(address.strip())
    except httpx2.InvalidURL as error:
        raise OddAddressError from error
    if url.scheme not in SCHEMES or not HOST.fullmatch(url.raw_host):
        raise OddAddressError
    if url.userinfo:
        raise AddressWithPasswordError
    if not policy.on:
        raise OutboundOffError(host=url.host)
    if not policy.private:
        _refuse_inside(url, any_port=any_port)
    return url.copy_with(fragment=None)


def _refuse_inside(url: httpx2.URL, *, any_port: bool) -> None:
    if not any_port and url.port is not None and url.port not in USUAL_PORTS:
        raise OddPortError(port=url.port, host=url.host)
    try:
        literal = ipaddress.ip_address(url.host)
    except ValueError:
        return
    if not is_public(literal):
        raise PrivateAddressError(host=url.host)


def host_of(address: str) -> str:
    """The host of an address, for messages."""
    try:
        return httpx2.URL(address).host
    except httpx2.InvalidURL:
        return ""


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_TUNNELS = tuple(map(ipaddress.IPv6Network, ("2001::/32", "2002::/16", "64:ff9b:1::/48")))


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether the address belongs to a machine of the public internet, as far as it shows."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.is_site_local or address.is_reserved or any(address in net for net in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast
