"""One reply -> the calls it needs: change a message or send new ones, with what to do when Telegram refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from telegram import Bot, InputFile
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram_errors import BAD_MARKUP, BAD_PHOTO, NOT_CHANGEABLE, UNCHANGED, says
from bot.channels.telegram_markup import REMOVE_KEYBOARD, Rendered, render
from bot.errors import MessageRefused
from bot.messages import Attachment, Outgoing

log = structlog.get_logger(__name__)

# Spelled so that PTB makes the right names of them but does not know them as its own methods: then
# it hands over the answer as it is. Building a Message of every answer costs more than all the rest.
SEND = "send_Message"
CHANGE = "edit_Message_Text"

HTML = "HTML"
NO_PREVIEW = {"is_disabled": True}
NOTHING_MORE: Mapping[str, object] = {}

# A larger picture would lose pixels as a photo, so it goes as a document.
LONGEST_SIDE = 1280
MOST_OBLONG = 20
PNG = "image/png"
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"


async def send_reply(bot: Bot, files: Path, outgoing: Outgoing) -> str:
    """Send a reply and return the id of its last message. ``files`` is the folder of stored files.

    Raises what PTB raises, and MessageRefused when the attached file can't be read.
    """
    chat_id = int(outgoing.external_id)
    message_id = ""
    for index, message in enumerate(render(outgoing.reply)):
        if index == 0 and outgoing.replaces and await _change(bot, chat_id, outgoing.replaces, message):
            message_id = outgoing.replaces
        elif message.end_ask_phone:
            message_id = await _send_after_removing_keyboard(bot, files, chat_id, message)
        else:
            message_id = await _send(bot, files, chat_id, message)
    return message_id


async def _change(bot: Bot, chat_id: int, message_id: str, message: Rendered) -> bool:
    """Put a message in the place of an earlier one; False when that can't be done."""
    if not message.is_inline or message.attachment is not None or message.end_ask_phone:
        return False
    try:
        await _call(bot, CHANGE, chat_id, message, message.keyboard, {"message_id": int(message_id)})
    except BadRequest as error:
        if says(error, UNCHANGED):
            return True
        if says(error, NOT_CHANGEABLE):
            return False
        raise
    return True


async def _send_after_removing_keyboard(bot: Bot, files: Path, chat_id: int, message: Rendered) -> str:
    # Only a message without buttons can take away the keyboard below the text field; it is gone at once.
    helper_id = await _call(bot, SEND, chat_id, message, REMOVE_KEYBOARD, {"disable_notification": True})
    try:
        return await _send(bot, files, chat_id, message)
    finally:
        try:
            await bot.delete_message(chat_id, int(helper_id))
        except TelegramError as error:  # what stays behind only says the same as the next message
            log.debug("message not deleted", error=error.message)


async def _send(bot: Bot, files: Path, chat_id: int, message: Rendered) -> str:
    if message.attachment is None:
        return await _call(bot, SEND, chat_id, message, message.keyboard)
    content = await asyncio.to_thread(_read, files, message.attachment)
    caption = message.html
    if not message.fits_caption:
        await _call(bot, SEND, chat_id, message, None)
        caption = ""
    file = InputFile(content, filename=message.attachment.name)
    with_it = {"reply_markup": message.keyboard}
    if message.attachment.media_type == PNG and _is_small_picture(content):
        try:
            photo = await bot.send_photo(chat_id, file, caption or None, parse_mode=HTML, api_kwargs=with_it)
            return str(photo.message_id)
        except BadRequest as error:
            if not says(error, BAD_PHOTO):
                raise
            log.warning("Telegram did not take a picture as a photo, sent as a document", error=error.message)
    sent = await bot.send_document(chat_id, file, caption=caption or None, parse_mode=HTML, api_kwargs=with_it)
    return str(sent.message_id)


def _is_small_picture(content: bytes) -> bool:
    """Whether a PNG is small enough to be shown in the chat as it is, such as a QR code."""
    if not content.startswith(PNG_BEGINS) or len(content) < 24:
        return False
    shorter, longer = sorted(int.from_bytes(content[start : start + 4], "big") for start in (16, 20))
    return longer <= LONGEST_SIDE and longer <= MOST_OBLONG * shorter


async def _call(
    bot: Bot,
    method: str,
    chat_id: int,
    message: Rendered,
    keyboard: dict[str, Any] | None,
    more: Mapping[str, object] = NOTHING_MORE,
) -> str:
    """Send or change a text; returns its message id."""
    call = {"chat_id": chat_id, "link_preview_options": NO_PREVIEW, "reply_markup": keyboard, **more}
    try:
        sent = await bot.do_api_request(method, {**call, "text": message.html, "parse_mode": HTML})
    except BadRequest as error:
        if not says(error, BAD_MARKUP):
            raise
        log.warning("Telegram could not read our markup, sent without", error=error.message)
        sent = await bot.do_api_request(method, {**call, "text": message.plain})
    return str(sent["message_id"])


def _read(files: Path, attachment: Attachment) -> bytes:
    path = (files / attachment.path).resolve()
    if not path.is_relative_to(files.resolve()):
        raise MessageRefused("the attached file lies outside the folder of stored files")
    try:
        return path.read_bytes()
    except OSError as error:
        raise MessageRefused("the attached file is not stored any more") from error
