"""The durable relay: a citizen's message is stored, then delivered to the guide, with 500 conversations open."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from bench import bare
from bench.control import Control
from bench.databases import PASSWORD, Store, add_guides, count_messages, store
from bench.options import Backend, Options
from bench.report import RESULTS, Row, at_least, at_most
from bench.running import BenchError, Service, cpu_seconds, handover, weigh
from bench.worker import Worker, worker
from scripts.stack import say

CONVERSATIONS = 500
GUIDES = 10
IN_FLIGHT = (50, 200, 500)
#: What is wanted: this share of the slower bare limit, and at half of that this latency.
WANTED_SHARE = 0.4
WANTED_P99_MS = 50.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What the machine does without us, a second."""

    echoes: float
    inserts: float
    parallel_inserts: float | None

    @property
    def slower(self) -> float:
        """The slower of the two, which nothing durable can beat."""
        return min(self.echoes, self.inserts)


def measure(backend: Backend, options: Options) -> tuple[list[Row], dict[str, Any]]:
    """Return the rows of the relay on one database, and everything that was seen."""
    with store(backend) as found:
        details = _relay(found, options)
    return _rows(backend, details["limits"], details), details


def _limits(found: Store, options: Options) -> Limits:
    say(f"relay, {found.backend}: the machine's own limits")
    seconds = 1.5 if options.quick else 4.0
    parallel = None
    if found.backend is Backend.POSTGRES:
        parallel = bare.inserts_per_second(found, seconds, bare.PARALLEL_CONNECTIONS)
    return Limits(bare.echoes_per_second(seconds), bare.inserts_per_second(found, seconds), parallel)


def _mean(one: Limits, other: Limits) -> Limits:
    """Other things may run beside a benchmark, so the limits are taken before and after."""
    parallel = None
    if one.parallel_inserts is not None and other.parallel_inserts is not None:
        parallel = (one.parallel_inserts + other.parallel_inserts) / 2
    return Limits((one.echoes + other.echoes) / 2, (one.inserts + other.inserts) / 2, parallel)


def _relay(found: Store, options: Options) -> dict[str, Any]:
    seconds = 3.0 if options.quick else 10.0
    names = asyncio.run(add_guides(found.url, GUIDES))
    profile_to = RESULTS.parent / f"profile-{found.backend}" if options.profile else None
    with handover(found.url, found.folder, profile_to) as service, worker("bench.relay_load") as load:
        say(f"relay, {found.backend}: {CONVERSATIONS} conversations, {GUIDES} guides")
        order = {"host": service.host, "port": service.port, "guides": names, "password": PASSWORD}
        _check(load.ask("set_up", conversations=CONVERSATIONS, **order))
        stored_before = asyncio.run(count_messages(found.url))
        before = _limits(found, options)
        closed = []
        for in_flight in IN_FLIGHT:
            closed.append(_phase(service, load, "closed_loop", seconds, in_flight=in_flight))
            say(f"  {in_flight} in flight: {_told(closed[-1])}")
        limits = _mean(before, _limits(found, options))
        best = max(phase["per_second"] for phase in closed)
        rates = {"half_of_reached": best / 2, "half_of_wanted": WANTED_SHARE * limits.slower / 2}
        opened = {}
        for name, rate in rates.items():
            with Control(found.folder) as control:
                opened[name] = _phase(service, load, "open_loop", seconds, rate=rate)
            opened[name]["control"] = control.seen
            say(f"  {rate:.0f} a second ({name}): {_told(opened[name])}")
        stored = asyncio.run(count_messages(found.url)) - stored_before
        memory = {"handover": weigh(service.pid), "load": weigh(load.pid)}
    return {
        "limits": limits,
        "closed": closed,
        "open": opened,
        "best": best,
        "sent": opened["half_of_wanted"]["total"],
        "stored": stored,
        "memory": memory,
    }


def _phase(service: Service, load: Worker, what: str, seconds: float, **order: float) -> dict[str, Any]:
    """Run one phase; with the shares of a core that service and load used."""
    used, began = (cpu_seconds(service.pid), cpu_seconds(load.pid)), time.monotonic()
    result = load.ask(what, seconds=seconds, **order)
    took = time.monotonic() - began
    result["cores"] = {
        "handover": round((cpu_seconds(service.pid) - used[0]) / took, 2),
        "load": round((cpu_seconds(load.pid) - used[1]) / took, 2),
    }
    _check(result)
    return {**result, **order}


def _check(result: dict[str, Any]) -> None:
    if result["refused"]:
        raise BenchError(f"the service refused: {result['refused']}")


def _told(phase: dict[str, Any]) -> str:
    relay, cores = phase["relay"], phase["cores"]
    return (
        f"{phase['per_second']:.0f} relays/s, p50 {relay['p50']:.1f} p95 {relay['p95']:.1f} p99 {relay['p99']:.1f} "
        f"max {relay['max']:.1f} ms; accepted p99 {phase['accepted']['p99']:.1f} ms; "
        f"cores: handover {cores['handover']}, load {cores['load']}"
        + ("; it did not keep up" if phase.get("overloaded") else "")
        + (f"; {phase['lost']} did not arrive" if phase["lost"] else "")
    )


def _rows(backend: Backend, limits: Limits, details: dict[str, Any]) -> list[Row]:
    part = f"relay {backend}"
    wanted, reached = details["open"]["half_of_wanted"], details["open"]["half_of_reached"]
    rows = [
        Row(part, f"bare echo, {bare.ECHO_SOCKETS} sockets", limits.echoes, "/s"),
        Row(part, "bare committed inserts, one after another", limits.inserts, "/s"),
    ]
    if limits.parallel_inserts is not None:
        figure = f"bare committed inserts, {bare.PARALLEL_CONNECTIONS} connections at once"
        rows.append(Row(part, figure, limits.parallel_inserts, "/s"))
    rows += [
        at_least(part, "relays, of the slower limit", details["best"], "/s", limits.slower, WANTED_SHARE),
        *_latencies(part, f"half of what was reached, {reached['rate']:.0f}/s", reached, judged=False),
        *_latencies(part, f"half of what is wanted, {wanted['rate']:.0f}/s", wanted, judged=True),
        Row(part, "messages sent and not stored", details["sent"] - details["stored"], "",
            wanted="0", ok=details["sent"] == details["stored"]),
        Row(part, "memory of the service (USS)", details["memory"]["handover"].uss / 1024, "MB"),
    ]  # fmt: skip
    return rows


def _latencies(part: str, load: str, phase: dict[str, Any], *, judged: bool) -> list[Row]:
    relay, accepted = phase["relay"], phase["accepted"]
    last = f"citizen -> guide p99 at {load}"
    return [
        Row(part, f"citizen -> guide p50 at {load}", relay["p50"], "ms"),
        Row(part, f"citizen -> guide p95 at {load}", relay["p95"], "ms"),
        at_most(part, last, relay["p99"], "ms", WANTED_P99_MS) if judged else Row(part, last, relay["p99"], "ms"),
        Row(part, f"citizen -> accepted p99 at {load}", accepted["p99"], "ms"),
        Row(part, "a bare commit now and then meanwhile p99", phase["control"]["p99"], "ms"),
    ]
