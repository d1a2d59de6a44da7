"""The use cases of change sets: opened, edited by several at a time, trained, put into service or given up.

What a set holds is its branch; the database knows whose it is and where it stands. An edit is accepted when its commit
is on the branch. The log is written after that, and whatever it missed is added with the next edit.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection

from handover.conversations import Clock, utc_now
from handover.core.changes import ChangeState, check_editable
from handover.core.errors import HandoverError
from handover.core.text import clean_text
from handover.store import changes
from handover.store.accounts import Account
from handover.store.changes import ChangeSet, EditLine
from handover.store.database import Database
from handover.tuning.changes.applying import apply
from handover.tuning.changes.draft import Draft
from handover.tuning.changes.edits import AddExample, Edit
from handover.tuning.changes.refusals import EditRefused
from handover.tuning.changes.repository import Author, BranchMoved, CommitLine, DataRepository

log = structlog.get_logger(__name__)

#: What keeps a text from becoming an example, without making it wrong to ask.
NO_EXAMPLE = frozenset({"example_exists", "example_invalid", "example_personal_data", "intent_unknown"})
MAX_TITLE_CHARS = 120
#: How often an edit is tried anew on what others have written meanwhile.
ATTEMPTS = 20
_RENAMED = "Rename to "

#: Changes a draft; returns the commit's message, "subject: What."
Work = Callable[[Draft], str]


@dataclass(frozen=True, slots=True)
class Overview:
    """Every change set with how many edits it has."""

    sets: list[ChangeSet]
    counts: dict[str, int]


class ChangeSets:
    """Keeps change sets."""

    def __init__(self, database: Database, repository: DataRepository, clock: Clock = utc_now) -> None:
        self._database = database
        self.repository = repository
        self._clock = clock

    async def overview(self) -> Overview:
        """Return the change sets, the last changed first."""
        return await self._database.read(
            lambda connection: Overview(changes.list_sets(connection), changes.count_edits(connection))
        )

    async def get(self, set_id: str) -> ChangeSet:
        """Return a change set; raises `change_set_unknown`."""
        found = await self._database.read(lambda connection: changes.find_set(connection, set_id))
        if found is None:
            raise HandoverError("change_set_unknown")
        return found

    async def edits(self, set_id: str) -> list[EditLine]:
        """Return the edits of a change set, oldest first."""
        return await self._database.read(lambda connection: changes.list_edits(connection, set_id))

    async def open(self, title: str, account: Account) -> ChangeSet:
        """Open a change set on what is in service, or on the data folder where that is newer."""
        title = clean_text(title)
        if len(title) > MAX_TITLE_CHARS:
            raise HandoverError("text_too_long")
        set_id, now = uuid.uuid4().hex[:12], self._clock()
        current, origin = await asyncio.to_thread(self._current)
        served = await self._database.read(lambda connection: changes.find_in_service(connection, origin))
        base = served or current
        branch = f"tuning/{set_id}"
        await asyncio.to_thread(self.repository.make_branch, branch, base)
        new = ChangeSet(set_id, title, ChangeState.OPEN, branch, origin, base, base, now, account.id, account.name, now)
        await self._database.write(lambda connection: changes.insert_set(connection, new))
        log.info("change_set_opened", change_set=set_id, by=account.id)
        return new

    async def abandon(self, set_id: str, account: Account) -> ChangeSet:
        """Give a change set up; its branch stays. Raises `change_set_busy`, `change_set_closed`."""
        done = await self._move(set_id, ChangeState.ABANDONED)
        log.info("change_set_abandoned", change_set=set_id, by=account.id)
        return done

    async def edit(self, set_id: str, edits: Sequence[Edit], account: Account) -> ChangeSet:
        """Commit edits, all or none, as one commit; of several the last is its title and all are named below.

        Raises what an edit is refused with: `edit_conflict` where somebody else has changed what the editor saw,
        `intent_renamed`, `changes_unavailable` where git cannot write.
        """

        def work(draft: Draft) -> str:
            messages = [apply(edit, draft) for edit in edits]
            return "\n\n".join([messages[-1], *(["\n".join(messages)] if len(messages) > 1 else [])])

        return await self.work(set_id, work, account)

    async def work(self, set_id: str, work: Work, account: Account) -> ChangeSet:
        """Commit what `work` changes in a draft, all or nothing; it may be called again on a newer draft."""
        found = await self.get(set_id)
        check_editable(found.state)
        try:
            await asyncio.to_thread(self._commit, found, work, Author(account.id, account.name))
        except HandoverError as error:
            raise await asyncio.to_thread(self._explained, error, found) from error
        return await self._note(found)

    async def propose(self, examples: Sequence[AddExample], account: Account) -> tuple[str, list[bool]]:
        """Add examples to the change set that this person opened last, or to a new one, as one commit.

        Return its id and which examples are in it now: what is there already stays, what is no example is left out.
        """
        taken: list[bool] = []

        def work(draft: Draft) -> str:
            taken[:] = [_is_in(example, draft) for example in examples]
            return f"inbox: Add {sum(taken)} examples."

        found = await self._database.read(lambda connection: changes.find_own_open(connection, account.id))
        change_set = found or await self.open(f"Från inkorgen, {account.name}"[:MAX_TITLE_CHARS], account)
        await self.work(change_set.id, work, account)
        return change_set.id, taken

    async def begin_training(self, set_id: str) -> ChangeSet:
        """Hold edits while a model is made of the set's head."""
        return await self._move(set_id, ChangeState.IN_TRAINING)

    async def end_training(self, set_id: str) -> ChangeSet:
        """Take edits again, however the training ended."""
        return await self._move(set_id, ChangeState.OPEN)

    async def catch_up(self, set_id: str, account: Account) -> ChangeSet:
        """Bring in what was put into service since the set was opened; raises `change_set_clash`."""
        found = await self.get(set_id)
        check_editable(found.state)
        served = await self._database.read(lambda connection: changes.find_in_service(connection, found.origin))
        if served is None:
            return found
        await asyncio.to_thread(self._merge, found, served, Author(account.id, account.name))
        return await self._note(found)

    async def is_behind(self, found: ChangeSet) -> bool:
        """Tell whether something is in service that an open set lacks."""
        if found.state is not ChangeState.OPEN:
            return False
        served = await self._database.read(lambda connection: changes.find_in_service(connection, found.origin))
        return served is not None and not await asyncio.to_thread(self.repository.contains, found.head, served)

    def _current(self) -> tuple[str, str]:
        commit = self.repository.current()
        return commit, self.repository.snapshot(commit).data_id

    def _commit(self, found: ChangeSet, work: Work, author: Author) -> None:
        for _ in range(ATTEMPTS):
            head = self.repository.head(found.branch)
            draft = Draft(self.repository.snapshot(head))
            message = work(draft)
            if not draft.files:
                return
            try:
                self.repository.commit(found.branch, head, draft.files, author, message)
                return
            except BranchMoved:
                continue
        raise HandoverError("edit_conflict")

    def _merge(self, found: ChangeSet, other: str, author: Author) -> None:
        message = "all: Bring in what is in service."
        for _ in range(ATTEMPTS):
            head = self.repository.head(found.branch)
            if self.repository.contains(head, other):
                return
            try:
                if self.repository.merge(found.branch, head, other, author, message) is None:
                    raise HandoverError("change_set_clash")
                return
            except BranchMoved:
                continue
        raise HandoverError("edit_conflict")

    async def _note(self, found: ChangeSet) -> ChangeSet:
        """Write down what the branch holds that the log does not, and return the set as it is now."""

        def work(connection: Connection) -> ChangeSet:
            head = self.repository.head(found.branch)
            lines = [_edit_line(line) for line in self.repository.log(found.base, head)]
            return changes.note_edits(connection, found.id, found.base, lines, self._clock())

        return await self._database.write(work)

    async def _move(self, set_id: str, to: ChangeState) -> ChangeSet:
        now = self._clock()
        return await self._database.write(lambda connection: changes.move_set(connection, set_id, to, now))

    def _explained(self, error: HandoverError, found: ChangeSet) -> HandoverError:
        """Return a refusal with what the branch knows of it: the new name of a question, or who was faster."""
        if error.code not in ("intent_unknown", "edit_conflict"):
            return error
        lines = self.repository.log(found.base, self.repository.head(found.branch))
        for line in map(_edit_line, reversed(lines)):
            renamed = line.what.startswith(_RENAMED)
            if error.code == "intent_unknown" and renamed and str(error) == f"intent_unknown: {line.subject}":
                name = line.what.removeprefix(_RENAMED).rstrip(".")
                return EditRefused("intent_renamed", to=name, by=line.by_name)
            if error.code == "edit_conflict" and error.facts and error.facts.get("subject") == line.subject:
                return EditRefused(error.code, **{**error.facts, "by": line.by_name, "at": line.at.isoformat()})
        return error


def _edit_line(line: CommitLine) -> EditLine:
    subject, _, what = line.message.partition("\n")[0].partition(": ")
    return EditLine(line.id, line.at, line.author.id, line.author.name, subject, what)


def _is_in(example: AddExample, draft: Draft) -> bool:
    """Add an example; tell whether the draft holds it now."""
    try:
        apply(example, draft)
    except HandoverError as error:
        if error.code not in NO_EXAMPLE:
            raise
        return error.code == "example_exists"
    return True
