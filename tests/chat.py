"""A conversation test is a chat transcript: people say and press, and read what the bot answers.

Everything is real but the channel and the clock: the database, the turn, the router, the outbox and
the delivery. A reply that nobody read fails the test, and so does a reply to a repeated message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels.base import Limits
from bot.db.engine import Database
from bot.errors import DeliveryError, FileNotFetched, FileTooLarge
from bot.messages import Button, Incoming, IncomingFile, Kind, Outgoing, Reply
from handlers.turn import Conversation
from scheduler.delivery import Delivery

LONGEST_PRESS = 64


@dataclass
class Clock:
    """Time stands still until a test moves it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def set(self, moment: str) -> None:
        """Go to an ISO moment with its zone, such as ``2026-12-07T08:30+07:00``."""
        self.now = datetime.fromisoformat(moment).astimezone(UTC)

    def advance(self, **amount: float) -> None:
        """Move on, for example by ``days=1``."""
        self.now += timedelta(**amount)


@dataclass
class FakeChannel:
    """A messenger that keeps what it was given; ``fails_with`` is raised once per entry instead.

    ``files`` has what people sent, by reference; ``fetched`` says what of it the bot asked for; ``wrong``
    has what no messenger would take.
    """

    name: str = "telegram"
    limits: Limits = field(default_factory=lambda: Limits(text=4096, buttons=100, in_flight=8))
    sent: dict[str, list[Outgoing]] = field(default_factory=dict)
    fails_with: list[DeliveryError] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    files_are_gone: bool = False
    fetched: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def send(self, outgoing: Outgoing) -> str:
        self.wrong += wrong_buttons(outgoing.reply, self.limits)
        if self.fails_with:
            raise self.fails_with.pop(0)
        messages = self.sent.setdefault(outgoing.external_id, [])
        messages.append(outgoing)
        return f"{outgoing.external_id}-{len(messages)}"

    async def fetch(self, file: IncomingFile, most: int) -> bytes:
        self.fetched.append(file.reference)
        if self.files_are_gone:
            raise FileNotFetched("it is not there")
        content = self.files[file.reference]
        if len(content) > most:
            raise FileTooLarge
        return content


@dataclass
class Town:
    """One installation of the bot, and the people who write to it."""

    database: Database
    clock: Clock
    channel: FakeChannel
    conversation: Conversation
    delivery: Delivery
    files: Path
    people: dict[str, PersonInTown] = field(default_factory=dict)
    _messages: int = 0

    def person(self, name: str, *, language: str = "vi") -> PersonInTown:
        """Somebody with an account of their own; the same one for the same name."""
        if name not in self.people:
            self.people[name] = PersonInTown(self, name, f"id-{len(self.people) + 1}", language)
        return self.people[name]

    async def deliver(self) -> None:
        """Send what is due: notices, broadcasts, retries."""
        await self.delivery.settled()
        await self.delivery.drain(timedelta(0))
        await self.delivery.settled()

    def next_message_id(self) -> str:
        self._messages += 1
        return f"m{self._messages}"

    def nothing_unread(self) -> None:
        """Nobody has anything left to read, and no messenger would have refused anything."""
        for person in self.people.values():
            person.nothing_unread()
        assert not self.channel.wrong, self.channel.wrong


@dataclass
class PersonInTown:
    """Somebody at a phone."""

    town: Town
    name: str
    external_id: str
    language: str
    read: int = 0
    last: Incoming | None = None

    async def says(self, text: str) -> None:
        """Type a text."""
        await self._does(Kind.TEXT, text=text)

    async def starts(self, payload: str = "") -> None:
        """Open the bot, perhaps by a deep link."""
        await self._does(Kind.START, text=payload)

    async def presses(self, label: str) -> None:
        """Press the newest button with this label."""
        for index, outgoing in reversed(list(enumerate(self._received, start=1))):
            for button in flat(outgoing.reply):
                if button.label == label:
                    assert button.press, f"{label!r} is a link"
                    await self._does(Kind.PRESS, text=button.press, pressed_on=f"{self.external_id}-{index}")
                    return
        raise AssertionError(f"{self.name} sees no button {label!r}")

    def last_press(self, label: str) -> str:
        """The action of the newest button with this label."""
        buttons = (button for outgoing in reversed(self._received) for button in flat(outgoing.reply))
        return next(button.press for button in buttons if button.label == label)

    async def sends_press(self, action: str) -> None:
        """Send any action, as a forged or an old button would."""
        await self._does(Kind.PRESS, text=action, pressed_on=f"{self.external_id}-1")

    async def shares_phone(self, phone: str) -> None:
        """Share the own contact card; an empty phone is somebody else's card."""
        await self._does(Kind.CONTACT_CARD, phone=phone)

    async def sends_file(
        self, name: str, content: bytes, media_type: str = "", *, text: str = "", announced: int | None = None
    ) -> None:
        """Send a file, perhaps with words to it, or with another size announced than it has."""
        reference = f"file-{len(self.town.channel.files) + 1}"
        self.town.channel.files[reference] = content
        size = len(content) if announced is None else announced
        await self._does(Kind.FILE, text=text, file=IncomingFile(name, media_type, size, reference))

    async def blocks_the_bot(self) -> None:
        await self._does(Kind.BLOCKED)

    async def repeats(self) -> None:
        """The vendor delivers the last message once more."""
        assert self.last is not None
        await self._give(self.last)

    def reads(self, *parts: str, buttons: Sequence[str] | None = None) -> Reply:
        """Read the next message: it holds every part and, if given, has exactly these buttons."""
        assert self.read < len(self._received), f"{self.name} has nothing more to read, expected {parts}"
        reply = self._received[self.read].reply
        self.read += 1
        for part in parts:
            assert part in reply.plain, f"expected {part!r} in:\n{reply.plain}"
        if buttons is not None:
            assert [button.label for button in flat(reply)] == list(buttons), reply.plain
        return reply

    def skips(self) -> None:
        """Read everything there is without looking."""
        self.read = len(self._received)

    @property
    def unread(self) -> list[Outgoing]:
        """What has come and was not read yet."""
        return self._received[self.read :]

    def nothing_unread(self) -> None:
        unread = [outgoing.reply.plain for outgoing in self.unread]
        assert not unread, f"{self.name} has not read:\n" + "\n---\n".join(unread)

    @property
    def _received(self) -> list[Outgoing]:
        return self.town.channel.sent.get(self.external_id, [])

    async def _does(
        self, kind: Kind, *, text: str = "", pressed_on: str = "", phone: str = "", file: IncomingFile | None = None
    ) -> None:
        self.nothing_unread()
        self.last = Incoming(
            channel=self.town.channel.name,
            message_id=self.town.next_message_id(),
            sender=self.external_id,
            kind=kind,
            text=text,
            pressed_on=pressed_on,
            phone=phone,
            file=file,
            sender_name=self.name,
            language_hint=self.language,
        )
        await self._give(self.last)

    async def _give(self, incoming: Incoming) -> None:
        receipt = await self.town.conversation.receive(incoming)
        await receipt.delivered()


def wrong_buttons(reply: Reply, limits: Limits) -> list[str]:
    """What is wrong with the buttons of a reply: each has a label and one action, and there are not too many."""
    buttons = flat(reply)
    wrong = [
        f"{button} under {reply.plain[:60]!r}"
        for button in buttons
        if not button.label.strip() or bool(button.press) == bool(button.url)
        or not button.press.isascii() or len(button.press) > LONGEST_PRESS
    ]  # fmt: skip
    if len(buttons) > limits.buttons or not all(reply.buttons):
        wrong.append(f"{len(buttons)} buttons, or a row without any, under {reply.plain[:60]!r}")
    return wrong


def flat(reply: Reply) -> list[Button]:
    """All buttons of a reply in reading order."""
    return [button for row in reply.buttons for button in row]
