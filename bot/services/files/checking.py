"""Is this file what it says, is it of a kind that is taken, and what of it is kept?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import LARGEST_FILE
from bot.services.files import office_files, recognising
from bot.services.files.file_names import claimed, cleaned, with_ending
from bot.services.files.kinds import FOR_FORMS, FOR_IMPORTS, IMAGES, FileProblem, Found


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is taken: its content as it is to be stored, and its name as it may be shown."""

    kind: Found
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that is not taken."""

    problem: FileProblem
    found: Found = Found.UNKNOWN


def check(content: bytes, name: str, *, imports: bool) -> Checked | Rejected:
    """Judge a file by its content. With ``imports`` also lists and definitions (CSV, YAML) are taken.

    Takes time and memory with images: call it in a thread.
    """
    name = cleaned(name)
    if not content:
        return Rejected(FileProblem.EMPTY)
    if len(content) > LARGEST_FILE:
        return Rejected(FileProblem.TOO_LARGE)
    found, says = recognising.recognise(content), claimed(name)
    if found is Found.OLD_OFFICE and recognising.is_protected(content):
        return Rejected(FileProblem.PROTECTED, found)
    problem: FileProblem | None = None
    if content.startswith(recognising.ZIP):
        inside = office_files.look_into(content)
        found, problem = inside.found, inside.problem
        if problem is FileProblem.DAMAGED and says in (Found.DOCX, Found.XLSX):
            return Rejected(problem, says)
    elif found is Found.TEXT and imports and says in FOR_IMPORTS:
        return _text(content, name, says)
    elif found is Found.UNKNOWN and imports and says in FOR_IMPORTS:
        return Rejected(FileProblem.NO_UTF8, found)
    # A list sent by somebody who has no use for one is no disguise, it is of another kind.
    is_list = says in FOR_IMPORTS and found is Found.TEXT
    if says is not None and says is not found and not is_list and not {says, found} <= IMAGES:
        return Rejected(FileProblem.DISGUISED, found)
    if found not in FOR_FORMS:
        return Rejected(FileProblem.OTHER_KIND, found)
    if problem is not None:
        return Rejected(problem, found)
    return _of_kind(content, with_ending(name, found), found)


def _of_kind(content: bytes, name: str, kind: Found) -> Checked | Rejected:
    if kind is Found.PDF and not recognising.is_whole_pdf(content):
        return Rejected(FileProblem.DAMAGED, kind)
    if kind in IMAGES:
        from bot.services.files import images

        try:
            content = images.made_anew(content, kind)
        except images.TooManyPixels:
            return Rejected(FileProblem.TOO_MANY_PIXELS, kind)
        except images.NoImage:
            return Rejected(FileProblem.DAMAGED, kind)
    return Checked(kind, name, content)


def _text(content: bytes, name: str, kind: Found) -> Checked | Rejected:
    text = recognising.decoded(content)
    if text is None:
        return Rejected(FileProblem.NO_UTF8, kind)
    return Checked(kind, with_ending(name, kind), text.encode())
