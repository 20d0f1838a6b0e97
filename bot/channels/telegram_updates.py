"""Telegram's update -> Incoming. What is not from a private chat, or says nothing to the bot, is None."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User

from bot.messages import Incoming, IncomingFile, Kind

CHANNEL = "telegram"
# What Telegram is asked for. Not ``edited_message``: an answer given or a form filled in stays as it
# was, so an edit would change what the person sees and nothing else; they can simply write again.
WANTED = ("message", "callback_query", "my_chat_member")
LONGEST_PRESS = 64
LONGEST_NAME = 200
REACHABLE = {ChatMember.BANNED: Kind.BLOCKED, ChatMember.MEMBER: Kind.UNBLOCKED}


def incoming_from_raw(raw: Mapping[str, Any]) -> Incoming | None:
    """The plain case, a text in a private chat, straight from the JSON; None for everything else.

    Most updates are of this kind, and building python-telegram-bot's objects for one costs as much
    as a third of the whole turn.
    """
    message = raw.get("message")
    if not isinstance(message, dict):
        return None
    match message:
        case {
            "text": str(text),
            "chat": {"id": int(chat_id), "type": "private"},
            "from": {"first_name": str(name), **user},
        }:
            kind, said = _text(text)
            full_name = f"{name} {user.get('last_name') or ''}".strip()
            return Incoming(
                channel=CHANNEL,
                message_id=f"u{raw['update_id']}",
                sender=str(chat_id),
                kind=kind,
                text=said,
                sender_name=_clean(full_name)[:LONGEST_NAME],
                language_hint=str(user.get("language_code") or ""),
            )
    return None


def incoming_from(update: Update) -> Incoming | None:
    """What a person did, or None when there is nothing to answer.

    Telegram repeats an update under the same ``update_id``, so that is the key of the message.
    """
    key = f"u{update.update_id}"
    if update.message is not None:
        return _from_message(key, update.message)
    if update.callback_query is not None:
        return _from_press(key, update.callback_query)
    if update.my_chat_member is not None:
        return _from_membership(key, update.my_chat_member)
    return None


def _from_message(key: str, message: Message) -> Incoming | None:
    if message.chat.type != Chat.PRIVATE:
        return None
    kind, text, phone, file = Kind.TEXT, "", "", None
    if message.text is not None:
        kind, text = _text(message.text)
    elif message.contact is not None:
        kind = Kind.CONTACT_CARD
        # Anybody can pass on anybody's card: only the sender's own proves a number.
        if message.from_user is not None and message.contact.user_id == message.from_user.id:
            phone = _international(message.contact.phone_number)
    elif message.document is not None or message.photo:
        kind, text, file = Kind.FILE, _clean(message.caption or ""), _file(message)
    elif not message.effective_attachment:
        return None  # a note of Telegram's own, such as "pinned a message"; nobody said anything
    return _incoming(key, str(message.chat.id), kind, message.from_user, text=text, phone=phone, file=file)


def _from_press(key: str, query: CallbackQuery) -> Incoming | None:
    if query.data is None or (query.message is not None and query.message.chat.type != Chat.PRIVATE):
        return None
    # The message can be missing when it is old; in a private chat its id is the person's.
    pressed_on = str(query.message.message_id) if query.message is not None else ""
    press = _clean(query.data)[:LONGEST_PRESS]
    return _incoming(key, str(query.from_user.id), Kind.PRESS, query.from_user, text=press, pressed_on=pressed_on)


def _from_membership(key: str, change: ChatMemberUpdated) -> Incoming | None:
    kind = REACHABLE.get(change.new_chat_member.status)
    if kind is None or change.chat.type != Chat.PRIVATE:
        return None
    return _incoming(key, str(change.chat.id), kind, change.from_user)


def _incoming(
    key: str,
    sender: str,
    kind: Kind,
    user: User | None,
    *,
    text: str = "",
    pressed_on: str = "",
    phone: str = "",
    file: IncomingFile | None = None,
) -> Incoming:
    return Incoming(
        channel=CHANNEL,
        message_id=key,
        sender=sender,
        kind=kind,
        text=text,
        pressed_on=pressed_on,
        file=file,
        phone=phone,
        sender_name=_clean(user.full_name)[:LONGEST_NAME] if user is not None else "",
        language_hint=(user.language_code or "") if user is not None else "",
    )


def _text(text: str) -> tuple[Kind, str]:
    """``/start PAYLOAD`` is how a deep link arrives; every other command stays text."""
    words = text.split(maxsplit=1)
    if words and words[0].partition("@")[0].lower() == "/start":
        return Kind.START, _clean(words[1]).strip() if len(words) > 1 else ""
    return Kind.TEXT, _clean(text)


def _clean(text: str) -> str:
    return text.replace("\x00", "")  # PostgreSQL can't store it


def _international(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return f"+{digits}" if digits else ""


def _file(message: Message) -> IncomingFile:
    document = message.document
    if document is not None:
        return IncomingFile(
            name=_clean(document.file_name or "file"),
            media_type=document.mime_type or "application/octet-stream",
            size=document.file_size or 0,
            reference=document.file_id,
        )
    largest = message.photo[-1]
    return IncomingFile(
        name="photo.jpg", media_type="image/jpeg", size=largest.file_size or 0, reference=largest.file_id
    )
