# SPDX-License-Identifier: Apache-2.0
"""Health and metrics, answered by the supervisor on the loopback address alone.

`/health/live`: the supervisor turns. `/health/ready`: database, web server and worker do
their work. `/metrics`: Prometheus text. Nothing here names a person or a case.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from comity.catalogues import N_
from comity.errors import ConflictError

LOOPBACK = "127.0.0.1"

Answer = tuple[int, str, str]
"""Status, type of content, content."""


class PortTakenError(ConflictError):
    """Another program listens where the node would."""

    code = "port-taken"
    message = N_("Another program listens on port {port} of {address}.")
    remedy = N_("Stop it, or choose another port with {variable}.")


def json_answer(*, fine: bool, facts: dict[str, object]) -> Answer:
    """An answer for programs: 200 where all is well, else 503."""
    return (200 if fine else 503, "application/json", json.dumps(facts))


def serve(port: int, answers: dict[str, Callable[[], Answer]]) -> ThreadingHTTPServer:
    """Answer these paths from a thread of this process until `shutdown` is called."""

    class Handler(BaseHTTPRequestHandler):
        """One request on the local port."""

        def do_GET(self) -> None:
            """Answer, or 404."""
            found = answers.get(self.path.partition("?")[0])
            status, kind, content = found() if found else (404, "text/plain", "")
            sent = content.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Requests for health are not worth a line."""

    try:
        server = ThreadingHTTPServer((LOOPBACK, port), Handler)
    except OSError as error:
        raise PortTakenError(port=port, address=LOOPBACK, variable="COMITY_LOCAL_PORT") from error
    threading.Thread(target=server.serve_forever, daemon=True, name="local").start()
    return server


def require_port(address: str, port: int, *, variable: str = "COMITY_PORT") -> None:
    """Raise `PortTakenError` unless a process of the node will be able to listen there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError as error:
            raise PortTakenError(port=port, address=address, variable=variable) from error
