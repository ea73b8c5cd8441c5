# SPDX-License-Identifier: Apache-2.0
"""Restarts, races, full disks, wrong clocks, pauses: what waits is late and never lost."""

from __future__ import annotations

import shutil

import pytest

from tests.support.exchange_nodes import ExchangeNode, Pair, eventually

pytestmark = [pytest.mark.node, pytest.mark.slow]

LARGE = [2_500_000]


def test_a_database_that_is_killed_and_comes_back_is_found_again(pair: Pair):
    pair.southland.kill_database()
    pair.northland.ask("send", to="XS", count=5)
    eventually(lambda: pair.northland.ask("waiting")["problems"]["XS"] != "")
    pair.southland.start_database()

    _expect_all(pair)

    pair.northland.kill_database()
    pair.northland.start_database()
    pair.northland.ask("send", to="XS", count=5)

    _expect_all(pair)
    assert all(worker.poll() is None for each in pair.both for worker in each.workers)


def test_two_workers_that_race_send_everything_once(pair: Pair):
    pair.northland.start_worker(COMITY_EXCHANGE_PORT="0")
    pair.southland.start_worker(COMITY_EXCHANGE_PORT="0")

    pair.northland.ask("send", to="XS", count=120, parts=[70_000])
    pair.northland.kill_one_worker()
    pair.southland.ask("send", to="XN", count=40)

    _expect_all(pair)
    pair.northland.kill_workers()
    pair.southland.stop_workers()


def test_after_a_power_cut_everything_goes_on(pair: Pair):
    pair.northland.ask("send", to="XS", count=60)
    pair.northland.ask("send", to="XS", parts=LARGE)
    for each in pair.both:
        each.kill_all()
    for each in pair.both:
        each.start_database()
        each.start_worker()

    _expect_all(pair)
    assert all(each.ask("verify_journal")["holds"] for each in pair.both)


def test_a_nearly_full_disk_lets_words_through_and_large_parts_wait(pair: Pair):
    free = shutil.disk_usage(pair.southland.node.path).free // 2**20
    _restart(pair.southland, COMITY_EXCHANGE_RESERVE=str(free * 2 // 3))

    pair.northland.ask("send", to="XS", parts=LARGE)
    pair.northland.ask("send", to="XS")

    eventually(lambda: _states(pair.northland)[-1] == "relayed")
    eventually(lambda: pair.northland.messages("out")[-2]["problem"] == "disk-low")
    assert _states(pair.northland)[-2] == "sending"
    _restart(pair.southland)
    _expect_all(pair)


def test_a_full_disk_takes_nothing_and_loses_nothing(pair: Pair):
    free = shutil.disk_usage(pair.southland.node.path).free // 2**20
    _restart(pair.southland, COMITY_EXCHANGE_RESERVE=str(min(free * 2, 1024 * 1024)))

    pair.northland.ask("send", to="XS")

    eventually(lambda: pair.northland.messages("out")[-1]["problem"] == "disk-low")
    assert _states(pair.northland)[-1] == "queued"
    _restart(pair.southland)
    _expect_all(pair)


@pytest.mark.parametrize("hours", ["-7", "7"])
def test_a_partner_whose_clock_is_off_by_hours_is_told_and_waited_for(pair: Pair, hours: str):
    pair.southland.stop_workers()
    pair.southland.start_worker(COMITY_TEST_CLOCK_HOURS=hours)

    pair.northland.ask("send", to="XS")

    eventually(lambda: pair.northland.ask("partner", code="XS")["failures"] > 0)
    assert _states(pair.northland)[-1] == "queued"
    _restart(pair.southland)
    _expect_all(pair)


def test_maintenance_lasts_through_a_restart_and_holds_both_ways(pair: Pair):
    pair.southland.ask("begin_maintenance", minutes=30)
    _restart(pair.southland)

    pair.northland.ask("send", to="XS")
    pair.southland.ask("send", to="XN")

    eventually(lambda: pair.northland.ask("waiting")["problems"]["XS"] == "maintenance")
    assert _states(pair.northland)[-1] == "queued"
    assert _states(pair.southland)[-1] == "queued"
    pair.southland.ask("end_maintenance")
    eventually(lambda: _states(pair.southland)[-1] == "relayed")
    _expect_all(pair)


def test_a_suspension_lasts_through_a_restart(pair: Pair):
    pair.southland.ask("suspend", partner="XN")
    _restart(pair.southland)

    pair.northland.ask("send", to="XS")

    eventually(lambda: pair.northland.ask("waiting")["problems"]["XS"] == "partner-suspended")
    assert _states(pair.northland)[-1] == "queued"
    pair.southland.ask("resume", partner="XN")
    _expect_all(pair)


def test_a_quota_makes_the_sender_wait_and_drops_nothing(pair: Pair):
    there = len(pair.southland.messages("in"))
    pair.southland.ask("set_ceilings", partner="XN", messages_a_day=there + 1)

    pair.northland.ask("send", to="XS")
    pair.wait_until_settled()
    pair.northland.ask("send", to="XS", count=3)

    eventually(lambda: pair.northland.ask("waiting")["problems"]["XS"] == "quota-reached")
    assert _states(pair.northland)[-3:] == ["queued"] * 3
    pair.southland.ask("set_ceilings", partner="XN", messages_a_day=100_000)
    _expect_all(pair)


def test_a_worker_that_is_asked_to_end_does_so_at_once(pair: Pair):
    pair.northland.ask("send", to="XS", count=30)

    for each in pair.both:
        each.stop_workers(seconds=10)

    pair.start_workers()
    _expect_all(pair)


def _restart(node: ExchangeNode, **variables: str) -> None:
    node.stop_workers()
    node.start_worker(**variables)
    node.wait_until_listening()


def _states(node: ExchangeNode) -> list[str]:
    return [row["state"] for row in node.messages("out")]


def _expect_all(pair: Pair) -> None:
    pair.wait_until_settled(hurry=True)
    assert pair.compare() == []
    assert len(pair.southland.messages("in")) == len(pair.northland.messages("out"))
