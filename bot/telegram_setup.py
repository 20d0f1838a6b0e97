"""The Telegram channel with its commands menu, put together only where a token is configured."""

from __future__ import annotations

from bot.backup import FILES
from bot.channels.telegram_bot import MenuCommand, TelegramBot
from bot.i18n import Translator, Translators
from bot.messages import Language, Role
from bot.settings import Settings


def telegram_channel(settings: Settings, translators: Translators) -> TelegramBot:
    """The channel as the settings want it."""
    return TelegramBot(
        token=settings.telegram_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        mode=settings.telegram_mode,
        webhook_secret=settings.telegram_webhook_secret.get_secret_value(),
        files=settings.home / FILES,
        menus={language: _menu(translators.for_language(language)) for language in Language},
        default_language=settings.language,
    )


def _menu(t: Translator) -> tuple[MenuCommand, ...]:
    vietnamese = t.language is Language.VI
    return (
        MenuCommand("menu", t("Menu")),
        MenuCommand("dangky" if vietnamese else "register", t("Support programmes")),
        MenuCommand("sukien" if vietnamese else "events", t("Events")),
        MenuCommand("hoso" if vietnamese else "applications", t("My registrations")),
        MenuCommand("baocao" if vietnamese else "reports", t("Agency reports")),
        MenuCommand("canbo" if vietnamese else "officer", t("Ask an officer")),
        MenuCommand("dulieu" if vietnamese else "privacy", t("My data")),
        MenuCommand("ngonngu" if vietnamese else "language", t("Vietnamese or English")),
        MenuCommand("huy" if vietnamese else "cancel", t("Leave what you are in")),
        MenuCommand("trogiup" if vietnamese else "help", t("Help")),
        MenuCommand("thongbao" if vietnamese else "broadcast", t("Announcements"), role=Role.ADMIN),
        MenuCommand("duyet" if vietnamese else "review", t("Applications to decide"), role=Role.OPERATOR),
        MenuCommand("quanly" if vietnamese else "manage", t("Manage offerings"), role=Role.OPERATOR),
        MenuCommand("chedo" if vietnamese else "duties", t("Duties to report"), role=Role.VIEWER),
        MenuCommand("lich" if vietnamese else "calendar", t("Working calendar"), role=Role.VIEWER),
        MenuCommand("coquan" if vietnamese else "agencies", t("Agencies"), role=Role.OPERATOR),
        MenuCommand("tonghop" if vietnamese else "consolidate", t("Consolidated report"), role=Role.OPERATOR),
        MenuCommand("tinhhinh" if vietnamese else "progress", t("Progress of reports"), role=Role.VIEWER),
        MenuCommand("thongke" if vietnamese else "stats", t("Figures"), role=Role.VIEWER),
    )
