"""What joins the inbox to change sets: examples that labels make become edits."""

from __future__ import annotations

from collections.abc import Sequence

from handover.store.accounts import Account
from handover.tuning.changes.edits import AddExample
from handover.tuning.changes.sets import ChangeSets
from handover.tuning.inbox.proposals import Proposal


class ChangeSetTarget:
    """The `ExampleTarget` of the inbox: the open change set of whoever labels."""

    def __init__(self, sets: ChangeSets) -> None:
        self._sets = sets

    async def propose(self, examples: Sequence[Proposal], by: Account) -> tuple[str, list[bool]]:
        """Add examples to the change set that `by` opened last, or to a new one."""
        edits = [
            AddExample(intent=one.intent, text=one.text, language=one.language, voice=one.voice) for one in examples
        ]
        return await self._sets.propose(edits, by)
