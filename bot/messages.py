"""The vocabulary of the program: what people send and what the bot says.

Used by every layer, imports none of them. Text is plain text everywhere; the one place where a
channel's markup is made, and everything escaped, is that channel's own module.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

EVERYONE = "everyone"
SEVERAL = 0
# Bytes that a file somebody sends may have.
LARGEST_FILE = 10 * 1024 * 1024


class Language(StrEnum):
    """The two languages in which everything the bot says exists."""

    VI = "vi"
    EN = "en"


class Kind(StrEnum):
    """What a person did."""

    TEXT = "text"
    PRESS = "press"
    FILE = "file"
    CONTACT_CARD = "contact_card"
    START = "start"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that a person sent; ``reference`` is what its channel needs to fetch the bytes.

    Once fetched, checked and stored, ``path`` leads to it inside the folder of stored files, and name, type and
    size are those of the stored file. Else ``problem`` is a word of ``FileProblem`` and ``found`` one of ``Found``,
    what the file really is. Neither is set where nobody waits for a file: then it is not fetched.
    """

    name: str
    media_type: str
    size: int
    reference: str
    path: str = ""
    problem: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something a person did, in no vendor's terms.

    ``message_id`` is unique within its channel and the same when the vendor repeats the message.
    ``text`` is the text, a button's action for PRESS, the payload of a deep link for START.
    ``pressed_on`` is the channel's own id of the message that carried the pressed button.
    ``shown`` is the line to keep for the person to see again, for a channel without a memory of its own.
    ``phone`` comes only from a contact card that is provably the sender's own.
    """

    channel: str
    message_id: str
    sender: str
    kind: Kind
    text: str = ""
    pressed_on: str = ""
    file: IncomingFile | None = None
    phone: str = ""
    sender_name: str = ""
    language_hint: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """One choice under a reply: exactly one of ``press`` (an action of at most 64 ASCII bytes) and ``url``."""

    label: str
    press: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a reply; ``path`` is relative to the directory of stored files."""

    name: str
    media_type: str
    path: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says: finished text in one language.

    ``title`` is shown first and emphasised, ``footnote`` last and quieter (a source, a hint).
    ``instead`` asks for the pressed message to be changed rather than a new one sent, where the
    channel can do that. ``ask_phone`` is the label of a button that shares the person's own phone
    number, where the channel has one; ``end_ask_phone`` goes with the first reply after such a
    question was left, by an answer or in any other way, and takes that button away.
    ``commands_for`` is a role, or EVERYONE, to whose commands a channel with a list of commands
    fits it for this person, in the reply's language. ``ticket`` is the number of a ticket whose words
    it repeats to an officer, SEVERAL for a list of them: so that erasing can find it.
    """

    text: str
    language: Language
    title: str = ""
    footnote: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachment: Attachment | None = None
    instead: bool = False
    ask_phone: str = ""
    end_ask_phone: bool = False
    commands_for: str = ""
    ticket: int | None = None

    @property
    def plain(self) -> str:
        """Title, text and footnote as one plain text, as channels without markup show it."""
        return "\n\n".join(part for part in (self.title, self.text, self.footnote) if part)

    def with_buttons(self, *rows: tuple[Button, ...]) -> Reply:
        """The same reply with these rows of buttons under it instead."""
        return replace(self, buttons=rows)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One claimed delivery on its way to one address, as ``attempt`` number 1 and up.

    ``replaces`` is the channel's id of a message to change instead of sending a new one.
    """

    delivery_id: int
    address_id: int
    channel: str
    external_id: str
    reply: Reply
    attempt: int = 1
    priority: int = 0
    replaces: str = ""


class Role(StrEnum):
    """What a member of staff may do; each role includes the ones before it."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OPERATOR = "operator"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Whether someone with this role may do what ``other`` may do."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Dialog:
    """What a person is in the middle of: whose it is and what was said so far (JSON values only)."""

    kind: str
    data: dict[str, object]


@dataclass(frozen=True, slots=True)
class Person:
    """One contact at one address, as a turn or a delivery sees them. ``role`` is None unless staff.

    ``is_new`` holds for the one turn in which the contact was made. ``ticket_id`` is the conversation
    with officers that the person is in, as far as their own turns have seen: it may have ended since.
    ``last_entry`` is the answer that the person last got, at ``last_asked_at``.
    """

    contact_id: int
    address_id: int
    channel: str
    external_id: str
    language: Language
    name: str
    role: Role | None = None
    dialog: Dialog | None = None
    blocked_at: datetime | None = None
    ticket_id: int | None = None
    last_entry: str | None = None
    last_asked_at: datetime | None = None
    is_new: bool = False
