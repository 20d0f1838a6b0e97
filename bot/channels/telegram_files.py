"""A file that somebody sent, from its id to its bytes: Telegram is asked where it lies, then it is downloaded."""

from __future__ import annotations

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram_errors import says
from bot.channels.telegram_request import AiohttpRequest
from bot.errors import FileNotFetched, FileTooLarge
from bot.messages import IncomingFile

# Bots may download 20 MB; for more Telegram says where nothing lies.
TOO_BIG = ("file is too big",)


async def fetch_file(bot: Bot, request: AiohttpRequest, file: IncomingFile, most: int) -> bytes:
    """The content of a file. Raises FileTooLarge or FileNotFetched, which never quote the address with the token."""
    if not request.is_open:
        raise FileNotFetched("the channel is not started")
    try:
        found = await bot.get_file(file.reference)
    except BadRequest as error:
        if says(error, TOO_BIG):
            raise FileTooLarge from None
        raise FileNotFetched(error.message) from None
    except TelegramError as error:
        raise FileNotFetched(error.message) from None
    if (found.file_size or 0) > most:
        raise FileTooLarge
    if not found.file_path:
        raise FileNotFetched("Telegram names no place to download from")
    return await request.download(found.file_path, most)
