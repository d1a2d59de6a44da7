"""The repository of a data folder: git itself agrees with what is written, and nothing else is touched."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from handover.core.errors import HandoverError
from handover.settings import ROOT
from handover.tuning.changes.blocks import Kind
from handover.tuning.changes.draft import Draft
from handover.tuning.changes.export import export_patch
from handover.tuning.changes.repository import Author, BranchMoved, DataRepository
from handover.tuning.changes.trees import Trees
from tests.support.tuning import BEHOVS, git, make_git, make_tuning_data

AUTHOR = Author("ab12", "Åsa Öberg <å@ö>")
NLU = "nlu/bygglov.yml"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder in no repository."""
    return make_tuning_data(tmp_path / "data")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Where the service would make its own repository."""
    return tmp_path / "var" / "repository.git"


def test_folder_without_git_gets_a_repository_whose_commits_are_the_folder(data: Path, own: Path) -> None:
    repository = DataRepository(data, own)
    first = repository.current()
    assert repository.current() == first
    assert repository.snapshot(first).read(NLU) == BEHOVS
    (data / NLU).write_text(BEHOVS.replace("staket", "plank"), encoding="utf-8")
    (data / "canned.yml").unlink()
    second = repository.current()
    assert git(own, "rev-parse", f"{second}^").strip() == first
    assert git(own, "diff", "--name-status", first, second).split() == ["D", "canned.yml", "M", NLU]
    git(own, "fsck", "--strict")


def test_folder_inside_a_repository_is_written_under_its_own_path(tmp_path: Path, own: Path) -> None:
    data = make_tuning_data(tmp_path / "product" / "data")
    make_git(tmp_path / "product")
    repository = DataRepository(data, own)
    base = repository.current()
    assert base == git(data, "rev-parse", "HEAD").strip()
    repository.make_branch("tuning/one", base)
    repository.commit("tuning/one", base, {f"data/{NLU}": BEHOVS + "# end\n"}, AUTHOR, "a: Ändra.")
    assert git(data, "diff", "--name-only", "HEAD", "tuning/one").strip() == f"data/{NLU}"
    assert git(data, "log", "-1", "--format=%an|%ae", "tuning/one").strip() == (
        "Åsa Öberg å@ö|ab12@users.noreply.kontakt.invalid"
    )
    assert git(data, "status", "--porcelain") == ""
    assert not own.exists()


def test_what_nobody_has_committed_is_in_the_base_and_in_no_diff(data: Path, own: Path) -> None:
    make_git(data)
    (data / NLU).write_text(BEHOVS.replace("staket", "plank"), encoding="utf-8")
    repository = DataRepository(data, own)
    base = repository.current()
    assert "plank" in (repository.snapshot(base).read(NLU) or "")
    assert git(data, "rev-parse", "main").strip() == git(data, "rev-parse", f"{base}^").strip()
    assert git(data, "status", "--porcelain").split() == ["M", NLU]


def test_what_is_hidden_or_ignored_is_left_as_git_has_it(data: Path, own: Path) -> None:
    (data / ".gitignore").write_text("*.bak\n", encoding="utf-8")
    (data / ".github").mkdir()
    (data / ".github" / "ci.yml").write_text("on: push\n", encoding="utf-8")
    make_git(data)
    (data / "old.bak").write_text("x", encoding="utf-8")
    assert DataRepository(data, own).current() == git(data, "rev-parse", "main").strip()


def test_only_one_of_many_who_saw_the_same_head_moves_the_branch(data: Path, own: Path) -> None:
    base = DataRepository(data, own).current()
    DataRepository(data, own).make_branch("tuning/race", base)
    won: list[str] = []
    lost: list[int] = []
    ready = threading.Barrier(8)

    def write(number: int) -> None:
        repository = DataRepository(data, own)
        ready.wait()
        try:
            text = BEHOVS + f"# {number}\n"
            won.append(repository.commit("tuning/race", base, {NLU: text}, AUTHOR, f"a: {number}."))
        except BranchMoved:
            lost.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert len(lost) == 7
    assert DataRepository(data, own).head("tuning/race") == won[0]


@pytest.mark.parametrize("applying", ["am", "apply"])
def test_exported_patch_gives_the_same_tree_elsewhere(data: Path, own: Path, tmp_path: Path, applying: str) -> None:
    repository = DataRepository(data, own)
    head = base = repository.current()
    repository.make_branch("tuning/one", base)
    changes = ({NLU: BEHOVS + "# å\n"}, {NLU: BEHOVS.replace("staket", "plank")}, {"canned.yml": None, "ny.yml": "a"})
    for number, files in enumerate(changes):
        head = repository.commit("tuning/one", head, files, AUTHOR, f"bygglov.åäö: Ändra {number}.")
    patch = tmp_path / "one.patch"
    patch.write_bytes(export_patch(repository, base, head))
    elsewhere = make_git(make_tuning_data(tmp_path / "elsewhere"))
    if applying == "am":
        git(elsewhere, "am", "-q", str(patch))
        assert git(elsewhere, "log", "-1", "--format=%an %s").strip() == "Åsa Öberg å at ö bygglov.åäö: Ändra 2."
    else:
        git(elsewhere, "apply", "--index", str(patch))
        git(elsewhere, "commit", "-qm", "All.")
    assert git(elsewhere, "rev-parse", "HEAD^{tree}").strip() == git(own, "rev-parse", f"{head}^{{tree}}").strip()


FULL_DISK = """
import resource, sys
from pathlib import Path
from handover.core.errors import HandoverError
from handover.tuning.changes.repository import Author, DataRepository
repository = DataRepository(Path(sys.argv[1]), Path(sys.argv[2]))
head = repository.head("tuning/one")
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    repository.commit("tuning/one", head, {"nlu/bygglov.yml": "version: x"}, Author("a", "A"), "a: b.")
except HandoverError as error:
    sys.exit(0 if error.code == "changes_unavailable" and repository.head("tuning/one") == head else 2)
sys.exit(3)
"""


def test_disk_that_takes_no_more_refuses_the_edit_and_keeps_the_branch(data: Path, own: Path) -> None:
    repository = DataRepository(data, own)
    repository.make_branch("tuning/one", repository.current())
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(data), str(own)], cwd=ROOT, timeout=60)
    assert done.returncode == 0
    git(own, "fsck", "--strict")


def test_folder_that_is_not_there_is_told_and_not_a_crash(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(HandoverError, match="changes_unavailable"):
        DataRepository(tmp_path / "nowhere", blocked / "repository.git").current()


def test_tree_is_unpacked_whole_once_and_collected(data: Path, own: Path, tmp_path: Path) -> None:
    repository = DataRepository(data, own)
    base = repository.current()
    trees = Trees(tmp_path / "trees", repository)
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(trees.unpack(base))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {tmp_path / "trees" / base}
    files = {path.relative_to(found[0]) for path in found[0].rglob("*") if path.is_file()}
    assert files == {path.relative_to(data) for path in data.rglob("*") if path.is_file()}
    assert (found[0] / NLU).read_text(encoding="utf-8") == BEHOVS


@pytest.mark.parametrize(
    ("intent", "language", "name"),
    [
        ("bygglov.behovs", "sv", "bygglov"),
        ("bygglov.behovs", "ar", "newcomers"),
        ("dialogue.greet", "sv", "dialogue"),
        ("out_of_scope", "en", "out_of_scope"),
        ("danger.suicide", "so", "danger"),
        ("danger.none", "ar", "harmless"),
    ],
)
def test_examples_of_a_new_kind_belong_in_the_file_of_such(
    data: Path, own: Path, intent: str, language: str, name: str
) -> None:
    repository = DataRepository(data, own)
    snapshot = repository.snapshot(repository.current())
    assert Draft(snapshot).place_of(Kind(intent, language, "vardag")) == snapshot.data(f"nlu/{name}.yml")
