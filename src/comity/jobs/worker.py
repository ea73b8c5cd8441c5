# SPDX-License-Identifier: Apache-2.0
"""Does the jobs: turns the table of tasks into the queue's tasks, and runs them.

An error that leaves a task ends here: it is logged under the job's correlation id, and its
retry policy says whether the job is tried again.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from comity.jobs.correlation import correlation, new_correlation
from comity.jobs.retry import RetryPolicy
from comity.jobs.services import CORRELATION, queue
from comity.jobs.task import Task

log = logging.getLogger("comity.jobs")


class PolicyStrategy(BaseRetryStrategy):
    """A plain retry policy in the queue's terms."""

    def __init__(self, policy: RetryPolicy) -> None:
        self.policy = policy

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None."""
        pause = self.policy.pause_after(job.attempts + 1, exception)
        return None if pause is None else RetryDecision(retry_in={"seconds": pause})


def register(app: App, tasks: Iterable[Task]) -> None:
    """Make each line of the table a task of the queue."""
    for task in tasks:
        function = _correlated(task)
        lock = task.name if task.alone else None
        known = app.task(name=task.name, retry=PolicyStrategy(task.retry), lock=lock)(function)
        if task.every:
            app.periodic(cron=task.every)(known)


def run_worker(*, threads: int) -> None:
    """Work on the queue until a signal asks to stop; what has begun is finished first."""
    asyncio.run(_work(threads))


async def _work(threads: int) -> None:
    known = queue()
    connector: Any = known.connector  # any: Django's own, which knows the worker's
    app = known.with_connector(connector.get_worker_connector())
    async with app.open_async():
        await app.run_worker_async(
            concurrency=threads,
            shutdown_graceful_timeout=25,
            delete_jobs="never",
            fetch_job_polling_interval=5.0,
        )


def _correlated(task: Task) -> Callable[..., Any]:
    """The task's function under the correlation id its job carries, its failures logged."""
    function = task.function

    @functools.wraps(function)
    def done(**arguments: Any) -> Any:
        with _job(task, arguments):
            return function(**arguments)

    @functools.wraps(function)
    async def done_later(**arguments: Any) -> Any:
        with _job(task, arguments):
            return await function(**arguments)

    return done_later if inspect.iscoroutinefunction(function) else done


@contextlib.contextmanager
def _job(task: Task, arguments: dict[str, Any]) -> Iterator[None]:
    """Take out of the arguments what the queue added, and tell the log of a failure."""
    if task.every:
        arguments.pop("timestamp", None)  # the moment at which it recurred
    token = correlation.set(arguments.pop(CORRELATION, "") or new_correlation())
    try:
        yield
    except Exception:
        log.exception("job failed", extra={"task": task.name})
        raise
    finally:
        correlation.reset(token)
