"""The git repository that holds the data folder: read by commit, written by branch, never by a working tree.

Where the folder is in no repository, the service keeps one of its own, whose commits are the folder as it was. Every
call opens the repository anew, so that threads and processes share nothing but the files. A branch is moved by
comparing and setting its reference under git's own lock: of two who saw the same head, one gets `BranchMoved`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pygit2
from pygit2.enums import FileMode, SortMode

from handover.core.errors import HandoverError

SERVICE = "Kontakt"
#: No mail can be sent there: the top level is reserved for what does not exist (RFC 2606).
MAIL_DOMAIN = "users.noreply.kontakt.invalid"
#: Where a repository keeps the questions that are only asked.
QUESTIONS = "tests/nlu"

pygit2.settings.enable_fsync_gitdir(True)


class BranchMoved(Exception):
    """Somebody else was faster: the branch no longer ends where it did."""


@dataclass(frozen=True, slots=True)
class Author:
    """Whose edit it is; `id` is the account's."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CommitLine:
    """One commit as a line of a log."""

    id: str
    at: datetime
    author: Author
    message: str


class Snapshot:
    """The files of one commit. Paths are those of the repository; `data` turns a name in the data folder into one."""

    def __init__(self, repository: pygit2.Repository, commit: str, prefix: str) -> None:
        self.commit = commit
        self._repository = repository
        self._root = repository[commit].peel(pygit2.Tree)
        self._prefix = prefix

    def data(self, name: str) -> str:
        """Return the path of a file of the data folder."""
        return f"{self._prefix}/{name}" if self._prefix else name

    def blob_id(self, path: str) -> str | None:
        """Return the hash of a file's content, None where there is no such file."""
        found = _find(self._root, path)
        return str(found.id) if isinstance(found, pygit2.Blob) else None

    def read(self, path: str) -> str | None:
        """Return a file's text, None where there is no such file."""
        found = _find(self._root, path)
        return found.data.decode("utf-8") if isinstance(found, pygit2.Blob) else None

    def names(self, folder: str, ending: str) -> list[str]:
        """Return the paths of a folder's files with this ending, sorted."""
        found = _find(self._root, folder)
        if not isinstance(found, pygit2.Tree):
            return []
        return sorted(f"{folder}/{entry.name}" for entry in found if str(entry.name).endswith(ending))

    def walk_data(self) -> Iterator[tuple[PurePosixPath, bytes]]:
        """Yield every file of the data folder: its path inside the folder, and what it holds."""
        yield from _walk(self._folder, PurePosixPath())

    @property
    def data_id(self) -> str:
        """The hash of the whole data folder: equal folders have equal ones."""
        return str(self._folder.id)

    @property
    def _folder(self) -> pygit2.Tree:
        found = _find(self._root, self._prefix)
        if not isinstance(found, pygit2.Tree):
            raise HandoverError("changes_unavailable", f"{self.commit} has no data folder")
        return found


class DataRepository:
    """The repository of a data folder. Raises `changes_unavailable` where it cannot be read or written."""

    def __init__(self, data: Path, own: Path) -> None:
        """`own` is where a repository is made if the folder is in none."""
        self._data = data.resolve()
        self._own = own

    def current(self) -> str:
        """Return the commit of the data folder as it is; what nobody has committed is committed, on no branch."""
        with _told():
            repository, prefix = self._open()
            head = None if repository.is_empty or repository.head_is_unborn else str(repository.head.target)
            index = pygit2.Index()
            if head is not None:
                index.read_tree(_commit(repository, head).tree)
            self._fill(repository, index, prefix)
            tree = index.write_tree(repository)
            if head is not None and _commit(repository, head).tree.id == tree:
                return head
            signature = _signature(Author("service", SERVICE))
            moved = "HEAD" if repository.is_bare else None
            parents = [] if head is None else [head]
            message = "The data folder as it is."
            return str(repository.create_commit(moved, signature, signature, message, tree, parents))

    def make_branch(self, branch: str, commit: str) -> None:
        """Begin a branch at a commit; raises `BranchMoved` where there is one of this name."""
        with _told():
            repository, _ = self._open()
            try:
                repository.references.create(_reference(branch), commit)
            except (ValueError, pygit2.AlreadyExistsError):
                raise BranchMoved(branch) from None

    def head(self, branch: str) -> str:
        """Return the commit that a branch ends with."""
        with _told():
            repository, _ = self._open()
            return str(repository.references[_reference(branch)].target)

    def snapshot(self, commit: str) -> Snapshot:
        """Return the files of a commit."""
        with _told():
            return Snapshot(*self._at(commit))

    def commit(self, branch: str, seen: str, files: Mapping[str, str | None], author: Author, message: str) -> str:
        """Add a commit to a branch that ends with `seen`; None removes a file. Raises `BranchMoved`.

        Nothing but the branch changes; where writing fails, it does not either.
        """
        with _told():
            repository, _ = self._open()
            if repository.references[_reference(branch)].target != pygit2.Oid(hex=seen):
                raise BranchMoved(branch)
            index = pygit2.Index()
            index.read_tree(repository[seen].peel(pygit2.Tree))
            for path, text in files.items():
                if text is None:
                    index.remove(path)
                else:
                    blob = repository.create_blob(text.encode("utf-8"))
                    index.add(pygit2.IndexEntry(path, blob, FileMode.BLOB))
            return self._add(repository, branch, index.write_tree(repository), [seen], author, message)

    def merge(self, branch: str, seen: str, other: str, author: Author, message: str) -> str | None:
        """Bring another commit into a branch that ends with `seen`; None where both changed the same lines."""
        with _told():
            repository, _ = self._open()
            index = repository.merge_commits(_commit(repository, seen), _commit(repository, other))
            if index.conflicts is not None:
                return None
            tree = index.write_tree(repository)
            return self._add(repository, branch, tree, [seen, other], author, message)

    def contains(self, commit: str, earlier: str) -> bool:
        """Tell whether a commit holds an earlier one, or is the same."""
        with _told():
            repository, _ = self._open()
            return commit == earlier or repository.descendant_of(commit, earlier)

    def log(self, base: str, head: str) -> list[CommitLine]:
        """Return what came after `base` up to `head`, oldest first."""
        with _told():
            repository, _ = self._open()
            return [_line(commit) for commit in _between(repository, base, head)]

    def diff(self, base: str, head: str) -> str:
        """Return what differs, as a unified diff."""
        with _told():
            repository, _ = self._open()
            return repository.diff(_commit(repository, base), _commit(repository, head)).patch or ""

    def commits(self, base: str, head: str) -> list[tuple[CommitLine, str, str]]:
        """Return each commit after `base`, oldest first, with its statistics and its diff."""
        with _told():
            repository, _ = self._open()
            found = []
            for commit in _between(repository, base, head):
                diff = repository.diff(_commit(repository, str(commit.parent_ids[0])), commit)
                stat = diff.stats.format(pygit2.enums.DiffStatsFormat.FULL, 72)
                found.append((_line(commit), stat, diff.patch or ""))
            return found

    def _open(self) -> tuple[pygit2.Repository, str]:
        """Return the repository, and the data folder's path in it."""
        found = pygit2.discover_repository(str(self._data))
        if found is not None:
            repository = pygit2.Repository(found)
            prefix = _prefix(repository, self._data)
            if prefix is not None:
                return repository, prefix
        if not self._own.exists():
            self._own.parent.mkdir(parents=True, exist_ok=True)
            pygit2.init_repository(str(self._own), bare=True, initial_head="main")
        return pygit2.Repository(str(self._own)), ""

    def _at(self, commit: str) -> tuple[pygit2.Repository, str, str]:
        repository, prefix = self._open()
        return repository, commit, prefix

    def _fill(self, repository: pygit2.Repository, index: pygit2.Index, prefix: str) -> None:
        """Put the data folder as it is into an index; what is hidden or ignored stays as it is there."""
        known = {entry.path: entry.mode for entry in index if _is_in(entry.path, prefix)}
        for path in known:
            if not (self._data / path.removeprefix(f"{prefix}/")).exists():
                index.remove(path)
        for folder, folders, names in os.walk(self._data, followlinks=True):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for file in (Path(folder) / name for name in names if not name.startswith(".")):
                inside = file.relative_to(self._data).as_posix()
                path = f"{prefix}/{inside}" if prefix else inside
                mode = known.get(path)
                if mode == FileMode.LINK or (mode is None and _is_ignored(repository, path)):
                    continue
                blob = repository.create_blob(file.read_bytes())
                index.add(pygit2.IndexEntry(path, blob, mode or FileMode.BLOB))

    @staticmethod
    def _add(
        repository: pygit2.Repository, branch: str, tree: pygit2.Oid, parents: list[str], author: Author, message: str
    ) -> str:
        ours, theirs = _signature(Author("service", SERVICE)), _signature(author)
        try:
            return str(repository.create_commit(_reference(branch), theirs, ours, message, tree, parents))
        except pygit2.GitError as error:
            if repository.references[_reference(branch)].target != pygit2.Oid(hex=parents[0]):
                raise BranchMoved(branch) from None
            raise error


@contextmanager
def _told() -> Iterator[None]:
    """Say `changes_unavailable` for what git or the disk refuses: no repository, no right, no space."""
    try:
        yield
    except (pygit2.GitError, OSError, KeyError) as error:
        raise HandoverError("changes_unavailable", f"{type(error).__name__}: {error}") from error


def _reference(branch: str) -> str:
    return f"refs/heads/{branch}"


def _is_ignored(repository: pygit2.Repository, path: str) -> bool:
    return not repository.is_bare and repository.path_is_ignored(path)


def _is_in(path: str, prefix: str) -> bool:
    return not prefix or path.startswith(f"{prefix}/")


def _prefix(repository: pygit2.Repository, data: Path) -> str | None:
    """Return where the newest commit has the data folder, None where it does not."""
    if repository.workdir is None or repository.head_is_unborn:
        return None
    root = Path(repository.workdir).resolve()
    if not data.is_relative_to(root):
        return None
    prefix = "" if data == root else data.relative_to(root).as_posix()
    found = _find(repository.head.peel(pygit2.Tree), prefix)
    return prefix if isinstance(found, pygit2.Tree) else None


def _find(root: pygit2.Tree, path: str) -> pygit2.Object | None:
    if not path:
        return root
    try:
        return root[path]
    except KeyError:
        return None


def _walk(tree: pygit2.Tree, folder: PurePosixPath) -> Iterator[tuple[PurePosixPath, bytes]]:
    for entry in tree:
        path = folder / str(entry.name)
        if isinstance(entry, pygit2.Tree):
            yield from _walk(entry, path)
        elif isinstance(entry, pygit2.Blob):
            yield path, entry.data


def _between(repository: pygit2.Repository, base: str, head: str) -> list[pygit2.Commit]:
    """Return the commits of the branch itself after `base`, oldest first."""
    walker = repository.walk(head, SortMode.TOPOLOGICAL | SortMode.REVERSE)
    walker.hide(base)
    walker.simplify_first_parent()
    return list(walker)


def _commit(repository: pygit2.Repository, commit: str) -> pygit2.Commit:
    return repository[commit].peel(pygit2.Commit)


def _line(commit: pygit2.Commit) -> CommitLine:
    author = Author(commit.author.email.partition("@")[0], commit.author.name)
    at = datetime.fromtimestamp(commit.author.time, UTC)
    return CommitLine(str(commit.id), at, author, commit.message)


def _signature(author: Author) -> pygit2.Signature:
    name = " ".join("".join(c for c in author.name if c not in "<>" and c.isprintable()).split()) or "?"
    local = "".join(c for c in author.id if c.isalnum() or c in "-_.") or "nobody"
    return pygit2.Signature(name, f"{local}@{MAIL_DOMAIN}")
