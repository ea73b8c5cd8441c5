# SPDX-License-Identifier: Apache-2.0
"""The node's measures as Prometheus text: what its processes counted, and the supervisor's own.

Loaded only when somebody asks, so that the supervisor stays small.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Sequence

import psycopg
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from comity import __version__
from comity.server.environment import Environment
from comity.server.node.backup_files import latest_backup
from comity.server.node.child import Child
from comity.server.node.databases import open_database
from comity.server.node.evidence_state import EvidenceState, evidence_state
from comity.server.node.exchange_state import ExchangeState, exchange_state
from comity.server.node.home import Home
from comity.server.node.processes import resident_kilobytes


def metrics_text(
    environment: Environment, home: Home, children: Sequence[Child], *, ready: bool
) -> str:
    """Everything measured, for one scrape."""
    counted = CollectorRegistry()
    MultiProcessCollector(counted, str(home.metrics_folder))  # type: ignore[no-untyped-call]
    own = CollectorRegistry()
    _own(own, home, children, ready=ready)
    _of_the_exchange(own, environment)
    _of_evidence(own, environment)
    return generate_latest(counted).decode() + generate_latest(own).decode()


def _gauges(registry: CollectorRegistry) -> Callable[..., None]:
    """Sets a gauge of this registry by its name, made when it is first set."""
    gauges: dict[str, Gauge] = {}

    def gauge(name: str, meaning: str, value: float, **labels: str) -> None:
        if name not in gauges:
            gauges[name] = Gauge(name, meaning, list(labels), registry=registry)
        measure = gauges[name]
        (measure.labels(**labels) if labels else measure).set(value)

    return gauge


def _of_the_exchange(registry: CollectorRegistry, environment: Environment) -> None:
    """Queues, their age and what was given up, per partner; nothing where nobody can tell."""
    state: ExchangeState | None = None
    with contextlib.suppress(psycopg.Error), open_database(environment) as database:
        state = exchange_state(database)
    if state is None:
        return
    gauge = _gauges(registry)
    maintenance = state.maintenance_since is not None
    gauge("comity_exchange_maintenance", "Whether the exchange stands still.", maintenance)
    for kind, count in state.alarms.items():
        gauge("comity_exchange_alarms", "Open alarms.", count, kind=kind)
    for each in state.partners:
        of = {"partner": each.partner}
        gauge("comity_exchange_waiting", "Messages that wait.", each.waiting, **of)
        seconds = each.oldest_seconds
        gauge("comity_exchange_oldest_seconds", "Longest wait in the queue.", seconds, **of)
        gauge("comity_exchange_to_tell", "Evidences to tell.", each.to_tell, **of)
        gauge("comity_exchange_failures", "Failures in a row.", each.failures, **of)
        active = each.state == "active"
        gauge("comity_exchange_partner_active", "Whether messages go there.", active, **of)
        for name, count in each.messages.items():
            gauge("comity_exchange_messages", "Messages by state.", count, state=name, **of)


def _of_evidence(registry: CollectorRegistry, environment: Environment) -> None:
    """Alarms, overdue obligations and missing answers; nothing where nobody can tell."""
    state: EvidenceState | None = None
    with contextlib.suppress(psycopg.Error), open_database(environment) as database:
        state = evidence_state(database)
    if state is None:
        return
    gauge = _gauges(registry)
    for kind, count in state.alarms.items():
        gauge("comity_evidence_alarms", "Open alarms about evidence.", count, kind=kind)
    for owed_by, count in state.overdue.items():
        gauge("comity_evidence_overdue", "Obligations past their day.", count, owed_by=owed_by)
    for owed_by, count in state.hand_overs.items():
        gauge("comity_evidence_hand_overs", "Hand-overs unanswered.", count, owed_by=owed_by)
    for owed_by, count in state.recalls.items():
        gauge("comity_evidence_recalls", "Answers to recalls missing.", count, owed_by=owed_by)


def _own(
    registry: CollectorRegistry, home: Home, children: Sequence[Child], *, ready: bool
) -> None:
    gauge = _gauges(registry)
    gauge("comity_info", "The release that runs.", 1, version=__version__)
    gauge("comity_ready", "Whether the node does its work.", ready)
    for child in children:
        pid = child.running.pid if child.running else 0
        name = child.name
        gauge("comity_process_up", "Whether the process runs.", child.alive, process=name)
        gauge("comity_process_restarts", "Times started again.", child.restarts, process=name)
        memory = resident_kilobytes(pid) * 1024
        gauge("comity_process_resident_bytes", "Memory held.", memory, process=name)
    gauge("comity_disk_free_bytes", "Free in the home.", shutil.disk_usage(home.path).free)
    latest = latest_backup(home)
    if latest:
        age = time.time() - latest.stat().st_mtime
        gauge("comity_backup_age_seconds", "Since the last backup.", age)
