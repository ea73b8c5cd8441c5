# SPDX-License-Identifier: Apache-2.0
"""Evidence in the training nodes' story: supplied, kept to its conditions, proved, taken back.

Southland supplies two documents and a seal under the made-up agreement. Northland may not use one
in court before it has told Southland; then it may, and packs a copy for the court with one page
withheld. A plain Python verifies the package without Comity. In the end Southland recalls one
item, and gets the signed answer. Every step is a command that an officer could type;
between them the story waits by asking the nodes' APIs.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comity.catalogues import N_, translate
from comity.evidence import verify
from comity.evidence.typesetting import typeset
from comity.server.training.exchange import NoAnswerError, answer_of, run_command
from comity.server.training.nodes import TrainingNode
from comity.server.training.preparing import (
    AGREEMENT,
    APPROVER,
    CASE_OFFICER,
    CUSTODIAN,
    HEAD,
    PROTECTOR,
    token_file,
)

THEIR_CASE, OUR_CASE, COURT = "XS-2026-7", "XN-2026-41", "District Court of Northland"
DECISION = "The court's own rules keep the file confidential."
WITHHELD = "pages/00002"
USE = ("--purpose", "CRIMINAL_EVIDENCE", "--proceeding", "criminal")
PATIENCE = 120.0
LOOK_EVERY = 0.5
WITNESS_SECONDS, COSIGNED = 120, 12
"""How long the package may wait for Southland's cosignature, and the step that proves it."""
MADE_UP = "Made up for training. No such shipment, company or person exists."
MADE_AT = datetime(2026, 3, 2, tzinfo=UTC)

SUPPLIED_TOLD = N_(
    "Southland's custodian certified two documents and a seal, and its approving officer supplied "
    "them under {agreement}: {package}, received here as {items}."
)
REFUSED_TOLD = N_("Casey asked to use {item} in court, and was told: {obstacle}")
ALLOWED_TOLD = N_("Casey told Southland ({notice}), and the use is allowed and recorded: {use}.")
DECIDED_TOLD = N_(
    "Whether a court keeps the law's assurances is not a machine's to say: Uma, the unit head, "
    "decided on it ({decision}): {reason}"
)
PACKED_TOLD = N_(
    "Packed for the court with page 2 withheld: {package}. A plain Python without Comity verifies "
    "it in {checks} steps:"
)
COSIGNED_TOLD = N_(
    "That Northland has not rewritten its journal since does not rest on its own word: {cosigned}."
)
RECALLED_TOLD = N_("Southland recalled {item} ({recall}); Northland's answer, signed: {outcome}.")
NOT_TOLD = N_("The story of the evidence broke off: {obstacle}")


@dataclass(frozen=True, slots=True)
class EvidenceTold:
    """What the story tells of evidence."""

    obstacle: str = ""
    """Why it broke off; everything else is empty then."""
    facts: Mapping[str, Mapping[str, object]] | None = None
    command: str = ""
    address: str = ""


def done(northland: TrainingNode, southland: TrainingNode) -> EvidenceTold:
    """Supply, use, prove and take back."""
    try:
        return _done(northland, southland)
    except NoAnswerError as error:
        return EvidenceTold(obstacle=str(error))


def _done(northland: TrainingNode, southland: TrainingNode) -> EvidenceTold:
    package, supplied = _supply(southland, northland)
    manifest, _, seal = supplied
    obstacle = _refusal(northland, manifest)
    notice = _as(northland, CASE_OFFICER, "notify", manifest, *USE)
    use = _as(northland, CASE_OFFICER, "use", manifest, *USE, "--forum", COURT)
    decided = _as(
        northland, HEAD, "decide", manifest, *USE, "--court", "--allow", "--reason", DECISION
    )
    file = northland.home / "training" / "package.asice"
    file.unlink(missing_ok=True)
    packed = _as(
        northland, CASE_OFFICER, "package", manifest, "--court", COURT, *USE,
        "--withhold", f"{manifest}:{WITHHELD}=personal-data", "--out", str(file),
        "--wait-for-witness", str(WITNESS_SECONDS),
    )  # fmt: skip
    anchors = _anchors(northland)
    checks, cosigned = _verified(file, anchors)
    recall = _recalled(northland, southland, seal)
    return EvidenceTold(
        facts={
            SUPPLIED_TOLD: {
                "agreement": AGREEMENT, "package": package, "items": ", ".join(supplied)
            },
            REFUSED_TOLD: {"item": manifest, "obstacle": obstacle},
            ALLOWED_TOLD: {"notice": notice["reference"], "use": use["reference"]},
            DECIDED_TOLD: {"decision": decided["reference"], "reason": DECISION},
            PACKED_TOLD: {"package": packed["reference"], "checks": checks},
            COSIGNED_TOLD: {"cosigned": cosigned},
            RECALLED_TOLD: {"item": seal, **recall},
        },
        command=f"python verify.py {file} --anchors {anchors}",
        address=f"{northland.public_address}/evidence/items/{manifest}/",
    )  # fmt: skip


# Supplying


def _supply(southland: TrainingNode, northland: TrainingNode) -> tuple[str, tuple[str, ...]]:
    """Certify and supply; the package, and Northland's references in the order of supply."""
    head = _as(southland, CASE_OFFICER, "list")  # also proves that the node answers
    number = len(head["items"]) + 1
    case = f"{THEIR_CASE}-{number}"
    _as(
        southland, CASE_OFFICER, "case", case, "--open", "--purpose", "ADMIN_ENQUIRY",
        *_together(southland, CUSTODIAN, APPROVER),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        made = [
            _document(southland, case, Path(folder), "Cargo manifest", pages=2),
            _document(southland, case, Path(folder), "Commercial invoice", pages=1),
            _as(
                southland, CUSTODIAN, "add", "--kind", "seal", "--title", "Container seal",
                "--mark", f"SL-{41770 + number}", "--place", "Port of Southland",
                "--how", "taken off the container at the gate", "--case", case,
                "--class", "SEIZURE_RECORD", "--personal-data", "no",
                "--judicially-obtained", "no",
            )["reference"],
        ]  # fmt: skip
    _as(southland, CUSTODIAN, "certify", *made, "--under", AGREEMENT, "--article", "8")
    sent = _as(
        southland, APPROVER, "release", *made, "--to", northland.code, "--under", AGREEMENT,
        "--purpose", "ADMIN_ENQUIRY", "--form", "COPIES_CERTIFIED", "--offence", "TOBACCO",
    )  # fmt: skip
    identities = [_as(southland, CUSTODIAN, "show", each)["identity"] for each in made]
    arrived = _until(lambda: _arrived(northland, identities))
    case = f"{OUR_CASE}-{number}"
    _as(
        northland, CASE_OFFICER, "case", case, "--open", "--purpose", "CRIMINAL_INVESTIGATION",
        "--offence", "TOBACCO", *_together(northland, CUSTODIAN, APPROVER),
        *(word for item in arrived for word in ("--item", item)),
    )  # fmt: skip
    return sent["reference"], arrived


def _together(node: TrainingNode, *names: str) -> Iterator[str]:
    """The words that let these officers work on a case file too."""
    for name in names:
        kept = json.loads((node.home / "training" / name).read_text("utf-8"))
        yield from ("--officer", str(kept["reference"]))


def _document(southland: TrainingNode, case: str, folder: Path, title: str, *, pages: int) -> str:
    file = folder / f"{title.lower().replace(' ', '-')}.pdf"
    said = [{"kind": "paragraph", "text": MADE_UP}, {"kind": "page-break"}]
    blocks = [*(said * pages)[:-1], {"kind": "paragraph", "text": f"{title}, {case}"}]
    data = {"title": title, "issuer": "Made-up Lines", "number": case, "language": "en"}
    file.write_bytes(typeset("document", {**data, "blocks": blocks}, at=MADE_AT))
    added = _as(
        southland, CUSTODIAN, "add", str(file), "--title", title, "--case", case,
        "--class", "TRANSPORT_DOCUMENT", "--personal-data", "no", "--judicially-obtained", "no",
        "--how", "lodged with the declaration",
    )  # fmt: skip
    return str(added["reference"])


def _arrived(northland: TrainingNode, identities: list[str]) -> tuple[str, ...]:
    listed = _read(northland, CASE_OFFICER, "items?supplier=XS")["items"]
    known = {each["identity"]: each["reference"] for each in listed}
    if not all(identity in known for identity in identities):
        return ()
    return tuple(known[identity] for identity in identities)


# Using and proving


def _refusal(northland: TrainingNode, item: str) -> str:
    """What Casey is told who wants to use it in court at once."""
    words = ("evidence", "use", item, *USE, "--forum", COURT, "--json")
    try:
        _as(northland, CASE_OFFICER, *words[1:-1])
    except NoAnswerError as error:
        said: dict[str, Any] = json.loads(str(error))
        return f"{said['detail']} {said['remedy']}"
    raise NoAnswerError("the use was allowed before Southland had been told")


def _anchors(northland: TrainingNode) -> Path:
    """The roots that Northland trusts, its own and Southland's, in a file for whoever verifies."""
    path = northland.home / "training" / "anchors.pem"
    words = northland.command("evidence", "seal", "show", "--anchors")
    path.write_text(run_command(northland, *words), "utf-8")
    return path


def _verified(file: Path, anchors: Path) -> tuple[int, str]:
    """Verify the package by the one file in a folder of its own; how many steps, who cosigned."""
    with tempfile.TemporaryDirectory() as folder:
        verifier = Path(shutil.copy(verify.__file__, Path(folder) / "verify.py"))
        words = [sys.executable, "-I", "-S", str(verifier), str(file), "--json"]
        words += ["--anchors", str(anchors)]
        ran = subprocess.run(words, cwd=folder, env={}, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise NoAnswerError((ran.stdout or ran.stderr)[-2000:])
    report = json.loads(ran.stdout)
    findings = {each["step"]: each["findings"] for each in report["steps"]}
    proved = [each["found"] for each in findings[COSIGNED] if each["state"] == "holds"]
    if not proved:
        raise NoAnswerError(f"{file.name}: {findings[COSIGNED][0]['found']}")
    return len(findings), str(proved[0])


# Taking back


def _recalled(northland: TrainingNode, southland: TrainingNode, item: str) -> Mapping[str, object]:
    """Southland recalls the item, two persons delete it here, Southland reads the answer."""
    identity = _as(northland, CASE_OFFICER, "show", item)["identity"]
    listed = _as(southland, APPROVER, "list")["items"]
    theirs = next(each["reference"] for each in listed if each["identity"] == identity)
    recall = _as(southland, APPROVER, "recall", theirs, "--ground", "supplied-in-error")
    here = _until(lambda: _reached(northland, recall["recall"]))
    _as(northland, HEAD, "recall", here, "--answer", "deleted")
    waiting = _as(northland, PROTECTOR, "destroy", "--waiting")["items"]
    drafted = next(each["reference"] for each in waiting if each["recall"] == here)
    _as(northland, PROTECTOR, "destroy", "--approve", drafted)
    outcome = _until(lambda: _answered(southland, theirs, northland.code))
    return {"recall": recall["reference"], "outcome": outcome}


def _reached(northland: TrainingNode, recall: str) -> str:
    found = _read(northland, APPROVER, "recalls")["items"]
    return next((str(each["reference"]) for each in found if each["recall"] == recall), "")


def _answered(southland: TrainingNode, item: str, holder: str) -> str:
    found = _read(southland, APPROVER, f"recalls?item={item}")["items"]
    copies = [copy for each in found for copy in each["copies"]]
    signed = [c for c in copies if c["administration"] == holder and c["signed"]]
    return "" if not signed or signed[0]["outcome"] == "pending" else str(signed[0]["outcome"])


def _until(found: Callable[[], Any]) -> Any:  # any: what it finds
    until = time.monotonic() + PATIENCE
    while not (there := found()):
        if time.monotonic() > until:
            raise NoAnswerError(f"not within {PATIENCE:.0f} s")
        time.sleep(LOOK_EVERY)
    return there


def _as(node: TrainingNode, name: str, *words: str) -> dict[str, Any]:
    """The answer to one of the node's officers."""
    return answer_of(node, "evidence", *words, "--token-file", str(token_file(node.home, name)))


def _read(node: TrainingNode, name: str, path: str) -> dict[str, Any]:
    """What the node's API answers an officer; for looking again and again, without a process."""
    token = token_file(node.home, name).read_text("ascii")
    request = urllib.request.Request(
        f"{node.address}/api/v1/evidence/{path}", headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            document: dict[str, Any] = json.load(answer)
    except OSError as error:
        raise NoAnswerError(f"{node.name}: {error}") from error
    return document


# Telling


def lines(told: EvidenceTold, language: str) -> Iterator[str]:
    """The evidence in words, line by line."""
    if told.facts is None:
        yield translate(NOT_TOLD, language).format(obstacle=told.obstacle)
        return
    for template, facts in told.facts.items():
        yield translate(template, language).format(**facts)
        if template == PACKED_TOLD:
            yield f"  {told.command}"
    yield f"  {told.address}"
