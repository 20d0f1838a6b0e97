"""A message read as the person reads it: from its words, in either language."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise
from typing import Any

from content.model import Content
from tests.simulated_year.story import Line, Message

KINDS = {"reminder": "digest", "remind": "as asked", "evening": "evening", "unreachable": "unreachable"}
_NUMBERED = re.compile(r"^\d+\. ")
_MORE = re.compile(r"^…\D*(\d+)")
_MISSING = re.compile(r"^Not handed in: (\d+) of (\d+)$")
_NOBODY = re.compile(r"^Nobody to remind: (\d+)$")


class Reader:
    """Knows what reports and agencies are called."""

    def __init__(self, known: Content) -> None:
        self.duties = {name: slug for slug, duty in known.duties.items() for name in (duty.title.vi, duty.title.en)}
        self.agencies = {
            name: slug for slug, agency in known.agencies.items() for name in (agency.name.vi, agency.name.en)
        }

    def message(
        self, at: datetime, who: str, place: str, key: str, content: dict[str, Any], *, arrived: bool
    ) -> Message:
        """What the stored message says; ``key`` tells why it was written."""
        kind = KINDS.get(key.partition(":")[0], key)
        lines = content["text"].split("\n")
        own = frozenset(
            (self.duties[_NUMBERED.sub("", line)], self.agencies[following])
            for line, following in pairwise(lines)
            if _NUMBERED.sub("", line) in self.duties and following in self.agencies
        )
        if kind == "evening":
            return Message(at, who, place, kind, own, self._evening(lines), arrived)
        count = sum(line.removeprefix("- ") in self.agencies for line in lines if line.startswith("- "))
        count += sum(int(more.group(1)) for more in map(_MORE.match, lines) if more)
        return Message(at, who, place, kind, own, ((count,),) if count else (), arrived)

    def _evening(self, lines: list[str]) -> tuple[Line, ...]:
        """Per report: which, missing, of how many, unreachable."""
        found: list[list[int | str]] = []
        for line in lines:
            if line in self.duties:
                found.append([self.duties[line], 0, 0, 0])
            elif missing := _MISSING.match(line):
                found[-1][1:3] = [int(missing.group(1)), int(missing.group(2))]
            elif nobody := _NOBODY.match(line):
                found[-1][3] = int(nobody.group(1))
        return tuple(tuple(each) for each in found)
