"""The code of an application, for reading aloud: ``NC-7K3M-Q9``; a report's begins otherwise. Pure but for chance.

Five characters of an alphabet without look-alikes (no 0, O, 1, I, L) and a check character. With 31
characters, a prime number, one wrong character or two neighbours in the wrong order never fit.
"""

from __future__ import annotations

import re
import secrets

from bot.services.messages.received import READABLE

PREFIX = "NC"
_DRAWN = 5
_WRITTEN = re.compile(rf"{PREFIX}([{READABLE}]{{{_DRAWN}}})([{READABLE}])")


def new_code(prefix: str = PREFIX) -> str:
    """A code nobody can guess from another; whether it is free is for the caller to see."""
    return write("".join(secrets.choice(READABLE) for _ in range(_DRAWN)), prefix)


def write(drawn: str, prefix: str = PREFIX) -> str:
    """The code of five drawn characters, with its check character, in groups."""
    whole = drawn + _check(drawn)
    return f"{prefix}-{whole[:4]}-{whole[4:]}"


def read(text: str) -> str | None:
    """A code as it is written, from however it was typed; None when it can't be one."""
    found = _WRITTEN.fullmatch(re.sub(r"[^0-9A-Za-z]", "", text[:40]).upper())
    if found is None or _check(found[1]) != found[2]:
        return None
    return write(found[1])


def _check(drawn: str) -> str:
    total = sum(weight * READABLE.index(character) for weight, character in enumerate(drawn, start=2))
    return READABLE[total % len(READABLE)]
