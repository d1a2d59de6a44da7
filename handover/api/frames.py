"""The wire, version 1: every frame that crosses the public door, both ways.

`docs/protocol.schema.json` is made from these models; the browser code's types are made from that.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from handover.core.events import Audience, RejectLabel, State
from handover.core.roles import Right, Role

#: One frame, either way, in bytes.
MAX_FRAME_BYTES = 64 * 1024
#: One message, in characters.
MAX_TEXT_CHARS = 4_000
MAX_COMMENT_CHARS = 1_000
MAX_ID_CHARS = 64
MAX_PAYLOAD_CHARS = 200

CommandId = Annotated[str, StringConstraints(min_length=8, max_length=MAX_ID_CHARS, pattern=r"^[A-Za-z0-9_-]+$")]
ConversationId = Annotated[str, StringConstraints(min_length=8, max_length=MAX_ID_CHARS)]
Payload = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PAYLOAD_CHARS)]
LanguageTag = Annotated[str, StringConstraints(max_length=16, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
ServiceId = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
Seq = Annotated[int, Field(ge=0)]
Presence = Literal["available", "busy", "away", "closed"]


class Frame(BaseModel):
    """Base of all frames: immutable, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


# --- plain HTTP ---------------------------------------------------------------------------------


class OpenConversation(Frame):
    """Body of `POST /api/v1/conversations`."""

    language: LanguageTag = "sv"
    service: ServiceId | None = None
    audience: Audience = Audience.CITIZEN
    #: Questions to offer at once, so that one of them can be the first thing said.
    menu: Literal["newcomers"] | None = None


class NewcomerQuestion(Frame):
    """One question of the newcomers' menu; `language` is the one that the title is in."""

    title: str
    payload: Payload
    language: LanguageTag


class NewcomerMenu(Frame):
    """Answer of `GET /api/v1/newcomers`."""

    questions: list[NewcomerQuestion]


class ConversationOpened(Frame):
    """Answer of `POST /api/v1/conversations`; the token is shown once and never stored in clear."""

    conversation_id: str
    token: str


class SignIn(Frame):
    """Body of `POST /api/v1/session`."""

    username: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class SignedIn(Frame):
    """Who is signed in; `role` is the weightiest of the roles, `rights` what all of them allow."""

    id: str
    name: str
    role: Role
    roles: list[Role]
    rights: list[Right]


# --- from a citizen -----------------------------------------------------------------------------


class Hello(Frame):
    """First frame of a citizen's socket."""

    type: Literal["hello"]
    conversation_id: ConversationId
    token: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    after: Seq = 0


class Say(Frame):
    """Something the citizen says; at most 4 000 characters, checked with an error of its own."""

    type: Literal["say"]
    id: CommandId
    text: str


class Choose(Frame):
    """A quick reply that was offered."""

    type: Literal["choose"]
    id: CommandId
    payload: Payload


class AskHuman(Frame):
    """The citizen wants a person."""

    type: Literal["ask_human"]
    id: CommandId


class Typing(Frame):
    """The sender is writing; not stored. A guide names the conversation."""

    type: Literal["typing"]
    conversation_id: ConversationId | None = None


class Ping(Frame):
    """Is anybody there? A browser hears nothing of a line that has died unless it asks."""

    type: Literal["ping"]


class Rate(Frame):
    """Score 1 to 5, whether the question was answered, and a comment."""

    type: Literal["rate"]
    id: CommandId
    score: int
    resolved: bool | None = None
    comment: Annotated[str, StringConstraints(max_length=MAX_COMMENT_CHARS)] | None = None


class CitizenClose(Frame):
    """The citizen ends the conversation."""

    type: Literal["close"]
    id: CommandId


_OfCitizen = Say | Choose | AskHuman | Rate | CitizenClose
CitizenCommandFrame = Annotated[_OfCitizen, Field(discriminator="type")]
CitizenFrame = Annotated[_OfCitizen | Typing | Ping, Field(discriminator="type")]


# --- from a guide -------------------------------------------------------------------------------


class GuideHello(Frame):
    """First frame of a guide's socket; `after` holds the last seq seen of each own conversation."""

    type: Literal["hello"]
    after: dict[str, Seq] = {}


class Active(Frame):
    """The guide does something at the desk; a guide who does nothing for long is away. At most once a minute."""

    type: Literal["active"]


class Live(Frame):
    """Show, or stop showing, all conversations that the assistant has now; for leads."""

    type: Literal["live"]
    on: bool


class SetPresence(Frame):
    """Whether the guide takes conversations now."""

    type: Literal["set_presence"]
    id: CommandId
    presence: Presence


class Watch(Frame):
    """Show a conversation without taking it: its events follow, from `after` on."""

    type: Literal["watch"]
    conversation_id: ConversationId
    after: Seq = 0


class Unwatch(Frame):
    """Stop showing a conversation that is not one's own."""

    type: Literal["unwatch"]
    conversation_id: ConversationId


class GuideCommandBase(Frame):
    """What all commands of a guide on one conversation carry."""

    id: CommandId
    conversation_id: ConversationId


class Claim(GuideCommandBase):
    """Take a conversation from the queue."""

    type: Literal["claim"]


class TakeOver(GuideCommandBase):
    """Take a conversation from the bot."""

    type: Literal["take_over"]


class Reply(GuideCommandBase):
    """Answer the citizen."""

    type: Literal["reply"]
    text: str


class Approve(GuideCommandBase):
    """Let a draft through."""

    type: Literal["approve"]
    draft_id: Payload


class Edit(GuideCommandBase):
    """Let a draft through with another text."""

    type: Literal["edit"]
    draft_id: Payload
    text: str


class Reject(GuideCommandBase):
    """Stop a draft; the conversation goes to the queue. A harmful one takes its FAQ down at once."""

    type: Literal["reject"]
    draft_id: Payload
    label: RejectLabel
    harmful: bool = False


class HandBack(GuideCommandBase):
    """Give the conversation back to the bot."""

    type: Literal["hand_back"]
    note: str | None = None


class Release(GuideCommandBase):
    """Put the conversation back, first in the queue."""

    type: Literal["release"]


class Transfer(GuideCommandBase):
    """Pass the conversation to a colleague, or to whoever knows a service or a language."""

    type: Literal["transfer"]
    to_guide: Payload | None = None
    to_service: ServiceId | None = None
    to_language: LanguageTag | None = None


class AddNote(GuideCommandBase):
    """Write an internal note."""

    type: Literal["note"]
    text: str


class Whisper(GuideCommandBase):
    """Say something to the guide who has the conversation; the citizen does not see it."""

    type: Literal["whisper"]
    text: str


class Review(GuideCommandBase):
    """Judge an answer that the assistant gave, or would have given; a harmful one takes its FAQ down at once."""

    type: Literal["review"]
    item: Payload
    verdict: Literal["good", "wrong", "unclear"]
    harmful: bool = False


class GuideClose(GuideCommandBase):
    """End the conversation."""

    type: Literal["close"]
    outcome: Literal["solved", "referred", "case_created", "no_contact"] = "solved"


_OfGuide = (
    Claim
    | TakeOver
    | Reply
    | Approve
    | Edit
    | Reject
    | HandBack
    | Release
    | Transfer
    | AddNote
    | Whisper
    | Review
    | GuideClose
)
GuideCommandFrame = Annotated[_OfGuide, Field(discriminator="type")]
GuideFrame = Annotated[
    _OfGuide | Active | Live | SetPresence | Watch | Unwatch | Typing | Ping,
    Field(discriminator="type"),
]


# --- to a browser -------------------------------------------------------------------------------


class Welcome(Frame):
    """The citizen's socket is open; the missed events follow. `seq` is where the record stands."""

    type: Literal["welcome"] = "welcome"
    seq: int
    state: State


class Accepted(Frame):
    """The command is committed; `seq` is its first event, or where the record stood if it made none."""

    type: Literal["accepted"] = "accepted"
    id: str
    seq: int | None = None
    conversation_id: str | None = None


class EventFrame(Frame):
    """One event of the record. Citizens get `{"kind": "hidden"}` for what is internal."""

    type: Literal["event"] = "event"
    conversation_id: str | None = None
    seq: int
    at: str
    event: dict[str, Any]


class TypingNow(Frame):
    """Somebody is writing; guides are told which colleague."""

    type: Literal["typing"] = "typing"
    sender: Annotated[Literal["citizen", "bot", "guide"], Field(alias="from")]
    conversation_id: str | None = None
    guide_id: str | None = None
    guide_name: str | None = None


class Pong(Frame):
    """The answer to `ping`."""

    type: Literal["pong"] = "pong"


class QueuePlace(Frame):
    """The citizen's place in the queue; `wait_seconds` is null where there is nothing to judge by.

    `opens_at` is when it opens next, null while it is open. A guide may be on duty all the same.
    """

    type: Literal["queue"] = "queue"
    position: int
    wait_seconds: tuple[int, int] | None = None
    guides_on_duty: int
    opens_at: str | None = None


class ErrorFrame(Frame):
    """A refusal: nothing was changed."""

    type: Literal["error"] = "error"
    id: str | None = None
    code: str
    message: str
    #: What else is known of it: what somebody else wrote, or where a file is wrong.
    facts: dict[str, str | int] | None = None


class ConversationSummary(Frame):
    """One line of the guides' list."""

    conversation_id: str
    state: State
    seq: int
    owner_id: str | None = None
    owner_name: str | None = None
    language: str
    audience: Audience
    service: str | None = None
    reason: str | None = None
    intent: str | None = None
    confidence: float | None = None
    priority: int = 0
    opened_at: str | None = None
    waiting_since: str | None = None
    last_at: str | None = None
    wanted_guide: str | None = None
    wanted_service: str | None = None
    wanted_language: str | None = None
    #: How a conversation that waits came back from a guide: `released`, `lost_connection`, `transferred`.
    returned: str | None = None
    draft_id: str | None = None
    draft_deadline: str | None = None


class GuideState(Frame):
    """A guide as colleagues see one: present or not, how much there is to do, and what for."""

    id: str
    name: str
    presence: Presence
    automatic: bool = False
    load: int
    capacity: int
    services: list[str] = []
    languages: list[str] = []


class GuideWelcome(Frame):
    """The guide's socket is open: the queue, the drafts that wait and the guide's own conversations."""

    type: Literal["welcome"] = "welcome"
    guide: SignedIn
    presence: Presence
    conversations: list[ConversationSummary]
    guides: list[GuideState] = []
    #: Within how long a waiting person is promised an answer.
    promise_seconds: int
    #: Whether everything is switched off, and a number that grows with each change of any level.
    all_off: bool
    revision: int
    server_time: str


class GuidesFrame(Frame):
    """Who is there now, how much each has to do: all guides that were seen lately."""

    type: Literal["guides"] = "guides"
    guides: list[GuideState]


class PresenceFrame(Frame):
    """The guide's own presence has changed otherwise than by a command: by the clock, or at another desk."""

    type: Literal["presence"] = "presence"
    presence: Presence
    automatic: bool = False


class SupervisionFrame(Frame):
    """A level has changed, or everything was switched off or on again; figures are to be read anew."""

    type: Literal["supervision"] = "supervision"
    all_off: bool
    revision: int


class SummaryFrame(Frame):
    """A conversation on the guides' list is new or changed; a closed one leaves the list."""

    type: Literal["conversation"] = "conversation"
    conversation: ConversationSummary


class EventsPage(Frame):
    """Answer of `GET /api/v1/conversations/{id}/events`; `seq` is the last event of the page: what to ask `after`."""

    seq: int
    state: State
    events: list[EventFrame]
    queue: QueuePlace | None = None


ServerFrame = Annotated[
    Welcome | Accepted | EventFrame | TypingNow | QueuePlace | Pong | ErrorFrame,
    Field(discriminator="type"),
]
GuideServerFrame = Annotated[
    GuideWelcome
    | Accepted
    | EventFrame
    | TypingNow
    | SummaryFrame
    | GuidesFrame
    | PresenceFrame
    | SupervisionFrame
    | Pong
    | ErrorFrame,
    Field(discriminator="type"),
]

CITIZEN_FRAME: TypeAdapter[CitizenFrame] = TypeAdapter(CitizenFrame)
CITIZEN_COMMAND: TypeAdapter[CitizenCommandFrame] = TypeAdapter(CitizenCommandFrame)
GUIDE_FRAME: TypeAdapter[GuideFrame] = TypeAdapter(GuideFrame)
