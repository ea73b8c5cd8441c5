# SPDX-License-Identifier: Apache-2.0
"""Puts work into the queue, in the caller's own transaction: rolled back, it was never asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from threading import Lock

from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.exceptions import TaskNotFound

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.jobs.correlation import correlation

CORRELATION = "correlation"
_LOADING = Lock()
Simple = str | int | bool | None
"""What an argument may be: references and plain values, never content or persons."""


class UnknownTaskError(InvalidInputError):
    """A job of a kind that is not in the table of tasks."""

    code = "unknown-task"
    message = N_("There is no task called {name}.")
    remedy = N_("Add it to TASKS in `comity.server.wiring`.")


class UnfitArgumentError(InvalidInputError):
    """An argument that a job cannot carry."""

    code = "unfit-job-argument"
    message = N_("The job {name} cannot carry the argument {argument}: it is a {kind}.")
    remedy = N_("Pass a reference and let the task read what it needs.")


def queue() -> App:
    """The queue, told every task of the node's table when it is first wanted.

    The table imports what every capability does: who only looks something up does not wait for it.
    """
    with _LOADING:
        return _told_queue()


@cache
def _told_queue() -> App:
    import_string(settings.REGISTER_TASKS)(app)
    return app


def enqueue(name: str, **arguments: Simple) -> int:
    """Ask for one job; it starts once the caller's transaction is committed.

    The job carries the caller's correlation id. Returns the number the queue gave it.
    """
    _refuse_unfit(name, arguments)
    carried = arguments | {CORRELATION: correlation.get()}
    try:
        return queue().configure_task(name, allow_unknown=False).defer(**carried)
    except TaskNotFound as error:
        raise UnknownTaskError(name=name) from error


def _refuse_unfit(name: str, arguments: Mapping[str, object]) -> None:
    for argument, value in arguments.items():
        if value is not None and not isinstance(value, str | int | bool):
            raise UnfitArgumentError(name=name, argument=argument, kind=type(value).__name__)
