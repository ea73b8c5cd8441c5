"""`comity training run`: from nothing to a running node that tells its story, and again."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = [pytest.mark.node, pytest.mark.scenario, pytest.mark.slow]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


REAL_FEED = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Another feed</title><link>https://other.example/</link>
<description>For this test</description><item><title>An arrangement is signed</title>
<guid isPermaLink="false">other-1</guid><pubDate>Tue, 14 Apr 2026 10:00:00 GMT</pubDate>
<description>The customs administrations of Lebanon and the United States signed a Customs Mutual
Assistance Agreement on April 13, 2026.</description></item></channel></rss>
"""


def told(home: Path, port: int, *options: str) -> tuple[str, str, str, int]:
    """Run until the story is told: what was printed, where the map leads, our feed, the code."""
    environment = os.environ | {
        "COMITY_HOME": str(home),
        "COMITY_PORT": str(port),
        "COMITY_LOCAL_PORT": str(free_port()),
        "PYTHONUNBUFFERED": "1",
    }
    output = home.with_suffix(".txt")
    with output.open("w") as sink:
        node = subprocess.Popen(
            [sys.executable, "-m", "comity.cli", "training", "run", *options],
            env=environment,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        patience = time.monotonic() + 240
        while "Ctrl-C.\n" not in output.read_text().partition("Sign in at")[2]:
            assert node.poll() is None, output.read_text()
            assert time.monotonic() < patience, output.read_text()
            time.sleep(0.5)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/agreements/coverage/") as page:
            shown = page.geturl()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/news/feed.xml") as feed:
            published = feed.read().decode()
    finally:
        node.send_signal(signal.SIGINT)
        code = node.wait(60)
    return output.read_text(), shown, published, code


def test_a_training_node_turns_a_persons_question_into_a_lawful_yes_twice_in_a_row(
    tmp_path: Path,
) -> None:
    home, port = tmp_path / "node", free_port()

    real = tmp_path / "real.xml"
    real.write_text(REAL_FEED, "utf-8")

    first, sign_in, published, stopped = told(home, port)
    again, _, published_again, stopped_again = told(home, port, "--feed", str(real))

    for story in (first, again):
        assert "From the shipped register alone: person-must-decide" in story
        assert re.search(r"this node's API: permitted, under us-cv-2023 \(ASM-\d+\)", story)
        assert "countersigned: CNF-00001, CNF-00002, CNF-00003." in story
        assert re.search(r"casey +[a-z0-9-]{24}", story)
        assert "Traceback" not in story
    assert "Making a training node" in first
    assert "Making a training node" not in again
    assert "/account/" in sign_in, "nobody sees a page before signing in"
    assert (stopped, stopped_again) == (0, 0)
    the_news_is_read_once_and_one_change_accepted(first, again)
    assert published == published_again
    assert published.count("<item>") == 1
    assert "Toni" not in published


def the_news_is_read_once_and_one_change_accepted(first: str, again: str) -> None:
    """The made-up feed proposes in the first run only, a given one in the run it is given to."""
    read = r"{}: (\d+) releases, (\d+) new and (\d+) edited; they propose (\d+) changes"
    made_up = read.format("Made-up announcements")
    at_first, edited = re.findall(made_up, first)
    releases, changes = int(at_first[0]), int(at_first[3]) + int(edited[3])
    assert at_first[:3] == (str(releases), str(releases), "0")
    assert edited[:3] == (str(releases), "0", "1")
    assert re.findall(made_up, again) == [(str(releases), "0", "0", "0")]
    given = read.format("The feed that was given")
    assert re.findall(given, again) == [("1", "1", "0", "1")]
    waiting = r"(\d+) proposals wait for a person"
    open_then, open_now = (int(re.search(waiting, story)[1]) for story in (first, again))
    assert open_then == changes - 2, "one accepted by a person, one taken back by its own release"
    assert open_now == open_then + 1
    accepted = re.compile(r"Toni, the treaty custodian, accepted (NPR-\d+) and made it public")
    assert accepted.search(first)[1] == accepted.search(again)[1]
    before, now = re.search(
        r"the coverage map said “([^”]+)”; now it says “([^”]+)”", first
    ).groups()
    assert before == "Nothing is registered"
    assert now != before
    for story in (first, again):
        assert "Our own feed, open to everybody, says:" in story
        assert re.search(r"/agreements/instruments/[a-z0-9-]+/#history", story)
        assert re.search(r"/news/releases/REL-\d+/", story)


def test_a_feed_that_is_not_there_is_refused_before_a_node_is_made(tmp_path: Path) -> None:
    home = tmp_path / "node"
    words = [sys.executable, "-m", "comity.cli", "training", "run", "--feed", "missing.xml"]

    refused = subprocess.run(
        words,
        env=os.environ | {"COMITY_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 2
    assert "missing.xml" in refused.stderr
    assert not home.exists()
