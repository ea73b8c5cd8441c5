# SPDX-License-Identifier: Apache-2.0
"""What is asked of others, and how: the caps on one visit, and what an installation allows."""

from __future__ import annotations

from dataclasses import dataclass

from comity import __version__


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken from a server, at most."""

    size: int = 8 * 1024 * 1024
    """Bytes of the document after decompression, and bytes on the wire."""
    connect_seconds: float = 10
    read_seconds: float = 20
    """Longest silence."""
    total_seconds: float = 60
    """For the whole visit, from the first look-up of a name to the last byte of all redirects."""
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Policy:
    """Whether and how this installation speaks to the outside."""

    on: bool = True
    private: bool = False
    """Whether private addresses and unusual ports may be asked, as tests and intranets need."""
    proxy: str = ""
    """Address of the proxy for everything; it then finds the addresses and must guard them."""
    contact: str = ""
    """Whom the publisher can write to, in the User-Agent."""
    certificates: str = ""
    """File of further certificate authorities (PEM)."""

    @property
    def user_agent(self) -> str:
        """Who asks."""
        contact = "".join(c for c in self.contact if c.isascii() and c.isprintable())
        return f"Comity/{__version__} (+{contact})" if contact else f"Comity/{__version__}"


USUAL_LIMITS = Limits()
PUBLIC_WEB = Policy()
"""Public addresses only, without a proxy."""
