"""`comity training run`: from nothing to a running node that tells its story, and again."""

import contextlib
import os
import random
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


def free_ports() -> int:
    """The first of six ports in a row that nobody listens on: three for each node."""
    while True:
        first = random.randrange(20_000, 30_000)  # below those that the system gives away
        with contextlib.ExitStack() as probes, contextlib.suppress(OSError):
            for port in range(first, first + 6):
                probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


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
        "COMITY_LOCAL_PORT": str(port + 2),
        "COMITY_EXCHANGE_PORT": str(port + 4),
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
        patience = time.monotonic() + 600
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
        code = node.wait(90)
    return output.read_text(), shown, published, code


def test_a_training_node_turns_a_persons_question_into_a_lawful_yes_twice_in_a_row(
    tmp_path: Path,
) -> None:
    home, port = tmp_path / "node", free_ports()

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
    assert "Making the training node of Southland" in first
    assert "Making the training node" not in again
    assert "/account/" in sign_in, "nobody sees a page before signing in"
    assert (stopped, stopped_again) == (0, 0)
    the_news_is_read_once_and_one_change_accepted(first, again)
    the_file_arrives_once_though_its_recipient_was_killed(first, again)
    for story in (first, again):
        the_evidence_is_told_of_first_proves_itself_and_is_taken_back(story)
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


def the_file_arrives_once_though_its_recipient_was_killed(first: str, again: str) -> None:
    """Cut in the middle of the first run; known already in the second, and not sent again."""
    cut = r"With \d+ MB of it arrived, every process of Southland's node was killed"
    assert re.search(cut, first)
    assert "asked for the rest only; the file is whole there, once" in first
    assert "Southland has the file from an earlier run and did not ask for it again." in again
    for story in (first, again):
        ours, theirs = re.findall(r"(Northland|Southland): MSG-\d+, (\w+); evidences: (.+)", story)
        assert ours[0] == "Northland"
        assert ours[2].startswith("submission-accepted, relayed")
        assert theirs[2].startswith("relayed")
        assert len(re.findall(r"comity send scan-of-a-manifest.bin --to XS", story)) == 1
        assert "Both journals verify" in story


def the_evidence_is_told_of_first_proves_itself_and_is_taken_back(story: str) -> None:
    """Refused before the notice, allowed after it; verified without Comity; recalled."""
    assert "The story of the evidence broke off" not in story
    assert re.search(
        r"was told: XS must be told before ITM-\d+ is used for CRIMINAL_EVIDENCE", story
    )
    assert re.search(r"Casey told Southland \([A-Z]+-\d+\), and the use is allowed", story)
    assert re.search(r"A plain Python without Comity verifies it in \d+ steps:", story)
    assert re.search(r"rest on its own word: XS cosigned it as “[^”]+” on \d{4}-", story)
    assert "Northland's answer, signed: deleted." in story


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
