# SPDX-License-Identifier: Apache-2.0
"""The story that a training node tells once it runs: one question, asked before and after.

May the United States ask Cabo Verde for information on a smuggling offence, as evidence? The plain
command answers from the shipped register alone. The treaty custodian confirms force and two
articles, the legal adviser countersigns, and the node's API answers the same question again, with a
real token. Then the news is read (`news`), and Southland's node gets a message (`exchange`). All is
in the journal. It runs as a process of its own (`__main__`).
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from comity import clock
from comity.agreements import queries, services
from comity.agreements.coverage import Gap, coverage
from comity.agreements.overlay import ConfirmationEvidence, ConfirmedSubject
from comity.agreements.records import RecordState
from comity.catalogues import N_, translate
from comity.reference.taxonomy import FormOfAssistance, Programme, Purpose, UseRule
from comity.server.environment import read_environment
from comity.server.training import evidence, exchange, news
from comity.server.training.nodes import TrainingNode, training_nodes
from comity.server.training.officers import Trainee, sign_ins
from comity.server.training.preparing import prepare, renew_tokens

INSTRUMENT = "us-cv-2023"
QUESTION = {
    "kind": "ask",
    "asker": "US",
    "asked": "CV",
    "forms": ["INFO_OFFENCE"],
    "offences": ["SMUGGLING_GENERAL"],
    "purposes": ["CRIMINAL_EVIDENCE"],
}
COMMAND = (
    "determine ask --asker US --asked CV --form INFO_OFFENCE --offence SMUGGLING_GENERAL "
    "--purpose CRIMINAL_EVIDENCE --on {on}"
)
MADE_UP = N_("Training exercise: made-up document {number}, no fact about anybody")
"""What the training node's confirmations cite, so that nobody takes them for a fact."""

REGISTER_TOLD = N_(
    "The register holds {instruments} instruments ({cmaa} mutual assistance agreements, {mra} "
    "mutual recognition arrangements, {csi} container security declarations) with {provisions} "
    "provisions."
)
COVERAGE_TOLD = N_(
    "On {on} the United States can lawfully ask {lawful} partners for something; {awaiting} await "
    "a confirmation, and of {nothing} the register knows nothing."
)
CONFIRMED_TOLD = N_(
    "Toni, the treaty custodian, confirmed force and two articles, and Lee, the legal adviser, "
    "countersigned: {references}."
)


@dataclass(frozen=True, slots=True)
class Story:
    """The question of the law, before and after, to be told."""

    on: date
    extent: dict[str, int]
    reach: dict[str, int]
    before: dict[str, Any]
    confirmed: list[str]
    after: dict[str, Any]


def tell(feed: Path | None = None) -> None:
    """Do what the story tells and print each part as soon as it is done; read this feed as well."""
    northland, southland = training_nodes()
    language, now = read_environment().language, clock.now()
    on = now.date()
    people = prepare(northland.home, at=now)
    token = renew_tokens(northland.home, people, at=now)
    _print(lines(done(northland.address, token, people, on), language))
    told = news.done(northland.address, people["toni"].officer, feed, on)
    _print(news.lines(told, northland.public_address, language))
    _print(exchange.lines(exchange.done(northland, southland), language))
    _print(evidence.lines(evidence.done(northland, southland), language))
    _print(last_lines((northland, southland), language))


def _print(told: Iterable[str]) -> None:
    print("", *told, sep="\n", flush=True)


def done(address: str, token: str, people: dict[str, Trainee], on: date) -> Story:
    """Ask, confirm, and ask again."""
    before = asked_by_command(on)
    confirmed = confirm(people, on)
    return Story(on, extent(), reach(on), before, confirmed, asked_of_api(address, token, on))


def asked_by_command(on: date) -> dict[str, Any]:
    """The answer of the plain command, which knows the shipped register only."""
    words = [sys.executable, "-m", "comity.cli", *COMMAND.format(on=on).split(), "--json"]
    answer = subprocess.run(words, capture_output=True, text=True, check=False)
    document: dict[str, Any] = json.loads(answer.stdout)
    return document


def asked_of_api(address: str, token: str, on: date) -> dict[str, Any]:
    """The answer of the node's API, which is kept and journalled."""
    request = urllib.request.Request(
        f"{address}/api/v1/agreements/determinations?keep=true",
        data=json.dumps({**QUESTION, "on": on.isoformat()}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        document: dict[str, Any] = json.load(answer)
    return document


def confirm(people: dict[str, Trainee], on: date) -> list[str]:
    """Let the custodian confirm force and articles and the adviser countersign, what lacks it."""
    open_or_standing = {
        (record.subject, record.article): record
        for state in (RecordState.DRAFTED, RecordState.IN_EFFECT)
        for record in queries.confirmations(state=state, instrument=INSTRUMENT).rows
    }
    references = []
    for draft in drafts(on):
        at = clock.now()
        record = open_or_standing.get((draft.subject, draft.article))
        if record is None:
            record = services.draft_confirmation(draft, by=people["toni"].officer, at=at)
        if record.state is RecordState.DRAFTED:
            services.countersign_confirmation(
                record.reference, version=None, by=people["lee"].officer, at=at
            )
        references.append(record.reference)
    return references


def drafts(on: date) -> tuple[services.ConfirmationDraft, ...]:
    """What the custodian confirms: force, the form of assistance, the use as evidence."""
    review = on + timedelta(days=365)
    of_text = partial(
        services.ConfirmationDraft,
        INSTRUMENT,
        ConfirmationEvidence.CERTIFIED_TEXT,
        MADE_UP.format(number=2),
        review,
        subject=ConfirmedSubject.PROVISION,
    )
    return (
        services.ConfirmationDraft(
            INSTRUMENT,
            ConfirmationEvidence.NOTE_VERBALE,
            MADE_UP.format(number=1),
            review,
            in_force_from=date(2024, 3, 1),
        ),
        of_text(article="3", forms=(FormOfAssistance.INFO_OFFENCE,)),
        of_text(article="9(1)", use_rules=((Purpose.CRIMINAL_EVIDENCE, UseRule.PERMITTED),)),
    )


def lines(story: Story, language: str) -> Iterator[str]:
    """The story in words, line by line."""

    def say(template: str, **facts: object) -> str:
        return translate(template, language).format(**facts)

    yield say(REGISTER_TOLD, **story.extent)
    yield say(COVERAGE_TOLD, on=story.on, **story.reach)
    yield ""
    yield say(N_("The question, as a command:"))
    yield f"  comity {COMMAND.format(on=story.on)}"
    yield say(N_("From the shipped register alone: {verdict}"), verdict=story.before["verdict"])
    yield from obstacles(story.before)
    yield say(CONFIRMED_TOLD, references=", ".join(story.confirmed))
    yield say(
        N_("The same question to this node's API: {verdict}, under {instrument} ({kept})"),
        verdict=story.after["verdict"],
        instrument=story.after["governing"],
        kept=story.after["assessment"],
    )
    yield from articles(story.after)


def last_lines(nodes: tuple[TrainingNode, TrainingNode], language: str) -> Iterator[str]:
    """Where to go on, and as whom."""

    def say(template: str, **facts: object) -> str:
        return translate(template, language).format(**facts)

    ours = nodes[0].public_address
    yield say(N_("The coverage map    {address}/agreements/coverage/?of=US"), address=ours)
    yield say(N_("Ask: may we?        {address}/agreements/ask/"), address=ours)
    yield say(N_("The messages        {address}/exchange/messages/"), address=ours)
    yield say(N_("The API             {address}/api/v1/docs"), address=ours)
    yield ""
    for node in nodes:
        yield say(N_("Sign in at {address}/ as"), address=node.public_address)
        for one in sign_ins(node.home / "training"):
            yield f"  {one.name:8} {one.password:26} {translate(one.shown, language)}"
    yield ""
    yield say(N_("Stop the nodes with Ctrl-C."))


def extent() -> dict[str, int]:
    """How much the register holds."""
    instruments = queries.register().instruments.values()
    programmes = Counter(one.programme for one in instruments)
    return {
        "instruments": len(instruments),
        "cmaa": programmes[Programme.CMAA],
        "mra": programmes[Programme.MRA],
        "csi": programmes[Programme.CSI],
        "provisions": sum(len(one.provisions) for one in instruments),
    }


def reach(on: date) -> dict[str, int]:
    """Of how many partners something can be asked on the day."""
    whole = coverage(
        "US", on, queries.register(), queries.overlay(), queries.domestic_laws()
    ).partners
    return {
        "lawful": sum(partner.best.permits for partner in whole),
        "awaiting": sum(partner.gap is Gap.AWAITING_CONFIRMATION for partner in whole),
        "nothing": sum(partner.gap is Gap.NOTHING for partner in whole),
    }


def obstacles(answer: dict[str, Any]) -> list[str]:
    """The findings that stand in the way."""
    standing = [finding for finding in answer["findings"] if not finding["holds"]]
    return [f"  {finding['rule']:7} {finding['because']}" for finding in standing]


def articles(answer: dict[str, Any]) -> list[str]:
    """One finding for each article that the answer rests on."""
    cited = {f["article"]: f for f in answer["findings"] if f["holds"] and f["article"]}
    return [
        f"  {f['rule']:7} {f['because']} ({f['article']}, {f['basis']})" for f in cited.values()
    ]
