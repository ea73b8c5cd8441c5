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
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from comity import clock
from comity.accounts.permissions import Role
from comity.accounts.services import issue_token
from comity.agreements import queries, services
from comity.agreements.coverage import Gap, coverage
from comity.agreements.overlay import ConfirmationEvidence, ConfirmedSubject
from comity.agreements.records import RecordState
from comity.catalogues import N_, translate
from comity.reference.taxonomy import FormOfAssistance, Programme, Purpose, UseRule
from comity.server.environment import read_environment
from comity.server.training import exchange, news
from comity.server.training.nodes import TrainingNode, training_nodes
from comity.server.training.officers import Trainee, sign_ins
from comity.server.training.preparing import prepare

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
    """What was done, to be told."""

    address: str
    on: date
    people: dict[str, Trainee]
    extent: dict[str, int]
    reach: dict[str, int]
    before: dict[str, Any]
    confirmed: list[str]
    after: dict[str, Any]
    news_told: news.NewsTold
    exchanged: exchange.ExchangeTold
    nodes: tuple[TrainingNode, TrainingNode]


def tell(feed: Path | None = None) -> None:
    """Register the officers, do what the story tells, and print it; read this feed as well."""
    story = done(feed, *training_nodes())
    for line in lines(story, read_environment().language):
        print(line, flush=True)


def done(feed: Path | None, northland: TrainingNode, southland: TrainingNode) -> Story:
    """Do what the story tells."""
    now = clock.now()
    on, address = now.date(), northland.address
    people = prepare(northland.home, at=now)
    roles = frozenset({Role.CASE_OFFICER})
    token = issue_token("training story", roles=roles, days=1, by=people["casey"].officer, at=now)
    before = asked_by_command(on)
    confirmed = confirm(people, on)
    return Story(
        northland.public_address,
        on,
        people,
        extent(),
        reach(on),
        before,
        confirmed,
        asked_of_api(address, token.secret, on),
        news.done(address, people["toni"].officer, feed, on),
        exchange.done(northland, southland, token.secret),
        (northland, southland),
    )


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

    yield ""
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
    yield ""
    yield from news.lines(story.news_told, story.address, language)
    yield ""
    yield from exchange.lines(story.exchanged, language)
    yield ""
    yield say(N_("The coverage map    {address}/agreements/coverage/?of=US"), address=story.address)
    yield say(N_("Ask: may we?        {address}/agreements/ask/"), address=story.address)
    yield say(N_("The API             {address}/api/v1/docs"), address=story.address)
    yield ""
    for node in story.nodes:
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
