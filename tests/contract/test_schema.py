"""What is written down of the wire is what the code does: schema, error table, golden frames."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from handover.api import frames as f
from handover.api import knowledge_models as k
from handover.api import notice_models as n
from handover.api.schema import TARGET, build_schema
from handover.api.views import citizen_event, citizen_event_text, guide_event_text
from handover.core.errors import CATALOGUE
from handover.core.events import Event, event_from_json, event_to_json
from handover.store.record import Stored

GOLDEN = Path(__file__).parent / "golden"
PROTOCOL = Path(__file__).parents[2] / "docs" / "protocol.md"
SERVER_FRAME: TypeAdapter[f.ServerFrame] = TypeAdapter(f.ServerFrame)
GUIDE_SERVER_FRAME: TypeAdapter[f.GuideServerFrame] = TypeAdapter(f.GuideServerFrame)
#: File of golden examples -> the model and the name in the schema.
KINDS: dict[str, tuple[TypeAdapter[Any], str]] = {
    "from_citizen": (f.CITIZEN_FRAME, "CitizenFrame"),
    "from_guide": (f.GUIDE_FRAME, "GuideFrame"),
    "to_citizen": (SERVER_FRAME, "ServerFrame"),
    "to_guide": (GUIDE_SERVER_FRAME, "GuideServerFrame"),
    "events": (TypeAdapter(Event), "Event"),
    "hello": (TypeAdapter(f.Hello), "Hello"),
    "guide_hello": (TypeAdapter(f.GuideHello), "GuideHello"),
    "open_conversation": (TypeAdapter(f.OpenConversation), "OpenConversation"),
    "conversation_opened": (TypeAdapter(f.ConversationOpened), "ConversationOpened"),
    "events_page": (TypeAdapter(f.EventsPage), "EventsPage"),
    "sign_in": (TypeAdapter(f.SignIn), "SignIn"),
    "signed_in": (TypeAdapter(f.SignedIn), "SignedIn"),
    "catalogue_services": (TypeAdapter(k.CatalogueServices), "CatalogueServices"),
    "catalogue_card": (TypeAdapter(k.CatalogueCard), "CatalogueCard"),
    "catalogue_hits": (TypeAdapter(k.CatalogueHits), "CatalogueHits"),
    "canned_answers": (TypeAdapter(k.CannedAnswers), "CannedAnswers"),
    "notices": (TypeAdapter(n.Notices), "Notices"),
    "put_up_notice": (TypeAdapter(n.PutUpNotice), "PutUpNotice"),
    "kept_notices": (TypeAdapter(n.KeptNotices), "KeptNotices"),
    "earlier_conversations": (TypeAdapter(k.EarlierConversations), "EarlierConversations"),
}


def golden(name: str) -> list[dict[str, Any]]:
    """Return the examples of one file."""
    examples: list[dict[str, Any]] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return examples


def _cases() -> list[tuple[str, dict[str, Any]]]:
    return [(name, example) for name in KINDS for example in golden(name)]


def _validator(name: str) -> Draft202012Validator:
    schema = json.loads(TARGET.read_text(encoding="utf-8"))
    return Draft202012Validator({"$defs": schema["$defs"], "$ref": f"#/$defs/{name}"})


def _tags(annotated: Any, key: str) -> set[str]:
    union = get_args(annotated)[0]
    return {get_args(model.model_fields[key].annotation)[0] for model in get_args(union)}


@pytest.mark.parametrize(("name", "example"), _cases(), ids=lambda value: value if isinstance(value, str) else "")
def test_golden_example_fits_model_and_schema(name: str, example: dict[str, Any]) -> None:
    adapter, definition = KINDS[name]
    value = adapter.validate_python(example)
    _validator(definition).validate(example)
    dumped = adapter.dump_python(value, mode="json", by_alias=True, exclude_unset=True)
    assert dumped == example


@pytest.mark.parametrize(("name", "example"), _cases(), ids=lambda value: value if isinstance(value, str) else "")
def test_unknown_key_is_refused_by_model_and_schema(name: str, example: dict[str, Any]) -> None:
    adapter, definition = KINDS[name]
    changed = {**example, "never_heard_of": 1}
    with pytest.raises(ValidationError):
        adapter.validate_python(changed)
    assert not _validator(definition).is_valid(changed)


@pytest.mark.parametrize(
    ("name", "union", "key"),
    [
        ("from_citizen", f.CitizenFrame, "type"),
        ("from_guide", f.GuideFrame, "type"),
        ("to_citizen", f.ServerFrame, "type"),
        ("to_guide", f.GuideServerFrame, "type"),
        ("events", Event, "kind"),
    ],
)
def test_every_type_has_a_golden_example_and_stands_in_the_protocol(name: str, union: Any, key: str) -> None:
    tags = _tags(union, key)
    assert {example[key] for example in golden(name)} == tags
    text = PROTOCOL.read_text(encoding="utf-8")
    assert {tag for tag in tags if f"`{tag}" not in text} == set()


def test_event_survives_the_json_that_is_stored() -> None:
    for example in golden("events"):
        event = event_from_json(example)
        assert event_to_json(event) == example


@pytest.mark.parametrize("example", golden("events"), ids=lambda example: example["kind"])
def test_text_of_an_event_frame_is_what_the_model_would_write(example: dict[str, Any]) -> None:
    stored = Stored(7, datetime(2026, 3, 1, 9, 0, 0, 1, tzinfo=UTC), event_from_json(example))
    citizen = citizen_event(stored)
    assert json.loads(citizen_event_text(stored)) == citizen.model_dump(mode="json", by_alias=True, exclude_none=True)
    told = f.EventFrame.model_validate_json(guide_event_text('an "id"', stored))
    assert (told.conversation_id, told.seq, told.at, told.event) == ('an "id"', 7, citizen.at, example)


def test_schema_file_is_in_step_with_the_code() -> None:
    assert json.loads(TARGET.read_text(encoding="utf-8")) == build_schema(), "run `make protocol`"


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(build_schema())


def test_error_table_is_in_step_with_the_catalogue() -> None:
    text = PROTOCOL.read_text(encoding="utf-8").split("## Errors")[1]
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.+) \|$", text, re.MULTILINE)
    assert {code: (int(status), sentence) for code, status, sentence in rows} == CATALOGUE


def test_every_close_code_stands_in_the_protocol() -> None:
    from handover.api import socket

    text = PROTOCOL.read_text(encoding="utf-8").split("## Close codes")[1].split("## Errors")[0]
    codes = {value for name, value in vars(socket).items() if name.startswith("CLOSE_") and isinstance(value, int)}
    assert {int(code) for code in re.findall(r"^\| (\d{4}) ", text, re.MULTILINE)} == codes
