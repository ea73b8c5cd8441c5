# SPDX-License-Identifier: Apache-2.0
"""What a killed worker had begun is done again."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from comity.jobs import queries, services, tasks

pytestmark = [pytest.mark.db, pytest.mark.django_db]

TASK = "journal.checkpoint"


def begun(number: int, *, silent_seconds: int) -> None:
    """Let a worker that was last heard of so long ago have begun the job."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent_seconds],
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s",
            [worker, number],
        )


def test_a_job_of_a_dead_worker_goes_back_into_the_queue():
    number = services.enqueue(TASK)
    begun(number, silent_seconds=3 * tasks.SILENT_SECONDS)

    async_to_sync(tasks.retry_stalled)()

    assert [job.state for job in queries.jobs_of_task(TASK)] == ["todo"]


def test_a_job_of_a_living_worker_is_left_alone():
    number = services.enqueue(TASK)
    begun(number, silent_seconds=1)

    async_to_sync(tasks.retry_stalled)()

    assert [job.state for job in queries.jobs_of_task(TASK)] == ["doing"]
