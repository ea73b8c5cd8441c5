# SPDX-License-Identifier: Apache-2.0
"""Verifies a package of evidence, or a sealed PDF, with nothing but this file and Python 3.11.

    python verify.py package.asice --anchors FILE [--at DATE] [--renewals FILE ...] [--json]

It opens no connection, asks no clock and trusts nothing that it has not computed: what it needs
stands in the package. It goes through the numbered procedure of `STEPS`, says of every step what
was found and what that does not prove, and ends with 0 (all holds, and the seals are of whom your
anchors vouch for), 1 (something fails), 2 (misuse) or 3 (all holds, but whose seals these are was
not proved: you brought no anchors, and anybody can make such a file).

The file reads from above to below: findings, the ZIP, JSON, numbers, ASN.1, certificates,
signatures, time stamps, XML, Merkle trees, PDF, renewals, then the procedure. Specifications are
named where they are followed. `comity.evidence` uses these functions; they use nothing of it.
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
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, BinaryIO


def N_(text: str) -> str:  # noqa: N802
    """The text itself; the name marks it for translation."""
    return text


# ── Findings ────────────────────────────────────────────────────────────────────────────────────

HOLDS, FAILS, OPEN, PROVED = "holds", "fails", "not-proved", "proved"
KNOWN = N_("Whose seals these are: proved. Each leads to one of the anchors given.")
UNKNOWN = N_("WHOSE SEALS THESE ARE IS NOT PROVED: no anchors given. Anybody can make such a file.")
FAILED = N_("VERIFICATION FAILED: do not rely on this file.")


class Broken(Exception):  # noqa: N818  # a finding, told in the report and never raised to a caller
    """Something does not fit; the text says what was expected and what was found."""

    def __init__(self, text: str, **facts: object) -> None:
        self.text, self.facts = text, {name: str(value) for name, value in facts.items()}
        super().__init__(text.format(**self.facts))


def refuse(when: object, text: str, **facts: object) -> None:
    """Raise `Broken` where this is so."""
    if when:
        raise Broken(text, **facts)


@dataclass(frozen=True)
class Finding:
    """What a step found about one thing: a file, a folder, or the whole."""

    step: int
    state: str
    about: str
    text: str
    facts: Mapping[str, str]

    def said(self, say: Callable[[str], str] = str) -> str:
        """The finding in words."""
        return say(self.text).format(**self.facts)


@dataclass
class Report:
    """Everything that was checked, in order."""

    digest: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    anchored: bool = False  # whether the reader brought anchors; no other seal holds then

    @property
    def identity(self) -> str:
        """Whether it is proved whose seals these are: `proved` or `not-proved`."""
        return PROVED if self.anchored and self.holds else OPEN

    @property
    def outcome(self) -> str:
        """Whether it is proved whose seals these are, in words; or that something fails."""
        return FAILED if not self.holds else KNOWN if self.identity == PROVED else UNKNOWN

    @property
    def holds(self) -> bool:
        """Whether nothing fails. What is not proved stays so, and is said."""
        return bool(self.findings) and all(each.state != FAILS for each in self.findings)

    def as_dict(self, say: Callable[[str], str] = str) -> dict[str, Any]:
        """The report for programs."""
        steps = list[dict[str, Any]]()
        for number, (checks, proves_not) in STEPS.items():
            about = [each for each in self.findings if each.step == number]
            found = [{"state": e.state, "about": e.about, "found": e.said(say)} for e in about]
            told = {"step": number, "checks": say(checks), "does_not_prove": say(proves_not)}
            steps += [{**told, "findings": found}] if found else []
        head = {"holds": self.holds, "identity": self.identity, "says": say(self.outcome)}
        return {**head, "sha256": self.digest, "facts": self.facts, "steps": steps}

    def as_text(self, say: Callable[[str], str] = str) -> str:
        """The report for people."""
        words = {HOLDS: N_("holds"), FAILS: N_("FAILS"), OPEN: N_("not proved")}
        lines = [say(self.outcome), "", f"SHA-256 {self.digest}"]
        lines += [f"{name}: {value}" for name, value in self.facts.items()]
        for step in self.as_dict(say)["steps"]:
            lines += ["", f"{step['step']}. {step['checks']}"]
            for each in step["findings"]:
                about = f"{each['about']}: " if each["about"] else ""
                lines.append(f"   [{say(words[each['state']])}] {about}{each['found']}")
            lines.append(f"   {say(N_('This does not prove'))}: {step['does_not_prove']}")
        lines += ["", *([say(N_("Everything that was checked holds."))] if self.holds else [])]
        shown = [*lines, say(self.outcome)]  # a stranger's words stay within their line
        return "\n".join("".join(c if c.isprintable() else "�" for c in line) for line in shown)


STEPS = {  # number → what is checked, and what that does not prove
    1: (N_("The container is written in the one canonical way: every byte of it is accounted for."),
        N_("who wrote it. That is what the signatures say.")),
    2: (N_("The signature covers every file of the container, each by its SHA-256."),
        N_("that what the files say is true.")),
    3: (N_("The seal of whoever packed it fits (XAdES)."),
        N_("who holds the key: its certificate says so, and step 5 says who vouches for that.")),
    4: (N_("The time stamps fit (RFC 3161): what they cover existed at their times."),
        N_("that the authority's clock was right, or that its key is still unbroken today.")),
    5: (N_("Each certificate was valid at the time of its stamp and leads to an anchor."),
        N_("more than the anchor's word for who the holder is.")),
    6: (N_("The package lists what it holds, and holds what it lists."),
        N_("that nothing else exists: a package may leave out whole items.")),
    7: (N_("Each statement is sealed by the administration that certified the items."),
        N_("that what was certified is true: only that it was certified, by whom and when.")),
    8: (N_("Every disclosed field, event, page and part of a file leads to its statement's root."),
        N_("what the withheld parts say: only that they are there, and which they are.")),
    9: (N_("The custody of each item is a chain without a gap, and ends with the file's digest."),
        N_("what happened while nobody recorded it.")),
    10: (N_("Evidences of the exchange are signed by the keys of those who state them."),
        N_("whose keys these are: the packer lists them. Compare them with the partner cards.")),
    11: (N_("The act stands in the journal that the checkpoint signed (RFC 9162)."),
        N_("that the journal was shown to everybody alike: for that, see the next step.")),
    12: (N_("Another administration cosigned the journal, so it cannot have been rewritten since."),
        N_("anything about what was never entered in the journal.")),
    13: (N_("The law that was applied is the text whose digest the assessment names."),
        N_("that a court reads this law in the same way.")),
    14: (N_("The seals inside PDF documents fit, and cover them whole (PAdES)."),
        N_("that a printed copy is the same: only the file is sealed.")),
}  # fmt: skip


# ── The container (ZIP, APPNOTE 6.3; ASiC-E, ETSI EN 319 162-1) ─────────────────────────────────

BLOCK = 1024 * 1024
FIRST, SIGNATURE, MANIFEST = "mimetype", "META-INF/signatures001.xml", "META-INF/manifest.xml"
MIMETYPE = b"application/vnd.etsi.asic-e+zip"
MOST_IN_MEMORY = 64 * 1024 * 1024
_NAME = re.compile(r"(?:[A-Za-z0-9_-]+/){0,3}[A-Za-z0-9_-]+(?:\.[a-z0-9]{1,5})?")
_LONGEST_NAME = 200
_FIXED = (10, 0, 0, 0, 1 << 5 | 1)  # version 1.0, no flags, stored, at 0:00 on 1980-01-01
_LOCAL, _DIRECTORY, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


@dataclass(frozen=True)
class File:
    """A file of the container as it was read once; `chunks` are digests of each mebibyte."""

    name: str
    offset: int
    size: int
    digest: str
    chunks: tuple[str, ...]


class Container:
    """The files of a canonical ZIP; opening it reads every byte."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.files: dict[str, File] = {}
        expected = self._read_files()
        odd = self._source.read(len(expected) + 1) != expected
        refuse(odd, N_("its directory is not the one that follows from its files"))
        odd = self.read(FIRST) != MIMETYPE
        refuse(odd, N_("its file “mimetype” does not say {type}"), type=MIMETYPE.decode())

    def __contains__(self, name: object) -> bool:
        return name in self.files

    def read(self, name: str) -> bytes:
        """The content of a file that must be there, and small."""
        refuse(name not in self.files, N_("the file {name} is missing"), name=name)
        odd = self.files[name].size > MOST_IN_MEMORY
        refuse(odd, N_("the file {name} is larger than such a file can be"), name=name)
        return b"".join(self.blocks(name))

    def blocks(self, name: str) -> Iterator[bytes]:
        """The content of a file of any size."""
        return self._blocks(name, self.files[name].offset, self.files[name].size)

    def _blocks(self, name: str, start: int, size: int) -> Iterator[bytes]:
        for at in range(0, size, BLOCK):
            self._source.seek(start + at)
            block = self._source.read(min(BLOCK, size - at))
            short = len(block) < min(BLOCK, size - at)
            refuse(short, N_("it ends within the file {name}"), name=name)
            yield block

    def _read_files(self) -> bytes:
        """Read files until the directory begins; the directory as it must be."""
        self._source.seek(0)
        directory, offset, before = list[bytes](), 0, (-1, "")
        while True:
            fixed = self._source.read(4)
            if fixed != _LOCAL:
                self._source.seek(offset)
                listed = b"".join(directory)
                return listed + _end_of(len(directory), len(listed), offset)
            fixed += self._source.read(26)
            refuse(len(fixed) != 30, N_("it ends within a header at byte {offset}"), offset=offset)
            crc, size, _, name_length, _ = struct.unpack("<IIIHH", fixed[14:])
            name = self._name(name_length, offset)
            odd = fixed != struct.pack("<4s5H3I2H", _LOCAL, *_FIXED, crc, size, size, len(name), 0)
            refuse(odd, N_("the header at byte {offset} is not canonical"), offset=offset)
            order = ({FIRST: 0, SIGNATURE: 2}.get(name, 1), name)
            refuse(order <= before, N_("the file {name} stands out of order"), name=name)
            self._take(name, size, crc)
            directory.append(_listed(name, size, crc, offset))
            offset, before = self._source.tell(), order

    def _name(self, length: int, offset: int) -> str:
        encoded = self._source.read(min(length, _LONGEST_NAME + 1))
        name = encoded.decode("ascii", "replace")
        odd = len(encoded) != length or not _NAME.fullmatch(name)
        refuse(odd, N_("the name at byte {offset} is none of a package"), offset=offset)
        return name

    def _take(self, name: str, size: int, crc: int) -> None:
        offset, found, whole, chunks = self._source.tell(), 0, hashlib.sha256(), []
        for block in self._blocks(name, offset, size):
            found = zlib.crc32(block, found)
            chunks.append(sha256(block))
            if size > BLOCK:
                whole.update(block)
        refuse(found != crc, N_("the check sum of the file {name} does not fit"), name=name)
        digest = whole.hexdigest() if size > BLOCK else (chunks or [sha256(b"")])[0]
        self.files[name] = File(name, offset, size, digest, tuple(chunks))


def _listed(name: str, size: int, crc: int, offset: int) -> bytes:
    sizes = struct.pack("<IIIHHHHHII", crc, size, size, len(name), 0, 0, 0, 0, 0, offset)
    return struct.pack("<4s6H", _DIRECTORY, 20, *_FIXED) + sizes + name.encode()


def _end_of(count: int, length: int, start: int) -> bytes:
    return struct.pack("<4sHHHHIIH", _END, 0, 0, count & 0xFFFF, count & 0xFFFF, length, start, 0)


def sha256(content: bytes) -> str:
    """The digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def over(content: bytes) -> Callable[[str], bytes]:
    """The digest of this content, by the name of the hash."""
    return lambda name: hashlib.new(name, content).digest()


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


# ── Numbers: ECDSA (FIPS 186-5, SP 800-186), RSA (RFC 8017), Ed25519 (RFC 8032) ─────────────────

Point = tuple[int, int]


@dataclass(frozen=True)
class Curve:
    """y² = x³ - 3x + b over the field of p, with a point (x, y) of the order n."""

    size: int
    p: int
    b: int
    n: int
    x: int
    y: int


P256 = Curve(
    32, 2**256 - 2**224 + 2**192 + 2**96 - 1,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)  # fmt: skip
P384 = Curve(48, 2**384 - 2**128 - 2**96 + 2**32 - 1, *(int(figures, 16) for figures in (
    "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF",
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
    "AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7",
    "3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F",
)))  # fmt: skip


def _add(one: Point | None, other: Point | None, p: int) -> Point | None:
    """The sum of two points; None is the point at infinity."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % p == 0:
        return None
    if one == other:
        slope = 3 * (x1 * x1 - 1) * pow(2 * y1, -1, p)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, p)
    x3 = (slope * slope - x1 - x2) % p
    return x3, (slope * (x1 - x3) - y1) % p


@lru_cache(1024)
def ecdsa_fits(key: Point, digest: bytes, r: int, s: int, curve: Curve = P256) -> bool:
    """Whether the key made this signature over the digest."""
    (x, y), p, n = key, curve.p, curve.n
    on_curve = 0 <= x < p and 0 <= y < p and (y * y - x * x * x + 3 * x - curve.b) % p == 0
    if not on_curve or not (0 < r < n and 0 < s < n):
        return False
    inverse = pow(s, -1, n)
    u1, u2 = int.from_bytes(digest[: curve.size], "big") * inverse % n, r * inverse % n
    base = (curve.x, curve.y)
    chosen, point = (None, base, key, _add(base, key, p)), None
    for bit in reversed(range(8 * curve.size)):
        point = _add(point, point, p)
        point = _add(point, chosen[(u1 >> bit & 1) | (u2 >> bit & 1) << 1], p)
    return point is not None and point[0] % n == r


_PREFIXES = {  # DigestInfo of RFC 8017, 9.2, note 1
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


def rsa_fits(n: int, e: int, hash_name: str, digest: bytes, signature: bytes) -> bool:
    """Whether the key made this PKCS #1 v1.5 signature over the digest."""
    number, length = _opened(n, e, signature), (n.bit_length() + 7) // 8
    info = _PREFIXES[hash_name] + digest
    expected = b"\x00\x01" + b"\xff" * (length - len(info) - 3) + b"\x00" + info
    return number == int.from_bytes(expected, "big")


def _opened(n: int, e: int, signature: bytes) -> int:
    """What the signature was before it was signed; 0 for a signature or key of another form."""
    length, number = (n.bit_length() + 7) // 8, int.from_bytes(signature, "big")
    fits = 256 <= length <= 1024 and len(signature) == length and number < n and 2 < e < 1 << 256
    return pow(number, e, n) if fits else 0


def pss_fits(n: int, e: int, name: str, digest: bytes, signature: bytes, salted: int) -> bool:
    """Whether the key made this RSASSA-PSS signature (9.1.2), MGF1 and salt as said."""
    bits, size = n.bit_length() - 1, len(digest)
    length, number = (bits + 7) // 8, _opened(n, e, signature)
    if number.bit_length() > bits or not 0 <= salted <= length - size - 2:
        return False
    encoded = number.to_bytes(length, "big")
    masked, hashed, left = encoded[: -size - 1], encoded[-size - 1 : -1], bits - 8 * (size + 1)
    counters = (struct.pack(">I", count) for count in range(-(-len(masked) // size)))
    mask = b"".join(over(hashed + counter)(name) for counter in counters)
    opened = int.from_bytes(masked, "big") ^ int.from_bytes(mask[: len(masked)], "big")
    padding, salt = divmod(opened & (1 << left) - 1, 1 << 8 * salted)
    again = over(bytes(8) + digest + salt.to_bytes(salted, "big"))(name)
    return again == hashed and padding == 1 and encoded[-1] == 0xBC


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


@lru_cache(64)
def ed25519_fits(key: bytes, signed: bytes, signature: bytes) -> bool:
    """Whether the key made this signature over these bytes."""
    point = _edwards_point(key) if len(key) == 32 and len(signature) == 64 else None
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= _L or _edwards_times(8, point) == (0, 1):
        return False
    base = _edwards_point((4 * pow(5, -1, _Q) % _Q).to_bytes(32, "little"))
    hashed = hashlib.sha512(signature[:32] + key + signed).digest()
    k = int.from_bytes(hashed, "little") % _L
    minus = (_Q - point[0], point[1])
    x, y = _edwards_add(_edwards_times(s, base or (0, 1)), _edwards_times(k, minus))
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# ── ASN.1 in DER (X.690) ────────────────────────────────────────────────────────────────────────

_ODD_DER = N_("an ASN.1 value has another form than expected")


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
        for byte in self.expect(0x06).body[:99]:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                numbers.append(value)
                value = 0
        first = min(numbers[0] // 40, 2)
        return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))

    @property
    def bits(self) -> bytes:
        """A BIT STRING of whole bytes."""
        refuse(self.expect(0x03).body[:1] != b"\x00", _ODD_DER)
        return self.body[1:]

    @property
    def time(self) -> datetime:
        """A UTCTime or GeneralizedTime in UTC."""
        text = self.body.decode("ascii", "replace")
        if self.tag == 0x17:  # two digits of the year: 1950 to 2049
            text = ("19" if text >= "50" else "20") + text
        whole, _, fraction = text[:-1].partition(".")
        refuse(not text.endswith("Z") or not re.fullmatch(r"\d{14}", whole), _ODD_DER)
        at = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return at.replace(microsecond=int(fraction[:6].ljust(6, "0"))) if fraction else at

    def expect(self, tag: int) -> Der:
        """Itself, where it has this tag."""
        refuse(self.tag != tag, _ODD_DER)
        return self


def read_der(content: bytes) -> Der:
    """The one value that these bytes are."""
    value = _der_at(content, 0)
    refuse(len(value.whole) != len(content), N_("something follows an ASN.1 value"))
    return value


def _der_at(content: bytes, at: int) -> Der:
    head = content[at : at + 2]
    refuse(len(head) < 2 or head[0] & 0x1F == 0x1F, _ODD_DER)
    length, start = head[1], at + 2
    if length & 0x80:
        count = length & 0x7F
        digits = content[start : start + count]
        length, start = int.from_bytes(digits, "big"), start + count
        odd = len(digits) != count or digits[:1] in (b"", b"\0") or length < 0x80
        refuse(odd or count > 4, _ODD_DER)
    refuse(start + length > len(content), N_("an ASN.1 value ends too early"))
    return Der(head[0], content[start : start + length], content[at : start + length])


# ── Keys and signatures ─────────────────────────────────────────────────────────────────────────

_SHA2 = ("sha256", "sha384", "sha512")
_HASHES = {f"2.16.840.1.101.3.4.2.{n}": name for n, name in enumerate(_SHA2, start=1)}
_ECDSA = {f"1.2.840.10045.4.3.{n}": name for n, name in enumerate(_SHA2, start=2)}
_RSA = {f"1.2.840.113549.1.1.{n}": name for n, name in enumerate(_SHA2, start=11)}
_RSA_PLAIN, _EC_PLAIN, _ED25519 = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1", "1.3.101.112"
_CURVES = {"1.2.840.10045.3.1.7": P256, "1.3.132.0.34": P384}
_PSS, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"


def signature_fits(
    spki: Der, algorithm: Der, signed: bytes, signature: bytes, hashed_by: str = ""
) -> bool:
    """Whether the key of this SubjectPublicKeyInfo made the signature.

    `hashed_by` is the digest that a CMS signer names beside an algorithm that names none.
    """
    kind = spki.parts[0].parts[0].oid
    if algorithm.expect(0x30).parts[0].oid == _PSS and kind in (_RSA_PLAIN, _PSS):
        hash_name, salted = _pss(algorithm)
        digest = hashlib.new(hash_name, signed).digest()
        return pss_fits(*_rsa_key(spki), hash_name, digest, signature, salted)
    name = _algorithm(algorithm)
    hash_name = _ECDSA.get(name) or _RSA.get(name) or hashed_by
    refuse(not hash_name, N_("a signature is of a kind that is not known here: {kind}"), kind=name)
    digest = hashlib.new(hash_name, signed).digest()
    if kind == _EC_PLAIN and (name in _ECDSA or name == _EC_PLAIN):
        r, s = read_der(signature).expect(0x30).parts
        key, curve = _ec_key(spki)
        return ecdsa_fits(key, digest, r.number, s.number, curve)
    known = kind == _RSA_PLAIN and name in (*_RSA, _RSA_PLAIN)
    refuse(not known, N_("a signature is of a kind that is not known here: {kind}"), kind=name)
    return rsa_fits(*_rsa_key(spki), hash_name, digest, signature)


def ed25519_key(spki: Der) -> bytes:
    """The 32 bytes of an Ed25519 key."""
    refuse(spki.parts[0].parts[0].oid != _ED25519, N_("a key is of another kind than expected"))
    return spki.parts[1].bits


def _ec_key(spki: Der) -> tuple[Point, Curve]:
    curve, point = _CURVES.get(spki.parts[0].parts[1].oid), spki.parts[1].bits
    if curve is None or point[:1] != b"\x04" or len(point) != 2 * curve.size + 1:
        raise Broken(N_("a key is of another kind than expected"))
    x, y = point[1 : curve.size + 1], point[curve.size + 1 :]
    return (int.from_bytes(x, "big"), int.from_bytes(y, "big")), curve


def _rsa_key(spki: Der) -> Point:
    n, e = (part.number for part in read_der(spki.parts[1].bits).expect(0x30).parts)
    return n, e


def _pss(algorithm: Der) -> tuple[str, int]:
    """Digest and length of the salt (RFC 4055, 3.1); SHA-1, the default, is refused."""
    said = {part.tag: part.parts[0] for part in algorithm.parts[1].parts}
    name, mask = _HASHES.get(_algorithm(said[0xA0]), ""), said[0xA1].parts
    odd = not name or mask[0].oid != _MGF1 or mask[1].whole != said[0xA0].whole or 0xA3 in said
    refuse(odd, N_("an algorithm has parameters that are not known here"))
    return name, said[0xA2].number


def _algorithm(identifier: Der) -> str:
    """The algorithm, whose parameters can only be missing or NULL."""
    name, *parameters = identifier.expect(0x30).parts
    odd = [each for each in parameters if each.whole != b"\x05\x00"]
    refuse(odd or len(parameters) > 1, N_("an algorithm has parameters that are not known here"))
    return name.oid


# ── Certificates (RFC 5280) ─────────────────────────────────────────────────────────────────────

_BASIC, _USAGE, _PURPOSES = "2.5.29.19", "2.5.29.15", "2.5.29.37"
_POLICIES, _STAMPING, _COMMON_NAME = "2.5.29.32", "1.3.6.1.5.5.7.3.8", "2.5.4.3"
_UNDERSTOOD = {_BASIC, _USAGE, _PURPOSES, _POLICIES, "2.5.29.17"}
PILOT_POLICY = "2.25.215915500600971576489805798347100671901"
_SIGNS, _COMMITS, _CERTIFIES, _LISTS = 0x80, 0x40, 0x04, 0x02
_LONGEST_CHAIN = 8


@dataclass(frozen=True)
class Signed:
    """What somebody signed: the bytes, the algorithm, the signature, and who says that they did."""

    signed: bytes
    algorithm: Der
    signature: bytes
    issuer: bytes

    def is_by(self, certificate: Certificate) -> bool:
        """Whether the holder of this certificate signed it."""
        named = self.issuer == certificate.subject
        return named and signature_fits(
            certificate.spki, self.algorithm, self.signed, self.signature
        )


@dataclass(frozen=True)
class Certificate(Signed):
    """An X.509 certificate as it was read; nothing of it is trusted for that."""

    whole: bytes
    serial: int
    subject: bytes
    valid_from: datetime
    valid_until: datetime
    spki: Der
    extensions: Mapping[str, Der]
    critical: frozenset[str]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate."""
        return sha256(self.whole)

    @property
    def name(self) -> str:
        """The subject's common name, for people."""
        pairs = [pair.parts for part in read_der(self.subject).parts for pair in part.parts]
        found = [text for kind, text in pairs if kind.oid == _COMMON_NAME]
        return found[0].body.decode("utf-8", "replace") if found else self.fingerprint[:16]

    @property
    def is_pilot(self) -> bool:
        """Whether it names the policy of a built-in pilot authority."""
        policies = self.extensions.get(_POLICIES)
        return policies is not None and PILOT_POLICY in [p.parts[0].oid for p in policies.parts]

    @property
    def is_for_stamps_alone(self) -> bool:
        """Whether it is a time-stamping authority's (RFC 3161, 2.3)."""
        purposes = self.extensions.get(_PURPOSES)
        alone = purposes is not None and [part.oid for part in purposes.parts] == [_STAMPING]
        return alone and _PURPOSES in self.critical

    def issues(self, below: int) -> bool:
        """Whether it may issue certificates, with so many authorities below it already."""
        basic = self.extensions.get(_BASIC)
        parts = basic.parts if basic is not None else []
        if not parts or parts[0].whole != b"\x01\x01\xff":
            return False
        return (len(parts) < 2 or parts[1].number >= below) and self.usable_for(_CERTIFIES)

    def usable_for(self, bit: int) -> bool:
        """Whether its key usage, if it states any, allows this."""
        usage = self.extensions.get(_USAGE)
        return usage is None or bool(usage.expect(0x03).body[1] & bit)


def read_certificate(content: bytes) -> Certificate:
    """The certificate of DER bytes."""
    signed, algorithm, signature = read_der(content).expect(0x30).parts
    members = signed.parts[1:] if signed.parts[0].tag == 0xA0 else signed.parts
    odd = members[1].whole != algorithm.whole
    refuse(odd, N_("a certificate names two kinds of signature"))
    starts, ends = members[3].parts
    entries = [e for part in members[6:] if part.tag == 0xA3 for e in part.parts[0].parts]
    extensions = {e.parts[0].oid: read_der(e.parts[-1].expect(0x04).body) for e in entries}
    critical = frozenset(e.parts[0].oid for e in entries if e.parts[1].whole == b"\x01\x01\xff")
    return Certificate(
        signed.whole, algorithm, signature.bits, members[2].whole, content, members[0].number,
        members[4].whole, starts.time, ends.time, members[5], extensions, critical,
    )  # fmt: skip


@dataclass(frozen=True)
class Revocations(Signed):
    """A list of revoked certificates (CRL) as it was read: serial numbers and instants."""

    revoked: Mapping[int, datetime]


def read_revocations(content: bytes) -> Revocations:
    """The list of DER bytes."""
    signed, algorithm, signature = read_der(content).expect(0x30).parts
    inner, issuer, _made_at, *rest = [part for part in signed.parts if part.tag != 0x02]
    refuse(inner.whole != algorithm.whole, N_("a certificate names two kinds of signature"))
    rows = [row.parts for part in rest if part.tag == 0x30 for row in part.parts]
    revoked = {row[0].number: row[1].time for row in rows}
    return Revocations(signed.whole, algorithm, signature.bits, issuer.whole, revoked)


@dataclass
class Trust:
    """What certificates and lists are at hand, and which of them the reader brought."""

    anchors: tuple[Certificate, ...] = ()  # trusted because the reader says so
    owners: Mapping[str, set[str]] = field(default_factory=dict)
    """SHA-256 of an anchor → whose seals alone it vouches for; others vouch for anybody's."""
    pool: list[Certificate] = field(default_factory=list)
    lists: list[Revocations] = field(default_factory=list)
    _proved: dict[tuple[str, str], bool] = field(default_factory=dict)

    def path(self, leaf: Certificate, at: datetime, *, for_stamps: bool) -> list[Certificate]:
        """From the leaf to an anchor, or to a root that signed itself."""
        path, others = [leaf], (*self.anchors, *self.pool)
        odd = for_stamps and not leaf.is_for_stamps_alone
        refuse(odd, N_("the certificate of {name} is not for time stamps"), name=leaf.name)
        odd = not leaf.usable_for(_SIGNS | _COMMITS)
        refuse(odd, N_("the certificate of {name} is not for signatures"), name=leaf.name)
        while path[-1] not in self.anchors and path[-1].issuer != path[-1].subject:
            last, below = path[-1], len(path) - 1
            above = [each for each in others if each.issues(below) and self._signed(last, each)]
            odd = not above or len(path) > _LONGEST_CHAIN
            refuse(odd, N_("whoever issued the certificate of {name} is not here"), name=last.name)
            path.append(above[0])
        for certificate, issuer in zip(path, [*path[1:], path[-1]], strict=True):
            self._require_valid(certificate, issuer, at)
        return path

    def _signed(self, certificate: Certificate, issuer: Certificate) -> bool:
        pair = (certificate.fingerprint, issuer.fingerprint)
        if pair not in self._proved:
            self._proved[pair] = certificate.is_by(issuer)
        return self._proved[pair]

    def _require_valid(self, certificate: Certificate, issuer: Certificate, at: datetime) -> None:
        start, end = certificate.valid_from, certificate.valid_until
        facts = {"name": certificate.name, "start": start.date(), "end": end.date()}
        text = N_("the certificate of {name} is valid from {start} until {end}, not on {at}")
        refuse(not start <= at <= end, text, at=at.date(), **facts)
        odd = not certificate.critical <= _UNDERSTOOD
        refuse(odd, N_("the certificate of {name} demands what is not known here"), **facts)
        odd = certificate not in self.anchors and not self._signed(certificate, issuer)
        refuse(odd, N_("the certificate of {name} did not sign itself"), **facts)
        for listed in self.lists:
            since = listed.revoked.get(certificate.serial)
            if since and since <= at and issuer.usable_for(_LISTS) and listed.is_by(issuer):
                text = N_("the certificate of {name} was revoked on {day}")
                raise Broken(text, day=since, **facts)


def read_pem(text: str, kind: str) -> list[bytes]:
    """The DER bytes of each block of this kind in a PEM text."""
    pattern = rf"-----BEGIN {kind}-----([A-Za-z0-9+/=\s]+)-----END {kind}-----"
    return [base64.b64decode(block) for block in re.findall(pattern, text)]


# ── Signed data and time stamps (RFC 5652, RFC 5035, RFC 3161) ──────────────────────────────────

_PKCS7, _PKCS9 = "1.2.840.113549.1.7", "1.2.840.113549.1.9"
_DATA, _SIGNED_DATA, _TST_INFO = f"{_PKCS7}.1", f"{_PKCS7}.2", f"{_PKCS9}.16.1.4"
_CONTENT_TYPE, _MESSAGE_DIGEST = f"{_PKCS9}.3", f"{_PKCS9}.4"
_CERTIFICATE_V2, _STAMP_ATTRIBUTE = f"{_PKCS9}.16.2.47", f"{_PKCS9}.16.2.14"
_UNFIT = N_("the signature of {name} does not fit")
_ODD_SIGNATURE = N_("a signature has another form or more signers than expected")


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
    version, algorithms, held, *rest = wrapped.parts[0].expect(0x30).parts
    signers = rest[-1].expect(0x31).parts
    odd = name.oid != _SIGNED_DATA or len(signers) != 1 or held.parts[0].oid != kind
    refuse(odd or version.number != (1 if kind == _DATA else 3), _ODD_SIGNATURE)
    inner = held.parts[1].parts[0].expect(0x04).body if len(held.parts) > 1 else b""
    brought = [part for each in rest[:-1] if each.tag == 0xA0 for part in each.parts]
    certificates = tuple(read_certificate(part.whole) for part in brought)
    version, _sid, algorithm, attributes, *_ = signers[0].parts
    hashed_by = _HASHES.get(_algorithm(algorithm), "")
    listed = [_algorithm(each) for each in algorithms.expect(0x31).parts]
    odd = version.number != 1 or attributes.tag != 0xA0 or listed != [_algorithm(algorithm)]
    refuse(odd or not hashed_by, _ODD_SIGNATURE)
    digest = (digest_of or over(inner))(hashed_by)
    return SignedData(inner, *_verify_signer(signers[0], kind, digest, hashed_by, certificates))


def _verify_signer(
    signer: Der, kind: str, digest: bytes, hashed_by: str, certificates: tuple[Certificate, ...]
) -> tuple[Certificate, tuple[Certificate, ...], bytes, Mapping[str, Der]]:
    _, sid, _, attributes, algorithm, signature, *unsigned = signer.parts
    issuer, serial = sid.expect(0x30).parts
    named = _attributes(attributes)
    found = [c for c in certificates if (c.issuer, c.serial) == (issuer.whole, serial.number)]
    refuse(not found, N_("the certificate of a signature is missing"))
    refuse(named[_CONTENT_TYPE].oid != kind, N_("a signature is over another kind of content"))
    refuse(named[_MESSAGE_DIGEST].body != digest, N_("a signature is over other content"))
    identified = named[_CERTIFICATE_V2].parts[0].parts[0].parts  # RFC 5035: by its digest
    by = _HASHES.get(_algorithm(identified.pop(0)), "") if identified[0].tag == 0x30 else "sha256"
    odd = not by or hashlib.new(by, found[0].whole).digest() != identified[0].body
    refuse(odd, N_("a signature names another certificate"))
    signed = b"\x31" + attributes.whole[1:]  # RFC 5652, 5.4: signed as a SET
    content = signature.expect(0x04).body
    fits = signature_fits(found[0].spki, algorithm, signed, content, hashed_by)
    refuse(not fits, _UNFIT, name=found[0].name)
    return found[0], certificates, content, _attributes(*unsigned) if unsigned else {}


def _attributes(attributes: Der) -> dict[str, Der]:
    return {part.parts[0].oid: part.parts[1].parts[0] for part in attributes.parts}


@dataclass(frozen=True)
class Stamp:
    """A time stamp whose signature fits."""

    at: datetime
    data: SignedData
    token: bytes


def verify_stamp(token: bytes, digest_of: Callable[[str], bytes]) -> Stamp:
    """The time, once the token is signed and over this digest."""
    data = verify_signed_data(token, _TST_INFO)
    members = read_der(data.content).expect(0x30).parts
    algorithm, hashed = members[2].parts
    name = _HASHES.get(_algorithm(algorithm), "")
    odd = not name or digest_of(name) != hashed.body
    refuse(odd or data.unsigned, N_("the time stamp is over something else"))
    return Stamp(members[4].time, data, token)


# ── XAdES in the one spelling that Comity writes (docs/reference/seals.md) ──────────────────────

_DS = "http://www.w3.org/2000/09/xmldsig#"
_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
_MEDIA_TYPES = {
    "json": "application/json", "xml": "text/xml", "pdf": "application/pdf", "png": "image/png",
    "pem": "application/x-pem-file", "txt": "text/plain", "py": "text/x-python",
}  # fmt: skip
_B64 = r"[A-Za-z0-9+/]+={0,2}"
_ODD_SEAL = N_("the seal has another form than Comity writes")


@dataclass(frozen=True)
class Seal:
    """A seal over named files, its signature and its time stamp verified."""

    certificate: Certificate
    stamp: Stamp
    certificates: tuple[Certificate, ...]
    revocations: tuple[Revocations, ...]


def verify_seal(seal: bytes, digests: Mapping[str, str]) -> Seal:
    """The seal over exactly these files (name → SHA-256), written anew and compared."""
    text = seal.decode("ascii", "replace")
    names = ["ds:X509Certificate", "ds:SignatureValue", "xades:EncapsulatedTimeStamp"]
    names += ["xades:EncapsulatedX509Certificate", "xades:EncapsulatedCRLValue"]
    chain, values, tokens, others, lists = (_held(name, text) for name in names)
    says = re.findall(r"<xades:SigningTime>([0-9TZ:-]{20})</xades:SigningTime>", text)
    refuse(not chain or [len(values), len(tokens), len(says)] != [1, 1, 1], _ODD_SEAL)
    properties = _properties(chain[0], digests, says[0])
    info, raw = _signed_info(digests, properties), values[0]
    value = f'<ds:SignatureValue xmlns:ds="{_DS}" Id="value">{_b64(raw)}</ds:SignatureValue>'
    if _whole_seal(info + value, properties, chain, tokens, others, lists) != text:
        named = re.findall(rf'Reference Id="r\d+" URI="([^"<]+)">(?:<[^<]*){{3}}>({_B64})<', text)
        odd = {(n, _b64(bytes.fromhex(d))) for n, d in digests.items()} ^ set(named)
        refuse(not odd, _ODD_SEAL)
        raise Broken(N_("the seal is not over the file {name} as it is here"), name=min(odd)[0])
    certificate, hashed = read_certificate(chain[0]), hashlib.sha256(info.encode()).digest()
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key, curve = _ec_key(certificate.spki)
    fits = len(raw) == 64 and curve is P256 and ecdsa_fits(key, hashed, r, s)
    refuse(not fits, _UNFIT, name=certificate.name)
    stamp = verify_stamp(tokens[0], over(value.encode()))
    known = tuple(read_certificate(der) for der in (*chain, *others))
    return Seal(certificate, stamp, known, tuple(map(read_revocations, lists)))


def _held(name: str, text: str) -> list[bytes]:
    return [base64.b64decode(found) for found in re.findall(f"<{name}[^<>]*>({_B64})</", text)]


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


def _whole_seal(signed: str, properties: str, *held: Sequence[bytes]) -> str:
    chain, [token], others, lists = held
    values = _elements("xades:CertificateValues", "xades:EncapsulatedX509Certificate", others)
    revoked = _elements("xades:CRLValues", "xades:EncapsulatedCRLValue", lists)
    revoked = f"<xades:RevocationValues>{revoked}</xades:RevocationValues>" if lists else ""
    return (
        '<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#">'
        f'<ds:Signature xmlns:ds="{_DS}" Id="seal">{signed}<ds:KeyInfo>'
        f"{_elements('ds:X509Data', 'ds:X509Certificate', chain)}</ds:KeyInfo><ds:Object>"
        '<xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" '
        f'Target="#seal">{properties}<xades:UnsignedProperties><xades:UnsignedSignatureProperties>'
        f'<xades:SignatureTimeStamp Id="stamp"><ds:CanonicalizationMethod Algorithm="{_C14N}">'
        "</ds:CanonicalizationMethod>"
        f"<xades:EncapsulatedTimeStamp>{_b64(token)}</xades:EncapsulatedTimeStamp>"
        f"</xades:SignatureTimeStamp>{values}{revoked}</xades:UnsignedSignatureProperties>"
        "</xades:UnsignedProperties></xades:QualifyingProperties></ds:Object></ds:Signature>"
        "</asic:XAdESSignatures>"
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
    refuse(not ranges, N_("the document bears no seal"))
    start, first, second, length = ranges[-1]
    held = pdf[first:second]
    framed = held[:1] == b"<" and held[-1:] == b">" and re.fullmatch(rb"[0-9A-Fa-f]*", held[1:-1])
    if len(ranges) > _MOST_SEALS or start or second + length != len(pdf) or not framed:
        raise Broken(N_("something was added to the document after it was sealed"))
    contents = bytes.fromhex(held[1:-1].decode())
    signature = _der_at(contents, 0).whole
    refuse(contents[len(signature) :].strip(b"\0"), N_("something follows an ASN.1 value"))
    covered = pdf[:first] + pdf[second:]
    data = verify_signed_data(signature, _DATA, over(covered))
    token = data.unsigned.get(_STAMP_ATTRIBUTE)
    if token is None:
        raise Broken(N_("the seal bears no time stamp"))
    return data, verify_stamp(token.whole, over(data.signature))


# ── Renewals of time stamps (docs/reference/seals.md) ───────────────────────────────────────────


@dataclass(frozen=True)
class Renewal:
    """A later stamp over a document, and over the stamp that protected it until then."""

    renews: tuple[str, str]  # SHA-256 of the document, and of the token before
    stamp: Stamp
    certificates: list[Certificate]
    lists: list[Revocations]


def read_renewal(content: bytes, named: str) -> Renewal:
    """The renewal, once its stamp is over the root of a tree in which it stands."""
    said = read_json(content, named)
    refuse(member(said, "format", str) != "comity-renewal/1", N_("it is of another format"))
    kinds = ("certificates", "revocations")
    held = {kind: [_plain_base64(each) for each in member(said, kind, list)] for kind in kinds}
    material = {kind: [sha256(each) for each in held[kind]] for kind in kinds}
    leaf = {name: member(said, name, str) for name in ("document", "format", "previous")}
    leaf["material"] = sha256(spelled(material))
    path = [bytes.fromhex(step) for step in member(said, "path", list)]
    place, size = member(said, "index", int), member(said, "size", int)
    root = root_by_path(leaf_hash(spelled(leaf)), place, size, path) or b""
    stamp = verify_stamp(_plain_base64(member(said, "stamp", str)), lambda _: root)
    lists = [*map(read_revocations, held["revocations"])]
    certificates = [*map(read_certificate, held["certificates"])]
    return Renewal((leaf["document"], leaf["previous"]), stamp, certificates, lists)


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
    for line in lines[:-1].split("\n", 99):
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        body = _plain_base64(encoded)
        refuse(dash != "—", N_("a checkpoint has another form than expected"))
        for known, key in keys:
            if known == name and body[:4] == _key_id(name, b"\x01", key):
                refuse(not ed25519_fits(key, text.encode(), body[4:]), _UNFIT, name=name)
                signed.append(name)
            if known == name and body[:4] == _key_id(name, b"\x04", key):
                seconds = int.from_bytes(body[4:12], "big")
                said = f"cosignature/v1\ntime {seconds}\n{text}".encode()
                refuse(not ed25519_fits(key, said, body[12:]), _UNFIT, name=name)
                cosigned[name] = datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
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
        refuse(key_id not in keys, N_("the key {key} that signed it is not listed"), key=key_id)
        signature = _plain_base64(member(each, "sig", str))
        refuse(not ed25519_fits(keys[key_id], signed, signature), _UNFIT, name=key_id)
        return key_id, read_json(payload, named)
    raise Broken(N_("nobody signed it"))


def _key_id(name: str, kind: bytes, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4]


def _plain_base64(text: str) -> bytes:
    content = base64.b64decode(text, validate=True)
    refuse(_b64(content) != text, N_("a text is not in the one spelling of base64"))
    return content


# ── The procedure ───────────────────────────────────────────────────────────────────────────────

_ODD_NUMBERS = (ArithmeticError, ValueError, struct.error)
ODD_FORMS = (*_ODD_NUMBERS, AttributeError, LookupError, RecursionError, TypeError)
TITLE, MARKING = "description/title", "conditions/marking"
DIGESTS = ("digest_before", "digest_after", "previous", "digest")
"""Members of a custody event by which a guess of the content could be confirmed."""
_ALLOWED = (
    r"package\.json|index\.html|verify\.py|law/(instrument|assessment|\d{{4}})\.json"
    r"|(exchange|journal)/\d{{4}}\.json|journal/checkpoint\.txt|trust/((keys|snapshot|renewal-\d{{4}})\.json|(certificates|revocations)\.pem)"
    r"|items/({items})/(item\.json|content\.bin|copy\.pdf|custody\.json"
    r"|pages/\d{{5}}\.png|chunks/\d{{5}}\.bin)"
    r"|statements/({statements})/(head\.json|signature\.xml|leaves\.json)"
)


class Procedure:
    """Goes through the steps of one file; every step notes what it found and goes on."""

    container: Container

    def __init__(self, trust: Trust, at: datetime | None = None) -> None:
        self.trust, self.at, self.report = trust, at, Report()
        self.heads: dict[str, Any] = {}
        self.package: Any = {}
        self.sealers: dict[bytes, str] = {}  # holder's name → the administration it seals for
        self.roots: dict[str, Certificate] = {}  # seal's file → the root that it leads to
        self.sealed_at: datetime | None = None  # when the package was, and all that is in it
        self.renewals: dict[tuple[str, str], Renewal] = {}  # by what each renews
        self.report.anchored = bool(trust.anchors)

    def note(self, step: int, state: str, about: str, text: str, **facts: object) -> None:
        """Note a finding."""
        said = {name: str(value) for name, value in facts.items()}
        self.report.findings.append(Finding(step, state, about, text, said))

    def attempt(self, step: int, about: str, check: Callable[[str], object]) -> bool:
        """Whether a check of this file goes through; what breaks is noted, whatever it is."""
        try:
            check(about)
        except Broken as broken:
            self.note(step, FAILS, about, broken.text, **broken.facts)
        except ODD_FORMS:
            self.note(step, FAILS, about, N_("it has another form than expected"))
        else:
            return True
        return False

    def run(self, source: BinaryIO, renewals: Mapping[str, bytes] | None = None) -> Report:
        """Verify a file: a package, or a PDF document with a seal."""
        for name, content in (renewals or {}).items():
            self.attempt(4, name, partial(self.renewal, content=content))
        source.seek(0)
        self.report.digest = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
        source.seek(0)
        if (start := source.read(4)) == b"%PDF":
            content = start + source.read()
            self.attempt(14, "", lambda name: self.pdf(name, content))
        elif start != _LOCAL:
            self.note(1, FAILS, "", N_("this is no package and no PDF"))
        elif self.attempt(1, "", lambda _: self.open(source)):
            self.whole_package()
        if self.renewals:
            self.note(4, OPEN, "", N_("renewals of nothing here: {n}"), n=len(self.renewals))
        return self.report

    def open(self, source: BinaryIO) -> None:
        """Step 1."""
        self.container = Container(source)
        count, size = len(self.container.files), sum(f.size for f in self.container.files.values())
        self.note(1, HOLDS, "", N_("files: {count}, bytes: {size}"), count=count, size=size)

    def whole_package(self) -> None:
        """Steps 2 to 14."""
        digests = {name: file.digest for name, file in self.container.files.items()}
        names = sorted(set(digests) - {FIRST, SIGNATURE})
        sealed = {name: digests[name] for name in names}
        self.attempt(2, SIGNATURE, lambda name: self.seal(name, sealed, step=3))
        if not self.attempt(6, "package.json", self.contents):
            return
        self.attempt(5, "trust", self.material)
        for number in self.folders("statements"):
            self.attempt(7, f"statements/{number}", self.statement)
        for item in self.package["items"]:
            self.attempt(8, f"items/{item['folder']}", partial(self.item, listed=item))
            self.attempt(9, f"items/{item['folder']}", partial(self.custody, listed=item))
        checks = {"exchange/.*": (10, self.evidence), r"journal/.*\.json": (11, self.journal)}
        checks |= {"law/assessment.json": (13, self.law), r".*/copy\.pdf": (14, self.pdf)}
        for pattern, (step, check) in checks.items():
            for name in filter(re.compile(pattern).fullmatch, names):
                self.attempt(step, name, check)
        self.attempt(5, "trust/snapshot.json", self.whose)
        for step in sorted({10, 11, 12, 13} - {each.step for each in self.report.findings}):
            self.note(step, OPEN, "", N_("the package brings nothing of this kind"))

    def json(self, name: str, *forms: str) -> Any:
        """A file of canonical JSON that says that it is of one of these formats."""
        document = read_json(self.container.read(name), name)
        refuse(member(document, "format", str) not in forms, N_("it is of another format"))
        return document

    def seal(self, name: str, digests: Mapping[str, str], *, step: int) -> bytes:
        """A seal with its stamp and both chains: steps 2 to 5, or 7, 4 and 5; who sealed."""
        seal = verify_seal(self.container.read(name), digests)
        if step == 3:
            self.note(2, HOLDS, name, N_("files: {count}"), count=len(digests))
            self.report.facts["sealed-at"] = seal.stamp.at.isoformat()
            self.sealers[seal.certificate.subject] = ""
        pilot = seal.certificate.is_pilot
        said = N_("sealed by “{who}” (a pilot seal)") if pilot else N_("sealed by “{who}”")
        self.note(step, HOLDS, name, said, who=seal.certificate.name)
        self.trust.lists += [e for e in seal.revocations if e not in self.trust.lists]
        self.trust.pool += [e for e in seal.certificates if e not in self.trust.pool]
        document = self.container.files[name].digest
        used = self.chains(name, document, seal.certificate, seal.stamp)
        self.sealed_at = self.sealed_at or seal.stamp.at  # the package's own seal comes first
        spare: list[Signed] = [each for each in seal.certificates if each not in used]
        spare += [each for each in seal.revocations if not any(map(each.is_by, used))]
        refuse(spare, N_("the seal brings certificates or lists that nothing in it needs"))
        return seal.certificate.subject

    def chains(self, about: str, sha: str, leaf: Certificate, stamp: Stamp) -> list[Certificate]:
        """Steps 4 and 5, for the sealer and for the authority of its time stamp."""
        authority = stamp.data.certificate
        self.note(4, HOLDS, about, N_("{at} by “{who}”"), at=stamp.at, who=authority.name)
        self.trust.pool += [e for e in stamp.data.certificates if e not in self.trust.pool]
        used = self.path(about, leaf, stamp.at)
        self.roots[about] = used[-1]
        behind = self.path(about, authority, stamp.at, for_stamps=True)
        self.lasting(about, sha, stamp, behind)
        return [*used, *behind]

    def path(
        self, about: str, certificate: Certificate, at: datetime, *, for_stamps: bool = False
    ) -> list[Certificate]:
        """From a certificate to its root, with what is and is not proved of it."""
        path = self.trust.path(certificate, at, for_stamps=for_stamps)
        facts = {"who": certificate.name, "root": path[-1].name, "sha": path[-1].fingerprint}
        state, said = HOLDS, N_("“{who}” leads to your anchor “{root}”")
        if path[-1] not in self.trust.anchors:
            state = FAILS if self.trust.anchors else OPEN
            said = N_("“{who}” leads to “{root}”, no anchor of yours; its SHA-256 is {sha}")
        self.note(5, state, about, said, **facts)
        listed = [any(each.is_by(by) for each in self.trust.lists) for by in path[1:]]
        for one in [each for each, known in zip(path, listed, strict=False) if not known]:
            said = N_("no list here says whether “{who}” was revoked (OCSP answers are not read)")
            self.note(5, OPEN, about, said, who=one.name)
        return path

    def lasting(self, about: str, sha: str, stamp: Stamp, path: Sequence[Certificate]) -> None:
        """Until when its stamps prove a seal: each renewal was made while the one before held.

        What is inside a package must have lasted until that was sealed; from then on its seal
        proves it, until the day that the reader names.
        """
        first, count = min(each.valid_until for each in path), 0
        until, needed = first, self.sealed_at or self.at
        while found := self.renewals.pop((sha, sha256(stamp.token)), None):
            refuse(found.stamp.at < stamp.at, N_("a renewal is older than the stamp it renews"))
            self.trust.pool += [*found.certificates, *found.stamp.data.certificates]
            self.trust.lists += found.lists
            self.trust.path(stamp.data.certificate, found.stamp.at, for_stamps=True)
            stamp, count = found.stamp, count + 1
            path = self.path(about, stamp.data.certificate, stamp.at, for_stamps=True)
            until = min(each.valid_until for each in path)
        facts = {"count": count, "first": first.date(), "day": until.date()}
        if count:
            said = N_("renewed {count} times, each in time: proved until {day}, not only {first}")
            self.note(4, HOLDS, about, said, **facts)
        if needed and needed > until:
            said = N_("what its stamp rests on ended on {day}: a renewal made before is missing")
            self.note(5, OPEN, about, said, **facts)

    def renewal(self, name: str, content: bytes = b"") -> None:
        """Note a renewal under what it renews."""
        found = read_renewal(content or self.container.read(name), name)
        self.renewals[found.renews] = found

    def contents(self, name: str) -> None:
        """Step 6."""
        self.package = self.json(name, "comity-package/1")
        for fact in ("reference", "kind", "from", "to", "at", "case", "purpose"):
            self.report.facts[fact] = member(self.package, fact, str)
        self.sealers = dict.fromkeys(self.sealers, self.report.facts["from"])
        folders = {kind: self.folders(kind) for kind in ("items", "statements")}
        for listed in folders.values():
            refuse(len(set(listed)) != len(listed), N_("something is listed twice"))
        allowed = re.compile(_ALLOWED.format(**{k: "|".join(f) or "-" for k, f in folders.items()}))
        for file in self.container.files:
            odd = file not in (FIRST, SIGNATURE, MANIFEST) and not allowed.fullmatch(file)
            refuse(odd, N_("the file {name} is not listed"), name=file)
        self.note(6, HOLDS, name, N_("items: {count}"), count=len(folders["items"]))
        said = N_("a convenience under the package's seal: it proves nothing")
        for file in ("index.html", "verify.py", "journal/checkpoint.txt"):
            if file in self.container:
                self.note(6, OPEN, file, said)

    def material(self, _: str) -> None:
        """Certificates and lists of revoked ones that the package brings beside its seals."""
        for name in ("trust/certificates.pem", "trust/revocations.pem"):
            text = self.container.read(name).decode() if name in self.container else ""
            self.trust.pool += map(read_certificate, read_pem(text, "CERTIFICATE"))
            self.trust.lists += map(read_revocations, read_pem(text, "X509 CRL"))
        for name in filter(re.compile(r"trust/renewal-\d+\.json").fullmatch, self.container.files):
            self.renewal(name)

    def whose(self, name: str) -> None:
        """Step 5: each root is of whose name was sealed, by anchors and by the snapshot."""
        said = self.json(name, "comity-trust/1") if name in self.container else {"roots": []}
        told = {(member(e, "administration", str), member(e, "sha256", str)) for e in said["roots"]}
        lost = {sha for _, sha in told} - {each.fingerprint for each in self.trust.pool}
        refuse(lost, N_("the root {sha} is listed and missing"), sha=min(lost, default=""))
        code_of = {f"statements/{n}/signature.xml": h["issuer"] for n, (h, _) in self.heads.items()}
        code_of |= {f: self.package["from"] for f in self.roots if not f.startswith("statements/")}
        for file in [file for file in code_of if file in self.roots]:
            root, code = self.roots[file], code_of[file]
            owners = self.trust.owners.get(root.fingerprint, {code})
            if code not in owners:
                text = N_("“{root}” is your anchor for {owners}, not for {code}")
                facts = {"root": root.name, "code": code, "owners": ", ".join(sorted(owners))}
                self.note(5, FAILS, file, text, **facts)
            elif told and (code, root.fingerprint) not in told:
                text = N_("the packer does not list “{root}” among the roots of {code} it trusted")
                state = FAILS if file == SIGNATURE else OPEN
                self.note(5, state, file, text, root=root.name, code=code)

    def folders(self, kind: str) -> list[str]:
        """The folders that the package lists."""
        found = [member(each, "folder", str) for each in member(self.package, kind, list)]
        odd = not all(re.fullmatch("[0-9]{4}", each) for each in found)
        refuse(odd, N_("a folder has another name than a number"))
        return found

    def statement(self, folder: str) -> None:
        """Step 7."""
        head = self.json(f"{folder}/head.json", "comity-statement/1")
        digest = self.container.files[f"{folder}/head.json"].digest
        sealer = self.seal(f"{folder}/signature.xml", {"head.json": digest}, step=7)
        code = self.sealers.setdefault(sealer, member(head, "issuer", str))
        odd = code != head["issuer"]
        refuse(odd, N_("the seal on it is of {code}, not of its issuer"), code=code)
        leaves = member(self.json(f"{folder}/leaves.json", "comity-leaves/1"), "items", list)
        self.heads[folder[-4:]] = (head, {member(each, "identity", str): each for each in leaves})
        facts = {name: member(head, name, str) for name in ("reference", "issuer", "at")}
        self.note(7, HOLDS, folder, N_("{reference} of {issuer}, certified {at}"), **facts)

    def item(self, folder: str, listed: Any) -> None:
        """Step 8, for every statement that speaks of the item."""
        document = self.json(f"{folder}/item.json", "comity-item/1")
        odd = member(document, "identity", str) != member(listed, "identity", str)
        refuse(odd, N_("it is another item than the package lists"))
        stated, named = member(document, "statements", dict), member(listed, "statements", list)
        refuse(not named or sorted(stated) != sorted(named), N_("no statement is made on it"))
        parts, certified = self.file_leaves(folder), set[str]()
        for number in named:
            refuse(number not in self.heads, N_("the statement {number} fails"), number=number)
            fields = member(stated[number], "fields", dict)
            digests = self.custody_leaves(folder, number) | parts
            refuse(digests.keys() & fields.keys(), N_("something is listed twice"))
            digests |= {name: sha256(spelled(value)) for name, value in fields.items()}
            head, items = self.heads[number]
            self.leaves(folder, head, items[listed["identity"]], set(fields), digests)
            stands = {leaf["name"]: "salt" in leaf for leaf in items[listed["identity"]]["leaves"]}
            certified |= set(stands)
            cut = [n for n, shown in stands.items() if n.startswith("chunks/") and not shown]
            whole = self.container.files.get(f"{folder}/content.bin")
            odd = whole and (cut or fields.get("content/digest", whole.digest) != whole.digest)
            refuse(odd, N_("the file is not the one that was certified"))
        refuse(set(parts) - certified, N_("files of it stand in no statement"))
        self.listed_as_certified(folder, listed, [each["fields"] for each in stated.values()])

    def listed_as_certified(self, folder: str, listed: Any, said: Sequence[Any]) -> None:
        """What `package.json` says of an item, held against what is certified of it: step 6."""
        for name, leaf in (("kind", "item/kind"), ("rank", "item/rank"), ("title", TITLE)):
            told, certified = member(listed, name, str), [f[leaf] for f in said if leaf in f]
            odd = told not in certified and certified and (told or name != "title")
            refuse(odd, N_("its {name} is listed as another than was certified"), name=name)
            if told and not certified:
                text = N_("its {name} is the packer's word: no statement here shows it")
                self.note(6, OPEN, folder, text, name=name)
        told, lacking = member(listed, "marking", dict), set[str]()
        for name, laid in [pair for f in said for pair in f.get(MARKING, {}).items()]:
            wide = isinstance(laid, list) and name != "audience" and set(laid) <= set(told[name])
            lacking |= {name} if laid and told[name] != laid and not wide else set()
        if lacking:
            text = N_("more was laid on it than the package lists ({names}): what was, binds")
            self.note(6, OPEN, folder, text, names=", ".join(sorted(lacking)))

    def leaves(
        self, folder: str, head: Any, stated: Any, fields: set[str], digests: Mapping[str, str]
    ) -> None:
        """One statement's leaves of an item: all hashes lead to the root that was sealed."""
        leaves, hashes, reasons = member(stated, "leaves", list), [], list[str]()
        names = [member(leaf, "name", str) for leaf in leaves]
        for name, leaf in zip(names, leaves, strict=True):
            if "salt" in leaf:
                refuse(name not in digests, N_("{part} is disclosed and missing"), part=name)
                salted = f"comity-leaf/1\n{name}\n{leaf['salt']}\n{digests[name]}\n"
                hashes.append(leaf_hash(salted.encode()))
            else:
                hashes.append(bytes.fromhex(member(leaf, "hash", str)))
                reasons.append(member(leaf, "reason", str))
        shown = {name for name, leaf in zip(names, leaves, strict=True) if "salt" in leaf}
        kinds = {name.partition("/")[0] for name in names} & {"pages", "chunks"} | {"custody"}
        held = fields | {name for name in digests if name.partition("/")[0] in kinds}
        odd = min(held - shown, default="")
        refuse(odd, N_("{part} is shown and not certified"), part=odd)
        text = "".join(f"{name}\n" for name in names).encode()
        entry = {"identity": stated["identity"], "leaves": len(names), "names": sha256(text)}
        entry["root"] = root_of(hashes).hex()
        path = [bytes.fromhex(step) for step in member(stated, "path", list)]
        place, size = member(stated, "number", int), member(head, "items", int)
        found = root_by_path(leaf_hash(spelled(entry)), place, size, path)
        unlike = found is None or found.hex() != member(head, "root", str)
        refuse(unlike, N_("its leaves do not lead to the root of {name}"), name=head["reference"])
        facts = {"count": len(shown), "name": head["reference"]}
        self.note(8, HOLDS, folder, N_("parts that prove under {name}: {count}"), **facts)
        for reason in sorted(set(reasons)):
            facts = {"count": reasons.count(reason), "reason": reason}
            self.note(8, OPEN, folder, N_("parts withheld ({reason}): {count}"), **facts)

    def file_leaves(self, folder: str) -> dict[str, str]:
        """The digests of pages and of mebibytes of the file."""
        found, files = dict[str, str](), self.container.files
        for name in files:
            if name.startswith((f"{folder}/pages/", f"{folder}/chunks/")):
                found[name[len(folder) + 1 :].partition(".")[0]] = files[name].digest
        chunks = files[f"{folder}/content.bin"].chunks if f"{folder}/content.bin" in files else None
        odd = chunks is not None and (not chunks or any("chunks/" in name for name in found))
        refuse(odd, N_("something is listed twice"))
        return found | {f"chunks/{n:05}": digest for n, digest in enumerate(chunks or (), start=1)}

    def chains_of_custody(self, folder: str) -> list[Any]:
        """What `custody.json` holds; nothing where custody is withheld whole."""
        name = f"{folder}/custody.json"
        document = self.json(name, "comity-custody/1") if name in self.container else {"chains": []}
        return list(member(document, "chains", list))

    def custody_leaves(self, folder: str, number: str) -> dict[str, str]:
        """The digests of custody's leaves: what was done, its digests, its words."""
        found = dict[str, str]()
        for chain in self.chains_of_custody(folder):
            for event in chain["events"][: chain["certified"].get(number, 0)]:
                name = f"custody/{member(event, 'number', int):05}"
                digests = {key: event[key] for key in DIGESTS if key in event}
                rest = {k: v for k, v in event.items() if k not in (*DIGESTS, "words")}
                parts = {name: rest, f"{name}/digests": digests}
                parts[f"{name}/words"] = event.get("words")
                refuse(name in found, N_("something is listed twice"))
                found |= {key: sha256(spelled(value)) for key, value in parts.items() if value}
        return found

    def custody(self, folder: str, listed: Any) -> None:
        """Step 9."""
        for chain in self.chains_of_custody(folder):
            self.events(folder, listed, chain)

    def events(self, folder: str, listed: Any, chain: Any) -> None:
        """One administration's record: each event over the one before it."""
        previous, last, hidden = "0" * 64, "", 0
        events, known = member(chain, "events", list), member(chain, "certified", dict)
        own = [n for n in listed["statements"] if self.heads[n][0]["issuer"] == chain["by"]]
        odd = max((known.get(number, 0) for number in own), default=0) < len(events)
        odd = odd and chain["by"] != self.package["from"]  # whose seal covers it
        refuse(odd, N_("{by} did not certify what stands here as its record"), by=chain["by"])
        for place, event in enumerate(events, start=1):
            facts = {"number": place, "by": chain["by"]}
            odd = event["number"] != place or event["item"] != listed["identity"]
            refuse(odd, N_("event {number} of {by} is missing or of another item"), **facts)
            if event["act"] == "gap-noted":
                self.note(9, OPEN, folder, N_("{by} noted a gap before event {number}"), **facts)
            words = dict(event.get("words") or {"salt": ""})
            said = sha256(bytes.fromhex(words.pop("salt")) + spelled(words))
            odd = event.get("words") and said != event["words_digest"]
            refuse(odd, N_("the words of event {number} of {by} were altered"), **facts)
            if "digest" not in event:
                hidden += 1
                continue
            covered = {n: v for n, v in event.items() if n not in ("digest", "words")}
            digest = sha256(spelled({"format": "comity-custody/1", **covered}))
            odd = digest != event["digest"] or hidden or event["previous"] != previous
            refuse(odd, N_("event {number} of {by} does not follow the one before it"), **facts)
            previous, last = digest, event["digest_after"] or last
        content = self.container.files.get(f"{folder}/content.bin")
        odd = content and last not in ("", content.digest)
        refuse(odd, N_("the file is not the one that custody ends with"))
        said = N_("{count} events of {by}; their digests are withheld with the file")
        said = said if hidden else N_("{count} events of {by}, without a gap")
        state = OPEN if hidden else HOLDS
        self.note(9, state, folder, said, count=len(events), by=chain["by"])

    def keys(self) -> dict[str, Any]:
        """The keys of administrations, by their codes, as the packer lists them."""
        return dict(member(self.json("trust/keys.json", "comity-keys/1"), "administrations", dict))

    def evidence(self, name: str) -> None:
        """Step 10."""
        keys, owners = {}, {}
        for code, listed in self.keys().items():
            for pem in member(listed, "envelope", list):
                [spki] = read_pem(pem, "PUBLIC KEY")
                key_id = sha256(spki)[:16]
                keys[key_id], owners[key_id] = ed25519_key(read_der(spki)), code
        key_id, said = verify_envelope(self.container.read(name), name, keys)
        facts = {n: member(said, n, str) for n in ("kind", "by", "at", "message")}
        odd = owners[key_id] != facts["by"]
        refuse(odd, N_("{by} states what another administration's key signed"), **facts)
        self.note(10, HOLDS, name, N_("{by} stated “{kind}” of {message} on {at}"), **facts)

    def journal(self, name: str) -> None:
        """Steps 11 and 12, for the proof of one act in the journal of one administration."""
        proof, listed = self.json(name, "comity-journal-proof/1"), self.keys().items()
        keys = {c: [read_note_key(k) for k in member(n, "journal", list)] for c, n in listed}
        text, beside = member(proof, "checkpoint", str), "journal/checkpoint.txt"
        notes = {code: verify_note(text, known) for code, known in keys.items()}
        code = next((code for code, note in notes.items() if note.signed_by), "")
        refuse(not code, N_("the act does not stand in the journal that the checkpoint signed"))
        note = notes.pop(code)
        entry = {n: v for n, v in member(proof, "entry", dict).items() if n != "digest"}
        leaf, place = leaf_hash(spelled(entry)), member(entry, "sequence", int) - 1
        path = [bytes.fromhex(step) for step in member(proof, "path", list)]
        odd = root_by_path(leaf, place, note.size, path) != note.root
        refuse(odd, N_("the act does not stand in the journal that the checkpoint signed"))
        issuers = {head["root"]: head["issuer"] for head, _ in self.heads.values()}
        issuer = issuers.get(member(entry, "facts", dict).get("digest"))
        refuse(not issuer, N_("the act in the journal is not about a statement that is here"))
        odd = member(entry, "act", str) == "statement-certified" and issuer != code
        refuse(odd, N_("the journal of {code} says that it certified what another did"), code=code)
        own = code == self.package["from"] and beside in self.container
        odd = own and self.container.read(beside) != text.encode()
        refuse(odd, N_("the checkpoint beside the proofs is another than theirs"))
        facts = {"number": place + 1, "at": entry["at"], "size": note.size, "log": note.origin}
        said = N_("entry {number} of {at} in {log}, {size} entries: {act}")
        self.note(11, HOLDS, name, said, act=entry["act"], **facts)
        for code, note in notes.items():
            for who, at in note.cosigned.items():
                facts = {"code": code, "who": who, "at": at}
                self.note(12, HOLDS, name, N_("{code} cosigned it as “{who}” on {at}"), **facts)

    def law(self, name: str) -> None:
        """Step 13: the text of every instrument by which an item was assessed."""
        document = self.json(name, "comity-assessment/2", "comity-assessment/1")
        relied = document.get("instruments")  # the first format named one, in `instrument.json`
        if relied is None:
            only = {**document, "reference": document["instrument"], "file": "instrument"}
            relied = [only] if document["instrument"] else []
        texts = {f"law/{member(each, 'file', str)}.json": each for each in relied}
        for file, each in texts.items():
            odd = self.container.read(file) and self.container.files[file].digest != each["version"]
            refuse(odd, N_("the law's text is not the version that was applied"))
            self.note(13, HOLDS, file, "{instrument}", instrument=member(each, "reference", str))
        lost = {file for file in self.container.files if file.startswith("law/")} - {name, *texts}
        refuse(lost, N_("the file {name} is not listed"), name=min(lost, default=""))
        assessed, known = document.get("items") or {}, {e["reference"] for e in texts.values()}
        for item in self.package["items"]:
            found = assessed.get(item["identity"])
            facts = {"verdict": found["verdict"], "by": found["governing"]} if found else {}
            odd = found and found["governing"] and found["governing"] not in known
            refuse(odd, N_("the text of {by}, by which an item was assessed, is missing"), **facts)
            said = N_("assessed: {verdict} by {by}") if found else N_("no assessment of it is here")
            self.note(13, HOLDS if found else OPEN, f"items/{item['folder']}", said, **facts)

    def pdf(self, name: str, content: bytes = b"") -> None:
        """Step 14."""
        content = content or self.container.read(name)
        data, stamp = verify_pdf(content)
        self.note(14, HOLDS, name, N_("sealed by “{who}”"), who=data.certificate.name)
        self.trust.pool += data.certificates
        self.chains(name, sha256(content), data.certificate, stamp)


# ── The command ─────────────────────────────────────────────────────────────────────────────────


def read_anchors(text: str) -> Trust:
    """What the reader trusts: certificates in PEM, and lines “# CODE: SHA-256” that say whose."""
    found = tuple(read_certificate(der) for der in read_pem(text, "CERTIFICATE"))
    refuse(not found, N_("what you trust holds no certificates in PEM"))
    owners: dict[str, set[str]] = {}
    for code, sha in re.findall(r"^# (\S+?)(?: \(PILOT\))?: ([0-9A-Fa-f]{64})\s*$", text, re.M):
        owners.setdefault(sha.lower(), set()).add(code)
    return Trust(anchors=found, owners=owners)


def verify(
    source: BinaryIO,
    trust: Trust | None = None,
    at: datetime | None = None,
    renewals: Mapping[str, bytes] | None = None,
) -> Report:
    """The report on a file; `renewals` are files by their names."""
    return Procedure(trust or Trust(), at).run(source, renewals)


def exit_code(report: Report) -> int:
    """0: all holds, by whom you trust; 1: something fails; 3: by whom was not proved."""
    return 1 if not report.holds else 0 if report.identity == PROVED else 3


def main(argv: Sequence[str] | None = None) -> int:
    """Verify the file that the command line names."""
    parser = argparse.ArgumentParser(prog="verify.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--anchors", metavar="FILE", help="certificates that you trust, in PEM")
    parser.add_argument("--at", metavar="DATE", help="also say what had ended by this day")
    parser.add_argument("--renewals", metavar="FILE", nargs="+", default=[])
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(argv)
    try:
        day = datetime.fromisoformat(chosen.at).replace(tzinfo=UTC) if chosen.at else None
        text = Path(chosen.anchors).read_text("utf-8") if chosen.anchors else ""
        trust = read_anchors(text) if chosen.anchors else Trust()
        renewals = {name: Path(name).read_bytes() for name in chosen.renewals}
        with open(chosen.file, "rb") as source:
            report = verify(source, trust, day, renewals)
    except (OSError, *ODD_FORMS, Broken) as error:
        print(f"verify.py: {error}", file=sys.stderr)
        return 2
    said = json.dumps(report.as_dict(), indent=2) if chosen.json else report.as_text()
    print(said.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))
    return exit_code(report)


if __name__ == "__main__":
    sys.exit(main())
