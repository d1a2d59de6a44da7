"""What the keeper reads from its environment, once at start: variables with the prefix `KONTAKT_`.

`KONTAKT_KEEPER_PORT`, `KONTAKT_ENGINES`, and with the other processes `KONTAKT_DATA_DIR`, `KONTAKT_ENGINE_SECRET`,
`KONTAKT_ACTIONS_URL` and `KONTAKT_TRACKER_URL`. The engines that it starts inherit its environment,
`KONTAKT_REDIS_URL` among the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[1]


class KeeperSettings(BaseSettings):
    """The keeper's settings; `docs/settings.md` describes them."""

    model_config = SettingsConfigDict(env_prefix="KONTAKT_", frozen=True, extra="ignore")

    keeper_port: Annotated[int, Field(ge=1, le=65_535)]
    #: How many processes serve one model.
    engines: Annotated[int, Field(ge=1, le=64)] = 1
    data_dir: Path = ROOT / "var"
    engine_secret: Annotated[SecretStr, Field(min_length=1)]
    actions_url: str = ""
    #: Where engines share what they remember; empty: each keeps it in its own memory.
    tracker_url: str = ""

    @property
    def models(self) -> Path:
        """The folder of trained models."""
        return self.data_dir.resolve() / "engine" / "models"

    @property
    def trees(self) -> Path:
        """The folder of copies of the data, one a commit: what may be trained."""
        return self.data_dir.resolve() / "tuning" / "trees"

    @property
    def folder(self) -> Path:
        """The keeper's own folder: logs of engines, what runs."""
        return self.data_dir.resolve() / "keeper"
