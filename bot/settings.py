"""The environment as one frozen object. Only ``bot/app.py`` and the command line read it.

Every mistake is reported at once, each with the name of its variable.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import time
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.messages import Language

HOME = Path("var")
EMBEDDED = f"sqlite:///{HOME}/nhipcau.db"


SMTP_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over. ``tls`` from the first byte, or ``starttls`` after the greeting."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool
    starttls: bool


class SettingsError(Exception):
    """Settings that can't be used; ``problems`` has a line for each, beginning with the variable's name."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """What the environment, or a ``.env`` file, says."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    database_url: str = Field(EMBEDDED, description="where the data is; an SQLite file or postgres://…")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8080, ge=0, le=65535, description="port to listen on")
    public_url: str = Field("", description="the address under which people reach the web chat")
    secret_key: SecretStr = Field(SecretStr(""), description="signs visitors' cookies; 32 characters or more")
    timezone: str = Field("Asia/Ho_Chi_Minh", description="the zone in which dates are meant")
    language: Language = Field(Language.VI, description="language of people who gave no hint")
    quiet_hours: str = Field("21:00-07:30", description="when nobody is woken by notices")
    question_retention_days: int = Field(365, ge=1, le=3650, description="how long asked questions are kept")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"
    telegram_token: SecretStr = Field(SecretStr(""), description="of the bot; empty switches Telegram off")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_rate: float = Field(25, gt=0, description="messages per second, for all processes together")
    smtp_url: SecretStr = Field(SecretStr(""), description="mail server for reminders; empty switches e-mail off")
    smtp_from: str = Field("", description="whom reminders by e-mail come from")

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("language", mode="before")
    @classmethod
    def _not_the_systems(cls, value: Any) -> Any:
        # Desktops export LANGUAGE too, as a list of locales such as en_US:en: that isn't meant for us.
        return Language.VI if isinstance(value, str) and re.search(r"[_:.]", value) else value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError) as error:
            raise ValueError("is not a time zone; an example is Asia/Ho_Chi_Minh") from error
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _two_times(cls, value: str) -> str:
        _parse_hours(value)
        return value

    @field_validator("public_url", "telegram_api_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", value):
            raise ValueError("must begin with http:// or https:// and name a host")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _supported_database(cls, value: str) -> str:
        if not re.match(r"(sqlite|postgres|postgresql)(\+\w+)?://", value):
            raise ValueError("must begin with sqlite:/// or postgres://")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value()):
            raise ValueError("does not look like a token of @BotFather (123456:ABC-…)")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _allowed_characters(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(r"[\w-]{1,256}", value.get_secret_value(), re.ASCII):
            raise ValueError("may have 1-256 of the characters A-Z a-z 0-9 _ -")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            _parse_smtp(value.get_secret_value())
        return value

    @field_validator("smtp_from")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        if value:
            _parse_sender(value)
        return value.strip()

    @model_validator(mode="after")
    def _together(self) -> Settings:
        problems = []
        key = self.secret_key.get_secret_value()
        if key and len(key) < 32:
            problems.append("SECRET_KEY: must have at least 32 characters")
        if not key and not self.is_embedded:
            problems.append("SECRET_KEY: is required with a database server")
        if self.telegram_mode == "webhook" and self.telegram_token.get_secret_value():
            if not self.telegram_webhook_secret.get_secret_value():
                problems.append("TELEGRAM_WEBHOOK_SECRET: is required with TELEGRAM_MODE=webhook")
            if not self.public_url:
                problems.append("PUBLIC_URL: is required with TELEGRAM_MODE=webhook")
        if self.smtp_url.get_secret_value():
            if not self.smtp_from:
                problems.append("SMTP_FROM: is required with SMTP_URL")
            if not self.public_url:
                problems.append("PUBLIC_URL: is required with SMTP_URL, for the way from a mail back to the chat")
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def smtp(self) -> SmtpServer | None:
        """The mail server; None where e-mail is off."""
        url = self.smtp_url.get_secret_value()
        return _parse_smtp(url) if url else None

    @property
    def smtp_sender(self) -> Address:
        """Whom mail comes from; ValueError where e-mail is off."""
        return _parse_sender(self.smtp_from)

    @property
    def is_embedded(self) -> bool:
        """Whether the data is in an SQLite file, so that one process is everything."""
        return self.database_url.startswith("sqlite")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def quiet_from_to(self) -> tuple[time, time]:
        return _parse_hours(self.quiet_hours)

    @property
    def chat_url(self) -> str:
        """Where people open the chat, without a slash at the end."""
        if self.public_url:
            return self.public_url
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def home(self) -> Path:
        """The folder for what the program keeps beside the database."""
        if self.is_embedded:
            return Path(self.database_url.partition(":///")[2] or EMBEDDED).parent
        return HOME


def read_settings(**overrides: Any) -> Settings:
    """Settings from the environment; SettingsError names everything that is wrong."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        problems: list[str] = []
        for detail in error.errors():
            message = detail["msg"].removeprefix("Value error, ")
            name = "_".join(str(part) for part in detail["loc"]).upper()
            problems.extend(f"{name}: {message}" if name else line for line in message.splitlines())
        raise SettingsError(problems) from None


def embedded_secret(home: Path) -> str:
    """The key of an installation without SECRET_KEY: made once, readable only by its owner."""
    path = home / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
        return path.read_text().strip()


def _parse_hours(value: str) -> tuple[time, time]:
    match = re.fullmatch(r"(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})", value)
    try:
        if match is None:
            raise ValueError
        return time.fromisoformat(match[1].zfill(5)), time.fromisoformat(match[2].zfill(5))
    except ValueError:
        raise ValueError("must be two times such as 21:00-07:30") from None


def _parse_smtp(url: str) -> SmtpServer:
    """ValueError, which must not repeat the URL since it has a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("has a port or host that can't be") from None
    if parts.scheme not in SMTP_PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must be smtp://, smtps:// or smtp+starttls://, then user:password@ if needed, host and :port")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("must have user and password, or neither")
    if password and parts.scheme == "smtp" and parts.hostname not in _OWN_MACHINE:
        raise ValueError("has a password, which must not go over the network openly: use smtps:// or smtp+starttls://")
    return SmtpServer(
        parts.hostname,
        port or SMTP_PORTS[parts.scheme],
        user,
        password,
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp+starttls",
    )


def _parse_sender(value: str) -> Address:
    name, address = parseaddr(value)
    try:
        sender = Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError, HeaderParseError):
        sender = Address()
    usable = re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@.]+", sender.addr_spec, re.ASCII) is not None
    if not usable or not value.isprintable() or not sender.addr_spec.isascii():
        raise ValueError('must be an address such as "Nhịp Cầu <nhac-viec@example.vn>"')
    return sender
