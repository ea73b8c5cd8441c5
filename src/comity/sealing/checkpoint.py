# SPDX-License-Identifier: Apache-2.0
"""Signed tree heads as the C2SP specifications write them (tlog-checkpoint, signed-note).

A checkpoint says of a log: at this size the root was this. Whoever keeps one can later hold
the log to it. Signatures by keys that the reader does not know are skipped, as the
specification asks (witnesses may add theirs); one that a known key did not make is refused.
A witness adds its cosignature with the time (tlog-cosignature): it saw this, and no fork of it.

    <origin>
    <tree size>
    <root, base64>

    — <key name> <base64 of key id (4 bytes) and signature>
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from comity.catalogues import N_
from comity.errors import InvalidInputError, VerificationError
from comity.sealing.keys import KeyFileError, SigningKey, VerificationKey

ED25519 = b"\x01"
"""The signature type of the signed-note specification."""
COSIGNATURE = b"\x04"
"""The type of a timestamped Ed25519 cosignature (tlog-cosignature)."""
_KEY_ID_LENGTH = 4
_TIME_LENGTH = 8
_SIGNATURE_LENGTH = 64
_ROOT_LENGTH = 32
_MOST_SIGNATURES = 100
_DASH = "— "


class CheckpointUnreadableError(InvalidInputError):
    """A text is not a checkpoint, or a name cannot stand in one."""

    code = "checkpoint-unreadable"
    message = N_("This is not a checkpoint of a log: {obstacle}.")
    remedy = N_("Check that the checkpoint was copied whole, its last line break included.")


class CheckpointUntrustedError(VerificationError):
    """A checkpoint bears no signature of a known key, or one that does not fit."""

    code = "checkpoint-untrusted"
    message = N_("The checkpoint of {origin} at size {size} is not to be trusted: {obstacle}.")
    remedy = N_("Compare the fingerprint of the log's key with the one its administration gave.")


class NoteUntrustedError(VerificationError):
    """A note bears no signature of a known key, or one that does not fit."""

    code = "note-untrusted"
    message = N_("The signed note is not to be trusted: {obstacle}.")
    remedy = N_("Compare the fingerprint of the signer's key with the one that was given.")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself at one size."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        _check_line(self.origin, "the origin")
        if self.size < 0 or len(self.root) != _ROOT_LENGTH:
            raise CheckpointUnreadableError(obstacle="its size or root has another length")

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A key under the name that it has in notes."""

    name: str
    key: VerificationKey

    def __post_init__(self) -> None:
        _check_key_name(self.name)

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over name, type and key."""
        return self._named(ED25519)

    @property
    def cosigner_id(self) -> bytes:
        """The key id that it has where it cosigns another log's checkpoint."""
        return self._named(COSIGNATURE)

    def _named(self, kind: bytes) -> bytes:
        named = self.name.encode() + b"\n" + kind + self.key.raw
        return hashlib.sha256(named).digest()[:_KEY_ID_LENGTH]

    @property
    def text(self) -> str:
        """The verifier key as one line: name+id+key, to hand to others."""
        encoded = base64.b64encode(ED25519 + self.key.raw).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"


def read_note_key(text: str) -> NoteKey:
    """The key of a verifier-key line; its key id must be the one that follows from it."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    decoded = _from_base64(encoded, "the verifier key")
    if decoded[:1] != ED25519:
        raise CheckpointUnreadableError(obstacle="the verifier key is of an unknown type")
    try:
        key = NoteKey(name, VerificationKey.from_raw(decoded[1:]))
    except KeyFileError as error:
        raise CheckpointUnreadableError(obstacle="the verifier key is not 32 bytes") from error
    if key.key_id.hex() != key_id:
        raise CheckpointUnreadableError(obstacle="the verifier key has another key id")
    return key


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey, *, name: str = "") -> str:
    """The signed note. The key's name is the origin unless another is given."""
    note_key = NoteKey(name or checkpoint.origin, key.public)
    signature = note_key.key_id + key.sign(checkpoint.text.encode())
    line = f"{_DASH}{note_key.name} {base64.b64encode(signature).decode()}\n"
    return f"{checkpoint.text}\n{line}"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint that a witness cosigned, and when it says that it did."""

    checkpoint: Checkpoint
    witness: str
    at: datetime


def cosign(note: str, key: SigningKey, *, name: str, at: datetime) -> str:
    """The note with one more line: this witness saw it at this instant.

    Whoever cosigns has verified the log's own signature, and that the log only grew.
    """
    text, _ = _split_note(note)
    witness = NoteKey(name, key.public)
    seconds = int(at.timestamp())
    signature = key.sign(_cosigned_text(text, seconds))
    body = witness.cosigner_id + seconds.to_bytes(_TIME_LENGTH, "big") + signature
    return f"{note}{_DASH}{name} {base64.b64encode(body).decode()}\n"


def verify_cosignature(note: str, keys: Sequence[NoteKey]) -> Cosigned:
    """What a known witness cosigned; the log's own signature is verified apart from this."""
    checkpoint = read_checkpoint(note)
    text, signatures = _split_note(note)
    known = {(key.name, key.cosigner_id): key.key for key in keys}
    found: list[Cosigned] = []
    for name, key_id, body in signatures:
        key = known.get((name, key_id))
        if key is None:
            continue
        seconds = int.from_bytes(body[:_TIME_LENGTH], "big")
        whole = len(body) == _TIME_LENGTH + _SIGNATURE_LENGTH
        if not whole or not key.fits(body[_TIME_LENGTH:], _cosigned_text(text, seconds)):
            raise _cosignature_untrusted(checkpoint, f"the cosignature of {name} does not fit")
        found.append(Cosigned(checkpoint, name, _instant(seconds)))
    if not found:
        raise _cosignature_untrusted(checkpoint, "no known witness cosigned it")
    return max(found, key=lambda cosigned: cosigned.at)


def _cosigned_text(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _instant(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise CheckpointUnreadableError(obstacle="a cosignature's time is no time") from error


def _cosignature_untrusted(checkpoint: Checkpoint, obstacle: str) -> CheckpointUntrustedError:
    return CheckpointUntrustedError(
        origin=checkpoint.origin, size=checkpoint.size, obstacle=obstacle
    )


def read_checkpoint(note: str) -> Checkpoint:
    """What the note says, nothing of it verified."""
    return _parse_text(_split_note(note)[0])


def verify_checkpoint(note: str, keys: Sequence[NoteKey]) -> Checkpoint:
    """What the note says, once a known key proves to have signed it."""
    checkpoint = read_checkpoint(note)
    obstacle = _untrusted(note, keys)
    if obstacle:
        raise CheckpointUntrustedError(
            origin=checkpoint.origin, size=checkpoint.size, obstacle=obstacle
        )
    return checkpoint


def verify_note(note: str, keys: Sequence[NoteKey]) -> str:
    """The text of any signed note, once a known key proves to have signed it."""
    obstacle = _untrusted(note, keys)
    if obstacle:
        raise NoteUntrustedError(obstacle=obstacle)
    return _split_note(note)[0]


def _untrusted(note: str, keys: Sequence[NoteKey]) -> str:
    """Why the note is not to be trusted; empty when it is."""
    text, signatures = _split_note(note)
    known = {(key.name, key.key_id): key.key for key in keys}
    verified = False
    for name, key_id, signature in signatures:
        key = known.get((name, key_id))
        if key is None:  # a witness, or a key after rotation: not ours to judge
            continue
        if not key.fits(signature, text.encode()):
            return f"the signature of {name} does not fit"
        verified = True
    return "" if verified else "no known key signed it"


def _split_note(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    if any(ord(letter) < 0x20 and letter != "\n" for letter in note):
        raise CheckpointUnreadableError(obstacle="it holds control characters")
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise CheckpointUnreadableError(obstacle="its signatures do not follow a blank line")
    signature_lines = lines[:-1].split("\n")
    if len(signature_lines) > _MOST_SIGNATURES:
        raise CheckpointUnreadableError(obstacle=f"more than {_MOST_SIGNATURES} signatures")
    return text + "\n", [_parse_signature(line) for line in signature_lines]


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH):
        raise CheckpointUnreadableError(obstacle="a signature line does not begin with a dash")
    _check_key_name(name)
    decoded = _from_base64(encoded, "a signature")
    if len(decoded) <= _KEY_ID_LENGTH:
        raise CheckpointUnreadableError(obstacle="a signature is too short")
    return name, decoded[:_KEY_ID_LENGTH], decoded[_KEY_ID_LENGTH:]


def _parse_text(text: str) -> Checkpoint:
    lines = text.split("\n")[:-1]
    if len(lines) < 3 or not all(lines):
        raise CheckpointUnreadableError(obstacle="it has fewer than three lines, or empty ones")
    origin, size, root = lines[:3]  # extension lines are signed, and mean nothing to us
    digits = size.isascii() and size.isdigit() and len(size) <= 19
    if not digits or size != str(int(size)):
        raise CheckpointUnreadableError(obstacle="its size is not a plain number")
    return Checkpoint(origin, int(size), _from_base64(root, "the root"))


def _from_base64(encoded: str, what: str) -> bytes:
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CheckpointUnreadableError(obstacle=f"{what} is not base64") from error
    if base64.b64encode(decoded).decode() != encoded:  # one spelling only
        raise CheckpointUnreadableError(obstacle=f"{what} is not canonical base64")
    return decoded


def _check_line(line: str, what: str) -> None:
    if not line or any(ord(letter) < 0x20 for letter in line):
        raise CheckpointUnreadableError(obstacle=f"{what} is empty or more than one line")


def _check_key_name(name: str) -> None:
    _check_line(name, "a key's name")
    if "+" in name or any(letter.isspace() for letter in name):
        raise CheckpointUnreadableError(obstacle="a key's name holds a space or a plus")
