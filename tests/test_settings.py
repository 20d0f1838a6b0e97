"""Settings: every mistake at once, each with its name; the system's own variables don't disturb."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.messages import Language
from bot.settings import SettingsError, embedded_secret, read_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no .env file of the developer's."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "HOST", "PORT", "PUBLIC_URL", "SECRET_KEY", "LANGUAGE", "TELEGRAM_TOKEN"):
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
