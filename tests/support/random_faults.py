# SPDX-License-Identifier: Apache-2.0
"""A randomised run against two real nodes: traffic and faults drawn from a seed, then an audit.

The plan (which messages, which faults, in which order, how hard) follows from the seed alone and
is the same at every run; when exactly a process is struck is the machine's. What was
acknowledged, and what is in doubt, is remembered outside of both nodes.
"""

from __future__ import annotations

import contextlib
import signal
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.support.exchange_nodes import (
    NORTHLAND,
    SOUTHLAND,
    ActorFailedError,
    ExchangeNode,
    Pair,
    exchange_node,
    introduce,
)
from tests.support.faulty_network import FaultyNetwork
from tests.support.nodes import free_port
from tests.support.random_strikes import STRIKES, Field, Strike

CODES = (NORTHLAND, SOUTHLAND)
MANY = 10_000_000
PAGE = 1000
OWN_KINDS = ("exchange.card/1",)
"""What a node posts by itself, when its keys change."""
GRAVE = frozenset(
    (
        "log-forked",
        "log-rewound",
        "log-replaced",
        "own-log-differs",
        "signature-failures",
        "foreign-receipt",
        "foreign-sender",
        "id-conflict",
    )
)
"""Alarms that accuse an honest partner: no fault of machine or network may raise them."""
MOST_WAITING = 400
MOST_SHOWN = 40
LOGGED = 8000
"""Characters of a worker's log that a failure shows."""


# The plan


@dataclass(frozen=True, slots=True)
class Drawn:
    """One message, before it is posted."""

    id: str
    seed: int
    body: int
    parts: tuple[tuple[int, int], ...] = ()
    """Seed and size of each."""
    test: bool = False
    reply: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As the actor is told."""
        named = ("id", "seed", "body", "parts", "test", "reply")
        return {name: getattr(self, name) for name in named}


@dataclass(frozen=True, slots=True)
class Step:
    """Some traffic, and what strikes while it goes on."""

    traffic: tuple[tuple[Drawn, ...], tuple[Drawn, ...]]
    """Northland's, and Southland's."""
    strikes: tuple[Strike, ...]
    pause: float
    hurry: bool
    ready: bool
    """Whether it begins when both workers listen."""
    deliver: tuple[bool, bool]


def planned(
    seed: int, messages: int, *, burst: int = 25, strikes: Sequence[str] = tuple(STRIKES)
) -> list[Step]:
    """The plan of a run: every message goes while something strikes."""
    chance, left, steps = Random(seed), messages, list[Step]()
    sent: tuple[list[Drawn], list[Drawn]] = ([], [])
    pool = max(200, messages // 25)
    while left > 0:
        size = min(left, chance.randint(burst // 2, burst * 3 // 2))
        left -= size
        north = chance.randint(0, size)
        traffic = tuple(
            tuple(_drawn(chance, sent[1 - side], pool) for _ in range(count))
            for side, count in enumerate((north, size - north))
        )
        again = tuple(tuple(chance.sample(sent[side], min(len(sent[side]), 2))) for side in (0, 1))
        for side in (0, 1):
            sent[side].extend(traffic[side])
        steps.append(
            Step(
                (traffic[0] + again[0], traffic[1] + again[1]),
                _strikes(chance, strikes),
                chance.uniform(0.05, 0.6),
                chance.random() < 0.5,
                chance.random() < 0.7,
                (chance.random() < 0.25, chance.random() < 0.25),
            )
        )
    return steps


def _strikes(chance: Random, names: Sequence[str]) -> tuple[Strike, ...]:
    weights = [STRIKES[name].weight for name in names]
    drawn = dict.fromkeys(chance.choices(names, weights, k=chance.choice((1, 1, 2))))
    return tuple(Strike(name, chance.randrange(2), chance.getrandbits(32)) for name in drawn)


def _drawn(chance: Random, theirs: Sequence[Drawn], pool: int) -> Drawn:
    identifier = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    seed = chance.getrandbits(32)
    if chance.random() < 0.1:
        return Drawn(identifier, seed, 0, test=True)
    parts = tuple(_part(chance.randrange(pool)) for _ in range(chance.choice((0,) * 6 + (1, 1, 3))))
    reply = chance.choice(theirs[-50:]).id if theirs and chance.random() < 0.2 else ""
    body = chance.choice((20, 200, 2000, 20_000))
    return Drawn(identifier, seed, body, parts, reply=reply)


def _part(number: int) -> tuple[int, int]:
    """A part of a pool: now and then two messages have the same content."""
    chance = Random(number)
    large = chance.random() < 0.08
    return number, chance.randint(1_100_000, 3_000_000) if large else chance.randint(1, 150_000)


# The run


@dataclass(slots=True)
class Run:
    """One run; `broken` is a rule that the workers break, `report` is told how it goes."""

    seed: int
    pair: Pair
    networks: tuple[FaultyNetwork, FaultyNetwork]
    broken: str = ""
    report: Callable[[str], None] = lambda _: None
    accepted: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))
    """What each side acknowledged, by id: what was drawn, digest, digests of the parts."""
    doubt: tuple[dict[str, Drawn], dict[str, Drawn]] = field(default_factory=lambda: ({}, {}))
    """Posted, and not known whether: posted again."""
    struck: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    since: list[dict[str, int]] = field(default_factory=list)

    def go(self, steps: Sequence[Step]) -> None:
        """Run the plan, heal everything, wait until nothing waits, and audit."""
        try:
            self._go(steps)
        except Exception as error:  # the seed and the history are told whatever went wrong
            self._note(traceback.format_exc())
            self.wrong.append(f"the run itself failed: {type(error).__name__}: {error}")

    def _go(self, steps: Sequence[Step]) -> None:
        self.since = [each.ask("newest") for each in self.pair.both]
        for each in self.pair.both:
            each.kill_workers()
        self._heal()
        for number, step in enumerate(steps, 1):
            named = ", ".join(f"{s.name} at {CODES[s.side]}" for s in step.strikes)
            count = sum(map(len, step.traffic))
            self._note(f"step {number} of {len(steps)}: {count} messages; {named}")
            self._step(step)
        self._note("all healed; waiting until nothing waits")
        self._end()
        self._note("auditing")
        self.audit()

    def _step(self, step: Step) -> None:
        if step.ready:
            for node in self.pair.both:
                node.wait_until_listening()
        going = [self._begin(strike) for strike in step.strikes]
        for strike in going:
            next(strike)
        told = [self._tell(side, step.traffic[side]) for side in (0, 1)]
        for strike in going:
            next(strike)
        for side in (0, 1):
            self._collect(side, told[side])
        time.sleep(step.pause)
        for strike in going:
            next(strike, None)
        self._heal()
        for side, deliver in enumerate(step.deliver):
            if deliver:
                self._ask(side, "deliver")
        self._let_go_on(hurry=step.hurry)

    def _begin(self, strike: Strike) -> Generator[None, None, None]:
        self.struck[strike.name] += 1
        node = self.pair.both[strike.side]
        partner = CODES[1 - strike.side]
        chance = Random(strike.seed)
        field_ = Field(
            node,
            partner,
            self.networks[strike.side],
            chance,
            self._start_worker,
            lambda act, **given: self._ask(strike.side, act, **given),
            self._note,
        )
        return STRIKES[strike.name].run(field_)

    def _tell(self, side: int, traffic: Sequence[Drawn]) -> dict[str, Drawn]:
        """Begin to post; what was in doubt goes first."""
        given = {**self.doubt[side], **{each.id: each for each in traffic}}
        self.doubt[side].update(given)
        node = self.pair.both[side]
        if given:
            self._ask(side, "newest")  # where the actor is gone, one is there again
            drawn = [each.as_dict() for each in given.values()]
            with contextlib.suppress(OSError, AssertionError):
                node.tell("post_drawn", to=CODES[1 - side], drawn=drawn)
        return given

    def _collect(self, side: int, told: dict[str, Drawn]) -> None:
        if not told:
            return
        try:
            answer = self.pair.both[side].answer()
        except (ActorFailedError, AssertionError, OSError, ValueError) as error:
            self._note(f"in doubt at {CODES[side]}: {len(told)} messages ({str(error)[:200]})")
            return
        for identifier, digest, parts in answer["accepted"]:
            found = (told[identifier], digest, parts)
            before = self.accepted[side].setdefault(identifier, found)
            if before[1:] != found[1:]:
                self.wrong.append(f"{identifier} was posted twice and is another")
            self.doubt[side].pop(identifier, None)

    def _ask(self, side: int, act: str, **given: Any) -> dict[str, Any]:
        """Ask the actor, again where its database was away or a strike hit it."""
        node, error = self.pair.both[side], AssertionError()
        for _ in range(20):
            try:
                return node.ask(act, **given)
            except (ActorFailedError, OSError, ValueError) as failed:
                error = AssertionError(f"{act} at {CODES[side]}: {failed}")
                if node.actor is not None:
                    node.actor.kill()
                    node.actor.wait()
                self._revive_database(node)
                time.sleep(0.2)
        raise error

    def _start_worker(self, node: ExchangeNode, **variables: str) -> None:
        broken = {"COMITY_TEST_BROKEN": self.broken} if self.broken else {}
        node.start_worker(**(broken | variables))

    def _revive_database(self, node: ExchangeNode) -> None:
        if node.server is None or node.server.poll() is not None:
            node.start_database()

    def _heal(self) -> None:
        """Everything that should run runs, and nothing strikes any more."""
        for node, network in zip(self.pair.both, self.networks, strict=True):
            network.calm()
            network.links[:] = [link for link in network.links if link.client.fileno() >= 0]
            node.fault_file.unlink(missing_ok=True)
            self._revive_database(node)
            node.workers[:] = [worker for worker in node.workers if worker.poll() is None]
            if not node.workers:
                self._start_worker(node)

    def _let_go_on(self, *, hurry: bool) -> None:
        """An operator tries again now and then, and the queues do not grow without end."""
        if hurry:
            self._try_again()
        for _ in range(240):
            waiting = [self._waiting(side) for side in (0, 1)]
            if sum(waiting) < MOST_WAITING:
                return
            self._try_again()
            time.sleep(0.5)

    def _try_again(self) -> None:
        for side in (0, 1):
            self._ask(side, "try_again", partner=CODES[1 - side])

    def _waiting(self, side: int) -> int:
        states = self._ask(side, "waiting")["states"]
        return sum(states.get(state, 0) for state in ("queued", "sending"))

    def _end(self) -> None:
        self._heal()
        for node in self.pair.both:
            node.wait_until_listening()
        for _ in range(10):
            for side in (0, 1):
                self._collect(side, self._tell(side, ()))
            if not any(self.doubt):
                break
        for side in (0, 1):
            self.wrong += [f"{each} could not be posted" for each in self.doubt[side]]
        try:
            self.pair.wait_until_settled(75 + len(self.accepted[0]) / 50, hurry=True)
        except AssertionError as error:
            found = [self._ask(side, "waiting") for side in (0, 1)]
            self.wrong.append(f"something waits for ever ({error}): {found}")
            self._note_where_everybody_stands()
        for network in self.networks:
            self.struck.update(f"network: {fault}" for fault in network.struck)

    def _note_where_everybody_stands(self) -> None:
        """Every thread of every worker, and the messages that wait."""
        for node in self.pair.both:
            for worker in node.workers:
                worker.send_signal(signal.SIGUSR1)
            time.sleep(0.5)
            waiting = [r for r in node.messages("out") if r["state"] in ("queued", "sending")]
            self._note(f"waiting at {node.code}: {waiting[:5]}")
            self._note(f"log of {node.code}: {node.log[-LOGGED:]}")

    # The audit

    def audit(self) -> None:
        """Compare what was acknowledged with what both nodes have."""
        rows = [self._rows(side) for side in (0, 1)]
        for side in (0, 1):
            self._compare(side, rows[side], rows[1 - side])
            self._of_node(side)

    def _rows(self, side: int) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """A node's ledger, by direction and id; what is wrong by itself is noted."""
        found: dict[str, dict[str, list[dict[str, Any]]]] = {"in": {}, "out": {}}
        since = self.since[side]["row"]
        while True:
            page = self._ask(side, "audit", partner=CODES[1 - side], since=since, limit=PAGE)
            for row in page["rows"]:
                found[row["direction"]].setdefault(row["id"], []).append(row)
                where = f"{row['id']} ({row['direction']}, {row['reference']} of {CODES[side]})"
                self.wrong += [f"{where}: {each}" for each in row["wrong"]]
            if not page["rows"]:
                return found
            since = page["last"]

    def _compare(self, side: int, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
        sent, there = ours["out"], theirs["in"]
        for identifier, (drawn, digest, parts) in self.accepted[side].items():
            self._is_there_once(identifier, sent, "with its sender", digest, parts)
            self._is_there_once(identifier, there, "with its recipient", digest, parts)
            if drawn.test:
                self._answered(identifier, theirs["out"], ours["in"])
        for identifier, (row, *_) in sent.items():
            self._of_sent(side, row, there.get(identifier, []))
        for identifier, (row, *_) in there.items():
            if identifier not in sent:
                self.wrong.append(f"{identifier} was received and never sent")
            if row["state"] not in ("received", "delivered", "opened"):
                self.wrong.append(f"{identifier} is {row['state']} with its recipient")

    def _is_there_once(
        self, identifier: str, rows: Mapping[str, Any], where: str, digest: str, parts: list[str]
    ) -> None:
        found = rows.get(identifier, [])
        if len(found) != 1:
            word = f"there {len(found)} times" if found else "lost"
            self.wrong.append(f"{identifier} is {word} {where}")
        elif (found[0]["digest"], found[0]["parts"]) != (digest, parts):
            self.wrong.append(f"{identifier} is another {where}")

    def _of_sent(self, side: int, row: dict[str, Any], there: list[dict[str, Any]]) -> None:
        """What its sender has of a message, beside what its recipient has."""
        identifier, posted = row["id"], row["id"] in self.accepted[side]
        if not posted and not self._by_itself(side, row):
            self.wrong.append(f"{identifier} ({row['kind']}) was never posted")
        if row["state"] not in ("relayed", "delivered", "opened"):
            self.wrong.append(f"{identifier} is {row['state']} with its sender")
        if not there and not posted:
            self.wrong.append(f"{identifier} ({row['kind']}) is lost with its recipient")
        if there and there[0]["receipt"] != row["receipt"]:
            self.wrong.append(f"{identifier} has not the same receipt on both sides")

    def _answered(self, question: str, sent: Mapping[str, Any], there: Mapping[str, Any]) -> None:
        for rows, what in ((sent, "sent"), (there, "received")):
            answers = [r for found in rows.values() for r in found if r["reply"] == question]
            tests = [row for row in answers if row["kind"] == "exchange.test/1"]
            if len(tests) != 1:
                self.wrong.append(f"the test {question} has {len(tests)} answers that were {what}")

    def _by_itself(self, side: int, row: Mapping[str, Any]) -> bool:
        """Whether the node posted it without being asked: its card, or an answer to a test."""
        question = self.accepted[1 - side].get(row["reply"])
        answers = row["kind"] == "exchange.test/1" and question is not None and question[0].test
        return answers or row["kind"] in OWN_KINDS

    def _of_node(self, side: int) -> None:
        node, own, partner = self.pair.both[side], CODES[side], CODES[1 - side]
        if self.broken:  # the rows say enough
            return
        if not self._ask(side, "verify_journal")["holds"]:
            self.wrong.append(f"the journal of {own} does not verify")
        for words in (("journal", "verify"), ("journal", "verify", "--partner", partner)):
            done = node.node.command(*words)
            if done.returncode:
                self.wrong.append(f"{' '.join(words)} at {own}: {done.stdout}{done.stderr}")
        if left := self._ask(side, "arriving")["arriving"]:
            self.wrong.append(f"{left} arrivals are left over at {own}")
        for kind, facts in self._ask(side, "alarms", since=self.since[side]["alarm"])["raised"]:
            self._note(f"alarm at {own}: {kind} {facts}")
            if kind in GRAVE:
                self.wrong.append(f"a false alarm at {own}: {kind} {facts}")

    # What it tells

    def _note(self, line: str) -> None:
        told = f"{time.monotonic() - self.begun:8.1f} s  {line}"
        self.history.append(told)
        self.report(told)

    @property
    def summary(self) -> str:
        """One line."""
        messages = sum(map(len, self.accepted))
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.struck.items()))
        seconds = time.monotonic() - self.begun
        verdict = f"{len(self.wrong)} found wrong" if self.wrong else "0 lost, 0 doubled"
        return f"seed {self.seed}: {messages} messages, {seconds:.0f} s, {verdict}; {faults}"

    def failure(self, replay: str) -> str:
        """What to read of a run that failed, and how to have it again."""
        shown = [*self.wrong[:MOST_SHOWN], f"({len(self.wrong)} in all)"]
        lines = [self.summary, f"replay: {replay}", *shown, "history:", *self.history]
        return "\n".join(lines)


@contextlib.contextmanager
def faulty_pair() -> Iterator[tuple[Pair, tuple[FaultyNetwork, FaultyNetwork]]]:
    """Two nodes that know one another by addresses that lead through bad networks."""
    with contextlib.ExitStack() as stack:
        ports = [free_port() for _ in CODES]
        networks = [stack.enter_context(FaultyNetwork(port)) for port in ports]

        def make(side: int) -> ExchangeNode:
            url = f"https://127.0.0.1:{networks[side].port}"
            port = str(ports[side])
            node = exchange_node(CODES[side], COMITY_EXCHANGE_PORT=port, COMITY_EXCHANGE_URL=url)
            stack.callback(node.remove)
            node.start_database()
            node.ask("make_ready")
            return node

        with ThreadPoolExecutor(2) as both:
            north, south = both.map(make, (0, 1))
        pair = Pair(north, south)
        introduce(north, south)
        for side, node in enumerate(pair.both):
            ceilings = {"messages_a_day": MANY, "bytes_a_day": MANY * 1000_000}
            node.ask("set_ceilings", partner=CODES[1 - side], **ceilings)
            node.ask("prepare_keys")
        pair.start_workers()
        pair.wait_until_settled()
        yield pair, (networks[0], networks[1])
