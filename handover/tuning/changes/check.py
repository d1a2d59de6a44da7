"""The whole check of a change set: what `make check` says of its data folder, as sentences for an editor.

It runs in a process of its own: it takes seconds of pure computing, in which nobody's chat should wait.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from handover.core.errors import HandoverError
from handover.tuning.changes.trees import Trees

TIMEOUT_SECONDS = 120.0
#: Results that are kept, by commit.
KEPT_RESULTS = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in words, and where: a file of the data folder and its line from 1."""

    file: str
    line: int
    message: str


class ChangeCheck:
    """Checks commits, each once and one at a time."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees
        self._known: dict[str, tuple[Fault, ...]] = {}
        self._turn = asyncio.Lock()

    def known(self, commit: str) -> tuple[Fault, ...] | None:
        """Return what was found in a commit, None while nobody has asked."""
        return self._known.get(commit)

    async def check(self, commit: str) -> tuple[Fault, ...]:
        """Return what is wrong in a commit's data folder. Raises `check_unavailable`, `changes_unavailable`."""
        async with self._turn:
            if commit not in self._known:
                self._known[commit] = await self._run(commit)
                while len(self._known) > KEPT_RESULTS:
                    del self._known[next(iter(self._known))]
            return self._known[commit]

    async def _run(self, commit: str) -> tuple[Fault, ...]:
        lent = self._trees.lent(commit)
        data = await asyncio.to_thread(lent.__enter__)
        try:
            return await _check(data)
        finally:
            await asyncio.to_thread(lent.__exit__, None, None, None)


async def _check(data: Path) -> tuple[Fault, ...]:
    command = (sys.executable, "-m", "catalogue", "check", "--json", "--data", str(data))
    process = await asyncio.create_subprocess_exec(
        *command, cwd=Path(__file__).parents[3], stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            said, _ = await process.communicate()
    except TimeoutError:
        raise HandoverError("check_unavailable", "timed out") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode == 0:
        return ()
    try:
        problems = [(str(file), int(line), str(reason)) for file, line, reason in json.loads(said)]
    except ValueError:
        raise HandoverError("check_unavailable", f"exit code {process.returncode}") from None
    return tuple(
        Fault(Path(file).relative_to(data).as_posix() if Path(file).is_relative_to(data) else file, line, _told(reason))
        for file, line, reason in problems
    )


#: What the check says, and how an editor is told. What is not among them is shown as it is.
_SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (r"the FAQ (\S+) has no examples", r"Frågan \1 har inga exempel."),
        (r"(\S+) is no FAQ of the catalogue", r"\1 finns inte i katalogen, men har exempel."),
        (r"(\S+) has (\d+) Swedish examples, at least (\d+)", r"\1 har \2 svenska exempel; minst \3 behövs."),
        (r"(\S+) has (\d+) English examples, at least (\d+)", r"\1 har \2 engelska exempel; minst \3 behövs."),
        (r"(\S+) has (\d+) examples in (\S+), at least (\d+)", r"\1 har \2 exempel i rösten \3; minst \4 behövs."),
        (r"brackets are markup in Rasa's format: reword", r"Parenteser går inte att ha i ett exempel. Skriv om det."),
        (r"repeats (\S+) \((\S+)\)", r"Exemplet finns redan hos \2 (\1)."),
        (r"differs by one word from (\S+): (.+)", r"Bara ett ord skiljer exemplet från \2 (\1)."),
        (r"a template, '(.+?)': (.+)", r"För många exempel följer samma mall, ”\1”: \2."),
        (
            r"is an example too: (\S+) \((\S+)\)",
            r"Frågan används för att kalibrera och får inte vara exempel (\1, \2).",
        ),
        (r"is trained on: (\S+) \((\S+)\)", r"Provfrågan är ett exempel också (\1, \2), och prövar då ingenting."),
        (r"the same question as (\S+)", r"Samma provfråga som \1."),
        (r"not a question: (.+)", r"Raden är ingen fråga: \1."),
        (r"made from an older Swedish text: (.+)", r"Gjord från en äldre svensk text: \1."),
        (r"the placeholder (\S+) is not declared", r"Luckan \1 finns inte."),
        (r"(\S+) is an address: use it as a `url` only", r"\1 är en adress och kan bara stå som länk."),
        (
            r"(\d+) characters as shown, at most (\d+)",
            r"Svaret blir \1 tecken med luckorna ifyllda; högst \2 får plats.",
        ),
        (r"no FAQ has the id (\S+)", r"Ingen fråga heter \1."),
        (r"the ids differ from data/inventory.yml: (.+)", r"Id:n stämmer inte med inventory.yml: \1."),
        (r"not YAML: (.+)", r"Filen går inte att läsa som YAML: \1."),
        (r"(\S+): String should have at most (\d+) characters?", r"\1: högst \2 tecken."),
        (r"(\S+): String should have at least 1 character", r"\1: får inte vara tomt."),
        (r"(\S+): Field required", r"\1: saknas."),
    )
)


def _told(reason: str) -> str:
    for pattern, sentence in _SENTENCES:
        found = pattern.fullmatch(reason)
        if found is not None:
            return found.expand(sentence)
    return reason
