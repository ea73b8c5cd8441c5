# SPDX-License-Identifier: Apache-2.0
"""Envelopes, evidences and cards of every form that the wire format allows, for properties."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from comity.exchange.envelope import Envelope, Header, LegalBasis, LogStatement, PartEntry
from comity.exchange.evidence import Evidence, EvidenceKind, LegalFinding, Reason
from comity.exchange.partner import Binding, CardKey, KeyUse
from comity.exchange.partner_card import Hours, Official, PartnerCard
from comity.sealing.keys import DecryptionKey, SigningKey

SIGNER = SigningKey.from_seed(bytes(range(32)))
STRANGER = SigningKey.from_seed(bytes(range(1, 33)))
RECIPIENT = DecryptionKey.from_seed(bytes(range(32, 64)))
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOTE = "northland.example/journal\n7\nAAAA\n\n— northland.example/journal AAAA\n"
MESSAGE = "0b8f4b1e-0000-4000-8000-000000000001"

instants = st.timedeltas(timedelta(days=-40_000), timedelta(days=300_000)).map(NOON.__add__)
identifiers = st.uuids().map(str)
lines = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
codes = st.text(string.ascii_letters + string.digits, min_size=1, max_size=12)
administrations = st.sampled_from(["XN", "XS", "XE"])
kinds = st.sampled_from(["exchange.note/1", "assistance.request/1", "exchange.card/2"])
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(lines, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(lines, values, max_size=4)
further = st.dictionaries(lines.map("x-".__add__), values, max_size=2)

logs = st.builds(
    LogStatement,
    checkpoint=st.just(NOTE),
    since=st.integers(0, 2**53 - 1),
    consistency=st.lists(digests, max_size=4).map(tuple),
    further=further,
)
bases = st.builds(
    LegalBasis,
    instrument=st.just("") | lines,
    version=st.just("") | digests,
    article=st.just("") | lines,
    verdict=codes,
    question=objects,
    further=further,
)
headers = st.builds(
    Header,
    id=identifiers,
    kind=kinds,
    conversation=identifiers,
    sender=administrations,
    recipient=administrations,
    created=instants,
    in_reply_to=st.just("") | identifiers,
    expires=st.none() | instants,
    basis=st.none() | bases,
    handling=st.sampled_from(["", "H0", "H3"]),
    caveats=st.lists(codes, max_size=3).map(tuple),
    case=st.just("") | lines,
    official=st.just("") | lines,
    further=further,
)
parts = st.builds(
    PartEntry,
    name=lines,
    media_type=st.sampled_from(["application/pdf", "text/plain; charset=utf-8"]),
    size=st.integers(0, 2**53 - 1),
    digest=digests,
    further=further,
)
envelopes = st.builds(
    Envelope,
    header=headers,
    body=objects,
    parts=st.lists(parts, max_size=3).map(tuple),
    log=st.none() | logs,
    wire=st.just(2),
    further=further,
) | st.builds(Envelope, header=headers, body=objects, wire=st.just(1), further=further)
evidences = st.builds(
    Evidence,
    id=identifiers,
    kind=st.sampled_from(EvidenceKind),
    message=identifiers,
    envelope=st.just("") | digests,
    by=administrations,
    to=administrations,
    at=instants,
    parts=st.lists(digests, max_size=3).map(tuple),
    reason=st.none()
    | st.builds(
        Reason,
        code=codes,
        facts=st.dictionaries(lines, lines, max_size=3),
        further=further,
    ),
    law=st.none()
    | st.builds(
        LegalFinding,
        verdict=codes,
        governing=st.just("") | lines,
        version=st.just("") | digests,
        article=st.just("") | lines,
        findings=st.lists(objects, max_size=3).map(tuple),
        further=further,
    ),
    log=st.none() | logs,
    witness=st.sampled_from(["", NOTE]),
    further=further,
)


def an_envelope(**changes: object) -> Envelope:
    """A short envelope of Northland's to Southland."""
    header = Header(
        id=MESSAGE,
        kind="exchange.note/1",
        conversation=MESSAGE,
        sender="XN",
        recipient="XS",
        created=NOON,
    )
    return Envelope(**({"header": header, "body": {"text": "Good day."}} | changes))


def a_receipt(**changes: object) -> Evidence:
    """Southland's receipt for it."""
    given = {
        "id": "0b8f4b1e-0000-4000-8000-000000000002",
        "kind": EvidenceKind.RELAYED,
        "message": MESSAGE,
        "envelope": an_envelope().digest,
        "by": "XS",
        "to": "XN",
        "at": NOON,
    }
    return Evidence(**(given | changes))


def an_identity(key: SigningKey = SIGNER, **changes: object) -> CardKey:
    """The identity key of a card."""
    given = {
        "use": KeyUse.IDENTITY,
        "key_id": key.public.key_id,
        "public": key.public.pem.decode(),
        "valid_from": NOON - timedelta(days=1),
        "valid_until": NOON + timedelta(days=365),
    }
    return CardKey(**(given | changes))


def a_card(**changes: object) -> PartnerCard:
    """Northland's card, with an official, office hours and everything else that it may hold."""
    given = {
        "administration": "XN",
        "name": "Northland Customs",
        "version": 1,
        "issued_at": NOON,
        "endpoints": ("https://exchange.northland.example:8443",),
        "wire_versions": (2, 1),
        "bindings": (Binding.PUSH, Binding.LETTER),
        "kinds": ("exchange.note/1",),
        "instruments": ("XN-XS-2020",),
        "keys": (an_identity(),),
        "officials": (Official("OFC-1", "The duty officer", telephone="+99 5550 1"),),
        "hours": (Hours(1, "08:30", "17:00"),),
        "time_zone": "Etc/GMT-3",
    }
    return PartnerCard(**(given | changes))
