"""What a site's robots.txt asks of us."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.robots import LARGEST, LONGEST_DELAY, Robots, Rule, read_robots

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


def read(text: str) -> Robots:
    return read_robots(text.encode(), at=NOW)


def test_an_empty_file_allows_everything() -> None:
    assert read("").allow("/news.xml")


def test_what_is_asked_of_everybody_is_asked_of_us() -> None:
    robots = read("User-agent: *\nDisallow: /private/\n")

    assert not robots.allow("/private/news.xml")
    assert robots.allow("/news.xml")


def test_what_is_asked_of_us_by_name_replaces_what_is_asked_of_everybody() -> None:
    robots = read("User-agent: *\nDisallow: /\n\nUser-Agent: Comity\nDisallow: /drafts\n")

    assert robots.allow("/news.xml")
    assert not robots.allow("/drafts/1")


def test_a_group_may_name_several_and_stand_in_several_places() -> None:
    robots = read(
        "User-agent: other\nUser-agent: comity\nDisallow: /a\n\n"
        "User-agent: *\nDisallow: /\n\nUser-agent: comity\nDisallow: /b\n"
    )

    assert [robots.allow(path) for path in ("/a", "/b", "/c")] == [False, False, True]


def test_being_named_without_a_rule_allows_everything() -> None:
    assert read("User-agent: *\nDisallow: /\n\nUser-agent: comity\nDisallow:\n").allow("/news")


def test_the_longest_rule_decides_and_allowing_wins_a_tie() -> None:
    robots = read("User-agent: *\nDisallow: /news\nAllow: /news/public\nDisallow: /x\nAllow: /x\n")

    assert robots.allow("/news/public/1.xml")
    assert not robots.allow("/news/other")
    assert robots.allow("/x")


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/", "/anything", True),
        ("/news", "/newsroom", True),
        ("/news$", "/news", True),
        ("/news$", "/newsroom", False),
        ("/*.xml", "/feeds/news.xml?page=2", True),
        ("/*.xml$", "/feeds/news.xml", True),
        ("/*.xml$", "/feeds/news.xml?page=2", False),
        ("/a*b*c", "/a1b2c3", True),
        ("/a*b*c", "/a1c2b3", False),
        ("*/feed", "/en/feed", True),
        ("/*?print=", "/news?print=1", True),
        ("/a*a$", "/a", False),
        ("/a*a$", "/aa", True),
        ("/*$", "/news", True),
    ],
)
def test_stars_and_ends_are_understood(pattern: str, path: str, fits: bool) -> None:  # noqa: FBT001
    assert Rule(pattern, allows=False).fits(path) is fits


def test_a_pause_between_requests_is_read_and_has_an_end() -> None:
    assert read("User-agent: *\nCrawl-delay: 10\n").delay == 10
    assert read("User-agent: *\nCrawl-delay: 2.5\n").delay == 2
    assert read("User-agent: *\nCrawl-delay: 86400\n").delay == LONGEST_DELAY
    assert read("User-agent: *\nCrawl-delay: soon\n").delay == 0


def test_a_file_of_another_time_is_asked_for_again() -> None:
    robots = Robots(NOW)

    assert not robots.stale(NOW + timedelta(hours=23))
    assert robots.stale(NOW + timedelta(days=1))
    assert robots.stale(NOW - timedelta(seconds=1))


def test_a_site_that_could_not_say_is_asked_nothing_and_soon_again() -> None:
    robots = Robots(NOW, reachable=False)

    assert not robots.allow("/news.xml")
    assert not robots.stale(NOW + timedelta(seconds=59))
    assert robots.stale(NOW + timedelta(minutes=1))


def test_a_hostile_file_is_read_quickly() -> None:
    hostile = b"User-agent: *\nDisallow: /" + b"*a" * 100_000 + b"$\n"
    started = time.perf_counter()

    assert read_robots(hostile * 10, at=NOW).allow("/" + "a" * 2000)
    assert time.perf_counter() - started < 1


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(content: bytes) -> None:
    assert isinstance(read_robots(content, at=NOW).allow("/news.xml"), bool)


def test_no_more_is_read_than_the_standard_asks_for() -> None:
    padded = b"#" * LARGEST + b"\nUser-agent: *\nDisallow: /\n"

    assert read_robots(padded, at=NOW).allow("/news.xml")


names = st.sampled_from(["*", "comity", "other"])
paths = st.text("ab", max_size=4).map(lambda rest: f"/{rest}")
lines = st.lists(st.tuples(st.sampled_from(["allow", "disallow"]), paths), min_size=1, max_size=4)


@given(st.dictionaries(names, lines, max_size=3), paths)
def test_plain_files_mean_what_the_standard_library_reads_when_no_two_rules_fit(
    groups: dict[str, list[tuple[str, str]]], path: str
) -> None:
    text = "\n\n".join(
        f"User-agent: {name}\n" + "\n".join(f"{key}: {value}" for key, value in rules)
        for name, rules in groups.items()
    )
    theirs = RobotFileParser()
    theirs.parse(text.splitlines())
    fitting = {
        key
        for rules in (groups.get("comity") or groups.get("*") or [],)
        for key, value in rules
        if path.startswith(value)
    }

    if len(fitting) < 2:  # with several the library takes the first, the standard the longest
        assert read(text).allow(path) == theirs.can_fetch("comity", path)
