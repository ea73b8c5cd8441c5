# SPDX-License-Identifier: Apache-2.0
"""The node's court-facing seal as evidence knows it: what was sealed, by what, and who is trusted.

A result never hides that it is a pilot one: `pilot_seal` where no trust service vouches for the
seal's certificate, `pilot_stamp` where the built-in authority stamped, and `fell_back` where it
did because the authority of the settings could not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from comity.catalogues import N_
from comity.sealing.seal_certificates import RevocationList, SealCertificate
from comity.sealing.timestamps import Stamp


class CertificateRole(StrEnum):
    """What a certificate that the node keeps is to it."""

    ROOT = "root"
    ISSUING = "issuing"
    SEAL = "seal"
    STAMP = "stamp"
    CHAIN = "chain"
    """Of the authority that issued a seal's certificate which was taken in."""
    STAMP_CHAIN = "stamp-chain"
    """Of the time-stamp authority of the settings."""


class SealedKind(StrEnum):
    """What sort of document was sealed."""

    XML = "xml"
    PDF = "pdf"


class RootState(StrEnum):
    """What we think of the root of a partner's seal."""

    LEARNED = "learned"
    TRUSTED = "trusted"
    REFUSED = "refused"
    ENDED = "ended"


ROLE_WORDS: dict[CertificateRole, str] = {
    CertificateRole.ROOT: N_("root of the pilot authority"),
    CertificateRole.ISSUING: N_("pilot authority"),
    CertificateRole.SEAL: N_("seal"),
    CertificateRole.STAMP: N_("pilot time stamps"),
    CertificateRole.CHAIN: N_("authority behind the seal"),
    CertificateRole.STAMP_CHAIN: N_("authority of time stamps"),
}

ROOT_STATE_WORDS: dict[RootState, str] = {
    RootState.LEARNED: N_("learned, compared by nobody yet"),
    RootState.TRUSTED: N_("trusted"),
    RootState.REFUSED: N_("refused"),
    RootState.ENDED: N_("trusted no more"),
}


@dataclass(frozen=True, slots=True)
class Stamped:
    """A time stamp, and how it came about."""

    stamp: Stamp
    fell_back: bool = False
    """Whether the pilot authority stepped in for one that could not be had."""

    @property
    def pilot(self) -> bool:
        """Whether the built-in authority made it."""
        return self.stamp.pilot


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed document, or a file of signatures, with what it is worth."""

    content: bytes = field(repr=False)
    certificate: SealCertificate
    stamped: Stamped
    at: datetime

    @property
    def pilot_seal(self) -> bool:
        """Whether the seal's certificate is of the built-in authority."""
        return self.certificate.pilot

    @property
    def pilot_stamp(self) -> bool:
        """Whether the time stamp is of the built-in authority."""
        return self.stamped.pilot

    @property
    def fell_back(self) -> bool:
        """Whether the time-stamp authority of the settings could not be had."""
        return self.stamped.fell_back


@dataclass(frozen=True, slots=True)
class OwnSeal:
    """The seal that this node seals with, and what stands behind it."""

    certificate: SealCertificate
    chain: tuple[SealCertificate, ...]
    in_token: bool
    taken_at: datetime
    taken_by: str
    stamp_address: str
    """Where time stamps are asked for; empty for the built-in authority."""
    pilot_stamps_allowed: bool
    """Whether the built-in authority may step in where that one cannot be had."""

    @property
    def pilot(self) -> bool:
        """Whether no trust service vouches for it."""
        return self.certificate.pilot


@dataclass(frozen=True, slots=True)
class KeptCertificate:
    """A certificate of ours, or of who issued one, and how long it was used."""

    certificate: SealCertificate
    role: CertificateRole
    taken_at: datetime
    taken_by: str
    ended_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def of_seals(self) -> bool:
        """Whether seals of ours may lead to it; to an outside authority of time stamps, none."""
        return self.role is not CertificateRole.STAMP_CHAIN


@dataclass(frozen=True, slots=True)
class TrustedRoot:
    """A certificate at which verification may end, and since when and by whom it is trusted."""

    administration: str
    certificate: SealCertificate
    state: RootState
    learned_at: datetime
    learned_from: str
    """Reference of the message that brought it, or `file`."""
    decided_at: datetime | None = None
    decided_by: str = ""

    @property
    def pilot(self) -> bool:
        """Whether it is the root of a built-in authority."""
        return self.certificate.pilot


@dataclass(frozen=True, slots=True)
class TrustSnapshot:
    """All by which this node's seals and stamps can be verified, as it stood at an instant."""

    at: datetime
    certificates: tuple[SealCertificate, ...]
    """Our seal's, our time stamps', and of all who issued them."""
    revocations: tuple[RevocationList, ...]
    roots: tuple[TrustedRoot, ...]
    """Our own roots and those of partners that are trusted."""
