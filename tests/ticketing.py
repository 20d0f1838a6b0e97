"""What the tests of conversations with officers do over and over: arrive, ask, answer, let the clock tick."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy import select

from bot.db.engine import Database
from bot.db.models.people import Address
from bot.messages import Language
from bot.services.answering.findings import Finding, Unknown
from bot.services.learning import asked
from bot.services.tickets import ticket_clock
from scheduler.delivery import Delivery
from tests.chat import FakeChannel, PersonInTown, Town
from tests.reporting import quiet_hours

QUESTION = "Ai chủ trì thực hiện Kế hoạch số 50?"
ANSWER = "Đề nghị liên hệ Phòng Quản lý công nghiệp."
SCT = "Department of Industry and Trade"
CONSTRUCTION, SXD = "so-xay-dung", "Department of Construction"
TO_OFFICERS = ["Reply", "Take", "Close"]
OF_TAKER = ["Reply", "Close"]
SILENT = "the assistant is silent"


async def arrives(town: Town, name: str = "Bob", *, language: str = "en") -> PersonInTown:
    person = town.person(name, language=language)
    await person.says("/menu")
    person.skips()
    return person


async def contact_of(town: Town, person: PersonInTown) -> int:
    async with town.database.reading() as connection:
        return (
            await connection.execute(select(Address.contact_id).where(Address.external_id == person.external_id))
        ).scalar_one()


async def asked_before(town: Town, person: PersonInTown, text: str) -> str:
    """Nothing was found for what the person asked last; the token to rate that by."""
    contact_id, finding = await contact_of(town, person), Finding(Language.VI, Unknown((), 0.1))
    async with town.database.transaction() as connection:
        (token,) = await asked.keep(connection, contact_id, text, [finding], town.clock())
    return token


async def asks(town: Town, person: PersonInTown, question: str = QUESTION) -> None:
    """Hand a question to the officers; what the person reads at the end is left unread, officers have been told."""
    await person.says(f"/officer {question}")
    person.reads("Shall this question go to")
    await person.presses("Send this question")
    await town.deliver()


async def answers(town: Town, officer: PersonInTown, text: str = ANSWER) -> None:
    """Answer what the officer was told of last; what they read at the end is left unread."""
    officer.skips()
    await officer.presses("Reply")
    officer.skips()
    await officer.says(text)
    officer.reads("This is what the person gets:", text)
    await officer.presses("Send the answer")
    await town.deliver()


async def watch(town: Town, at: str = "", *, simulated: bool = False) -> list[str]:
    """The tickets' job as of a moment, and the delivery of what it queued."""
    if at:
        town.clock.set(at)
    conversation = town.conversation
    lines = await ticket_clock.watch(
        town.database,
        conversation.known,
        conversation.translators,
        quiet=quiet_hours(town),
        now=town.clock(),
        simulated=simulated,
    )
    await town.deliver()
    return lines


@asynccontextmanager
async def another_process(town: Town, *, channel: str) -> AsyncIterator[Town]:
    """The bot once more over the same database, as after a restart or beside it, with people of its own."""
    database = Database(town.database.url.render_as_string(hide_password=False), pool_size=4)
    messenger = FakeChannel(name=channel)
    delivery = Delivery(
        database, {channel: messenger}, {}, f"test/2/{channel}", town.clock, town.conversation.quiet, settle_seconds=0
    )
    await delivery.start()
    conversation = replace(town.conversation, database=database, hand_over=delivery.hand_over, owner=delivery.owner)
    other = Town(database, town.clock, messenger, conversation, delivery, town.files)
    yield other
    await delivery.stop()
    await database.close()
    other.nothing_unread()


@asynccontextmanager
async def restarted(town: Town) -> AsyncIterator[Town]:
    """The bot after a restart: everything made anew over the same database, the same people at their phones."""
    await town.delivery.stop()
    async with another_process(town, channel=town.channel.name) as other:
        other.channel.sent = town.channel.sent
        other._messages = town._messages
        other.people = town.people
        for person in other.people.values():
            person.town = other
        yield other
