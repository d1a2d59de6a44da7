"""Ten thousand chats open and still on one process: what each weighs, and how soon a message reaches one of them."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from typing import Any

from bench.control import Control
from bench.databases import Store, store
from bench.options import Backend, Options
from bench.report import Row, at_most
from bench.running import BenchError, Weight, background, handover, weigh
from bench.worker import Worker, worker
from scripts.stack import LOOPBACK, free_port, say, wait_ready

CHATS = 10_000
QUICK_CHATS = 2_000
#: Chats that are open before the first weighing, so that what is loaded once is not counted.
FIRST = 100
PER_WORKER = 5_000
#: Longer than a socket's ping takes to come round.
SETTLE_SECONDS = 25.0
MESSAGES = 1_000
RATE = 20.0
WANTED_KB = 50.0
WANTED_P99_MS = 200.0


def measure(backend: Backend, options: Options) -> tuple[list[Row], dict[str, Any]]:
    """Return the rows of the idle chats, and everything that was seen."""
    chats = QUICK_CHATS if options.quick else CHATS
    with store(backend) as found:
        bare = _bare(chats)
        say(f"idle: bare sockets, {bare['kb_each']:.1f} kB each, opened in {bare['seconds']} s")
        ours = _ours(found, chats, options)
        say(f"idle: chats, {ours['kb_each']:.1f} kB each, opened in {ours['seconds']} s")
        reached = ours["reach"]["reached"]
        say(f"idle: an idle chat is reached in p50 {reached['p50']:.1f} p99 {reached['p99']:.1f} ms")
    return _rows(chats, bare, ours), {"bare": bare, "ours": ours}


def _bare(chats: int) -> dict[str, Any]:
    port = free_port()
    command = [sys.executable, "-m", "bench.bare_sockets", str(port)]
    with background(command, "sockets.log") as process, ExitStack() as stack:
        wait_ready([f"http://{LOOPBACK}:{port}/ready"], 30.0)
        return _opened(_workers(stack, chats), process.pid, port, chats, bare=True)


def _ours(found: Store, chats: int, options: Options) -> dict[str, Any]:
    with handover(found.url, found.folder) as service, ExitStack() as stack:
        workers = _workers(stack, chats)
        result = _opened(workers, service.pid, service.port, chats, bare=False)
        messages = MESSAGES // 4 if options.quick else MESSAGES
        with Control(found.folder) as control:
            result["reach"] = workers[0].ask("reach", messages=messages, rate=RATE)
        result["control"] = control.seen
        result["still_open"] = _still_open(workers)
        result["after"] = weigh(service.pid)
        return result


def _workers(stack: ExitStack, chats: int) -> list[Worker]:
    count = -(-chats // PER_WORKER)
    return [stack.enter_context(worker("bench.idle_load")) for _ in range(count)]


def _opened(workers: list[Worker], pid: int, port: int, chats: int, *, bare: bool) -> dict[str, Any]:
    """Open the chats and weigh the process with the first few and with all of them."""
    order = {"host": LOOPBACK, "port": port, "bare": bare}
    workers[0].ask("open", count=FIRST, **order)
    time.sleep(1.0)
    first, began = weigh(pid), time.monotonic()
    share, rest = divmod(chats - FIRST, len(workers))
    for number, one in enumerate(workers):
        one.tell("open", count=share + (rest if number == 0 else 0), **order)
    for one in workers:
        one.answer("open")
    seconds = round(time.monotonic() - began, 1)
    time.sleep(SETTLE_SECONDS)
    if _still_open(workers) != chats:
        raise BenchError(f"only {_still_open(workers)} of {chats} sockets stayed open")
    full = weigh(pid)
    return {"kb_each": _each(first, full, chats), "seconds": seconds, "first": first, "full": full}


def _each(first: Weight, full: Weight, chats: int) -> float:
    return (full.uss - first.uss) / (chats - FIRST)


def _still_open(workers: list[Worker]) -> int:
    return sum(one.ask("still_open")["open"] for one in workers)


def _rows(chats: int, bare: dict[str, Any], ours: dict[str, Any]) -> list[Row]:
    reach = ours["reach"]
    reached, closed = reach["reached"], chats - ours["still_open"]
    return [
        Row("idle", f"open idle chat, of {chats} (baseline: bare uvicorn socket)", ours["kb_each"], "kB",
            bare["kb_each"], f"<= {WANTED_KB:g} kB", ours["kb_each"] <= WANTED_KB),
        Row("idle", "chats opened a second", chats / ours["seconds"], "/s"),
        Row("idle", "memory of the service with all open (USS)", ours["full"].uss / 1024, "MB"),
        Row("idle", "memory of the service with all open (RSS)", ours["full"].rss / 1024, "MB"),
        Row("idle", f"HTTP say -> idle socket p50 at {RATE:.0f}/s", reached["p50"], "ms"),
        at_most("idle", f"HTTP say -> idle socket p99 at {RATE:.0f}/s", reached["p99"], "ms", WANTED_P99_MS),
        Row("idle", "a bare commit now and then meanwhile p99", ours["control"]["p99"], "ms"),
        Row("idle", "messages that did not arrive", reach["faults"], "", wanted="0", ok=reach["faults"] == 0),
        Row("idle", "sockets closed at the end", closed, "", wanted="0", ok=closed == 0),
    ]  # fmt: skip
