"""The command `comity news read`, as somebody types it."""

from __future__ import annotations

import io
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from comity.cli import ACTS_OF_NODE, commands_reference_markdown, main
from comity.newsfeed import terminal
from comity.outbound import Policy
from tests.newsfeed import made_up_releases as made_up

NODE_ACTS = frozenset(("sources", "fetch", "proposals", "accept", "reject"))
SIGNED = (
    "Cabo Verde and Brazil sign customs agreement\n\nMarch 5, 2024\n\nThe customs administrations"
    " of Cabo Verde and Brazil signed a customs mutual assistance agreement in Praia today.\n"
)


@pytest.fixture
def run(capsys):
    """Types a command; gives its exit code, what it printed, and what it complained of."""

    def type_(*words: object) -> tuple[int, str, str]:
        code = main(["news", "read", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return type_


@pytest.fixture
def feed(tmp_path):
    """A file with a feed of one release."""
    path = tmp_path / "feed.xml"
    path.write_bytes(made_up.rss())
    return path


@pytest.fixture
def signed(tmp_path):
    """A file with a release that announces a signature."""
    path = tmp_path / "signed.txt"
    path.write_text(SIGNED, "utf-8")
    return path


@pytest.fixture
def nothing(tmp_path):
    """A file that is no feed of anything."""
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    return path


def test_a_feed_is_read_for_programs(run, feed):
    code, out, err = run(feed, "--json")

    read = json.loads(out)
    (announcement,) = read["announcements"]
    assert (code, err) == (0, "")
    assert (read["source"], read["format"], read["count"]) == (str(feed), "rss", 1)
    assert read["left_out"] == []
    assert announcement["guid"] == made_up.GUID
    assert announcement["published"] == "2024-03-05"
    assert isinstance(announcement["events"], list)


def test_every_event_is_told_with_its_rule_and_its_words(run, signed):
    code, out, _ = run(signed, "--json")

    (announcement,) = json.loads(out)["announcements"]
    event = announcement["events"][0]
    span = event["span"]
    assert code == 0
    assert (event["kind"], event["event"]) == ("cmaa", "signed")
    assert event["parties"] == ["BR", "CV"]
    assert event["date"] == "2024-03-05"
    assert event["rule"].startswith("NWS-")
    assert event["confidence"] in ("high", "medium", "low")
    assert len(span["text"]) == span["end"] - span["start"]


def test_a_person_reads_the_event_as_a_sentence_with_its_words_in_brackets(run, signed):
    code, out, _ = run(signed)

    joined = " ".join(out.split())
    assert code == 0
    assert "Brazil–Cape Verde: signed, 2024-03-05." in joined
    assert "Rule NWS-" in joined
    assert "[" in joined
    assert "customs mutual assistance agreement" in joined


def test_events_are_told_in_french(run, signed):
    code, out, _ = run(signed, "--language", "fr")

    assert code == 0
    assert "Brésil–Cap-Vert" in " ".join(out.split())


def test_a_release_that_announces_nothing_says_so(run, tmp_path):
    path = tmp_path / "explanation.txt"
    path.write_text("What an agreement is\n\nAn agreement is a text that parties sign.\n", "utf-8")

    code, out, _ = run(path)

    assert code == 0
    assert "Announces nothing" in out


def test_an_event_is_held_against_the_register_when_asked(run, signed):
    _, told, _ = run(signed, "--compare")
    _, out, _ = run(signed, "--compare", "--json")

    change = json.loads(out)["announcements"][0]["events"][0]["change"]
    assert change["sentence"] in " ".join(told.split())
    assert change["code"] == "unknown-instrument"
    assert change["kind"] == "new-instrument"


def test_the_day_of_publication_can_be_given(run, tmp_path):
    path = tmp_path / "undated.txt"
    path.write_text(SIGNED.replace("March 5, 2024\n\n", ""), "utf-8")

    _, undated, _ = run(path, "--json")
    _, dated, _ = run(path, "--json", "--published", "2024-05-02")

    assert json.loads(undated)["announcements"][0]["published"] is None
    read = json.loads(dated)["announcements"][0]
    assert read["published"] == read["events"][0]["date"] == "2024-05-02"


def test_the_publisher_can_be_given(run, feed):
    _, out, _ = run(feed, "--json", "--publisher", "cv")

    assert json.loads(out)["announcements"][0]["publisher"] == "CV"


def test_the_standard_input_is_read(run, monkeypatch):
    given = io.TextIOWrapper(io.BytesIO(made_up.json_feed()))
    monkeypatch.setattr(sys, "stdin", given)

    code, out, _ = run("-", "--json")

    assert code == 0
    assert json.loads(out)["format"] == "json-feed"


def test_what_was_left_out_is_said(run, tmp_path):
    path = tmp_path / "twice.xml"
    path.write_bytes(made_up.rss(made_up.rss_item(), made_up.rss_item(body="<p>Corrected.</p>")))

    _, out, _ = run(path, "--json")
    _, told, _ = run(path)

    assert json.loads(out)["left_out"] == [
        {"reason": "repeated-guid", "item": 1, "guid": made_up.GUID, "count": 1}
    ]
    assert "Item 1: A later item of the document has the same guid." in told


# ------------------------------------------------------------------ what cannot be read


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["missing.xml"], "news-file-unreadable"),
        (["{folder}"], "news-file-unreadable"),
        (["{nothing}"], "document-not-text"),
        (["{feed}", "--published", "yesterday"], "not-a-day"),
        (["{feed}", "--publisher", "Eastland"], "unknown-publisher"),
        (["https://"], "odd-address"),
        (["file:///etc/hostname"], "odd-address"),
        (["ftp://files.example/news.xml"], "odd-address"),
    ],
)
def test_what_cannot_be_read_is_misuse_and_says_why(run, feed, nothing, tmp_path, words, code):
    typed = [word.format(feed=feed, nothing=nothing, folder=tmp_path) for word in words]

    exit_code, out, _ = run(*typed, "--json")
    _, _, err = run(*typed)

    assert exit_code == 2
    assert json.loads(out)["type"] == code
    assert err.strip().endswith(".")


def test_one_file_that_cannot_be_read_does_not_take_the_others_with_it(run, feed, nothing, signed):
    code, out, err = run(nothing, feed, signed)

    assert code == 2
    assert made_up.TITLE in out
    assert "Cabo Verde and Brazil sign customs agreement" in out
    assert "document is no text" in err


def test_several_files_are_a_list_for_programs(run, feed, nothing):
    code, out, _ = run(feed, nothing, "--json")

    read, unread = json.loads(out)
    assert code == 2
    assert read["count"] == 1
    assert unread["source"] == str(nothing)
    assert unread["error"]["type"] == "document-not-text"


# ------------------------------------------------------------------ addresses


class Publisher(BaseHTTPRequestHandler):
    """Serves the release, and no robots.txt."""

    def do_GET(self):
        found = self.path == "/feed"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(made_up.rss() if found else b"")

    def log_message(self, *_words):
        pass


@pytest.fixture
def address():
    """The address of a publisher on this machine."""
    server = HTTPServer(("127.0.0.1", 0), Publisher)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def on_this_machine(monkeypatch):
    """Lets the command ask addresses of this machine."""
    monkeypatch.setattr(terminal, "_policy", lambda _environment: Policy(private=True))


@pytest.mark.usefixtures("on_this_machine")
def test_an_address_is_fetched_and_read(run, address):
    code, out, _ = run(f"{address}/feed", "--json")

    read = json.loads(out)
    assert code == 0
    assert read["source"] == f"{address}/feed"
    assert read["announcements"][0]["guid"] == made_up.GUID


@pytest.mark.usefixtures("on_this_machine")
def test_an_address_without_a_document_is_refused(run, address):
    code, out, _ = run(f"{address}/elsewhere", "--json")

    assert code == 1
    assert json.loads(out)["type"] == "refused-by-server"


def test_an_address_of_this_machine_is_never_asked_by_itself(run):
    code, out, _ = run("http://127.0.0.1/feed", "--json")

    assert code == 2
    assert json.loads(out)["type"] == "private-address"


def test_an_installation_that_asks_nobody_does_not_fetch(run, monkeypatch):
    monkeypatch.setenv("COMITY_OUTBOUND", "off")

    code, out, _ = run("https://customs.northland.example/feed", "--json")

    assert code == 1
    assert json.loads(out)["type"] == "outbound-off"


def test_the_help_names_what_a_node_can_do_as_well(capsys):
    with pytest.raises(SystemExit):
        main(["news", "--help"])

    told = capsys.readouterr().out
    assert all(f"  {act} " in told for act in ("read", *NODE_ACTS))
    assert NODE_ACTS <= ACTS_OF_NODE


def test_the_command_stands_in_the_reference():
    assert "## `comity news read`" in commands_reference_markdown()
