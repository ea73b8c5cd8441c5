# SPDX-License-Identifier: Apache-2.0
"""What stands between us and a partner, in plain words: findings from what was observed.

Nothing is asked or opened here: `services.diagnosing` looks, these rules conclude. A rule reads
its own part of what was seen, and what was not seen proves nothing; so one fault yields the one
finding that names it, and a finding says who has to act and how.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from comity.catalogues import N_
from comity.exchange.partner import Binding, CardKey, KeyUse, PartnerState
from comity.exchange.pressure import Pressure

LARGEST_SKEW = timedelta(minutes=5)


class Stage(StrEnum):
    """How far one connection to an endpoint came."""

    NOTHING = "nothing"
    """The name was not found."""
    NAME = "name"
    """The name was found, and no connection was made."""
    PORT = "port"
    """Somebody took the connection, and TLS 1.3 with the two certificates did not come about."""
    TLS = "tls"


class WhoActs(StrEnum):
    """Whose turn it is after a finding."""

    WE = "we"
    THEY = "they"
    BOTH = "both"
    NETWORK = "network"
    """Whoever runs the lines and firewalls between the two."""


WHO_WORDS: Mapping[WhoActs, str] = {
    WhoActs.WE: N_("we act"),
    WhoActs.THEY: N_("the partner acts"),
    WhoActs.BOTH: N_("both sides act"),
    WhoActs.NETWORK: N_("whoever runs the network acts"),
}


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection to the endpoint on the partner's card."""

    host: str
    port: int
    reached: Stage
    obstacle: str = ""
    """What ended it, as a code of `outbound.peer`; empty where nothing did."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to one signed request for the status of the exchange."""

    status: int
    problem: str = ""
    """The code of a problem document; empty where there was none."""
    is_exchange: bool = False
    """Whether the body is what an exchange answers: its status, or a problem of its own."""
    wire_versions: tuple[int, ...] = ()
    their_time: datetime | None = None
    maintenance: bool = False
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class LoopBack:
    """What became of a message of the kind `test/1` that was just handed over."""

    receipted: bool
    answered: bool = True
    """Whether the partner's own message came back to us, where one was waited for."""
    problem: str = ""
    """The code with which it was refused or held off."""
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class OwnSide:
    """What this node knows of itself, before it asks anybody."""

    maintenance: bool = False
    disk_low: bool = False
    wire_versions: tuple[int, ...] = (2, 1)
    keys: tuple[CardKey, ...] = ()
    waiting: int = 0
    """Messages that wait for this partner."""
    most_waiting: int = 100_000
    problems: tuple[str, ...] = ()
    """Codes with which the partner lately refused what we sent, the newest first."""


@dataclass(frozen=True, slots=True)
class Observations:
    """Everything that one diagnosis saw; None and empty for what it could not look at."""

    at: datetime
    partner: str
    state: PartnerState
    binding: Binding
    own: OwnSide
    keys: tuple[CardKey, ...] = ()
    """The partner's, as its card announced them."""
    connection: Connection | None = None
    answer: Answer | None = None
    loop_back: LoopBack | None = None


Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, named."""

    code: str
    """`DGN-n`, permanent."""
    fault: str
    """A word for programs, such as `clock-skew`."""
    who: WhoActs
    says: str
    """What is wrong, marked for translation, with places for the facts."""
    do: str
    """What to do next, likewise."""
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """How one fault is known, and what is then said."""

    code: str
    fault: str
    who: WhoActs
    says: str
    do: str
    holds: Callable[[Observations], Facts | None]
    """The facts of the fault, or None where it is not there."""


def diagnose(seen: Observations) -> tuple[Finding, ...]:
    """Every fault that these observations prove, in the order in which they are mended."""
    return tuple(
        Finding(rule.code, rule.fault, rule.who, rule.says, rule.do, facts)
        for rule in RULES
        if (facts := rule.holds(seen)) is not None
    )


def _state(*states: PartnerState) -> Callable[[Observations], Facts | None]:
    return lambda seen: {"partner": seen.partner} if seen.state in states else None


def _own(holds: Callable[[OwnSide], bool]) -> Callable[[Observations], Facts | None]:
    return lambda seen: {"partner": seen.partner} if holds(seen.own) else None


def _too_many_waiting(seen: Observations) -> Facts | None:
    if seen.own.waiting < seen.own.most_waiting:
        return None
    return {"waiting": str(seen.own.waiting), "most": str(seen.own.most_waiting)}


_OWN_USES = (KeyUse.IDENTITY, KeyUse.ENVELOPE, KeyUse.ENCRYPTION, KeyUse.TLS)


def _without_valid_key(keys: tuple[CardKey, ...], at: datetime) -> Facts | None:
    """The uses of which keys are known and none is valid at this instant."""
    known = [use for use in _OWN_USES if any(key.use is use for key in keys)]
    expired = [u for u in known if not any(k.use is u and k.fits(at) for k in keys)]
    return {"uses": ", ".join(expired)} if expired else None


def _no_wire_in_common(seen: Observations) -> Facts | None:
    theirs = seen.answer.wire_versions if seen.answer else ()
    refused = _problem(seen) == "wire-version-unknown"
    if not refused and (not theirs or set(theirs) & set(seen.own.wire_versions)):
        return None
    ours = ", ".join(map(str, seen.own.wire_versions))
    return {"theirs": ", ".join(map(str, theirs)) or "?", "ours": ours}


def _name_unknown(seen: Observations) -> Facts | None:
    made = seen.connection
    return {"host": made.host} if made and made.reached is Stage.NOTHING else None


def _no_connection(seen: Observations) -> Facts | None:
    made = seen.connection
    if made is None or made.reached is not Stage.NAME:
        return None
    return {"host": made.host, "port": str(made.port)}


def _ended_by(*obstacles: str) -> Callable[[Observations], Facts | None]:
    """The connection was ended by one of these."""

    def holds(seen: Observations) -> Facts | None:
        made = seen.connection
        if made is None or made.obstacle not in obstacles:
            return None
        return {"host": made.host, "port": str(made.port), "partner": seen.partner}

    return holds


def _their_key_expired(seen: Observations) -> Facts | None:
    if seen.connection is not None and seen.connection.obstacle == "peer-certificate-expired":
        return {"uses": KeyUse.TLS.value}
    return _without_valid_key(seen.keys, seen.at)


def _own_certificate_unknown(seen: Observations) -> Facts | None:
    cut = seen.connection is not None and seen.connection.obstacle == "own-certificate-refused"
    if cut or _problem(seen) in ("certificate-unknown", "partner-unknown"):
        return {"partner": seen.partner}
    return None


def _clock_skew(seen: Observations) -> Facts | None:
    answer = seen.answer
    skew = answer.their_time - seen.at if answer and answer.their_time else timedelta(0)
    if abs(skew) <= LARGEST_SKEW and _problem(seen) != "clock-skew":
        return None
    seconds = round(abs(skew).total_seconds()) if abs(skew) > LARGEST_SKEW else 0
    return {"seconds": str(seconds) if seconds else f"> {LARGEST_SKEW.seconds}"}


def _wrong_endpoint(seen: Observations) -> Facts | None:
    if seen.answer is None or seen.answer.is_exchange or seen.connection is None:
        return None
    return {"host": seen.connection.host, "status": str(seen.answer.status)}


def _problem(seen: Observations) -> str:
    """The code with which the partner refused: the request, else the message."""
    if seen.answer is not None and seen.answer.problem:
        return seen.answer.problem
    return seen.loop_back.problem if seen.loop_back is not None else ""


def _refused_with(*problems: str) -> Callable[[Observations], Facts | None]:
    """The partner refuses us with one of these codes now."""
    return lambda seen: {"partner": seen.partner} if _problem(seen) in problems else None


def _their_maintenance(seen: Observations) -> Facts | None:
    announced = seen.answer is not None and seen.answer.maintenance
    named = _problem(seen) == Pressure.MAINTENANCE
    return {"partner": seen.partner} if announced or named else None


def _lately(*problems: str) -> Callable[[Observations], Facts | None]:
    """The partner refused messages with one of these codes lately."""

    def holds(seen: Observations) -> Facts | None:
        count = sum(1 for problem in seen.own.problems if problem in problems)
        return {"count": str(count)} if count else None

    return holds


OUT_OF_TIME = ("key-not-yet-valid", "key-expired", "key-revoked")
NAMED_ELSEWHERE = frozenset(Pressure) | frozenset(
    {
        "certificate-unknown", "clock-skew", "content-digest-differs", "http-signature-broken",
        "instrument-unknown", "key-not-valid", "key-unknown", "kind-unknown",
        "partner-not-active", "partner-unknown", "replay", "signature-broken", "unsigned",
        "wire-version-unknown",
    }
)  # fmt: skip
"""Codes of which another rule says more than that something was refused."""


def _loop_broken(seen: Observations) -> Facts | None:
    loop = seen.loop_back
    if loop is None or loop.receipted or _problem(seen) in NAMED_ELSEWHERE:
        return None
    return {"partner": seen.partner, "problem": loop.problem or "?"}


def _no_way_back(seen: Observations) -> Facts | None:
    loop = seen.loop_back
    return {"partner": seen.partner} if loop and loop.receipted and not loop.answered else None


def _changed_on_the_way(seen: Observations) -> Facts | None:
    broken = ("http-signature-broken", "content-digest-differs")
    answer_changed = _ended_by("answer-changed")(seen) is not None
    return {} if answer_changed or _problem(seen) in broken else None


BEFORE_ASKING = frozenset(
    {
        "not-confirmed", "suspended-by-us", "ended", "own-maintenance", "own-key-expired",
        "their-key-expired",
    }
)  # fmt: skip
"""Faults that are mended first: while they last, asking the partner would show nothing new."""


RULES: tuple[Rule, ...] = (
    Rule(
        "DGN-1",
        "not-confirmed",
        WhoActs.WE,
        N_("{partner} is not confirmed yet: nothing is sent to it and nothing taken from it."),
        N_("Compare the fingerprint with the partner by telephone, then `comity partner accept`."),
        _state(PartnerState.PROPOSED),
    ),
    Rule(
        "DGN-2",
        "suspended-by-us",
        WhoActs.WE,
        N_("We have suspended {partner}: what it sends is held off, and ours waits."),
        N_("`comity partner resume {partner}` once the reason is gone."),
        _state(PartnerState.SUSPENDED),
    ),
    Rule(
        "DGN-3",
        "ended",
        WhoActs.WE,
        N_("The exchange with {partner} was ended."),
        N_("Read the journal for the reason; a new beginning is a new card, confirmed again."),
        _state(PartnerState.ENDED),
    ),
    Rule(
        "DGN-4",
        "own-maintenance",
        WhoActs.WE,
        N_("Our own node is in maintenance: it sends nothing and takes nothing in."),
        N_("End the maintenance when the work is done."),
        _own(lambda own: own.maintenance),
    ),
    Rule(
        "DGN-5",
        "own-disk-low",
        WhoActs.WE,
        N_("The disk of our own node is nearly full: it takes no more large parts."),
        N_("Make room on the disk of the node's folder; what waits then goes on by itself."),
        _own(lambda own: own.disk_low),
    ),
    Rule(
        "DGN-6",
        "own-key-expired",
        WhoActs.WE,
        N_("Of our own keys none is valid now for: {uses}."),
        N_("`comity partner rotate-keys`; partners get the new card before the keys change."),
        lambda seen: _without_valid_key(seen.own.keys, seen.at),
    ),
    Rule(
        "DGN-7",
        "their-key-expired",
        WhoActs.THEY,
        N_("Of the keys on the partner's card none is valid now for: {uses}."),
        N_("Ask the partner to renew its keys and to send its new card; accept it by file."),
        _their_key_expired,
    ),
    Rule(
        "DGN-8",
        "waiting-full",
        WhoActs.WE,
        N_("{waiting} messages wait for this partner; at most {most} may."),
        N_("Mend what the other findings name; raise the ceiling only if the way is open."),
        _too_many_waiting,
    ),
    Rule(
        "DGN-9",
        "name-unknown",
        WhoActs.BOTH,
        N_("The name {host} of the partner's endpoint is not found."),
        N_("Check the node's name server; ask the partner whether its endpoint has moved."),
        _name_unknown,
    ),
    Rule(
        "DGN-10",
        "no-connection",
        WhoActs.NETWORK,
        N_("Nobody takes a connection at {host}, port {port}."),
        N_("Ask whoever runs our firewall and theirs to open the way; ask whether its node runs."),
        _no_connection,
    ),
    Rule(
        "DGN-11",
        "no-tls",
        WhoActs.NETWORK,
        N_("{host}, port {port}, takes connections but does not speak TLS 1.3."),
        N_("Check the port on the partner's card; a proxy in between must pass TLS untouched."),
        _ended_by("peer-tls-failed"),
    ),
    Rule(
        "DGN-12",
        "another-certificate",
        WhoActs.BOTH,
        N_("{host} shows a certificate that is not on the partner's card."),
        N_(
            "Do not go on before you know why: a proxy that opens TLS, a renewal without a new"
            " card, or somebody else. Ask the partner by telephone."
        ),
        _ended_by("peer-certificate-unknown"),
    ),
    Rule(
        "DGN-13",
        "own-certificate-unknown",
        WhoActs.THEY,
        N_("{partner} does not know our certificate."),
        N_("Send it our present card: `comity partner invite`; it must accept and confirm it."),
        _own_certificate_unknown,
    ),
    Rule(
        "DGN-14",
        "own-key-unknown",
        WhoActs.THEY,
        N_("{partner} does not know the key with which our node signs, or it does not fit."),
        N_("Send it our present card: `comity partner invite`; it must accept and confirm it."),
        _refused_with("key-unknown", *OUT_OF_TIME, "signature-broken", "unsigned"),
    ),
    Rule(
        "DGN-15",
        "clock-skew",
        WhoActs.BOTH,
        N_("The two clocks differ by {seconds} seconds; more than 300 are refused."),
        N_("Compare both with a time server, and let both nodes be set by one (NTP)."),
        _clock_skew,
    ),
    Rule(
        "DGN-16",
        "replay",
        WhoActs.NETWORK,
        N_("The partner has seen our request before: something repeats what we send."),
        N_("Look for a proxy that repeats requests, and for a second copy of our node."),
        _refused_with("replay"),
    ),
    Rule(
        "DGN-17",
        "wrong-endpoint",
        WhoActs.BOTH,
        N_("{host} answers with status {status}, but not as an exchange does."),
        N_("Compare the endpoint on the partner's card with what it tells you now."),
        _wrong_endpoint,
    ),
    Rule(
        "DGN-18",
        "wrong-version",
        WhoActs.BOTH,
        N_("No wire version in common: the partner speaks {theirs}, we speak {ours}."),
        N_("The side with the older release has to upgrade its node."),
        _no_wire_in_common,
    ),
    Rule(
        "DGN-19",
        "suspended-by-them",
        WhoActs.THEY,
        N_("{partner} has suspended the exchange with us."),
        N_("Ask its designated official why; what we have for it waits."),
        _refused_with(Pressure.SUSPENDED, "partner-not-active"),
    ),
    Rule(
        "DGN-20",
        "their-maintenance",
        WhoActs.THEY,
        N_("{partner} is in maintenance."),
        N_("Wait: what we have for it goes out by itself afterwards."),
        _their_maintenance,
    ),
    Rule(
        "DGN-21",
        "quota-reached",
        WhoActs.BOTH,
        N_("What {partner} takes from us in a day is used up."),
        N_("Wait until tomorrow, or ask its administrator for a higher ceiling."),
        _refused_with(Pressure.QUOTA),
    ),
    Rule(
        "DGN-22",
        "slow-down",
        WhoActs.THEY,
        N_("{partner} asks us to send more slowly."),
        N_("Nothing: our node waits as long as it was asked to."),
        _refused_with(Pressure.SLOW_DOWN),
    ),
    Rule(
        "DGN-23",
        "their-disk-low",
        WhoActs.THEY,
        N_("The disk of {partner} is nearly full: it takes no more large parts."),
        N_("Tell its administrator; what waits then goes on by itself."),
        _refused_with(Pressure.DISK_LOW),
    ),
    Rule(
        "DGN-24",
        "kind-refused",
        WhoActs.THEY,
        N_("{partner} does not take the kind of message that was sent."),
        N_("Look at its card for the kinds that it takes; ask whether it is going to upgrade."),
        _refused_with("kind-unknown"),
    ),
    Rule(
        "DGN-25",
        "instrument-refused",
        WhoActs.BOTH,
        N_("{count} messages were lately refused for an instrument that it does not know or read."),
        N_("Compare the two registers: the same instrument, its version, and whether in force."),
        _lately("instrument-unknown", "legal-basis-differs"),
    ),
    Rule(
        "DGN-26",
        "loop-back-failed",
        WhoActs.THEY,
        N_("A test message reached {partner} and came to no receipt ({problem})."),
        N_("Give its administrator the code; our ledger keeps the message."),
        _loop_broken,
    ),
    Rule(
        "DGN-27",
        "no-way-back",
        WhoActs.BOTH,
        N_("{partner} took a test message, and its answer has not reached us."),
        N_("Check that our worker runs and listens, and that {partner} has our present endpoint."),
        _no_way_back,
    ),
    Rule(
        "DGN-28",
        "their-key-unknown",
        WhoActs.BOTH,
        N_("{partner} signs its answers with a key that is not on the card that we have of it."),
        N_("Ask it for its present card by file, and accept it."),
        _ended_by("answered-by-unknown-key"),
    ),
    Rule(
        "DGN-29",
        "changed-on-the-way",
        WhoActs.NETWORK,
        N_("What comes through does not fit its signature: something in between changes it."),
        N_("Look for a proxy or filter between the two nodes, and let it pass TLS untouched."),
        _changed_on_the_way,
    ),
)
"""Every fault that is known, in the order in which one mends them."""
