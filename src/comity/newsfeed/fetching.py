# SPDX-License-Identifier: Apache-2.0
"""Polite visits to sources of announcements: when to go, how to ask, when to come again.

What is decided is decided by pure functions from what is remembered of earlier visits; only
`Visitor` speaks to the network, through the function it is given. Keeping the memory, and the
releases that a visit brought, is for the caller.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from threading import Lock
from typing import Protocol
from urllib.parse import urlsplit

from comity.catalogues import N_
from comity.errors import ComityError, NotPermittedError, PeerError
from comity.newsfeed.robots import LARGEST, Robots, read_robots
from comity.outbound import PUBLIC_WEB, USUAL_LIMITS, Limits, Policy, visit
from comity.outbound.addresses import checked_address, host_of
from comity.outbound.visit import RefusedByServerError, Response

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.9, text/html;q=0.8, text/plain;q=0.7"
)
LEAST_PAUSE = 1.0
"""Seconds between two requests to one host."""
LONGEST_BACK_OFF = timedelta(days=1)
LONGEST_WAIT = timedelta(days=7)
"""A source that asks to be left alone for longer is asked again after this."""


class RobotsRefusedError(NotPermittedError):
    """The site asks programs not to read this address."""

    code = "robots-refused"
    message = N_("The robots.txt of {host} asks programs not to read this address.")
    remedy = N_("Use an address that the publisher offers to programs, or ask the publisher.")


class RobotsUnreachableError(PeerError):
    """The site could not say what it allows."""

    code = "robots-unreachable"
    message = N_("{host} could not say what it allows programs to read.")
    remedy = N_("Try again later; a node does so by itself.")


class AskedToWaitError(PeerError):
    """The site asks to come again later."""

    code = "asked-to-wait"
    message = N_("{host} asks to come again later (status {status}).")
    remedy = N_("Try again later; a node does so by itself.")


class SourceGoneError(PeerError):
    """The publisher says that there is nothing any more."""

    code = "source-gone"
    message = N_("{host} says that this document is gone for good.")
    remedy = N_("Find the publisher's new address and correct the source, or pause it.")
    permanent = True


class VisitResult(StrEnum):
    """What a visit came to."""

    READ = "read"
    NOT_MODIFIED = "not-modified"
    WAIT = "wait"
    """The site asks to come later, or could not say what it allows."""
    REFUSED = "refused"
    """The site asks programs not to read this."""
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class VisitOutcome:
    """What one visit came to."""

    result: VisitResult
    response: Response | None = None
    """The answer; its content is the document when the result is `read`."""
    error: ComityError | None = None
    """Why there is no document; None for `read` and `not-modified`."""
    wait: timedelta | None = None
    """How long the site asked to be left alone."""


@dataclass(frozen=True, slots=True)
class VisitMemory:
    """What is remembered of the visits to one source. A new source has an empty memory."""

    etag: str = ""
    last_modified: str = ""
    tried_at: datetime | None = None
    read_at: datetime | None = None
    """The last visit that brought a document, or the word that nothing is new."""
    failures: int = 0
    """Visits that failed since the last success."""
    due_at: datetime | None = None
    """When to go again; None for at once, or for never once the source is gone."""
    gone: bool = False
    """The publisher says that there is nothing any more: paused until a person looks."""
    moved_to: str = ""
    """Where the document stands now for good: a person should correct the address."""


def after_visit(
    memory: VisitMemory, outcome: VisitOutcome, *, at: datetime, every: timedelta
) -> VisitMemory:
    """What is remembered after this visit, and when to go again; `every` is the source's own."""
    tried = replace(memory, tried_at=at)
    if outcome.response is not None:
        tried = replace(tried, moved_to=outcome.response.moved_to)
    match outcome.result:
        case VisitResult.READ | VisitResult.NOT_MODIFIED:
            read = replace(tried, read_at=at, failures=0, due_at=at + every, gone=False)
            return _with_validators(read, outcome)
        case VisitResult.GONE:
            return replace(tried, failures=memory.failures + 1, due_at=None, gone=True)
        case _:
            failures = memory.failures + 1
            pause = max(back_off(failures, every), min(outcome.wait or every, LONGEST_WAIT))
            return replace(tried, failures=failures, due_at=None if memory.gone else at + pause)


def _with_validators(memory: VisitMemory, outcome: VisitOutcome) -> VisitMemory:
    """A full answer brings its own validators; the word that nothing is new may leave them out."""
    answer = outcome.response
    if answer is None:
        return memory
    if outcome.result is VisitResult.READ:
        return replace(memory, etag=answer.etag, last_modified=answer.last_modified)
    return replace(
        memory,
        etag=answer.etag or memory.etag,
        last_modified=answer.last_modified or memory.last_modified,
    )


def back_off(failures: int, every: timedelta) -> timedelta:
    """The pause after so many failures in a row: doubling, up to a day, never under `every`."""
    doublings = min(max(failures - 1, 0), 20)
    return max(every, min(every * (1 << doublings), LONGEST_BACK_OFF))


def outcome_of(response: Response, at: datetime) -> VisitOutcome:
    """What an answer means for a source of announcements."""
    host, status = host_of(response.address), response.status
    if status == 200:
        return VisitOutcome(VisitResult.READ, response)
    if response.not_modified:
        return VisitOutcome(VisitResult.NOT_MODIFIED, response)
    if status == 410:
        return VisitOutcome(VisitResult.GONE, response, SourceGoneError(host=host))
    wait = asked_wait(response.retry_after, at)
    if status == 429 or (status == 503 and wait is not None):
        asked = AskedToWaitError(host=host, status=status)
        return VisitOutcome(VisitResult.WAIT, response, asked, wait)
    refused = RefusedByServerError(host=host, status=status)
    return VisitOutcome(VisitResult.FAILED, response, refused)


def asked_wait(retry_after: str, at: datetime) -> timedelta | None:
    """The pause that a Retry-After header asks for, given in seconds or as an instant."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:12]), int(LONGEST_WAIT.total_seconds())))
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(aware - at, timedelta(0)), LONGEST_WAIT)


class Fetch(Protocol):
    """What `outbound.visit.fetch` is to a visitor; a test may give another."""

    def __call__(
        self,
        address: str,
        *,
        etag: str = "",
        last_modified: str = "",
        accept: str = "",
        limits: Limits = ...,
        policy: Policy = ...,
    ) -> Response:
        """The document at the address, whatever the status."""


class Visitor:
    """Visits sources, one request at a time for each host, and minds what each host asks.

    Keeps what hosts ask (robots.txt, for a day) and when each was asked last. One visitor serves
    a whole process.
    """

    def __init__(
        self,
        *,
        fetch: Fetch = visit.fetch,
        policy: Policy = PUBLIC_WEB,
        limits: Limits = USUAL_LIMITS,
        pause: Callable[[float], None] = time.sleep,
        least_pause: float = LEAST_PAUSE,
    ) -> None:
        self.policy = policy
        self._fetch = fetch
        self._limits = limits
        self._pause = pause
        self._least_pause = least_pause
        self._hosts: dict[str, _Host] = {}
        self._lock = Lock()

    def visit(self, address: str, memory: VisitMemory, *, at: datetime) -> VisitOutcome:
        """One visit. What goes wrong is in the outcome; nothing of `ComityError` is raised."""
        try:
            checked_address(address, self.policy)
            host = self._host(address)
            with host.lock:
                return self._ask(host, address, memory, at)
        except ComityError as error:
            return VisitOutcome(VisitResult.FAILED, error=error)

    def document_at(self, address: str, *, at: datetime) -> Response:
        """The document at an address that a person named, asked for as politely as any other.

        Raises:
            ComityError: what stood in the way.
        """
        outcome = self.visit(address, VisitMemory(), at=at)
        if outcome.response is None or outcome.error is not None:
            raise outcome.error or RobotsUnreachableError(host=host_of(address))
        return outcome.response

    def _host(self, address: str) -> _Host:
        parts = urlsplit(address)
        root = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            return self._hosts.setdefault(root, _Host(root))

    def _ask(self, host: _Host, address: str, memory: VisitMemory, at: datetime) -> VisitOutcome:
        robots = self._robots(host, at)
        if host.obstacle is not None:
            return VisitOutcome(VisitResult.FAILED, error=host.obstacle)
        if not robots.reachable:
            error = RobotsUnreachableError(host=host_of(address))
            return VisitOutcome(VisitResult.WAIT, error=error)
        if not robots.allow(_path_of(address)):
            refused = RobotsRefusedError(host=host_of(address))
            return VisitOutcome(VisitResult.REFUSED, error=refused)
        self._keep_distance(host, robots.delay)
        response = self._fetch(
            address,
            etag=memory.etag,
            last_modified=memory.last_modified,
            accept=ACCEPT,
            limits=self._limits,
            policy=self.policy,
        )
        return outcome_of(response, at)

    def _robots(self, host: _Host, at: datetime) -> Robots:
        if host.robots is None or host.robots.stale(at):
            self._keep_distance(host, 0)
            host.obstacle = None
            host.robots = self._asked_for_robots(host, at)
        return host.robots

    def _asked_for_robots(self, host: _Host, at: datetime) -> Robots:
        limits = replace(self._limits, size=LARGEST * 2)
        try:
            response = self._fetch(
                f"{host.root}/robots.txt", accept="text/plain", limits=limits, policy=self.policy
            )
        except PeerError as error:
            host.obstacle = error
            return Robots(at, reachable=False)
        if response.status == 200:
            return read_robots(response.content, at=at)
        return Robots(at, reachable=response.status < 500 and response.status != 429)

    def _keep_distance(self, host: _Host, delay: float) -> None:
        now = time.monotonic()
        pause = host.asked_at + max(delay, self._least_pause) - now
        if pause > 0:
            self._pause(pause)
        host.asked_at = max(now, now + pause)


class _Host:
    """What a visitor remembers of one host while its process runs."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.lock = Lock()
        self.robots: Robots | None = None
        self.obstacle: PeerError | None = None
        """Why the host could not even be asked what it allows."""
        self.asked_at = float("-inf")


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
