"""`make account USERNAME=… NAME=… ROLE=…`: add somebody who can sign in; the password is shown once."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import uuid

from argon2 import PasswordHasher
from sqlalchemy.exc import IntegrityError

from handover.core.roles import Role
from handover.settings import Settings
from handover.store.accounts import Account, add_account
from handover.store.database import Database
from handover.store.migrate import migrate

PASSWORD_BYTES = 12


async def add(settings: Settings, account: Account) -> None:
    """Store the account in the database of the settings."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await migrate(settings.resolved_database_url)
    database = Database(settings.resolved_database_url)
    try:
        await database.write(lambda connection: add_account(connection, account))
    finally:
        await database.close()


def read_roles(given: str) -> frozenset[Role]:
    """Return the roles of a list with commas; raise `ArgumentTypeError` that names those there are."""
    try:
        return frozenset(Role(part.strip()) for part in given.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"one or several of {','.join(Role)}, separated by commas") from None


def main() -> int:
    """Add one account; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--username", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--role", type=read_roles, required=True, help="one or several, separated by commas")
    options = parser.parse_args()
    if not options.username.strip() or not options.name.strip():
        print("A user name and a name are needed: make account USERNAME=… NAME=… ROLE=guide", file=sys.stderr)
        return 2
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = PasswordHasher().hash(password)
    account = Account(str(uuid.uuid4()), options.username, options.name, options.role, hashed, demo=False)
    try:
        asyncio.run(add(Settings(), account))
    except IntegrityError:
        print(f"The user name {options.username} is taken.", file=sys.stderr)
        return 1
    print(f"{', '.join(sorted(options.role))}: {options.username} / {password} (shown this once)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
