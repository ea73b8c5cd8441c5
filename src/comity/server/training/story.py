# SPDX-License-Identifier: Apache-2.0
"""The story that a training node tells once it runs: one question, asked before and after.

Over the node's own API, with a real token, the case officer asks whether the United States may
ask Cabo Verde for information on a smuggling offence, as evidence. The treaty custodian confirms
force and the articles, the legal adviser countersigns, and the same question is answered again.
Everything is recorded in the journal like any act. Runs as a process of its own, with Django.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from comity import clock
from comity.catalogues import N_, translate
from comity.server.environment import read_environment

INSTRUMENT = "us-cv-2023"
QUESTION = {
    "act": "ask",
    "asker": "US",
    "asked": "CV",
    "forms": ["INFO_OFFENCE"],
    "offences": ["SMUGGLING_GENERAL"],
    "purposes": ["CRIMINAL_EVIDENCE"],
}
COMMAND = (
    "comity determine ask --asker US --asked CV --form INFO_OFFENCE "
    "--offence SMUGGLING_GENERAL --purpose CRIMINAL_EVIDENCE --on {on}"
)
MADE_UP = N_("Training exercise: made-up note verbale {number}, no fact about anybody")
"""What the training node's confirmations cite, so that nobody takes them for a fact."""


def main() -> int:
    """Register the officers, tell the story, and print it as text."""
    import django

    django.setup()
    environment = read_environment()
    address = f"http://{environment.address}:{environment.port}"
    for line in told(address, environment.home, language=environment.language):
        print(line, flush=True)
    return 0


def told(address: str, home: Path, *, language: str) -> list[str]:
    """Do what the story tells and return its lines."""
    from comity.accounts.permissions import Role
    from comity.accounts.services import issue_token
    from comity.server.training.officers import trainees

    now = clock.now()
    people = trainees(home / "training", at=now)
    casey = people["casey"].officer
    token = issue_token(
        "training story", roles=frozenset({Role.CASE_OFFICER}), days=1, by=casey, at=now
    ).secret
    on = now.date()
    before = asked(address, token, on)
    confirmed = confirm(people, on)
    after = asked(address, token, on)
    return list(lines(address, people, on, before, confirmed, after, language))


def asked(address: str, token: str, on: date) -> dict[str, Any]:
    """The answer of the node's API to the story's question."""
    request = urllib.request.Request(
        f"{address}/api/v1/agreements/determinations",
        data=json.dumps({**QUESTION, "on": on.isoformat()}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        document: dict[str, Any] = json.load(answer)
    return document


def confirm(people: dict[str, Any], on: date) -> list[str]:
    """Let the custodian confirm force and articles and the adviser countersign, once."""
    from comity.agreements import queries, services
    from comity.agreements.overlay import ConfirmationEvidence, ConfirmedSubject
    from comity.reference.taxonomy import FormOfAssistance, Purpose, UseRule

    there = queries.confirmations_of([INSTRUMENT]).get(INSTRUMENT, ())
    if there:
        return [record.reference for record in there]
    evidence, review = ConfirmationEvidence.NOTE_VERBALE, on + timedelta(days=365)
    drafts = (
        services.ConfirmationDraft(
            INSTRUMENT,
            evidence,
            MADE_UP.format(number=1),
            review,
            in_force_from=date(2024, 3, 1),
        ),
        services.ConfirmationDraft(
            INSTRUMENT,
            ConfirmationEvidence.CERTIFIED_TEXT,
            MADE_UP.format(number=2),
            review,
            subject=ConfirmedSubject.PROVISION,
            article="3",
            forms=(FormOfAssistance.INFO_OFFENCE,),
        ),
        services.ConfirmationDraft(
            INSTRUMENT,
            ConfirmationEvidence.CERTIFIED_TEXT,
            MADE_UP.format(number=3),
            review,
            subject=ConfirmedSubject.PROVISION,
            article="7",
            use_rules=((Purpose.CRIMINAL_EVIDENCE, UseRule.PERMITTED),),
        ),
    )
    references = []
    for draft in drafts:
        at = clock.now()
        record = services.draft_confirmation(draft, by=people["toni"].officer, at=at)
        services.countersign_confirmation(
            record.reference, version=None, by=people["lee"].officer, at=at
        )
        references.append(record.reference)
    return references


def lines(
    address: str,
    people: dict[str, Any],
    on: date,
    before: dict[str, Any],
    confirmed: list[str],
    after: dict[str, Any],
    language: str,
) -> Any:
    """The story in words, line by line."""
    from comity.agreements import queries

    def say(template: str, **facts: object) -> str:
        return translate(template, language).format(**facts)

    register = queries.register()
    kinds = Counter(i.programme.value for i in register.instruments.values())
    provisions = sum(len(i.provisions) for i in register.instruments.values())
    yield ""
    yield say(
        N_(
            "The register: {instruments} instruments ({cmaa} mutual assistance agreements, "
            "{mra} mutual recognition arrangements), {provisions} provisions."
        ),
        instruments=len(register.instruments),
        cmaa=kinds["cmaa"],
        mra=kinds["mra"],
        provisions=provisions,
    )
    yield ""
    yield say(N_("The question, as a command:"))
    yield f"  {COMMAND.format(on=on)}"
    yield say(N_("Before: {verdict}"), verdict=before["verdict"])
    yield from _obstacles(before)
    yield say(
        N_("Then Toni confirmed force and the articles, and Lee countersigned: {references}."),
        references=", ".join(confirmed),
    )
    yield say(
        N_("After: {verdict}, under {instrument}"),
        verdict=after["verdict"],
        instrument=after["governing"],
    )
    yield from _articles(after)
    yield ""
    yield say(N_("The coverage map:   {address}"), address=f"{address}/agreements/coverage/")
    yield say(N_("Ask a question:     {address}"), address=f"{address}/agreements/ask/")
    yield say(N_("The API:            {address}"), address=f"{address}/api/v1/docs")
    yield ""
    yield say(N_("Sign in at {address} as"), address=f"{address}/")
    for trainee in people.values():
        yield f"  {trainee.sign_in_name:8} {trainee.password:26} {trainee.officer.display_name}"
    yield ""


def _obstacles(answer: dict[str, Any]) -> list[str]:
    return [
        f"  {finding['rule']:7} {finding['because']}"
        for finding in answer["findings"]
        if not finding["holds"]
    ]


def _articles(answer: dict[str, Any]) -> list[str]:
    cited = {f["article"]: f for f in answer["findings"] if f["holds"] and f["article"]}
    return [
        f"  {f['rule']:7} {f['because']} ({f['article']}, {f['basis']})" for f in cited.values()
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.server.settings")
    sys.exit(main())
