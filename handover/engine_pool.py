"""Several engines that answer as one: those of a model share its conversations, and the models share the citizens.

Which model answers a conversation is `core/models.py`'s to say. Which engine of a model does, `engines_in_order` says.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import structlog
from pydantic import BaseModel

from handover.core.models import Service
from handover.engine import EngineDanger, EngineError, EngineQuestion, EngineTurn, HttpEngine, Kind

log = structlog.get_logger(__name__)

#: How much of the time that is left an engine may take while there is another one to go to, so that a hung one leaves
#: time for that. The last one may take all that is left.
ATTEMPT_SHARE = 0.5


def engines_in_order(urls: Iterable[str], conversation_id: str) -> list[str]:
    """Return the engines of a conversation, its own first, then those that it moves to, one after the other.

    Rendezvous hashing: every replica comes to the same order, whatever the order of `urls`, and an engine that is
    taken away or added moves no conversation but its own. Python's own hash differs from process to process.
    """

    def weight(url: str) -> bytes:
        return hashlib.blake2b(f"{url}\n{conversation_id}".encode(), digest_size=8).digest()

    return sorted(urls, key=lambda url: (weight(url), url), reverse=True)


@dataclass(frozen=True, slots=True)
class _Order:
    """Which model is to answer, and the engines with their models in the order in which they are asked."""

    model: str | None
    engines: list[tuple[HttpEngine, str | None]]


class EnginePool:
    """Engines in groups, one a model; use as an async context manager.

    `urls` are engines that nobody changes: one group whose model has no name. `set_engines` names the others, `serve`
    says which model is in service. A conversation stays with one engine of its model, whose memory holds its last
    turns, and moves within the turn's one deadline when that one is unreachable, too slow or spared by its breaker: to
    another engine of its model, then to the model in service, then to one that still answers somebody. It does not
    move when the turn is refused, since the next engine would refuse it too, nor on nonsense: that mostly comes from
    the actions, which all engines share.
    """

    def __init__(
        self, urls: Iterable[str], secret: str, timeout_seconds: float, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._secret = secret
        self._timeout_seconds = timeout_seconds
        self._clock = clock or (lambda: datetime.now(UTC))
        self._fixed = {url: HttpEngine(url, secret, timeout_seconds) for url in urls}
        self._groups: dict[str | None, dict[str, HttpEngine]] = {None: self._fixed} if self._fixed else {}
        self._leaving: dict[asyncio.Task[None], HttpEngine] = {}
        self._service = Service()

    async def __aenter__(self) -> Self:
        for engine in self._fixed.values():
            await engine.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        leaving = dict(self._leaving)
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        opened = [engine for group in self._groups.values() for engine in group.values()]
        for engine in (*opened, *leaving.values()):
            await engine.__aexit__(kind, error, trace)

    def serve(self, service: Service) -> None:
        """Choose models by this from now on."""
        self._service = service

    async def set_engines(self, addresses: Mapping[str, Iterable[str]]) -> None:
        """Ask these engines from now on, by model; those that stay keep their breakers, turns under way may end."""
        fresh: dict[str | None, dict[str, HttpEngine]] = {}
        for model, urls in addresses.items():
            known = self._groups.get(model, {})
            fresh[model] = {url: known.get(url) or await self._open(url) for url in urls}
        before = {id(one): one for group in self._groups.values() for one in group.values()}
        after = {id(one) for group in fresh.values() for one in group.values()}
        self._groups = fresh
        for key in before.keys() - after:
            self._let_go(before[key])

    async def ask(self, question: EngineQuestion) -> EngineTurn:
        """Return the answer of the first engine that gives one; raises the `EngineError` of the last one tried."""
        turn = question.turn_id
        order = self._in_order(question.conversation_id, question.began)
        return await self._first(order, turn, self._timeout_seconds, lambda engine, left: engine.ask(question, left))

    async def judge_danger(self, text: str, timeout_seconds: float) -> EngineDanger | None:
        """Return what the first engine that answers thinks of a text; raises as `ask` does."""
        order = self._in_order(text, None)
        return await self._first(order, None, timeout_seconds, lambda engine, left: engine.judge_danger(text, left))

    async def consult[T: BaseModel](self, kind: type[T], path: str, body: dict[str, Any], timeout_seconds: float) -> T:
        """Return what an engine of the model in service answers to somebody who tunes; raises as `ask` does."""
        order = self._in_order(path, None)
        return await self._first(
            order, None, timeout_seconds, lambda engine, left: engine.consult(kind, path, body, left)
        )

    def _in_order(self, key: str, began: datetime | None) -> _Order:
        now = self._clock()
        service = self._service
        own = service.model_of(began or now, now)
        kept = [model for model in self._groups if model is None or service.keeps(model, now)]
        engines = [
            (self._groups[model][url], model)
            for model in dict.fromkeys([own, service.live, *kept])
            for url in engines_in_order(self._groups.get(model, {}), key)
        ]
        return _Order(own, engines)

    async def _first[T](
        self,
        order: _Order,
        turn: str | None,
        timeout_seconds: float,
        ask: Callable[[HttpEngine, float], Awaitable[T]],
    ) -> T:
        clock = asyncio.get_running_loop().time
        deadline = clock() + timeout_seconds
        willing = [one for one in order.engines if not await one[0].is_spared()]
        failed = EngineError("open", "every breaker is open")
        if not order.engines:
            failed = EngineError("unreachable", "no engine is known")
        because: list[Kind] = ["open"] if willing[:1] != order.engines[:1] else []
        for engine, model in willing:
            left = deadline - clock()
            if left <= 0:
                break
            try:
                answer = await ask(engine, left if engine is willing[-1][0] else left * ATTEMPT_SHARE)
            except EngineError as error:
                if error.kind in ("refused", "nonsense"):
                    raise
                failed = error
                because.append(error.kind)
                continue
            if because:
                log.warning("engine_moved", turn=turn, engine=engine.name, because=because)
            if model != order.model:
                log.warning("model_moved", turn=turn, model=model, instead_of=order.model)
            return answer
        raise failed

    async def is_healthy(self) -> bool:
        """Tell whether at least one engine that a new conversation may be given says that it is ready."""
        checks = [asyncio.create_task(engine.is_healthy()) for engine, _ in self._in_order("", None).engines]
        try:
            for check in asyncio.as_completed(checks):
                if await check:
                    return True
            return False
        finally:
            for task in checks:
                task.cancel()
            await asyncio.gather(*checks, return_exceptions=True)

    async def _open(self, url: str) -> HttpEngine:
        return await HttpEngine(url, self._secret, self._timeout_seconds).__aenter__()

    def _let_go(self, engine: HttpEngine) -> None:
        """Close an engine's connections when the turns under way are over."""

        async def close() -> None:
            await asyncio.sleep(self._timeout_seconds)
            await engine.__aexit__(None, None, None)

        task = asyncio.create_task(close(), name=f"let go of {engine.name}")
        self._leaving[task] = engine
        task.add_done_callback(lambda done: self._leaving.pop(done, None))
