"""Settings: every mistake at once, each with its name; the system's own variables don't disturb."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.messages import Language
from bot.settings import SettingsError, SmtpServer, embedded_secret, read_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no .env file of the developer's."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "DATABASE_URL",
        "HOST",
        "PORT",
        "PUBLIC_URL",
        "SECRET_KEY",
        "LANGUAGE",
        "TELEGRAM_TOKEN",
        "SMTP_URL",
        "SMTP_FROM",
    ):
        monkeypatch.delenv(name, raising=False)


def test_nothing_configured_is_enough() -> None:
    settings = read_settings()
    assert settings.is_embedded
    assert settings.chat_url == "http://127.0.0.1:8080"
    assert settings.language is Language.VI


def test_all_mistakes_are_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "PORT": "eighty",
        "TIMEZONE": "Mars/Base",
        "QUIET_HOURS": "25:00-3",
        "PUBLIC_URL": "chat.example.vn",
        "DATABASE_URL": "mysql://x",
        "TELEGRAM_TOKEN": "not a token",
        "TELEGRAM_RATE": "-1",
        "TELEGRAM_WEBHOOK_SECRET": "khoảng trắng",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    named = {problem.partition(":")[0] for problem in caught.value.problems}
    assert named == set(wrong)


@pytest.mark.parametrize(
    "given,named",
    [
        ({"DATABASE_URL": "postgres://h/d"}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        (
            {"TELEGRAM_TOKEN": "1:abc", "TELEGRAM_MODE": "webhook", "PUBLIC_URL": "https://x.vn"},
            "TELEGRAM_WEBHOOK_SECRET",
        ),
        ({"TELEGRAM_TOKEN": "1:abc", "TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": "s"}, "PUBLIC_URL"),
    ],
)
def test_what_belongs_together(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], named: str) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert any(problem.startswith(named) for problem in caught.value.problems)


def test_the_locale_list_of_a_desktop_is_not_our_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en_US:en")
    assert read_settings().language is Language.VI
    monkeypatch.setenv("LANGUAGE", "en")
    assert read_settings().language is Language.EN


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "123456:very-secret")
    assert "very-secret" not in repr(read_settings())


def test_the_embedded_key_is_made_once_and_private(tmp_path: Path) -> None:
    home = tmp_path / "var"
    key = embedded_secret(home)
    assert len(key) >= 32
    assert embedded_secret(home) == key
    assert (home / "secret_key").stat().st_mode & 0o077 == 0


MAIL = {"SMTP_FROM": "Nhịp Cầu <nhac-viec@nhipcau.test>", "PUBLIC_URL": "https://nhipcau.test"}


@pytest.mark.parametrize(
    "url, server",
    [
        ("smtp://localhost", SmtpServer("localhost", 25, "", "", tls=False, starttls=False)),
        (
            "smtps://u:p%40ss%3A@mail.example.vn",
            SmtpServer("mail.example.vn", 465, "u", "p@ss:", tls=True, starttls=False),
        ),
        (
            "smtp+starttls://u%40x.vn:p@mail.example.vn:2525/",
            SmtpServer("mail.example.vn", 2525, "u@x.vn", "p", tls=False, starttls=True),
        ),
        ("smtp://u:p@127.0.0.1:1025", SmtpServer("127.0.0.1", 1025, "u", "p", tls=False, starttls=False)),
    ],
)
def test_mail_servers(monkeypatch: pytest.MonkeyPatch, url: str, server: SmtpServer) -> None:
    for name, value in (MAIL | {"SMTP_URL": url}).items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.smtp == server
    assert settings.smtp_sender.addr_spec == "nhac-viec@nhipcau.test"
    assert settings.smtp_sender.display_name == "Nhịp Cầu"
    assert "p@ss" not in repr(settings) + repr(settings.smtp)
    assert "p%40ss" not in repr(settings)


@pytest.mark.parametrize(
    "wrong, named",
    [
        ({"SMTP_URL": "mail.example.vn"}, "SMTP_URL: must be smtp://"),
        ({"SMTP_URL": "http://s3cret@mail"}, "SMTP_URL: must be smtp://"),
        ({"SMTP_URL": "smtp://u:s3cret@mail:99999"}, "SMTP_URL: has a port or host that can't be"),
        ({"SMTP_URL": "smtps://user@mail"}, "SMTP_URL: must have user and password, or neither"),
        ({"SMTP_URL": "smtp://u:s3cret@mail.example.vn"}, "SMTP_URL: has a password, which must not go"),
        ({"SMTP_URL": "smtp://localhost", "SMTP_FROM": ""}, "SMTP_FROM: is required with SMTP_URL"),
        ({"SMTP_URL": "smtp://localhost", "PUBLIC_URL": ""}, "PUBLIC_URL: is required with SMTP_URL"),
        ({"SMTP_FROM": "nobody"}, "SMTP_FROM: must be an address"),
        ({"SMTP_FROM": "a@b.vn\nBcc: c@d.vn"}, "SMTP_FROM: must be an address"),
    ],
)
def test_mistakes_about_mail_are_named_without_the_password(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], named: str
) -> None:
    for name, value in (MAIL | wrong).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert any(problem.startswith(named) for problem in caught.value.problems), caught.value.problems
    assert "s3cret" not in str(caught.value)
