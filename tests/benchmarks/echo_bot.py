"""The peer for turns: an echo bot as python-telegram-bot's manual shows it, with its own webhook server.

Usage: echo_bot.py API_URL PORT
"""

from __future__ import annotations

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main() -> None:
    api_url, port = sys.argv[1:]
    application = Application.builder().token("1:bench").base_url(f"{api_url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_webhook(
        listen="127.0.0.1",
        port=int(port),
        url_path="telegram/webhook",
        secret_token="bench",
        webhook_url=f"http://127.0.0.1:{port}/telegram/webhook",
    )


if __name__ == "__main__":
    main()
