"""The actions that Rasa calls: each reads the turn, asks the assistant, sends one typed payload."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.policy import Assistant
from actions.source import AssistantSource
from actions.turn import Reply, Turn


class AssistantAction(Action, ABC):  # type: ignore[misc]
    """Base of our actions: the subclass says which reply it makes."""

    action_name: ClassVar[str]

    def __init__(self, source: AssistantSource) -> None:
        self._source = source

    def name(self) -> str:
        """The action's name in the domain."""
        return self.action_name

    @abstractmethod
    def reply(self, assistant: Assistant, turn: Turn) -> Reply | list[Reply]:
        """Return the reply to the turn, or the replies in order."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Send each reply as one custom message; no events."""
        turn = Turn.from_tracker(tracker)
        made = self.reply(await self._source.get(), turn)
        for reply in made if isinstance(made, list) else [made]:
            dispatcher.utter_message(json_message=reply.as_json())
        return []


class AnswerFaq(AssistantAction):
    """Give the catalogue's answer."""

    action_name = "action_answer_faq"

    def reply(self, assistant: Assistant, turn: Turn) -> list[Reply]:
        return assistant.answer(turn)


class Clarify(AssistantAction):
    """Ask "menade du", or search."""

    action_name = "action_clarify"

    def reply(self, assistant: Assistant, turn: Turn) -> list[Reply]:
        return assistant.clarify(turn)


class Escalate(AssistantAction):
    """Fetch a person who was asked for."""

    action_name = "action_escalate"

    def reply(self, assistant: Assistant, turn: Turn) -> Reply:
        return assistant.escalate(turn, "asked_for_human")


class Complaint(AssistantAction):
    """The answer did not help."""

    action_name = "action_complaint"

    def reply(self, assistant: Assistant, turn: Turn) -> Reply:
        return assistant.complain(turn)


class Danger(AssistantAction):
    """The model of danger raised the alarm."""

    action_name = "action_danger"

    def reply(self, assistant: Assistant, turn: Turn) -> Reply:
        return assistant.danger(turn)


class Deny(AssistantAction):
    """None of the offered questions."""

    action_name = "action_deny"

    def reply(self, assistant: Assistant, turn: Turn) -> Reply:
        return assistant.deny(turn)


class OutOfScope(AssistantAction):
    """Not the municipality's business."""

    action_name = "action_out_of_scope"

    def reply(self, assistant: Assistant, turn: Turn) -> Reply:
        return assistant.out_of_scope(turn)


class SmallTalk(AssistantAction):
    """Greetings, thanks, who are you, vague openers."""

    action_name = "action_small_talk"

    def reply(self, assistant: Assistant, turn: Turn) -> Reply:
        return assistant.small_talk(turn)


ALL_ACTIONS: tuple[type[AssistantAction], ...] = (
    AnswerFaq,
    Clarify,
    Escalate,
    Complaint,
    Danger,
    Deny,
    OutOfScope,
    SmallTalk,
)
