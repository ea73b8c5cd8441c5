# SPDX-License-Identifier: Apache-2.0
"""The node's measures as Prometheus text: what its processes counted, and the supervisor's own.

Loaded only when somebody asks, so that the supervisor stays small.
"""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from comity import __version__
from comity.server.node.backup_files import latest_backup
from comity.server.node.processes import resident_kilobytes

if TYPE_CHECKING:
    from comity.server.node.supervisor import Supervisor


def metrics_text(supervisor: Supervisor) -> str:
    """Everything measured, for one scrape."""
    counted = CollectorRegistry()
    MultiProcessCollector(counted, str(supervisor.home.metrics_folder))  # type: ignore[no-untyped-call]
    return generate_latest(counted).decode() + generate_latest(_own(supervisor)).decode()


def _own(supervisor: Supervisor) -> CollectorRegistry:
    own = CollectorRegistry()
    gauges: dict[str, Gauge] = {}

    def gauge(name: str, meaning: str, value: float, **labels: str) -> None:
        if name not in gauges:
            gauges[name] = Gauge(name, meaning, list(labels), registry=own)
        measure = gauges[name]
        (measure.labels(**labels) if labels else measure).set(value)

    gauge("comity_info", "The release that runs.", 1, version=__version__)
    gauge("comity_ready", "Whether the node does its work.", supervisor.ready)
    for child in supervisor.children:
        pid = child.running.pid if child.running else 0
        name = child.name
        gauge("comity_process_up", "Whether the process runs.", child.alive, process=name)
        gauge("comity_process_restarts", "Times started again.", child.restarts, process=name)
        memory = resident_kilobytes(pid) * 1024
        gauge("comity_process_resident_bytes", "Memory held.", memory, process=name)
    gauge(
        "comity_disk_free_bytes", "Free in the home.", shutil.disk_usage(supervisor.home.path).free
    )
    latest = latest_backup(supervisor.home)
    if latest:
        age = time.time() - latest.stat().st_mtime
        gauge("comity_backup_age_seconds", "Since the last backup.", age)
    return own
