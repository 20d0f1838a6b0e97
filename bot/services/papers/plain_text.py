"""Other people's words in files of ours."""

from __future__ import annotations

import re

_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]+")


def one_line(text: str) -> str:
    """The text without control characters or breaks, so that whoever wrote it can add no lines of their own."""
    return _NOT_TEXT.sub(" ", text).strip()


def paragraphs(text: str) -> list[str]:
    """The lines of a text that have something in them, each without control characters."""
    return [line for line in map(one_line, text.splitlines()) if line]
