"""A real SMTP server in the test run: it keeps what it is given, or answers as a test says."""

from __future__ import annotations

import asyncio
import email
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailroom:
    """What the server took; ``answers`` are replies instead of taking it, by command: RCPT, MAIL or DATA."""

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    hangs_up: bool = False
    port: int = 0

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hangs_up:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if "DATA" in self.answers:
            return self.answers["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        made: Any = email.message_from_bytes(content, policy=default)
        self.taken.append(made)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@asynccontextmanager
async def mail_server(*, password: str = "") -> AsyncIterator[Mailroom]:
    """A server on a free port of this machine; with ``password`` only the user ``nhip`` may send."""
    room = Mailroom()

    def check(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"nhip", password.encode())
        return AuthResult(success=right, handled=False, message=None if right else "535 5.7.8 no")

    def protocol() -> SMTP:
        if not password:
            return SMTP(room)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the password is not encrypted here
            return SMTP(room, auth_required=True, auth_require_tls=False, authenticator=check)

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    room.port = server.sockets[0].getsockname()[1]
    try:
        yield room
    finally:
        server.close()
