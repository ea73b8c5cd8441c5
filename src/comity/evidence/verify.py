#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies a package of evidence, or a sealed PDF, with nothing but this file and Python 3.11.

    python verify.py package.asice [--anchors FILE] [--at DATE] [--json]

It opens no connection, asks no clock and trusts nothing that it has not computed: what it needs
stands in the package. It goes through the numbered procedure of `STEPS`, says of every step what
was found and what that does not prove, and ends with 0 (all holds), 1 (something fails) or 2
(misuse). Who made the seals is proved only against anchors that you bring: certificates in PEM,
and lines such as `card XS 1A2B-3C4D-5E6F-7G8H-9J0K` from the administration itself.

The file reads from above to below: findings, the ZIP, JSON, numbers, ASN.1, certificates,
signatures, time stamps, XML, PDF, Merkle trees, then the procedure. Specifications are named where
they are followed. `comity.evidence` uses the same functions; this file uses nothing of it.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import struct
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO

VERSION = "1"


def N_(text: str) -> str:  # noqa: N802  # the name that marks texts for translation
    """The text itself; the name marks it for translation."""
    return text


# ── Findings ────────────────────────────────────────────────────────────────────────────────────

HOLDS, FAILS, OPEN = "holds", "fails", "not-proved"


class Broken(Exception):  # noqa: N818  # a finding, told in the report and never raised to a caller
    """Something does not fit; the text says what was expected and what was found."""

    def __init__(self, text: str, **facts: object) -> None:
        self.text, self.facts = text, {name: str(value) for name, value in facts.items()}
        super().__init__(text.format(**self.facts))


@dataclass(frozen=True)
class Step:
    """One step of the procedure."""

    number: int
    checks: str
    proves_not: str


@dataclass(frozen=True)
class Finding:
    """What a step found about one thing."""

    step: int
    state: str
    about: str
    """The file or reference that it is about."""
    text: str
    facts: Mapping[str, str]

    def said(self, say: Callable[[str], str] = str) -> str:
        """The finding in words."""
        return say(self.text).format(**self.facts)


@dataclass
class Report:
    """Everything that was checked, in order."""

    digest: str = ""
    """SHA-256 of the file."""
    facts: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing fails. What is not proved stays so, and is said."""
        return bool(self.findings) and all(each.state != FAILS for each in self.findings)

    def as_dict(self, say: Callable[[str], str] = str) -> dict[str, Any]:
        """The report for programs."""
        return {
            "holds": self.holds,
            "sha256": self.digest,
            "facts": self.facts,
            "steps": [
                {
                    "step": step.number,
                    "checks": say(step.checks),
                    "does_not_prove": say(step.proves_not),
                    "findings": [
                        {"state": each.state, "about": each.about, "found": each.said(say)}
                        for each in self.findings
                        if each.step == step.number
                    ],
                }
                for step in STEPS
                if any(each.step == step.number for each in self.findings)
            ],
        }

    def as_text(self, say: Callable[[str], str] = str) -> str:
        """The report for people."""
        words = {HOLDS: N_("holds"), FAILS: N_("FAILS"), OPEN: N_("not proved")}
        lines = [f"SHA-256 {self.digest}", *(f"{n}: {v}" for n, v in self.facts.items()), ""]
        for step in STEPS:
            found = [each for each in self.findings if each.step == step.number]
            if not found:
                continue
            lines.append(f"{step.number}. {say(step.checks)}")
            for each in found:
                about = f"{each.about}: " if each.about else ""
                lines.append(f"   [{say(words[each.state])}] {about}{each.said(say)}")
            lines += [f"   {say(N_('This does not prove'))}: {say(step.proves_not)}", ""]
        outcome = N_("Everything that was checked holds.")
        if not self.holds:
            outcome = N_("VERIFICATION FAILED: do not rely on this file.")
        return "\n".join([*lines, say(outcome)])


STEPS = (
    Step(
        1,
        N_("The container is written in the one canonical way: every byte of it is accounted for."),
        N_("who wrote it. That is what the signatures say."),
    ),
    Step(
        2,
        N_("The signature covers every file of the container, each by its SHA-256."),
        N_("that what the files say is true."),
    ),
    Step(
        3,
        N_("The seal of whoever packed it fits (XAdES)."),
        N_("who holds the key: its certificate says so, and step 5 says who vouches for that."),
    ),
    Step(
        4,
        N_("The time stamps fit (RFC 3161): what they cover existed at their times."),
        N_("that the authority's clock was right, or that its key is still unbroken today."),
    ),
    Step(
        5,
        N_("Each certificate was valid at the time of its stamp and leads to an anchor."),
        N_("more than the anchor's word for who the holder is."),
    ),
    Step(
        6,
        N_("The package lists what it holds, and holds what it lists."),
        N_("that nothing else exists: a package may leave out whole items."),
    ),
    Step(
        7,
        N_("Each statement is sealed by the administration that certified the items."),
        N_("that what was certified is true: only that it was certified, by whom and when."),
    ),
    Step(
        8,
        N_("Every disclosed field, event, page and part of a file leads to its statement's root."),
        N_("what the withheld parts say: only that they are there, and which they are."),
    ),
    Step(
        9,
        N_("The custody of each item is a chain without a gap, and ends with the file's digest."),
        N_("what happened while nobody recorded it."),
    ),
    Step(
        10,
        N_(
            "Receipts and evidences of the exchange are signed by the keys of those who state them."
        ),
        N_("whose keys these are, unless a card with the fingerprint that you brought names them."),
    ),
    Step(
        11,
        N_("The act stands in the journal that the checkpoint signed (RFC 9162)."),
        N_("that the journal was shown to everybody alike: for that, see the next step."),
    ),
    Step(
        12,
        N_("Another administration cosigned the journal, so it cannot have been rewritten since."),
        N_("anything about what was never entered in the journal."),
    ),
    Step(
        13,
        N_("The law that was applied is the text whose digest the assessment names."),
        N_("that a court reads this law in the same way."),
    ),
    Step(
        14,
        N_("The seals inside PDF documents fit, and cover them whole (PAdES)."),
        N_("that a printed copy is the same: only the file is sealed."),
    ),
)


# ── The container (ZIP, APPNOTE 6.3; ASiC-E, ETSI EN 319 162-1) ─────────────────────────────────

BLOCK = 1024 * 1024
FIRST, SIGNATURE, MANIFEST = "mimetype", "META-INF/signatures001.xml", "META-INF/manifest.xml"
MIMETYPE = b"application/vnd.etsi.asic-e+zip"
MOST_IN_MEMORY = 64 * 1024 * 1024
_NAME = re.compile(r"(?:[A-Za-z0-9_-]+/){0,3}[A-Za-z0-9_-]+(?:\.[a-z0-9]{1,5})?")
_LONGEST_NAME = 200
_DAY = 1 << 5 | 1  # 1980-01-01
_LOCAL, _DIRECTORY, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


@dataclass(frozen=True)
class File:
    """A file of the container as it was read once."""

    name: str
    offset: int
    """Where its content begins."""
    size: int
    digest: str
    chunks: tuple[str, ...]
    """SHA-256 of each mebibyte."""


class Container:
    """The files of a canonical ZIP; opening it reads every byte."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.files: dict[str, File] = {}
        directory = self._read_files()
        self._require_end(directory)
        mimetype = self.files.get(FIRST)
        if mimetype is None or mimetype.digest != sha256(MIMETYPE):
            raise Broken(N_("its file “mimetype” does not say {type}"), type=MIMETYPE.decode())

    def __contains__(self, name: object) -> bool:
        return name in self.files

    def read(self, name: str) -> bytes:
        """The content of a file that must be there, and small."""
        file = self.files.get(name)
        if file is None:
            raise Broken(N_("the file {name} is missing"), name=name)
        if file.size > MOST_IN_MEMORY:
            raise Broken(N_("the file {name} is larger than such a file can be"), name=name)
        self._source.seek(file.offset)
        return self._source.read(file.size)

    def blocks(self, name: str) -> Iterator[bytes]:
        """The content of a file of any size."""
        file = self.files[name]
        self._source.seek(file.offset)
        left = file.size
        while left:
            block = self._source.read(min(BLOCK, left))
            if not block:
                raise Broken(N_("it ends within the file {name}"), name=name)
            left -= len(block)
            yield block

    def _read_files(self) -> bytes:
        """Read files until the directory begins; the directory as it must be."""
        self._source.seek(0)
        directory, offset, before = [], 0, (-1, "")
        while True:
            fixed = self._source.read(4)
            if fixed != _LOCAL:
                self._source.seek(offset)
                listed = b"".join(directory)
                return listed + _end_of(len(directory), len(listed), offset)
            fixed += self._source.read(26)
            if len(fixed) != 30:
                raise Broken(N_("it ends within a header at byte {offset}"), offset=offset)
            crc, size, _, name_length, _ = struct.unpack("<IIIHH", fixed[14:])
            name = self._name(name_length, offset)
            if fixed != _header(name_length, size, crc):
                raise Broken(N_("the header at byte {offset} is not canonical"), offset=offset)
            if (order := _order(name)) <= before:
                raise Broken(N_("the file {name} stands out of order"), name=name)
            self._take(name, size, crc)
            directory.append(_listed(name, size, crc, offset))
            offset, before = self._source.tell(), order

    def _name(self, length: int, offset: int) -> str:
        encoded = self._source.read(min(length, _LONGEST_NAME + 1))
        name = encoded.decode("ascii", "replace")
        if len(encoded) != length or not _NAME.fullmatch(name):
            raise Broken(N_("the name at byte {offset} is none of a package"), offset=offset)
        return name

    def _take(self, name: str, size: int, crc: int) -> None:
        offset, found, whole, chunks = self._source.tell(), 0, hashlib.sha256(), []
        left = size
        while left:
            block = self._source.read(min(BLOCK, left))
            if not block:
                raise Broken(N_("it ends within the file {name}"), name=name)
            left -= len(block)
            found = zlib.crc32(block, found)
            chunks.append(sha256(block))
            if size > BLOCK:
                whole.update(block)
        if found != crc:
            raise Broken(N_("the check sum of the file {name} does not fit"), name=name)
        digest = whole.hexdigest() if size > BLOCK else (chunks or [sha256(b"")])[0]
        self.files[name] = File(name, offset, size, digest, tuple(chunks))

    def _require_end(self, expected: bytes) -> None:
        found = self._source.read(len(expected) + 1)
        if found != expected:
            raise Broken(N_("its directory is not the one that follows from its files"))


def _order(name: str) -> tuple[int, str]:
    return ({FIRST: 0, SIGNATURE: 2}.get(name, 1), name)


def _header(name_length: int, size: int, crc: int) -> bytes:
    return struct.pack("<4sHHHHHIIIHH", _LOCAL, 10, 0, 0, 0, _DAY, crc, size, size, name_length, 0)


def _listed(name: str, size: int, crc: int, offset: int) -> bytes:
    sizes = struct.pack("<IIIHHHHHII", crc, size, size, len(name), 0, 0, 0, 0, 0, offset)
    return struct.pack("<4sHHHHHH", _DIRECTORY, 20, 10, 0, 0, 0, _DAY) + sizes + name.encode()


def _end_of(count: int, length: int, start: int) -> bytes:
    return struct.pack("<4sHHHHIIH", _END, 0, 0, count & 0xFFFF, count & 0xFFFF, length, start, 0)


def sha256(content: bytes) -> str:
    """The digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


# ── JSON with one spelling (RFC 8785, without fractions) ────────────────────────────────────────


def read_json(content: bytes, named: str) -> Any:  # any: whatever the document says
    """The value of canonical JSON; any other spelling is refused."""
    try:
        value = json.loads(content, parse_float=_refused, parse_constant=_refused)
        if spelled(value) == content and _is_plain(value):
            return value
    except (ValueError, RecursionError, TypeError):
        pass
    raise Broken(N_("the file {name} is not canonical JSON"), name=named)


def spelled(value: object) -> bytes:
    """The canonical bytes of a value."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _refused(_digits: str) -> Any:  # any: it never returns
    raise ValueError


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return "".join(value).isascii() and all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return not isinstance(value, int) or abs(value) < 2**53


def member(document: Any, name: str, kind: type | tuple[type, ...]) -> Any:  # any: see above
    """A member that must be there and of this type."""
    found = document.get(name) if isinstance(document, dict) else None
    if not isinstance(found, kind) or isinstance(found, bool):
        raise Broken(N_("a document has no member {name} of the expected type"), name=name)
    return found


# ── Numbers: ECDSA (FIPS 186-5), RSA (RFC 8017), Ed25519 (RFC 8032) ─────────────────────────────

Point = tuple[int, int]


@dataclass(frozen=True)
class Curve:
    """y² = x³ - 3x + b over p, as the NIST curves are; g generates the group of order n."""

    p: int
    b: int
    n: int
    g: Point

    def add(self, one: Point | None, other: Point | None) -> Point | None:
        """The sum of two points; None is the point at infinity."""
        if one is None or other is None:
            return one or other
        (x1, y1), (x2, y2) = one, other
        if x1 == x2 and (y1 + y2) % self.p == 0:
            return None
        if one == other:
            slope = 3 * (x1 * x1 - 1) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x3 = (slope * slope - x1 - x2) % self.p
        return x3, (slope * (x1 - x3) - y1) % self.p


P256 = Curve(
    0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    (
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
)


def ecdsa_fits(curve: Curve, key: Point, digest: bytes, r: int, s: int) -> bool:
    """Whether the key made this signature over the digest."""
    x, y = key
    on_curve = 0 <= x < curve.p and 0 <= y < curve.p
    if not on_curve or (y * y - x * x * x + 3 * x - curve.b) % curve.p:
        return False
    if not (0 < r < curve.n and 0 < s < curve.n):
        return False
    number = int.from_bytes(digest, "big") >> max(0, 8 * len(digest) - curve.n.bit_length())
    inverse = pow(s, -1, curve.n)
    u1, u2 = number * inverse % curve.n, r * inverse % curve.n
    chosen = (None, curve.g, key, curve.add(curve.g, key))
    point: Point | None = None
    for bit in reversed(range(curve.n.bit_length())):
        point = curve.add(point, point)
        point = curve.add(point, chosen[(u1 >> bit & 1) | (u2 >> bit & 1) << 1])
    return point is not None and point[0] % curve.n == r


_PREFIXES = {  # DigestInfo of RFC 8017, 9.2, note 1
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


def rsa_fits(n: int, e: int, hash_name: str, digest: bytes, signature: bytes) -> bool:
    """Whether the key made this PKCS #1 v1.5 signature over the digest."""
    length = (n.bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if length < 256 or len(signature) != length or number >= n or e < 3:
        return False
    info = _PREFIXES[hash_name] + digest
    expected = b"\x00\x01" + b"\xff" * (length - len(info) - 3) + b"\x00" + info
    return pow(number, e, n).to_bytes(length, "big") == expected


_Q, _L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _Q) % _Q


def _edwards_add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    both = _D * x1 * x2 * y1 * y2 % _Q
    x3 = (x1 * y2 + x2 * y1) * pow(1 + both, -1, _Q)
    return x3 % _Q, (y1 * y2 + x1 * x2) * pow(1 - both, -1, _Q) % _Q


def _edwards_times(number: int, point: Point) -> Point:
    result = (0, 1)
    while number:
        if number & 1:
            result = _edwards_add(result, point)
        point, number = _edwards_add(point, point), number >> 1
    return result


def _edwards_point(encoded: bytes) -> Point | None:
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _Q) % _Q
    x = pow(square, (_Q + 3) // 8, _Q)
    if (x * x - square) % _Q:
        x = x * pow(2, (_Q - 1) // 4, _Q) % _Q
    if y >= _Q or (x * x - square) % _Q or (not x and sign):
        return None
    return (x if x & 1 == sign else _Q - x), y


def ed25519_fits(key: bytes, signed: bytes, signature: bytes) -> bool:
    """Whether the key made this signature over these bytes."""
    point = _edwards_point(key) if len(key) == 32 and len(signature) == 64 else None
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= _L or _edwards_times(8, point) == (0, 1):
        return False
    base = _edwards_point((4 * pow(5, -1, _Q) % _Q).to_bytes(32, "little"))
    hashed = hashlib.sha512(signature[:32] + key + signed).digest()
    k = int.from_bytes(hashed, "little") % _L
    x, y = _edwards_add(
        _edwards_times(s, base or (0, 1)), _edwards_times(k, (_Q - point[0], point[1]))
    )
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# ── ASN.1 in DER (X.690) ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Der:
    """One value: its tag, its content, and both with the length between."""

    tag: int
    body: bytes
    whole: bytes

    @property
    def parts(self) -> list[Der]:
        """The values inside a constructed one."""
        found, at = [], 0
        while at < len(self.body):
            part = _der_at(self.body, at)
            found.append(part)
            at += len(part.whole)
        return found

    @property
    def number(self) -> int:
        """An INTEGER."""
        return int.from_bytes(self.expect(0x02).body, "big", signed=True)

    @property
    def oid(self) -> str:
        """An OBJECT IDENTIFIER in figures and dots."""
        numbers, value = [], 0
        for byte in self.expect(0x06).body:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                numbers.append(value)
                value = 0
        first = min(numbers[0] // 40, 2)
        return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))

    @property
    def bits(self) -> bytes:
        """A BIT STRING of whole bytes."""
        if self.expect(0x03).body[:1] != b"\x00":
            raise Broken(N_("an ASN.1 value has another form than expected"))
        return self.body[1:]

    @property
    def time(self) -> datetime:
        """A UTCTime or GeneralizedTime in UTC."""
        text = self.body.decode("ascii", "replace")
        if self.tag == 0x17:  # two digits of the year: 1950 to 2049
            text = ("19" if text >= "50" else "20") + text
        whole, _, fraction = text.removesuffix("Z").partition(".")
        if not text.endswith("Z") or not re.fullmatch(r"\d{14}", whole):
            raise Broken(N_("an ASN.1 value has another form than expected"))
        at = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return at.replace(microsecond=int(fraction[:6].ljust(6, "0"))) if fraction else at

    def expect(self, tag: int) -> Der:
        """Itself, where it has this tag."""
        if self.tag != tag:
            raise Broken(N_("an ASN.1 value has another form than expected"))
        return self


def read_der(content: bytes) -> Der:
    """The one value that these bytes are."""
    value = _der_at(content, 0)
    if len(value.whole) != len(content):
        raise Broken(N_("something follows an ASN.1 value"))
    return value


def _der_at(content: bytes, at: int) -> Der:
    head = content[at : at + 2]
    if len(head) < 2 or head[0] & 0x1F == 0x1F:
        raise Broken(N_("an ASN.1 value has another form than expected"))
    length, start = head[1], at + 2
    if length & 0x80:
        count = length & 0x7F
        digits = content[start : start + count]
        length, start = int.from_bytes(digits, "big"), start + count
        if not 0 < count <= 4 or len(digits) != count or digits[0] == 0 or length < 0x80:
            raise Broken(N_("an ASN.1 value has another form than expected"))
    if start + length > len(content):
        raise Broken(N_("an ASN.1 value ends too early"))
    return Der(head[0], content[start : start + length], content[at : start + length])


# ── Keys and signatures ─────────────────────────────────────────────────────────────────────────

_HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_ECDSA = {
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}
_RSA = {
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}
_RSA_PLAIN, _ED25519 = "1.2.840.113549.1.1.1", "1.3.101.112"
_EC_PLAIN = "1.2.840.10045.2.1"
_CURVES = {"1.2.840.10045.3.1.7": P256}


def signature_fits(
    spki: Der, algorithm: Der, signed: bytes, signature: bytes, hashed_by: str = ""
) -> bool:
    """Whether the key of this SubjectPublicKeyInfo made the signature.

    `hashed_by` is the digest that a CMS signer names beside an algorithm that names none.
    """
    name = algorithm.parts[0].oid
    if name == _ED25519:
        return ed25519_fits(ed25519_key(spki), signed, signature)
    hash_name = _ECDSA.get(name) or _RSA.get(name) or hashed_by
    if not hash_name:
        raise Broken(N_("a signature is of a kind that is not known here: {kind}"), kind=name)
    digest = hashlib.new(hash_name, signed).digest()
    key_kind = spki.parts[0].parts[0].oid
    if key_kind == _EC_PLAIN and (name in _ECDSA or name == _EC_PLAIN):
        r, s = read_der(signature).expect(0x30).parts
        return ecdsa_fits(*_ec_key(spki), digest, r.number, s.number)
    if key_kind == _RSA_PLAIN and name in (*_RSA, _RSA_PLAIN):
        n, e = (part.number for part in read_der(spki.parts[1].bits).expect(0x30).parts)
        return rsa_fits(n, e, hash_name, digest, signature)
    raise Broken(N_("a signature is of a kind that is not known here: {kind}"), kind=name)


def ed25519_key(spki: Der) -> bytes:
    """The 32 bytes of an Ed25519 key."""
    if spki.parts[0].parts[0].oid != _ED25519:
        raise Broken(N_("a key is of another kind than expected"))
    return spki.parts[1].bits


def _ec_key(spki: Der) -> tuple[Curve, Point]:
    curve = _CURVES.get(spki.parts[0].parts[1].oid)
    point = spki.parts[1].bits
    if curve is None or point[:1] != b"\x04" or len(point) % 2 == 0:
        raise Broken(N_("a key is of another kind than expected"))
    half = len(point) // 2 + 1
    return curve, (int.from_bytes(point[1:half], "big"), int.from_bytes(point[half:], "big"))


# ── Certificates (RFC 5280) ─────────────────────────────────────────────────────────────────────

_BASIC, _USAGE, _PURPOSES = "2.5.29.19", "2.5.29.15", "2.5.29.37"
_STAMPING = "1.3.6.1.5.5.7.3.8"
_POLICIES = "2.5.29.32"
_UNDERSTOOD = {_BASIC, _USAGE, _PURPOSES, _POLICIES, "2.5.29.17"}
PILOT_POLICY = "2.25.215915500600971576489805798347100671901"
_SIGNS, _COMMITS, _CERTIFIES, _LISTS = 0x80, 0x40, 0x04, 0x02
_LONGEST_CHAIN = 8


@dataclass(frozen=True)
class Certificate:
    """An X.509 certificate as it was read; nothing of it is trusted for that."""

    whole: bytes
    signed: bytes
    serial: int
    issuer: bytes
    subject: bytes
    valid_from: datetime
    valid_until: datetime
    spki: Der
    algorithm: Der
    signature: bytes
    extensions: Mapping[str, tuple[bool, bytes]]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate."""
        return sha256(self.whole)

    @property
    def name(self) -> str:
        """The subject's common name, for people."""
        for part in read_der(self.subject).parts:
            for pair in part.parts:
                if pair.parts[0].oid == "2.5.4.3":
                    return pair.parts[1].body.decode("utf-8", "replace")
        return self.fingerprint[:16]

    @property
    def is_pilot(self) -> bool:
        """Whether it names the policy of a built-in pilot authority."""
        _, policies = self.extensions.get(_POLICIES, (False, b""))
        return bool(policies) and any(
            policy.parts[0].oid == PILOT_POLICY for policy in read_der(policies).parts
        )

    def issues(self, above: int) -> bool:
        """Whether it may issue certificates with so many authorities below it."""
        _, basic = self.extensions.get(_BASIC, (False, b""))
        parts = read_der(basic).parts if basic else []
        if not parts or parts[0].tag != 0x01 or parts[0].body != b"\xff":
            return False
        return (len(parts) < 2 or parts[1].number >= above) and self.usable_for(_CERTIFIES)

    def usable_for(self, bit: int) -> bool:
        """Whether its key usage, if it states any, allows this."""
        _, usage = self.extensions.get(_USAGE, (False, b""))
        return not usage or bool(read_der(usage).expect(0x03).body[1] & bit)

    @property
    def is_for_stamps_alone(self) -> bool:
        """Whether it is a time-stamping authority's (RFC 3161, 2.3)."""
        critical, purposes = self.extensions.get(_PURPOSES, (False, b""))
        return critical and [part.oid for part in read_der(purposes).parts] == [_STAMPING]


def read_certificate(content: bytes) -> Certificate:
    """The certificate of DER bytes."""
    signed, algorithm, signature = read_der(content).expect(0x30).parts
    members = signed.parts
    if members[0].tag == 0xA0:
        members = members[1:]
    if members[1].whole != algorithm.whole:
        raise Broken(N_("a certificate names two kinds of signature"))
    starts, ends = members[3].parts
    extensions: dict[str, tuple[bool, bytes]] = {}
    for part in members[6:]:
        if part.tag == 0xA3:
            for entry in part.parts[0].parts:
                critical = len(entry.parts) == 3 and entry.parts[1].body == b"\xff"
                extensions[entry.parts[0].oid] = (critical, entry.parts[-1].expect(0x04).body)
    return Certificate(
        whole=content,
        signed=signed.whole,
        serial=members[0].number,
        issuer=members[2].whole,
        subject=members[4].whole,
        valid_from=starts.time,
        valid_until=ends.time,
        spki=members[5],
        algorithm=algorithm,
        signature=signature.bits,
        extensions=extensions,
    )


@dataclass(frozen=True)
class Revocations:
    """A list of revoked certificates (CRL) as it was read."""

    signed: bytes
    issuer: bytes
    made_at: datetime
    revoked: Mapping[int, datetime]
    algorithm: Der
    signature: bytes


def read_revocations(content: bytes) -> Revocations:
    """The list of DER bytes."""
    signed, algorithm, signature = read_der(content).expect(0x30).parts
    members = [part for part in signed.parts if part.tag != 0x02]
    rows = [part for part in members[2:] if part.tag == 0x30]
    revoked = {}
    for row in rows[0].parts if rows else []:
        revoked[row.parts[0].number] = row.parts[1].time
    return Revocations(
        signed.whole, members[1].whole, members[2].time, revoked, algorithm, signature.bits
    )


@dataclass
class Trust:
    """What certificates and lists are at hand, and which of them the reader brought."""

    anchors: tuple[Certificate, ...] = ()
    """Trusted because the reader says so."""
    pool: list[Certificate] = field(default_factory=list)
    lists: list[Revocations] = field(default_factory=list)
    cards: dict[str, str] = field(default_factory=dict)
    """Code of an administration → fingerprint of its card, as the reader knows it."""
    _proved: dict[tuple[str, str], bool] = field(default_factory=dict)

    def path(self, leaf: Certificate, at: datetime, *, for_stamps: bool) -> list[Certificate]:
        """From the leaf to an anchor, or to a root that signed itself."""
        if for_stamps and not leaf.is_for_stamps_alone:
            raise Broken(N_("the certificate of {name} is not for time stamps"), name=leaf.name)
        if not leaf.usable_for(_SIGNS | _COMMITS):
            raise Broken(N_("the certificate of {name} is not for signatures"), name=leaf.name)
        path = [leaf]
        while path[-1] not in self.anchors and path[-1].issuer != path[-1].subject:
            issuer = self._issuer(path[-1], len(path) - 1)
            if issuer is None or len(path) > _LONGEST_CHAIN:
                raise Broken(
                    N_("whoever issued the certificate of {name} is not here"), name=path[-1].name
                )
            path.append(issuer)
        for certificate in path:
            self._require_valid(certificate, at)
        for certificate, issuer in zip(path, path[1:], strict=False):
            self._require_not_revoked(certificate, issuer, at)
        return path

    def is_anchored(self, path: Sequence[Certificate]) -> bool:
        """Whether the reader brought what the path ends at."""
        return path[-1] in self.anchors

    def knows(self, listed: Revocations, used: Sequence[Certificate]) -> bool:
        """Whether one of these certificates signed the list."""
        return any(
            each.subject == listed.issuer
            and signature_fits(each.spki, listed.algorithm, listed.signed, listed.signature)
            for each in used
        )

    def _issuer(self, certificate: Certificate, above: int) -> Certificate | None:
        for issuer in (*self.anchors, *self.pool):
            if issuer.subject == certificate.issuer and issuer.issues(above):
                if self._signed(certificate, issuer):
                    return issuer
        return None

    def _signed(self, certificate: Certificate, issuer: Certificate) -> bool:
        pair = (certificate.fingerprint, issuer.fingerprint)
        if pair not in self._proved:
            self._proved[pair] = signature_fits(
                issuer.spki, certificate.algorithm, certificate.signed, certificate.signature
            )
        return self._proved[pair]

    def _require_valid(self, certificate: Certificate, at: datetime) -> None:
        if not certificate.valid_from <= at <= certificate.valid_until:
            raise Broken(
                N_("the certificate of {name} is valid from {start} until {end}, not on {at}"),
                name=certificate.name,
                start=certificate.valid_from.date(),
                end=certificate.valid_until.date(),
                at=at.date(),
            )
        odd = [o for o, (critical, _) in certificate.extensions.items() if critical]
        if not _UNDERSTOOD.issuperset(odd):
            raise Broken(
                N_("the certificate of {name} demands what is not known here"),
                name=certificate.name,
            )
        if certificate.issuer == certificate.subject and certificate not in self.anchors:
            if not self._signed(certificate, certificate):
                raise Broken(
                    N_("the certificate of {name} did not sign itself"), name=certificate.name
                )

    def _require_not_revoked(
        self, certificate: Certificate, issuer: Certificate, at: datetime
    ) -> None:
        for listed in self.lists:
            if listed.issuer != certificate.issuer or not issuer.usable_for(_LISTS):
                continue
            since = listed.revoked.get(certificate.serial)
            signed = signature_fits(issuer.spki, listed.algorithm, listed.signed, listed.signature)
            if since is not None and signed and since <= at:
                raise Broken(
                    N_("the certificate of {name} was revoked on {day}"),
                    name=certificate.name,
                    day=since.date(),
                )


def read_pem(text: str, kind: str) -> list[bytes]:
    """The DER bytes of each block of this kind in a PEM text."""
    pattern = rf"-----BEGIN {kind}-----([A-Za-z0-9+/=\s]+)-----END {kind}-----"
    return [base64.b64decode(block) for block in re.findall(pattern, text)]


# ── Signed data and time stamps (RFC 5652, RFC 5035, RFC 3161) ──────────────────────────────────

_SIGNED_DATA, _TST_INFO, _DATA = (
    "1.2.840.113549.1.7.2",
    "1.2.840.113549.1.9.16.1.4",
    "1.2.840.113549.1.7.1",
)
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_STAMP_ATTRIBUTE = "1.2.840.113549.1.9.16.2.14"


@dataclass(frozen=True)
class SignedData:
    """A CMS signature by one signer, verified but for the certificate's own standing."""

    content: bytes
    certificate: Certificate
    certificates: tuple[Certificate, ...]
    signature: bytes
    unsigned: Mapping[str, Der]


def verify_signed_data(
    content: bytes, kind: str, digest_of: Callable[[str], bytes] | None = None
) -> SignedData:
    """The signature, once it fits; `digest_of` gives the digest of content that lies elsewhere."""
    name, wrapped = read_der(content).expect(0x30).parts
    if name.oid != _SIGNED_DATA:
        raise Broken(N_("a signature is of a kind that is not known here: {kind}"), kind=name.oid)
    members = wrapped.parts[0].expect(0x30).parts
    held = members[2].parts
    inner = held[1].parts[0].expect(0x04).body if len(held) > 1 else b""
    certificates = tuple(
        read_certificate(part.whole)
        for each in members[3:-1]
        if each.tag == 0xA0
        for part in each.parts
        if part.tag == 0x30
    )
    signers = members[-1].expect(0x31).parts
    if len(signers) != 1 or held[0].oid != kind:
        raise Broken(N_("a signature has another content or more signers than expected"))
    return _verify_signer(signers[0], kind, inner, certificates, digest_of)


def _verify_signer(
    signer: Der,
    kind: str,
    inner: bytes,
    certificates: tuple[Certificate, ...],
    digest_of: Callable[[str], bytes] | None,
) -> SignedData:
    members = signer.parts
    issuer, serial = members[1].expect(0x30).parts
    hashed_by = _HASHES.get(members[2].parts[0].oid, "")
    attributes = members[3]
    if attributes.tag != 0xA0 or not hashed_by:
        raise Broken(N_("a signature has another content or more signers than expected"))
    named = {part.parts[0].oid: part.parts[1].parts[0] for part in attributes.parts}
    found = [c for c in certificates if (c.issuer, c.serial) == (issuer.whole, serial.number)]
    if not found:
        raise Broken(N_("the certificate of a signature is missing"))
    digest = digest_of(hashed_by) if digest_of else hashlib.new(hashed_by, inner).digest()
    if named.get(_CONTENT_TYPE) is None or named[_CONTENT_TYPE].oid != kind:
        raise Broken(N_("a signature is over another kind of content"))
    if named.get(_MESSAGE_DIGEST) is None or named[_MESSAGE_DIGEST].body != digest:
        raise Broken(N_("a signature is over other content"))
    _require_named(named.get(_CERTIFICATE_V2), found[0])
    signed = b"\x31" + attributes.whole[1:]  # RFC 5652, 5.4: signed as a SET
    signature = members[5].expect(0x04).body
    if not signature_fits(found[0].spki, members[4], signed, signature, hashed_by):
        raise Broken(N_("the signature of {name} does not fit"), name=found[0].name)
    unsigned = {
        part.parts[0].oid: part.parts[1].parts[0]
        for each in members[6:]
        if each.tag == 0xA1
        for part in each.parts
    }
    return SignedData(inner, found[0], certificates, signature, unsigned)


def _require_named(attribute: Der | None, certificate: Certificate) -> None:
    """The signature itself must name the certificate by its digest (RFC 5035)."""
    if attribute is None:
        raise Broken(N_("a signature does not name its certificate"))
    named = attribute.parts[0].parts[0].parts
    hash_name = "sha256"
    if named[0].tag == 0x30:
        hash_name, named = _HASHES.get(named[0].parts[0].oid, ""), named[1:]
    if not hash_name or hashlib.new(hash_name, certificate.whole).digest() != named[0].body:
        raise Broken(N_("a signature names another certificate"))


@dataclass(frozen=True)
class Stamp:
    """A time stamp whose signature fits."""

    at: datetime
    data: SignedData


def verify_stamp(token: bytes, stamped: Callable[[str], bytes]) -> Stamp:
    """The time, once the token is signed and over this content's digest."""
    data = verify_signed_data(token, _TST_INFO)
    members = read_der(data.content).expect(0x30).parts
    algorithm, hashed = members[2].parts
    name = _HASHES.get(algorithm.parts[0].oid, "")
    if not name or stamped(name) != hashed.body:
        raise Broken(N_("the time stamp is over something else"))
    return Stamp(members[4].time, data)


# ── XAdES in the one spelling that Comity writes (docs/reference/seals.md) ──────────────────────

_DS = "http://www.w3.org/2000/09/xmldsig#"
_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
_MEDIA_TYPES = {
    "json": "application/json",
    "xml": "text/xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "pem": "application/x-pem-file",
    "txt": "text/plain",
    "py": "text/x-python",
}
_B64 = r"[A-Za-z0-9+/]+={0,2}"


@dataclass(frozen=True)
class Seal:
    """A seal over named files, its signature and its time stamp verified."""

    certificate: Certificate
    stamp: Stamp
    says: str
    """When it says that it was made."""
    certificates: tuple[Certificate, ...]
    revocations: tuple[Revocations, ...]


def verify_seal(seal: bytes, digests: Mapping[str, str]) -> Seal:
    """The seal over exactly these files (name → SHA-256), written anew and compared."""
    text = seal.decode("ascii", "replace")
    chain = _all(r"<ds:X509Certificate>({})</ds:X509Certificate>", text)
    values = _all(r"<ds:SignatureValue [^>]*>({})</ds:SignatureValue>", text)
    tokens = _all(r"<xades:EncapsulatedTimeStamp>({})</xades:EncapsulatedTimeStamp>", text)
    others = _all(r"<xades:EncapsulatedX509Certificate>({})</", text)
    lists = _all(r"<xades:EncapsulatedCRLValue>({})</", text)
    says = re.search(r"<xades:SigningTime>([0-9TZ:-]{20})</xades:SigningTime>", text)
    if not chain or len(values) != 1 or len(tokens) != 1 or says is None:
        raise Broken(N_("the seal has another form than Comity writes"))
    properties = _properties(chain[0], digests, says[1])
    info, value = _signed_info(digests, properties), _signature_value(values[0])
    if _whole_seal(info, value, properties, chain, tokens[0], others, lists) != text:
        raise _unlike(text, digests)
    certificate, raw = read_certificate(chain[0]), values[0]
    hashed = hashlib.sha256(info.encode()).digest()
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    curve, point = _ec_key(certificate.spki)
    if curve is not P256 or len(raw) != 64 or not ecdsa_fits(curve, point, hashed, r, s):
        raise Broken(N_("the signature of {name} does not fit"), name=certificate.name)
    stamp = verify_stamp(tokens[0], lambda name: hashlib.new(name, value.encode()).digest())
    known = tuple(read_certificate(der) for der in (*chain, *others))
    return Seal(certificate, stamp, says[1], known, tuple(map(read_revocations, lists)))


def _all(pattern: str, text: str) -> list[bytes]:
    return [base64.b64decode(found) for found in re.findall(pattern.format(_B64), text)]


def _unlike(text: str, digests: Mapping[str, str]) -> Broken:
    """Which file the seal is not over, where it is that."""
    pattern = rf'<ds:Reference Id="r\d+" URI="([^"]+)">.*?<ds:DigestValue>({_B64})<'
    named = dict(re.findall(pattern, text))
    odd = [n for n, d in digests.items() if named.get(n) != _b64(bytes.fromhex(d))]
    odd += [name for name in named if name not in digests]
    if odd:
        return Broken(N_("the seal is not over the file {name} as it is here"), name=odd[0])
    return Broken(N_("the seal has another form than Comity writes"))


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _digest(digest: bytes, declared: str = "") -> str:
    kind = "http://www.w3.org/2001/04/xmlenc#sha256"
    return (
        f'<ds:DigestMethod{declared} Algorithm="{kind}"></ds:DigestMethod>'
        f"<ds:DigestValue{declared}>{_b64(digest)}</ds:DigestValue>"
    )


def _signed_info(digests: Mapping[str, str], properties: str) -> str:
    references = "".join(
        f'<ds:Reference Id="r{number}" URI="{name}">{_digest(bytes.fromhex(digests[name]))}'
        "</ds:Reference>"
        for number, name in enumerate(sorted(digests), start=1)
    )
    return (
        f'<ds:SignedInfo xmlns:ds="{_DS}">'
        f'<ds:CanonicalizationMethod Algorithm="{_C14N}"></ds:CanonicalizationMethod>'
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256">'
        f'</ds:SignatureMethod>{references}<ds:Reference Type="http://uri.etsi.org/01903#'
        'SignedProperties" URI="#properties"><ds:Transforms>'
        f'<ds:Transform Algorithm="{_C14N}"></ds:Transform></ds:Transforms>'
        f"{_digest(hashlib.sha256(properties.encode()).digest())}</ds:Reference></ds:SignedInfo>"
    )


def _properties(certificate: bytes, digests: Mapping[str, str], says: str) -> str:
    formats = "".join(
        f'<xades:DataObjectFormat ObjectReference="#r{number}"><xades:MimeType>'
        f"{_MEDIA_TYPES.get(name.rpartition('.')[2], 'application/octet-stream')}"
        "</xades:MimeType></xades:DataObjectFormat>"
        for number, name in enumerate(sorted(digests), start=1)
    )
    return (
        '<xades:SignedProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" Id="properties">'
        f"<xades:SignedSignatureProperties><xades:SigningTime>{says}</xades:SigningTime>"
        "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
        + _digest(hashlib.sha256(certificate).digest(), f' xmlns:ds="{_DS}"')
        + "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>"
        "</xades:SignedSignatureProperties><xades:SignedDataObjectProperties>"
        f"{formats}</xades:SignedDataObjectProperties></xades:SignedProperties>"
    )


def _signature_value(raw: bytes) -> str:
    return f'<ds:SignatureValue xmlns:ds="{_DS}" Id="value">{_b64(raw)}</ds:SignatureValue>'


def _whole_seal(
    info: str,
    value: str,
    properties: str,
    chain: Sequence[bytes],
    token: bytes,
    others: Sequence[bytes],
    lists: Sequence[bytes],
) -> str:
    listed = _elements("xades:CRLValues", "xades:EncapsulatedCRLValue", lists)
    return "".join(
        (
            '<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#">',
            f'<ds:Signature xmlns:ds="{_DS}" Id="seal">{info}{value}<ds:KeyInfo>',
            _elements("ds:X509Data", "ds:X509Certificate", chain),
            "</ds:KeyInfo><ds:Object><xades:QualifyingProperties "
            f'xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" Target="#seal">{properties}',
            "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
            '<xades:SignatureTimeStamp Id="stamp">'
            f'<ds:CanonicalizationMethod Algorithm="{_C14N}"></ds:CanonicalizationMethod>'
            f"<xades:EncapsulatedTimeStamp>{_b64(token)}</xades:EncapsulatedTimeStamp>"
            "</xades:SignatureTimeStamp>",
            _elements("xades:CertificateValues", "xades:EncapsulatedX509Certificate", others),
            f"<xades:RevocationValues>{listed}</xades:RevocationValues>" if lists else "",
            "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
            "</xades:QualifyingProperties></ds:Object></ds:Signature></asic:XAdESSignatures>",
        )
    )


def _elements(outer: str, inner: str, contents: Sequence[bytes]) -> str:
    if not contents:
        return ""
    return f"<{outer}>" + "".join(f"<{inner}>{_b64(c)}</{inner}>" for c in contents) + f"</{outer}>"


# ── Merkle trees (RFC 9162, 2.1) ────────────────────────────────────────────────────────────────


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + content).digest()


def _above(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over these leaves."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    level = list(hashes)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [_above(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)] + odd
    return level[0]


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its path lead to; None where the path is none (2.1.3.2)."""
    position, last, found = index, size - 1, leaf
    if not 0 <= index < size:
        return None
    for step in path:
        if last == 0:
            return None
        if position & 1 or position == last:
            found = _above(step, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = _above(found, step)
        position, last = position >> 1, last >> 1
    return None if last else found


# ── Seals inside PDF documents (ISO 32000-2, 12.8; ETSI EN 319 142-1) ───────────────────────────

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_MOST_SEALS = 20


def verify_pdf(pdf: bytes) -> tuple[SignedData, Stamp]:
    """The last seal of a PDF, once it and its stamp fit and it covers the whole file."""
    ranges = [tuple(map(int, found)) for found in _RANGE.findall(pdf)]
    if not ranges:
        raise Broken(N_("the document bears no seal"))
    start, first, second, length = ranges[-1]
    held = pdf[first:second]
    framed = held[:1] == b"<" and held[-1:] == b">" and re.fullmatch(rb"[0-9A-Fa-f]*", held[1:-1])
    if len(ranges) > _MOST_SEALS or start or second + length != len(pdf) or not framed:
        raise Broken(N_("something was added to the document after it was sealed"))
    contents = bytes.fromhex(held[1:-1].decode())
    signature = _der_at(contents, 0).whole
    if contents[len(signature) :].strip(b"\0"):
        raise Broken(N_("something follows an ASN.1 value"))
    covered = pdf[:first] + pdf[second:]
    data = verify_signed_data(signature, _DATA, lambda name: hashlib.new(name, covered).digest())
    token = data.unsigned.get(_STAMP_ATTRIBUTE)
    if token is None:
        raise Broken(N_("the seal bears no time stamp"))
    signed = data.signature
    return data, verify_stamp(token.whole, lambda name: hashlib.new(name, signed).digest())


# ── Signed notes, cosignatures and envelopes (C2SP signed-note, tlog-cosignature; DSSE 1.0) ─────


@dataclass(frozen=True)
class Checkpoint:
    """A log's size and root, and who signed it."""

    origin: str
    size: int
    root: bytes
    signed_by: tuple[str, ...]
    cosigned: Mapping[str, datetime]


def verify_note(note: str, keys: Sequence[tuple[str, bytes]]) -> Checkpoint:
    """The checkpoint, once every signature by a key at hand (name, key) fits."""
    text, gap, lines = note.rpartition("\n\n")
    text += "\n"
    parts = text.split("\n")
    if not gap or len(parts) < 4 or not lines.endswith("\n") or not parts[1].isdigit():
        raise Broken(N_("a checkpoint has another form than expected"))
    signed, cosigned = [], {}
    for line in lines[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        body = _plain_base64(encoded)
        if dash != "—":
            raise Broken(N_("a checkpoint has another form than expected"))
        for known, key in keys:
            if known == name and body[:4] == _key_id(name, b"\x01", key):
                _require(ed25519_fits(key, text.encode(), body[4:]), name)
                signed.append(name)
            if known == name and body[:4] == _key_id(name, b"\x04", key):
                seconds = int.from_bytes(body[4:12], "big")
                said = f"cosignature/v1\ntime {seconds}\n{text}".encode()
                _require(ed25519_fits(key, said, body[12:]), name)
                cosigned[name] = datetime.fromtimestamp(seconds, UTC)
    root = _plain_base64(parts[2])
    return Checkpoint(parts[0], int(parts[1]), root, tuple(signed), cosigned)


def read_note_key(line: str) -> tuple[str, bytes]:
    """Name and key of a verifier key."""
    name, _, rest = line.partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = _plain_base64(encoded)
    if raw[:1] != b"\x01" or len(raw) != 33 or _key_id(name, b"\x01", raw[1:]).hex() != key_id:
        raise Broken(N_("a key is of another kind than expected"))
    return name, raw[1:]


def verify_envelope(content: bytes, named: str, keys: Mapping[str, bytes]) -> tuple[str, Any]:
    """Who signed a DSSE document, by key id, and what it says."""
    document = read_json(content, named)
    payload = _plain_base64(member(document, "payload", str))
    kind = member(document, "payloadType", str).encode()
    signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    for each in member(document, "signatures", list):
        key_id = member(each, "keyid", str)
        if key_id not in keys:
            raise Broken(N_("the key {key} that signed it is not listed"), key=key_id)
        _require(
            ed25519_fits(keys[key_id], signed, _plain_base64(member(each, "sig", str))), key_id
        )
        return key_id, read_json(payload, named)
    raise Broken(N_("nobody signed it"))


def _key_id(name: str, kind: bytes, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4]


def _require(fits: bool, name: str) -> None:  # noqa: FBT001  # one plain condition
    if not fits:
        raise Broken(N_("the signature of {name} does not fit"), name=name)


def _plain_base64(text: str) -> bytes:
    content = base64.b64decode(text, validate=True)
    if _b64(content) != text:
        raise Broken(N_("a text is not in the one spelling of base64"))
    return content


# ── The procedure ───────────────────────────────────────────────────────────────────────────────


class Procedure:
    """Goes through the steps of one file; every step notes what it found and goes on."""

    def __init__(self, trust: Trust, at: datetime | None = None) -> None:
        self.trust, self.at, self.report = trust, at, Report()
        self.heads: dict[str, Any] = {}
        self.package: Any = {}

    def note(self, step: int, state: str, about: str, text: str, **facts: object) -> None:
        """Note a finding."""
        said = {name: str(value) for name, value in facts.items()}
        self.report.findings.append(Finding(step, state, about, text, said))

    def attempt(self, step: int, about: str, check: Callable[[], None]) -> bool:
        """Whether a check goes through; what breaks is noted as that, whatever it is."""
        try:
            check()
        except Broken as broken:
            self.note(step, FAILS, about, broken.text, **broken.facts)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            self.note(step, FAILS, about, N_("it has another form than expected"))
        else:
            return True
        return False

    def run(self, source: BinaryIO) -> Report:
        """Verify a file: a package, or a PDF document with a seal."""
        begins = source.read(4)
        source.seek(0)
        self.report.digest = hashlib.file_digest(source, "sha256").hexdigest()
        if begins == b"%PDF":
            source.seek(0)
            self.pdf(source.read(), "")
        elif self.attempt(1, "", lambda: self.open(source)):
            self.whole_package()
        return self.report

    def open(self, source: BinaryIO) -> None:
        """Step 1."""
        self.container = Container(source)
        count, size = len(self.container.files), sum(f.size for f in self.container.files.values())
        self.note(1, HOLDS, "", N_("{count} files, {size} bytes"), count=count, size=size)

    def whole_package(self) -> None:
        """Steps 2 to 14."""
        digests = {name: file.digest for name, file in self.container.files.items()}
        names = set(digests) - {FIRST, SIGNATURE}
        self.attempt(2, SIGNATURE, lambda: self.seal(SIGNATURE, {n: digests[n] for n in names}, 3))
        if not self.attempt(6, "package.json", self.contents):
            return
        self.attempt(5, "trust", self.material)
        for number in self.statements():
            self.attempt(7, f"statements/{number}", lambda n=number: self.statement(n, digests))
        for item in self.package["items"]:
            folder = f"items/{item['folder']}"
            self.attempt(8, folder, lambda i=item: self.item(i))
            self.attempt(9, folder, lambda i=item: self.custody(i))
        self.attempt(10, "exchange", self.evidences)
        for name in sorted(n for n in names if re.fullmatch(r"journal/\d{4}\.json", n)):
            self.attempt(11, name, lambda n=name: self.journal(n))
        self.attempt(13, "law", self.law)
        for name in names:
            if name.endswith("/copy.pdf"):
                self.pdf(self.container.read(name), name)

    def seal(self, name: str, digests: Mapping[str, str], step: int) -> None:
        """A seal with its stamp and both chains: steps 2 to 5, or 7, 4 and 5."""
        seal = verify_seal(self.container.read(name), digests)
        if step == 3:
            self.note(2, HOLDS, name, N_("{count} files"), count=len(digests))
            self.report.facts["sealed-at"] = seal.stamp.at.isoformat()
        who, pilot = seal.certificate.name, seal.certificate.is_pilot
        said = N_("sealed by “{name}” (a pilot seal)") if pilot else N_("sealed by “{name}”")
        self.note(step, HOLDS, name, said, name=who)
        stamp, used = seal.stamp, list[Certificate]()
        self.trust.pool += [*seal.certificates, *stamp.data.certificates]
        self.trust.lists += seal.revocations
        self.note_stamp(name, stamp)
        self.chains(name, seal.certificate, stamp, used)
        if spare := [c for c in seal.certificates if c not in used]:
            raise Broken(
                N_("the seal carries a certificate of “{name}” that it does not need"),
                name=spare[0].name,
            )
        if [r for r in seal.revocations if not self.trust.knows(r, used)]:
            raise Broken(N_("a list of revoked certificates is signed by nobody in the chain"))

    def note_stamp(self, about: str, stamp: Stamp) -> None:
        """Step 4."""
        facts = {"at": stamp.at.isoformat(), "name": stamp.data.certificate.name}
        self.note(4, HOLDS, about, N_("stamped {at} by “{name}”"), **facts)

    def chains(self, about: str, leaf: Certificate, stamp: Stamp, used: list[Certificate]) -> None:
        """Step 5, for the sealer and for the authority of its time stamp."""
        for certificate, stamps in ((leaf, False), (stamp.data.certificate, True)):
            path = self.trust.path(certificate, stamp.at, for_stamps=stamps)
            used += path
            facts = {"name": certificate.name, "root": path[-1].name, "print": path[-1].fingerprint}
            if self.trust.is_anchored(path):
                self.note(5, HOLDS, about, N_("“{name}” leads to the anchor “{root}”"), **facts)
            elif self.trust.anchors:
                self.note(
                    5,
                    FAILS,
                    about,
                    N_("“{name}” leads to “{root}” ({print}), no anchor of yours"),
                    **facts,
                )
            else:
                self.note(
                    5,
                    OPEN,
                    about,
                    N_(
                        "“{name}” leads to “{root}”; compare its SHA-256 with its authority: {print}"
                    ),
                    **facts,
                )
            if stamps and self.at and self.at > certificate.valid_until:
                facts["day"] = str(certificate.valid_until.date())
                self.note(
                    5,
                    OPEN,
                    about,
                    N_(
                        "the certificate of “{name}” ended on {day}: since then the time rests on nobody having its key"
                    ),
                    **facts,
                )

    def contents(self) -> None:
        """Step 6."""
        package = read_json(self.container.read("package.json"), "package.json")
        if member(package, "format", str) != "comity-package/1":
            raise Broken(N_("it is a package of another format"))
        self.package = package
        for name in ("reference", "kind", "from", "to", "at", "case", "purpose"):
            self.report.facts[name] = member(package, name, str)
        folders = [member(item, "folder", str) for item in member(package, "items", list)]
        allowed = re.compile(
            r"package\.json|index\.html|verify\.py|law/(instrument|assessment)\.json"
            r"|(exchange|journal)/\d{4}\.json|journal/checkpoint\.txt"
            rf"|trust/[\w-]+\.(json|pem)|items/({'|'.join(folders) or '-'})/"
            r"(item\.json|content\.bin|copy\.pdf|custody\.json|pages/\d{5}\.png|chunks/\d{5}\.bin)"
            rf"|statements/({'|'.join(self.statements()) or '-'})/"
            r"(head\.json|signature\.xml|leaves\.json)"
        )
        for name in self.container.files:
            if name not in (FIRST, SIGNATURE, MANIFEST) and not allowed.fullmatch(name):
                raise Broken(N_("the file {name} is not listed"), name=name)
        if len(set(folders)) != len(folders):
            raise Broken(N_("an item is listed twice"))
        self.note(6, HOLDS, "package.json", N_("{count} items"), count=len(folders))

    def material(self) -> None:
        """Certificates and lists of revoked ones that the package brings beside its seals."""
        for name in ("trust/certificates.pem", "trust/revocations.pem"):
            text = self.container.read(name).decode() if name in self.container else ""
            self.trust.pool += map(read_certificate, read_pem(text, "CERTIFICATE"))
            self.trust.lists += map(read_revocations, read_pem(text, "X509 CRL"))

    def statements(self) -> list[str]:
        """The folders of the statements."""
        return [member(each, "folder", str) for each in member(self.package, "statements", list)]

    def statement(self, number: str, digests: Mapping[str, str]) -> None:
        """Step 7."""
        folder = f"statements/{number}"
        head = read_json(self.container.read(f"{folder}/head.json"), f"{folder}/head.json")
        if member(head, "format", str) != "comity-statement/1":
            raise Broken(N_("it is a statement of another format"))
        self.seal(f"{folder}/signature.xml", {"head.json": digests[f"{folder}/head.json"]}, 7)
        leaves = read_json(self.container.read(f"{folder}/leaves.json"), f"{folder}/leaves.json")
        self.heads[number] = (
            head,
            {member(i, "identity", str): i for i in member(leaves, "items", list)},
        )
        facts = {name: member(head, name, str) for name in ("reference", "issuer", "at")}
        self.note(7, HOLDS, folder, N_("{reference} of {issuer}, certified {at}"), **facts)

    def item(self, listed: Any) -> None:
        """Step 8, for every statement that speaks of the item."""
        folder = f"items/{listed['folder']}"
        document = read_json(self.container.read(f"{folder}/item.json"), f"{folder}/item.json")
        if member(document, "identity", str) != member(listed, "identity", str):
            raise Broken(N_("it is another item than the package lists"))
        for number in member(listed, "statements", list):
            said = member(member(document, "statements", dict), number, dict)
            fields = member(said, "fields", dict)
            digests = {name: sha256(spelled(value)) for name, value in fields.items()}
            digests |= self.custody_leaves(folder, number) | self.file_leaves(folder)
            if number not in self.heads:
                raise Broken(N_("the statement {number} on it does not hold"), number=number)
            head, items = self.heads[number]
            self.leaves(folder, head, items[listed["identity"]], fields, digests)

    def leaves(
        self, folder: str, head: Any, stated: Any, fields: Any, digests: Mapping[str, str]
    ) -> None:
        """One statement's leaves of an item: all hashes lead to the root that was sealed."""
        hashes, names, withheld, used = [], [], dict[str, int](), set()
        for leaf in member(stated, "leaves", list):
            name = member(leaf, "name", str)
            names.append(name)
            if "salt" in leaf:
                if name not in digests:
                    raise Broken(N_("{part} is disclosed and missing"), part=name)
                used.add(name)
                salted = f"comity-leaf/1\n{name}\n{member(leaf, 'salt', str)}\n{digests[name]}\n"
                hashes.append(leaf_hash(salted.encode()))
            else:
                reason = member(leaf, "reason", str)
                withheld[reason] = withheld.get(reason, 0) + 1
                hashes.append(bytes.fromhex(member(leaf, "hash", str)))
        if spare := sorted({*fields} - used) or sorted(
            n for n in digests if n.startswith("pages/") and n not in names
        ):
            raise Broken(N_("{part} is shown and not certified"), part=spare[0])
        entry = {
            "identity": stated["identity"],
            "leaves": len(names),
            "names": sha256("".join(f"{name}\n" for name in names).encode()),
            "root": root_of(hashes).hex(),
        }
        path = [bytes.fromhex(step) for step in member(stated, "path", list)]
        place, size = member(stated, "number", int), member(head, "items", int)
        found = root_by_path(leaf_hash(spelled(entry)), place, size, path)
        if found is None or found.hex() != member(head, "root", str):
            raise Broken(
                N_("its leaves do not lead to the root of {statement}"), statement=head["reference"]
            )
        whole = fields.get("content/digest")
        if whole is not None and self.digest(f"{folder}/content.bin") not in ("", whole):
            raise Broken(N_("the file is not the one that was certified"))
        facts = {"count": len(used), "statement": head["reference"]}
        self.note(8, HOLDS, folder, N_("{count} parts prove under {statement}"), **facts)
        for reason, count in sorted(withheld.items()):
            self.note(
                8, OPEN, folder, N_("{count} parts withheld ({reason})"), count=count, reason=reason
            )

    def digest(self, name: str) -> str:
        """The digest of a file, empty where it is not here."""
        return self.container.files[name].digest if name in self.container else ""

    def file_leaves(self, folder: str) -> dict[str, str]:
        """The digests of pages and of mebibytes of the file."""
        found = {}
        for name, file in self.container.files.items():
            if name.startswith(f"{folder}/pages/") or name.startswith(f"{folder}/chunks/"):
                found[name[len(folder) + 1 :].partition(".")[0]] = file.digest
        whole = self.container.files.get(f"{folder}/content.bin")
        for number, digest in enumerate(whole.chunks if whole else (), start=1):
            found[f"chunks/{number:05}"] = digest
        return found

    def chains_of_custody(self, folder: str) -> list[Any]:
        """What `custody.json` holds; nothing where custody is withheld whole."""
        if f"{folder}/custody.json" not in self.container:
            return []
        document = read_json(self.container.read(f"{folder}/custody.json"), "custody.json")
        return list(member(document, "chains", list))

    def custody_leaves(self, folder: str, number: str) -> dict[str, str]:
        """The digests of custody's leaves: what was done, its digests, its words."""
        found = {}
        for chain in self.chains_of_custody(folder):
            for event in chain["events"][: chain["certified"].get(number, 0)]:
                name = f"custody/{member(event, 'number', int):05}"
                digests = {n: event[n] for n in DIGESTS if n in event}
                words = event.get("words")
                rest = {n: v for n, v in event.items() if n not in digests and n != "words"}
                found[name] = sha256(spelled(rest))
                if digests:
                    found[f"{name}/digests"] = sha256(spelled(digests))
                if words is not None:
                    found[f"{name}/words"] = sha256(spelled(words))
        return found

    def custody(self, listed: Any) -> None:
        """Step 9."""
        folder = f"items/{listed['folder']}"
        for chain in self.chains_of_custody(folder):
            self.custody_chain(folder, listed["identity"], chain)

    def custody_chain(self, folder: str, identity: str, chain: Any) -> None:
        """One administration's record: each event over the one before it."""
        previous, last, hidden = "0" * 64, "", 0
        events = member(chain, "events", list)
        for place, event in enumerate(events, start=1):
            facts = {"number": place, "by": chain["by"]}
            if event["number"] != place or event["item"] != identity:
                raise Broken(N_("event {number} of {by} is missing or of another item"), **facts)
            if event["act"] == "gap-noted":
                self.note(9, OPEN, folder, N_("{by} noted a gap before event {number}"), **facts)
            words = event.get("words")
            if words is not None and words_digest(words) != event["words_digest"]:
                raise Broken(N_("the words of event {number} of {by} were altered"), **facts)
            if "digest" not in event:
                hidden += 1
                continue
            covered = {n: v for n, v in event.items() if n not in ("digest", "words")}
            digest = sha256(spelled({"format": "comity-custody/1", **covered}))
            follows = hidden or event["previous"] == previous
            if digest != event["digest"] or not follows:
                raise Broken(
                    N_("event {number} of {by} does not follow the one before it"), **facts
                )
            previous, last = digest, event["digest_after"] or last
        content = self.digest(f"{folder}/content.bin")
        if content and last and content != last:
            raise Broken(N_("the file is not the one that custody ends with"))
        facts = {"count": len(events), "by": chain["by"]}
        if hidden:
            self.note(
                9,
                OPEN,
                folder,
                N_("{count} events of {by}; their digests are withheld with the file"),
                **facts,
            )
        else:
            self.note(9, HOLDS, folder, N_("{count} events of {by}, without a gap"), **facts)

    def keys(self) -> Any:
        """The keys of administrations, as the packer lists them."""
        return read_json(self.container.read("trust/keys.json"), "trust/keys.json")

    def evidences(self) -> None:
        """Step 10."""
        names = [name for name in self.container.files if name.startswith("exchange/")]
        for name in names:
            keys, owners = {}, {}
            for code, listed in member(self.keys(), "administrations", dict).items():
                for pem in member(listed, "envelope", list):
                    spki = read_pem(pem, "PUBLIC KEY")[0]
                    keys[sha256(spki)[:16]] = ed25519_key(read_der(spki))
                    owners[sha256(spki)[:16]] = code
            key_id, said = verify_envelope(self.container.read(name), name, keys)
            facts = {n: member(said, n, str) for n in ("kind", "by", "at", "message")}
            if owners[key_id] != facts["by"]:
                raise Broken(N_("{by} states what another administration's key signed"), **facts)
            self.note(10, HOLDS, name, N_("{by} stated “{kind}” of {message} on {at}"), **facts)

    def journal(self, name: str) -> None:
        """Steps 11 and 12, for the proof of one act."""
        proof = read_json(self.container.read(name), name)
        ours, others = self.note_keys()
        note = verify_note(member(proof, "checkpoint", str), [*ours, *others])
        entry = {n: v for n, v in member(proof, "entry", dict).items() if n != "digest"}
        path = [bytes.fromhex(step) for step in member(proof, "path", list)]
        place = member(entry, "sequence", int) - 1
        if root_by_path(leaf_hash(spelled(entry)), place, note.size, path) != note.root:
            raise Broken(N_("the act does not stand in the journal that the checkpoint signed"))
        heads = {
            h["reference"]: h for h, _ in self.heads.values() if h["issuer"] == self.package["from"]
        }
        head, facts = heads.get(entry["subject"]), member(entry, "facts", dict)
        if not note.signed_by or head is None or facts.get("digest") != head["root"]:
            raise Broken(N_("the act in the journal is not about a statement that is here"))
        said = {
            "number": entry["sequence"],
            "at": entry["at"],
            "size": note.size,
            "origin": note.origin,
        }
        self.note(
            11, HOLDS, name, N_("entry {number} of {at} in {origin} with {size} entries"), **said
        )
        for witness, at in note.cosigned.items():
            self.note(12, HOLDS, name, N_("“{who}” cosigned it on {at}"), who=witness, at=at)

    def note_keys(self) -> tuple[list[tuple[str, bytes]], list[tuple[str, bytes]]]:
        """The keys of the packer's journal, and of other administrations'."""
        listed = member(self.keys(), "administrations", dict)
        found = {
            c: [read_note_key(k) for k in member(k_, "journal", list)] for c, k_ in listed.items()
        }
        ours = found.pop(self.package["from"], [])
        return ours, [key for keys in found.values() for key in keys]

    def law(self) -> None:
        """Step 13."""
        if "law/instrument.json" not in self.container:
            return
        assessment = read_json(self.container.read("law/assessment.json"), "law/assessment.json")
        version = member(assessment, "version", str)
        if version != self.digest("law/instrument.json"):
            raise Broken(N_("the text of the law is not the version that was applied"))
        facts = {
            "instrument": member(assessment, "instrument", str),
            "verdict": member(assessment, "verdict", str),
        }
        self.note(13, HOLDS, "law", N_("{instrument}: {verdict}"), **facts)

    def pdf(self, content: bytes, name: str) -> None:
        """Step 14."""
        self.attempt(14, name, lambda: self._pdf(content, name))

    def _pdf(self, content: bytes, name: str) -> None:
        data, stamp = verify_pdf(content)
        self.note(14, HOLDS, name, N_("sealed by “{name}”"), name=data.certificate.name)
        self.note_stamp(name, stamp)
        self.trust.pool += [*data.certificates, *stamp.data.certificates]
        self.chains(name, data.certificate, stamp, [])


DIGESTS = ("digest_before", "digest_after", "previous", "digest")
"""Members of a custody event by which a guess of the content could be confirmed."""


def words_digest(words: Any) -> str:
    """The salted digest of what a person wrote of an act."""
    rest = {name: value for name, value in words.items() if name != "salt"}
    return sha256(bytes.fromhex(words["salt"]) + spelled(rest))


# ── The command ─────────────────────────────────────────────────────────────────────────────────


def read_anchors(text: str) -> Trust:
    """What the reader trusts: certificates in PEM, and cards by their fingerprints."""
    cards = dict(
        re.findall(r"^card (\S+) ([0-9A-Z]{4}(?:-[0-9A-Z]{4}){4})\s*$", text, re.MULTILINE)
    )
    found = tuple(read_certificate(der) for der in read_pem(text, "CERTIFICATE"))
    return Trust(anchors=found, cards=cards)


def verify(source: BinaryIO, trust: Trust | None = None, at: datetime | None = None) -> Report:
    """The report on a file."""
    return Procedure(trust or Trust(), at).run(source)


def main(argv: Sequence[str] | None = None) -> int:
    """Verify the file that the command line names."""
    parser = argparse.ArgumentParser(prog="verify.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--anchors", metavar="FILE", help="what you trust: PEM, and lines of cards")
    parser.add_argument("--at", metavar="DATE", help="also say what had ended by this day")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(argv)
    try:
        day = datetime.fromisoformat(chosen.at).replace(tzinfo=UTC) if chosen.at else None
        trust = Trust()
        if chosen.anchors:
            with open(chosen.anchors, encoding="utf-8") as file:
                trust = read_anchors(file.read())
        with open(chosen.file, "rb") as source:
            report = verify(source, trust, day)
    except (OSError, ValueError, Broken) as error:
        print(f"verify.py: {error}", file=sys.stderr)
        return 2
    said = json.dumps(report.as_dict(), ensure_ascii=False, indent=2)
    print(said if chosen.json else report.as_text())
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
