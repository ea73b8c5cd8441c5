# SPDX-License-Identifier: Apache-2.0
"""Work is asked for in its cause's transaction: it stands or falls with it."""

from __future__ import annotations

import pytest
from django.db import transaction

from comity.jobs import queries, services
from comity.jobs.correlation import correlation
from comity.jobs.services import UnfitArgumentError, UnknownTaskError
from comity.server.wiring import TASKS

pytestmark = [pytest.mark.db, pytest.mark.django_db]

TASK = "jobs.drop_finished"


def test_a_job_is_in_the_queue_once_its_cause_is_committed():
    number = services.enqueue(TASK)

    assert [job.number for job in queries.jobs_of_task(TASK)] == [number]
    assert queries.queue_counts() == [queries.QueueCount(TASK, "todo", 1)]


def test_a_transaction_that_is_rolled_back_leaves_no_job():
    with transaction.atomic():
        services.enqueue(TASK)
        assert len(queries.jobs_of_task(TASK)) == 1
        transaction.set_rollback(True)

    assert queries.jobs_of_task(TASK) == []


def test_a_task_that_is_not_in_the_table_is_refused():
    with pytest.raises(UnknownTaskError, match=r"jobs\.make_coffee"):
        services.enqueue("jobs.make_coffee")


@pytest.mark.parametrize("argument", [3.5, ["a"], {"a": 1}, b"bytes"])
def test_a_job_carries_references_and_no_content(argument: object):
    with pytest.raises(UnfitArgumentError):
        services.enqueue(TASK, argument=argument)


def test_a_job_carries_the_correlation_of_its_cause():
    from procrastinate.contrib.django.models import ProcrastinateJob

    token = correlation.set("abc12345")
    try:
        number = services.enqueue(TASK)
    finally:
        correlation.reset(token)

    assert ProcrastinateJob.objects.get(id=number).args == {"correlation": "abc12345"}


def test_every_task_of_the_table_is_known_to_the_queue():
    assert {task.name for task in TASKS} <= set(services.queue().tasks)
    assert len({task.name for task in TASKS}) == len(TASKS)
