# SPDX-License-Identifier: Apache-2.0
"""The domestic law of the acting administration, as signed data files.

A file is trusted only with a signature, over its very bytes, by a key that the installation
trusts. Without a file, with a broken signature, or for an act of which the file does not speak,
the answer is for a person. What follows from a law is decided in `rules.domestic`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from comity.agreements.case import Act
from comity.agreements.question import Recipient
from comity.catalogues import N_
from comity.errors import InvalidInputError, VerificationError
from comity.reference.taxonomy import FormOfAssistance
from comity.sealing.keys import KeyFileError, SigningKey, VerificationKey
from comity.sealing.signing import SignatureBrokenError, sign, verify

SHIPPED = Path(__file__).parent
TRUSTED_KEYS = "*.pub"


class DomesticLawUnreadableError(InvalidInputError):
    """A file of domestic law does not hold together."""

    code = "domestic-law-unreadable"
    message = N_("The domestic-law file {file} cannot be used: {obstacle}.")
    remedy = N_("Correct the file and sign it again with `python tools/sign_domestic_law.py`.")


class DomesticLawUnsignedError(VerificationError):
    """No trusted key signed a file of domestic law."""

    code = "domestic-law-unsigned"
    message = N_("The domestic-law file {file} bears no signature of a trusted key: {obstacle}.")
    remedy = N_("Have it signed by the legal service, and its public key placed beside it.")


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason for which the law allows information to leave."""

    code: str
    article: str
    reading: str


@dataclass(frozen=True, slots=True)
class DomesticLaw:
    """What one administration's law says of giving information away."""

    administration: str
    title: str
    acts: Mapping[tuple[Act, Recipient | None], str]
    """The acts of which the law speaks, each with its article."""
    grounds: tuple[Ground, ...]
    authoriser: str = ""
    assurances_article: str = ""
    agreement_assures: bool = False
    """Whether an agreement's confidentiality article stands for the assurances."""
    breach_article: str = ""
    testimony_article: str = ""
    testimony_decider: str = ""
    testimony_forms: frozenset[FormOfAssistance] = frozenset()
    testimony_recipients: frozenset[Recipient] = frozenset()

    def ground(self, code: str) -> Ground | None:
        """The ground of that code, None when the law does not know it."""
        return next((ground for ground in self.grounds if ground.code == code), None)


@dataclass(frozen=True, slots=True)
class DomesticLaws:
    """The laws that were read and verified, by administration; and why others were not."""

    by_administration: Mapping[str, DomesticLaw] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    """Administration → reason code, for files that are there and cannot be relied upon."""

    def of(self, administration: str) -> DomesticLaw | None:
        """The verified law of this administration, None without one."""
        return self.by_administration.get(administration)


def load_domestic_laws(*folders: Path) -> DomesticLaws:
    """Every law of the folders (the shipped one by default), those unverified set apart.

    Each folder brings the keys that are trusted for its own files. Where two speak of one
    administration, the later folder's word stands, be it a law or a refusal.
    """
    laws: dict[str, DomesticLaw] = {}
    refused: dict[str, str] = {}
    for folder in folders or (SHIPPED,):
        found = _load(folder)
        laws = {code: law for code, law in laws.items() if code not in found.refused}
        refused = {
            code: why for code, why in refused.items() if code not in found.by_administration
        }
        laws |= found.by_administration
        refused |= found.refused
    return DomesticLaws(laws, refused)


@cache
def _load(folder: Path) -> DomesticLaws:
    keys = trusted_keys(folder)
    laws: dict[str, DomesticLaw] = {}
    refused: dict[str, str] = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            law = read_law(file, keys)
        except VerificationError:
            refused[file.stem.upper()] = "domestic-law-signature-broken"
        except InvalidInputError:
            refused[file.stem.upper()] = "domestic-law-unreadable"
        else:
            laws[law.administration] = law
    return DomesticLaws(laws, refused)


def trusted_keys(folder: Path) -> tuple[VerificationKey, ...]:
    """The public keys that stand beside the files."""
    return tuple(VerificationKey.load(file) for file in sorted(folder.glob(TRUSTED_KEYS)))


def signature_file(file: Path) -> Path:
    """Where the detached signature of a file stands."""
    return file.with_name(file.name + ".sig")


def sign_law(file: Path, key: SigningKey) -> Path:
    """Sign the file as it stands, and return where the signature was written."""
    _parsed(file, file.read_bytes())
    target = signature_file(file)
    target.write_bytes(base64.b64encode(sign(file.read_bytes(), key)) + b"\n")
    return target


def read_law(file: Path, keys: Iterable[VerificationKey]) -> DomesticLaw:
    """The law in this file, its signature verified first.

    Raises:
        DomesticLawUnsignedError: no trusted key signed these bytes.
        DomesticLawUnreadableError: the file does not hold together.
    """
    content = file.read_bytes()
    _verify(file, content, keys)
    return _parsed(file, content)


def _verify(file: Path, content: bytes, keys: Iterable[VerificationKey]) -> None:
    try:
        signature = base64.b64decode(signature_file(file).read_bytes().strip(), validate=True)
    except (OSError, binascii.Error) as error:
        obstacle = "the signature is missing or damaged"
        raise DomesticLawUnsignedError(file=file.name, obstacle=obstacle) from error
    for key in keys:
        try:
            verify(content, signature, key)
        except (SignatureBrokenError, KeyFileError):
            continue
        return
    raise DomesticLawUnsignedError(file=file.name, obstacle="another key or other bytes")


def _parsed(file: Path, content: bytes) -> DomesticLaw:
    try:
        return _law(yaml.load(content, Loader=yaml.BaseLoader))
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise DomesticLawUnreadableError(
            file=file.name, obstacle=f"{type(error).__name__}: {error}"
        ) from error


def _law(said: Mapping[str, object]) -> DomesticLaw:
    assurances, breach = _section(said, "assurances"), _section(said, "breach_bar")
    testimony = _section(said, "testimony")
    return DomesticLaw(
        administration=str(said["administration"]),
        title=str(said["title"]),
        acts={
            (
                Act(each["act"]),
                Recipient(each["recipient"]) if "recipient" in each else None,
            ): each["article"]
            for each in _entries(said, "acts")
        },
        grounds=tuple(
            Ground(each["code"], each["article"], each["reading"])
            for each in _entries(said, "grounds")
        ),
        authoriser=str(said.get("authoriser", "")),
        assurances_article=str(assurances.get("article", "")),
        agreement_assures=assurances.get("confidentiality_of_an_agreement_suffices") == "true",
        breach_article=str(breach.get("article", "")),
        testimony_article=str(testimony.get("article", "")),
        testimony_decider=str(testimony.get("decider", "")),
        testimony_forms=frozenset(map(FormOfAssistance, _texts(testimony, "forms"))),
        testimony_recipients=frozenset(map(Recipient, _texts(testimony, "recipients"))),
    )


def _section(said: Mapping[str, object], name: str) -> Mapping[str, object]:
    section = said.get(name, {})
    if not isinstance(section, Mapping):
        raise TypeError(f"{name} is no mapping")
    return section


def _entries(said: Mapping[str, object], name: str) -> list[dict[str, str]]:
    entries = said.get(name, [])
    if not isinstance(entries, list):
        raise TypeError(f"{name} is no list")
    return [dict(entry) for entry in entries]


def _texts(said: Mapping[str, object], name: str) -> list[str]:
    texts = said.get(name, [])
    if not isinstance(texts, list):
        raise TypeError(f"{name} is no list")
    return [str(text) for text in texts]
