# SPDX-License-Identifier: Apache-2.0
"""Taking in a partner's package: verified whole first, then every item of it, or nothing.

(1) It is the package of the message, from its sender to us. (2) Every check of the verifier holds,
and every seal leads to a root that is trusted for the administration in whose name it is.
(3) Each item becomes ours to keep, with its identity, its channel and what was laid on it; one
that is here already gets a further channel. (4) The supplier's statements stay byte for byte, so
that our own packages carry them on. A package that fails is refused with an evidence.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from comity.agreements.queries import own_administration
from comity.agreements.question_reading import question_of
from comity.catalogues import N_, Phrase
from comity.errors import ComityError, InvalidInputError, PeerError
from comity.evidence import models, verify
from comity.evidence.alarm import AlarmKind
from comity.evidence.blackening import picture_data
from comity.evidence.custody import Given, read_event, read_words
from comity.evidence.item import OBJECTS, Channel, Item
from comity.evidence.models.columns import ADMINISTRATION
from comity.evidence.new_item import NewItem
from comity.evidence.package import PackageKind
from comity.evidence.package_messages import PACKAGE, read_package_note
from comity.evidence.queries.items import item_of_identity
from comity.evidence.rendition import MEDIA_TYPE as PDF
from comity.evidence.rendition import pages_as_pdf
from comity.evidence.services import items, keeping, recalling, seal_trust
from comity.evidence.services.alarms import raise_alarm
from comity.evidence.services.custody import CustodyOutOfOrderError
from comity.evidence.services.hand_overs_told import note_arrived
from comity.evidence.services.rows import EVIDENCE, inserted
from comity.evidence.services.stated import Values, _keep_stated
from comity.evidence.stated_fields import (
    MEDIA_TYPE,
    description_of,
    kind_of,
    marking_of,
    rank_of,
    return_by_of,
)
from comity.evidence.statement import ItemLeaves, read_head, read_leaves, value_digest
from comity.exchange.envelope import Envelope
from comity.exchange.kind import Arrived, Kind
from comity.exchange.law import forms_of
from comity.exchange.message_state import Direction
from comity.handling.marking import Marking, read_marking
from comity.journal.services import record
from comity.reference.taxonomy import Caveat, FormOfAssistance, HandlingCode, code_of
from comity.sealing.seal_certificates import read_der_seal_certificate
from comity.sealing.xml_seals import SIGNATURE_FILE

logger = logging.getLogger(__name__)
LETTERS, STATEMENTS = "PKG", "STM"
MOST_ITEMS, MOST_PROOFS = 5_000, 8
JSON_TYPE, PARTS_TYPE = "application/json", "application/octet-stream"


class PackageRefusedError(InvalidInputError):
    """A partner's package is not taken in."""

    code = "package-refused"
    message = N_("The package was not taken in: {obstacle}.")
    remedy = N_("Make the package again, verify it with verify.py, and send it anew.")


class SealUnprovedError(InvalidInputError):
    """A seal in a partner's package leads to a root that is not trusted for the name it bears."""

    code = "package-seal-unproved"
    message = N_(
        "The package was not taken in: its {named} is sealed in the name of {issuer}, and the root "
        "{fingerprint} is not trusted here as one of {issuer}'s."
    )
    remedy = N_(
        "Let {issuer} read its root's fingerprint out, decide with “comity evidence seal trust "
        "{issuer} {fingerprint}”, and ask for the package again."
    )

    def __init__(self, root: verify.Certificate, **fields: object) -> None:
        self.root = root
        super().__init__(fingerprint=root.fingerprint, **fields)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a package that came in."""

    reference: str
    named: str
    items: tuple[str, ...]
    """References here, in the package's order."""
    known_before: tuple[str, ...]
    """Those of them that were here already, and got a further channel."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement of the package: its row here, and its leaves by the items' identities."""

    folder: str
    row: models.SealedStatement
    leaves: bytes
    new: bool
    """Whether it was not here before."""


def receive_package(arrived: Arrived, at: datetime) -> None:
    """Take in the package that a message brings; what does not hold refuses the message."""
    note = read_package_note(arrived.envelope.body)
    if len(arrived.parts) != 1 or arrived.envelope.parts[0].digest != note.digest:
        raise PackageRefusedError(
            obstacle=N_("expected one part with the digest that the body names")
        )
    with keeping.open_brought(arrived.parts[0]) as source:
        take_in(source, arrived, at=at)


@transaction.atomic
def take_in(source: BinaryIO, arrived: Arrived, *, at: datetime) -> TakenIn:
    """Verify a package and keep what is in it.

    Raises:
        PackageRefusedError: it does not verify, or is not what the message says.
        SealUnprovedError: somebody's seal leads to a root that is not trusted as that one's.
        PeerError, CustodyOutOfOrderError: not now; the same package may be taken in later.
    """
    procedure = _verified(source, arrived.envelope)
    _require_roots(procedure, arrived.envelope.header.sender)
    try:
        return _taken_in(procedure, arrived, at=at)
    except PackageRefusedError:
        raise
    except (ComityError, verify.Broken, ValueError, KeyError, TypeError, AttributeError) as error:
        if _passes(error, at):
            raise
        code = getattr(error, "code", "unreadable")
        raise PackageRefusedError(
            obstacle=Phrase(N_("an item of it cannot be kept ({code})"), code=code)
        ) from error


def _passes(error: Exception, at: datetime) -> bool:
    """Whether it may be over when the message is tried again: our disk is full, a clock ahead."""
    if isinstance(error, CustodyOutOfOrderError):
        return datetime.fromisoformat(str(error.fields["at"])) >= at.replace(microsecond=0)
    return isinstance(error, PeerError)


def _verified(source: BinaryIO, envelope: Envelope) -> verify.Procedure:
    """Steps 1 and 2."""
    procedure = verify.Procedure(verify.Trust())
    report = procedure.run(source)
    failed = [each.step for each in report.findings if each.state == verify.FAILS]
    if failed or not procedure.package:
        raise PackageRefusedError(
            obstacle=Phrase(
                N_("step {step} of its verification fails"), step=min(failed, default=1)
            )
        )
    package, head = procedure.package, envelope.header
    wanted = {"from": head.sender, "to": own_administration(), "kind": PackageKind.REPLY.value}
    for name, expected in wanted.items():
        if package[name] != expected:
            raise PackageRefusedError(
                obstacle=Phrase(N_("its “{name}” is another than the message's"), name=name)
            )
    if not 0 < len(package["items"]) <= MOST_ITEMS:
        raise PackageRefusedError(
            obstacle=Phrase(N_("expected 1 to {most} items"), most=MOST_ITEMS)
        )
    return procedure


def _require_roots(procedure: verify.Procedure, sender: str) -> None:
    """Hold each seal to the roots of the administration in whose name it is.

    A statement that is here already stays what it was when it was taken in.
    """
    first = procedure.roots[SIGNATURE_FILE].fingerprint
    sealed = [(SIGNATURE_FILE, sender, "package")]
    for folder, (head, _) in procedure.heads.items():
        name, digest = f"statements/{folder}", hashlib.sha256(verify.spelled(head)).hexdigest()
        known = models.SealedStatement.objects.filter(issuer=head["issuer"], digest=digest)
        if not known.exists():
            sealed.append((f"{name}/signature.xml", head["issuer"], name))
    for name, issuer, named in sealed:
        root = procedure.roots[name]
        itself = issuer == sender and root.fingerprint == first
        if not seal_trust.is_trusted(issuer, root.fingerprint, brought_by_itself=itself):
            raise SealUnprovedError(root, issuer=issuer, named=named)


@transaction.atomic
def warn_of_refused(arrived: Arrived, error: ComityError, at: datetime) -> None:
    """Tell a person of a package that was refused for a seal, and put the root up for comparison.

    A root in our own name is nobody's to compare: we know ours.
    """
    if not isinstance(error, SealUnprovedError):
        return
    issuer, sender = str(error.fields["issuer"]), arrived.envelope.header.sender
    facts = {"issuer": issuer, "fingerprint": error.root.fingerprint, "partner": sender}
    raise_alarm(AlarmKind.SEAL_UNPROVED, at=at, facts=facts)
    if issuer == own_administration() or len(issuer) > ADMINISTRATION:
        return
    try:
        with transaction.atomic():
            root = read_der_seal_certificate(error.root.whole)
            seal_trust.put_up_for_comparison(issuer, root, message=arrived.reference, at=at)
    except Exception as failure:  # no library reads it: the alarm stands without it
        logger.error("a root was not put up for comparison: %s", type(failure).__name__)


def _taken_in(procedure: verify.Procedure, arrived: Arrived, *, at: datetime) -> TakenIn:
    """Steps 3 and 4."""
    package, container = procedure.package, procedure.container
    proofs = list(_proofs(container))
    statements = [_statement(container, each, arrived, proofs) for each in package["statements"]]
    kept: list[Item] = []
    known: list[str] = []
    for listed in package["items"]:
        before = item_of_identity(listed["identity"])
        one = _Incoming(container, listed, statements, arrived, at)
        kept.append(one.added() if before is None else one.further(before))
        known += [before.reference] if before is not None else []
    sender, seal = arrived.envelope.header.sender, container.read(SIGNATURE_FILE)
    seal_trust.learn_from_seal(sender, seal, message=arrived.reference, at=at)
    row = _keep_package(package, arrived, procedure.report.digest, at=at)
    models.PackagedItem.objects.bulk_create(
        models.PackagedItem(
            package=row,
            item_id=models.Item.objects.only("pk").get(reference=item.reference).pk,
            number=place,
            disclosure=str(listed["disclosure"])[:60],
        )
        for place, (item, listed) in enumerate(zip(kept, package["items"], strict=True), start=1)
    )
    for each in statements:
        if each.new:
            facts = {"party": each.row.issuer, "digest": each.row.root}
            record("statement-kept", each.row.reference, by=EVIDENCE, at=at, facts=facts)
    facts = {
        "party": arrived.envelope.header.sender,
        "digest": procedure.report.digest,
        "count": str(len(kept)),
    }
    record("package-taken-in", row.reference, by=EVIDENCE, at=at, facts=facts)
    references = tuple(item.reference for item in kept)
    note_arrived(references, at=at)
    recalling.note_arrived(references, at=at)
    return TakenIn(row.reference, row.named, references, tuple(known))


def _proofs(container: verify.Container) -> Iterator[Any]:
    """The proofs from journals that the package brings; the verifier has held each to its note."""
    for name in sorted(container.files):
        if name.startswith("journal/") and name.endswith(".json"):
            content = container.read(name)
            if b"\\u0000" not in content:  # which a database does not keep
                yield json.loads(content)


def _keep_proofs(row: models.SealedStatement, proofs: Sequence[Any]) -> None:
    """Keep those on this statement that are not here yet, so that our packages carry them on."""
    known = [proof["entry"] for proof in row.proofs]
    of_it = [each for each in proofs if each["entry"]["facts"].get("digest") == row.root]
    fresh = [each for each in of_it if each["entry"] not in known][: MOST_PROOFS - len(known)]
    if fresh and not row.own:
        row.proofs = [*row.proofs, *fresh]
        row.save(update_fields=["proofs"])


def _statement(
    container: verify.Container, listed: Any, arrived: Arrived, proofs: Sequence[Any]
) -> _Statement:
    """Keep a statement as it came, or find it where another package brought it before."""
    folder = f"statements/{listed['folder']}"
    content = container.read(f"{folder}/head.json")
    head, digest = read_head(content), hashlib.sha256(content).hexdigest()
    row = models.SealedStatement.objects.filter(issuer=head.issuer, digest=digest).first()
    new = row is None
    if row is None:
        row = inserted(
            models.SealedStatement,
            STATEMENTS,
            {
                "named": head.reference,
                "issuer": head.issuer,
                "head": content,
                "digest": digest,
                "signature": container.read(f"{folder}/signature.xml"),
                "root": head.root,
                "at": head.at,
                "pilot": _is_pilot(container.read(f"{folder}/signature.xml"), digest),
                "message": arrived.reference,
                "own": False,
            },
        )
    _keep_proofs(row, proofs)
    return _Statement(listed["folder"], row, container.read(f"{folder}/leaves.json"), new)


def _is_pilot(signature: bytes, digest: str) -> bool:
    seal = verify.verify_seal(signature, {"head.json": digest})
    return seal.certificate.is_pilot or seal.stamp.data.certificate.is_pilot


class _Incoming:
    """One item of a package on its way in."""

    def __init__(
        self,
        container: verify.Container,
        listed: Mapping[str, Any],
        statements: Sequence[_Statement],
        arrived: Arrived,
        at: datetime,
    ) -> None:
        self._container, self._listed = container, listed
        self._arrived, self._at = arrived, at
        self._statements = [s for s in statements if s.folder in listed["statements"]]
        self._folder = f"items/{listed['folder']}"
        document = json.loads(container.read(f"{self._folder}/item.json"))
        self._fields = {number: said["fields"] for number, said in document["statements"].items()}
        self._pages = dict(self._read_pages())

    def added(self) -> Item:
        """The item, new here."""
        fields = self._merged()
        kind, content, media_type = kind_of(fields), None, ""
        if kind not in OBJECTS:
            content, media_type = self._content(str(fields.get(MEDIA_TYPE) or ""))
        new = NewItem(
            kind=kind,
            rank=rank_of(fields) if not self._derived() else rank_of({"item/rank": "plain-copy"}),
            description=description_of(fields),
            channel=self._channel(fields),
            media_type=media_type,
            return_by=return_by_of(fields),
            identity=str(self._listed["identity"]),
            custody=self._given(),
        )
        item = items.add(new, content, by=EVIDENCE, at=self._at)
        self._keep(item)
        return item

    def further(self, known: Item) -> Item:
        """The same item once more: a further channel, and what is stated of it now."""
        fields = self._merged()
        if known.digest and fields.get("content/digest") not in (None, known.digest):
            raise PackageRefusedError(obstacle=N_("an item that is here has another content there"))
        item = items.add_channel(known.reference, self._channel(fields), by=EVIDENCE, at=self._at)
        self._keep(item)
        return item

    def _merged(self) -> dict[str, Any]:
        """What all statements say of it; the first one's word goes before later ones'."""
        merged: dict[str, Any] = {}
        for statement in reversed(self._statements):
            merged |= self._fields[statement.folder]
        return merged

    def _derived(self) -> bool:
        return self._merged().get("item/rank") == "derived"

    def _channel(self, fields: Mapping[str, Any]) -> Channel:
        """How it came: by this message, with everything that was laid on it anywhere."""
        header = self._arrived.envelope.header
        laid = marking_of(fields).join(read_marking(self._listed["marking"]))
        header_laid = Marking(
            caveats=frozenset(code_of(Caveat, code) for code in header.caveats),
            handling=frozenset({HandlingCode(header.handling)} if header.handling else ()),
            personal_data=False,
            judicially_obtained=False,
        )
        forms = sorted(forms_of(question_of(header.basis.question))) if header.basis else []
        return Channel(
            number=1,
            supplier=header.sender,
            marking=laid.join(header_laid),
            supplied_on=self._at.date(),
            instrument=header.basis.instrument if header.basis else "",
            form=FormOfAssistance(forms[0]) if forms else None,
            message=self._arrived.reference,
        )

    def _content(self, media_type: str) -> tuple[Any, str]:
        """What is kept as its file: the file, the parts or pages of it that came, or words."""
        whole = f"{self._folder}/content.bin"
        if whole in self._container:
            return _Stream(self._container.blocks(whole)), media_type
        names = sorted(n for n in self._container.files if n.startswith(f"{self._folder}/chunks/"))
        if names:
            parts = (block for name in names for block in self._container.blocks(name))
            return _Stream(parts), PARTS_TYPE
        if self._pages:
            return io.BytesIO(pages_as_pdf([self._pages[n] for n in sorted(self._pages)])), PDF
        return io.BytesIO(self._container.read(f"{self._folder}/item.json")), JSON_TYPE

    def _read_pages(self) -> Iterator[tuple[int, bytes]]:
        start = f"{self._folder}/pages/"
        for name in sorted(self._container.files):
            if name.startswith(start):
                png = self._container.read(name)
                picture_data(png)  # refuses what holds more than pixels
                yield int(name[len(start) : -4]), png

    def _events(self) -> list[Any]:
        name = f"{self._folder}/custody.json"
        if name not in self._container:
            return []
        chains: list[Any] = json.loads(self._container.read(name))["chains"]
        return chains

    def _given(self) -> tuple[Given, ...]:
        """The supplier's record, where all of it came: ours goes on after it."""
        for chain in self._events():
            events = chain["events"]
            if events and all("digest" in event for event in events):
                return tuple(Given(read_event(event), *read_words(event)) for event in events)
        return ()

    def _keep(self, item: Item) -> None:
        """Keep what each statement says of it, with the values by which that is proved."""
        row = models.Item.objects.get(reference=item.reference)
        pages = {
            number: keeping.put_content(item.reference, io.BytesIO(png)).name
            for number, png in self._pages.items()
        }
        for statement in self._statements:
            if models.StatedItem.objects.filter(statement=statement.row, item=row).exists():
                continue
            fields = self._fields[statement.folder]
            leaves = self._leaves(statement)
            salts = {leaf.name: leaf.salt for leaf in leaves.leaves if leaf.disclosed}
            certified = self._certified(statement.folder)
            shown = {n: b for n, b in pages.items() if f"pages/{n:05}" in salts}
            _keep_stated(statement.row, row, leaves, Values(salts, fields, certified, shown))

    def _certified(self, folder: str) -> tuple[Any, ...]:
        for chain in self._events():
            if count := chain["certified"].get(folder, 0):
                return tuple(chain["events"][:count])
        return ()

    def _leaves(self, statement: _Statement) -> ItemLeaves:
        """The leaves as the statement has them; every value was held against them before."""
        identity = str(self._listed["identity"])
        fields = self._fields[statement.folder]
        digests = {name: value_digest(value) for name, value in fields.items()}
        procedure = verify.Procedure(verify.Trust())
        procedure.container = self._container
        digests |= procedure.custody_leaves(self._folder, statement.folder)
        digests |= procedure.file_leaves(self._folder)
        found = read_leaves(statement.leaves, {identity: digests})
        return found[0]


class _Stream:
    """Blocks of a file as something that can be read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._left = blocks, b""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; none at the end."""
        while size < 0 or len(self._left) < size:
            block = next(self._blocks, b"")
            if not block:
                break
            self._left += block
        cut = len(self._left) if size < 0 else size
        given, self._left = self._left[:cut], self._left[cut:]
        return given


def _keep_package(
    package: Mapping[str, Any], arrived: Arrived, digest: str, *, at: datetime
) -> models.Package:
    basis = arrived.envelope.header.basis
    return inserted(
        models.Package,
        LETTERS,
        {
            "named": str(package["reference"])[:24],
            "kind": package["kind"],
            "direction": Direction.IN,
            "partner": arrived.envelope.header.sender,
            "case": str(package["case"])[:60],
            "purpose": str(package["purpose"])[:60],
            "instrument": basis.instrument if basis else "",
            "digest": digest,
            "size": arrived.envelope.parts[0].size,
            "made_by": EVIDENCE.reference,
            "at": at,
            "message": arrived.reference,
            "blob": arrived.parts[0],
        },
    )


PACKAGE_OF_EVIDENCE = Kind(
    PACKAGE,
    N_("package of evidence"),
    receive_package,
    largest_body=64 * 1024,
    refused=warn_of_refused,
)
