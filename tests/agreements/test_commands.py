# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest

from comity.accounts.permissions import Role
from comity.agreements import queries, services
from comity.agreements.overlay_files import read_overlay
from comity.agreements.records import ProposalKind
from comity.cli import main
from tests.support.node_register import AGREEMENT, MONDAY
from tests.support.officers import journal_acts, token_of

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("small_register")]

CUSTODIAN, ADVISER = Role.TREATY_CUSTODIAN, Role.LEGAL_ADVISER


@pytest.fixture
def acting(officer, tmp_path):
    """The options by which an officer acts at the node's command line."""

    def options(*roles: Role) -> list[str]:
        file = tmp_path / f"{'-'.join(roles)}.token"
        if not file.exists():
            file.write_text(token_of(officer(*roles)))
        return ["--token-file", str(file)]

    return options


@pytest.fixture
def confirm(officer, acting):
    """The command that confirms the agreement's force, as the custodian types it."""
    return [
        "agreements", "confirm", AGREEMENT, "--node", "--in-force-from", "2021-03-15",
        "--evidence", "note-verbale", "--citation", "Note 12/2021", "--review-by", "2028-01-01",
        "--by", officer(CUSTODIAN).reference, *acting(CUSTODIAN),
    ]  # fmt: skip


def told(capsys) -> dict[str, object]:
    return json.loads(capsys.readouterr().out)


def test_a_confirmation_in_the_node_takes_two_officers_and_two_commands(
    confirm, acting, capsys, officer
):
    assert main([*confirm, "--json"]) == 0
    drafted = told(capsys)

    assert main(["agreements", "countersign", drafted["reference"], *acting(ADVISER)]) == 0

    assert "it counts from now on" in capsys.readouterr().out
    assert queries.confirmation(drafted["reference"]).state == "in-effect"
    assert journal_acts()[-1] == (
        "confirmation-countersigned", drafted["reference"], officer(ADVISER).reference,
    )  # fmt: skip


def test_nobody_signs_for_another_at_the_command_line(confirm, acting, capsys, officer):
    assert main([*confirm, "--countersigned-by", officer(ADVISER).reference]) == 1
    assert "countersigns for another" in capsys.readouterr().err

    assert main([*confirm[:-2], *acting(ADVISER)]) == 1
    assert "who is named with --by" in capsys.readouterr().err

    assert main(confirm[:-2]) == 2
    assert queries.confirmations().rows == ()


def test_the_custodian_does_not_countersign_at_the_command_line(confirm, acting, capsys):
    main([*confirm, "--json"])

    code = main(["agreements", "countersign", told(capsys)["reference"], *acting(CUSTODIAN)])

    assert code == 1


def test_a_refusal_at_the_command_line_says_why(confirm, acting, capsys):
    main([*confirm, "--json"])
    reference = told(capsys)["reference"]

    main(["agreements", "countersign", reference, "--refuse", "The note says 2022",
          *acting(ADVISER)])  # fmt: skip

    assert queries.confirmation(reference).reason == "The note says 2022"


def test_a_partners_disagreement_suspends_from_the_command_line(confirm, acting, capsys, officer):
    main([*confirm, "--json"])
    reference = told(capsys)["reference"]
    main(["agreements", "countersign", reference, *acting(ADVISER)])
    capsys.readouterr()

    code = main(
        ["agreements", "corroborate", reference, "--node", "--partner", "XS", "--citation", "List",
         "--published-on", "2026-03-03", "--disagrees", "--by", officer(CUSTODIAN).reference,
         *acting(CUSTODIAN)]
    )  # fmt: skip

    assert code == 0
    assert "is suspended" in capsys.readouterr().out


def test_a_ruling_and_an_attestation_are_given_in_the_node(acting, capsys, officer):
    head, custodian = officer(Role.UNIT_HEAD).reference, officer(CUSTODIAN).reference
    term = ["--valid-from", "2026-03-02", "--valid-until", "2027-03-02"]

    ruled = main(
        ["agreements", "rule", AGREEMENT, "--node", "--form", "OBJECTS_SAMPLES", "--purpose",
         "ADMIN_ENQUIRY", "--verdict", "permitted", "--grounds", "Practice", *term, "--by", head,
         *acting(Role.UNIT_HEAD)]
    )  # fmt: skip
    attested = main(
        ["agreements", "attest", "US", "XS", "--node", "--citation", "Archive", *term, "--by",
         custodian, *acting(CUSTODIAN)]
    )  # fmt: skip

    assert (ruled, attested) == (0, 0)
    assert queries.rulings().rows[0].form == "OBJECTS_SAMPLES"
    assert queries.attestations().rows[0].parties == ("US", "XS")


def test_proposals_are_listed_and_decided_with_a_reason(acting, capsys, officer):
    content = {"event": "in-force", "date": "2021-03-15", "source": {"title": "Gazette"}}
    made = [
        services.propose(
            ProposalKind.CLAIM, AGREEMENT, content, grounds="Read.", by=officer(Role.REGISTRAR),
            at=MONDAY,
        ).reference
        for _ in range(2)
    ]  # fmt: skip

    assert main(["agreements", "proposals"]) == 0
    listed = capsys.readouterr().out
    assert all(reference in listed for reference in made)
    assert main(["agreements", "proposals", "--accept", made[0], *acting(ADVISER)]) == 0
    assert main(["agreements", "proposals", "--reject", made[1], *acting(ADVISER)]) == 2
    main(["agreements", "proposals", "--reject", made[1], "--reason", "Twice", *acting(ADVISER)])
    capsys.readouterr()

    main(["agreements", "proposals", "--state", "rejected", "--json"])
    assert [each["reference"] for each in told(capsys)["items"]] == [made[1]]
    main(["agreements", "proposals"])
    assert "No proposal" in capsys.readouterr().out


def test_the_exported_overlay_serves_the_plain_install(confirm, acting, capsys, tmp_path):
    main([*confirm, "--json"])
    reference = told(capsys)["reference"]
    main(["agreements", "countersign", reference, *acting(ADVISER)])
    file = tmp_path / "ours.yaml"

    assert main(["agreements", "export-overlay", "--to", str(file)]) == 0

    assert read_overlay(file).confirmations == queries.overlay().confirmations
    assert journal_acts()[-1][:2] == ("overlay-exported", "OVERLAY")
    assert main(["agreements", "export-overlay", "--to", str(file)]) == 1


def test_a_plain_command_still_needs_no_token(capsys):
    assert main(["agreements", "show", "us-cn-1999", "--json"]) == 0
