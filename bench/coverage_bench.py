# SPDX-License-Identifier: Apache-2.0
"""The coverage of one administration, and loading the whole register.

The peer of the coverage is `verdict_of`, put for single cells in the same run: the matrix must
give the same answers, many at a time. The peer of loading is PyYAML's C parser, which only turns
the same files into plain mappings. Every round has a day of its own, so that nothing is kept.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta

import yaml

from bench.measurement import Figure, Measurement
from comity.agreements.coverage import Coverage, coverage
from comity.agreements.coverage_matrix import CELLS, FORMS, OFFENCES, PURPOSES
from comity.agreements.determination import verdict_of
from comity.agreements.domestic_law import load_domestic_laws
from comity.agreements.instrument_files import INSTRUMENTS_FOLDER, MODELS_FOLDER, load_register
from comity.agreements.question import Ask
from comity.agreements.register import Register

ADMINISTRATION = "US"
DAY = date(2024, 10, 11)
ROUNDS = 5
SAMPLE = 10_000


def run() -> Measurement:
    """Measure the matrix, its agreement with single answers, and the load."""
    register = load_register()
    seconds, whole = _coverages(register)
    unequal, single = _sample(whole, register)
    return Measurement(
        "The coverage and the register",
        f"{ADMINISTRATION} and {len(whole.matrices)} partners, {CELLS} combinations of form, "
        f"offence and purpose each; {len(register.instruments)} instruments.",
        (
            Figure(
                "coverage of all partners on one day",
                seconds,
                "s",
                f"the same verdicts one at a time, reckoned from {SAMPLE:,}",
                len(whole.matrices) * CELLS / single,
                "≤ 2 s",
            ),
            Figure(
                "cells of the coverage",
                len(whole.matrices) * CELLS / seconds,
                "/s",
                beside="the same verdicts one at a time",
                beside_value=single,
            ),
            Figure(f"cells of {SAMPLE} that differ from their verdict", unequal, "", goal="0"),
            Figure(
                "loading and checking every instrument",
                _median(lambda: load_register(INSTRUMENTS_FOLDER)),
                "s",
                beside="PyYAML parsing the same files",
                beside_value=_median(_parse),
                goal="≤ 1 s",
            ),
        ),
    )


def _coverages(register: Register) -> tuple[float, Coverage]:
    laws = load_domestic_laws()
    days = [DAY + timedelta(days=passed) for passed in range(ROUNDS)]
    times = []
    for day in days:
        begun = time.perf_counter()
        coverage(ADMINISTRATION, day, register, laws=laws)
        times.append(time.perf_counter() - begun)
    return statistics.median(times), coverage(ADMINISTRATION, DAY, register, laws=laws)


def _sample(whole: Coverage, register: Register) -> tuple[int, float]:
    """How many random cells differ from the verdict, and how many verdicts a second there are."""
    chance = random.Random(20241011)
    cells = [
        (
            chance.choice(list(whole.matrices)),
            chance.choice(FORMS),
            chance.choice(OFFENCES),
            chance.choice(PURPOSES),
        )
        for _ in range(SAMPLE)
    ]
    questions = [
        Ask(ADMINISTRATION, partner, (form,), (purpose,), DAY, (offence,))
        for partner, form, offence, purpose in cells
    ]
    laws = load_domestic_laws()
    begun = time.perf_counter()
    verdicts = [verdict_of(question, register, laws=laws) for question in questions]
    taken = time.perf_counter() - begun
    pairs = zip(cells, verdicts, strict=True)
    return sum(whole.verdict(*cell) is not verdict for cell, verdict in pairs), SAMPLE / taken


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _parse() -> None:
    for folder in (INSTRUMENTS_FOLDER, MODELS_FOLDER):
        for file in folder.rglob("*.yaml"):
            yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
