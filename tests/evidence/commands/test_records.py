# SPDX-License-Identifier: Apache-2.0
"""Ceilings, changes of cases, blackened pages, disclosures and assurances: by shell and by API."""

from __future__ import annotations

from typing import Any

import pytest

from comity.accounts.permissions import Role
from comity.evidence.item import Channel
from comity.evidence.queries.ceilings import ceiling_set
from comity.handling.ceiling import UNLIMITED
from comity.handling.marking import Marking
from comity.reference.taxonomy import InformationClass
from tests.evidence.commands.test_acts import noon, run, told
from tests.evidence.test_endpoints import Program, quick_passwords
from tests.support.evidence import AT, an_item, supplied
from tests.support.evidence import CUSTODIAN as KEEPER
from tests.support.evidence_on_pages import pdf

__all__ = ["noon", "quick_passwords", "run"]
pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("northland")]
OFFICER, HEAD, ADMINISTRATOR = Role.CASE_OFFICER, Role.UNIT_HEAD, Role.ADMINISTRATOR
MARKING = Marking(
    classes=frozenset({InformationClass.DECLARATION}),
    personal_data=False,
    judicially_obtained=False,
)
OURS = Channel(1, "", MARKING)


def test_ceilings_are_shown_to_all_and_set_by_the_administrator(run: Any) -> None:
    only = ("--only", "ways=page,api", "--only", "caveats=", "--no-personal-data")
    shown = told(run(OFFICER, "ceiling"))
    assert "our own desk" in shown
    assert "no limit" in shown

    code, said = run(OFFICER, "ceiling", *only)
    assert (code, "administrator" in said) == (1, True)
    (made,) = told(run(ADMINISTRATOR, "ceiling", *only, "--json"))["items"]
    assert made["ceiling"]["ways"] == ["api", "page"]
    assert made["ceiling"]["caveats"] == []
    assert "the caveats: nothing" in told(run(OFFICER, "ceiling"))
    assert run(ADMINISTRATOR, "ceiling", "--only", "hats=page")[0] == 2
    told(run(ADMINISTRATOR, "ceiling", "--no-limit"))
    assert ceiling_set() == UNLIMITED


def test_a_case_is_changed_and_items_that_it_goes_beyond_are_named(run: Any) -> None:
    told(run(OFFICER, "case", "C-1", "--open", "--purpose", "ADMIN_ENQUIRY"))
    mine = an_item(case="C-1", channel=OURS).reference
    theirs = an_item(b"theirs", case="C-1", channel=supplied()).reference
    change = ("case", "C-1", "--change", "--purpose", "OTHER_LAW")

    code, said = run(OFFICER, *change)
    assert code == 1
    assert theirs in said
    assert mine not in said
    changed = told(run(OFFICER, *change, "--offence", "SMUGGLING_GENERAL", "--anyway", "--json"))
    assert (changed["purpose"], changed["offences"]) == ("OTHER_LAW", ["SMUGGLING_GENERAL"])
    assert run(Role.INVESTIGATOR, "case", "C-1")[0] == 2  # to others there is none


def test_disclosures_and_assurances_are_entered_and_listed(run: Any) -> None:
    item = an_item(channel=OURS).reference
    to = ("--to", "OTHER_AUTHORITY", "--recipient", "TAX-OFFICE", "--what", "One copy")
    decided = (*to, "--decide", "Agreed with the tax office")

    assert "Nothing was given out" in told(run(OFFICER, "disclose"))
    assert run(HEAD, "disclose", item)[0] == 2
    assert run(OFFICER, "disclose", item, *to)[0] == 1
    code, said = run(HEAD, "disclose", item, *to)
    assert (code, "A person must decide" in said) == (1, True)
    assert "another authority TAX-OFFICE" in told(run(HEAD, "disclose", item, *decided))
    (one,) = told(run(OFFICER, "disclose", "--json"))["items"]
    assert (one["item"], one["to"], one["recipient"]) == (item, "other-authority", "TAX-OFFICE")
    assert one["source"].startswith("DEC-")

    assert "No assurance" in told(run(OFFICER, "assurance"))
    made = told(run(HEAD, "assurance", "--from", "XS", "--text", "In confidence", "--json"))
    reference = made["items"][0]["reference"]
    told(run(HEAD, "assurance", "--broken", reference, "--on", "2026-03-02"))
    assert "broken on 2026-03-02" in told(run(OFFICER, "assurance"))


def test_a_page_is_blackened_from_the_shell_and_by_a_program(run: Any) -> None:
    from comity.evidence.services import stating

    item = an_item(pdf("Page one", "Page two"), channel=OURS).reference
    stating.certify((item,), by=KEEPER, at=AT)
    given = ("redact", item, "--blacken", "2:10,20,30.5,5=personal-data")

    assert "page 2" in told(run(OFFICER, *given))
    assert run(OFFICER, *given, "--blacken", "1:0,0,1,1=source")[0] == 2
    assert run(OFFICER, "redact", item, "--blacken", "2:10,20=source")[0] == 2
    area = {"left": 50, "top": 0, "width": 50, "height": 100, "reason": "source"}
    keeper = Program(Role.EVIDENCE_CUSTODIAN, name="keeper")
    path = f"/items/{item}/blackened-pages"
    made = keeper.post(path, {"page": 1, "areas": [area]})
    assert made.status_code == 201, made.content
    assert made.json()["derived_from"] == [item]
    beyond = keeper.post(path, {"page": 1, "areas": [area | {"width": 60}]})
    assert beyond.json()["type"] == "area-outside"


def test_programs_set_ceilings_change_cases_and_keep_the_registers() -> None:
    clerk = Program(Role.CASE_OFFICER, name="clerk")
    head = Program(Role.UNIT_HEAD, name="head")
    administrator = Program(Role.ADMINISTRATOR, name="ada")
    lowered = {"partner": "XS", "ceiling": {"forms": ["COPIES_CERTIFIED"]}}
    assert clerk.put("/ceilings", lowered).status_code == 403
    assert administrator.put("/ceilings", lowered).status_code == 200
    (one,) = clerk.get("/ceilings").json()["items"]
    assert (one["partner"], one["ceiling"]["forms"]) == ("XS", ["COPIES_CERTIFIED"])

    clerk.post("/cases", {"reference": "C-1", "purpose": "ADMIN_ENQUIRY"})
    theirs = an_item(b"theirs", case="C-1", channel=supplied()).reference
    tag = clerk.get("/cases/C-1")["ETag"]
    wanted = {"purpose": "OTHER_LAW"}
    refused = clerk.put("/cases/C-1/change", wanted, headers={"If-Match": tag})
    assert (refused.status_code, refused.json()["type"]) == (409, "purpose-beyond-items")
    wanted |= {"anyway": True}
    changed = clerk.put("/cases/C-1/change", wanted, headers={"If-Match": tag})
    assert [each["item"] for each in changed.json()["beyond"]] == [theirs]
    stranger = Program(Role.INVESTIGATOR, name="stranger")
    assert stranger.get("/cases/C-1").status_code == 404
    assert stranger.get("/cases").json()["items"] == []

    item = an_item(channel=OURS).reference
    given = {"items": [item], "to": "DEFENCE", "what": "One copy to counsel"}
    assert clerk.post("/disclosures", given).status_code == 403
    named = head.post("/disclosures", given | {"recipient": "A. Counsel"})
    assert named.json()["type"] == "disclosure-recipient-odd"
    made = head.post("/disclosures", given)
    assert made.status_code == 201, made.content
    assert clerk.get(f"/disclosures?item={item}").json() == made.json()
    assured = head.post("/assurances", {"partner": "XS", "ours": False}).json()["reference"]
    broken = head.post(f"/assurances/{assured}/breach", {"on": "2026-03-02"})
    assert broken.json()["breached_on"] == "2026-03-02"
    assert clerk.get("/assurances").json()["items"] == [broken.json()]
