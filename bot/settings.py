"""The environment, checked, with a sentence for what is missing or wrong."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from storage.vault import BadKeyError, Vault, new_key

SLACK_API = "https://slack.com/api/"
AUTHORIZE = "oauth/v2/authorize"
PUBLIC_URL = re.compile(r"https://[^/\s?#]+(?:/[^\s?#]*)?|http://(?:127\.0\.0\.1|localhost)(?::\d+)?")
CLIENT_ID = re.compile(r"\d+\.\d+")
SECRET = re.compile(r"[0-9a-f]{32}")
SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
KEY_FILE = "key"
ON_SLACK = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
BY_OAUTH = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "MENTORBOT_URL")


class SettingsError(Exception):
    """Something in the environment is missing or wrong; the message says what and how to mend it."""


class Settings(BaseSettings):
    """Everything that can be set, from the environment or `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="MENTORBOT_", env_file=".env", extra="ignore", populate_by_name=True, str_strip_whitespace=True
    )

    slack_bot_token: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("SLACK_BOT_TOKEN"))
    slack_app_token: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("SLACK_APP_TOKEN"))
    slack_signing_secret: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("SLACK_SIGNING_SECRET"))
    slack_client_id: str = Field("", validation_alias=AliasChoices("SLACK_CLIENT_ID"))
    slack_client_secret: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("SLACK_CLIENT_SECRET"))
    slack_api_url: str = Field(SLACK_API, validation_alias=AliasChoices("SLACK_API_URL"))
    database_url: str = ""
    migration_url: str = ""
    key: SecretStr = SecretStr("")
    home: Path = Field(default_factory=lambda: user_data_path("mentorbot", appauthor=False))
    url: str = ""
    http_host: str = "127.0.0.1"
    health_port: int | None = Field(None, ge=0, le=65535)
    health_host: str = "127.0.0.1"
    log: Literal["plain", "json"] = "plain"
    organisers: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("health_port", "log", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object, asked: ValidationInfo) -> object:
        return cls.model_fields[str(asked.field_name)].default if value == "" else value

    @field_validator("organisers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        names = re.split(r"[,\s]+", value.strip()) if isinstance(value, str) else value
        return tuple(name for name in names if name) if isinstance(names, list) else names

    @field_validator("organisers")
    @classmethod
    def _are_ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [name for name in value if not SLACK_ID.fullmatch(name)]
        if wrong:
            message = (
                f"{wrong[0]!r} is not a Slack member id. It looks like U024BE7LH: "
                "open a profile in Slack, ⋮, Copy member ID."
            )
            raise ValueError(message)
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"

    @field_validator("url")
    @classmethod
    def _is_public(cls, value: str) -> str:
        if value and not PUBLIC_URL.fullmatch(value):
            message = (
                "give the https address at which people and Slack find the bot, such as https://mentor.example.org."
            )
            raise ValueError(message)
        return value.rstrip("/")

    @field_validator("slack_client_id")
    @classmethod
    def _is_client_id(cls, value: str) -> str:
        if value and not CLIENT_ID.fullmatch(value):
            message = "it should be two numbers with a point between. It is the app's Client ID (Basic Information)."
            raise ValueError(message)
        return value

    @field_validator("database_url", "migration_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if not value:
            return value
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError:
            backend = ""
        if backend not in {"sqlite", "postgresql"}:
            message = "give a URL such as sqlite:////data/mentorbot.db or postgresql+psycopg://user@host/name."
            raise ValueError(message)
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _are_bot_tokens(cls, value: SecretStr) -> SecretStr:
        return _with_prefix(value, "xoxb-", "Bot User OAuth Token (OAuth & Permissions in the app's settings)")

    @field_validator("slack_app_token")
    @classmethod
    def _is_app_token(cls, value: SecretStr) -> SecretStr:
        return _with_prefix(value, "xapp-", "App-Level Token with connections:write (Basic Information)")

    @field_validator("slack_signing_secret", "slack_client_secret")
    @classmethod
    def _is_secret(cls, value: SecretStr, asked: ValidationInfo) -> SecretStr:
        if value.get_secret_value() and not SECRET.fullmatch(value.get_secret_value()):
            name = "Signing Secret" if asked.field_name == "slack_signing_secret" else "Client Secret"
            message = f"it should be 32 letters and digits. It is the app's {name} (Basic Information)."
            raise ValueError(message)
        return value

    @property
    def bot_tokens(self) -> list[str]:
        """The bot tokens that were set by hand, one a workspace."""
        return _apart(self.slack_bot_token.get_secret_value())

    @property
    def has_oauth(self) -> bool:
        """Whether all is there for workspaces to install the app by themselves."""
        return bool(self.slack_client_id and self.slack_client_secret.get_secret_value() and self.url)

    @property
    def may_speak(self) -> bool:
        """Whether there is a token, or a way to one."""
        return bool(self.bot_tokens) or self.has_oauth

    @property
    def has_slack(self) -> bool:
        """Whether the bot can run on Slack by a socket: by its tokens, or by OAuth and the app token."""
        return self.may_speak and bool(self.slack_app_token.get_secret_value())

    @property
    def has_http(self) -> bool:
        """Whether Slack can call the bot: with its token or OAuth, and the signing secret."""
        return self.may_speak and bool(self.slack_signing_secret.get_secret_value())

    @property
    def database(self) -> str:
        """The database's URL; a SQLite file in the home folder where none is given."""
        return self.database_url or f"sqlite:///{self.home / 'mentorbot.db'}"

    @property
    def secrets(self) -> list[str]:
        """What no log line may hold."""
        kept = (self.slack_app_token, self.slack_signing_secret, self.slack_client_secret, self.key)
        return [*self.bot_tokens, *(secret.get_secret_value() for secret in kept)]

    def vault(self) -> Vault:
        """The key, from the environment or the home folder's own file, made once and readable by its owner alone."""
        key = self.key.get_secret_value() or key_in(self.home)
        try:
            return Vault(key)
        except BadKeyError as problem:
            message = (
                "The encryption key is not 32 bytes in url-safe base64. Set MENTORBOT_KEY to the key this database "
                f"was made with, or put it into {self.home / KEY_FILE}."
            )
            raise SettingsError(message) from problem


def load(home: Path | None = None) -> Settings:
    """Read the settings; raises SettingsError with one sentence for each thing that is wrong."""
    try:
        settings = Settings()
    except ValidationError as problem:
        raise SettingsError("\n".join(_sentence(error) for error in problem.errors())) from problem
    _refuse_halves(settings)
    settings = settings.model_copy(update={"home": home}) if home else settings
    return settings.model_copy(update={"home": settings.home.expanduser().absolute()})


def _refuse_halves(settings: Settings) -> None:
    """What was begun and not brought to its end, in one sentence, rather than a bot that starts as something else."""
    if settings.bot_tokens and settings.slack_client_id:
        message = (
            "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set: take the first for workspaces whose token you have, "
            "the second for workspaces that install the app by themselves."
        )
        raise SettingsError(message)
    given = {
        "SLACK_BOT_TOKEN": bool(settings.bot_tokens),
        "SLACK_APP_TOKEN": bool(settings.slack_app_token.get_secret_value()),
        "SLACK_SIGNING_SECRET": bool(settings.slack_signing_secret.get_secret_value()),
        "SLACK_CLIENT_ID": bool(settings.slack_client_id),
        "SLACK_CLIENT_SECRET": bool(settings.slack_client_secret.get_secret_value()),
        "MENTORBOT_URL": bool(settings.url),
    }
    if any(given[name] for name in BY_OAUTH[:2]) and not settings.has_oauth:
        missing = next(name for name in BY_OAUTH if not given[name])
        message = f"{missing} is missing: for workspaces to install the app, set {', '.join(BY_OAUTH)}."
        raise SettingsError(message)
    if any(given[name] for name in (*ON_SLACK, *BY_OAUTH[:2])) and not settings.has_slack and not settings.has_http:
        missing = "SLACK_APP_TOKEN" if settings.may_speak else "SLACK_BOT_TOKEN"
        message = (
            f"{missing} is missing: running on Slack takes both tokens, or the bot token and SLACK_SIGNING_SECRET "
            "with --http; the playground takes none of them."
        )
        raise SettingsError(message)


def make_home(settings: Settings) -> None:
    """Make the home folder, for its owner alone."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        message = (
            f"The folder {settings.home} can't be made ({problem.strerror}). "
            "Choose another with --home or MENTORBOT_HOME."
        )
        raise SettingsError(message) from problem


def _apart(value: str) -> list[str]:
    """Several in one variable, with commas or spaces between."""
    return [each for each in re.split(r"[,\s]+", value) if each]


def _with_prefix(value: SecretStr, prefix: str, what: str) -> SecretStr:
    if not all(each.startswith(prefix) for each in _apart(value.get_secret_value())):
        message = f"it should begin with {prefix}. It is the app's {what}."
        raise ValueError(message)
    return value


def _sentence(error: object) -> str:
    found = error if isinstance(error, dict) else {}
    name = str(found.get("loc", ("?",))[0])
    variable = name if name.isupper() else f"MENTORBOT_{name.upper()}"
    return f"{variable}: {str(found.get('msg', '')).removeprefix('Value error, ')}"


def key_in(home: Path) -> str:
    """The key kept in a home folder, made now if there is none; readable by its owner alone."""
    path = home / KEY_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = new_key()
        file.write(key + "\n")
    return key
