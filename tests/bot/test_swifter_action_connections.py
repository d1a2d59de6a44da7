"""Connections to the actions are kept, and one that was closed meanwhile costs nothing but a second call."""

import asyncio

import aiohttp
import pytest
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.swifter.action_connections import keep_connections

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"events":1}'
REFUSAL = b"HTTP/1.1 500 No\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Actions:
    """A server that counts connections and calls; `answers_a_connection` calls later it hangs up without an answer."""

    def __init__(self, answers_a_connection=10**6, answer=ANSWER):
        self.connections = self.calls = 0
        self._answers = answers_a_connection
        self._answer = answer

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.endpoint = EndpointConfig(f"http://127.0.0.1:{port}/webhook", headers={"X-Kontakt-Secret": "s"})
        return self

    async def __aexit__(self, *_):
        self._server.close()
        kept = self.endpoint.__dict__.get("_kept")
        if kept is not None:
            await kept.close()

    async def _serve(self, reader, writer):
        self.connections += 1
        answered = 0
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-l")
            )
            await reader.readexactly(length)
            self.calls += 1
            if answered == self._answers:
                break
            assert b"X-Kontakt-Secret: s" in head
            writer.write(self._answer)
            await writer.drain()
            answered += 1
        writer.close()


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    monkeypatch.setattr(EndpointConfig, "session", EndpointConfig.session)
    monkeypatch.setattr(EndpointConfig, "request", EndpointConfig.request)
    keep_connections()


def call(times, **how):
    async def run():
        async with Actions(**how) as actions:
            answers = [await actions.endpoint.request(json={"n": n}, timeout=5) for n in range(times)]
            return answers, actions.connections, actions.calls

    return asyncio.run(run())


def test_many_calls_go_over_one_connection():
    assert call(20) == ([{"events": 1}] * 20, 1, 20)


def test_a_connection_that_was_closed_is_not_the_end_of_a_turn():
    answers, connections, calls = call(6, answers_a_connection=2)
    assert answers == [{"events": 1}] * 6
    assert (connections, calls) == (3, 8)


def test_actions_that_answer_nobody_are_an_error_as_before():
    with pytest.raises(aiohttp.ServerDisconnectedError):
        call(1, answers_a_connection=0)


def test_a_refusal_is_told_once_as_before():
    async def run():
        async with Actions(answer=REFUSAL) as actions:
            with pytest.raises(ClientResponseError) as refused:
                await actions.endpoint.request(json={}, timeout=5)
            return refused.value.status, actions.calls

    assert asyncio.run(run()) == (500, 1)


def test_nobody_there_is_an_error_at_once():
    async def run():
        await EndpointConfig("http://127.0.0.1:9/webhook").request(json={}, timeout=5)

    with pytest.raises(aiohttp.ClientConnectorError):
        asyncio.run(run())
