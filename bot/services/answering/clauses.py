"""Finds the questions in a message: a letter of six sentences usually asks one thing, a hasty line sometimes two."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.vietnamese import fold

LONGEST = 240
MOST = 6
# Words of one half of a sentence, with which it can be a question of its own.
FEWEST_WORDS = 3

_ENDS = re.compile(r"(?<=[.?!…;])\s+|[\r\n]+")
_PAUSES = re.compile(r"[,:]\s+")
_JOINS = re.compile(r",? (?:và|va|còn|con|đồng thời|dong thoi|ngoài ra|ngoai ra|and|also|plus) |; ", re.IGNORECASE)
_AND = re.compile(r" (?:và|va|and) ", re.IGNORECASE)
# Words with which somebody who tells a story comes to what they want.
_WANTS = re.compile(
    r"\b(?:(?:cho|nho|xin|mong|vui long|lam on) (?:\S+ ){0,4}?(?:biet|hoi|giup|chi|huong dan|liet ke|giai dap"
    r"|tra loi|ten|xem|danh sach)|(?:muon|can|chi can) (?:\S+ )?(?:biet|hoi|tim hieu|nam)|khong ro|chua ro"
    r"|chua biet|khong biet|thac mac|ban khoan|khong hieu|chua hieu|to mo"
    r"|(?:like|want|need|wish|love) to (?:know|learn|ask|understand)|tell me|let me know|my question|could you|can you"
    r"|please|wonder(?:ing)?|not (?:sure|clear)|unclear|advise|explain)\b"
)
_ASKS = re.compile(
    r"\?|\b(?:bao nhieu|the nao|nhu the nao|ra sao|lam sao|la gi|gi|nao|ai|dau|khi nao|bao gio|may|khong|ko|k|chua"
    r"|bn|bnhieu|ntn|j|hok|kg|xin hoi|muon hoi|cho hoi|hoi|cho biet|huong dan|cho xin|gui giup"
    r"|what|which|who|whom|how|when|where|why|does|do|is there|are there|is it|can|could|will|should|would|tell me"
    r"|please (?:send|give|explain|advise))\b"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a message that asks something, and the part before it, which may say what it is about."""

    text: str
    before: str = ""


def asks(text: str) -> bool:
    """Whether a text asks for something."""
    return _ASKS.search(fold(text)) is not None


def clauses_of(message: str) -> list[Clause]:
    """The asking parts of a message, in order; its last parts where none of them asks."""
    parts = [part.strip() for part in _ENDS.split(message) if part.strip()]
    pieces = [piece for part in parts for piece in ([part] if len(part) <= LONGEST else _PAUSES.split(part))]
    if len(pieces) <= 1:
        return [Clause(message)]
    marked = [place for place, piece in enumerate(pieces) if "?" in piece]
    wanting = marked or [place for place, piece in enumerate(pieces) if _WANTS.search(fold(piece))]
    asking = wanting or [place for place, piece in enumerate(pieces) if asks(piece)] or list(range(len(pieces)))
    return [Clause(pieces[place][:LONGEST], pieces[place - 1] if place else "") for place in asking[-MOST:]]


def halves_of(clause: str) -> tuple[str, str] | None:
    """The two questions in one sentence, if it may hold two: ``Kinh phí lấy ở đâu và ai chủ trì?``."""
    for join in _JOINS.finditer(clause):
        first, second = clause[: join.start()].strip(), clause[join.end() :].strip()
        if min(len(first.split()), len(second.split())) >= FEWEST_WORDS and asks(first) and asks(second.rstrip("? ")):
            return first, second
    return None


def subjects_of(clause: str, size: int, names: re.Pattern[str]) -> tuple[str, str] | None:
    """One question of two subjects, asked of each: ``Chỉ tiêu nước thải và khí thải?``.

    ``size`` is how many words a subject usually has: two in Vietnamese, one in English. ``names`` are not cut in
    two: «Khoa học và Công nghệ» is one.
    """
    spans = [name.span() for name in names.finditer(clause.lower())]
    for join in _AND.finditer(clause):
        if any(start < join.start() < end for start, end in spans):
            continue
        first, second = clause[: join.start()].split(), clause[join.end() :].split()
        if len(first) > size and len(second) >= size:
            return " ".join([*first, *second[size:]]), " ".join([*first[:-size], *second])
    return None
