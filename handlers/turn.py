"""One incoming message = one transaction: recognise repeats, lock the person, act, store the replies.

Channels call ``Conversation.receive`` and know nothing else of the program; handlers get a ``Turn``
and return replies. After the commit, never inside it, delivery is woken with what this process claimed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db import web_messages
from bot.db.engine import Database
from bot.errors import Refused
from bot.i18n import Translator, Translators
from bot.messages import Dialog, Incoming, Kind, Language, Outgoing, Person, Reply
from bot.services.answering.faq import Index
from bot.services.answering.knowledge import Knowledge
from bot.services.calendar import working_days
from bot.services.calendar.working_hours import OfficeHours
from bot.services.check_in.doors import Doors
from bot.services.files.intake import FileIntake
from bot.services.learning import question_log
from bot.services.messages import arrivals, outbox, received
from bot.services.messages.quiet_hours import QuietHours
from bot.services.messages.sending import LEASE
from bot.services.passes.passes import Passes
from bot.services.people import contacts
from content.model import Content
from handlers import commands

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything a handler may use. Times are aware; ``now`` is the turn's one clock reading (UTC).

    ``known`` and ``faq`` stay the same for the whole turn. ``question_days`` is how long the question log is kept,
    ``files`` the folder of stored files. ``email``: mail can be sent.
    """

    connection: AsyncConnection
    incoming: Incoming
    person: Person
    t: Translator
    now: datetime
    known: Content
    faq: Index
    translators: Translators
    quiet: QuietHours
    question_days: int
    files: Path
    passes: Passes
    doors: Doors
    email: bool
    command: str
    argument: str
    press: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the person typed, without outer blanks; empty for anything but a text."""
        return self.incoming.text.strip() if self.incoming.kind is Kind.TEXT and not self.press else ""

    @property
    def today(self) -> date:
        """The turn's day in the place where the assistant serves."""
        return self.now.astimezone(self.t.zone).date()

    def say(self, text: str, **parts: Any) -> Reply:
        """A reply in the person's language; ``parts`` are the fields of Reply."""
        return Reply(text=text, language=self.person.language, **parts)

    def in_language(self, language: Language) -> Turn:
        """The same turn after the person chose another language."""
        return replace(self, person=replace(self.person, language=language), t=self.translators.for_language(language))

    async def office_hours(self) -> OfficeHours:
        """When public offices are open, with every swap of days that was decreed."""
        return OfficeHours(await working_days.load(self.connection), self.t.zone)

    async def begin(self, dialog: Dialog) -> None:
        """Remember what the person is in the middle of, until ``end``."""
        await contacts.set_dialog(self.connection, self.person.contact_id, dialog, self.now)

    async def end(self) -> None:
        """Forget what the person was in the middle of."""
        await contacts.set_dialog(self.connection, self.person.contact_id, None, self.now)


class Receipt(Protocol):
    async def delivered(self) -> None: ...


RepliesTo = Callable[[Turn], Awaitable[Sequence[Reply]]]
HandOver = Callable[[Sequence[Outgoing]], Receipt]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a turn needs, put together once in ``bot/app.py``. ``clock`` gives aware UTC times.

    ``page`` is the channel that reads its lines from this very database: what is stored there has arrived. ``email``:
    mail can be sent.
    """

    database: Database
    knowledge: Knowledge
    translators: Translators
    replies_to: RepliesTo
    hand_over: HandOver
    clock: Callable[[], datetime]
    quiet: QuietHours
    owner: str
    default_language: Language
    files: FileIntake
    passes: Passes
    doors: Doors
    question_days: int = question_log.KEPT_DAYS
    page: str = "web_chat"
    email: bool = False

    @property
    def known(self) -> Content:
        """What is known right now."""
        return self.knowledge.content

    async def receive(self, incoming: Incoming) -> Receipt:
        """Act on a message exactly once, however often it is repeated.

        When acting fails the message is set aside under an id that the person is told. Raises only
        when even that can't be stored: then the vendor should repeat the message.
        """
        try:
            incoming = await self.files.take_in(self.database, incoming)
            outgoing = await self._act_with_one_retry(incoming)
        except Refused as refusal:
            outgoing = await self._act(incoming, _only(refusal.message))
        except Exception as error:  # whatever a handler does wrong must not lose the message
            outgoing = await self._set_aside(incoming, error)
        return self.hand_over(outgoing)

    async def _act_with_one_retry(self, incoming: Incoming) -> list[Outgoing]:
        try:
            return await self._act(incoming, self.replies_to)
        except DBAPIError as error:
            # A pooled connection died while idle (the database restarted): nothing was committed.
            if not error.connection_invalidated:
                raise
            return await self._act(incoming, self.replies_to)

    async def _act(self, incoming: Incoming, replies_to: RepliesTo) -> list[Outgoing]:
        now = self.clock()
        async with self.database.transaction() as connection:
            first_time, person = await arrivals.arrive(connection, incoming, now)
            if not first_time:
                return []
            if person is None:
                person = await self._newcomer(connection, incoming, now)
            if incoming.shown:
                await web_messages.add_line(
                    connection,
                    person.address_id,
                    _as_shown(incoming),
                    from_person=True,
                    now=now,
                )
            if incoming.kind is Kind.BLOCKED:
                await contacts.mark_blocked(connection, person.address_id, "blocked by the person", now)
                return []
            if person.blocked_at is not None:
                await contacts.mark_reachable(connection, person.address_id)
            if incoming.kind is Kind.UNBLOCKED:
                return []
            turn = await self._turn(connection, incoming, person, now)
            return await self._store(turn, await replies_to(turn))

    async def _newcomer(self, connection: AsyncConnection, incoming: Incoming, now: datetime) -> Person:
        hint = incoming.language_hint.lower()
        language = self.default_language
        if hint:
            language = Language.VI if hint.startswith("vi") else Language.EN
        return await contacts.add(
            connection, incoming.channel, incoming.sender, name=incoming.sender_name, language=language, now=now
        )

    async def _turn(self, connection: AsyncConnection, incoming: Incoming, person: Person, now: datetime) -> Turn:
        press = await commands.pressed(connection, incoming, person)
        command, argument = commands.from_press(press) if press else commands.parse(incoming)
        if command:
            press = ()
        return Turn(
            connection=connection,
            incoming=incoming,
            person=person,
            t=self.translators.for_language(person.language),
            now=now,
            known=self.knowledge.content,
            faq=self.knowledge.index,
            translators=self.translators,
            quiet=self.quiet,
            question_days=self.question_days,
            files=self.files.folder,
            passes=self.passes,
            doors=self.doors,
            email=self.email,
            command=command,
            argument=argument,
            press=press,
        )

    async def _store(self, turn: Turn, replies: Sequence[Reply]) -> list[Outgoing]:
        person = turn.person
        if person.channel == self.page:
            for reply in replies:
                await outbox.show_reply(turn.connection, person, reply, now=turn.now)
            return []
        lease_until = turn.now + LEASE
        mine: list[Outgoing] = []
        for index, reply in enumerate(replies):
            # Only one reply can take the place of the pressed message.
            replaces = turn.incoming.pressed_on if reply.instead and index == 0 else ""
            delivery_id = await outbox.store_reply(
                turn.connection,
                person,
                reply,
                owner=self.owner,
                lease_until=lease_until,
                now=turn.now,
                replaces=replaces,
            )
            if delivery_id is not None:
                mine.append(
                    Outgoing(
                        delivery_id, person.address_id, person.channel, person.external_id, reply, replaces=replaces
                    )
                )
        return mine

    async def _set_aside(self, incoming: Incoming, error: Exception) -> list[Outgoing]:
        now = self.clock()
        async with self.database.transaction() as connection:
            failure_id = await received.set_aside(connection, incoming, error, now)
            if failure_id is None:
                return []
            log.error("message set aside", failure_id=failure_id, channel=incoming.channel, exc_info=error)
            person = await contacts.lock(connection, incoming.channel, incoming.sender)
            if person is None:
                person = await self._newcomer(connection, incoming, now)
            turn = await self._turn(connection, replace(incoming, kind=Kind.TEXT, text=""), person, now)
            apology = turn.say(
                turn.t(
                    "Sorry, something went wrong on our side and your message could not be processed. "
                    "It has been kept under the number {failure_id}; our staff will look at it. "
                    "You can try again or type /menu.",
                    failure_id=failure_id,
                )
            )
            return await self._store(turn, [apology])


def _as_shown(incoming: Incoming) -> dict[str, Any]:
    """What a person did, as the web page shows it to them again."""
    line: dict[str, Any] = {"text": incoming.shown, "id": incoming.message_id}
    if incoming.file is not None:
        line["file"] = {"name": incoming.file.name, "size": incoming.file.size, "type": incoming.file.media_type}
    return line


def _only(message: str) -> RepliesTo:
    async def replies_to(turn: Turn) -> Sequence[Reply]:
        return [turn.say(message)]

    return replies_to
