"""Serve the keeper on loopback until stopped: `python -m keeper`. Its engines end with it when it is asked to stop."""

from __future__ import annotations

import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from keeper.app import create_keeper
from keeper.ports import LOOPBACK
from keeper.settings import KeeperSettings


def main(create: Callable[[KeeperSettings], FastAPI] = create_keeper) -> int:
    """Run until stopped; the exit code."""
    try:
        settings = KeeperSettings()
    except ValidationError as error:
        for fault in error.errors():
            print(f"setting {'.'.join(map(str, fault['loc']))}: {fault['msg']}", file=sys.stderr)
        return 2
    app = create(settings)
    uvicorn.run(app, host=LOOPBACK, port=settings.keeper_port, access_log=False, log_level="warning")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
