"""The actions' server as a real process: it answers the engine that knows the secret, and nobody else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from catalogue.documents import read_catalogue
from catalogue.importer import import_catalogue
from handover.engine import EngineReply
from handover.store.database import Database
from tests.conftest import SQLITE
from tests.support.server import free_socket
from tests.support.small_catalogue import bygglov, write_data
from tests.support.waiting import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("backend", [SQLITE], indirect=True)]
SECRET = "a-secret-that-nobody-guesses"
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def actions(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running server, which has the small catalogue."""
    files = read_catalogue(write_data(tmp_path))
    await database.write(lambda connection: import_catalogue(connection, files))
    with free_socket() as probe:
        port = probe.getsockname()[1]
    env = {
        **os.environ,
        "KONTAKT_ACTIONS_PORT": str(port),
        "KONTAKT_DATABASE_URL": database_url,
        "KONTAKT_DATA": str(tmp_path),
        "KONTAKT_ENGINE_SECRET": SECRET,
        "PYTHONPATH": str(ROOT),
    }
    with (tmp_path / "actions.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "actions"], env=env, stdout=log, stderr=log)
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:

                async def up() -> bool:
                    try:
                        return (await client.get("/health")).is_success
                    except httpx.HTTPError:
                        return False

                await eventually(up, "the actions", 40)
                yield client
        finally:
            process.terminate()
            process.wait(10)


def _call(action: str, text: str = "Behöver jag bygglov?", **metadata: Any) -> dict[str, Any]:
    intent = {"name": "bygglov.behovs", "confidence": 0.9}
    message = {"text": text, "intent": intent, "intent_ranking": [intent], "entities": [], "metadata": metadata}
    tracker = {
        "sender_id": "conversation-1",
        "slots": {},
        "latest_message": message,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    domain = {"config": {}, "intents": [], "entities": [], "slots": {}, "responses": {}, "actions": []}
    return {"next_action": action, "sender_id": "conversation-1", "tracker": tracker, "domain": domain}


async def test_server_answers_only_with_the_secret_and_never_tells_what_was_said(
    actions: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    for headers in ({}, {"X-Kontakt-Secret": ""}, {"X-Kontakt-Secret": "wrong"}, {"X-Kontakt-Secret": SECRET + "x"}):
        for path in ("/webhook", "/actions"):
            method = "POST" if path == "/webhook" else "GET"
            refused = await actions.request(method, path, json=_call("action_answer_faq"), headers=headers)
            assert refused.status_code == 401
            assert "Det beror på" not in refused.text
    headers = {"X-Kontakt-Secret": SECRET}
    answer = await actions.post("/webhook", json=_call("action_answer_faq", language="en"), headers=headers)
    assert answer.status_code == 200
    (response,) = answer.json()["responses"]
    reply = EngineReply.model_validate(response["custom"])
    assert (reply.faq, reply.text) == ("bygglov.behovs", "It depends. Call the number on the website.")

    broken = _call("action_answer_faq", text="min hemliga oro", context={"misses": "x"})
    failed = await actions.post("/webhook", json=broken, headers=headers)
    assert failed.status_code >= 400
    assert "hemliga" not in failed.text
    unknown = await actions.post("/webhook", json=_call("action_dance", text="min hemliga oro"), headers=headers)
    assert unknown.status_code >= 400
    assert "hemliga" not in unknown.text
    assert b"hemliga" not in (tmp_path / "actions.log").read_bytes()

    changed = bygglov()
    changed["faqs"][0]["answer"]["en"] = "Changed."
    files = read_catalogue(write_data(tmp_path / "two", changed))
    await database.write(lambda connection: import_catalogue(connection, files))

    async def is_new() -> bool:
        again = await actions.post("/webhook", json=_call("action_answer_faq", language="en"), headers=headers)
        return bool(again.json()["responses"][0]["custom"]["text"] == "Changed.")

    await eventually(is_new, "the new import")
