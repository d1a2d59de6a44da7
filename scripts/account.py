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


def main() -> int:
    """Add one account; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--username", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--role", choices=[role.value for role in Role], required=True)
    options = parser.parse_args()
    if not options.username.strip() or not options.name.strip():
        print("A user name and a name are needed: make account USERNAME=… NAME=… ROLE=guide", file=sys.stderr)
        return 2
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = PasswordHasher().hash(password)
    roles = frozenset({Role(options.role)})
    account = Account(str(uuid.uuid4()), options.username, options.name, roles, hashed, demo=False)
    try:
        asyncio.run(add(Settings(), account))
    except IntegrityError:
        print(f"The user name {options.username} is taken.", file=sys.stderr)
        return 1
    print(f"{options.role} {options.username}: {password} (shown this once)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
