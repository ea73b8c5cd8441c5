# SPDX-License-Identifier: Apache-2.0
"""Whole packages made in memory, with every class of file that a package can hold."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from comity.evidence.custody import (
    CustodyAct,
    CustodyEvent,
    CustodyWords,
    chained,
    event_document,
    words_digest,
)
from comity.evidence.package import (
    CustodyChain,
    Disclosure,
    Listed,
    Package,
    PackageKind,
    PackedItem,
    PackedStatement,
    custody_leaves,
    shown_event,
    write_package,
)
from comity.evidence.redaction import Withheld, is_whole, redacted
from comity.evidence.statement import CHUNK, CertifiedItem, ItemLeaves, state, value_digest
from comity.exchange.evidence import PAYLOAD_TYPE, Evidence, EvidenceKind
from comity.exchange.signed_document import signed
from comity.handling.marking import Marking, marking_document
from comity.handling.redaction import RedactionReason
from comity.journal.entry import Actor, Entry
from comity.journal.proof import Proof
from comity.reference.taxonomy import Caveat
from comity.sealing.canonical_json import canonical
from comity.sealing.checkpoint import Checkpoint, NoteKey, cosign, sign_checkpoint
from comity.sealing.keys import SigningKey
from comity.sealing.merkle import Tree, inclusion_proof, leaf_hash
from comity.sealing.renewals import (
    Material,
    Renewal,
    leaf_of,
    path_in,
    renewal_document,
    tree_of,
)
from comity.sealing.seal_certificates import (
    CertificateUse,
    SealCertificate,
    SealKey,
    issue_pilot_certificate,
    make_pilot_root,
    make_revocation_list,
)
from comity.sealing.timestamps import Stamp, make_stamp
from comity.sealing.xml_seals import SealChain, seal_xml

AT = datetime(2026, 2, 20, 9, 30, tzinfo=UTC)
MARKING = Marking(
    caveats=frozenset({Caveat.NO_THIRD_STATE}), personal_data=False, judicially_obtained=False
)


@dataclass
class Sealer:
    """A pilot authority in memory, with a seal and a stamp of its own."""

    holder: str
    at: datetime = AT
    serial: int = 0
    key: SealKey = field(default_factory=SealKey.make)

    def __post_init__(self) -> None:
        root_key, issuing_key, self._stamp_key = (SealKey.make() for _ in range(3))
        self.issuing_key = issuing_key
        self.root = make_pilot_root(root_key, holder=self.holder, at=self.at)
        issuing = self._issued(CertificateUse.ISSUING, issuing_key, self.root, root_key)
        own = self._issued(CertificateUse.SEAL, self.key, issuing, issuing_key)
        self._stamp_certificate = self._issued(
            CertificateUse.STAMP, self._stamp_key, issuing, issuing_key
        )
        lists = tuple(
            make_revocation_list(
                {}, issuer=issuer, issuer_key=key, number=1, at=self.at,
                next_at=self.at + timedelta(days=30),
            )
            for issuer, key in ((self.root, root_key), (issuing, issuing_key))
        )  # fmt: skip
        self.chain = SealChain((own, issuing, self.root), lists)

    def seal(self, digests: Mapping[str, bytes]) -> bytes:
        """The signature file over these digests."""
        return seal_xml(digests, key=self.key, chain=self.chain, at=self.at, stamp=self.stamp)

    def stamp(self, digest: bytes) -> Stamp:
        """A time stamp of the pilot authority."""
        self.serial += 1
        return make_stamp(
            digest,
            key=self._stamp_key,
            certificate=self._stamp_certificate,
            serial=self.serial,
            at=self.at,
        )

    def _issued(
        self, use: CertificateUse, key: SealKey, issuer: SealCertificate, issuer_key: SealKey
    ) -> SealCertificate:
        return issue_pilot_certificate(
            use,
            key.public_pem,
            holder=self.holder,
            issuer=issuer,
            issuer_key=issuer_key,
            at=self.at,
        )


def page_image(shade: int, *, size: int = 8) -> bytes:
    """A small PNG of one shade of grey, with no chunk but the needed ones."""
    rows = b"".join(b"\0" + bytes([shade]) * size for _ in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


@dataclass(frozen=True)
class MadeItem:
    """An item with everything that is certified of it."""

    identity: str
    fields: Mapping[str, Any]
    events: tuple[dict[str, Any], ...]
    content: bytes = b""
    pages: tuple[bytes, ...] = ()

    def certified(self) -> CertifiedItem:
        """The digests of its leaves."""
        digests = {name: value_digest(value) for name, value in self.fields.items()}
        for event in self.events:
            for name, value in custody_leaves(event).items():
                digests[name] = value_digest(value)
        for number, page in enumerate(self.pages, start=1):
            digests[f"pages/{number:05}"] = hashlib.sha256(page).hexdigest()
        for number, start in enumerate(range(0, len(self.content), CHUNK), start=1):
            part = self.content[start : start + CHUNK]
            digests[f"chunks/{number:05}"] = hashlib.sha256(part).hexdigest()
        return CertifiedItem(self.identity, digests)


def made_item(number: int, *, content: bytes = b"invoice\n", pages: int = 2) -> MadeItem:
    """A document with two pages and three custody events; without content, a thing."""
    identity = f"00000000-0000-4000-8000-{number:012}"
    fields: dict[str, Any] = {
        "item/kind": "document" if content else "seal",
        "item/rank": "original",
        "conditions/marking": marking_document(MARKING),
        "item/media-type": "text/plain" if content else "",
        "description/title": f"Invoice {number}",
        "description/text": "From a made-up trader.",
        "acquisition/judicially-obtained": None,
    }
    if content:
        fields["content/digest"] = hashlib.sha256(content).hexdigest()
        fields["content/size"] = len(content)
    images = tuple(page_image(number * 10 + page) for page in range(pages)) if content else ()
    return MadeItem(identity, fields, custody(identity, content), content, images)


def custody(identity: str, content: bytes = b"") -> tuple[dict[str, Any], ...]:
    """Three events of an item, the first two with words."""
    digest = hashlib.sha256(content).hexdigest() if content else ""
    words, salt = CustodyWords(place="Quay 3", reason="found in a container"), b"s" * 16
    last, documents = None, []
    for hour, act in enumerate((CustodyAct.SEIZED, CustodyAct.STORED, CustodyAct.CERTIFIED)):
        said = words if hour < 2 else CustodyWords()
        event = CustodyEvent(
            item=identity, number=0, act=act, at=AT - timedelta(hours=9 - hour), by="OFF-00001",
            role="case-officer", authority="XS", digest_before=digest, digest_after=digest,
            words_digest=words_digest(said, salt),
        )  # fmt: skip
        last = chained(event, last)
        documents.append(event_document(last, said, salt))
    return tuple(documents)


@dataclass
class Made:
    """A package with the parts that it was made of."""

    package: Package
    sealer: Sealer
    content: bytes = b""

    def write(self) -> bytes:
        """The bytes of the package."""
        sink = io.BytesIO()
        write_package(self.package, sink, self.sealer.seal)
        self.content = sink.getvalue()
        return self.content


def a_package(
    *,
    items: tuple[MadeItem, ...] = (),
    withheld: Mapping[int, Withheld] | None = None,
    sealer: Sealer | None = None,
    others: bool = True,
    change: Callable[[Package], Package] = lambda package: package,
) -> Made:
    """A package from Southland of two documents and a thing; the second one's page is withheld."""
    sealer = sealer or Sealer("Southland")
    items = items or (made_item(1), made_item(2), made_item(3, content=b""))
    hidden = {1: {"pages/00002": RedactionReason.THIRD_PERSON}} if withheld is None else withheld
    head, leaves = state(
        (item.certified() for item in items),
        reference="STM-00001", issuer="XS", at=AT, instrument="XN-XS-2020", article="7",
    )  # fmt: skip
    shown = [redacted(each, hidden.get(place, {})) for place, each in enumerate(leaves)]
    seal = sealer.seal({"head.json": hashlib.sha256(head.canonical()).digest()})
    statement = PackedStatement("0001", "STM-00001", "XS", head.canonical(), seal, tuple(shown))
    package = Package(
        reference="PKG-00001",
        kind=PackageKind.REPLY,
        sender="XS",
        recipient="XN",
        at=AT,
        case="S-2026-7",
        purpose="CRIMINAL_EVIDENCE",
        items=tuple(map(packed, items, shown, range(1, len(items) + 1))),
        statements=(statement,),
        instrument="XN-XS-2020",
        article="7",
        others={**other_files(head.root), **trust_files(XS=sealer)} if others else {},
    )
    return Made(change(package), sealer)


def packed(item: MadeItem, leaves: ItemLeaves, number: int) -> PackedItem:
    """An item as far as its leaves are disclosed."""
    names = {leaf.name for leaf in leaves.leaves if leaf.disclosed}
    events = tuple(each for e in item.events if (each := shown_event(e, names)) is not None)
    whole = is_whole(leaves)
    return PackedItem(
        listed=Listed(
            folder=f"{number:04}",
            identity=item.identity,
            kind=str(item.fields["item/kind"]),
            rank="original",
            disclosure=Disclosure.WHOLE if whole else Disclosure.REDACTED,
            statements=("0001",),
            marking=item.fields["conditions/marking"],
        ),
        fields={"0001": {n: v for n, v in item.fields.items() if n in names}},
        custody=(CustodyChain("XS", events, {"0001": len(events)}),) if events else (),
        content=item.content if item.content and "chunks/00001" in names else None,
        pages={n: page for n, page in enumerate(item.pages, start=1) if f"pages/{n:05}" in names},
    )


def law_files(*references: str) -> dict[str, bytes]:
    """The texts of instruments, and that each item was assessed by one of them in turn."""
    files, instruments, items = {}, [], {}
    for number, reference in enumerate(references, start=1):
        text = canonical({"reference": reference, "title": "Agreement"})
        version = hashlib.sha256(text).hexdigest()
        files[f"law/{number:04}.json"] = text
        instruments.append({"file": f"{number:04}", "reference": reference, "version": version})
    for number in range(1, 4):
        by = references[number % len(references)]
        said = {"verdict": "permitted", "governing": by}
        items[f"00000000-0000-4000-8000-{number:012}"] = said
    document = {"verdict": "permitted", "instruments": instruments, "items": items}
    return {
        **files,
        "law/assessment.json": canonical({"format": "comity-assessment/2", **document}),
    }


def trust_files(**sealers: Sealer) -> dict[str, bytes]:
    """What the packer trusted: the roots of these administrations."""
    roots = [
        {"administration": code, "sha256": each.root.fingerprint} for code, each in sealers.items()
    ]
    document = {"format": "comity-trust/1", "at": AT.isoformat(), "roots": roots}
    chains = [each.chain for each in sealers.values()]
    return {
        "trust/snapshot.json": canonical(document),
        "trust/certificates.pem": b"".join(e.pem for c in chains for e in c.certificates),
        "trust/revocations.pem": b"".join(e.pem for c in chains for e in c.revocations),
    }


def renewed(document: bytes, token: bytes, by: Sealer) -> tuple[bytes, bytes]:
    """The renewal of the stamp on a document by another authority, as a file; and its token."""
    lists, known = by.chain.revocations, by.chain.certificates[1:]
    material = Material(known, lists)
    previous = hashlib.sha256(token).hexdigest()
    leaf = leaf_of(hashlib.sha256(document).hexdigest(), previous, material)
    tree = tree_of([b"another document", leaf])
    renewal = Renewal(
        hashlib.sha256(document).hexdigest(), previous, 1, 2, path_in(tree, 1),
        by.stamp(tree.root()), material,
    )  # fmt: skip
    return renewal_document(renewal), renewal.stamp.token


def other_files(root: str) -> dict[str, bytes]:
    """Law, a receipt, the journal's proof with a cosignature, and the keys of both."""
    envelope, journal, witness = (SigningKey.from_seed(bytes([n]) * 32) for n in (1, 2, 3))
    note_key, witness_key = (
        NoteKey("southland", journal.public),
        NoteKey("northland", witness.public),
    )
    entry = Entry(
        3, "00000000-0000-4000-8000-00000000000e", AT, Actor("OFF-00001", "case-officer"),
        "statement-certified", "STM-00001", "XN-XS-2020", "7", {"digest": root}, b"",
    )  # fmt: skip
    tree = Tree([*(leaf_hash(b"%d" % n) for n in range(2)), leaf_hash(entry.canonical())])
    for n in range(5):
        tree.append(leaf_hash(b"later %d" % n))
    note = sign_checkpoint(Checkpoint("southland", 8, tree.root()), journal)
    note = cosign(note, witness, name="northland", at=AT)
    path = inclusion_proof(2, 8, tree.read)
    proof = Proof(replace(entry, digest=hashlib.sha256(b"").digest()), path, note)
    receipt = Evidence(
        "00000000-0000-4000-8000-0000000000aa", EvidenceKind.RELAYED,
        "00000000-0000-4000-8000-0000000000bb", "a" * 64, "XS", "XN", AT,
    )  # fmt: skip
    return {
        **law_files("XN-XS-2020", "XE-XS-1999"),
        "exchange/0001.json": signed(receipt.payload(), PAYLOAD_TYPE, [envelope]),
        "journal/0001.json": canonical(proof.as_dict()),
        "journal/checkpoint.txt": note.encode(),
        "trust/keys.json": canonical(
            {
                "format": "comity-keys/1",
                "administrations": {
                    "XS": {"envelope": [envelope.public.pem.decode()], "journal": [note_key.text]},
                    "XN": {"envelope": [], "journal": [witness_key.text]},
                },
            }
        ),
    }


def delivered(node: Any, content: bytes, *, at: datetime, **note: str) -> Any:
    """What our node says of a message of this partner that brings these bytes as a package."""
    from comity.agreements.question import Release
    from comity.exchange.services.receiving import RECEPTION
    from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose
    from tests.support.exchange import File, evidence_of

    file = File(content, "pkg-00001.asice")
    digest = hashlib.sha256(content).hexdigest()
    body = {"package": "PKG-00001", "digest": digest, **note}
    forms = (FormOfAssistance.INFO_OFFENCE,)
    question = Release(
        node.code, node.own, forms, (Purpose.ADMIN_ENQUIRY,), at.date(), offences=(Offence.TOBACCO,)
    )
    made = node.envelope(
        kind="evidence.package/1", body=body, question=question, files=(file,), at=at
    )
    RECEPTION.receive((node.frame(made, files=(file,)),), partner=node.code, at=at)
    outcome = RECEPTION.take_part(made.header.id, 0, 0, file.sealed(), partner=node.code, at=at)
    return evidence_of(outcome)
