# SPDX-License-Identifier: Apache-2.0
"""Work that recurs: the queue's own upkeep."""

from __future__ import annotations

from procrastinate.contrib.django import app

SILENT_SECONDS = 60
"""A worker not heard of for this long is taken to be dead."""
KEPT_HOURS = 24 * 14


async def retry_stalled() -> None:
    """Put back what a worker began and, being killed, never finished."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS)
    for job in stalled:
        await app.job_manager.retry_job(job)


async def drop_finished() -> None:
    """Forget jobs that succeeded a fortnight ago; failed ones stay for a person to read."""
    await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
