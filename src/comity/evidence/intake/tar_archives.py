# SPDX-License-Identifier: Apache-2.0
"""What stands against a tar archive: its names, its links, the sizes that it claims."""

from __future__ import annotations

from collections.abc import Iterator

from comity.evidence.intake import names
from comity.evidence.intake.findings import Finding, FindingCode, found
from comity.evidence.intake.reading import Subject

BLOCK = 512
LINKS, SPECIAL, LONG_NAME = b"12", b"346", b"LKxgX"


def examine_tar(subject: Subject) -> Iterator[Finding]:
    """Walk from head to head; contents are not read."""
    at, expanded = 0, 0
    while at + BLOCK <= subject.size:
        head = subject.at(at, BLOCK)
        if not head.strip(b"\0"):
            return
        size = _number(head[124:136])
        if size is None or not _sums_up(head):
            yield found(FindingCode.DAMAGED)
            return
        if subject.budget.members <= 0:
            yield found(FindingCode.TOO_MANY_MEMBERS, count=subject.limits.most_members)
            return
        subject.budget.members -= 1
        yield from _examine_head(subject, head, at, size)
        expanded += size
        at += BLOCK + (size + BLOCK - 1) // BLOCK * BLOCK
    if expanded > subject.limits.longest_expanded:
        yield found(FindingCode.EXPANDS_TOO_FAR, size=expanded)
    if at > subject.size:
        yield found(FindingCode.DAMAGED)


def _examine_head(subject: Subject, head: bytes, at: int, size: int) -> Iterator[Finding]:
    kind = head[156:157]
    if kind and kind in LONG_NAME:  # a longer name of the next member
        name = subject.at(at + BLOCK, min(size, 4096))
        texts = [name.rstrip(b"\0").decode("utf-8", "replace")]
        if kind in b"xgX":
            texts = [text.split("=", 1)[-1] for text in texts[0].splitlines()]
    else:
        texts = [_text(head[:100])]
        prefix = _text(head[345:500])
        texts += [prefix] if prefix else []
    if any(names.leads_out(text) for text in texts):
        yield found(FindingCode.MEMBER_LEADS_OUT, count=1)
    if any(names.deceives(text.rstrip("/")) for text in texts if text):
        yield found(FindingCode.MEMBER_NAME_DECEIVES, count=1)
    if any(names.starts_something(text) for text in texts):
        yield found(FindingCode.EXECUTABLE_INSIDE, count=1)
    if kind and kind in LINKS + SPECIAL:
        yield found(FindingCode.MEMBER_IS_LINK, count=1)


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")


def _number(raw: bytes) -> int | None:
    if raw[:1] and raw[0] & 0x80:
        return int.from_bytes(raw, "big") & ((1 << 95) - 1)
    try:
        return int(raw.strip(b" \0") or b"0", 8)
    except ValueError:
        return None


def _sums_up(head: bytes) -> bool:
    return _number(head[148:156]) == sum(head[:148]) + sum(head[156:]) + 8 * 32
