"""Loads what the editors wrote. Called once at start and by the commands that need it.

Whatever would make the program act on something that isn't there stops it here, with every mistake at
once; what is merely wrong for a reader (a stale answer, a doubtful number) is ``content/checks.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from content.checks import broken_links
from content.files import FOLDER, read_files
from content.form_files import complete
from content.model import Content, Topic
from content.vocabulary import Words, read_words
from content.yaml_reader import Mistake


class ContentError(Exception):
    """Content that can't be used; ``mistakes`` has them all."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


def load(folder: Path = FOLDER, *, embedded: bool = True) -> Content:
    """Everything in ``folder``. Samples belong to trying the program out, so only to an embedded database."""
    files = read_files(folder)
    mistakes = sorted([*files.mistakes, *broken_links(files)])
    if mistakes:
        raise ContentError(mistakes)
    forms = files.forms_by_name
    return Content(
        topics=tuple(
            Topic(topic=file.topic, entries=tuple(entry.value for entry in file.entries)) for file in files.topics
        ),
        entries={entry.value.id: entry.value for entry in files.entries},
        agencies={agency.value.slug: agency.value for agency in files.agencies},
        everyone=tuple(duty.value for duty in files.everyone),
        offerings={
            offering.value.slug: offering.value for offering in files.offerings if embedded or not offering.value.sample
        },
        forms={name: complete(form, forms) for name, form in forms.items()},
        duties={duty.value.slug: duty.value for duty in files.duties},
    )


def load_words(folder: Path = FOLDER) -> Words:
    """What is needed to understand questions, besides the content itself."""
    words, mistakes = read_words(folder)
    if words is None:
        raise ContentError(sorted(mistakes))
    return words
