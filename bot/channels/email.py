"""E-mail through an SMTP server. It only sends: reminders that focal points want in a mailbox as well, and codes.

Loaded only where SMTP_URL is set. Each message has a connection of its own: there are few, and servers end idle ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address

import aiosmtplib
from aiohttp import web

from bot.channels import email_message
from bot.channels.base import Limits, OnIncoming
from bot.channels.email_errors import delivery_error
from bot.errors import FileNotFetched, MessageRefused
from bot.i18n import Translators
from bot.messages import IncomingFile, Outgoing

NAME = "email"
# Below the time that delivery gives a channel, so that it is this that says what was wrong.
TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Email:
    """The channel. ``tls`` from the first byte, or ``starttls`` after greeting; else nothing is encrypted."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool
    starttls: bool
    sender: Address
    chat_url: str
    translators: Translators
    clock: Callable[[], datetime]

    @property
    def name(self) -> str:
        return NAME

    @property
    def limits(self) -> Limits:
        return Limits(text=100_000, buttons=100, in_flight=4)

    @property
    def public_name(self) -> str:
        return self.sender.addr_spec

    def routes(self, on_incoming: OnIncoming) -> Sequence[web.RouteDef]:
        return []

    async def start(self, on_incoming: OnIncoming, *, receive: bool, public_url: str) -> None:
        """Nothing stays open between two messages."""

    async def stop_receiving(self) -> None:
        """Nothing is received."""

    async def stop(self) -> None:
        """Nothing stays open between two messages."""

    async def fetch(self, file: IncomingFile, most: int) -> bytes:
        raise FileNotFetched("no files come by e-mail")

    async def send(self, outgoing: Outgoing) -> str:
        """Hand a message to the server; returns its Message-ID, which is the same for every attempt."""
        t = self.translators.for_language(outgoing.reply.language)
        try:
            message = email_message.message(outgoing, self.sender, self.chat_url, t, self.clock())
        except ValueError as error:
            raise MessageRefused(f"no e-mail can be made of this: {error}") from None
        try:
            await aiosmtplib.send(
                message,
                sender=self.sender.addr_spec,
                recipients=[email_message.recipient(outgoing.external_id)],
                hostname=self.host,
                port=self.port,
                username=self.user or None,
                password=self.password or None,
                use_tls=self.tls,
                start_tls=self.starttls,
                timeout=TIMEOUT_SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise delivery_error(error) from error
        return str(message["Message-ID"])
