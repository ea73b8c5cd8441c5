# SPDX-License-Identifier: Apache-2.0
"""The worker does each job under its correlation, and tries again as its policy says."""

from __future__ import annotations

import asyncio
import logging

import pytest
from procrastinate import App
from procrastinate.testing import InMemoryConnector

from comity.errors import NotFoundError, PeerError
from comity.jobs.correlation import correlation
from comity.jobs.retry import RetryPolicy
from comity.jobs.task import Task
from comity.jobs.worker import register

SEEN: list[tuple[str, str]] = []


class PartnerAwayError(PeerError):
    message = "away"


class NoSuchThingError(NotFoundError):
    message = "nothing"


def remember(reference: str) -> None:
    """Note the reference and the correlation under which it came."""
    SEEN.append((reference, correlation.get()))


async def remember_later(reference: str) -> None:
    """The same, as a task that waits."""
    remember(reference)


def reach_partner() -> None:
    """Fail in a way that may pass."""
    raise PartnerAwayError


def find_nothing() -> None:
    """Fail for good."""
    raise NoSuchThingError


TABLE = (
    Task("test.remember", remember),
    Task("test.later", remember_later),
    Task("test.reach", reach_partner, RetryPolicy(tries=3, first_pause=60)),
    Task("test.find", find_nothing),
    Task("test.alone", remember, alone=True),
    Task("test.rare", remember, every="0 0 29 2 *"),
)


def done(name: str, **arguments: str) -> dict[str, object]:
    """The job as the queue keeps it after a worker did it once."""
    connector = InMemoryConnector()
    app = App(connector=connector)
    register(app, TABLE)

    async def work() -> None:
        async with app.open_async():
            await app.configure_task(name).defer_async(**arguments)
            await app.run_worker_async(wait=False, install_signal_handlers=False)

    asyncio.run(work())
    found: dict[str, object] = connector.jobs[1]
    return found


@pytest.mark.parametrize(("name", "lock"), [("test.alone", "test.alone"), ("test.later", None)])
def test_the_jobs_of_a_task_that_runs_alone_wait_for_one_another(name: str, lock: str | None):
    assert done(name, reference="x")["lock"] == lock


def test_bundles_are_packed_one_after_the_other():
    from comity.server.wiring import TASKS

    assert [task.name for task in TASKS if task.alone] == ["evidence.pack"]


@pytest.mark.parametrize("name", ["test.remember", "test.later"])
def test_a_job_is_done_under_the_correlation_of_its_cause(name: str):
    SEEN.clear()

    job = done(name, reference="REQ-1", correlation="abc12345")

    assert job["status"] == "succeeded"
    assert SEEN == [("REQ-1", "abc12345")]
    assert correlation.get() == ""


def test_a_job_without_a_cause_gets_a_correlation_of_its_own():
    SEEN.clear()

    done("test.remember", reference="REQ-2", correlation="")

    assert len(SEEN[0][1]) == 16


def test_work_that_recurs_does_not_see_the_moment_the_queue_adds():
    SEEN.clear()

    job = done("test.rare", reference="REQ-3", timestamp="1767225600")

    assert job["status"] == "succeeded"


def test_a_failure_that_may_pass_goes_back_into_the_queue(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR, logger="comity.jobs"):
        job = done("test.reach")

    assert (job["status"], job["attempts"]) == ("todo", 1)
    assert job["scheduled_at"] is not None
    assert [record.message for record in caplog.records if record.name == "comity.jobs"] == [
        "job failed"
    ]


def test_a_failure_for_good_is_not_tried_again():
    assert done("test.find")["status"] == "failed"
