# SPDX-License-Identifier: Apache-2.0
"""The checks, CNF-1 onward: each says what conforms, tries it, and raises where it does not.

A check makes its own messages, so that it can be run alone; only what nobody can be asked before
a handshake and a status names the check that it builds on. Numbers are permanent.
"""

from __future__ import annotations

import ssl
import tempfile
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from comity.catalogues import N_
from comity.exchange.conform.envelopes import File, bomb, envelope, frame, later
from comity.exchange.conform.subject import Subject, problem_of, read_json, read_outcomes
from comity.exchange.conform.verdicts import Report, Result, Verdict, judged, require
from comity.exchange.envelope import Envelope
from comity.exchange.evidence import PAYLOAD_TYPE as EVIDENCE_TYPE
from comity.exchange.evidence import Evidence, EvidenceKind
from comity.exchange.outcome import Held, Outcome, Stated, Unknown, Wanted
from comity.exchange.signed_document import signed
from comity.exchange.transports.framing import write_frames
from comity.exchange.transports.media_types import FRAMES, NOTHING
from comity.exchange.transports.request_signatures import Request, content_digest
from comity.exchange.transports.tls import OwnCertificate
from comity.outbound.peer import Answer
from comity.sealing.certificates import make_certificate
from comity.sealing.keys import SigningKey
from comity.sealing.segments import SEGMENT_LENGTH

MOST_SKEW = 300
GIB = 1024**3
BOMB = 10_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the specification demands."""

    code: str
    says: str
    tries: Callable[[Subject], None]
    needs: str = ""


def run_checks(subject: Subject, *, only: Sequence[str] = ()) -> Report:
    """The verdict of every check, or of the named ones and what they build on."""
    results: dict[str, Result] = {}
    wanted = set(only)
    for check in reversed(CHECKS):
        wanted |= {check.needs} if check.code in wanted else set()
    for check in CHECKS:
        if only and check.code not in wanted:
            continue
        before = results.get(check.needs)
        if before is not None and before.verdict is not Verdict.HOLDS:
            results[check.code] = Result(check.code, check.says, Verdict.NOT_RUN)
            continue
        results[check.code] = judged(check.code, check.says, lambda c=check: c.tries(subject))  # type: ignore[misc]
    return Report(subject.code, subject.now(), tuple(results.values()))


# The connection


def _answers_status(subject: Subject) -> None:
    answer = subject.get("status")
    document = read_json(answer)
    require(answer.status == 200 and isinstance(document, dict), expected="200 with a status",
            found=answer.status)  # fmt: skip
    versions = document.get("wire_versions")
    shared = isinstance(versions, list) and subject.wire in versions
    require(shared, expected=f"wire version {subject.wire}", found=versions)
    theirs = datetime.fromisoformat(str(document.get("time")))
    skew = abs((theirs - subject.now()).total_seconds())
    require(skew <= MOST_SKEW, expected=f"a clock within {MOST_SKEW} s", found=f"{skew:.0f} s")


def _nobody_without_certificate(subject: Subject) -> None:
    _require_no_answer(subject, None)


def _nobody_with_a_strange_certificate(subject: Subject) -> None:
    at = subject.now()
    made = make_certificate(
        common_name="stranger", names=("localhost",), valid_from=later(at, -60),
        valid_until=later(at, 3600),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = Path(folder) / "c.pem", Path(folder) / "k.pem"
        certificate.write_bytes(made.certificate.pem)
        key.write_bytes(made.private_pem)
        _require_no_answer(subject, OwnCertificate(certificate, key))


def _no_older_tls(subject: Subject) -> None:
    _require_no_answer(subject, subject.tester.certificate, version=ssl.TLSVersion.TLSv1_2)


def _require_no_answer(
    subject: Subject,
    own: OwnCertificate | None,
    version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
) -> None:
    try:
        came = subject.shake_hands(own, version=version)
    except OSError:
        return
    refused = not came or b" 200 " not in came.split(b"\r\n", 1)[0]
    require(refused, expected="no connection", found="an answer")


def _names_its_wire_versions(subject: Subject) -> None:
    request = subject.signed_request("GET", "status", wire=99)
    answer = subject.ask(request)
    _require_problem(answer, "wire-version-unknown")


# Signatures of requests


def _unsigned(subject: Subject) -> None:
    bare = Request("GET", subject.signed_request("GET", "status").url, {"Content-Type": NOTHING,
                   "Content-Digest": content_digest(b"")})  # fmt: skip
    _require_refused(subject.ask(bare))


def _signed_by_another_key(subject: Subject) -> None:
    _require_refused(subject.ask(subject.signed_request("GET", "status", key=SigningKey.make())))


def _signature_of_another_request(subject: Subject) -> None:
    signed_one = subject.signed_request("GET", f"messages/{uuid.uuid4()}")
    other = Request("GET", subject.signed_request("GET", "status").url, signed_one.headers)
    _require_refused(subject.ask(other))


def _changed_body(subject: Subject) -> None:
    honest = write_frames([frame(subject, envelope(subject))])
    request = subject.signed_request("POST", "envelopes", honest, FRAMES)
    other = write_frames([frame(subject, envelope(subject))])
    _require_refused(subject.ask(request, other))


def _old_request(subject: Subject) -> None:
    _require_skew(subject, -MOST_SKEW - 60)


def _early_request(subject: Subject) -> None:
    _require_skew(subject, MOST_SKEW + 60)


def _require_skew(subject: Subject, seconds: float) -> None:
    request = subject.signed_request("GET", "status", at=later(subject.now(), seconds))
    _require_problem(subject.ask(request), "clock-skew")


def _replayed_request(subject: Subject) -> None:
    request = subject.signed_request("GET", "status")
    first = subject.ask(request)
    require(first.status == 200, expected="200 at first", found=first.status)
    _require_problem(subject.ask(request), "replay")


# Envelopes


def _receipt(subject: Subject) -> None:
    made = envelope(subject)
    _require_receipt(subject, made, _handed(subject, frame(subject, made)))


def _duplicate(subject: Subject) -> None:
    made = envelope(subject)
    first = _stated(_handed(subject, frame(subject, made)))
    again = _stated(_handed(subject, frame(subject, made)))  # sealed anew, the same envelope
    require(first == again, expected="the same bytes", found="another receipt")


def _asked_again(subject: Subject) -> None:
    made = envelope(subject)
    first = _stated(_handed(subject, frame(subject, made)))
    known = _stated(subject.outcome_of(made.header.id))
    require(first == known, expected="the same bytes", found="another receipt")


def _never_heard_of(subject: Subject) -> None:
    outcome = subject.outcome_of(str(uuid.uuid4()))
    require(isinstance(outcome, Unknown), expected="unknown", found=_named(outcome))


def _several_together(subject: Subject) -> None:
    made = [envelope(subject) for _ in range(5)]
    outcomes = subject.hand_over(*(frame(subject, each) for each in made))
    require(len(outcomes) == len(made), expected="an outcome for each", found=len(outcomes))
    for each, outcome in zip(made, outcomes, strict=True):
        _require_receipt(subject, each, outcome)


def _unknown_member(subject: Subject) -> None:
    made = replace(envelope(subject), further={"conform": {"kept": [1, "two"]}})
    _require_receipt(subject, made, _handed(subject, frame(subject, made)))


def _unknown_kind(subject: Subject) -> None:
    made = envelope(subject, kind="conform.unheard/1")
    _require_refusal(subject, made, "kind-unknown")


def _strange_signature(subject: Subject) -> None:
    _require_no_receipt(subject, envelope(subject), key=SigningKey.make())


def _other_sender(subject: Subject) -> None:
    _require_refusal(subject, envelope(subject, sender="XX"), "sender-differs")


def _other_recipient(subject: Subject) -> None:
    _require_refusal(subject, envelope(subject, recipient="XX"), "recipient-differs")


def _expired(subject: Subject) -> None:
    at = subject.now()
    made = envelope(subject, created=later(at, -120), expires=later(at, -60))
    _require_refusal(subject, made, "expired")


def _from_the_future(subject: Subject) -> None:
    made = envelope(subject, created=later(subject.now(), MOST_SKEW + 600))
    _require_no_receipt(subject, made)


# Parts


def _ask_list(subject: Subject) -> None:
    files = [File(uuid.uuid4().bytes), File(uuid.uuid4().bytes)]
    made = envelope(subject, files=files)
    outcome = _handed(subject, frame(subject, made, files=files))
    wanted = _wanted(outcome)
    require(wanted == [(0, 0), (1, 0)], expected="both parts from 0", found=wanted)
    for number, file in enumerate(files):
        subject.put_part(made.header.id, number, 0, file.sealed())
    _require_receipt(subject, made, subject.outcome_of(made.header.id))


def _resume(subject: Subject) -> None:
    file = File(uuid.uuid4().bytes * (2 * SEGMENT_LENGTH // 16 + 1))
    made = envelope(subject, files=[file])
    _handed(subject, frame(subject, made, files=[file]))
    cut = file.sealed(0, 1) + file.sealed(1, 2)[: SEGMENT_LENGTH // 2]
    subject.put_part(made.header.id, 0, 0, cut)
    wanted = _wanted(subject.outcome_of(made.header.id))
    require(wanted == [(0, 1)], expected="the part from segment 1", found=wanted)
    subject.put_part(made.header.id, 0, 1, file.sealed(1))
    _require_receipt(subject, made, subject.outcome_of(made.header.id))


def _damaged_segment(subject: Subject) -> None:
    file = File(uuid.uuid4().bytes)
    made = envelope(subject, files=[file])
    _handed(subject, frame(subject, made, files=[file]))
    sealed = bytearray(file.sealed())
    sealed[3] ^= 1
    subject.put_part(made.header.id, 0, 0, bytes(sealed))
    wanted = _wanted(subject.outcome_of(made.header.id))
    require(wanted == [(0, 0)], expected="the part from 0", found=wanted)


def _other_content(subject: Subject) -> None:
    file = File(uuid.uuid4().bytes)
    made = envelope(subject, files=[file])
    _handed(subject, frame(subject, made, files=[file]))
    other = File(uuid.uuid4().bytes, file.key)
    subject.put_part(made.header.id, 0, 0, other.sealed())
    outcome = subject.outcome_of(made.header.id)
    receipted = isinstance(outcome, Stated) and _kind(subject, outcome) is EvidenceKind.RELAYED
    require(not receipted, expected="no receipt", found="a receipt")


# What is too much


def _oversize(subject: Subject) -> None:
    request = subject.signed_request("POST", "envelopes", b"", FRAMES)
    came = subject.announce(request, GIB)
    status = came.split(b" ", 2)[1:2] if came.startswith(b"HTTP/1.1 ") else []
    require(status == [b"413"], expected="413 before the body", found=b"".join(status).decode())


def _endless_header(subject: Subject) -> None:
    head = b"GET / HTTP/1.1\r\nHost: conform\r\nX-Long: " + b"x" * (4 * 1024 * 1024)
    try:
        came = subject.shake_hands(subject.tester.certificate, send=head)
    except OSError:
        came = b""
    ended = not came or came.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
    require(ended, expected="4xx or the end of the connection", found="something else")
    _answers_status(subject)


def _many_parts(subject: Subject) -> None:
    _require_unreceipted(subject, bomb(subject, BOMB))


def _many_frames(subject: Subject) -> None:
    body = write_frames([b"x"] * BOMB)
    answer = subject.post("envelopes", body, FRAMES)
    require(400 <= answer.status < 500, expected="4xx", found=answer.status)


def _nonsense(subject: Subject) -> None:
    for rubbish in (b"", b"\x00" * 100, b"COMITY-FRAME\r\n\x1a\n" + b"\xff" * 40, b"{" * 1000):
        _require_unreceipted(subject, rubbish)


def _cut_frame(subject: Subject) -> None:
    body = write_frames([frame(subject, envelope(subject))])[:-10]
    answer = subject.post("envelopes", body, FRAMES)
    require(400 <= answer.status < 500, expected="4xx", found=answer.status)


def _require_unreceipted(subject: Subject, rubbish: bytes) -> None:
    answer = subject.post("envelopes", write_frames([rubbish]), FRAMES)
    require(answer.status < 500, expected="an outcome or 4xx", found=answer.status)
    for outcome in read_outcomes(answer):
        taken = isinstance(outcome, Wanted | Held) or (
            isinstance(outcome, Stated) and _kind(subject, outcome) is EvidenceKind.RELAYED
        )
        require(not taken, expected="a refusal", found=_named(outcome))
    _answers_status(subject)


# Evidences


def _evidence_of_nothing(subject: Subject) -> None:
    _require_not_taken(subject, [_evidence(subject, subject.tester.envelope)])


def _evidence_by_a_stranger(subject: Subject) -> None:
    _require_not_taken(subject, [_evidence(subject, SigningKey.make()), b'{"evidence":"none"}'])


def _evidence(subject: Subject, key: SigningKey) -> bytes:
    made = Evidence(
        id=str(uuid.uuid4()),
        kind=EvidenceKind.OPENED,
        message=str(uuid.uuid4()),
        envelope="0" * 64,
        by=subject.tester.code,
        to=subject.code,
        at=subject.now(),
    )
    return signed(made.payload(), EVIDENCE_TYPE, [key])


def _require_not_taken(subject: Subject, statements: list[bytes]) -> None:
    heard = subject.tell(statements)
    expected = [False] * len(statements)
    require(heard == expected, expected="false for each", found=heard)


# What is required again and again


def _handed(subject: Subject, sealed: bytes) -> Outcome:
    outcomes = subject.hand_over(sealed)
    require(len(outcomes) == 1, expected="one outcome", found=len(outcomes))
    return outcomes[0]


def _stated(outcome: Outcome) -> bytes:
    require(isinstance(outcome, Stated), expected="an evidence", found=_named(outcome))
    assert isinstance(outcome, Stated)
    return outcome.evidence


def _wanted(outcome: Outcome) -> list[tuple[int, int]]:
    require(isinstance(outcome, Wanted), expected="an ask-list", found=_named(outcome))
    assert isinstance(outcome, Wanted)
    return [(part.number, part.from_segment) for part in outcome.parts]


def _kind(subject: Subject, outcome: Stated) -> EvidenceKind:
    return subject.evidence(outcome.evidence).kind


def _require_receipt(subject: Subject, made: Envelope, outcome: Outcome) -> None:
    evidence = subject.evidence(_stated(outcome))
    found = evidence.reason.code if evidence.reason else evidence.kind.value
    require(evidence.kind is EvidenceKind.RELAYED, expected="a receipt", found=found)
    _require_about(subject, made, evidence)
    digests = tuple(part.digest for part in made.parts)
    require(evidence.parts == digests, expected="the digest of every part", found="others")


def _require_refusal(subject: Subject, made: Envelope, reason: str) -> None:
    """It is refused with this reason, by the same bytes when it comes again."""
    sealed = frame(subject, made)
    document = _stated(_handed(subject, sealed))
    evidence = subject.evidence(document)
    found = evidence.reason.code if evidence.reason else evidence.kind.value
    refused = evidence.kind is EvidenceKind.REFUSED and found == reason
    require(refused, expected=f"a refusal {reason}", found=found)
    require(evidence.message == made.header.id, expected="about this message", found="another")
    again = subject.evidence(_stated(_handed(subject, sealed)))
    require(again.kind is EvidenceKind.REFUSED, expected="refused again", found=again.kind.value)


def _require_no_receipt(subject: Subject, made: Envelope, *, key: SigningKey | None = None) -> None:
    """Refused, or held off until a newer card or the time makes it good; never receipted."""
    outcome = _handed(subject, frame(subject, made, key=key))
    if isinstance(outcome, Held):
        return
    kind = _kind(subject, outcome) if isinstance(outcome, Stated) else None
    expected = "a refusal, or to be held off"
    require(kind is EvidenceKind.REFUSED, expected=expected, found=kind or _named(outcome))


def _require_about(subject: Subject, made: Envelope, evidence: Evidence) -> None:
    about = (evidence.message, evidence.envelope, evidence.by, evidence.to)
    expected = (made.header.id, made.digest, subject.code, subject.tester.code)
    names = ("message", "envelope", "by", "to")
    wrong = [n for n, one, other in zip(names, about, expected, strict=True) if one != other]
    require(not wrong, expected="the message, its digest, by and to", found=", ".join(wrong))


def _require_refused(answer: Answer) -> None:
    require(400 <= answer.status < 500, expected="4xx", found=answer.status)


def _require_problem(answer: Answer, code: str) -> None:
    _require_refused(answer)
    found = problem_of(answer)
    require(found == code, expected=f"the problem {code}", found=found or "no problem document")


def _named(outcome: Outcome) -> str:
    return type(outcome).__name__.lower()


CHECKS: tuple[Check, ...] = (
    Check("CNF-1", N_("It answers a signed request for its status, signed."), _answers_status),
    Check("CNF-2", N_("Nobody without a certificate gets an answer."), _nobody_without_certificate,
          "CNF-1"),
    Check(
        "CNF-3",
        N_("Nobody with the certificate of a stranger gets an answer."),
        _nobody_with_a_strange_certificate,
        "CNF-1",
    ),
    Check("CNF-4", N_("Nothing older than TLS 1.3 is spoken."), _no_older_tls, "CNF-1"),
    Check(
        "CNF-5", N_("A wire version that it lacks is refused by name."), _names_its_wire_versions
    ),
    Check("CNF-6", N_("A request without a signature is refused."), _unsigned, "CNF-1"),
    Check("CNF-7", N_("A request signed by another key is refused."), _signed_by_another_key,
          "CNF-1"),
    Check("CNF-8", N_("The signature of another request is refused."),
          _signature_of_another_request, "CNF-1"),
    Check("CNF-9", N_("A body that was changed is refused."), _changed_body, "CNF-1"),
    Check("CNF-10", N_("A request that is six minutes old is refused."), _old_request, "CNF-1"),
    Check("CNF-11", N_("A request from six minutes ahead is refused."), _early_request, "CNF-1"),
    Check("CNF-12", N_("A request that was answered before is refused."), _replayed_request,
          "CNF-1"),
    Check("CNF-13", N_("A message gets a receipt that names it and its digest."), _receipt,
          "CNF-1"),
    Check("CNF-14", N_("A repeated message gets the same bytes."), _duplicate, "CNF-13"),
    Check("CNF-15", N_("Who asks about a message gets the same bytes."), _asked_again, "CNF-13"),
    Check("CNF-16", N_("A message that it never had is unknown."), _never_heard_of, "CNF-1"),
    Check("CNF-17", N_("Several messages in one body get an outcome each."), _several_together,
          "CNF-13"),
    Check("CNF-18", N_("A member that it does not know is no obstacle."), _unknown_member,
          "CNF-13"),
    Check("CNF-19", N_("A kind that it does not know is refused with an evidence."), _unknown_kind,
          "CNF-1"),
    Check("CNF-20", N_("An envelope signed by a strange key gets no receipt."), _strange_signature,
          "CNF-1"),
    Check("CNF-21", N_("An envelope in another sender's name is refused."), _other_sender,
          "CNF-1"),
    Check("CNF-22", N_("An envelope for another recipient is refused."), _other_recipient,
          "CNF-1"),
    Check("CNF-23", N_("A message whose time is over is refused."), _expired, "CNF-1"),
    Check("CNF-24", N_("A message from the future gets no receipt."), _from_the_future, "CNF-1"),
    Check("CNF-25", N_("Parts are asked for, and the last one brings the receipt."), _ask_list,
          "CNF-13"),
    Check("CNF-26", N_("A part that was cut off goes on where it ended."), _resume, "CNF-25"),
    Check("CNF-27", N_("A damaged segment is asked for again."), _damaged_segment, "CNF-25"),
    Check("CNF-28", N_("A part of another content brings no receipt."), _other_content, "CNF-25"),
    Check("CNF-29", N_("A body of 1 GiB is refused before it comes."), _oversize, "CNF-1"),
    Check("CNF-30", N_("A header without end is cut off."), _endless_header, "CNF-1"),
    Check("CNF-31", N_("An envelope of 10,000 parts is refused."), _many_parts, "CNF-1"),
    Check("CNF-32", N_("10,000 frames in one body are refused."), _many_frames, "CNF-1"),
    Check("CNF-33", N_("Nonsense is refused, and nothing breaks."), _nonsense, "CNF-1"),
    Check("CNF-34", N_("A body that ends within a frame is refused."), _cut_frame, "CNF-1"),
    Check("CNF-35", N_("An evidence about an unknown message is not taken."),
          _evidence_of_nothing, "CNF-1"),
    Check("CNF-36", N_("An evidence that is not the partner's is not taken."),
          _evidence_by_a_stranger, "CNF-1"),
)  # fmt: skip
"""Every check, in the order in which they are run."""
