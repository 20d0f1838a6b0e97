"""The people on the other side of Telegram: what they do, and what they see of the bot's messages."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiogram.enums import ChatMemberStatus
from aiogram.types import (
    CallbackQuery,
    Chat,
    ChatMemberBanned,
    ChatMemberMember,
    ChatMemberUpdated,
    Contact,
    Document,
    InaccessibleMessage,
    Message,
    PhotoSize,
    Sticker,
    Update,
    User,
)

if TYPE_CHECKING:
    from tests.telegram_peer import TelegramPeer

SECONDS_TO_WAIT = 30.0
BOT = User(id=424242, is_bot=True, first_name="Nhịp Cầu", username="nhip_cau_test_bot")


@dataclass
class Shown:
    """A message of the bot as a person sees it now; ``html`` is its text as the bot wrote it.

    ``document`` is the name and content of what came with it, shown as a picture where ``is_photo``.
    """

    message_id: int
    chat_id: int
    text: str
    html: str
    markup: dict[str, Any] | None
    document: tuple[str, bytes] | None = None
    is_photo: bool = False
    changes: int = 0
    deleted: bool = False

    @property
    def buttons(self) -> list[str]:
        """Labels under the message, in reading order."""
        return [button["text"] for button in self._inline]

    @property
    def _inline(self) -> list[dict[str, Any]]:
        return [button for row in (self.markup or {}).get("inline_keyboard", ()) for button in row]

    def action(self, label: str) -> str | None:
        """What the button with this label sends; None when there is no such button."""
        for button in self._inline:
            if button["text"] == label:
                assert "callback_data" in button, f"{label!r} is a link"
                data: str = button["callback_data"]
                return data
        return None


@dataclass
class Person:
    """Somebody with a Telegram account. Everything they do reaches the bot as an update.

    ``arrived`` has each message as it was when it came or was changed, but for silent ones;
    ``keys`` is the keyboard below the text field.
    """

    peer: TelegramPeer
    id: int
    name: str
    language: str
    phone: str
    has_started: bool = False
    blocks: bool = False
    deactivated: bool = False
    read: int = 0
    keys: dict[str, Any] | None = None
    arrived: list[Shown] = field(default_factory=list)

    @property
    def user(self) -> User:
        return User(id=self.id, is_bot=False, first_name=self.name, language_code=self.language or None)

    @property
    def chat(self) -> Chat:
        return Chat(id=self.id, type="private", first_name=self.name)

    async def writes(self, text: str) -> Update:
        """Type a text."""
        return await self.sends(text=text)

    async def starts(self, payload: str = "") -> Update:
        """Open the bot, perhaps by a deep link."""
        return await self.sends(text=f"/start {payload}".strip())

    async def presses(self, label: str) -> Update:
        """Press what bears this label: a button of the newest message that has it, or a key below the text field."""
        for shown in reversed(self.messages):
            data = shown.action(label)
            if data is not None:
                return await self.sends_press(data, shown.message_id)
        key = self._key(label)
        if key is not None:
            return await (self.shares_contact() if key.get("request_contact") else self.writes(label))
        raise AssertionError(f"{self.name} sees no button {label!r}")

    async def sends_press(self, data: str, message_id: int | None = None, *, old: bool = False) -> Update:
        """Send any callback data, as a forged button would; ``old``: on a message too old to be shown along."""
        message: Message | InaccessibleMessage | None = None
        if message_id is not None and old:
            message = InaccessibleMessage(chat=self.chat, message_id=message_id, date=0)
        elif message_id is not None:
            message = Message(message_id=message_id, date=_now(), chat=self.chat, from_user=BOT, text="…")
        query = CallbackQuery(
            id=self.peer.new_query(), from_user=self.user, chat_instance=str(self.id), data=data, message=message
        )
        return await self.peer.updates.add(callback_query=query)

    async def shares_contact(self) -> Update:
        """Share the own phone number, which puts the one-time keyboard aside."""
        return await self._sends_card(Contact(phone_number=self.phone, first_name=self.name, user_id=self.id))

    async def passes_on_contact(self, phone: str, *, user_id: int | None = None) -> Update:
        """Send the card of somebody else."""
        return await self._sends_card(Contact(phone_number=phone, first_name="Ai đó", user_id=user_id))

    async def sends_file(
        self, name: str, content: bytes, media_type: str = "application/pdf", *, announced: int | None = None
    ) -> Update:
        """Send a document; ``announced`` is a size that it doesn't have."""
        file_id = self.peer.keep_file(name, content)
        size = len(content) if announced is None else announced
        document = Document(
            file_id=file_id, file_unique_id=file_id, file_name=name, mime_type=media_type, file_size=size
        )
        return await self.sends(document=document)

    async def sends_photo(self, content: bytes) -> Update:
        """Send a picture as Telegram passes it on: in several sizes, without a name."""
        small, large = self.peer.keep_file("small", content[:50]), self.peer.keep_file("large", content)
        sizes = [
            PhotoSize(file_id=file_id, file_unique_id=file_id, width=side, height=side, file_size=size)
            for file_id, side, size in ((small, 90, 50), (large, 1280, len(content)))
        ]
        return await self.sends(photo=sizes)

    async def sends_sticker(self) -> Update:
        sticker = Sticker(
            file_id="s1", file_unique_id="s1", type="regular", width=1, height=1, is_animated=False, is_video=False
        )
        return await self.sends(sticker=sticker)

    async def sends(self, **content: Any) -> Update:
        """Send a message with any content that aiogram's type knows."""
        self.has_started = True
        message = Message(
            message_id=self.peer.next_message_id(), date=_now(), chat=self.chat, from_user=self.user, **content
        )
        return await self.peer.updates.add(message=message)

    async def blocks_the_bot(self) -> Update:
        self.blocks = True
        return await self._changes_membership(
            ChatMemberBanned(status=ChatMemberStatus.KICKED, user=BOT, until_date=_now())
        )

    async def unblocks_the_bot(self) -> Update:
        self.blocks = False
        return await self._changes_membership(ChatMemberMember(status=ChatMemberStatus.MEMBER, user=BOT))

    async def waits_for(self, count: int = 1) -> list[Shown]:
        """Wait until ``count`` messages are there unread; reads them."""
        start = self.read
        try:
            async with asyncio.timeout(SECONDS_TO_WAIT), self.peer.changed:
                await self.peer.changed.wait_for(lambda: len(self.arrived) >= start + count)
        except TimeoutError:
            came = [shown.text for shown in self.arrived[start:]]
            raise AssertionError(f"{self.name} waits for {count} messages, these came: {came}") from None
        self.read = start + count
        return self.arrived[start : self.read]

    async def reads(self, *parts: str, buttons: list[str] | None = None) -> Shown:
        """Wait for the next message, new or changed, and read it: it holds every part."""
        (shown,) = await self.waits_for(1)
        for part in parts:
            assert part in shown.text, f"expected {part!r} in:\n{shown.text}"
        if buttons is not None:
            assert shown.buttons == buttons, shown.buttons
        return shown

    def nothing_unread(self) -> None:
        unread = [shown.text for shown in self.arrived[self.read :]]
        assert not unread, f"{self.name} has not read:\n" + "\n---\n".join(unread)

    @property
    def messages(self) -> list[Shown]:
        """What of the bot's messages is still there, oldest first."""
        return [shown for shown in self.peer.sent(self.id) if not shown.deleted]

    def sees_key(self, label: str) -> bool:
        """Whether there is such a key below the text field."""
        return self._key(label) is not None

    def _key(self, label: str) -> dict[str, Any] | None:
        keys = [key for row in (self.keys or {}).get("keyboard", ()) for key in row]
        return next((key for key in keys if key["text"] == label), None)

    async def _sends_card(self, contact: Contact) -> Update:
        return await self.sends(contact=contact)

    async def _changes_membership(self, new: ChatMemberBanned | ChatMemberMember) -> Update:
        change = ChatMemberUpdated(
            chat=self.chat,
            from_user=self.user,
            date=_now(),
            old_chat_member=ChatMemberMember(status=ChatMemberStatus.MEMBER, user=BOT),
            new_chat_member=new,
        )
        return await self.peer.updates.add(my_chat_member=change)


def _now() -> datetime:
    return datetime.now(UTC)
