"""What an error of python-telegram-bot means for a delivery."""

from __future__ import annotations

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot.channels.telegram_request import NotSent, TooManyRequests
from bot.errors import ChannelClosed, DeliveryError, MessageRefused, RecipientGone, TryLater

# Descriptions are no contract: short parts of them in lower case, and a default for each kind.
PASSING_REFUSALS = ("can't send messages to the user",)
NOBODY_THERE = ("chat not found", "user not found", "user is deactivated", "peer_id_invalid")
UNCHANGED = ("message is not modified",)
BAD_MARKUP = ("can't parse entities",)
BAD_PHOTO = ("photo_", "image_process_failed")
# The message to change is gone, too old, or holds a file instead of a text.
NOT_CHANGEABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier",
    "no text in the message to edit",
)
# While Telegram can't be reached at all every message meets the same, so all of them wait.
OUT_OF_REACH_SECONDS = 3.0


def says(error: TelegramError, parts: tuple[str, ...]) -> bool:
    """Whether the description of an error has one of these parts."""
    description = error.message.lower()
    return any(part in description for part in parts)


def delivery_error(error: TelegramError) -> DeliveryError:
    """The error that delivery acts on. Order matters: PTB's BadRequest and TimedOut are NetworkErrors."""
    reason = f"Telegram: {error.message[:300]}"
    match error:
        case TooManyRequests():
            return TryLater(reason, after=error.seconds, whole_channel=True)
        case ChatMigrated():
            return MessageRefused("Telegram: this chat has become a group; the bot only writes to persons")
        case Forbidden():
            return TryLater(reason) if says(error, PASSING_REFUSALS) else RecipientGone(reason)
        case InvalidToken() | EndPointNotFound():
            return ChannelClosed("Telegram refused the bot's token: TELEGRAM_TOKEN is wrong or was revoked")
        case Conflict():
            return TryLater(reason)
        case NotSent():
            return TryLater(reason, after=OUT_OF_REACH_SECONDS, whole_channel=True)
        case BadRequest():
            return RecipientGone(reason) if says(error, NOBODY_THERE) else MessageRefused(reason)
        case NetworkError():  # no answer, a broken connection, 5xx: it may have been delivered all the same
            return TryLater(reason, maybe_sent=True)
        case _:
            return TryLater(reason, maybe_sent=True)
