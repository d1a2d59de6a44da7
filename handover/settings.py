"""All settings, read once at start from the environment (prefix `KONTAKT_`) and passed down."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, StringConstraints, TypeAdapter, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from handover.core.roles import Role
from handover.core.rollout import Policy
from handover.core.supervision import Level

ROOT = Path(__file__).resolve().parents[1]
#: Secrets that everybody knows.
PLACEHOLDER_SECRETS = frozenset({"", "secret", "change-me", "changeme", "placeholder", "demo"})
MIN_SECRET_CHARS = 24
_POLICY = Policy()

ClaimValue = Annotated[str, StringConstraints(min_length=1)]
_ROLE_TABLE: TypeAdapter[dict[Role, list[ClaimValue]]] = TypeAdapter(dict[Role, list[ClaimValue]])


class Mode(StrEnum):
    """Demo makes accounts and sends example answers; production does neither."""

    DEMO = "demo"
    PRODUCTION = "production"


class Assignment(StrEnum):
    """Whether guides take conversations from the queue themselves, or are given them by the policy."""

    CLAIM = "claim"
    AUTOMATIC = "automatic"


class Settings(BaseSettings):
    """Every setting with its default; `docs/settings.md` describes them and a test keeps it in step."""

    model_config = SettingsConfigDict(env_prefix="KONTAKT_", frozen=True, extra="ignore")

    mode: Mode = Mode.DEMO
    port: Annotated[int, Field(ge=1, le=65_535)] = 8_000
    host: str = "127.0.0.1"
    data_dir: Path = ROOT / "var"
    data: Path = ROOT / "data"
    served_data: Path | None = None
    web_dist: Path = ROOT / "dist"
    database_url: str = ""
    redis_url: str = ""
    engine_url: Annotated[tuple[HttpUrl, ...], NoDecode] = (HttpUrl("http://127.0.0.1:5005"),)
    engine_secret: SecretStr = SecretStr("")
    keeper_url: str = ""
    kept_models: Annotated[int, Field(ge=2)] = 10
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    assignment: Assignment = Assignment.CLAIM

    default_level: Level | None = None
    rollout_target: Annotated[float, Field(ge=0, lt=1)] = _POLICY.target
    rollout_floor: Annotated[float, Field(ge=0, lt=1)] = _POLICY.floor
    rollout_min_samples: Annotated[int, Field(ge=1)] = _POLICY.min_samples
    automatic_promotion: bool = False
    sampled_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    audit_share: Annotated[float, Field(ge=0, le=1)] = 0.05

    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.1",)

    password_sign_in: bool | None = None
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_role_claim: str = "roles"
    oidc_roles: Annotated[tuple[tuple[Role, ClaimValue], ...], NoDecode] = ()
    oidc_default_role: Role | None = None

    engine_timeout_seconds: Annotated[float, Field(gt=0)] = 8.0
    turn_lease_seconds: Annotated[float, Field(gt=0)] = 10.0
    draft_timeout_seconds: Annotated[float, Field(gt=0)] = 60.0
    guide_lease_seconds: Annotated[float, Field(gt=0)] = 30.0
    auto_away_seconds: Annotated[float, Field(gt=0)] = 600.0
    idle_close_seconds: Annotated[float, Field(gt=0)] = 1_800.0
    session_idle_seconds: Annotated[float, Field(gt=0)] = 3_600.0
    session_max_seconds: Annotated[float, Field(gt=0)] = 43_200.0
    kiosk_idle_seconds: Annotated[float, Field(gt=0)] = 120.0

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, values: dict[str, object]) -> dict[str, object]:
        for name in ("allowed_origins", "engine_url", "trusted_proxies"):
            given = values.get(name)
            if isinstance(given, str):
                values[name] = tuple(part.strip() for part in given.split(",") if part.strip())
        return values

    @field_validator("oidc_roles", mode="before")
    @classmethod
    def _read_roles(cls, given: object) -> object:
        """Take `guide=A,lead=B`, or JSON for values that hold commas: `{"guide": ["A", "B"]}`."""
        if not isinstance(given, str):
            return given
        if given.lstrip().startswith("{"):
            try:
                table = _ROLE_TABLE.validate_json(given)
            except ValueError:
                raise ValueError('is no JSON like {"guide": ["A", "B"], "lead": ["C"]}') from None
            return tuple((role, value) for role, values in table.items() for value in values)
        pairs = [part.partition("=") for part in given.split(",") if part.strip()]
        return tuple((role.strip(), value.strip()) for role, _, value in pairs)

    @field_validator("engine_url")
    @classmethod
    def _every_engine_once(cls, urls: tuple[HttpUrl, ...]) -> tuple[HttpUrl, ...]:
        if not urls:
            raise ValueError("names no engine; give one http address, or several separated by commas")
        if len(set(urls)) < len(urls):
            raise ValueError("names an engine twice")
        return urls

    @field_validator("keeper_url")
    @classmethod
    def _keeper_is_an_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("is no http address")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _no_placeholder_in_production(self) -> Settings:
        secret = self.engine_secret.get_secret_value()
        weak = secret.lower() in PLACEHOLDER_SECRETS or len(secret) < MIN_SECRET_CHARS
        if self.mode is Mode.PRODUCTION and weak:
            raise ValueError(
                f"KONTAKT_ENGINE_SECRET is a placeholder or shorter than {MIN_SECRET_CHARS} characters; "
                "production refuses to start with it"
            )
        return self

    @model_validator(mode="after")
    def _rollout_makes_sense(self) -> Settings:
        if self.rollout_floor > self.rollout_target:
            raise ValueError("KONTAKT_ROLLOUT_FLOOR is above KONTAKT_ROLLOUT_TARGET")
        return self

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Settings:
        if not self.oidc_issuer:
            if self.password_sign_in is False:
                raise ValueError("nobody could sign in: KONTAKT_PASSWORD_SIGN_IN is off, KONTAKT_OIDC_ISSUER empty")
            return self
        if not self.oidc_client_id or not self.oidc_client_secret.get_secret_value():
            raise ValueError("KONTAKT_OIDC_ISSUER needs KONTAKT_OIDC_CLIENT_ID and KONTAKT_OIDC_CLIENT_SECRET")
        if not self.oidc_roles and self.oidc_default_role is None:
            raise ValueError("KONTAKT_OIDC_ISSUER needs KONTAKT_OIDC_ROLES or KONTAKT_OIDC_DEFAULT_ROLE")
        if self.mode is Mode.PRODUCTION and not self.oidc_issuer.startswith("https://"):
            raise ValueError("KONTAKT_OIDC_ISSUER has to be https in production")
        return self

    @property
    def resolved_default_level(self) -> Level:
        """The level of a FAQ on which nothing was decided: in production a person sees every answer."""
        return self.default_level or (Level.SAMPLED if self.mode is Mode.DEMO else Level.APPROVE)

    @property
    def resolved_served_data(self) -> Path:
        """The data that goes with the model in service: what a start has chosen, else the data folder."""
        return self.served_data or self.data

    @property
    def trees(self) -> Path:
        """The folder of copies of the data that nobody edits, one a commit."""
        return self.data_dir.resolve() / "tuning" / "trees"

    @property
    def takes_passwords(self) -> bool:
        """Whether one can sign in with a password: as set, else unless production has an identity provider."""
        if self.password_sign_in is not None:
            return self.password_sign_in
        return not (self.oidc_issuer and self.mode is Mode.PRODUCTION)

    @property
    def resolved_database_url(self) -> str:
        """The database's address: what was given, else an SQLite file in the data folder."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir.resolve() / 'kontakt.sqlite3'}"
