"""Make `docs/protocol.schema.json` from the code: `python -m handover.api.schema [--check]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from handover.api import account_models, frames, knowledge_models, notice_models, rollout_models
from handover.api.tuning import change_models, inbox_models, model_models, training_models
from handover.core.events import Event
from handover.tuning import playground

TARGET = Path(__file__).parents[2] / "docs" / "protocol.schema.json"

ROOTS = {
    "CitizenFrame": frames.CitizenFrame,
    "GuideFrame": frames.GuideFrame,
    "ServerFrame": frames.ServerFrame,
    "GuideServerFrame": frames.GuideServerFrame,
    "Event": Event,
}
MODELS = (
    frames.OpenConversation,
    frames.ConversationOpened,
    frames.NewcomerMenu,
    frames.SignIn,
    frames.SignedIn,
    frames.Hello,
    frames.GuideHello,
    frames.EventsPage,
    account_models.SignInWays,
    account_models.SignedOut,
    account_models.AccountList,
    account_models.SetRoles,
    account_models.SetDisabled,
    account_models.GuideProfileList,
    account_models.SetGuideProfile,
    rollout_models.Rollout,
    rollout_models.SetLevel,
    rollout_models.Confirm,
    rollout_models.SetCap,
    rollout_models.SetBounds,
    rollout_models.SetSwitch,
    rollout_models.ReviewList,
    rollout_models.JudgeAnswer,
    knowledge_models.CatalogueServices,
    knowledge_models.CatalogueCard,
    knowledge_models.SearchCatalogue,
    knowledge_models.CatalogueHits,
    knowledge_models.CannedAnswers,
    knowledge_models.EarlierConversations,
    notice_models.Notices,
    notice_models.PutUpNotice,
    notice_models.KeptNotices,
    training_models.StartTraining,
    training_models.TrainingList,
    training_models.TrainingFigures,
    training_models.TrySentence,
    training_models.TriedSentence,
    training_models.CheckNewExample,
    playground.ExampleVerdict,
    model_models.ModelList,
    model_models.PutModel,
    model_models.RollBack,
    change_models.OpenChangeSet,
    change_models.ChangeSetList,
    change_models.ChangeSetDetail,
    change_models.ChangeSetFaults,
    change_models.EditChangeSet,
    change_models.Edited,
    change_models.Imported,
    change_models.IntentList,
    change_models.ExampleList,
    change_models.FaqAnswers,
    change_models.QuestionList,
    change_models.CheckExample,
    change_models.Findings,
    change_models.PreviewAnswer,
    change_models.AnswerPreview,
    change_models.ChangeSetDiff,
    inbox_models.InboxPage,
    inbox_models.InboxFaqs,
    inbox_models.HoldTexts,
    inbox_models.HeldTexts,
    inbox_models.LabelTexts,
    inbox_models.LabelledTexts,
    inbox_models.GivenLabels,
    inbox_models.ProposedExamples,
    inbox_models.MissContext,
)


def build_schema() -> dict[str, Any]:
    """Return one JSON Schema with every frame and event under `$defs`."""
    template = "#/$defs/{model}"
    inputs: list[tuple[Any, Any, TypeAdapter[Any]]] = [
        (name, "validation", TypeAdapter(root)) for name, root in ROOTS.items()
    ]
    roots, adapters = TypeAdapter.json_schemas(inputs, ref_template=template)
    _, models = models_json_schema([(m, "validation") for m in MODELS], ref_template=template)
    definitions = {**adapters.get("$defs", {}), **models.get("$defs", {})}
    definitions |= {name: schema for (name, _), schema in roots.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kontakt wire protocol, version 1",
        "$defs": dict(sorted(definitions.items())),
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in ROOTS],
    }


def main() -> int:
    """Write the schema, or with `--check` say whether the written one is in step."""
    text = json.dumps(build_schema(), indent=2, ensure_ascii=False) + "\n"
    if "--check" in sys.argv[1:]:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            print("docs/protocol.schema.json is out of step with the code: run `make protocol`.")
            return 1
        return 0
    TARGET.write_text(text, encoding="utf-8")
    print(f"wrote {TARGET}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
