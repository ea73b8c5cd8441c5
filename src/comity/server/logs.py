# SPDX-License-Identifier: Apache-2.0
"""Log lines as JSON, each with the correlation id of the request or job it belongs to.

A line says what happened, never to whom: no names, addresses of machines, bodies or values of
fields. Extra facts pass only under the keys listed here. No framework here.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from comity.jobs.correlation import correlation

FACTS = (
    "event",
    "child",
    "pid",
    "exit_code",
    "pause",
    "method",
    "route",
    "status",
    "milliseconds",
    "job",
    "task",
    "attempt",
    "code",
)
"""The keys of extra facts that may be written: none of them can hold a person."""

SILENT = ("django.request", "django.server", "django.security", "allauth", "granian.access")
"""Loggers whose words quote paths, addresses or forms; our own request line replaces them."""


class JSONLines(logging.Formatter):
    """One line of JSON per record.

    An exception is written as its class and the places it passed through, without its words:
    those of a database or a form quote what was entered.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record's time, level, source, message, facts and correlation."""
        line: dict[str, Any] = {  # any: what JSON holds
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": _words(record),
        }
        if correlation.get():
            line["correlation"] = correlation.get()
        line |= {key: value for key in FACTS if (value := getattr(record, key, None)) is not None}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["passed"] = _passed(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to the standard error of the moment, also where that was replaced after the start."""

    @property
    def stream(self) -> TextIO:
        """The standard error as it is now."""
        return sys.stderr

    @stream.setter
    def stream(self, given: TextIO) -> None:
        """What the base class was given at the start; not kept."""


def _words(record: logging.LogRecord) -> str:
    """Our own messages whole; of libraries only the template, because arguments name people."""
    if record.name.partition(".")[0] in ("comity", "granian", "_granian"):
        return record.getMessage()
    return str(record.msg) if isinstance(record.msg, str) else type(record.msg).__name__


def _passed(trace: Any) -> list[str]:  # any: a traceback
    frames = traceback.extract_tb(trace)[-8:]
    return [f"{frame.name} line {frame.lineno}" for frame in frames]


def logging_settings(level: str) -> dict[str, Any]:
    """The configuration of logging for every process of a node."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "comity.server.logs.JSONLines"}},
        "handlers": {
            "lines": {
                "()": "comity.server.logs.StandardError",
                "formatter": "json",
            },
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"level": level, "handlers": ["lines"]},
        "loggers": {
            **{name: {"handlers": ["nowhere"], "propagate": False} for name in SILENT},
            "django": {"level": "WARNING", "handlers": [], "propagate": True},
            "procrastinate": {"level": "WARNING", "handlers": [], "propagate": True},
        },
    }
