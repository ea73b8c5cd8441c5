# SPDX-License-Identifier: Apache-2.0
"""What is wrong with an item waits on the desk until somebody closes it with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from comity.accounts.officer import Officer
from comity.accounts.permissions import Role
from tests.support.evidence import AT, CASE_OFFICER, CUSTODIAN, a_case, an_object
from tests.support.officers import registered, sign_in

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("evidence_home")]


@pytest.fixture
def keeper() -> Officer:
    """A custodian of Northland who works at the pages."""
    return registered(Role.EVIDENCE_CUSTODIAN)


def test_an_alarm_stands_on_the_desk_and_in_its_list_until_it_is_closed(
    client: Client, keeper: Officer
) -> None:
    from comity.evidence.alarm import AlarmKind
    from comity.evidence.queries.alarms import open_alarms
    from comity.evidence.services.alarms import raise_alarm

    made = an_object()
    facts = {"reason": "gap-noted", "sequence": "2"}
    raise_alarm(AlarmKind.CUSTODY_GAP, item=made.reference, at=AT, facts=facts)
    (alarm,) = open_alarms()
    sign_in(client, keeper)

    desk = client.get("/").content.decode()
    listed = client.get("/evidence/alarms/").content.decode()
    page = client.get(f"/evidence/alarms/{alarm.reference}/").content.decode()

    assert f"The custody of an item has a gap: {made.reference}" in desk
    assert made.reference in listed
    assert "somebody noted a gap" in listed
    assert "Close the alarm" in page
    refused = client.post(f"/evidence/alarms/{alarm.reference}/", {"reason": " "})
    assert refused.status_code == 200
    client.post(f"/evidence/alarms/{alarm.reference}/", {"reason": "Asked everybody."})
    assert open_alarms() == ()
    assert alarm.reference in client.get("/evidence/alarms/?show=closed").content.decode()


def test_a_hand_over_waits_on_the_desk_of_whoever_is_to_take_it(
    client: Client, keeper: Officer
) -> None:
    from comity.evidence.services import handing_over

    made = an_object()
    at = AT + timedelta(hours=1)
    handing_over.propose(made.reference, officer=keeper.reference, by=CUSTODIAN, at=at)
    sign_in(client, keeper)

    assert f"{made.reference} is being handed over" in client.get("/").content.decode()


def test_the_alarms_of_a_case_of_others_are_theirs_to_see_and_close(client: Client) -> None:
    from comity.evidence.alarm import AlarmKind
    from comity.evidence.queries.alarms import open_alarms
    from comity.evidence.queries.keys import UnknownItemError
    from comity.evidence.services.alarms import close_alarm, raise_alarm

    made, stranger = an_object(case=a_case()), registered(Role.INVESTIGATOR)
    raise_alarm(AlarmKind.CUSTODY_GAP, item=made.reference, at=AT)
    (alarm,) = open_alarms()
    sign_in(client, stranger)

    assert alarm.reference not in client.get("/evidence/alarms/").content.decode()
    assert client.get(f"/evidence/alarms/{alarm.reference}/").status_code == 404
    with pytest.raises(UnknownItemError):
        close_alarm(alarm.reference, reason="Seen.", by=stranger, at=AT)

    close_alarm(alarm.reference, reason="Asked everybody.", by=CASE_OFFICER, at=AT)
    assert open_alarms() == ()
