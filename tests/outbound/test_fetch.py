"""What is fetched, and what is refused, from a real server that behaves badly."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.outbound import Limits, Policy
from comity.outbound.addresses import (
    AddressWithPasswordError,
    OddAddressError,
    OddPortError,
    OutboundOffError,
    PrivateAddressError,
)
from comity.outbound.connection import OutboundSettingError
from comity.outbound.visit import (
    OddAnswerError,
    RefusedByServerError,
    TooLargeError,
    TooManyRedirectsError,
    TooSlowError,
    UnreachableError,
    UnsafeRedirectError,
    UntrustedServerError,
    fetch,
)
from tests.support.web_server import Handler, Web, answer, web_server

HERE = Policy(private=True)
SMALL = Limits(size=100_000)
HASTY = Limits(read_seconds=0.3, total_seconds=1)
PATIENCE = 5
"""Seconds that a busy machine may add."""


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as running:
        yield running


def test_the_document_comes_with_what_the_server_says_of_it(web: Web) -> None:
    address = web.gives(
        "/news.xml",
        b"<rss/>",
        Content_Type="application/rss+xml",
        ETag='"one"',
        Last_Modified="Sat, 21 Nov 2026 10:00:00 GMT",
    )

    response = fetch(address, policy=HERE)

    assert response.document() == b"<rss/>"
    assert response.address == address
    assert response.status == 200
    assert response.content_type == "application/rss+xml"
    assert response.etag == '"one"'
    assert response.last_modified == "Sat, 21 Nov 2026 10:00:00 GMT"
    assert not response.not_modified
    assert not response.moved_to


def test_validators_of_an_earlier_answer_are_sent_back(web: Web) -> None:
    address = web.gives("/news.xml", status=304)

    response = fetch(address, etag='"one"', last_modified="then", accept="text/xml", policy=HERE)

    assert response.not_modified
    assert web.asked[0].headers["if-none-match"] == '"one"'
    assert web.asked[0].headers["if-modified-since"] == "then"
    assert web.asked[0].headers["accept"] == "text/xml"


def test_every_request_says_who_asks(web: Web) -> None:
    fetch(web.gives("/", b""), policy=Policy(private=True, contact="post@northland.example"))

    asked = web.asked[0].headers["user-agent"]
    assert asked.startswith("Comity/")
    assert asked.endswith("(+post@northland.example)")


def test_no_cookie_is_kept_between_redirects(web: Web) -> None:
    web.gives("/news.xml", b"there")
    address = web.gives("/", status=302, Location="/news.xml", Set_Cookie="who=me; Path=/")

    fetch(address, policy=HERE)

    assert "cookie" not in web.asked[1].headers
    assert "authorization" not in web.asked[1].headers


def test_no_proxy_of_the_surroundings_is_used(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert fetch(web.gives("/", b"direct"), policy=HERE).content == b"direct"


def test_the_proxy_of_the_policy_is_asked_for_everything(web: Web) -> None:
    web.gives("http://customs.example/news.xml", b"by proxy")

    response = fetch("http://customs.example/news.xml", policy=Policy(proxy=web.root))

    assert response.content == b"by proxy"
    assert web.paths() == ["http://customs.example/news.xml"]


def test_a_private_address_is_not_asked_of_the_proxy_either(web: Web) -> None:
    with pytest.raises(PrivateAddressError):
        fetch("http://169.254.169.254/", policy=Policy(proxy=web.root))

    assert web.paths() == []


# Redirects


def test_a_move_for_good_is_told(web: Web) -> None:
    web.gives("/new.xml", b"there")

    response = fetch(web.gives("/old.xml", status=301, Location="/new.xml"), policy=HERE)

    assert response.content == b"there"
    assert response.moved_to == response.address == f"{web.root}/new.xml"


def test_a_move_for_now_is_followed_and_not_told(web: Web) -> None:
    web.gives("/new.xml", b"there")

    response = fetch(web.gives("/old.xml", status=302, Location="/new.xml"), policy=HERE)

    assert response.content == b"there"
    assert response.moved_to == ""


def test_a_move_for_good_ends_where_the_first_move_for_now_begins(web: Web) -> None:
    web.gives("/today.xml", b"there")
    web.gives("/new.xml", status=307, Location="/today.xml")

    response = fetch(web.gives("/old.xml", status=308, Location="/new.xml"), policy=HERE)

    assert response.address == f"{web.root}/today.xml"
    assert response.moved_to == f"{web.root}/new.xml"


@pytest.mark.slow
def test_five_redirects_are_followed_and_no_sixth(web: Web) -> None:
    for step in range(6):
        web.gives(f"/{step}", status=302, Location=f"/{step + 1}")
    web.gives("/6", b"there")

    assert fetch(f"{web.root}/1", policy=HERE).content == b"there"
    with pytest.raises(TooManyRedirectsError):
        fetch(f"{web.root}/0", policy=HERE)


def test_a_circle_of_redirects_ends(web: Web) -> None:
    with pytest.raises(TooManyRedirectsError):
        fetch(web.gives("/", status=302, Location="/"), policy=HERE)


@pytest.mark.parametrize(
    ("location", "refusal"),
    [
        ("http://user:word@127.0.0.1/", AddressWithPasswordError),
        ("http://127.0.0.1:22/", OddPortError),
    ],
)
def test_every_redirect_is_checked_anew(web: Web, location: str, refusal: type[Exception]) -> None:
    proxy = Policy(proxy=web.root)  # stands in for a public host that redirects
    web.gives("http://customs.example/", status=302, Location=location)

    with pytest.raises(refusal):
        fetch("http://customs.example/", policy=proxy)


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/latest", "http://[::1]/", "//10.0.0.1/"]
)
def test_a_redirect_into_a_network_is_refused(web: Web, location: str) -> None:
    web.gives("http://customs.example/", status=302, Location=location)

    with pytest.raises(PrivateAddressError):
        fetch("http://customs.example/", policy=Policy(proxy=web.root))

    assert len(web.asked) == 1


@pytest.mark.parametrize("location", ["http://[", "file:///etc/passwd", "http://x:y:z/"])
def test_a_redirect_to_no_address_is_refused(web: Web, location: str) -> None:
    with pytest.raises((UnsafeRedirectError, OddAddressError)):
        fetch(web.gives("/", status=302, Location=location), policy=HERE)


def test_the_body_of_a_redirect_is_not_read(web: Web) -> None:
    web.gives("/there", b"there")

    def endless(handler: Handler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "/there")
        handler.send_header("Content-Length", str(10**9))
        handler.end_headers()
        handler.server.released.wait(30)

    started = time.monotonic()

    assert fetch(web.does("/", endless), policy=HERE).content == b"there"
    assert time.monotonic() - started < PATIENCE


# Size


def test_a_document_of_exactly_the_size_is_taken(web: Web) -> None:
    content = b"n" * SMALL.size

    assert fetch(web.gives("/", content), limits=SMALL, policy=HERE).content == content


def test_a_document_that_is_announced_as_too_large_is_refused_at_once(web: Web) -> None:
    sent = threading.Event()

    def announces(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(SMALL.size + 1))
        handler.end_headers()
        sent.set()
        handler.server.released.wait(30)

    with pytest.raises(TooLargeError):
        fetch(web.does("/", announces), limits=SMALL, policy=HERE)

    assert sent.wait(PATIENCE)


def test_a_document_without_a_length_is_refused_when_it_grows_too_large(web: Web) -> None:
    def grows(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"n" * 10_000)

    with pytest.raises(TooLargeError):
        fetch(web.does("/", grows), limits=SMALL, policy=HERE)


def test_a_length_that_is_too_small_cuts_the_document(web: Web) -> None:
    def lies(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "10")
        handler.end_headers()
        handler.wfile.write(b"0123456789" + b"n" * SMALL.size * 2)

    assert fetch(web.does("/", lies), limits=SMALL, policy=HERE).content == b"0123456789"


def test_a_document_that_ends_before_its_length_is_no_document(web: Web) -> None:
    def breaks_off(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")

    with pytest.raises(OddAnswerError):
        fetch(web.does("/", breaks_off), limits=SMALL, policy=HERE)


def test_a_compressed_document_is_read(web: Web) -> None:
    packed = gzip.compress(b"<rss/>")

    assert fetch(web.gives("/", packed, Content_Encoding="gzip"), policy=HERE).content == b"<rss/>"


@pytest.mark.slow
@pytest.mark.parametrize("layers", [1, 2])
def test_a_small_document_that_unpacks_into_a_huge_one_is_refused(web: Web, layers: int) -> None:
    packed = gzip.compress(b"\0" * 200_000_000, 1 if layers == 2 else 9)
    if layers == 2:
        packed = gzip.compress(packed)
    encoding = ", ".join(["gzip"] * layers)
    address = web.gives("/", packed, Content_Encoding=encoding)

    with pytest.raises(TooLargeError):
        fetch(address, limits=Limits(size=2_000_000), policy=HERE)


def test_a_document_that_cannot_be_unpacked_is_no_document(web: Web) -> None:
    address = web.gives("/", b"no gzip at all", Content_Encoding="gzip")

    with pytest.raises(OddAnswerError):
        fetch(address, policy=HERE)


def test_a_deflated_document_is_read(web: Web) -> None:
    address = web.gives("/", zlib.compress(b"<rss/>"), Content_Encoding="deflate")

    assert fetch(address, policy=HERE).content == b"<rss/>"


def test_a_validator_that_is_absurdly_long_is_not_kept(web: Web) -> None:
    response = fetch(web.gives("/", b"", ETag='"' + "e" * 5000 + '"'), policy=HERE)

    assert response.etag == ""


@pytest.mark.parametrize("letters", ["é", "\x80", "\t"])
def test_a_validator_that_could_not_be_sent_back_is_not_kept(web: Web, letters: str) -> None:
    response = fetch(web.gives("/", b"", ETag=f'"{letters}"'), policy=HERE)

    assert response.etag == ""


HEADERS = ("Location", "ETag", "Content-Length", "Content-Encoding", "Transfer-Encoding", "X")
headers = st.lists(
    st.tuples(st.sampled_from(HEADERS), st.binary(max_size=20) | st.sampled_from([b"gzip", b"5"])),
    max_size=4,
)


@pytest.mark.slow
@given(status=st.integers(min_value=0, max_value=999), sent=headers, body=st.binary(max_size=40))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_server_sends_is_an_answer_or_refused_in_our_own_words(
    web: Web, status: int, sent: list[tuple[str, bytes]], body: bytes
) -> None:
    lines = [b"%b: %b\r\n" % (name.encode(), value) for name, value in sent]
    whole = b"HTTP/1.1 %03d Any\r\n%b\r\n%b" % (status, b"".join(lines), body)
    address = web.does("/", lambda handler: handler.wfile.write(whole))

    with suppress(ComityError):
        response = fetch(address, policy=HERE, limits=SMALL)
        fetch(address, etag=response.etag, policy=HERE, limits=SMALL)


def test_headers_without_end_are_refused(web: Web) -> None:
    def endless(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            handler.wfile.write(f"X-{number}: n\r\n".encode())

    with pytest.raises((OddAnswerError, UnreachableError)):
        fetch(web.does("/", endless), limits=SMALL, policy=HERE)


# Time


def stalls(handler: Handler) -> None:
    """Take the request and say nothing."""
    handler.server.released.wait(30)


def drips(handler: Handler) -> None:
    """Send one byte after the other, each in time."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    while not handler.server.released.wait(0.1):
        handler.wfile.write(b"n")


def drips_headers(handler: Handler) -> None:
    """Never come to the end of the headers."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.server.released.wait(0.1):
        handler.wfile.write(b"n")


@pytest.mark.parametrize("route", [stalls, drips, drips_headers])
def test_a_server_that_takes_its_time_is_left(web: Web, route) -> None:
    started = time.monotonic()

    with pytest.raises(TooSlowError):
        fetch(web.does("/", route), limits=HASTY, policy=HERE)

    assert time.monotonic() - started < HASTY.total_seconds + PATIENCE


def test_slow_redirects_share_one_time(web: Web) -> None:
    def slow(handler: Handler) -> None:
        handler.server.released.wait(0.25)
        answer(handler, status=302, headers={"Location": "/"})

    started = time.monotonic()

    with pytest.raises(TooSlowError):
        fetch(web.does("/", slow), limits=HASTY, policy=HERE)

    assert time.monotonic() - started < HASTY.total_seconds + PATIENCE


# Answers that are none


@pytest.mark.parametrize(
    "sent",
    [b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\xff\xfe\x00 nonsense\r\n\r\n"],
)
def test_what_is_not_http_is_refused(web: Web, sent: bytes) -> None:
    with pytest.raises(OddAnswerError):
        fetch(web.does("/", lambda handler: handler.wfile.write(sent)), limits=SMALL, policy=HERE)


def test_nobody_at_the_address(web: Web) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(UnreachableError):
        fetch(f"http://127.0.0.1:{port}/", policy=HERE)


@pytest.mark.parametrize("status", [404, 410, 500, 206])
def test_a_status_without_a_document_is_told_and_raised_only_for_whoever_wants_one(
    web: Web, status: int
) -> None:
    response = fetch(web.gives("/", b"sorry", status=status), policy=HERE)

    assert response.status == status
    with pytest.raises(RefusedByServerError) as refused:
        response.document()
    assert "sorry" not in str(refused.value)


def test_an_error_says_nothing_of_the_address_beyond_its_host(web: Web) -> None:
    address = web.gives("/secret-path?token=word", b"", status=500)

    with pytest.raises(RefusedByServerError) as refused:
        fetch(address, policy=HERE).document()

    assert "word" not in f"{refused.value} {refused.value.advice()} {refused.value.fields}"


def test_a_node_that_is_switched_off_asks_nobody(web: Web) -> None:
    with pytest.raises(OutboundOffError):
        fetch(web.gives("/", b""), policy=Policy(on=False, private=True))

    assert web.paths() == []


# What a name stands for


def names(monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> list[str]:
    """Let each look-up of a name give the next answer, the last one for ever."""
    asked: list[str] = []
    remaining = list(answers)
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *args: object, **options: object) -> list[object]:
        if host.replace(".", "").isdigit():
            return real(host, port, *args, **options)
        asked.append(host)
        found = remaining.pop(0) if len(remaining) > 1 else remaining[0]
        family = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [
            (family[ipaddress.ip_address(ip).version], socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in found
        ]

    monkeypatch.setattr("comity.outbound.connection.socket.getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize(
    "found", [("127.0.0.1",), ("10.1.2.3",), ("::1",), ("1.1.1.1", "192.168.0.1")]
)
def test_a_name_that_stands_for_a_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, found: tuple[str, ...]
) -> None:
    names(monkeypatch, found)

    with pytest.raises(PrivateAddressError):
        fetch("https://inside.example/news.xml")


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "0"])
def test_other_ways_to_write_this_machine_are_refused(host: str) -> None:
    with pytest.raises(PrivateAddressError):
        fetch(f"http://{host}/")


def test_a_name_is_looked_up_once_and_the_checked_address_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = names(monkeypatch, ("1.1.1.1",), ("127.0.0.1",))
    connected = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        connected.append(address)
        raise OSError

    monkeypatch.setattr("socket.create_connection", connect)

    with pytest.raises(UnreachableError):
        fetch("http://rebinding.example/news.xml")

    assert asked == ["rebinding.example"]
    assert connected == [("1.1.1.1", 80)]


def test_the_next_address_is_tried_where_the_first_does_not_answer(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch, ("127.0.0.2", "127.0.0.1"))
    create, tried = socket.create_connection, []

    def connect(address: tuple[str, int], *args: object, **named: object) -> socket.socket:
        tried.append(address[0])
        if address[0] == "127.0.0.2":
            raise OSError
        return create(address, *args, **named)

    monkeypatch.setattr("socket.create_connection", connect)
    web.gives("/", b"there")

    response = fetch(web.root.replace("127.0.0.1", "customs.example") + "/", policy=HERE)

    assert response.content == b"there"
    assert tried == ["127.0.0.2", "127.0.0.1"]
    assert web.asked[0].headers["host"].startswith("customs.example")


def test_a_resolver_that_takes_its_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        over.wait(30)
        return []

    monkeypatch.setattr("comity.outbound.connection.socket.getaddrinfo", slow)
    started = time.monotonic()

    with pytest.raises(TooSlowError):
        fetch("https://slow.example/", limits=HASTY)

    over.set()
    assert time.monotonic() - started < HASTY.total_seconds + PATIENCE


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr("comity.outbound.connection.socket.getaddrinfo", unknown)

    with pytest.raises(UnreachableError):
        fetch("https://nobody.example/")


# Certificates


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for this machine that no authority knows, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "made up")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("customs.example")]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def secure_web(certificate: Path) -> Iterator[Web]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with web_server(tls) as running:
        yield running


def named(web: Web, monkeypatch: pytest.MonkeyPatch, host: str) -> str:
    names(monkeypatch, ("127.0.0.1",))
    return web.root.replace("127.0.0.1", host)


def test_a_certificate_that_no_authority_signed_is_refused(
    secure_web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UntrustedServerError):
        fetch(named(secure_web, monkeypatch, "customs.example") + "/", policy=HERE)

    assert secure_web.paths() == []


def test_an_authority_of_ones_own_is_trusted_where_the_policy_names_it(
    secure_web: Web, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    secure_web.gives("/", b"there")
    policy = Policy(private=True, certificates=str(certificate))

    response = fetch(named(secure_web, monkeypatch, "customs.example") + "/", policy=policy)

    assert response.content == b"there"


def test_a_certificate_for_somebody_else_is_refused(
    secure_web: Web, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    policy = Policy(private=True, certificates=str(certificate))

    with pytest.raises(UntrustedServerError):
        fetch(named(secure_web, monkeypatch, "other.example") + "/", policy=policy)


@pytest.mark.parametrize(
    "policy",
    [
        Policy(private=True, certificates="missing.pem"),
        Policy(private=True, certificates=__file__),
        Policy(private=True, proxy="fax://proxy.example"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(web: Web, policy: Policy) -> None:
    with pytest.raises(OutboundSettingError) as refused:
        fetch(web.gives("/", b""), policy=policy)

    assert "COMITY_OUTBOUND_" in str(refused.value)


def test_a_way_from_https_to_http_is_refused(
    secure_web: Web, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    secure_web.gives("/", status=301, Location="http://customs.example/")
    policy = Policy(private=True, certificates=str(certificate))

    with pytest.raises(UnsafeRedirectError):
        fetch(named(secure_web, monkeypatch, "customs.example") + "/", policy=policy)
