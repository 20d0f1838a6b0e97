"""How sentences name somebody by their chat account, which may have no name: those of the chat page often have none."""

from __future__ import annotations

from bot.i18n import Translator


def who(name: str, t: Translator) -> str:
    """Inside a sentence."""
    return f"“{name}”" if name else t("a chat account without a name")


def starting(name: str, t: Translator) -> str:
    """As the beginning of a sentence."""
    return f"“{name}”" if name else t("A chat account without a name")


def listed(name: str, t: Translator) -> str:
    """In a list, or on a button."""
    return name or t("A chat account without a name")
