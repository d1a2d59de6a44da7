"""Random histories never break the state machine: the laws that the record promises, on the pure core."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from handover.core import commands as c
from handover.core import events as e
from handover.core.conversation import Conversation, apply, replay
from handover.core.decisions import HUMAN_CHOICE, Decision, decide, silenced
from handover.core.errors import CATALOGUE, HandoverError
from handover.core.events import Reason, State, event_from_json, event_to_json

GUIDES = tuple(c.Guide(f"guide-{n}", f"Guide {n}") for n in range(3))
guides = st.sampled_from(GUIDES)
ALLOWED_MOVES = {
    (State.BOT, State.WAITING),
    (State.BOT, State.GUIDE),
    (State.WAITING, State.GUIDE),
    (State.GUIDE, State.WAITING),
    (State.GUIDE, State.BOT),
    (State.BOT, State.CLOSED),
    (State.WAITING, State.CLOSED),
    (State.GUIDE, State.CLOSED),
}


class ConversationMachine(RuleBasedStateMachine):
    """Citizens, guides, bot turns and timers act in any order; bot turns may come late."""

    @initialize()
    def open(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.history: list[tuple[int, datetime, e.Event]] = []
        self.conversation = Conversation(id="conversation-1")
        self.turns: list[tuple[int, int]] = []
        self.number = 0
        self._append(Decision((e.Opened(language="sv", audience=e.Audience.CITIZEN),)))

    def _append(self, decision: Decision) -> None:
        before = self.conversation
        for event in decision.events:
            self.now += timedelta(seconds=1)
            seq = self.conversation.last_seq + 1
            previous = self.conversation
            self.conversation = apply(self.conversation, event, seq, self.now)
            self.history.append((seq, self.now, event))
            if previous.state is not self.conversation.state:
                assert (previous.state, self.conversation.state) in ALLOWED_MOVES
            if previous.owner_id != self.conversation.owner_id:
                assert self.conversation.epoch == previous.epoch + 1
        if before.state is State.CLOSED:
            assert all(isinstance(event, e.Rated | e.Note | e.Reviewed) for event in decision.events)

    def _do(self, command: c.Command) -> Decision | None:
        self.number += 1
        before = self.conversation
        try:
            decision = decide(self.conversation, command, f"command-{self.number}")
        except HandoverError as error:
            assert error.code in CATALOGUE
            assert self.conversation is before
            return None
        if decision.bot_turn:
            assert before.state is State.BOT
            self.turns.append((self.conversation.last_seq + 1, self.conversation.epoch))
        self._append(decision)
        return decision

    @rule(text=st.text(min_size=1, max_size=30))
    def say(self, text: str) -> None:
        before = len(self.history)
        was_open = self.conversation.state is not State.CLOSED
        self._do(c.Say(text))
        if was_open:
            said = self.history[before][2]
            assert isinstance(said, e.Message) and said.text == text and said.sender == "citizen"

    @rule(payload=st.sampled_from(["bygglov.behovs", "never.offered", HUMAN_CHOICE]))
    def choose(self, payload: str) -> None:
        offered = {choice.payload for choice in self.conversation.choices}
        was_open = self.conversation.state is not State.CLOSED
        decision = self._do(c.Choose(payload))
        assert (decision is not None) == (was_open and payload in offered)

    @rule()
    def ask_human(self) -> None:
        self._do(c.AskHuman())
        assert self.conversation.state is not State.BOT

    @rule(score=st.integers(-1, 7))
    def rate(self, score: int) -> None:
        decision = self._do(c.Rate(score))
        assert (decision is not None) == (1 <= score <= 5)

    @rule(guide=guides)
    def claim(self, guide: c.Guide) -> None:
        waited = self.conversation.state is State.WAITING
        assert (self._do(c.Claim(guide)) is not None) == waited

    @rule(guide=guides)
    def take_over(self, guide: c.Guide) -> None:
        free = self.conversation.state in (State.BOT, State.WAITING)
        assert (self._do(c.TakeOver(guide)) is not None) == free

    @rule(guide=guides, command=st.sampled_from(["reply", "hand_back", "release", "transfer", "close"]))
    def act_as_owner(self, guide: c.Guide, command: str) -> None:
        owns = self.conversation.state is State.GUIDE and self.conversation.owner_id == guide.id
        made: c.Command = {
            "reply": c.Reply(guide, "Hej"),
            "hand_back": c.HandBack(guide),
            "release": c.Release(guide),
            "transfer": c.Transfer(guide, to_service="bygglov"),
            "close": c.GuideClose(guide),
        }[command]
        assert (self._do(made) is not None) == owns

    @rule(guide=guides)
    def note(self, guide: c.Guide) -> None:
        assert self._do(c.AddNote(guide, "intern")) is not None

    @rule(
        index=st.integers(0, 5),
        mode=st.sampled_from(["send", "approve", "shadow"]),
        escalate=st.sampled_from([None, Reason.LOW_CONFIDENCE, Reason.CRISIS]),
        review=st.booleans(),
        off=st.booleans(),
    )
    def bot_answers(self, index: int, mode: str, escalate: Reason | None, review: bool, off: bool) -> None:
        if not self.turns:
            return
        seq, epoch = self.turns[index % len(self.turns)]
        choice = e.Choice(title="Bygglov", payload="bygglov.behovs")
        human = e.Choice(title="Människa", payload=HUMAN_CHOICE)
        answer = e.AnswerRef(service="bygglov", faq="bygglov.behovs", language="sv")
        message = c.BotMessage("Svar", choices=(choice, human), answer=answer)
        late = epoch != self.conversation.epoch or self.conversation.state is not State.BOT
        before = len(self.history)
        instead = c.BotMessage("En människa svarar", sender="system")
        turn = c.FinishTurn(
            epoch,
            seq,
            (message,),
            escalate,
            mode=mode,  # type: ignore[arg-type]
            level="sampled",
            review=review,
            instead=(instead,),
        )
        self._do(silenced(turn) if off else turn)
        said = [event for _, _, event in self.history[before:]]
        if late:
            assert not said, "a bot spoke over a person"
        elif off or mode == "shadow":
            assert not [one for one in said if isinstance(one, e.Message) and one.sender == "bot"]
            assert [one.text for one in said if isinstance(one, e.Message)] == [instead.text]
        if off:
            assert not [one for one in said if isinstance(one, e.Draft)]
            assert late or self.conversation.state is State.WAITING

    @rule(guide=guides, edited=st.booleans())
    def approve(self, guide: c.Guide, edited: bool) -> None:
        draft = self.conversation.draft
        decision = self._do(c.ApproveDraft(guide, draft.id if draft else "none", "Bättre svar" if edited else None))
        assert (decision is not None) == (draft is not None)

    @rule(guide=guides)
    def reject(self, guide: c.Guide) -> None:
        draft = self.conversation.draft
        self._do(c.RejectDraft(guide, draft.id if draft else "none", "outdated"))
        if draft is not None:
            assert self.conversation.state is State.WAITING

    @rule()
    def draft_times_out(self) -> None:
        draft = self.conversation.draft
        self._do(c.DraftTimeout(draft.id if draft else "none", "Förlåt"))
        if draft is not None:
            assert self.conversation.state is State.WAITING, "a time-out is never silence"

    @rule()
    def draft_is_withdrawn(self) -> None:
        draft = self.conversation.draft
        self._do(c.WithdrawDraft(draft.id if draft else "none", "En människa svarar"))
        if draft is not None:
            assert self.conversation.state is State.WAITING, "a withdrawn draft is never silence"

    @rule(guide=guides)
    def decide_too_late(self, guide: c.Guide) -> None:
        decided = self.conversation.decided
        if decided is not None:
            assert self._do(c.ApproveDraft(guide, decided.draft_id)) is None
            assert self._do(c.RejectDraft(guide, decided.draft_id, "tone")) is None

    @rule(guide=guides)
    def whisper(self, guide: c.Guide) -> None:
        with_guide = self.conversation.state is State.GUIDE
        assert (self._do(c.Whisper(guide, "Fråga om adressen")) is not None) == with_guide

    @rule(guide=guides, index=st.integers(0, 5), harmful=st.booleans())
    def review(self, guide: c.Guide, index: int, harmful: bool) -> None:
        listed = self.conversation.listed
        item = listed[index % len(listed)] if listed else "none"
        assert (self._do(c.Review(guide, item, "wrong", harmful)) is not None) == bool(listed)
        assert self._do(c.Review(guide, item, "good")) is None, "judged twice"

    @rule()
    def it_is_closed(self) -> None:
        state = self.conversation.state
        decision = self._do(c.TellClosed("Vi öppnar måndag kl. 08:00"))
        assert decision is not None
        assert bool(decision.events) == (state is State.WAITING), "who does not wait is told of no hours"
        assert self.conversation.state is state, "the conversation stays in line"

    @rule()
    def idles(self) -> None:
        self._do(c.IdleClose())

    @invariant()
    def seq_has_no_gaps(self) -> None:
        if hasattr(self, "history"):
            assert [seq for seq, _, _ in self.history] == list(range(1, len(self.history) + 1))

    @invariant()
    def snapshot_plus_events_is_fresh_snapshot(self) -> None:
        if not hasattr(self, "history"):
            return
        fresh = replay("conversation-1", self.history)
        assert fresh == self.conversation
        middle = len(self.history) // 2
        old = replay("conversation-1", self.history[:middle])
        assert replay("conversation-1", self.history[middle:], old) == fresh

    @invariant()
    def state_and_owner_agree(self) -> None:
        if not hasattr(self, "history"):
            return
        conversation = self.conversation
        assert (conversation.state is State.GUIDE) == (conversation.owner_id is not None)
        assert (conversation.state is State.WAITING) == (conversation.waiting_since is not None)
        assert conversation.draft is None or conversation.state is State.BOT

    @invariant()
    def events_survive_json(self) -> None:
        if hasattr(self, "history") and self.history:
            event = self.history[-1][2]
            assert event_from_json(event_to_json(event)) == event


ConversationMachine.TestCase.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestConversationMachine = ConversationMachine.TestCase
