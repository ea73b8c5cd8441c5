# SPDX-License-Identifier: Apache-2.0
"""The node's measures as Prometheus text: what its processes counted, and the supervisor's own.

Loaded only when somebody asks, so that the supervisor stays small.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from comity import __version__
from comity.server.node.backup_files import latest_backup
from comity.server.node.child import Child
from comity.server.node.home import Home
from comity.server.node.processes import resident_kilobytes


def metrics_text(home: Home, children: Sequence[Child], *, ready: bool) -> str:
    """Everything measured, for one scrape."""
    counted = CollectorRegistry()
    MultiProcessCollector(counted, str(home.metrics_folder))  # type: ignore[no-untyped-call]
    own = _own(home, children, ready=ready)
    return generate_latest(counted).decode() + generate_latest(own).decode()


def _own(home: Home, children: Sequence[Child], *, ready: bool) -> CollectorRegistry:
    own = CollectorRegistry()
    gauges: dict[str, Gauge] = {}

    def gauge(name: str, meaning: str, value: float, **labels: str) -> None:
        if name not in gauges:
            gauges[name] = Gauge(name, meaning, list(labels), registry=own)
        measure = gauges[name]
        (measure.labels(**labels) if labels else measure).set(value)

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
    return own
