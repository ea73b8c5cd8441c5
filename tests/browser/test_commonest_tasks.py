# SPDX-License-Identifier: Apache-2.0
"""The commonest tasks take no more of an officer than is stated beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.commonest_tasks import TASKS, Cost, Hand, Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.perform.__name__)
def test_a_common_task_takes_no_more_than_its_clicks_and_keys(
    task: Task, signed_in: Callable[..., Page]
):
    cost = Cost()

    def desk_of(role: str) -> Hand:
        page = signed_in(role)
        page.goto("/")
        return Hand(page, cost)

    task.perform(desk_of)

    assert 0 < cost.clicks <= task.most_clicks
    assert cost.keys <= task.most_keys
