"""The environment (and `.env`) as one typed object, read once. Every variable is named here and in its error."""

import os
import tomllib
from functools import cache
from pathlib import Path

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

VERSION = "0.1.0"


class EndpointSettings(BaseModel):
    """One `[[endpoint]]` of the TOML file that `PLAYGROUND_PROVIDERS` names."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    """What requests call it."""
    base_url: str = Field(pattern=r"^https?://[^\s/?#@]+[^\s?#]*$")
    """Where it is; most end in `/v1`."""
    label: str = ""
    """What the picker shows; the name by default."""
    key_variable: str = ""
    """The environment variable that holds its key; none by default."""
    models: tuple[str, ...] = ()
    """Names to offer when the server does not list its models."""


class Settings(BaseSettings):
    """What an operator can set."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    data_dir: Path = Field(Path(".data"), validation_alias="PLAYGROUND_DATA_DIR")
    """Where runs are kept."""
    database_url: str = Field("", validation_alias="PLAYGROUND_DATABASE_URL")
    """An SQLAlchemy URL; SQLite in the data directory by default."""
    allowed_hosts: str = Field("localhost,127.0.0.1", validation_alias="PLAYGROUND_ALLOWED_HOSTS")
    """Host names, comma-separated, under which the server may be reached."""
    providers: Path | None = Field(None, validation_alias="PLAYGROUND_PROVIDERS")
    """A TOML file of endpoints."""
    max_stored_mb: float = Field(1000.0, gt=0, validation_alias="PLAYGROUND_MAX_STORED_MB")
    """How much the kept runs may take; the oldest go first."""
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    """Goes to OpenAI's own host and nowhere else."""

    @field_validator("providers", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @property
    def hosts(self) -> frozenset[str]:
        """The allowed hosts, lower case, without empty ones."""
        return frozenset(host.strip().lower() for host in self.allowed_hosts.split(",") if host.strip())

    @property
    def store_url(self) -> str:
        """The store's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'playground.sqlite3'}"

    def key(self, variable: str) -> SecretStr | None:
        """The key in a variable that an endpoint names, from the environment or `.env`."""
        value = os.environ.get(variable) or dotenv_values(".env").get(variable)
        return SecretStr(value) if variable and value else None

    def endpoints(self) -> tuple[EndpointSettings, ...]:
        """The endpoints of the TOML file. Raises `SettingsError` naming the variable and the field."""
        if self.providers is None:
            return ()
        try:
            tables = tomllib.loads(self.providers.read_text("utf-8")).get("endpoint", [])
            return tuple(EndpointSettings.model_validate(table) for table in tables)
        except ValidationError as error:
            raise SettingsError(f"PLAYGROUND_PROVIDERS={self.providers}: {_reasons(error)}") from None
        except (OSError, ValueError, TypeError) as error:
            raise SettingsError(f"PLAYGROUND_PROVIDERS={self.providers}: {error}") from error


class SettingsError(Exception):
    """A variable of the environment does not fit; the message names it."""


@cache
def settings() -> Settings:
    """The settings of this process. Raises `SettingsError` naming each variable that does not fit."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_reasons(error)) from None


def _reasons(error: ValidationError) -> str:
    lines = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
    return "; ".join(lines)
