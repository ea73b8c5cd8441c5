# SPDX-License-Identifier: Apache-2.0
"""The wire format's versions, and every limit that a document or a frame must keep.

All limits stand here and nowhere else. They are refused before anything is decrypted, most of
them from a length that was announced, so that nobody is made to read or keep what is too much.
The specification for implementers: `docs/reference/wire.md`.
"""

from __future__ import annotations

from collections.abc import Iterable

from comity.catalogues import N_
from comity.errors import InvalidInputError

WIRE_VERSIONS = (2, 1)
"""What this release writes and reads, the current one first."""
CURRENT = WIRE_VERSIONS[0]

KIB = 1024
MIB = 1024 * KIB

# Frames
FRAME_HEADER_BYTES = 64 * KIB
PARTS = 1000
"""Of one envelope on the wire; a partner's ceiling is usually lower."""
KEY_BYTES = 32
KEY_LIST_BYTES = KEY_BYTES * (1 + PARTS) + 64
"""The keys with what HPKE adds to them."""
DOCUMENT_BYTES = 5 * MIB
"""A signed document (DSSE), which is its payload in base64 and some."""

# Envelopes, evidences and cards
PAYLOAD_BYTES = 3 * MIB
HEADER_BYTES = 64 * KIB
BODY_BYTES = 1 * MIB
EVIDENCE_BYTES = 1 * MIB
CARD_BYTES = 512 * KIB
DEPTH = 32
"""Lists and objects within each other."""
VALUES = 250_000
"""Of a document: its commas and opening braces and brackets, counted in texts as well. What is
small on the wire can be large in memory."""
SIGNATURES = 20

# Texts, in characters
CODE = 60
ADMINISTRATION = 20
REFERENCE = 100
NAME = 255
MEDIA_TYPE = 200
SHORT_TEXT = 500
NOTE = 16 * KIB
"""A checkpoint with its signatures."""

# Lists
CAVEATS = 50
FINDINGS = 500
FACTS = 50
CONSISTENCY = 128
CARD_KEYS = 200
CARD_LIST = 1000

SEGMENTS = 2**40
"""Of one part: more than AES-GCM's nonces of 11 octets need, less than a number may be."""
LONGEST_WAIT = 7 * 24 * 3600
"""Seconds that a node may ask for before the next attempt."""
LARGEST_NUMBER = 2**53 - 1
"""What JSON numbers hold exactly (RFC 8785)."""


class WireFormError(InvalidInputError):
    """A document of a partner does not have the form of the wire format."""

    code = "wire-form"
    message = N_("The {document} does not have its form: {member} is {found}, expected {expected}.")
    remedy = N_("Ask the sender which release wrote it, and compare it with reference/wire.md.")


class WireLimitError(InvalidInputError):
    """A document or frame is larger than any node takes."""

    code = "wire-limit"
    message = N_("The {document} is too large: {member} has {found}, at most {most} are taken.")
    remedy = N_("Send large content as parts, and what does not fit one message as several.")


class WireVersionUnknownError(InvalidInputError):
    """A document or frame is of a wire version that this release does not have."""

    code = "wire-version-unknown"
    message = N_("Wire version {found} is not one that this node has: it has {known}.")
    remedy = N_("Send one of the versions that this node's card names, or update the older node.")


class DocumentUnknownError(InvalidInputError):
    """A document is of a type that has another reader, or none."""

    code = "document-type-unknown"
    message = N_("A document of type {found} is not taken here, expected {expected}.")
    remedy = N_("Check that the right file was named and that it was sent to the right address.")


def require_version(version: object) -> int:
    """The wire version, which must be one of ours."""
    if isinstance(version, bool) or not isinstance(version, int) or version not in WIRE_VERSIONS:
        found = version if isinstance(version, int) and abs(version) < 10**6 else "of another form"
        raise WireVersionUnknownError(found=found, known=", ".join(map(str, WIRE_VERSIONS)))
    return version


def highest_common(theirs: Iterable[int]) -> int:
    """The version to speak with somebody who has these."""
    common = set(WIRE_VERSIONS) & set(theirs)
    if not common:
        found = ", ".join(map(str, sorted(theirs))) or "none"
        raise WireVersionUnknownError(found=found, known=", ".join(map(str, WIRE_VERSIONS)))
    return max(common)


def require_at_most(found: int, most: int, *, document: str, member: str) -> None:
    """Raise `WireLimitError` where there is more than the limit."""
    if found > most:
        raise WireLimitError(document=document, member=member, found=found, most=most)
