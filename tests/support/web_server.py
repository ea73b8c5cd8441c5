"""A real web server on the loopback address that answers as a test tells it to.

`routes` gives each path a function from the handler, which may send anything or nothing at all.
What was asked is in `asked`, in the order of the requests.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that reached the server."""

    path: str
    headers: Mapping[str, str]


class Handler(BaseHTTPRequestHandler):
    """Answers by the route of the path, 404 where there is none."""

    protocol_version = "HTTP/1.1"
    server: Server
    body = b""
    """What was posted."""

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append(Asked(self.path, headers))
        route = self.server.routes.get(self.path)
        try:
            if route is None:
                answer(self, status=404)
            else:
                route(self)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client had enough: that is what some tests are about
        self.close_connection = True

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Nothing: a test has no log."""


Route = Callable[[Handler], None]


class Server(ThreadingHTTPServer):
    """The server with what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Route] = {}
        self.asked: list[Asked] = []
        self.released = threading.Event()
        """Set when the test is over, so that what stalls can end."""

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that the client broke off is no error here."""


@dataclass
class Web:
    """The running server as tests use it."""

    server: Server
    scheme: str = "http"
    routes: dict[str, Route] = field(init=False)

    def __post_init__(self) -> None:
        self.routes = self.server.routes

    @property
    def root(self) -> str:
        """Its address."""
        return f"{self.scheme}://127.0.0.1:{self.server.server_port}"

    @property
    def asked(self) -> list[Asked]:
        """Every request, in order."""
        return self.server.asked

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [asked.path for asked in self.asked]

    def gives(self, path: str, content: bytes = b"", *, status: int = 200, **headers: str) -> str:
        """Answer this path with this content; its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.routes[path] = lambda handler: answer(handler, content, status=status, headers=named)
        return self.root + path

    def does(self, path: str, route: Route) -> str:
        """Answer this path by this function; its address."""
        self.routes[path] = route
        return self.root + path


def answer(
    handler: Handler,
    content: bytes = b"",
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send a whole answer with its right length."""
    handler.send_response(status)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def web_server(tls: SSLContext | None = None) -> Iterator[Web]:
    """A server that runs as long as the block."""
    server = Server()
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Web(server, "https" if tls else "http")
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
