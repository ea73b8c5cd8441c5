# SPDX-License-Identifier: Apache-2.0
"""What each training node holds before the story begins: made-up officers, a made-up agreement.

The agreement between Northland and Southland enters the register as any other would: the treaty
custodian proposes it and the unit head accepts. The approving officer stands on the node's card,
so that whoever asks what may be done with evidence is told whom to ask.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import yaml

from comity.accounts.officer import OPERATOR
from comity.accounts.services import issue_token
from comity.agreements import queries, services
from comity.agreements.records import ProposalKind
from comity.exchange.partner_card import Official
from comity.exchange.services import announcing, cards
from comity.server.keys import write_private
from comity.server.training.officers import Trainee, trainees

AGREEMENT = "xn-xs-2020"
AGREEMENT_FILE = Path(__file__).parent / "made_up" / f"{AGREEMENT}.yaml"
CASE_OFFICER, CUSTODIAN, APPROVER, HEAD = "casey", "esther", "avery", "uma"
PROTECTOR = "audrey"
"""The data protection officer, who approves destructions that others drafted."""
ACTING = (CASE_OFFICER, CUSTODIAN, APPROVER, HEAD, PROTECTOR)
"""Who acts in the story by commands."""
GROUNDS = "Made up for training, no fact about anybody."


def prepare(home: Path, *, at: datetime) -> dict[str, Trainee]:
    """The node's officers, once they and the agreement are there."""
    people = trainees(home / "training", at=at)
    if AGREEMENT not in queries.register().instruments:
        proposed = services.propose(
            ProposalKind.INSTRUMENT,
            AGREEMENT,
            yaml.load(AGREEMENT_FILE.read_text("utf-8"), Loader=yaml.BaseLoader),
            grounds=GROUNDS,
            by=people["toni"].officer,
            at=at,
        )
        services.accept_proposal(proposed.reference, version=None, by=people["uma"].officer, at=at)
    _name_official(people[APPROVER], at=at)
    return people


def _name_official(trainee: Trainee, *, at: datetime) -> None:
    """Let the node's card name this officer, unless it names somebody."""
    details = cards.own_details(at=at)
    if details.officials:
        return
    named = Official(
        reference=trainee.officer.reference,
        name=trainee.shown,
        email=f"{trainee.sign_in_name}@customs.example",
    )
    cards.change_details(replace(details, officials=(named,)), by=OPERATOR, at=at)
    announcing.announce_card(at=at)


def token_file(home: Path, name: str = CASE_OFFICER) -> Path:
    """Where an officer's token for the story's commands lies."""
    return home / "training" / f"{name}.token"


def renew_tokens(home: Path, people: dict[str, Trainee], *, at: datetime) -> str:
    """A token of each officer who acts in the story, for a day, in its file; the case officer's."""
    for name in ACTING:
        officer = people[name].officer
        token = issue_token("training story", roles=officer.roles, days=1, by=officer, at=at)
        token_file(home, name).unlink(missing_ok=True)
        write_private(token_file(home, name), token.secret.encode("ascii"))
    return token_file(home).read_text("ascii")
