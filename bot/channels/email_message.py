"""A reply as an e-mail: plain text and the same as simple HTML. Pure.

A mailbox can't press: buttons become the address of the chat. The last line says how to get no more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from bot.i18n import Translator
from bot.messages import Outgoing, Reply

LONGEST_SUBJECT = 150
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
_PARAGRAPH = '<p style="margin:0 0 14px">{}</p>'
_HTML = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head>'
    '<body style="margin:0;padding:24px;font:16px/1.5 Arial,Helvetica,sans-serif;color:#1d2b24">'
    '<div style="max-width:600px">{body}</div></body></html>'
)


def recipient(external_id: str) -> str:
    """The mailbox in the id of an address, which begins with the contact's number and a slash. ValueError if none."""
    mailbox = external_id.partition("/")[2]
    if not _MAILBOX.fullmatch(mailbox):
        raise ValueError("the recipient is no address that mail can be sent to")
    return mailbox


def message_id(outgoing: Outgoing, domain: str) -> str:
    """The same for every attempt at one delivery, so that a mailbox can tell a message that comes twice."""
    said = f"{outgoing.delivery_id}\n{outgoing.external_id}\n{outgoing.reply.plain}"
    return f"<{outgoing.delivery_id}.{sha256(said.encode('utf-8', 'replace')).hexdigest()[:20]}@{domain}>"


def message(outgoing: Outgoing, sender: Address, chat_url: str, t: Translator, now: datetime) -> EmailMessage:
    """The message. Raises ValueError when the recipient is no address that mail can be sent to."""
    reply = outgoing.reply
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = recipient(outgoing.external_id)
    made["Subject"] = _subject(reply)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = message_id(outgoing, sender.domain)
    # Other programs should not answer a program.
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made["Content-Language"] = reply.language.value
    blocks = _blocks(reply, chat_url, t)
    made.set_content("\n\n".join(blocks) + "\n", charset="utf-8", cte="base64")
    made.add_alternative(_html(blocks, reply, chat_url), subtype="html", charset="utf-8", cte="base64")
    return made


def _subject(reply: Reply) -> str:
    """One line: whatever would break it, and so begin a header of its own, becomes a blank."""
    said = reply.title or reply.text
    printable = "".join(character if character.isprintable() else " " for character in said)
    return " ".join(printable.split())[:LONGEST_SUBJECT]


def _blocks(reply: Reply, chat_url: str, t: Translator) -> list[str]:
    links = [f"{button.label}: {button.url}" for row in reply.buttons for button in row if button.url]
    blocks = [reply.title, *reply.text.split("\n\n"), reply.footnote, "\n".join(links)]
    if reply.attachment is not None:
        blocks.append(t("The file “{name}” is in the chat.", name=reply.attachment.name))
    if any(button.press for row in reply.buttons for button in row):
        blocks.append(t("To answer, open the chat with the assistant: {address}", address=chat_url))
    blocks.append(
        t(
            "This is an automatic message of the assistant of plan 50/KH-UBND; replies to it are read by nobody. To "
            "get no more: in the chat choose “Agency reports”, “Focal points of the agency”, “E-mail for reminders”, "
            "“Remove my address”."
        )
    )
    return [block.strip() for block in blocks if block.strip()]


def _html(blocks: Sequence[str], reply: Reply, chat_url: str) -> str:
    """The same blocks: the title larger, the last one smaller, and the chat's address a link."""
    parts = []
    for place, block in enumerate(blocks):
        text = escape(block).replace("\n", "<br>")
        link = escape(chat_url)
        text = text.replace(link, f'<a href="{link}">{link}</a>') if place >= len(blocks) - 2 else text
        if place == 0 and reply.title:
            text = f'<strong style="font-size:18px">{text}</strong>'
        elif place == len(blocks) - 1:
            text = f'<span style="font-size:13px;color:#5c6b63">{text}</span>'
        parts.append(_PARAGRAPH.format(text))
    return _HTML.format(language=reply.language.value, body="".join(parts))
